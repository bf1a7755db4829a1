"""Cached objects of BeReal: JSON text under a name that is a hash, in a folder named after what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from forensics import File

APP = "BeReal"
START = date(2001, 1, 1)


def holds(file: File, folder: str, begins: str, keys: Iterable[str]) -> bool:
    """Whether a file is a cached object that begins so, and either lies in that folder or names all of these keys early."""
    start = file.head.decode("utf-8", "replace")
    if not re.match(r'\s*\{\s*"object"\s*:\s*' + re.escape(begins), start):
        return False
    return f"/{folder}/" in f"/{file.path}" or all(f'"{key}"' in start for key in keys)


def day(seconds: Any) -> str | None:
    """A day, stored as seconds since 2001 (before it, negative), as ISO 8601."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not -4e9 < seconds < 3e9:
        return None
    return (START + timedelta(seconds=seconds)).isoformat() if seconds % 86400 == 0 else str(seconds)
