"""Databases sorted by an order of text that only the app has (COLLATE LOCALIZED and others of Android)."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from forensics import parser, testing
from forensics.sqlite import Database
from forensics.sqlite.copy import settle
from forensics.tables import MESSAGES

SCHEMA = """
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT COLLATE LOCALIZED UNIQUE, city TEXT COLLATE "Phonebook");
CREATE INDEX by_city ON person (city);
CREATE TABLE message (id INTEGER PRIMARY KEY, who TEXT, body TEXT);
"""
SELECT = """
SELECT m.body AS text, p.city AS chat_name, m.who AS sender_name, 'message/id=' || m.id AS record
FROM message m LEFT JOIN person p ON p.name = m.who
"""


def by_the_end(one, other):
    """An order in which no search by code points finds its way."""
    return (one[::-1] > other[::-1]) - (one[::-1] < other[::-1])


def write(path, *changes, log=False):
    """Three hundred persons, whose indexes are sorted by that order, and a message of each."""
    connection = sqlite3.connect(path, isolation_level=None)
    for name in ("LOCALIZED", "PHONEBOOK"):
        connection.create_collation(name, by_the_end)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.executescript(SCHEMA)
    persons = [(n, f"osoba {n * 7919 % 1000}", f"grad {n % 13}") for n in range(1, 301)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO person VALUES (?, ?, ?)", persons)
    connection.executemany(
        "INSERT INTO message VALUES (?, ?, ?)", [(n, who, f"poruka broj {n} na putu") for n, who, _ in persons]
    )
    connection.execute("COMMIT")
    if log:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for change in changes:
        connection.executescript(change)
    return connection


@parser("sorted", version="1", files=["sorted.db"])
def sorted_rows(file):
    """Reads: messages with the city of who wrote them."""
    with file.sqlite() as db:
        yield from MESSAGES.batches(db.execute(SELECT, every="message"))


def test_every_message_finds_its_person(tmp_path):
    """An index searched by another order than it is sorted by finds a third of them, and says nothing."""
    with closing(write(tmp_path / "sorted.db")):
        pass
    found = testing.rows(sorted_rows, tmp_path / "sorted.db")
    assert "problems" not in found
    assert len(found["messages"]) == 300
    assert all(row["chat_name"].startswith("grad ") for row in found["messages"])


def test_through_the_log_as_well(tmp_path):
    path, copy = tmp_path / "sorted.db", tmp_path / "copy.db"
    change = "UPDATE message SET body = 'promijenjeno' WHERE id = 7; UPDATE person SET city = 'Bar' WHERE id = 9;"
    with closing(write(path, change, log=True)):
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
    with Database(settle(copy)) as db:
        rows = list(db.execute(SELECT))
    states = {state: sum(row["state"] == state for row in rows) for state in ("live", "wal", "journal")}
    assert states == {"live": 298, "wal": 2, "journal": 2}
    assert [row["chat_name"] for row in rows if row["state"] == "wal"] == ["grad 7", "Bar"]


def test_deleted_rows_are_still_found(tmp_path):
    """Building the indexes anew writes into free pages: the search goes over a copy from before."""
    with closing(write(tmp_path / "sorted.db", "DELETE FROM message WHERE id % 5 = 0;")):
        pass
    found = testing.rows(sorted_rows, tmp_path / "sorted.db", deleted=True)
    recovered = [row for row in found["messages"] if row["state"] != "live"]
    assert len(recovered) > 50
    assert all(row["text"].startswith("poruka ") and row["chat_name"].startswith("grad ") for row in recovered)


@pytest.mark.parametrize("said", ["COLLATE ščž", "COLLATE '; DROP TABLE message", "COLLATE NOCASE", "collate"])
def test_what_only_looks_like_a_name(said):
    sql = f"""CREATE TABLE message (id INTEGER PRIMARY KEY, who TEXT, body TEXT DEFAULT "{said}");
              CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, city TEXT);
              INSERT INTO message (id, body) VALUES (1, 'x');"""
    found = testing.rows(sorted_rows, testing.database(sql), name="sorted.db")
    assert [row["text"] for row in found["messages"]] == ["x"]
