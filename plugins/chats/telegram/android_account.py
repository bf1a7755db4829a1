"""Telegram for Android, preferences that name the account."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS

from ..android_preferences import LONGEST, NotPreferences, beside, preferences
from . import tl

MARKS = frozenset(("lastSendMessageId", "contactsSavedCount"))  # in the file of every account, signed in or not
NUMBERED = re.compile(r"(?:^|/)files/account(\d{1,2})/[^/]+$")  # the first account has no number
FIRST_LOGIN = 1_000_000_000  # a smaller loginTime is a mark that nobody is signed in


def is_account(file: File) -> bool:
    """Whether these are preferences of a Telegram account."""
    if b"<map" not in file.head or file.size > LONGEST:
        return False
    try:
        return preferences(file.bytes()).keys() >= MARKS
    except NotPreferences:
        return False


@parser(
    "telegram.android.account",
    files=["userconfing.xml", "userconfig1.xml", "userconfig2.xml", "userconfig3.xml"],
    magic=["text/xml"],
    test=is_account,
)
def account(file: File) -> Iterator[Any]:
    """Telegram for Android, the account (userconfing.xml, userconfig1.xml and so on in shared_prefs).

    The key `user` holds the user as an object of the API. A file without it is of an account that is not signed in: no rows.

    Reads: id, names, number of the account; in extra the app's version, when it signed in, when contacts were last taken from
    the address book, whether the app is locked with a passcode.

    Not read: keys, all other settings.

    Seen on: userconfing.xml and userconfig1.xml of version 7.7.0 (2021), as published in the tests of IPED: the user in it is
    read to its last byte. Tests use an invented one.

    Source: Telegram's published API schema; names of keys as in those files and in ALEAPP telegramAndroid.

    Tier: documented
    """
    try:
        found = preferences(file.bytes(LONGEST))
    except NotPreferences as error:
        yield Problem("hostile" if "DOCTYPE" in str(error) else "damaged", f"preferences not read: {error}")
        return
    user, problem = user_in(found)
    if problem:
        yield problem
    if "id" in user:
        yield from ACCOUNTS.rows([row(user, found)])


def user_in(found: Mapping[str, str]) -> tuple[Mapping[str, Any], Problem | None]:
    """The user who is signed in, as far as it can be read; none where nobody is."""
    if not found.get("user", "").strip():
        return {}, None
    try:
        data = base64.b64decode("".join(found["user"].split()), validate=True)
    except (binascii.Error, ValueError) as error:
        return {}, Problem("damaged", f"the user is not in base64: {error}", record="map/@name=user")
    read = tl.decode(data, "User")
    problem = None
    if read.fault:
        kind = "not_understood" if isinstance(read.fault, tl.Unknown) else "damaged"
        message = f"the user was read up to: {read.fault}"
        problem = Problem(kind, message, record="map/@name=user", detail=data[:64].hex())
    elif read.end != len(data):
        message = f"{len(data) - read.end:,} bytes behind the user"
        problem = Problem("not_understood", message, record="map/@name=user")
    return read.fields, problem


def signed_in(file: File) -> tuple[dict[str, Any] | None, str]:
    """The account of a database in files or files/account1, from its preferences in shared_prefs; and where they are."""
    number = NUMBERED.search(file.path)
    path = f"../../shared_prefs/userconfig{number[1]}.xml" if number else "../shared_prefs/userconfing.xml"
    found = beside(file, path)
    user, _ = user_in(found)
    return (row(user, found) if isinstance(user.get("id"), int) else None), f"{path} map/@name=user"


def row(user: Mapping[str, Any], found: Mapping[str, str]) -> dict[str, Any]:
    """The row of `accounts`."""
    extra = {
        "version": found.get("lastUpdateVersion2"),
        "signed_in_at": instant(found.get("loginTime")),
        "contacts_taken_at": instant(found.get("lastContactsSyncTime")),
        "passcode_set": bool(found.get("passcodeHash1")) if "passcodeHash1" in found else None,
    }
    return {
        "app": "Telegram",
        "account_id": f"user{user['id']}",
        "name": " ".join(filter(None, (user.get("first_name"), user.get("last_name")))) or None,
        "phone": user.get("phone") or None,
        "username": user.get("username") or None,
        "is_owner": True,
        "extra": {k: v for k, v in extra.items() if v is not None} or None,
        "record": "map/@name=user",
    }


def instant(seconds: str | None) -> str | None:
    """Unix seconds in digits, as text."""
    if not seconds or not seconds.isascii() or not seconds.isdigit() or len(seconds) > 10:
        return None
    if int(seconds) < FIRST_LOGIN:
        return None
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the account's preferences."""
    return [account]
