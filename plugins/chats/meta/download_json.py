"""Messages of Facebook Messenger and Instagram as "Download your information" gives them: `message_1.json` and its like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, CALLS, MESSAGES, PARTICIPANTS, REACTIONS
from forensics.times import unix_ms, unix_s

MEDIA = (
    ("photos", "image"),
    ("videos", "video"),
    ("audio_files", "audio"),
    ("gifs", "gif"),
    ("files", "document"),
    ("sticker", "sticker"),
)
EVENTS = ("Subscribe", "Unsubscribe")
TAKEN = frozenset(
    ("sender_name", "timestamp_ms", "content", "type", "is_unsent", "reactions", *(key for key, _ in MEDIA))
)
CHAT_KINDS = {"Regular": "direct", "RegularGroup": "group"}


def is_download(file: File) -> bool:
    """JSON with messages that have a sender's name and milliseconds, as Meta writes them."""
    start = file.head.decode("utf-8", "replace")
    return all(f'"{key}"' in start for key in ("messages", "sender_name", "timestamp_ms"))


@parser("meta.download", magic=["application/json"], test=is_download)
def thread(file: File) -> Iterator[Any]:
    r"""Facebook Messenger and Instagram, "Download your information" in JSON: one part of one thread.

    Names are the only key to persons: the export has no ids of persons or messages. Each byte of UTF-8 is written as an escape
    of its own (`\u00c4\u008d` for č); every string is repaired where that gives valid text, and left alone where not. Which
    of the senders owns the account is not in the file, so direction is unknown.

    Reads: messages, unsent ones too, group events, calls, reactions, participants, attachments and whether they lie beside
    the file. What no column holds (shares, addresses, users of an event) is in `extra` as exported, repaired.
    Not read: other files of the download; end-to-end encrypted chats (another export); the HTML form.
    Seen on: a hand-made minimal export of a public test suite; no download of the services themselves yet.
    Source: field names in public schema descriptions and parsers (chat-miner and others).
    Tier: documented
    """
    data = repaired(file.json())
    if not isinstance(data, dict) or not isinstance(data.get("messages"), list):
        yield Problem("not_understood", "no object with a list of messages")
        return
    base = {"app": app_of(file), "chat_id": data.get("thread_path") or file.path}
    yield from participants(data, base)
    for number, message in enumerate(data["messages"]):
        record = f"$.messages[{number}]"
        if isinstance(message, dict):
            yield from rows(message, data, {**base, "record": record}, file)
        else:
            yield Problem("not_understood", "a message that is no object", record=record)


def repaired(value: Any) -> Any:
    """The same with every string repaired; lists and objects are changed in place, without recursion."""
    holder = [value]
    waiting: list[Any] = [holder]
    while waiting:
        inside = waiting.pop()
        for key, item in list(inside.items() if isinstance(inside, dict) else enumerate(inside)):
            if isinstance(item, str):
                inside[key] = repaired_text(item)
            elif isinstance(item, dict | list):
                waiting.append(item)
    return holder[0]


def repaired_text(text: str) -> str:
    """UTF-8 whose bytes stand as characters, as text; anything else as it is."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def app_of(file: File) -> str:
    """The service, as the path of the download tells; `Meta` where it does not."""
    path = f"{file.evidence}/{file.path}".lower()
    if "instagram" in path:
        return "Instagram"
    return "Messenger" if "facebook" in path or "messenger" in path else "Meta"


def participants(data: dict[str, Any], base: dict[str, Any]) -> Iterator[Any]:
    """Members of the thread."""
    listed = data.get("participants")
    yield from PARTICIPANTS.rows(
        {**base, "name": person.get("name"), "person_id": person.get("name"), "record": f"$.participants[{number}]"}
        for number, person in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(person, dict)
    )


def rows(message: dict[str, Any], data: dict[str, Any], base: dict[str, Any], file: File) -> Iterator[Any]:
    """The rows of one message."""
    rest = {key: value for key, value in message.items() if key not in TAKEN and value not in (None, "", [], False)}
    cells = {
        **base,
        "chat_name": data.get("title"),
        "chat_kind": chat_kind(data),
        "sent_at": message.get("timestamp_ms"),
        "sender_id": message.get("sender_name"),
        "sender_name": message.get("sender_name"),
        "direction": "system" if message.get("type") in EVENTS else "unknown",
        "kind": kind(message),
        "raw_kind": message.get("type"),
        "text": message.get("content"),
        "deleted": True if message.get("is_unsent") else None,
        "extra": json.dumps(rest, ensure_ascii=False, sort_keys=True) if rest else None,
    }
    yield from MESSAGES.rows([cells], sent_at=unix_ms)
    yield from ATTACHMENTS.rows({**base, **attachment} for attachment in attachments(message, file))
    yield from REACTIONS.rows(({**base, **reaction} for reaction in reactions(message)), reacted_at=unix_s)
    if "call_duration" in message:
        call = {
            **base,
            "started_at": message.get("timestamp_ms"),
            "duration_s": message["call_duration"],
            "outcome": "missed" if message.get("missed") else None,
            "direction": "unknown",
            "peer_name": message.get("sender_name"),
        }
        yield from CALLS.rows([call], started_at=unix_ms)


def chat_kind(data: dict[str, Any]) -> str | None:
    """Group or direct: as stored (older downloads), else by the number of members."""
    if data.get("thread_type"):
        return CHAT_KINDS.get(data["thread_type"], data["thread_type"])
    members = data.get("participants")
    return None if not isinstance(members, list) or not members else "group" if len(members) > 2 else "direct"


def kind(message: dict[str, Any]) -> str:
    """The kind of message, by what it holds."""
    if message.get("is_unsent"):
        return "deleted"
    if message.get("type") in EVENTS:
        return "system"
    if "call_duration" in message:
        return "call"
    held = next((name for key, name in MEDIA if message.get(key)), None)
    return held or ("link" if message.get("share") else "text")


def attachments(message: dict[str, Any], file: File) -> Iterator[dict[str, Any]]:
    """Files of a message. Their paths start at the root of the download; the file lies in a folder beside the thread's."""
    for key, _ in MEDIA:
        given = message.get(key) or []
        for item in [given] if isinstance(given, dict) else given:
            path = item.get("uri") if isinstance(item, dict) else None
            if not isinstance(path, str):
                continue
            there = file.sibling("/".join(path.split("/")[-2:]))
            yield {
                "name": path.rpartition("/")[2],
                "stored_path": path,
                "present": there is not None,
                "size": there.size if there else None,
                "sha256": there.sha256 if there else None,
            }


def reactions(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Reactions, by the name of who gave them."""
    for given in message.get("reactions") or ():
        if isinstance(given, dict):
            yield {
                "person_id": given.get("actor"),
                "value": given.get("reaction"),
                "reacted_at": given.get("timestamp"),
            }


@hookimpl
def forensics_parsers():
    return [thread]
