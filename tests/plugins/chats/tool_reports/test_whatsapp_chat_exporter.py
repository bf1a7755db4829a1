"""WhatsApp Chat Exporter: what it tells is read, what it has changed or lost is not passed on as WhatsApp's."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.tool_reports import whatsapp_chat_exporter, whatsapp_chat_exporter_telegram
from forensics_plugins.chats.tool_reports.whatsapp_chat_exporter import duration, export, is_export

from forensics import testing

HERE = Path(__file__).parent
ANDROID = HERE / "wtsexporter_android.json"
IOS = HERE / "wtsexporter_ios.json"
TELEGRAM = HERE / "wtsexporter_telegram.json"


@pytest.fixture(scope="module")
def android() -> dict:
    return testing.rows(export, ANDROID, name="result.json")


@pytest.fixture(scope="module")
def ios() -> dict:
    return testing.rows(export, IOS, name="result.json")


def by_id(found: dict) -> dict:
    return {message["message_id"]: message for message in found["messages"]}


def extra(row: dict) -> dict:
    return json.loads(row["extra"])


def test_messages(android: dict) -> None:
    seen = [(m["message_id"], m["kind"], m["direction"], m.get("text")) for m in android["messages"]]
    assert seen == [
        ("K301", "text", "incoming", "Kad krećete?\nSutra <b>rano</b>"),
        ("K302", "text", "outgoing", "U pet"),
        ("K305", "image", "incoming", "натпис"),
        ("K306", "image", "incoming", "други"),
        ("K307", "location", "incoming", None),
        ("K308", "contact", "incoming", "Mira"),
        ("K309", "sticker", "incoming", None),
        ("K310", "text", "incoming", "da"),
        ("K313", "call", "incoming", "A video call was missed"),
        ("K314", "unknown", "unknown", None),
        ("K303", "text", "incoming", "سلام"),
        ("K304", "deleted", "incoming", None),
        ("K311", "system", "system", "989121234567 added someone"),
        ("K312", "system", "system", '989121234567 changed the group name to "Novo ime"'),
    ]
    first = android["messages"][0]
    assert first["sent_at"] == datetime(2023, 11, 15, 3, 14, 20, 123000, tzinfo=UTC)
    assert (first["chat_id"], first["chat_name"], first["chat_kind"]) == (
        "381641112222@s.whatsapp.net",
        "Милан",
        "direct",
    )
    assert (first["sender_id"], first["sender_name"]) == ("381641112222@s.whatsapp.net", "Милан")
    assert first["record"] == '$["381641112222@s.whatsapp.net"].messages["301"]'
    assert by_id(android)["K310"]["reply_to"] == "K302"


def test_rows_say_that_they_are_second_hand(android: dict) -> None:
    tables = ("messages", "reactions", "attachments", "places", "calls", "contacts")
    assert {extra(row)["tool"] for table in tables for row in android[table]} == {"WhatsApp Chat Exporter"}
    assert extra(android["messages"][0])["row"] == "301"
    assert {row["state"] for row in android["messages"]} == {"live"}


def test_line_breaks_are_not_html(android: dict) -> None:
    """The exporter writes a line break as `<br>`; what a person typed in angle brackets stays."""
    told = extra(android["messages"][0])
    assert told["data"] == "Kad krećete? <br>Sutra <b>rano</b>"


def test_deletion_marks(android: dict, ios: dict) -> None:
    assert by_id(android)["K304"]["deleted"] is True
    typed = by_id(ios)["3AF20242535EF87BB"]  # somebody wrote these words
    assert (typed["kind"], typed["text"]) == ("text", "Message deleted")
    assert "deleted" not in typed


def test_unset_times_are_not_1970(android: dict) -> None:
    """The exporter writes 1970/01/01 for a time that is not set."""
    unset = by_id(android)["K314"]
    assert "sent_at" not in unset
    assert "received_timestamp" not in extra(unset)
    assert unset["raw_kind"] == "118"


def test_times_to_the_minute_stay_in_extra(android: dict, ios: dict) -> None:
    """They are in a zone that nothing names, and on iOS `received` is the time of sending."""
    told = extra(by_id(android)["K302"])
    assert (told["received_timestamp"], told["read_timestamp"]) == ("2023/11/15 14:43", "2023/11/15 14:53")
    assert "time" not in told  # the clock is UTC: it tells nothing
    assert extra(by_id(ios)["3AD2D4F6C4FC63622"])["time"] == "17:57"  # the zone of the export was two hours off
    assert "received_at" not in by_id(android)["K302"]


def test_senders_in_groups(android: dict) -> None:
    """The exporter tells the name where it knows one, else what stands before the @."""
    named, numbered = by_id(android)["K303"], by_id(android)["K304"]
    assert named["sender_name"] == "سارا"
    assert "sender_id" not in named
    assert numbered["sender_id"] == "989121234567"


def test_places(android: dict) -> None:
    place = by_id(android)["K307"]
    assert (place["latitude"], place["longitude"]) == (42.5, 19.25)
    assert [(p["latitude"], p["longitude"], p["ref"]) for p in android["places"]] == [(42.5, 19.25, "K307")]


def test_attachments(android: dict, ios: dict) -> None:
    seen = [(a["message_id"], a.get("name"), a.get("stored_path"), a.get("mime")) for a in android["attachments"]]
    assert seen == [
        ("K306", "IMG-2.jpg", "WhatsApp/Media/IMG-2.jpg", "image/jpeg"),
        ("K308", "Mira.vcf", "WhatsApp/vCards/Mira.vcf", "text/x-vcard"),
    ]
    (missing,) = ios["attachments"]
    assert (missing["present"], missing["caption"]) == (False, "pasaporta")
    assert by_id(ios)["3A04DEF4811138F7C"]["text"] == "pasaporta"  # not the exporter's "The media is missing"


def test_reactions(android: dict) -> None:
    seen = [(r["message_id"], r["person_id"], r["value"]) for r in android["reactions"]]
    assert seen == [("K301", "381641112222", "👍"), ("K301", "You", "❤️")]


def test_calls(android: dict, ios: dict) -> None:
    """The exporter tells a call in one English sentence, and calls the store of an iPhone Android's."""
    seen = [
        (c["call_id"], c["direction"], c.get("outcome"), c["video"], c.get("duration_s"), c.get("peer_id"))
        for c in android["calls"]
    ]
    assert seen == [
        ("call:0", "outgoing", "answered", False, 61.0, "905321234567"),
        ("call:1", "incoming", "missed", True, None, "381641112222"),
        ("call:2", "incoming", "missed", False, None, "905321234567"),
        ("call:5", "incoming", None, False, None, "905321234567"),
    ]
    group, nobody = ios["calls"]
    assert (group["peer_name"], group["duration_s"], extra(group)["group"]) == ("Мира", 1.0, True)
    assert nobody["outcome"] == "missed"
    assert not {"peer_id", "peer_name"} & nobody.keys()


def test_contacts(android: dict) -> None:
    seen = [(c["person_id"], c["name"], c["note"], c["phones"]) for c in android["contacts"]]
    assert seen == [("381641112222@s.whatsapp.net", "Милан", "Na putu", ["+381641112222"])]


def test_what_is_no_message_is_a_problem(android: dict, ios: dict) -> None:
    assert [p["record"] for p in android["problems"]] == ['$["381641112222@s.whatsapp.net"].messages["315"]']
    assert "problems" not in ios


def test_older_versions() -> None:
    """Up to 0.12 there are no codes of kinds, no times of receipt and no reactions."""
    data = json.loads(IOS.read_text("utf-8"))
    for chat in data.values():
        chat.pop("media_base")
        for message in chat["messages"].values():
            for key in ("message_type", "received_timestamp", "read_timestamp", "reactions"):
                message.pop(key)
    found = testing.rows(export, json.dumps(data).encode(), name="chat.json")
    assert [m["kind"] for m in found["messages"]] == ["unknown", "text", "unknown", "text"]
    assert [m["direction"] for m in found["messages"]] == ["incoming", "outgoing", "incoming", "outgoing"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"a": {"name": "x", "messages": {}}}',
        '{"name": "x", "type": "personal_chat", "id": 1, "messages": []}',
    ],
)
def test_other_json_is_not_claimed(content: str) -> None:
    with testing.placed(content.encode(), name="result.json") as file:
        assert not is_export(file)


def test_hostile_values() -> None:
    message = {key: [{}] for key in json.loads(IOS.read_text("utf-8"))["38344555666@s.whatsapp.net"]["messages"]["11"]}
    chats = {
        'a"]\u202e@s.whatsapp.net': {
            "name": ["x"],
            "type": {},
            "my_avatar": 1,
            "their_avatar": 2,
            "messages": {"1": message, "\u0000": {}},
        },
        "000000000000000": {"name": None, "messages": {"1": message, "2": {"data": "A video call to = was ." * 50}}},
        "c": {"messages": []},
    }
    found = testing.rows(export, json.dumps(chats).encode(), name="result.json")
    assert len(found["messages"]) == 2
    assert len(found["calls"]) == 2
    assert not [p for p in found["problems"] if "stopped" in p["message"]]


@pytest.mark.parametrize("path", [ANDROID, IOS])
def test_it_keeps_the_promises_of_the_collection(path: Path) -> None:
    assert [c for c in testing.check(export, path, name="result.json") if c.fault] == []


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("less than a second", None), ("a second", 1), ("1 minute 1 second", 61), ("2 days 1 hour", 176_400), ("", None)],
)
def test_durations(told: str, seconds: int | None) -> None:
    assert duration(told) == seconds


# --- in the shape of a Telegram export


def test_the_shape_of_telegram_is_not_taken_for_telegram() -> None:
    found = testing.rows(whatsapp_chat_exporter_telegram.export, TELEGRAM)
    seen = [(m["app"], m["direction"], m.get("sender_id"), m.get("sender_name"), m["text"]) for m in found["messages"]]
    assert seen == [
        ("WhatsApp", "incoming", "989121234567", None, "سلام"),
        ("WhatsApp", "outgoing", None, None, "Krećemo"),
        ("WhatsApp", "incoming", None, "Мира", "Message deleted"),
    ]
    first, reply, _ = found["messages"]
    assert first["sent_at"] == datetime(2023, 11, 15, 3, 16, 20, tzinfo=UTC)
    assert (first["chat_id"], first["chat_kind"]) == ("120363041111111111", "group")
    assert reply["reply_to"] == "303"
    assert [p["record"] for p in found["problems"]] == ["$.messages[3]"]


def test_calls_in_the_shape_of_telegram() -> None:
    told = "A voice call to 905321234567 was initiated and lasted for 1 minute 1 second with 7.18 MB data transferred."
    call = {
        "id": 50,
        "type": "message",
        "date_unixtime": 1700000000,
        "from": "Me",
        "from_id": "user00000",
        "text": told,
    }
    data = {"name": "WhatsApp Calls", "type": "calls", "id": 0, "messages": [call]}
    found = testing.rows(whatsapp_chat_exporter_telegram.export, json.dumps(data).encode(), name="calls.json")
    (row,) = found["calls"]
    assert (row["direction"], row["duration_s"], row["peer_id"]) == ("outgoing", 61.0, "905321234567")


def test_telegram_itself_is_not_claimed() -> None:
    """Telegram writes Unix times as text; that is how the two are told apart."""
    real = TELEGRAM.read_text("utf-8").replace("1700018180,", '"1700018180",')
    with testing.placed(real.encode(), name="result.json") as file:
        assert not whatsapp_chat_exporter_telegram.is_export(file)
    with testing.placed(TELEGRAM) as file:
        assert whatsapp_chat_exporter_telegram.is_export(file)
        assert not whatsapp_chat_exporter.is_export(file)


def test_the_shape_of_telegram_keeps_the_promises() -> None:
    assert [c for c in testing.check(whatsapp_chat_exporter_telegram.export, TELEGRAM) if c.fault] == []
