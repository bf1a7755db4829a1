"""A tar archive, plain or compressed. Plain: members are read where they lie. Compressed: content is unpacked once, into
files of our own that are named by their hash; a member's name is never used."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from forensics.evidence import expand, names
from forensics.evidence.folder import unix_time
from forensics.evidence.limits import metered
from forensics.evidence.source import DamagedMember, Entry, LimitReached, MemberError, MemberStream, Skipped
from forensics.evidence.tar_members import BLOCK, Forward, Header, read_members
from forensics.evidence.terms import Terms
from forensics.evidence.untouched import keeps_access_time, open_untouched

COMPRESSIONS = {
    "tar.gz": (b"\x1f\x8b", expand.gzip),
    "tar.bz2": (b"BZh", expand.bzip2),
    "tar.xz": (b"\xfd7zXZ\x00", expand.xz),
    "tar.zst": (b"\x28\xb5\x2f\xfd", expand.zstd),
}
SPECIAL = {
    b"1": "hard link",
    b"2": "symbolic link",
    b"3": "character device",
    b"4": "block device",
    b"6": "FIFO",
}
FOLDER, HARD_LINK, REGULAR = b"5", b"1", (b"0", b"\0", b"7")
CUT_SHORT = "cut short: the archive ends before the member does"


class TarSource:
    """Regular members, and hard links to them as the equal names they are. Other links are recorded with their target."""

    def __init__(self, path: Path, terms: Terms, kind: str = "tar") -> None:
        self.kind = kind
        self.path = path.resolve()
        self.name = terms.name or path.name
        self.limits = terms.limits
        self.budget = terms.budget
        self.work = terms.work
        self.keeps_access_time = keeps_access_time(self.path)

    def walk(self) -> Iterator[Entry | Skipped]:
        if self.kind == "tar.zst" and not expand.has_zstd():
            yield Skipped("", "not_read", "compressed with zstd: install the package `zstandard` to read it")
            return
        with open_untouched(self.path) as file:
            found = list(self._items(file))
        times_used = Counter(item.path for item in found if isinstance(item, Entry))
        found.sort(key=lambda item: item.path)  # stable: members of one name stay in stored order
        for item in found:
            if isinstance(item, Entry) and times_used[item.path] > 1:
                item = replace(item, notes=(*item.notes, names.DUPLICATE))
            yield item

    def open(self, entry: Entry) -> BinaryIO:
        unpacked = entry.locator.get("object")
        file = open_untouched(self.work / unpacked if unpacked else self.path)
        file.seek(entry.locator.get("offset", 0))
        source = expand.Counted(file, entry.size)
        chunks = _complete(expand.stored(source), entry)
        whole = metered(chunks, self.limits, lambda: source.taken, most=self.limits.member, budget=None)
        return MemberStream(whole, file.close)

    def local(self, entry: Entry) -> Path | None:
        unpacked = entry.locator.get("object")
        return self.work / unpacked if unpacked and "fault" not in entry.locator else None

    def close(self) -> None:
        pass

    def _items(self, file: BinaryIO) -> Iterator[Entry | Skipped]:
        stream: Forward = _InPlace(file) if self.kind == "tar" else _Unpacked(self._expanded(file))
        known: dict[bytes, Entry] = {}
        files = 0
        try:
            for member in read_members(stream):
                item = member if isinstance(member, Skipped) else self._item(member, stream, known)
                if item is None:
                    continue
                if isinstance(item, Entry) and isinstance(member, Header):
                    known[member.name] = item
                    files += 1
                if files > self.limits.members:
                    raise LimitReached(f"more than {self.limits.members:,} members: limit `members`")
                yield item
        except MemberError as fault:
            yield Skipped("", fault.kind, f"{fault}; what follows was not read", f"offset {stream.position:#x}")
        except OSError as error:
            yield Skipped("", "damaged", "reading stopped; what follows was not read", error.strerror)

    def _expanded(self, file: BinaryIO) -> Iterator[bytes]:
        source = expand.Counted(file)
        chunks = COMPRESSIONS[self.kind][1](source)
        return metered(chunks, self.limits, lambda: source.taken, most=sys.maxsize, budget=self.budget)

    def _item(self, member: Header, stream: Forward, known: dict[bytes, Entry]) -> Entry | Skipped | None:
        name = names.shown(member.name)
        if member.kind == FOLDER:
            return None
        if member.kind == HARD_LINK and member.link in known:
            first = known[member.link]
            place = {**first.locator, "index": member.index}
            return replace(
                first, path=name.path, raw_name=name.raw_name, locator=place, notes=(*name.notes, "hard link")
            )
        if member.kind in SPECIAL:
            target = names.printable(member.link.decode("utf-8", "replace")) or None
            return Skipped(name.path, "not_read", f"{SPECIAL[member.kind]}, not followed", target, name.raw_name)
        if member.sparse:
            return Skipped(name.path, "not_read", "sparse member: not supported", None, name.raw_name)
        if member.size > self.limits.member:
            message = f"{member.size:,} bytes, more than limit `member` ({self.limits.member:,})"
            return Skipped(name.path, "limit", message, None, name.raw_name)
        content = {"offset": member.offset} if self.kind == "tar" else self._unpack(stream, member.size)
        place = {"index": member.index, **content}
        notes = name.notes if member.kind in REGULAR else (*name.notes, f"unknown member type {member.kind!r}")
        return Entry(name.path, member.size, name.raw_name, unix_time(member.modified), None, place, notes)

    def _unpack(self, stream: Forward, size: int) -> dict[str, Any]:
        """Write the content under its hash. With a "fault" only the first part was there."""
        digest = hashlib.sha256()
        fault: MemberError | None = None
        handle, draft = tempfile.mkstemp(dir=self.work)
        try:
            with os.fdopen(handle, "wb") as out:
                while size and not fault:
                    try:
                        chunk = stream.read(min(size, expand.CHUNK))
                        fault = None if chunk else DamagedMember(CUT_SHORT)
                    except MemberError as error:
                        chunk, fault = b"", error
                    digest.update(chunk)
                    out.write(chunk)
                    size -= len(chunk)
            target = Path(digest.hexdigest()[:2], digest.hexdigest()[2:])
            (self.work / target).parent.mkdir(exist_ok=True)
            os.replace(draft, self.work / target)
        except OSError as error:
            Path(draft).unlink(missing_ok=True)
            raise LimitReached(f"cannot be unpacked into the work folder: {error.strerror}") from error
        place = {"object": target.as_posix()}
        return place | {"fault": str(fault), "fault_kind": fault.kind} if fault else place


class _InPlace:
    """A plain tar file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._length = file.seek(0, os.SEEK_END)
        self.position = 0

    def read(self, size: int) -> bytes:
        self._file.seek(min(self.position, self._length))
        chunk = self._file.read(size)
        self.position += len(chunk)
        return chunk

    def skip(self, size: int) -> None:
        self.position += size


class _Unpacked:
    """A compressed one, as its chunks come."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._stream = MemberStream(chunks)
        self.position = 0

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self.position += len(chunk)
        return chunk

    def skip(self, size: int) -> None:
        while size and (chunk := self.read(min(size, expand.CHUNK))):
            size -= len(chunk)


def _complete(chunks: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        yield chunk
    if size < entry.size:
        kinds = {DamagedMember.kind: DamagedMember, LimitReached.kind: LimitReached}
        raise kinds[entry.locator.get("fault_kind", DamagedMember.kind)](entry.locator.get("fault", CUT_SHORT))


def tar_kind(head: bytes, opener: Callable[[], BinaryIO]) -> str | None:
    """tar, tar.gz, tar.bz2, tar.xz, tar.zst, or None. Zstd that cannot be looked into counts as tar.zst."""
    if _is_header(head):
        return "tar"
    for kind, (magic, expander) in COMPRESSIONS.items():
        if head.startswith(magic):
            if kind == "tar.zst" and not expand.has_zstd():
                return kind
            with opener() as file:
                return kind if _is_header(_first_block(expander(expand.Counted(file)))) else None
    return None


def _first_block(chunks: Iterator[bytes]) -> bytes:
    first = io.BytesIO()
    try:
        while first.tell() < BLOCK:
            first.write(next(chunks))
    except (StopIteration, MemberError):
        pass
    return first.getvalue()


def _is_header(head: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(head[:BLOCK], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True
