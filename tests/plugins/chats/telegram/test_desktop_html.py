"""Telegram Desktop pages: joined messages, offsets, forwards, what was not included."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.telegram.desktop_html import is_export, page

from forensics import testing

PAGE = Path(__file__).with_name("messages.html")


@pytest.fixture(scope="module")
def found() -> dict:
    return testing.rows(page, PAGE, beside={"photos/photo_1.jpg": b"picture"})


def test_messages(found: dict) -> None:
    seen = [(m["message_id"], m.get("sender_name"), m["kind"], m.get("text")) for m in found["messages"]]
    assert seen == [
        ("41", "Dragan", "text", "Стижу <вечерас>\nu dva kombija link"),
        ("42", "Dragan", "image", None),
        ("43", "Mira", "location", None),
        ("44", "Mira", "voice", None),
        ("45", None, "system", "Mira pinned this message"),
    ]
    assert {m["chat_name"] for m in found["messages"]} == {"Put na zapad"}
    assert "problems" not in found


def test_times_with_and_without_offset(found: dict) -> None:
    assert found["messages"][0]["sent_at"] == datetime(2024, 3, 12, 17, 42, tzinfo=UTC)
    assert (found["messages"][1]["sent_local"], found["messages"][1]["time_basis"]) == (
        datetime(2024, 3, 12, 18, 43),
        "local",
    )


def test_reply_and_forward(found: dict) -> None:
    assert found["messages"][1]["reply_to"] == "41"
    assert found["messages"][2]["forwarded"] is True
    assert json.loads(found["messages"][2]["extra"]) == {"forwarded_from": "Neko 11.03.2024 10:00:00"}


def test_attachments_and_places(found: dict) -> None:
    assert [(a["name"], a["present"]) for a in found["attachments"]] == [
        ("photo_1.jpg", True),
        ("Voice message", False),
    ]
    assert [(p["latitude"], p["longitude"], p["ref"]) for p in found["places"]] == [(42.43, 19.26, "43")]


def test_a_date_that_is_none_is_a_problem() -> None:
    text = PAGE.read_text("utf-8").replace("12.03.2024 18:42:00 UTC+01:00", "99.99.2024 18:42:00")
    found = testing.rows(page, text.encode(), name="messages.html")
    assert [p["message"] for p in found["problems"]] == ["a message without a readable date"]
    assert len(found["messages"]) == 5


@pytest.mark.parametrize(
    ("text", "claimed"), [(PAGE.read_text("utf-8"), True), ("<html><body>x</body></html>", False), ("", False)]
)
def test_what_is_claimed(text: str, claimed: bool) -> None:
    with testing.placed(text.encode(), name="messages.html") as file:
        assert is_export(file) is claimed
