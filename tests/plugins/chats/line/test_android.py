"""Databases of LINE for Android."""

import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.line.android import calls, messages, people

from forensics import testing

SQL = (Path(__file__).parent / "naver_line.sql").read_text("utf-8")
CONTACTS = """CREATE TABLE contacts (mid TEXT PRIMARY KEY, contact_id TEXT, profile_name TEXT, overridden_name TEXT);
INSERT INTO contacts VALUES ('u2', NULL, 'dragan', 'Драган Илић'), ('u3', NULL, 'ليلى', ''), ('u4', NULL, NULL, NULL);"""
CALLS = """CREATE TABLE call_history (call_type TEXT, start_time INTEGER, end_time INTEGER, caller_mid TEXT,
  voip_type TEXT, voip_gc_media_type TEXT, result TEXT);
INSERT INTO call_history VALUES ('VOIP_O', 1700000200000, 1700000265500, 'u2', 'V', NULL, 'NORMAL'), ('VOIP_I',
  1700000300000, 1700000300000, 'u3', 'A', NULL, NULL),
  ('X', 0, 5, 'c1', 'G', 'LIVE', '');"""


def read(sql: str = SQL) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name="naver_line")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read()


def message(found: dict, number: int) -> dict:
    [one] = [m for m in found["messages"] if m["record"] == f"chat_history/id={number}"]
    return one


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_messages_and_direction(found):
    """Another tool (ALEAPP) takes the direction from `status`, which is 3 on every row of its images: the sender tells it."""
    one, sent = message(found, 1), message(found, 2)
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert (one["direction"], one["sender_id"], one["sender_name"], one["text"]) == (
        "incoming",
        "u2",
        "Драган Илић",
        "Где си?",
    )
    assert (one["chat_id"], one["chat_name"], one["chat_kind"], one["message_id"], one["kind"]) == (
        "u2",
        "Драган Илић",
        "direct",
        "101",
        "text",
    )
    assert (sent["direction"], sent["reply_to"], sent["status"], "sender_id" in sent) == ("outgoing", "101", "3", False)
    assert sent["sent_at"].microsecond == 456000
    assert (extra(sent)["read_by"], extra(sent)["delivered_ms"]) == (1, 1700000061000)


def test_rows_without_contact_or_content_type_stay(found):
    """Earlier versions of another tool (ALEAPP) lost every message of a database whose contacts are empty."""
    group = message(found, 3)
    assert (group["kind"], group["chat_name"], group["sender_id"], group["text"]) == ("text", "Пут", "u7", "=1+1")
    bare = read(
        re.sub(
            r"CREATE TABLE (contacts|groups|membership|chat_member|reactions) .*?;\nINSERT INTO \1 .*?;\n",
            "",
            SQL,
            flags=re.DOTALL,
        )
    )
    assert len(bare["messages"]) == len(found["messages"])


def test_calls_stay_among_the_messages(found):
    """Another tool (ALEAPP) leaves rows of content type 6 out of the messages."""
    assert [message(found, number)["kind"] for number in (7, 8)] == ["call", "call"]
    made, missed = found["calls"]
    assert (made["duration_s"], made["outcome"], made["direction"], made["video"], made["peer_id"]) == (
        65.5,
        "answered",
        "incoming",
        True,
        "u2",
    )
    assert (missed["outcome"], missed["direction"], missed["video"], "duration_s" in missed) == (
        "canceled",
        "outgoing",
        False,
        False,
    )


def test_unsent_messages(found):
    theirs, own, somebodys = (message(found, number) for number in (4, 5, 6))
    assert (theirs["kind"], theirs["deleted"], theirs["direction"]) == ("deleted", True, "incoming")
    assert (own["direction"], own["sender_id"], extra(own)["type_is"]) == ("outgoing", "u1", "unsent silently")
    assert (somebodys["direction"], somebodys["chat_kind"]) == ("unknown", "group")


def test_other_kinds(found):
    sticker, renamed, odd, flex, sealed, forwarded = (message(found, number) for number in (9, 10, 11, 12, 13, 14))
    assert (sticker["kind"], extra(sticker)["parameters"]["STKID"]) == ("sticker", "42")
    assert (renamed["kind"], renamed["direction"], renamed["text"], extra(renamed)["type_is"]) == (
        "system",
        "system",
        "Пут",
        "group renamed",
    )
    assert (odd["kind"], odd["message_id"], odd["raw_kind"], "sent_at" in odd) == (
        "unknown",
        "chat_history/id=11",
        "99:77",
        False,
    )
    assert (flex["text"], flex["raw_kind"], extra(flex)["content_is"]) == ("Понуда", "1:22", "flex")
    assert (sealed["kind"], extra(sealed)["type_is"]) == ("unknown", "could not be decrypted")
    assert (forwarded["forwarded"], "reply_to" in forwarded) == (True, False)


def test_files_without_their_keys(found):
    photo, paper, voice = found["attachments"]
    assert (photo["width"], photo["height"], photo["size"], extra(photo)["uri"]) == (
        640,
        480,
        2048,
        "content://media/1",
    )
    assert photo["stored_path"] == "files/chats/u2/messages/20"
    assert (paper["name"], paper["size"], voice["duration_s"]) == ("račun.pdf", 5, 7.0)
    assert [message(found, number)["kind"] for number in (20, 21, 22)] == ["image", "document", "voice"]
    assert "deadbeef" not in repr(found)


def test_places(found):
    place, nowhere, [point] = message(found, 30), message(found, 31), found["places"]
    assert (place["latitude"], place["longitude"], place["text"]) == (42.4411, 19.2636, "Kafić\nPodgorica")
    assert (point["label"], point["ref"], "latitude" in nowhere, nowhere["kind"]) == (
        "Kafić, Podgorica",
        "130",
        False,
        "location",
    )


def test_reactions_members_contacts_drafts(found):
    love, custom = found["reactions"]
    assert (love["message_id"], love["person_id"], love["value"], love["reacted_at"].second) == (
        "101",
        "u1",
        "love",
        30,
    )
    assert (custom["value"], "reacted_at" in custom) == ('{"x":1}', False)
    assert [(p["chat_id"], p["person_id"], p.get("active")) for p in found["participants"]] == [
        ("c1", "u2", True),
        ("c1", "u9", False),
        ("r1", "u2", None),
    ]
    [dragan] = found["contacts"]
    assert (dragan["name"], dragan["note"], dragan["created_at"].year, extra(dragan)["server_name"]) == (
        "Драган Илић",
        "на мору",
        2023,
        "dragan",
    )
    [draft] = [m for m in found["messages"] if m.get("status") == "draft"]
    assert (draft["text"], draft["chat_id"], draft["direction"]) == ("Сутра ћемо", "u2", "outgoing")
    assert "problems" not in found


def test_contacts_of_newer_versions():
    dragan, layla, nobody = testing.rows(people, testing.database(CONTACTS), name="contact")["contacts"]
    assert (dragan["name"], extra(dragan)["profile_name"], layla["name"], "name" in nobody) == (
        "Драган Илић",
        "dragan",
        "ليلى",
        False,
    )


def test_call_history():
    made, missed, odd = testing.rows(calls, testing.database(CALLS), name="call_history")["calls"]
    assert (made["duration_s"], made["direction"], made["video"], made["peer_id"], made["outcome"]) == (
        65.5,
        "outgoing",
        True,
        "u2",
        "normal",
    )
    assert (missed["duration_s"], missed["direction"], missed["video"]) == (0.0, "incoming", False)
    assert (odd["direction"], extra(odd)["group_media"], "started_at" in odd, "video" in odd) == (
        "unknown",
        "LIVE",
        False,
        False,
    )


@pytest.mark.parametrize(
    ("parser", "sql", "name"),
    [(messages, SQL, "naver_line"), (people, CONTACTS, "contact"), (calls, CALLS, "call_history")],
)
def test_values_of_any_type(parser, sql, name):
    base = sqlite3.connect(":memory:")
    base.executescript(re.sub(r" PRIMARY KEY( AUTOINCREMENT)?(?! \()|,\s+PRIMARY KEY \(.*?\)| NOT NULL", "", sql))
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = len(base.execute(f"PRAGMA table_info({table})").fetchall())
        for value in (b"\xff\x00", "[" * 9999, 1e300, -(2**63), float("inf"), 11):
            base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", [value] * columns)
    found = testing.rows(parser, bytes(base.serialize()), name=name)
    assert not [p for p in found["problems"] if "stopped" in p["message"]], found["problems"]


@pytest.mark.parametrize(
    ("parser", "sql", "name"),
    [(messages, SQL, "naver_line"), (people, CONTACTS, "contact"), (calls, CALLS, "call_history")],
)
def test_promises(parser, sql, name):
    assert [c for c in testing.check(parser, testing.database(sql), name=name) if c.fault] == []
