"""What a message of a chat export holds: what the app wrote in it told from what a person wrote."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .export_header import MARKS, plain_text
from .export_words import (
    ATTACHED,
    CALLS,
    DELETED,
    DOCUMENT_OMITTED,
    EDITED,
    ENCRYPTED,
    GROUP_ENCRYPTED,
    LIVE_LOCATION,
    MISSED,
    MISSED_VIDEO,
    OMITTED,
    OMITTED_KIND,
    OWN,
    TELLING,
    VIEW_ONCE,
)

MARK = f"[{''.join(sorted(MARKS))}]"
GAP = rf"(?:{MARK}|\s)*"
LONGEST_PHRASE = 500  # characters; what the app writes by itself is shorter
EXTENSION = r"\.\w{0,5}"  # Android leaves the extension of some sounds empty
NAMED_FILE = re.compile(
    rf"(?P<kind>IMG|VID|AUD|PTT|STK|DOC)-(?P<day>\d{{8}})-WA\d{{4,}}{EXTENSION}"
    rf"|(?:\d+-)?(?P<word>PHOTO|VIDEO|AUDIO|STICKER|GIF)-(?P<date>\d{{4}}-\d\d-\d\d)(?:-\d\d){{3}}{EXTENSION}"
)
IN_BRACKETS = re.compile(rf"<(?P<word>[^<>:]{{2,40}}): ?(?P<name>[^<>/\\]{{1,200}}{EXTENSION})>{GAP}$")
BEFORE_BRACKETS = re.compile(
    rf"^{MARK}*+(?P<name>[^<>/\\|]{{1,200}}{EXTENSION}) {MARK}*<(?P<word>[^<>:]{{2,40}})>{GAP}$"
)
BEFORE_REMARK = re.compile(
    rf"^{MARK}*+(?P<name>[^<>/\\|]{{1,200}}{EXTENSION}) {MARK}*\((?P<word>[^()]{{3,60}})\){GAP}$"
)
REMARK_BEFORE = re.compile(
    rf"^{MARK}*+(?P<word>فایل پیوست شد) {MARK}*\(?(?P<name>[^<>/\\|()]{{1,200}}{EXTENSION})\)?{GAP}$"
)
CARD = re.compile(rf"^{MARK}*+(?P<word>vCard attached): (?P<name>[^<>/\\|]{{1,200}}\.vcf){GAP}$")
ALONE = re.compile(rf"^{MARK}*+(?P<name>[^<>/\\|:]{{1,200}}\.\w{{1,5}})(?P<word>){GAP}$")
IN_LAST = (IN_BRACKETS,)
IN_FIRST = (IN_BRACKETS, BEFORE_REMARK, BEFORE_BRACKETS, REMARK_BEFORE, CARD, ALONE)
TRAILER = re.compile(rf"<(?P<phrase>[^<>\d:]{{3,60}}?)\.?>{GAP}$")
MAP_LINK = re.compile(r"[^\n]{1,300}: https?://maps\.google\.com/\?q=(-?\d{1,2}\.\d+),(-?\d{1,3}\.\d+)$")
VENUE = re.compile(r"[^\n]{1,300}: https://foursquare\.com/v/\w+$")
POLL = re.compile(r"(?P<mark>[^\W\d_]{3,20}):$")
OPTION = re.compile(r"(?P<mark>[^\W\d_]{3,20}): ?(?P<text>.*?)(?: \((?P<votes>\d+) ?[^()]*\))?$")
KINDS = {
    "IMG": "image", "PHOTO": "image", "VID": "video", "VIDEO": "video", "AUD": "audio", "AUDIO": "audio", "PTT": "voice",
    "STK": "sticker", "STICKER": "sticker", "GIF": "gif", "DOC": "document",
}  # fmt: skip
EXTENSIONS = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic", "webp"), "image"),
    **dict.fromkeys(("mp4", "mov", "3gp", "mkv"), "video"),
    **dict.fromkeys(("m4a", "mp3", "aac", "amr", "ogg", "wav"), "audio"),
    "opus": "voice",
    "gif": "gif",
    "vcf": "contact",
}
FROM_MARKED = "its text starts as lines do that the app writes"


@dataclass
class Content:
    """`kind`, `text` and `raw_kind` as in the table; `mark`: what the app wrote, as it stands; `extra`: what no column holds."""

    kind: str = "text"
    text: str | None = None
    mark: str | None = None
    cells: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    attachment: str | None = None
    missing: bool = False  # the export says itself that the file was left out
    own: bool = False  # written so only for what the owner of the phone deleted
    group: bool = False
    call: dict[str, Any] | None = None  # cells of its row in `calls`
    phrase: str | None = None


def content(body: str, name: str | None, beside: Callable[[str], bool]) -> Content:
    """What a message holds. `beside`: whether a file of that name lies beside the export."""
    text, mark = _edited(body)
    found = (
        _attached(text, beside)
        or _omitted(text)
        or _said_by_the_app(text, name)
        or _poll(text)
        or _place(text)
        or _ordinary(text, name)
    )
    if mark:
        found.cells["edited"] = True
        found.mark = mark if found.mark is None else f"{found.mark}\n{mark}"
    return found


def bare(text: str) -> str:
    """A text as phrases are compared, as far as they are long."""
    return plain_text(text[:LONGEST_PHRASE]).strip("<> ").casefold().rstrip(".。۔। ")


def _edited(body: str) -> tuple[str, str | None]:
    """The text without the mark of an edit at its end, and the mark."""
    found = TRAILER.search(body[-120:])
    if found and bare(found["phrase"]) in EDITED:
        text = body[: len(body) - len(found[0])].rstrip("".join(MARKS) + " \n")
        return text, body[len(text) :].lstrip(" \n")
    return body, None


def _attached(text: str, beside: Callable[[str], bool]) -> Content | None:
    """A file, where the line says so in known words, its name is one that the app gives, or it lies beside the export."""
    lines = text.split("\n")
    for number in dict.fromkeys((0, len(lines) - 1)):
        for form in IN_FIRST if number == 0 else IN_LAST:
            found = form.search(lines[number])
            if not found or not _is_file(found["name"].strip(), bare(found["word"]), beside):
                continue
            line = lines[number]
            start = len(line[: found.start()].rstrip("".join(MARKS)))
            rest = [*lines[:number], line[:start], *lines[number + 1 :]]
            caption = "\n".join(part for place, part in enumerate(rest) if part or place != number)
            name = "".join(c for c in found["name"] if c not in MARKS).strip()
            return Content(file_kind(name), caption or None, line[start:], attachment=name, phrase=bare(found["word"]))
    return None


def _is_file(name: str, word: str, beside: Callable[[str], bool]) -> bool:
    return word in ATTACHED or word == "vcard attached" or bool(NAMED_FILE.fullmatch(name)) or beside(name)


def file_kind(name: str) -> str:
    """The kind of message that a file name stands for."""
    found = NAMED_FILE.search(name)
    if found:
        return KINDS[found["kind"] or found["word"]]
    return EXTENSIONS.get(name.rpartition(".")[2].lower(), "document")


def _omitted(text: str) -> Content | None:
    """Media that the export leaves out. An unknown phrase in brackets that is the whole text counts as one."""
    first, _, rest = text.partition("\n")
    plain, phrase = plain_text(first[:LONGEST_PHRASE]), bare(first)
    once = next((kind for words, kind in VIEW_ONCE.items() if phrase.startswith(words)), None)
    if once and not rest:
        return Content(once, text, first, {"view_once": True})
    if phrase in OMITTED and (plain.startswith("<") or phrase in OMITTED_KIND):
        return Content(OMITTED_KIND.get(phrase, "unknown"), text, first, phrase=phrase)
    for words in DOCUMENT_OMITTED:
        if not rest and phrase.endswith(f" {words}") and "." in phrase[: -len(words)]:
            name = re.sub(r" • .*$", "", plain.rstrip(".")[: -len(words)].strip())
            return Content("document", text, first, attachment=name, missing=True, phrase=words)
    if not rest and re.fullmatch(r"< ?[^<>\d]{3,60}>", plain) and phrase not in EDITED:
        return Content("unknown", text, first)
    return None


def _said_by_the_app(text: str, name: str | None) -> Content | None:
    """Deletions, calls, shared live locations and the notice on encryption."""
    phrase = bare(text)
    if phrase in DELETED or phrase.startswith("this message was deleted by admin "):
        return Content("deleted", text, text, {"deleted": True}, own=phrase in OWN, phrase=phrase)
    words, _, rest = phrase.partition(", ")
    called = bool(words in CALLS and text.startswith(tuple(MARKS)) and rest)
    if words in MISSED or called:
        video = words in MISSED_VIDEO or CALLS.get(words, False)
        cells = {"video": video, "outcome": "missed" if words in MISSED else None}
        return Content("call", text, text, extra={"call": rest} if called else {}, call=cells, phrase=words)
    if phrase in LIVE_LOCATION:
        return Content("live_location", text, text, phrase=phrase)
    if phrase.startswith(ENCRYPTED):
        return Content("system", text, cells={"direction": "system"}, group=phrase.startswith(GROUP_ENCRYPTED))
    if name and text.startswith(tuple(MARKS)) and plain_text(text[:LONGEST_PHRASE]).startswith(f"{plain_text(name)} "):
        return Content("system", text, cells={"direction": "system"})  # iOS: `Ana: <U+200E>Ana changed ...`
    return None


def _poll(text: str) -> Content | None:
    """A poll: a word with a colon, the question, and lines of one other word with votes behind them."""
    head = POLL.match(plain_text(text.partition("\n")[0][:LONGEST_PHRASE]))
    if not head or head["mark"] != head["mark"].upper():
        return None
    lines = [plain_text(line) for line in text.split("\n")]
    options = [found for line in lines[1:] if (found := OPTION.match(line)) and found["votes"] is not None]
    if len({found["mark"] for found in options}) != 1:
        return None
    question = " ".join(line for line in lines[1:] if not OPTION.match(line))
    votes = [{"option": found["text"], "votes": int(found["votes"])} for found in options]
    return Content("poll", text, lines[0], extra={"question": question, "options": votes})


def _place(text: str) -> Content | None:
    """A place that somebody shared: a word or a name, and a link to a map, as the app writes it."""
    last = plain_text(text.rpartition("\n")[2][-LONGEST_PHRASE:])
    found = MAP_LINK.fullmatch(last)
    if found and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180:
        return Content("location", text, cells={"latitude": float(found[1]), "longitude": float(found[2])})
    return Content("location", text) if VENUE.fullmatch(last) else None


def _ordinary(text: str, name: str | None) -> Content:
    """Text; or nothing, as exports write media to be seen once, and what they cannot show."""
    if name and len(text) < LONGEST_PHRASE and plain_text(text) in ("", ".", "null"):
        return Content(
            "unknown", text or None, extra={"empty": "written so for media to be seen once and for what is not shown"}
        )
    found = Content("text", text or None)
    trailer = TRAILER.search(text[-120:])
    if trailer and len(trailer[0]) < len(text):
        found.extra["ends_with"] = trailer[0].strip()
    if name and text.startswith(tuple(MARKS)):
        found.extra["mark"] = FROM_MARKED
    return found


def languages(found: Content) -> set[str]:
    """The languages in which the app says what it says here."""
    return TELLING.get(found.phrase, set()) if found.phrase else set()


def named_day(found: Content) -> date | None:
    """The day in the name of an attached file, where the app has put one into it."""
    name = NAMED_FILE.search(found.attachment) if found.attachment else None
    if not name:
        return None
    digits = (name["day"] or name["date"]).replace("-", "")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
