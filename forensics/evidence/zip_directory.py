"""The directory of a zip archive, and what is left of one without it (PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5).

Our own reader because evidence breaks the standard library's: one badly encoded name or a missing end record makes it
refuse the whole archive, and it holds all entries in memory before a limit can be looked at.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from forensics.evidence.source import DamagedMember

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
END64, LOCATOR64, DESCRIPTOR = b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08"

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s2B5H3L5H2L")
LOCAL_SIZE = _LOCAL.size
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")

ENCRYPTED, SIZES_FOLLOW, STRONG, MASKED = 0x1, 0x8, 0x40, 0x2000
FULL = 0xFFFFFFFF
FARTHEST = (1 << 63) - 1


@dataclass(slots=True)
class Member:
    """One entry of the directory. `stored` and `crc` are None where only a local header is left that does not say.

    `stamp`: date and time as MS-DOS keeps them, 16 bits each.
    """

    index: int
    name: bytes
    offset: int
    size: int
    stored: int | None
    crc: int | None
    method: int
    flags: int
    stamp: int
    system: int = 3
    attributes: int = 0
    extra: bytes = b""
    recovered: bool = False

    @property
    def mode(self) -> int:
        """The Unix mode, 0 where the archive was not made on such a system."""
        return self.attributes >> 16 if self.system in (3, 19) else 0

    @property
    def on_windows(self) -> bool:
        return self.system in (0, 10, 14)

    @property
    def modified_at(self) -> datetime | None:
        """UTC from the extended timestamp or NTFS fields; the classic stamp has no zone."""
        fields = dict(extra_fields(self.extra))
        stamp = fields.get(0x5455, b"")
        if len(stamp) >= 5 and stamp[0] & 1 and any(stamp[1:5]):
            return datetime.fromtimestamp(struct.unpack("<i", stamp[1:5])[0], UTC)
        ntfs = fields.get(0x000A, b"")
        if len(ntfs) >= 16 and ntfs[4:6] == b"\x01\x00":
            (ticks,) = struct.unpack("<Q", ntfs[8:16])
            if 0 < ticks < 2**61:
                return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
        return None

    @property
    def modified_local(self) -> datetime | None:
        """The classic stamp: wall-clock time of the machine that made the archive, to 2 seconds, None when unset."""
        date, time = divmod(self.stamp, 0x10000)
        try:
            return datetime(
                1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, min(time % 32 * 2, 59)
            )
        except ValueError:
            return None


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        tag, length = struct.unpack("<2H", extra[:4])
        yield tag, extra[4 : 4 + length]
        extra = extra[4 + length :]


def read_directory(file: BinaryIO) -> Iterator[Member]:
    """The entries in stored order. Raises DamagedMember where the directory is missing or ends early."""
    start, shift, announced = _find(file)
    file.seek(start)
    index = 0
    while (head := file.read(_CENTRAL.size))[:4] == CENTRAL and len(head) == _CENTRAL.size:
        # fmt: off
        (_, _, system, _, flags, method, time, date, crc, stored, size,
         name_length, extra_length, comment_length, _, _, attributes, offset) = _CENTRAL.unpack(head)
        # fmt: on
        name = file.read(name_length)
        extra = file.read(extra_length)
        file.seek(comment_length, 1)
        size, stored, offset = _wide(extra, size, stored, offset)
        yield Member(
            index, name, offset + shift, size, stored, crc, method, flags, date << 16 | time, system, attributes, extra
        )
        index += 1
    if index % 0x10000 != announced % 0x10000:
        raise DamagedMember(f"the directory announces {announced:,} members and holds {index:,}")


def recover(file: BinaryIO, known: Mapping[int, int], index: int) -> Iterator[Member]:
    """Members found by their local headers, numbered from `index`.

    known: offsets not to report, with the stored size to pass over.
    """
    length = file.seek(0, 2)
    position = 0
    while (position := _search(file, LOCAL, position)) >= 0:
        member = None if position in known else _local_member(file, position, index)
        passed = known.get(position, 0)
        if member:
            yield member
            index += 1
            passed = member.stored or 0
        # A size that leads out of the archive is a lie, or the archive is cut: what follows is looked at in any case.
        position += len(LOCAL) + (passed if position + passed < length else 0)


def data_start(file: BinaryIO, offset: int) -> int:
    """Where the bytes of the member with this local header begin. Raises DamagedMember."""
    file.seek(max(0, min(offset, FARTHEST)))
    head = file.read(_LOCAL.size)
    if offset < 0 or len(head) < _LOCAL.size or head[:4] != LOCAL:
        raise DamagedMember(f"no member at offset {offset:,}: the local header is missing")
    *_, name_length, extra_length = _LOCAL.unpack(head)
    return offset + _LOCAL.size + name_length + extra_length


def _local_member(file: BinaryIO, offset: int, index: int) -> Member | None:
    file.seek(offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        return None
    _, needed, flags, method, time, date, crc, stored, size, name_length, extra_length = _LOCAL.unpack(head)
    if (needed & 0xFF) > 63 or method > 99 or not name_length:
        return None
    name, extra = file.read(name_length), file.read(extra_length)
    size, stored, _ = _wide(extra, size, stored, 0)
    unsaid = flags & SIZES_FOLLOW and not stored
    return Member(
        index,
        name,
        offset,
        0 if unsaid else size,
        None if unsaid else stored,
        None if unsaid else crc,
        method,
        flags,
        date << 16 | time,
        extra=extra,
        recovered=True,
    )


def _find(file: BinaryIO) -> tuple[int, int, int]:
    """Start of the directory, bytes put before the archive, number of members announced."""
    length = file.seek(0, 2)
    tail_start = max(0, length - _END.size - 0xFFFF)
    file.seek(tail_start)
    tail = file.read()
    place = len(tail)
    while (place := tail.rfind(END, 0, place)) >= 0:
        found = _end_record(file, tail_start + place) if len(tail) - place >= _END.size else None
        if found:
            return found
    raise DamagedMember("the directory at the end of the archive is missing: the archive is cut short")


def _end_record(file: BinaryIO, end: int) -> tuple[int, int, int] | None:
    file.seek(end)
    *_, count, size, offset, _ = _END.unpack(file.read(_END.size))
    if end >= _LOCATOR64.size + _END64.size:
        file.seek(end - _LOCATOR64.size)
        signature, _, wide_at, _ = _LOCATOR64.unpack(file.read(_LOCATOR64.size))
        for place in (wide_at, end - _LOCATOR64.size - _END64.size) if signature == LOCATOR64 else ():
            file.seek(min(place, end))
            record = file.read(_END64.size)
            if record[:4] == END64 and len(record) == _END64.size:
                *_, count, size, offset = _END64.unpack(record)
                end = place
                break
    for start in (end - size, offset):
        if 0 <= start <= end:
            file.seek(start)
            if file.read(4) == CENTRAL or (count == 0 and size == 0):
                return start, start - offset, count
    return None


def _wide(extra: bytes, *values: int) -> tuple[int, ...]:
    """Size, stored size and offset, those that read 0xFFFFFFFF taken from the zip64 field in this order."""
    if FULL not in values:
        return values
    field = dict(extra_fields(extra)).get(1, b"")
    wide = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
    return tuple(next(wide, value) if value == FULL else value for value in values)


def _search(file: BinaryIO, wanted: bytes, position: int) -> int:
    """The next place of `wanted` at or after a position, -1 when there is none."""
    file.seek(position)
    kept, size = b"", 1 << 12  # the next header is mostly near: start small
    while chunk := file.read(size):
        window = kept + chunk
        found = window.find(wanted)
        if found >= 0:
            return position - len(kept) + found
        position += len(chunk)
        kept, size = window[1 - len(wanted) :], min(size * 4, 1 << 20)
    return -1
