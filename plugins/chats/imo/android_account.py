"""imo for Android, database accountdb.db."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, hookimpl, parser
from forensics.tables import ACCOUNTS

ACCOUNT = """
SELECT 'imo' AS app, a.uid AS account_id, NULLIF(a.name, '') AS name, {a.phone} AS phone, 1 AS is_owner,
  'account/uid=' || a.uid AS record
FROM account a
"""


def is_accountdb(file: File) -> bool:
    """The table alone says too little: many apps have accounts with an id and a name."""
    with file.sqlite() as db:
        return file.name.lower() == "accountdb.db" and db.has(account=["uid", "name"])


@parser("imo.android.account", files=["accountdb.db"], magic=["application/vnd.sqlite3"], test=is_accountdb)
def account(file: File) -> Iterator[Any]:
    """imo for Android, the account (accountdb.db).

    Reads: id and name of the account.

    Not read: other tables.

    Seen on: no file of a device yet. Tested on invented rows in published columns.

    Source: ALEAPP; Autopsy.

    Tier: documented
    """
    with file.sqlite() as db:
        yield from ACCOUNTS.batches(db.execute(ACCOUNT, every="account"))


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of accountdb.db."""
    return [account]
