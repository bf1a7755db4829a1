"""Where a picture file keeps its pixel size and its EXIF: JPEG, PNG, WebP, HEIC/HEIF/AVIF and TIFF.

Only headers are read; pixels are never decoded. Every walk is bounded by a number of steps, so a file made to keep a
reader busy costs little.

Sources: JPEG ITU-T T.81 annex B, EXIF 3.0 (CIPA DC-008-2023) 4.7; PNG 3rd edition (W3C 2025), raw profiles as
ImageMagick writes them; WebP container RFC 9649; ISO/IEC 14496-12 (boxes) and ISO/IEC 23008-12 (HEIF) annex A.
"""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from forensics import Problem

LARGEST = 16 * 1024 * 1024  # bytes of one EXIF block
LARGEST_INDEX = 4 * 1024 * 1024  # bytes of the index of an HEIF file
MOST_STEPS = 200_000  # segments, chunks, boxes or extents of one file


class Damaged(Exception):
    """The file does not hold what its format promises."""


class Exceeds(Exception):
    """The file asks for more than is read."""


@dataclass(slots=True)
class Image:
    """Headers of one picture: size in pixels (None: not found), the TIFF block with the EXIF, and what is wrong."""

    mime: str
    width: int | None = None
    height: int | None = None
    exif: BinaryIO | None = None
    problems: list[Problem] = field(default_factory=list)

    def note(self, kind: str, message: str) -> None:
        """A file may repeat its fault without end: it is noted once."""
        problem = Problem(kind, message, record="header")
        if problem not in self.problems:
            self.problems.append(problem)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Damage met inside ends the block and becomes a problem; what was found before stays."""
        try:
            yield
        except Damaged as damage:
            self.note("damaged", str(damage))
        except Exceeds as excess:
            self.note("limit", str(excess))


def image(stream: BinaryIO) -> Image | None:
    """Read the headers of a picture; None when it is none of the formats above. Damage becomes `problems`."""
    mime, walk = _format(stream.read(32))
    if walk is None:
        return None
    found = Image(mime)
    with found.noting():
        walk(stream, found)
    return found


def _format(head: bytes) -> tuple[str, Callable[[BinaryIO, Image], None] | None]:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", jpeg
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", png
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp", webp
    if head[4:8] == b"ftyp" and (brand := _brand(head)):
        return brand, heif
    if head[:4] in (b"II*\0", b"MM\0*"):
        return "image/tiff", tiff
    return "", None


def _brand(head: bytes) -> str | None:
    brands = [head[8:12], *(head[i : i + 4] for i in range(16, min(int.from_bytes(head[:4], "big"), 32), 4))]
    if brands[0] in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"):
        return "image/heic"
    if any(brand in (b"avif", b"avis") for brand in brands):
        return "image/avif"
    return "image/heif" if brands[0] in (b"mif1", b"mif2", b"msf1") else None


def tiff(stream: BinaryIO, found: Image) -> None:
    found.exif = stream


# JPEG

START_OF_SCAN, END_OF_IMAGE, APP1 = 0xDA, 0xD9, 0xE1
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STANDALONE = frozenset([0x01, *range(0xD0, 0xD9)])


def jpeg(stream: BinaryIO, found: Image) -> None:
    stream.seek(2)
    for _ in range(MOST_STEPS):
        head = stream.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            raise Damaged(f"the JPEG has no marker at {stream.tell() - len(head)}, where one should be")
        marker, length = head[1], int.from_bytes(head[2:], "big")
        if marker in (START_OF_SCAN, END_OF_IMAGE):
            return
        if marker == 0xFF:
            stream.seek(-3, 1)
        elif marker in STANDALONE:
            stream.seek(-2, 1)
        elif length < 2:
            raise Damaged(f"a segment of the JPEG at {stream.tell() - 4} has the length {length}")
        elif marker == APP1 or marker in FRAMES:
            _segment(stream, found, marker, length - 2)
        else:
            stream.seek(length - 2, 1)
    raise Exceeds(f"the JPEG has more than {MOST_STEPS} segments")


def _segment(stream: BinaryIO, found: Image, marker: int, length: int) -> None:
    body = stream.read(length)
    if marker == APP1 and body[:5] == b"Exif\0":
        _exif_segment(found, body[6:])
    elif marker in FRAMES and len(body) >= 5:
        found.height, found.width = int.from_bytes(body[1:3], "big") or None, int.from_bytes(body[3:5], "big")
    if len(body) < length:
        raise Damaged(f"the JPEG ends inside a segment: {length} bytes expected, {len(body)} there")


def _exif_segment(found: Image, body: bytes) -> None:
    """A block over 64 kB goes on in the next segment; a second block of its own is another matter."""
    if found.exif is None:
        found.exif = BytesIO(body)
    elif body[:4] in (b"II*\0", b"MM\0*"):
        found.note("not_read", "the JPEG has a second EXIF block: only the first is read")
    else:
        found.exif.seek(0, 2)
        found.exif.write(body)


# PNG

RAW_PROFILES = (b"Raw profile type exif\0", b"Raw profile type APP1\0")


def png(stream: BinaryIO, found: Image) -> None:
    stream.seek(8)
    for _ in range(MOST_STEPS):
        head = stream.read(8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if len(head) < 8:
            raise Damaged("the PNG ends before its last chunk")
        if kind == b"IEND":
            return
        if kind in (b"IHDR", b"eXIf", b"zTXt", b"tEXt"):
            body = _read(stream, length, "a chunk of the PNG")
            _chunk(found, kind, body, stream.read(4))
            _complete(body, length, "a chunk of the PNG")
        else:
            stream.seek(length + 4, 1)
    raise Exceeds(f"the PNG has more than {MOST_STEPS} chunks")


def _chunk(found: Image, kind: bytes, body: bytes, checksum: bytes) -> None:
    if len(checksum) == 4 and int.from_bytes(checksum, "big") != zlib.crc32(kind + body):
        found.note("damaged", f"the checksum of a PNG chunk {kind.decode()} is wrong: it is read all the same")
    if kind == b"IHDR":
        found.width, found.height = int.from_bytes(body[:4], "big") or None, int.from_bytes(body[4:8], "big") or None
    elif kind == b"eXIf":
        found.exif = BytesIO(_without_prefix(body))
    elif body.startswith(RAW_PROFILES) and found.exif is None:
        found.exif = BytesIO(_without_prefix(_raw_profile(kind, body)))


def _raw_profile(kind: bytes, body: bytes) -> bytes:
    """EXIF as hexadecimal text, the way of ImageMagick: a name, a length and the digits, each on lines of its own."""
    text = body.split(b"\0", 1)[1]
    try:
        if kind == b"zTXt":
            text = zlib.decompressobj().decompress(text[1:], LARGEST)
        return bytes.fromhex(b"".join(text.split()[2:]).decode("ascii"))
    except (zlib.error, ValueError) as error:
        raise Damaged(f"the raw EXIF profile of the PNG is not readable: {error}") from error


# WebP


def webp(stream: BinaryIO, found: Image) -> None:
    end = stream.seek(0, 2)
    stream.seek(4)
    whole = 8 + int.from_bytes(stream.read(4), "little")
    stream.seek(12)
    for _ in range(MOST_STEPS):
        head = stream.read(8)
        if not head and whole <= end:
            return
        kind, length = head[:4], int.from_bytes(head[4:], "little")
        if len(head) < 8:
            raise Damaged(f"the WebP is cut: {whole} bytes expected, {end} there")
        if kind == b"EXIF":
            body = _read(stream, length, "the EXIF chunk of the WebP")
            found.exif = BytesIO(_without_prefix(body))
            _complete(body, length, "the EXIF chunk of the WebP")
            stream.seek(length % 2, 1)
        elif kind in _WEBP_SIZES and found.width is None and length >= 10:
            body = stream.read(10)
            _complete(body, 10, "a frame of the WebP")
            found.width, found.height = _WEBP_SIZES[kind](body)
            stream.seek(length - 10 + length % 2, 1)
        else:
            stream.seek(length + length % 2, 1)
    raise Exceeds(f"the WebP has more than {MOST_STEPS} chunks")


def _extended(body: bytes) -> tuple[int, int]:
    return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1


def _lossy(body: bytes) -> tuple[int, int]:
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def _lossless(body: bytes) -> tuple[int, int]:
    bits = int.from_bytes(body[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


_WEBP_SIZES = {b"VP8X": _extended, b"VP8 ": _lossy, b"VP8L": _lossless}


# HEIC, HEIF, AVIF


class _Bytes:
    """Reads numbers of a box one after the other; raises `Damaged` at its end."""

    def __init__(self, data: bytes):
        self.data = data
        self.at = 0

    def take(self, length: int) -> bytes:
        taken = self.data[self.at : self.at + length]
        if len(taken) < length:
            raise Damaged("a box of the HEIF index is shorter than what it lists")
        self.at += length
        return taken

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length), "big")

    def version(self) -> int:
        return self.number(4) >> 24


def heif(stream: BinaryIO, found: Image) -> None:
    meta, length = _meta(stream)
    index: dict[bytes, bytes] = {}
    with found.noting():
        _complete(meta, length, "the index of the HEIF file")
    with found.noting():
        for kind, content in boxes(meta[4:]):
            index.setdefault(kind, content)
    with found.noting():
        found.width, found.height = _pixels(index)
    with found.noting():
        item = _exif_item(index.get(b"iinf"))
        found.exif = BytesIO(_tiff_block(_item(stream, item, index))) if item is not None else None


def _meta(stream: BinaryIO) -> tuple[bytes, int]:
    """Content of the box `meta`, the index of the file, and the length that it should have."""
    end = stream.seek(0, 2)
    at = 0
    for _ in range(MOST_STEPS):
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            raise Damaged("the HEIF file has no index: the box meta is missing")
        length, start = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, start = int.from_bytes(head[8:], "big"), 16
        length = length or end - at
        if length < start:
            raise Damaged(f"a box of the HEIF file at {at} has the length {length}")
        if head[4:8] == b"meta":
            stream.seek(at + start)
            return _read(stream, length - start, "the index of the HEIF file", LARGEST_INDEX), length - start
        at = min(at + length, end)
    raise Exceeds(f"the HEIF file has more than {MOST_STEPS} boxes before its index")


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, content) of the boxes that lie in `data` one after the other."""
    at = 0
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        length = length or len(data) - at
        if length < 8 or at + length > len(data):
            raise Damaged(f"a box of the HEIF index has the length {length} where {len(data) - at} bytes are left")
        yield kind, data[at + 8 : at + length]
        at += length


def _primary(box: bytes | None) -> int | None:
    if box is None:
        return None
    read = _Bytes(box)
    return read.number(4 if read.version() else 2)


def _pixels(index: dict[bytes, bytes]) -> tuple[int | None, int | None]:
    """Width and height of the primary item as stored, before any rotation."""
    properties = dict(boxes(index.get(b"iprp", b"")))
    listed = list(boxes(properties.get(b"ipco", b"")))
    for number in _associated(properties.get(b"ipma"), _primary(index.get(b"pitm"))):
        if 0 < number <= len(listed) and listed[number - 1][0] == b"ispe":
            size = _Bytes(listed[number - 1][1])
            size.take(4)
            return size.number(4), size.number(4)
    return None, None


def _associated(box: bytes | None, primary: int | None) -> list[int]:
    """Numbers (from 1) of the properties of one item."""
    if box is None:
        return []
    read = _Bytes(box)
    head = read.number(4)
    wide_items, wide_numbers = head >> 24 > 0, head & 1
    for _ in range(read.number(4)):
        item = read.number(4 if wide_items else 2)
        numbers = [read.number(2) & 0x7FFF if wide_numbers else read.number(1) & 0x7F for _ in range(read.number(1))]
        if item == primary:
            return numbers
    return []


def _exif_item(box: bytes | None) -> int | None:
    if box is None:
        return None
    read = _Bytes(box)
    for kind, entry in boxes(box[8 if read.version() else 6 :]):
        item = _Bytes(entry)
        version = item.version()
        if kind == b"infe" and version >= 2:
            number = item.number(2 if version == 2 else 4)
            item.take(2)
            if item.take(4) == b"Exif":
                return number
    return None


def _item(stream: BinaryIO, item: int, index: dict[bytes, bytes]) -> bytes:
    """The content of one item: its extents joined, from the file or from the box `idat`."""
    for number, in_index, extents in _locations(index.get(b"iloc", b"")):
        if number == item:
            source = BytesIO(index.get(b"idat", b"")) if in_index else stream
            return _joined(source, extents)
    raise Damaged("the HEIF index names an EXIF item and does not say where it is")


def _joined(source: BinaryIO, extents: list[tuple[int, int]]) -> bytes:
    data = bytearray()
    for offset, length in extents:
        data += _extent(source, offset, length)
        if len(data) > LARGEST:
            raise Exceeds(f"the EXIF item of the HEIF file has more than {LARGEST} bytes: not read")
    return bytes(data)


def _extent(source: BinaryIO, offset: int, length: int) -> bytes:
    end = source.seek(0, 2)
    source.seek(min(offset, end))
    length = length or end - min(offset, end)
    data = _read(source, length, "the EXIF item of the HEIF file")
    _complete(data, length, "the EXIF item of the HEIF file")
    return data


def _locations(box: bytes) -> Iterator[tuple[int, bool, list[tuple[int, int]]]]:
    """(item, whether it lies in the box idat, its extents as offset and length) of the box `iloc`."""
    read = _Bytes(box)
    version = read.version()
    sizes = read.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 0xF for shift in (12, 8, 4, 0))
    listed = 0
    for _ in range(read.number(2 if version < 2 else 4)):
        item = read.number(2 if version < 2 else 4)
        method = read.number(2) & 0xF if version else 0
        read.take(2)
        base = read.number(base_size)
        extents = []
        count = read.number(2)
        listed += count
        if listed > MOST_STEPS:
            raise Exceeds(f"the HEIF index lists more than {MOST_STEPS} extents")
        for _ in range(count):
            read.take(index_size if version else 0)
            extents.append((base + read.number(offset_size), read.number(length_size)))
        yield item, method == 1, extents


def _tiff_block(item: bytes) -> bytes:
    """An EXIF item starts with the distance to its TIFF header, which some cameras give wrongly."""
    block = item[4 + int.from_bytes(item[:4], "big") :]
    if block[:4] in (b"II*\0", b"MM\0*"):
        return block
    marked = item.find(b"Exif\0\0")
    return item[marked + 6 :] if marked >= 0 else _without_prefix(item[4:])


def _without_prefix(block: bytes) -> bytes:
    return block[6:] if block.startswith(b"Exif\0") else block


def _read(stream: BinaryIO, length: int, what: str, most: int = LARGEST) -> bytes:
    if length > most:
        raise Exceeds(f"{what} is said to have {length} bytes: not read")
    return stream.read(length)


def _complete(data: bytes, length: int, what: str) -> None:
    if len(data) < length:
        raise Damaged(f"{what} is cut: {length} bytes expected, {len(data)} there")
