"""Telegram Desktop exports in HTML: `messages.html`, `messages2.html` and so on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, MESSAGES, PLACES

from ..html_tree import Node, root

APP = "Telegram"
TITLE = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)(?: UTC([+-])(\d\d):(\d\d))?")
PLACE = re.compile(r"[?&]q=(-?\d{1,2}\.\d+),(-?\d{1,3}\.\d+)")
MEDIA = {
    "photo_wrap": "image",
    "media_photo": "image",
    "video_file_wrap": "video",
    "media_video": "video",
    "animated_wrap": "gif",
    "media_voice_message": "voice",
    "media_audio_file": "audio",
    "sticker_wrap": "sticker",
    "media_file": "document",
    "media_location": "location",
    "media_live_location": "live_location",
    "media_contact": "contact",
    "media_poll": "poll",
    "media_call": "call",
}


def is_export(file: File) -> bool:
    """A page with Telegram Desktop's own head."""
    start = file.head.decode("utf-8", "replace")
    return "Exported Data" in start and ("page_wrap" in start or "history" in start)


@parser("telegram.desktop_html", magic=["text/html"], test=is_export)
def page(file: File) -> Iterator[Any]:
    """Telegram Desktop export, HTML: one page of a chat.

    Times are instants where the page has their offset from UTC (newer exports), else wall clocks of the computer that
    exported: give `--timezone`. Names are those at the time of the export; the page has no ids of persons, so direction is
    unknown. A message without a name is by the sender of the one before, as the page shows it. All pages of a chat share
    the chat id, which is the folder they lie in.

    Reads: messages, service messages, replies, forwards (who and when in `extra`), attachments and whether they lie beside
    the page, places.
    Not read: lines that only part the days; links behind text; votes in polls; lists of chats and contacts (other pages).
    Seen on: pages made from the description; no export of a named version yet.
    Source: class names and forms in Telegram Desktop's export as described in public parsers.
    Tier: unexercised
    """
    tree = root(file.text())
    header = tree.find("page_header")
    title = header.find("text") if header else None
    folder = file.path.rpartition("/")[0]
    base = {"app": APP, "chat_id": folder or file.evidence, "chat_name": words(title).strip() if title else None}
    sender = None
    for message in tree.all("message"):
        if "service" in message.classes:
            yield from service(message, base)
            continue
        name = message.find("from_name", outside="forwarded")
        sender = words(name).strip() if name else sender
        yield from rows(message, {**base, "sender_name": sender})


def service(message: Node, base: dict[str, Any]) -> Iterator[Any]:
    """An event. Those with a negative number part the days and are no events."""
    number = identity(message)
    if number is not None and not number.startswith("-"):
        cells = {**base, "message_id": number, "direction": "system", "kind": "system", "text": words(message).strip()}
        yield from MESSAGES.rows([{**cells, "record": record(message)}])


def rows(message: Node, base: dict[str, Any]) -> Iterator[Any]:
    """The rows of a message."""
    at, local = when(message.find("date", outside="forwarded"))
    text = message.find("text", outside="page_header")
    reply = message.find("reply_to", outside="forwarded")
    forwarded = message.find("forwarded")
    kind, media = media_of(message)
    cells = {
        **base,
        "message_id": identity(message),
        "sent_at": at,
        "sent_local": local,
        "direction": "unknown",
        "kind": kind,
        "text": words(text).strip() or None if text else None,
        "reply_to": replied(reply) if reply else None,
        "forwarded": True if forwarded else None,
        "extra": {"forwarded_from": forwarded_from(forwarded)} if forwarded else None,
        "record": record(message),
    }
    place = PLACE.search(media.attributes.get("href", "")) if media and kind.endswith("location") else None
    if place:
        cells |= {"latitude": float(place[1]), "longitude": float(place[2])}
    if at is None and local is None:
        yield Problem("not_understood", "a message without a readable date", record=cells["record"])
    yield from MESSAGES.rows([cells])
    if place:
        where = {key: cells[key] for key in ("latitude", "longitude", "record")}
        where |= {"at": at, "local": local, "ref": cells["message_id"]}
        yield from PLACES.rows([{**where, "kind": "live_location" if kind == "live_location" else "message"}])
    elif media:
        yield from ATTACHMENTS.rows([attached(media, cells)])


def words(node: Node) -> str:
    """Text inside, lines as they were broken."""
    return node.words(lambda piece: re.sub(r"\s+", " ", piece))


def identity(message: Node) -> str | None:
    """The number of a message, `-` included."""
    found = re.fullmatch(r"message(-?\d+)", message.attributes.get("id", ""))
    return found[1] if found else None


def record(message: Node) -> str:
    """Where a message is on its page."""
    return f"line {message.line}, #{message.attributes.get('id', '')}"


def when(date: Node | None) -> tuple[datetime | None, datetime | None]:
    """The instant, or the wall clock where the page has no offset."""
    found = TITLE.fullmatch(date.attributes.get("title", "")) if date else None
    if not found:
        return None, None
    day, month, year, hour, minute, second = (int(n) for n in found.groups()[:6])
    try:
        local = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None, None
    if not found[7]:
        return None, local
    offset = timedelta(hours=int(found[8]), minutes=int(found[9])) * (1 if found[7] == "+" else -1)
    return (local - offset).replace(tzinfo=UTC), None


def replied(reply: Node) -> str | None:
    """The message that a reply points to, on this page or another of the chat."""
    links = [child for child in reply.inside if isinstance(child, Node) and child.tag == "a"]
    found = re.search(r"go_to_message(\d+)", links[0].attributes.get("href", "")) if links else None
    return found[1] if found else None


def forwarded_from(forwarded: Node) -> str | None:
    """Name, and date as written, of what was forwarded."""
    name = forwarded.find("from_name")
    return re.sub(r"\s+", " ", words(name)).strip() if name else None


def media_of(message: Node) -> tuple[str, Node | None]:
    """The kind of a message by the media it holds, and their element."""
    for name, kind in MEDIA.items():
        found = message.find(name)
        if found:
            return kind, found
    return "text", None


def attached(media: Node, cells: dict[str, Any]) -> dict[str, Any]:
    """The row of an attachment; without a link the page says that the file was not included."""
    path = media.attributes.get("href")
    title = media.find("title")
    return {
        "app": APP,
        "chat_id": cells["chat_id"],
        "message_id": cells["message_id"],
        "name": words(title).strip() if title and not path else (path or "").rpartition("/")[2] or None,
        "stored_path": path,
        "record": cells["record"],
    }


@hookimpl
def forensics_parsers():
    return [page]
