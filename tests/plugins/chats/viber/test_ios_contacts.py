"""Contacts.data: chats, calls and contacts, with members, files and chats that are gone."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.viber.ios_contacts import chats

from forensics import testing

HERE = Path(__file__).parent
CHAT = "ZCONVERSATION/Z_PK="  # what precedes the number of a chat
SQL = (HERE / "contacts.sql").read_text("utf-8")
SETTINGS = (HERE / "settings.sql").read_text("utf-8")
OWNER, MILAN, ARBEN, HIDDEN = "+38267999888", "+381641112222", "+38344555666", "ZMEMBER/Z_PK=3"


def read(sql: str = SQL, **beside: bytes) -> dict[str, list[dict]]:
    others = {name.replace("_", "."): content for name, content in beside.items()}
    return testing.rows(chats, testing.database(sql), name="Contacts.data", beside=others)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read()


@pytest.fixture(scope="module")
def said(found) -> dict[str, dict]:
    return {m["message_id"]: m for m in found["messages"]}


def test_every_row(found, said):
    assert sorted(int(m["message_id"]) for m in found["messages"]) == list(range(1, 13))
    assert "problems" not in found


def test_a_message_received(said):
    message = said["1"]
    assert message["sent_at"] == datetime(2023, 3, 8, 20, 26, 40, 250000, tzinfo=UTC)
    assert (message["text"], message["sender_id"], message["sender_name"]) == ("Чекам 🙂", MILAN, "Milan Vozač")
    assert (message["chat_id"], message["chat_name"], message["chat_kind"]) == (f"{CHAT}1", "Milan Vozač", "direct")
    assert (message["direction"], message["status"], message["kind"]) == ("incoming", "received", "text")
    assert extra(message) == {"state_date": "2023-03-08T20:26:41.000Z", "likes": 2}


def test_a_message_sent(said):
    message = said["2"]
    assert (message["direction"], message["status"], message.get("sender_id")) == ("outgoing", "delivered", None)
    assert (extra(message)["quoted_text"], extra(message)["quoted_sender"]) == ("Чекам 🙂", "Milan")


def test_owner_from_settings_in_the_same_folder():
    told = {m["message_id"]: m for m in read(Settings_data=testing.database(SETTINGS))["messages"]}
    assert (told["2"]["sender_id"], told["2"]["sender_name"]) == (OWNER, "Власник")
    assert (told["1"]["account_id"], told["1"]["sender_id"]) == (OWNER, MILAN)


def test_group(said):
    assert (said["3"]["chat_kind"], said["3"]["chat_name"], said["3"]["sender_name"]) == (
        "group",
        "Put za Trst 🚐",
        "Арбен",
    )
    assert (said["8"]["kind"], said["8"]["raw_kind"], said["8"]["text"]) == ("system", "joined", "Milan joined")


def test_files(found, said):
    files = {a["record"]: a for a in found["attachments"]}
    image = files["ZATTACHMENT/Z_PK=1 ZVIBERMESSAGE/Z_PK=3"]
    assert (said["3"]["kind"], said["3"]["raw_kind"]) == ("image", "picture")
    assert (image["name"], image["stored_path"], image["size"]) == ("pasos.jpg", "a1.jpg", 42073)
    assert (image["width"], image["height"], image["message_id"]) == (800, 600, "3")
    assert said["10"]["kind"] == "voice"
    assert extra(files["ZATTACHMENT/Z_PK=2 ZVIBERMESSAGE/Z_PK=10"]) == {"stored_duration": 7, "type": "ptt"}
    lone = files["ZATTACHMENT/Z_PK=3"]
    assert (lone["name"], extra(lone)) == ("lone.mp4", {"type": "video", "message": "none refers to it"})
    assert extra(files["ZVIBERMESSAGE/Z_PK=12"])["note"] == "its row in ZATTACHMENT is missing"
    assert extra(said["12"])["lost_location"] == 98


def test_places(found, said):
    assert [(p["record"], p["latitude"], p["longitude"], p.get("ref")) for p in found["places"]] == [
        ("ZVIBERLOCATION/Z_PK=1 ZVIBERMESSAGE/Z_PK=4", 43.1367, 20.5122, "4"),
        ("ZVIBERMESSAGE/Z_PK=9 ZMETADATA", 45.65, 13.77, "9"),
        ("ZVIBERLOCATION/Z_PK=2", 42.8914, 20.866, None),
    ]
    assert (said["4"]["kind"], said["4"]["latitude"]) == ("location", 43.1367)
    assert (said["9"]["text"], said["9"]["longitude"]) == ("Ovde", 13.77)
    assert "at" not in found["places"][2]


def test_deleted_and_disappearing_in_a_chat_of_a_hidden_number(said):
    message = said["5"]
    assert (message["deleted"], message["sender_id"], message["sender_name"]) == (True, HIDDEN, "Hidden One")
    assert extra(message) == {
        "timebomb": 60,
        "timebomb_timestamp": 1678307400,
        "chat_being_deleted": 1,
        "being_deleted": 1,
    }


def test_notes_to_oneself_and_chat_that_is_gone(said):
    assert (said["6"]["chat_id"], said["6"]["direction"], said["6"].get("chat_kind")) == (f"{CHAT}4", "outgoing", None)
    assert (said["10"]["chat_id"], said["10"]["sender_id"]) == (f"{CHAT}77", "ZMEMBER/Z_PK=88")


def test_link_and_forward(said):
    assert (said["11"]["kind"], said["11"]["text"], said["11"]["forwarded"]) == ("link", "Posao", True)
    assert extra(said["11"])["link"] == "https://example.org"


def test_calls(found, said):
    video, missed, other = found["calls"]
    assert (video["direction"], video["outcome"], video["video"]) == ("outgoing", "answered", True)
    assert (video["peer_id"], video["chat_id"], video["duration_s"]) == (MILAN, f"{CHAT}1", 65)
    assert (said["7"]["kind"], said["7"]["direction"], said["7"]["status"]) == ("call", "unknown", "weird")
    assert missed["started_at"] == datetime(2023, 3, 8, 20, 38, 20, tzinfo=UTC)
    assert (missed["direction"], missed["outcome"], missed["video"]) == ("incoming", "missed", False)
    assert (missed["peer_id"], missed["peer_name"], extra(missed)["bubble_in_chat"]) == (ARBEN, "Арбен", "none")
    assert (other["direction"], other.get("peer_id"), extra(other)["bubble_in_chat"]) == ("unknown", None, "lost")


def test_members(found):
    members = {(p["chat_id"], p["person_id"]): p["record"] for p in found["participants"]}
    assert sorted(members) == sorted(
        [
            (f"{CHAT}1", MILAN),
            (f"{CHAT}2", MILAN),
            (f"{CHAT}2", ARBEN),
            (f"{CHAT}2", "ZMEMBER/Z_PK=4"),
            (f"{CHAT}3", HIDDEN),
            (f"{CHAT}77", "ZMEMBER/Z_PK=88"),
        ]
    )
    assert members[f"{CHAT}2", "ZMEMBER/Z_PK=4"] == "Z_4MEMBERS/Z_4CONVERSATIONS=2 Z_9MEMBERS=4"
    assert len(found["participants"]) == 6


def test_contacts(found):
    contacts = {c["record"]: c for c in found["contacts"]}
    assert contacts["ZMEMBER/Z_PK=1"]["phones"] == [MILAN, "+381649990000"]
    assert contacts["ZPHONENUMBER/Z_PK=4"]["phones"] == ["+33123456789"]
    book = contacts["ZABCONTACT/Z_PK=1"]
    assert (book["name"], book["phones"], book["person_id"]) == ("Milan Vozač", [MILAN], MILAN)
    assert extra(book) == {
        "prefix_name": "Milan",
        "suffix_name": "Vozač",
        "contact_id": 7,
        "as_entered": ["064 111 2222"],
    }
    assert (contacts["ZABCONTACT/Z_PK=2"]["name"], contacts["ZABCONTACT/Z_PK=2"].get("phones")) == ("Ana", None)
    assert contacts["ZABCONTACTNUMBER/Z_PK=2"]["person_id"] == "+38269000111"
    assert len(contacts) == 4 + 1 + 2 + 1


def test_few_tables():
    few = """
    CREATE TABLE ZMEMBER (Z_PK INTEGER PRIMARY KEY);
    CREATE TABLE ZPHONENUMBER (Z_PK INTEGER PRIMARY KEY, ZMEMBER INTEGER);
    CREATE TABLE ZCONVERSATION (Z_PK INTEGER PRIMARY KEY);
    CREATE TABLE ZVIBERMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCONVERSATION INTEGER, ZDATE, ZSTATE, ZTEXT);
    INSERT INTO ZVIBERMESSAGE VALUES (1, 1, 700000000, 'received', 'samo ovo');
    """
    found = read(few)
    assert sorted(found) == ["messages"]
    assert (found["messages"][0]["text"], found["messages"][0]["chat_id"]) == ("samo ovo", f"{CHAT}1")


def parsed(rows: list[dict]) -> list[dict]:
    """Rows by their place, with `extra` as what it says: its spelling differs between both ways out of the database."""
    rows = [{**row, "extra": extra(row), "file": None} for row in rows]
    return sorted(rows, key=lambda row: row["record"])


def test_both_ways_out_of_the_database_give_the_same():
    """Messages of nothing but text are read column by column, others row by row; blank JSON says nothing, and goes that way."""
    more = """
    INSERT INTO ZVIBERMESSAGE (Z_PK, ZCONVERSATION, ZPHONENUMINDEX, ZDATE, ZSTATE, ZTEXT, ZSYSTEMTYPE, ZTIMEBOMBDURATION) VALUES
      (101, 1, 77, 0, 'received', '=1+1' || char(27) || '[31m' || char(8238), NULL, 9), (102, 99, NULL, -1, 'seen', '', '', NULL),
      (103, NULL, NULL, NULL, NULL, NULL, 'left', NULL), (104, 3, NULL, 700000900, 'received', 'тамо', '0', NULL);
    """
    settings = testing.database(SETTINGS)
    first = read(SQL + more, Settings_data=settings)
    blank = "UPDATE ZVIBERMESSAGE SET ZMETADATA = ' ' WHERE COALESCE(ZMETADATA, '') = '';"
    second = read(SQL + more + blank, Settings_data=settings)
    assert parsed(first["messages"]) == parsed(second["messages"])
    assert len(first["messages"]) == 16


def test_poisoned():
    poison = """
    UPDATE ZVIBERMESSAGE SET ZMETADATA =
      '{"pa_message_data":{"rich_media":{"Buttons":{"Map":1}}},"quote":7,"poll":{"options":{}}}' WHERE Z_PK = 1;
    UPDATE ZVIBERMESSAGE SET ZMETADATA = X'FFFE', ZDATE = 1e300, ZSTATE = 5 WHERE Z_PK = 2;
    UPDATE ZVIBERLOCATION SET ZLATITUDE = 'nan', ZLONGITUDE = 9e999;
    UPDATE ZPHONENUMBER SET ZCANONIZEDPHONENUM = X'C328' WHERE Z_PK = 1;
    UPDATE ZRECENT SET ZDURATION = 'x', ZCALLTYPE = X'00', ZDATE = -1e300;
    UPDATE ZATTACHMENT SET ZFILESIZE = 1.5, ZNAME = '../../etc/passwd', ZTYPE = 9;
    """
    found = read(SQL + poison)
    assert (len(found["messages"]), len(found["calls"]), len(found["attachments"])) == (12, 3, 4)
    assert not any(" stopped: " in p["message"] for p in found["problems"])


def test_promises():
    assert [c for c in testing.check(chats, testing.database(SQL), name="Contacts.data") if c.fault] == []


# Columns of newer versions, as public importers name them.
NEWER = """
CREATE TABLE ZMEMBER (Z_PK INTEGER PRIMARY KEY, ZMEMBERID TEXT, ZDISPLAYFULLNAME VARCHAR);
CREATE TABLE ZPHONENUMBER (Z_PK INTEGER PRIMARY KEY, ZMEMBER INTEGER, ZCANONIZEDPHONENUM TEXT, ZPHONE TEXT);
CREATE TABLE ZCONVERSATION (Z_PK INTEGER PRIMARY KEY, ZGROUPID INTEGER, ZNAME TEXT, ZINTERLOCUTOR INTEGER);
CREATE TABLE ZVIBERMESSAGE (Z_PK INTEGER PRIMARY KEY, ZSTATE TEXT, ZSYSTEMTYPE TEXT, ZATTACHMENT INTEGER,
  ZCONVERSATION INTEGER, ZDATE REAL, ZTOKEN INTEGER, ZPHONENUMINDEX INTEGER, ZTEXT TEXT, ZMETADATA TEXT,
  ZCLIENTMETADATA TEXT, ZCALLTYPE INTEGER, ZLIKESCOUNT INTEGER, ZLOCATION INTEGER, ZFORWARDTYPE INTEGER);
INSERT INTO ZMEMBER VALUES (1, 'mid-anna', 'Ана'), (2, 'mid-nick', 'Ник');
INSERT INTO ZPHONENUMBER VALUES (1, 1, '+38167000111', NULL);
INSERT INTO ZCONVERSATION VALUES (10, NULL, NULL, 1), (20, 4242, 'Екипа', NULL);
INSERT INTO ZVIBERMESSAGE (Z_PK, ZSTATE, ZSYSTEMTYPE, ZCONVERSATION, ZDATE, ZTOKEN, ZPHONENUMINDEX, ZTEXT, ZCLIENTMETADATA,
  ZCALLTYPE, ZFORWARDTYPE) VALUES (1, 'received', '', 20, 700000000, 2001, 2, 'здраво', '', 0, 0),
  (2, 'received', '', 10, 700000060, 1001, 1, 'даље', '{"a":1}', 0, 2), (3, 'received', '', 10, 700000120, 1002, 1, '', '', 3, 0);
"""


def test_newer_columns():
    """A member without a number is known by the id that Viber gives; a group of which one person wrote is a group."""
    found = read(NEWER)
    rows = {m["message_id"]: m for m in found["messages"]}
    assert (rows["1"]["sender_id"], rows["1"]["sender_name"], rows["1"]["chat_kind"]) == ("mid-nick", "Ник", "group")
    assert extra(rows["1"]) == {"token": 2001}
    assert extra(rows["2"]) == {"token": 1001, "forward_type": 2, "client_metadata": '{"a":1}'}
    assert (rows["3"]["kind"], extra(rows["3"])["message_call_type"]) == ("call", 3)
    people = {c["person_id"]: c for c in found["contacts"]}
    assert extra(people["+38167000111"]) == {"member_id": "mid-anna"}
    assert "problems" not in found
