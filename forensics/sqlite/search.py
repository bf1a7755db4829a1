"""Where deleted rows may be left in a database, and the cells that lie there."""

from __future__ import annotations

import re
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from forensics.sqlite import carve
from forensics.sqlite.carve import GUARD, Cell
from forensics.sqlite.images import Files
from forensics.sqlite.layout import Layout, any_row, layouts
from forensics.sqlite.pages import (
    INDEX_INTERIOR,
    INDEX_LEAF,
    KINDS,
    TABLE_INTERIOR,
    TABLE_LEAF,
    Area,
    Node,
    Pages,
    freelist,
    is_clean,
)

SAMPLE = 48  # live pages of a table from which its layout learns
FOREIGN_FIELDS = 4  # fewest fields of a row carved on a page that is not known as its table's
FREE, INDEX = -1, -2  # owners of pages that are no table's; 0 is unknown


class OutOfTime(Exception):
    """The deadline passed; what was found so far has been given."""


class Site(NamedTuple):
    """A page, or a version of one: its bytes (with `GUARD` behind them) and number, and what is said of rows found on it.

    `state`: None where it depends on the place within the page. `listed`: how cells are called that the page's pointers name.
    `other`: the pages that go with it, by number, empty if that is not known. `origin`: file and offset if it is a version.
    """

    data: bytes
    number: int
    state: str | None
    listed: str
    other: Callable[[int], bytes]
    origin: tuple[str, int] | None = None


class Found(NamedTuple):
    """A cell of a table. `way`: how it was found: listed on a `page` that was in force or a `freed page`, `whole` or `overlaid`
    in space between cells, or on a page of something else (`foreign`)."""

    layout: Layout
    cell: Cell
    site: Site
    state: str
    way: str


class Search:
    """One database under search. `owner`: by page number, the place of its table in `layouts` plus one, or FREE, INDEX.

    `live_leaves`: page numbers by table. Most databases have no byte to search in: layouts learn from live rows when the first
    one is met.
    """

    def __init__(self, files: Files, pages: Pages, connection: sqlite3.Connection, deadline: float | None) -> None:
        self.files = files
        self.pages = pages
        self.usable = pages.header.usable
        self.connection = connection
        self.deadline = deadline
        self.layouts = list(layouts(connection, pages.header.codec, self._is_index))
        self.owner = array("i", bytes(4 * (pages.count + 1)))
        self.trunks, self.leaves = freelist(pages)
        self.live_leaves: list[list[int]] = []
        self._walk()
        self.by_rowid = [layout for layout in self.layouts if not layout.keyed]

    def cells(self) -> Iterator[Found]:
        """Candidates, those that are easiest to believe first. Raises `OutOfTime`."""
        yield from self._on_free_pages()
        yield from self._in_old_images()
        yield from self._between_cells()

    def check_clock(self) -> None:
        """Raise `OutOfTime` if the deadline has passed."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTime

    # --- what belongs to whom

    def _is_index(self, root: int) -> bool:
        node = Node.of(self.pages[root], root, self.usable)
        return node is not None and node.kind in (INDEX_LEAF, INDEX_INTERIOR)

    def _walk(self) -> None:
        """Give every page of a b-tree its owner."""
        for number in (*self.trunks, *self.leaves):
            if number <= self.pages.count:
                self.owner[number] = FREE
        for place, layout in enumerate(self.layouts):
            self.live_leaves.append(self._claim(layout.root, place + 1, layout.keyed))
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

    @cached_property
    def learnt(self) -> re.Pattern[bytes] | None:
        """Let the layouts learn from some live pages; what a row of any of the tables with row ids looks like then."""
        for layout, leaves in zip(self.layouts, self.live_leaves, strict=True):
            self._learn(layout, leaves)
        return any_row(self.by_rowid, FOREIGN_FIELDS)

    def _learn(self, layout: Layout, leaves: list[int]) -> None:
        for number in leaves[:: max(len(leaves) // SAMPLE, 1)]:
            page = self.pages[number] + GUARD
            node = Node.of(page, number, self.usable)
            for at in node.pointers if node else ():
                cell = carve.whole_cell(page, at, self.usable, self.usable, layout.keyed)
                if cell:
                    layout.learn(cell.serials)

    # --- where rows may be left

    def _on_free_pages(self) -> Iterator[Found]:
        for number in sorted(self.leaves):
            self.check_clock()
            page = self.pages[number]
            if page and page[0] in KINDS:
                yield from self._on_page(self._free(number, page), None)
        for number, count in sorted(self.trunks.items()):
            self.check_clock()
            area = Area(8 + 4 * count, self.usable, False)
            yield from self._in_unknown(self._free(number, self.pages[number]), area, "freelist")
        for number in range(max(self.pages.header.pages, 1) + 1, self.pages.count + 1):
            self.check_clock()
            yield from self._on_page(self._free(number, self.pages[number])._replace(state="unallocated"), None)

    def _in_old_images(self) -> Iterator[Found]:
        for old in self.files.old_images():
            self.check_clock()
            if old.number > 1:
                owner = self.owner[old.number] if old.number <= self.pages.count else 0
                site = Site(old.data + GUARD, old.number, "journal", "page", old.other, (old.origin, old.offset))
                yield from self._on_page(site, self._layout(owner))

    def _between_cells(self) -> Iterator[Found]:
        for number in range(2, self.pages.count + 1):
            owner = self.owner[number]
            if owner in (0, FREE):
                continue
            if not number % 64:
                self.check_clock()
            page = self.pages[number]
            node = None if is_clean(page) else Node.of(page, number, self.usable)
            if node:
                site = Site(page + GUARD, number, None, "", self._free_page)
                yield from self._in_areas(site, node, self._layout(owner))

    def _free(self, number: int, page: bytes) -> Site:
        return Site(page + GUARD, number, "freelist", "freed page", self._free_page)

    def _free_page(self, number: int) -> bytes:
        return self.pages[number] if number in self.leaves else b""

    def _layout(self, owner: int) -> Layout | None:
        return self.layouts[owner - 1] if owner > 0 else None

    # --- one page

    def _on_page(self, site: Site, layout: Layout | None) -> Iterator[Found]:
        """All cells of a page that is no longer in use, or of a version of it that is not: listed ones, then those between."""
        node = Node.of(site.data[: -len(GUARD)], site.number, self.usable)
        if node is None:
            return
        _ = self.learnt
        if node.kind != TABLE_INTERIOR:
            cells = self._listed(site.data, node)
            layout = self._table_of(cells, node, layout)
            if layout:
                yield from (Found(layout, cell, site, site.state or "", site.listed) for cell in cells)
        yield from self._in_areas(site, node, layout)

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

    def _in_areas(self, site: Site, node: Node, layout: Layout | None) -> Iterator[Found]:
        for area in node.areas(site.data, self.usable):
            _ = self.learnt
            state = site.state or ("freeblock" if area.freeblock else "unallocated")
            if layout:
                yield from self._in_own(site, area, state, layout)
            elif site.state:
                yield from self._in_unknown(site, area._replace(freeblock=False), state)
            else:
                yield from self._of_any_table(site, area, state)

    def _in_own(self, site: Site, area: Area, state: str, layout: Layout) -> Iterator[Found]:
        """Cells of the page's own table, and between them those of tables that the page belonged to before."""
        done = area.start
        for cell in (carve.in_freeblock if area.freeblock else carve.in_gap)(site.data, area, self.usable, layout):
            yield from self._of_any_table(site, area._replace(start=done, end=cell.start), state, layout)
            done = max(done, cell.known)
            yield Found(layout, cell, site, state, "overlaid" if cell.rowid is None and not layout.keyed else "whole")
        yield from self._of_any_table(site, area._replace(start=done), state, layout)

    def _in_unknown(self, site: Site, area: Area, state: str) -> Iterator[Found]:
        """What is left on a page of which nothing tells whose it was: whole cells of any table, else also damaged ones if those
        of a single table are found."""
        whole = list(self._of_any_table(site, area, state))
        tables = {found.layout.table: found.layout for found in whole}
        if not whole:
            wide = [layout for layout in self.by_rowid if len(layout.fields) >= FOREIGN_FIELDS]
            tables = {layout.table: layout for layout in wide if self._has_some(site, area, layout)}
        if len(tables) != 1:
            yield from whole
            return
        [layout] = tables.values()
        for cell in carve.in_gap(site.data, area, self.usable, layout):
            yield Found(layout, cell, site, state, "overlaid" if cell.rowid is None else "foreign")

    def _has_some(self, site: Site, area: Area, layout: Layout) -> bool:
        return any(not cell.weak for cell in carve.in_gap(site.data, area, self.usable, layout))

    def _of_any_table(self, site: Site, area: Area, state: str, own: Layout | None = None) -> Iterator[Found]:
        """Whole cells of tables other than the page's own, to which it may have belonged before."""
        if self.learnt is None:
            return
        codec = self.pages.header.codec
        for cell in carve.of_any_table(site.data, area.start, area.end, self.usable, self.learnt, codec):
            layout = _only([layout for layout in self.by_rowid if layout.fits(cell.serials)], [cell])
            if layout and layout is not own and len(cell.serials) >= FOREIGN_FIELDS:
                yield Found(layout, cell, site, state, "foreign")


def _only(fitting: list[Layout], cells: list[Cell]) -> Layout | None:
    """The one layout that cells belong to: by the number of fields, then by what live rows of the table hold; None if unclear."""
    complete = [layout for layout in fitting if all(len(c.serials) == len(layout.fields) for c in cells)]
    fitting = complete or fitting
    if len(fitting) > 1:
        fitting = [layout for layout in fitting if layout.sampled and all(layout.usual(c.serials) for c in cells)]
    return fitting[0] if len(fitting) == 1 else None
