"""Google Messages for Android, database bugle_db: SMS, MMS and RCS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, RECEIPTS
from forensics.times import unix_ms

from .android_side import FACTS, JOINS, NOTE, READABLE, REPORT, SIDES, reactions

# A participant with sub_id -2 is somebody else; any other is the owner, once for each SIM that was in the device.
PEOPLE = """
WITH people AS MATERIALIZED (
  SELECT p._id AS participant_id, p.sub_id,
         COALESCE(NULLIF(CAST(p.normalized_destination AS TEXT), ''), NULLIF(CAST({p.send_destination} AS TEXT), ''),
                  NULLIF(CAST({p.display_destination} AS TEXT), ''), 'participants/_id=' || p._id) AS person_id,
         COALESCE(NULLIF(CAST({p.full_name} AS TEXT), ''), NULLIF(CAST({p.display_destination} AS TEXT), '')) AS name
  FROM participants p
),
chats AS MATERIALIZED (
  SELECT c._id AS conversation_id, NULLIF(CAST({c.name} AS TEXT), '') AS chat_name,
         CASE WHEN {c.participant_count} = 1 THEN 'direct' WHEN {c.participant_count} > 1 THEN 'group' END AS chat_kind
  FROM conversations c
)"""

# What of the parts is text, and what the others are: a message may have several of both, or none.
MESSAGE = (
    PEOPLE
    + """,
spots AS MATERIALIZED (
  SELECT s.message_id, s.latitude, s.longitude, MIN(s._id) AS part_id
  FROM (SELECT l._id, l.message_id, {l.latitude} AS latitude, {l.longitude} AS longitude, l.content_type FROM parts l) s
  WHERE s.latitude BETWEEN -90 AND 90 AND s.longitude BETWEEN -180 AND 180 AND (s.latitude <> 0 OR s.longitude <> 0)
    AND COALESCE(s.content_type, '') NOT LIKE 'image/%' AND COALESCE(s.content_type, '') NOT LIKE 'video/%'
  GROUP BY s.message_id
),
written AS MATERIALIZED (
  SELECT t.message_id, group_concat(t.text, char(10)) AS text
  FROM (SELECT b.message_id, CAST(b.text AS TEXT) AS text FROM parts b WHERE b.text <> '' ORDER BY b.message_id, b._id) t
  GROUP BY t.message_id
),
files AS MATERIALIZED (
  SELECT f.message_id, MAX(f.content_type LIKE 'video/%') AS videos, MAX(f.content_type LIKE 'image/%') AS images,
         MAX(f.content_type = 'image/gif') AS gifs, MAX(f.content_type LIKE 'audio/%') AS sounds,
         MAX(lower(f.content_type) IN ('text/x-vcard', 'text/vcard')) AS cards
  FROM parts f WHERE f.content_type NOT IN ('text/plain', 'text/html', 'application/vnd.wap.xhtml+xml')
  GROUP BY f.message_id
)"""
    + SIDES
    + """
SELECT 'Google Messages' AS app, own.person_id AS account_id, m.conversation_id AS chat_id, chats.chat_name, chats.chat_kind,
  m._id AS message_id,
  COALESCE(NULLIF(m.sent_timestamp, 0),
           CASE WHEN sender.sub_id <> -2 OR (sender.sub_id IS NULL AND m.message_status BETWEEN 1 AND 99)
                THEN m.received_timestamp END) AS sent_at,
  m.received_timestamp AS received_at, sender.person_id AS sender_id, sender.name AS sender_name,
  CASE WHEN m.message_status BETWEEN 200 AND 299 THEN 'system' WHEN sender.sub_id = -2 THEN 'incoming'
       WHEN sender.sub_id IS NOT NULL THEN 'outgoing' WHEN m.message_status BETWEEN 1 AND 99 THEN 'outgoing'
       WHEN m.message_status BETWEEN 100 AND 199 THEN 'incoming' ELSE 'unknown' END AS direction,
  CASE WHEN m.message_status BETWEEN 200 AND 299 THEN 'system' WHEN m.message_status = 300 THEN 'deleted'
       WHEN spots.message_id IS NOT NULL THEN 'location' WHEN files.videos THEN 'video' WHEN files.gifs THEN 'gif'
       WHEN files.images THEN 'image' WHEN files.sounds THEN 'audio' WHEN files.cards THEN 'contact'
       WHEN files.message_id IS NOT NULL THEN 'document'
       WHEN written.message_id IS NOT NULL OR m.message_protocol IN (0, 1, 3) THEN 'text' ELSE 'unknown' END AS kind,
  m.message_protocol AS raw_kind, COALESCE(written.text, captions.caption, NULLIF(CAST({m.mms_subject} AS TEXT), '')) AS text,
  replies.to_id AS reply_to, CASE WHEN edits.message_id IS NOT NULL THEN 1 END AS edited, edits.at AS edited_at,
  CASE WHEN m.message_status = 300 OR gone.message_id IS NOT NULL THEN 1 END AS deleted, gone.at AS deleted_at,
  m.message_status AS status,
  spots.latitude, spots.longitude,
  NULLIF(json_patch('{}', json_object("""
    + FACTS
    + """
    'protocol', CASE m.message_protocol WHEN 0 THEN 'SMS' WHEN 1 THEN 'MMS' WHEN 2 THEN 'MMS notification' WHEN 3 THEN 'RCS' END,
    'draft', CASE m.message_status WHEN 3 THEN 1 END, 'subject', CAST(NULLIF({m.mms_subject}, '') AS TEXT),
    'read', CAST({m.read} AS INTEGER), 'seen', CAST({m.seen} AS INTEGER), 'sender', CAST(m.sender_id AS TEXT),
    'self', CAST({m.self_id} AS TEXT), 'sms_uri', CAST(NULLIF({m.sms_message_uri}, '') AS TEXT),
    'raw_status', CAST(NULLIF({m.raw_status}, 0) AS TEXT), 'mms_size', CAST(NULLIF({m.sms_message_size}, 0) AS TEXT),
    'mms_transaction', CAST(NULLIF({m.mms_transaction_id}, '') AS TEXT),
    'mms_location', CAST(NULLIF({m.mms_content_location}, '') AS TEXT),
    'mms_expiry', CAST(NULLIF({m.mms_expiry}, 0) AS TEXT), 'mms_reports', CAST(NULLIF({m.mms_reports_info}, '') AS TEXT),
    'rcs_message_id', CAST(NULLIF({m.rcs_message_id}, '') AS TEXT),
    'rcs_message', CAST(NULLIF({m.rcs_message_id_with_text_type}, '') AS TEXT),
    'original_rcs_message', CAST(NULLIF({m.original_rcs_message_id}, '') AS TEXT),
    'parent_message', CAST(NULLIF({m.parent_message_id}, '') AS TEXT),
    'sender_destination', CAST(NULLIF({m.sender_send_destination}, '') AS TEXT),
    'mms_retrieve_text', CAST(NULLIF({m.mms_retrieve_text}, '') AS TEXT),
    'hidden', CAST(NULLIF({m.is_hidden}, 0) AS TEXT), 'error_code', CAST(NULLIF({m.sms_error_code}, 0) AS TEXT))), '{}') AS extra,
  'messages/_id=' || m._id AS record
FROM messages m
LEFT JOIN chats ON chats.conversation_id = m.conversation_id
LEFT JOIN people sender ON sender.participant_id = m.sender_id
LEFT JOIN people own ON own.participant_id = {m.self_id}
LEFT JOIN written ON written.message_id = m._id
LEFT JOIN files ON files.message_id = m._id
LEFT JOIN spots ON spots.message_id = m._id"""
    + JOINS
)
PART = """
SELECT 'Google Messages' AS app, COALESCE(m.conversation_id, {p.conversation_id}) AS chat_id, p.message_id,
  COALESCE(NULLIF({p.file_name}, ''), NULLIF({p.original_file_name}, '')) AS name,
  COALESCE(NULLIF({p.local_cache_path}, ''), NULLIF({p.uri}, ''), NULLIF({p.storage_uri}, '')) AS stored_path,
  p.content_type AS mime,
  CASE WHEN {p.file_size_bytes} >= 0 THEN {p.file_size_bytes} END AS size,
  CASE WHEN {p.width} > 0 THEN {p.width} END AS width, CASE WHEN {p.height} > 0 THEN {p.height} END AS height,
  CASE WHEN {p.duration} > 0 THEN {p.duration} / 1000.0 END AS duration_s,
  NULLIF(json_patch('{}', json_object('uri', CAST(NULLIF({p.uri}, '') AS TEXT),
    'original_uri', CAST(NULLIF({p.original_uri}, '') AS TEXT), 'storage_uri', CAST(NULLIF({p.storage_uri}, '') AS TEXT),
    'preview_uri', CAST(NULLIF({p.preview_content_uri}, '') AS TEXT),
    'message_missing', CASE WHEN m._id IS NULL THEN 1 END)), '{}') AS extra,
  'parts/_id=' || p._id AS record
FROM parts p LEFT JOIN messages m ON m._id = p.message_id
WHERE """
# A part of text is in its message; one whose message is gone is given, so that the text is not lost.
WITH_FILE = "content_type NOT IN ('text/plain', 'text/html', 'application/vnd.wap.xhtml+xml') OR {p.uri} <> ''"
LOST_TEXT = """
SELECT 'Google Messages' AS app, {p.conversation_id} AS chat_id, p.message_id, {p.timestamp} AS received_at,
  'unknown' AS direction, 'text' AS kind, p.text, json_object('message_missing', 1) AS extra, 'parts/_id=' || p._id AS record
FROM parts p LEFT JOIN messages m ON m._id = p.message_id
WHERE m._id IS NULL AND p.text <> ''
"""
PLACE = """
SELECT COALESCE(NULLIF(m.sent_timestamp, 0), m.received_timestamp) AS at, {p.latitude} AS latitude, {p.longitude} AS longitude,
  'message' AS kind, NULLIF(CAST(p.text AS TEXT), '') AS label, p.message_id AS ref,
  json_object('app', 'Google Messages', 'chat_id', CAST(m.conversation_id AS TEXT)) AS extra, 'parts/_id=' || p._id AS record
FROM parts p LEFT JOIN messages m ON m._id = p.message_id
WHERE {p.latitude} BETWEEN -90 AND 90 AND {p.longitude} BETWEEN -180 AND 180 AND ({p.latitude} <> 0 OR {p.longitude} <> 0)
  AND COALESCE(p.content_type, '') NOT LIKE 'image/%' AND COALESCE(p.content_type, '') NOT LIKE 'video/%'
"""
MEMBER = (
    PEOPLE
    + """
SELECT 'Google Messages' AS app, m.conversation_id AS chat_id,
  COALESCE(people.person_id, 'participants/_id=' || m.participant_id) AS person_id, people.name,
  'conversation_participants/rowid=' || m.rowid AS record
FROM conversation_participants m LEFT JOIN people ON people.participant_id = m.participant_id
"""
)
PERSON = (
    PEOPLE
    + """,
profiles AS MATERIALIZED (
  SELECT {f.participant_id} AS participant_id, max({f.display_name}) AS name, max({f.first_name}) AS first_name,
         max({f.last_name}) AS last_name
  FROM profiles_table f GROUP BY 1
)
SELECT 'Google Messages' AS app, people.person_id,
  COALESCE(people.name, NULLIF(profiles.name, ''),
           NULLIF(TRIM(COALESCE(profiles.first_name, '') || ' ' || COALESCE(profiles.last_name, '')), '')) AS name,
  CASE WHEN p.normalized_destination <> '' AND p.normalized_destination NOT LIKE '%@%'
       THEN json_array(CAST(p.normalized_destination AS TEXT)) END AS phones,
  CASE WHEN p.normalized_destination LIKE '%@%' THEN json_array(CAST(p.normalized_destination AS TEXT)) END AS emails,
  {p.blocked} AS blocked,
  NULLIF(json_patch('{}', json_object('send_destination', CAST(NULLIF({p.send_destination}, '') AS TEXT),
    'contact_id', CAST(CASE WHEN {p.contact_id} > 0 THEN {p.contact_id} END AS TEXT),
    'lookup_key', CAST(NULLIF({p.lookup_key}, '') AS TEXT), 'alias', CAST(NULLIF({p.alias}, '') AS TEXT),
    'spam', CAST(NULLIF({p.is_spam}, 0) AS TEXT), 'profile_name', CAST(NULLIF(profiles.name, '') AS TEXT))), '{}') AS extra,
  'participants/_id=' || p._id AS record
FROM participants p LEFT JOIN people ON people.participant_id = p._id
LEFT JOIN profiles ON profiles.participant_id = p._id
WHERE p.sub_id = -2 OR p.sub_id IS NULL
"""
)
ACCOUNT = (
    PEOPLE
    + """
SELECT 'Google Messages' AS app, people.person_id AS account_id, NULLIF({p.subscription_name}, '') AS name,
  NULLIF(CAST(p.normalized_destination AS TEXT), '') AS phone, 1 AS is_owner,
  NULLIF(json_patch('{}', json_object('sub_id', CAST(p.sub_id AS TEXT), 'sim_slot', CAST({p.sim_slot_id} AS TEXT))),
    '{}') AS extra,
  'participants/_id=' || p._id AS record
FROM participants p LEFT JOIN people ON people.participant_id = p._id
WHERE p.sub_id <> -2
"""
)
TIMES = ("sent_at", "received_at", "edited_at", "deleted_at")
UNREAD = ("messages_annotations",)


@parser(
    "google_messages.android",
    files=["bugle_db"],
    test=sqlite.has(
        messages=[
            "_id",
            "conversation_id",
            "sender_id",
            "sent_timestamp",
            "received_timestamp",
            "message_protocol",
            "message_status",
        ],
        parts=["_id", "message_id", "text", "content_type"],
        participants=["_id", "sub_id", "normalized_destination"],
        conversations=["_id"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Google Messages for Android, database bugle_db; also AOSP Messaging, from which it came.

    Reads: SMS, MMS and RCS messages of all conversations with sender, direction, both times and state; drafts, and events of
    the conversation (states 200 to 299); a message without parts stays, and one with several parts is one row, with its texts
    in order; files by their cached copy or content address; coordinates of shared places; members; all persons; a row of
    accounts for each SIM that was used. Direction is told by the sender (sub_id -2 is somebody else), and where the sender is
    gone by the state. raw_kind is message_protocol: 0 SMS, 1 MMS, 2 MMS notification, 3 RCS. received_at of an outgoing
    message is when it was put into the database; it stands for sent_at where none is stored. Times are Unix milliseconds.

    Of newer versions: captions of files, replies, edits, reactions with who gave them, stars, times at which a message is to be
    sent or recalled to mind, titles of links, when each of the others got and read a message, and what was deleted on the server.
    A message that stands for a reaction says in `extra` to which (reaction_to).

    Not read: annotations (what was found in a text, as links and dates): the number of these rows is a problem; times of
    reactions; the files themselves.

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: AOSP Messaging (DatabaseHelper, MessageData: schema and states); the app's own classes of its newer tables; ALEAPP
    (googleMessages: RCS, newer columns); mautrix-gmessages (states from 10 on).

    Tier: documented
    """
    with file.sqlite() as db:
        yield from MESSAGES.batches(db.execute(MESSAGE, every="messages"), **dict.fromkeys(TIMES, unix_ms))
        yield from MESSAGES.batches(db.execute(LOST_TEXT), received_at=unix_ms)
        yield from MESSAGES.batches(db.execute(NOTE), deleted_at=unix_ms)
        yield from RECEIPTS.batches(db.execute(PEOPLE + REPORT), delivered_at=unix_ms, read_at=unix_ms)
        yield from reactions(db, PEOPLE)
        yield from ATTACHMENTS.batches(db.execute(PART + WITH_FILE))
        yield from PLACES.batches(db.execute(PLACE), at=unix_ms)
        members = "conversation_participants" if db.columns("conversation_participants") else None
        yield from PARTICIPANTS.batches(db.execute(MEMBER, every=members))
        yield from CONTACTS.batches(db.execute(PERSON, every="participants WHERE sub_id = -2 OR sub_id IS NULL"))
        yield from ACCOUNTS.batches(db.execute(ACCOUNT, every="participants WHERE sub_id <> -2"))
        yield from left_out(db)


def left_out(db: Database) -> Iterator[Problem]:
    """Tables of messages that hold rows and are not read."""
    for table in db.tables:
        read = table.lower() == "message_reactions" and db.has(message_reactions=READABLE)
        unread = table.lower() in UNREAD or ("reaction" in table.lower() and table.isidentifier() and not read)
        there = db.count(table) if unread else 0
        if there:
            yield Problem("not_read", f"table {table}: {there:,} rows are not read", record=table)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of bugle_db."""
    return [messages]
