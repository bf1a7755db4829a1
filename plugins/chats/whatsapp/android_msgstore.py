"""WhatsApp for Android, database msgstore.db."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from forensics import File, Problem, Table, hookimpl, parser
from forensics.sqlite import Database, Rows
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
from .android_account import account_beside
from .stored import file_in, phones_of, rows_of, sha256_of
from .which_app import BUSINESS, WHATSAPP, app_of, asked

Ask = Callable[..., Rows]  # a query of this module, and `every`
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
    ("message_add_on WHERE message_add_on_type IN (68, 79, 93)", details.MARK, REACTIONS, {"reacted_at": unix_ms}),
    ("newsletter_message_reaction", details.CHANNEL_REACTION, REACTIONS, {}),
    ("receipt_user", details.RECEIPT, RECEIPTS, RECEIPT_CLOCKS),
    ("receipt_device", details.RECEIPT_OF_DEVICE, RECEIPTS, {"delivered_at": unix_ms}),
    ("receipts", details.RECEIPT_OLD, RECEIPTS, RECEIPT_CLOCKS),
    ("group_participant_user", details.MEMBERS, PARTICIPANTS, {"joined_at": unix_ms}),
    ("group_past_participant_user", details.PAST_MEMBERS, PARTICIPANTS, {"left_at": unix_ms}),
    ("group_participants", details.MEMBERS_OLD, PARTICIPANTS, {}),
    ("chat", details.PARTNERS, PARTICIPANTS, {}),
    ("group_participants_history", details.GROUP_HISTORY, MESSAGES, {"sent_at": unix_ms}),
    ("call_log", details.CALL, CALLS, {"started_at": unix_ms}),
    ("missed_call_logs", details.MISSED_CALL, CALLS, {"started_at": unix_ms}),
    ("composition", details.DRAFT, MESSAGES, {"sent_at": unix_ms}),
    ("pay_transaction", details.PAYMENT, TRANSFERS, {"at": unix_ms}),
    ("pay_transactions", details.PAYMENT_OLD, TRANSFERS, {"at": unix_ms}),
    ("props", details.OWNER, ACCOUNTS, {}),
)
# Queries that by their nature give fewer or more rows than the table has.
UNEVEN = (
    details.LAST_LOCATIONS,
    details.LOCATIONS_OLD,
    details.VOTE,
    details.PARTNERS,
    details.OWNER,
    details.MISSED_CALL,
)

NOT_READ = (
    "away_messages",
    "labeled_jid",
    "media_hash_thumbnail",
    "message_add_on_orphan",
    "message_orphan",
    "message_orphaned_edit",
    "message_quarantine",
    "message_future",
    "message_invoice",
    "message_payment_status_update",
    "message_template_quoted",
    "message_quoted_vcard",
    "quick_replies",
    "receipt_orphaned",
    "scheduled_calls",
    "transcription_segment",
)


def is_msgstore(file: File) -> bool:
    """Whether the database has the messages of WhatsApp in one of both schemas."""
    with file.sqlite() as db:
        return db.has(**NEW) or db.has(**OLD)


@parser("whatsapp.android", files=["msgstore.db"], magic=["application/vnd.sqlite3"], test=is_msgstore)
def msgstore(file: File) -> Iterator[Any]:
    """WhatsApp for Android, messages (msgstore.db), also of WhatsApp Business.

    Reads: the schema before 2021 (table messages), the one since (table message), and databases caught between both, where
    the newer row of a message stands for both and an older text that differs is kept in extra. Messages with attachments,
    locations, quotes, edits, revocations, view-once and disappearing marks, system events with the persons they name and what
    they changed, albums, events, products and orders, elements and buttons of business messages, labels; reactions, poll votes,
    kept and pinned messages, answers to events; receipts by person and by device; members of groups now and before, calls,
    payments, status posts, channels with the reactions they count, drafts. Messages of a chat that is being deleted are read and
    marked being_deleted. Hidden identities (LID) are given as the phone identity where the database pairs the two, and as they
    are where not. Names from wa.db where it lies beside. Times are Unix milliseconds. The owner's id comes from the preferences
    of the app (../shared_prefs); without them account_id and the sender of own messages are empty: the database does not name
    the owner. A missed call that stands both in call_log and in missed_call_logs is one call: paired by message_call_log, or of
    the same person within a second. WhatsApp Business is told by its package in the path, or by the names of its media folders.

    Not read: text before an edit or a revocation (WhatsApp does not keep it), thumbnails themselves (their size is in extra),
    add-ons of other types than 56, 67, 68, 74, 79 and 93, messages without parent, in quarantine or of a future version, vCards
    and templates that are quoted, invoices, scheduled calls, segments of transcripts, labels of chats, prepared answers: rows of
    such tables are a problem. Also not: the time at which the server took a message, keys.

    Seen on: msgstore.db of a device in 2022 (WhatsApp 2.22.5.13, both schemas, 9 status messages in the older). The schema
    since 2021 was tested on invented rows only, in tables as that database and published descriptions give them.

    Source: schema of the named database and a published one of 2026; IPED, ALEAPP, WhatsApp-Chat-Exporter and amberkeep (meaning
    of codes and tables).

    Tier: documented
    """
    with file.sqlite(beside={"wa": "wa.db"}) as db:
        app = app_of(file) or (BUSINESS if has_business_media(db) else WHATSAPP)
        ask = partial(asked, db, app=app, account=account_beside(file))
        yield from read_messages(db, ask)
        yield from ATTACHMENTS.rows(attachments(db, ask))
        for source, query, table, clocks in DETAILS:
            if filled(db, source.split()[0]):
                yield from table.batches(ask(query, every=None if query in UNEVEN else source), **clocks)
        yield from CONTACTS.rows(persons(db, ask))
        yield from left_out(db, ask)


def has_business_media(db: Database) -> bool:
    """Whether files lie in the folders of WhatsApp Business, which have names of their own."""
    if not db.has(message_media=["file_path"]):
        return False
    return bool(rows_of(db, "(SELECT 1 FROM message_media WHERE file_path LIKE 'Media/WhatsApp Business %' LIMIT 1)"))


def filled(db: Database, table: str) -> bool:
    """Whether a table has rows, now or before the write-ahead log; a damaged one may have."""
    if not db.columns(table):
        return False
    return db.before is not None or rows_of(db, f"(SELECT 1 FROM {table} LIMIT 1)") != 0


def read_messages(db: Database, ask: Ask) -> Iterator[Any]:
    """The messages of both schemas."""
    if filled(db, "message"):
        plain = ask(queries.NEW_PLAIN, share=queries.EVERY_NEW)
        yield from MESSAGES.batches(plain, sent_at=unix_ms, received_at=unix_ms)
        yield from MESSAGES.batches(ask(queries.NEW_DETAILED, share=queries.EVERY_NEW), **MESSAGE_CLOCKS)
    if filled(db, "messages"):
        both = db.has(**NEW)
        query, every = (queries.OLD_ALONE, queries.EVERY_OLD_ALONE) if both else (queries.OLD_ALL, queries.EVERY_OLD)
        rows = ask(query, every=every)
        yield from MESSAGES.batches(rows, **MESSAGE_CLOCKS)


def attachments(db: Database, ask: Ask) -> Iterator[dict[str, Any]]:
    """Files of messages, from the media tables of both schemas."""
    for source, query, every in (
        ("message_media", details.MEDIA, "message_media"),
        ("message_thumbnail", details.THUMBNAILS, None),
        ("messages", details.MEDIA_OLD, None),
    ):
        if filled(db, source):
            yield from (attachment(dict(row)) for row in ask(query, every=every))


def attachment(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a media query as a row of `attachments`: with the path in a Java object, and the hash as hex."""
    media_data, stored = row.pop("media_data", None), row.get("sha256")
    row["stored_path"] = row.get("stored_path") or file_in(media_data)
    row["sha256"] = sha256_of(stored)
    if stored and not row["sha256"]:
        noted = {**json.loads(row["extra"] or "{}"), "stored_hash": stored}
        row["extra"] = json.dumps(noted, ensure_ascii=False, default=repr)
    return row


def persons(db: Database, ask: Ask) -> Iterator[dict[str, Any]]:
    """Persons whose hidden identity (LID) the database pairs with a phone, or names; and channels."""
    for source, query, every in (
        ("jid_map", details.KNOWN_LIDS, "jid_map"),
        ("lid_display_name", details.NAMED_LIDS, None),
        ("newsletter", details.CHANNELS, "newsletter"),
    ):
        if filled(db, source):
            yield from ({**row, "phones": phones_of(row["person_id"])} for row in ask(query, every=every))


def left_out(db: Database, ask: Ask) -> Iterable[Problem]:
    """A problem for each table with content that is not read."""
    for table in NOT_READ:
        if filled(db, table) and (rows := rows_of(db, table)):
            yield Problem("not_read", f"table {table}: {rows:,} rows are not read", record=table)
    if filled(db, "message_add_on"):
        for row in ask(details.OTHER_ADD_ONS):
            yield Problem(
                "not_read",
                f"table message_add_on: {row['rows']:,} rows of type {row['type']} are not read",
                record=f"message_add_on/message_add_on_type={row['type']}",
            )


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of msgstore.db."""
    return [msgstore]
