"""The ledger of a case: an append-only file of JSON lines, each carrying the hash of the line before.

An edited, missing or inserted line breaks the chain at a place that `check` names. A chain alone does not stop somebody who
rewrites all of it: the hash of the last line (`head`) goes into reports, where it can be signed or time-stamped.
"""

from __future__ import annotations

import errno
import getpass
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FIRST = "0" * 64


class LedgerError(Exception):
    """The ledger does not hold together; the message names the line."""


class Ledger:
    """Reads and appends to `ledger.jsonl`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[dict[str, Any]]:
        """All entries, checked; raises `LedgerError` at the first line that does not hold."""
        found = []
        for entry, fault in self.check():
            if fault:
                raise LedgerError(fault)
            found.append(entry)
        return found

    def check(self) -> Iterator[tuple[dict[str, Any], str | None]]:
        """Each entry with what is wrong with it (None: nothing). A fault ends the chain, so it is the last."""
        previous, number = FIRST, 0
        for number, line in enumerate(self._lines(), start=1):
            try:
                entry = json.loads(line)
                said = entry.pop("hash")
            except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
                yield {}, f"ledger line {number} is not readable"
                return
            if entry.get("prev") != previous or entry.get("seq") != number:
                yield (
                    entry,
                    f"ledger line {number} does not follow the line before it: a line was removed, added or edited",
                )
                return
            if _hash(entry) != said or line != _line({**entry, "hash": said}):
                yield entry, f"ledger line {number} was edited"
                return
            previous = said
            yield {**entry, "hash": said}, None
        if self.torn:
            yield (
                {},
                f"ledger line {number + 1} is unfinished: an ingest was killed while it wrote; run the same ingest again",
            )

    @property
    def head(self) -> str:
        """The hash of the last line."""
        last = FIRST
        for entry, fault in self.check():
            if fault:
                raise LedgerError(fault)
            last = entry["hash"]
        return last

    @property
    def torn(self) -> bool:
        """Whether the last line is unfinished."""
        try:
            with self.path.open("rb") as stream:
                stream.seek(0, os.SEEK_END)
                if stream.tell() == 0:
                    return False
                stream.seek(-1, os.SEEK_END)
                return stream.read() != b"\n"
        except FileNotFoundError:
            return False

    def open(self) -> Pen:
        """Open for appending; an unfinished last line (a killed run) is taken off first, and that is noted."""
        removed = 0
        if self.torn:
            with self.path.open("rb+") as stream:
                data = stream.read()
                keep = data.rfind(b"\n") + 1
                removed = len(data) - keep
                stream.truncate(keep)
        entries = self.entries()
        pen = Pen(self.path, entries[-1]["seq"] if entries else 0, entries[-1]["hash"] if entries else FIRST)
        if removed:
            pen.write("repaired", removed_bytes=removed, reason="the last line was unfinished")
        return pen

    def _lines(self) -> Iterator[str]:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return
        for line in data[: data.rfind(b"\n") + 1].split(b"\n")[:-1]:
            yield line.decode("utf-8", "replace")


class Pen:
    """Appends entries; each is on the disk when `write` returns."""

    def __init__(self, path: Path, seq: int, prev: str) -> None:
        self._stream = path.open("ab", buffering=0)
        self._size = self._stream.tell()
        self.seq = seq
        self.head = prev

    def write(self, action: str, **fields: Any) -> dict[str, Any]:
        """Append an entry: what was done, by whom, when, and the fields. It is there as a whole, or (it raised) not at all."""
        entry = {
            "seq": self.seq + 1,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "by": _user(),
            "action": action,
            **fields,
            "prev": self.head,
        }
        entry["hash"] = _hash(entry)
        data = (_line(entry) + "\n").encode("utf-8")
        size = self._size + len(data)
        try:
            if self._stream.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._stream.fileno())
        except BaseException:  # a full disk, or Ctrl-C: what follows must not stand behind half a line
            self._stream.truncate(self._size)
            raise
        self.seq, self.head, self._size = entry["seq"], entry["hash"], size
        return entry

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def jobs(entries: Iterable[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The lines of the jobs that count, by evidence and id: the last of each, unless it was dropped since."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        if entry["action"] == "job":
            found[entry["evidence"], entry["job"]] = entry
        elif entry["action"] == "dropped":
            for job in entry["jobs"]:
                found.pop((entry["evidence"], job), None)
    return found


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _hash(entry: dict[str, Any]) -> str:
    return hashlib.sha256(_line(entry).encode("utf-8", "surrogatepass")).hexdigest()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
