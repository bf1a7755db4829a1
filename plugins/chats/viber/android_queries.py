"""Queries on viber_messages of Viber for Android."""

from __future__ import annotations

# Who is behind a row of participants_info. One person may have two: one with the phone number, and one whose number is hidden
# (empty, or ciphertext); both carry the same encrypted_member_id. A hidden number gives the phone where that pairing is plain.
PEOPLE = """
WITH phones AS MATERIALIZED (
  SELECT {k.encrypted_member_id} AS member, MIN(CAST(k.number AS TEXT)) AS phone
  FROM participants_info k
  WHERE {k.encrypted_member_id} <> '' AND k.number <> '' AND k.number NOT GLOB '*[^-+0-9 ()]*'
  GROUP BY 1 HAVING COUNT(DISTINCT k.number) = 1
),
people AS MATERIALIZED (
  SELECT i._id AS info_id, {i.participant_type} AS participant_type,
         COALESCE(CASE WHEN i.number <> '' AND i.number NOT GLOB '*[^-+0-9 ()]*' THEN CAST(i.number AS TEXT) END,
                  phones.phone, NULLIF({i.member_id}, ''), NULLIF({i.encrypted_member_id}, ''),
                  NULLIF(CAST(i.number AS TEXT), ''), 'participants_info/_id=' || i._id) AS person_id,
         COALESCE(NULLIF({i.contact_name}, ''), NULLIF({i.display_name}, ''), NULLIF({i.viber_name}, '')) AS name
  FROM participants_info i LEFT JOIN phones ON phones.member = {i.encrypted_member_id}
),
known AS MATERIALIZED (
  SELECT said.identity, MIN(people.person_id) AS person_id, MIN(people.name) AS name
  FROM (
    SELECT CAST(n.number AS TEXT) AS identity, n._id AS info_id FROM participants_info n
    UNION ALL SELECT CAST({d.member_id} AS TEXT), d._id FROM participants_info d
    UNION ALL SELECT CAST({e.encrypted_member_id} AS TEXT), e._id FROM participants_info e
  ) said LEFT JOIN people ON people.info_id = said.info_id
  WHERE said.identity <> '' GROUP BY said.identity HAVING COUNT(DISTINCT people.person_id) = 1
),
owner AS MATERIALIZED (
  SELECT MIN(o.person_id) AS person_id FROM people o WHERE o.participant_type = 0
  GROUP BY 1 = 1 HAVING COUNT(DISTINCT o.person_id) = 1
),
chats AS MATERIALIZED (
  SELECT c._id AS conversation_id, COALESCE(NULLIF(CAST({c.group_id} AS TEXT), '0'), 'conversations/_id=' || c._id) AS chat_id,
         COALESCE(NULLIF({c.name}, ''), CASE WHEN {c.conversation_type} = 0 THEN partner.name END) AS chat_name,
         {c.conversation_type} AS type, NULLIF({c.deleted}, 0) AS deleted,
         CASE {c.conversation_type} WHEN 0 THEN 'direct' WHEN 1 THEN 'group' WHEN 5 THEN 'group' WHEN 6 THEN 'self'
           WHEN 4 THEN 'broadcast' END AS chat_kind,
         CASE WHEN {c.conversation_type} = 0 THEN partner.person_id END AS partner_id,
         CASE WHEN {c.conversation_type} = 0 THEN partner.name END AS partner_name,
         json_patch('{}', json_object('conversation', CAST(c._id AS INTEGER),
           'conversation_type', CAST({c.conversation_type} AS INTEGER), 'group_id', CAST(NULLIF({c.group_id}, 0) AS INTEGER),
           'chat_flags', CAST(NULLIF({c.flags}, 0) AS INTEGER),
           'chat_deleted', CAST(NULLIF({c.deleted}, 0) AS INTEGER))) AS about
  FROM conversations c LEFT JOIN people partner ON partner.info_id = {c.participant_id_1}
)"""

# Since about 2014 msg_date, send_type; before, date, type, address.
JOINS = """
FROM messages m
LEFT JOIN chats ON chats.conversation_id = m.conversation_id
LEFT JOIN participants p ON p._id = {m.participant_id}
LEFT JOIN people writer ON writer.info_id = p.participant_info_id
LEFT JOIN owner ON 1
LEFT JOIN known ON known.identity = COALESCE(NULLIF(CAST({m.address} AS TEXT), ''), CAST({m.user_id} AS TEXT))
"""
TIMEBOMB = "COALESCE({m.timebomb_in_sec}, {m.timebomb})"
CHAT_ID = "COALESCE(chats.chat_id, 'conversations/_id=' || NULLIF(m.conversation_id, 0), CAST({m.address} AS TEXT))"
EXPIRES_AT = f"""CASE WHEN {TIMEBOMB} > 0 AND {{m.read_message_time}} > 1000000000000
       THEN {{m.read_message_time}} + {TIMEBOMB} * 1000 END"""

# A message of which nothing is kept as JSON: nearly all in most databases. SQL gives the columns of the tables themselves, which
# takes a small part of the time. Whatever is not as the app writes it is read row by row, as is what is no plain message.
CODE = """CASE WHEN typeof(m.extra_mime) = 'text' AND m.extra_mime <> '' AND m.extra_mime NOT GLOB '*[^0-9]*'
    AND length(m.extra_mime) < 9 THEN CAST(m.extra_mime AS INTEGER) ELSE m.extra_mime END"""
NUMBERS = (
    "COALESCE({m.msg_date}, {m.date})",
    "COALESCE({m.send_type}, {m.type})",
    *(
        f"{{m.{name}}}"
        for name in (
            "deleted",
            "token",
            "order_key",
            "unread",
            "timebomb_in_sec",
            "timebomb",
            "likes_count",
            "read_message_time",
            "extra_duration",
        )
    ),
)
WORDS = ("m.body", "{m.msg_info}", "{m.description}", "{m.address}", "{m.user_id}", "{m.extra_uri}")
PLAIN = (
    "COALESCE({m.msg_info}, '') = '' AND COALESCE({m.quoted_message_data}, '') IN ('', '{}')"
    + " AND COALESCE({m.location_lat}, 0) = 0 AND COALESCE({m.location_lng}, 0) = 0"
    + " AND typeof(m.extra_mime) IN ('integer', 'text', 'null') AND COALESCE("
    + CODE
    + ", 0) NOT IN (7, 1007)"
    + "".join(f" AND typeof({column}) IN ('integer', 'null')" for column in NUMBERS)
    + "".join(f" AND typeof({column}) IN ('text', 'null')" for column in WORDS)
)
KIND = """CASE WHEN typeof(m.code) = 'text' THEN
      CASE WHEN lower(m.code) IN ('text', 'image', 'video', 'sticker', 'location') THEN lower(m.code) ELSE 'unknown' END
    ELSE CASE m.code WHEN 0 THEN 'text' WHEN 1 THEN 'image' WHEN 3 THEN 'video' WHEN 4 THEN 'sticker' WHEN 5 THEN 'location'
      WHEN 8 THEN 'link' WHEN 9 THEN 'contact' WHEN 10 THEN 'document' WHEN 1000 THEN 'system' WHEN 1002 THEN 'call'
      WHEN 1005 THEN 'gif' WHEN 1008 THEN 'deleted'
      WHEN 1009 THEN 'voice' WHEN 1010 THEN 'video' ELSE 'unknown' END
    END"""
PLAIN_MESSAGE = (
    PEOPLE
    + """,
m AS (
  SELECT owner.person_id AS account_id, """
    + CHAT_ID
    + """ AS chat_id, chats.chat_name, chats.chat_kind, m._id, COALESCE({m.msg_date}, {m.date}) AS sent_at,
    COALESCE({m.send_type}, {m.type}) AS send_type, m.extra_mime AS raw_kind, """
    + CODE
    + """ AS code, m.body, {m.status} AS status, NULLIF({m.deleted}, 0) AS deleted,
    CASE WHEN writer.person_id IS NOT NULL THEN writer.person_id
         WHEN COALESCE({m.send_type}, {m.type}) = 1 THEN owner.person_id
         ELSE COALESCE(chats.partner_id, known.person_id, NULLIF({m.address}, ''), NULLIF({m.user_id}, '')) END AS sender_id,
    CASE WHEN writer.person_id IS NOT NULL THEN writer.name WHEN COALESCE({m.send_type}, {m.type}) = 1 THEN NULL
         WHEN chats.partner_id IS NOT NULL THEN chats.partner_name ELSE known.name END AS sender_name,
    NULLIF({m.description}, '') AS description, NULLIF({m.address}, '') AS address, NULLIF({m.token}, 0) AS token,
    NULLIF({m.order_key}, 0) AS order_key, NULLIF({m.unread}, 0) AS unread, NULLIF("""
    + TIMEBOMB
    + """, 0) AS timebomb_s,
    NULLIF({m.likes_count}, 0) AS likes, NULLIF({m.read_message_time}, 0) AS read_message_time, """
    + EXPIRES_AT
    + """ AS expires_at,
    CASE typeof(chats.type) WHEN 'integer' THEN chats.type ELSE CAST(chats.type AS TEXT) END AS conversation_type,
    CASE typeof(chats.deleted) WHEN 'integer' THEN chats.deleted ELSE CAST(chats.deleted AS TEXT) END AS chat_deleted"""
    + JOINS
    + "WHERE "
    + PLAIN
    + """
)
SELECT 'Viber' AS app, m.account_id, m.chat_id, m.chat_name, m.chat_kind, m._id AS message_id, m.sent_at, m.expires_at,
  m.sender_id, m.sender_name, CASE WHEN m.code IS 1000 THEN 'system' ELSE
    CASE m.send_type WHEN 0 THEN 'incoming' WHEN 1 THEN 'outgoing' ELSE 'unknown' END END AS direction, """
    + KIND
    + """ AS kind, m.raw_kind, COALESCE(NULLIF(m.body, ''), m.description) AS text, 0 AS forwarded,
  m.deleted IS NOT NULL OR m.code IS 1008 AS deleted, m.status,
  NULLIF(json_patch('{}', json_object('meaning', CASE m.code WHEN 1010 THEN 'instant video' END,
    'hidden_on_device', m.deleted, 'chat_deleted', m.chat_deleted,
    'conversation_type', CASE WHEN m.conversation_type NOT IN (0, 1, 6) THEN m.conversation_type END,
    'send_type', CASE WHEN m.send_type NOT IN (0, 1) THEN m.send_type END, 'token', m.token,
    'order_key', CASE WHEN m.order_key IN (m.token, m.sent_at) THEN NULL ELSE m.order_key END, 'unread', m.unread,
    'timebomb_s', m.timebomb_s, 'read_message_time', m.read_message_time, 'description', m.description,
    'address', m.address, 'likes', m.likes)), '{}') AS extra,
  'messages/_id=' || m._id AS record
FROM m
"""
)
PLAIN_FILE = (
    PEOPLE
    + """,
m AS (
  SELECT m._id, """
    + CHAT_ID
    + """ AS chat_id, """
    + CODE
    + """ AS code, NULLIF({m.extra_uri}, '') AS extra_uri, NULLIF({m.description}, '') AS description,
    NULLIF({m.extra_duration}, 0) AS extra_duration
  FROM messages m LEFT JOIN chats ON chats.conversation_id = m.conversation_id
  WHERE """
    + PLAIN
    + """
)
SELECT 'Viber' AS app, m.chat_id, m._id AS message_id, m.extra_uri AS stored_path, m.description AS caption,
  NULLIF(json_patch('{}', json_object('extra_duration', m.extra_duration)), '{}') AS extra, 'messages/_id=' || m._id AS record
FROM m WHERE m.extra_uri IS NOT NULL OR """
    + KIND
    + """ IN ('image', 'video', 'gif', 'voice', 'document')
"""
)
MESSAGE = (
    PEOPLE
    + """
SELECT owner.person_id AS account_id, """
    + CHAT_ID
    + """ AS chat_id, chats.chat_name, chats.chat_kind, chats.type AS conversation_type, chats.deleted AS chat_deleted,
  m._id AS message_id, COALESCE({m.msg_date}, {m.date}) AS sent_at, COALESCE({m.send_type}, {m.type}) AS send_type,
  writer.person_id AS writer_id, writer.name AS writer_name, chats.partner_id, chats.partner_name,
  known.person_id AS known_id, known.name AS known_name, NULLIF(CAST({m.user_id} AS TEXT), '') AS user_id,
  {m.quoted_message_data} AS quoted, CAST(answered._id AS TEXT) AS reply_to,
  NULLIF(CAST({m.address} AS TEXT), '') AS address, m.extra_mime AS code, m.body, {m.msg_info} AS info,
  NULLIF({m.description}, '') AS description, {m.status} AS status, NULLIF({m.unread}, 0) AS unread,
  NULLIF({m.deleted}, 0) AS deleted, NULLIF({m.token}, 0) AS token, NULLIF({m.order_key}, 0) AS order_key,
  NULLIF({m.extra_uri}, '') AS extra_uri, NULLIF({m.extra_duration}, 0) AS extra_duration,
  {m.location_lat} AS latitude, {m.location_lng} AS longitude, NULLIF("""
    + TIMEBOMB
    + """, 0) AS timebomb_s,
  NULLIF({m.likes_count}, 0) AS likes, NULLIF({m.read_message_time}, 0) AS read_message_time, """
    + EXPIRES_AT
    + """ AS expires_at,
  'messages/_id=' || m._id AS record"""
    + JOINS
    + """LEFT JOIN (SELECT {t.token} AS token, MIN(t._id) AS _id FROM messages t WHERE {t.token} <> 0 GROUP BY 1) answered
  ON answered.token = CASE WHEN typeof({m.quoted_message_data}) = 'text' AND json_valid({m.quoted_message_data})
    THEN json_extract({m.quoted_message_data}, '$.token') END
"""
    + "WHERE ("
    + PLAIN
    + """) IS NOT TRUE
"""
)

MEMBER = (
    PEOPLE
    + """
SELECT 'Viber' AS app, COALESCE(chats.chat_id, 'conversations/_id=' || p.conversation_id) AS chat_id,
  COALESCE(who.person_id, 'participants_info/_id=' || p.participant_info_id) AS person_id,
  COALESCE(who.name, NULLIF({p.alias_name}, '')) AS name, {p.active} AS active,
  json_patch(COALESCE(chats.about, '{}'), json_object('device_owner', CASE WHEN who.participant_type = 0 THEN 1 END,
    'alias', CAST(NULLIF({p.alias_name}, '') AS TEXT), 'group_role', CAST({p.group_role} AS INTEGER))) AS extra,
  'participants/_id=' || p._id AS record
FROM participants p
LEFT JOIN chats ON chats.conversation_id = p.conversation_id
LEFT JOIN people who ON who.info_id = p.participant_info_id
"""
)

# Partners whom only the conversation names: eight places in old schemas, one or two since.
PARTNER = (
    PEOPLE
    + """,
seats (seat) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8)),
seated AS (
  SELECT c._id AS conversation_id, seats.seat,
         CASE seats.seat WHEN 1 THEN {c.participant_id_1} WHEN 2 THEN {c.participant_id_2} WHEN 3 THEN {c.participant_id_3}
           WHEN 4 THEN {c.participant_id_4} WHEN 5 THEN {c.participant_id_5} WHEN 6 THEN {c.participant_id_6}
           WHEN 7 THEN {c.participant_id_7} WHEN 8 THEN {c.participant_id_8} END AS info_id
  FROM conversations c CROSS JOIN seats
)
SELECT 'Viber' AS app, chats.chat_id, COALESCE(who.person_id, 'participants_info/_id=' || seated.info_id) AS person_id,
  who.name, chats.about AS extra,
  'conversations/_id=' || seated.conversation_id || ' participant_id_' || seated.seat AS record
FROM seated
LEFT JOIN chats ON chats.conversation_id = seated.conversation_id
LEFT JOIN people who ON who.info_id = seated.info_id
WHERE seated.info_id > 0 AND seated.conversation_id || '/' || seated.info_id NOT IN (
  SELECT p.conversation_id || '/' || p.participant_info_id FROM participants p
  WHERE p.conversation_id IS NOT NULL AND p.participant_info_id IS NOT NULL)
"""
)

PERSON = (
    PEOPLE
    + """
SELECT owner.person_id AS account_id, people.person_id, people.name, NULLIF(CAST(i.number AS TEXT), '') AS number,
  people.participant_type, NULLIF({i.contact_name}, '') AS contact_name, NULLIF({i.display_name}, '') AS display_name,
  NULLIF({i.viber_name}, '') AS viber_name, NULLIF({i.member_id}, '') AS member_id,
  NULLIF({i.encrypted_member_id}, '') AS encrypted_member_id, 'participants_info/_id=' || i._id AS record
FROM participants_info i
LEFT JOIN people ON people.info_id = i._id
LEFT JOIN owner ON 1
"""
)

# A like names its message by the token of it. Whether a type of it stands for another sign no source says: as stored.
LIKE = (
    PEOPLE
    + """
SELECT 'Viber' AS app, chats.chat_id, CAST(liked._id AS TEXT) AS message_id,
  COALESCE(known.person_id, NULLIF(CAST({l.participant_number} AS TEXT), '')) AS person_id,
  COALESCE('type ' || {l.type}, 'like') AS value, {l.date} AS reacted_at,
  json_patch('{}', json_object('message_token', CAST(l.message_token AS INTEGER),
    'like_token', CAST(NULLIF({l.like_token}, 0) AS INTEGER), 'status', CAST(NULLIF({l.status}, 0) AS INTEGER))) AS extra,
  'messages_likes/_id=' || l._id AS record
FROM messages_likes l
LEFT JOIN (
  SELECT {t.token} AS token, MIN(t._id) AS _id, MIN(t.conversation_id) AS conversation
  FROM messages t WHERE {t.token} <> 0 GROUP BY 1
) liked ON liked.token = l.message_token
LEFT JOIN chats ON chats.conversation_id = liked.conversation
LEFT JOIN known ON known.identity = CAST({l.participant_number} AS TEXT)
"""
)

# The calls of the chats; viber_data has a log of its own, with the same tokens.
CALL = (
    PEOPLE
    + """
SELECT 'Viber' AS app, owner.person_id AS account_id, NULLIF(CAST({c.token} AS TEXT), '0') AS call_id,
  COALESCE(chats.chat_id, 'conversations/_id=' || NULLIF({c.conversation_id}, 0)) AS chat_id, c.date AS started_at,
  c.duration AS duration_s, CASE c.type WHEN 1 THEN 'incoming' WHEN 2 THEN 'outgoing' WHEN 3 THEN 'incoming' ELSE 'unknown' END
    AS direction,
  CASE WHEN c.type = 3 THEN 'missed' WHEN {c.end_reason} = 10 THEN 'answered elsewhere' WHEN c.duration > 0 THEN 'answered'
       ELSE 'end_reason ' || {c.end_reason} END AS outcome,
  CASE {c.viber_call_type} WHEN 1 THEN 0 WHEN 4 THEN 1 END AS video,
  COALESCE(known.person_id, NULLIF(CAST({c.canonized_number} AS TEXT), '')) AS peer_id, known.name AS peer_name,
  json_patch('{}', json_object('message_id', CAST(NULLIF({c.message_id}, 0) AS INTEGER), 'type', CAST(c.type AS INTEGER),
    'viber_call_type', CAST({c.viber_call_type} AS INTEGER), 'end_reason', CAST({c.end_reason} AS INTEGER),
    'start_reason', CAST({c.start_reason} AS INTEGER))) AS extra, 'messages_calls/_id=' || c._id AS record
FROM messages_calls c
LEFT JOIN chats ON chats.conversation_id = {c.conversation_id}
LEFT JOIN known ON known.identity = CAST({c.canonized_number} AS TEXT)
LEFT JOIN owner ON 1
"""
)

DRAFT = (
    PEOPLE
    + """
SELECT 'Viber' AS app, owner.person_id AS account_id, chats.chat_id, chats.chat_name, chats.chat_kind,
  owner.person_id AS sender_id, 'outgoing' AS direction, 'text' AS kind, CAST({v.message_draft} AS TEXT) AS text,
  'draft' AS status, 'conversations/_id=' || v._id || ' message_draft' AS record
FROM conversations v LEFT JOIN chats ON chats.conversation_id = v._id LEFT JOIN owner ON 1
WHERE {v.message_draft} <> ''
"""
)
