"""What could not be read of many alike values: one problem a reason, with how many there are and the first of them."""

from __future__ import annotations

from collections.abc import Iterator

from forensics import Problem

MAX_REASONS = 200


class Unread:
    """Counts reasons. Rows stay: each says in `raw_kind` what it is, so that all of them can be found."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], list[str | int]] = {}

    def note(self, kind: str, reason: str, record: str, detail: str = "") -> None:
        """One more value with a reason why it was not read. `detail`: its bytes, kept of the first."""
        if len(self.found) >= MAX_REASONS and (kind, reason) not in self.found:
            reason = "other reasons"
        entry = self.found.setdefault((kind, reason), [0, record, detail])
        entry[0] = int(entry[0]) + 1

    def problems(self) -> Iterator[Problem]:
        """One problem a reason, in the order in which they were met."""
        for (kind, reason), (count, record, detail) in self.found.items():
            words = "once" if count == 1 else f"{count:,} times, first in the record named here"
            yield Problem(kind, f"{reason} ({words})", record=str(record), detail=str(detail) or None)
