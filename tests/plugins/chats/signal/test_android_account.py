"""The owner's account of Signal for Android."""

import json

import pytest
from forensics_plugins.chats.signal import android_account as module
from forensics_plugins.chats.signal.android_account import account, is_account

from forensics import testing

from .test_android import ANA, PREFERENCES, STORE

NAME = "org.thoughtcrime.securesms_preferences.xml"


def test_the_store():
    found = testing.rows(account, testing.database(STORE.format(aci=ANA)), name="signal-key-value.db")
    assert "problems" not in found
    [row] = found["accounts"]
    assert (row["app"], row["account_id"], row["phone"], row["username"], row["is_owner"]) == (
        "Signal", ANA, "+38267000001", "ana.07", True,
    )  # fmt: skip
    assert json.loads(row["extra"]) == {"pni": "PNI:bbbbbbbb-0000-4000-8000-000000000001"}
    assert row["record"].split()[0] == "key_value/key=account.aci"
    assert "private" not in repr(found)


def test_preferences():
    [row] = testing.rows(account, PREFERENCES.format(aci=ANA).encode(), name=NAME)["accounts"]
    assert (row["account_id"], row["phone"]) == (ANA, "+38267000001")
    assert row["record"] == "map/@name=pref_local_uuid map/@name=pref_local_number"


def test_values_that_are_none():
    """What is stored stays, also where it is no id; it is not taken for one."""
    odd = STORE.format(aci="\u202egpj.exe").replace("'+38267000001'", "x'00ff'")
    [row] = testing.rows(account, testing.database(odd), name="signal-key-value.db")["accounts"]
    assert "account_id" not in row
    assert "gpj.exe" in json.loads(row["extra"])["aci"]


def test_an_old_number_that_the_log_replaces(tmp_path):
    log = "UPDATE key_value SET value = '+38269000001' WHERE key = 'account.e164';"
    path = testing.database_with_log(STORE.format(aci=ANA), log, tmp_path, "signal-key-value.db")
    assert testing.rows(account, path)["accounts"][0]["phone"] == "+38269000001"


@pytest.mark.parametrize(
    ("content", "name", "ours"),
    [
        (testing.database(STORE.format(aci=ANA)), "renamed.db", True),
        (testing.database("CREATE TABLE key_value (key, value, type);"), "signal-key-value.db", False),
        (b"SQLite format 3\0" + bytes(900), "signal-key-value.db", False),
        (PREFERENCES.encode(), NAME, True),
        (PREFERENCES.encode(), "network.loki.messenger_preferences.xml", False),
        (b"<map><string name='other'>1</string></map>", NAME, False),
        (b"<!DOCTYPE x><map><string name='pref_local_uuid'>1</string></map>", NAME, False),
        (b"", NAME, False),
    ],
)
def test_claims(content, name, ours):
    with testing.placed(content, name=name) as file:
        assert is_account(file) is ours


@pytest.mark.parametrize(
    ("content", "name"),
    [(testing.database(STORE.format(aci=ANA)), "signal-key-value.db"), (PREFERENCES.format(aci=ANA).encode(), NAME)],
)
def test_promises(content, name):
    assert module.forensics_parsers() == [account]
    assert not [check for check in testing.check(account, content, name=name) if check.fault]


EXAMPLES = [
    ("signal.android.account", "signal-key-value.db", testing.database(STORE.format(aci=ANA))),
    ("signal.android.account", NAME, PREFERENCES.format(aci=ANA).encode()),
]
