"""threema4.db of Threema for Android, decrypted."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from forensics_plugins.chats.threema.android import messages

from forensics import testing

SQL = (Path(__file__).parent / "threema4.sql").read_text("utf-8")
NEWER = (Path(__file__).parent / "threema4_newer.sql").read_text("utf-8")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(SQL), name="threema4.db")


def test_messages(found):
    received, sent, place, odd, group, homeless = found["messages"]
    assert (received["direction"], received["sender_id"], received["sender_name"], received["text"]) == (
        "incoming",
        "DRAGAN01",
        "Драган",
        "Где си?",
    )
    assert (received["chat_id"], received["chat_name"], received["record"]) == ("DRAGAN01", "Драган", "message/id=1")
    assert (received["sent_at"].microsecond, received["received_at"].second) == (123000, 22)
    assert (sent["direction"], sent.get("sender_id"), sent["read_at"].minute) == ("outgoing", None, 15)
    assert (place["kind"], place["latitude"], found["places"][0]["accuracy_m"]) == ("location", 42.44, 5.0)
    assert (odd["message_id"], odd["raw_kind"], odd["kind"], odd["direction"], "sent_at" in odd) == (
        "u4",
        "99",
        "unknown",
        "unknown",
        False,
    )
    assert (group["chat_id"], group["chat_name"], group["sender_name"], group["chat_kind"]) == (
        "9f-DRAGAN01",
        "Пут",
        "~ليلى",
        "group",
    )
    assert (homeless["chat_id"], homeless["text"]) == ("groupId=98", "bez grupe")
    assert "problems" not in found


def test_reactions_members_contacts(found):
    assert {
        (r["chat_id"], r["message_id"], r["person_id"], r["value"]) for r in found["reactions"] if "chat_id" in r
    } == {
        ("9f-DRAGAN01", "b1", "DRAGAN01", "👍"),
        ("DRAGAN01", "a1", "MYSELF00", "❤️"),
        ("9f-DRAGAN01", "b1", "DRAGAN01", "😀"),
    }
    [lost] = [r for r in found["reactions"] if "chat_id" not in r]
    assert (lost["message_id"], "reacted_at" in lost) == ("message/id=77", False)
    assert [(m["chat_id"], m["person_id"], m["role"]) for m in found["participants"]] == [
        ("9f-DRAGAN01", "DRAGAN01", "creator"),
        ("9f-DRAGAN01", "LAYLA123", "member"),
        ("groupId=98", "X", "member"),
    ]
    assert [c["name"] for c in found["contacts"]] == ["Драган", "~ليلى"]


@pytest.fixture(scope="module")
def newer() -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(SQL + NEWER), name="threema4.db")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_texts_before_an_edit(newer):
    said = {m["record"]: extra(m).get("earlier_texts") for m in newer["messages"]}
    assert said["message/id=1"] == [
        {"text": "Где?", "at_ms": "1700000010000"},
        {"text": "Где си", "at_ms": "1700000020000"},
    ]
    assert (said["message/id=2"], said["m_group_message/id=1"]) == (None, [{"text": None, "at_ms": "1700000310000"}])


def test_polls(newer):
    poll = next(m for m in newer["messages"] if m["kind"] == "poll")
    assert (poll["text"], poll["chat_id"], extra(poll)["poll"]["choices"]) == (
        "Када?",
        "9f-DRAGAN01",
        ["данас", "сутра"],
    )
    taken, left, alone = [r for r in newer["reactions"] if r["record"].startswith("ballot_vote")]
    assert (taken["message_id"], taken["chat_id"], taken["person_id"], taken["value"]) == (
        "b3",
        "9f-DRAGAN01",
        "LAYLA123",
        "сутра",
    )
    assert taken["reacted_at"].minute == 22
    assert ("value" in left, extra(left)["not_taken"], left["reacted_at"].second) == (False, "данас", 50)
    assert (alone["chat_id"], "message_id" in alone, extra(alone)["question"]) == ("LAYLA123", False, "Gdje?")


def test_creator_who_is_no_member(newer):
    [creator] = [p for p in newer["participants"] if p["role"] == "creator"]
    assert (creator["person_id"], creator["chat_id"], creator["record"]) == ("DRAGAN01", "9f-DRAGAN01", "m_group/id=5")
    assert "problems" not in newer


def test_values_of_any_type():
    base = sqlite3.connect(":memory:")
    base.executescript(re.sub(r" PRIMARY KEY AUTOINCREMENT| NOT NULL", "", SQL + NEWER))
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = len(base.execute(f"PRAGMA table_info({table})").fetchall())
        for value in (b"\xff\x00", "[" * 9999, 1e300, -(2**63), float("inf"), 9):
            base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", [value] * columns)
    found = testing.rows(messages, bytes(base.serialize()), name="threema4.db")
    assert not [p for p in found["problems"] if "stopped" in p["message"]], found["problems"]
    assert len(found["messages"]) == 19


def test_promises():
    assert [c for c in testing.check(messages, testing.database(SQL + NEWER), name="threema4.db") if c.fault] == []
