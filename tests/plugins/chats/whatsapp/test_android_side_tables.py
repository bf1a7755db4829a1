"""msgstore.db: the many small tables beside the messages, and rows of other tools that these multiply, drop or count twice."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.whatsapp.android_msgstore import msgstore

from forensics import testing

HERE = Path(__file__).parent
MODERN = (HERE / "modern.sql").read_text("utf-8")
MORE = MODERN + (HERE / "modern_more.sql").read_text("utf-8")
MILAN, ARBEN = "381641112222@s.whatsapp.net", "38344555666@s.whatsapp.net"
CHANNEL = "120363077777777777@newsletter"


def read(sql: str = MORE, name: str = "msgstore.db") -> dict[str, list[dict]]:
    return testing.rows(msgstore, testing.database(sql), name=name)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture(scope="module")
def more() -> dict[str, list[dict]]:
    return read()


@pytest.fixture(scope="module")
def messages(more) -> dict[str, dict]:
    return {m["message_id"]: m for m in more["messages"] if "message_id" in m}


def test_every_row(more, messages):
    assert len(messages) == 25 + 14
    assert len(more["messages"]) == 40  # and a draft
    assert [p["message"] for p in more["problems"]] == ["table message_add_on: 1 rows of type 121 are not read"]


def test_receipts_of_devices(more):
    found = {r["record"]: r for r in more["receipts"] if r["record"].startswith("receipt_device")}
    phone = found["receipt_device/_id=1"]
    assert (phone["message_id"], phone["person_id"], phone["delivered_at"]) == ("A03", MILAN, at(2022, 3, 11, 12, 1, 1))
    assert extra(phone) == {"device": 0, "device_id": "381641112222.0:0@s.whatsapp.net"}
    computer = found["receipt_device/_id=2"]
    assert (computer["person_id"], extra(computer)["device"]) == (ARBEN, 3)  # through the hidden identity
    assert found["receipt_device/_id=3"]["person_id"] == "jid/_id=999"
    assert len(more["receipts"]) == 5


def test_a_call_that_two_tables_have_is_one(more):
    calls = {c["record"]: c for c in more["calls"]}
    # missed_call_logs 2 is call_log 10 by person and second, 3 is 11 by message_call_log; 1 is in no other table
    assert [r for r in calls if r.startswith("missed")] == ["missed_call_logs/_id=1"]
    assert extra(calls["call_log/_id=10"])["missed_call_logs"] == 2
    assert extra(calls["call_log/_id=10"])["message_id"] == "C34"
    assert extra(calls["call_log/_id=11"])["missed_call_logs"] == 3
    assert extra(calls["call_log/_id=12"])["message_id"] == "C36"
    assert len(calls) == 8


def test_a_missed_call_of_another_second_or_person_is_another(more):
    found = read(
        MORE + "INSERT INTO missed_call_logs VALUES (4, 34, 1647020122000, 0, 0);"  # two seconds later
        "INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type)"
        " VALUES (50, 3, 0, 'C50', 1647020120000, 10);"
        "INSERT INTO missed_call_logs VALUES (5, 50, 1647020120000, 0, 0);"  # of Arben, in the same second
    )
    missed = {c["record"]: c["peer_id"] for c in found["calls"] if c["record"].startswith("missed")}
    assert missed == {
        "missed_call_logs/_id=1": MILAN,
        "missed_call_logs/_id=4": MILAN,
        "missed_call_logs/_id=5": ARBEN,
    }


def test_messages_tell_of_calls(messages):
    assert (messages["C36"]["kind"], extra(messages["C36"])["call_id"]) == ("call", "call:12")


def test_albums(messages):
    assert extra(messages["C31"]) == {"meaning": "album", "images": 2, "videos": 0}
    assert [extra(messages[m])["belongs_to"] for m in ("C32", "C33")] == ["C31", "C31"]


def test_channels(more, messages):
    message = messages["C30"]
    assert (message["chat_id"], message["chat_name"], message["chat_kind"]) == (CHANNEL, "Вести са границе", "channel")
    assert extra(message) == {"views": 1200}
    reactions = [r for r in more["reactions"] if r["record"].startswith("newsletter")]
    assert [(r["message_id"], r["value"], extra(r)) for r in reactions] == [
        ("C30", "👍", {"count": 41}),
        ("C30", "😡", {"count": 7}),
    ]
    [channel] = [c for c in more["contacts"] if c["person_id"] == CHANNEL]
    assert (channel["name"], channel["username"], extra(channel)["subscribers"]) == ("Вести са границе", "vesti", 5400)


def test_kept_pinned_and_answered(more):
    found = {r["record"]: r for r in more["reactions"]}
    kept, pinned = found["message_add_on/_id=7"], found["message_add_on/_id=5"]
    assert (kept["message_id"], kept["value"], kept.get("person_id")) == ("A16", "keep", None)
    assert extra(kept) == {"add_on": 68, "state": 1, "from_owner": 1}
    assert (pinned["message_id"], pinned["value"], pinned["person_id"]) == ("A06", "pin", MILAN)
    assert pinned["reacted_at"] == at(2022, 3, 11, 12, 16, 19)
    answer = found["message_add_on/_id=8"]
    assert (answer["value"], answer["person_id"], extra(answer)["guests"]) == ("response 1", ARBEN, 2)


def test_system_events_say_what_changed(messages):
    assert extra(messages["C37"]) == {
        "action": 57,
        "event": "devices changed",
        "devices_added": 1,
        "devices_removed": 0,
    }
    assert extra(messages["C38"]) == {"action": 56, "event": "disappearing timer", "timer_s": 604800}
    assert extra(messages["C40"])["groups"] == "Пут на север\nВозачи"
    assert messages["C40"]["direction"] == "system"


def test_events_and_elements(messages):
    assert extra(messages["C39"]) == {"event_name": "Састанак", "event_place": "Пумпа", "event_at": 1647100000000}
    assert extra(messages["C41"]) == {"elements": '{"title":"Rezervacija"}'}


def test_a_chat_that_is_being_deleted_is_marked(messages):
    assert (messages["C42"]["text"], extra(messages["C42"])) == ("obriši ovo", {"being_deleted": 1})
    assert "being_deleted" not in extra(messages["C43"])


def test_drafts(more):
    [draft] = [m for m in more["messages"] if m.get("status") == "draft"]
    assert (draft["text"], draft["chat_id"], draft["direction"], draft["reply_to"]) == (
        "Dođi sam",
        MILAN,
        "outgoing",
        "A02",
    )
    assert draft["sent_at"] == at(2022, 3, 11, 18, 6, 40)


def test_attachments_say_more(more):
    found = {a["record"]: extra(a) for a in more["attachments"]}
    assert found["message_media/message_row_id=8"]["transcript"] == "vidimo se kod pumpe"
    assert found["message_media/message_row_id=15"]["first_viewed_at"] == "2022-03-11T12:13:10Z"


def test_payments_of_both_schemas(more):
    assert [(t["txid"], t["amount"], t["asset"]) for t in more["transfers"]] == [
        ("PAY1", "12.500", "BRL"),
        ("PAY0", "250.000", "INR"),
    ]


def test_side_tables_with_values_of_any_type():
    spoiled = (
        MORE + "UPDATE message_event SET name = x'FF00', start_time = 'sutra'; UPDATE message_ui_elements SET"
        " element_content = x'FE'; UPDATE message_system_device_change SET device_added_count = 1e300;"
        " UPDATE newsletter SET name = x'FF', subscribers_count = 'mnogo';"
    )
    found = read(spoiled)
    assert len([m for m in found["messages"] if "message_id" in m]) == 39


def test_gaps_among_messages(tmp_path):
    path = tmp_path / "msgstore.db"
    path.write_bytes(testing.database(MODERN + "DELETE FROM message WHERE _id IN (3, 4);"))
    gaps = testing.rows(msgstore, path, deleted=True)["gaps"]
    assert [(g["first_id"], g["last_id"]) for g in gaps if g["source_table"] == "message"] == [(3, 4)]


# --- what other tools lose or count twice


def test_a_card_message_with_three_cards_is_one_message():
    """A join to message_vcard gives the message once for each card."""
    found = read(MODERN + "INSERT INTO message_vcard VALUES (2, 19, 'FN:Arta'), (3, 19, 'FN:Бојан');")
    [message] = [m for m in found["messages"] if m["message_id"] == "A19"]
    assert message["text"].endswith("FN:Arta\nFN:Бојан")


def test_a_message_with_many_reactions_and_votes_is_one_message():
    """A join to add-ons gives the message once for each of them."""
    many = "".join(f"({n}, 2, 0, 'X{n}', 2, 3, 1647000070000, 0, 56)," for n in range(100, 150)).rstrip(",")
    votes = "".join(f"({n}, 4, 0, 'Y{n}', 2, 18, 1647000970000, 0, 67)," for n in range(200, 220)).rstrip(",")
    found = read(MODERN + f"INSERT INTO message_add_on VALUES {many}; INSERT INTO message_add_on VALUES {votes};")
    assert len(found["messages"]) == 25
    assert len(found["reactions"]) == 6 + 70


@pytest.mark.parametrize("status", ["NULL", "-1", "99"])
def test_no_status_drops_a_message(status):
    """`status != -1` drops rows whose status is NULL, and -1 is that of the placeholder only in the older schema."""
    found = read(MODERN + f"UPDATE message SET status = {status} WHERE _id = 2;")
    assert len(found["messages"]) == 25


def test_a_message_of_a_chat_without_jid_stays(messages):
    """An inner join from chat to jid drops them."""
    assert (messages["A24"]["chat_id"], messages["A24"]["sender_id"]) == ("chat/_id=6", ARBEN)


def test_a_sender_whose_jid_row_is_missing_costs_no_message():
    found = read(MODERN + "DELETE FROM jid WHERE _id IN (3, 5, 6);")
    assert len(found["messages"]) == 25
    message = next(m for m in found["messages"] if m["message_id"] == "A05")
    assert message["sender_id"] == "jid/_id=5"  # two who are not known are still two


def test_hidden_members_are_members():
    """A condition on the server s.whatsapp.net drops members that are known by their hidden identity only."""
    members = [p["person_id"] for p in read(MODERN)["participants"] if p["record"].startswith("group_participant_user")]
    assert members == [MILAN, ARBEN, "99887766554433@lid"]


def test_messages_of_one_instant_keep_their_order(more):
    """Time alone is no order: of several messages in one instant each must come, in the order of their row ids."""
    instant = [m["message_id"] for m in more["messages"] if m.get("sent_at") == at(2022, 3, 11, 17, 34, 20)]
    assert sorted(instant) == ["C31", "C32", "C33"]
    records = [int(m["record"].rpartition("=")[2]) for m in more["messages"] if m.get("message_id") in ("C32", "C33")]
    assert records == sorted(records)


def test_transitional_database_with_many_rows_in_the_older_table():
    """Choosing a schema by which tables exist loses all that is in the other: here 75 rows of the older one."""
    older = (HERE / "transitional.sql").read_text("utf-8")
    rows = ", ".join(
        f"({n}, '{MILAN}', {n % 2}, 'OLD{n}', 0, 'poruka {n}', {1600000000000 + n * 1000}, '0', 0, NULL, 0)"
        for n in range(1000, 1075)
    )
    empty = MODERN + "DELETE FROM message WHERE _id > 1;" + older + f"INSERT INTO messages VALUES {rows};"
    found = read(empty)
    assert sum(m.get("message_id", "").startswith("OLD") for m in found["messages"]) == 75
    assert len(found["messages"]) == 75 + 3
    assert not [m for m in found["messages"] if m.get("message_id") == "-1"]  # the placeholders of both


def test_promises():
    checks = testing.check(msgstore, testing.database(MORE), name="msgstore.db")
    assert [c for c in checks if c.fault] == []
