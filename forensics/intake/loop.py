"""The loop: evidence is walked, cut into jobs, read by workers, and committed to the case job by job.

A job is committed when its files lie in `tables/` and its line is in the ledger. A run that is killed at any moment goes on
when the same command is given again: jobs with a line are kept, all else is done again; the tables end up the same, byte by
byte.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics import __version__, times
from forensics.case.ledger import jobs
from forensics.case.store import NAME, CaseError, Store, file_hash, spelled
from forensics.evidence.file import File
from forensics.evidence.hashing import digest_copy
from forensics.evidence.limits import Limits
from forensics.evidence.open import open_source
from forensics.evidence.source import Entry, MemberError, Skipped, Source, SourceError
from forensics.evidence.untouched import open_untouched
from forensics.intake.isolated import end_all, run_job
from forensics.intake.job import Job
from forensics.intake.plan import Plan
from forensics.intake.progress import Progress
from forensics.intake.write import StoreError, room
from forensics.parsers import Problem
from forensics.plugins import PluginError, Registry

AHEAD = 3  # jobs a worker has waiting


@dataclass(frozen=True)
class Options:
    """How to read: what the examiner knows and wants.

    `timezone`: IANA zone of wall clocks without one. `passwords`, `keys`: tried where something is encrypted, never written
    down. `plugins`: drop-in modules. `workers`: processes; `scheduler`: address of a Dask cluster instead (its workers must see
    the case and the evidence under the same paths). `seconds`: time a file may take, plus two seconds a megabyte.
    """

    label: str | None = None
    timezone: str | None = None
    workers: int = 0
    scheduler: str | None = None
    passwords: tuple[str, ...] = ()
    keys: tuple[bytes, ...] = ()
    plugins: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    seconds: float = 60.0


@dataclass
class Summary:
    """What a run came to: `files` by status, `rows` by table (problems among them), the `labels` of the evidence in the order it
    was given; jobs `done`, and `kept` because they were there before."""

    case: Path
    files: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    kept: int = 0
    done: int = 0

    @property
    def problems(self) -> int:
        """Problems recorded."""
        return self.rows.get("problems", 0)

    def add(self, outcome: dict[str, Any]) -> None:
        """Count a job."""
        for mine, other in ((self.files, outcome["statuses"]), (self.rows, outcome["rows"])):
            for name, count in other.items():
                mine[name] = mine.get(name, 0) + count


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
    _check(case, given, wanted)
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


def _check(case: str | Path, sources: Sequence[str | Path], options: Options) -> None:
    """What can be known to be wrong before anything is written."""
    if not sources:
        raise ValueError("name the evidence: a folder, an archive or a file")
    if options.timezone:
        times.zone(options.timezone)
    if options.workers < 0:
        raise ValueError("workers: give a number of processes, 1 or more")
    if options.label is not None and len(sources) > 1:
        raise ValueError("a label names one piece of evidence: ingest the others with a command each")
    if options.label is not None and slug(options.label) != options.label:
        raise ValueError(
            f"label {options.label!r}: use letters, digits, '.', '_' and '-' only, e.g. {slug(options.label)}"
        )
    for path in options.plugins:
        _check_plugin(path)
    root = Path(case).expanduser().resolve()
    for source in sources:
        place = Path(source).expanduser().resolve()
        if not place.exists():
            raise SourceError(
                f"{source}: there is no such file or folder. Check the spelling, and that the disk is connected."
            )
        if place.is_dir() and (root == place or root.is_relative_to(place)):
            raise ValueError(f"the case {case} would lie inside the evidence {source}: keep them apart")


def _check_plugin(path: str) -> None:
    registry = Registry([path])
    name = Path(path).name
    reason = next((u.reason for u in registry.unavailable if u.origin.kind == "file"), None)
    if reason:
        raise PluginError(f"the plug-in {name} cannot be used: {reason}")
    mine = [
        known for known in registry.known if known.origin.kind == "file" and known.origin.path == Path(path).absolute()
    ]
    if not mine:
        raise PluginError(f"the plug-in {name} declares no parser: it needs a function with @parser(...)")
    try:
        for known in mine:
            registry.load(known)
    except PluginError as error:
        raise PluginError(f"the plug-in {name} cannot be used: {error}") from error


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
        self.versions = _versions(self.registry)
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
            with self._executor() as (executor, workers):
                for label, place, source in opened:
                    Piece(self, label, place, source, executor, workers).read()
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

    @contextmanager
    def _executor(self) -> Iterator[tuple[Executor, int]]:
        if self.options.scheduler:
            with _cluster(self.options.scheduler) as (executor, workers):
                yield executor, workers
            return
        workers = self.options.workers or cores()
        executor = ThreadPoolExecutor(workers, thread_name_prefix="forensics")
        try:
            yield executor, workers
        finally:
            end_all()  # lets threads that wait for a worker process go
            executor.shutdown(wait=True, cancel_futures=True)


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
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED) if waiting else (set(), set())
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
        lines, size = [], 0
        for part in parts:
            rows = pq.read_table(part, columns=["path", "file", "size"]).to_pylist()
            lines += [f"{row['file'] or '-'}  {row['path']}\n" for row in rows]
            size += sum(row["size"] or 0 for row in rows if "!/" not in row["path"])
        listing = hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
        digest = {"files": len(lines), "bytes": size, "listing_sha256": listing}
        if self.place.is_file():
            with open_untouched(self.place.resolve()) as stream:
                digest["sha256"] = digest_copy(stream).sha256
        return digest


def slug(name: str) -> str:
    """A name as a label: letters, digits, `.`, `_`, `-`."""
    return re.sub(r"[^\w.]+", "-", name, flags=re.ASCII).strip("-.")[:60]


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def software() -> dict[str, str]:
    """Versions of what the result depends on."""
    import sqlite3
    from importlib.metadata import PackageNotFoundError, version

    found = {"forensics-toolkit": __version__, "python": sys.version.split()[0], "sqlite": sqlite3.sqlite_version}
    for name in ("pyarrow", "pandas", "exifread", "python-magic", "tzdata", "adbc-driver-sqlite"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def _versions(registry: Registry) -> str:
    """What a job's result depends on besides its input."""
    parsers = sorted(f"{known.declaration.label}:{known.origin.sha256}" for known in registry.known)
    return hashlib.sha256("\n".join([str(software()), *parsers]).encode()).hexdigest()


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ImportError:
        raise ValueError("--scheduler needs Dask: install it with `pip install forensics-toolkit[cluster]`") from None
    try:
        client = Client(address, timeout="20s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ValueError(f"no Dask scheduler answers at {address}: {error}") from error
    try:
        threads = sum(client.nthreads().values())
        yield client.get_executor(pure=False, retries=2), max(threads, 1)
    finally:
        client.close()
