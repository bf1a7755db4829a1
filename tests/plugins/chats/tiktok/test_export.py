"""TikTok's "Download your data": JSON of both forms, and text."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.tiktok.export import export, is_export, is_text, text, wall

from forensics import testing

HERE = Path(__file__).parent
NEW, OLD, TEXT = HERE / "user_data_tiktok.json", HERE / "user_data.json", HERE / "messages.txt"


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_newer_form():
    found = testing.rows(export, NEW)
    one, two, video, odd = found["messages"]
    assert (one["chat_id"], one["sender_id"], one["direction"], one["text"]) == (
        "mira.c",
        "mira.c",
        "incoming",
        "Где си?",
    )
    assert (one["sent_local"], "sent_at" in one) == (datetime(2024, 3, 1, 10), False)  # it names no zone
    assert (two["direction"], two["text"], extra(two)) == ("outgoing", "stižem \u202egpj.exe", {"Liked": True})
    assert (video["kind"], odd["direction"], "sender_id" in odd, "text" in odd) == ("link", "unknown", False, False)
    assert found["attachments"][0]["url"].endswith("7637602829980552468/")
    place = "$['Direct Message']['Direct Messages']['ChatHistory']"
    assert one["record"] == f"{place}['Chat History with mira.c:'][0]"
    assert {p["record"] for p in found["problems"]} == {
        f"{place}['Chat History with mira.c:'][3]",
        f"{place}['Chat History with mira.c:'][4]",
        f"{place}['Chat History with ekipa:']",
        "$['Your Activity']['Follower']['FansList'][1]",
    }


def test_people_and_profile():
    found = testing.rows(export, NEW)
    assert [(row["username"], extra(row)["list"], row.get("blocked")) for row in found["contacts"]] == [
        ("mira.c", "follower", None),
        ("arben", "following", None),
        ("blok", "blocked", True),
    ]
    [owner] = found["accounts"]
    assert (owner["username"], owner["email"], owner["phone"], owner["is_owner"]) == (
        "nenad.k",
        "n@example.org",
        "+38267999888",
        True,
    )
    assert extra(owner) == {"bioDescription": "vozač", "birthDate": "01-Jan-1990"}


def test_older_form():
    """Sections have been renamed: tools that know one name only give nothing for the other."""
    found = testing.rows(export, OLD)
    one, two = found["messages"]
    assert (one["text"], one["direction"], two["direction"]) == ("staro", "incoming", "unknown")  # no profile
    assert found["contacts"][0]["username"] == "mira.c"


def test_a_zone_that_the_examiner_names():
    one = testing.rows(export, NEW, timezone="UTC")["messages"][0]
    assert (one["sent_at"], one["time_basis"]) == (datetime(2024, 3, 1, 10, tzinfo=UTC), "assumed:UTC")


def test_text_form():
    found = testing.rows(text, TEXT)
    one, video, several, odd = found["messages"]
    assert (one["chat_id"], one["sender_id"], one["text"], one["direction"]) == (
        "mira.c",
        "nenad.k",
        "hola: dva",
        "unknown",
    )
    assert one["sent_at"] == datetime(2026, 7, 3, 23, 0, 11, tzinfo=UTC)
    assert (video["kind"], video["direction"], video["record"]) == ("link", "incoming", "line 4")
    assert (several["chat_id"], several["text"]) == ("ekipa", "prvi red\ndrugi red\n\ncetvrti")
    assert (odd["text"], "sent_at" in odd) == ("سلام", False)
    assert [p["record"] for p in found["problems"]] == ["line 12"]


def test_lines_of_a_long_message_stay_together():
    """Other tools read line by line, and lose all of a message but its first line."""
    assert testing.rows(text, TEXT)["messages"][2]["text"].count("\n") == 3


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"ChatHistory": {}}', "x.json"),
        (b"[]", "user_data.json"),
        (b'{"a": 1}', "user_data_tiktok.json"),
        (b"", "a.txt"),
    ],
)
def test_others_are_not_claimed(content, name):
    with testing.placed(content, name=name) as file:
        assert not is_export(file)
        assert not is_text(file)


@pytest.mark.parametrize("stored", [None, 7, "", "9" * 99, "2024-99-01 10:00:00", "2024-01-01 10:00:00 CET"])
def test_times_that_are_none(stored):
    assert wall(stored) is None


@pytest.mark.parametrize(("parser", "place"), [(export, NEW), (export, OLD), (text, TEXT)])
def test_promises(parser, place):
    assert [c for c in testing.check(parser, place) if c.fault] == []


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"ChatHistory": 5}', b'{"Profile": {"ProfileMap": [1]}}', b"[" * 9000]
)
def test_poisoned(content):
    assert testing.rows(export, content, name="user_data.json").keys() <= {"problems"}
