"""Cached address book and profile of BeReal."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.bereal.cached import day
from forensics_plugins.chats.bereal.ios_contacts import contacts, is_contacts
from forensics_plugins.chats.bereal.ios_profile import is_profile, profile

from forensics import testing

HERE = Path(__file__).parent
CONTACTS = (HERE / "contacts.json").read_bytes()
PROFILE = (HERE / "profile.json").read_bytes()
BOOK = "Library/Caches/disk-bereal-RelationshipsContactsManager-contact/BFF2C013"
OWN = "Library/Caches/disk-bereal-ProfileRepository/A1B45C7A"


def extra(row):
    return json.loads(row["extra"])


def claims(content, name):
    with testing.placed(content, name=name) as file:
        return is_contacts(file), is_profile(file)


def test_contacts():
    found = testing.rows(contacts, CONTACTS, name=BOOK)
    bojan, taxi, cedo = found["contacts"]
    assert (bojan["name"], bojan["phones"]) == ("Бојан Петровић", ["+381641112222", "+38111333444"])
    assert (extra(bojan)["nickname"], extra(bojan)["sha256_of_numbers"]) == ("Боки", ["aa", "bb"])
    assert (taxi.get("name"), taxi.get("phones"), extra(taxi)) == (None, None, {"organization": "Taksi Most"})
    assert (cedo["name"], extra(cedo)["has_photo"], cedo["record"]) == ("Čedo A. Marić", True, "$.object[2]")
    assert "problems" not in found


def test_account_and_devices():
    found = testing.rows(profile, PROFILE, name=OWN)
    (account,) = found["accounts"]
    assert (account["account_id"], account["name"], account["username"], account["phone"]) == (
        "fQR9Z1q9",
        "Ana Perić",
        "ana.p",
        "+38267000111",
    )
    assert account["created_at"] == datetime(2023, 3, 8, 20, 26, 40, 250000, UTC)
    assert (extra(account)["born"], extra(account)["countryCode"]) == ("1980-09-01", "ME")
    phone, pixel = found["devices"]
    assert (phone["model"], phone["os"], phone["os_version"], phone["timezone"]) == (
        "iPhone 8",
        "ios",
        "15.3.1",
        "Europe/Podgorica",
    )
    assert (extra(phone)["deviceId"], extra(phone)["clientVersion"]) == ("D-1", "1.1.0")
    assert (pixel["model"], pixel.get("os_version")) == ("Pixel", None)


def test_no_contacts_no_problem():
    assert testing.rows(contacts, b'{"object":[]}', name=BOOK) == {}
    assert claims(b'{"object":[]}', BOOK) == (True, False)
    assert testing.rows(profile, b'{"object":{}}', name=OWN) == {}


def test_each_claims_its_own():
    assert claims(CONTACTS, "BFF2C013") == (True, False)
    assert claims(PROFILE, "A1B45C7A") == (False, True)
    assert claims(b'{"object":[]}', "BFF2C013") == (False, False)  # without its folder nothing says whose list it is
    assert claims(b'{"object":{"username":"x"}}', "other/file.json") == (False, False)
    assert claims(b'{"object":"x"}', BOOK) == (False, False)


@pytest.mark.parametrize(
    "content", [b'{"object":[5, "x", null]}', b'{"object":[{"phoneNumbers": 5, "givenName": [1]}]}', b"[1]"]
)
def test_contacts_of_another_type(content):
    found = testing.rows(contacts, content, name=BOOK)
    assert not [p for p in found.get("problems", []) if "stopped" in p["message"]]


@pytest.mark.parametrize(
    "content", [b'{"object":{"devices":[5], "createdAt": "x", "profilePicture": 5}}', b'{"object":[]}', b"5"]
)
def test_profile_of_another_type(content):
    found = testing.rows(profile, content, name=OWN)
    assert not [p for p in found.get("problems", []) if "stopped" in p["message"]]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-641692800, "1980-09-01"), (0, "2001-01-01"), (1.5, "1.5"), (1e300, None), ("x", None), (None, None)],
)
def test_day(seconds, expected):
    assert day(seconds) == expected


def test_they_keep_the_promises():
    assert [c for c in testing.check(contacts, CONTACTS, name="BFF2C013") if c.fault] == []
    assert [c for c in testing.check(profile, PROFILE, name="A1B45C7A") if c.fault] == []
