"""Heads of lines in WhatsApp chat exports: forms, digits, calendars, parts of the day; days told from months."""

from datetime import date, datetime

import pytest
from forensics_plugins.chats.whatsapp.export_calendar import day_of, solar
from forensics_plugins.chats.whatsapp.export_dates import Order, order_of, wall_clock
from forensics_plugins.chats.whatsapp.export_header import day_part, head

AFTERNOON = datetime(2018, 6, 3, 13, 55)
HEADS = [
    ("03/02/17, 18:42 - ", "dmy", datetime(2017, 2, 3, 18, 42)),
    ("23/06/2018, 01:55 p.m. - ", "dmy", datetime(2018, 6, 23, 13, 55)),
    ("3/6/18, 1:55\u202fPM - ", "dmy", AFTERNOON),
    ("6/3/18, 1:55\u202fPM - ", "mdy", AFTERNOON),
    ("3/6/2018 1:55 p.\u00a0m. - ", "dmy", AFTERNOON),
    ("13. 6. 2018. 21:25:15 - ", "dmy", datetime(2018, 6, 13, 21, 25, 15)),
    ("[13. 6. 2018. 21:25:15] ", "dmy", datetime(2018, 6, 13, 21, 25, 15)),
    ("13. 6. 2018. u 21:25 - ", "dmy", datetime(2018, 6, 13, 21, 25)),
    ("13.6.2018 klo 21.25.15 - ", "dmy", datetime(2018, 6, 13, 21, 25, 15)),
    ("[13.6.2018 klo 21.25.15] ", "dmy", datetime(2018, 6, 13, 21, 25, 15)),
    ("13.06.18 21.25.15: ", "dmy", datetime(2018, 6, 13, 21, 25, 15)),
    ("30/12/2020 13:00 - ", "dmy", datetime(2020, 12, 30, 13)),
    ("03-06-2018, 01.55 PM - ", "dmy", AFTERNOON),
    ("[2018/06/13, 21:25:15] ", "ymd", datetime(2018, 6, 13, 21, 25, 15)),
    ("[06.13.18 21:25:15] ", "mdy", datetime(2018, 6, 13, 21, 25, 15)),
    ("\u200e[3/6/18 1:55:00 p. m.] ", "dmy", AFTERNOON),
    ("2019/01/01, 11:25 - ", "ymd", datetime(2019, 1, 1, 11, 25)),
    ("2019-01-01, 11:25 - ", "ymd", datetime(2019, 1, 1, 11, 25)),
    ("[15-01-20 02:22:56] ", "dmy", datetime(2020, 1, 15, 2, 22, 56)),
    ("2018. 06. 13. 21:25 - ", "ymd", datetime(2018, 6, 13, 21, 25)),
    ("2018. 06. 13. du. 1:25 - ", "ymd", datetime(2018, 6, 13, 13, 25)),
    ("[14:56:01, 3/18/22] ", "mdy", datetime(2022, 3, 18, 14, 56, 1)),
    ("14:56, 18/3/2022 - ", "dmy", datetime(2022, 3, 18, 14, 56)),
    ("13.06.18 г., 21:25 ч. - ", "dmy", datetime(2018, 6, 13, 21, 25)),
    ("[3/18/2565 BE, 14:56:01] ", "mdy", datetime(2022, 3, 18, 14, 56, 1)),
    ("13.06.18, 8:25 abends - ", "dmy", datetime(2018, 6, 13, 20, 25)),
    ("13.06.18, 8:25 morgens - ", "dmy", datetime(2018, 6, 13, 8, 25)),
    ("13.06.18, 3:25 nachm. - ", "dmy", datetime(2018, 6, 13, 15, 25)),
    ("13.06.18, 11:25 vorm. - ", "dmy", datetime(2018, 6, 13, 11, 25)),
    ("13.06.18, 12:25 mittags - ", "dmy", datetime(2018, 6, 13, 12, 25)),
    ("13.06.18, 12:25 nachts - ", "dmy", datetime(2018, 6, 13, 0, 25)),
    ("13.06.18, 1:25 nachts - ", "dmy", datetime(2018, 6, 13, 1, 25)),
    ("13.06.18, 11:25 nachts - ", "dmy", datetime(2018, 6, 13, 23, 25)),
    ("12/3/2024 8:05 ÖS - ", "dmy", datetime(2024, 3, 12, 20, 5)),
    ("12/3/2024 8:05 ÖÖ - ", "dmy", datetime(2024, 3, 12, 8, 5)),
    ("12.3.24, 8:05 e pasdites - ", "dmy", datetime(2024, 3, 12, 20, 5)),
    ("12.3.24, 8:05 e paradites - ", "dmy", datetime(2024, 3, 12, 8, 5)),
    ("12.3.24, 8:05 MD - ", "dmy", datetime(2024, 3, 12, 20, 5)),
    ("12.3.24, 8:05 p.d. - ", "dmy", datetime(2024, 3, 12, 8, 5)),
    ("12.3.24, 8:05 po\u202fpodne - ", "dmy", None),
    ("12.3.24, 8:05 popodne - ", "dmy", datetime(2024, 3, 12, 20, 5)),
    ("12.3.24, 8:05 попл. - ", "dmy", datetime(2024, 3, 12, 20, 5)),
    ("12/3/24, 8:05 μ.μ. - ", "dmy", datetime(2024, 3, 12, 20, 5)),
    ("12/3/24, 12:10 AM - ", "dmy", datetime(2024, 3, 12, 0, 10)),
    ("12/3/24, 12:10 PM - ", "dmy", datetime(2024, 3, 12, 12, 10)),
    ("12/3/24, 00:10 p. m. - ", "dmy", datetime(2024, 3, 12, 12, 10)),
    ("06/20/2020, 00:08 a. m. - ", "mdy", datetime(2020, 6, 20, 0, 8)),
    ("\u202b٢٧\u200f/١٠\u200f/٢٠٢٠, ٣:٥٥ م - ", "dmy", datetime(2020, 10, 27, 15, 55)),
    ("٢٧\u200f/١٠\u200f/٢٠٢٠، ٣:٥٥ ص - ", "dmy", datetime(2020, 10, 27, 3, 55)),
    ("\u200f[٢٧\u200f/١٠\u200f/٢٠٢٠, ٣:٥٥:٠١ م] ", "dmy", datetime(2020, 10, 27, 15, 55, 1)),
    ("۲۰۲۰/۷/۲۴،\u200f ۱۱:۲۰ - ", "ymd", datetime(2020, 7, 24, 11, 20)),
    ("۱۳۹۹/۵/۳, ۱۱:۲۰ - ", "ymd", datetime(2020, 7, 24, 11, 20)),
    ("[۱۴۰۳/۱۲/۳۰, ۱:۲۰:۰۰ ب.ظ.] ", "ymd", datetime(2025, 3, 20, 13, 20)),
    ("99/5/3, 1:20 ق.ظ - ", "ymd", datetime(2020, 7, 24, 1, 20)),
]


@pytest.mark.parametrize(("start", "order", "when"), HEADS)
def test_heads_of_locales(start: str, order: str, when: datetime | None) -> None:
    found = head(f"{start}Ana: x - y")
    assert found is not None
    assert (found.rest, found.written) == ("Ana: x - y", start)
    assert wall_clock(found, Order(order, True, "")) == (when or datetime(2024, 3, 12, 20, 5))


@pytest.mark.parametrize(
    "line",
    [
        "see you 3/6/18 - x",
        "3/6/18",
        "[note] 3/6/18, 10:00 - x",
        "call me 18:42 - ok",
        "1/2 - 3:45",
        "3/6/18, 10:00",
        "3/6-18, 10:00 - x",
        "https://example.com/3/6/18, 10:00 - x",
        "",
        "\u200e",
    ],
)
def test_text_that_only_looks_like_a_head(line: str) -> None:
    assert head(line) is None


def test_a_long_line_of_nearly_heads_costs_little() -> None:
    assert head("[1/1/11, " + "a " * 100_000) is None
    assert head("1/1/11 " + "é" * 100_000) is None


@pytest.mark.parametrize(
    ("word", "hours"),
    [
        ("a.m.", (0, 12)), ("P.\u202fM.", (12, 24)), ("ق.ظ", (0, 12)), ("ق\u200cظ", (0, 12)), ("ب.ظ.", (12, 24)),
        ("ص", (0, 12)), ("م", (12, 24)), ("öö", (0, 12)), ("ÖS", (12, 24)), ("e mëngjesit", (0, 12)), ("nachts", (20, 8)),
        ("пр.об.", (0, 12)), ("сл.об.", (12, 24)), ("о полудне", None), ("", None),
    ],
)  # fmt: skip
def test_parts_of_the_day(word: str, hours: tuple[int, int] | None) -> None:
    assert day_part(word) == hours


# --- calendars


@pytest.mark.parametrize(
    ("year", "month", "day", "gregorian"),
    [
        (1357, 11, 22, date(1979, 2, 11)),
        (1358, 1, 1, date(1979, 3, 21)),
        (1375, 1, 1, date(1996, 3, 20)),
        (1387, 12, 30, date(2009, 3, 20)),
        (1388, 1, 1, date(2009, 3, 21)),
        (1391, 12, 30, date(2013, 3, 20)),
        (1395, 1, 1, date(2016, 3, 20)),
        (1399, 1, 1, date(2020, 3, 20)),
        (1399, 12, 30, date(2021, 3, 20)),
        (1400, 1, 1, date(2021, 3, 21)),
        (1402, 7, 1, date(2023, 9, 23)),
        (1402, 12, 29, date(2024, 3, 19)),
        (1403, 1, 1, date(2024, 3, 20)),
        (1403, 6, 31, date(2024, 9, 21)),
        (1403, 12, 30, date(2025, 3, 20)),
        (1404, 1, 1, date(2025, 3, 21)),
        (1408, 12, 30, date(2030, 3, 20)),
    ],
)
def test_solar_hijri_dates(year: int, month: int, day: int, gregorian: date) -> None:
    assert solar(year, month, day) == gregorian


def test_solar_hijri_days_follow_each_other() -> None:
    days = []
    for year in range(1388, 1430):
        for month in range(1, 13):
            for number in range(1, 32):
                found = day_of(str(year), month, number)
                days += [found.day] if found else []
    assert len(days) == (days[-1] - days[0]).days + 1
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("year", "month", "day", "found"),
    [
        ("2018", 6, 13, (date(2018, 6, 13), "Gregorian")),
        ("18", 6, 13, (date(2018, 6, 13), "Gregorian")),
        ("1399", 5, 3, (date(2020, 7, 24), "Solar Hijri")),
        ("99", 5, 3, (date(2020, 7, 24), "Solar Hijri")),
        ("2565", 3, 18, (date(2022, 3, 18), "Buddhist")),
        ("1445", 9, 2, (None, "lunar Hijri")),
        ("1402", 12, 30, None),
        ("2018", 2, 30, None),
        ("2008", 1, 1, None),
        ("1970", 1, 1, None),
        ("0", 1, 1, None),
    ],
)
def test_years_tell_the_calendar(year: str, month: int, day: int, found: tuple | None) -> None:
    assert day_of(year, month, day) == found


# --- orders


def orders(dates: list[str], **how) -> Order:
    return order_of([found for d in dates if (found := head(f"{d}, 10:00 - A: x"))], **how)


@pytest.mark.parametrize(
    ("dates", "order", "sure"),
    [
        (["13/02/17", "01/03/17"], "dmy", True),
        (["02/13/17", "03/01/17"], "mdy", True),
        (["2017/02/13"], "ymd", True),
        (["01/02/17", "02/01/17"], "mdy", True),  # only so do the messages follow each other
        (["01/02/17", "02/02/17", "01/03/17"], "dmy", True),
        (["01/02/17", "01/03/17"], "dmy", False),
        (["18/06/01", "18/06/02", "18/07/01"], "ymd", True),  # years of two digits before 09 cannot be
        (["18/06/13"], "dmy", True),
        (["18/06/13", "18/06/14", "18/06/15"], "dmy", False),  # the same first number always: it could be the year
        (["1399/5/3"], "ymd", True),
        (["99/5/3", "99/5/4"], "ymd", True),
        (["10/11/12"], "dmy", False),
        (["13/02/17", "31/02/17", "14/02/17"], "dmy", False),  # one date that cannot be does not turn the others round
    ],
)
def test_days_and_months_are_told_over_the_whole_file(dates: list[str], order: str, sure: bool) -> None:
    verdict = orders(dates)
    assert (verdict.order, verdict.sure) == (order, sure)


def test_names_of_attached_files_tell_the_order() -> None:
    named = [(("03", "12", "24"), date(2024, 3, 12))]
    verdict = orders(["03/12/24", "03/12/24"], named=named)
    assert (verdict.order, verdict.sure, verdict.how) == ("mdy", True, "so they agree with the names of attached files")


def test_the_language_of_the_app_is_a_hint_and_no_more() -> None:
    # The language of the app and the region of the phone are set apart: German words stand beside American dates as well.
    assert orders(["01/02/17"], languages=frozenset({"de"}))[:2] == ("dmy", False)
    assert "the language of the app: de" in orders(["01/02/17"], languages=frozenset({"de"})).how
    assert orders(["01/02/17"], languages=frozenset({"en"})).how.startswith("nothing in the file tells")


def test_dates_in_two_orders() -> None:
    heads = [head(f"{d}, 10:00 - A: x") for d in ("13/02/17", "14/02/17", "02/15/17")]
    verdict = order_of([h for h in heads if h])
    assert (verdict.order, verdict.sure, verdict.each) == ("dmy", False, True)
    assert [wall_clock(h, verdict).day for h in heads] == [13, 14, 15]


@pytest.mark.parametrize("time", ["24:00", "10:60", "99:99", "13:00 PM"])
def test_impossible_times(time: str) -> None:
    found = head(f"13/02/17, {time} - A: x")
    when = wall_clock(found, Order("dmy", True, ""))
    assert when == (datetime(2017, 2, 13, 13) if time == "13:00 PM" else None)
