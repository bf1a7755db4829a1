"""Values that may be anything: what is taken, and that nothing else is."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from forensics_plugins.chats import untrusted

from forensics import parser, testing

ANYTHING = [None, True, 0, -1, 2.5, "", " ", "да", b"x", [], ["x"], {}, {"x": 1}]


def taken(function) -> list:
    """What a function makes of anything, but for what it leaves out."""
    return [found for value in ANYTHING if (found := function(value)) is not None]


def test_only_what_is_of_the_kind_is_taken():
    assert taken(untrusted.string) == ["", " ", "да"]
    assert taken(untrusted.words) == [" ", "да"]
    assert taken(untrusted.visible) == ["да"]
    assert [found for found in taken(untrusted.mapping) if found] == [{"x": 1}]
    assert [found for found in taken(untrusted.sequence) if found] == [["x"]]
    assert untrusted.objects([{"x": 1}, "x", None, [{}], {}]) == [{"x": 1}, {}]
    assert untrusted.objects({"x": 1}) == []
    assert [value for value in ANYTHING if untrusted.is_time(value)] == [True, 2.5]


def test_a_value_under_nested_keys():
    assert untrusted.at({"a": {"b": [1]}}, "a", "b") == [1]
    assert untrusted.at({"a": {"b": [1]}}, "a", "b", "c") is None
    assert [untrusted.at(value, "y") for value in ANYTHING] == [None] * len(ANYTHING)


def test_an_instant():
    assert untrusted.instant("2024-03-12T18:42:00.1234567") == datetime(2024, 3, 12, 18, 42, 0, 123456, UTC)
    assert untrusted.instant("2024-03-12T18:42:00+01:00") == datetime(
        2024, 3, 12, 18, 42, tzinfo=timezone(timedelta(hours=1))
    )
    assert taken(untrusted.instant) == []


def test_an_instant_before_the_first_year_of_the_calendar_stops_nothing():
    """In UTC it would lie in the year 0, which is none: what converts it stops at it."""
    assert untrusted.instant("0001-01-01T00:00:00+05:00").year == 1


def test_json_of_a_cell():
    assert untrusted.loaded('{"а": [1, NaN]}') == {"а": [1, None]}
    assert untrusted.loaded("[" * 100_000) is None
    assert taken(untrusted.loaded) == []


def test_depth():
    nested: list = []
    for _ in range(untrusted.MAX_DEPTH):
        nested = [nested]
    assert untrusted.too_deep(nested)
    assert not untrusted.too_deep(nested[0])
    assert not any(untrusted.too_deep(value) for value in ANYTHING)


def test_what_is_set():
    found = {"ж": "да", "b": 0, "c": False, "d": None, "e": "", "f": [], "g": {}}
    assert untrusted.given(**found) == {"ж": "да", "b": 0, "c": False, "f": [], "g": {}}
    assert untrusted.as_json(found) == '{"b": 0, "c": false, "ж": "да"}'
    assert untrusted.as_json({"a": b"\x00"}) == '{"a": "b\'\\\\x00\'"}'
    assert (untrusted.given(a=None), untrusted.as_json({"a": None})) == (None, None)


@pytest.mark.parametrize(
    ("content", "expected"), [(b'{"x": 1}', {"x": 1}), (b"[1]", {}), (b'{"x": ', {}), (b"\xff\xfe\x00", {}), (b"", {})]
)
def test_the_object_in_a_file_beside(content, expected):
    found = []

    @parser("example", magic=["text/plain"])
    def read(file):
        """Example.

        Tier: unexercised
        """
        found.extend([untrusted.beside(file, "told.json"), untrusted.beside(file, "none.json")])
        return iter(())

    testing.rows(read, b"x", name="a.txt", beside={"told.json": content})
    assert found == [expected, {}]
