"""WhatsApp Chat Exporter (`wtsexporter --telegram`): WhatsApp chats in the shape of a Telegram export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import CALLS, MESSAGES
from forensics.times import unix_s

from .origin import extra, objects
from .whatsapp_chat_exporter import APP, TOOL, call

START = re.compile(r'\s*\{\s*"name"\s*:.*?"type"\s*:.*?"id"\s*:.*?"messages"\s*:', re.S)
TIME = re.compile(r'"date_unixtime"\s*:\s*(\S)')
CHAT_KINDS = {
    "personal_chat": "direct",
    "private_group": "group",
    "status_broadcast": "status",
    "broadcast_channel": "broadcast",
}
OWNER = "user00000"
TAKEN = frozenset(
    ("id", "type", "date_unixtime", "from", "from_id", "reply_to_message_id", "text", "text_entities", "date")
)


def is_export(file: File) -> bool:
    """The shape of a Telegram export whose times are numbers: Telegram itself writes them as text."""
    start = file.head.decode("utf-8", "replace")
    first = TIME.search(start)
    return bool(START.match(start) and first and first[1].isdigit())


@parser("whatsapp_chat_exporter.telegram", magic=["application/json"], test=is_export)
def export(file: File) -> Iterator[Any]:
    """WhatsApp Chat Exporter, JSON in the shape of a Telegram export: one chat of WhatsApp.

    Second-hand, and the poorest form of what the exporter gives: whole seconds, no files, no reactions, no message ids but the
    row number in its database, and messages without text left out. Use its other JSON, or the database, where there is one.
    `extra` names the tool. The id of a chat is its digits: `direct` is a person's number, `group` that of a group. The exporter
    calls a group private and every kind of chat it does not know a group. Events and deletion marks are texts like any other.

    Reads: messages, calls.
    Not read: the wall clock beside each time (`date`), which is in the zone that the person who exported chose.
    Seen on: exports by 0.13.1 of the iOS database of a research image (17 messages of one chat) and of invented rows in an
    Android database (7 calls).
    Source: the exports named.
    Tier: proven
    """
    data = file.json()
    if not isinstance(data, dict) or not isinstance(data.get("messages"), list):
        yield Problem("not_understood", "no object with a list of messages", record="$")
        return
    for item in objects(data["messages"], "$.messages"):
        if isinstance(item, Problem):
            yield item
        elif data.get("type") == "calls":
            yield from CALLS.rows([as_call(*item)], started_at=unix_s)
        else:
            yield from MESSAGES.rows([as_message(*item, data)], sent_at=unix_s)


def as_message(record: str, message: dict[str, Any], chat: dict[str, Any]) -> dict[str, Any]:
    """A message. The id of the other side of a direct chat is the chat's own."""
    mine = message.get("from_id") == OWNER and message.get("from") == "Me"
    sender = message.get("from")
    digits = isinstance(sender, str) and sender.isdigit()
    return {
        "app": APP,
        "chat_id": str(chat["id"]) if chat.get("id") else chat.get("name"),
        "chat_name": chat.get("name"),
        "chat_kind": CHAT_KINDS.get(kind) if isinstance(kind := chat.get("type"), str) else None,
        "message_id": message.get("id"),
        "sent_at": message.get("date_unixtime"),
        "sender_id": sender if digits and not mine else None,
        "sender_name": sender if not digits and not mine else None,
        "direction": "outgoing" if mine else "incoming",
        "kind": "text",
        "text": message.get("text"),
        "reply_to": message.get("reply_to_message_id"),
        "extra": extra(TOOL, message, TAKEN),
        "record": record,
    }


def as_call(record: str, message: dict[str, Any]) -> dict[str, Any]:
    """A call, told in the same sentence as in the exporter's other JSON."""
    mine = message.get("from_id") == OWNER and message.get("from") == "Me"
    told = {"from_me": mine, "timestamp": message.get("date_unixtime"), "data": message.get("text")}
    return call(str(message.get("id")), {**told, "sender": None if mine else message.get("from")}, record)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of chats in the shape of Telegram's."""
    return [export]
