"""Telegram for iOS and macOS, database db_sqlite of the Postbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PLACES
from forensics.times import unix_s

from ..learned import Learned, in_force
from ..untrusted import words
from . import ios_media, postbox
from .unread import Unread

APP = "Telegram"
MESSAGE = "SELECT m.key AS place, m.value AS data, 't7/key=' || hex(m.key) AS record FROM t7 m"
PEER = """
SELECT p.key AS place, p.value AS data,
  't2/key=' || CASE typeof(p.key) WHEN 'blob' THEN hex(p.key) ELSE p.key END AS record
FROM t2 p
"""
MEDIA = "SELECT f.key AS place, f.value AS data, 't6/key=' || hex(f.key) AS record FROM t6 f"
STATE = "SELECT s.value AS data, 't0/key=2' AS record FROM t0 s WHERE s.key = 2"
UNSENT, FAILED, INCOMING, SENDING, COUNTED = 1, 2, 4, 32, 256
SCHEDULED = (3, 4)


@dataclass
class Peer:
    """A user, group, channel or secret chat. `partner`: whom a secret chat is with."""

    name: str | None = None
    kind: str | None = None
    partner: postbox.PeerId | None = None


@dataclass
class Known:
    """What other tables say: peers, media by (namespace, id), and the id of the account."""

    peers: MutableMapping[postbox.PeerId, Peer]
    media: MutableMapping[tuple[int, int], dict[str, Any]]
    owner: str | None

    def name(self, who: postbox.PeerId | None) -> str | None:
        """The name of a peer; of a secret chat that of the partner."""
        found = self.peers.get(who) if who else None
        if found and found.partner:
            found = self.peers.get(found.partner)
        return found.name if found else None


@parser(
    "telegram.ios",
    files=["db_sqlite"],
    test=sqlite.has(
        t0=["key", "value"], t2=["key", "value"], t6=["key", "value"], t7=["key", "value"], t9=["key", "value"]
    ),
)
def database(file: File) -> Iterator[Any]:
    """Telegram for iOS and macOS, messages and peers (db_sqlite of the Postbox).

    Times are seconds since 1970. Every row of t7 is a row here: chat, time and number are in its key; the rest is added as far
    as the value can be read, and where it cannot, the kind is unknown and a problem counts the rows. Ids of persons are user123,
    chat123 and channel123; chat_id is the number of a user, below zero for groups and channels, secret123 for secret chats, as
    Telegram for Android has them. Messages with media of a class that is not known keep their text; raw_kind is the class.
    A message that was scheduled has `scheduled_at` in extra and no time of sending.

    Reads: messages with authors, forwards, replies, edits, timers; media: images, files, places, contacts, links, polls, calls,
    actions by number; names, numbers and user names of peers; the account.

    Not read: reactions, entities of texts, members of groups, all other attributes of messages, media files, holes of the
    history, tables but t0, t2, t6 and t7; databases that are encrypted.

    Seen on: no database of a device yet. Tests build values from the description.

    Source: Telegram's source for iOS (Postbox: MessageHistoryTable, MessageMediaTable, Coding, Peer; SyncCore classes); iLEAPP
    telegramMessages (keys, flags, numbers of actions); IPED (account).

    Tier: documented
    """
    unread = Unread()
    with file.sqlite() as db:
        own = owner(db, unread)
        peers: Learned[Peer] = Learned()
        contacts = list(read_peers(db, peers, unread))
        media = read_media(db, unread)
        if own:
            yield from ACCOUNTS.rows(account(c) for c in contacts if c["person_id"] == own)
        now, ever = Known(peers.now, media.now, own), Known(peers.ever, media.ever, own)
        for row in db.execute(MESSAGE, every="t7"):
            yield from message(row, now if in_force(row) else ever, unread)
        yield from CONTACTS.rows(contacts)
    yield from unread.problems()


def owner(db: Database, unread: Unread) -> str | None:
    """The id of the account."""
    for row in filter(in_force, db.execute(STATE)):
        state = object_of(row["data"], row["record"], "the state of the account", unread)
        number = ios_media.whole(state.get("peerId"))
        if number:
            return str(postbox.peer_id(number))
    return None


def object_of(data: Any, record: str, what: str, unread: Unread) -> dict[str, Any]:
    """The object of a value; nothing, and a reason noted, where it cannot be read."""
    try:
        return postbox.root(data if isinstance(data, bytes) else b"")
    except postbox.NotPostbox as fault:
        unread.note("not_understood", f"{what} is not as the Postbox writes it", record, str(fault))
        return {}


def read_peers(db: Database, peers: Learned[Peer], unread: Unread) -> Iterator[dict[str, Any]]:
    """Rows of `contacts` for users; what is learned of all peers goes to `peers`."""
    for row in db.execute(PEER, every="t2"):
        record = row["record"] or "t2"
        key = row["place"]
        number = int.from_bytes(key, "big", signed=True) if isinstance(key, bytes) and len(key) == 8 else key
        if not isinstance(number, int):
            unread.note("not_understood", "a peer whose key is no id", record)
            continue
        who = postbox.peer_id(number)
        found = object_of(row["data"], record, "a peer", unread)
        known = peer(found)
        peers.learn(row, who, known)
        if found.get("@", "").startswith("0x"):
            unread.note("not_understood", f"a peer of the unknown class {found['@']}", record)
        if who.space == 0:
            yield contact(who, known, found) | {"record": record, "state": row["state"]}


def peer(found: Mapping[str, Any]) -> Peer:
    """What an object says of a peer."""
    name = " ".join(filter(None, (words(found.get("fn")), words(found.get("ln")))))
    match found.get("@"):
        case "TelegramUser":
            return Peer(name or None, "bot" if found.get("bi") else "direct")
        case "TelegramGroup":
            return Peer(words(found.get("t")), "group")
        case "TelegramChannel":
            return Peer(words(found.get("t")), "group" if found.get("i.t") == 1 else "channel")
        case "TelegramSecretChat":
            partner = ios_media.whole(found.get("r"))
            return Peer(None, "direct", postbox.peer_id(partner) if partner else None)
    return Peer(name or words(found.get("t")))


def contact(who: postbox.PeerId, known: Peer, found: Mapping[str, Any]) -> dict[str, Any]:
    """The row of `contacts` of a user."""
    phone = words(found.get("p"))
    return {
        "app": APP,
        "person_id": str(who),
        "name": known.name,
        "phones": [phone] if phone else None,
        "username": words(found.get("un")),
    }


def account(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The row of `accounts` of the owner."""
    same = {k: cells[k] for k in ("app", "name", "username", "record", "state")}
    phone = cells["phones"][0] if cells["phones"] else None
    return {**same, "account_id": cells["person_id"], "phone": phone, "is_owner": True}


def read_media(db: Database, unread: Unread) -> Learned[dict[str, Any]]:
    """Media that several messages share, by number. One that lies in a message is left there (type 1)."""
    media: Learned[dict[str, Any]] = Learned()
    for row in db.execute(MEDIA):
        key, data, record = row["place"], row["data"], row["record"] or "t6"
        if not isinstance(key, bytes) or len(key) != 12 or not isinstance(data, bytes):
            unread.note("not_understood", "media whose key is no id", record)
        elif data[:1] == b"\0":
            number = int.from_bytes(key[:4], "big", signed=True), int.from_bytes(key[4:], "big", signed=True)
            size = int.from_bytes(data[1:5], "little")
            found = object_of(data[5 : 5 + size], record, "media", unread)
            if found:
                media.learn(row, number, found)
    return media


def message(row: Mapping[str, Any], known: Known, unread: Unread) -> Iterator[Any]:
    """All rows of a message."""
    record = row["record"] or "t7"
    try:
        key = postbox.message_key(row["place"] if isinstance(row["place"], bytes) else b"")
    except postbox.NotPostbox as fault:
        unread.note("not_understood", "a message whose key is not as described", record, str(fault))
        key = None
    found = postbox.message(row["data"] if isinstance(row["data"], bytes) else b"")
    note(found, record, unread)
    media = all_media(found, known, record, unread)
    base = {"app": APP, "record": record, "state": row["state"]}
    cells = base | in_key(key, known) | in_value(key, found, media, known)
    cells["extra"] = extra(key, found, media) or None
    yield from MESSAGES.rows([cells], sent_at=unix_s, edited_at=unix_s, expires_at=unix_s)
    base |= {"chat_id": cells.get("chat_id")}
    for one in media:
        attached = ios_media.attachment(one)
        if attached is not None:
            yield from ATTACHMENTS.rows([base | {"message_id": cells.get("message_id")} | attached])
        where = ios_media.place(one)
        if where:
            at = {"at": cells.get("sent_at"), "ref": cells.get("message_id"), "record": record, "state": row["state"]}
            yield from PLACES.rows([at | where], at=unix_s)
        rung = ios_media.call(one)
        if rung and key:
            peer = {"peer_id": str(key.peer), "peer_name": known.name(key.peer), "account_id": known.owner}
            began = {"started_at": cells.get("sent_at"), "direction": direction(found)}
            yield from CALLS.rows([base | peer | began | rung], started_at=unix_s)


def note(found: postbox.Message, record: str, unread: Unread) -> None:
    """Count what could not be read of a message."""
    if found.fault:
        if isinstance(found.fault, postbox.Undescribed):
            unread.note("not_understood", f"a message with {found.fault}", record)
        else:
            unread.note("damaged", "a message is not as the Postbox writes it", record, str(found.fault))
    if found.unreadable:
        unread.note("not_understood", "a message with attributes or media that cannot be read", record)


def all_media(found: postbox.Message, known: Known, record: str, unread: Unread) -> list[dict[str, Any]]:
    """Media of a message, its own and those that it refers to."""
    media = list(found.media)
    for reference in found.references:
        if reference in known.media:
            media.append(known.media[reference])
        else:
            unread.note("not_read", "a message with media that lie in another message or are not stored", record)
    for one in media:
        if one["@"].startswith("0x"):
            unread.note("not_understood", f"media of the unknown class {one['@']}", record)
    return media


def in_key(key: postbox.MessageKey | None, known: Known) -> dict[str, Any]:
    """What the key says."""
    if key is None:
        return {}
    chat = known.peers.get(key.peer, Peer())
    kind = chat.kind or {0: "direct", 1: "group", 3: "direct"}.get(key.peer.space)
    return {
        "account_id": known.owner,
        "chat_id": chat_id(key.peer),
        "chat_name": known.name(key.peer),
        "chat_kind": "self" if str(key.peer) == known.owner else kind,
        "message_id": str(key.number),
        "sent_at": None if key.space in SCHEDULED or key.timestamp <= 0 else key.timestamp,
    }


def chat_id(peer: postbox.PeerId) -> str:
    """The id of a chat, as Telegram for Android has it."""
    if peer.space == 0:
        return str(peer.number)
    return f"-{peer.number}" if peer.space in (1, 2) else str(peer)


def direction(found: postbox.Message) -> str:
    """Incoming or outgoing, as stored."""
    if found.flags is None:
        return "unknown"
    return "incoming" if found.flags & (INCOMING | COUNTED) else "outgoing"


def in_value(
    key: postbox.MessageKey | None, found: postbox.Message, media: list[dict[str, Any]], known: Known
) -> dict[str, Any]:
    """What the value says."""
    kind, raw = ios_media.kind_of(media[0]) if media else ("text", None)
    if found.text is None or (not media and (found.references or found.unreadable)):
        kind, raw = "unknown", "not read" if found.text is None else "media not read"
    by_class = {a["@"]: a for a in found.attributes}
    edited = by_class.get("EditedMessageAttribute", {})
    timer = by_class.get("AutoremoveTimeoutMessageAttribute", {})
    begun, seconds = ios_media.whole(timer.get("c")), ios_media.whole(timer.get("t"))
    where = next(filter(None, map(ios_media.place, media)), {})
    service = any(one["@"] == "TelegramMediaAction" for one in media)
    sent = direction(found)
    return {
        "sender_id": str(found.author) if found.author else None,
        "sender_name": known.name(found.author),
        "direction": "system" if service else sent,
        "status": status(found, key) if sent == "outgoing" and not service else None,
        "kind": kind,
        "raw_kind": raw,
        "text": found.text or next(filter(None, map(ios_media.text_of, media)), None),
        "reply_to": reply(by_class.get("ReplyMessageAttribute", {})),
        "forwarded": True if found.forward else None,
        "edited": True if edited and not edited.get("h") else None,
        "edited_at": ios_media.whole(edited.get("d")) or None,
        "expires_at": begun + seconds if begun and seconds and seconds != ios_media.VIEW_ONCE else None,
        "view_once": True if seconds == ios_media.VIEW_ONCE or once(by_class) else None,
        "latitude": where.get("latitude"),
        "longitude": where.get("longitude"),
    }


def once(attributes: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether media are to be seen once."""
    return attributes.get("AutoclearTimeoutMessageAttribute", {}).get("t") == ios_media.VIEW_ONCE


def status(found: postbox.Message, key: postbox.MessageKey | None) -> str:
    """Whether an outgoing message was sent, as stored."""
    flags = found.flags or 0
    if key and key.space in SCHEDULED:
        return "scheduled"
    return "failed" if flags & FAILED else "sending" if flags & SENDING else "unsent" if flags & UNSENT else "sent"


def reply(attribute: Mapping[str, Any]) -> str | None:
    """The number of the message that is answered: the upper half, its namespace is the lower."""
    number = ios_media.whole(attribute.get("i"))
    return str(number >> 32) if number else None


def extra(key: postbox.MessageKey | None, found: postbox.Message, media: list[dict[str, Any]]) -> dict[str, Any]:
    """What no column fits."""
    forward = {k: v for k, v in (found.forward or {}).items() if v is not None}
    if forward:
        forward["date"] = instant(forward["date"])
    said: dict[str, Any] = {
        "namespace": key.space if key and key.space else None,
        "scheduled_at": instant(key.timestamp) if key and key.space in SCHEDULED else None,
        "forward": forward or None,
        "thread": found.thread,
        "grouped_id": found.grouping,
    }
    for one in media:
        said |= ios_media.extra_of(one)
    return {k: v for k, v in said.items() if v not in (None, {}, [])}


def instant(seconds: int) -> str | None:
    """Unix seconds as text."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds > 0 else None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of db_sqlite."""
    return [database]
