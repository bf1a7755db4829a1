"""Cells out of bytes that no table points to any more: whole ones, and those that a freeblock has been laid over.

A cell of a table is payload size, row id (varints), then the record: header size, serial types, values. When SQLite frees a
cell it writes the freeblock's own four bytes (next, size) over its start; what was there is worked out again from what is left
and from the table's layout, and the size that the freeblock states must come out exactly. Cells that pass are still only
candidates: text must decode, and the caller compares them with the live rows.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from forensics.sqlite.layout import Layout
from forensics.sqlite.pages import Area, varint, varint_size

SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)  # bytes of a value by serial type; 12 and up carry their size
GUARD = bytes(16)  # behind a page, so that reading a varint never runs off its end
OVERLAID = 4  # bytes of a freed cell that its freeblock has overwritten
WIDE = 8  # fields from which the header of a record alone tells that it is one
BEFORE = 18  # bytes that payload size, row id, header size and first serial type take at most
LONG_TEXT = 21  # serial type of text that has four bytes
MAX_FIELDS = 2000  # columns a table can have at most in SQLite as it is shipped
WEAK_FIELDS, WEAK_PAYLOAD = 3, 10  # records below either are believed only where they touch another cell


class Cell(NamedTuple):
    """A cell on a page: offsets of its start, end and values (`body`), sizes of payload and record header.

    `rowid`: None where it was overwritten. `overflow`: the page on which the payload goes on, 0 if it does not.
    `known`: offset up to which the bytes are the cell's own; less than `end` where something else was written over its tail.
    """

    start: int
    end: int
    rowid: int | None
    serials: tuple[int, ...]
    body: int
    payload: int
    header: int
    overflow: int
    known: int

    @property
    def weak(self) -> bool:
        """Whether so little is in it that chance could have made it."""
        return len(self.serials) < WEAK_FIELDS or self.payload < WEAK_PAYLOAD

    @property
    def empty(self) -> bool:
        """Whether it has no values at all, as any run of zeroes seems to be a record of nulls."""
        return self.payload == self.header

    @property
    def whole_fields(self) -> int:
        """How many fields, from the first on, lie in what is known on this page."""
        at, count = self.body, 0
        for serial in self.serials:
            at += value_size(serial)
            if at > self.known:
                break
            count += 1
        return count


class Unreadable(ValueError):
    """A cell whose values cannot be what its header says."""


def value_size(serial: int) -> int:
    """Bytes of a value of a serial type."""
    return (serial - 12) >> 1 if serial > 11 else SIZES[serial]


def record_header(data: bytes, at: int, limit: int) -> tuple[tuple[int, ...], int] | None:
    """Serial types of the record whose header starts at an offset, and where its values start; None if it is no header."""
    size = data[at]
    first = at + 1
    if size >= 0x80:
        size, first = varint(data, at)
    stop = at + size
    if not first <= stop <= limit or size > MAX_FIELDS * 4:
        return None
    serials = []
    while first < stop:
        serial = data[first]
        first += 1
        if serial >= 0x80:
            serial, first = varint(data, first - 1)
        if serial in (10, 11):
            return None
        serials.append(serial)
    return (tuple(serials), stop) if first == stop else None


def local_size(payload: int, usable: int, keyed: bool) -> int:
    """Bytes of a payload that stay on the page; the rest is on overflow pages."""
    most = (usable - 12) * 64 // 255 - 23 if keyed else usable - 35
    if payload <= most:
        return payload
    least = (usable - 12) * 32 // 255 - 23
    size = least + (payload - least) % (usable - 4)
    return size if size <= most else least


def whole_cell(data: bytes, at: int, limit: int, usable: int, keyed: bool = False) -> Cell | None:
    """The cell at an offset, if its sizes add up; it may end behind `limit`. `data` must be padded with `GUARD`."""
    payload, after = data[at], at + 1
    if payload >= 0x80:
        payload, after = varint(data, at)
    if payload < 2 or payload > 1 << 31:
        return None
    rowid = None
    if not keyed:
        rowid, after = varint(data, after)
        rowid -= (rowid >> 63) << 64
    header = data[after]
    if header > payload and header < 0x80:
        return None
    found = record_header(data, after, limit)
    if not found or found[1] - after + sum(map(value_size, found[0])) != payload:
        return None
    return _cell(data, at, after, rowid, *found, payload, limit, usable, keyed)


def _cell(
    data: bytes,
    start: int,
    record: int,
    rowid: int | None,
    serials: tuple[int, ...],
    body: int,
    payload: int,
    limit: int,
    usable: int,
    keyed: bool,
) -> Cell | None:
    """The cell with a record at `record` (where its header starts or would start), if its values start in time."""
    local = local_size(payload, usable, keyed)
    end = record + local
    overflow = 0
    if local < payload:
        overflow = int.from_bytes(data[end : end + 4], "big")
        end += 4
    end = max(end, start + OVERLAID)
    return Cell(start, end, rowid, serials, body, payload, body - record, overflow, min(end, limit))


def overlaid_cells(data: bytes, at: int, limit: int, usable: int, layout: Layout, size: int | None) -> list[Cell]:
    """Cells of a table that may start at an offset where the first four bytes are overwritten.

    `size`: bytes of the cell where the freeblock states it; then only a cell of exactly that size counts.
    """
    found = [_header_left(data, at, limit, usable, layout, before) for before in range(OVERLAID, 13)]
    for count in layout.counts:
        found += [_header_lost(data, at, limit, usable, layout, before, count) for before in (2, 3)]
    return [cell for cell in found if cell and not cell.empty and cell.end <= limit and size in (None, cell.end - at)]


def _header_left(data: bytes, at: int, limit: int, usable: int, layout: Layout, before: int) -> Cell | None:
    """Payload size and row id took `before` bytes, four or more: the record is complete."""
    record = at + before
    likely = min(layout.counts) < data[record] <= 4 * len(layout.fields) + 1 or data[record] >= 0x80
    if record + 2 > limit or not likely:
        return None
    found = record_header(data, record, limit)
    if not found or not layout.fits(found[0]):
        return None
    payload = found[1] - record + sum(map(value_size, found[0]))
    left = data[at + OVERLAID : record]  # end of the row id
    if not 1 <= before - varint_size(payload) <= 9 or (left and (left[-1] >= 0x80 or min((*left[:-1], 0x80)) < 0x80)):
        return None
    return _cell(data, at, record, None, *found, payload, limit, usable, False)


def _header_lost(data: bytes, at: int, limit: int, usable: int, layout: Layout, before: int, count: int) -> Cell | None:
    """They took two or three bytes: the header's size is overwritten, and with two the first serial type as well."""
    if before == 2 and layout.alias != 0:
        return None  # nothing could check a guess at the first value: the freeblock may have shrunk since
    wanted = count - (before == 2)
    serials: list[int] = []
    position = at + OVERLAID
    while len(serials) < wanted:
        if position >= limit:
            return None
        serial, position = varint(data, position)
        if serial in (10, 11):
            return None
        serials.append(serial)
    header = position - at - before
    rest = sum(map(value_size, serials))
    if before == 2:
        serials.insert(0, 0)
    payload = header + rest
    if not layout.fits(serials) or header > 0x7F or not 1 <= before - varint_size(payload) <= 9:
        return None
    return _cell(data, at, at + before, None, tuple(serials), position, payload, limit, usable, False)


Fits = Callable[[Cell], bool]


def in_freeblock(data: bytes, area: Area, usable: int, layout: Layout) -> Iterator[Cell]:
    """Cells of a freeblock: one, or several that were freed side by side and grew together."""
    at = border = area.start  # border: where a cell must start, as one ends there
    held: Cell | None = None  # its sizes are only believed if the next cell, or the end of the block, follows on it
    while at <= area.end - OVERLAID:
        cell = None if at == area.start else _fitting(data, at, area.end, usable, layout)
        exact = cell is not None
        if cell is None or cell.end > area.end:
            cell, exact = _overlaid(data, at, area, usable, layout)
        if cell is None or (at != border and (cell.weak or not exact)):
            held, at = None, at + 1
            continue
        if held and held.end == cell.start:
            yield held
        across = _lies_across(data, cell, usable, layout) if cell.rowid is not None or layout.keyed else None
        if across:
            yield cell._replace(known=across)
        elif exact:
            yield cell
        held = None if exact else cell
        at = border = across or cell.end
    if held and area.end - held.end < OVERLAID:
        yield held


def _lies_across(data: bytes, cell: Cell, usable: int, layout: Layout) -> int | None:
    """Where another cell starts within the values of this one, and so was written over its tail."""
    for at in _worth_a_look(data, cell.body, cell.end, layout.pattern):
        other = _fitting(data, at, usable, usable, layout) if at >= cell.body else None
        if other and not other.weak:
            return at
    return None


def _fitting(data: bytes, at: int, limit: int, usable: int, layout: Layout) -> Cell | None:
    cell = whole_cell(data, at, limit, usable, layout.keyed)
    return cell if cell and not cell.empty and layout.fits(cell.serials) else None


def _overlaid(data: bytes, at: int, area: Area, usable: int, layout: Layout) -> tuple[Cell | None, bool]:
    """The one cell that can lie here, and whether its size is as a freeblock states it."""
    if layout.keyed:
        return None, False
    following, size = struct.unpack_from(">HH", data, at)
    plausible = OVERLAID < size <= area.end - at and (not following or following >= at + size)
    exact = overlaid_cells(data, at, area.end, usable, layout, size) if plausible else []
    if exact:
        return (exact[0], True) if len(exact) == 1 else (None, False)
    loose = overlaid_cells(data, at, area.end, usable, layout, None) if area.freeblock else []
    return (loose[0], False) if len(loose) == 1 else (None, False)


def in_gap(data: bytes, area: Area, usable: int, layout: Layout) -> Iterator[Cell]:
    """Cells of one table in the unallocated space of a page.

    The tail of a cell may be lost: to the cells in use behind the space, or to another cell that lies across it.
    """
    found: list[Cell] = []
    at = area.start
    for place in _worth_a_look(data, area.start, area.end, layout.pattern):
        if place < at:
            continue
        at = place
        cell = _fitting(data, at, area.end, usable, layout) or _overlaid(data, at, area, usable, layout)[0]
        cell = cell or _beheaded(data, at, area.end, usable, layout)
        if cell is None or cell.empty:
            continue
        if found and found[-1].end > at:
            found[-1] = found[-1]._replace(known=min(found[-1].known, at))
            if cell.weak or (cell.rowid is None and not layout.keyed):
                continue
        found.append(cell)
        at = cell.body if not cell.weak else cell.end
    yield from _believed(found, area.end if area.end < usable else 0, layout.codec)


def _beheaded(data: bytes, at: int, limit: int, usable: int, layout: Layout) -> Cell | None:
    """A cell of a wide table of which payload size and row id are overwritten, but nothing of the record."""
    if len(layout.fields) < WIDE or layout.keyed or not WIDE < data[at] < 0x80:
        return None
    found = record_header(data, at, limit)
    if not found or len(found[0]) < WIDE or not layout.fits(found[0]):
        return None
    payload = found[1] - at + sum(map(value_size, found[0]))
    return _cell(data, at, at, None, *found, payload, limit, usable, False)


def of_any_table(
    data: bytes, start: int, end: int, usable: int, pattern: re.Pattern[bytes], codec: str
) -> Iterator[Cell]:
    """Whole cells, of whatever table with row ids; `pattern`: `layout.any_row`."""
    found = []
    at = start
    for match in pattern.finditer(data, start, end):
        cell = whole_cell(data, match.start(), end, usable) if match.start() >= at else None
        if cell and cell.end <= end and not (cell.weak or cell.empty):
            found.append(cell)
            at = cell.end
    yield from _believed(found, end if end < usable else 0, codec)


def _worth_a_look(data: bytes, start: int, end: int, pattern: re.Pattern[bytes]) -> Iterator[int]:
    """Offsets, ascending, at which a cell may start whose serial types from the second on match a pattern."""
    at = start
    for match in pattern.finditer(data, start, end):
        yield from range(max(at, match.start() - BEFORE), match.start() + 1)
        at = max(at, match.start() + 1)


def _believed(cells: Sequence[Cell], end: int, codec: str) -> Iterator[Cell]:
    """Cells in order, as far as they are sure not to be written over.

    A cell is sure if another one, or a cell in use (at `end`), follows on it, and up to where another one lies across it. Of any
    other cell the fields up to the last text are believed: bytes of something else would show in it.
    """
    starts = {cell.start for cell in cells}
    for cell in cells:
        if cell.end in starts or cell.end == end or cell.known in starts - {cell.start}:
            yield cell
        elif not cell.weak and codec == "utf-8" and (sure := _end_of_text(cell)):
            yield cell._replace(known=sure)


def _end_of_text(cell: Cell) -> int:
    """Where the last text on this page ends that is long enough to tell that it is whole; 0 if there is none."""
    at, sure = cell.body, 0
    for serial in cell.serials[: cell.whole_fields]:
        at += value_size(serial)
        if serial >= LONG_TEXT and serial & 1:
            sure = at
    return sure


def values(layout: Layout, cell: Cell, payload: bytes, codec: str, strict: bool) -> tuple[Any, ...]:
    """Values of a record as the live row would show them, in table order; a lost row id is None, so is what `payload` lacks.

    `strict`: for carved cells: raises `Unreadable` for text that does not decode or holds control characters.
    """
    found: list[Any] = list(layout.defaults)
    at = cell.header
    for number, serial in enumerate(cell.serials):
        size = value_size(serial)
        if at + size > len(payload):
            found[number:] = [None] * (len(found) - number)
            break
        value = _value(serial, payload[at : at + size], codec, strict)
        found[number] = float(value) if number in layout.real and isinstance(value, int) else value
        at += size
    if layout.alias is not None:
        found[layout.alias] = cell.rowid
    row: list[Any] = [None] * len(layout.columns)
    for value, place in zip(found, layout.fields, strict=True):
        row[place] = value
    return tuple(row)


def _value(serial: int, raw: bytes, codec: str, strict: bool) -> Any:
    if serial >= 12:
        return _text(raw, codec, strict) if serial & 1 else raw
    if serial == 0:
        return None
    if serial >= 8:
        return serial - 8
    return struct.unpack(">d", raw)[0] if serial == 7 else int.from_bytes(raw, "big", signed=True)


def _text(raw: bytes, codec: str, strict: bool) -> str:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        if strict:
            raise Unreadable(str(error)) from error
        return raw.decode(codec, "surrogateescape" if codec == "utf-8" else "replace")
    if strict and not text.isprintable() and any((c < " " and c not in "\t\n\r") or c == "\x7f" for c in text):
        raise Unreadable("control characters")
    return text
