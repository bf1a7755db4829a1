"""Orders of text that an app brings along: Android's LOCALIZED, UNICODE, PHONEBOOK, and others.

SQLite refuses every query that compares by an order it does not know. Here all of them are the order of code points. An index
is sorted by the app's own order though, and a search in it by another finds less than there is, with no error. So on copies of
ours the indexes are built anew.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

BUILT_IN = {"BINARY", "NOCASE", "RTRIM"}
NAMED = re.compile(r"""\bCOLLATE\s+["'`\[]?(\w+)""", re.I)


def foreign(connection: sqlite3.Connection, schema: str = "main") -> set[str]:
    """Names of the orders that a schema speaks of and SQLite does not have."""
    told = connection.execute(f"SELECT sql FROM {schema}.sqlite_master WHERE sql LIKE '%collate%'")
    names = {name.upper() for (sql,) in told for name in NAMED.findall(sql)}
    return {name for name in names if name.isascii()} - BUILT_IN


def provide(connection: sqlite3.Connection, schemas: Iterable[str] = ("main",)) -> None:
    """Let a connection compare by whatever orders the schemas name."""
    for schema in schemas:
        for name in foreign(connection, schema):
            connection.create_collation(name, _by_code_point)


def build_indexes_anew(place: Path) -> None:
    """Sort the indexes of a copy by the orders that `provide` gives. Raises `sqlite3.DatabaseError`."""
    with closing(sqlite3.connect(place, isolation_level=None)) as connection:
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA journal_mode=OFF")
        for name in foreign(connection):
            connection.create_collation(name, _by_code_point)
            connection.execute(f"REINDEX {name}")


def _by_code_point(one: str, other: str) -> int:
    return (one > other) - (one < other)
