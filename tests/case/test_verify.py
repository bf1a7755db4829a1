"""`verify` names every file of a case, and of the evidence, that is not what it was."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

from forensics.case.ledger import Ledger
from forensics.case.outputs import note
from forensics.case.store import CaseError, Store
from forensics.case.verify import head, verify
from forensics.lab import place_templates

SEED = 4711
FLIPS = 25  # bytes of each file
ROWS = [
    ("messages", {"text": "sutra u sedam", "chat_id": "c", "sent_at": "2025-10-25T05:00:00+00:00"}),
    ("contacts", {"name": "Đorđe"}),
    ("addresses", {"address": "bc1q", "role": "mentioned"}),
]


@pytest.fixture(scope="module")
def made(make_case) -> Path:
    """A case with everything in it: tables, notebooks, a report."""
    case = make_case(*ROWS)
    store = Store.find(case)
    place_templates(store)
    (case / "exports").mkdir()
    (case / "exports" / "report.html").write_text("<p>report")
    note(store, "report", [case / "exports" / "report.html"])
    return case


@pytest.fixture
def case(made, tmp_path) -> Path:
    return shutil.copytree(made, tmp_path / "copy.case")


def faults(case: Path, *sources: Path) -> dict[str, str]:
    return {finding.place: finding.fault for finding in verify(case, sources) if finding.fault}


def files(case: Path) -> list[Path]:
    return [p for p in sorted(case.rglob("*")) if p.is_file() and p.stat().st_size]


def test_whole_case(made):
    assert faults(made) == {}
    looked = {finding.place for finding in verify(made)}
    assert looked == {p.relative_to(made).as_posix() for p in files(made)}
    assert {"ledger.jsonl", "case.json", "tables/messages/phone--00000.parquet", "exports/report.html"} <= looked
    assert "notebooks/01_start.ipynb" in looked


def test_any_changed_byte_is_named(case):
    chosen = random.Random(SEED)
    for place in files(case):
        name, content = place.relative_to(case).as_posix(), place.read_bytes()
        for _ in range(FLIPS):
            offset = chosen.randrange(len(content))
            changed = bytearray(content)
            changed[offset] ^= 1 << chosen.randrange(8)
            place.write_bytes(changed)
            assert name in faults(case), f"byte {offset} of {name}"
        place.write_bytes(content)
    assert faults(case) == {}


def test_cut_and_longer_files_are_named(case):
    for place in files(case):
        name, content = place.relative_to(case).as_posix(), place.read_bytes()
        for changed in (content[:-1], content + b"\0", b""):
            place.write_bytes(changed)
            assert name in faults(case), name
        place.write_bytes(content)


def test_missing_files_are_named(case):
    for place in files(case):
        name, content = place.relative_to(case).as_posix(), place.read_bytes()
        place.unlink()
        if name != "case.json":
            assert "missing" in faults(case)[name]
        else:
            assert faults(case)[name] == "is missing"
        place.write_bytes(content)


def test_file_put_among_the_tables_is_named(case):
    (case / "tables" / "messages" / "phone--00001.parquet").write_bytes(b"PAR1")
    (case / "tables" / "calls").mkdir()
    (case / "tables" / "calls" / "phone--00000.parquet.77.tmp").write_bytes(b"PAR1")
    assert faults(case) == {
        "tables/messages/phone--00001.parquet": "is not known to the ledger",
        "tables/calls/phone--00000.parquet.77.tmp": "is left of a run that was killed: run the same ingest again",
    }


def test_table_put_in_place_of_another_is_named(case):
    part = case / "tables" / "contacts" / "phone--00000.parquet"
    part.write_bytes((case / "tables" / "addresses" / "phone--00000.parquet").read_bytes())
    assert list(faults(case)) == ["tables/contacts/phone--00000.parquet"]


def test_ledger_without_its_last_lines(case):
    """A chain cannot tell that its end is gone; what the lines spoke of can."""
    lines = (case / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    actions = [json.loads(line)["action"] for line in lines]
    assert actions == ["ingest", "case", "job", "evidence", "case", "notebooks", "report"]
    (case / "ledger.jsonl").write_bytes(b"".join(lines[:4]))
    assert faults(case) == {"case.json": "is not as the ledger says: it was edited"}
    (case / "ledger.jsonl").write_bytes(b"".join(lines[:2]))
    assert set(faults(case)) == {"case.json"} | {
        f"tables/{name}/phone--00000.parquet" for name in ("addresses", "contacts", "files", "messages")
    }


def test_edited_notebook_is_a_note(case):
    (case / "notebooks" / "01_start.ipynb").write_text("{}")
    (finding,) = [f for f in verify(case) if f.fault]
    assert (finding.grave, finding.fault) == (False, "was edited since it was copied here")


def test_evidence(made):
    evidence = made.parent / "phone"
    assert faults(made, evidence) == {}
    assert [f.place for f in verify(made, [evidence])][-1] == "phone: rows.json"


@pytest.fixture
def copied(made, tmp_path) -> Path:
    """The evidence at another place: it is known again by its name."""
    return shutil.copytree(made.parent / "phone", tmp_path / "phone")


def test_evidence_that_has_moved(made, copied):
    assert faults(made, copied) == {}


def test_evidence_that_has_changed(made, copied):
    content = (copied / "rows.json").read_bytes()
    (copied / "rows.json").write_bytes(content.replace(b"sedam", b"osamm"))
    assert faults(made, copied) == {"phone: rows.json": "has changed since it was read"}
    (copied / "rows.json").rename(copied / "new.json")
    assert faults(made, copied) == {
        "phone: rows.json": "is missing from the evidence",
        "phone: new.json": "is new in the evidence",
    }


def test_other_evidence(made, tmp_path):
    (tmp_path / "tablet").mkdir()
    assert faults(made, tmp_path / "tablet") == {str(tmp_path / "tablet"): "is no evidence of this case"}


def test_looking_changes_nothing(made):
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in files(made)}
    list(verify(made, [made.parent / "phone"]))
    assert {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in files(made)} == before


def test_no_case(tmp_path):
    with pytest.raises(CaseError, match="is no case"):
        list(verify(tmp_path))


def test_head(made):
    entries = Ledger(made / "ledger.jsonl").entries()
    assert head(entries) == entries[-1]["hash"]
    assert head([]) == "0" * 64
