"""Queries for everything in msgstore.db that hangs on a message, a chat or a person.

Names in braces are columns that only some versions have. Tables of the older schema have queries ending in OLD.
"""

from .android_messages import PEOPLE

# The message that a row of a side table belongs to: `parent` in the newer schema, `elder` in the older one.
PARENT = """
LEFT JOIN message parent ON parent._id = side.message_row_id
LEFT JOIN chats ON chats.chat_row_id = parent.chat_row_id
LEFT JOIN messages elder ON elder._id = side.message_row_id
"""
PARENT_ID = """COALESCE(chats.chat_id, {elder.key_remote_jid}, 'chat/_id=' || parent.chat_row_id) AS chat_id,
  COALESCE(NULLIF(parent.key_id, '-1'), {elder.key_id}) AS message_id"""

MEDIA = (
    PEOPLE
    + """
SELECT '{app}' AS app, """
    + PARENT_ID
    + """, NULLIF({side.media_name}, '') AS name, NULLIF({side.file_path}, '') AS stored_path,
  NULLIF({side.mime_type}, '') AS mime, COALESCE(NULLIF({side.file_size}, 0), NULLIF({side.file_length}, 0)) AS size,
  {side.file_hash} AS sha256, NULLIF({side.width}, 0) AS width, NULLIF({side.height}, 0) AS height,
  NULLIF({side.media_duration}, 0) AS duration_s,
  COALESCE(NULLIF({side.media_caption}, ''), NULLIF({elder.media_caption}, '')) AS caption,
  COALESCE(NULLIF({side.message_url}, ''), NULLIF({side.direct_path}, '')) AS url,
  {elder.thumb_image} AS media_data,
  NULLIF(json_patch('{}', json_object('thumbnail_bytes', length({thumbnail.thumbnail}),
    'enc_hash', CAST(NULLIF({side.enc_file_hash}, '') AS TEXT),
    'original_hash', CAST(NULLIF({side.original_file_hash}, '') AS TEXT),
    'transferred', CAST({side.transferred} AS INTEGER), 'pages', CAST(NULLIF({side.page_count}, 0) AS INTEGER),
    'transcript', CAST(NULLIF({side.raw_transcription_text}, '') AS TEXT),
    'described_as', CAST(NULLIF({side.accessibility_label}, '') AS TEXT),
    'first_viewed_at',
    strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({side.first_viewed_timestamp}, 0) / 1000, 'unixepoch'))), '{}') AS extra,
  'message_media/message_row_id=' || side.message_row_id AS record
FROM message_media side """
    + PARENT
    + """
LEFT JOIN message_thumbnail thumbnail ON thumbnail.message_row_id = side.message_row_id
"""
)

THUMBNAILS = (
    PEOPLE
    + """
SELECT '{app}' AS app, """
    + PARENT_ID
    + """, json_object('thumbnail_bytes', length(side.thumbnail)) AS extra,
  'message_thumbnail/message_row_id=' || side.message_row_id AS record
FROM message_thumbnail side """
    + PARENT
    + """
LEFT JOIN message_media media ON media.message_row_id = side.message_row_id
WHERE media.message_row_id IS NULL AND side.thumbnail IS NOT NULL
"""
)

# The older schema keeps the local path in a serialised Java object, com.whatsapp.MediaData, in thumb_image.
MEDIA_OLD = """
SELECT '{app}' AS app, m.key_remote_jid AS chat_id, m.key_id AS message_id, NULLIF({m.media_name}, '') AS name,
  {m.thumb_image} AS media_data, NULLIF({m.media_mime_type}, '') AS mime, NULLIF({m.media_size}, 0) AS size,
  {m.media_hash} AS sha256, NULLIF({m.media_duration}, 0) AS duration_s, NULLIF({m.media_caption}, '') AS caption,
  NULLIF({m.media_url}, '') AS url,
  NULLIF(json_patch('{}', json_object('thumbnail_bytes', thumbnail.bytes,
    'enc_hash', CAST(NULLIF({m.media_enc_hash}, '') AS TEXT))), '{}') AS extra, 'messages/_id=' || m._id AS record
FROM messages m
LEFT JOIN message_media media ON media.message_row_id = m._id
LEFT JOIN (
  SELECT t.key_remote_jid, t.key_from_me, t.key_id, MAX(length(t.thumbnail)) AS bytes FROM message_thumbnails t
  GROUP BY t.key_remote_jid, t.key_from_me, t.key_id
) thumbnail ON thumbnail.key_id = m.key_id AND thumbnail.key_remote_jid = m.key_remote_jid
  AND thumbnail.key_from_me = m.key_from_me
WHERE media.message_row_id IS NULL AND m.key_remote_jid IS NOT '-1'
  AND CAST(m.media_wa_type AS INTEGER) IN (1, 2, 3, 9, 13, 20, 42, 43, 82)
"""

LOCATIONS = (
    PEOPLE
    + """
SELECT COALESCE(parent.timestamp, {elder.timestamp}) AS at, side.latitude, side.longitude,
  CASE WHEN {side.live_location_share_duration} > 0 OR parent.message_type = 16 THEN 'live_location' ELSE 'message' END AS kind,
  COALESCE(NULLIF({side.place_name}, '') || char(10) || NULLIF({side.place_address}, ''), NULLIF({side.place_name}, ''),
           NULLIF({side.place_address}, '')) AS label,
  COALESCE(NULLIF(parent.key_id, '-1'), {elder.key_id}) AS ref,
  NULLIF(json_patch('{}', json_object('chat_id', CAST(COALESCE(chats.chat_id, {elder.key_remote_jid}) AS TEXT),
    'url', CAST(NULLIF({side.url}, '') AS TEXT),
    'shared_for_s', CAST(NULLIF({side.live_location_share_duration}, 0) AS INTEGER))), '{}') AS extra,
  'message_location/message_row_id=' || side.message_row_id AS record
FROM message_location side """
    + PARENT
    + """
WHERE side.latitude <> 0 OR side.longitude <> 0
"""
)

LAST_LOCATIONS = (
    PEOPLE
    + """
SELECT {side.live_location_final_timestamp} AS at, {side.live_location_final_latitude} AS latitude,
  {side.live_location_final_longitude} AS longitude, 'live_location' AS kind,
  COALESCE(NULLIF(parent.key_id, '-1'), {elder.key_id}) AS ref,
  json_object('chat_id', CAST(COALESCE(chats.chat_id, {elder.key_remote_jid}) AS TEXT), 'position', 'last') AS extra,
  'message_location/message_row_id=' || side.message_row_id || ' live_location_final' AS record
FROM message_location side """
    + PARENT
    + """
WHERE {side.live_location_final_latitude} <> 0 OR {side.live_location_final_longitude} <> 0
"""
)

LOCATIONS_OLD = """
SELECT m.timestamp AS at, {m.latitude} AS latitude, {m.longitude} AS longitude,
  CASE CAST(m.media_wa_type AS INTEGER) WHEN 16 THEN 'live_location' ELSE 'message' END AS kind,
  NULLIF({m.media_name}, '') AS label, m.key_id AS ref,
  NULLIF(json_patch('{}', json_object('chat_id', CAST(m.key_remote_jid AS TEXT),
    'url', CAST(NULLIF({m.media_url}, '') AS TEXT))), '{}') AS extra,
  'messages/_id=' || m._id AS record
FROM messages m
LEFT JOIN message_location place ON place.message_row_id = m._id
WHERE place.message_row_id IS NULL AND CAST(m.media_wa_type AS INTEGER) IN (5, 16)
  AND ({m.latitude} <> 0 OR {m.longitude} <> 0)
"""

# Of add-ons, type 56 is a reaction and 67 a vote. In a chat of two the sender is not stored: it is the partner.
ADD_ON = (
    PEOPLE
    + """
SELECT '{app}' AS app, """
    + PARENT_ID
    + """,
  CASE WHEN side.from_me = 1 THEN {account} ELSE COALESCE(author.person_id, chats.partner_id) END AS person_id,
"""
)
ADD_ON_PARENT = """
LEFT JOIN message parent ON parent._id = side.parent_message_row_id
LEFT JOIN chats ON chats.chat_row_id = COALESCE(parent.chat_row_id, {side.chat_row_id})
LEFT JOIN messages elder ON elder._id = side.parent_message_row_id
LEFT JOIN people author ON author.jid_row_id = {side.sender_jid_row_id}
"""
REACTION = (
    ADD_ON
    + """
  NULLIF(emoji.reaction, '') AS value, COALESCE(NULLIF({emoji.sender_timestamp}, 0), side.timestamp) AS reacted_at,
  NULLIF(json_patch('{}', json_object('from_owner', CAST(NULLIF(side.from_me, 0) AS INTEGER),
    'removed', CASE WHEN COALESCE(emoji.reaction, '') = '' THEN 1 END, 'lid', CAST(author.lid AS TEXT))), '{}') AS extra,
  'message_add_on/_id=' || side._id AS record
FROM message_add_on side
LEFT JOIN message_add_on_reaction emoji ON emoji.message_add_on_row_id = side._id
"""
    + ADD_ON_PARENT
    + """
WHERE side.message_add_on_type = 56
"""
)
VOTE = (
    ADD_ON
    + """
  choice.option_name AS value, COALESCE(NULLIF({ballot.sender_timestamp}, 0), side.timestamp) AS reacted_at,
  NULLIF(json_patch('{}', json_object('vote', 1, 'from_owner', CAST(NULLIF(side.from_me, 0) AS INTEGER),
    'lid', CAST(author.lid AS TEXT))), '{}') AS extra,
  'message_add_on/_id=' || side._id || COALESCE(' message_poll_option/_id=' || picked.message_poll_option_id, '') AS record
FROM message_add_on side
LEFT JOIN message_add_on_poll_vote ballot ON ballot.message_add_on_row_id = side._id
LEFT JOIN message_add_on_poll_vote_selected_option picked ON picked.message_add_on_row_id = side._id
LEFT JOIN message_poll_option choice ON choice._id = picked.message_poll_option_id
"""
    + ADD_ON_PARENT
    + """
WHERE side.message_add_on_type = 67
"""
)
# Type 68 keeps a disappearing message, 79 pins one, 93 answers an event; the state of each as stored.
MARK = (
    ADD_ON
    + """
  CASE side.message_add_on_type WHEN 68 THEN 'keep' WHEN 79 THEN 'pin' ELSE 'response ' || {answer.response} END AS value,
  COALESCE(NULLIF(COALESCE({kept.sender_timestamp}, {pinned.sender_timestamp}, {answer.sender_timestamp}), 0), side.timestamp)
    AS reacted_at,
  NULLIF(json_patch('{}', json_object('add_on', CAST(side.message_add_on_type AS INTEGER),
    'state', CAST(COALESCE({kept.keep_in_chat_state}, {pinned.pin_in_chat_state}) AS INTEGER),
    'guests', CAST(NULLIF({answer.extra_guest_count}, 0) AS INTEGER),
    'from_owner', CAST(NULLIF(side.from_me, 0) AS INTEGER), 'lid', CAST(author.lid AS TEXT))), '{}') AS extra,
  'message_add_on/_id=' || side._id AS record
FROM message_add_on side
LEFT JOIN message_add_on_keep_in_chat kept ON kept.message_add_on_row_id = side._id
LEFT JOIN message_add_on_pin_in_chat pinned ON pinned.message_add_on_row_id = side._id
LEFT JOIN message_add_on_event_response answer ON answer.message_add_on_row_id = side._id
"""
    + ADD_ON_PARENT
    + """
WHERE side.message_add_on_type IN (68, 79, 93)
"""
)
# Channels do not say who reacted, only how many did.
CHANNEL_REACTION = (
    PEOPLE
    + """
SELECT '{app}' AS app, """
    + PARENT_ID
    + """, NULLIF(side.reaction, '') AS value,
  json_object('count', CAST(side.reaction_count AS INTEGER)) AS extra,
  'newsletter_message_reaction/_id=' || side._id AS record
FROM newsletter_message_reaction side """
    + PARENT
)
OTHER_ADD_ONS = """
SELECT side.message_add_on_type AS type, COUNT(*) AS rows FROM message_add_on side
WHERE COALESCE(side.message_add_on_type, -1) NOT IN (56, 67, 68, 74, 79, 93) GROUP BY side.message_add_on_type
"""

RECEIPT = (
    PEOPLE
    + """
SELECT '{app}' AS app, """
    + PARENT_ID
    + """,
  COALESCE(reader.person_id, 'jid/_id=' || side.receipt_user_jid_row_id) AS person_id, {side.receipt_timestamp} AS delivered_at,
  {side.read_timestamp} AS read_at, {side.played_timestamp} AS played_at, 'receipt_user/_id=' || side._id AS record
FROM receipt_user side """
    + PARENT
    + """
LEFT JOIN people reader ON reader.jid_row_id = side.receipt_user_jid_row_id
"""
)
# The id of a device names its user and, after a colon, its number: 0 is the phone, others are linked computers and tablets.
RECEIPT_OF_DEVICE = (
    PEOPLE
    + """
SELECT '{app}' AS app, """
    + PARENT_ID
    + """,
  COALESCE(reader.person_id, {device.user} || '@' || {device.server}, 'jid/_id=' || side.receipt_device_jid_row_id) AS person_id,
  {side.receipt_device_timestamp} AS delivered_at,
  json_object('device', CAST(COALESCE({device.device}, 0) AS INTEGER), 'device_id', CAST(device.raw_string AS TEXT)) AS extra,
  'receipt_device/_id=' || side._id AS record
FROM receipt_device side """
    + PARENT
    + """
LEFT JOIN jid device ON device._id = side.receipt_device_jid_row_id
LEFT JOIN people reader ON reader.jid = {device.user} || '@' || {device.server}
"""
)
RECEIPT_OLD = """
SELECT '{app}' AS app, r.key_remote_jid AS chat_id, r.key_id AS message_id,
  COALESCE(NULLIF({r.remote_resource}, ''), r.key_remote_jid) AS person_id, {r.receipt_device_timestamp} AS delivered_at,
  {r.read_device_timestamp} AS read_at, {r.played_device_timestamp} AS played_at, 'receipts/_id=' || r._id AS record
FROM receipts r
"""

MEMBERS = (
    PEOPLE
    + """
SELECT '{app}' AS app, COALESCE(room.jid, 'jid/_id=' || side.group_jid_row_id) AS chat_id,
  COALESCE(member.person_id, 'jid/_id=' || side.user_jid_row_id) AS person_id, member.name,
  CASE WHEN {side.rank} = 0 THEN 'member' WHEN {side.rank} > 0 THEN 'admin' END AS role,
  {side.add_timestamp} AS joined_at, 1 AS active,
  NULLIF(json_patch('{}', json_object('rank', CAST({side.rank} AS INTEGER),
    'pending', CAST(NULLIF({side.pending}, 0) AS INTEGER),
    'lid', CAST(member.lid AS TEXT))), '{}') AS extra,
  'group_participant_user/_id=' || side._id AS record
FROM group_participant_user side
LEFT JOIN people room ON room.jid_row_id = side.group_jid_row_id
LEFT JOIN people member ON member.jid_row_id = side.user_jid_row_id
"""
)
# Unix seconds or milliseconds, told apart by magnitude: the column is not documented.
PAST_MEMBERS = (
    PEOPLE
    + """
SELECT '{app}' AS app, COALESCE(room.jid, 'jid/_id=' || side.group_jid_row_id) AS chat_id,
  COALESCE(member.person_id, 'jid/_id=' || side.user_jid_row_id) AS person_id, member.name,
  CASE WHEN {side.timestamp} < 100000000000 THEN {side.timestamp} * 1000 ELSE {side.timestamp} END AS left_at, 0 AS active,
  NULLIF(json_patch('{}', json_object('is_leave', CAST({side.is_leave} AS INTEGER),
    'lid', CAST(member.lid AS TEXT))), '{}') AS extra,
  'group_past_participant_user/rowid=' || side.rowid AS record
FROM group_past_participant_user side
LEFT JOIN people room ON room.jid_row_id = side.group_jid_row_id
LEFT JOIN people member ON member.jid_row_id = side.user_jid_row_id
"""
)
# WhatsApp leaves this table behind when it moves to group_participant_user: whether it is current is then not known.
MEMBERS_OLD = (
    PEOPLE
    + """
SELECT '{app}' AS app, g.gjid AS chat_id, NULLIF(g.jid, '') AS person_id, book.name,
  CASE WHEN {g.admin} = 0 THEN 'member' WHEN {g.admin} > 0 THEN 'admin' END AS role,
  CASE WHEN NOT EXISTS (SELECT newer._id FROM group_participant_user newer) THEN 1 END AS active,
  NULLIF(json_patch('{}', json_object('admin', CAST({g.admin} AS INTEGER),
    'pending', CAST(NULLIF({g.pending}, 0) AS INTEGER))), '{}') AS extra,
  'group_participants/_id=' || g._id AS record
FROM group_participants g LEFT JOIN book ON book.jid = g.jid
"""
)
# The partner of every chat of two, so that a chat with no message left, or with nobody of the address book, is seen.
PARTNERS = (
    PEOPLE
    + """
SELECT '{app}' AS app, chats.chat_id, chats.partner_id AS person_id, chats.partner_name AS name, 1 AS active,
  NULLIF(json_patch('{}', json_object('hidden', CAST(NULLIF({c.hidden}, 0) AS INTEGER),
    'archived', CAST(NULLIF({c.archived}, 0) AS INTEGER), 'lid', CAST(chats.partner_lid AS TEXT))), '{}') AS extra,
  'chat/_id=' || c._id AS record
FROM chat c LEFT JOIN chats ON chats.chat_row_id = c._id WHERE chats.partner_id IS NOT NULL
"""
)
GROUP_HISTORY = """
SELECT '{app}' AS app, {account} AS account_id, h.gjid AS chat_id,
  NULLIF(list.subject, '') AS chat_name, 'group' AS chat_kind, 'system' AS direction,
  'system' AS kind, CASE WHEN h.timestamp < 100000000000 THEN h.timestamp * 1000 ELSE h.timestamp END AS sent_at,
  json_object('member_change', CAST(h.action AS INTEGER), 'persons', json_array(CAST(NULLIF(h.jid, '') AS TEXT))) AS extra,
  'group_participants_history/_id=' || h._id AS record
FROM group_participants_history h LEFT JOIN chat_list list ON list.key_remote_jid = h.gjid
"""

# A call that was missed may stand in call_log and, with its message, in missed_call_logs: it is one call. The two are paired by
# message_call_log, or are of the same person and the same second.
CALLS = (
    PEOPLE
    + """,
missed AS MATERIALIZED (
  SELECT side._id AS missed_pk, side.message_row_id,
         COALESCE(NULLIF(parent.key_id, '-1'), {elder.key_id}) AS message_id,
         COALESCE(room.jid, chats.chat_id, {elder.key_remote_jid}) AS chat_id,
         COALESCE(NULLIF({side.timestamp}, 0), parent.timestamp, {elder.timestamp}) AS at,
         COALESCE(author.person_id, chats.partner_id, NULLIF({elder.remote_resource}, ''), {elder.key_remote_jid}) AS peer_id,
         COALESCE(author.name, chats.partner_name) AS peer_name, room.jid AS room, {side.video_call} AS video
  FROM missed_call_logs side """
    + PARENT
    + """
  LEFT JOIN people author ON author.jid_row_id = NULLIF({parent.sender_jid_row_id}, 0)
  LEFT JOIN people room ON room.jid_row_id = NULLIF({side.group_jid_row_id}, 0)
),
callers AS MATERIALIZED (
  SELECT caller.person_id AS who, near._id AS call_pk, near.timestamp AS at
  FROM call_log near LEFT JOIN people caller ON caller.jid_row_id = near.jid_row_id WHERE near.from_me = 0
  UNION
  SELECT hidden.jid, silent._id, silent.timestamp
  FROM call_log silent LEFT JOIN people hidden ON hidden.jid_row_id = silent.jid_row_id WHERE silent.from_me = 0
),
same AS MATERIALIZED (
  SELECT missed.missed_pk, MIN(missed.message_id) AS message_id,
         COALESCE(MIN(paired.call_log_row_id), MIN(callers.call_pk)) AS call_pk
  FROM missed
  LEFT JOIN message_call_log paired ON paired.message_row_id = missed.message_row_id
  LEFT JOIN callers ON callers.who = missed.peer_id AND abs(callers.at - missed.at) < 1000
  GROUP BY missed.missed_pk
)"""
)
CALL = (
    CALLS
    + """,
others AS MATERIALIZED (
  SELECT part.call_log_row_id,
         json_group_array(CAST(COALESCE(person.person_id, 'jid/_id=' || part.jid_row_id) AS TEXT)) AS members
  FROM call_log_participant_v2 part LEFT JOIN people person ON person.jid_row_id = part.jid_row_id GROUP BY part.call_log_row_id
),
also AS MATERIALIZED (
  SELECT same.call_pk, MIN(same.missed_pk) AS missed_pk, MIN(same.message_id) AS message_id FROM same
  WHERE same.call_pk IS NOT NULL GROUP BY same.call_pk
),
shown AS MATERIALIZED (
  SELECT told.call_log_row_id, MIN(note.key_id) AS message_id FROM message_call_log told
  LEFT JOIN message note ON note._id = told.message_row_id GROUP BY told.call_log_row_id
)
SELECT '{app}' AS app, {account} AS account_id, NULLIF({c.call_id}, '') AS call_id,
  COALESCE(room.jid, peer.jid) AS chat_id, c.timestamp AS started_at,
  {c.duration} AS duration_s, CASE c.from_me WHEN 1 THEN 'outgoing' WHEN 0 THEN 'incoming' ELSE 'unknown' END AS direction,
  CASE c.call_result WHEN 5 THEN 'answered' WHEN 2 THEN 'missed' WHEN 3 THEN 'unavailable' WHEN 4 THEN 'rejected'
    ELSE 'unknown (' || c.call_result || ')' END AS outcome,
  {c.video_call} AS video, COALESCE(peer.person_id, 'jid/_id=' || c.jid_row_id) AS peer_id,
  peer.name AS peer_name, others.members,
  NULLIF(json_patch('{}', json_object('call_result', CAST(c.call_result AS INTEGER), 'lid', CAST(peer.lid AS TEXT),
    'group', CAST(room.jid AS TEXT), 'creator', CAST(creator.jid AS TEXT),
    'message_id', CAST(COALESCE(shown.message_id, also.message_id) AS TEXT),
    'missed_call_logs', CAST(also.missed_pk AS INTEGER),
    'bytes', CAST(NULLIF({c.bytes_transferred}, 0) AS INTEGER))), '{}') AS extra,
  'call_log/_id=' || c._id AS record
FROM call_log c
LEFT JOIN people peer ON peer.jid_row_id = c.jid_row_id
LEFT JOIN people room ON room.jid_row_id = NULLIF({c.group_jid_row_id}, 0)
LEFT JOIN people creator ON creator.jid_row_id = NULLIF({c.call_creator_device_jid_row_id}, 0)
LEFT JOIN others ON others.call_log_row_id = c._id
LEFT JOIN also ON also.call_pk = c._id
LEFT JOIN shown ON shown.call_log_row_id = c._id
"""
)
MISSED_CALL = (
    CALLS
    + """,
others AS MATERIALIZED (
  SELECT part.call_logs_row_id, json_group_array(CAST(part.jid AS TEXT)) AS members
  FROM missed_call_log_participant part GROUP BY part.call_logs_row_id
)
SELECT '{app}' AS app, {account} AS account_id, missed.chat_id, missed.at AS started_at,
  'incoming' AS direction, 'missed' AS outcome, missed.video,
  missed.peer_id, missed.peer_name, others.members,
  NULLIF(json_patch('{}', json_object('message_id', CAST(missed.message_id AS TEXT), 'group', CAST(missed.room AS TEXT))), '{}')
    AS extra,
  'missed_call_logs/_id=' || missed.missed_pk AS record
FROM missed
LEFT JOIN others ON others.call_logs_row_id = missed.missed_pk
WHERE missed.missed_pk NOT IN (SELECT same.missed_pk FROM same JOIN call_log there ON there._id = same.call_pk)
"""
)

KNOWN_LIDS = (
    PEOPLE
    + """
SELECT '{app}' AS app, {account} AS account_id, people.person_id, people.name,
  NULLIF({said.username}, '') AS username,
  json_object('lid', CAST(people.jid AS TEXT)) AS extra, 'jid_map/lid_row_id=' || pair.lid_row_id AS record
FROM jid_map pair
LEFT JOIN people ON people.jid_row_id = pair.lid_row_id
LEFT JOIN lid_display_name said ON said.lid_row_id = pair.lid_row_id
"""
)
NAMED_LIDS = (
    PEOPLE
    + """
SELECT '{app}' AS app, {account} AS account_id, people.person_id, people.name,
  NULLIF({said.username}, '') AS username,
  'lid_display_name/lid_row_id=' || said.lid_row_id AS record
FROM lid_display_name said
LEFT JOIN people ON people.jid_row_id = said.lid_row_id
LEFT JOIN jid_map pair ON pair.lid_row_id = said.lid_row_id
WHERE pair.lid_row_id IS NULL
"""
)
CHANNELS = (
    PEOPLE
    + """
SELECT '{app}' AS app, {account} AS account_id,
  COALESCE(chats.chat_id, 'chat/_id=' || n.chat_row_id) AS person_id, NULLIF(n.name, '') AS name,
  NULLIF({n.handle}, '') AS username, NULLIF({n.description}, '') AS note,
  NULLIF(json_patch('{}', json_object('invite_code', CAST(NULLIF({n.invite_code}, '') AS TEXT),
    'subscribers', CAST({n.subscribers_count} AS INTEGER), 'membership', CAST({n.membership} AS INTEGER),
    'verified', CAST(NULLIF({n.verified}, 0) AS INTEGER))), '{}') AS extra,
  'newsletter/chat_row_id=' || n.chat_row_id AS record
FROM newsletter n LEFT JOIN chats ON chats.chat_row_id = n.chat_row_id
"""
)
# Text that was typed and not sent. Seconds or milliseconds, told apart by magnitude: the column is not documented.
DRAFT = (
    PEOPLE
    + """
SELECT '{app}' AS app, {account} AS account_id, {account} AS sender_id,
  COALESCE(chats.chat_id, 'chat/_id=' || d.chat_row_id) AS chat_id, chats.chat_name, chats.chat_kind,
  CASE WHEN d.timestamp < 100000000000 THEN d.timestamp * 1000 ELSE d.timestamp END AS sent_at, 'outgoing' AS direction,
  'text' AS kind, {d.message_type} AS raw_kind, d.text, quoted.key_id AS reply_to, 'draft' AS status,
  'composition/_id=' || d._id AS record
FROM composition d
LEFT JOIN chats ON chats.chat_row_id = d.chat_row_id
LEFT JOIN message quoted ON quoted._id = NULLIF({d.quoted_message_row_id}, 0)
"""
)
OWNER = """
SELECT '{app}' AS app, {account} AS account_id, props.value AS name, 1 AS is_owner, 'props/key=user_push_name' AS record
FROM props WHERE props.key = 'user_push_name' AND props.value <> ''
"""

# amount_1000 is the amount in thousandths of the currency. Seconds or milliseconds, told apart by magnitude. Columns as in the
# schema of 2022; no payment was seen.
PAYMENT = (
    PEOPLE
    + """
SELECT '{app}' AS platform, 'p2p' AS kind, NULLIF(side.currency_code, '') AS asset, NULLIF({side.id}, '') AS txid,
  CASE WHEN side.timestamp < 100000000000 THEN side.timestamp * 1000 ELSE side.timestamp END AS at, 'unknown' AS direction,
  CASE WHEN side.amount_1000 >= 0 THEN printf('%d.%03d', side.amount_1000 / 1000, side.amount_1000 % 1000) END AS amount,
  payer.person_id AS from_address,
  payee.person_id AS to_address, {side.status} AS status,
  NULLIF(json_patch('{}', json_object('type', CAST({side.type} AS INTEGER),
    'chat_id', CAST(COALESCE(chats.chat_id, {elder.key_remote_jid}) AS TEXT),
    'message_id', CAST(COALESCE(NULLIF(parent.key_id, '-1'), {elder.key_id}) AS TEXT))), '{}') AS extra,
  'pay_transaction/_id=' || side._id AS record
FROM pay_transaction side """
    + PARENT
    + """
LEFT JOIN people payer ON payer.jid_row_id = {side.sender_jid_row_id}
LEFT JOIN people payee ON payee.jid_row_id = {side.receiver_jid_row_id}
"""
)
PAYMENT_OLD = """
SELECT '{app}' AS platform, 'p2p' AS kind, NULLIF({p.currency}, '') AS asset, NULLIF({p.id}, '') AS txid,
  CASE WHEN p.timestamp < 100000000000 THEN p.timestamp * 1000 ELSE p.timestamp END AS at, 'unknown' AS direction,
  CASE WHEN p.amount_1000 >= 0 THEN printf('%d.%03d', p.amount_1000 / 1000, p.amount_1000 % 1000) END AS amount,
  NULLIF({p.sender}, '') AS from_address, NULLIF({p.receiver}, '') AS to_address, {p.status} AS status,
  NULLIF(json_patch('{}', json_object('type', CAST({p.type} AS INTEGER), 'chat_id', CAST({p.key_remote_jid} AS TEXT),
    'message_id', CAST({p.key_id} AS TEXT))), '{}') AS extra,
  'pay_transactions/rowid=' || p.rowid AS record
FROM pay_transactions p
"""
