"""threadingStore.sqlite: messages, voicemail, calls and numbers."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.google_voice.ios_threading_store import messages

from forensics import testing

SQL = (Path(__file__).parent / "threading_store.sql").read_text("utf-8")
MILAN, ARBEN = "+381641112222", "+38344555666"


def read(more="", name="threadingStore.sqlite"):
    return testing.rows(messages, testing.database(SQL + more), name=name)


@pytest.fixture(scope="module")
def found():
    return read()


@pytest.fixture(scope="module")
def by_id(found):
    return {m["message_id"]: m for m in found["messages"]}


def test_sent_and_received(by_id):
    sent, received = by_id["m1"], by_id["m2"]
    assert (sent["text"], sent["direction"], sent["sender_id"]) == ("Где си?", "outgoing", "+38267000111")
    assert sent["sent_at"] == datetime(2023, 3, 8, 20, 26, 40, 250000, UTC)
    assert (received["direction"], received["chat_name"], received["chat_kind"]) == ("incoming", MILAN, "direct")
    assert received["deleted"] is True
    assert json.loads(received["extra"])["unread"] == 1


def test_kinds_of_attachments(found, by_id):
    assert [by_id[m]["kind"] for m in ("m3", "m4", "m5")] == ["image", "video", "document"]
    assert "text" not in by_id["m3"]
    files = {a["message_id"]: a for a in found["attachments"]}
    assert (files["m3"]["width"], files["m3"]["height"], files["m3"]["chat_id"]) == (739, 1600, "g.1")
    assert files["m4"]["duration_s"] == 7.5
    assert (files["m5"]["name"], files["m5"]["size"]) == ("ugovor.pdf", 12345)
    assert "chat_id" not in files["lost"]  # its message is gone


def test_group(by_id):
    assert (by_id["m3"]["chat_name"], by_id["m3"]["chat_kind"]) == ("Vozači", "group")


def test_unknown_item_stays_visible(by_id):
    m = by_id["m6"]
    assert (m["kind"], m["raw_kind"], m["direction"], m["chat_id"]) == ("unknown", "Fax", "unknown", "t.gone")


def test_system_message(by_id):
    assert (by_id["m7"]["kind"], by_id["m7"]["direction"]) == ("system", "system")


def test_voicemail(found, by_id):
    m = by_id["v1"]
    assert (m["kind"], m["direction"], m["text"]) == ("voice", "incoming", "Nazovi me kad stigneš")
    assert json.loads(m["extra"])["transcript_confidence"] == 0.5
    assert next(a for a in found["attachments"] if a["message_id"] == "v1")["duration_s"] == 34.0


def test_calls(found):
    out, taken, missed, many = found["calls"]
    assert (out["direction"], out["peer_id"], out["account_id"]) == ("outgoing", MILAN, "+38267000111")
    assert (out["duration_s"], out.get("outcome")) == (95.0, None)
    assert (taken["direction"], taken["outcome"], taken["peer_id"]) == ("incoming", "answered", ARBEN)
    assert (missed["outcome"], missed["peer_id"], missed.get("duration_s")) == ("missed", ARBEN, None)
    assert many["members"] == [MILAN, ARBEN]


def test_persons_and_members(found):
    assert [(c["phones"], c["blocked"]) for c in found["contacts"]] == [([MILAN], False), ([ARBEN], True)]
    assert len(found["participants"]) == 9


def test_numbers_of_the_account(found):
    assert [a["phone"] for a in found["accounts"]] == ["+38267000111", "+38267000222"]
    assert "problems" not in found


def test_write_ahead_log(tmp_path):
    gone = "DELETE FROM ThreadItem WHERE threadItemKey IN ('m1', 'c1');"
    logged = f"{gone} UPDATE ThreadItem SET messageText = 'x' WHERE threadItemKey = 'm2';"
    found = testing.rows(messages, testing.database_with_log(SQL, logged, tmp_path, "threadingStore.sqlite"))
    assert [(m["message_id"], m.get("text")) for m in found["messages"] if m["state"] == "journal"] == [
        ("m1", "Где си?"),
        ("m2", "Na mostu"),
    ]
    assert [m["text"] for m in found["messages"] if m["state"] == "wal"] == ["x"]
    assert [c["call_id"] for c in found["calls"] if c["state"] == "journal"] == ["c1"]
    assert "problems" not in found


def test_what_is_not_read_is_said():
    (problem,) = read("INSERT INTO ThreadOperation VALUES ('x');")["problems"]
    assert (problem["kind"], problem["record"]) == ("not_read", "ThreadOperation")


def test_text_and_numbers_of_another_type():
    found = read(
        "UPDATE ThreadItem SET isUnread = x'00', failureReason = 'x' WHERE threadItemKey = 'm1';"
        "UPDATE ThreadItem SET duration = 9e999; UPDATE Transcript SET confidence = -9e999;"
    )
    assert (len(found["messages"]), len(found["calls"])) == (8, 4)


def test_no_rows_no_problem():
    tables = ["Thread", "ThreadItem", "ThreadParticipant", "Participant", "Transcript", "MMSAttachmentInfo"]
    assert read("".join(f"DELETE FROM {t};" for t in tables)) == {}


def test_it_keeps_the_promises():
    checks = testing.check(messages, testing.database(SQL), name="threadingStore.sqlite")
    assert [c for c in checks if c.fault] == []
