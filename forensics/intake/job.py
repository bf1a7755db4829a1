"""The unit of work: a run of files of one piece of evidence, and what came of it. All of it is JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from forensics.evidence.source import Entry, Skipped

FILES = 200  # files a job holds at the most
NOT_IN_KEY = (
    "path",
    "plan",
    "spool",
    "plugins",
    "unlock",
)  # a hash of a weak password in the ledger would give it away
BYTES = 64 << 20  # bytes a job holds at the most, unless one file has more


@dataclass(frozen=True)
class Job:
    """Files to read, in the order of the evidence. The cut into jobs depends on the evidence alone, never on the workers.

    `id`: place in the evidence, `00012`, or `00012-001.00003` inside the archive that file 1 of job 12 is. `source`: what a
    worker needs to open and read the source; `listing` in it stands for all that the source holds. `items`: entries, and what
    the source had to leave out.
    """

    id: str
    source: dict[str, Any]
    items: tuple[Entry | Skipped, ...]

    @property
    def size(self) -> int:
        """Bytes, as the source declares them."""
        return sum(item.size for item in self.items if isinstance(item, Entry))

    @property
    def files(self) -> int:
        """Files in it."""
        return sum(isinstance(item, Entry) for item in self.items)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        items = [["file" if isinstance(i, Entry) else "skipped", i.to_dict()] for i in self.items]
        return {"id": self.id, "source": self.source, "items": items}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Job:
        """From JSON."""
        makers: dict[str, Callable[..., Entry | Skipped]] = {"file": Entry.from_dict, "skipped": Skipped.from_dict}
        items = tuple(makers[kind](item) for kind, item in data["items"])
        return cls(data["id"], data["source"], items)

    @property
    def key(self) -> str:
        """Identifies what the outcome depends on: a job with a known key need not be done again.

        That is the whole list of the source, not the job's own files: a database is read with what lies beside it.
        """
        given = {k: v for k, v in self.source.items() if k not in NOT_IN_KEY}
        return hashlib.sha256(json.dumps([self.id, given], sort_keys=True).encode()).hexdigest()


@dataclass
class Outcome:
    """What came of a job.

    `parts`: files of the case, by name below `tables/`, with hash and rows. `nested`: numbers of the items that are archives
    themselves, with their kind. `statuses`: files by status. `rows`: rows by table. `bytes`: as the source declares them.
    `stop`: why the case could not be written, if so.
    """

    id: str
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    nested: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    stop: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @property
    def problems(self) -> int:
        """Problems recorded."""
        return self.rows.get("problems", 0)


def cut(items: Iterable[Entry | Skipped]) -> Iterator[tuple[Entry | Skipped, ...]]:
    """Cut a walk into runs of at most `FILES` files and `BYTES` bytes."""
    run: list[Entry | Skipped] = []
    size = 0
    for item in items:
        more = item.size if isinstance(item, Entry) else 0
        if run and (len(run) == FILES or size + more > BYTES):
            yield tuple(run)
            run, size = [], 0
        run.append(item)
        size += more
    if run:
        yield tuple(run)
