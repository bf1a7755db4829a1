"""Tables as Arrow schemas: the form in which a case stores them."""

from __future__ import annotations

import pyarrow as pa

from forensics.tables.table import EXTRA, PROVENANCE, Column, Table

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
        metadata={"table": table.name, "doc": table.doc, "order": " ".join(table.order)},
    )


def declared(stored: pa.Schema) -> Table:
    """The table that a stored schema was made from: a case knows the tables of plug-ins that are not here any more."""
    kinds = {arrow: kind for kind, arrow in ARROW.items()}
    shared = {column.name for column in (EXTRA, *PROVENANCE)}
    own = [
        Column(field.name, kinds[field.type], (field.metadata or {}).get(b"doc", b"").decode())
        for field in stored
        if field.name not in shared
    ]
    said = {key.decode(): value.decode() for key, value in (stored.metadata or {}).items()}
    return Table(said["table"], said["doc"], tuple(own), order=tuple(said["order"].split()))
