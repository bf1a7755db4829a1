from types import SimpleNamespace

import pytest

from forensics import tables
from forensics.views import overview


@pytest.fixture
def case(messages):
    import pyarrow as pa

    def frame(table, *rows):
        return pa.Table.from_pylist(list(rows), schema=table.schema).to_pandas()

    statuses = ["parsed", "parsed", "unknown", "encrypted"]
    frames = {
        "messages": messages,
        "calls": frame(tables.CALLS),
        "files": frame(tables.FILES, *({"status": status, "path": f"f{i}"} for i, status in enumerate(statuses))),
        "problems": frame(tables.PROBLEMS, {"kind": "encrypted", "message": "needs a key"}),
    }
    evidence = [{"label": "A1", "name": "Galaxy A51", "kind": "folder", "files": 4, "bytes": 1234567, "timezone": None}]
    return Case(evidence, frames)


class Case:
    """What `overview` asks of a case."""

    name, path = "Operation Ibar", "/cases/ibar.case"

    def __init__(self, evidence, frames):
        self.evidence, self.frames = evidence, frames

    @property
    def tables(self):
        return {name: SimpleNamespace(rows=len(frame)) for name, frame in self.frames.items()}

    def table(self, name, columns):
        return self.frames[name][columns]


def test_overview(case, read):
    shown = read(overview(case))
    assert shown.table()[:2] == [
        ["label", "name", "kind", "files", "bytes"],
        ["A1", "Galaxy A51", "folder", "4", "1,234,567"],
    ]
    assert shown.texts("div", "fx-tile") == [
        "9messages",
        "2parsedread by a parser",
        "1unknownno parser claims it",
        "1encryptedneeds a password or key",
    ]
    assert "Nothing was found for: calls." in shown.text
    assert shown.table()[-1] == ["encrypted", "1", "needs a password or key"]


def test_empty_case(case, read):
    text = read(overview(Case([], {name: frame.head(0) for name, frame in case.frames.items()}))).text
    assert "No evidence has been read into this case yet" in text
    assert "No files." in text
    assert "No problems were recorded." in text
