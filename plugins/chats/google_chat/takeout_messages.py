"""Google Chat in Google Takeout: messages.json of one chat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.evidence.file import DocumentError
from forensics.tables import ATTACHMENTS, MESSAGES, REACTIONS

from ..untrusted import mapping, sequence
from .written import APP, folder, person, when

KINDS = {
    "image": ("jpg", "jpeg", "png", "webp", "heic", "bmp"),
    "gif": ("gif",),
    "video": ("mp4", "mov", "webm", "3gp", "avi"),
    "audio": ("mp3", "m4a", "wav", "ogg", "aac", "amr"),
}
TAKEN = frozenset(
    ("creator", "created_date", "text", "message_id", "attached_files", "reactions", "updated_date", "deleted_date")
)


def is_messages(file: File) -> bool:
    """An object whose first message has a creator and a date."""
    start = file.head.decode("utf-8", "replace")
    return all(f'"{name}"' in start for name in ("messages", "creator", "created_date"))


@parser("google_chat.takeout", magic=["application/json"], test=is_messages)
def messages(file: File) -> Iterator[Any]:
    """Google Chat, Google Takeout (Groups/<chat>/messages.json).

    Dates are English words in UTC; a date in another language is a problem, and is given in extra as written. The chat is named
    after group_info.json beside. Who owns the account stands in another folder (user_info.json): direction is unknown. An
    answer in a thread points to the thread's first message, one that quotes to the quoted message where its id is given.

    Reads: messages with edits and earlier versions (extra), deletions, quotes, reactions, links and other annotations (extra),
    files and whether they lie beside. Several files of one name are exported as `name(1)`, and the messages do not say which
    is whose: of these no hash is given, and extra says how many share the name.
    Not read: media themselves; meetings and tasks but for what extra shows.
    Seen on: no export yet. Tested on an invented one in the published shape.
    Source: public schema descriptions and parsers (gvoice-sms-takeout-xml and others).
    Tier: documented
    """
    data = file.json()
    listed = data.get("messages") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        yield Problem("not_understood", "no object with a list of messages")
        return
    base = {"app": APP, **about(file)}
    given = [mapping(f).get("export_name") for m in listed for f in sequence(mapping(m).get("attached_files"))]
    shared = Counter(name for name in given if isinstance(name, str))
    for number, stored in enumerate(listed):
        record = f"$.messages[{number}]"
        if isinstance(stored, dict):
            yield from rows(stored, {**base, "record": record}, shared, file)
        else:
            yield Problem("not_understood", "a message that is no object", record=record)


def about(file: File) -> dict[str, Any]:
    """Id, kind and name of the chat. A direct message may have more than two members."""
    chat_id, kind = folder(file.path)
    beside = file.sibling("group_info.json")
    try:
        info = mapping(beside.json()) if beside else {}
    except DocumentError:
        info = {}
    members = len(sequence(info.get("members")))
    return {
        "chat_id": chat_id,
        "chat_name": info.get("name") or None,
        "chat_kind": "group" if kind == "direct" and members > 2 else kind,
    }


def rows(stored: Mapping[str, Any], base: dict[str, Any], shared: Counter[str], file: File) -> Iterator[Any]:
    """A message with its files and reactions."""
    cells = base | message(stored)
    cells["chat_id"] = group_of(stored.get("message_id")) or base["chat_id"]
    for name in ("created_date", "updated_date", "deleted_date"):
        if stored.get(name) is not None and when(stored[name]) is None:
            detail = str(stored[name])[:200]
            yield Problem("not_understood", f"{name} is not readable", record=base["record"], detail=detail)
    yield from MESSAGES.rows([cells])
    own = {name: cells[name] for name in ("app", "chat_id", "message_id", "record")}
    yield from ATTACHMENTS.rows(
        own | attachment(mapping(item), shared, file) for item in sequence(stored.get("attached_files"))
    )
    yield from REACTIONS.rows(own | reaction for reaction in reactions(stored))


def message(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `messages`."""
    who = person(stored.get("creator"))
    deleted = stored.get("message_state") == "DELETED" or stored.get("deleted_date") is not None
    sent_at = when(stored.get("created_date"))
    extra = {name: value for name, value in stored.items() if name not in TAKEN and value not in (None, "", [], {})}
    creator = mapping(stored.get("creator"))
    for name in ("user_type", "acting_user"):
        if creator.get(name) not in (None, "", "Human"):
            extra[name] = creator[name]
    for name in ("created_date", "updated_date", "deleted_date"):
        if stored.get(name) is not None and when(stored[name]) is None:
            extra[name] = stored[name]
    return {
        "message_id": stored.get("message_id"),
        "sent_at": sent_at,
        "edited_at": when(stored.get("updated_date")),
        "edited": True if stored.get("updated_date") or stored.get("previous_message_versions") else None,
        "deleted_at": when(stored.get("deleted_date")),
        "deleted": True if deleted else None,
        "sender_id": who["person_id"],
        "sender_name": who["name"],
        "direction": "unknown",
        "kind": kind_of(stored, deleted),
        "raw_kind": stored.get("message_state"),
        "text": stored.get("text") or None,
        "reply_to": reply_to(stored),
        "extra": extra or None,
    }


def group_of(message_id: Any) -> str | None:
    """The chat in the id of a message: chat/thread/message."""
    parts = message_id.split("/") if isinstance(message_id, str) else []
    return parts[0] if len(parts) == 3 and parts[0] else None


def reply_to(stored: Mapping[str, Any]) -> str | None:
    """The quoted message; else the first of the thread, if this is another."""
    quoted = mapping(stored.get("quoted_message_metadata")).get("message_id")
    if isinstance(quoted, str) and quoted:
        return quoted
    own = stored.get("message_id")
    parts = own.split("/") if isinstance(own, str) else []
    return f"{parts[0]}/{parts[1]}/{parts[1]}" if len(parts) == 3 and parts[1] != parts[2] else None


def kind_of(stored: Mapping[str, Any], deleted: bool) -> str:
    """The kind of a message, by the ending of its file."""
    names = [mapping(item).get("export_name") for item in sequence(stored.get("attached_files"))]
    if names:
        ending = str(names[0]).rpartition(".")[2].lower()
        return next((kind for kind, endings in KINDS.items() if ending in endings), "document")
    return "deleted" if deleted and not stored.get("text") else "text"


def attachment(item: Mapping[str, Any], shared: Counter[str], file: File) -> dict[str, Any]:
    """A file. On disk `?` is `_`. A name that several messages share is no sign of which file is meant."""
    name = item.get("export_name")
    if not isinstance(name, str):
        return {"name": item.get("original_name"), "extra": None}
    on_disk = next((n for n in (name, name.replace("?", "_")) if n and "/" not in n and file.sibling(n)), None)
    there = file.sibling(on_disk) if on_disk and shared[name] == 1 else None
    noted: dict[str, Any] = {"export_name": name if on_disk not in (None, name) else None}
    noted["messages_with_this_name"] = shared[name] if shared[name] > 1 else None
    return {
        "name": item.get("original_name") or name,
        "stored_path": on_disk or name,
        "size": there.size if there else None,
        "sha256": there.sha256 if there else None,
        "extra": {key: value for key, value in noted.items() if value} or None,
    }


def reactions(stored: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Who reacted with what. When is not in the export."""
    for reaction in map(mapping, sequence(stored.get("reactions"))):
        emoji = mapping(reaction.get("emoji"))
        value = emoji.get("unicode") or mapping(emoji.get("custom_emoji")).get("name")
        for email in sequence(reaction.get("reactor_emails")) or [None]:
            yield {"person_id": email, "value": value}


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of messages.json."""
    return [messages]
