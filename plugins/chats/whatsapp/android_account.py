"""WhatsApp for Android, preferences that name the account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS

ACCOUNT_KEYS = ("registration_jid", "push_name", "my_current_status", "ph", "cc")
NOTED = ("my_current_status", "version", "cc", "ph")
LONGEST = 4 << 20  # bytes; preferences hold some kilobytes


class NotPreferences(ValueError):
    """The content is no file of Android preferences; the text says why."""


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
    """WhatsApp for Android, the owner's account (preferences in shared_prefs).

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
    jid = found.get("registration_jid", "")
    number = jid.partition("@")[0] or (found.get("cc", "") + found.get("ph", "") if found.get("cc") else "")
    extra = {key: found[key] for key in NOTED if found.get(key)}
    yield from ACCOUNTS.rows(
        [
            {
                "app": "WhatsApp",
                "account_id": f"{number}@s.whatsapp.net" if number else None,
                "name": found.get("push_name") or None,
                "phone": f"+{number}" if number.isdigit() else found.get("ph") or None,
                "is_owner": True,
                "extra": json.dumps(extra, ensure_ascii=False) if extra else None,
                "record": " ".join(f"map/@name={key}" for key in ACCOUNT_KEYS if found.get(key)),
            }
        ]
    )


def preferences(raw: bytes) -> dict[str, str]:
    """Names and values of Android preferences. A DOCTYPE, which Android never writes, is refused: it could define entities."""
    reader = expat.ParserCreate()
    found: dict[str, str] = {}
    open_name: list[str | None] = []

    def refuse(*_: object) -> None:
        raise NotPreferences("it has a DOCTYPE")

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = attributes.get("name") if len(open_name) == 1 else None
        open_name.append(name if tag == "string" else None)
        if name is not None:
            found[name] = attributes.get("value", "")

    def end(_: str) -> None:
        open_name.pop()

    def characters(data: str) -> None:
        if open_name and open_name[-1] is not None:
            found[open_name[-1]] += data

    reader.StartDoctypeDeclHandler = refuse
    reader.StartElementHandler = start
    reader.EndElementHandler = end
    reader.CharacterDataHandler = characters
    try:
        reader.Parse(raw, True)
    except expat.ExpatError as error:
        raise NotPreferences(f"not well-formed: {error}") from error
    return found


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of account preferences."""
    return [account]
