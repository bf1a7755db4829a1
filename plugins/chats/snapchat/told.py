"""How Snapchat's "My Data" writes times and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from forensics.times import EPOCH

TIME = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))? UTC")
NUMBER = r"(-?\d{1,3}(?:\.\d{1,15})?)"
ABOUT = r"(?:\s*±\s*(\d{1,7}(?:\.\d{1,9})?)(?:\s*meters?)?)?"
PLACE = re.compile(rf"(?:lat(?:itude)?\s*)?{NUMBER}{ABOUT}\s*,\s*(?:long?(?:itude)?\s*)?{NUMBER}{ABOUT}")
UNITS = (1_000, 1_000_000)
SECOND = timedelta(seconds=1)
FIRST, LAST = 1_293_840_000, 4_102_444_800


def instant(text: Any) -> datetime | None:
    """A time such as `2023-01-01 10:00:00 UTC`; None for anything else."""
    found = TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, second, int((found[7] or "0").ljust(6, "0")), tzinfo=UTC)
    except ValueError:
        return None


def finer(at: datetime | None, number: Any) -> datetime | None:
    """The same instant with its fraction, from a count since 1970 of a unit that is told by the text beside it.

    `Created(microseconds)` holds milliseconds, against its name. A count that says another second is not taken. Without a text
    the size of the count tells the unit: what is left is between 2011 (the service's first year) and 2100.
    """
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 1 << 63:
        return at
    for unit in UNITS:
        if FIRST <= number // unit < LAST:
            exact = EPOCH + timedelta(microseconds=number * (1_000_000 // unit))
            if at is None or at <= exact < at + SECOND:
                return exact
    return at


def place(text: Any) -> tuple[float, float, float | None] | None:
    """Latitude, longitude and accuracy in metres; None where the text says no place."""
    found = PLACE.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        return None
    latitude, about, longitude, _ = found.groups()
    north, east = float(latitude), float(longitude)
    if abs(north) > 90 or abs(east) > 180:
        return None
    return north, east, float(about) if about else None


def listed(data: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Items of a list by name, with their places in the file."""
    found = data.get(name) if isinstance(data, dict) else None
    for number, item in enumerate(found if isinstance(found, list) else ()):
        yield f"$['{name}'][{number}]", item
