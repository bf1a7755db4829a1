"""What rows from another tool's report have in common: the tool named in `extra`, and times as such tools write them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from forensics import Problem

NOTHING: tuple[Any, ...] = (None, "", 0, False, [], {})
APPLE_NS = 100_000_000_000  # a count of seconds or of nanoseconds since 2001: iOS 11 changed from one to the other


def extra(tool: str, told: Mapping[str, Any], taken: Collection[str] = ()) -> str:
    """The column `extra`: the tool, and what it tells that no column holds. Zeros and empty values are left out."""
    rest = {key: value for key, value in told.items() if key not in taken and not is_nothing(value)}
    return json.dumps({"tool": tool, **rest}, ensure_ascii=False, sort_keys=True)


def is_nothing(value: Any) -> bool:
    """Whether a value says nothing."""
    return any(value is nothing or (type(value) is type(nothing) and value == nothing) for nothing in NOTHING)


def instant(written: Any) -> Any:
    """A time written as `2023-05-02 15:56:47.221498`, UTC; anything else as it is, for the core to complain about."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=UTC) if written else None
    except (TypeError, ValueError):
        return written


def apple_ns(stored: Any) -> Any:
    """A count of seconds or nanoseconds since 2001, as nanoseconds; anything else as it is."""
    if isinstance(stored, bool) or not isinstance(stored, int | float) or abs(stored) >= APPLE_NS:
        return stored
    return round(stored * 1_000_000) * 1_000  # to the microsecond, which a float of seconds still tells


def way(from_owner: Any) -> str:
    """Which way a message went, by a mark that it is the owner's."""
    if not isinstance(from_owner, int):  # true and false are numbers too
        return "unknown"
    return {1: "outgoing", 0: "incoming"}.get(from_owner, "unknown")


def number(written: Any) -> Any:
    """A number that is written as text, as a number; anything else as it is."""
    return int(written) if isinstance(written, str) and written.isascii() and written.lstrip("-").isdigit() else written


def objects(data: Any, place: str = "$") -> Iterator[tuple[str, dict[str, Any]] | Problem]:
    """The objects of a list with their places; a problem for whatever is none."""
    if not isinstance(data, list):
        yield Problem("not_understood", "no list of records", record=place)
        return
    for count, item in enumerate(data):
        if isinstance(item, dict):
            yield f"{place}[{count}]", item
        else:
            yield Problem("not_understood", "a record that is no object", record=f"{place}[{count}]")
