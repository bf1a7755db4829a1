"""Clocks of the apps: one object a clock, from the stored number to an instant in UTC.

A clock is given where a parser hands over its rows: `MESSAGES.batches(rows, sent_at=unix_ms)`. Unset values (null, 0, -1) are
null, never 1970. A number outside 1990 to 2100 is no time that a seized device can hold: it becomes null and a problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
UNSET = (0, -1)


class NotATime(ValueError):
    """A stored value is no instant between 1990 and 2100 on the clock that the format uses."""


@dataclass(frozen=True)
class Clock:
    """A count of ticks since an epoch.

    `ticks`: ticks a second. `epoch_s`: the epoch in Unix seconds. Calling it gives an aware datetime in UTC (µs), or None
    for an unset value; raises `NotATime`.
    """

    name: str
    ticks: int
    epoch_s: int

    def microseconds(self, value: int | float) -> int:
        """Microseconds since 1970-01-01 UTC, rounded down for whole ticks, to the nearest for fractions."""
        if isinstance(value, float):
            return round(value * 1_000_000 / self.ticks) + self.epoch_s * 1_000_000
        return value * 1_000_000 // self.ticks + self.epoch_s * 1_000_000

    def __call__(self, value: int | float | None) -> datetime | None:
        if value is None or value in UNSET:
            return None
        value = whole(value)
        try:
            instant = EPOCH + timedelta(microseconds=self.microseconds(value))
        except (OverflowError, ValueError, TypeError) as error:
            raise NotATime(f"{value!r} is no time on the clock {self.name}") from error
        if not EARLIEST <= instant < LATEST:
            raise NotATime(f"{value!r} on the clock {self.name} is {instant:%Y-%m-%d}, outside 1990 to 2100")
        return instant


APPLE = 978_307_200  # 2001-01-01
WINDOWS = -11_644_473_600  # 1601-01-01

unix_s = Clock("unix_s", 1, 0)
unix_ms = Clock("unix_ms", 1_000, 0)
unix_us = Clock("unix_us", 1_000_000, 0)
unix_ns = Clock("unix_ns", 1_000_000_000, 0)
cocoa_s = Clock("cocoa_s", 1, APPLE)
cocoa_ns = Clock("cocoa_ns", 1_000_000_000, APPLE)
webkit_us = Clock("webkit_us", 1_000_000, WINDOWS)
filetime = Clock("filetime", 10_000_000, WINDOWS)


def whole(value: Any) -> Any:
    """A float without a fraction as the whole number it is: databases and drivers give seconds either way."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; raises `ValueError` that says how such names look."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"unknown time zone {name!r}: give an IANA name such as Europe/Podgorica, Europe/Belgrade or UTC"
        ) from error


def local(wall: datetime, zone_name: str) -> tuple[datetime | None, str]:
    """What a wall clock without a zone shows, as an instant, once the examiner has named a zone.

    Gives (UTC instant, time basis). In the hour that a change of the clocks repeats, the first of the two instants is given
    and the basis is `ambiguous:<zone>`; for an hour that the change skips there is no instant: (None, `ambiguous:<zone>`).
    """
    region = zone(zone_name)
    first = wall.replace(tzinfo=region, fold=0)
    second = wall.replace(tzinfo=region, fold=1)
    instant = first.astimezone(UTC)
    if instant.astimezone(region).replace(tzinfo=None) != wall:
        return None, f"ambiguous:{zone_name}"
    if first.utcoffset() != second.utcoffset():
        return instant, f"ambiguous:{zone_name}"
    return instant, f"assumed:{zone_name}"
