"""Names as stored in evidence, made fit to be shown. Names are data: nothing is ever written under one."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

ABSOLUTE = "absolute name"
PARENT = "parent reference"
ODD = "odd characters"
BACKSLASH = "backslash in name"
NOT_UTF8 = "name not UTF-8"
EMPTY = "no name"
DUPLICATE = "duplicate name"

SUSPECT = frozenset({PARENT, ODD, EMPTY})
"""Notes on names that no honest tool writes; absolute and duplicate names are everyday ones."""

_DRIVE = re.compile(r"[A-Za-z]:(/|$)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Name:
    """`path` and `raw_name` as in `Entry`; `folder`: the name ends like one."""

    path: str
    raw_name: str | None
    notes: tuple[str, ...]
    folder: bool = False


def shown(stored: bytes, *, legacy: str | None = None, windows: bool = False) -> Name:
    """The name to show for stored bytes, normally UTF-8.

    legacy: the code page to show other bytes in (a best effort, the hex is kept); None: U+FFFD for what is not UTF-8.
    windows: made on Windows, so a name with backslashes and no slash means folders.
    """
    notes = []
    try:
        text = raw = stored.decode("utf-8")
    except UnicodeDecodeError:
        text = stored.decode(legacy, "replace") if legacy else stored.decode("utf-8", "replace")
        raw = stored.hex()
        notes.append(NOT_UTF8)
    if "\\" in text:
        if windows and "/" not in text:
            text = text.replace("\\", "/")
        else:
            notes.append(BACKSLASH)
    path, more = _tidy(text)
    return Name(path, None if raw == path else raw, (*notes, *more), text.endswith("/"))


def shown_text(text: str) -> Name:
    """The same for a name as Python's `os` hands it out."""
    return shown(os.fsencode(text))


def printable(text: str) -> str:
    """Text of the evidence (the target of a link) without control characters and surrogates."""
    return _CONTROL.sub("\ufffd", text)


def _tidy(text: str) -> tuple[str, list[str]]:
    if _is_plain(text):
        return text, []
    notes = []
    if text.startswith("/") or _DRIVE.match(text):
        notes.append(ABSOLUTE)
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if ".." in parts:
        notes.append(PARENT)
        parts = [part for part in parts if part != ".."]
    path = "/".join(parts)
    if _CONTROL.search(path) or _DIRECTION.search(path):
        notes.append(ODD)
        path = printable(path)
    if not path:
        notes.append(EMPTY)
        path = "(no name)"
    return path, notes


def _is_plain(text: str) -> bool:
    """Nothing to tidy: a quick look, since an export has a million names."""
    odd = not text or text[0] in "/." or text[-1] == "/" or text[1:2] == ":" or "/." in text or "//" in text
    return not odd and text.isprintable()
