"""Databases as evidence needs them: read from a private copy, with and without their write-ahead log.

Parsers open a database with `file.sqlite()` and declare what they expect of it with `sqlite.has(...)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.sqlite.database import Database
from forensics.sqlite.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAGIC = b"SQLite format 3\0"
WAL_MAGIC = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
JOURNAL_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
COMPANIONS = ("-wal", "-journal")

__all__ = ["COMPANIONS", "JOURNAL_MAGIC", "MAGIC", "WAL_MAGIC", "Database", "Rows", "has"]


def has(**tables: Iterable[str]) -> Callable[[Any], bool]:
    """A test for `@parser`: the file is a database with these tables, each with at least these columns.

    `sqlite.has(message=["timestamp", "text_data"], jid=["raw_string"])`. Views and virtual tables do not count.
    """
    structure = {table: tuple(columns) for table, columns in tables.items()}

    def test(file: Any) -> bool:
        with file.sqlite() as db:
            return db.has(**structure)

    test.structure = structure  # type: ignore[attr-defined]
    return test
