"""WhatsApp "Export chat": the text file, as it is or in its zip beside the media."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, MESSAGES, PARTICIPANTS, PLACES

from .export_header import MARKS, OTHER_TOOLS, Head, Order, day_part, head, order_of, skeleton_of, wall_clock
from .export_words import CHAT_WITH, DELETED, EDITED, OMITTED, OMITTED_KIND

APP = "WhatsApp"
LOOK = 50  # lines, not empty, in which a chat export shows what it is
PHONE = re.compile(r"\+?\d[\d ()./-]{6,22}\d$")
NAMED_FILE = re.compile(
    r"(?P<kind>IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d{4,}\.\w{2,5}"
    r"|\d{8}-(?P<word>PHOTO|VIDEO|AUDIO|STICKER|GIF)-\d{4}(?:-\d\d){5}\.\w{2,5}"
)
IN_BRACKETS = re.compile(r"<[^<>:]{2,40}: (?P<name>[^<>/\\]{1,200}\.\w{1,5})>$")
BEFORE_REMARK = re.compile(r"(?P<name>[^<>/\\|]{1,200}\.\w{1,5}) \([^()]{3,60}\)$")
MAP_LINK = re.compile(
    r"https?://(?:maps\.google\.com|(?:www\.)?google\.[a-z.]{2,6}/maps)\S*?[?&]q=(-?\d{1,2}\.\d+),(-?\d{1,3}\.\d+)"
)
KINDS = {
    "IMG": "image", "PHOTO": "image", "VID": "video", "VIDEO": "video", "AUD": "audio", "AUDIO": "audio", "PTT": "voice",
    "STK": "sticker", "STICKER": "sticker", "GIF": "gif", "DOC": "document",
}  # fmt: skip


@dataclass
class Message:
    """A head and the lines that belong to it. `line`: number of its first line."""

    line: int
    head: Head
    more: list[str] = field(default_factory=list)


def is_export(file: File) -> bool:
    """At least two heads of the same kind among the first lines, as WhatsApp writes them."""
    lines = [line for line in file.head.decode("utf-8", "replace").split("\n") if line.strip()][:LOOK]
    heads = [found for found in map(head, lines) if found]
    skeleton = skeleton_of(heads)
    alike = [found for found in heads if found.skeleton == skeleton]
    short = len(lines) <= 3 and len(alike) == 1 and file.name.lower().startswith(("whatsapp chat", "_chat"))
    return (len(alike) >= 2 or short) and not any(OTHER_TOOLS.match(line) for line in lines)


@parser("whatsapp.export", magic=["text/plain"], test=is_export)
def chat(file: File) -> Iterator[Any]:
    """WhatsApp "Export chat" text.

    Times are wall clocks of the phone that exported, to the second (iOS) or minute (Android): give `--timezone`. The order of
    day and month is found over the whole file; where nothing tells, day first is assumed, each row says so in `extra`, and
    a problem is recorded. The owner is not named in the file, so direction is unknown. A name is taken for a sender when it
    is a number or stands before two messages or more; one that stands only once is marked in `extra`.

    Reads: messages, system lines, attachments named in the text and whether they lie beside it, shared places, deletion and
    edit marks (English, German, Turkish); 12 and 24 hours; Arabic and Persian digits; omitted-media marks of 17 languages.
    Not read: message ids, replies, receipts and reactions (the export has none); Solar Hijri dates; deletion marks of other
    languages stay text.
    Seen on: hand-made exports of public test suites (whatstk, chat-miner); no export of a named app version yet.
    Source: tests of Pustur/whatsapp-chat-parser, chat-miner and whatstk (public), for the forms of heads and marks.
    Tier: documented
    """
    messages, before = assembled(file.text())
    if before:
        yield Problem("not_understood", f"{before} lines before the first message", record="line 1")
    order = order_of([message.head for message in messages])
    if not order.sure:
        yield Problem("not_understood", f"dates: {order.how}", record="line 1")
    senders = known_senders(messages)
    name = chat_name(file)
    yield from PARTICIPANTS.rows(
        {"app": APP, "chat_id": name, "person_id": phone(who), "name": who, "record": f"line {line}"}
        for who, line in first_lines(messages, senders).items()
    )
    for message in messages:
        yield from rows(message, order, senders, name, file)


def assembled(text: str) -> tuple[list[Message], int]:
    """Messages with their lines, and how many lines with text stand before the first."""
    lines = re.split(r"\r\n|\n|\r", text.removesuffix("\n").removesuffix("\r"))
    heads = [head(line) for line in lines]
    skeleton = skeleton_of(found for found in heads if found)
    messages: list[Message] = []
    before = 0
    for number, (line, found) in enumerate(zip(lines, heads, strict=True), start=1):
        if found and found.skeleton == skeleton:
            messages.append(Message(number, found))
        elif messages:
            messages[-1].more.append(line)
        else:
            before += bool(line.strip())
    return messages, before


def split(rest: str) -> tuple[str | None, str]:
    """Name and text of a line behind its head; no name where it has no colon."""
    found = re.match(r"(?P<name>[^:]{1,80}):(?: (?P<text>.*)|(?P<dot>\.?)$)", rest, re.S)
    if not found:
        return None, rest
    return found["name"].strip("".join(MARKS) + " "), found["text"] if found["text"] is not None else found["dot"]


def known_senders(messages: list[Message]) -> Counter[str]:
    """Names before a colon, with the number of lines they start."""
    return Counter(who for who, _ in (split(message.head.rest) for message in messages) if who)


def is_sender(who: str, senders: Counter[str]) -> bool:
    """Whether a name before a colon is a sender's, rather than the start of a system line that has a colon in it."""
    return senders[who] > 1 or bool(PHONE.match(who)) or not re.search(r"[\"“”„«»]", who)


def first_lines(messages: list[Message], senders: Counter[str]) -> dict[str, int]:
    """Senders, with the line where each first writes."""
    found: dict[str, int] = {}
    for message in messages:
        who, _ = split(message.head.rest)
        if who and is_sender(who, senders):
            found.setdefault(who, message.line)
    return found


def rows(message: Message, order: Order, senders: Counter[str], name: str, file: File) -> Iterator[Any]:
    """The rows of one message."""
    record = f"line {message.line}"
    who, first = split(message.head.rest)
    if who and not is_sender(who, senders):
        who, first = None, message.head.rest
    cells: dict[str, Any] = {
        "app": APP,
        "chat_id": name,
        "chat_name": name,
        "sent_local": wall_clock(message.head, order.order),
        "sender_id": phone(who) if who else None,
        "sender_name": who,
        "direction": "unknown" if who else "system",
        "record": record,
    }
    if cells["sent_local"] is None:
        yield Problem("not_understood", "a date or time that cannot be", record=record, detail=repr(message.head[1:4]))
    cells |= content(first, message.more) if who else {"kind": "system", "text": "\n".join([first, *message.more])}
    attachment = cells.pop("attachment", None)
    cells["extra"] = remarks(message, order, senders, who)
    yield from MESSAGES.rows([cells])
    if attachment:
        yield from ATTACHMENTS.rows([{**attached(attachment, file), "chat_id": name, "record": record}])
    if "latitude" in cells:
        place = {key: cells[key] for key in ("latitude", "longitude", "record")}
        yield from PLACES.rows([{**place, "local": cells["sent_local"], "kind": "message", "label": cells["text"]}])


def content(first: str, more: list[str]) -> dict[str, Any]:
    """Kind, text and what hangs on it."""
    plain = "".join(c for c in first if c not in MARKS).strip()
    text = "\n".join([first, *more])
    name = file_name(plain)
    if name:
        return {"kind": file_kind(name), "text": "\n".join(more) or None, "raw_kind": plain, "attachment": name}
    bare = plain.strip("<>").strip().casefold().rstrip(".")
    if bare in OMITTED or (re.fullmatch(r"<[^<>\d]{3,60}>", plain) and not plain.casefold().startswith(EDITED)):
        return {"kind": OMITTED_KIND.get(bare.split(" ")[0], "unknown"), "raw_kind": plain, "text": text}
    if bare in DELETED:
        return {"kind": "deleted", "deleted": True, "raw_kind": plain, "text": text}
    place = MAP_LINK.search(plain)
    if place and abs(float(place[1])) <= 90 and abs(float(place[2])) <= 180:
        return {"kind": "location", "text": text, "latitude": float(place[1]), "longitude": float(place[2])}
    edited = text.rstrip().rstrip("\u200e").casefold().endswith(EDITED)
    return {"kind": "text", "text": text or None, **({"edited": True} if edited else {})}


def file_name(plain: str) -> str | None:
    """The name of the file that a line says was sent."""
    for form in (IN_BRACKETS, BEFORE_REMARK):
        found = form.match(plain)
        if found:
            return found["name"]
    found = NAMED_FILE.match(plain)
    return found[0] if found else None


def file_kind(name: str) -> str:
    """The kind of message that a file name stands for."""
    found = NAMED_FILE.match(name)
    if found:
        return KINDS[(found["kind"] or found["word"]).upper()]
    return "contact" if name.lower().endswith(".vcf") else "document"


def attached(name: str, file: File) -> dict[str, Any]:
    """The row of an attachment; present when its file lies beside the text."""
    there = file.sibling(name)
    return {
        "app": APP,
        "name": name,
        "stored_path": name,
        "present": there is not None,
        "size": there.size if there else None,
        "sha256": there.sha256 if there else None,
    }


def remarks(message: Message, order: Order, senders: Counter[str], who: str | None) -> str | None:
    """What is unsure about a row, as JSON text."""
    said = {}
    if not order.sure:
        said["date_order"] = "assumed: day first"
    if who and senders[who] == 1 and not PHONE.match(who):
        said["sender"] = "this name stands before one line only"
    if message.head.part and not day_part(message.head.part):
        said["day_part"] = message.head.part
    return json.dumps(said, ensure_ascii=False, sort_keys=True) if said else None


def phone(who: str) -> str | None:
    """A sender that is a number, as written."""
    return who if PHONE.match(who) else None


def chat_name(file: File) -> str:
    """The chat, as the name of the file, or of the zip around it, says."""
    inside = file.name.lower() == "_chat.txt" and "!/" in file.path
    name = file.path.split("!/")[-2].rpartition("/")[2] if inside else file.name
    stem = name.rpartition(".")[0] or name
    prefix = next((p for p in CHAT_WITH if stem.lower().startswith(p)), "")
    return stem[len(prefix) :] or stem


@hookimpl
def forensics_parsers():
    return [chat]
