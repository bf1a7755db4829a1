"""The fast way out of a database gives exactly what the cell-by-cell way gives, on clean tables and on dirty ones."""

import pyarrow as pa
import pytest

from forensics import testing
from forensics.parsers import parser
from forensics.sqlite import columnar
from forensics.tables import MESSAGES, check
from forensics.times import cocoa_s, unix_ms

ROWS, FIRST, LATER = 90, 7, 71  # rows, and one in the driver's first batch and in a later one
SCHEMA = "CREATE TABLE m (id INTEGER PRIMARY KEY, chat TEXT, sent INTEGER, got REAL, fwd, lat REAL, body, wall);"
FILL = f"""
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
INSERT INTO m SELECT i, 'chat' || (i % 7), 1700000000000 + i, 700000000.123456 + i, i % 2, i / 7.0, 'text ' || i, NULL FROM n;
"""
SELECT = """
SELECT id AS message_id, chat AS chat_id, sent AS sent_at, got AS received_at, fwd AS forwarded, lat AS latitude,
       body AS text, wall AS sent_local, 'm/id=' || id AS record
FROM m
"""
CHANGES = {
    "clean": None,
    "text in a whole number": "sent = 'abc'",
    "blob in a whole number": "sent = x'ff00'",
    "float in a whole number": "sent = 1700000000000.5",
    "largest number in milliseconds": "sent = 9223372036854775807",
    "smallest number in milliseconds": "sent = -9223372036854775807 - 1",
    "a time of 1970": "sent = 5",
    "unset as zero": "sent = 0, got = 0",
    "unset as minus one": "sent = -1, got = -1",
    "unset as null": "sent = NULL, got = NULL, fwd = NULL, lat = NULL, body = NULL",
    "largest number in seconds": "got = 9223372036854775807",
    "more than a float holds": "got = 9007199254740993",
    "seconds of 1970": "got = -978307200",
    "infinite seconds": "got = 9e999",
    "text in a number": "lat = 'north'",
    "blob in a number": "lat = x'00ff'",
    "infinite number": "lat = -9e999",
    "largest number": "lat = 9223372036854775807",
    "flag of seven": "fwd = 7",
    "flag as text": "fwd = '1'",
    "flag as half": "fwd = 0.5",
    "text that is no UTF-8": "body = CAST(x'41ff42' AS TEXT)",
    "id that is no UTF-8": "chat = CAST(x'41ff42' AS TEXT)",
    "half a character": "body = CAST(x'41c5' AS TEXT)",
    "surrogate as UTF-8": "body = CAST(x'eda080' AS TEXT)",
    "NUL in text": "body = CAST(x'410042' AS TEXT)",
    "blob that is text": "body = x'c5be'",
    "blob with NUL": "body = x'410042'",
    "blob that is no text": "body = x'ff'",
    "empty blob": "body = x''",
    "empty text": "body = ''",
    "whole number in text": "body = 9223372036854775807",
    "float in text": "body = 1.5",
    "float of 17 digits in text": "body = 1.0 / 3",
    "large float in text": "body = 1e15",
    "huge float in text": "body = 1e300",
    "infinity in text": "body = 9e999",
    "float in an id": "chat = 381641112222.25",
    "text that looks like a float": "body = '1.500000e+00'",
    "text that looks like a long float": "body = '0.33333333333333332'",
    "wall clock": "wall = '2024-01-02 03:04:05'",
    "wall clock that is none": "wall = 'yesterday'",
    "wall clock that is no UTF-8": "wall = CAST(x'ff' AS TEXT)",
}


@parser("test.columnar")
def read(file):
    with file.sqlite() as db:
        yield from MESSAGES.batches(db.execute(SELECT, every="m"), sent_at=unix_ms, received_at=cocoa_s)


@pytest.fixture
def both_ways(monkeypatch):
    """Rows and problems of a database, read cell by cell and fast; and how many batches the fast way gave."""
    fast_batches = []
    real = columnar.batches

    def counted(*args):
        for batch in real(*args):
            fast_batches.append(batch)
            yield batch

    monkeypatch.setattr(columnar, "CHUNK", 32)
    monkeypatch.setattr("forensics.sqlite.rows.CHUNK", 24)
    monkeypatch.setattr(columnar, "batches", counted)

    def both(content, parser=read, **options):
        monkeypatch.setattr(check, "FAST_FROM", 1 << 62)
        slow = testing.rows(parser, content, **options)
        assert not fast_batches
        monkeypatch.setattr(check, "FAST_FROM", 0)
        return slow, testing.rows(parser, content, **options), len(fast_batches)

    return both


@pytest.mark.parametrize("row", [FIRST, LATER], ids=["first batch", "later batch"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_both_ways_give_the_same(both_ways, change, row):
    update = f"UPDATE m SET {change} WHERE id = {row};" if change else ""
    slow, fast, batches = both_ways(testing.database(SCHEMA + FILL + update))
    assert fast == slow
    assert [r["message_id"] for r in fast["messages"]] == [str(n) for n in range(1, ROWS + 1)]
    if row == LATER:
        assert batches >= 2, "the fast way was not tried"


def test_many_things_wrong_at_once(both_ways):
    updates = "".join(
        f"UPDATE m SET {change} WHERE id = {2 + 2 * n};" for n, change in enumerate(CHANGES.values()) if change
    )
    slow, fast, _ = both_ways(testing.database(SCHEMA + FILL + updates))
    assert fast == slow
    assert len(fast["messages"]) == ROWS


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_utf16_databases(both_ways, encoding):
    slow, fast, batches = both_ways(
        testing.database(f"PRAGMA encoding = '{encoding}';{SCHEMA}{FILL}UPDATE m SET body = 'žћ😀';")
    )
    assert fast == slow
    assert fast["messages"][0]["text"] == "žћ😀"
    assert batches >= 2


def test_an_empty_table(both_ways):
    slow, fast, _ = both_ways(testing.database(SCHEMA))
    assert slow == fast == {}


def test_a_column_of_nulls(both_ways):
    slow, fast, _ = both_ways(
        testing.database(f"{SCHEMA}{FILL}UPDATE m SET sent = NULL, got = NULL, body = NULL, lat = NULL;")
    )
    assert fast == slow
    assert not any("received_at" in row for row in fast["messages"])


def test_databases_with_generated_columns_go_cell_by_cell(both_ways):
    sql = "CREATE TABLE m (id INTEGER PRIMARY KEY, chat, sent, got, fwd, lat, body, wall AS (NULL));"
    slow, fast, batches = both_ways(testing.database(f"{sql}INSERT INTO m (id, body) VALUES (1, 'a');"))
    assert fast == slow
    assert (batches, fast["messages"][0]["text"]) == (0, "a")


def test_a_damaged_page(both_ways):
    content = bytearray(testing.database("PRAGMA page_size = 512;" + SCHEMA + FILL))
    content[512 * 5 : 512 * 6] = b"\xff" * 512
    slow, fast, _ = both_ways(bytes(content))
    assert fast["messages"] == slow["messages"]
    assert 60 < len(fast["messages"]) < ROWS
    assert {problem["kind"] for problem in fast["problems"]} == {"damaged"}


def test_a_shortfall_is_a_problem_either_way(both_ways):
    @parser("test.inner_join")
    def loses(file):
        with file.sqlite() as db:
            query = "SELECT 'm/' || id AS record FROM m WHERE id > 3"
            yield from MESSAGES.batches(db.execute(query, every="m"))

    slow, fast, batches = both_ways(testing.database(SCHEMA + FILL), loses)
    assert fast == slow
    assert batches >= 2
    assert [p["message"] for p in fast["problems"]] == ["m: 90 rows in the table, 87 rows out"]


def test_attached_databases_and_a_missing_one(both_ways, monkeypatch):
    @parser("test.beside")
    def joined(file):
        with file.sqlite(beside={"wa": "wa.db", "gone": "gone.db"}) as db:
            query = """
            SELECT 'm/' || m.id AS record, w.name AS sender_name, g.name AS chat_name
            FROM m LEFT JOIN wa.names w ON w.id = m.id LEFT JOIN gone.names g ON g.id = m.id"""
            yield from MESSAGES.batches(db.execute(query, every="m"))

    names = testing.database(
        "CREATE TABLE names (id INTEGER PRIMARY KEY, name); INSERT INTO names VALUES (2, 'Mirko');"
    )
    found = {}
    for size in (0, 1 << 62):
        monkeypatch.setattr(check, "FAST_FROM", size)
        found[size] = testing.rows(joined, testing.database(SCHEMA + FILL), beside={"wa.db": names})
    assert found[0] == found[1 << 62]
    assert [row.get("sender_name") for row in found[0]["messages"]][:3] == [None, "Mirko", None]


def test_the_deadline_stops_the_fast_way_and_keeps_what_was_read(monkeypatch):
    monkeypatch.setattr(columnar, "CHUNK", 32)
    monkeypatch.setattr(check, "FAST_FROM", 0)

    @parser("test.late")
    def late(file):
        file.deadline = 0.0
        yield from read(file)

    found = testing.rows(late, testing.database(SCHEMA + FILL))
    assert len(found["messages"]) == 31
    assert [(p["kind"], p["message"]) for p in found["problems"]] == [
        ("limit", "a query ended after 31 rows: interrupted")
    ]


def test_rows_that_the_driver_gives_in_another_order_are_said(monkeypatch):
    real = columnar.batches

    def reversed_and_stopped(*args):
        batch = next(real(*args))
        yield batch.take(pa.array(range(batch.num_rows - 1, -1, -1)))
        raise columnar.Stopped(batch.num_rows, "a value of another type")

    monkeypatch.setattr(columnar, "CHUNK", 32)
    monkeypatch.setattr(columnar, "batches", reversed_and_stopped)
    monkeypatch.setattr(check, "FAST_FROM", 0)
    found = testing.rows(read, testing.database(SCHEMA + FILL))
    assert len(found["messages"]) == ROWS
    assert [(p["kind"], p["record"], p["message"]) for p in found["problems"]] == [
        ("not_understood", "m/id=1", check.OTHER_ORDER)
    ]


LOGGED = {
    "nothing of the table": "CREATE TABLE other (a);",
    "a new row": "INSERT INTO m SELECT 500, chat, sent, got, fwd, lat, 'novo', wall FROM m WHERE id = 1;",
    "a deleted row": "DELETE FROM m WHERE id = 40;",
    "a changed row": "UPDATE m SET body = 'drugo' WHERE id = 71;",
    "a changed number": "UPDATE m SET lat = NULL WHERE id = 7;",
    "every row": "UPDATE m SET body = body || '!';",
    "no row left": "DELETE FROM m;",
    "a value of another type": "UPDATE m SET sent = 'abc' WHERE id = 71; DELETE FROM m WHERE id = 3;",
    "text that is no UTF-8": "UPDATE m SET body = CAST(x'41ff42' AS TEXT) WHERE id = 71; DELETE FROM m WHERE id = 3;",
}


@pytest.mark.parametrize("logged", LOGGED.values(), ids=LOGGED)
def test_both_ways_see_the_log_alike(both_ways, tmp_path, logged):
    slow, fast, _ = both_ways(testing.database_with_log(SCHEMA + FILL, logged, tmp_path))
    assert fast == slow


def test_states_of_the_fast_way(both_ways, tmp_path):
    logged = LOGGED["a new row"] + LOGGED["a deleted row"] + LOGGED["a changed row"]
    _, fast, batches = both_ways(testing.database_with_log(SCHEMA + FILL, logged, tmp_path))
    states = {(r["record"], r["state"]) for r in fast["messages"] if r["state"] != "live"}
    assert states == {("m/id=500", "wal"), ("m/id=71", "wal"), ("m/id=40", "journal"), ("m/id=71", "journal")}
    assert [r["state"] for r in fast["messages"]].count("live") == ROWS - 2
    assert batches >= 2


def test_a_table_that_only_the_log_has(both_ways, tmp_path):
    slow, fast, _ = both_ways(testing.database_with_log("CREATE TABLE other (a);", SCHEMA + FILL, tmp_path))
    assert fast == slow
    assert {r["state"] for r in fast["messages"]} == {"wal"}


def test_deleted_rows_come_when_they_are_asked_for(both_ways):
    content = testing.database("PRAGMA secure_delete = OFF;" + SCHEMA + FILL + "DELETE FROM m WHERE id IN (20, 60);")
    assert {r["state"] for r in testing.rows(read, content)["messages"]} == {"live"}
    slow, fast, _ = both_ways(content, deleted=True)
    assert fast == slow
    recovered = [r for r in fast["messages"] if r["state"] != "live"]
    assert sorted(r["text"] for r in recovered) == ["text 20", "text 60"]
    assert {r["state"] for r in recovered} <= {"freeblock", "unallocated"}
    assert all(" page " in r["record"] for r in recovered)
