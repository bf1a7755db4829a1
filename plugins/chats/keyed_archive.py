"""Objects that an Apple app has written with NSKeyedArchiver, as plain values.

An archive is a property list: `$objects` lists all objects, which name each other by number (UID); `$top` names the first.
Dictionaries and arrays keep what they hold in `NS.keys` and `NS.objects` (sets also in `NS.object.0` and so on), text in
`NS.string`, bytes in `NS.data`, dates in `NS.time` (seconds since 2001).
"""

from __future__ import annotations

import plistlib
import re
from collections.abc import Mapping
from typing import Any

MAX_VALUES = 5_000_000  # one object may be named from many places: written out, a small archive can become endless
MAX_DEPTH = 64
MAX_BITS = 128  # of a number; a longer one, which only damage makes, is given as hexadecimal text
NUMBERED = re.compile(r"NS\.object\.(\d{1,9})")


class NotAnArchive(ValueError):
    """Bytes that are no archive, or one that contains itself, or is too deep or too large when written out."""


def unarchived(data: bytes) -> Any:
    """What an archive holds: dict, list, text, bytes, numbers, None; dates as seconds since 2001.

    An object of the app's own is a dict of its fields, its class under `$class`. Raises `NotAnArchive`.
    """
    try:
        archive = plistlib.loads(data, fmt=plistlib.FMT_BINARY)
    except (ValueError, TypeError, OverflowError, RecursionError, LookupError, OSError) as error:
        raise NotAnArchive(f"not a readable property list: {error!r}") from error
    return written_out(archive)


def written_out(archive: Any) -> Any:
    """The same for a property list that has been read already. Raises `NotAnArchive`."""
    objects = archive.get("$objects") if isinstance(archive, Mapping) else None
    top = archive.get("$top") if isinstance(archive, Mapping) else None
    if not isinstance(objects, list) or not isinstance(top, Mapping) or not top:
        raise NotAnArchive("a property list, but no archive")
    return _Archive(objects).value(top.get("root", next(iter(top.values()))), 0)


def field_name(name: Any) -> str:
    """The name of a field; of one that damage has made of something else, what that is."""
    return name if isinstance(name, str) else f"({type(name).__name__})"


class _Archive:
    """The objects of an archive, and how many values have been written out of it."""

    def __init__(self, objects: list[Any]) -> None:
        self.objects = objects
        self.values = 0
        self.known: dict[int, tuple[Any, int]] = {}  # objects written out already, and how many values each is

    def value(self, stored: Any, depth: int) -> Any:
        self.count(1)
        if depth > MAX_DEPTH:
            raise NotAnArchive(f"deeper than {MAX_DEPTH}: it may contain itself")
        if isinstance(stored, plistlib.UID):
            return self.named(stored, depth + 1)
        if isinstance(stored, list):
            return [self.value(item, depth + 1) for item in stored]
        if isinstance(stored, dict):
            return self.instance({field_name(name): value for name, value in stored.items()}, depth + 1)
        if isinstance(stored, int) and stored.bit_length() > MAX_BITS:
            return hex(stored)
        return None if stored == "$null" else stored

    def named(self, uid: plistlib.UID, depth: int) -> Any:
        """The object of that number, written out once however often it is named."""
        if uid.data not in self.known:
            before = self.values
            value = self.value(self.object(uid), depth)
            self.known[uid.data] = value, self.values - before
        else:
            self.count(self.known[uid.data][1])
        return self.known[uid.data][0]

    def count(self, values: int) -> None:
        self.values += values
        if self.values > MAX_VALUES:
            raise NotAnArchive(f"more than {MAX_VALUES:,} values when written out")

    def object(self, uid: plistlib.UID) -> Any:
        if uid.data >= len(self.objects):
            raise NotAnArchive(f"object {uid.data} of {len(self.objects)}")
        return self.objects[uid.data]

    def instance(self, fields: dict[str, Any], depth: int) -> Any:
        """An object that has a class: of the kinds that Foundation brings as what it stands for, any other as its fields."""
        if isinstance(fields.get("NS.keys"), list) and isinstance(fields.get("NS.objects"), list):
            keys, values = (self.value(fields[name], depth) for name in ("NS.keys", "NS.objects"))
            return {str(key): value for key, value in zip(keys, values, strict=False)}
        for name in ("NS.objects", "NS.string", "NS.data", "NS.time", "NS.bytes"):
            if name in fields:
                return self.value(fields[name], depth)
        numbered = sorted((int(m[1]), name) for name in fields if (m := NUMBERED.fullmatch(name)))
        if numbered:
            return [self.value(fields[name], depth) for _, name in numbered]
        found = {name: self.value(value, depth) for name, value in fields.items() if name != "$class"}
        return {"$class": self.class_of(fields), **found}

    def class_of(self, fields: dict[str, Any]) -> str | None:
        named = fields.get("$class")
        described = self.object(named) if isinstance(named, plistlib.UID) else None
        return described.get("$classname") if isinstance(described, dict) else None
