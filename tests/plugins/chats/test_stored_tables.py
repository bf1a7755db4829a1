"""Tables that a database has, and those that are not read."""

from forensics_plugins.chats.stored_tables import there, unread

from forensics import testing

SQL = """
CREATE TABLE full (a); INSERT INTO full VALUES (1), (2);
CREATE TABLE empty (a);
CREATE VIEW shown AS SELECT a FROM full;
"""


def test_only_tables_with_rows_are_told():
    with testing.placed(testing.database(SQL), name="a.db") as file, file.sqlite() as db:
        found = list(unread(db, ("FULL", "empty", "shown", "none")))
        assert [there(db, table) for table in ("FULL", "empty", "shown", "none")] == ["FULL", "empty", None, None]
    assert [(problem.kind, problem.message, problem.record) for problem in found] == [
        ("not_read", "table FULL: 2 rows are not read", "FULL")
    ]
