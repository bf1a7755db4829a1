"""What a row of a table looks like on a page: fields in stored order, the storage classes each may hold, what is left out."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from forensics.sqlite.template import quoted

# Serial types as bytes, for a first look at a stretch of bytes that takes no Python per byte: of blobs and text, which may
# take several bytes, any that is large enough.
BYTES = {
    "n": rb"\x00",
    "i": rb"[\x01-\x06\x08\x09]",
    "f": rb"\x07",
    "b": rb"(?:[\x0c-\x7f]|[\x81-\xff][\x80-\xff]{0,3}[\x00-\x7f])",
    "t": rb"(?:[\x0c-\x7f]|[\x81-\xff][\x80-\xff]{0,3}[\x00-\x7f])",
}
CLASSES = "niiiiiifii??"  # storage class by serial type: null, integer, float; 12 and up are blob (even) and text (odd)
AFFINITIES = (
    (("INT",), "ni"),
    (("CHAR", "CLOB", "TEXT"), "nt"),
    (("BLOB",), "nifbt"),
    (("REAL", "FLOA", "DOUB"), "nif"),
)
LITERAL = re.compile(r"(?i)[-+]?\d+(?:\.\d+)?|'(?:[^']|'')*'|true|false")
INDEX_OF_VIRTUAL = re.compile(r"_(?:segments|segdir|stat|docsize|data|idx|config|node|rowid|parent)$")


def storage(serial: int) -> str:
    """The storage class of a serial type: n, i, f, t or b; `?` for the two that are not in use."""
    return CLASSES[serial] if serial < 12 else "bt"[serial & 1]


@dataclass
class Layout:
    """A table as its records are written.

    `columns`: names in table order. `fields`: for each field of a record its place in `columns`. `allowed`: for each field the
    storage classes it may hold. `alias`: the field that stands for the row id and is stored as null. `rowid`: the name by
    which SQL gets at the row id. `keyed`: a WITHOUT ROWID table; `key`: fields of the primary key there. `real`: fields that
    hand out whole numbers as floats. `seen`, `serials`, `sampled`, `counts`: classes and serial types by field, headers, and
    numbers of fields in live rows (rows from before a column was added have fewer).
    """

    table: str
    root: int
    columns: tuple[str, ...]
    fields: tuple[int, ...]
    allowed: list[str]
    alias: int | None
    rowid: str | None
    keyed: bool
    key: tuple[int, ...]
    real: frozenset[int]
    defaults: tuple[Any, ...]
    codec: str
    seen: list[set[str]] = field(default_factory=list)
    serials: set[tuple[int, int]] = field(default_factory=set)
    sampled: set[tuple[int, ...]] = field(default_factory=set)
    counts: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.seen = [set() for _ in self.fields]
        self.counts = {len(self.fields)}

    def learn(self, serials: Sequence[int]) -> None:
        """Take a live row as an example: what it holds is allowed, whatever its columns are declared as."""
        header = tuple(serials)
        if header in self.sampled:
            return
        if len(serials) > len(self.fields) or (self.alias is not None and serials[self.alias : self.alias + 1] != (0,)):
            return
        for number, serial in enumerate(serials):
            kind = storage(serial)
            self.seen[number].add(kind)
            self.serials.add((number, serial))
            if kind not in self.allowed[number]:
                self.allowed[number] += kind
        self.sampled.add(header)
        self.counts.add(len(serials))

    def fits(self, serials: Sequence[int], any_count: bool = False) -> bool:
        """Whether a record of these serial types can be a row; `any_count`: also with fewer fields than any live row has."""
        if len(serials) not in self.counts and not (any_count and 0 < len(serials) < len(self.fields)):
            return False
        return all(storage(serial) in allowed for serial, allowed in zip(serials, self.allowed, strict=False))

    def usual(self, serials: Sequence[int]) -> bool:
        """Whether live rows hold the same classes."""
        return all(storage(serial) in seen for serial, seen in zip(serials, self.seen, strict=False))

    def vouches(self, serials: Sequence[int]) -> bool:
        """Whether live rows hold numbers of the same sizes: what a record must show that has little else to show."""
        return all(place in self.serials for place in enumerate(serials) if place[1] < 12)

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """What the serial types of a row look like from the second on; call it when all live rows have been learnt."""
        fields = [b"|".join({BYTES[kind] for kind in allowed}) for allowed in self.allowed[1 : min(self.counts)]]
        return re.compile(b"(?=" + b"".join(b"(?:%s)" % field for field in fields) + b")", re.S)

    @property
    def names(self) -> list[str]:
        """Names of the stored columns, in table order."""
        return [self.columns[place] for place in sorted(self.fields)]


def layouts(connection: sqlite3.Connection, codec: str, is_index: Callable[[int], bool]) -> Iterator[Layout]:
    """Layouts of the tables of a database. `codec`: of its text. `is_index(root)`: whether a b-tree is an index, so the table
    has no row ids."""
    virtual = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").fetchall()
    ]
    tables = connection.execute(
        "SELECT name, rootpage FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    ).fetchall()
    for table, root in tables:
        if any(table.startswith(f"{v}_") and INDEX_OF_VIRTUAL.search(table) for v in virtual):
            continue
        with suppress(UnicodeEncodeError):  # a name that is no text cannot be asked for
            layout = _layout(connection, table, root, is_index(root), codec)
            "".join(layout.columns).encode()
            yield layout


def _layout(connection: sqlite3.Connection, table: str, root: int, keyed: bool, codec: str) -> Layout:
    info = connection.execute(f"PRAGMA table_xinfo({quoted(table)})").fetchall()
    columns = tuple(str(name) for _, name, *_ in info)
    stored = [cid for cid, *_, hidden in info if hidden in (0, 3)]
    key = [cid for _, cid in sorted((pk, cid) for cid, _, _, _, _, pk, _ in info if pk)]
    fields = key + [cid for cid in stored if cid not in key] if keyed else stored
    alias = None if keyed else _alias(connection, table, info, key)
    kinds = [_classes(info[cid][2]) for cid in fields]
    names = {name.lower() for name in columns}
    return Layout(
        table=table,
        root=root,
        columns=columns,
        fields=tuple(fields),
        allowed=[
            "n" if cid == alias else kinds[n].replace("n", "") if info[cid][3] or (keyed and cid in key) else kinds[n]
            for n, cid in enumerate(fields)
        ],
        alias=fields.index(alias) if alias is not None else None,
        rowid=None if keyed else next((n for n in ("rowid", "_rowid_", "oid") if n not in names), columns[alias or 0]),
        keyed=keyed,
        key=tuple(range(len(key))) if keyed else (),
        real=frozenset(n for n, cid in enumerate(fields) if kinds[n] == "nif"),
        codec=codec,
        defaults=tuple(_literal(info[cid][4]) for cid in fields),
    )


def any_row(tables: Sequence[Layout], fewest: int) -> re.Pattern[bytes] | None:
    """What a whole cell of one of these tables looks like up to its first serial type; None if none has so many fields."""
    wide = [layout for layout in tables if len(layout.fields) >= fewest]
    first = b"|".join(sorted({BYTES[kind] for layout in wide for kind in layout.allowed[0]}))
    least = min((len(layout.fields) + 1 for layout in wide), default=0)
    if not wide:
        return None
    header = b"(?:[\\x%02x-\\x7f]|[\\x81-\\xff][\\x00-\\x7f])" % min(least, 0x7F)
    size = rb"(?:[\x05-\x7f]|[\x81-\xff][\x80-\xff]{0,3}[\x00-\x7f])"
    return re.compile(b"(?=" + size + rb"[\x80-\xff]{0,8}[\x00-\x7f]" + header + b"(?:%s))" % first, re.S)


def _alias(connection: sqlite3.Connection, table: str, info: list[Any], key: list[int]) -> int | None:
    """The column that stands for the row id: INTEGER PRIMARY KEY, unless declared DESC, which makes it an index of its own."""
    if len(key) != 1 or str(info[key[0]][2]).upper() != "INTEGER":
        return None
    indexes = connection.execute(f"PRAGMA index_list({quoted(table)})").fetchall()
    return None if any(row[3] == "pk" for row in indexes) else key[0]


def _classes(declared: str | None) -> str:
    """What a column may hold, by its declared type (affinity), before live rows have taught otherwise."""
    if not declared:
        return "nifbt"
    wanted = str(declared).upper()
    return next((kinds for words, kinds in AFFINITIES if any(word in wanted for word in words)), "nift")


def _literal(default: str | None) -> Any:
    """The value that rows written before the column was added have; None for what is no plain literal."""
    if default is None or not LITERAL.fullmatch(default.strip()):
        return None
    text = default.strip()
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if text.lower() in ("true", "false"):
        return int(text.lower() == "true")
    return float(text) if "." in text else int(text)
