"""Files of Threema's backup for Android: comma-separated, quoted, with the names of the columns in the first line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from forensics import File, Problem

MAX_CELL = 16 << 20  # characters; a message has some thousands
IDENTITY = re.compile(r"[A-Z0-9*][A-Z0-9]{7}")
FLAGS = frozenset(("isoutbox", "isread", "issaved", "isstatusmessage"))
NUMBERS = frozenset((
    "posted_at", "created_at", "modified_at", "delivered_at", "read_at", "edited_at", "deleted_at", "last_update", "reacted_at",
    "groupDescTimestamp",
))  # fmt: skip


def starts_with(file: File, *names: str) -> bool:
    """Whether the first line names these columns."""
    line = file.head.partition(b"\n")[0].decode("utf-8", "replace")
    columns = {name.strip().strip('"') for name in line.lstrip("\ufeff").split(",")}
    return set(names) <= columns


def rows(file: File) -> Iterator[tuple[str, dict[str, Any]] | Problem]:
    """The lines with their places. Backslashes are doubled by the app; flags are 1 and 0; times are milliseconds."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(file.text(), newline=""))
    try:
        header = next(reader, [])
        before = reader.line_num
        for cells in reader:
            record, before = f"line {before + 1}", reader.line_num
            if cells:
                if len(cells) != len(header):
                    yield Problem("not_understood", f"{len(cells)} cells under {len(header)} columns", record=record)
                yield record, {name: value_of(name, cell) for name, cell in zip(header, cells, strict=False)}
    except csv.Error as error:
        yield Problem("damaged", f"the rest of the file was not read: {error}", record=f"line {reader.line_num}")


def value_of(name: str, cell: str) -> Any:
    """The value of a cell."""
    if name in FLAGS:
        return {"1": True, "0": False}.get(cell, cell or None)
    if name in NUMBERS and cell.isascii() and cell.isdigit() and len(cell) < 19:
        return int(cell)
    return cell.replace("\\\\", "\\") or None


def beside(file: File, name: str) -> list[dict[str, Any]]:
    """The lines of another file of the backup; none where it is missing or no text."""
    other = file.sibling(name)
    if other is None:
        return []
    try:
        return [row[1] for row in rows(other) if not isinstance(row, Problem)]
    except ValueError:
        return []


def reactor(row: dict[str, Any]) -> str | None:
    """The owner's identity, where a line of contact_reactions.csv tells it: a chat with one contact has two persons, and who
    reacted in it and is not the contact is the owner."""
    contact, who = row.get("identity"), row.get("sender_identity")
    return who if contact and isinstance(who, str) and IDENTITY.fullmatch(who) and who != contact else None


def owner(file: File) -> str | None:
    """The owner's identity; None where no reaction tells it. The file that holds it (`identity`) is encrypted."""
    other = file.sibling("contact_reactions.csv")
    try:
        found = (reactor(row[1]) for row in (rows(other) if other else ()) if not isinstance(row, Problem))
        return next(filter(None, found), None)
    except ValueError:
        return None


def name_of(contact: dict[str, Any]) -> str | None:
    """The name of a contact: as written into the address book, else the nickname the person chose."""
    given = " ".join(filter(None, (contact.get("firstname"), contact.get("lastname"))))
    return given or (f"~{contact['nick_name']}" if contact.get("nick_name") else None)


def names(file: File) -> dict[str, str]:
    """Names by identity, from contacts.csv."""
    return {str(row.get("identity")): name for row in beside(file, "contacts.csv") if (name := name_of(row))}


def group_id(row: dict[str, Any]) -> str:
    """What names a group: its id is unique for its creator only."""
    return f"{row.get('id')}-{row.get('creator')}"
