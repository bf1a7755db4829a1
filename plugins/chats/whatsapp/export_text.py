"""WhatsApp "Export chat": the text file, as it is or in its zip beside the media."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, MESSAGES, PARTICIPANTS, PLACES

from .export_content import Content, content, languages, named_day
from .export_dates import NAMES, Order, day_in, is_clock, order_of, wall_clock
from .export_header import LOG, OTHER_TOOLS, Head, day_part, head
from .export_lines import Export, Message, assembled, name_senders, phone, splits
from .export_words import CHAT_NAMES

APP = "WhatsApp"
LOOK = 50  # lines, not empty, in which a chat export shows what it is


@dataclass
class Line:
    """A message with what was found out about it. `name`: its sender."""

    message: Message
    found: Content
    order: Order
    at: datetime | None

    @property
    def name(self) -> str | None:
        return self.message.name

    @property
    def record(self) -> str:
        return f"line {self.message.line}"

    @property
    def by_a_person(self) -> bool:
        return self.name is not None and self.found.cells.get("direction") != "system"


def is_export(file: File) -> bool:
    """At least two heads of the same form among the first lines, as WhatsApp writes them; no log, no chat of another app."""
    lines = [line for line in file.head.decode("utf-8", "replace").split("\n") if line.strip()][:LOOK]
    heads = [found for found in map(head, lines) if found]
    if any(OTHER_TOOLS.match(line) for line in lines) or sum(bool(LOG.match(h.rest)) for h in heads) * 2 > len(heads):
        return False
    alike = Counter(found.form for found in heads).most_common(1)
    many = alike[0][1] if alike else 0
    named = file.name.lower() == "_chat.txt" or named_in(file.name) is not None
    if named:
        return many > 0
    return many >= 2 and file.name.lower() not in ("chat.md", "index.md") and any(splits(h.rest) for h in heads)


@parser("whatsapp.export", magic=["text/plain"], test=is_export)
def chat(file: File) -> Iterator[Any]:
    """WhatsApp "Export chat" text.

    Times are wall clocks of the phone that exported, to the second (iOS) or minute (Android): give `--timezone`. The order of
    day and month is found over the whole file: by what is possible, by days in the names of attached files, by the sequence
    of the messages. Where nothing tells, it is assumed from the language of the app, else day first; each row then says so in
    `extra`, and a problem is recorded. Dates of the Solar Hijri and the Buddhist calendar are converted, and each row has the
    date as written; lunar Hijri dates are not converted. The export has no ids and names no owner: direction is unknown, but
    where the file is named after one of only two people who write in it. Then the other one exported it. Who wrote messages
    that carry the mark of one's own deletions is said in `participants`. A name before a colon that stands before one line
    only is marked in `extra`, as is a line dated earlier than the one above. All lines of the file are in rows, or in a problem.

    Reads: messages, system lines, attachments named in the text, shared places, calls, polls with their votes as numbers,
    contact cards, marks of deletion (21 languages), edit (9), left-out media (22) and view-once media; 12 and 24 hours;
    Arabic and Persian digits.
    Not read: message ids, replies, receipts, reactions and who voted (the export has none); dates with names of months; what
    a system line tells. Marks of other languages stay text.
    Seen on: hand-made exports of public test suites (whatstk, chat-miner); no export of a named app version yet.
    Source: forms of heads: tests of Pustur/whatsapp-chat-parser, chat-miner, whatstk and starkdmi/whats_json; words: see
    `export_words.py`; parts of the day and usual orders: Unicode CLDR.
    Tier: documented
    """
    export = assembled(file.text())
    if export.before:
        said = "\n".join(export.before)[:2000]
        yield Problem(
            "not_understood", f"{len(export.before)} lines before the first message", record="line 1", detail=said
        )
    name_senders(export.messages)
    lines = understood(export, file)
    yield from problems(export, lines)
    title, known = chat_name(file)
    kind, owner = chat_kind(lines, title if known else None), None
    if kind == "direct":
        owner = owner_of(lines, title)
    base = {"app": APP, "chat_id": title if known else file.path, "chat_name": title}
    if owner:
        first = next(line for line in lines if line.name == owner)
        how = {"found_by": "the file is named after the other one of two who write in it"}
        cells = {
            "app": APP,
            "name": owner,
            "phone": phone(owner),
            "is_owner": True,
            "extra": how,
            "record": first.record,
        }
        yield from ACCOUNTS.rows([cells])
    yield from PARTICIPANTS.rows(participants(lines, base))
    before = None
    for line in lines:
        yield from rows(line, {**base, "chat_kind": kind}, owner, before)
        before = line.at or before


def understood(export: Export, file: File) -> list[Line]:
    """All messages with their content and times."""
    there: dict[str, bool] = {}

    def beside(name: str) -> bool:
        if name not in there:
            there[name] = file.sibling(name) is not None
        return there[name]

    found = [content(message.body, message.name, beside) for message in export.messages]
    orders = {}
    for form in export.forms:
        of_form = [(m, c) for m, c in zip(export.messages, found, strict=True) if m.head.form == form]
        named = [(m.head.date, day) for m, c in of_form if (day := named_day(c))]
        spoken = frozenset(language for _, c in of_form for language in languages(c))
        orders[form] = order_of([m.head for m, _ in of_form], named, spoken)
    return [
        Line(message, what, orders[message.head.form], wall_clock(message.head, orders[message.head.form]))
        for message, what in zip(export.messages, found, strict=True)
    ]


def problems(export: Export, lines: list[Line]) -> Iterator[Problem]:
    """What is unsure about the file as a whole, and dates that cannot be."""
    if len(export.forms) > 1:
        firsts = ", ".join(f"line {export.of(form)[0].line}" for form in export.forms)
        yield Problem(
            "not_understood", f"heads of {len(export.forms)} forms: more than one export, from {firsts}", record=firsts
        )
    for order in dict.fromkeys(line.order for line in lines):
        if not order.sure:
            first = next(line for line in lines if line.order == order)
            yield Problem("not_understood", f"dates: {order.how}", record=first.record)
    for line in lines:
        day, _ = day_in(line.message.head.date, line.order)
        if line.at is None and not (day and is_clock(line.message.head.time)):
            written = line.message.head.written.strip()
            yield Problem("not_understood", "a date or time that cannot be", record=line.record, detail=written)
    unconverted = [line for line in lines if (c := calendar(line)) and c != "Gregorian" and line.at is None]
    if unconverted:
        said = f"{len(unconverted)} dates of the calendar {calendar(unconverted[0])}, which is not converted"
        yield Problem("not_understood", said, record=unconverted[0].record)


def calendar(line: Line) -> str | None:
    """The calendar in which the date of a line is written."""
    day, _ = day_in(line.message.head.date, line.order)
    return day.calendar if day else None


def chat_kind(lines: list[Line], title: str | None) -> str | None:
    """Group where more than two write, or the app speaks of one; direct where it is named after one of two at most.

    iOS puts its notices under the name of the chat, which in a group is nobody who writes.
    """
    names = {line.name for line in lines if line.by_a_person}
    notices = {line.name for line in lines if line.name and line.found.kind == "system"}
    if len(names) > 2 or any(line.found.group for line in lines) or (len(names) == 2 and notices - names):
        return "group"
    return "direct" if title and title in names else None


def owner_of(lines: list[Line], title: str) -> str | None:
    """The other one of two who write in a chat that is named after one; nobody where own deletions say otherwise."""
    others = {line.name for line in lines if line.by_a_person} - {title}
    own = {line.name for line in lines if line.found.own}
    return next(iter(others)) if len(others) == 1 and own <= others else None


def participants(lines: list[Line], base: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Those who write, with the line where each first does."""
    first: dict[str, Line] = {}
    own: Counter[str] = Counter()
    for line in lines:
        if line.name and line.by_a_person:
            first.setdefault(line.name, line)
            own[line.name] += line.found.own
    for name, line in first.items():
        said = {"own_deletions": own[name]} if own[name] else None
        cells = {"app": APP, "chat_id": base["chat_id"], "person_id": phone(name), "name": name}
        yield {**cells, "extra": said, "record": line.record}


def rows(line: Line, base: dict[str, Any], owner: str | None, before: datetime | None) -> Iterator[Any]:
    """The rows of one message."""
    found, who = line.found, line.name
    direction = "system" if who is None else "unknown" if owner is None else "outgoing" if who == owner else "incoming"
    cells: dict[str, Any] = {
        **base,
        "sent_local": line.at,
        "sender_id": phone(who),
        "sender_name": who,
        "direction": direction,
        "kind": found.kind if who or found.call else "system",
        "raw_kind": found.mark,
        "text": found.text,
        "record": line.record,
        **found.cells,
    }
    said = {**found.extra, **remarks(line, before)}
    cells["extra"] = json.dumps(said, ensure_ascii=False, sort_keys=True) if said else None
    yield from MESSAGES.rows([cells])
    place = {"app": APP, "chat_id": base["chat_id"], "record": line.record}
    if found.attachment:
        missing = {"present": False} if found.missing else {"stored_path": found.attachment}
        yield from ATTACHMENTS.rows([{**place, "name": found.attachment, **missing}])
    if found.call is not None:
        call = {
            "started_local": line.at,
            "direction": direction if owner else "unknown",
            "peer_name": who,
            **found.call,
        }
        yield from CALLS.rows([{**place, **call}])
    if "latitude" in found.cells:
        where = {key: found.cells[key] for key in ("latitude", "longitude")}
        label = {"local": line.at, "kind": "message", "label": found.text, "record": line.record}
        yield from PLACES.rows([{**where, **label}])


def remarks(line: Line, before: datetime | None) -> dict[str, Any]:
    """What is unsure about a row, or notable."""
    message = line.message
    said: dict[str, Any] = {}
    if not line.order.sure:
        said["date_order"] = f"assumed: {NAMES[day_in(message.head.date, line.order)[1]]}"
    if message.doubt:
        said["sender"] = message.doubt
    if message.quoted:
        said["lines_like_heads"] = message.quoted
    if (kind := calendar(line)) != "Gregorian" or line.at is None:
        said |= {"calendar": kind, "date_as_written": message.head.written.strip()}
    if line.at and before and line.at < before:
        said["earlier_than_the_line_above"] = True
    if unknown := words_not_known(message.head):
        said["day_part"] = unknown
    return said


def words_not_known(head: Head) -> str | None:
    """Words behind a 12-hour time that could be a part of the day; none where the whole export has 24 hours."""
    if head.time[0] > 12 or any(day_part(word) for word in head.words):
        return None
    return " ".join(word for word in head.words if word.casefold().rstrip(".") not in NO_PARTS) or None


NO_PARTS = frozenset(("klo", "u", "г", "ч", "be", "at", "um", "kl", "uhr", "в", "à", "r", "y"))


def chat_name(file: File) -> tuple[str, bool]:
    """The chat, as the name of the file, its zip or its folder says; and whether that is a name that the app gives.

    Where the zip itself is the evidence, its label is all there is: that is no longer the name as it was.
    """
    places = [file.name]
    if file.name.lower() == "_chat.txt":
        archive = [part.rpartition("/")[2] for part in file.path.split("!/")[-2:-1]]
        folder = file.path.split("!/")[-1].rpartition("/")[0].rpartition("/")[2]
        places = [place for place in (*archive, folder, file.evidence) if place]
    named = next((name for place in places if (name := named_in(place)) is not None), None)
    return (named, True) if named is not None else (stem_of(places[0]), False)


def stem_of(name: str) -> str:
    """A file name without `.txt` or `.zip`."""
    return name[:-4] if name[-4:].lower() in (".txt", ".zip") else name


def named_in(name: str) -> str | None:
    """The name of the chat within a file name, as the app builds it in any language; also with `_` for spaces."""
    stem = stem_of(name)
    if " " not in stem:
        stem = stem.replace("_", " ")
    for form in CHAT_NAMES:
        start, _, end = form.partition("{}")
        if (
            stem.lower().startswith(start.lower())
            and stem.lower().endswith(end.lower())
            and len(stem) > len(start + end)
        ):
            return stem[len(start) : len(stem) - len(end)]
    return None


@hookimpl
def forensics_parsers():
    return [chat]
