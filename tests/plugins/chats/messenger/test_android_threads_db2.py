"""threads_db2: messages of every kind, calls, and what other tools lose."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.messenger.android_threads_db2 import messages

from forensics import testing

SQL = Path(__file__).with_name("threads_db2.sql").read_text("utf-8")
DIRECT, OWNER, MIRELA = "ONE_TO_ONE:200:100", "100", "200"


def read(sql: str, name: str = "threads_db2", uid: bytes | None = b"100\n") -> dict[str, list[dict]]:
    beside = {"threads_db2-uid": uid} if uid else None
    return testing.rows(messages, testing.database(sql), name=name, beside=beside)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read(SQL)


@pytest.fixture(scope="module")
def said(found) -> dict[str, dict]:
    return {row["message_id"]: row for row in found["messages"]}


def test_all_rows_are_there(found, said):
    assert len(found["messages"]) == len(said) == 20
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("not_understood", "messages/msg_id=m5"),
        ("not_understood", "messages/msg_id=m10"),
    ]


def test_ordinary_messages(said):
    first, second = said["m1"], said["m2"]
    assert first["sent_at"] == datetime(2020, 9, 13, 12, 26, 40, 123000, tzinfo=UTC)
    assert (first["sender_id"], first["sender_name"], first["text"]) == (MIRELA, "Мирела Проба", "Где сте? 🙂")
    assert (first["chat_id"], first["chat_kind"], first["account_id"]) == (DIRECT, "direct", OWNER)
    assert (first["direction"], second["direction"]) == ("incoming", "outgoing")
    assert (first["app"], first["kind"], first["raw_kind"]) == ("Messenger", "text", "0")
    assert said["m7"]["chat_name"] == "Путници"
    assert (said["m7"]["kind"], said["m7"]["raw_kind"]) == ("unknown", "4711")


def test_messages_without_thread_are_kept(said):
    # ALEAPP joins messages to threads, Autopsy to participants and users: what has none is lost there.
    assert said["m3"]["text"] == "سلام"
    assert (said["m3"]["chat_id"], said["m3"].get("chat_name"), said["m3"]["chat_kind"]) == (
        "GROUP:gone",
        None,
        "group",
    )


def test_placeholders_are_kept_as_such(said):
    # ALEAPP leaves out msg_type -1.
    row = said["m4"]
    assert (row["raw_kind"], row["kind"], row["direction"], extra(row)["placeholder"]) == (
        "-1",
        "unknown",
        "unknown",
        True,
    )
    assert "sent_at" not in row
    assert "text" not in row


def test_a_sender_that_is_no_json(said):
    # One bad JSON text ends the query of tools that use json_extract.
    row = said["m5"]
    assert (row["text"], row["direction"], extra(row)["sender"]) == (
        "<script>alert(1)</script>",
        "unknown",
        "no JSON {",
    )
    assert "sender_id" not in row


def test_secret_conversations(said):
    row = said["m6"]
    assert (row["chat_kind"], row["text"], extra(row)["secret_conversation"]) == ("direct", "тајно", True)


def test_all_attachments_of_a_message(found, said):
    # ALEAPP shows the first attachment and the first share of a message only.
    row = said["m8"]
    assert (row["kind"], row.get("text"), extra(row)["snippet"], extra(row)["files"]) == (
        "image", None, "Мирела sent 2 photos.", 2,
    )  # fmt: skip
    first, second = (a for a in found["attachments"] if a["message_id"] == "m8")
    assert (first["name"], first["mime"], first["size"], first["width"]) == ("image-1.jpg", "image/jpeg", 1234, 1080)
    assert (first["url"], second["name"], second["size"]) == ("https://a.test/f", "image-2.jpg", 99)
    assert [share["href"] for share in extra(said["m11"])["shares"]] == ["https://b.test/", "https://c.test/"]
    assert said["m11"]["kind"] == "link"


def test_voice_and_waiting_files(found, said):
    voice, waiting = (next(a for a in found["attachments"] if a["message_id"] == key) for key in ("m9", "p1"))
    assert (said["m9"]["kind"], voice["duration_s"], voice["url"]) == ("voice", 4.5, "https://a.test/v")
    assert (said["p1"]["kind"], said["p1"]["raw_kind"]) == ("image", "901")
    assert waiting["stored_path"] == "file:///storage/emulated/0/DCIM/7.jpg"
    assert extra(said["m10"])["attachments"] == "not JSON"


def test_coordinates(found, said):
    assert (said["m12"]["kind"], said["m12"]["latitude"], said["m12"]["longitude"]) == ("location", 44.8125, 20.4612)
    assert said["m13"]["kind"] == "text"
    assert "latitude" not in said["m13"]
    assert [(p["ref"], p["latitude"], p["kind"]) for p in found["places"]] == [
        ("m12", 44.8125, "message"),
        ("m13", 43.5, "message"),
    ]


def test_calls(found, said):
    calls = {call["call_id"]: call for call in found["calls"]}
    assert sorted(calls) == ["c1", "c2", "c4"]  # the end of a group call says all of it
    first, missed, group = calls["c1"], calls["c2"], calls["c4"]
    assert first["started_at"] == datetime(2020, 9, 13, 12, 41, 15, tzinfo=UTC)  # stored at its end, 125 s later
    assert (first["duration_s"], first["direction"], first["outcome"], first["video"]) == (
        125,
        "incoming",
        "answered",
        True,
    )
    assert (first["peer_id"], first["peer_name"]) == (MIRELA, "Мирела Проба")
    assert (missed["direction"], missed["outcome"], missed["peer_id"]) == ("outgoing", "missed", MIRELA)
    assert missed["started_at"] == datetime(2020, 9, 13, 13, 0, tzinfo=UTC)
    assert group["duration_s"] == 60
    assert group["chat_id"] == "GROUP:77"
    assert [said[key]["kind"] for key in ("c1", "c2", "c3", "c4")] == ["call"] * 4


def test_what_is_no_call_is_not_called_one(found, said):
    # ALEAPP calls every message with generic_admin_message_extensible_data a call, and video what has no such key.
    assert (said["a1"]["kind"], extra(said["a1"])["admin"]["question"]) == ("system", "Kad?")
    missed = next(call for call in found["calls"] if call["call_id"] == "c2")
    assert "video" not in missed


def test_unsent(said):
    row = said["u1"]
    assert (row["kind"], row["deleted"], row["deleted_at"].second) == ("deleted", True, 9)


def test_reactions_members_and_people(found):
    assert [(r["message_id"], r["person_id"], r["value"]) for r in found["reactions"]] == [
        ("m1", "100", "👍"), ("m1", "200", "❤"), ("gone", "9", "😮"),
    ]  # fmt: skip
    assert found["reactions"][0]["reacted_at"].second == 41
    assert "reacted_at" not in found["reactions"][1]
    assert [(p["chat_id"], p["person_id"], p.get("name"), p.get("role")) for p in found["participants"]] == [
        (DIRECT, "100", "Neven Test", "member"),
        (DIRECT, "200", "Мирела Проба", "member"),
        ("GROUP:77", "200", "Мирела Проба", "admin"),
        ("GROUP:gone", "999", None, None),
    ]
    (account,) = found["accounts"]
    assert (account["account_id"], account["name"], account["username"]) == (OWNER, "Neven Test", "neven.test")
    assert (account["is_owner"], extra(account)["found_in"]) == (True, "threads_db2-uid")
    assert [(c["person_id"], c.get("name")) for c in found["contacts"]] == [
        ("200", "Мирела Проба"),
        ("PHONE_CONTACT:+38765000111", None),
    ]


@pytest.mark.parametrize(
    "column", ["reaction_timestamp_ms", "reaction_creation_timestamp_ms", "reaction_creation_time_ms"]
)
def test_reactions_with_different_time_columns(column):
    found = read(SQL.replace("reaction_timestamp INTEGER", f"{column} INTEGER"))
    assert found["reactions"][0]["reacted_at"] == datetime(2020, 9, 13, 12, 26, 41, tzinfo=UTC)


def test_owner_without_uid_file():
    sql = (
        SQL
        + "INSERT INTO messages (msg_id, thread_key, timestamp_ms) VALUES ('x', 'ONE_TO_ONE:555:100', 1600007000000);"
    )
    found = read(sql, uid=None)
    assert found["accounts"][0]["account_id"] == OWNER
    assert "all one-to-one chats" in extra(found["accounts"][0])["found_in"]
    alone = read(SQL, uid=None)  # with one chat there is no telling who of the two it is
    assert "accounts" not in alone
    assert {m["direction"] for m in alone["messages"]} == {"unknown"}


def test_the_facebook_app_has_the_same_database():
    found = read(SQL, name="data/data/com.facebook.katana/databases/threads_db2", uid=None)
    assert {m["app"] for m in found["messages"]} == {"Facebook"}


def test_an_older_schema():
    sql = """
    CREATE TABLE threads (thread_key TEXT);
    CREATE TABLE messages (msg_id TEXT, thread_key TEXT, text TEXT, sender TEXT, timestamp_ms INTEGER);
    INSERT INTO messages VALUES ('m', 'ONE_TO_ONE:1:2', 'Zdravo', '{"user_key":"FACEBOOK:1"}', 1400000000000);
    """
    (row,) = read(sql)["messages"]
    assert (row["text"], row["kind"], row["sender_id"]) == ("Zdravo", "text", "1")


def test_promises():
    content = testing.database(SQL)
    assert [c for c in testing.check(messages, content, name="threads_db2") if c.fault] == []


def test_poisoned():
    deep = json.dumps('{"a":' * 300 + "1" + "}" * 300)
    sql = (
        SQL
        + f"""
    INSERT INTO messages (msg_id, thread_key, timestamp_ms, sender, msg_type, attachments, coordinates) VALUES
      (x'ff00', 7, 'soon', x'7b7d', 'x', '{{"urls": {{"a": {deep}}}}}', '{{"latitude": "x", "longitude": 1}}'),
      ('h2', 1e300, 9e18, '[1]', 9e18, '[1, null, [], {{"file_size": 1e400, "filename": {{}}}}]',
        '{{"latitude": 91, "longitude": 1}}'),
      (NULL, NULL, NULL, '', NULL, '[]', '{{"latitude": 0, "longitude": 0}}');
    INSERT INTO messages (msg_id, msg_type, timestamp_ms, generic_admin_message_extensible_data) VALUES
      ('h3', 9, 1600000000000, '{{"call_duration": "9999999999999999", "video": [], "caller_id": {{}}, "event": []}}'),
      ('h4', 9, x'00', '[]');
    """
    )
    found = read(sql)
    assert len(found["messages"]) == 25
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]


# Schemas of the app itself (ThreadsDbSchemaPart), of 2012 and 2016, as far as they matter here.
OF_2012 = """
CREATE TABLE threads (thread_id TEXT PRIMARY KEY, name TEXT, participants TEXT, former_participants TEXT, draft TEXT);
CREATE TABLE messages (msg_id TEXT PRIMARY KEY, thread_id TEXT, text TEXT, sender TEXT, timestamp_ms INTEGER,
  timestamp_sent_ms INTEGER, attachments TEXT, shares TEXT, msg_type INTEGER, affected_users TEXT, coordinates TEXT,
  offline_threading_id TEXT, source TEXT, pending_send_media_attachment STRING);
CREATE TABLE thread_users (user_key TEXT PRIMARY KEY, first_name TEXT, last_name TEXT, name TEXT);
INSERT INTO threads VALUES ('t_1', 'Излет', '[{"user_key":"FACEBOOK:200","name":"Мирела","email":"200@facebook.com"}]',
  '[{"user_key":"FACEBOOK:300","name":"Бивши"}]', '{"text":"нисам послао"}'), ('t_2', NULL, 'no JSON', NULL, '');
INSERT INTO messages (msg_id, thread_id, text, sender, timestamp_ms, msg_type)
  VALUES ('m1', 't_1', 'здраво', '{"user_key":"FACEBOOK:200","name":"Мирела"}', 1340000000000, 0),
  ('m2', 't_gone', 'zdravo', '{"user_key":"FACEBOOK:100"}', 1340000001000, 0);
"""
OF_2016 = """
CREATE TABLE threads (thread_key TEXT PRIMARY KEY, name TEXT, draft TEXT);
CREATE TABLE messages (msg_id TEXT PRIMARY KEY, thread_key TEXT, sender TEXT, timestamp_ms INTEGER, offline_threading_id TEXT);
CREATE TABLE thread_participants (thread_key TEXT, user_key TEXT, email TEXT, phone TEXT, type TEXT NOT NULL, is_admin INTEGER,
  last_read_receipt_time INTEGER, last_delivered_receipt_time INTEGER, request_timestamp_ms INTEGER);
INSERT INTO threads VALUES ('GROUP:7', 'Путници', 'само текст');
INSERT INTO thread_participants VALUES ('GROUP:7', 'FACEBOOK:200', NULL, '+38765000111', 'PARTICIPANT', 1, 1460000000000, 0, 0);
"""


def test_the_schema_of_2012():
    """Tools that ask for thread_key find nothing in it: the column was thread_id."""
    found = read(OF_2012, uid=b"100")
    first, second, draft = found["messages"]
    assert (first["chat_id"], first["chat_name"], first["text"], first["direction"]) == (
        "t_1",
        "Излет",
        "здраво",
        "incoming",
    )
    assert (second["chat_id"], second["direction"]) == ("t_gone", "outgoing")
    assert (draft["status"], draft["text"], draft["record"]) == ("draft", "нисам послао", "threads/thread_id=t_1")
    assert "sent_at" not in draft
    seen = [(p["person_id"], p["name"], p.get("active")) for p in found["participants"]]
    assert seen == [("200", "Мирела", None), ("300", "Бивши", False)]
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_understood", "threads/thread_id=t_2")]


def test_members_and_drafts_of_2016():
    found = read(OF_2016)
    [draft] = found["messages"]
    assert (draft["text"], draft["chat_kind"], draft["sender_id"]) == ("само текст", "group", OWNER)
    [member] = found["participants"]
    assert member["role"] == "admin"
    assert extra(member) == {"last_read_ms": 1460000000000, "phone": "+38765000111", "type": "PARTICIPANT"}


def test_promises_in_the_schema_of_2012():
    assert [c for c in testing.check(messages, testing.database(OF_2012), name="threads_db2") if c.fault] == []
