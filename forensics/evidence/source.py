"""The words of the evidence room: what a source is, what it shows, and how reading can end early."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol, runtime_checkable


class SourceError(Exception):
    """The evidence as a whole cannot be opened. The message says what to do next."""


class MemberError(Exception):
    """One file of the evidence cannot be read, or not to its end. `kind` is the kind of the problem row it becomes."""

    kind = "not_read"


class Unreadable(MemberError):
    """The file is there and cannot be opened: no permission, gone, or no longer a regular file."""


class DamagedMember(MemberError):
    """The bytes delivered so far are real; the rest is missing, or the checksum does not agree."""

    kind = "damaged"


class EncryptedMember(MemberError):
    """No password given opens it."""

    kind = "encrypted"


class LimitReached(MemberError):
    """Reading stopped at a limit of `forensics.evidence.limits.Limits`; the bytes delivered so far are real."""

    kind = "limit"


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file of the evidence.

    path:           posix path as on the device, relative, without `..`, control characters or surrogates: for display
    size:           bytes, as declared by the source; the bytes read are what counts
    raw_name:       the stored name where it differs from `path`: text, or hex of its bytes when they are not UTF-8
                    (then `notes` has "name not UTF-8")
    modified_at:    aware UTC, or None where the source does not say, or says it without a zone
    modified_local: naive wall-clock time of the device that made the archive, where that is all there is
    locator:        what the source needs to open the entry again, also in another process; JSON-able
    notes:          remarks of `forensics.evidence.names` and of the source
    """

    path: str
    size: int
    raw_name: str | None = None
    modified_at: datetime | None = None
    modified_local: datetime | None = None
    locator: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__} | {
            "modified_at": self.modified_at and self.modified_at.isoformat(),
            "modified_local": self.modified_local and self.modified_local.isoformat(),
            "locator": dict(self.locator),
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Entry:
        times = {key: data.get(key) for key in ("modified_at", "modified_local")}
        read = {key: text and datetime.fromisoformat(text) for key, text in times.items()}
        return cls(**{**data, **read, "notes": tuple(data.get("notes", ()))})


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something the source holds that is not handed out as a file.

    kind: not_read (link, device, FIFO, socket, unreadable folder), damaged, encrypted, limit or hostile;
    detail: the target of a link, or what the system or the password check said.
    """

    path: str
    kind: str
    message: str
    detail: str | None = None
    raw_name: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Skipped:
        return cls(**data)


@runtime_checkable
class Source(Protocol):
    """A read-only view of one piece of evidence."""

    kind: str
    """folder, file, zip, tar, tar.gz, tar.xz, tar.bz2, tar.zst"""
    name: str
    """base name as given by the examiner, for messages"""

    def walk(self) -> Iterator[Entry | Skipped]:
        """What the source holds, sorted by path, then by place in the source: the same order in every run."""

    def open(self, entry: Entry) -> BinaryIO:
        """The bytes of an entry, forward only unless `local` gives a path.

        Raises a MemberError at once, or after the last good byte: see `MemberStream`.
        """

    def local(self, entry: Entry) -> Path | None:
        """The entry as a complete file on disk, if it is one. Open it with `forensics.evidence.untouched`."""

    def close(self) -> None:
        """Let go of the evidence. Streams opened before stay readable."""


class MemberStream(io.RawIOBase, BinaryIO):
    """Chunks of bytes as a binary stream, read forward.

    `read(n)` delivers every good byte, also from a damaged member, and raises the MemberError on the call that has
    none left. `read()` without a size raises instead of passing a part for the whole. `fault` is that error, once met.
    """

    def __init__(self, chunks: Iterator[bytes], closing: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.fault: MemberError | None = None
        self._chunks = chunks
        self._closing = closing
        self._rest = memoryview(b"")
        self._position = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        if not self._rest and not self._advance() and self.fault:
            raise self.fault
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        self._position += taken
        return taken

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        parts: list[bytes] = []
        while size and (self._rest or self._advance()):
            part = bytes(self._rest[:size])
            self._rest = self._rest[len(part) :]
            size -= len(part)
            parts.append(part)
        if size and not parts and self.fault:
            raise self.fault
        self._position += sum(map(len, parts))
        return b"".join(parts)

    def readall(self) -> bytes:
        return self.read()

    def close(self) -> None:
        if not self.closed and self._closing:
            self._closing()
        super().close()

    def _advance(self) -> bool:
        if self.fault:
            return False
        try:
            self._rest = memoryview(next((chunk for chunk in self._chunks if chunk), b""))
        except MemberError as fault:
            self.fault = fault
        return bool(self._rest)
