"""TikTok, "Download your data": user_data_tiktok.json (user_data.json) and the text form of direct messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, ATTACHMENTS, CONTACTS, MESSAGES

APP = "TikTok"
CHAT = re.compile(r"Chat History with (.*?):*", re.DOTALL)
DEEPEST = 5  # levels of the export at which a section can stand; newer exports put them one deeper
SECTIONS = ("Direct Message", "Your Activity", "Activity", "App Settings", "Profile", "Comment", "Tiktok", "TikTok")
PEOPLE = {"FansList": "follower", "Following": "following", "BlockList": "blocked"}
PROFILE = {"userName", "emailAddress", "telephoneNumber", "bioDescription"}
VIDEO = re.compile(r"https?://\S{1,500}")
BLOCK = re.compile(r">>> Chat History with (.*?):*\s*")
LINE = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC ([^:]{1,200}): ?(.*)")


def is_export(file: File) -> bool:
    """Names of sections as this export has them, at its very beginning."""
    head = file.head.decode("utf-8", "replace")
    if file.name.lower() in ("user_data_tiktok.json", "user_data.json"):
        return any(f'"{section}' in head for section in SECTIONS)
    return '"Chat History with ' in head and '"ChatHistory"' in head


@parser(
    "tiktok.export",
    files=["user_data_tiktok.json", "user_data.json"],
    magic=["application/json"],
    test=is_export,
)
def export(file: File) -> Iterator[Any]:
    """TikTok, "Download your data" in JSON: user_data_tiktok.json, in older exports user_data.json.

    Sections have changed their names and places: messages, people and the profile are found by the names of their lists,
    wherever they stand. Times have no zone in this form (the text form of the same export says UTC) and are given as
    wall clocks. Direction is told by the user name in the profile; without a profile it is unknown.

    Reads: direct messages, followers, people followed, blocked people, the profile.
    Not read: videos, likes, searches, logins, comments, live, shop; shared videos are links without content.
    Seen on: no export yet. Tested on invented files of both forms.
    Source: RLEAPP, artifact tikTokArchiveJson (names of older and newer sections), other public readers of this export.
    Tier: documented
    """
    found = sections(file.json())
    if not found:
        yield Problem("not_understood", "none of the sections that are read")
        return
    own = None
    for record, name, value in found:
        if name == "ProfileMap" and isinstance(value, dict):
            own = own or value.get("userName")
            yield from ACCOUNTS.rows([profile(value, record)])
    for record, name, value in found:
        if name == "ChatHistory":
            yield from chats(value, record, own)
        elif name in PEOPLE and isinstance(value, list):
            yield from people(value, PEOPLE[name], record)


def sections(data: Any) -> list[tuple[str, str, Any]]:
    """Place, name and content of all sections that are read, wherever they stand."""
    found: list[tuple[str, str, Any]] = []
    level = [("$", data)]
    for _ in range(DEEPEST):
        deeper: list[tuple[str, Any]] = []
        for place, holder in level:
            for name, value in holder.items() if isinstance(holder, dict) else ():
                record = f"{place}['{name}']"
                if name in ("ChatHistory", "ProfileMap") or (name in PEOPLE and isinstance(value, list)):
                    found.append((record, name, value))
                elif isinstance(value, dict):
                    deeper.append((record, value))
        level = deeper
    return found


def profile(told: Mapping[str, Any], record: str) -> dict[str, Any]:
    """A row of `accounts`."""
    rest = {key: value for key, value in told.items() if key not in PROFILE and value not in (None, "", "None", [], {})}
    if told.get("bioDescription"):
        rest["bioDescription"] = told["bioDescription"]
    return {
        "app": APP,
        "account_id": told.get("userName"),
        "username": told.get("userName"),
        "email": told.get("emailAddress") or None,
        "phone": told.get("telephoneNumber") or None,
        "is_owner": True,
        "extra": rest or None,
        "record": record,
    }


def people(items: list[Any], how: str, place: str) -> Iterator[Any]:
    """Rows of `contacts`."""
    for number, item in enumerate(items):
        record = f"{place}[{number}]"
        if not isinstance(item, dict):
            yield Problem("not_understood", "a person that is no object", record=record)
            continue
        name = item.get("UserName") or item.get("userName")
        told = {"list": how, "since": item.get("Date")}
        cells = {"app": APP, "person_id": name, "username": name, "blocked": True if how == "blocked" else None}
        yield from CONTACTS.rows([{**cells, "extra": {k: v for k, v in told.items() if v}, "record": record}])


def chats(history: Any, place: str, own: Any) -> Iterator[Any]:
    """Messages of all chats."""
    if not isinstance(history, dict):
        yield Problem("not_understood", "a history of chats that is no object", record=place)
        return
    for name, items in history.items():
        known = CHAT.fullmatch(name)
        chat = known[1] if known and known[1] else name
        if not isinstance(items, list):
            yield Problem("not_understood", "a chat that is no list of messages", record=f"{place}['{name}']")
            continue
        for number, item in enumerate(items):
            record = f"{place}['{name}'][{number}]"
            if isinstance(item, dict):
                yield from message(item, chat, own, record)
            else:
                yield Problem("not_understood", "a message that is no object", record=record)


def message(item: Mapping[str, Any], chat: str, own: Any, record: str) -> Iterator[Any]:
    """The rows of one message."""
    at, sender = wall(item.get("Date")), item.get("From") or None
    if at is None and item.get("Date"):
        yield Problem("not_understood", "a time in another form", record=record, detail=str(item["Date"])[:200])
    taken = {"Date", "From", "Content"}
    rest = {key: value for key, value in item.items() if key not in taken and value not in (None, "", [], {})}
    cells = row(chat, sender, item.get("Content"), own, record)
    when = {"sent_at": at} if at and at.tzinfo else {"sent_local": at}
    yield from MESSAGES.rows([{**cells, **when, "extra": rest or None}])
    yield from links(cells)


def row(chat: str, sender: Any, text: Any, own: Any, record: str) -> dict[str, Any]:
    """What both forms say of a message."""
    if own and sender:
        direction = "outgoing" if sender == own else "incoming"
    else:
        direction = "incoming" if sender and sender == chat else "unknown"
    video = isinstance(text, str) and bool(VIDEO.fullmatch(text.strip()))
    return {
        "app": APP,
        "account_id": own,
        "chat_id": chat,
        "chat_name": chat,
        "sender_id": sender,
        "sender_name": sender,
        "direction": direction,
        "kind": "link" if video else "text",
        "text": text or None,
        "record": record,
    }


def links(cells: Mapping[str, Any]) -> Iterator[Any]:
    """A message that is nothing but an address is what was shared."""
    if cells["kind"] == "link":
        shared = {key: cells[key] for key in ("app", "chat_id", "record")}
        yield from ATTACHMENTS.rows([{**shared, "url": cells["text"].strip()}])


def wall(stored: Any) -> datetime | None:
    """A time as exported, aware where it says UTC or an offset."""
    text = stored.strip() if isinstance(stored, str) else ""
    if not text or len(text) > 40:
        return None
    utc = text.endswith(" UTC")
    try:
        found = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if utc and found.tzinfo is None else found


def is_text(file: File) -> bool:
    """The text form of direct messages: a chat begins with a line of its own."""
    return bool(re.search(rb"(?:\A|\n)(?:\xef\xbb\xbf)?>>> Chat History with ", file.head))


@parser("tiktok.export.text", magic=["text/"], test=is_text)
def text(file: File) -> Iterator[Any]:
    """TikTok, "Download your data" as text: direct messages (Direct Messages.txt, Chat History.txt).

    A chat begins with a line `>>> Chat History with <name>::`, a message with its time, UTC as it says, and its sender. A line
    that begins neither belongs to the message above. A message whose sender is not the other side has an unknown direction:
    the chat may be a group.

    Reads: messages; addresses that were shared.
    Not read: other text files of the export.
    Seen on: no export yet. Tested on an invented file.
    Source: several public readers of this form that agree on both lines.
    Tier: documented
    """
    chat: str | None = None
    cells: dict[str, Any] | None = None
    said: list[str] = []
    for number, line in enumerate(re.split(r"\r?\n", file.text()), start=1):
        begun, written = BLOCK.fullmatch(line), LINE.fullmatch(line)
        if begun or written:
            if cells:
                yield from finished(cells, said)
                cells, said = None, []
            chat = begun[1] if begun else chat
            if written:
                at = wall(f"{written[1]} UTC")
                record = f"line {number}"
                if at is None:
                    yield Problem("not_understood", "a time that is none", record=record, detail=written[1])
                cells = {"at": at, "sender": written[2], "chat": chat or "", "record": record}
                said = [written[3]]
        elif cells:
            said.append(line)
        elif line.strip() and chat is not None:
            yield Problem("not_understood", "a line of no message", record=f"line {number}", detail=line[:200])
    if cells:
        yield from finished(cells, said)


def finished(cells: Mapping[str, Any], said: list[str]) -> Iterator[Any]:
    """The rows of a message of which all lines are read."""
    whole = "\n".join(said).rstrip("\n")
    made = row(cells["chat"], cells["sender"], whole, None, cells["record"])
    yield from MESSAGES.rows([{**made, "sent_at": cells["at"]}])
    yield from links(made)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of both forms."""
    return [export, text]
