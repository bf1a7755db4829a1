"""Facebook Messenger for Android, database threads_db2 of its older generation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import unix_ms

from ..meta.stored import (
    app_of,
    as_json,
    degrees,
    inner_json,
    kind_by_mime,
    number,
    objects,
    person,
    read_json,
    seconds,
    word,
)
from ..untrusted import at, mapping

MESSAGE = """
SELECT m.msg_id AS message_id, m.thread_key AS chat_id, chat.name AS chat_name, m.timestamp_ms AS sent_at,
  {m.timestamp_sent_ms} AS composed_at, {m.text} AS text, {m.snippet} AS snippet, m.sender AS sender,
  {m.msg_type} AS code, {m.attachments} AS attachments, {m.shares} AS shares, {m.coordinates} AS coordinates,
  {m.pending_send_media_attachment} AS pending, {m.generic_admin_message_extensible_data} AS admin,
  {m.admin_text_type} AS admin_type, {m.admin_text_thread_rtc_event} AS rtc_event,
  {m.admin_text_thread_rtc_is_video_call} AS rtc_video, {m.affected_users} AS affected_users, {m.sticker_id} AS sticker_id,
  {m.offline_threading_id} AS offline_threading_id, {m.message_replied_to_id} AS reply_to,
  {m.unsent_timestamp_ms} AS deleted_at, {m.message_lifetime} AS message_lifetime, {m.forward_score} AS forward_score,
  {m.send_error} AS send_error, {m.source} AS source,
  COALESCE('messages/msg_id=' || m.msg_id, 'messages/thread_key=' || m.thread_key || ', timestamp_ms=' || m.timestamp_ms,
           'messages without msg_id') AS record
FROM messages m
LEFT JOIN (SELECT t.thread_key, MAX({t.name}) AS name FROM threads t GROUP BY t.thread_key) chat
  ON chat.thread_key = m.thread_key
"""
# Versions of the app have named the time of a reaction differently.
REACTION = """
SELECT said.chat_id, r.msg_id AS message_id, r.user_key AS user_key, r.reaction AS value,
  COALESCE({r.reaction_timestamp}, {r.reaction_timestamp_ms}, {r.reaction_creation_timestamp_ms},
           {r.reaction_creation_time_ms}) AS reacted_at,
  'message_reactions/msg_id=' || COALESCE(r.msg_id, '') || ', user_key=' || COALESCE(r.user_key, '') AS record
FROM message_reactions r
LEFT JOIN (SELECT m.msg_id, MAX(m.thread_key) AS chat_id FROM messages m GROUP BY m.msg_id) said ON said.msg_id = r.msg_id
"""
MEMBER = """
SELECT p.thread_key AS chat_id, p.user_key AS user_key, who.name, {p.is_admin} AS is_admin, {p.type} AS type,
  NULLIF({p.phone}, '') AS phone, NULLIF({p.email}, '') AS email, NULLIF({p.last_read_receipt_time}, 0) AS last_read_ms,
  NULLIF({p.last_delivered_receipt_time}, 0) AS last_delivered_ms, NULLIF({p.request_timestamp_ms}, 0) AS asked_to_join_ms,
  'thread_participants/thread_key=' || COALESCE(p.thread_key, '') || ', user_key=' || COALESCE(p.user_key, '') AS record
FROM thread_participants p
LEFT JOIN (SELECT u.user_key, MAX(COALESCE({u.name}, TRIM(COALESCE({u.first_name}, '') || ' ' || COALESCE({u.last_name}, ''))))
             AS name FROM thread_users u GROUP BY u.user_key) who ON who.user_key = p.user_key
"""
PERSON = """
SELECT u.user_key AS user_key, NULLIF({u.name}, '') AS name, NULLIF({u.first_name}, '') AS first_name,
  NULLIF({u.last_name}, '') AS last_name, NULLIF({u.username}, '') AS username, {u.is_messenger_user} AS is_messenger_user,
  {u.is_friend} AS is_friend, {u.friendship_status} AS friendship_status,
  {u.contact_relationship_status} AS contact_relationship_status, {u.profile_pic_square} AS pictures,
  'thread_users/user_key=' || COALESCE(u.user_key, '') AS record
FROM thread_users u
"""
KEYS = "SELECT DISTINCT m.thread_key AS chat_id FROM messages m"
# What was being written, and the members before they had a table of their own (2013).
THREAD = """
SELECT t.thread_key AS chat_id, {t.name} AS chat_name, NULLIF({t.draft}, '') AS draft, {t.participants} AS participants,
  {t.former_participants} AS former_participants, 'threads/thread_key=' || COALESCE(t.thread_key, '') AS record
FROM threads t
"""

PLACEHOLDER, REGULAR, CALL, GROUP_CALL = -1, 0, 9, 203
CHAT_KINDS = {"ONE_TO_ONE": "direct", "TINCAN": "direct", "TINCAN_MULTI_ENDPOINT": "direct", "GROUP": "group"}
PAIR = re.compile(r"ONE_TO_ONE:(\d{1,20}):(\d{1,20})")
CALL_KEYS = ("caller_id", "call_duration")
TAKEN_OF_FILE = frozenset(
    ("filename", "mime_type", "file_size", "audio_uri", "video_data_url", "video_data_length_ms", "durationMs")
)


def is_threads_db2(file: File) -> bool:
    """Whether the database has the messages of Messenger; their thread was named thread_id before 2013."""
    with file.sqlite() as db:
        return key_of_threads(db) is not None


def key_of_threads(db: Database) -> str | None:
    """The column that says to which thread a message belongs."""
    for key in ("thread_key", "thread_id"):
        if db.has(messages=["msg_id", key, "timestamp_ms", "sender", "offline_threading_id"], threads=[key]):
            return key
    return (
        "thread_key"
        if db.has(messages=["msg_id", "thread_key", "timestamp_ms", "sender"], threads=["thread_key"])
        else None
    )


@parser("messenger.threads_db2", files=["threads_db2"], magic=["application/vnd.sqlite3"], test=is_threads_db2)
def messages(file: File) -> Iterator[Any]:
    """Facebook Messenger for Android, older generation (threads_db2), in Messenger and in the Facebook app.

    Newer versions of the app leave this database empty and keep their messages in msys_database. `app` is Facebook where the
    file lies in the folder of the Facebook app. The owner is the number in threads_db2-uid beside the database; where that is
    missing, the one person who is in all one-to-one chats, if there are two chats at least. Without owner, direction is
    unknown. chat_id is the key of the thread: ONE_TO_ONE, GROUP, or TINCAN for secret conversations; before 2013 its id.

    Reads: messages, among them those without text, without thread, placeholders (msg_type -1) and events; all attachments and
    shares of a message, files that waited to be sent; coordinates; calls (msg_type 9 and 203, or data that names a caller or a
    length): a call is stored when it ends, its start is that time less its length; reactions, members, users; text that was
    being written in a thread (status draft, without a time). What no column fits is in extra, as stored.

    Not read: meaning of codes of msg_type and of admin texts other than calls (given raw); read receipts; media themselves; the
    contacts in contacts_db2.

    Seen on: no file of a device yet. Tested on invented rows in the published columns.

    Source: ALEAPP artifact FacebookMessenger, Autopsy module fbmessenger, a public Autopsy module for Messenger (codes of calls),
    the list of columns in the app's own MessageCursorUtil; schemas of 2012 and 2016 in the app's own ThreadsDbSchemaPart.

    Tier: documented
    """
    app = app_of(file, "Messenger")
    with file.sqlite() as db:
        key = key_of_threads(db) or "thread_key"
        owner, told_by = owner_of(file, db, key)
        for row in db.execute(keyed(MESSAGE, key), every="messages"):
            yield from read_message(row, app, owner)
        for row in db.execute(keyed(THREAD, key), every="threads"):
            yield from read_thread(row, app, owner)
        if db.columns("message_reactions"):
            rows = db.execute(keyed(REACTION, key), every="message_reactions")
            yield from REACTIONS.rows((reaction(row, app) for row in rows), reacted_at=unix_ms)
        if db.columns("thread_participants"):
            rows = db.execute(MEMBER, every="thread_participants")
            yield from PARTICIPANTS.rows(member(row, app) for row in rows)
        known = db.execute(PERSON, every="thread_users") if db.columns("thread_users") else ()
        yield from people(known, app, owner, told_by)


def keyed(query: str, key: str) -> str:
    """A query for a schema that names the thread so."""
    for where in ("m.", "t.", "chat.", "messages/", "threads/"):
        query = query.replace(f"{where}thread_key", f"{where}{key}")
    return query


def owner_of(file: File, db: Database, key: str) -> tuple[str | None, str | None]:
    """Id of the account, and where it was found."""
    beside = file.sibling("threads_db2-uid")
    if beside:
        named = beside.bytes()[:64].split(b"\n")[0].strip()
        if named.isdigit():
            return named.decode(), "threads_db2-uid"
    pairs = [
        set(found.groups()) for row in db.execute(keyed(KEYS, key)) if (found := PAIR.fullmatch(str(row["chat_id"])))
    ]
    shared = set.intersection(*pairs) if len(pairs) > 1 else set()
    return (shared.pop(), "messages.thread_key of all one-to-one chats") if len(shared) == 1 else (None, None)


def read_message(row: Mapping[str, Any], app: str, owner: str | None) -> Iterator[Any]:
    """A message with its files, place and call."""
    columns = ("sender", "attachments", "shares", "coordinates", "pending", "admin")
    data: dict[str, Any] = {}
    for column in columns:
        data[column], problems = read_json(row[column], row["record"], column)
        yield from problems
    base = {
        "app": app,
        "chat_id": row["chat_id"],
        "message_id": row["message_id"],
        "record": row["record"],
        "state": row["state"],
    }
    files = [*objects(data["attachments"]), *objects(data["pending"])]
    call = call_in(row, data["admin"])
    place = degrees(at(data["coordinates"], "latitude"), at(data["coordinates"], "longitude"))
    sender = person(at(data["sender"], "user_key"))
    cells = base | {
        "account_id": owner,
        "chat_name": row["chat_name"],
        "chat_kind": CHAT_KINDS.get(str(row["chat_id"]).partition(":")[0]),
        "sent_at": row["sent_at"],
        "sender_id": sender,
        "sender_name": word(at(data["sender"], "name")),
        "direction": direction(sender, owner),
        "kind": kind(row, data, files, call, place),
        "raw_kind": row["code"],
        "text": row["text"] or None,
        "reply_to": row["reply_to"],
        "forwarded": bool(row["forward_score"]) if isinstance(row["forward_score"], int) else None,
        "deleted": bool(row["deleted_at"]) or None,
        "deleted_at": row["deleted_at"],
        "extra": as_json(noted(row, data, files)),
    }
    if place:
        where = {"at": row["sent_at"], "kind": "message", "ref": row["message_id"], "extra": as_json({"app": app})}
        yield from PLACES.rows([{k: base[k] for k in ("record", "state")} | where | place], at=unix_ms)
        cells |= place if cells["kind"] == "location" else {}
    yield from MESSAGES.rows([cells], sent_at=unix_ms, deleted_at=unix_ms)
    yield from ATTACHMENTS.rows(base | attachment(item) for item in files)
    if call is not None:
        yield from CALLS.rows([call_cells(row, call, cells, owner)], started_at=unix_ms)


def read_thread(row: Mapping[str, Any], app: str, owner: str | None) -> Iterator[Any]:
    """What a thread says beside its messages: a draft, and in old schemas its members."""
    base = {"app": app} | {name: row[name] for name in ("chat_id", "record", "state")}
    data: dict[str, Any] = {}
    for column in ("draft", "participants", "former_participants"):
        data[column], problems = read_json(row[column], row["record"], column)
        yield from problems
    for column, active in (("participants", None), ("former_participants", False)):
        for item in objects(data[column]):
            cells = {"person_id": person(item.get("user_key")), "name": word(item.get("name")), "active": active}
            kept = {name: value for name, value in item.items() if name not in ("user_key", "name")}
            yield from PARTICIPANTS.rows([base | cells | {"extra": as_json(kept)}])
    if data["draft"] is not None:
        said = data["draft"] if isinstance(data["draft"], str) else word(at(data["draft"], "text"))
        cells = {
            "account_id": owner,
            "chat_name": row["chat_name"],
            "chat_kind": CHAT_KINDS.get(str(row["chat_id"]).partition(":")[0]),
            "sender_id": owner,
            "direction": "outgoing",
            "kind": "text" if said else "unknown",
            "text": said,
            "status": "draft",
            "extra": as_json({"draft": None if isinstance(data["draft"], str) else data["draft"]}),
        }
        yield from MESSAGES.rows([base | cells])


def direction(sender: str | None, owner: str | None) -> str:
    """Whose message it is."""
    return "unknown" if sender is None or owner is None else "outgoing" if sender == owner else "incoming"


def call_in(row: Mapping[str, Any], admin: Any) -> dict[str, Any] | None:
    """What is stored of a call; None for messages that are none, and for the start of a group call, whose end says all."""
    data = mapping(admin)
    event = str(data.get("event") or row["rtc_event"] or "")
    if row["code"] not in (CALL, GROUP_CALL) and not any(key in data for key in CALL_KEYS):
        return None
    return None if event.endswith("started") else data | {"event": event or None}


def kind(row: Mapping[str, Any], data: Mapping[str, Any], files: list[Any], call: Any, place: Any) -> str:
    """The kind of a message: by its code, then by what it holds."""
    if call is not None or row["code"] in (CALL, GROUP_CALL):
        return "call"
    if row["code"] == PLACEHOLDER:
        return "unknown"
    if row["deleted_at"] and not row["text"] and not files:
        return "deleted"
    if data["admin"] is not None or row["admin_type"]:
        return "system"
    if files:
        return "voice" if files[0].get("is_voicemail") is True else kind_by_mime(files[0].get("mime_type"))
    if row["sticker_id"]:
        return "sticker"
    if row["code"] not in (REGULAR, None):
        return "unknown"
    if data["shares"]:
        return "link"
    return "location" if place and not row["text"] else "text"


def noted(row: Mapping[str, Any], data: Mapping[str, Any], files: list[Any]) -> dict[str, Any]:
    """What no column fits."""
    unread = {name: data[name] for name in ("attachments", "pending") if isinstance(data[name], str)}
    return unread | {
        "snippet": row["snippet"] if row["snippet"] != row["text"] else None,
        "sender": None if at(data["sender"], "user_key") and at(data["sender"], "name") else data["sender"],
        "shares": data["shares"],
        "coordinates": data["coordinates"],
        "admin": data["admin"],
        "admin_type": row["admin_type"],
        "rtc_event": row["rtc_event"],
        "affected_users": inner_json(row["affected_users"]),
        "sticker_id": row["sticker_id"],
        "composed_at_ms": row["composed_at"] if row["composed_at"] != row["sent_at"] else None,
        "offline_threading_id": row["offline_threading_id"],
        "message_lifetime": row["message_lifetime"],
        "send_error": None if row["send_error"] == "NONE" else row["send_error"],
        "source": row["source"],
        "secret_conversation": str(row["chat_id"]).startswith("TINCAN"),
        "placeholder": row["code"] == PLACEHOLDER,
        "files": len(files) if len(files) > 1 else None,
    }


def attachment(item: dict[str, Any]) -> dict[str, Any]:
    """A file of a message. Its pictures are listed in several sizes, each as JSON within JSON."""
    picture = best_picture(inner_json(item.get("urls")))
    length = seconds(item.get("video_data_length_ms") or item.get("durationMs"))
    return {
        "name": word(item.get("filename")),
        "stored_path": word(item.get("uri")),
        "mime": word(item.get("mime_type")),
        "size": number(item.get("file_size")),
        "width": number(at(picture, "width")),
        "height": number(at(picture, "height")),
        "duration_s": length or number(item.get("durationS")),
        "url": word(item.get("video_data_url")) or word(item.get("audio_uri")) or word(at(picture, "src")),
        "extra": as_json({name: inner_json(value) for name, value in item.items() if name not in TAKEN_OF_FILE}),
    }


def best_picture(urls: Any) -> Any:
    """The largest of the pictures that have an address; the first where none says how large it is."""
    listed = [inner_json(value) for value in urls.values()] if isinstance(urls, dict) else []
    found = [picture for picture in listed if word(at(picture, "src"))]
    return max(found, key=lambda picture: number(picture.get("width")) or 0, default=None)


def call_cells(
    row: Mapping[str, Any], call: Mapping[str, Any], said: Mapping[str, Any], owner: str | None
) -> dict[str, Any]:
    """A call. It is stored when it ends: its length takes one back to its start."""
    length = number(call.get("call_duration"))
    length = length if length is not None and 0 <= length < 1e8 else None
    caller = word(call.get("caller_id")) or said["sender_id"]
    video = call.get("video", row["rtc_video"])
    ended = number(row["sent_at"])
    event = str(call["event"] or "")
    way = direction(caller, owner)
    return {name: said[name] for name in ("app", "chat_id", "record", "state")} | {
        "account_id": owner,
        "call_id": row["message_id"],
        "started_at": ended - round((length or 0) * 1000) if ended else row["sent_at"],
        "duration_s": length,
        "direction": way,
        "outcome": "missed" if "missed" in event else "answered" if length else None,
        "video": video not in (0, "0", "false", False) if isinstance(video, (bool, int, str)) else None,
        "peer_id": caller if way == "incoming" else other_of(row["chat_id"], owner),
        "peer_name": said["sender_name"] if caller == said["sender_id"] and way == "incoming" else None,
        "extra": as_json({"event": call["event"], "caller_id": caller, "ended_at_ms": ended}),
    }


def other_of(chat_id: Any, owner: str | None) -> str | None:
    """The other side of a one-to-one chat."""
    pair = PAIR.fullmatch(str(chat_id))
    others = [one for one in pair.groups() if one != owner] if pair and owner else []
    return others[0] if len(others) == 1 else None


def reaction(row: Mapping[str, Any], app: str) -> dict[str, Any]:
    """A reaction."""
    return {**{k: v for k, v in row.items() if k != "user_key"}, "app": app, "person_id": person(row["user_key"])}


def member(row: Mapping[str, Any], app: str) -> dict[str, Any]:
    """A member of a thread."""
    cells = {name: row[name] for name in ("chat_id", "record", "state")}
    role = {1: "admin", 0: "member"}.get(row["is_admin"])
    kept = ("type", "phone", "email", "last_read_ms", "last_delivered_ms", "asked_to_join_ms")
    said = {"person_id": person(row["user_key"]), "name": row["name"] or None, "role": role}
    return cells | {"app": app} | said | {"extra": as_json({name: row[name] for name in kept})}


def people(rows: Iterable[Mapping[str, Any]], app: str, owner: str | None, told_by: str | None) -> Iterator[Any]:
    """The users that the app knew: the owner as the account, everybody else as a contact."""
    account = {"app": app, "account_id": owner, "is_owner": True, "record": told_by}
    for row in rows:
        cells = user(row)
        if owner is not None and cells["person_id"] == owner:
            account |= {name: cells[name] for name in ("name", "username", "record", "state")}
            continue
        yield from CONTACTS.rows([cells | {"app": app, "account_id": owner}])
    if owner is not None:
        yield from ACCOUNTS.rows([account | {"extra": as_json({"found_in": told_by})}])


def user(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of thread_users."""
    parts = [str(part) for part in (row["first_name"], row["last_name"]) if part]
    said = {name: row[name] for name in ("is_messenger_user", "is_friend", "friendship_status")}
    return {
        "person_id": person(row["user_key"]),
        "name": row["name"] or " ".join(parts) or None,
        "username": row["username"],
        "extra": as_json(
            said
            | {
                "user_key": row["user_key"] if person(row["user_key"]) == row["user_key"] else None,
                "contact_relationship_status": row["contact_relationship_status"],
                "pictures": inner_json(row["pictures"]),
            }
        ),
        "record": row["record"],
        "state": row["state"],
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of threads_db2."""
    return [messages]
