"""Evidence in, case out: `ingest`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.intake.loop import Options, Summary, ingest

__all__ = ["Options", "Summary", "ingest"]


def __getattr__(name: str) -> object:
    """The loop is not for the worker processes, which live in this package too and start often."""
    if name not in __all__:
        raise AttributeError(f"module 'forensics.intake' has no attribute {name!r}")
    from forensics.intake import loop

    return getattr(loop, name)
