"""Cases to report on: the sample evidence that comes with the toolkit, and one without any evidence."""

from pathlib import Path

import nbformat
import pytest

from forensics import ingest
from forensics.shipped import shipped

DEVICES = ("android_phone", "iphone", "laptop")


@pytest.fixture(scope="session")
def sample_case(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("cases") / "sample.case"
    ingest(place, [shipped("sample_data") / device for device in DEVICES], timezone="Europe/Podgorica")
    return place


@pytest.fixture(scope="session")
def empty_case(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    (folder / "nothing").mkdir()
    ingest(folder / "<img src=x onerror=alert(1)>.case", [folder / "nothing"])
    return folder / "<img src=x onerror=alert(1)>.case"


@pytest.fixture(autouse=True)
def own_signatures(monkeypatch, tmp_path):
    """Signatures of executed notebooks go into the test's own folder."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))


@pytest.fixture
def notebook(tmp_path):
    """Writes a notebook of code cells and gives its path."""

    def write(*sources, tags=()):
        cells = [nbformat.v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)]
        for cell, tag in zip(cells, tags, strict=False):
            cell.metadata["tags"] = [tag]
        path = tmp_path / "template.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return write
