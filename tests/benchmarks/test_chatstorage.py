"""The invented ChatStorage.sqlite: full tables, the same rows each time, and a parser that reads every one of them."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from forensics_plugins.chats.whatsapp.ios_chatstorage import chatstorage

from forensics import testing

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "make_chatstorage.py"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the resource module is not there")


def make(place: Path, messages: int, seed: int = 1) -> Path:
    command = [sys.executable, SCRIPT, place, "--messages", str(messages), "--seed", str(seed)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return place


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "ChatStorage.sqlite", 3_000)


def test_tables_are_filled(database):
    with sqlite3.connect(database) as connection:
        count = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        }
    connection.close()
    assert count["ZWAMESSAGE"] == count["ZWAMESSAGEINFO"] == 3_000
    assert all(count.values()), f"a table is empty: {count}"


def test_it_is_repeatable(tmp_path):
    first, again, other = tmp_path / "first", tmp_path / "again", tmp_path / "other"
    for path, seed in ((first, 1), (again, 1), (other, 2)):
        make(path, 300, seed)
    assert first.read_bytes() == again.read_bytes()
    assert first.read_bytes() != other.read_bytes()


def test_every_row_is_read(database):
    found = testing.rows(chatstorage, database)
    assert "problems" not in found
    assert len(found["messages"]) == 3_000
    assert {m["kind"] for m in found["messages"]} >= {"text", "image", "audio", "location", "contact", "poll", "link"}
    assert [m for m in found["messages"] if "reply_to" in m]
    assert found["reactions"]
    assert found["places"]
