"""Session for Android, the owner's account: the preferences of the app."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS

from ..android_preferences import LONGEST, NotPreferences, preferences
from ..android_preferences import beside as preferences_beside

PREFERENCES = "network.loki.messenger_preferences.xml"
# Beside the folder of the databases: as on the device, and as in a backup of adb.
PLACES = tuple(f"../{folder}/{PREFERENCES}" for folder in ("shared_prefs", "sp"))
ID, NAME = "pref_local_number", "pref_profile_name"
ACCOUNT_ID = re.compile(r"[0-9a-f]{66}")


class Owner(NamedTuple):
    """Whose phone it is: the account's id, only if it has the form of one, and the name the owner chose."""

    id: str | None = None
    name: str | None = None


def told(found: Mapping[str, str]) -> Owner:
    """The owner that preferences tell."""
    return Owner(found[ID] if ACCOUNT_ID.fullmatch(found.get(ID, "")) else None, found.get(NAME) or None)


def beside(file: File) -> Owner:
    """The owner, from the preferences beside the database."""
    owners = (told(preferences_beside(file, place)) for place in PLACES)
    return next((owner for owner in owners if owner.id), Owner())


def is_account(file: File) -> bool:
    """Whether these are the preferences of Session, with an account."""
    if file.name != PREFERENCES or b"<map" not in file.head or file.size > LONGEST:
        return False
    try:
        return ID in preferences(file.bytes())
    except NotPreferences:
        return False


@parser("session.android.account", magic=["text/xml"], test=is_account)
def account(file: File) -> Iterator[Any]:
    """Session for Android, the owner's account (preferences in shared_prefs).

    Reads: the account's id and the name that the owner chose.

    Not read: wrapped keys, all other settings.

    Seen on: no file of a device yet. Tested on invented values under the app's own names.

    Source: session-android, the app itself (TextSecurePreferences); ALEAPP (artifact session_account, seen there on four
    phones of Android 14 and 15).

    Tier: documented
    """
    try:
        found = preferences(file.bytes(LONGEST))
    except NotPreferences as error:
        yield Problem("hostile" if "DOCTYPE" in str(error) else "damaged", f"preferences not read: {error}")
        return
    said = [key for key in (ID, NAME) if found.get(key)]
    if said:
        row = {"app": "Session", "account_id": found.get(ID) or None, "name": found.get(NAME) or None, "is_owner": True}
        yield from ACCOUNTS.rows([row | {"record": " ".join(f"map/@name={key}" for key in said)}])


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the account."""
    return [account]
