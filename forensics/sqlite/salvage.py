"""What can still be read of a database after SQLite has met a damaged page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from forensics.sqlite.template import quoted, sayable

LAST = 2**63 - 1


def sound_copy(connection: sqlite3.Connection, target: Path) -> sqlite3.Connection:
    """A new database at `target` with every row that can be read, in tables without indexes and constraints.

    Each table is read in runs of row ids that go round what is damaged.
    """
    copy = sqlite3.connect(target.absolute().as_uri(), uri=True, isolation_level=None, check_same_thread=False)
    copy.execute("PRAGMA journal_mode=OFF")
    copy.execute("BEGIN")
    for name, columns in _tables(connection):
        copy.execute(f"CREATE TABLE {quoted(name)} ({', '.join(map(quoted, columns))})")
        row_id = _row_id(connection, name, columns)
        names = ", ".join(map(quoted, [row_id, *columns] if row_id else columns))
        rows = _in_runs(connection, name, row_id, names) if row_id else _as_far_as_it_goes(connection, name, names)
        for row in rows:
            marks, values = zip(*map(_storable, row), strict=True)
            copy.execute(f"INSERT OR IGNORE INTO {quoted(name)} ({names}) VALUES ({', '.join(marks)})", values)
    copy.execute("COMMIT")
    return copy


def _tables(connection: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    found = []
    with suppress(sqlite3.DatabaseError):
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        ).fetchall()
    for name in filter(sayable, (name for (name,) in found)):
        with suppress(sqlite3.DatabaseError):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(name)})")]
            yield name, list(filter(sayable, columns))


def _row_id(connection: sqlite3.Connection, table: str, columns: list[str]) -> str | None:
    """A name of the row id that no column has taken; None for a table without row ids."""
    taken = {column.lower() for column in columns}
    name = next((name for name in ("rowid", "_rowid_", "oid") if name not in taken), None)
    with suppress(sqlite3.DatabaseError):
        connection.execute(f"SELECT {name} FROM {quoted(table)} LIMIT 0")
        return name
    return None


def _as_far_as_it_goes(connection: sqlite3.Connection, table: str, names: str) -> Iterator[tuple[Any, ...]]:
    with suppress(sqlite3.DatabaseError):
        yield from connection.execute(f"SELECT {names} FROM {quoted(table)}")


def _in_runs(connection: sqlite3.Connection, table: str, row_id: str, names: str) -> Iterator[tuple[Any, ...]]:
    """Rows (row id first) of a table, in runs: after an error, reading goes on at the next row id that answers."""
    query = f"SELECT {names} FROM {quoted(table)} WHERE {row_id} >= ? ORDER BY {row_id}"
    ids = f"SELECT {row_id} FROM {quoted(table)} WHERE {row_id} >= ? ORDER BY {row_id}"
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
            ahead = _first(connection, query, last + 1)
            if ahead:  # Python reads one row ahead, and loses the last good one to the error
                yield ahead
                last = ahead[0]
            start = _next_answer(connection, ids, last)


def _first(connection: sqlite3.Connection, query: str, start: int) -> tuple[Any, ...] | None:
    """The first row from a row id on: empty at the end of the table, None where it cannot be read."""
    try:
        return connection.execute(f"{query} LIMIT 1", (start,)).fetchone() or ()
    except sqlite3.DatabaseError:
        return None


def _next_answer(connection: sqlite3.Connection, query: str, last: int) -> int | None:
    """The row id to go on from, behind the row or the pages after `last` that cannot be read; None if there is none."""

    def answer(start: int) -> int | None:
        found = _first(connection, query, start)
        return None if found is None else found[0] if found else LAST

    stuck = answer(last + 1)
    if stuck is not None:  # its id can be read, its values cannot
        return stuck + 1 if stuck < LAST else None
    bad, step = last + 1, 1
    while bad + step < LAST and answer(bad + step) is None:
        bad, step = bad + step, step * 2
    good = bad + step
    if good >= LAST:
        return _next_answer(connection, query, -1) if last < -1 else None
    while good - bad > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if answer(middle) is not None else (good, middle)
    return good if answer(good) != LAST else None


def _storable(value: Any) -> tuple[str, Any]:
    """A value and its place in an INSERT: text that is no UTF-8 goes into the copy as text of the bytes it was."""
    if isinstance(value, str) and not value.isascii():
        return "CAST(? AS TEXT)", value.encode("utf-8", "surrogateescape")
    return "?", value
