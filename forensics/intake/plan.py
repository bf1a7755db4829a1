"""What there is to do for one source: its walk, kept on disk for look-ups, and cut into jobs."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from forensics.evidence.source import Entry, Skipped, Source
from forensics.intake.attached import Candidates, spelled
from forensics.intake.job import Job, cut


class Plan:
    """The items of a source in their order, in a small database of our own that workers look siblings up in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = 0
        self.bytes = 0
        self._listing = hashlib.sha256()
        path.unlink(missing_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(
            "CREATE TABLE entries (n INTEGER PRIMARY KEY, path TEXT, kind TEXT, entry TEXT, name TEXT, size INT)"
        )

    def fill(self, source: Source, seen: Callable[[int], None] = lambda files: None) -> None:
        """Walk the source."""
        self._db.execute("BEGIN")
        walk = self._walk(source, seen)
        self._db.executemany("INSERT INTO entries (path, kind, entry, name, size) VALUES (?, ?, ?, ?, ?)", walk)
        self._db.execute("CREATE INDEX by_path ON entries (path)")
        self._db.execute("CREATE INDEX by_name ON entries (name)")
        self._db.execute("COMMIT")

    def jobs(self, prefix: str, spec: dict[str, Any]) -> Iterator[Job]:
        """The jobs, with ids that start with `prefix`."""
        for number, items in enumerate(cut(self._items())):
            yield Job(f"{prefix}{number:05d}", spec, items)

    @property
    def listing(self) -> str:
        """Hash of all items with their sizes, times and places: it differs when the source has changed."""
        return self._listing.hexdigest()

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _walk(self, source: Source, seen: Callable[[int], None]) -> Iterator[tuple[str, str, str, str, int]]:
        for item in source.walk():
            if isinstance(item, Entry):
                self.files += 1
                self.bytes += item.size
            kind = "file" if isinstance(item, Entry) else "skipped"
            text = json.dumps(item.to_dict())
            self._listing.update(f"{kind} {text}\n".encode())
            size = item.size if isinstance(item, Entry) else 0
            yield item.path, kind, text, spelled(item.path.rpartition("/")[2]), size
            if self.files % 1000 == 0:
                seen(self.files)

    def _items(self) -> Iterator[Entry | Skipped]:
        for kind, text in self._db.execute("SELECT kind, entry FROM entries ORDER BY n"):
            item = json.loads(text)
            yield Entry.from_dict(item) if kind == "file" else Skipped.from_dict(item)


class Listing:
    """The walk of a source as a worker looks things up in it."""

    def __init__(self, plan: Path) -> None:
        self._db = sqlite3.connect(f"{plan.absolute().as_uri()}?mode=ro", uri=True)

    def entry(self, path: str) -> Entry | None:
        """The file of that path."""
        found = self._db.execute(
            "SELECT entry FROM entries WHERE path = ? AND kind = 'file' ORDER BY n LIMIT 1", (path,)
        ).fetchone()
        return Entry.from_dict(json.loads(found[0])) if found else None

    def named(self, names: set[str]) -> Candidates:
        """Paths and sizes of the files of these base names (`spelled`), in the order of the walk."""
        query = """SELECT e.name, e.path, e.size FROM json_each(?) wanted JOIN entries e ON e.name = wanted.value
            WHERE e.kind = 'file' ORDER BY e.n"""
        found: dict[str, list[tuple[str, int]]] = {}
        for name, path, size in self._db.execute(query, (json.dumps(sorted(names)),)):
            found.setdefault(name, []).append((path, size))
        return found

    def close(self) -> None:
        """Close the database."""
        self._db.close()
