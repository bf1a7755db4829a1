"""Evidence in, case out: `ingest`."""

from forensics.intake.loop import Options, Summary, ingest

__all__ = ["Options", "Summary", "ingest"]
