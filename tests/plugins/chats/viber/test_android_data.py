"""viber_data: a real one, row by row, and an invented one for what it lacks."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.viber.android_data import data

from forensics import testing

SQL = (Path(__file__).parent / "data.sql").read_text("utf-8")
MILAN, ARBEN = "+381641112222", "+38344555666"


def read(sql: str) -> dict[str, list[dict]]:
    return testing.rows(data, testing.database(sql), name="viber_data")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read(SQL)


@pytest.fixture(scope="module")
def contacts(found) -> dict[str, dict]:
    return {c["record"]: c for c in found["contacts"]}


def test_calls(found):
    answered, missed, group = found["calls"]
    assert (answered["started_at"], answered["duration_s"]) == (
        datetime(2023, 3, 8, 18, 26, 40, 123000, tzinfo=UTC),
        65,
    )
    assert (answered["direction"], answered["outcome"], answered["video"]) == ("incoming", "answered", False)
    assert (answered["peer_id"], answered["peer_name"]) == (MILAN, "Milan posao / Милан Возач 🚐")
    assert (answered["call_id"], extra(answered)["number"]) == ("5700000000000000001", "0641112222")
    assert (missed["direction"], missed["outcome"], missed["video"]) == ("incoming", "missed", True)
    assert (missed["peer_id"], missed.get("peer_name")) == ("+905321234567", None)
    assert (group["call_id"], group["chat_id"], group["outcome"]) == ("77", "5001", "end_reason 5")
    assert (group["peer_name"], group.get("video"), group["direction"]) == ("Arben", None, "outgoing")
    assert (extra(group)["viber_call_type"], extra(group)["conference_info"]) == (9, '{"members":[1]}')


def test_address_book(contacts):
    milan = contacts["phonebookcontact/_id=1"]
    assert (milan["name"], milan["person_id"]) == ("Милан Возач 🚐", MILAN)
    assert (milan["phones"], milan["blocked"]) == ([MILAN, "+381649990000"], False)
    assert extra(milan) == {
        "viber": 1,
        "starred": 1,
        "joined_viber_at": "2022-08-16T23:11:33.950Z",
        "lookup_key": "11i1",
        "other_forms": ["064 111 2222", "064 111-2222"],
        "other_data": [[None, "milan@example.org", None, 5]],
    }
    empty = contacts["phonebookcontact/_id=2"]
    assert (empty["name"], empty.get("phones"), extra(empty)) == ("Bez broja", None, {"deleted": 1})


def test_number_whose_contact_is_gone(contacts):
    lost = contacts["phonebookdata/_id=6"]
    assert (lost["phones"], extra(lost)["contact_id"]) == (["+38269000111"], 99)


def test_viber_and_blocked_numbers(contacts):
    assert extra(contacts["vibernumbers/_id=1"]) == {
        "member_id": "mil=",
        "encrypted_member_id": "em:mil",
        "date_of_birth": "1990-01-02",
    }
    assert (contacts["vibernumbers/_id=2"]["name"], contacts["vibernumbers/_id=2"]["blocked"]) == ("Arben", True)
    arben, other = contacts["blockednumbers/_id=1"], contacts["blockednumbers/_id=2"]
    assert (arben["person_id"], arben["name"], arben["blocked"]) == (ARBEN, "Arben", True)
    assert extra(arben) == {"blocked_at": "2023-03-08T18:26:40.000Z", "block_reason": 0, "block_status": 1}
    assert (other["person_id"], extra(other)) == ("+33123456789", {"block_reason": 2, "block_status": 0})


def test_every_row(found):
    assert (len(found["calls"]), len(found["contacts"]), "problems" in found) == (3, 4 + 1 + 2 + 2, False)


def test_tables_not_read_are_told():
    found = read(SQL + "INSERT INTO sync_data VALUES (1, '+1', 'x', 0);")
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_read", "sync_data")]


def test_calls_alone():
    only = SQL[: SQL.index("CREATE TABLE phonebookcontact")]
    found = read(only)
    assert sorted(found) == ["calls"]
    assert len(found["calls"]) == 3


def test_poisoned():
    poison = """
    UPDATE calls SET date = 9e300, duration = 'dugo', type = X'00' WHERE _id = 1;
    UPDATE calls SET number = X'FF', canonized_number = char(8238) || '+1', conference_info = X'FFFE' WHERE _id = 2;
    UPDATE phonebookcontact SET display_name = '=HYPERLINK("x")', joined_date = 'x' WHERE _id = 1;
    UPDATE phonebookdata SET data2 = X'FF00', mime_type = 'x' WHERE _id = 1;
    UPDATE vibernumbers SET viber_name = X'C3' WHERE _id = 1;
    """
    found = read(SQL + poison)
    assert (len(found["calls"]), len(found["contacts"])) == (3, 9)
    assert not any(" stopped: " in p["message"] for p in found["problems"])


def test_real_calls(corpus, manifest):
    entry = manifest["chats-viber-viber-data-sqlite-01"]
    found = testing.rows(data, corpus / entry["path"])
    assert "problems" not in found
    expected = entry["expected"]
    assert len(found["calls"]) == expected["calls"]["value"]
    last, told = found["calls"][3], expected["call[3]"]["value"]
    assert last["started_at"].strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" == told["start_utc"]
    assert (last["duration_s"], last["peer_id"]) == (told["duration"], told["phone"])
    assert (extra(last)["type"], extra(last)["viber_call_type"]) == (told["call_type"], told["viber_call_type"])
    assert [
        (c["started_at"].isoformat(), c["duration_s"], c["direction"], c["outcome"], c["video"], c["call_id"])
        for c in found["calls"]
    ] == [
        ("2022-11-25T20:34:25.582000+00:00", 98, "incoming", "answered", False, "5777027480664824042"),
        ("2022-11-25T20:37:07.737000+00:00", 100, "outgoing", "answered", False, "5777028159081061853"),
        ("2022-11-25T20:40:24.137000+00:00", 95, "incoming", "answered", True, "5777028982313736828"),
        ("2022-11-25T20:43:08.267000+00:00", 105, "outgoing", "answered", True, "5777029670695640630"),
    ]
    assert {(c["peer_id"], c["peer_name"]) for c in found["calls"]} == {("+19198887386", "This Is DFIR Two")}


def test_real_contacts(corpus, manifest):
    entry = manifest["chats-viber-viber-data-sqlite-01"]
    found = testing.rows(data, corpus / entry["path"])
    rows = entry["expected"]["rows_per_table"]["value"]
    assert len(found["contacts"]) == rows["phonebookcontact"] + rows["vibernumbers"]
    assert [(c.get("name"), c.get("phones"), c.get("person_id")) for c in found["contacts"]] == [
        ("ThisIs DFIRThree", None, None),
        ("Josh Hickman", ["+19195790479", "+19193912507"], None),
        ("Liz", ["+19192084530"], "+19192084530"),
        ("This Is DFIR Two", ["+19198887386"], "+19198887386"),
        ("Thom De'Fer", ["+19198027080"], "+19198027080"),
        (None, ["+19198887386"], "+19198887386"),
    ]
    assert extra(found["contacts"][3])["joined_viber_at"] == "2022-08-16T23:11:33.950Z"
    assert extra(found["contacts"][5])["member_id"] == "MAnQGEYEn/E="


def test_promises(corpus, manifest):
    for content in (testing.database(SQL), corpus / manifest["chats-viber-viber-data-sqlite-01"]["path"]):
        assert [c for c in testing.check(data, content, name="viber_data") if c.fault] == []
