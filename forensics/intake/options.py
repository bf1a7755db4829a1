"""What a run of `ingest` is asked for, and what it came to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forensics import times
from forensics.evidence.limits import Limits
from forensics.evidence.source import SourceError
from forensics.plugins import PluginError, Registry


@dataclass(frozen=True)
class Options:
    """How to read: what the examiner knows and wants.

    `timezone`: IANA zone of wall clocks without one. `passwords`, `keys`: tried where something is encrypted, never written
    down. `plugins`: drop-in modules. `workers`: processes; `scheduler`: address of a Dask cluster instead (its workers must see
    the case and the evidence under the same paths). `seconds`: time a file may take, plus two seconds a megabyte.
    `deleted`: search databases for rows that were deleted or replaced, too.
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
    deleted: bool = True


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


def check(case: str | Path, sources: Sequence[str | Path], options: Options) -> None:
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


def slug(name: str) -> str:
    """A name as a label: letters, digits, `.`, `_`, `-`."""
    return re.sub(r"[^\w.]+", "-", name, flags=re.ASCII).strip("-.")[:60]
