"""Whether a case is what the ledger says it is, and the evidence what it was when it was read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics.case.ledger import FIRST, jobs
from forensics.case.store import NAME, Store, file_hash, spelled


@dataclass(frozen=True)
class Finding:
    """Something that was looked at. `place`: file of the case, or of the evidence. `fault`: None if it is as it should be.

    `grave` is false for what is allowed to change, such as an examiner's own notebook.
    """

    place: str
    fault: str | None
    grave: bool = True


def verify(place: str | Path, sources: Iterable[str | Path] = ()) -> Iterator[Finding]:
    """Look at the ledger's chain, each table file, `case.json`, what lies beside them; and the evidence, where it is given.

    Raises `CaseError` where there is no case, `SourceError` where evidence cannot be opened.
    """
    root = Path(place).expanduser().absolute()
    store = Store(root) if (root / NAME).exists() or (root / "ledger.jsonl").exists() else Store.find(place)
    entries = []
    fault = None
    for entry, fault in store.ledger.check():
        if fault:
            break
        entries.append(entry)
    yield Finding("ledger.jsonl", fault or (None if entries else "the ledger is missing or empty"))
    yield from _case_file(store, entries)
    yield from _parts(store, entries)
    yield from _others(store, entries)
    for source in sources:
        yield from _evidence(store, entries, Path(source))


def head(entries: list[dict[str, Any]]) -> str:
    """The hash that stands for the whole ledger."""
    return str(entries[-1]["hash"]) if entries else FIRST


def _case_file(store: Store, entries: list[dict[str, Any]]) -> Iterator[Finding]:
    expected = [entry["sha256"] for entry in entries if entry["action"] == "case"]
    found = file_hash(store.root / NAME)
    if found is None:
        yield Finding(NAME, "is missing")
    elif not expected or found != expected[-1]:
        yield Finding(NAME, "is not as the ledger says: it was edited")
    else:
        yield Finding(NAME, None)


def _parts(store: Store, entries: list[dict[str, Any]]) -> Iterator[Finding]:
    expected = committed(entries)
    for name, part in sorted(expected.items()):
        found = file_hash(store.tables / name)
        if found is None:
            yield Finding(f"tables/{name}", "is missing")
        else:
            yield Finding(
                f"tables/{name}", None if found == part["sha256"] else "is not as the ledger says: it was changed"
            )
    there = {p.relative_to(store.tables).as_posix() for p in store.tables.rglob("*") if p.is_file()}
    for name in sorted(there - expected.keys()):
        unfinished = name.endswith(".tmp")
        fault = (
            "is left of a run that was killed: run the same ingest again"
            if unfinished
            else "is not known to the ledger"
        )
        yield Finding(f"tables/{name}", fault)


def committed(entries: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The table files that the ledger knows, with hash and rows; see `jobs`."""
    return {name: part for entry in jobs(entries).values() for name, part in entry["parts"].items()}


def _others(store: Store, entries: list[dict[str, Any]]) -> Iterator[Finding]:
    """Notebooks, reports and exports: what the ledger has a hash of."""
    known: dict[str, tuple[str, str]] = {}
    for entry in entries:
        for name, digest in entry.get("files_sha256", {}).items():
            known[name] = (digest, entry["action"])
    for name, (digest, action) in sorted(known.items()):
        found = file_hash(store.root / name)
        if found is None:
            yield Finding(name, f"is missing (made by: {action})", grave=False)
        elif found != digest:
            notebook = name.endswith(".ipynb")
            fault = (
                "was edited since it was copied here" if notebook else f"was changed since it was made (by: {action})"
            )
            yield Finding(name, fault, grave=not notebook)
        else:
            yield Finding(name, None)


def _evidence(store: Store, entries: list[dict[str, Any]], source: Path) -> Iterator[Finding]:
    from forensics.evidence.listing import listing

    place = source.expanduser().absolute()
    read = [e for e in entries if e["action"] == "evidence"]
    mine = [e for e in read if e["path"] == spelled(place)] or [e for e in read if e["name"] == spelled(place.name)]
    if not mine:
        yield Finding(str(source), "is no evidence of this case")
        return
    label = mine[-1]["label"]
    expected = _recorded(store, label)
    with tempfile.TemporaryDirectory(prefix="forensics-verify-") as work:
        found = dict(listing(place, Path(work)))
    for path in sorted(expected.keys() | found.keys()):
        name = f"{label}: {path}"
        if path not in found:
            yield Finding(name, "is missing from the evidence")
        elif path not in expected:
            yield Finding(name, "is new in the evidence")
        elif expected[path] is not None and found[path] != expected[path]:
            yield Finding(name, "has changed since it was read")
        else:
            yield Finding(name, None)


def _recorded(store: Store, label: str) -> dict[str, str | None]:
    """Path and SHA-256 of each file of the evidence, as it was read; files inside nested archives are part of theirs."""
    import pyarrow.parquet as pq

    found: dict[str, str | None] = {}
    for part in sorted((store.tables / "files").glob(f"{label}--*.parquet")):
        for row in pq.ParquetFile(part).read(columns=["path", "file"]).to_pylist():
            if "!/" not in row["path"]:
                found[row["path"]] = row["file"]
    return found
