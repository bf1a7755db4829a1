"""The download of end-to-end encrypted chats."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.meta.download_json import is_download
from forensics_plugins.chats.meta.e2ee_json import is_encrypted_download, thread

from forensics import testing

PART = Path(__file__).with_name("Mira_40.json")


@pytest.fixture(scope="module")
def found() -> dict:
    return testing.rows(thread, PART, name="messages/Mira_40.json")


def test_messages(found: dict) -> None:
    # Importers skip unsent messages.
    assert [(m.get("sender_name"), m["kind"], m["raw_kind"], m.get("text")) for m in found["messages"]] == [
        ("Мира Чолић", "text", "text", "Стижемо сутра 🙂"),
        ("Neven Test", "image", "media", None),
        ("Neven Test", "deleted", "placeholder", None),
        ("Neven Test", "link", "link", "https://example.org/"),
        ("Neven Test", "document", "media", "cafÃ©"),  # not repaired: this download writes UTF-8 as it is
        (None, "unknown", "poll", None),
    ]
    first = found["messages"][0]
    assert first["sent_at"] == datetime(2024, 3, 12, 17, 43, 0, 123000, tzinfo=UTC)
    assert (first["chat_id"], first["chat_name"], first["chat_kind"]) == ("messages/Mira_40", "Мира Чолић", "direct")
    assert (first["app"], first["direction"]) == ("Messenger", "unknown")
    assert found["messages"][2]["deleted"] is True
    assert "sent_at" not in found["messages"][4]
    assert json.loads(found["messages"][4]["extra"]) == {"end_to_end_encrypted": True, "newKey": 5}


def test_side_tables(found: dict) -> None:
    assert [a["stored_path"] for a in found["attachments"]] == ["./media/0b1c.jpeg", "./media/0b1d.mp4", "./media/0b1e"]
    assert [(r["person_id"], r["value"]) for r in found["reactions"]] == [("Neven Test", "❤")]
    assert [p["name"] for p in found["participants"]] == ["Мира Чолић", "Neven Test"]
    assert "problems" not in found


def test_the_two_downloads_are_told_apart() -> None:
    with testing.placed(PART.read_bytes(), name="Mira_40.json") as file:
        assert is_encrypted_download(file)
        assert not is_download(file)
    with testing.placed(PART.with_name("message_1.json").read_bytes(), name="message_1.json") as file:
        assert not is_encrypted_download(file)


def test_a_thread_without_messages() -> None:
    found = testing.rows(thread, b'{"participants": ["A"], "threadName": "A", "messages": []}', name="A_1.json")
    assert [p["name"] for p in found["participants"]] == ["A"]
    assert "messages" not in found


def test_promises() -> None:
    assert [c for c in testing.check(thread, PART, name="Mira_40.json") if c.fault] == []


def test_poisoned() -> None:
    content = {
        "participants": {"a": 1},
        "threadName": [],
        "messages": [
            7,
            {"senderName": {}, "timestamp": "x", "media": [5, {"uri": 1}], "reactions": "x", "text": 5, "type": []},
        ],
    }
    found = testing.rows(thread, json.dumps(content).encode(), name="x.json")
    assert len(found["messages"]) == 1
    assert found["problems"][0]["record"] == "$.messages[0]"
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]
