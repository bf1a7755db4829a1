"""Discord for Android and iOS, database `a` of kv-storage: messages that the app has shown lately."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.tables import ACCOUNTS

from . import api

MESSAGE = "SELECT m.data AS data FROM messages0 m"
OWNER = re.compile(r"@account\.(\d{1,20})/")
LONGEST = 8  # bytes before the JSON


@parser("discord.kv_storage", test=sqlite.has(messages0=["data"]))
def messages(file: File) -> Iterator[Any]:
    """Discord for Android and iOS, messages in kv-storage (@account.<id>/a).

    Each row is a message as the API gives it: JSON, with a byte before it. The folder is named after the account, so its
    messages are outgoing; in a file elsewhere direction is unknown. Of reactions only the number is stored, so `person_id` is
    empty unless the account alone reacted. A call starts with its message.

    Reads: messages, events of chats, answers with what they answer, forwarded messages, attachments, reactions, calls. What no
    column fits (embeds, mentions, stickers, polls) is in extra as stored.
    Not read: other tables; names of channels and servers.
    Seen on: no file of a device yet. Tested on invented rows.
    Source: ALEAPP and iLEAPP, artifacts discordChats (table, column, byte before the JSON, owner); Discord's documentation of
    the API (names and types).
    Tier: documented
    """
    named = OWNER.search(file.path)
    owner = named[1] if named else None
    with file.sqlite() as db:
        for number, row in enumerate(db.execute(MESSAGE, every="messages0"), start=1):
            yield from one(row, number, owner)
    if owner:
        yield from ACCOUNTS.rows(
            [{"app": api.APP, "account_id": owner, "is_owner": True, "record": "name of the folder"}]
        )


def one(row: Mapping[str, Any], number: int, owner: str | None) -> Iterator[Any]:
    """The rows of one message. The table may have no row ids: the message's own id is its place."""
    data, fault = parsed(row["data"])
    item = data.get("message") if data else None
    if data and not isinstance(item, dict):
        fault = "an entry without a message"
    if fault or not data or not isinstance(item, dict):
        shown = row["data"][:64].hex() if isinstance(row["data"], bytes) else str(row["data"])[:200]
        yield Problem("not_understood", fault or "an entry without a message", f"messages0/number={number}", shown)
        return
    ident = item.get("id") or data.get("id")
    item = {"id": data.get("id"), **item}
    base = {"record": f"messages0/id={ident}" if ident else f"messages0/number={number}", "state": row["state"]}
    yield from api.rows(item, base, owner, data.get("channelId"))


def parsed(stored: Any) -> tuple[dict[str, Any] | None, str | None]:
    """The JSON of a row, or why there is none."""
    raw = stored.encode("utf-8", "surrogateescape") if isinstance(stored, str) else stored
    if not isinstance(raw, bytes):
        return None, "no bytes"
    begins = raw.find(b"{", 0, LONGEST + 1)
    if begins < 0:
        return None, "no JSON object"
    try:
        value = json.loads(raw[begins:], parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        return None, f"no JSON: {str(error)[:100]}"
    return (value, None) if isinstance(value, dict) else (None, "no JSON object")


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of kv-storage."""
    return [messages]
