"""Skype for Android, databases live:<account>.db."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS
from forensics.times import unix_ms

# A conversation is a person, or what particiapnt (sic) lists members of. It may be neither, and both: it is joined once.
PEOPLE = """
WITH people AS MATERIALIZED (
  SELECT p.entry_id AS id, MAX(NULLIF(TRIM(COALESCE({p.first_name}, '') || ' ' || COALESCE({p.last_name}, '')), '')) AS name
  FROM person p WHERE p.entry_id IS NOT NULL GROUP BY p.entry_id
),
groups AS MATERIALIZED (
  SELECT g.conversation_id AS id, COUNT(DISTINCT g.person_id) AS many,
         json_group_array(DISTINCT CAST(g.person_id AS TEXT)) AS members
  FROM particiapnt g WHERE g.conversation_id IS NOT NULL GROUP BY g.conversation_id
),
owner AS MATERIALIZED (SELECT MIN(u.entry_id) AS id FROM user u GROUP BY 1 = 1 HAVING COUNT(DISTINCT u.entry_id) = 1)
"""
MESSAGE = (
    PEOPLE
    + """
SELECT 'Skype' AS app, owner.id AS account_id, c.conversation_link AS chat_id, chat.name AS chat_name,
  CASE WHEN c.conversation_link LIKE '%@thread%' OR groups.many > 1 THEN 'group' WHEN chat.id IS NOT NULL THEN 'direct'
  END AS chat_kind,
  c.rowid AS message_id, c.time AS sent_at, c.person_id AS sender_id, writer.name AS sender_name,
  CASE c.is_sender_me WHEN 1 THEN 'outgoing' WHEN 0 THEN 'incoming' ELSE 'unknown' END AS direction,
  CASE WHEN c.message_type = 3 THEN 'call' WHEN {c.device_gallery_path} <> '' OR {c.file_name} <> '' THEN 'unknown'
       ELSE 'text' END AS kind,
  c.message_type AS raw_kind, NULLIF(c.content, '') AS text,
  NULLIF(json_patch('{}', json_object('is_sender_me',
    CASE WHEN c.is_sender_me NOT IN (0, 1) THEN CAST(c.is_sender_me AS TEXT) END)), '{}') AS extra,
  'chatitem/rowid=' || c.rowid AS record
FROM chatitem c
LEFT JOIN people chat ON chat.id = c.conversation_link
LEFT JOIN people writer ON writer.id = c.person_id
LEFT JOIN groups ON groups.id = c.conversation_link
LEFT JOIN owner ON 1
"""
)
CALL = (
    PEOPLE
    + """
SELECT 'Skype' AS app, owner.id AS account_id, c.rowid AS call_id, c.conversation_link AS chat_id, c.time AS started_at,
  CASE c.is_sender_me WHEN 1 THEN 'outgoing' WHEN 0 THEN 'incoming' ELSE 'unknown' END AS direction,
  CASE c.is_sender_me WHEN 0 THEN c.person_id WHEN 1 THEN chat.id END AS peer_id,
  CASE c.is_sender_me WHEN 0 THEN writer.name WHEN 1 THEN chat.name END AS peer_name,
  CASE WHEN groups.many > 1 THEN groups.members END AS members,
  NULLIF(json_patch('{}', json_object('duration', CAST(NULLIF({c.duration}, 0) AS INTEGER))), '{}') AS extra,
  'chatitem/rowid=' || c.rowid AS record
FROM chatitem c
LEFT JOIN people chat ON chat.id = c.conversation_link
LEFT JOIN people writer ON writer.id = c.person_id
LEFT JOIN groups ON groups.id = c.conversation_link
LEFT JOIN owner ON 1
WHERE c.message_type = 3
"""
)
SENT_FILE = """
SELECT 'Skype' AS app, c.conversation_link AS chat_id, c.rowid AS message_id, NULLIF({c.file_name}, '') AS name,
  NULLIF({c.device_gallery_path}, '') AS stored_path, 'chatitem/rowid=' || c.rowid AS record
FROM chatitem c WHERE {c.device_gallery_path} <> '' OR {c.file_name} <> ''
"""
MEMBER = (
    PEOPLE
    + """
SELECT 'Skype' AS app, g.conversation_id AS chat_id, g.person_id, people.name, 'particiapnt/rowid=' || g.rowid AS record
FROM particiapnt g LEFT JOIN people ON people.id = g.person_id
"""
)
PERSON = (
    PEOPLE
    + """
SELECT 'Skype' AS app, owner.id AS account_id, p.entry_id AS person_id,
  NULLIF(TRIM(COALESCE({p.first_name}, '') || ' ' || COALESCE({p.last_name}, '')), '') AS name,
  'person/rowid=' || p.rowid AS record
FROM person p LEFT JOIN owner ON 1
"""
)
ACCOUNT = """
SELECT 'Skype' AS app, u.entry_id AS account_id, u.entry_id AS username, 1 AS is_owner,
  NULLIF(TRIM(COALESCE({u.first_name}, '') || ' ' || COALESCE({u.last_name}, '')), '') AS name, 'user/rowid=' || u.rowid AS record
FROM user u
"""


@parser(
    "skype.android",
    test=sqlite.has(
        chatitem=["time", "content", "person_id", "conversation_link", "message_type", "is_sender_me"],
        person=["entry_id"],
    ),
)
def skype(file: File) -> Iterator[Any]:
    """Skype for Android (live:<account>.db).

    Reads: messages, those of conversations that no contact and no group stands for too; calls (message_type 3); files by their
    name and path; members of groups, contacts, the account. Times are Unix milliseconds. The length of a call is given as
    stored, in extra: one source takes it for seconds, another for milliseconds.

    Not read: what other values of message_type mean; what kind of file was sent.

    Seen on: no file of a device yet. Tested on invented rows in the published columns.

    Source: Autopsy (Skype 8.15), ALEAPP.

    Tier: documented
    """
    with file.sqlite() as db:
        yield from MESSAGES.batches(db.execute(MESSAGE, every="chatitem"), sent_at=unix_ms)
        yield from CALLS.batches(db.execute(CALL, every="chatitem WHERE message_type = 3"), started_at=unix_ms)
        yield from ATTACHMENTS.batches(db.execute(SENT_FILE))
        if db.has(particiapnt=["conversation_id", "person_id"]):
            yield from PARTICIPANTS.batches(db.execute(MEMBER, every="particiapnt"))
        yield from CONTACTS.batches(db.execute(PERSON, every="person"))
        if db.has(user=["entry_id"]):
            yield from ACCOUNTS.batches(db.execute(ACCOUNT, every="user"))


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of live databases."""
    return [skype]
