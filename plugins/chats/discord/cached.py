"""Discord, answers of its API that were cached: JSON files (iOS fsCachedData and others), Cache.db of iOS, OkHttp of Android."""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.evidence.file import DocumentError

from . import api

HINTS = (b'"channel_id"', b'"mention_roles"', b'"edited_timestamp"', b'"global_name"', b'"proxy_url"')
ADDRESS = re.compile(r"https://(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?channels/(\d{1,20})/messages(?:[/?].*)?")
OKHTTP = re.compile(r"([0-9a-f]{32})\.([01])")
LARGEST = 64 << 20  # bytes of one answer, unpacked
ANSWERS = """
SELECT r.entry_ID AS number, CAST(r.request_key AS TEXT) AS url, {d.isDataOnFS} AS in_file, d.receiver_data AS body,
  'cfurl_cache_response/entry_ID=' || r.entry_ID AS record
FROM cfurl_cache_response r LEFT JOIN cfurl_cache_receiver_data d ON d.entry_ID = r.entry_ID
WHERE r.request_key LIKE 'https://%discord%/api/%channels/%/messages%'
"""


def answer_of(head: bytes) -> str | None:
    """The channel of the messages that an entry of OkHttp's cache holds: its first line is the address."""
    line = head.partition(b"\n")[0][:2000].decode("ascii", "replace")
    found = ADDRESS.fullmatch(line)
    return found[1] if found else None


def is_answer(file: File) -> bool:
    """A page of messages, or one message; the body of an entry of OkHttp's cache belongs to its first file."""
    if not any(hint in file.head for hint in HINTS):
        return False
    entry = OKHTTP.fullmatch(file.name)
    first = file.sibling(f"{entry[1]}.0") if entry else None
    if first and answer_of(first.head):
        return False
    try:
        return any(True for _ in items(file.json()))
    except DocumentError:
        return False


def items(data: Any, place: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Messages of an answer with their places: a list, one alone, or what a search has found (lists of lists)."""
    if api.is_message(data):
        yield place, data
    elif isinstance(data, list):
        for number, item in enumerate(data):
            if api.is_message(item):
                yield f"{place}[{number}]", item
            elif isinstance(item, list) and place.endswith("messages"):
                yield from items(item, f"{place}[{number}]")
    elif isinstance(data, dict) and place == "$" and isinstance(data.get("messages"), list):
        yield from items(data["messages"], "$.messages")


def odd(data: Any) -> Iterator[str]:
    """Places of what should be messages and is none."""
    whole = isinstance(data, list)
    for number, item in enumerate(data if whole else ()):
        if not api.is_message(item):
            yield f"$[{number}]"


@parser("discord.cached", magic=["application/json"], test=is_answer)
def answer(file: File) -> Iterator[Any]:
    """Discord, a cached answer of its API in a JSON file (iOS fsCachedData; Android http-cache without compression).

    The same message can be in several answers, and is then given as often, each with its own file. Who owns the account is not
    in an answer: direction is unknown. Answers within Cache.db are the other parser's.

    Reads: messages of pages, of searches and alone, with attachments, reactions, calls; see discord.kv_storage.
    Not read: other answers (profiles, channels, servers).
    Seen on: no file of a device yet. Tested on invented answers.
    Source: iLEAPP (fsCachedData), IPED and ALEAPP (cached answers); Discord's documentation of the API.
    Tier: documented
    """
    data = file.json()
    for record, item in items(data):
        yield from api.rows(item, {"record": record}, None)
    for record in odd(data):
        yield Problem("not_understood", "an entry that is no message", record=record)


def is_ios(file: File) -> bool:
    """A cache with at least one page of messages in the database itself."""
    try:
        with file.sqlite() as db:
            known = {
                "cfurl_cache_response": ["entry_ID", "request_key"],
                "cfurl_cache_receiver_data": ["entry_ID", "receiver_data"],
            }
            return db.has(**known) and any(True for _ in db.execute(f"{ANSWERS} LIMIT 1"))
    except sqlite3.DatabaseError:
        return False


@parser("discord.ios.cache", magic=["application/vnd.sqlite3"], test=is_ios)
def ios(file: File) -> Iterator[Any]:
    """Discord for iOS, answers of its API in Cache.db (NSURLCache).

    A large body lies in a file of fsCachedData, which is read as a file of its own; here it is only passed over.

    Reads: messages of pages whose body is in the database; see discord.kv_storage.
    Not read: other answers; headers of requests, which hold tokens of the account.
    Seen on: no file of a device yet. Tested on invented answers.
    Source: the tables of NSURLCache as in burner.ios.cache; iLEAPP (cached answers); Discord's documentation of the API.
    Tier: documented
    """
    with file.sqlite() as db:
        for row in db.execute(ANSWERS):
            found = ADDRESS.fullmatch(row["url"]) if isinstance(row["url"], str) else None
            if not found or row["in_file"] == 1 or row["body"] is None:
                continue
            raw = row["body"] if isinstance(row["body"], bytes) else str(row["body"]).encode("utf-8", "surrogateescape")
            base = {"record": row["record"], "state": row["state"]}
            yield from body(raw, found[1], base)


def body(raw: bytes, chat: str, base: dict[str, Any]) -> Iterator[Any]:
    """The messages of one answer."""
    try:
        data = json.loads(raw, parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        yield Problem("damaged", "the body of an answer is no JSON", record=base["record"], detail=str(error)[:200])
        return
    for place, item in items(data):
        yield from api.rows(item, {**base, "record": f"{base['record']} {place}"}, None, chat)
    for place in odd(data):
        yield Problem("not_understood", "an entry that is no message", record=f"{base['record']} {place}")


def is_okhttp(file: File) -> bool:
    """The first file of an entry, whose address asks for messages."""
    entry = OKHTTP.fullmatch(file.name)
    return bool(entry and entry[2] == "0" and answer_of(file.head))


@parser("discord.android.cache", magic=["text/"], test=is_okhttp)
def okhttp(file: File) -> Iterator[Any]:
    """Discord for Android, cached answers of its API (cache/http-cache, OkHttp).

    An entry has two files: `<hash>.0` with address and headers, `<hash>.1` with the body, often compressed. Rows come from the
    first, their record names the place in the body.

    Reads: messages of pages; see discord.kv_storage.
    Not read: other answers, headers, pictures.
    Seen on: no file of a device yet. Tested on invented entries.
    Source: ALEAPP, artifact discordCacheMessages (files, address, compression); Discord's documentation of the API.
    Tier: documented
    """
    chat, there = answer_of(file.head), file.sibling(f"{file.name[:-1]}1")
    if there is None:
        yield Problem("not_read", f"the body of an answer is missing: {file.name[:-1]}1", record="line 1")
        return
    raw = there.bytes()
    if raw.startswith(b"\x1f\x8b"):
        unpacking = zlib.decompressobj(wbits=31)
        try:
            raw = unpacking.decompress(raw, LARGEST)
        except zlib.error as error:
            yield Problem("damaged", f"the body of an answer cannot be unpacked: {error}", record=there.name)
            return
        if unpacking.unconsumed_tail:
            yield Problem("limit", f"an answer of more than {LARGEST:,} bytes", record=there.name)
            return
    yield from body(raw, chat or "", {"record": there.name})


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of cached answers."""
    return [answer, ios, okhttp]
