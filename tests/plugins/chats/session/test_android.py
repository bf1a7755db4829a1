"""The database of Session for Android, decrypted."""

import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.session.android import is_session, messages

from forensics import testing

SQL = (Path(__file__).parent / "session_android.sql").read_text("utf-8")
GROUP = "__textsecure_group__!aa"
OWNER = "05" + "ab" * 32
PREFERENCES = f"""<?xml version='1.0' encoding='utf-8' standalone='yes' ?>
<map><string name="pref_local_number">{OWNER}</string><string name="pref_profile_name">Јо\u0027{{m.x}}\u202e</string>
<string name="pref_database_encrypted_secret">{{}}</string></map>"""


def read(sql: str = SQL) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name="signal_v4.db")


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read()


def message(found: dict, name: str) -> dict:
    return next(m for m in found["messages"] if m["message_id"] == name)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_received_and_sent(found):
    received, sent = message(found, "sms/1"), message(found, "sms/2")
    assert (received["chat_id"], received["chat_name"], received["chat_kind"]) == ("05dragan", "Драган", "direct")
    assert (received["direction"], received["sender_id"], received["sender_name"]) == ("incoming", "05dragan", "Драган")
    assert (received["kind"], received["text"], received["raw_kind"]) == ("text", "Где си?", "10485780")
    assert received["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert (sent["direction"], sent["status"], sent.get("sender_id")) == ("outgoing", "sent", None)
    assert sent["expires_at"] == datetime(2023, 11, 14, 23, 14, 21, tzinfo=UTC)
    assert (extra(sent)["read_by"], extra(sent)["date_received"], extra(sent)["address"]) == (
        1,
        "1700000060999",
        "05dragan",
    )


def beside(preferences: bytes, sql: str = SQL) -> dict[str, list[dict]]:
    place = {"app/shared_prefs/network.loki.messenger_preferences.xml": preferences}
    return testing.rows(messages, testing.database(sql), name="app/databases/signal_v4.db", beside=place)


def test_the_owner_from_the_preferences():
    """Without them what went out has no sender: other readers stop there."""
    found = beside(PREFERENCES.encode(), SQL + f"UPDATE thread SET recipient_ids = '{OWNER}' WHERE _id = 1;")
    sent, received = message(found, "sms/2"), message(found, "sms/1")
    assert (sent["sender_id"], sent["sender_name"], sent["chat_kind"]) == (OWNER, "Јо'{m.x}\u202e", "self")
    assert (received["sender_id"], received["account_id"]) == ("05dragan", OWNER)
    assert {row["account_id"] for table in ("messages", "calls", "contacts") for row in found[table]} == {OWNER}
    assert len(found["messages"]) == len(read()["messages"])


@pytest.mark.parametrize(
    "preferences",
    [b"", b"<map>", b"<!DOCTYPE x><map/>", PREFERENCES.replace(OWNER, "' OR 1=1 --").encode(), b"\x00" * 50],
)
def test_preferences_that_tell_no_owner(preferences):
    found = beside(preferences)
    assert not [m for m in found["messages"] if "account_id" in m]
    assert len(found["messages"]) == len(read()["messages"])


def test_no_time_of_reception_is_made_up(found):
    """The app writes the time sent into its column for the time received; another reader would show it as such."""
    assert not [m for m in found["messages"] if "received_at" in m]
    assert extra(message(found, "mms/1"))["date_received"] == "1700000500777"


def test_calls(found):
    missed, made = found["calls"]
    assert (missed["direction"], missed["outcome"], missed["peer_id"], missed["peer_name"]) == (
        "incoming",
        "missed",
        "05dragan",
        "Драган",
    )
    assert (made["direction"], made.get("outcome"), made["call_id"]) == ("outgoing", None, "sms/7")
    assert (message(found, "sms/3")["kind"], message(found, "sms/3")["direction"]) == ("call", "system")


def test_events_and_deleted(found):
    update, deleted = message(found, "sms/4"), message(found, "sms/5")
    assert (update["kind"], update["direction"], extra(update)["events"]) == ("system", "system", "group updated")
    assert (update["chat_id"], update["chat_name"], update["chat_kind"]) == (GROUP, "Put", "group")
    assert (deleted["kind"], deleted["deleted"], deleted["direction"]) == ("deleted", True, "incoming")
    timer, saved = message(found, "mms/3"), message(found, "mms/4")
    assert (timer["kind"], timer["chat_kind"], timer["sender_id"]) == ("system", "group", "05layla")
    assert (saved["kind"], extra(saved)["events"]) == ("system", "media saved")


def test_odd_message(found):
    odd = message(found, "sms/6")
    assert (odd["chat_id"], odd["kind"], odd["direction"], odd["text"]) == (
        "thread/_id=9",
        "unknown",
        "unknown",
        "=1+1",
    )
    assert ("sent_at" in odd, extra(odd)["address"], extra(odd)["mentions_owner"]) == (False, "05stranger", 1)


def test_both_tables_number_alike(found):
    """Row ids of sms and mms overlap: a reaction to mms 1 must not hang on sms 1."""
    on_text, on_photo = found["reactions"]
    assert (on_text["message_id"], on_text["chat_id"], on_text["value"]) == ("sms/1", "05dragan", "❤️")
    assert (on_photo["message_id"], on_photo["chat_id"], extra(on_photo)["count"]) == ("mms/1", GROUP, 5)
    assert "reacted_at" not in on_photo
    assert message(found, "mms/2")["reply_to"] == "sms/1"


def test_files(found):
    assert (message(found, "mms/1")["kind"], message(found, "mms/1")["text"]) == ("voice", "на мору")
    assert (message(found, "mms/2")["kind"], extra(message(found, "mms/2"))["quoted_author"]) == ("text", "05dragan")
    photo, voice, lost = found["attachments"]
    assert (photo["message_id"], photo["name"], photo["size"], photo["caption"]) == ("mms/1", "slika.jpg", 2048, "opis")
    assert photo["stored_path"] == "/data/user/0/network.loki.messenger/app_parts/part1.mms"
    assert ("sha256" in photo, extra(photo)["ciphertext_digest"], voice["duration_s"]) == (False, "0102", 4.5)
    assert (lost["message_id"], extra(lost)["message_missing"], extra(lost)["of_quote"]) == ("mms/98", 1, 1)


def test_receipts_members_contacts(found):
    read_, waiting, delivered = found["receipts"]
    assert (read_["message_id"], read_["person_id"], read_["read_at"].minute, read_.get("delivered_at")) == (
        "mms/2",
        "05dragan",
        23,
        None,
    )
    assert {"read_at", "delivered_at"} & (waiting.keys() | delivered.keys()) == set()
    assert {(p["chat_id"], p["person_id"], p.get("role")) for p in found["participants"]} == {
        (GROUP, "05dragan", "member"),
        (GROUP, "05layla", "member"),
        (GROUP, "05dragan", "admin"),
        (GROUP, "05gone", "zombie"),
        ("05dragan", "05dragan", None),
    }
    dragan, layla, blocked = found["contacts"]
    assert (dragan["name"], extra(dragan)["profile_name"], layla["name"]) == ("Драган", "Dragan", "ليلى")
    assert (blocked["person_id"], blocked["blocked"]) == ("05dragan", True)
    assert "problems" not in found


def test_a_new_schema():
    new = re.sub(
        r"(CREATE TABLE|INSERT INTO) (session_contact_database|recipient_preferences|groups|group_receipts)\b.*?;\n",
        "",
        SQL,
        flags=re.S,
    )
    new += "CREATE TABLE recipient_settings (address TEXT NOT NULL PRIMARY KEY COLLATE NOCASE, name TEXT, profile_pic_url TEXT);"
    new += "INSERT INTO recipient_settings VALUES ('05dragan', 'Dragan', NULL);"
    found = read(new)
    assert ("problems" in found, message(found, "sms/1")["sender_name"], len(found["contacts"])) == (False, "Dragan", 1)


def test_signal_is_not_claimed():
    signal = re.sub("session_contact_database", "recipient", SQL)
    with testing.placed(testing.database(signal), name="signal.db") as file:
        assert not is_session(file)


def test_values_of_any_type():
    base = sqlite3.connect(":memory:")
    base.executescript(re.sub(r" NOT NULL| PRIMARY KEY AUTOINCREMENT| PRIMARY KEY| UNIQUE", "", SQL, flags=re.I))
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
        for value in (b"\xff\x00", "riječ", 1e300, -(2**63), float("inf"), None):
            base.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                [value] * len(columns),
            )
    found = testing.rows(messages, bytes(base.serialize()), name="signal_v4.db")
    assert not [p for p in found["problems"] if "stopped" in p["message"]], found["problems"]


def test_promises():
    assert [c for c in testing.check(messages, testing.database(SQL), name="signal_v4.db") if c.fault] == []
