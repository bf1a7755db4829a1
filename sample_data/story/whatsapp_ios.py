"""WhatsApp on the iPhone: ChatStorage.sqlite, ContactsV2.sqlite and CallHistory.sqlite in the app's shared folder."""

import plistlib
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from .people import ADDRESS_BOOKS, OWNERS, PEOPLE, UNRESOLVED_LID, Person
from .photos import shared_photo
from .script import Call, Chat, Message
from .seed import draw, uuid
from .sqlite_file import Layout, main_file, snapshot, write_ahead_log
from .whatsapp_android import content_hash, ms, vcard

OWNER = OWNERS["iphone"]
BOOK = ADDRESS_BOOKS["iphone"]
GROUP = "group.net.whatsapp.WhatsApp.shared"
FOLDER = f"private/var/mobile/Containers/Shared/AppGroup/{uuid('app group')}/"

TYPES = {"text": 0, "photo": 1, "voice": 3, "vcard": 4, "location": 5, "system": 6, "unknown": 999}
DELETED = 14
GROUP_EVENTS = {"added": 2, "left": 3, "created": 12}
READ, DELIVERED = 8, 6
FORWARDED = 0x180
CALL_OUTCOMES = {"connected": 0, "video": 0, "missed": 1, "refused": 4}

ENTITIES = {
    "ZWABLACKLISTITEM": 1, "ZWACHATSESSION": 4, "ZWAGROUPINFO": 5, "ZWAGROUPMEMBER": 6, "ZWAGROUPMEMBERSCHANGE": 7,
    "ZWAMEDIAITEM": 8, "ZWAMESSAGE": 9, "ZWAMESSAGEINFO": 11, "ZWAPROFILEPUSHNAME": 13,
}  # fmt: skip

CONTACTS_DB = """
CREATE TABLE ZWAADDRESSBOOKCONTACT ( Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZDISAPPEARINGMODEDURATION INTEGER, ZPHONESTATUS INTEGER, ZSECTIONSORT INTEGER, ZSORT INTEGER, ZSPOTLIGHTSTATUS INTEGER, ZABOUTTIMESTAMP TIMESTAMP, ZABOUTTEXT VARCHAR, ZFULLNAME VARCHAR, ZGIVENNAME VARCHAR, ZHIGHLIGHTEDNAME VARCHAR, ZIDENTIFIER VARCHAR, ZLOCALIZEDPHONENUMBER VARCHAR, ZPHONENUMBER VARCHAR, ZPHONENUMBERLABEL VARCHAR, ZSECTIONTITLE VARCHAR, ZWHATSAPPID VARCHAR, ZLID VARCHAR );
CREATE TABLE Z_METADATA (Z_VERSION INTEGER PRIMARY KEY, Z_UUID VARCHAR(255), Z_PLIST BLOB);
CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);
"""  # noqa: E501

CALLS_DB = """
CREATE TABLE ZWAAGGREGATECALLEVENT ( Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZINCOMING INTEGER, ZMISSED INTEGER, ZVIDEO INTEGER, ZFIRSTDATE TIMESTAMP );
CREATE TABLE ZWACDCALLEVENT ( Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZBYTESRECEIVED INTEGER, ZBYTESSENT INTEGER, ZOUTCOME INTEGER, Z1CALLEVENTS INTEGER, ZDATE TIMESTAMP, ZDURATION FLOAT, ZCALLIDSTRING VARCHAR, ZGROUPCALLCREATORUSERJIDSTRING VARCHAR, ZGROUPJIDSTRING VARCHAR );
CREATE TABLE ZWACDCALLEVENTPARTICIPANT ( Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZOUTCOME INTEGER, Z1PARTICIPANTS INTEGER, ZJIDSTRING VARCHAR );
CREATE TABLE Z_METADATA (Z_VERSION INTEGER PRIMARY KEY, Z_UUID VARCHAR(255), Z_PLIST BLOB);
CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);
"""  # noqa: E501


def cocoa(at: datetime) -> int:
    """Seconds since 2001-01-01 UTC."""
    return round(at.timestamp()) - 978_307_200


def files(messages: list[Message], calls: list[Call]) -> dict[str, bytes]:
    """The files of the app's shared folder, by path."""
    mine = [message for message in messages if OWNER in message.chat.people]
    contacts, contacts_log = contact_store()
    return {
        FOLDER + ".com.apple.mobile_container_manager.metadata.plist": container_plist(),
        FOLDER + "ChatStorage.sqlite": chat_storage(mine),
        FOLDER + "ContactsV2.sqlite": contacts,
        FOLDER + "ContactsV2.sqlite-wal": contacts_log,
        FOLDER + "CallHistory.sqlite": call_history(call for call in calls if OWNER in (call.caller, call.called)),
        **{
            FOLDER + "Message/" + media_path(message): shared_photo(message.tags["photo"])
            for message in mine
            if message.kind == "photo"
        },
    }


def container_plist() -> bytes:
    return plistlib.dumps({"MCMMetadataIdentifier": GROUP}, fmt=plistlib.FMT_XML)


def chat_storage(messages: list[Message]) -> bytes:
    db = sqlite3.connect(":memory:")
    db.executescript((Path(__file__).parent / "whatsapp_ios.sql").read_text("utf-8"))
    storage = Storage(db, messages)
    storage.fill()
    return main_file(snapshot(db, Layout(), wal=True))


class Storage:
    """Fills ChatStorage.sqlite. `Z_PK` follows the order of time."""

    def __init__(self, db: sqlite3.Connection, messages: list[Message]) -> None:
        self.db = db
        self.messages = messages
        self.sessions: dict[str, int] = {}
        self.members: dict[tuple[str, str], int] = {}
        self.counters: dict[str, int] = {}
        self.by_key = {message.key: message for message in messages}

    def fill(self) -> None:
        for message in self.messages:
            self.add(message)
        for key in BOOK:
            self.insert("ZWAPROFILEPUSHNAME", ZJID=PEOPLE[key].jid, ZPUSHNAME=PEOPLE[key].calls_self)
        self.close_sessions()
        core_data_tables(self.db, ENTITIES, "chat storage")

    def insert(self, table: str, **values: object) -> int:
        return insert(self.db, table, ENTITIES[table], **values)

    def session(self, chat: Chat) -> int:
        if chat.key not in self.sessions:
            self.sessions[chat.key] = self.insert(
                "ZWACHATSESSION",
                ZARCHIVED=0,
                ZHIDDEN=0,
                ZREMOVED=0,
                ZFLAGS=256,
                ZUNREADCOUNT=0,
                ZSESSIONTYPE=int(chat.jid is not None),
                ZCONTACTJID=chat.jid_seen_by(OWNER),
                ZPARTNERNAME=chat.subject or BOOK[chat.partner_of(OWNER).key],
            )
            if chat.jid:
                self.add_group(chat)
        return self.sessions[chat.key]

    def add_group(self, chat: Chat) -> None:
        session = self.sessions[chat.key]
        created = next(cocoa(message.at) for message in self.messages if message.chat.key == chat.key)
        creator = PEOPLE[chat.admins[0]].jid
        info = self.insert(
            "ZWAGROUPINFO",
            ZSTATE=0,
            ZCHATSESSION=session,
            ZCREATIONDATE=created,
            ZSUBJECTTIMESTAMP=created,
            ZCREATORJID=creator,
            ZOWNERJID=creator,
            ZSUBJECTOWNERJID=creator,
        )
        self.db.execute("UPDATE ZWACHATSESSION SET ZGROUPINFO = ? WHERE Z_PK = ?", (info, session))
        for key in chat.people:
            self.members[chat.key, key] = self.add_member(
                session, PEOPLE[key].jid, key in chat.admins, BOOK.get(key, "")
            )
        self.add_member(session, UNRESOLVED_LID, False, "")

    def add_member(self, session: int, jid: str, is_admin: bool, name: str) -> int:
        return self.insert(
            "ZWAGROUPMEMBER",
            ZCHATSESSION=session,
            ZMEMBERJID=jid,
            ZISADMIN=int(is_admin),
            ZISACTIVE=1,
            ZCONTACTABID=0,
            ZCONTACTNAME=name,
        )

    def add(self, message: Message) -> None:
        mine = message.sender == OWNER
        chat = message.chat
        session = self.session(chat)
        self.counters[chat.key] = self.counters.get(chat.key, 0) + 1
        row = self.insert(
            "ZWAMESSAGE",
            ZCHATSESSION=session,
            ZISFROMME=int(mine),
            ZSTANZAID=message.stanza,
            ZMESSAGEDATE=cocoa(message.at),
            ZSENTDATE=cocoa(message.at),
            ZMESSAGETYPE=DELETED if "deleted" in message.tags else TYPES[message.kind],
            ZMESSAGESTATUS=READ if mine or chat.jid is None else 0,
            ZGROUPEVENTTYPE=GROUP_EVENTS.get(message.tags.get("system", ""), 0 if mine else 2),
            ZTEXT=None if "deleted" in message.tags else message.text,
            ZFLAGS=FORWARDED if "forwarded" in message.tags else 0,
            ZSORT=self.counters[chat.key],
            ZSTARRED=0,
            ZGROUPMEMBER=None if mine else self.members.get((chat.key, message.tags.get("who", message.sender))),
            ZFROMJID=None if mine else chat.jid_seen_by(OWNER),
            ZTOJID=chat.jid_seen_by(OWNER) if mine else None,
        )
        if "deleted" not in message.tags:
            self.link(row, "ZMEDIAITEM", self.add_media(row, message))
            self.link(row, "ZMESSAGEINFO", self.add_reaction(row, message))

    def link(self, row: int, column: str, value: int | None) -> None:
        self.db.execute(f"UPDATE ZWAMESSAGE SET {column} = ? WHERE Z_PK = ?", (value, row))

    def add_media(self, row: int, message: Message) -> int | None:
        """Photos, places, cards, and the quote a reply carries: all live in the one table."""
        item: dict[str, object] = {}
        match message.kind:
            case "photo":
                content = shared_photo(message.tags["photo"])
                item = {
                    "ZMEDIALOCALPATH": media_path(message),
                    "ZFILESIZE": len(content),
                    "ZTITLE": message.tags.get("caption"),
                    "ZVCARDSTRING": "image/jpeg",
                    "ZVCARDNAME": content_hash(content),
                    "ZMEDIAKEY": draw(f"media key/{message.key}", 32),
                    "ZLATITUDE": 320.0,
                    "ZLONGITUDE": 240.0,
                }
            case "location":
                latitude, longitude = message.point("location")
                item = {"ZLATITUDE": latitude, "ZLONGITUDE": longitude, "ZVCARDNAME": message.tags.get("place") or None}
            case "vcard":
                person = PEOPLE[message.tags["vcard"]]
                item = {"ZVCARDSTRING": vcard(person), "ZVCARDNAME": person.name}
        if "reply" in message.tags:
            item["ZMETADATA"] = quote(self.by_key[message.tags["reply"]])
        return self.insert("ZWAMEDIAITEM", ZMESSAGE=row, ZMOVIEDURATION=0, **item) if item else None

    def add_reaction(self, row: int, message: Message) -> int | None:
        if not message.reaction:
            return None
        return self.insert("ZWAMESSAGEINFO", ZMESSAGE=row, ZRECEIPTINFO=reaction(message, *message.reaction))

    def close_sessions(self) -> None:
        for key, session in self.sessions.items():
            self.db.execute(
                "UPDATE ZWACHATSESSION SET ZMESSAGECOUNTER = ?, (ZLASTMESSAGE, ZLASTMESSAGEDATE) = (SELECT Z_PK,"
                " ZMESSAGEDATE FROM ZWAMESSAGE WHERE ZCHATSESSION = ? ORDER BY ZSORT DESC LIMIT 1) WHERE Z_PK = ?",
                (self.counters[key], session, session),
            )


def insert(db: sqlite3.Connection, table: str, entity: int, **values: object) -> int:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    row = db.execute(
        f"INSERT INTO {table} (Z_ENT, Z_OPT, {names}) VALUES (?, 1, {marks})", (entity, *values.values())
    ).lastrowid
    assert row is not None
    return row


def core_data_tables(db: sqlite3.Connection, entities: dict[str, int], label: str) -> None:
    db.execute("INSERT INTO Z_METADATA VALUES (1, ?, NULL)", (uuid(label),))
    for table, entity in entities.items():
        (last,) = db.execute(f"SELECT COALESCE(MAX(Z_PK), 0) FROM {table}").fetchone()
        db.execute("INSERT INTO Z_PRIMARYKEY VALUES (?, ?, 0, ?)", (entity, core_data_name(table), last))


def core_data_name(table: str) -> str:
    words = ("BLACKLIST", "ITEM", "CHAT", "SESSION", "GROUP", "INFO", "MEMBERS", "MEMBER", "CHANGE", "MEDIA", "MESSAGE",
             "PROFILE", "PUSH", "NAME", "ADDRESS", "BOOK", "CONTACT", "AGGREGATE", "CALL", "EVENT", "PARTICIPANT")  # fmt: skip
    name = table.removeprefix("Z")
    for word in words:
        name = name.replace(word, word.capitalize())
    return name


# Protocol buffers, as far as the app's two blobs need them.


def varint(number: int) -> bytes:
    groups = [number & 0x7F]
    while number := number >> 7:
        groups[-1] |= 0x80
        groups.append(number & 0x7F)
    return bytes(groups)


def field(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def quote(quoted: Message) -> bytes:
    """ZMETADATA of a reply: 5 the quoted message's id, 6 its author unless that is the owner, 19 its text."""
    author = field(6, PEOPLE[quoted.sender].jid) if quoted.sender != OWNER else b""
    return field(5, quoted.stanza) + author + field(19, field(1, quoted.text or ""))


def reaction(message: Message, person: str, emoji: str) -> bytes:
    """ZRECEIPTINFO field 7: 7.1 other people's reactions, 7.2 the owner's, which carries no identity."""
    key, at = draw(f"reaction/{message.key}", 10).hex().upper(), ms(message.at) + 30_000
    if person == OWNER:
        return field(7, field(2, field(1, key) + field(2, emoji) + field(3, at)))
    return field(7, field(1, field(1, key) + field(2, PEOPLE[person].jid) + field(3, emoji) + field(4, at)))


def media_path(message: Message) -> str:
    name = uuid(f"media/{message.key}").lower()
    return f"Media/{message.chat.jid_seen_by(OWNER)}/{name[0]}/{name[1]}/{name}.jpg"


def contact_store() -> tuple[bytes, bytes]:
    """ContactsV2.sqlite as it is met on phones: an empty main file, and the whole content in its log."""
    db = sqlite3.connect(":memory:")
    layout = Layout()
    states = [snapshot(db, layout, wal=True)]
    db.executescript(CONTACTS_DB)
    for key, name in BOOK.items():
        person = PEOPLE[key]
        insert(
            db,
            "ZWAADDRESSBOOKCONTACT",
            1,
            ZFULLNAME=name,
            ZGIVENNAME=name.split()[0],
            ZIDENTIFIER=uuid(f"contact/{key}"),
            ZPHONENUMBER=person.phone,
            ZLOCALIZEDPHONENUMBER=person.phone,
            ZPHONENUMBERLABEL="_$!<Mobile>!$_",
            ZPHONESTATUS=2,
            ZWHATSAPPID=person.jid,
            ZLID=person.lid,
            ZABOUTTEXT=None,
        )
    core_data_tables(db, {"ZWAADDRESSBOOKCONTACT": 1}, "contacts")
    states.append(snapshot(db, layout, wal=True))
    return main_file(states[0]), write_ahead_log(states, draw("contacts wal salts", 8))


def call_history(calls: Iterable[Call]) -> bytes:
    db = sqlite3.connect(":memory:")
    db.executescript(CALLS_DB)
    for call in calls:
        add_call(db, call)
    entities = {"ZWAAGGREGATECALLEVENT": 1, "ZWACDCALLEVENT": 2, "ZWACDCALLEVENTPARTICIPANT": 3}
    core_data_tables(db, entities, "calls")
    return main_file(snapshot(db, Layout(), wal=True))


def add_call(db: sqlite3.Connection, call: Call) -> None:
    outcome = CALL_OUTCOMES[call.outcome]
    partner: Person = call.partner_of(OWNER)
    aggregate = insert(
        db,
        "ZWAAGGREGATECALLEVENT",
        1,
        ZINCOMING=int(call.called == OWNER),
        ZMISSED=int(call.outcome == "missed"),
        ZVIDEO=int(call.outcome == "video"),
        ZFIRSTDATE=cocoa(call.at),
    )
    insert(
        db,
        "ZWACDCALLEVENT",
        2,
        Z1CALLEVENTS=aggregate,
        ZDATE=cocoa(call.at),
        ZDURATION=float(call.seconds),
        ZOUTCOME=outcome,
        ZCALLIDSTRING=call.call_id,
        ZBYTESSENT=call.seconds * 2600,
        ZBYTESRECEIVED=call.seconds * 2600,
        ZGROUPCALLCREATORUSERJIDSTRING=PEOPLE[call.caller].jid,
    )
    insert(db, "ZWACDCALLEVENTPARTICIPANT", 3, Z1PARTICIPANTS=aggregate, ZJIDSTRING=partner.jid, ZOUTCOME=outcome)
