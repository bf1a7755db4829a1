"""Versions of what the result of a job depends on besides its input."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from importlib.metadata import PackageNotFoundError, version

from forensics import __version__
from forensics.plugins import Registry

PACKAGES = ("pyarrow", "pandas", "exifread", "python-magic", "tzdata", "adbc-driver-sqlite")


def software() -> dict[str, str]:
    """Versions of what the result depends on."""
    found = {"forensics-toolkit": __version__, "python": sys.version.split()[0], "sqlite": sqlite3.sqlite_version}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def fingerprint(registry: Registry) -> str:
    """One hash of all software versions and parsers."""
    parsers = sorted(f"{known.declaration.label}:{known.origin.sha256}" for known in registry.known)
    return hashlib.sha256("\n".join([str(software()), *parsers]).encode()).hexdigest()
