"""Reports of MVT: what it copied is read; what it got wrong is not passed on."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.tool_reports import mvt_android, mvt_ios, mvt_whatsapp

from forensics import testing

HERE = Path(__file__).parent
WHATSAPP = HERE / "mvt_whatsapp.json"
CONTACTS = HERE / "mvt_whatsapp_contacts.json"
IOS = HERE / "mvt_sms_ios.json"
ANDROID = HERE / "mvt_sms_android.json"
INFO = b'{"target_path": "/x", "mvt_version": "2026.10.26", "date": "2026-11-24 08:38:38.083045", "ioc_files": [], "hashes": []}'
CALLS = b"""[
    {"isodate": "2023-03-08 20:26:40.250000", "duration": 61.5, "location": "Podgorica", "number": "+38267111222",
     "provider": "com.apple.Telephony"},
    {"isodate": "", "duration": 0.0, "location": null, "number": null, "provider": null},
    {"isodate": "soon", "duration": "x", "location": 5, "number": "\\u0633\\u0627\\u0631\\u0627",
     "provider": "net.whatsapp.WhatsApp"}
]"""
BOOK = """[
    {"value": "+382 67 111-222", "First": "Мира", "Middle": null, "Last": "Чолић", "Organization": null},
    {"value": "mira@example.org", "First": "Мира", "Middle": null, "Last": "Чолић", "Organization": null},
    {"value": "https://example.org/1", "First": null, "Middle": null, "Last": null, "Organization": "Golub"}
]""".encode()
FILES = b"""[{"attachment_id": 1, "ROWID": 1, "guid": "A1", "created_date": 472146623, "start_date": "2015-12-18 15:50:23.000000",
    "filename": "~/Library/SMS/Attachments/slika.heic", "mime_type": "image/heic", "is_outgoing": 0,
    "transfer_name": "slika.heic", "total_bytes": 712, "service": "iMessage", "phone_number": "+38267111222",
    "isodate": "2015-12-18 15:50:23.000000", "direction": "received", "has_user_info": false},
   {"attachment_id": 2, "guid": "A2", "filename": "NULL", "service": "Unknown", "total_bytes": -1}]"""
PARSERS = (
    (mvt_whatsapp.messages, WHATSAPP.read_bytes(), "whatsapp.json"),
    (mvt_whatsapp.contacts, CONTACTS.read_bytes(), "whatsapp_contacts.json"),
    (mvt_ios.messages, IOS.read_bytes(), "sms.json"),
    (mvt_ios.attachments, FILES, "sms_attachments.json"),
    (mvt_ios.calls, CALLS, "calls.json"),
    (mvt_ios.contacts, BOOK, "contacts.json"),
    (mvt_android.messages, ANDROID.read_bytes(), "sms.json"),
)


def extra(row: dict) -> dict:
    return json.loads(row["extra"])


# --- WhatsApp


@pytest.fixture(scope="module")
def whatsapp() -> dict:
    return testing.rows(mvt_whatsapp.messages, WHATSAPP, name="whatsapp.json", beside={"info.json": INFO})


def test_whatsapp_messages(whatsapp: dict) -> None:
    seen = [
        (m.get("message_id"), m["kind"], m["direction"], m.get("chat_id"), m.get("text")) for m in whatsapp["messages"]
    ]
    assert seen == [
        ("3AC44D3477F10FE2900C", "text", "incoming", "100000000000001@lid", "Где си? https://example.org/a"),
        ("3A02", "image", "outgoing", "120363041111111111@g.us", None),
        ("3A03", "deleted", "incoming", "120363041111111111@g.us", None),
        ("3A04", "system", "system", "120363041111111111@g.us", None),
        (None, "unknown", "unknown", "ZWACHATSESSION/Z_PK=77", "\u202e<b>x</b>"),
    ]
    first = whatsapp["messages"][0]
    assert first["sent_at"] == datetime(2023, 5, 2, 15, 56, 47, 221498, tzinfo=UTC)
    assert (first["chat_name"], first["chat_kind"]) == ("Мира", "direct")
    assert (first["sender_id"], first["account_id"]) == ("38267111222@s.whatsapp.net", "38344555666@s.whatsapp.net")
    assert (first["record"], extra(first)["Z_PK"], extra(first)["tool"]) == ("$[0]", 1, "MVT 2026.10.26")
    assert whatsapp["messages"][2]["deleted"] is True
    assert "sender_id" not in whatsapp["messages"][2]  # MVT does not say who in the group
    assert "sent_at" not in whatsapp["messages"][3]
    assert [p["record"] for p in whatsapp["problems"]] == ["$[9]"]


def test_a_message_listed_twice_is_one_row(whatsapp: dict) -> None:
    """MVT joins the links of messages: it gives a message with two links twice."""
    told = extra(whatsapp["messages"][0])
    assert told["ZCONTENT1"] == "https://example.org/a"
    assert told["also"] == [{"ZCONTENT1": "https://example.org/b", "links": ["https://example.org/b"]}]


def test_whatsapp_people(whatsapp: dict) -> None:
    pair, partner = whatsapp["contacts"]
    assert (pair["person_id"], pair["phones"]) == ("100000000000001@lid", ["+38267111222"])
    assert (partner["person_id"], partner["name"], partner["phones"]) == (
        "100000000000001@lid",
        "Мира",
        ["+38267111222"],
    )
    assert extra(partner)["last_message_date"] == "2023-05-17 14:36:40.000000"  # later than any message that is left
    assert [a["url"] for a in whatsapp["attachments"]] == ["https://mmg.whatsapp.net/v/1.enc"]


def test_whatsapp_of_older_versions() -> None:
    """They list no chats: the chat is the id that the message names."""
    records = json.loads(WHATSAPP.read_text("utf-8"))[:6]
    found = testing.rows(mvt_whatsapp.messages, json.dumps(records).encode(), name="whatsapp.json")
    assert [m.get("chat_id") for m in found["messages"][:2]] == [
        "38267111222@s.whatsapp.net",
        "120363041111111111@g.us",
    ]
    assert extra(found["messages"][0])["tool"] == "MVT"


def test_whatsapp_contacts() -> None:
    found = testing.rows(mvt_whatsapp.contacts, CONTACTS, name="whatsapp_contacts.json")
    mira, sara = found["contacts"]
    assert (mira["person_id"], mira["name"], mira["username"]) == ("38267111222@s.whatsapp.net", "Мира Чолић", "mira.c")
    assert mira["phones"] == ["+38267111222", "067 111 222"]
    assert (extra(mira)["lid"], extra(mira)["disappearing_mode_label"]) == ("100000000000001@lid", "24 hours")
    assert sara["name"] == "سارا"


# --- iPhone


@pytest.fixture(scope="module")
def ios() -> dict:
    return testing.rows(mvt_ios.messages, IOS, name="sms.json")


def test_ios_messages(ios: dict) -> None:
    seen = [(m["message_id"], m["app"], m["direction"], m.get("chat_id"), m.get("text")) for m in ios["messages"]]
    assert seen == [
        ("FDC6EC94", "iMessage", "incoming", "+38267111222", "Где си?"),
        ("B4", "SMS", "outgoing", "chat123", "Tu"),
        ("B5", "iMessage", "incoming", "+38267111222", "Стижу"),
        ("B7", "iMessage", "system", "+38267111222", "Removed a heart from “Tu”"),
        ("B8", "Messages", "unknown", None, None),
    ]
    assert [p["record"] for p in ios["problems"]] == ["$[6]"]
    assert "sent_at" not in ios["messages"][-1]
    assert ios["messages"][0]["reply_to"] == "AAAA"
    assert ios["messages"][1]["chat_kind"] == "group"


def test_ios_times_are_not_cut_to_seconds(ios: dict) -> None:
    """MVT takes the first nine digits of a time in nanoseconds."""
    first, old = ios["messages"][:2]
    assert first["sent_at"] == datetime(2019, 8, 29, 23, 13, 30, 539788, tzinfo=UTC)
    assert first["read_at"] == datetime(2019, 8, 29, 23, 13, 35, tzinfo=UTC)
    assert old["sent_at"] == datetime(2015, 11, 22, 23, 4, 46, tzinfo=UTC)
    assert "read_at" not in old


def test_ios_text_of_the_attributed_body(ios: dict) -> None:
    """Where the text is empty, as on newer systems, MVT leaves it so, though the attributed text beside it has it."""
    assert extra(ios["messages"][2])["text_from"] == "attributedBody"


@pytest.mark.parametrize(
    "stored", [None, 5, "", "####", "AAAA", "TlNTdHJpbmcB", "TlNTdHJpbmcBlIQBKw==", "TlNTdHJpbmcBlIQBK4H/"]
)
def test_no_attributed_text(stored: object) -> None:
    assert mvt_ios.attributed_text(stored) is None


def test_ios_reactions(ios: dict) -> None:
    (reaction,) = ios["reactions"]
    assert (reaction["message_id"], reaction["person_id"], reaction["value"]) == ("B4", "+38267111222", "loved")
    assert reaction["reacted_at"] == datetime(2019, 8, 29, 23, 16, 40, tzinfo=UTC)


def test_ios_attachments() -> None:
    found = testing.rows(mvt_ios.attachments, FILES, name="sms_attachments.json")
    first, second = found["attachments"]
    assert (first["name"], first["stored_path"]) == ("slika.heic", "~/Library/SMS/Attachments/slika.heic")
    assert (first["size"], first["mime"], first["chat_id"]) == (712, "image/heic", "+38267111222")
    assert not {"name", "stored_path"} & second.keys()  # MVT writes the word NULL


def test_ios_calls() -> None:
    found = testing.rows(mvt_ios.calls, CALLS, name="calls.json")
    seen = [(c["app"], c["direction"], c.get("peer_id"), c.get("duration_s")) for c in found["calls"]]
    assert seen == [
        ("Phone", "unknown", "+38267111222", 61.5),
        ("Phone", "unknown", None, 0.0),
        ("WhatsApp", "unknown", "سارا", None),
    ]
    assert found["calls"][0]["started_at"] == datetime(2023, 3, 8, 20, 26, 40, 250000, tzinfo=UTC)
    assert "started_at" not in found["calls"][1]
    assert len(found["problems"]) == 2


def test_ios_address_book() -> None:
    found = testing.rows(mvt_ios.contacts, BOOK, name="contacts.json")
    phone, mail, web = found["contacts"]
    assert (phone["name"], phone["phones"]) == ("Мира Чолић", ["+382 67 111-222"])
    assert (mail["name"], mail["emails"]) == ("Мира Чолић", ["mira@example.org"])
    assert (web["name"], extra(web)["value"]) == ("Golub", "https://example.org/1")


# --- Android


@pytest.fixture(scope="module")
def android() -> dict:
    return testing.rows(mvt_android.messages, ANDROID, name="sms.json", beside={"info.json": INFO})


def test_android_direction_is_androids(android: dict) -> None:
    """MVT calls `sent` whatever has a sending time, which is what received messages have."""
    seen = [(m["app"], m["direction"], m.get("sender_id"), m.get("status")) for m in android["messages"]]
    assert seen == [
        ("SMS", "incoming", "+38267111222", "inbox"),
        ("SMS", "outgoing", None, "sent"),
        ("MMS", "incoming", "+38344555666", "inbox"),
        ("SMS", "unknown", None, None),
    ]
    assert [extra(m)["direction"] for m in android["messages"]] == ["sent", "received", "sent", "received"]


def test_android_mms_are_not_of_1970(android: dict) -> None:
    """MVT takes the seconds of MMS for milliseconds."""
    mms = android["messages"][2]
    assert mms["sent_at"] == datetime(2020, 1, 20, 14, 49, 46, tzinfo=UTC)
    assert mms["received_at"] == datetime(2020, 1, 20, 14, 49, 49, tzinfo=UTC)
    assert extra(mms)["mvt_isodate"] == "1970-01-19 06:45:31.789000"
    assert (mms["text"], mms["chat_id"]) == ("سلام", "+38267111222, +38344555666")


def test_android_messages(android: dict) -> None:
    first, sent, _, odd = android["messages"]
    assert first["sent_at"] == datetime(2022, 2, 22, 15, 29, 40, tzinfo=UTC)
    assert first["received_at"] == datetime(2022, 2, 22, 15, 29, 41, 956000, tzinfo=UTC)
    assert sent["sent_at"] == datetime(2022, 2, 22, 15, 31, 21, 956000, tzinfo=UTC)
    assert extra(sent)["links"] == ["https://example.org/"]
    assert "sent_at" not in odd
    assert "problems" not in android


# --- all


@pytest.mark.parametrize(("parser", "content", "name"), PARSERS, ids=lambda value: getattr(value, "__name__", ""))
def test_each_file_has_one_owner(parser: Callable, content: bytes, name: str) -> None:
    with testing.placed(content, name=name) as file:
        assert [p.declaration.name for p, _, _ in PARSERS if p.test(file)] == [parser.declaration.name]


@pytest.mark.parametrize("content", ["", "[]", "{}", "[1]", '[{"a": 1}]', '{"Z_PK": 1, "ZCHATSESSION": 2}', "[[]]"])
@pytest.mark.parametrize("parser", [parser for parser, _, _ in PARSERS], ids=lambda parser: parser.declaration.name)
def test_other_json_is_not_claimed(parser, content: str) -> None:
    with testing.placed(content.encode(), name="sms.json") as file:
        assert not parser.test(file)


@pytest.mark.parametrize("value", [None, [], {}, [{}], "x", -1, 1e300, True, "\u0000\ud83d", {"a": ["b"]}])
@pytest.mark.parametrize(("parser", "content", "name"), PARSERS, ids=lambda value: getattr(value, "__name__", ""))
def test_values_of_any_type(parser, content: bytes, name: str, value: object) -> None:
    records = [dict.fromkeys(record, value) for record in json.loads(content) if isinstance(record, dict)]
    found = testing.rows(parser, json.dumps(records).encode(), name=name)
    assert not [p for p in found.get("problems", []) if "stopped" in p["message"]]
    assert sum(len(rows) for table, rows in found.items() if table != "problems") >= 1


@pytest.mark.parametrize("info", [b"", b"[]", b'{"mvt_version": 5}'])
def test_an_info_file_that_is_none(info: bytes) -> None:
    found = testing.rows(mvt_android.messages, ANDROID, name="sms.json", beside={"info.json": info})
    assert {extra(m)["tool"] for m in found["messages"]} == {"MVT"}


@pytest.mark.parametrize(("parser", "content", "name"), PARSERS, ids=lambda value: getattr(value, "__name__", ""))
def test_they_keep_the_promises_of_the_collection(parser, content: bytes, name: str) -> None:
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []


EXAMPLES = [(parser.declaration.name, name, content) for parser, content, name in PARSERS]
