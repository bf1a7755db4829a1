"""Row ids that are missing from a table, as a parser's run reports them."""

from datetime import UTC, datetime

import pytest

from forensics import parser, testing
from forensics.tables import CALLS, CONTACTS, MESSAGES
from forensics.times import unix_s

MESSAGE = "SELECT id AS message_id, sent AS sent_at, body AS text, 'message/id=' || id AS record FROM message"
PERSON = "SELECT id AS person_id, name, 'person/id=' || id AS record FROM person"
CALL = "SELECT Z_PK AS call_id, at AS started_at, 'ZCALL/Z_PK=' || Z_PK AS record FROM ZCALL"
SCHEMA = """
CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT, sent INTEGER, body TEXT);
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE ZCALL (Z_PK INTEGER PRIMARY KEY, at INTEGER);
CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME TEXT, Z_MAX INTEGER);
INSERT INTO message VALUES
  (1, 1600000001, 'prva'), (2, 1600000002, 'druga'), (5, 1600000005, 'peta'), (6, NULL, 'bez vremena'), (8, 1600000008, 'osma');
"""


@parser("gaps", version="1", files=["gaps.db"])
def by_columns(file):
    """Reads: an invented app."""
    with file.sqlite() as db:
        yield from MESSAGES.batches(db.execute(MESSAGE, every="message"), sent_at=unix_s)
        yield from CONTACTS.batches(db.execute(PERSON, every="person"))
        yield from CALLS.batches(db.execute(CALL, every="ZCALL"), started_at=unix_s)


@parser("gaps.rows", version="1", files=["gaps.db"])
def by_rows(file):
    """Reads: the same, row by row."""
    with file.sqlite() as db:
        for row in db.execute(MESSAGE, every="message WHERE id > 0"):
            cells = {name: value for name, value in row.items() if name not in ("state", "message_id")}
            yield from MESSAGES.rows([cells], sent_at=unix_s)


def at(second: int) -> datetime:
    return datetime.fromtimestamp(1_600_000_000 + second, UTC)


def gaps(sql: str = "", parser=by_columns, **options) -> list[tuple]:
    found = testing.rows(parser, testing.database(SCHEMA + sql), name="gaps.db", **{"deleted": True} | options)
    names = ("source_table", "first_id", "last_id", "missing", "row_before_at", "row_after_at", "record")
    return [tuple(row.get(name) for name in names) for row in found.get("gaps", [])]


@pytest.mark.parametrize("parser", [by_columns, by_rows])
def test_a_gap_lies_between_the_times_of_the_rows_beside_it(parser):
    assert gaps(parser=parser) == [
        ("message", 3, 4, 2, at(2), at(5), "message/id=3"),
        ("message", 7, 7, 1, None, at(8), "message/id=7"),
    ]


def test_rows_missing_at_either_end():
    sql = """DELETE FROM message WHERE id = 1; INSERT INTO message (sent) VALUES (1600000009);
             DELETE FROM message WHERE id = 9;"""
    found = gaps(sql)
    assert found[0] == ("message", 1, 1, 1, None, at(2), "message/id=1")
    assert found[-1] == ("message", 9, 9, 1, at(8), None, "message/id=9")


def test_a_table_of_which_nothing_is_left():
    assert gaps("DELETE FROM message;") == [("message", 1, 8, 8, None, None, "message/id=1")]


def test_the_highest_number_that_core_data_has_given():
    sql = "INSERT INTO ZCALL VALUES (1, 1600000100); INSERT INTO Z_PRIMARYKEY VALUES (1, 'Call', 4);"
    assert gaps(sql)[-1] == ("ZCALL", 2, 4, 3, at(100), None, "ZCALL/Z_PK=2")


def test_tables_without_times_give_none():
    """Otherwise every address book in the world would be full of gaps."""
    assert {gap[0] for gap in gaps("INSERT INTO person VALUES (3, 'Ana'), (9, 'Hasan');")} == {"message"}


@pytest.mark.parametrize("numbers", ["(777000, 1), (93372553, 2)", "(-4, 1), (3, 2)"])
def test_numbers_from_elsewhere_have_no_gaps(numbers):
    assert "ZCALL" not in {gap[0] for gap in gaps(f"INSERT INTO ZCALL VALUES {numbers};")}


def test_only_where_deleted_rows_are_asked_for():
    assert gaps(deleted=False) == []


def test_a_table_full_of_holes_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr("forensics.sqlite.gaps.MAX_GAPS", 1)
    found = testing.rows(by_columns, testing.database(SCHEMA), name="gaps.db", deleted=True)
    assert [gap["first_id"] for gap in found["gaps"]] == [3]
    assert [(p["kind"], p["message"]) for p in found["problems"]] == [
        ("limit", "message: 1 more gaps in its row ids are not listed")
    ]
