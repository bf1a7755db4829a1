"""Row ids that are not there: what was deleted leaves holes in the numbers, and the rows beside a hole say from when it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from forensics.parsers import Problem
from forensics.sqlite.template import quoted

if TYPE_CHECKING:
    from forensics.sqlite.database import Database

DENSE = 0.01  # share of the numbers that must be in use for them to be a count of rows, not ids from elsewhere
MAX_GAPS = 10_000  # of one table; what comes after them is one problem
HIGHEST = (  # where a database keeps the highest number that a table has ever given: AUTOINCREMENT, and Core Data
    "SELECT max(seq) FROM sqlite_sequence WHERE name = ? COLLATE NOCASE AND typeof(seq) = 'integer'",
    "SELECT max(Z_MAX) FROM Z_PRIMARYKEY WHERE 'Z' || Z_NAME = ? COLLATE NOCASE AND typeof(Z_MAX) = 'integer'",
)


class Gap(NamedTuple):
    """Row ids `first` to `last` of a table are missing. `key`: the name of the column that holds them. `alone`: no row is
    left in the table."""

    table: str
    key: str
    first: int
    last: int
    alone: bool

    def record(self, rowid: int) -> str:
        """A row as records of rows name it."""
        return f"{self.table}/{self.key}={rowid}"


class Gaps:
    """The gaps of the tables that a parser's queries give whole, and the times of the rows beside them.

    `times`: by record; None until the row has come by. Which column is the time, and by what clock, is the parser's knowledge.
    """

    def __init__(self) -> None:
        self.found: dict[str, list[Gap]] = {}
        self.times: dict[str, datetime | None] = {}

    def look(self, db: Database, table: str) -> Iterator[Problem]:
        """Note the gaps of a table; what cannot be noted is a problem."""
        if table in self.found:
            return
        self.found[table] = []
        with suppress(sqlite3.DatabaseError):
            self.found[table] = gaps(db, table)
        if len(self.found[table]) > MAX_GAPS:
            more = len(self.found[table]) - MAX_GAPS
            yield Problem("limit", f"{table}: {more:,} more gaps in its row ids are not listed", record=table)
            del self.found[table][MAX_GAPS:]
        for gap in self.found[table]:
            self.times |= {gap.record(gap.first - 1): None, gap.record(gap.last + 1): None}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows of the table `gaps`: of tables with rows in time, and of tables of which nothing is left."""
        for gap in (gap for each in self.found.values() for gap in each):
            before, after = (self.times.get(gap.record(n)) for n in (gap.first - 1, gap.last + 1))
            if before or after or gap.alone:
                yield {
                    "source_table": gap.table,
                    "first_id": gap.first,
                    "last_id": gap.last,
                    "missing": gap.last - gap.first + 1,
                    "row_before_at": before,
                    "row_after_at": after,
                    "record": gap.record(gap.first),
                }


def gaps(db: Database, table: str) -> list[Gap]:
    """Missing row ids of a table in force, from 1 to the highest one ever given.

    None for a table whose numbers are no count of its rows (fewer than one in a hundred is in use, or there are negative ones).
    Raises `sqlite3.DatabaseError`, also for a table WITHOUT ROWID.
    """
    name, key = quoted(table), _key(db, table)
    count, least, most = db.current.execute(f"SELECT count(*), min(rowid), max(rowid) FROM {name}").fetchone()
    highest = max(most or 0, _highest(db.current, table))
    if (count and (least < 1 or count < DENSE * highest)) or count == highest:
        return []
    found, last = [], 0
    for (rowid,) in db.current.execute(f"SELECT rowid FROM {name} ORDER BY rowid"):
        if rowid > last + 1:
            found.append(Gap(table, key, last + 1, rowid - 1, False))
        last = rowid
    if highest > last:
        found.append(Gap(table, key, last + 1, highest, not count))
    return found


def _key(db: Database, table: str) -> str:
    """The column that stands for the row id, `rowid` where none does."""
    info = db.current.execute(f"PRAGMA table_xinfo({quoted(table)})").fetchall()
    keys = [(name, kind) for _, name, kind, _, _, place, *_ in info if place]
    return keys[0][0] if len(keys) == 1 and str(keys[0][1]).upper() == "INTEGER" else "rowid"


def _highest(connection: sqlite3.Connection, table: str) -> int:
    """The highest row id that a table has ever had; 0 if the database does not say."""
    found = 0
    for query in HIGHEST:
        with suppress(sqlite3.DatabaseError):
            found = max(found, connection.execute(query, (table,)).fetchone()[0] or 0)
    return found
