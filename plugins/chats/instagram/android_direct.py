"""Instagram for Android, direct messages: database direct.db."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import unix_us

from ..learned import Learned, in_force
from ..meta.stored import app_of, as_json, degrees, number, objects, read_json, seconds, word
from ..stored_tables import unread
from ..untrusted import at

MESSAGE = """
SELECT m.thread_id, m.timestamp AS sent_at, m.message_type AS item_type, {m.text} AS text, m.message AS message,
  {m.server_item_id} AS server_item_id, {m.client_item_id} AS client_item_id, NULLIF({m.recipient_ids}, '') AS recipients,
  COALESCE('messages/_id=' || {m._id}, 'messages/server_item_id=' || {m.server_item_id},
           'messages/thread_id=' || m.thread_id || ', timestamp=' || m.timestamp, 'messages without id') AS record
FROM messages m
"""
THREAD = """
SELECT t.thread_id, t.thread_info AS info, 'threads/thread_id=' || COALESCE(t.thread_id, '') AS record FROM threads t
"""
OWNER = "SELECT DISTINCT CAST(s.user_id AS TEXT) AS id FROM session s WHERE s.user_id IS NOT NULL"

KINDS = {
    "text": "text",
    "like": "text",
    "link": "link",
    "raven_media": "image",
    "animated_media": "gif",
    "voice_media": "voice",
    "video_call_event": "call",
    "action_log": "system",
    "location": "location",
    "placeholder": "unknown",
    "profile": "contact",
    "media_share": "link",
    "story_share": "link",
    "felix_share": "link",
    "clip": "link",
    "reel_share": "text",
}
VIDEO = 2  # of media_type; 1 is a picture
# Parts of the JSON that have columns, or repeat what columns of the table say.
TAKEN = frozenset(
    (
        "text",
        "item_type",
        "item_id",
        "user_id",
        "timestamp",
        "timestamp_in_micro",
        "thread_key",
        "reactions",
        "client_context",
    )
)


@parser(
    "instagram.android",
    files=["direct.db"],
    test=sqlite.has(
        messages=["thread_id", "timestamp", "message_type", "message"],
        threads=["thread_id", "thread_info"],
        session=["user_id"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Instagram for Android, direct messages (direct.db); Threads keeps one of the same shape.

    Each message is a row and, in its column `message`, JSON with all of it. Times are microseconds. session.user_id is the
    account. Newer versions of the app keep messages elsewhere (ig_msys_database): then this database is empty.

    Reads: messages of every type (raw_kind), also where the JSON cannot be read or the thread is gone; direction by the account;
    text, also of answers to stories and of action logs; replies, edits with the earlier texts (in extra); reactions; the media
    of a message by their addresses; places; members and their names; events of video calls, as messages, and each call once, by
    its id, without start unless the event of its start is there. What no column holds of the JSON is in extra.

    Not read: what waits to be sent or done (mutations: rows of it are a problem); meaning of types that no source names (given
    raw); the media themselves, which the app does not keep; preferences
    with the account's name.

    Seen on: no file of a device yet. Tested on invented rows in the published shape.

    Source: ALEAPP artifact instagram (Android 10 to 17), HPI module my.instagram.android, a public analyser of edited messages,
    the models of Barinsta (types of items, reactions, events of calls); the schema that the app itself makes.

    Tier: documented
    """
    app = app_of(file, "Instagram")
    with file.sqlite() as db:
        owners = sorted(str(row["id"]) for row in db.execute(OWNER))
        chats: Learned[dict[str, Any]] = Learned()
        people: Learned[dict[str, Any]] = Learned()
        for row in db.execute(THREAD, every="threads"):
            yield from read_thread(row, app, chats, people)
        yield from PARTICIPANTS.rows(members(chats, app))
        calls: dict[str, dict[str, Any]] = {}
        for row in db.execute(MESSAGE, every="messages"):
            yield from read_message(row, app, owners, chats, people, calls)
        yield from CALLS.rows((call | {"extra": as_json(call["extra"])} for call in calls.values()), started_at=unix_us)
        yield from CONTACTS.rows(person for key, person in people.items() if key not in owners)
        yield from accounts(db, app, owners, people)
        yield from unread(db, ["mutations"])


def read_thread(
    row: Mapping[str, Any], app: str, chats: Learned[dict[str, Any]], people: Learned[dict[str, Any]]
) -> Iterator[Any]:
    """Learn a thread and the persons in it."""
    info, problems = read_json(row["info"], row["record"], "thread_info")
    yield from problems
    listed = [*objects(at(info, "recipients")), *objects(at(info, "users"))]
    users = {key: user for user in listed if (key := user_id(user))}
    several = at(info, "is_group") is True or len(users) > 1
    chats.learn(
        row,
        str(row["thread_id"]),
        {
            "name": word(at(info, "thread_title")) or (shown(next(iter(users.values()))) if len(users) == 1 else None),
            "kind": "group" if several else "direct" if users else None,
            "users": users,
            "row": row,
            "id_v2": word(at(info, "thread_v2_id")),
        },
    )
    for user in (*users.values(), *objects(at(info, "inviter"))):
        key = user_id(user)
        if key:
            person = {
                "app": app,
                "person_id": key,
                "name": word(user.get("full_name")),
                "username": word(user.get("username")),
                "extra": as_json({"picture": user.get("profile_pic_url"), "private": user.get("is_private")}),
                "record": row["record"],
                "state": row["state"],
            }
            people.learn(row, key, person)


def user_id(user: Mapping[str, Any]) -> str | None:
    """The id of a user, under the name that the version of the app gives it."""
    return word(user.get("pk")) or word(user.get("pk_id")) or word(user.get("id"))


def shown(user: Mapping[str, Any]) -> str | None:
    """The name of a user: the full one, else the handle."""
    return word(user.get("full_name")) or word(user.get("username"))


def members(chats: Learned[dict[str, Any]], app: str) -> Iterator[dict[str, Any]]:
    """Members of all threads; the app does not list the account itself."""
    for chat_id, chat in chats.items():
        for key, user in chat["users"].items():
            row = chat["row"]
            place = {"record": row["record"], "state": row["state"]}
            yield {"app": app, "chat_id": chat_id, "person_id": key, "name": shown(user)} | place


def read_message(
    row: Mapping[str, Any],
    app: str,
    owners: list[str],
    chats: Learned[dict[str, Any]],
    people: Learned[dict[str, Any]],
    calls: dict[str, dict[str, Any]],
) -> Iterator[Any]:
    """A message with its media, reactions and place."""
    item, problems = read_json(row["message"], row["record"], "message")
    yield from problems
    unread = item if not isinstance(item, dict) else None
    item = item if isinstance(item, dict) else {}
    chat_id = word(row["thread_id"]) or word(at(item, "thread_key", "thread_id"))
    chat = chats.told(row, str(chat_id)) or {}
    sender = word(item.get("user_id"))
    known = people.told(row, sender) or {}
    message_id = word(item.get("item_id")) or word(row["server_item_id"]) or word(row["client_item_id"])
    kind = word(row["item_type"]) or word(item.get("item_type"))
    files = [*media_of(item)]
    place = degrees(at(item, "location", "lat"), at(item, "location", "lng")) if kind == "location" else None
    base = {
        "app": app,
        "chat_id": chat_id,
        "message_id": message_id,
        "record": row["record"],
        "state": row["state"],
    }
    cells = base | {
        "account_id": owners[0] if len(owners) == 1 else None,
        "chat_name": chat.get("name"),
        "chat_kind": chat.get("kind"),
        "sent_at": row["sent_at"],
        "sender_id": sender,
        "sender_name": known.get("name") or known.get("username"),
        "direction": direction(sender, owners),
        "kind": kind_of(kind, item, files),
        "raw_kind": kind,
        "text": text_of(row["text"], item),
        "reply_to": word(at(item, "replied_to_message", "item_id")),
        "edited": bool(number(item.get("edit_count"))) or None,
        "view_once": at(item, "visual_media", "view_mode") == "once" or None,
        "extra": as_json(
            {name: value for name, value in item.items() if name not in TAKEN}
            | {"unread_message": unread, "thread_v2_id": chat.get("id_v2")}
            | {"recipients": None if row["thread_id"] else row["recipients"]}
        ),
    }
    yield from MESSAGES.rows([cells | (place or {})], sent_at=unix_us)
    yield from ATTACHMENTS.rows(base | {name: found[name] for name in found if name != "kind"} for found in files)
    yield from REACTIONS.rows((base | given for given in reactions(item)), reacted_at=unix_us)
    if place:
        spot = {"at": row["sent_at"], "kind": "message", "ref": message_id, "label": word(at(item, "location", "name"))}
        yield from PLACES.rows([{"record": row["record"], "state": row["state"]} | spot | place], at=unix_us)
    if kind == "video_call_event":
        note_call(calls, cells, item)


def direction(sender: str | None, owners: list[str]) -> str:
    """Whose message it is: known only where the database names the account."""
    return "unknown" if sender is None or not owners else "outgoing" if sender in owners else "incoming"


def kind_of(stored: str | None, item: Mapping[str, Any], files: list[dict[str, Any]]) -> str:
    """The kind of a message by its type, pictures and videos apart."""
    if stored in ("media", "raven_media") and files:
        return str(files[0]["kind"])
    if stored is not None and stored.startswith("xma"):
        return "link"
    return KINDS.get(stored or "", "unknown")


def text_of(text: Any, item: Mapping[str, Any]) -> Any:
    """The words of a message: its own, of an answer to a story, of a link, of what the app notes about the chat."""
    ways = (
        ("text",),
        ("reel_share", "text"),
        ("link", "text"),
        ("action_log", "description"),
        ("video_call_event", "description"),
    )
    return text or next((found for way in ways if (found := word(at(item, *way)))), None) or word(item.get("like"))


def media_of(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The media of a message, each by its best address; `kind` is what it is."""
    for way in (
        ("media",),
        ("visual_media", "media"),
        ("voice_media", "media"),
        ("animated_media", "images", "fixed_height"),
    ):
        for media in objects(at(item, *way)):
            yield from media_file(media)


def media_file(media: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One picture, video or sound; of several versions the widest."""
    videos = objects(media.get("video_versions"))
    pictures = objects(at(media, "image_versions2", "candidates"))
    versions = videos or pictures or ([dict(media)] if word(media.get("url")) else [])
    best = max(versions, key=lambda version: number(version.get("width")) or 0, default={})
    sound = at(media, "audio", "audio_src")
    url = word(best.get("url")) or word(sound)
    if not url and not word(media.get("id")):
        return
    is_video = bool(videos) or number(media.get("media_type")) == VIDEO
    yield {
        "kind": "voice" if sound else "video" if is_video else "image",
        "url": url,
        "width": number(best.get("width")) or number(media.get("original_width")),
        "height": number(best.get("height")) or number(media.get("original_height")),
        "duration_s": number(media.get("video_duration")) or seconds(at(media, "audio", "duration")),
        "extra": as_json(
            {"id": media.get("id"), "taken_at_s": media.get("taken_at"), "owner": at(media, "user", "username")}
        ),
    }


def reactions(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Reactions to a message. A like of somebody who is among the emojis is the same once more."""
    emojis = objects(at(item, "reactions", "emojis"))
    named = [word(emoji.get("sender_id")) for emoji in emojis]
    likes = [{"emoji": "❤"} | like for like in objects(at(item, "reactions", "likes"))]
    for given in (*emojis, *(like for like in likes if word(like.get("sender_id")) not in named)):
        yield {
            "person_id": word(given.get("sender_id")),
            "value": word(given.get("emoji")),
            "reacted_at": number(given.get("timestamp")),
        }


def note_call(calls: dict[str, dict[str, Any]], cells: Mapping[str, Any], item: Mapping[str, Any]) -> None:
    """Add an event to the call that it belongs to. The start of a call is known only by the event of it. An event that is no
    longer in force is a call of its own: what is added to one that is would change it."""
    event = item.get("video_call_event")
    event = event if isinstance(event, dict) else {}
    call_id = word(event.get("vc_id"))
    call = calls.setdefault(
        f"{cells['chat_id']} {call_id}" if call_id and in_force(cells) else str(cells["record"]),
        {name: cells[name] for name in ("app", "account_id", "chat_id", "direction", "record", "state")}
        | {"call_id": call_id, "extra": {"events": []}},
    )
    action = word(event.get("action")) or word(event.get("description"))
    call["extra"]["events"].append({"message_id": cells["message_id"], "at_us": cells["sent_at"], "event": action})
    if "start" in (action or "").lower():
        call |= {"started_at": cells["sent_at"], "direction": cells["direction"]}
    if cells["direction"] == "incoming":
        call |= {"peer_id": cells["sender_id"], "peer_name": cells["sender_name"]}


def accounts(db: Database, app: str, owners: list[str], people: Learned[dict[str, Any]]) -> Iterator[Any]:
    """The accounts of the session, named where a thread names them (as who invited)."""
    for owner in owners:
        known = people.now.get(owner, {})
        said = {name: known.get(name) for name in ("name", "username")}
        cells = {"app": app, "account_id": owner, "is_owner": True, "record": f"session/user_id={owner}"}
        yield from ACCOUNTS.rows([cells | said])


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of direct.db."""
    return [messages]
