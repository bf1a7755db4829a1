"""BeReal for iOS, the account as the app cached it: disk-bereal-ProfileRepository/<hash>."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, DEVICES
from forensics.times import cocoa_s

from ..untrusted import as_json, sequence
from .cached import APP, day, holds

NOTED = (
    "isRealPeople",
    "isPrivate",
    "profileType",
    "gender",
    "countryCode",
    "region",
    "location",
    "biography",
    "realmojis",
)
MODEL = re.compile(r"(.+?) (\d+(?:\.\d+)*)")  # "iPhone 8 15.3.1"


def is_profile(file: File) -> bool:
    """A cached profile of the account: only that one names devices and the phone number."""
    return holds(file, "disk-bereal-ProfileRepository", "{", ("username", "fullname", "devices", "phoneNumber"))


@parser("bereal.ios.profile", magic=["application/json"], test=is_profile)
def profile(file: File) -> Iterator[Any]:
    """BeReal for iOS, cached profile of the account (disk-bereal-ProfileRepository).

    Times are seconds since 2001. The day of birth is in `extra`.

    Reads: the account; the devices that it is used on, with version of the system and of the app.
    Not read: the other caches of BeReal (friends, posts, comments, chats: bereal-chat.sqlite).
    Seen on: BeReal 1.1.0 on an iPhone with iOS 15.
    Source: iLEAPP, artifact BeReal.
    Tier: proven
    """
    document = file.json()
    person = document.get("object") if isinstance(document, dict) else None
    if not isinstance(person, dict):
        yield Problem("not_understood", "no profile under `object`")
        return
    if person:
        yield from ACCOUNTS.rows([account(person)], created_at=cocoa_s)
    for number, used in enumerate(sequence(person.get("devices"))):
        place = f"$.object.devices[{number}]"
        if isinstance(used, dict):
            yield from DEVICES.rows([device(used) | {"record": place}])
        else:
            yield Problem("not_understood", "a device that is no object", record=place)


def account(person: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `accounts`."""
    picture = person.get("profilePicture")
    noted = {name: person.get(name) for name in NOTED}
    noted["born"] = day(person.get("birthDate"))
    noted["picture"] = picture.get("url") if isinstance(picture, dict) else None
    return {
        "app": APP,
        "account_id": person.get("id"),
        "name": person.get("fullname") or None,
        "phone": person.get("phoneNumber"),
        "username": person.get("username"),
        "is_owner": True,
        "created_at": person.get("createdAt"),
        "extra": as_json(noted),
        "record": "$.object",
    }


def device(used: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `devices`: model and version of the system are one text."""
    named = used.get("device")
    parts = MODEL.fullmatch(named) if isinstance(named, str) else None
    return {
        "model": parts[1] if parts else named,
        "os": used.get("platform"),
        "os_version": parts[2] if parts else None,
        "timezone": used.get("timezone"),
        "extra": as_json({"app": APP} | {name: used.get(name) for name in ("deviceId", "clientVersion", "language")}),
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the cached profile."""
    return [profile]
