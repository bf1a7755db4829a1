"""Meta's "Download your information": broken encoding repaired, groups, calls, unsent messages."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.meta.download_json import is_download, repaired, repaired_text, thread

from forensics import testing

PART = Path(__file__).with_name("message_1.json")


@pytest.fixture(scope="module")
def found() -> dict:
    return testing.rows(thread, PART, beside={"photos/17.jpg": b"picture"})


def test_messages(found: dict) -> None:
    seen = [(m["sender_name"], m["kind"], m["direction"], m.get("text")) for m in found["messages"]]
    assert seen == [
        ("Mira Čolić", "text", "unknown", "Stižu večeras"),
        ("Dragan", "image", "unknown", None),
        ("Dragan", "system", "system", "Dragan added Mira"),
        ("Facebook user", "call", "unknown", "called"),
        ("Dragan", "deleted", "unknown", None),
        ("Dragan", "link", "unknown", "več u redu Ä"),
    ]
    first = found["messages"][0]
    assert first["sent_at"] == datetime(2024, 3, 12, 17, 43, 0, 123000, tzinfo=UTC)
    assert (first["chat_id"], first["chat_name"], first["chat_kind"]) == ("inbox/put_1", "Put", "group")
    assert found["messages"][4]["deleted"] is True


def test_what_no_column_holds_is_kept(found: dict) -> None:
    assert json.loads(found["messages"][5]["extra"]) == {"ip": "203.0.113.9", "share": {"link": "https://example.org/"}}
    assert json.loads(found["messages"][2]["extra"]) == {"users": [{"name": "Mira"}]}


def test_side_tables(found: dict) -> None:
    assert [p["name"] for p in found["participants"]] == ["Mira Čolić", "Dragan", "Facebook user"]
    assert [(r["person_id"], r["value"]) for r in found["reactions"]] == [("Dragan", "👍")]
    assert [(a["name"], a["present"], a["size"]) for a in found["attachments"]] == [("17.jpg", True, 7)]
    assert [(c["duration_s"], c["peer_name"]) for c in found["calls"]] == [(61.0, "Facebook user")]
    assert "problems" not in found


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("Sti\u00c5\u00beu", "Stižu"),
        ("\u00d0\u0093\u00d1\u0080\u00d0\u00b0\u00d0\u00bd\u00d0\u00b8\u00d1\u0086\u00d0\u00b0", "Граница"),
        ("already right: č", "already right: č"),
        ("caf\u00e9", "café"),  # no UTF-8 in it: left alone
        ("plain", "plain"),
    ],
)
def test_broken_encoding(stored: str, text: str) -> None:
    assert repaired_text(stored) == text


def test_repair_of_deep_nesting() -> None:
    deep: list = ["\u00c4\u008d"]
    for _ in range(5000):
        deep = [deep]
    innermost = repaired(deep)
    while isinstance(innermost[0], list):
        innermost = innermost[0]
    assert innermost == ["č"]


@pytest.mark.parametrize("content", ['{"messages": [{"from": "A", "date": "x"}]}', "[]", "", '{"sender_name": 1}'])
def test_other_json_is_not_claimed(content: str) -> None:
    with testing.placed(content.encode(), name="message_1.json") as file:
        assert not is_download(file)


def test_a_message_that_is_none_is_a_problem() -> None:
    found = testing.rows(
        thread, b'{"messages": [5, {"sender_name": "A", "timestamp_ms": "soon"}]}', name="message_1.json"
    )
    assert [p["record"] for p in found["problems"]] == ["$.messages[0]", "$.messages[1]"]
    assert found["messages"][0]["sender_name"] == "A"


def test_corpus(corpus, manifest) -> None:
    entry = manifest["chats-instagram-instagram-dyi-message-json-01"]
    rows = testing.rows(thread, corpus / entry["path"])["messages"]
    assert [
        {"timestamp": m["sent_at"].strftime("%Y-%m-%dT%H:%M:%S"), "author": m["sender_name"], "message": m["text"]}
        for m in rows
    ] == entry["expected"]["messages"]["value"]
