"""A baseline JPEG of flat 8 x 8 squares, written without any library, and the EXIF segment in front of it.

Image libraries change their output from version to version; this file gives the same bytes everywhere. Each square
needs only its mean (the DC coefficient), so the encoder is a Huffman table and a loop. Source: ITU T.81, EXIF 2.32.
"""

import struct
from collections.abc import Sequence

RGB = tuple[int, int, int]
Entry = tuple[int, int, bytes | str | int | Sequence[tuple[int, int]]]

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
EXIF_POINTER, GPS_POINTER = 0x8769, 0x8825

# The lengths of DC codes for sizes 0 to 11 (T.81 table K.3); AC needs "end of block" only.
DC_COUNTS = (0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
DC_CODES = ("00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110", "11111110", "111111110")
END_OF_BLOCK = "0"
STEP = 8


def jpeg(squares: list[list[RGB]], exif: bytes = b"") -> bytes:
    """`squares`: rows of colours, each drawn 8 pixels wide and high."""
    height, width = 8 * len(squares), 8 * len(squares[0])
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes((1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0))
    dc_table = b"\x00" + bytes(DC_COUNTS) + bytes(range(12))
    ac_table = b"\x10" + bytes((1, *(0,) * 15)) + b"\x00"
    scan = bytes((3, 1, 0x00, 2, 0x00, 3, 0x00, 0, 63, 0))
    segments = [
        _segment(0xE1, exif) if exif else _segment(0xE0, b"JFIF\0\x01\x02\x00" + struct.pack(">HHBB", 1, 1, 0, 0)),
        _segment(0xDB, b"\x00" + bytes([STEP]) * 64),
        _segment(0xC0, frame),
        _segment(0xC4, dc_table),
        _segment(0xC4, ac_table),
        _segment(0xDA, scan),
    ]
    return b"\xff\xd8" + b"".join(segments) + _entropy_coded(squares) + b"\xff\xd9"


def exif(main: list[Entry], photo: list[Entry], gps: list[Entry]) -> bytes:
    """The APP1 payload: a big-endian TIFF with its EXIF and GPS directories."""
    at = 8
    sizes = [_directory_size(entries) for entries in (_with_pointers(main, 0, 0, bool(gps)), photo)]
    photo_at, gps_at = at + sizes[0], at + sum(sizes)
    directories = [_directory(_with_pointers(main, photo_at, gps_at, bool(gps)), at), _directory(photo, photo_at)]
    if gps:
        directories.append(_directory(gps, gps_at))
    return b"Exif\0\0" + struct.pack(">2sHI", b"MM", 42, at) + b"".join(directories)


def rational(value: float, denominator: int = 100) -> tuple[int, int]:
    return round(value * denominator), denominator


def degrees(value: float) -> list[tuple[int, int]]:
    """Degrees, minutes and seconds to a hundredth of a second, as cameras write them."""
    hundredths = round(abs(value) * 360_000)
    return [(hundredths // 360_000, 1), (hundredths // 6_000 % 60, 1), (hundredths % 6_000, 100)]


def from_degrees(parts: Sequence[tuple[int, int]]) -> float:
    whole, minutes, seconds = (over / under for over, under in parts)
    return whole + minutes / 60 + seconds / 3600


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _entropy_coded(squares: list[list[RGB]]) -> bytes:
    bits, before = [], (0, 0, 0)
    for row in squares:
        for colour in row:
            levels = _luma_and_chroma(colour)
            for level, previous in zip(levels, before, strict=True):
                bits.append(_dc(level - previous) + END_OF_BLOCK)
            before = levels
    stream = "".join(bits)
    stream += "1" * (-len(stream) % 8)
    return int(stream, 2).to_bytes(len(stream) // 8).replace(b"\xff", b"\xff\x00")


def _luma_and_chroma(colour: RGB) -> tuple[int, int, int]:
    """Quantised DC levels; whole-number arithmetic, so that no machine rounds differently."""
    red, green, blue = colour
    luma = (299 * red + 587 * green + 114 * blue) // 1000 - 128
    blue_difference = (-168_736 * red - 331_264 * green + 500_000 * blue) // 1_000_000
    red_difference = (500_000 * red - 418_688 * green - 81_312 * blue) // 1_000_000
    return luma * 8 // STEP, blue_difference * 8 // STEP, red_difference * 8 // STEP


def _dc(difference: int) -> str:
    size = abs(difference).bit_length()
    value = difference if difference > 0 else difference + (1 << size) - 1
    return DC_CODES[size] + (f"{value:0{size}b}" if size else "")


def _with_pointers(main: list[Entry], photo_at: int, gps_at: int, has_gps: bool) -> list[Entry]:
    pointers: list[Entry] = [(EXIF_POINTER, LONG, photo_at)]
    if has_gps:
        pointers.append((GPS_POINTER, LONG, gps_at))
    return sorted(main + pointers, key=lambda entry: entry[0])


def _directory_size(entries: list[Entry]) -> int:
    return 6 + 12 * len(entries) + sum(len(_value(entry)) for entry in entries if len(_value(entry)) > 4)


def _directory(entries: list[Entry], at: int) -> bytes:
    head = struct.pack(">H", len(entries))
    data, data_at = b"", at + 6 + 12 * len(entries)
    for entry in entries:
        tag, kind, _ = entry
        value = _value(entry)
        count = len(value) // {SHORT: 2, LONG: 4, RATIONAL: 8}.get(kind, 1)
        head += struct.pack(">HHI", tag, kind, count)
        if len(value) <= 4:
            head += value.ljust(4, b"\0")
        else:
            head += struct.pack(">I", data_at + len(data))
            data += value
    return head + bytes(4) + data


def _value(entry: Entry) -> bytes:
    _, kind, value = entry
    match kind, value:
        case _, bytes():
            return value
        case _, str():
            text = value.encode() + b"\0"
            return text + b"\0" * (len(text) % 2)
        case 3, int():
            return struct.pack(">H", value)
        case _, int():
            return struct.pack(">I", value)
        case _, pairs:
            return b"".join(struct.pack(">II", *pair) for pair in pairs)
