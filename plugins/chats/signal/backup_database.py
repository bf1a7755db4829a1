"""The database that a backup of Signal for Android rebuilds: from its statements, of which only two kinds are run.

A backup holds SQL. What it may do is up to whoever wrote the file, so nothing of it is run as it stands but CREATE TABLE, under
an authorizer that allows no more than that; rows are put in with statements of our own.
"""

from __future__ import annotations

import re
import sqlite3
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import Problem

from ..protobuf import NotProtobuf, Value, message

NAME = r"""(?:"[^"]+"|'[^']+'|`[^`]+`|\[[^\]]+\]|\w+)"""
TABLE = re.compile(rf"\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?({NAME})\s*\(", re.I)
INSERT = re.compile(
    rf"\s*INSERT\s+INTO\s+({NAME})\s*(?:\(((?:\s*{NAME}\s*,)*\s*{NAME}\s*)\))?\s*VALUES\s*\((\s*\?(?:\s*,\s*\?)*\s*)\)\s*;?\s*",
    re.I,
)
SKIPPED = re.compile(r"\s*CREATE\s+(?:UNIQUE\s+INDEX|INDEX|TRIGGER|VIEW|VIRTUAL\s+TABLE)\b", re.I)
VIRTUAL = re.compile(rf"\s*CREATE\s+VIRTUAL\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?({NAME})", re.I)
MAX_SIZE = 1 << 30  # bytes of the database
MAX_VALUE = 64 << 20  # bytes of one value, also of one that a default of the file's author makes
PAGE = 4096
STEPS = 100_000
ALLOWED = {
    sqlite3.SQLITE_CREATE_TABLE,
    sqlite3.SQLITE_CREATE_INDEX,  # of a PRIMARY KEY or UNIQUE column
    sqlite3.SQLITE_INSERT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_UPDATE,  # of SQLite's own tables, which it writes for CREATE TABLE and AUTOINCREMENT
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_REINDEX,
}
STRING, INTEGER, DOUBLE, BLOB, NULL = range(1, 6)  # fields of a parameter


class Rebuilt:
    """A private database in memory, filled statement by statement."""

    def __init__(self, out_of_time: Any) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        for pragma in (
            f"page_size={PAGE}",
            f"max_page_count={MAX_SIZE // PAGE}",
            "trusted_schema=OFF",
            "ignore_check_constraints=ON",
            "recursive_triggers=OFF",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        self.connection.execute("BEGIN")
        self.connection.set_authorizer(_authorized)
        self.connection.set_progress_handler(out_of_time, STEPS)
        self.without: set[str] = set()

    def run(self, fields: Mapping[int, list[Value]], record: str) -> Iterator[Problem]:
        """Take a statement with its parameters; a problem for one that is none of those that backups hold, or that fails."""
        sql, problem = _text(fields.get(1, [b""])[-1]), None
        try:
            if insert := INSERT.fullmatch(sql):
                self._insert(insert, [parameter(each) for each in fields.get(2, ())])
            elif table := TABLE.match(sql):
                if not bare(table[1]).lower().startswith("sqlite_"):
                    self.connection.execute(sql)
            elif virtual := VIRTUAL.match(sql):
                self.without.add(bare(virtual[1]).lower())
            elif not SKIPPED.match(sql):
                problem = Problem(
                    "hostile", "a statement that no backup holds was not run", record=record, detail=sql[:200]
                )
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, NotProtobuf) as error:
            problem = Problem("damaged", f"a statement of the backup failed: {error}", record=record, detail=sql[:200])
        if problem:
            yield problem

    def _insert(self, insert: re.Match[str], values: list[Any]) -> None:
        table, count = bare(insert[1]), insert[3].count("?")
        if table.lower() in self.without:
            return
        if count != len(values):
            raise ValueError(f"{count} values announced, {len(values)} given")
        columns = f" ({', '.join(quoted(bare(c)) for c in re.findall(NAME, insert[2]))})" if insert[2] else ""
        self.connection.execute(f"INSERT INTO {quoted(table)}{columns} VALUES ({', '.join('?' * count)})", values)

    def set_version(self, number: Any) -> None:
        """The number of the schema."""
        if isinstance(number, int) and 0 <= number < 1 << 31:
            self.connection.set_authorizer(None)
            self.connection.execute(f"PRAGMA user_version={number}")
            self.connection.set_authorizer(_authorized)

    def content(self) -> Iterator[bytes]:
        """The database as a file, piece by piece."""
        self.connection.set_authorizer(None)
        self.connection.execute("COMMIT")
        whole = memoryview(self.connection.serialize())
        self.connection.close()
        yield from (bytes(whole[at : at + (1 << 20)]) for at in range(0, len(whole), 1 << 20))


def _authorized(action: int, one: str | None, *_: str | None) -> int:
    own = action not in (sqlite3.SQLITE_UPDATE,) or str(one).lower().startswith("sqlite_")
    return sqlite3.SQLITE_OK if action in ALLOWED and own else sqlite3.SQLITE_DENY


def parameter(raw: Value) -> Any:
    """The value of a parameter: integers are written without sign."""
    fields = message(raw) if isinstance(raw, bytes) else {}
    for kind, values in fields.items():
        value = values[-1]
        if kind == STRING and isinstance(value, bytes):
            return value.decode("utf-8", "surrogatepass") if _is_text(value) else value
        if kind == INTEGER and isinstance(value, int):
            return value - (1 << 64) if value >= 1 << 63 else value
        if kind == DOUBLE and isinstance(value, bytes) and len(value) == 8:
            return struct.unpack("<d", value)[0]
        if kind == BLOB and isinstance(value, bytes):
            return value
    return None


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _text(raw: Value) -> str:
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def bare(name: str) -> str:
    """A name without its quotes."""
    name = name.strip()
    return name[1:-1] if name[:1] in "\"'`[" and len(name) > 2 else name


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
