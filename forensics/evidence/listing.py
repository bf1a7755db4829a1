"""The files of a piece of evidence with their hashes, without reading them any further."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from forensics.evidence.hashing import digest_copy
from forensics.evidence.open import open_source
from forensics.evidence.source import Entry, MemberError


def listing(place: Path, work: Path) -> Iterator[tuple[str, str | None]]:
    """Path and SHA-256 of each file, in order; None where the file cannot be opened. Raises `SourceError`."""
    work.mkdir(parents=True, exist_ok=True)
    source = open_source(place, work=work)
    try:
        for item in source.walk():
            if isinstance(item, Entry):
                try:
                    with source.open(item) as stream:
                        yield item.path, digest_copy(stream).sha256
                except MemberError:
                    yield item.path, None
    finally:
        source.close()
