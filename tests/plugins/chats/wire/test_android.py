"""The database of Wire for Android until 2021."""

import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.wire.android import messages

from forensics import testing

from .proto import field, generic

PLACE = generic(13, field(1, 19.2636) + field(2, 42.4411) + field(3, "Kafić"))
FILE = generic(11, field(1, field(1, "application/pdf") + field(2, 5) + field(3, "račun.pdf"))) + generic(
    11, field(4, field(1, b"KEY") + field(3, "3-x"))
)
WHOLE = generic(2, field(1, "види  https://example.org\n=1+1"))
NAME = "00000000-0000-4000-8000-000000000001"


def script() -> str:
    text = (Path(__file__).parent / "wire_android.sql").read_text("utf-8")
    return text + "".join(
        f"\nUPDATE Messages SET protos = x'{blob.hex()}' WHERE _id = '{one}';"
        for one, blob in (("m8", PLACE), ("a2", FILE), ("m1", generic(2, field(1, "Где си?"))), ("m7", b"\xff\xee"))
    )


def read(sql: str) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name=NAME)


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read(script())


def message(found: dict, number: str) -> dict:
    [one] = [m for m in found["messages"] if m["message_id"] == number]
    return one


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_messages(found):
    one, sent = message(found, "m1"), message(found, "m2")
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert (one["direction"], one["sender_name"], one["chat_id"], one["chat_name"]) == (
        "incoming",
        "Драган Илић",
        "dragan",
        "Драган Илић",
    )
    assert (one["chat_kind"], one["account_id"], one["text"], "edited_at" in one) == ("direct", "me", "Где си?", False)
    assert (sent["direction"], sent["status"], sent["edited"], sent["reply_to"]) == (
        "outgoing",
        "DELIVERED",
        True,
        "m1",
    )
    assert extra(sent)["earlier_ids"] == ["m2-first"]
    assert extra(sent)["mentions"] == [{"user_id": "dragan", "start": 0, "length": 3}]
    assert extra(sent)["device_time_ms"] == 1700000060100


def test_all_parts_of_a_text(found):
    """Another tool (ALEAPP) shows the first part alone: what stands behind a link is lost."""
    rich, composite = message(found, "m3"), message(found, "m4")
    assert (rich["text"], rich["chat_name"], rich["kind"]) == ("види https://example.org =1+1", "Пут", "text")
    assert extra(rich)["links"] == ["https://example.org"]
    assert (composite["text"], composite["sender_id"], "sender_name" in composite) == ("prvo\ndrugo", "bot", False)
    whole = read(script() + f"UPDATE Messages SET protos = x'{WHOLE.hex()}' WHERE _id = 'm3';")
    assert message(whole, "m3")["text"] == "види  https://example.org\n=1+1"


def test_one_row_for_a_message_with_two_likes(found):
    """Another tool (ALEAPP) gives one row for each like, and tells nothing of one that was taken back."""
    assert len([m for m in found["messages"] if m["message_id"] == "m1"]) == 1
    assert [(r["message_id"], r["person_id"], r["value"]) for r in found["reactions"]] == [
        ("m1", "me", "like"),
        ("m1", "layla", "like"),
        ("m2", "dragan", "unlike"),
    ]
    assert extra(found["reactions"][2]) == {"taken_back": 1}


def test_deleted_messages(found):
    recalled, gone = message(found, "m5"), message(found, "m0")
    assert (recalled["kind"], recalled["deleted"], recalled["deleted_at"].second) == ("deleted", True, 46)
    assert (gone["kind"], gone["direction"], "chat_id" in gone, gone["deleted_at"].second) == (
        "deleted",
        "unknown",
        False,
        45,
    )


def test_odd_messages(found):
    odd, knock = message(found, "m6"), message(found, "m7")
    assert (odd["chat_id"], odd["kind"], odd["raw_kind"], "sent_at" in odd) == ("lost", "unknown", "Future", False)
    assert (knock["kind"], extra(knock)["knock"]) == ("unknown", 1)
    assert {p["record"]: p["kind"] for p in found["problems"]} == {
        "Messages/_id=m6": "not_understood",
        "Messages/_id=m7": "not_understood",
    }


def test_place(found):
    place, [point] = message(found, "m8"), found["places"]
    assert (place["latitude"], place["longitude"]) == pytest.approx((42.4411, 19.2636), abs=1e-5)
    assert (place["text"], point["label"], point["ref"]) == ("Kafić", "Kafić", "m8")


def test_files_without_their_keys(found):
    photo, paper = found["attachments"]
    assert (photo["name"], photo["mime"], photo["size"], photo["width"], photo["height"]) == (
        "slika.jpg",
        "image/jpeg",
        2048,
        640,
        480,
    )
    assert extra(photo) == {"asset": "as1", "ciphertext_sha256": "aabb", "source": '{"uri":"file:///x"}'}
    assert (paper["name"], paper["mime"], paper["size"], extra(paper)["asset"]) == (
        "račun.pdf",
        "application/pdf",
        5,
        "raw_9",
    )
    assert not re.search("deadbeef|KEY", repr(found))
    timed = message(found, "a1")
    assert (timed["kind"], extra(timed)["disappears_after_s"], timed["expires_at"].year) == ("image", 10.0, 2023)
    assert (message(found, "a2")["chat_name"], message(found, "a2")["kind"]) == ("ليلى", "document")


def test_events_and_calls(found):
    joined, renamed, timer = message(found, "s1"), message(found, "s2"), message(found, "s5")
    assert (joined["kind"], joined["direction"], extra(joined)["people"]) == ("system", "system", ["dragan", "layla"])
    assert (renamed["text"], extra(timer)["timer_s"]) == ("Пут", 3600.0)
    missed, made = found["calls"]
    assert (missed["outcome"], missed["direction"], missed["peer_id"], "duration_s" in missed) == (
        "missed",
        "incoming",
        "dragan",
        False,
    )
    assert (made["outcome"], made["direction"], made["duration_s"], made["peer_name"]) == (
        "answered",
        "outgoing",
        65.5,
        "Драган Илић",
    )


def test_people(found):
    own, dragan, layla, nobody = found["contacts"]
    assert (own["emails"], extra(own)["device_owner"], found["accounts"][0]["account_id"]) == (
        ["ja@example.org"],
        1,
        "me",
    )
    assert (dragan["phones"], dragan["username"], extra(dragan)["connection_message"]) == (
        ["+38269000002"],
        "@dragan",
        "Здраво",
    )
    assert (layla["blocked"], extra(layla)["account_deleted"], "name" in nobody) == (True, "1", False)
    assert [(p["chat_id"], p["person_id"], p.get("role")) for p in found["participants"]][:3] == [
        ("g1", "me", "wire_admin"),
        ("g1", "dragan", "wire_member"),
        ("g1", "gone", None),
    ]
    [receipt] = found["receipts"]
    assert (receipt["message_id"], receipt["person_id"], receipt["chat_id"]) == ("m2", "dragan", "dragan")


def test_older_schema():
    """Releases before 2019 have no table Assets2, no timers and no quotes."""
    older = re.sub(
        r"CREATE TABLE (Assets2|ReadReceipts|EditHistory) .*?;\nINSERT INTO \1 .*?;\n", "", script(), flags=re.DOTALL
    )
    older += "".join(f"ALTER TABLE Messages DROP COLUMN {name};" for name in ("quote", "expiry_time", "asset_id"))
    assert len(read(older)["messages"]) == 16


def test_values_of_any_type():
    base = sqlite3.connect(":memory:")
    base.executescript(re.sub(r" PRIMARY KEY|, PRIMARY KEY \(.*?\)", "", script()))
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = len(base.execute(f"PRAGMA table_info({table})").fetchall())
        for value in (b"\xff\x00", "[" * 9999, 1e300, -(2**63), float("inf"), 11):
            base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", [value] * columns)
    found = testing.rows(messages, bytes(base.serialize()), name=NAME)
    assert not [p for p in found["problems"] if "stopped" in p["message"]], found["problems"]


def test_promises():
    assert [c for c in testing.check(messages, testing.database(script()), name=NAME) if c.fault] == []
