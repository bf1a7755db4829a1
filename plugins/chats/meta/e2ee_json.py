"""End-to-end encrypted chats of Messenger as their own download gives them: `<name of the chat>_<number>.json`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, MESSAGES, PARTICIPANTS, REACTIONS
from forensics.times import unix_ms

from ..untrusted import sequence
from .stored import as_json, objects

EXTENSIONS = {
    "image": ("jpeg", "jpg", "png", "webp", "heic"),
    "gif": ("gif",),
    "video": ("mp4", "mov", "webm"),
    "audio": ("ogg", "mp3", "aac", "m4a", "wav", "opus"),
}
TAKEN = frozenset(("senderName", "text", "timestamp", "type", "isUnsent", "media", "reactions"))


def is_encrypted_download(file: File) -> bool:
    """JSON of a thread with its name and members, in Meta's camel case."""
    return all(key in file.head for key in (b'"participants"', b'"threadName"', b'"messages"')) or (
        b'"senderName"' in file.head and b'"isUnsent"' in file.head and b'"timestamp"' in file.head
    )


@parser("meta.e2ee", magic=["application/json"], test=is_encrypted_download)
def thread(file: File) -> Iterator[Any]:
    """Messenger, download of end-to-end encrypted chats: one thread.

    Text is plain UTF-8 (not repaired, unlike the other download). Names are the only key to persons. Which of them owns the
    account is not in the file, so direction is unknown.

    Reads: messages with text, unsent ones (type placeholder), links, media by their names, reactions, members. What no column
    holds is in extra.
    Not read: meaning of types other than text, link, media and placeholder (given raw).
    Seen on: no download of the service itself yet. Tested on invented files in the published shape.
    Source: msgvault (parser and test files), a public catalogue of one real download of 9,165 messages, a public Rust schema.
    Tier: documented
    """
    data = file.json()
    if not isinstance(data, dict) or not isinstance(data.get("messages"), list):
        yield Problem("not_understood", "no object with a list of messages")
        return
    name = data.get("threadName")
    listed = sequence(data.get("participants"))
    base = {"app": "Messenger", "chat_id": file.path.removesuffix(".json")}
    yield from PARTICIPANTS.rows(
        {**base, "person_id": person, "name": person, "record": f"$.participants[{number}]"}
        for number, person in enumerate(listed)
    )
    chat = {"chat_name": name, "chat_kind": None if not listed else "group" if len(listed) > 2 else "direct"}
    for number, message in enumerate(data["messages"]):
        record = f"$.messages[{number}]"
        if isinstance(message, dict):
            yield from rows(message, chat, {**base, "record": record})
        else:
            yield Problem("not_understood", "a message that is no object", record=record)


def rows(message: dict[str, Any], chat: dict[str, Any], base: dict[str, Any]) -> Iterator[Any]:
    """The rows of one message."""
    files = [item["uri"] for item in objects(message.get("media")) if isinstance(item.get("uri"), str)]
    rest = {key: value for key, value in message.items() if key not in TAKEN}
    cells = {
        **base,
        **chat,
        "sent_at": message.get("timestamp"),
        "sender_id": message.get("senderName"),
        "sender_name": message.get("senderName"),
        "direction": "unknown",
        "kind": kind(message, files),
        "raw_kind": message.get("type"),
        "text": message.get("text") or None,
        "deleted": True if message.get("isUnsent") else None,
        "extra": as_json({**rest, "end_to_end_encrypted": True}),
    }
    yield from MESSAGES.rows([cells], sent_at=unix_ms)
    yield from ATTACHMENTS.rows({**base, "name": uri.rpartition("/")[2], "stored_path": uri} for uri in files)
    yield from REACTIONS.rows(
        {**base, "person_id": given.get("actor"), "value": given.get("reaction")}
        for given in objects(message.get("reactions"))
    )


def kind(message: dict[str, Any], files: list[str]) -> str:
    """The kind of a message: its type where that says it, else what its first file is by name."""
    if message.get("isUnsent"):
        return "deleted"
    if files:
        extension = files[0].rpartition(".")[2].lower()
        return next((kind for kind, those in EXTENSIONS.items() if extension in those), "document")
    if message.get("type") == "link":
        return "link"
    return "text" if message.get("text") else "unknown"


@hookimpl
def forensics_parsers():
    return [thread]
