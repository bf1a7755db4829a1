"""The calendars in which phones write the dates of chat exports: Gregorian, Solar Hijri (Iran), Buddhist (Thailand)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 2009, 2100  # WhatsApp began; times of evidence end
SOLAR_LEAP = frozenset((1, 5, 9, 13, 17, 22, 26, 30))  # places of leap years in the cycle of 33
SOLAR_YEARS = range(1388, 1430)  # 2009 to 2051; from 1430 on a year is 2009 and later in the lunar Hijri calendar
LUNAR_YEARS = range(1430, 1526)
BUDDHIST_YEARS = range(FIRST_YEAR + 543, LAST_YEAR + 544)
NOROUZ_1400 = date(2021, 3, 21)


class Day(NamedTuple):
    """A day, and the calendar in which it was written; `None` as day where that calendar is not converted."""

    day: date | None
    calendar: str


def day_of(written_year: str, month: int, day: int) -> Day | None:
    """The day that three numbers name. None where they name none.

    Years of two digits are 20xx; 88 to 99 can only be Solar Hijri (2009 to 2021). Lunar Hijri dates are not converted: the
    calendar depends on the moon and the country.
    """
    year = int(written_year)
    if len(written_year) <= 2:
        year += 1300 if year >= 88 else 2000
    try:
        if year in SOLAR_YEARS:
            return Day(solar(year, month, day), "Solar Hijri")
        if year in LUNAR_YEARS:
            return Day(None, "lunar Hijri") if 1 <= month <= 12 and 1 <= day <= 30 else None
        if year in BUDDHIST_YEARS:
            return Day(date(year - 543, month, day), "Buddhist")
        return Day(date(year, month, day), "Gregorian") if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def solar(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Solar Hijri date, by the 33-year cycle, which fits the calendar in force from 1178 to 1633.

    Months one to six have 31 days, seven to eleven 30, the last 29, or 30 in a leap year. Raises `ValueError` for no date.
    """
    length = 31 if month <= 6 else 30 if month <= 11 or is_leap(year) else 29
    if not (1 <= month <= 12 and 1 <= day <= length):
        raise ValueError(f"{year}/{month}/{day} is no Solar Hijri date")
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return NOROUZ_1400 + timedelta(days=365 * (year - 1400) + leap_years(year) - leap_years(1400) + before + day - 1)


def is_leap(year: int) -> bool:
    """Whether a Solar Hijri year has 366 days."""
    return year % 33 in SOLAR_LEAP


def leap_years(year: int) -> int:
    """How many leap years there are before a Solar Hijri year."""
    return len(SOLAR_LEAP) * (year // 33) + sum(place < year % 33 for place in SOLAR_LEAP)
