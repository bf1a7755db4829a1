"""Views that plug-ins bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


def plugged(files: Iterable[str | Path] = ()) -> dict[str, Callable[..., Any]]:
    """The views of all plug-ins by name, those of drop-in `files` too: `views.plugged()["my_view"](case.messages)`."""
    from forensics.plugins import Registry

    return Registry(files).views()
