"""Tiny pictures from a readable description of their EXIF: `jpeg(tiff(image={"Make": "Acme"}, gps={...}))`.

A value becomes the field type that its Python type suggests: text ASCII, an integer LONG, a pair (or a list of pairs)
RATIONAL, bytes UNDEFINED; `(type, count, bytes)` is written as it is, to build what no camera would write.
"""

import struct
import zlib

TAGS = {
    "ProcessingSoftware": 0x000B, "ImageWidth": 0x0100, "ImageLength": 0x0101, "ImageDescription": 0x010E, "Make": 0x010F,
    "Model": 0x0110, "Orientation": 0x0112, "Software": 0x0131, "DateTime": 0x0132, "Artist": 0x013B,
    "ThumbnailOffset": 0x0201, "ThumbnailLength": 0x0202, "ExifOffset": 0x8769, "GPSInfo": 0x8825, "XPTitle": 0x9C9B,
    "XPComment": 0x9C9C, "DateTimeOriginal": 0x9003, "DateTimeDigitized": 0x9004, "OffsetTime": 0x9010,
    "OffsetTimeOriginal": 0x9011, "MakerNote": 0x927C, "UserComment": 0x9286, "SubSecTimeOriginal": 0x9291,
    "ExifImageWidth": 0xA002, "ExifImageLength": 0xA003, "BodySerialNumber": 0xA431, "LensModel": 0xA434,
    "LatitudeRef": 1, "Latitude": 2, "LongitudeRef": 3, "Longitude": 4, "AltitudeRef": 5, "Altitude": 6, "TimeStamp": 7,
    "ImgDirectionRef": 0x10, "ImgDirection": 0x11, "MapDatum": 0x12, "ProcessingMethod": 0x1B, "DateStamp": 0x1D,
    "HPositioningError": 0x1F,
}  # fmt: skip
THUMBNAIL = b"\xff\xd8\xff\xd9"


def tiff(image=(), exif=(), gps=(), thumbnail=None, order=">"):
    """A TIFF block of up to four directories, values behind each of them."""
    image = dict(image)
    at = 8
    second = third = b""
    size = len(_directory(_with_pointers(image, exif, gps, 0, 0), order, at, 0))
    if exif:
        second = _directory(dict(exif), order, at + size, 0)
    if gps:
        third = _directory(dict(gps), order, at + size + len(second), 0)
    last = at + size + len(second) + len(third)
    first = _directory(
        _with_pointers(image, exif, gps, at + size, at + size + len(second)), order, at, last if thumbnail else 0
    )
    block = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", at) + first + second + third
    if thumbnail:
        start = last + 2 + 2 * 12 + 4
        block += _directory({"ThumbnailOffset": start, "ThumbnailLength": len(thumbnail)}, order, last, 0) + thumbnail
    return block


def _with_pointers(image, exif, gps, exif_at, gps_at):
    return image | ({"ExifOffset": exif_at} if exif else {}) | ({"GPSInfo": gps_at} if gps else {})


def _directory(tags, order, at, following):
    entries = [(TAGS[name], *_field(value, order)) for name, value in tags.items()]
    values = b""
    listed = struct.pack(order + "H", len(entries))
    start = at + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in sorted(entries):
        if len(value) > 4:
            value, values = struct.pack(order + "I", start + len(values)), values + value
        listed += struct.pack(order + "HHI", tag, kind, count) + value.ljust(4, b"\0")
    return listed + struct.pack(order + "I", following) + values


def _field(value, order):
    if isinstance(value, str):
        text = value.encode() + b"\0"
        return 2, len(text), text
    if isinstance(value, int):
        return 4, 1, struct.pack(order + "I", value)
    if isinstance(value, bytes):
        return 7, len(value), value
    if isinstance(value, tuple) and len(value) == 3:
        return value
    pairs = value if isinstance(value, list) else [value]
    return 5, len(pairs), b"".join(struct.pack(order + "II", *pair) for pair in pairs)


def jpeg(*blocks, width=64, height=48):
    """A JPEG without pixels; each block becomes an EXIF segment."""
    segments = b"".join(_segment(0xE1, b"Exif\0\0" + block) for block in blocks)
    frame = _segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    return b"\xff\xd8" + segments + frame + _segment(0xDA, b"\1\1\0\0\x3f\0") + b"\0\xff\xd9"


def _segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def png(*chunks, width=64, height=48):
    """A PNG without pixels; each chunk is a pair (kind, content)."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*c) for c in [(b"IHDR", header), *chunks, (b"IEND", b"")])


def _chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def webp(*chunks, width=64, height=48):
    """A WebP of the extended kind without pixels; each chunk is a pair (kind, content)."""
    extended = bytes([8, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for kind, data in [(b"VP8X", extended), *chunks]
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heif(block, brand=b"heic", width=64, height=48, header=b"\0\0\0\6Exif\0\0", in_index=False):
    """A HEIF of one picture item without pixels and one EXIF item, in the file or in the box idat of the index."""
    item = header + block

    def index(at):
        location = struct.pack(">IHH", 1 << 24, 0x4400, 1) + struct.pack(">HHHHII", 2, in_index, 0, 1, at, len(item))
        entries = _box(b"infe", struct.pack(">IHH4sB", 2 << 24, 1, 0, b"hvc1", 0))
        entries += _box(b"infe", struct.pack(">IHH4sB", 2 << 24, 2, 0, b"Exif", 0))
        properties = _box(b"ipco", _box(b"ispe", struct.pack(">III", 0, width, height)))
        properties += _box(b"ipma", struct.pack(">IIHBB", 0, 1, 1, 1, 0x81))
        return _box(
            b"meta",
            bytes(4)
            + _box(b"pitm", struct.pack(">IH", 0, 1))
            + _box(b"iinf", struct.pack(">IH", 0, 2) + entries)
            + _box(b"iloc", location)
            + _box(b"iprp", properties)
            + (_box(b"idat", item) if in_index else b""),
        )

    head = _box(b"ftyp", brand + bytes(4) + brand)
    at = 0 if in_index else len(head) + len(index(0)) + 8
    return head + index(at) + _box(b"mdat", b"" if in_index else item)


def _box(kind, body):
    return struct.pack(">I", 8 + len(body)) + kind + body
