"""Dates as Facebook and Instagram write them into the pages of a download, in the language of the account."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

# Names of months, wide and short, without full stops, case-folded (Unicode CLDR, 25 languages).
MONTHS = {
    word: month
    for month, words in enumerate(
        (
            "january jan јануар јан januar siječnja sij siječanj јануари janar ocak oca يناير ژانویهٔ ژانویه gennaio gen януари"
            " яну ιανουαρίου ιαν ιανουάριοσ ianuarie ian január janvier janv enero ene января янв январь januari stycznia sty"
            " styczeń ledna led leden janeiro",
            "february feb фебруар феб februar veljače velj veljača февруари фев shkurt shk şubat şub فبراير فوریهٔ فوریه febbraio"
            " φεβρουαρίου φεβ φεβρουάριοσ februarie február febr février févr febrero февраля февр февраль februari lutego lut"
            " luty února úno únor fevereiro fev",
            "march mar март мар mart ožujka ožu ožujak mars مارس märz mär marzo marec μαρτίου μαρ μάρτιοσ μάρ martie március márc"
            " марта maart mrt marca marzec března bře březen março marts",
            "april apr април апр travnja tra travanj prill pri nisan nis أبريل آوریل aprile απριλίου απρ απρίλιοσ aprilie április"
            " ápr avril avr abril abr апреля апрель kwietnia kwi kwiecień dubna dub duben",
            "may мај maj svibnja svi svibanj mayıs مايو مهٔ مه mai maggio mag май μαΐου μαΐ μάιοσ μάι május máj mayo мая mei maja"
            " května kvě květen maio",
            "june jun јун juni lipnja lipanj јуни qershor qer haziran haz يونيو ژوئن giugno giu junij юни ιουνίου ιουν ιούνιοσ"
            " ιούν iunie iun június jún juin junio июня июн июнь czerwca cze czerwiec června čvn červen junho",
            "july jul јул juli srpnja srpanj јули korrik korr temmuz tem يوليو ژوئیهٔ ژوئیه luglio lug julij юли ιουλίου ιουλ"
            " ιούλιοσ ιούλ iulie iul július júl juillet juil julio июля июл июль lipca lipiec července čvc červenec julho",
            "august aug август авг avgust avg kolovoza kol kolovoz gusht gush ağustos ağu أغسطس اوت agosto ago αυγούστου αυγ"
            " αύγουστοσ αύγ augusztus août августа augustus sierpnia sie sierpień srpna srpen augusti",
            "september sep септембар сеп septembar rujna ruj rujan септември shtator sht eylül eyl سبتمبر سپتامبر sept settembre"
            " set σεπτεμβρίου σεπ σεπτέμβριοσ septembrie szeptember szept septembre septiembre сентября сент сентябрь września"
            " wrz wrzesień září zář setembro",
            "october oct октобар окт oktobar okt октомври tetor tet ekim eki أكتوبر اکتبر oktober ottobre ott οκτωβρίου οκτ"
            " οκτώβριοσ octombrie október octobre octubre октября октябрь października paź październik října říj říjen outubro"
            " out",
            "november nov новембар нов novembar studenoga stu studeni ноември ное nëntor nën kasım kas نوفمبر نوامبر novembre"
            " νοεμβρίου νοε νοέμβριοσ νοέ noiembrie noviembre ноября нояб ноябрь listopadu novembro",
            "december dec децембар дец decembar prosinca pro prosinac декември дек dhjetor dhj aralık ara ديسمبر دسامبر dezember"
            " dez dicembre dic δεκεμβρίου δεκ δεκέμβριοσ decembrie décembre déc diciembre декабря декабрь grudnia gru grudzień"
            " prosince prosinec dezembro desember des",
        ),
        start=1,
    )
    for word in words.split()
}
# The same names for other months in Croatian than in Polish and Czech: read where the page has Croatian months and no others.
CROATIAN = {"lip": 6, "srp": 7, "listopada": 10, "listopad": 10, "lis": 10}
CROATIAN_ONLY = frozenset(
    (
        "siječnja", "sij", "siječanj", "veljače", "velj", "veljača", "ožujka", "ožu", "ožujak", "travnja", "tra",
        "travanj", "svibnja", "svi", "svibanj", "lipnja", "lipanj", "srpnja", "srpanj", "kolovoza", "kol", "kolovoz",
        "rujna", "ruj", "rujan", "studenoga", "stu", "studeni", "prosinca", "pro", "prosinac",
    )
)  # fmt: skip
MORNING = frozenset(("am", "ص", "öö", "pd", "πμ", "قظ", "de"))
EVENING = frozenset(("pm", "م", "ös", "md", "μμ", "بظ", "du"))
CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?(?!\d) ?([^\W\d]\.? ?[^\W\d]{0,2}\.?(?![^\W\d]))?")
ZONE = re.compile(r" (?:(?:UTC|GMT)([+-])(\d{1,2})(?::?(\d\d))?|(PST|PDT))$")
PACIFIC = {"PST": -8, "PDT": -7}
NUMBERS = re.compile(r"(?<!\d)(\d{1,4})([./-]) ?(\d{1,2})\2 ?(\d{1,4})(?!\d)")


class Moment(NamedTuple):
    """An instant where a zone is written, else a wall clock; neither where the date is not understood."""

    at: datetime | None = None
    local: datetime | None = None


class Habit(NamedTuple):
    """What all dates of a page say about each: whether months are Croatian; the order of numbers with slashes, None if unsure."""

    croatian: bool
    slashes: str | None


def habit_of(dates: Iterable[str]) -> Habit:
    """How a page writes its dates."""
    words: set[str] = set()
    firsts, seconds = {0}, {0}
    for written in dates:
        words.update(_words(written))
        if (found := NUMBERS.search(written)) and found[2] == "/" and len(found[1]) <= 2:
            firsts.add(int(found[1]))
            seconds.add(int(found[3]))
    order = "dmy" if max(firsts) > 12 >= max(seconds) else "mdy" if max(seconds) > 12 >= max(firsts) else None
    return Habit(bool(words & CROATIAN_ONLY), order)


def moment(written: str, habit: Habit) -> Moment:
    """What a date means."""
    text = " ".join(written.replace("\u200e", "").replace("\u200f", "").split())
    zone = ZONE.search(text)
    text = text[: zone.start()] if zone else text
    clock = CLOCK.search(text)
    if not clock:
        return Moment()
    day = _day(text[: clock.start()], habit) or _day(text[clock.end() :], habit)
    if not day:
        return Moment()
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    half = (clock[4] or "").replace(".", "").replace(" ", "").casefold()
    if half in MORNING | EVENING and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half in EVENING else 0)
    try:
        local = datetime(*day, hour, minute, second)
        return Moment(at=(local - _offset(zone)).replace(tzinfo=UTC)) if zone else Moment(local=local)
    except (ValueError, OverflowError):
        return Moment()


def _offset(zone: re.Match[str]) -> timedelta:
    """The offset from UTC. Facebook's PST and PDT are those of California."""
    if zone[4]:
        return timedelta(hours=PACIFIC[zone[4]])
    return timedelta(hours=int(zone[2]), minutes=int(zone[3] or 0)) * (1 if zone[1] == "+" else -1)


def _day(text: str, habit: Habit) -> tuple[int, int, int] | None:
    """Year, month and day in a text: with a month's name, or as three numbers."""
    months = {month for word in _words(text) if (month := _month(word, habit))}
    numbers = re.findall(r"(?<!\d)\d{1,4}(?!\d)", text)
    if len(months) == 1:
        years = [int(n) for n in numbers if len(n) == 4]
        days = [int(n) for n in numbers if len(n) <= 2]
        return (years[0], months.pop(), days[0]) if len(years) == len(days) == 1 else None
    found = NUMBERS.search(text)
    if not found or months:
        return None
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return first, second, third
    year = third + (2000 if len(found[4]) == 2 else 0)
    order = habit.slashes if found[2] == "/" else "dmy"
    return (year, second, first) if order == "dmy" else (year, first, second) if order == "mdy" else None


def _month(word: str, habit: Habit) -> int | None:
    return MONTHS.get(word) or (CROATIAN.get(word) if habit.croatian else None)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W\d_]+\u0654?", text)]
