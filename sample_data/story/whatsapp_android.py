"""WhatsApp on the Android phone: msgstore.db with its write-ahead log, wa.db, preferences, photos sent and received.

The log holds what the phone did in its last minutes: new messages, three messages deleted, one edited. The main file
still says what was there before, so a reader that ignores the log, or one that ignores the main file, misses something.
"""

import hashlib
import sqlite3
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from .people import ADDRESS_BOOKS, OWNERS, PEOPLE, UNRESOLVED_LID, Person
from .photos import shared_photo
from .script import Call, Chat, Message
from .seed import draw, pick
from .sqlite_file import Layout, main_file, snapshot, write_ahead_log

OWNER = OWNERS["android_phone"]
APP = "data/data/com.whatsapp/"
SHARED_STORAGE = "data/media/0/Android/media/com.whatsapp/WhatsApp/"
VERSION = "2.25.27.73"

TYPES = {"text": 0, "photo": 1, "voice": 2, "vcard": 4, "location": 5, "system": 7, "live": 16}
DELETED = 15
ACTIONS = {"created": 11, "added": 12, "left": 5}
READ, DELIVERED, SENT = 13, 5, 4
REACTION = 56
CALL_RESULTS = {"connected": 5, "video": 5, "missed": 2, "refused": 4}

SIDE_TABLES = ("receipt_user", "message_media", "message_location", "message_quoted", "message_system")

WA_DB = """
CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL, is_whatsapp_user BOOLEAN NOT NULL, status TEXT, status_timestamp INTEGER, number TEXT, raw_contact_id INTEGER, display_name TEXT, phone_type INTEGER, phone_label TEXT, unseen_msg_count INTEGER, photo_ts INTEGER, thumb_ts INTEGER, photo_id_timestamp INTEGER, given_name TEXT, family_name TEXT, wa_name TEXT, sort_name TEXT, nickname TEXT, company TEXT, title TEXT);
CREATE TABLE wa_vnames (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL UNIQUE, verified_name TEXT);
CREATE TABLE wa_group_admin_settings (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL UNIQUE, restrict_mode INTEGER, announcement_group INTEGER, ephemeral_duration INTEGER, creator_jid TEXT);
CREATE TABLE wa_group_descriptions (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL UNIQUE, description TEXT, description_time INTEGER, description_setter_jid TEXT);
CREATE TABLE wa_block_list (jid TEXT PRIMARY KEY NOT NULL);
"""  # noqa: E501


def ms(at: datetime) -> int:
    """Unix milliseconds."""
    return round(at.timestamp() * 1000)


def files(messages: list[Message], calls: list[Call]) -> dict[str, bytes]:
    """The files of the app on the phone, by path."""
    mine = [message for message in messages if OWNER in message.chat.people]
    main, log = message_store(mine, [call for call in calls if OWNER in (call.caller, call.called)])
    return {
        APP + "databases/msgstore.db": main,
        APP + "databases/msgstore.db-wal": log,
        APP + "databases/wa.db": contact_store({message.chat.key: message.chat for message in mine}.values()),
        **preferences(PEOPLE[OWNER]),
        **{
            SHARED_STORAGE + media_path(message, mine): shared_photo(message.tags["photo"])
            for message in mine
            if message.kind == "photo"
        },
        SHARED_STORAGE + "Databases/msgstore.db.crypt15": encrypted_backup(),
    }


def message_store(messages: list[Message], calls: list[Call]) -> tuple[bytes, bytes]:
    """msgstore.db at its last checkpoint, and the log with three commits made since."""
    db = sqlite3.connect(":memory:")
    db.executescript((Path(__file__).parent / "whatsapp_android.sql").read_text("utf-8"))
    db.execute("PRAGMA user_version = 1")
    store = Store(db, messages)
    store.fill(calls)
    layout = Layout()
    states = [snapshot(db, layout, wal=True)]
    for change in (store.add_what_only_the_log_has, store.delete_lost_messages, store.edit_in_the_log):
        change()
        states.append(snapshot(db, layout, wal=True))
    return main_file(states[0]), write_ahead_log(states, draw("wal salts", 8))


class Store:
    """Fills msgstore.db. Row numbers follow the order of time; row 1 is the placeholder every real store begins with."""

    def __init__(self, db: sqlite3.Connection, messages: list[Message]) -> None:
        self.db = db
        self.messages = messages
        self.jids: dict[str, int] = {}
        self.chats: dict[str, int] = {}
        self.rows: dict[str, int] = {}
        self.by_key = {message.key: message for message in messages}

    def fill(self, calls: list[Call]) -> None:
        self.insert("props", key="msgtore_db_schema_version", value=draw("schema version", 16).hex())
        self.insert("message", chat_row_id=-1, from_me=0, key_id="-1", sort_id=0)
        for message in self.messages:
            if "wal" not in message.tags:
                self.add(message)
        for call in calls:
            self.add_call(call)
        self.map_hidden_identities()
        self.touch_chats()

    def add_what_only_the_log_has(self) -> None:
        for message in self.messages:
            if "wal" in message.tags:
                self.add(message)
        self.touch_chats()

    def delete_lost_messages(self) -> None:
        """What "delete for me" does: the row and what hangs on it go; a quote of it in another message stays."""
        for row in [self.rows[message.key] for message in self.messages if "lost" in message.tags]:
            self.db.execute("DELETE FROM message WHERE _id = ?", (row,))
            for table in SIDE_TABLES:
                self.db.execute(f"DELETE FROM {table} WHERE message_row_id = ?", (row,))

    def edit_in_the_log(self) -> None:
        for message in self.messages:
            if "wal_edit" in message.tags:
                row = self.rows[message.key]
                self.db.execute("UPDATE message SET text_data = ? WHERE _id = ?", (message.tags["wal_edit"], row))
                self.note_edit(row, message, message.at + timedelta(seconds=75))

    def insert(self, table: str, **values: object) -> int:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        row = self.db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values())).lastrowid
        assert row is not None
        return row

    def jid(self, jid: str) -> int:
        if jid not in self.jids:
            user, server = jid.split("@")
            kind = {"s.whatsapp.net": 0, "g.us": 1, "lid": 18}[server]
            self.jids[jid] = self.insert("jid", user=user, server=server, agent=0, device=0, type=kind, raw_string=jid)
        return self.jids[jid]

    def person(self, key: str, chat: Chat) -> int:
        """In groups, a person who hides the number appears under another identity."""
        person = PEOPLE[key]
        return self.jid(person.lid if chat.jid and person.lid else person.jid)

    def chat(self, chat: Chat) -> int:
        if chat.key not in self.chats:
            first = next(message.at for message in self.messages if message.chat.key == chat.key)
            self.chats[chat.key] = self.insert(
                "chat",
                jid_row_id=self.jid(chat.jid_seen_by(OWNER)),
                hidden=0,
                subject=chat.subject,
                created_timestamp=ms(first),
                archived=int(chat.key == "marko"),
                ephemeral_expiration=0,
            )
            for person in chat.people if chat.jid else ():
                self.add_member(chat, person)
        return self.chats[chat.key]

    def add_member(self, chat: Chat, person: str) -> None:
        group = self.jid(chat.jid_seen_by(OWNER))
        if not has_left(self.messages, chat, person):
            rank = 0 if person not in chat.admins else 2 if person == chat.admins[0] else 1
            self.insert(
                "group_participant_user",
                group_jid_row_id=group,
                user_jid_row_id=self.person(person, chat),
                rank=rank,
                pending=0,
            )

    def add(self, message: Message) -> None:
        mine = message.sender == OWNER
        group = message.chat.jid is not None
        row = self.insert(
            "message",
            chat_row_id=self.chat(message.chat),
            from_me=int(mine),
            key_id=message.stanza,
            sender_jid_row_id=self.person(message.sender, message.chat) if group and not mine else 0,
            status=self.status(message) if mine else 0,
            broadcast=0,
            recipient_count=len(message.chat.people) - 1 if group and mine else 0,
            origination_flags=int("forwarded" in message.tags),
            origin=int(message.kind == "voice"),
            timestamp=ms(message.at),
            received_timestamp=ms(message.at) + pick(f"received/{message.key}", 300, 2500),
            receipt_server_timestamp=ms(message.at) + pick(f"server/{message.key}", 120, 900) if mine else -1,
            message_type=message_type(message),
            text_data=shown_text(message),
            starred=0,
            sort_id=len(self.rows) + 2,
        )
        self.rows[message.key] = row
        self.add_details(row, message)
        if mine and self.status(message) >= DELIVERED and message.kind != "system":
            self.add_receipts(row, message)

    def status(self, message: Message) -> int:
        if "wal" in message.tags:
            return SENT
        return DELIVERED if message.chat.key in ("luka", "marko") else READ

    def add_details(self, row: int, message: Message) -> None:
        chat_row = self.chats[message.chat.key]
        if deleted := message.after("deleted"):
            self.insert(
                "message_revoked", message_row_id=row, revoked_key_id=message.stanza, revoke_timestamp=ms(deleted)
            )
            return
        match message.kind:
            case "photo":
                self.add_photo(row, chat_row, message)
            case "voice":
                self.add_voice(row, chat_row, message)
            case "location" | "live":
                self.add_place(row, chat_row, message)
            case "vcard":
                self.insert("message_vcard", message_row_id=row, vcard=vcard(PEOPLE[message.tags["vcard"]]))
            case "system":
                self.add_event(row, message)
        if "forwarded" in message.tags:
            self.insert("message_forwarded", message_row_id=row, forward_score=int(message.tags["forwarded"]))
        if edited := message.after("edited"):
            self.note_edit(row, message, edited)
        if "reply" in message.tags:
            self.add_quote(row, chat_row, message, self.by_key[message.tags["reply"]])
        if message.reaction:
            self.add_reaction(row, chat_row, message, *message.reaction)

    def note_edit(self, row: int, message: Message, at: datetime) -> None:
        original = draw(f"original key/{message.key}", 16).hex().upper()
        self.insert(
            "message_edit_info",
            message_row_id=row,
            original_key_id=original,
            edited_timestamp=ms(at),
            sender_timestamp=ms(message.at),
        )

    def add_quote(self, row: int, chat_row: int, message: Message, quoted: Message) -> None:
        mine = quoted.sender == OWNER
        self.insert(
            "message_quoted",
            message_row_id=row,
            chat_row_id=chat_row,
            parent_message_chat_row_id=chat_row,
            from_me=int(mine),
            sender_jid_row_id=0 if mine else self.person(quoted.sender, quoted.chat),
            key_id=quoted.stanza,
            timestamp=ms(quoted.at),
            message_type=TYPES[quoted.kind],
            text_data=quoted.text,
        )

    def add_reaction(self, row: int, chat_row: int, message: Message, person: str, emoji: str) -> None:
        at = ms(message.at) + 30_000
        add_on = self.insert(
            "message_add_on",
            chat_row_id=chat_row,
            from_me=int(person == OWNER),
            key_id=draw(f"reaction/{message.key}", 16).hex().upper(),
            sender_jid_row_id=self.person(person, message.chat) if message.chat.jid and person != OWNER else -1,
            parent_message_row_id=row,
            timestamp=at,
            status=0,
            message_add_on_type=REACTION,
        )
        self.insert("message_add_on_reaction", message_add_on_row_id=add_on, reaction=emoji, sender_timestamp=at)

    def add_photo(self, row: int, chat_row: int, message: Message) -> None:
        content = shared_photo(message.tags["photo"])
        self.insert(
            "message_media",
            **transfer(message, row, chat_row),
            file_path=media_path(message, self.messages),
            file_size=len(content),
            file_length=len(content),
            width=320,
            height=240,
            mime_type="image/jpeg",
            file_hash=content_hash(content),
        )

    def add_voice(self, row: int, chat_row: int, message: Message) -> None:
        """A voice message whose file is no longer on the phone."""
        self.insert(
            "message_media",
            **transfer(message, row, chat_row),
            file_path=media_path(message, self.messages),
            file_size=31_204,
            file_length=31_204,
            mime_type="audio/ogg; codecs=opus",
            media_duration=int(message.tags["voice"]),
            file_hash=content_hash(draw("voice", 64)),
        )

    def add_place(self, row: int, chat_row: int, message: Message) -> None:
        latitude, longitude = message.point(message.kind)
        place = {"latitude": latitude, "longitude": longitude}
        if message.kind == "live":
            end_latitude, end_longitude = message.point("end")
            seconds = int(message.tags["seconds"])
            place |= {
                "live_location_share_duration": seconds,
                "live_location_final_latitude": end_latitude,
                "live_location_final_longitude": end_longitude,
                "live_location_final_timestamp": ms(message.at + timedelta(seconds=seconds)),
            }
        name = message.tags.get("place") or None
        self.insert("message_location", message_row_id=row, chat_row_id=chat_row, place_name=name, **place)

    def add_event(self, row: int, message: Message) -> None:
        self.insert("message_system", message_row_id=row, action_type=ACTIONS[message.tags["system"]])
        who = message.tags.get("who") or (message.sender if message.tags["system"] == "left" else None)
        if who:
            jid = self.person(who, message.chat)
            self.insert("message_system_chat_participant", message_row_id=row, user_jid_row_id=jid)

    def add_receipts(self, row: int, message: Message) -> None:
        for person in message.chat.people:
            if person != OWNER and not has_left_before(self.messages, message, person):
                arrived = ms(message.at) + pick(f"arrived/{message.key}/{person}", 700, 9000)
                read = arrived + pick(f"read/{message.key}/{person}", 2_000, 600_000)
                self.insert(
                    "receipt_user",
                    message_row_id=row,
                    receipt_user_jid_row_id=self.person(person, message.chat),
                    receipt_timestamp=arrived,
                    read_timestamp=read if self.status(message) == READ else None,
                )

    def add_call(self, call: Call) -> None:
        partner = self.jid(call.partner_of(OWNER).jid)
        result = CALL_RESULTS[call.outcome]
        row = self.insert(
            "call_log",
            jid_row_id=partner,
            from_me=int(call.caller == OWNER),
            call_id=call.call_id,
            transaction_id=-1,
            timestamp=ms(call.at),
            video_call=int(call.outcome == "video"),
            duration=call.seconds,
            call_result=result,
            bytes_transferred=call.seconds * 5200,
        )
        self.insert("call_log_participant_v2", call_log_row_id=row, jid_row_id=partner, call_result=result)

    def map_hidden_identities(self) -> None:
        """Samira's hidden identity is paired with her number; one more member of the trip group is never resolved."""
        for person in PEOPLE.values():
            if person.lid and person.lid in self.jids:
                self.insert("jid_map", lid_row_id=self.jids[person.lid], jid_row_id=self.jid(person.jid), sort_id=1)
        (trip,) = {message.chat.jid for message in self.messages if message.chat.key == "trip"}
        self.insert(
            "group_participant_user",
            group_jid_row_id=self.jid(str(trip)),
            user_jid_row_id=self.jid(UNRESOLVED_LID),
            rank=0,
            pending=0,
        )

    def touch_chats(self) -> None:
        for row in self.chats.values():
            self.db.execute(
                "UPDATE chat SET (last_message_row_id, display_message_row_id, last_read_message_row_id, sort_timestamp)"
                " = (SELECT MAX(_id), MAX(_id), MAX(_id), MAX(timestamp) FROM message WHERE chat_row_id = chat._id)"
                " WHERE _id = ?",
                (row,),
            )


def message_type(message: Message) -> int:
    if "deleted" in message.tags:
        return DELETED
    return int(message.tags["unknown"]) if message.kind == "unknown" else TYPES[message.kind]


def shown_text(message: Message) -> str | None:
    """What `text_data` holds: the text, a photo's caption, or nothing once the message was deleted for everyone."""
    return None if "deleted" in message.tags else message.text or message.tags.get("caption")


def has_left(messages: Iterable[Message], chat: Chat, person: str) -> bool:
    return any(
        message.chat.key == chat.key and message.sender == person and message.tags.get("system") == "left"
        for message in messages
    )


def has_left_before(messages: Iterable[Message], message: Message, person: str) -> bool:
    return has_left((earlier for earlier in messages if earlier.at < message.at), message.chat, person)


def transfer(message: Message, row: int, chat_row: int) -> dict[str, object]:
    key = message.key
    return {
        "message_row_id": row,
        "chat_row_id": chat_row,
        "media_job_uuid": draw(f"job/{key}", 16).hex(),
        "transferred": 1,
        "media_key": draw(f"media key/{key}", 32),
        "media_key_timestamp": ms(message.at) // 1000,
        "direct_path": f"/v/t62.7118-24/{draw(f'path/{key}', 12).hex()}.enc",
        "enc_file_hash": content_hash(draw(f"encrypted/{key}", 32)),
    }


def content_hash(content: bytes) -> str:
    return b64encode(hashlib.sha256(content).digest()).decode()


def media_path(message: Message, messages: list[Message]) -> str:
    """The app numbers what arrives and leaves by day and kind."""
    prefix, folder, ending = ("IMG", "WhatsApp Images", "jpg")
    if message.kind == "voice":
        prefix, folder, ending = ("PTT", "WhatsApp Voice Notes/202544", "opus")
    same_day = [other.key for other in messages if other.kind == message.kind and other.at.date() == message.at.date()]
    sent = "Sent/" if message.sender == OWNER and message.kind == "photo" else ""
    return f"Media/{folder}/{sent}{prefix}-{message.at:%Y%m%d}-WA{same_day.index(message.key) + 1:04d}.{ending}"


def vcard(person: Person) -> str:
    number = f"TEL;type=CELL;waid={person.phone[1:]}:{person.phone}"
    return f"BEGIN:VCARD\nVERSION:3.0\nN:;{person.name};;;\nFN:{person.name}\n{number}\nEND:VCARD"


def contact_store(chats: Iterable[Chat]) -> bytes:
    """wa.db: the address book as the app sees it, and what it knows of groups."""
    db = sqlite3.connect(":memory:")
    db.executescript(WA_DB)
    db.execute("PRAGMA user_version = 105")
    chats = list(chats)
    known = sorted({person for chat in chats for person in chat.people} - {OWNER})
    for key in known:
        person, saved_as = PEOPLE[key], ADDRESS_BOOKS["android_phone"].get(key)
        db.execute(
            "INSERT INTO wa_contacts (jid, is_whatsapp_user, number, display_name, given_name, wa_name, sort_name,"
            " unseen_msg_count) VALUES (?, 1, ?, ?, ?, ?, ?, 0)",
            (person.jid, person.phone, saved_as, saved_as, person.calls_self, saved_as),
        )
    for chat in chats:
        if chat.jid:
            creator = PEOPLE[chat.admins[0]].jid
            db.execute("INSERT INTO wa_contacts (jid, is_whatsapp_user) VALUES (?, 1)", (chat.jid,))
            db.execute(
                "INSERT INTO wa_group_admin_settings (jid, restrict_mode, announcement_group, ephemeral_duration,"
                " creator_jid) VALUES (?, 0, 0, 0, ?)",
                (chat.jid, creator),
            )
    db.execute("INSERT INTO wa_block_list (jid) VALUES (?)", (PEOPLE["stranger"].jid,))
    return main_file(snapshot(db, Layout()))


def preferences(owner: Person) -> dict[str, bytes]:
    country_code, number = "381", owner.phone.removeprefix("+381")
    light = {
        "cc": country_code,
        "ph": number,
        "push_name": owner.calls_self,
        "my_current_status": "На путу",
        "version": VERSION,
        "self_contact_name": owner.calls_self,
    }
    return {
        APP + "shared_prefs/com.whatsapp_preferences_light.xml": preferences_xml(light),
        APP + "shared_prefs/startup_prefs.xml": preferences_xml({"version": VERSION}),
    }


def preferences_xml(strings: dict[str, str]) -> bytes:
    lines = [f'    <string name="{name}">{escape(value)}</string>' for name, value in strings.items()]
    head = "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>"
    return "\n".join([head, "<map>", *lines, "</map>", ""]).encode()


def encrypted_backup() -> bytes:
    """A crypt15 backup as the app leaves it: a readable head, then bytes nobody can read without the key."""
    initial_vector = draw("crypt15 iv", 16)
    information = b"\x0a" + bytes([len(VERSION)]) + VERSION.encode() + b"\x1a\x0223"
    head = b"\x08\x01\x1a\x12\x0a\x10" + initial_vector + b"\x22" + bytes([len(information)]) + information
    return bytes([len(head)]) + b"\x01" + head + draw("crypt15 body", 3000)
