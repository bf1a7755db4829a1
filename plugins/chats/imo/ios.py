"""imo for iOS, database IMODb2.sqlite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.tables import ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PLACES
from forensics.times import unix_ns

from ..keyed_archive import NotAnArchive, unarchived
from ..stored_tables import unread
from ..untrusted import given
from . import imdata

# ZBUID is the chat, ZA_UID who wrote: nobody in own messages.
MESSAGE = """
SELECT m.Z_PK AS message_id, COALESCE(NULLIF({m.ZBUID}, ''), {m.ZA_UID}) AS chat_id,
  COALESCE(NULLIF({chat.ZREMARKNAME}, ''), NULLIF({chat.ZPH_NAME}, ''), NULLIF({chat.ZDISPLAY}, '')) AS chat_name,
  CASE {chat.ZIS_GROUP} WHEN 1 THEN 'group' WHEN 0 THEN 'direct' END AS chat_kind, m.ZTS AS sent_at, m.ZISSENT AS sent,
  NULLIF({m.ZA_UID}, '') AS writer,
  COALESCE(NULLIF({m.ZALIAS}, ''), NULLIF({person.ZREMARKNAME}, ''), NULLIF({person.ZPH_NAME}, ''),
           NULLIF({person.ZDISPLAY}, '')) AS writer_name,
  NULLIF({m.ZALIAS}, '') AS alias, m.ZTEXT AS text, {m.ZTYPE} AS type, {m.ZSTATE} AS status, {m.ZIMDATA} AS imdata,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({m.ZSENDERTS}, 0) / 1000000000.0, 'unixepoch') AS sender_at,
  NULLIF({m.ZLOCATIONIMAGEURL}, '') AS location_image_url, 'ZIMOCHATMSG/Z_PK=' || m.Z_PK AS record
FROM ZIMOCHATMSG m
LEFT JOIN (SELECT c.ZBUID, MIN(c.Z_PK) AS pk FROM ZIMOCONTACT c GROUP BY c.ZBUID) chats
  ON chats.ZBUID = COALESCE(NULLIF({m.ZBUID}, ''), {m.ZA_UID})
LEFT JOIN ZIMOCONTACT chat ON chat.Z_PK = chats.pk
LEFT JOIN (SELECT w.ZBUID, MIN(w.Z_PK) AS pk FROM ZIMOCONTACT w GROUP BY w.ZBUID) writers ON writers.ZBUID = {m.ZA_UID}
LEFT JOIN ZIMOCONTACT person ON person.Z_PK = writers.pk
"""
CONTACT = """
SELECT 'imo' AS app, c.ZBUID AS person_id,
  COALESCE(NULLIF({c.ZREMARKNAME}, ''), NULLIF({c.ZPH_NAME}, ''), NULLIF({c.ZDISPLAY}, ''), NULLIF({c.ZALIAS}, '')) AS name,
  CASE WHEN COALESCE(NULLIF({c.ZFORMATED_PHONE}, ''), NULLIF({c.ZPHONE}, ''), NULLIF({c.ZDIGIT_PHONE}, '')) IS NOT NULL THEN
    json_array(CAST(COALESCE(NULLIF({c.ZFORMATED_PHONE}, ''), NULLIF({c.ZPHONE}, ''), NULLIF({c.ZDIGIT_PHONE}, '')) AS TEXT))
  END AS phones,
  NULLIF(json_patch('{}', json_object('alias', CAST(NULLIF({c.ZALIAS}, '') AS TEXT),
    'display', CAST(NULLIF({c.ZDISPLAY}, '') AS TEXT), 'phone_as_entered', CAST(NULLIF({c.ZPHONE}, '') AS TEXT),
    'digits', CAST(NULLIF({c.ZDIGIT_PHONE}, '') AS TEXT), 'is_group', CAST({c.ZIS_GROUP} AS INTEGER),
    'icon_id', CAST(NULLIF({c.ZICON_ID}, '') AS TEXT))), '{}') AS extra,
  'ZIMOCONTACT/Z_PK=' || c.Z_PK AS record
FROM ZIMOCONTACT c
"""
DIRECTIONS = {0: "incoming", 1: "outgoing"}
UPLOADED = re.compile(r"uploaded (\w{1,40}): (https?://\S+)")
UPLOADED_KINDS = {"photo": "image"}


@parser(
    "imo.ios",
    files=["IMODb2.sqlite"],
    test=sqlite.has(ZIMOCHATMSG=["Z_PK", "ZTS", "ZISSENT", "ZTEXT"], ZIMOCONTACT=["Z_PK", "ZBUID"]),
)
def imo(file: File) -> Iterator[Any]:
    """imo for iOS, database IMODb2.sqlite.

    Reads: messages with their writer, the files, places and calls that their data (ZIMDATA, an Apple archive) names, files
    that only the text names (`uploaded photo: https://...`); contacts and groups with their numbers. Times are Unix
    nanoseconds: ZTS is given, ZSENDERTS is in extra.

    Not read: recent calls (ZIMORECENTCALL: rows of it are a problem), settings, pictures; what ZSTATE and ZTYPE mean (as
    stored, ZSTATE as status).

    Seen on: no file of a device yet. Tested on invented rows in published columns.

    Source: iLEAPP (imo 7.1 and 7.2); plaso; a published description of ZIMDATA.

    Tier: documented
    """
    with file.sqlite() as db:
        for row in db.execute(MESSAGE, every="ZIMOCHATMSG"):
            data, problems = decoded(row)
            yield from problems
            yield from read_message(row, data)
        yield from CONTACTS.batches(db.execute(CONTACT, every="ZIMOCONTACT"))
        yield from unread(db, ["ZIMORECENTCALL"])


def decoded(row: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The dictionary in ZIMDATA; empty, with a problem, where it is none."""
    stored = row["imdata"]
    if not stored:
        return {}, []
    try:
        data = unarchived(stored)
    except (NotAnArchive, TypeError) as error:
        return {}, [Problem("not_understood", f"ZIMDATA is no archive: {error}", record=row["record"])]
    if not isinstance(data, dict):
        return {}, [Problem("not_understood", "ZIMDATA holds no dictionary", record=row["record"])]
    return data, []


def read_message(row: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Any]:
    """A row of the query as a message, with its files, place and call."""
    uploaded = UPLOADED.fullmatch(row["text"].strip()) if not data and isinstance(row["text"], str) else None
    kind = UPLOADED_KINDS.get(uploaded[1], "unknown") if uploaded else imdata.kind_of(data)
    direction = DIRECTIONS.get(row["sent"], "unknown")
    place = imdata.position(data)
    base = {"app": "imo", **{key: row[key] for key in ("chat_id", "record", "state")}}
    message = {
        **base,
        **{key: row[key] for key in ("chat_name", "chat_kind", "message_id", "sent_at", "text", "status")},
        "sender_id": row["writer"],
        "sender_name": row["writer_name"] if direction == "incoming" else None,
        "direction": direction,
        "kind": kind,
        "raw_kind": imdata.code_of(data) or row["type"],
        **place,
        "extra": given(
            type=row["type"],
            alias=row["alias"] if direction != "incoming" else None,
            sender_at=row["sender_at"],
            location_image_url=row["location_image_url"],
            imdata=imdata.noted(data),
        ),
    }
    yield from MESSAGES.rows([message], sent_at=unix_ns)
    sent = {**base, "message_id": row["message_id"]}
    yield from ATTACHMENTS.rows([{**sent, "url": uploaded[2]}] if uploaded else imdata.attachments(data, sent))
    if place:
        at = {key: row[key] for key in ("record", "state")} | {"at": row["sent_at"], "ref": row["message_id"]}
        yield from PLACES.rows([{**at, **place, "kind": "message", "label": imdata.label(data)}], at=unix_ns)
    if kind == "call":
        peer = {"peer_id": row["chat_id"], "peer_name": row["chat_name"], "direction": direction}
        made = {"call_id": row["message_id"], "started_at": row["sent_at"]}
        yield from CALLS.rows([{**base, **made, **peer, **imdata.call(data)}], started_at=unix_ns)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of IMODb2.sqlite."""
    return [imo]
