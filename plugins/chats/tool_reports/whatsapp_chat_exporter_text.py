"""WhatsApp Chat Exporter (`wtsexporter --txt`): one chat as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, MESSAGES

from .origin import extra
from .whatsapp_chat_exporter import APP, TOOL

HEAD = re.compile(r"\[(?P<date>\d{4}-\d\d-\d\d) (?P<time>\d\d:\d\d)\] (?P<name>.+?): (?P<text>.*)")
OWNER = "You"
MISSING = "<The media is missing>"
FILE = re.compile(r"<media file in (.+)>")


def is_export(file: File) -> bool:
    """A first line with date and time to the minute in brackets, without the comma that others put between them."""
    start = file.head.decode("utf-8", "replace").lstrip("\ufeff\r\n ")
    return bool(HEAD.match(start.partition("\n")[0]))


@parser("whatsapp_chat_exporter.text", magic=["text/plain"], test=is_export)
def export(file: File) -> Iterator[Any]:
    """WhatsApp Chat Exporter, text export of one chat.

    Second-hand; use the exporter's JSON, or the database, where there is one. The name of the file is that of the chat. The date
    is in the zone of the computer that exported, the time in the zone chosen for the export: near midnight the two can differ by
    a day. A text that continues on a line has the width of its head before it, which is taken off. The exporter leaves out
    events, deleted messages, places, cards of contacts and calls; a caption cannot be told from a line of the text.

    Reads: messages, files named, files that the exporter did not find.
    Not read: ids, kinds, replies and reactions (the export has none).
    Seen on: exports by 0.13.1 of the iOS database of a research image (5 chats, 32 messages) and of invented rows in an Android
    database (7 messages).
    Source: the exports named.
    Tier: proven
    """
    name = file.name.rpartition(".")[0] or file.name
    found: re.Match[str] | None = None
    place, more = 0, [""]
    for number, line in enumerate(re.split("\r?\n", file.text().removeprefix("\ufeff")), start=1):
        head = HEAD.fullmatch(line)
        if head:
            if found:
                yield from rows(found, more, place, name)
            found, place, more = head, number, []
        elif found:
            more.append(line.removeprefix(" " * found.start("text")))
        elif line.strip():
            yield Problem("not_understood", "a line before the first message", record=f"line {number}")
    if found:
        yield from rows(found, more, place, name)


def rows(head: re.Match[str], more: list[str], place: int, name: str) -> Iterator[Any]:
    """The rows of one message: its head and the lines that continue it."""
    first, rest = head["text"], "\n".join(more).rstrip("\n")
    stored = FILE.fullmatch(first)
    is_file = bool(stored) or first == MISSING
    text = rest if is_file else f"{first}\n{rest}" if rest else first
    base = {"app": APP, "chat_id": name, "record": f"line {place}", "extra": extra(TOOL, {})}
    cells = {
        **base,
        "chat_name": name,
        "sent_local": wall_clock(head["date"], head["time"]),
        "sender_name": None if head["name"] == OWNER else head["name"],
        "direction": "outgoing" if head["name"] == OWNER else "incoming",
        "kind": "unknown" if is_file or not text else "text",
        "text": text or None,
    }
    yield from MESSAGES.rows([cells])
    if is_file:
        told = {"name": stored[1].rpartition("/")[2], "stored_path": stored[1]} if stored else {"present": False}
        yield from ATTACHMENTS.rows([{**base, **told, "caption": rest or None}])


def wall_clock(date: str, time: str) -> Any:
    """Date and time together; as written where they are none, for the core to complain about."""
    try:
        return datetime.fromisoformat(f"{date} {time}")
    except ValueError:
        return f"{date} {time}"


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of chats as text."""
    return [export]
