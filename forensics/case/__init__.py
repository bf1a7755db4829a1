"""A case: the folder on the examiner's disk that holds tables, ledger and notebooks, opened for analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.case.store import CaseError

if TYPE_CHECKING:
    from forensics.case.case import Case, open_case

__all__ = ["Case", "CaseError", "open_case"]


def __getattr__(name: str) -> object:
    """`Case` and `open_case` bring pandas with them, which those who only write to a case do without."""
    if name not in __all__:
        raise AttributeError(f"module 'forensics.case' has no attribute {name!r}")
    from forensics.case import case

    return getattr(case, name)
