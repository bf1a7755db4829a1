"""DirectSQLiteDatabase: messages in archives, and what other tools lose."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.instagram.ios_direct import messages

from forensics import testing

from ..archives import database

SQL = Path(__file__).with_name("direct_ios.sql").read_text("utf-8")
POISONED = Path(__file__).with_name("poisoned_ios.sql").read_text("utf-8")
OWNER, MIRELA = "900000001", "800000002"
NAME = f"DirectSQLiteDatabase/{OWNER}.db"


def read(sql: str, name: str = NAME) -> dict[str, list[dict]]:
    return testing.rows(messages, database(sql), name=name)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read(SQL)


@pytest.fixture(scope="module")
def said(found) -> dict[str, dict]:
    return {row["record"].rpartition("=")[2]: row for row in found["messages"]}


def test_all_rows_are_there(found, said):
    assert sorted(said) == [str(number) for number in range(1, 10)]
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("damaged", "threads/row_id=3"),
        ("damaged", "messages/row_id=7"),
        ("not_read", "mutations"),
    ]


def test_ordinary_messages(said):
    first, second = said["1"], said["2"]
    assert first["sent_at"] == datetime(2020, 3, 22, 19, 12, 2, 808456, tzinfo=UTC)
    assert (first["sender_id"], first["sender_name"], first["text"]) == (MIRELA, "Мирела Проба", "Стигла сам 🙂")
    assert (first["message_id"], first["account_id"]) == ("3" + "0" * 33 + "1", OWNER)
    assert (first["chat_name"], first["chat_kind"], second["chat_kind"]) == ("Мирела Проба", "direct", "group")
    assert (first["direction"], second["direction"]) == ("incoming", "outgoing")
    assert extra(first) == {"client_context": "ctx", "thread_id_v2": "1785"}


def test_edits_and_quotes(said):
    row = said["2"]
    assert (row["text"], row["edited"], row["reply_to"]) == ("drugi tekst", True, "77")
    assert extra(row)["versions"] == [{"text": "prvi tekst", "at": 606597300}]
    assert extra(row)["BOOLisShhMode"] is True


def test_all_reactions(found):
    # iLEAPP reports the first reaction of a message only.
    assert [(r["message_id"][-1], r["person_id"], r["value"]) for r in found["reactions"]] == [
        ("1", OWNER, "🔥"),
        ("1", MIRELA, "❤"),
    ]
    assert found["reactions"][0]["reacted_at"].microsecond == 500000
    assert "reacted_at" not in found["reactions"][1]


def test_messages_without_thread_are_kept(said):
    # iLEAPP joins messages to threads inwardly.
    row = said["6"]
    assert (row["text"], row["chat_id"], row["sender_id"]) == ("موضوع گم شده", "gone", "600000009")
    assert row["direction"] == "incoming"  # all threads have one viewer


def test_messages_that_cannot_be_read_are_kept(said):
    # plaso leaves out the row with a warning, iLEAPP stops at one that has no metadata.
    assert (said["7"]["message_id"], said["7"]["kind"], said["7"]["direction"]) == ("7", "unknown", "unknown")
    other = said["8"]
    assert (other["raw_kind"], other["kind"]) == ("IGDirectReshare*reshare", "unknown")
    assert extra(other)["IGDirectReshare*reshare"] == {"NSString*caption": "<img src=x>"}


def test_media(found, said):
    (picture,) = found["attachments"]
    assert (picture["url"], picture["width"]) == ("https://a.test/l.jpg", 1080)
    assert extra(picture) == {"id": "251704772", "versions": 2}
    assert (said["3"]["kind"], said["3"]["raw_kind"]) == ("image", "IGDirectPublishedMessageMedia*media")


def test_calls(found, said):
    # iLEAPP gives each event of a call as a call.
    (call,) = found["calls"]
    assert (call["call_id"], call["direction"], call["peer_id"], call["peer_name"]) == (
        "18135",
        "incoming",
        MIRELA,
        "Мирела Проба",
    )
    assert call["started_at"] == datetime(2020, 3, 22, 19, 26, 40, tzinfo=UTC)
    assert [event["event"] for event in extra(call)["events"]] == [
        "mirela started a video chat",
        "Видео-ћаскање завршено",
    ]
    assert [said[key]["kind"] for key in "45"] == ["call", "call"]
    assert said["9"]["kind"] == "system"
    assert "sent_at" not in said["9"]


def test_members_and_people(found):
    assert [(p["chat_id"][-1], p["person_id"], p.get("name")) for p in found["participants"]] == [
        ("4", MIRELA, "Мирела Проба"),
        ("5", MIRELA, "Мирела Проба"),
        ("5", "700000003", None),
    ]
    assert [(c["person_id"], c.get("username")) for c in found["contacts"]] == [
        (MIRELA, "mirela.proba"),
        ("700000003", "kurir"),
    ]
    (account,) = found["accounts"]
    assert (account["account_id"], account["name"], account["is_owner"]) == (OWNER, "Neven Test", True)


def test_owner_from_the_name_of_the_file():
    found = read(
        SQL.partition("INSERT INTO threads")[0] + "INSERT INTO messages" + SQL.partition("INSERT INTO messages")[2]
    )
    assert [(a["account_id"], a["record"]) for a in found["accounts"]] == [(OWNER, "file name")]
    assert found["messages"][1]["direction"] == "outgoing"


def test_promises():
    assert [c for c in testing.check(messages, database(SQL), name=NAME) if c.fault] == []


def test_poisoned():
    found = read(SQL + POISONED)
    assert len(found["messages"]) == 14
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]


EXAMPLES = [("instagram.ios", NAME, database(SQL))]
