"""A Teams database: messages, events, places, calls and persons."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from forensics_plugins.chats.teams.ios_messages import messages

from forensics import testing

from ..archives import archived, database

SQL = (Path(__file__).parent / "teams.sql").read_text("utf-8")
START = datetime(2023, 3, 8, 20, 26, 40, tzinfo=UTC)
ANA, BOJAN = "8:live:ana", "8:live:bojan"


def read(more=""):
    return testing.rows(messages, database(SQL + more), name="SkypeSpacesDogfood-1.sqlite")


@pytest.fixture(scope="module")
def found():
    return read()


@pytest.fixture(scope="module")
def by_key(found):
    return {m["record"].partition("=")[2]: m for m in found["messages"]}


def extra(row):
    return json.loads(row["extra"])


def test_every_row_is_a_message(by_key):
    assert list(by_key) == [str(n) for n in range(1, 14)]
    assert by_key["13"]["kind"] == "unknown"
    assert by_key["13"]["direction"] == "unknown"


def test_plain_text_is_no_markup(by_key):
    m = by_key["1"]
    assert (m["text"], m["sent_at"]) == ("Stižem <sutra> & u podne", START + timedelta(milliseconds=250))
    assert (m["direction"], m["sender_id"], m["sender_name"], m["account_id"]) == ("outgoing", ANA, "Ana Perić", ANA)
    assert (m["chat_kind"], m["chat_name"], m["message_id"]) == ("direct", "Бојан", "1678307200250")


def test_html_becomes_text_and_stays_in_extra(by_key):
    m = by_key["2"]
    assert m["text"] == "Добро\xa0је. Чекам\nкод моста 😀"
    assert extra(m)["content"].startswith("<div>Добро&nbsp;је.")
    assert (m["kind"], m["direction"], m["sender_name"]) == ("text", "incoming", "Бојан")
    assert (m["edited"], m["edited_at"]) == (True, datetime(2023, 3, 8, 20, 31, 40, tzinfo=UTC))


def test_reply_names_what_it_answers(by_key):
    m = by_key["3"]
    assert (m["text"], m["reply_to"]) == ("Važi", "1678307201000")
    assert extra(m)["quoted"] == {"mri": BOJAN, "name": "Бојан", "preview": "Добро је."}
    assert by_key["12"]["reply_to"] == "1678307100000"


def test_picture(found, by_key):
    (picture,) = found["attachments"]
    assert by_key["4"]["kind"] == "image"
    assert (picture["url"], picture["width"], picture["height"]) == ("https://example.org/views/imgo", 1668, 1331)
    assert (picture["message_id"], extra(picture)["alt"]) == ("1678307203000", "Media")


def test_place_shared_live(found, by_key):
    m, place = by_key["5"], found["places"][0]
    assert (m["kind"], m["text"], m["latitude"], m["longitude"]) == (
        "live_location",
        "Most, Podgorica",
        42.4411,
        19.2636,
    )
    assert m["expires_at"] == datetime(2023, 3, 8, 21, 26, 40, tzinfo=UTC)
    assert (place["kind"], place["label"], place["ref"]) == ("live_location", "Most, Podgorica", "1678307204000")
    assert (place["at"], extra(place)["session"]) == (START + timedelta(seconds=4), "s-1")


def test_place_whose_message_is_gone(found):
    place = found["places"][1]
    assert (place["latitude"], place["longitude"], place["kind"]) == (43.85, 18.41, "message")
    assert (place["at"], place["record"]) == (
        datetime(2023, 3, 8, 18, 26, 41, tzinfo=UTC),
        "ZMESSAGEPROPERTIES/Z_PK=4",
    )


def test_place_in_the_data_of_a_bot_card():
    card = {
        "$class": "TSCAdaptiveCard",
        "content": '{"body": [{"selectAction": {"url": "https://b/maps?rtp=adr.~pos.1.5_2.5"}}]}',
    }
    blob = archived([archived(card)]).hex()
    found = read(f"UPDATE ZSMESSAGE SET ZTS_BOTCARDDATA = x'{blob}' WHERE Z_PK = 2;")
    assert [p["latitude"] for p in found["places"]] == [1.5, 42.4411, 43.85]


def test_deleted_with_and_without_its_text(by_key):
    kept, lost = by_key["1"], by_key["6"]
    assert kept["deleted"]
    assert kept["deleted_at"] == datetime(2023, 3, 8, 20, 30, tzinfo=UTC)
    assert (kept["kind"], extra(kept)["delete_type"]) == ("text", "pendingUserDeleted")
    assert (lost["kind"], lost["deleted"], lost.get("text")) == ("deleted", True, None)


def test_events_are_system_messages(by_key):
    added, named = by_key["7"], by_key["8"]
    assert (added["kind"], added["direction"], added["raw_kind"]) == ("system", "system", "ThreadActivity/AddMember")
    assert (added["sender_id"], extra(added)["event"]["target"]) == (ANA, ["8:live:gone"])
    assert (named["text"], named["chat_name"], named["chat_kind"]) == ("Rezerve & ostalo", "Rezerve", "group")


def test_calls_with_and_without_their_message(found, by_key):
    answered, missed = found["calls"]
    assert (by_key["9"]["kind"], by_key["9"]["direction"]) == ("call", "system")
    assert (answered["call_id"], answered["direction"], answered["outcome"]) == ("c-1", "incoming", "answered")
    assert (answered["started_at"], answered["duration_s"]) == (datetime(2023, 3, 8, 20, 0, 0, 123456, UTC), 60.5)
    assert (answered["peer_id"], answered["peer_name"]) == (BOJAN, "Бојан")
    assert (missed["call_id"], missed["outcome"], missed["peer_name"]) == ("c-0", "missed", "Бојан")
    assert "duration_s" not in missed


def test_unknown_type_of_a_chat_that_is_gone(by_key):
    m = by_key["10"]
    assert (m["kind"], m["raw_kind"], m["text"], m["chat_id"]) == (
        "unknown",
        "RichText/UriObject",
        "file.pdf",
        "19:unknown@thread.v2",
    )
    assert by_key["12"]["chat_kind"] == "topic"


def test_three_clocks_are_compared(found, by_key):
    (problem,) = (p for p in found["problems"] if p["kind"] == "not_understood")
    assert problem["record"] == "ZSMESSAGE/Z_PK=11"
    assert "ZCOMPOSETIME 2023-03-08T20:26:30.0000000Z" in problem["detail"]
    assert by_key["11"]["sent_at"] == START + timedelta(seconds=10)
    assert by_key["12"]["sent_at"] == START + timedelta(seconds=11)  # ZARRIVALTIME is not set: from the Unix ms


def test_time_that_is_none():
    found = read(
        "UPDATE ZSMESSAGE SET ZARRIVALTIME = 'juče' WHERE Z_PK = 1; UPDATE ZSMESSAGE SET ZARRIVALTIME = 5e12 WHERE Z_PK = 2;"
    )
    odd = [p["record"] for p in found["problems"] if p["message"].startswith("one of the times")]
    assert odd == ["ZSMESSAGE/Z_PK=1", "ZSMESSAGE/Z_PK=2"]
    assert found["messages"][0]["sent_at"] == START + timedelta(milliseconds=250)


def test_reaction(found):
    (reaction,) = found["reactions"]
    assert (reaction["person_id"], reaction["value"], reaction["message_id"]) == (BOJAN, "like", "1678307200250")
    assert reaction["reacted_at"] == datetime(2023, 3, 8, 20, 28, 20, tzinfo=UTC)


def test_account_and_contacts(found):
    (account,) = found["accounts"]
    assert (account["account_id"], account["phone"], account["email"]) == (ANA, "38267000111", "ana@example.org")
    assert extra(account)["synced_at"] == "2023-03-08T20:26:40.500Z"
    assert [(c["name"], c.get("phones"), c.get("emails")) for c in found["contacts"]] == [
        ("Бојан", None, None),
        ("Čedo", ["+381 64 111 2222"], None),
        ("Ema", None, ["ema@example.org"]),
        ("Бојан", None, None),
    ]
    assert found["contacts"][0]["blocked"] is True
    assert found["contacts"][3]["person_id"] == BOJAN


def test_members(found):
    members = {(p["chat_id"], p["person_id"]): p for p in found["participants"]}
    assert len(members) == 4
    admin = members["19:group@thread.v2", ANA]
    assert (admin["role"], admin["joined_at"]) == ("admin", datetime(2022, 11, 13, 2, 40, 0, 250000, UTC))
    assert members["19:group@thread.v2", "8:live:gone"]["role"] == "Reader"


def test_what_is_not_read_is_said():
    found = read("INSERT INTO ZUSERLOCATION VALUES (1, x'00'); INSERT INTO ZVOICEMAIL VALUES (1, 'x');")
    assert {(p["kind"], p["record"]) for p in found["problems"]} == {
        ("not_understood", "ZSMESSAGE/Z_PK=11"),
        ("not_read", "ZVOICEMAIL"),
        ("not_read", "ZUSERLOCATION"),
    }


def test_names_are_those_after_the_write_ahead_log(tmp_path):
    plain = re.sub(r"archive\('[^']*'\)", "NULL", SQL)
    logged = """
      UPDATE ZUSER SET ZDISPLAYNAME = 'Бојан П.' WHERE Z_PK = 2;
      UPDATE ZSMESSAGE SET ZCONTENT = 'izmijenjeno' WHERE Z_PK = 11;
      DELETE FROM ZSMESSAGE WHERE Z_PK = 4;
    """
    found = testing.rows(messages, testing.database_with_log(plain, logged, tmp_path))
    states = {(m["record"].partition("=")[2], m["state"]): m for m in found["messages"]}
    assert states["11", "wal"]["text"] == "izmijenjeno"
    assert states["11", "journal"]["text"] == "kasni sat"
    assert [state for number, state in states if number == "4"] == ["journal"]
    assert states["2", "live"]["sender_name"] == "Бојан П."
    assert {c["name"]: c["state"] for c in found["contacts"] if c["record"].startswith("ZUSER")} == {
        "Бојан": "journal",
        "Бојан П.": "wal",
    }


def test_broken_archive_costs_only_itself():
    found = read("UPDATE ZMESSAGEPROPERTIES SET ZPROPERTIES = x'62706c69737430300102' WHERE Z_PK IN (1, 3);")
    damaged = [p["record"] for p in found["problems"] if p["kind"] == "damaged"]
    assert damaged == ["ZSMESSAGE/Z_PK=5", "ZMESSAGEPROPERTIES/Z_PK=3"]
    assert len(found["messages"]) == 13


def test_no_rows_no_problem():
    empty = "".join(f"DELETE FROM {t};" for t in ("ZSMESSAGE", "ZMESSAGEPROPERTIES", "ZTHREAD", "ZUSER", "ZSCONTACT"))
    assert read(empty + "DELETE FROM ZDEVICECONTACTHASH; DELETE FROM ZCONVERSATION;") == {}


def test_it_keeps_the_promises():
    assert [c for c in testing.check(messages, database(SQL), name="x.sqlite") if c.fault] == []
