"""WhatsApp for iOS, database ChatStorage.sqlite."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import (
    ACCOUNTS,
    ATTACHMENTS,
    CONTACTS,
    MESSAGES,
    PARTICIPANTS,
    PLACES,
    REACTIONS,
    TRANSFERS,
)
from forensics.times import cocoa_s, unix_ms

from ..protobuf import NotProtobuf, message, text
from . import ios_blobs as blobs
from . import ios_details as details
from . import ios_messages as queries
from .stored import phones_of, sha256_of
from .which_app import WHATSAPP, app_of, asked


@parser(
    "whatsapp.ios",
    files=["ChatStorage.sqlite"],
    test=sqlite.has(
        ZWAMESSAGE=["ZMESSAGEDATE", "ZISFROMME", "ZTEXT", "ZMESSAGETYPE", "ZCHATSESSION"],
        ZWACHATSESSION=["ZCONTACTJID"],
    ),
)
def chatstorage(file: File) -> Iterator[Any]:
    """WhatsApp for iOS, messages (ChatStorage.sqlite), also of WhatsApp Business.

    Reads: messages of chats and groups with their writers, media items, places sent and shared live, contact cards, quotes,
    forwards, reactions, polls with their options, messages of businesses made of templates, events of groups and of the
    service, members of groups, names that persons chose for themselves, blocked persons, payments. Hidden identities (LID) are
    given as the phone identity where LID.sqlite or ContactsV2.sqlite beside pairs the two, and as they are where not. Times are
    seconds since 2001. The account is the addressee of received messages. ZSENTDATE is in extra as other_date: on received
    messages it is the time of the device, not of the sender. How many members of a group got, read and played a message is in
    extra where it is counted. WhatsApp Business is told by its app group in the path or in the container's own note, or by the
    name in a backup.

    Not read: votes in polls, edits; who received and read a message (field 2 of ZRECEIPTINFO: packed persons with seconds after
    sending, described nowhere); pixel sizes that media keep in the columns for coordinates, media themselves, keys.

    Seen on: ChatStorage.sqlite of an iPhone with iOS 15 (2022 to 2023, 32 messages, 4 groups, places, a quote, a reaction) and
    one of a backup test with few columns.

    Source: schema of the named databases; IPED and iLEAPP (meaning of codes and of the fields in blobs).

    Tier: proven
    """
    app = app_of(file) or WHATSAPP
    with file.sqlite(beside={"contacts": "ContactsV2.sqlite", "lids": "LID.sqlite"}) as db:
        yield from read_messages(db, app)
        yield from PLACES.batches(asked(db, details.PLACES, app), at=cocoa_s)
        yield from read_reactions(db, app)
        yield from ATTACHMENTS.rows(attachment(dict(row)) for row in asked(db, details.MEDIA, app))
        yield from PARTICIPANTS.batches(asked(db, details.MEMBERS, app, every="ZWAGROUPMEMBER"))
        yield from PARTICIPANTS.batches(asked(db, details.PARTNERS, app))
        if db.has(ZWACHATSESSION=["ZSAVEDINPUT"]):
            yield from MESSAGES.batches(asked(db, details.DRAFTS, app))
        changes = asked(db, details.MEMBER_CHANGES, app, every="ZWAGROUPMEMBERSCHANGE")
        yield from MESSAGES.batches(changes, sent_at=cocoa_s)
        names = asked(db, details.CHOSEN_NAMES, app, every="ZWAPROFILEPUSHNAME")
        yield from CONTACTS.rows({**row, "phones": phones_of(row["person_id"])} for row in names)
        if db.has(ZWABLACKLISTITEM=["Z_PK", "ZJID"]):
            blocked = asked(db, details.BLOCKED, app, every="ZWABLACKLISTITEM")
            yield from CONTACTS.rows({**row, "phones": phones_of(row["person_id"])} for row in blocked)
        if db.has(ZWAMESSAGE=["ZTOJID"]):
            yield from ACCOUNTS.rows(owner(row) for row in asked(db, details.OWNERS, app))
        if db.has(ZWAZ1PAYMENTTRANSACTION=["ZAMOUNT_1000", "ZCURRENCY", "ZTIMESTAMP", "ZSENDERJID", "ZRECEIVERJID"]):
            payments = asked(db, details.PAYMENTS, app, every="ZWAZ1PAYMENTTRANSACTION")
            yield from TRANSFERS.batches(payments, at=cocoa_s)


def read_messages(db: Database, app: str) -> Iterator[Any]:
    """The messages: in columns where the columns say all, row by row where a blob says more."""
    for query in (queries.PLAIN, queries.DETAILED):
        yield from MESSAGES.batches(asked(db, query, app, share="ZWAMESSAGE"), sent_at=cocoa_s)
    problems: list[Problem] = []
    rows = asked(db, queries.DECODED, app, share="ZWAMESSAGE")
    yield from MESSAGES.rows((decoded_message(dict(row), problems) for row in rows), sent_at=cocoa_s)
    yield from problems


def decoded_message(row: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """A row of the query as a message, with what its blobs say; `problems` gets which are none."""
    metadata = fields(row.pop("metadata"), row["record"], problems)
    receipts = fields(row.pop("receipt_info"), row["record"], problems)
    found = blobs.noted(metadata)
    if row["kind"] == "poll":
        poll = blobs.poll(receipts)
        row["text"] = poll.get("question") or row["text"]
        found["options"] = poll.get("options")
    row["text"] = row["text"] or blobs.business_text(metadata)
    row["reply_to"] = text(metadata, 5)
    row["extra"] = as_json({**found, **json.loads(row["extra"] or "{}")})
    return row


def read_reactions(db: Database, app: str) -> Iterator[Any]:
    """Reactions to messages."""
    phones = {row["lid"]: row["phone"] for row in asked(db, details.PHONES, app)}
    problems: list[Problem] = []
    blobs_of = (
        (row, fields(row["receipt_info"], row["record"], problems)) for row in asked(db, details.REACTIONS, app)
    )
    found = (each for row, receipts in blobs_of for each in reactions(row, receipts, app, phones))
    yield from REACTIONS.rows(found, reacted_at=unix_ms)
    yield from problems


def reactions(
    row: Mapping[str, Any], receipts: blobs.Fields, app: str, phones: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The reactions to one message."""
    for one in blobs.reactions(receipts):
        who: str | None = row["account_id"] if one.by_owner else one.who
        phone = phones.get(who) if who else None
        noted = {"id": one.id, "from_owner": 1 if one.by_owner else None, "lid": who if phone else None}
        yield {
            "app": app,
            "chat_id": row["chat_id"],
            "message_id": row["message_id"],
            "person_id": phone or who,
            "value": one.value,
            "reacted_at": one.at,
            "extra": as_json(noted),
            "record": f"{row['record']} ZRECEIPTINFO {one.place}",
            "state": row["state"],
        }


def fields(blob: Any, record: str, problems: list[Problem]) -> blobs.Fields:
    """A blob of a row as fields; none, with a problem, where it is no message."""
    if not blob:
        return {}
    try:
        return message(blob if isinstance(blob, bytes) else str(blob).encode("utf-8", "surrogateescape"))
    except NotProtobuf as error:
        said = f"a blob is no message in the wire format of Protocol Buffers: {error}"
        problems.append(Problem("not_understood", said, record=record))
        return {}


def attachment(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the media query as a row of `attachments`: with the hash as hex; what is none is the name on a card, or noted."""
    is_card, stored = row.pop("is_card"), row["sha256"]
    row["sha256"] = sha256_of(stored)
    if stored and not row["sha256"]:
        if is_card:
            row["name"] = stored
        else:
            row["extra"] = as_json({**json.loads(row["extra"] or "{}"), "stored_name": stored})
    return row


def owner(row: Mapping[str, Any]) -> dict[str, Any]:
    """The account, with its phone number."""
    phones = phones_of(row["account_id"])
    return {**row, "phone": phones[0] if phones else None}


encoded = json.JSONEncoder(ensure_ascii=False, default=repr).encode  # made once: it is asked for every attachment


def as_json(found: Mapping[str, Any]) -> str | None:
    """What is set, as JSON text."""
    there = {name: value for name, value in found.items() if value is not None}
    return encoded(there) if there else None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of ChatStorage.sqlite."""
    return [chatstorage]
