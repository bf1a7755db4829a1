"""The kit for authors of parsers: run one on a file through the real doors, look at the rows, hold it to the promises.

from forensics import testing
from my_parser import messages

def test_message():
    found = testing.rows(messages, "fixture.json")
    assert found["messages"][0]["text"] == "stižemo sutra"
    assert "problems" not in found
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from forensics.evidence.file import File
from forensics.evidence.limits import Limits
from forensics.evidence.open import open_source
from forensics.evidence.source import Entry, Source
from forensics.parsers import LABELS, TIERS, Parser
from forensics.tables import GAPS, Table

Content = str | Path | bytes


def rows(
    parser: Parser,
    content: Content,
    *,
    name: str | None = None,
    beside: Mapping[str, Content] | None = None,
    passwords: tuple[str, ...] = (),
    keys: tuple[bytes, ...] = (),
    timezone: str | None = None,
    deleted: bool = False,
) -> dict[str, list[dict[str, Any]]]:
    """Rows that a parser gives for a file, by table, as the case would hold them; what is null is left out.

    `content`: a path, or the bytes themselves. `name`: what the file is called in the evidence. `beside`: further files of its
    folder by name (a `-wal` beside `content` on disk comes along by itself). Problems are the rows of the table `problems`.
    Whatever the parser raises is a problem here too, as in a case.
    """
    with placed(
        content, name=name, beside=beside, passwords=passwords, keys=keys, timezone=timezone, deleted=deleted
    ) as file:
        return read(parser, file)


def read(parser: Parser, file: File) -> dict[str, list[dict[str, Any]]]:
    """The same for a file that is open already."""
    from forensics.intake.attached import Attached
    from forensics.intake.collect import Collector
    from forensics.intake.read import Reading

    sink = _Sink()
    collector = Collector(sink, file.timezone, Attached(partial(_named, file.source)))
    only = _Only(parser)
    reading = Reading(file, only, collector)  # type: ignore[arg-type]
    reading.origin.sha256 = file.sha256
    reading.parse(only.known)
    collector.flush()
    collector.table(GAPS, ((reading.origin, cells) for cells in file.gaps.rows()))
    problems = [*reading.origin.problems, *file.problems]
    if problems:
        sink.found["problems"] = [{k: v for k, v in vars(p).items() if v is not None} for p in problems]
    return sink.found


def _named(source: Source, names: set[str]) -> dict[str, list[tuple[str, int]]]:
    """Paths and sizes of the files of a source by base name."""
    from forensics.intake.attached import spelled

    found: dict[str, list[tuple[str, int]]] = {}
    for item in source.walk() if names else ():
        name = spelled(item.path.rpartition("/")[2])
        if isinstance(item, Entry) and name in names:
            found.setdefault(name, []).append((item.path, item.size))
    return found


@contextmanager
def placed(
    content: Content,
    *,
    name: str | None = None,
    beside: Mapping[str, Content] | None = None,
    passwords: tuple[str, ...] = (),
    keys: tuple[bytes, ...] = (),
    timezone: str | None = None,
    deleted: bool = False,
) -> Iterator[File]:
    """The content as a `File` of a piece of evidence, with what lies beside it."""
    with tempfile.TemporaryDirectory(prefix="forensics-") as scratch:
        root, work = Path(scratch) / "evidence", Path(scratch) / "work"
        root.mkdir()
        work.mkdir()
        called = name or (Path(content).name if not isinstance(content, bytes) else "file")
        _put(root / called, content)
        for suffix in ("-wal", "-journal"):
            companion = Path(f"{content}{suffix}") if not isinstance(content, bytes) else None
            if companion and companion.exists():
                _put(root / f"{called}{suffix}", companion)
        for other, what in (beside or {}).items():
            _put(root / other, what)
        source = open_source(root, work=work, limits=Limits())
        entries = {item.path: item for item in source.walk() if isinstance(item, Entry)}
        file = File(
            entries[called],
            source,
            work,
            evidence="test",
            find=entries.get,
            passwords=passwords,
            keys=keys,
            timezone=timezone,
            deleted=deleted,
        )
        try:
            yield file
        finally:
            file.close()
            source.close()


@contextmanager
def in_place(path: str | Path) -> Iterator[File]:
    """A file on disk as a `File`, with what lies in its folder beside it; nothing is copied but databases."""
    place = Path(path).expanduser().absolute()
    if not place.is_file():
        raise FileNotFoundError(f"{path}: there is no such file")
    with tempfile.TemporaryDirectory(prefix="forensics-") as work:
        source = open_source(place.parent, work=Path(work), limits=Limits())

        def find(name: str) -> Entry | None:
            there = place.parent / name
            return Entry(path=name, size=there.stat().st_size, locator={"name": name}) if there.is_file() else None

        file = File(find(place.name) or _gone(place), source, Path(work), evidence="", find=find)
        try:
            yield file
        finally:
            file.close()
            source.close()


def _gone(place: Path) -> Entry:
    raise FileNotFoundError(f"{place}: is gone")


def database(sql: str) -> bytes:
    """A database made from SQL text: fixtures stay readable in a diff."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(sql)
        return bytes(connection.serialize())
    finally:
        connection.close()


def database_with_log(checkpointed: str, logged: str, folder: Path, name: str = "database.db") -> Path:
    """A database as a phone leaves it: `checkpointed` in the main file, `logged` in its write-ahead log only."""
    path = folder / name
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.executescript(checkpointed)
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writer.executescript(logged)
    main, log = path.read_bytes(), path.with_name(f"{name}-wal").read_bytes()
    writer.close()
    for companion in folder.glob(f"{name}*"):
        companion.unlink()
    path.write_bytes(main)
    path.with_name(f"{name}-wal").write_bytes(log)
    return path


NAME, STRUCTURE = 2, 3  # of `forensics.identify.Claim`
FOREIGN = {
    "a PNG image": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "JSON text of something else": b'{"other": [1, 2]}',
    "another database": database("CREATE TABLE other (a);"),
    "zeros": bytes(5000),
}


@dataclass(frozen=True)
class Check:
    """One promise that a parser was held to. `fault`: how it broke it, None if it kept it."""

    promise: str
    fault: str | None


def check(
    parser: Parser,
    content: Content,
    *,
    name: str | None = None,
    beside: Mapping[str, Content] | None = None,
    passwords: tuple[str, ...] = (),
    keys: tuple[bytes, ...] = (),
) -> list[Check]:
    """Hold a parser to what the collection promises, on one file of its format.

    `beside`, `passwords`, `keys`: what `rows` needs to read it.
    """
    how: dict[str, Any] = {"name": name, "beside": beside, "passwords": passwords, "keys": keys}
    promises: list[tuple[str, Callable[[], str | None]]] = [
        ("its docstring says what it reads, and what not", lambda: _docstring(parser)),
        ("it reads the file and gives rows", lambda: _gives_rows(parser, content, how)),
        ("every row says where it came from", lambda: _records(parser, content, how)),
        ("two runs give the same", lambda: _same_twice(parser, content, how)),
        ("an empty file gives no rows and no surprise", lambda: _survives(parser, b"", how)),
        ("a file of something else gives no rows", lambda: _foreign(parser, how)),
        ("a cut file costs no more than what was cut off", lambda: _cut(parser, content, how)),
        ("changed bytes never make it raise", lambda: _mutants(parser, content, how)),
    ]
    return [Check(promise, test()) for promise, test in promises]


def _docstring(parser: Parser) -> str | None:
    missing = [label for label in LABELS if not parser.declaration.about.get(label)]
    if missing:
        return f"the docstring has no paragraph {', '.join(f'`{label}:`' for label in missing)}"
    first = parser.declaration.about["Tier"].split()[0].strip(".,;:").lower()
    return None if first in TIERS else f"the tier {first!r} is none of {', '.join(TIERS)}"


def _gives_rows(parser: Parser, content: Content, how: dict[str, Any]) -> str | None:
    found = rows(parser, content, **how)
    problems = found.pop("problems", [])
    if not found:
        return "no rows" + (f": {problems[0]['message']}" if problems else "")
    return None


def _records(parser: Parser, content: Content, how: dict[str, Any]) -> str | None:
    for table, given in rows(parser, content, **how).items():
        for row in given:
            if table != "problems" and not row.get("record"):
                return f"a row of {table} has no record"
    return None


def _same_twice(parser: Parser, content: Content, how: dict[str, Any]) -> str | None:
    return None if rows(parser, content, **how) == rows(parser, content, **how) else "two runs differ"


def _raised(found: Mapping[str, list[dict[str, Any]]]) -> str | None:
    """What the parser raised that is its own fault: it must expect bad files, not stumble over them."""
    for problem in found.get("problems", []):
        if " stopped: " in problem["message"] and not any(e in problem["message"] for e in EXPECTED):
            return str(problem["message"])
    return None


EXPECTED = ("DatabaseError", "OperationalError", "DocumentError", "DataError")  # the doors' own words for a bad file


def _survives(parser: Parser, content: bytes, how: dict[str, Any]) -> str | None:
    return _faced(parser, content, how)[2]


def _foreign(parser: Parser, how: dict[str, Any]) -> str | None:
    for what, content in FOREIGN.items():
        claim, found, fault = _faced(parser, content, how)
        if fault:
            return fault
        if claim == STRUCTURE:
            return f"it claims {what}"
        if claim == NAME and found.keys() - {"problems"}:
            return f"it gives rows for {what}"
    return None


def _faced(
    parser: Parser, content: bytes, how: dict[str, Any]
) -> tuple[int, dict[str, list[dict[str, Any]]], str | None]:
    """What a parser makes of any file, as in a case: its claim, its rows if its own test does not refuse it, its fault."""
    from forensics.identify import identify

    with placed(content, **how | {"name": how["name"] or "file"}) as file:
        verdict = identify(file, _Only(parser))  # type: ignore[arg-type]
        claim = max((look.claim for look in verdict.looks), default=0)
        found = read(parser, file) if claim or not parser.declaration.tested else {}
    failed = [problem.message for problem in verdict.problems if problem.message.startswith("the test of")]
    return claim, found, failed[0] if failed else _raised(found)


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else Path(content).read_bytes()


def _cut(parser: Parser, content: Content, how: dict[str, Any]) -> str | None:
    whole = _bytes(content)
    for part in (1, 2, 3, 5, 8):
        fault = _survives(parser, whole[: len(whole) * part // 9], how)
        if fault:
            return f"cut at {part}/9: {fault}"
    return None


def _mutants(parser: Parser, content: Content, how: dict[str, Any], count: int = 40) -> str | None:
    import random

    whole = _bytes(content)
    dice = random.Random(20_240_229)
    for number in range(count if whole else 0):
        mutant = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            mutant[dice.randrange(len(mutant))] = dice.choice((0, 255, dice.randrange(256)))
        fault = _survives(parser, bytes(mutant), how)
        if fault:
            return f"changed copy {number}: {fault}"
    return None


class _Sink:
    """Takes what would go into a case."""

    def __init__(self) -> None:
        self.found: dict[str, list[dict[str, Any]]] = {}

    def write(self, table: Table, batch: Any) -> None:
        given = [{k: v for k, v in row.items() if v is not None} for row in batch.to_pylist()]
        self.found.setdefault(table.name, []).extend(given)


class _Only:
    """A registry with one parser."""

    def __init__(self, parser: Parser) -> None:
        from forensics.plugins import Known, Origin

        self.parser = parser
        self.known = Known(parser.declaration, Origin("file", parser.declaration.name, None))

    def owns(self, known: Any, table: Table) -> bool:
        """The kit runs a parser without the rest of its plug-in."""
        return True

    def load(self, known: Any) -> Parser:
        return self.parser

    def by_name(self, base_name: str) -> list[Any]:
        return [self.known]

    def by_magic(self, mime: str) -> list[Any]:
        return [self.known]


def _put(place: Path, content: Content) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(_bytes(content))


__all__ = ["Check", "check", "database", "database_with_log", "in_place", "placed", "read", "rows"]
