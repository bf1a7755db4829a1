"""Discord, one channel as the tool DiscordChatExporter writes it in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, CALLS, MESSAGES, REACTIONS

from ..untrusted import objects
from .api import APP, file_kind, listed
from .told import instant, made

CHANNELS = {"DirectTextChat": "direct", "DirectGroupTextChat": "group"}
WRITTEN = ("Default", "Reply")
TAKEN = {
    "id",
    "type",
    "timestamp",
    "timestampEdited",
    "callEndedTimestamp",
    "content",
    "author",
    "attachments",
    "reactions",
}
UNSET: tuple[Any, ...] = (None, "", [], {}, False, 0)


def is_export(file: File) -> bool:
    """What the tool writes first: server, channel, range of dates."""
    head = file.head
    versions = (b'"dateRange"', b'"exportedAt"', b'"categoryId"')  # not all versions write all of these
    return b'"guild"' in head and b'"channel"' in head and any(name in head for name in versions)


@parser("discord.exporter", magic=["application/json"], test=is_export)
def export(file: File) -> Iterator[Any]:
    """Discord, a channel exported with DiscordChatExporter (JSON).

    The tool is run with the token of an account, which the export does not name: direction is unknown. Times have the offset of
    the computer it ran on. An attachment that the tool has downloaded has a path, else an address. `content` has names in place
    of the ids of mentions; where newer versions give the text as it was written, that is in extra.

    Reads: messages, events, answers, attachments, reactions (with the people, where exported), calls. What no column fits
    (embeds, stickers, mentions, polls) is in extra as exported.
    Not read: forms of the tool other than JSON; forks that put people into tables of their own.
    Seen on: no export yet. Tested on an invented file.
    Source: DiscordChatExporter, JsonMessageWriter (names and order); a public description of its JSON with an example.
    Tier: documented
    """
    data = file.json()
    found = data.get("messages") if isinstance(data, dict) else None
    if not isinstance(found, list):
        yield Problem("not_understood", "no list of messages")
        return
    base = chat(data)
    for number, item in enumerate(found):
        record = f"$.messages[{number}]"
        if isinstance(item, dict):
            yield from rows(item, base, record)
        else:
            yield Problem("not_understood", "a message that is no object", record=record)
    told = data.get("messageCount")
    if isinstance(told, int) and told != len(found):
        message = f"the export says that it has {told:,} messages, and has {len(found):,}"
        yield Problem("damaged", message, record="$.messageCount")


def chat(data: Mapping[str, Any]) -> dict[str, Any]:
    """The chat."""
    guild = data["guild"] if isinstance(data.get("guild"), dict) else {}
    channel = data["channel"] if isinstance(data.get("channel"), dict) else {}
    kind = channel.get("type")
    direct = CHANNELS.get(kind) if isinstance(kind, str) else None
    parts = (channel.get("name"),) if direct else (guild.get("name"), channel.get("category"), channel.get("name"))
    named = " / ".join(str(part) for part in parts if part)
    return {"app": APP, "chat_id": channel.get("id"), "chat_name": named or None, "chat_kind": direct or "channel"}


def rows(item: Mapping[str, Any], base: Mapping[str, Any], record: str) -> Iterator[Any]:
    """The rows of one message."""
    at, code = instant(item.get("timestamp")), item.get("type")
    if at is None and item.get("timestamp"):
        yield Problem("not_understood", "a time in another form", record=record, detail=str(item["timestamp"])[:200])
    author = item["author"] if isinstance(item.get("author"), dict) else {}
    shared = {"app": APP, "chat_id": base["chat_id"], "message_id": item.get("id"), "record": record}
    files = objects(item.get("attachments"))
    forwarded = item["forwardedMessage"] if isinstance(item.get("forwardedMessage"), dict) else {}
    files += objects(forwarded.get("attachments"))
    reference = item["reference"] if isinstance(item.get("reference"), dict) else {}
    edited = instant(item.get("timestampEdited"))
    cells = {
        **base,
        **shared,
        "sent_at": at or made(item.get("id")),
        "edited_at": edited,
        "edited": edited is not None,
        "sender_id": author.get("id"),
        "sender_name": author.get("nickname") or author.get("name"),
        "direction": "unknown" if code in WRITTEN or code == "Call" else "system",
        "kind": kind_of(item, code, files, forwarded),
        "raw_kind": code,
        "text": item.get("content") or forwarded.get("content") or None,
        "reply_to": reference.get("messageId") if code == "Reply" else None,
        "forwarded": bool(forwarded) or reference.get("type") == "Forward",
        "extra": extra(item, author),
    }
    yield from MESSAGES.rows([cells])
    yield from ATTACHMENTS.rows({**shared, **attachment(one)} for one in files)
    yield from REACTIONS.rows({**shared, **one} for one in reactions(item))
    if code == "Call":
        ended = instant(item.get("callEndedTimestamp"))
        length = (ended - at).total_seconds() if ended and at and ended >= at else None
        told = {"call_id": item.get("id"), "started_at": cells["sent_at"], "duration_s": length, "direction": "unknown"}
        who = {"peer_id": author.get("id"), "peer_name": cells["sender_name"]}
        yield from CALLS.rows([{"app": APP, "chat_id": base["chat_id"], "record": record, **told, **who}])


def kind_of(item: Mapping[str, Any], code: Any, files: list[Any], forwarded: Mapping[str, Any]) -> str:
    """The kind, by the type and by what the message carries."""
    if code == "Call":
        return "call"
    if code not in WRITTEN:
        return "system"
    if item.get("poll"):
        return "poll"
    if files:
        return file_kind(None, files[0].get("fileName"))
    if listed(item, "stickers") or listed(forwarded, "stickers"):
        return "sticker"
    return "text" if item.get("content") or forwarded.get("content") else "unknown"


def extra(item: Mapping[str, Any], author: Mapping[str, Any]) -> dict[str, Any] | None:
    """What no column fits, as exported."""
    found = {key: value for key, value in item.items() if key not in TAKEN and value not in UNSET}
    if found.get("contentRaw") == item.get("content"):
        found.pop("contentRaw", None)
    told = {
        "author_name": author.get("name"),
        "author_number": author.get("discriminator"),
        "author_bot": author.get("isBot"),
    }
    found |= {key: value for key, value in told.items() if value not in UNSET and value not in ("0000", "0")}
    return found or None


def attachment(one: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `attachments`: its address, or the path to where the tool has put the file."""
    url = one.get("url")
    web = isinstance(url, str) and url.lower().startswith(("http://", "https://"))
    return {
        "name": one.get("fileName"),
        "size": one.get("fileSizeBytes"),
        "width": one.get("width"),
        "height": one.get("height"),
        "caption": one.get("description"),
        "url": url if web else None,
        "stored_path": None if web else url,
        "extra": {"id": one["id"]} if one.get("id") else None,
    }


def reactions(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One row a person; one an emoji where the export names nobody."""
    for one in listed(item, "reactions"):
        emoji = one.get("emoji") if isinstance(one, dict) else None
        if not isinstance(emoji, dict):
            continue
        people = [who for who in listed(one, "users") if isinstance(who, dict)]
        for who in people:
            told = {"person_name": who.get("nickname") or who.get("name")}
            yield {
                "value": emoji.get("name"),
                "person_id": who.get("id"),
                "extra": told if told["person_name"] else None,
            }
        if not people:
            yield {"value": emoji.get("name"), "extra": {"count": one.get("count")}}


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the tool's JSON."""
    return [export]
