"""Snapchat for Android, databases main.db and (before it) tcspahn.db: people, and messages of the years before arroyo.db."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.tables import CONTACTS, MESSAGES, PARTICIPANTS
from forensics.times import unix_ms

from .account import SignedIn, signed_in

APP = "Snapchat"
PERSON = """
SELECT f.userId AS person_id, f._id AS number, f.username AS username, NULLIF({both.mutableUsername}, '') AS changed_to,
  NULLIF({both.originalUsername}, '') AS first_username, NULLIF(f.displayName, '') AS name,
  NULLIF({f.phone}, '') AS phone, f.addedTimestamp AS created_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({f.reverseAddedTimestamp}, 0) / 1000.0, 'unixepoch') AS added_by_other_at,
  {f.friendLinkType} AS link, NULLIF({f.serverDisplayName}, '') AS server_name, NULLIF({f.birthday}, 0) AS birthday,
  NULLIF({f.streakLength}, 0) AS streak, 'Friend/_id=' || f._id AS record
FROM Friend f LEFT JOIN CombinedUsername both ON both._id = {f.combinedUsernameRowId}
"""
# The address book of the device; who of it is on Snapchat has a row in Friend.
BOOK = """
SELECT 'Snapchat' AS app, {f.userId} AS person_id, NULLIF({c.displayName}, '') AS name,
  CASE WHEN c.phone <> '' THEN json_array(CAST(c.phone AS TEXT)) END AS phones,
  NULLIF(json_patch('{}', json_object('address_book', 1, 'on_snapchat', CAST({c.isSnapchatter} AS INTEGER),
    'added', CAST({c.added} AS INTEGER), 'username', CAST({f.username} AS TEXT),
    'changed_at', strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({c.lastModifiedTimestamp}, 0) / 1000.0, 'unixepoch'))), '{}') AS extra,
  'Contact/_id=' || c._id AS record
FROM Contact c LEFT JOIN Friend f ON f._id = {c.friendRowId}
"""
# Members of chats; when they joined is stored of the account only, for others it is 0.
MEMBER = """
SELECT 'Snapchat' AS app, COALESCE({e.key}, 'Feed/_id=' || m.feedRowId) AS chat_id,
  COALESCE({f.userId}, 'Friend/_id=' || m.friendRowId) AS person_id,
  COALESCE(NULLIF({f.displayName}, ''), NULLIF({f.username}, '')) AS name, NULLIF({m.joinedTimestamp}, 0) AS joined_at,
  CASE {m.removed} WHEN 0 THEN 1 WHEN 1 THEN 0 END AS active, 'FeedMember/_id=' || m._id AS record
FROM FeedMember m LEFT JOIN Feed e ON e._id = m.feedRowId LEFT JOIN Friend f ON f._id = m.friendRowId
"""
# A chat is a row of Feed. Not every sender is in Friend.
MESSAGE = """
SELECT 'Snapchat' AS app, {e.key} AS feed_key, {m.feedRowId} AS feed, {e.displayName} AS feed_name, {m.key} AS message_id,
  m.timestamp AS sent_at, {m.seenTimestamp} AS read_at, m.senderId AS sender, {f.userId} AS person_id,
  {f.username} AS username, COALESCE(NULLIF({f.displayName}, ''), NULLIF({f.username}, '')) AS sender_name,
  m.type AS type, m.content AS content,
  'Message/_id=' || m._id AS record
FROM Message m
LEFT JOIN Friend f ON f._id = m.senderId
LEFT JOIN Feed e ON e._id = {m.feedRowId}
"""
LINKS = {
    0: "mutual",
    1: "outgoing",
    2: "blocked",
    3: "deleted",
    4: "following",
    5: "suggested",
    6: "incoming",
    7: "incoming follower",
}
KINDS = {"text": "text"}
SIZE_AT, TEXT_AT = 0x28, 0x2C  # of a text in `content`: its length in four bytes, then the text


@parser(
    "snapchat.android.people",
    files=["main.db", "tcspahn.db"],
    test=sqlite.has(Friend=["_id", "userId", "username", "displayName", "addedTimestamp"]),
)
def people(file: File) -> Iterator[Any]:
    """Snapchat for Android, databases main.db and tcspahn.db.

    Friend is no list of friends: it also holds suggestions and the account itself; `friend_link` in extra says which. All rows
    are given. A user name that has changed is stored as `first|present`: the present one is the user name, the stored form is
    in extra. Times are Unix milliseconds. Chats of newer versions are in arroyo.db. Which direction old messages have is known
    where shared_prefs beside the folder says who is signed in.

    Reads: people with the time at which the account added them (0 is not set) and they the account; the address book of the
    device as the app copied it; members of chats; messages of older versions, of which the content of type `text` is read.
    When a message was seen is kept by the app for its own deletion: it is given as read_at.
    Not read: content of other types of old messages, stories, snaps of the feed.
    Seen on: no file of a device yet. Tested on invented rows in published columns.
    Source: ALEAPP, artifact snapchat (columns, meaning of both added times, place of text); SnapEnhance (FriendLinkType,
    form of user names); the schemas that versions of 2018 to 2024 make, with the app's own comments on columns (Contact,
    FeedMember, CombinedUsername, seenTimestamp).
    Tier: documented
    """
    own = signed_in(file)
    with file.sqlite() as db:
        yield from CONTACTS.rows((person(row) for row in db.execute(PERSON, every="Friend")), created_at=unix_ms)
        if db.has(Contact=["_id", "phone"]):
            yield from CONTACTS.batches(db.execute(BOOK, every="Contact"))
        if db.has(FeedMember=["_id", "feedRowId", "friendRowId"]):
            yield from PARTICIPANTS.batches(db.execute(MEMBER, every="FeedMember"), joined_at=unix_ms)
        if db.has(Message=["_id", "timestamp", "senderId", "type", "content"]):
            for row in db.execute(MESSAGE, every="Message"):
                yield from message(row, own)


def person(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `contacts`."""
    stored, shown = row["username"], row["changed_to"] or present(row["username"])
    link = row["link"]
    told = {
        "friend_link": LINKS.get(link, f"unknown ({link})") if link is not None else None,
        "username_stored": stored if shown != stored else None,
        "first_username": row["first_username"] if row["first_username"] not in (shown, stored) else None,
        "added_by_other_at": row["added_by_other_at"],
        "server_name": row["server_name"] if row["server_name"] != row["name"] else None,
        "birthday": row["birthday"],
        "streak": row["streak"],
        "number": row["number"],
    }
    return {
        "app": APP,
        "person_id": row["person_id"],
        "name": row["name"],
        "phones": [row["phone"]] if row["phone"] is not None else None,
        "username": shown or None,
        "blocked": None if link is None else link == 2,
        "created_at": row["created_at"],
        "extra": {key: value for key, value in told.items() if value is not None},
        "record": row["record"] or "Friend",
        "state": row["state"],
    }


def present(username: Any) -> Any:
    """The present user name: one that has changed is stored as `first|present`."""
    return username.rpartition("|")[2] if isinstance(username, str) else username


def direction(row: Mapping[str, Any], own: SignedIn) -> str:
    """Outgoing is what the account sent."""
    stored, known = (row["person_id"], own.person) if own.person else (present(row["username"]), own.username)
    if not known or not stored:
        return "unknown"
    return "outgoing" if stored == known else "incoming"


def message(row: Mapping[str, Any], own: SignedIn) -> Iterator[Any]:
    """The row of an old message."""
    text, fault = said(row["content"]) if row["type"] == "text" else (None, None)
    if fault:
        blob = row["content"]
        shown = blob[:64].hex() if isinstance(blob, bytes) else str(blob)[:200]
        yield Problem("not_understood", f"content of a text message: {fault}", record=row["record"], detail=shown)
    sender = row["person_id"] or (f"Friend/_id={row['sender']}" if row["sender"] is not None else None)
    feed = row["feed_key"] or (f"Feed/_id={row['feed']}" if row["feed"] is not None else None)
    cells = {
        "app": APP,
        "account_id": own.person,
        "chat_id": feed,
        "chat_name": row["feed_name"],
        "message_id": row["message_id"],
        "sent_at": row["sent_at"],
        "read_at": row["read_at"],
        "sender_id": sender,
        "sender_name": row["sender_name"],
        "direction": direction(row, own),
        "kind": KINDS.get(str(row["type"]), "unknown"),
        "raw_kind": row["type"],
        "text": text,
        "record": row["record"] or "Message",
        "state": row["state"],
    }
    yield from MESSAGES.rows([cells], sent_at=unix_ms, read_at=unix_ms)


def said(content: Any) -> tuple[str | None, str | None]:
    """The text of a message, or why there is none. Its length has four bytes, not one."""
    if not isinstance(content, bytes) or len(content) < TEXT_AT:
        return None, "no bytes, or too few"
    size = int.from_bytes(content[SIZE_AT:TEXT_AT], "little")
    if TEXT_AT + size > len(content):
        return None, f"{size:,} bytes of text in {len(content):,}"
    try:
        return content[TEXT_AT : TEXT_AT + size].decode("utf-8") or None, None
    except UnicodeDecodeError as error:
        return None, str(error)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of main.db and tcspahn.db."""
    return [people]
