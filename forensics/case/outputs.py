"""Enters what the toolkit puts into a case besides tables into its ledger: notebooks, reports, exports."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from forensics.case.store import Store


def note(store: Store, action: str, files: Iterable[Path], **fields: Any) -> None:
    """Write a line `action` with the hashes of the files; one outside the case goes in with its name only."""
    hashes = {}
    for file in files:
        own = file.is_relative_to(store.root)
        name = file.relative_to(store.root).as_posix() if own else f"(outside) {file.name}"
        hashes[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    inside = {name: digest for name, digest in hashes.items() if not name.startswith("(outside)")}
    outside = {name: digest for name, digest in hashes.items() if name not in inside}
    with store.writing() as pen:
        pen.write(action, files_sha256=inside, **({"written_outside": outside} if outside else {}), **fields)
