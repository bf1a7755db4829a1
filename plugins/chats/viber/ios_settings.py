"""Viber for iOS, database Settings.data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, DEVICES
from forensics.times import unix_s

from .stored import as_json, phones

SETTING = """
SELECT d.key, d.value, 'Data/key=' || d.key AS record
FROM Data d WHERE d.key IS NOT NULL AND substr(d.key, 1, 1) = '_' ORDER BY d.rowid
"""
KNOWN = """
SELECT d.key FROM Data d WHERE d.key IN ('_myCanonizedPhoneNumber', '_myPhoneNumber', '_myUserName', '_registrationDate') LIMIT 1
"""
NUMBERS = ("_myCanonizedPhoneNumber", "_myPhoneNumber", "_myFormattedPhoneNumber")
ACCOUNT = (*NUMBERS, "_myUserName", "_currentEmail", "_registrationDate")
CURRENT = ("live", "wal")
NOTED = {
    "_uid": "uid",
    "_appVersion": "app_version",
    "_myPhoneNumber": "phone",
    "_myFormattedPhoneNumber": "formatted_phone",
    "_myCountryCode": "country",
    "_myCountryPhoneCode": "country_phone_code",
    "_myLanguageCode": "language",
    "_wasabiLastKnownUserLocation": "last_known_location",
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_settings(file: File) -> bool:
    """Whether this is a database of Viber's settings: its one table is named so generally that the keys must tell."""
    if not file.is_database:
        return False
    try:
        with file.sqlite() as db:
            return db.has(Data=["key", "value"]) and any(True for _ in db.execute(KNOWN))
    except sqlite3.DatabaseError:
        return False


@parser("viber.ios.settings", files=["Settings.data"], magic=["application/vnd.sqlite3"], test=is_settings)
def settings(file: File) -> Iterator[Any]:
    """Viber for iOS, the owner's account (Settings.data).

    Reads: number, name, e-mail, time of registration, user id, version of Viber, country, language, birth date and last known
    place as text; whether hidden chats have a PIN. The numbers and the id that Viber gave the device are also a row of devices.
    Values that the write-ahead log has replaced are a row of their own.

    Not read: the PIN itself, profile picture, all other settings.

    Seen on: no file of a device yet. Tested on invented rows with the published keys.

    Source: iLEAPP, viber (keys and clocks; checked there on Viber up to 23.3, iOS up to 18).

    Tier: documented
    """
    with file.sqlite() as db:
        stored = list(db.execute(SETTING))
    yield from said({str(row["key"]): row for row in stored if row["state"] in CURRENT}, "live")
    for state in sorted({row["state"] for row in stored if row["state"] not in CURRENT}):
        yield from said({str(row["key"]): row for row in stored if row["state"] == state}, state)


def said(rows: Mapping[str, Mapping[str, Any]], state: str) -> Iterator[Any]:
    """What one state of the settings says of account and device; nothing where it has no key of the account."""
    found = {key: text_of(row["value"]) for key, row in rows.items()}
    numbers = [number for key in NUMBERS if (number := found.get(key))]
    record = " ".join(rows[key]["record"] for key in ACCOUNT if key in rows)
    if not record:
        return
    place = rows.get("_wasabiLastKnownUserLocation")
    if place and isinstance(place["value"], bytes) and found["_wasabiLastKnownUserLocation"] is None:
        message = "the last known place is stored in a way that is not described"
        yield Problem("not_understood", message, record=place["record"], detail=place["value"][:64].hex())
    noted = {name: found.get(key) for key, name in NOTED.items()}
    noted["birth_date"] = day(found.get("_birthdate"))
    noted["hidden_chats_pin"] = "set" if rows.get("_hiddenChatsPINData", {}).get("value") else None
    account = {
        "app": "Viber",
        "account_id": numbers[0] if numbers else None,
        "name": found.get("_myUserName"),
        "phone": numbers[0] if numbers else None,
        "email": found.get("_currentEmail"),
        "is_owner": True,
        "created_at": seconds(found.get("_registrationDate")),
        "extra": as_json(noted),
        "record": record,
        "state": state,
    }
    yield from ACCOUNTS.rows([account], created_at=unix_s)
    device = as_json({"viber_device_id": found.get("_savedDeviceId"), "app_version": found.get("_appVersion")})
    numbers_of = {"os": "iOS", "phone_numbers": phones(*numbers[:2]), "extra": device}
    yield from DEVICES.rows([numbers_of | {"record": record, "state": state}])


def text_of(value: Any) -> str | None:
    """A setting as text; None for bytes that are none, and for what is empty."""
    if isinstance(value, bytes):
        try:
            value = value.decode("utf-8")
        except UnicodeDecodeError:
            return None
        value = None if value.startswith("bplist") else value
    return None if value is None or value == "" else str(value)


def seconds(value: str | None) -> float | None:
    """Seconds since 1970 that are stored as text."""
    try:
        return float(value) if value else None
    except ValueError:
        return None


def day(value: str | None) -> str | None:
    """The date of an instant in seconds since 1970, negative before; as stored where it is none."""
    try:
        return (EPOCH + timedelta(seconds=float(value))).date().isoformat() if value else None
    except (ValueError, OverflowError):
        return value


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of Settings.data."""
    return [settings]
