"""What tables a database has, and which of them are not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics import Problem
from forensics.sqlite import Database


def there(db: Database, table: str) -> str | None:
    """The table, where this database has it."""
    return table if db.columns(table) else None


def unread(db: Database, tables: Iterable[str]) -> Iterator[Problem]:
    """Those of the tables that hold rows: they are not read."""
    for table in tables:
        if db.columns(table) and (rows := db.count(table)):
            yield Problem("not_read", f"table {table}: {rows:,} rows are not read", record=table)
