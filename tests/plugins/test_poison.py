"""What a parser makes of files that no app writes: it never raises, loses no row, invents no time, changes no text."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from forensics import testing
from forensics.plugins import Registry
from forensics.sqlite.rows import Rows
from forensics.tables import check
from forensics.text.clean import clean

from .examples import Example, reads_databases
from .poison import PLAIN, ROUNDS, WORDS, Document, loose, poisoned, replaced, rewritten, texts_of

REGISTRY = Registry()
NAMES = [known.declaration.name for known in REGISTRY.known]
DATABASES = [known.declaration.name for known in REGISTRY.known if reads_databases(known)]
MORE = int(os.environ.get("FORENSICS_POISON", "1"))  # times as many changed files
FREE_TEXT = {"name", "note", "chat_name", "sender_name", "text", "caption", "peer_name", "label", "title", "memo"}
MARKUP = {  # apps that store HTML or its entities, which is read as such
    "skype.export", "skype.main", "snapchat.export.messages", "teams.ios", "whatsapp_chat_exporter.json",
}  # fmt: skip
UNSET = {(1970, 1, 1), (2001, 1, 1)}

Found = dict[str, list[dict[str, Any]]]


def read(example: Example, content: bytes, by_columns: bool = False) -> Found:
    """Rows of a changed example; none if the parser's own test refuses it. `by_columns`: as a large database is read."""
    parser = REGISTRY.load(REGISTRY.find(example.parser))
    with pytest.MonkeyPatch.context() as patch, testing.placed(content, name=example.name, **example.given) as file:
        if by_columns:
            patch.setattr(check, "FAST_FROM", 0)
        refused = parser.test is not None and not parser.test(file)
        return {} if refused else testing.read(parser, file)


def stopped(found: Found) -> list[tuple[Any, ...]]:
    """What the parser raised, of what it should have expected."""
    return [
        (problem["message"], problem.get("detail"))
        for problem in found.get("problems", [])
        if " stopped: " in problem["message"] and not any(error in problem["message"] for error in testing.EXPECTED)
    ]


def unset_times(found: Found) -> list[tuple[str, str, Any]]:
    """Times that stand for "not set" in some clock."""
    return [
        (table, name, value)
        for table, rows in found.items()
        for row in rows
        for name, value in row.items()
        if hasattr(value, "timetuple") and value.timetuple()[:3] in UNSET
    ]


def nameless(found: Found) -> list[str]:
    return [
        t for t, rows in found.items() if t != "problems" for row in rows if not (row.get("record") and row["state"])
    ]


@contextmanager
def noted() -> Iterator[list[str]]:
    """Records of rows that a parser takes in one by one from queries that give a table whole."""
    seen: list[str] = []
    original = Rows.__iter__

    def noting(rows: Rows) -> Iterator[Any]:
        for row in original(rows):
            if rows.every and isinstance(row.get("record"), str):
                seen.append(row["record"])
            yield row

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rows, "__iter__", noting)
        yield seen


def lost(found: Found, seen: list[str]) -> set[str]:
    """Records that were taken in, and neither rows nor problems came out."""
    out = {row.get("record") or "" for rows in found.values() for row in rows}
    records = {clean(record)[0] for record in seen}
    return {record for record in records - out if not any(other.startswith(record) for other in out)}


def kept(found: Found, seen: list[str]) -> set[str]:
    """Tables of which each row is a message, a call or a contact."""
    out = {row["record"] for table in ("messages", "calls", "contacts") for row in found.get(table, [])}
    return {record.partition("=")[0] for record in seen} - {record.partition("=")[0] for record in set(seen) - out}


def missing(found: Found) -> list[str]:
    """Tables that queries gave fewer rows of than are stored."""
    return [
        problem["message"]
        for problem in found.get("problems", [])
        if problem["stage"] == "check" and problem["kind"] == "not_read"
    ]


@pytest.mark.parametrize("name", DATABASES)
def test_values_of_any_type_in_any_column(examples_of, name):
    for example in (example for example in examples_of[name] if example.is_database):
        content = loose(example.content)
        with noted() as seen:
            whole = kept(read(example, content), seen)
        for number in range(ROUNDS * MORE):
            with noted() as seen:
                found = read(example, poisoned(content, number), by_columns=number % 2 == 1)
            assert stopped(found) == [], number
            assert nameless(found) == []
            assert unset_times(found) == []
            assert missing(found) == []
            gone = lost(found, seen) if found else set()
            assert [record for record in gone if record.partition("=")[0] in whole] == [], number


@pytest.mark.parametrize("name", NAMES)
def test_values_of_any_type_in_any_field(examples_of, name):
    for example in examples_of[name]:
        document = Document(example.content)
        if document.tree is None:
            continue
        for number in range(8 * MORE):
            found = read(example, document.changed(number))
            assert stopped(found) == [], number
            assert nameless(found) == []
            assert unset_times(found) == []


@pytest.mark.parametrize("name", NAMES)
def test_text_in_any_order(examples_of, name):
    for example in examples_of[name]:
        if b"\0" in example.content:
            continue
        for number in range(8 * MORE):
            found = read(example, rewritten(example.content, number))
            assert stopped(found) == [], number
            assert nameless(found) == []


def shown(found: Found, words: set[str]) -> Counter[tuple[str, str, str]]:
    """How often a column of free text shows each of the words."""
    cells = (
        (table, column, value)
        for table, rows in found.items()
        for row in rows
        for column, value in row.items()
        if column in FREE_TEXT
    )
    return Counter(cell for cell in cells if cell[2] in words)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_arrives_as_stored(examples_of, name):
    for example in examples_of[name]:
        document = Document(example.content)
        if not example.is_database and document.tree is None:
            continue
        content = loose(example.content) if example.is_database else example.content
        stored = set(texts_of(content) if example.is_database else document.texts())
        before = read(example, content)
        words = {
            word
            for rows in before.values()
            for row in rows
            for word in (row.get(c) for c in FREE_TEXT)
            if word in stored
        }
        ending = f" {PLAIN if name in MARKUP else WORDS}"
        hostile = {word: word + ending for word in words if len(word) > 2}
        after = read(example, replaced(content, hostile) if example.is_database else document.replaced(hostile))
        kept = clean(ending)[0]
        arrived = shown(after, {word + kept for word in hostile} | set(hostile))
        plain: Counter[tuple[str, str, str]] = Counter()
        for (table, column, word), number in arrived.items():
            plain[table, column, word.removesuffix(kept)] += number
        assert plain == shown(before, set(hostile))
