"""Open files and list folders of the evidence without leaving a trace on them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from forensics.evidence.source import Unreadable

NOATIME = getattr(os, "O_NOATIME", 0)
# O_NONBLOCK: a FIFO put where a file was must not hang us before it is seen to be one.
QUIET = ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
READ = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in QUIET)


def open_untouched(path: Path | str) -> BinaryIO:
    """A regular file, read-only, seekable. A link is not followed; where the system allows, the access time stays.

    Raises Unreadable.
    """
    try:
        handle = _open(path, READ)
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot be opened: {getattr(error, 'strerror', None) or error}") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Unreadable("is not a regular file")
    return os.fdopen(handle, "rb")


@contextmanager
def list_untouched(path: Path | str) -> Iterator[Iterator[os.DirEntry[str]]]:
    """The names in a folder, with the same care. Raises OSError."""
    if os.scandir not in os.supports_fd:
        with os.scandir(path) as children:
            yield children
        return
    handle = _open(path, READ | os.O_DIRECTORY)
    try:
        with os.scandir(handle) as children:
            yield children
    finally:
        os.close(handle)


def keeps_access_time(path: Path | str) -> bool:
    """Whether reading here leaves access times as they are: on Linux, for root or the owner of the files."""
    if not NOATIME:
        return False
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK | NOATIME))
    except OSError:
        return False
    return True


def _open(path: Path | str, flags: int) -> int:
    try:
        return os.open(path, flags | NOATIME)
    except PermissionError:
        if not NOATIME:
            raise
    return os.open(path, flags)
