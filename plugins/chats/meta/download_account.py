"""Whose a download of Facebook or Instagram is: profile_information.json, personal_information.json."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.evidence.file import DocumentError
from forensics.tables import ACCOUNTS
from forensics.times import unix_s

from ..untrusted import at, mapping, words
from .stored import as_json, objects, repaired, repaired_text

FACEBOOK = ("profile_v2", "profile")  # the second in downloads of before 2020
INSTAGRAM = "profile_user"
# From the folder of a thread (messages/inbox/name_1) to the root of the download is three or four folders, by its age.
PLACES = tuple(
    f"{up}/{path}"
    for up in ("../../../..", "../../..")
    for path in (
        "personal_information/profile_information/profile_information.json",
        "profile_information/profile_information.json",
        "personal_information/personal_information/personal_information.json",
        "personal_information/personal_information.json",
    )
)
USED = ("name", "username", "registration_timestamp")


def is_profile(file: File) -> bool:
    """A profile under one of the names that downloads give it; the oldest name says too little without that of the file."""
    marks = [name for name in (*FACEBOOK, INSTAGRAM) if f'"{name}"'.encode() in file.head]
    if not marks or (marks == ["profile"] and file.name.lower() != "profile_information.json"):
        return False
    try:
        return bool(profile(file.json())[0])
    except DocumentError:
        return False


def profile(data: Any) -> tuple[dict[str, Any], str, str]:
    """The profile of a download, the service, and its place; an empty one where there is none."""
    held = mapping(data)
    for name in FACEBOOK:
        found = held.get(name)
        if isinstance(found, dict) and facebook_name(found):
            return found, "Facebook", f"$.{name}"
    users = objects(held.get(INSTAGRAM))
    values = labelled(users[0]) if users else {}
    return values, "Instagram", f"$.{INSTAGRAM}[0].string_map_data"


def facebook_name(found: Mapping[str, Any]) -> str | None:
    """The full name, which the oldest downloads have as plain text."""
    name = found.get("name")
    full = name.get("full_name") if isinstance(name, dict) else name
    return words(full)


def labelled(user: Mapping[str, Any]) -> dict[str, str]:
    """Values of Instagram's profile by their labels, which are in the language of the account."""
    held = user.get("string_map_data")
    values = {label: at(part, "value") for label, part in held.items()} if isinstance(held, dict) else {}
    return {repaired_text(label): value for label, value in values.items() if isinstance(value, str) and value}


def owner_among(file: File, persons: Iterable[str]) -> str | None:
    """Which of the persons in a thread has made the download; None where its profile has the name of none, or of several."""
    there = Counter(persons)
    for place in PLACES:
        beside = file.sibling(place)
        try:
            found, service, _ = profile(repaired(beside.json())) if beside else ({}, "", "")
        except DocumentError:
            continue
        if found:
            own = [facebook_name(found)] if service == "Facebook" else found.values()
            mine = [name for name in there if name in own]
            return mine[0] if len(mine) == 1 and there[mine[0]] == 1 else None
    return None


@parser(
    "meta.download.account",
    files=["profile_information.json", "personal_information.json"],
    magic=["application/json"],
    test=is_profile,
)
def account(file: File) -> Iterator[Any]:
    """Facebook and Instagram, "Download your information" in JSON: the account.

    Labels of Instagram's profile are in the language of the account: where they are not English, all is in extra alone.

    Reads: name, user name, e-mail address, Instagram's number; when a Facebook account was made; in extra the rest.
    Not read: other files of personal information.
    Seen on: no download of the services themselves yet. Tested on invented files in the published shape.
    Source: public readers of downloads (places and names of the fields, both services, since 2018).
    Tier: documented
    """
    found, service, place = profile(repaired(file.json()))
    if not found:
        yield Problem("not_understood", "no profile")
        return
    shared = {"app": service, "is_owner": True, "record": place}
    own = of_instagram(found) if service == "Instagram" else of_facebook(found)
    yield from ACCOUNTS.rows([{**shared, **own}], created_at=unix_s)


def of_facebook(found: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a profile of Facebook. Messages know the account by its name only."""
    emails = at(found, "emails", "emails")
    return {
        "account_id": facebook_name(found),
        "name": facebook_name(found),
        "username": found.get("username"),
        "email": emails[0] if isinstance(emails, list) and emails else None,
        "created_at": found.get("registration_timestamp"),
        "extra": as_json({key: value for key, value in found.items() if key not in USED}),
    }


def of_instagram(found: Mapping[str, str]) -> dict[str, Any]:
    """The columns of a profile of Instagram."""
    return {
        "account_id": found.get("Name") or found.get("Username"),
        "name": found.get("Name"),
        "username": found.get("Username"),
        "email": found.get("Email"),
        "phone": found.get("Phone Number"),
        "extra": as_json(found),
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the profile."""
    return [account]
