"""A database beside the evidence's in which a parser's own queries find the recovered rows, and only those.

Two files: one with what is in force plus the recovered rows that have a place there (no live row has their row id or key), for
a recovered message to find its chat, live or recovered; and one with nothing but recovered rows, each with its number, in
tables of the same columns. `trace` makes a query start from the second and look everything else up in the first.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics.sqlite.collations import provide
from forensics.sqlite.copy import Views
from forensics.sqlite.recover import Recovered
from forensics.sqlite.template import quoted
from forensics.sqlite.trace import NUMBER

PLAIN_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_ ]*(?:\([0-9, ]*\))?")
ROWIDS = ("rowid", "_rowid_", "oid")


@dataclass(frozen=True)
class Overlay:
    """`mixed`: what is in force and, where there is room, recovered. `alone`: recovered rows only; `tables`: those it has.

    In `alone`, the table named `NUMBER` gives table, state and place of a row by its number.
    """

    mixed: Path
    alone: Path
    tables: frozenset[str]


def recovered_copy(views: Views, rows: Iterable[Recovered], target: Path) -> Overlay | None:
    """Build the overlay of a database at `target` and `target`.alone; None if there are no recovered rows.

    Where it exists already it is taken as it is, and `rows` is not asked. What `rows` raises on the way is raised when the
    overlay is complete with the rows before it.
    """
    alone = target.with_name(target.name + ".alone")
    if alone.exists():
        return existing(target)
    failure: Exception | None = None
    tables: set[str] = set()
    with closing(_unsafe(alone)) as out, closing(sqlite3.connect(views.current)) as schema:
        out.execute(f"CREATE TABLE {quoted(NUMBER)} (number INTEGER PRIMARY KEY, name, state, place)")
        out.execute("BEGIN")
        number = 0
        try:
            for number, row in enumerate(rows, 1):
                if row.table not in tables:
                    tables.add(row.table)
                    _create(out, schema, row.table)
                _add(out, number, row)
        except Exception as error:
            failure = error
        out.execute("COMMIT")
    if tables:
        shutil.copyfile(views.current, target)
        _mix(target, alone, tables)
    if failure:
        raise failure
    return existing(target)


def existing(target: Path) -> Overlay | None:
    """The overlay that was built at `target`, if any rows are in it."""
    alone = target.with_name(target.name + ".alone")
    with closing(sqlite3.connect(alone)) as connection:
        names = connection.execute("SELECT DISTINCT name FROM " + quoted(NUMBER)).fetchall()
    return Overlay(target, alone, frozenset(name for (name,) in names)) if names else None


def _unsafe(path: Path) -> sqlite3.Connection:
    """A scratch database that nobody needs after a crash."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def _create(out: sqlite3.Connection, schema: sqlite3.Connection, table: str) -> None:
    """A table of the same columns, without keys; the names of the row id are columns, for a lost row id must stay empty."""
    info = schema.execute(f"PRAGMA table_xinfo({quoted(table)})").fetchall()
    columns = [f"{quoted(name)} {kind if PLAIN_TYPE.fullmatch(kind or '') else ''}" for _, name, kind, *_ in info]
    taken = {str(name).lower() for _, name, *_ in info}
    columns += [f"{name} INT" for name in ROWIDS if name not in taken]
    out.execute(f"CREATE TABLE {quoted(table)} ({', '.join(columns)}, {quoted(NUMBER)} INT)")


def _add(out: sqlite3.Connection, number: int, row: Recovered) -> None:
    columns = [name for _, name, *_ in out.execute(f"PRAGMA table_xinfo({quoted(row.table)})")]
    rowids = [row.rowid] * (len(columns) - 1 - len(row.values))
    marks = ", ".join("?" * len(columns))
    values = map(_storable, (*row.values, *rowids, number))
    out.execute(f"INSERT INTO {quoted(row.table)} VALUES ({marks})", tuple(values))
    place = (number, row.table, row.state, row.place)
    out.execute(f"INSERT INTO {quoted(NUMBER)} VALUES (?, ?, ?, ?)", place)


def _storable(value: Any) -> Any:
    """Text that is no UTF-8 is stored as the bytes it was."""
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogateescape")
    return value


def _mix(target: Path, alone: Path, tables: Iterable[str]) -> None:
    """Put recovered rows into the tables in force wherever no live row has their row id or key. Whatever a table's
    constraints or indexes refuse stays out of it."""
    with closing(sqlite3.connect(target, isolation_level=None)) as mixed, suppress(sqlite3.DatabaseError):
        for pragma in ("trusted_schema=OFF", "journal_mode=OFF", "synchronous=OFF", "ignore_check_constraints=ON"):
            mixed.execute(f"PRAGMA {pragma}")
        provide(mixed)
        for (trigger,) in mixed.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            mixed.execute(f"DROP TRIGGER {quoted(trigger)}")
        mixed.execute("ATTACH ? AS recovered", (str(alone),))
        for table in sorted(tables):
            with suppress(sqlite3.DatabaseError):
                mixed.execute("BEGIN")
                mixed.execute(_insert(mixed, table))
            if mixed.in_transaction:
                mixed.execute("COMMIT")


def _insert(mixed: sqlite3.Connection, table: str) -> str:
    info = mixed.execute(f"PRAGMA main.table_xinfo({quoted(table)})").fetchall()
    names = [quoted(name) for _, name, *_, hidden in info if hidden == 0]
    condition = ""
    alias = [name for _, name, kind, _, _, pk, _ in info if pk and str(kind).upper() == "INTEGER"]
    if len(alias) == 1 and sum(bool(row[5]) for row in info) == 1:
        condition = f" WHERE {quoted(alias[0])} IS NOT NULL"
    elif _has_rowid(mixed, table) and "rowid" not in {str(row[1]).lower() for row in info}:
        names.append("rowid")
    columns = ", ".join(names)
    return (
        f"INSERT OR IGNORE INTO main.{quoted(table)} ({columns})"
        f" SELECT {columns} FROM recovered.{quoted(table)}{condition} ORDER BY {quoted(NUMBER)}"
    )


def _has_rowid(mixed: sqlite3.Connection, table: str) -> bool:
    try:
        mixed.execute(f"SELECT rowid FROM main.{quoted(table)} LIMIT 0")
    except sqlite3.DatabaseError:
        return False
    return True
