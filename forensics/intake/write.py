"""Writes the rows of one job: a Parquet file for each table it fills, complete or not there at all."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from forensics.tables.table import Table

GROUP = 32_768  # rows of a row group
NO_ROOM = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS")}
NO_ROOM_FOR_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}


class StoreError(Exception):
    """The case cannot be written: no space, no rights. The message says what to do."""


@contextmanager
def room() -> Iterator[None]:
    """Raise `StoreError` for what a full disk makes of writing inside; whatever else happens there stays what it is."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if isinstance(error, OSError) and error.errno not in NO_ROOM:
            raise
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode not in NO_ROOM_FOR_SQLITE:
            raise
        raise _store_error(error) from error


class PartWriter:
    """Collects batches by table and writes `tables/<table>/<name>.parquet`; `finish` puts the files in place.

    The bytes depend on the rows alone. Until `finish` the files have names that no reader takes for a part, and no other
    process writes to: the worker of a run that was killed may be at the same job still.
    """

    def __init__(self, tables: Path, name: str) -> None:
        self.tables = tables
        self.name = name
        self.rows: dict[str, int] = {}
        self._unfinished = f".{os.getpid()}.tmp"
        self._waiting: dict[str, list[pa.RecordBatch]] = {}
        self._writers: dict[str, pq.ParquetWriter] = {}

    def write(self, table: Table, batch: pa.RecordBatch) -> None:
        """Take rows of a table, all its columns in order. Raises `StoreError`."""
        if not batch.num_rows:
            return
        self.rows[table.name] = self.rows.get(table.name, 0) + batch.num_rows
        waiting = self._waiting.setdefault(table.name, [])
        waiting.append(batch)
        if sum(b.num_rows for b in waiting) >= GROUP:
            self._flush(table.name, table.schema)

    def finish(self) -> dict[str, dict[str, Any]]:
        """Close all files, make them durable, and put them in place; gives their names, hashes and row counts."""
        parts = {}
        for name in sorted(self._waiting):
            if self._waiting[name]:
                self._flush(name, self._waiting[name][0].schema)
            try:
                self._writers[name].close()
                unfinished, final = self._path(name, self._unfinished), self._path(name)
                digest = _durable(unfinished)
                unfinished.replace(final)
                _sync_folder(final.parent)
            except OSError as error:
                raise _store_error(error) from error
            relative = final.relative_to(self.tables).as_posix()
            parts[relative] = {"sha256": digest, "rows": self.rows[name]}
        return parts

    def abandon(self) -> None:
        """Leave nothing behind."""
        for name, writer in self._writers.items():
            with suppress(OSError, pa.ArrowException):
                writer.close()
            self._path(name, self._unfinished).unlink(missing_ok=True)

    def _flush(self, name: str, schema: pa.Schema) -> None:
        rows = pa.Table.from_batches(self._waiting[name]).unify_dictionaries()
        self._waiting[name] = []
        try:
            if name not in self._writers:
                self._path(name).parent.mkdir(parents=True, exist_ok=True)
                self._writers[name] = _writer(self._path(name, self._unfinished), schema)
            self._writers[name].write_table(rows, row_group_size=GROUP)
        except OSError as error:
            raise _store_error(error) from error

    def _path(self, table: str, suffix: str = "") -> Path:
        return self.tables / table / f"{self.name}.parquet{suffix}"


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    repeated = [f.name for f in schema if pa.types.is_dictionary(f.type)]
    dated = [f.name for f in schema if pa.types.is_timestamp(f.type)]
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, use_dictionary=repeated, write_statistics=dated
    )


def _durable(path: Path) -> str:
    """Write the file through to the disk; gives its SHA-256."""
    with path.open("rb+") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        os.fsync(stream.fileno())
    return digest


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _store_error(error: OSError | sqlite3.OperationalError) -> StoreError:
    reason = getattr(error, "strerror", None) or error
    return StoreError(
        f"the case cannot be written: {reason}. Free space or mend the rights of the case folder, then run the same command"
        " again: it goes on where it stopped"
    )
