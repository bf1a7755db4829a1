"""TikTok for iOS: db.sqlite of ChatFiles and AwemeIM.db."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.tiktok.ios import messages, people

from forensics import testing

HERE = Path(__file__).parent
CHATS = testing.database((HERE / "ios.sql").read_text("utf-8"))
PEOPLE = testing.database((HERE / "aweme.sql").read_text("utf-8"))
NAME = "Library/Application Support/ChatFiles/7001/db.sqlite"


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(messages, CHATS, name=NAME)


@pytest.fixture(scope="module")
def said(found) -> dict[str, dict]:
    return {row["message_id"]: row for row in found["messages"]}


def test_received_and_sent(said):
    one, two = said["m1"], said["m2"]
    assert (one["text"], one["direction"], one["sender_id"], one["account_id"]) == (
        "Здраво",
        "incoming",
        "7002",
        "7001",
    )
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 500000, tzinfo=UTC)  # the fraction is kept
    assert extra(one) == {"server_at": "2023-11-14T22:13:21.000Z"}
    assert (one["chat_kind"], one["deleted"], one["raw_kind"]) == ("direct", False, "7")
    assert (two["direction"], two["sent_at"]) == (
        "outgoing",
        datetime(2023, 11, 14, 22, 15, tzinfo=UTC),
    )  # milliseconds


def test_messages_without_the_people_are_read(found):
    """Other tools need AwemeIM.db, and give nothing where it is missing."""
    assert len(found["messages"]) == 6


def test_sticker_with_an_empty_video(said):
    assert (said["m3"]["kind"], said["m3"]["deleted"]) == ("sticker", True)
    assert said["m3"]["sent_at"] == datetime(2023, 11, 14, 22, 16, 40, tzinfo=UTC)  # the server's, as the device's is 0


def test_odd_rows(found, said):
    notice, odd = said["m4"], said["m5"]
    assert (notice["kind"], notice["text"], "sent_at" in notice, "chat_id" in notice) == (
        "system",
        "sistem",
        False,
        False,
    )
    assert (odd["kind"], odd["sender_id"], extra(odd)["content"], "sent_at" in odd) == (
        "unknown",
        "8888",
        "ff00",
        False,
    )
    assert {p["record"] for p in found["problems"]} == {"TIMMessageORM/m5"}


def test_copies_of_answered_messages(said):
    """What the app keeps of an answered message can outlive it: other tools show the table apart, or not at all."""
    assert {key: extra(said["m2"])[key] for key in ("quoted_id", "quoted_sender", "quoted_text")} == {
        "quoted_id": "m1",
        "quoted_sender": 7002,
        "quoted_text": "Здраво",
    }
    remains = said["gone"]
    assert (remains["kind"], extra(remains)["quoted_text"]) == ("unknown", "obrisano pismo")
    assert remains["record"] == "TIMMessageKVORM/rowid=2"


def test_members_and_owner(found):
    assert [(p["chat_id"], p["person_id"]) for p in found["participants"]] == [("c1", "7001"), ("c1", "7002")]
    assert found["accounts"][0]["account_id"] == "7001"


def test_names_from_the_other_database():
    """Readers that join only one version's table leave most senders without a name."""
    sql = """
    CREATE TABLE AwemeContactsV5 (uid TEXT, customID TEXT, nickname TEXT);
    CREATE TABLE AwemeContactsV3 (uid INTEGER, customID TEXT, nickname TEXT);
    INSERT INTO AwemeContactsV5 VALUES ('7002', 'mira.c', 'Мира нова'), ('8888', 'samo_ime', '');
    INSERT INTO AwemeContactsV3 VALUES (7002, 'mira.c', 'Мира стара'), (7001, 'nenad', 'Nenad'), (9, NULL, NULL);
    """
    root = "private/var/mobile/Containers/Data/Application/A0"
    beside = {f"{root}/Documents/AwemeIM.db": testing.database(sql)}
    found = testing.rows(messages, CHATS, name=f"{root}/{NAME}", beside=beside)
    names = {row["message_id"]: row.get("sender_name") for row in found["messages"]}
    assert names == {"m1": "Мира нова", "m2": "Nenad", "m3": "Мира нова", "m4": None, "m5": "samo_ime", "gone": None}
    assert [row["name"] for row in found["participants"]] == ["Nenad", "Мира нова"]
    assert found["accounts"][0]["name"] == "Nenad"


@pytest.mark.parametrize(
    "odd", [b"", b"SQLite format 3\0 cut", testing.database("CREATE TABLE AwemeContactsV5 (uid);")]
)
def test_people_that_cannot_be_read(odd):
    found = testing.rows(messages, CHATS, name=NAME, beside={"Documents/AwemeIM.db": odd})
    assert len(found["messages"]) == 6
    assert "sender_name" not in found["messages"][0]


def test_another_folder():
    found = testing.rows(messages, CHATS, name="db.sqlite")
    assert {m["direction"] for m in found["messages"]} == {"unknown", "system"}


def test_people():
    found = testing.rows(people, PEOPLE, name="AwemeIM.db")
    mira, arben, last = found["contacts"]
    assert (mira["person_id"], mira["name"], mira["username"]) == ("7002", "Мира", "mira.c")
    assert extra(mira) == {"picture": "https://example.org/a.jpg", "latest_chat_at": "2023-11-14T22:13:20Z"}
    assert (arben["username"], arben["record"]) == ("arben", "AwemeContactsV3/uid=7003")
    assert (last["name"], "person_id" in last) == ("bez broja", False)
    assert "problems" not in found


@pytest.mark.parametrize(("parser", "content", "name"), [(messages, CHATS, NAME), (people, PEOPLE, "AwemeIM.db")])
def test_promises(parser, content, name):
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []
