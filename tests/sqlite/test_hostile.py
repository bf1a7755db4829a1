"""Databases made to hurt whoever reads them (requirements H-23 to H-37)."""

import sqlite3
import time

import pytest

from forensics import parser, testing
from forensics.sqlite import Database
from forensics.sqlite.copy import Views
from forensics.tables import MESSAGES

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
PLAIN = "CREATE TABLE message (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO message VALUES (1, 'one'), (2, 'two');"


@pytest.fixture
def opened():
    """`opened(sql)`: the database, within 30 seconds."""
    places = []

    def open_database(sql, **beside):
        place = testing.placed(
            testing.database(sql), beside={f"{k}.db": testing.database(v) for k, v in beside.items()}
        )
        places.append(place)
        file = place.__enter__()
        file.deadline = time.monotonic() + 30
        return file.sqlite(beside={name: f"{name}.db" for name in beside})

    yield open_database
    for place in places:
        place.__exit__(None, None, None)


# --- what is not a table


def test_a_view_named_like_the_table_is_not_read(read):
    found = read(testing.database(f"CREATE VIEW message AS {ENDLESS} SELECT i AS id, 'x' AS body FROM n;"))
    assert "messages" not in found


@pytest.mark.parametrize(
    "query",
    ["SELECT * FROM [message]", "SELECT count(*) FROM [message]", "SELECT a FROM (SELECT id AS a FROM [message])"],
)
def test_a_view_cannot_be_read_round_the_corner(opened, query):
    db = opened(f"CREATE TABLE t (a); CREATE VIEW message AS {ENDLESS} SELECT i AS id FROM n;")
    with pytest.raises(sqlite3.DatabaseError, match=r"prohibited|not authorized"):
        db.current.execute(query)


def test_views_of_a_database_beside_are_not_read(opened):
    db = opened(PLAIN, wa=f"CREATE VIEW contacts AS {ENDLESS} SELECT i AS id, 'x' AS name FROM n;")
    assert "wa.contacts" not in db.tables
    assert list(db.execute("SELECT c.name FROM message m JOIN wa.contacts c ON c.id = m.id")) == []
    with pytest.raises(sqlite3.DatabaseError, match=r"prohibited|not authorized"):
        db.current.execute("SELECT count(*) FROM wa.[contacts]")


def test_a_view_beside_does_not_forbid_the_table_of_that_name(opened):
    db = opened(PLAIN, wa="CREATE VIEW message AS SELECT 1 AS id;")
    assert [row["id"] for row in db.execute("SELECT id FROM message")] == [1, 2]


def test_full_text_indexes_are_not_asked(opened):
    db = opened("CREATE VIRTUAL TABLE found USING fts4(body); INSERT INTO found VALUES ('stored');")
    assert "found" not in db.tables
    assert db.columns("found_content") == ["docid", "c0body"]
    assert [row["c0body"] for row in db.execute("SELECT c0body FROM found_content")] == ["stored"]
    with pytest.raises(sqlite3.DatabaseError):
        db.current.execute("SELECT body FROM [found] WHERE [found] MATCH 'stored'").fetchall()


def test_a_view_that_loads_an_extension(opened):
    db = opened("CREATE VIEW message AS SELECT load_extension('/tmp/evil') AS id;")
    assert list(db.execute("SELECT m.id FROM message m")) == []
    with pytest.raises(sqlite3.DatabaseError):
        db.current.execute("SELECT id FROM [message]").fetchall()


def test_triggers_do_not_run(opened):
    db = opened(f"{PLAIN} CREATE TRIGGER t AFTER INSERT ON message BEGIN DELETE FROM message; END;")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.current.execute("INSERT INTO message VALUES (3, 'x')")
    assert len(list(db.execute("SELECT id FROM message"))) == 2


def test_no_further_file_is_attached(opened, tmp_path):
    db = opened(PLAIN)
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        db.current.execute("ATTACH ? AS other", (str(tmp_path / "other.db"),))
    with pytest.raises(sqlite3.DatabaseError):
        db.execute(f"ATTACH '{tmp_path}/other.db' AS other")
    assert list(tmp_path.iterdir()) == []


# --- memory and time


def test_a_value_over_the_limit_is_a_problem_not_memory(monkeypatch, read):
    monkeypatch.setattr("forensics.sqlite.database.MAX_VALUE", 100_000)
    big = "INSERT INTO message VALUES (3, zeroblob(200000)), (4, 'four'), (2000000000, zeroblob(200000)), (-5, 'minus five');"
    found = read(testing.database(PLAIN + big))
    assert sorted(row["text"] for row in found["messages"]) == ["four", "minus five", "one", "two"]
    assert [(p["kind"], p["message"]) for p in found["problems"]] == [
        ("limit", "a query ended after 2 rows: string or blob too big"),
        ("not_read", "message: 6 rows in the table, 4 rows out"),
    ]


def test_a_generated_column_of_a_gigabyte(read):
    sql = "CREATE TABLE message (id INTEGER PRIMARY KEY, body AS (zeroblob(1000000000))); INSERT INTO message VALUES (1), (2);"
    found = read(testing.database(sql))
    assert "too big" in found["problems"][0]["message"]


def test_an_endless_query_ends_at_the_deadline_and_keeps_its_rows():
    @parser("test.endless")
    def endless(file):
        file.deadline = time.monotonic() + 0.2
        with file.sqlite() as db:
            yield from MESSAGES.batches(db.execute(f"{ENDLESS} SELECT i AS message_id, 'n/' || i AS record FROM n"))

    found = testing.rows(endless, testing.database(PLAIN))
    assert found["messages"][0]["record"] == "n/1"
    (problem,) = found["problems"]
    assert (problem["kind"], problem["message"]) == (
        "limit",
        f"a query ended after {len(found['messages']):,} rows: interrupted",
    )


def test_a_query_without_rows_ends_at_the_deadline(opened):
    db = opened(PLAIN)
    db.deadline = time.monotonic() + 0.1
    assert list(db.execute(f"{ENDLESS} SELECT i FROM n WHERE i < 0")) == []
    assert [problem.kind for problem in db.problems] == ["limit"]


# --- names


@pytest.mark.parametrize("name", ['a"b', "a'b", "a b", "a\nb", "a;DROP TABLE message", "[a]", "žene", "a?b#c%20"])
def test_tables_and_columns_with_odd_names(opened, name):
    quoted = '"' + name.replace('"', '""') + '"'
    db = opened(f"{PLAIN} CREATE TABLE {quoted} ({quoted} INTEGER); INSERT INTO {quoted} VALUES (5);")
    assert db.tables == {"message": ["id", "body"], name: [name]}
    assert not db.computed
    assert [row["n"] for row in db.execute(f"SELECT {quoted} AS n FROM {quoted}")] == [5]


@pytest.mark.parametrize("names", ["odd_table", "odd_column"])
def test_names_that_are_no_utf8_take_nothing_from_the_others(read, names):
    """Also where a page is damaged, so that the tables are copied."""
    sql = f"""PRAGMA page_size = 512; {PLAIN}
    WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO message SELECT i, 'x' FROM n;
    CREATE TABLE odd_table (odd_column, b); INSERT INTO odd_table VALUES (1, 2);"""
    content = bytearray(testing.database(sql).replace(names.encode(), names[:-1].encode() + b"\xff"))
    assert len(read(bytes(content))["messages"]) == 300
    content[512 * 4 : 512 * 5] = b"\xff" * 512
    found = read(bytes(content))
    assert 200 < len(found["messages"]) < 300
    assert [problem["kind"] for problem in found["problems"]] == ["damaged"]


@pytest.mark.parametrize("name", ["a?b#c%20.db", "a'b.db", "a b;.db", "?mode=rwc", "žena 😀.db"])
def test_files_with_odd_names(tmp_path, read, name):
    assert len(read(testing.database(PLAIN), name=name)["messages"]) == 2
    copy = tmp_path / name
    copy.write_bytes(testing.database(PLAIN))
    with Database(Views(copy, None, "delete")) as db:
        assert db.count("message") == 2
    assert [path.name for path in tmp_path.iterdir()] == [name]


# --- values


def test_a_table_without_row_ids(read):
    sql = "CREATE TABLE message (id TEXT PRIMARY KEY, body) WITHOUT ROWID; INSERT INTO message VALUES ('a', 'one');"
    assert [(r["message_id"], r["text"]) for r in read(testing.database(sql))["messages"]] == [("a", "one")]


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_utf16(read, encoding):
    sql = f"PRAGMA encoding = '{encoding}'; CREATE TABLE message (id, body); INSERT INTO message VALUES (1, 'Ђ😀');"
    assert read(testing.database(sql))["messages"][0]["text"] == "Ђ😀"


def test_text_that_is_no_utf8_costs_no_other_row(read):
    sql = f"{PLAIN} INSERT INTO message VALUES (3, CAST(x'41ff' AS TEXT)), (4, 'four');"
    found = read(testing.database(sql))
    assert [row["text"] for row in found["messages"]] == ["one", "two", "A\ufffd", "four"]
    assert [(p["record"], p["detail"]) for p in found["problems"]] == [("message/id=3", "41ff")]


def test_values_of_any_type_come_as_stored(opened):
    db = opened("CREATE TABLE m (v); INSERT INTO m VALUES (1), (1.5), ('a'), (x'00'), (NULL), (9223372036854775807);")
    assert [row["v"] for row in db.execute("SELECT v FROM m")] == [1, 1.5, "a", b"\0", None, 2**63 - 1]


# --- how many rows


def test_fewer_rows_than_the_table_has_is_a_problem(opened):
    db = opened(f"{PLAIN} CREATE TABLE chat (id); INSERT INTO chat VALUES (1);")
    list(db.execute("SELECT m.id FROM message m JOIN chat c ON c.id = m.id", every="message"))
    (problem,) = db.problems
    assert (problem.kind, problem.message, problem.record, problem.stage) == (
        "not_read", "message: 2 rows in the table, 1 rows out", "message", "check",
    )  # fmt: skip


def test_queries_that_share_a_table_give_its_rows_together():
    @parser("shared", version="1", files=["chat.db"])
    def shared(file):
        """Reads: short and long messages, and forgets those of length three."""
        with file.sqlite() as db:
            for length in ("< 3", "> 3"):
                query = f"SELECT body AS text, 'message/id=' || id AS record FROM message WHERE length(body) {length}"
                yield from MESSAGES.batches(db.execute(query, share="message"))

    sql = f"{PLAIN} INSERT INTO message VALUES (3, 'on'), (4, 'four');"
    found = testing.rows(shared, testing.database(sql), name="chat.db", deleted=True)
    assert [row["text"] for row in found["messages"]] == ["on", "four"]
    (problem,) = found["problems"]
    assert (problem["kind"], problem["message"]) == ("not_read", "message: 4 rows in the table, 2 rows out")


def test_more_rows_than_the_table_has_is_a_problem(opened):
    db = opened(f"{PLAIN} CREATE TABLE chat (id); INSERT INTO chat VALUES (1), (1);")
    list(db.execute("SELECT m.id FROM message m LEFT JOIN chat c ON c.id = m.id", every="message WHERE id < 9"))
    assert [(p.kind, p.message) for p in db.problems] == [
        ("not_understood", "message WHERE id < 9: 2 rows in the table, 3 rows out")
    ]


def test_a_part_of_the_table_that_was_meant_to_be_left_out(opened):
    db = opened(PLAIN)
    assert len(list(db.execute("SELECT id FROM message WHERE id > 1", every="message WHERE id > 1"))) == 1
    assert db.problems == []
