"""Session for Windows, macOS and Linux, database sql/db.sqlite, decrypted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, REACTIONS
from forensics.times import unix_ms

# What a message answers is named by its author and time.
MESSAGE = """
WITH quotes AS MATERIALIZED (
  SELECT q.id, q.conversationId, CAST(json_extract(q.json, '$.quote.id') AS INTEGER) AS at, json_extract(q.json,
    '$.quote.author') AS author
  FROM messages q WHERE typeof(q.json) = 'text' AND json_valid(q.json) AND json_type(q.json, '$.quote') = 'object'
),
answered AS MATERIALIZED (
  SELECT quotes.id, MIN(original.id) AS original FROM quotes
  LEFT JOIN messages original ON original.conversationId = quotes.conversationId AND original.sent_at = quotes.at
    AND original.source = quotes.author
  GROUP BY quotes.id
)
SELECT m.id, m.json, m.conversationId AS chat_id, m.type, {m.source} AS source, {m.body} AS body, m.sent_at,
  {m.received_at} AS received_at,
  {m.expires_at} AS expires_at, {m.serverTimestamp} AS server_time, {m.serverId} AS server_id, {m.messageHash} AS hash,
  {m.unread} AS unread, {m.isDeleted} AS deleted, {m.expireTimer} AS timer_s, answered.original AS reply_to,
  c.type AS chat_type, COALESCE(NULLIF({c.nickname}, ''), NULLIF({c.displayNameInProfile}, ''), NULLIF({c.name},
    '')) AS chat_name,
  COALESCE(NULLIF({who.nickname}, ''), NULLIF({who.displayNameInProfile}, ''), NULLIF({who.name}, '')) AS sender_name,
  'messages/id=' || m.id AS record
FROM messages m
LEFT JOIN conversations c ON c.id = m.conversationId
LEFT JOIN conversations who ON who.id = {m.source}
LEFT JOIN answered ON answered.id = m.id
"""
CONVERSATION = """
SELECT c.id, c.type, {c.nickname} AS nickname, COALESCE(NULLIF({c.displayNameInProfile}, ''), NULLIF({c.name}, '')) AS name,
  {c.members} AS members, {c.groupAdmins} AS admins, {c.left} AS gone, {c.isApproved} AS approved,
  {c.didApproveMe} AS approved_owner, {c.avatarPointer} AS picture_url, 'conversations/id=' || c.id AS record
FROM conversations c
"""
OWNER = "SELECT i.json, 'items/id=' || i.id AS record FROM items i WHERE i.id = 'number_id'"
EVENTS = (
    "group_update",
    "expirationTimerUpdate",
    "dataExtractionNotification",
    "messageRequestResponse",
    "interactionNotification",
)
CALLS_KNOWN = {
    "missed-call": ("incoming", "missed"),
    "answered-a-call": ("incoming", "answered"),
    "started-call": ("outgoing", None),
}
VOICE = 1  # of the flags of a file
TAKEN = frozenset((
    "id", "body", "conversationId", "source", "type", "sent_at", "received_at", "expires_at", "attachments", "reacts", "unread",
    "isDeleted", "serverId", "serverTimestamp", "messageHash", "status", "hasAttachments", "hasFileAttachments",
    "hasVisualMediaAttachments", "expireTimer", "direction",
))  # fmt: skip


@parser(
    "session.desktop",
    test=sqlite.has(
        messages=["id", "json", "conversationId", "sent_at", "source", "type", "serverId"],
        conversations=["id", "type"],
        items=["id", "json"],
        nodesForPubkey=["pubkey"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Session for Windows, macOS and Linux, database sql/db.sqlite, once it is decrypted.

    Reads: messages of chats, groups and communities with sender, both times, disappearance, quotes, state, marks of deletion;
    events of groups, timers and requests; calls; files by the path at which the app keeps them (encrypted with a key of the
    app's); reactions with who gave them; members and administrators; persons; the owner's id. What the JSON of a message says
    and no column holds is in `extra`. Times are Unix milliseconds, received_at too (Signal has a counter there).

    Not read: keys, blocks, communities without messages; names of chats in databases before 2022, where they stood in JSON.

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: session-desktop, the app itself (sql.ts, messageType.ts, conversationAttributes.ts).

    Tier: documented
    """
    with file.sqlite() as db:
        owner, record = owner_of(db)
        if owner:
            account = {
                "app": "Session",
                "account_id": owner,
                "is_owner": True,
                "name": name_of(db, owner),
                "record": record,
            }
            yield from ACCOUNTS.rows([account])
        for row in db.execute(MESSAGE, every="messages"):
            yield from read_message(row, owner)
        for row in db.execute(CONVERSATION, every="conversations"):
            yield from read_conversation(row, owner)


def owner_of(db: Database) -> tuple[str | None, str]:
    """The owner's id and where it stands: before the dot comes the id, behind it the number of the device."""
    for row in db.execute(OWNER):
        value = held(row["json"]).get("value")
        if isinstance(value, str) and value:
            return value.partition(".")[0], row["record"]
    return None, ""


def name_of(db: Database, owner: str) -> str | None:
    """The owner's name, from the conversation with oneself."""
    return next((text(row["name"]) for row in db.execute(CONVERSATION) if row["id"] == owner), None)


def held(stored: Any) -> dict[str, Any]:
    """The object in a cell of JSON text; empty where there is none."""
    try:
        value = json.loads(stored, parse_constant=lambda name: None)
    except (ValueError, TypeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str | None:
    """Text, if there is some."""
    return value if isinstance(value, str) and value else None


def listed(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none of anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def read_message(row: Mapping[str, Any], owner: str | None) -> Iterator[Any]:
    """A message with its files, reactions and call."""
    said = held(row["json"])
    if not said and row["json"] is not None:
        yield Problem("not_understood", "the JSON of the message was not read", record=row["record"])
    place = {"app": "Session", "chat_id": row["chat_id"], "record": row["record"], "state": row["state"]}
    times = dict.fromkeys(("sent_at", "received_at", "expires_at"), unix_ms)
    yield from MESSAGES.rows([place | cells(row, said, owner)], **times)
    yield from ATTACHMENTS.rows(
        place | {"message_id": row["id"]} | attachment(each) for each in listed(said.get("attachments"))
    )
    yield from REACTIONS.rows(place | {"message_id": row["id"]} | each for each in reactions(said.get("reacts")))
    heard = said.get("callNotificationType")
    if isinstance(heard, str) and heard:
        direction, outcome = CALLS_KNOWN.get(heard, ("unknown", heard))
        peer = {"peer_id": row["chat_id"], "peer_name": row["chat_name"]}
        one = {
            "account_id": owner,
            "call_id": row["id"],
            "started_at": row["sent_at"],
            "direction": direction,
            "outcome": outcome,
        }
        yield from CALLS.rows([place | peer | one], started_at=unix_ms)


def cells(row: Mapping[str, Any], said: Mapping[str, Any], owner: str | None) -> dict[str, Any]:
    """The cells of `messages`."""
    kind = kind_of(said, row["deleted"])
    event = kind in ("system", "call")
    rest = {key: value for key, value in said.items() if key not in TAKEN and value not in (None, "", [], {}, False)}
    rest |= {
        "server_id": row["server_id"],
        "server_time": row["server_time"],
        "hash": row["hash"],
        "unread": row["unread"] or None,
    }
    rest |= {"timer_s": row["timer_s"] or None, "type": row["type"] if event else None}
    return {
        "account_id": owner,
        "chat_name": row["chat_name"],
        "chat_kind": chat_kind(row["chat_id"], row["chat_type"], owner),
        "message_id": row["id"],
        "sent_at": row["sent_at"],
        "received_at": row["received_at"] if row["type"] == "incoming" else None,
        "expires_at": row["expires_at"],
        "sender_id": row["source"],
        "sender_name": row["sender_name"],
        "direction": "system" if event else row["type"] if row["type"] in ("incoming", "outgoing") else "unknown",
        "kind": kind,
        "raw_kind": row["type"],
        "text": text(row["body"]) or text(said.get("body")),
        "reply_to": row["reply_to"],
        "deleted": True if kind == "deleted" else None,
        "status": text(said.get("status")),
        "extra": plain({key: value for key, value in rest.items() if value is not None}),
    }


def plain(value: dict[str, Any]) -> str | None:
    """As JSON text; cells that hold bytes are shown as hexadecimal."""
    return (
        json.dumps(
            value, ensure_ascii=False, sort_keys=True, default=lambda v: v.hex() if isinstance(v, bytes) else str(v)
        )
        if value
        else None
    )


def chat_kind(chat: Any, type_: Any, owner: str | None) -> str | None:
    """Direct, group, or the conversation with oneself."""
    if type_ == "private":
        return "self" if owner and chat == owner else "direct"
    return "group" if type_ in ("group", "groupv2") else None


def kind_of(said: Mapping[str, Any], deleted: Any) -> str:
    """The kind of a message: its JSON has a field for each kind of event, and files with their types."""
    if deleted or said.get("isDeleted"):
        return "deleted"
    if said.get("callNotificationType"):
        return "call"
    if any(said.get(event) not in (None, "", [], False) for event in EVENTS):
        return "system"
    files = listed(said.get("attachments"))
    if not files:
        return "text"
    if any(isinstance(f.get("flags"), int) and f["flags"] & VOICE for f in files):
        return "voice"
    types = [str(f.get("contentType")) for f in files]
    families = {t.partition("/")[0] for t in types}
    if "video" in families:
        return "video"
    if "image" in families:
        return "gif" if "image/gif" in types else "image"
    return "audio" if "audio" in families else "document"


def attachment(given: Mapping[str, Any]) -> dict[str, Any]:
    """A file of a message."""
    rest = {
        key: given[key]
        for key in ("flags", "error", "pending", "id", "isRaw")
        if given.get(key) not in (None, "", False)
    }
    return {
        "name": text(given.get("fileName")),
        "stored_path": text(given.get("path")),
        "mime": text(given.get("contentType")),
        **{key: number(given.get(key)) for key in ("size", "width", "height")},
        "duration_s": given.get("duration") if isinstance(given.get("duration"), (int, float)) else None,
        "caption": text(given.get("caption")),
        "url": text(given.get("url")),
        "extra": plain(rest),
    }


def number(value: Any) -> int | None:
    """A whole number above zero, if it is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63 else None


def reactions(reacts: Any) -> Iterator[dict[str, Any]]:
    """Who reacted with what: senders are a list, in older versions an object. In communities they may be fewer than counted."""
    for emoji, given in reacts.items() if isinstance(reacts, dict) else ():
        senders = given.get("senders") if isinstance(given, dict) else None
        persons = [who for who in senders if isinstance(who, str)] if isinstance(senders, (list, dict)) else []
        count = number(given.get("count")) if isinstance(given, dict) else None
        told = plain({"count": count} if count and count != len(persons) else {})
        yield from ({"person_id": who, "value": emoji, "extra": told} for who in persons or (None,))


def read_conversation(row: Mapping[str, Any], owner: str | None) -> Iterator[Any]:
    """The person behind a conversation, or the members of a group."""
    place = {"app": "Session", "record": row["record"], "state": row["state"]}
    if row["type"] == "private":
        said: dict[str, Any] = {
            "profile_name": text(row["name"]),
            "nickname": text(row["nickname"]),
            "picture_url": text(row["picture_url"]),
        }
        said |= {"approved": row["approved"], "approved_owner": row["approved_owner"]}
        said |= {"device_owner": 1 if owner and row["id"] == owner else None}
        person = {"account_id": owner, "person_id": row["id"], "name": text(row["nickname"]) or text(row["name"])}
        extra = plain({key: value for key, value in said.items() if value is not None})
        yield from CONTACTS.rows([place | person | {"extra": extra}])
        yield from PARTICIPANTS.rows([place | {"chat_id": row["id"], "person_id": row["id"], "name": person["name"]}])
        return
    admins, members = persons(row["admins"]), persons(row["members"])
    for person_id in dict.fromkeys([*members, *admins]):
        member = {"chat_id": row["id"], "person_id": person_id, "role": "admin" if person_id in admins else "member"}
        left = {"active": False} if row["gone"] == 1 and person_id == owner else {}
        yield from PARTICIPANTS.rows([place | member | left])


def persons(stored: Any) -> list[str]:
    """Ids in a cell: a JSON list; in older versions the ids with spaces between."""
    if not isinstance(stored, str) or not stored.strip():
        return []
    try:
        value = json.loads(stored)
    except (ValueError, RecursionError):
        return stored.split()
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of db.sqlite."""
    return [messages]
