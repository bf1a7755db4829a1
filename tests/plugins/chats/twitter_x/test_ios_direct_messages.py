"""The cached inbox of X: messages, reactions, calls and persons."""

import json
import plistlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from forensics_plugins.chats.twitter_x.ios_direct_messages import inbox, is_inbox

from forensics import testing

from ..archives import archived

INBOX = json.loads((Path(__file__).parent / "inbox.json").read_text("utf-8"))
START = datetime(2023, 3, 8, 20, 26, 40, tzinfo=UTC)
TRUSTED = "$.inbox.trusted_conversations_timeline.conversations[0]"


def read(state=INBOX):
    return testing.rows(inbox, archived(state), name="ana-1")


def changed(**parts):
    return {**INBOX, **parts}


@pytest.fixture(scope="module")
def found():
    return read()


@pytest.fixture(scope="module")
def by_id(found):
    return {m.get("message_id"): m for m in found["messages"]}


def extra(row):
    return json.loads(row["extra"])


def test_sent(by_id):
    m = by_id["5001"]
    assert (m["text"], m["sent_at"]) == ("Где си?", START + timedelta(milliseconds=250))
    assert (m["direction"], m["sender_id"], m["sender_name"], m["account_id"]) == (
        "outgoing",
        "100",
        "Ana Perić",
        "100",
    )
    assert (m["chat_id"], m["chat_name"], m["chat_kind"]) == ("100-200", "Бојан", "direct")
    assert m["record"] == f"{TRUSTED}.entries[0]"


def test_picture_that_answers(found, by_id):
    m = by_id["5002"]
    assert (m["kind"], m["direction"], m["reply_to"], m.get("text")) == ("image", "incoming", "5001", None)
    assert extra(m)["original_text"] == " https://t.co/x"
    assert extra(m)["marked_as_spam"] is True
    picture = found["attachments"][0]
    assert (picture["url"], picture["width"], picture["height"], picture["caption"]) == (
        "https://example.org/a.jpg",
        1068,
        1384,
        "most",
    )


def test_reaction(found):
    (reaction,) = found["reactions"]
    assert (reaction["message_id"], reaction["person_id"], reaction["value"]) == ("5002", "100", "❤️")
    assert reaction["reacted_at"] == START + timedelta(seconds=2)


def test_call(found, by_id):
    (call,) = found["calls"]
    assert (call["started_at"], call["duration_s"]) == (START + timedelta(seconds=3), 97.25)
    assert (call["direction"], call["peer_id"], call["peer_name"]) == ("incoming", "200", "Бојан")
    assert (call["outcome"], extra(call)["call_type"]) == ("end_reason 1", 2)
    assert (by_id["5004"]["kind"], by_id["5004"]["direction"]) == ("call", "system")


def test_other_entry_is_a_system_message(by_id):
    m = by_id["5005"]
    assert (m["kind"], m["direction"], m["raw_kind"]) == ("system", "system", "TFNDirectMessageParticipantsJoinEntry")
    assert extra(m)["count"] == 0


def test_unknown_media_stays_visible(by_id):
    m = by_id["local-1"]
    assert (m["kind"], m["text"], m["direction"], extra(m)["media_type"]) == ("unknown", "video", "unknown", 3)
    assert "sent_at" not in m


def test_draft(by_id):
    m = by_id[None]
    assert (m["text"], m["status"], m["direction"]) == ("nedovršeno", "draft", "unknown")
    assert m["record"] == f"{TRUSTED}.composition"


def test_group_of_another_list(by_id):
    m = by_id["6001"]
    assert (m["chat_name"], m["chat_kind"], m["sender_name"]) == ("Ponuda", "group", "nepoznat")
    assert extra(m)["list"] == "low quality"


def test_members(found):
    bojan, ana = found["participants"][:2]
    assert (bojan["person_id"], bojan["role"], extra(bojan)["last_read"]) == ("200", "member", "5001")
    assert (ana["role"], ana["joined_at"]) == ("admin", datetime(2022, 11, 13, 2, 40, 0, 250000, UTC))


def test_account_and_persons(found):
    assert {row["app"] for table in ("messages", "accounts", "contacts") for row in found[table]} == {"X (Twitter)"}
    (account,) = found["accounts"]
    assert (account["account_id"], account["username"], account["is_owner"]) == ("100", "ana", True)
    assert account["created_at"] == datetime(2018, 11, 29, 19, 41, 3, tzinfo=UTC)
    (contact,) = found["contacts"]
    assert (contact["person_id"], contact["name"], contact["note"], contact["blocked"]) == (
        "200",
        "Бојан",
        "iz Niša",
        True,
    )
    assert "problems" not in found


def test_empty_inbox_gives_the_account_only():
    state = {"inbox": {"context": {"userID": 100}}, "cachedUserByUserID": {}}
    assert list(read(state)) == ["accounts"]


def test_what_waits_to_be_sent_is_said():
    (problem,) = read(changed(outgoingMessages={"1": {"text": "x"}}))["problems"]
    assert (problem["kind"], problem["record"]) == ("not_read", "$.outgoingMessages")


@pytest.mark.parametrize("odd", [5, "x", [5, None], {"conversations": [5, {"entries": [5], "participants": ["x"]}]}])
def test_parts_of_another_type(odd):
    found = read(changed(inbox={"context": odd, "trusted_conversations_timeline": odd}, cachedUserByUserID=odd))
    assert not [p for p in found.get("problems", []) if "stopped" in p["message"]]


def test_archive_of_another_app_is_not_claimed():
    for content in (archived({"a": 1}), plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY)):
        with testing.placed(content, name="ana-1") as file:
            assert not is_inbox(file)
    with testing.placed(archived(INBOX), name="ana-1") as file:
        assert is_inbox(file)


def test_it_keeps_the_promises():
    assert [c for c in testing.check(inbox, archived(INBOX), name="ana-1") if c.fault] == []


EXAMPLES = [("twitter_x.ios.direct_messages", "ana-1", archived(INBOX))]
