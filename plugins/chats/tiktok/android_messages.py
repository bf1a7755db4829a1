"""TikTok for Android, database <uid>_im.db: messages of one account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.tables import ACCOUNTS, ATTACHMENTS, MESSAGES, PARTICIPANTS, REACTIONS
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
# Times of which no source says whether they are seconds or milliseconds: by their size, which differs a thousandfold.
MS = "CASE WHEN {t} BETWEEN 1 AND 99999999999 THEN {t} * 1000 ELSE {t} END"
# What persons attached to messages: the app keeps reactions here. The key names it, the value is JSON of the app's own.
PROPERTY = (
    """
SELECT COALESCE(m.conversation_id, {x.conversation_id}) AS chat_id, {x.msg_uuid} AS message_id,
  NULLIF(NULLIF({x.sender}, 0), -1) AS person_id, CAST({x.key} AS TEXT) AS value,
  """
    + MS.replace("{t}", "COALESCE(NULLIF({x.create_time_v2}, 0), {x.create_time})")
    + """ AS reacted_at,
  NULLIF(json_patch('{}', json_object('content', CAST(NULLIF({x.value}, '') AS TEXT),
    'deleted', CAST(NULLIF({x.deleted}, 0) AS TEXT),
    'idempotent_id', CAST(NULLIF({x.idempotent_id}, '') AS TEXT), 'status', CAST({x.status} AS TEXT))), '{}') AS extra,
  'msg_property_new/rowid=' || x.rowid AS record
FROM msg_property_new x LEFT JOIN msg m ON {m.msg_uuid} = {x.msg_uuid}
"""
)
DRAFT = (
    """
SELECT l.conversation_id AS chat_id, NULLIF({c.name}, '') AS chat_name, """
    + MS.replace("{t}", "{l.drafted_time}")
    + """ AS sent_at, 'outgoing' AS direction,
  'text' AS kind, CAST({l.draft_content} AS TEXT) AS text, 'draft' AS status,
  'conversation_list/rowid=' || l.rowid || ' draft_content' AS record
FROM conversation_list l LEFT JOIN conversation_core c ON {c.conversation_id} = l.conversation_id
WHERE {l.draft_content} <> ''
"""
)
PACKED = "msg WHERE content_pb IS NOT NULL AND COALESCE(content, '') = ''"
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
    of chats; names of persons from db_im_contact or db_im_xx beside it; what persons attached to messages (msg_property_new, in
    which the app keeps reactions), under its own key; drafts (status draft).
    Not read: settings of chats, how far each member has read, videos themselves; content that newer versions store as protobuf
    only, the number of which is a problem; encrypted_<uid>_im.db.
    Seen on: no file of a device yet. Tested on invented rows in published columns.
    Source: ALEAPP, artifact tikTok (columns, owner, read state); published schemas of this message library of the same
    maker and its own lists of columns (attchment, participant, conversation_core, conversation_list, msg_property_new).
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
        if db.has(msg_property_new=["msg_uuid", "key"]):
            given = (
                {**row, "app": app, "person_id": text(row["person_id"])}
                for row in db.execute(PROPERTY, every="msg_property_new")
            )
            yield from REACTIONS.rows(given, reacted_at=unix_ms)
        if db.has(conversation_list=["conversation_id", "draft_content"]):
            drafts = ({**row, "app": app, "account_id": owner, "sender_id": owner} for row in db.execute(DRAFT))
            yield from MESSAGES.rows(drafts, sent_at=unix_ms)
        if db.has(msg=["content_pb"]) and (packed := db.count(PACKED)):
            said = f"{packed:,} messages have their content as protobuf (content_pb) only, which is not described"
            yield Problem("not_read", said, record="msg")
    if owner:
        yield from ACCOUNTS.rows([{"app": app, "account_id": owner, "is_owner": True, "record": "name of the file"}])


def text(value: Any) -> str | None:
    """A number of a person as text."""
    return None if value is None else str(value)


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
