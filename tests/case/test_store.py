"""The folder of a case: where it is found, which it refuses, who may write."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import forensics
from forensics.case import CaseError
from forensics.case.store import SCHEMA, Store, spelled


@pytest.fixture(scope="module")
def made(make_case) -> Path:
    return make_case(("contacts", {"name": "Goce"}))


@pytest.fixture
def case(made, tmp_path) -> Path:
    return shutil.copytree(made, tmp_path / "a.case")


def say(case: Path, **changed) -> None:
    place = case / "case.json"
    place.write_text(json.dumps({**json.loads(place.read_text()), **changed}))


def test_open_from_inside(case, monkeypatch):
    (case / "notebooks" / "deep").mkdir(parents=True)
    for place in (case, case / "notebooks", case / "notebooks" / "deep", case / "tables" / "contacts"):
        assert forensics.open_case(place).path == case
        monkeypatch.chdir(place)
        assert forensics.open_case().path == case


def test_no_case(tmp_path):
    with pytest.raises(CaseError, match=r"is no case: there is no case\.json in it, nor above it\. Make one with"):
        forensics.open_case(tmp_path)
    with pytest.raises(CaseError, match="is no case: there is no such folder"):
        forensics.open_case(tmp_path / "none")


def test_case_of_a_newer_toolkit(case, command, tmp_path):
    say(case, schema=SCHEMA + 1)
    with pytest.raises(CaseError, match="made by a newer toolkit"):
        forensics.open_case(case)
    (tmp_path / "tablet").mkdir()
    for line in (["status", case], ["ingest", case, tmp_path / "tablet"], ["lab", case], ["report", case]):
        done = command(*line)
        assert done.returncode == 3
        assert done.stderr == (
            f"forensics: {case} was made by a newer toolkit (layout 2, this one knows 1): update the toolkit\n"
        )


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"schema": "1"}', '{"schema": 1}', '{"schema": null}', "[" * 100_000, "\x00"]
)
def test_damaged_case_file(case, text):
    (case / "case.json").write_text(text)
    with pytest.raises(CaseError, match="is damaged: run `forensics verify"):
        forensics.open_case(case)


def test_one_writer(case):
    store = Store.find(case)
    with store.writing() as pen:
        pen.write("note")
        with pytest.raises(CaseError, match="another command is writing"), Store.find(case).writing():
            pass
    with store.writing():
        pass


def test_writer_that_raised_lets_go(case):
    store = Store.find(case)
    with pytest.raises(KeyError), store.writing():
        raise KeyError
    with store.writing() as pen:
        pen.write("note")
    assert store.ledger.entries()[-1]["action"] == "note"


def test_spelled():
    assert spelled("телефон") == "телефон"
    assert spelled("a\udce9") == r"a\udce9"
