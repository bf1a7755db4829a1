"""Viber for Windows, macOS and Linux, database viber.db."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
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
)

# Persons of the schema since about 2015: rows of Contact, number 1 being the owner.
PEOPLE = """
WITH people AS MATERIALIZED (
  SELECT k.ContactID AS person, COALESCE(NULLIF(CAST({k.Number} AS TEXT), ''), 'Contact/ContactID=' || k.ContactID) AS person_id,
         COALESCE(NULLIF({k.Name}, ''), NULLIF({k.ClientName}, '')) AS name, k.ContactID = 1 AS is_owner
  FROM Contact k
),
seats AS (SELECT s.ChatID AS chat, {s.ContactID} AS person, 'ContactID' AS called FROM ChatRelation s),"""

# Persons of the older schema: numbers. The address book names them, else they themselves.
PEOPLE_OLD = """
WITH named AS MATERIALIZED (
  SELECT {r.Number} AS number,
         MAX(NULLIF(trim(COALESCE({b.FirstName}, '') || ' ' || COALESCE({b.SecondName}, '')), '')) AS name
  FROM ContactRelation r LEFT JOIN Contact b ON b.ContactID = r.ContactID WHERE {r.Number} IS NOT NULL GROUP BY 1
),
known (number) AS (
  SELECT e.Number FROM Events e WHERE e.Number <> '' UNION SELECT s.Number FROM ChatRelation s WHERE s.Number <> ''
  UNION SELECT {o.Number} FROM OriginNumberInfo o WHERE {o.Number} <> ''
),
people AS MATERIALIZED (
  SELECT known.number AS person, CAST(known.number AS TEXT) AS person_id,
         COALESCE(MAX(named.name), MAX(NULLIF({o.ClientName}, ''))) AS name, 0 AS is_owner
  FROM known
  LEFT JOIN named ON named.number = known.number
  LEFT JOIN OriginNumberInfo o ON {o.Number} = known.number
  GROUP BY known.number
),
seats AS (SELECT s.ChatID AS chat, s.Number AS person, 'Number' AS called FROM ChatRelation s),"""

# A chat with a name, or with more than one other member, is a group.
CHATS = """
counted AS MATERIALIZED (
  SELECT seats.chat, COUNT(*) AS many, MAX(seats.person) AS partner FROM seats
  LEFT JOIN people ON people.person = seats.person
  WHERE people.is_owner IS NOT 1 AND COALESCE('+' || ltrim(people.person_id, '+'), '') <> '/*account*/' GROUP BY seats.chat
),
chats AS MATERIALIZED (
  SELECT i.ChatID AS chat, COALESCE(NULLIF({i.Name}, ''), CASE WHEN counted.many = 1 THEN partner.name END) AS chat_name,
         CASE WHEN {i.Name} <> '' OR counted.many > 1 THEN 'group' WHEN counted.many = 1 THEN 'direct' END AS chat_kind,
         CASE WHEN counted.many = 1 THEN partner.person_id END AS partner_id,
         CASE WHEN counted.many = 1 THEN partner.name END AS partner_name,
         json_patch('{}', json_object('chat_token', CAST(NULLIF({i.Token}, '') AS TEXT),
           'chat_flags', CAST(NULLIF({i.Flags}, 0) AS INTEGER))) AS about
  FROM ChatInfo i
  LEFT JOIN counted ON counted.chat = i.ChatID
  LEFT JOIN people partner ON partner.person = counted.partner
)"""

# Rows of one event that is edited share its token, as far as it has one: the row that is no earlier version is the message.
EVENT = """,
final AS MATERIALIZED (
  SELECT {t.Token} AS token, t.ChatID AS chat, MIN(t.EventID) AS event FROM Events t LEFT JOIN Messages x ON x.EventID = t.EventID
  WHERE {t.Token} <> 0 AND {t.Token} <> '' AND COALESCE({x.ClientFlag}, 0) NOT IN (256, 257, 385)
  GROUP BY 1, 2 HAVING COUNT(*) = 1
)
SELECT e.EventID AS event, 'ChatInfo/ChatID=' || e.ChatID AS chat_id, chats.chat_name, chats.chat_kind, chats.partner_id,
  chats.partner_name, e.TimeStamp AS sent_at, e.Direction AS direction_code, {e.Type} AS event_type, {e.Token} AS token,
  {e.Flags} AS event_flags, {e.IsRead} AS is_read, {e.ContactLatitude} AS latitude, {e.ContactLongitude} AS longitude,
  writer.person_id AS writer_id, writer.name AS writer_name,
  writer.is_owner AS writer_is_owner, /*person*/ AS person,
  m.EventID AS message, m.Type AS code, {m.Status} AS status, NULLIF({m.Subject}, '') AS subject, m.Body AS body,
  {m.Info} AS info, NULLIF({m.Duration}, 0) AS duration, NULLIF({m.PttDuration}, 0) AS ptt_duration, NULLIF({m.PttID}, '') AS ptt,
  NULLIF({m.StickerID}, 0) AS sticker, NULLIF({m.PayloadPath}, '') AS payload, NULLIF({m.ThumbnailPath}, '') AS thumbnail,
  NULLIF({m.ClientFlag}, 0) AS client_flag, NULLIF({m.Flag}, 0) AS message_flag, final.event AS edit_of,
  {m.MembersReactions} AS reactions, {m.AdminsReactions} AS admins_reactions, NULLIF({m.SelfReaction}, '') AS own_reaction,
  NULLIF({m.PGIsLiked}, 0) AS own_like, NULLIF({m.PGLikeCount}, 0) AS likes, CAST(reacted.event AS TEXT) AS reacted,
  call.EventID AS call, {call.Duration} AS call_duration, {call.Type} AS call_type, {call.Status} AS call_status,
  'Events/EventID=' || e.EventID AS record
FROM Events e
LEFT JOIN Messages m ON m.EventID = e.EventID
LEFT JOIN Calls call ON call.EventID = e.EventID
LEFT JOIN chats ON chats.chat = e.ChatID
LEFT JOIN people writer ON writer.person = /*person*/
LEFT JOIN final ON final.token = {e.Token} AND final.chat = e.ChatID AND final.event <> e.EventID
LEFT JOIN (
  SELECT liked.LikeEventID AS given, MIN(u.EventID) AS event
  FROM LikeRelation liked LEFT JOIN Events u ON {u.Token} = liked.MessageToken AND liked.MessageToken <> 0 GROUP BY 1
) reacted ON reacted.given = e.EventID
"""

LONE_MESSAGE = """
SELECT m.EventID AS event, m.Type AS code, m.Body AS body, {m.Info} AS info, 'Messages/EventID=' || m.EventID AS record
FROM Messages m LEFT JOIN Events e ON e.EventID = m.EventID WHERE e.EventID IS NULL
"""
LONE_CALL = """
SELECT CAST(call.EventID AS TEXT) AS call_id, 'Viber' AS app, 'unknown' AS direction,
  json_patch('{}', json_object('stored_duration', CAST({call.Duration} AS INTEGER), 'type', CAST({call.Type} AS INTEGER),
    'status', CAST({call.Status} AS INTEGER), 'note', 'its event is missing')) AS extra,
  'Calls/EventID=' || call.EventID AS record
FROM Calls call LEFT JOIN Events e ON e.EventID = call.EventID WHERE e.EventID IS NULL
"""

MEMBER = """
SELECT 'Viber' AS app, 'ChatInfo/ChatID=' || seats.chat AS chat_id,
  COALESCE(people.person_id, seats.called || '=' || seats.person) AS person_id, people.name,
  json_patch(COALESCE(chats.about, '{}'), json_object('device_owner', NULLIF(people.is_owner, 0))) AS extra,
  'ChatRelation/ChatID=' || seats.chat || ' ' || seats.called || '=' || seats.person AS record
FROM seats
LEFT JOIN people ON people.person = seats.person
LEFT JOIN chats ON chats.chat = seats.chat
"""

CONTACT = """
SELECT k.ContactID AS contact, NULLIF({k.Name}, '') AS name, NULLIF({k.ClientName}, '') AS client_name,
  NULLIF(CAST({k.Number} AS TEXT), '') AS number, 'Contact/ContactID=' || k.ContactID AS record
FROM Contact k
"""
CONTACT_OLD = """
SELECT b.ContactID AS contact, NULLIF(trim(COALESCE({b.FirstName}, '') || ' ' || COALESCE({b.SecondName}, '')), '') AS name,
  NULL AS client_name, numbers.list AS number, 'Contact/ContactID=' || b.ContactID AS record
FROM Contact b
LEFT JOIN (
  SELECT r.ContactID, group_concat({r.Number}, char(10)) AS list FROM ContactRelation r GROUP BY r.ContactID
) numbers ON numbers.ContactID = b.ContactID
"""
NUMBER_OLD = """
SELECT o.Number AS number, NULLIF({o.ClientName}, '') AS name, NULLIF({p.IsViberNumber}, 0) AS viber,
  'OriginNumberInfo/Number=' || o.Number AS record
FROM OriginNumberInfo o LEFT JOIN PhoneNumber p ON {p.Number} = o.Number
"""

KINDS = {
    1: "text",
    2: "image",
    3: "video",
    4: "sticker",
    5: "location",
    8: "text",
    9: "link",
    10: "contact",
    11: "document",
    15: "system",
    72: "deleted",
}
REACTION, DELETED = 0, 72
SIGNS = {"1": "❤️", "2": "😂", "3": "😮", "4": "😢", "5": "😡"}
MEANINGS = {8: "business message", 15: "pinned"}
EARLIER = {256: "earlier version", 257: "earlier version", 385: "edit without its message"}
DIRECTIONS = {0: "incoming", 1: "outgoing"}
WITH_FILE = ("image", "video", "gif", "voice", "document")
OTHERS = (b"SQLite format 3\0", b"PK", b"\x1f\x8b", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!")  # spread alike, but archives
FOLDER = re.compile(r"(?i)(?:^|/)\.?ViberPC/(\d{6,15})/[^/]+$")


@parser(
    "viber.desktop",
    files=["viber.db"],
    test=sqlite.has(
        Events=["EventID", "ChatID", "TimeStamp", "Direction"],
        Messages=["EventID", "Type", "Body"],
        ChatInfo=["ChatID"],
        ChatRelation=["ChatID"],
        Contact=["ContactID"],
    ),
)
def desktop(file: File) -> Iterator[Any]:
    """Viber for Windows, macOS and Linux, chats (viber.db).

    Reads: events with their messages, writers, kinds, links, quotes, polls, pins and forwards from Info, files, coordinates;
    members of chats, contacts, calls; the account from the name of the folder. Schemas with ContactID, and those of 2014 with
    Number. An earlier version of an edited message (ClientFlag 256, 257, or 385 where the message is gone) is a message of kind
    system with its text, and names in extra the message that it became (edit_of) where both share a token. A message of type 0
    is a reaction: it is a row of reactions, for the message that LikeRelation pairs with it, or none. How often each sign was
    given to a message is in its extra.

    Not read: length and outcome of calls (given raw), meaning of flags and of status, votes of single persons, media themselves,
    config.db.

    Seen on: no file of a device yet. Tested on invented rows in the published schemas.

    Source: ViberDBViewer (schema, codes, edits); public models of the schema of 2014; a public importer for the schema of 2025
    and notes on its reactions (LikeRelation, MembersReactions, numbers of signs).

    Tier: documented
    """
    account = account_of(file)
    with file.sqlite() as db:
        is_old = not db.has(Events=["ContactID"])
        if is_old and not db.has(Events=["Number"], ChatRelation=["Number"]):
            yield Problem("not_understood", "Events and ChatRelation name persons neither by ContactID nor by Number")
            return
        people = (PEOPLE_OLD if is_old else PEOPLE) + CHATS.replace("/*account*/", account or "-")
        person = "e.Number" if is_old else "e.ContactID"
        for row in db.execute(people + EVENT.replace("/*person*/", person), every="Events"):
            yield from read_event(row, account, is_old)
        for row in db.execute(LONE_MESSAGE):
            yield from lone_message(row, account)
        if db.has(Calls=["EventID"]):
            yield from CALLS.batches(db.execute(LONE_CALL))
        yield from PARTICIPANTS.batches(db.execute(people + MEMBER, every="ChatRelation"))
        yield from read_contacts(db, account, is_old)
    if account:
        own = {
            "app": "Viber",
            "account_id": account,
            "phone": account,
            "is_owner": True,
            "record": "name of the folder",
        }
        yield from ACCOUNTS.rows([own])


def account_of(file: File) -> str | None:
    """The owner's number: Viber names the folder of the database by its digits."""
    found = FOLDER.search(file.path)
    return f"+{found[1]}" if found else None


def read_event(row: Mapping[str, Any], account: str | None, is_old: bool) -> Iterator[Any]:
    """An event: a message with its file and place, a reaction, a call, or what is none of these."""
    if row["call"] is not None:
        yield from CALLS.rows([call(row, account)], started_at=unix_ms)
        if row["message"] is None:
            return
    info, problems = information(row["info"], row["record"])
    yield from problems
    if row["code"] == REACTION and not is_old:
        yield from REACTIONS.rows([reaction(row, account, info)], reacted_at=unix_ms)
        return
    cells = message(row, account, info)
    place = degrees(row["latitude"], row["longitude"])
    if place:
        cells |= place._asdict()
        said = as_json({"chat_id": row["chat_id"], "stored": [row["latitude"], row["longitude"]]})
        there = place._asdict() | {"at": row["sent_at"], "kind": "message", "ref": cells["message_id"], "extra": said}
        yield from PLACES.rows([provenance(row) | there], at=unix_ms)
    yield from MESSAGES.rows([cells], sent_at=unix_ms)
    if row["payload"] or row["thumbnail"] or has_file(info) or kind_of(row, info) in WITH_FILE:
        yield from ATTACHMENTS.rows([attachment(row, info)])


def message(row: Mapping[str, Any], account: str | None, info: Any) -> dict[str, Any]:
    """An event as a row of `messages`."""
    earlier = EARLIER.get(row["client_flag"])
    sender_id, sender_name = writer(row, account)
    kind = kind_of(row, info)
    is_message = row["message"] is not None
    raw = row["code"] if is_message else f"Events.Type {row['event_type']}"
    said = noted(row, account, info) | {"event": earlier, "version_of_kind": kind if earlier else None}
    return provenance(row) | {
        "app": "Viber",
        "account_id": account,
        "chat_id": row["chat_id"],
        "chat_name": row["chat_name"],
        "chat_kind": row["chat_kind"],
        "message_id": str(row["event"]),
        "sent_at": row["sent_at"],
        "sender_id": sender_id,
        "sender_name": sender_name,
        "direction": "system" if earlier else DIRECTIONS.get(row["direction_code"], "unknown"),
        "kind": "system" if earlier else kind,
        "raw_kind": None if raw is None else str(raw),
        "text": row["body"] or row["subject"] or headline(info),
        "forwarded": isinstance(info, dict) and "generalFwdInfo" in info,
        "edited": True if earlier else None,
        "deleted": row["code"] == DELETED,
        "status": None if row["status"] is None else str(row["status"]),
        "extra": as_json(said),
    }


def noted(row: Mapping[str, Any], account: str | None, info: Any) -> dict[str, Any]:
    """What no column fits."""
    earlier = row["client_flag"] in EARLIER
    return told(info) | {
        "meaning": MEANINGS.get(row["code"]),
        "client_flag": row["client_flag"],
        "edit_of": str(row["edit_of"]) if earlier and row["edit_of"] is not None else None,
        "direction_code": row["direction_code"] if earlier or row["direction_code"] not in DIRECTIONS else None,
        "token": row["token"] or None,
        "subject": row["subject"],
        "sticker": row["sticker"],
        "message_flag": row["message_flag"],
        "event_flags": row["event_flags"] or None,
        "reactions": counted(row["reactions"]),
        "admins_reactions": counted(row["admins_reactions"]),
        "own_reaction": SIGNS.get(str(row["own_reaction"]), row["own_reaction"]),
        "own_like": row["own_like"],
        "likes": row["likes"],
        "is_read": row["is_read"],
        "other_side": row["writer_id"] if row["direction_code"] == 1 and not by_owner(row, account) else None,
    }


def counted(stored: Any) -> Any:
    """How often each sign was given, of JSON that names the signs by numbers; as stored where it is something else."""
    try:
        found = json.loads(stored) if isinstance(stored, str) and stored.strip() else None
    except (ValueError, RecursionError):
        return stored
    return {SIGNS.get(code, code): many for code, many in found.items()} if isinstance(found, dict) else found


def writer(row: Mapping[str, Any], account: str | None) -> tuple[str | None, str | None]:
    """Id and name of who wrote. What was sent is the owner's: an event may name the other side (the older schema does)."""
    if row["direction_code"] == 1:
        return (row["writer_id"], row["writer_name"]) if by_owner(row, account) else (account, None)
    if row["writer_id"] is not None:
        return row["writer_id"], row["writer_name"]
    if row["person"] in (None, 0, ""):
        return row["partner_id"], row["partner_name"]
    return f"Contact/ContactID={row['person']}", None


def by_owner(row: Mapping[str, Any], account: str | None) -> bool:
    """Whether the person that an event names is the owner."""
    return bool(row["writer_is_owner"]) or (account is not None and f"+{str(row['writer_id']).lstrip('+')}" == account)


def kind_of(row: Mapping[str, Any], info: Any) -> str:
    """The kind of a message by its code."""
    if row["call"] is not None:
        return "call"
    kind = KINDS.get(row["code"], "unknown") if row["message"] is not None else "unknown"
    if row["ptt"]:
        return "voice"
    if kind == "document":
        return file_kind(info) or kind
    return "poll" if kind in ("unknown", "text") and options(info) else kind


def reaction(row: Mapping[str, Any], account: str | None, info: Any) -> dict[str, Any]:
    """A message of type 0 as a row of `reactions`."""
    said = {"token": row["token"] or None, "direction": DIRECTIONS.get(row["direction_code"]), "info": info}
    return provenance(row) | {
        "app": "Viber",
        "chat_id": row["chat_id"],
        "message_id": row["reacted"],
        "person_id": writer(row, account)[0],
        "value": row["body"] or None,
        "reacted_at": row["sent_at"],
        "extra": as_json(said | {"client_flag": row["client_flag"], "sticker": row["sticker"]}),
    }


def call(row: Mapping[str, Any], account: str | None) -> dict[str, Any]:
    """An event of a call as a row of `calls`."""
    by_other = row["writer_id"] is not None and not by_owner(row, account)
    said = {"stored_duration": row["call_duration"], "type": row["call_type"], "status": row["call_status"]}
    return provenance(row) | {
        "app": "Viber",
        "account_id": account,
        "call_id": str(row["event"]),
        "chat_id": row["chat_id"],
        "started_at": row["sent_at"],
        "direction": DIRECTIONS.get(row["direction_code"], "unknown"),
        "peer_id": row["writer_id"] if by_other else row["partner_id"],
        "peer_name": row["writer_name"] if by_other else row["partner_name"],
        "extra": as_json(said | {"event_type": row["event_type"], "token": row["token"] or None}),
    }


def attachment(row: Mapping[str, Any], info: Any) -> dict[str, Any]:
    """The file of a message as a row of `attachments`."""
    cells = file_cells(info)
    more = {name: row[name] for name in ("duration", "ptt_duration", "ptt", "thumbnail")}
    return (
        provenance(row)
        | cells
        | {
            "app": "Viber",
            "chat_id": row["chat_id"],
            "message_id": str(row["event"]),
            "stored_path": row["payload"] or row["thumbnail"],
            "caption": row["subject"],
            "extra": as_json(cells["extra"] | more),
        }
    )


def lone_message(row: Mapping[str, Any], account: str | None) -> Iterator[Any]:
    """A message whose event is missing: chat, time and writer are lost with it."""
    info, problems = information(row["info"], row["record"])
    yield from problems
    cells = provenance(row) | {
        "app": "Viber",
        "account_id": account,
        "message_id": str(row["event"]),
        "direction": "unknown",
        "kind": KINDS.get(row["code"], "unknown"),
        "raw_kind": None if row["code"] is None else str(row["code"]),
        "text": row["body"] or headline(info),
        "deleted": row["code"] == DELETED,
        "extra": as_json(told(info) | {"note": "its event is missing"}),
    }
    yield from MESSAGES.rows([cells])


def read_contacts(db: Database, account: str | None, is_old: bool) -> Iterator[Any]:
    """Contacts; of the older schema also the numbers that others gave themselves names for."""
    rows = db.execute(CONTACT_OLD if is_old else CONTACT, every="Contact")
    yield from CONTACTS.rows(contact(row, account, is_old) for row in rows)
    if is_old and db.has(OriginNumberInfo=["Number"]):
        for row in db.execute(NUMBER_OLD, every="OriginNumberInfo"):
            number = None if row["number"] is None else str(row["number"])
            cells = {
                "app": "Viber",
                "account_id": account,
                "person_id": number,
                "name": row["name"],
                "phones": phones(number),
            }
            yield from CONTACTS.rows([provenance(row) | cells | {"extra": as_json({"viber": row["viber"]})}])


def contact(row: Mapping[str, Any], account: str | None, is_old: bool) -> dict[str, Any]:
    """A row of Contact as a row of `contacts`."""
    numbers = str(row["number"] or "").splitlines()
    found = phones(*numbers)
    alone = numbers[0] if len(numbers) == 1 else None
    client_name = row["client_name"] if row["client_name"] != row["name"] else None
    said = {
        "client_name": client_name if row["name"] else None,
        "device_owner": 1 if not is_old and row["contact"] == 1 else None,
        "numbers": None if found and len(found) == len(numbers) else numbers or None,
    }
    return provenance(row) | {
        "app": "Viber",
        "account_id": account,
        "person_id": alone or (None if is_old else f"Contact/ContactID={row['contact']}"),
        "name": row["name"] or row["client_name"],
        "phones": found,
        "extra": as_json(said),
    }


def is_ciphertext(file: File) -> bool:
    """Whether a file named viber.db is spread as a cipher's output, in whole pages: no database, and no other format."""
    if file.name.lower() != "viber.db" or file.size < 4096 or file.size % 512 or file.head.startswith(OTHERS):
        return False
    return len(set(file.head[:1024])) > 220 and file.head.count(0) < 48


@parser("viber.desktop.encrypted", files=["viber.db"], test=is_ciphertext)
def encrypted(file: File) -> Iterator[Any]:
    """Viber for Windows, macOS and Linux, encrypted database (viber.db).

    Reads: nothing; an encrypted viber.db is told as a problem `encrypted`, so that it does not pass for an unknown file.

    Not read: everything inside; which cipher and key Viber uses is not described.

    Seen on: no file of a device yet. Tested on random bytes.

    Source: a public project's report, not verified, that current releases encrypt it; recognised by name and spread of bytes.

    Tier: unexercised
    """
    message = (
        "named viber.db, no SQLite database, and spread as a cipher's output: an encrypted database of Viber, not read"
    )
    yield Problem("encrypted", message, record="offset 0x0", detail=file.head[:32].hex())


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of viber.db."""
    return [desktop, encrypted]
