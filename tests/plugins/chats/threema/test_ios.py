"""ThreemaData.sqlite of Threema for iOS."""

import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.threema.ios import messages

from forensics import testing

SQL = (Path(__file__).parent / "threema_ios.sql").read_text("utf-8")
GROUP = "9f00000000000001-DRAGAN01"


def read(sql: str = SQL) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name="ThreemaData.sqlite")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read()


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["record"] == f"ZMESSAGE/Z_PK={number}")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_received_keeps_both_times_and_fractions(found):
    """Another tool (IPED) reads ZDATE as a whole number: fractions are lost, and the time that the sender's device says."""
    one = message(found, 1)
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert one["received_at"] == datetime(2023, 11, 14, 22, 13, 22, 500000, tzinfo=UTC)
    assert (one["direction"], one["sender_id"], one["sender_name"], one["text"]) == (
        "incoming",
        "DRAGAN01",
        "Драган Илић",
        "Где си?",
    )
    assert (one["chat_id"], one["chat_name"], one["chat_kind"], one["message_id"]) == (
        "DRAGAN01",
        "Драган Илић",
        "direct",
        "00000000000000a1",
    )
    assert (one["kind"], one["raw_kind"], one["read_at"].minute) == ("text", "TextMessage", 15)


def test_sent_edited_message(found):
    sent = message(found, 2)
    assert (sent["direction"], sent["status"], sent["reply_to"], sent.get("sender_id")) == (
        "outgoing",
        "read",
        "00000000000000a1",
        None,
    )
    assert (sent["sent_at"].microsecond, "received_at" in sent, sent["edited"]) == (456000, False, True)
    assert extra(sent)["earlier_texts"] == [{"text": "Kod kuce", "until": "2023-11-14T22:16:39.000Z"}]


def test_unset_date_is_no_day_in_2001(found):
    """Another tool (IPED) shows 2001-01-01 for a message without a date."""
    odd = message(found, 4)
    assert {"sent_at", "received_at", "chat_name"} & odd.keys() == set()
    assert (odd["message_id"], odd["kind"], odd["raw_kind"], odd["direction"]) == (
        "ZMESSAGE/Z_PK=4",
        "unknown",
        "99",
        "unknown",
    )
    assert (odd["chat_id"], odd["sender_id"], odd["text"]) == ("ZCONVERSATION/Z_PK=3", "ZCONTACT/Z_PK=98", "=1+1")


def test_group(found):
    one = message(found, 3)
    assert (one["chat_id"], one["chat_name"], one["chat_kind"], one["account_id"]) == (
        GROUP,
        "Пут",
        "group",
        "MYSELF00",
    )
    assert (one["sender_id"], one["sender_name"]) == ("LAYLA123", "~ليلى")
    assert one["sent_at"] == one["received_at"]


def test_files_in_the_database_and_beside_it(found):
    photo, paper, video = found["attachments"]
    assert photo["stored_path"] == ".ThreemaData_SUPPORT/_EXTERNAL_DATA/1F2E3D4C-0000-4000-8000-00000000000A"
    assert (photo["name"], photo["mime"], photo["size"], photo["message_id"]) == (
        "slika.jpg",
        "image/jpeg",
        2048,
        "00000000000000a5",
    )
    assert (message(found, 5)["kind"], message(found, 5)["text"]) == ("image", "на мору")
    assert (paper["size"], extra(paper)["kept"], paper.get("stored_path"), message(found, 6)["kind"]) == (
        5,
        "in the database",
        None,
        "document",
    )
    assert (extra(video)["kept"], message(found, 7)["kind"]) == ("not downloaded", "video")


def test_no_key_comes_out(found):
    assert not re.search("deadbeef", repr(found), re.IGNORECASE)


def test_events_and_calls(found):
    made, missed = found["calls"]
    assert (made["duration_s"], made["outcome"], made["direction"], made["peer_id"]) == (
        65,
        "answered",
        "outgoing",
        "DRAGAN01",
    )
    assert (missed["outcome"], missed["direction"], missed.get("duration_s")) == ("missed", "incoming", None)
    renamed, unknown = message(found, 10), message(found, 11)
    assert (renamed["kind"], renamed["direction"], extra(renamed)) == (
        "system",
        "system",
        {"event": "group renamed", "argument": "Пут"},
    )
    assert (unknown["raw_kind"], unknown["kind"], extra(unknown)) == ("SystemMessage:77", "system", {})
    assert message(found, 8)["kind"] == "call"


def test_places(found):
    place, nowhere, text = (message(found, number) for number in (12, 13, 14))
    assert (place["kind"], place["latitude"], place["text"]) == ("location", 42.4411, "Kafić")
    assert ("latitude" in nowhere, nowhere["kind"]) == (False, "location")
    assert ("latitude" in text, text["kind"], text["deleted"]) == (False, "deleted", True)
    [point] = found["places"]
    assert (point["accuracy_m"], point["label"], point["ref"]) == (12.0, "Kafić", "00000000000000ac")


def test_columns_are_numbered_otherwise_in_other_versions():
    """Another tool (IPED) takes ZTYPE1 for the code of events: a database migrated on the device may have it in ZTYPE."""
    other = read(SQL.replace("ZTYPE1", "ZTYPE9").replace("ZTYPE", "ZTYPE1").replace("ZTYPE19", "ZTYPE"))
    assert [c.get("outcome") for c in other["calls"]] == ["answered", "missed"]


def test_reactions_members_contacts_owner(found):
    heart, own = found["reactions"]
    assert (heart["chat_id"], heart["message_id"], heart["person_id"], heart["value"]) == (
        GROUP,
        "00000000000000a3",
        "LAYLA123",
        "❤️",
    )
    assert (own["message_id"], extra(own)["device_owner"], "reacted_at" in own) == ("00000000000000a1", 1, False)
    assert [(p["chat_id"], p["person_id"]) for p in found["participants"]] == [
        (GROUP, "DRAGAN01"),
        (GROUP, "LAYLA123"),
        (GROUP, "ZCONTACT/Z_PK=98"),
        ("DRAGAN01", "DRAGAN01"),
    ]
    dragan, layla, nameless = found["contacts"]
    assert (dragan["phones"], dragan["username"], dragan["created_at"].year) == (["+38269000002"], "dragi", 2023)
    assert (layla["emails"], "created_at" in layla, nameless["person_id"]) == (
        ["layla@example.org"],
        False,
        "ZCONTACT/Z_PK=3",
    )
    assert found["accounts"][0]["account_id"] == "MYSELF00"
    assert "problems" not in found


def test_values_of_any_type():
    base = sqlite3.connect(":memory:")
    base.executescript(re.sub(r" PRIMARY KEY", "", SQL))
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = len(base.execute(f"PRAGMA table_info({table})").fetchall())
        for value in (b"\xff\x00", "[" * 9999, 1e300, -(2**63), float("inf"), 11):
            base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", [value] * columns)
    found = testing.rows(messages, bytes(base.serialize()), name="ThreemaData.sqlite")
    assert not [p for p in found["problems"] if "stopped" in p["message"]], found["problems"]


def test_promises():
    assert [c for c in testing.check(messages, testing.database(SQL), name="ThreemaData.sqlite") if c.fault] == []
