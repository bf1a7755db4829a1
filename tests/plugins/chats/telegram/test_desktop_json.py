"""Telegram Desktop exports: an account with a left chat, single chats of public test suites."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.telegram.desktop_json import export, is_export

from forensics import testing

ACCOUNT = Path(__file__).with_name("account.json")


@pytest.fixture(scope="module")
def found() -> dict:
    return testing.rows(export, ACCOUNT, name="result.json", beside={"photos/photo_1.jpg": b"picture"})


def test_messages(found: dict) -> None:
    seen = [
        (m.get("message_id"), m["direction"], m["kind"], m.get("sender_id"), m.get("text")) for m in found["messages"]
    ]
    assert seen == [
        ("1", "incoming", "text", "user888", "Adresa: ovdje \x1b."),
        ("2", "outgoing", "image", "user777000111", "граница"),
        ("3", "incoming", "voice", "user888", None),
        ("4", "incoming", "location", "user888", None),
        ("5", "system", "call", "user888", None),
        ("6", "unknown", "unknown", None, None),
        ("1", "system", "system", "user5", None),
    ]
    assert found["messages"][0]["sent_at"] == datetime(2024, 3, 12, 17, 42, tzinfo=UTC)
    assert found["messages"][1]["reply_to"] == "1"
    assert found["messages"][1]["edited_at"] == datetime(2024, 3, 12, 17, 45, tzinfo=UTC)
    assert found["messages"][3]["forwarded"] is True


def test_a_left_chat_is_read_with_its_wall_clock(found: dict) -> None:
    message = found["messages"][-1]
    assert message["record"] == "$.left_chats.list[0].messages[0]"
    assert (message["sent_local"], message["time_basis"]) == (datetime(2021, 3, 12, 18, 48), "local")
    assert json.loads(message["extra"]) == {"action": "invite_members", "members": ["Mira"]}


def test_links_behind_text_are_kept(found: dict) -> None:
    assert json.loads(found["messages"][0]["extra"])["entities"][0]["href"] == "https://example.org/"


def test_attachments(found: dict) -> None:
    assert [(a["name"], a["present"], a.get("width")) for a in found["attachments"]] == [
        ("photo_1.jpg", True, 800),
        ("(File not included. Change data exporting settings to download.)", False, None),
    ]


def test_side_tables(found: dict) -> None:
    assert [(r["person_id"], r["value"]) for r in found["reactions"]] == [("user777000111", "👍")]
    assert [(p["latitude"], p["longitude"], p["ref"]) for p in found["places"]] == [(42.43, 19.26, "4")]
    assert [(c["duration_s"], c["outcome"]) for c in found["calls"]] == [(61.0, "answered")]
    assert [(c["person_id"], c["phones"]) for c in found["contacts"]] == [("user888", ["+38267000001"])]
    assert [(a["account_id"], a["is_owner"]) for a in found["accounts"]] == [("user777000111", True)]
    assert json.loads(found["devices"][0]["extra"])["last_ip"] == "203.0.113.7"


def chat(*messages: str, kind: str = "personal_chat") -> dict:
    text = f'{{"name": "A", "type": "{kind}", "id": 888, "messages": [{", ".join(messages)}]}}'
    return testing.rows(export, text.encode(), name="result.json")


def test_a_deleted_account_keeps_its_id() -> None:
    """`from` is null for it: a reader that goes by names alone gives these messages to nobody, or leaves them out."""
    message = '{"id": 1, "type": "message", "date_unixtime": "1710265320", "from": null, "from_id": "user888", "text": "ту сам"}'
    (row,) = chat(message)["messages"]
    assert (row["sender_id"], "sender_name" in row, row["text"]) == ("user888", False, "ту сам")


def test_old_exports_name_persons_by_bare_numbers() -> None:
    """Exports of before about 2021 have no date_unixtime either: their wall clock is not UTC."""
    message = (
        '{"id": 1, "type": "message", "date": "2019-03-12T18:42:00", "from": "D", "from_id": 888, "text": "zdravo"}'
    )
    (row,) = chat(message)["messages"]
    assert (row["sender_id"], row["direction"]) == ("user888", "incoming")
    assert ("sent_at" in row, row["sent_local"]) == (False, datetime(2019, 3, 12, 18, 42))


def test_control_characters_that_are_no_json() -> None:
    r"""Telegram writes `\x1b`, which JSON does not know: other readers refuse the whole file. `\\x41` is what was written."""
    message = (
        r'{"id": 1, "type": "message", "date_unixtime": "1710265320", "from": "D", "text": "\x1b[31m \\x41 \\\x07"}'
    )
    (row,) = chat(message)["messages"]
    assert row["text"] == "\x1b[31m \\x41 \\\x07"


def test_pieces_of_a_text_are_put_together_as_they_are() -> None:
    """A space between the pieces would change what was written: an address of a wallet would be cut in two."""
    pieces = '["bc1q", {"type": "bold", "text": "xyz"}, "abc", {"type": "mention", "text": "@a"}]'
    message = f'{{"id": 1, "type": "message", "date_unixtime": "1710265320", "from": "D", "text": {pieces}}}'
    (row,) = chat(message)["messages"]
    assert row["text"] == "bc1qxyzabc@a"


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("text", 5, None),
        ("text", {"text": "x"}, None),
        ("text", ["пре", 5, None, {"type": "bold", "text": "после"}], "препосле"),
        ("reactions", 5, "ok"),
        ("reactions", [5], "ok"),
        ("reactions", [{"emoji": "x", "recent": 5}], "ok"),
        ("media_type", ["a"], "ok"),
    ],
)
def test_a_bad_value_is_kept_as_stored_and_the_rest_goes_on(key: str, value: object, text: str | None) -> None:
    bad = {"id": 1, "type": "message", "date_unixtime": "1710265320", "text": "ok"} | {key: value}
    good = '{"id": 2, "type": "message", "date_unixtime": "1710265321", "text": "сутра"}'
    found = chat(json.dumps(bad), good)
    first, second = found["messages"]
    assert (first.get("text"), json.loads(first["extra"])[key]) == (text, value)
    assert (second["text"], "extra" in second) == ("сутра", False)
    assert not [p for p in found.get("problems", ()) if "stopped" in p["message"]]


def test_lists_of_the_account_may_hold_anything() -> None:
    said = {
        "about": "Telegram",
        "personal_information": {"user_id": 7, "first_name": 5, "last_name": "Marić"},
        "contacts": {"list": [5, {"user_id": 8, "first_name": ["a"], "last_name": "Ana"}]},
        "sessions": {"list": [None, {"device_model": "PC"}]},
        "left_chats": {"list": None},
        "chats": {"list": [{"id": 1, "type": ["a"], "messages": [{"id": 1, "type": "message", "text": "ok"}]}]},
    }
    found = testing.rows(export, json.dumps(said).encode(), name="result.json")
    assert [p["record"] for p in found["problems"]][:2] == ["$.contacts.list[0]", "$.sessions.list[0]"]
    assert (found["accounts"][0]["name"], found["contacts"][0]["name"]) == ("Marić", "Ana")
    assert (found["devices"][0]["model"], found["messages"][0]["text"]) == ("PC", "ok")


def test_what_is_not_read_is_said(found: dict) -> None:
    assert [p["record"] for p in found["problems"]] == ["$.stories"]


def test_rows_in_are_rows_out(found: dict) -> None:
    mended = ACCOUNT.read_text("utf-8").replace("\\x1b", "\\u001b")
    said = json.loads(mended)
    chats = [*said["chats"]["list"], *said["left_chats"]["list"]]
    assert sum(len(chat["messages"]) for chat in chats) == len(found["messages"])


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ('{"name": "A", "type": "personal_chat", "id": 1, "messages": [{"date_unixtime": "1"}]}', True),
        ('{"participants": [{"name": "A"}], "messages": [{"sender_name": "A", "timestamp_ms": 1}]}', False),
        ('{"about": "other"}', False),
        ("[]", False),
        ("", False),
    ],
)
def test_what_is_claimed(text: str, claimed: bool) -> None:
    with testing.placed(text.encode(), name="result.json") as file:
        assert is_export(file) is claimed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"type": "personal_chat", "messages": [1, null, {}]}', ["a message that is no object"] * 2),
        (
            '{"chats": {"list": [null, {"messages": 5}]}}',
            ["chats that are no objects, or have no list of messages"] * 2,
        ),
        (
            '{"messages": [',
            ["telegram.desktop_json stopped: DocumentError: not JSON: Expecting value: line 1 column 15 (char 14)"],
        ),
        ("5", ["not an object at the top"]),
    ],
)
def test_broken_exports_give_problems(text: str, said: list[str]) -> None:
    found = testing.rows(export, text.encode(), name="result.json")
    assert [p["message"] for p in found["problems"]] == said


def test_corpus(corpus) -> None:
    rows = testing.rows(export, corpus / "chats/json-exports/personal_chat.json")
    assert [(m["message_id"], m["direction"], m.get("text")) for m in rows["messages"]] == [
        ("1", "unknown", "Hello!"),
        ("2", "unknown", "Hi there!"),
        ("3", "unknown", "Check this important message"),
        ("4", "unknown", "Got it!"),
        ("5", "system", None),
    ]
    minimal = testing.rows(export, corpus / "chats/json-exports/test_single_export.json")["messages"]
    assert [m["text"] for m in minimal] == ["Minimal Message", "Link:https://telegram.org/"]
    assert minimal[0]["sent_at"] == datetime(2018, 12, 5, 10, 39, 10, tzinfo=UTC)
