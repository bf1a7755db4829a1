"""Values as Signal's apps store them, whatever the file holds in their place."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forensics import Problem
from forensics.times import NotATime, unix_ms

APP = "Signal"
VOICE, GIF = 1, 8  # flags of an attachment


def placed(rows: Iterable[Mapping[str, Any]], table: str) -> Iterator[Mapping[str, Any]]:
    """Rows of a query, each with a place: in a damaged or hostile database a row may lack the id that its place is made of."""
    return (row if row["record"] else {**row, "record": table} for row in rows)


def document(text: Any, record: str) -> tuple[dict[str, Any], list[Problem]]:
    """The JSON object of a row; an empty one, and a problem, for what is none."""
    if text in (None, ""):
        return {}, []
    try:
        found = json.loads(text, parse_constant=lambda name: None)
    except (ValueError, TypeError, RecursionError) as error:
        return {}, [
            Problem("damaged", f"the JSON of a row cannot be read: {error}", record=record, detail=repr(text)[:200])
        ]
    if not isinstance(found, dict):
        return {}, [Problem("not_understood", "the JSON of a row is no object", record=record, detail=repr(text)[:200])]
    return found, []


def inside(found: Any, *names: str) -> Any:
    """A value inside objects of JSON; None where one of them is missing, or no object."""
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def objects(found: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list; of anything else none."""
    return (item for item in found if isinstance(item, dict)) if isinstance(found, list) else iter(())


def word(value: Any) -> str | None:
    """Text that is set, or None."""
    return value if isinstance(value, str) and value else None


def count(value: Any) -> int | None:
    """A whole number that is no truth value, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def moment(value: Any) -> str | None:
    """Unix milliseconds as text for `extra`; a number that is no time as it is."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        instant = unix_ms(value)
    except (NotATime, OverflowError, ValueError):
        return str(value)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z") if instant else None


def known(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is set of what goes into `extra`; None if nothing is."""
    return {name: value for name, value in found.items() if value not in (None, "", [], {}, False)} or None


def media_kind(mime: Any, flags: Any) -> str:
    """The kind of a message by its first attachment."""
    flags = count(flags) or 0
    family, _, exact = str(mime or "").lower().partition("/")
    if flags & VOICE:
        return "voice"
    if flags & GIF or (family, exact) == ("image", "gif"):
        return "gif"
    return family if family in ("image", "video", "audio") else "document"


def sha256_of(stored: Any) -> str | None:
    """A SHA-256 that is stated as hex, base64 or bytes, as hex; None for anything else."""
    try:
        if isinstance(stored, str):
            stored = bytes.fromhex(stored) if len(stored) == 64 else base64.b64decode(stored, validate=True)
    except (ValueError, binascii.Error):
        return None
    return stored.hex() if isinstance(stored, bytes) and len(stored) == 32 else None
