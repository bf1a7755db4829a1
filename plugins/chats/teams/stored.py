"""Values that Teams stores in a way of its own, as the values they stand for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from forensics import Problem
from forensics.times import Clock, NotATime, cocoa_s, unix_ms

from ..keyed_archive import NotAnArchive, unarchived

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
    found = [reading(cocoa_s, stated[0]), reading(unix_ms, stated[1]), written(stated[2])]
    known = [instant for instant in found if instant]
    unreadable = any(value not in UNSET and not instant for value, instant in zip(stated, found, strict=True))
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


def written(text: Any) -> datetime | None:
    """A time as ISO 8601 text with up to seven digits behind the second; without a zone it is UTC."""
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def number(value: Any) -> Any:
    """A whole number that is stored as text, as a number."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19 else value


def as_json(found: Mapping[str, Any]) -> str | None:
    """What is set of some values, as JSON text."""
    kept = {name: value for name, value in found.items() if value not in (None, "", [], {})}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str) if kept else None
