"""Where the things lie that travel with the toolkit beside its code: template notebooks and sample evidence."""

from __future__ import annotations

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
