"""Google Chat in Google Takeout: messages.json, group_info.json, user_info.json."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.google_chat.takeout_members import group, user
from forensics_plugins.chats.google_chat.takeout_messages import messages
from forensics_plugins.chats.google_chat.written import folder, when

from forensics import testing
from forensics.identify import identify
from forensics.plugins import Registry

HERE = Path(__file__).parent
MESSAGES, GROUP, USER = ((HERE / f"{name}.json").read_bytes() for name in ("messages", "group_info", "user_info"))
PLACE = "Takeout/Google Chat/Groups/Space AAAA"
FILES = {f"{PLACE}/group_info.json": GROUP, f"{PLACE}/File-390445992115543672_account_id=0.jpg": b"\xff\xd8a"}
FILES |= {f"{PLACE}/File-2024-01-05.jpg": b"\xff\xd8b", f"{PLACE}/File-2024-01-05(1).jpg": b"\xff\xd8c"}


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(messages, MESSAGES, name=f"{PLACE}/messages.json", beside=FILES)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_message(found):
    said = found["messages"][0]
    assert (said["message_id"], said["chat_id"], said["chat_name"], said["chat_kind"]) == (
        "AAAA/T1/T1",
        "AAAA",
        "Kuća",
        "group",
    )
    assert (said["sender_id"], said["sender_name"], said["text"]) == ("marko@example.org", "Марко", "где си?")
    assert (said["direction"], said["kind"], "reply_to" in said, "extra" in said) == ("unknown", "text", False, True)
    assert said["sent_at"] == datetime(2016, 11, 3, 11, 59, 50, tzinfo=UTC)


def test_edited_message_keeps_what_it_was(found):
    edited = found["messages"][1]
    assert (edited["edited"], edited["edited_at"]) == (True, datetime(2016, 11, 3, 12, 1, tzinfo=UTC))
    assert edited["reply_to"] == "AAAA/T1/T1"
    assert extra(edited)["previous_message_versions"][0]["text"] == "kod"
    assert edited["sent_at"] == datetime(2016, 11, 3, 0, 0, 5, tzinfo=UTC)  # 12 AM is midnight


def test_reactions(found):
    assert [(r["message_id"], r["person_id"], r["value"]) for r in found["reactions"]] == [
        ("AAAA/T1/M2", "marko@example.org", "👍"),
        ("AAAA/T1/M2", "sara@example.org", "👍"),
    ]


def test_file_whose_name_has_a_question_mark(found):
    """On disk the export writes `_` for `?`: looked up by the name in the JSON alone it is missing."""
    picture = found["attachments"][0]
    assert picture["stored_path"] == "File-390445992115543672_account_id=0.jpg"
    assert picture["sha256"] == hashlib.sha256(b"\xff\xd8a").hexdigest()
    assert extra(picture)["export_name"] == "File-390445992115543672?account_id=0.jpg"
    assert found["messages"][2]["kind"] == "image"


def test_name_that_two_messages_share_is_no_link_to_one_file(found):
    """Each file of a name but the first is exported as `name(1)`, and the JSON says `name` for all: by name both messages
    would get the first file, one of them the wrong one."""
    first, second = found["attachments"][1:]
    assert (first["stored_path"], extra(first)) == ("File-2024-01-05.jpg", {"messages_with_this_name": 2})
    assert ("sha256" in first, "sha256" in second, second["message_id"]) == (False, False, "AAAA/T5/T5")


def test_deleted_message_stays(found):
    gone = found["messages"][5]
    assert (gone["kind"], gone["deleted"], gone["raw_kind"], gone["sender_name"]) == (
        "deleted",
        True,
        "DELETED",
        "Deleted User",
    )
    assert gone["deleted_at"] == datetime(2024, 1, 5, 21, 8, 7, tzinfo=UTC)
    assert extra(gone)["deletion_metadata"] == {"deletion_type": "CREATOR"}


def test_date_in_another_language_and_hostile_text(found):
    odd = found["messages"][6]
    assert ("sent_at" in odd, odd["text"]) == (False, "=SUM(A1)<b>\x1b[31m\u202e")
    assert extra(odd)["created_date"] == "viernes, 5 de enero de 2024, 21:09:07 UTC"
    assert (extra(odd)["user_type"], extra(odd)["quoted_message_metadata"]["text"]) == ("Bot", "kod kuće")
    assert [p["record"] for p in found["problems"]] == ["$.messages[6]", "$.messages[7]"]


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Monday, January 1, 2024 at 10:00:00 AM UTC", 10),
        ("Monday, January 1, 2024 at 10:00:00\u202fPM UTC", 22),
        ("Monday, January 1, 2024 at 12:00:00 PM UTC", 12),
        ("January 1, 2024 at 12:00:00 AM UTC", 0),
        ("2024-01-01T10:00:00Z", 10),
        ("2024-01-01T10:00:00", None),
        ("Monday, January 1, 2024 at 10:00:00 AM", None),
        ("Monday, Januar 1, 2024 at 10:00:00 AM UTC", None),
        ("Monday, February 31, 2024 at 10:00:00 AM UTC", None),
        (5, None),
    ],
)
def test_dates(text, hour):
    assert when(text) == (None if hour is None else datetime(2024, 1, 1, hour, tzinfo=UTC))


def test_folder():
    assert folder("Takeout/Google Chat/Groups/DM k6/messages.json") == ("k6", "direct")
    assert folder("a/Space AB/messages.json") == ("AB", "group")
    assert (folder("a/odd/m.json"), folder("m.json")) == (("odd", None), (None, None))


def test_direct_chat_of_more_than_two_is_a_group():
    beside = {"Groups/DM x/group_info.json": GROUP}
    found = testing.rows(messages, MESSAGES, name="Groups/DM x/messages.json", beside=beside)
    assert {m["chat_kind"] for m in found["messages"]} == {"group"}


def test_group():
    found = testing.rows(group, GROUP, name=f"{PLACE}/group_info.json")
    assert [(p["chat_id"], p.get("person_id"), p["name"]) for p in found["participants"]] == [
        ("AAAA", "ana@example.org", "Ana"),
        ("AAAA", "marko@example.org", "Марко"),
        ("AAAA", None, "Robot"),
    ]
    assert extra(found["participants"][2]) == {"user_type": "Bot", "chat_name": "Kuća"}
    assert [p["record"] for p in found["problems"]] == ["$.members[3]"]


def test_user():
    found = testing.rows(user, USER, name="user_info.json")
    (owner,) = found["accounts"]
    assert (owner["account_id"], owner["name"], owner["email"], owner["is_owner"]) == (
        "ana@example.org",
        "Ana",
        "ana@example.org",
        True,
    )
    assert [(p["chat_id"], p.get("active"), extra(p)["state"]) for p in found["participants"]] == [
        ("AAAA", True, "MEMBER_JOINED"),
        ("k6oxHQAAAAE", None, "MEMBER_LEFT"),
    ]


@pytest.mark.parametrize(
    ("content", "parser"),
    [(MESSAGES, "google_chat.takeout"), (GROUP, "google_chat.takeout.group"), (USER, "google_chat.takeout.user")],
)
def test_claimed_by_one(content, parser):
    with testing.placed(content, name="any.json") as file:
        assert [look.known.declaration.name for look in identify(file, Registry()).looks if look.claim >= 2] == [parser]


@pytest.mark.parametrize(
    "content",
    [
        b'{"messages": {"creator": 1, "created_date": 2}}',
        b'{"messages": [{"creator": [], "created_date": {}, "message_id": [], "attached_files": [5, {"export_name": []}],'
        b' "reactions": [7, {"reactor_emails": {}}], "updated_date": 1e999}]}',
        b'{"messages": [{"creator": {"name": {}}, "created_date": "", "attached_files": [{"export_name": "../../x"}]}]}',
    ],
)
def test_hostile(content):
    found = testing.rows(messages, content, name="messages.json")
    assert not [p for p in found.get("problems", []) if " stopped: " in p["message"]]


@pytest.mark.parametrize(
    ("parser", "content", "name"),
    [(messages, MESSAGES, "messages.json"), (group, GROUP, "group_info.json"), (user, USER, "user_info.json")],
    ids=["messages", "group", "user"],
)
def test_promises(parser, content, name):
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []
