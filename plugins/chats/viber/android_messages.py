"""Viber for Android, database viber_messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import unix_ms

from . import android_queries as queries
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
    1000: "system",
    1002: "call",
    1005: "gif",
    1008: "deleted",
    1009: "voice",
    1010: "video",
}
NAMED_KINDS = ("text", "image", "video", "sticker", "location")  # extra_mime of old versions is a word
RICH, NOTICE, REACTION, DELETED = 7, 1000, 1007, 1008
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
    msg_info and quoted_message_data, likes, calls of the chats (the log in viber_data has them once more), drafts,
    coordinates, messages hidden on the device or deleted for everyone, members of chats, every person that the app knows, the
    owner's account. Schemas with msg_date and send_type, and those before 2014 with date, type and address. A row with
    extra_mime 1007 is a reaction: it is a row of reactions, with no message_id, for what it belongs to is not described. chat_id
    is group_id where the chat has one, else the row of conversations. A hidden number is given as the phone number where
    participants_info pairs the two by encrypted_member_id, as the member id where not. The scale of coordinates is judged by
    their size. Time of disappearing is time read plus timer, where both are stored.

    Not read: other tables of reactions than messages_likes (rows of these are a problem), votes of single persons, meaning of
    system messages, of chat flags, types of likes and of status codes (given raw), blocked_data, media themselves.

    Seen on: no file of a device yet. Tested on invented rows in the published schemas.

    Source: ViberDBViewer (schema, codes), ALEAPP and Autopsy (schema, direction), Viber-parser (pairing by encrypted_member_id);
    the schemas of 2014 and 2019 and the codes of calls and chats in the app itself.

    Tier: documented
    """
    with file.sqlite() as db:
        plain = db.execute(queries.PLAIN_MESSAGE, every=those(db, queries.PLAIN))
        yield from MESSAGES.batches(plain, sent_at=unix_ms, expires_at=unix_ms)
        yield from ATTACHMENTS.batches(db.execute(queries.PLAIN_FILE))
        for row in db.execute(queries.MESSAGE, every=those(db, f"({queries.PLAIN}) IS NOT TRUE")):
            yield from read_message(row)
        yield from PARTICIPANTS.batches(db.execute(queries.MEMBER, every="participants"))
        yield from PARTICIPANTS.batches(db.execute(queries.PARTNER))
        for row in db.execute(queries.PERSON, every="participants_info"):
            yield from read_person(row)
        if db.has(messages_likes=["_id", "message_token"]):
            yield from REACTIONS.batches(db.execute(queries.LIKE, every="messages_likes"), reacted_at=unix_ms)
        if db.has(messages_calls=["_id", "date", "duration", "type"]):
            yield from CALLS.batches(db.execute(queries.CALL, every="messages_calls"), started_at=unix_ms)
        yield from MESSAGES.batches(db.execute(queries.DRAFT))
        yield from unread_likes(db)


def those(db: Database, condition: str) -> str:
    """The messages of a condition, for the number of them to be checked."""
    return db.select(f"SELECT 1 FROM messages m WHERE {condition}").partition(" FROM ")[2]


def read_message(row: Mapping[str, Any]) -> Iterator[Any]:
    """A message with its file and place, or a reaction."""
    info, problems = information(row["info"], row["record"])
    yield from problems
    code = code_of(row["code"])
    if code == REACTION:
        yield from REACTIONS.rows([reaction(row, info)], reacted_at=unix_ms)
        return
    place = degrees(row["latitude"], row["longitude"])
    answered, problems = information(row["quoted"], row["record"])
    yield from problems
    cells = message(row, code, info, answered)
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


def message(row: Mapping[str, Any], code: Any, info: Any, answered: Any) -> dict[str, Any]:
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
        "direction": "system" if code == NOTICE else DIRECTIONS.get(row["send_type"], "unknown"),
        "kind": kind,
        "raw_kind": None if row["code"] is None else str(row["code"]),
        "text": rich or (None if is_rich else row["body"] or None) or row["description"] or headline(info),
        "reply_to": row["reply_to"],
        "forwarded": isinstance(info, dict) and "generalFwdInfo" in info,
        "deleted": bool(row["deleted"]) or code == DELETED,
        "status": None if row["status"] is None else str(row["status"]),
        "extra": as_json(noted(row, code, info, answered)),
    }


def noted(row: Mapping[str, Any], code: Any, info: Any, answered: Any) -> dict[str, Any]:
    """What no column fits. What a message answers is in its JSON, in newer versions in a column of its own."""
    type_ = row["conversation_type"]
    said = told(info)
    if isinstance(answered, dict):
        said["quoted_text"] = words(answered, "previewText") or words(answered, "body") or said.get("quoted_text")
        said["quoted_sender"] = words(answered, "senderName") or said.get("quoted_sender")
    return said | {
        "quoted": answered,
        "likes": row["likes"],
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
    if row["known_id"] is not None:
        return row["known_id"], row["known_name"]
    return row["address"] or row["user_id"], None


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
        told = any(word in table.lower() for word in ("reaction", "likes")) and table != "messages_likes"
        if told and (there := db.count(f'"{table}"')):
            yield Problem("not_read", f"table {table}: {there:,} rows are not read", record=table)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of viber_messages."""
    return [messages]
