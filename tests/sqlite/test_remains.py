"""A parser's own queries over recovered rows: what they give, what they do not give twice, and where it lies."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from forensics.sqlite import Database
from forensics.sqlite.copy import settle
from forensics.sqlite.trace import Untraceable, trace

SCHEMA = """
CREATE TABLE chat (id INTEGER PRIMARY KEY, name TEXT UNIQUE, muted INTEGER);
CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER, sent INTEGER, body TEXT, seen INTEGER);
CREATE TRIGGER hostile AFTER INSERT ON message BEGIN DELETE FROM chat; END;
"""
SELECT = """
SELECT m.id AS message_id, c.name AS chat_name, m.sent AS sent_at, m.body AS text, 'message/id=' || m.id AS record
FROM message m LEFT JOIN chat c ON c.id = m.chat
"""
START = 1_600_000_000


@pytest.fixture
def opened(tmp_path):
    """`opened(sql, ...)`: a database with two chats of 1,000 messages, after more SQL, with recovery on."""
    databases = []

    def open_it(*changes, recover=True):
        path = tmp_path / "store.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete=OFF")
            connection.executescript(SCHEMA.replace("DELETE FROM chat", "SELECT 1"))
            rows = [(n, n % 2 + 1, START + n, f"poruka broj {n}", 1) for n in range(1, 1001)]
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO chat VALUES (?, ?, 0)", [(1, "Granica"), (2, "Prevoz")])
            connection.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?)", rows)
            connection.execute("COMMIT")
            for change in changes:
                connection.executescript(change)
        copy = tmp_path / "copy.db"
        shutil.copyfile(path, copy)
        databases.append(Database(settle(copy), recover=recover))
        return databases[-1]

    yield open_it
    for database in databases:
        database.close()


def split(rows):
    rows = list(rows)
    return [r for r in rows if r["state"] == "live"], [r for r in rows if r["state"] != "live"]


def test_off_unless_asked_for(opened):
    live, recovered = split(opened("DELETE FROM message WHERE id = 500;", recover=False).execute(SELECT))
    assert (len(live), recovered) == (999, [])


def test_deleted_message_finds_its_chat(opened):
    live, recovered = split(opened("DELETE FROM message WHERE id = 500;").execute(SELECT, every="message"))
    assert len(live) == 999
    [row] = recovered
    assert (row["chat_name"], row["text"], row["sent_at"], row["state"]) == (
        "Granica",
        "poruka broj 500",
        START + 500,
        "freeblock",
    )
    assert row["message_id"] is None
    assert row["record"].startswith("message page ")


def test_deleted_messages_of_a_deleted_chat(opened):
    db = opened("DELETE FROM message WHERE chat = 2 AND id > 100; DELETE FROM chat WHERE id = 2;")
    live, recovered = split(db.execute(SELECT, every="message"))
    assert len(live) == 550
    assert all(row["chat_name"] is None for row in live if row["message_id"] % 2)
    assert len(recovered) > 350
    texts = [row["text"] for row in recovered]
    assert len(set(texts)) == len(texts)
    assert set(texts) <= {f"poruka broj {n}" for n in range(101, 1001, 2)}
    assert db.problems == []


def test_live_messages_are_not_given_again_because_their_chat_changed(opened):
    db = opened("UPDATE chat SET name = 'Granica, novi broj' WHERE id = 1;")
    live, recovered = split(db.execute(SELECT, every="message"))
    assert (len(live), recovered) == (1000, [])


def test_older_version_that_shows_the_same_is_no_news(opened):
    _, recovered = split(opened("UPDATE message SET seen = 5 WHERE id = 1000;").execute(SELECT, every="message"))
    assert recovered == []


def test_older_version_that_shows_something_else(opened):
    db = opened(
        "DELETE FROM message WHERE id > 20; UPDATE message SET body = 'izmenjena poruka, duza nego pre' WHERE id = 7;"
    )
    _, recovered = split(db.execute(SELECT, every="message"))
    assert "poruka broj 7" in {row["text"] for row in recovered}


def test_record_names_page_and_offset_of_a_row_with_its_id(opened):
    _, recovered = split(opened("DELETE FROM message WHERE id > 20;").execute(SELECT, every="message"))
    row = next(row for row in recovered if row["message_id"] == 700)
    name, page, number, offset, at = row["record"].rsplit(" ", 4)
    assert (name, page, offset, row["state"]) == ("message/id=700", "page", "offset", "freelist")
    assert int(at) // 4096 == int(number) - 1


def test_query_through_common_table_expressions(opened):
    sql = f"WITH m AS ({SELECT}), rooms AS (SELECT id FROM chat) SELECT m.* FROM m UNION ALL SELECT m.* FROM m WHERE 0"
    _, recovered = split(
        opened("DELETE FROM message WHERE id > 20;").execute(sql.replace("m.*", "m.message_id, m.record"))
    )
    assert len({row["message_id"] for row in recovered} & set(range(21, 1001))) > 900


def test_query_without_record_gives_what_is_in_force(opened):
    rows = list(opened("DELETE FROM message WHERE id > 20;").execute("SELECT count(*) AS n FROM message"))
    assert [(row["n"], row["state"]) for row in rows] == [(20, "live")]


def test_chunks_give_the_same(opened):
    db = opened("DELETE FROM message WHERE id > 20;")
    states = [state for chunk, _ in db.execute(SELECT).chunks() for state in chunk]
    assert states == [row["state"] for row in db.execute(SELECT)]


def test_recovered_alone_for_rows_read_another_way(opened):
    db = opened("DELETE FROM message WHERE id > 20;")
    _, recovered = split(db.execute(SELECT))
    assert [values[0] for _, values in db.execute(SELECT).recovered()] == [row["message_id"] for row in recovered]


def test_log_and_recovery_together(tmp_path):
    path = tmp_path / "logged.db"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.executescript(
        "CREATE TABLE message (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO message VALUES (1, 'prva');"
    )
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for body in ("druga verzija", "treca verzija", "cetvrta verzija"):
        writer.execute("UPDATE message SET body = ? WHERE id = 1", (body,))
    copy = tmp_path / "copy.db"
    shutil.copyfile(path, copy)
    shutil.copyfile(f"{path}-wal", f"{copy}-wal")
    writer.close()
    with Database(settle(copy), recover=True) as db:
        rows = list(db.execute("SELECT m.body AS text, 'message/id=' || m.id AS record FROM message m"))
    assert [(row["text"], row["state"]) for row in rows] == [
        ("cetvrta verzija", "wal"),
        ("prva", "journal"),
        ("druga verzija", "journal"),
        ("treca verzija", "journal"),
    ]
    assert rows[2]["record"].endswith(" of the wal")


def test_hostile_triggers_do_not_run(opened):
    db = opened("DROP TRIGGER hostile; DELETE FROM message WHERE id = 500;" + SCHEMA[SCHEMA.index("CREATE TRIGGER") :])
    _, recovered = split(db.execute(SELECT))
    assert [row["chat_name"] for row in recovered] == ["Granica"]


@pytest.mark.parametrize(
    ("sql", "traced"),
    [
        ("SELECT a FROM message", 'SELECT a, "message"."recovered row" AS "recovered row"  FROM recovered."message"'),
        (
            "SELECT m.a FROM chat JOIN message AS m ON m.chat = chat.id",
            'SELECT m.a, m."recovered row" AS "recovered row"  FROM chat JOIN recovered."message" AS m ON m.chat = chat.id',
        ),
        (
            "SELECT max(a) FROM message m GROUP BY m.id ORDER BY 1",
            'SELECT max(a), m."recovered row" AS "recovered row"  FROM recovered."message" m'
            ' GROUP BY m.id, m."recovered row"  ORDER BY 1',
        ),
        (
            "WITH s (a, b) AS (VALUES (1, 2)), m (a) AS (SELECT id FROM message) SELECT m.a FROM m, s",
            'WITH s (a, b) AS (VALUES (1, 2)), m (a, "recovered row") AS (SELECT id, "message"."recovered row" AS "recovered row"'
            '  FROM recovered."message") SELECT m.a, "m"."recovered row" AS "recovered row"  FROM m, s',
        ),
        ("SELECT a, 'FROM message' FROM chat -- FROM message", None),
        ("SELECT (SELECT 1 FROM message) AS a FROM chat", None),
    ],
)
def test_trace(sql, traced):
    assert trace(sql, ["message"], "message") == traced


def test_what_cannot_be_traced_says_so():
    with pytest.raises(Untraceable):
        trace("WITH m AS (SELECT id FROM message SELECT a FROM m", ["message"])
