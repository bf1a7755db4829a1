"""Tango for Android, its cache of profiles: everybody whose profile the app has seen."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import CONTACTS

PROFILE = """
SELECT p.itemUserId AS person_id, p.itemFirstName AS first_name, p.itemLastName AS last_name, {p.itemStatus} AS status,
  {p.itemIsBlocked} AS blocked, {p.itemIsFriend} AS is_friend, {p.itemIsHidden} AS is_hidden,
  NULLIF({p.itemBirthday}, '') AS birthday, NULLIF({p.itemGender}, '') AS gender, NULLIF({p.itemCity}, '') AS city,
  NULLIF({p.itemGeoCountryCode}, '') AS country, NULLIF({p.itemDistance}, 0) AS distance,
  NULLIF({p.itemFriendRequestType}, '') AS friend_request_type, {p.itemFriendRequestMessage} AS friend_request_message,
  NULLIF({p.itemAvatarUrl}, '') AS picture, NULLIF({p.itemProfileType}, '') AS profile_type,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({p.itemLastActiveTime}, 0) / 1000.0, 'unixepoch') AS last_active_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({p.itemLastLocalAccessTime}, 0) / 1000.0, 'unixepoch') AS last_seen_here_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({p.itemFriendRequestTime}, 0) / 1000.0, 'unixepoch') AS friend_request_at,
  'profiletable/itemUserId=' || COALESCE(p.itemUserId, '') AS record
FROM profiletable p
"""
WORDS = ("first_name", "last_name", "status", "friend_request_message")  # base64, says plaso
KEPT = (
    "is_friend",
    "is_hidden",
    "birthday",
    "gender",
    "city",
    "country",
    "distance",
    "friend_request_type",
    "friend_request_message",
    "picture",
    "profile_type",
    "last_active_at",
    "last_seen_here_at",
    "friend_request_at",
)


@parser("tango.android.profiles", test=sqlite.has(profiletable=["itemUserId", "itemFirstName", "itemLastName"]))
def profiles(file: File) -> Iterator[Any]:
    """Tango for Android, profiles of persons that the app has seen (table profiletable).

    Names, status and the words of a request are base64 of UTF-8; a value that is not is given as stored. Not everybody is a
    friend: `is_friend` in extra says who. What the distance is measured in no source says.

    Reads: names, status, who is blocked, birthday, place, requests to be friends, when a person was last active and when the
    profile was last opened on the device (extra).

    Not read: what was fetched when, numbers of followers, what is said for dating.

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: plaso, plugin tango_android_profile (schema, which columns are base64, clock).

    Tier: documented
    """
    with file.sqlite() as db:
        yield from CONTACTS.rows(contact(row) for row in db.execute(PROFILE, every="profiletable"))


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """A profile as a row of `contacts`."""
    said = dict(row) | {name: words(row[name]) for name in WORDS}
    name = " ".join(str(part) for part in (said["first_name"], said["last_name"]) if part) or None
    return {
        "app": "Tango",
        "person_id": row["person_id"],
        "name": name,
        "note": said["status"],
        "blocked": {0: False, 1: True}.get(row["blocked"]),
        "extra": {kept: said[kept] for kept in KEPT if said[kept] is not None} or None,
        "record": row["record"],
        "state": row["state"],
    }


def words(stored: Any) -> Any:
    """The text of a value in base64; the value itself where it is none."""
    if not isinstance(stored, str) or not stored:
        return stored or None
    try:
        return base64.b64decode(stored, validate=True).decode("utf-8") or None
    except (binascii.Error, ValueError):
        return stored


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the profiles."""
    return [profiles]
