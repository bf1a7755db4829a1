"""Tables as Arrow schemas: the form in which a case stores them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from forensics.tables.table import Table

ARROW = {
    "text": pa.string(),
    "category": pa.dictionary(pa.int32(), pa.string()),
    "integer": pa.int64(),
    "real": pa.float64(),
    "flag": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
    "local": pa.timestamp("us"),
    "texts": pa.list_(pa.string()),
}


def schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table; each field carries its sentence in its metadata."""
    return pa.schema(
        [pa.field(c.name, ARROW[c.type], metadata={"doc": c.doc}) for c in table.columns],
        metadata={"table": table.name},
    )
