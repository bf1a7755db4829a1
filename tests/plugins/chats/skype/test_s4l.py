"""s4l databases of Skype 8."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.skype.s4l import s4l

from forensics import testing

SQL = (Path(__file__).parent / "s4l.sql").read_text("utf-8")
GROUP = "19:put@thread.skype"


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(s4l, testing.database(SQL), name="s4l-live:milan.db")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def message(found: dict, number: str) -> dict:
    return next(m for m in found["messages"] if m["record"] == f"messagesv12/nsp_pk={number}")


def test_received_and_sent(found):
    received, sent = message(found, "M1"), message(found, "M2")
    assert (received["chat_id"], received["chat_name"], received["chat_kind"]) == ("8:arben.k", "Arben", "direct")
    assert (received["direction"], received["sender_id"], received["sender_name"]) == ("incoming", "8:arben.k", "Arben")
    assert (received["kind"], received["raw_kind"], received["text"]) == ("text", "RichText", "kada & gde? :)")
    assert received["sent_at"] == datetime(2021, 9, 1, 5, 5, 0, 22000, tzinfo=UTC)
    assert extra(received)["content"] == 'kada &amp; gde? <ss type="smile">:)</ss>'
    assert extra(received)["composed_at"] == "2021-09-01T05:05:00.000000Z"
    assert (sent["direction"], sent["sender_name"], sent["account_id"]) == ("outgoing", "Milan Vozač", "live:milan")
    assert extra(sent) == {"properties": {"urlpreviews": "[]"}}


def test_shared_picture(found):
    [picture] = found["attachments"]
    assert message(found, "M3")["kind"] == "image"
    assert (picture["message_id"], picture["name"], picture["size"], picture["width"]) == (
        "m3",
        "granica.jpg",
        613177,
        640,
    )
    assert picture["url"] == "https://api.example.org/v1/objects/0-weu-d3"


def test_events(found):
    call, added = message(found, "M4"), message(found, "M5")
    assert (call["kind"], call["direction"], "text" in call) == ("call", "incoming", False)
    assert "<duration>61</duration>" in extra(call)["content"]
    assert (added["kind"], added["direction"], added["raw_kind"]) == ("system", "system", "ThreadActivity/AddMember")


def test_last_message_of_a_conversation_that_was_not_loaded(found):
    last = found["messages"][-1]
    assert last["record"] == f"conversationsv14/nsp_pk=C{GROUP} lastMessage"
    assert (last["chat_name"], last["chat_kind"], last["text"]) == ("Пут на север", "group", "тамо сам")
    assert [m["message_id"] for m in found["messages"] if "message_id" in m] == [
        "m1",
        "m2",
        "m3",
        "m4",
        "m5",
        "m6",
        "m9",
    ]


def test_unknown_stays_visible(found):
    strange, broken = message(found, "M6"), message(found, "M7")
    assert (strange["kind"], strange["raw_kind"], strange["direction"]) == ("unknown", "New/Kind", "unknown")
    assert (extra(strange)["content"], "sent_at" in strange) == ({"odd": [1]}, False)
    assert broken["kind"] == "unknown"
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("not_understood", "profilecachev8/nsp_pk=C8:bad"),
        ("not_understood", "messagesv12/nsp_pk=M7"),
        ("not_read", "calllogs"),
        ("not_understood", "messagesv12/nsp_pk=M6"),
    ]


def test_members(found):
    assert [(p["chat_id"], p["person_id"], p.get("name"), p.get("role")) for p in found["participants"]] == [
        ("8:arben.k", "8:arben.k", "Arben", None),
        (GROUP, "8:live:milan", "Milan Vozač", "admin"),
        (GROUP, "8:hasan", None, "User"),
    ]
    assert extra(found["participants"][1])["created_at"] == "2021-08-19T13:51:36.619000Z"


def test_contacts_and_account(found):
    milan, arben, _, hasan = found["contacts"]
    assert (milan["name"], milan["phones"], milan["emails"]) == (
        "Milan Vozač",
        ["+381641112222"],
        ["milan@example.org"],
    )
    assert (arben["person_id"], arben["name"], arben["note"]) == ("8:arben.k", "Arben", "na putu")
    assert (hasan["record"], hasan["name"]) == ("localaddressbookcontacts/nsp_pk=1", "Hasan Istanbul")
    [owner] = found["accounts"]
    assert (owner["account_id"], owner["username"], owner["is_owner"]) == ("8:live:milan", "live:milan", True)
    assert (owner["name"], owner["phone"], owner["email"]) == ("Milan Vozač", "+381641112222", "milan@example.org")


def test_promises():
    assert [c for c in testing.check(s4l, testing.database(SQL), name="s4l-live.db") if c.fault] == []


def test_tables_of_another_version():
    """The number in the name of a table grows with the app, and readers that name messagesv12 find nothing then."""
    other = (
        SQL.replace("messagesv12", "messagesv15")
        .replace("profilecachev8", "profilecachev10")
        .replace("alertsv12", "alertsv13")
    )
    found, before = (testing.rows(s4l, testing.database(sql), name="s4l-live:milan.db") for sql in (other, SQL))
    assert [m.get("text") for m in found["messages"]] == [m.get("text") for m in before["messages"]]
    assert len(found["contacts"]) == len(before["contacts"])
    assert found["messages"][0]["record"].startswith("messagesv15/")
    kinds = [sorted(p["kind"] for p in rows["problems"]) for rows in (found, before)]
    assert kinds[0] == kinds[1]


def test_both_versions_of_a_table():
    both = SQL + "CREATE TABLE messagesv13 (nsp_pk TEXT, nsp_data TEXT); INSERT INTO messagesv13 VALUES ('N1', '{}');"
    found = testing.rows(s4l, testing.database(both), name="s4l-live:milan.db")
    assert "messagesv13/nsp_pk=N1" in [m["record"] for m in found["messages"]]
