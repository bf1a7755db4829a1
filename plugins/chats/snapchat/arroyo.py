"""Snapchat for Android and iOS, database arroyo.db: chats and their messages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, MESSAGES, PARTICIPANTS, PLACES
from forensics.times import unix_ms

from ..android_preferences import LONGEST
from ..keyed_archive import NotAnArchive, unarchived
from ..learned import Learned
from . import content, ios_people
from .account import named, signed_in
from .android_people import present
from .content import Content

APP = "Snapchat"
MESSAGE = """
WITH titles AS MATERIALIZED (
  SELECT {t.client_conversation_id} AS chat, MIN(NULLIF({t.conversation_title}, '')) AS title,
         MIN({t.conversation_type}) AS type
  FROM feed_entry t GROUP BY 1
),
quoted AS MATERIALIZED (
  SELECT q.client_conversation_id AS chat, {q.server_message_id} AS server_id, MIN(q.client_message_id) AS client_id
  FROM conversation_message q WHERE {q.server_message_id} IS NOT NULL GROUP BY 1, 2
)
SELECT m.client_conversation_id AS chat_id, titles.title AS chat_name, titles.type AS chat_type,
  m.client_message_id AS message_id, {m.server_message_id} AS server_message_id, m.message_content AS content,
  m.creation_timestamp AS sent_at, {m.read_timestamp} AS read_at, {m.sender_id} AS sender_id, {m.content_type} AS code,
  {m.message_state_type} AS status, {m.is_saved} AS saved, {m.is_viewed_by_user} AS viewed,
  {m.created_on_device} AS made_here, {m.local_message_content_id} AS local_content,
  {m.remote_media_count} AS media_count, {m.local_message_references} AS refs, {m.replies_count} AS replies,
  {m.quoted_server_message_id} AS quoted_server_id, quoted.client_id AS reply_to,
  'conversation_message/' || COALESCE(m.client_conversation_id, '') || ',' || COALESCE(m.client_message_id, '') AS record
FROM conversation_message m
LEFT JOIN titles ON titles.chat = m.client_conversation_id
LEFT JOIN quoted ON quoted.chat = m.client_conversation_id AND quoted.server_id = {m.quoted_server_message_id}
"""
OWNER = """
SELECT DISTINCT {m.sender_id} AS person, {m.created_on_device} = 1 AS here
FROM conversation_message m
WHERE {m.sender_id} <> '' AND ({m.created_on_device} = 1 OR {m.local_message_content_id} IS NOT NULL)
"""
FRIENDS = """
SELECT {f.userId} AS person, {f.username} AS username, COALESCE(NULLIF({f.displayName}, ''), NULLIF({f.username}, '')) AS name
FROM people.Friend f
"""
CHATS = """
SELECT c.client_conversation_id AS chat, c.conversation_metadata AS metadata,
  'conversation/client_conversation_id=' || c.client_conversation_id AS record
FROM conversation c
"""
FEED = """
SELECT e.client_conversation_id AS chat, {e.participants} AS participants,
  'feed_entry/client_conversation_id=' || e.client_conversation_id AS record
FROM feed_entry e
"""
LINKS = """
SELECT u.client_conversation_id AS chat, u.user_id AS person,
  'user_conversation/' || COALESCE(u.user_id, '') || ',' || COALESCE(u.client_conversation_id, '') AS record
FROM user_conversation u
"""
# The cache of Android. A key is `<prefix>.<prefix>-<media key>`, and the message holds the media key.
CACHED = """
SELECT k.EXTERNAL_KEY AS external_key, k.CACHE_KEY AS cache_key, {d.FILE_SIZE_BYTES} AS size
FROM cache.CACHE_FILE_CLAIM k LEFT JOIN cache.CACHE_FILE_METADATA d ON {d.CACHE_KEY} = k.CACHE_KEY
WHERE k.EXTERNAL_KEY IS NOT NULL
"""
CHAT_MEDIA = ("chat_snap", "snap.", "chat_media_thumbnail")
# `people` and `cache` are Android's, `docs` is of iOS.
BESIDE = {
    "people": "main.db",
    "docs": "../DocObjects/primary.docobjects",
    "cache": "native_content_manager/cache_controller.db",
}
SCOPED = re.compile(r"(?:^|/)user_scoped/([0-9a-f]{64})/")
USER = "../../../user.plist"  # from user_scoped/<account>/arroyo
Claims = dict[str, list[Mapping[str, Any]]]


class Known(NamedTuple):
    """The account, names by person, and how many members a chat has."""

    owner: str | None
    names: Mapping[Any, Any]
    counted: Mapping[Any, int]


@parser(
    "snapchat.arroyo",
    files=["arroyo.db"],
    test=sqlite.has(
        conversation_message=[
            "client_conversation_id",
            "client_message_id",
            "message_content",
            "creation_timestamp",
        ]
    ),
)
def arroyo(file: File) -> Iterator[Any]:
    """Snapchat for Android and iOS, database arroyo.db.

    Times are Unix milliseconds. What a message is comes from the number of its body's only field, text from the two places
    that hold what somebody typed, and from no other text inside. Whether a Snap or media is a picture or a video is not known
    from here: `kind` is then `unknown` and `extra` says what it is. An answer names the message that it answers by the server's
    number; `reply_to` is the client's.

    The account: on Android who is signed in (shared_prefs: the id in user_session_shared_pref.xml, else the user name in
    identity_persistent_store.xml, found in main.db); on iOS the person of whose id the folder below user_scoped is the SHA-256;
    else the only sender of messages that were made on this device (created_on_device, or on older versions
    local_message_content_id). Where these disagree, or there is none, direction is unknown. The record of the account's row
    says which it was.

    Reads: messages of all types, events of chats, answers, pins on the map as places, members of chats, names from main.db
    beside it (Android) or DocObjects/primary.docobjects (iOS), media by the key under which the cache holds them (Android: file
    of the cache; iOS: id only).
    Not read: media themselves, reactions, polls, what other shared items are; calls are messages of kind `call`, one an event.
    Seen on: no file of a device yet. Tested on invented rows in published columns.
    Source: ALEAPP and iLEAPP (artifacts snapchat: columns, path of text, members, owner, cache); SnapEnhance (ContentType,
    columns); a public iOS parser's documentation (fields of bodies and events, names of folders); another (folder and account).
    Tier: documented
    """
    with file.sqlite(beside=BESIDE) as db:
        names = named_persons(db)
        members = participants(db, names)
        owner, told_by, problem = account(file, db, [person for _, person in members.now])
        if problem:
            yield problem
        counted: dict[Any, int] = {}
        for chat, _ in members.now:
            counted[chat] = counted.get(chat, 0) + 1
        known = Known(owner, names, counted)
        claims = cached(db)
        for row in db.execute(MESSAGE, every="conversation_message"):
            yield from message(row, known, claims)
        yield from PARTICIPANTS.rows(cells for _, cells in members.items())
        if owner:
            own = {"app": APP, "account_id": owner, "name": names.get(owner), "is_owner": True, "record": told_by}
            yield from ACCOUNTS.rows([own])


def named_persons(db: Database) -> dict[Any, Any]:
    """Names by id; where a person has several entries, that in force."""
    found = ios_people.names(db, "docs")
    for row in db.execute(f"{FRIENDS} LIMIT {ios_people.MOST}"):
        if row["name"] and (row["state"] in ("live", "wal") or row["person"] not in found):
            found[row["person"]] = row["name"]
    return found


def account(file: File, db: Database, members: Iterable[str]) -> tuple[str | None, str, Problem | None]:
    """Whose database it is, and what says so: what lies around it, and whose messages were made on this device."""
    found = list(db.execute(OWNER))
    sure = {row["person"] for row in found if row["here"]}
    persons = sure or {row["person"] for row in found}
    told, record = told_around(file, db, [*members, *persons])
    if told and (not persons or told in persons):
        return told, record, None
    if told or len(persons) > 1:
        listed = ", ".join(sorted(str(person) for person in persons)[:5]) + (f"; account: {told}" if told else "")
        which = "another person than the account" if told else "several senders"
        message = f"messages of {which} were made on this device: whose it is stays unknown"
        return None, "", Problem("not_understood", message, record="conversation_message", detail=listed)
    person = next(iter(persons), None)
    return (person if isinstance(person, str) else None), "conversation_message/created here", None


def told_around(file: File, db: Database, persons: Iterable[Any]) -> tuple[str | None, str]:
    """The account as the files around the database tell it, and where."""
    android = signed_in(file)
    if android.person:
        return android.person, android.record
    if android.username:
        ids = {row["person"] for row in db.execute(FRIENDS) if present(row["username"]) == android.username}
        ident = ids.pop() if len(ids) == 1 else None
        return (ident if isinstance(ident, str) else None), android.record
    scope, plist = SCOPED.search(file.path), file.sibling(USER)
    known = [*persons, named(plist.bytes())[0]] if plist and plist.size <= LONGEST else persons
    return next((who for who in known if scope and scoped(who) == scope[1]), None), "name of the folder"


def scoped(person: Any) -> str | None:
    """The name of the folder that iOS keeps for an account."""
    return hashlib.sha256(person.encode("utf-8", "replace")).hexdigest() if isinstance(person, str) else None


def participants(db: Database, names: Mapping[Any, Any]) -> Learned[dict[str, Any]]:
    """Members by chat and person, each once: from the chat, else from the list of chats, else from the links."""
    found: Learned[dict[str, Any]] = Learned()

    def add(row: Mapping[str, Any], persons: list[str]) -> None:
        for person in persons:
            shared = {"record": row["record"] or "conversation", "state": row["state"]}
            cells = {"app": APP, "chat_id": row["chat"], "person_id": person, "name": names.get(person), **shared}
            found.learn(row, (row["chat"], person), cells)

    if db.has(conversation=["client_conversation_id", "conversation_metadata"]):
        for row in db.execute(CHATS, every="conversation"):
            add(row, content.people(row["metadata"]))
    if db.has(feed_entry=["client_conversation_id"]):
        for row in db.execute(FEED, every="feed_entry"):
            add(row, listed(row["participants"]))
    if db.has(user_conversation=["client_conversation_id", "user_id"]):
        for row in db.execute(LINKS, every="user_conversation"):
            add(row, [row["person"]] if isinstance(row["person"], str) and row["person"] else [])
    return found


def listed(blob: Any) -> list[str]:
    """Ids that stand one behind the other, sixteen bytes each."""
    if not isinstance(blob, bytes) or len(blob) % 16:
        return []
    return [who for at in range(0, len(blob), 16) if (who := content.person(blob[at : at + 16]))]


def cached(db: Database) -> Claims:
    """Files of the cache by media key."""
    found: Claims = {}
    if not db.has(**{"cache.CACHE_FILE_CLAIM": ["EXTERNAL_KEY", "CACHE_KEY"]}):
        return found
    for row in db.execute(CACHED):
        key = row["external_key"]
        if isinstance(key, str) and key.startswith(CHAT_MEDIA):
            found.setdefault(key.rpartition("-")[2], []).append(row)
    return found


def message(row: Mapping[str, Any], known: Known, claims: Claims) -> Iterator[Any]:
    """The rows of one message."""
    held = content.read(row["content"])
    record = row["record"] or "conversation_message"
    if held.fault:
        shown = row["content"][:64].hex()
        yield Problem("not_understood", f"content of a message that is not understood: {held.fault}", record, shown)
    elif row["content"] is not None and not isinstance(row["content"], bytes):
        yield Problem("not_understood", "content of a message that is no bytes", record, str(row["content"])[:200])
    code = row["code"] if row["code"] is not None else held.code
    sender = row["sender_id"] or held.sender
    kind = held.kind or (content.KINDS.get(code) if isinstance(code, int) else None) or "unknown"
    shared = {"app": APP, "chat_id": row["chat_id"], "message_id": row["message_id"], "record": record}
    shared["state"] = row["state"]
    cells = {
        **shared,
        "account_id": known.owner,
        "chat_name": row["chat_name"],
        "chat_kind": chat_kind(row, known.counted),
        "sent_at": row["sent_at"],
        "read_at": row["read_at"],
        "sender_id": sender,
        "sender_name": known.names.get(sender),
        "direction": direction(row, sender, kind, known.owner),
        "kind": kind,
        "raw_kind": code,
        "text": held.text,
        "reply_to": row["reply_to"],
        "status": row["status"],
        "latitude": held.place[0] if held.place else None,
        "longitude": held.place[1] if held.place else None,
        "extra": extra(row, held, code),
    }
    yield from MESSAGES.rows([cells], sent_at=unix_ms, read_at=unix_ms)
    if held.place:
        place = {"at": row["sent_at"], "latitude": held.place[0], "longitude": held.place[1], "kind": "message"}
        where = {"label": held.text, "ref": row["message_id"], "record": record, "state": row["state"]}
        yield from PLACES.rows([{**place, **where}], at=unix_ms)
    yield from ATTACHMENTS.rows({**shared, **one} for one in attachments(row, claims))


def direction(row: Mapping[str, Any], sender: Any, kind: str, owner: str | None) -> str:
    """Events are the app's; a message is outgoing where the account sent it, or where it was made on this device."""
    if kind == "system":
        return "system"
    if row["made_here"] == 1 or (owner and sender == owner):
        return "outgoing"
    return "incoming" if owner and sender else "unknown"


def chat_kind(row: Mapping[str, Any], counted: Mapping[Any, int]) -> str | None:
    """By title and number of members: what the app's own code means is not published."""
    members = counted.get(row["chat_id"], 0)
    if row["chat_name"] or members > 2:
        return "group"
    return "direct" if members == 2 else None


def extra(row: Mapping[str, Any], held: Content, code: Any) -> dict[str, Any] | None:
    """What no column fits."""
    name = held.name or (content.CONTENT_TYPES.get(code) if isinstance(code, int) else None)
    found = {
        "meaning": name if name != "text" else None,
        **held.extra,
        "server_message_id": row["server_message_id"],
        "quoted_server_message_id": row["quoted_server_id"] if row["reply_to"] is None else None,
        "saved": row["saved"] or None,
        "viewed": row["viewed"],
        "made_on_this_device": row["made_here"],
        "media": row["media_count"] or None,
        "replies": row["replies"] or None,
        "chat_type": row["chat_type"],
    }
    return {key: value for key, value in found.items() if value is not None} or None


def attachments(row: Mapping[str, Any], claims: Claims) -> Iterator[dict[str, Any]]:
    """Files of the cache that the message names by their media key, and media ids that it refers to."""
    if claims:
        for key in dict.fromkeys(content.names(row["content"])):
            for claim in claims.get(key, ()):
                told = {"media_key": key, "external_key": claim["external_key"]}
                yield {"stored_path": claim["cache_key"], "size": claim["size"], "extra": told}
    for ident in references(row["refs"]):
        yield {"extra": {"media_id": ident}}


def references(blob: Any) -> Iterator[str]:
    """Media ids of iOS: for each file the length of an archive in eight bytes, and the archive."""
    at = 0
    while isinstance(blob, bytes) and at + 8 < len(blob):
        size = int.from_bytes(blob[at : at + 8], "little")
        if not 0 < size <= len(blob) - at - 8:
            return
        try:
            told = unarchived(blob[at + 8 : at + 8 + size])
        except NotAnArchive:
            return
        ident = told.get("MEDIA_ID") if isinstance(told, dict) else None
        if isinstance(ident, str):
            yield ident
        at += 8 + size


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of arroyo.db."""
    return [arroyo]
