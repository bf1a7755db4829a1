"""What a plug-in brings: parsers, and the problems they meet.

A parser is a generator function: a `File` in; rows (through the doors of a table, `TABLE.batches` and `TABLE.rows`) and
`Problem`s out. It opens nothing by itself, writes nothing, logs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

KINDS = ("not_read", "not_understood", "damaged", "encrypted", "limit", "hostile")
STAGES = ("open", "identify", "parse", "check", "limit")
TIERS = ("proven", "documented", "unexercised")
LABELS = ("Reads", "Not read", "Seen on", "Source", "Tier")


@dataclass(frozen=True)
class Problem:
    """Something in the evidence that was not read, not understood, damaged, encrypted, hostile or over a limit.

    `record`: where in the file. `detail`: what a second reader needs to check it (raw bytes as hex, an error's own words).
    """

    kind: str
    message: str
    record: str | None = None
    detail: str | None = None
    stage: str = "parse"

    def __post_init__(self) -> None:
        assert self.kind in KINDS, f"kind {self.kind!r} is none of {KINDS}"
        assert self.stage in STAGES, f"stage {self.stage!r} is none of {STAGES}"


@dataclass(frozen=True)
class Declaration:
    """What a parser says of itself, readable without importing the module that holds it.

    `files`: base names, lower case. `magic`: MIME types, or a prefix that ends in `/`. `structure`: tables and columns that a
    database must have (`sqlite.has`). `tested`: whether a test function must be asked (which imports the module).
    """

    name: str
    version: str = "1"
    files: tuple[str, ...] = ()
    magic: tuple[str, ...] = ()
    structure: dict[str, tuple[str, ...]] | None = None
    tested: bool = False
    doc: str = ""

    @property
    def label(self) -> str:
        """The value of the column `parser`: name@version."""
        return f"{self.name}@{self.version}"

    @property
    def title(self) -> str:
        """The first line of the docstring: what format it reads."""
        return self.doc.partition("\n")[0].strip().rstrip(".")

    @property
    def about(self) -> dict[str, str]:
        """The labelled paragraphs of the docstring (`LABELS`), in their order, as single lines."""
        return labelled(self.doc)

    @property
    def tier(self) -> str:
        """How well it is proven: the first word of its `Tier:` line; `unexercised` where it says nothing."""
        said = self.about.get("Tier", "").split(" ")[0].strip(".,;:").lower()
        return said if said in TIERS else "unexercised"


@dataclass(frozen=True, eq=False)
class Parser:
    """A parser function with its declaration; calling it gives the iterator over rows and problems."""

    read: Callable[..., Iterable[Any]]
    declaration: Declaration
    test: Callable[..., bool] | None = None
    __name__: str = field(default="", repr=False)

    def __call__(self, file: Any) -> Iterator[Any]:
        return iter(self.read(file))


def parser(
    name: str,
    *,
    version: str = "1",
    files: Iterable[str] = (),
    magic: Iterable[str] = (),
    test: Callable[..., bool] | None = None,
) -> Callable[[Callable[..., Iterable[Any]]], Parser]:
    """Make a generator function a parser.

    `name`: dotted, app first (`whatsapp.android`). `files`: base names it expects, in any case. `magic`: MIME types, or a
    prefix that ends in `/`. `test`: `sqlite.has(table=[columns])`, or a function `test(file) -> bool` that decides by content.
    A parser with a test is asked for every file of its magic, whatever the name. Write all of them as literals: they are read
    without importing the module.
    """

    def decorate(read: Callable[..., Iterable[Any]]) -> Parser:
        structure = getattr(test, "structure", None)
        declaration = Declaration(
            name=name,
            version=version,
            files=tuple(f.lower() for f in files),
            magic=tuple(magic) or (("application/vnd.sqlite3",) if structure else ()),
            structure=structure,
            tested=test is not None and structure is None,
            doc=flush_left(read.__doc__ or ""),
        )
        return Parser(read, declaration, test, read.__name__)

    return decorate


def flush_left(doc: str) -> str:
    """A docstring without the indentation of its lines: the same from a module's text as from the module."""
    return "\n".join(line.strip() for line in doc.strip().splitlines())


def labelled(doc: str) -> dict[str, str]:
    """The paragraphs of a docstring that start with one of `LABELS` and a colon, as single lines."""
    found: dict[str, list[str]] = {}
    label = ""
    for line in doc.splitlines():
        start = re.match(rf"\s*({'|'.join(LABELS)}):\s*(.*)", line)
        if start:
            label = start[1]
            found.setdefault(label, []).append(start[2])
        elif not line.strip():
            label = ""
        elif label:
            found[label].append(line.strip())
    return {name: " ".join(filter(None, lines)) for name, lines in found.items()}
