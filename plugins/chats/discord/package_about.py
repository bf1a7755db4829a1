"""Discord's data package ("Request my data"): who the account is and knows, and who is in its direct chats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.evidence.file import DocumentError
from forensics.tables import ACCOUNTS, CONTACTS, PARTICIPANTS

from .api import APP, listed
from .told import made

DIRECT = "Direct Message with "
KNOWN = {1: "friend", 2: "blocked", 3: "request received", 4: "request sent"}
ID = re.compile(r"\d{15,20}")
KEPT = ("ip", "verified", "has_mobile", "premium_until", "connections", "notes")


def is_user(file: File) -> bool:
    """An account as the package has it: Discord's id, and what only the owner's own file has."""
    if not all(mark in file.head for mark in (b'"id"', b'"username"')) or file.name.lower() != "user.json":
        return False
    try:
        data = file.json()
    except DocumentError:
        return False
    return isinstance(data, dict) and is_id(data.get("id")) and ("relationships" in data or "email" in data)


def is_id(value: Any) -> bool:
    """One of Discord's ids, as digits."""
    return isinstance(value, str) and bool(ID.fullmatch(value))


@parser("discord.package.account", files=["user.json"], magic=["application/json"], test=is_user)
def account(file: File) -> Iterator[Any]:
    """Discord, data package: the account and the people it knows (account/user.json).

    When an account was made is in its id.

    Reads: id, names, e-mail, phone number, last address, linked accounts; friends, blocked people and open requests.
    Not read: settings, payments, sessions, activity.
    Seen on: no package yet. Tested on an invented file.
    Source: public readers of the package; Discord's documentation of users and of ids.
    Tier: documented
    """
    data = file.json()
    if not isinstance(data, dict):
        yield Problem("not_understood", "no object with an account")
        return
    cells = {
        "app": APP,
        "account_id": data.get("id"),
        "name": data.get("global_name") or None,
        "username": handle(data),
        "email": data.get("email") or None,
        "phone": data.get("phone") or None,
        "is_owner": True,
        "created_at": made(data.get("id")),
        "extra": {key: data[key] for key in KEPT if data.get(key)} or None,
        "record": "$",
    }
    yield from ACCOUNTS.rows([cells])
    for number, item in enumerate(listed(data, "relationships")):
        record = f"$.relationships[{number}]"
        if isinstance(item, dict):
            yield from CONTACTS.rows([known(item, data.get("id"), record)])
        else:
            yield Problem("not_understood", "a person that is no object", record=record)


def known(item: Mapping[str, Any], owner: Any, record: str) -> dict[str, Any]:
    """A row of `contacts`."""
    user = item["user"] if isinstance(item.get("user"), dict) else {}
    code = item.get("type")
    how = KNOWN.get(code, f"unknown ({code})") if isinstance(code, int) else code
    told = {"relation": how, "nickname": item.get("nickname"), "since": item.get("since")}
    return {
        "app": APP,
        "account_id": owner,
        "person_id": item.get("id") or user.get("id"),
        "name": user.get("global_name") or user.get("username"),
        "username": handle(user),
        "blocked": True if code in (2, "BLOCKED") else None,
        "extra": {key: value for key, value in told.items() if value},
        "record": record,
    }


def handle(user: Mapping[str, Any]) -> str | None:
    """A user name, with the number that was part of it before 2023."""
    name, number = user.get("username"), str(user.get("discriminator") or "0")
    return name if not isinstance(name, str) or not number.strip("0") else f"{name}#{number}"


def is_channel(file: File) -> bool:
    """A channel as the package has it."""
    if file.name.lower() != "channel.json" or b'"type"' not in file.head:
        return False
    try:
        data = file.json()
    except DocumentError:
        return False
    return isinstance(data, dict) and is_id(data.get("id")) and isinstance(data.get("type"), str | int)


@parser("discord.package.channel", files=["channel.json"], magic=["application/json"], test=is_channel)
def channel(file: File) -> Iterator[Any]:
    """Discord, data package: members of one chat (channel.json).

    Reads: members of direct chats and groups.
    Not read: names of channels and servers here (messages have them); members of servers are not in the package.
    Seen on: no package yet. Tested on invented files.
    Source: a public schema of the package, other readers of it.
    Tier: documented
    """
    data = file.json()
    if not isinstance(data, dict):
        yield Problem("not_understood", "no object with a channel")
        return
    for number, who in enumerate(listed(data, "recipients")):
        ident = who.get("id") if isinstance(who, dict) else who
        name = handle(who) if isinstance(who, dict) else None
        cells = {"app": APP, "chat_id": data.get("id"), "person_id": ident, "name": name}
        yield from PARTICIPANTS.rows([{**cells, "record": f"$.recipients[{number}]"}])


def is_index(file: File) -> bool:
    """Channels by id, at least one of them a direct chat; that of servers looks alike, but has none."""
    if file.name.lower() != "index.json" or not re.match(rb'(?:\xef\xbb\xbf)?\s*\{\s*"\d{15,20}"', file.head):
        return False
    try:
        data = file.json()
    except DocumentError:
        return False
    return isinstance(data, dict) and any(isinstance(name, str) and name.startswith(DIRECT) for name in data.values())


@parser("discord.package.index", files=["index.json"], magic=["application/json"], test=is_index)
def index(file: File) -> Iterator[Any]:
    """Discord, data package: with whom direct chats are (messages/index.json).

    Reads: the other side of each direct chat, by user name.
    Not read: names of other channels (messages have them from channel.json).
    Seen on: no package yet. Tested on an invented file.
    Source: a public schema of the package, other readers of it.
    Tier: documented
    """
    data = file.json()
    for chat, name in data.items() if isinstance(data, dict) else ():
        if isinstance(name, str) and name.startswith(DIRECT):
            who = name.removeprefix(DIRECT).removesuffix("#0")
            yield from PARTICIPANTS.rows([{"app": APP, "chat_id": chat, "name": who, "record": f"$['{chat}']"}])


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of what stands around the messages."""
    return [account, channel, index]
