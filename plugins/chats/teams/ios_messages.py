"""Microsoft Teams for iOS, database SkypeSpacesDogfood-<tenant>.sqlite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ATTACHMENTS, CALLS, MESSAGES, PLACES, REACTIONS
from forensics.times import cocoa_s, unix_ms

from ..stored_tables import unread
from ..untrusted import as_json, instant
from .cards import cards_of, place_in
from .people import APP, Chat, People, known_of, rows_of_people
from .rich_text import Rich, read_markup
from .stored import archive_in, number, sent_at

# ZTSID is the id of a message in its chat (and its time of arrival, Unix ms).
MESSAGE = """
SELECT m.ZTSID AS message_id, m.ZTHREADID AS chat_id, m.ZFROM AS sender_id, NULLIF({m.ZIMDISPLAYNAME}, '') AS sender_name,
  {m.ZTS_ISSENTBYME} AS from_me, m.ZMESSAGETYPE AS type, m.ZCONTENT AS content, {m.ZARRIVALTIME} AS arrived,
  {m.ZTS_NUMERICARRIVALTIME} AS arrived_ms, {m.ZCOMPOSETIME} AS composed, NULLIF({m.ZEDITTIME}, 0) AS edited_at,
  NULLIF({m.ZDELETETIME}, '') AS deleted_at, {m.ZDELETETYPE} AS delete_type, NULLIF({m.ZTS_ISHIDDEN}, 0) AS hidden,
  NULLIF({m.ZTS_ISSOFTDELETED}, 0) AS soft_deleted, {m.ZDELIVERYSTATE} AS status, {m.ZCLIENTID} AS client_id,
  {m.ZTS_ROOTMESSAGEID} AS root_id, {m.ZSUBJECT} AS subject, {m.ZTITLE} AS title, {m.ZIMPORTANCE} AS importance,
  {m.ZMEETINGTITLE} AS meeting, NULLIF({m.ZTS_ISSTARREDBYME}, 0) AS starred, {m.ZEMOTIONS} AS emotions, {m.ZFILES} AS files,
  {m.ZLINKS} AS links, {m.ZMENTIONS} AS mentions, {m.ZTS_BOTCARDDATA} AS bot_cards, {p.ZPROPERTIES} AS properties,
  'ZSMESSAGE/Z_PK=' || m.Z_PK AS record
FROM ZSMESSAGE m
LEFT JOIN (
  SELECT x.ZTSID, x.ZTHREADID, MAX(x.Z_PK) AS pk FROM ZMESSAGEPROPERTIES x GROUP BY x.ZTSID, x.ZTHREADID
) latest ON latest.ZTSID = m.ZTSID AND latest.ZTHREADID = m.ZTHREADID
LEFT JOIN ZMESSAGEPROPERTIES p ON p.Z_PK = latest.pk
"""
# Properties are kept apart from the messages they belong to: of a message that is gone they may still hold a place or a call.
# While a message is being sent they go by its client's number.
PROPERTIES = """
SELECT p.ZTSID AS message_id, p.ZTHREADID AS chat_id, {p.ZPROPERTIES} AS properties,
  NOT EXISTS (
    SELECT 1 FROM ZSMESSAGE m
    WHERE m.ZTHREADID = p.ZTHREADID AND (m.ZTSID = p.ZTSID OR {m.ZCLIENTID} = CAST(p.ZTSID AS TEXT))
  ) AS alone,
  'ZMESSAGEPROPERTIES/Z_PK=' || p.Z_PK AS record
FROM ZMESSAGEPROPERTIES p
"""
SYSTEM = ("threadactivity", "event")
MEDIA_KINDS = {"AMSImage": "image", "AMSVideo": "video", "AMSAudio": "audio"}
UNREAD = (
    "ZCONTACT",
    "ZGOOGLECONTACT",
    "ZOUTLOOKCONTACT",
    "ZVOICEMAIL",
    "ZCALEVENTDETAILS",
    "ZSFILE",
    "ZALERT",
    "ZFILELISTING",
    "ZSHAREDPLACE",
)


@parser(
    "teams.ios",
    test=sqlite.has(
        ZSMESSAGE=["ZTSID", "ZTHREADID", "ZFROM", "ZCONTENT", "ZMESSAGETYPE", "ZARRIVALTIME"],
        ZTHREAD=["ZTSID"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Microsoft Teams for iOS (SkypeSpacesDogfood-<tenant>.sqlite).

    HTML is given as its text, with the HTML itself in `extra`; what a message quotes is in `extra` too. Each message states its
    time on three clocks (seconds since 2001, Unix ms, text); a difference of more than a second is a problem. The account is
    the only sender of what is marked as sent from here. A chat of two is named after the other person.

    Reads: messages with deletions, replies, reactions, pictures (their addresses), places as sent in cards; events of chats and
    of live places as system messages; calls from the call log; members of chats; persons, address book and search index.
    Not read: media and files themselves, live positions after the first (encrypted), read receipts, calendar, voicemail,
    contacts of Outlook and Google, notifications (a problem where their tables hold rows). Edits and files were never seen.
    Seen on: Teams on an iPhone with iOS 15 (2021 to 2023; personal account; 81 messages, 5 calls, 12 places).
    Source: schema of that database; iLEAPP, artifact teams (meaning of properties).
    Tier: proven
    """
    with file.sqlite() as db:
        known = known_of(db)
        for row in db.execute(MESSAGE, every="ZSMESSAGE"):
            yield from read_message(row, known.told(row))
        for row in db.execute(PROPERTIES, every="ZMESSAGEPROPERTIES"):
            yield from read_properties(row, known.told(row))
        yield from rows_of_people(db, known)
        yield from left_out(db)


def read_message(row: Mapping[str, Any], people: People) -> Iterator[Any]:
    """A message with its pictures, its place and its reactions."""
    archives = {}
    for name in ("properties", "bot_cards", "emotions", "files", "links", "mentions"):
        archives[name], problems = archive_in(row, name)
        yield from problems
    rich = read_content(row)
    place = next((p for card in cards_of(archives["properties"], archives["bot_cards"]) if (p := place_in(card))), None)
    time, problems = sent_at(row)
    yield from problems
    cells = message_cells(row, people, rich, place) | {"sent_at": time}
    cells["extra"] = noted(row, rich, archives)
    yield from MESSAGES.rows([cells], sent_at=cocoa_s, edited_at=unix_ms, deleted_at=unix_ms, expires_at=unix_ms)
    shared = {name: cells[name] for name in ("app", "chat_id", "message_id", "record", "state")}
    yield from ATTACHMENTS.rows(shared | attachment(medium) for medium in rich.media)
    yield from REACTIONS.rows((shared | r for r in reactions(archives["emotions"])), reacted_at=unix_ms)
    if place:
        yield from PLACES.rows([place_cells(place, cells)], at=cocoa_s)


def read_content(row: Mapping[str, Any]) -> Rich:
    """The content: as it is where the type is `Text`, else read as markup."""
    content = row["content"]
    if not isinstance(content, str):
        return Rich()
    return Rich(content) if row["type"] == "Text" else read_markup(content)


def message_cells(
    row: Mapping[str, Any], people: People, rich: Rich, place: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The columns of `messages`."""
    chat = people.chats.get(row["chat_id"])
    kind = kind_of(row, rich, place, chat)
    sender = sender_of(row, rich)
    return {
        "app": APP,
        "account_id": people.owner,
        "chat_id": row["chat_id"],
        "chat_name": people.chat_name(chat),
        "chat_kind": chat.kind if chat else None,
        "message_id": None if row["message_id"] is None else str(row["message_id"]),
        "edited_at": number(row["edited_at"]),
        "edited": True if row["edited_at"] is not None else None,
        "deleted_at": number(row["deleted_at"]),
        "deleted": True if row["deleted_at"] is not None or row["soft_deleted"] else None,
        "expires_at": place["expires_at"] if place else None,
        "sender_id": sender,
        "sender_name": row["sender_name"] or people.names.get(sender),
        "direction": direction_of(row, kind),
        "kind": kind,
        "raw_kind": row["type"],
        "text": text_of(row, rich, place) or None,
        "reply_to": reply_to(row, rich),
        "status": row["status"],
        "latitude": place["latitude"] if place else None,
        "longitude": place["longitude"] if place else None,
        "record": row["record"],
        "state": row["state"],
    }


def base(row: Mapping[str, Any]) -> str:
    """The family of a message's type: `text`, `richtext`, `threadactivity`, `event`."""
    return str(row["type"] or "").partition("/")[0].lower()


def kind_of(row: Mapping[str, Any], rich: Rich, place: Mapping[str, Any] | None, chat: Chat | None) -> str:
    """The kind of a message, by its type and by what is in it."""
    if base(row) in SYSTEM:
        return "system"
    if chat and chat.type == "streamofcalllogs":
        return "call"
    if row["deleted_at"] is not None and not row["content"]:
        return "deleted"
    if place:
        return "live_location" if place["live"] else "location"
    if rich.media:
        return MEDIA_KINDS.get(str(rich.media[0]["type"]), "document")
    return "text" if row["type"] in ("Text", "RichText", "RichText/Html") else "unknown"


def sender_of(row: Mapping[str, Any], rich: Rich) -> Any:
    """Who wrote; of an event in a chat, which comes from the chat itself, who brought it about."""
    initiator = rich.fields.get("initiator") if base(row) == "threadactivity" else None
    return initiator[0] if initiator else row["sender_id"]


def direction_of(row: Mapping[str, Any], kind: str) -> str:
    """The direction as stored; events, and the entries of the call log, are the service's own."""
    return "system" if kind in ("system", "call") else {1: "outgoing", 0: "incoming"}.get(row["from_me"], "unknown")


def text_of(row: Mapping[str, Any], rich: Rich, place: Mapping[str, Any] | None) -> str | None:
    """The text; of a place its name, of an event the value that it has set."""
    if base(row) == "threadactivity":
        return "\n".join(rich.fields.get("value", ()))
    return rich.text or (place["label"] if place else None)


def reply_to(row: Mapping[str, Any], rich: Rich) -> str | None:
    """The message that is quoted, or the one that opened the thread in a channel."""
    root = row["root_id"]
    return rich.reply_to or (str(root) if root and root != row["message_id"] else None)


def noted(row: Mapping[str, Any], rich: Rich, archives: Mapping[str, Any]) -> str | None:
    """What no column fits; the content as stored where `text` is not all of it."""
    names = ("client_id", "delete_type", "hidden", "subject", "title", "importance", "meeting", "starred")
    found = {name: row[name] for name in names} | {n: archives[n] for n in ("files", "links", "mentions")}
    if row["type"] != "Text":
        found["content"] = row["content"]
    if base(row) == "threadactivity":
        found["event"] = rich.fields
    return as_json(found | {"quoted": rich.quoted})


def attachment(medium: Mapping[str, str | None]) -> dict[str, Any]:
    """A picture, video or sound that the message points to."""
    return {
        "url": medium["url"],
        "width": pixels(medium["width"]),
        "height": pixels(medium["height"]),
        "extra": as_json({"type": medium["type"], "alt": medium["alt"]}),
    }


def pixels(stated: str | None) -> int | None:
    """A size in pixels; None for one in another unit."""
    size = number(stated)
    return size if isinstance(size, int) else None


def reactions(emotions: Any) -> Iterator[dict[str, Any]]:
    """Who reacted, and how."""
    for emotion in emotions if isinstance(emotions, list) else ():
        users = emotion.get("users") if isinstance(emotion, dict) else None
        for who in users if isinstance(users, list) else ():
            if isinstance(who, dict):
                yield {"person_id": who.get("mri"), "value": emotion.get("key"), "reacted_at": who.get("time")}


def place_cells(place: Mapping[str, Any], cells: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `places`."""
    return {
        "at": cells["sent_at"],
        "latitude": place["latitude"],
        "longitude": place["longitude"],
        "kind": "live_location" if place["live"] else "message",
        "label": place["label"],
        "ref": cells["message_id"],
        "extra": as_json({"chat_id": cells["chat_id"], "session": place["session"]}),
        "record": cells["record"],
        "state": cells["state"],
    }


def read_properties(row: Mapping[str, Any], people: People) -> Iterator[Any]:
    """The call in the properties of a message; and, where the message is gone, its place."""
    properties, problems = archive_in(row, "properties")
    if not isinstance(properties, dict):
        yield from problems if row["alone"] else ()  # the message has said so where there is one
        return
    if isinstance(properties.get("call-log"), dict):
        yield from call(properties["call-log"], row, people)
    if row["alone"]:
        time = number(str(row["message_id"]))
        cells = {**row, "message_id": str(row["message_id"]), "sent_at": time}
        places = (place for card in cards_of(properties, None) if (place := place_in(card)))
        yield from PLACES.rows((place_cells(place, cells) for place in places), at=unix_ms)


def call(log: Mapping[str, Any], row: Mapping[str, Any], people: People) -> Iterator[Any]:
    """A call of the call log. Its length runs from where it was connected."""
    started, connected, ended = (instant(log.get(f"{name}Time")) for name in ("start", "connect", "end"))
    direction = log.get("callDirection")
    side = "originator" if direction == "incoming" else "target"
    peer = log.get(f"{side}Participant")
    named = peer.get("displayName") if isinstance(peer, dict) else None
    state = log.get("callState")
    yield from CALLS.rows(
        [
            {
                "app": APP,
                "account_id": people.owner,
                "call_id": log.get("callId"),
                "chat_id": row["chat_id"],
                "started_at": started,
                "duration_s": (ended - connected).total_seconds() if connected and ended else None,
                "direction": direction if direction in ("incoming", "outgoing") else "unknown",
                "outcome": "answered" if state == "accepted" else state,
                "peer_id": log.get(side),
                "peer_name": named or people.names.get(str(log.get(side))),
                "extra": as_json({"call_log": log, "message_id": row["message_id"]}),
                "record": row["record"],
                "state": row["state"],
            }
        ]
    )


def left_out(db: Database) -> Iterator[Problem]:
    """Tables that hold rows which are not read."""
    yield from unread(db, UNREAD)
    if db.columns("ZUSERLOCATION") and (there := db.count("ZUSERLOCATION")):
        message = f"table ZUSERLOCATION: {there:,} positions of places shared live are encrypted and not read"
        yield Problem("not_read", message, record="ZUSERLOCATION")


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of Teams for iOS."""
    return [messages]
