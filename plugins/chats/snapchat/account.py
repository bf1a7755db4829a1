"""Snapchat for Android and iOS, the account that is signed in: preferences of Android, user.plist of iOS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS

from ..android_preferences import LONGEST, NotPreferences, beside, preferences

ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SESSION = "../shared_prefs/user_session_shared_pref.xml"
IDENTITY = "../shared_prefs/identity_persistent_store.xml"
TSAF = b"TSAF"
STRING = re.compile(rb"\x08([^\x00]{1,4096})\x00")


class SignedIn(NamedTuple):
    """Who is signed in on Android, as preferences beside a database say: the id, else the last user name; and where."""

    person: str | None
    username: str | None
    record: str


def signed_in(file: File) -> SignedIn:
    """The account, from shared_prefs beside the folder of a database."""
    person = beside(file, SESSION).get("key_user_id", "")
    if ID.fullmatch(person):
        return SignedIn(person, None, f"{SESSION} map/@name=key_user_id")
    username = beside(file, IDENTITY).get("LAST_LOGGED_IN_USERNAME") or None
    return SignedIn(None, username, f"{IDENTITY} map/@name=LAST_LOGGED_IN_USERNAME")


def is_session(file: File) -> bool:
    """Preferences with the id of a user, as Snapchat names the key."""
    if b"key_user_id" not in file.head or b"<map" not in file.head or file.size > LONGEST:
        return False
    try:
        return bool(ID.fullmatch(preferences(file.bytes()).get("key_user_id", "")))
    except NotPreferences:
        return False


@parser("snapchat.android.account", files=["user_session_shared_pref.xml"], magic=["text/xml"], test=is_session)
def session(file: File) -> Iterator[Any]:
    """Snapchat for Android, the account that is signed in (user_session_shared_pref.xml in shared_prefs).

    Reads: id of the account.
    Not read: tokens, advertising id. A file without key_user_id is not claimed: nobody was signed in.
    Seen on: no file of a device yet. Tested on invented content.
    Source: ALEAPP, artifact snapchat (key_user_id is the sender of outgoing messages in arroyo.db).
    Tier: documented
    """
    try:
        found = preferences(file.bytes(LONGEST))
    except NotPreferences as error:
        yield Problem("damaged", f"preferences not read: {error}")
        return
    ident = found.get("key_user_id")
    if ident:
        cells = {"app": "Snapchat", "account_id": ident, "is_owner": True, "record": "map/@name=key_user_id"}
        yield from ACCOUNTS.rows([cells])


def is_user(file: File) -> bool:
    """Not a property list, despite its name; other apps have a user.plist too."""
    return file.head.startswith(TSAF) and b"user_id" in file.head


@parser("snapchat.ios.account", files=["user.plist"], test=is_user)
def user(file: File) -> Iterator[Any]:
    """Snapchat for iOS, the account that is signed in (Documents/user.plist).

    The file begins with TSAF and holds texts, each between the bytes 08 and 00; the text behind the name of a key is its value.
    No more of the format is known.

    Reads: id and user name of the account.
    Not read: keys of encryption, all else.
    Seen on: no file of a device yet. Tested on invented content.
    Source: iLEAPP, artifact snapchatAccount (verified there on fifteen devices).
    Tier: documented
    """
    ident, name = named(file.bytes(LONGEST))
    if ident is None:
        yield Problem("not_understood", "no id of a user behind user_id", record="user_id")
    if ident or name:
        cells = {"app": "Snapchat", "account_id": ident, "username": name, "is_owner": True, "record": "user_id"}
        yield from ACCOUNTS.rows([cells])


def named(content: bytes) -> tuple[str | None, str | None]:
    """Id and user name of the account in user.plist."""
    texts = [found[1].decode("utf-8", "replace") for found in STRING.finditer(content)]
    ident = next((value for key, value in pairwise(texts) if key == "user_id"), None)
    name = next((value for key, value in pairwise(texts) if key == "username"), None)
    return (ident if ident and ID.fullmatch(ident) else None), name


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of both."""
    return [session, user]
