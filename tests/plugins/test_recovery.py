"""Deleted rows of every database: each parser gives them, says where they lie, and keeps them apart from rows in force."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from forensics import testing
from forensics.plugins import Registry
from forensics.sqlite.database import Database
from forensics.sqlite.recover import recover

from .examples import Example, reads_databases
from .poison import columns, opened

REGISTRY = Registry()
DATABASES = [known.declaration.name for known in REGISTRY.known if reads_databases(known)]
ROWS = 25  # of each table, before some are deleted
TIME = 10**8  # numbers above it are times or ids
PLACE = re.compile(r"page \d+ offset \d+( of the \w+)?")
OWN = ("messages", "calls", "contacts", "attachments", "reactions", "receipts")
STATES = {"freeblock", "freelist", "unallocated", "journal"}

Found = dict[str, list[dict[str, Any]]]


@contextmanager
def asked() -> Iterator[set[str]]:
    """Tables of which queries give each row."""
    tables: set[str] = set()
    original = Database.execute

    def noting(db: Database, template: str, every: str | None = None) -> Any:
        if every:
            tables.add(every.split()[0])
        return original(db, template, every)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "execute", noting)
        yield tables


def read(example: Example, content: bytes | Path, deleted: bool) -> Found:
    parser = REGISTRY.load(REGISTRY.find(example.parser))
    return testing.rows(parser, content, name=example.name, deleted=deleted, **example.given)


# --- databases in which rows were deleted


def grown(example: Example, tables: set[str], path: Path) -> None:
    """A database whose tables have `ROWS` rows more; without triggers, which could undo what is done to it."""
    path.write_bytes(example.content)
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.executescript("PRAGMA journal_mode = DELETE; PRAGMA page_size = 4096; VACUUM")
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{trigger}"')
        add_rows(base, tables, range(1, ROWS + 1))


def add_rows(base: sqlite3.Connection, tables: set[str], numbers: range) -> None:
    """Copies of the first rows, each unlike the others in its key and times, every second one in its words too."""
    base.execute("BEGIN")
    for table, known in columns(base).items():
        names = [name for name, *_ in known]
        said, holes = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        rows = base.execute(f'SELECT {said} FROM "{table}"').fetchmany(ROWS) if table in tables else []
        unique = unique_columns(base, table) or set(names[:1])
        for number in numbers if rows else ():
            row = rows[number % len(rows)]
            words = {name for name, value in zip(names, row, strict=True) if is_plain(value) and number % 2}
            other = unique | words
            cells = [another(value, name in other, number) for name, value in zip(names, row, strict=True)]
            base.execute(f'INSERT OR IGNORE INTO "{table}" ({said}) VALUES ({holes})', cells)
    base.execute("COMMIT")


def unique_columns(base: sqlite3.Connection, table: str) -> set[str]:
    found = {row[1] for row in base.execute(f'PRAGMA table_info("{table}")') if row[5]}
    for _, index, unique, *_ in base.execute(f'PRAGMA index_list("{table}")').fetchall():
        if unique:
            found |= {row[2] for row in base.execute(f'PRAGMA index_info("{index}")')}
    return found


def is_plain(value: Any) -> bool:
    """Whether a cell holds words, not JSON or markup."""
    return isinstance(value, str) and value[:1] not in ("{", "[", "<")


def another(value: Any, unique: bool, number: int) -> Any:
    """The value of a copied row: another where two must not be the same, and another time."""
    if isinstance(value, int | float) and (unique or value > TIME):
        return value + number * 1000
    if unique and (value is None or isinstance(value, str)):
        return f"{value or ''}{number:03}"
    if unique and isinstance(value, bytes):
        return value[:-4] + number.to_bytes(4, "big")
    return value


def delete_some(base: sqlite3.Connection, table: str) -> None:
    """Delete about a third of the rows, here and there."""
    keys = [row[1] for row in base.execute(f'PRAGMA table_info("{table}")') if row[5]]
    try:
        base.execute(f'DELETE FROM "{table}" WHERE rowid % 11 < 4')
    except sqlite3.OperationalError:  # WITHOUT ROWID
        said = ", ".join(f'"{key}"' for key in keys)
        same = " AND ".join(f'"{key}" IS ?' for key in keys)
        gone = base.execute(f'SELECT {said} FROM "{table}"').fetchall()[::3]
        base.executemany(f'DELETE FROM "{table}" WHERE {same}', gone)


def some_deleted(path: Path, tables: set[str]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA secure_delete = OFF")
        for table in sorted(tables):
            delete_some(base, table)


def all_deleted(path: Path, tables: set[str]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA secure_delete = OFF")
        for table in sorted(tables):
            base.execute(f'DELETE FROM "{table}"')


def only_in_log(path: Path, tables: set[str]) -> None:
    """Rows added and deleted in the write-ahead log: earlier parts of it hold the pages that had them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.executescript("PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        add_rows(base, tables, range(ROWS + 1, 2 * ROWS))
        for table in sorted(tables):
            base.execute(f'DELETE FROM "{table}"')
        content, log = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    path.write_bytes(content)
    Path(f"{path}-wal").write_bytes(log)


# --- what comes out


def frozen(found: Found) -> Counter[tuple[str, str]]:
    return Counter(
        (table, repr(sorted(row.items()))) for table, rows in found.items() for row in rows if table != "problems"
    )


def places(path: Path, tables: set[str]) -> dict[str, set[str]]:
    """Where the search finds deleted rows, by table: none that queries over the database without its log give anyway."""
    log = Path(f"{path}-wal")
    found: dict[str, set[str]] = {}
    for row in recover(path, log, before=path) if log.exists() else recover(path):
        if row.table in tables:
            found.setdefault(row.table, set()).add(row.place)
    return found


def recovered(in_force: Found, everything: Found) -> Found:
    """Rows that are there only if deleted ones are searched for; problems too."""
    known = frozen(in_force)
    return {
        table: [row for row in rows if not known[table, repr(sorted(row.items()))]]
        for table, rows in everything.items()
        if table != "gaps"
    }


def own_rows(example: Example, found: Found, tables: set[str]) -> set[str]:
    """Tables of which each row is a row of its own."""
    records = {row["record"] for table in OWN for row in found.get(table, [])}
    with opened(example.content) as base:
        count = {table: base.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}
    return {
        table
        for table in tables
        if 0 < count[table] <= sum(record.startswith((f"{table}/", f"{table} ")) for record in records)
    }


@pytest.mark.parametrize("name", DATABASES)
def test_deleted_rows(examples_of, name, tmp_path):
    for number, example in enumerate(example for example in examples_of[name] if example.is_database):
        with asked() as tables:
            whole = own_rows(example, read(example, example.content, deleted=False), tables)
        whole_database = tmp_path / f"{number}.db"
        grown(example, tables, whole_database)
        for damage in (some_deleted, all_deleted, only_in_log):
            path = tmp_path / f"{number}-{damage.__name__}.db"
            path.write_bytes(whole_database.read_bytes())
            damage(path, tables)
            in_force, everything = read(example, path, deleted=False), read(example, path, deleted=True)
            changed = frozen(in_force) - frozen(everything)
            assert changed == Counter(), "rows in force change when deleted ones are searched for"
            more = recovered(in_force, everything)
            told = more.pop("problems", [])
            rows = [row for given in more.values() for row in given]
            assert {row["state"] for row in rows} <= STATES
            assert [row["record"] for row in rows if not PLACE.search(row["record"])] == []
            assert [problem for problem in told if "recovered rows are missing" in problem["message"]] == []
            out = {place[0] for row in (*rows, *told) if (place := PLACE.search(row.get("record") or ""))}
            there = places(path, tables)
            silent = [table for table in sorted(whole) if there.get(table) and not there[table] & out]
            assert silent == [], damage.__name__
