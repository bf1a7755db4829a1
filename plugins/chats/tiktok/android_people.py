"""TikTok for Android, databases db_im_contact and (before it) db_im_xx: people that the app knows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser
from forensics.tables import CONTACTS

from .content import address

COLUMNS = ("UID", "NICK_NAME", "UNIQUE_ID")
TABLES = ("IM_USER_BASE_INFO", "SIMPLE_USER")
PERSON = """
SELECT u.UID AS person_id, NULLIF(u.NICK_NAME, '') AS name, NULLIF(u.UNIQUE_ID, '') AS username,
  NULLIF({u.SIGNATURE}, '') AS note, {u.BLOCK} AS block, {u.FOLLOW_STATUS} AS follow_status,
  {u.FOLLOWER_STATUS} AS follower_status, {u.BLOCKED_BY} AS blocked_by, {u.DELETED} AS deleted,
  {u.AVATAR_THUMB} AS picture, NULLIF({u.SEC_UID}, '') AS sec_uid,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({u.UPDATE_TIME}, 0) / 1000.0, 'unixepoch') AS updated_at,
  '{table}/UID=' || COALESCE(u.UID, '') AS record
FROM {table} u
"""
KEPT = ("follow_status", "follower_status", "blocked_by", "deleted", "sec_uid", "updated_at")


def is_people(file: File) -> bool:
    """Either table, in a file of any name."""
    with file.sqlite() as db:
        return any(db.has(**{table: COLUMNS}) for table in TABLES)


@parser(
    "tiktok.android.people",
    files=["db_im_contact", "db_im_xx"],
    magic=["application/vnd.sqlite3"],
    test=is_people,
)
def people(file: File) -> Iterator[Any]:
    """TikTok for Android, people (db_im_contact; older versions db_im_xx).

    Reads: numbers, shown names, user names, whether blocked by the account; in extra the codes for who follows whom, as
    stored, when the entry was updated, the address of the picture.
    Not read: other tables.
    Seen on: no file of a device yet. Tested on invented rows in published columns.
    Source: ALEAPP, artifact tikTok (both tables).
    Tier: documented
    """
    with file.sqlite() as db:
        for table in TABLES:
            if db.has(**{table: COLUMNS}):
                rows = db.execute(PERSON.replace("{table}", table), every=table)
                yield from CONTACTS.rows(contact(row) for row in rows)


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `contacts`."""
    told = {key: row[key] for key in KEPT if row[key] is not None}
    if url := picture(row["picture"]):
        told["picture"] = url
    return {
        "app": "TikTok",
        "person_id": row["person_id"],
        "name": row["name"],
        "username": row["username"],
        "note": row["note"],
        "blocked": {0: False, 1: True}.get(row["block"]),
        "extra": told or None,
        "record": row["record"],
        "state": row["state"],
    }


def picture(stored: Any) -> str | None:
    """The first address of a picture."""
    try:
        return address(json.loads(stored)) if isinstance(stored, str | bytes) else None
    except (ValueError, RecursionError):
        return None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of both files."""
    return [people]
