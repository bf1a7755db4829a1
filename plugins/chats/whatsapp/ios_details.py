"""Queries for everything in ChatStorage.sqlite that hangs on a message, a chat or a person."""

from .ios_messages import OWNER, PAIRS, PEOPLE

PHONES = PAIRS + "\nSELECT pairs.lid, pairs.phone FROM pairs"

# Only messages of places have coordinates: on pictures the same columns hold pixel sizes.
PLACES = """
SELECT x.ZMESSAGEDATE AS at, {media.ZLATITUDE} AS latitude, {media.ZLONGITUDE} AS longitude,
  NULLIF({media.ZHACCURACY}, 0) AS accuracy_m,
  CASE WHEN {media.ZMEDIAORIGIN} = 1 THEN 'live_location' ELSE 'message' END AS kind,
  COALESCE(NULLIF(x.ZTEXT, ''), NULLIF({media.ZVCARDNAME}, ''), NULLIF({media.ZTITLE}, '')) AS label, {x.ZSTANZAID} AS ref,
  json_object('chat_id', CAST(COALESCE(s.ZCONTACTJID, 'ZWACHATSESSION/Z_PK=' || x.ZCHATSESSION) AS TEXT)) AS extra,
  'ZWAMESSAGE/Z_PK=' || x.Z_PK AS record
FROM ZWAMESSAGE x
LEFT JOIN ZWACHATSESSION s ON s.Z_PK = x.ZCHATSESSION
LEFT JOIN (SELECT i.ZMESSAGE, MIN(i.Z_PK) AS pk FROM ZWAMEDIAITEM i GROUP BY i.ZMESSAGE) items ON items.ZMESSAGE = x.Z_PK
LEFT JOIN ZWAMEDIAITEM media ON media.Z_PK = COALESCE({x.ZMEDIAITEM}, items.pk)
WHERE x.ZMESSAGETYPE = 5 AND ({media.ZLATITUDE} <> 0 OR {media.ZLONGITUDE} <> 0)
"""

# Reactions are field 7 of the receipt information: only blobs with its tag (3A) can have any.
REACTIONS = (
    "WITH "
    + OWNER
    + """
SELECT COALESCE(s.ZCONTACTJID, 'ZWACHATSESSION/Z_PK=' || x.ZCHATSESSION) AS chat_id, {x.ZSTANZAID} AS message_id,
  (SELECT owner.jid FROM owner) AS account_id, {info.ZRECEIPTINFO} AS receipt_info, 'ZWAMESSAGEINFO/Z_PK=' || info.Z_PK AS record
FROM ZWAMESSAGEINFO info
LEFT JOIN ZWAMESSAGE x ON x.Z_PK = info.ZMESSAGE
LEFT JOIN ZWACHATSESSION s ON s.Z_PK = x.ZCHATSESSION
WHERE instr({info.ZRECEIPTINFO}, x'3A')
"""
)

# ZVCARDSTRING is the MIME type of a file and the text of a card, ZVCARDNAME the hash of a file and the name on a card.
MEDIA = """
SELECT '{app}' AS app, COALESCE(s.ZCONTACTJID, 'ZWACHATSESSION/Z_PK=' || m.ZCHATSESSION) AS chat_id,
  {m.ZSTANZAID} AS message_id, {media.ZMEDIALOCALPATH} AS stored_path,
  CASE WHEN m.ZMESSAGETYPE = 4 THEN 'text/vcard' ELSE {media.ZVCARDSTRING} END AS mime,
  NULLIF({media.ZFILESIZE}, 0) AS size, {media.ZVCARDNAME} AS sha256,
  NULLIF({media.ZMOVIEDURATION}, 0) AS duration_s, NULLIF({media.ZTITLE}, '') AS caption,
  NULLIF({media.ZMEDIAURL}, '') AS url, m.ZMESSAGETYPE = 4 AS is_card,
  NULLIF(json_patch('{}', json_object('thumbnail_path', CAST({media.ZXMPPTHUMBPATH} AS TEXT),
    'thumbnail_local_path', CAST({media.ZTHUMBNAILLOCALPATH} AS TEXT), 'card_of', json(cards.persons))), '{}') AS extra,
  'ZWAMEDIAITEM/Z_PK=' || media.Z_PK AS record
FROM ZWAMEDIAITEM media
LEFT JOIN (SELECT card.ZMEDIAITEM, json_group_array(CAST(card.ZWHATSAPPID AS TEXT)) AS persons FROM ZWAVCARDMENTION card
           WHERE card.ZWHATSAPPID <> '' GROUP BY card.ZMEDIAITEM) cards ON cards.ZMEDIAITEM = media.Z_PK
LEFT JOIN ZWAMESSAGE m ON m.Z_PK = media.ZMESSAGE
LEFT JOIN ZWACHATSESSION s ON s.Z_PK = m.ZCHATSESSION
WHERE COALESCE({media.ZMEDIALOCALPATH}, NULLIF({media.ZMEDIAURL}, ''), NULLIF({media.ZFILESIZE}, 0)) IS NOT NULL
   OR m.ZMESSAGETYPE IN (1, 2, 3, 8, 11, 15, 38, 39, 53, 54)
"""

MEMBERS = (
    PEOPLE
    + """
SELECT '{app}' AS app, COALESCE(chats.chat_id, 'ZWACHATSESSION/Z_PK=' || g.ZCHATSESSION) AS chat_id,
  COALESCE(pairs.phone, g.ZMEMBERJID) AS person_id,
  COALESCE(NULLIF({g.ZCONTACTNAME}, ''), NULLIF({g.ZFIRSTNAME}, ''), book.name, chosen.name) AS name,
  CASE {g.ZISADMIN} WHEN 1 THEN 'admin' WHEN 0 THEN 'member' END AS role, {g.ZISACTIVE} AS active,
  NULLIF(json_patch('{}', json_object('lid', CAST(CASE WHEN pairs.phone IS NOT NULL THEN g.ZMEMBERJID END AS TEXT),
    'group_creator', CAST(founded.creator AS TEXT),
    'group_created_at', strftime('%Y-%m-%dT%H:%M:%SZ', founded.at + 978307200, 'unixepoch'))), '{}') AS extra,
  'ZWAGROUPMEMBER/Z_PK=' || g.Z_PK AS record
FROM ZWAGROUPMEMBER g
LEFT JOIN (
  SELECT f.ZCHATSESSION AS chat_pk, MAX({f.ZCREATORJID}) AS creator, MIN({f.ZCREATIONDATE}) AS at
  FROM ZWAGROUPINFO f GROUP BY f.ZCHATSESSION
) founded ON founded.chat_pk = g.ZCHATSESSION
LEFT JOIN chats ON chats.chat_pk = g.ZCHATSESSION
LEFT JOIN pairs ON pairs.lid = g.ZMEMBERJID
LEFT JOIN book ON book.jid = COALESCE(pairs.phone, g.ZMEMBERJID)
LEFT JOIN chosen ON chosen.jid = g.ZMEMBERJID
"""
)
# The partner of every chat of two, so that a chat with no message left, or with nobody of the address book, is seen.
# A chat whose last message is dated later than any that is stored has lost messages: the date is kept.
PARTNERS = (
    PEOPLE
    + """
SELECT '{app}' AS app, chats.chat_id, chats.person_id, chats.chat_name AS name, 1 AS active,
  NULLIF(json_patch('{}', json_object('lid', CAST(chats.lid AS TEXT), 'removed', CAST(NULLIF({c.ZREMOVED}, 0) AS INTEGER),
    'hidden', CAST(NULLIF({c.ZHIDDEN}, 0) AS INTEGER), 'archived', CAST(NULLIF({c.ZARCHIVED}, 0) AS INTEGER),
    'last_message_at', strftime('%Y-%m-%dT%H:%M:%SZ', {c.ZLASTMESSAGEDATE} + 978307200, 'unixepoch'))), '{}') AS extra,
  'ZWACHATSESSION/Z_PK=' || c.Z_PK AS record
FROM ZWACHATSESSION c LEFT JOIN chats ON chats.chat_pk = c.Z_PK WHERE chats.chat_kind = 'direct'
"""
)
# Text that was typed and not sent. It has no time.
DRAFTS = (
    PEOPLE
    + """
SELECT '{app}' AS app, chats.chat_id, chats.chat_name, chats.chat_kind, 'outgoing' AS direction, 'text' AS kind,
  draft.ZSAVEDINPUT AS text, 'draft' AS status, 'ZWACHATSESSION/Z_PK=' || draft.Z_PK || ' ZSAVEDINPUT' AS record
FROM ZWACHATSESSION draft LEFT JOIN chats ON chats.chat_pk = draft.Z_PK WHERE draft.ZSAVEDINPUT <> ''
"""
)
MEMBER_CHANGES = """
SELECT '{app}' AS app, h.ZGROUPJID AS chat_id, 'group' AS chat_kind, h.ZCHANGEDATE AS sent_at, 'system' AS direction,
  'system' AS kind,
  json_object('member_change', CAST(h.ZCHANGETYPE AS INTEGER), 'persons', CAST(h.ZMEMBERJIDS AS TEXT)) AS extra,
  'ZWAGROUPMEMBERSCHANGE/Z_PK=' || h.Z_PK AS record
FROM ZWAGROUPMEMBERSCHANGE h
"""
CHOSEN_NAMES = """
SELECT '{app}' AS app, p.ZJID AS person_id, '~' || NULLIF(p.ZPUSHNAME, '') AS name,
  'ZWAPROFILEPUSHNAME/Z_PK=' || p.Z_PK AS record
FROM ZWAPROFILEPUSHNAME p
"""
BLOCKED = """
SELECT '{app}' AS app, b.ZJID AS person_id, 1 AS blocked, 'ZWABLACKLISTITEM/Z_PK=' || b.Z_PK AS record FROM ZWABLACKLISTITEM b
"""
OWNERS = """
SELECT '{app}' AS app, m.ZTOJID AS account_id, 1 AS is_owner, 'ZWAMESSAGE/Z_PK=' || MIN(m.Z_PK) || ' ZTOJID' AS record
FROM ZWAMESSAGE m WHERE m.ZISFROMME = 0 AND m.ZTOJID LIKE '%@s.whatsapp.net' GROUP BY m.ZTOJID
"""
# ZAMOUNT_1000 is the amount in thousandths of the currency. Columns as in the schema of 2023; no payment was seen.
PAYMENTS = """
SELECT '{app}' AS platform, 'p2p' AS kind, NULLIF(t.ZCURRENCY, '') AS asset, NULLIF(t.ZTRANSACTIONID, '') AS txid,
  t.ZTIMESTAMP AS at, 'unknown' AS direction,
  CASE WHEN t.ZAMOUNT_1000 >= 0 THEN printf('%d.%03d', t.ZAMOUNT_1000 / 1000, t.ZAMOUNT_1000 % 1000) END AS amount,
  t.ZSENDERJID AS from_address, t.ZRECEIVERJID AS to_address, t.ZSTATUS AS status,
  NULLIF(json_patch('{}', json_object('type', CAST(t.ZTYPE AS INTEGER), 'chat_id', CAST(t.ZGROUPJID AS TEXT),
    'message_id', CAST(t.ZMESSAGESTANZAID AS TEXT))), '{}') AS extra,
  'ZWAZ1PAYMENTTRANSACTION/Z_PK=' || t.Z_PK AS record
FROM ZWAZ1PAYMENTTRANSACTION t
"""
