"""Deleted rows, and older versions of rows, of any database: from pages that are free, from space inside pages that no cell
uses, and from page versions that the write-ahead log or a rollback journal still holds.

Nothing found here is ever part of the live rows. What equals a live row, which is what most remains are (SQLite moves rows from
page to page), is left out. A wrong row is worse than a missed one: what fits two tables equally well is left out as well.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics.sqlite import carve
from forensics.sqlite.carve import Cell, Unreadable
from forensics.sqlite.collations import provide
from forensics.sqlite.copy import database_errors, settle
from forensics.sqlite.images import Files
from forensics.sqlite.layout import Layout
from forensics.sqlite.pages import Pages
from forensics.sqlite.remains import digest
from forensics.sqlite.search import Found, Search
from forensics.sqlite.template import quoted

PENDING = 50_000  # rows without row id that wait for their comparison with the live rows
WORTH = {"page": 0.95, "freed page": 0.9, "whole": 0.8, "foreign": 0.6, "overlaid": 0.5}
ALIKE = 4  # fields by which a row that lost its row id and tail is taken to be one already given
LENGTH = 8  # bytes of the longest value that a row which lost its tail must still have


@dataclass(frozen=True)
class Recovered:
    """A row that is no longer, or not in this form, in the database.

    `values`: in the table's column order; None also for a column that stands for a lost row id, and for columns of a lost tail.
    `rowid`: None where it was overwritten, and in WITHOUT ROWID tables. `state`: `freelist`, `freeblock`, `unallocated`, or
    `journal` for a version of a page in the log, the journal, or the main file behind them. `page`, `offset`: page number, and
    byte offset of the cell in the file `origin` (`main`, `wal`, `journal`). `score`: 0 to 1, how well it is proven.
    """

    table: str
    rowid: int | None
    values: tuple[Any, ...]
    state: str
    page: int
    offset: int
    origin: str
    score: float

    @property
    def place(self) -> str:
        """Where the row lies, as it is appended to the record of what is made of it."""
        where = "" if self.origin == "main" else f" of the {self.origin}"
        return f"page {self.page} offset {self.offset}{where}"


def recover(
    main: Path,
    wal: Path | None = None,
    journal: Path | None = None,
    *,
    current: Path | None = None,
    before: Path | None = None,
    deadline: float | None = None,
) -> Iterator[Recovered]:
    """Rows of a database that are deleted or replaced, each once, none that equals a live row.

    `main`, `wal`, `journal`: copies of the files as they were found; none is changed. `current`: the copy with log and journal
    applied (`Views.current`), made in a temporary folder if it is not given. `before`: the copy without the log, if queries
    run over it too: what equals a row of it is left out as well. `deadline`: on `time.monotonic`.
    Raises `pages.NotADatabase`, `sqlite3.DatabaseError` for a schema that cannot be read, `OutOfTime`.
    """
    with (
        database_errors(),
        _settled(main, wal, journal, current) as (copy, connection),
        closing(Pages(copy)) as pages,
        closing(Files(main, wal, journal, pages)) as files,
        closing(_opened(before)) as older,
    ):
        views = [connection, older] if before else [connection]
        yield from _Comparison(Search(files, pages, connection, deadline), views).rows()


@contextmanager
def _settled(
    main: Path, wal: Path | None, journal: Path | None, current: Path | None
) -> Iterator[tuple[Path, sqlite3.Connection]]:
    with tempfile.TemporaryDirectory(prefix="forensics-") as scratch:
        if current is None:
            current = _together(main, wal, journal, Path(scratch)) if wal or journal else main
        with closing(_opened(current)) as connection:
            yield current, connection


def _opened(path: Path | None) -> sqlite3.Connection:
    """A connection to a copy; an empty database for None."""
    place = f"{path.absolute().as_uri()}?mode=ro&immutable=1" if path else ":memory:"
    connection = sqlite3.connect(place, uri=True)
    connection.text_factory = _lenient
    connection.execute("PRAGMA trusted_schema=OFF")
    with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
        provide(connection)
    return connection


def _together(main: Path, wal: Path | None, journal: Path | None, folder: Path) -> Path:
    """A copy of the database with its log and journal applied."""
    copy = folder / "database"
    for source, suffix in ((main, ""), (wal, "-wal"), (journal, "-journal")):
        if source:
            shutil.copyfile(source, f"{copy}{suffix}")
    return settle(copy).current


class _Comparison:
    """Rows made of the cells that a search finds, compared with the rows of `views` and with one another."""

    def __init__(self, search: Search, views: list[sqlite3.Connection]) -> None:
        self.search = search
        self.header = search.pages.header
        self.views = views
        self.numbers = {layout.table: number for number, layout in enumerate(search.layouts)}
        self.seen: set[bytes] = set()
        self._origins: dict[int, tuple[str, int]] = {}

    def rows(self) -> Iterator[Recovered]:
        """Each row once. Whole rows with their row id come first."""
        waiting = _Waiting()
        for found in self.search.cells():
            row, fields = self._row(found)
            if row is None:
                continue
            number = self.numbers[found.layout.table]
            if fields < len(found.layout.fields) or (row.rowid is None and not found.layout.keyed):
                waiting.add(number, fields, row)
                if waiting.count > PENDING:
                    yield from self._compared(waiting)
            elif not self._is_known(number, row) and not self._is_live(found.layout, row, fields):
                self._note(number, row)
                yield row
        yield from self._compared(waiting)

    # --- from cell to row

    def _row(self, found: Found) -> tuple[Recovered | None, int]:
        """The row of a cell, None if it is not to be believed, and how many of its fields, from the first on, are known."""
        layout, cell, strict = found.layout, found.cell, found.way not in ("page", "freed page")
        if strict and cell.weak and not layout.vouches(cell.serials):
            return None, 0
        payload, fields = self._payload(found), len(layout.fields)
        if payload is None:
            payload, fields = found.site.data[cell.body - cell.header : cell.known], cell.whole_fields
            if not _says_enough(cell, fields):
                return None, 0
        try:
            values = carve.values(layout, cell, payload, self.header.codec, strict)
        except Unreadable:
            return None, 0
        origin, base = found.site.origin or self._origin(found.site.number)
        score = WORTH[found.way]
        score -= 0.1 * bool(layout.sampled and not layout.usual(cell.serials))
        score -= 0.1 * (strict and cell.weak) + 0.2 * (fields < len(layout.fields))
        place = found.state, found.site.number, base + cell.start, origin
        return Recovered(layout.table, cell.rowid, values, *place, round(score, 2)), fields

    def _payload(self, found: Found) -> bytes | None:
        """The record, with what lies on overflow pages; None if some of it is lost."""
        cell = found.cell
        record = cell.body - cell.header
        local = carve.local_size(cell.payload, self.header.usable, found.layout.keyed)
        parts = [found.site.data[record : record + local]]
        missing, number = cell.payload - local, cell.overflow
        if cell.known < cell.end or missing > self.search.pages.count * self.header.usable:
            return None
        while missing > 0:
            page = found.site.other(number)
            if not page:
                return None
            part = page[4 : min(self.header.usable, 4 + missing)]
            missing -= len(part)
            number = int.from_bytes(page[:4], "big")
            parts.append(part)
        return b"".join(parts) if number == 0 else None

    def _origin(self, number: int) -> tuple[str, int]:
        """The file in which the page as it is now was found, and its offset there."""
        if number not in self._origins:
            self._origins[number] = self.search.files.origin(number)
        return self._origins[number]

    # --- against the live rows, and what was given before

    def _note(self, number: int, row: Recovered) -> None:
        bare = _bare(self.search.layouts[number], row.values)
        self.seen.update(digest(key) for key in ((number, row.rowid, bare), (number, bare), (number, row.rowid)))
        self.seen.add(digest((number, bare[:ALIKE], "start")))

    def _is_known(self, number: int, row: Recovered) -> bool:
        return digest((number, row.rowid, _bare(self.search.layouts[number], row.values))) in self.seen

    def _is_live(self, layout: Layout, row: Recovered, fields: int) -> bool:
        """Whether a live row of that row id or key says the same in the known fields."""
        places = layout.fields[:fields]
        names = ", ".join(quoted(layout.columns[place]) for place in places)
        if layout.keyed:
            key = [layout.fields[number] for number in layout.key]
            where = " AND ".join(f"{quoted(layout.columns[place])} IS ?" for place in key)
            given = [row.values[place] for place in key]
        else:
            where, given = f"{layout.rowid} = ?", [row.rowid]
        query = f"SELECT {names} FROM {quoted(layout.table)} WHERE {where}"
        wanted = digest(tuple(row.values[place] for place in places))
        for view in self.views:
            with suppress(sqlite3.DatabaseError, UnicodeEncodeError):
                live = view.execute(query, given).fetchone()
                if live is not None and digest(live) == wanted:
                    return True
        return False

    def _compared(self, waiting: _Waiting) -> Iterator[Recovered]:
        """Of rows without row id or with a lost tail, those that no live row and none given before equals; empties `waiting`."""
        for (number, fields), rows in sorted(waiting.groups.items(), key=lambda group: -group[0][1]):
            layout = self.search.layouts[number]
            kept: dict[bytes, list[Recovered]] = {}
            for row in rows:
                if self._adds(number, fields, row):
                    kept.setdefault(digest(_as_bytes(_bare(layout, row.values, fields))), []).append(row)
            if any(row.rowid is None for same in kept.values() for row in same):
                for known in self._live_digests(layout, fields, [same[0] for same in kept.values()]):
                    kept.pop(known, None)
            for row in sorted((same[0] for same in kept.values()), key=lambda r: (r.page, r.offset)):
                self._note(number, row)
                yield row
        waiting.groups.clear()

    def _adds(self, number: int, fields: int, row: Recovered) -> bool:
        """Whether a row without row id or tail may be another than those given before."""
        layout = self.search.layouts[number]
        bare = _bare(layout, row.values, fields)
        if fields == len(layout.fields):
            return digest((number, bare)) not in self.seen
        if row.rowid is None:
            return len(bare) >= ALIKE and digest((number, bare[:ALIKE], "start")) not in self.seen
        return digest((number, row.rowid)) not in self.seen and not self._is_live(layout, row, fields)

    def _live_digests(self, layout: Layout, fields: int, rows: list[Recovered]) -> Iterator[bytes]:
        """Digests of the first fields of those live rows that share with one of `rows` the value that tells most."""
        names = ", ".join(
            quoted(layout.columns[place]) for n, place in enumerate(layout.fields[:fields]) if n != layout.alias
        )
        raw = [_as_bytes(_bare(layout, row.values, fields)) for row in rows]
        telling = max(range(len(raw[0])), key=lambda n: len({values[n] for values in raw}))
        wanted = {values[telling] for values in raw}
        for view in self.views:
            view.text_factory = bytes
            try:
                for count, values in enumerate(view.execute(f"SELECT {names} FROM {quoted(layout.table)}")):
                    if not count % 1024:
                        self.search.check_clock()
                    if values[telling] in wanted:
                        yield digest(values)
            except sqlite3.DatabaseError:
                continue
            finally:
                view.text_factory = _lenient


class _Waiting:
    """Rows that are compared at the end: by table and number of known fields."""

    def __init__(self) -> None:
        self.groups: dict[tuple[int, int], list[Recovered]] = {}

    @property
    def count(self) -> int:
        return sum(map(len, self.groups.values()))

    def add(self, number: int, fields: int, row: Recovered) -> None:
        self.groups.setdefault((number, fields), []).append(row)


def _bare(layout: Layout, values: tuple[Any, ...], fields: int | None = None) -> tuple[Any, ...]:
    """Values of the first fields in stored order, without the one that stands for the row id."""
    return tuple(values[place] for n, place in enumerate(layout.fields[:fields]) if n != layout.alias)


def _as_bytes(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values with text as the bytes it is, which is how a million rows are compared quickly."""
    return tuple(v.encode("utf-8", "surrogateescape") if isinstance(v, str) else v for v in values)


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _says_enough(cell: Cell, fields: int) -> bool:
    """Whether what is left of a row that lost its tail is worth showing: three values, one of them of some length."""
    sizes = [carve.value_size(serial) for serial in cell.serials[:fields] if serial]
    return len(sizes) >= 3 and max(sizes) >= LENGTH
