"""Queries for signal.db of Signal for Android, over all its schemas.

    until 2023   tables sms and mms, attachments in part; a message names one recipient: who sent it, or the chat it went to
    2023         one table message, which still names one recipient
    since 2023   message names who sent and to whom, each edit is a row of its own; attachments in attachment since 2024

Names in braces are columns that only some versions have. The type of a message is a number of fields and flags: the lowest five
bits say what it is, others mark events of groups and of keys; the highest four are kinds that came later.
"""

PEOPLE = """
WITH people AS MATERIALIZED (
  SELECT r._id AS id,
    COALESCE(NULLIF({r.group_id}, ''), NULLIF({r.aci}, ''), NULLIF({r.uuid}, ''), NULLIF({r.e164}, ''), NULLIF({r.phone}, ''),
      NULLIF({r.email}, ''), 'recipient/_id=' || r._id) AS key,
    COALESCE(NULLIF({r.nickname_joined_name}, ''), NULLIF({g.title}, ''), NULLIF({l.name}, ''), NULLIF({k.name}, ''),
      NULLIF({r.system_joined_name}, ''), NULLIF({r.system_display_name}, ''), NULLIF({r.profile_joined_name}, ''),
      NULLIF({r.signal_profile_name}, ''), NULLIF({r.e164}, ''), NULLIF({r.phone}, ''), NULLIF({r.username}, '')) AS name,
    CASE WHEN NULLIF({r.group_id}, '') IS NOT NULL THEN 'group'
         WHEN {r.distribution_list_id} IS NOT NULL THEN 'broadcast' ELSE 'direct' END AS kind
  FROM recipient r
  LEFT JOIN groups g ON g.group_id = {r.group_id}
  LEFT JOIN distribution_list l ON l.recipient_id = r._id
  LEFT JOIN call_link k ON k.recipient_id = r._id
  GROUP BY r._id
)"""

# The account is not named in this database. `whose`: what files beside say; where they say nothing, the owner is who sent what
# went out.
OWNER = """,
whose AS (SELECT {aci} AS aci, {number} AS number),
owner AS MATERIALIZED (
  SELECT COALESCE(people.key, whose.aci, whose.number) AS key, people.name, known.id, whose.number
  FROM whose LEFT JOIN (
    SELECT COALESCE(
      (SELECT MIN(self._id) FROM recipient self LEFT JOIN whose t ON 1 WHERE lower(COALESCE({self.aci}, {self.uuid})) = t.aci),
      (SELECT MIN(self._id) FROM recipient self LEFT JOIN whose t ON 1 WHERE COALESCE({self.e164}, {self.phone}) = t.number),
      (SELECT ranked.id FROM (
        SELECT {sent.from_recipient_id} AS id, COUNT(*) AS many FROM message sent LEFT JOIN whose t ON 1
        WHERE t.aci IS NULL AND t.number IS NULL AND sent.type & 31 IN (21, 22, 23, 24) AND {sent.from_recipient_id} IS NOT NULL
        GROUP BY 1 ORDER BY many DESC LIMIT 1) ranked)) AS id
  ) known ON 1
  LEFT JOIN people ON people.id = known.id
  WHERE COALESCE(people.key, whose.aci, whose.number) IS NOT NULL
)"""

CHATS = """,
chats AS MATERIALIZED (
  SELECT t._id AS id, COALESCE(who.key, CAST(COALESCE({t.recipient_id}, {t.thread_recipient_id}, {t.recipient_ids}) AS TEXT))
      AS key, who.name, who.kind
  FROM thread t LEFT JOIN people who ON who.id = COALESCE({t.recipient_id}, {t.thread_recipient_id}, {t.recipient_ids})
)"""

# Attachments of both schemas. A picture that belongs to a quote, a preview of a link or a shared contact is no content itself.
FILES = """,
stored AS MATERIALIZED (
  SELECT a._id AS id, a.message_id AS message, {a.content_type} AS mime, {a.data_file} AS path, {a.data_size} AS size,
    {a.file_name} AS name, {a.voice_note} AS voice, {a.video_gif} AS gif, {a.quote} AS quote, {a.width} AS width,
    {a.height} AS height, {a.caption} AS caption, {a.sticker_pack_id} AS sticker, {a.sticker_emoji} AS emoji,
    {a.transfer_state} AS transfer, COALESCE({a.data_hash_end}, {a.data_hash_start}) AS hash, {a.upload_timestamp} AS uploaded,
    {a.data_random} IS NOT NULL AS sealed, 'attachment/_id=' || a._id AS record, 'attachment' AS source
  FROM attachment a
  UNION ALL
  SELECT p._id, p.mid, {p.ct}, {p._data}, {p.data_size}, {p.file_name}, {p.voice_note}, {p.video_gif}, {p.quote}, {p.width},
    {p.height}, {p.caption}, {p.sticker_pack_id}, {p.sticker_emoji}, {p.pending_push}, {p.data_hash}, {p.upload_timestamp},
    {p.data_random} IS NOT NULL, 'part/_id=' || p._id, 'part'
  FROM part p
)"""

# All schemas in the columns of one. `peer`: who sent it, or the chat it went to; it is the sender only of what came in.
NEW = """,
m AS (
  SELECT x._id AS id, CAST(x._id AS TEXT) AS message_id, 1 AS has_files, 'message/_id=' || x._id AS record, x.thread_id AS thread,
    x.type AS code, x.body AS body, x.date_sent AS sent, {x.date_received} AS received, {x.date_server} AS server,
    {x.from_recipient_id} AS from_id, COALESCE({x.from_recipient_id}, {x.recipient_id}) AS peer, {x.to_recipient_id} AS to_id,
    {x.read} AS read, COALESCE({x.has_delivery_receipt}, {x.delivery_receipt_count}) AS delivered,
    COALESCE({x.has_read_receipt}, {x.read_receipt_count}) AS was_read, COALESCE({x.viewed}, {x.viewed_receipt_count}) AS viewed,
    {x.receipt_timestamp} AS receipt, {x.expires_in} AS expires_in, {x.expire_started} AS expire_started,
    COALESCE({x.remote_deleted} <> 0, {x.deleted_by} IS NOT NULL) AS deleted, {x.deleted_by} AS deleted_by,
    COALESCE({x.view_once}, 0) AS view_once, {x.quote_id} AS quote_id, {x.quote_author} AS quote_author,
    {x.quote_body} AS quote_body, {x.quote_missing} AS quote_missing, {x.shared_contacts} AS shared,
    {x.link_previews} AS previews, {x.server_guid} AS guid, {x.story_type} AS story, {x.parent_story_id} AS story_id,
    NULLIF({x.scheduled_date}, -1) AS scheduled, {x.latest_revision_id} AS latest,
    {x.original_message_id} AS original, {x.revision_number} AS revision, {x.message_extras} AS details
  FROM message x
)"""
SMS = """,
m AS (
  SELECT x._id AS id, 'sms/' || x._id AS message_id, 0 AS has_files, 'sms/_id=' || x._id AS record, x.thread_id AS thread,
    x.type AS code, x.body AS body, x.date_sent AS sent, x.date AS received, {x.date_server} AS server,
    NULL AS from_id, x.address AS peer, NULL AS to_id, {x.read} AS read, {x.delivery_receipt_count} AS delivered,
    {x.read_receipt_count} AS was_read, NULL AS viewed, {x.receipt_timestamp} AS receipt, {x.expires_in} AS expires_in,
    {x.expire_started} AS expire_started, COALESCE({x.remote_deleted}, 0) <> 0 AS deleted, NULL AS deleted_by, 0 AS view_once,
    NULL AS quote_id, NULL AS quote_author, NULL AS quote_body, NULL AS quote_missing, NULL AS shared, NULL AS previews,
    {x.server_guid} AS guid, NULL AS story, NULL AS story_id, NULL AS scheduled, NULL AS latest, NULL AS original,
    NULL AS revision, NULL AS details
  FROM sms x
)"""
MMS = """,
m AS (
  SELECT x._id AS id, 'mms/' || x._id AS message_id, 1 AS has_files, 'mms/_id=' || x._id AS record, x.thread_id AS thread,
    x.msg_box AS code, x.body AS body, x.date AS sent, x.date_received AS received, {x.date_server} AS server,
    NULL AS from_id, x.address AS peer, NULL AS to_id, {x.read} AS read, {x.delivery_receipt_count} AS delivered,
    {x.read_receipt_count} AS was_read, {x.viewed_receipt_count} AS viewed, {x.receipt_timestamp} AS receipt,
    {x.expires_in} AS expires_in, {x.expire_started} AS expire_started, COALESCE({x.remote_deleted}, 0) <> 0 AS deleted,
    NULL AS deleted_by, COALESCE({x.reveal_duration}, {x.view_once}, 0) AS view_once, {x.quote_id} AS quote_id,
    {x.quote_author} AS quote_author, {x.quote_body} AS quote_body, {x.quote_missing} AS quote_missing,
    {x.shared_contacts} AS shared, COALESCE({x.previews}, {x.link_previews}) AS previews, {x.server_guid} AS guid,
    {x.is_story} AS story, {x.parent_story_id} AS story_id, NULL AS scheduled, NULL AS latest, NULL AS original,
    NULL AS revision, NULL AS details
  FROM mms x
)"""

MESSAGE = """,
content AS MATERIALIZED (
  SELECT s.message, s.mime, s.voice, s.gif, s.sticker, MIN(s.id) AS first
  FROM stored s LEFT JOIN m ON m.id = s.message
  WHERE COALESCE(s.quote, 0) = 0 AND COALESCE(s.mime, '') <> 'text/x-signal-plain'
    AND instr(COALESCE(m.previews, '') || COALESCE(m.shared, ''), '"rowId":' || s.id || ',') = 0
    AND instr(COALESCE(m.previews, '') || COALESCE(m.shared, ''), '"rowId":' || s.id || '}') = 0
  GROUP BY s.message
),
long AS MATERIALIZED (SELECT s.message, MIN(s.id) AS id FROM stored s WHERE s.mime = 'text/x-signal-plain' GROUP BY s.message),
answered AS MATERIALIZED (
  SELECT q.sent, q.thread, MIN(q.id) AS id, MIN(q.message_id) AS message_id FROM m q GROUP BY q.sent, q.thread
),
named AS MATERIALIZED (
  SELECT n.message_id, json_group_array(json_object('start', CAST(n.range_start AS INTEGER),
           'person', CAST(COALESCE(who.key, 'recipient/_id=' || n.recipient_id) AS TEXT),
           'name', CAST(who.name AS TEXT))) AS persons
  FROM mention n LEFT JOIN people who ON who.id = n.recipient_id GROUP BY n.message_id
),
typed AS (
  SELECT m.*, m.code & 31 AS base, (m.code >> 32) & 15 AS special,
    m.code & 31 IN (1, 2, 3, 8, 10, 11, 12) AS is_call,
    (m.code & 31 BETWEEN 1 AND 19) OR m.code & 0x7FF00 <> 0 OR m.code & 0x400000 <> 0 OR m.code & 0x1E000000 <> 0
      OR (m.code >> 32) & 15 IN (4, 5, 6, 8, 10, 11) AS is_event
  FROM m
)
SELECT 'Signal' AS app, (SELECT owner.key FROM owner) AS account_id, COALESCE(chats.key, 'thread/_id=' || t.thread) AS chat_id,
  chats.name AS chat_name, CASE WHEN chats.key = (SELECT owner.key FROM owner) THEN 'self' ELSE chats.kind END AS chat_kind,
  t.message_id, t.sent AS sent_at, t.received AS received_at,
  CASE WHEN t.base BETWEEN 21 AND 24 AND chats.kind = 'direct' AND t.delivered > 0 AND COALESCE(t.was_read, 0) = 0
            AND COALESCE(t.viewed, 0) = 0 THEN t.receipt END AS delivered_at,
  CASE WHEN t.base BETWEEN 21 AND 24 AND chats.kind = 'direct' AND (t.was_read > 0 OR t.viewed > 0) THEN t.receipt END AS read_at,
  CASE WHEN t.revision > 0 THEN t.sent END AS edited_at,
  CASE WHEN t.expires_in > 0 AND t.expire_started > 0 THEN t.expire_started + t.expires_in END AS expires_at,
  CASE WHEN t.from_id IS NOT NULL OR NOT t.base BETWEEN 21 AND 27
       THEN COALESCE(sender.key, CASE typeof(t.peer) WHEN 'integer' THEN 'recipient/_id=' || t.peer
                                                      ELSE NULLIF(t.peer, '') END)
       ELSE (SELECT owner.key FROM owner) END AS sender_id,
  CASE WHEN t.from_id IS NOT NULL OR NOT t.base BETWEEN 21 AND 27 THEN sender.name ELSE (SELECT owner.name FROM owner) END
    AS sender_name,
  CASE WHEN t.is_call OR t.is_event THEN 'system' WHEN t.base = 20 THEN 'incoming' WHEN t.base BETWEEN 21 AND 27 THEN 'outgoing'
       ELSE 'unknown' END AS direction,
  CASE WHEN t.is_call THEN 'call' WHEN t.is_event THEN 'system' WHEN t.deleted THEN 'deleted'
       WHEN NOT t.base BETWEEN 20 AND 27 THEN 'unknown' WHEN t.special IN (0, 1) THEN
         CASE WHEN content.sticker IS NOT NULL THEN 'sticker' WHEN content.voice = 1 THEN 'voice'
              WHEN content.gif = 1 OR content.mime = 'image/gif' THEN 'gif' WHEN content.mime LIKE 'image/%' THEN 'image'
              WHEN content.mime LIKE 'video/%' THEN 'video' WHEN content.mime LIKE 'audio/%' THEN 'audio'
              WHEN content.message IS NOT NULL THEN 'document'
              WHEN COALESCE(t.shared, '') NOT IN ('', '[]', 'null') THEN 'contact'
              WHEN t.body <> '' THEN 'text' ELSE 'unknown' END
       ELSE 'unknown' END AS kind,
  t.code AS raw_kind, CASE WHEN NOT t.is_event AND NOT t.is_call AND t.special IN (0, 1) THEN NULLIF(t.body, '') END AS text,
  CASE WHEN t.quote_id > 0 THEN answered.message_id END AS reply_to,
  CASE WHEN t.revision > 0 OR t.latest IS NOT NULL THEN 1 END AS edited,
  NULLIF(t.deleted, 0) AS deleted, CASE WHEN t.view_once > 0 THEN 1 END AS view_once,
  CASE WHEN t.scheduled IS NOT NULL THEN 'scheduled' WHEN t.base = 20 THEN CASE t.read WHEN 1 THEN 'read' WHEN 0 THEN 'unread' END
       WHEN t.base BETWEEN 21 AND 24 AND t.viewed > 0 THEN 'viewed' WHEN t.base BETWEEN 21 AND 24 AND t.was_read > 0 THEN 'read'
       WHEN t.base BETWEEN 21 AND 24 AND t.delivered > 0 THEN 'delivered'
       WHEN t.base = 23 THEN 'sent' WHEN t.base = 24 THEN 'failed' WHEN t.base IN (21, 22, 25, 26) THEN 'pending'
       WHEN t.base = 27 THEN 'draft' END AS status,
  NULLIF(json_patch('{}', json_object(
    'server_at', strftime('%Y-%m-%dT%H:%M:%fZ', CASE WHEN t.server > 0 THEN t.server END / 1000.0, 'unixepoch'),
    'receipt_at', strftime('%Y-%m-%dT%H:%M:%fZ', CASE WHEN t.receipt > 0 THEN t.receipt END / 1000.0, 'unixepoch'),
    'scheduled_at', strftime('%Y-%m-%dT%H:%M:%fZ', t.scheduled / 1000.0, 'unixepoch'),
    'timer_s', CASE WHEN t.expires_in > 0 THEN CAST(t.expires_in / 1000 AS INTEGER) END,
    'to', CASE WHEN receiver.key IS NOT chats.key AND receiver.key IS NOT (SELECT owner.key FROM owner)
      THEN CAST(receiver.key AS TEXT) END,
    'peer', CASE WHEN t.from_id IS NULL AND t.base BETWEEN 21 AND 27 THEN CAST(sender.key AS TEXT) END,
    'quoted_text', CAST(NULLIF(t.quote_body, '') AS TEXT),
    'quoted_sender', CASE WHEN t.quote_id > 0 THEN
      CAST(COALESCE(quoted.key, CASE WHEN t.quote_author <> 0 THEN 'recipient/_id=' || t.quote_author END) AS TEXT) END,
    'quoted_at', CASE WHEN t.quote_id > 0 THEN strftime('%Y-%m-%dT%H:%M:%fZ', t.quote_id / 1000.0, 'unixepoch') END,
    'quote_missing', CASE WHEN t.quote_missing = 1 THEN 1 END,
    'mentions', CASE WHEN json_valid(named.persons) THEN json(named.persons) END,
    'contacts', CASE WHEN COALESCE(t.shared, '') NOT IN ('', '[]', 'null') THEN CAST(t.shared AS TEXT) END,
    'previews', CASE WHEN COALESCE(t.previews, '') NOT IN ('', '[]', 'null') THEN CAST(t.previews AS TEXT) END,
    'story', CASE WHEN t.story > 0 THEN CAST(t.story AS INTEGER) END,
    'story_id', CASE WHEN t.story_id <> 0 THEN CAST(t.story_id AS INTEGER) END,
    'latest_revision', CAST(t.latest AS TEXT), 'original_message', CAST(t.original AS TEXT),
    'revision', CASE WHEN t.revision > 0 THEN CAST(t.revision AS INTEGER) END,
    'deleted_by', CAST(deleter.key AS TEXT), 'text_goes_on_in', CASE WHEN long.id IS NOT NULL THEN 'attachment ' || long.id END,
    'reaction_to_story', CASE WHEN t.special = 1 THEN 1 END,
    'event_data', CASE WHEN t.is_event OR t.is_call OR t.special > 1 THEN CAST(NULLIF(t.body, '') AS TEXT) END,
    'details', CASE WHEN length(t.details) BETWEEN 1 AND 4000 THEN lower(hex(t.details)) END)), '{}') AS extra,
  t.record
FROM typed t
LEFT JOIN chats ON chats.id = t.thread
LEFT JOIN people sender ON sender.id = t.peer
LEFT JOIN people receiver ON receiver.id = t.to_id
LEFT JOIN people quoted ON quoted.id = t.quote_author
LEFT JOIN people deleter ON deleter.id = t.deleted_by
LEFT JOIN content ON content.message = t.id AND t.has_files
LEFT JOIN long ON long.message = t.id AND t.has_files
LEFT JOIN answered ON answered.sent = t.quote_id AND answered.thread = t.thread
LEFT JOIN named ON named.message_id = t.id AND t.has_files
"""
HEAD = PEOPLE + OWNER + CHATS + FILES
MESSAGES = {"message": HEAD + NEW + MESSAGE, "sms": HEAD + SMS + MESSAGE, "mms": HEAD + MMS + MESSAGE}

# Ids of messages are those of `message`, or of `mms` with its name before: only these have attachments, mentions and receipts.
MINE = """,
mine AS (
  SELECT x._id AS id, CAST(x._id AS TEXT) AS message_id, x.thread_id AS thread FROM message x
  UNION ALL SELECT y._id, 'mms/' || y._id, y.thread_id FROM mms y
)"""
ATTACHMENT = (
    HEAD
    + MINE
    + """
SELECT chats.key AS chat_id, COALESCE(mine.message_id, CAST(s.message AS TEXT)) AS message_id, s.name, s.path, s.mime, s.size,
  s.hash, NULLIF(s.width, 0) AS width, NULLIF(s.height, 0) AS height, s.caption, s.voice, s.gif, s.quote, s.sticker, s.emoji,
  s.transfer, s.uploaded, s.sealed, s.record
FROM stored s
LEFT JOIN mine ON mine.id = s.message
LEFT JOIN chats ON chats.id = mine.thread
"""
)
REACTION = (
    PEOPLE
    + CHATS
    + """,
targets AS (
  SELECT x._id AS id, 1 AS has_files, CAST(x._id AS TEXT) AS message_id, x.thread_id AS thread FROM message x
  UNION ALL SELECT y._id, 1, 'mms/' || y._id, y.thread_id FROM mms y
  UNION ALL SELECT z._id, 0, 'sms/' || z._id, z.thread_id FROM sms z
)
SELECT 'Signal' AS app, chats.key AS chat_id, COALESCE(targets.message_id, CAST(r.message_id AS TEXT)) AS message_id,
  COALESCE(who.key, 'recipient/_id=' || r.author_id) AS person_id, r.emoji AS value, r.date_sent AS reacted_at,
  NULLIF(json_patch('{}', json_object('received_at', strftime('%Y-%m-%dT%H:%M:%fZ',
    CASE WHEN {r.date_received} > 0 THEN {r.date_received} END / 1000.0, 'unixepoch'))), '{}') AS extra,
  'reaction/_id=' || r._id AS record
FROM reaction r
LEFT JOIN targets ON targets.id = r.message_id AND targets.has_files = COALESCE({r.is_mms}, 1)
LEFT JOIN chats ON chats.id = targets.thread
LEFT JOIN people who ON who.id = r.author_id
"""
)
# Until 2021 reactions were a list in the row of their message.
OLDER_REACTIONS = (
    PEOPLE
    + CHATS
    + """
SELECT chats.key AS chat_id, '{table}/' || x._id AS message_id, {x.reactions} AS reactions, '{table}/_id=' || x._id AS record
FROM {table} x LEFT JOIN chats ON chats.id = x.thread_id WHERE {x.reactions} IS NOT NULL
"""
)
PERSON = PEOPLE + "SELECT people.id, people.key, people.name FROM people"
RECEIPT = (
    PEOPLE
    + CHATS
    + MINE
    + """
SELECT 'Signal' AS app, chats.key AS chat_id, COALESCE(mine.message_id, CAST(g.mms_id AS TEXT)) AS message_id,
  COALESCE(who.key, CASE typeof(g.address) WHEN 'integer' THEN 'recipient/_id=' || g.address ELSE g.address END) AS person_id,
  CASE g.status WHEN 1 THEN g.timestamp END AS delivered_at, CASE g.status WHEN 2 THEN g.timestamp END AS read_at,
  CASE g.status WHEN 3 THEN g.timestamp END AS played_at,
  json_object('status', CASE g.status WHEN -1 THEN 'unknown' WHEN 0 THEN 'undelivered' WHEN 1 THEN 'delivered' WHEN 2 THEN 'read'
    WHEN 3 THEN 'viewed' WHEN 4 THEN 'skipped' ELSE CAST(g.status AS TEXT) END,
    'at', strftime('%Y-%m-%dT%H:%M:%fZ', CASE WHEN g.timestamp > 0 THEN g.timestamp END / 1000.0, 'unixepoch')) AS extra,
  'group_receipts/_id=' || g._id AS record
FROM group_receipts g
LEFT JOIN mine ON mine.id = g.mms_id
LEFT JOIN chats ON chats.id = mine.thread
LEFT JOIN people who ON who.id = g.address
"""
)
CALL = (
    PEOPLE
    + OWNER
    + """
SELECT 'Signal' AS app, (SELECT owner.key FROM owner) AS account_id, CAST(c.call_id AS TEXT) AS call_id,
  COALESCE(peer.key, 'recipient/_id=' || c.peer) AS chat_id, c.timestamp AS started_at,
  CASE c.direction WHEN 0 THEN 'incoming' WHEN 1 THEN 'outgoing' ELSE 'unknown' END AS direction,
  CASE c.event WHEN 0 THEN 'ongoing' WHEN 1 THEN 'answered' WHEN 2 THEN 'not_accepted' WHEN 3 THEN 'missed' WHEN 4 THEN 'deleted'
    WHEN 5 THEN 'group_call' WHEN 6 THEN 'answered' WHEN 7 THEN 'ringing' WHEN 8 THEN 'rejected' WHEN 9 THEN 'outgoing_ring'
    WHEN 10 THEN 'missed' ELSE 'unknown (' || c.event || ')' END AS outcome,
  CASE c.type WHEN 0 THEN 0 WHEN 1 THEN 1 END AS video,
  CASE WHEN c.type IN (0, 1) THEN COALESCE(peer.key, 'recipient/_id=' || c.peer) END AS peer_id, peer.name AS peer_name,
  NULLIF(json_patch('{}', json_object('type', CAST(c.type AS INTEGER), 'event', CAST(c.event AS INTEGER),
    'message_id', CAST({c.message_id} AS TEXT), 'ringer', CAST(ringer.key AS TEXT),
    'joined', CASE WHEN {c.local_joined} = 1 THEN 1 END,
    'deleted_at', strftime('%Y-%m-%dT%H:%M:%fZ', CASE WHEN {c.deletion_timestamp} > 0 THEN {c.deletion_timestamp} END / 1000.0,
      'unixepoch'))), '{}') AS extra,
  'call/_id=' || c._id AS record
FROM call c
LEFT JOIN people peer ON peer.id = c.peer
LEFT JOIN people ringer ON ringer.id = {c.ringer}
"""
)
# Calls that only their message tells of: before the table `call`, and of deleted rows of it.
CALL_IN_MESSAGE = (
    PEOPLE
    + OWNER
    + CHATS
    + """,
told AS (
  SELECT x._id AS id, CAST(x._id AS TEXT) AS message_id, 'message/_id=' || x._id AS record, x.thread_id AS thread, x.type AS code,
    x.date_sent AS at FROM message x
  UNION ALL SELECT y._id, 'sms/' || y._id, 'sms/_id=' || y._id, y.thread_id, y.type, y.date_sent FROM sms y
)
SELECT 'Signal' AS app, (SELECT owner.key FROM owner) AS account_id, chats.key AS chat_id, told.at AS started_at,
  CASE WHEN told.code & 31 IN (2, 11) THEN 'outgoing' ELSE 'incoming' END AS direction,
  CASE WHEN told.code & 31 IN (3, 8) THEN 'missed' END AS outcome, told.code & 31 IN (8, 10, 11) AS video,
  chats.key AS peer_id, chats.name AS peer_name, json_object('message_id', told.message_id) AS extra, told.record
FROM told
LEFT JOIN call c ON {c.message_id} = told.id
LEFT JOIN chats ON chats.id = told.thread
WHERE told.code & 31 IN (1, 2, 3, 8, 10, 11) AND c._id IS NULL
"""
)
CONTACT = (
    PEOPLE
    + OWNER
    + """
SELECT 'Signal' AS app, (SELECT owner.key FROM owner) AS account_id, people.key AS person_id, people.name AS name,
  CASE WHEN COALESCE(NULLIF({r.e164}, ''), NULLIF({r.phone}, '')) IS NOT NULL
       THEN json_array(CAST(COALESCE(NULLIF({r.e164}, ''), {r.phone}) AS TEXT)) END AS phones,
  CASE WHEN NULLIF({r.email}, '') IS NOT NULL THEN json_array(CAST({r.email} AS TEXT)) END AS emails,
  NULLIF({r.username}, '') AS username, COALESCE(NULLIF({r.note}, ''), NULLIF({r.about}, '')) AS note,
  CASE WHEN {r.blocked} = 1 THEN 1 END AS blocked,
  NULLIF(json_patch('{}', json_object('recipient', CAST(r._id AS INTEGER), 'pni', CAST({r.pni} AS TEXT),
    'profile_name', CASE WHEN COALESCE(NULLIF({r.profile_joined_name}, ''), {r.signal_profile_name}) IS NOT people.name
      THEN CAST(COALESCE(NULLIF({r.profile_joined_name}, ''), {r.signal_profile_name}) AS TEXT) END,
    'contact_name', CASE WHEN COALESCE({r.system_joined_name}, {r.system_display_name}) IS NOT people.name
      THEN CAST(NULLIF(COALESCE({r.system_joined_name}, {r.system_display_name}), '') AS TEXT) END,
    'about', CASE WHEN NULLIF({r.note}, '') IS NOT NULL THEN CAST(NULLIF({r.about}, '') AS TEXT) END,
    'registered', CAST(NULLIF({r.registered}, 0) AS INTEGER), 'hidden', CAST(NULLIF({r.hidden}, 0) AS INTEGER))), '{}') AS extra,
  'recipient/_id=' || r._id AS record
FROM recipient r LEFT JOIN people ON people.id = r._id
WHERE NULLIF({r.group_id}, '') IS NULL AND {r.distribution_list_id} IS NULL
"""
)
ACCOUNT = (
    PEOPLE
    + OWNER
    + """
SELECT 'Signal' AS app, owner.key AS account_id, owner.name,
  COALESCE(NULLIF({r.e164}, ''), NULLIF({r.phone}, ''), owner.number) AS phone,
  NULLIF({r.username}, '') AS username, 1 AS is_owner, 'recipient/_id=' || owner.id AS record
FROM owner LEFT JOIN recipient r ON r._id = owner.id WHERE owner.id IS NOT NULL
"""
)
MEMBER = (
    PEOPLE
    + """
SELECT g.group_id AS chat_id, COALESCE(who.key, 'recipient/_id=' || g.recipient_id) AS person_id, who.name AS name,
  'group_membership/_id=' || g._id AS record
FROM group_membership g LEFT JOIN people who ON who.id = g.recipient_id
"""
)
GROUP = """
SELECT g.group_id AS chat_id, {g.members} AS members, {g.decrypted_group} AS state_blob, {g.active} AS active,
  'groups/_id=' || g._id AS record
FROM groups g
"""
PARTNER = (
    PEOPLE
    + CHATS
    + """
SELECT 'Signal' AS app, chats.key AS chat_id, chats.key AS person_id, chats.name AS name, 'thread/_id=' || t._id AS record
FROM thread t LEFT JOIN chats ON chats.id = t._id WHERE COALESCE(chats.kind, 'direct') = 'direct'
"""
)
DRAFT = (
    PEOPLE
    + OWNER
    + CHATS
    + """
SELECT 'Signal' AS app, (SELECT owner.key FROM owner) AS account_id, COALESCE(chats.key, 'thread/_id=' || d.thread_id) AS chat_id,
  chats.name AS chat_name, chats.kind AS chat_kind, 'outgoing' AS direction, 'draft' AS status,
  CASE d.type WHEN 'text' THEN 'text' ELSE 'unknown' END AS kind, 'draft:' || d.type AS raw_kind, d.value AS text,
  'drafts/_id=' || d._id AS record
FROM drafts d LEFT JOIN chats ON chats.id = d.thread_id
"""
)
