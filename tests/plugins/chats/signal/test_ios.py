"""signal.sqlite of Signal for iOS, in clear."""

import json
import plistlib
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from forensics_plugins.chats.signal.ios import messages
from forensics_plugins.chats.signal.ios_archives import paired

from forensics import testing

from ..archives import archived, database

SQL = (Path(__file__).parent / "ios.sql").read_text("utf-8")
START = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
ANA, MARKO, LAYLA = (f"aaaaaaaa-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
GROUP = "Z3J1cGE="


def states(*recipients):
    """The states of recipients as the app archives them: a dictionary whose keys are addresses."""
    objects = ["$null", None, {"$classname": "NSDictionary", "$classes": ["NSDictionary", "NSObject"]}]
    keys, values = [], []
    for address, state in recipients:
        for group, found in ((keys, address), (values, state)):
            group.append(plistlib.UID(len(objects)))
            objects.append(found)
    objects[1] = {"NS.keys": keys, "NS.objects": values, "$class": plistlib.UID(2)}
    top = {"$archiver": "NSKeyedArchiver", "$version": 100000, "$objects": objects, "$top": {"root": plistlib.UID(1)}}
    return plistlib.dumps(top, fmt=plistlib.FMT_BINARY)


def content(sql=SQL, **blobs):
    """The fixture, with what SQL text cannot say put into it."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(database(sql))
    blobs = blobs or {
        "states": states(
            ({"backingUuid": bytes.fromhex(MARKO.replace("-", ""))}, {"state": 6, "statusTimestamp": 1760000070000}),
            ({"backingPhoneNumber": "+38267000009"}, {"state": 3, "deliveryTimestamp": 1760000071000}),
            ({"backingPhoneNumber": "+38267000010"}, {"state": 0, "errorCode": 5, "statusTimestamp": 1760000072000}),
        ),
        "group": archived({"$class": "TSGroupModelV2", "groupName": "Излет ⛰", "groupId": b"grupa"}),
    }
    connection.execute("UPDATE model_TSInteraction SET recipientAddressStates = ? WHERE id = 2", (blobs.get("states"),))
    connection.execute("UPDATE model_TSThread SET groupModel = ? WHERE id = 2", (blobs.get("group"),))
    connection.commit()
    return bytes(connection.serialize())


@pytest.fixture(scope="module")
def found():
    return testing.rows(messages, content(), name="signal.sqlite")


def after(seconds):
    return START + timedelta(seconds=seconds)


def message(found, name):
    return next(m for m in found["messages"] if m.get("message_id") == name)


def extra(row):
    return json.loads(row.get("extra", "{}"))


def test_received(found):
    row = message(found, "M-1")
    assert (row["account_id"], row["chat_id"], row["chat_name"], row["chat_kind"]) == (
        ANA,
        MARKO,
        "Марко Радови",
        "direct",
    )
    assert (row["direction"], row["kind"], row["text"], row["status"]) == ("incoming", "text", "Где си?", "read")
    assert (row["sender_id"], row["sender_name"], row["raw_kind"]) == (MARKO, "Марко Радови", "19")
    assert (row["sent_at"], row["received_at"], row["expires_at"]) == (after(0.123), after(1), after(3661))
    assert extra(row) == {"server_at": "2025-10-09T08:53:20.500Z", "source_device": 1, "timer_s": 3600}


def test_each_version_of_an_edited_message_is_a_row(found):
    last, first = message(found, "M-2"), message(found, "M-2-old")
    assert (last["text"], first["text"], last["edited"], first["edited"]) == ("Kod kuće", "Kod kuce", True, True)
    assert (extra(first)["latest_revision"], extra(first)["past_revision"]) == ("M-2", True)


def test_sent_with_quote_and_what_is_known_of_each_recipient(found):
    row = message(found, "M-2")
    assert (row["direction"], row["sender_id"], row["sender_name"]) == ("outgoing", ANA, "Ана Тест")
    assert (row["reply_to"], row["status"]) == ("M-1", "read")
    assert extra(row)["quoted"]["sender_name"] == "Марко Радови"
    read, older, failed = found["receipts"]
    assert (read["person_id"], read["read_at"]) == (MARKO, after(70))
    assert (older["person_id"], older["delivered_at"], extra(older)["status"]) == (
        "+38267000009",
        after(71),
        "delivered",
    )
    assert extra(failed) == {"status": "failed", "at": "2025-10-09T08:54:32.000Z", "error": 5}


def test_group_mention_and_reactions(found):
    row = message(found, "M-3")
    assert (row["chat_id"], row["chat_name"], row["chat_kind"]) == (GROUP, "Излет ⛰", "group")
    assert (row["sender_id"], row["sender_name"], row["status"]) == ("+38267000009", "Јован Ј", "unread")
    assert extra(row)["mentions"] == [{"person": ANA, "name": "Ана Тест"}]
    thumb, lost = found["reactions"]
    assert (thumb["message_id"], thumb["chat_id"], thumb["person_id"], thumb["reacted_at"]) == (
        "M-3",
        GROUP,
        ANA,
        after(130),
    )
    assert (lost["message_id"], lost["person_id"]) == ("M-gone", "+38267000009")


def test_a_message_without_chat_and_sender_stays(found):
    row = message(found, "M-lost")
    assert (row["chat_id"], row["text"], "sender_id" in row) == ("T-GONE", "<b>=1+1</b> ‮txt.exe", False)


def test_kinds(found):
    kinds = {row.get("message_id"): (row["kind"], row["direction"]) for row in found["messages"]}
    assert kinds["M-del"] == ("deleted", "incoming")
    assert kinds["M-photo"] == ("image", "outgoing")
    assert kinds["M-voice"] == ("voice", "incoming")
    assert kinds["M-info"] == ("system", "system")
    assert kinds["M-call"] == ("call", "system")
    assert kinds["M-new"] == ("unknown", "unknown")
    assert message(found, "M-info")["text"] == "Ана је променила назив"
    assert extra(message(found, "M-info"))["info_type"] == 3
    assert message(found, "M-voice")["status"] == "viewed"
    assert "sent_at" not in message(found, "M-new")


def test_attachments_of_both_schemas(found):
    photo, rest, lost, voice = found["attachments"]
    assert (photo["message_id"], photo["chat_id"], photo["name"], photo["caption"]) == (
        "M-photo",
        GROUP,
        "слика.jpg",
        "opis",
    )
    assert photo["sha256"] == "f6dac0c0cc7237dc7c73db60a4614ce96af4131c6fdbeafd0f384741e137072b"
    assert (photo["stored_path"], photo["size"], photo["width"], photo["height"]) == ("ab/photo", 178803, 150, 100)
    assert (rest["message_id"], extra(rest)["type"]) == ("M-long", "long-message")
    assert extra(message(found, "M-long"))["text_goes_on_in"] == "cd/long"
    assert (extra(lost)["type"], extra(lost)["owner_row"]) == ("quote", 777)
    assert (voice["message_id"], voice["chat_id"], voice["stored_path"]) == ("M-voice", MARKO, "A-1/voice.aac")


def test_calls(found):
    video, group, odd, told = found["calls"]
    assert (video["call_id"], video["peer_id"], video["direction"], video["outcome"], video["video"]) == (
        "77001", MARKO, "outgoing", "answered", True,
    )  # fmt: skip
    assert extra(video)["ended_at"] == "2025-10-09T08:58:10.000Z"
    assert (group["chat_id"], group["outcome"], extra(group)["ringer"]) == (GROUP, "ringing", LAYLA)
    assert (odd["direction"], odd["outcome"], odd["chat_id"]) == ("unknown", "unknown (99)", "model_TSThread/id=99")
    assert (told["record"], told["outcome"], told["video"]) == ("model_TSInteraction/id=11", "missed", False)


def test_persons_members_and_draft(found):
    [account] = found["accounts"]
    assert (account["account_id"], account["name"], account["phone"], account["is_owner"]) == (
        ANA,
        "Ана Тест",
        "+38267000001",
        True,
    )
    contacts = {c["person_id"]: c for c in found["contacts"]}
    assert contacts.keys() == {ANA, MARKO, LAYLA, "+38267000009"}
    assert extra(contacts[MARKO])["profile_name"] == "Marko R"
    assert (contacts[LAYLA]["name"], contacts[LAYLA]["note"], contacts[LAYLA]["blocked"]) == ("ليلى", "s posla", True)
    assert extra(contacts[LAYLA])["unregistered_at"] == "2025-10-09T08:53:20.000Z"
    members = [p["person_id"] for p in found["participants"] if p["chat_id"] == GROUP]
    assert members == [ANA, "+38267000009"]
    [draft] = [m for m in found["messages"] if m.get("status") == "draft"]
    assert (draft["text"], draft["chat_id"]) == ("nedovršeno", MARKO)


def test_problems(found):
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("damaged", "model_TSThread/id=5"), ("not_read", "model_StoryMessage"),
    ]  # fmt: skip
    assert len(found["messages"]) == 14


def test_groups_of_the_first_kind_list_their_members():
    model = {
        "$class": "TSGroupModel",
        "groupName": "Стара",
        "groupId": b"x" * 16,
        "groupMemberIds": ["+38267000009", "+38267000002"],
    }
    found = testing.rows(
        messages, content(SQL + "DROP TABLE model_TSGroupMember;", group=archived(model)), name="signal.sqlite"
    )
    members = [p["person_id"] for p in found["participants"] if p["chat_id"] == "eHh4eHh4eHh4eHh4eHh4eA=="]
    assert members == ["+38267000009", MARKO]


def test_a_schema_with_nothing_beside():
    """Older databases have no records of edits and calls, no newer attachments, and no nicknames."""
    gone = "NicknameRecord BlockedRecipient EditRecord Attachment MessageAttachmentReference CallRecord model_TSMention keyvalue"
    sql = (
        SQL
        + "".join(f"DROP TABLE {name};" for name in gone.split())
        + "ALTER TABLE model_TSInteraction DROP COLUMN editState;"
    )
    found = testing.rows(messages, content(sql), name="signal.sqlite")
    assert len(found["messages"]) == 14
    assert len(found["calls"]) == 2
    assert "accounts" not in found
    assert "sender_id" not in message(found, "M-2")


def test_dictionaries_with_objects_as_keys():
    found = paired(states(({"backingPhoneNumber": "+1"}, {"state": 3})))
    assert [(pair["key"]["backingPhoneNumber"], pair["value"]["state"]) for pair in found] == [("+1", 3)]
    assert paired(archived({"a": [1, {"b": None}]})) == {"a": [1, {"b": None}]}


def test_promises():
    assert [c for c in testing.check(messages, content(), name="signal.sqlite") if c.fault] == []


VALUES = ("x'00ff'", "-1", "9e99", "9223372036854775807", "'?'", "archive('[1]')", 'archive(\'{"a":{"$class":"x"}}\')')


@pytest.mark.parametrize("value", VALUES)
def test_any_value_in_any_column(value):
    tables = [line.split()[2] for line in SQL.splitlines() if line.startswith("CREATE TABLE")]
    with testing.placed(content(), name="a.db") as file, file.sqlite() as db:
        fixed = ("id", "isInvalid", "recipientRowID", "recipientId")
        columns = {table: [c for c in db.columns(table) if c not in fixed] for table in tables}
    for table in tables:
        changes = "".join(f"UPDATE OR IGNORE {table} SET {column} = {value};" for column in columns[table])
        read = testing.rows(messages, database(SQL + changes), name="signal.sqlite")
        assert len([m for m in read["messages"] if m["record"].startswith("model_TSInteraction")]) == 13, table
        bad = ("stopped", "rows out", "a query ended")
        assert not [p for p in read.get("problems", ()) if any(words in p["message"] for words in bad)], table
