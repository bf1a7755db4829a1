"""Newer versions of bugle_db: what stands in tables of its own beside the messages."""

import json
from pathlib import Path

import pytest
from forensics_plugins.chats.google_messages.android import messages

from forensics import testing

SQL = (Path(__file__).parent / "bugle_db.sql").read_text("utf-8")
OWNER, DRAGAN = "+38267000001", "+38269000002"


def field(number: int, value: int | str | bytes) -> bytes:
    """A field of a protobuf message of less than 128 bytes."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    value = value.encode() if isinstance(value, str) else value
    return bytes([number << 3 | 2, len(value)]) + value


LAUGH = field(1, field(1, "😂") + field(2, 3))
BY_DRAGAN = field(2, field(1, field(1, "3")) + field(4, "MxRcs-9"))
BY_OWNER = field(2, field(1, field(1, "1") + field(2, 1)))
STORED = field(1, LAUGH + BY_DRAGAN + BY_OWNER) + field(
    1, field(1, field(2, 1)) + field(2, field(1, field(1, "+447700900001")))
)
# Columns as the app's own classes of these tables name them (2022 to 2025).
MORE = f"""
CREATE TABLE message_captions (message_id INT, caption TEXT);
INSERT INTO message_captions VALUES (3, 'natpis'), (6, 'сам натпис');
CREATE TABLE message_replies (message_id INT, replied_to_message_id INT, replied_to_message_id_null_reason INT, replied_to_rcs_message_id TEXT);
INSERT INTO message_replies VALUES (2, 1, 0, 'MxRcs-0');
CREATE TABLE message_edits (message_id INT, latest_message_id INT, original_rcs_message_id TEXT, edited_at_timestamp_ms INT, received_at_timestamp_ms INT);
INSERT INTO message_edits VALUES (2, 12, 'MxRcs-1', 1700000090000, 1700000091000);
CREATE TABLE message_star (_id INTEGER PRIMARY KEY, message_id INT);
INSERT INTO message_star VALUES (1, 5);
CREATE TABLE scheduled_send (_id INTEGER PRIMARY KEY, message_id INT, conversation_id INT, scheduled_time INT, status INT, creation_time INT);
INSERT INTO scheduled_send VALUES (1, 7, 10, 1700009999000, 1, 1700000500000);
CREATE TABLE cms_deleted_messages_buffer (_id INTEGER PRIMARY KEY, message_id INT, conversation_id INT, message_deletion_reason INT, deletion_timestamp INT);
INSERT INTO cms_deleted_messages_buffer VALUES (1, 10, 10, 2, 1700000800000), (2, 55, 11, 1, 1700000900000);
CREATE TABLE read_reports (_id INTEGER PRIMARY KEY, message_id INT, participant_id TEXT, receive_time INT, read_time INT, ftd_time INT);
INSERT INTO read_reports VALUES (1, 2, '3', 1700000061000, 1700000070000, 0), (2, 2, '99', 0, 0, 5);
CREATE TABLE profiles_table (_id INTEGER PRIMARY KEY, participant_id INT, first_name TEXT, last_name TEXT, display_name TEXT);
INSERT INTO profiles_table VALUES (1, 3, 'Dragan', NULL, 'Dragan Profil');
CREATE TABLE message_reactions (_id INTEGER PRIMARY KEY, message_id INT, reactions_data BLOB, reacted_message_id INT, reaction INT, applied_reaction BLOB,
  animation_effect BLOB);
INSERT INTO message_reactions VALUES (1, 2, x'{STORED.hex()}', NULL, 0, NULL, NULL), (2, 4, NULL, 2, 3, NULL, NULL), (3, 5, x'FF', NULL, 0, NULL, NULL);
"""  # noqa: E501


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(SQL + MORE), name="bugle_db")


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["record"] == f"messages/_id={number}")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_caption(found):
    assert (extra(message(found, 3))["caption"], message(found, 3)["text"]) == ("natpis", "prva\ndruga")
    assert (message(found, 6)["text"], "caption" in extra(message(found, 6))) == ("сам натпис", False)


def test_reply_edit_star_plan(found):
    sent = message(found, 2)
    assert (sent["reply_to"], sent["edited"], sent["edited_at"].second) == ("1", True, 50)
    assert (extra(sent)["reply_to_rcs"], extra(sent)["latest_version"]) == ("MxRcs-0", "12")
    assert (extra(message(found, 5))["starred"], extra(message(found, 7))["scheduled_ms"]) == (1, "1700009999000")


def test_deleted_on_the_server(found):
    kept = message(found, 10)
    assert (kept["deleted"], kept["deleted_at"].second, extra(kept)["deletion_reason"]) == (True, 40, "2")
    [note] = [m for m in found["messages"] if m["record"].startswith("cms_")]
    assert (note["message_id"], note["chat_id"], note["kind"], note["direction"]) == ("55", "11", "deleted", "unknown")


def test_read_reports(found):
    dragan, unknown = found["receipts"]
    assert (dragan["message_id"], dragan["person_id"], dragan["delivered_at"].second) == ("2", DRAGAN, 21)
    assert (dragan["read_at"].second, unknown["person_id"], extra(unknown)) == (
        30,
        "participants/_id=99",
        {"ftd_time": "5"},
    )


def test_reactions(found):
    given = [(r["message_id"], r["chat_id"], r["person_id"], r["value"]) for r in found["reactions"]]
    assert given == [("2", "10", DRAGAN, "😂"), ("2", "10", OWNER, "😂"), ("2", "10", "+447700900001", "like")]
    assert (extra(message(found, 4))["reaction_to"], extra(message(found, 4))["reaction_type"]) == ("2", "3")
    [broken] = found["problems"]
    assert (broken["kind"], broken["record"]) == ("not_understood", "message_reactions/rowid=3")


def test_profile(found):
    dragan = found["contacts"][0]
    assert (dragan["name"], extra(dragan)["profile_name"]) == ("Драган Илић", "Dragan Profil")


def test_tables_of_other_columns():
    other = "".join(
        f"CREATE TABLE {t} (other INT); INSERT INTO {t} VALUES (1);"
        for t in ("message_captions", "message_replies", "read_reports")
    )
    found = testing.rows(messages, testing.database(SQL + other), name="bugle_db")
    assert "problems" not in found


def test_promises():
    faults = [c for c in testing.check(messages, testing.database(SQL + MORE), name="bugle_db") if c.fault]
    assert faults == []
