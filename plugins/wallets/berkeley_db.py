"""Berkeley DB files, read page by page: btrees, named databases in one file, values on overflow pages, either byte order.

Nothing is opened with Berkeley DB itself, which would write. Every page number, offset and length in the file is held
against the file, no page is visited twice, and what does not fit becomes a problem while the walk goes on.

Not read: hash, queue and recno databases, duplicates, compressed or encrypted pages, logs beside the file, and what is left
in the slack of pages.

Source: the page layout in Berkeley DB's own documentation and header `dbinc/db_page.h`, versions 8 to 10 of the btree.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from forensics import Problem

MAGIC = 0x00053162
INTERNAL, LEAF, OVERFLOW_PAGE, META = 3, 5, 7, 9  # types of pages
KEYDATA, OVERFLOW = 1, 3  # types of items
DELETED = 0x80  # flag in the type of an item
HEADER = 26  # bytes of a page before its list of item offsets
LARGEST_VALUE = 64 << 20  # bytes on overflow pages
PAGE_SIZES = {1 << power for power in range(9, 17)}


class Damaged(ValueError):
    """A place in the file is not what the pages before it say."""


@dataclass(frozen=True)
class Record:
    """A key and its value. `offset`: of the key's item in the file. `deleted`: marked so, but still in its page."""

    key: bytes
    value: bytes
    offset: int
    deleted: bool


@dataclass(frozen=True)
class Page:
    """A page: its number, type, next page in a chain, the offsets of its items, and its bytes."""

    number: int
    type: int
    next: int
    count: int
    free: int
    data: bytes


class BerkeleyDb:
    """One file. `problems`: what was met on the way. Raises `Damaged` when the file has no first page to start from."""

    def __init__(self, stream: BinaryIO):
        self.stream = stream
        self.problems: list[Problem] = []
        first = stream.read(512)
        if len(first) < 512:
            raise Damaged("too short for a page")
        self.order = next((o for o in "<>" if struct.unpack_from(o + "I", first, 12)[0] == MAGIC), "")
        if not self.order:
            raise Damaged("no btree of Berkeley DB")
        self.page_size = self._u32(first, 20)
        if self.page_size not in PAGE_SIZES:
            raise Damaged(f"a page size of {self.page_size}")
        self.encrypted = first[24] != 0

    def databases(self) -> dict[bytes, int]:
        """Names of the databases in the file, and the page each starts with."""
        return {record.key: self._start(record.value) for record in self._walk(0) if not record.deleted}

    def records(self, name: bytes) -> Iterator[Record]:
        """All records of a named database, in the order of its keys; none when there is no such database."""
        start = self.databases().get(name)
        if start:
            yield from self._walk(start)

    def _start(self, value: bytes) -> int:
        """Page numbers of databases are stored big endian whatever the order of the file."""
        return int.from_bytes(value, "big") if len(value) == 4 else 0

    def _walk(self, meta: int) -> Iterator[Record]:
        """The records of the btree whose meta page has that number."""
        waiting, seen = [self._root(meta)], {meta}
        while waiting:
            number = waiting.pop()
            if number in seen:
                self._note("hostile", f"page {number} is reached twice", number)
                continue
            seen.add(number)
            try:
                page = self._page(number)
                if page.type == LEAF:
                    yield from self._leaf(page)
                elif page.type == INTERNAL:
                    waiting += reversed(self._children(page))
                else:
                    raise Damaged(f"a page of type {page.type} in a btree")
            except Damaged as error:
                self._note("damaged", f"page {number}: {error}", number)

    def _root(self, meta: int) -> int:
        try:
            data = self._read(meta)
        except Damaged as error:
            self._note("damaged", f"page {meta}: {error}", meta)
            return meta
        if data[25] != META or self._u32(data, 12) != MAGIC:
            self._note("damaged", f"page {meta} is not the first page of a btree", meta)
        return self._u32(data, 88)

    def _page(self, number: int) -> Page:
        data = self._read(number)
        stated, _, following = struct.unpack_from(self.order + "3I", data, 8)
        count, free = struct.unpack_from(self.order + "2H", data, 20)
        if stated != number:
            raise Damaged(f"it says it is page {stated}")
        return Page(number, data[25], following, count, free, data)

    def _read(self, number: int) -> bytes:
        self.stream.seek(number * self.page_size)
        data = self.stream.read(self.page_size)
        if len(data) < self.page_size:
            raise Damaged("it lies beyond the end of the file")
        return data

    def _offsets(self, page: Page) -> tuple[int, ...]:
        if HEADER + 2 * page.count > self.page_size:
            raise Damaged(f"{page.count} items do not fit in it")
        return struct.unpack_from(f"{self.order}{page.count}H", page.data, HEADER)

    def _children(self, page: Page) -> list[int]:
        """Page numbers in an internal page; an item is u16 length, type, filler, u32 page."""
        return [self._u32(page.data, offset + 4) for offset in self._offsets(page) if offset + 8 <= self.page_size]

    def _leaf(self, page: Page) -> Iterator[Record]:
        """Items in turn are key and value."""
        offsets = self._offsets(page)
        if len(offsets) % 2:
            self._note("damaged", f"page {page.number} has a key without a value", page.number)
        for key_at, value_at in zip(offsets[::2], offsets[1::2], strict=False):
            try:
                key, key_gone = self._item(page, key_at)
                value, value_gone = self._item(page, value_at)
            except Damaged as error:
                self._note("damaged", f"an item of page {page.number}: {error}", page.number)
                continue
            yield Record(key, value, page.number * self.page_size + key_at, key_gone or value_gone)

    def _item(self, page: Page, at: int) -> tuple[bytes, bool]:
        """The bytes of an item, and whether it is marked as deleted."""
        if not HEADER <= at <= self.page_size - 3:
            raise Damaged(f"it lies at {at}, outside the page")
        length = struct.unpack_from(self.order + "H", page.data, at)[0]
        kind, gone = page.data[at + 2] & ~DELETED, bool(page.data[at + 2] & DELETED)
        if kind == OVERFLOW and at + 12 <= self.page_size:
            first, size = struct.unpack_from(self.order + "2I", page.data, at + 4)
            return self._overflow(first, size), gone
        if kind != KEYDATA or at + 3 + length > self.page_size:
            raise Damaged(f"type {kind}, {length} bytes at {at}")
        return page.data[at + 3 : at + 3 + length], gone

    def _overflow(self, number: int, size: int) -> bytes:
        """A value in a chain of pages of its own; `free` is the number of bytes each holds."""
        if size > LARGEST_VALUE:
            raise Damaged(f"a value of {size:,} bytes")
        parts, held, seen = [], 0, set()
        while held < size:
            if number in seen:
                raise Damaged(f"overflow page {number} is reached twice")
            seen.add(number)
            page = self._page(number)
            if page.type != OVERFLOW_PAGE or page.free > self.page_size - HEADER:
                raise Damaged(f"page {number} is no overflow page")
            parts.append(page.data[HEADER : HEADER + page.free])
            held, number = held + page.free, page.next
        return b"".join(parts)[:size]

    def _u32(self, data: bytes, at: int) -> int:
        return int(struct.unpack_from(self.order + "I", data, at)[0])

    def _note(self, kind: str, message: str, page: int) -> None:
        self.problems.append(Problem(kind, message, record=f"offset 0x{page * self.page_size:x}"))
