"""The loop: evidence is walked, cut into jobs, read by workers, and committed to the case job by job.

A job is committed when its files lie in `tables/` and its line is in the ledger. A run that is killed at any moment goes on
when the same command is given again: jobs with a line are kept, all else is done again; the tables end up the same, byte by
byte.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics.case.ledger import jobs
from forensics.case.store import NAME, CaseError, Store, spelled
from forensics.evidence.open import open_source
from forensics.evidence.source import Source, SourceError
from forensics.intake.executors import executor
from forensics.intake.isolated import end_all
from forensics.intake.options import Options, Summary, check, slug
from forensics.intake.piece import Piece
from forensics.intake.progress import Progress
from forensics.intake.versions import fingerprint, software
from forensics.intake.write import StoreError, room
from forensics.plugins import Registry


def ingest(
    case: str | Path, sources: str | Path | Iterable[str | Path], *, progress: Progress | None = None, **options: Any
) -> Summary:
    """Read evidence into a case; make the case if it is new, go on where an earlier run stopped.

    `case`: folder of the case. `sources`: files, folders, archives. `options`: see `Options`. Raises `CaseError` (the case
    cannot be opened or written), `SourceError` (evidence cannot be opened), `PluginError` (a drop-in does not work) and
    `ValueError` (an option makes no sense); all say what to do. Nothing of the evidence is changed.
    """
    given = [sources] if isinstance(sources, str | Path) else list(sources)
    wanted = Options(**options)
    check(case, given, wanted)
    store = Store.make(case)
    with store.writing() as pen:
        run = Run(store, pen, wanted, progress or Progress(None))
        try:
            with room():
                return run.all([Path(source) for source in given])
        except StoreError as error:
            raise CaseError(str(error)) from error
        finally:
            end_all()


class Run:
    """One run of the loop over a case that is open for writing."""

    def __init__(self, store: Store, pen: Any, options: Options, progress: Progress) -> None:
        self.store = store
        self.pen = pen
        self.options = options
        self.progress = progress
        self.case = store.read()
        self.summary = Summary(store.root)
        self.registry = Registry(options.plugins)
        self.versions = fingerprint(self.registry)
        self.committed = jobs(store.ledger.entries())

    def all(self, sources: list[Path]) -> Summary:
        """Read all sources, one after the other."""
        places = dict.fromkeys(source.expanduser().absolute() for source in sources)
        taken = [self._labelled(place) for place in places]
        self.summary.labels = [label for label, _ in taken]
        opened: list[tuple[str, Path, Source]] = []
        try:
            for label, place in taken:
                opened.append((label, place, self._open(place, self._folder(label))))
        except SourceError:
            self._drop(opened)
            raise
        self._note_start(taken)
        try:
            with executor(self.options.scheduler, self.options.workers) as (pool, workers):
                for label, place, source in opened:
                    Piece(self, label, place, source, pool, workers).read()
        except KeyboardInterrupt:
            self.pen.write("interrupted")
            raise
        finally:
            self._drop(opened)
            self.progress.end()
        self.store.clear_work()
        return self.summary

    def finish(self, label: str, place: Path, source: Source, digest: dict[str, Any]) -> None:
        """Enter a piece of evidence as read."""
        entry = {
            "label": label,
            "name": spelled(source.name),
            "kind": source.kind,
            "path": spelled(place),
            "timezone": self.options.timezone,
            "access_times_kept": bool(getattr(source, "keeps_access_time", False)),
            "read_at": datetime.now(UTC).isoformat(timespec="seconds"),
            **digest,
        }
        known = [e for e in self.case["evidence"] if e["label"] != label]
        self.case = {**self.case, "evidence": sorted([*known, entry], key=lambda e: e["label"])}
        self.pen.write("evidence", **entry)
        self.store.write(self.case, self.pen)

    def _labelled(self, place: Path) -> tuple[str, Path]:
        """A label for the source: the one that was asked for, the one it had, or one of its name."""
        path = spelled(place)
        known = {e["label"]: e["path"] for e in self.case["evidence"]}
        for entry in self.store.ledger.entries():
            if entry["action"] == "ingest":
                known.update({e["label"]: e["path"] for e in entry["evidence"]})
        wanted = self.options.label
        if wanted:
            if known.get(wanted, path) != path:
                raise ValueError(f"the case has other evidence with the label {wanted}: choose another --label")
            return wanted, place
        same = [label for label, other in known.items() if other == path]
        if same:
            return same[0], place
        base = slug(place.stem if place.is_file() else place.name) or "evidence"
        taken = {label.lower() for label in (*known, *self.summary.labels)}  # they are names of files, on Windows too
        names = (base if n == 1 else f"{base}-{n}" for n in itertools.count(1))
        label = next(name for name in names if name.lower() not in taken)
        self.summary.labels.append(label)
        return label, place

    def _folder(self, label: str) -> Path:
        folder = self.store.work / label
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _open(self, place: Path, work: Path) -> Source:
        return open_source(place, work=work, limits=self.options.limits, passwords=self.options.passwords)

    def _drop(self, opened: Iterable[tuple[str, Path, Source]]) -> None:
        for _, _, source in opened:
            source.close()

    def _note_start(self, taken: list[tuple[str, Path]]) -> None:
        options = self.options
        self.pen.write(
            "ingest",
            evidence=[{"label": label, "path": spelled(place)} for label, place in taken],
            timezone=options.timezone,
            limits={**options.limits.to_dict(), "seconds": options.seconds},
            deleted=options.deleted,
            passwords=len(options.passwords),
            keys=len(options.keys),
            plugins=[
                {"file": Path(p).name, "sha256": hashlib.sha256(Path(p).read_bytes()).hexdigest()}
                for p in options.plugins
            ],
            unavailable=[{"plugin": u.origin.module, "reason": u.reason} for u in self.registry.unavailable],
            versions=software(),
        )
        if not (self.store.root / NAME).exists():
            self.store.write(self.case, self.pen)
