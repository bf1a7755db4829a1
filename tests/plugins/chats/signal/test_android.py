"""signal.db of Signal for Android, in clear."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from forensics_plugins.chats.signal.android import is_signal, messages

from forensics import testing

HERE = Path(__file__).parent
SQL = (HERE / "android.sql").read_text("utf-8")
OLD = (HERE / "android_2022.sql").read_text("utf-8")
# Between both: one table of messages, which names one recipient.
BETWEEN = (
    SQL.replace("from_recipient_id INTEGER NOT NULL, from_device_id INTEGER,\n", "recipient_id INTEGER,\n")
    .replace("  to_recipient_id INTEGER NOT NULL, type", "  type")
    .replace("from_recipient_id, to_recipient_id", "recipient_id, server_guid")
)
START = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
ANA, MARKO, LAYLA = (f"aaaaaaaa-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
GROUP = "__signal_group__v2__!0a0b"


@pytest.fixture(scope="module")
def found():
    return testing.rows(messages, testing.database(SQL), name="signal.db")


@pytest.fixture(scope="module")
def old():
    return testing.rows(messages, testing.database(OLD), name="signal.db")


def after(seconds):
    return START + timedelta(seconds=seconds)


def message(found, number, table="message"):
    return next(m for m in found["messages"] if m["record"] == f"{table}/_id={number}")


def extra(row):
    return json.loads(row.get("extra", "{}"))


def test_received(found):
    row = message(found, 1)
    assert (row["account_id"], row["chat_id"], row["chat_name"], row["chat_kind"]) == (
        ANA,
        MARKO,
        "Марко Радови",
        "direct",
    )
    assert (row["direction"], row["kind"], row["text"], row["status"]) == ("incoming", "text", "Где си?", "read")
    assert (row["sender_id"], row["sender_name"], row["raw_kind"]) == (MARKO, "Марко Радови", "10485780")
    assert (row["sent_at"], row["received_at"]) == (after(0.123), after(1))
    assert extra(row) == {"server_at": "2025-10-09T08:53:20.500Z"}


def test_each_version_of_an_edited_message_is_a_row(found):
    """The app, and tools that follow it, show the last version alone."""
    first, last = message(found, 2), message(found, 3)
    assert (first["text"], last["text"]) == ("Kod kuce", "Kod kuće")
    assert first["edited"] is last["edited"] is True
    assert (first["sent_at"], "edited_at" in first, last["edited_at"]) == (after(60), False, after(65))
    assert (extra(first)["latest_revision"], extra(last)["original_message"]) == ("3", "2")


def test_sent_with_receipt_quote_and_timer(found):
    row = message(found, 3)
    assert (row["direction"], row["sender_id"], row["sender_name"]) == ("outgoing", ANA, "Ана Тест")
    assert (row["status"], row["read_at"], "delivered_at" in row) == ("read", after(70), False)
    assert message(found, 2)["delivered_at"] == after(61)
    assert (row["reply_to"], row["expires_at"]) == ("1", after(61 + 3600))
    assert extra(row)["quoted_text"] == "Где си?"
    assert extra(row)["quoted_sender"] == MARKO
    assert row["kind"] == "text"  # the picture belongs to the quote


def test_mention_and_reactions(found):
    row = message(found, 4)
    assert (row["chat_id"], row["chat_name"], row["chat_kind"], row["sender_name"]) == (
        GROUP,
        "Излет ⛰",
        "group",
        "ليلى",
    )
    assert extra(row)["mentions"] == [{"start": 0, "person": ANA, "name": "Ана Тест"}]
    thumb, lost = found["reactions"]
    assert (thumb["message_id"], thumb["person_id"], thumb["value"], thumb["reacted_at"]) == (
        "4",
        ANA,
        "👍",
        after(130),
    )
    assert (lost["message_id"], lost["person_id"], "reacted_at" in lost) == ("777", "recipient/_id=99", False)


def test_kinds(found):
    kinds = {row["record"]: (row["kind"], row["direction"]) for row in found["messages"]}
    assert [kinds[f"message/_id={n}"] for n in range(5, 18)] == [
        ("deleted", "incoming"), ("text", "incoming"), ("voice", "incoming"), ("text", "outgoing"), ("image", "outgoing"),
        ("contact", "incoming"), ("system", "system"), ("call", "system"), ("system", "system"), ("unknown", "unknown"),
        ("call", "system"), ("text", "outgoing"), ("text", "incoming"),
    ]  # fmt: skip
    assert message(found, 7)["view_once"] is True
    assert message(found, 5)["deleted"] is True


def test_a_message_without_chat_and_sender_stays(found):
    """Tools that join chat and person with an inner join lose it."""
    row = message(found, 6)
    assert (row["chat_id"], row["sender_id"]) == ("thread/_id=77", "recipient/_id=88")
    assert row["text"] == "<b>=1+1</b> ‮txt.exe"


def test_data_of_events_is_no_text(found):
    """The body of an event is coded data: other tools show it as what somebody wrote."""
    change, profile = message(found, 11), message(found, 13)
    assert ("text" in change, extra(change)["event_data"]) == (False, "CgQKAggB")
    assert ("text" in profile, extra(profile)["event_data"]) == (False, "ChQ=")


def test_what_is_no_time_and_what_reacts_to_a_story(found):
    row = message(found, 17)
    assert ("sent_at" in row, row["text"], extra(row)["reaction_to_story"]) == (False, "❤", 1)


def test_a_long_text_that_goes_on_in_a_file(found):
    assert extra(message(found, 16))["text_goes_on_in"] == "attachment 3"
    assert message(found, 16)["chat_kind"] == "self"


def test_attachments(found):
    files = {a["record"]: a for a in found["attachments"]}
    photo = files["attachment/_id=1"]
    assert (photo["message_id"], photo["chat_id"], photo["name"], photo["mime"], photo["size"]) == (
        "9", GROUP, "слика.jpg", "image/jpeg", 178803,
    )  # fmt: skip
    assert photo["stored_path"] == "/data/user/0/org.thoughtcrime.securesms/app_parts/part1.mms"
    assert photo["sha256"] == "f6dac0c0cc7237dc7c73db60a4614ce96af4131c6fdbeafd0f384741e137072b"
    assert (photo["width"], photo["height"], photo["caption"], extra(photo)["encrypted"]) == (150, 100, "opis", True)
    assert extra(files["attachment/_id=4"]) == {"quote": True, "stored_hash": "not a hash"}
    assert ("width" in files["attachment/_id=2"], files["attachment/_id=6"]["message_id"]) == (False, "777")


def test_receipts(found):
    read, delivered, none, odd = found["receipts"]
    assert (read["message_id"], read["person_id"], read["read_at"]) == ("9", MARKO, after(225))
    assert (delivered["person_id"], delivered["delivered_at"]) == (LAYLA, after(226))
    assert (none["person_id"], extra(none)["status"]) == ("recipient/_id=99", "undelivered")
    assert extra(odd)["status"] == "9"


def test_calls(found):
    video, group, odd, told = found["calls"]
    assert (video["call_id"], video["peer_id"], video["direction"], video["outcome"], video["video"]) == (
        "-5400345", MARKO, "outgoing", "answered", True,
    )  # fmt: skip
    assert (group["chat_id"], group["outcome"], "peer_id" in group) == (GROUP, "ringing", False)
    assert extra(group)["ringer"] == LAYLA
    assert extra(group)["deleted_at"] == "2025-10-09T09:03:20.000Z"
    assert (odd["direction"], odd["outcome"]) == ("unknown", "unknown (99)")
    assert (told["record"], told["outcome"], told["peer_name"]) == ("message/_id=12", "missed", "Марко Радови")


def test_persons_and_members(found):
    [account] = found["accounts"]
    assert (account["account_id"], account["name"], account["phone"], account["is_owner"]) == (
        ANA,
        "Ана Тест",
        "+38267000001",
        True,
    )
    contacts = {c["person_id"]: c for c in found["contacts"]}
    assert contacts.keys() == {ANA, MARKO, LAYLA}
    assert (contacts[MARKO]["phones"], contacts[MARKO]["note"]) == (["+38267000002"], "s posla")
    assert extra(contacts[MARKO])["profile_name"] == "Marko R"
    assert (contacts[LAYLA]["name"], contacts[LAYLA]["blocked"]) == ("ليلى", True)
    members = [(p["person_id"], p.get("role"), p["active"]) for p in found["participants"] if p["chat_id"] == GROUP]
    assert members == [
        (LAYLA, "invited", False), (ANA, "admin", True), (MARKO, "member", True), ("recipient/_id=99", None, True),
    ]  # fmt: skip


def test_drafts(found):
    """What was typed and never sent."""
    text, other = (m for m in found["messages"] if m["record"].startswith("drafts/"))
    assert (text["text"], text["status"], text["chat_id"], text["kind"]) == ("nedovršeno", "draft", MARKO, "text")
    assert other["kind"] == "unknown"


def test_problems(found):
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_read", "msl_payload")]
    assert len(found["messages"]) == 17 + 2


def test_one_table_that_names_one_recipient():
    found = testing.rows(messages, testing.database(BETWEEN), name="signal.db")
    assert len(found["messages"]) == 19
    received, sent = message(found, 1), message(found, 3)
    assert (received["direction"], received["sender_id"]) == ("incoming", MARKO)
    assert (sent["direction"], "sender_id" in sent, "account_id" in sent) == ("outgoing", False, False)
    assert "accounts" not in found


STORE = """CREATE TABLE key_value (_id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, value TEXT, type INTEGER);
INSERT INTO key_value (key, value, type) VALUES ('account.aci', '{aci}', 5), ('account.e164', '+38267000001', 5),
  ('account.username', 'ana.07', 5), ('account.pni', 'PNI:bbbbbbbb-0000-4000-8000-000000000001', 5),
  ('account.aci_identity_private_key', x'00ff', 0), ('settings.theme', 'dark', 5);"""
PREFERENCES = """<?xml version='1.0' encoding='utf-8' standalone='yes' ?>
<map><string name="pref_local_uuid">{aci}</string><string name="pref_local_number">+38267000001</string>
<boolean name="pref_read_receipts" value="true" /></map>"""
PLACE = "../shared_prefs/org.thoughtcrime.securesms_preferences.xml"


def phone(sql, **beside):
    """signal.db in the folder of the app, with what lies beside it."""
    near = {f"app/{place.removeprefix('../') if place.startswith('../') else f'databases/{place}'}": content
            for place, content in beside.items()}  # fmt: skip
    return testing.rows(messages, testing.database(sql), name="app/databases/signal.db", beside=near)


@pytest.mark.parametrize(
    "beside",
    [
        {"signal-key-value.db": testing.database(STORE.format(aci=ANA.upper()))},
        {PLACE: PREFERENCES.format(aci=ANA).encode()},
        {PLACE: PREFERENCES.format(aci="?").encode()},  # the number alone
        {"signal-key-value.db": b"SQLite format 3\0" + bytes(900), PLACE: PREFERENCES.format(aci=ANA).encode()},
    ],
    ids=["store", "preferences", "number", "damaged store"],
)
def test_the_owner_from_files_beside(beside):
    """Until 2023 messages name one recipient only: without these files what went out would have no sender."""
    found = phone(BETWEEN, **beside)
    sent, own = message(found, 3), message(found, 16)
    assert (sent["direction"], sent["sender_id"], sent["sender_name"]) == ("outgoing", ANA, "Ана Тест")
    assert {m["account_id"] for m in found["messages"]} == {ANA}
    assert (own["chat_id"], own["chat_kind"]) == (ANA, "self")
    [account] = found["accounts"]
    assert (account["account_id"], account["phone"], account["record"]) == (ANA, "+38267000001", "recipient/_id=1")
    assert len(found["messages"]) == 19


def test_an_owner_that_is_no_recipient():
    gone = "dddddddd-0000-4000-8000-000000000009"
    content = STORE.format(aci=gone).replace("+38267000001", "+38267000099")
    found = phone(BETWEEN, **{"signal-key-value.db": testing.database(content)})
    assert {m["account_id"] for m in found["messages"]} == {gone}
    assert "accounts" not in found  # the row is that of signal-key-value.db
    assert len(found["messages"]) == 19


def test_what_is_told_goes_before_who_sent():
    content = testing.database(STORE.format(aci=MARKO))
    assert {m["account_id"] for m in phone(SQL, **{"signal-key-value.db": content})["messages"]} == {MARKO}


@pytest.mark.parametrize(
    "beside",
    [
        {"signal-key-value.db": testing.database(STORE.format(aci="'' OR 1=1 --").replace("+382", "'';382"))},
        {"signal-key-value.db": testing.database("CREATE TABLE key_value (a);")},
        {"signal-key-value.db": b""},
        {PLACE: b"<!DOCTYPE map><map/>"},
        {PLACE: b"\xff<map>"},
    ],
)
def test_files_beside_that_tell_nothing(beside):
    found = phone(BETWEEN, **beside)
    assert not [m for m in found["messages"] if "account_id" in m]
    assert len(found["messages"]) == 19


def test_sms_and_mms(old):
    sms, sent, mms = message(old, 1, "sms"), message(old, 2, "sms"), message(old, 1, "mms")
    assert (sms["message_id"], sms["chat_id"], sms["chat_name"], sms["sender_id"]) == (
        "sms/1",
        "+38267000005",
        "Јован",
        "+38267000005",
    )
    assert f"{sms['sent_at']:%Y-%m-%d %H:%M:%S}" == "2021-12-20 11:33:20"
    assert (sent["direction"], "sender_id" in sent, extra(sent)["peer"]) == ("outgoing", False, "+38267000005")
    assert (mms["message_id"], mms["chat_name"], mms["sender_name"], mms["text"]) == ("mms/1", "Екипа", "هادی", "سلام")
    video = message(old, 2, "mms")
    assert (video["kind"], video["reply_to"], video["view_once"]) == ("video", "mms/1", True)
    assert [(a["message_id"], a["record"]) for a in old["attachments"]] == [("mms/2", "part/_id=1")]


def test_reactions_in_a_table_and_in_the_row(old):
    found = [(r["message_id"], r["person_id"], r["value"], r["record"]) for r in old["reactions"]]
    assert found == [
        ("mms/1", "+38267000005", "👍", "reaction/_id=1"),
        ("sms/1", "aaaaaaaa-0000-4000-8000-000000000006", "🙏", "reaction/_id=2"),
        ("sms/1", "aaaaaaaa-0000-4000-8000-000000000006", "👍", "sms/_id=1"),
    ]
    assert [(p["kind"], p["record"]) for p in old["problems"]] == [("damaged", "sms/_id=4")]


def test_calls_and_members_of_older_databases(old):
    assert [(c["record"], c.get("outcome"), c["direction"]) for c in old["calls"]] == [
        ("sms/_id=3", None, "incoming"), ("sms/_id=4", "missed", "incoming"),
    ]  # fmt: skip
    members = [
        (p["person_id"], p.get("name")) for p in old["participants"] if p["chat_id"] == "__textsecure_group__!ff"
    ]
    assert members == [
        ("+38267000005", "Јован"), ("aaaaaaaa-0000-4000-8000-000000000006", "هادی"), ("+38267000007", None),
    ]  # fmt: skip


def test_a_fork_with_tables_of_its_own_is_not_claimed():
    with testing.placed(testing.database(OLD + "CREATE TABLE loki_user (a);"), name="signal.db") as file:
        assert not is_signal(file)
    with testing.placed(testing.database(OLD), name="anything.db") as file:
        assert is_signal(file)


@pytest.mark.parametrize("sql", [SQL, OLD, BETWEEN])
def test_promises(sql):
    assert [c for c in testing.check(messages, testing.database(sql), name="signal.db") if c.fault] == []


VALUES = ("x'00ff'", "-1", "9e99", "9223372036854775807", "'?'", "NULL", "'[1]'", "x'3a02ff'")


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("sql", [SQL, OLD])
def test_any_value_in_any_column(sql, value):
    tables = [line.split()[2] for line in sql.splitlines() if line.startswith("CREATE TABLE")]
    with testing.placed(testing.database(sql), name="a.db") as file, file.sqlite() as db:
        columns = {table: [c for c in db.columns(table) if c != "_id"] for table in tables}
    for table in tables:
        changes = "".join(f"UPDATE OR IGNORE {table} SET {column} = {value};" for column in columns[table])
        changes = changes if value != "NULL" else ""
        read = testing.rows(messages, testing.database(sql + changes), name="signal.db")
        assert len(read["messages"]) == (19 if sql == SQL else 6), table
        bad = ("stopped", "rows out", "a query ended")
        assert not [p for p in read.get("problems", ()) if any(words in p["message"] for words in bad)], table
