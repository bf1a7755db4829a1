"""messages.json of a Skype account's export."""

import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.skype.export import bare, export, is_export

from forensics import ingest, open_case, testing

CONTENT = (Path(__file__).parent / "export.json").read_bytes()
ARBEN, MILAN, GROUP = "8:live:arben", "8:live:milan", "19:abc@thread.skype"


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(export, CONTENT, name="messages.json")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["message_id"] == str(number))


def test_message_with_a_quote(found):
    said = message(found, 101)
    assert (said["chat_id"], said["chat_name"], said["chat_kind"], said["direction"]) == (
        ARBEN,
        "Arben",
        "direct",
        "incoming",
    )
    assert (said["text"], said["reply_to"]) == ("на граници сам", "90")
    assert extra(said)["quoted"] == {
        "author": "live:milan",
        "authorname": "Milan",
        "timestamp": "1594466580",
        "conversation": ARBEN,
        "messageid": "90",
        "text": "где си?",
    }
    assert extra(said)["content"].startswith("<quote ")


def test_edited_message_stays_in_both_versions(found):
    """Skyperious drops the earlier version of an edited message, which has the same author and time."""
    now, before = message(found, 103), message(found, 102)
    assert (now["text"], before["text"]) == ("stižemo <u ponoć>", "stižemo sutra")
    assert now["sent_at"] == before["sent_at"] == datetime(2020, 7, 11, 11, 24, 0, 305000, tzinfo=UTC)
    assert (now["edited"], now["edited_at"]) == (True, datetime(2020, 7, 11, 11, 25, tzinfo=UTC))
    assert (now["direction"], "edited" in before, extra(before)) == (
        "outgoing",
        False,
        {"properties": {"isserversidegenerated": "True"}},
    )


def test_deleted_message_stays(found):
    gone = message(found, 104)
    assert (gone["kind"], gone["deleted"], gone["raw_kind"]) == ("deleted", True, "RichText")
    assert gone["deleted_at"] == datetime(2020, 7, 11, 11, 29, 59, tzinfo=UTC)


def test_unknown_kind_and_unreadable_time_stay(found):
    """Readers that look the type up in a list of theirs drop what is not in it."""
    strange = message(found, 100)
    assert (strange["kind"], strange["raw_kind"], strange["text"], "sent_at" in strange) == (
        "unknown",
        "NewKind/2031",
        "شيء",
        False,
    )
    assert [(p["message"], p["record"]) for p in found["problems"]] == [
        ("the time of a message is not readable", "$.conversations[0].MessageList[9]"),
        ("a message that is no object", "$.conversations[0].MessageList[10]"),
        ("a conversation that is no object", "$.conversations[3]"),
    ]


def test_message_without_a_sender(found):
    """Plain text is no markup: what looks like a tag is what was written."""
    hostile = message(found, 109)
    assert (hostile["text"], hostile["direction"], "sender_id" in hostile) == (
        "=cmd()|<b>\x1b[31m\u202e ",
        "unknown",
        False,
    )


def test_location(found):
    sent, (place,) = message(found, 108), found["places"]
    assert (sent["kind"], sent["latitude"], sent["longitude"], sent["text"]) == (
        "location",
        42.4304,
        19.2594,
        "Stanica, Podgorica",
    )
    assert (place["ref"], place["at"]) == ("108", datetime(2020, 7, 11, 11, 29, 0, 765432, tzinfo=UTC))


def test_file(found):
    (picture,) = found["attachments"]
    assert (message(found, 105)["kind"], picture["name"], picture["size"]) == ("image", "granica.jpg", 447)
    assert (picture["width"], picture["height"], picture["url"][-11:]) == (640, 480, "0-weu-d1-aa")
    assert extra(picture)["object_id"] == "0-weu-d1-aa"
    assert "stored_path" not in picture


def test_file_beside():
    media = {"media/0-weu-d1-aa.1.jpg": b"\xff\xd8\xff"}
    (picture,) = testing.rows(export, CONTENT, name="messages.json", beside=media)["attachments"]
    assert picture["stored_path"] == "media/0-weu-d1-aa.1.jpg"
    assert picture["sha256"] == hashlib.sha256(b"\xff\xd8\xff").hexdigest()


def test_reaction(found):
    (like,) = found["reactions"]
    assert (like["message_id"], like["person_id"], like["value"]) == ("103", ARBEN, "like")
    assert like["reacted_at"] == datetime(2020, 7, 11, 11, 25, 10, tzinfo=UTC)


def test_start_and_end_of_a_call_are_one_call(found):
    logged = next(c for c in found["calls"] if c["call_id"] == "c-9")
    told = next(c for c in found["calls"] if c["call_id"] == "c-1")
    assert (told["started_at"], told["duration_s"]) == (datetime(2020, 7, 11, 11, 26, 30, tzinfo=UTC), 84.82)
    assert (told["direction"], told["outcome"], told["peer_id"], told["peer_name"]) == (
        "outgoing",
        "answered",
        ARBEN,
        "Arben",
    )
    assert extra(told) == {"ended_at": "2020-07-11T11:28:00+00:00"}
    assert (logged["direction"], logged["outcome"], logged["duration_s"]) == ("incoming", "answered", 50)
    assert (logged["peer_id"], logged["peer_name"]) == ("8:hasan", "Hasan")
    assert len(found["calls"]) == 2
    assert (message(found, 107)["kind"], "text" in message(found, 107)) == ("call", False)


def test_call_of_which_only_the_end_is_told():
    content = '<partlist type="ended"><part identity="a"><duration>5</duration></part></partlist>'
    stored = {"id": "1", "originalarrivaltime": "2020-07-11T11:28:00Z", "messagetype": "Event/Call", "content": content}
    data = {
        "userId": "b",
        "exportDate": "x",
        "conversations": [{"id": "8:a", "MessageList": [{**stored, "from": "8:a"}]}],
    }
    (call,) = testing.rows(export, json.dumps(data).encode(), name="messages.json")["calls"]
    assert ("started_at" in call, call["direction"], call["duration_s"]) == (False, "unknown", 5)


def test_group(found):
    topic, contact = message(found, 201), message(found, 202)
    assert (topic["kind"], topic["direction"], topic["sender_id"], topic["sender_name"], topic["text"]) == (
        "system",
        "system",
        ARBEN,
        "Arben",
        "Put na sever",
    )
    assert (topic["chat_name"], topic["chat_kind"]) == ("Put na sever", "group")
    assert (contact["kind"], contact["text"], contact["sender_name"]) == ("contact", "Skender M.", "Hasan")
    assert [(p["chat_id"], p["person_id"], p.get("name")) for p in found["participants"]] == [
        (ARBEN, ARBEN, "Arben"),
        (GROUP, MILAN, None),
        (GROUP, ARBEN, "Arben"),
        (GROUP, "8:hasan", "Hasan"),
    ]


def test_account(found):
    (owner,) = found["accounts"]
    assert (owner["account_id"], owner["username"], owner["is_owner"]) == (MILAN, "live:milan", True)
    assert [bare(x) for x in ("8:live:a", "live:a", "2:x@y", "a")] == ["live:a", "live:a", "x@y", "a"]


def test_export_in_its_tar(tmp_path):
    """The archive that Skype gave need not be unpacked."""
    with tarfile.open(tmp_path / "8_live_milan_export.tar", "w") as tar:
        for name, content in (("messages.json", CONTENT), ("media/0-weu-d1-aa.1.jpg", b"\xff\xd8\xff")):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    ingest(tmp_path / "try.case", tmp_path / "8_live_milan_export.tar")
    case = open_case(tmp_path / "try.case")
    assert len(case.messages) == 13
    assert list(case.attachments["stored_path"]) == ["media/0-weu-d1-aa.1.jpg"]


@pytest.mark.parametrize(
    "content",
    [
        b'{"userId": 1, "exportDate": 2, "conversations": 3}',
        b'{"userId": [], "exportDate": {}, "conversations": [[], {"id": {}, "MessageList": 7}]}',
        b'{"userId": "a", "exportDate": "", "conversations": [{"threadProperties": {"members": "[[["}, "MessageList": [{}]}]}',
        b'{"userId": "a", "exportDate": "", "conversations": [{"MessageList": [{"id": 1e999, "content": 5, "from": [],'
        b' "displayName": {}, "properties": {"emotions": "{", "deletetime": [], "edittime": 1e300, "callLog": "[]"}}]}]}',
        b'{"userId": "a", "exportDate": "", "conversations": [{"MessageList": [{"messagetype": "Event/Call",'
        b' "content": "<partlist"}, {"messagetype": "RichText", "content": "</quote><quote>"}]}]}',
    ],
)
def test_hostile(content):
    found = testing.rows(export, content, name="messages.json")
    assert not [p for p in found.get("problems", []) if " stopped: " in p["message"]]


def test_poisoned_markup_takes_no_longer_than_its_length():
    content = "<quote " * 200_000
    data = {
        "userId": "a",
        "exportDate": "",
        "conversations": [{"MessageList": [{"messagetype": "RichText", "content": content}]}],
    }
    assert len(testing.rows(export, json.dumps(data).encode(), name="messages.json")["messages"]) == 1


def test_promises():
    with testing.placed(b'{"messages": []}', name="messages.json") as file:
        assert not is_export(file)
    assert [c for c in testing.check(export, CONTENT, name="messages.json") if c.fault] == []
