"""db.sqlite of Session for the desktop, decrypted."""

import json
import sqlite3
from datetime import UTC, datetime

import pytest
from forensics_plugins.chats.session.desktop import messages

from forensics import testing

SCHEMA = """
CREATE TABLE messages (id STRING PRIMARY KEY ASC, json TEXT, unread INTEGER, expires_at INTEGER, sent BOOLEAN,
  sent_at INTEGER, conversationId STRING, received_at INTEGER, source STRING,
  hasAttachments INTEGER, expireTimer INTEGER, expirationStartTimestamp INTEGER, type STRING, body TEXT,
    serverId INTEGER, serverTimestamp INTEGER, messageHash TEXT, isDeleted INTEGER);
CREATE TABLE conversations (id STRING PRIMARY KEY ASC, active_at INTEGER, type STRING, members TEXT, left INTEGER,
  displayNameInProfile TEXT, nickname TEXT, groupAdmins TEXT,
  isApproved INTEGER, didApproveMe INTEGER, avatarPointer TEXT);
CREATE TABLE items (id STRING PRIMARY KEY ASC, json TEXT);
CREATE TABLE nodesForPubkey (pubkey TEXT PRIMARY KEY, json TEXT);
"""
CONVERSATIONS = [
    ("05me", 0, "private", "[]", 0, "Ја", None, "[]", 1, 1, None),
    ("05dragan", 1, "private", "[]", 0, "Dragan", "Драган", "[]", 1, 0, "http://filev2.example.org/file/1"),
    ("03group", 1, "groupv2", '["05me","05dragan","05layla"]', 0, "Пут", None, '["05dragan","05admin"]', 0, 0, None),
    ("http://open.example.org/soba", 1, "group", "05a 05b", 0, "Soba", None, None, 0, 0, None),
]
MESSAGES = [
    {
        "id": "m1",
        "conversationId": "05dragan",
        "source": "05dragan",
        "type": "incoming",
        "sent_at": 1700000000123,
        "received_at": 1700000002000,
        "body": "Где си?",
        "messageHash": "h1",
        "unread": 1,
        "reacts": {
            "❤️": {"count": 1, "index": 0, "senders": ["05me"], "you": True},
            "👍": {"count": 7, "senders": {"05layla": "x"}},
            "x": 5,
        },
    },
    {
        "id": "m2",
        "conversationId": "05dragan",
        "source": "05me",
        "type": "outgoing",
        "sent_at": 1700000060456,
        "received_at": 1700000060456,
        "body": "Kod kuće",
        "status": "read",
        "expires_at": 1700003661000,
        "expireTimer": 3600,
        "quote": {"id": "1700000000123", "author": "05dragan"},
        "sent_to": ["05dragan"],
        "attachments": [
            {
                "path": "ab/abcd",
                "fileName": "slika.jpg",
                "contentType": "image/jpeg",
                "size": 2048,
                "width": 640,
                "height": 480,
                "caption": "море",
                "flags": None,
            },
            {"path": "cd/cdef", "contentType": "audio/aac", "size": 900, "flags": 1, "duration": 4.5},
            "?",
        ],
    },
    {
        "id": "m3",
        "conversationId": "03group",
        "source": "05layla",
        "type": "incoming",
        "sent_at": 1700000100000,
        "group_update": {"joined": ["05layla"]},
    },
    {
        "id": "m4",
        "conversationId": "05dragan",
        "source": "05dragan",
        "type": "incoming",
        "sent_at": 1700000200000,
        "callNotificationType": "missed-call",
    },
    {
        "id": "m5",
        "conversationId": "05dragan",
        "source": "05dragan",
        "type": "incoming",
        "sent_at": 1700000300000,
        "isDeleted": 1,
        "body": "obrisano",
    },
    {
        "id": "m6",
        "conversationId": "05gone",
        "source": None,
        "type": "",
        "sent_at": None,
        "body": "<b>=1+1</b>",
        "serverId": 77,
        "serverTimestamp": 1700000400500,
    },
]
COLUMNS = (
    "id",
    "unread",
    "expires_at",
    "sent_at",
    "conversationId",
    "received_at",
    "source",
    "expireTimer",
    "type",
    "body",
    "serverId",
    "serverTimestamp",
    "messageHash",
    "isDeleted",
)


def database(more: tuple = ()) -> bytes:
    base = sqlite3.connect(":memory:")
    base.executescript(SCHEMA)
    for said in MESSAGES:
        values = [json.dumps(said), *(said.get(column) for column in COLUMNS)]
        base.execute(
            f"INSERT INTO messages (json, {', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(values))})", values
        )
    base.executemany("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", CONVERSATIONS)
    base.execute("INSERT INTO items VALUES ('number_id', ?)", [json.dumps({"id": "number_id", "value": "05me.1"})])
    base.executemany("INSERT INTO messages (id, json, conversationId, type, sent_at) VALUES (?, ?, ?, ?, ?)", more)
    base.commit()
    return bytes(base.serialize())


def read(more: tuple = ()) -> dict[str, list[dict]]:
    return testing.rows(messages, database(more), name="db.sqlite")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read()


def message(found: dict, name: str) -> dict:
    return next(m for m in found["messages"] if m["message_id"] == name)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_received(found):
    one = message(found, "m1")
    assert (one["chat_id"], one["chat_name"], one["chat_kind"], one["account_id"]) == (
        "05dragan",
        "Драган",
        "direct",
        "05me",
    )
    assert (one["direction"], one["kind"], one["sender_id"], one["sender_name"], one["text"]) == (
        "incoming",
        "text",
        "05dragan",
        "Драган",
        "Где си?",
    )
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert one["received_at"] == datetime(2023, 11, 14, 22, 13, 22, tzinfo=UTC)
    assert extra(one) == {"hash": "h1", "unread": 1}


def test_sent_with_files_and_quote(found):
    sent = message(found, "m2")
    assert (sent["direction"], sent["kind"], sent["reply_to"], sent["status"]) == ("outgoing", "voice", "m1", "read")
    assert (sent["expires_at"].hour, "received_at" in sent, extra(sent)["timer_s"]) == (23, False, 3600)
    photo, voice = found["attachments"]
    assert (photo["stored_path"], photo["name"], photo["size"], photo["caption"]) == (
        "ab/abcd",
        "slika.jpg",
        2048,
        "море",
    )
    assert (voice["message_id"], voice["duration_s"], extra(voice)) == ("m2", 4.5, {"flags": 1})


def test_events_calls_deleted(found):
    assert (message(found, "m3")["kind"], message(found, "m3")["direction"], message(found, "m3")["chat_kind"]) == (
        "system",
        "system",
        "group",
    )
    assert extra(message(found, "m3"))["group_update"] == {"joined": ["05layla"]}
    [call] = found["calls"]
    assert (call["direction"], call["outcome"], call["peer_name"], call["call_id"]) == (
        "incoming",
        "missed",
        "Драган",
        "m4",
    )
    assert (message(found, "m5")["kind"], message(found, "m5")["deleted"], message(found, "m5")["text"]) == (
        "deleted",
        True,
        "obrisano",
    )


def test_a_message_without_chat_sender_and_time(found):
    odd = message(found, "m6")
    assert (odd["chat_id"], odd["direction"], odd["text"], odd.get("sender_id")) == (
        "05gone",
        "unknown",
        "<b>=1+1</b>",
        None,
    )
    assert ("sent_at" in odd, extra(odd)["server_id"], extra(odd)["server_time"]) == (False, 77, 1700000400500)


def test_reactions(found):
    assert [(r["message_id"], r.get("person_id"), r["value"], extra(r).get("count")) for r in found["reactions"]] == [
        ("m1", "05me", "❤️", None),
        ("m1", "05layla", "👍", 7),
        ("m1", None, "x", None),
    ]


def test_members_contacts_owner(found):
    assert [(p["chat_id"], p["person_id"], p.get("role")) for p in found["participants"]] == [
        ("05me", "05me", None),
        ("05dragan", "05dragan", None),
        ("03group", "05me", "member"),
        ("03group", "05dragan", "admin"),
        ("03group", "05layla", "member"),
        ("03group", "05admin", "admin"),
        ("http://open.example.org/soba", "05a", "member"),
        ("http://open.example.org/soba", "05b", "member"),
    ]
    me, dragan = found["contacts"]
    assert (extra(me)["device_owner"], dragan["name"], extra(dragan)["profile_name"]) == (1, "Драган", "Dragan")
    assert (found["accounts"][0]["account_id"], found["accounts"][0]["name"]) == ("05me", "Ја")
    assert "problems" not in found


def test_bad_json_costs_no_row():
    deep = "[" * 100_000
    odd = read(
        (
            ("x1", "{", "05dragan", "incoming", 1700000000000),
            ("x2", deep, "05dragan", "incoming", 1700000000000),
            ("x3", b"\xff\x00", "05dragan", b"\x01", "riječ"),
            ("x4", '{"quote": 5, "attachments": {}, "reacts": [], "isDeleted": []}', 5, 6, 2**62),
        )
    )
    assert len(odd["messages"]) == 10
    assert [p["record"] for p in odd["problems"] if "JSON" in p["message"]] == [
        "messages/id=x1",
        "messages/id=x2",
        "messages/id=x3",
    ]
    assert not [p for p in odd["problems"] if "stopped" in p["message"]]


def test_promises():
    assert [c for c in testing.check(messages, database(), name="db.sqlite") if c.fault] == []
