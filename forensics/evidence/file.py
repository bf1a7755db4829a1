"""The `File` that parsers get: one file of the evidence, read once, with the doors they need."""

from __future__ import annotations

import io
import json
import math
import plistlib
import posixpath
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from forensics.evidence.hashing import Digest, digest_copy
from forensics.evidence.source import Entry, Skipped, Source
from forensics.evidence.untouched import open_untouched
from forensics.parsers import Problem
from forensics.sqlite import COMPANIONS, MAGIC, WAL_MAGIC, Database
from forensics.sqlite.copy import Views, settle
from forensics.sqlite.gaps import Gaps

HEAD = 4096  # bytes that identification looks at first
IN_MEMORY = 16 << 20  # a larger file is worked on from disk
MAX_DOCUMENT = 256 << 20  # bytes of a file that is taken into memory as a whole: text, JSON, plist
MAX_DEPTH = 512  # nesting of JSON and plists

Chunk = bytes  # the method `bytes` hides the type inside the class


class DocumentError(ValueError):
    """The content is not what the parser asked for, or over a limit; the message says which."""


class File:
    """One file of the evidence. Reading it changes nothing; hash and content come from one read.

    `name`, `path`: base name, and posix path in the evidence. `size`: bytes read. `modified_at`: aware UTC or None.
    `evidence`: label. `passwords`, `keys`, `timezone`: what the examiner gave. `problems`: what the doors met on the way.
    `gaps`: row ids missing from its databases.
    """

    def __init__(
        self,
        entry: Entry,
        source: Source,
        scratch: Path,
        *,
        evidence: str = "",
        prefix: str = "",
        find: Callable[[str], Entry | None] = lambda path: None,
        passwords: tuple[str, ...] = (),
        keys: tuple[bytes, ...] = (),
        timezone: str | None = None,
        deadline: float | None = None,
        deleted: bool = False,
    ) -> None:
        self.entry = entry
        self.source = source
        self.scratch = scratch
        self.evidence = evidence
        self.prefix = prefix
        self.passwords = passwords
        self.keys = keys
        self.timezone = timezone
        self.deadline = deadline
        self.deleted = deleted
        self._find = find
        self._data: bytes | None = None
        self._copy: Path | None = None
        self._views: Views | None = None
        self._opened: list[Database] = []
        self._siblings: dict[str, File] = {}
        self._problems: list[Problem] = []
        self.gaps = Gaps()

    def __repr__(self) -> str:
        return f"<File {self.path}>"

    @cached_property
    def path(self) -> str:
        """Posix path in the evidence, as on the device; inside a nested archive `outer.zip!/inner`."""
        return self.prefix + self.entry.path

    @property
    def name(self) -> str:
        """Base name."""
        return self.entry.path.rpartition("/")[2]

    @property
    def modified_at(self) -> datetime | None:
        """Last change as the export says, aware UTC."""
        return self.entry.modified_at

    @property
    def size(self) -> int:
        """Bytes, as read."""
        return self._digest.size

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, hex."""
        return self._digest.sha256

    @property
    def md5(self) -> str:
        """MD5 of the content, hex."""
        return self._digest.md5

    @cached_property
    def head(self) -> bytes:
        """The first `HEAD` bytes."""
        with self.open() as stream:
            return stream.read(HEAD)

    @cached_property
    def is_database(self) -> bool:
        """Whether it is an SQLite database, be it that all of it is still in the write-ahead log."""
        if self.head.startswith(MAGIC):
            return True
        log = self.sibling(self.name + "-wal") if self.size == 0 else None
        return bool(log and log.head.startswith(WAL_MAGIC))

    def open(self) -> BinaryIO:
        """The content as a binary stream that can seek. What could not be read of a damaged member is missing at its end."""
        _ = self._digest
        if self._data is not None:
            return io.BytesIO(self._data)
        assert self._copy
        return open_untouched(self._copy)

    def bytes(self, limit: int = MAX_DOCUMENT) -> bytes:
        """The whole content; raises `DocumentError` over the limit."""
        if self.size > limit:
            raise DocumentError(f"{self.size:,} bytes, more than the {limit:,} that are taken into memory at once")
        if self._data is not None:
            return self._data
        with self.open() as stream:
            return stream.read()

    def text(self, encoding: str = "utf-8") -> str:
        """The content as text (a byte order mark wins over `encoding`); bytes that do not fit become U+FFFD and a problem."""
        raw = self.bytes()
        for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
            if raw.startswith(mark):
                encoding = name
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            self._note(
                Problem(
                    "damaged",
                    f"not all of the text is {encoding}: what does not fit was replaced by U+FFFD",
                    record=f"offset 0x{error.start:x}",
                    detail=raw[error.start : error.start + 32].hex(),
                )
            )
            return raw.decode(encoding, "replace")

    def json(self, mend: Callable[[str], str] = str) -> Any:
        """The content as JSON. Raises `DocumentError` for what is none, or is nested deeper than `MAX_DEPTH`.

        NaN and infinities become None; of an object that names a key twice the last value counts and a problem says so.
        `mend`: applied to the text first, for formats whose writers do not keep to JSON.
        """
        twice: list[str] = []

        def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
            found = dict(items)
            if len(found) < len(items):
                twice.extend(name for name, times in Counter(name for name, _ in items).items() if times > 1)
            return found

        try:
            text = mend(self.text())
            value = json.loads(text, object_pairs_hook=pairs, parse_constant=lambda name: None, parse_float=_finite)
        except RecursionError:
            raise DocumentError("JSON nested too deep") from None
        except ValueError as error:
            raise DocumentError(f"not JSON: {error}") from error
        _bounded(value)
        if twice:
            names = ", ".join(sorted(set(twice))[:20])
            self._note(Problem("hostile", f"JSON objects name a key twice, the last value counts: {names}"))
        return value

    def plist(self) -> Any:
        """The content as a property list, XML or binary. Raises `DocumentError`, also for one that contains itself.

        What it refers to in two places is one object: a walk down all ways through a hostile one may not end in time.
        """
        try:
            value = plistlib.loads(self.bytes())
        except (
            ValueError,
            TypeError,
            OverflowError,
            RecursionError,
            LookupError,
            OSError,
            plistlib.InvalidFileException,
        ) as error:
            raise DocumentError(f"not a readable property list: {error}") from error
        except Exception as error:  # expat's own error class, without importing expat for it
            raise DocumentError(f"not a readable property list: {error}") from error
        _bounded(value)
        return value

    def sqlite(self, beside: Mapping[str, str] | None = None) -> Database:
        """The content as a database: a context manager. Copies are opened, with the write-ahead log or journal beside it.

        `beside`: schema name to the name of a sibling file that is attached for joins (`{"wa": "wa.db"}`); where the sibling is
        missing its tables count as missing. Raises `sqlite3.DatabaseError` for what is no database.
        """
        attached = {}
        for schema, name in (beside or {}).items():
            sibling = self.sibling(name)
            if sibling and sibling.is_database:
                fault = sibling.fault()
                if fault:
                    self._note(Problem("damaged", f"{name} beside it cannot be opened: {fault}", stage="open"))
                else:
                    attached[schema] = sibling.views
        database = Database(self.views, attached, self.deadline, recover=self.deleted, gaps=self.gaps)
        self._opened.append(database)
        return database

    def fault(self) -> str | None:
        """What keeps this database from being opened; None if it can be."""
        try:
            with self.sqlite() as db:
                _ = db.tables
        except sqlite3.DatabaseError as error:
            return str(error)
        return None

    @property
    def views(self) -> Views:
        """The private copies of this database; raises `sqlite3.DatabaseError`."""
        if self._views is None:
            main = self._database_copy()
            for suffix in COMPANIONS:
                companion = self.sibling(self.name + suffix)
                if companion and companion.size:
                    companion.save(main.with_name(main.name + suffix))
            if self.sibling(self.name + "-shm") and not self.sibling(self.name + "-wal"):
                said = (
                    "a -shm lies beside it, the write-ahead log (-wal) does not: what was written last may be missing"
                )
                self._note(Problem("not_read", said, stage="open"))
            self._views = settle(main)
        return self._views

    def sibling(self, name: str) -> File | None:
        """The file of that name in the same folder, or at that path from it (`../config.json`); None if there is none."""
        if name not in self._siblings:
            entry = self._find(posixpath.normpath(PurePosixPath(self.entry.path).parent / name))
            if entry is None:
                return None
            self._siblings[name] = File(
                entry,
                self.source,
                self.scratch,
                evidence=self.evidence,
                prefix=self.prefix,
                find=self._find,
                passwords=self.passwords,
                keys=self.keys,
                timezone=self.timezone,
                deadline=self.deadline,
                deleted=self.deleted,
            )
        return self._siblings[name]

    def derived(self, name: str, chunks: Iterable[Chunk], beside: Mapping[str, Iterable[Chunk]] | None = None) -> File:
        """What a parser has made of the content (decrypted, unpacked) as a file of its own, to hand to another parser.

        `beside`: what has been made of its log or journal, by name. Rows still come from this file: hash and path are this
        file's. Whatever `chunks` raises is raised.
        """
        own = _Own()
        for each, content in {name: chunks, **(beside or {})}.items():
            own.places[each] = self._new_copy()
            with own.places[each].open("wb") as out:
                out.writelines(content)
        file = File(
            own.entry(name),
            own,
            self.scratch,
            evidence=self.evidence,
            prefix=f"{self.path}!/",
            find=own.find,
            timezone=self.timezone,
            deadline=self.deadline,
            deleted=self.deleted,
        )
        file.gaps = self.gaps
        self._siblings[f"!/{name}"] = file
        return file

    def save(self, target: Path) -> None:
        """Write the content to a file of our own."""
        with self.open() as stream, target.open("wb") as out:
            while chunk := stream.read(1 << 20):
                out.write(chunk)

    @property
    def problems(self) -> list[Problem]:
        """What was met while the file and its databases were read."""
        own = [*self._problems, *(problem for database in self._opened for problem in database.problems)]
        derived = (file for name, file in self._siblings.items() if name.startswith("!/"))
        return [*own, *(problem for file in derived for problem in file.problems)]

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """For each table of its databases that was read whole: rows stored, and rows that a parser got."""
        derived = (file for name, file in self._siblings.items() if name.startswith("!/"))
        found = [*(database.counts for database in self._opened), *(file.counts for file in derived)]
        return {table: rows for counts in found for table, rows in counts.items()}

    def close(self) -> None:
        """Let go of content, databases and private copies; hashes and names stay."""
        self._data = None
        for database in self._opened:
            database.close()
        for sibling in self._siblings.values():
            sibling.close()
            if isinstance(sibling.source, _Own):
                sibling.source.close()
        if self._views:
            for path in self._views.files:
                path.unlink(missing_ok=True)
        if self._copy and self._copy.is_relative_to(self.scratch):
            self._copy.unlink(missing_ok=True)

    def _note(self, problem: Problem) -> None:
        if problem not in self._problems:
            self._problems.append(problem)

    @cached_property
    def _digest(self) -> Digest:
        """Hash the content and keep it, from one read: in memory, in a private copy, or (large) where it lies."""
        place = self.source.local(self.entry)
        kept = _Kept(self._new_copy, keep_large=place is None)
        with open_untouched(place) if place else self.source.open(self.entry) as stream:
            digest = digest_copy(stream, kept)  # type: ignore[arg-type]
        self._data, self._copy = kept.finish()
        if self._data is None and self._copy is None:
            self._copy = place
        if digest.fault:
            message = f"only the first {digest.size:,} bytes could be read: {digest.fault}"
            self._note(Problem(digest.fault.kind, message, stage="open"))
        return digest

    def _database_copy(self) -> Path:
        _ = self._digest
        if self._copy is None or not self._copy.is_relative_to(self.scratch):
            copy = self._new_copy()
            self.save(copy)
            self._data, self._copy = None, copy
        return self._copy

    def _new_copy(self) -> Path:
        handle, name = tempfile.mkstemp(prefix="copy-", suffix=".db", dir=self.scratch)
        with suppress(OSError):
            io.FileIO(handle).close()
        return Path(name)


class _Own:
    """Files of ours in the place of a source."""

    kind = "derived"
    name = "derived"

    def __init__(self) -> None:
        self.places: dict[str, Path] = {}

    def walk(self) -> Iterator[Entry | Skipped]:
        """Nothing: the files are handed out as they are made."""
        return iter(())

    def entry(self, name: str) -> Entry:
        """One of the files."""
        return Entry(path=name, size=self.places[name].stat().st_size)

    def find(self, path: str) -> Entry | None:
        """One of the files, if there is one of that name."""
        return self.entry(path) if path in self.places else None

    def open(self, entry: Entry) -> BinaryIO:
        """The content."""
        return open_untouched(self.places[entry.path])

    def local(self, entry: Entry) -> Path | None:
        """Where it is."""
        return self.places[entry.path]

    def close(self) -> None:
        """Take them away."""
        for place in self.places.values():
            place.unlink(missing_ok=True)


def _finite(number: str) -> float | None:
    value = float(number)
    return value if math.isfinite(value) else None


def _bounded(value: Any) -> None:
    """Raises `DocumentError` for a document that is nested too deep, or contains itself."""
    level = {id(value): value}
    for _ in range(MAX_DEPTH):
        level = {
            id(child): child
            for holder in level.values()
            if isinstance(holder, dict | list)
            for child in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(child, dict | list)
        }
        if not level:
            return
    raise DocumentError(f"nested deeper than {MAX_DEPTH}")


class _Kept:
    """Takes the chunks of one read: a small file stays in memory, a database goes to a private copy, so does what is large."""

    def __init__(self, new_copy: Callable[[], Path], keep_large: bool) -> None:
        self._new_copy = new_copy
        self._keep_large = keep_large
        self._chunks: list[bytes] | None = []
        self._size = 0
        self._copy: Path | None = None
        self._out: BinaryIO | None = None

    def write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._chunks is not None:
            self._chunks.append(chunk)
            if self._chunks[0].startswith(MAGIC) or (self._size > IN_MEMORY and self._keep_large):
                self._copy = self._new_copy()
                self._out = self._copy.open("wb")
                self._out.writelines(self._chunks)
                self._chunks = None
            elif self._size > IN_MEMORY:
                self._chunks = None
        elif self._out:
            self._out.write(chunk)

    def finish(self) -> tuple[bytes | None, Path | None]:
        """The content in memory, or the private copy; neither, when it can be read where it lies."""
        if self._out:
            self._out.close()
        return (None if self._chunks is None else b"".join(self._chunks)), self._copy
