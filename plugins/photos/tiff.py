"""The TIFF block that carries EXIF: directories checked, and an excerpt of it that is safe to read.

ExifRead trusts what a directory says: a count of a thousand million, a chain of directories or a pointer stored as text
makes it run for minutes or raise half way. So the directories are walked here first, and ExifRead is given well-formed
directories of only the entries that our tables want, each lying inside its block.

Source: TIFF 6.0 section 2 (Adobe 1992); EXIF 3.0, CIPA DC-008-2023, 4.6.
"""

import struct
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

from forensics import Problem

BYTE, ASCII, SHORT, LONG, IFD, UTF8 = 1, 2, 3, 4, 13, 129
SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, IFD: 4, UTF8: 1}
POINTERS = (SHORT, LONG, IFD)

LONGEST = 64 * 1024  # bytes of one value; a JPEG segment cannot hold more
MOST_NUMBERS = 64  # in one value; no tag read here has more than four

EXIF_POINTER, GPS_POINTER = 0x8769, 0x8825
TIME_CHANGED, TIME_TAKEN, TIME_DIGITIZED = 0x0132, 0x9003, 0x9004
OFFSET_CHANGED, OFFSET_TAKEN, OFFSET_DIGITIZED = 0x9010, 0x9011, 0x9012
IMAGE_SIZE, EXIF_SIZE = (0x0100, 0x0101), (0xA002, 0xA003)
THUMBNAIL_OFFSET, THUMBNAIL_LENGTH = 0x0201, 0x0202
USER_COMMENT = 0x9286
WINDOWS_TEXTS = range(0x9C9B, 0x9CA0)

# fmt: off
EXIF_TAGS = frozenset([
    TIME_TAKEN, TIME_DIGITIZED, OFFSET_CHANGED, OFFSET_TAKEN, OFFSET_DIGITIZED, USER_COMMENT, 0x9291, *EXIF_SIZE,
    0xA420, 0xA430, 0xA431, 0xA433, 0xA434, 0xA435, 0xFDE8, 0xFDE9, GPS_POINTER,
])
IMAGE_TAGS = EXIF_TAGS | {  # some programs write the tags of the EXIF directory here
    0x000B, *IMAGE_SIZE, 0x010D, 0x010E, 0x010F, 0x0110, 0x0112, 0x0131, TIME_CHANGED, 0x013B, 0x013C, 0x8298,
    EXIF_POINTER, *WINDOWS_TEXTS, 0xC62F,
}
GPS_TAGS = frozenset([
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x09, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12,
    0x13, 0x14, 0x15, 0x16, 0x1B, 0x1D, 0x1F,
])
# fmt: on
THUMBNAIL_TAGS = frozenset([THUMBNAIL_OFFSET, THUMBNAIL_LENGTH])

OUTSIDE = "lie outside the EXIF block"
UNKNOWN_TYPE = "have a field type that is not known"
TOO_LONG = "hold more than is read"
REPEATED = "repeat a tag: the last one counts"

Endian = Literal["little", "big"]
Entry = tuple[int, int, bytes]  # field type, count, value
Directory = dict[int, Entry]


@dataclass(slots=True)
class Block:
    """The wanted entries of one TIFF block, by directory, and what is wrong with the block.

    `order` is `<` or `>`; `comment` the raw UserComment with its charset code; `thumbnail` the embedded JPEG.
    """

    order: str
    image: Directory = field(default_factory=dict)
    exif: Directory = field(default_factory=dict)
    gps: Directory = field(default_factory=dict)
    comment: bytes | None = None
    thumbnail: bytes | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def endian(self) -> Endian:
        return "little" if self.order == "<" else "big"


def block(stream: BinaryIO) -> Block:
    """Walk the directories of a TIFF block. Never raises on what is in it: that becomes `problems`."""
    stream.seek(0)
    header = stream.read(8)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(header[:4])
    if order is None or len(header) < 8:
        wrong = Problem("damaged", "EXIF does not begin with a TIFF header", record="EXIF", detail=header.hex())
        return Block("<", problems=[wrong])
    walk = _Walk(stream, order)
    found = Block(order, problems=walk.problems)
    found.image, second = walk.directory("Image", walk.integer(header[4:]), IMAGE_TAGS)
    found.exif = walk.follow("EXIF", found.image.pop(EXIF_POINTER, None), EXIF_TAGS)
    pointers = found.image.pop(GPS_POINTER, None), found.exif.pop(GPS_POINTER, None)
    found.gps = walk.follow("GPS", pointers[0] or pointers[1], GPS_TAGS)
    if any(found.image[tag] != found.exif[tag] for tag in found.image.keys() & found.exif.keys()):
        walk.damaged("a tag differs between the Image and the EXIF directory: the EXIF directory counts")
    comments = found.exif.pop(USER_COMMENT, None), found.image.pop(USER_COMMENT, None)
    found.comment = next((entry[2] for entry in comments if entry), None)
    found.thumbnail = walk.thumbnail(second)
    return found


class _Walk:
    """Reads directories of one block, and remembers what is wrong."""

    def __init__(self, stream: BinaryIO, order: str):
        self.stream = stream
        self.size = stream.seek(0, 2)
        self.endian: Endian = "little" if order == "<" else "big"
        self.layout = struct.Struct(order + "HHI4s")
        self.problems: list[Problem] = []

    def read(self, offset: int, length: int) -> bytes:
        self.stream.seek(offset)
        return self.stream.read(length)

    def integer(self, data: bytes) -> int:
        return int.from_bytes(data, self.endian)

    def damaged(self, message: str) -> None:
        self.problems.append(Problem("damaged", message, record="EXIF"))

    def directory(self, name: str, offset: int, wanted: frozenset[int]) -> tuple[Directory, int]:
        """Entries of the directory at `offset`, and the offset of the next one (0 for none)."""
        head = self.read(offset, 2)
        count = self.integer(head)
        listed = self.read(offset + 2, 12 * count)
        if len(head) < 2 or len(listed) < 12 * count:
            self.damaged(f"the {name} directory at {offset} is cut: {len(listed) // 12} of {count} entries are there")
        entries: Directory = {}
        faults: dict[str, list[int]] = {}
        for tag, kind, number, value in self.layout.iter_unpack(listed[: len(listed) // 12 * 12]):
            length = SIZES.get(kind, 0) * number
            fault = None
            if length > self.size:
                fault = OUTSIDE
            elif tag in wanted:
                fault = self.keep(entries, tag, kind, number, length, value)
            if fault:
                faults.setdefault(fault, []).append(tag)
        for fault, tags in faults.items():
            message = f"{len(tags)} entries of the {name} directory {fault}"
            detail = ", ".join(f"0x{tag:04X}" for tag in tags[:20])
            self.problems.append(Problem("limit" if fault == TOO_LONG else "damaged", message, "EXIF", detail))
        return entries, self.integer(self.read(offset + 2 + 12 * count, 4))

    def keep(self, entries: Directory, tag: int, kind: int, number: int, length: int, value: bytes) -> str | None:
        """Add an entry with its value; what is wrong with it, if something is."""
        if kind not in SIZES:
            return UNKNOWN_TYPE
        if length > LONGEST or (number > MOST_NUMBERS and SIZES[kind] > 1):
            return TOO_LONG
        data = value[:length] if length <= 4 else self.read(self.integer(value), length)
        if len(data) < length:
            return OUTSIDE
        repeated = tag in entries
        entries[tag] = kind, number, data
        return REPEATED if repeated else None

    def follow(self, name: str, pointer: Entry | None, wanted: frozenset[int]) -> Directory:
        if pointer is None:
            return {}
        offset = self.pointer(name, pointer)
        return self.directory(name, offset, wanted)[0] if offset is not None else {}

    def pointer(self, name: str, entry: Entry) -> int | None:
        kind, count, value = entry
        offset = self.integer(value) if kind in POINTERS and count == 1 else 0
        if 8 <= offset < self.size:
            return offset
        stored = f"field type {kind}, {count} values, {value[:16].hex() or 'none'}"
        self.damaged(f"the pointer to the {name} directory leads nowhere: {stored}")
        return None

    def thumbnail(self, second: int) -> bytes | None:
        if not second:
            return None
        if not 8 <= second < self.size:
            self.damaged(f"the pointer to the thumbnail directory leads nowhere: {second}")
            return None
        entries, _ = self.directory("thumbnail", second, THUMBNAIL_TAGS)
        if len(entries) < 2 or any(kind not in POINTERS for kind, _, _ in entries.values()):
            return None
        offset, length = (self.integer(entries[tag][2]) for tag in (THUMBNAIL_OFFSET, THUMBNAIL_LENGTH))
        if not length:
            return None
        jpeg = self.read(offset, length) if offset + length <= self.size else b""
        if jpeg.startswith(b"\xff\xd8"):
            return jpeg
        self.damaged(f"the thumbnail at {offset} is {'no JPEG' if jpeg else 'not there'}: {length} bytes expected")
        return None


def without_repeats(found: Block, width: int | None, height: int | None) -> None:
    """Take out what says nothing new, a third of all tags: times of a photo never changed, its size given again."""
    exif, image = found.exif, found.image
    for directory, tag, first in (
        (image, TIME_CHANGED, TIME_TAKEN),
        (exif, TIME_DIGITIZED, TIME_TAKEN),
        (exif, OFFSET_CHANGED, OFFSET_TAKEN),
        (exif, OFFSET_DIGITIZED, OFFSET_TAKEN),
    ):
        if tag in directory and directory[tag] == exif.get(first):
            del directory[tag]
    for directory, (wide, high) in ((image, IMAGE_SIZE), (exif, EXIF_SIZE)):
        if wide in directory and high in directory:
            said = [int.from_bytes(directory[tag][2], found.endian) for tag in (wide, high)]
            if said == [width, height]:
                del directory[wide], directory[high]


def excerpt(order: str, directory: Directory) -> bytes:
    """One directory with its values behind it, as it would stand at the start of a block."""
    listed = bytearray(struct.pack(order + "H", len(directory)))
    start = 2 + 12 * len(directory)
    values = bytearray()
    inline, outside = struct.Struct(order + "HHI4s"), struct.Struct(order + "HHII")
    for tag, (kind, count, value) in directory.items():
        if kind == UTF8 or (tag in WINDOWS_TEXTS and kind == BYTE):
            kind, count, value = _as_ascii(kind, value)
        if len(value) <= 4:
            listed += inline.pack(tag, kind, count, value)
        else:
            listed += outside.pack(tag, kind, count, start + len(values))
            values += value
    return bytes(listed + values)


def _as_ascii(kind: int, value: bytes) -> Entry:
    """ExifRead knows neither the UTF-8 type of EXIF 3.0 nor byte values of 1000 or more: both pass as ASCII."""
    if kind != UTF8:
        value = value.decode("utf-16-le", "replace").encode("utf-8", "replace")
    return ASCII, len(value), value
