"""The whole contract between the core and its plug-ins.

A plug-in is a module. It hands objects over once, at start; no hook is called for a file or a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.parsers import Parser
    from forensics.tables.table import Table

GROUP = "forensics"

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def forensics_parsers() -> list[Parser]:  # type: ignore[empty-body]
    """Parsers of this plug-in: functions made with `@parser`."""


@hookspec
def forensics_tables() -> list[Table]:  # type: ignore[empty-body]
    """Tables of this plug-in's own, for records that no table of the core fits."""


@hookspec
def forensics_views() -> dict[str, Callable]:  # type: ignore[empty-body]
    """Views by name: functions from a dataframe to something a notebook can show."""
