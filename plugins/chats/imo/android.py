"""imo for Android, database imofriends.db."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.tables import ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PLACES
from forensics.times import unix_ns

from ..untrusted import given
from . import imdata

# Whoever wrote to the account need not be a friend: the join keeps them. `author` is the person, a semicolon, the network.
MESSAGE = """
SELECT owner.uid AS account_id, owner.name AS account_name, m.rowid AS message_id, m.buid AS chat_id,
  COALESCE(NULLIF(f.note_name, ''), NULLIF(f.name, ''), NULLIF(f.display, ''), NULLIF({m.alias}, '')) AS chat_name,
  m.timestamp AS sent_at, m.message_type AS type, m.last_message AS text, m.imdata,
  COALESCE(NULLIF(substr({m.author}, 1, instr({m.author} || ';', ';') - 1), ''), m.buid) AS writer,
  NULLIF({m.author_alias}, '') AS writer_name, {m.message_state} AS message_state, {m.message_read} AS message_read,
  {m.view_type} AS view_type, {m.delete_type} AS delete_type, {m.msg_id} AS msg_id,
  NULLIF({m.expiration_timestamp}, 0) AS expiration,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({m.sender_timestamp_nano}, 0) / 1000000000.0, 'unixepoch') AS sender_at,
  'messages/_id=' || m.rowid AS record
FROM messages m
LEFT JOIN (
  SELECT r.buid, MAX({r.note_name}) AS note_name, MAX({r.name}) AS name, MAX({r.display}) AS display
  FROM friends r GROUP BY r.buid
) f ON f.buid = m.buid
LEFT JOIN (
  SELECT MAX(a.uid) AS uid, MAX(NULLIF({a.name}, '')) AS name FROM own.account a GROUP BY 1 = 1 HAVING COUNT(DISTINCT a.uid) = 1
) owner ON 1
"""
FRIEND = """
SELECT 'imo' AS app, f.buid AS person_id, COALESCE(NULLIF({f.name}, ''), NULLIF({f.display}, '')) AS name,
  numbers.phones AS phones,
  NULLIF(json_patch('{}', json_object('display', CAST(NULLIF({f.display}, '') AS TEXT),
    'note_name', CAST(NULLIF({f.note_name}, '') AS TEXT), 'type', CAST(NULLIF({f.type}, '') AS TEXT),
    'gid', CAST(NULLIF({f.gid}, '') AS TEXT), 'starred', CAST(NULLIF({f.starred}, 0) AS INTEGER),
    'last_active', CAST(NULLIF({f.last_active_times}, 0) AS INTEGER))), '{}') AS extra,
  'friends/_id=' || f.rowid AS record
FROM friends f
LEFT JOIN (
  SELECT n.uid, json_group_array(CAST(n.phone AS TEXT)) AS phones FROM phone_numbers n WHERE n.phone IS NOT NULL GROUP BY n.uid
) numbers ON numbers.uid = f.buid
"""
DIRECTIONS = {0: "outgoing", 1: "incoming"}


@parser(
    "imo.android",
    files=["imofriends.db"],
    test=sqlite.has(
        messages=["buid", "imdata", "last_message", "timestamp", "message_type"],
        friends=["buid"],
    ),
)
def imo(file: File) -> Iterator[Any]:
    """imo for Android, database imofriends.db.

    Reads: messages, those of persons who are no friends too; the files, places and calls that their data (imdata, JSON) names;
    friends with their numbers. The account comes from accountdb.db beside. Times are Unix nanoseconds. message_type 1 is
    incoming, 0 outgoing; others are unknown, for sources take them for outgoing only because they are not 1.

    Not read: groups' members, profiles, albums, stories, drafts; what view_type, message_state and delete_type mean.

    Seen on: no file of a device yet. Tested on invented rows in published columns.

    Source: ALEAPP; Autopsy (imo 9.8.0); a published model of the schema; names in imdata as imo for iOS uses them.

    Tier: documented
    """
    with file.sqlite(beside={"own": "accountdb.db"}) as db:
        for row in db.execute(MESSAGE, every="messages"):
            data, problems = decoded(row)
            yield from problems
            yield from read_message(row, data)
        yield from CONTACTS.batches(db.execute(FRIEND, every="friends"))


def decoded(row: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The dictionary in imdata; empty, with a problem, where it is none."""
    stored = row["imdata"]
    if stored in (None, "", b""):
        return {}, []
    try:
        data = json.loads(stored)
    except (ValueError, TypeError, RecursionError) as error:
        return {}, [Problem("not_understood", f"imdata is no JSON: {error}", record=row["record"])]
    if not isinstance(data, dict):
        return {}, [Problem("not_understood", "imdata is no object", record=row["record"], detail=str(stored)[:200])]
    return data, []


def read_message(row: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Any]:
    """A row of the query as a message, with its files, place and call."""
    kind = imdata.kind_of(data)
    direction = DIRECTIONS.get(row["type"], "unknown")
    place = imdata.position(data)
    base = {"app": "imo", **{key: row[key] for key in ("chat_id", "record", "state")}}
    extra = given(
        message_type=row["type"],
        **{key: row[key] for key in ("message_read", "view_type", "delete_type", "msg_id", "expiration", "sender_at")},
        imdata=imdata.noted(data),
    )
    friend = row["chat_name"] if row["writer"] == row["chat_id"] else None
    senders = {
        "incoming": (row["writer"], row["writer_name"] or friend),
        "outgoing": (row["account_id"], row["account_name"]),
    }
    sender_id, sender_name = senders.get(direction, (None, None))
    message = {
        **base,
        **{key: row[key] for key in ("account_id", "chat_name", "message_id", "sent_at", "text")},
        "sender_id": sender_id,
        "sender_name": sender_name,
        "direction": direction,
        "kind": kind,
        "raw_kind": imdata.code_of(data) or row["view_type"],
        "status": row["message_state"],
        **place,
        "extra": extra,
    }
    yield from MESSAGES.rows([message], sent_at=unix_ns)
    yield from ATTACHMENTS.rows(imdata.attachments(data, {**base, "message_id": row["message_id"]}))
    if place:
        at = {key: row[key] for key in ("record", "state")} | {"at": row["sent_at"], "ref": row["message_id"]}
        yield from PLACES.rows([{**at, **place, "kind": "message", "label": imdata.label(data)}], at=unix_ns)
    if kind == "call":
        peer = {"peer_id": row["chat_id"], "peer_name": row["chat_name"], "direction": direction}
        made = {"account_id": row["account_id"], "call_id": row["message_id"], "started_at": row["sent_at"]}
        yield from CALLS.rows([{**base, **made, **peer, **imdata.call(data)}], started_at=unix_ns)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of imofriends.db."""
    return [imo]
