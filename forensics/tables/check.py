"""The check between a parser and the case: cells become Arrow columns of the table's types.

A cell that is not of its column's type becomes null and a problem that shows the value; the row stays. Text passes the one
cleaning point (`forensics.text.clean`); a row whose text was altered names the columns in `cleaned`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forensics import times
from forensics.parsers import Problem
from forensics.sqlite import columnar
from forensics.tables.arrow import ARROW
from forensics.tables.cells import Bad, from_driver, from_values
from forensics.tables.table import Columns, Row, Table
from forensics.text.clean import clean_array

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
        arrays[name] = from_values(name, kind, values, clocks, bad)
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
        arrays[name] = from_values(name, kind, given[name], [clock] * height if clock else None, bad)
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
            arrays[name] = from_driver(name, kind, batch.column(name), item.clocks.get(name), bad)
    return _finish(item.table, arrays, bad, zone)


def constant(value: str | None, height: int) -> pa.DictionaryArray:
    """A category column that holds one value throughout."""
    if value is None:
        return pa.nulls(height, ARROW["category"])
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(height, np.int32)), pa.array([value], pa.string()))


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
