"""The fast way out of a database: a query as Arrow batches, without a Python object for each cell.

The ADBC driver for SQLite takes a column's type from the first batch of rows. So a row of the wanted types is put before the
query's own: then a number column that meets anything else stops the driver with an error instead of changing in silence, and
the rest is read cell by cell. So is everything from the first batch on that shows values the driver cannot tell from others:
bytes that are no UTF-8 (a blob, or bad text?), numbers spelled as text, whole numbers that a float rounds.
On a copy without log, views or generated columns it reads what `sqlite3` reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import adbc_driver_manager
import adbc_driver_sqlite
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forensics.sqlite.database import Database, uri
from forensics.sqlite.fingerprint import fingerprints
from forensics.sqlite.rows import CHUNK, Rows

PROTOTYPE = {"integer": "0", "real": "0.0", "text": "''"}
WANTED = {"integer": pa.int64(), "real": pa.float64(), "text": pa.string()}
MISSPELT = (
    r"^-?(\d\.\d{6}e[+-]\d\d+|inf)$"  # how the driver spells a float that it meets in the first batch of a text column
)
LONG_FLOAT = r"^-?\d+\.\d+(e[+-]\d+)?$"  # where SQLite's releases differ: they spell a float to 15 digits or to 17
LONG = (17, 24)  # characters of such a float
EXACT = 2**53  # whole numbers below it are the same as floats


class Stopped(Exception):
    """The driver cannot read on: a value of another type, or damage. `delivered`: rows given before."""

    def __init__(self, delivered: int, reason: str) -> None:
        super().__init__(reason)
        self.delivered = delivered


def in_force(rows: Rows, kinds: Mapping[str, str]) -> Iterator[tuple[pa.RecordBatch, pa.Array | str]]:
    """The rows of a query as record batches with the columns `kinds` (name -> integer, real or text), each with its states.

    Where the log makes the views differ, rows of both are known by their fingerprints; the order is that of `Rows`: those of
    the current view, then those that only the view before has. Raises `Stopped`.
    """
    given = 0
    for batch, states in _in_force(rows, kinds):
        yield _with_places(rows, batch, given), states
        given += batch.num_rows


def _with_places(rows: Rows, batch: pa.RecordBatch, given: int) -> pa.RecordBatch:
    """The batch with a `record` for rows that have none; `given`: rows before it."""
    column = batch.schema.get_field_index("record")
    if column < 0 or not batch.column(column).null_count:
        return batch
    records = batch.column(column).to_pylist()
    filled = [rows.place(number) if it is None else it for number, it in enumerate(records, given + 1)]
    return batch.set_column(column, batch.schema.field(column), pa.array(filled, pa.string()))


def _in_force(rows: Rows, kinds: Mapping[str, str]) -> Iterator[tuple[pa.RecordBatch, pa.Array | str]]:
    db, before = rows.db, rows.db.views.before
    if before is None or not rows.answered_before:
        state = "live" if before is None else "wal"
        yield from ((batch, state) for batch in _counted(rows, kinds))
        return
    older = _known(fingerprints(batch) for batch in batches(db, rows.sql, kinds, before))
    marks: list[np.ndarray] = []
    for batch in _counted(rows, kinds):
        marks.append(fingerprints(batch))
        yield batch, _live_or_wal(_among(marks[-1], older))
    newer = _known(marks)
    given = rows.delivered
    try:
        for batch in batches(db, rows.sql, kinds, before):
            replaced = batch.filter(pa.array(~_among(fingerprints(batch), newer)))
            if replaced.num_rows:
                yield replaced, "journal"
                given += replaced.num_rows
    except Stopped as stopped:
        raise Stopped(given, str(stopped)) from stopped


def _counted(rows: Rows, kinds: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
    for batch in batches(rows.db, rows.sql, kinds, rows.db.views.current):
        rows.delivered += batch.num_rows
        yield batch


def _known(marks: Iterable[np.ndarray]) -> np.ndarray:
    return np.unique(np.concatenate([np.zeros(0, np.uint64), *marks]))


def _among(marks: np.ndarray, known: np.ndarray) -> np.ndarray:
    if not len(known):
        return np.zeros(len(marks), bool)
    return known[np.searchsorted(known, marks).clip(max=len(known) - 1)] == marks


def _live_or_wal(live: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.where(live, 0, 1).astype(np.int32)), pa.array(["live", "wal"]))


def batches(db: Database, sql: str, kinds: Mapping[str, str], view: Path) -> Iterator[pa.RecordBatch]:
    """The query over one view as record batches with the columns `kinds`; raises `Stopped`."""
    prototype = ", ".join(f"{PROTOTYPE[kind]} AS {name}" for name, kind in kinds.items())
    query = f"SELECT {prototype} UNION ALL SELECT * FROM ({sql}\n)"
    wanted = pa.schema([(name, WANTED[kind]) for name, kind in kinds.items()])
    delivered = 0
    try:
        for number, batch in enumerate(_read(db, query, view)):
            _check(batch, wanted, first=number == 0)
            if number == 0:
                batch = batch.slice(1)
            yield batch.cast(wanted) if batch.schema != wanted else batch
            delivered += batch.num_rows
            if db.late():
                raise Stopped(delivered, "interrupted")
    except (adbc_driver_manager.Error, OSError, ValueError) as error:
        raise Stopped(delivered, str(error)) from error


def _read(db: Database, query: str, view: Path) -> Iterator[pa.RecordBatch]:
    with (
        adbc_driver_sqlite.connect(uri(view)) as database,
        adbc_driver_manager.AdbcConnection(database) as connection,
    ):
        _run(connection, "PRAGMA cell_size_check=ON")
        for name, views in db.beside.items():
            _run(connection, f"ATTACH '{_escaped(views.current)}' AS {name}")
        with adbc_driver_manager.AdbcStatement(connection) as statement:
            statement.set_options(**{"adbc.sqlite.query.batch_rows": str(CHUNK)})
            statement.set_sql_query(query)
            handle, _ = statement.execute_query()
            yield from pa.RecordBatchReader._import_from_c(handle.address)


def _run(connection: object, sql: str) -> None:
    with adbc_driver_manager.AdbcStatement(connection) as statement:
        statement.set_sql_query(sql)
        statement.execute_update()


def _escaped(path: Path) -> str:
    return uri(path).replace("'", "''")


def _check(batch: pa.RecordBatch, wanted: pa.Schema, first: bool) -> None:
    """Raises `ValueError` where the driver took another type than wanted, or may show another value than is stored."""
    for field, column in zip(wanted, batch.columns, strict=True):
        if column.type != field.type:
            raise ValueError(f"column {field.name} holds {column.type}")
        if pa.types.is_floating(field.type) and (pc.max(pc.abs(column)).as_py() or 0) >= EXACT:
            raise ValueError(f"column {field.name} holds numbers that a float rounds")
        if pa.types.is_string(field.type):
            column.validate(full=True)  # ArrowInvalid, a ValueError, for bytes that are no UTF-8
            if _holds_floats(column, first):
                raise ValueError(f"column {field.name} holds numbers")


def _holds_floats(column: pa.Array, first: bool) -> bool:
    length = pc.binary_length(column)
    long = column.filter(pc.and_(pc.greater_equal(length, LONG[0]), pc.less_equal(length, LONG[1])))
    looks = [pc.match_substring_regex(long, LONG_FLOAT)]
    if first:
        looks.append(pc.match_substring_regex(column, MISSPELT))
    return any(pc.any(look).as_py() for look in looks)
