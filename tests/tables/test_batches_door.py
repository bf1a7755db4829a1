"""`TABLE.batches`: the result of a query in, typed rows out."""

from datetime import UTC, datetime

import pytest

from forensics import testing
from forensics.parsers import parser
from forensics.tables import CONTACTS, MESSAGES
from forensics.times import cocoa_ns, cocoa_s, filetime, unix_ms, unix_ns, unix_s, unix_us, webkit_us

CLOCKS = [unix_s, unix_ms, unix_us, unix_ns, cocoa_s, cocoa_ns, webkit_us, filetime]


@pytest.mark.parametrize(
    ("query", "clocks", "message"),
    [
        ("SELECT 1 AS nickname, 'r' AS record", {}, "table messages has no column nickname"),
        ("SELECT 1 AS text", {}, "messages: the query must say where each row came from, AS record"),
        ("SELECT 1 AS sent_at, 'r' AS record", {}, "say which clock sent_at uses, e.g. sent_at=unix_ms"),
        ("SELECT 1 AS text, 'r' AS record", {"sent": unix_ms}, "table messages has no column sent"),
    ],
)
def test_our_mistakes_stop_the_parser_and_say_what_to_do(queried, query, clocks, message):
    found = queried("CREATE TABLE m (a);", query, **clocks)
    assert found.keys() == {"problems"}
    assert message in found["problems"][0]["message"]


def test_rows_are_typed_by_the_table(queried):
    sql = "CREATE TABLE m (id, body, t, f); INSERT INTO m VALUES (7, 'Stižemo', 1704067200123, 1), (8, NULL, 0, NULL);"
    query = "SELECT id AS message_id, body AS text, t AS sent_at, f AS forwarded, 'm/id=' || id AS record FROM m"
    first, second = queried(sql, query, sent_at=unix_ms)["messages"]
    assert first["message_id"] == "7"
    assert first["sent_at"] == datetime(2024, 1, 1, 0, 0, 0, 123_000, tzinfo=UTC)
    assert first["forwarded"] is True
    assert (first["record"], first["state"], first["time_basis"]) == ("m/id=7", "live", "utc")
    assert second.keys() & {"text", "sent_at", "forwarded", "time_basis"} == set()


def test_bad_cells_become_null_and_problems(queried):
    sql = "CREATE TABLE m (id, t, lat); INSERT INTO m VALUES (1, 'abc', x'ff'), (2, 5, 'north'), (3, 1704067200, 44.5);"
    query = "SELECT t AS sent_at, lat AS latitude, 'm/' || id AS record FROM m"
    found = queried(sql, query, sent_at=unix_s)
    assert [(row.get("sent_at"), row.get("latitude")) for row in found["messages"]] == [
        (None, None),
        (None, None),
        (datetime(2024, 1, 1, tzinfo=UTC), 44.5),
    ]
    assert [(p["record"], p["message"].partition(" ")[0], p["detail"]) for p in found["problems"]] == [
        ("m/1", "messages.sent_at", "'abc'"),
        ("m/2", "messages.sent_at", "5"),
        ("m/1", "messages.latitude", "b'\\xff'"),
        ("m/2", "messages.latitude", "'north'"),
    ]


def test_lists_from_json_text(queried):
    query = """SELECT '["+1","+2"]' AS phones, 'plain' AS emails, 'r' AS record"""
    (row,) = queried("CREATE TABLE m (a);", query, table=CONTACTS)["contacts"]
    assert (row["phones"], row["emails"]) == (["+1", "+2"], ["plain"])


def test_a_wall_clock_in_the_zone_of_the_examiner(queried):
    query = "SELECT '2024-05-01 14:00:00' AS sent_local, 'r' AS record"
    (row,) = queried("CREATE TABLE m (a);", query, timezone="Europe/Podgorica")["messages"]
    assert row["sent_at"] == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert row["time_basis"] == "assumed:Europe/Podgorica"


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: clock.name)
def test_both_doors_give_the_same_instant(given, queried, monkeypatch, clock, fast):
    monkeypatch.setattr("forensics.tables.check.FAST_FROM", 0 if fast else 1 << 62)
    stored = [(1_704_067_200 + n - clock.epoch_s) * clock.ticks + n for n in range(5)] + [0, -1, None, 7 * clock.ticks]
    if clock.ticks == 1:
        stored += [1_704_067_200.123456 - clock.epoch_s, 1_704_067_200.9999996 - clock.epoch_s]
    rows = ", ".join(f"({n}, {'NULL' if value is None else value})" for n, value in enumerate(stored))
    sql = f"CREATE TABLE m (id INTEGER PRIMARY KEY, t); INSERT INTO m VALUES {rows};"
    by_query = queried(sql, "SELECT t AS sent_at, CAST(id AS TEXT) AS record FROM m", sent_at=clock)
    by_dict = given([{"sent_at": value, "record": str(n)} for n, value in enumerate(stored)], sent_at=clock)
    assert [(r["record"], r.get("sent_at")) for r in by_query["messages"]] == [
        (r["record"], r.get("sent_at")) for r in by_dict["messages"]
    ]
    assert by_query.get("problems") == by_dict.get("problems")
    assert len(by_query["messages"]) == len(stored)


def test_several_tables_from_one_database():
    @parser("test.two")
    def two(file):
        with file.sqlite() as db:
            yield from MESSAGES.batches(db.execute("SELECT a AS text, 'm/' || a AS record FROM m"))
            for row in db.execute("SELECT a, state FROM (SELECT a, 'x' AS state FROM m)"):
                yield from CONTACTS.rows([{"name": row["a"], "record": f"m/{row['a']}"}])

    found = testing.rows(two, testing.database("CREATE TABLE m (a); INSERT INTO m VALUES ('one'), ('two');"))
    assert [row["text"] for row in found["messages"]] == ["one", "two"]
    assert [row["name"] for row in found["contacts"]] == ["one", "two"]
