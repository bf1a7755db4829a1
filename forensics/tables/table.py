"""What a table is: named columns with a type and a sentence each, and the two doors through which rows come in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from forensics.times import Clock

if TYPE_CHECKING:
    import pyarrow as pa

    from forensics.sqlite import Rows

TYPES = {
    "text": "text",
    "category": "text that repeats (a pandas category)",
    "integer": "whole number (64 bit)",
    "real": "number (64 bit float)",
    "flag": "true or false",
    "time": "instant, UTC, to the microsecond",
    "local": "wall clock without a zone, to the microsecond",
    "texts": "list of text",
}


class Column(NamedTuple):
    """One column: its name, its type (a key of `TYPES`) and what it holds."""

    name: str
    type: str
    doc: str


class WallClock(NamedTuple):
    """Columns of one time that may be known only as a wall clock: the instant, the wall clock, and which of both it rests on."""

    at: str
    local: str
    basis: str


PROVENANCE = (
    Column("evidence", "category", "label of the evidence it came from"),
    Column("path", "category", "path of the source file in the evidence, as on the device"),
    Column("file", "category", "SHA-256 of the source file"),
    Column("record", "text", "place inside the file: table and row id, line, JSON path, or offset"),
    Column(
        "state",
        "category",
        "live; wal: seen only through the write-ahead log; journal: an older version, which the log or journal has since"
        " replaced or removed; freelist, freeblock, unallocated: recovered; log: from an appended log",
    ),
    Column("parser", "category", "parser that read it, name@version"),
    Column(
        "cleaned", "text", "columns of this row whose text had to be altered to be stored (see problems); null: none"
    ),
)
EXTRA = Column("extra", "text", "what the app says and no column fits, as JSON text")


@dataclass(frozen=True)
class Row:
    """One row on its way in, cells by column name (and `record`), as the parser gave it."""

    table: Table
    cells: Mapping[str, Any]
    clocks: Mapping[str, Clock]


@dataclass(frozen=True)
class Columns:
    """The rows of one query on their way in, column-wise."""

    table: Table
    rows: Rows
    clocks: Mapping[str, Clock]


@dataclass(frozen=True, eq=False)
class Table:
    """A kind of record. `own` columns come first, then `extra`, then where the row came from (`PROVENANCE`).

    `folded`: column whose text the core folds for search into `<column>_folded`. `wall_clock`: see `WallClock`.
    `order`: columns a dataframe of the table is sorted by.
    """

    name: str
    doc: str
    own: tuple[Column, ...]
    wall_clock: WallClock | None = None
    folded: str | None = None
    order: tuple[str, ...] = ()
    types: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        types = {column.name: column.type for column in self.columns}
        assert len(types) == len(self.columns), f"table {self.name} names a column twice"
        assert set(types.values()) <= set(TYPES), f"table {self.name} has a column of unknown type"
        object.__setattr__(self, "types", types)

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns in their order."""
        return (*self.own, EXTRA, *PROVENANCE)

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema: what the Parquet files of a case hold."""
        from forensics.tables.arrow import schema

        return schema(self)

    def batches(self, rows: Rows, **clocks: Clock) -> Iterator[Columns]:
        """Hand over the result of a query as it is, column-wise: the fast door.

        Result columns are named like the table's (a text column may come from a number, a flag from 0 and 1). Every result
        column of type `time` needs its clock: `MESSAGES.batches(db.execute(SELECT), sent_at=unix_ms)`. A bad cell becomes
        null and a problem; its row stays. Raises `TypeError` for a column that the table does not have.
        """
        self._refuse(rows.names, clocks)
        if "record" not in rows.names:
            raise TypeError(f"{self.name}: the query must say where each row came from, AS record")
        unclocked = [n for n in rows.names if self.types.get(n) == "time" and n not in clocks]
        if unclocked:
            raise TypeError(f"{self.name}: say which clock {', '.join(unclocked)} uses, e.g. {unclocked[0]}=unix_ms")
        yield Columns(self, rows, clocks)

    def rows(self, dicts: Iterable[Mapping[str, Any]], **clocks: Clock) -> Iterator[Row]:
        """Hand over rows one by one as dicts of column name (and `record`) to value: the door for text, JSON, EXIF.

        A time is an aware datetime, or a number with its clock in `clocks`. A `local` column takes a naive datetime; the
        core fills the instant from the examiner's time zone. None is "not set". A naive time in a `time` column, or any
        value of another type, becomes null and a problem; its row stays. Raises `TypeError` for a column that the table
        does not have.
        """
        self._refuse((), clocks)
        known = self.types.keys()
        for cells in dicts:
            if not cells.keys() <= known:
                self._refuse(tuple(cells), clocks)
            if not cells.get("record"):
                raise TypeError(f"{self.name}: each row must say where it came from, as record")
            yield Row(self, cells, clocks)

    def _refuse(self, names: Iterable[str], clocks: Mapping[str, Clock]) -> None:
        unknown = [n for n in (*names, *clocks) if n not in self.types]
        if unknown:
            raise TypeError(
                f"table {self.name} has no column {', '.join(unknown)}: put what fits no column into extra, as JSON text"
            )
