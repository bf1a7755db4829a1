"""Files of a parser's format with content that no app writes: made from an example, the same at each run."""

import json
import plistlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from random import Random
from typing import Any

BAD_TEXT = b"\xff\xfeA\xc3"  # no UTF-8, in a cell whose type says text
VALUES = (b"\xff\0\xd8\xff", "nije broj", 2**63 - 1, -(2**63), None, 1e300, BAD_TEXT, "[" * 9_999, 0, -1, "")
ROUNDS = 2 * len(VALUES)  # in them each column meets each value once, and is left as it is in half of them
DEEP: list[Any] = []
for _ in range(200):
    DEEP = [DEEP]
TYPES: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e300,
    2**70,
    "nije broj",
    "\ud83d\0",
    [],
    [[]],
    {},
    {"a": [None]},
    [{}, 5, "x"],
)
WORDS = '<b onclick="x">&amp;</b>\x1b[31m\u202egpj.exe\0 =HYPERLINK("x") 🚗'  # HTML, terminal, writing direction, NUL, formula
PLAIN = '\x1b[31m\u202egpj.exe =HYPERLINK("x") 🚗'  # the same for what is stored as HTML


# --- databases


def opened(content: bytes) -> closing[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(content)
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    return closing(connection)


def columns(base: sqlite3.Connection) -> dict[str, list[tuple[str, str, bool]]]:
    """Tables with their columns: name, declared type, whether it is the key."""
    tables = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {
        name: [
            (column, kind, bool(key))
            for _, column, kind, _, _, key, hidden in base.execute(f'PRAGMA table_xinfo("{name}")')
            if not hidden
        ]
        for name, sql in tables.fetchall()
        if not sql.upper().startswith("CREATE VIRTUAL")
    }


def loose(content: bytes) -> bytes:
    """The database without what would refuse a value: constraints, unique indexes, triggers."""
    with opened(content) as base, closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        for pragma in ("user_version", "application_id"):
            made.execute(f"PRAGMA {pragma} = {base.execute(f'PRAGMA {pragma}').fetchone()[0]}")
        base.text_factory = bytes
        for table, known in columns_of(content).items():
            keys = sum(key for *_, key in known)
            said = (
                f'"{c}" {kind}' + " PRIMARY KEY" * (key and keys == 1 and kind.upper() == "INTEGER")
                for c, kind, key in known
            )
            made.execute(f'CREATE TABLE "{table}" ({", ".join(said)})')
            names = ", ".join(f'"{c}"' for c, *_ in known)
            for row in base.execute(
                f'SELECT {", ".join(f"{n}, typeof({n})" for n in names.split(", "))} FROM "{table}"'
            ):
                cells = list(zip(row[::2], row[1::2], strict=True))
                holes = ", ".join("CAST(? AS TEXT)" if kind == b"text" else "?" for _, kind in cells)
                made.execute(f'INSERT INTO "{table}" ({names}) VALUES ({holes})', [cell for cell, _ in cells])
        return bytes(made.serialize())


def columns_of(content: bytes) -> dict[str, list[tuple[str, str, bool]]]:
    with opened(content) as base:
        return columns(base)


def poisoned(content: bytes, number: int) -> bytes:
    """A loose database in which half of the columns hold nothing but one value that does not belong there."""
    with opened(content) as base:
        for table, known in columns(base).items():
            turns = list(range(ROUNDS))
            Random(f"20240229 {table}").shuffle(turns)
            for place, (column, kind, key) in enumerate(known):
                turn = turns[(number + place * 5) % ROUNDS]
                if turn >= len(VALUES):
                    continue
                value = VALUES[turn]
                new = "CAST(? AS TEXT)" if value is BAD_TEXT else "?"
                if key and kind.upper() == "INTEGER":
                    new, value = f'CASE WHEN abs("{column}") < ?1 THEN "{column}" + ?1 ELSE "{column}" END', 2**61
                base.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = {new}', [value])
        return bytes(base.serialize())


def replaced(content: bytes, words: dict[str, str]) -> bytes:
    """A loose database in which some texts are others, wherever a cell holds them."""
    with opened(content) as base:
        base.create_function("word", 1, lambda value: words.get(value, value) if isinstance(value, str) else value)
        for table, known in columns(base).items():
            for column, *_ in known:
                base.execute(
                    f'UPDATE OR IGNORE "{table}" SET "{column}" = word("{column}") WHERE typeof("{column}") = \'text\''
                )
        return bytes(base.serialize())


def texts_of(content: bytes) -> Iterator[str]:
    with opened(content) as base:
        for table, known in columns(base).items():
            for column, *_ in known:
                for (value,) in base.execute(f'SELECT "{column}" FROM "{table}"'):
                    if isinstance(value, str):
                        yield value


# --- documents: JSON, JavaScript that assigns JSON, property lists


class Document:
    """An example as a tree, and the way back. `tree` is None for what is no document."""

    def __init__(self, content: bytes) -> None:
        self.tree, self.write = _read(content)

    def changed(self, number: int) -> bytes:
        """The document with every eighth value replaced by one of another type."""
        dice = Random(number)
        at = iter(range(1 << 60))

        def change(value: Any) -> Any:
            here = next(at)
            if here and (here + number) % 8 == 0:
                return dice.choice(TYPES)
            return inside(value, change)

        return self.write(change(self.tree))

    def replaced(self, words: dict[str, str]) -> bytes:
        def change(value: Any) -> Any:
            return words.get(value, value) if isinstance(value, str) else inside(value, change)

        return self.write(change(self.tree))

    def texts(self) -> Iterator[str]:
        found: list[Any] = [self.tree]
        for value in found:
            if isinstance(value, str):
                yield value
            found += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []


def inside(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {name: change(item) for name, item in value.items()}
    return [change(item) for item in value] if isinstance(value, list) else value


def _read(content: bytes) -> tuple[Any, Callable[[Any], bytes]]:
    if content.startswith(b"bplist00"):
        return plistlib.loads(content), _property_list
    head, assigns, tail = content.partition(b" = ") if content.startswith(b"window.") else (b"", b"", content)
    try:
        return json.loads(tail), lambda tree: head + assigns + json.dumps(tree).encode()
    except ValueError:
        return None, lambda tree: b""


def _property_list(tree: Any) -> bytes:
    def fit(value: Any) -> Any:
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63):
            return b"none"
        return value.replace("\ud83d", "?") if isinstance(value, str) else inside(value, fit)

    return plistlib.dumps(fit(tree), fmt=plistlib.FMT_BINARY)


def rewritten(content: bytes, number: int) -> bytes:
    """Text of any format, with some of its pieces left out, told twice, or in the place of others; every fourth one is cut."""
    dice = Random(number)
    pieces = re.findall(rb"\w+|\s+|[^\w\s]", content[: dice.randrange(1, len(content))] if number % 4 == 3 else content)
    for _ in range(max(1, len(pieces) // 50)):
        at, other = dice.randrange(len(pieces)), dice.randrange(len(pieces))
        pieces[at] = dice.choice((b"", pieces[at] * 2, pieces[other], pieces[other][::-1], b"\xff", b"9" * 30))
    return b"".join(pieces)
