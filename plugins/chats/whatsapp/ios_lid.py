"""WhatsApp for iOS, database LID.sqlite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import CONTACTS
from forensics.times import cocoa_s

from .stored import phones_of
from .which_app import WHATSAPP, app_of, asked

PAIR = """
SELECT '{app}' AS app,
  CASE WHEN instr(p.ZPHONENUMBER, '@') THEN p.ZPHONENUMBER ELSE ltrim(p.ZPHONENUMBER, '+') || '@s.whatsapp.net' END AS person_id,
  {p.ZTIMESTAMP} AS created_at,
  json_object('lid', CAST(CASE WHEN instr(p.ZLID, '@') THEN p.ZLID ELSE p.ZLID || '@lid' END AS TEXT)) AS extra,
  'ZWAPHONENUMBERLIDPAIR/Z_PK=' || p.Z_PK AS record
FROM ZWAPHONENUMBERLIDPAIR p
"""


@parser("whatsapp.ios.lid", files=["LID.sqlite"], test=sqlite.has(ZWAPHONENUMBERLIDPAIR=["ZLID", "ZPHONENUMBER"]))
def pairs(file: File) -> Iterator[Any]:
    """WhatsApp for iOS, phone numbers of hidden identities (LID.sqlite).

    Reads: each pair of a hidden identity (LID, in extra) and a phone number, and when it was noted, as contacts without name.

    Not read: other tables.

    Seen on: LID.sqlite of a backup test (1 pair).

    Source: schema of the named database; MVT.

    Tier: documented
    """
    app = app_of(file) or WHATSAPP
    with file.sqlite() as db:
        rows = asked(db, PAIR, app, every="ZWAPHONENUMBERLIDPAIR")
        yield from CONTACTS.rows(({**row, "phones": phones_of(row["person_id"])} for row in rows), created_at=cocoa_s)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of LID.sqlite."""
    return [pairs]
