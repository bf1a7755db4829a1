"""The folder of a case: `case.json`, the ledger, the tables, and who may write to it at a time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics import __version__
from forensics.case.ledger import Ledger, Pen

SCHEMA = 1  # version of the layout of a case; a higher one was made by a newer toolkit
NAME = "case.json"


class CaseError(Exception):
    """A case cannot be opened or written; the message says what to do next."""


class Store:
    """The files of a case. `root`: its folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.tables = root / "tables"
        self.work = root / ".work"
        self.ledger = Ledger(root / "ledger.jsonl")

    @classmethod
    def find(cls, place: str | Path) -> Store:
        """The case at `place` or above it. Raises `CaseError`."""
        here = Path(place).expanduser().absolute()
        for folder in (here, *here.parents):
            if (folder / NAME).is_file():
                store = cls(folder)
                store.read()
                return store
        what = "there is no such folder" if not here.exists() else "there is no case.json in it, nor above it"
        raise CaseError(f"{place} is no case: {what}. Make one with: forensics ingest {place} EVIDENCE")

    @classmethod
    def make(cls, place: str | Path) -> Store:
        """The case at `place`, made if it is not there yet. Raises `CaseError`."""
        root = Path(place).expanduser().absolute()
        store = cls(root)
        try:
            if root.exists() and not root.is_dir():
                raise CaseError(f"{place} is a file: name a folder for the case")
            if (root / NAME).exists():
                store.read()
            elif root.exists() and any(root.iterdir()) and not store.ledger.path.exists():
                raise CaseError(f"{place} is a folder with other things in it: name a new folder for the case")
            for folder in (root, store.tables, store.work):
                folder.mkdir(parents=True, exist_ok=True)
            os.chmod(store.work, 0o700)
        except OSError as error:
            raise CaseError(f"the case {place} cannot be written: {error.strerror}") from error
        return store

    def read(self) -> dict[str, Any]:
        """What `case.json` says. Raises `CaseError`."""
        path = self.root / NAME
        try:
            said = json.loads(path.read_bytes())
            newer = said["schema"] > SCHEMA
            _ = newer or (said["name"], said["evidence"])
        except FileNotFoundError:
            return {"name": self.root.stem, "schema": SCHEMA, "evidence": []}
        except OSError as error:
            raise CaseError(f"{path} cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise CaseError(f"{path} is damaged: run `forensics verify {self.root}` to see what else is") from error
        if newer:
            raise CaseError(
                f"{self.root} was made by a newer toolkit (layout {said['schema']}, this one knows {SCHEMA}): update the toolkit"
            )
        return said

    def write(self, said: dict[str, Any], pen: Pen) -> None:
        """Replace `case.json`, after its hash has gone into the ledger."""
        said = {"created_at": datetime.now(UTC).isoformat(timespec="seconds"), **said, "toolkit": __version__}
        text = json.dumps(said, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        data = text.encode("utf-8")
        pen.write("case", sha256=hashlib.sha256(data).hexdigest())
        unfinished = self.root / (NAME + ".tmp")
        with unfinished.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(self.root / NAME)

    @contextmanager
    def writing(self) -> Iterator[Pen]:
        """Write alone: a second writer is refused with `CaseError`. Gives the ledger's pen."""
        lock = _lock(self.root / ".lock")
        try:
            try:
                pen = self.ledger.open()
            except OSError as error:
                raise CaseError(f"the case {self.root} cannot be written: {error.strerror}") from error
            try:
                yield pen
            finally:
                pen.close()
        finally:
            lock.close()

    def clear_work(self) -> None:
        """Take away what is left of the work area."""
        shutil.rmtree(self.work, ignore_errors=True)


def file_hash(path: Path) -> str | None:
    """SHA-256 of a file, hex; None where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def spelled(path: Path | str) -> str:
    """A path or name as JSON can hold it: bytes that are no UTF-8 are written as `\\udcXX`."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def _lock(path: Path) -> Any:
    """Hold the file locked for as long as it is open: the system lets go of it when the process dies, however it dies."""
    try:
        stream = path.open("a+")
    except OSError as error:
        raise CaseError(f"the case {path.parent} cannot be written: {error.strerror}") from error
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        stream.close()
        raise CaseError(f"another command is writing to the case {path.parent}: wait until it has ended") from None
    return stream
