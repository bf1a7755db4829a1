"""Hash and copy from one read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from forensics.evidence.source import DamagedMember, MemberError

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Digest:
    """sha256 and md5 in hex over `size` bytes; with a `fault` these are the bytes up to where reading ended."""

    sha256: str
    md5: str
    size: int
    fault: MemberError | None = None


def digest_copy(stream: BinaryIO, target: BinaryIO | None = None) -> Digest:
    """Read to the end once, hashing, and writing to `target` if given. Errors of `target` are raised as they are."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    size, fault = 0, None
    while True:
        try:
            chunk = stream.read(CHUNK)
        except MemberError as error:
            fault = error
            break
        except OSError as error:
            fault = DamagedMember(f"reading stopped after {size:,} bytes: {error.strerror or error}")
            break
        if not chunk:
            break
        sha256.update(chunk)
        md5.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return Digest(sha256.hexdigest(), md5.hexdigest(), size, fault)
