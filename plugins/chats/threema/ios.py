"""Threema for iOS, database ThreemaData.sqlite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import cocoa_s

from ..untrusted import is_time, loaded, mapping, visible

# A group is named by its id and its creator, as on Android; without a creator in the address book it is the owner's own.
PEOPLE = """
WITH people AS MATERIALIZED (
  SELECT p.Z_PK AS pk, COALESCE(NULLIF(p.ZIDENTITY, ''), 'ZCONTACT/Z_PK=' || p.Z_PK) AS person_id,
         COALESCE(NULLIF(trim(COALESCE({p.ZFIRSTNAME}, '') || ' ' || COALESCE({p.ZLASTNAME}, '')), ''),
                  '~' || NULLIF({p.ZPUBLICNICKNAME}, '')) AS name
  FROM ZCONTACT p
),
groups AS MATERIALIZED (SELECT g.ZGROUPID AS id, MIN({g.ZGROUPCREATOR}) AS creator FROM ZGROUP g GROUP BY g.ZGROUPID),
chats AS MATERIALIZED (
  SELECT c.Z_PK AS pk,
         CASE WHEN c.ZGROUPID IS NOT NULL
              THEN lower(hex(c.ZGROUPID)) || COALESCE('-' || COALESCE(groups.creator, people.person_id, {c.ZGROUPMYIDENTITY}), '')
              ELSE COALESCE(people.person_id, 'ZCONVERSATION/Z_PK=' || c.Z_PK) END AS chat_id,
         COALESCE(NULLIF({c.ZGROUPNAME}, ''), CASE WHEN c.ZGROUPID IS NULL THEN people.name END) AS chat_name,
         CASE WHEN c.ZGROUPID IS NOT NULL THEN 'group' WHEN c.ZCONTACT IS NOT NULL THEN 'direct' END AS chat_kind,
         CASE WHEN c.ZGROUPID IS NULL THEN people.person_id END AS partner_id,
         CASE WHEN c.ZGROUPID IS NULL THEN people.name END AS partner_name, {c.ZGROUPMYIDENTITY} AS account_id
  FROM ZCONVERSATION c LEFT JOIN people ON people.pk = c.ZCONTACT LEFT JOIN groups ON groups.id = c.ZGROUPID
)"""
# Columns of the kinds of message share one table; those of a like name get a number that differs from version to version.
MESSAGE = (
    PEOPLE
    + """,
history AS MATERIALIZED (
  SELECT h.ZMESSAGE AS message, json_group_array(json_object('text', CAST({h.ZTEXT} AS TEXT),
    'until', strftime('%Y-%m-%dT%H:%M:%fZ', {h.ZEDITDATE} + 978307200, 'unixepoch'))) AS versions
  FROM ZMESSAGEHISTORYENTRY h GROUP BY h.ZMESSAGE
)
SELECT chats.account_id, COALESCE(chats.chat_id, 'ZCONVERSATION/Z_PK=' || m.ZCONVERSATION) AS chat_id, chats.chat_name,
  chats.chat_kind, COALESCE(NULLIF(lower(hex(m.ZID)), ''), 'ZMESSAGE/Z_PK=' || m.Z_PK) AS message_id, m.ZDATE AS date,
  {m.ZREMOTESENTDATE} AS remote, {m.ZDELIVERYDATE} AS delivered_at, {m.ZREADDATE} AS read_at, {m.ZLASTEDITEDAT} AS edited_at,
  {m.ZDELETEDAT} AS deleted_at, m.ZISOWN AS own, COALESCE(sender.person_id, 'ZCONTACT/Z_PK=' || {m.ZSENDER}) AS sender_id,
  sender.name AS sender_name, chats.partner_id, chats.partner_name, kinds.Z_NAME AS entity, m.Z_ENT AS entity_code,
  COALESCE({m.ZTYPE}, {m.ZTYPE1}, {m.ZTYPE2}) AS type, {m.ZTEXT} AS text, {m.ZCAPTION} AS caption, {m.ZJSON} AS json,
  {m.ZARG} AS argument, {m.ZMIMETYPE} AS mime, NULLIF(lower(hex({m.ZQUOTEDMESSAGEID})), '') AS reply_to,
  {m.ZLATITUDE} AS latitude, {m.ZLONGITUDE} AS longitude, {m.ZACCURACY} AS accuracy, {m.ZPOINAME} AS poi_name,
  {m.ZPOIADDRESS} AS poi_address, {ballot.ZTITLE} AS ballot, {m.ZSENT} AS sent, {m.ZDELIVERED} AS delivered, {m.ZREAD} AS read,
  {m.ZSENDFAILED} AS failed, {m.ZUSERACK} AS acknowledged, {m.ZUSERACKDATE} AS acknowledged_at, history.versions,
  'ZMESSAGE/Z_PK=' || m.Z_PK AS record
FROM ZMESSAGE m
LEFT JOIN Z_PRIMARYKEY kinds ON kinds.Z_ENT = m.Z_ENT
LEFT JOIN chats ON chats.pk = m.ZCONVERSATION
LEFT JOIN people sender ON sender.pk = {m.ZSENDER}
LEFT JOIN ZBALLOT ballot ON ballot.Z_PK = {m.ZBALLOT}
LEFT JOIN history ON history.message = m.Z_PK
"""
)
# The content of a file is in the row behind a byte 1, or in a file of its own whose name stands behind a byte 2.
FILE = (
    PEOPLE
    + """
SELECT 'Threema' AS app, COALESCE(chats.chat_id, 'ZCONVERSATION/Z_PK=' || m.ZCONVERSATION) AS chat_id,
  COALESCE(NULLIF(lower(hex(m.ZID)), ''), 'ZMESSAGE/Z_PK=' || m.Z_PK) AS message_id, NULLIF({m.ZFILENAME}, '') AS name,
  CASE WHEN substr(f.ZDATA, 1, 1) = x'02' THEN '.ThreemaData_SUPPORT/_EXTERNAL_DATA/' || CAST(substr(f.ZDATA, 2, 36) AS TEXT) END
    AS stored_path,
  {mime} AS mime, COALESCE({size}, CASE WHEN substr(f.ZDATA, 1, 1) = x'01' THEN length(f.ZDATA) - 1 END) AS size,
  NULLIF({f.ZWIDTH}, 0) AS width, NULLIF({f.ZHEIGHT}, 0) AS height, NULLIF({m.ZDURATION}, 0) AS duration_s,
  NULLIF({m.ZCAPTION}, '') AS caption,
  json_patch('{}', json_object('kept', CASE WHEN f.Z_PK IS NULL THEN 'not downloaded' WHEN substr(f.ZDATA, 1,
    1) = x'01' THEN 'in the database'
    WHEN substr(f.ZDATA, 1, 1) = x'02' THEN 'in a file' END, 'blob', NULLIF(lower(hex({blob})), ''),
    'of', '{role}')) AS extra,
  'ZMESSAGE/Z_PK=' || m.Z_PK || ' {role}' AS record
FROM ZMESSAGE m LEFT JOIN {table} f ON f.Z_PK = {column} LEFT JOIN Z_PRIMARYKEY kinds ON kinds.Z_ENT = m.Z_ENT
LEFT JOIN chats ON chats.pk = m.ZCONVERSATION
WHERE kinds.Z_NAME = '{entity}' OR {column} IS NOT NULL
"""
)
FILES = (
    ("file", "FileMessage", "ZFILEDATA", "{m.ZDATA}", "{m.ZMIMETYPE}", "NULLIF({m.ZFILESIZE}, 0)", "{m.ZBLOBID}"),
    ("image", "ImageMessage", "ZIMAGEDATA", "{m.ZIMAGE}", "NULL", "NULLIF({m.ZIMAGESIZE}, 0)", "{m.ZIMAGEBLOBID}"),
    ("audio", "AudioMessage", "ZAUDIODATA", "{m.ZAUDIO}", "NULL", "NULLIF({m.ZAUDIOSIZE}, 0)", "{m.ZAUDIOBLOBID}"),
    ("video", "VideoMessage", "ZVIDEODATA", "{m.ZVIDEO}", "NULL", "NULLIF({m.ZVIDEOSIZE}, 0)", "{m.ZVIDEOBLOBID}"),
)
REACTION = (
    PEOPLE
    + """
SELECT 'Threema' AS app, chats.chat_id, COALESCE(NULLIF(lower(hex(m.ZID)), ''), 'ZMESSAGE/Z_PK=' || r.ZMESSAGE) AS message_id,
  COALESCE(people.person_id, CASE WHEN r.ZCREATOR IS NULL THEN chats.account_id ELSE 'ZCONTACT/Z_PK='
    || r.ZCREATOR END) AS person_id,
  r.ZREACTION AS value, {r.ZDATE} AS reacted_at,
  NULLIF(json_patch('{}', json_object('device_owner', CASE WHEN r.ZCREATOR IS NULL THEN 1 END)), '{}') AS extra,
  'ZMESSAGEREACTION/Z_PK=' || r.Z_PK AS record
FROM ZMESSAGEREACTION r LEFT JOIN ZMESSAGE m ON m.Z_PK = r.ZMESSAGE LEFT JOIN chats ON chats.pk = m.ZCONVERSATION
LEFT JOIN people ON people.pk = r.ZCREATOR
"""
)
MEMBER = (
    PEOPLE
    + """
SELECT 'Threema' AS app, COALESCE(chats.chat_id, 'ZCONVERSATION/Z_PK=' || pair.{chat}) AS chat_id,
  COALESCE(people.person_id, 'ZCONTACT/Z_PK=' || pair.{person}) AS person_id, people.name,
  '{table}/' || pair.{chat} || ',' || pair.{person} AS record
FROM {table} pair LEFT JOIN chats ON chats.pk = pair.{chat} LEFT JOIN people ON people.pk = pair.{person}
"""
)
PARTNER = (
    PEOPLE
    + """
SELECT 'Threema' AS app, chats.chat_id, chats.partner_id AS person_id, chats.partner_name AS name,
  'ZCONVERSATION/Z_PK=' || chats.pk AS record
FROM chats WHERE chats.partner_id IS NOT NULL
"""
)
PERSON = (
    PEOPLE
    + """
SELECT 'Threema' AS app, people.person_id, people.name, NULLIF({p.ZPUBLICNICKNAME}, '') AS username,
  CASE WHEN {p.ZVERIFIEDMOBILENO} <> '' THEN json_array(CAST({p.ZVERIFIEDMOBILENO} AS TEXT)) END AS phones,
  CASE WHEN {p.ZVERIFIEDEMAIL} <> '' THEN json_array(CAST({p.ZVERIFIEDEMAIL} AS TEXT)) END AS emails,
    {p.ZCREATEDAT} AS created_at,
  NULLIF(json_patch('{}', json_object('verification', CAST({p.ZVERIFICATIONLEVEL} AS INTEGER), 'state',
    CAST({p.ZSTATE} AS INTEGER),
    'hidden', CAST(NULLIF({p.ZHIDDEN}, 0) AS INTEGER), 'work', CAST(NULLIF({p.ZWORKCONTACT}, 0) AS INTEGER),
    'job_title', CAST(NULLIF({p.ZJOBTITLE}, '') AS TEXT), 'department', CAST(NULLIF({p.ZDEPARTMENT}, '') AS TEXT),
    'address_book_id', CAST(NULLIF({p.ZCNCONTACTID}, '') AS TEXT), 'public_key', NULLIF(lower(hex({p.ZPUBLICKEY})),
      ''))), '{}') AS extra,
  'ZCONTACT/Z_PK=' || p.Z_PK AS record
FROM ZCONTACT p LEFT JOIN people ON people.pk = p.Z_PK
"""
)
ACCOUNT = """
SELECT 'Threema' AS app, c.ZGROUPMYIDENTITY AS account_id, 1 AS is_owner,
  'ZCONVERSATION/Z_PK=' || MIN(c.Z_PK) || ' ZGROUPMYIDENTITY' AS record
FROM ZCONVERSATION c WHERE c.ZGROUPMYIDENTITY <> '' GROUP BY c.ZGROUPMYIDENTITY
"""
KINDS = {
    "TextMessage": "text",
    "ImageMessage": "image",
    "VideoMessage": "video",
    "AudioMessage": "voice",
    "LocationMessage": "location",
    "BallotMessage": "poll",
    "SystemMessage": "system",
}
EVENTS = {
    1: "group renamed", 2: "member left", 3: "member added", 4: "member removed", 5: "owner added", 6: "owner removed",
    7: "call missed", 8: "call rejected", 9: "call rejected, busy", 10: "call rejected, not answered in time", 11: "call",
    12: "call rejected, calls are off", 13: "call rejected", 14: "about Threema Work", 15: "call rejected, off hours",
    16: "owner left", 17: "notes group began", 18: "notes group ended", 19: "creator left", 32: "group picture changed",
    33: "group call started", 34: "group call started", 35: "group call ended",
}  # fmt: skip
CALLS_AMONG = {
    7: "missed",
    8: "rejected",
    9: "busy",
    10: "unavailable",
    11: None,
    12: "disabled",
    13: "rejected",
    15: "off hours",
}
MEMBERS = re.compile(r"Z_\d+GROUPCONVERSATIONS\d*", re.IGNORECASE)
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})")
TIMES = ("sent_at", "received_at", "delivered_at", "read_at", "edited_at", "deleted_at")


@parser(
    "threema.ios",
    files=["ThreemaData.sqlite"],
    test=sqlite.has(
        ZMESSAGE=["Z_PK", "Z_ENT", "ZISOWN", "ZID", "ZCONVERSATION", "ZDATE"],
        ZCONVERSATION=["Z_PK", "ZCONTACT", "ZGROUPID"],
        ZCONTACT=["Z_PK", "ZIDENTITY"],
        Z_PRIMARYKEY=["Z_ENT", "Z_NAME"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Threema for iOS, database ThreemaData.sqlite.

    Reads: messages of chats and groups with writer, direction, kind, times with their fractions, state, quotes, captions and
    earlier versions of edited texts; places; events of groups; calls with the length that their message tells; files, which
    lie in the database or, by the name given, in the folder .ThreemaData_SUPPORT; reactions; members; contacts; the owner's
    identity, where there is a group. Times are seconds since 2001. Of a received message ZREMOTESENTDATE is when it was sent
    and ZDATE when it was received; where the first is not set, ZDATE stands for both.

    Not read: keys of files; answers to polls; members of distribution lists; content that newer versions encrypt with a
    remote secret.

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: IPED (schema, codes of events); threema-chat-transfer (schema of 2026, where files lie); threema-ios.

    Tier: documented
    """
    with file.sqlite() as db:
        for row in db.execute(MESSAGE, every="ZMESSAGE"):
            yield from read(row)
        for role, entity, table, column, mime, size, blob in FILES:
            query = FILE.replace("{role}", role).replace("{entity}", entity).replace("{table}", table)
            query = (
                query.replace("{column}", column)
                .replace("{mime}", mime)
                .replace("{size}", size)
                .replace("{blob}", blob)
            )
            yield from ATTACHMENTS.batches(db.execute(query))
        reactions = "ZMESSAGEREACTION" if db.columns("ZMESSAGEREACTION") else None
        yield from REACTIONS.batches(db.execute(REACTION, every=reactions), reacted_at=cocoa_s)
        yield from members(db)
        yield from PARTICIPANTS.batches(db.execute(PARTNER))
        yield from CONTACTS.batches(db.execute(PERSON, every="ZCONTACT"), created_at=cocoa_s)
        yield from ACCOUNTS.batches(db.execute(ACCOUNT))


def members(db: Database) -> Iterator[Any]:
    """Members of groups: the table that joins them has numbers in its names, which differ from version to version."""
    table = next((name for name in db.tables if MEMBERS.fullmatch(name)), None)
    columns = db.columns(table) if table else []
    chat = next((name for name in columns if "GROUPCONVERSATIONS" in name.upper()), None)
    person = next((name for name in columns if "MEMBERS" in name.upper()), None)
    if table and chat and person and chat.isidentifier() and person.isidentifier():
        query = MEMBER.replace("{table}", table).replace("{chat}", chat).replace("{person}", person)
        yield from PARTICIPANTS.batches(db.execute(query, every=table))
    else:
        yield Problem(
            "not_understood",
            "no table Z_<number>GROUPCONVERSATIONS: members of groups are not known",
            record="Z_GROUPCONVERSATIONS",
        )


def read(row: Mapping[str, Any]) -> Iterator[Any]:
    """The rows of one message."""
    base = {"app": "Threema", **{key: row[key] for key in ("account_id", "chat_id", "message_id", "record", "state")}}
    cells = message(row)
    yield from MESSAGES.rows([base | cells], **dict.fromkeys(TIMES, cocoa_s))
    if "latitude" in cells:
        label = ", ".join(filter(None, (visible(row["poi_name"]), visible(row["poi_address"])))) or None
        place = {"latitude": cells["latitude"], "longitude": cells["longitude"], "kind": "message", "label": label}
        accuracy = row["accuracy"] if isinstance(row["accuracy"], (int, float)) and row["accuracy"] > 0 else None
        said = {"chat_id": row["chat_id"]} if isinstance(row["chat_id"], str) else None
        about = {
            "record": row["record"],
            "state": row["state"],
            "ref": row["message_id"],
            "at": cells["sent_at"],
            "extra": said,
        }
        yield from PLACES.rows([place | about | {"accuracy_m": accuracy}], at=cocoa_s)
    if row["entity"] == "SystemMessage" and row["type"] in CALLS_AMONG:
        shared = {key: base[key] for key in ("app", "account_id", "chat_id", "record", "state")}
        yield from CALLS.rows([shared | call(row)], started_at=cocoa_s)


def message(row: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of `messages`."""
    entity, own = row["entity"], {1: True, 0: False}.get(row["own"]) if isinstance(row["own"], int) else None
    event, deleted = entity == "SystemMessage", is_time(row["deleted_at"])
    incoming = own is False and not event
    writer = {"sender_id": row["sender_id"], "sender_name": row["sender_name"]}
    if incoming and row["sender_id"] is None:
        writer = {"sender_id": row["partner_id"], "sender_name": row["partner_name"]}
    elif own is True and not event:
        writer = {"sender_id": row["account_id"], "sender_name": None}
    cells: dict[str, Any] = {
        **{key: row[key] for key in ("chat_name", "chat_kind", "delivered_at", "edited_at", "deleted_at", "reply_to")},
        **writer,
        "sent_at": row["remote"] if incoming and is_time(row["remote"]) else row["date"],
        "received_at": row["date"] if incoming else None,
        "read_at": row["read_at"],
        "direction": "system" if event else "outgoing" if own is True else "incoming" if own is False else "unknown",
        "kind": "deleted" if deleted else kind_of(row),
        "raw_kind": str(entity or row["entity_code"]) + (f":{row['type']}" if row["type"] is not None else ""),
        "text": visible(row["text"])
        or visible(row["caption"])
        or told(row["json"], "d")
        or (visible(row["ballot"]) if entity == "BallotMessage" else None),
        "edited": True if is_time(row["edited_at"]) else None,
        "deleted": True if deleted else None,
        "status": None if own is False else state_of(row),
        "extra": extra(row, own),
    }
    if entity == "LocationMessage":
        cells["text"] = (
            cells["text"] or "\n".join(filter(None, (visible(row["poi_name"]), visible(row["poi_address"])))) or None
        )
        if on_earth(row["latitude"], row["longitude"]):
            cells |= {"latitude": row["latitude"], "longitude": row["longitude"]}
    return cells


def kind_of(row: Mapping[str, Any]) -> str:
    """The kind of a message: what entity it is; of a file by its type, and whether it is to be shown (1) or a sticker (2)."""
    entity, code = row["entity"], row["type"]
    if entity == "SystemMessage" and (code in CALLS_AMONG or code in (33, 34, 35)):
        return "call"
    if entity != "FileMessage":
        return KINDS.get(entity, "unknown")
    mime = str(row["mime"] or "")
    if code not in (1, 2):
        return "document"
    if mime == "image/gif":
        return "gif"
    if mime.startswith("image/"):
        return "sticker" if code == 2 else "image"
    return {"video": "video", "audio": "voice"}.get(mime.partition("/")[0], "document")


def state_of(row: Mapping[str, Any]) -> str | None:
    """How far a sent message has come, by the flags."""
    for flag in ("failed", "read", "delivered", "sent"):
        if row[flag] == 1:
            return flag
    return None


def extra(row: Mapping[str, Any], own: bool | None) -> dict[str, Any] | None:
    """What no column fits."""
    argument = plain(row["argument"])
    said = {
        "event": EVENTS.get(row["type"]) if row["entity"] == "SystemMessage" and isinstance(row["type"], int) else None,
        "argument": argument,
        "remote_date": row["remote"] if own is not False and is_time(row["remote"]) else None,
        "read_by_owner": row["read"] if own is False and isinstance(row["read"], int) else None,
        "acknowledged": row["acknowledged"] or None if isinstance(row["acknowledged"], int) else None,
        "acknowledged_date": row["acknowledged_at"] if is_time(row["acknowledged_at"]) else None,
        "ballot": visible(row["ballot"]),
        "earlier_texts": loaded(row["versions"]),
    }
    return {key: value for key, value in said.items() if value is not None} or None


def call(row: Mapping[str, Any]) -> dict[str, Any]:
    """A call, as its message tells it: JSON with the length and who began."""
    said = mapping(loaded(plain(row["argument"])))
    length = CLOCK.fullmatch(said["CallTime"]) if isinstance(said.get("CallTime"), str) else None
    seconds = (
        sum(int(part or 0) * unit for part, unit in zip(length.groups(), (3600, 60, 1), strict=True))
        if length
        else None
    )
    began = said.get("CallInitiator")
    outgoing = began in (True, 1) if isinstance(began, (bool, int)) else None
    missed = row["type"] == 11 and said and not seconds
    return {
        "call_id": row["message_id"],
        "started_at": row["date"],
        "duration_s": seconds,
        "direction": "outgoing" if outgoing is True else "incoming" if outgoing is False else "unknown",
        "outcome": "answered" if seconds else "unavailable" if missed else CALLS_AMONG[row["type"]],
        "peer_id": row["partner_id"],
        "peer_name": row["partner_name"],
        "extra": {"type": row["type"], "argument": said or None},
    }


def told(stored: Any, key: str) -> str | None:
    """A text in the JSON of a file."""
    said = loaded(stored)
    return visible(said.get(key)) if isinstance(said, dict) else None


def plain(value: Any) -> str | None:
    """An argument of an event as text: it is stored as bytes."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace") or None
    return visible(value)


def on_earth(latitude: Any, longitude: Any) -> bool:
    """Whether both are degrees."""
    both = isinstance(latitude, (int, float)) and isinstance(longitude, (int, float))
    return both and abs(latitude) <= 90 and abs(longitude) <= 180


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of ThreemaData.sqlite."""
    return [messages]
