"""CallHistory.sqlite: calls with and without chat, parent or name."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.whatsapp.ios_calls import calls

from forensics import testing

HERE = Path(__file__).parent
SQL = (HERE / "callhistory.sql").read_text("utf-8")
MILAN = "381641112222@s.whatsapp.net"


def read(*beside: str, sql: str = SQL) -> dict[str, dict]:
    names = {"lid": "LID.sqlite", "contactsv2": "ContactsV2.sqlite"}
    others = {names[b]: testing.database((HERE / f"{b}.sql").read_text("utf-8")) for b in beside}
    found = testing.rows(calls, testing.database(sql), name="CallHistory.sqlite", beside=others)
    assert "problems" not in found
    return {c["record"]: c for c in found["calls"]}


@pytest.mark.parametrize("number", ["1", "2", "17"])
def test_parent_is_found_whatever_its_number(number):
    found = read(
        sql=SQL.replace("Z1CALLEVENTS", f"Z{number}CALLEVENTS").replace("Z1PARTICIPANTS", f"Z{number}PARTICIPANTS")
    )
    call = found["ZWACDCALLEVENT/Z_PK=1"]
    assert (call["direction"], call["outcome"], call["peer_id"], call["video"]) == (
        "incoming",
        "answered",
        MILAN,
        False,
    )
    assert (call["started_at"], call["duration_s"]) == (datetime(2023, 3, 8, 20, 26, 40, tzinfo=UTC), 95.5)
    assert (call["call_id"], call["chat_id"]) == ("CALL-1", MILAN)


def test_two_calls_of_one_parent():
    second = read()["ZWACDCALLEVENT/Z_PK=2"]
    assert (second["direction"], second["outcome"], second["peer_id"]) == ("incoming", "rejected", MILAN)


def test_group_call():
    call = read()["ZWACDCALLEVENT/Z_PK=3"]
    assert (call["direction"], call["video"], call["chat_id"]) == ("outgoing", True, "120363041111111111@g.us")
    assert call["members"] == [MILAN, "99887766554433@lid"]


def test_hidden_identity_with_and_without_its_phone():
    record = "ZWACDCALLEVENT/Z_PK=4"
    assert (read()[record]["peer_id"], read()[record]["outcome"]) == ("205690463334636@lid", "missed")
    named = read("lid", "contactsv2")
    assert (named[record]["peer_id"], named[record]["peer_name"]) == ("38344555666@s.whatsapp.net", "Arben")
    assert json.loads(named[record]["extra"])["lid"] == "205690463334636@lid"
    assert named["ZWACDCALLEVENT/Z_PK=1"]["peer_name"] == "Milan Vozač"


def test_call_without_parent_and_parent_without_call():
    found = read()
    assert len(found) == 6
    lost = found["ZWACDCALLEVENT/Z_PK=5"]
    assert (lost["direction"], lost["outcome"]) == ("unknown", "unknown (7)")
    lone = found["ZWAAGGREGATECALLEVENT/Z_PK=4"]
    assert (lone["peer_id"], lone["outcome"], lone["video"]) == ("905321234567@s.whatsapp.net", "missed", True)


def test_old_schema_without_creator_and_call_id():
    old = SQL.replace(", ZCALLIDSTRING VARCHAR, ZGROUPJIDSTRING VARCHAR,\n  ZGROUPCALLCREATORUSERJIDSTRING VARCHAR", "")
    old = old[: old.index("INSERT INTO ZWACDCALLEVENT VALUES")] + (
        "INSERT INTO ZWACDCALLEVENT VALUES (1, 1, 0, 5, 700000000, 12);"
        + old[old.index("CREATE TABLE ZWACDCALLEVENTPARTICIPANT") :]
    )
    assert read(sql=old)["ZWACDCALLEVENT/Z_PK=1"]["direction"] == "incoming"


def test_tables_not_read_are_told():
    found = testing.rows(calls, testing.database(SQL + "INSERT INTO ZWAJOINABLECALLEVENT VALUES (1, 700000000);"))
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_read", "ZWAJOINABLECALLEVENT")]


def test_promises():
    assert [c for c in testing.check(calls, testing.database(SQL)) if c.fault] == []
