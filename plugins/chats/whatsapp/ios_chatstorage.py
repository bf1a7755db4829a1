"""WhatsApp for iOS, database ChatStorage.sqlite."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import (
    ACCOUNTS,
    ATTACHMENTS,
    CONTACTS,
    MESSAGES,
    PARTICIPANTS,
    PLACES,
    REACTIONS,
    TRANSFERS,
)
from forensics.times import cocoa_s, unix_ms

from ..protobuf import NotProtobuf, message, text
from .stored import phones_of, sha256_of

# Persons: the phone identity behind a hidden one (LID), where LID.sqlite or ContactsV2.sqlite beside pairs the two; names of the
# address book, then the name that the person chose, marked with ~ as WhatsApp does. Ids may be stored without their suffix.
PEOPLE = """
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
  ) WHERE lid IS NOT NULL AND phone IS NOT NULL GROUP BY lid
),
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
  VALUES ('s.whatsapp.net', 'direct'), ('lid', 'direct'), ('c.us', 'direct'), ('g.us', 'group'),
         ('newsletter', 'channel'), ('broadcast', 'broadcast'), ('status', 'status'), ('bot', 'bot')
),
chats AS MATERIALIZED (
  SELECT s.Z_PK AS chat_pk, COALESCE(s.ZCONTACTJID, 'ZWACHATSESSION/Z_PK=' || s.Z_PK) AS chat_id,
         COALESCE(NULLIF({s.ZPARTNERNAME}, ''), book.name, chosen.name) AS chat_name,
         CASE WHEN s.ZCONTACTJID = 'status@broadcast' THEN 'status'
              ELSE COALESCE(servers.chat_kind, CASE {s.ZSESSIONTYPE} WHEN 0 THEN 'direct' WHEN 1 THEN 'group' END)
         END AS chat_kind,
         CASE WHEN pairs.phone IS NOT NULL THEN s.ZCONTACTJID END AS lid, COALESCE(pairs.phone, s.ZCONTACTJID) AS person_id
  FROM ZWACHATSESSION s
  LEFT JOIN servers ON servers.server = substr(s.ZCONTACTJID, instr(s.ZCONTACTJID, '@') + 1)
  LEFT JOIN pairs ON pairs.lid = s.ZCONTACTJID
  LEFT JOIN book ON book.jid = COALESCE(pairs.phone, s.ZCONTACTJID)
  LEFT JOIN chosen ON chosen.jid = s.ZCONTACTJID
)"""

# The account: the only addressee of what was received. Who wrote in a group is in ZGROUPMEMBER; ZFROMJID is the group then.
MESSAGE = (
    PEOPLE
    + """,
owner AS MATERIALIZED (
  SELECT MAX({r.ZTOJID}) AS jid FROM ZWAMESSAGE r WHERE r.ZISFROMME = 0 AND {r.ZTOJID} LIKE '%@s.whatsapp.net'
  GROUP BY 1 = 1 HAVING COUNT(DISTINCT {r.ZTOJID}) = 1
),
written AS (
  SELECT m.Z_PK AS pk, m.ZISFROMME AS from_me, m.ZMESSAGEDATE AS sent_at, m.ZMESSAGETYPE AS type, m.ZTEXT AS text,
         COALESCE(chats.chat_id, 'ZWACHATSESSION/Z_PK=' || m.ZCHATSESSION) AS chat_id, chats.chat_name, chats.chat_kind,
         {m.ZSTANZAID} AS message_id,
         strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({m.ZSENTDATE}, 0) + 978307200, 'unixepoch') AS other_date,
         {m.ZGROUPEVENTTYPE} AS event_type,
         {m.ZMESSAGESTATUS} AS status, {m.ZFLAGS} AS flags, NULLIF({m.ZSTARRED}, 0) AS starred, {m.ZPUSHNAME} AS push_name,
         {m.ZMEDIAITEM} AS item, COALESCE(NULLIF({member.ZCONTACTNAME}, ''), NULLIF({member.ZFIRSTNAME}, '')) AS member_name,
         CASE WHEN m.ZISFROMME IS NOT 1 THEN
           COALESCE(member.ZMEMBERJID, CASE WHEN {m.ZFROMJID} NOT LIKE '%@g.us' THEN {m.ZFROMJID} END,
                    CASE WHEN chats.chat_kind = 'direct' THEN chats.chat_id END) END AS writer
  FROM ZWAMESSAGE m
  LEFT JOIN chats ON chats.chat_pk = m.ZCHATSESSION
  LEFT JOIN ZWAGROUPMEMBER member ON member.Z_PK = {m.ZGROUPMEMBER}
)
SELECT owner.jid AS account_id, w.chat_id, w.chat_name, w.chat_kind, w.message_id, w.sent_at, w.other_date,
  CASE WHEN w.from_me = 1 THEN owner.jid ELSE COALESCE(pairs.phone, w.writer) END AS sender_id,
  CASE WHEN w.from_me IS NOT 1 THEN COALESCE(w.member_name, book.name,
    CASE WHEN w.chat_kind = 'direct' THEN w.chat_name END, chosen.name) END AS sender_name,
  CASE WHEN pairs.phone IS NOT NULL THEN w.writer END AS sender_lid, w.from_me, w.type, w.event_type, w.status, w.text, w.flags,
  w.starred, w.push_name, {media.ZLATITUDE} AS latitude, {media.ZLONGITUDE} AS longitude, {media.ZHACCURACY} AS accuracy_m,
  {media.ZMEDIAORIGIN} AS media_origin, NULLIF({media.ZTITLE}, '') AS title, {media.ZVCARDSTRING} AS vcard_string,
  {media.ZVCARDNAME} AS vcard_name, {media.ZMETADATA} AS metadata, {info.ZRECEIPTINFO} AS receipt_info,
  links.link, links.link_title, links.link_description, 'ZWAMESSAGE/Z_PK=' || w.pk AS record
FROM written w
LEFT JOIN owner ON 1
LEFT JOIN pairs ON pairs.lid = w.writer
LEFT JOIN book ON book.jid = COALESCE(pairs.phone, w.writer)
LEFT JOIN chosen ON chosen.jid = w.writer
LEFT JOIN (SELECT i.ZMESSAGE, MIN(i.Z_PK) AS pk FROM ZWAMEDIAITEM i GROUP BY i.ZMESSAGE) items ON items.ZMESSAGE = w.pk
LEFT JOIN ZWAMEDIAITEM media ON media.Z_PK = COALESCE(w.item, items.pk)
LEFT JOIN (SELECT n.ZMESSAGE, MIN(n.Z_PK) AS pk FROM ZWAMESSAGEINFO n GROUP BY n.ZMESSAGE) infos ON infos.ZMESSAGE = w.pk
LEFT JOIN ZWAMESSAGEINFO info ON info.Z_PK = infos.pk
LEFT JOIN (
  SELECT d.ZMESSAGE, MAX(COALESCE({d.ZMATCHEDTEXT}, {d.ZCONTENT1})) AS link, MAX({d.ZTITLE}) AS link_title,
         MAX({d.ZSUMMARY}) AS link_description
  FROM ZWAMESSAGEDATAITEM d GROUP BY d.ZMESSAGE
) links ON links.ZMESSAGE = w.pk
"""
)

MEDIA = (
    PEOPLE
    + """
SELECT 'WhatsApp' AS app, COALESCE(chats.chat_id, 'ZWACHATSESSION/Z_PK=' || m.ZCHATSESSION) AS chat_id,
  {m.ZSTANZAID} AS message_id, {media.ZMEDIALOCALPATH} AS stored_path, {media.ZVCARDSTRING} AS mime,
  NULLIF({media.ZFILESIZE}, 0) AS size, {media.ZVCARDNAME} AS sha256, NULLIF({media.ZMOVIEDURATION}, 0) AS duration_s,
  NULLIF({media.ZTITLE}, '') AS caption, NULLIF({media.ZMEDIAURL}, '') AS url, {media.ZXMPPTHUMBPATH} AS thumbnail_path,
  m.ZMESSAGETYPE AS type, 'ZWAMEDIAITEM/Z_PK=' || media.Z_PK AS record
FROM ZWAMEDIAITEM media
LEFT JOIN ZWAMESSAGE m ON m.Z_PK = media.ZMESSAGE
LEFT JOIN chats ON chats.chat_pk = m.ZCHATSESSION
WHERE COALESCE({media.ZMEDIALOCALPATH}, NULLIF({media.ZMEDIAURL}, ''), NULLIF({media.ZFILESIZE}, 0)) IS NOT NULL
   OR m.ZMESSAGETYPE IN (1, 2, 3, 8, 11, 15, 38, 39, 53, 54)
"""
)

MEMBERS = (
    PEOPLE
    + """
SELECT 'WhatsApp' AS app, COALESCE(chats.chat_id, 'ZWACHATSESSION/Z_PK=' || g.ZCHATSESSION) AS chat_id,
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
SELECT 'WhatsApp' AS app, chats.chat_id, chats.person_id, chats.chat_name AS name, 1 AS active,
  NULLIF(json_patch('{}', json_object('lid', CAST(chats.lid AS TEXT), 'removed', CAST(NULLIF({c.ZREMOVED}, 0) AS INTEGER),
    'hidden', CAST(NULLIF({c.ZHIDDEN}, 0) AS INTEGER), 'archived', CAST(NULLIF({c.ZARCHIVED}, 0) AS INTEGER),
    'last_message_at', strftime('%Y-%m-%dT%H:%M:%SZ', {c.ZLASTMESSAGEDATE} + 978307200, 'unixepoch'))), '{}') AS extra,
  'ZWACHATSESSION/Z_PK=' || c.Z_PK AS record
FROM ZWACHATSESSION c LEFT JOIN chats ON chats.chat_pk = c.Z_PK WHERE chats.chat_kind = 'direct'
"""
)
MEMBER_CHANGES = """
SELECT 'WhatsApp' AS app, h.ZGROUPJID AS chat_id, 'group' AS chat_kind, h.ZCHANGEDATE AS sent_at, 'system' AS direction,
  'system' AS kind,
  json_object('member_change', CAST(h.ZCHANGETYPE AS INTEGER), 'persons', CAST(h.ZMEMBERJIDS AS TEXT)) AS extra,
  'ZWAGROUPMEMBERSCHANGE/Z_PK=' || h.Z_PK AS record
FROM ZWAGROUPMEMBERSCHANGE h
"""
CHOSEN_NAMES = """
SELECT 'WhatsApp' AS app, p.ZJID AS person_id, '~' || NULLIF(p.ZPUSHNAME, '') AS name,
  'ZWAPROFILEPUSHNAME/Z_PK=' || p.Z_PK AS record
FROM ZWAPROFILEPUSHNAME p
"""
OWNERS = """
SELECT 'WhatsApp' AS app, m.ZTOJID AS account_id, 1 AS is_owner, 'ZWAMESSAGE/Z_PK=' || MIN(m.Z_PK) || ' ZTOJID' AS record
FROM ZWAMESSAGE m WHERE m.ZISFROMME = 0 AND m.ZTOJID LIKE '%@s.whatsapp.net' GROUP BY m.ZTOJID
"""
# ZAMOUNT_1000 is the amount in thousandths of the currency. Columns as in the schema of 2023; no payment was seen.
PAYMENTS = """
SELECT 'WhatsApp' AS platform, 'p2p' AS kind, NULLIF(t.ZCURRENCY, '') AS asset, NULLIF(t.ZTRANSACTIONID, '') AS txid,
  t.ZTIMESTAMP AS at, 'unknown' AS direction,
  CASE WHEN t.ZAMOUNT_1000 >= 0 THEN printf('%d.%03d', t.ZAMOUNT_1000 / 1000, t.ZAMOUNT_1000 % 1000) END AS amount,
  t.ZSENDERJID AS from_address, t.ZRECEIVERJID AS to_address, t.ZSTATUS AS status,
  NULLIF(json_patch('{}', json_object('type', CAST(t.ZTYPE AS INTEGER), 'chat_id', CAST(t.ZGROUPJID AS TEXT),
    'message_id', CAST(t.ZMESSAGESTANZAID AS TEXT))), '{}') AS extra,
  'ZWAZ1PAYMENTTRANSACTION/Z_PK=' || t.Z_PK AS record
FROM ZWAZ1PAYMENTTRANSACTION t
"""

KINDS = {
    0: "text",
    1: "image",
    2: "video",
    3: "audio",
    4: "contact",
    5: "location",
    6: "system",
    7: "link",
    8: "document",
    10: "system",
    11: "gif",
    14: "deleted",
    15: "sticker",
    19: "text",
    20: "text",
    23: "text",
    24: "text",
    27: "link",
    28: "system",
    30: "text",
    32: "text",
    38: "image",
    39: "video",
    41: "text",
    42: "text",
    46: "poll",
    53: "voice",
    54: "video",
    55: "system",
    59: "call",
}
MEANINGS = {12: "waiting for this message", 26: "product", 27: "group invitation", 28: "timer default", 66: "album"}
VIEW_ONCE = (38, 39, 53)
# ZGROUPEVENTTYPE is set on ordinary messages too: it says something for these types only.
EVENT_TYPES = (6, 10, 55)
GROUP_EVENTS = {
    1: "subject changed",
    2: "added",
    3: "left",
    4: "icon changed",
    5: "icon changed",
    7: "removed",
    9: "number changed",
    10: "admin changed",
    11: "admin changed",
    12: "group created",
    15: "joined by link",
    17: "description changed",
    18: "group settings changed",
    19: "group settings changed",
    20: "group settings changed",
    21: "group settings changed",
    22: "description changed",
    23: "joined by invitation",
    26: "disappearing timer",
    30: "community",
    31: "community",
    33: "community",
    39: "admin changed",
    50: "added",
}
SERVICE_EVENTS = {
    1: "missed voice call",
    2: "encryption notice",
    3: "security code changed",
    4: "missed video call",
    5: "number changed",
    6: "number changed",
    21: "missed voice call",
    22: "missed video call",
    25: "business state",
    26: "business state",
    29: "business state",
    30: "business state",
    34: "blocked",
    35: "unblocked",
    36: "security code changed",
    38: "business state",
    40: "video call",
    41: "video call",
    45: "missed voice call",
    46: "missed video call",
    51: "privacy",
}
STATUSES = {1: "sent", 6: "delivered", 8: "read", 9: "unsent"}
FORWARDED = 0x180
VCARD_SEPARATOR = "_$!<VCard-Separator>!$_"
LIVE = 1  # ZMEDIAORIGIN of a location that was shared live; 0 where a place was sent


@parser(
    "whatsapp.ios",
    files=["ChatStorage.sqlite"],
    test=sqlite.has(
        ZWAMESSAGE=["ZMESSAGEDATE", "ZISFROMME", "ZTEXT", "ZMESSAGETYPE", "ZCHATSESSION"],
        ZWACHATSESSION=["ZCONTACTJID"],
    ),
)
def chatstorage(file: File) -> Iterator[Any]:
    """WhatsApp for iOS, messages (ChatStorage.sqlite).

    Reads: messages of chats and groups with their writers, media items, places sent and shared live, contact cards, quotes,
    reactions, polls with their options, events of groups and of the service, members of groups, names that persons chose for
    themselves, payments. Hidden identities (LID) are given as the phone identity where LID.sqlite or ContactsV2.sqlite beside
    pairs the two, and as they are where not. Times are seconds since 2001. The account is the addressee of received messages.
    ZSENTDATE is in extra as other_date: on received messages it is the time of the device, not of the sender.

    Not read: votes in polls, edits, who received and read a message (ZRECEIPTINFO holds them undescribed), pixel sizes that
    media keep in the columns for coordinates, media themselves, keys.

    Seen on: ChatStorage.sqlite of an iPhone with iOS 15 (2022 to 2023, 32 messages, 4 groups, places, a quote, a reaction) and
    one of a backup test with few columns.

    Source: schema of the named databases; IPED and iLEAPP (meaning of codes and of the fields in blobs).

    Tier: proven
    """
    with file.sqlite(beside={"contacts": "ContactsV2.sqlite", "lids": "LID.sqlite"}) as db:
        for row in db.execute(MESSAGE, every="ZWAMESSAGE"):
            yield from read_message(row)
        yield from ATTACHMENTS.rows(attachment(row) for row in db.execute(MEDIA))
        yield from PARTICIPANTS.batches(db.execute(MEMBERS, every="ZWAGROUPMEMBER"))
        yield from PARTICIPANTS.batches(db.execute(PARTNERS))
        yield from MESSAGES.batches(db.execute(MEMBER_CHANGES, every="ZWAGROUPMEMBERSCHANGE"), sent_at=cocoa_s)
        yield from CONTACTS.rows(chosen_names(db))
        if db.has(ZWAMESSAGE=["ZTOJID"]):
            yield from ACCOUNTS.rows(owner(row) for row in db.execute(OWNERS))
        if db.has(ZWAZ1PAYMENTTRANSACTION=["ZAMOUNT_1000", "ZCURRENCY", "ZTIMESTAMP", "ZSENDERJID", "ZRECEIVERJID"]):
            yield from TRANSFERS.batches(db.execute(PAYMENTS, every="ZWAZ1PAYMENTTRANSACTION"), at=cocoa_s)


def read_message(row: Mapping[str, Any]) -> Iterator[Any]:
    """A row of the query as a message, with its place and its reactions."""
    metadata, broken = decoded(row, "metadata")
    receipts, also_broken = decoded(row, "receipt_info")
    yield from (*broken, *also_broken)
    kind = kind_of(row)
    poll = poll_of(receipts) if kind == "poll" else {}
    position = position_of(row) if kind in ("location", "live_location") else {}
    yield from MESSAGES.rows([message_cells(row, kind, metadata, poll, position)], sent_at=cocoa_s)
    if position:
        yield from PLACES.rows([place_cells(row, kind, position)], at=cocoa_s)
    yield from REACTIONS.rows(reactions(row, receipts), reacted_at=unix_ms)


def message_cells(
    row: Mapping[str, Any],
    kind: str,
    metadata: Mapping[int, Any],
    poll: Mapping[str, Any],
    position: Mapping[str, float],
) -> dict[str, Any]:
    """The columns of `messages`."""
    code = row["type"]
    return {
        "app": "WhatsApp",
        "account_id": row["account_id"],
        "chat_id": row["chat_id"],
        "chat_name": row["chat_name"],
        "chat_kind": row["chat_kind"],
        "message_id": row["message_id"],
        "sent_at": row["sent_at"],
        "sender_id": row["sender_id"],
        "sender_name": row["sender_name"] or plain_name(row["push_name"]),
        "direction": direction_of(row, kind),
        "kind": kind,
        "raw_kind": code,
        "text": poll.get("question") or text_of(row, kind),
        "reply_to": text(metadata, 5),
        "forwarded": (row["flags"] & FORWARDED) == FORWARDED if isinstance(row["flags"], int) else None,
        "deleted": code == 14,
        "view_once": code in VIEW_ONCE,
        "status": status_of(row),
        **position,
        "extra": as_json(noted(row, metadata, poll)),
        "record": row["record"],
        "state": row["state"],
    }


def kind_of(row: Mapping[str, Any]) -> str:
    """The kind of a message: of its type, but for missed calls and live places, which share theirs with something else."""
    code = row["type"]
    if code == 5 and row["media_origin"] == LIVE:
        return "live_location"
    if code == 10 and "call" in SERVICE_EVENTS.get(row["event_type"], ""):
        return "call"
    return KINDS.get(code, "unknown")


def direction_of(row: Mapping[str, Any], kind: str) -> str:
    """The direction as stored."""
    if kind == "system":
        return "system"
    return {1: "outgoing", 0: "incoming"}.get(row["from_me"], "unknown")


def status_of(row: Mapping[str, Any]) -> str | None:
    """The status of an own message; received ones carry a number that says nothing."""
    if row["from_me"] != 1 or row["status"] is None:
        return None
    return STATUSES.get(row["status"], f"unknown ({row['status']})")


def text_of(row: Mapping[str, Any], kind: str) -> Any:
    """The text, else what stands for it: caption, contact cards, name of a place."""
    if row["text"]:
        return row["text"]
    if kind == "contact" and isinstance(row["vcard_string"], str):
        return row["vcard_string"].replace(VCARD_SEPARATOR, "\n")
    if kind in ("location", "live_location"):
        return row["vcard_name"] or row["title"]
    return row["title"]


def position_of(row: Mapping[str, Any]) -> dict[str, float]:
    """The coordinates of a place. Only messages of places have any: on pictures the same columns hold pixel sizes."""
    latitude, longitude = row["latitude"], row["longitude"]
    return {"latitude": latitude, "longitude": longitude} if latitude or longitude else {}


def place_cells(row: Mapping[str, Any], kind: str, position: Mapping[str, float]) -> dict[str, Any]:
    """The columns of `places`."""
    return {
        "at": row["sent_at"],
        **position,
        "accuracy_m": row["accuracy_m"] or None,
        "kind": "live_location" if kind == "live_location" else "message",
        "label": text_of(row, kind),
        "ref": row["message_id"],
        "extra": as_json({"chat_id": row["chat_id"]}),
        "record": row["record"],
        "state": row["state"],
    }


def noted(row: Mapping[str, Any], metadata: Mapping[int, Any], poll: Mapping[str, Any]) -> dict[str, Any]:
    """What no column fits."""
    code, event = row["type"], row["event_type"]
    found = {
        "meaning": MEANINGS.get(code),
        "sender_lid": row["sender_lid"],
        "starred": row["starred"],
        "other_date": row["other_date"],
        "quoted_text": quoted_text(metadata),
        "quoted_sender": text(metadata, 6),
        "quoted_in": text(metadata, 7),
        "forward_score": next((v for v in metadata.get(17, ()) if isinstance(v, int)), None),
        "options": poll.get("options"),
        "link": row["link"],
        "link_title": row["link_title"],
        "link_description": row["link_description"],
    }
    if code in EVENT_TYPES:
        found["action"] = event
        found["event"] = (SERVICE_EVENTS if code == 10 else GROUP_EVENTS if code == 6 else {}).get(event)
    return found


def quoted_text(metadata: Mapping[int, Any]) -> str | None:
    """The text of the quoted message: field 19 is that message, field 1 its text, or field 1 of field 6."""
    for body in metadata.get(19, ()):
        quoted = message_or_none(body)
        said = text(quoted, 1)
        if said:
            return said
        for extended in quoted.get(6, ()):
            if said := text(message_or_none(extended), 1):
                return said
    return None


def poll_of(receipts: Mapping[int, Any]) -> dict[str, Any]:
    """Question and options of a poll: field 8 of the receipt information, 8.2 and 8.3.1."""
    for body in receipts.get(8, ()):
        poll = message_or_none(body)
        options = [text(message_or_none(option), 1) for option in poll.get(3, ())]
        return {"question": text(poll, 2), "options": [option for option in options if option]}
    return {}


def reactions(row: Mapping[str, Any], receipts: Mapping[int, Any]) -> Iterator[dict[str, Any]]:
    """Reactions to a message: 7.1 of others (key, who, emoji, when), 7.2 of the owner (key, emoji, when)."""
    for body in receipts.get(7, ()):
        group = message_or_none(body)
        for number in (1, 2):
            shift = 1 if number == 1 else 0
            for one in group.get(number, ()):
                cells = message_or_none(one)
                yield {
                    "app": "WhatsApp",
                    "chat_id": row["chat_id"],
                    "message_id": row["message_id"],
                    "person_id": text(cells, 2) if number == 1 else row["account_id"],
                    "value": text(cells, 2 + shift),
                    "reacted_at": next((v for v in cells.get(3 + shift, ()) if isinstance(v, int)), None),
                    "extra": as_json({"id": text(cells, 1), "from_owner": 1 if number == 2 else None}),
                    "record": f"{row['record']} ZRECEIPTINFO 7.{number}",
                    "state": row["state"],
                }


def decoded(row: Mapping[str, Any], name: str) -> tuple[dict[int, Any], list[Problem]]:
    """A blob of the row as fields; empty, with a problem, where it is none."""
    blob = row[name]
    if not blob:
        return {}, []
    try:
        return message(blob if isinstance(blob, bytes) else str(blob).encode()), []
    except NotProtobuf as error:
        said = f"{name} is no message in the wire format of Protocol Buffers: {error}"
        return {}, [Problem("not_understood", said, record=row["record"])]


def message_or_none(value: Any) -> dict[int, Any]:
    """A nested message; no fields where it is none."""
    try:
        return message(value) if isinstance(value, bytes) else {}
    except NotProtobuf:
        return {}


def plain_name(stored: Any) -> str | None:
    """The name in ZPUSHNAME. Since about 2022 the column holds base64 of a blob instead, whose field 1 is a time: no name."""
    if not isinstance(stored, str) or not stored:
        return None
    try:
        found = message(base64.b64decode(stored, validate=True))
    except (binascii.Error, ValueError):
        return f"~{stored}"
    return None if any(isinstance(v, int) and v > 1_000_000_000 for v in found.get(1, ())) else f"~{stored}"


def attachment(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the media query as a row of `attachments`. ZVCARDSTRING is the MIME type, ZVCARDNAME the hash of the file."""
    cells = {name: value for name, value in row.items() if name not in ("type", "thumbnail_path")}
    is_card = row["type"] == 4
    cells["mime"] = "text/vcard" if is_card else row["mime"]
    cells["sha256"] = sha256_of(row["sha256"])
    other = row["sha256"] if row["sha256"] and not cells["sha256"] else None
    cells["name"] = other if is_card else None
    cells["extra"] = as_json({"thumbnail_path": row["thumbnail_path"], "stored_name": None if is_card else other})
    return cells


def owner(row: Mapping[str, Any]) -> dict[str, Any]:
    """The account, with its phone number."""
    phones = phones_of(row["account_id"])
    return {**row, "phone": phones[0] if phones else None}


def chosen_names(db: Database) -> Iterator[dict[str, Any]]:
    """Names that persons chose for themselves."""
    for row in db.execute(CHOSEN_NAMES, every="ZWAPROFILEPUSHNAME"):
        yield {**row, "phones": phones_of(row["person_id"])}


def as_json(found: Mapping[str, Any]) -> str | None:
    """What is set, as JSON text."""
    there = {name: value for name, value in found.items() if value is not None}
    return json.dumps(there, ensure_ascii=False, default=repr) if there else None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of ChatStorage.sqlite."""
    return [chatstorage]
