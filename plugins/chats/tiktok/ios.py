"""TikTok for iOS: db.sqlite of ChatFiles (messages of one account) and AwemeIM.db (people)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CONTACTS, MESSAGES, PARTICIPANTS
from forensics.times import unix_s

from ..learned import Learned, in_force
from . import content
from .android_messages import chat_kind, direction

# Times are seconds; a number too large for that is taken for milliseconds.
SENT = """CASE WHEN typeof({0}) NOT IN ('integer', 'real') THEN {0}
    WHEN {0} > 100000000000 THEN {0} / 1000.0 WHEN {0} > 1 THEN {0} END"""
MESSAGE = f"""
WITH members AS MATERIALIZED (
  SELECT {{p.belongingConversationIdentifier}} AS chat, COUNT(DISTINCT {{p.userID}}) AS many
  FROM TIMParticipantORM p GROUP BY 1
)
SELECT m.belongingConversationIdentifier AS chat_id, members.many AS members, {{m.identifier}} AS message_id,
  COALESCE({SENT.format("m.localCreatedAt")}, {SENT.format("{m.serverCreatedAt}")}) AS sent_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', {SENT.format("{m.serverCreatedAt}")}, 'unixepoch') AS server_at,
  m.sender AS sender, {{m.type}} AS type, m.content AS content, {{m.deleted}} AS deleted,
  {{m.serverMessageID}} AS server_id, 'TIMMessageORM/' || COALESCE({{m.identifier}}, 'rowid=' || m.rowid) AS record
FROM TIMMessageORM m LEFT JOIN members ON members.chat = m.belongingConversationIdentifier
"""
# A copy of the message that is answered, kept with the answer; it can outlive both.
NOTE = """
SELECT k.belongingMessageID AS message_id, {k.key} AS key, k.value AS value, {m.identifier} IS NOT NULL AS there,
  {m.belongingConversationIdentifier} AS chat_id, 'TIMMessageKVORM/rowid=' || k.rowid AS record
FROM TIMMessageKVORM k LEFT JOIN TIMMessageORM m ON {m.identifier} = k.belongingMessageID
"""
MEMBER = """
SELECT 'TikTok' AS app, p.belongingConversationIdentifier AS chat_id, p.userID AS person_id, {p.role} AS role,
  NULLIF({p.alias}, '') AS name, 'TIMParticipantORM/rowid=' || p.rowid AS record
FROM TIMParticipantORM p
"""
PERSON = """
SELECT u.uid AS person_id, NULLIF({u.nickname}, '') AS name, NULLIF({u.customID}, '') AS username,
  NULLIF({u.signature}, '') AS note, NULLIF({u.url1}, '') AS picture,
  strftime('%Y-%m-%dT%H:%M:%SZ', CASE WHEN {u.latestChatTimestamp} > 1 THEN {u.latestChatTimestamp} END, 'unixepoch')
    AS latest_chat_at, '{table}/uid=' || COALESCE(u.uid, '') AS record
FROM {table} u
"""
NAME = """
SELECT u.uid AS person_id, COALESCE(NULLIF({u.nickname}, ''), NULLIF({u.customID}, '')) AS name FROM {table} u
"""
MOST = 200_000  # persons of a table whose names are held at once
BESIDE = {"people": "../../../../Documents/AwemeIM.db"}  # from Library/Application Support/ChatFiles/<uid>
OWNER = re.compile(r"(?:^|/)ChatFiles/(\d{1,20})/[^/]+$")
TABLE = re.compile(r"(?:people\.)?(?:AwemeContacts|TTKIMContactBaseUser)\w{0,40}")


@parser(
    "tiktok.ios.messages",
    test=sqlite.has(TIMMessageORM=["localCreatedAt", "sender", "content", "belongingConversationIdentifier"]),
)
def messages(file: File) -> Iterator[Any]:
    """TikTok for iOS, messages of one account (ChatFiles/<uid>/db.sqlite).

    The folder is named after the account: a message whose sender is that number is outgoing; elsewhere direction is unknown.
    The time of a message is the device's (seconds), or the server's where that is not set; the server's is in extra. What a
    message is comes from the names in its content, the app's number is `raw_kind`. With an answer the app keeps a copy of what
    it answers: text and sender are in extra of the answer. Where the answer itself is gone, the copy is a message of kind
    `unknown` with that in extra. Names are those of Documents/AwemeIM.db in the same container; a person who is in several of
    its tables has the name of the newest.

    Reads: messages, deleted ones too (marked), copies of answered messages, stickers and shared videos by address or number,
    members of chats, names of persons.
    Not read: reactions, videos themselves.
    Seen on: no file of a device yet. Tested on invented rows in published columns.
    Source: iLEAPP, artifacts tikTok and tikTokReplied (columns, owner, copies, names); the notes of a public reader of iOS
    backups that tried its own on 263,000 messages (content by its names); a published examination (place of AwemeIM.db).
    Tier: documented
    """
    named = OWNER.search(file.path)
    owner = named[1] if named else None
    with file.sqlite(beside=BESIDE) as db:
        names, copies = names_by_number(db), answered(db)
        known = set()
        for row in db.execute(MESSAGE, every="TIMMessageORM"):
            known.add((in_force(row), row["message_id"]))
            yield from message({**row, "sender_name": names.get(whose(row["sender"]))}, owner, copies)
        left = (row for row in copies.values() if (in_force(row), row["message_id"]) not in known)
        yield from MESSAGES.rows(alone(row, owner) for row in left)
        if db.has(TIMParticipantORM=["userID", "belongingConversationIdentifier"]):
            members = db.execute(MEMBER, every="TIMParticipantORM")
            yield from PARTICIPANTS.rows(
                {**row, "name": row["name"] or names.get(whose(row["person_id"]))} for row in members
            )
    if owner:
        cells = {"app": "TikTok", "account_id": owner, "name": names.get(owner), "is_owner": True}
        yield from ACCOUNTS.rows([{**cells, "record": "name of the folder"}])


def names_by_number(db: Database) -> dict[Any, Any]:
    """Names from the tables of people beside, the newest version last: it has the last name in order (V5, V10)."""
    found: dict[Any, Any] = {}
    there = (table for table in tables(db) if table.startswith("people."))
    for table in sorted(there, key=lambda table: (len(table), table)):
        for row in db.execute(NAME.replace("{table}", table) + f" LIMIT {MOST}"):
            if row["name"]:
                found[whose(row["person_id"])] = row["name"]
    return found


def whose(number: Any) -> Any:
    """A person's number as text, however it is stored."""
    return str(number) if isinstance(number, int) else number


def message(row: Mapping[str, Any], owner: str | None, copies: Learned[dict[str, Any]]) -> Iterator[Any]:
    """The rows of one message."""
    held = content.read(row["content"])
    if held.fault:
        yield Problem("not_understood", held.fault, record=row["record"], detail=held.extra["content"][:200])
    sender = whose(row["sender"])
    shared = {"app": "TikTok", "chat_id": row["chat_id"], "message_id": row["message_id"], "record": row["record"]}
    shared["state"] = row["state"]
    copy = copies.told(row, row["message_id"])
    told = {
        "server_at": row["server_at"],
        "server_id": row["server_id"],
        "deleted_code": row["deleted"] if row["deleted"] not in (0, 1) else None,
        **(copy["told"] if copy else {}),
        **held.extra,
    }
    cells = {
        **shared,
        "account_id": owner,
        "chat_kind": chat_kind(row["members"]),
        "sent_at": row["sent_at"],
        "sender_id": sender if sender not in ("", "0", "-1") else None,
        "sender_name": row["sender_name"],
        "direction": direction(sender, owner, held.kind),
        "kind": held.kind,
        "raw_kind": row["type"],
        "text": held.text,
        "deleted": {0: False, 1: True}.get(row["deleted"]),
        "extra": {key: value for key, value in told.items() if value is not None} or None,
    }
    yield from MESSAGES.rows([cells], sent_at=unix_s)
    if held.url:
        yield from ATTACHMENTS.rows([{**shared, "name": held.name, "url": held.url}])


def answered(db: Database) -> Learned[dict[str, Any]]:
    """Copies of answered messages, by the answer's id."""
    found: Learned[dict[str, Any]] = Learned()
    if not db.has(TIMMessageKVORM=["belongingMessageID", "value"]):
        return found
    for row in db.execute(NOTE, every="TIMMessageKVORM"):
        told = copied(row["value"])
        if told:
            found.learn(row, row["message_id"], {**row, "told": told})
    return found


def copied(stored: Any) -> dict[str, Any]:
    """What a copy says: JSON in JSON in JSON."""
    value = parsed(stored)
    hint = parsed(value.get("hint"))
    inner = parsed(hint.get("content"))
    told = {
        "quoted_id": value.get("ref_msg_id"),
        "quoted_type": value.get("ref_msg_type"),
        "quoted_sender": hint.get("refmsg_uid"),
        "quoted_text": inner.get("text"),
    }
    return {key: value for key, value in told.items() if value not in (None, "") and not isinstance(value, dict | list)}


def parsed(stored: Any) -> dict[str, Any]:
    """A JSON object in a text; empty where it is none."""
    try:
        value = json.loads(stored) if isinstance(stored, str | bytes) else stored
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def alone(row: Mapping[str, Any], owner: str | None) -> dict[str, Any]:
    """A copy whose answer is gone, or that is itself no longer in force."""
    return {
        "app": "TikTok",
        "account_id": owner,
        "message_id": row["message_id"],
        "direction": "unknown",
        "kind": "unknown",
        "extra": {"remains_of": "an answer that is gone" if in_force(row) else "an answer", **row["told"]},
        "record": row["record"],
        "state": row["state"],
    }


def is_people(file: File) -> bool:
    """A table of people, of whatever version."""
    with file.sqlite() as db:
        return any(True for _ in tables(db))


def tables(db: Database) -> Iterator[str]:
    """Tables of people: their names have the version of the app's schema behind them."""
    for name in db.tables:
        if TABLE.fullmatch(name) and db.has(**{name: ["uid", "nickname"]}):
            yield name


@parser("tiktok.ios.people", files=["AwemeIM.db"], magic=["application/vnd.sqlite3"], test=is_people)
def people(file: File) -> Iterator[Any]:
    """TikTok for iOS, people (AwemeIM.db).

    A person can be in several tables of different versions: each entry is a row, its table is in `record`.

    Reads: numbers, shown names, user names; time of the latest chat and address of the picture in extra.
    Not read: other tables.
    Seen on: no file of a device yet. Tested on invented rows in published columns.
    Source: iLEAPP, artifact tikTok (AwemeContacts*).
    Tier: documented
    """
    with file.sqlite() as db:
        for table in tables(db):
            rows = db.execute(PERSON.replace("{table}", table), every=table)
            yield from CONTACTS.rows(contact(row) for row in rows)


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `contacts`."""
    told = {key: row[key] for key in ("picture", "latest_chat_at") if row[key] is not None}
    cells = {key: value for key, value in row.items() if key not in told and key not in ("picture", "latest_chat_at")}
    return {**cells, "app": "TikTok", "extra": told or None}


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of both databases."""
    return [messages, people]
