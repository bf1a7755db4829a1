"""A row whose key is NULL says where it came from all the same: its table, and which result of the query it is."""

import pytest

from forensics import parser, testing
from forensics.tables import MESSAGES, check

SELECT = "SELECT m.body AS text, 'message/id=' || m.id AS record FROM message m"
ROWS = "CREATE TABLE message (id TEXT, body TEXT); INSERT INTO message VALUES ('a', 'prva'), (NULL, 'druga'), (NULL, 'treća');"
LATER = "DELETE FROM message WHERE body = 'treća'; INSERT INTO message VALUES (NULL, 'четврта');"


@parser("test.columns")
def columns(file):
    with file.sqlite() as db:
        yield from MESSAGES.batches(db.execute(SELECT, every="message"))


@parser("test.rows")
def rows(file):
    with file.sqlite() as db:
        yield from MESSAGES.rows(dict(row) for row in db.execute(SELECT, every="message"))


def places(found):
    return [(row["text"], row["record"], row["state"]) for row in found["messages"]]


@pytest.mark.parametrize("reader", [columns, rows])
@pytest.mark.parametrize("fast_from", [0, 1 << 20])
def test_a_row_without_a_key(reader, fast_from, monkeypatch):
    monkeypatch.setattr(check, "FAST_FROM", fast_from)
    found = testing.rows(reader, testing.database(ROWS))
    assert places(found) == [
        ("prva", "message/id=a", "live"),
        ("druga", "message, result 2", "live"),
        ("treća", "message, result 3", "live"),
    ]
    assert "problems" not in found


@pytest.mark.parametrize("reader", [columns, rows])
@pytest.mark.parametrize("fast_from", [0, 1 << 20])
def test_its_state_is_told_by_what_it_says(reader, fast_from, monkeypatch, tmp_path):
    monkeypatch.setattr(check, "FAST_FROM", fast_from)
    found = testing.rows(reader, testing.database_with_log(ROWS, LATER, tmp_path))
    assert places(found) == [
        ("prva", "message/id=a", "live"),
        ("druga", "message, result 2", "live"),
        ("четврта", "message, result 3", "wal"),
        ("treća", "message, result 4", "journal"),
    ]
