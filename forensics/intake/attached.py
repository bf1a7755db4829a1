"""Which file of the evidence it is that a message carried.

An app says where it kept the file on the device, or only what it was called. The evidence may hold it under another root, so
paths are compared from their ends. A base name alone is no proof (`image.jpg` is everywhere): it takes a folder that agrees as
well, the size that the app states, or a place beside or below the file that speaks of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

Candidates = Mapping[str, list[tuple[str, int]]]
Named = Callable[[set[str]], Candidates]  # paths and sizes of files by base name, as `spelled`


def spelled(name: str) -> str:
    """A name as names are compared: one spelling of accents, no case, as file systems of phones and archives differ in both."""
    return unicodedata.normalize("NFC", name).casefold()


def parts_of(stored: str) -> list[str]:
    """The folders and base name of a path as an app stores it: posix, of Windows, or a URI."""
    if "://" in stored:
        stored = unquote(stored.partition("://")[2])
    return [part for part in spelled(stored).replace("\\", "/").split("/") if part not in ("", ".", "..")]


class Attached:
    """Looks for the files of attachments. `named`: asks the listing of the evidence. `prefix`: of paths in this source."""

    def __init__(self, named: Named, prefix: str = "") -> None:
        self._named = named
        self._prefix = prefix

    def paths(self, sources: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> list[str | None]:
        """For each row (`stored_path`, `name`, `size`) of the file in `sources`: the path of what was sent; None if it is not
        there."""
        wanted = [(parts_of(row["stored_path"] or row["name"] or ""), row["size"]) for row in rows]
        there = self._named({parts[-1] for parts, _ in wanted if parts})
        found = []
        for source, (parts, size) in zip(sources, wanted, strict=True):
            candidates = there.get(parts[-1], []) if parts else []
            path = _best(parts, size, self._folder(source), candidates) if candidates else None
            found.append(None if path is None else self._prefix + path)
        return found

    def _folder(self, source: str) -> str:
        folder, slash, _ = source.removeprefix(self._prefix).rpartition("/")
        return folder + slash


def _best(parts: list[str], size: int | None, folder: str, candidates: list[tuple[str, int]]) -> str | None:
    """The candidate that agrees most: in folders, in place, in size; of equals the first."""
    ranked = []
    for path, bytes_ in candidates:
        agreeing = _tail(parts, parts_of(path))
        near, same_size = path.startswith(folder), size is not None and size == bytes_
        if agreeing > 1 or near or same_size:
            ranked.append(((agreeing, same_size, near), path))
    return max(ranked, key=lambda one: one[0])[1] if ranked else None


def _tail(one: list[str], other: list[str]) -> int:
    """How many parts two paths share at their ends."""
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count
