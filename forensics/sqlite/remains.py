"""What a query would say of the recovered rows, less what it says of the rows in force."""

from __future__ import annotations

import marshal
import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from forensics.parsers import Problem
from forensics.sqlite.template import quoted
from forensics.sqlite.trace import NUMBER, Untraceable, trace

if TYPE_CHECKING:
    from forensics.sqlite.database import Database


class Result(NamedTuple):
    """A result that rests on a recovered row: its state, and the values with the place of that row appended to `record`."""

    state: str
    values: tuple[Any, ...]


class Remains:
    """Results that rest on recovered rows, until a result of rows in force is `seen` that says the same.

    Where the row id is lost, and with it `record`, a result in force says the same if it agrees in all columns that are set.
    """

    def __init__(self) -> None:
        self._exact: dict[bytes, Result] = {}
        self._partly: dict[tuple[int, ...], dict[bytes, Result]] = {}

    def __bool__(self) -> bool:
        return bool(self._exact) or any(self._partly.values())

    def __iter__(self) -> Iterator[Result]:
        yield from self._exact.values()
        for results in self._partly.values():
            yield from results.values()

    def add(self, values: tuple[Any, ...], result: Result, lost: bool) -> None:
        """Take a result in; of several that say the same the first stays."""
        if lost:
            columns = tuple(n for n, value in enumerate(values) if value is not None)
            self._partly.setdefault(columns, {}).setdefault(_digest_of(values, columns), result)
        else:
            self._exact.setdefault(digest(values), result)

    def seen(self, values: tuple[Any, ...], key: bytes | None = None) -> None:
        """A result of rows in force: what says the same is none of the remains. `key`: its digest, if known."""
        if self._exact:
            self._exact.pop(key or digest(values), None)
        for columns, results in self._partly.items():
            if results:
                results.pop(_digest_of(values, columns), None)


def remains(db: Database, sql: str, names: Sequence[str], every: str | None) -> Remains:
    """What a query with the columns `names` says of recovered rows. A query without the column `record` says nothing: a row
    that cannot tell where it lies is none."""
    found = Remains()
    if not db.recover or "record" not in names or db.remains is None or db.overlay is None:
        return found
    record = names.index("record")
    whole = every.split()[0] if every else None
    try:
        traced = trace(sql, db.overlay.tables, whole)
        if traced is None:
            return found
        places = db.remains.execute(f"SELECT number, name, state, place FROM recovered.{quoted(NUMBER)}").fetchall()
        by_number = {number: place for number, *place in places}
        for *given, number in db.remains.execute(traced):
            if number is None:
                continue
            table, state, place = by_number[number]
            values = (*given[:record], f"{given[record] or table} {place}", *given[record + 1 :])
            found.add(tuple(given), Result(state, values), given[record] is None)
    except (Untraceable, sqlite3.DatabaseError) as error:
        late = "interrupted" in str(error)
        message = f"recovered rows are missing from a query: {error}"
        db.problems.append(Problem("limit" if late else "not_read", message, detail=" ".join(sql.split())))
    return found


def digest(values: tuple[Any, ...]) -> bytes:
    """What stands for a row in sets of rows."""
    return blake2b(marshal.dumps(values, 2), digest_size=12).digest()


def _digest_of(values: tuple[Any, ...], columns: tuple[int, ...]) -> bytes:
    return digest(tuple(values[n] for n in columns))
