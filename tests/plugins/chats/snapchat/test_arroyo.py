"""arroyo.db of Snapchat: messages, events, members, and what other tools lose."""

import hashlib
import json
import plistlib
import sqlite3
import struct
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from forensics_plugins.chats.snapchat.arroyo import arroyo
from forensics_plugins.chats.snapchat.content import read

from forensics import testing

from .wire import content, document, fields, person

HERE = Path(__file__).parent
SCHEMA = (HERE / "arroyo.sql").read_text("utf-8")
PEOPLE = testing.database((HERE / "main_db.sql").read_text("utf-8"))
NENAD, MIRA = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
STRANGER = "99999999-9999-4999-8999-999999999999"
CHAT, GROUP = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
T = 1_700_000_000_000
HOSTILE = '<script>alert(1)</script>\x1b[31m \u202egpj.exe =HYPERLINK("x")'
COLUMNS = (
    "client_conversation_id",
    "client_message_id",
    "server_message_id",
    "message_content",
    "content_type",
    "sender_id",
    "creation_timestamp",
    "read_timestamp",
    "created_on_device",
    "quoted_server_message_id",
    "local_message_references",
    "message_state_type",
    "is_saved",
)


def archived(ident: str) -> bytes:
    """A reference to a file as iOS stores it."""
    data = {
        "$archiver": "NSKeyedArchiver",
        "$version": 100000,
        "$top": {"root": plistlib.UID(1)},
        "$objects": [
            "$null",
            {"MEDIA_ID": plistlib.UID(2), "$class": plistlib.UID(3)},
            ident,
            {"$classname": "Reference"},
        ],
    }
    raw = plistlib.dumps(data, fmt=plistlib.FMT_BINARY)
    return len(raw).to_bytes(8, "little") + raw


MESSAGES = [
    (CHAT, 1, 101, content(MIRA, 1, ((2, ((1, "Где си?"),)),)), 1, MIRA, T + 123, T + 5000, 0, None, None, "COMMITTED", 1),
    (CHAT, 2, 102, content(NENAD, 1, ((2, ((1, "Stižem 🚗"),)),)), 1, NENAD, T + 9000, 0, 1, 101, None, "COMMITTED", 0),
    (CHAT, 3, None, content(MIRA, 0, ((11, ((5, "kMediaKey_0123456789"),)),)), 0, MIRA, T + 10000, -1, 0, None, None, None, 0),
    (CHAT, 4, 104, content(MIRA, 4, ((6, ((1, 1),)),)), 4, MIRA, 0, None, 0, None, None, "COMMITTED", 0),
    (GROUP, 1, 201, content(STRANGER, 6, ((8, ((2, ((1, 4), (2, 1), (4, 61000))),)),)), 6, STRANGER, T, 0, 0, None, None, "X", 0),
    (GROUP, 2, 202, content(MIRA, 6, ((8, ((4, ((1, person(MIRA)), (2, "Put"), (3, "پنجشنبه"))),)),)), 6, MIRA, T, 0, 0, 999,
     None, None, 0),
    (GROUP, 3, 203, content(MIRA, 3, ((5, ((18, ((1, struct.pack("<d", 42.43)),)),)),)), 3, MIRA, T, 0, 0, None, None, None, 0),
    (GROUP, 4, 204, b"\xff\xff no message", 77, None, T, 0, None, None, None, None, 0),
    (GROUP, 5, 205, content(MIRA, 1, ((2, ((1, HOSTILE),)),)), 1, MIRA, T, 0, 0, None, None, None, 0),
    (GROUP, 6, 206, content(MIRA, 1, ((7, ((3, ((9, "lens name"),)), (11, ((1, "odgovor"),)))),)), 1, MIRA, T, 0, 0, None,
     None, None, 0),
    (GROUP, 7, 207, content(MIRA, 2, ((3, ((1, 1),)),)), 2, MIRA, T, 0, 0, None, archived("ID-1") + archived("ID-2"), None, 0),
    ("gone", 1, None, None, None, None, None, None, None, None, None, None, None),
]  # fmt: skip


def pin(latitude: float, longitude: float, title: str) -> bytes:
    """A pin on the map. A double is a field of eight bytes with its own wire type."""
    told = b"\x09" + struct.pack("<d", latitude) + b"\x11" + struct.pack("<d", longitude) + fields((6, title))
    return content(MIRA, 3, ((5, fields((18, told))),))


def database(rows=MESSAGES, schema: str = SCHEMA) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema)
    holes = ",".join("?" * len(COLUMNS))
    connection.executemany(f"INSERT INTO conversation_message ({','.join(COLUMNS)}) VALUES ({holes})", rows)
    members = fields((3, ((1, person(NENAD)),)), (3, ((1, person(MIRA)),)))
    connection.execute("INSERT INTO conversation VALUES (?, ?, 'SENT', ?, NULL)", (CHAT, members, T))
    several = b"".join(UUID(who).bytes for who in (NENAD, MIRA, STRANGER))
    connection.execute("INSERT INTO feed_entry VALUES (?, 'Put za Trst', 1, ?, ?)", (GROUP, several, T))
    connection.execute("INSERT INTO feed_entry VALUES (?, NULL, 0, NULL, ?)", (CHAT, T))
    connection.execute("INSERT INTO user_conversation VALUES (?, ?, 0)", (MIRA, CHAT))
    content = connection.serialize()
    connection.close()
    return bytes(content)


def cache() -> bytes:
    return testing.database("""
    CREATE TABLE CACHE_FILE_CLAIM (CACHE_KEY TEXT, EXTERNAL_KEY TEXT, CREATION_TIMESTAMP_MILLIS INTEGER);
    CREATE TABLE CACHE_FILE_METADATA (CACHE_KEY TEXT, FILE_SIZE_BYTES INTEGER);
    INSERT INTO CACHE_FILE_CLAIM VALUES ('c0ffee', 'chat_snap.chat_snap-kMediaKey_0123456789', 1);
    INSERT INTO CACHE_FILE_CLAIM VALUES ('dead', 'lens.lens-kMediaKey_0123456789', 1);
    INSERT INTO CACHE_FILE_METADATA VALUES ('c0ffee', 4711);
    """)


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    beside = {"main.db": PEOPLE, "native_content_manager/cache_controller.db": cache()}
    return testing.rows(arroyo, database(), name="arroyo.db", beside=beside)


@pytest.fixture(scope="module")
def said(found) -> dict[str, dict]:
    return {row["record"].partition("/")[2]: row for row in found["messages"]}


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_every_row_is_a_message(found):
    assert len(found["messages"]) == len(MESSAGES)
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("not_understood", f"conversation_message/{GROUP},4")
    ]


def test_received_and_sent(said):
    one, two = said[f"{CHAT},1"], said[f"{CHAT},2"]
    assert (one["text"], one["kind"], one["raw_kind"], one["status"]) == ("Где си?", "text", "1", "COMMITTED")
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert one["read_at"] == datetime(2023, 11, 14, 22, 13, 25, tzinfo=UTC)
    assert (one["chat_id"], one["chat_kind"], one["message_id"]) == (CHAT, "direct", "1")
    assert (one["sender_id"], one["sender_name"], one["direction"]) == (MIRA, "Мира Чолић", "incoming")
    assert extra(one) == {"server_message_id": 101, "saved": 1, "made_on_this_device": 0, "chat_type": 0}
    assert (two["direction"], two["sender_name"], two["account_id"]) == ("outgoing", "Nenad", NENAD)
    assert two["reply_to"] == "1"  # the message that the server calls 101
    assert "read_at" not in two


def test_snap_and_voice_note(said):
    snap, voice = said[f"{CHAT},3"], said[f"{CHAT},4"]
    assert (snap["kind"], snap["raw_kind"], extra(snap)["meaning"], "read_at" in snap) == (
        "unknown",
        "0",
        "Snap",
        False,
    )
    assert (voice["kind"], "sent_at" in voice) == ("voice", False)  # 0 is not a time


def test_events(said):
    call, renamed = said[f"{GROUP},1"], said[f"{GROUP},2"]
    assert (call["kind"], call["chat_name"], call["chat_kind"]) == ("call", "Put za Trst", "group")
    assert {key: extra(call)[key] for key in ("event", "call", "video", "duration_ms")} == {
        "event": "call",
        "call": "missed",
        "video": True,
        "duration_ms": 61000,
    }
    assert (renamed["kind"], renamed["direction"]) == ("system", "system")
    assert (extra(renamed)["old_name"], extra(renamed)["new_name"], extra(renamed)["by"]) == ("Put", "پنجشنبه", MIRA)
    assert extra(renamed)["quoted_server_message_id"] == 999
    assert "reply_to" not in renamed


def test_a_person_who_is_no_friend_stays(said):
    """Other tools join senders with the friends: a stranger's message would be lost."""
    assert (said[f"{GROUP},1"]["sender_id"], "sender_name" in said[f"{GROUP},1"]) == (STRANGER, False)


def test_text_of_a_reply_is_read(said):
    """Other tools read one place only, and show nothing for a reply to a Snap."""
    assert (said[f"{GROUP},6"]["text"], said[f"{GROUP},6"]["kind"]) == ("odgovor", "text")


def test_text_whose_bytes_are_fields_stays_text():
    """A reader that guesses takes such a text for a message inside."""
    assert read(content(MIRA, 1, ((2, ((1, "\x08\x01"),)),))).text == "\x08\x01"


def test_hostile_text_and_unknown_content(said):
    assert said[f"{GROUP},5"]["text"] == HOSTILE
    odd, empty = said[f"{GROUP},4"], said["gone,1"]
    assert (odd["kind"], odd["raw_kind"], odd["direction"], "text" in odd) == ("unknown", "77", "unknown", False)
    assert (empty["kind"], empty["chat_id"], "sent_at" in empty) == ("unknown", "gone", False)


def test_pin_on_the_map():
    row = (GROUP, 1, None, pin(42.4304, 19.2594, "Granica"), 3, MIRA, T, 0, 0, None, None, None, 0)
    found = testing.rows(arroyo, database([row]), name="arroyo.db")
    [message], [place] = found["messages"], found["places"]
    assert (message["kind"], message["latitude"], message["longitude"]) == ("location", 42.4304, 19.2594)
    assert (place["label"], place["kind"], place["ref"], place["latitude"]) == ("Granica", "message", "1", 42.4304)
    odd = read(pin(424304.0, 19.0, "?"))
    assert (odd.kind, odd.place) == ("location", None)


def test_media_by_its_key_and_by_reference(found):
    cached, *named = found["attachments"]
    assert (cached["stored_path"], cached["size"], cached["message_id"], cached["chat_id"]) == (
        "c0ffee",
        4711,
        "3",
        CHAT,
    )
    assert extra(cached)["media_key"] == "kMediaKey_0123456789"
    assert [(extra(one)["media_id"], one["message_id"]) for one in named] == [("ID-1", "7"), ("ID-2", "7")]


def test_members(found):
    members = sorted((p["chat_id"], p["person_id"]) for p in found["participants"])
    assert members == [(CHAT, NENAD), (CHAT, MIRA), (GROUP, NENAD), (GROUP, MIRA), (GROUP, STRANGER)]
    assert {p["record"].partition("/")[0] for p in found["participants"]} == {"conversation", "feed_entry"}


def test_owner(found):
    [owner] = found["accounts"]
    assert (owner["account_id"], owner["is_owner"]) == (NENAD, True)


RECEIVED = [(CHAT, 1, None, content(MIRA, 1, ((2, ((1, "zdravo"),)),)), 1, MIRA, T, 0, 0, None, None, None, 0)]
SENT = [(CHAT, 2, None, content(NENAD, 1, ((2, ((1, "здраво"),)),)), 1, NENAD, T, 0, None, None, None, None, 0)]
SESSION = f'<map><string name="key_user_id">{NENAD}</string></map>'.encode()
IDENTITY = b'<map><string name="LAST_LOGGED_IN_USERNAME">nenad.k</string></map>'


@pytest.mark.parametrize(
    ("name", "prefs", "key"),
    [
        ("user_session_shared_pref.xml", SESSION, "key_user_id"),
        ("identity_persistent_store.xml", IDENTITY, "LAST_LOGGED_IN_USERNAME"),
    ],
)
def test_android_says_who_is_signed_in(name, prefs, key):
    """Other tools leave the direction open where no message says that it was made on this device."""
    beside = {"app/databases/main.db": PEOPLE, f"app/shared_prefs/{name}": prefs}
    found = testing.rows(arroyo, database(RECEIVED + SENT), name="app/databases/arroyo.db", beside=beside)
    assert [m["direction"] for m in found["messages"]] == ["incoming", "outgoing"]
    [owner] = found["accounts"]
    assert (owner["account_id"], owner["name"]) == (NENAD, "Nenad")
    assert owner["record"] == f"../shared_prefs/{name} map/@name={key}"
    assert "problems" not in found


def test_another_account_than_that_which_wrote_here():
    """A phone on which somebody else has signed in since: the database is not given to the new account."""
    prefs = {"app/shared_prefs/user_session_shared_pref.xml": SESSION.replace(NENAD.encode(), STRANGER.encode())}
    found = testing.rows(arroyo, database(), name="app/databases/arroyo.db", beside=prefs)
    assert "accounts" not in found
    assert {m["direction"] for m in found["messages"]} == {"outgoing", "system", "unknown"}
    [problem] = [p for p in found["problems"] if p["record"] == "conversation_message"]
    assert problem["detail"] == f"{NENAD}; account: {STRANGER}"


@pytest.mark.parametrize(
    "prefs", [b"", b"<map", b"<!DOCTYPE a><map/>", b'<map><string name="key_user_id">x</string></map>']
)
def test_preferences_that_say_nothing(prefs):
    beside = {
        f"app/shared_prefs/{name}.xml": prefs for name in ("user_session_shared_pref", "identity_persistent_store")
    }
    found = testing.rows(arroyo, database(RECEIVED + SENT), name="app/databases/arroyo.db", beside=beside)
    assert [m["direction"] for m in found["messages"]] == ["unknown", "unknown"]
    assert "problems" not in found


def docobjects() -> bytes:
    """People as iOS keeps them: one with a display name, one with a user name only, one whose document is another's."""
    connection = sqlite3.connect(":memory:")
    connection.executescript("""
    CREATE TABLE snapchatter (userId TEXT PRIMARY KEY, p BLOB);
    CREATE TABLE index_snapchatterusername (username TEXT);
    INSERT INTO index_snapchatterusername (rowid, username) VALUES (1, 'mira.c'), (2, 'nenad.k');
    """)
    rows = [(MIRA, document(MIRA, "mira.c", "Мира")), (NENAD, document(NENAD, "nenad.k", None)), (STRANGER, b"\xff")]
    connection.executemany("INSERT INTO snapchatter VALUES (?, ?)", rows)
    found = bytes(connection.serialize())
    connection.close()
    return found


def test_names_and_account_of_ios():
    """The folder is named after the account, so a second account's database is not taken for that of who is signed in."""
    folder = f"Documents/user_scoped/{hashlib.sha256(NENAD.encode()).hexdigest()}"
    docs = {f"{folder}/DocObjects/primary.docobjects": docobjects()}
    signed_in = {"Documents/user.plist": b"TSAF\x08user_id\x00\x08" + STRANGER.encode() + b"\x00"}
    found = testing.rows(arroyo, database(RECEIVED + SENT), name=f"{folder}/arroyo/arroyo.db", beside=docs | signed_in)
    assert [(m["direction"], m["sender_name"]) for m in found["messages"]] == [
        ("incoming", "Мира"),
        ("outgoing", "nenad.k"),
    ]
    assert {p["person_id"]: p.get("name") for p in found["participants"]} == {
        MIRA: "Мира",
        NENAD: "nenad.k",
        STRANGER: None,
    }
    [owner] = found["accounts"]
    assert (owner["account_id"], owner["record"]) == (NENAD, "name of the folder")
    assert "problems" not in found  # what primary.docobjects has of others is told where it is read itself


def test_account_of_ios_that_is_no_member():
    folder = f"Documents/user_scoped/{hashlib.sha256(STRANGER.encode()).hexdigest()}"
    plist = {"Documents/user.plist": b"TSAF\x08user_id\x00\x08" + STRANGER.encode() + b"\x00"}
    sql = f"{SCHEMA} INSERT INTO conversation_message (client_conversation_id, sender_id) VALUES ('c', '{MIRA}');"
    found = testing.rows(arroyo, testing.database(sql), name=f"{folder}/arroyo/arroyo.db", beside=plist)
    assert (found["messages"][0]["direction"], found["accounts"][0]["account_id"]) == ("incoming", STRANGER)


@pytest.mark.parametrize("odd", [b"", b"SQLite format 3\0 cut", b"no database"])
def test_damaged_people_of_ios(odd):
    beside = {"scope/DocObjects/primary.docobjects": odd}
    found = testing.rows(arroyo, database(), name="scope/arroyo/arroyo.db", beside=beside)
    assert len(found["messages"]) == len(MESSAGES)


def test_two_accounts_leave_the_direction_open():
    text = content(MIRA, 1, ((2, ((1, "a"),)),))
    rows = [
        (CHAT, 1, None, text, 1, MIRA, T, 0, 1, None, None, None, 0),
        (CHAT, 2, None, text, 1, NENAD, T, 0, 1, None, None, None, 0),
        (CHAT, 3, None, text, 1, STRANGER, T, 0, 0, None, None, None, 0),
    ]
    found = testing.rows(arroyo, database(rows), name="arroyo.db")
    assert [m["direction"] for m in found["messages"]] == ["outgoing", "outgoing", "unknown"]
    assert "accounts" not in found
    assert [p["kind"] for p in found["problems"]] == ["not_understood"]


def test_older_schema_without_sender_and_type():
    """Databases of iOS 12 and 13 have neither column: both are in the content as well."""
    sql = "CREATE TABLE conversation_message (client_conversation_id, client_message_id, message_content, creation_timestamp);"
    blob = content(MIRA, 1, ((2, ((1, "staro"),)),)).hex()
    sql += f"INSERT INTO conversation_message VALUES ('c', 5, X'{blob}', {T});"
    found = testing.rows(arroyo, testing.database(sql), name="arroyo.db")
    [message] = found["messages"]
    assert (message["text"], message["sender_id"], message["raw_kind"]) == ("staro", MIRA, "1")
    assert "problems" not in found


def test_message_that_the_log_has_removed(tmp_path):
    text = content(MIRA, 1, ((2, ((1, "obrisano"),)),)).hex()
    names = "client_conversation_id, client_message_id, message_content"
    row = f"INSERT INTO conversation_message ({names}) VALUES ('c', 1, X'{text}');"
    phone = testing.database_with_log(SCHEMA + row, "DELETE FROM conversation_message;", tmp_path, "arroyo.db")
    [message] = testing.rows(arroyo, phone)["messages"]
    assert (message["text"], message["state"]) == ("obrisano", "journal")


@pytest.mark.parametrize("beside", ["Friend (a)", "other (a)"])
def test_a_foreign_database_beside(beside):
    found = testing.rows(
        arroyo, database(), name="arroyo.db", beside={"main.db": testing.database(f"CREATE TABLE {beside};")}
    )
    assert len(found["messages"]) == len(MESSAGES)


def test_values_of_any_type():
    rows = [
        (b"\xff", "x", b"\x00", "text", "1", b"\xfe", "soon", 1e300, "yes", b"q", 7, b"\xff", "s"),
        (7, None, 2**62, 3.5, 2**62, 5, -5, "never", 1, 2**62, "a" * 20, 1.5, None),
    ]
    found = testing.rows(arroyo, database(rows), name="arroyo.db")
    assert len(found["messages"]) == 2


def test_promises():
    assert [c for c in testing.check(arroyo, database(), name="arroyo.db") if c.fault] == []


EXAMPLES = [("snapchat.arroyo", "arroyo.db", database())]
