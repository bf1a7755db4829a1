"""Values out of a database, JSON or an archive, which may hold anything in place of what belongs there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from forensics import File
from forensics.evidence.file import DocumentError

MAX_DEPTH = 64


def mapping(value: Any) -> dict[str, Any]:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """A list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none of anything else."""
    return [item for item in sequence(value) if isinstance(item, dict)]


def at(value: Any, *keys: str) -> Any:
    """The value under nested keys; None where the way there is missing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def string(value: Any) -> str | None:
    """A text, the empty one too; None for anything else."""
    return value if isinstance(value, str) else None


def words(value: Any) -> str | None:
    """A text that is not empty; None for anything else."""
    return value if isinstance(value, str) and value else None


def visible(value: Any) -> str | None:
    """A text that shows something; None for anything else."""
    return value if isinstance(value, str) and value.strip() else None


def is_time(value: Any) -> bool:
    """Whether a count since an epoch is set: 0 and what lies before it are not."""
    return isinstance(value, int | float) and value > 0


def instant(text: Any) -> datetime | None:
    """ISO 8601 text with any number of digits behind the second; without a zone it is UTC. None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def loaded(stored: Any) -> Any:
    """What a cell holds as JSON text; None where it holds none."""
    try:
        return json.loads(stored, parse_constant=lambda name: None) if isinstance(stored, str) and stored else None
    except (ValueError, RecursionError):
        return None


def too_deep(value: Any) -> bool:
    """Whether JSON is nested deeper than any app has reason to."""
    level = [value]
    for _ in range(MAX_DEPTH):
        nested = (v for v in level if isinstance(v, dict | list))
        level = [inner for v in nested for inner in (v.values() if isinstance(v, dict) else v)]
        if not level:
            return False
    return True


def beside(file: File, path: str) -> dict[str, Any]:
    """The object in the JSON file at that path from this one; an empty one where there is none, or it cannot be read."""
    other = file.sibling(path)
    try:
        return mapping(other.json()) if other else {}
    except DocumentError:
        return {}


def given(**found: Any) -> dict[str, Any] | None:
    """What is set of some values."""
    return {name: value for name, value in found.items() if value not in (None, "")} or None


def as_json(found: Mapping[str, Any]) -> str | None:
    """What is set of some values, as JSON text."""
    kept = {name: value for name, value in found.items() if value not in (None, "", [], {})}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str) if kept else None
