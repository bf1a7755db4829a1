"""Queries for the messages of ChatStorage.sqlite: those that say all in columns, and those of which a blob says more.

Names in braces are columns that only some versions have. `{app}` is the name of the app.
"""

# Persons: the phone identity behind a hidden one (LID), where LID.sqlite or ContactsV2.sqlite beside, or the chat, pairs the two
# (ZCONTACTIDENTIFIER holds the id of an address book in older versions); names of the address book, then the name that the person
# chose, marked with ~ as WhatsApp does. Ids may be stored without their suffix.
PAIRS = """
WITH pairs AS MATERIALIZED (
  SELECT lid, MAX(phone) AS phone FROM (
    SELECT CASE WHEN instr(pair.ZLID, '@') THEN pair.ZLID ELSE pair.ZLID || '@lid' END AS lid,
           CASE WHEN instr(pair.ZPHONENUMBER, '@') THEN pair.ZPHONENUMBER
                ELSE ltrim(pair.ZPHONENUMBER, '+') || '@s.whatsapp.net' END AS phone
    FROM lids.ZWAPHONENUMBERLIDPAIR pair
    UNION ALL
    SELECT CASE WHEN instr(CAST({known.ZLID} AS TEXT), '@') THEN CAST({known.ZLID} AS TEXT)
                ELSE CAST({known.ZLID} AS TEXT) || '@lid' END,
           CASE WHEN instr(CAST(known.ZWHATSAPPID AS TEXT), '@') THEN CAST(known.ZWHATSAPPID AS TEXT)
                ELSE CAST(known.ZWHATSAPPID AS TEXT) || '@s.whatsapp.net' END
    FROM contacts.ZWAADDRESSBOOKCONTACT known WHERE {known.ZLID} IS NOT NULL AND known.ZWHATSAPPID IS NOT NULL
    UNION ALL
    SELECT session.ZCONTACTJID, {session.ZCONTACTIDENTIFIER} FROM ZWACHATSESSION session
    WHERE session.ZCONTACTJID LIKE '%@lid' AND {session.ZCONTACTIDENTIFIER} LIKE '%@s.whatsapp.net'
  ) WHERE lid IS NOT NULL AND phone IS NOT NULL GROUP BY lid
)"""
PEOPLE = (
    PAIRS
    + """,
book AS MATERIALIZED (
  SELECT CASE WHEN instr(CAST(entry.ZWHATSAPPID AS TEXT), '@') THEN CAST(entry.ZWHATSAPPID AS TEXT)
              ELSE CAST(entry.ZWHATSAPPID AS TEXT) || '@s.whatsapp.net' END AS jid,
         MAX(NULLIF(CAST({entry.ZFULLNAME} AS TEXT), '')) AS name
  FROM contacts.ZWAADDRESSBOOKCONTACT entry WHERE entry.ZWHATSAPPID IS NOT NULL GROUP BY 1
),
chosen AS MATERIALIZED (
  SELECT said.ZJID AS jid, '~' || MAX(NULLIF(said.ZPUSHNAME, '')) AS name FROM ZWAPROFILEPUSHNAME said GROUP BY said.ZJID
),
servers (server, chat_kind) AS (
  VALUES ('s.whatsapp.net', 'direct'), ('lid', 'direct'), ('c.us', 'direct'), ('hosted', 'direct'), ('hosted.lid', 'direct'),
         ('g.us', 'group'), ('newsletter', 'channel'), ('broadcast', 'broadcast'), ('status', 'status'), ('bot', 'bot')
),
chats AS MATERIALIZED (
  SELECT s.Z_PK AS chat_pk, s.ZCONTACTJID AS jid, COALESCE(s.ZCONTACTJID, 'ZWACHATSESSION/Z_PK=' || s.Z_PK) AS chat_id,
         COALESCE(NULLIF({s.ZPARTNERNAME}, ''), book.name, chosen.name) AS chat_name,
         CASE WHEN s.ZCONTACTJID = 'status@broadcast' THEN 'status'
              ELSE COALESCE(servers.chat_kind, CASE {s.ZSESSIONTYPE} WHEN 0 THEN 'direct' WHEN 1 THEN 'group' END)
         END AS chat_kind,
         CASE WHEN pairs.phone IS NOT NULL THEN s.ZCONTACTJID END AS lid, COALESCE(pairs.phone, s.ZCONTACTJID) AS person_id,
         COALESCE(book.name, NULLIF({s.ZPARTNERNAME}, ''), chosen.name) AS person_name
  FROM ZWACHATSESSION s
  LEFT JOIN servers ON servers.server = substr(s.ZCONTACTJID, instr(s.ZCONTACTJID, '@') + 1)
  LEFT JOIN pairs ON pairs.lid = s.ZCONTACTJID
  LEFT JOIN book ON book.jid = COALESCE(pairs.phone, s.ZCONTACTJID)
  LEFT JOIN chosen ON chosen.jid = s.ZCONTACTJID
)"""
)

# The account: the only addressee of what was received.
OWNER = """
owner AS MATERIALIZED (
  SELECT CASE WHEN MIN({r.ZTOJID}) = MAX({r.ZTOJID}) THEN MAX({r.ZTOJID}) END AS jid FROM ZWAMESSAGE r
  WHERE {r.ZTOJID} IS NOT NULL AND r.ZISFROMME = 0 AND {r.ZTOJID} LIKE '%@s.whatsapp.net'
)"""

# Who wrote in a group is in ZGROUPMEMBER; ZFROMJID is the group then. In a chat of two both chat and ZFROMJID name the partner.
# A stranger is a writer who is neither: somebody in a status, a broadcast, a chat whose session is gone.
STRANGER = """CASE WHEN x.ZISFROMME IS NOT 1 AND members.jid IS NULL AND {x.ZFROMJID} IS NOT chats.jid
    AND substr({x.ZFROMJID}, -5) <> '@g.us' THEN {x.ZFROMJID} END"""

# ZPUSHNAME: since about 2022 the column holds base64 of a blob instead, whose first field is the time in seconds: byte 8, then a
# number of five bytes. Eight characters of base64 hold just these bytes.
PACKED = (
    "C[I-P][CDGHKLOPSTWXabefijmnqruvyz2367+/]?[g-z0-9+/][I-PY-Za-fo-v4-9+/][ABEFIJMNQRUVYZcdghklopstwx014589]?*",
    "*[^A-Za-z0-9+/=]*",
)
CHOSEN_NAME = f"""CASE WHEN typeof(m.push_name) = 'text' AND NOT (length(m.push_name) % 4 = 0 AND m.push_name GLOB '{PACKED[0]}'
    AND m.push_name NOT GLOB '{PACKED[1]}') THEN '~' || NULLIF(m.push_name, '') END"""

MESSAGES = (
    PEOPLE
    + ","
    + OWNER
    + """,
members AS MATERIALIZED (
  SELECT g.Z_PK AS member_pk, g.ZMEMBERJID AS jid, COALESCE(pairs.phone, g.ZMEMBERJID) AS person_id,
         CASE WHEN pairs.phone IS NOT NULL THEN g.ZMEMBERJID END AS lid,
         COALESCE(NULLIF({g.ZCONTACTNAME}, ''), NULLIF({g.ZFIRSTNAME}, ''), book.name, chosen.name) AS name
  FROM ZWAGROUPMEMBER g
  LEFT JOIN pairs ON pairs.lid = g.ZMEMBERJID
  LEFT JOIN book ON book.jid = COALESCE(pairs.phone, g.ZMEMBERJID)
  LEFT JOIN chosen ON chosen.jid = g.ZMEMBERJID
),
items AS MATERIALIZED (
  SELECT i.ZMESSAGE AS message_pk, MIN(i.Z_PK) AS pk FROM ZWAMEDIAITEM i WHERE i.ZMESSAGE IS NOT NULL GROUP BY i.ZMESSAGE
),
detailed AS MATERIALIZED (
  SELECT items.message_pk AS pk FROM items
  UNION SELECT found.ZMESSAGE FROM ZWAMESSAGEDATAITEM found WHERE found.ZMESSAGE IS NOT NULL
  UNION SELECT special.Z_PK FROM ZWAMESSAGE special
    WHERE {special.ZMEDIAITEM} IS NOT NULL OR {special.ZSTARRED} <> 0 OR special.ZMESSAGETYPE IS NULL
      OR special.ZMESSAGETYPE IN (4, 5, 6, 10, 12, 26, 27, 28, 46, 55, 66)
),
m AS (
  SELECT x.Z_PK AS pk, 'ZWAMESSAGE/Z_PK=' || x.Z_PK AS record,
         COALESCE(chats.chat_id, 'ZWACHATSESSION/Z_PK=' || x.ZCHATSESSION) AS chat_id, chats.chat_name, chats.chat_kind,
         {x.ZSTANZAID} AS message_id, x.ZMESSAGEDATE AS sent_at, x.ZISFROMME AS from_me, x.ZMESSAGETYPE AS code,
         {x.ZGROUPEVENTTYPE} AS event, NULLIF(x.ZTEXT, '') AS text, {x.ZMESSAGESTATUS} AS status, {x.ZFLAGS} AS flags,
         NULLIF({x.ZSTARRED}, 0) AS starred, {x.ZPUSHNAME} AS push_name, {x.ZMEDIAITEM} AS item,
         strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({x.ZSENTDATE}, 0) + 978307200, 'unixepoch') AS other_date,
         NULLIF({x.ZCHILDMESSAGESDELIVEREDCOUNT}, 0) AS delivered_to, NULLIF({x.ZCHILDMESSAGESREADCOUNT}, 0) AS read_by,
         NULLIF({x.ZCHILDMESSAGESPLAYEDCOUNT}, 0) AS played_by,
         CASE WHEN x.ZISFROMME IS NOT 1 THEN COALESCE(members.person_id, other.phone, """
    + STRANGER
    + """,
           CASE WHEN chats.chat_kind = 'direct' THEN chats.person_id END) END AS sender_id,
         CASE WHEN x.ZISFROMME IS NOT 1 THEN COALESCE(members.name, CASE
           WHEN members.jid IS NOT NULL THEN CASE WHEN chats.chat_kind = 'direct' THEN chats.chat_name END
           WHEN """
    + STRANGER
    + """ IS NULL THEN CASE WHEN chats.chat_kind = 'direct' THEN chats.person_name END
           ELSE COALESCE(other_book.name, CASE WHEN chats.chat_kind = 'direct' THEN chats.chat_name END, other_chosen.name)
         END) END AS sender_name,
         CASE WHEN x.ZISFROMME IS NOT 1 THEN COALESCE(members.lid, other.lid,
           CASE WHEN members.jid IS NULL AND """
    + STRANGER
    + """ IS NULL AND chats.chat_kind = 'direct' THEN chats.lid END) END AS sender_lid
  FROM ZWAMESSAGE x
  LEFT JOIN chats ON chats.chat_pk = x.ZCHATSESSION
  LEFT JOIN members ON members.member_pk = {x.ZGROUPMEMBER}
  LEFT JOIN pairs other ON other.lid = """
    + STRANGER
    + """
  LEFT JOIN book other_book ON other_book.jid = COALESCE(other.phone, """
    + STRANGER
    + """)
  LEFT JOIN chosen other_chosen ON other_chosen.jid = """
    + STRANGER
    + """
)"""
)

# What the queries for the rest need besides: which blobs say something of a message that no column says. Most are keys and
# addresses of files: those in which the tag of no field occurs that is read here (`ios_blobs`) say nothing. One that does not
# begin as such a blob must is looked at too, to say so.
TAGS = (
    "2A",
    "8801",
    "AA01",
    "C201",
    "E201",
    "A002",
    "D202",
    "DA02",
    "9A03",
    "BA05",
)  # 5, 17, 21, 24, 28, 36, 42, 43, 51, 87
SAYS = " OR ".join(f"instr({{blob.ZMETADATA}}, x'{tag}')" for tag in TAGS)
DETAILS = (
    """,
saying AS MATERIALIZED (
  SELECT blob.Z_PK AS pk, blob.ZMESSAGE AS message_pk FROM ZWAMEDIAITEM blob
  WHERE {blob.ZMETADATA} IS NOT NULL AND (hex(substr({blob.ZMETADATA}, 1, 1)) GLOB '?[3467BCEF]' OR """
    + SAYS
    + """)
),
decoded AS MATERIALIZED (
  SELECT saying.message_pk AS pk FROM saying WHERE saying.message_pk IS NOT NULL
  UNION SELECT pointing.Z_PK FROM ZWAMESSAGE pointing
    WHERE pointing.ZMESSAGETYPE = 46 OR {pointing.ZMEDIAITEM} IN (SELECT telling.pk FROM saying telling)
),
links AS MATERIALIZED (
  SELECT d.ZMESSAGE AS message_pk, MAX(COALESCE({d.ZMATCHEDTEXT}, {d.ZCONTENT1})) AS link, MAX({d.ZTITLE}) AS title,
         MAX({d.ZSUMMARY}) AS description
  FROM ZWAMESSAGEDATAITEM d WHERE d.ZMESSAGE IS NOT NULL GROUP BY d.ZMESSAGE
),
events (code, event, said) AS (
  VALUES (6, 1, 'subject changed'), (6, 2, 'added'), (6, 3, 'left'), (6, 4, 'icon changed'), (6, 5, 'icon changed'),
         (6, 7, 'removed'), (6, 9, 'number changed'), (6, 10, 'admin changed'), (6, 11, 'admin changed'),
         (6, 12, 'group created'), (6, 13, 'community'), (6, 15, 'joined by link'), (6, 17, 'description changed'),
         (6, 18, 'group settings changed'), (6, 19, 'group settings changed'), (6, 20, 'group settings changed'),
         (6, 21, 'group settings changed'), (6, 22, 'description changed'), (6, 23, 'joined by invitation'),
         (6, 26, 'disappearing timer'), (6, 30, 'community'), (6, 31, 'community'), (6, 33, 'community'),
         (6, 39, 'admin changed'), (6, 42, 'add settings'), (6, 43, 'community'), (6, 50, 'added'), (6, 51, 'community'),
         (6, 56, 'subject changed'), (6, 57, 'description changed'), (6, 60, 'community'), (6, 61, 'community'),
         (6, 64, 'add settings'),
         (10, 1, 'missed voice call'), (10, 2, 'encryption notice'), (10, 3, 'security code changed'),
         (10, 4, 'missed video call'), (10, 5, 'number changed'), (10, 6, 'number changed'), (10, 21, 'missed voice call'),
         (10, 22, 'missed video call'), (10, 25, 'business state'), (10, 26, 'business state'), (10, 29, 'business state'),
         (10, 30, 'business state'), (10, 34, 'blocked'), (10, 35, 'unblocked'), (10, 36, 'security code changed'),
         (10, 38, 'business state'), (10, 40, 'video call'), (10, 41, 'video call'), (10, 45, 'missed voice call'),
         (10, 46, 'missed video call'), (10, 47, 'message kept'), (10, 51, 'privacy'), (10, 56, 'sender in contacts'),
         (55, 1, 'channel created'), (55, 4, 'privacy')
)"""
)

IS_CALL = "m.code = 10 AND COALESCE(m.event, 0) IN (1, 4, 21, 22, 40, 41, 45, 46)"
KIND = f"""CASE m.code
    WHEN 0 THEN 'text' WHEN 1 THEN 'image' WHEN 2 THEN 'video' WHEN 3 THEN 'audio' WHEN 4 THEN 'contact' WHEN 5 THEN 'location'
    WHEN 6 THEN 'system' WHEN 7 THEN 'link' WHEN 8 THEN 'document' WHEN 11 THEN 'gif' WHEN 14 THEN 'deleted'
    WHEN 15 THEN 'sticker' WHEN 19 THEN 'text' WHEN 20 THEN 'text' WHEN 23 THEN 'text' WHEN 24 THEN 'text' WHEN 25 THEN 'text'
    WHEN 27 THEN 'link' WHEN 28 THEN 'system' WHEN 30 THEN 'text' WHEN 31 THEN 'text' WHEN 32 THEN 'text' WHEN 34 THEN 'text'
    WHEN 38 THEN 'image' WHEN 39 THEN 'video' WHEN 41 THEN 'text' WHEN 42 THEN 'text' WHEN 46 THEN 'poll' WHEN 53 THEN 'voice'
    WHEN 54 THEN 'video' WHEN 55 THEN 'system' WHEN 59 THEN 'call'
    ELSE CASE WHEN {IS_CALL} THEN 'call' WHEN m.code = 10 THEN 'system' ELSE 'unknown' END END"""

# Received messages carry a status as well, which says nothing.
COMMON = f"""
SELECT '{{app}}' AS app, (SELECT owner.jid FROM owner) AS account_id, m.chat_id, m.chat_name, m.chat_kind, m.message_id,
  m.sent_at,
  CASE WHEN m.from_me = 1 THEN (SELECT owner.jid FROM owner) ELSE m.sender_id END AS sender_id,
  COALESCE(m.sender_name, {CHOSEN_NAME}) AS sender_name,
  CASE WHEN m.code IN (6, 28, 55) OR (m.code = 10 AND NOT ({IS_CALL})) THEN 'system'
       WHEN m.from_me = 1 THEN 'outgoing' WHEN m.from_me = 0 THEN 'incoming' ELSE 'unknown' END AS direction,
  m.code AS raw_kind, m.flags & 384 = 384 AS forwarded, COALESCE(m.code = 14, 0) AS deleted,
  COALESCE(m.code IN (38, 39, 53), 0) AS view_once,
  CASE WHEN m.from_me = 1 THEN CASE m.status WHEN 1 THEN 'sent' WHEN 6 THEN 'delivered' WHEN 8 THEN 'read'
    WHEN 9 THEN 'unsent' ELSE 'unknown (' || m.status || ')' END END AS status,
  m.record, """

# Nearly all messages are text without anything beside: they are read without the joins, which would take most of the time.
PLAIN = (
    MESSAGES
    + COMMON
    + KIND
    + """ AS kind, m.text,
  CASE WHEN COALESCE(m.sender_lid, m.delivered_to, m.read_by, m.played_by) IS NULL THEN '{"other_date":"' || m.other_date || '"}'
       ELSE json_patch('{}', json_object('sender_lid', CAST(m.sender_lid AS TEXT), 'other_date', m.other_date,
         'delivered_to', CAST(m.delivered_to AS INTEGER), 'read_by', CAST(m.read_by AS INTEGER),
         'played_by', CAST(m.played_by AS INTEGER))) END AS extra
FROM m
WHERE (m.pk NOT IN (SELECT rich.pk FROM detailed rich)) IS NOT FALSE"""
)

VCARD_SEPARATOR = "_$!<VCard-Separator>!$_"
# Of persons added to a group or removed from it, the text names who did it, and after a semicolon whom, where that is not the
# member in ZGROUPMEMBER.
RICH = (
    "CASE WHEN m.code = 5 AND {media.ZMEDIAORIGIN} = 1 THEN 'live_location' ELSE "
    + KIND
    + f""" END AS kind,
  COALESCE(m.text, CASE m.code WHEN 4 THEN replace(NULLIF({{media.ZVCARDSTRING}}, ''), '{VCARD_SEPARATOR}', char(10))
                               WHEN 5 THEN NULLIF({{media.ZVCARDNAME}}, '') END, NULLIF({{media.ZTITLE}}, '')) AS text,"""
    + """
  CASE WHEN m.code = 5 AND ({media.ZLATITUDE} <> 0 OR {media.ZLONGITUDE} <> 0) THEN {media.ZLATITUDE} END AS latitude,
  CASE WHEN m.code = 5 AND ({media.ZLATITUDE} <> 0 OR {media.ZLONGITUDE} <> 0) THEN {media.ZLONGITUDE} END AS longitude,
  NULLIF(json_patch('{}', json_object(
    'meaning', CASE m.code WHEN 12 THEN 'waiting for this message' WHEN 26 THEN 'product' WHEN 27 THEN 'group invitation'
                           WHEN 28 THEN 'timer default' WHEN 66 THEN 'album' END,
    'sender_lid', CAST(m.sender_lid AS TEXT), 'starred', CAST(m.starred AS INTEGER), 'other_date', m.other_date,
    'delivered_to', CAST(m.delivered_to AS INTEGER), 'read_by', CAST(m.read_by AS INTEGER),
    'played_by', CAST(m.played_by AS INTEGER), 'link', CAST(links.link AS TEXT), 'link_title', CAST(links.title AS TEXT),
    'link_description', CAST(links.description AS TEXT),
    'by', CASE WHEN m.code = 6 AND m.event IN (2, 7, 50) AND instr(m.text, '@') THEN
      CAST(substr(m.text, 1, instr(m.text || ';', ';') - 1) AS TEXT) END,
    'persons', CASE WHEN m.code = 6 AND m.event IN (2, 7, 50) AND instr(m.text, ';') THEN
      CAST(substr(m.text, instr(m.text, ';') + 1) AS TEXT) END,
    'action', CASE WHEN m.code IN (6, 10, 55) THEN CAST(m.event AS INTEGER) END, 'event', events.said)), '{}') AS extra"""
)
SOURCES = """
FROM m
LEFT JOIN items ON items.message_pk = m.pk
LEFT JOIN ZWAMEDIAITEM media ON media.Z_PK = COALESCE(m.item, items.pk)
LEFT JOIN links ON links.message_pk = m.pk
LEFT JOIN events ON events.code = m.code AND events.event = m.event
"""
DETAILED = (
    MESSAGES
    + DETAILS
    + COMMON
    + RICH
    + SOURCES
    + """WHERE m.pk IN (SELECT rich.pk FROM detailed rich) AND m.pk NOT IN (SELECT richer.pk FROM decoded richer)"""
)
DECODED = (
    MESSAGES
    + DETAILS
    + COMMON
    + RICH
    + ", {media.ZMETADATA} AS metadata, {info.ZRECEIPTINFO} AS receipt_info"
    + SOURCES
    + """LEFT JOIN (
  SELECT n.ZMESSAGE, MIN(n.Z_PK) AS pk FROM ZWAMESSAGEINFO n
  WHERE n.ZMESSAGE IN (SELECT poll.Z_PK FROM ZWAMESSAGE poll WHERE poll.ZMESSAGETYPE = 46) GROUP BY n.ZMESSAGE
) infos ON infos.ZMESSAGE = m.pk
LEFT JOIN ZWAMESSAGEINFO info ON info.Z_PK = infos.pk
WHERE m.pk IN (SELECT richer.pk FROM decoded richer)"""
)
