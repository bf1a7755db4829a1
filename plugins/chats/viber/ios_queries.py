"""Queries on Contacts.data of Viber for iOS."""

from __future__ import annotations

# A member may have several numbers: the first is the id. Without one the row of the member is.
PEOPLE = """
WITH numbered AS MATERIALIZED (
  SELECT n.ZMEMBER AS member, MIN(n.Z_PK) AS first, json_group_array(COALESCE(
           NULLIF(CAST({n.ZCANONIZEDPHONENUM} AS TEXT), ''), CAST({n.ZPHONE} AS TEXT))) AS numbers
  FROM ZPHONENUMBER n WHERE n.ZMEMBER IS NOT NULL GROUP BY n.ZMEMBER
),
people AS MATERIALIZED (
  SELECT person.Z_PK AS member, numbered.numbers,
         COALESCE(NULLIF(CAST({one.ZCANONIZEDPHONENUM} AS TEXT), ''), NULLIF(CAST({one.ZPHONE} AS TEXT), ''),
                  NULLIF(CAST({person.ZMEMBERID} AS TEXT), ''), 'ZMEMBER/Z_PK=' || person.Z_PK) AS person_id,
         COALESCE(NULLIF({person.ZDISPLAYFULLNAME}, ''), NULLIF({person.ZDISPLAYSHORTNAME}, ''),
                  NULLIF({person.ZNAME}, '')) AS name
  FROM ZMEMBER person
  LEFT JOIN numbered ON numbered.member = person.Z_PK
  LEFT JOIN ZPHONENUMBER one ON one.Z_PK = numbered.first
),
writers AS MATERIALIZED (
  SELECT w.ZCONVERSATION AS chat, COUNT(DISTINCT {w.ZPHONENUMINDEX}) AS many FROM ZVIBERMESSAGE w GROUP BY w.ZCONVERSATION
),
chats AS MATERIALIZED (
  SELECT c.Z_PK AS chat_pk, COALESCE(NULLIF({c.ZNAME}, ''), partner.name) AS chat_name,
         CASE WHEN writers.many > 1 OR COALESCE(CAST({c.ZGROUPID} AS TEXT), '0') NOT IN ('', '0') THEN 'group'
              WHEN {c.ZINTERLOCUTOR} IS NOT NULL THEN 'direct' END AS chat_kind,
         partner.person_id AS partner_id, partner.name AS partner_name, {c.ZINTERLOCUTOR} AS partner,
         json_patch('{}', json_object('group_id', CAST(NULLIF({c.ZGROUPID}, 0) AS TEXT),
           'chat_being_deleted', CAST(NULLIF({c.ZBEINGDELETED}, 0) AS INTEGER),
           'favorite', CAST(NULLIF({c.ZFAVORITE}, 0) AS INTEGER),
           'chat_timebomb', CAST(NULLIF({c.ZTIMEBOMBDURATION}, 0) AS INTEGER))) AS about,
         NULLIF({c.ZBEINGDELETED}, 0) AS being_deleted
  FROM ZCONVERSATION c
  LEFT JOIN people partner ON partner.member = {c.ZINTERLOCUTOR}
  LEFT JOIN writers ON writers.chat = c.Z_PK
),
owner AS MATERIALIZED (
  SELECT COALESCE(MAX(CASE d.key WHEN '_myCanonizedPhoneNumber' THEN NULLIF(CAST(d.value AS TEXT), '') END),
                  MAX(CASE d.key WHEN '_myPhoneNumber' THEN NULLIF(CAST(d.value AS TEXT), '') END)) AS account_id,
         MAX(CASE d.key WHEN '_myUserName' THEN NULLIF(CAST(d.value AS TEXT), '') END) AS name
  FROM settings.Data d
)"""

# A message that has text and nothing else: most of them. SQL gives the columns of the tables themselves, which takes a small part
# of the time. Whatever is not as the app writes it is read row by row, as is what has a file, a place, a call, or JSON.
NUMBERS = ("ZPHONENUMINDEX", "ZBEINGDELETED", "ZLIKESCOUNT", "ZTIMEBOMBDURATION", "ZTIMEBOMBTIMESTAMP", "ZTOKEN")
PLAIN = (
    "COALESCE({m.ZMETADATA}, '') = '' AND COALESCE({m.ZCLIENTMETADATA}, '') IN ('', '{}')"
    + " AND {m.ZATTACHMENT} IS NULL AND {m.ZLOCATION} IS NULL"
    + " AND typeof(m.ZDATE) IN ('integer', 'real', 'null') AND typeof({m.ZSYSTEMTYPE}) IN ('integer', 'text', 'null')"
    + "".join(f" AND typeof({{m.{name}}}) IN ('text', 'null')" for name in ("ZTEXT", "ZSTATE", "ZMETADATA"))
    + "".join(f" AND typeof({{m.{name}}}) IN ('integer', 'null')" for name in NUMBERS)
    + " AND COALESCE({m.ZCALLTYPE}, 0) IN (0, '') AND COALESCE({m.ZFORWARDTYPE}, 0) IN (0, '')"
    + " AND m.Z_PK NOT IN (SELECT {r.ZCALLLOGMESSAGE} FROM ZRECENT r WHERE {r.ZCALLLOGMESSAGE} IS NOT NULL)"
)
PLAIN_MESSAGE = (
    PEOPLE
    + """,
m AS (
  SELECT m.Z_PK, owner.account_id, owner.name AS owner_name, m.ZCONVERSATION AS chat, chats.chat_name, chats.chat_kind,
    CASE typeof(chats.being_deleted) WHEN 'integer' THEN chats.being_deleted ELSE CAST(chats.being_deleted AS TEXT)
    END AS chat_being_deleted, m.ZDATE AS sent_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({m.ZSTATEDATE}, 0) + 978307200, 'unixepoch') AS state_date, m.ZSTATE AS status,
    CASE WHEN m.ZSTATE = 'received' THEN 'incoming'
         WHEN m.ZSTATE IN ('send', 'sent', 'delivered', 'seen', 'pending', 'failed') THEN 'outgoing' ELSE 'unknown'
    END AS direction,
    NULLIF(m.ZTEXT, '') AS text, NULLIF(NULLIF({m.ZSYSTEMTYPE}, ''), 0) AS system_type,
    NULLIF({m.ZBEINGDELETED}, 0) AS being_deleted, NULLIF({m.ZLIKESCOUNT}, 0) AS likes,
    NULLIF({m.ZTIMEBOMBDURATION}, 0) AS timebomb, NULLIF({m.ZTIMEBOMBTIMESTAMP}, 0) AS timebomb_timestamp,
    NULLIF({m.ZTOKEN}, 0) AS token,
    CASE WHEN {m.ZPHONENUMINDEX} IS NULL THEN chats.partner_id
         ELSE COALESCE(writer.person_id, 'ZMEMBER/Z_PK=' || {m.ZPHONENUMINDEX}) END AS writer_id,
    CASE WHEN {m.ZPHONENUMINDEX} IS NULL THEN chats.partner_name ELSE writer.name END AS writer_name
  FROM ZVIBERMESSAGE m
  LEFT JOIN chats ON chats.chat_pk = m.ZCONVERSATION
  LEFT JOIN people writer ON writer.member = {m.ZPHONENUMINDEX}
  LEFT JOIN owner ON 1
  WHERE """
    + PLAIN
    + """
)
SELECT 'Viber' AS app, m.account_id, 'ZCONVERSATION/Z_PK=' || m.chat AS chat_id, m.chat_name, m.chat_kind, m.Z_PK AS message_id,
  m.sent_at, CASE m.direction WHEN 'outgoing' THEN m.account_id ELSE m.writer_id END AS sender_id,
  CASE m.direction WHEN 'outgoing' THEN m.owner_name ELSE m.writer_name END AS sender_name, m.direction,
  CASE WHEN m.system_type IS NOT NULL THEN 'system' WHEN m.text IS NOT NULL THEN 'text' ELSE 'unknown' END AS kind,
  m.system_type AS raw_kind, m.text, 0 AS forwarded, m.being_deleted IS NOT NULL AS deleted, m.status,
  NULLIF(json_patch('{}', json_object('state_date', m.state_date, 'likes', m.likes, 'timebomb', m.timebomb,
    'timebomb_timestamp', m.timebomb_timestamp, 'chat_being_deleted', m.chat_being_deleted,
    'being_deleted', m.being_deleted, 'token', m.token)), '{}') AS extra,
  'ZVIBERMESSAGE/Z_PK=' || m.Z_PK AS record
FROM m
"""
)
MESSAGE = (
    PEOPLE
    + """,
logged AS MATERIALIZED (
  SELECT r.ZCALLLOGMESSAGE AS message, MIN(CAST({r.ZCALLTYPE} AS TEXT)) AS call_type
  FROM ZRECENT r WHERE r.ZCALLLOGMESSAGE IS NOT NULL GROUP BY r.ZCALLLOGMESSAGE
)
SELECT owner.account_id, owner.name AS owner_name, m.Z_PK AS pk, 'ZCONVERSATION/Z_PK=' || m.ZCONVERSATION AS chat_id,
  chats.chat_name, chats.chat_kind, chats.being_deleted AS chat_being_deleted,
  m.ZDATE AS sent_at, m.ZSTATE AS stored_state, m.ZTEXT AS text,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({m.ZSTATEDATE}, 0) + 978307200, 'unixepoch') AS state_date,
  NULLIF(NULLIF({m.ZSYSTEMTYPE}, ''), 0) AS system_type, {m.ZMETADATA} AS metadata, NULLIF({m.ZBEINGDELETED}, 0) AS being_deleted,
  NULLIF({m.ZLIKESCOUNT}, 0) AS likes, NULLIF({m.ZTIMEBOMBDURATION}, 0) AS timebomb,
  NULLIF({m.ZTIMEBOMBTIMESTAMP}, 0) AS timebomb_timestamp, writer.person_id AS writer_id, writer.name AS writer_name,
  NULLIF({m.ZTOKEN}, 0) AS token, NULLIF(NULLIF({m.ZCLIENTMETADATA}, ''), '{}') AS client_metadata,
  NULLIF(NULLIF({m.ZFORWARDTYPE}, ''), 0) AS forward_type, NULLIF(NULLIF({m.ZCALLTYPE}, ''), 0) AS message_call_type,
  {m.ZPHONENUMINDEX} AS member, chats.partner_id, chats.partner_name, logged.call_type, file.Z_PK AS file_pk,
  {m.ZATTACHMENT} AS attachment, NULLIF({file.ZNAME}, '') AS file_name, NULLIF({file.ZTYPE}, '') AS file_type,
  NULLIF({file.ZFILESIZE}, 0) AS file_size, {m.ZLOCATION} AS location, {place.ZLATITUDE} AS latitude,
  {place.ZLONGITUDE} AS longitude, 'ZVIBERMESSAGE/Z_PK=' || m.Z_PK AS record
FROM ZVIBERMESSAGE m
LEFT JOIN chats ON chats.chat_pk = m.ZCONVERSATION
LEFT JOIN people writer ON writer.member = {m.ZPHONENUMINDEX}
LEFT JOIN logged ON logged.message = m.Z_PK
LEFT JOIN ZATTACHMENT file ON file.Z_PK = {m.ZATTACHMENT}
LEFT JOIN ZVIBERLOCATION place ON place.Z_PK = {m.ZLOCATION}
LEFT JOIN owner ON 1
WHERE ("""
    + PLAIN
    + """) IS NOT TRUE
"""
)

# Files and places that no message refers to any more.
LONE_FILE = """
SELECT 'Viber' AS app, NULLIF({a.ZNAME}, '') AS name, NULLIF({a.ZFILESIZE}, 0) AS size,
  json_patch('{}', json_object('type', CAST({a.ZTYPE} AS TEXT), 'message', 'none refers to it')) AS extra,
  'ZATTACHMENT/Z_PK=' || a.Z_PK AS record
FROM ZATTACHMENT a
WHERE a.Z_PK NOT IN (SELECT {m.ZATTACHMENT} FROM ZVIBERMESSAGE m WHERE {m.ZATTACHMENT} IS NOT NULL)
"""
LONE_PLACE = """
SELECT {l.ZLATITUDE} AS latitude, {l.ZLONGITUDE} AS longitude, 'ZVIBERLOCATION/Z_PK=' || l.Z_PK AS record
FROM ZVIBERLOCATION l
WHERE l.Z_PK NOT IN (SELECT {m.ZLOCATION} FROM ZVIBERMESSAGE m WHERE {m.ZLOCATION} IS NOT NULL)
"""

# Who belongs to a chat: its partner, and whoever wrote in it; `joined` stands for the table that Core Data keeps of members.
MEMBER = (
    PEOPLE
    + """,
pairs (chat, member, found) AS (
  SELECT c.Z_PK, {c.ZINTERLOCUTOR}, 'ZCONVERSATION/Z_PK=' || c.Z_PK || ' ZINTERLOCUTOR' FROM ZCONVERSATION c
  WHERE {c.ZINTERLOCUTOR} IS NOT NULL
  UNION ALL
  SELECT m.ZCONVERSATION, {m.ZPHONENUMINDEX}, 'ZVIBERMESSAGE/Z_PK=' || MIN(m.Z_PK) || ' ZPHONENUMINDEX' FROM ZVIBERMESSAGE m
  WHERE {m.ZPHONENUMINDEX} IS NOT NULL AND m.ZCONVERSATION IS NOT NULL GROUP BY 1, 2
  /*joined*/
)
SELECT 'Viber' AS app, 'ZCONVERSATION/Z_PK=' || pairs.chat AS chat_id,
  COALESCE(who.person_id, 'ZMEMBER/Z_PK=' || pairs.member) AS person_id,
  who.name, COALESCE(chats.about, '{}') AS extra, MIN(pairs.found) AS record
FROM pairs
LEFT JOIN chats ON chats.chat_pk = pairs.chat
LEFT JOIN people who ON who.member = pairs.member
GROUP BY pairs.chat, pairs.member
"""
)
JOINED = """UNION ALL
  SELECT j.{chat}, j.{member}, '{table}/{chat}=' || j.{chat} || ' {member}=' || j.{member}
  FROM {table} j WHERE j.{chat} IS NOT NULL AND j.{member} IS NOT NULL"""

# ZPHONENUMBER of a line points to the table of numbers, or is the number itself.
CALL = (
    PEOPLE
    + """
SELECT owner.account_id, 'ZCONVERSATION/Z_PK=' || m.ZCONVERSATION AS chat_id, r.ZDATE AS started_at, {r.ZDURATION} AS duration_s,
  {r.ZCALLTYPE} AS call_type, m.Z_PK AS message, {r.ZCALLLOGMESSAGE} AS stored_message,
  COALESCE(NULLIF(CAST({n.ZCANONIZEDPHONENUM} AS TEXT), ''), NULLIF(CAST({n.ZPHONE} AS TEXT), ''),
    CASE WHEN typeof({line.ZPHONENUMBER}) = 'text' THEN NULLIF({line.ZPHONENUMBER}, '') END) AS line_number,
  who.name AS line_name, chats.partner_id, chats.partner_name, r.Z_PK AS pk,
  'ZRECENT/Z_PK=' || r.Z_PK AS record
FROM ZRECENT r
LEFT JOIN ZRECENTSLINE line ON line.Z_PK = {r.ZRECENTSLINE}
LEFT JOIN ZPHONENUMBER n ON n.Z_PK = {line.ZPHONENUMBER} AND typeof({line.ZPHONENUMBER}) = 'integer'
LEFT JOIN people who ON who.member = {n.ZMEMBER}
LEFT JOIN ZVIBERMESSAGE m ON m.Z_PK = {r.ZCALLLOGMESSAGE}
LEFT JOIN chats ON chats.chat_pk = m.ZCONVERSATION
LEFT JOIN owner ON 1
"""
)

PERSON = (
    PEOPLE
    + """
SELECT owner.account_id, COALESCE(people.person_id, NULLIF(CAST({m.ZMEMBERID} AS TEXT), '')) AS person_id,
  COALESCE(NULLIF({m.ZDISPLAYFULLNAME}, ''), NULLIF({m.ZDISPLAYSHORTNAME}, ''), NULLIF({m.ZNAME}, '')) AS name,
  people.numbers, NULLIF({m.ZDISPLAYSHORTNAME}, '') AS short_name,
  NULLIF(CAST({m.ZMEMBERID} AS TEXT), '') AS member_id,
  NULLIF({m.ZNAME}, '') AS stored_name, 'ZMEMBER/Z_PK=' || m.Z_PK AS record
FROM ZMEMBER m LEFT JOIN people ON people.member = m.Z_PK LEFT JOIN owner ON 1
"""
)
LONE_NUMBER = """
SELECT NULLIF(CAST({n.ZCANONIZEDPHONENUM} AS TEXT), '') AS canonized, NULLIF(CAST({n.ZPHONE} AS TEXT), '') AS phone,
  'ZPHONENUMBER/Z_PK=' || n.Z_PK AS record
FROM ZPHONENUMBER n LEFT JOIN ZMEMBER m ON m.Z_PK = n.ZMEMBER WHERE m.Z_PK IS NULL
"""
BOOK = """
SELECT c.Z_PK AS pk, NULLIF({c.ZMAINNAME}, '') AS main_name, NULLIF({c.ZPREFIXNAME}, '') AS prefix_name,
  NULLIF({c.ZSUFFIXNAME}, '') AS suffix_name, {c.ZCONTACTID} AS contact_id, numbers.list AS numbers,
  'ZABCONTACT/Z_PK=' || c.Z_PK AS record
FROM ZABCONTACT c
LEFT JOIN (
  SELECT n.ZCONTACT AS contact,
         json_group_array(json_array(CAST({n.ZCANONIZEDPHONENUM} AS TEXT), CAST({n.ZPHONE} AS TEXT))) AS list
  FROM ZABCONTACTNUMBER n GROUP BY n.ZCONTACT
) numbers ON numbers.contact = c.Z_PK
"""
LONE_BOOK_NUMBER = """
SELECT NULLIF(CAST({n.ZCANONIZEDPHONENUM} AS TEXT), '') AS canonized, NULLIF(CAST({n.ZPHONE} AS TEXT), '') AS phone,
  'ZABCONTACTNUMBER/Z_PK=' || n.Z_PK AS record
FROM ZABCONTACTNUMBER n LEFT JOIN ZABCONTACT c ON c.Z_PK = n.ZCONTACT WHERE c.Z_PK IS NULL
"""
