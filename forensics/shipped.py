"""Where the things lie that travel with the toolkit beside its code: template notebooks, sample evidence, the command."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def shipped(name: str) -> Path:
    """The folder `notebooks` or `sample_data`: of the checkout, or of the installed wheel. Raises `FileNotFoundError`."""
    places = (Path(__file__).parent.parent / name, Path(sys.prefix) / "share" / "forensics-toolkit" / name)
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(
        f"{name} did not come with this installation: install the toolkit again, or use a checkout of it"
    )


def command() -> str:
    """What to type for the command `forensics`: its path, where the virtual environment is not active."""
    own = Path(sys.executable).with_name("forensics.exe" if os.name == "nt" else "forensics")
    if shutil.which("forensics") or not own.exists():
        return "forensics"
    return os.path.relpath(own) if own.is_relative_to(Path.cwd()) else str(own)
