"""Signal for iOS, database signal.sqlite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ATTACHMENTS, CALLS, MESSAGES, REACTIONS, RECEIPTS
from forensics.times import unix_ms

from .ios_archives import account, address, recipient_states, unpacked
from .ios_people import People, Thread, people_of, rows_of_people
from .stored import APP, count, known, media_kind, moment, placed, sha256_of, word

MESSAGE = """
SELECT m.id AS id, m.uniqueId AS unique_id, m.uniqueThreadId AS thread, m.recordType AS type, m.timestamp AS sent_at,
  m.receivedAtTimestamp AS received_at, {m.serverTimestamp} AS server_at, {m.authorUUID} AS author,
  {m.authorPhoneNumber} AS author_number, {m.body} AS body, {m.customMessage} AS custom, {m.callType} AS call_type,
  {m.offerType} AS offer, {m.errorType} AS error, {m.messageType} AS info, {m.read} AS read, {m.viewed} AS viewed,
  {m.storedMessageState} AS stored_state, {m.recipientAddressStates} AS states, {m.quotedMessage} AS quote,
  {m.attachmentIds} AS attachment_ids, {m.isVoiceMessage} AS voice, {m.isViewOnceMessage} AS view_once,
  {m.isViewOnceComplete} AS view_once_done, {m.wasRemotelyDeleted} AS deleted, {m.editState} AS edit_state,
  {m.expiresAt} AS expires_at, {m.expiresInSeconds} AS timer, {m.contactShare} AS contact, {m.messageSticker} AS sticker,
  {m.giftBadge} AS gift, {m.storyTimestamp} AS story_at, {m.storyAuthorUuidString} AS story_author,
  {m.storyReactionEmoji} AS story_reaction, {m.creatorUuid} AS creator, {m.configurationDurationSeconds} AS timer_set,
  {m.sourceDeviceId} AS device, latest.uniqueId AS latest, files.mime AS mime, files.flag AS flag, older.mime AS older_mime,
  long.path AS long_path, named.persons AS mentions, 'model_TSInteraction/id=' || m.id AS record
FROM model_TSInteraction m
LEFT JOIN (SELECT e.pastRevisionId, MAX(e.latestRevisionId) AS id FROM EditRecord e GROUP BY e.pastRevisionId) edit
  ON edit.pastRevisionId = m.id
LEFT JOIN model_TSInteraction latest ON latest.id = edit.id
LEFT JOIN (
  SELECT r.ownerRowId, {a.mimeType} AS mime, {r.renderingFlag} AS flag, MIN({r.orderInMessage}) AS first
  FROM MessageAttachmentReference r LEFT JOIN Attachment a ON a.id = r.attachmentRowId
  WHERE r.ownerType = 0 GROUP BY r.ownerRowId
) files ON files.ownerRowId = m.id
LEFT JOIN (
  SELECT r.ownerRowId, MAX({a.localRelativeFilePath}) AS path
  FROM MessageAttachmentReference r LEFT JOIN Attachment a ON a.id = r.attachmentRowId
  WHERE r.ownerType = 1 GROUP BY r.ownerRowId
) long ON long.ownerRowId = m.id
LEFT JOIN (
  SELECT o.albumMessageId, {o.contentType} AS mime, MIN(o.id) AS first FROM model_TSAttachment o GROUP BY o.albumMessageId
) older ON older.albumMessageId = m.uniqueId
LEFT JOIN (
  SELECT n.uniqueMessageId, group_concat(n.uuidString, ' ') AS persons FROM model_TSMention n GROUP BY n.uniqueMessageId
) named ON named.uniqueMessageId = m.uniqueId
"""
PLACE = "SELECT m.uniqueId AS id, m.uniqueThreadId AS thread, m.timestamp AS sent_at FROM model_TSInteraction m"
ATTACHMENT = """
SELECT r.ownerType AS owner, m.uniqueId AS message, m.uniqueThreadId AS thread, r.ownerRowId AS owner_id,
  {r.sourceFilename} AS name, {r.caption} AS caption, {r.renderingFlag} AS flag, {r.isViewOnce} AS view_once,
  {r.ownerIsPastEditRevision} AS past, {a.mimeType} AS mime, {a.localRelativeFilePath} AS path,
  COALESCE({a.unencryptedByteCount}, {r.sourceUnencryptedByteCount}) AS size, {a.sha256ContentHash} AS hash,
  COALESCE({a.cachedMediaWidthPixels}, {r.sourceMediaWidthPixels}) AS width,
  COALESCE({a.cachedMediaHeightPixels}, {r.sourceMediaHeightPixels}) AS height,
  COALESCE({a.cachedVideoDurationSeconds}, {a.cachedAudioDurationSeconds}) AS duration,
  {a.localRelativeFilePathThumbnail} AS thumbnail, {a.transitUploadTimestamp} AS uploaded, 1 AS sealed,
  'MessageAttachmentReference/rowid=' || r.rowid AS record
FROM MessageAttachmentReference r
LEFT JOIN Attachment a ON a.id = r.attachmentRowId
LEFT JOIN model_TSInteraction m ON m.id = r.ownerRowId
"""
OLDER_ATTACHMENT = """
SELECT 0 AS owner, {a.albumMessageId} AS message, m.uniqueThreadId AS thread, a.uniqueId AS unique_id,
  {a.sourceFilename} AS name, {a.caption} AS caption, NULL AS flag, NULL AS view_once, NULL AS past, {a.contentType} AS mime,
  {a.localRelativeFilePath} AS path, NULLIF({a.byteCount}, 0) AS size, NULL AS hash, NULLIF({a.cachedImageWidth}, 0) AS width,
  NULLIF({a.cachedImageHeight}, 0) AS height, COALESCE(NULLIF({a.videoDuration}, 0), {a.cachedAudioDurationSeconds}) AS duration,
  NULL AS thumbnail, NULLIF({a.uploadTimestamp}, 0) AS uploaded, 0 AS sealed, 'model_TSAttachment/id=' || a.id AS record
FROM model_TSAttachment a
LEFT JOIN model_TSInteraction m ON m.uniqueId = {a.albumMessageId}
"""
REACTION = """
SELECT r.emoji AS emoji, {r.reactorUUID} AS aci, {r.reactorE164} AS number, {r.sentAtTimestamp} AS sent_at,
  {r.receivedAtTimestamp} AS received_at, r.uniqueMessageId AS message, m.uniqueThreadId AS thread,
  'model_OWSReaction/id=' || r.id AS record
FROM model_OWSReaction r LEFT JOIN model_TSInteraction m ON m.uniqueId = r.uniqueMessageId
"""
CALL = """
SELECT c.callId AS call_id, c.threadRowId AS thread, c.type AS type, c.direction AS direction, c.status AS status,
  {c.timestamp} AS at, {c.callBeganTimestamp} AS began, {c.callEndedTimestamp} AS ended, {c.groupCallRingerAci} AS ringer,
  m.uniqueId AS message, 'CallRecord/id=' || c.id AS record
FROM CallRecord c LEFT JOIN model_TSInteraction m ON m.id = {c.interactionRowId}
"""
CALL_IN_MESSAGE = """
SELECT m.uniqueId AS message, m.uniqueThreadId AS thread, m.timestamp AS at, {m.callType} AS call_type, {m.offerType} AS offer,
  'model_TSInteraction/id=' || m.id AS record
FROM model_TSInteraction m LEFT JOIN CallRecord c ON {c.interactionRowId} = m.id
WHERE m.recordType = 20 AND c.id IS NULL
"""

INCOMING, OUTGOING, CALLS_IN_CHAT = (19, 75, 78), (21, 68, 79), (20, 65)
EVENTS = (1, 4, 5, 7, 9, 10, 13, 17, 22, 23, 25, 28, 54, 70, 76, 77)
STATES = {0: "sending", 1: "failed", 2: "sent", 3: "delivered", 4: "sent", 5: "pending"}
RECIPIENT = {0: "failed", 1: "sending", 2: "skipped", 3: "sent", 4: "pending", 5: "delivered", 6: "read", 7: "viewed"}
REACHED = ("failed", "sending", "pending", "skipped", "sent", "delivered", "read", "viewed")
OWNERS = {1: "long-message", 2: "preview", 3: "quote", 4: "sticker", 5: "contact"}
VOICE_FLAG, LOOP_FLAG = 1, 3
CALL_TYPES = {  # direction and outcome
    1: ("incoming", "answered"),
    2: ("outgoing", "answered"),
    3: ("incoming", "missed"),
    4: ("outgoing", "incomplete"),
    5: ("incoming", "incomplete"),
    6: ("incoming", "missed"),
    7: ("incoming", "rejected"),
    8: ("outgoing", "missed"),
    9: ("incoming", "answered"),
    10: ("incoming", "rejected"),
    11: ("incoming", "missed"),
    12: ("incoming", "missed"),
    13: ("incoming", "missed"),
}
OUTCOMES = {
    0: "pending",
    1: "answered",
    2: "not_accepted",
    3: "missed",
    4: "group_call",
    5: "answered",
    6: "answered",
    7: "rejected",
    8: "missed",
    9: "ringing",
    10: "missed",
    11: "group_call",
    12: "answered",
}
CLOCKS = dict.fromkeys(("sent_at", "received_at", "edited_at", "expires_at"), unix_ms)
RECEIPT_CLOCKS = dict.fromkeys(("delivered_at", "read_at", "played_at"), unix_ms)
LEFT_OUT = {
    "MessageSendLog_Payload": "messages kept for sending them again",
    "model_StoryMessage": "stories",
    "model_OWSMessageContentJob": "envelopes not yet processed",
    "model_TSPaymentModel": "payments",
    "Poll": "polls",
}


@parser(
    "signal.ios",
    test=sqlite.has(
        model_TSInteraction=["id", "uniqueId", "uniqueThreadId", "recordType", "timestamp", "receivedAtTimestamp"],
        model_TSThread=["id", "uniqueId", "recordType"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Signal for iOS, database signal.sqlite in clear.

    The app encrypts it: signal.encrypted opens it with its key and hands it to this parser.

    Reads: messages with both times, expiry, edits (each version is a row), deletions for everyone, view-once, quotes, mentions;
    events as system messages; what is known of each recipient; reactions; attachments of both schemas; calls of CallRecord, and
    those that only a message tells of; drafts; persons with the names that the owner, the address book and they themselves gave;
    members of groups; the account. Groups are given by their id in base64, as Signal Desktop gives them.
    Not read: what an event says but its type and text, roles in groups, the attachments themselves (encrypted one by one since
    2024), keys, stories, polls, payments, and messages kept for sending them again (problems where there are any).
    Seen on: no file of the app; invented rows in its own schemas of 2021 and 2025.
    Source: signalapp/Signal-iOS (schema.sql, SDSRecordType, TSCall, CallRecord, TSOutgoingMessageRecipientState); iLEAPP.
    Tier: documented
    """
    with file.sqlite() as db:
        yield from read(db)


def read(db: Database) -> Iterator[Any]:
    """Everything of a database."""
    people, problems = people_of(db)
    yield from problems
    places = {(row["thread"], row["sent_at"]): row["id"] for row in db.execute(PLACE)}
    holders: dict[Any, tuple[Any, Any]] = {}
    for row in placed(db.execute(MESSAGE, every="model_TSInteraction"), "model_TSInteraction"):
        yield from message(row, people, places, holders)
    if db.columns("MessageAttachmentReference"):
        rows = placed(db.execute(ATTACHMENT, every="MessageAttachmentReference"), "MessageAttachmentReference")
        yield from ATTACHMENTS.rows(attachment(row, people, holders) for row in rows)
    if db.columns("model_TSAttachment"):
        rows = placed(db.execute(OLDER_ATTACHMENT, every="model_TSAttachment"), "model_TSAttachment")
        yield from ATTACHMENTS.rows(attachment(row, people, holders) for row in rows)
    if db.columns("model_OWSReaction"):
        rows = placed(db.execute(REACTION, every="model_OWSReaction"), "model_OWSReaction")
        yield from REACTIONS.rows((reaction(row, people) for row in rows), reacted_at=unix_ms)
    if db.columns("CallRecord"):
        rows = placed(db.execute(CALL, every="CallRecord"), "CallRecord")
        yield from CALLS.rows((call(row, people) for row in rows), started_at=unix_ms)
    rows = placed(db.execute(CALL_IN_MESSAGE), "model_TSInteraction")
    yield from CALLS.rows((call_in_message(row, people) for row in rows), started_at=unix_ms)
    yield from rows_of_people(db, people)
    for table, what in LEFT_OUT.items():
        if db.columns(table) and (there := db.count(table)):
            yield Problem("not_read", f"table {table} ({what}): {there:,} rows are not read", record=table)


def message(
    row: Mapping[str, Any], people: People, places: dict[Any, Any], holders: dict[Any, tuple[Any, Any]]
) -> Iterator[Any]:
    """A message with what is known of its recipients. `holders`: which message names an attachment, filled on the way."""
    found = {}
    for column in ("states", "quote", "attachment_ids"):
        found[column], problems = unpacked(row, column)
        yield from problems
    thread = people.threads.get(row["thread"])
    for each in found["attachment_ids"] if isinstance(found["attachment_ids"], list) else ():
        if isinstance(each, str):
            holders.setdefault(each, (row["unique_id"], row["thread"]))
    states = list(recipient_states(found["states"]))
    cells = message_cells(row, found, people, thread, states)
    cells["reply_to"] = quoted_id(row, found["quote"], places)
    yield from MESSAGES.rows([cells], **CLOCKS)
    shared = {name: cells[name] for name in ("app", "chat_id", "message_id", "record", "state")}
    yield from RECEIPTS.rows((shared | receipt(*each, people) for each in states), **RECEIPT_CLOCKS)


def message_cells(
    row: Mapping[str, Any], found: dict[str, Any], people: People, thread: Thread | None, states: list[Any]
) -> dict[str, Any]:
    """The columns of `messages`."""
    direction = direction_of(row["type"])
    author = (
        people.me if direction == "outgoing" else people.person(row["author"] or row["creator"], row["author_number"])
    )
    if direction == "incoming" and author[0] is None and thread and thread.kind == "direct":
        author = thread.key, thread.name
    edited = row["edit_state"] in (1, 2, 3)
    return {
        "app": APP,
        "account_id": people.me[0],
        "chat_id": thread.key if thread else row["thread"],
        "chat_name": thread.name if thread else None,
        "chat_kind": thread.kind if thread else None,
        "message_id": row["unique_id"],
        "sent_at": row["sent_at"],
        "received_at": row["received_at"],
        "expires_at": row["expires_at"] or None,
        "sender_id": author[0],
        "sender_name": author[1],
        "direction": direction,
        "kind": kind_of(row, found),
        "raw_kind": row["type"],
        "text": row["body"] or row["custom"] or row["story_reaction"] or None,
        "edited": True if edited else None,
        "deleted": True if row["deleted"] else None,
        "view_once": True if row["view_once"] else None,
        "status": status_of(row, direction, states),
        "extra": noted(row, found, people),
        "record": row["record"],
        "state": row["state"],
    }


def direction_of(code: Any) -> str:
    """Who wrote, by the kind of the record."""
    if code in INCOMING:
        return "incoming"
    if code in OUTGOING:
        return "outgoing"
    return "system" if code in EVENTS or code in CALLS_IN_CHAT else "unknown"


def kind_of(row: Mapping[str, Any], found: dict[str, Any]) -> str:
    """The kind of a message, by its record and by what is in it."""
    if row["type"] in CALLS_IN_CHAT:
        return "call"
    if row["type"] in EVENTS:
        return "system"
    if row["type"] not in (*INCOMING, *OUTGOING):
        return "unknown"
    if row["deleted"]:
        return "deleted"
    for column in ("sticker", "contact"):
        if row[column]:
            return column
    mime = row["mime"] or row["older_mime"]
    if mime and row["mime"] is None and mime == "text/x-signal-plain":
        mime = None
    if row["voice"] or row["flag"] == VOICE_FLAG:
        return "voice"
    if mime:
        return "gif" if row["flag"] == LOOP_FLAG else media_kind(mime, None)
    return "text" if row["body"] or row["story_reaction"] else "unknown"


def status_of(row: Mapping[str, Any], direction: str, states: list[Any]) -> Any:
    """Of a sent message how far it got with whom it got farthest, of a received one whether it was read."""
    if direction == "incoming":
        return "viewed" if row["viewed"] else {1: "read", 0: "unread"}.get(row["read"])
    if direction != "outgoing":
        return None
    reached = [state_of(state)[0] for _, state in states]
    farthest = max((REACHED.index(each) for each in reached if each in REACHED), default=None)
    return STATES.get(row["stored_state"], row["stored_state"]) if farthest is None else REACHED[farthest]


def state_of(state: Mapping[str, Any]) -> tuple[Any, Any]:
    """How far a message got with one recipient, and when; older records have a time for each step."""
    if state.get("statusTimestamp") is None:
        for name, reached in (
            ("viewedTimestamp", "viewed"),
            ("readTimestamp", "read"),
            ("deliveryTimestamp", "delivered"),
        ):
            if state.get(name):
                return reached, state[name]
    code = state.get("state")
    return RECIPIENT.get(code, code) if isinstance(code, int) else code, state.get("statusTimestamp")


def receipt(whom: tuple[Any, Any], state: Mapping[str, Any], people: People) -> dict[str, Any]:
    """What is known of one recipient."""
    status, at = state_of(state)
    return {
        "person_id": people.person(*whom)[0],
        "delivered_at": at if status == "delivered" else state.get("deliveryTimestamp"),
        "read_at": at if status == "read" else state.get("readTimestamp"),
        "played_at": at if status == "viewed" else state.get("viewedTimestamp"),
        "extra": known({"status": status, "at": moment(at), "error": state.get("errorCode")}),
    }


def quoted_id(row: Mapping[str, Any], quote: Any, places: dict[Any, Any]) -> Any:
    """The message that is answered: a quote names it by its time."""
    at = quote.get("timestamp") if isinstance(quote, dict) else None
    return places.get((row["thread"], at)) if count(at) else None


def noted(row: Mapping[str, Any], found: dict[str, Any], people: People) -> dict[str, Any] | None:
    """What no column fits."""
    quote = found["quote"] if isinstance(found["quote"], dict) else {}
    author, author_name = people.person(*address(quote.get("authorAddress") or quote.get("authorId")))
    mentioned = [people.person(each, None) for each in str(row["mentions"] or "").split()]
    return known(
        {
            "server_at": moment(row["server_at"]),
            "source_device": row["device"],
            "call_type": row["call_type"] if row["type"] in CALLS_IN_CHAT else None,
            "info_type": row["info"] if row["type"] not in (*INCOMING, *OUTGOING) else None,
            "error_type": row["error"] if row["type"] in (1, 9, 17, 23) else None,
            "timer_s": row["timer"],
            "timer_set_s": row["timer_set"],
            "view_once_opened": bool(row["view_once_done"]),
            "latest_revision": row["latest"],
            "past_revision": row["edit_state"] == 2,
            "text_goes_on_in": row["long_path"],
            "mentions": [{"person": key, "name": name} for key, name in mentioned],
            "gift": bool(row["gift"]),
            "story_at": moment(row["story_at"]),
            "story_author": account(row["story_author"]),
            "quoted": known(
                {
                    "text": word(quote.get("body")),
                    "sender": author,
                    "sender_name": author_name,
                    "at": moment(quote.get("timestamp")),
                }
            ),
        }
    )


def attachment(row: Mapping[str, Any], people: People, holders: dict[Any, tuple[Any, Any]]) -> dict[str, Any]:
    """A row of `attachments`. Older ones are named by their message alone."""
    message_id, thread_id = row["message"], row["thread"]
    if thread_id is None:
        message_id, thread_id = holders.get(row.get("unique_id"), (message_id, None))
    thread = people.threads.get(thread_id)
    return {
        "app": APP,
        "chat_id": thread.key if thread else thread_id,
        "message_id": message_id,
        "name": row["name"],
        "stored_path": row["path"],
        "mime": row["mime"],
        "size": row["size"],
        "sha256": sha256_of(row["hash"]),
        "width": row["width"],
        "height": row["height"],
        "duration_s": row["duration"],
        "caption": row["caption"],
        "extra": known(
            {
                "type": OWNERS.get(row["owner"], row["owner"]) if row["owner"] else None,
                "owner_row": row.get("owner_id") if message_id is None else None,
                "unique_id": row.get("unique_id"),
                "voice": row["flag"] == VOICE_FLAG,
                "loop": row["flag"] == LOOP_FLAG,
                "view_once": bool(row["view_once"]),
                "of_past_version": bool(row["past"]),
                "encrypted": row["sealed"] == 1,
                "thumbnail": row["thumbnail"],
                "uploaded_at": moment(row["uploaded"]),
            }
        ),
        "record": row["record"],
        "state": row["state"],
    }


def reaction(row: Mapping[str, Any], people: People) -> dict[str, Any]:
    """A reaction."""
    thread = people.threads.get(row["thread"])
    return {
        "app": APP,
        "chat_id": thread.key if thread else row["thread"],
        "message_id": row["message"],
        "person_id": people.person(row["aci"], row["number"])[0],
        "value": row["emoji"],
        "reacted_at": row["sent_at"],
        "extra": known({"received_at": moment(row["received_at"])}),
        "record": row["record"],
        "state": row["state"],
    }


def call(row: Mapping[str, Any], people: People) -> dict[str, Any]:
    """A call of CallRecord."""
    thread = people.threads.get(row["thread"])
    direct = row["type"] in (0, 1)
    return {
        "app": APP,
        "account_id": people.me[0],
        "call_id": row["call_id"],
        "chat_id": thread.key if thread else f"model_TSThread/id={row['thread']}",
        "started_at": row["at"] or row["began"],
        "direction": {0: "incoming", 1: "outgoing"}.get(row["direction"], "unknown"),
        "outcome": OUTCOMES.get(row["status"], f"unknown ({row['status']})"),
        "video": {0: False, 1: True}.get(row["type"]),
        "peer_id": thread.key if thread and direct else None,
        "peer_name": thread.name if thread else None,
        "extra": known(
            {
                "type": row["type"],
                "status": row["status"],
                "ended_at": moment(row["ended"]),
                "ringer": account(row["ringer"]),
                "message_id": row["message"],
            }
        ),
        "record": row["record"],
        "state": row["state"],
    }


def call_in_message(row: Mapping[str, Any], people: People) -> dict[str, Any]:
    """A call that only its message tells of."""
    thread = people.threads.get(row["thread"])
    direction, outcome = CALL_TYPES.get(row["call_type"], ("unknown", f"unknown ({row['call_type']})"))
    return {
        "app": APP,
        "account_id": people.me[0],
        "chat_id": thread.key if thread else row["thread"],
        "started_at": row["at"],
        "direction": direction,
        "outcome": outcome,
        "video": {0: False, 1: True}.get(row["offer"]),
        "peer_id": thread.key if thread else None,
        "peer_name": thread.name if thread else None,
        "extra": known({"call_type": row["call_type"], "message_id": row["message"]}),
        "record": row["record"],
        "state": row["state"],
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of a database in clear."""
    return [messages]
