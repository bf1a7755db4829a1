"""Zangi for iOS: databases zangidb*.sqlite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CONTACTS, MESSAGES, PARTICIPANTS
from forensics.times import cocoa_s

NAME = (
    "COALESCE(NULLIF(trim({c.ZDISPLAYNAME}), ''),"
    " NULLIF(trim(COALESCE({c.ZFIRSTNAME}, '') || ' ' || COALESCE({c.ZLASTNAME}, '')), ''))"
)
# One number can belong to several entries of the address book: one name for each, so that no message comes twice.
PEOPLE = f"""
WITH links AS MATERIALIZED (<LINKS>),
people AS MATERIALIZED (
  SELECT n.Z_PK AS pk, COALESCE(NULLIF(MIN(n.ZFULLNUMBER), ''), 'ZCONTACTNUMBER/Z_PK=' || n.Z_PK) AS person_id,
    MIN({NAME}) AS name
  FROM ZCONTACTNUMBER n LEFT JOIN links ON links.number = n.Z_PK LEFT JOIN ZCONTACT c ON c.Z_PK = links.contact
  GROUP BY n.Z_PK
),
groups AS MATERIALIZED (
  SELECT g.ZCONVERSATION AS chat, MIN(NULLIF(g.ZUID, '')) AS id, MIN(NULLIF(trim({{p.ZNAME}}), '')) AS name
  FROM ZGROUP g LEFT JOIN ZGROUPPROFILE p ON {{p.ZGROUP}} = g.Z_PK GROUP BY g.ZCONVERSATION
),
chats AS MATERIALIZED (
  SELECT v.Z_PK AS pk, COALESCE(groups.id, NULLIF({{v.ZGROUPUID}}, ''), NULLIF(CAST({{v.ZUID}} AS TEXT), ''),
    'ZCONVERSATION/Z_PK=' || v.Z_PK) AS chat_id,
         COALESCE(groups.name, NULLIF(trim({{v.ZGROUPNAME}}), ''), people.name, people.person_id) AS chat_name,
         CASE WHEN groups.chat IS NOT NULL OR {{v.ZGROUPUID}} <> '' THEN 'group' WHEN v.ZMEMBER IS NOT NULL
           THEN 'direct' END AS chat_kind,
         people.person_id AS partner_id, people.name AS partner_name
  FROM ZCONVERSATION v LEFT JOIN groups ON groups.chat = v.Z_PK LEFT JOIN people ON people.pk = v.ZMEMBER
  GROUP BY v.Z_PK
),
owner AS MATERIALIZED (SELECT MIN(NULLIF({{o.ZNUMBER}}, '')) AS account_id FROM ZUSER o)"""
KINDS = """CASE m.ZTYPE WHEN 0 THEN 'text' WHEN 1 THEN 'image' WHEN 2 THEN 'video' WHEN 3 THEN 'location' WHEN 4 THEN 'voice'
    WHEN 8 THEN 'link' WHEN 9 THEN 'document' WHEN 101 THEN 'system' WHEN 115 THEN 'system' WHEN 160 THEN 'call'
      WHEN 175 THEN 'call'
    ELSE 'unknown' END"""
# The sender stands in the row; in newer versions in a table of its own, which can have several rows for a message.
MESSAGE = (
    PEOPLE
    + f""",
senders AS MATERIALIZED (<SENDERS>)
SELECT 'Zangi' AS app, owner.account_id, COALESCE(chats.chat_id, 'ZCONVERSATION/Z_PK='
  || m.ZCONVERSATION) AS chat_id, chats.chat_name,
  chats.chat_kind, COALESCE(NULLIF(CAST({{m.ZMESSAGEID}} AS TEXT), ''), ':TABLE:/Z_PK=' || m.Z_PK) AS message_id,
    NULLIF(m.ZMESSAGETIME, 0) AS sent_at,
  CASE WHEN m.ZISRECEIVED = 1 THEN COALESCE(people.person_id, senders.number, 'ZCONTACTNUMBER/Z_PK=' || senders.pk)
    END AS sender_id,
  CASE WHEN m.ZISRECEIVED = 1 THEN people.name END AS sender_name,
  CASE WHEN m.ZTYPE IN (101, 115) THEN 'system' WHEN m.ZISRECEIVED = 0 THEN 'outgoing' WHEN m.ZISRECEIVED = 1 THEN 'incoming'
       ELSE 'unknown' END AS direction,
  {KINDS} AS kind, CAST(m.ZTYPE AS TEXT) AS raw_kind, NULLIF(m.ZMESSAGE, '') AS text,
  NULLIF(json_patch('{{}}', json_object('event', CASE m.ZTYPE WHEN 115 THEN 'group event' WHEN 160 THEN 'call start'
    WHEN 175 THEN 'call end' END,
    'info', CAST(NULLIF({{m.ZMESSAGEINFO}}, '') AS TEXT), 'from', CASE WHEN m.ZISRECEIVED = 1 THEN NULL
      ELSE people.person_id END)), '{{}}') AS extra,
  ':TABLE:/Z_PK=' || m.Z_PK AS record
FROM :TABLE: m
LEFT JOIN owner ON 1
LEFT JOIN chats ON chats.pk = m.ZCONVERSATION
LEFT JOIN senders ON senders.message = m.Z_PK
LEFT JOIN people ON people.pk = senders.pk
"""
)
OLD_SENDERS = "SELECT s.Z_PK AS message, {s.ZFROM} AS pk, NULL AS number FROM :TABLE: s"
NEW_SENDERS = """SELECT {s.ZMESSAGE} AS message, MIN({s.ZCONTACTNUMBER}) AS pk, MIN(NULLIF({s.ZFULLNUMBER}, '')) AS number
  FROM ZZMESSAGEUSER s GROUP BY 1"""
FILE = (
    PEOPLE
    + """
SELECT 'Zangi' AS app, COALESCE(chats.chat_id, 'ZCONVERSATION/Z_PK=' || m.ZCONVERSATION) AS chat_id,
  COALESCE(NULLIF(CAST({m.ZMESSAGEID} AS TEXT), ''), ':TABLE:/Z_PK=' || m.Z_PK) AS message_id,
  CASE WHEN m.ZTYPE = 9 AND m.ZMESSAGE <> '' THEN m.ZMESSAGE || CASE WHEN {f.ZFILEEXTENSION} <> '' THEN '.'
    || ltrim({f.ZFILEEXTENSION}, '.') ELSE '' END END AS name,
  COALESCE(NULLIF({f.ZFILEREMOTEPATH}, ''), NULLIF({f.ZMEDIAASSETSLIBRARYURL}, ''),
    NULLIF({f.ZENCRYPTFILEREMOTEPATH}, '')) AS url,
  NULLIF(json_patch('{}', json_object('extension', CAST(NULLIF({f.ZFILEEXTENSION}, '') AS TEXT),
    'file_of_the_app', CASE WHEN {m.ZMESSAGEID} LIKE 'msgId%' THEN CAST({m.ZMESSAGEID} AS TEXT) END)), '{}') AS extra,
  '<FILES>/Z_PK=' || f.Z_PK AS record
FROM <FILES> f LEFT JOIN :TABLE: m ON <ON> LEFT JOIN chats ON chats.pk = m.ZCONVERSATION
WHERE m.ZTYPE IN (1, 2, 4, 9) OR {f.ZFILEREMOTEPATH} <> '' OR {f.ZMEDIAASSETSLIBRARYURL} <> '' OR {f.ZENCRYPTFILEREMOTEPATH} <> ''
"""
)
PARTNER = (
    PEOPLE
    + """
SELECT 'Zangi' AS app, chats.chat_id, chats.partner_id AS person_id, chats.partner_name AS name,
  'ZCONVERSATION/Z_PK=' || chats.pk AS record
FROM chats WHERE chats.partner_id IS NOT NULL
"""
)
PERSON = (
    PEOPLE
    + f"""
SELECT 'Zangi' AS app, owner.account_id, NULLIF(CAST({{c.ZIDENTIFIRE}} AS TEXT), '') AS person_id, {NAME} AS name,
  (SELECT json_group_array(DISTINCT CAST(n.ZFULLNUMBER AS TEXT)) FROM links JOIN ZCONTACTNUMBER n ON n.Z_PK = links.number
    WHERE links.contact = c.Z_PK AND n.ZFULLNUMBER <> '') AS phones,
  CASE WHEN {{c.ZISBLOCKED}} = 1 THEN 1 END AS blocked,
  NULLIF(json_patch('{{}}', json_object('changed', strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({{c.ZMODIFICATIONDATE}},
    0) + 978307200, 'unixepoch'))), '{{}}') AS extra,
  'ZCONTACT/Z_PK=' || c.Z_PK AS record
FROM ZCONTACT c LEFT JOIN owner ON 1
"""
)
# Passwords and numbers that open the app stand in this table in the clear, and are left alone.
ACCOUNT = """
SELECT 'Zangi' AS app, NULLIF(CAST(o.ZNUMBER AS TEXT), '') AS account_id,
  NULLIF(trim(COALESCE({o.ZNAME}, '') || ' ' || COALESCE({o.ZLASTNAME}, '')), '') AS name, NULLIF({o.ZUSEREMAIL}, '') AS email,
  NULLIF({o.ZNICKNAME}, '') AS username, 1 AS is_owner,
  NULLIF(json_patch('{}', json_object('country', CAST(NULLIF({o.ZCOUNTRY}, '') AS TEXT))), '{}') AS extra,
    'ZUSER/Z_PK=' || o.Z_PK AS record
FROM ZUSER o
"""
OLD, NEW = "ZZANGIMESSAGE", "ZZMESSAGE"
WANTED = ("Z_PK", "ZMESSAGETIME", "ZMESSAGE", "ZTYPE", "ZISRECEIVED", "ZCONVERSATION")


def is_zangi(file: File) -> bool:
    """Whether it has the messages of either version."""
    with file.sqlite() as db:
        others = db.has(ZCONVERSATION=["Z_PK", "ZMEMBER"], ZCONTACTNUMBER=["Z_PK", "ZFULLNUMBER"])
        return others and (db.has(ZZANGIMESSAGE=WANTED) or db.has(ZZMESSAGE=WANTED))


@parser("zangi.ios", magic=["application/vnd.sqlite3"], test=is_zangi)
def messages(file: File) -> Iterator[Any]:
    """Zangi for iOS, databases zangidb*.sqlite, of either version (messages in ZZANGIMESSAGE, or in ZZMESSAGE and its tables).

    Reads: messages with sender, direction, kind, text; what is told of files; partners of chats; contacts with their numbers
    and blocks; the owner. One message is one row, however many contacts have its number. Times are seconds since 2001. What
    the codes of kinds mean is what others concluded from rows; the code itself is in raw_kind. Calls are messages only: where
    they begin (160) and end (175) is told, not who belongs to whom.

    Not read: passwords and PIN, files themselves, members of groups, coordinates (no column for them is described).

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: iLEAPP (artifacts zangi, zangichats, and the tests of the first).

    Tier: documented
    """
    with file.sqlite() as db:
        table = OLD if db.columns(OLD) else NEW
        there = {"<LINKS>": links(db), "<SENDERS>": NEW_SENDERS if table == NEW else OLD_SENDERS, ":TABLE:": table}
        there["<FILES>"], there["<ON>"] = (
            ("ZZMESSAGEMEDIA", "m.Z_PK = {f.ZMESSAGE}") if table == NEW else (OLD, "m.Z_PK = f.Z_PK")
        )
        yield from MESSAGES.batches(db.execute(filled(MESSAGE, there), every=table), sent_at=cocoa_s)
        yield from ATTACHMENTS.batches(db.execute(filled(FILE, there)))
        yield from PARTICIPANTS.batches(db.execute(filled(PARTNER, there)))
        yield from CONTACTS.batches(
            db.execute(filled(PERSON, there), every="ZCONTACT" if db.columns("ZCONTACT") else None)
        )
        if db.has(ZUSER=["Z_PK", "ZNUMBER"]):
            yield from ACCOUNTS.batches(db.execute(ACCOUNT, every="ZUSER"))


def filled(query: str, there: Mapping[str, str]) -> str:
    """A query for the tables of this version."""
    for name, value in there.items():
        query = query.replace(name, value)
    return query


def links(db: Database) -> str:
    """Which contact has which number: a table with numbers in its names, and in older versions one that repeats an id."""
    parts = ["SELECT NULL AS number, NULL AS contact WHERE 0"]
    for table, columns in db.tables.items():
        if not re.fullmatch(r"Z_\d+CONTACT\w*", table, re.IGNORECASE):
            continue
        number = [name for name in columns if re.fullmatch(r"Z_\d+CONTACTNUMBERS?\d*", name, re.IGNORECASE)]
        contact = [name for name in columns if re.fullmatch(r"Z_\d+CONTACTS?\d*", name, re.IGNORECASE)]
        if number and contact:
            parts.append(f"SELECT {number[0]}, {contact[0]} FROM {table}")
    if db.has(ZZNUMBER=["ZCONTACTNUMBEROBJECT", "ZIDENTIFIRE"], ZCONTACT=["ZIDENTIFIRE"]):
        parts.append(
            "SELECT z.ZCONTACTNUMBEROBJECT, k.Z_PK FROM ZZNUMBER z JOIN ZCONTACT k ON k.ZIDENTIFIRE = z.ZIDENTIFIRE"
        )
    return " UNION ".join(parts)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of zangidb*.sqlite."""
    return [messages]
