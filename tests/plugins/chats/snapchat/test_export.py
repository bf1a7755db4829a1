"""Snapchat's "My Data": messages of both forms, people, the account, calls, places."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.snapchat.export_about import account, calls, friends, places
from forensics_plugins.chats.snapchat.export_messages import is_history, messages
from forensics_plugins.chats.snapchat.told import finer, instant, place

from forensics import testing

HERE = Path(__file__).parent
NEW, OLD = HERE / "chat_history.json", HERE / "chat_history_old.json"
GROUP = "bbbbbbbb-0000-4000-8000-000000000002"


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_newer_form():
    found = testing.rows(messages, NEW)
    one, two, missed, note, removed, odd = found["messages"]
    assert (one["chat_id"], one["chat_kind"], one["sender_id"], one["direction"]) == (
        "mira.c",
        "direct",
        "mira.c",
        "incoming",
    )
    assert one["text"] == "Где си? &amp; <b>"  # the newer form has no entities: nothing is resolved
    assert extra(one) == {"IsSaved": True}
    assert (two["direction"], two["sender_id"], two["kind"], two["raw_kind"]) == (
        "outgoing",
        "nenad.k",
        "unknown",
        "MEDIA",
    )
    assert (missed["kind"], missed["direction"]) == ("call", "incoming")
    assert (note["kind"], note["chat_id"], note["chat_name"], note["chat_kind"]) == (
        "voice",
        GROUP,
        "Put za Trst 🏖",
        "group",
    )
    assert (removed["kind"], removed["direction"], removed["text"]) == ("system", "system", "سلام")
    assert (odd["text"], odd["kind"], extra(odd)["Lens"]) == ("=cmd|'/c calc'!A1 \u202egpj.exe", "unknown", {"id": 3})
    assert "sender_id" not in odd
    assert [p["record"] for p in found["problems"]] == [f"$['{GROUP}'][1]", f"$['{GROUP}'][3]", "$['odd']"]


def test_fraction_of_a_time_is_kept():
    """`Created(microseconds)` holds milliseconds: other tools divide by a million, and date messages to 1970."""
    one, two, missed, note, removed, odd = testing.rows(messages, NEW)["messages"]
    assert one["sent_at"] == datetime(2024, 3, 1, 10, 0, 0, 123000, tzinfo=UTC)
    assert two["sent_at"] == datetime(2024, 3, 1, 10, 0, 5, tzinfo=UTC)  # 0 is no time
    assert missed["sent_at"] == datetime(2024, 3, 1, 10, 1, tzinfo=UTC)  # another second than the text: not taken
    assert note["sent_at"] == datetime(2024, 3, 2, 10, 0, 0, 999999, tzinfo=UTC)
    assert "sent_at" not in removed
    assert "sent_at" not in odd


def test_media_ids():
    attachments = testing.rows(messages, NEW)["attachments"]
    assert [extra(row) for row in attachments] == [
        {"media_id": "b~abc", "file_begins": "2024-03-01_b~abc"},
        {"media_id": "b~def", "file_begins": "2024-03-01_b~def"},
    ]
    assert {row["record"] for row in attachments} == {"$['mira.c'][1]"}


def test_older_form():
    found = testing.rows(messages, OLD, name="chat_history.json")
    received, sent, image, unsaved = found["messages"]
    assert (received["text"], extra(received)["stored_text"]) == ("'ajde' <3", "&#39;ajde&#39; &lt;3")
    assert (received["chat_id"], received["sender_id"], received["direction"]) == ("mira.c", "mira.c", "incoming")
    assert (sent["chat_id"], sent["direction"], sent["text"], "sender_id" in sent) == (
        "mira.c",
        "outgoing",
        "stižem",
        False,
    )
    assert (image["kind"], "text" in image, unsaved["chat_id"]) == ("image", False, "arben")
    assert sent["sent_at"] == datetime(2020, 3, 1, 10, 0, 7, tzinfo=UTC)
    assert unsaved["record"] == "$['Sent Unsaved Chat History'][0]"
    assert "problems" not in found


def test_account_and_names_of_the_other_files():
    """Readers of one file leave what was sent without a sender, and all people without the names they showed."""
    beside = {f"json/{name}": (HERE / name).read_bytes() for name in ("account.json", "friends.json")}
    received, sent, _, unsaved = testing.rows(messages, OLD, name="json/chat_history.json", beside=beside)["messages"]
    assert (received["account_id"], received["sender_name"], received["chat_name"]) == ("nenad.k", "Мира", "Мира")
    assert (sent["sender_id"], sent["sender_name"], sent["chat_id"]) == ("nenad.k", "Nenad", "mira.c")
    assert (unsaved["chat_id"], "chat_name" in unsaved) == ("arben", False)
    newer = testing.rows(messages, NEW, name="json/chat_history.json", beside=beside)["messages"]
    assert [(row.get("sender_name"), row.get("chat_name")) for row in newer[:2]] == [
        ("Мира", "Мира"),
        ("Nenad", "Мира"),
    ]
    assert newer[3]["chat_name"] == "Put za Trst 🏖"


@pytest.mark.parametrize(
    "odd", [b"", b"[1]", b'{"Basic Information": 5, "Friends": {"a": 1}}', b'{"Friends": [{"Username": []}]}']
)
def test_other_files_that_say_nothing(odd):
    beside = {"account.json": odd, "friends.json": odd}
    found = testing.rows(messages, OLD, name="chat_history.json", beside=beside)
    assert found == testing.rows(messages, OLD, name="chat_history.json")


def test_snaps():
    raw = b'{"mira.c": [{"From": "mira.c", "Media Type": "VIDEO", "Created": "2024-03-01 10:00:00 UTC", "IsSender": false}]}'
    [snap] = testing.rows(messages, raw, name="snap_history.json")["messages"]
    assert (snap["kind"], snap["direction"], "text" in snap) == ("video", "incoming", False)


@pytest.mark.parametrize(
    "content",
    ['{"a": [1]}', "[]", "", '{"Received Saved Chat History": []}', '{"Created": 1}', '{"Media Type": "x"}'],
)
def test_other_json_is_not_claimed(content):
    with testing.placed(content.encode(), name="messages.json") as file:
        assert not is_history(file)


def test_friends():
    found = testing.rows(friends, HERE / "friends.json")
    mira, sent, blocked, new = found["contacts"]
    assert (mira["person_id"], mira["name"], mira["username"]) == ("mira.c", "Мира", "mira.c")
    assert mira["created_at"] == datetime(2019, 5, 1, 8, tzinfo=UTC)
    assert extra(mira) == {
        "list": "Friends",
        "source": "Added by username",
        "changed_at": "2023-01-01 00:00:00 UTC",
    }
    assert (extra(sent)["list"], extra(sent)["made_at"], "created_at" in sent) == (
        "Friend Requests Sent",
        "later",
        False,
    )
    assert (blocked["blocked"], "blocked" in mira, extra(new)["list"]) == (True, False, "Some New List")
    assert [p["record"] for p in found["problems"]] == ["$['Some New List'][1]", "$['Deleted Friends'][0]"]


def test_account():
    [owner] = testing.rows(account, HERE / "account.json")["accounts"]
    assert (owner["account_id"], owner["name"], owner["is_owner"]) == ("nenad.k", "Nenad", True)
    assert owner["created_at"] == datetime(2015, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert extra(owner)["Registration IP"] == "203.0.113.9"
    assert extra(owner)["Login History"][0]["IP"] == "203.0.113.10"


def test_calls():
    found = testing.rows(calls, HERE / "talk_history.json")
    incoming, outgoing, completed = found["calls"]
    assert (outgoing["direction"], outgoing["video"], outgoing["duration_s"], outgoing["outcome"]) == (
        "outgoing",
        True,
        312.0,
        "Call Succeeded",
    )
    assert (incoming["video"], incoming["duration_s"], extra(incoming)["People in Chat"]) == (False, 58.0, 2)
    assert incoming["started_at"] == datetime(2024, 2, 2, 8, tzinfo=UTC)
    assert (completed["direction"], extra(completed)["Date & Time"], "started_at" in completed) == (
        "unknown",
        "never",
        False,
    )
    assert [p["record"] for p in found["problems"]] == ["$['Incoming Calls'][1]"]


def test_places():
    found = testing.rows(places, HERE / "location_history.json")
    one, two, old, home = found["places"]
    assert (one["latitude"], one["longitude"], one["accuracy_m"]) == (42.43, 19.259, 14.2)
    assert one["at"] == datetime(2024, 2, 1, 8, tzinfo=UTC)
    assert (two["latitude"], two["longitude"], two["at"].hour) == (-42.43, -19.25, 9)
    assert (old["latitude"], old["at"].year) == (43.85, 2020)
    assert (home["label"], home["latitude"], "at" in home) == ("inferredHome", 42.441, False)
    assert [p["record"][-3:] for p in found["problems"]] == ["[2]", "[4]", "[5]"]


def test_where_memories_were_taken():
    [one] = testing.rows(places, HERE / "memories_history.json")["places"]  # 0, 0 and an empty text are no places
    assert (one["latitude"], one["kind"], one["at"]) == (45.6495, "photo", datetime(2023, 9, 2, 15, 27, 36, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [None, 5, "", "2024-13-01 10:00:00 UTC", "2024-01-01 10:00:00", "9" * 5000, "0000-01-01 00:00:00 UTC"],
)
def test_times_that_are_none(text):
    assert instant(text) is None
    assert place(text) is None


def test_a_count_without_a_text():
    at = datetime(2024, 3, 1, 10, 0, 0, 123000, tzinfo=UTC)
    assert finer(None, 1709287200123) == finer(None, 1709287200123000) == at
    assert [finer(None, number) for number in (5, 0, -1, True, "1709287200123", 10**30)] == [None] * 6
    assert finer(datetime(2024, 1, 1, tzinfo=UTC), 10**30) == datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("parser", "place", "name"),
    [
        (messages, NEW, None),
        (messages, OLD, "chat_history.json"),
        (friends, HERE / "friends.json", None),
        (account, HERE / "account.json", None),
        (calls, HERE / "talk_history.json", None),
        (places, HERE / "location_history.json", None),
        (places, HERE / "memories_history.json", None),
    ],
)
def test_promises(parser, place, name):
    assert [c for c in testing.check(parser, place, name=name) if c.fault] == []


@pytest.mark.parametrize("parser", [messages, friends, account, calls, places])
@pytest.mark.parametrize("content", [b"", b"[]", b"null", b'{"a": {"b": []}}', b'{"Friends": [[]]}', b"{" * 9000])
def test_poisoned(parser, content):
    found = testing.rows(parser, content, name="x.json")
    assert found.keys() <= {"problems"}
