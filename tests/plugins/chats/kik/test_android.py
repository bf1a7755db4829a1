"""kikDatabase.db and kikCoreDatabase.db of Kik for Android."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.kik.android import kik
from forensics_plugins.chats.kik.android_account import account

from forensics import testing
from forensics.identify import identify
from forensics.plugins import Registry

SQL = (Path(__file__).parent / "android.sql").read_text("utf-8")
CORE = testing.database("""
CREATE TABLE CoreTable (core_id VARCHAR, username VARCHAR, is_active BOOLEAN);
INSERT INTO CoreTable VALUES ('51c54d5d-cfda', 'milan.vozac', 1);
""")
NAME = "51c54d5d-cfda.kikDatabase.db"
ARBEN, HASAN, GROUP = "arben_def@talk.kik.com", "hasan_ghi@talk.kik.com", "1100024_g@groups.kik.com"


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(kik, testing.database(SQL), name=NAME, beside={"kikCoreDatabase.db": CORE})


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["record"] == f"messagesTable/_id={number}")


def test_messages_of_two(found):
    sent, received = message(found, 1), message(found, 2)
    assert (sent["message_id"], sent["chat_id"], sent["chat_name"], sent["chat_kind"]) == (
        "u-1",
        ARBEN,
        "Arben",
        "direct",
    )
    assert (sent["direction"], sent["kind"], sent["text"], sent["status"]) == (
        "outgoing",
        "text",
        "kada krećemo?",
        "500",
    )
    assert sent["sent_at"] == datetime(2015, 6, 29, 12, 26, 11, 584000, tzinfo=UTC)
    assert (sent["account_id"], "sender_id" in sent) == ("51c54d5d-cfda", False)
    assert (received["direction"], received["sender_id"], received["sender_name"]) == ("incoming", ARBEN, "Arben")
    assert received["text"] == "هەرکات تۆ بڵێیت"
    assert "problems" not in found


def test_sender_in_a_group_is_the_writer_not_the_group(found):
    """Other tools list the conversation partner as the sender of every message."""
    said = message(found, 3)
    assert (said["chat_id"], said["chat_name"], said["chat_kind"]) == (GROUP, "Пут на север", "group")
    assert (said["sender_id"], said["sender_name"]) == (HASAN, "hasan34")
    assert extra(message(found, 6)) == {"partner": ARBEN, "content_id": "c-1"}


def test_events_are_system_messages(found):
    """Other tools give events as received messages without a body."""
    removed, joined = message(found, 4), message(found, 9)
    assert (removed["direction"], removed["kind"], removed["text"]) == ("system", "system", "hasan34 has been removed")
    assert extra(removed)["affected"] == HASAN
    assert (joined["direction"], joined["text"], extra(joined)["was_me"]) == (
        "system",
        "You have joined the group",
        "7",
    )


def test_file_in_two_messages_is_there_twice(found):
    first, second, unknown, lone = found["attachments"]
    assert [(a["message_id"], a["name"], a["size"], a["url"]) for a in (first, second)] == [
        ("u-5", "granica.jpg", 48213, "https://example.org/c-1"),
        ("u-6", "granica.jpg", 48213, "https://example.org/c-1"),
    ]
    assert extra(first) == {"content_id": "c-1", "app-name": "Camera"}
    assert (message(found, 5)["kind"], message(found, 5)["raw_kind"]) == ("image", "com.kik.ext.camera")
    assert (unknown["message_id"], extra(unknown)) == ("u-7", {"content_id": "c-9"})
    assert (lone["name"], lone["mime"], lone["url"]) == ("obrisano.mp4", "video/mp4", "https://example.org/c-2.mp4")
    assert ("message_id" in lone, "size" in lone, lone["record"]) == (False, False, "KIKContentTable/_id=6")


def test_unknown_sender_time_and_chat_stay(found):
    """`join ... on jid` without LEFT loses whoever is not in the contacts."""
    hostile, stranger = message(found, 7), message(found, 8)
    assert (hostile["kind"], hostile["raw_kind"], hostile["direction"]) == ("unknown", "com.example.ext", "unknown")
    assert hostile["text"] == '=HYPERLINK("http://x")<b>\x1b[31m\u202e'
    assert ("sent_at" in hostile, "chat_kind" in hostile, extra(hostile)["encryption_failure"]) == (False, False, 1)
    assert (stranger["sender_id"], "sender_name" in stranger, "chat_id" in stranger) == (
        "nestao_x@talk.kik.com",
        False,
        False,
    )
    assert "sent_at" not in stranger
    assert len(found["messages"]) == 9


def test_members_and_partners(found):
    assert [
        (p["chat_id"], p.get("person_id"), p.get("name"), p.get("role"), p.get("active")) for p in found["participants"]
    ] == [
        (GROUP, ARBEN, "Arben", "admin", None),
        (GROUP, HASAN, "hasan34", "banned", False),
        (GROUP, "nepoznat_z@talk.kik.com", None, "member", None),
        ("anon-5", None, None, None, None),
        (ARBEN, ARBEN, "Arben", None, None),
        ("prazan_q@talk.kik.com", "prazan_q@talk.kik.com", None, None, None),
    ]
    assert extra(found["participants"][3]) == {"anonymous": 1, "ended_at": "2015-06-29T15:00:00Z"}


def test_contacts(found):
    arben, hasan, group = found["contacts"]
    assert (arben["name"], arben["username"], arben["note"], arben["blocked"]) == ("Arben", "arben.v", "na putu", False)
    assert extra(arben)["picture_at"] == "2015-06-29T08:48:11Z"
    assert ("name" in hasan, hasan["username"], hasan["blocked"], extra(hasan)) == (
        False,
        "hasan34",
        True,
        {"ignored": 1},
    )
    assert extra(group) == {"group": 1, "group_tag": "#put", "group_size": 3, "in_roster": 1, "own_role": "SUPER_ADMIN"}


def test_account():
    (owner,) = testing.rows(account, CORE, name="kikCoreDatabase.db")["accounts"]
    assert (owner["account_id"], owner["username"], owner["is_owner"]) == ("51c54d5d-cfda", "milan.vozac", True)


def test_old_schema_with_few_tables():
    sql = """
    CREATE TABLE KIKcontactsTable (_id INTEGER PRIMARY KEY, jid VARCHAR);
    CREATE TABLE messagesTable (_id INTEGER PRIMARY KEY, body, partner_jid, was_me, uid, timestamp, bin_id);
    INSERT INTO messagesTable VALUES (1, 'zdravo', 'a@talk.kik.com', 0, 'u', 1435580771584, 'a@talk.kik.com');
    """
    found = testing.rows(kik, testing.database(sql), name="kikDatabase.db")
    assert (found["messages"][0]["text"], found["messages"][0]["kind"]) == ("zdravo", "text")
    assert found.keys() == {"messages", "participants"}


def test_values_of_any_type():
    sql = (
        SQL + "UPDATE messagesTable SET body = x'ff00', was_me = x'01', timestamp = 'x', stat_msg = x'c3', uid = 1e300;"
    )
    found = testing.rows(kik, testing.database(sql), name=NAME)
    assert len(found["messages"]) == 9
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]


@pytest.mark.parametrize("name", [NAME, "kikDatabase.db", "renamed.bin"])
def test_claimed_under_any_name(name):
    with testing.placed(testing.database(SQL), name=name) as file:
        assert [look.known.declaration.name for look in identify(file, Registry()).looks if look.claim >= 2] == [
            "kik.android"
        ]


@pytest.mark.parametrize(
    ("parser", "content", "name"),
    [(kik, testing.database(SQL), NAME), (account, CORE, "kikCoreDatabase.db")],
    ids=["messages", "account"],
)
def test_promises(parser, content, name):
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []


EXAMPLES = [("kik.android.account", "kikCoreDatabase.db", CORE)]
