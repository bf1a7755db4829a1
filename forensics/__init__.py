"""Digital forensics toolkit: exports of seized devices, read by plug-in parsers into one set of typed tables.

For examiners: `open_case`, `ingest`. For authors of parsers: `parser`, `hookimpl`, `Problem`, `File`, `Table`, `sqlite`.
Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOME = {
    "Case": "forensics.case",
    "File": "forensics.evidence.file",
    "Problem": "forensics.parsers",
    "Table": "forensics.tables.table",
    "hookimpl": "forensics.hookspecs",
    "ingest": "forensics.intake",
    "open_case": "forensics.case",
    "parser": "forensics.parsers",
}

if TYPE_CHECKING:
    from forensics.case import Case, open_case
    from forensics.evidence.file import File
    from forensics.hookspecs import hookimpl
    from forensics.intake import ingest
    from forensics.parsers import Problem, parser
    from forensics.tables.table import Table

__all__ = ["Case", "File", "Problem", "Table", "__version__", "hookimpl", "ingest", "open_case", "parser"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'forensics' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
