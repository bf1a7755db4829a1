"""Wire for Android until 2021 (the app before the rewrite), a database named by the account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS, RECEIPTS
from forensics.times import unix_ms

from ..protobuf import NotProtobuf
from ..stored_tables import there
from ..untrusted import visible
from . import generic

# A conversation of two has the id of the other person; where it has not, its members tell who that is.
PEOPLE = """
WITH owner AS MATERIALIZED (SELECT MIN(u._id) AS person_id FROM Users u WHERE u.connection = 'self'),
people AS MATERIALIZED (SELECT u._id AS person_id, NULLIF(u.name, '') AS name FROM Users u),
partners AS MATERIALIZED (
  SELECT {c.conv_id} AS chat_id, MIN({c.user_id}) AS person_id FROM ConversationMembers c LEFT JOIN owner ON 1
  WHERE {c.user_id} IS NOT owner.person_id GROUP BY 1 HAVING COUNT(*) = 1
),
chats AS MATERIALIZED (
  SELECT c._id AS chat_id, CASE WHEN c.conv_type IN (2, 3, 4) THEN COALESCE(partners.person_id, same.person_id) END AS partner_id,
         COALESCE(NULLIF(c.name, ''), CASE WHEN c.conv_type IN (2, 3, 4) THEN COALESCE(partner.name, same.name) END,
           NULLIF({c.generated_name}, '')) AS chat_name,
         CASE c.conv_type WHEN 0 THEN 'group' WHEN 1 THEN 'self' WHEN 2 THEN 'direct' WHEN 3 THEN 'direct' WHEN 4
           THEN 'direct' END AS chat_kind
  FROM Conversations c
  LEFT JOIN partners ON partners.chat_id = c._id
  LEFT JOIN people partner ON partner.person_id = partners.person_id
  LEFT JOIN people same ON same.person_id = c._id
  GROUP BY c._id
)"""
MESSAGE = (
    PEOPLE
    + """,
earlier AS MATERIALIZED (SELECT e.updated_id, group_concat(e.original_id) AS ids FROM EditHistory e GROUP BY e.updated_id),
gone AS MATERIALIZED (SELECT g.message_id, MAX(g.timestamp) AS at FROM MsgDeletion g GROUP BY g.message_id),
stored AS MATERIALIZED (
  SELECT f._id AS id, MIN({f.name}) AS name, MIN({f.mime}) AS mime, MIN({f.size}) AS size,
    MIN(lower(hex({f.sha}))) AS sha, MIN({f.source}) AS source
  FROM Assets2 f GROUP BY f._id
)
SELECT owner.person_id AS account_id, m.conv_id AS chat_id, chats.chat_name, chats.chat_kind, chats.partner_id,
  m._id AS message_id,
  NULLIF(m.time, 0) AS sent_at, NULLIF({m.local_time}, 0) AS local_time, NULLIF({m.edit_time}, 0) AS edited_at,
  NULLIF({m.expiry_time}, 0) AS expires_at, gone.at AS deleted_at, m.user_id AS sender_id,
    people.name AS sender_name, partner.name AS partner_name,
  m.msg_type AS type, m.content, {m.protos} AS protos, m.msg_state AS status, {m.quote} AS quote,
    {m.members} AS members, {m.name} AS name,
  {m.email} AS email, {m.recipient} AS recipient, {m.duration} AS duration, {m.ephemeral} AS ephemeral, {m.expired} AS expired,
  {m.asset_id} AS asset_id, {m.error_code} AS error_code, {m.client_id} AS client, earlier.ids AS earlier,
  stored.name AS file_name, stored.mime AS file_mime, stored.size AS file_size, stored.sha AS file_sha,
    stored.source AS file_source,
  'Messages/_id=' || m._id AS record
FROM Messages m
LEFT JOIN owner ON 1
LEFT JOIN chats ON chats.chat_id = m.conv_id
LEFT JOIN people ON people.person_id = m.user_id
LEFT JOIN people partner ON partner.person_id = chats.partner_id
LEFT JOIN earlier ON earlier.updated_id = m._id
LEFT JOIN gone ON gone.message_id = m._id
LEFT JOIN stored ON stored.id = {m.asset_id}
"""
)
GONE = """
SELECT 'Wire' AS app, g.message_id, g.timestamp AS deleted_at, 'unknown' AS direction, 'deleted' AS kind, 1 AS deleted,
  'MsgDeletion/message_id=' || g.message_id AS record
FROM MsgDeletion g LEFT JOIN Messages m ON m._id = g.message_id WHERE m._id IS NULL
"""
LIKING = """
SELECT 'Wire' AS app, m.conv_id AS chat_id, x.message_id, x.user_id AS person_id, NULLIF(x.timestamp, 0) AS reacted_at,
  CASE x.action WHEN 1 THEN 'like' WHEN 0 THEN 'unlike' ELSE CAST(x.action AS TEXT) END AS value,
  CASE x.action WHEN 0 THEN json_object('taken_back', 1) END AS extra, 'Likings/message_id=' || x.message_id
    || ' user_id=' || x.user_id AS record
FROM Likings x LEFT JOIN Messages m ON m._id = x.message_id
"""
RECEIPT = """
SELECT 'Wire' AS app, m.conv_id AS chat_id, x.message_id, x.user_id AS person_id, NULLIF(x.timestamp, 0) AS read_at,
  'ReadReceipts/message_id=' || x.message_id || ' user_id=' || x.user_id AS record
FROM ReadReceipts x LEFT JOIN Messages m ON m._id = x.message_id
"""
MEMBER = (
    PEOPLE
    + """
SELECT 'Wire' AS app, x.conv_id AS chat_id, x.user_id AS person_id, people.name, NULLIF({x.role}, '') AS role,
  CASE WHEN x.user_id = owner.person_id THEN json_object('device_owner', 1) END AS extra,
  'ConversationMembers/conv_id=' || x.conv_id || ' user_id=' || x.user_id AS record
FROM ConversationMembers x LEFT JOIN people ON people.person_id = x.user_id LEFT JOIN owner ON 1
"""
)
PERSON = (
    PEOPLE
    + """
SELECT 'Wire' AS app, owner.person_id AS account_id, u._id AS person_id, NULLIF(u.name, '') AS name,
  NULLIF({u.handle}, '') AS username,
  CASE WHEN {u.phone} <> '' THEN json_array(CAST({u.phone} AS TEXT)) END AS phones,
  CASE WHEN {u.email} <> '' THEN json_array(CAST({u.email} AS TEXT)) END AS emails,
  CASE WHEN u.connection LIKE 'blocked%' THEN 1 END AS blocked,
  json_patch('{}', json_object('connection', CAST(u.connection AS TEXT), 'connection_message',
    CAST(NULLIF({u.conn_msg}, '') AS TEXT),
    'connection_changed', strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({u.conn_timestamp}, 0) / 1000.0, 'unixepoch'),
    'device_owner', CASE WHEN u.connection = 'self' THEN 1 END, 'domain', CAST(NULLIF({u.domain}, '') AS TEXT),
    'team', CAST({u.teamId} AS TEXT), 'account_deleted', CAST(NULLIF({u.deleted}, 0) AS TEXT))) AS extra,
  'Users/_id=' || u._id AS record
FROM Users u LEFT JOIN owner ON 1
"""
)
ACCOUNT = """
SELECT 'Wire' AS app, u._id AS account_id, NULLIF(u.name, '') AS name, NULLIF({u.phone}, '') AS phone,
  NULLIF({u.email}, '') AS email,
  NULLIF({u.handle}, '') AS username, 1 AS is_owner, 'Users/_id=' || u._id AS record
FROM Users u WHERE u.connection = 'self'
"""
KINDS = {
    "Text": "text",
    "TextEmojiOnly": "text",
    "RichMedia": "text",
    "Composite": "text",
    "Asset": "image",
    "AnyAsset": "document",
    "VideoAsset": "video",
    "AudioAsset": "audio",
    "Location": "location",
    "MissedCall": "call",
    "SuccessfulCall": "call",
    "Recalled": "deleted",
}
EVENTS = {
    "MemberJoin": "members joined",
    "MemberLeave": "members left",
    "ReadReceiptsOn": "read receipts on",
    "ReadReceiptsOff": "read receipts off",
    "ConnectRequest": "connection request",
    "ConnectAccepted": "connection accepted",
    "Rename": "conversation renamed",
    "MissedCall": "missed call",
    "SuccessfulCall": "call",
    "OtrFailed": "decryption failed",
    "OtrFixed": "decryption failure resolved",
    "OtrIdentityChanged": "identity of a device changed",
    "SessionReset": "session reset",
    "OtrVerified": "conversation verified",
    "OtrUnverified": "conversation no longer verified",
    "OtrDeviceAdded": "device added",
    "OtrMemberAdded": "member added",
    "StartedUsingDevice": "new device in use",
    "HistoryLost": "history may be missing",
    "MessageTimer": "message timer changed",
    "RestrictedFile": "file not allowed",
}
FILES = ("Asset", "AnyAsset", "VideoAsset", "AudioAsset")


@parser(
    "wire.android",
    test=sqlite.has(
        Messages=["_id", "conv_id", "msg_type", "user_id", "content", "time", "msg_state"],
        Conversations=["_id", "remote_id", "conv_type", "name"],
        Users=["_id", "name", "connection"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Wire for Android until 2021, a database named by the account's id.

    Reads: messages with writer, direction, kind, all parts of their text, mentions, links, quotes, timers, edits (whose
    earlier ids are told), state; places; deletions, also those of messages that are gone; events and whom they are about;
    calls with length; descriptions of files; likes and likes taken back; read receipts; members with role; people and what
    became of a request; the owner. Times are Unix milliseconds: of the server, of the device in the extra.

    Not read: keys of files, files themselves; polls' answers (Buttons); files of the years before 2019, which stand in an
    older table; the database of the rewritten app, which is encrypted.

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: wire-android_legacy (the app itself); wireapp/generic-message-proto; ALEAPP (artifact wireMessenger).

    Tier: documented
    """
    with file.sqlite() as db:
        for row in db.execute(MESSAGE, every="Messages"):
            yield from read(row)
        yield from MESSAGES.batches(db.execute(GONE), deleted_at=unix_ms)
        yield from REACTIONS.batches(db.execute(LIKING, every=there(db, "Likings")), reacted_at=unix_ms)
        yield from RECEIPTS.batches(db.execute(RECEIPT, every=there(db, "ReadReceipts")), read_at=unix_ms)
        yield from PARTICIPANTS.batches(db.execute(MEMBER, every=there(db, "ConversationMembers")))
        yield from CONTACTS.batches(db.execute(PERSON, every="Users"))
        yield from ACCOUNTS.batches(db.execute(ACCOUNT))


def read(row: Mapping[str, Any]) -> Iterator[Any]:
    """The rows of one message."""
    found = generic.Content()
    if isinstance(row["protos"], bytes):
        try:
            found = generic.content([row["protos"]])
        except NotProtobuf as error:
            yield Problem(
                "not_understood", f"the column protos is no message in protobuf: {error}", record=row["record"]
            )
    parts, problem = content(row["content"])
    if problem:
        yield Problem("not_understood", problem, record=row["record"])
    base = {"app": "Wire", **{key: row[key] for key in ("account_id", "chat_id", "message_id", "record", "state")}}
    cells = message(row, found, parts)
    yield from MESSAGES.rows(
        [base | cells], **dict.fromkeys(("sent_at", "edited_at", "deleted_at", "expires_at"), unix_ms)
    )
    if "latitude" in cells:
        said = {"chat_id": row["chat_id"]} if isinstance(row["chat_id"], str) else None
        place = {"latitude": cells["latitude"], "longitude": cells["longitude"], "kind": "message", "label": found.text}
        place |= {
            "ref": row["message_id"],
            "at": row["sent_at"],
            "extra": said,
            "record": row["record"],
            "state": row["state"],
        }
        yield from PLACES.rows([place], at=unix_ms)
    if row["type"] in FILES or row["asset_id"]:
        yield from ATTACHMENTS.rows([attachment(row, found, parts)])
    if row["type"] in ("MissedCall", "SuccessfulCall"):
        shared = {key: base[key] for key in ("app", "account_id", "chat_id", "record", "state")}
        yield from CALLS.rows([shared | call(row)], started_at=unix_ms)


def content(stored: Any) -> tuple[list[dict[str, Any]], str | None]:
    """The parts of a message, and why they could not be read."""
    if stored is None or stored == "":
        return [], None
    try:
        parts = json.loads(stored, parse_constant=lambda name: None)
    except (ValueError, TypeError, RecursionError):
        return [], "the content is no JSON"
    if not isinstance(parts, list):
        return [], "the content is no list of parts"
    return [part for part in parts if isinstance(part, dict)], None


def message(row: Mapping[str, Any], found: generic.Content, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The cells of `messages`."""
    kind, event = row["type"], row["type"] in EVENTS
    own = None if row["account_id"] is None or row["sender_id"] is None else row["sender_id"] == row["account_id"]
    written = [words for part in parts if (words := visible(part.get("content")))]
    # The parts of a text with links were cut at the links; the whole stands in the protobuf message.
    words = found.text or (" " if kind == "RichMedia" else "\n").join(written) or found.file.get("caption")
    cells: dict[str, Any] = {
        key: row[key]
        for key in (
            "chat_name",
            "chat_kind",
            "sent_at",
            "edited_at",
            "deleted_at",
            "expires_at",
            "sender_id",
            "sender_name",
        )
    }
    cells |= {
        "direction": "system" if event else "outgoing" if own is True else "incoming" if own is False else "unknown",
        "kind": KINDS.get(kind, "system" if event else "unknown") if isinstance(kind, str) else "unknown",
        "raw_kind": kind,
        "text": words or (visible(row["name"]) if event else None),
        "reply_to": row["quote"] or found.quoted,
        "edited": True if row["edited_at"] else None,
        "deleted": True if kind == "Recalled" or row["deleted_at"] is not None else None,
        "status": row["status"] if own and not event else None,
    }
    if kind == "AnyAsset" and str(row["file_mime"] or found.file.get("mime") or "").startswith("image/"):
        cells["kind"] = "image"
    if generic.on_earth(found):
        cells |= {"latitude": found.latitude, "longitude": found.longitude}
    said: dict[str, Any] = {
        "event": EVENTS.get(kind) if isinstance(kind, str) else None,
        "people": [one for one in row["members"].split(",") if one] if visible(row["members"]) else None,
        "recipient": visible(row["recipient"]),
        "email": visible(row["email"]),
        "device_time_ms": row["local_time"] if isinstance(row["local_time"], int) and row["local_time"] > 0 else None,
        "disappears_after_s": seconds(row["ephemeral"]),
        "timer_s": seconds(row["duration"]) if kind == "MessageTimer" else None,
        "expired": 1 if row["expired"] == 1 else None,
        "earlier_ids": row["earlier"].split(",") if visible(row["earlier"]) else None,
        "mentions": found.mentions
        or [one for part in parts if isinstance(part.get("mentions"), list) for one in part["mentions"]]
        or None,
        "links": found.links
        or [part["content"] for part in parts if part.get("type") == "WebLink" and visible(part.get("content"))]
        or None,
        "buttons": found.buttons or None,
        "knock": 1 if kind == "Knock" else None,
        "device": visible(row["client"]),
        "error": row["error_code"] if isinstance(row["error_code"], int) else None,
    }
    cells["extra"] = {key: value for key, value in said.items() if value is not None} or None
    return cells


def attachment(row: Mapping[str, Any], found: generic.Content, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """A row of `attachments`: what is stored of a file, and what the message says of it. Its hash is of the encrypted file."""
    told = found.file
    first = parts[0] if parts else {}
    said = {
        "asset": visible(row["asset_id"]) or told.get("asset_id") or visible(first.get("asset")),
        "ciphertext_sha256": visible(row["file_sha"]) or told.get("ciphertext_sha256"),
        "source": visible(row["file_source"]),
        "not_uploaded": told.get("not_uploaded"),
    }
    size = row["file_size"] if isinstance(row["file_size"], int) and row["file_size"] > 0 else told.get("size")
    return {
        "app": "Wire",
        **{key: row[key] for key in ("chat_id", "message_id", "record", "state")},
        **{key: told.get(key) for key in ("caption", "url")},
        **{
            key: told.get(key) or (first.get(key) if isinstance(first.get(key), int) else None)
            for key in ("width", "height")
        },
        "name": visible(row["file_name"]) or told.get("name"),
        "mime": visible(row["file_mime"]) or told.get("mime"),
        "size": size,
        "duration_s": told["duration_ms"] / 1000 if told.get("duration_ms") else None,
        "extra": {key: value for key, value in said.items() if value} or None,
    }


def call(row: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of `calls`; the writer of the event is who called."""
    known = row["account_id"] is not None and row["sender_id"] is not None
    direction = ("outgoing" if row["sender_id"] == row["account_id"] else "incoming") if known else "unknown"
    keys = ("sender_id", "sender_name") if direction == "incoming" else ("partner_id", "partner_name")
    return {
        "call_id": row["message_id"],
        "started_at": row["sent_at"],
        "duration_s": seconds(row["duration"]),
        "direction": direction,
        "outcome": "missed" if row["type"] == "MissedCall" else "answered",
        "peer_id": row[keys[0]],
        "peer_name": row[keys[1]],
        "extra": {"time_is": "of the event, as the server has it"},
    }


def seconds(value: Any) -> float | None:
    """Milliseconds as seconds, if there are some."""
    return value / 1000 if isinstance(value, (int, float)) and 0 < value < 1e14 else None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the old app's database."""
    return [messages]
