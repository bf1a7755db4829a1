"""Row ids that are not there: what was deleted leaves holes in the numbers, and the rows beside a hole say from when it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from forensics.parsers import Problem
from forensics.sqlite.template import quoted
from forensics.times import Clock, NotATime

if TYPE_CHECKING:
    from forensics.sqlite.database import Database

DENSE = 0.01  # share of the numbers that must be in use for them to be a count of rows, not ids from elsewhere


class Gap(NamedTuple):
    """Row ids `first` to `last` are missing, `missing` of them. `before`, `after`: the time column, as stored, of the rows beside
    them; None where there is no row or no time."""

    first: int
    last: int
    missing: int
    before: Any
    after: Any


def gaps(db: Database, table: str, time_column: str) -> list[Gap]:
    """Missing row ids of a table in force, from 1 to the highest one ever given (`sqlite_sequence`, for AUTOINCREMENT).

    None for a table whose numbers are no count of its rows (fewer than one in a hundred is in use, or there are negative ones).
    Raises `sqlite3.DatabaseError`, also for a table WITHOUT ROWID.
    """
    found = []
    last, before, present = 0, None, 0
    query = f"SELECT rowid, {quoted(time_column)} FROM {quoted(table)} ORDER BY rowid"
    for rowid, at in db.current.execute(query):
        if rowid < 1:
            return []
        if rowid > last + 1:
            found.append(Gap(last + 1, rowid - 1, rowid - last - 1, before, at))
        last, before, present = rowid, at, present + 1
    highest = _highest(db.current, table)
    if highest > last:
        found.append(Gap(last + 1, highest, highest - last, before, None))
        last = highest
    return found if present >= DENSE * last or not present else []


def _highest(connection: sqlite3.Connection, table: str) -> int:
    """The highest row id that an AUTOINCREMENT table has ever had; 0 if the database does not say."""
    with suppress(sqlite3.DatabaseError):
        query = "SELECT max(seq) FROM sqlite_sequence WHERE name = ? COLLATE NOCASE AND typeof(seq) = 'integer'"
        return connection.execute(query, (table,)).fetchone()[0] or 0
    return 0


def gap_problems(db: Database, table: str, time_column: str, clock: Clock) -> Iterator[Problem]:
    """The gaps of a table as problems: how many rows are not there, and between which times they were written."""
    for gap in gaps(db, table, time_column):
        ids = f"row id {gap.first} is" if gap.missing == 1 else f"{gap.missing:,} row ids are"
        span = "" if gap.missing == 1 else f" between {gap.first} and {gap.last}"
        when = f"written between {_shown(gap.before, clock)} and {_shown(gap.after, clock)}"
        yield Problem(
            "not_read", f"{table}: {ids} missing{span}, {when}", record=f"{table}/rowid={gap.first}", stage="check"
        )


def _shown(value: Any, clock: Clock) -> str:
    """A time of a row, as an instant in UTC; as stored if it is none."""
    with suppress(NotATime, TypeError):
        instant = clock(value)
        return f"{instant:%Y-%m-%d %H:%M:%S} UTC" if instant else "an unknown time"
    return repr(value)
