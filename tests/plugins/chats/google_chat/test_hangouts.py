"""Hangouts.json in Google Takeout."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.google_chat.hangouts import hangouts

from forensics import testing

HERE = Path(__file__).parent
CONTENT = (HERE / "hangouts.json").read_bytes()
NAME = "Hangouts.json"


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(hangouts, CONTENT, name=NAME)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def message(found: dict, event: str) -> dict:
    return next(m for m in found["messages"] if m["message_id"] == event)


def test_message(found):
    said = message(found, "e1")
    assert (said["chat_id"], said["chat_name"], said["chat_kind"], said["account_id"]) == (
        "Ugx1",
        "رضا",
        "direct",
        "101",
    )
    assert (said["direction"], said["sender_id"], said["sender_name"]) == ("incoming", "102", "رضا")
    assert said["text"] == "سلام \nhttps://example.org"
    assert said["sent_at"] == datetime(2015, 10, 1, 23, 41, 51, 690532, tzinfo=UTC)
    assert extra(said) == {"delivery_medium": {"medium_type": "BABEL_MEDIUM"}}


def test_picture_and_place(found):
    (picture,), (place,) = found["attachments"], found["places"]
    assert (message(found, "e2")["kind"], message(found, "e2")["direction"]) == ("image", "outgoing")
    assert (picture["name"], picture["url"]) == ("IMG_1.jpg", "https://example.org/s0/IMG_1.jpg")
    assert (message(found, "e3")["kind"], message(found, "e3")["latitude"]) == ("location", 42.4304)
    assert (place["label"], place["longitude"], place["ref"]) == ("Stanica", 19.2594, "e3")


def test_start_and_end_of_a_call_are_one_call(found):
    """Events are not in the order of time: the end is listed before the start."""
    (call,) = found["calls"]
    assert (call["call_id"], call["duration_s"], call["direction"], call["video"]) == ("e4", 70, "incoming", False)
    assert (call["started_at"], call["peer_name"], call["members"]) == (
        datetime(2015, 10, 1, 23, 42, tzinfo=UTC),
        "رضا",
        ["101", "102"],
    )
    assert (message(found, "e4")["kind"], message(found, "e5")["direction"]) == ("call", "system")


def test_unknown_event_stays(found):
    odd = message(found, "e6")
    assert (odd["kind"], odd["raw_kind"], "sent_at" in odd, "sender_id" in odd) == ("system", "NEW_KIND", False, False)
    assert extra(odd) == {"odd": {"a": 1}}
    assert [p["record"] for p in found["problems"]] == ["$.conversations[0].events[6]"]


def test_members_and_account(found):
    ana, reza = found["participants"]
    assert (ana["person_id"], ana["active"], reza["person_id"], reza["active"]) == ("101", True, "102", False)
    assert extra(reza) == {"read_up_to_us": "1443742911690532", "phone": "+38269000001"}
    assert [(a["account_id"], a["name"], a["is_owner"]) for a in found["accounts"]] == [("101", "Ana", True)]


def test_form_of_before_2017():
    found = testing.rows(hangouts, (HERE / "hangouts_2014.json").read_bytes(), name=NAME)
    (joined,) = found["messages"]
    assert (joined["chat_name"], joined["chat_kind"], joined["raw_kind"], joined["direction"]) == (
        "Put",
        "group",
        "ADD_USER",
        "system",
    )
    assert joined["sent_at"] == datetime(2014, 10, 4, 0, 0, 0, 1, tzinfo=UTC)
    assert extra(joined)["membership_change"]["participant_id"] == [{"gaia_id": "104"}]
    assert joined["record"] == "$.conversation_state[0].conversation_state.event[0]"


@pytest.mark.parametrize(
    "content",
    [
        b'{"gaia_id": 1, "conversations": 5}',
        b'{"gaia_id": 1, "conversations": [5, {"conversation": [], "events": {}}, {"events": [{"timestamp": []}]}]}',
        b'{"gaia_id": 1, "conversations": [{"events": [{"timestamp": 1e999, "chat_message": {"message_content": {"segment":'
        b' [7, {}], "attachment": [1, {"embed_item": {"plus_photo": "x", "place_v2": {"geo": {"geo_coordinates_v2": 5}}}}]}}},'
        b' {"hangout_event": {"event_type": "END_HANGOUT", "hangout_duration_secs": "x", "participant_id": 9}}]}]}',
    ],
)
def test_hostile(content):
    found = testing.rows(hangouts, content, name=NAME)
    assert not [p for p in found.get("problems", []) if " stopped: " in p["message"]]


def test_promises():
    assert [c for c in testing.check(hangouts, CONTENT, name=NAME) if c.fault] == []
