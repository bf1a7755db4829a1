"""Settings.data: the account, and other databases with a table of the same name."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.viber.ios_settings import is_settings, settings

from forensics import testing

SQL = (Path(__file__).parent / "settings.sql").read_text("utf-8")


def test_account():
    found = testing.rows(settings, testing.database(SQL), name="Settings.data")
    (account,) = found["accounts"]
    assert (account["account_id"], account["phone"], account["name"]) == ("+38267999888", "+38267999888", "Власник")
    assert (account["is_owner"], account["created_at"]) == (True, datetime(2020, 9, 13, 12, 26, 40, 500000, tzinfo=UTC))
    assert json.loads(account["extra"]) == {
        "uid": "abc123",
        "app_version": "23.3.1",
        "phone": "067999888",
        "birth_date": "1969-12-31",
        "hidden_chats_pin": "set",
    }
    assert account["record"].startswith("Data/key=_myCanonizedPhoneNumber ")
    (device,) = found["devices"]
    assert (device["os"], device["phone_numbers"]) == ("iOS", ["+38267999888", "067999888"])
    assert json.loads(device["extra"]) == {"viber_device_id": "dev-1", "app_version": "23.3.1"}
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("not_understood", "Data/key=_wasabiLastKnownUserLocation")
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (testing.database(SQL), True),
        (testing.database("CREATE TABLE Data (key, value); INSERT INTO Data VALUES ('theme', 'dark');"), False),
        (testing.database("CREATE TABLE Data (name);"), False),
        (testing.database("CREATE TABLE d (key, value); CREATE VIEW Data AS SELECT * FROM d;"), False),
        (b"SQLite format 3\0", False),
        (b"", False),
        (b"\x00" * 5000, False),
    ],
)
def test_recognition(content, expected):
    with testing.placed(content, name="Settings.data") as file:
        try:
            assert is_settings(file) is expected
        except Exception as error:
            pytest.fail(f"a test must not raise: {error!r}")


def test_number_that_was_replaced(tmp_path):
    logged = "UPDATE Data SET value = '+381600000000' WHERE key = '_myCanonizedPhoneNumber';"
    found = testing.rows(settings, testing.database_with_log(SQL, logged, tmp_path, name="Settings.data"))
    assert [(a["state"], a["phone"], a.get("name")) for a in found["accounts"]] == [
        ("live", "+381600000000", "Власник"),
        ("journal", "+38267999888", None),
    ]


def test_poisoned():
    poison = """
    UPDATE Data SET value = X'FFFE' WHERE key = '_myUserName';
    UPDATE Data SET value = '9e999' WHERE key IN ('_birthdate', '_registrationDate');
    """
    found = testing.rows(settings, testing.database(SQL + poison), name="Settings.data")
    (account,) = found["accounts"]
    assert ("name" in account, "created_at" in account) == (False, False)
    assert not any(" stopped: " in p["message"] for p in found["problems"])


def test_promises():
    assert [c for c in testing.check(settings, testing.database(SQL), name="Settings.data") if c.fault] == []
