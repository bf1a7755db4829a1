"""Values that WhatsApp stores in a way of its own, as the values they stand for."""

from __future__ import annotations

import base64
import binascii
import re
import sqlite3

from forensics.sqlite import Database

PERSON = re.compile(r"(\d{5,20})(?:[.:]\d+)*@(?:s\.whatsapp\.net|c\.us)")

# A java.io.File in a Java serialization stream: its class description, which ends in `xp`, then its only field, the path, as a
# string: type code `t`, length, modified UTF-8 (Java Object Serialization Specification, 6.4).
JAVA_FILE = re.compile(rb"java\.io\.File.{8,64}?xpt(..)", re.DOTALL)


def phones_of(jid: str | None) -> list[str] | None:
    """The phone number in a person's id, `38267111222@s.whatsapp.net`; None for a group or a hidden identity (LID)."""
    found = PERSON.fullmatch(jid) if isinstance(jid, str) else None
    return [f"+{found[1]}"] if found else None


def sha256_of(stored: object) -> str | None:
    """A SHA-256 that is stored as base64, as hex; None for anything else."""
    try:
        raw = base64.b64decode(stored, validate=True)  # type: ignore[arg-type]
    except (binascii.Error, TypeError, ValueError):
        return None
    return raw.hex() if len(raw) == 32 else None


def file_in(media_data: object) -> str | None:
    """The path of the file in a serialised `com.whatsapp.MediaData`; None where it names none."""
    found = JAVA_FILE.search(media_data) if isinstance(media_data, bytes) else None
    if not found:
        return None
    length = int.from_bytes(found[1], "big")
    raw = found.string[found.end() : found.end() + length]
    return raw.decode("utf-8", "replace") if len(raw) == length > 0 else None


def rows_of(db: Database, source: str) -> int | None:
    """The number of rows; None where damage keeps it from being counted, which the queries will say."""
    try:
        return db.count(source)
    except sqlite3.DatabaseError:
        return None
