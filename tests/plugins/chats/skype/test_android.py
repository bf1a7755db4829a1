"""live:<account>.db of Skype for Android."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.skype.android import skype

from forensics import testing
from forensics.identify import identify
from forensics.plugins import Registry

SQL = (Path(__file__).parent / "android.sql").read_text("utf-8")
NAME, GROUP = "live:milan.db", "19:abc@thread.skype"


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(skype, testing.database(SQL), name=NAME)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_messages(found):
    sent, received = found["messages"][:2]
    assert (sent["direction"], sent["text"], sent["kind"], sent["account_id"]) == (
        "outgoing",
        "stižemo sutra",
        "text",
        "live:milan",
    )
    assert sent["sent_at"] == datetime(2020, 7, 11, 11, 24, 0, 305000, tzinfo=UTC)
    assert (received["sender_id"], received["sender_name"], received["text"]) == ("live:arben", "Arben D.", "باشه")
    assert (received["chat_id"], received["chat_name"], received["chat_kind"]) == ("live:arben", "Arben D.", "direct")


def test_conversation_without_contact_stays(found):
    """ALEAPP and Autopsy join messages to contacts and groups: a conversation that is neither is lost."""
    lost = found["messages"][4]
    assert (lost["chat_id"], lost["direction"], lost["raw_kind"], lost["text"]) == (
        "live:nestao",
        "unknown",
        "99",
        "<b>=1+1\u202e",
    )
    assert ("sent_at" in lost, "chat_kind" in lost, "sender_id" in lost) == (False, False, False)


def test_conversation_that_is_contact_and_group_is_not_doubled(found):
    """The same join gives each message twice where its conversation is listed as both."""
    assert len(found["messages"]) == 6
    assert "problems" not in found


def test_calls(found):
    received, made = found["calls"]
    assert (received["direction"], received["peer_id"], received["peer_name"]) == ("incoming", "live:arben", "Arben D.")
    assert ("duration_s" in received, extra(received)) == (False, {"duration": 84})
    assert (made["direction"], made["members"], "peer_id" in made) == ("outgoing", ["live:arben", "live:hasan"], False)
    assert [m["kind"] for m in found["messages"]] == ["text", "text", "call", "unknown", "text", "call"]


def test_file(found):
    (picture,) = found["attachments"]
    assert (picture["message_id"], picture["name"]) == ("4", "granica.jpg")
    assert picture["stored_path"] == "/storage/emulated/0/DCIM/granica.jpg"


def test_people(found):
    assert [(p["chat_id"], p["person_id"], p.get("name")) for p in found["participants"]] == [
        (GROUP, "live:arben", "Arben D."),
        (GROUP, "live:hasan", None),
        ("live:arben", "live:arben", "Arben D."),
    ]
    assert [(c["person_id"], c.get("name")) for c in found["contacts"]] == [
        ("live:arben", "Arben D."),
        ("live:hasan", None),
    ]
    assert [(a["account_id"], a["name"], a["is_owner"]) for a in found["accounts"]] == [("live:milan", "Милан", True)]


def test_few_columns_and_tables():
    sql = """
    CREATE TABLE person (entry_id TEXT);
    CREATE TABLE chatitem (time, content, person_id, conversation_link, message_type, is_sender_me);
    INSERT INTO chatitem VALUES (1594466640305, 'zdravo', 'a', 'a', 1, 0);
    """
    found = testing.rows(skype, testing.database(sql), name=NAME)
    assert (found["messages"][0]["text"], found.keys()) == ("zdravo", {"messages"})


def test_values_of_any_type():
    sql = (
        SQL
        + "UPDATE chatitem SET content = x'ff', time = 'x', message_type = 1e300, is_sender_me = x'01', file_name = 5;"
    )
    found = testing.rows(skype, testing.database(sql), name=NAME)
    assert len(found["messages"]) == 6
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]


def test_claimed_under_any_name():
    with testing.placed(testing.database(SQL), name="renamed") as file:
        assert [look.known.declaration.name for look in identify(file, Registry()).looks if look.claim >= 2] == [
            "skype.android"
        ]


def test_promises():
    assert [c for c in testing.check(skype, testing.database(SQL), name=NAME) if c.fault] == []
