"""Discord's data package ("Request my data"): messages of one channel, messages.json or (before 2024) messages.csv."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, MESSAGES

from ..untrusted import beside
from .api import APP, file_kind
from .package_about import DIRECT, handle, is_id
from .told import clock, made, same

NAMES = ("ID", "Timestamp", "Contents", "Attachments")
MARKS = tuple(f'"{name}"'.encode() for name in NAMES[:3])
FOLDER = re.compile(r"(?:^|/)c?(\d{15,20})/[^/]+$")
# Discord translates the names of folders, not those of files: these are known from public readers of the package.
ACCOUNT_FOLDERS = (
    "Account",
    "account",
    "Compte",
    "compte",
    "Konto",
    "konto",
    "Cuenta",
    "cuenta",
    "Аккаунт",
    "аккаунт",
    "账户",
)
CHANNELS = {"1": "direct", "DM": "direct", "3": "group", "GROUP_DM": "group"}


def is_json(file: File) -> bool:
    """A list of messages with the package's names."""
    return all(mark in file.head for mark in MARKS)


def is_csv(file: File) -> bool:
    """The package's line of names."""
    return file.head.removeprefix(b"\xef\xbb\xbf").startswith(b"ID,Timestamp,Contents")


@parser("discord.package.json", magic=["application/json"], test=is_json)
def in_json(file: File) -> Iterator[Any]:
    """Discord, data package: messages.json of one channel.

    The package holds only what its owner has sent: all messages are outgoing, and name no sender; who that is comes from
    user.json in the package's folder of the account, whatever the language of its name (those that public readers know). A time
    without an offset is given as UTC where it is the second that the message's id was made in, then with the fraction that the
    id has; else it is a wall clock. channel.json beside the file names the channel; where it does not, as in direct chats,
    index.json in the folder above does.

    Reads: messages, addresses of attachments (several are separated by blanks).
    Not read: what others wrote (it is not in the package), reactions.
    Seen on: no package yet. Tested on invented files.
    Source: discord_data (both forms, times), a public schema of the package, other readers of it (names of folders).
    Tier: documented
    """
    data = file.json()
    if not isinstance(data, list):
        yield Problem("not_understood", "no list of messages")
        return
    base = owner(file) | channel(file)
    for number, item in enumerate(data):
        if isinstance(item, dict):
            yield from rows(item, base, f"$[{number}]")
        else:
            yield Problem("not_understood", "a message that is no object", record=f"$[{number}]")


@parser("discord.package.csv", magic=["text/"], test=is_csv)
def in_csv(file: File) -> Iterator[Any]:
    """Discord, data package before 2024: messages.csv of one channel.

    As discord.package.json. `record` is the line on which a message ends: text can have several lines.

    Reads: messages, addresses of attachments.
    Not read: as discord.package.json.
    Seen on: no package yet. Tested on invented files.
    Source: discord_data (both forms, times), other readers of the package.
    Tier: documented
    """
    base, reader = owner(file) | channel(file), csv.reader(io.StringIO(file.text().lstrip("\ufeff"), newline=""))
    names: list[str] = []
    while True:
        try:
            line = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem("damaged", f"a line that cannot be read: {error}", record=f"line {reader.line_num}")
            continue
        record = f"line {reader.line_num}"
        if not names:
            names = line
        elif len(line) == len(names):
            yield from rows(dict(zip(names, line, strict=True)), base, record)
        elif line:
            yield Problem("not_understood", f"{len(line)} columns, not {len(names)}", record, " | ".join(line)[:200])


def owner(file: File) -> dict[str, Any]:
    """Who has sent the messages, from user.json in the same package; nothing where there is none."""
    for folder in ACCOUNT_FOLDERS:
        told = beside(file, f"../../{folder}/user.json")
        if is_id(told.get("id")):
            name = told.get("global_name") or handle(told)
            named = name if isinstance(name, str) else None
            return {"account_id": told["id"], "sender_id": told["id"], "sender_name": named}
    return {}


def channel(file: File) -> dict[str, Any]:
    """What channel.json beside the messages says of the chat, and the index; without both, the number in the folder's name."""
    folder = FOLDER.search(file.path)
    told = beside(file, "channel.json")
    ident = told["id"] if is_id(told.get("id")) else folder[1] if folder else None
    guild = told["guild"] if isinstance(told.get("guild"), dict) else {}
    named = " / ".join(str(part) for part in (guild.get("name"), told.get("name")) if part)
    listed = beside(file, "../index.json").get(ident) if ident and not named else None
    if isinstance(listed, str):
        named = listed.removeprefix(DIRECT).removesuffix("#0")
    kind = CHANNELS.get(str(told.get("type")), "channel" if guild else None)
    if kind is None and isinstance(listed, str) and listed.startswith(DIRECT):
        kind = "direct"
    return {"app": APP, "chat_id": ident, "chat_name": named or None, "chat_kind": kind}


def rows(item: Mapping[str, Any], base: Mapping[str, Any], record: str) -> Iterator[Any]:
    """The rows of one message."""
    when, fault = time(item.get("Timestamp"), item.get("ID"))
    if fault:
        yield Problem("not_understood", fault, record=record, detail=str(item.get("Timestamp"))[:200])
    stored = item.get("Attachments")
    urls = stored.split() if isinstance(stored, str) else []
    text = item.get("Contents")
    rest = {key: value for key, value in item.items() if key not in NAMES and value not in (None, "", [], {})}
    kind = file_kind(None, name_of(urls[0])) if urls else "text" if text else "unknown"
    shared = {"app": APP, "chat_id": base.get("chat_id"), "message_id": item.get("ID"), "record": record}
    cells = {"direction": "outgoing", "kind": kind, "text": text or None, "extra": rest or None}
    yield from MESSAGES.rows([{**base, **shared, **when, **cells}])
    yield from ATTACHMENTS.rows({**shared, "name": name_of(url) or None, "url": url} for url in urls)


def time(stored: Any, ident: Any) -> tuple[dict[str, Any], str | None]:
    """The columns of a message's time, and what is wrong with it."""
    at = made(ident)
    found = clock(stored)
    if found is None:
        fault = "a time in another form" if stored not in (None, "") else None
        return ({"sent_at": at} if at else {}), fault
    if found.tzinfo is not None:
        return {"sent_at": found}, None
    if at and same(found, at):
        return {"sent_at": exact(found, at)}, None
    return {"sent_local": found}, None


def exact(wall: datetime, at: datetime) -> datetime:
    """The instant of a wall clock in UTC; with the id's fraction where it is the same second and the text has none."""
    utc = wall.replace(tzinfo=UTC)
    return at if not utc.microsecond and at.replace(microsecond=0) == utc else utc


def name_of(url: str) -> str:
    """The name of a file in its address."""
    try:
        return unquote(urlsplit(url).path.rpartition("/")[2])
    except ValueError:
        return ""


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of both forms."""
    return [in_json, in_csv]
