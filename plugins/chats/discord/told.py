"""How Discord writes times: as ISO 8601 text, and inside its ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from forensics.times import EPOCH

FIRST = 1_420_070_400_000  # 2015-01-01 in Unix milliseconds, where ids begin
SHIFT = 22  # bits of an id behind its time
SECOND = timedelta(seconds=1)


def instant(text: Any) -> datetime | None:
    """A time with an offset; None for anything else."""
    found = clock(text)
    return found if found is not None and found.tzinfo is not None else None


def clock(text: Any) -> datetime | None:
    """A time with or without an offset."""
    if not isinstance(text, str) or not 10 < len(text) < 50:
        return None
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def made(ident: Any) -> datetime | None:
    """When an id was made, to the millisecond, UTC. Source: https://discord.com/developers/docs/reference#snowflakes"""
    number = whole(ident)
    if number is None or not 1 << SHIFT <= number < 1 << 63:
        return None
    return EPOCH + timedelta(milliseconds=(number >> SHIFT) + FIRST)


def whole(ident: Any) -> int | None:
    """An id as a number: it comes as a number, or as digits."""
    if isinstance(ident, int) and not isinstance(ident, bool):
        return ident
    return int(ident) if isinstance(ident, str) and ident.isascii() and ident.isdigit() and len(ident) < 20 else None


def same(wall: datetime, at: datetime | None) -> bool:
    """Whether a wall clock, taken as UTC, shows the second in which an id was made (or the next)."""
    return at is not None and abs(wall.replace(tzinfo=UTC) - at) <= SECOND
