"""The result of a query on evidence: row by row as mappings, or column-wise as Arrow batches.

Both ways give each row its state. Where the write-ahead log changes what the database says, the query runs over both views:
a row in both is `live`, one that only the log gives is `wal`, one that the log has replaced or removed is `journal`. Where
deleted rows are to be recovered, what the query says of them comes last, with the state of where they lay.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from forensics.parsers import Problem
from forensics.sqlite.remains import Remains, digest, remains
from forensics.sqlite.salvage import sound_copy

if TYPE_CHECKING:
    from forensics.sqlite.database import Database

CHUNK = 16_384  # rows a batch


class Rows:
    """Rows of one query. `names`: result columns. `delivered`: rows given so far, of the current view."""

    def __init__(self, db: Database, sql: str, every: str | None) -> None:
        self.db = db
        self.sql = sql
        self.every = every
        self.delivered = 0
        cursor = db.current.execute(f"SELECT * FROM ({sql}\n) LIMIT 0")
        self.names = [column[0] for column in cursor.description]

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Rows as dicts: values as stored (int, float, str, bytes or None), and the key `state`.

        Damage in the middle of the table does not raise: what can be read is given, the rest is a problem of the database.
        """
        for state, values in self._tuples():
            row = dict(zip(self.names, values, strict=True))
            row["state"] = state
            yield row

    def chunks(self) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
        """The same as lists: states and tuples of values, `CHUNK` rows at a time."""
        yield from _chunked(self._tuples())

    def recovered_chunks(self) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
        """Results that rest on recovered rows alone, for when those in force were read another way."""
        yield from _chunked(self.recovered())

    @cached_property
    def remains(self) -> Remains:
        """What the query says of recovered rows, if the database is to recover any; what is read is taken out of it again."""
        return remains(self.db, self.sql, self.names, self.every)

    def recovered(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """State and values of results that rest on recovered rows; those in force are read to leave out what they say."""
        if self.remains:
            for view in (self.db.current, self.db.before if self.answered_before else None):
                for values in self._read(view) if view else ():
                    self.remains.seen(values)
        yield from self.remains

    def place(self, number: int) -> str:
        """What stands for the `record` of a row in force that has none, as its key is NULL: its number among the results."""
        return f"{self.every.split()[0] if self.every else 'a query'}, result {number}"

    def _tuples(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        record = self.names.index("record") if "record" in self.names else None
        for number, (state, values) in enumerate(self._in_force(), 1):
            if self.remains:
                self.remains.seen(values)
            if record is not None and values[record] is None:
                values = (*values[:record], self.place(number), *values[record + 1 :])
            yield state, values
        yield from self.remains
        self.check_count()

    def _in_force(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        before = self.db.before
        if before is None:
            yield from (("live", values) for values in self._read(self.db.current, counted=True))
        else:
            yield from self._both(before)

    def _both(self, before: sqlite3.Connection) -> Iterator[tuple[str, tuple[Any, ...]]]:
        if not self.answered_before:
            yield from (("wal", values) for values in self._read(self.db.current, counted=True))
            return
        older = {digest(values) for values in self._read(before)}
        newer = set()
        for values in self._read(self.db.current, counted=True):
            key = digest(values)
            newer.add(key)
            yield "live" if key in older else "wal", values
        if older - newer:
            yield from (("journal", values) for values in self._read(before) if digest(values) not in newer)

    @cached_property
    def answered_before(self) -> bool:
        """Whether the query makes sense without the log: its tables may all be in the log still."""
        if self.db.before is None:
            return False
        try:
            self.db.before.execute(f"SELECT * FROM ({self.sql}\n) LIMIT 0")
        except sqlite3.DatabaseError:
            return False
        return True

    def _read(self, connection: sqlite3.Connection, counted: bool = False) -> Iterator[tuple[Any, ...]]:
        given = 0
        try:
            for values in connection.execute(self.sql):
                given += 1
                self.delivered += counted
                yield values
        except sqlite3.DatabaseError as error:
            late = "interrupted" in str(error)
            self.problem("limit" if late or isinstance(error, sqlite3.DataError) else "damaged", given, error)
            if late:
                return
            for values in self._salvaged(connection, given):
                self.delivered += counted
                yield values

    def _salvaged(self, connection: sqlite3.Connection, given: int) -> Iterator[tuple[Any, ...]]:
        """Rows that the query gives from a copy without the damage, but for those that it gave before it met it."""
        known = set()
        with suppress(sqlite3.DatabaseError):
            for values in islice(connection.execute(self.sql), given):
                known.add(digest(values))
        target = self.db.views.current.with_name(f"salvaged-{len(self.db.problems)}")
        try:
            with closing(sound_copy(connection, target)) as copy:
                self.db.prepare(copy)
                yield from (values for values in copy.execute(self.sql) if digest(values) not in known)
        except sqlite3.DatabaseError as error:
            self.problem("damaged", given, error)
        finally:
            target.unlink(missing_ok=True)

    def problem(self, kind: str, given: int, error: Exception) -> None:
        """Note that the query ended early."""
        self.db.problems.append(
            Problem(kind, f"a query ended after {given:,} rows: {error}", detail=" ".join(self.sql.split()))
        )

    def check_count(self) -> None:
        """Compare what was delivered with the table that the query is to give whole (`every`)."""
        if self.every is not None:
            self.db.account(self.every, self.delivered, " ".join(self.sql.split()))


def _chunked(
    results: Iterator[tuple[str, tuple[Any, ...]]],
) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
    while chunk := list(islice(results, CHUNK)):
        states, rows = zip(*chunk, strict=True)
        yield list(states), list(rows)
