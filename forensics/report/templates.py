"""The template notebooks that come with the toolkit."""

from __future__ import annotations

from pathlib import Path

from forensics.shipped import shipped


def templates() -> list[Path]:
    """The template notebooks in the order of their names. Raises FileNotFoundError when the installation lacks them."""
    return sorted(shipped("notebooks").glob("*.ipynb"))


def template(name: str) -> Path:
    """One template by file name. Raises FileNotFoundError that lists the names there are."""
    found = {path.name: path for path in templates()}
    if name not in found:
        raise FileNotFoundError(f"no template notebook {name!r}; there are: {', '.join(found)}")
    return found[name]
