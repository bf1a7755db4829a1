"""The members of a tar stream in stored order: ustar, V7, GNU long names, pax (POSIX.1-2001), base-256 numbers.

The standard library parses single header blocks for us. Its walk from member to member is not used: it trusts sizes, reads
name records of any length into memory, and gives up at the first bad block.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol

from forensics.evidence import names
from forensics.evidence.source import Skipped

BLOCK = 512
LONGEST_RECORD = 1 << 20
"""Bytes of a long name or a pax header; honest ones are a few hundred."""

LONG_NAME, LONG_LINK, PAX, PAX_SUN, PAX_GLOBAL, SPARSE = b"L", b"K", b"x", b"X", b"g", b"S"
EXTENSIONS = {LONG_NAME, LONG_LINK, PAX, PAX_SUN, PAX_GLOBAL}


class Forward(Protocol):
    """A stream read from front to back; `read` gives less than asked only at the end."""

    position: int

    def read(self, size: int) -> bytes: ...
    def skip(self, size: int) -> None: ...


@dataclass(slots=True)
class Header:
    """A member; its `size` bytes start at `offset`. `modified` in nanoseconds since 1970."""

    index: int
    name: bytes
    kind: bytes
    size: int
    link: bytes
    modified: int
    offset: int
    sparse: bool = False


def read_members(stream: Forward) -> Iterator[Header | Skipped]:
    """Each member with the stream standing at its content, of which the caller may read any part; and what is wrong."""
    every: dict[bytes, bytes] = {}
    said: dict[bytes, bytes] = {}
    index = 0
    lost = ended = False
    while len(block := stream.read(BLOCK)) == BLOCK:
        start = stream.position - BLOCK
        if not block.strip(b"\0"):
            ended = True
            continue
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            if not lost:
                yield Skipped("", "damaged", "not a tar header; looked for the next one", f"offset {start:#x}")
            lost = True
            continue
        lost = ended = False
        header = _header(index, info, {**every, **said}, stream.position)
        if header.size < 0 or (info.type in EXTENSIONS and info.size > LONGEST_RECORD):
            name = names.shown(header.name)
            message = (
                f"declares a size of {min(info.size, header.size):,} bytes"
                if header.size < 0
                else "oversized name record"
            )
            yield Skipped(name.path, "hostile", message, f"offset {start:#x}", name.raw_name)
            stream.skip(_padded(max(info.size, 0)))
        elif info.type in EXTENSIONS:
            record = stream.read(info.size)
            stream.skip(_padded(info.size) - len(record))
            (every if info.type == PAX_GLOBAL else said).update(_record(info.type, record))
            continue
        else:
            _skip_sparse_map(stream, block) if info.type == SPARSE else None
            header.offset = stream.position
            yield header
            index += 1
            stream.skip(max(0, header.offset + _padded(_held(header)) - stream.position))
        said = {}
    if block or not ended:
        yield Skipped("", "damaged", "the archive ends without its end mark: it may be cut short")


def _header(index: int, info: tarfile.TarInfo, said: dict[bytes, bytes], offset: int) -> Header:
    """A header with what the records before it say; an extension record is described by its own block only."""
    said = {} if info.type in EXTENSIONS else said
    name = said.get(b"path", info.name.encode("utf-8", "surrogateescape"))
    link = said.get(b"linkpath", info.linkname.encode("utf-8", "surrogateescape"))
    sparse = info.type == SPARSE or any(key.startswith(b"GNU.sparse.") for key in said)
    size = _number(said.get(b"size"), info.size)
    modified = _nanoseconds(said.get(b"mtime"), info.mtime)
    return Header(index, said.get(b"GNU.sparse.name", name), info.type, size, link, modified, offset, sparse)


def _record(kind: bytes, record: bytes) -> dict[bytes, bytes]:
    if kind == LONG_NAME:
        return {b"path": record.split(b"\0", 1)[0]}
    if kind == LONG_LINK:
        return {b"linkpath": record.split(b"\0", 1)[0]}
    found = {}
    while record:
        length, _, _ = record.partition(b" ")
        if not length.isdigit() or not len(length) + 2 < int(length) <= len(record):
            break
        key, _, value = record[len(length) + 1 : int(length) - 1].partition(b"=")
        found[key] = value
        record = record[int(length) :]
    return found


def _skip_sparse_map(stream: Forward, block: bytes) -> None:
    more = block[482]
    while more:
        block = stream.read(BLOCK)
        more = block[504] if len(block) == BLOCK else 0


def _held(header: Header) -> int:
    """Bytes that follow the header: links and the like declare sizes they do not hold."""
    return 0 if header.kind in (b"1", b"2", b"3", b"4", b"5", b"6") else header.size


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _number(text: bytes | None, otherwise: int) -> int:
    try:
        return otherwise if text is None else int(text)
    except ValueError:
        return otherwise


def _nanoseconds(text: bytes | None, otherwise: float) -> int:
    try:
        return int(Decimal(text.decode("ascii", "replace")) * 10**9) if text else int(otherwise) * 10**9
    except (InvalidOperation, ValueError, OverflowError):
        return int(otherwise) * 10**9
