"""Cells as Arrow columns of a table's types: from Python values, among which anything may turn up, and from the driver.

A value that cannot be taken becomes null, and a `Bad` that says which it was and why not.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from forensics import times
from forensics.tables.arrow import ARROW
from forensics.times import Clock, NotATime


class Bad(NamedTuple):
    """A cell that could not be taken: row number, column, value, and why not."""

    row: int
    column: str
    value: Any
    why: str


def from_driver(name: str, kind: str, column: pa.Array, clock: Clock | None, bad: list[Bad]) -> pa.Array:
    """A column that the driver gave, which is of one type already."""
    if kind in ("text", "category", "integer"):
        return column
    if kind == "real":
        return column
    if column.null_count == len(column):
        return pa.nulls(len(column), ARROW[kind])
    if kind == "flag":
        return _flags(column)
    if kind == "time" and clock is not None:
        return _instants(name, column, clock, bad)
    return from_values(name, kind, column.to_pylist(), None, bad)


def _flags(column: pa.Array) -> pa.Array:
    numbers = column.fill_null(0).to_numpy(zero_copy_only=False)
    return pa.array(numbers != 0, mask=_nulls(column))


def _nulls(column: pa.Array) -> np.ndarray:
    return column.is_null().to_numpy(zero_copy_only=False)


def _instants(name: str, column: pa.Array, clock: Clock, bad: list[Bad]) -> pa.Array:
    """A column of numbers on a clock as instants: unset is null, what lies outside 1990 to 2100 is bad."""
    numbers = column.fill_null(0).to_numpy(zero_copy_only=False)
    unset = (numbers == 0) | (numbers == -1)
    low = (times.EARLIEST.timestamp() - clock.epoch_s) * clock.ticks
    high = (times.LATEST.timestamp() - clock.epoch_s) * clock.ticks
    known = (numbers >= low) & (numbers < high) & ~unset
    for row in np.flatnonzero(~known & ~unset):
        bad.append(_no_time(int(row), name, column[int(row)].as_py(), clock))
    safe = np.where(known, numbers, 0)
    if safe.dtype.kind == "f":
        micros = np.rint(safe * (1_000_000 / clock.ticks)).astype(np.int64)
    elif clock.ticks <= 1_000_000:
        micros = safe * (1_000_000 // clock.ticks)
    else:
        micros = safe // (clock.ticks // 1_000_000)
    return pa.array(micros + clock.epoch_s * 1_000_000, mask=~known).cast(ARROW["time"])


def _no_time(row: int, name: str, value: float, clock: Clock) -> Bad:
    try:
        return Bad(row, name, value, f"no time on the clock {clock.name}: {clock(value)}")
    except NotATime as error:
        return Bad(row, name, value, str(error))


def from_values(
    name: str, kind: str, values: Sequence[Any], clocks: Sequence[Clock | None] | None, bad: list[Bad]
) -> pa.Array:
    """A column of Python values; `clocks`: of the values of a time, one each."""
    types = set(map(type, values)) - {type(None)}
    if not types:
        return pa.nulls(len(values), ARROW[kind])
    at_once = _at_once(name, kind, values, types, clocks, bad)
    if at_once is not None:
        return at_once
    take: Callable[..., Any] = TAKE[kind]
    taken: list[Any] = []
    for row, value in enumerate(values):
        if value is None:
            taken.append(None)
            continue
        try:
            taken.append(take(value, clocks[row]) if kind == "time" and clocks else take(value))
        except (NotATime, ValueError, TypeError, OverflowError, RecursionError) as error:
            bad.append(Bad(row, name, value, str(error)))
            taken.append(None)
    if kind in ("text", "category"):
        return _texts(taken)
    if kind == "texts":
        return _lists(taken)
    return pa.array(taken, ARROW[kind])


def _at_once(
    name: str,
    kind: str,
    values: Sequence[Any],
    types: set[type],
    clocks: Sequence[Clock | None] | None,
    bad: list[Bad],
) -> pa.Array | None:
    """The column in one go, where all values have the one Python type that it is made of; None where each has to be looked at."""
    try:
        if kind in ("text", "category") and types == {str}:
            return _texts(values)
        if (kind, types) in (("integer", {int}), ("flag", {bool})):
            return pa.array(values, ARROW[kind])
        if kind == "real" and types == {float}:
            column = pa.array(values, ARROW[kind])
            return column if np.isfinite(column.fill_null(0)).all() else None
        clock = clocks[0] if clocks and len(set(map(id, clocks))) == 1 else None
        if clock is not None and (types == {int} or (types == {float} and clock.ticks == 1)):
            return _instants(name, pa.array(values), clock, bad)
    except OverflowError:  # a number of more than 64 bit
        pass
    return None


def _take_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise ValueError("not text")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _spelled(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError("bytes that are no text") from None
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    raise ValueError("not text")


def _spelled(value: float) -> str:
    """A float as SQLite spells it, so that both ways out of a database give the same text."""
    spelled = format(value, ".15g")
    if not math.isfinite(value):
        return "Inf" if value > 0 else "-Inf"
    mantissa, e, exponent = spelled.partition("e")
    return (mantissa if "." in mantissa else mantissa + ".0") + e + exponent


def _take_integer(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and value.isascii() and value.lstrip("-").isdigit() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise ValueError("not a whole number of 64 bit")
    return value


def _take_real(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("not a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number


def _take_flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return _take_integer(value) != 0


def _take_time(value: Any, clock: Clock | None = None) -> datetime:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without a zone: it belongs into the local column")
        return value.astimezone(UTC)
    if clock is None:
        raise ValueError("not an aware datetime, nor a number with a clock")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"not a number on the clock {clock.name}")
    return clock(value)  # type: ignore[return-value]


def _take_local(value: Any) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime) or value.tzinfo is not None:
        raise ValueError("not a wall clock: a datetime without a zone")
    if not datetime.min.year < value.year < datetime.max.year:
        raise ValueError("a year at the end of the calendar, which no zone can shift")
    return value


def _take_texts(value: Any) -> list[str]:
    if isinstance(value, str) and value.startswith("["):
        value = json.loads(value)
    if not isinstance(value, list | tuple | set | frozenset):
        value = [value]
    texts = [_take_text(v) for v in value if v is not None]
    return sorted(texts) if isinstance(value, set | frozenset) else texts


TAKE: dict[str, Callable[..., Any]] = {
    "text": _take_text,
    "category": _take_text,
    "integer": _take_integer,
    "real": _take_real,
    "flag": _take_flag,
    "time": _take_time,
    "local": _take_local,
    "texts": _take_texts,
}


def _texts(values: Sequence[str | None]) -> pa.Array:
    """Text as an Arrow array; surrogates go in as the bytes they stand for, for the cleaning point to find."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        raw = pa.array([None if v is None else _bytes(v) for v in values], pa.binary())
        return pa.Array.from_buffers(pa.string(), len(raw), raw.buffers())


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _lists(values: Sequence[list[str] | None]) -> pa.Array:
    flat = _texts([text for value in values if value for text in value])
    offsets = np.cumsum([0, *(len(v) if v else 0 for v in values)], dtype=np.int32)
    nulls = pa.array([v is None for v in values])
    return pa.ListArray.from_arrays(pa.array(offsets), flat, mask=nulls)
