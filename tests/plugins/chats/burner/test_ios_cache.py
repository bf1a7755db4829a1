"""Burner's cache: messages, calls and numbers in the answers of its server."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from forensics_plugins.chats.burner.ios_cache import cache, is_burner

from forensics import testing

HERE = Path(__file__).parent
SQL = (HERE / "cache.sql").read_text("utf-8")
PAGE = (HERE / "page.json").read_bytes()
BESIDE = {
    "fsCachedData/34A0C948-4FFD-4FA3-B5DC-5DB8ADBD8B0D": PAGE,
    "fsCachedData/D4A118AC-21A9-40A4-B655-8809979E9002": b"RIFF....WAVE",
}
START = datetime(2023, 3, 8, 20, 26, 40, tzinfo=UTC)
BOJAN = "+381641112222"


def read(more="", beside=BESIDE):
    return testing.rows(cache, testing.database(SQL + more), name="Cache.db", beside=beside)


@pytest.fixture(scope="module")
def found():
    return read()


@pytest.fixture(scope="module")
def by_id(found):
    return {m["message_id"]: m for m in found["messages"]}


def extra(row):
    return json.loads(row["extra"])


def test_message_is_given_as_often_as_the_cache_has_it(found):
    assert [m["record"] for m in found["messages"] if m["message_id"] == "M-1"] == [
        "cfurl_cache_response/entry_ID=5 $",
        "cfurl_cache_response/entry_ID=6 $[4]",
    ]
    assert [m["record"] for m in found["messages"] if m["message_id"] == "M-9"] == [
        "cfurl_cache_response/entry_ID=7 $[1]"
    ]


def test_message(by_id):
    m = by_id["M-1"]
    assert (m["text"], m["direction"], m["kind"], m["raw_kind"]) == ("Где си?", "outgoing", "text", "2/1")
    assert m["sent_at"] == START + timedelta(milliseconds=250)
    assert (m["sender_id"], m["sender_name"], m["account_id"]) == ("+38267000111", "Posao", "B-1")
    assert (m["chat_id"], m["chat_name"]) == (f"B-1/{BOJAN}", "Бојан")


def test_picture_and_voicemail_that_the_cache_holds(found, by_id):
    assert (by_id["M-2"]["kind"], by_id["M-2"]["sender_name"], by_id["M-3"]["kind"]) == ("image", "Бојан", "voice")
    files = {a["message_id"]: a for a in found["attachments"]}
    assert (files["M-2"]["present"], files["M-2"]["sha256"], files["M-2"]["size"]) == (
        True,
        sha256(b"\xff\xd8\xff\xe0").hexdigest(),
        4,
    )
    assert (files["M-3"]["stored_path"], files["M-3"]["duration_s"]) == (
        "fsCachedData/D4A118AC-21A9-40A4-B655-8809979E9002",
        9.0,
    )
    assert files["K-1"]["present"] is False


def test_calls(found, by_id):
    calls = {c["call_id"]: c for c in found["calls"]}
    assert [(i, c["direction"], c["outcome"]) for i, c in calls.items()] == [
        ("M-3", "incoming", "missed"),
        ("M-4", "incoming", "missed"),
        ("M-5", "outgoing", "answered"),
        ("K-2", "outgoing", "answered"),
    ]
    assert (calls["M-5"]["peer_id"], calls["M-5"]["peer_name"], extra(calls["M-5"])["duration"]) == (BOJAN, "Бојан", 2)
    assert "duration_s" not in calls["M-5"]
    assert by_id["M-4"]["kind"] == "call"


def test_newer_form(by_id):
    m = by_id["K-1"]
    assert (m["text"], m["direction"], m["sender_id"], m["kind"]) == (
        "novi oblik",
        "incoming",
        "+38344555666",
        "document",
    )


def test_unknown_codes_stay_visible(by_id):
    m = by_id["M-9"]
    assert (m["kind"], m["raw_kind"], m["direction"], m["text"]) == ("unknown", "3/9", "unknown", "samo ovdje")


def test_accounts_without_their_tokens(found):
    user, burner = found["accounts"]
    assert (user["account_id"], user["phone"], user["record"]) == (
        "U",
        "+38268000000",
        "cfurl_cache_response/entry_ID=2 $.user",
    )
    assert user["created_at"] == datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
    assert "secret" not in user["extra"]
    assert (burner["account_id"], burner["name"], burner["phone"]) == ("B-1", "Posao", "+38267000111")
    assert extra(burner)["entitlements"] == {"remainingMinutes": 48, "totalMinutes": 50}
    assert extra(burner)["auto_reply"] == "Zauzet"


def test_contact(found):
    (contact,) = found["contacts"]
    assert (contact["name"], contact["phones"], contact["blocked"], contact["note"]) == (
        "Бојан",
        [BOJAN],
        True,
        "iz Niša",
    )
    assert "problems" not in found


def test_body_that_is_missing():
    found = read(beside={})
    (problem,) = found["problems"]
    assert (problem["kind"], problem["record"]) == ("not_read", "cfurl_cache_response/entry_ID=6")
    found = read("DELETE FROM cfurl_cache_receiver_data WHERE entry_ID = 4;")
    assert [p["record"] for p in found["problems"]] == ["cfurl_cache_response/entry_ID=4"]


@pytest.mark.parametrize("body", ["x'ff00'", "'[[['", "CAST('{' AS BLOB)", "5", f"'{'[' * 100_000}'"])
def test_body_that_is_no_json(body):
    found = read(f"UPDATE cfurl_cache_receiver_data SET receiver_data = {body} WHERE entry_ID = 5;")
    assert len(found["messages"]) == 8
    assert [p["record"] for p in found["problems"]] == ["cfurl_cache_response/entry_ID=5"]


@pytest.mark.parametrize("name", ["../../Cache.db", "", "34A0C948-4FFD-4FA3-B5DC-5DB8ADBD8B0D/..", "x'00'"])
def test_name_that_leads_elsewhere(name):
    found = read(
        f"UPDATE cfurl_cache_receiver_data SET receiver_data = '{name.replace(chr(39), '')}' WHERE entry_ID = 6;"
    )
    assert [p["kind"] for p in found["problems"]] == ["not_read"]


def test_values_of_another_type():
    odd = '{"id": [1], "burnerId": 5, "direction": [], "messageType": {}, "state": [1], "message": {"a": 1}, "dateCreated": "x"}'
    found = read(f"UPDATE cfurl_cache_receiver_data SET receiver_data = '{odd}' WHERE entry_ID = 5;")
    assert len(found["messages"]) == 9
    assert not [p for p in found["problems"] if "stopped" in p["message"]]


def test_cache_of_another_app_is_not_claimed():
    other = SQL.replace("phoenix.burnerapp.com", "example.org")
    with testing.placed(testing.database(other), name="Cache.db") as file:
        assert not is_burner(file)
    with testing.placed(testing.database(SQL), name="Cache.db") as file:
        assert is_burner(file)
    with testing.placed(testing.database("CREATE TABLE cfurl_cache_response (a)"), name="Cache.db") as file:
        assert not is_burner(file)


def test_no_messages_no_problem():
    assert list(read("DELETE FROM cfurl_cache_response WHERE entry_ID NOT IN (1, 4);")) == ["contacts"]
    empty = read("UPDATE cfurl_cache_receiver_data SET receiver_data = '[]', isDataOnFS = 0;")
    assert empty == {}


def test_it_keeps_the_promises():
    assert [c for c in testing.check(cache, testing.database(SQL), name="Cache.db") if c.fault] == []
