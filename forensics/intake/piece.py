"""One piece of evidence on its way into the case: walked, cut into jobs, read, committed job by job."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.store import CaseError, file_hash
from forensics.evidence.file import File
from forensics.evidence.hashing import digest_copy
from forensics.evidence.open import open_source
from forensics.evidence.source import Entry, MemberError, Skipped, Source, SourceError
from forensics.evidence.untouched import open_untouched
from forensics.intake.isolated import run_job
from forensics.intake.job import Job
from forensics.intake.plan import Plan
from forensics.parsers import Problem

if TYPE_CHECKING:
    from forensics.intake.loop import Run

AHEAD = 3  # jobs a worker has waiting
TICK = 1.0  # seconds between two signs of life


class Piece:
    """One piece of evidence on its way into the case."""

    def __init__(self, run: Run, label: str, place: Path, source: Source, executor: Executor, workers: int) -> None:
        self.run = run
        self.label = label
        self.place = place
        self.source = source
        self.executor = executor
        self.workers = workers
        self.work = run.store.work / label
        self._plans: list[Plan] = []
        self._sources: list[Source] = []
        self._jobs_met: dict[str, dict[str, Any]] = {}

    def read(self) -> None:
        """Read all of it, archives inside it too, and enter it into the case."""
        self.run.progress.begin(self.label)
        waiting: set[Future] = set()
        more: list[Iterator[tuple[Job, Source, int]]] = [self._jobs(self.place, self.source, "", "", 0, [])]
        keep: dict[Future, tuple[Job, Source, int]] = {}
        try:
            while more or waiting:
                while more and len(waiting) < self.workers * AHEAD:
                    found = next(more[-1], None)
                    if found is None:
                        more.pop()
                        continue
                    job, source, depth = found
                    known = self._known(job)
                    if known:
                        self._count(job, known)
                        self.run.summary.kept += 1
                        more.extend(self._inside(job, source, depth, known["nested"]))
                        continue
                    future = self._submit(job)
                    waiting.add(future)
                    keep[future] = found
                done, waiting = wait(waiting, TICK, FIRST_COMPLETED) if waiting else (set(), set())
                self.run.progress.add()  # a long job must not look like a dead one
                for future in done:
                    job, source, depth = keep.pop(future)
                    outcome = future.result()
                    self._commit(job, outcome)
                    more.extend(self._inside(job, source, depth, outcome["nested"]))
            self._drop_rest()
            self.run.finish(self.label, self.place, self.source, self._digest())
        finally:
            for future in waiting:
                future.cancel()
            for plan in self._plans:
                plan.close()
            for source in self._sources:
                source.close()

    def _jobs(
        self, place: Path, source: Source, path: str, prefix: str, depth: int, around: list[str]
    ) -> Iterator[tuple[Job, Source, int]]:
        """The jobs of a source. `path`: what it is called in the evidence, `""` for the outermost. `prefix`: of job ids.

        `around`: the listings of the archives it lies in.
        """
        plan = Plan(self.work / f"plan-{prefix or 'top'}.db")
        self._plans.append(plan)
        plan.fill(source)
        self.run.progress.expect(plan.files, plan.bytes)
        for job in plan.jobs(prefix, self._spec(place, path, [*around, plan.listing], plan)):
            yield job, source, depth

    def _spec(self, place: Path, path: str, listing: list[str], plan: Plan) -> dict[str, Any]:
        options = self.run.options
        return {
            "label": self.label,
            "path": str(place),
            "prefix": f"{path}!/" if path else "",
            "plan": str(plan.path),
            "spool": str(self.work),
            "listing": listing,
            "versions": self.run.versions,
            "timezone": options.timezone,
            "plugins": [str(Path(p).absolute()) for p in options.plugins],
            "limits": options.limits.to_dict(),
            "seconds": options.seconds,
            "deleted": options.deleted,
            "unlock": {"passwords": list(options.passwords), "keys": [key.hex() for key in options.keys]},
        }

    def _submit(self, job: Job) -> Future:
        order = {
            "job": job.to_dict(),
            "tables": str(self.run.store.tables),
            "work": str(self.work),
            "faults": {},
        }
        return self.executor.submit(run_job, order)

    def _known(self, job: Job) -> dict[str, Any] | None:
        """The ledger's line of a job that need not be done again."""
        entry = self.run.committed.get((self.label, job.id))
        if not entry or entry["key"] != job.key:
            return None
        if entry["statuses"].get("encrypted") and (self.run.options.passwords or self.run.options.keys):
            return None  # what was closed may open now
        tables = self.run.store.tables
        unchanged = all(file_hash(tables / name) == part["sha256"] for name, part in entry["parts"].items())
        return entry if unchanged else None

    def _commit(self, job: Job, outcome: dict[str, Any]) -> None:
        if outcome["stop"]:
            raise CaseError(outcome["stop"])
        self.run.pen.write(
            "job",
            evidence=self.label,
            job=job.id,
            key=job.key,
            files=job.files,
            bytes=outcome["bytes"],
            parts=outcome["parts"],
            nested=outcome["nested"],
            statuses=outcome["statuses"],
            rows=outcome["rows"],
        )
        self.run.summary.done += 1
        self._count(job, outcome)

    def _count(self, job: Job, outcome: dict[str, Any]) -> None:
        self._jobs_met[job.id] = outcome["parts"]
        self.run.summary.add(outcome)
        rows = outcome["rows"]
        data = sum(count for table, count in rows.items() if table not in ("files", "problems"))
        self.run.progress.add(job.files, job.size, data, rows.get("problems", 0))

    def _drop_rest(self) -> None:
        """Take away what an earlier reading left and this one did not give: evidence changed, or a run was killed."""
        gone = sorted(job for label, job in self.run.committed if label == self.label and job not in self._jobs_met)
        if gone:
            self.run.pen.write("dropped", evidence=self.label, jobs=gone)
        tables = self.run.store.tables
        parts = {tables / name for parts in self._jobs_met.values() for name in parts}
        for place in set(tables.glob(f"*/{self.label}--*")) - parts:
            place.unlink()

    def _inside(
        self, job: Job, source: Source, depth: int, nested: dict[str, str]
    ) -> Iterator[Iterator[tuple[Job, Source, int]]]:
        """Jobs of the archives that were found among a job's files."""
        for number in sorted(nested, key=int):
            entry = job.items[int(number)]
            assert isinstance(entry, Entry)
            prefix = f"{job.id}-{int(number):03d}."
            path = job.source["prefix"] + entry.path
            problem = None
            if depth >= self.run.options.limits.depth:
                problem = Problem("limit", f"an archive inside {depth} others: not opened", stage="limit")
            else:
                try:
                    place = self._unpacked(source, entry, prefix)
                    inner = open_source(
                        place,
                        work=self.work,
                        limits=self.run.options.limits,
                        passwords=self.run.options.passwords,
                        name=Path(entry.path).name,
                        budget=getattr(source, "budget", None),
                    )
                except (SourceError, MemberError, OSError) as error:
                    problem = Problem("damaged", f"an archive that cannot be opened: {error}", stage="open")
            if problem:
                self._record(prefix, path, problem)
                continue
            self._sources.append(inner)
            yield self._jobs(place, inner, path, prefix, depth + 1, job.source["listing"])

    def _unpacked(self, source: Source, entry: Entry, prefix: str) -> Path:
        """An archive inside the evidence as a file on disk: where it lies, or a private copy."""
        place = source.local(entry)
        if place is None:
            place = self.work / f"archive-{prefix}bin"
            file = File(entry, source, self.work)
            try:
                file.save(place)
            finally:
                file.close()
        return place

    def _record(self, prefix: str, path: str, problem: Problem) -> None:
        """A problem that the loop itself met, as a job of its own with no file."""
        skipped = Skipped(path, problem.kind, problem.message)
        top = self._plans[0]
        job = Job(f"{prefix}00000", self._spec(self.place, "", [top.listing], top), (skipped,))
        known = self._known(job)
        if known:
            self._count(job, known)
        else:
            self._commit(job, self._submit(job).result())

    def _digest(self) -> dict[str, Any]:
        """Hashes by which the evidence can be known again: of the list of its files, and of the archive or file itself."""
        import pyarrow.parquet as pq

        parts = sorted((self.run.store.tables / "files").glob(f"{self.label}--*.parquet"))
        found: list[tuple[str, str | None]] = []
        size = 0
        for part in parts:
            rows = pq.ParquetFile(part).read(columns=["path", "file", "size"]).to_pylist()  # read_table imports pandas
            found += [(row["path"], row["file"]) for row in rows]
            size += sum(row["size"] or 0 for row in rows if "!/" not in row["path"])
        lines = sorted(f"{sha256 or '-'}  {path}\n" for path, sha256 in found)
        listing = hashlib.sha256("".join(lines).encode()).hexdigest()
        digest = {"files": len(lines), "bytes": size, "listing_sha256": listing}
        if self.source.kind == "file":
            digest["sha256"] = dict(found)[next(iter(self.source.walk())).path]
        elif self.place.is_file():
            with open_untouched(self.place.resolve()) as stream:
                digest["sha256"] = digest_copy(stream).sha256
        return digest
