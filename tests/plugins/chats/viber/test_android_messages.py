"""viber_messages: chats of every kind, persons with and without a number, and what other tools lose."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.viber.android_messages import messages

from forensics import ingest, open_case, testing

HERE = Path(__file__).parent
CHAT = "conversations/_id="  # what precedes the number of a chat
SQL = (HERE / "messages.sql").read_text("utf-8")
OLD = (HERE / "messages_2013.sql").read_text("utf-8")
OWNER, MILAN, ARBEN, HIDDEN = "+38267999888", "+381641112222", "+38344555666", "hid="


def read(sql: str) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name="viber_messages")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def by_id(rows: list[dict]) -> dict[int, dict]:
    return {int(row["record"].rpartition("=")[2]): row for row in rows if row.get("status") != "draft"}


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read(SQL)


@pytest.fixture(scope="module")
def said(found) -> dict[int, dict]:
    return by_id(found["messages"])


def test_every_row_is_a_message_or_a_reaction(found, said):
    assert sorted(said) == [n for n in range(1, 20) if n != 10]
    assert [r["record"] for r in found["reactions"]] == ["messages/_id=10"]
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_understood", "messages/_id=16")]


def test_a_message_received(said):
    message = said[1]
    assert message["text"] == "Чекам на граници 🙂"
    assert message["sent_at"] == datetime(2023, 3, 8, 18, 26, 40, 123000, tzinfo=UTC)
    assert (message["chat_id"], message["chat_name"], message["chat_kind"]) == (f"{CHAT}1", "Milan Vozač", "direct")
    assert (message["sender_id"], message["sender_name"], message["account_id"]) == (MILAN, "Milan Vozač", OWNER)
    assert (message["direction"], message["kind"], message["raw_kind"]) == ("incoming", "text", "0")
    assert (message["deleted"], message["forwarded"], message["message_id"]) == (False, False, "1")
    assert extra(message) == {"token": 5700000000000000001}


def test_a_message_sent_with_a_quote(said):
    message = said[2]
    assert (message["direction"], message["sender_id"], message["text"]) == ("outgoing", OWNER, "Stižemo u pet")
    assert extra(message)["quoted_text"] == "Чекам на граници 🙂"
    assert extra(message)["quoted_sender"] == "Milan"
    assert extra(message)["info"] == {"quote": {"text": "Чекам на граници 🙂", "name": "Milan"}}


def test_an_image(found, said):
    assert (said[3]["kind"], extra(said[3])["order_key"], extra(said[3])["unread"]) == ("image", 5, 1)
    image = by_id(found["attachments"])[3]
    assert (image["name"], image["size"], image["width"], image["height"]) == ("pasos.jpg", 42073, 800, 600)
    assert (image["stored_path"], image["message_id"], image["chat_id"]) == ("content://media/1", "3", f"{CHAT}1")
    assert extra(image) == {"extension": "jpg", "file_hash": "8a"}


def test_hidden_on_the_device_and_deleted_for_everyone(said):
    assert (said[4]["kind"], said[4]["text"], said[4]["deleted"]) == ("text", "obriši ovo", True)
    assert extra(said[4]) == {"hidden_on_device": 1}
    assert (said[5]["kind"], said[5]["raw_kind"], said[5]["deleted"]) == ("deleted", "1008", True)
    assert "text" not in said[5]


def test_hidden_number_of_a_person_with_a_phone_elsewhere(said):
    assert (said[6]["sender_id"], said[6]["sender_name"]) == (ARBEN, "Arben")
    assert (said[6]["chat_id"], said[6]["chat_name"], said[6]["chat_kind"]) == ("5001", "Put za Trst 🚐", "group")


def test_community_with_a_single_member_without_number(said):
    message = said[8]
    assert (message["chat_id"], message["chat_name"], message["chat_kind"]) == ("6001", "Посао у Италији", "group")
    assert (message["sender_id"], message["sender_name"], message["kind"]) == (HIDDEN, "Скривен", "link")
    assert message["forwarded"]
    told = extra(message)
    assert (told["conversation_type"], told["link"], told["link_title"]) == (5, "https://example.org/posao", "Posao")
    assert told["forwarded_from"] == "6002"


def test_notes_to_oneself(said):
    assert (said[9]["chat_kind"], said[9]["sender_id"], said[9]["direction"]) == ("self", OWNER, "outgoing")


def test_person_chat_and_participant_that_are_gone(said):
    assert "sender_id" not in said[7]
    assert (said[13]["chat_id"], said[13]["text"]) == (f"{CHAT}99", "chat bez reda")
    assert "chat_kind" not in said[13]
    assert (said[14]["sender_id"], extra(said[14])["chat_deleted"]) == (HIDDEN, 1)


def test_reaction(found):
    (reaction,) = found["reactions"]
    assert (reaction["person_id"], reaction["value"], reaction["chat_id"]) == (MILAN, "👍", "5001")
    assert reaction["reacted_at"] == datetime(2023, 3, 8, 18, 35, 40, tzinfo=UTC)
    assert extra(reaction)["info"] == {"token": "5700000000000000002"}
    assert "message_id" not in reaction


def test_kinds_that_are_told_by_their_content(said):
    assert (said[11]["kind"], said[11]["raw_kind"]) == ("poll", "4242")
    assert extra(said[11])["options"] == [{"option": "Milan", "votes": 2}, {"option": "niko", "votes": 0}]
    assert (said[12]["kind"], said[12]["raw_kind"]) == ("unknown", "99")
    assert (said[15]["kind"], said[15]["direction"], extra(said[15])["send_type"]) == ("voice", "unknown", 3)


def test_rich_message(said):
    assert (said[14]["kind"], said[14]["text"]) == ("text", "Dobro došli\nKod 1234")
    assert extra(said[14])["body"].startswith('[{"Type"')


def test_json_that_is_none_is_kept(said):
    assert (said[16]["text"], extra(said[16])["info"]) == ("loš json", '{"quote":')


def test_coordinates_of_both_scales(found, said):
    for number in (17, 18):
        assert (said[number]["kind"], said[number]["latitude"], said[number]["longitude"]) == (
            "location",
            43.1367,
            20.5122,
        )
    first, second = found["places"]
    assert (first["ref"], first["kind"], first["at"]) == ("17", "message", datetime(2023, 3, 8, 18, 42, 40, tzinfo=UTC))
    assert extra(second) == {"chat_id": f"{CHAT}1", "stored": [431367000, 205122000]}


def test_disappearing(said):
    assert said[19]["expires_at"] == datetime(2023, 3, 8, 18, 46, tzinfo=UTC)
    assert extra(said[19]) == {"timebomb_s": 60, "read_message_time": 1678301100000}


def test_members(found):
    members = {(p["chat_id"], p["person_id"]): p for p in found["participants"]}
    assert sorted(members) == sorted(
        [
            (f"{CHAT}1", OWNER),
            (f"{CHAT}1", MILAN),
            ("5001", OWNER),
            ("5001", MILAN),
            ("5001", ARBEN),
            ("5001", "participants_info/_id=77"),
            ("6001", HIDDEN),
            (f"{CHAT}4", OWNER),
            (f"{CHAT}5", HIDDEN),
            (f"{CHAT}6", "+905321234567"),
        ]
    )
    arben = members["5001", ARBEN]
    assert (arben["active"], arben["name"], extra(arben)["alias"], extra(arben)["group_role"]) == (
        False,
        "Arben",
        "Beni",
        1,
    )
    assert extra(members["6001", HIDDEN])["chat_flags"] == 8
    assert members[f"{CHAT}5", HIDDEN]["record"] == "conversations/_id=5 participant_id_1"


def test_persons(found):
    (account,) = found["accounts"]
    assert (account["account_id"], account["phone"], account["name"]) == (OWNER, OWNER, "Vlasnik")
    contacts = by_id(found["contacts"])
    assert sorted(contacts) == [2, 3, 4, 5, 6]
    assert (contacts[2]["phones"], extra(contacts[2])["viber_name"]) == ([MILAN], "mikan")
    assert (contacts[3]["person_id"], contacts[3].get("phones")) == (HIDDEN, None)
    assert (contacts[4]["phones"], extra(contacts[4])["number"]) == ([ARBEN], "AbCdEf/ciphertext==")


def test_reactions_that_are_not_described_are_told():
    found = read(SQL + "CREATE TABLE message_reactions (a); INSERT INTO message_reactions VALUES (1);")
    assert ("not_read", "message_reactions") in [(p["kind"], p["record"]) for p in found["problems"]]


# The schema that the app itself made in 2019 (version 155), shortened.
OF_2019 = """
CREATE TABLE conversations (_id INTEGER PRIMARY KEY, conversation_type INTEGER DEFAULT 0, group_id INTEGER DEFAULT 0,
  deleted INTEGER DEFAULT 0, message_draft TEXT, name TEXT, flags INTEGER DEFAULT 0, participant_id_1 INTEGER DEFAULT 0,
  participant_id_2 INTEGER DEFAULT 0, participant_id_3 INTEGER DEFAULT 0, participant_id_4 INTEGER DEFAULT 0);
CREATE TABLE participants (_id INTEGER PRIMARY KEY, conversation_id INTEGER, participant_info_id INTEGER, active INTEGER,
  group_role INTEGER DEFAULT 1);
CREATE TABLE participants_info (_id INTEGER PRIMARY KEY, number TEXT, display_name TEXT, contact_name TEXT, viber_name TEXT,
  participant_type INTEGER DEFAULT 1, member_id TEXT, encrypted_member_id TEXT);
CREATE TABLE messages (_id INTEGER PRIMARY KEY, conversation_id INTEGER DEFAULT 0, order_key INTEGER, msg_date INTEGER NOT NULL,
  token INTEGER, participant_id INTEGER DEFAULT 0, unread INTEGER DEFAULT 0, deleted INTEGER DEFAULT 0,
  send_type INTEGER NOT NULL, extra_mime INTEGER, user_id TEXT NOT NULL, status INTEGER DEFAULT 0, location_lat INTEGER,
  location_lng INTEGER, extra_uri TEXT, extra_duration INTEGER, body TEXT, description TEXT, msg_info TEXT,
  likes_count INTEGER DEFAULT 0, timebomb INTEGER DEFAULT 0, read_message_time INTEGER DEFAULT 0, quoted_message_data TEXT);
CREATE TABLE messages_calls (_id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, message_id INTEGER NOT NULL,
  canonized_number TEXT NOT NULL, viber_call_type INTEGER DEFAULT 1, date INTEGER NOT NULL, duration INTEGER NOT NULL,
  type INTEGER NOT NULL, end_reason INTEGER DEFAULT 0, start_reason INTEGER DEFAULT 0, token INTEGER DEFAULT 0);
CREATE TABLE messages_likes (_id INTEGER PRIMARY KEY, message_token INTEGER NOT NULL, like_token INTEGER DEFAULT 0,
  participant_number TEXT NOT NULL, date INTEGER DEFAULT 0, status INTEGER DEFAULT 0);
INSERT INTO participants_info VALUES (1, '+38267999888', NULL, 'Ја', NULL, 0, 'm1', NULL),
  (2, '+38167000111', NULL, 'Милан', NULL, 1, 'm2', NULL), (3, '', NULL, NULL, 'Скривени', 1, 'm3=', NULL);
INSERT INTO conversations (_id, conversation_type, group_id, name, participant_id_1, participant_id_2, message_draft)
  VALUES (1, 0, 0, NULL, 2, 1, 'нисам послао'), (2, 1, 777, 'Екипа', 2, 3, ''), (3, 4, 888, 'Обавештења', 0, 0, NULL);
INSERT INTO participants VALUES (1, 1, 1, 0, 1), (2, 1, 2, 1, 1);
INSERT INTO messages (_id, conversation_id, msg_date, token, participant_id, send_type, extra_mime, user_id, body, timebomb,
    read_message_time, quoted_message_data, likes_count) VALUES
  (1, 1, 1560000000000, 501, 2, 0, 0, 'm2', 'старо', 0, 0, '', 2),
  (2, 1, 1560000001000, 502, 1, 1, 0, 'm2', 'одговор', 60, 1560000005000,
   '{"body":"старо","senderName":"Милан","token":501,"memberId":"m2","type":0,"messageId":0}', 0),
  (3, 2, 1560000002000, 503, 0, 0, 0, 'm3=', 'ко сам ја', 0, 0, NULL, 0),
  (4, 2, 1560000003000, 504, 0, 0, 1000, 'm2', 'join/m2', 0, 0, NULL, 0),
  (5, 1, 1560000004000, 505, 2, 0, 1002, 'm2', 'missed_call_video', 0, 0, NULL, 0),
  (6, 3, 1560000005000, 506, 0, 1, 0, '', 'свима', 0, 0, 'no JSON', 0);
INSERT INTO messages_calls VALUES (1, 1, 5, '+38167000111', 4, 1560000004000, 0, 3, 0, 0, 505),
  (2, 1, 0, '+38344000111', 1, 1560000009000, 61, 1, 10, 0, 0);
INSERT INTO messages_likes VALUES (1, 501, 9001, 'm1', 1560000002500, 0), (2, 999, 9002, '+38344000111', 0, 2);
"""


def test_what_a_message_of_2019_answers():
    found = read(OF_2019)
    row = by_id(found["messages"])[2]
    assert row["reply_to"] == "1"
    assert (extra(row)["quoted_text"], extra(row)["quoted_sender"]) == ("старо", "Милан")
    assert row["expires_at"] == datetime(
        2019, 6, 8, 13, 21, 5, tzinfo=UTC
    )  # the column is timebomb, not timebomb_in_sec
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_understood", "messages/_id=6")]


def test_a_sender_who_is_no_participant_any_more():
    """Other tools ask for the participant: the writer of a group's message is lost when that row is gone."""
    rows = by_id(read(OF_2019)["messages"])
    assert (rows[3]["sender_id"], rows[3]["sender_name"]) == ("m3=", "Скривени")
    assert (rows[4]["sender_id"], rows[4]["kind"], rows[4]["direction"]) == ("+38167000111", "system", "system")
    assert (rows[5]["kind"], rows[5]["text"], rows[6]["chat_kind"]) == ("call", "missed_call_video", "broadcast")


def test_likes():
    """No public tool reads messages_likes; a like names its message by the token of it."""
    first, lost = read(OF_2019)["reactions"]
    assert (first["message_id"], first["chat_id"], first["person_id"], first["value"]) == (
        "1",
        f"{CHAT}1",
        OWNER,
        "like",
    )
    assert first["reacted_at"] == datetime(2019, 6, 8, 13, 20, 2, 500000, tzinfo=UTC)
    assert (lost["person_id"], lost.get("message_id"), extra(lost)["message_token"]) == ("+38344000111", None, 999)


def test_calls_of_the_chats():
    missed, elsewhere = read(OF_2019)["calls"]
    assert (missed["call_id"], missed["outcome"], missed["video"], missed["peer_name"]) == (
        "505",
        "missed",
        True,
        "Милан",
    )
    assert (elsewhere["outcome"], elsewhere["video"], elsewhere["duration_s"]) == ("answered elsewhere", False, 61)
    assert (elsewhere["peer_id"], extra(missed)["message_id"]) == ("+38344000111", 5)


def test_drafts():
    [draft] = [row for row in read(OF_2019)["messages"] if row.get("status") == "draft"]
    assert (draft["text"], draft["chat_id"], draft["direction"]) == ("нисам послао", f"{CHAT}1", "outgoing")
    assert "sent_at" not in draft


def test_promises_in_the_schema_of_2019():
    assert [c for c in testing.check(messages, testing.database(OF_2019), name="viber_messages") if c.fault] == []


def test_schema_of_2013():
    found = read(OLD)
    assert "problems" not in found
    first, second, third = found["messages"]
    assert (first["sent_at"], first["sender_id"]) == (datetime(2013, 9, 24, 5, 20, tzinfo=UTC), MILAN)
    assert (first["direction"], first["kind"], first["chat_name"]) == ("incoming", "text", "Milan")
    assert (second["direction"], second["kind"], second["raw_kind"]) == ("outgoing", "image", "image")
    assert "sender_id" not in second
    assert found["attachments"][0]["stored_path"] == "file:///sdcard/viber/media/1.jpg"
    assert (third["chat_id"], third["sender_id"], third["text"]) == (ARBEN, ARBEN, "bez razgovora")
    assert [(p["chat_id"], p["person_id"]) for p in found["participants"]] == [
        (f"{CHAT}1", MILAN),
        (f"{CHAT}2", MILAN),
        (f"{CHAT}2", ARBEN),
    ]


def test_second_account_on_the_same_phone(tmp_path):
    """A second user, work profile or cloned app has the same package once more: tools that take the first one lose the other."""
    for user, text in (("0", "prvi"), ("999", "drugi"), ("10", "prvi")):  # the last is a copy, byte by byte
        folder = tmp_path / "phone" / "data" / "user" / user / "com.viber.voip" / "databases"
        folder.mkdir(parents=True)
        (folder / "viber_messages").write_bytes(testing.database(SQL + f"UPDATE messages SET body = '{text}';"))
    ingest(tmp_path / "try.case", tmp_path / "phone")
    counts = open_case(tmp_path / "try.case").messages.groupby(["path", "text"], observed=True).size()
    assert {(path.split("/")[2], text) for path, text in counts.index} == {
        ("0", "prvi"),
        ("10", "prvi"),
        ("999", "drugi"),
    }
    assert len(set(counts)) == 1


def test_poisoned():
    poison = """
    UPDATE messages SET msg_info =
      '{"fileInfo":{"FileSize":1e400,"FileName":["x"],"mediaInfo":7},"quote":[],
        "poll":{"options":[1,{"name":{}}]}}' WHERE _id = 3;
    UPDATE messages SET msg_info = '{"pin":' || replace(hex(zeroblob(4000)), '00', '{"a":') WHERE _id = 6;
    UPDATE messages SET msg_info = '{"pin":' || replace(hex(zeroblob(300)), '00', '[') ||
      replace(hex(zeroblob(300)), '00', ']') || '}' WHERE _id = 7;
    UPDATE messages SET body = X'FF00FE', location_lat = 'x', location_lng = 9e99 WHERE _id = 8;
    UPDATE messages SET msg_date = 'juče', extra_mime = X'00', send_type = 'a' WHERE _id = 9;
    UPDATE messages SET body = '<script>alert(1)</script>' || char(8238) || 'txt.exe', extra_mime = 1.5 WHERE _id = 12;
    UPDATE messages SET body = '[{"Text":[1]},5]' WHERE _id = 14;
    """
    found = read(SQL + poison)
    assert len(found["messages"]) + len(found["reactions"]) == 19
    said = by_id(found["messages"])
    assert said[12]["kind"] == said[9]["kind"] == "unknown"
    assert extra(said[14])["body"] == '[{"Text":[1]},5]'
    assert not any(" stopped: " in p["message"] for p in found["problems"])
    assert {"messages/_id=6", "messages/_id=7", "messages/_id=9"} <= {p["record"] for p in found["problems"]}


def parsed(rows: list[dict]) -> list[dict]:
    """Rows by their place, with `extra` as what it says: its spelling differs between both ways out of the database."""
    rows = [{**row, "extra": extra(row), "file": None} for row in rows]
    return sorted(rows, key=lambda row: row["record"])


@pytest.mark.parametrize("sql", [SQL, OLD], ids=["since 2014", "2013"])
def test_both_ways_out_of_the_database_give_the_same(sql):
    """Messages without JSON are read column by column, others row by row; blank JSON says nothing, and goes the second way."""
    fill = "" if "msg_info" in sql else "ALTER TABLE messages ADD COLUMN msg_info TEXT;"
    more = """
    INSERT INTO messages (_id, conversation_id, participant_id, body, extra_mime, extra_uri) VALUES
      (101, 1, 0, 'bez osobe', 3, 'content://media/9'), (102, 99, 0, NULL, 1010, NULL), (103, 2, 8, '', '0004', NULL),
      (104, 5, 0, '=1+1' || char(27) || '[31m' || char(8238), NULL, NULL), (105, 4, 7, 'x', 'STICKER', NULL);
    """
    first = read(sql + fill + more)
    second = read(sql + fill + more + "UPDATE messages SET msg_info = ' ' WHERE COALESCE(msg_info, '') = '';")
    for table in ("messages", "attachments"):
        assert parsed(first[table]) == parsed(second[table])
    assert {"messages/_id=101", "messages/_id=102"} <= {a["record"] for a in first["attachments"]}


def test_rows_in_the_write_ahead_log(tmp_path):
    logged = """
    DELETE FROM messages WHERE _id = 9;
    INSERT INTO messages (_id, conversation_id, extra_mime, body) VALUES (20, 1, 0, 'novo');
    """
    found = testing.rows(messages, testing.database_with_log(SQL, logged, tmp_path, name="viber_messages"))
    states = {number: row["state"] for number, row in by_id(found["messages"]).items()}
    assert (states[1], states[9], states[20]) == ("live", "journal", "wal")


def test_promises():
    for sql in (SQL, OLD):
        assert [c for c in testing.check(messages, testing.database(sql), name="viber_messages") if c.fault] == []
