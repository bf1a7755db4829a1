"""Microsoft Teams for Android, database SkypeTeams.db."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.tables import ATTACHMENTS, CALLS, CONTACTS, MESSAGES
from forensics.times import NotATime, unix_ms

from ..stored_tables import unread
from ..untrusted import as_json
from .cards import loaded
from .people import APP
from .rich_text import Rich, read_markup
from .stored import number

MESSAGE = """
SELECT m.messageId AS message_id, m.conversationId AS chat_id, chat.name AS chat_name, m.userDisplayName AS sender_name,
  m.content AS content, m.arrivalTime AS sent_at, {m.deleteTime} AS deleted_at, 'Message/rowid=' || m.rowid AS record
FROM Message m
LEFT JOIN (
  SELECT c.conversationId AS id, MAX(NULLIF({c.displayName}, '')) AS name FROM Conversation c GROUP BY c.conversationId
) chat ON chat.id = m.conversationId
"""
USER = """
SELECT u.mri, NULLIF({u.displayName}, '') AS name, {u.email} AS email, {u.secondaryEmail} AS second_email,
  {u.alternativeEmail} AS other_email, {u.telephoneNumber} AS phone, {u.homeNumber} AS home, {u.givenName} AS given_name,
  {u.surname} AS surname, {u.type} AS type, {u.userType} AS user_type, {u.accountEnabled} AS enabled,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({u.lastSyncTime}, 0) / 1000.0, 'unixepoch') AS synced_at,
  'User/rowid=' || u.rowid AS record
FROM User u
"""
# Who is called need not be a user that the app knows: the join keeps the call.
CALL_LOG = """
SELECT p.attributeValue AS log, {p.messageId} AS message_id, 'MessagePropertyAttribute/rowid=' || p.rowid AS record
FROM MessagePropertyAttribute p WHERE p.propertyId = 'CallLog'
"""
FILE_INFO = """
SELECT 'Microsoft Teams' AS app, f.fileName AS name, {f.objectUrl} AS url,
  NULLIF(json_patch('{}', json_object('type', CAST({f.type} AS TEXT), 'folder', CAST(NULLIF({f.isFolder}, 0) AS INTEGER),
    'modified_at', CAST({f.lastModifiedTime} AS TEXT), 'modified_by', CAST({f.lastModifiedBy} AS TEXT))), '{}') AS extra,
  'FileInfo/rowid=' || f.rowid AS record
FROM FileInfo f
"""
DIRECTIONS = {"incoming": "incoming", "outgoing": "outgoing"}
MEDIA_KINDS = {"AMSImage": "image", "AMSVideo": "video", "AMSAudio": "audio"}


@parser(
    "teams.android",
    files=["SkypeTeams.db"],
    test=sqlite.has(
        Message=["messageId", "conversationId", "arrivalTime", "userDisplayName", "content"],
        User=["mri"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Microsoft Teams for Android (SkypeTeams.db).

    Reads: messages with the name of who wrote, text made plain from HTML (as stored in extra), deletions, quoted messages,
    addresses of pictures; calls of the call log, those with somebody unknown too; persons; files that the app listed, which are
    tied to no message. Times are Unix milliseconds. Which messages are the account's own is not described: direction is unknown.
    The log has no time for the start of a call that was never connected: its end is given.

    Not read: events as such, reactions, members of chats, the feed of activities (a problem where it has rows).

    Seen on: no file of a device yet. Tested on invented rows in the published columns.

    Source: ALEAPP (columns, clocks, names in the call log); Teams for iOS (markup of messages).

    Tier: documented
    """
    with file.sqlite() as db:
        names = {row["mri"]: row["name"] for row in db.execute(USER) if row["name"] and row["state"] != "journal"}
        for row in db.execute(MESSAGE, every="Message"):
            yield from read_message(row)
        for row in db.execute(USER, every="User"):
            yield from CONTACTS.rows([contact(row)])
        if db.has(MessagePropertyAttribute=["propertyId", "attributeValue"]):
            for row in db.execute(CALL_LOG, every="MessagePropertyAttribute WHERE propertyId = 'CallLog'"):
                yield from read_call(row, names)
        if db.has(FileInfo=["fileName"]):
            yield from ATTACHMENTS.batches(db.execute(FILE_INFO, every="FileInfo"))
        yield from unread(db, ["ActivityFeed"])


def read_message(row: Mapping[str, Any]) -> Iterator[Any]:
    """A message with the pictures that it points to."""
    content = row["content"]
    rich = read_markup(content) if isinstance(content, str) else Rich()
    deleted_at = number(row["deleted_at"]) or None
    base = {"app": APP, **{name: row[name] for name in ("chat_id", "message_id", "record", "state")}}
    medium = MEDIA_KINDS.get(str(rich.media[0]["type"]), "document") if rich.media else None
    cells = {
        **base,
        "chat_name": row["chat_name"],
        "sent_at": number(row["sent_at"]),
        "deleted_at": deleted_at,
        "deleted": True if deleted_at not in (None, -1) else None,
        "sender_name": row["sender_name"] or None,
        "direction": "unknown",
        "kind": medium or ("deleted" if deleted_at not in (None, -1) and not content else "text"),
        "text": rich.text or None,
        "reply_to": rich.reply_to,
        "extra": as_json({"content": content if content != rich.text else None, "quoted": rich.quoted}),
    }
    yield from MESSAGES.rows([cells], sent_at=unix_ms, deleted_at=unix_ms)
    yield from ATTACHMENTS.rows(
        base | {"url": m["url"], "extra": as_json({"type": m["type"], "alt": m["alt"]})} for m in rich.media
    )


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """A person that the app knows; the account is among them, and not marked."""
    noted = ("given_name", "surname", "type", "user_type", "enabled", "synced_at")
    return {
        "app": APP,
        "person_id": row["mri"],
        "name": row["name"],
        "phones": [str(row[name]) for name in ("phone", "home") if row[name]] or None,
        "emails": [str(row[name]) for name in ("email", "second_email", "other_email") if row[name]] or None,
        "extra": as_json({name: row[name] for name in noted}),
        "record": row["record"],
        "state": row["state"],
    }


def read_call(row: Mapping[str, Any], names: Mapping[Any, Any]) -> Iterator[Any]:
    """A call of the call log. Its length runs from where it was connected."""
    log = loaded(row["log"])
    if not isinstance(log, dict):
        yield Problem("not_understood", "an entry of the call log that is no JSON object", record=row["record"])
        return
    connected, ended = number(log.get("connectTimeMillis")), number(log.get("endTimeMillis"))
    direction = DIRECTIONS.get(str(log.get("callDirection")).lower(), "unknown")
    target = log.get("target")
    state = log.get("callState")
    peer = (
        {"peer_name": log.get("originatorDisplayName")}
        if direction == "incoming"
        else {"peer_id": target, "peer_name": names.get(target) if isinstance(target, str) else None}
    )
    cells = {
        "app": APP,
        "call_id": log.get("callId"),
        "started_at": connected or ended,
        "duration_s": seconds(connected, ended),
        "direction": direction,
        "outcome": "answered" if str(state).lower() == "accepted" else state,
        "extra": as_json({"call_log": log, "message_id": row["message_id"]}),
        "record": row["record"],
        "state": row["state"],
    }
    yield from CALLS.rows([cells | peer], started_at=unix_ms)


def seconds(connected: Any, ended: Any) -> float | None:
    """The length of a call; None where a time is missing or is none."""
    try:
        start, end = unix_ms(connected), unix_ms(ended)
    except (NotATime, TypeError):
        return None
    return (end - start).total_seconds() if start and end and end >= start else None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of SkypeTeams.db."""
    return [messages]
