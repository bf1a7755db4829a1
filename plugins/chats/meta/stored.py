"""Values that Meta's apps store in a way of their own on a device, as the values they stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from forensics import File, Problem

from ..untrusted import MAX_DEPTH, too_deep

NUMBER = re.compile(r"-?\d{1,18}")
ACCOUNT_IN_NAME = re.compile(r"(?:^|[-_])(\d{5,20})(?:\.db)?$")
MIME_KINDS = (("image/gif", "gif"), ("image/", "image"), ("video/", "video"), ("audio/", "audio"))
APPS = (
    ("com.facebook.katana", "Facebook"),
    ("group.com.facebook.facebook", "Facebook"),
    ("fbmessagingmailboxcaskstore", "Facebook"),
    ("com.instagram.barcelona", "Threads"),
    ("com.instagram", "Instagram"),
    ("ig_msys_database", "Instagram"),
)


def app_of(file: File, otherwise: str) -> str:
    """The app whose folder the file lies in: several keep databases of one shape."""
    path = file.path.lower()
    return next((app for part, app in APPS if part in path), otherwise)


def account_in_name(file: File) -> str | None:
    """The number of the account at the end of a name (msys_database_100012345, 100012345.db)."""
    found = ACCOUNT_IN_NAME.search(file.name)
    return found[1] if found else None


def read_json(stored: Any, record: str, column: str) -> tuple[Any, list[Problem]]:
    """What a column holds as JSON; None where it holds none. What is no JSON is given as stored, with a problem."""
    text = stored.decode("utf-8", "surrogateescape") if isinstance(stored, bytes) else stored
    if not isinstance(text, str) or not text.strip():
        return None if text is None or isinstance(text, str) else text, []
    try:
        value = json.loads(text, parse_constant=lambda name: None, strict=False)
        if too_deep(value):
            raise RecursionError(f"nested more than {MAX_DEPTH} levels deep")
        return value, []
    except (ValueError, RecursionError) as error:
        what = f"{column} is no JSON: {error}"
        return text, [Problem("not_understood", what, record=record, detail=ascii(text[:200]))]


def inner_json(value: Any) -> Any:
    """JSON that stands as text inside of JSON; anything else, and what cannot be read, as it is."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        found = json.loads(value, parse_constant=lambda name: None)
    except (ValueError, RecursionError):
        return value
    return value if too_deep(found) else found


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; an object alone is a list of one."""
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, dict)]


def word(value: Any) -> str | None:
    """Text that is not blank; a number as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip() else None


def number(value: Any) -> int | float | None:
    """A number, stored as such or as text."""
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return int(value)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def seconds(milliseconds: Any) -> float | None:
    """Milliseconds as seconds."""
    value = number(milliseconds)
    return value / 1000 if value and 0 < value < 1e12 else None


def degrees(latitude: Any, longitude: Any) -> dict[str, float] | None:
    """A pair of coordinates as cells; None where unset (0, 0), impossible or no numbers."""
    try:
        north, east = float(latitude), float(longitude)
    except (TypeError, ValueError, OverflowError):
        return None
    if isinstance(latitude, bool) or not (abs(north) <= 90 and abs(east) <= 180) or north == east == 0:
        return None
    return {"latitude": north, "longitude": east}


def kind_by_mime(mime: Any) -> str:
    """The kind of a message with a file of that type."""
    return next((kind for start, kind in MIME_KINDS if isinstance(mime, str) and mime.startswith(start)), "document")


def person(key: Any) -> str | None:
    """The id in a user key: the number of `FACEBOOK:<number>`, keys of other sorts whole."""
    text = word(key)
    return text.removeprefix("FACEBOOK:") if text else None


def as_json(found: Mapping[str, Any]) -> str | None:
    """What is set, as JSON text."""
    there = {name: value for name, value in found.items() if value not in (None, "", [], {}, False)}
    return json.dumps(there, ensure_ascii=False, sort_keys=True, default=spelled) if there else None


def spelled(value: Any) -> str:
    """A value that JSON has no form for: bytes as hexadecimal text."""
    return value.hex() if isinstance(value, bytes) else repr(value)


def repaired(value: Any) -> Any:
    """The same with every string repaired; lists and objects are changed in place, without recursion."""
    holder = [value]
    waiting: list[Any] = [holder]
    while waiting:
        inside = waiting.pop()
        for key, item in list(inside.items() if isinstance(inside, dict) else enumerate(inside)):
            if isinstance(item, str):
                inside[key] = repaired_text(item)
            elif isinstance(item, dict | list):
                waiting.append(item)
    return holder[0]


def repaired_text(text: str) -> str:
    """UTF-8 whose bytes stand as characters, as text; anything else as it is."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
