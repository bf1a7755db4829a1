"""A file for every parser, without the corpus: the fixtures beside the tests, and what the tests themselves make.

A fixture needs nothing: `.sql` becomes a database, other text is taken as it is, and identification says whose it is. Where a
file is known by its name only, or is made in a test, the test module has a list `EXAMPLES` of tuples: name of the parser, name of
the file, its content (bytes, or a function of a folder for scratch files that gives them), and, if it needs them, the passwords,
keys and files beside it as `testing.rows` takes them.
"""

import importlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from forensics import testing
from forensics.identify import identify
from forensics.plugins import Known, Registry

from .chats.archives import database

HERE = Path(__file__).parent
TEXT = {".json", ".txt", ".xml", ".html", ".htm", ".csv", ".js"}


class Example(NamedTuple):
    """A file of a parser's format. `given`: what else `testing.rows` needs to read it."""

    parser: str
    name: str
    content: bytes
    given: dict[str, Any]

    @property
    def is_database(self) -> bool:
        return self.content.startswith(b"SQLite format 3\0") and not self.given.get("keys")


def examples(registry: Registry, scratch: Path) -> Iterator[Example]:
    """What test modules export, then the fixtures that one parser claims."""
    for module in sorted(HERE.rglob("test_*.py")):
        if "\nEXAMPLES = " in module.read_text("utf-8"):
            yield from exported(module, scratch)
    for place in sorted(HERE.rglob("*")):
        content = fixture(place)
        if content is not None:
            name = place.name if place.suffix in TEXT else f"{place.stem}.db"
            with testing.placed(content, name=name) as file:
                owner = identify(file, registry).owner
            if owner:
                yield Example(owner.declaration.name, name, content, {})


def exported(module: Path, scratch: Path) -> Iterator[Example]:
    name = ".".join(module.relative_to(HERE).with_suffix("").parts)
    for parser, base_name, content, *given in importlib.import_module(f".{name}", __package__).EXAMPLES:
        made = content if isinstance(content, bytes) else content(scratch)
        yield Example(parser, base_name, made, *(given or [{}]))


def fixture(place: Path) -> bytes | None:
    """The file that a fixture stands for; None for what is none, such as SQL that adds to that of another fixture."""
    if place.suffix in TEXT:
        return place.read_bytes()
    try:
        return database(place.read_text("utf-8")) if place.suffix == ".sql" else None
    except sqlite3.OperationalError:
        return None


def reads_databases(known: Known) -> bool:
    """Whether a parser's files are SQLite databases in clear."""
    return known.declaration.structure is not None or "application/vnd.sqlite3" in known.declaration.magic


def closed(found: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether a file gave nothing because it is encrypted, and says so."""
    return found.keys() == {"problems"} and {problem["kind"] for problem in found["problems"]} == {"encrypted"}
