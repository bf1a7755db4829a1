"""IMODb2.sqlite of imo for iOS."""

import json
import plistlib
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from forensics_plugins.chats.imo.ios import imo

from forensics import testing


def archived(value: Any) -> bytes:
    """What NSKeyedArchiver writes of dictionaries, arrays and plain values."""
    listed: list[Any] = ["$null"]

    def put(one: Any) -> plistlib.UID:
        place = len(listed)
        listed.append(one)
        if isinstance(one, dict):
            listed[place] = {"NS.keys": [put(k) for k in one], "NS.objects": [put(v) for v in one.values()]}
        elif isinstance(one, list):
            listed[place] = {"NS.objects": [put(v) for v in one]}
        return plistlib.UID(place)

    root = put(value)
    archive = {"$archiver": "NSKeyedArchiver", "$version": 100000, "$top": {"root": root}, "$objects": listed}
    return plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)


WRITTEN = (Path(__file__).parent / "imodb2.sql").read_text("utf-8")
SQL = re.sub(r"'(\{.*\})'", lambda m: f"x'{archived(json.loads(m[1])).hex()}'", WRITTEN)


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(imo, testing.database(SQL), name="IMODb2.sqlite")


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def message(found: dict, number: int) -> dict:
    return next(m for m in found["messages"] if m["message_id"] == str(number))


def test_received_and_sent(found):
    received, sent = message(found, 1), message(found, 2)
    assert (received["chat_id"], received["chat_name"], received["chat_kind"]) == ("2001", "Arben Drač", "direct")
    assert (received["direction"], received["sender_id"], received["sender_name"]) == ("incoming", "2001", "Arben")
    assert (received["text"], received["kind"], received["raw_kind"], received["status"]) == (
        "kada krećemo?",
        "text",
        "im",
        "3",
    )
    assert received["sent_at"] == datetime(2020, 5, 1, 12, 20, 30, 123456, tzinfo=UTC)
    assert extra(received)["sender_at"] == "2020-05-01T12:20:29.000Z"
    assert (sent["direction"], "sender_id" in sent, extra(sent)["alias"]) == ("outgoing", False, "Milan")
    assert (sent["kind"], sent["raw_kind"], sent["text"]) == ("text", "0", "сутра рано")


def test_group(found):
    written = message(found, 4)
    assert (written["chat_id"], written["chat_name"], written["chat_kind"]) == ("g-7", "Arben, Hasan", "group")
    assert (written["sender_id"], written["sender_name"]) == ("2002", "Hasan")


def test_files(found):
    uploaded, document, picture = found["attachments"]
    assert [message(found, n)["kind"] for n in (3, 4, 5)] == ["image", "document", "image"]
    assert (uploaded["message_id"], uploaded["url"]) == ("3", "https://img.example.org/s/object/abc/")
    assert (document["name"], document["size"], document["mime"]) == ("lista.rtf", 745, "text/rtf")
    assert (document["url"], extra(document)) == ("http://file.example.org/1.rtf", {"object_id": "o-1"})
    assert (picture["name"], picture["size"], picture["width"], picture["height"]) == ("granica.jpg", 613177, 640, 480)
    assert picture["url"] == "http://img.example.org/1.jpg"


def test_place_and_call(found):
    shared, [place], [call] = message(found, 6), found["places"], found["calls"]
    assert (shared["latitude"], shared["longitude"], place["label"]) == (42.4304, 19.2594, "Stanica, Podgorica")
    assert extra(shared)["location_image_url"] == "http://map.example.org/1.png"
    assert (call["call_id"], call["peer_id"], call["peer_name"], call["video"]) == ("7", "2001", "Arben Drač", False)
    assert ("duration_s" in call, "outcome" in call, call["direction"]) == (False, False, "incoming")


def test_unknown_stays_visible(found):
    strange, undirected = message(found, 8), message(found, 9)
    assert (strange["kind"], strange["raw_kind"], strange["chat_id"]) == ("unknown", "nudge", "9999")
    assert ("sent_at" in strange, strange["text"]) == (False, "nepoznat")
    assert (undirected["direction"], undirected["text"]) == ("unknown", "tekst je ostao")
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("not_understood", "ZIMOCHATMSG/Z_PK=9"),
        ("not_read", "ZIMORECENTCALL"),
    ]
    assert len(found["messages"]) == 9


def test_contacts(found):
    arben, group, hasan = found["contacts"]
    assert (arben["name"], arben["phones"]) == ("Arben Drač", ["+383 44 555 666"])
    assert (extra(arben)["digits"], extra(arben)["alias"], extra(arben)["icon_id"]) == ("044555666", "arben", "icon-1")
    assert (group["name"], extra(group)["is_group"], "phones" in group) == ("Arben, Hasan", 1, False)
    assert (hasan["name"], hasan["phones"]) == ("hasan", ["5321234567"])


def test_few_columns():
    sql = """
    CREATE TABLE ZIMOCONTACT (Z_PK INTEGER PRIMARY KEY, ZBUID, ZDISPLAY, ZDIGIT_PHONE);
    CREATE TABLE ZIMOCHATMSG (Z_PK INTEGER PRIMARY KEY, ZALIAS, ZTEXT, ZISSENT, ZTS);
    INSERT INTO ZIMOCHATMSG VALUES (1, 'Arben', 'zdravo', 0, 1588335630123456789);
    """
    found = testing.rows(imo, testing.database(sql))
    assert (found["messages"][0]["text"], found["messages"][0]["sender_name"]) == ("zdravo", "Arben")
    assert "problems" not in found


def test_promises():
    assert [c for c in testing.check(imo, testing.database(SQL), name="IMODb2.sqlite") if c.fault] == []
