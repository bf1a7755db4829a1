"""Viber for Android, database viber_data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import CALLS, CONTACTS
from forensics.times import unix_ms

from ..stored_tables import unread
from .stored import as_json, phones, provenance

# Names by number: of the address book, then the one that the person chose. A number of two contacts gives both names.
NAMES = """
WITH book AS MATERIALIZED (
  SELECT number, group_concat(name, ' / ') AS name FROM (
    SELECT DISTINCT {d.data2} AS number, b.display_name AS name
    FROM phonebookdata d LEFT JOIN phonebookcontact b ON b._id = d.contact_id
    WHERE {d.data2} <> '' AND b.display_name <> '' ORDER BY 1, 2
  ) GROUP BY number
),
chosen AS MATERIALIZED (
  SELECT v.canonized_number AS number, MAX(NULLIF({v.viber_name}, '')) AS name FROM vibernumbers v GROUP BY v.canonized_number
)"""

CALL = (
    NAMES
    + """
SELECT 'Viber' AS app, COALESCE(NULLIF(CAST({c.call_id} AS TEXT), '-1'), NULLIF(CAST({c.token} AS TEXT), '0')) AS call_id,
  NULLIF(CAST({c.group_id} AS TEXT), '0') AS chat_id, c.date AS started_at, c.duration AS duration_s,
  CASE c.type WHEN 1 THEN 'incoming' WHEN 2 THEN 'outgoing' WHEN 3 THEN 'incoming' ELSE 'unknown' END AS direction,
  CASE WHEN c.type = 3 THEN 'missed' WHEN c.duration > 0 THEN 'answered'
       ELSE 'end_reason ' || {c.end_reason} END AS outcome,
  CASE c.viber_call_type WHEN 1 THEN 0 WHEN 4 THEN 1 END AS video,
  COALESCE(NULLIF(c.canonized_number, ''), NULLIF({c.number}, '')) AS peer_id, COALESCE(book.name, chosen.name) AS peer_name,
  json_patch('{}', json_object('type', CAST(c.type AS INTEGER), 'viber_call_type', CAST(c.viber_call_type AS INTEGER),
    'viber_call', CAST({c.viber_call} AS INTEGER), 'token', CAST(NULLIF({c.token}, 0) AS INTEGER),
    'end_reason', CAST({c.end_reason} AS INTEGER), 'start_reason', CAST({c.start_reason} AS INTEGER),
    'looked', CAST({c.looked} AS INTEGER), 'flags', CAST(NULLIF({c.flags}, 0) AS INTEGER),
    'number', CASE WHEN {c.number} <> c.canonized_number THEN CAST({c.number} AS TEXT) END,
    'conference_info', CAST(NULLIF({c.conference_info}, '') AS TEXT))) AS extra,
  'calls/_id=' || c._id AS record
FROM calls c
LEFT JOIN book ON book.number = c.canonized_number
LEFT JOIN chosen ON chosen.number = c.canonized_number
"""
)

# Numbers of a contact: data1 as entered, data2 normalised, data3 as shown. mime_type 0 is a number; others are not described.
CONTACT = """
WITH numbers AS MATERIALIZED (
  SELECT d.contact_id, json_group_array(json_array(d._id, CAST({d.data2} AS TEXT), CAST({d.data1} AS TEXT),
           CAST({d.data3} AS TEXT),
           CAST({d.mime_type} AS INTEGER), known.number IS NOT NULL, blocked.number IS NOT NULL)) AS list
  FROM phonebookdata d
  LEFT JOIN (SELECT DISTINCT v.canonized_number AS number FROM vibernumbers v) known ON known.number = {d.data2}
  LEFT JOIN (SELECT DISTINCT n.canonized_number AS number FROM blockednumbers n) blocked ON blocked.number = {d.data2}
  GROUP BY d.contact_id
)
SELECT NULLIF(b.display_name, '') AS name, numbers.list AS numbers, NULLIF({b.viber}, 0) AS viber,
  NULLIF({b.starred}, 0) AS starred, NULLIF({b.deleted}, 0) AS deleted, NULLIF({b.phonetic_name}, '') AS phonetic_name,
  NULLIF({b.contact_lookup_key}, '') AS lookup_key,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({b.joined_date}, 0) / 1000.0, 'unixepoch') AS joined_viber_at,
  'phonebookcontact/_id=' || b._id AS record
FROM phonebookcontact b LEFT JOIN numbers ON numbers.contact_id = b._id
"""

LOST_NUMBER = """
SELECT {d.data1} AS data1, {d.data2} AS data2, d.contact_id, 'phonebookdata/_id=' || d._id AS record
FROM phonebookdata d LEFT JOIN phonebookcontact b ON b._id = d.contact_id WHERE b._id IS NULL
"""

VIBER_NUMBER = """
SELECT v.canonized_number AS number, NULLIF({v.viber_name}, '') AS name, blocked.number IS NOT NULL AS blocked,
  NULLIF({v.member_id}, '') AS member_id, NULLIF({v.encrypted_member_id}, '') AS encrypted_member_id,
  NULLIF({v.viber_id}, '') AS viber_id, NULLIF({v.date_of_birth}, '') AS date_of_birth, 'vibernumbers/_id=' || v._id AS record
FROM vibernumbers v
LEFT JOIN (SELECT DISTINCT n.canonized_number AS number FROM blockednumbers n) blocked ON blocked.number = v.canonized_number
"""

BLOCKED = (
    NAMES
    + """
SELECT n.canonized_number AS number, COALESCE(book.name, chosen.name) AS name,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({n.blocked_date}, 0) / 1000.0, 'unixepoch') AS blocked_at,
  {n.block_reason} AS block_reason, {n.status} AS block_status, 'blockednumbers/_id=' || n._id AS record
FROM blockednumbers n
LEFT JOIN book ON book.number = n.canonized_number
LEFT JOIN chosen ON chosen.number = n.canonized_number
"""
)


class Entry(NamedTuple):
    """A row of phonebookdata: a number as normalised, as entered and as shown; whether it uses Viber, whether it is blocked."""

    id: int
    normal: str | None
    entered: str | None
    shown: str | None
    mime_type: int | None
    on_viber: int
    blocked: int


UNREAD = ("sync_data", "viberpay_data", "walletnumbers", "walletlist")


@parser(
    "viber.android.data",
    files=["viber_data"],
    test=sqlite.has(calls=["_id", "canonized_number", "viber_call_type", "date", "duration", "type"]),
)
def data(file: File) -> Iterator[Any]:
    """Viber for Android, calls and contacts (viber_data).

    Reads: calls with start, length in seconds, direction, kind and the other side; the address book as Viber keeps it with all
    numbers; numbers known to use Viber with their member ids; blocked numbers. The id of a call is its server token where call_id
    is unset (-1). A call of type 3 is missed; of one without length the code of its end is given. Contacts of the three tables
    are rows of their own: one person may have several. person_id is the number that uses Viber, else the only number.

    Not read: parts that contacts were merged from (phonebookrawcontact), members of group calls other than as stored in
    conference_info, payment tables and pending changes (rows of these are a problem).

    Seen on: viber_data of 2022, user_version 235 (4 calls, 5 contacts, 1 Viber number).

    Source: schema of the named database; ALEAPP, Autopsy and plaso (codes of calls).

    Tier: proven
    """
    with file.sqlite() as db:
        yield from CALLS.batches(db.execute(CALL, every="calls"), started_at=unix_ms)
        for query, read, table in (
            (CONTACT, contact, "phonebookcontact"),
            (LOST_NUMBER, lost_number, None),
            (VIBER_NUMBER, viber_number, "vibernumbers"),
            (BLOCKED, blocked, "blockednumbers"),
        ):
            every = table if table and db.columns(table) else None
            yield from CONTACTS.rows(read(row) for row in db.execute(query, every=every))
        yield from unread(db, UNREAD)


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the address book, with its numbers as they are normalised; as they were entered in extra."""
    stored = [Entry(*entry) for entry in sorted(json.loads(row["numbers"] or "[]"), key=lambda entry: entry[0])]
    numbers = [entry for entry in stored if entry.mime_type in (0, None)]
    found = phones(*(entry.normal or entry.entered for entry in numbers)) or []
    with_viber = [entry.normal for entry in numbers if entry.on_viber]
    forms = [form for entry in numbers for form in (entry.entered, entry.shown) if form and form not in found]
    said = {
        name: row[name] for name in ("viber", "starred", "deleted", "phonetic_name", "joined_viber_at", "lookup_key")
    }
    said["other_forms"] = list(dict.fromkeys(forms)) or None
    said["other_data"] = [entry[1:5] for entry in stored if entry not in numbers] or None
    return provenance(row) | {
        "app": "Viber",
        "person_id": with_viber[0] if with_viber else found[0] if len(found) == 1 else None,
        "name": row["name"],
        "phones": found or None,
        "blocked": any(entry.blocked for entry in numbers),
        "extra": as_json(said),
    }


def lost_number(row: Mapping[str, Any]) -> dict[str, Any]:
    """A number whose contact is gone."""
    number = row["data2"] or row["data1"]
    said = as_json(
        {"contact_id": row["contact_id"], "as_entered": row["data1"], "note": "its contact is not in the table"}
    )
    return provenance(row) | {"app": "Viber", "person_id": number, "phones": phones(number), "extra": said}


def viber_number(row: Mapping[str, Any]) -> dict[str, Any]:
    """A number that is known to use Viber."""
    names = ("member_id", "encrypted_member_id", "viber_id", "date_of_birth")
    return provenance(row) | {
        "app": "Viber",
        "person_id": row["number"],
        "name": row["name"],
        "phones": phones(row["number"]),
        "blocked": bool(row["blocked"]),
        "extra": as_json({name: row[name] for name in names}),
    }


def blocked(row: Mapping[str, Any]) -> dict[str, Any]:
    """A number that the owner has blocked."""
    return provenance(row) | {
        "app": "Viber",
        "person_id": row["number"],
        "name": row["name"],
        "phones": phones(row["number"]),
        "blocked": True,
        "extra": as_json({name: row[name] for name in ("blocked_at", "block_reason", "block_status")}),
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of viber_data."""
    return [data]
