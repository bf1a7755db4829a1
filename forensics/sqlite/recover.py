"""Deleted rows, and older versions of rows, of any database: from pages that are free, from space inside pages that no cell
uses, and from page versions that the write-ahead log or a rollback journal still holds.

Nothing found here is ever part of the live rows. What equals a live row, which is what most remains are (SQLite moves rows from
page to page), is left out. A wrong row is worse than a missed one: what fits two tables equally well is left out as well.
"""

from __future__ import annotations

import marshal
import shutil
import sqlite3
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from forensics.sqlite import carve
from forensics.sqlite.carve import GUARD, Cell, Unreadable
from forensics.sqlite.copy import settle
from forensics.sqlite.layout import Layout, any_row, layouts
from forensics.sqlite.pages import (
    INDEX_INTERIOR,
    INDEX_LEAF,
    TABLE_INTERIOR,
    TABLE_LEAF,
    Area,
    Image,
    Node,
    Pages,
    freelist,
    journal_images,
    log_images,
)
from forensics.sqlite.template import quoted

SAMPLE = 48  # live pages of a table from which its layout learns
FOREIGN_FIELDS = 4  # fewest fields of a row carved on a page that is not known as its table's
PENDING = 50_000  # rows without row id that wait for their comparison with the live rows
WORTH = {"page": 0.95, "freed page": 0.9, "whole": 0.8, "foreign": 0.6, "overlaid": 0.5}
ALIKE = 4  # fields by which a row that lost its row id and tail is taken to be one already given
LENGTH = 8  # bytes of the longest value that a row which lost its tail must still have
FREE, INDEX = -1, -2  # owners of pages that are no table's; 0 is unknown


class OutOfTime(Exception):
    """The deadline passed; what was found so far has been given."""


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
    deadline: float | None = None,
) -> Iterator[Recovered]:
    """Rows of a database that are deleted or replaced, each once, none that equals a live row.

    `main`, `wal`, `journal`: copies of the files as they were found; none is changed. `current`: the copy with log and journal
    applied (`Views.current`), made in a temporary folder if it is not given. `deadline`: on `time.monotonic`.
    Raises `pages.NotADatabase`, `sqlite3.DatabaseError` for a schema that cannot be read, `OutOfTime`.
    """
    with (
        _settled(main, wal, journal, current) as (copy, connection),
        closing(Pages(copy)) as pages,
        closing(_Files(main, wal, journal, pages)) as files,
    ):
        yield from _Remains(files, pages, connection, deadline).rows()


@contextmanager
def _settled(
    main: Path, wal: Path | None, journal: Path | None, current: Path | None
) -> Iterator[tuple[Path, sqlite3.Connection]]:
    with tempfile.TemporaryDirectory(prefix="forensics-") as scratch:
        if current is None:
            current = _together(main, wal, journal, Path(scratch)) if wal or journal else main
        connection = sqlite3.connect(f"{current.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        connection.text_factory = _lenient
        with closing(connection):
            connection.execute("PRAGMA trusted_schema=OFF")
            yield current, connection


def _together(main: Path, wal: Path | None, journal: Path | None, folder: Path) -> Path:
    """A copy of the database with its log and journal applied."""
    copy = folder / "database"
    for source, suffix in ((main, ""), (wal, "-wal"), (journal, "-journal")):
        if source:
            shutil.copyfile(source, f"{copy}{suffix}")
    return settle(copy).current


@dataclass(frozen=True)
class _Found:
    """A cell, and all that is needed to make a row of it. `other`: how to get at the pages that its payload goes on to."""

    layout: Layout
    cell: Cell
    data: bytes
    page: int
    state: str
    worth: str
    other: Callable[[int], bytes]
    origin: tuple[str, int] | None = None


class _Remains:
    """One database under examination. `owner`: by page number, the place of its table in `layouts` plus one, or FREE, INDEX."""

    def __init__(self, files: _Files, pages: Pages, connection: sqlite3.Connection, deadline: float | None) -> None:
        self.files = files
        self.pages = pages
        self.header = pages.header
        self.usable = pages.header.usable
        self.connection = connection
        self.deadline = deadline
        self.layouts = list(layouts(connection, pages.header.codec, self._is_index))
        self.owner = array("i", bytes(4 * (pages.count + 1)))
        self.trunks, self.leaves = freelist(pages)
        self._origins: dict[int, tuple[str, int]] = {}
        self._walk()
        self.numbers = {layout.table: number for number, layout in enumerate(self.layouts)}
        self.by_rowid = [layout for layout in self.layouts if not layout.keyed]
        self.pattern = any_row(self.by_rowid, FOREIGN_FIELDS)

    def rows(self) -> Iterator[Recovered]:
        """What was found, compared with the live rows and with itself. Whole rows with their row id come first."""
        self.seen: set[bytes] = set()
        waiting = _Waiting()
        for found in self._candidates():
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

    def _candidates(self) -> Iterator[_Found]:
        yield from self._on_free_pages()
        yield from self._in_old_images()
        yield from self._between_cells()

    def _check_clock(self) -> None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTime

    # --- what belongs to whom

    def _is_index(self, root: int) -> bool:
        node = Node.of(self.pages[root], root, self.usable)
        return node is not None and node.kind in (INDEX_LEAF, INDEX_INTERIOR)

    def _walk(self) -> None:
        """Give every page of a b-tree its owner, and let the layouts learn from some live pages."""
        for number in (*self.trunks, *self.leaves):
            if number <= self.pages.count:
                self.owner[number] = FREE
        for place, layout in enumerate(self.layouts):
            self._learn(layout, self._claim(layout.root, place + 1, layout.keyed))
        indexes = self.connection.execute("SELECT rootpage FROM sqlite_master WHERE type = 'index' AND rootpage > 0")
        for (root,) in indexes.fetchall():
            self._claim(root, INDEX, True)

    def _claim(self, root: int, owner: int, index: bool) -> list[int]:
        """Walk a b-tree; its leaves (of an index all pages, for rows lie in its interior as well)."""
        waiting, leaves = [root], []
        while waiting:
            number = waiting.pop()
            if not 1 < number <= self.pages.count or self.owner[number]:
                continue
            self.owner[number] = owner
            page = self.pages[number]
            if page[0] == (INDEX_LEAF if index else TABLE_LEAF):
                leaves.append(number)
            elif page[0] == (INDEX_INTERIOR if index else TABLE_INTERIOR):
                node = Node.of(page, number, self.usable)
                waiting += node.children(page) if node else []
        return leaves

    def _learn(self, layout: Layout, leaves: list[int]) -> None:
        for number in leaves[:: max(len(leaves) // SAMPLE, 1)]:
            page = self.pages[number] + GUARD
            node = Node.of(page, number, self.usable)
            for at in node.pointers if node else ():
                cell = carve.whole_cell(page, at, self.usable, self.usable, layout.keyed)
                if cell:
                    layout.learn(cell.serials)

    # --- where rows may be left

    def _on_free_pages(self) -> Iterator[_Found]:
        for number in sorted(self.leaves):
            self._check_clock()
            page = self.pages[number]
            if page and page[0] in (TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR, TABLE_INTERIOR):
                yield from self._on_page(page, number, None, "freelist", "freed page", self._free_page)
        for number, count in sorted(self.trunks.items()):
            self._check_clock()
            data = self.pages[number] + GUARD
            area = Area(8 + 4 * count, self.usable, False)
            yield from self._in_unknown(data, number, area, "freelist", self._free_page)
        for number in range(max(self.header.pages, 1) + 1, self.pages.count + 1):
            self._check_clock()
            yield from self._on_page(self.pages[number], number, None, "unallocated", "freed page", self._free_page)

    def _in_old_images(self) -> Iterator[_Found]:
        for old in self.files.old_images():
            self._check_clock()
            if old.number > 1:
                known = self.owner[old.number] if old.number <= self.pages.count else 0
                layout = self.layouts[known - 1] if known > 0 else None
                place = old.origin, old.offset
                yield from self._on_page(old.data, old.number, layout, "journal", "page", old.other, place)

    def _between_cells(self) -> Iterator[_Found]:
        for number in range(2, self.pages.count + 1):
            owner = self.owner[number]
            if owner in (0, FREE):
                continue
            if not number % 64:
                self._check_clock()
            page = self.pages[number]
            node = Node.of(page, number, self.usable)
            if node and (node.freeblock or node.gap[1] > node.gap[0]):
                layout = self.layouts[owner - 1] if owner > 0 else None
                yield from self._in_areas(page, number, node, layout, None, self._free_page)

    def _free_page(self, number: int) -> bytes:
        return self.pages[number] if number in self.leaves else b""

    # --- one page

    def _on_page(
        self,
        page: bytes,
        number: int,
        layout: Layout | None,
        state: str,
        worth: str,
        other: Callable[[int], bytes],
        origin: tuple[str, int] | None = None,
    ) -> Iterator[_Found]:
        """All cells of a page that is no longer in use, or of a version of it that is not: listed ones, then those between."""
        node = Node.of(page, number, self.usable)
        if node is None:
            return
        data = page + GUARD
        if node.kind in (TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR):
            cells = self._listed(data, node)
            layout = self._table_of(cells, node, layout)
            if layout:
                yield from (_Found(layout, cell, data, number, state, worth, other, origin) for cell in cells)
        yield from self._in_areas(page, number, node, layout, state, other, origin)

    def _listed(self, data: bytes, node: Node) -> list[Cell]:
        """Cells that the page's own pointers name; none if one of them is no cell."""
        keyed, child = node.kind != TABLE_LEAF, 4 * (node.kind == INDEX_INTERIOR)
        cells = [carve.whole_cell(data, at + child, self.usable, self.usable, keyed) for at in node.pointers]
        return [cell for cell in cells if cell] if all(cells) else []

    def _table_of(self, cells: list[Cell], node: Node, known: Layout | None) -> Layout | None:
        """The one table that all these cells fit: the known one, or the only one, or the only one whose live rows are alike."""
        keyed = node.kind != TABLE_LEAF
        if not cells or (known and known.keyed == keyed and all(known.fits(c.serials, any_count=True) for c in cells)):
            return known if known and known.keyed == keyed else None
        if keyed and self._is_like_an_index(cells):
            return None
        fitting = [
            layout for layout in self.layouts if layout.keyed == keyed and all(layout.fits(c.serials) for c in cells)
        ]
        layout = _only(fitting, cells)
        return None if layout and keyed and not all(layout.usual(c.serials) for c in cells) else layout

    def _is_like_an_index(self, cells: list[Cell]) -> bool:
        """Whether an index on a table with row ids could have these cells: their last field is the row id."""
        return all(cell.serials[-1] in (1, 2, 3, 4, 5, 6, 8, 9) for cell in cells)

    def _in_areas(
        self,
        page: bytes,
        number: int,
        node: Node,
        layout: Layout | None,
        state: str | None,
        other: Callable[[int], bytes],
        origin: tuple[str, int] | None = None,
    ) -> Iterator[_Found]:
        data = page + GUARD
        for area in node.areas(page, self.usable):
            where = state or ("freeblock" if area.freeblock else "unallocated")
            if layout is None and number in self.leaves:
                yield from self._in_unknown(data, number, area._replace(freeblock=False), where, other)
                continue
            done = area.start
            search = carve.in_freeblock if area.freeblock else carve.in_gap
            for cell in search(data, area, self.usable, layout) if layout else ():
                assert layout
                yield from self._of_any_table(data, number, done, cell.start, where, other, origin, layout)
                done = max(done, cell.known)
                worth = "overlaid" if cell.rowid is None and not layout.keyed else "whole"
                yield _Found(layout, cell, data, number, where, worth, other, origin)
            yield from self._of_any_table(data, number, done, area.end, where, other, origin, layout)

    def _in_unknown(
        self, data: bytes, number: int, area: Area, state: str, other: Callable[[int], bytes]
    ) -> Iterator[_Found]:
        """What is left on a free page of which nothing tells whose it was: whole cells of any table, else also damaged ones if
        those of a single table are found."""
        whole = list(self._of_any_table(data, number, area.start, area.end, state, other))
        layouts = {found.layout.table: found.layout for found in whole}
        if not whole:
            wide = [layout for layout in self.by_rowid if len(layout.fields) >= FOREIGN_FIELDS]
            layouts = {
                layout.table: layout
                for layout in wide
                if any(not cell.weak for cell in carve.in_gap(data, area, self.usable, layout))
            }
        if len(layouts) != 1:
            yield from whole
            return
        [layout] = layouts.values()
        for cell in carve.in_gap(data, area, self.usable, layout):
            worth = "overlaid" if cell.rowid is None else "foreign"
            yield _Found(layout, cell, data, number, state, worth, other)

    def _of_any_table(
        self,
        data: bytes,
        number: int,
        start: int,
        end: int,
        state: str,
        other: Callable[[int], bytes],
        origin: tuple[str, int] | None = None,
        own: Layout | None = None,
    ) -> Iterator[_Found]:
        """Whole cells of tables other than the page's own, to which it may have belonged before."""
        if self.pattern is None:
            return
        for cell in carve.of_any_table(data, start, end, self.usable, self.pattern, self.header.codec):
            layout = _only([layout for layout in self.by_rowid if layout.fits(cell.serials)], [cell])
            if layout and layout is not own and len(cell.serials) >= FOREIGN_FIELDS:
                yield _Found(layout, cell, data, number, state, "foreign", other, origin)

    # --- from cell to row

    def _row(self, found: _Found) -> tuple[Recovered | None, int]:
        """The row of a cell, None if it is not to be believed, and how many of its fields, from the first on, are known."""
        layout, cell, strict = found.layout, found.cell, found.worth not in ("page", "freed page")
        if strict and cell.weak and not layout.vouches(cell.serials):
            return None, 0
        payload, fields = self._payload(found), len(layout.fields)
        if payload is None:
            payload, fields = found.data[cell.body - cell.header : cell.known], cell.whole_fields
            if not _says_enough(cell, fields):
                return None, 0
        try:
            values = carve.values(layout, cell, payload, self.header.codec, strict)
        except Unreadable:
            return None, 0
        origin, base = found.origin or self._origin(found.page)
        score = WORTH[found.worth]
        score -= 0.1 * bool(layout.sampled and not layout.usual(cell.serials))
        score -= 0.1 * (strict and cell.weak) + 0.2 * (fields < len(layout.fields))
        place = found.state, found.page, base + cell.start, origin
        return Recovered(layout.table, cell.rowid, values, *place, round(score, 2)), fields

    def _payload(self, found: _Found) -> bytes | None:
        """The record, with what lies on overflow pages; None if some of it is lost."""
        cell = found.cell
        record = cell.body - cell.header
        local = carve.local_size(cell.payload, self.usable, found.layout.keyed)
        parts = [found.data[record : record + local]]
        missing, number = cell.payload - local, cell.overflow
        if cell.known < cell.end or missing > self.pages.count * self.usable:
            return None
        while missing > 0:
            page = found.other(number)
            if not page:
                return None
            part = page[4 : min(self.usable, 4 + missing)]
            missing -= len(part)
            number = int.from_bytes(page[:4], "big")
            parts.append(part)
        return b"".join(parts) if number == 0 else None

    def _origin(self, number: int) -> tuple[str, int]:
        """The file in which the page as it is now was found, and its offset there."""
        if number not in self._origins:
            self._origins[number] = self.files.origin(number)
        return self._origins[number]

    # --- against the live rows, and what was given before

    def _note(self, number: int, row: Recovered) -> None:
        bare = _bare(self.layouts[number], row.values)
        self.seen.update(_digest(key) for key in ((number, row.rowid, bare), (number, bare), (number, row.rowid)))
        self.seen.add(_digest((number, bare[:ALIKE], "start")))

    def _is_known(self, number: int, row: Recovered) -> bool:
        return _digest((number, row.rowid, _bare(self.layouts[number], row.values))) in self.seen

    def _is_live(self, layout: Layout, row: Recovered, fields: int) -> bool:
        """Whether the live row of that row id or key says the same in the known fields."""
        places = layout.fields[:fields]
        names = ", ".join(quoted(layout.columns[place]) for place in places)
        if layout.keyed:
            key = [layout.fields[number] for number in layout.key]
            where = " AND ".join(f"{quoted(layout.columns[place])} IS ?" for place in key)
            given = [row.values[place] for place in key]
        else:
            where, given = f"{layout.rowid} = ?", [row.rowid]
        with suppress(sqlite3.DatabaseError, UnicodeEncodeError):
            live = self.connection.execute(
                f"SELECT {names} FROM {quoted(layout.table)} WHERE {where}", given
            ).fetchone()
            return live is not None and _digest(live) == _digest(tuple(row.values[place] for place in places))
        return False

    def _compared(self, waiting: _Waiting) -> Iterator[Recovered]:
        """Of rows without row id or with a lost tail, those that no live row and none given before equals; empties `waiting`."""
        for (number, fields), rows in sorted(waiting.groups.items(), key=lambda group: -group[0][1]):
            layout = self.layouts[number]
            kept: dict[bytes, list[Recovered]] = {}
            for row in rows:
                if self._adds(number, fields, row):
                    kept.setdefault(_digest(_raw(_bare(layout, row.values, fields))), []).append(row)
            if any(row.rowid is None for same in kept.values() for row in same):
                for digest in self._live_digests(layout, fields, [same[0] for same in kept.values()]):
                    kept.pop(digest, None)
            for row in sorted((same[0] for same in kept.values()), key=lambda r: (r.page, r.offset)):
                self._note(number, row)
                yield row
        waiting.groups.clear()

    def _adds(self, number: int, fields: int, row: Recovered) -> bool:
        """Whether a row without row id or tail may be another than those given before."""
        layout = self.layouts[number]
        bare = _bare(layout, row.values, fields)
        if fields == len(layout.fields):
            return _digest((number, bare)) not in self.seen
        if row.rowid is None:
            return len(bare) >= ALIKE and _digest((number, bare[:ALIKE], "start")) not in self.seen
        return _digest((number, row.rowid)) not in self.seen and not self._is_live(layout, row, fields)

    def _live_digests(self, layout: Layout, fields: int, rows: list[Recovered]) -> Iterator[bytes]:
        """Digests of the first fields of those live rows that share with one of `rows` the value that tells most."""
        names = ", ".join(
            quoted(layout.columns[place]) for n, place in enumerate(layout.fields[:fields]) if n != layout.alias
        )
        raw = [_raw(_bare(layout, row.values, fields)) for row in rows]
        telling = max(range(len(raw[0])), key=lambda n: len({values[n] for values in raw}))
        wanted = {values[telling] for values in raw}
        self.connection.text_factory = bytes
        try:
            for count, values in enumerate(self.connection.execute(f"SELECT {names} FROM {quoted(layout.table)}")):
                if not count % 1024:
                    self._check_clock()
                if values[telling] in wanted:
                    yield _digest(values)
        except sqlite3.DatabaseError:
            return
        finally:
            self.connection.text_factory = _lenient


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


def _raw(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values with text as the bytes it is, which is how a million rows are compared quickly."""
    return tuple(v.encode("utf-8", "surrogateescape") if isinstance(v, str) else v for v in values)


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _says_enough(cell: Cell, fields: int) -> bool:
    """Whether what is left of a row that lost its tail is worth showing: three values, one of them of some length."""
    sizes = [carve.value_size(serial) for serial in cell.serials[:fields] if serial]
    return len(sizes) >= 3 and max(sizes) >= LENGTH


def _only(fitting: list[Layout], cells: list[Cell]) -> Layout | None:
    """The one layout that cells belong to: by the number of fields, then by what live rows of the table hold; None if unclear."""
    complete = [layout for layout in fitting if all(len(c.serials) == len(layout.fields) for c in cells)]
    fitting = complete or fitting
    if len(fitting) > 1:
        fitting = [layout for layout in fitting if layout.sampled and all(layout.usual(c.serials) for c in cells)]
    return fitting[0] if len(fitting) == 1 else None


def _digest(values: tuple[Any, ...]) -> bytes:
    return blake2b(marshal.dumps(values, 2), digest_size=12).digest()


# --- the files as they were found


class _Book(NamedTuple):
    """A log or journal: its name as an origin, the file as pages at any offset, and the images it holds in file order."""

    origin: str
    file: Pages
    images: list[Image]


class _Files:
    """The files as they were found, beside `pages`, the database that comes of them."""

    def __init__(self, main: Path, wal: Path | None, journal: Path | None, pages: Pages) -> None:
        self.pages = pages
        self.header = pages.header
        self.main = Pages(main, pages.header)
        self.is_current = main == pages.path
        self.books = [
            _Book(origin, Pages(path, pages.header), list(read(path, pages.header)))
            for path, read, origin in ((wal, log_images, "wal"), (journal, journal_images, "journal"))
            if path
        ]

    def close(self) -> None:
        self.main.close()
        for book in self.books:
            book.file.close()

    def origin(self, number: int) -> tuple[str, int]:
        """Where a page as it is now was found: in the main file, unless only the log or journal has it."""
        offset, page = (number - 1) * self.header.page_size, self.pages[number]
        if not self.is_current and self.main[number] != page:
            for book in self.books:
                for image in reversed(book.images):
                    if image.number == number and book.file.at(image.offset) == page:
                        return book.origin, image.offset
        return "main", offset

    def old_images(self) -> Iterator[_Old]:
        """Versions of pages that differ from the page as it is now: of the log, the journal, and the main file behind them."""
        given: set[bytes] = set()
        for book in self.books:
            for index, image in enumerate(book.images):
                data = book.file.at(image.offset)
                digest = _digest((image.number, data))
                if digest not in given and data != self.pages[image.number]:
                    given.add(digest)
                    yield _Old(image.number, image.offset, data, book.origin, self._then(book, index))
        if self.is_current:
            return
        touched = {image.number for book in self.books for image in book.images}
        for number in sorted(touched | set(range(self.pages.count + 1, self.main.count + 1))):
            data = self.main[number]
            if data and data != self.pages[number] and _digest((number, data)) not in given:
                yield _Old(number, (number - 1) * self.header.page_size, data, "main", self.main.__getitem__)

    def _then(self, book: _Book, index: int) -> Callable[[int], bytes]:
        """Pages as they were when an image was written: as its own transaction or one before left them, else as in the main file
        if the image is of what log or journal recorded last; empty where that is not known any more."""
        images, group = book.images, book.images[index].group

        def page(number: int) -> bytes:
            last = index
            while not images[last].commit and last + 1 < len(images) and images[last + 1].group == group:
                last += 1
            for image in reversed(images[: last + 1]):
                if image.group == group and image.number == number:
                    return book.file.at(image.offset)
            return self.main[number] if group == images[0].group else b""

        return page


class _Old(NamedTuple):
    """A version of a page that is not in force: number, offset in the file `origin`, content, and the pages beside it then."""

    number: int
    offset: int
    data: bytes
    origin: str
    other: Callable[[int], bytes]
