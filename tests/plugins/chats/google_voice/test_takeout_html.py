"""Pages of Voice/Calls in Google Takeout."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.google_voice.takeout_html import duration, page

from forensics import testing
from forensics.identify import identify
from forensics.plugins import Registry

PAGES = {path.stem: path.read_bytes() for path in (Path(__file__).parent / "takeout").glob("*.html")}
NAMES = {
    "texts": "Hana - Text - 2023-09-02T02_29_20Z.html",
    "group": "Group Conversation - 2021-07-13T21_25_26Z.html",
    "voicemail": "Hana - Voicemail - 2014-05-17T02_54_27Z.html",
    "call": "+38269000002 - Placed - 2015-03-20T03_59_29Z.html",
}


def read(which: str, beside: dict[str, bytes] | None = None, content: bytes | None = None) -> dict[str, list[dict]]:
    return testing.rows(page, content or PAGES[which], name=NAMES[which], beside=beside)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_texts():
    found = read("texts")
    received, sent = found["messages"][:2]
    assert (received["chat_id"], received["chat_name"], received["chat_kind"]) == ("+38269000001", "Hana", "direct")
    assert (received["direction"], received["sender_id"], received["sender_name"]) == (
        "incoming",
        "+38269000001",
        "Hana",
    )
    assert received["text"] == "где си?\nпиши  одмах <b>"
    assert received["sent_at"] == datetime(2023, 9, 2, 2, 29, 20, 270000, tzinfo=UTC)
    assert (sent["direction"], sent["sender_id"], sent["account_id"], "sender_name" in sent) == (
        "outgoing",
        "+38269000009",
        "+38269000009",
        False,
    )
    assert (sent["kind"], sent["text"], sent["deleted"], extra(sent)) == (
        "image",
        "MMS Sent",
        True,
        {"labels": ["sms", "trash"]},
    )


def test_contact_called_me_is_not_the_account():
    """The account is told by the element, not by the word, which is another in each language and may be a contact's name."""
    found = read("texts")
    named = found["messages"][2]
    assert (named["direction"], named["sender_name"], "sender_id" in named) == ("incoming", "Me", False)
    assert ("sent_at" in named, named["text"]) == (False, "=1+1\u202e")
    assert [p["message"] for p in found["problems"]] == ["a text without a readable time"]


def test_file_lies_beside_under_an_ending():
    """The page names the file without its ending."""
    path = "Hana - Text - 2023-09-02T02_29_20Z-2-1"
    (missing,) = read("texts")["attachments"]
    (there,) = read("texts", {f"{path}.jpg": b"\xff\xd8\xff"})["attachments"]
    assert (missing["stored_path"], "sha256" in missing) == (path, False)
    assert (there["name"], there["stored_path"]) == (path, f"{path}.jpg")
    assert there["sha256"] == hashlib.sha256(b"\xff\xd8\xff").hexdigest()


def test_group():
    found = read("group")
    (message,), (card,) = found["messages"], found["attachments"]
    assert (message["chat_id"], message["chat_kind"], message["chat_name"]) == (
        "+38269000001,+38344555666",
        "group",
        "Hana, +38344555666",
    )
    assert (message["kind"], message["direction"], "deleted" in message) == ("contact", "outgoing", False)
    assert card["stored_path"] == "Group Conversation - 2021-07-13T21_25_26Z-3-1"
    assert [(p["person_id"], p["name"]) for p in found["participants"]] == [
        ("+38269000001", "Hana"),
        ("+38344555666", "+38344555666"),
    ]


def test_voicemail():
    found = read("voicemail")
    (message,), (sound,) = found["messages"], found["attachments"]
    assert (message["kind"], message["raw_kind"], message["direction"], message["text"]) == (
        "voice",
        "voicemail",
        "incoming",
        "Zovi me.",
    )
    assert message["sent_at"] == datetime(2014, 5, 17, 2, 54, 27, tzinfo=UTC)
    assert (sound["duration_s"], sound["stored_path"]) == (22, "Hana - Voicemail - 2014-05-17T02_54_27Z.mp3")
    assert "calls" not in found


@pytest.mark.parametrize(
    ("label", "direction", "outcome"),
    [
        ("placed", "outgoing", None),
        ("received", "incoming", "answered"),
        ("missed", "incoming", "missed"),
        ("new", "unknown", None),
    ],
)
def test_calls(label, direction, outcome):
    """By what the label links to: the words are in the language of the account."""
    (call,) = read("call", content=PAGES["call"].replace(b"#placed", b"#" + label.encode()))["calls"]
    assert (call["direction"], call.get("outcome"), extra(call)) == (direction, outcome, {"labels": [label]})
    assert (call["peer_id"], "peer_name" in call, call["duration_s"]) == ("+38269000002", False, 3723)
    assert call["started_at"] == datetime(2015, 3, 20, 3, 59, 29, tzinfo=UTC)


def test_recording_is_no_second_call():
    found = read("voicemail", content=PAGES["voicemail"].replace(b"#voicemail", b"#recorded"))
    assert (found["messages"][0]["raw_kind"], found["messages"][0]["direction"]) == ("recorded", "unknown")
    assert "calls" not in found


def test_durations():
    assert [duration(t) for t in ("PT22S", "PT1M", "PT0S", "1m", None)] == [22, 60, None, None, None]


@pytest.mark.parametrize("which", sorted(PAGES))
def test_claimed_by_one(which):
    with testing.placed(PAGES[which], name="any.html") as file:
        owners = [look.known.declaration.name for look in identify(file, Registry()).looks if look.claim >= 2]
    assert owners == ["google_voice.takeout"]


@pytest.mark.parametrize(
    "body",
    [
        '<div class="hChatLog"><div class="message"><![if x]><q>' + "<i>" * 500,
        '<div class="hChatLog"></div>',
        '<div class="haudio"><div class="contributor"><abbr class="duration" title="PT99999999S">',
        '<div class="hChatLog">' + '<div class="message">' * 3000,
    ],
)
def test_hostile(body):
    found = read("texts", content=f"<html><body>{body}".encode())
    assert not [p for p in found.get("problems", []) if " stopped: " in p["message"]]


@pytest.mark.parametrize("which", sorted(PAGES))
def test_promises(which):
    assert [c for c in testing.check(page, PAGES[which], name=NAMES[which]) if c.fault] == []
