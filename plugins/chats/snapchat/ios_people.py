"""Snapchat for iOS, primary.docobjects: the people that the app knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import CONTACTS

# Each document has its row; user names stand in tables of their own, in the row of the same number.
PERSON = """
SELECT s.userId AS person_id, s.p AS document, {n.username} AS username, {c.mutableUsername} AS mutable_username,
  {l.legacyUsername} AS legacy_username, 'snapchatter/userId=' || COALESCE(s.userId, '') AS record
FROM {schema}snapchatter s
LEFT JOIN {schema}index_snapchatterusername n ON n.rowid = s.rowid
LEFT JOIN {schema}index_snapchattermutableUsername c ON c.rowid = s.rowid
LEFT JOIN {schema}index_snapchatterlegacyUsername l ON l.rowid = s.rowid
"""
MOST = 200_000  # persons whose names are held at once
USER_ID, DISPLAY_NAME = 0, 2  # fields of the document (FlatBuffers, no published schema)


@parser("snapchat.ios.people", files=["primary.docobjects"], test=sqlite.has(snapchatter=["userId", "p"]))
def people(file: File) -> Iterator[Any]:
    """Snapchat for iOS, primary.docobjects: people that the app knows, friends or not, the account among them.

    The display name is read from the document only where the document's first field is the id of its row; where it is not, a
    problem says so and the name stays empty.

    Reads: ids, user names (the present one, else the first), display names.
    Not read: whether somebody is a friend, blocked or the account; all other fields of the documents.
    Seen on: no file of a device yet. Tested on invented documents.
    Source: iLEAPP, artifact snapchatFriends (tables, fields of the document, verified there on thirteen devices).
    Tier: documented
    """
    with file.sqlite() as db:
        for row in db.execute(PERSON.replace("{schema}", ""), every="snapchatter"):
            name, fault = display_name(row["document"], row["person_id"])
            if fault:
                yield Problem("not_understood", f"document of a person: {fault}", record=row["record"])
            yield from CONTACTS.rows([contact(row, name)])


def names(db: Database, schema: str) -> dict[Any, str]:
    """Names by id, where the database is attached: the display name, else the user name."""
    found: dict[Any, str] = {}
    if db.has(**{f"{schema}.snapchatter": ["userId", "p"]}):
        for row in db.execute(f"{PERSON} LIMIT {MOST}".replace("{schema}", f"{schema}.")):
            name = display_name(row["document"], row["person_id"])[0] or username(row)
            if isinstance(name, str):
                found[row["person_id"]] = name
    return found


def username(row: Mapping[str, Any]) -> Any:
    """The present user name, else the first."""
    return row["mutable_username"] or row["username"] or row["legacy_username"]


def contact(row: Mapping[str, Any], name: str | None) -> dict[str, Any]:
    """A row of `contacts`."""
    present = username(row)
    names = {key: row[key] for key in ("username", "legacy_username") if row[key] and row[key] != present}
    return {
        "app": "Snapchat",
        "person_id": row["person_id"],
        "name": name,
        "username": present,
        "extra": names or None,
        "record": row["record"],
        "state": row["state"],
    }


def display_name(document: Any, person: Any) -> tuple[str | None, str | None]:
    """The name in a document, or why it is not read."""
    if not isinstance(document, bytes):
        return None, "no bytes"
    found = field(document, USER_ID)
    if found is None or found != person:
        return None, "its first field is not the id of its row"
    return field(document, DISPLAY_NAME) or None, None


def field(document: bytes, number: int) -> str | None:
    """A text field of a FlatBuffers table, by way of its table of offsets. Source: https://flatbuffers.dev/internals/"""
    table = whole(document, 0, 4)
    back = whole(document, table, 4, signed=True)
    offsets = table - back
    size = whole(document, offsets, 2)
    if min(table, offsets) < 0 or 4 + 2 * number + 2 > size:
        return None
    there = whole(document, offsets + 4 + 2 * number, 2)
    if there <= 0:
        return None
    at = table + there
    start = at + whole(document, at, 4)
    length = whole(document, start, 4)
    text = document[start + 4 : start + 4 + length] if start > 0 and length >= 0 else b""
    if len(text) != length:
        return None
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return None


def whole(document: bytes, at: int, size: int, signed: bool = False) -> int:
    """A whole number at a place; -1 where the place is not inside."""
    if at < 0 or at + size > len(document):
        return -1
    return int.from_bytes(document[at : at + size], "little", signed=signed)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of primary.docobjects."""
    return [people]
