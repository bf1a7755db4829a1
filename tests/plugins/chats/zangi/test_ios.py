"""zangidb*.sqlite of Zangi for iOS, in both versions."""

import json
import re
import sqlite3
from datetime import UTC, datetime

import pytest
from forensics_plugins.chats.zangi.ios import messages

from forensics import testing

COMMON = """
CREATE TABLE ZUSER (Z_PK INTEGER PRIMARY KEY, ZNUMBER VARCHAR, ZNICKNAME VARCHAR, ZNAME VARCHAR, ZLASTNAME VARCHAR,
  ZUSEREMAIL VARCHAR, ZCOUNTRY VARCHAR, ZPASSWORD VARCHAR, ZPINCODE VARCHAR);
INSERT INTO ZUSER VALUES (1, '1011', 'ja', 'Ja', NULL, 'ja@example.org', 'ME', 'deadbeef', '1234567');
CREATE TABLE ZCONTACTNUMBER (Z_PK INTEGER PRIMARY KEY, ZFULLNUMBER VARCHAR);
INSERT INTO ZCONTACTNUMBER VALUES (1, '1022'), (2, '1033'), (3, NULL);
CREATE TABLE ZCONTACT (Z_PK INTEGER PRIMARY KEY, ZDISPLAYNAME VARCHAR, ZFIRSTNAME VARCHAR, ZLASTNAME VARCHAR,
  ZIDENTIFIRE VARCHAR, ZISBLOCKED INTEGER, ZMODIFICATIONDATE TIMESTAMP);
INSERT INTO ZCONTACT VALUES (1, '', 'Драган', 'Илић', 'id1', 0, 721600000), (2, 'Драган посао', NULL, NULL, 'id2', 1, 0);
CREATE TABLE Z_4CONTACTNUMBER (Z_4CONTACT INTEGER, Z_5CONTACTNUMBER INTEGER);
INSERT INTO Z_4CONTACTNUMBER VALUES (1, 1), (2, 1);
CREATE TABLE ZCONVERSATION (Z_PK INTEGER PRIMARY KEY, ZGROUPUID VARCHAR, ZUID VARCHAR, ZGROUPNAME VARCHAR, ZMEMBER INTEGER);
INSERT INTO ZCONVERSATION VALUES (1, NULL, '1022', NULL, 1), (2, 'g1', '', NULL, NULL);
CREATE TABLE ZGROUP (Z_PK INTEGER PRIMARY KEY, ZCONVERSATION INTEGER, ZUID VARCHAR);
INSERT INTO ZGROUP VALUES (1, 2, 'g1');
CREATE TABLE ZGROUPPROFILE (Z_PK INTEGER PRIMARY KEY, ZGROUP INTEGER, ZNAME VARCHAR);
INSERT INTO ZGROUPPROFILE VALUES (1, 1, 'Пут'), (2, 1, 'Стари');
"""
COLUMNS = """Z_PK INTEGER PRIMARY KEY, ZMESSAGETIME TIMESTAMP, ZMESSAGE VARCHAR, ZTYPE INTEGER, ZMESSAGEID VARCHAR,
  ZCONVERSATION INTEGER, ZISRECEIVED INTEGER, ZMESSAGEINFO VARCHAR"""
ROWS = [
    (1, 721692800.123, "Где си?", 0, "msgId1", 1, 1, None),
    (2, 721692860.456, "Kod kuće", 0, "msgId2", 1, 0, None),
    (3, 721692870.0, "=1+1", 0, "msgId3", 2, 1, None),
    (4, 721692880.0, None, 1, "msgId4", 1, 1, None),
    (5, 721692890.0, "račun", 9, "msgId5", 1, 0, None),
    (6, 721692900.0, None, 160, "msgId6", 1, 1, "x"),
    (7, 721692910.0, "joined", 115, "msgId7", 2, 1, None),
    (8, None, "odd", 77, None, 97, None, None),
]
SENDERS = {1: 1, 2: 1, 3: 2, 4: 1, 5: 1, 6: 1, 7: None, 8: 98}
MEDIA = {4: ("https://z/4", None, "jpg"), 5: (None, "assets://5", ".pdf")}


def told(value) -> str:
    return "NULL" if value is None else str(value) if isinstance(value, (int, float)) else "'" + value + "'"


def old() -> str:
    sql = (
        COMMON
        + f"""CREATE TABLE ZZANGIMESSAGE ({COLUMNS}, ZFROM INTEGER, ZFILEREMOTEPATH VARCHAR, ZMEDIAASSETSLIBRARYURL VARCHAR,
  ZENCRYPTFILEREMOTEPATH VARCHAR, ZFILEEXTENSION VARCHAR);"""
    )
    for row in ROWS:
        remote, asset, extension = MEDIA.get(row[0], (None, None, None))
        values = (*row, SENDERS[row[0]], remote, asset, None, extension)
        sql += f"\nINSERT INTO ZZANGIMESSAGE VALUES ({', '.join(map(told, values))});"
    return sql


def new() -> str:
    sql = (
        COMMON
        + f"""CREATE TABLE ZZMESSAGE ({COLUMNS});
CREATE TABLE ZZMESSAGEUSER (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZCONTACTNUMBER INTEGER, ZFULLNUMBER VARCHAR);
CREATE TABLE ZZMESSAGEMEDIA (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZFILEREMOTEPATH VARCHAR,
  ZMEDIAASSETSLIBRARYURL VARCHAR, ZFILEEXTENSION VARCHAR);
INSERT INTO ZZMESSAGEUSER VALUES (100, 3, NULL, '1033');"""
    )
    for row in ROWS:
        sql += f"\nINSERT INTO ZZMESSAGE VALUES ({', '.join(map(told, row))});"
        sql += f"\nINSERT INTO ZZMESSAGEUSER VALUES ({row[0]}, {row[0]}, {told(SENDERS[row[0]])}, NULL);"
        if row[0] in MEDIA:
            sql += f"\nINSERT INTO ZZMESSAGEMEDIA VALUES ({row[0]}, {row[0]}, {', '.join(map(told, MEDIA[row[0]]))});"
    return sql


def read(sql: str) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name="zangidb.sqlite")


@pytest.fixture(scope="module", params=[old, new])
def found(request) -> dict[str, list[dict]]:
    return read(request.param())


def message(found: dict, number: int) -> dict:
    [one] = [m for m in found["messages"] if m["record"].endswith(f"/Z_PK={number}")]
    return one


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_one_row_for_a_message(found):
    """Another tool (iLEAPP) lists a message once for each contact, profile and sender that matches."""
    assert len(found["messages"]) == len(ROWS)
    one, group = message(found, 1), message(found, 3)
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert (one["direction"], one["sender_id"], one["sender_name"], one["text"]) == (
        "incoming",
        "1022",
        "Драган Илић",
        "Где си?",
    )
    assert (one["chat_id"], one["chat_name"], one["chat_kind"], one["account_id"]) == (
        "1022",
        "Драган Илић",
        "direct",
        "1011",
    )
    assert (group["chat_id"], group["chat_name"], group["chat_kind"], group["sender_id"]) == (
        "g1",
        "Пут",
        "group",
        "1033",
    )


def test_owner_is_the_sender_of_what_was_sent(found):
    """Another tool (iLEAPP) shows the name behind ZFROM as the sender of messages that the owner sent."""
    sent = message(found, 2)
    assert (sent["direction"], "sender_id" in sent, "sender_name" in sent) == ("outgoing", False, False)
    assert sent["sent_at"].microsecond == 456000


def test_no_message_is_lost_for_want_of_a_number(found):
    """Another tool (iLEAPP, zangichats) leaves out every message whose number is in no table ZZNUMBER."""
    odd = message(found, 8)
    assert (odd["kind"], odd["raw_kind"], odd["direction"], odd["chat_id"], "sent_at" in odd) == (
        "unknown",
        "77",
        "unknown",
        "ZCONVERSATION/Z_PK=97",
        False,
    )


def test_kinds_and_files(found):
    assert [message(found, number)["kind"] for number in (4, 5, 6, 7)] == ["image", "document", "call", "system"]
    assert (extra(message(found, 6))["event"], message(found, 7)["direction"]) == ("call start", "system")
    photo, paper = found["attachments"]
    assert (photo["url"], extra(photo)["extension"], extra(photo)["file_of_the_app"]) == (
        "https://z/4",
        "jpg",
        "msgId4",
    )
    assert (paper["name"], paper["url"], paper["message_id"]) == ("račun.pdf", "assets://5", "msgId5")


def test_people_without_passwords(found):
    dragan, work = found["contacts"]
    assert (dragan["name"], dragan["phones"], work["blocked"], work["phones"]) == (
        "Драган Илић",
        ["1022"],
        True,
        ["1022"],
    )
    [owner] = found["accounts"]
    assert (owner["account_id"], owner["email"], owner["username"]) == ("1011", "ja@example.org", "ja")
    assert [(p["chat_id"], p["person_id"]) for p in found["participants"]] == [("1022", "1022")]
    assert not re.search("deadbeef|1234567", repr(found))
    assert "problems" not in found


def test_names_by_older_table():
    sql = re.sub(r"CREATE TABLE Z_4CONTACTNUMBER .*?;\nINSERT INTO Z_4CONTACTNUMBER .*?;\n", "", old(), flags=re.DOTALL)
    sql += """CREATE TABLE ZZNUMBER (Z_PK INTEGER PRIMARY KEY, ZNUMBER VARCHAR,
  ZCONTACTNUMBEROBJECT INTEGER, ZIDENTIFIRE VARCHAR);
INSERT INTO ZZNUMBER VALUES (1, '1022', 1, 'id1');"""
    assert message(read(sql), 1)["sender_name"] == "Драган Илић"


@pytest.mark.parametrize("sql", [old(), new()])
def test_values_of_any_type(sql):
    base = sqlite3.connect(":memory:")
    base.executescript(re.sub(r" PRIMARY KEY", "", sql))
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = len(base.execute(f"PRAGMA table_info({table})").fetchall())
        for value in (b"\xff\x00", "[" * 9999, 1e300, -(2**63), float("inf"), 11):
            base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", [value] * columns)
    found = testing.rows(messages, bytes(base.serialize()), name="zangidb.sqlite")
    assert not [p for p in found["problems"] if "stopped" in p["message"]], found["problems"]


@pytest.mark.parametrize("sql", [old(), new()])
def test_promises(sql):
    assert [c for c in testing.check(messages, testing.database(sql), name="zangidb.sqlite") if c.fault] == []
