"""Values that Teams stores in a way of its own, as the values they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from forensics import Problem
from forensics.times import Clock, NotATime, cocoa_s, unix_ms

from ..keyed_archive import NotAnArchive, unarchived
from ..untrusted import instant

SAME = timedelta(seconds=1)
UNSET = (None, 0, -1, "")


def archive_in(row: Mapping[str, Any], name: str) -> tuple[Any, list[Problem]]:
    """The objects in a column, and a problem if they cannot be read."""
    stored = row[name]
    if not isinstance(stored, bytes):
        return None, []
    try:
        return unarchived(stored), []
    except NotAnArchive as error:
        detail = f"{error}: {stored[:32].hex()}"
        return None, [Problem("damaged", f"{name} is no readable archive", record=row["record"], detail=detail)]


def sent_at(row: Mapping[str, Any]) -> tuple[Any, list[Problem]]:
    """When a message was sent: ZARRIVALTIME; where it is not set, the same instant as Unix ms or as text.

    The row states it three times, on three clocks. Where these differ by more than a second a problem gives all three.
    """
    stated = (row["arrived"], row["arrived_ms"], row["composed"])
    found = [reading(cocoa_s, stated[0]), reading(unix_ms, stated[1]), instant(stated[2])]
    known = [time for time in found if time]
    unreadable = any(value not in UNSET and not time for value, time in zip(stated, found, strict=True))
    if not known or not (unreadable or max(known) - min(known) > SAME):
        return (known[0] if known else stated[0]), []
    what = (
        "one of the times of a message is none" if unreadable else "the times of a message differ by more than a second"
    )
    detail = f"ZARRIVALTIME {stated[0]}, ZTS_NUMERICARRIVALTIME {stated[1]}, ZCOMPOSETIME {stated[2]}"
    problem = Problem("not_understood", f"{what}: the first that is set is given", record=row["record"], detail=detail)
    return known[0], [problem]


def reading(clock: Clock, value: Any) -> datetime | None:
    """A number on a clock; None for what is no time on it."""
    if not isinstance(value, int | float):
        return None
    try:
        return clock(value)
    except NotATime:
        return None


def number(value: Any) -> Any:
    """A whole number that is stored as text, as a number."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19 else value
