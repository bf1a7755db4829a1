"""The check between a parser and the case: cells become Arrow columns of the table's types.

A cell that is not of its column's type becomes null and a problem that shows the value; the row stays. Text passes the one
cleaning point (`forensics.text.clean`); a row whose text was altered names the columns in `cleaned`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forensics import times
from forensics.parsers import Problem
from forensics.sqlite import columnar
from forensics.tables.arrow import ARROW
from forensics.tables.table import Columns, Row, Table
from forensics.text.clean import clean_array
from forensics.times import Clock, NotATime

SHOWN = 200  # characters of a bad value that its problem shows
FAST_FROM = 1 << 20  # bytes of a database from which the columnar driver pays
READ_AS = {
    "text": "text",
    "category": "text",
    "texts": "text",
    "local": "text",
    "integer": "integer",
    "flag": "integer",
    "real": "real",
}
OTHER_ORDER = (  # the driver brings a SQLite of its own, whose planner may choose another way through a join
    "two releases of SQLite gave the rows of a query in different order: some may be there twice, others not at all"
)
COLLECTED = ("evidence", "path", "file", "parser", "cleaned")  # not the parser's to give


class Checked(NamedTuple):
    """Rows of one table as a record batch (all columns of the table but `COLLECTED`).

    `cleaned`: columns with altered text, by row number. `problems`: what was wrong, with the row number.
    """

    table: Table
    batch: pa.RecordBatch
    cleaned: dict[int, list[str]]
    problems: list[tuple[int, Problem]]


class Bad(NamedTuple):
    """A cell that could not be taken: row number, column, value, and why not."""

    row: int
    column: str
    value: Any
    why: str


def check_rows(table: Table, rows: Sequence[Row], zone: str | None = None) -> Checked:
    """Check rows that came one by one."""
    bad: list[Bad] = []
    arrays = {}
    given = set[str]().union(*(row.cells for row in rows))
    for name, kind in table.types.items():
        if name in COLLECTED:
            continue
        if name not in given:
            arrays[name] = constant("live", len(rows)) if name == "state" else pa.nulls(len(rows), ARROW[kind])
            continue
        values = [row.cells.get(name) for row in rows]
        clocks = [row.clocks.get(name) for row in rows] if kind == "time" else None
        if name == "state":
            values = [v or "live" for v in values]
        arrays[name] = _column(name, kind, values, clocks, bad)
    return _finish(table, arrays, bad, zone)


def check_columns(item: Columns, zone: str | None = None) -> Iterator[Checked]:
    """Check the rows of a query, batch by batch; damage met on the way is in the database's problems."""
    rows = item.rows
    delivered, last = 0, None
    if rows.db.views.current.stat().st_size >= FAST_FROM and not rows.db.computed:
        kinds = {name: _read_as(item, name) for name in rows.names}
        try:
            for batch, states in columnar.in_force(rows, kinds):
                if batch.num_rows:
                    last = batch.column("record")[-1].as_py()
                    yield _checked_batch(item, batch, states, zone)
            rows.check_count()
        except columnar.Stopped as stopped:
            delivered = stopped.delivered
            if rows.db.late():
                rows.problem("limit", delivered, stopped)
                return
        else:
            yield from (_checked_cells(item, states, chunk, zone) for states, chunk in rows.recovered_chunks())
            return
    yield from _cell_by_cell(item, delivered, last, zone)


def _read_as(item: Columns, name: str) -> str:
    clock = item.clocks.get(name)
    if clock is not None:
        return "real" if clock.ticks == 1 else "integer"
    return READ_AS[item.table.types[name]]


def _cell_by_cell(item: Columns, skip: int, last: str | None, zone: str | None) -> Iterator[Checked]:
    """The way for databases with a log, for small ones, and for what is left of ill-typed or damaged ones.

    `skip`: rows that were given before. `last`: record of the last of them, which is to be the last one skipped.
    """
    item.rows.delivered = 0
    record = item.rows.names.index("record")
    for states, chunk in item.rows.chunks():
        if skip > len(chunk):
            skip -= len(chunk)
            continue
        if skip and str(chunk[skip - 1][record]) != last:
            item.rows.db.problems.append(Problem("not_understood", OTHER_ORDER, record=last, stage="check"))
        states, chunk, skip = states[skip:], chunk[skip:], 0
        if not chunk:
            continue
        yield _checked_cells(item, states, chunk, zone)


def _checked_cells(item: Columns, states: list[str], chunk: list[tuple[Any, ...]], zone: str | None) -> Checked:
    bad: list[Bad] = []
    given = dict(zip(item.rows.names, zip(*chunk, strict=True), strict=True))
    given.setdefault("state", tuple(states))
    return _finish(item.table, _arrays(item, given, len(chunk), bad), bad, zone)


def _arrays(item: Columns, given: dict[str, Sequence[Any]], height: int, bad: list[Bad]) -> dict[str, pa.Array]:
    arrays = {}
    for name, kind in item.table.types.items():
        if name in COLLECTED:
            continue
        if name not in given:
            arrays[name] = pa.nulls(height, ARROW[kind])
            continue
        clock = item.clocks.get(name)
        arrays[name] = _column(name, kind, given[name], [clock] * height if clock else None, bad)
    return arrays


def _checked_batch(item: Columns, batch: pa.RecordBatch, states: pa.Array | str, zone: str | None) -> Checked:
    bad: list[Bad] = []
    arrays = {}
    height = batch.num_rows
    for name, kind in item.table.types.items():
        if name in COLLECTED:
            continue
        if name == "state" and "state" not in batch.schema.names:
            arrays[name] = constant(states, height) if isinstance(states, str) else states
        elif name not in batch.schema.names:
            arrays[name] = pa.nulls(height, ARROW[kind])
        else:
            arrays[name] = _from_driver(name, kind, batch.column(name), item.clocks.get(name), bad)
    return _finish(item.table, arrays, bad, zone)


def constant(value: str | None, height: int) -> pa.DictionaryArray:
    """A category column that holds one value throughout."""
    if value is None:
        return pa.nulls(height, ARROW["category"])
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(height, np.int32)), pa.array([value], pa.string()))


# --- columns from the driver: already of one type


def _from_driver(name: str, kind: str, column: pa.Array, clock: Clock | None, bad: list[Bad]) -> pa.Array:
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
    return _column(name, kind, column.to_pylist(), None, bad)


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


# --- columns from Python values: anything may turn up


def _column(
    name: str, kind: str, values: Sequence[Any], clocks: Sequence[Clock | None] | None, bad: list[Bad]
) -> pa.Array:
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


# --- the whole batch


def _finish(table: Table, arrays: dict[str, pa.Array], bad: list[Bad], zone: str | None) -> Checked:
    records = arrays["record"]
    cleaned: dict[int, list[str]] = {}
    problems = [(cell.row, _bad_cell(table, records, cell)) for cell in bad]
    for name, kind in table.types.items():
        if name in COLLECTED or kind not in ("text", "category", "texts"):
            continue
        arrays[name], altered = _clean(arrays[name])
        for row, what, raw in altered:
            cleaned.setdefault(row, []).append(name)
            kind = "limit" if "characters" in what else "damaged"
            message = f"{table.name}.{name}: {what}"
            problems.append((row, Problem(kind, message, record=_at(records, row), detail=raw, stage="check")))
        if kind == "category" and not pa.types.is_dictionary(arrays[name].type):
            arrays[name] = arrays[name].dictionary_encode().cast(ARROW["category"])
    if table.wall_clock:
        problems += _fill_wall_clock(table, arrays, zone)
    fields = [table.schema.field(name) for name in arrays]
    return Checked(
        table, pa.RecordBatch.from_arrays(list(arrays.values()), schema=pa.schema(fields)), cleaned, problems
    )


def _clean(column: pa.Array) -> tuple[pa.Array, list[tuple[int, str, str]]]:
    if pa.types.is_dictionary(column.type) or column.null_count == len(column):
        return column, []
    if not pa.types.is_list(column.type):
        return clean_array(column)
    values, altered = clean_array(column.values)
    if not altered:
        return column, []
    starts = column.offsets.to_numpy()
    rows = [(int(np.searchsorted(starts, at, side="right")) - 1, what, raw) for at, what, raw in altered]
    return pa.ListArray.from_arrays(column.offsets, values, mask=column.is_null()), rows


def _bad_cell(table: Table, records: pa.Array, cell: Bad) -> Problem:
    return Problem(
        "not_understood",
        f"{table.name}.{cell.column} left empty: {cell.why}",
        record=_at(records, cell.row),
        detail=_shown(cell.value),
        stage="check",
    )


def _shown(value: Any) -> str:
    try:
        shown = repr(times.whole(value))
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, a list in itself
        shown = f"{type(value).__name__}: {error}"
    return shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"


def _at(records: pa.Array, row: int) -> str | None:
    value = records[row]
    return value.as_buffer().to_pybytes().decode("utf-8", "replace") if value.is_valid else None


def _fill_wall_clock(table: Table, arrays: dict[str, pa.Array], zone: str | None) -> list[tuple[int, Problem]]:
    """Say what each time rests on, and make the instant of a bare wall clock where the examiner has named a zone."""
    assert table.wall_clock
    at, local, basis = table.wall_clock
    if zone is None or arrays[local].null_count == len(arrays[local]):
        bare = pc.if_else(arrays[local].is_valid(), "local", pa.scalar(None, pa.string()))
        rests_on = pc.if_else(arrays[at].is_valid(), "utc", bare)
        arrays[basis] = (
            pc.coalesce(arrays[basis].cast(pa.string()), rests_on).dictionary_encode().cast(ARROW["category"])
        )
        return []
    problems: list[tuple[int, Problem]] = []
    instants, walls, said = arrays[at].to_pylist(), arrays[local].to_pylist(), arrays[basis].to_pylist()
    for row, wall in enumerate(walls):
        if instants[row] is not None:
            said[row] = said[row] or "utc"
        elif wall is not None:
            instants[row], said[row] = times.local(wall, zone)
            if instants[row] is None:
                message = f"{table.name}.{local}: the clocks of {zone} skipped {wall}"
                record = _at(arrays["record"], row)
                problems.append((row, Problem("not_understood", message, record=record, stage="check")))
    arrays[at] = pa.array(instants, ARROW["time"])
    arrays[basis] = pa.array(said, pa.string()).dictionary_encode().cast(ARROW["category"])
    return problems
