"""Kik for Android, database kikCoreDatabase.db: the accounts that were used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import ACCOUNTS

ACCOUNT = """
SELECT 'Kik' AS app, a.core_id AS account_id, NULLIF(a.username, '') AS username, 1 AS is_owner,
  NULLIF(json_patch('{}', json_object('active', CAST({a.is_active} AS INTEGER))), '{}') AS extra,
  'CoreTable/rowid=' || a.rowid AS record
FROM CoreTable a
"""


@parser("kik.android.account", files=["kikCoreDatabase.db"], test=sqlite.has(CoreTable=["username", "core_id"]))
def account(file: File) -> Iterator[Any]:
    """Kik for Android, database kikCoreDatabase.db.

    Reads: the accounts with user name and core id (which the names of the other databases begin with), and which is active.

    Not read: anything else in it.

    Seen on: no file of a device yet. Tested on invented rows in the published columns.

    Source: ALEAPP (Android 14, 17).

    Tier: documented
    """
    with file.sqlite() as db:
        yield from ACCOUNTS.batches(db.execute(ACCOUNT, every="CoreTable"))


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of kikCoreDatabase.db."""
    return [account]
