"""A message as Discord's API gives it, and as the apps keep it: JSON, with the names of the published documentation.

Source: https://discord.com/developers/docs/resources/message
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from forensics import Problem
from forensics.tables import ATTACHMENTS, CALLS, MESSAGES, REACTIONS

from ..untrusted import objects, sequence
from .told import instant, made

APP = "Discord"
WRITTEN = {0, 19, 20, 21, 23}  # types that a person has written; all others are events of the chat
CALL, POLL_RESULT = 3, 46
TYPES = {
    1: "recipient added",
    2: "recipient removed",
    3: "call",
    4: "channel renamed",
    5: "channel icon changed",
    6: "message pinned",
    7: "user joined",
    8: "server boost",
    9: "server boost, level 1",
    10: "server boost, level 2",
    11: "server boost, level 3",
    12: "channel followed",
    18: "thread created",
    20: "command",
    21: "start of a thread",
    22: "reminder to invite",
    23: "command",
    24: "automatic moderation",
    46: "result of a poll",
}
VOICE = 1 << 13  # flag of a voice message
FORWARD = 1  # type of a reference
TAKEN = {
    "id",
    "channel_id",
    "channelId",
    "timestamp",
    "edited_timestamp",
    "author",
    "content",
    "type",
    "attachments",
    "reactions",
    "call",
    "referenced_message",
    "message_snapshots",
}
NOTED = {"username", "discriminator", "bot", "system"}


def rows(item: Mapping[str, Any], base: Mapping[str, Any], owner: str | None, chat: Any = None) -> Iterator[Any]:
    """All rows of one message. `base`: record (and state) of its rows. `chat`: its channel, where the message names none."""
    ident = item.get("id")
    channel = item.get("channel_id") or item.get("channelId") or chat
    shared = {"app": APP, "chat_id": channel, "message_id": ident, **base}
    at = instant(item.get("timestamp"))
    if at is None and item.get("timestamp"):
        detail = str(item["timestamp"])[:200]
        yield Problem("not_understood", "a time in another form", base.get("record"), detail=detail)
    cells = message(item, shared, owner, at)
    yield from MESSAGES.rows([cells])
    files = objects(item.get("attachments"))
    for snapshot in snapshots(item):
        files += objects(snapshot.get("attachments"))
    yield from ATTACHMENTS.rows({**shared, **attachment(one)} for one in files)
    yield from REACTIONS.rows({**shared, **one} for one in reactions(item, owner))
    if item.get("type") == CALL and isinstance(item.get("call"), dict):
        yield from CALLS.rows([call(item, item["call"], cells, at)])


def message(
    item: Mapping[str, Any], shared: Mapping[str, Any], owner: str | None, at: datetime | None
) -> dict[str, Any]:
    """The row of `messages`."""
    author = item["author"] if isinstance(item.get("author"), dict) else {}
    sender, code = author.get("id"), item.get("type")
    text = item.get("content") or next((s.get("content") for s in snapshots(item) if s.get("content")), None)
    reference = item["message_reference"] if isinstance(item.get("message_reference"), dict) else {}
    forwarded = reference.get("type") == FORWARD or bool(listed(item, "message_snapshots"))
    edited = instant(item.get("edited_timestamp"))
    answered = item["referenced_message"] if isinstance(item.get("referenced_message"), dict) else {}
    return {
        **shared,
        "account_id": owner,
        "sent_at": at or made(item.get("id")),
        "edited_at": edited,
        "sender_id": sender,
        "sender_name": author.get("global_name") or author.get("globalName") or author.get("username"),
        "direction": direction(code, sender, owner),
        "kind": kind(item, code),
        "raw_kind": code,
        "text": text,
        "reply_to": (reference.get("message_id") or answered.get("id")) if code == 19 else None,
        "forwarded": forwarded,
        "edited": edited is not None,
        "extra": extra(item, author, answered, at),
    }


def direction(code: Any, sender: Any, owner: str | None) -> str:
    """Events are the chat's; else who wrote it, where the account is known."""
    if isinstance(code, int) and code not in WRITTEN and code != CALL:
        return "system"
    if owner is None or sender is None:
        return "unknown"
    return "outgoing" if str(sender) == owner else "incoming"


def kind(item: Mapping[str, Any], code: Any) -> str:
    """The kind of a message, by its type and by what it carries."""
    if isinstance(code, int) and code not in WRITTEN:
        return "call" if code == CALL else "poll" if code == POLL_RESULT else "system"
    if item.get("poll"):
        return "poll"
    holders = (item, *snapshots(item))
    first = next((one for holder in holders for one in objects(holder.get("attachments"))), None)
    if first is not None:
        flags = item.get("flags")
        voice = isinstance(flags, int) and flags & VOICE
        return "voice" if voice else file_kind(first.get("content_type"), first.get("filename"))
    if any(listed(holder, name) for holder in holders for name in ("sticker_items", "stickers")):
        return "sticker"
    return "text" if any(holder.get("content") for holder in holders) else "unknown"


def file_kind(mime: Any, name: Any) -> str:
    """The kind of a file, by its MIME type, else by its name."""
    family = mime.partition("/")[0] if isinstance(mime, str) else ""
    if family in ("image", "video", "audio"):
        return "gif" if mime.startswith("image/gif") else family
    ending = name.rpartition(".")[2].lower() if isinstance(name, str) else ""
    return ENDINGS.get(ending, "document")


ENDINGS = {
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "heic", "bmp", "avif"), "image"),
    **dict.fromkeys(("mp4", "mov", "webm", "mkv", "avi", "m4v"), "video"),
    **dict.fromkeys(("mp3", "ogg", "wav", "m4a", "flac", "opus"), "audio"),
    "gif": "gif",
}


def extra(
    item: Mapping[str, Any], author: Mapping[str, Any], answered: Mapping[str, Any], at: datetime | None
) -> dict[str, Any] | None:
    """What no column fits: all that the message says besides, as stored."""
    found = {
        key: value for key, value in item.items() if key not in TAKEN and value not in (None, "", [], {}, False, 0)
    }
    found |= {f"author_{key}": author[key] for key in sorted(NOTED) if author.get(key) not in (None, "", "0", False)}
    code = item.get("type")
    if isinstance(code, int) and code in TYPES:
        found["meaning"] = TYPES[code]
    if answered:
        writer = answered["author"] if isinstance(answered.get("author"), dict) else {}
        quoted = {
            "quoted_text": answered.get("content"),
            "quoted_sender": writer.get("id"),
            "quoted_at": answered.get("timestamp"),
        }
        found |= {key: value for key, value in quoted.items() if value}
    if at is None and made(item.get("id")):
        found["time_from"] = "id"
    return found or None


def snapshots(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Messages that were forwarded with this one."""
    held = (one.get("message") for one in objects(item.get("message_snapshots")))
    return [one for one in held if isinstance(one, dict)]


def attachment(one: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `attachments`."""
    told = {"id": one.get("id"), "proxy_url": one.get("proxy_url"), "title": one.get("title")}
    return {
        "name": one.get("filename"),
        "mime": one.get("content_type"),
        "size": one.get("size"),
        "width": one.get("width"),
        "height": one.get("height"),
        "duration_s": one.get("duration_secs"),
        "caption": one.get("description"),
        "url": one.get("url"),
        "extra": {key: value for key, value in told.items() if value} or None,
    }


def reactions(item: Mapping[str, Any], owner: str | None) -> Iterator[dict[str, Any]]:
    """One row an emoji: the message says how many, and whether the account was among them, but not who."""
    for one in listed(item, "reactions"):
        emoji = one.get("emoji") if isinstance(one, dict) else None
        if isinstance(emoji, dict):
            mine = one.get("me") is True
            told = {"count": one.get("count"), "me": mine or None, "emoji_id": emoji.get("id")}
            alone = mine and one.get("count") == 1
            cells = {"value": emoji.get("name"), "person_id": owner if alone else None}
            yield {**cells, "extra": {key: value for key, value in told.items() if value is not None} or None}


def call(
    item: Mapping[str, Any], told: Mapping[str, Any], cells: Mapping[str, Any], at: datetime | None
) -> dict[str, Any]:
    """A row of `calls`: it starts with its message."""
    ended = instant(told.get("ended_timestamp"))
    here = {name: cells[name] for name in ("app", "account_id", "chat_id", "direction", "record")}
    return {
        **here,
        **({"state": cells["state"]} if "state" in cells else {}),
        "call_id": item.get("id"),
        "started_at": cells["sent_at"],
        "duration_s": (ended - at).total_seconds() if ended and at and ended >= at else None,
        "peer_id": cells["sender_id"] if cells["direction"] == "incoming" else None,
        "peer_name": cells["sender_name"] if cells["direction"] == "incoming" else None,
        "members": [str(who) for who in listed(told, "participants")] or None,
    }


def listed(holder: Mapping[str, Any], name: str) -> list[Any]:
    """A list by name; empty where there is none."""
    return sequence(holder.get(name))


def is_message(item: Any) -> bool:
    """Whether an object is a message: it has these names in every version."""
    return isinstance(item, dict) and {"id", "channel_id", "author", "content"} <= item.keys()


__all__ = ["APP", "file_kind", "is_message", "listed", "rows"]
