"""One file given by itself: a database, a statement of an exchange, a document, a photo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from forensics.evidence import names
from forensics.evidence.folder import unix_time
from forensics.evidence.source import Entry, Skipped
from forensics.evidence.terms import Terms
from forensics.evidence.untouched import keeps_access_time, open_untouched

COMPANIONS = ("-journal", "-wal")


class SingleSource:
    """A source with one entry, named as the file is; of a database the write-ahead log or journal beside it comes along."""

    kind = "file"

    def __init__(self, path: Path, terms: Terms, *, notes: tuple[str, ...] = ()) -> None:
        self.path = path.resolve()
        self.name = terms.name or path.name
        self.notes = notes
        self.keeps_access_time = keeps_access_time(self.path)

    def walk(self) -> Iterator[Entry | Skipped]:
        yield self._entry("")
        for suffix in COMPANIONS:
            if self._place(suffix).is_file():
                yield self._entry(suffix)

    def open(self, entry: Entry) -> BinaryIO:
        return open_untouched(self._place(entry.locator["suffix"]))

    def local(self, entry: Entry) -> Path | None:
        return self._place(entry.locator["suffix"])

    def _place(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def _entry(self, suffix: str) -> Entry:
        status = self._place(suffix).stat()
        shown = names.shown_text(self.name + suffix)
        return Entry(
            path=shown.path,
            size=status.st_size,
            raw_name=shown.raw_name,
            modified_at=unix_time(status.st_mtime_ns),
            locator={"suffix": suffix},
            notes=(*shown.notes, *self.notes),
        )

    def close(self) -> None:
        pass
