"""WhatsApp for Android, preferences that name the account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS

from ..android_preferences import LONGEST, NotPreferences, beside, preferences
from .stored import PERSON
from .which_app import WHATSAPP, app_of

ACCOUNT_KEYS = ("registration_jid", "push_name", "my_current_status", "ph", "cc")
NOTED = ("my_current_status", "version", "cc", "ph")
# Beside the folder of the databases: as on the device, and as in a backup of adb.
PLACES = tuple(
    f"../{folder}/{name}.xml"
    for folder in ("shared_prefs", "sp")
    for name in (
        "com.whatsapp_preferences_light",
        "com.whatsapp_preferences",
        "com.whatsapp.w4b_preferences_light",
        "com.whatsapp.w4b_preferences",
        "startup_prefs",
        "registration.RegisterPhone",
    )
)


def is_account(file: File) -> bool:
    """Whether these are preferences of Android that name a WhatsApp account."""
    if b"<map" not in file.head or file.size > LONGEST:
        return False
    try:
        found = preferences(file.bytes())
    except NotPreferences:
        return False
    return "registration_jid" in found or ("ph" in found and bool({"cc", "push_name"} & found.keys()))


@parser("whatsapp.android.account", magic=["text/xml"], test=is_account)
def account(file: File) -> Iterator[Any]:
    """WhatsApp for Android, the owner's account (preferences in shared_prefs), also of WhatsApp Business.

    Reads: id, phone number, chosen name and about text of the account, with the version of WhatsApp.

    Not read: all other settings.

    Seen on: com.whatsapp_preferences.xml of 2021, made anonymous.

    Source: IPED and ALEAPP (names of the keys).

    Tier: proven
    """
    try:
        found = preferences(file.bytes(LONGEST))
    except NotPreferences as error:
        yield Problem("hostile" if "DOCTYPE" in str(error) else "damaged", f"preferences not read: {error}")
        return
    if not any(found.get(key) for key in ACCOUNT_KEYS):
        return
    number = number_in(found)
    extra = {key: found[key] for key in NOTED if found.get(key)}
    yield from ACCOUNTS.rows(
        [
            {
                "app": app_of(file) or WHATSAPP,
                "account_id": f"{number}@s.whatsapp.net" if number else None,
                "name": found.get("push_name") or None,
                "phone": f"+{number}" if number.isdigit() else found.get("ph") or None,
                "is_owner": True,
                "extra": json.dumps(extra, ensure_ascii=False) if extra else None,
                "record": " ".join(f"map/@name={key}" for key in ACCOUNT_KEYS if found.get(key)),
            }
        ]
    )


def number_in(found: Mapping[str, str]) -> str:
    """The owner's number with the code of its country, empty where the preferences do not say it."""
    jid = found.get("registration_jid", "")
    return jid.partition("@")[0] or (found.get("cc", "") + found.get("ph", "") if found.get("cc") else "")


def account_beside(file: File) -> str | None:
    """The owner's id, from the preferences of the app whose database this is."""
    ids = (f"{number_in(beside(file, place))}@s.whatsapp.net" for place in PLACES)
    return next((found for found in ids if PERSON.fullmatch(found)), None)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of account preferences."""
    return [account]
