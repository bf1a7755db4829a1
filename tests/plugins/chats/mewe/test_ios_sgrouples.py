"""sgrouplesdb.sqlite: chats, posts and persons, whatever the numbers of the entities."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from forensics_plugins.chats.mewe.ios_sgrouples import messages

from forensics import testing

from ..archives import archived

SQL = (Path(__file__).parent / "sgrouples.sql").read_text("utf-8")
START = datetime(2023, 3, 8, 20, 26, 40, tzinfo=UTC)


def read(more="", sql=SQL):
    return testing.rows(messages, testing.database(sql + more), name="sgrouplesdb.sqlite")


@pytest.fixture(scope="module")
def found():
    return read()


@pytest.fixture(scope="module")
def by_key(found):
    return {m["record"]: m for m in found["messages"]}


def extra(row):
    return json.loads(row["extra"])


def message(by_key, number):
    return by_key[f"ZCHATMESSAGE/Z_PK={number}"]


def test_sent_and_received(by_key):
    sent, received = message(by_key, 1), message(by_key, 3)
    assert (sent["text"], sent["sent_at"], sent["direction"]) == ("Где си?", START, "outgoing")
    assert (sent["account_id"], sent["sender_name"], sent["chat_name"]) == ("u1", "Ana Perić", "Бојан")
    assert (received["direction"], received["sender_name"], received["chat_kind"]) == ("incoming", "Бојан", "direct")


def test_place_is_a_link_of_the_app(found, by_key):
    here, link = message(by_key, 2), message(by_key, 3)
    assert (here["kind"], here["latitude"], here["longitude"]) == ("location", 42.4411, -19.2636)
    assert (link["kind"], link.get("latitude")) == ("text", None)
    (place,) = found["places"]
    assert (place["at"], place["ref"]) == (START + timedelta(seconds=1.5), "m2")
    assert extra(place) == {"chat_id": "t1", "origin": "current"}


def test_photo_and_attachment_without_a_message(found, by_key):
    assert message(by_key, 4)["kind"] == "image"
    photo, lost = (a for a in found["attachments"] if a["record"].startswith("ZCHATATTACHMENT"))
    assert (photo["message_id"], photo["name"], photo["width"], photo["height"]) == ("m4", "most.jpg", 878, 1024)
    assert (lost.get("message_id"), lost["duration_s"]) == (None, 7.5)


def test_reply_and_the_copy_beside_it(by_key):
    copy, reply = message(by_key, 5), message(by_key, 6)
    assert (reply["reply_to"], reply["edited"]) == ("m1", True)
    assert reply["edited_at"] == START + timedelta(seconds=100)
    assert (copy["message_id"], extra(copy)["copied_for"]) == ("m1", "m6")


def test_message_that_was_not_sent(by_key):
    m = message(by_key, 7)
    assert (m["status"], extra(m)["temporary"], m["sent_at"]) == ("2", 1, START + timedelta(seconds=5.25))


def test_group_chat(by_key):
    m = message(by_key, 8)
    assert (m["deleted"], m["chat_kind"], m.get("chat_name"), m["sender_name"]) == (True, "GroupChat", None, "cedo")


def test_unknown_number_stays_visible(by_key):
    m = message(by_key, 9)
    assert (m["kind"], m["raw_kind"], m["text"], m.get("sender_name")) == ("unknown", "5", "novo", None)


def test_call(found, by_key):
    (call,) = found["calls"]
    assert message(by_key, 10)["kind"] == "call"
    assert (call["direction"], call["video"], call["peer_id"], call["peer_name"]) == ("incoming", True, "u2", "Бојан")
    assert extra(call)["call_duration"] == 42


def test_members_that_came_and_went(by_key):
    m = message(by_key, 11)
    assert (m["kind"], m["direction"], m["raw_kind"]) == ("system", "system", "participation")
    assert (extra(m)["added"], extra(m)["removed"]) == (["Čedo"], ["u8"])


def test_message_with_next_to_nothing(by_key):
    m = message(by_key, 12)
    assert (m["direction"], m["chat_id"], m["text"], extra(m)["expires_in"]) == ("unknown", "gone", "bez svega", 30.0)
    assert "sent_at" not in m


def test_posts(found, by_key):
    poll, link, own = (by_key[f"ZPOST/Z_PK={n}"] for n in (1, 2, 3))
    assert (poll["kind"], poll["text"], poll["chat_name"], poll["chat_kind"]) == (
        "poll",
        "Glasajte\nKada?",
        "Novosti",
        "group",
    )
    assert extra(poll)["options"] == [
        {"text": "sutra", "votes": 3, "chosen": 1},
        {"text": "никад", "votes": 0, "chosen": 0},
    ]
    assert (link["kind"], extra(link)["link"], link["chat_kind"]) == ("link", "https://example.org/a", "channel")
    assert (own["kind"], own["direction"], own["chat_id"]) == ("image", "outgoing", "u1")
    picture = found["attachments"][-1]
    assert (picture["message_id"], picture["url"], picture["mime"]) == ("p3", "/photo/1", "image/png")


def test_emoji(found):
    heart, marks = found["reactions"]
    assert (heart["value"], heart["message_id"], heart["person_id"]) == ("🧡", "m6", "u1")
    assert (marks["message_id"], marks.get("person_id"), extra(marks)["count"]) == ("p1", None, 177)


def test_persons(found):
    (account,) = found["accounts"]
    assert (account["account_id"], account["phone"], account["email"]) == ("u1", "+38267000111", "ana@example.org")
    bojan, cedo = found["contacts"]
    assert (bojan["person_id"], bojan["name"], bojan["username"]) == ("u2", "Бојан", "bojan")
    assert bojan["created_at"] == datetime(2021, 8, 7, 3, 33, 20, tzinfo=UTC)
    assert cedo["name"] == "cedo"


def test_members(found):
    assert [p["person_id"] for p in found["participants"] if p["chat_id"] == "t2"] == ["u1", "u2", "u3"]
    assert [(p["person_id"], p["role"]) for p in found["participants"] if p["chat_id"] == "g1"] == [
        ("u1", "Limited"),
        ("u9", "owner"),
    ]


def test_administrators():
    connection = sqlite3.connect(":memory:")
    connection.executescript(SQL)
    connection.execute("UPDATE ZGROUP SET ZADMINIDS = ?", (archived(["u2", "u7"]),))
    found = testing.rows(messages, bytes(connection.serialize()))
    assert [p["person_id"] for p in found["participants"] if p.get("role") == "admin"] == ["u2", "u7"]
    broken = read("UPDATE ZGROUP SET ZADMINIDS = x'00';")
    assert [(p["kind"], p["record"]) for p in broken["problems"]] == [("damaged", "ZGROUP/Z_PK=1")]


def test_other_numbers_of_the_entities(found):
    for old, new in (
        ("12THREADS", "7THREADS"),
        ("12PART", "7PART"),
        ("40PART", "3PART"),
        ("31OPT", "2OPT"),
        ("Z33M", "Z5M"),
    ):
        sql = SQL.replace(old, new)
        assert len(read(sql=sql)["messages"]) == len(found["messages"])
        assert (
            next(p for p in read(sql=sql)["messages"] if p["kind"] == "poll")["extra"] == found["messages"][12]["extra"]
        )


def test_write_ahead_log(tmp_path):
    added = "INSERT INTO ZCHATMESSAGE (Z_PK, ZMESSAGEID, ZTEXT) VALUES (20, 'm20', 'novo');"
    logged = f"DELETE FROM ZCHATMESSAGE WHERE Z_PK = 8; {added}"
    found = testing.rows(messages, testing.database_with_log(SQL, logged, tmp_path, "sgrouplesdb.sqlite"))
    states = {m["message_id"]: m["state"] for m in found["messages"]}
    assert (states["m8"], states["m20"], states["m2"]) == ("journal", "wal", "live")
    assert "problems" not in found


def test_only_chats():
    kept = ("ZCHATMESSAGE", "ZCHATTHREAD", "ZUSER", "ZCURRENTUSER")
    tables = [line.split()[2] for line in SQL.splitlines() if line.startswith("CREATE TABLE")]
    found = read("".join(f"DROP TABLE {table};" for table in tables if table not in kept))
    assert len(found["messages"]) == 12
    assert "problems" not in found


def test_what_is_not_read_is_said(found):
    assert "problems" not in found
    assert [p["record"] for p in read("INSERT INTO ZCOMMENT VALUES (1);")["problems"]] == ["ZCOMMENT"]


def test_it_keeps_the_promises():
    assert [c for c in testing.check(messages, testing.database(SQL), name="sgrouplesdb.sqlite") if c.fault] == []
