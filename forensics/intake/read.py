"""Reads one file: who owns it, what its parser gives, and what was wrong; every bit of it ends as a row."""

from __future__ import annotations

import json
import sqlite3
import traceback
from typing import Any

from forensics.evidence.file import File
from forensics.evidence.open import archive_kind
from forensics.evidence.source import Entry, MemberError, Skipped
from forensics.identify import Verdict, identify
from forensics.intake.collect import Collector, Origin
from forensics.intake.write import StoreError, room
from forensics.parsers import Problem
from forensics.plugins import Known, PluginError, Registry
from forensics.sqlite import COMPANIONS
from forensics.tables import CORE, Table
from forensics.tables.table import Columns, Row


class Reading:
    """One file on its way into the case. `archive`: the kind of archive it is, for the loop to look inside."""

    def __init__(self, file: File, registry: Registry, collector: Collector) -> None:
        self.file = file
        self.registry = registry
        self.collector = collector
        self.origin = Origin(file.evidence, file.path, gaps=file.gaps)
        self.archive: str | None = None
        self.verdict: Verdict | None = None
        self._companion = False
        self._cells: dict[str, Any] = {}

    def run(self) -> None:
        """Read it; whatever goes wrong is a problem of `origin`."""
        try:
            self.verdict = identify(self.file, self.registry)
        except MemberError as error:
            self.origin.note(Problem(error.kind, str(error), stage="open"))
            self._cells = {"size": self.file.entry.size, "extra": _remarks(self.file)}
            return
        self.origin.sha256 = self.file.sha256
        for problem in self.verdict.problems:
            self.origin.note(problem)
        if self.verdict.owner:
            self.parse(self.verdict.owner)
        else:
            self.archive = archive_kind(self.file.head, self.file.open)
        for problem in self.file.problems:
            self.origin.note(problem)
        main = companion_of(self.file)
        self._companion = main is not None
        self._cells = {
            "size": self.file.size,
            "mime": self.verdict.kind.mime,
            "magic": self.verdict.kind.words,
            "md5": self.file.md5,
            "extra": _remarks(self.file, main, self.archive),
        }

    def parse(self, owner: Known) -> None:
        """Let the parser read the file, as far as it gets; whatever it raises becomes a problem."""
        name = owner.declaration.name
        self.origin.parser = owner.declaration.label
        try:
            with room():
                for item in self.registry.load(owner)(self.file):
                    self._take(item, owner)
        except StoreError:
            raise
        except PluginError as error:
            self.origin.note(Problem("not_read", f"the plug-in of {name} is unavailable: {error}"))
        except MemoryError:
            self.origin.note(Problem("limit", f"{name} needed more memory than a file may take"))
        except (Exception, SystemExit) as error:
            # The one broad net: a parser's fault costs its file, becomes a row, and ends nothing else.
            self.origin.note(_stopped(name, error))

    def cells(self) -> dict[str, Any]:
        """The row of the table `files`, once all rows of the file have been checked."""
        return {
            **self._cells,
            "modified_at": self.file.modified_at,
            "status": self.status,
            "parsers": [self.origin.parser] if self.origin.parser else None,
            "rows": self.origin.rows,
            "record": self.file.path,
        }

    def _check_owned(self, table: Table, owner: Known) -> None:
        if table.name in CORE:
            raise TypeError(f"the core has a table {table.name} already: give the plug-in's own another name")
        if not self.registry.owns(owner, table):
            raise TypeError(f"the plug-in must return its table {table.name} from forensics_tables()")

    @property
    def status(self) -> str:
        """How it was read: a value of `files.status`."""
        kinds = {problem.kind for problem in self.origin.problems}
        if "encrypted" in kinds:
            return "encrypted"
        if self.origin.parser:
            return "parsed" if not kinds else "partly" if self.origin.rows else "failed"
        if self.verdict is None:
            return "failed"
        if self.archive or self._companion:
            return "recognised"
        if kinds:
            return "failed"
        return "unknown" if self._cells["size"] else "ignored"

    def _take(self, item: Any, owner: Known) -> None:
        if isinstance(item, Row | Columns) and CORE.get(item.table.name) is not item.table:
            self._check_owned(item.table, owner)
        if isinstance(item, Row):
            self.collector.row(self.origin, item)
        elif isinstance(item, Columns):
            self.collector.columns(self.origin, item)
        elif isinstance(item, Problem):
            self.origin.note(item)
        else:
            raise TypeError(
                f"a parser yields rows through the doors of a table, or Problems, not {type(item).__name__}"
            )


def skipped(item: Skipped, evidence: str, prefix: str) -> Origin:
    """What the source could not hand out, as an origin with a problem."""
    origin = Origin(evidence, prefix + item.path)
    detail = item.detail or (item.raw_name and f"stored name: {item.raw_name}")
    origin.note(Problem(item.kind, item.message, detail=detail, stage="open"))
    return origin


def lost(entry: Entry, evidence: str, prefix: str, fault: dict[str, str]) -> tuple[Origin, dict[str, Any]]:
    """A file that a worker died over, or that took too long, with its row of the table `files`."""
    origin = Origin(evidence, prefix + entry.path)
    origin.note(Problem(fault["kind"], fault["message"], stage="limit"))
    cells = {"size": entry.size, "modified_at": entry.modified_at, "status": "failed", "rows": 0, "record": origin.path}
    return origin, cells


def companion_of(file: File) -> str | None:
    """The name of the database that this write-ahead log, journal or index belongs to and is read with."""
    for suffix in (*COMPANIONS, "-shm"):
        main = file.name.removesuffix(suffix)
        if main != file.name and file.sibling(main):
            return main
    return None


def _remarks(file: File, main: str | None = None, archive: str | None = None) -> str | None:
    """What the source says of the file that no column holds, as JSON text."""
    entry = file.entry
    said = {
        "raw_name": entry.raw_name,
        "notes": list(entry.notes) or None,
        "modified_local": entry.modified_local and entry.modified_local.isoformat(),
        "read_with": main,
        "opened_as": archive,
        "rows_of_tables": {table: {"stored": stored, "read": read} for table, (stored, read) in file.counts.items()},
    }
    said = {key: value for key, value in said.items() if value}
    return json.dumps(said, ensure_ascii=False, sort_keys=True) if said else None


def _stopped(name: str, error: BaseException) -> Problem:
    """A parser that raised: what and where, without paths of this machine."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    kind = "damaged" if isinstance(error, sqlite3.DatabaseError | ValueError | EOFError) else "not_understood"
    return Problem(kind, f"{name} stopped: {type(error).__name__}: {error}", detail=where)
