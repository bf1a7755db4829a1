"""Open evidence: told by its content, never by its name.

A new kind of evidence is one file with a source and one line in `FILES` or `FOLDERS`.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from forensics.evidence.folder import FolderSource
from forensics.evidence.limits import Budget, Limits
from forensics.evidence.single import SingleSource
from forensics.evidence.source import Source, SourceError, Unreadable
from forensics.evidence.tar import TarSource, tar_kind
from forensics.evidence.terms import Terms
from forensics.evidence.untouched import open_untouched
from forensics.evidence.zip import ZipSource, closed_kind, zip_kind

HEAD = 4096
NO_LIMITS_GIVEN = Limits()

Opener = Callable[[], BinaryIO]
"""Gives the file as a stream that can seek, from its start."""

FILES: tuple[tuple[Callable[[bytes, Opener], str | None], Callable[[Path, Terms, str], Source]], ...] = (
    (zip_kind, ZipSource),
    (tar_kind, TarSource),
)
FOLDERS: tuple[tuple[Callable[[Path], bool], Callable[[Path, Terms], Source]], ...] = (
    (lambda path: True, FolderSource),
)


def open_source(
    path: Path | str,
    *,
    work: Path,
    limits: Limits = NO_LIMITS_GIVEN,
    passwords: Sequence[str] = (),
    name: str | None = None,
    budget: Budget | None = None,
) -> Source:
    """The read-only view of a folder, an archive or a single file.

    work: a private folder of ours, for what has to be unpacked. name: what to call the evidence in place of the name of
    `path` (a copy of an archive found inside another). budget: of the outer archive, so that limits hold for the whole.

    Raises SourceError with what to do next.
    """
    path = Path(path)
    terms = Terms(Path(work), limits, budget or Budget.of(limits, Path(work)), tuple(passwords), name)
    mode = _mode(path)
    if stat.S_ISDIR(mode):
        return next(source for recognised, source in FOLDERS if recognised(path))(path, terms)
    if not stat.S_ISREG(mode):
        raise SourceError(f"{path}: a device, pipe or socket. Give a file or a folder.")
    path = path.resolve()
    try:
        with open_untouched(path) as file:
            head = file.read(HEAD)
    except (Unreadable, OSError) as error:
        raise SourceError(f"{path}: {error}. Check the permissions and the disk.") from error
    return _file_source(path, terms, head)


def archive_kind(head: bytes, opener: Opener) -> str | None:
    """The kind of archive a file inside evidence is, None when it is to stay a file. Depth is for the caller to count.

    head: the first `HEAD` bytes.
    """
    return next((kind for recognise, _ in FILES if (kind := recognise(head, opener))), None)


def _file_source(path: Path, terms: Terms, head: bytes) -> Source:
    opener = partial(open_untouched, path)
    for recognise, source in FILES:
        kind = recognise(head, opener)
        if kind:
            return source(path, terms, kind)
    closed = closed_kind(head, opener)
    return SingleSource(path, terms, notes=(f"{closed}, not opened as an archive",) if closed else ())


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        message = "there is no such file or folder. Check the spelling, and that the disk is connected."
    except (OSError, ValueError) as error:
        message = f"cannot be opened ({getattr(error, 'strerror', None) or error}). Check the permissions."
    raise SourceError(f"{path}: {message}")
