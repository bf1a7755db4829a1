"""Telegram for Android: every row of the tables of messages comes out, with what its object says as far as it can be read."""

import base64
import random
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.telegram.android_cache4 import cache, secret_chat

from forensics import testing

from .conftest import string, write

SCHEMA = Path(__file__).with_name("cache4.sql")
AT = 1_700_000_000
SECRET_DIALOG = (1 << 62) | 7


def when(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def make(rows: list[tuple], users: bool = True, *more: tuple) -> bytes:
    """A database of rows (mid, uid, out, send_state, date, data) and more statements."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA.read_text())
    connection.executemany(
        "INSERT INTO messages_v2(mid, uid, out, send_state, date, data, read_state, ttl) VALUES (?,?,?,?,?,?,3,0)",
        rows,
    )
    if users:
        owner = write("user#4b46c37e", id=100, first_name="Vlasnik", phone="38269100100", self=True)
        mira = write("user#4b46c37e", id=200, first_name="Mira", last_name="Šarić", username="mira")
        connection.executemany(
            "INSERT INTO users VALUES (?,?,?,?)",
            [
                (100, "vlasnik;;;", 0, owner),
                (200, "mira šarić;;;mira", AT + 50, mira),
                (201, "novi oblik;;;novi", 0, b"\xef\xbe\xad\xde"),
            ],
        )
        empty = write("chatPhotoEmpty#37c1011c")
        group = write("chat#41cbf256", id=300, title="Ekipa", photo=empty, participants_count=3, date=AT, version=1)
        connection.execute("INSERT INTO chats VALUES (300, 'ekipa', ?)", (group,))
    for statement, values in more:
        connection.execute(statement, values)
    return bytes(connection.serialize())


@pytest.fixture(scope="module")
def database():
    return make


def objects() -> dict[str, bytes]:
    """Objects by name."""

    def peer(user: int) -> bytes:
        return write("peerUser#59511722", user_id=user)

    def message(**given: object) -> bytes:
        return write("message#9815cec8", **({"id": 1, "peer_id": peer(200), "date": AT} | given))

    chat = write("peerChat#36c6019a", chat_id=300)
    geo = write("geoPoint#b2a2f663", long=19.26, lat=42.44, access_hash=1, accuracy_radius=15)
    document = write(
        "document#8fd4c4d8",
        id=555,
        access_hash=1,
        file_reference=b"",
        date=AT,
        mime_type="audio/ogg",
        size=4096,
        dc_id=2,
        attributes=[
            write("documentAttributeAudio#9852f9c6", duration=12, voice=True),
            write("documentAttributeFilename#15590068", file_name="poruka.ogg"),
        ],
    )
    photo = write(
        "photo#fb197a65",
        id=777,
        access_hash=1,
        file_reference=b"",
        date=AT,
        dc_id=2,
        sizes=[
            write("photoSize#75c78e60", type="m", w=320, h=240, size=9000),
            write("photoSizeProgressive#fa3efb95", type="y", w=1280, h=960, sizes=[1000, 90000]),
        ],
    )
    forward = write("messageFwdHeader#4e4df4bb", from_name="Neko", date=AT - 500)
    answer = write("messageReplyHeader#afbc09db", reply_to_msg_id=1)
    missed = write("phoneCallDiscardReasonMissed#85e42301")
    action = write("messageActionPhoneCall#80e11a7f", call_id=88, reason=missed, video=True)
    reaction = write("reactionEmoji#1b2286b8", emoticon="👍")
    given = write("messagePeerReaction#8c79b63c", peer_id=peer(200), date=AT + 9, reaction=reaction)
    count = write("reactionCount#a3d1cb80", reaction=reaction, count=2)
    reactions = write("messageReactions#4f2b9479", results=[count], recent_reactions=[given])
    return {
        "text": message(message="Stižemo sutra, граница", out=True, ttl_period=86400) + string(" "),
        "group": message(id=2, from_id=peer(200), peer_id=chat, message="u grupi", reply_to=answer, edit_date=AT + 60),
        "photo": message(id=3, message="slika", out=True, media=write("messageMediaPhoto#695150d7", photo=photo))
        + string("/storage/emulated/0/DCIM/IMG_1.jpg"),
        "voice": message(id=4, message="", media=write("messageMediaDocument#52d8ccd9", document=document)),
        "place": message(id=5, message="", media=write("messageMediaGeo#56e0d474", geo=geo), fwd_from=forward),
        "contact": message(
            id=6,
            message="",
            media=write(
                "messageMediaContact#70322949",
                phone_number="069333444",
                first_name="Ana",
                last_name="",
                vcard="",
                user_id=0,
            ),
        ),
        "call": write("messageService#7a800e0a", id=7, peer_id=peer(200), date=AT, action=action),
        "secret": write(
            "messageSecret#555555fa",
            id=-210001,
            ttl=30,
            from_id=200,
            peer_id=peer(100),
            date=AT,
            message="tajna",
            media=write("messageMediaEmpty#3ded6320"),
            entities=[],
        )
        + string(""),
        "reacted": message(id=9, message="dobro", reactions=reactions, views=4, forwards=0),
        "new_media": message(id=10, message="tekst ostaje", media=b"\xef\xbe\xad\xde" + bytes(8)),
        "new_message": b"\xce\xfa\xed\xfe" + bytes(30),
        "unsent": message(id=-210002, message="čeka", out=True, fwd_from=forward)
        + string("||ve|=|-1||groupId|=|5||/data/x.mp4")
        + b"\x09\0\0\0",
        "old": write(
            "message#c3060325",
            id=12,
            from_id=200,
            to_id=write("peerUser#9db1bc6d", user_id=100),
            date=AT,
            message="stara",
            media=write("messageMediaEmpty#3ded6320"),
            reply_to_msg_id=11,
        ),
        "behind": message(id=13, message="nešto iza") + string("/a") + b"1234",
    }


@pytest.fixture(scope="module")
def blobs() -> dict[str, bytes]:
    return objects()


def example(blobs: dict[str, bytes]) -> bytes:
    rows = [
        (1, 200, 1, 0, AT, blobs["text"]),
        (2, -300, 0, 0, AT + 1, blobs["group"]),
        (3, 200, 1, 2, AT + 2, blobs["photo"]),
        (4, 200, 0, 0, AT + 3, blobs["voice"]),
        (5, 200, 0, 0, AT + 4, blobs["place"]),
        (6, 200, 0, 0, AT + 5, blobs["contact"]),
        (7, 200, 0, 0, AT + 6, blobs["call"]),
        (8, SECRET_DIALOG, 0, 0, AT + 7, blobs["secret"]),
        (9, 200, 0, 0, AT + 8, blobs["reacted"]),
        (10, 200, 0, 0, AT + 9, blobs["new_media"]),
        (11, 200, 0, 0, AT + 10, blobs["new_message"]),
        (-210002, 200, 1, 1, AT + 11, blobs["unsent"]),
        (12, 200, 0, 0, AT + 12, blobs["old"]),
        (13, 200, 0, 0, AT + 13, blobs["text"][:25]),
        (14, -301, 0, 0, AT + 14, None),
    ]
    later = ("INSERT INTO scheduled_messages_v2 VALUES (15, 200, 0, ?, ?, 0, NULL, 0)", (AT + 90_000, blobs["text"]))
    return make(rows, True, later)


@pytest.fixture(scope="module")
def found(blobs) -> dict:
    return testing.rows(cache, example(blobs), name="cache4.db")


def by_record(found: dict, table: str = "messages") -> dict:
    return {row["record"]: row for row in found[table]}


def test_every_row_of_the_table_is_a_row(found: dict) -> None:
    assert len(found["messages"]) == 16
    seen = [(m["record"].rpartition("=")[2], m["direction"], m["kind"], m.get("text")) for m in found["messages"]]
    assert seen == [
        ("1", "outgoing", "text", "Stižemo sutra, граница"),
        ("2", "incoming", "text", "u grupi"),
        ("3", "outgoing", "image", "slika"),
        ("4", "incoming", "voice", None),
        ("5", "incoming", "location", None),
        ("6", "incoming", "contact", None),
        ("7", "system", "call", None),
        ("8", "incoming", "text", "tajna"),
        ("9", "incoming", "text", "dobro"),
        ("10", "incoming", "unknown", "tekst ostaje"),
        ("11", "incoming", "unknown", None),
        ("-210002", "outgoing", "text", "čeka"),
        ("12", "incoming", "text", "stara"),
        ("13", "incoming", "unknown", None),
        ("14", "incoming", "unknown", None),
        ("15", "outgoing", "text", "Stižemo sutra, граница"),
    ]


def test_text(found: dict) -> None:
    row = by_record(found)["messages_v2/uid=200,mid=1"]
    assert row["app"] == "Telegram"
    assert row["account_id"] == row["sender_id"] == "user100"
    assert row["sender_name"] == "Vlasnik"
    assert (row["chat_id"], row["chat_name"], row["chat_kind"]) == ("200", "Mira Šarić", "direct")
    assert (row["message_id"], row["status"]) == ("1", "sent")
    assert row["sent_at"] == when(AT)
    assert row["expires_at"] == when(AT + 86400)


def test_group(found: dict) -> None:
    row = by_record(found)["messages_v2/uid=-300,mid=2"]
    assert (row["chat_id"], row["chat_name"], row["chat_kind"]) == ("-300", "Ekipa", "group")
    assert (row["sender_id"], row["sender_name"]) == ("user200", "Mira Šarić")
    assert row["reply_to"] == "1"
    assert row["edited"] is True
    assert row["edited_at"] == when(AT + 60)


def test_attachments(found: dict) -> None:
    photo, voice = found["attachments"][:2]
    assert photo["stored_path"] == "/storage/emulated/0/DCIM/IMG_1.jpg"
    assert (photo["width"], photo["height"], photo["size"]) == (1280, 960, 90000)
    assert (voice["name"], voice["mime"], voice["size"], voice["duration_s"]) == ("poruka.ogg", "audio/ogg", 4096, 12)
    assert by_record(found)["messages_v2/uid=200,mid=3"]["status"] == "failed"


def test_place_and_forward(found: dict) -> None:
    row = by_record(found)["messages_v2/uid=200,mid=5"]
    assert (row["latitude"], row["longitude"]) == (42.44, 19.26)
    assert row["forwarded"] is True
    assert '"forwarded_from_name": "Neko"' in row["extra"]
    [place] = found["places"]
    assert (place["latitude"], place["longitude"], place["accuracy_m"], place["ref"]) == (42.44, 19.26, 15, "5")
    assert place["at"] == when(AT + 4)


def test_contact_card_is_in_extra(found: dict) -> None:
    assert '"phone_number": "069333444"' in by_record(found)["messages_v2/uid=200,mid=6"]["extra"]


def test_call(found: dict) -> None:
    [call] = found["calls"]
    assert (call["call_id"], call["outcome"], call["video"], call["direction"]) == ("88", "missed", True, "incoming")
    assert (call["peer_id"], call["peer_name"]) == ("user200", "Mira Šarić")
    assert call["started_at"] == when(AT + 6)


def test_secret_chat_is_marked(found: dict) -> None:
    row = by_record(found)[f"messages_v2/uid={SECRET_DIALOG},mid=8"]
    assert row["chat_id"] == "secret7"
    assert (row["chat_name"], row["sender_id"], row["message_id"]) == ("Mira Šarić", "user200", "-210001")
    assert '"mid": 8' in row["extra"]


@pytest.mark.parametrize(
    ("dialog", "number"),
    [(SECRET_DIALOG, 7), (7 << 32, 7), ((1 << 62) | 0xFFFFFFFE, -2), (200, None), (-300, None), (0, None)],
)
def test_ids_of_secret_chats_old_and_new(dialog: int, number: int | None) -> None:
    assert secret_chat(dialog) == number


def test_reactions(found: dict) -> None:
    [row] = found["reactions"]
    assert (row["person_id"], row["value"], row["message_id"]) == ("user200", "👍", "9")
    assert row["reacted_at"] == when(AT + 9)
    assert '"reactions": {"👍": 2}' in by_record(found)["messages_v2/uid=200,mid=9"]["extra"]


def test_what_is_unknown_is_named_and_counted(found: dict) -> None:
    rows = by_record(found)
    assert rows["messages_v2/uid=200,mid=10"]["raw_kind"] == "0xdeadbeef"
    assert rows["messages_v2/uid=200,mid=11"]["raw_kind"] == "0xfeedface"
    seen = [(p["kind"], p["message"], p["record"]) for p in found["problems"]]
    assert seen == [
        ("not_understood", "a User was read up to an unknown constructor 0xdeadbeef in User (once)", "users/uid=201"),
        (
            "not_understood",
            "a message was read up to an unknown constructor 0xdeadbeef in message.media (once)",
            "messages_v2/uid=200,mid=10",
        ),
        (
            "not_understood",
            "a message was read up to an unknown constructor 0xfeedface in Message (once)",
            "messages_v2/uid=200,mid=11",
        ),
        ("damaged", "a message is not as the schema describes it (once)", "messages_v2/uid=200,mid=13"),
        (
            "not_read",
            "a message without its object: only the columns of its row are known (once)",
            "messages_v2/uid=-301,mid=14",
        ),
    ]


def test_unsent_message_and_the_notes_behind_it(found: dict) -> None:
    row = by_record(found)["messages_v2/uid=200,mid=-210002"]
    assert row["status"] == "sending"
    assert '"attach_path": "/data/x.mp4"' in row["extra"]
    assert '"groupId": "5"' in row["extra"]


def test_constructor_of_2014(found: dict) -> None:
    row = by_record(found)["messages_v2/uid=200,mid=12"]
    assert (row["sender_id"], row["reply_to"]) == ("user200", "11")


def test_scheduled_message_was_not_sent(found: dict) -> None:
    row = by_record(found)["scheduled_messages_v2/uid=200,mid=15"]
    assert "sent_at" not in row
    assert row["status"] == "scheduled"
    assert '"scheduled_at": "2023-11-15T23:13:20Z"' in row["extra"]


def test_bytes_behind_a_message_are_a_problem(database, blobs) -> None:
    found = testing.rows(cache, database([(13, 200, 0, 0, AT, blobs["behind"])]), name="cache4.db")
    assert found["messages"][0]["text"] == "nešto iza"
    assert "4 bytes behind the message" in [p.get("detail") for p in found["problems"]]


def test_contacts(found: dict) -> None:
    seen = [(c.get("person_id"), c.get("name"), c.get("phones"), c.get("username")) for c in found["contacts"]]
    assert seen == [
        ("user100", "Vlasnik", ["38269100100"], None),
        ("user200", "Mira Šarić", None, "mira"),
        ("user201", "novi oblik", None, "novi"),
        ("user200", "Mira Posao", ["069000111", "069000222"], None),
        (None, "Bez Telegrama", None, None),
        (None, None, ["069000999"], None),
    ]
    assert '"deleted_phones": ["069000222"]' in found["contacts"][3]["extra"]
    assert '"contact": true' in found["contacts"][1]["extra"]


@pytest.mark.parametrize(
    ("folder", "prefs"),
    [("files", "userconfing.xml"), ("files/account1", "userconfig1.xml")],
    ids=["first", "second"],
)
def test_account_from_preferences(database, blobs, tl_write, folder: str, prefs: str) -> None:
    """Where the database marks nobody as oneself, what was sent has no sender unless the preferences are read."""
    user = base64.b64encode(tl_write("user#4b46c37e", id=100, first_name="Власник", phone="38269100100")).decode()
    other = base64.b64encode(tl_write("user#4b46c37e", id=555, first_name="Drugi")).decode()
    beside = {
        f"app/shared_prefs/{name}.xml": f'<map><string name="user">{user if name in prefs else other}</string></map>'.encode()
        for name in ("userconfing", "userconfig1")
    }
    rows = [(1, 200, 1, 0, AT, blobs["text"]), (4, 200, 0, 0, AT + 3, blobs["voice"])]
    found = testing.rows(cache, database(rows, False), name=f"app/{folder}/cache4.db", beside=beside)
    sent, received = found["messages"]
    assert (sent["account_id"], sent["sender_id"], sent["sender_name"]) == ("user100", "user100", "Власник")
    assert (received["account_id"], received["sender_id"]) == ("user100", "user200")
    [account] = found["accounts"]
    assert (account["phone"], account["is_owner"]) == ("38269100100", True)
    assert account["record"].endswith(f"shared_prefs/{prefs} map/@name=user")


@pytest.mark.parametrize(
    "odd", [b"", b"<map", b'<map><string name="user">?</string></map>', b'<map><string name="user">AAAA</string></map>']
)
def test_preferences_that_say_nothing(database, blobs, odd: bytes) -> None:
    rows = [(1, 200, 1, 0, AT, blobs["text"])]
    found = testing.rows(
        cache, database(rows, False), name="files/cache4.db", beside={"shared_prefs/userconfing.xml": odd}
    )
    assert (found["messages"][0]["direction"], "account_id" in found["messages"][0]) == ("outgoing", False)
    assert "accounts" not in found


def test_account_and_partners(found: dict) -> None:
    [account] = found["accounts"]
    assert (account["account_id"], account["phone"], account["is_owner"]) == ("user100", "38269100100", True)
    seen = [(p["chat_id"], p.get("person_id"), p.get("name")) for p in found["participants"]]
    assert seen == [("200", "user200", "Mira Šarić"), ("secret7", "user200", "Mira Šarić")]
    assert '"last_message_at": "2023-11-14T22:28:20Z"' in found["participants"][0]["extra"]


def test_older_table_of_messages_with_channel_in_the_id(blobs) -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA.read_text() + "ALTER TABLE messages_v2 RENAME TO messages;")
    connection.execute(
        "INSERT INTO messages(mid, uid, out, date, data) VALUES (?,?,?,?,?)",
        (500 << 32 | 1, -500, 0, AT, blobs["text"]),
    )
    found = testing.rows(cache, bytes(connection.serialize()), name="cache4.db")
    [row] = found["messages"]
    assert (row["message_id"], row["chat_id"], row["record"]) == ("1", "-500", f"messages/uid=-500,mid={500 << 32 | 1}")


def test_values_of_wrong_types(database) -> None:
    rows = [
        ("x", "y", "z", b"\xff", "w", "text"),
        (None, None, None, None, None, b""),
        (2.5, b"\0", 9, 9, -1, b"\1\2\3"),
    ]
    found = testing.rows(cache, database(rows), name="cache4.db")
    assert len(found["messages"]) == 3


def test_changed_objects_never_raise(database, blobs) -> None:
    dice = random.Random(20_240_229)
    changed = []
    for number in range(400):
        mutant = bytearray(dice.choice(list(blobs.values())))
        for _ in range(dice.randint(1, 4)):
            mutant[dice.randrange(len(mutant))] = dice.choice((0, 255, dice.randrange(256)))
        changed.append((number, 200, 0, 0, AT, bytes(mutant)))
    found = testing.rows(cache, database(changed), name="cache4.db")
    assert len(found["messages"]) == 400
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]


def test_promises(database, blobs) -> None:
    rows = [(n, 200, 0, 0, AT, blob) for n, blob in enumerate(blobs.values())]
    assert [c for c in testing.check(cache, database(rows), name="cache4.db") if c.fault] == []


# Tables of newer and older versions, as MessagesStorage of Telegram for Android makes them.
LISTS = """
CREATE TABLE messages_topics(mid INTEGER, uid INTEGER, topic_id INTEGER, read_state INTEGER, send_state INTEGER, date INTEGER,
  data BLOB, out INTEGER, ttl INTEGER, PRIMARY KEY(mid, topic_id, uid));
CREATE TABLE media_v4(mid INTEGER, uid INTEGER, date INTEGER, type INTEGER, data BLOB, PRIMARY KEY(mid, uid, type));
CREATE TABLE chat_pinned_v2(uid INTEGER, mid INTEGER, data BLOB, PRIMARY KEY (uid, mid));
CREATE TABLE unread_push_messages(uid INTEGER, mid INTEGER, random INTEGER, date INTEGER, data BLOB, fm TEXT, name TEXT,
  uname TEXT, flags INTEGER, PRIMARY KEY(uid, mid));
CREATE TABLE channel_users_v2(did INTEGER, uid INTEGER, date INTEGER, data BLOB, PRIMARY KEY(did, uid));
CREATE TABLE channel_admins_v3(did INTEGER, uid INTEGER, data BLOB, PRIMARY KEY(did, uid));
CREATE TABLE user_contacts_v6(uid INTEGER PRIMARY KEY, fname TEXT, sname TEXT);
CREATE TABLE user_phones_v6(uid INTEGER, phone TEXT, sphone TEXT, deleted INTEGER, PRIMARY KEY (uid, phone));
CREATE TABLE quick_replies_messages(mid INTEGER, topic_id INTEGER, date INTEGER, data BLOB, PRIMARY KEY(mid, topic_id));
INSERT INTO channel_users_v2 VALUES (-500, 200, 1700000100, x'00'), (-500, 999, 1700000099, x'00');
INSERT INTO channel_admins_v3 VALUES (-500, 200, x'00'), (-500, 100, x'00');
INSERT INTO user_contacts_v6 VALUES (200, 'Мира', 'Посао');
INSERT INTO user_phones_v6 VALUES (200, '069000111', '069000111', 0), (201, '069000333', '069000333', 1);
INSERT INTO quick_replies_messages VALUES (1, 1, 1700000000, x'00');
"""


def with_lists(blobs) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA.read_text() + LISTS)
    text, place, photo = blobs["text"], blobs["place"], blobs["photo"]
    connection.execute("INSERT INTO messages_v2(mid, uid, out, date, data) VALUES (1, -500, 0, ?, ?)", (AT, text))
    for number, topic in ((1, 4), (2, 4)):
        row = (number, -500, topic, AT + number, text)
        connection.execute("INSERT INTO messages_topics(mid, uid, topic_id, date, data) VALUES (?,?,?,?,?)", row)
    for number, kind in ((1, 0), (2, 0), (3, 0), (3, 5)):
        connection.execute("INSERT INTO media_v4 VALUES (?, -500, ?, ?, ?)", (number, AT + number, kind, photo))
    connection.execute("INSERT INTO chat_pinned_v2 VALUES (-500, 5, ?)", (place,))
    push = (200, 77, 0, AT + 77, text, "Марко: стижемо", "Марко", None, 0)
    connection.execute("INSERT INTO unread_push_messages VALUES (?,?,?,?,?,?,?,?,?)", push)
    return bytes(connection.serialize())


@pytest.mark.parametrize("deleted", [False, True])
def test_messages_that_only_a_list_holds(blobs, deleted: bool) -> None:
    """Other tools read messages_v2 alone: what the app loaded for a topic, shared media or a notification is lost there."""
    found = testing.rows(cache, with_lists(blobs), name="cache4.db", deleted=deleted)
    assert [row["record"] for row in found["messages"]] == [
        "messages_v2/uid=-500,mid=1",
        "messages_topics/uid=-500,mid=2",
        "media_v4/uid=-500,mid=3",
        "chat_pinned_v2/uid=-500,mid=5",
        "unread_push_messages/uid=200,mid=77",
    ]
    _, topic, media, pinned, push = found["messages"]
    assert '"kept_in": "messages_topics"' in topic["extra"]
    assert '"topic": 4' in topic["extra"]
    assert media["kind"] == "image"
    assert (media["sent_at"], pinned["sent_at"]) == (when(AT + 3), when(AT))  # a pinned one has no time of its own
    assert '"notification": "Марко: стижемо"' in push["extra"]
    assert [a["record"] for a in found["attachments"]] == ["media_v4/uid=-500,mid=3"]
    assert [p["message"] for p in found["problems"]] == ["table quick_replies_messages: 1 rows are not read"]


def test_members_of_channels(blobs) -> None:
    found = testing.rows(cache, with_lists(blobs), name="cache4.db")
    seen = [(p["person_id"], p.get("role"), p["record"]) for p in found["participants"] if p["chat_id"] == "-500"]
    assert seen == [
        ("user200", "admin", "channel_users_v2/did=-500,uid=200"),
        ("user999", None, "channel_users_v2/did=-500,uid=999"),
        ("user100", "admin", "channel_admins_v3/did=-500,uid=100"),
    ]
    assert "joined_at" not in found["participants"][0]  # the date is when the app stored the list


def test_address_book_before_2018(blobs) -> None:
    found = testing.rows(cache, with_lists(blobs), name="cache4.db")
    rows = {c["record"]: c for c in found["contacts"]}
    book = rows["user_contacts_v6/uid=200"]
    assert (book["person_id"], book["name"], book["phones"]) == ("user200", "Мира Посао", ["069000111"])
    lone = rows["user_phones_v6/uid=201,phone=069000333"]
    assert (lone["person_id"], lone["phones"]) == ("user201", ["069000333"])
    assert '"deleted_phones": ["069000333"]' in lone["extra"]


EXAMPLES = [("telegram.android", "cache4.db", example(objects()))]
