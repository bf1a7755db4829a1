"""WhatsApp for iOS, database CallHistory.sqlite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import CALLS
from forensics.times import cocoa_s

from ..stored_tables import unread
from .which_app import WHATSAPP, app_of, asked

# ZnCALLEVENTS and ZnPARTICIPANTS point to ZWAAGGREGATECALLEVENT: Core Data puts the number of the parent's entity into the name,
# and that number changes between releases. It is filled in from the schema. Direction and video are the parent's.
CALL = """
WITH book AS MATERIALIZED (
  SELECT CASE WHEN instr(CAST(entry.ZWHATSAPPID AS TEXT), '@') THEN CAST(entry.ZWHATSAPPID AS TEXT)
              ELSE CAST(entry.ZWHATSAPPID AS TEXT) || '@s.whatsapp.net' END AS jid,
         MAX(NULLIF(CAST({entry.ZFULLNAME} AS TEXT), '')) AS name
  FROM contacts.ZWAADDRESSBOOKCONTACT entry WHERE entry.ZWHATSAPPID IS NOT NULL GROUP BY 1
),
pairs AS MATERIALIZED (
  SELECT CASE WHEN instr(pair.ZLID, '@') THEN pair.ZLID ELSE pair.ZLID || '@lid' END AS lid,
         MAX(CASE WHEN instr(pair.ZPHONENUMBER, '@') THEN pair.ZPHONENUMBER
                  ELSE ltrim(pair.ZPHONENUMBER, '+') || '@s.whatsapp.net' END) AS phone
  FROM lids.ZWAPHONENUMBERLIDPAIR pair GROUP BY 1
),
others AS MATERIALIZED (
  SELECT part.Z1PARTICIPANTS AS parent, MIN(part.ZJIDSTRING) AS first, COUNT(*) AS many,
         json_group_array(CAST(COALESCE(pairs.phone, part.ZJIDSTRING) AS TEXT)) AS members
  FROM ZWACDCALLEVENTPARTICIPANT part LEFT JOIN pairs ON pairs.lid = part.ZJIDSTRING
  WHERE part.ZJIDSTRING IS NOT NULL GROUP BY part.Z1PARTICIPANTS
)
SELECT '{app}' AS app, {e.ZCALLIDSTRING} AS call_id,
  COALESCE(NULLIF({e.ZGROUPJIDSTRING}, ''), others.first) AS chat_id, e.ZDATE AS started_at, {e.ZDURATION} AS duration_s,
  CASE {a.ZINCOMING} WHEN 1 THEN 'incoming' WHEN 0 THEN 'outgoing' ELSE 'unknown' END AS direction,
  CASE {e.ZOUTCOME} WHEN 0 THEN CASE WHEN {e.ZDURATION} > 0 THEN 'answered' ELSE 'ended' END
    WHEN 1 THEN 'missed' WHEN 4 THEN 'rejected'
    ELSE 'unknown (' || {e.ZOUTCOME} || ')' END AS outcome,
  {a.ZVIDEO} AS video, COALESCE(one.phone, others.first) AS peer_id, book.name AS peer_name,
  CASE WHEN others.many > 1 THEN others.members END AS members,
  NULLIF(json_patch('{}', json_object('outcome', CAST({e.ZOUTCOME} AS INTEGER), 'missed', CAST(NULLIF({a.ZMISSED}, 0) AS INTEGER),
    'lid', CAST(CASE WHEN one.phone IS NOT NULL THEN others.first END AS TEXT),
    'creator', CAST(NULLIF({e.ZGROUPCALLCREATORUSERJIDSTRING}, '') AS TEXT), 'aggregate', CAST(a.Z_PK AS INTEGER),
    'bytes_sent', CAST(NULLIF({e.ZBYTESSENT}, 0) AS INTEGER),
    'bytes_received', CAST(NULLIF({e.ZBYTESRECEIVED}, 0) AS INTEGER))), '{}') AS extra,
  'ZWACDCALLEVENT/Z_PK=' || e.Z_PK AS record
FROM ZWACDCALLEVENT e
LEFT JOIN ZWAAGGREGATECALLEVENT a ON a.Z_PK = e.Z1CALLEVENTS
LEFT JOIN others ON others.parent = e.Z1CALLEVENTS
LEFT JOIN pairs one ON one.lid = others.first
LEFT JOIN book ON book.jid = COALESCE(one.phone, others.first)
"""
# A parent with no event left of its own is a call all the same.
LONE = """
SELECT '{app}' AS app, a.ZFIRSTDATE AS started_at,
  CASE {a.ZINCOMING} WHEN 1 THEN 'incoming' WHEN 0 THEN 'outgoing' ELSE 'unknown' END AS direction,
  CASE WHEN {a.ZMISSED} = 1 THEN 'missed' END AS outcome, {a.ZVIDEO} AS video, others.peer_id,
  CASE WHEN others.many > 1 THEN others.members END AS members, 'ZWAAGGREGATECALLEVENT/Z_PK=' || a.Z_PK AS record
FROM ZWAAGGREGATECALLEVENT a
LEFT JOIN (
  SELECT part.Z1PARTICIPANTS AS parent, MIN(part.ZJIDSTRING) AS peer_id, COUNT(*) AS many,
         json_group_array(CAST(part.ZJIDSTRING AS TEXT)) AS members
  FROM ZWACDCALLEVENTPARTICIPANT part GROUP BY part.Z1PARTICIPANTS
) others ON others.parent = a.Z_PK
WHERE a.Z_PK NOT IN (SELECT e.Z1CALLEVENTS FROM ZWACDCALLEVENT e WHERE e.Z1CALLEVENTS IS NOT NULL)
"""
PARENT = re.compile(r"Z(\d*)(CALLEVENTS|PARTICIPANTS)", re.IGNORECASE)


@parser("whatsapp.ios.calls", files=["CallHistory.sqlite"], test=sqlite.has(ZWACDCALLEVENT=["ZDATE"]))
def calls(file: File) -> Iterator[Any]:
    """WhatsApp for iOS, calls (CallHistory.sqlite), also of WhatsApp Business.

    Reads: every call with start, length, outcome, direction, video and persons, whether or not a chat with them exists; and
    calls of which only the summary is left. Names from ContactsV2.sqlite, phone identities from LID.sqlite where these lie
    beside. Times are seconds since 2001. Outcome 0 is `answered` where the call has a length, else `ended`.

    Not read: joinable and upcoming calls (ZWAJOINABLECALLEVENT, ZWAUPCOMINGCALLEVENT): rows of these are a problem.

    Seen on: no file of a device yet. Tested on invented rows in the published schema, with both numbers of the parent's entity.

    Source: iLEAPP, whatsAppCallHistory (schema, outcomes, checked there on 20 calls of five phones).

    Tier: documented
    """
    app = app_of(file) or WHATSAPP
    with file.sqlite(beside={"contacts": "ContactsV2.sqlite", "lids": "LID.sqlite"}) as db:
        yield from CALLS.batches(asked(db, resolved(db, CALL), app, every="ZWACDCALLEVENT"), started_at=cocoa_s)
        if db.has(ZWAAGGREGATECALLEVENT=["ZFIRSTDATE"]):
            yield from CALLS.batches(asked(db, resolved(db, LONE), app), started_at=cocoa_s)
        yield from unread(db, ("ZWAJOINABLECALLEVENT", "ZWAUPCOMINGCALLEVENT"))


def resolved(db: Database, query: str) -> str:
    """The query with the columns that point to the parent named as this schema names them."""
    for table, column in (("ZWACDCALLEVENT", "CALLEVENTS"), ("ZWACDCALLEVENTPARTICIPANT", "PARTICIPANTS")):
        found = [c for c in db.columns(table) if (m := PARENT.fullmatch(c)) and m[2].upper() == column]
        query = query.replace(f".Z1{column}", f".{found[0]}") if found else query
    return query


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of CallHistory.sqlite."""
    return [calls]
