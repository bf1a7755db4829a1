"""SkypeTeams.db of Microsoft Teams for Android."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.teams.android import messages

from forensics import testing
from forensics.identify import identify
from forensics.plugins import Registry

SQL = (Path(__file__).parent / "android.sql").read_text("utf-8")
NAME = "SkypeTeams.db"


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(SQL), name=NAME)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_message(found):
    said = found["messages"][0]
    assert (said["message_id"], said["chat_id"], said["chat_name"]) == (
        "1660692600615",
        "19:a@thread.v2",
        "Put na sever",
    )
    assert (said["sender_name"], said["text"], said["kind"]) == ("Арбен", "стижемо\nсутра & увече", "text")
    assert said["sent_at"] == datetime(2022, 8, 16, 23, 30, 0, 615000, tzinfo=UTC)
    assert said["direction"] == "unknown"
    assert extra(said)["content"] == "<p>стижемо</p><p>сутра &amp; увече</p>"


def test_conversation_listed_twice_doubles_nothing(found):
    """A plain join on the conversation gives each message as often as the conversation is listed."""
    assert len(found["messages"]) == 5


def test_quote_and_message_without_a_name(found):
    answer = found["messages"][1]
    assert (answer["text"], answer["reply_to"], "sender_name" in answer) == ("добро", "1660692600615", False)
    assert extra(answer)["quoted"] == {"preview": "стижемо"}


def test_deleted_message_of_a_conversation_that_is_gone(found):
    gone = found["messages"][2]
    assert (gone["kind"], gone["deleted"], gone["chat_id"], "chat_name" in gone) == (
        "deleted",
        True,
        "19:gone@thread.v2",
        False,
    )
    assert gone["deleted_at"] == datetime(2022, 8, 16, 23, 35, tzinfo=UTC)


def test_picture_and_unset_time(found):
    picture, (sent,) = found["messages"][3], [a for a in found["attachments"] if "message_id" in a]
    assert (picture["kind"], "sent_at" in picture, "deleted" in picture) == ("image", False, False)
    assert (sent["url"], sent["message_id"]) == ("https://example.org/o/1", "1660692900000")


def test_hostile_text_is_kept(found):
    hostile = found["messages"][4]
    assert (hostile["text"], hostile["sender_name"]) == ("\u202e\x1b[31m ده", "=1+1")
    assert ("sent_at" in hostile, "message_id" in hostile) == (False, False)


def test_call_with_somebody_unknown_stays(found):
    """ALEAPP joins the call log to the users: a call with somebody who is none of them is lost."""
    made, missed = found["calls"]
    assert (made["direction"], made["outcome"], made["duration_s"]) == ("outgoing", "answered", 60.5)
    assert (made["peer_id"], "peer_name" in made, made["call_id"]) == ("8:live:nepoznat", False, "c-1")
    assert (missed["direction"], missed["outcome"], missed["peer_name"]) == ("incoming", "missed", "Hasan G.")
    assert (missed["started_at"], "duration_s" in missed) == (datetime(2022, 8, 16, 23, 31, 40, tzinfo=UTC), False)


def test_problems(found):
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("not_understood", "MessagePropertyAttribute/rowid=3"),
        ("not_read", "ActivityFeed"),
    ]


def test_persons_and_files(found):
    (hasan,) = found["contacts"]
    assert (hasan["person_id"], hasan["name"], hasan["phones"], hasan["emails"]) == (
        "8:live:hasan",
        "Hasan G.",
        ["+38269000001"],
        ["hasan@example.org"],
    )
    (listed,) = [a for a in found["attachments"] if "message_id" not in a]
    assert (listed["name"], extra(listed)["modified_at"]) == ("spisak.xlsx", "2022-08-16T23:30:00Z")


def test_few_tables():
    sql = """
    CREATE TABLE User (mri);
    CREATE TABLE Message (messageId, conversationId, arrivalTime, userDisplayName, content);
    INSERT INTO Message VALUES (1, 'a', 1660692600615, 'b', 'c');
    """
    found = testing.rows(messages, testing.database(sql), name=NAME)
    assert (found["messages"][0]["text"], found.keys()) == ("c", {"messages"})


def test_values_of_any_type():
    sql = (
        SQL
        + """
    UPDATE Message SET content = x'ff00', arrivalTime = 'x', deleteTime = 1e300, messageId = x'01';
    UPDATE User SET telephoneNumber = 5.5, mri = x'01';
    UPDATE MessagePropertyAttribute SET attributeValue = '{"connectTimeMillis": [], "endTimeMillis": 1e400, "target": {}}';
    """
    )
    found = testing.rows(messages, testing.database(sql), name=NAME)
    assert len(found["messages"]) == 5
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]


def test_claimed_under_any_name():
    with testing.placed(testing.database(SQL), name="renamed") as file:
        assert [look.known.declaration.name for look in identify(file, Registry()).looks if look.claim >= 2] == [
            "teams.android"
        ]


def test_promises():
    assert [c for c in testing.check(messages, testing.database(SQL), name=NAME) if c.fault] == []
