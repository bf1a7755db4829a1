"""viber.db: both schemas, edits and reactions, and the encrypted database that is none."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.viber.desktop import desktop, encrypted, is_ciphertext

from forensics import testing

HERE = Path(__file__).parent
CHAT = "ChatInfo/ChatID="  # what precedes the number of a chat
SQL = (HERE / "desktop.sql").read_text("utf-8")
OLD = (HERE / "desktop_2014.sql").read_text("utf-8")
OWNER, MILAN, ARBEN = "+38267999888", "+381641112222", "+38344555666"
HIDDEN = "Contact/ContactID=3"


def read(sql: str, name: str = "viber.db") -> dict[str, list[dict]]:
    return testing.rows(desktop, testing.database(sql), name=name)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read(SQL)


@pytest.fixture(scope="module")
def said(found) -> dict[int, dict]:
    return {int(m["message_id"]): m for m in found["messages"]}


def test_every_row(found, said):
    assert sorted(said) == [n for n in range(1, 17) if n not in (6, 10)] + [500]
    assert [r["record"] for r in found["reactions"]] == ["Events/EventID=6"]
    assert sorted(c["record"] for c in found["calls"]) == ["Calls/EventID=600", "Events/EventID=10"]
    assert "problems" not in found


def test_a_message_received(said):
    message = said[1]
    assert (message["text"], message["kind"], message["raw_kind"]) == ("Чекам на граници 🙂", "text", "1")
    assert message["sent_at"] == datetime(2023, 3, 8, 18, 26, 40, 123000, tzinfo=UTC)
    assert (message["sender_id"], message["sender_name"], message["direction"]) == (MILAN, "Milan Vozač", "incoming")
    assert (message["chat_id"], message["chat_name"], message["chat_kind"]) == (f"{CHAT}1", "Milan Vozač", "direct")
    assert (message["status"], extra(message)) == ("3", {"token": 5001, "is_read": 1})


def test_an_edited_message_and_what_it_said_before(said):
    message, before = said[2], said[3]
    assert (message["text"], message["direction"], message["sender_id"]) == ("U šest, kod pumpe", "outgoing", OWNER)
    assert extra(message)["quoted_text"] == "Чекам"
    assert (before["text"], before["kind"], before["direction"], before["edited"]) == (
        "U pet, kod pumpe",
        "system",
        "system",
        True,
    )
    assert extra(before) == {
        "client_flag": 256,
        "edit_of": "2",
        "direction_code": 1,
        "token": 5002,
        "is_read": 1,
        "event": "earlier version",
        "version_of_kind": "text",
    }
    assert (said[4]["kind"], extra(said[4])["event"]) == ("system", "edit without its message")
    assert "edit_of" not in extra(said[4])


def test_group_and_file(found, said):
    message = said[5]
    assert (message["chat_kind"], message["chat_name"], message["kind"]) == ("group", "Put za Trst 🚐", "image")
    assert (message["sender_id"], message["sender_name"]) == (HIDDEN, "Скривен")
    files = {a["message_id"]: a for a in found["attachments"]}
    assert (files["5"]["name"], files["5"]["size"]) == ("pasos.jpg", 42073)
    assert files["5"]["stored_path"] == "C:/Users/v/Documents/pasos.jpg"
    assert (said[13]["kind"], extra(files["13"])) == ("voice", {"stored_duration": 7})


def test_reaction_and_deleted(found, said):
    (reaction,) = found["reactions"]
    assert (reaction["person_id"], reaction["value"], reaction["chat_id"]) == (MILAN, "❤", f"{CHAT}2")
    assert reaction["reacted_at"] == datetime(2023, 3, 8, 18, 29, 40, tzinfo=UTC)
    assert (said[7]["kind"], said[7]["deleted"], said[7]["raw_kind"]) == ("deleted", True, "72")


def test_place_in_a_chat_with_a_single_member(found, said):
    assert (said[8]["latitude"], said[8]["longitude"], said[8]["kind"]) == (43.1367, 20.5122, "location")
    assert (said[8]["chat_name"], said[8]["chat_kind"]) == ("Скривен", "direct")
    (place,) = found["places"]
    assert (place["ref"], extra(place)["stored"]) == ("8", [43136700, 20512200])


def test_notes_to_oneself_and_what_is_gone(said):
    assert (said[9]["chat_id"], said[9]["sender_id"], said[9].get("chat_kind")) == (f"{CHAT}4", OWNER, None)
    assert (said[14]["chat_id"], said[14]["sender_id"], said[14]["text"]) == (
        f"{CHAT}99",
        "Contact/ContactID=77",
        "ko sam",
    )
    assert (said[500]["text"], said[500].get("sent_at"), said[500]["record"]) == (
        "bez događaja",
        None,
        "Messages/EventID=500",
    )


def test_other_kinds(said):
    assert (said[12]["kind"], extra(said[12])["link"]) == ("link", "https://example.org")
    assert (said[15]["kind"], said[15]["text"], extra(said[15])["meaning"]) == ("system", "Sastanak u pet", "pinned")
    assert (said[16]["kind"], said[16]["raw_kind"]) == ("unknown", "123")
    assert (said[11]["kind"], said[11]["raw_kind"]) == ("unknown", "Events.Type 7")


def test_calls(found):
    calls = {c["record"]: c for c in found["calls"]}
    call, lone = calls["Events/EventID=10"], calls["Calls/EventID=600"]
    assert (call["peer_id"], call["direction"], call["chat_id"]) == (MILAN, "incoming", f"{CHAT}1")
    assert call["started_at"] == datetime(2023, 3, 8, 18, 33, 40, tzinfo=UTC)
    assert extra(call) == {"stored_duration": 65, "type": 1, "status": 2, "event_type": 1, "token": 5010}
    assert (lone["call_id"], lone.get("started_at")) == ("600", None)


def test_call_with_a_message():
    found = read(SQL + "INSERT INTO Messages (EventID, Type, Body) VALUES (10, 1, 'poziv');")
    assert "Events/EventID=10" in {c["record"] for c in found["calls"]}
    assert {m["message_id"]: (m["kind"], m["text"]) for m in found["messages"] if m["message_id"] == "10"} == {
        "10": ("call", "poziv")
    }


def test_members_and_contacts(found):
    members = {(p["chat_id"], p["person_id"]): p for p in found["participants"]}
    assert len(members) == len(found["participants"]) == 8
    assert extra(members[f"{CHAT}2", OWNER]) == {"chat_token": "tok2", "chat_flags": 4, "device_owner": 1}
    assert members[f"{CHAT}2", "ContactID=66"]["record"] == "ChatRelation/ChatID=2 ContactID=66"
    contacts = {c["record"]: c for c in found["contacts"]}
    assert [contacts[f"Contact/ContactID={n}"]["person_id"] for n in (1, 2, 3, 4)] == [
        OWNER,
        MILAN,
        HIDDEN,
        "+905321234567",
    ]
    assert extra(contacts["Contact/ContactID=2"]) == {"client_name": "mikan"}


def test_account_from_the_name_of_the_folder():
    content = testing.database(OLD)
    found = testing.rows(desktop, content, name="ViberPC/38267999888/viber.db")
    (account,) = found["accounts"]
    assert (account["account_id"], account["phone"]) == (OWNER, OWNER)
    first, second, _ = found["messages"]
    assert (second["sender_id"], second["account_id"], first["sender_id"]) == (OWNER, OWNER, MILAN)


def test_schema_of_2014():
    found = read(OLD)
    assert "problems" not in found
    first, second, third = found["messages"]
    assert (first["sender_id"], first["sender_name"], first["text"]) == (MILAN, "Milan Vozač", "Zdravo")
    assert (first["chat_name"], first["chat_kind"]) == ("Milan Vozač", "direct")
    assert (second["direction"], second.get("sender_id"), second["text"]) == ("outgoing", None, "Здраво")
    assert extra(second)["other_side"] == MILAN
    assert (third["kind"], third["raw_kind"], third["sender_name"], third["chat_kind"]) == (
        "voice",
        "0",
        "Арбен",
        "group",
    )
    assert [(p["chat_id"], p["person_id"]) for p in found["participants"]] == [
        (f"{CHAT}1", MILAN),
        (f"{CHAT}2", MILAN),
        (f"{CHAT}2", ARBEN),
    ]
    contacts = {c["record"]: c for c in found["contacts"]}
    assert contacts["Contact/ContactID=1"]["phones"] == [MILAN, "+381649990000"]
    assert (contacts["OriginNumberInfo/Number=+381641112222"]["name"], len(contacts)) == ("mikan", 4)


def test_poisoned():
    poison = """
    UPDATE Messages SET Info = '{"quote":', Type = 'x', ClientFlag = 'y' WHERE EventID = 1;
    UPDATE Messages SET Info = X'FFFE', Body = X'00FF' WHERE EventID = 2;
    UPDATE Events SET TimeStamp = 9e300, Direction = X'00', Token = 'a', ContactLatitude = 'x' WHERE EventID = 5;
    UPDATE ChatInfo SET Name = '<img src=x onerror=alert(1)>' || char(8238), Flags = X'FF' WHERE ChatID = 2;
    UPDATE Contact SET Number = X'C328', Name = 5 WHERE ContactID = 2;
    INSERT INTO Contact VALUES (9, NULL, NULL, '+38267999888');
    """
    found = read(SQL + poison)
    rows = len(found["messages"]) + len(found["reactions"]) + len(found["calls"])
    assert rows == 16 + 2
    assert not any(" stopped: " in p["message"] for p in found["problems"])


def test_neither_schema():
    found = read(SQL.replace("ContactID INTEGER, SortOrder", "Whom INTEGER, SortOrder"))
    assert [p["kind"] for p in found.pop("problems")] == ["not_understood"]
    assert found == {}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("viber.db", random.Random(5).randbytes(8192), True),
        ("other.db", random.Random(5).randbytes(8192), False),
        ("viber.db", random.Random(5).randbytes(8193), False),
        ("viber.db", bytes(8192), False),
        ("viber.db", b"PK\x03\x04" + random.Random(5).randbytes(8188), False),
        ("viber.db", b"text " * 2048, False),
        ("viber.db", b"", False),
        ("viber.db", testing.database(SQL), False),
    ],
)
def test_encrypted(name, content, expected):
    with testing.placed(content, name=name) as file:
        assert is_ciphertext(file) is expected
    if expected:
        (problem,) = testing.rows(encrypted, content, name=name)["problems"]
        assert (problem["kind"], problem["record"]) == ("encrypted", "offset 0x0")


def test_promises():
    for sql in (SQL, OLD):
        assert [c for c in testing.check(desktop, testing.database(sql), name="viber.db") if c.fault] == []


NEWER = (
    SQL
    + """
ALTER TABLE Messages ADD COLUMN MembersReactions varchar(255);
ALTER TABLE Messages ADD COLUMN AdminsReactions varchar(255);
ALTER TABLE Messages ADD COLUMN SelfReaction varchar(10);
ALTER TABLE Messages ADD COLUMN PGLikeCount INTEGER;
CREATE TABLE LikeRelation (MessageToken INTEGER NOT NULL, LikeEventID INTEGER NOT NULL, primary key(MessageToken, LikeEventID));
INSERT INTO LikeRelation VALUES (5005, 6), (777, 9999);
UPDATE Messages SET MembersReactions = '{"1":2,"5":1,"9":1}', SelfReaction = '2', PGLikeCount = 3 WHERE EventID = 1;
UPDATE Messages SET MembersReactions = 'no JSON' WHERE EventID = 2;
"""
)


def test_reactions_of_newer_versions():
    """What a reaction belongs to is in a table of its own, which no public tool joins."""
    found = read(NEWER)
    [reaction] = found["reactions"]
    assert reaction["message_id"] == "5"
    rows = {int(m["message_id"]): m for m in found["messages"]}
    assert extra(rows[1])["reactions"] == {"❤️": 2, "😡": 1, "9": 1}
    assert (extra(rows[1])["own_reaction"], extra(rows[1])["likes"]) == ("😂", 3)
    assert extra(rows[2])["reactions"] == "no JSON"
    assert "problems" not in found
