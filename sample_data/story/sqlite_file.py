"""Writes SQLite databases and write-ahead logs byte by byte.

The library's own files differ between SQLite versions (version stamp, page balancing, random salts in the log), so a
database is filled in memory with ordinary SQL and then written here in one canonical form. Readers see a plain
SQLite 3 file: https://sqlite.org/fileformat2.html (sections 1 and 4).

Left out because the sample needs none: overflow pages, freelist, auto-vacuum, UTF-16, WITHOUT ROWID, descending indexes.
"""

import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

PAGE = 4096
WRITTEN_BY = 3_039_002
TABLE_LEAF, TABLE_INTERIOR, INDEX_LEAF, INDEX_INTERIOR = 0x0D, 0x05, 0x0A, 0x02
SCHEMA = "sqlite_schema"

Value = int | float | str | bytes | None


@dataclass
class Layout:
    """Which pages belong to which b-tree: kept from one state to the next, so that a change touches few pages."""

    pages: dict[str, list[int]] = field(default_factory=dict)
    count: int = 0

    def page(self, tree: str, position: int) -> int:
        owned = self.pages.setdefault(tree, [])
        if position == len(owned):
            self.count += 1
            owned.append(self.count)
        return owned[position]


def snapshot(db: sqlite3.Connection, layout: Layout, wal: bool = False) -> dict[int, bytes]:
    """The committed content of a connection as pages, numbered from 1."""
    pages: dict[int, bytes] = {}
    objects = db.execute("SELECT rowid, type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid").fetchall()
    _reserve_schema(layout, objects)
    schema = []
    for rowid, kind, name, table, sql in objects:
        cells = _table_cells(db, name) if kind == "table" else _index_cells(db, table, name)
        root = _write_tree(pages, layout, name, cells, is_table=kind == "table")
        schema.append((rowid, _record((kind, name, table, root, sql))))
    _write_tree(pages, layout, SCHEMA, schema, is_table=True)
    pages[1] = _header(db, layout.count, wal) + pages[1][100:]
    return dict(sorted(pages.items()))


def _reserve_schema(layout: Layout, objects: list[tuple[int, str, str, str, str]]) -> None:
    """The schema's pages come first, as in a database whose tables were made before its rows."""
    trial = Layout()
    records = [(rowid, _record((kind, name, table, 1, sql))) for rowid, kind, name, table, sql in objects]
    _write_tree({}, trial, SCHEMA, records, is_table=True)
    for position in range(trial.count):
        layout.page(SCHEMA, position)


def main_file(pages: dict[int, bytes]) -> bytes:
    return b"".join(pages.values())


def write_ahead_log(states: list[dict[int, bytes]], salts: bytes) -> bytes:
    """The log that leads from the first state through the others: one commit a state, only the pages that changed."""
    head = struct.pack(">IIII", 0x377F0682, 3_007_000, PAGE, 0) + salts
    sums = _checksum(head, (0, 0))
    log = [head, struct.pack(">II", *sums)]
    for before, after in pairwise(states):
        changed = [number for number, page in after.items() if before.get(number) != page]
        for number in changed:
            size_after_commit = len(after) if number == changed[-1] else 0
            frame = struct.pack(">II", number, size_after_commit)
            sums = _checksum(frame + after[number], sums)
            log += [frame, salts, struct.pack(">II", *sums), after[number]]
    return b"".join(log)


def _checksum(data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    for one, two in struct.iter_unpack("<II", data):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return first, second


def _header(db: sqlite3.Connection, page_count: int, wal: bool) -> bytes:
    (user_version,) = db.execute("PRAGMA user_version").fetchone()
    (application_id,) = db.execute("PRAGMA application_id").fetchone()
    version = 2 if wal else 1
    change_counter, schema_cookie, schema_format, utf_8 = 1, 1, 4, 1
    sizes = struct.pack(">HBBBBBB", PAGE, version, version, 0, 64, 32, 32)
    state = struct.pack(">IIII", change_counter, page_count, 0, 0)
    schema = struct.pack(">IIIIIiIi", schema_cookie, schema_format, 0, 0, utf_8, user_version, 0, application_id)
    return b"SQLite format 3\0" + sizes + state + schema + bytes(20) + struct.pack(">II", change_counter, WRITTEN_BY)


def _table_cells(db: sqlite3.Connection, table: str) -> list[tuple[int, bytes]]:
    columns = db.execute(f'PRAGMA table_info("{table}")').fetchall()
    keys = [position for position, *_, key in columns if key]
    alias = keys[0] if len(keys) == 1 and columns[keys[0]][2].upper() == "INTEGER" else None
    cells = []
    for rowid, *row in db.execute(f'SELECT rowid, * FROM "{table}" ORDER BY rowid'):
        stored = [None if position == alias else value for position, value in enumerate(row)]
        cells.append((rowid, _record(tuple(stored))))
    return cells


def _index_cells(db: sqlite3.Connection, table: str, index: str) -> list[tuple[int, bytes]]:
    names = [name for _, _, name in db.execute(f'PRAGMA index_info("{index}")')]
    columns = ", ".join(f'"{name}"' for name in names)
    rows = db.execute(f'SELECT {columns}, rowid FROM "{table}"').fetchall()
    return [(0, _record(row)) for row in sorted(rows, key=_index_order)]


def _index_order(row: tuple[Value, ...]) -> list[tuple[int, float, bytes]]:
    return [_value_order(value) for value in row]


def _value_order(value: Value) -> tuple[int, float, bytes]:
    match value:
        case None:
            return 0, 0, b""
        case str():
            return 2, 0, value.encode()
        case bytes():
            return 3, 0, value
        case number:
            return 1, number, b""


def _write_tree(
    pages: dict[int, bytes], layout: Layout, tree: str, cells: list[tuple[int, bytes]], is_table: bool
) -> int:
    """Write one b-tree bottom-up and return its root page, which stays the same from state to state."""
    root = layout.page(tree, 0)
    room = PAGE - (100 if root == 1 else 0)
    leaf, interior = (TABLE_LEAF, TABLE_INTERIOR) if is_table else (INDEX_LEAF, INDEX_INTERIOR)
    level = [(key, _leaf_cell(key, payload, is_table)) for key, payload in cells]
    kind, right, used = leaf, 0, 0
    while _size(level, kind) > room:
        parents, child = [], 0
        for group, separator in _split(level, kind, is_table):
            used += 1
            child = layout.page(tree, used)
            pages[child] = _page(kind, [cell for _, cell in group], right if separator is None else _left(separator))
            if separator is not None:
                parents.append(_parent_cell(child, group, separator, kind, is_table))
        level, kind, right = parents, interior, child
    pages[root] = _page(kind, [cell for _, cell in level], right, offset=PAGE - room)
    assert used + 1 >= len(layout.pages[tree]), f"{tree} shrank: its surplus pages would need a freelist"
    return root


def _split(
    level: list[tuple[int, bytes]], kind: int, is_table: bool
) -> Iterator[tuple[list[tuple[int, bytes]], tuple[int, bytes] | None]]:
    """Groups of cells that fill a page each, with the cell that moves up between a group and the next.

    In a table's leaf level nothing moves up: the last key is copied, and the separator is that last cell itself.
    """
    group: list[tuple[int, bytes]] = []
    for position, cell in enumerate(level):
        if group and _size([*group, cell], kind) > PAGE:
            if kind == TABLE_LEAF:
                yield group, group[-1]
                group = [cell]
            elif position == len(level) - 1:
                yield group[:-1], group[-1]
                group = [cell]
            else:
                yield group, cell
                group = []
        else:
            group.append(cell)
    yield group, None


def _left(separator: tuple[int, bytes]) -> int:
    """The child an interior separator points to: it becomes the right-most child of the page on its left."""
    return int.from_bytes(separator[1][:4])


def _leaf_cell(key: int, payload: bytes, is_table: bool) -> bytes:
    limit = PAGE - 35 if is_table else (PAGE - 12) * 64 // 255 - 23
    assert len(payload) <= limit, "a longer record would need overflow pages"
    return _varint(len(payload)) + (_varint(key) if is_table else b"") + payload


def _parent_cell(
    child: int, group: list[tuple[int, bytes]], separator: tuple[int, bytes], kind: int, is_table: bool
) -> tuple[int, bytes]:
    key = separator[0]
    if is_table:
        return key, struct.pack(">I", child) + _varint(key)
    body = separator[1] if kind == INDEX_LEAF else separator[1][4:]
    return key, struct.pack(">I", child) + body


def _size(cells: list[tuple[int, bytes]], kind: int) -> int:
    head = 12 if kind in (TABLE_INTERIOR, INDEX_INTERIOR) else 8
    return head + sum(len(cell) + 2 for _, cell in cells)


def _page(kind: int, cells: list[bytes], right: int, offset: int = 0) -> bytes:
    end = PAGE
    pointers = []
    page = bytearray(PAGE)
    for cell in cells:
        end -= len(cell)
        page[end : end + len(cell)] = cell
        pointers.append(end)
    head = struct.pack(">BHHHB", kind, 0, len(cells), end, 0)
    if kind in (TABLE_INTERIOR, INDEX_INTERIOR):
        head += struct.pack(">I", right)
    head += struct.pack(f">{len(pointers)}H", *pointers)
    page[offset : offset + len(head)] = head
    return bytes(page)


def _record(values: tuple[Value, ...]) -> bytes:
    types, bodies = zip(*(_serial(value) for value in values), strict=True)
    kinds = b"".join(_varint(kind) for kind in types)
    size = len(kinds) + 1
    size += len(_varint(size)) - 1
    return _varint(size) + kinds + b"".join(bodies)


def _serial(value: Value) -> tuple[int, bytes]:
    match value:
        case None:
            return 0, b""
        case float():
            return 7, struct.pack(">d", value)
        case str():
            text = value.encode()
            return 13 + 2 * len(text), text
        case bytes():
            return 12 + 2 * len(value), value
        case 0 | 1:
            return 8 + value, b""
        case whole:
            for kind, width in enumerate((1, 2, 3, 4, 6, 8), start=1):
                if -(1 << (8 * width - 1)) <= whole < 1 << (8 * width - 1):
                    return kind, whole.to_bytes(width, signed=True)
    raise ValueError(f"{value!r} does not fit SQLite's 64 bits")


def _varint(number: int) -> bytes:
    assert 0 <= number < 1 << 56, "longer varints do not occur in the sample"
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))
