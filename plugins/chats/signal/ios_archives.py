"""Objects that Signal for iOS keeps as archives in columns: addresses, states of recipients, quotes, groups."""

from __future__ import annotations

import base64
import plistlib
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import Problem

from ..keyed_archive import NotAnArchive, unarchived, written_out

Address = tuple[str | None, str | None]  # account and number


def unpacked(row: Mapping[str, Any], column: str) -> tuple[Any, list[Problem]]:
    """The object in a column, and a problem where it cannot be read. Keys of dictionaries that are objects are kept as pairs."""
    stored = row[column]
    if not isinstance(stored, bytes) or not stored:
        return None, []
    try:
        return paired(stored), []
    except NotAnArchive as error:
        detail = f"{error}: {stored[:32].hex()}"
        return None, [Problem("damaged", f"{column} is no readable archive", record=row["record"], detail=detail)]


def paired(blob: bytes) -> Any:
    """An archive as plain values; a dictionary whose keys are no text becomes a list of `key` and `value`."""
    try:
        archive = plistlib.loads(blob, fmt=plistlib.FMT_BINARY)
    except (ValueError, TypeError, OverflowError, RecursionError, LookupError, OSError):
        return unarchived(blob)  # says what is wrong
    found = archive.get("$objects") if isinstance(archive, dict) else None
    objects: list[Any] = found if isinstance(found, list) else []
    for at, each in enumerate(objects):
        keys, values = (each.get("NS.keys"), each.get("NS.objects")) if isinstance(each, dict) else (None, None)
        if isinstance(keys, list) and isinstance(values, list) and any(_is_object(key, objects) for key in keys):
            pairs = [{"key": key, "value": value} for key, value in zip(keys, values, strict=False)]
            objects[at] = {"NS.objects": pairs, "$class": each.get("$class")}
    return written_out(archive)


def _is_object(uid: Any, objects: list[Any]) -> bool:
    return isinstance(uid, plistlib.UID) and uid.data < len(objects) and isinstance(objects[uid.data], dict)


def address(found: Any) -> Address:
    """Account and number of a SignalServiceAddress; older archives have the number alone."""
    if isinstance(found, str):
        return None, found or None
    if not isinstance(found, dict):
        return None, None
    number = found.get("backingPhoneNumber")
    return account(found.get("backingUuid")), number if isinstance(number, str) and number else None


def account(found: Any) -> str | None:
    """An account's id: text, 16 bytes, or an NSUUID; one of 17 bytes is that of a number."""
    if isinstance(found, dict):
        found = found.get("NS.uuidbytes")
    if isinstance(found, str) and found:
        return found.lower() if len(found) == 36 else found
    if isinstance(found, bytes) and len(found) in (16, 17):
        return ("PNI:" if len(found) == 17 else "") + str(uuid.UUID(bytes=found[-16:]))
    return None


def recipient_states(found: Any) -> Iterator[tuple[Address, dict[str, Any]]]:
    """What is known of each recipient of a sent message."""
    if isinstance(found, dict) and "$class" not in found:  # numbers as keys
        found = [{"key": key, "value": value} for key, value in found.items()]
    for pair in found if isinstance(found, list) else ():
        if isinstance(pair, dict) and isinstance(pair.get("value"), dict):
            yield address(pair.get("key")), pair["value"]


def group(found: Any) -> tuple[str | None, str | None, str | None]:
    """Id (base64), name and description of a group."""
    if not isinstance(found, dict):
        return None, None, None
    raw, name, about = found.get("groupId"), found.get("groupName"), found.get("descriptionText")
    return (
        base64.b64encode(raw).decode() if isinstance(raw, bytes) and raw else None,
        name if isinstance(name, str) and name else None,
        about if isinstance(about, str) and about else None,
    )
