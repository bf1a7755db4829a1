"""Snapchat, "My Data": chat_history.json and snap_history.json, in the older and the newer form."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, MESSAGES

from ..untrusted import at, beside, string, words
from .told import finer, instant, listed

# In the older form the lists of a file are named so; in the newer one after the other side or, of a group, by an id.
OLDER = re.compile(r"(Received|Sent)(?: (?:Saved|Unsaved))? (?:Chat|Snap) History")
GROUP = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
KINDS = {
    "TEXT": "text",
    "IMAGE": "image",
    "VIDEO": "video",
    "NOTE": "voice",
    "STICKER": "sticker",
    "LOCATION": "location",
}
MARKS = (b'"Media Type"', b'"Created')
TAKEN = frozenset(
    (
        "From",
        "To",
        "Media Type",
        "Created",
        "Created(microseconds)",
        "Content",
        "Text",
        "Conversation Title",
        "IsSender",
        "Media IDs",
    )
)
NAMES = ("chat_history.json", "snap_history.json")


def is_history(file: File) -> bool:
    """Messages as this export names their fields; the older form is told by the names of its lists."""
    if not all(mark in file.head for mark in MARKS):
        return bool(OLDER.search(file.head.decode("utf-8", "replace"))) and file.name.lower() in NAMES
    return b'"IsSender"' in file.head or b'"From"' in file.head or b'"To"' in file.head


@parser(
    "snapchat.export.messages",
    files=["chat_history.json", "snap_history.json"],
    magic=["application/json"],
    test=is_history,
)
def messages(file: File) -> Iterator[Any]:
    """Snapchat, "My Data" in JSON: chat_history.json (messages that were saved) and snap_history.json (Snaps, without content).

    Times are UTC. `Created(microseconds)` holds milliseconds; it is taken where it says the same second as the text beside it,
    so that the fraction is kept, or where there is no such text. In the older form (lists Received, Sent) text has HTML
    entities: they are resolved, and the stored form is in extra. Who owns the account comes from account.json beside: without
    it an outgoing message of the older form has no sender. Shown names come from friends.json beside, by user name.

    Reads: messages and Snaps of both forms, received and sent, saved and not; ids of media.
    Not read: media themselves: their files lie in chat_media, named by day and id, which is in extra of the attachment.
    Seen on: no export yet. Tested on invented files of both forms.
    Source: public readers of this export that agree on both forms (Snapchat-Chats-And-Location-Analyzer, snaparser,
    SnapVault's analysis of a full export, Snap Data Explorer and others).
    Tier: documented
    """
    data = file.json()
    if not isinstance(data, dict):
        yield Problem("not_understood", "no object with lists of messages")
        return
    known = Known(owner(file), names(file))
    for name, items in data.items():
        if not isinstance(items, list):
            yield Problem("not_understood", "no list of messages", record=f"$['{name}']")
            continue
        older = OLDER.fullmatch(name)
        for number, item in enumerate(items):
            record = f"$['{name}'][{number}]"
            if not isinstance(item, dict):
                yield Problem("not_understood", "a message that is no object", record=record)
                continue
            cells = of_older(item, older[1]) if older else of_newer(item, name)
            yield from rows(item, cells, record, known)


class Known(NamedTuple):
    """The account, and shown names by user name."""

    owner: str | None
    names: Mapping[Any, str]


def owner(file: File) -> str | None:
    """The user name of the account, from account.json beside."""
    return words(at(beside(file, "account.json"), "Basic Information", "Username"))


def names(file: File) -> dict[Any, str]:
    """Shown names by user name, from account.json and friends.json beside."""
    told = beside(file, "account.json").get("Basic Information")
    people = beside(file, "friends.json")
    listed_in = [item for name in people for _, item in listed(people, name)]
    found: dict[Any, str] = {}
    for item, key in [(told, "Name"), *((item, "Display Name") for item in listed_in)]:
        user, shown = (item.get("Username"), item.get(key)) if isinstance(item, dict) else (None, None)
        if isinstance(user, str) and isinstance(shown, str) and shown:
            found.setdefault(user, shown)
    return found


def of_older(item: Mapping[str, Any], way: str) -> dict[str, Any]:
    """Chat, sender and text in the older form."""
    received = way == "Received"
    other = item.get("From") if received else item.get("To") or item.get("From")
    stored = item.get("Text") if "Text" in item else item.get("Content")
    shown = html.unescape(stored) if isinstance(stored, str) else stored
    return {
        "chat_id": other,
        "chat_kind": "direct",
        "sender_id": other if received else None,
        "direction": "incoming" if received else "outgoing",
        "text": shown or None,
        "extra": {"stored_text": stored} if shown != stored else {},
    }


def of_newer(item: Mapping[str, Any], chat: str) -> dict[str, Any]:
    """Chat, sender and text in the newer form."""
    title, mine = item.get("Conversation Title"), item.get("IsSender")
    return {
        "chat_id": chat,
        "chat_name": title or None,
        "chat_kind": "group" if title or GROUP.fullmatch(chat) else "direct",
        "sender_id": item.get("From"),
        "direction": "outgoing" if mine is True else "incoming" if mine is False else "unknown",
        "text": item.get("Content") or item.get("Text") or None,
        "extra": {},
    }


def rows(item: Mapping[str, Any], cells: dict[str, Any], record: str, known: Known) -> Iterator[Any]:
    """The rows of one message."""
    code, at = item.get("Media Type"), instant(item.get("Created"))
    if at is None and item.get("Created"):
        yield Problem("not_understood", "a time in another form", record=record, detail=str(item["Created"])[:200])
    rest = {key: value for key, value in item.items() if key not in TAKEN and value not in (None, "", [], {})}
    kind = kind_of(code)
    shared = {"app": "Snapchat", "chat_id": cells["chat_id"], "record": record}
    sender = cells["sender_id"] or (known.owner if cells["direction"] == "outgoing" else None)
    message = {
        **cells,
        **shared,
        "account_id": known.owner,
        "chat_name": cells.get("chat_name") or known.names.get(string(cells["chat_id"])),
        "sender_id": sender,
        "sender_name": known.names.get(string(sender), sender),
        "sent_at": finer(at, item.get("Created(microseconds)")),
        "direction": "system" if kind == "system" else cells["direction"],
        "kind": kind,
        "raw_kind": code,
        "extra": {**rest, **cells["extra"]} or None,
    }
    yield from MESSAGES.rows([message])
    day = f"{at:%Y-%m-%d}" if at else None
    yield from ATTACHMENTS.rows({**shared, "extra": named(ident, day)} for ident in media_ids(item.get("Media IDs")))


def kind_of(code: Any) -> str:
    """The kind, by the export's word for it; what begins with STATUS is an event, of which some are about calls."""
    if isinstance(code, str) and code.upper().startswith("STATUS"):
        return "call" if "CALL" in code.upper() else "system"
    return KINDS.get(code.upper(), "unknown") if isinstance(code, str) else "unknown"


def media_ids(stored: Any) -> list[str]:
    """Ids of media: one text, separated by bars."""
    if isinstance(stored, list):
        return [ident for ident in stored if isinstance(ident, str) and ident]
    return [part for part in re.split(r"\s*[|,]\s*", stored.strip()) if part] if isinstance(stored, str) else []


def named(ident: str, day: str | None) -> dict[str, str]:
    """An id, and how the name of its file begins."""
    return {"media_id": ident} | ({"file_begins": f"{day}_{ident}"} if day else {})


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of both histories."""
    return [messages]
