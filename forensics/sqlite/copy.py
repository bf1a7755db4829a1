"""Private copies of a database: as it stands, and as it stood before its write-ahead log.

SQLite changes the files it opens: it creates `-shm`, folds the log into the main file, rolls journals back. So the set of
files is copied first, and only copies are opened (requirement T-2; measured effects in the project's evidence handling page).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from forensics.sqlite.collations import build_indexes_anew, foreign

PAGE = 512  # bytes of the smallest page


@dataclass(frozen=True)
class Found:
    """Copies of the files of a database as they were found, for the search for deleted rows."""

    main: Path
    wal: Path | None
    journal: Path | None


@dataclass(frozen=True)
class Views:
    """`current`: with the log applied and a hot journal rolled back. `before`: the main file alone, where that differs.

    `found`: the files that they were made of, where that is not `current` alone. `searched`: `current` as it was before its
    indexes were built anew, where they had to be: what lies in its free pages is still there.
    """

    current: Path
    before: Path | None
    journal_mode: str
    found: Found | None = None
    searched: Path | None = None

    @property
    def files(self) -> set[Path]:
        """All private files of the database, those that the search for deleted rows makes included."""
        made = {self.current.with_name(self.current.name + suffix) for suffix in (".mixed", ".mixed.alone")}
        kept = {self.before, *(vars(self.found).values() if self.found else ())}
        return {self.current, *made, *(path for path in (*kept, self.searched) if path)}


@contextmanager
def database_errors() -> Iterator[None]:
    """SQLite quotes a malformed schema in its errors; where that is no text, Python raises another error than the database's."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError("malformed database schema: not even text") from error


def settle(main: Path) -> Views:
    """Settle the copy `main`, whose copied `-wal` or `-journal` lies beside it, into views that need no side files.

    Raises `sqlite3.DatabaseError` for a file that is no database.
    """
    wal = main.with_name(main.name + "-wal")
    journal = main.with_name(main.name + "-journal")
    if not wal.exists() and not journal.exists():
        return _in_known_order(Views(main, None, "wal" if _says_wal(main) else "delete"))
    before = main.with_name(main.name + ".before")
    shutil.copyfile(main, before)
    found = Found(before, _kept(wal), _kept(journal))
    if wal.exists() and not main.stat().st_size:
        main.write_bytes(
            bytes(PAGE)
        )  # SQLite deletes the log of an empty file, though all of the database may be in it
    applied = _replay(main)
    for companion in (wal, journal, main.with_name(main.name + "-shm")):
        companion.unlink(missing_ok=True)
    mode = "wal" if applied or _says_wal(before) else "delete"
    return _in_known_order(Views(main, before if applied else None, mode, found))


def _in_known_order(views: Views) -> Views:
    """The views, with indexes that can be searched: see `collations`. Damage shows itself when the tables are read."""
    with closing(sqlite3.connect(f"{views.current.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        names: set[str] = set()
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
            names = foreign(connection)
    if not names:
        return views
    searched = views.current.with_name(views.current.name + ".searched")
    shutil.copyfile(views.current, searched)
    found = views.found
    if views.before and found and found.main == views.before:
        kept = views.before.with_name(views.before.name + ".searched")
        shutil.copyfile(views.before, kept)
        found = Found(kept, found.wal, found.journal)
    for place in filter(None, (views.current, views.before)):
        with suppress(sqlite3.DatabaseError):
            build_indexes_anew(place)
    return replace(views, found=found, searched=searched)


def _kept(companion: Path) -> Path | None:
    """A copy of a log or journal that SQLite will not find."""
    if not companion.exists():
        return None
    copy = companion.with_name(companion.name + ".found")
    shutil.copyfile(companion, copy)
    return copy


def _replay(main: Path) -> bool:
    """Let SQLite apply the log or roll back the journal; whether frames of a log were applied."""
    connection = sqlite3.connect(main, isolation_level=None)
    with closing(connection), database_errors():
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        _, frames, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return frames > 0


def _says_wal(main: Path) -> bool:
    with main.open("rb") as stream:
        header = stream.read(20)
    return header[18:20] == b"\x02\x02"
