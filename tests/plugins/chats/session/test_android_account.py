"""The owner's account of Session for Android."""

import pytest
from forensics_plugins.chats.session import android_account as module
from forensics_plugins.chats.session.android_account import account, is_account

from forensics import testing

from .test_android import OWNER, PREFERENCES

NAME = "network.loki.messenger_preferences.xml"


def test_the_account():
    found = testing.rows(account, PREFERENCES.encode(), name=NAME)
    assert "problems" not in found
    [row] = found["accounts"]
    assert (row["app"], row["account_id"], row["name"], row["is_owner"]) == ("Session", OWNER, "Јо'{m.x}\u202e", True)
    assert row["record"] == "map/@name=pref_local_number map/@name=pref_profile_name"
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("content", "name", "ours"),
    [
        (PREFERENCES.encode(), NAME, True),
        (PREFERENCES.encode(), "org.thoughtcrime.securesms_preferences.xml", False),
        (b"<map><string name='other'>1</string></map>", NAME, False),
        (b"<!DOCTYPE x><map><string name='pref_local_number'>1</string></map>", NAME, False),
        (b"", NAME, False),
    ],
)
def test_claims(content, name, ours):
    with testing.placed(content, name=name) as file:
        assert is_account(file) is ours


def test_promises():
    assert module.forensics_parsers() == [account]
    assert not [check for check in testing.check(account, PREFERENCES.encode(), name=NAME) if check.fault]


EXAMPLES = [("session.android.account", NAME, PREFERENCES.encode())]
