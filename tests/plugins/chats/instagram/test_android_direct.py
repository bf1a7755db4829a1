"""direct.db: messages of every type, and what other tools lose."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.instagram.android_direct import messages

from forensics import testing

SQL = Path(__file__).with_name("direct.sql").read_text("utf-8")
OWNER, MIRELA = "10001", "20002"


def read(sql: str, name: str = "direct.db") -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name=name)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read(SQL)


@pytest.fixture(scope="module")
def said(found) -> dict[str, dict]:
    return {row["message_id"]: row for row in found["messages"]}


def test_all_rows_are_there(found, said):
    assert len(found["messages"]) == len(said) == 15
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("not_understood", "threads/thread_id=t3"),
        ("not_understood", "messages/_id=11"),
    ]


def test_ordinary_messages(said):
    first, second = said["i1"], said["i2"]
    assert first["sent_at"] == datetime(2022, 4, 15, 5, 20, 0, 123456, tzinfo=UTC)
    assert (first["sender_id"], first["sender_name"], first["text"]) == (MIRELA, "Мирела Проба", "Стиже ли?")
    assert (first["direction"], second["direction"], first["account_id"]) == ("incoming", "outgoing", OWNER)
    assert (first["chat_id"], first["chat_name"], first["chat_kind"]) == ("t1", "mirela.proba", "direct")
    assert (second["reply_to"], second["edited"]) == ("i1", True)
    assert extra(second)["edit_history"] == [{"body": "Stize", "timestamp": 1650000060000}]
    assert extra(first) == {"thread_v2_id": "v2-1"}


def test_messages_without_thread_are_kept(said):
    # HPI drops messages whose thread is not there, and stops at types that it does not know.
    row = said["i3"]
    assert (row["text"], row["chat_id"], row["sender_id"]) == (
        "نص بلا محادثة",
        "gone",
        "40004",
    )
    assert "chat_kind" not in row


def test_unknown_types_are_kept(said):
    row = said["i10"]
    assert (row["kind"], row["raw_kind"], extra(row)["brand_new_type"]) == ("unknown", "brand_new_type", {"a": 1})
    assert (said["i12"]["kind"], extra(said["i12"])["xma_media_share"]) == (
        "link",
        [{"target_url": "https://b.test/p"}],
    )


def test_json_that_is_none(said):
    row = said["i11"]
    assert (row["text"], row["direction"], row["chat_id"]) == ("<b>x</b>", "unknown", "t2")
    assert extra(row) == {"unread_message": "not JSON {"}
    assert "sent_at" not in row


def test_texts_of_other_types(said):
    assert (said["i7"]["kind"], said["i7"]["text"], extra(said["i7"])["hide_in_thread"]) == (
        "system",
        "Liked a message",
        1,
    )
    assert (said["i8"]["kind"], said["i8"]["text"]) == ("text", "bravo")


def test_media(found, said):
    picture, video, voice = found["attachments"]
    assert (picture["url"], picture["width"], extra(picture)["id"]) == ("https://a.test/l", 1080, "m1")
    assert (video["url"], video["duration_s"], voice["url"], voice["duration_s"]) == (
        "https://a.test/v", 4.2, "https://a.test/a", 6.5,
    )  # fmt: skip
    assert [said[key]["kind"] for key in ("i4", "i5", "i6")] == ["image", "video", "voice"]
    assert said["i5"]["view_once"] is True
    assert "view_once" not in said["i4"]


def test_location(found, said):
    assert (said["i9"]["kind"], said["i9"]["latitude"]) == ("location", 43.3373)
    assert [(p["label"], p["longitude"], p["ref"]) for p in found["places"]] == [("Stari most", 17.815, "i9")]


def test_calls(found, said):
    # ALEAPP gives start and end of a call as two calls.
    whole, end_only = found["calls"]
    assert (whole["call_id"], whole["direction"], whole["peer_name"]) == ("18000", "incoming", "Мирела Проба")
    assert whole["started_at"] == datetime(2022, 4, 15, 5, 36, 40, tzinfo=UTC)
    assert [event["event"] for event in extra(whole)["events"]] == ["video_call_started", "video_call_ended"]
    assert end_only["call_id"] == "18001"
    assert "started_at" not in end_only
    assert [said[key]["kind"] for key in ("c1", "c2", "c3")] == ["call"] * 3


def test_reactions_members_people(found):
    assert [(r["person_id"], r["value"], "reacted_at" in r) for r in found["reactions"]] == [
        (OWNER, "🔥", True),
        ("30003", "❤", False),
    ]
    assert found["reactions"][0]["reacted_at"] == datetime(2022, 4, 15, 5, 20, 1, tzinfo=UTC)
    assert [(p["chat_id"], p["person_id"], p["name"]) for p in found["participants"]] == [
        ("t1", MIRELA, "Мирела Проба"), ("t2", MIRELA, "Мирела Проба"), ("t2", "30003", "kurier"),
    ]  # fmt: skip
    assert [(c["person_id"], c["username"]) for c in found["contacts"]] == [
        (MIRELA, "mirela.proba"),
        ("30003", "kurier"),
    ]
    (account,) = found["accounts"]
    assert (account["account_id"], account["name"], account["is_owner"]) == (OWNER, "Neven Test", True)


def test_threads_has_one_of_the_same_shape():
    found = read(SQL, name="data/data/com.instagram.barcelona/databases/direct.db")
    assert {m["app"] for m in found["messages"]} == {"Threads"}


def test_without_session():
    found = read(SQL.replace("INSERT INTO session", "-- INSERT INTO session"))
    assert {m["direction"] for m in found["messages"]} == {"unknown"}
    assert "accounts" not in found


def test_promises():
    assert [c for c in testing.check(messages, testing.database(SQL), name="direct.db") if c.fault] == []


def test_poisoned():
    deep = '{"a":' * 200 + "1" + "}" * 200
    sql = (
        SQL
        + f"""
    INSERT INTO session VALUES (x'ff00'), (5), ('x'' OR 1');
    INSERT INTO threads (thread_id, thread_info) VALUES (NULL, '[]'),
      (x'00', '{{"users":[[],{{"pk":{{}}}},{{"pk":true,"full_name":[]}}]}}'),
      ('t1', '{{"thread_title":{{}}}}');
    INSERT INTO messages (thread_id, timestamp, message_type, text, message) VALUES
      (NULL, 'soon', 7, x'ff', '{deep}'), ('t1', 1e300, x'00', char(8238) || 'x', '[1]'), (x'ff', -1, NULL, NULL, NULL),
      ('t1', 9223372036854775807, 'video_call_event', NULL, '{{"video_call_event":[],"user_id":[1]}}'),
      ('t1', x'00', 'video_call_event', NULL, '{{"video_call_event":{{"vc_id":{{}},"action":5}},"item_id":"c"}}'),
      ('t1', 1, 'media', NULL, '{{"media":[{{"image_versions2":[],"video_versions":[{{"url":5,"width":"x"}}],"id":7}}],' ||
        '"reactions":{{"emojis":{{"emoji":[]}},"likes":[5]}}}}'),
      ('t1', 1, 'location', NULL, '{{"location":{{"lat":1e999,"lng":"x"}}}}');
    """
    )
    found = read(sql)
    assert len(found["messages"]) == 22
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]


# The schema that the app itself makes (2016 to 2023), shortened.
OF_THE_APP = """
CREATE TABLE threads(_id INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT, thread_id TEXT, recipient_ids TEXT,
  last_activity_time INTEGER, is_permitted INTEGER, thread_info TEXT NOT NULL);
CREATE TABLE messages(_id integer primary key autoincrement, user_id text, server_item_id text, client_item_id text,
  thread_id text, recipient_ids text, timestamp integer not null, message_type text not null, text text, message text not null);
CREATE TABLE session(user_id TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE mutations(_id integer primary key autoincrement, user_id text, mutation_type text not null, mutation text not null);
INSERT INTO session VALUES ('10001', '{}');
INSERT INTO messages (user_id, client_item_id, recipient_ids, timestamp, message_type, text, message)
  VALUES ('10001', 'c1', '20002', 1600000000000000, 'text', 'још није послато', '{"user_id":"10001","item_type":"text"}');
INSERT INTO mutations (user_id, mutation_type, mutation) VALUES ('10001', 'send_text_message', '{"text":"чека"}');
"""


def test_a_message_to_persons_without_a_thread_and_what_waits():
    """A chat that the server has not made yet has no thread_id, only the ids of the persons."""
    found = read(OF_THE_APP)
    [row] = found["messages"]
    assert (row["message_id"], row["text"], row["direction"]) == ("c1", "још није послато", "outgoing")
    assert extra(row)["recipients"] == "20002"
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_read", "mutations")]
