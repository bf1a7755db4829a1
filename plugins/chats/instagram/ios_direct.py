"""Instagram for iOS, direct messages: DirectSQLiteDatabase/<account>.db."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, REACTIONS
from forensics.times import cocoa_s

from ..keyed_archive import NotAnArchive, unarchived
from ..learned import Learned, in_force
from ..meta.stored import account_in_name, as_json, number, objects, word
from ..stored_tables import unread

MESSAGE = """
SELECT m.message_id, m.thread_id, m.archive AS archive, {m.class_name} AS class_name,
  COALESCE('messages/row_id=' || {m.row_id}, 'messages/message_id=' || m.message_id, 'messages without id') AS record
FROM messages m
"""
THREAD = """
SELECT t.thread_id, {t.thread_id_v2} AS thread_id_v2, CAST(t.viewer_id AS TEXT) AS viewer_id, t.metadata AS archive,
  COALESCE('threads/row_id=' || {t.row_id}, 'threads/thread_id=' || t.thread_id, 'threads without id') AS record
FROM threads t
"""
# Fields are named with their type in front (NSString*string, NSUIntegereditCount); some classes leave the type out.
PLAIN_TYPES = ("", "BOOL", "NSInteger", "NSUInteger", "double", "CGFloat")
UNREAD = ("mutations",)


@parser(
    "instagram.ios",
    magic=["application/vnd.sqlite3"],
    test=sqlite.has(messages=["message_id", "thread_id", "archive"], threads=["thread_id", "viewer_id", "metadata"]),
)
def messages(file: File) -> Iterator[Any]:
    """Instagram for iOS, direct messages (DirectSQLiteDatabase/<account>.db).

    Each message is an archive (NSKeyedArchiver, class IGDirectPublishedMessage). Times are the server's, seconds since 2001.
    viewer_id of the threads is the account, failing that the number in the file's name. raw_kind names the parts of the content
    that are set.

    Reads: messages with sender, time and text, also those whose thread is gone or whose archive cannot be read; direction by the
    account; all reactions; edits with the earlier texts (in extra); pictures and videos by their addresses; events of calls, as
    messages, and each call once, by its id, without start unless the event of its start is there; members and their names. What
    no column holds of the archive is in extra (dates there are seconds since 2001).

    Not read: names of groups, messages that wait to be sent (a problem where there are any), drafts, the media themselves.

    Seen on: no file of a device yet. Tested on archives made after the published shape.

    Source: plaso plug-in instagram_ios (schema, and the values of a real database of 75 messages), iLEAPP artifact
    instagramThreads (Instagram 135 to 425), a public analyser of edited messages.

    Tier: documented
    """
    with file.sqlite() as db:
        threads: Learned[dict[str, Any]] = Learned()
        people: Learned[dict[str, Any]] = Learned()
        viewers: Learned[dict[str, Any]] = Learned()
        for row in db.execute(THREAD, every="threads"):
            yield from read_thread(row, threads, people, viewers)
        if not viewers.now and (named := account_in_name(file)):
            viewers.now[named] = {"record": "file name"}
        calls: dict[str, dict[str, Any]] = {}
        for row in db.execute(MESSAGE, every="messages"):
            yield from read_message(row, threads, people, list(viewers.now), calls)
        yield from CALLS.rows((call | {"extra": as_json(call["extra"])} for call in calls.values()), started_at=cocoa_s)
        yield from CONTACTS.rows(person for key, person in people.items() if key not in viewers.now)
        for viewer, place in viewers.items():
            known = people.now.get(viewer, {})
            names = {name: known.get(name) for name in ("name", "username")}
            yield from ACCOUNTS.rows([place | names | {"app": "Instagram", "account_id": viewer, "is_owner": True}])
        yield from unread(db, UNREAD)


def read_archive(row: Mapping[str, Any], what: str) -> tuple[Any, list[Problem]]:
    """The objects of an archive; None, with a problem, where it cannot be read."""
    stored = row["archive"]
    if stored is None:
        return None, []
    try:
        return unarchived(stored if isinstance(stored, bytes) else b""), []
    except NotAnArchive as error:
        detail = f"{error}: {stored[:32].hex() if isinstance(stored, bytes) else ascii(stored)[:64]}"
        return None, [Problem("damaged", f"{what} is no readable archive", record=row["record"], detail=detail)]


def field(value: Any, *names: str) -> Any:
    """The value under nested fields, whatever type precedes their names; None where the way there is missing."""
    for name in names:
        value = field_of(value, name) if isinstance(value, dict) else None
    return value


def field_of(fields: Mapping[str, Any], name: str) -> Any:
    """One field."""
    for prefix in PLAIN_TYPES:
        if prefix + name in fields:
            return fields[prefix + name]
    return next((value for key, value in fields.items() if key.endswith("*" + name)), None)


def read_thread(
    row: Mapping[str, Any],
    threads: Learned[dict[str, Any]],
    people: Learned[dict[str, Any]],
    viewers: Learned[dict[str, Any]],
) -> Iterator[Any]:
    """Learn a thread, its viewer and the persons in it; its members are rows."""
    metadata, problems = read_archive(row, "metadata of a thread")
    yield from problems
    place = {"record": row["record"], "state": row["state"]}
    users = [user for listed in objects(field(metadata, "users")) if (user := user_of(listed))["person_id"]]
    inviters = objects(field(metadata, "inviter")) + objects(field(metadata, "inviter_DEPRECATED"))
    for user in (*users, *map(user_of, inviters)):
        if user["person_id"]:
            people.learn(row, user["person_id"], place | user | {"app": "Instagram"})
    if word(row["viewer_id"]):
        viewers.learn(row, row["viewer_id"], place)
    several = bool(field(metadata, "isGroup")) or len(users) > 1
    threads.learn(
        row,
        str(row["thread_id"]),
        {
            "viewer": word(row["viewer_id"]),
            "id_v2": row["thread_id_v2"],
            "kind": "group" if several else "direct" if users else None,
            "name": (users[0]["name"] or users[0]["username"]) if len(users) == 1 else None,
        },
    )
    yield from PARTICIPANTS.rows(
        place | {"app": "Instagram", "chat_id": row["thread_id"]} | {name: user[name] for name in ("person_id", "name")}
        for user in users
    )


def user_of(user: Mapping[str, Any]) -> dict[str, Any]:
    """Id and names of a user: fields of their own in older versions, a dictionary in newer ones."""
    known = field(user, "userDict")
    known = known if isinstance(known, dict) else {}
    return {
        "person_id": word(known.get("pk")) or word(field(user, "pk")),
        "name": word(known.get("full_name")) or word(field(user, "fullName")),
        "username": word(known.get("username")) or word(field(user, "userName")) or word(field(user, "username")),
    }


def read_message(
    row: Mapping[str, Any],
    threads: Learned[dict[str, Any]],
    people: Learned[dict[str, Any]],
    viewers: list[str],
    calls: dict[str, dict[str, Any]],
) -> Iterator[Any]:
    """A message with its media and reactions."""
    archive, problems = read_archive(row, "archive of a message")
    yield from problems
    metadata, content = field(archive, "metadata"), field(archive, "content")
    chat_id = word(row["thread_id"]) or word(field(metadata, "threadId"))
    thread = threads.told(row, str(chat_id)) or {}
    viewer = thread.get("viewer") or (viewers[0] if len(viewers) == 1 else None)
    sender = word(field(metadata, "senderPk"))
    known = people.told(row, sender) or {}
    activity = field(content, "threadActivity")
    files = list(media_of(field(content, "media")))
    edits = [
        {"text": field(version, "body"), "at": field(version, "timestamp")}
        for version in objects(field(archive, "editHistory"))
    ]
    base = {
        "app": "Instagram",
        "chat_id": chat_id,
        "message_id": word(row["message_id"]) or word(field(metadata, "serverId")),
        "record": row["record"],
        "state": row["state"],
    }
    cells = base | {
        "account_id": viewer,
        "chat_name": thread.get("name"),
        "chat_kind": thread.get("kind"),
        "sent_at": field(metadata, "serverTimestamp"),
        "sender_id": sender,
        "sender_name": known.get("name") or known.get("username"),
        "direction": "unknown" if sender is None or viewer is None else "outgoing" if sender == viewer else "incoming",
        "kind": kind_of(content, activity, files),
        "raw_kind": ", ".join(parts(content)) or word(row["class_name"]),
        "text": word(field(content, "string")),
        "reply_to": word(field(archive, "quotedMessage", "metadata", "serverId")),
        "edited": bool(edits or number(field(content, "editCount"))) or None,
        "extra": as_json(noted(archive, content, metadata, edits) | {"thread_id_v2": thread.get("id_v2")}),
    }
    yield from MESSAGES.rows([cells], sent_at=cocoa_s)
    yield from ATTACHMENTS.rows(base | {name: found[name] for name in found if name != "kind"} for found in files)
    yield from REACTIONS.rows((base | given for given in reactions(archive)), reacted_at=cocoa_s)
    if cells["kind"] == "call":
        note_call(calls, cells, activity)


def parts(content: Any) -> list[str]:
    """The fields of the content that are set, texts and counts apart."""
    found = content.items() if isinstance(content, dict) else ()
    return [name for name, value in found if isinstance(value, (dict, list)) and value]


def kind_of(content: Any, activity: Any, files: list[dict[str, Any]]) -> str:
    """The kind of a message by what its content holds."""
    if isinstance(activity, dict):
        return "call" if field(activity, "videoCallId") or field(activity, "voipTitle") else "system"
    if files:
        return str(files[0]["kind"])
    return "text" if word(field(content, "string")) else "unknown"


def noted(archive: Any, content: Any, metadata: Any, edits: list[dict[str, Any]]) -> dict[str, Any]:
    """What no column fits: of the message, of its content, and of an event its words."""
    taken = ("metadata", "content", "reactions", "editHistory", "string", "media", "$class")
    fields = [
        *(archive.items() if isinstance(archive, dict) else ()),
        *(content.items() if isinstance(content, dict) else ()),
    ]
    left = [(name, pruned(value)) for name, value in fields if name.rpartition("*")[2] not in taken]
    rest = {name: value for name, value in left if value not in (None, {}, [])}
    return rest | {"client_context": field(metadata, "clientContext"), "versions": edits}


def pruned(value: Any) -> Any:
    """The value without what is not set."""
    if isinstance(value, dict):
        found = {name: pruned(item) for name, item in value.items() if name != "$class"}
        return {name: item for name, item in found.items() if item not in (None, "", 0, False, {}, [])}
    if isinstance(value, list):
        return [kept for item in value if (kept := pruned(item)) not in (None, "", {}, [])]
    return value or None


def media_of(media: Any) -> Iterator[dict[str, Any]]:
    """The picture or video of a message, by the widest of its versions; `kind` is what it is."""
    permanent = field(media, "permanentMedia")
    for name, kind, listed in (("video", "video", "videoVersions"), ("photo", "image", "imageVersions")):
        part = field(permanent, name)
        if not isinstance(part, dict):
            continue
        versions = objects(field(part, listed))
        best = max(versions, key=lambda version: number(field(version, "width")) or 0, default={})
        yield {
            "kind": kind,
            "url": address(field(best, "url")),
            "width": number(field(best, "width")),
            "height": number(field(best, "height")),
            "extra": as_json(
                {"id": field(part, "kIGPhotoMediaID"), "versions": len(versions) if len(versions) > 1 else None}
            ),
        }
        return


def address(url: Any) -> str | None:
    """An address: text, or an NSURL."""
    return word(url) or (word(url.get("NS.relative")) if isinstance(url, dict) else None)


def reactions(archive: Any) -> Iterator[dict[str, Any]]:
    """All reactions to a message."""
    for given in objects(field(archive, "reactions")):
        yield {
            "person_id": word(field(given, "userId")),
            "value": word(field(given, "emojiUnicode")),
            "reacted_at": field(given, "serverTimestamp"),
        }


def note_call(calls: dict[str, dict[str, Any]], cells: Mapping[str, Any], activity: Any) -> None:
    """Add an event to the call that it belongs to. The start of a call is known only by the event of it. An event that is no
    longer in force is a call of its own: what is added to one that is would change it."""
    call_id = word(field(activity, "videoCallId"))
    call = calls.setdefault(
        f"{cells['chat_id']} {call_id}" if call_id and in_force(cells) else str(cells["record"]),
        {name: cells[name] for name in ("app", "account_id", "chat_id", "direction", "record", "state")}
        | {"call_id": call_id, "extra": {"events": []}},
    )
    title = word(field(activity, "voipTitle"))
    call["extra"]["events"].append({"message_id": cells["message_id"], "at_cocoa_s": cells["sent_at"], "event": title})
    if "start" in (title or "").lower():
        call |= {"started_at": cells["sent_at"], "direction": cells["direction"]}
    if cells["direction"] == "incoming":
        call |= {"peer_id": cells["sender_id"], "peer_name": cells["sender_name"]}


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of DirectSQLiteDatabase."""
    return [messages]
