"""TikTok for Android, database <uid>_im.db: messages of one account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.tables import ACCOUNTS, ATTACHMENTS, MESSAGES, PARTICIPANTS
from forensics.times import unix_ms

from . import content

# Names of persons lie beside, in one file of older versions and in another of newer ones.
PEOPLE = """
WITH names AS MATERIALIZED (
  SELECT who.uid, MIN(who.name) AS name FROM (
    SELECT {p.UID} AS uid, COALESCE(NULLIF({p.NICK_NAME}, ''), NULLIF({p.UNIQUE_ID}, '')) AS name
    FROM people.IM_USER_BASE_INFO p
    UNION ALL
    SELECT {u.UID}, COALESCE(NULLIF({u.NICK_NAME}, ''), NULLIF({u.UNIQUE_ID}, '')) FROM users.SIMPLE_USER u
  ) who GROUP BY who.uid
)"""
MESSAGE = (
    PEOPLE
    + """,
members AS MATERIALIZED (
  SELECT {p2.conversation_id} AS chat, COUNT(DISTINCT {p2.user_id}) AS many FROM participant p2 GROUP BY 1
)
SELECT m.conversation_id AS chat_id, NULLIF({c.name}, '') AS chat_name, members.many AS members,
  {m.conversation_type} AS chat_type, {m.msg_uuid} AS message_id, {m.msg_server_id} AS server_id,
  m.created_time AS sent_at, m.sender AS sender, names.name AS sender_name, m.type AS type, m.content AS content,
  m.deleted AS deleted, m.read_status AS read_status, {m.status} AS status, {m.ext} AS ext,
  'msg/' || COALESCE({m.msg_uuid}, 'rowid=' || m.rowid) AS record
FROM msg m
LEFT JOIN conversation_core c ON {c.conversation_id} = m.conversation_id
LEFT JOIN members ON members.chat = m.conversation_id
LEFT JOIN names ON names.uid = m.sender
"""
)
# `attchment` is the app's own spelling.
FILES = """
SELECT m.conversation_id AS chat_id, a.uuid AS message_id, NULLIF({a.local_uri}, '') AS stored_path,
  NULLIF({a.remote_uri}, '') AS url, {a.size} AS size, NULLIF({a.mime_type}, '') AS mime, {a.type} AS type, {a.hash} AS hash,
  'attchment/rowid=' || a.rowid AS record
FROM attchment a LEFT JOIN msg m ON {m.msg_uuid} = a.uuid
"""
MEMBER = (
    PEOPLE
    + """
SELECT p3.conversation_id AS chat_id, p3.user_id AS person_id,
  COALESCE(NULLIF({p3.alias}, ''), names.name) AS name, {p3.role} AS role_code,
  'participant/rowid=' || p3.rowid AS record
FROM participant p3 LEFT JOIN names ON names.uid = p3.user_id
"""
)
OWNER = re.compile(r"(\d{1,20})_im\.db", re.IGNORECASE)
BESIDE = {"people": "db_im_contact", "users": "db_im_xx"}
APPS = {
    "com.ss.android.ugc.aweme": "Douyin",
    "com.bd.nproject": "Lemon8",
    "com.ss.android.article.news": "Toutiao",
}
READ = {0: "unread", 1: "read"}


@parser(
    "tiktok.android.messages",
    test=sqlite.has(
        msg=["created_time", "sender", "conversation_id", "content", "type", "deleted", "read_status"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """TikTok for Android, messages of one account (<uid>_im.db).

    The file is named after the account: a message whose sender is that number is outgoing; in a file of another name direction
    is unknown. Times are Unix milliseconds. Other apps of the same maker keep their messages in the same tables; the app is
    told by the package in the path. What a message is comes from the names in its content, the app's number is `raw_kind`.

    Reads: messages, deleted ones too (marked), stickers and shared videos by their address or number, files, members and names
    of chats; names of persons from db_im_contact or db_im_xx beside it.
    Not read: reactions (msg_property_new), answers, drafts, settings of chats, videos themselves; encrypted_<uid>_im.db.
    Seen on: no file of a device yet. Tested on invented rows in published columns.
    Source: ALEAPP, artifact tikTok (columns, owner, read state); a published schema of this message library of the same maker
    (attchment, participant, conversation_core).
    Tier: documented
    """
    named = OWNER.fullmatch(file.name)
    owner = named[1] if named else None
    app = next((name for package, name in APPS.items() if f"/{package}/" in f"/{file.path}"), "TikTok")
    with file.sqlite(beside=BESIDE) as db:
        for row in db.execute(MESSAGE, every="msg"):
            yield from message(row, app, owner)
        if db.has(attchment=["uuid"]):
            yield from ATTACHMENTS.rows(attached(row, app) for row in db.execute(FILES, every="attchment"))
        if db.has(participant=["conversation_id", "user_id"]):
            yield from PARTICIPANTS.rows(member(row, app) for row in db.execute(MEMBER, every="participant"))
    if owner:
        yield from ACCOUNTS.rows([{"app": app, "account_id": owner, "is_owner": True, "record": "name of the file"}])


def message(row: Mapping[str, Any], app: str, owner: str | None) -> Iterator[Any]:
    """The rows of one message."""
    held = content.read(row["content"])
    if held.fault:
        yield Problem("not_understood", held.fault, record=row["record"], detail=held.extra["content"][:200])
    sender = str(row["sender"]) if isinstance(row["sender"], int) else row["sender"]
    shared = {"app": app, "chat_id": row["chat_id"], "message_id": row["message_id"], "record": row["record"]}
    shared["state"] = row["state"]
    told = {
        "server_id": row["server_id"],
        "chat_type": row["chat_type"],
        "read_status": READ.get(row["read_status"], row["read_status"]),
        "deleted_code": row["deleted"] if row["deleted"] not in (0, 1) else None,
        **held.extra,
    }
    cells = {
        **shared,
        "account_id": owner,
        "chat_name": row["chat_name"],
        "chat_kind": chat_kind(row["members"]),
        "sent_at": row["sent_at"],
        "sender_id": sender if sender not in ("", "0", "-1") else None,
        "sender_name": row["sender_name"],
        "direction": direction(sender, owner, held.kind),
        "kind": held.kind,
        "raw_kind": row["type"],
        "text": held.text,
        "deleted": {0: False, 1: True}.get(row["deleted"]),
        "status": row["status"],
        "extra": {key: value for key, value in told.items() if value is not None} or None,
    }
    yield from MESSAGES.rows([cells], sent_at=unix_ms)
    if held.url:
        yield from ATTACHMENTS.rows([{**shared, "name": held.name, "url": held.url}])


def direction(sender: Any, owner: str | None, kind: str) -> str:
    """Outgoing is what the account sent; notices are the app's."""
    if kind == "system":
        return "system"
    if not owner or sender in (None, "", "0", "-1"):
        return "unknown"
    return "outgoing" if sender == owner else "incoming"


def chat_kind(members: Any) -> str | None:
    """By the number of members: what the app's own code means is not published."""
    if not isinstance(members, int) or members < 2:
        return None
    return "group" if members > 2 else "direct"


def attached(row: Mapping[str, Any], app: str) -> dict[str, Any]:
    """A row of `attachments`."""
    told = {key: row[key] for key in ("type", "hash") if row[key] not in (None, "")}
    cells = {key: value for key, value in row.items() if key not in ("type", "hash")}
    return {**cells, "app": app, "extra": told or None}


def member(row: Mapping[str, Any], app: str) -> dict[str, Any]:
    """A row of `participants`; the code of the role as stored."""
    cells = {key: value for key, value in row.items() if key != "role_code"}
    return {**cells, "app": app, "role": row["role_code"]}


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of <uid>_im.db."""
    return [messages]
