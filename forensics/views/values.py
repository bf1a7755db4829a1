"""Cells of the tables as views read and write them: None for unset, one way to write a time, a number, a list."""

import math
import re
from datetime import date, datetime
from decimal import Decimal

from forensics.views.html import Html, element

LONGEST_CELL = 500
"""Characters of one cell that a table shows; the rest is counted, not hidden."""

LIVE = "live"
COLOURS = 8

LIVE_FORMULA = re.compile(r"\s*(=|[+\-@](?!\s*[\d\s().,/:-]*$)(?![\w.-]*$))")
"""Text a spreadsheet would run when pasted. Phone numbers, negative numbers and @names are left as they are."""


def records(frame):
    """Rows of a dataframe as dicts; NaN, NaT and NA become None. Columns that repeat keep the last value."""
    columns = [str(name) for name in frame.columns]
    for row in frame.itertuples(index=False, name=None):
        yield {name: known(value) for name, value in zip(columns, row, strict=True)}


def known(value):
    """The value, or None when it is unset (None, NaN, NaT, NA)."""
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "tolist") and not isinstance(value, datetime):
        value = value.tolist()  # a numpy scalar or a list column
    if isinstance(value, list | tuple | set | dict):
        return value or None
    try:
        return None if value != value else value
    except TypeError:  # pandas.NA cannot be compared
        return None


def ordered(frame, *times):
    """The frame in order of the first time that is set; rows without any time come last, in their stored order."""
    import pandas as pd

    keys = [pd.to_datetime(frame[name], utc=True) for name in times if name in frame.columns]
    if not keys:
        return frame
    key = keys[0]
    for other in keys[1:]:
        key = key.fillna(other)
    return frame.iloc[key.reset_index(drop=True).sort_values(kind="stable", na_position="last").index]


def shown(value):
    """One value as text. Aware times end in `UTC`, naive ones in `(local)`; lists are joined with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if math.isfinite(value) and value == int(value) and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | tuple | set):
        return ", ".join(shown(one) for one in value)
    return str(value)


def moment(value):
    """`2024-03-31 01:30:00 UTC`; fractions of a second only when stored; a wall clock without zone says `(local)`."""
    if value.tzinfo is not None:
        return f"{clock(value)} UTC" if not value.utcoffset() else f"{clock(value)} {value:%z}"
    return f"{clock(value)} (local)"


def clock(value):
    text = f"{value:%Y-%m-%d %H:%M:%S}"
    return f"{text}.{value.microsecond:06d}".rstrip("0") if value.microsecond else text


def cell(value):
    """One table cell as HTML: right to left where the text is, cut when very long, and not a formula when pasted."""
    text = shown(value)
    kind = "fx-time" if isinstance(value, datetime) else "fx-number" if _is_number(value) else None
    if kind is None and len(text) > 24:
        kind = "fx-long"
    if isinstance(value, str) and LIVE_FORMULA.match(text):
        return element(
            "td", element("b", "'", class_="fx-mark", title="starts like a formula"), short(text), dir="auto"
        )
    return element("td", short(text), class_=kind, dir=None if kind in ("fx-time", "fx-number") else "auto")


def short(text, longest=LONGEST_CELL):
    if len(text) <= longest:
        return text
    rest = element("span", f" … {len(text) - longest:,} more characters", class_="fx-note")
    return Html(text[:longest], rest)


def provenance(row):
    """`evidence · path · record`: where a row was read from, for a tooltip."""
    return " · ".join(str(row[name]) for name in ("evidence", "path", "record") if row.get(name) is not None)


def colour(index):
    return f"fx-c{index % COLOURS}"


def numbered(names):
    """A colour number for each name, in sorted order, so that a picture does not depend on the order of rows."""
    return {name: index for index, name in enumerate(sorted({str(name) for name in names}))}


def more(hidden, what, how):
    """The note under a view that does not show everything; None when it does."""
    return element("p", f"{hidden:,} more {what} not shown ({how}).", class_="fx-note") if hidden > 0 else None


def _is_number(value):
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
