"""How much evidence may grow while it is read. The bytes that come out are counted, never what a header declares."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from forensics.evidence.source import LimitReached

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """All sizes in bytes. `total` None stands for ten times the free space of the work folder."""

    members: int = 1_000_000
    depth: int = 8
    """archives inside archives, counted by the caller"""
    ratio: int = 200
    """bytes out for one byte in, looked at after `ratio_after` bytes have come out"""
    ratio_after: int = 10 * MIB
    member: int = 256 * GIB
    total: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Budget:
    """Bytes that may still come out of the compressed parts of one piece of evidence; shared with archives inside it."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.left = total

    @classmethod
    def of(cls, limits: Limits, work: Path) -> Budget:
        return cls(10 * shutil.disk_usage(work).free if limits.total is None else limits.total)


def metered(
    chunks: Iterator[bytes], limits: Limits, stored: Callable[[], int], *, most: int, budget: Budget | None
) -> Iterator[bytes]:
    """Pass the chunks on until a limit is reached, then raise LimitReached.

    stored: how many bytes have gone in so far. most: bytes that may come out here. budget: None where nothing expands.
    """
    produced = 0
    for chunk in chunks:
        left = most - produced if budget is None else min(most - produced, budget.left)
        passed = chunk[:left]
        produced += len(passed)
        if budget:
            budget.left -= len(passed)
        yield passed
        if len(chunk) > left and budget and not budget.left:
            raise LimitReached(f"the evidence expands to more than {budget.total:,} bytes: limit `total` reached")
        if len(chunk) > left:
            raise LimitReached(f"more than {most:,} bytes: limit `member` reached")
        if produced > limits.ratio_after and produced > limits.ratio * max(stored(), 1):
            raise LimitReached(f"expands more than {limits.ratio} times: limit `ratio` reached at {produced:,} bytes")
