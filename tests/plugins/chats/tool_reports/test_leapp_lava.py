"""Reports of iLEAPP and ALEAPP for LAVA: conversations as declared, calls and contacts by their columns, nothing lost."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.tool_reports import leapp_columns
from forensics_plugins.chats.tool_reports.leapp_lava import report

from forensics import testing

HERE = Path(__file__).parent
SQL = (HERE / "lava.sql").read_text("utf-8")
MANIFEST = HERE / "lava_data.json"
NAME = "_lava_artifacts.db"


@pytest.fixture(scope="module")
def found() -> dict:
    return testing.rows(report, testing.database(SQL), name=NAME, beside={"_lava_data.lava": MANIFEST})


def extra(row: dict) -> dict:
    return json.loads(row["extra"])


def test_messages_of_a_declared_conversation(found: dict) -> None:
    first, sent, place, odd = [m for m in found["messages"] if m["app"] == "WhatsApp"]
    assert first["sent_at"] == datetime(2023, 5, 2, 15, 56, 47, 221498, tzinfo=UTC)
    assert (first["chat_id"], first["chat_name"]) == ("38267111222@s.whatsapp.net", "Мира")
    assert (first["text"], first["direction"], first["sender_name"]) == ("Где си?", "incoming", "Мира")
    assert first["sender_id"] == "38267111222@s.whatsapp.net"
    assert first["record"] == "whatsappmessages/rowid=1"
    assert (sent["direction"], sent["text"]) == ("outgoing", "=cmd|' /C calc'!A0")
    assert "sender_name" not in sent
    assert (place["kind"], place["latitude"], place["longitude"]) == ("location", 42.5, 19.25)
    assert (odd["text"], odd["direction"]) == ("<b>без времена</b>", "unknown")
    assert "sent_at" not in odd


def test_rows_say_whose_they_are(found: dict) -> None:
    told = extra(found["messages"][-1])
    assert (told["tool"], told["artifact"]) == ("iLEAPP 2.4.0", "WhatsApp - Messages")
    assert told["source"] == "AppGroup/ChatStorage.sqlite"
    assert {
        extra(row)["tool"] for table in ("messages", "calls", "contacts", "attachments") for row in found[table]
    } == {"iLEAPP 2.4.0"}


def test_a_message_repeated_for_its_attachments_is_one_row(found: dict) -> None:
    """The artifact joins attachments: it gives a message with two of them twice."""
    first, second = [m for m in found["messages"] if m["app"] == "SMS & iMessage"]
    assert (first["text"], first["direction"], first["message_id"]) == ("Dve slike", "incoming", "17")
    assert first["read_at"] == datetime(2023, 5, 2, 16, 1, tzinfo=UTC)
    assert (second["direction"], second["sender_name"], extra(second)["order"]) == (
        "outgoing",
        "e:dragan@example.org",
        "7",
    )
    files = [
        (a["name"], a.get("stored_path"), a.get("mime")) for a in found["attachments"] if a["app"] == "SMS & iMessage"
    ]
    assert files == [("slika.jpg", "private/var/mobile/Media/slika.jpg", "image/jpeg"), ("dokument.pdf", None, None)]


def test_calls(found: dict) -> None:
    seen = [(c["app"], c["peer_id"], c["direction"], c.get("outcome"), c.get("duration_s")) for c in found["calls"]]
    assert seen == [
        ("Call History", "+38267111222", "incoming", "ended", 61.0),
        ("Call History", "+38344555666", "outgoing", "missed", 0.0),
        ("get_calllog", "+905321234567", "incoming", "missed", 0.0),
    ]
    assert found["calls"][0]["started_at"] == datetime(2023, 5, 2, 16, 13, 20, tzinfo=UTC)
    assert extra(found["calls"][0])["answered"] == "Yes"


def test_contacts(found: dict) -> None:
    (mira,) = found["contacts"]
    assert (mira["name"], mira["phones"]) == ("Мира Чолић", ["+382 67 111 222", "020 123 456"])
    assert mira["emails"] == ["mira@example.org"]
    assert mira["created_at"] == datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)


def test_what_is_not_read_is_named(found: dict) -> None:
    (problem,) = found["problems"]
    assert (problem["kind"], problem["detail"]) == ("not_read", "safarihistory")


def test_without_the_manifest() -> None:
    """Then artifacts are known by the names of their tables and columns."""
    found = testing.rows(report, testing.database(SQL), name="renamed.db")
    assert len(found["messages"]) == 6
    assert {m["app"] for m in found["messages"]} == {"whatsappmessages", "sms"}
    assert [m["direction"] for m in found["messages"] if m["app"] == "sms"] == ["incoming", "outgoing"]
    assert extra(found["messages"][0])["tool"] == "LEAPP"


@pytest.mark.parametrize(
    "manifest", [b"", b"[]", b'{"artifacts": [1]}', b'{"artifacts": {"A": [{"tablename": 1, "data_views": 2}]}}']
)
def test_a_manifest_that_is_none(manifest: bytes) -> None:
    found = testing.rows(report, testing.database(SQL), name=NAME, beside={"_lava_data.lava": manifest})
    assert len(found["messages"]) == 6


def test_a_view_of_columns_that_are_not_there() -> None:
    manifest = {
        "artifacts": {
            "X": [{"tablename": "sms", "data_views": {"conversation": {"textColumn": "t; DROP", "timeColumn": 3}}}]
        }
    }
    found = testing.rows(
        report, testing.database(SQL), name=NAME, beside={"_lava_data.lava": json.dumps(manifest).encode()}
    )
    assert {m["app"] for m in found["messages"]} == {"X", "whatsappmessages"}


def test_what_the_tool_marks_as_deleted() -> None:
    sql = (
        SQL
        + """CREATE TABLE viberchats ("timestamp" INTEGER, "sender_name" TEXT, "message_content" TEXT, "message_deleted" TEXT);
        INSERT INTO viberchats VALUES (1683043007, 'Мира', 'прво', 'No'), (1683043008, 'Мира', NULL, 'Yes');"""
    )
    found = testing.rows(report, testing.database(sql), name=NAME)
    first, second = [m for m in found["messages"] if m["app"] == "viberchats"]
    assert "deleted" not in first
    assert (second["deleted"], second["state"]) == (True, "live")


def test_names_that_no_leapp_gives() -> None:
    sql = (
        SQL
        + """CREATE TABLE "chat "" messages" ("message" TEXT, "timestamp" INTEGER, "sender" TEXT);
        INSERT INTO "chat "" messages" VALUES ('x', 1, 'y');"""
    )
    found = testing.rows(report, testing.database(sql), name=NAME)
    assert 'chat " messages' in found["problems"][0]["detail"]


def test_values_of_any_type() -> None:
    sql = (
        SQL
        + """INSERT INTO whatsappmessages VALUES (x'00ff', 5, x'ff', 7.5, x'80', '[1, {"a": 2}', 1e300, -1, 'nan', 'inf', 9);
        INSERT INTO callhistory VALUES (9e18, 'x', x'00', 1, 2, 3, 4, 'soon', 5, 6);
        INSERT INTO addressbook VALUES ('never', 1, 2, x'00', 3, 4);"""
    )
    found = testing.rows(report, testing.database(sql), name=NAME, beside={"_lava_data.lava": MANIFEST})
    assert not [p for p in found["problems"] if "stopped" in p["message"]]
    assert len(found["messages"]) == 7
    assert len(found["calls"]) == 4


def test_it_keeps_the_promises_of_the_collection() -> None:
    checks = testing.check(report, testing.database(SQL), name=NAME)
    assert [c for c in checks if c.fault] == []


@pytest.mark.parametrize(
    ("stored", "sent", "way"),
    [
        ("Outgoing", "Outgoing", "outgoing"), ("anything", "Outgoing", "incoming"), ("1", 1, "outgoing"), ("True", 1, "outgoing"),
        (0, 1, "incoming"), ("", 1, "unknown"), (None, None, "unknown"), ("Sent", None, "outgoing"), ("?", None, "unknown"),
    ],
)  # fmt: skip
def test_directions(stored: object, sent: object, way: str) -> None:
    assert leapp_columns.direction(stored, sent) == way
