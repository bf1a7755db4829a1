"""What the files of a Google Chat export share: how dates are written, and what a folder is called."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from ..untrusted import mapping

APP = "Google Chat"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# Thursday, November 3, 2016 at 11:59:50 AM UTC; newer exports have a narrow space before AM.
LONG_DATE = re.compile(
    r"(?:[A-Z][a-z]+day, )?([A-Z][a-z]+) (\d{1,2}), (\d{4}) at (\d{1,2}):(\d\d):(\d\d)[ \u202f\u00a0]([AP])M UTC"
)


def when(text: Any) -> datetime | None:
    """A date as English words, or as ISO 8601; None for anything else. Only dates that name UTC are instants."""
    if not isinstance(text, str):
        return None
    found = LONG_DATE.fullmatch(text.strip())
    try:
        if not found:
            at = datetime.fromisoformat(text)
            return at if at.tzinfo else None
        month, hour = MONTHS.index(found[1]) + 1, int(found[4]) % 12 + (12 if found[7] == "P" else 0)
        return datetime(int(found[3]), month, int(found[2]), hour, int(found[5]), int(found[6]), tzinfo=UTC)
    except ValueError:
        return None


def folder(path: str) -> tuple[str | None, str | None]:
    """Id and kind of the chat whose folder a file lies in: `DM k6oxHQAAAAE`, `Space AAAAFyOfy4w`."""
    name = path.rpartition("/")[0].rpartition("/")[2]
    word, _, chat = name.rpartition(" ")
    return (chat or None) if word else (name or None), {"DM": "direct", "Space": "group"}.get(word)


def person(stored: Any) -> dict[str, Any]:
    """Id and name of a person: the address stands for the id where there is one."""
    who = mapping(stored)
    return {"person_id": who.get("email") or who.get("user_id"), "name": who.get("name") or None}
