"""The file format of SQLite in its own words: header, b-tree pages, freelist, write-ahead log, rollback journal.

Source: https://www.sqlite.org/fileformat2.html. Nothing here trusts what it reads: numbers are checked against the size of
the page or file before they are followed, chains end at the first page met twice.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

INDEX_INTERIOR, TABLE_INTERIOR, INDEX_LEAF, TABLE_LEAF = 0x02, 0x05, 0x0A, 0x0D
INTERIOR = (INDEX_INTERIOR, TABLE_INTERIOR)
KINDS = (INDEX_INTERIOR, TABLE_INTERIOR, INDEX_LEAF, TABLE_LEAF)
CODECS = {1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}
JOURNAL_HEADER = 28
SECTORS = (512, 4096, 1024, 2048, 8192, 16384, 32768, 65536)  # where the first record of a journal may lie
WAL_HEADER, FRAME_HEADER = 32, 24
WORD = 0xFFFFFFFF


class NotADatabase(ValueError):
    """The first page does not begin as that of a database."""


class Header(NamedTuple):
    """What the first 100 bytes of a database say. `usable`: bytes of a page without those reserved at its end."""

    page_size: int
    usable: int
    pages: int
    trunk: int
    codec: str

    @classmethod
    def of(cls, head: bytes) -> Header:
        """Read the header; raises `NotADatabase`."""
        if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
            raise NotADatabase("no database header")
        size, _, _, reserved = struct.unpack_from(">HBBB", head, 16)
        size = 65536 if size == 1 else size
        count, trunk = struct.unpack_from(">II", head, 28)
        (encoding,) = struct.unpack_from(">I", head, 56)
        if size < 512 or size & (size - 1) or size - reserved < 480:
            raise NotADatabase(f"page size {size}, of which {reserved} reserved")
        return cls(size, size - reserved, count, trunk, CODECS.get(encoding, "utf-8"))


class Pages:
    """A file as numbered pages, from 1. A number outside the file gives an empty page."""

    def __init__(self, path: Path, header: Header | None = None) -> None:
        self.path = path
        self.stream = path.open("rb")
        try:
            self.header = header or Header.of(self.stream.read(100))
        except NotADatabase:
            self.stream.close()
            raise
        self.count = path.stat().st_size // self.header.page_size

    def __getitem__(self, number: int) -> bytes:
        if not 1 <= number <= self.count:
            return b""
        return self.at((number - 1) * self.header.page_size)

    def at(self, offset: int) -> bytes:
        """One page from a byte offset."""
        self.stream.seek(offset)
        return self.stream.read(self.header.page_size)

    def close(self) -> None:
        """Close the file."""
        self.stream.close()


class Area(NamedTuple):
    """Bytes of a page that no cell uses: `start` to `end`; a `freeblock`, or the gap before the cell content."""

    start: int
    end: int
    freeblock: bool


class Node(NamedTuple):
    """A b-tree page. `pointers`: offsets of its cells. `gap`: where the bytes between pointers and content start, and end."""

    kind: int
    pointers: tuple[int, ...]
    gap: tuple[int, int]
    freeblock: int
    right: int

    @classmethod
    def of(cls, page: bytes, number: int, usable: int) -> Node | None:
        """Read a page; None if it is no b-tree page, or one whose numbers do not fit the page."""
        at = 100 if number == 1 else 0
        if len(page) < usable or page[at] not in KINDS:
            return None
        kind, freeblock, cells, content, _ = struct.unpack_from(">BHHHB", page, at)
        first = at + (12 if kind in INTERIOR else 8)
        stop = first + 2 * cells
        content = content or 65536
        if not stop <= content <= usable or (freeblock and not content <= freeblock <= usable - 4):
            return None
        pointers = struct.unpack_from(f">{cells}H", page, first)
        if pointers and not content <= min(pointers) <= max(pointers) <= usable - 4:
            return None
        right = struct.unpack_from(">I", page, at + 8)[0] if kind in INTERIOR else 0
        return cls(kind, pointers, (stop, content), freeblock, right)

    def children(self, page: bytes) -> list[int]:
        """Page numbers below an interior page."""
        if self.kind not in INTERIOR:
            return []
        return [*(struct.unpack_from(">I", page, at)[0] for at in self.pointers), self.right]

    def areas(self, page: bytes, usable: int) -> list[Area]:
        """What no cell uses: the gap, and the freeblocks, whose chain must ascend as SQLite keeps it."""
        found = [Area(*self.gap, False)] if page[self.gap[0] : self.gap[1]].strip(b"\0") else []
        at, last = self.freeblock, 0
        while last < at <= usable - 4:
            following, size = struct.unpack_from(">HH", page, at)
            if size < 4 or at + size > usable:
                break
            found.append(Area(at, at + size, True))
            at, last = following, at + size - 1
        return found


def is_clean(page: bytes) -> bool:
    """Whether a b-tree page (not the first) has no byte that no cell uses: no freeblock, and zeroes before the content."""
    kind, freeblock, cells, content, _ = struct.unpack_from(">BHHHB", page)
    first = (12 if kind in INTERIOR else 8) + 2 * cells
    return not freeblock and not page[first : content or 65536].strip(b"\0")


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length integer (64 bit, unsigned) at an offset, and the offset after it. The data must reach 9 bytes on."""
    value = 0
    for position in range(at, at + 8):
        byte = data[position]
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, position + 1
    return (value << 8) | data[at + 8], at + 9


def varint_size(value: int) -> int:
    """Bytes of a number as SQLite writes it."""
    return min((max(value.bit_length(), 1) + 6) // 7, 9)


def freelist(pages: Pages) -> tuple[dict[int, int], set[int]]:
    """Trunk pages with the number of leaves each names, and the leaves."""
    trunks: dict[int, int] = {}
    leaves: set[int] = set()
    number = pages.header.trunk
    while number and number not in trunks:
        page = pages[number]
        if not page:
            break
        following, count = struct.unpack_from(">II", page)
        if count > pages.header.usable // 4 - 2:
            break
        trunks[number] = count
        leaves.update(n for n in struct.unpack_from(f">{count}I", page, 8) if 1 < n <= pages.count)
        number = following
    return trunks, leaves - trunks.keys()


class Image(NamedTuple):
    """A page as a log or journal holds it.

    `offset`: of the page in that file. `group`: which images belong to one another: frames of a log with the same salts,
    records of a journal with the same nonce. `commit`: whether the image ends a transaction.
    """

    number: int
    offset: int
    group: int
    commit: bool


def log_images(path: Path, header: Header) -> Iterator[Image]:
    """Frames of a write-ahead log in file order: those in force, those after the last commit, those of earlier generations.

    Frames of one generation stand in a chain of checksums. Where it breaks within a generation, the frame is left out; the
    first frame left of an earlier generation has lost what its checksum starts from and is given unproven.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(WAL_HEADER)
        if len(head) < WAL_HEADER:
            return
        magic, _, page_size, _, one, two, *running = struct.unpack(">8I", head)
        if magic & ~1 != 0x377F0682 or page_size not in (header.page_size, header.page_size & 0xFFFF):
            return
        order = ">" if magic & 1 else "<"
        salts, sums = (one, two), (running[0], running[1])
        for at in range(WAL_HEADER, size - FRAME_HEADER - header.page_size + 1, FRAME_HEADER + header.page_size):
            frame = stream.read(FRAME_HEADER + header.page_size)
            number, commit, one, two, *stored = struct.unpack_from(">6I", frame)
            same = (one, two) == salts
            sound = log_checksum(frame[:8] + frame[FRAME_HEADER:], order, *sums) == (stored[0], stored[1])
            salts, sums = (one, two), (stored[0], stored[1])
            if number and (sound or not same):
                yield Image(number, at + FRAME_HEADER, one << 32 | two, commit > 0)


def log_checksum(data: bytes, order: str, one: int, two: int) -> tuple[int, int]:
    """The checksum of a write-ahead log over pairs of 32-bit words, carried on from the frame before."""
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for word in words:
        one = (one + word + two) & WORD
        two = (two + next(words) + one) & WORD
    return one, two


def journal_images(path: Path, header: Header) -> Iterator[Image]:
    """Records of a rollback journal in file order, also where its header is zeroed (PERSIST) and behind its last transaction.

    A record's checksum is the nonce of its header plus some of its bytes. With the header gone, the nonce is what the checksums
    of neighbours agree on; a record that no neighbour confirms is left out, unless the journal has only the one.
    """
    length = header.page_size + 8
    with path.open("rb") as stream:
        sector = _sector(stream.read(JOURNAL_HEADER), path, header)
        found = list(_journal_records(path, header, sector)) if sector else []
    alone = len(found) == 1
    for index, (at, number, nonce) in enumerate(found):
        beside = [other[2] for other in (found[index - 1 : index] + found[index + 1 : index + 2])]
        if alone or nonce in beside:
            last = index + 1 == len(found) or found[index + 1][0] != at + length
            yield Image(number, at + 4, nonce, last)


def _sector(head: bytes, path: Path, header: Header) -> int | None:
    """Where records start: as the header says, else the first place where two records have one nonce."""
    if head.startswith(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"):
        sector, page_size = struct.unpack_from(">II", head, 20)
        return sector if sector in SECTORS and page_size == header.page_size else None
    if len(head) < JOURNAL_HEADER or head.strip(b"\0"):
        return None
    for sector in SECTORS:
        first = [record for record, _ in zip(_journal_records(path, header, sector), range(2), strict=False)]
        if first and first[0][0] == sector and (len(first) == 1 or first[0][2] == first[1][2]):
            return sector
    return None


def _journal_records(path: Path, header: Header, sector: int) -> Iterator[tuple[int, int, int]]:
    """Offset, page number and nonce of what may be records, from the first sector on."""
    size, length = path.stat().st_size, header.page_size + 8
    at = sector
    with path.open("rb") as stream:
        while at + length <= size:
            stream.seek(at)
            record = stream.read(length)
            number, stored = struct.unpack(">I", record[:4])[0], struct.unpack(">I", record[-4:])[0]
            if record.startswith(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"):
                at += sector
            elif 1 <= number <= 1 << 31 and record.strip(b"\0"):
                total = sum(record[4 + byte] for byte in range(header.page_size - 200, 0, -200))
                yield at, number, (stored - total) & WORD
                at += length
            else:
                at += sector - at % sector
