"""A parser's query, told to start from recovered rows and to say which of them each result rests on.

What a result is about is a row of the first table after FROM, or of the table that the query is said to give whole. In that
place the query gets the recovered rows of the table (schema `recovered`); everywhere else it reads what is in force. One column
is added: the number of the recovered row. Where the source is a common table expression or a subquery, the same is done inside.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from forensics.sqlite.template import quoted

NUMBER = "recovered row"  # the added column; no app has a column of that name
TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)|(?P<text>'(?:[^']|'')*')|(?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]"""
    r"""|[^\W\d]\w*)|(?P<other>\d[\w.]*|.)""",
    re.S,
)
AFTER_LIST = {"from", "where", "group", "having", "window", "order", "limit"}
AFTER_FROM = {"where", "group", "having", "window", "order", "limit"}
AFTER_GROUP = {"having", "window", "order", "limit"}
COMPOUND = {"union", "except", "intersect"}
NO_ALIAS = (
    AFTER_FROM | COMPOUND | {"join", "left", "right", "full", "inner", "cross", "natural", "outer", "on", "using"}
)
NO_ALIAS |= {"indexed", "not"}


class Token(NamedTuple):
    """A piece of a query: its text, where it stands, how deep in brackets."""

    text: str
    start: int
    end: int
    depth: int

    @property
    def word(self) -> str:
        return self.text.lower()

    @property
    def name(self) -> str:
        return self.text[1:-1] if self.text[0] in '"`[' else self.text


class Untraceable(ValueError):
    """The query is written in a way that this module cannot follow."""


def trace(sql: str, tables: Collection[str], every: str | None = None) -> str | None:
    """The query over recovered rows of `tables`, with the column `NUMBER` at its end; None if it does not start from one of them.

    `every`: the table that it gives whole. Raises `Untraceable`.
    """
    tracing = _Tracing(sql, {table.lower(): table for table in tables}, every)
    tracing.query(0, len(tracing.tokens))
    return tracing.result() if tracing.used else None


class _Tracing:
    """Edits of one query. `shared`: token ranges of its common table expressions; `columns`: where lists of their column names
    end. `used`: tables it now starts from."""

    def __init__(self, sql: str, tables: dict[str, str], every: str | None) -> None:
        self.sql = sql
        self.every = every.lower() if every else None
        self.tables = tables
        self.tokens = list(_tokens(sql))
        self.shared: dict[str, tuple[int, int]] = {}
        self.columns: dict[tuple[int, int], int] = {}
        self.edits: dict[tuple[int, int], str] = {}
        self.done: dict[tuple[int, int], bool] = {}
        self.used: set[str] = set()

    def result(self) -> str:
        pieces, last = [], 0
        for (start, end), text in sorted(self.edits.items()):
            pieces += [self.sql[last:start], text]
            last = end
        return "".join(pieces) + self.sql[last:]

    def query(self, first: int, stop: int) -> bool:
        """Trace the arms of a query; whether one of them starts from recovered rows."""
        if (first, stop) not in self.done:
            self.done[first, stop] = False  # a recursive expression comes back here
            arms = self._arms(self._with(first, stop), stop)
            if any(self._word(arm) == "values" for arm, _ in arms):
                return False
            if (first, stop) in self.columns:
                self._insert(self.columns[first, stop], f", {quoted(NUMBER)}")
            found = [self._source(*arm) for arm in arms]
            for arm, number in zip(arms, found, strict=True):
                self._number(*arm, number or "NULL")
            self.done[first, stop] = any(found)
        return self.done[first, stop]

    def _with(self, first: int, stop: int) -> int:
        """Note the common table expressions; the token after them."""
        if self._word(first) != "with":
            return first
        at = first + 1 + (self._word(first + 1) == "recursive")
        while at < stop:
            name, at = self.tokens[at].name, at + 1
            columns = self._closing(at) if self._word(at) == "(" else None
            at = columns + 1 if columns else at
            while self._word(at) != "(" and at < stop:
                at += 1
            end = self._closing(at)
            self.shared[name.lower()] = (at + 1, end)
            if columns:
                self.columns[at + 1, end] = columns
            at = end + 1
            if self._word(at) != ",":
                return at
            at += 1
        return at

    def _arms(self, first: int, stop: int) -> list[tuple[int, int]]:
        borders = [n for n in self._level(first, stop) if self._word(n) in COMPOUND]
        starts = [first, *(n + 1 + (self._word(n + 1) == "all") for n in borders)]
        return list(zip(starts, [*borders, stop], strict=True))

    def _source(self, first: int, stop: int) -> str | None:
        """Put recovered rows in the place of an arm's first source; the expression for their number, None if there are none."""
        level = self._level(first, stop)
        sources = [n + 1 for n in level if self._word(n) in ("from", "join") and n + 1 < stop]
        if not sources:
            return None
        whole = (n for n in sources if self._word(n) != "(" and self.tokens[n].name.lower() == self.every)
        at = next(whole, sources[0])
        if self._word(at) == "(":
            end = self._closing(at)
            alias = self._alias(end + 1, stop)
            return f"{alias}.{quoted(NUMBER)}" if alias and self.query(at + 1, end) else None
        name = self.tokens[at].name
        if self._word(at + 1) == ".":
            return None
        alias = self._alias(at + 1, stop) or quoted(name)
        if name.lower() in self.shared:
            return f"{alias}.{quoted(NUMBER)}" if self.query(*self.shared[name.lower()]) else None
        table = self.tables.get(name.lower())
        if table is None:
            return None
        self.used.add(table)
        token = self.tokens[at]
        self.edits[token.start, token.end] = f"recovered.{quoted(table)}"
        return f"{alias}.{quoted(NUMBER)}"

    def _number(self, first: int, stop: int, number: str) -> None:
        """Add the number to an arm's columns, and to what its rows are grouped by."""
        if self._word(first) != "select":
            raise Untraceable(f"{self._word(first)} in the place of SELECT")
        level = list(self._level(first, stop))
        ends = [n for n in level if self._word(n) in AFTER_LIST]
        self._insert(ends[0] if ends else stop, f", {number} AS {quoted(NUMBER)} ")
        group = next((n for n in ends if self._word(n) == "group"), None)
        if group is not None and number != "NULL":
            after = next((n for n in ends if n > group and self._word(n) in AFTER_GROUP), stop)
            self._insert(after, f", {number} ")

    def _insert(self, place: int, text: str) -> None:
        """Put text before a token, behind the token before it."""
        at = self.tokens[place - 1].end
        self.edits[at, at] = self.edits.get((at, at), "") + text

    def _level(self, first: int, stop: int) -> list[int]:
        """Tokens of a query that are not in brackets of their own."""
        depth = self.tokens[first].depth if first < stop else 0
        return [n for n in range(first, stop) if self.tokens[n].depth == depth]

    def _alias(self, at: int, stop: int) -> str | None:
        at += self._word(at) == "as"
        if at < stop and (self.tokens[at].text[0].isidentifier() or self.tokens[at].text[0] in '"`['):
            return None if self._word(at) in NO_ALIAS else self.tokens[at].text
        return None

    def _closing(self, at: int) -> int:
        depth = self.tokens[at].depth
        found = next((n for n in range(at + 1, len(self.tokens)) if self.tokens[n].depth == depth), None)
        if found is None:
            raise Untraceable("brackets do not close")
        return found

    def _word(self, at: int) -> str:
        return self.tokens[at].word if at < len(self.tokens) else ""


def _tokens(sql: str) -> list[Token]:
    found, depth = [], 0
    for match in TOKEN.finditer(sql):
        text = match[0]
        if match.lastgroup == "space":
            continue
        depth -= text == ")"
        found.append(Token(text, match.start(), match.end(), depth))
        depth += text == "("
    return found
