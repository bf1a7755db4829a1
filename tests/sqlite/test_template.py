"""One query for all versions of a schema."""

import pytest

from forensics import sqlite, testing
from forensics.sqlite.template import fill

TABLES = {"message": ["_id", "text", "Edited"], "jid": ["_id", "raw"], "wa.contacts": ["jid", "name"]}


def filled(template):
    return " ".join(fill(template, lambda table: TABLES.get(table, [])).split())


@pytest.mark.parametrize(
    ("template", "sql"),
    [
        ("SELECT {m.text} FROM message m", "SELECT m.text FROM message m"),
        ("SELECT {m.edited} FROM message AS m", "SELECT m.edited FROM message AS m"),
        ("SELECT {m.gone} FROM message m", "SELECT NULL FROM message m"),
        ("SELECT {message.gone} FROM message", "SELECT NULL FROM message"),
        ("SELECT {m._rowid_} FROM message m", "SELECT m._rowid_ FROM message m"),
        (
            "SELECT {c.name} FROM message m LEFT JOIN wa.contacts c",
            "SELECT c.name FROM message m LEFT JOIN wa.contacts c",
        ),
        (
            "SELECT m.text, {r.value} FROM message m LEFT JOIN reaction r ON r.message = m._id",
            'SELECT m.text, NULL FROM message m LEFT JOIN (SELECT NULL AS "message" WHERE 0) AS r ON r.message = m._id',
        ),
        ("SELECT 1 FROM gone", 'SELECT 1 FROM (SELECT NULL AS "none" WHERE 0) AS gone'),
        ("WITH gone AS (SELECT 1 AS a) SELECT a FROM gone", "WITH gone AS (SELECT 1 AS a) SELECT a FROM gone"),
        ("SELECT 1 FROM message m WHERE m.text = 'FROM'", "SELECT 1 FROM message m WHERE m.text = 'FROM'"),
    ],
)
def test_what_is_missing_becomes_null_or_an_empty_table(template, sql):
    assert filled(template) == sql


@pytest.mark.parametrize("column", ['g."order"', 'g."nothing"', "g.rowid", "1"])
def test_columns_of_a_missing_table(column):
    with testing.placed(testing.database("CREATE TABLE m (a); INSERT INTO m VALUES (1);")) as file, file.sqlite() as db:
        (row,) = db.execute(f"SELECT m.a, {column} AS b FROM m LEFT JOIN gone g ON m.a = {column}")
    assert row["a"] == 1


def test_a_query_over_what_is_not_there():
    template = """
    SELECT m.id, {m.edited} AS edited, {r.value} AS value, count(r.message) AS reactions
    FROM message m LEFT JOIN reaction r ON r.message = m.id GROUP BY m.id"""
    content = testing.database("CREATE TABLE message (id); INSERT INTO message VALUES (1);")
    with testing.placed(content) as file, file.sqlite() as db:
        assert list(db.execute(template)) == [{"id": 1, "edited": None, "value": None, "reactions": 0, "state": "live"}]


def test_names_are_compared_without_case():
    with testing.placed(testing.database("CREATE TABLE Message (Text_Data);")) as file:
        with file.sqlite() as db:
            assert db.has(message=["text_data"])
            assert db.columns("MESSAGE") == ["Text_Data"]
            assert db.select("SELECT {m.TEXT_DATA} FROM MESSAGE m") == "SELECT m.TEXT_DATA FROM MESSAGE m"
        assert sqlite.has(MESSAGE=["TEXT_DATA"])(file)


def test_has_asks_for_tables_and_columns():
    with testing.placed(testing.database("CREATE TABLE message (id, body); CREATE TABLE jid (a);")) as file:
        assert sqlite.has(message=["body"], jid=["a"])(file)
        assert not sqlite.has(message=["body", "edited"])(file)
        assert not sqlite.has(message=["body"], chat=[])(file)


def test_a_missing_sibling_counts_as_tables_that_are_missing():
    template = "SELECT m.id, {c.name} AS name FROM m LEFT JOIN wa.contacts c ON c.id = m.id"
    contacts = testing.database("CREATE TABLE contacts (id, name); INSERT INTO contacts VALUES (1, 'Mirko');")
    names = {}
    for there in (True, False):
        beside = {"wa.db": contacts} if there else {}
        main = testing.database("CREATE TABLE m (id); INSERT INTO m VALUES (1);")
        with testing.placed(main, beside=beside) as file, file.sqlite(beside={"wa": "wa.db"}) as db:
            (row,) = db.execute(template)
            names[there] = row["name"]
            assert ("wa.contacts" in db.tables) is there
    assert names == {True: "Mirko", False: None}


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_sibling_that_is_no_database_takes_nothing_from_the_main_one(content):
    main = testing.database("CREATE TABLE m (id); INSERT INTO m VALUES (1);")
    with testing.placed(main, beside={"wa.db": content}) as file:
        with file.sqlite(beside={"wa": "wa.db"}) as db:
            rows = list(db.execute("SELECT m.id, {c.name} AS name FROM m LEFT JOIN wa.contacts c ON c.id = m.id"))
        assert [row["id"] for row in rows] == [1]
        assert [p.kind for p in file.problems] == (["damaged"] if content.startswith(b"SQLite") else [])
