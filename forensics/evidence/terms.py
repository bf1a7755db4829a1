"""What the examiner gives along with a piece of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from forensics.evidence.limits import Budget, Limits


@dataclass(frozen=True)
class Terms:
    """work: a private folder of ours for what has to be unpacked. budget: shared with the archive around this one.

    name: what to call the evidence, None for the name of its path.
    """

    work: Path
    limits: Limits
    budget: Budget
    passwords: Sequence[str] = ()
    name: str | None = None
