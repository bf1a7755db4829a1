"""Kik for iOS, database kik.sqlite."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ATTACHMENTS, CONTACTS, MESSAGES, PARTICIPANTS
from forensics.times import cocoa_s

# Core Data puts the numbers of the entities into the names of joining tables and of their columns (Z_3MESSAGES: Z_3CHAT,
# Z_5MESSAGES), and these change between releases. The 0 in the names below is filled in from the schema.
# A message may be in several chats: first of them is the chat with its own user, the rest are noted.
LINKS = """
WITH links AS MATERIALIZED (
  SELECT link.Z_0MESSAGES AS message, link.Z_0CHAT AS chat FROM Z_0MESSAGES link
  UNION
  SELECT draft.Z_PK, {draft.ZDRAFTMESSAGECHAT} FROM ZKIKMESSAGE draft WHERE {draft.ZDRAFTMESSAGECHAT} IS NOT NULL
),
ranked AS MATERIALIZED (
  SELECT l.message, l.chat, c.ZUSER AS user,
         ROW_NUMBER() OVER (PARTITION BY l.message ORDER BY c.ZUSER IS NOT m.ZUSER, l.chat) AS place
  FROM links l LEFT JOIN ZKIKCHAT c ON c.Z_PK = l.chat LEFT JOIN ZKIKMESSAGE m ON m.Z_PK = l.message
)"""
MESSAGE = (
    LINKS
    + """,
others AS MATERIALIZED (
  SELECT r.message, json_group_array(CAST(COALESCE(u.ZJID, 'ZKIKCHAT/Z_PK=' || r.chat) AS TEXT)) AS chats
  FROM ranked r LEFT JOIN ZKIKUSER u ON u.Z_PK = r.user WHERE r.place > 1 GROUP BY r.message
)
SELECT {m.ZSTANZAID} AS message_id, COALESCE(partner.ZJID, 'ZKIKCHAT/Z_PK=' || chat.chat) AS chat_id,
  COALESCE(NULLIF({partner.ZDISPLAYNAME}, ''), NULLIF({partner.ZUSERNAME}, '')) AS chat_name, m.ZTYPE AS type,
  {m.ZTIMESTAMP} AS sent_at, m.ZRECEIVEDTIMESTAMP AS received_at, m.ZBODY AS text, {m.ZSTATE} AS status,
  {m.ZSYSTEMSTATE} AS system_state, {m.ZFLAGS} AS flags, {m.ZDRAFTMESSAGECHAT} AS draft, person.ZJID AS person_id,
  COALESCE(NULLIF({person.ZDISPLAYNAME}, ''), NULLIF({person.ZUSERNAME}, '')) AS person_name, others.chats AS other_chats,
  hex({m.ZRENDERINSTRUCTIONSET}) AS render_instructions, files.type AS attachment_type,
  'ZKIKMESSAGE/Z_PK=' || m.Z_PK AS record
FROM ZKIKMESSAGE m
LEFT JOIN ranked chat ON chat.message = m.Z_PK AND chat.place = 1
LEFT JOIN ZKIKUSER partner ON partner.Z_PK = chat.user
LEFT JOIN ZKIKUSER person ON person.Z_PK = m.ZUSER
LEFT JOIN others ON others.message = m.Z_PK
LEFT JOIN (SELECT a.ZMESSAGE AS message, MIN({a.ZTYPE}) AS type FROM ZKIKATTACHMENT a GROUP BY a.ZMESSAGE) files
  ON files.message = m.Z_PK
"""
)
ATTACHMENT = (
    LINKS
    + """
SELECT 'Kik' AS app, COALESCE(partner.ZJID, 'ZKIKCHAT/Z_PK=' || chat.chat) AS chat_id, {m.ZSTANZAID} AS message_id,
  a.ZCONTENT AS name, json_object('type', CAST({a.ZTYPE} AS INTEGER), 'flags', CAST({a.ZFLAGS} AS INTEGER),
    'state', CAST({a.ZSTATE} AS INTEGER), 'message', CASE WHEN typeof(a.ZMESSAGE) <> 'blob' THEN a.ZMESSAGE END,
    'at', strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({a.ZTIMESTAMP}, 0) + 978307200, 'unixepoch')) AS extra,
  'ZKIKATTACHMENT/Z_PK=' || a.Z_PK AS record
FROM ZKIKATTACHMENT a
LEFT JOIN ZKIKMESSAGE m ON m.Z_PK = a.ZMESSAGE
LEFT JOIN ranked chat ON chat.message = a.ZMESSAGE AND chat.place = 1
LEFT JOIN ZKIKUSER partner ON partner.Z_PK = chat.user
"""
)
# A group is a user too: members, administrators and banned users are pairs of users.
MEMBER = """
SELECT 'Kik' AS app, COALESCE(g.ZJID, 'ZKIKUSER/Z_PK=' || pair.Z_0MEMBERSINVERSE) AS chat_id,
  COALESCE(u.ZJID, 'ZKIKUSER/Z_PK=' || pair.Z_0MEMBERS) AS person_id,
  COALESCE(NULLIF({u.ZDISPLAYNAME}, ''), NULLIF({u.ZUSERNAME}, '')) AS name, 1 AS active,
  CASE WHEN admins.user IS NOT NULL THEN 'admin' ELSE 'member' END AS role,
  'Z_0MEMBERS/' || pair.Z_0MEMBERSINVERSE || ',' || pair.Z_0MEMBERS AS record
FROM Z_0MEMBERS pair
LEFT JOIN ZKIKUSER g ON g.Z_PK = pair.Z_0MEMBERSINVERSE
LEFT JOIN ZKIKUSER u ON u.Z_PK = pair.Z_0MEMBERS
LEFT JOIN (SELECT ad.Z_0ADMINS AS user, ad.Z_0ADMINSINVERSE AS chat FROM Z_0ADMINSINVERSE ad) admins
  ON admins.user = pair.Z_0MEMBERS AND admins.chat = pair.Z_0MEMBERSINVERSE
"""
ADMIN = """
SELECT 'Kik' AS app, COALESCE(g.ZJID, 'ZKIKUSER/Z_PK=' || pair.Z_0ADMINSINVERSE) AS chat_id,
  COALESCE(u.ZJID, 'ZKIKUSER/Z_PK=' || pair.Z_0ADMINS) AS person_id,
  COALESCE(NULLIF({u.ZDISPLAYNAME}, ''), NULLIF({u.ZUSERNAME}, '')) AS name, 'admin' AS role,
  'Z_0ADMINSINVERSE/' || pair.Z_0ADMINSINVERSE || ',' || pair.Z_0ADMINS AS record
FROM Z_0ADMINSINVERSE pair
LEFT JOIN ZKIKUSER g ON g.Z_PK = pair.Z_0ADMINSINVERSE
LEFT JOIN ZKIKUSER u ON u.Z_PK = pair.Z_0ADMINS
LEFT JOIN (SELECT me.Z_0MEMBERS AS user, me.Z_0MEMBERSINVERSE AS chat FROM Z_0MEMBERS me) members
  ON members.user = pair.Z_0ADMINS AND members.chat = pair.Z_0ADMINSINVERSE
WHERE members.user IS NULL
"""
BANNED = """
SELECT 'Kik' AS app, COALESCE(g.ZJID, 'ZKIKUSER/Z_PK=' || pair.Z_0BANSINVERSE) AS chat_id,
  COALESCE(u.ZJID, 'ZKIKUSER/Z_PK=' || pair.Z_0BANS) AS person_id,
  COALESCE(NULLIF({u.ZDISPLAYNAME}, ''), NULLIF({u.ZUSERNAME}, '')) AS name, 'banned' AS role, 0 AS active,
  'Z_0BANSINVERSE/' || pair.Z_0BANSINVERSE || ',' || pair.Z_0BANS AS record
FROM Z_0BANSINVERSE pair
LEFT JOIN ZKIKUSER g ON g.Z_PK = pair.Z_0BANSINVERSE
LEFT JOIN ZKIKUSER u ON u.Z_PK = pair.Z_0BANS
"""
PARTNER = """
SELECT 'Kik' AS app, COALESCE(u.ZJID, 'ZKIKCHAT/Z_PK=' || c.Z_PK) AS chat_id, u.ZJID AS person_id,
  COALESCE(NULLIF({u.ZDISPLAYNAME}, ''), NULLIF({u.ZUSERNAME}, '')) AS name, 1 AS active,
  json_object('last_change_at', strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({c.ZDATEUPDATED}, 0) + 978307200, 'unixepoch')) AS extra,
  'ZKIKCHAT/Z_PK=' || c.Z_PK AS record
FROM ZKIKCHAT c LEFT JOIN ZKIKUSER u ON u.Z_PK = c.ZUSER
WHERE u.ZJID IS NULL OR u.ZJID NOT LIKE '%@groups.kik.com'
"""
PERSON = """
SELECT 'Kik' AS app, u.ZJID AS person_id, NULLIF(u.ZDISPLAYNAME, '') AS name, NULLIF({u.ZUSERNAME}, '') AS username,
  CASE WHEN NULLIF({u.ZEMAIL}, '') IS NOT NULL THEN json_array(CAST({u.ZEMAIL} AS TEXT)) END AS emails,
  NULLIF({u.ZSTATUS}, '') AS note,
  NULLIF(json_patch('{}', json_object('first_name', CAST(NULLIF({u.ZFIRSTNAME}, '') AS TEXT),
    'last_name', CAST(NULLIF({u.ZLASTNAME}, '') AS TEXT), 'group_tag', CAST(NULLIF({u.ZGROUPTAG}, '') AS TEXT),
    'flags', CAST({u.ZFLAGS} AS INTEGER), 'address_book_id', CAST(NULLIF({u.ZADDRESSBOOKID}, 0) AS INTEGER),
    'picture_url', CAST(NULLIF({u.ZPPURL}, '') AS TEXT), 'picture_at',
    strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF(CAST({u.ZPPTIMESTAMP} AS INTEGER), 0) / 1000, 'unixepoch'))), '{}') AS extra,
  'ZKIKUSER/Z_PK=' || u.Z_PK AS record
FROM ZKIKUSER u
"""

KINDS = {1: "text", 2: "text", 3: "system", 4: "system"}
DIRECTIONS = {1: "incoming", 2: "outgoing", 3: "system", 4: "system"}
CHAT_KINDS = {"groups.kik.com": "group", "talk.kik.com": "direct"}
NUMBERED_TABLE = re.compile(r"(FROM |JOIN |')Z_0([A-Z]+)\b")
NUMBERED_COLUMN = re.compile(r"\b(\w+)\.Z_0([A-Z]+)\b")
JOINING = ("MESSAGES", "MEMBERS", "ADMINSINVERSE", "BANSINVERSE")


@parser(
    "kik.ios",
    files=["kik.sqlite"],
    test=sqlite.has(
        ZKIKMESSAGE=["ZTYPE", "ZUSER", "ZBODY", "ZRECEIVEDTIMESTAMP"],
        ZKIKUSER=["ZJID", "ZDISPLAYNAME"],
        ZKIKCHAT=["ZUSER"],
    ),
)
def kik(file: File) -> Iterator[Any]:
    """Kik for iOS, database kik.sqlite.

    Reads: messages of chats and groups, sent and received, with both times (seconds since 2001), events of groups; the chats a
    message is in besides its own (extra); attachments by their name; members, administrators and banned users of groups, the
    partner of each chat; all users that the app knew, groups among them. The body of a message with an attachment is the
    attachment's name, and is left as it is. ZSTATE is the status, as stored.

    Not read: what kind of file an attachment is (its type is in extra, and no source explains it), keys, what
    ZRENDERINSTRUCTIONSET says (as hex in extra), which of the users is the account: no column says so.

    Seen on: kik.sqlite of an iPhone (2015: 60 messages, 6 chats, 25 users, 2 attachments).

    Source: schema of the named database; iLEAPP (types of messages), plaso.

    Tier: proven
    """
    with file.sqlite() as db:
        yield from unresolved(db)
        for row in db.execute(resolved(db, MESSAGE), every="ZKIKMESSAGE"):
            yield from MESSAGES.rows([message(row)], sent_at=cocoa_s, received_at=cocoa_s)
        if db.has(ZKIKATTACHMENT=["ZMESSAGE", "ZCONTENT"]):
            yield from ATTACHMENTS.batches(db.execute(resolved(db, ATTACHMENT), every="ZKIKATTACHMENT"))
        for query, every in (
            (MEMBER, numbered("MEMBERS", db.tables)),
            (ADMIN, None),
            (BANNED, numbered("BANSINVERSE", db.tables)),
        ):
            yield from PARTICIPANTS.batches(db.execute(resolved(db, query), every=every))
        yield from PARTICIPANTS.batches(db.execute(PARTNER))
        yield from CONTACTS.batches(db.execute(PERSON, every="ZKIKUSER"))


def resolved(db: Database, query: str) -> str:
    """The query with the joining tables and their columns named as this schema names them."""
    columns = [column for table in db.tables if table.upper().startswith("Z_") for column in db.columns(table)]
    query = NUMBERED_COLUMN.sub(lambda m: f"{{{m[1]}.{numbered(m[2], columns) or m[2]}}}", query)
    return NUMBERED_TABLE.sub(lambda m: f"{m[1]}{numbered(m[2], db.tables) or 'Z_0' + m[2]}", query)


def numbered(name: str, names: Any) -> str | None:
    """The name with the number that the schema gives it: Z_3MESSAGES for MESSAGES."""
    return next((n for n in names if re.fullmatch(rf"Z_\d+{name}\d*", n, re.IGNORECASE)), None)


def unresolved(db: Database) -> Iterator[Problem]:
    """Joining tables that this schema has not, or has under another name."""
    for name in JOINING:
        if numbered(name, db.tables) is None:
            yield Problem(
                "not_understood", f"no table Z_<number>{name}: what it links is not known", record=f"Z_{name}"
            )


def message(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the query as a row of `messages`. The user of a sent message and of an event is the chat, not who wrote."""
    code = row["type"]
    received = code == 1
    return {
        "app": "Kik",
        **{key: row[key] for key in ("chat_id", "chat_name", "message_id", "sent_at", "received_at", "text", "status")},
        "chat_kind": CHAT_KINDS.get(str(row["chat_id"]).rpartition("@")[2]),
        "sender_id": row["person_id"] if received else None,
        "sender_name": row["person_name"] if received else None,
        "direction": DIRECTIONS.get(code, "unknown"),
        "kind": "unknown" if row["attachment_type"] is not None else KINDS.get(code, "unknown"),
        "raw_kind": code,
        "extra": {
            key: value
            for key, value in {
                "user": None if received else row["person_id"],
                "other_chats": json.loads(row["other_chats"]) if row["other_chats"] else None,
                "attachment_type": row["attachment_type"],
                "system_state": row["system_state"],
                "flags": row["flags"] or None,
                "draft": True if row["draft"] is not None else None,
                "render_instructions": row["render_instructions"].lower() or None,
            }.items()
            if value is not None
        }
        or None,
        "record": row["record"],
        "state": row["state"],
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of kik.sqlite."""
    return [kik]
