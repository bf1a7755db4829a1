"""Viber for Android, database viber_messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import unix_ms

from .stored import (
    as_json,
    degrees,
    file_cells,
    file_kind,
    has_file,
    headline,
    information,
    options,
    phones,
    provenance,
    told,
    words,
)

# Who is behind a row of participants_info. One person may have two: one with the phone number, and one whose number is hidden
# (empty, or ciphertext); both carry the same encrypted_member_id. A hidden number gives the phone where that pairing is plain.
PEOPLE = """
WITH phones AS MATERIALIZED (
  SELECT {k.encrypted_member_id} AS member, MIN(CAST(k.number AS TEXT)) AS phone
  FROM participants_info k
  WHERE {k.encrypted_member_id} <> '' AND k.number <> '' AND k.number NOT GLOB '*[^-+0-9 ()]*'
  GROUP BY 1 HAVING COUNT(DISTINCT k.number) = 1
),
people AS MATERIALIZED (
  SELECT i._id AS info_id, {i.participant_type} AS participant_type,
         COALESCE(CASE WHEN i.number <> '' AND i.number NOT GLOB '*[^-+0-9 ()]*' THEN CAST(i.number AS TEXT) END,
                  phones.phone, NULLIF({i.member_id}, ''), NULLIF({i.encrypted_member_id}, ''),
                  NULLIF(CAST(i.number AS TEXT), ''), 'participants_info/_id=' || i._id) AS person_id,
         COALESCE(NULLIF({i.contact_name}, ''), NULLIF({i.display_name}, ''), NULLIF({i.viber_name}, '')) AS name
  FROM participants_info i LEFT JOIN phones ON phones.member = {i.encrypted_member_id}
),
owner AS MATERIALIZED (
  SELECT MIN(o.person_id) AS person_id FROM people o WHERE o.participant_type = 0
  GROUP BY 1 = 1 HAVING COUNT(DISTINCT o.person_id) = 1
),
chats AS MATERIALIZED (
  SELECT c._id AS conversation_id, COALESCE(NULLIF(CAST({c.group_id} AS TEXT), '0'), 'conversations/_id=' || c._id) AS chat_id,
         COALESCE(NULLIF({c.name}, ''), CASE WHEN {c.conversation_type} = 0 THEN partner.name END) AS chat_name,
         {c.conversation_type} AS type, NULLIF({c.deleted}, 0) AS deleted,
         CASE {c.conversation_type} WHEN 0 THEN 'direct' WHEN 1 THEN 'group' WHEN 5 THEN 'group' WHEN 6 THEN 'self'
         END AS chat_kind,
         CASE WHEN {c.conversation_type} = 0 THEN partner.person_id END AS partner_id,
         CASE WHEN {c.conversation_type} = 0 THEN partner.name END AS partner_name,
         json_patch('{}', json_object('conversation', CAST(c._id AS INTEGER),
           'conversation_type', CAST({c.conversation_type} AS INTEGER), 'group_id', CAST(NULLIF({c.group_id}, 0) AS INTEGER),
           'chat_flags', CAST(NULLIF({c.flags}, 0) AS INTEGER),
           'chat_deleted', CAST(NULLIF({c.deleted}, 0) AS INTEGER))) AS about
  FROM conversations c LEFT JOIN people partner ON partner.info_id = {c.participant_id_1}
)"""

# Since about 2014 msg_date, send_type; before, date, type, address.
MESSAGE = (
    PEOPLE
    + """
SELECT owner.person_id AS account_id,
  COALESCE(chats.chat_id, 'conversations/_id=' || NULLIF(m.conversation_id, 0), CAST({m.address} AS TEXT)) AS chat_id,
  chats.chat_name, chats.chat_kind, chats.type AS conversation_type, chats.deleted AS chat_deleted, m._id AS message_id,
  COALESCE({m.msg_date}, {m.date}) AS sent_at, COALESCE({m.send_type}, {m.type}) AS send_type,
  writer.person_id AS writer_id, writer.name AS writer_name, chats.partner_id, chats.partner_name,
  NULLIF(CAST({m.address} AS TEXT), '') AS address, m.extra_mime AS code, m.body, {m.msg_info} AS info,
  NULLIF({m.description}, '') AS description, {m.status} AS status, NULLIF({m.unread}, 0) AS unread,
  NULLIF({m.deleted}, 0) AS deleted, NULLIF({m.token}, 0) AS token, NULLIF({m.order_key}, 0) AS order_key,
  NULLIF({m.extra_uri}, '') AS extra_uri, NULLIF({m.extra_duration}, 0) AS extra_duration,
  {m.location_lat} AS latitude, {m.location_lng} AS longitude, NULLIF({m.timebomb_in_sec}, 0) AS timebomb_s,
  NULLIF({m.read_message_time}, 0) AS read_message_time,
  CASE WHEN {m.timebomb_in_sec} > 0 AND {m.read_message_time} > 1000000000000
       THEN {m.read_message_time} + {m.timebomb_in_sec} * 1000 END AS expires_at,
  'messages/_id=' || m._id AS record
FROM messages m
LEFT JOIN chats ON chats.conversation_id = m.conversation_id
LEFT JOIN participants p ON p._id = {m.participant_id}
LEFT JOIN people writer ON writer.info_id = p.participant_info_id
LEFT JOIN owner ON 1
"""
)

MEMBER = (
    PEOPLE
    + """
SELECT 'Viber' AS app, COALESCE(chats.chat_id, 'conversations/_id=' || p.conversation_id) AS chat_id,
  COALESCE(who.person_id, 'participants_info/_id=' || p.participant_info_id) AS person_id,
  COALESCE(who.name, NULLIF({p.alias_name}, '')) AS name, {p.active} AS active,
  json_patch(COALESCE(chats.about, '{}'), json_object('device_owner', CASE WHEN who.participant_type = 0 THEN 1 END,
    'alias', CAST(NULLIF({p.alias_name}, '') AS TEXT), 'group_role', CAST({p.group_role} AS INTEGER))) AS extra,
  'participants/_id=' || p._id AS record
FROM participants p
LEFT JOIN chats ON chats.conversation_id = p.conversation_id
LEFT JOIN people who ON who.info_id = p.participant_info_id
"""
)

# Partners whom only the conversation names: eight places in old schemas, one or two since.
PARTNER = (
    PEOPLE
    + """,
seats (seat) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8)),
seated AS (
  SELECT c._id AS conversation_id, seats.seat,
         CASE seats.seat WHEN 1 THEN {c.participant_id_1} WHEN 2 THEN {c.participant_id_2} WHEN 3 THEN {c.participant_id_3}
           WHEN 4 THEN {c.participant_id_4} WHEN 5 THEN {c.participant_id_5} WHEN 6 THEN {c.participant_id_6}
           WHEN 7 THEN {c.participant_id_7} WHEN 8 THEN {c.participant_id_8} END AS info_id
  FROM conversations c CROSS JOIN seats
)
SELECT 'Viber' AS app, chats.chat_id, COALESCE(who.person_id, 'participants_info/_id=' || seated.info_id) AS person_id,
  who.name, chats.about AS extra,
  'conversations/_id=' || seated.conversation_id || ' participant_id_' || seated.seat AS record
FROM seated
LEFT JOIN chats ON chats.conversation_id = seated.conversation_id
LEFT JOIN people who ON who.info_id = seated.info_id
WHERE seated.info_id > 0 AND seated.conversation_id || '/' || seated.info_id NOT IN (
  SELECT p.conversation_id || '/' || p.participant_info_id FROM participants p
  WHERE p.conversation_id IS NOT NULL AND p.participant_info_id IS NOT NULL)
"""
)

PERSON = (
    PEOPLE
    + """
SELECT owner.person_id AS account_id, people.person_id, people.name, NULLIF(CAST(i.number AS TEXT), '') AS number,
  people.participant_type, NULLIF({i.contact_name}, '') AS contact_name, NULLIF({i.display_name}, '') AS display_name,
  NULLIF({i.viber_name}, '') AS viber_name, NULLIF({i.member_id}, '') AS member_id,
  NULLIF({i.encrypted_member_id}, '') AS encrypted_member_id, 'participants_info/_id=' || i._id AS record
FROM participants_info i
LEFT JOIN people ON people.info_id = i._id
LEFT JOIN owner ON 1
"""
)

KINDS = {
    0: "text",
    1: "image",
    3: "video",
    4: "sticker",
    5: "location",
    7: "text",
    8: "link",
    9: "contact",
    10: "document",
    1005: "gif",
    1008: "deleted",
    1009: "voice",
    1010: "video",
}
NAMED_KINDS = ("text", "image", "video", "sticker", "location")  # extra_mime of old versions is a word
RICH, REACTION, DELETED = 7, 1007, 1008
MEANINGS = {RICH: "rich message", 1010: "instant video"}
DIRECTIONS = {0: "incoming", 1: "outgoing"}
WITH_FILE = ("image", "video", "gif", "voice", "document")
SHOWN_TYPES = (0, 1, 6)  # conversation types of which chat_kind says all


@parser(
    "viber.android",
    files=["viber_messages"],
    test=sqlite.has(
        messages=["_id", "conversation_id", "body", "extra_mime"],
        conversations=["_id"],
        participants=["_id", "conversation_id", "participant_info_id"],
        participants_info=["_id", "number"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Viber for Android, messages (viber_messages).

    Reads: messages of all chats with writer, direction, kind and raw code, links, quotes, polls, pins, forwards and files from
    msg_info, coordinates, messages hidden on the device or deleted for everyone, members of chats, every person that the app
    knows, the owner's account. Schemas with msg_date and send_type, and those before 2014 with date, type and address. A row with
    extra_mime 1007 is a reaction: it is a row of reactions, with no message_id, for what it belongs to is not described. chat_id
    is group_id where the chat has one, else the row of conversations. A hidden number is given as the phone number where
    participants_info pairs the two by encrypted_member_id, as the member id where not. The scale of coordinates is judged by
    their size. Time of disappearing is time read plus timer, where both are stored.

    Not read: tables of likes (rows of these are a problem), votes of single persons, meaning of system messages, of chat flags
    and of status codes (given raw), media themselves.

    Seen on: no file of a device yet. Tested on invented rows in the published schemas.

    Source: ViberDBViewer (schema, codes), ALEAPP and Autopsy (schema, direction), Viber-parser (pairing by encrypted_member_id).

    Tier: documented
    """
    with file.sqlite() as db:
        for row in db.execute(MESSAGE, every="messages"):
            yield from read_message(row)
        yield from PARTICIPANTS.batches(db.execute(MEMBER, every="participants"))
        yield from PARTICIPANTS.batches(db.execute(PARTNER))
        for row in db.execute(PERSON, every="participants_info"):
            yield from read_person(row)
        yield from unread_likes(db)


def read_message(row: Mapping[str, Any]) -> Iterator[Any]:
    """A message with its file and place, or a reaction."""
    info, problems = information(row["info"], row["record"])
    yield from problems
    code = code_of(row["code"])
    if code == REACTION:
        yield from REACTIONS.rows([reaction(row, info)], reacted_at=unix_ms)
        return
    place = degrees(row["latitude"], row["longitude"])
    cells = message(row, code, info)
    if place:
        cells |= {"latitude": place.latitude, "longitude": place.longitude}
        said = as_json({"chat_id": row["chat_id"], "stored": [row["latitude"], row["longitude"]]})
        there = {"latitude": place.latitude, "longitude": place.longitude, "kind": "message", "extra": said}
        yield from PLACES.rows(
            [provenance(row) | there | {"at": row["sent_at"], "ref": cells["message_id"]}], at=unix_ms
        )
    yield from MESSAGES.rows([cells], sent_at=unix_ms, expires_at=unix_ms)
    if row["extra_uri"] or has_file(info) or cells["kind"] in WITH_FILE:
        yield from ATTACHMENTS.rows([attachment(row, info)])


def message(row: Mapping[str, Any], code: Any, info: Any) -> dict[str, Any]:
    """A row of the query as a row of `messages`."""
    kind = kind_of(code, info)
    rich, is_rich = rich_text(row["body"]) if code == RICH else (None, False)
    sender_id, sender_name = writer(row)
    return provenance(row) | {
        "app": "Viber",
        "account_id": row["account_id"],
        "chat_id": row["chat_id"],
        "chat_name": row["chat_name"],
        "chat_kind": row["chat_kind"],
        "message_id": str(row["message_id"]),
        "sent_at": row["sent_at"],
        "expires_at": row["expires_at"],
        "sender_id": sender_id,
        "sender_name": sender_name,
        "direction": DIRECTIONS.get(row["send_type"], "unknown"),
        "kind": kind,
        "raw_kind": None if row["code"] is None else str(row["code"]),
        "text": rich or (None if is_rich else row["body"] or None) or row["description"] or headline(info),
        "forwarded": isinstance(info, dict) and "generalFwdInfo" in info,
        "deleted": bool(row["deleted"]) or code == DELETED,
        "status": None if row["status"] is None else str(row["status"]),
        "extra": as_json(noted(row, code, info)),
    }


def noted(row: Mapping[str, Any], code: Any, info: Any) -> dict[str, Any]:
    """What no column fits."""
    type_ = row["conversation_type"]
    return told(info) | {
        "meaning": MEANINGS.get(code),
        "hidden_on_device": row["deleted"],
        "chat_deleted": row["chat_deleted"],
        "conversation_type": None if type_ in SHOWN_TYPES else type_,
        "send_type": None if row["send_type"] in DIRECTIONS else row["send_type"],
        "token": row["token"],
        "order_key": None if row["order_key"] in (row["token"], row["sent_at"]) else row["order_key"],
        "unread": row["unread"],
        "timebomb_s": row["timebomb_s"],
        "read_message_time": row["read_message_time"],
        "description": row["description"],
        "address": row["address"],
        "body": row["body"] if code == RICH else None,
    }


def writer(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Id and name of who wrote: the participant; where it is missing, of a received message the partner."""
    if row["writer_id"] is not None:
        return row["writer_id"], row["writer_name"]
    if row["send_type"] == 1:
        return row["account_id"], None
    if row["partner_id"] is not None:
        return row["partner_id"], row["partner_name"]
    return row["address"], None


def code_of(stored: Any) -> Any:
    """The code of the kind: a number in newer versions, a word in older ones."""
    if isinstance(stored, str) and stored.isascii() and stored.isdigit() and len(stored) < 9:
        return int(stored)
    return stored


def kind_of(code: Any, info: Any) -> str:
    """The kind of a message by its code."""
    if isinstance(code, str) and code.lower() in NAMED_KINDS:
        return code.lower()
    kind = KINDS.get(code, "unknown") if isinstance(code, int) else "unknown"
    if kind == "document":
        return file_kind(info) or kind
    return "poll" if kind in ("unknown", "text") and options(info) else kind


def rich_text(body: Any) -> tuple[str | None, bool]:
    """The texts on the parts of a rich message, whose body is a JSON list of them; and whether it was one."""
    try:
        parts = json.loads(body)
    except (TypeError, ValueError, RecursionError):
        return None, False
    if not isinstance(parts, list):
        return None, False
    return "\n".join(text for part in parts if (text := words(part, "Text"))) or None, True


def reaction(row: Mapping[str, Any], info: Any) -> dict[str, Any]:
    """A row with extra_mime 1007 as a row of `reactions`."""
    said = {
        "token": row["token"],
        "hidden_on_device": row["deleted"],
        "direction": DIRECTIONS.get(row["send_type"]),
        "info": info,
    }
    return provenance(row) | {
        "app": "Viber",
        "chat_id": row["chat_id"],
        "person_id": writer(row)[0],
        "value": row["body"] or None,
        "reacted_at": row["sent_at"],
        "extra": as_json(said),
    }


def attachment(row: Mapping[str, Any], info: Any) -> dict[str, Any]:
    """The file of a message as a row of `attachments`."""
    cells = file_cells(info)
    cells["extra"] = as_json(cells["extra"] | {"extra_duration": row["extra_duration"]})
    return (
        provenance(row)
        | cells
        | {
            "app": "Viber",
            "chat_id": row["chat_id"],
            "message_id": str(row["message_id"]),
            "stored_path": row["extra_uri"],
            "caption": row["description"],
        }
    )


def read_person(row: Mapping[str, Any]) -> Iterator[Any]:
    """A row of participants_info: the owner is an account, everybody else a contact."""
    person_id, number = row["person_id"], row["number"]
    numbers = phones(person_id)
    names = ("contact_name", "display_name", "viber_name", "member_id", "encrypted_member_id")
    said = {name: row[name] for name in names if row[name] not in (row["name"], person_id)}
    said["number"] = None if number == person_id else number
    base = provenance(row) | {
        "app": "Viber",
        "account_id": row["account_id"],
        "name": row["name"],
        "extra": as_json(said),
    }
    if row["participant_type"] == 0:
        own = {"account_id": person_id, "phone": numbers[0] if numbers else None, "is_owner": True}
        yield from ACCOUNTS.rows([base | own])
    else:
        yield from CONTACTS.rows([base | {"person_id": person_id, "phones": numbers}])


def unread_likes(db: Database) -> Iterator[Problem]:
    """Tables that hold reactions in a way that is not described."""
    for table in db.tables:
        if any(word in table.lower() for word in ("reaction", "likes")) and (there := db.count(f'"{table}"')):
            yield Problem("not_read", f"table {table}: {there:,} rows are not read", record=table)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of viber_messages."""
    return [messages]
