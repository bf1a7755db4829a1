"""Session.sqlite of Session for iOS, decrypted."""

import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.session.ios import call_state, messages

from forensics import testing

SQL = (Path(__file__).parent / "session_ios.sql").read_text("utf-8")
OWNER = "05aa00000000000000000000000000000000000000000000000000000000000001"


def read(sql: str = SQL) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name="Session.sqlite")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read()


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["record"] == f"interaction/id={number}")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_received_message(found):
    one = message(found, 1)
    assert (one["chat_id"], one["chat_name"], one["chat_kind"], one["message_id"]) == (
        "05dragan",
        "Драган посао",
        "direct",
        "1",
    )
    assert (one["direction"], one["kind"], one["raw_kind"], one["text"]) == ("incoming", "text", "0", "Где си?")
    assert (one["sender_id"], one["sender_name"], one["account_id"]) == ("05dragan", "Драган посао", OWNER)
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert one["received_at"] == datetime(2023, 11, 14, 22, 13, 22, tzinfo=UTC)
    assert extra(one) == {"read": 1, "server_hash": "h1"}


def test_sent_message_with_quote_receipt_and_timer(found):
    sent = message(found, 2)
    assert (sent["direction"], sent["sender_id"], sent["reply_to"], sent["status"]) == ("outgoing", OWNER, "1", "3")
    assert sent["read_at"] == datetime(2023, 11, 14, 22, 15, tzinfo=UTC)
    assert sent["expires_at"] == datetime(2023, 11, 14, 23, 14, 21, tzinfo=UTC)
    assert "received_at" not in sent
    assert extra(sent)["quoted_text"] == "Где си?"


def test_a_quote_of_what_is_gone(found):
    answer = message(found, 8)
    assert "reply_to" not in answer
    assert (extra(answer)["quoted_author"], extra(answer)["quoted_ms"]) == ("05gone", 1699999999000)
    assert (answer["chat_name"], answer["chat_kind"], answer["kind"]) == ("Соба", "group", "text")
    assert (extra(answer)["link"], extra(answer)["whisper_to"]) == ("https://example.org", "05layla")
    assert answer["sender_id"] == "05stranger"  # without a profile


def test_an_event_is_nobodys_message(found):
    """Another tool (iLEAPP) shows the owner as author of events, for the app stores him there whoever caused them."""
    event = message(found, 4)
    assert (event["direction"], event["kind"], event.get("sender_id"), event["text"]) == (
        "system",
        "system",
        None,
        '{"type":"added"}',
    )
    assert (extra(event)["event"], extra(event)["author"]) == ("group updated", OWNER)


def test_call(found):
    assert (message(found, 5)["kind"], message(found, 5)["direction"]) == ("call", "system")
    [missed] = found["calls"]
    assert (missed["call_id"], missed["peer_id"], missed["peer_name"]) == ("5", "05dragan", "Драган посао")
    assert (missed["direction"], missed["outcome"], missed["started_at"].minute) == ("incoming", "missed", 20)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ('{"state":"outgoing"}', "outgoing"),
        ('{"state":{"incoming":{}}}', "incoming"),
        ("[" * 9999, None),
        (None, None),
        ('{"state":5}', None),
        (b"\xff", None),
    ],
)
def test_state_of_a_call(body, state):
    assert call_state(body) == state


def test_deleted_messages(found):
    theirs, own = message(found, 6), message(found, 9)
    assert (theirs["kind"], theirs["deleted"], theirs["direction"]) == ("deleted", True, "incoming")
    assert (own["direction"], extra(own)["deleted_on_device_only"]) == ("outgoing", 1)


def test_unknown_code_without_chat_and_time(found):
    odd = message(found, 7)
    assert (odd["raw_kind"], odd["kind"], odd["direction"], odd["text"]) == ("99", "unknown", "unknown", "=1+1")
    assert (odd["chat_id"], odd["sender_id"]) == ("05gone", "05stranger")
    assert {"sent_at", "received_at", "expires_at", "chat_name"} & odd.keys() == set()


def test_draft(found):
    [draft] = [m for m in found["messages"] if m["record"].startswith("thread/")]
    assert (draft["text"], draft["chat_id"], draft["status"], draft["sender_id"]) == (
        "nedovršeno",
        "05dragan",
        "draft",
        OWNER,
    )


def test_all_attachments(found):
    """Another tool (iLEAPP) shows only the first file of a message."""
    assert message(found, 3)["kind"] == "voice"
    photo, voice, gone, quoted, preview = found["attachments"]
    assert (photo["message_id"], photo["stored_path"], photo["name"], photo["size"]) == (
        "3",
        "att-1/slika.jpg",
        "slika.jpg",
        4096,
    )
    assert (photo["caption"], photo["url"], extra(photo)["state_is"]) == (
        "на мору",
        "http://filev2.example.org/file/11",
        "downloaded",
    )
    assert "sha256" not in photo  # the digest is of the ciphertext
    assert extra(photo)["ciphertext_digest"] == "0102"
    assert (voice["message_id"], voice["duration_s"], voice.get("size"), extra(voice)["state_is"]) == (
        "3",
        4.5,
        None,
        "not downloaded",
    )
    assert (gone["message_id"], extra(gone)["attachment"]) == ("98", "att-gone")
    assert (quoted["message_id"], extra(quoted)["of"], extra(preview)["of"]) == ("2", "quote", "link preview")


def test_reactions_and_receipts(found):
    heart, many = found["reactions"]
    assert (heart["message_id"], heart["person_id"], heart["value"], heart["reacted_at"].minute) == (
        "1",
        "05layla",
        "❤️",
        15,
    )
    assert ("reacted_at" in many, extra(many)["count"]) == (False, 12)
    read_, failed = found["receipts"]
    assert (read_["message_id"], read_["person_id"], read_["read_at"].minute) == ("2", "05dragan", 15)
    assert (extra(failed)["state_is"], extra(failed)["failure"], "read_at" in failed) == ("failed", "nema veze", False)


def test_members_contacts_owner(found):
    members = [(p["chat_id"], p["person_id"], p.get("role"), p.get("active")) for p in found["participants"]]
    assert members == [
        ("03group", OWNER, "admin", True),
        ("03group", "05layla", "member", None),
        ("03group", "05unknown", "7", True),
        ("05dragan", "05dragan", None, None),
        (OWNER, OWNER, None, None),
    ]
    me, dragan, layla, nameless = found["contacts"]
    assert (extra(me)["device_owner"], dragan["name"], extra(dragan)["profile_name"]) == (1, "Драган посао", "Dragan")
    assert (layla["blocked"], nameless["person_id"], "name" in nameless) == (True, "05nameless", False)
    [account] = found["accounts"]
    assert (account["account_id"], account["name"], account["is_owner"]) == (OWNER, "Ја", True)
    assert "problems" not in found


def test_no_key_comes_out(found):
    assert not re.search("BB0000|01020304", repr(found), re.IGNORECASE)


def test_few_columns():
    found = read("""
    CREATE TABLE profile (id TEXT, name TEXT);
    CREATE TABLE thread (id TEXT, variant INTEGER);
    CREATE TABLE interaction (id INTEGER PRIMARY KEY, threadId TEXT, authorId TEXT, variant INTEGER, body TEXT,
      timestampMs INTEGER, receivedAtTimestampMs INTEGER);
    INSERT INTO interaction VALUES (1, '05a', '05a', 0, 'zdravo', 1700000000000, 1700000001000);
    """)
    [one] = found["messages"]
    assert (one["text"], one["sender_id"], "account_id" in one, "problems" in found) == ("zdravo", "05a", False, False)


def test_values_of_any_type():
    base = sqlite3.connect(":memory:")
    base.executescript(re.sub(r" NOT NULL| PRIMARY KEY AUTOINCREMENT| PRIMARY KEY", "", SQL))
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = len(base.execute(f"PRAGMA table_info({table})").fetchall())
        for value in (b"\xff\x00", "riječ", 1e300, -(2**63), float("inf"), None):
            base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", [value] * columns)
    count = base.execute("SELECT count(*) FROM interaction").fetchone()[0]
    found = testing.rows(messages, bytes(base.serialize()), name="Session.sqlite")
    assert not [p for p in found["problems"] if "stopped" in p["message"]], found["problems"]
    assert len([m for m in found["messages"] if (m.get("record") or "").startswith("interaction/")]) >= 9
    assert count == 15


def test_promises():
    assert [c for c in testing.check(messages, testing.database(SQL), name="Session.sqlite") if c.fault] == []
