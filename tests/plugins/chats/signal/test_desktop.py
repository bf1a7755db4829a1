"""db.sqlite of Signal Desktop, in clear."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from forensics_plugins.chats.signal.desktop import messages

from forensics import testing

HERE = Path(__file__).parent
SQL = (HERE / "desktop.sql").read_text("utf-8")
OLD = (HERE / "desktop_2020.sql").read_text("utf-8")
START = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
ANA, MARKO, LAYLA = (f"aaaaaaaa-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
GROUP = "Z3J1cGEtemEtaXpsZXQtZ3J1cGEtemEtaXpsZXQtMTI="


@pytest.fixture(scope="module")
def found():
    return testing.rows(messages, testing.database(SQL), name="db.sqlite")


@pytest.fixture(scope="module")
def old():
    return testing.rows(messages, testing.database(OLD), name="db.sqlite")


def after(seconds):
    return START + timedelta(seconds=seconds)


def message(found, name):
    return next(m for m in found["messages"] if m["record"] == f"messages/id={name}")


def extra(row):
    return json.loads(row.get("extra", "{}"))


def test_received(found):
    row = message(found, "m-1")
    assert (row["account_id"], row["chat_id"], row["chat_name"], row["chat_kind"]) == (
        ANA,
        MARKO,
        "Марко Радови",
        "direct",
    )
    assert (row["direction"], row["kind"], row["text"], row["status"]) == ("incoming", "text", "Где си?", "read")
    assert (row["sender_id"], row["sender_name"]) == (MARKO, "Марко Радови")
    assert row["sent_at"] == after(0.123)
    assert row["read_at"] == after(9)
    assert extra(row)["server_at"] == "2025-10-09T08:53:20.500Z"


def test_the_counter_is_not_the_time_of_reception(found):
    """received_at is a counter: 1785 is no time in 1970, and tools that sort or date by it are wrong."""
    row = message(found, "m-1")
    assert row["received_at"] == after(1)
    assert extra(row)["received_counter"] == 1785
    assert "received_at" not in message(found, "m-lost")


def test_sent_edited_quoting_and_disappearing(found):
    row = message(found, "m-2")
    assert (row["direction"], row["sender_id"], row["sender_name"]) == ("outgoing", ANA, "Ана Тест")
    assert (row["reply_to"], row["status"], row["edited"]) == ("m-1", "read", True)
    assert (row["sent_at"], row["edited_at"], row["expires_at"]) == (after(60), after(65), after(61 + 3600))
    assert extra(row)["quoted"] == {
        "text": "Где си?", "sender": MARKO, "sender_name": "Марко Радови", "at": "2025-10-09T08:53:20.123Z",
    }  # fmt: skip


def test_text_before_the_edit_is_kept(found):
    """Tools that read the column body give the last version alone."""
    assert [(v["at"], v["text"]) for v in extra(message(found, "m-2"))["versions"]] == [
        ("2025-10-09T08:54:25.000Z", "Kod kuće"),
        ("2025-10-09T08:54:20.000Z", "Kod kuce"),
    ]


def test_mention_and_reaction(found):
    row = message(found, "m-3")
    assert (row["chat_id"], row["chat_kind"], row["text"], row["status"]) == (GROUP, "group", "￼ دیر نکن", "unread")
    assert row["sender_id"].endswith("dead")  # a member without a conversation stays the sender
    assert "sender_name" not in row
    assert extra(row)["mentions"] == [{"start": 0, "person": ANA, "name": "Ана"}]
    [reaction] = found["reactions"]
    assert (reaction["message_id"], reaction["person_id"], reaction["value"]) == ("m-3", ANA, "👍")
    assert reaction["reacted_at"] == after(130)


def test_deleted_for_everyone(found):
    row = message(found, "m-4")
    assert (row["kind"], row["deleted"], row["deleted_at"]) == ("deleted", True, after(200))


def test_view_once_that_was_opened(found):
    row = message(found, "m-6")
    assert (row["kind"], row["view_once"], extra(row)["erased"]) == ("unknown", True, True)


def test_a_message_without_chat_and_sender_stays(found):
    row = message(found, "m-lost")
    assert (row["chat_id"], row["direction"]) == ("c-gone", "incoming")
    assert row["text"] == "<b>=1+1</b> ‮txt.exe"
    assert not {"chat_name", "chat_kind", "sender_id"} & row.keys()


def test_events(found):
    title, key, other = (message(found, name) for name in ("m-7", "m-9", "m-12"))
    assert {row["direction"] for row in (title, key, other)} == {"system"}
    assert (title["raw_kind"], title["sender_id"], title["text"]) == ("group-v2-change", MARKO, "Излет ⛰")
    assert extra(title)["groupV2Change"]["details"] == [{"type": "title", "newTitle": "Излет ⛰"}]
    assert extra(key)["key_changed"] == MARKO
    assert (other["raw_kind"], other["kind"], "sent_at" in other) == ("nova-vrsta", "system", False)


def test_attachments_of_both_schemas(found):
    photo, video, quoted = (a for a in found["attachments"] if a["record"].startswith("message_attachments/"))
    assert message(found, "m-5")["kind"] == "image"
    assert (photo["message_id"], photo["chat_id"], photo["name"], photo["stored_path"]) == (
        "m-5", GROUP, "слика.jpg", "ph/photo-5",
    )  # fmt: skip
    assert (photo["mime"], photo["size"], photo["width"], photo["height"]) == ("image/jpeg", 178803, 150, 100)
    assert photo["sha256"] == "f6dac0c0cc7236dc7c73db60a614ce96f412bc7fdbeafd0f387441e13707382b"
    assert extra(photo) == {"encrypted": True, "thumbnail": "th/5"}
    assert (video["duration_s"], video["caption"]) == (12.5, "opis")
    assert (quoted["message_id"], extra(quoted)["type"]) == ("m-gone", "quote")
    [voice] = [a for a in found["attachments"] if a["message_id"] == "m-10"]
    assert message(found, "m-10")["kind"] == "voice"
    assert (voice["stored_path"], voice["record"], voice["size"]) == ("au/audio", "messages/id=m-10", 24732)


def test_the_keys_of_attachments_are_not_written_down(found):
    assert "a2V5" not in json.dumps(found, default=str)


def test_a_long_text_that_goes_on_in_a_file(found):
    """The column body is cut at 2,000 characters: the rest lies in an attachment, which other tools do not name."""
    assert extra(message(found, "m-13"))["text_goes_on_in"] == "lo/long"
    assert message(found, "m-13")["chat_kind"] == "self"
    [rest] = [a for a in found["attachments"] if a["message_id"] == "m-13"]
    assert (rest["stored_path"], extra(rest)["type"]) == ("lo/long", "long-message")


def test_what_is_known_of_each_recipient(found):
    one = [r for r in found["receipts"] if r["message_id"] == "m-2"]
    assert [(r["person_id"], r.get("read_at"), r.get("delivered_at")) for r in one] == [(MARKO, after(70), None)]
    several = {r["person_id"]: r for r in found["receipts"] if r["message_id"] == "m-5"}
    assert several.keys() == {MARKO, LAYLA}
    assert several[MARKO]["delivered_at"] == after(301)
    assert extra(several[LAYLA]) == {"status": "Failed"}
    assert message(found, "m-5")["status"] == "delivered"


def test_calls(found):
    direct, group = found["calls"]
    assert (direct["call_id"], direct["chat_id"], direct["peer_name"]) == ("77001", MARKO, "Марко Радови")
    assert (direct["direction"], direct["outcome"], direct["video"]) == ("outgoing", "answered", True)
    assert direct["started_at"] == after(500)
    assert extra(direct)["ended_at"] == "2025-10-09T09:02:40.000Z"
    assert (group["chat_id"], group["outcome"], "peer_id" in group) == (GROUP, "Ringing", False)
    assert extra(group)["ringer"] == LAYLA
    assert extra(message(found, "m-8"))["call_id"] == "77001"


def test_persons_and_members(found):
    [account] = found["accounts"]
    assert (account["account_id"], account["name"], account["phone"], account["username"], account["is_owner"]) == (
        ANA, "Ана Тест", "+38267000001", "ana.01", True,
    )  # fmt: skip
    contacts = {c["person_id"]: c for c in found["contacts"]}
    assert contacts[MARKO]["phones"] == ["+38267000002"]
    assert contacts[MARKO]["note"] == "s posla"
    assert extra(contacts[MARKO])["profile_name"] == "Marko R"
    assert (contacts[LAYLA]["name"], contacts[LAYLA]["blocked"]) == ("ليلى", True)
    members = [(p["person_id"], p.get("role"), p["active"]) for p in found["participants"] if p["chat_id"] == GROUP]
    assert members == [
        (ANA, "admin", True), (MARKO, "member", True), ("aaaaaaaa-0000-4000-8000-00000000dead", "7", True),
        (LAYLA, "invited", False),
    ]  # fmt: skip
    assert [p["person_id"] for p in found["participants"] if p["chat_id"] == "c-old"] == [MARKO, "+38267000009"]
    assert {p["person_id"] for p in found["participants"] if p["chat_id"] == p["person_id"]} == {ANA, MARKO, LAYLA}


def test_problems(found):
    problems = {p.get("record"): (p["kind"], p["message"]) for p in found["problems"]}
    assert problems.keys() == {"messages/id=m-11", "unprocessed"}
    assert problems["messages/id=m-11"][0] == "damaged"
    assert problems["unprocessed"] == ("not_read", "table unprocessed: 1 rows are not read")
    assert message(found, "m-11")["text"] == "остаје"
    assert len(found["messages"]) == 15


def test_numbers_that_lost_their_plus(old):
    """In the column source of older versions +38267000005 is the number 38267000005."""
    row = message(old, "m-1")
    assert (row["sender_id"], row["sender_name"]) == ("+38267000005", "Јован")
    assert "problems" not in old


def test_calls_inside_messages(old):
    answered, declined = old["calls"]
    assert (answered["duration_s"], answered["outcome"], answered["direction"]) == (60.5, "answered", "incoming")
    assert (declined["outcome"], declined["video"], declined["peer_name"]) == ("rejected", True, "Јован")


@pytest.mark.parametrize("sql", [SQL, OLD])
def test_promises(sql):
    assert [c for c in testing.check(messages, testing.database(sql), name="db.sqlite") if c.fault] == []


VALUES = ("x'00ff'", "-1", "9e99", "9223372036854775807", "'?'", "NULL", "'[1]'", "'{\"value\":5}'")


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("table", ["messages", "conversations", "items", "callsHistory", "edited_messages"])
def test_any_value_in_any_column(table, value):
    start = SQL.index(f"CREATE TABLE {table} ")
    columns = {
        "messages": "readStatus sent_at conversationId received_at expireTimer expirationStartTimestamp type body isErased"
        " isViewOnce sourceServiceId sourceDevice storyId received_at_ms serverTimestamp source",
        "conversations": "json type members name profileName profileFullName e164 serviceId groupId",
        "items": "json",
        "callsHistory": "peerId ringerId mode type direction status timestamp startedById endedTimestamp",
        "edited_messages": "messageId sentAt",
    }[table].split()
    assert start > 0
    # NOT NULL columns keep what they have
    changes = "".join(
        f"UPDATE OR IGNORE {table} SET {c} = {value};"
        for c in columns
        if not (value == "NULL" and table == "callsHistory")
    )
    read = testing.rows(messages, testing.database(SQL + changes), name="db.sqlite")
    assert len(read["messages"]) == 15
    assert not [p for p in read.get("problems", ()) if "stopped" in p["message"]]


@pytest.mark.parametrize("document", [
    '{"attachments":{"a":1},"reactions":[1,{"fromId":{"x":[]}}],"quote":{"id":[1],"authorAci":{}},"editHistory":[null,{"body":{}}]}',
    '{"sendStateByConversationId":{"c-marko":{"status":["Read"],"updatedAt":"x"},"c-layla":7},"bodyRanges":[{"mentionAci":[]}]}',
    '{"callHistoryDetails":{"acceptedTime":1e999,"endedTime":"x","callMode":[]},"groupV2Change":{"from":{},"details":{}}}',
    '{"expirationTimerUpdate":{"source":[1]},"bodyAttachment":{"path":{}},"sticker":{"data":{"size":"x","plaintextHash":7}}}',
    "[" * 100_000,
    '{"a":' * 100_000,
    "9" * 10_000,
])  # fmt: skip
def test_any_json(document):
    sql = f"UPDATE messages SET json = '{document}'; UPDATE conversations SET json = '{document}';"
    read = testing.rows(messages, testing.database(SQL + sql), name="db.sqlite")
    assert len(read["messages"]) == 15
    assert not [p for p in read.get("problems", ()) if "stopped" in p["message"]]
