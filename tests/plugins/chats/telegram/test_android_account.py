"""Preferences that name the Telegram account."""

import base64
import json

import pytest
from forensics_plugins.chats.telegram.android_account import account, is_account

from forensics import testing

from .conftest import write

XML = """<?xml version='1.0' encoding='utf-8' standalone='yes' ?>
<map>
    <string name="lastUpdateVersion2">7.7.0</string>
    <string name="user">{user}</string>
    <int name="lastSendMessageId" value="-210000" />
    <int name="contactsSavedCount" value="3" />
    <int name="loginTime" value="1623265028" />
    <int name="lastContactsSyncTime" value="1" />
    <string name="passcodeHash1"></string>
</map>
"""


def preferences(user: bytes) -> bytes:
    """As Android writes it: base64 in lines, ends of lines as references."""
    text = base64.encodebytes(user).decode().replace("\n", "&#10;") + "\n    "
    return XML.format(user=text).encode()


def ana() -> bytes:
    photo = write(
        "userProfilePhoto#cc656077",
        photo_id=1,
        photo_small=write("fileLocationToBeDeprecated#bc7fc6cd", volume_id=1, local_id=2),
        photo_big=write("fileLocationToBeDeprecated#bc7fc6cd", volume_id=1, local_id=3),
        dc_id=1,
    )
    return write(
        "user#938458c1",
        id=42,
        first_name="Ana",
        last_name="Anić",
        username="ana",
        phone="38269000001",
        photo=photo,
        self=True,
    )


@pytest.fixture(scope="module")
def user() -> bytes:
    return ana()


def test_account(user: bytes) -> None:
    found = testing.rows(account, preferences(user), name="userconfing.xml")
    [row] = found["accounts"]
    assert (row["account_id"], row["name"], row["phone"], row["username"]) == (
        "user42",
        "Ana Anić",
        "38269000001",
        "ana",
    )
    assert row["is_owner"] is True
    extra = json.loads(row["extra"])
    assert extra == {"version": "7.7.0", "signed_in_at": "2021-06-09T18:57:08Z", "passcode_set": False}
    assert "problems" not in found


def test_nobody_signed_in() -> None:
    assert testing.rows(account, preferences(b""), name="userconfig1.xml") == {}


def test_unknown_user_is_a_problem() -> None:
    found = testing.rows(account, preferences(b"\xef\xbe\xad\xde" + bytes(20)), name="userconfing.xml")
    [problem] = found["problems"]
    assert (problem["kind"], problem["message"]) == (
        "not_understood",
        "the user was read up to: unknown constructor 0xdeadbeef in User",
    )
    assert "accounts" not in found


def test_cut_user_keeps_what_was_read(user: bytes) -> None:
    found = testing.rows(account, preferences(user[:48]), name="userconfing.xml")
    assert found["accounts"][0]["name"] == "Ana Anić"
    assert found["problems"][0]["kind"] == "damaged"


@pytest.mark.parametrize(
    "content",
    [
        b"<map><string name='user'>AAAA</string></map>",
        b"<!DOCTYPE map [<!ENTITY a 'b'>]><map><int name='lastSendMessageId' value='1'/></map>",
        b"<map><int name='lastSendMessageId' value='1'",
        b"",
    ],
    ids=["another app", "doctype", "cut", "empty"],
)
def test_not_claimed(content: bytes) -> None:
    with testing.placed(content, name="userconfing.xml") as file:
        assert is_account(file) is False


def test_promises(user: bytes) -> None:
    assert [c for c in testing.check(account, preferences(user), name="userconfing.xml") if c.fault] == []


EXAMPLES = [("telegram.android.account", "userconfing.xml", preferences(ana()))]
