"""LINE chats as text, as the app itself exports them (`[LINE] Chat history with ...`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from forensics import File, Problem, hookimpl, parser
from forensics.tables import MESSAGES, PARTICIPANTS

BANNER = re.compile(r"\ufeff?\[LINE\] ?(?P<title>[^\r\n]{1,500})")
TITLES = (
    re.compile(r"Chat history with (.+)"),
    re.compile(r"(?:ประวัติการสนทนากับ|ประวัติการแชทกับ) (.+)"),
    re.compile(r"(.+?)との?トーク履歴"),
)
YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?: ?[(（][^()（）\n]{1,20}[)）]| \S{1,20})?\s*")
YEAR_LAST = re.compile(r"(?P<weekday>[A-Za-z]{2,9}),? (?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>\d{4})\s*")
CLOCK = re.compile(
    r"(?P<before>午前|午後|上午|下午)?(?P<hour>\d{1,2}):(?P<minute>\d\d)[ \u202f]?(?P<after>[AaPp][Mm])?\t(?P<rest>.*)",
    re.DOTALL,
)
LATER = ("午後", "下午", "pm")
EARLIER = ("午前", "上午", "am")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLACEHOLDERS = {
    **dict.fromkeys(("[photo]", "[image]", "[写真]"), "image"),
    **dict.fromkeys(("[video]", "[動画]"), "video"),
    **dict.fromkeys(("[voice message]", "[audio]", "[ボイスメッセージ]", "[音声]"), "voice"),
    **dict.fromkeys(("[sticker]", "[スタンプ]", "スタンプ"), "sticker"),
    **dict.fromkeys(("[file]", "[ファイル]"), "document"),
    **dict.fromkeys(("[contact]", "[連絡先]"), "contact"),
    **dict.fromkeys(("[location]", "[位置情報]"), "location"),
    **dict.fromkeys(("[poll]", "[投票]"), "poll"),
    "[gif]": "gif",
}
CALL = re.compile(r"☎|\[(?:Call|通話)\]|Call time |通話時間")
UNSENT = re.compile(r"(?:You )?unsent a message\.?|メッセージの送信を取り消しました", re.IGNORECASE)
LOOK = 60  # lines in which an export shows a day and a message


class Day(NamedTuple):
    """A heading: the numbers as written, and the day of the week where it is said in English."""

    one: int
    two: int
    year: int
    weekday: int | None
    order: str | None  # known from the form: `ymd`

    def read(self, order: str) -> date | None:
        """The day, if the numbers are written in that order and are one."""
        month, day = (self.two, self.one) if order == "dmy" else (self.one, self.two)
        try:
            return date(self.year, month, day)
        except ValueError:
            return None

    def fits(self, order: str) -> bool:
        """Whether it is a day in that order, and that day of the week."""
        there = self.read(order)
        return there is not None and (self.weekday is None or there.weekday() == self.weekday)


class Line(NamedTuple):
    """A message: its line, its day, and what follows."""

    number: int
    day: Day | None
    clock: re.Match[str]
    text: str


def is_export(file: File) -> bool:
    """The line that names the app comes first, and a day and a message follow."""
    lines = file.head.decode("utf-8", "replace").splitlines()[:LOOK]
    return (
        bool(lines)
        and BANNER.match(lines[0]) is not None
        and any(CLOCK.match(line) for line in lines)
        and any(map(heading, lines))
    )


@parser("line.export_text", magic=["text/plain"], test=is_export)
def chat(file: File) -> Iterator[Any]:
    """LINE chat as text, as the app exports it: `[LINE] Chat history with ...`.

    Times are wall clocks of the phone, to the minute: give `--timezone`. The form depends on the phone's language: the year
    comes first, or last with an English day of the week, which tells day from month. The export does not say who its owner
    is, so messages have no direction. Files are placeholders; quotation marks around a text of several lines are the app's.

    Reads: messages with all their lines, events, placeholders of files and stickers, calls as text.

    Not read: when the export was made. Exports without the first line, and those whose columns are parted by blanks.

    Seen on: no export of a named version yet. Tested on lines in the published forms.

    Source: parsers of such exports and their tests (six public repositories, with forms in English, Japanese and Thai).

    Tier: documented
    """
    text = file.text()
    lines, before = assembled(text)
    order, sure = order_of([line.day for line in lines if line.day])
    if before:
        yield Problem("not_understood", f"{before} lines before the first message", record="line 1")
    if not sure:
        yield Problem("not_understood", f"nothing tells day from month; {order} is assumed", record="line 1")
    title = title_of(text)
    names: dict[str, int] = {}
    for line in lines:
        at = moment(line, order)
        if at is None:
            yield Problem("not_understood", "a date or time that cannot be", record=f"line {line.number}")
        name, tab, body = line.text.partition("\t")
        name, body = (name.strip(), body) if tab else ("", name)
        if name:
            names.setdefault(name, line.number)
        kind = kind_of(body) if name else "system"
        cells = {
            "app": "LINE",
            "chat_id": file.path,
            "chat_name": title,
            "sent_local": at,
            "sender_id": name or None,
            "sender_name": name or None,
            "direction": "unknown" if name else "system",
            "kind": kind,
            "text": body or None,
            "deleted": True if kind == "deleted" else None,
            "record": f"line {line.number}",
        }
        yield from MESSAGES.rows([cells])
    yield from PARTICIPANTS.rows(
        {"app": "LINE", "chat_id": file.path, "person_id": name, "name": name, "record": f"line {number}"}
        for name, number in names.items()
    )


def heading(line: str) -> Day | None:
    """The day that a line names, if that is all that it does."""
    first = YEAR_FIRST.fullmatch(line)
    if first:
        year, month, day = (int(part) for part in first.groups())
        return Day(month, day, year, None, "ymd")
    last = YEAR_LAST.fullmatch(line)
    if last and last["weekday"][:3].lower() in WEEKDAYS:
        weekday = WEEKDAYS.index(last["weekday"][:3].lower())
        return Day(int(last["one"]), int(last["two"]), int(last["year"]), weekday, None)
    return None


def assembled(text: str) -> tuple[list[Line], int]:
    """Messages with all their lines, and how many lines that belong to none stand before the first, but for the banner's two."""
    rows = [row.removesuffix("\r") for row in text.split("\n")]
    found: list[Line] = []
    day: Day | None = None
    before = at = 0
    while at < len(rows):
        row, number = rows[at], at + 1
        at += 1
        clock, named = CLOCK.fullmatch(row), heading(row)
        if clock:
            ends = end_of_quote(rows, at, clock["rest"])
            body = "\n".join([clock["rest"], *rows[at:ends]])
            if ends > at:
                name, _, words = body.partition("\t")
                body = f"{name}\t{words[1:-1]}"
            at = ends
            found.append(Line(number, day, clock, body))
        elif named:
            day = named
        elif found and day is found[-1].day:
            found[-1] = found[-1]._replace(text=f"{found[-1].text}\n{row}")
        else:
            before += bool(row.strip()) and number > 2
    return [line._replace(text=line.text.rstrip("\n")) for line in found], before


def end_of_quote(rows: Sequence[str], at: int, rest: str) -> int:
    """Where the lines end that belong to a text in quotation marks; `at` itself, if it is none."""
    words = rest.partition("\t")[2]
    if not words.startswith('"') or (len(words) > 1 and words.endswith('"')):
        return at
    for place in range(at, len(rows)):
        if CLOCK.fullmatch(rows[place]):
            return at
        if rows[place].endswith('"'):
            return place + 1
    return at


def order_of(days: Sequence[Day]) -> tuple[str, bool]:
    """In what order day and month are written where the year is last, and whether that is sure."""
    open_ones = [day for day in days if day.order is None]
    fit = {order: sum(day.fits(order) for day in open_ones) for order in ("mdy", "dmy")}
    best = max(fit, key=lambda order: fit[order])
    tied = fit["mdy"] == fit["dmy"] and any(day.one != day.two for day in open_ones)
    return best, not tied


def moment(line: Line, order: str) -> datetime | None:
    """When a message was sent, by the phone's clock."""
    day = line.day.read("mdy" if line.day.order else order) if line.day else None
    hour, half = int(line.clock["hour"]), (line.clock["before"] or line.clock["after"] or "").lower()
    if half in EARLIER + LATER and hour <= 12:
        hour = hour % 12 + (12 if half in LATER else 0)
    try:
        return datetime.combine(day, time(hour, int(line.clock["minute"]))) if day else None
    except ValueError:
        return None


def kind_of(body: str) -> str:
    """The kind of a message by what stands in its place."""
    plain = body.strip()
    if UNSENT.fullmatch(plain):
        return "deleted"
    return "call" if CALL.match(plain) else PLACEHOLDERS.get(plain.lower(), "text")


def title_of(text: str) -> str | None:
    """The chat, from the first line; in a language that is not known, all of that line."""
    banner = BANNER.match(text)
    if not banner:
        return None
    title = banner["title"].strip()
    return next((there[1].strip() for form in TITLES if (there := form.fullmatch(title))), title) or None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of exports."""
    return [chat]
