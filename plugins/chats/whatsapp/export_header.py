"""The head of a line in a chat export: date, time, and where they end; found the same way in all scripts and locales."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from .export_words import PARTS_OF_DAY

LOOK = 120  # characters at the start of a line in which a head can lie
MARKS = frozenset("\u200e\u200f\u061c\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SPACES = frozenset("\u00a0\u202f\u2009\u2007")
DATE = r"(?P<date>\d{1,4}(?P<sep>[./-]) ?\d{1,2}(?P=sep) ?\d{1,4}(?:\.(?!\d))?)"
BETWEEN = r"(?P<between>(?:,? ?[^\W\d_][^\d\[\]:,\-–/]{0,14}){0,2}?),? ?"  # Finnish `klo`, South Slavic `u`, Bulgarian `г.`, BE
TIME = r"(?P<time>\d{1,2}(?P<colon>[:.])\d{2}(?:(?P=colon)\d{2})?)"
PART = r"(?: ?(?P<part>[^\d\-–\[\]:,]{1,20}?))?"
SKELETONS = {
    "[date, time] ": re.compile(rf"\[{DATE}{BETWEEN}{TIME}{PART}\] ?"),
    "date, time - ": re.compile(rf"{DATE}{BETWEEN}{TIME}{PART} [-–] "),
    "date time: ": re.compile(rf"{DATE},? (?P<between>){TIME}(?P<part>): "),
    "[time, date] ": re.compile(rf"\[{TIME}{PART}, ?(?P<between>){DATE}\] ?"),
    "time, date - ": re.compile(rf"{TIME}{PART}, ?(?P<between>){DATE} [-–] "),
}
OTHER_TOOLS = re.compile(
    r"\[\d{4}-\d\d-\d\d(?:,? \d\d:\d\d\] | \d\d:\d\d:\d\d\] (?:Me|No-Sender): )"
)  # exports of Signal
LOG = re.compile(r"(?:[\w.-]+\.)?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|ALERT|EMERGENCY|FATAL)\b")


class Head(NamedTuple):
    """What a line starts with: the numbers of the date as written, the time, and the rest of the line as it stands.

    `form`: what stays the same in all heads of one export; `written`: the head as it stands, for a second reader. `hour_words`:
    the parts of the day in it.
    """

    form: tuple[str, str, int, int, bool]
    date: tuple[str, str, str]
    time: tuple[int, int, int]
    words: tuple[str, ...]
    rest: str
    written: str


class _Plain(dict[int, str | None]):
    """What each character counts as when a head is looked for."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        plain: str | None = character
        if character in MARKS:
            plain = None
        elif character in SPACES:
            plain = " "
        elif character == "،":
            plain = ","
        elif code > 127 and unicodedata.category(character) == "Nd":
            plain = str(unicodedata.digit(character))
        self[code] = plain
        return plain


PLAIN = _Plain()
SPACED = {**{ord(mark): None for mark in MARKS}, **{ord(space): " " for space in SPACES}}


def head(line: str) -> Head | None:
    """The head of a line, None for a line that goes on with the message before it."""
    start = line[:LOOK]
    plain = start.translate(PLAIN)
    for name, skeleton in SKELETONS.items():
        found = skeleton.match(plain)
        if found:
            end = found.end() if start.isascii() else _place(start, found.end())
            first, second, third = re.split(r"[./-] ?", found["date"].rstrip("."))
            numbers = [int(n) for n in re.split("[:.]", found["time"])]
            words = tuple(word for word in (found["between"].strip(" ,"), (found["part"] or "").strip()) if word)
            year = max(len(first), len(third))
            form = (name, found["sep"], year, len(numbers), bool(words))
            time = (numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else 0)
            return Head(form, (first, second, third), time, words, line[end:], line[:end])
    return None


def _place(start: str, kept: int) -> int:
    """Where in the text so many characters that count are passed, with the marks behind them left alone."""
    for place, character in enumerate(start):
        if kept == 0:
            return place
        kept -= PLAIN[ord(character)] is not None
    return len(start)


def plain_text(text: str) -> str:
    """The text without direction marks, with plain spaces, for comparisons."""
    return text.translate(SPACED).strip()


def day_part(written: str) -> tuple[int, int] | None:
    """The hours that a part of the day spans: (0, 12) for a.m."""
    return PARTS_OF_DAY.get(re.sub(r"[.\s\u200c\u202f\u00a0]", "", written).casefold())
