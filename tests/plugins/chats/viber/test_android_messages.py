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
    return {int(row["record"].rpartition("=")[2]): row for row in rows}


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


def test_likes_that_are_not_described_are_told():
    found = read(SQL + "INSERT INTO messages_likes VALUES (1, 5, '+1');")
    assert ("not_read", "messages_likes") in [(p["kind"], p["record"]) for p in found["problems"]]


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
