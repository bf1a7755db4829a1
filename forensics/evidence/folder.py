"""A folder of files on the examiner's disk: an export as the extraction tool wrote it, or a mounted image."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple

from forensics.evidence import names
from forensics.evidence.limits import MIB
from forensics.evidence.source import Entry, Skipped, SourceError, Unreadable
from forensics.evidence.terms import Terms
from forensics.evidence.untouched import keeps_access_time, list_untouched, open_untouched

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
REPARSE_POINT = 0x400
SPECIAL = {
    stat.S_IFLNK: "symbolic link",
    stat.S_IFIFO: "FIFO",
    stat.S_IFSOCK: "socket",
    stat.S_IFBLK: "block device",
    stat.S_IFCHR: "character device",
}


class Folder(NamedTuple):
    """A folder still to be listed; `relative` is its name on this disk, below the root."""

    relative: str
    path: str


class FolderSource:
    """Regular files below a folder. Links are recorded with their target and never followed, so there are no loops.

    Only the access time of a symbolic link itself may change: reading a target has no way around that.
    """

    kind = "folder"

    def __init__(self, root: Path, terms: Terms) -> None:
        self.root = root.resolve()
        self._inside = os.path.join(self.root, "")
        self.name = terms.name or self.root.name
        self.limits = terms.limits
        self.keeps_access_time = keeps_access_time(self.root)
        try:
            with list_untouched(self.root):
                pass
        except OSError as error:
            raise SourceError(f"{root}: cannot be listed ({error.strerror}). Check the permissions.") from error

    def walk(self) -> Iterator[Entry | Skipped]:
        files = 0
        waiting = [iter(self._list(Folder("", "")))]
        while waiting:
            found = next(waiting[-1], None)
            if found is None:
                waiting.pop()
            elif isinstance(found, Folder):
                waiting.append(iter(self._list(found)))
            elif files == self.limits.members:
                yield Skipped(found.path, "limit", f"more than {files:,} files: limit `members`, the rest was not read")
                return
            else:
                files += isinstance(found, Entry)
                yield found

    def open(self, entry: Entry) -> BinaryIO:
        return open_untouched(self._place(entry))

    def local(self, entry: Entry) -> Path | None:
        return self._place(entry)

    def close(self) -> None:
        pass

    def _place(self, entry: Entry) -> Path:
        relative = entry.locator.get("name") or os.fsdecode(bytes.fromhex(entry.locator["hex"]))
        place = os.path.join(self.root, relative)
        if not (os.path.realpath(os.path.dirname(place)) + os.sep).startswith(self._inside):
            raise Unreadable("a folder above it has become a link out of the evidence")
        return Path(place)

    def _list(self, folder: Folder) -> list[Entry | Skipped | Folder]:
        found = []
        try:
            with list_untouched(self.root / folder.relative) as children:
                for child in children:
                    item = self._item(child, f"{folder.relative}/{child.name}".lstrip("/"))
                    # A folder sorts as its files do: by the full path, slash included.
                    order = item.path + "/" if isinstance(item, Folder) else item.path
                    found.append((order, os.fsencode(child.name), item))
        except OSError as error:
            found.append(("", b"", Skipped(folder.path, "not_read", "folder cannot be listed", error.strerror)))
        return [item for _, _, item in sorted(found, key=lambda each: each[:2])]

    def _item(self, child: os.DirEntry[str], relative: str) -> Entry | Skipped | Folder:
        name = names.shown_text(relative)
        try:
            status = child.stat(follow_symlinks=False)
            target = os.readlink(self.root / relative) if stat.S_ISLNK(status.st_mode) else None
        except OSError as error:
            return Skipped(name.path, "not_read", "cannot be examined", error.strerror, name.raw_name)
        if stat.S_ISDIR(status.st_mode):
            if getattr(status, "st_file_attributes", 0) & REPARSE_POINT:
                return Skipped(name.path, "not_read", "folder link (junction), not followed", None, name.raw_name)
            return Folder(relative, name.path)
        if not stat.S_ISREG(status.st_mode):
            message = f"{SPECIAL.get(stat.S_IFMT(status.st_mode), 'not a regular file')}, not followed"
            return Skipped(name.path, "not_read", message, target and names.printable(target), name.raw_name)
        if status.st_size > self.limits.member:
            message = f"{status.st_size:,} bytes, more than limit `member` ({self.limits.member:,})"
            return Skipped(name.path, "limit", message, None, name.raw_name)
        return Entry(
            path=name.path,
            size=status.st_size,
            raw_name=name.raw_name,
            modified_at=unix_time(status.st_mtime_ns),
            locator={"hex": name.raw_name} if names.NOT_UTF8 in name.notes else {"name": relative},
            notes=(*name.notes, "sparse file") if _is_sparse(status) else name.notes,
        )


def unix_time(nanoseconds: int) -> datetime | None:
    """UTC of a Unix time, to the microsecond; None for 0 and for what no calendar has."""
    try:
        return EPOCH + timedelta(microseconds=nanoseconds // 1000) if nanoseconds else None
    except OverflowError:
        return None


def _is_sparse(status: os.stat_result) -> bool:
    return status.st_size > MIB and getattr(status, "st_blocks", status.st_size) * 512 < status.st_size // 2
