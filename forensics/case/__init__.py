"""A case: the folder on the examiner's disk that holds tables, ledger and notebooks, opened for analysis."""

from forensics.case.case import Case, open_case
from forensics.case.store import CaseError

__all__ = ["Case", "CaseError", "open_case"]
