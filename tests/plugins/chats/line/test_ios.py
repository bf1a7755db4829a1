"""Databases of LINE for iOS."""

import json
import plistlib
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.line.ios import messages, reactions

from forensics import testing

LISTS = {
    4: plistlib.dumps({"OID": "o1", "ENC_KM": "deadbeef", "FILE_SIZE": "2048"}, fmt=plistlib.FMT_BINARY),
    5: plistlib.dumps(
        {
            "$archiver": "NSKeyedArchiver",
            "$version": 100000,
            "$top": {"root": plistlib.UID(1)},
            "$objects": ["$null",
                         {"NS.keys": [plistlib.UID(2)], "NS.objects": [plistlib.UID(3)], "$class": plistlib.UID(4)}, "STKID",
                         "42",
                         {"$classname": "NSDictionary", "$classes": ["NSDictionary", "NSObject"]}],
        },
        fmt=plistlib.FMT_BINARY,
    ),
    6: plistlib.dumps({"FILE_NAME": "račun.pdf", "FILE_SIZE": "5"}),
    10: b"bplist00 broken",
}  # fmt: skip
SQL = (Path(__file__).parent / "line_ios.sql").read_text("utf-8") + "".join(
    f"\nUPDATE ZMESSAGE SET ZCONTENTMETADATA = x'{one.hex()}' WHERE Z_PK = {number};" for number, one in LISTS.items()
)
REACTIONS = """CREATE TABLE ZMESSAGEREACTION (Z_PK INTEGER PRIMARY KEY, ZMESSAGEID VARCHAR, ZREACTORMID VARCHAR,
  ZREACTIONTYPE INTEGER, ZCHATMID VARCHAR, ZCREATEDAT TIMESTAMP, ZCUSTOMREACTION VARCHAR);
INSERT INTO ZMESSAGEREACTION VALUES (1, '101', 'u3', 3, 'u2', 721692810.5, NULL), (2, '101', 'u4', 99, 'u2', 0,
  NULL), (3, '102', NULL, 0, NULL, NULL, '{"x":1}');"""
GROUPS = """CREATE TABLE ZUNIFIEDGROUP (Z_PK INTEGER PRIMARY KEY, ZID VARCHAR, ZNAME VARCHAR);
INSERT INTO ZUNIFIEDGROUP VALUES (1, 'C9', 'Нова група');"""


def read(sql: str = SQL, beside: dict | None = None) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name="Line.sqlite", beside=beside or {})


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read()


def message(found: dict, number: int) -> dict:
    [one] = [m for m in found["messages"] if m["record"] == f"ZMESSAGE/Z_PK={number}"]
    return one


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_messages(found):
    """Another tool (iLEAPP) cuts the milliseconds off and does not say in which chat a message is."""
    one, sent, group = (message(found, number) for number in (1, 2, 3))
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert (one["direction"], one["sender_id"], one["sender_name"], one["text"]) == (
        "incoming",
        "u2",
        "Драган Илић",
        "Где си?",
    )
    assert (one["chat_id"], one["chat_name"], one["chat_kind"], one["message_id"]) == (
        "u2",
        "Драган Илић",
        "direct",
        "101",
    )
    assert (sent["direction"], extra(sent)["read_by"], "sender_id" in sent) == ("outgoing", 1, False)
    assert (group["chat_id"], group["chat_name"], group["sender_name"], group["text"]) == ("c1", "Пут", "ليلى", "=1+1")


def test_event_is_not_the_owners_message(found):
    """Another tool (iLEAPP) calls every message without a sender outgoing: events of a group have none either."""
    event = message(found, 7)
    assert (event["kind"], event["direction"], event["message_id"]) == ("system", "system", "ZMESSAGE/Z_PK=7")


def test_other_kinds(found):
    sticker, emptied, odd = (message(found, number) for number in (5, 8, 9))
    assert (sticker["kind"], extra(sticker)["metadata"]) == ("sticker", {"STKID": "42"})
    assert (emptied["kind"], extra(emptied)["content_is"]) == ("unknown", "emptied")
    assert (odd["chat_id"], odd["sender_id"], odd["kind"], "sent_at" in odd) == (
        "ZCHAT/Z_PK=97",
        "ZUSER/Z_PK=99",
        "unknown",
        False,
    )


def test_files_without_their_keys(found):
    photo, paper = found["attachments"]
    assert (photo["size"], extra(photo)["thumbnail_bytes"], message(found, 4)["kind"]) == (2048, 3, "image")
    assert (paper["name"], paper["size"], message(found, 6)["kind"]) == ("račun.pdf", 5, "document")
    assert "deadbeef" not in repr(found)


def test_places(found):
    place, [point] = message(found, 20), found["places"]
    assert (place["latitude"], place["longitude"], point["label"], point["ref"]) == (42.4411, 19.2636, "Kafić", "120")
    assert ["latitude" in message(found, number) for number in (21, 22)] == [False, False]


def test_members_contacts_drafts(found):
    assert [(p["chat_id"], p["person_id"], extra(p).get("invited")) for p in found["participants"]] == [
        ("r1", "u2", None),
        ("r1", "ZUSER/Z_PK=98", None),
        ("c1", "u2", None),
        ("c1", "u3", 1),
    ]
    dragan, layla, nobody, booked, nameless = found["contacts"]
    assert (dragan["name"], extra(dragan)["profile_name"], layla["name"], nobody["person_id"]) == (
        "Драган Илић",
        "dragan",
        "ليلى",
        "ZUSER/Z_PK=3",
    )
    assert (booked["phones"], booked["person_id"], "person_id" in nameless) == (["+38269000002"], "u2", False)
    [draft] = [m for m in found["messages"] if m.get("status") == "draft"]
    assert (draft["text"], draft["chat_id"]) == ("Сутра ћемо", "u2")


def test_broken_property_list(found):
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_understood", "ZMESSAGE/Z_PK=10")]
    assert message(found, 10)["text"] == "selam"


def test_names_of_groups_beside():
    named = read(beside={"UnifiedGroup.sqlite": testing.database(GROUPS)})
    assert message(named, 10)["chat_name"] == "Нова група"
    broken = read(beside={"UnifiedGroup.sqlite": b"SQLite format 3\0" + b"\xff" * 200})
    assert len(broken["messages"]) == len(named["messages"])
    assert "UnifiedGroup.sqlite" in [p["record"] for p in broken["problems"]]


def test_reactions():
    love, odd, custom = testing.rows(reactions, testing.database(REACTIONS), name="MessageExt.sqlite")["reactions"]
    assert love["reacted_at"] == datetime(2023, 11, 14, 22, 13, 30, 500000, tzinfo=UTC)
    assert (love["value"], love["person_id"], love["message_id"], love["chat_id"], extra(love)) == (
        "love",
        "u3",
        "101",
        "u2",
        {"type": "3"},
    )
    assert (odd["value"], "reacted_at" in odd, custom["value"], "person_id" in custom) == (
        "99",
        False,
        '{"x":1}',
        False,
    )


@pytest.mark.parametrize(
    ("parser", "sql", "name"), [(messages, SQL, "Line.sqlite"), (reactions, REACTIONS, "MessageExt.sqlite")]
)
def test_values_of_any_type(parser, sql, name):
    base = sqlite3.connect(":memory:")
    base.executescript(re.sub(r" PRIMARY KEY", "", sql))
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = len(base.execute(f"PRAGMA table_info({table})").fetchall())
        for value in (b"\xff\x00", "[" * 9999, 1e300, -(2**63), float("inf"), 11):
            base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", [value] * columns)
    found = testing.rows(parser, bytes(base.serialize()), name=name)
    assert not [p for p in found.get("problems", []) if "stopped" in p["message"]], found["problems"]


@pytest.mark.parametrize(
    ("parser", "sql", "name"), [(messages, SQL, "Line.sqlite"), (reactions, REACTIONS, "MessageExt.sqlite")]
)
def test_promises(parser, sql, name):
    assert [c for c in testing.check(parser, testing.database(sql), name=name) if c.fault] == []
