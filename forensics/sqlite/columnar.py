"""The fast way out of a database: a query as Arrow batches, without a Python object for each cell.

The ADBC driver for SQLite takes a column's type from the first batch of rows. So a row of the wanted types is put before the
query's own: then a number column that meets anything else stops the driver with an error instead of changing in silence, and
the rest is read cell by cell. On a copy without log, views or generated columns it reads what `sqlite3` reads.
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
FLOAT_AS_TEXT = (
    r"^-?\d\.\d{6}e[+-]\d\d+$"  # how the driver spells a float that it met before it knew the column was text
)


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
            if number == 0:
                _check_first(batch, wanted)
                batch = batch.slice(1)
            yield batch.cast(wanted) if batch.schema != wanted else batch
            delivered += batch.num_rows
    except (OSError, pa.ArrowInvalid, ValueError) as error:
        raise Stopped(delivered, str(error)) from error


def _read(db: Database, query: str) -> Iterator[pa.RecordBatch]:
    import adbc_driver_manager
    import adbc_driver_sqlite

    with (
        adbc_driver_sqlite.connect(uri(db.views.current)) as database,
        adbc_driver_manager.AdbcConnection(database) as connection,
    ):
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


def _check_first(batch: pa.RecordBatch, wanted: pa.Schema) -> None:
    """Whether the driver took the types that were wanted; in text columns, whether it misspelt a float on the way."""
    for field, column in zip(wanted, batch.columns, strict=True):
        if column.type != field.type:
            raise ValueError(f"column {field.name} holds {column.type}")
        if (
            pa.types.is_string(field.type)
            and pc.any(
                pc.match_substring_regex(column.cast(pa.binary()).cast(pa.string(), safe=False), FLOAT_AS_TEXT)
            ).as_py()
        ):
            raise ValueError(f"column {field.name} holds numbers")
