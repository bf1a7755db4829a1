"""tc.db of Tango for Android."""

import base64
import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.tango.android import tango

from forensics import testing


def wire(tokens: Iterator[str]) -> bytes:
    """Fields up to the closing brace, in the wire format of Protocol Buffers."""
    made = b""
    for number in tokens:
        if number == "}":
            break
        value = next(tokens)
        if value.isdigit():
            made += varint(int(number) << 3) + varint(int(value))
        else:
            inner = wire(tokens) if value == "{" else value[1:-1].encode()
            made += varint(int(number) << 3 | 2) + varint(len(inner)) + inner
    return made


def varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def encoded(payload: re.Match) -> str:
    tokens = iter(re.findall(r'"[^"]*"|\d+|[{}]', payload[1]))
    next(tokens)
    return f"'{base64.b64encode(wire(tokens)).decode()}'"


SQL = re.sub(r"'(\{.*?\})'", encoded, (Path(__file__).parent / "tc.sql").read_text("utf-8"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(tango, testing.database(SQL), name="tc.db")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["message_id"] == str(number))


def test_received_text(found):
    first = message(found, 1)
    assert (first["chat_id"], first["chat_name"], first["chat_kind"]) == ("arben", "Arben K.", "direct")
    assert (first["sender_id"], first["sender_name"], first["direction"]) == ("arben", "Arben K.", "incoming")
    assert (first["kind"], first["raw_kind"], first["text"], first["status"]) == ("text", "0", "kada krećemo?", "1")
    assert first["sent_at"] == datetime(2016, 1, 15, 14, 41, 21, 700000, tzinfo=UTC)
    assert extra(first) == {
        "created_at": "2016-01-15T14:41:21.609Z",
        "payload": {"41": 3, "91": 555},
        "sender": {"6": 3},
    }


def test_sent_text(found):
    second = message(found, 2)
    assert (second["direction"], second["text"], "sender_id" in second) == ("outgoing", "сутра рано", False)


def test_media(found):
    picture, [file] = message(found, 3), found["attachments"]
    assert (picture["kind"], "text" in picture) == ("image", False)
    assert extra(picture)["payload"] == {"18": 720, "19": 1280}
    assert (file["message_id"], file["name"], file["stored_path"]) == ("3", "a4.jpg", "/storage/cache/a4.jpg")
    assert file["url"] == "http://media.example.org/VpkF"
    assert extra(file) == {
        "other_path": "/storage/cache/11.jpg",
        "thumbnail_url": "http://media.example.org/VpkF/thumbnail",
        "page_url": "http://u.example.org/x",
        "media_id": "VpkF",
    }


def test_likes(found):
    told = message(found, 4)
    assert (told["kind"], told["raw_kind"], told["text"]) == ("system", "61", "Arben liked the photo.")
    assert extra(told)["liked"] == 3
    assert [(r.get("message_id"), r.get("person_id"), r["value"]) for r in found["reactions"]] == [
        ("3", "arben", "like"),
        ("1", "milan-owner", "like"),
        (None, None, "like"),
    ]
    assert found["reactions"][0]["reacted_at"] == datetime(2016, 1, 15, 14, 44, 13, 38000, tzinfo=UTC)
    assert extra(found["reactions"][0])["told_in"] == 4


def test_unknown_stays_visible(found):
    strange, bare = message(found, 6), message(found, 7)
    assert (strange["kind"], strange["raw_kind"]) == ("unknown", "35")
    assert extra(strange)["payload"] == {"73": "7020", "86": ["0a037372631203666176", "0a0178"]}
    assert (bare["direction"], bare["chat_id"], "sent_at" in bare) == ("unknown", "gone", False)
    assert extra(bare) == {"del_status": 2, "direction": 9}


def test_persons(found):
    assert [(p["chat_id"], p.get("person_id"), p.get("name")) for p in found["participants"]] == [
        ("arben", "arben", "Arben K."),
        ("put", "milan", "Milan"),
        ("put", "hasan", "Hasan"),
        ("nothing", None, None),
    ]
    assert extra(found["participants"][1])["deleting_at"] == "2016-01-15T14:35:15Z"
    group = message(found, 9)
    assert (group["chat_name"], "chat_kind" in group) == ("Milan, Hasan", False)


def test_payloads_that_are_none(found):
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("not_understood", "conversations/conv_id=nothing"),
        ("not_understood", "messages/msg_id=8"),
        ("not_understood", "messages/msg_id=9"),
        ("not_read", "receipts"),
    ]
    assert ("text" in message(found, 8), message(found, 8)["direction"]) == (False, "incoming")
    assert len(found["messages"]) == 9


def test_promises():
    assert [c for c in testing.check(tango, testing.database(SQL), name="tc.db") if c.fault] == []


def test_corpus(corpus, manifest):
    entry = manifest["chats-tango-tc-db-01"]
    expected, counts = entry["expected"], entry["expected"]["rows_per_table"]["value"]
    found = testing.rows(tango, corpus / entry["path"])
    assert len(found["messages"]) == expected["messages"]["value"] == 18
    assert len(found["participants"]) == expected["conversations"]["value"] == 7
    assert len(found["reactions"]) == counts["likes"] == 3
    assert [(p["kind"], p["message"]) for p in found["problems"]] == [
        ("not_read", "table receipts: 1 rows are not read")
    ]
    stated = expected["message"]["value"]
    picture = message(found, stated["id"])
    assert picture["sent_at"] == datetime.fromisoformat(stated["sent_utc"])
    assert extra(picture)["created_at"] == stated["created_utc"]
    assert (stated["direction"], picture["direction"], picture["kind"]) == (2, "incoming", "image")
    texts = [m["text"] for m in found["messages"] if m["raw_kind"] == "0"]
    assert texts == ["I am following you on Tango"] * 5 + ["Hey! How are you", "Wow  big belly"]
    assert {m["direction"]: m.get("sender_name") for m in found["messages"][6:]} == {
        "incoming": "Tango Member",
        "outgoing": None,
    }
    assert [(r["message_id"], r["person_id"][:6]) for r in found["reactions"]] == [
        ("16777227", "sw9dX9"),
        ("16777229", "sMawZo"),
        ("16777233", "sw9dX9"),
    ]
    assert len(found["attachments"]) == 6


def test_corpus_payloads_repeat_their_rows(corpus, manifest):
    """What the reader rests on: fields 2, 3, 10, 22, 23, 24 and 29 are the columns of the row."""
    from forensics_plugins.chats import protobuf

    place = corpus / manifest["chats-tango-tc-db-01"]["path"]
    with sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True) as source:
        columns = "conv_id, type, send_time, msg_id, status, create_time, direction, media_id, payload"
        rows = source.execute(f"SELECT {columns} FROM messages").fetchall()
    for conversation, code, sent, number, status, created, direction, media, payload in rows:
        fields = protobuf.message(base64.b64decode(payload))
        assert [fields[n] for n in (3, 22, 23, 24, 29)] == [[code], [sent], [number], [status], [created]]
        assert fields[2] == [conversation.encode()]
        assert fields[26] == [1 if direction == 1 else 0]
        assert (21 in fields) == (direction == 2)
        assert code == 35 or fields.get(10, [None]) == [media.encode() if media else None]
