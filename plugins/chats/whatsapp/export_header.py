"""The head of a line in a chat export: date, time, and where they end; found the same way in all scripts and locales."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from .export_words import EVENING, MORNING

FIRST_YEAR = 2009  # WhatsApp began
LOOK = 120  # characters at the start of a line in which a head can lie
MARKS = frozenset("\u200e\u200f\u061c\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SPACES = frozenset("\u00a0\u202f\u2009\u2007")
DATE = r"(?P<date>\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}\.?)"
TIME = r"(?P<time>\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)"
WORD = r"(?:[^\W\d]{1,4} )?"  # Finnish `klo`, South Slavic `u`
SKELETONS = {
    "[date, time] ": re.compile(rf"\[{DATE},? {WORD}{TIME}(?: ?(?P<part>[^\]\d]{{1,20}}))?\] ?"),
    "date, time - ": re.compile(rf"{DATE},? {WORD}{TIME}(?: ?(?P<part>[^\d\-–\[\]:]{{1,20}}?))? [-–] "),
    "date time: ": re.compile(rf"{DATE},? {TIME}(?P<part>): "),
}
OTHER_TOOLS = re.compile(r"\[\d{4}-\d\d-\d\d, \d\d:\d\d\] ")  # Signal exports of third-party tools


class Head(NamedTuple):
    """What a line starts with: the numbers of the date as written, the time, and the rest of the line as it stands."""

    skeleton: str
    date: tuple[str, str, str]
    time: tuple[int, int, int]
    part: str
    rest: str


class Order(NamedTuple):
    """In what order the dates of a file are written: `dmy`, `mdy` or `ymd`; whether that is sure; how it was found."""

    order: str
    sure: bool
    how: str


def head(line: str) -> Head | None:
    """The head of a line, None for a line that goes on with the message before it."""
    plain, places = plainly(line[:LOOK])
    for name, skeleton in SKELETONS.items():
        found = skeleton.match(plain)
        if found:
            end = places[found.end()] if found.end() < len(places) else len(line[:LOOK])
            first, second, third = re.split(r"[./-] ?", found["date"].rstrip("."))
            numbers = [int(n) for n in re.split("[:.]", found["time"])]
            time = (numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else 0)
            return Head(name, (first, second, third), time, found["part"] or "", line[end:])
    return None


def plainly(text: str) -> tuple[str, list[int]]:
    """The text without direction marks, with ASCII digits and plain spaces; and the place in it of each character kept."""
    kept, places = [], []
    for place, character in enumerate(text):
        if character in MARKS:
            continue
        if character in SPACES:
            character = " "
        elif character == "،":
            character = ","
        elif not character.isascii() and unicodedata.category(character) == "Nd":
            character = str(unicodedata.digit(character))
        kept.append(character)
        places.append(place)
    return "".join(kept), places


def skeleton_of(heads: Iterable[Head]) -> str | None:
    """The skeleton of most lines."""
    counted = Counter(head.skeleton for head in heads)
    return counted.most_common(1)[0][0] if counted else None


def order_of(heads: Sequence[Head]) -> Order:
    """How dates are written, decided over the whole file."""
    dates = [h.date for h in heads]
    if any(len(first) == 4 for first, _, _ in dates):
        return Order("ymd", True, "the year comes first")
    first = max((int(d[0]) for d in dates), default=0)
    second = max((int(d[1]) for d in dates), default=0)
    if first > 12 >= second:
        return Order("dmy", True, "first numbers above 12")
    if second > 12 >= first:
        return Order("mdy", True, "second numbers above 12")
    back = {order: _steps_back(heads, order) for order in ("dmy", "mdy")}
    if back["dmy"] != back["mdy"]:
        return Order(min(back, key=lambda order: back[order]), True, "messages then follow each other in time")
    return Order("dmy", False, "nothing in the file tells day from month; day first is assumed")


def _steps_back(heads: Sequence[Head], order: str) -> int:
    moments = [moment for h in heads if (moment := wall_clock(h, order))]
    return sum(later < earlier for earlier, later in pairwise(moments))


def wall_clock(head: Head, order: str) -> datetime | None:
    """The local time of a head; None where its numbers are no date or time of this calendar."""
    numbers = dict(zip(order, (int(n) for n in head.date), strict=True))
    year = numbers["y"] + (2000 if numbers["y"] < 100 else 0)
    if year < FIRST_YEAR:  # of another calendar: Solar Hijri years are 13xx and 14xx
        return None
    hour, minute, second = head.time
    part = day_part(head.part)
    if part and 1 <= hour <= 12:
        hour = hour % 12 + (12 if part == "evening" else 0)
    try:
        return datetime(year, numbers["m"], numbers["d"], hour, minute, second)
    except ValueError:
        return None


def day_part(written: str) -> str | None:
    """`morning` or `evening` for the half of the day behind a 12-hour time."""
    word = re.sub(r"[.\s]", "", written).casefold()
    return "morning" if word in MORNING else "evening" if word in EVENING else None
