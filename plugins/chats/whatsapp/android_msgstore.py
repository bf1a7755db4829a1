"""WhatsApp for Android, database msgstore.db."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forensics import File, Problem, Table, hookimpl, parser
from forensics.sqlite import Database
from forensics.tables import (
    ACCOUNTS,
    ATTACHMENTS,
    CALLS,
    CONTACTS,
    MESSAGES,
    PARTICIPANTS,
    PLACES,
    REACTIONS,
    RECEIPTS,
    TRANSFERS,
)
from forensics.times import Clock, unix_ms

from . import android_details as details
from . import android_messages as queries
from .stored import file_in, phones_of, sha256_of

NEW = {
    "message": ["key_id", "chat_row_id", "from_me", "timestamp", "message_type"],
    "chat": ["jid_row_id"],
    "jid": ["raw_string"],
}
OLD = {"messages": ["key_remote_jid", "key_from_me", "key_id", "timestamp", "media_wa_type"]}

MESSAGE_TIMES = ("sent_at", "received_at", "delivered_at", "read_at", "edited_at", "deleted_at", "expires_at")
MESSAGE_CLOCKS = dict.fromkeys(MESSAGE_TIMES, unix_ms)
RECEIPT_CLOCKS = {"delivered_at": unix_ms, "read_at": unix_ms, "played_at": unix_ms}

# table of the database (with the condition of the query, where it has one), query, unified table, clocks
DETAILS: tuple[tuple[str, str, Table, dict[str, Clock]], ...] = (
    ("message_location WHERE latitude <> 0 OR longitude <> 0", details.LOCATIONS, PLACES, {"at": unix_ms}),
    ("message_location", details.LAST_LOCATIONS, PLACES, {"at": unix_ms}),
    ("messages", details.LOCATIONS_OLD, PLACES, {"at": unix_ms}),
    ("message_add_on WHERE message_add_on_type = 56", details.REACTION, REACTIONS, {"reacted_at": unix_ms}),
    ("message_add_on", details.VOTE, REACTIONS, {"reacted_at": unix_ms}),
    ("receipt_user", details.RECEIPT, RECEIPTS, RECEIPT_CLOCKS),
    ("receipts", details.RECEIPT_OLD, RECEIPTS, RECEIPT_CLOCKS),
    ("group_participant_user", details.MEMBERS, PARTICIPANTS, {"joined_at": unix_ms}),
    ("group_past_participant_user", details.PAST_MEMBERS, PARTICIPANTS, {"left_at": unix_ms}),
    ("group_participants", details.MEMBERS_OLD, PARTICIPANTS, {}),
    ("chat", details.PARTNERS, PARTICIPANTS, {}),
    ("group_participants_history", details.GROUP_HISTORY, MESSAGES, {"sent_at": unix_ms}),
    ("call_log", details.CALL, CALLS, {"started_at": unix_ms}),
    ("missed_call_logs", details.MISSED_CALL, CALLS, {"started_at": unix_ms}),
    ("pay_transaction", details.PAYMENT, TRANSFERS, {"at": unix_ms}),
    ("props", details.OWNER, ACCOUNTS, {}),
)
# Queries that by their nature give fewer or more rows than the table has.
UNEVEN = (details.LAST_LOCATIONS, details.LOCATIONS_OLD, details.VOTE, details.PARTNERS, details.OWNER)

NOT_READ = (
    "message_add_on_orphan",
    "message_orphaned_edit",
    "message_product",
    "message_order",
    "message_template_button",
    "message_ui_elements",
    "message_invoice",
    "message_payment_status_update",
    "pay_transactions",
    "receipt_orphaned",
)


def is_msgstore(file: File) -> bool:
    """Whether the database has the messages of WhatsApp in one of both schemas."""
    with file.sqlite() as db:
        return db.has(**NEW) or db.has(**OLD)


@parser("whatsapp.android", files=["msgstore.db"], magic=["application/vnd.sqlite3"], test=is_msgstore)
def msgstore(file: File) -> Iterator[Any]:
    """WhatsApp for Android, messages (msgstore.db).

    Reads: the schema before 2021 (table messages), the one since (table message), and databases caught between both, where
    the newer row of a message stands for both and an older text that differs is kept in extra. Messages with attachments,
    locations, quotes, edits, revocations, view-once and disappearing marks, system events with the persons they name; reactions,
    poll votes, receipts, members of groups now and before, calls, payments, status posts. Hidden identities (LID) are given as
    the phone identity where the database pairs the two, and as they are where not. Names from wa.db where it lies beside.
    Times are Unix milliseconds. The owner's own messages have no sender: the database does not name the owner. A missed call that
    WhatsApp noted both in call_log and in missed_call_logs is given twice, as stored.

    Not read: text before an edit or a revocation (WhatsApp does not keep it), receipts by device, thumbnails themselves (their
    size is in extra), business products and orders, transcripts, time at which the server took a message, keys.

    Seen on: msgstore.db of a device in 2022 (WhatsApp 2.22.5.13, both schemas, 9 status messages in the older). The schema
    since 2021 was tested on invented rows only, in tables as that database and published descriptions give them.

    Source: schema of the named database; IPED, ALEAPP, WhatsApp-Chat-Exporter and amberkeep (meaning of codes and tables).

    Tier: documented
    """
    with file.sqlite(beside={"wa": "wa.db"}) as db:
        yield from read_messages(db)
        yield from ATTACHMENTS.rows(attachments(db))
        for source, query, table, clocks in DETAILS:
            if filled(db, source.split()[0]):
                yield from table.batches(db.execute(query, every=None if query in UNEVEN else source), **clocks)
        yield from CONTACTS.rows(hidden_identities(db))
        yield from left_out(db)


def filled(db: Database, table: str) -> bool:
    """Whether a table has rows, now or before the write-ahead log; a damaged one may have."""
    if not db.columns(table):
        return False
    return db.before is not None or rows_of(db, f"(SELECT 1 FROM {table} LIMIT 1)") != 0


def rows_of(db: Database, source: str) -> int | None:
    """The number of rows; None where damage keeps it from being counted, which the queries will say."""
    try:
        return db.count(source)
    except sqlite3.DatabaseError:
        return None


def read_messages(db: Database) -> Iterator[Any]:
    """The messages of both schemas."""
    if filled(db, "message"):
        plain, detailed = db.execute(queries.NEW_PLAIN), db.execute(queries.NEW_DETAILED)
        yield from MESSAGES.batches(plain, sent_at=unix_ms, received_at=unix_ms)
        yield from MESSAGES.batches(detailed, **MESSAGE_CLOCKS)
        yield from shortfall(db, plain.delivered + detailed.delivered)
    if filled(db, "messages"):
        both = db.has(**NEW)
        rows = db.execute(
            queries.OLD_ALONE if both else queries.OLD_ALL, every=queries.EVERY_OLD_ALONE if both else queries.EVERY_OLD
        )
        yield from MESSAGES.batches(rows, **MESSAGE_CLOCKS)


def shortfall(db: Database, delivered: int) -> Iterator[Problem]:
    """A problem where the two queries for newer messages together did not give each row once."""
    there = rows_of(db, queries.EVERY_NEW)
    if there is not None and there != delivered:
        kind = "not_read" if there > delivered else "not_understood"
        yield Problem(
            kind, f"{there:,} rows in the table message, {delivered:,} rows out", record="message", stage="check"
        )


def attachments(db: Database) -> Iterator[dict[str, Any]]:
    """Files of messages, from the media tables of both schemas."""
    for source, query, every in (
        ("message_media", details.MEDIA, "message_media"),
        ("message_thumbnail", details.THUMBNAILS, None),
        ("messages", details.MEDIA_OLD, None),
    ):
        if filled(db, source):
            yield from (attachment(row) for row in db.execute(query, every=every))


as_json = json.JSONEncoder(ensure_ascii=False, default=repr).encode  # made once: it is asked for every attachment
NOTED = ("thumbnail_bytes", "enc_hash", "original_hash", "transferred", "pages")


def attachment(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a media query as a row of `attachments`."""
    cells = {name: value for name, value in row.items() if name not in NOTED}
    noted = {name: row[name] for name in NOTED if row.get(name) is not None}
    media_data, stored_hash = cells.pop("media_data", None), cells.get("sha256")
    cells["stored_path"] = cells.get("stored_path") or file_in(media_data)
    cells["sha256"] = sha256_of(stored_hash)
    if stored_hash and not cells["sha256"]:
        noted["stored_hash"] = stored_hash
    cells["extra"] = as_json(noted) if noted else None
    return cells


def hidden_identities(db: Database) -> Iterator[dict[str, Any]]:
    """Persons whose hidden identity (LID) the database pairs with a phone, or names."""
    for source, query, every in (
        ("jid_map", details.KNOWN_LIDS, "jid_map"),
        ("lid_display_name", details.NAMED_LIDS, None),
    ):
        if filled(db, source):
            yield from ({**row, "phones": phones_of(row["person_id"])} for row in db.execute(query, every=every))


def left_out(db: Database) -> Iterable[Problem]:
    """A problem for each table with content that is not read."""
    for table in NOT_READ:
        if filled(db, table) and (rows := rows_of(db, table)):
            yield Problem("not_read", f"table {table}: {rows:,} rows are not read", record=table)
    if filled(db, "message_add_on"):
        for row in db.execute(details.OTHER_ADD_ONS):
            yield Problem(
                "not_read",
                f"table message_add_on: {row['rows']:,} rows of type {row['type']} are not read",
                record=f"message_add_on/message_add_on_type={row['type']}",
            )


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of msgstore.db."""
    return [msgstore]
