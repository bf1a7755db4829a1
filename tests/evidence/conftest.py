"""What the tests of the evidence room share: opening and reading a source, and a picture of evidence before and after."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics.evidence.hashing import digest_copy
from forensics.evidence.open import open_source
from forensics.evidence.source import Entry, MemberError, Skipped, Source
from forensics.evidence.untouched import keeps_access_time, list_untouched, open_untouched

LONG_AGO = 1_000_000_000


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(work: Path) -> Callable[..., Source]:
    """`open_source` with a work folder."""

    def open_it(path: Path, **terms: Any) -> Source:
        return open_source(path, work=work, **terms)

    return open_it


class Reading:
    """A whole source, read: entries and what was skipped by path, content and fault of each entry."""

    def __init__(self, source: Source) -> None:
        found = list(source.walk())
        self.order = [item.path for item in found]
        self.entries = [item for item in found if isinstance(item, Entry)]
        self.skipped = [item for item in found if isinstance(item, Skipped)]
        self.content: dict[str, bytes] = {}
        self.faults: dict[str, str] = {}
        for entry in self.entries:
            self.content[entry.path], fault = read_all(source, entry)
            if fault:
                self.faults[entry.path] = f"{fault.kind}: {fault}"

    def entry(self, path: str) -> Entry:
        (found,) = [entry for entry in self.entries if entry.path == path]
        return found


def read_all(source: Source, entry: Entry) -> tuple[bytes, MemberError | None]:
    parts = []
    try:
        with source.open(entry) as stream:
            while chunk := stream.read(1000):
                parts.append(chunk)
    except MemberError as fault:
        return b"".join(parts), fault
    return b"".join(parts), None


@pytest.fixture
def reading(opened: Callable[..., Source]) -> Callable[..., Reading]:
    def read_it(path: Path, **terms: Any) -> Reading:
        source = opened(path, **terms)
        try:
            return Reading(source)
        finally:
            source.close()

    return read_it


@pytest.fixture
def picture() -> Callable[[Path], dict[str, tuple[object, ...]]]:
    """Names, bytes, modes and times of all that lies below a path. Taking it leaves no trace itself."""
    return _picture


def _picture(root: Path) -> dict[str, tuple[object, ...]]:
    seen: dict[str, tuple[object, ...]] = {}
    waiting = [root]
    while waiting:
        path = waiting.pop()
        status = path.lstat()
        # The access time of a link changes when its target is read: there is no way around that.
        accessed = status.st_atime_ns if keeps_access_time(root) and not stat.S_ISLNK(status.st_mode) else None
        content = None
        if stat.S_ISREG(status.st_mode):
            with open_untouched(path) as file:
                content = digest_copy(file).sha256
        elif stat.S_ISDIR(status.st_mode):
            with list_untouched(path) as children:
                waiting += [path / child.name for child in children]
        seen[os.fspath(path)] = (status.st_mode, status.st_size, status.st_mtime_ns, accessed, content)
    return seen


@pytest.fixture
def age() -> Callable[[Path], None]:
    """Set all times below a path to 2001, so that any access would show."""

    def set_times(root: Path) -> None:
        for path in [*root.rglob("*"), root]:
            os.utime(path, (LONG_AGO, LONG_AGO), follow_symlinks=False)

    return set_times
