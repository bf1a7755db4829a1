"""WhatsApp for Android, database wa.db."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import CONTACTS

from .android_account import account_beside
from .stored import phones_of
from .which_app import WHATSAPP, app_of, asked

# A name that the person chose is marked with ~, as WhatsApp does: anybody may choose any name.
CONTACT = """
SELECT '{app}' AS app, {account} AS account_id, c.jid AS person_id,
  COALESCE(NULLIF({c.display_name}, ''), '~' || NULLIF(c.wa_name, ''), NULLIF({verified.verified_name}, ''),
           NULLIF({c.given_name}, '')) AS name,
  NULLIF({c.number}, '') AS number, NULLIF({c.status}, '') AS note,
  CASE WHEN blocked.jid IS NOT NULL THEN 1 END AS blocked,
  NULLIF(json_patch('{}', json_object('chosen_name', CAST(NULLIF(c.wa_name, '') AS TEXT),
    'verified_name', CAST({verified.verified_name} AS TEXT), 'nickname', CAST(NULLIF({c.nickname}, '') AS TEXT),
    'company', CAST(NULLIF({c.company}, '') AS TEXT), 'title', CAST(NULLIF({c.title}, '') AS TEXT),
    'uses_whatsapp', CAST({c.is_whatsapp_user} AS INTEGER),
    'status_at', strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({c.status_timestamp}, 0) / 1000, 'unixepoch'),
    'group_creator', CAST(settings.creator_jid AS TEXT), 'group_description', CAST(about.description AS TEXT),
    'group_described_by', CAST(about.description_setter_jid AS TEXT))), '{}') AS extra,
  'wa_contacts/_id=' || c.rowid AS record
FROM wa_contacts c
LEFT JOIN (SELECT v.jid, MAX(v.verified_name) AS verified_name FROM wa_vnames v GROUP BY v.jid) verified ON verified.jid = c.jid
LEFT JOIN (SELECT b.jid FROM wa_block_list b GROUP BY b.jid) blocked ON blocked.jid = c.jid
LEFT JOIN (SELECT s.jid, MAX({s.creator_jid}) AS creator_jid FROM wa_group_admin_settings s GROUP BY s.jid) settings
  ON settings.jid = c.jid
LEFT JOIN (
  SELECT d.jid, MAX({d.description}) AS description, MAX({d.description_setter_jid}) AS description_setter_jid
  FROM wa_group_descriptions d GROUP BY d.jid
) about ON about.jid = c.jid
"""
BLOCKED = """
SELECT '{app}' AS app, {account} AS account_id, b.jid AS person_id, 1 AS blocked, 'wa_block_list/jid=' || b.jid AS record
FROM wa_block_list b LEFT JOIN wa_contacts c ON c.jid = b.jid WHERE c.jid IS NULL
"""


@parser("whatsapp.android.contacts", files=["wa.db"], test=sqlite.has(wa_contacts=["jid", "wa_name"]))
def contacts(file: File) -> Iterator[Any]:
    """WhatsApp for Android, contacts (wa.db), also of WhatsApp Business.

    Reads: contacts and groups with the name of the address book, the name they chose (marked ~), the verified name, number,
    about text; who is blocked; creator and description of groups. One person may have several rows, one per entry of the
    address book.

    Not read: profiles of businesses, pictures, when settings changed.

    Seen on: no file of a device yet. Tested on invented rows in the columns of a wa.db of 2021 (user_version 44).

    Source: IPED (columns); order of names as WhatsApp shows them.

    Tier: documented
    """
    app, account = app_of(file) or WHATSAPP, account_beside(file)
    with file.sqlite() as db:
        for query, every in ((CONTACT, "wa_contacts"), (BLOCKED, None)):
            rows = asked(db, query, app, every=every, account=account)
            yield from CONTACTS.rows(contact(row) for row in rows)


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the query as a row of `contacts`."""
    cells = dict(row)
    number = cells.pop("number", None)
    cells["phones"] = [number] if number else phones_of(cells["person_id"])
    return cells


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of wa.db."""
    return [contacts]
