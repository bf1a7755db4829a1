"""Days told from months over a whole export, and the clock of each line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import NamedTuple

from .export_calendar import Day, day_of
from .export_header import Head, day_part

NAMES = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
Written = tuple[str, str, str]


class Order(NamedTuple):
    """In what order the dates of a file are written: `dmy`, `mdy` or `ymd`; whether that is sure; how it was found.

    `each`: lines contradict each other, so a date that cannot be in this order is read in the order in which it can.
    """

    order: str
    sure: bool
    how: str
    each: bool = False


def order_of(
    heads: Sequence[Head], named: Sequence[tuple[Written, date]] = (), languages: frozenset[str] = frozenset()
) -> Order:
    """How dates are written, decided over all lines of one form.

    In turn: what is possible at all; `named`, days in the names of attached files beside the date of their line; in which
    order lines follow each other in time; how phones of these `languages` and with such separators usually write.
    """
    dates = {h.date for h in heads}
    orders = ["ymd"] if any(len(first) == 4 for first, _, _ in dates) else ["dmy", "mdy"]
    if orders != ["ymd"] and _years_may_be_first(dates):
        orders.append("ymd")
    bad = {order: sum(day(written, order) is None for written in dates) for order in orders}
    fit = [order for order in orders if not bad[order]]
    if len(fit) == 1:
        return Order(fit[0], True, "only so are all dates possible")
    if not fit:
        best = min(orders, key=lambda order: bad[order])
        return Order(best, False, f"the dates fit no order; {NAMES[best]} is possible for most", each=True)
    agreeing = {order: sum(_day(written, order) == said for written, said in named) for order in fit}
    best = max(fit, key=lambda order: agreeing[order])
    if agreeing[best] > 2 * sum(n for order, n in agreeing.items() if order != best):
        return Order(best, True, "so they agree with the names of attached files")
    back = {order: _steps_back(heads, order) for order in fit}
    best = min(fit, key=lambda order: back[order])
    if all(back[order] > 3 * back[best] for order in fit if order != best):
        return Order(best, True, "messages then follow each other in time")
    return _usual(dates, languages, fit)


def _years_may_be_first(dates: set[Written]) -> bool:
    """Whether the first of three short numbers may be the year: no day, or it changes less than the last one."""
    firsts, thirds = {first for first, _, _ in dates}, {third for _, _, third in dates}
    short = all(len(third) <= 2 for third in thirds)
    return short and (any(int(first) > 31 for first in firsts) or len(firsts) < len(thirds))


def _usual(dates: set[Written], languages: frozenset[str], fit: list[str]) -> Order:
    """What is usual, where the dates themselves do not tell."""
    if "dmy" in fit and "mdy" not in fit:
        constant = len(dates) > 2 and len({first for first, _, _ in dates}) == 1
        return Order(
            "dmy", not constant, "day first is assumed: it could be the year" if constant else "the year comes last"
        )
    if languages and "en" not in languages:
        return Order("dmy", False, f"day first is assumed from the language of the app: {', '.join(sorted(languages))}")
    return Order("dmy", False, "nothing in the file tells day from month; day first is assumed")


def _steps_back(heads: Sequence[Head], order: str) -> int:
    days = {written: _day(written, order) for written in {h.date for h in heads}}
    moments = [(day, clock(h)) for h in heads if (day := days[h.date])]
    return sum(later < earlier for earlier, later in pairwise(moments))


def day(written: Written, order: str) -> Day | None:
    """The day that a date means in this order."""
    parts = dict(zip(order, written, strict=True))
    if len(parts["m"]) > 2 or len(parts["d"]) > 2:
        return None
    return day_of(parts["y"], int(parts["m"]), int(parts["d"]))


def _day(written: Written, order: str) -> date | None:
    found = day(written, order)
    return found.day if found else None


def day_in(written: Written, order: Order) -> tuple[Day | None, str]:
    """The day in the order of the file, and the order: another one for a date that is possible only so."""
    found = day(written, order.order)
    if found is None and order.each:
        other = {"dmy": "mdy", "mdy": "dmy"}.get(order.order)
        if other and (found := day(written, other)):
            return found, other
    return found, order.order


def clock(head: Head) -> time:
    """The time of a head on a 24-hour clock. Raises nothing: an impossible one is midnight, see `is_clock`."""
    hour, minute, second = head.time
    part = next((found for word in head.words if (found := day_part(word))), None)
    if part and hour <= 12:
        start, end = part
        both = (hour % 12, hour % 12 + 12)
        spanned = [h for h in both if (start <= h < end if start < end else h >= start or h < end)]
        hour = spanned[0] if spanned else hour
    return time(hour, minute, second) if is_clock((hour, minute, second)) else time()


def is_clock(numbers: tuple[int, int, int]) -> bool:
    """Whether numbers are a time of day."""
    return numbers[0] < 24 and numbers[1] < 60 and numbers[2] < 60


def wall_clock(head: Head, order: Order) -> datetime | None:
    """The local time of a head; None where its numbers are no date or time, or of a calendar that is not converted."""
    found, _ = day_in(head.date, order)
    if found is None or found.day is None or not is_clock(head.time):
        return None
    return datetime.combine(found.day, clock(head))
