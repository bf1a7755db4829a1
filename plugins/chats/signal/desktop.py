"""Signal Desktop, database db.sqlite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ATTACHMENTS, CALLS, MESSAGES, REACTIONS, RECEIPTS
from forensics.times import unix_ms

from ..learned import Learned
from .desktop_people import Conversation, People, people_of, rows_of_people
from .stored import APP, count, document, inside, known, media_kind, moment, objects, placed, sha256_of, word

# `received_at` is a counter that only orders messages; when a message came is in received_at_ms. Columns that moved out of the
# JSON over the years are taken from where they are. The column `source` of older versions has lost the + of its numbers.
MESSAGE = """
SELECT m.id AS id, m.json AS json, m.conversationId AS conversation, m.type AS type, m.sent_at AS sent_at,
  {m.received_at} AS counter, {m.received_at_ms} AS received_at_ms, {m.serverTimestamp} AS server_at, {m.body} AS body,
  {m.source} AS source, COALESCE({m.sourceServiceId}, {m.sourceUuid}) AS source_service_id, {m.sourceDevice} AS device,
  {m.expireTimer} AS expire_timer, {m.expirationStartTimestamp} AS expire_start, {m.isErased} AS erased,
  {m.isViewOnce} AS view_once, {m.readStatus} AS read_status, {m.storyId} AS story_id, files.type AS file_type,
  files.flags AS file_flags, edits.times AS edit_times, 'messages/id=' || m.id AS record
FROM messages m
LEFT JOIN (
  SELECT a.messageId, a.contentType AS type, {a.flags} AS flags, MIN(a.orderInMessage) AS first FROM message_attachments a
  WHERE a.attachmentType = 'attachment' AND a.editHistoryIndex = -1 GROUP BY a.messageId
) files ON files.messageId = m.id
LEFT JOIN (
  SELECT e.messageId, json_group_array(CAST(e.sentAt AS INTEGER)) AS times FROM edited_messages e GROUP BY e.messageId
) edits ON edits.messageId = m.id
"""
PLACE = "SELECT m.id AS id, m.conversationId AS conversation, m.sent_at AS sent_at FROM messages m"
ATTACHMENT = """
SELECT a.messageId AS message, a.conversationId AS conversation, a.attachmentType AS type, a.editHistoryIndex AS version,
  a.orderInMessage AS place, {a.path} AS path, {a.fileName} AS fileName, {a.contentType} AS contentType, {a.size} AS size,
  {a.width} AS width, {a.height} AS height, {a.duration} AS duration, {a.caption} AS caption,
  {a.plaintextHash} AS plaintextHash, {a.flags} AS flags, {a.localKey} AS localKey, {a.pending} AS pending, {a.error} AS error,
  {a.thumbnailPath} AS thumbnail, {a.screenshotPath} AS screenshot, {a.transitCdnUploadTimestamp} AS uploadTimestamp,
  'message_attachments/' || a.messageId || ',' || a.editHistoryIndex || ',' || a.attachmentType || ',' || a.orderInMessage
    AS record
FROM message_attachments a
"""
CALL = """
SELECT c.callId AS id, c.peerId AS peer, {c.ringerId} AS ringer, {c.startedById} AS started_by, c.mode AS mode, c.type AS type,
  c.direction AS direction, c.status AS status, c.timestamp AS started_at, {c.endedTimestamp} AS ended_at,
  'callsHistory/callId=' || c.callId AS record
FROM callsHistory c
"""

WRITTEN = ("incoming", "outgoing", "story")
READ = {0: "read", 1: "unread", 2: "viewed"}
STATES = ("Failed", "Pending", "Sent", "Delivered", "Read", "Viewed", "Skipped")
OUTCOMES = {
    "Accepted": "answered",
    "Joined": "answered",
    "JoinedAdhoc": "answered",
    "Missed": "missed",
    "MissedNotificationProfile": "missed",
    "Declined": "rejected",
}
# What JSON says of events, by name, as it stands there.
EVENTS = (
    "groupV2Change",
    "group_update",
    "groupMigration",
    "invitedGV2Members",
    "droppedGV2MemberIds",
    "expirationTimerUpdate",
    "profileChange",
    "messageRequestResponseEvent",
    "phoneNumberDiscovery",
    "conversationMerge",
    "titleTransition",
    "key_changed",
    "verifiedChanged",
    "verified",
    "pinMessage",
    "pollTerminateNotification",
)
CONTENTS = (
    "contact",
    "sticker",
    "poll",
    "payment",
    "giftBadge",
    "preview",
    "storyReaction",
    "storyReactionEmoji",
    "errors",
)
LEFT_OUT = ("unprocessed", "storyDistributions", "callLinks", "pinnedMessages")


@parser(
    "signal.desktop",
    test=sqlite.has(
        messages=["id", "json", "conversationId", "sent_at", "type"],
        conversations=["id", "json", "type"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Signal Desktop, database db.sqlite in clear.

    The app encrypts it: signal.encrypted opens it with its key and hands it to this parser.

    Reads: messages of all kinds with both times, expiry, edits (older texts in extra), deletions for everyone, view-once, quotes,
    mentions, stories; events of groups and chats as system messages; reactions; for each recipient what is known of delivery;
    attachments of both schemas (in JSON, and in message_attachments); calls of callsHistory and of older call messages; persons,
    members of groups, those who were invited, asked or banned; the account. Chats and persons are given by the id of the group or
    account where the database has it, else by its own id. A message that was edited keeps the time at which it was first sent.
    Not read: the attachments themselves, which newer versions encrypt one by one, and their keys; sessions and other keys;
    sticker packs; envelopes not yet processed (a problem where there are any).
    Seen on: no file of the app; invented rows in its own schemas of 2019 to 2025.
    Source: signalapp/Signal-Desktop (schema migrations, types of messages, conversations, calls and send states).
    Tier: documented
    """
    with file.sqlite() as db:
        yield from read(db)


def read(db: Database) -> Iterator[Any]:
    """Everything of a database."""
    everyone, problems = people_of(db)
    yield from problems
    places = quoted_places(db)
    listed: Learned[bool] = Learned()
    for row in db.execute(ATTACHMENT) if db.columns("message_attachments") else ():
        listed.learn(row, row["message"], True)
    talked_to: Learned[bool] = Learned()
    for row in placed(db.execute(MESSAGE, every="messages"), "messages"):
        talked_to.learn(row, row["conversation"], True)
        yield from message(row, everyone.told(row), places, listed)
    if db.columns("message_attachments"):
        rows = placed(db.execute(ATTACHMENT, every="message_attachments"), "message_attachments")
        yield from ATTACHMENTS.rows(attachment(row, row, everyone.told(row)) for row in rows)
    if db.columns("callsHistory"):
        rows = placed(db.execute(CALL, every="callsHistory"), "callsHistory")
        yield from CALLS.rows((call(row, everyone.told(row)) for row in rows), started_at=unix_ms)
    yield from rows_of_people(everyone, talked_to)
    for table in LEFT_OUT:
        if db.columns(table) and (there := db.count(table)):
            yield Problem("not_read", f"table {table}: {there:,} rows are not read", record=table)


def quoted_places(db: Database) -> Learned[Any]:
    """Ids of messages by chat and time: what a quote names its message by."""
    places: Learned[Any] = Learned()
    for row in db.execute(PLACE):
        places.learn(row, (row["conversation"], row["sent_at"]), row["id"])
    return places


def message(row: Mapping[str, Any], people: People, places: Learned[Any], listed: Learned[bool]) -> Iterator[Any]:
    """A message with its reactions, receipts, and the attachments and the call that its JSON holds."""
    found, problems = document(row["json"], row["record"])
    yield from problems
    chat = people.find(row["conversation"])
    cells = message_cells(row, found, people, chat)
    shared = {name: cells[name] for name in ("app", "chat_id", "message_id", "record", "state")}
    cells["reply_to"] = quoted_id(row, found, places)
    yield from MESSAGES.rows([cells], **CLOCKS)
    yield from REACTIONS.rows(
        (shared | reaction(each, people) for each in objects(found.get("reactions"))), reacted_at=unix_ms
    )
    yield from RECEIPTS.rows((shared | each for each in receipts(found, people)), **RECEIPT_CLOCKS)
    if not listed.told(row, row["id"]):
        yield from ATTACHMENTS.rows(json_attachments(row, found, people))
    if isinstance(found.get("callHistoryDetails"), dict):
        yield from CALLS.rows([older_call(found["callHistoryDetails"], cells)], started_at=unix_ms)


CLOCKS = dict.fromkeys(("sent_at", "received_at", "read_at", "edited_at", "deleted_at", "expires_at"), unix_ms)
RECEIPT_CLOCKS = dict.fromkeys(("delivered_at", "read_at", "played_at"), unix_ms)


def message_cells(
    row: Mapping[str, Any], found: dict[str, Any], people: People, chat: Conversation | None
) -> dict[str, Any]:
    """The columns of `messages`."""
    direction = direction_of(row, people)
    sender, sender_name = sender_of(row, found, people, chat, direction)
    deleted = found.get("deletedForEveryone") is True
    edits = list(objects(found.get("editHistory")))
    return {
        "app": APP,
        "account_id": people.owner,
        "chat_id": chat.key if chat else row["conversation"],
        "chat_name": chat.name if chat else None,
        "chat_kind": "self" if chat and people.owner and chat.key == people.owner else chat.kind if chat else None,
        "message_id": row["id"],
        "sent_at": row["sent_at"],
        "received_at": row["received_at_ms"] or found.get("received_at_ms"),
        "read_at": found.get("readAt"),
        "edited_at": found.get("editMessageTimestamp") or last_edit(edits),
        "deleted_at": found.get("deletedForEveryoneTimestamp") if deleted else None,
        "expires_at": expires_at(row, found),
        "sender_id": sender,
        "sender_name": sender_name,
        "direction": direction,
        "kind": kind_of(row, found, deleted),
        "raw_kind": row["type"],
        "text": text_of(row, found),
        "edited": True if edits or row["edit_times"] else None,
        "deleted": True if deleted else None,
        "view_once": True if row["view_once"] or found.get("isViewOnce") is True else None,
        "status": status_of(row, found, people),
        "extra": noted(row, found, people, edits),
        "record": row["record"],
        "state": row["state"],
    }


def direction_of(row: Mapping[str, Any], people: People) -> str:
    """Who sent: the type says it, of a story the sender."""
    if row["type"] == "story":
        if not people.owner or not row["source_service_id"]:
            return "unknown"
        return "outgoing" if row["source_service_id"] == people.owner else "incoming"
    return row["type"] if row["type"] in WRITTEN else "system"


def sender_of(
    row: Mapping[str, Any], found: dict[str, Any], people: People, chat: Conversation | None, direction: str
) -> tuple[Any, str | None]:
    """Who wrote; of an event who brought it about, where it says so."""
    if direction == "outgoing":
        return people.person(people.owner, people.owner_phone)
    if direction == "system":
        timer = inside(found, "expirationTimerUpdate", "sourceServiceId") or inside(
            found, "expirationTimerUpdate", "source"
        )
        return people.person(inside(found, "groupV2Change", "from"), timer, found.get("changedId"))
    number = found.get("source") or row["source"]
    number = f"+{number}" if count(number) else number
    sender = people.person(row["source_service_id"] or found.get("sourceUuid"), number)
    if sender[0] is None and chat and chat.kind == "direct":
        return chat.key, chat.name
    return sender


def kind_of(row: Mapping[str, Any], found: dict[str, Any], deleted: bool) -> str:
    """The kind of a message, by its type and by what is in it."""
    if row["type"] == "call-history":
        return "call"
    if row["type"] not in WRITTEN:
        return "system" if isinstance(row["type"], str) else "unknown"
    if deleted:
        return "deleted"
    first = next(objects(found.get("attachments")), None)
    if row["file_type"] or first:
        return media_kind(
            row["file_type"] or (first or {}).get("contentType"), row["file_flags"] or (first or {}).get("flags")
        )
    for name, kind in (("sticker", "sticker"), ("contact", "contact"), ("poll", "poll")):
        if found.get(name):
            return kind
    return "text" if text_of(row, found) else "unknown"


def text_of(row: Mapping[str, Any], found: dict[str, Any]) -> Any:
    """The text; of a poll its question, of a group what it was renamed to."""
    change = next((each for each in objects(inside(found, "groupV2Change", "details"))), {})
    texts = (
        row["body"],
        found.get("body"),
        inside(found, "poll", "question"),
        inside(found, "storyReaction", "emoji"),
        found.get("storyReactionEmoji"),
        change.get("newTitle"),
        change.get("description"),
        inside(found, "group_update", "name"),
    )
    return next((text for text in texts if text), None)


def last_edit(edits: list[dict[str, Any]]) -> Any:
    """When the newest version was sent; the history has the newest first, the original last."""
    return edits[0].get("timestamp") if edits else None


def expires_at(row: Mapping[str, Any], found: dict[str, Any]) -> int | None:
    """When a message was to disappear: the timer (seconds) runs from when it was sent or read."""
    start = count(row["expire_start"]) or count(found.get("expirationStartTimestamp"))
    timer = count(row["expire_timer"]) or count(found.get("expireTimer"))
    return start + timer * 1000 if start and timer else None


def states(found: dict[str, Any], people: People) -> Iterator[tuple[Any, dict[str, Any]]]:
    """What is known of each recipient of a sent message; the owner is no recipient, but of notes to self."""
    listed = found.get("sendStateByConversationId")
    every = [
        (each, state) for each, state in (listed.items() if isinstance(listed, dict) else ()) if isinstance(state, dict)
    ]
    mine = people.find(people.owner, people.owner_phone)
    others = [(each, state) for each, state in every if not mine or each != mine.id]
    yield from others or every


def status_of(row: Mapping[str, Any], found: dict[str, Any], people: People) -> str | None:
    """Of a sent message how far it got with whom it got farthest, of a received one whether it was read."""
    if row["type"] == "incoming":
        return READ.get(row["read_status"], row["read_status"])
    reached = [state.get("status") for _, state in states(found, people)]
    farthest = max((STATES.index(each) for each in reached if each in STATES), default=None)
    return None if farthest is None else STATES[farthest].lower()


def receipts(found: dict[str, Any], people: People) -> Iterator[dict[str, Any]]:
    """One row a recipient; of the times only that of the last step is kept."""
    for each, state in states(found, people):
        status, at = state.get("status"), state.get("updatedAt")
        yield {
            "person_id": people.key(each),
            "delivered_at": at if status == "Delivered" else None,
            "read_at": at if status == "Read" else None,
            "played_at": at if status == "Viewed" else None,
            "extra": known({"status": status, "at": moment(at)}),
        }


def reaction(found: dict[str, Any], people: People) -> dict[str, Any]:
    """A reaction; one without an emoji was taken back."""
    return {
        "person_id": people.key(found.get("fromId")),
        "value": found.get("emoji"),
        "reacted_at": found.get("timestamp"),
        "extra": known({"received_at": moment(found.get("receivedAtDate"))}),
    }


def quoted_id(row: Mapping[str, Any], found: dict[str, Any], places: Learned[Any]) -> Any:
    """The message that is answered: a quote names it by its time."""
    quote = found.get("quote")
    if not isinstance(quote, dict):
        return None
    at = quote.get("id")
    by_time = places.told(row, (row["conversation"], at)) if isinstance(at, int) else None
    return by_time or word(quote.get("messageId"))


def noted(
    row: Mapping[str, Any], found: dict[str, Any], people: People, edits: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """What no column fits."""
    events = {name: found.get(name) for name in (*EVENTS, *CONTENTS)}
    cut = found.get("bodyAttachment")
    return known(
        events
        | {
            "conversation_id": row["conversation"],
            "received_counter": row["counter"],
            "server_at": moment(row["server_at"] or found.get("serverTimestamp")),
            "source_device": row["device"] or found.get("sourceDevice"),
            "erased": bool(row["erased"]) or found.get("isErased") is True,
            "story": row["type"] == "story",
            "story_id": row["story_id"] or found.get("storyId"),
            "call_id": found.get("callId"),
            "text_goes_on_in": (inside(cut, "path") or True) if isinstance(cut, dict) else None,
            "mentions": list(mentions(found, people)),
            "quoted": quoted(found, people),
            "versions": [version(each) for each in edits],
            "edit_times": None if edits else row["edit_times"],
        }
    )


def mentions(found: dict[str, Any], people: People) -> Iterator[dict[str, Any]]:
    """Who is mentioned, and where the text has the sign that stands for the name (U+FFFC)."""
    for each in objects(found.get("bodyRanges")):
        named = [each.get(name) for name in ("mentionAci", "mentionUuid")]
        if any(named):
            person, name = people.person(*named)
            yield {"start": each.get("start"), "person": person, "name": word(each.get("replacementText")) or name}


def quoted(found: dict[str, Any], people: People) -> dict[str, Any] | None:
    """What a quote says of the message that it answers."""
    quote = found.get("quote")
    if not isinstance(quote, dict):
        return None
    author, name = people.person(quote.get("authorAci"), quote.get("authorUuid"), quote.get("author"))
    return known(
        {
            "text": quote.get("text"),
            "sender": author,
            "sender_name": name,
            "at": moment(quote.get("id")),
            "not_found": quote.get("referencedMessageNotFound") is True,
            "view_once": quote.get("isViewOnce") is True,
        }
    )


def version(found: dict[str, Any]) -> dict[str, Any]:
    """An earlier, or the present, version of an edited message."""
    files = [word(each.get("path")) or word(each.get("fileName")) for each in objects(found.get("attachments"))]
    return {"at": moment(found.get("timestamp")), "text": found.get("body")} | ({"attachments": files} if files else {})


def json_attachments(row: Mapping[str, Any], found: dict[str, Any], people: People) -> Iterator[dict[str, Any]]:
    """Attachments that stand in the JSON of a message, those of its earlier versions included."""
    holder = {**row, "message": row["id"]}
    for number, each in enumerate((found, *objects(found.get("editHistory"))), -1):
        for file in objects(each.get("attachments")):
            yield attachment({**file, "type": "attachment", "version": number}, holder, people)
    for kind, one in (("long-message", found.get("bodyAttachment")), ("sticker", inside(found, "sticker", "data"))):
        if isinstance(one, dict):
            yield attachment({**one, "type": kind, "version": None}, holder, people)


def attachment(found: Mapping[str, Any], row: Mapping[str, Any], people: People) -> dict[str, Any]:
    """A row of `attachments`. The hash that the app states is that of the file before it was encrypted for this computer."""
    return {
        "app": APP,
        "chat_id": people.key(row["conversation"]),
        "message_id": row["message"],
        "name": found.get("fileName"),
        "stored_path": found.get("path"),
        "mime": found.get("contentType"),
        "size": found.get("size"),
        "sha256": sha256_of(found.get("plaintextHash")),
        "width": found.get("width"),
        "height": found.get("height"),
        "duration_s": found.get("duration"),
        "caption": found.get("caption"),
        "extra": known(
            {
                "type": found.get("type") if found.get("type") != "attachment" else None,
                "version": found.get("version") if found.get("version") != -1 else None,
                "flags": found.get("flags"),
                "encrypted": bool(found.get("localKey")),
                "thumbnail": path_of(found.get("thumbnail")),
                "screenshot": path_of(found.get("screenshot")),
                "uploaded_at": moment(found.get("uploadTimestamp")),
                "pending": bool(found.get("pending")),
                "failed": bool(found.get("error")),
            }
        ),
        "record": row["record"],
        "state": row["state"],
    }


def path_of(found: Any) -> Any:
    """The path of a smaller picture of an attachment, as JSON or the table has it."""
    return found.get("path") if isinstance(found, dict) else found


def call(row: Mapping[str, Any], people: People) -> dict[str, Any]:
    """A call of callsHistory."""
    peer = people.find(row["peer"])
    direction = row["direction"].lower() if isinstance(row["direction"], str) else None
    group = row["mode"] != "Direct"
    return {
        "app": APP,
        "account_id": people.owner,
        "call_id": row["id"],
        "chat_id": peer.key if peer else row["peer"],
        "started_at": row["started_at"],
        "direction": direction if direction in ("incoming", "outgoing") else "unknown",
        "outcome": OUTCOMES.get(row["status"], row["status"]),
        "video": {"Video": True, "Audio": False}.get(row["type"]),
        "peer_id": None if group else peer.key if peer else row["peer"],
        "peer_name": peer.name if peer else None,
        "extra": known(
            {
                "mode": row["mode"],
                "type": row["type"],
                "status": row["status"],
                "ended_at": moment(row["ended_at"]),
                "ringer": people.key(row["ringer"]),
                "started_by": people.key(row["started_by"]),
            }
        ),
        "record": row["record"],
        "state": row["state"],
    }


def older_call(found: dict[str, Any], cells: dict[str, Any]) -> dict[str, Any]:
    """A call as older versions wrote it into its message."""
    accepted, ended = count(found.get("acceptedTime")), count(found.get("endedTime"))
    incoming = found.get("wasIncoming")
    direct = found.get("callMode") != "Group"
    missed = "answered" if accepted else "rejected" if found.get("wasDeclined") is True else "missed"
    return {
        "app": APP,
        "account_id": cells["account_id"],
        "call_id": found.get("callId"),
        "chat_id": cells["chat_id"],
        "started_at": accepted or cells["sent_at"],
        "duration_s": (ended - accepted) / 1000 if accepted and ended and ended >= accepted else None,
        "direction": "incoming" if incoming is True else "outgoing" if incoming is False else "unknown",
        "outcome": missed if direct else None,
        "video": found.get("wasVideoCall") if isinstance(found.get("wasVideoCall"), bool) else None,
        "peer_id": cells["chat_id"] if direct else None,
        "peer_name": cells["chat_name"],
        "extra": known({"details": found, "message_id": cells["message_id"]}),
        "record": cells["record"],
        "state": cells["state"],
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of a database in clear."""
    return [messages]
