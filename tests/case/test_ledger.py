"""Any change to the ledger is named at the line where the chain no longer holds."""

from __future__ import annotations

import errno
import json
import os

import pytest

from forensics.case.ledger import FIRST, Ledger, LedgerError, jobs

LINES = 5


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    pen = ledger.open()
    for number in range(1, LINES + 1):
        pen.write("note", text=f"запис {number}", number=number)
    pen.close()
    return ledger


def lines(ledger: Ledger) -> list[bytes]:
    return ledger.path.read_bytes().splitlines(keepends=True)


def put(ledger: Ledger, content: list[bytes]) -> None:
    ledger.path.write_bytes(b"".join(content))


def fault(ledger: Ledger) -> str:
    with pytest.raises(LedgerError) as caught:
        ledger.entries()
    return str(caught.value)


def test_entries_follow_each_other(ledger):
    entries = ledger.entries()
    assert [e["seq"] for e in entries] == [1, 2, 3, 4, 5]
    assert entries[0]["prev"] == FIRST
    assert [e["prev"] for e in entries[1:]] == [e["hash"] for e in entries[:-1]]
    assert ledger.head == entries[-1]["hash"]
    assert entries[2]["text"] == "запис 3"
    assert entries[0]["at"].endswith("+00:00")


def test_pen_goes_on_where_the_last_one_stopped(ledger):
    before = ledger.path.read_bytes()
    pen = ledger.open()
    pen.write("note")
    pen.close()
    assert ledger.path.read_bytes().startswith(before)
    assert [e["seq"] for e in ledger.entries()] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("number", range(1, LINES + 1))
def test_edited_line(ledger, number):
    content = lines(ledger)
    content[number - 1] = content[number - 1].replace(f'"number":{number}'.encode(), b'"number":9')
    put(ledger, content)
    assert fault(ledger) == f"ledger line {number} was edited"


@pytest.mark.parametrize("number", range(1, LINES))
def test_deleted_line(ledger, number):
    content = lines(ledger)
    del content[number - 1]
    put(ledger, content)
    assert fault(ledger).startswith(f"ledger line {number} does not follow the line before it")


@pytest.mark.parametrize("number", range(1, LINES + 1))
def test_inserted_line(ledger, number):
    content = lines(ledger)
    content.insert(number - 1, content[number - 1])
    put(ledger, content)
    assert fault(ledger).startswith(f"ledger line {number + 1} does not follow the line before it")


def test_swapped_lines(ledger):
    content = lines(ledger)
    content[1], content[2] = content[2], content[1]
    put(ledger, content)
    assert fault(ledger).startswith("ledger line 2 does not follow the line before it")


@pytest.mark.parametrize("number", range(1, LINES))
def test_line_cut_short(ledger, number):
    content = lines(ledger)
    content[number - 1] = content[number - 1][: len(content[number - 1]) // 2] + b"\n"
    put(ledger, content)
    assert fault(ledger) == f"ledger line {number} is not readable"


def test_last_line_unfinished(ledger):
    ledger.path.write_bytes(ledger.path.read_bytes()[:-7])
    assert ledger.torn
    assert fault(ledger).startswith("ledger line 5 is unfinished")
    pen = ledger.open()
    pen.close()
    assert [e["action"] for e in ledger.entries()] == ["note", "note", "note", "note", "repaired"]


def test_same_meaning_other_bytes(ledger):
    content = lines(ledger)
    put(ledger, [*content[:3], json.dumps(json.loads(content[3])).encode() + b"\n", content[4]])
    assert fault(ledger) == "ledger line 4 was edited"
    put(ledger, [*content[:3], content[3].replace(b'{"', b'{"action":"x","', 1), content[4]])
    assert fault(ledger) == "ledger line 4 was edited"


@pytest.mark.parametrize("line", [b"", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"hash":1}'])
def test_line_that_is_no_entry(ledger, line):
    put(ledger, [*lines(ledger)[:2], line + b"\n"])
    assert fault(ledger).startswith("ledger line 3 ")


def test_broken_ledger_is_not_written_to(ledger):
    put(ledger, lines(ledger)[1:])
    before = ledger.path.read_bytes()
    with pytest.raises(LedgerError):
        ledger.open()
    assert ledger.path.read_bytes() == before


def test_no_ledger(tmp_path):
    ledger = Ledger(tmp_path / "ledger.jsonl")
    assert ledger.entries() == []
    assert ledger.head == FIRST
    assert not ledger.torn


def test_full_disk_leaves_whole_lines(ledger, monkeypatch):
    before = ledger.path.read_bytes()
    pen = ledger.open()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            pen.write("note")
    assert ledger.path.read_bytes() == before
    pen.write("after")
    pen.close()
    assert [e["seq"] for e in ledger.entries()] == [1, 2, 3, 4, 5, 6]


def test_jobs_that_count():
    def job(evidence: str, number: str, key: str) -> dict:
        return {"action": "job", "evidence": evidence, "job": number, "key": key}

    entries = [job("a", "00000", "k1"), job("a", "00001", "k2"), job("b", "00001", "k3"), job("a", "00000", "k4")]
    entries += [{"action": "dropped", "evidence": "a", "jobs": ["00001", "00007"]}, {"action": "case"}]
    assert {place: entry["key"] for place, entry in jobs(entries).items()} == {
        ("a", "00000"): "k4",
        ("b", "00001"): "k3",
    }
