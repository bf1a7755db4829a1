"""kik.sqlite of Kik for iOS."""

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from forensics_plugins.chats.kik.ios import kik

from forensics import testing

SQL = (Path(__file__).parent / "kik.sql").read_text("utf-8")
ARBEN, HASAN, GROUP = "arben_def@talk.kik.com", "hasan_ghi@talk.kik.com", "1100024090445_g@groups.kik.com"
COCOA = datetime(2001, 1, 1, tzinfo=UTC)


def read(sql: str = SQL) -> dict[str, list[dict]]:
    return testing.rows(kik, testing.database(sql), name="kik.sqlite")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read()


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["record"] == f"ZKIKMESSAGE/Z_PK={number}")


def test_sent_message_in_two_chats(found):
    sent = message(found, 1)
    assert (sent["message_id"], sent["chat_id"], sent["chat_name"], sent["chat_kind"]) == (
        "s-1",
        ARBEN,
        "Arben",
        "direct",
    )
    assert (sent["direction"], sent["kind"], sent["raw_kind"], sent["text"]) == (
        "outgoing",
        "text",
        "2",
        "kada krećemo?",
    )
    assert sent["sent_at"] == sent["received_at"] == datetime(2015, 6, 29, 12, 26, 11, 584834, tzinfo=UTC)
    assert ("sender_id" in sent, sent["status"]) == (False, "94")
    assert extra(sent) == {"user": ARBEN, "other_chats": [GROUP], "system_state": 0}


def test_received_message(found):
    direct, group = message(found, 2), message(found, 4)
    assert (direct["direction"], direct["sender_id"], direct["sender_name"]) == ("incoming", ARBEN, "Arben")
    assert direct["sent_at"] == datetime(2015, 6, 29, 14, 5, 20, 192000, tzinfo=UTC)
    assert direct["received_at"] == datetime(2015, 6, 29, 14, 5, 20, 425480, tzinfo=UTC)
    assert (group["chat_id"], group["chat_name"], group["chat_kind"]) == (GROUP, "Пут на север", "group")
    assert (group["sender_id"], group["sender_name"], group["text"]) == (HASAN, "hasan34", "тамо сам")
    assert extra(group)["render_instructions"] == "0a0a28"


def test_events_of_the_group(found):
    started, removed = message(found, 3), message(found, 5)
    assert (started["kind"], started["direction"], started["raw_kind"]) == ("system", "system", "3")
    assert (removed["raw_kind"], extra(removed)["user"]) == ("4", "stranac_jkl@talk.kik.com")


def test_attachment(found):
    carrier = message(found, 6)
    assert (carrier["kind"], carrier["text"], extra(carrier)["attachment_type"]) == ("unknown", "a7160843-c595", 6)
    known, orphan = found["attachments"]
    assert (known["name"], known["message_id"], known["chat_id"]) == ("a7160843-c595", "s-6", GROUP)
    assert extra(known) == {"type": 6, "flags": 4, "state": 0, "message": 6, "at": "2015-06-30T09:50:23.500Z"}
    assert (orphan["name"], orphan.get("message_id"), extra(orphan)["message"]) == ("b98fc1f4-8862", None, 98)


def test_draft_unknown_and_homeless(found):
    draft, unknown, homeless = (message(found, number) for number in (7, 8, 9))
    assert (draft["chat_id"], extra(draft)["draft"], draft["text"]) == (ARBEN, True, "još ne")
    assert (unknown["kind"], unknown["raw_kind"], unknown["direction"]) == ("unknown", "77", "unknown")
    assert unknown["chat_id"] == "ZKIKCHAT/Z_PK=3"
    assert (homeless.get("chat_id"), homeless["sender_id"]) == (None, ARBEN)
    assert len(found["messages"]) == 9


def test_members(found):
    assert [
        (p["record"], p["chat_id"], p.get("name"), p.get("role"), p.get("active")) for p in found["participants"]
    ] == [
        ("Z_6MEMBERS/4,2", GROUP, "Arben", "admin", True),
        ("Z_6MEMBERS/4,3", GROUP, "hasan34", "member", True),
        ("Z_6ADMINSINVERSE/4,1", GROUP, "Milan", "admin", None),
        ("Z_6BANSINVERSE/4,5", GROUP, "Stranac", "banned", False),
        ("ZKIKCHAT/Z_PK=1", ARBEN, "Arben", None, True),
        ("ZKIKCHAT/Z_PK=3", "ZKIKCHAT/Z_PK=3", None, None, True),
    ]


def test_contacts(found):
    milan, arben, hasan, group, _ = found["contacts"]
    assert (milan["name"], milan["username"], extra(milan)["picture_at"]) == (
        "Milan",
        "milan.vozac",
        "2015-06-29T08:48:11Z",
    )
    assert (arben["emails"], arben["note"], extra(arben)["address_book_id"]) == (["beni@example.org"], "na putu", 7)
    assert ("name" in hasan, hasan["username"]) == (False, "hasan34")
    assert (group["person_id"], group["name"], extra(group)["group_tag"]) == (GROUP, "Пут на север", "#put")


@pytest.mark.parametrize(("chat", "message_", "user"), [("2", "4", "5"), ("11", "13", "17")])
def test_numbers_of_entities_are_found(found, chat, message_, user):
    sql = re.sub(r"Z_3(MESSAGES|CHAT)", rf"Z_{chat}\1", SQL)
    sql = re.sub(r"Z_6(\w+)", rf"Z_{user}\1", sql.replace("Z_5MESSAGES", f"Z_{message_}MESSAGES"))
    other = read(sql)
    assert "problems" not in other
    assert other["messages"] == [{**m, "file": other["messages"][0]["file"]} for m in found["messages"]]
    assert [p["person_id"] for p in other["participants"][:4]] == [p["person_id"] for p in found["participants"][:4]]


def test_missing_links_are_told():
    lost = read(SQL.replace("Z_3MESSAGES", "ZOTHER"))
    assert len(lost["messages"]) == 9
    assert [(p["kind"], p["record"]) for p in lost["problems"]] == [("not_understood", "Z_MESSAGES")]


def test_few_columns():
    sql = """
    CREATE TABLE ZKIKUSER (Z_PK INTEGER PRIMARY KEY, ZJID, ZDISPLAYNAME);
    CREATE TABLE ZKIKCHAT (Z_PK INTEGER PRIMARY KEY, ZUSER);
    CREATE TABLE ZKIKMESSAGE (Z_PK INTEGER PRIMARY KEY, ZTYPE, ZUSER, ZBODY, ZRECEIVEDTIMESTAMP);
    CREATE TABLE Z_3MESSAGES (Z_3CHATS, Z_5MESSAGES1);
    INSERT INTO ZKIKUSER VALUES (1, 'a@talk.kik.com', 'A');
    INSERT INTO ZKIKMESSAGE VALUES (1, 1, 1, 'zdravo', 457279520);
    """
    [one] = read(sql)["messages"]
    assert (one["sender_id"], one["text"], one["received_at"].year) == ("a@talk.kik.com", "zdravo", 2015)


def test_promises():
    assert [c for c in testing.check(kik, testing.database(SQL), name="kik.sqlite") if c.fault] == []


def test_corpus(corpus, manifest):
    entry = manifest["chats-kik-kik-sqlite-01"]
    expected, counts = entry["expected"], entry["expected"]["rows_per_table"]["value"]
    found = testing.rows(kik, corpus / entry["path"])
    assert "problems" not in found
    assert len(found["messages"]) == expected["messages"]["value"] == 60
    hello = expected["message[1]"]["value"]
    second = message(found, 2)
    assert (second["text"], second["chat_name"]) == (hello["body"], hello["display_name"])
    assert (second["raw_kind"], second["status"]) == (str(hello["type"]), str(hello["status"]))
    stated = datetime.fromisoformat(hello["received_utc"])  # cut after the microsecond, ours is rounded
    assert abs(second["received_at"] - stated) <= timedelta(microseconds=1)
    [contact] = [c for c in found["contacts"] if c["person_id"] == second["chat_id"]]
    assert contact["username"] == hello["username"]
    assert len(found["contacts"]) == counts["ZKIKUSER"]
    assert len(found["attachments"]) == counts["ZKIKATTACHMENT"]
    tables = [p["record"].partition("/")[0] for p in found["participants"]]
    assert (tables.count("Z_6MEMBERS"), tables.count("Z_6ADMINSINVERSE"), tables.count("ZKIKCHAT")) == (4, 1, 5)
    links = sum(1 + len(extra(m).get("other_chats", ())) for m in found["messages"])
    assert links == counts["Z_3MESSAGES"] == 61


def test_corpus_row_by_row(corpus, manifest):
    place = corpus / manifest["chats-kik-kik-sqlite-01"]["path"]
    found = testing.rows(kik, place)
    with sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True) as source:
        rows = source.execute(
            "SELECT m.Z_PK, m.ZTYPE, ZBODY, ZSTANZAID, ZTIMESTAMP, ZRECEIVEDTIMESTAMP, u.ZJID FROM ZKIKMESSAGE m"
            " LEFT JOIN ZKIKUSER u ON u.Z_PK = m.ZUSER"
        ).fetchall()
    for number, code, text, stanza, sent, received, user in rows:
        row = message(found, number)
        assert (row["raw_kind"], row["text"], row["message_id"]) == (str(code), text, stanza)
        assert abs((row["sent_at"] - COCOA).total_seconds() - sent) < 2e-6
        assert abs((row["received_at"] - COCOA).total_seconds() - received) < 2e-6
        assert (row.get("sender_id") or extra(row)["user"]) == user
