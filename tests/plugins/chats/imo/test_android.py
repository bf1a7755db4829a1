"""imofriends.db and accountdb.db of imo for Android."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.imo.android import imo
from forensics_plugins.chats.imo.android_account import account, is_accountdb

from forensics import testing

SQL = (Path(__file__).parent / "imofriends.sql").read_text("utf-8")
OWNER = testing.database("CREATE TABLE account (uid TEXT, name TEXT); INSERT INTO account VALUES ('1000', 'Milan');")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(imo, testing.database(SQL), name="imofriends.db", beside={"accountdb.db": OWNER})


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["message_id"] == str(number))


def test_received_and_sent(found):
    received, sent = message(found, 1), message(found, 2)
    assert (received["chat_id"], received["chat_name"], received["account_id"]) == ("2001", "Beni vozač", "1000")
    assert (received["direction"], received["sender_id"], received["sender_name"]) == ("incoming", "2001", "Arben")
    assert received["sent_at"] == datetime(2020, 5, 1, 12, 20, 30, 123456, tzinfo=UTC)
    assert (received["text"], received["kind"], received["raw_kind"], received["status"]) == (
        "kada krećemo?",
        "text",
        "0",
        "3",
    )
    assert extra(received) == {
        "message_type": 1,
        "message_read": 1,
        "view_type": 0,
        "sender_at": "2020-05-01T12:20:29.000Z",
    }
    assert (sent["direction"], sent["sender_id"], sent["text"]) == ("outgoing", "1000", "сутра рано")
    assert sent["sender_name"] == "Milan"
    assert (sent["kind"], sent["raw_kind"]) == ("text", "im")


def test_who_is_no_friend_is_not_lost(found):
    stranger = message(found, 3)
    assert (stranger["chat_id"], stranger["sender_id"], "chat_name" in stranger) == ("9999", "9999", False)
    assert len(found["messages"]) == 10


def test_writer_in_a_group(found):
    assert (message(found, 4)["sender_id"], message(found, 4)["sender_name"]) == ("2002", "Hasan")


def test_files(found):
    picture, clip = found["attachments"]
    assert (message(found, 4)["kind"], message(found, 5)["kind"]) == ("image", "unknown")
    assert (picture["message_id"], picture["name"]) == ("4", "granica.jpg")
    assert picture["stored_path"] == "/storage/emulated/0/DCIM/granica.jpg"
    assert extra(picture) == {"local_path": "/data/imo/1.jpg"}
    assert (clip["message_id"], clip["stored_path"]) == ("5", "/data/imo/2.mp4")


def test_place(found):
    shared, [place] = message(found, 6), found["places"]
    assert (shared["kind"], shared["latitude"], shared["longitude"]) == ("location", 42.4304, 19.2594)
    assert (place["label"], place["ref"], place["at"]) == ("Stanica, Podgorica", "6", shared["sent_at"])


def test_call(found):
    [call] = found["calls"]
    assert message(found, 7)["kind"] == "call"
    assert (call["peer_id"], call["direction"], call["duration_s"], call["video"]) == ("2001", "incoming", 61, True)
    assert (call["outcome"], call["started_at"]) == ("answered", datetime(2020, 5, 1, 12, 30, tzinfo=UTC))


def test_unknown_stays_visible(found):
    strange = message(found, 8)
    assert (strange["direction"], strange["kind"], strange["raw_kind"]) == ("unknown", "unknown", "sticker_x")
    assert (extra(strange)["message_type"], extra(strange)["imdata"]) == (2, {"type": "sticker_x", "pack": 7})


def test_data_that_is_none(found):
    assert message(found, 9)["text"] == "tekst je ostao"
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("not_understood", "messages/_id=9"),
        ("not_understood", "messages/_id=10"),
    ]


def test_friends(found):
    arben, hasan = found["contacts"]
    assert (arben["person_id"], arben["name"], arben["phones"]) == ("2001", "Arben", ["+38344555666", "+355691234567"])
    assert (extra(arben)["note_name"], extra(arben)["starred"]) == ("Beni vozač", 1)
    assert (hasan["name"], "phones" in hasan) == ("Hasan", False)


def test_few_columns_and_no_account():
    sql = """
    CREATE TABLE friends (buid TEXT);
    CREATE TABLE messages (buid, imdata, last_message, timestamp, message_type);
    INSERT INTO messages VALUES ('7', NULL, 'zdravo', 1588335630123456789, 0);
    """
    found = testing.rows(imo, testing.database(sql))
    assert (found["messages"][0]["text"], found["messages"][0]["direction"]) == ("zdravo", "outgoing")
    assert "problems" not in found


def test_account():
    [owner] = testing.rows(account, OWNER, name="accountdb.db")["accounts"]
    assert (owner["account_id"], owner["name"], owner["is_owner"]) == ("1000", "Milan", True)


def test_account_is_claimed_by_name_and_structure():
    for name, content, claimed in (
        ("accountdb.db", OWNER, True),
        ("accounts.db", OWNER, False),
        ("accountdb.db", testing.database("CREATE TABLE other (a);"), False),
    ):
        with testing.placed(content, name=name) as file:
            assert is_accountdb(file) is claimed


@pytest.mark.parametrize(
    ("parser", "content", "name"),
    [(imo, testing.database(SQL), "imofriends.db"), (account, OWNER, "accountdb.db")],
    ids=["messages", "account"],
)
def test_promises(parser, content, name):
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []


EXAMPLES = [("imo.android.account", "accountdb.db", OWNER)]
