"""Clocks: from stored numbers to instants, and wall clocks in a zone that the examiner named."""

from datetime import UTC, datetime

import pytest

from forensics import times
from forensics.times import NotATime, cocoa_ns, cocoa_s, filetime, local, unix_ms, unix_ns, unix_s, unix_us, webkit_us

NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "stored"),
    [
        (unix_s, 1_704_067_200),
        (unix_ms, 1_704_067_200_000),
        (unix_us, 1_704_067_200_000_000),
        (unix_ns, 1_704_067_200_000_000_000),
        (cocoa_s, 725_760_000),
        (cocoa_ns, 725_760_000_000_000_000),
        (webkit_us, 13_348_540_800_000_000),
        (filetime, 133_485_408_000_000_000),
    ],
)
def test_one_instant_on_every_clock(clock, stored):
    assert clock(stored) == NEW_YEAR
    assert clock(float(stored)) == NEW_YEAR
    assert clock(stored).tzinfo is UTC


@pytest.mark.parametrize("unset", [None, 0, -1, 0.0, -1.0])
@pytest.mark.parametrize("clock", [unix_ms, cocoa_s, webkit_us])
def test_unset_is_no_time(clock, unset):
    assert clock(unset) is None


def test_ticks_below_a_microsecond_are_rounded_down():
    assert unix_ns(1_704_067_200_000_001_999) == NEW_YEAR.replace(microsecond=1)


def test_fractions_of_a_second_to_the_nearest_microsecond():
    assert cocoa_s(725_760_000.1234567) == NEW_YEAR.replace(microsecond=123_457)


def test_milliseconds_taken_for_seconds_are_refused():
    with pytest.raises(NotATime, match="no time on the clock unix_s"):
        unix_s(1_704_067_200_000)


@pytest.mark.parametrize("stored", [1, -1e30, 2**63 - 1, -(2**63), float("inf"), float("nan"), 10**400])
def test_numbers_that_are_no_time(stored):
    with pytest.raises(NotATime):
        unix_s(stored)


def test_the_years_that_a_device_can_hold():
    first, end = 631_152_000, 4_102_444_800
    assert unix_s(first) == datetime(1990, 1, 1, tzinfo=UTC)
    assert unix_s(end - 1) == datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)
    for outside in (first - 1, end):
        with pytest.raises(NotATime, match="outside 1990 to 2100"):
            unix_s(outside)


def test_seconds_say_the_same_as_float_and_as_whole_number():
    said = []
    for stored in (5, 5.0):
        with pytest.raises(NotATime) as caught:
            unix_s(stored)
        said.append(str(caught.value))
    assert said[0] == said[1] == "5 on the clock unix_s is 1970-01-01, outside 1990 to 2100"


def test_a_wall_clock_in_a_zone():
    winter, summer = datetime(2024, 1, 15, 12), datetime(2024, 7, 15, 12)
    assert local(winter, "Europe/Podgorica") == (datetime(2024, 1, 15, 11, tzinfo=UTC), "assumed:Europe/Podgorica")
    assert local(summer, "Europe/Podgorica") == (datetime(2024, 7, 15, 10, tzinfo=UTC), "assumed:Europe/Podgorica")


def test_the_hour_that_comes_twice_gives_the_first_instant():
    assert local(datetime(2024, 10, 27, 2, 30), "Europe/Podgorica") == (
        datetime(2024, 10, 27, 0, 30, tzinfo=UTC),
        "ambiguous:Europe/Podgorica",
    )


def test_the_hour_that_never_was_has_no_instant():
    assert local(datetime(2024, 3, 31, 2, 30), "Europe/Podgorica") == (None, "ambiguous:Europe/Podgorica")


@pytest.mark.parametrize("name", ["Podgorica", "", "../etc/passwd", "a\0b", "Europe"])
def test_an_unknown_zone_says_how_zones_are_named(name):
    with pytest.raises(ValueError, match="IANA name such as Europe/Podgorica"):
        times.zone(name)
