"""WhatsApp for iOS, database ContactsV2.sqlite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import CONTACTS

from .which_app import WHATSAPP, app_of

# Text may be stored as BLOB. An id may lack its suffix. The label of a number is in Apple's spelling, `_$!<Mobile>!$_`.
CONTACT = """
SELECT CAST(c.ZWHATSAPPID AS TEXT) AS whatsapp_id, NULLIF(CAST({c.ZLID} AS TEXT), '') AS lid,
  COALESCE(NULLIF(CAST({c.ZFULLNAME} AS TEXT), ''), NULLIF(CAST({c.ZBUSINESSNAME} AS TEXT), ''),
           NULLIF(CAST({c.ZGIVENNAME} AS TEXT), '')) AS name,
  NULLIF(CAST({c.ZPHONENUMBER} AS TEXT), '') AS phone, NULLIF(CAST({c.ZLOCALIZEDPHONENUMBER} AS TEXT), '') AS localized_phone,
  NULLIF(CAST({c.ZUSERNAME} AS TEXT), '') AS username,
  COALESCE(NULLIF(CAST({c.ZNOTES} AS TEXT), ''), NULLIF(CAST({c.ZABOUTTEXT} AS TEXT), '')) AS note,
  NULLIF(json_patch('{}', json_object(
    'lid', NULLIF(CAST({c.ZLID} AS TEXT), ''), 'identifier', CAST({c.ZIDENTIFIER} AS TEXT),
    'phone_label', replace(replace(CAST({c.ZPHONENUMBERLABEL} AS TEXT), '_$!<', ''), '>!$_', ''),
    'business_name', NULLIF(CAST({c.ZBUSINESSNAME} AS TEXT), ''), 'about', NULLIF(CAST({c.ZABOUTTEXT} AS TEXT), ''),
    'about_at', strftime('%Y-%m-%dT%H:%M:%SZ', {c.ZABOUTTIMESTAMP} + 978307200, 'unixepoch'),
    'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', {c.ZLASTUPDATED} + 978307200, 'unixepoch'),
    'disappearing_s', CAST(NULLIF({c.ZDISAPPEARINGMODEDURATION}, 0) AS INTEGER),
    'phone_status', CAST({c.ZPHONESTATUS} AS INTEGER))), '{}') AS extra,
  'ZWAADDRESSBOOKCONTACT/Z_PK=' || c.Z_PK AS record
FROM ZWAADDRESSBOOKCONTACT c
"""


@parser(
    "whatsapp.ios.contacts",
    files=["ContactsV2.sqlite"],
    test=sqlite.has(ZWAADDRESSBOOKCONTACT=["ZFULLNAME", "ZWHATSAPPID"]),
)
def contacts(file: File) -> Iterator[Any]:
    """WhatsApp for iOS, contacts (ContactsV2.sqlite), also of WhatsApp Business.

    Reads: names, numbers, ids (the phone identity, and the hidden one in extra), user names, about texts with their times, and
    settings for disappearing messages. Contacts without WhatsApp are in it too: they have no id.

    Not read: pictures, lists of devices, words for the app's search.

    Seen on: ContactsV2.sqlite of an iPhone with iOS 15 (9 contacts) and one of a backup test with newer columns.

    Source: schema of the named databases; iLEAPP and MVT.

    Tier: proven
    """
    app = app_of(file) or WHATSAPP
    with file.sqlite() as db:
        yield from CONTACTS.rows(contact(row, app) for row in db.execute(CONTACT, every="ZWAADDRESSBOOKCONTACT"))


def contact(row: Mapping[str, Any], app: str) -> dict[str, Any]:
    """A row of the query as a row of `contacts`."""
    whatsapp_id, lid = row["whatsapp_id"], row["lid"]
    if whatsapp_id and "@" not in whatsapp_id:
        whatsapp_id += "@s.whatsapp.net"
    numbers = [row["phone"], row["localized_phone"]]
    return {
        "app": app,
        "person_id": whatsapp_id or lid,
        "name": row["name"],
        "phones": list(dict.fromkeys(n for n in numbers if n)) or None,
        "username": row["username"],
        "note": row["note"],
        "extra": row["extra"],
        "record": row["record"],
        "state": row["state"],
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of ContactsV2.sqlite."""
    return [contacts]
