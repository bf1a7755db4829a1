"""Signal for Android, the owner's account: signal-key-value.db, and before 2022 the preferences of the app."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS

from ..android_preferences import LONGEST, NotPreferences, preferences
from ..android_preferences import beside as preferences_beside
from .stored import APP, known

STORE = "signal-key-value.db"
PREFERENCES = "org.thoughtcrime.securesms_preferences.xml"
# Beside the folder of the databases: as on the device, and as in a backup of adb.
PLACES = tuple(f"../{folder}/{PREFERENCES}" for folder in ("shared_prefs", "sp"))
IN_STORE = {"aci": "account.aci", "number": "account.e164", "username": "account.username", "pni": "account.pni"}
IN_PREFERENCES = {"aci": "pref_local_uuid", "number": "pref_local_number"}
ACI = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
NUMBER = re.compile(r"\+[0-9]{5,20}")
VALUES = "SELECT k.key, k.value, 'key_value/key=' || k.key AS record FROM key_value k WHERE k.key LIKE 'account.%'"


class Owner(NamedTuple):
    """Whose phone it is: the account's id (a UUID) and phone number, each only if it has the form of one."""

    aci: str | None = None
    number: str | None = None

    @classmethod
    def told(cls, found: Mapping[str, Any], names: Mapping[str, str]) -> Owner:
        """The owner that values under these names tell."""
        aci, number = str(found.get(names["aci"])), str(found.get(names["number"]))
        return cls(
            aci.lower() if ACI.fullmatch(aci) else None,
            number if NUMBER.fullmatch(number) else None,
        )


def beside(file: File, clear: Callable[[File], File | None] = lambda store: store) -> Owner:
    """The owner, from what lies beside signal.db. `clear`: takes the cipher off the store, which the app encrypts as well."""
    store = file.sibling(STORE)
    store = clear(store) if store else None
    owner = Owner.told(in_force(store), IN_STORE) if store else Owner()
    for place in PLACES:
        owner = owner if any(owner) else Owner.told(preferences_beside(file, place), IN_PREFERENCES)
    return owner


def in_force(store: File) -> dict[str, Any]:
    """The values of a store that hold today; none where it is no store, or one that cannot be read."""
    try:
        with store.sqlite() as db:
            rows = db.execute(VALUES) if db.has(key_value=["key", "value", "type"]) else ()
            return {str(row["key"]): row["value"] for row in rows if row["state"] in ("live", "wal")}
    except sqlite3.DatabaseError:
        return {}


def is_account(file: File) -> bool:
    """A store or preferences that name an account of Signal's."""
    if file.is_database:
        return any(name in in_force(file) for name in IN_STORE.values())
    if file.name != PREFERENCES or b"<map" not in file.head or file.size > LONGEST:
        return False
    try:
        return bool(set(IN_PREFERENCES.values()) & preferences(file.bytes()).keys())
    except NotPreferences:
        return False


@parser("signal.android.account", magic=["application/vnd.sqlite3", "text/xml"], test=is_account)
def account(file: File) -> Iterator[Any]:
    """Signal for Android, the owner's account: signal-key-value.db in clear, and preferences from before 2022.

    The app encrypts the database as it does signal.db: signal.encrypted opens it with the same key and hands it on here.

    Reads: the account's id (ACI), phone number, user name and second id (PNI).
    Not read: keys, passwords, all other values and settings.
    Seen on: no file of the app; invented values under its own names.
    Source: signalapp/Signal-Android (KeyValueDatabase; AccountValues, also for where the values were before).
    Tier: documented
    """
    if file.is_database:
        found, names, place = in_force(file), IN_STORE, "key_value/key="
    else:
        names, place = IN_PREFERENCES, "map/@name="
        try:
            found = preferences(file.bytes(LONGEST))
        except NotPreferences as error:
            yield Problem("hostile" if "DOCTYPE" in str(error) else "damaged", f"preferences not read: {error}")
            return
    owner = Owner.told(found, names)
    said = {name: found[key] for name, key in names.items() if found.get(key)}
    if not said:
        return
    row = {
        "app": APP,
        "account_id": owner.aci or owner.number,
        "phone": said.get("number"),
        "username": said.get("username"),
        "is_owner": True,
        "extra": known({"pni": said.get("pni"), "aci": None if owner.aci else said.get("aci")}),
        "record": " ".join(place + names[name] for name in said),
    }
    yield from ACCOUNTS.rows([row])


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the account."""
    return [account]
