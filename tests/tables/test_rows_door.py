"""`TABLE.rows`: dicts in, typed rows out; what does not fit becomes null and a problem, never a lost row."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from forensics.tables import CALLS, CONTACTS, MEDIA, MESSAGES
from forensics.times import unix_ms

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def only(found, table="messages"):
    """The one row, without where it came from."""
    (row,) = found[table]
    provenance = ("evidence", "path", "file", "parser", "record", "state", "text_folded", "time_basis")
    return {name: value for name, value in row.items() if name not in provenance}


def test_a_row_comes_with_its_provenance(given):
    (row,) = given([{"text": "Stižemo", "record": "line 3"}])["messages"]
    assert row == {
        "evidence": "test",
        "path": "file",
        "file": "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73",
        "parser": "test.given@1",
        "record": "line 3",
        "state": "live",
        "text": "Stižemo",
        "text_folded": row["text_folded"],
    }


# --- our mistakes: the parser stops, and says what to do


@pytest.mark.parametrize("cells", [{"txt": "a", "record": "1"}, {"text": "a", "nickname": "b", "record": "1"}])
def test_a_column_that_the_table_lacks(cells):
    with pytest.raises(TypeError, match=r"table messages has no column .*put what fits no column into extra"):
        list(MESSAGES.rows([cells]))


def test_a_clock_for_a_column_that_the_table_lacks():
    with pytest.raises(TypeError, match="has no column sent"):
        list(MESSAGES.rows([], sent=unix_ms))


@pytest.mark.parametrize("cells", [{"text": "a"}, {"text": "a", "record": None}, {"text": "a", "record": ""}])
def test_a_row_without_a_record(cells):
    with pytest.raises(TypeError, match="each row must say where it came from"):
        list(MESSAGES.rows([cells]))


def test_rows_before_the_mistake_stay(given):
    found = given([{"text": "first", "record": "1"}, {"wrong": 1, "record": "2"}])
    assert only(found) == {"text": "first"}
    assert found["problems"][0]["message"].startswith(
        "test.given stopped: TypeError: table messages has no column wrong"
    )


# --- cells of the wrong type


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("sent_at", "2024-05-01", "not an aware datetime"),
        ("sent_at", datetime(2024, 5, 1, 12), "without a zone"),
        ("sent_at", 1714564800000, "nor a number with a clock"),
        ("sent_local", NOON, "not a wall clock"),
        ("sent_local", 5, "not a wall clock"),
        ("sent_local", datetime(1, 1, 1), "end of the calendar"),
        ("latitude", "north", "not a number"),
        ("latitude", float("nan"), "not a finite number"),
        ("latitude", True, "not a number"),
        ("forwarded", "yes", "not a whole number"),
        ("text", True, "not text"),
        ("text", b"\xff\xfe", "bytes that are no text"),
        ("text", object, "not text"),
        ("chat_id", {1, 2}, "not text"),
    ],
)
def test_a_bad_cell_becomes_null_and_a_problem(given, column, value, why):
    found = given([{column: value, "message_id": "7", "record": "line 9"}])
    assert only(found) == {"message_id": "7"}
    (problem,) = found["problems"]
    assert problem["message"].startswith(f"messages.{column} left empty: ")
    assert why in problem["message"]
    assert (problem["record"], problem["kind"], problem["stage"]) == ("line 9", "not_understood", "check")
    assert problem["detail"] == repr(value)


def test_a_long_bad_value_is_shown_in_part(given):
    (problem,) = given([{"sent_at": "x" * 1000, "record": "1"}])["problems"]
    assert problem["detail"] == "'" + "x" * 199 + "…"


def test_a_number_of_too_many_digits_costs_its_cell_only(given):
    found = given([{"text": 10**5000, "message_id": "7", "record": "1"}, {"text": "next", "record": "2"}])
    assert [row.get("text") for row in found["messages"]] == [None, "next"]
    assert found["problems"][0]["detail"].startswith("int: Exceeds the limit")


def test_whole_numbers_are_64_bit(given):
    found = given(
        [{"width": 2**63 - 1, "height": -(2**63), "record": "1"}, {"width": 2**63, "record": "2"}], table=MEDIA
    )
    assert [(row.get("width"), row.get("height")) for row in found["media"]] == [(2**63 - 1, -(2**63)), (None, None)]
    assert found["problems"][0]["detail"] == "9223372036854775808"


# --- what is taken as it is meant


def test_text_from_numbers(given):
    rows = [{"text": v, "record": "1"} for v in (5, -0.5, 100.0, 1e300, 1 / 3, Decimal("0.10"), b"\xc5\xbe")]
    assert [row["text"] for row in given(rows)["messages"]] == [
        "5", "-0.5", "100.0", "1.0e+300", "0.333333333333333", "0.10", "ž",
    ]  # fmt: skip


def test_numbers_from_whole_floats_and_digits(given):
    rows = [{"width": v, "record": "1"} for v in (5.0, "640", "-3")]
    assert [row["width"] for row in given(rows, table=MEDIA)["media"]] == [5, 640, -3]


def test_flags(given):
    rows = [{"forwarded": v, "record": "1"} for v in (True, False, 0, 1, 7, "1", None)]
    assert [row.get("forwarded") for row in given(rows)["messages"]] == [True, False, False, True, True, True, None]


def test_lists(given):
    rows = [{"phones": v, "record": "1"} for v in (["+381", None, 44], "+49", '["a", "b"]', {"b", "a"}, [], None)]
    found = given(rows, table=CONTACTS)
    assert [row.get("phones") for row in found["contacts"]] == [
        ["+381", "44"],
        ["+49"],
        ["a", "b"],
        ["a", "b"],
        [],
        None,
    ]


def test_a_bad_list_becomes_null_and_a_problem(given):
    found = given(
        [{"phones": "[not json", "name": "N", "record": "1"}, {"phones": [b"\xff"], "record": "2"}], table=CONTACTS
    )
    assert [row.get("phones") for row in found["contacts"]] == [None, None]
    assert [problem["record"] for problem in found["problems"]] == ["1", "2"]


def test_extra_from_a_dict_is_json_text(given):
    cells = {"extra": {"b": [1, None], "a": "ž"}, "record": "1"}
    assert only(given([cells]))["extra"] == '{"a": "ž", "b": [1, null]}'


def test_extra_that_contains_itself(given):
    loop: dict = {}
    loop["self"] = loop
    found = given([{"extra": loop, "text": "kept", "record": "1"}])
    assert only(found) == {"text": "kept"}
    assert "Circular reference" in found["problems"][0]["message"]


def test_aware_times_become_utc(given):
    cells = {"sent_at": datetime(2024, 5, 1, 14, tzinfo=timezone(timedelta(hours=2))), "record": "1"}
    assert given([cells])["messages"][0]["sent_at"] == NOON


def test_each_row_keeps_its_own_state(given):
    found = given([{"record": "1", "state": "freelist"}, {"record": "2"}])
    assert [row["state"] for row in found["messages"]] == ["freelist", "live"]


# --- wall clocks


def test_a_wall_clock_without_a_zone_stays_one(given):
    (row,) = given([{"sent_local": datetime(2024, 5, 1, 14), "record": "1"}])["messages"]
    assert row["sent_local"] == datetime(2024, 5, 1, 14)
    assert "sent_at" not in row
    assert row["time_basis"] == "local"


def test_a_wall_clock_in_the_zone_of_the_examiner(given):
    times = [
        datetime(2024, 5, 1, 14),
        datetime(2024, 10, 27, 2, 30),
        datetime(2024, 3, 31, 2, 30),
        "2024-01-15T12:00:00",
    ]
    found = given([{"sent_local": t, "record": str(n)} for n, t in enumerate(times)], timezone="Europe/Podgorica")
    assert [(row.get("sent_at"), row["time_basis"]) for row in found["messages"]] == [
        (NOON, "assumed:Europe/Podgorica"),
        (datetime(2024, 10, 27, 0, 30, tzinfo=UTC), "ambiguous:Europe/Podgorica"),
        (None, "ambiguous:Europe/Podgorica"),
        (datetime(2024, 1, 15, 11, tzinfo=UTC), "assumed:Europe/Podgorica"),
    ]
    (problem,) = found["problems"]
    assert problem["message"] == "messages.sent_local: the clocks of Europe/Podgorica skipped 2024-03-31 02:30:00"
    assert problem["record"] == "2"


def test_an_instant_wins_over_its_wall_clock(given):
    cells = {"sent_at": NOON, "sent_local": datetime(2024, 5, 1, 14), "record": "1"}
    (row,) = given([cells, {"record": "2"}], timezone="Asia/Kabul")["messages"][:1]
    assert (row["sent_at"], row["time_basis"]) == (NOON, "utc")


def test_what_a_parser_says_of_the_basis_stays(given):
    (row,) = given([{"sent_at": NOON, "time_basis": "assumed:Asia/Kabul", "record": "1"}])["messages"]
    assert row["time_basis"] == "assumed:Asia/Kabul"


def test_calls_have_a_wall_clock_of_their_own(given):
    (row,) = given([{"started_local": datetime(2024, 5, 1, 14), "record": "1"}], CALLS, "Europe/Podgorica")["calls"]
    assert row["started_at"] == NOON


# --- text that cannot be stored as it is


@pytest.mark.parametrize(
    ("text", "stored", "what", "raw"),
    [
        ("a\ud800b", "a\ufffdb", "1 x lone surrogate as U+FFFD", "61eda08062"),
        ("\ud83d\ude00", "😀", "1 x surrogate pair joined", "eda0bdedb880"),
        ("a\0b", "a␀b", "1 x NUL as U+2400", "610062"),
    ],
)
def test_altered_text_is_flagged_and_its_bytes_kept(given, text, stored, what, raw):
    found = given([{"text": "plain", "record": "1"}, {"text": text, "sender_name": text, "record": "2"}])
    plain, altered = found["messages"]
    assert "cleaned" not in plain
    assert (altered["text"], altered["sender_name"]) == (stored, stored)
    assert sorted(altered["cleaned"].split(",")) == ["sender_name", "text"]
    of_text = [p for p in found["problems"] if p["message"].startswith("messages.text")]
    assert [(p["message"], p["detail"], p["record"]) for p in of_text] == [(f"messages.text: {what}", raw, "2")]


def test_altered_text_in_a_list(given):
    found = given([{"phones": ["+1"], "record": "1"}, {"phones": ["+2", "+\ud800"], "record": "2"}], table=CONTACTS)
    assert [row["phones"] for row in found["contacts"]] == [["+1"], ["+2", "+\ufffd"]]
    assert [row.get("cleaned") for row in found["contacts"]] == [None, "phones"]


def test_text_over_the_limit_is_cut_and_said(given):
    found = given([{"text": "x" * 1_100_000, "record": "1"}])
    assert found["messages"][0]["text"].endswith("[cut: 1100000 characters]")
    assert found["problems"][0]["kind"] == "limit"


def test_direction_controls_stay(given):
    text = "\u202efdp.exe\u2069 <script>=1+1"
    found = given([{"text": text, "extra": json.dumps({"n": text}), "record": "1"}])
    assert found["messages"][0]["text"] == text
    assert "problems" not in found
