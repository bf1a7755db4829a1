"""Every benchmark runs at a tiny size and prints its lines. What it measures is not asserted: speed is no test."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
NUMBER = r"-?[\d,]+(?:\.\d+)?"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the resource module is not there")


def run(script: str, *arguments: str | Path) -> list[str]:
    """The lines that a benchmark prints."""
    command = [sys.executable, BENCHMARKS / script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_make_msgstore(tmp_path: Path) -> None:
    database = tmp_path / "msgstore.db"
    (line,) = run("make_msgstore.py", database, "--messages", 1_000)
    assert re.fullmatch(r".*msgstore\.db: 1,000 messages, 0\.\d MB", line)
    with sqlite3.connect(database) as connection:
        count = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        }
        own = connection.execute("SELECT count(*) FROM message WHERE from_me = 1").fetchone()[0]
        length = connection.execute("SELECT avg(length(text_data)) FROM message").fetchone()[0]
    connection.close()
    assert count["message"] == 1_001  # with the placeholder of every msgstore.db
    assert count["receipt_user"] == own
    assert all(count.values()), f"a table is empty: {count}"
    assert 40 < length < 60


def test_make_msgstore_is_repeatable(tmp_path: Path) -> None:
    first, again, other = tmp_path / "first.db", tmp_path / "again.db", tmp_path / "other.db"
    for path, seed in ((first, 1), (again, 1), (other, 2)):
        run("make_msgstore.py", path, "--messages", 300, "--seed", seed)
    assert first.read_bytes() == again.read_bytes()
    assert first.read_bytes() != other.read_bytes()


def test_ingest() -> None:
    header, tenth, half, whole, twice, workers = run("ingest.py", "--messages", 2_000, "--rounds", 1)
    names = "messages, tables s, joins s, ours s, ours/joins, ours/tables, rows/CPU s, peak MiB"
    assert re.split(r"\s{2,}", header.strip()) == names.split(", ")
    for line, messages in ((tenth, "200"), (half, "1,000"), (whole, "2,000")):
        first, *figures = line.split()
        assert first == messages
        assert len(figures) == 7
        assert all(re.fullmatch(NUMBER, figure) for figure in figures)
    assert re.fullmatch(rf"twice the messages: {NUMBER} x CPU, {NUMBER} x memory", twice)
    assert re.fullmatch(rf"four databases of 500: {NUMBER} s with one worker, {NUMBER} s with two: {NUMBER} x", workers)


def test_photos() -> None:
    title, *lines = run("photos.py", "--photos", 3, "--sizes", 5_000, "--rounds", 1)
    assert title == "3 photos of 5,000 bytes"
    assert [line[:10].strip() for line in lines] == ["raw", "hashed", "parsed", "ingested", "parser", "each more"]
    assert all("photos/CPU s" in line and line.endswith("x raw") for line in lines)


def test_startup() -> None:
    header, *lines, registry, parsers = run("startup.py", "--plugins", 3, "--rounds", 1)
    assert header.split() == ["CPU,", "ms", "all", "above"]
    assert len(lines) == 8
    assert all(re.fullmatch(rf".*\s{NUMBER}\s+{NUMBER}", line) for line in lines)
    assert re.fullmatch(rf"3 plug-ins add {NUMBER} ms to registry", registry)
    assert re.fullmatch(rf"3 plug-ins add {NUMBER} ms to parsers", parsers)


def test_search(tmp_path: Path) -> None:
    lines = run("search.py", "--messages", 1_000, "--needles", 2, "--case", tmp_path / "case")
    assert lines[0].split() == ["ms", "CPU", "wall", "hits"]
    assert lines[3].startswith("case.messages, 1,000 rows")
    assert [line.split(",")[1].strip() for line in lines[5:]] == ["few hits", "few hits", "many hits", "many hits"]
    assert all(re.search(rf"{NUMBER}\s+{NUMBER}\s+{NUMBER}$", line) for line in lines[5:])


def test_fold() -> None:
    header, *lines = run("fold.py", 1)
    assert header.startswith("CPU s a million messages")
    assert len(lines) == 6
