"""Burner for iOS, the cache of what its server answered: Cache.db (NSURLCache) with fsCachedData beside it."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.evidence.file import DocumentError
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES
from forensics.times import unix_ms

from ..learned import in_force

APP = "Burner"
# The body of an answer is in the row, or, where it is large, in a file of fsCachedData that the row names.
ANSWERS = """
SELECT r.entry_ID AS number, CAST(r.request_key AS TEXT) AS url, {d.isDataOnFS} AS in_file, d.receiver_data AS body,
  strftime('%Y-%m-%dT%H:%M:%SZ', {r.time_stamp}) AS cache_time, 'cfurl_cache_response/entry_ID=' || r.entry_ID AS record
FROM cfurl_cache_response r
LEFT JOIN cfurl_cache_receiver_data d ON d.entry_ID = r.entry_ID
"""
OURS = "SELECT 1 AS one FROM cfurl_cache_response r WHERE r.request_key LIKE 'https://phoenix.burnerapp.com/%' LIMIT 1"
API = re.compile(r"https://phoenix\.burnerapp\.com(?:/v\d+)?(/[^?]*)(?:\?.*)?", re.DOTALL)
PARTS = (
    ("messages", re.compile(r"/user/[^/]+/(?:messages|burners/[^/]+/conversations/[^/]+/messages)")),
    ("threads", re.compile(r"/user/[^/]+/messageThreads")),
    ("contacts", re.compile(r"/user/[^/]+/contacts")),
    ("burners", re.compile(r"/user/[^/]+/burners")),
    ("account", re.compile(r"/register(?:/phone)?|/user/[^/]+(?:/token|/credits)?")),
)
FILE_NAME = re.compile(r"[0-9A-Fa-f-]{8,64}")
DIRECTIONS = {1: "incoming", 2: "outgoing", "Inbound": "incoming", "Outbound": "outgoing"}
VOICE, TEXT = (1, "Voice"), (2, "Text")
CALL_STATES = {
    3: "answered",
    4: "missed",
    5: "missed",
    "CallCompleted": "answered",
    "CallMissed": "missed",
    "Voicemail": "missed",
}
VOICEMAIL = (5, "Voicemail")
PICTURES = re.compile(r"\.(?:jpe?g|png|gif|heic|webp)(?:\?.*)?", re.IGNORECASE)


def is_burner(file: File) -> bool:
    """A cache of answers, of which at least one comes from Burner's server: other apps keep theirs in the same tables."""
    try:
        with file.sqlite() as db:
            known = {
                "cfurl_cache_response": ["entry_ID", "request_key"],
                "cfurl_cache_receiver_data": ["receiver_data"],
            }
            return db.has(**known) and any(True for _ in db.execute(OURS))
    except sqlite3.DatabaseError:
        return False


@parser("burner.ios.cache", magic=["application/vnd.sqlite3"], test=is_burner)
def cache(file: File) -> Iterator[Any]:
    """Burner for iOS, cached answers of its server (Cache.db, fsCachedData).

    The cache holds what the app has fetched, page by page: the same message can be in several answers and is then given as often,
    each with its own record; what only the list of threads holds is given from there. Times are Unix ms. A burner is an account
    of its own (its id is `account_id`), a chat is a burner with a number. The unit of `duration` of calls is not known (the
    service counts minutes): it is in `extra`. Pictures and voicemail count as present where the cache has their body.

    Reads: messages, calls, voicemail, contacts, burners with their settings, the user's account.
    Not read: prices, rules and statistics of other services, headers of requests (they hold tokens of the account).
    Seen on: Burner 5.3.8 on an iPhone with iOS 15 (2023; 18 messages and calls).
    The form in conversations (text states, newer versions) is from iLEAPP and was not seen.
    Source: iLEAPP, artifact burnerCache (meaning of addresses, directions, states).
    Tier: proven
    """
    with file.sqlite() as db:
        answers, media = [], {}
        for row in db.execute(ANSWERS, every="cfurl_cache_response"):
            if part := part_of(row["url"]):
                answers.append((part, row))
            elif row["url"] and (in_force(row) or row["url"] not in media):
                media[row["url"]] = (row["in_file"], row["body"])
        items = []
        for part, row in answers:
            document, problem = body_of(row, file)
            if problem:
                yield problem
            items += [(part, Item(fields, place, row)) for fields, place in objects(document, part)]
    now = [(part, item) for part, item in items if in_force(item.row)]
    known, known_once = Known.of(now), Known.of(items)
    told, told_once = (
        {text_of(item.fields, "id") for part, item in some if part == "messages"} for some in (now, items)
    )
    for part, item in items:
        is_now = in_force(item.row)
        if part == "messages" or (
            part == "threads" and text_of(item.fields, "id") not in (told if is_now else told_once)
        ):
            yield from message(item, known if is_now else known_once, media, file)
        elif part == "contacts":
            yield from CONTACTS.rows([contact(item)], created_at=unix_ms)
        elif part in ("burners", "account"):
            yield from ACCOUNTS.rows([burner(item) if part == "burners" else account(item)], created_at=unix_ms)


@dataclass(frozen=True)
class Item:
    """One object of an answer. `place`: where in the answer."""

    fields: dict[str, Any]
    place: str
    row: Mapping[str, Any]

    @property
    def origin(self) -> dict[str, Any]:
        """Record and state of rows that are made of it."""
        return {"record": f"{self.row['record']} {self.place}", "state": self.row["state"]}

    def extra(self, *names: str, **more: Any) -> str | None:
        """Plain values of some fields, as JSON text."""
        found = {n: v for n in names if isinstance(v := self.fields.get(n), str | int | float) and v != ""} | more
        kept = {name: value for name, value in found.items() if value is not None}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None


@dataclass(frozen=True)
class Known:
    """Names by number, and numbers and names of burners by id."""

    names: dict[str, str]
    numbers: dict[str, str]
    burners: dict[str, str]

    @classmethod
    def of(cls, items: list[tuple[str, Item]]) -> Known:
        """What contacts and burners of the cache say."""
        known = cls({}, {}, {})
        for part, item in items:
            number, ident = text_of(item.fields, "phoneNumber"), text_of(item.fields, "id")
            if part == "contacts" and number:
                known.names[number] = text_of(item.fields, "name") or number
            if part == "burners" and ident:
                known.numbers[ident] = number or ident
                known.burners[ident] = text_of(item.fields.get("settings"), "name") or ""
        return known


def part_of(url: Any) -> str | None:
    """Which part of the service an address asks for; None for all others."""
    api = API.fullmatch(url) if isinstance(url, str) else None
    return next((name for name, path in PARTS if path.fullmatch(api[1])), None) if api else None


def body_of(row: Mapping[str, Any], file: File) -> tuple[Any, Problem | None]:
    """The answer as JSON, and what is wrong with it."""
    body = row["body"]
    if body is None:
        return None, Problem("not_read", "an answer whose body is not in the cache", record=row["record"])
    try:
        if row["in_file"] == 1:
            kept = cached(body, file)
            if kept is None:
                problem = Problem(
                    "not_read", f"the body of an answer is in fsCachedData, where it is missing: {body}", row["record"]
                )
                return None, problem
            document = kept.json()
        else:
            document = json.loads(body)
    except (ValueError, TypeError, RecursionError, DocumentError) as error:
        return None, Problem("damaged", "the body of an answer is no JSON", record=row["record"], detail=str(error))
    listed = document if isinstance(document, list) else [document]
    odd = sum(not isinstance(fields, dict) for fields in listed)
    problem = Problem(
        "not_understood", f"an answer in which {odd} of {len(listed)} are no objects", record=row["record"]
    )
    return document, problem if odd else None


def cached(name: Any, file: File) -> File | None:
    """A file of fsCachedData."""
    plain = name.decode("ascii", "replace") if isinstance(name, bytes) else name
    return file.sibling(f"fsCachedData/{plain}") if isinstance(plain, str) and FILE_NAME.fullmatch(plain) else None


def objects(document: Any, part: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of an answer, with their places: it is a list of them, or one; that of an account may hold the user."""
    listed = document if isinstance(document, list) else [document]
    for number, fields in enumerate(listed):
        place = f"$[{number}]" if isinstance(document, list) else "$"
        if isinstance(fields, dict):
            inner = fields.get("user") if part == "account" else None
            yield (inner, f"{place}.user") if isinstance(inner, dict) else (fields, place)


def message(item: Item, known: Known, media: Mapping[str, tuple[Any, Any]], file: File) -> Iterator[Any]:
    """A message; for what is voice, also the call."""
    fields = item.fields
    kind = kind_of(fields)
    cells = message_cells(item, known, kind)
    yield from MESSAGES.rows([cells], sent_at=unix_ms)
    shared = {name: cells[name] for name in ("app", "chat_id", "message_id", "record", "state")}
    voicemail = fields.get("voicemail")
    addresses = (fields.get("assetUrl"), fields.get("mediaUrl"), fields.get("voiceUrl"), text_of(voicemail, "audioUrl"))
    for url in addresses:
        if isinstance(url, str) and url:
            seconds = fields.get("messageDuration") if kind == "voice" else None
            yield from ATTACHMENTS.rows([shared | {"url": url, "duration_s": seconds} | body_in(media, url, file)])
    if fields.get("messageType") in VOICE:
        yield from CALLS.rows([call_cells(item, cells, known)], started_at=unix_ms)


def message_cells(item: Item, known: Known, kind: str) -> dict[str, Any]:
    """The columns of `messages`."""
    fields = item.fields
    own, number = text_of(fields, "burnerId"), number_of(fields)
    direction = DIRECTIONS.get(plain(fields.get("direction")), "unknown")
    incoming = direction == "incoming"
    return {
        "app": APP,
        "account_id": own,
        "chat_id": f"{own}/{number}",
        "chat_name": known.names.get(number or "", number),
        "chat_kind": "direct",
        "message_id": fields.get("id"),
        "sent_at": fields.get("dateCreated"),
        "sender_id": number if incoming else known.numbers.get(own or "", own) if direction == "outgoing" else None,
        "sender_name": known.names.get(number or "") if incoming else known.burners.get(own or "") or None,
        "direction": direction,
        "kind": kind,
        "raw_kind": f"{fields.get('messageType')}/{fields.get('state')}",
        "text": fields.get("message") or fields.get("text") or None,
        "extra": item.extra(
            "read", "sid", "duration", "autoReply", "connected", "contactId", cache_time=item.row["cache_time"]
        ),
        **item.origin,
    }


def kind_of(fields: Mapping[str, Any]) -> str:
    """The kind of a message, by its type, its state and what it points to."""
    if fields.get("messageType") in VOICE:
        return "voice" if fields.get("state") in VOICEMAIL else "call"
    if fields.get("messageType") not in TEXT:
        return "unknown"
    url = fields.get("assetUrl") or fields.get("mediaUrl")
    if not isinstance(url, str) or not url:
        return "text"
    return "image" if PICTURES.search(url) else "document"


def number_of(fields: Mapping[str, Any]) -> str | None:
    """The number of the other side."""
    return text_of(fields, "contactPhoneNumber") or text_of(fields.get("conversation"), "conversationId")


def text_of(holder: Any, name: str) -> str | None:
    """A text in an object; None for anything else."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, str) and found else None


def plain(value: Any) -> Any:
    """A value that can be looked up; None for lists and objects."""
    return value if isinstance(value, str | int) else None


def call_cells(item: Item, cells: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The columns of `calls`."""
    state, number = plain(item.fields.get("state")), number_of(item.fields)
    shared = {name: cells[name] for name in ("app", "account_id", "chat_id", "direction", "record", "state")}
    return shared | {
        "call_id": cells["message_id"],
        "started_at": cells["sent_at"],
        "outcome": CALL_STATES.get(state, f"unknown ({state})"),
        "peer_id": number,
        "peer_name": known.names.get(number or ""),
        "extra": item.extra("duration", "state"),
    }


def body_in(media: Mapping[str, tuple[Any, Any]], url: str, file: File) -> dict[str, Any]:
    """What the cache holds of an address: hash, size and where."""
    in_file, body = media.get(url, (None, None))
    if in_file == 1:
        kept = cached(body, file)
        where = {"stored_path": f"fsCachedData/{kept.name}", "sha256": kept.sha256, "size": kept.size} if kept else {}
        return {"present": kept is not None, **where}
    if isinstance(body, bytes):
        return {"present": True, "sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
    return {"present": False}


def contact(item: Item) -> dict[str, Any]:
    """A contact of the app."""
    fields = item.fields
    number = text_of(fields, "phoneNumber")
    return {
        "app": APP,
        "account_id": text_of(fields, "userId"),
        "person_id": text_of(fields, "id"),
        "name": fields.get("name"),
        "phones": [number] if number else None,
        "note": text_of(fields.get("notes"), "text") or text_of(fields, "text"),
        "blocked": fields.get("blocked"),
        "created_at": fields.get("dateCreated"),
        "extra": item.extra("muted", "verified", "lastUpdatedDate"),
        **item.origin,
    }


def burner(item: Item) -> dict[str, Any]:
    """A number that was rented: an account of its own."""
    fields = item.fields
    settings, rest = fields.get("settings"), fields.get("entitlements")
    chosen = {n: v for n, v in settings.items() if isinstance(v, str | int)} if isinstance(settings, dict) else {}
    left = {n: v for n, v in rest.items() if isinstance(v, str | int)} if isinstance(rest, dict) else {}
    reply = text_of(settings.get("autoReplyMessage"), "text") if isinstance(settings, dict) else None
    return {
        "app": APP,
        "account_id": text_of(fields, "id"),
        "name": text_of(settings, "name"),
        "phone": fields.get("phoneNumber"),
        "is_owner": True,
        "created_at": fields.get("dateCreated"),
        "extra": item.extra("expirationDate", "numberType", settings=chosen, entitlements=left, auto_reply=reply),
        **item.origin,
    }


def account(item: Item) -> dict[str, Any]:
    """The user, as the server described him at that time."""
    noted = ("lastUpdatedDate", "countryCode", "carrierName", "totalNumberBurners", "credits", "appVersion")
    return {
        "app": APP,
        "account_id": text_of(item.fields, "id"),
        "phone": item.fields.get("phoneNumber"),
        "is_owner": True,
        "created_at": item.fields.get("dateCreated"),
        "extra": item.extra(*noted, cache_time=item.row["cache_time"]),
        **item.origin,
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of Burner's cache."""
    return [cache]
