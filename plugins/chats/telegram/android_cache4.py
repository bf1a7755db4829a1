"""Telegram for Android, database cache4.db."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import unix_s

from ..learned import Learned, in_force
from . import android_message, tl
from .android_account import signed_in
from .unread import Unread

APP = "Telegram"
# Numbers are cast: a column of SQLite holds whatever was put into it.
MESSAGE = """
SELECT CAST(m.mid AS INTEGER) AS mid, CAST(m.uid AS INTEGER) AS uid, CAST({m.date} AS INTEGER) AS date,
  CAST({m.out} AS INTEGER) AS out, CAST({m.read_state} AS INTEGER) AS read_state,
  CAST({m.send_state} AS INTEGER) AS send_state, NULLIF(CAST({m.ttl} AS INTEGER), 0) AS ttl, m.data,
  NULLIF(CAST({m.topic_id} AS INTEGER), 0) AS topic, CAST({m.fm} AS TEXT) AS shown, CAST({m.name} AS TEXT) AS shown_from,
  'messages_v2/uid=' || m.uid || ',mid=' || m.mid AS record
FROM messages_v2 m
"""
MESSAGE_TABLES = ("messages_v2", "messages", "scheduled_messages_v2", "scheduled_messages")
# Tables that hold messages once more: of forum topics, shared media, pinned, behind a notification. What the app loaded for
# such a list alone, or has since removed from the history, is in these only. The value: columns by which one message may be in a
# table several times.
COPIES = {
    "messages_topics": "topic_id",
    "media_v4": "type",
    "media_v3": "type",
    "media_v2": "type",
    "media": "type",
    "media_topics": "topic_id, type",
    "chat_pinned_v2": "",
    "unread_push_messages": "",
}
USER = """
SELECT CAST(u.uid AS INTEGER) AS uid, CAST({u.name} AS TEXT) AS name, CAST({u.status} AS INTEGER) AS status,
  {u.data} AS data, c.uid IS NOT NULL AS contact, CAST({c.mutual} AS INTEGER) AS mutual,
  'users/uid=' || u.uid AS record
FROM users u LEFT JOIN contacts c ON c.uid = u.uid
"""
CHAT = """
SELECT CAST(c.uid AS INTEGER) AS uid, CAST({c.name} AS TEXT) AS name, {c.data} AS data,
  'chats/uid=' || c.uid AS record
FROM chats c
"""
SECRET_CHAT = """
SELECT CAST(e.uid AS INTEGER) AS uid, CAST({e.user} AS INTEGER) AS user, 'enc_chats/uid=' || e.uid AS record
FROM enc_chats e
"""
DIALOG = """
SELECT CAST(d.did AS INTEGER) AS did, CAST({d.date} AS INTEGER) AS date, CAST({d.unread_count} AS INTEGER) AS unread_count,
  'dialogs/did=' || d.did AS record
FROM dialogs d
"""
# The address book: v7 since 2018, its key is the contact of the device; v6 before, its key is the user.
BOOKS = (("v7", "key"), ("v6", "uid"))
BOOK = """
SELECT CAST(k.key AS TEXT) AS key, NULLIF(CAST({k.uid} AS INTEGER), 0) AS uid, CAST({k.fname} AS TEXT) AS first_name,
  CAST({k.sname} AS TEXT) AS last_name, 'user_contacts_v7/key=' || k.key AS record
FROM user_contacts_v7 k
"""
PHONE = """
SELECT CAST(p.key AS TEXT) AS key, CAST(p.phone AS TEXT) AS phone, CAST({p.deleted} AS INTEGER) AS deleted,
  NULLIF(CAST({p.uid} AS INTEGER), 0) AS uid, 'user_phones_v7/key=' || p.key || ',phone=' || p.phone AS record
FROM user_phones_v7 p
"""
# Members of channels and supergroups, as far as the app has loaded their list. `date` is when it did, less one second each.
MEMBER = """
SELECT CAST(m.did AS INTEGER) AS did, CAST(m.uid AS INTEGER) AS uid, CAST({m.date} AS INTEGER) AS listed_at,
  'channel_users_v2/did=' || m.did || ',uid=' || m.uid AS record
FROM channel_users_v2 m
"""
SEND_STATES = {0: "sent", 1: "sending", 2: "failed", 3: "editing"}
SECRET = 1 << 62  # marks the id of a secret chat; before 2021 the id was in the upper half instead


@dataclass
class Peer:
    """A user, group or channel as the database knows it."""

    name: str | None = None
    username: str | None = None
    phone: str | None = None
    kind: str | None = None
    is_self: bool = False


@dataclass
class Known:
    """Names by id. `secrets`: secret chat to the user it is with. `owner`: id of the account, where it is known."""

    users: MutableMapping[int, Peer]
    chats: MutableMapping[int, Peer]
    secrets: MutableMapping[int, int | None]
    owner: str | None = None

    def name(self, who: str | None) -> str | None:
        """The name of `user123`, `chat123` or `channel123`."""
        if not who:
            return None
        known = self.users if who.startswith("user") else self.chats
        found = known.get(int(who.lstrip("abcdefghijklmnopqrstuvwxyz")))
        return found.name if found else None

    def chat(self, dialog: int | None) -> tuple[Peer, int | None, int | None]:
        """The chat of a dialog, the user it is with, and its number if it is a secret one."""
        if dialog is None:
            return Peer(), None, None
        secret = secret_chat(dialog)
        if secret is not None:
            user = self.secrets.get(secret)
            return Peer(self.name(f"user{user}") if user else None, kind="direct"), user, secret
        if dialog > 0:
            return self.users.get(dialog, Peer(kind="direct")), dialog, None
        return self.chats.get(-dialog, Peer()), None, None


class Met:
    """What is learned of users, chats and secret chats: what rows in force may be told, and rows that no longer are."""

    def __init__(self) -> None:
        self.users: Learned[Peer] = Learned()
        self.chats: Learned[Peer] = Learned()
        self.secrets: Learned[int | None] = Learned()
        self.now = Known(self.users.now, self.chats.now, self.secrets.now)
        self.ever = Known(self.users.ever, self.chats.ever, self.secrets.ever)

    def as_of(self, row: Mapping[str, Any]) -> Known:
        """What a row may be told."""
        return self.now if in_force(row) else self.ever


def is_cache(file: File) -> bool:
    """A database with Telegram's tables of messages, users and secret chats."""
    try:
        with file.sqlite() as db:
            return db.has(users=["uid", "data"], enc_chats=["uid"], dialogs=["did"]) and bool(message_tables(db))
    except sqlite3.DatabaseError:
        return False


def message_tables(db: Database) -> list[str]:
    """Tables of messages that there are, of the app's versions."""
    return [table for table in MESSAGE_TABLES if db.has(**{table: ["mid", "uid", "date", "data"]})]


@parser("telegram.android", files=["cache4.db"], magic=["application/vnd.sqlite3"], test=is_cache)
def cache(file: File) -> Iterator[Any]:
    """Telegram for Android, messages and contacts (cache4.db).

    Times are seconds since 1970. Every row of the tables of messages is a row here; what its object says is added as far as it
    can be read, and where it cannot, the kind is unknown, raw_kind is the number of what is unknown, and a problem counts the
    rows. An object whose text was read keeps it even if its media could not be. Ids of persons are user123, chat123 and
    channel123; chat_id is the dialog as stored, below zero for groups and channels, secret123 for secret chats.
    Users are all that the app has met: `contact` in extra says who is in its list of contacts. A message that was scheduled has
    `scheduled_at` in extra and no time of sending.

    A message that only a list of topics, shared media, pinned messages or notifications holds is given from there; `kept_in` in
    extra names the table, and the text of a notification is `notification` there. Where the history has it, it is given once.

    Reads: messages of the API's layers 16 to 229 with senders, replies, forwards, edits, media as described, reactions with
    names, service actions, calls, places; scheduled messages; users, contacts of the address book with numbers, also deleted
    ones; partners of dialogs without messages; members and administrators of channels and supergroups as far as the app had
    loaded them; the account: the user that is marked as it, else
    who is signed in as the preferences of the app say (shared_prefs/userconfing.xml, of other accounts userconfig1.xml and on).

    Not read: members of basic groups, dialogs of groups without messages, names of topics, drafts, ready answers (a problem),
    media files and their place in the cache, copies of the messages that are answered, service actions of secret chats and
    media of secret chats (a problem each), layers between those that the schema names.

    Seen on: no database of a device yet. Objects built in tests from the schema; a user stored by version 7.7.

    Source: Telegram's published API schema; tables and what follows an object as in Telegram for Android (DrKLO/Telegram);
    ALEAPP telegramAndroid.

    Tier: documented
    """
    unread = Unread()
    with file.sqlite() as db:
        met = Met()
        users = list(read_users(db, met, unread))
        read_chats(db, met, unread)
        for row in located(db, "enc_chats", SECRET_CHAT):
            met.secrets.learn(row, row["uid"], row["user"])
        yield from owner(file, users, met)
        for table in message_tables(db):
            for row in located(db, table, MESSAGE.replace("messages_v2", table)):
                yield from message(row, met.as_of(row), unread, scheduled=table.startswith("scheduled"))
        yield from copies(db, met, unread)
        yield from CONTACTS.rows(contact for contact, _ in users)
        yield from address_book(db)
        yield from PARTICIPANTS.rows(partners(db, met))
        yield from PARTICIPANTS.rows(members(db, met))
        if db.columns("quick_replies_messages") and (there := db.count("quick_replies_messages")):
            said = f"table quick_replies_messages: {there:,} rows are not read"
            yield Problem("not_read", said, record="quick_replies_messages")
    yield from unread.problems()


def copies(db: Database, met: Met, unread: Unread) -> Iterator[Any]:
    """Messages of which the tables of messages have none, from the lists that hold copies; each once."""
    given = [table for table in message_tables(db) if not table.startswith("scheduled")]
    for table, several in COPIES.items():
        if not db.has(**{table: ["mid", "uid", "data"]}):
            continue
        same = [f"SELECT 1 FROM {other} x WHERE x.mid = m.mid AND x.uid = m.uid" for other in given]
        columns = [name for name in several.split(", ") if name in db.columns(table)]
        if columns:
            listed, own = ", ".join(f"x.{c}" for c in columns), ", ".join(f"m.{c}" for c in columns)
            same.append(f"SELECT 1 FROM {table} x WHERE x.mid = m.mid AND x.uid = m.uid AND ({listed}) < ({own})")
        condition = "WHERE " + " AND ".join(f"NOT EXISTS ({query})" for query in same)
        for row in located(db, table, f"{MESSAGE.replace('messages_v2', table)}{condition}", f"{table} m {condition}"):
            yield from message(row, met.as_of(row), unread, scheduled=False, kept_in=table)
        given.append(table)


def located(db: Database, table: str, query: str, every: str | None = None) -> Iterator[dict[str, Any]]:
    """Every row of a table, as the query says it; a recovered row that has lost its id says its table as its record."""
    for row in db.execute(query, every=every or table):
        yield {**row, "record": row["record"] or table}


def read_users(db: Database, met: Met, unread: Unread) -> Iterator[tuple[dict[str, Any], Peer]]:
    """Rows of `contacts` for users; what is learned goes to `met`."""
    for row in located(db, "users", USER):
        fields = object_of(row, "User", unread)
        indexed, _, handle = (row["name"] or "").partition(";;;")
        user = Peer(
            name=" ".join(filter(None, (fields.get("first_name"), fields.get("last_name")))) or indexed.strip() or None,
            username=fields.get("username") or handle or None,
            phone=fields.get("phone") or None,
            kind="self" if is_self(fields) else "bot" if fields.get("bot") else "direct",
            is_self=is_self(fields),
        )
        met.users.learn(row, row["uid"], user)
        yield contact(row, user, fields), user


def contact(row: Mapping[str, Any], user: Peer, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The row of `contacts` of a user."""
    seen = row["status"] if isinstance(row["status"], int) and row["status"] > 0 else None
    extra = {
        "contact": bool(row["contact"]),
        "mutual": row["mutual"],
        "last_seen_at": instant(seen),
        "bot": fields.get("bot"),
        "deleted_account": fields.get("deleted"),
    }
    return {
        "app": APP,
        "person_id": f"user{row['uid']}",
        "name": user.name,
        "phones": [user.phone] if user.phone else None,
        "username": user.username,
        "extra": {k: v for k, v in extra.items() if v is not None},
        "record": row["record"],
        "state": row["state"],
    }


def is_self(fields: Mapping[str, Any]) -> bool:
    """Whether a user is the account itself."""
    return bool(fields.get("self")) or fields.get("_") == "userSelf"


def read_chats(db: Database, met: Met, unread: Unread) -> None:
    """Groups and channels, into `met`."""
    for row in located(db, "chats", CHAT):
        fields = object_of(row, "Chat", unread)
        kind = "group" if fields.get("_", "").startswith("chat") or fields.get("megagroup") else None
        kind = kind or ("channel" if fields.get("_", "").startswith("channel") else None)
        chat = Peer(name=fields.get("title") or row["name"] or None, username=fields.get("username"), kind=kind)
        met.chats.learn(row, row["uid"], chat)


def object_of(row: Mapping[str, Any], result: str, unread: Unread) -> dict[str, Any]:
    """The object in a row's column `data`, as far as it can be read."""
    if not isinstance(row["data"], bytes):
        return {}
    decoded = tl.decode(row["data"], result)
    if decoded.fault:
        note(unread, f"a {result}", decoded.fault, row)
    return decoded.fields


def note(unread: Unread, what: str, fault: tl.NotTL, row: Mapping[str, Any]) -> None:
    """Count what could not be read. Numbers of bytes differ from row to row: only constructors make reasons of their own."""
    if isinstance(fault, tl.Unknown):
        unread.note("not_understood", f"{what} was read up to an {fault}", row["record"], row["data"][:64].hex())
    else:
        unread.note("damaged", f"{what} is not as the schema describes it", row["record"], str(fault))


def owner(file: File, users: list[tuple[dict[str, Any], Peer]], met: Met) -> Iterator[Any]:
    """The account: the user that is marked as oneself; where none is, the one that the app's preferences name."""
    for cells, user in users:
        if user.is_self:
            if in_force(cells):
                met.now.owner = cells["person_id"]
            account = {k: cells[k] for k in ("app", "name", "username", "record", "state")}
            yield from ACCOUNTS.rows(
                [{**account, "account_id": cells["person_id"], "phone": user.phone, "is_owner": True}]
            )
    told, where = signed_in(file) if met.now.owner is None else (None, "")
    if told:
        met.now.owner = str(told["account_id"])
        own = Peer(told["name"], told["username"], told["phone"], kind="self", is_self=True)
        met.now.users.setdefault(int(met.now.owner.removeprefix("user")), own)
        yield from ACCOUNTS.rows([{**told, "record": where}])
    past = [cells["person_id"] for cells, user in users if user.is_self]
    met.ever.owner = met.now.owner or next(iter(past), None)


def secret_chat(dialog: int) -> int | None:
    """The number of the secret chat that a dialog is; None if it is none."""
    if dialog > 0 and dialog & SECRET:
        return signed(dialog & 0xFFFFFFFF)
    if dialog & 0xFFFFFFFF == 0 and dialog:
        return dialog >> 32
    return None


def chat_id(dialog: int | None) -> str | None:
    """The id of a chat: the dialog as stored, `secret7` for a secret chat."""
    if dialog is None:
        return None
    secret = secret_chat(dialog)
    return str(dialog) if secret is None else f"secret{secret}"


def signed(number: int) -> int:
    """32 bits as a number with a sign."""
    return number - (1 << 32) if number >> 31 else number


def message(
    row: Mapping[str, Any], known: Known, unread: Unread, *, scheduled: bool, kept_in: str | None = None
) -> Iterator[Any]:
    """All rows of a stored message. `kept_in`: the list that alone holds it."""
    data = row["data"]
    if isinstance(data, bytes):
        found = android_message.read(data)
        if found.fault:
            note(unread, "a message", found.fault, row)
    else:
        found = android_message.Read({"kind": "unknown"})
        unread.note("not_read", "a message without its object: only the columns of its row are known", row["record"])
    cells = common(row, found, known) | found.cells
    cells["message_id"] = found.cells.get("message_id") or text(row["mid"])
    if scheduled:
        cells |= {"sent_at": None, "status": "scheduled", "expires_at": None}
    cells["extra"] = extra(row, found, scheduled) | ({"kept_in": kept_in} if kept_in else {}) or None
    yield from MESSAGES.rows([cells], sent_at=unix_s, edited_at=unix_s, expires_at=unix_s)
    base = {k: cells[k] for k in ("app", "chat_id", "record", "state")}
    attached = base | {"message_id": cells["message_id"]}
    if found.attachment is not None:
        yield from ATTACHMENTS.rows([attached | found.attachment])
    if found.place:
        where = {"at": cells["sent_at"], "ref": cells["message_id"], "record": base["record"], "state": base["state"]}
        yield from PLACES.rows([where | found.place], at=unix_s)
    if found.call:
        yield from CALLS.rows([base | call(cells, found.call, row, known)], started_at=unix_s)
    yield from REACTIONS.rows((attached | reaction for reaction in found.reactions), reacted_at=unix_s)


def common(row: Mapping[str, Any], found: android_message.Read, known: Known) -> dict[str, Any]:
    """What the row says itself, whatever its object holds."""
    chat, user, _ = known.chat(row["uid"])
    out = bool(row["out"]) if row["out"] is not None else (found.out if found.date is not None else None)
    sender = found.sender or (known.owner if out else f"user{user}" if user and out is False else None)
    direction = "unknown" if out is None else "outgoing" if out else "incoming"
    return {
        "app": APP,
        "account_id": known.owner,
        "chat_id": chat_id(row["uid"]),
        "chat_name": chat.name,
        "chat_kind": chat.kind,
        "sent_at": row["date"] or found.date,
        "sender_id": sender,
        "sender_name": known.name(sender),
        "direction": "system" if found.service else direction,
        "status": SEND_STATES.get(row["send_state"], row["send_state"]) if out else None,
        "record": row["record"],
        "state": row["state"],
    }


def extra(row: Mapping[str, Any], found: android_message.Read, scheduled: bool) -> dict[str, Any]:
    """What no column fits: of the object, and of the row where both differ."""
    said = {
        "read_state": row["read_state"],
        "ttl": row["ttl"],
        "topic": row["topic"],
        "notification": row["shown"] or None,
        "notification_from": row["shown_from"] or None,
        "mid": row["mid"] if found.cells.get("message_id") not in (None, text(row["mid"])) else None,
        "date_in_object": instant(found.date) if row["date"] and found.date not in (None, row["date"]) else None,
        "scheduled_at": instant(row["date"]) if scheduled else None,
    }
    return {k: v for k, v in said.items() if v is not None} | found.extra


def call(cells: Mapping[str, Any], found: dict[str, Any], row: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The row of `calls`: the other side is the user of the dialog."""
    _, user, _ = known.chat(row["uid"])
    peer = f"user{user}" if user else None
    out = {1: "outgoing", 0: "incoming"}.get(row["out"], "unknown")
    started = {"account_id": known.owner, "started_at": cells["sent_at"], "direction": out}
    return {**found, **started, "peer_id": peer, "peer_name": known.name(peer)}


def address_book(db: Database) -> Iterator[Any]:
    """Contacts that the app took from the address book of the device, with their numbers; numbers of none come alone. A recovered
    number comes alone too: whether the entry of its key had it is not known."""
    for version, key in BOOKS:
        phones: dict[Any, list[Mapping[str, Any]]] = {}
        past: list[Mapping[str, Any]] = []
        table = f"user_phones_{version}"
        if db.has(**{table: [key, "phone"]}):
            for row in located(db, table, of_version(PHONE, version, key)):
                (phones.setdefault(row["key"], []) if in_force(row) else past).append(row)
        given = set()
        table = f"user_contacts_{version}"
        if db.has(**{table: [key]}):
            for row in located(db, table, of_version(BOOK, version, key)):
                numbers = phones.get(row["key"], ())
                if in_force(row):
                    given.add(row["key"])
                yield from CONTACTS.rows([entry(row, numbers)])
        for name, numbers in phones.items():
            if name not in given:
                yield from CONTACTS.rows([entry(numbers[0], numbers)])
        yield from CONTACTS.rows(entry(row, [row]) for row in past)


def of_version(query: str, version: str, key: str) -> str:
    """A query on the address book for the tables of a version of the app."""
    for alias in ("k", "p"):
        query = query.replace(f"{alias}.key", f"{alias}.{key}")
    return query.replace("_v7/key=", f"_{version}/{key}=").replace("_v7", f"_{version}")


def entry(row: Mapping[str, Any], numbers: Any) -> dict[str, Any]:
    """The row of `contacts` of an entry of the address book."""
    deleted = [n["phone"] for n in numbers if n["deleted"]]
    said = {} if row["key"] is None else {"address_book": str(row["key"])}
    return {
        "app": APP,
        "person_id": f"user{row['uid']}" if row["uid"] else None,
        "name": " ".join(filter(None, (row.get("first_name"), row.get("last_name")))) or None,
        "phones": [n["phone"] for n in numbers if n["phone"]] or None,
        "extra": {**said, "deleted_phones": deleted} if deleted else said,
        "record": row["record"],
        "state": row["state"],
    }


def partners(db: Database, met: Met) -> Iterator[dict[str, Any]]:
    """The partner of every dialog of two, so that a chat whose messages are gone is seen. The last message may be dated later
    than any that is stored: its date is kept."""
    for row in located(db, "dialogs", DIALOG):
        chat, user, secret = met.as_of(row).chat(row["did"])
        if user or secret is not None:
            extra = {"last_message_at": instant(row["date"]), "unread": row["unread_count"]}
            yield {
                "app": APP,
                "chat_id": chat_id(row["did"]),
                "person_id": f"user{user}" if user else None,
                "name": chat.name,
                "extra": {k: v for k, v in extra.items() if v is not None} or None,
                "record": row["record"],
                "state": row["state"],
            }


def members(db: Database, met: Met) -> Iterator[dict[str, Any]]:
    """Members of channels and supergroups, and their administrators, some of whom may be in a list of their own only."""
    admins: dict[tuple[Any, Any, Any], dict[str, Any]] = {}
    for table in ("channel_admins_v3", "channel_admins_v2", "channel_admins"):
        if db.has(**{table: ["did", "uid"]}):
            for row in located(db, table, MEMBER.replace("channel_users_v2", table)):
                admins[(in_force(row) or row["record"], row["did"], row["uid"])] = row
    listed = located(db, "channel_users_v2", MEMBER) if db.has(channel_users_v2=["did", "uid"]) else iter(())
    for row in listed:
        role = "admin" if admins.pop((in_force(row), row["did"], row["uid"]), None) else None
        yield member(row, met.as_of(row)) | {"role": role, "extra": {"listed_at": instant(row["listed_at"])}}
    for row in admins.values():
        yield member(row, met.as_of(row)) | {"role": "admin"}


def member(row: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The row of `participants` of a member."""
    person = None if row["uid"] is None else f"user{row['uid']}" if row["uid"] >= 0 else f"channel{-row['uid']}"
    name = known.name(person) if person else None
    base = {"app": APP, "chat_id": chat_id(row["did"]), "person_id": person, "name": name}
    return base | {"record": row["record"], "state": row["state"]}


def text(number: int | None) -> str | None:
    """A number as an id."""
    return None if number is None else str(number)


def instant(seconds: Any) -> str | None:
    """Unix seconds as text; None for what is no time of this format (32 bits)."""
    if not isinstance(seconds, int) or not 0 < seconds < 1 << 32:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of cache4.db."""
    return [cache]
