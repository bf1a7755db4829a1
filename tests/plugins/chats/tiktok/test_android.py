"""TikTok for Android: messages of an account, and people."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.tiktok.android_messages import messages
from forensics_plugins.chats.tiktok.android_people import people

from forensics import testing

HERE = Path(__file__).parent
SQL = (HERE / "im.sql").read_text("utf-8")
PEOPLE = testing.database((HERE / "people.sql").read_text("utf-8"))
OLDER = testing.database(
    "CREATE TABLE SIMPLE_USER (UID, NICK_NAME, UNIQUE_ID); INSERT INTO SIMPLE_USER VALUES (7002, 'M', 'm');"
)
NAME = "7001_im.db"


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(SQL), name=NAME, beside={"db_im_contact": PEOPLE})


@pytest.fixture(scope="module")
def said(found) -> dict[str, dict]:
    return {row["message_id"]: row for row in found["messages"]}


def test_received_and_sent(said):
    one, two = said["u1"], said["u2"]
    assert (one["text"], one["kind"], one["raw_kind"], one["status"]) == ("Где си? 🚗", "text", "7", "2")
    assert one["sent_at"] == datetime(2024, 3, 1, 10, 0, 0, 123000, tzinfo=UTC)
    assert (one["sender_id"], one["sender_name"], one["direction"], one["account_id"]) == (
        "7002",
        "Мира",
        "incoming",
        "7001",
    )
    assert (one["chat_id"], one["chat_kind"], one["deleted"]) == ("0:1:7001:7002", "direct", False)
    assert extra(one) == {"server_id": 901, "chat_type": 1, "read_status": "read"}
    assert (two["direction"], two["sender_id"], extra(two)["read_status"]) == ("outgoing", "7001", "unread")


def test_every_row_is_a_message(found, said):
    assert len(said) == 9
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_understood", "msg/u7")]


def test_deleted_messages_are_marked(said):
    assert (said["u3"]["deleted"], said["u3"]["text"]) == (True, "obrisano")
    assert (extra(said["u7"])["deleted_code"], "deleted" in said["u7"]) == (7, False)


def test_sticker_video_and_notice(found, said):
    sticker, video, notice = said["u4"], said["u5"], said["u6"]
    assert (sticker["kind"], sticker["chat_name"], sticker["chat_kind"]) == ("sticker", "Put za Trst", "group")
    assert (video["kind"], extra(video)["aweme_id"], "sent_at" in video) == ("link", "7243968354254425387", False)
    assert (notice["kind"], notice["direction"], notice["text"]) == ("system", "system", "گروه ساخته شد")
    picture = next(row for row in found["attachments"] if row["message_id"] == "u4")
    assert (picture["name"], picture["url"]) == ("mačka", "https://example.org/m.gif")


def test_what_is_not_known_stays(said):
    odd, gone = said["u7"], said["u8"]
    assert (odd["kind"], odd["raw_kind"], odd["direction"], extra(odd)["content"]) == (
        "unknown",
        "1805",
        "unknown",
        "no json",
    )
    assert "sender_id" not in odd  # 0 and -1 are no sender and no time
    assert "sent_at" not in odd
    assert (gone["sender_id"], gone["chat_id"], gone["kind"]) == ("7099", "gone", "unknown")
    assert said["u9"]["text"] == "<img src=x onerror=1> =1+1 \x1b[31m"


def test_sender_who_is_in_no_list_stays(said):
    """Other tools join messages with the people: a stranger's message would be lost."""
    assert (said["u8"]["sender_id"], "sender_name" in said["u8"]) == ("7099", False)


def test_files(found):
    video, gone = (row for row in found["attachments"] if row["record"].startswith("attchment"))
    assert (video["stored_path"], video["size"], video["mime"], video["chat_id"]) == (
        "/data/im/1.mp4",
        4711,
        "video/mp4",
        "g1",
    )
    assert extra(video) == {"type": "video", "hash": "abcd"}
    assert (gone["message_id"], "chat_id" in gone) == ("gone", False)


def test_members_and_owner(found):
    members = [(p["chat_id"], p["person_id"], p.get("name"), p["role"]) for p in found["participants"]]
    assert ("g1", "7002", "Mirica", "0") in members
    assert ("g1", "7003", "arben", "9") in members
    assert len(members) == 5
    [owner] = found["accounts"]
    assert (owner["account_id"], owner["app"], owner["is_owner"]) == ("7001", "TikTok", True)


def test_a_file_of_another_name_and_older_people():
    found = testing.rows(messages, testing.database(SQL), name="other.db", beside={"db_im_xx": OLDER})
    assert {m["direction"] for m in found["messages"]} == {"unknown", "system"}
    assert "accounts" not in found
    assert found["messages"][0]["sender_name"] == "M"


def test_few_columns():
    sql = """CREATE TABLE msg (created_time, sender, conversation_id, content, type, deleted, read_status);
    INSERT INTO msg VALUES (1709287200123, 7002, 'c', '{"text":"a"}', 7, 0, 1);"""
    found = testing.rows(messages, testing.database(sql), name=NAME)
    assert (found["messages"][0]["text"], found["messages"][0]["record"]) == ("a", "msg/rowid=1")
    assert "problems" not in found


def test_values_of_any_type():
    sql = """CREATE TABLE msg (created_time, sender, conversation_id, content, type, deleted, read_status, msg_uuid);
    INSERT INTO msg VALUES ('x', X'FF', X'FE', 5, X'FF', 'no', X'00', 1.5);
    INSERT INTO msg VALUES (9223372036854775807, 1.5, NULL, X'FF00', -5, 1e300, 'q', NULL);
    INSERT INTO msg VALUES (1, 2, 3, '{"text":{"a":1},"url":{"url_list":5},"tips":[1]}', 4, 5, 6, 7);"""
    found = testing.rows(messages, testing.database(sql), name=NAME)
    assert len(found["messages"]) == 3


def test_other_apps_of_the_maker():
    name = "data/data/com.ss.android.ugc.aweme/databases/7001_im.db"
    found = testing.rows(messages, testing.database(SQL), name=name)
    assert {m["app"] for m in found["messages"]} == {"Douyin"}


def test_people():
    found = testing.rows(people, PEOPLE, name="db_im_contact")
    mira, arben = found["contacts"]
    assert (mira["person_id"], mira["name"], mira["username"], mira["blocked"]) == ("7002", "Мира", "mira.c", False)
    assert extra(mira) == {
        "follow_status": 2,
        "deleted": 0,
        "updated_at": "2023-11-14T22:13:20.123Z",
        "picture": "https://example.org/a.jpg",
    }
    assert ("name" in arben, arben["blocked"]) == (False, True)
    [old] = testing.rows(people, OLDER, name="db_im_xx")["contacts"]
    assert (old["person_id"], old["record"]) == ("7002", "SIMPLE_USER/UID=7002")


@pytest.mark.parametrize(
    ("parser", "content", "name"),
    [
        (messages, testing.database(SQL), NAME),
        (people, PEOPLE, "db_im_contact"),
        (people, OLDER, "db_im_xx"),
    ],
    ids=["messages", "people", "older people"],
)
def test_promises(parser, content, name):
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []


# Columns as published schemas of this message library and its own lists of columns have them.
MORE = """
CREATE TABLE msg_property_new (msg_uuid TEXT, conversation_id TEXT NOT NULL, key TEXT, idempotent_id TEXT, sender INTEGER,
  sender_sec TEXT, create_time INTEGER, value TEXT, deleted INTEGER, version INTEGER, status INTEGER);
INSERT INTO msg_property_new VALUES ('u1', '0:1:7001:7002', 'e:love', 'i1', 7001, NULL, 1709287300, '{"a":1}', 0, 1, 0),
  ('gone', 'g1', 'e:sad', 'i2', 7002, NULL, 1709287300123, NULL, 1, 1, 0);
CREATE TABLE conversation_list (conversation_id TEXT PRIMARY KEY, drafted_time INTEGER, draft_content TEXT);
INSERT INTO conversation_list VALUES ('g1', 1709287400000, 'недовршено'), ('gone', 0, '');
ALTER TABLE msg ADD COLUMN content_pb BLOB;
UPDATE msg SET content_pb = x'0A01' WHERE msg_uuid IN ('u1', 'u8');
"""


def test_what_newer_versions_add():
    found = testing.rows(messages, testing.database(SQL + MORE), name=NAME)
    own, other = found["reactions"]
    assert (own["message_id"], own["chat_id"], own["person_id"], own["value"]) == (
        "u1",
        "0:1:7001:7002",
        "7001",
        "e:love",
    )
    assert own["reacted_at"] == datetime(2024, 3, 1, 10, 1, 40, tzinfo=UTC)
    assert (extra(own)["content"], other["chat_id"], extra(other)["deleted"]) == ('{"a":1}', "g1", "1")
    assert other["reacted_at"].microsecond == 123000
    [draft] = [row for row in found["messages"] if row.get("status") == "draft"]
    assert (draft["text"], draft["chat_name"], draft["direction"], draft["sender_id"]) == (
        "недовршено",
        "Put za Trst",
        "outgoing",
        "7001",
    )
    assert draft["sent_at"].minute == 3
    packed = [row["message"] for row in found["problems"] if "content_pb" in row["message"]]
    assert packed == ["1 messages have their content as protobuf (content_pb) only, which is not described"]
