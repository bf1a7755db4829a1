"""LINE for iOS: databases Line.sqlite and MessageExt.sqlite."""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ATTACHMENTS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import cocoa_s, unix_ms

from ..keyed_archive import NotAnArchive, written_out
from ..untrusted import visible
from .codes import CONTENT, FILES, content_kind, first, secret, whole
from .codes import REACTIONS as WORDS

NAMES = "COALESCE(NULLIF({u.ZCUSTOMNAME}, ''), NULLIF({u.ZADDRESSBOOKNAME}, ''), NULLIF(u.ZNAME, ''))"
PEOPLE = f"""
WITH people AS MATERIALIZED (
  SELECT u.Z_PK AS pk, COALESCE(NULLIF(u.ZMID, ''), 'ZUSER/Z_PK=' || u.Z_PK) AS person_id, {NAMES} AS name FROM ZUSER u
),
by_id AS MATERIALIZED (SELECT people.person_id, MIN(people.name) AS name FROM people GROUP BY people.person_id),
named AS MATERIALIZED (SELECT g.ZID AS id, MIN(NULLIF(g.ZNAME, '')) AS name FROM ZGROUP g GROUP BY g.ZID),
chats AS MATERIALIZED (
  SELECT c.Z_PK AS pk, COALESCE(NULLIF(c.ZMID, ''), 'ZCHAT/Z_PK=' || c.Z_PK) AS chat_id, COALESCE(named.name,
    by_id.name) AS chat_name,
         CASE c.ZTYPE WHEN 0 THEN 'direct' WHEN 1 THEN 'group' WHEN 2 THEN 'group' WHEN 4 THEN 'bot' WHEN 100
           THEN 'self' END AS chat_kind
  FROM ZCHAT c LEFT JOIN named ON named.id = c.ZMID LEFT JOIN by_id ON by_id.person_id = c.ZMID
  GROUP BY c.Z_PK
)"""
MESSAGE = (
    PEOPLE
    + """
SELECT COALESCE(chats.chat_id, 'ZCHAT/Z_PK=' || m.ZCHAT) AS chat_id, chats.chat_name, chats.chat_kind,
  COALESCE(NULLIF(CAST({m.ZID} AS TEXT), ''), 'ZMESSAGE/Z_PK=' || m.Z_PK) AS message_id, NULLIF(m.ZTIMESTAMP, 0) AS sent_at,
  m.ZSENDER AS sender_pk, COALESCE(people.person_id, 'ZUSER/Z_PK=' || m.ZSENDER) AS sender_id, people.name AS sender_name,
  m.ZTEXT AS text, {m.ZCONTENTTYPE} AS content_type, {m.ZMESSAGETYPE} AS message_type, {m.ZSENDSTATUS} AS status,
  {m.ZREADCOUNT} AS read_count, {m.ZLATITUDE} AS latitude, {m.ZLONGITUDE} AS longitude, {m.ZCONTENTMETADATA} AS metadata,
  length({m.ZTHUMBNAIL}) AS thumbnail, 'ZMESSAGE/Z_PK=' || m.Z_PK AS record
FROM ZMESSAGE m
LEFT JOIN chats ON chats.pk = m.ZCHAT
LEFT JOIN people ON people.pk = m.ZSENDER
"""
)
DRAFT = (
    PEOPLE
    + """
SELECT 'LINE' AS app, chats.chat_id, chats.chat_name, chats.chat_kind, 'outgoing' AS direction, 'text' AS kind,
  {c.ZINPUTTEXT} AS text,
  'draft' AS status, json_object('draft', 1) AS extra, 'ZCHAT/Z_PK=' || c.Z_PK AS record
FROM ZCHAT c LEFT JOIN chats ON chats.pk = c.Z_PK WHERE {c.ZINPUTTEXT} <> ''
"""
)
MEMBER = (
    PEOPLE
    + """
SELECT 'LINE' AS app, {chat} AS chat_id, COALESCE(people.person_id, 'ZUSER/Z_PK=' || pair.{right}) AS person_id,
  people.name, {extra} AS extra,
  '{table}/' || pair.{left} || ',' || pair.{right} AS record
FROM {table} pair {join} LEFT JOIN people ON people.pk = pair.{right}
"""
)
ROOM = "COALESCE(chats.chat_id, 'ZCHAT/Z_PK=' || pair.{left})", "LEFT JOIN chats ON chats.pk = pair.{left}"
GROUP = "COALESCE(NULLIF(g.ZID, ''), 'ZGROUP/Z_PK=' || pair.{left})", "LEFT JOIN ZGROUP g ON g.Z_PK = pair.{left}"
PAIRS = (
    ("CHATS", "MEMBERS", *ROOM, "NULL"),
    ("GROUPS", "MEMBERS", *GROUP, "NULL"),
    ("GROUPS", "INVITEE", *GROUP, "json_object('invited', 1)"),
)
PERSON = f"""
SELECT 'LINE' AS app, COALESCE(NULLIF(u.ZMID, ''), 'ZUSER/Z_PK=' || u.Z_PK) AS person_id, {NAMES} AS name,
  NULLIF(json_patch('{{}}', json_object('profile_name', CAST(NULLIF(u.ZNAME, '') AS TEXT),
    'custom_name', CAST(NULLIF({{u.ZCUSTOMNAME}}, '') AS TEXT), 'addressbook_name',
      CAST(NULLIF({{u.ZADDRESSBOOKNAME}}, '') AS TEXT),
    'friend', CAST({{u.ZISFRIEND}} AS TEXT))), '{{}}') AS extra,
  'ZUSER/Z_PK=' || u.Z_PK AS record
FROM ZUSER u
"""
IN_BOOK = """
SELECT 'LINE' AS app, NULLIF({p.ZMID}, '') AS person_id, NULLIF(p.ZNAME, '') AS name,
  CASE WHEN {p.ZPHONENUMBER} <> '' THEN json_array(CAST({p.ZPHONENUMBER} AS TEXT)) END AS phones,
  json_object('from', 'address book') AS extra, 'ZCONTACT/Z_PK=' || p.Z_PK AS record
FROM ZCONTACT p
"""
REACTION = """
SELECT 'LINE' AS app, NULLIF({x.ZCHATMID}, '') AS chat_id, CAST(x.ZMESSAGEID AS TEXT) AS message_id,
  NULLIF(x.ZREACTORMID, '') AS person_id,
  x.ZREACTIONTYPE AS code, {x.ZCUSTOMREACTION} AS custom, NULLIF({x.ZCREATEDAT}, 0) AS reacted_at,
    'ZMESSAGEREACTION/Z_PK=' || x.Z_PK AS record
FROM ZMESSAGEREACTION x
"""
GROUP_NAMES = "SELECT g.ZID AS id, g.ZNAME AS name FROM ZUNIFIEDGROUP g WHERE g.ZNAME <> ''"
BESIDE = "UnifiedGroup.sqlite"
# A number of the app's own beyond the protocol's: the place of a message that a move to another phone emptied; and pictures.
OWN = {96: "image", 112: "image", 106: "unknown"}
EMPTIED = 106


@parser(
    "line.ios",
    files=["Line.sqlite"],
    test=sqlite.has(
        ZMESSAGE=["Z_PK", "ZTIMESTAMP", "ZSENDER", "ZTEXT", "ZCHAT", "ZCONTENTTYPE"],
        ZCHAT=["Z_PK", "ZMID", "ZTYPE"],
        ZUSER=["Z_PK", "ZMID", "ZNAME"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """LINE for iOS, database Line.sqlite.

    Reads: messages with writer, direction, kind, text, what their property list tells of files and stickers; places; drafts;
    members of rooms and groups and who was invited; people, names in the address book and their numbers. Names of groups are
    also taken from UnifiedGroup.sqlite, where it lies beside. A message without a sender is the owner's, except for events.
    Times are Unix milliseconds, unlike most of Core Data. A row whose content code is 106 had content before the account moved
    to another phone.

    Not read: thumbnails (their size is told), files themselves, the owner's id, which is not in the database.

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: iLEAPP (artifact line); notes on the schema of backups, a parser that converts between both apps, one that repairs
    emptied messages, and an older reader (columns, types of chat).

    Tier: documented
    """
    names, problems = group_names(file)
    yield from problems
    with file.sqlite() as db:
        for row in db.execute(MESSAGE, every="ZMESSAGE"):
            yield from read(row, names)
        yield from MESSAGES.batches(db.execute(DRAFT))
        yield from members(db)
        yield from CONTACTS.batches(db.execute(PERSON, every="ZUSER"))
        if db.has(ZCONTACT=["ZNAME", "ZPHONENUMBER"]):
            yield from CONTACTS.batches(db.execute(IN_BOOK, every="ZCONTACT"))


@parser(
    "line.ios.reactions",
    files=["MessageExt.sqlite"],
    test=sqlite.has(ZMESSAGEREACTION=["Z_PK", "ZMESSAGEID", "ZREACTORMID", "ZREACTIONTYPE"]),
)
def reactions(file: File) -> Iterator[Any]:
    """LINE for iOS, database MessageExt.sqlite.

    Reads: reactions to messages of Line.sqlite, by the id of the message; the code with the word that the protocol has for
    it. Times are seconds since 2001.

    Not read: music that was shared.

    Seen on: no file of a device yet. Tested on invented rows.

    Source: a parser that converts between both apps (unit of the time, words); notes on the schema of backups.

    Tier: documented
    """
    with file.sqlite() as db:
        yield from REACTIONS.rows(
            (reaction(row) for row in db.execute(REACTION, every="ZMESSAGEREACTION")), reacted_at=cocoa_s
        )


def group_names(file: File) -> tuple[dict[str, str], list[Problem]]:
    """Names of groups by their ids, from the database beside this one; ids are in capitals in one of them only."""
    beside = file.sibling(BESIDE)
    if beside is None:
        return {}, []
    try:
        with beside.sqlite() as db:
            if not db.has(ZUNIFIEDGROUP=["ZID", "ZNAME"]):
                return {}, [Problem("not_understood", f"{BESIDE} has no table of groups", record=BESIDE)]
            rows = [(row["id"], row["name"]) for row in db.execute(GROUP_NAMES)]
    except Exception as error:  # the database beside may be damaged: this one is still to be read
        return {}, [Problem("damaged", f"{BESIDE} cannot be read: {error}", record=BESIDE)]
    return {one.lower(): name for one, name in rows if isinstance(one, str) and isinstance(name, str)}, []


def members(db: Database) -> Iterator[Any]:
    """Members of rooms and groups: tables that join them, with numbers in their names that differ from version to version."""
    for left, right, chat, join, extra in PAIRS:
        for table, columns in db.tables.items():
            if not re.fullmatch(r"Z_\d+\w+", table, re.IGNORECASE):
                continue
            first_one = [name for name in columns if re.fullmatch(rf"Z_\d+{left}\d*", name, re.IGNORECASE)]
            second = [name for name in columns if re.fullmatch(rf"Z_\d+{right}\d*", name, re.IGNORECASE)]
            if first_one and second:
                query = MEMBER
                for name, value in (
                    ("chat", chat),
                    ("join", join),
                    ("extra", extra),
                    ("table", table),
                    ("left", first_one[0]),
                    ("right", second[0]),
                ):
                    query = query.replace("{" + name + "}", value)
                yield from PARTICIPANTS.batches(db.execute(query, every=table))


def read(row: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Any]:
    """The rows of one message."""
    told, problem = metadata(row["metadata"])
    if problem:
        yield Problem("not_understood", problem, record=row["record"])
    base = {"app": "LINE", **{key: row[key] for key in ("chat_id", "message_id", "record", "state")}}
    cells = message(row, told, names)
    yield from MESSAGES.rows([base | cells], sent_at=unix_ms)
    if "latitude" in cells:
        said = {"chat_id": row["chat_id"]} if isinstance(row["chat_id"], str) else None
        place = {
            "latitude": cells["latitude"],
            "longitude": cells["longitude"],
            "kind": "message",
            "label": cells["text"],
            "extra": said,
        }
        place |= {"ref": row["message_id"], "at": row["sent_at"], "record": row["record"], "state": row["state"]}
        yield from PLACES.rows([place], at=unix_ms)
    if row["content_type"] in FILES or row["content_type"] in (96, 112):
        yield from ATTACHMENTS.rows([base | attachment(row, told)])


def metadata(stored: Any) -> tuple[dict[str, Any], str | None]:
    """What the property list of a message tells, plain or archived, and why it could not be read."""
    if not isinstance(stored, bytes) or not stored:
        return {}, None
    try:
        found = plistlib.loads(stored)
        if isinstance(found, dict) and "$objects" in found:
            found = written_out(found)
    except NotAnArchive as error:
        return {}, f"ZCONTENTMETADATA: {error}"
    except Exception as error:  # plistlib raises whatever damaged bytes bring about
        return {}, f"ZCONTENTMETADATA is no readable property list: {error!r}"
    if not isinstance(found, dict):
        return {}, "ZCONTENTMETADATA holds no dictionary"
    kept = {
        str(name): value
        for name, value in found.items()
        if isinstance(value, (str, int, float)) and not secret(str(name))
    }
    return kept, None


def message(row: Mapping[str, Any], told: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The cells of `messages`."""
    code = row["content_type"]
    kind = OWN[code] if isinstance(code, int) and code in OWN else content_kind(code)
    name = row["chat_name"] or (names.get(row["chat_id"].lower()) if isinstance(row["chat_id"], str) else None)
    cells: dict[str, Any] = {
        **{key: row[key] for key in ("chat_kind", "sent_at", "sender_id", "sender_name")},
        "chat_name": name,
        "direction": "system" if kind == "system" else "outgoing" if row["sender_pk"] is None else "incoming",
        "kind": kind,
        "raw_kind": "" if code is None else str(code),
        "text": visible(row["text"]) or visible(told.get("ALT_TEXT")),
        "status": str(row["status"]) if isinstance(row["status"], int) else None,
    }
    if code == 15 and on_earth(row["latitude"], row["longitude"]):
        cells |= {"latitude": row["latitude"], "longitude": row["longitude"]}
    said = {
        "content_is": "emptied"
        if code == EMPTIED
        else CONTENT.get(code, (None,))[0]
        if isinstance(code, int) and code
        else None,
        "message_type": row["message_type"]
        if isinstance(row["message_type"], (str, int)) and row["message_type"] != ""
        else None,
        "read_by": row["read_count"] if row["sender_pk"] is None and whole(row["read_count"]) else None,
        "thumbnail_bytes": row["thumbnail"] or None,
        "metadata": told or None,
    }
    cells["extra"] = {key: value for key, value in said.items() if value is not None} or None
    return cells


def attachment(row: Mapping[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """A row of `attachments`: what the property list tells of the file."""
    words = {name: value if isinstance(value, str) else str(value) for name, value in told.items()}
    length = whole(first(words, "DURATION", "AUDLEN"))
    return {
        "name": first(words, "FILE_NAME"),
        "size": whole(first(words, "FILE_SIZE")),
        "duration_s": length / 1000 if length else None,
        "url": first(words, "DOWNLOAD_URL"),
        "extra": {"thumbnail_bytes": row["thumbnail"]} if row["thumbnail"] else None,
    }


def reaction(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `reactions`."""
    code, custom = row["code"], visible(row["custom"])
    word = WORDS.get(code) if isinstance(code, int) else None
    kept = {key: row[key] for key in ("app", "chat_id", "message_id", "person_id", "reacted_at", "record", "state")}
    return kept | {
        "value": custom or word or (None if code is None else str(code)),
        "extra": {"type": str(code)} if code is not None else None,
    }


def on_earth(latitude: Any, longitude: Any) -> bool:
    """Whether both are degrees, and not those of no place at all."""
    both = isinstance(latitude, (int, float)) and isinstance(longitude, (int, float))
    return both and abs(latitude) <= 90 and abs(longitude) <= 180 and bool(latitude or longitude)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of the app's databases."""
    return [messages, reactions]
