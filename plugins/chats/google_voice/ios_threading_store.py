"""Google Voice for iOS, database threadingStore.sqlite."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS
from forensics.times import unix_s

from ..stored_tables import unread

# The sender of what goes out is a number of the account; the other side is whoever else is in the thread.
THREADS = """
WITH threads AS MATERIALIZED (
  SELECT t.threadKey AS chat_id, t.threadType AS type, COUNT(who.phoneNumberE164) AS many, MIN(who.phoneNumberE164) AS other,
         json_group_array(CAST(who.phoneNumberE164 AS TEXT)) AS others, MAX(NULLIF({t.groupName}, '')) AS group_name,
         MAX(NULLIF({t.isSuspectedSpam}, 0)) AS spam, MAX(NULLIF({t.isDeleted}, 0)) AS deleted
  FROM Thread t
  LEFT JOIN ThreadParticipant who ON who.threadKey = t.threadKey AND who.threadType = t.threadType
  GROUP BY t.threadKey, t.threadType
)"""
CALL_TYPES = "('IncomingCall', 'OutgoingCall', 'MissedCall')"
# Fractions that go into `extra` are held to a range: JSON has no infinity, and one in a row would end the query.
MESSAGE = (
    THREADS
    + """
SELECT 'Google Voice' AS app, i.threadKey AS chat_id, COALESCE(threads.group_name, threads.other) AS chat_name,
  CASE WHEN threads.many > 1 THEN 'group' WHEN threads.many = 1 THEN 'direct' END AS chat_kind,
  i.threadItemKey AS message_id, i.timestamp AS sent_at, i.senderPhoneNumber AS sender_id,
  CASE WHEN {i.isSystemMessage} = 1 THEN 'system'
       ELSE CASE i.itemType WHEN 'SmsOut' THEN 'outgoing' WHEN 'SmsIn' THEN 'incoming' WHEN 'Voicemail' THEN 'incoming'
                            ELSE 'unknown' END
  END AS direction,
  CASE WHEN {i.isSystemMessage} = 1 THEN 'system' WHEN i.itemType = 'Voicemail' THEN 'voice'
       WHEN i.itemType NOT IN ('SmsIn', 'SmsOut') THEN 'unknown'
       WHEN files.videos THEN 'video' WHEN files.sounds THEN 'audio' WHEN files.images THEN 'image'
       WHEN files.many THEN 'document' ELSE 'text'
  END AS kind,
  i.itemType AS raw_kind, COALESCE(NULLIF(i.messageText, ''), transcript.text) AS text, {i.sendingState} AS status,
  NULLIF({i.isDeleted}, 0) AS deleted,
  NULLIF(json_patch('{}', json_object(
    'unread', CAST(NULLIF({i.isUnread}, 0) AS INTEGER),
    'duration_s', CASE WHEN {i.duration} BETWEEN 0.001 AND 1e9 THEN {i.duration} END,
    'failure', CAST(NULLIF({i.failureReason}, 0) AS INTEGER), 'number', CAST(NULLIF({i.messageID}, 0) AS TEXT),
    'synced_at', strftime('%Y-%m-%dT%H:%M:%fZ', {i.syncTimestamp}, 'unixepoch'),
    'thread_spam', CAST(threads.spam AS INTEGER), 'thread_deleted', CAST(threads.deleted AS INTEGER),
    'transcript_confidence', CASE WHEN {transcript.confidence} BETWEEN 0 AND 1 THEN {transcript.confidence} END,
    'transcript_status', CAST(NULLIF({transcript.status}, 0) AS INTEGER),
    'transferred_from', CAST({i.transferredFromE164} AS TEXT), 'ring_group', CAST({i.ringGroupName} AS TEXT))), '{}') AS extra,
  'ThreadItem/rowid=' || i.rowid AS record
FROM ThreadItem i
LEFT JOIN threads ON threads.chat_id = i.threadKey AND threads.type = i.threadType
LEFT JOIN Transcript transcript ON transcript.threadItemKey = i.threadItemKey AND transcript.threadItemType = i.threadItemType
LEFT JOIN (
  SELECT a.threadItemKey, a.threadItemType, COUNT(*) AS many,
    MAX(a.attachmentKey IN (SELECT video.attachmentKey FROM VideoInfo video)) AS videos,
    MAX(a.attachmentKey IN (SELECT sound.attachmentKey FROM AudioInfo sound)) AS sounds,
    MAX(a.attachmentKey IN (SELECT picture.attachmentKey FROM ImageSizeInfo picture)) AS images
  FROM MMSAttachmentInfo a GROUP BY a.threadItemKey, a.threadItemType
) files ON files.threadItemKey = i.threadItemKey AND files.threadItemType = i.threadItemType
WHERE COALESCE(i.itemType, '') NOT IN """
    + CALL_TYPES
)
CALL = (
    THREADS
    + """
SELECT 'Google Voice' AS app, CASE i.itemType WHEN 'OutgoingCall' THEN i.senderPhoneNumber END AS account_id,
  i.threadItemKey AS call_id, i.threadKey AS chat_id, i.timestamp AS started_at, NULLIF(i.duration, 0) AS duration_s,
  CASE i.itemType WHEN 'OutgoingCall' THEN 'outgoing' ELSE 'incoming' END AS direction,
  CASE i.itemType WHEN 'MissedCall' THEN 'missed' WHEN 'IncomingCall' THEN 'answered' END AS outcome,
  CASE i.itemType WHEN 'OutgoingCall' THEN threads.other ELSE i.senderPhoneNumber END AS peer_id,
  threads.group_name AS peer_name, threads.others, threads.many,
  NULLIF(json_patch('{}', json_object(
    'type', CAST(i.itemType AS TEXT), 'unread', CAST(NULLIF({i.isUnread}, 0) AS INTEGER),
    'deleted', CAST(NULLIF({i.isDeleted}, 0) AS INTEGER), 'transferred_from', CAST({i.transferredFromE164} AS TEXT),
    'transferred_to', CAST({i.transferredToE164} AS TEXT), 'warming_call_from', CAST({i.warmingCallFromE164} AS TEXT),
    'ring_group', CAST({i.ringGroupName} AS TEXT), 'ring_group_number', CAST({i.ringGroupPhoneNumber} AS TEXT),
    'thread_spam', CAST(threads.spam AS INTEGER))), '{}') AS extra,
  'ThreadItem/rowid=' || i.rowid AS record
FROM ThreadItem i
LEFT JOIN threads ON threads.chat_id = i.threadKey AND threads.type = i.threadType
WHERE i.itemType IN """
    + CALL_TYPES
)
# A picture is listed in several sizes: the largest is the one that was sent.
MEDIA = """
SELECT 'Google Voice' AS app, i.threadKey AS chat_id, a.threadItemKey AS message_id, named.name AS name, named.size AS size,
  picture.width, picture.height, COALESCE(video.seconds, sound.seconds) AS duration_s,
  json_object('key', CAST(a.attachmentKey AS TEXT), 'media_type', CAST(a.mediaType AS INTEGER),
    'source', CAST(a.attachmentSource AS INTEGER), 'status', CAST(a.attachmentInfoStatus AS INTEGER)) AS extra,
  'MMSAttachmentInfo/rowid=' || a.rowid AS record
FROM MMSAttachmentInfo a
LEFT JOIN ThreadItem i ON i.threadItemKey = a.threadItemKey AND i.threadItemType = a.threadItemType
LEFT JOIN (
  SELECT p.attachmentKey, p.attachmentSource, MAX(p.width) AS width, MAX(p.height) AS height FROM ImageSizeInfo p GROUP BY 1, 2
) picture ON picture.attachmentKey = a.attachmentKey AND picture.attachmentSource = a.attachmentSource
LEFT JOIN (
  SELECT v.attachmentKey, v.attachmentSource, MAX(v.duration) AS seconds FROM VideoInfo v GROUP BY 1, 2
) video ON video.attachmentKey = a.attachmentKey AND video.attachmentSource = a.attachmentSource
LEFT JOIN (
  SELECT s.attachmentKey, s.attachmentSource, MAX(s.duration) AS seconds FROM AudioInfo s GROUP BY 1, 2
) sound ON sound.attachmentKey = a.attachmentKey AND sound.attachmentSource = a.attachmentSource
LEFT JOIN (
  SELECT f.attachmentKey, f.attachmentSource, MAX(f.attachmentName) AS name, MAX(f.byteCount) AS size
  FROM FileAttachmentInfo f GROUP BY 1, 2
) named ON named.attachmentKey = a.attachmentKey AND named.attachmentSource = a.attachmentSource
"""
VOICEMAIL = """
SELECT 'Google Voice' AS app, i.threadKey AS chat_id, i.threadItemKey AS message_id, NULLIF(i.duration, 0) AS duration_s,
  'ThreadItem/rowid=' || i.rowid AS record
FROM ThreadItem i WHERE i.itemType = 'Voicemail'
"""
PERSONS = """
SELECT p.phoneNumberE164 AS person_id, p.isBlocked AS blocked, 'Participant/rowid=' || p.rowid AS record FROM Participant p
"""
MEMBERS = """
SELECT 'Google Voice' AS app, m.threadKey AS chat_id, m.phoneNumberE164 AS person_id,
  'ThreadParticipant/rowid=' || m.rowid AS record
FROM ThreadParticipant m
"""
OWN_NUMBERS = """
SELECT i.senderPhoneNumber AS phone, 'ThreadItem/rowid=' || MIN(i.rowid) || ' senderPhoneNumber' AS record
FROM ThreadItem i WHERE i.itemType IN ('SmsOut', 'OutgoingCall') AND i.senderPhoneNumber IS NOT NULL GROUP BY i.senderPhoneNumber
"""
GOOGLE_ID = re.compile(r"(?:^|/)(\d{18,22})/[^/]+$")
UNREAD = (
    "ItemAttachment",
    "CallRecording",
    "ThreadFragment",
    "ThreadOperation",
    "TransferParticipant",
    "CRMSyncInfoEntity",
)


@parser(
    "google_voice.ios",
    files=["threadingStore.sqlite"],
    test=sqlite.has(
        ThreadItem=[
            "threadItemKey",
            "itemType",
            "senderPhoneNumber",
            "messageText",
            "timestamp",
            "threadKey",
            "threadType",
        ],
        Thread=["threadKey", "threadType"],
        ThreadParticipant=["phoneNumberE164", "threadKey", "threadType"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Google Voice for iOS (threadingStore.sqlite).

    Times are seconds since 1970 with fractions. The sender of outgoing messages and calls is a number of the account, so the
    other side of an outgoing call is the member of its thread (iLEAPP shows the account's own number there). Whether an
    outgoing call was answered is not stored; missed calls have a length too. Voicemail is a message of kind `voice`, its text
    is the transcript. The folder is named after the Google account.

    Reads: messages with attachments, voicemail with transcripts, calls, members, persons with blocks, the account's numbers.
    Not read: media themselves, recordings of calls, transfers, operations that wait to be sent (a problem where there are any).
    Seen on: Google Voice on an iPhone with iOS 17 (2019 to 2024; 118 messages, 29 calls, 5 voicemails). No group, video, sound
    or file was in it.
    Source: schema of that database; iLEAPP, artifact googleVoice.
    Tier: proven
    """
    with file.sqlite() as db:
        others = f"ThreadItem WHERE COALESCE(itemType, '') NOT IN {CALL_TYPES}"
        yield from MESSAGES.batches(db.execute(MESSAGE, every=others), sent_at=unix_s)
        calls = db.execute(CALL, every=f"ThreadItem WHERE itemType IN {CALL_TYPES}")
        yield from CALLS.rows((call(row) for row in calls), started_at=unix_s)
        if db.columns("MMSAttachmentInfo"):
            yield from ATTACHMENTS.batches(db.execute(MEDIA, every="MMSAttachmentInfo"))
        yield from ATTACHMENTS.batches(db.execute(VOICEMAIL))
        yield from PARTICIPANTS.batches(db.execute(MEMBERS, every="ThreadParticipant"))
        if db.has(Participant=["phoneNumberE164", "isBlocked"]):
            yield from CONTACTS.rows(person(row) for row in db.execute(PERSONS, every="Participant"))
        yield from ACCOUNTS.rows(accounts(db, file.path))
        yield from unread(db, UNREAD)


def call(row: Mapping[str, Any]) -> dict[str, Any]:
    """A call; the others are listed where there are several."""
    cells = {name: value for name, value in row.items() if name not in ("others", "many")}
    several = isinstance(row["many"], int) and row["many"] > 1
    return cells | {"members": json.loads(row["others"]) if several else None}


def person(row: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody that messages or calls were exchanged with."""
    return {**row, "app": "Google Voice", "phones": [row["person_id"]] if row["person_id"] else None}


def accounts(db: Database, path: str) -> Iterator[dict[str, Any]]:
    """The Google account that the folder is named after, and the numbers that the account has used."""
    google = GOOGLE_ID.search(path)
    shared = {"app": "Google Voice", "account_id": google[1] if google else None, "is_owner": True}
    numbers = [{**row, **shared} for row in db.execute(OWN_NUMBERS)]
    yield from numbers or ([{**shared, "record": "path"}] if google else [])


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of threadingStore.sqlite."""
    return [messages]
