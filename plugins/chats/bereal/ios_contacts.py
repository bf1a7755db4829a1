"""BeReal for iOS, the address book as the app cached it: disk-bereal-RelationshipsContactsManager-contact/<hash>."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import CONTACTS

from ..untrusted import as_json
from .cached import APP, holds


def is_contacts(file: File) -> bool:
    """A cached list of contacts."""
    folder = "disk-bereal-RelationshipsContactsManager-contact"
    return holds(file, folder, "[", ("phoneNumberHashed", "phoneNumbersFormatted", "familyName"))


@parser("bereal.ios.contacts", magic=["application/json"], test=is_contacts)
def contacts(file: File) -> Iterator[Any]:
    """BeReal for iOS, cached address book (disk-bereal-RelationshipsContactsManager-contact).

    These are the contacts of the device as BeReal has read them to find friends, whether or not they use it.

    Reads: names, numbers; the hashes of numbers that BeReal sends, nickname and organisation are in `extra`.
    Not read: pictures of contacts (`has_photo` in `extra`).
    Seen on: BeReal 1.1.0 on an iPhone with iOS 15 (4 contacts). The full name and the picture of version 2 are from iLEAPP.
    Source: iLEAPP, artifact BeReal.
    Tier: proven
    """
    document = file.json()
    listed = document.get("object") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        yield Problem("not_understood", "no list of contacts under `object`")
        return
    for number, person in enumerate(listed):
        place = f"$.object[{number}]"
        if isinstance(person, dict):
            yield from CONTACTS.rows([contact(person) | {"record": place}])
        else:
            yield Problem("not_understood", "a contact that is no object", record=place)


def contact(person: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `contacts`."""
    parts = [person.get(name) for name in ("givenName", "middleName", "familyName")]
    joined = " ".join(part for part in parts if isinstance(part, str) and part)
    noted = {
        "nickname": person.get("nickName"),
        "organization": person.get("organizationName"),
        "formatted": person.get("phoneNumbersFormatted"),
        "sha256_of_numbers": person.get("phoneNumberHashed"),
        "has_photo": True if person.get("photo") else None,
    }
    return {
        "app": APP,
        "name": person.get("completeName") or joined or None,
        "phones": person.get("phoneNumbers") or None,
        "extra": as_json(noted),
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of cached contacts."""
    return [contacts]
