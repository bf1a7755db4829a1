"""Skype for desktop and phones before version 8, database main.db."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS
from forensics.times import unix_s

from ..stored_tables import unread
from ..untrusted import given
from . import body
from .main_calls import CALL, LONE_MEMBER, TRANSFER, call, lone_member, transfer
from .main_known import DIRECTIONS, KNOWN, named
from .main_people import CHAT_MEMBER, LISTED, PARTICIPANT, PERSON, account, chat_member, contact, listed, participant

MESSAGE = (
    KNOWN
    + """
SELECT CASE owner.many WHEN 1 THEN owner.id END AS account_id, m.id AS message_id, {m.convo_id} AS convo_id,
  COALESCE(convos.chat_id, {m.chatname}, 'Conversations/id=' || {m.convo_id}) AS chat_id,
  COALESCE(convos.chat_name, older.chat_name) AS chat_name, convos.type AS convo_type, older.type AS chat_type,
  m.timestamp AS sent_at, {m.edited_timestamp} AS edited_at, m.author AS sender_id,
  COALESCE(NULLIF({m.from_dispname}, ''), people.name) AS sender_name, m.type AS type, m.body_xml AS body_xml,
  {m.body_is_rawxml} AS is_xml, {m.sending_status} AS sending_status, {m.consumption_status} AS consumption_status,
  {m.chatmsg_type} AS chatmsg_type, {m.chatmsg_status} AS chatmsg_status, {m.identities} AS identities, {m.reason} AS reason,
  {m.edited_by} AS edited_by, {m.chatname} AS chat, hex({m.guid}) AS guid, {m.remote_id} AS remote_id,
  {m.call_guid} AS call_guid, {m.error_code} AS error_code,
  owner.many AS accounts, m.author IN (SELECT mine.skypename FROM Accounts mine) AS from_owner, sent.files AS transfers,
  'Messages/id=' || m.id AS record
FROM Messages m
LEFT JOIN owner ON 1
LEFT JOIN convos ON convos.convo = {m.convo_id}
LEFT JOIN older ON older.chat = {m.chatname}
LEFT JOIN people ON people.id = m.author
LEFT JOIN (
  SELECT t.chatmsg_guid AS guid, COUNT(*) AS files FROM Transfers t WHERE t.chatmsg_guid IS NOT NULL GROUP BY t.chatmsg_guid
) sent ON sent.guid = {m.guid}
"""
)
# Short messages that went through Skype have a row of their own beside the message: text and time of both may differ.
SMS = (
    KNOWN
    + """
SELECT CASE owner.many WHEN 1 THEN owner.id END AS account_id, 'sms ' || s.id AS message_id,
  COALESCE(convos.chat_id, {m.chatname}, NULLIF(s.target_numbers, ''), NULLIF({s.identity}, '')) AS chat_id,
  COALESCE(convos.chat_name, older.chat_name) AS chat_name, convos.type AS convo_type, older.type AS chat_type,
  s.timestamp AS sent_at, s.body AS text, {s.type} AS type,
  {s.status} AS status, {s.failurereason} AS failure, s.target_numbers AS numbers, {s.reply_to_number} AS reply_to_number,
  {s.identity} AS identity, {s.price} AS price, {s.price_precision} AS digits, {s.price_currency} AS currency,
  {s.chatmsg_id} AS message, 'SMSes/id=' || s.id AS record
FROM SMSes s
LEFT JOIN owner ON 1
LEFT JOIN Messages m ON m.id = {s.chatmsg_id}
LEFT JOIN convos ON convos.convo = {m.convo_id}
LEFT JOIN older ON older.chat = {m.chatname}
"""
)
KINDS = {
    2: "system",
    4: "system",
    8: "system",
    9: "system",
    10: "system",
    11: "system",
    12: "system",
    13: "system",
    21: "system",
    30: "call",
    39: "call",
    50: "text",
    51: "system",
    53: "system",
    60: "text",
    61: "text",
    63: "contact",
    64: "text",
    65: "system",
    67: "voice",
    68: "document",
    70: "video",
    110: "system",
    201: "image",
    253: "video",
}
MEANINGS = {
    2: "topic or picture changed",
    4: "group created",
    8: "group updated",
    9: "group needs a newer version",
    10: "added",
    11: "asked to join",
    12: "removed",
    13: "left",
    21: "rank changed",
    30: "call started",
    39: "call ended",
    50: "contact requested",
    51: "contact granted",
    53: "blocked",
    60: "of oneself (/me)",
    64: "SMS",
    65: "alert",
    69: "invoice",
    110: "birthday",
}
SENDING = {1: "sending", 2: "sent", 3: "failed"}
CONVO_KINDS = {1: "direct", 2: "group", 3: "group", 4: "group", 5: "group"}
CHAT_KINDS = {2: "direct", 4: "group"}
SMS_STATUSES = {
    1: "received",
    2: "read",
    3: "composing",
    4: "sending",
    5: "sent",
    6: "delivered",
    7: "some failed",
    8: "failed",
}
UNREAD = ("Voicemails", "VideoMessages", "Alerts", "LegacyMessages", "MediaDocuments", "MessageAnnotations")


@parser(
    "skype.main",
    files=["main.db"],
    test=sqlite.has(
        Messages=["convo_id", "author", "timestamp", "type", "body_xml"],
        Conversations=["identity"],
        Accounts=["skypename"],
        Contacts=["skypename"],
    ),
)
def main_db(file: File) -> Iterator[Any]:
    """Skype before version 8, database main.db.

    Reads: messages with their text made plain (the body as stored is in extra where it differs), edits, removed ones,
    contact requests, events of groups; short messages of the table SMSes as messages of their own beside the message that
    shows them; members of conversations and of the chats before them; calls with their members; files sent, from the table of
    transfers, else from the message; contacts; the account. A message is outgoing where its author is the account. Times are
    Unix seconds, but for the account's registration: minutes.

    Not read: voice mails, video messages, alerts, notes on messages, media documents (rows of these are a problem), groups of
    contacts, video devices, pictures of persons, whether a call had video (the codes are in extra).

    Seen on: main.db of Skype 6.6.0.106 (2013, schema 66: 15 messages, 1 SMS, 1 call, 2 transfers). Whether other versions give
    more is not known: columns and codes of the vendor's interface are read.

    Source: schema of the named database; SkypeKit (vendor's names of types, ranks, states); Skyperious (types 8, 9, 70, 201,
    253, removed messages); IPED, plaso.

    Tier: proven
    """
    with file.sqlite() as db:
        for row in db.execute(MESSAGE, every="Messages"):
            yield from read_message(row)
        if db.has(SMSes=["timestamp", "body", "target_numbers"]):
            yield from MESSAGES.rows((sms(row) for row in db.execute(SMS, every="SMSes")), sent_at=unix_s)
        if db.has(Participants=["convo_id", "identity"]):
            yield from PARTICIPANTS.rows(participant(row) for row in db.execute(PARTICIPANT, every="Participants"))
        if db.has(ChatMembers=["chatname", "identity"]):
            yield from PARTICIPANTS.rows(chat_member(row) for row in db.execute(CHAT_MEMBER, every="ChatMembers"))
        if db.has(Chats=["name", "participants"]):
            yield from PARTICIPANTS.rows(member for row in db.execute(LISTED) for member in listed(row))
        if db.has(Calls=["begin_timestamp"]):
            yield from CALLS.rows((call(row) for row in db.execute(CALL, every="Calls")), started_at=unix_s)
        if db.has(CallMembers=["identity"]):
            yield from CALLS.rows((lone_member(row) for row in db.execute(LONE_MEMBER)), started_at=unix_s)
        if db.has(Transfers=["partner_handle", "filename", "filepath", "filesize"]):
            yield from ATTACHMENTS.rows(transfer(row) for row in db.execute(TRANSFER, every="Transfers"))
        yield from CONTACTS.rows(contact(row) for row in db.execute(PERSON, every="Contacts"))
        accounts = PERSON.replace("Contacts", "Accounts")
        yield from ACCOUNTS.rows((account(row) for row in db.execute(accounts, every="Accounts")), created_at=unix_s)
        yield from unread(db, UNREAD)


def read_message(row: Mapping[str, Any]) -> Iterator[Any]:
    """A row of the query as a message, with the files that only its body names."""
    stored = text_or_none(row["body_xml"])
    yield from MESSAGES.rows([message(row, stored)], sent_at=unix_s, edited_at=unix_s, deleted_at=unix_s)
    if stored and not row["transfers"]:
        base = {key: row[key] for key in ("chat_id", "message_id", "record", "state")} | {"app": "Skype"}
        shared = body.shared_object(stored)
        yield from ATTACHMENTS.rows(base | sent for sent in body.files(stored))
        yield from ATTACHMENTS.rows([base | shared] if shared else ())


def message(row: Mapping[str, Any], stored: str | None) -> dict[str, Any]:
    """The columns of `messages`."""
    code = row["type"]
    kind = KINDS.get(code, "unknown")
    text = text_of(row, stored, kind)
    removed = code in (60, 61) and bool(row["edited_at"]) and not row["body_xml"]
    return {
        "app": "Skype",
        **{key: row[key] for key in ("account_id", "chat_id", "chat_name", "message_id", "sent_at", "edited_at")},
        "chat_kind": chat_kind(row),
        "deleted_at": row["edited_at"] if removed else None,
        "sender_id": row["sender_id"],
        "sender_name": row["sender_name"],
        "direction": direction_of(row, kind),
        "kind": "deleted" if removed else kind,
        "raw_kind": code,
        "text": text,
        "edited": bool(row["edited_at"]),
        "deleted": removed,
        "status": named(SENDING, row["sending_status"]),
        "extra": given(
            meaning=MEANINGS.get(code),
            body_xml=stored if stored != text else None,
            guid=row["guid"].lower(),
            **{key: row[key] for key in ("identities", "reason", "edited_by", "chat", "remote_id", "call_guid")},
            **{key: row[key] for key in ("error_code", "consumption_status", "chatmsg_type", "chatmsg_status")},
        ),
        "record": row["record"],
        "state": row["state"],
    }


def chat_kind(row: Mapping[str, Any]) -> str | None:
    """Direct or group, as the conversation says, else the chat."""
    return CONVO_KINDS.get(row["convo_type"]) or CHAT_KINDS.get(row["chat_type"])


def text_of(row: Mapping[str, Any], stored: str | None, kind: str) -> str | None:
    """The text: of an event of a call only what stands for it, for its body lists who took part and how long."""
    if not stored or row["is_xml"] == 0:
        return stored or None
    if kind == "call":
        return body.attributes(stored.partition(">")[0]).get("alt") or None
    return body.plain(stored) or None


def direction_of(row: Mapping[str, Any], kind: str) -> str:
    """Outgoing where the author is an account of the file."""
    if kind == "system" or row["sender_id"] == "sys":
        return "system"
    if not row["accounts"] or row["sender_id"] is None:
        return "unknown"
    return "outgoing" if row["from_owner"] else "incoming"


def sms(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of SMSes as a message."""
    direction = DIRECTIONS.get(row["type"], "unknown")
    sender = {"outgoing": row["account_id"], "incoming": row["identity"] or row["numbers"]}.get(direction)
    return {
        "app": "Skype",
        **{key: row[key] for key in ("account_id", "chat_id", "chat_name", "message_id", "sent_at", "text")},
        "chat_kind": chat_kind(row),
        "sender_id": sender,
        "direction": direction,
        "kind": "text",
        "raw_kind": "SMS" if row["type"] is None else f"SMS {row['type']}",
        "status": named(SMS_STATUSES, row["status"]),
        "extra": given(
            message=row["message"],
            numbers=row["numbers"],
            reply_to_number=row["reply_to_number"],
            price=row["price"],
            price_digits=row["digits"],
            currency=row["currency"],
            failure=row["failure"],
        ),
        "record": row["record"],
        "state": row["state"],
    }


def text_or_none(value: Any) -> str | None:
    """A body as text: the column may hold bytes."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return None if value is None else str(value)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of main.db."""
    return [main_db]
