"""Queries for the messages of msgstore.db: one for each family of its schemas, and what both share.

Names in braces are columns that only some versions have. Row ids of both families number the same message alike, so one set
of side tables (`message_media`, `message_quoted`...) serves either. `{app}` is the name of the app,
`{account}` the id of its owner.
"""

from .android_facts import FACTS

# Who is behind a row of `jid`. A hidden identity (LID) gives the phone identity where `jid_map` pairs the two, and stays as
# it is where not. Names: address book, then the name that the person chose, marked with ~ as WhatsApp does.
PEOPLE = """
WITH book AS MATERIALIZED (
  SELECT contact.jid,
         COALESCE(NULLIF(MAX({contact.display_name}), ''), '~' || NULLIF(MAX({contact.wa_name}), '')) AS name
  FROM wa.wa_contacts contact GROUP BY contact.jid
),
people AS MATERIALIZED (
  SELECT j._id AS jid_row_id, j.raw_string AS jid, COALESCE(phone.raw_string, j.raw_string) AS person_id,
         CASE WHEN phone.raw_string IS NOT NULL THEN j.raw_string END AS lid,
         CASE WHEN phone.raw_string IS NOT NULL THEN json_object('sender_lid', CAST(j.raw_string AS TEXT)) END AS lid_json,
         COALESCE(phone_book.name, jid_book.name, '~' || NULLIF(said.display_name, ''),
                  '~' || NULLIF(lid_said.display_name, '')) AS name
  FROM jid j
  LEFT JOIN jid_map to_phone ON to_phone.lid_row_id = j._id
  LEFT JOIN jid phone ON phone._id = to_phone.jid_row_id
  LEFT JOIN book phone_book ON phone_book.jid = phone.raw_string
  LEFT JOIN book jid_book ON jid_book.jid = j.raw_string
  LEFT JOIN lid_display_name said ON said.lid_row_id = j._id
  LEFT JOIN jid_map to_lid ON to_lid.jid_row_id = j._id
  LEFT JOIN lid_display_name lid_said ON lid_said.lid_row_id = to_lid.lid_row_id
  GROUP BY j._id
),
servers (server, chat_kind) AS (
  VALUES ('s.whatsapp.net', 'direct'), ('lid', 'direct'), ('c.us', 'direct'), ('hosted', 'direct'), ('hosted.lid', 'direct'),
         ('g.us', 'group'), ('newsletter', 'channel'), ('broadcast', 'broadcast'), ('bot', 'bot')
),
chats AS MATERIALIZED (
  SELECT chat._id AS chat_row_id, who.jid AS chat_id,
         COALESCE(NULLIF({chat.subject}, ''), NULLIF({news.name}, ''), who.name) AS chat_name,
         CASE WHEN who.jid = 'status@broadcast' THEN 'status' ELSE servers.chat_kind END AS chat_kind,
         CASE WHEN servers.chat_kind = 'direct' THEN who.person_id END AS partner_id,
         CASE WHEN servers.chat_kind = 'direct' THEN who.name END AS partner_name,
         CASE WHEN servers.chat_kind = 'direct' THEN who.lid END AS partner_lid,
         CASE WHEN servers.chat_kind = 'direct' THEN who.lid_json END AS partner_lid_json
  FROM chat
  LEFT JOIN people who ON who.jid_row_id = chat.jid_row_id
  LEFT JOIN servers ON servers.server = substr(who.jid, instr(who.jid, '@') + 1)
  LEFT JOIN newsletter news ON news.chat_row_id = chat._id
)"""

DETAILS = (
    FACTS
    + """,
events (action, event) AS (
  VALUES (1, 'subject changed'), (4, 'added'), (5, 'left'), (6, 'icon changed'), (7, 'removed'), (10, 'number changed'),
         (11, 'group created'), (12, 'added'), (13, 'left'), (14, 'removed'), (15, 'owner became admin'),
         (16, 'owner no longer admin'), (18, 'security code changed'), (19, 'encryption notice'), (20, 'joined by link'),
         (21, 'link reset'), (27, 'description changed'), (28, 'number changed'), (29, 'group settings changed'),
         (30, 'group settings changed'), (31, 'group settings changed'), (32, 'group settings changed'),
         (33, 'group settings changed'), (46, 'business state'), (47, 'business state'), (50, 'business state'),
         (52, 'joined by invitation'), (56, 'disappearing timer'), (57, 'devices changed'), (58, 'blocked or unblocked'),
         (59, 'disappearing timer'), (67, 'encryption notice'), (68, 'disappearing timer'), (69, 'encryption notice'),
         (75, 'community link'), (78, 'community link'), (79, 'community link'), (80, 'message kept'),
         (84, 'approval mode'), (85, 'approval mode'), (90, 'add settings'), (91, 'add settings'), (92, 'add settings'),
         (118, 'message pinned'), (120, 'request to join'), (129, 'sender in contacts'), (132, 'channel'), (134, 'channel'),
         (136, 'joined WhatsApp')
),
mixed AS MATERIALIZED (
  SELECT media.message_row_id, substr({media.mime_type}, 1, 5) AS mime
  FROM message typed LEFT JOIN message_media media ON media.message_row_id = typed._id
  WHERE typed.message_type IN (81, 103)
),
cards AS MATERIALIZED (
  SELECT card.message_row_id, group_concat(card.vcard, char(10)) AS vcards FROM message_vcard card GROUP BY card.message_row_id
),
choices AS MATERIALIZED (
  SELECT choice.message_row_id, json_group_array(json_object(
           'option', CAST(choice.option_name AS TEXT), 'votes', CAST({choice.vote_total} AS INTEGER))) AS options
  FROM message_poll_option choice GROUP BY choice.message_row_id
),
mentions AS MATERIALIZED (
  SELECT mention.message_row_id,
         json_group_array(CAST(COALESCE(person.person_id, 'jid/_id=' || mention.jid_row_id) AS TEXT)) AS persons
  FROM message_mentions mention LEFT JOIN people person ON person.jid_row_id = mention.jid_row_id
  GROUP BY mention.message_row_id
),
affected AS MATERIALIZED (
  SELECT target.message_row_id,
         json_group_array(CAST(COALESCE(person.person_id, 'jid/_id=' || target.user_jid_row_id) AS TEXT)) AS persons
  FROM message_system_chat_participant target LEFT JOIN people person ON person.jid_row_id = target.user_jid_row_id
  GROUP BY target.message_row_id
)"""
)

# The schema since 2021. Row 1 with key_id '-1' is a placeholder that WhatsApp puts into every new database.
# `older`: what the older table says of the same message, in a database that was caught between the two schemas.
NEW = """,
detailed AS MATERIALIZED (
  SELECT message_forwarded.message_row_id FROM message_forwarded
  UNION SELECT message_edit_info.message_row_id FROM message_edit_info
  UNION SELECT message_revoked.message_row_id FROM message_revoked
  UNION SELECT message_ephemeral.message_row_id FROM message_ephemeral
  UNION SELECT message_view_once_media.message_row_id FROM message_view_once_media
  UNION SELECT message_text.message_row_id FROM message_text
  UNION SELECT message_template.message_row_id FROM message_template
  UNION SELECT message_group_invite.message_row_id FROM message_group_invite
  UNION SELECT message_payment.message_row_id FROM message_payment
  UNION SELECT message_system.message_row_id FROM message_system
  UNION SELECT message_location.message_row_id FROM message_location
  UNION SELECT message_vcard.message_row_id FROM message_vcard
  UNION SELECT message_poll_option.message_row_id FROM message_poll_option
  UNION SELECT message_mentions.message_row_id FROM message_mentions
  UNION SELECT facts.message_row_id FROM facts
  UNION SELECT captioned.message_row_id FROM message_media captioned WHERE {captioned.media_caption} <> ''
  UNION SELECT special._id FROM message special
    WHERE {special.starred} <> 0 OR special.message_type IS NULL
      OR special.message_type IN (5, 7, 11, 15, 16, 23, 42, 43, 44, 64, 82, 99, 116)
  UNION SELECT twin._id FROM message twin WHERE EXISTS (SELECT known._id FROM messages known WHERE known.data <> '')
),
older AS MATERIALIZED (
  SELECT past.key_remote_jid, past.key_from_me, past.key_id, MAX(past.data) AS data
  FROM messages past WHERE past.data <> '' GROUP BY past.key_remote_jid, past.key_from_me, past.key_id
),
m AS (
  SELECT x._id, 'message/_id=' || x._id AS record, COALESCE(chats.chat_id, 'chat/_id=' || x.chat_row_id) AS chat_id,
         chats.chat_name, chats.chat_kind, x.key_id, x.from_me,
         CASE WHEN x.from_me IS NOT 1 THEN COALESCE(author.person_id, chats.partner_id,
           CASE WHEN {x.sender_jid_row_id} > 0 THEN 'jid/_id=' || {x.sender_jid_row_id} END) END AS sender_id,
         CASE WHEN x.from_me IS NOT 1 THEN
           CASE WHEN author.person_id IS NULL THEN chats.partner_name ELSE author.name END END AS sender_name,
         CASE WHEN x.from_me IS NOT 1 THEN
           CASE WHEN author.person_id IS NULL THEN chats.partner_lid ELSE author.lid END END AS sender_lid,
         CASE WHEN x.from_me IS NOT 1 THEN
           CASE WHEN author.person_id IS NULL THEN chats.partner_lid_json ELSE author.lid_json END END AS sender_lid_json,
         x.timestamp AS sent_at, {x.received_timestamp} AS received_at, NULL AS delivered_at, NULL AS read_at,
         x.message_type AS code, x.message_type AS raw_kind, {x.origin} AS origin, {x.status} AS status,
         {x.text_data} AS text, NULLIF({x.starred}, 0) AS starred, {x.origination_flags} & 1 AS forwarded,
         0 AS revoked, 0 AS control,
         NULL AS latitude, NULL AS longitude, NULL AS action, NULL AS quoted_key, NULL AS quoted_text,
         NULL AS quoted_sender, NULL AS quoted_at, NULL AS mentioned,
         CASE WHEN older.data <> COALESCE({x.text_data}, '') THEN older.data END AS older_text
  FROM message x
  LEFT JOIN chats ON chats.chat_row_id = x.chat_row_id
  LEFT JOIN people author ON author.jid_row_id = {x.sender_jid_row_id}
  LEFT JOIN older ON older.key_id = x.key_id AND older.key_from_me = x.from_me AND older.key_remote_jid = chats.chat_id
  WHERE x.key_id IS NOT '-1' AND NOT (x._id IS 1 AND x.chat_row_id IS -1)
)"""
EVERY_NEW = "message WHERE key_id IS NOT '-1' AND NOT (_id IS 1 AND chat_row_id IS -1)"

# The schema before 2021, in the columns of the newer one. Row 1 with key_remote_jid '-1' is the placeholder.
# Status 6 with type 0 is what the newer schema calls type 7: WhatsApp's own view `message_view` says so.
OLD = """,
rooms AS MATERIALIZED (SELECT chats.chat_id, MAX(chats.chat_name) AS chat_name FROM chats GROUP BY chats.chat_id),
m AS (
  SELECT messages._id, 'messages/_id=' || messages._id AS record, messages.key_remote_jid AS chat_id,
         COALESCE(NULLIF({list.subject}, ''), rooms.chat_name, partner.name) AS chat_name,
         CASE WHEN messages.key_remote_jid = 'status@broadcast' THEN 'status' ELSE servers.chat_kind END AS chat_kind,
         messages.key_id, messages.key_from_me AS from_me,
         CASE WHEN messages.key_from_me IS NOT 1 THEN COALESCE(NULLIF({messages.remote_resource}, ''),
           CASE WHEN servers.chat_kind = 'direct' THEN messages.key_remote_jid END) END AS sender_id,
         CASE WHEN messages.key_from_me IS NOT 1 THEN COALESCE(author.name,
           CASE WHEN servers.chat_kind = 'direct' THEN partner.name END) END AS sender_name,
         NULL AS sender_lid,
         messages.timestamp AS sent_at, {messages.received_timestamp} AS received_at,
         {messages.receipt_device_timestamp} AS delivered_at, {messages.read_device_timestamp} AS read_at,
         CASE WHEN {messages.status} = 6 AND CAST(messages.media_wa_type AS INTEGER) = 0 THEN 7
              ELSE CAST(messages.media_wa_type AS INTEGER) END AS code,
         messages.media_wa_type AS raw_kind, {messages.origin} AS origin, {messages.status} AS status,
         COALESCE(NULLIF({messages.data}, ''), {messages.media_caption}) AS text,
         NULLIF({messages.starred}, 0) AS starred, {messages.forwarded} > 0 AS forwarded,
         COALESCE({messages.edit_version} IN (5, 7), 0) AS revoked, COALESCE({messages.status} = 6, 0) AS control,
         {messages.latitude} AS latitude, {messages.longitude} AS longitude,
         CASE WHEN {messages.status} = 6 THEN {messages.media_size} END AS action,
         {quotes.key_id} AS quoted_key, {quotes.data} AS quoted_text,
         CASE WHEN {quotes.key_from_me} IS NOT 1 THEN
           COALESCE(NULLIF({quotes.remote_resource}, ''), {quotes.key_remote_jid}) END AS quoted_sender,
         {quotes.timestamp} AS quoted_at, NULLIF({messages.mentioned_jids}, '') AS mentioned, NULL AS older_text
  FROM messages
  LEFT JOIN servers ON servers.server = substr(messages.key_remote_jid, instr(messages.key_remote_jid, '@') + 1)
  LEFT JOIN chat_list list ON list.key_remote_jid = messages.key_remote_jid
  LEFT JOIN rooms ON rooms.chat_id = messages.key_remote_jid
  LEFT JOIN book partner ON partner.jid = messages.key_remote_jid
  LEFT JOIN book author ON author.jid = {messages.remote_resource}
  LEFT JOIN messages_quotes quotes ON quotes._id = NULLIF({messages.quoted_row_id}, 0)
  WHERE """
PLACEHOLDER = "messages.key_remote_jid IS NOT '-1'"
# In a database with both families the newer row of a message stands for both.
ALONE = """messages.key_remote_jid IS NOT '-1'
    AND (COALESCE(messages.key_remote_jid, ''), COALESCE(messages.key_from_me, -1), COALESCE(messages.key_id, '')) NOT IN (
      SELECT COALESCE(address.raw_string, ''), COALESCE(twin.from_me, -1), COALESCE(twin.key_id, '') FROM message twin
      JOIN chat room ON room._id = twin.chat_row_id JOIN jid address ON address._id = room.jid_row_id)"""

COMMON = """
SELECT '{app}' AS app, {account} AS account_id, m.chat_id, m.chat_name, m.chat_kind, m.key_id AS message_id, m.sent_at,
  m.received_at, CASE WHEN m.from_me = 1 THEN {account} ELSE m.sender_id END AS sender_id, m.sender_name,
  CASE WHEN m.code = 7 OR m.control OR m.code = 36 OR m.code = 56 OR m.code = 112 THEN 'system'
       WHEN m.from_me = 1 THEN 'outgoing' WHEN m.from_me = 0 THEN 'incoming'
       ELSE 'unknown' END AS direction,
  CASE m.code
    WHEN 0 THEN 'text' WHEN 1 THEN 'image' WHEN 2 THEN CASE WHEN m.origin = 1 THEN 'voice' ELSE 'audio' END
    WHEN 3 THEN 'video' WHEN 4 THEN 'contact' WHEN 5 THEN 'location' WHEN 7 THEN 'system' WHEN 8 THEN 'call'
    WHEN 9 THEN 'document' WHEN 10 THEN 'call' WHEN 13 THEN 'gif' WHEN 14 THEN 'contact' WHEN 15 THEN 'deleted'
    WHEN 16 THEN 'live_location' WHEN 20 THEN 'sticker' WHEN 24 THEN 'link' WHEN 25 THEN 'text' WHEN 26 THEN 'text'
    WHEN 27 THEN 'text' WHEN 28 THEN 'text' WHEN 32 THEN 'text' WHEN 36 THEN 'system' WHEN 42 THEN 'image'
    WHEN 43 THEN 'video' WHEN 45 THEN 'text' WHEN 46 THEN 'text' WHEN 49 THEN 'text' WHEN 55 THEN 'text'
    WHEN 56 THEN 'system' WHEN 57 THEN 'text' WHEN 64 THEN 'deleted' WHEN 66 THEN 'poll' WHEN 82 THEN 'voice'
    WHEN 90 THEN 'call' WHEN 106 THEN 'poll' WHEN 112 THEN 'system'
    ELSE CASE WHEN m.code IN (81, 103) THEN COALESCE((SELECT mixed.mime FROM mixed WHERE mixed.message_row_id = m._id
      AND mixed.mime IN ('image', 'video', 'audio')), 'text') ELSE 'unknown' END END AS kind,
  m.raw_kind,
  CASE WHEN m.from_me = 1 THEN CASE m.status WHEN 13 THEN 'read' WHEN 5 THEN 'delivered' WHEN 4 THEN 'sent'
    WHEN 0 THEN 'unsent' WHEN 8 THEN 'played' WHEN 6 THEN 'control' ELSE 'unknown (' || m.status || ')' END END AS status,
  m.record, """

QUOTE = """
    'quoted_text', CAST(NULLIF(COALESCE({quoted.text_data}, m.quoted_text), '') AS TEXT),
    'quoted_sender', CAST(COALESCE(quoted_author.person_id, m.quoted_sender) AS TEXT),
    'quoted_from_owner', CAST(NULLIF({quoted.from_me}, 0) AS INTEGER),
    'quoted_kind', CAST({quoted.message_type} AS INTEGER),
    'quoted_at', strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF(COALESCE({quoted.timestamp}, m.quoted_at), 0) / 1000, 'unixepoch')"""

# Nearly all messages have no row in a side table but, at most, a quote: they are read without the joins, which would take most
# of the time.
PLAIN = (
    """
  NULLIF(m.text, '') AS text, {quoted.key_id} AS reply_to, COALESCE(m.forwarded, 0) AS forwarded, 0 AS edited, 0 AS deleted,
  0 AS view_once,
  CASE WHEN quoted.message_row_id IS NULL THEN m.sender_lid_json
       ELSE NULLIF(json_patch('{}', json_object('sender_lid', CAST(m.sender_lid AS TEXT),"""
    + QUOTE
    + """)), '{}') END AS extra
FROM m
LEFT JOIN message_quoted quoted ON quoted.message_row_id = m._id
LEFT JOIN people quoted_author ON quoted_author.jid_row_id = {quoted.sender_jid_row_id}
WHERE """
)

DETAILED = (
    """
  m.delivered_at, m.read_at, COALESCE(NULLIF({edit.edited_timestamp}, 0), {edit.sender_timestamp}) AS edited_at,
  {revoked.revoke_timestamp} AS deleted_at, {fading.expire_timestamp} AS expires_at,
  COALESCE(NULLIF(m.text, ''), NULLIF({media.media_caption}, ''), cards.vcards, NULLIF({template.content_text_data}, ''),
    CASE WHEN m.code IN (5, 16) THEN
      COALESCE(NULLIF({place.place_name}, '') || char(10) || NULLIF({place.place_address}, ''), NULLIF({place.place_name}, ''),
               NULLIF({place.place_address}, '')) END) AS text,
  COALESCE({quoted.key_id}, m.quoted_key) AS reply_to,
  COALESCE(m.forwarded, 0) = 1 OR forward.message_row_id IS NOT NULL AS forwarded,
  edit.message_row_id IS NOT NULL AS edited,
  COALESCE(m.code IN (15, 64), 0) OR m.revoked OR revoked.message_row_id IS NOT NULL AS deleted,
  COALESCE(m.code IN (42, 43, 82), 0) OR once.message_row_id IS NOT NULL AS view_once,
  CASE WHEN m.code IN (5, 16) AND (COALESCE({place.latitude}, m.latitude) <> 0 OR COALESCE({place.longitude}, m.longitude) <> 0)
       THEN COALESCE({place.latitude}, m.latitude) END AS latitude,
  CASE WHEN m.code IN (5, 16) AND (COALESCE({place.latitude}, m.latitude) <> 0 OR COALESCE({place.longitude}, m.longitude) <> 0)
       THEN COALESCE({place.longitude}, m.longitude) END AS longitude,
  NULLIF(json_patch(json_patch('{}', json_object(
    'meaning', CASE m.code WHEN 11 THEN 'waiting for this message' WHEN 23 THEN 'product' WHEN 44 THEN 'order'
                           WHEN 99 THEN 'album' WHEN 116 THEN 'not shown by the app' END,
    'starred', CAST(m.starred AS INTEGER), 'sender_lid', CAST(m.sender_lid AS TEXT), 'older_text', CAST(m.older_text AS TEXT),
    'action', CAST(COALESCE({event.action_type}, m.action) AS INTEGER), 'event', events.event,
    'persons', json(affected.persons), 'owner_joined', CAST({joined.is_me_joined} AS INTEGER),
    'old_value', CAST({changed.old_data} AS TEXT), 'old_id', CAST(old_number.jid AS TEXT),
    'new_id', CAST(new_number.jid AS TEXT), 'blocked', CAST({block.is_blocked} AS INTEGER),
    'forward_score', CAST({forward.forward_score} AS INTEGER), 'original_key_id', CAST({edit.original_key_id} AS TEXT),
    'deleted_by', CAST(admin.person_id AS TEXT), 'disappears_after_s', CAST({fading.duration} AS INTEGER),
    'view_once_state', CAST({once.state} AS INTEGER),
"""
    + QUOTE
    + """,
    'mentions', json(mentions.persons), 'mentioned', CAST(m.mentioned AS TEXT),
    'link', CAST(NULLIF({link.url}, '') AS TEXT), 'link_title', CAST(NULLIF({link.page_title}, '') AS TEXT),
    'link_description', CAST(NULLIF({link.description}, '') AS TEXT),
    'invites_to', CAST(invited.jid AS TEXT), 'invites_to_name', CAST({invite.group_name} AS TEXT),
    'invite_code', CAST({invite.invite_code} AS TEXT),
    'options', json(choices.options), 'payment', CAST({payment.amount_with_symbol} AS TEXT))
    ), COALESCE(facts.said, '{}')), '{}') AS extra
FROM m
LEFT JOIN facts ON facts.message_row_id = m._id
LEFT JOIN message_media media ON media.message_row_id = m._id
LEFT JOIN message_location place ON place.message_row_id = m._id
LEFT JOIN message_quoted quoted ON quoted.message_row_id = m._id
LEFT JOIN people quoted_author ON quoted_author.jid_row_id = {quoted.sender_jid_row_id}
LEFT JOIN message_forwarded forward ON forward.message_row_id = m._id
LEFT JOIN message_edit_info edit ON edit.message_row_id = m._id
LEFT JOIN message_revoked revoked ON revoked.message_row_id = m._id
LEFT JOIN people admin ON admin.jid_row_id = {revoked.admin_jid_row_id}
LEFT JOIN message_ephemeral fading ON fading.message_row_id = m._id
LEFT JOIN message_view_once_media once ON once.message_row_id = m._id
LEFT JOIN message_text link ON link.message_row_id = m._id
LEFT JOIN message_template template ON template.message_row_id = m._id
LEFT JOIN message_group_invite invite ON invite.message_row_id = m._id
LEFT JOIN people invited ON invited.jid_row_id = {invite.group_jid_row_id}
LEFT JOIN message_payment payment ON payment.message_row_id = m._id
LEFT JOIN message_system event ON event.message_row_id = m._id
LEFT JOIN events ON events.action = COALESCE({event.action_type}, m.action)
LEFT JOIN message_system_group joined ON joined.message_row_id = m._id
LEFT JOIN message_system_value_change changed ON changed.message_row_id = m._id
LEFT JOIN message_system_block_contact block ON block.message_row_id = m._id
LEFT JOIN message_system_number_change number ON number.message_row_id = m._id
LEFT JOIN people old_number ON old_number.jid_row_id = {number.old_jid_row_id}
LEFT JOIN people new_number ON new_number.jid_row_id = {number.new_jid_row_id}
LEFT JOIN cards ON cards.message_row_id = m._id
LEFT JOIN choices ON choices.message_row_id = m._id
LEFT JOIN mentions ON mentions.message_row_id = m._id
LEFT JOIN affected ON affected.message_row_id = m._id
"""
)

# `IS NOT FALSE`: a row without an id is in neither list, and plain.
NEW_PLAIN = (
    PEOPLE
    + DETAILS
    + NEW
    + COMMON
    + PLAIN
    + "(m._id NOT IN (SELECT d.message_row_id FROM detailed d WHERE d.message_row_id IS NOT NULL)) IS NOT FALSE"
)
NEW_DETAILED = PEOPLE + DETAILS + NEW + COMMON + DETAILED + "WHERE m._id IN (SELECT d.message_row_id FROM detailed d)"
OLD_ALL = PEOPLE + DETAILS + OLD + PLACEHOLDER + "\n)" + COMMON + DETAILED
OLD_ALONE = PEOPLE + DETAILS + OLD + ALONE + "\n)" + COMMON + DETAILED
EVERY_OLD = "messages WHERE " + PLACEHOLDER
EVERY_OLD_ALONE = "messages WHERE " + ALONE
