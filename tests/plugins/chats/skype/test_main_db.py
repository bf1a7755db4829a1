"""main.db of Skype before version 8."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.skype.main_db import main_db

from forensics import testing

SQL = (Path(__file__).parent / "main_db.sql").read_text("utf-8")
GONE = "#arben.k/$milan.vozac;b1a3"


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(main_db, testing.database(SQL), name="main.db")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def by_record(rows: list[dict]) -> dict[str, dict]:
    return {row["record"]: row for row in rows}


def message(found: dict, number: int) -> dict:
    return by_record(found["messages"])[f"Messages/id={number}"]


def test_every_message_is_there(found):
    assert [m["message_id"] for m in found["messages"]] == [*map(str, range(1, 15)), "sms 145", "sms 146"]
    assert {m["app"] for m in found["messages"]} == {"Skype"}
    assert {m["account_id"] for m in found["messages"]} == {"milan.vozac"}


def test_message(found):
    first = message(found, 1)
    assert (first["chat_id"], first["chat_name"], first["chat_kind"]) == ("arben.k", "Arben", "direct")
    assert (first["sender_id"], first["sender_name"], first["direction"]) == ("milan.vozac", "Milan", "outgoing")
    assert (first["kind"], first["raw_kind"], first["text"], first["status"]) == ("text", "61", "kada?", "sent")
    assert first["sent_at"] == datetime(2013, 7, 30, 21, 26, 28, tzinfo=UTC)
    assert extra(first) == {"chat": "#milan.vozac/$arben.k;72ab", "guid": "01", "remote_id": 700}


def test_body_is_made_plain_and_kept(found):
    second = message(found, 2)
    assert (second["direction"], second["text"]) == ("incoming", "sutra & rano :)")
    assert extra(second)["body_xml"] == 'sutra &amp; <b>rano</b> <ss type="smile">:)</ss>'


def test_edited_and_removed(found):
    edited, removed = message(found, 3), message(found, 4)
    assert (edited["edited"], edited["deleted"], edited["text"]) == (True, False, "2 < 3")
    assert edited["edited_at"] == datetime(2013, 7, 30, 21, 29, 20, tzinfo=UTC)
    assert (removed["kind"], removed["deleted"], removed["raw_kind"]) == ("deleted", True, "61")
    assert removed["deleted_at"] == datetime(2013, 7, 30, 21, 31, tzinfo=UTC)
    assert extra(removed)["edited_by"] == "arben.k"


def test_events(found):
    request, added, call = (message(found, number) for number in (5, 6, 7))
    assert (request["kind"], request["direction"], request["status"]) == ("text", "outgoing", "failed")
    assert (request["text"], extra(request)["meaning"]) == ("I'd like to add you", "contact requested")
    assert (added["kind"], added["direction"], added["chat_name"]) == ("system", "system", "Пут на север")
    assert (extra(added)["meaning"], extra(added)["identities"]) == ("added", "hasan34 arben.k")
    assert (call["kind"], call["direction"], call.get("text")) == ("call", "incoming", None)
    assert "<duration>61</duration>" in extra(call)["body_xml"]


def test_short_message_has_two_rows(found):
    shown, sms = message(found, 8), by_record(found["messages"])["SMSes/id=145"]
    assert (shown["text"], shown["raw_kind"], extra(shown)["meaning"]) == ('stižemo "sutra"', "64", "SMS")
    assert (sms["text"], sms["raw_kind"], sms["status"]) == ('stižemo "sutra" ujutro', "SMS 2", "delivered")
    assert (sms["chat_id"], sms["chat_kind"]) == ("arben.k", "direct")
    assert (sms["direction"], sms["sender_id"]) == ("outgoing", "milan.vozac")
    assert sms["sent_at"] == datetime(2013, 7, 30, 21, 36, 41, tzinfo=UTC)
    assert extra(sms) == {
        "message": 8,
        "numbers": "+905321234567",
        "price": 112,
        "price_digits": 3,
        "currency": "EUR",
    }
    strange = by_record(found["messages"])["SMSes/id=146"]
    assert (strange["direction"], strange["status"]) == ("unknown", "unknown (42)")
    assert (strange["chat_id"], strange["raw_kind"]) == ("+38267111222", "SMS 9")


def test_chat_without_conversation(found):
    lost = message(found, 12)
    assert (lost["chat_id"], lost["chat_name"], lost["chat_kind"]) == (GONE, "Granica", "group")


def test_unknown_stays_visible(found):
    unknown = message(found, 13)
    assert (unknown["kind"], unknown["raw_kind"], unknown["direction"]) == ("unknown", "777", "unknown")
    assert (unknown["chat_id"], unknown.get("sent_at")) == ("Conversations/id=77", None)


def test_impossible_time_is_a_problem(found):
    assert [(p["kind"], p["record"], p["detail"]) for p in found["problems"]] == [
        ("not_understood", "Messages/id=14", "13727168620")
    ]
    assert message(found, 14)["text"] == "vreme van kalendara"


def test_files(found):
    sent = found["attachments"]
    assert [(a["message_id"], a["name"], a["size"]) for a in sent[:2]] == [
        ("10", "lista.txt", 2048),
        ("11", "dokument.jpg", 613177),
    ]
    assert (sent[1]["width"], sent[1]["url"]) == (640, "https://api.example.org/v1/objects/0-weu-d1")
    transfers = by_record(sent)
    done, offered = transfers["Transfers/id=90"], transfers["Transfers/id=91"]
    assert (done["chat_id"], done["message_id"], done["name"], done["size"]) == (
        "arben.k",
        "9",
        "mapa & put.pdf",
        69986,
    )
    assert done["stored_path"] == "C:\\put\\mapa & put.pdf"
    assert (extra(done)["direction"], extra(done)["status"]) == ("outgoing", "completed")
    assert extra(done)["started_at"] == "2013-07-30T21:38:20Z"
    assert (offered["chat_id"], offered.get("message_id"), offered.get("size")) == ("Conversations/id=99", None, None)
    assert (extra(offered)["status"], extra(offered)["direction"]) == ("unknown (33)", "incoming")
    assert len(sent) == 4


def test_members(found):
    members = found["participants"]
    assert [(m["chat_id"], m["person_id"], m.get("name"), m.get("role"), m.get("active")) for m in members] == [
        ("arben.k", "arben.k", "Arben Drač", "member", True),
        ("#milan.vozac/$1f2e", "milan.vozac", "Milan Vozač", "owner", True),
        ("#milan.vozac/$1f2e", "hasan34", None, "retired", False),
        ("#milan.vozac/$1f2e", "x", None, "unknown (99)", None),
        ("arben.k", "arben.k", "Arben Drač", "4", False),
        (GONE, "arben.k", None, None, None),
        (GONE, "milan.vozac", None, None, None),
        (GONE, "hasan34", None, None, None),
    ]
    assert extra(members[2])["chat_creator"] == "milan.vozac"


def test_calls(found):
    calls = by_record(found["calls"])
    single, missed, group, bare, lone = calls.values()
    assert (single["call_id"], single["chat_id"], single["peer_id"]) == ("110", "arben.k", "arben.k")
    assert (single["direction"], single["outcome"], single["duration_s"]) == ("outgoing", "answered", 646)
    assert single["started_at"] == datetime(2013, 7, 30, 21, 50, tzinfo=UTC)
    assert extra(single)["answered_at"] == "2013-07-30T21:50:05Z"
    assert (missed["direction"], missed["outcome"], missed["peer_name"]) == ("incoming", "missed", "Arben Drač")
    assert (group["peer_id"], group["members"], group["duration_s"]) == ("hasan34", ["hasan34", "arben.k"], 30)
    assert extra(group)["video_status"] == 3
    assert (bare["direction"], bare.get("outcome"), bare.get("peer_id")) == ("unknown", None, None)
    assert (lone["record"], lone["peer_id"], lone["duration_s"]) == ("CallMembers/id=24", "+905321234567", 12)


def test_contacts_and_account(found):
    arben, istanbul = found["contacts"]
    assert (arben["person_id"], arben["name"], arben["blocked"]) == ("arben.k", "Arben Drač", False)
    assert arben["phones"] == ["+38344555666", "+355691234567"]
    assert arben["emails"] == ["beni@example.org", "arben@example.org"]
    assert (arben["note"], extra(arben)["about"], extra(arben)["birthday"]) == ("Na putu", "shofer", 19850312)
    assert (istanbul["person_id"], istanbul["phones"], istanbul["blocked"]) == (
        "+905321234567",
        ["+905321234567"],
        True,
    )
    [owner] = found["accounts"]
    assert (owner["account_id"], owner["name"], owner["phone"]) == ("milan.vozac", "Milan Vozač", "+381641112222")
    assert (owner["is_owner"], owner["created_at"]) == (True, datetime(2013, 7, 30, 21, 22, tzinfo=UTC))


def test_without_account_direction_is_unknown():
    found = testing.rows(main_db, testing.database(SQL + "DELETE FROM Accounts;"))
    assert {m["direction"] for m in found["messages"] if m["kind"] == "text" and m["raw_kind"] == "61"} == {"unknown"}
    assert "account_id" not in found["messages"][0]


def test_few_columns():
    sql = """
    CREATE TABLE Accounts (id INTEGER PRIMARY KEY, skypename TEXT);
    CREATE TABLE Contacts (id INTEGER PRIMARY KEY, skypename TEXT);
    CREATE TABLE Conversations (id INTEGER PRIMARY KEY, identity TEXT);
    CREATE TABLE Messages (id INTEGER PRIMARY KEY, convo_id, author, timestamp, type, body_xml);
    INSERT INTO Accounts VALUES (1, 'a'); INSERT INTO Conversations VALUES (1, 'b');
    INSERT INTO Messages VALUES (1, 1, 'b', 1375219588, 61, 'zdravo');
    """
    found = testing.rows(main_db, testing.database(sql))
    assert "problems" not in found
    assert (found["messages"][0]["chat_id"], found["messages"][0]["direction"]) == ("b", "incoming")


def test_tables_not_read_are_told():
    found = testing.rows(main_db, testing.database(SQL + "INSERT INTO Voicemails VALUES (1, 'a.dat');"))
    assert ("not_read", "Voicemails") in [(p["kind"], p["record"]) for p in found["problems"]]


def test_promises():
    assert [c for c in testing.check(main_db, testing.database(SQL), name="main.db") if c.fault] == []


def test_corpus(corpus, manifest):
    entry = manifest["chats-skype-main-db-01"]
    expected, counts = entry["expected"], entry["expected"]["rows_per_table"]["value"]
    found = testing.rows(main_db, corpus / entry["path"], name="main.db")
    messages = by_record(found["messages"])
    assert len(messages) == counts["Messages"] + counts["SMSes"]
    chat = expected["chat"]["value"]
    [said] = [m for m in found["messages"] if m.get("text") == chat["text"]]
    assert f"{said['sender_name']} <{said['sender_id']}>" == chat["from"]
    assert (said["chat_id"], said["direction"]) == (chat["to"], "outgoing")
    assert f"{said['sent_at']:%Y-%m-%dT%H:%M:%SZ}" == chat["utc"]
    sms = messages["SMSes/id=145"]
    assert {
        "number": extra(sms)["numbers"],
        "utc": f"{sms['sent_at']:%Y-%m-%dT%H:%M:%SZ}",
        "text": sms["text"],
    } == expected["sms"]["value"]
    [call] = found["calls"]
    assert (extra(call)["host"], call["peer_id"]) == (
        expected["call"]["value"]["from"],
        expected["call"]["value"]["to"],
    )
    assert f"{call['started_at']:%Y-%m-%dT%H:%M:%SZ}" == expected["call"]["value"]["start_utc"]
    ended = datetime.fromtimestamp(call["started_at"].timestamp() + call["duration_s"], UTC)
    assert f"{ended:%Y-%m-%dT%H:%M:%SZ}" == expected["call"]["value"]["end_utc"]
    offer, taken = found["attachments"]
    transfer = expected["transfer"]["value"]
    assert (offer["name"], offer["size"], extra(offer)["started_at"]) == (
        transfer["file"],
        transfer["size"],
        transfer["utc"],
    )
    assert (extra(offer)["partner"], extra(taken)["partner"]) == (transfer["sender"], transfer["receiver"])
    assert extra(taken)["parent_id"] == extra(offer)["pk_id"]
    assert (len(found["contacts"]), len(found["accounts"])) == (counts["Contacts"], counts["Accounts"])
    of_table = [p["record"].partition("/")[0] for p in found["participants"]]
    assert (of_table.count("Participants"), of_table.count("ChatMembers"), of_table.count("Chats")) == (4, 6, 3)
    assert [p["detail"] for p in found["problems"]] == ["13727168620"]


def test_corpus_row_by_row(corpus, manifest):
    place = corpus / manifest["chats-skype-main-db-01"]["path"]
    found = by_record(testing.rows(main_db, place)["messages"])
    with sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True) as source:
        rows = source.execute("SELECT id, author, from_dispname, timestamp, type, body_xml FROM Messages").fetchall()
    for number, author, name, at, code, stored in rows:
        row = found[f"Messages/id={number}"]
        assert (row["sender_id"], row["sender_name"], row["raw_kind"]) == (author, name, str(code))
        assert stored in (None, row.get("text"), extra(row).get("body_xml"))
        assert "sent_at" not in row or row["sent_at"].timestamp() == at
