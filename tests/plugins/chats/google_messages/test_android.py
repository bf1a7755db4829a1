"""bugle_db of Google Messages for Android."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.google_messages.android import messages

from forensics import testing

SQL = (Path(__file__).parent / "bugle_db.sql").read_text("utf-8")
OWNER, DRAGAN = "+38267000001", "+38269000002"


def read(sql: str = SQL) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name="bugle_db")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read()


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["record"] == f"messages/_id={number}")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_received_sms(found):
    sms = message(found, 1)
    assert (sms["chat_id"], sms["chat_name"], sms["chat_kind"], sms["message_id"]) == (
        "10",
        "Драган Илић",
        "direct",
        "1",
    )
    assert (sms["direction"], sms["kind"], sms["raw_kind"], sms["text"]) == ("incoming", "text", "0", "Где си?")
    assert (sms["sender_id"], sms["sender_name"], sms["account_id"]) == (DRAGAN, "Драган Илић", OWNER)
    assert sms["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert sms["received_at"] == datetime(2023, 11, 14, 22, 13, 22, tzinfo=UTC)
    assert extra(sms) == {
        "protocol": "SMS",
        "read": 1,
        "seen": 1,
        "sender": "3",
        "self": "1",
        "sms_uri": "content://sms/7",
    }


def test_sent_rcs(found):
    sent = message(found, 2)
    assert (sent["direction"], sent["sender_id"], sent["raw_kind"], sent["status"]) == ("outgoing", OWNER, "3", "2")
    assert sent["text"] == "=cmd|'/c calc'!A1 <b>x</b>"
    assert sent["sent_at"] == datetime(2023, 11, 14, 22, 14, 20, 456000, tzinfo=UTC)
    assert (extra(sent)["protocol"], extra(sent)["rcs_message_id"]) == ("RCS", "MxRcs-1")


def test_a_message_of_several_parts_is_one_row(found):
    """Another tool gives one row for each part (ALEAPP joins parts): five messages where one was sent."""
    mms = message(found, 3)
    assert [m["record"] for m in found["messages"]].count("messages/_id=3") == 1
    assert (mms["text"], mms["kind"], mms["sender_name"]) == ("prva\ndruga", "video", "+355 69 000 0003")
    assert extra(mms)["subject"] == "Fotografije"
    assert "latitude" not in mms  # of a photo, not of a shared place
    photo, video = (a for a in found["attachments"] if a["message_id"] == "3")
    assert photo["stored_path"] == "/data/user/0/com.google.android.apps.messaging/cache/p_12.bin"
    assert (photo["mime"], photo["size"], photo["width"], photo["height"]) == ("image/jpeg", 20480, 640, 480)
    assert extra(photo) == {"uri": "content://mms/part/12"}
    assert (video["stored_path"], video.get("size"), video.get("width")) == ("content://mms/part/13", None, None)


def test_a_message_whose_sender_is_gone_stays(found):
    """Another tool loses these: it joins participants, and bugle_db sets sender_id to NULL when one is deleted."""
    orphan = message(found, 4)
    assert (orphan["text"], orphan["direction"], orphan.get("sender_id")) == ("pošiljalac nepoznat", "outgoing", None)


def test_a_message_without_parts_stays(found):
    """Another tool loses these: it starts from parts."""
    event = message(found, 6)
    assert (event["kind"], event["direction"], event["status"], event.get("text")) == ("system", "system", "200", None)
    assert (event["sender_id"], event["chat_name"]) == (DRAGAN, "Put")


def test_a_message_whose_conversation_is_gone_stays(found):
    lost = message(found, 8)
    assert (lost["chat_id"], lost.get("chat_name"), lost["text"]) == ("99", None, "bez razgovora")
    assert (lost["raw_kind"], lost["status"], lost["kind"]) == ("9", "777", "text")


def test_text_whose_message_is_gone_stays(found):
    [rest] = [m for m in found["messages"] if m["record"].startswith("parts/")]
    assert (rest["text"], rest["message_id"], rest["direction"]) == ("ostatak poruke", "98", "unknown")
    assert "sent_at" not in rest


def test_place(found):
    place = message(found, 5)
    assert (place["kind"], place["latitude"], place["longitude"], place["text"]) == (
        "location",
        42.4411,
        19.2636,
        "اینجا",
    )
    assert "sent_at" not in place  # not stored for what was received
    [point] = found["places"]
    assert (point["ref"], point["label"], point["at"]) == ("5", "اینجا", place["received_at"])


def test_draft_deleted_and_unset(found):
    draft, unset, deleted = message(found, 7), message(found, 9), message(found, 10)
    assert (draft["text"], extra(draft)["draft"]) == ("nedovršeno", 1)
    assert {"sent_at", "received_at", "text"} & unset.keys() == set()
    assert (unset["direction"], unset["status"]) == ("unknown", "0")
    assert (deleted["kind"], deleted["deleted"]) == ("deleted", True)


def test_members_contacts_accounts(found):
    assert [(p["chat_id"], p["person_id"], p.get("name")) for p in found["participants"]] == [
        ("10", DRAGAN, "Драган Илић"),
        ("11", DRAGAN, "Драган Илић"),
        ("11", "+355690000003", "+355 69 000 0003"),
        ("11", "layla@example.org", "ليلى"),
        ("11", "participants/_id=99", None),
    ]
    dragan, blocked, layla = found["contacts"]
    assert (dragan["phones"], dragan["name"], extra(dragan)["contact_id"]) == ([DRAGAN], "Драган Илић", "12")
    assert (blocked["blocked"], layla["emails"], layla.get("phones")) == (True, ["layla@example.org"], None)
    sim, older = found["accounts"]
    assert (sim["account_id"], sim["phone"], sim["name"], sim["is_owner"]) == (OWNER, OWNER, "Crnogorski Telekom", True)
    assert (older["account_id"], older.get("phone"), extra(older)["sub_id"]) == ("participants/_id=2", None, "3")
    assert "problems" not in found


def test_annotations_are_told():
    more = (
        SQL
        + "CREATE TABLE messages_annotations (_id, message_id); INSERT INTO messages_annotations VALUES (1, 1), (2, 3);"
    )
    more += "CREATE TABLE message_reactions (message_id, emoji); INSERT INTO message_reactions VALUES (1, '❤');"
    found = read(more + 'CREATE TABLE "reaction (""" (a); INSERT INTO "reaction (""" VALUES (1);')
    assert [(p["kind"], p["message"]) for p in found["problems"]] == [
        ("not_read", "table messages_annotations: 2 rows are not read"),
        ("not_read", "table message_reactions: 1 rows are not read"),
    ]


def test_the_first_schema():
    old = """
    CREATE TABLE participants (_id INTEGER PRIMARY KEY, sub_id INT, normalized_destination TEXT);
    CREATE TABLE conversations (_id INTEGER PRIMARY KEY);
    CREATE TABLE messages (_id INTEGER PRIMARY KEY, conversation_id INT, sender_id INT, sent_timestamp INT,
      received_timestamp INT, message_protocol INT, message_status INT);
    CREATE TABLE parts (_id INTEGER PRIMARY KEY, message_id INT, text TEXT, content_type TEXT);
    INSERT INTO messages VALUES (1, 1, 1, 1400000000000, 1400000001000, 0, 100);
    INSERT INTO parts VALUES (1, 1, 'zdravo', 'text/plain'), (2, 1, NULL, 'image/png');
    """
    found = read(old)
    assert "problems" not in found
    [one] = found["messages"]
    assert (one["text"], one["direction"], one["kind"], one["chat_id"]) == ("zdravo", "incoming", "image", "1")
    assert found["attachments"][0]["mime"] == "image/png"


def test_values_of_any_type():
    base = sqlite3.connect(":memory:")
    base.executescript(SQL)
    for table in ("messages", "parts", "participants", "conversations", "conversation_participants"):
        columns = [row[1] for row in base.execute(f"PRAGMA table_info({table})") if row[1] != "_id"]
        for value in (b"\xff\x00", "riječ", 1e300, -(2**63), float("inf")):
            base.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                [value] * len(columns),
            )
    count = base.execute("SELECT count(*) FROM messages").fetchone()[0]
    found = testing.rows(messages, bytes(base.serialize()), name="bugle_db")
    assert len([m for m in found["messages"] if m["record"].startswith("messages/")]) == count == 15
    assert not [p for p in found["problems"] if "stopped" in p["message"]]


def test_promises():
    assert [c for c in testing.check(messages, testing.database(SQL), name="bugle_db") if c.fault] == []
