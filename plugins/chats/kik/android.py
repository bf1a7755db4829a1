"""Kik for Android, database <core id>.kikDatabase.db (kikDatabase.db in old versions)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import ATTACHMENTS, CONTACTS, MESSAGES, PARTICIPANTS
from forensics.times import unix_ms

# bin_id is the chat: a person, a group, or the id of an anonymous chat. partner_jid is who wrote a received message.
# The table of content has a row for each property of a file; a file may be in several messages.
PEOPLE = """
WITH people AS MATERIALIZED (
  SELECT k.jid, MAX(COALESCE(NULLIF({k.display_name}, ''), NULLIF({k.local_name}, ''), NULLIF({k.user_name}, ''))) AS name,
         MAX({k.is_group} = 1) AS is_group
  FROM KIKcontactsTable k WHERE k.jid IS NOT NULL GROUP BY k.jid
),
owner AS MATERIALIZED (
  SELECT MIN(a.core_id) AS core_id FROM core.CoreTable a GROUP BY 1 = 1 HAVING COUNT(DISTINCT a.core_id) = 1
),
uris AS MATERIALIZED (
  SELECT u.content_id, MIN(NULLIF({u.content_uri}, '')) AS url, MIN(NULLIF({u.file_content_type}, '')) AS mime
  FROM KIKContentURITable u WHERE u.content_id IS NOT NULL GROUP BY u.content_id
)"""
# What a file is, by the program of Kik that made it.
KIND = """CASE {m.app_id} WHEN 'com.kik.ext.camera' THEN 'image' WHEN 'com.kik.ext.gallery' THEN 'image'
    WHEN 'com.kik.ext.video-camera' THEN 'video' WHEN 'com.kik.ext.video-gallery' THEN 'video'
    WHEN 'com.kik.ext.gif' THEN 'gif' ELSE 'unknown' END"""
MESSAGE = (
    PEOPLE
    + """
SELECT 'Kik' AS app, owner.core_id AS account_id, m.bin_id AS chat_id, chat.name AS chat_name,
  CASE WHEN chat.is_group OR m.bin_id LIKE '%@groups.kik.com' THEN 'group' WHEN m.bin_id LIKE '%@talk.kik.com' THEN 'direct'
  END AS chat_kind,
  m.uid AS message_id, m.timestamp AS sent_at,
  CASE WHEN m.was_me = 0 THEN m.partner_jid END AS sender_id, CASE WHEN m.was_me = 0 THEN writer.name END AS sender_name,
  CASE WHEN {m.sys_msg} <> '' OR {m.stat_msg} <> '' THEN 'system'
       ELSE CASE m.was_me WHEN 1 THEN 'outgoing' WHEN 0 THEN 'incoming' ELSE 'unknown' END
  END AS direction,
  CASE WHEN {m.sys_msg} <> '' OR {m.stat_msg} <> '' THEN 'system' WHEN {m.content_id} <> '' THEN """
    + KIND
    + """
       ELSE 'text' END AS kind,
  CASE WHEN {m.content_id} <> '' THEN {m.app_id} END AS raw_kind,
  COALESCE(NULLIF(m.body, ''), NULLIF({m.stat_msg}, ''), NULLIF({m.sys_msg}, '')) AS text, {m.read_state} AS status,
  NULLIF(json_patch('{}', json_object(
    'partner', CASE WHEN m.was_me IS NOT 0 AND m.partner_jid IS NOT m.bin_id THEN CAST(m.partner_jid AS TEXT) END,
    'affected', CAST(NULLIF({m.stat_user_jid}, '') AS TEXT),
    'was_me', CASE WHEN m.was_me NOT IN (0, 1) THEN CAST(m.was_me AS TEXT) END,
    'status_message', CASE WHEN m.body <> '' THEN CAST(NULLIF({m.stat_msg}, '') AS TEXT) END,
    'system_message', CASE WHEN m.body <> '' OR {m.stat_msg} <> '' THEN CAST(NULLIF({m.sys_msg}, '') AS TEXT) END,
    'content_id', CAST(NULLIF({m.content_id}, '') AS TEXT),
    'mentioned', CAST(NULLIF({m.mentioned_contact_id}, '') AS TEXT),
    'encryption_failure', CAST(NULLIF({m.encryption_failure}, 0) AS INTEGER))), '{}') AS extra,
  'messagesTable/_id=' || m._id AS record
FROM messagesTable m
LEFT JOIN people chat ON chat.jid = m.bin_id
LEFT JOIN people writer ON writer.jid = m.partner_jid
LEFT JOIN owner ON 1
"""
)
FILE_CELLS = """
  SELECT p.content_id, MIN(p._id) AS first, MAX(CASE WHEN p.content_name = 'file-name' THEN p.content_string END) AS name,
         MAX(CASE WHEN p.content_name = 'file-size' THEN p.content_string END) AS size,
         MAX(CASE WHEN p.content_name = 'file-url' THEN p.content_string END) AS url,
         json_group_object(CAST(COALESCE(p.content_name, '') AS TEXT), CAST(p.content_string AS TEXT)) FILTER (
           WHERE COALESCE(p.content_name, '') NOT IN ('file-name', 'file-size', 'file-url', 'preview', 'icon')) AS rest
  FROM KIKContentTable p WHERE p.content_id IS NOT NULL GROUP BY p.content_id
"""
SENT_FILE = (
    PEOPLE
    + ", files AS MATERIALIZED ("
    + FILE_CELLS
    + """)
SELECT 'Kik' AS app, m.bin_id AS chat_id, m.uid AS message_id, files.name,
  CASE WHEN files.size GLOB '[0-9]*' AND files.size NOT GLOB '*[^0-9]*' THEN CAST(files.size AS INTEGER) END AS size,
  uris.mime, COALESCE(files.url, uris.url) AS url,
  json_patch(COALESCE(files.rest, '{}'), json_object('content_id', CAST({m.content_id} AS TEXT),
    'uri', CASE WHEN files.url IS NOT NULL THEN CAST(uris.url AS TEXT) END)) AS extra,
  'messagesTable/_id=' || m._id || ' content_id' AS record
FROM messagesTable m
LEFT JOIN files ON files.content_id = {m.content_id}
LEFT JOIN uris ON uris.content_id = {m.content_id}
WHERE {m.content_id} <> ''
"""
)
# Their message is gone, or was never stored.
LONE_FILE = (
    PEOPLE
    + ", files AS MATERIALIZED ("
    + FILE_CELLS
    + """)
SELECT 'Kik' AS app, files.name,
  CASE WHEN files.size GLOB '[0-9]*' AND files.size NOT GLOB '*[^0-9]*' THEN CAST(files.size AS INTEGER) END AS size,
  uris.mime, COALESCE(files.url, uris.url) AS url,
  json_patch(COALESCE(files.rest, '{}'), json_object('content_id', CAST(files.content_id AS TEXT))) AS extra,
  'KIKContentTable/_id=' || files.first AS record
FROM files LEFT JOIN uris ON uris.content_id = files.content_id
WHERE files.content_id NOT IN (SELECT m.content_id FROM messagesTable m WHERE m.content_id IS NOT NULL)
"""
)
PERSON = (
    PEOPLE
    + """
SELECT 'Kik' AS app, owner.core_id AS account_id, k.jid AS person_id, NULLIF({k.display_name}, '') AS name,
  NULLIF({k.user_name}, '') AS username, NULLIF({k.description}, '') AS note, {k.is_blocked} AS blocked,
  NULLIF(json_patch('{}', json_object('group', CAST(NULLIF({k.is_group}, 0) AS INTEGER),
    'group_tag', CAST(NULLIF({k.group_hashtag}, '') AS TEXT), 'group_size', CAST(NULLIF({k.group_size}, 0) AS INTEGER),
    'local_name', CAST(NULLIF({k.local_name}, '') AS TEXT), 'in_roster', CAST(NULLIF({k.in_roster}, 0) AS INTEGER),
    'ignored', CAST(NULLIF({k.is_ignored}, 0) AS INTEGER), 'stub', CAST(NULLIF({k.is_stub}, 0) AS INTEGER),
    'removed', CAST(NULLIF({k.is_user_removed}, 0) AS INTEGER), 'own_role', CAST({k.user_permission_level} AS TEXT),
    'picture_url', CAST(NULLIF({k.photo_url}, '') AS TEXT), 'picture_at',
    strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF(CAST({k.photo_timestamp} AS INTEGER), 0) / 1000, 'unixepoch'))), '{}') AS extra,
  'KIKcontactsTable/_id=' || k._id AS record
FROM KIKcontactsTable k LEFT JOIN owner ON 1
"""
)
MEMBER = (
    PEOPLE
    + """
SELECT 'Kik' AS app, g.group_id AS chat_id, g.member_jid AS person_id, who.name,
  CASE WHEN {g.is_banned} = 1 THEN 'banned' WHEN {g.is_admin} = 1 OR {g.permission_level} LIKE '%ADMIN%' THEN 'admin'
       ELSE 'member' END AS role,
  CASE WHEN {g.is_banned} = 1 THEN 0 END AS active,
  NULLIF(json_patch('{}', json_object('permission_level', CAST({g.permission_level} AS TEXT))), '{}') AS extra,
  'memberTable/_id=' || g._id AS record
FROM memberTable g LEFT JOIN people who ON who.jid = g.member_jid
"""
)
# Chats with one person have no row in memberTable.
PARTNER = (
    PEOPLE
    + """,
chats AS (
  SELECT m.bin_id, 'messagesTable/bin_id=' || m.bin_id AS record FROM messagesTable m
  WHERE m.bin_id IS NOT NULL GROUP BY m.bin_id
  UNION ALL
  SELECT known.bin_id, 'chatMetaInfTable/bin_id=' || known.bin_id FROM chatMetaInfTable known
  WHERE known.bin_id NOT IN (SELECT seen.bin_id FROM messagesTable seen WHERE seen.bin_id IS NOT NULL) GROUP BY known.bin_id
)
SELECT 'Kik' AS app, chats.bin_id AS chat_id, CASE WHEN chats.bin_id LIKE '%@%' THEN chats.bin_id END AS person_id, who.name,
  NULLIF(json_patch('{}', json_object('anonymous', MAX(NULLIF({meta.is_anonymously_matched}, 0)),
    'ended_at', strftime('%Y-%m-%dT%H:%M:%SZ', MAX(NULLIF({meta.chat_end_time}, 0)) / 1000, 'unixepoch'))), '{}') AS extra,
  MIN(chats.record) AS record
FROM chats
LEFT JOIN people who ON who.jid = chats.bin_id
LEFT JOIN chatMetaInfTable meta ON meta.bin_id = chats.bin_id
WHERE NOT COALESCE(who.is_group, 0) AND chats.bin_id NOT LIKE '%@groups.kik.com'
GROUP BY chats.bin_id
"""
)


@parser(
    "kik.android",
    files=["kikDatabase.db"],
    test=sqlite.has(
        messagesTable=["_id", "body", "partner_jid", "was_me", "uid", "timestamp", "bin_id"],
        KIKcontactsTable=["_id", "jid"],
    ),
)
def kik(file: File) -> Iterator[Any]:
    """Kik for Android, database kikDatabase.db; the name begins with the account's core id in newer versions.

    Reads: messages of persons, groups and anonymous chats, with direction (was_me) and read state as stored; events, which are
    in stat_msg and sys_msg; files by their properties and addresses, those without a message too; members of groups with
    their role; partners of other chats; all users that the app knew, groups among them. What a file is comes from the program
    of Kik that made it (app_id). The account is taken from kikCoreDatabase.db beside, if that names one. Times are Unix
    milliseconds.

    Not read: previews and icons (base64), ways in which persons were met, muting, keys; what read_state counts. Pictures on
    the device are named after the content id (in extra).

    Seen on: no file of a device yet. Tested on invented rows in the published schemas.

    Source: CREATE statements of the app in two versions; ALEAPP (Android 14, 17).

    Tier: documented
    """
    with file.sqlite(beside={"core": "kikCoreDatabase.db"}) as db:
        yield from MESSAGES.batches(db.execute(MESSAGE, every="messagesTable"), sent_at=unix_ms)
        if "content_id" in db.columns("messagesTable"):
            carried = "messagesTable WHERE content_id <> ''"
            yield from ATTACHMENTS.batches(db.execute(SENT_FILE, every=carried))
            if db.has(KIKContentTable=["_id", "content_id", "content_name", "content_string"]):
                yield from ATTACHMENTS.batches(db.execute(LONE_FILE))
        yield from CONTACTS.batches(db.execute(PERSON, every="KIKcontactsTable"))
        if db.has(memberTable=["_id", "group_id", "member_jid"]):
            yield from PARTICIPANTS.batches(db.execute(MEMBER, every="memberTable"))
        yield from PARTICIPANTS.batches(db.execute(PARTNER))


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of kikDatabase.db."""
    return [kik]
