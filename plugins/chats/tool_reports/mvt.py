"""What reports of MVT (Mobile Verification Toolkit) have in common: a list of records, and `info.json` beside them."""

from __future__ import annotations

import re

from forensics import File
from forensics.evidence.file import DocumentError

START = re.compile(r"\s*\[\s*\{")
KEY = re.compile(r'"(\w+)"\s*:')


def first_keys(file: File) -> set[str]:
    """Keys that appear in the beginning of a list of objects; none for another kind of file."""
    start = file.head.decode("utf-8", "replace")
    return set(KEY.findall(start)) if START.match(start) else set()


def tool(file: File) -> str:
    """The tool and its version, which it writes into a file beside its reports (since 2.0)."""
    beside = file.sibling("info.json")
    try:
        told = beside.json() if beside else None
    except DocumentError:
        told = None
    version = told.get("mvt_version") if isinstance(told, dict) else None
    return f"MVT {version}" if isinstance(version, str) else "MVT"
