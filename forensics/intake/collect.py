"""Collects what the files of a job give, and turns it into rows of the case.

Rows of many files are checked together: the check works on columns, and a photo gives one row. What the check finds wrong goes
back to the file it came from, so the row that says how a file was read is made when all its rows are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from forensics.intake.attached import Attached
from forensics.parsers import Problem
from forensics.sqlite.gaps import Gaps
from forensics.tables import ATTACHMENTS, CALLS, FILES, GAPS, MESSAGES, PROBLEMS, Table
from forensics.tables.arrow import ARROW
from forensics.tables.check import Checked, check_columns, check_rows, constant
from forensics.tables.table import Columns, Row
from forensics.text import fold_array

BUFFER = 4_096  # rows of one table that wait for each other
IN_TIME = {MESSAGES.name: "sent_at", CALLS.name: "started_at"}  # tables whose rows say from when a gap beside them is
MAX_PROBLEMS = 10_000  # rows for one file; what comes after them is counted in one more


class Sink(Protocol):
    """Takes finished rows."""

    def write(self, table: Table, batch: pa.RecordBatch) -> None:
        """Take a batch with all columns of the table."""


@dataclass(eq=False)
class Origin:
    """A file as the source of rows. `sha256` is None where it could not be read; `parser` is name@version, or None; `gaps`:
    row ids missing from its databases, which learn their times from rows that come by."""

    evidence: str
    path: str
    sha256: str | None = None
    parser: str | None = None
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    gaps: Gaps = field(default_factory=Gaps)
    more_problems: int = 0

    def note(self, problem: Problem) -> None:
        """Add a problem; past `MAX_PROBLEMS` they are only counted."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)
        else:
            self.more_problems += 1


class Collector:
    """Rows on their way into the case. `timezone`: the examiner's, for wall clocks. `attached`: finds what messages carried."""

    def __init__(self, sink: Sink, timezone: str | None = None, attached: Attached | None = None) -> None:
        self._sink = sink
        self._timezone = timezone
        self._attached = attached
        self._waiting: dict[str, list[tuple[Origin, Row]]] = {}

    def row(self, origin: Origin, row: Row) -> None:
        """Take one row."""
        waiting = self._waiting.setdefault(row.table.name, [])
        waiting.append((origin, row))
        origin.rows += 1
        if len(waiting) == BUFFER:
            self._flush(row.table.name)

    def columns(self, origin: Origin, item: Columns) -> None:
        """Take the rows of a query."""
        for checked in check_columns(item, self._timezone):
            origin.rows += checked.batch.num_rows
            for _, problem in checked.problems:
                origin.note(problem)
            self._write(checked, [origin])

    def flush(self) -> None:
        """Check and hand on all rows that wait."""
        for name in list(self._waiting):
            self._flush(name)

    def table(self, table: Table, rows: Iterable[tuple[Origin, dict[str, Any]]]) -> None:
        """Hand on rows that the core itself makes."""
        for origin, cells in rows:
            (row,) = table.rows([cells])
            self._waiting.setdefault(table.name, []).append((origin, row))
        self._flush(table.name)

    def finish(self, files: list[tuple[Origin, dict[str, Any] | None]]) -> None:
        """Hand on everything, with a row for each file (its cells; None for what is no file) and for each problem."""
        self.flush()
        self.table(GAPS, ((origin, cells) for origin, _ in files for cells in origin.gaps.rows()))
        self.table(FILES, ((origin, cells) for origin, cells in files if cells is not None))
        self.table(PROBLEMS, ((origin, cells) for origin, _ in files for cells in _problems(origin)))

    def _flush(self, name: str) -> None:
        waiting = self._waiting.pop(name, [])
        if not waiting:
            return
        origins = [origin for origin, _ in waiting]
        checked = check_rows(waiting[0][1].table, [row for _, row in waiting], self._timezone)
        for row, problem in checked.problems:
            origins[row].note(problem)
        self._write(checked, origins)

    def _write(self, checked: Checked, origins: list[Origin]) -> None:
        added = {}
        if checked.table.name in IN_TIME:
            _learn_times(checked, origins)
        if checked.table is ATTACHMENTS and self._attached:
            added = _located(checked.batch, self._attached, origins)
        self._sink.write(checked.table, _complete(checked, origins, added))


def _problems(origin: Origin) -> Iterable[dict[str, Any]]:
    problems = origin.problems
    if origin.more_problems:
        problems = [*problems, Problem("limit", f"{origin.more_problems:,} more problems of this file", stage="check")]
    for problem in problems:
        yield {
            "stage": problem.stage,
            "kind": problem.kind,
            "message": problem.message,
            "detail": problem.detail,
            "record": problem.record or origin.path or origin.evidence,
        }


def _learn_times(checked: Checked, origins: list[Origin]) -> None:
    """Tell the gaps of a file the times of the rows beside them."""
    for origin in {id(origin): origin for origin in origins if origin.gaps.times}.values():
        times = origin.gaps.times
        beside = pc.is_in(checked.batch["record"], pa.array(list(times), pa.string()))
        if len(origins) > 1:
            beside = pc.and_(beside, pa.array([other is origin for other in origins]))
        for row in checked.batch.select(["record", IN_TIME[checked.table.name]]).filter(beside).to_pylist():
            record, at = row.values()
            times[record] = times[record] or at


def _located(batch: pa.RecordBatch, attached: Attached, origins: list[Origin]) -> dict[str, pa.Array]:
    """Where in the evidence the files of attachments are, and whether they are there: found, or as the parser says."""
    rows = batch.select(["stored_path", "name", "size", "present"]).to_pylist()
    sources = [origin.path for origin in origins] * (len(rows) if len(origins) == 1 else 1)
    paths = attached.paths(sources, rows)
    present = [
        True if path is not None else bool(row["present"]) if row["stored_path"] or row["name"] else row["present"]
        for row, path in zip(rows, paths, strict=True)
    ]
    return {"found_path": pa.array(paths, ARROW["text"]), "present": pa.array(present, ARROW["flag"])}


def _complete(checked: Checked, origins: list[Origin], added: dict[str, pa.Array]) -> pa.RecordBatch:
    """The checked rows with all columns of their table: `added` ones, provenance, and text folded for search."""
    table, batch = checked.table, checked.batch
    added = added | {
        "evidence": _provenance([o.evidence for o in origins], batch.num_rows),
        "path": _provenance([o.path for o in origins], batch.num_rows),
        "file": _provenance([o.sha256 for o in origins], batch.num_rows),
        "parser": _provenance([o.parser for o in origins], batch.num_rows),
        "cleaned": _cleaned(checked),
    }
    if table.folded:
        added[f"{table.folded}_folded"] = fold_array(batch.column(table.folded))
    arrays = [added[c.name] if c.name in added else batch.column(c.name) for c in table.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)


def _provenance(values: list[str | None], height: int) -> pa.Array:
    if len(values) == 1:
        return constant(values[0], height)
    return pa.array(values, pa.string()).dictionary_encode().cast(ARROW["category"])


def _cleaned(checked: Checked) -> pa.Array:
    if not checked.cleaned:
        return pa.nulls(checked.batch.num_rows, ARROW["text"])
    names = (checked.cleaned.get(row) for row in range(checked.batch.num_rows))
    return pa.array([",".join(n) if n else None for n in names], pa.string())
