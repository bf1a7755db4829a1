"""Preferences that name the account."""

import json
from pathlib import Path

import pytest
from forensics_plugins.chats.whatsapp.android_account import account, is_account

from forensics import testing

XML = (Path(__file__).parent / "preferences.xml").read_bytes()


def test_account():
    [found] = testing.rows(account, XML, name="com.whatsapp_preferences_light.xml")["accounts"]
    assert (found["account_id"], found["phone"]) == ("38267999888@s.whatsapp.net", "+38267999888")
    assert (found["name"], found["is_owner"]) == ("Dragan & sin", True)
    assert json.loads(found["extra"])["my_current_status"] == "Na putu 🚚"


def test_number_from_its_parts():
    [found] = testing.rows(account, XML.replace(b"registration_jid", b"other_jid"))["accounts"]
    assert found["account_id"] == "38267999888@s.whatsapp.net"


@pytest.mark.parametrize(
    ("content", "claimed"),
    [
        (XML, True),
        (b"<map><string name='push_name'>x</string></map>", False),
        (b"<map><string name='ph'>1</string", False),
        (b"<!DOCTYPE map [<!ENTITY a 'b'>]><map><string name='registration_jid'>&a;</string></map>", False),
        (b"", False),
    ],
    ids=["preferences", "of another app", "cut", "doctype", "empty"],
)
def test_claim(content, claimed):
    with testing.placed(content, name="prefs.xml") as file:
        assert is_account(file) is claimed


def test_doctype_is_refused():
    found = testing.rows(
        account, b"<!DOCTYPE map [<!ENTITY a 'b'>]><map><string name='registration_jid'>&a;</string></map>"
    )
    assert [(p["kind"], p["message"]) for p in found["problems"]] == [
        ("hostile", "preferences not read: it has a DOCTYPE")
    ]


def test_promises():
    assert [c for c in testing.check(account, XML, name="prefs.xml") if c.fault] == []


def test_corpus_preferences(corpus, manifest):
    entry = manifest["chats-whatsapp-com-whatsapp-preferences-xml-01"]
    with testing.placed(corpus / entry["path"]) as file:
        assert is_account(file)
        [found] = testing.read(account, file)["accounts"]
    expected = {name: fact["value"] for name, fact in entry["expected"].items()}
    assert (found["name"], found["account_id"]) == (expected["account_name"], expected["jid"])
    assert json.loads(found["extra"])["my_current_status"] == expected["status"]
