"""store.wiredatabase of Wire for iOS."""

import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.wire.ios import messages

from forensics import testing

from .proto import field, generic

ORIGINAL = (
    field(1, "image/jpeg")
    + field(2, 2048)
    + field(3, "slika.jpg")
    + field(4, field(1, 640) + field(2, 480))
    + field(8, "на мору")
)
UPLOADED = field(1, b"KEY") + field(2, b"\xaa" * 32) + field(3, "3-asset")
TEXT = field(1, "Где си? https://example.org") + field(3, field(1, "https://example.org") + field(2, 8))
CONTENTS = [
    (1, generic(2, TEXT + field(4, field(1, 0) + field(2, 3) + field(3, "00000000-0000-4000-8000-000000000001")))),
    (2, generic(15, field(1, "old") + field(2, field(1, "Kod kuće")))),
    (3, generic(2, field(1, "selam"))),
    (5, generic(11, field(1, ORIGINAL))),
    (5, generic(11, field(4, UPLOADED))),
    (6, generic(13, field(1, 19.2636) + field(2, 42.4411) + field(3, "Kafić"))),
    (7, generic(18, field(1, 30000) + field(2, field(1, "=1+1")))),
]
CHAT = "00000000-0000-4000-8000-00000000c001"
GROUP = "00000000-0000-4000-8000-00000000c002"
PERSON = "00000000-0000-4000-8000-00000000000"
ASSETS = (5,)


def script(contents=CONTENTS) -> str:
    rows = [f"({n}, NULL)" for n, _ in contents]
    values = ", ".join(
        f"({'NULL' if n not in ASSETS else n}, {'NULL' if n in ASSETS else n}, x'{blob.hex()}')" for n, blob in contents
    )
    assert rows
    text = (Path(__file__).parent / "wire_ios.sql").read_text("utf-8")
    return text + f"\nINSERT INTO ZGENERICMESSAGEDATA (ZASSET, ZMESSAGE, ZDATA) VALUES {values};"


def read(sql: str) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name="store.wiredatabase")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read(script())


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["record"] == f"ZMESSAGE/Z_PK={number}")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_text_is_as_it_was_written(found):
    """Another tool (iLEAPP) shows the text that the app prepares for its search: lower case, no accents."""
    one, sent = message(found, 1), message(found, 2)
    assert one["text"] == "Где си? https://example.org"
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert (one["direction"], one["sender_id"], one["sender_name"], one["chat_id"]) == (
        "incoming",
        PERSON + "2",
        "Драган Илић",
        CHAT,
    )
    assert (one["chat_name"], one["chat_kind"], one["account_id"]) == ("Драган Илић", "direct", PERSON + "1")
    assert extra(one)["links"] == ["https://example.org"]
    assert extra(one)["mentions"] == [{"start": 0, "length": 3, "person": PERSON + "1"}]
    assert (sent["text"], sent["direction"], sent["status"], sent["edited"]) == ("Kod kuće", "outgoing", "sent", True)
    assert (sent["reply_to"], sent["kind"]) == (one["message_id"], "text")


def test_no_message_is_left_out(found):
    """Another tool (iLEAPP) leaves out messages whose category is 1 or not set."""
    assert len(found["messages"]) == 17 + 1
    assert (message(found, 3)["text"], message(found, 3)["chat_name"]) == ("selam", "Пут")
    prepared = message(found, 4)
    assert (prepared["text"], prepared["sender_id"]) == ("samo za pretragu", "ZUSER/Z_PK=98")
    assert extra(prepared)["text_is"] == "as prepared for the app's search"
    odd = message(found, 8)
    assert (odd["chat_id"], odd["message_id"], odd["raw_kind"], odd["kind"]) == (
        "ZCONVERSATION/Z_PK=97",
        "ZMESSAGE/Z_PK=8",
        "99",
        "unknown",
    )
    assert {"sent_at", "sender_id", "text"} & odd.keys() == set()


def test_category_is_a_sum_of_bits(found):
    """Another tool (iLEAPP) compares it with single numbers: a picture that the owner liked is none to it."""
    liked = message(found, 5)
    assert (liked["kind"], liked["text"], extra(liked)["category"]) == ("image", "на мору", 520)
    bare = read(script([c for c in CONTENTS if c[0] != 5]))
    assert message(bare, 5)["kind"] == "image"


def test_file(found):
    [photo] = found["attachments"]
    assert (photo["name"], photo["mime"], photo["size"], photo["width"], photo["height"]) == (
        "slika.jpg",
        "image/jpeg",
        2048,
        640,
        480,
    )
    assert (photo["caption"], extra(photo)) == ("на мору", {"asset_id": "3-asset", "ciphertext_sha256": "aa" * 32})
    assert "KEY" not in repr(found)
    assert b"KEY".hex() not in repr(found)


def test_place(found):
    place, [point] = message(found, 6), found["places"]
    assert (place["latitude"], place["longitude"]) == pytest.approx((42.4411, 19.2636), abs=1e-5)
    assert (place["kind"], place["text"]) == ("location", "Kafić")
    assert (point["ref"], point["label"]) == (place["message_id"], "Kafić")


def test_timed_hidden_and_old_messages(found):
    timed, hidden, old = message(found, 7), message(found, 9), message(found, 17)
    assert (timed["text"], extra(timed)["disappears_after_s"]) == ("=1+1", 30.0)
    assert (hidden["kind"], hidden["deleted"], hidden["chat_id"], extra(hidden)["hidden"]) == (
        "deleted",
        True,
        CHAT,
        True,
    )
    assert (old["text"], old["status"], old["kind"]) == ("Стара порука", "failed", "text")


def test_events_and_calls(found):
    missed, made = found["calls"]
    assert (missed["outcome"], missed["direction"], missed["peer_name"]) == ("missed", "incoming", "Драган Илић")
    assert (made["outcome"], made["direction"], made["duration_s"], made["peer_id"]) == (
        "answered",
        "outgoing",
        65.5,
        PERSON + "2",
    )
    renamed, added, deleted, device, unknown = (message(found, number) for number in (12, 13, 14, 15, 16))
    assert (renamed["kind"], renamed["direction"], renamed["text"]) == ("system", "system", "Пут")
    assert extra(renamed) == {"category": 2048, "event": "conversation renamed"}
    assert extra(added)["people"] == ["ليلى", "ZUSER/Z_PK=98"]
    assert (deleted["kind"], deleted["deleted"], extra(device)["event"]) == ("deleted", True, "new device")
    assert (unknown["kind"], unknown["raw_kind"], extra(unknown)) == ("system", "SystemMessage:200", {"category": 2048})


def test_codes_of_events_moved_in_2023():
    """All codes above 1 moved up by one, in a database that holds events of before: both readings are given."""
    newer = read(script().replace("ZMESSAGETIMER FLOAT", "ZMESSAGETIMER FLOAT, ZDOMAINS BLOB"))
    assert [(c["record"], c["outcome"]) for c in newer["calls"]] == [
        ("ZMESSAGE/Z_PK=10", "missed"),
        ("ZMESSAGE/Z_PK=11", "answered"),
        ("ZMESSAGE/Z_PK=15", "missed"),
    ]
    renamed = extra(message(newer, 12))
    assert (renamed["event"], renamed["event_if_stored_before_2023"]) == (
        "participants removed",
        "conversation renamed",
    )
    assert message(newer, 14)["kind"] == "deleted"
    assert "event_if_stored_before_2023" not in extra(message(newer, 13))


def test_reactions_receipts_members(found):
    """Of one reaction of two people come two rows, and none is lost for want of people."""
    own, layla, nobody = found["reactions"]
    assert (own["person_id"], layla["person_id"], own["value"]) == (PERSON + "1", PERSON + "3", "❤️")
    assert (nobody["value"], extra(nobody), "person_id" in nobody, "reacted_at" in nobody) == (
        "👍",
        {"people": 0},
        False,
        False,
    )
    delivered, seen = found["receipts"]
    assert ("delivered_at" in delivered, "read_at" in delivered, seen["read_at"].second) == (True, False, 40)
    assert [(p["chat_id"], p["person_id"], p.get("role")) for p in found["participants"]] == [
        (CHAT, PERSON + "1", None),
        (CHAT, PERSON + "2", None),
        (GROUP, PERSON + "1", "wire_admin"),
        (GROUP, PERSON + "2", "wire_member"),
        (GROUP, "ZUSER/Z_PK=98", None),
        (GROUP, PERSON + "3", None),
    ]


def test_people(found):
    own, dragan, layla, nameless = found["contacts"]
    assert [device["id"] for device in extra(own)["devices"]] == ["abc1", "abc2"]
    assert (dragan["phones"], dragan["username"], extra(dragan)["connection"]) == (
        ["+38269000002"],
        "dragan",
        "accepted",
    )
    assert extra(dragan)["connection_message"] == "Здраво"
    assert (layla["blocked"], nameless["person_id"], "name" in nameless) == (True, "ZUSER/Z_PK=4", False)
    [owner] = found["accounts"]
    assert (owner["account_id"], owner["email"], owner["is_owner"]) == (PERSON + "1", "ja@example.org", True)


def test_drafts(found):
    draft = next(m for m in found["messages"] if m.get("status") == "draft")
    assert (draft["text"], draft["chat_id"], "sent_at" in draft) == ("Сутра ћемо", CHAT, False)
    assert [p["record"] for p in found["problems"]] == ["ZCONVERSATION/Z_PK=2"]


def test_encrypted_and_broken_content():
    sealed = read(script() + "UPDATE ZGENERICMESSAGEDATA SET ZNONCE = x'01', ZDATA = x'FFEE' WHERE ZMESSAGE = 1;")
    assert "text" not in message(sealed, 1) or extra(message(sealed, 1))["text_is"]
    assert [p["kind"] for p in sealed["problems"] if p["record"] == "ZGENERICMESSAGEDATA"] == ["encrypted"]
    broken = read(script() + "UPDATE ZGENERICMESSAGEDATA SET ZDATA = x'FFEE' WHERE ZMESSAGE = 1;")
    assert [p["kind"] for p in broken["problems"] if p["record"] == "ZMESSAGE/Z_PK=1"] == ["not_understood"]
    assert message(broken, 1)["text"] == "gde si?"


def test_other_numbers_of_kinds():
    other = read(script().replace("Z_17", "Z_22").replace("Z_20USERS", "Z_31USERS"))
    assert len(other["reactions"]) == 3


def test_values_of_any_type():
    base = sqlite3.connect(":memory:")
    base.executescript(re.sub(r" PRIMARY KEY", "", script()))
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = len(base.execute(f"PRAGMA table_info({table})").fetchall())
        for value in (b"\xff\x00", "[" * 9999, 1e300, -(2**63), float("inf"), 11):
            base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", [value] * columns)
    found = testing.rows(messages, bytes(base.serialize()), name="store.wiredatabase")
    assert not [p for p in found["problems"] if "stopped" in p["message"]], found["problems"]


def test_promises():
    assert [c for c in testing.check(messages, testing.database(script()), name="store.wiredatabase") if c.fault] == []
