"""EXIF tags, read by ExifRead, as values of the tables: text, numbers in range, times, coordinates."""

import json
import logging
import math
import re
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from exifread.core.exif_header import ExifHeader
from exifread.tags.exif import EXIF_TAGS, GPS_TAGS
from exifread.utils import Ratio

from forensics import Problem
from forensics.times import EARLIEST

from . import containers, tiff

logging.getLogger("exifread").setLevel(logging.CRITICAL)  # what it would print is in the problems already

LATEST_YEAR = 2050  # a camera that says more has lost its clock
GPS_EPOCH = date(1980, 1, 6)

DATE_TIME = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
UNSET_TIME = re.compile(r"[0:/\-\s]*")
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")

NAMES = {  # of tags that ExifRead gives by number
    "Tag 0x000B": "ProcessingSoftware",
    "Tag 0xC62F": "CameraSerialNumber",
    "Tag 0x001F": "GPSHPositioningError",
}
as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode

CHARSETS = {b"ASCII\0\0\0": "utf-8", b"JIS\0\0\0\0\0": "iso2022_jp", bytes(8): "utf-8"}

COORDINATES = ("GPSLatitude", "GPSLatitudeRef", "GPSLongitude", "GPSLongitudeRef")
CHARSET_TEXTS = ("GPSProcessingMethod", "GPSAreaInformation")


class Reader(ExifHeader):
    """ExifRead on one directory held in memory, for its values alone.

    ExifRead also seeks in a file for every number, and formats, wraps and logs every value for display: without that it
    takes a third of the time. `tags` are values by the names of ExifRead; `failures` what it raised, by name.
    """

    def __init__(self, directory: tiff.Directory, order: str):
        self.data = tiff.excerpt(order, directory)
        self.byte_order: tiff.Endian = "little" if order == "<" else "big"
        self.failures: dict[str, Exception] = {}
        super().__init__(BytesIO(self.data), "I" if order == "<" else "M", 0, 0, strict=False, detailed=False)

    def s2n(self, offset: int, length: int, signed: bool = False) -> int:
        return int.from_bytes(self.data[offset : offset + length], self.byte_order, signed=signed)

    def _process_tag(self, ifd: int, ifd_name: str, known: Any, entry: int, tag: int, tag_name: str, *_: Any) -> None:
        kind, count = self.s2n(entry + 2, 2), self.s2n(entry + 4, 4)
        size = tiff.SIZES[kind]
        at = self.s2n(entry + 8, 4) if count * size > 4 else entry + 8
        try:
            if kind == tiff.ASCII:
                value = self._process_ascii_field(ifd_name, tag_name, count, at)
            else:
                value = self._process_field(tag_name, count, kind, size, at)
        except Exception as error:  # ExifRead raises IndexError, TypeError and others on odd values
            self.failures[tag_name] = error
        else:
            self.tags[NAMES.get(tag_name, tag_name)] = value


class Tags:
    """The EXIF of one photo as values of our tables. What is taken is gone; what is left over belongs in `extra`."""

    def __init__(self, image: containers.Image, block: tiff.Block | None):
        self.image = image
        self.block = block
        self.problems: list[Problem] = []
        self.extra: dict[str, Any] = {}
        self.tags: dict[str, Any] = {}
        if block:
            self.read(Reader(block.image | block.exif, block.order), EXIF_TAGS)
            self.read(Reader(block.gps, block.order), GPS_TAGS)

    def read(self, reader: Reader, names: dict[int, Any]) -> None:
        reader.dump_ifd(0, "EXIF", names)
        self.tags |= reader.tags
        for name, error in reader.failures.items():
            failed = f"ExifRead failed on the tag {name}: it is not read"
            self.problems.append(Problem("not_read", failed, "EXIF", f"{type(error).__name__}: {error}"))

    def take(self, name: str) -> Any:
        """Values of a tag as ExifRead gives them: text, bytes, or a list of numbers; None when it is not there."""
        return self.tags.pop(name, None)

    def odd(self, name: str, raw: Any, why: str) -> None:
        """The value is no value of ours: it stays as stored in `extra`."""
        self.extra[name] = shown(raw)
        self.problems.append(Problem("not_understood", f"{name} {why}", "EXIF", str(shown(raw))[:500]))

    def text(self, name: str) -> str | None:
        raw = self.take(name)
        if raw is None:
            return None
        if isinstance(raw, str):
            return raw.strip() or None
        raw = as_bytes(raw)
        if isinstance(raw, bytes):
            return self.foreign_text(name, raw)
        self.odd(name, raw, "is not text")
        return None

    def foreign_text(self, name: str, raw: bytes) -> str | None:
        try:
            return raw.split(b"\0", 1)[0].decode("utf-8").strip() or None
        except UnicodeDecodeError:
            self.odd(name, raw, "is not UTF-8 text: bytes that are not are shown as replacement characters")
            return raw.split(b"\0", 1)[0].decode("utf-8", "replace").strip() or None

    def numbers(self, name: str) -> list[float] | None:
        """Up to three numbers."""
        raw = self.take(name)
        if raw is None:
            return None
        values = [number(value) for value in raw] if isinstance(raw, list) and len(raw) <= 3 else []
        if not values or None in values:
            self.odd(name, raw, "is not a list of up to 3 numbers")
            return None
        return values  # type: ignore[return-value]

    def number(self, name: str, low: float, high: float) -> float | None:
        raw = self.take(name)
        if raw is None:
            return None
        value = number(raw[0]) if isinstance(raw, list) and len(raw) == 1 else None
        if value is not None and low <= value <= high:
            return value
        self.odd(name, raw, "is not a number" if value is None else f"is not between {low:g} and {high:g}")
        return None

    def whole(self, name: str, low: int, high: int) -> int | None:
        value = self.number(name, low, high)
        return None if value is None else int(value)

    def wall_clock(self, name: str) -> datetime | None:
        """A naive datetime to the second."""
        raw = self.text(name)
        if raw is None or UNSET_TIME.fullmatch(raw):
            return None
        match = DATE_TIME.fullmatch(raw)
        try:
            wall = datetime(*map(int, match.groups())) if match else None  # type: ignore[arg-type]
        except ValueError:
            wall = None
        if wall is not None and EARLIEST.year <= wall.year <= LATEST_YEAR:
            return wall
        self.odd(name, raw, f"is no time between {EARLIEST.year} and {LATEST_YEAR}")
        return None

    def subseconds(self, name: str) -> timedelta:
        raw = self.text(name)
        if raw is None:
            return timedelta()
        if raw.isascii() and raw.isdigit():
            return timedelta(microseconds=int(raw[:6].ljust(6, "0")))
        self.odd(name, raw, "is no fraction of a second")
        return timedelta()

    def offset(self, name: str) -> str | None:
        """Offset from UTC as the camera wrote it, +hh:mm."""
        raw = self.text(name)
        if raw is None or not raw.strip(" :"):
            return None
        if raw == "Z":
            return "+00:00"
        match = OFFSET.fullmatch(raw)
        if match and int(match[2]) <= 14 and int(match[3]) < 60:
            return f"{match[1]}{match[2]}:{match[3]}"
        self.odd(name, raw, "is no offset from UTC")
        return None

    def gps_time(self) -> datetime | None:
        raw_day, clock = self.text("GPSDate"), self.numbers("GPSTimeStamp")
        if raw_day and UNSET_TIME.fullmatch(raw_day):
            raw_day = None
        day, since_midnight = gps_day(raw_day), gps_clock(clock)
        if day is not None and since_midnight is not None:
            return datetime.combine(day, time(), UTC) + since_midnight
        if raw_day is not None and day is None:
            self.odd("GPSDate", raw_day, f"is no day between 1980 and {LATEST_YEAR}")
        elif raw_day is not None:
            self.extra["GPSDate"] = raw_day
        if clock is not None and since_midnight is None:
            self.odd("GPSTimeStamp", clock, "is no time of day")
        elif clock is not None:
            self.extra["GPSTimeStamp"] = clock
        return None

    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, both or none."""
        kept = {name: self.tags[name] for name in COORDINATES if name in self.tags}
        latitude = self.coordinate("GPSLatitude", "GPSLatitudeRef", {"N": 1, "S": -1}, 90)
        longitude = self.coordinate("GPSLongitude", "GPSLongitudeRef", {"E": 1, "W": -1}, 180)
        if latitude is not None and longitude is not None and (latitude or longitude):
            return latitude, longitude
        if latitude == longitude == 0:
            zero = "the position is stored as exactly 0,0: not taken as a place"
            self.problems.append(Problem("not_understood", zero, "EXIF GPS"))
        elif (latitude is None) != (longitude is None):
            self.problems.append(Problem("not_understood", "only one half of the position is usable", "EXIF GPS"))
        self.extra.update((name, shown(raw)) for name, raw in kept.items())
        return None

    def coordinate(self, name: str, ref_name: str, signs: dict[str, int], most: float) -> float | None:
        raw = self.tags.get(name)
        parts, ref = self.numbers(name), self.text(ref_name)
        if parts is None:
            return None
        sign = signs.get((ref or "").upper())
        degrees, minutes, seconds = [*parts, 0, 0][:3]
        value = degrees + minutes / 60 + seconds / 3600
        possible = degrees >= 0 and 0 <= minutes <= 60 and 0 <= seconds <= 60 and value <= most
        if not possible:
            self.odd(name, raw, f"is not between 0 and {most} degrees")
        if sign is None:
            self.odd(ref_name, ref or "", f"is not one of {', '.join(signs)}: {name} has no hemisphere")
        return sign * value if sign and possible else None

    def altitude(self, placed: bool) -> float | None:
        """Metres; negative below sea level. A zero without a position is what some cameras write for "not known"."""
        ref, metres = self.whole("GPSAltitudeRef", 0, 3), self.number("GPSAltitude", -12_000, 100_000)
        if metres is None:
            return None
        if not metres and not placed:
            self.extra["GPSAltitude"] = metres
            return None
        if ref in (2, 3):
            self.extra["GPSAltitudeRef"] = ref  # above or below the ellipsoid, not the sea
        return -abs(metres) if ref in (1, 3) else metres

    def rest(self) -> str | None:
        """What no column fits, as JSON text."""
        for name in sorted(self.tags):
            raw = self.take(name)
            readable = charset_text(as_bytes(raw)) if name in CHARSET_TEXTS and isinstance(raw, list) else shown(raw)
            if readable not in ("", None):
                self.extra[name] = readable
        if self.block and self.block.comment:
            comment = charset_text(self.block.comment, self.block.order)
            if comment:
                self.extra["UserComment"] = comment
        return as_json(self.extra) if self.extra else None


def gps_clock(parts: list[float] | None) -> timedelta | None:
    """Time since midnight UTC of hours, minutes and seconds."""
    if parts is None or len(parts) != 3:
        return None
    hours, minutes, seconds = parts
    possible = 0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 60
    return timedelta(hours=hours, minutes=minutes, seconds=seconds) if possible else None


def gps_day(raw: str | None) -> date | None:
    if raw is None:
        return None
    try:
        day = date.fromisoformat(raw.replace(":", "-").replace("/", "-"))
    except ValueError:
        return None
    return day if day >= GPS_EPOCH and day.year <= LATEST_YEAR else None


def number(value: Any) -> float | None:
    """A float from what ExifRead gives: an integer, a fraction (the line may be above a zero), a float in a tuple."""
    if isinstance(value, int):
        return float(value)
    if isinstance(value, Ratio):
        return value.numerator / value.denominator if value.denominator else None
    if isinstance(value, tuple):
        value = value[0]
    return value if isinstance(value, float) and math.isfinite(value) else None


def as_bytes(values: bytes | list[Any]) -> bytes | list[Any]:
    """Bytes of a field of bytes; other lists as they are."""
    if isinstance(values, bytes):
        return values
    if all(isinstance(value, int) and 0 <= value < 256 for value in values):
        return bytes(values)
    return values


def charset_text(raw: bytes | list[Any], order: str = ">") -> Any:
    """Text that starts with the eight bytes of its charset, as UserComment and GPSProcessingMethod do."""
    if not isinstance(raw, bytes):
        return shown(raw)
    charset = CHARSETS.get(raw[:8])
    if raw[:8] == b"UNICODE\0":
        charset = "utf-16-le" if order == "<" else "utf-16-be"
    text = raw[8:].decode(charset, "replace") if charset else raw.decode("utf-8", "replace")
    return text.strip("\0 \t\r\n") or None


def shown(raw: Any) -> Any:
    """A stored value for `extra`: text and numbers as they are, fractions as 1/3, bytes as hexadecimal."""
    if isinstance(raw, bytes):
        return raw.hex()
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, list | tuple):
        values = [shown(value) for value in raw]
        return values[0] if len(values) == 1 else values
    if isinstance(raw, Ratio):
        return f"{raw.numerator}/{raw.denominator}"
    if isinstance(raw, float) and not math.isfinite(raw):
        return str(raw)
    return raw
