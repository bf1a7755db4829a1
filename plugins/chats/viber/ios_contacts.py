"""Viber for iOS, database Contacts.data, which holds the chats."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES
from forensics.times import cocoa_s

from . import ios_queries as queries
from .stored import (
    Place,
    as_json,
    degrees,
    file_cells,
    file_kind,
    headline,
    information,
    maps_in,
    options,
    phones,
    provenance,
    told,
    words,
)

ENTITIES = "SELECT e.Z_ENT AS ent, e.Z_NAME AS name FROM Z_PRIMARYKEY e WHERE typeof(e.Z_ENT) = 'integer'"
PAIRS = re.compile(r"Z_\d{1,4}[A-Z][A-Z0-9_]*", re.ASCII)

STATES = {"received": "incoming"} | dict.fromkeys(
    ("send", "sent", "delivered", "seen", "pending", "failed"), "outgoing"
)
# Types of files are words; those that say their kind themselves. Any other is given raw, as kind unknown.
FILE_KINDS = {
    "picture": "image",
    "image": "image",
    "video": "video",
    "sticker": "sticker",
    "gif": "gif",
    "audio": "audio",
    "voice": "voice",
    "file": "document",
}
CALL_TYPES = {
    "missed": ("incoming", False),
    "missed_with_video": ("incoming", True),
    "incoming": ("incoming", False),
    "incoming_with_video": ("incoming", True),
    "outgoing_viber": ("outgoing", False),
    "outgoing_viber_with_video": ("outgoing", True),
}


@parser(
    "viber.ios",
    files=["Contacts.data"],
    test=sqlite.has(
        ZVIBERMESSAGE=["Z_PK", "ZTEXT", "ZDATE", "ZSTATE", "ZCONVERSATION"],
        ZCONVERSATION=["Z_PK"],
        ZMEMBER=["Z_PK"],
        ZPHONENUMBER=["Z_PK", "ZMEMBER"],
    ),
)
def chats(file: File) -> Iterator[Any]:
    """Viber for iOS, chats, calls and contacts (Contacts.data).

    Reads: messages with writer, state, file, place, cards with a place, links, quotes, polls, pins and forwards from ZMETADATA;
    members of chats; calls, those without a bubble in the chat too; address book and members as contacts. Times are seconds
    since 2001. ZDATE is given as the time of a message and ZSTATEDATE in extra as state_date: which of them is the time of
    writing is not settled (iLEAPP takes ZSTATEDATE). The account comes from Settings.data where that lies in the same folder;
    on a phone it lies in another, and has a parser of its own. ZTIMEBOMBTIMESTAMP is in extra as stored.

    Not read: who liked a message (their number is in extra), meaning of ZSYSTEMTYPE (given raw), media themselves. Members who
    never wrote are read where the schema names entities as its tables (Z_PRIMARYKEY), else not.

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: iLEAPP, viber (schema, states, types of calls, ZMETADATA; checked there on Viber 12.6 to 23.3, iOS 13 to 18).

    Tier: documented
    """
    with file.sqlite(beside={"settings": "Settings.data"}) as db:
        plain = db.execute(queries.PLAIN_MESSAGE, every=those(db, queries.PLAIN))
        yield from MESSAGES.batches(plain, sent_at=cocoa_s)
        for row in db.execute(queries.MESSAGE, every=those(db, f"({queries.PLAIN}) IS NOT TRUE")):
            yield from read_message(row)
        yield from ATTACHMENTS.batches(db.execute(queries.LONE_FILE))
        yield from PLACES.rows(lone_places(db))
        yield from PARTICIPANTS.batches(db.execute(queries.MEMBER.replace("/*joined*/", joined(db))))
        if db.has(ZRECENT=["Z_PK", "ZDATE"]):
            yield from CALLS.rows((call(row) for row in db.execute(queries.CALL, every="ZRECENT")), started_at=cocoa_s)
        yield from CONTACTS.rows(member(row) for row in db.execute(queries.PERSON, every="ZMEMBER"))
        yield from CONTACTS.rows(number(row) for row in db.execute(queries.LONE_NUMBER))
        yield from CONTACTS.rows(contact(row) for row in db.execute(queries.BOOK))
        yield from CONTACTS.rows(number(row) for row in db.execute(queries.LONE_BOOK_NUMBER))


def those(db: Database, condition: str) -> str:
    """The messages of a condition, for the number of them to be checked."""
    return db.select(f"SELECT 1 FROM ZVIBERMESSAGE m WHERE {condition}").partition(" FROM ")[2]


def read_message(row: Mapping[str, Any]) -> Iterator[Any]:
    """A message with its file and its places."""
    info, problems = information(row["metadata"], row["record"])
    yield from problems
    stored = degrees(row["latitude"], row["longitude"])
    cards = list(maps_in(info))
    place = stored or (cards[0] if cards else None)
    yield from MESSAGES.rows([message(row, info, place)], sent_at=cocoa_s)
    if row["attachment"] is not None:
        yield from ATTACHMENTS.rows([attachment(row, info)])
    for number, where in enumerate([*([stored] if stored else []), *cards]):
        on_card = number >= bool(stored)
        record = f"{row['record']} ZMETADATA" if on_card else f"ZVIBERLOCATION/Z_PK={row['location']} {row['record']}"
        cells = {
            "at": row["sent_at"],
            "kind": "message",
            "ref": str(row["pk"]),
            "record": record,
            "state": row["state"],
        }
        said = as_json({"chat_id": row["chat_id"], "shown_on": "card of a rich message" if on_card else None})
        yield from PLACES.rows([cells | where._asdict() | {"extra": said}], at=cocoa_s)


def message(row: Mapping[str, Any], info: Any, place: Place | None) -> dict[str, Any]:
    """A row of the query as a row of `messages`."""
    direction = STATES.get(row["stored_state"], "unknown")
    sender_id, sender_name = writer(row, direction)
    raw = row["system_type"] or row["file_type"]
    return provenance(row) | {
        "app": "Viber",
        "account_id": row["account_id"],
        "chat_id": row["chat_id"],
        "chat_name": row["chat_name"],
        "chat_kind": row["chat_kind"],
        "message_id": str(row["pk"]),
        "sent_at": row["sent_at"],
        "sender_id": sender_id,
        "sender_name": sender_name,
        "direction": direction,
        "kind": kind_of(row, info),
        "raw_kind": None if raw is None else str(raw),
        "text": row["text"] or headline(info),
        "forwarded": isinstance(info, dict) and "generalFwdInfo" in info,
        "deleted": bool(row["being_deleted"]),
        "status": None if row["stored_state"] is None else str(row["stored_state"]),
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "extra": as_json(noted(row, info)),
    }


def noted(row: Mapping[str, Any], info: Any) -> dict[str, Any]:
    """What no column fits."""
    names = (
        "state_date",
        "likes",
        "timebomb",
        "timebomb_timestamp",
        "chat_being_deleted",
        "call_type",
        "file_type",
        "token",
        "forward_type",
        "message_call_type",
        "client_metadata",
    )
    lost = row["location"] if row["location"] is not None and row["latitude"] is None else None
    return (
        told(info)
        | {name: row[name] for name in names}
        | {"being_deleted": row["being_deleted"], "lost_location": lost}
    )


def writer(row: Mapping[str, Any], direction: str) -> tuple[str | None, str | None]:
    """Id and name of who wrote: the member; of a sent message the owner; of a received one without member the partner."""
    if direction == "outgoing":
        return row["account_id"], row["owner_name"]
    if row["member"] is not None:
        return row["writer_id"] or f"ZMEMBER/Z_PK={row['member']}", row["writer_name"]
    return row["partner_id"], row["partner_name"]


def kind_of(row: Mapping[str, Any], info: Any) -> str:
    """The kind of a message, by what hangs on it."""
    if row["call_type"] is not None or row["message_call_type"] is not None:
        return "call"
    if row["location"] is not None:
        return "location"
    if row["attachment"] is not None:
        return file_kind(info) or FILE_KINDS.get(str(row["file_type"]).lower(), "unknown")
    if options(info):
        return "poll"
    if row["system_type"]:
        return "system"
    if words(info, "URL"):
        return "link"
    return "text" if row["text"] or headline(info) else "unknown"


def attachment(row: Mapping[str, Any], info: Any) -> dict[str, Any]:
    """The file of a message as a row of `attachments`; ZNAME is its name in Documents/Attachments."""
    told_of = file_cells(info)
    is_there = row["file_pk"] is not None
    said = told_of["extra"] | {
        "type": row["file_type"],
        "note": None if is_there else "its row in ZATTACHMENT is missing",
    }
    return told_of | {
        "app": "Viber",
        "chat_id": row["chat_id"],
        "message_id": str(row["pk"]),
        "name": told_of["name"] or row["file_name"],
        "stored_path": row["file_name"],
        "size": row["file_size"] or told_of["size"],
        "extra": as_json(said),
        "record": f"ZATTACHMENT/Z_PK={row['file_pk']} {row['record']}" if is_there else row["record"],
        "state": row["state"],
    }


def lone_places(db: Database) -> Iterator[dict[str, Any]]:
    """Places that no message refers to: without a time."""
    for row in db.execute(queries.LONE_PLACE):
        if place := degrees(row["latitude"], row["longitude"]):
            said = as_json({"message": "none refers to it"})
            yield provenance(row) | place._asdict() | {"kind": "message", "extra": said}


def joined(db: Database) -> str:
    """SQL for the table that Core Data keeps of the members of chats; empty where the schema has none.

    Core Data names a table of pairs `Z_<number of entity><NAME>`, its columns `Z_<number of entity><NAME>` likewise, and tells
    the numbers of entities in Z_PRIMARYKEY.
    """
    if not db.has(Z_PRIMARYKEY=["Z_ENT", "Z_NAME"]):
        return ""
    entities = {str(row["name"]).upper(): row["ent"] for row in db.execute(ENTITIES)}
    wanted = {
        part: f"Z_{entities[name]}"
        for part, name in (("chat", "CONVERSATION"), ("member", "MEMBER"))
        if name in entities
    }
    found = []
    for table in db.tables:
        if len(wanted) == 2 and PAIRS.fullmatch(table):
            columns = {part: [c for c in db.columns(table) if belongs(c, prefix)] for part, prefix in wanted.items()}
            if all(len(named) == 1 for named in columns.values()):
                found.append(queries.JOINED.format(table=table, chat=columns["chat"][0], member=columns["member"][0]))
    return "\n  ".join(found)


def belongs(column: str, prefix: str) -> bool:
    """Whether a column of a table of pairs points to the entity with this prefix."""
    return bool(PAIRS.fullmatch(column)) and column.startswith(prefix) and not column[len(prefix)].isdigit()


def call(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the query as a row of `calls`."""
    type_ = row["call_type"]
    direction, video = CALL_TYPES.get(type_, ("unknown", None))
    is_missed = type_ in ("missed", "missed_with_video")
    lasted = isinstance(row["duration_s"], (int, float)) and row["duration_s"] > 0
    bubble = "none" if row["stored_message"] is None else None if row["message"] is not None else "lost"
    by_line = row["line_number"] is not None
    return provenance(row) | {
        "app": "Viber",
        "account_id": row["account_id"],
        "call_id": str(row["pk"]),
        "chat_id": row["chat_id"],
        "started_at": row["started_at"],
        "duration_s": row["duration_s"],
        "direction": direction,
        "outcome": "missed" if is_missed else "answered" if lasted else None,
        "video": video,
        "peer_id": row["line_number"] if by_line else row["partner_id"],
        "peer_name": row["line_name"] if by_line else row["partner_name"],
        "extra": as_json({"call_type": type_, "message": row["stored_message"], "bubble_in_chat": bubble}),
    }


def member(row: Mapping[str, Any]) -> dict[str, Any]:
    """A member of chats as a contact."""
    said = {name: row[name] for name in ("short_name", "stored_name") if row[name] != row["name"]}
    said["member_id"] = row["member_id"] if row["member_id"] != row["person_id"] else None
    return provenance(row) | {
        "app": "Viber",
        "account_id": row["account_id"],
        "person_id": row["person_id"],
        "name": row["name"],
        "phones": phones(*json.loads(row["numbers"] or "[]")),
        "extra": as_json(said),
    }


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the address book."""
    pairs = json.loads(row["numbers"] or "[]")
    found = phones(*(canonized or phone for canonized, phone in pairs)) or []
    around = " ".join(str(row[part]) for part in ("prefix_name", "suffix_name") if row[part])
    said = {name: row[name] for name in ("prefix_name", "suffix_name", "contact_id")}
    said["as_entered"] = [phone for _, phone in pairs if phone and phone not in found] or None
    return provenance(row) | {
        "app": "Viber",
        "person_id": found[0] if len(found) == 1 else None,
        "name": row["main_name"] or around or None,
        "phones": found or None,
        "extra": as_json(said),
    }


def number(row: Mapping[str, Any]) -> dict[str, Any]:
    """A number whose member or contact is gone."""
    stored = row["canonized"] or row["phone"]
    said = as_json({"as_entered": row["phone"], "note": "whose it is, is not in the table"})
    return provenance(row) | {"app": "Viber", "person_id": stored, "phones": phones(stored), "extra": said}


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of Contacts.data."""
    return [chats]
