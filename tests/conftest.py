"""What tests share: the corpus of real files, where it is there."""

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files made by others; tests that need it are skipped where it is absent."""
    place = Path(os.environ.get("FORENSICS_CORPUS", ROOT.parent / "shared" / "corpus"))
    if not (place / "manifest.json").exists():
        pytest.skip("the corpus of real files is not here (set FORENSICS_CORPUS)")
    return place


@pytest.fixture(scope="session")
def manifest(corpus: Path) -> dict[str, dict]:
    """The entries of the corpus by id."""
    said = json.loads((corpus / "manifest.json").read_text("utf-8"))
    return {entry["id"]: entry for entry in said["entries"]}
