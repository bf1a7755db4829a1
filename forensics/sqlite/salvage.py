"""What can still be read of a database after SQLite has met a damaged page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from forensics.sqlite.template import quoted

LAST = 2**63 - 1


def sound_copy(connection: sqlite3.Connection, target: Path) -> sqlite3.Connection:
    """A new database at `target` with every row that can be read, in tables without indexes and constraints.

    Each table is read in runs of row ids that go round what is damaged.
    """
    copy = sqlite3.connect(target, isolation_level=None, check_same_thread=False)
    copy.text_factory = connection.text_factory
    copy.execute("PRAGMA journal_mode=OFF")
    copy.execute("BEGIN")
    for name, columns in _tables(connection):
        names = ", ".join(quoted(c) for c in columns)
        copy.execute(f"CREATE TABLE {quoted(name)} ({names})")
        rows = _readable(connection, name, names)
        marks = ", ".join("?" * (len(columns) + 1))
        copy.executemany(f"INSERT INTO {quoted(name)} (rowid, {names}) VALUES ({marks})", map(_storable, rows))
    copy.execute("COMMIT")
    return copy


def _tables(connection: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    found = []
    with suppress(sqlite3.DatabaseError):
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        ).fetchall()
    for (name,) in found:
        with suppress(sqlite3.DatabaseError):
            yield name, [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(name)})")]


def _readable(connection: sqlite3.Connection, table: str, names: str) -> Iterator[tuple[Any, ...]]:
    """Rows (row id first) of a table, in runs: after an error, reading goes on at the next row id that answers."""
    query = f"SELECT rowid, {names} FROM {quoted(table)} WHERE rowid >= ? ORDER BY rowid"
    start: int | None = -LAST - 1
    while start is not None:
        last = start - 1
        try:
            with closing(connection.execute(query, (start,))) as run:
                for row in run:
                    last = row[0]
                    yield row
            return
        except sqlite3.DatabaseError:
            start = _next_answer(connection, table, max(last, -1) + 1)


def _next_answer(connection: sqlite3.Connection, table: str, after: int) -> int | None:
    """The lowest row id above `after` from which reading works again; None if there is none."""
    probe = f"SELECT rowid FROM {quoted(table)} WHERE rowid >= ? ORDER BY rowid LIMIT 1"

    def answer(start: int) -> int | None:
        try:
            found = connection.execute(probe, (start,)).fetchone()
        except sqlite3.DatabaseError:
            return None
        return found[0] if found else LAST

    bad, step = after, 1
    while after + step < LAST and answer(after + step) is None:
        bad, step = after + step, step * 2
    good = after + step
    if good >= LAST:
        return None
    while good - bad > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if answer(middle) is not None else (good, middle)
    return good if answer(good) != LAST else None


def _storable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Text that is no UTF-8 goes into the copy as the bytes it was."""
    return tuple(
        v.encode("utf-8", "surrogateescape") if isinstance(v, str) and not v.isascii() and _odd(v) else v for v in row
    )


def _odd(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)
