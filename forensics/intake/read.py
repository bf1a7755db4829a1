"""Reads one file: who owns it, what its parser gives, and what was wrong; every bit of it ends as a row."""

from __future__ import annotations

import json
import sqlite3
import traceback
from collections.abc import Iterable
from typing import Any

from forensics.evidence.file import File
from forensics.evidence.open import archive_kind
from forensics.evidence.source import Entry, MemberError, Skipped
from forensics.identify import Verdict, identify
from forensics.intake.enrich import enrich
from forensics.intake.write import PartWriter, StoreError
from forensics.parsers import Problem
from forensics.plugins import Known, PluginError, Registry
from forensics.sqlite import COMPANIONS
from forensics.tables import FILES, PROBLEMS, Table
from forensics.tables.check import Checked, check_columns, check_rows
from forensics.tables.table import Columns, Row

BUFFER = 8_192  # rows of one table that wait for each other
MAX_PROBLEMS = 10_000  # rows for one file; what comes after them is counted in one more


class Reading:
    """One file on its way into the case. `rows`: rows given so far. `problems`: what was wrong."""

    def __init__(self, file: File, registry: Registry, writer: PartWriter) -> None:
        self.file = file
        self.registry = registry
        self.writer = writer
        self.rows = 0
        self.problems: list[Problem] = []
        self.more_problems = 0
        self._waiting: dict[str, list[Row]] = {}

    def run(self) -> tuple[str, str | None]:
        """Read it; gives its status, and the kind of archive it is if it is one."""
        try:
            verdict = identify(self.file, self.registry)
        except MemberError as error:
            self._note(Problem(error.kind, str(error), stage="open"))
            self._finish("encrypted" if error.kind == "encrypted" else "failed", None, None)
            return self.status, None
        for problem in verdict.problems:
            self._note(problem)
        if verdict.owner:
            self.parse(verdict.owner)
        for problem in self.file.problems:
            self._note(problem)
        archive = None if verdict.owner else archive_kind(self.file.head, self.file.open)
        self._finish(self._status(verdict, archive), verdict, verdict.owner)
        return self.status, archive

    def parse(self, owner: Known) -> None:
        """Let the parser read the file, as far as it gets; whatever it raises becomes a problem."""
        label = owner.declaration.label
        try:
            for item in self.registry.load(owner)(self.file):
                self._take(item, label)
            self._flush(label)
        except StoreError:
            raise
        except PluginError as error:
            self._note(Problem("not_read", f"the plug-in of {owner.declaration.name} is unavailable: {error}"))
        except MemoryError:
            self._note(Problem("limit", f"{owner.declaration.name} needed more memory than a file may take"))
        except (
            Exception
        ) as error:  # the one broad net: a parser's fault costs its file, becomes a row, and ends nothing else
            self._note(_stopped(owner.declaration.name, error))
        finally:
            self._flush_safely(label)

    def _take(self, item: Any, label: str) -> None:
        if isinstance(item, Row):
            waiting = self._waiting.setdefault(item.table.name, [])
            waiting.append(item)
            if len(waiting) == BUFFER:
                self._flush_table(item.table.name, label)
        elif isinstance(item, Columns):
            for checked in check_columns(item, self.file.timezone):
                self._write(checked, label)
        elif isinstance(item, Problem):
            self._note(item)
        else:
            raise TypeError(
                f"a parser yields rows through the doors of a table, or Problems, not {type(item).__name__}"
            )

    def _flush(self, label: str) -> None:
        for name in list(self._waiting):
            self._flush_table(name, label)

    def _flush_safely(self, label: str) -> None:
        """Rows that were given before the parser failed are rows all the same."""
        try:
            self._flush(label)
        except (MemoryError, ValueError, TypeError) as error:
            self._note(_stopped(label, error))

    def _flush_table(self, name: str, label: str) -> None:
        rows = self._waiting.pop(name)
        if rows:
            self._write(check_rows(rows[0].table, rows, self.file.timezone), label)

    def _write(self, checked: Checked, label: str) -> None:
        self.writer.write(checked.table, enrich(checked, self.file, label))
        self.rows += checked.batch.num_rows
        for problem in checked.problems:
            self._note(problem)

    def _note(self, problem: Problem) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)
        else:
            self.more_problems += 1

    def _status(self, verdict: Verdict, archive: str | None) -> str:
        kinds = {problem.kind for problem in self.problems}
        if "encrypted" in kinds:
            return "encrypted"
        if verdict.owner:
            if not self.problems:
                return "parsed"
            return "partly" if self.rows else "failed"
        if archive or companion_of(self.file):
            return "recognised"
        if self.problems:
            return "failed"
        return "ignored" if self.file.size == 0 else "unknown"

    def _finish(self, status: str, verdict: Verdict | None, owner: Known | None) -> None:
        self.status = status
        label = owner.declaration.label if owner else None
        if self.more_problems:
            self.problems.append(Problem("limit", f"{self.more_problems:,} more problems of this file", stage="check"))
        cells = {
            "size": self.file.entry.size if verdict is None else self.file.size,
            "modified_at": self.file.modified_at,
            "mime": verdict.kind.mime if verdict else None,
            "magic": verdict.kind.words if verdict else None,
            "md5": self.file.md5 if verdict else None,
            "status": status,
            "parsers": [label] if label else None,
            "rows": self.rows,
            "extra": _remarks(self.file),
            "record": self.file.path,
        }
        origin = self.file if verdict else Absent(self.file.evidence, self.file.path)
        _write_rows(self.writer, origin, FILES, [cells], None)
        problems = ({**_cells(problem), "record": problem.record or self.file.path} for problem in self.problems)
        _write_rows(self.writer, origin, PROBLEMS, problems, label)


class Absent:
    """Stands for a file that could not be read, where a row wants to know where it came from."""

    sha256 = None

    def __init__(self, evidence: str, path: str) -> None:
        self.evidence = evidence
        self.path = path


def record_skipped(skipped: Skipped, evidence: str, prefix: str, writer: PartWriter) -> None:
    """Something the source could not hand out, as a problem."""
    path = prefix + skipped.path
    detail = skipped.detail or (skipped.raw_name and f"stored name: {skipped.raw_name}")
    cells = {"stage": "open", "kind": skipped.kind, "message": skipped.message, "detail": detail, "record": path}
    _write_rows(writer, Absent(evidence, path), PROBLEMS, [cells], None)


def record_lost(entry: Entry, evidence: str, prefix: str, fault: dict[str, str], writer: PartWriter) -> None:
    """A file that a worker died over, or that took too long, as a problem and a row of its own."""
    path = prefix + entry.path
    cells = {"size": entry.size, "modified_at": entry.modified_at, "status": "failed", "rows": 0, "record": path}
    problem = {"stage": "limit", "kind": fault["kind"], "message": fault["message"], "record": path}
    _write_rows(writer, Absent(evidence, path), FILES, [cells], None)
    _write_rows(writer, Absent(evidence, path), PROBLEMS, [problem], None)


def companion_of(file: File) -> str | None:
    """The name of the database that this write-ahead log, journal or index belongs to and is read with."""
    for suffix in (*COMPANIONS, "-shm"):
        main = file.name.removesuffix(suffix)
        if main != file.name and file.sibling(main):
            return main
    return None


def _write_rows(writer: PartWriter, file: Any, table: Table, rows: Iterable[dict[str, Any]], label: str | None) -> None:
    taken = list(table.rows(rows))
    if taken:
        writer.write(table, enrich(check_rows(table, taken), file, label))


def _cells(problem: Problem) -> dict[str, Any]:
    return {
        "stage": problem.stage,
        "kind": problem.kind,
        "message": problem.message,
        "detail": problem.detail,
    }


def _remarks(file: File) -> str | None:
    """What the source says of the file that no column holds, as JSON text."""
    entry = file.entry
    said = {
        "raw_name": entry.raw_name,
        "notes": list(entry.notes) or None,
        "modified_local": entry.modified_local and entry.modified_local.isoformat(),
        "read_with": companion_of(file),
    }
    said = {key: value for key, value in said.items() if value}
    return json.dumps(said, ensure_ascii=False, sort_keys=True) if said else None


def _stopped(name: str, error: BaseException) -> Problem:
    """A parser that raised: what and where, without paths of this machine."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    kind = "damaged" if isinstance(error, sqlite3.DatabaseError | ValueError | EOFError) else "not_understood"
    return Problem(kind, f"{name} stopped: {type(error).__name__}: {error}", detail=where)
