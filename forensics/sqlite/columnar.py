"""The fast way out of a database: a query as Arrow batches, without a Python object for each cell.

The ADBC driver for SQLite takes a column's type from the first batch of rows. So a row of the wanted types is put before the
query's own: then a number column that meets anything else stops the driver with an error instead of changing in silence, and
the rest is read cell by cell. So is everything from the first batch on that shows values the driver cannot tell from others:
bytes that are no UTF-8 (a blob, or bad text?), numbers spelled as text, whole numbers that a float rounds.
On a copy without log, views or generated columns it reads what `sqlite3` reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from forensics.sqlite.database import Database, uri
from forensics.sqlite.rows import CHUNK

PROTOTYPE = {"integer": "0", "real": "0.0", "text": "''"}
WANTED = {"integer": pa.int64(), "real": pa.float64(), "text": pa.string()}
MISSPELT = (
    r"^-?(\d\.\d{6}e[+-]\d\d+|inf)$"  # how the driver spells a float that it meets in the first batch of a text column
)
LONG_FLOAT = r"^-?\d+\.\d+(e[+-]\d+)?$"  # where SQLite's releases differ: they spell a float to 15 digits or to 17
LONG = (17, 26)  # characters of such a float
EXACT = 2**53  # whole numbers below it are the same as floats


class Stopped(Exception):
    """The driver cannot read on: a value of another type, or damage. `delivered`: rows given before."""

    def __init__(self, delivered: int, reason: str) -> None:
        super().__init__(reason)
        self.delivered = delivered


def batches(db: Database, sql: str, kinds: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
    """The query as record batches with the columns `kinds` (name -> integer, real or text); raises `Stopped`."""
    prototype = ", ".join(f"{PROTOTYPE[kind]} AS {name}" for name, kind in kinds.items())
    query = f"SELECT {prototype} UNION ALL SELECT * FROM ({sql}\n)"
    wanted = pa.schema([(name, WANTED[kind]) for name, kind in kinds.items()])
    delivered = 0
    try:
        for number, batch in enumerate(_read(db, query)):
            _check(batch, wanted, first=number == 0)
            if number == 0:
                batch = batch.slice(1)
            yield batch.cast(wanted) if batch.schema != wanted else batch
            delivered += batch.num_rows
            if db.late():
                raise Stopped(delivered, "interrupted")
    except (OSError, pa.ArrowInvalid, ValueError) as error:
        raise Stopped(delivered, str(error)) from error


def _read(db: Database, query: str) -> Iterator[pa.RecordBatch]:
    import adbc_driver_manager
    import adbc_driver_sqlite

    with (
        adbc_driver_sqlite.connect(uri(db.views.current)) as database,
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
    import adbc_driver_manager

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
