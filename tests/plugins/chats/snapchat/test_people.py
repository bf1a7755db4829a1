"""People and the account of Snapchat on both systems; messages of the years before arroyo.db."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.snapchat.account import session, user
from forensics_plugins.chats.snapchat.android_people import people as android
from forensics_plugins.chats.snapchat.ios_people import field
from forensics_plugins.chats.snapchat.ios_people import people as ios

from forensics import testing

from .wire import document

SQL = (Path(__file__).parent / "main_db.sql").read_text("utf-8")
MIRA = "22222222-2222-4222-8222-222222222222"
OLD = """
CREATE TABLE Feed (_id INTEGER PRIMARY KEY, key TEXT, displayName TEXT);
CREATE TABLE Message (_id INTEGER PRIMARY KEY, key TEXT, feedRowId INTEGER, senderId INTEGER, type TEXT, content BLOB,
  timestamp INTEGER, seenTimestamp INTEGER);
INSERT INTO Feed VALUES (7, 'nenad.k~mira', 'Мира');
"""
PREFERENCES = (
    "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<map><string name=\"key_user_id\">" + MIRA + "</string>"
    '<string name="token">t</string></map>'
).encode()
TSAF = b"TSAF\x01\x00\x08username\x00\x08mira.c\x00\x08user_id\x00\x08" + MIRA.encode() + b"\x00\x08x\x00"


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def old_text(text: str) -> bytes:
    raw = text.encode()
    return bytes(0x28) + len(raw).to_bytes(4, "little") + raw + b"\0\0"


def old_database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SQL + OLD)
    rows = [
        (1, "k1", 7, 2, "text", old_text("Здраво"), 1500000000123, 1500000001000),
        (2, "k2", 7, 2, "text", old_text("dugo " * 100), 1500000002000, 0),
        (3, "k3", 9, 99, "text", old_text("ko sam ja"), 1500000003000, None),
        (4, "k4", None, None, "media_v4", b"\x01", 0, -1),
        (5, "k5", 7, 2, "text", b"short", 1500000004000, None),
    ]
    connection.executemany("INSERT INTO Message VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    content = bytes(connection.serialize())
    connection.close()
    return content


def ios_database(indexes: bool = True) -> bytes:
    sql = "CREATE TABLE snapchatter (userId TEXT PRIMARY KEY, p BLOB);"
    if indexes:
        sql += """CREATE TABLE index_snapchatterusername (username TEXT);
        CREATE TABLE index_snapchattermutableUsername (mutableUsername TEXT);
        INSERT INTO index_snapchatterusername (rowid, username) VALUES (1, 'mira_old'), (2, 'drugi');
        INSERT INTO index_snapchattermutableUsername (rowid, mutableUsername) VALUES (1, 'mira.c');"""
    connection = sqlite3.connect(":memory:")
    connection.executescript(sql)
    rows = [(MIRA, document(MIRA, "mira_old", "Мира")), ("u2", document("someone else", "x", "Wrong")), ("u3", None)]
    connection.executemany("INSERT INTO snapchatter VALUES (?, ?)", rows)
    content = bytes(connection.serialize())
    connection.close()
    return content


def test_people_of_android():
    found = testing.rows(android, testing.database(SQL), name="main.db")
    people = {row["record"]: row for row in found["contacts"]}
    assert len(people) == 5
    mira = people["Friend/_id=2"]
    assert (mira["person_id"], mira["name"], mira["username"]) == (MIRA, "Мира Чолић", "mira.čolić")
    assert mira["created_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert (mira["phones"], mira["blocked"]) == (["+38267111222"], False)
    assert extra(mira) == {
        "friend_link": "mutual",
        "username_stored": "mira_old|mira.čolić",
        "added_by_other_at": "2023-11-14T22:13:25.000Z",
        "server_name": "Mira",
        "birthday": 512,
        "streak": 12,
        "number": 2,
    }
    assert "problems" not in found


def test_all_people_are_given_and_say_what_they_are():
    """Other tools give only people with an added time: those who were blocked, deleted or only wrote would be lost."""
    found = testing.rows(android, testing.database(SQL), name="main.db")
    links = {row["record"][-1]: extra(row)["friend_link"] for row in found["contacts"]}
    assert links == {"1": "mutual", "2": "mutual", "3": "suggested", "4": "blocked", "5": "unknown (99)"}
    blocked = next(row for row in found["contacts"] if row["record"] == "Friend/_id=4")
    assert (blocked["blocked"], "created_at" in blocked) == (True, False)  # 0 is no time


def test_old_messages():
    found = testing.rows(android, old_database(), name="tcspahn.db")
    said = {row["record"]: row for row in found["messages"]}
    assert len(said) == 5
    one = said["Message/_id=1"]
    assert (one["text"], one["chat_id"], one["chat_name"]) == ("Здраво", "nenad.k~mira", "Мира")
    assert (one["sender_id"], one["sender_name"], one["direction"]) == (MIRA, "Мира Чолић", "unknown")
    assert one["sent_at"] == datetime(2017, 7, 14, 2, 40, 0, 123000, tzinfo=UTC)
    assert (said["Message/_id=4"]["kind"], said["Message/_id=4"]["raw_kind"]) == ("unknown", "media_v4")
    assert "sent_at" not in said["Message/_id=4"]
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_understood", "Message/_id=5")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("user_session_shared_pref.xml", PREFERENCES),
        (
            "identity_persistent_store.xml",
            b'<map><string name="LAST_LOGGED_IN_USERNAME">mira.\xc4\x8doli\xc4\x87</string></map>',
        ),
    ],
)
def test_direction_of_old_messages(name, content):
    beside = {f"app/shared_prefs/{name}": content}
    found = testing.rows(android, old_database(), name="app/databases/tcspahn.db", beside=beside)
    assert [row["direction"] for row in found["messages"]][:2] == ["outgoing", "outgoing"]
    assert found["messages"][3]["direction"] == "unknown"  # it names no sender
    assert found["messages"][0].get("account_id") == (MIRA if name.startswith("user_session") else None)


def test_long_text_of_an_old_message_is_not_cut():
    """Other tools take one byte for the length: a text of 500 bytes would lose half of it."""
    found = testing.rows(android, old_database(), name="tcspahn.db")
    assert found["messages"][1]["text"] == "dugo " * 100


def test_old_message_of_an_unknown_sender_stays():
    """Other tools join messages with friends, and lose those of anybody else."""
    found = testing.rows(android, old_database(), name="tcspahn.db")
    stranger = found["messages"][2]
    assert (stranger["text"], stranger["sender_id"], stranger["chat_id"]) == (
        "ko sam ja",
        "Friend/_id=99",
        "Feed/_id=9",
    )


def test_people_of_ios():
    found = testing.rows(ios, ios_database(), name="primary.docobjects")
    mira, second, third = found["contacts"]
    assert (mira["person_id"], mira["name"], mira["username"]) == (MIRA, "Мира", "mira.c")
    assert extra(mira) == {"username": "mira_old"}
    assert (second["username"], "name" in second, third["person_id"]) == ("drugi", False, "u3")
    assert [p["record"] for p in found["problems"]] == ["snapchatter/userId=u2", "snapchatter/userId=u3"]


def test_people_of_ios_without_indexes():
    """A join with a table that older versions lack must not lose the people."""
    found = testing.rows(ios, ios_database(indexes=False), name="primary.docobjects")
    assert [row["person_id"] for row in found["contacts"]] == [MIRA, "u2", "u3"]


@pytest.mark.parametrize("raw", [b"", b"\xff" * 40, bytes(40), b"\x08\0\0\0" + b"\xff" * 60, document("a")[:-3]])
def test_documents_that_are_none(raw):
    assert field(raw, 0) in (None, "")


def test_accounts():
    [one] = testing.rows(session, PREFERENCES, name="user_session_shared_pref.xml")["accounts"]
    [two] = testing.rows(user, TSAF, name="user.plist")["accounts"]
    assert (one["account_id"], one["is_owner"], "username" in one) == (MIRA, True, False)
    assert (two["account_id"], two["username"]) == (MIRA, "mira.c")


def test_account_without_an_id():
    found = testing.rows(user, TSAF.replace(MIRA.encode(), b"none"), name="user.plist")
    assert (found["accounts"][0]["username"], len(found["problems"])) == ("mira.c", 1)


@pytest.mark.parametrize(
    ("parser", "content", "name"),
    [
        (android, testing.database(SQL), "main.db"),
        (android, old_database(), "tcspahn.db"),
        (ios, ios_database(), "primary.docobjects"),
        (session, PREFERENCES, "user_session_shared_pref.xml"),
        (user, TSAF, "user.plist"),
    ],
    ids=["main", "old", "ios", "preferences", "plist"],
)
def test_promises(parser, content, name):
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []


# Tables that versions of the app from 2018 to 2024 make, shortened.
MORE_TABLES = """
CREATE TABLE Contact (_id INTEGER PRIMARY KEY, friendRowId INTEGER, displayName TEXT, phone TEXT NOT NULL,
  lastModifiedTimestamp INTEGER, isSnapchatter INTEGER DEFAULT 0 NOT NULL, added INTEGER DEFAULT 0 NOT NULL);
CREATE TABLE Feed (_id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, displayName TEXT);
CREATE TABLE FeedMember (_id INTEGER PRIMARY KEY, feedRowId INTEGER NOT NULL, friendRowId INTEGER NOT NULL, color INTEGER,
  lastInteractionTimestamp INTEGER DEFAULT 0, joinedTimestamp INTEGER DEFAULT 0, removed INTEGER NOT NULL);
CREATE TABLE CombinedUsername (_id INTEGER PRIMARY KEY, originalUsername TEXT NOT NULL UNIQUE, mutableUsername TEXT,
  encodedUsername TEXT);
ALTER TABLE Friend ADD COLUMN combinedUsernameRowId INTEGER;
INSERT INTO CombinedUsername VALUES (1, 'nenad.k', 'nenad_new', 'nenad.k|nenad_new'), (2, 'blok', NULL, 'blok|');
UPDATE Friend SET combinedUsernameRowId = 1 WHERE _id = 1;
UPDATE Friend SET combinedUsernameRowId = 2 WHERE _id = 4;
INSERT INTO Contact VALUES (1, 2, 'Мира посао', '+38267111222', 1700000000000, 1, 1), (2, NULL, NULL, '', NULL, 0, 0);
INSERT INTO Feed VALUES (7, 'skupina-7', 'Излет');
INSERT INTO FeedMember VALUES (1, 7, 2, 0, 0, 0, 0), (2, 7, 1, 0, 0, 1700000009000, 0), (3, 8, 99, 0, 0, 0, 1);
"""


def test_address_book_and_members_of_chats():
    """No public tool reads Contact, which is the address book of the device, nor FeedMember."""
    found = testing.rows(android, testing.database(SQL + MORE_TABLES), name="main.db")
    people = {row["record"]: row for row in found["contacts"]}
    mira, empty = people["Contact/_id=1"], people["Contact/_id=2"]
    assert (mira["person_id"], mira["name"], mira["phones"]) == (MIRA, "Мира посао", ["+38267111222"])
    assert extra(mira)["changed_at"] == "2023-11-14T22:13:20.000Z"
    assert ("phones" in empty, "person_id" in empty) == (False, False)
    one, two, gone = found["participants"]
    assert (one["chat_id"], one["person_id"], one["active"], "joined_at" in one) == ("skupina-7", MIRA, True, False)
    assert two["joined_at"] == datetime(2023, 11, 14, 22, 13, 29, tzinfo=UTC)
    assert (gone["chat_id"], gone["person_id"], gone["active"]) == ("Feed/_id=8", "Friend/_id=99", False)
    assert "problems" not in found


def test_user_names_in_a_table_of_their_own():
    found = testing.rows(android, testing.database(SQL + MORE_TABLES), name="main.db")
    people = {row["record"]: row for row in found["contacts"]}
    assert people["Friend/_id=1"]["username"] == "nenad_new"
    assert extra(people["Friend/_id=1"])["username_stored"] == "nenad.k"
    assert people["Friend/_id=4"]["username"] == "blok"
    assert [c for c in testing.check(android, testing.database(SQL + MORE_TABLES), name="main.db") if c.fault] == []


EXAMPLES = [
    ("snapchat.android.people", "main.db", testing.database(SQL + MORE_TABLES)),
    ("snapchat.android.people", "tcspahn.db", old_database()),
    ("snapchat.ios.people", "primary.docobjects", ios_database()),
    ("snapchat.android.account", "user_session_shared_pref.xml", PREFERENCES),
    ("snapchat.ios.account", "user.plist", TSAF),
]
