"""What the core adds to rows on their way into the case, batch by batch: provenance, and text folded for search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from forensics.tables.arrow import ARROW
from forensics.tables.check import Checked, constant
from forensics.text import fold_array

if TYPE_CHECKING:
    from forensics.evidence.file import File


def enrich(checked: Checked, file: File, parser: str | None) -> pa.RecordBatch:
    """The checked rows with all columns of their table: where they came from, and text folded for search."""
    table, batch = checked.table, checked.batch
    height = batch.num_rows
    added = {
        "evidence": constant(file.evidence, height),
        "path": constant(file.path, height),
        "file": constant(file.sha256, height),
        "parser": constant(parser, height),
        "cleaned": _cleaned(checked),
    }
    if table.folded:
        added[f"{table.folded}_folded"] = fold_array(batch.column(table.folded))
    arrays = [added.get(c.name) if c.name in added else batch.column(c.name) for c in table.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)


def _cleaned(checked: Checked) -> pa.Array:
    if not checked.cleaned:
        return pa.nulls(checked.batch.num_rows, ARROW["text"])
    names = (checked.cleaned.get(row) for row in range(checked.batch.num_rows))
    return pa.array([",".join(n) if n else None for n in names], pa.string())
