"""Direct messages and account of an X (Twitter) archive."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.twitter_x.archive import account, messages

from forensics import testing
from forensics.identify import identify
from forensics.plugins import Registry

HERE = Path(__file__).parent / "archive"
TWO, GROUP, ACCOUNT = (
    (HERE / f"{name}.js").read_bytes() for name in ("direct-messages", "direct-messages-group", "account")
)
PICTURE = b"\xff\xd8\xff"
BESIDE = {"data/account.js": ACCOUNT, "data/direct_messages_media/1485-slika.jpg": PICTURE}


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(messages, TWO, name="data/direct-messages.js", beside=BESIDE)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_messages(found):
    assert {row["app"] for row in found["messages"]} == {"X (Twitter)"}
    received, sent = found["messages"][:2]
    assert (received["message_id"], received["chat_id"], received["chat_kind"]) == ("1486", "101-202", "direct")
    assert (received["direction"], received["sender_id"], received["account_id"]) == ("incoming", "202", "101")
    assert (received["text"], extra(received)) == ("https://t.co/x где си", {"links": ["https://example.org/pismo"]})
    assert received["sent_at"] == datetime(2022, 1, 27, 15, 58, 52, 744000, tzinfo=UTC)
    assert (sent["direction"], sent["kind"], sent["text"]) == ("outgoing", "image", "به زودی")


def test_file_and_reaction(found):
    (picture,), (like,) = found["attachments"], found["reactions"]
    assert (picture["stored_path"], picture["message_id"]) == ("direct_messages_media/1485-slika.jpg", "1485")
    assert picture["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    assert (like["message_id"], like["person_id"], like["value"]) == ("1486", "101", "like")
    assert like["reacted_at"] == datetime(2022, 1, 27, 15, 59, tzinfo=UTC)


def test_unknown_entry_stays(found):
    """A reader that knows only messageCreate loses the rest, or stops at it."""
    odd = found["messages"][2]
    assert (odd["kind"], odd["raw_kind"], odd["direction"], "sent_at" in odd) == (
        "system",
        "welcomeMessageCreate",
        "system",
        False,
    )
    assert odd["text"] == "=1+1<b>\x1b[31m\u202e"
    assert [(p["message"], p["record"]) for p in found["problems"]] == [
        ("an entry without a readable time", "$[0].dmConversation.messages[2].welcomeMessageCreate"),
        ("an entry that is no object", "$[0].dmConversation.messages[3].messageCreate"),
        ("an entry that is no object", "$[0].dmConversation.messages[4]"),
        ("a conversation without a list of messages", "$[1].dmConversation"),
    ]


def test_without_the_account_direction_is_unknown():
    found = testing.rows(messages, TWO, name="direct-messages.js")
    assert {m["direction"] for m in found["messages"]} == {"unknown", "system"}
    assert [p["person_id"] for p in found["participants"]] == ["202", "101"]


def test_group():
    found = testing.rows(messages, GROUP, name="data/direct-messages-group.js", beside={"data/account.js": ACCOUNT})
    said, left, renamed, named, joined = found["messages"]
    assert (said["chat_kind"], said["chat_name"], said["direction"]) == ("group", "Put 2", "incoming")
    assert (left["kind"], left["raw_kind"], extra(left)) == ("system", "participantsLeave", {"userIds": ["404"]})
    assert (renamed["text"], named["text"], named["sender_id"]) == ("Put 2", "Put", "202")
    assert extra(joined)["participantsSnapshot"] == ["101", "202"]
    assert {p["person_id"] for p in found["participants"]} == {"101", "202", "404"}
    assert "problems" not in found


def test_account():
    (owner,) = testing.rows(account, ACCOUNT, name="account.js")["accounts"]
    assert (owner["account_id"], owner["username"], owner["name"], owner["email"]) == (
        "101",
        "ana_p",
        "Ana П.",
        "ana@example.org",
    )
    assert owner["created_at"] == datetime(2010, 5, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "name", "parser"),
    [
        (TWO, "direct-messages-part1.js", "twitter_x.archive"),
        (GROUP, "any.txt", "twitter_x.archive"),
        (ACCOUNT, "account.js", "twitter_x.archive.account"),
    ],
)
def test_claimed_by_one(content, name, parser):
    with testing.placed(content, name=name) as file:
        assert [look.known.declaration.name for look in identify(file, Registry()).looks if look.claim >= 2] == [parser]


def test_other_data_is_not_claimed():
    with testing.placed(b"window.YTD.tweets.part0 = [ ]", name="tweets.js") as file:
        assert not [look for look in identify(file, Registry()).looks if look.claim >= 2]


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[[], {}, null]",
        '[{"dmConversation": {"conversationId": [], "messages": [{"messageCreate": {"id": [], "senderId": {}, "createdAt": 5,'
        ' "mediaUrls": [7, "x", "/"], "urls": [1], "reactions": [2, {"createdAt": []}], "text": {}}}]}}]',
        '[{"dmConversation": {"messages": [{"messageCreate": {"id": "../..", "mediaUrls": ["a/b?c"]}, "x": {}}, {}]}}]',
    ],
)
def test_hostile(body):
    found = testing.rows(messages, f"window.YTD.direct_messages.part0 = {body}".encode(), name="direct-messages.js")
    assert not [p for p in found.get("problems", []) if " stopped: " in p["message"]]


@pytest.mark.parametrize(
    ("parser", "content", "name"),
    [
        (messages, TWO, "direct-messages.js"),
        (messages, GROUP, "direct-messages-group.js"),
        (account, ACCOUNT, "account.js"),
    ],
    ids=["two", "group", "account"],
)
def test_promises(parser, content, name):
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []
