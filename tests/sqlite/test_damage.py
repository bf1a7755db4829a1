"""Half-corrupt databases: rows are kept as far as they can be read, and the damage is said (H-37)."""

import re

import pytest

from forensics import parser, testing
from forensics.tables import MESSAGES

PAGE = 512
ROWS = 300
FILL = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})"
SQL = f"""
PRAGMA page_size = {PAGE};
CREATE TABLE message (id INTEGER PRIMARY KEY, body TEXT);
{FILL} INSERT INTO message SELECT i, 'text number ' || i FROM n;
"""


def damaged(page, sql=SQL, fill=b"\xff"):
    content = bytearray(testing.database(sql))
    content[(page - 1) * PAGE : page * PAGE] = fill * PAGE
    return bytes(content)


def on_page(page):
    """Ids of the rows whose text stands on a page of the sound database."""
    whole = testing.database(SQL)[(page - 1) * PAGE : page * PAGE]
    return {int(number) for number in re.findall(rb"text number (\d+)", whole)}


@pytest.mark.parametrize("page", [3, 4, 9, 15])
def test_rows_behind_a_damaged_page_are_read(read, page):
    found = read(damaged(page))
    ids = [int(row["message_id"]) for row in found["messages"]]
    lost = set(range(1, ROWS + 1)) - set(ids)
    assert len(ids) == len(set(ids)), "a row came twice"
    assert lost == on_page(page), "other rows are missing than those of the page"
    assert all(row["text"] == f"text number {row['message_id']}" for row in found["messages"])
    (problem,) = found["problems"]
    assert problem["kind"] == "damaged"
    assert problem["message"].startswith("a query ended after ")


def test_text_that_is_no_utf8_is_not_given_twice(read):
    found = read(damaged(9, f"{SQL} UPDATE message SET body = CAST(x'41ff' AS TEXT) WHERE id IN (1, 299);"))
    ids = [row["message_id"] for row in found["messages"]]
    assert len(ids) == len(set(ids))
    assert {row["text"] for row in found["messages"] if row["message_id"] in ("1", "299")} == {"A\ufffd"}


def test_joins_with_a_database_beside_survive():
    @parser("test.joined")
    def joined(file):
        with file.sqlite(beside={"wa": "wa.db"}) as db:
            query = """SELECT m.id AS message_id, c.name AS sender_name, 'm/' || m.id AS record
                       FROM message m LEFT JOIN wa.contacts c ON c.id = m.id"""
            yield from MESSAGES.batches(db.execute(query))

    contacts = testing.database("CREATE TABLE contacts (id, name); INSERT INTO contacts VALUES (1, 'A'), (300, 'Z');")
    found = testing.rows(joined, damaged(9), beside={"wa.db": contacts})
    assert [row["message_id"] for row in found["messages"] if "sender_name" in row] == ["1", "300"]
    assert len(found["problems"]) == 1


def test_a_damaged_index_costs_no_row(read):
    content = damaged(20, f"{SQL} CREATE INDEX by_body ON message (body);")
    assert len(read(content)["messages"]) >= ROWS - 40


def test_other_tables_of_a_damaged_database_keep_their_rows(read):
    """Hostile neighbours: columns named like the row id, no row ids at all."""
    sql = f"""{SQL}
    CREATE TABLE a (rowid TEXT, _rowid_ TEXT); INSERT INTO a VALUES ('x', NULL), ('x', 'y');
    CREATE TABLE b (oid, rowid, _rowid_); INSERT INTO b VALUES (NULL, 'x', 1);
    CREATE TABLE c (k TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO c VALUES ('k');"""
    assert len(read(damaged(9, sql))["messages"]) > ROWS - 40


def test_a_table_without_row_ids_is_read_up_to_the_damage():
    sql = f"""PRAGMA page_size = {PAGE}; CREATE TABLE message (id TEXT PRIMARY KEY, body) WITHOUT ROWID;
    {FILL} INSERT INTO message SELECT printf('%05d', i), 'text number ' || i FROM n;"""

    @parser("test.no_row_ids")
    def keyed(file):
        with file.sqlite() as db:
            yield from MESSAGES.batches(db.execute("SELECT id AS message_id, 'm/' || id AS record FROM message"))

    found = testing.rows(keyed, damaged(9, sql))
    assert found["messages"]
    assert {p["kind"] for p in found["problems"]} == {"damaged"}


@pytest.mark.parametrize("page", [1, 2])
def test_a_damaged_root_is_a_problem_and_nothing_more(read, page):
    found = read(damaged(page))
    assert {problem["kind"] for problem in found["problems"]} == {"damaged"}


@pytest.mark.parametrize("size", [50, 100, 511, 512, 700, 3000, 8000])
def test_cut_databases(read, size):
    found = read(testing.database(SQL)[:size])
    assert {problem["kind"] for problem in found["problems"]} == {"damaged"}
    assert not [p for p in found["problems"] if " stopped: " in p["message"] and "DatabaseError" not in p["message"]]


def test_changed_bytes_never_raise_anything_but_a_problem(read):
    import random

    whole = testing.database(SQL)
    dice = random.Random(5)
    for _ in range(40):
        mutant = bytearray(whole)
        for _ in range(dice.randint(1, 10)):
            mutant[dice.randrange(len(mutant))] = dice.choice((0, 255, dice.randrange(256)))
        for problem in read(bytes(mutant)).get("problems", []):
            stopped = " stopped: " in problem["message"]
            assert not stopped or "DatabaseError" in problem["message"] or "OperationalError" in problem["message"]
