"""The process in which files are read: it takes jobs as JSON lines, and says what came of them.

`python -m forensics.intake.worker` reads jobs from standard input and writes their outcomes to standard output; whatever else
is printed goes nowhere. The number of the item that it is at stands in the file that the job names as its mark (`WRITING`: all
are read, rows are being written). It ends with its input, in the middle of a job too: whoever gave the job is gone then, and
another run may be about to do it again.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from forensics.evidence.file import File
from forensics.evidence.limits import Limits
from forensics.evidence.open import open_source
from forensics.evidence.source import Entry, Skipped, Source
from forensics.intake.attached import Attached
from forensics.intake.collect import Collector, Origin
from forensics.intake.job import Job, Outcome
from forensics.intake.plan import Listing
from forensics.intake.read import Reading, lost, skipped
from forensics.intake.write import PartWriter, StoreError, room
from forensics.plugins import Registry

MEMORY = 2 << 30  # bytes that reading may take on top of what the process starts with
WRITING = -1  # in the place of an item number
SOFT = 0.8  # share of a file's time after which queries end by themselves and keep what they have


class Worker:
    """Does jobs one after the other; keeps plug-ins and the source open between them."""

    def __init__(self) -> None:
        self._registry: tuple[Any, Registry] | None = None
        self._source: tuple[Any, Source] | None = None

    def run(self, order: dict[str, Any], begin: Callable[[int], None]) -> Outcome:
        """Do a job: `order` holds the job, the folders to use, and the faults of earlier tries by item number."""
        job = Job.from_dict(order["job"])
        spec = job.source
        outcome = Outcome(job.id)
        writer = PartWriter(Path(order["tables"]), f"{spec['label']}--{job.id}")
        files: list[tuple[Origin, dict[str, Any] | None]] = []
        readings: list[Reading] = []
        try:
            with closing(Listing(Path(spec["plan"]))) as listing:
                collector = Collector(writer, spec["timezone"], Attached(listing.named, spec["prefix"]))
                with room(), _scratch(order["work"]) as scratch:
                    for number, item in enumerate(job.items):
                        begin(number)
                        fault = order["faults"].get(str(number))
                        if isinstance(item, Skipped):
                            files.append((skipped(item, spec["label"], spec["prefix"]), None))
                        elif fault:
                            files.append(lost(item, spec["label"], spec["prefix"], fault))
                        else:
                            reading = self._read(item, spec, scratch, listing, collector)
                            readings.append(reading)
                            files.append((reading.origin, None))
                            if reading.archive:
                                outcome.nested[str(number)] = reading.archive
                begin(WRITING)
                collector.flush()
                rows = {id(reading.origin): reading.cells() for reading in readings}
                files = [(origin, rows.get(id(origin), cells)) for origin, cells in files]
                collector.finish(files)
                outcome.parts = writer.finish()
        except StoreError as error:
            writer.abandon()
            outcome.stop = str(error)
        for _, cells in files:
            if cells:
                outcome.statuses[cells["status"]] = outcome.statuses.get(cells["status"], 0) + 1
        outcome.rows = writer.rows
        outcome.bytes = job.size
        return outcome

    def _read(
        self,
        entry: Entry,
        spec: dict[str, Any],
        scratch: Path,
        listing: Listing,
        collector: Collector,
    ) -> Reading:
        file = File(
            entry,
            self._open(spec),
            scratch,
            evidence=spec["label"],
            prefix=spec["prefix"],
            find=listing.entry,
            passwords=tuple(spec["unlock"]["passwords"]),
            keys=tuple(bytes.fromhex(key) for key in spec["unlock"]["keys"]),
            timezone=spec["timezone"],
            deadline=time.monotonic() + SOFT * seconds(entry.size, spec["seconds"]),
            deleted=spec["deleted"],
        )
        try:
            reading = Reading(file, self._parsers(spec), collector)
            reading.run()
        finally:
            file.close()
        return reading

    def _parsers(self, spec: dict[str, Any]) -> Registry:
        key = spec["plugins"], spec["versions"]
        if self._registry is None or self._registry[0] != key:
            self._registry = key, Registry(spec["plugins"])
        return self._registry[1]

    def _open(self, spec: dict[str, Any]) -> Source:
        key = spec["path"], spec["spool"], spec["listing"]
        if self._source is None or self._source[0] != key:
            if self._source:
                self._source[1].close()
            limits = Limits(**spec["limits"])
            passwords = tuple(spec["unlock"]["passwords"])
            source = open_source(Path(spec["path"]), work=Path(spec["spool"]), limits=limits, passwords=passwords)
            self._source = key, source
        return self._source[1]


def seconds(size: int, base: float) -> float:
    """The time a file may take: `base`, and two seconds a megabyte."""
    return base + 2 * size / 1_000_000


@contextmanager
def _scratch(work: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="job-", dir=work) as folder:
        yield Path(folder)


def limit_memory(extra: int = MEMORY) -> None:
    """Let this process take no more than `extra` bytes on top of what it has (where the system can do that)."""
    try:
        import resource
    except ImportError:  # Windows: the time limit and the size limits of the doors still hold
        return
    try:
        with open("/proc/self/statm") as stream:
            has = int(stream.read().split()[0]) * resource.getpagesize()
    except OSError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (has + extra, has + extra))


class WithoutPandas:
    """Keeps pandas out of this process: pyarrow imports it wherever it finds it, which costs 0.5 s and 35 MiB for nothing."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Refuse pandas, and leave the rest to others."""
        if name == "pandas":
            raise ModuleNotFoundError("parsers do without pandas", name=name)


def main() -> None:
    """Take jobs until the input ends."""
    import pyarrow as pa

    sys.meta_path.insert(0, WithoutPandas())
    orders = os.fdopen(os.dup(0), encoding="utf-8")
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    limit_memory()
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders, waiting), daemon=True).start()
    worker = Worker()
    while True:
        order = json.loads(waiting.get())
        with open(order["mark"], "wb", buffering=0) as mark:
            outcome = worker.run(order, partial(_begin, mark))
        events.write(json.dumps(outcome.to_dict()) + "\n")
        events.flush()


def _listen(orders: TextIO, waiting: queue.SimpleQueue[str]) -> None:
    for line in orders:
        waiting.put(line)
    os._exit(0)


def _begin(mark: BinaryIO, number: int) -> None:
    """Leave the number of the item where the parent finds it when this process hangs or dies."""
    mark.seek(0)
    mark.write(number.to_bytes(4, "little", signed=True))


if __name__ == "__main__":
    main()
