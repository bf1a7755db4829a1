"""WhatsApp Chat Exporter (`wtsexporter`), JSON: `result.json` with all chats, or a file for each chat."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PLACES, REACTIONS
from forensics.times import unix_s

from ..untrusted import words
from .origin import extra, way

TOOL = "WhatsApp Chat Exporter"
APP = "WhatsApp"
CALLS_CHAT = "000000000000000"
START = re.compile(r'\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{\s*"name"\s*:.*?"my_avatar"\s*:.*?"their_avatar"\s*:', re.S)
PLACE = re.compile(r"Location shared: \(([-\d.]+), ([-\d.]+)\)")
CARD = re.compile(r'<a href="([^"]*)">([^<]*)</a>')
CALL = re.compile(
    r"A (?P<group>group )?(?P<what>video|voice) call (?:to|from) (?P<peer>.*) was (?P<outcome>.+)\.", re.S
)
LASTED = re.compile(r"initiated and lasted for (?P<time>.+?) with .* data transferred")
UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
UNIT = re.compile(r"(\d+|a) (day|hour|minute|second)s?\b")
LINE_END = re.compile(" ?<br>")
PHONE = re.compile(r"\d{5,20}")
CHAT_KINDS = {
    "s.whatsapp.net": "direct",
    "c.us": "direct",
    "lid": "direct",
    "g.us": "group",
    "broadcast": "broadcast",
    "newsletter": "channel",
}
# Codes of the databases, which the exporter hands on since 0.13.
ANDROID = {
    0: "text", 1: "image", 2: "audio", 3: "video", 4: "contact", 5: "location", 7: "system", 8: "call", 9: "document",
    10: "call", 13: "gif", 14: "contact", 15: "deleted", 16: "live_location", 20: "sticker", 42: "image", 43: "video",
    64: "deleted", 66: "poll",
}  # fmt: skip
IOS = {
    0: "text", 1: "image", 2: "video", 3: "audio", 4: "contact", 5: "location", 6: "system", 7: "link", 8: "document",
    10: "system", 11: "gif", 14: "deleted", 15: "sticker", 46: "poll", 53: "voice", 54: "video", 59: "call",
}  # fmt: skip
CODES = {"android": ANDROID, "ios": IOS}
MEDIA = ("image", "video", "audio")
TAKEN = frozenset(
    (
        "from_me",
        "timestamp",
        "media",
        "key_id",
        "sender",
        "mime",
        "reply",
        "caption",
        "sticker",
        "message_type",
        "reactions",
    )
)


def is_export(file: File) -> bool:
    """JSON that starts as the exporter starts it: the id of a chat, its name, and the pictures of both sides."""
    return bool(START.match(file.head.decode("utf-8", "replace")))


@parser("whatsapp_chat_exporter.json", files=["result.json"], magic=["application/json"], test=is_export)
def export(file: File) -> Iterator[Any]:
    """WhatsApp Chat Exporter, JSON export of all chats or of one.

    Second-hand: these rows are what the exporter made of a WhatsApp database, not what WhatsApp stored; read the database where
    there is one. `extra` names the tool and `row`, the number of the row in that database. What the exporter has changed or
    lost: ids of iOS messages are cut to 17 characters; texts of system messages and calls are its own English; a picture's text
    goes where the file is missing; line breaks are `<br>` (made breaks again here; `data` in extra has the text as exported);
    senders in groups are names, or numbers without what follows the @; a reaction has no time and a second one of the same name
    is lost; the first media row of an Android database is skipped (0.13.1). `received_timestamp` (on iOS the time of
    sending) and `read_timestamp` stay in extra: they are to the minute, in the zone that the person who exported chose.
    Times of messages are instants.

    Reads: messages, deletion marks, reactions, attachments, places, calls, names and about texts of chats as contacts.
    Not read: pictures of profiles; the HTML files that the exporter makes.
    Seen on: exports by 0.13.1 and 0.12.1 of the iOS database of a research image (32 messages), by 0.10.5, 0.11.2, 0.12.1 and,
    given an empty table that the database lacks, 0.13.1 of an Android database of 2022 (9 messages); by 0.13.1 of invented
    rows in the same database (13 messages, 2 reactions, 7 calls).
    Source: the exports named; the exporter's data model (MIT).
    Tier: proven
    """
    data = file.json()
    if not isinstance(data, dict):
        yield Problem("not_understood", "no object with chats", record="$")
        return
    for jid, chat in data.items():
        place = f"$[{json.dumps(jid, ensure_ascii=False)}]"
        if isinstance(chat, dict) and isinstance(chat.get("messages"), dict):
            yield from chat_rows(jid, chat, place)
        else:
            yield Problem("not_understood", "a chat without messages", record=place)


def chat_rows(jid: str, chat: dict[str, Any], place: str) -> Iterator[Any]:
    """The rows of one chat."""
    kind = chat_kind(jid)
    if kind == "direct" and (chat.get("name") or chat.get("status")):
        told = {"app": APP, "person_id": jid, "name": chat.get("name") or None, "note": chat.get("status") or None}
        phone = PHONE.match(jid) if jid.endswith(("@s.whatsapp.net", "@c.us")) else None
        yield from CONTACTS.rows(
            [{**told, "phones": [f"+{phone[0]}"] if phone else None, "extra": extra(TOOL, {}), "record": place}]
        )
    for row, message in chat["messages"].items():
        record = f"{place}.messages[{json.dumps(row, ensure_ascii=False)}]"
        if not isinstance(message, dict):
            yield Problem("not_understood", "a message that is no object", record=record)
        elif jid == CALLS_CHAT:
            yield from CALLS.rows([call(row, message, record)], started_at=unix_s)
        else:
            yield from rows(jid, chat, row, message, record)


def chat_kind(jid: str) -> str | None:
    """Group, direct and so on, by the id of the chat."""
    return "status" if jid == "status@broadcast" else CHAT_KINDS.get(jid.rpartition("@")[2])


def rows(jid: str, chat: dict[str, Any], row: str, message: dict[str, Any], record: str) -> Iterator[Any]:
    """The rows of one message."""
    base = {"app": APP, "chat_id": jid, "message_id": message.get("key_id"), "record": record}
    what = kind(message, chat.get("type"))
    sender_id, sender_name = sender(jid, chat, message)
    text = text_of(message, what)
    told = {key: value for key, value in message.items() if key not in TAKEN and not is_unset(key, value, message)}
    if text == message.get("data") or what in ("deleted", "location") or (message.get("media") and what != "contact"):
        told.pop("data", None)  # it is in the row, or in that of the attachment
    found = PLACE.fullmatch(words(message.get("data")) or "") if what == "location" else None
    place = {"latitude": float(found[1]), "longitude": float(found[2])} if found else {}
    cells = {
        **base,
        "chat_name": chat.get("name"),
        "chat_kind": chat_kind(jid),
        "sent_at": message.get("timestamp"),
        "sender_id": sender_id,
        "sender_name": sender_name,
        "direction": direction(message, what),
        "kind": what,
        "raw_kind": message.get("message_type"),
        "text": text,
        "reply_to": message.get("reply"),
        "deleted": True if what == "deleted" else None,
        **place,
        "extra": extra(TOOL, {**told, "row": row}),
    }
    yield from MESSAGES.rows([cells], sent_at=unix_s)
    if found:
        where = {"at": message.get("timestamp"), **place, "kind": "message", "ref": message.get("key_id")}
        yield from PLACES.rows([{**where, "extra": extra(TOOL, {}), "record": record}], at=unix_s)
    yield from ATTACHMENTS.rows({**base, **file, "extra": extra(TOOL, {})} for file in attachments(message, what))
    given = message.get("reactions")
    yield from REACTIONS.rows(
        {**base, "person_id": name, "value": value, "extra": extra(TOOL, {})}
        for name, value in (given.items() if isinstance(given, dict) else ())
    )


def is_unset(key: str, value: Any, message: dict[str, Any]) -> bool:
    """Whether a value says nothing that the row does not say: 1970 for a time that is not set, the clock of a time in UTC."""
    if key.endswith("_timestamp"):
        return isinstance(value, str) and value.startswith("1970/01/01")
    if key == "time":  # kept where it differs from UTC: it shows the zone of the export
        seconds = message.get("timestamp")
        if not isinstance(seconds, int | float) or not 0 < seconds < 1e10:
            return True
        return bool(value == f"{int(seconds) // 3600 % 24:02}:{int(seconds) // 60 % 60:02}")
    return key == "meta"


def kind(message: dict[str, Any], platform: Any) -> str:
    """The kind of message: by what the exporter wrote, then by the code of the database, then by the file."""
    data, mime, code = words(message.get("data")) or "", words(message.get("mime")) or "", message.get("message_type")
    by_code = CODES.get(platform, {}).get(code) if isinstance(platform, str) and isinstance(code, int) else None
    if message.get("meta") is True and mime != "media":
        if data == "Message deleted":
            return "deleted"
        if PLACE.fullmatch(data):
            return "location"
        if mime == "text/x-vcard":
            return "contact"
        if data.startswith("The message is binary data"):
            return "unknown"
        return "call" if by_code == "call" or data.endswith("call was missed") else "system"
    if message.get("sticker") is True:
        return "sticker"
    if by_code:
        return by_code
    if mime:
        return next((name for name in MEDIA if mime.startswith(name)), "unknown" if mime == "media" else "document")
    return "text" if data and code is None else "unknown"


def direction(message: dict[str, Any], what: str) -> str:
    """Which way the message went. System messages of iOS are not marked as such where the exporter has no text for them."""
    if what == "system":
        return "system"
    return way(message.get("from_me"))


def sender(jid: str, chat: dict[str, Any], message: dict[str, Any]) -> tuple[Any, Any]:
    """Id and name of the sender, as far as the exporter tells them."""
    given = message.get("sender")
    if isinstance(given, str) and PHONE.fullmatch(given):
        return given, None
    if given or message.get("from_me") is not False:
        return None, given
    return (jid, chat.get("name")) if chat_kind(jid) == "direct" else (None, None)


def text_of(message: dict[str, Any], what: str) -> Any:
    """The text as a person wrote it, or as the exporter words an event; a file's caption for a file."""
    data = message.get("data")
    if not isinstance(data, str):
        return data if data is not None else message.get("caption")
    if what in ("deleted", "location"):
        return None
    if what == "contact" and message.get("meta"):
        return ", ".join(unescape(name) for _, name in CARD.findall(data)) or None
    if message.get("media"):
        return message.get("caption")
    if message.get("meta"):
        return unescape(LINE_END.sub("\n", data))
    return LINE_END.sub("\n", data)


def attachments(message: dict[str, Any], what: str) -> Iterator[dict[str, Any]]:
    """Files of a message: one with its path, one that the exporter did not find, or the cards of contacts."""
    data, mime = words(message.get("data")), message.get("mime")
    if what == "contact" and message.get("meta"):
        for path, name in CARD.findall(data or ""):
            yield {"name": unescape(name) + ".vcf", "stored_path": unescape(path), "mime": mime}
    elif mime == "media":
        yield {"present": False, "caption": message.get("caption")}
    elif message.get("media") is True and data:
        name = data.rpartition("/")[2]
        yield {"name": name, "stored_path": data, "mime": mime, "caption": message.get("caption")}


def call(row: str, message: dict[str, Any], record: str) -> dict[str, Any]:
    """A call, of which the exporter says everything in one English sentence."""
    told = words(message.get("data")) or ""
    found = CALL.fullmatch(told)
    lasted = LASTED.fullmatch(found["outcome"]) if found else None
    outcome = "answered" if lasted else found["outcome"] if found and "unknown" not in found["outcome"] else None
    peer = message.get("sender") or (found["peer"] if found and found["peer"] != "None" else None)
    is_phone = isinstance(peer, str) and PHONE.fullmatch(peer)
    rest = {"description": told, "group": bool(found and found["group"]), "row": row}
    return {
        "app": APP,
        "call_id": message.get("key_id"),
        "started_at": message.get("timestamp"),
        "duration_s": duration(lasted["time"]) if lasted else None,
        "direction": way(message.get("from_me")),
        "outcome": outcome,
        "video": found["what"] == "video" if found else None,
        "peer_id": peer if is_phone else None,
        "peer_name": None if is_phone else peer,
        "extra": extra(TOOL, rest),
        "record": record,
    }


def duration(told: str) -> int | None:
    """Seconds of `1 hour 2 minutes 5 seconds` or `a second`; None for `less than a second`."""
    parts = UNIT.findall(told) if not told.startswith("less") else []
    return sum((1 if count == "a" else int(count)) * UNITS[unit] for count, unit in parts) or None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the exporter's JSON."""
    return [export]
