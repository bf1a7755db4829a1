"""Session for Android, database signal_v4.db or session.db, decrypted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from forensics import File, hookimpl, parser
from forensics.sqlite import Database, Rows
from forensics.tables import ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, REACTIONS, RECEIPTS
from forensics.times import unix_ms

from .android_account import Owner, beside

# A group has its title in `groups`, a person the name in the table that the version has. Prefixes of addresses tell groups.
PEOPLE = """
WITH RECURSIVE owner AS (SELECT {owner_id} AS id, {owner_name} AS name),
people AS MATERIALIZED (
  SELECT named.person_id, MIN(named.name) AS name FROM (
    SELECT s.session_id AS person_id, COALESCE(NULLIF({s.nickname}, ''), NULLIF({s.name}, '')) AS name
      FROM session_contact_database s
    UNION ALL SELECT r.address, NULLIF({r.name}, '') FROM recipient_settings r
    UNION ALL SELECT p.recipient_ids, COALESCE(NULLIF({p.system_display_name}, ''), NULLIF({p.signal_profile_name}, ''))
      FROM recipient_preferences p
    UNION ALL SELECT g.group_id, NULLIF({g.title}, '') FROM groups g
  ) named WHERE named.name IS NOT NULL GROUP BY named.person_id
),
chats AS MATERIALIZED (
  SELECT held.thread_id, held.address AS chat_id, people.name AS chat_name,
         CASE WHEN substr(held.address, 1, 2) IN ('03', '__') THEN 'group' WHEN held.address <> '' THEN 'direct' END AS chat_kind
  FROM (SELECT t._id AS thread_id, COALESCE({t.recipient_ids}, {t.address}) AS address FROM thread t) held
  LEFT JOIN people ON people.person_id = held.address
)"""
BASE = "({code} & 31)"
INCOMING, OUTGOING = "(19, 20)", "(21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31)"
# Of a received message the address is who wrote it, of a sent one whom it went to. Bits above 31 mark events. The owner is not
# in the database: the preferences beside it say who that is.
MESSAGE = (
    PEOPLE
    + """
SELECT 'Session' AS app, owner.id AS account_id, COALESCE(chats.chat_id, 'thread/_id=' || m.thread_id) AS chat_id,
  chats.chat_name, CASE WHEN chats.chat_id = owner.id THEN 'self' ELSE chats.chat_kind END AS chat_kind,
  '{table}/' || m._id AS message_id, {sent} AS sent_at,
  CASE WHEN {m.expire_started} > 0 AND {m.expires_in} > 0 THEN {m.expire_started} + {m.expires_in} END AS expires_at,
  CASE WHEN {base} IN {incoming} THEN m.address WHEN {base} IN {outgoing} THEN owner.id END AS sender_id,
  CASE WHEN {base} IN {incoming} THEN people.name WHEN {base} IN {outgoing} THEN owner.name END AS sender_name,
  CASE WHEN {event} OR {base} IN (1, 2, 3, 4, 5) THEN 'system' WHEN {base} IN {incoming} THEN 'incoming'
       WHEN {base} IN {outgoing} THEN 'outgoing' ELSE 'unknown' END AS direction,
  CASE WHEN {base} IN (1, 2, 3, 5) THEN 'call' WHEN {base} IN (19, 28) THEN 'deleted' WHEN {event} OR {base} = 4 THEN 'system'
       WHEN {base} NOT IN {incoming} AND {base} NOT IN {outgoing} THEN 'unknown' {files} ELSE 'text' END AS kind,
  {code} AS raw_kind, NULLIF({m.body}, '') AS text, {reply} AS reply_to, CASE WHEN {base} IN (19, 28) THEN 1 END AS deleted,
  CASE {base} WHEN 21 THEN 'outbox' WHEN 22 THEN 'sending' WHEN 23 THEN 'sent' WHEN 24 THEN 'failed' WHEN 27 THEN 'draft'
    WHEN 29 THEN 'synchronising' WHEN 30 THEN 'synchronising again' WHEN 31 THEN 'not synchronised' END AS status,
  NULLIF(json_patch('{}', json_object(
    'events', NULLIF(trim(
      CASE WHEN {code} & 65536 THEN '{group_or_request}, ' ELSE '' END || CASE WHEN {code} & 131072
        THEN 'left group, ' ELSE '' END
      || CASE WHEN {code} & 262144 THEN 'timer changed, ' ELSE '' END || CASE WHEN {code} & 524288
        THEN 'group changed, ' ELSE '' END
      || CASE WHEN {code} & 4096 THEN 'media saved, ' ELSE '' END || CASE WHEN {code} & 8192 THEN 'screenshot taken, ' ELSE '' END
      || CASE WHEN {code} & 16384 THEN 'invitation to community, ' ELSE '' END, ', '), ''),
    'address', CASE WHEN {base} NOT IN {incoming} THEN CAST(m.address AS TEXT) END,
    'date_received', CAST(NULLIF({received}, {sent}) AS TEXT), 'read', CAST({m.read} AS INTEGER),
    'delivered_to', CAST(NULLIF({m.delivery_receipt_count}, 0) AS INTEGER),
    'read_by', CAST(NULLIF({m.read_receipt_count}, 0) AS INTEGER),
    'mentions_owner', CAST(NULLIF({m.has_mention}, 0) AS INTEGER), 'timer_ms', CAST(NULLIF({m.expires_in}, 0) AS TEXT),
    'content', CAST({m.message_content} AS TEXT), 'previews', CAST({m.previews} AS TEXT),
    'quoted_ms', CAST(NULLIF({m.quote_id}, 0) AS TEXT), 'quoted_author', CAST(NULLIF({m.quote_author}, '') AS TEXT),
    'quoted_text', CAST(NULLIF({m.quote_body}, '') AS TEXT))), '{}') AS extra,
  '{table}/_id=' || m._id AS record
FROM {table} m
LEFT JOIN owner ON 1
LEFT JOIN chats ON chats.thread_id = m.thread_id
LEFT JOIN people ON people.person_id = m.address
{joins}
"""
)
PARTS = """LEFT JOIN (
  SELECT part.mid, MAX({part.voice_note}) AS voices, MAX(part.ct LIKE 'video/%') AS videos, MAX(part.ct = 'image/gif') AS gifs,
         MAX(part.ct LIKE 'image/%') AS images, MAX(part.ct LIKE 'audio/%') AS sounds
  FROM part WHERE COALESCE({part.quote}, 0) = 0 GROUP BY part.mid
) files ON files.mid = m._id"""
WITH_FILES = """WHEN files.voices THEN 'voice' WHEN files.videos THEN 'video' WHEN files.gifs THEN 'gif'
  WHEN files.images THEN 'image'
       WHEN files.sounds THEN 'audio' WHEN files.mid IS NOT NULL AND {m.previews} IS NULL THEN 'document'"""
REPLY = """CASE WHEN {m.quote_id} > 0 THEN COALESCE(
    (SELECT 'mms/' || MIN(o._id) FROM mms o WHERE o.date = {m.quote_id} AND o.thread_id = m.thread_id),
    (SELECT 'sms/' || MIN(o._id) FROM sms o WHERE o.date_sent = {m.quote_id} AND o.thread_id = m.thread_id)) END"""
CALL = (
    PEOPLE
    + """
SELECT 'Session' AS app, (SELECT owner.id FROM owner) AS account_id, 'sms/' || m._id AS call_id,
  COALESCE(chats.chat_id, 'thread/_id=' || m.thread_id) AS chat_id,
  m.date_sent AS started_at, CASE m.type & 31 WHEN 2 THEN 'outgoing' ELSE 'incoming' END AS direction,
  CASE m.type & 31 WHEN 3 THEN 'missed' WHEN 5 THEN 'missed' END AS outcome, m.address AS peer_id, people.name AS peer_name,
  'sms/_id=' || m._id AS record
FROM sms m LEFT JOIN chats ON chats.thread_id = m.thread_id LEFT JOIN people ON people.person_id = m.address
WHERE (m.type & 31) IN (1, 2, 3, 5)
"""
)
# The files in the folder of parts are encrypted with a key of the app's; digest is of the ciphertext on the server.
FILE = (
    PEOPLE
    + """
SELECT 'Session' AS app, COALESCE(chats.chat_id, 'thread/_id=' || m.thread_id) AS chat_id, 'mms/' || f.mid AS message_id,
  COALESCE(NULLIF({f.file_name}, ''), NULLIF({f.name}, '')) AS name, NULLIF({f._data}, '') AS stored_path, f.ct AS mime,
  NULLIF({f.data_size}, 0) AS size, NULLIF({f.width}, 0) AS width, NULLIF({f.height}, 0) AS height,
  CASE WHEN {f.audio_duration} > 0 THEN {f.audio_duration} / 1000.0 END AS duration_s, NULLIF({f.caption}, '') AS caption,
  NULLIF({f.url}, '') AS url,
  NULLIF(json_patch('{}', json_object('voice_note', CAST(NULLIF({f.voice_note}, 0) AS INTEGER),
    'of_quote', CAST(NULLIF({f.quote}, 0) AS INTEGER), 'transfer_state', CAST({f.pending_push} AS TEXT),
    'thumbnail', CAST({f.thumbnail} AS TEXT), 'ciphertext_digest', NULLIF(hex({f.digest}), ''),
    'message_missing', CASE WHEN m._id IS NULL THEN 1 END)), '{}') AS extra,
  'part/_id=' || f._id AS record
FROM part f LEFT JOIN mms m ON m._id = f.mid LEFT JOIN chats ON chats.thread_id = m.thread_id
"""
)
REACTION = (
    PEOPLE
    + """
SELECT 'Session' AS app, CASE WHEN r.is_mms THEN of_mms.chat_id ELSE of_sms.chat_id END AS chat_id,
  CASE WHEN r.is_mms THEN 'mms/' ELSE 'sms/' END || r.message_id AS message_id, r.author_id AS person_id, r.emoji AS value,
  {r.reaction_date_sent} AS reacted_at,
  NULLIF(json_patch('{}', json_object('count', CAST(CASE WHEN {r.count} > 1 THEN {r.count} END AS INTEGER))), '{}') AS extra,
  'reaction/reaction_id=' || r.reaction_id AS record
FROM reaction r
LEFT JOIN mms m ON m._id = r.message_id AND r.is_mms
LEFT JOIN sms s ON s._id = r.message_id AND NOT r.is_mms
LEFT JOIN chats of_mms ON of_mms.thread_id = m.thread_id
LEFT JOIN chats of_sms ON of_sms.thread_id = s.thread_id
"""
)
RECEIPT = (
    PEOPLE
    + """
SELECT 'Session' AS app, COALESCE(chats.chat_id, 'thread/_id=' || m.thread_id) AS chat_id, 'mms/' || r.mms_id AS message_id,
  r.address AS person_id, CASE r.status WHEN 1 THEN r.timestamp END AS delivered_at,
  CASE r.status WHEN 2 THEN r.timestamp END AS read_at, json_object('status', CAST(r.status AS TEXT)) AS extra,
  'group_receipts/_id=' || r._id AS record
FROM group_receipts r LEFT JOIN mms m ON m._id = r.mms_id LEFT JOIN chats ON chats.thread_id = m.thread_id
"""
)
# Members are written with commas between.
MEMBER = (
    PEOPLE
    + """,
listed AS (
  SELECT g._id AS group_row, g.group_id, 'member' AS role, {g.active} AS active, CAST({g.members} AS TEXT)
    || ',' AS rest, '' AS one FROM groups g
  UNION ALL SELECT g._id, g.group_id, 'admin', {g.active}, CAST({g.admins} AS TEXT) || ',', '' FROM groups g
  UNION ALL SELECT g._id, g.group_id, 'zombie', {g.active}, CAST({g.zombie_members} AS TEXT) || ',', '' FROM groups g
  UNION ALL SELECT listed.group_row, listed.group_id, listed.role, listed.active, substr(listed.rest,
    instr(listed.rest, ',') + 1),
      substr(listed.rest, 1, instr(listed.rest, ',') - 1)
    FROM listed WHERE listed.rest <> ''
)
SELECT 'Session' AS app, listed.group_id AS chat_id, listed.one AS person_id, people.name, listed.role,
  json_object('group_active', CAST(listed.active AS INTEGER)) AS extra,
  'groups/_id=' || listed.group_row || ' ' || listed.role AS record
FROM listed LEFT JOIN people ON people.person_id = listed.one WHERE listed.one <> ''
"""
)
PARTNER = (
    PEOPLE
    + """
SELECT 'Session' AS app, chats.chat_id, chats.chat_id AS person_id, chats.chat_name AS name, 'thread/_id='
  || chats.thread_id AS record
FROM chats WHERE chats.chat_kind = 'direct'
"""
)
CONTACT = """
SELECT 'Session' AS app, {owner_id} AS account_id, s.session_id AS person_id,
  COALESCE(NULLIF({s.nickname}, ''), NULLIF({s.name}, '')) AS name,
  json_patch('{}', json_object('profile_name', CAST(NULLIF({s.name}, '') AS TEXT), 'nickname',
    CAST(NULLIF({s.nickname}, '') AS TEXT),
    'picture_url', CAST({s.profile_picture_url} AS TEXT), 'trusted', CAST({s.is_trusted} AS INTEGER))) AS extra,
  'session_contact_database/session_id=' || s.session_id AS record
FROM session_contact_database s
"""
SETTINGS = """
SELECT 'Session' AS app, {owner_id} AS account_id, r.address AS person_id, NULLIF(r.name, '') AS name,
  json_patch('{}', json_object('picture_url', CAST({r.profile_pic_url} AS TEXT))) AS extra,
  'recipient_settings/address=' || r.address AS record
FROM recipient_settings r WHERE substr(r.address, 1, 2) NOT IN ('03', '__')
"""
PREFERENCES = """
SELECT 'Session' AS app, {owner_id} AS account_id, p.recipient_ids AS person_id,
  COALESCE(NULLIF({p.system_display_name}, ''), NULLIF({p.signal_profile_name}, '')) AS name, {p.block} AS blocked,
  json_patch('{}', json_object('approved', CAST({p.approved} AS INTEGER), 'approved_owner',
    CAST({p.approved_me} AS INTEGER))) AS extra,
  'recipient_preferences/recipient_ids=' || p.recipient_ids AS record
FROM recipient_preferences p WHERE substr(p.recipient_ids, 1, 2) NOT IN ('03', '__')
"""
EVENTS = "{code} & 995328"  # the bits below `events` but for the invitation, which is a message
OF_TABLE = {
    "sms": {
        "{files}": "",
        "{joins}": "",
        "{reply}": "NULL",
        "{event}": f"({EVENTS})",
        "{group_or_request}": "group updated",
        "{sent}": "m.date_sent",
        "{received}": "{m.date}",
    },
    "mms": {
        "{files}": WITH_FILES,
        "{joins}": PARTS,
        "{reply}": REPLY,
        "{event}": f"({EVENTS} OR {{m.message_content}} LIKE '%disappearing_message_update%')",
        "{group_or_request}": "request accepted or group updated",
        "{sent}": "m.date",
        "{received}": "{m.date_received}",
    },
}
CODES = {"sms": "m.type", "mms": "m.msg_box"}


def is_session(file: File) -> bool:
    """Signal, from which Session came, has tables of the same names: one of Session's own has to be there."""
    with file.sqlite() as db:
        own = db.has(session_contact_database=["session_id"]) or db.has(recipient_settings=["address", "name"])
        own = own or any(table.lower().startswith("loki_") for table in db.tables)
        return own and db.has(
            sms=["_id", "thread_id", "address", "date_sent", "type", "body"],
            mms=["_id", "thread_id", "address", "date", "msg_box", "body"],
            thread=["_id"],
        )


@parser("session.android", files=["signal_v4.db", "session.db"], magic=["application/vnd.sqlite3"], test=is_session)
def messages(file: File) -> Iterator[Any]:
    """Session for Android, database signal_v4.db or session.db, once it is decrypted.

    Reads: messages of both tables (sms: text alone; mms: with files, quotes or links) with sender, time sent, state,
    disappearance, quotes; marks of deleted messages; events; calls; files by the path at which the app keeps them (encrypted
    with a key of the app's); reactions; receipts of groups; members, administrators and those who left of legacy groups and
    communities; persons of all versions of the schema. date_received of the app is often the time sent, so it is in `extra`
    where it differs, and is not given as a time of reception. Whose phone it is stands in the preferences beside, if they are
    there. Times are Unix milliseconds.

    Not read: names and members of groups since 2024, which stand in a
    configuration that only libsession reads; keys.

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: session-android, the app itself (SmsDatabase, MmsDatabase, MmsSmsColumns, AttachmentDatabase and others).

    Tier: documented
    """
    yield from read(file, beside(file))


def read(file: File, owner: Owner) -> Iterator[Any]:
    """Everything of the database of that owner."""
    with file.sqlite() as db:
        ask = partial(asked, db, owner)
        for table in ("sms", "mms"):
            rows = ask(message_query(table), every=table)
            yield from MESSAGES.batches(rows, sent_at=unix_ms, expires_at=unix_ms)
        yield from CALLS.batches(ask(CALL), started_at=unix_ms)
        yield from ATTACHMENTS.batches(ask(FILE, every=there(db, "part")))
        yield from REACTIONS.batches(ask(REACTION, every=there(db, "reaction")), reacted_at=unix_ms)
        receipts = ask(RECEIPT, every=there(db, "group_receipts"))
        yield from RECEIPTS.batches(receipts, delivered_at=unix_ms, read_at=unix_ms)
        yield from PARTICIPANTS.batches(ask(MEMBER))
        yield from PARTICIPANTS.batches(ask(PARTNER))
        for query in (CONTACT, SETTINGS, PREFERENCES):
            yield from CONTACTS.batches(ask(query))


def asked(db: Database, owner: Owner, query: str, every: str | None = None) -> Rows:
    """The rows of a query for that owner: the id has the form of one, the name comes as bytes, so neither is any SQL."""
    name = f"CAST(x'{owner.name.encode('utf-8', 'replace').hex()}' AS TEXT)" if owner.name else "NULL"
    query = query.replace("{owner_id}", f"'{owner.id}'" if owner.id else "NULL").replace("{owner_name}", name)
    return db.execute(query, every=every)


def message_query(table: str) -> str:
    """The query for the messages of one of the two tables."""
    query = MESSAGE.replace("{table}", table)
    for mark, words in OF_TABLE[table].items():
        query = query.replace(mark, words)
    query = query.replace("{base}", BASE).replace("{incoming}", INCOMING).replace("{outgoing}", OUTGOING)
    return query.replace("{code}", CODES[table])


def there(db: Database, table: str) -> str | None:
    """The table, where this database has it."""
    return table if db.columns(table) else None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the database."""
    return [messages]
