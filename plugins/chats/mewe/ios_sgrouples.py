"""MeWe for iOS, database sgrouplesdb.sqlite."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import cocoa_s

from ..keyed_archive import NotAnArchive, unarchived
from ..stored_tables import unread
from ..untrusted import as_json, sequence

# Core Data puts the number of an entity into the names of columns and tables that point to it (Z_11PARTICIPATINGUSERS), and that
# number changes between releases: `Z#PARTICIPATINGUSERS` is filled in from the schema.
PEOPLE = """
WITH owner AS MATERIALIZED (
  SELECT MAX(mine.ZUSERID) AS id FROM ZCURRENTUSER me JOIN ZUSER mine ON mine.Z_PK = me.ZUSER GROUP BY 1 = 1 HAVING COUNT(*) = 1
),
names AS MATERIALIZED (
  SELECT person.ZUSERID AS id, MAX(COALESCE(NULLIF({person.ZNAME}, ''),
    NULLIF(TRIM(COALESCE({person.ZFIRSTNAME}, '') || ' ' || COALESCE({person.ZLASTNAME}, '')), ''), {person.ZHANDLE})) AS name
  FROM ZUSER person WHERE person.ZUSERID IS NOT NULL GROUP BY person.ZUSERID
),
chats AS MATERIALIZED (
  SELECT t.ZTHREADID AS id, MAX({t.ZCHATTYPE}) AS type, COUNT(other.ZUSERID) AS others, MAX(names.name) AS other_name
  FROM ZCHATTHREAD t
  LEFT JOIN owner ON 1
  LEFT JOIN Z#PARTICIPATINGUSERS member ON {member.Z#THREADS} = t.Z_PK
  LEFT JOIN ZUSER other ON other.Z_PK = {member.Z#PARTICIPATINGUSERS} AND other.ZUSERID IS NOT owner.id
  LEFT JOIN names ON names.id = other.ZUSERID
  GROUP BY t.ZTHREADID
)"""

# Beside a reply lies a copy of what it answers (ZREPLYMESSAGEID names the reply), under the time of the reply.
MESSAGE = (
    PEOPLE
    + """
SELECT owner.id AS account_id, m.ZTHREADID AS chat_id, CASE WHEN chats.others = 1 THEN chats.other_name END AS chat_name,
  chats.type AS chat_type, m.ZMESSAGEID AS message_id, m.ZDATE AS sent_at, {m.ZEDITEDDATE} AS edited_at, m.ZSENDER AS sender_id,
  names.name AS sender_name,
  CASE WHEN owner.id IS NULL OR m.ZSENDER IS NULL THEN 'unknown' WHEN m.ZSENDER = owner.id THEN 'outgoing' ELSE 'incoming' END
    AS direction,
  {m.ZKINDNUMBER} AS number, {m.ZEVENTTYPE} AS event, m.ZTEXT AS text, answered.ZMESSAGEID AS reply_to,
  {m.ZREPLYMESSAGEID} AS copied_for, {m.ZORIGINALTEXT} AS original_text, {m.ZSENDINGSTATUS} AS status,
  NULLIF({m.ZDELETEDBYSENDER}, 0) AS deleted, NULLIF({m.ZISTEMPORARY}, 0) AS temporary, NULLIF({m.ZEXPIRESIN}, 0) AS expires_in,
  {m.ZDISAPPEARINGTYPE} AS disappearing, NULLIF({m.ZCALLDURATION}, 0) AS call_duration, {m.ZCALLHASVIDEO} AS video,
  {m.ZSTORYID} AS story, {m.ZTZDATESTR} AS written_date, {m.ZPARTICIPATION} AS participation, members.added, members.removed,
  files.type AS attached, 'ZCHATMESSAGE/Z_PK=' || m.Z_PK AS record
FROM ZCHATMESSAGE m
LEFT JOIN owner ON 1
LEFT JOIN names ON names.id = m.ZSENDER
LEFT JOIN chats ON chats.id = m.ZTHREADID
LEFT JOIN ZCHATMESSAGE answered ON answered.Z_PK = {m.ZREPLYTARGET}
LEFT JOIN (SELECT a.ZCHATMESSAGE AS pk, MIN({a.ZATYPE}) AS type FROM ZCHATATTACHMENT a GROUP BY a.ZCHATMESSAGE) files
  ON files.pk = m.Z_PK
LEFT JOIN (
  SELECT COALESCE({e.Z#ADDED}, {e.Z#REMOVED}) AS pk,
    json_group_array(CAST(COALESCE(e.ZNAME, e.ZUSERID) AS TEXT)) FILTER (WHERE {e.Z#ADDED} IS NOT NULL) AS added,
    json_group_array(CAST(COALESCE(e.ZNAME, e.ZUSERID) AS TEXT)) FILTER (WHERE {e.Z#REMOVED} IS NOT NULL) AS removed
  FROM ZCHATMESSAGEPARTICIPATIONEVENT e GROUP BY 1
) members ON members.pk = {m.ZPARTICIPATION}
"""
)
FILES = """
SELECT 'MeWe' AS app, m.ZTHREADID AS chat_id, m.ZMESSAGEID AS message_id, NULLIF({a.ZFILENAME}, '') AS name,
  NULLIF({a.ZMIMETYPE}, '') AS mime, NULLIF({a.ZPHOTOWIDTH}, 0) AS width, NULLIF({a.ZPHOTOHEIGHT}, 0) AS height,
  COALESCE(NULLIF({a.ZVIDEODURATION}, 0), NULLIF({a.ZAUDIODURATION}, 0)) AS duration_s, {a.ZURL} AS url,
  NULLIF(json_patch('{}', json_object('type', CAST({a.ZATYPE} AS TEXT), 'object', CAST({a.ZFILEOBJECTID} AS TEXT),
    'post', CAST({a.ZPOSTID} AS TEXT))), '{}') AS extra,
  'ZCHATATTACHMENT/Z_PK=' || a.Z_PK AS record
FROM ZCHATATTACHMENT a LEFT JOIN ZCHATMESSAGE m ON m.Z_PK = a.ZCHATMESSAGE
"""
POSTS = (
    PEOPLE
    + """
SELECT 'MeWe' AS app, owner.id AS account_id, COALESCE({p.ZGROUPID}, {p.ZPAGEID}, {p.ZTHREADID}, p.ZUSERID) AS chat_id,
  COALESCE(club.name, page.name) AS chat_name,
  CASE WHEN {p.ZGROUPID} IS NOT NULL THEN 'group' WHEN {p.ZPAGEID} IS NOT NULL THEN 'channel' END AS chat_kind,
  p.ZPOSTID AS message_id, p.ZCREATIONDATE AS sent_at, {p.ZEDITEDDATE} AS edited_at, p.ZUSERID AS sender_id,
  names.name AS sender_name,
  CASE WHEN owner.id IS NULL OR p.ZUSERID IS NULL THEN 'unknown' WHEN p.ZUSERID = owner.id THEN 'outgoing' ELSE 'incoming' END
    AS direction,
  CASE WHEN poll.Z_PK IS NOT NULL THEN 'poll' WHEN pictures.pk IS NOT NULL THEN 'image' WHEN link.Z_PK IS NOT NULL THEN 'link'
       ELSE 'text' END AS kind,
  'post' AS raw_kind, NULLIF(p.ZTEXT, '') AS text, poll.ZQUESTION AS question, choices.options, address.ZHREFURL AS link,
  {link.ZTITLE} AS link_title, {p.ZPARENTPOSTID} AS parent_post, NULLIF({p.ZCOMMENTSCOUNT}, 0) AS comments,
  NULLIF({p.ZSHARESCOUNT}, 0) AS shares, {p.ZALBUMNAME} AS album, {p.ZSOURCE} AS source, 'ZPOST/Z_PK=' || p.Z_PK AS record
FROM ZPOST p
LEFT JOIN owner ON 1
LEFT JOIN names ON names.id = p.ZUSERID
LEFT JOIN (SELECT g.ZGROUPID AS id, MAX(g.ZNAME) AS name FROM ZGROUP g GROUP BY g.ZGROUPID) club ON club.id = {p.ZGROUPID}
LEFT JOIN (SELECT s.ZPAGEID AS id, MAX(s.ZNAME) AS name FROM ZPAGE s GROUP BY s.ZPAGEID) page ON page.id = {p.ZPAGEID}
LEFT JOIN ZPOLL poll ON poll.Z_PK = {p.ZPOLL}
LEFT JOIN (
  SELECT {o.Z#OPTIONS} AS pk, json_group_array(json_object('text', CAST(o.ZTEXT AS TEXT), 'votes', CAST({o.ZVOTES} AS INTEGER),
    'chosen', CAST({o.ZISSELECTED} AS INTEGER))) AS options
  FROM ZPOLLOPTION o GROUP BY 1
) choices ON choices.pk = poll.Z_PK
LEFT JOIN (SELECT {d.Z#MEDIA} AS pk FROM ZMEDIUM d GROUP BY 1) pictures ON pictures.pk = p.Z_PK
LEFT JOIN ZLINK link ON link.Z_PK = {p.ZLINK}
LEFT JOIN ZHYPERLINK address ON address.Z_PK = {link.ZURLLINK}
"""
)
PICTURES = """
SELECT 'MeWe' AS app, COALESCE({p.ZGROUPID}, {p.ZPAGEID}, {p.ZTHREADID}, p.ZUSERID) AS chat_id, p.ZPOSTID AS message_id,
  {d.ZMIMETYPE} AS mime, NULLIF({d.ZWIDTH}, 0) AS width, NULLIF({d.ZHEIGHT}, 0) AS height,
  COALESCE(video.ZHREFURL, photo.ZHREFURL) AS url, 'ZMEDIUM/Z_PK=' || d.Z_PK AS record
FROM ZMEDIUM d
LEFT JOIN ZPOST p ON p.Z_PK = {d.Z#MEDIA}
LEFT JOIN ZHYPERLINK photo ON photo.Z_PK = {d.ZPHOTOLINK}
LEFT JOIN ZHYPERLINK video ON video.Z_PK = {d.ZVIDEOLINK}
"""
# An emoji with how often it was given; persons are not named but for the account itself.
EMOJI = (
    PEOPLE
    + """
SELECT 'MeWe' AS app, COALESCE(m.ZTHREADID, {p.ZGROUPID}, {p.ZPAGEID}, {p.ZTHREADID}, p.ZUSERID) AS chat_id,
  COALESCE(m.ZMESSAGEID, p.ZPOSTID) AS message_id,
  CASE WHEN {j.ZUSEDBYCURRENTUSER} = 1 AND {j.ZCOUNT} = 1 THEN owner.id END AS person_id, j.ZEMOJI AS value,
  json_object('count', CAST({j.ZCOUNT} AS INTEGER), 'by_account', CAST({j.ZUSEDBYCURRENTUSER} AS INTEGER)) AS extra,
  'ZEMOJI/Z_PK=' || j.Z_PK AS record
FROM ZEMOJI j
LEFT JOIN owner ON 1
LEFT JOIN ZCHATMESSAGE m ON m.Z_PK = {j.ZCHATMESSAGE}
LEFT JOIN ZPOST p ON p.Z_PK = {j.ZPOST}
"""
)
PERSONS = (
    PEOPLE
    + """
SELECT u.ZUSERID AS id, owner.id AS account_id, names.name, {u.ZHANDLE} AS username, known.created_at, known.type,
  known.invitation, {u.ZFINGERPRINT} AS fingerprint, {u.ZISVERIFIED} AS verified, {u.ZISPUBLIC} AS public,
  me.phone, me.email, me.invite_id, 'ZUSER/Z_PK=' || u.Z_PK AS record
FROM ZUSER u
LEFT JOIN owner ON 1
LEFT JOIN names ON names.id = u.ZUSERID
LEFT JOIN (
  SELECT c.ZUSER AS pk, MAX({c.ZCREATEDDATE}) AS created_at, MAX({c.ZCONTACTTYPE}) AS type, MAX({c.ZINVITATIONTYPE}) AS invitation
  FROM ZCONTACT c GROUP BY c.ZUSER
) known ON known.pk = u.Z_PK
LEFT JOIN (
  SELECT own.ZUSER AS pk, MAX({own.ZPRIMARYPHONE}) AS phone, MAX({own.ZPRIMARYEMAIL}) AS email,
    MAX({own.ZCONTACTINVITEID}) AS invite_id
  FROM ZCURRENTUSER own GROUP BY own.ZUSER
) me ON me.pk = u.Z_PK
"""
)
MEMBERS = """
SELECT 'MeWe' AS app, t.ZTHREADID AS chat_id, u.ZUSERID AS person_id, {u.ZNAME} AS name,
  CASE WHEN {t.ZSTARTEDBY} = u.ZUSERID THEN '{"started_chat": true}' END AS extra,
  'Z#PARTICIPATINGUSERS/' || {z.Z#THREADS} || ',' || {z.Z#PARTICIPATINGUSERS} AS record
FROM Z#PARTICIPATINGUSERS z
LEFT JOIN ZCHATTHREAD t ON t.Z_PK = {z.Z#THREADS}
LEFT JOIN ZUSER u ON u.Z_PK = {z.Z#PARTICIPATINGUSERS}
"""
GROUPS = (
    PEOPLE
    + """
SELECT g.ZGROUPID AS chat_id, owner.id AS account_id, {g.ZROLE} AS role, {g.ZISCONFIRMED} AS active, {g.ZOWNERID} AS founder,
  {g.ZADMINIDS} AS admins, {g.ZNAME} AS group_name, {g.ZDESCRIPTIONPLAIN} AS description, {g.ZCATEGORY} AS category,
  {g.ZPUBLICURLID} AS public_id, {g.ZISPUBLIC} AS public, {g.ZCHATMODE} AS chat_mode, 'ZGROUP/Z_PK=' || g.Z_PK AS record
FROM ZGROUP g LEFT JOIN owner ON 1
"""
)
NUMBERED = re.compile(r"Z_?\d+([A-Z]+)")
NUMBERED_TABLES = ("ZPOLLOPTION", "ZMEDIUM", "ZCHATMESSAGEPARTICIPATIONEVENT")
PLACE = re.compile(
    r"https://www\.openstreetmap\.org/\?mlat=(-?\d{1,2}(?:\.\d+)?)&mlon=(-?\d{1,3}(?:\.\d+)?)&\S*meweLocationType=(\w+)\s*"
)
ATTACHED = {"photo": "image", "video": "video", "audio": "audio", "document": "document", "sticker": "sticker"}
CHAT_KINDS = {"UserChat": "direct"}
NOTED = (
    "copied_for",
    "original_text",
    "temporary",
    "expires_in",
    "disappearing",
    "call_duration",
    "story",
    "written_date",
)
POST_NOTED = ("parent_post", "comments", "shares", "album", "source", "link", "link_title")
UNREAD = ("ZCOMMENT", "ZEVENT2", "ZCHATLINK", "ZFILE", "ZDOCUMENT", "ZAUDIOFILE", "ZCHATNOTCONTACTOPTIONS")


@parser(
    "mewe.ios",
    files=["sgrouplesdb.sqlite"],
    test=sqlite.has(
        ZCHATMESSAGE=["ZMESSAGEID", "ZTHREADID", "ZSENDER", "ZDATE", "ZTEXT"],
        ZCHATTHREAD=["ZTHREADID"],
        ZUSER=["ZUSERID"],
        ZCURRENTUSER=["ZUSER"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """MeWe for iOS (sgrouplesdb.sqlite).

    Times are seconds since 2001. The account is the user of ZCURRENTUSER. A shared place is a link to OpenStreetMap with the
    coordinates. Beside a reply lies a copy of the message that it answers, with the time of the reply: it is a row of its own,
    `copied_for` in `extra` names the reply. Posts in groups (`group`) and on pages (`channel`) are messages of raw kind `post`.

    Reads: messages of chats with attachments, places, replies, emoji; posts with pictures, links, polls; members of chats and
    groups; persons and contacts; the account.
    Not read: media themselves, comments, events, links shown in chats (a problem where their tables hold rows). Calls, events in
    chats and vanishing messages were never seen: kinds other than 0 are `unknown`, the length of a call stays in `extra`.
    Seen on: MeWe on an iPhone with iOS 17 (2020 to 2024; 53 messages in 4 chats of two, 33 posts, 10 polls).
    Source: schema of that database; iLEAPP, artifact meWe.
    Tier: proven
    """
    with file.sqlite() as db:
        resolve = resolver(db)
        for row in db.execute(resolve(MESSAGE), every="ZCHATMESSAGE"):
            yield from message(row)
        for query, table in ((FILES, "ZCHATATTACHMENT"), (PICTURES, "ZMEDIUM")):
            if db.columns(table):
                yield from ATTACHMENTS.batches(db.execute(resolve(query), every=table))
        if db.has(ZPOST=["ZPOSTID", "ZUSERID", "ZCREATIONDATE", "ZTEXT"]):
            yield from MESSAGES.rows(
                map(post, db.execute(resolve(POSTS), every="ZPOST")), sent_at=cocoa_s, edited_at=cocoa_s
            )
        if db.columns("ZEMOJI"):
            yield from REACTIONS.batches(db.execute(resolve(EMOJI), every="ZEMOJI"))
        yield from people(db, resolve)
        yield from unread(db, UNREAD)


def resolver(db: Database) -> Any:
    """A function that fills in the names that hold the number of an entity (`Z#OPTIONS` becomes `Z29OPTIONS`)."""
    tables = [table for table in db.tables if NUMBERED.fullmatch(table)]
    columns = [column for table in (*NUMBERED_TABLES, *tables) for column in db.columns(table)]
    names = {m[1]: m[0] for name in columns if (m := NUMBERED.fullmatch(name))}
    homes = {m[1]: m[0] for name in tables if (m := NUMBERED.fullmatch(name))}

    def resolve(query: str) -> str:
        query = re.sub(r"(?<=[{\w]\.)Z#(\w+)", lambda m: names.get(m[1], "Z_NONE"), query)
        return re.sub(r"\bZ#(\w+)", lambda m: homes.get(m[1], "Z_NONE"), query)

    return resolve


def message(row: Mapping[str, Any]) -> Iterator[Any]:
    """A message of a chat; its place, or the call that it stands for."""
    place = PLACE.fullmatch(row["text"]) if isinstance(row["text"], str) else None
    kind = kind_of(row, bool(place))
    members = {name: json.loads(row[name]) for name in ("added", "removed") if row[name] not in (None, "[]")}
    cells = {
        "app": "MeWe",
        **{name: row[name] for name in ("account_id", "chat_id", "chat_name", "message_id", "sent_at", "edited_at")},
        **{name: row[name] for name in ("sender_id", "sender_name", "text", "reply_to", "deleted", "status")},
        "chat_kind": CHAT_KINDS.get(row["chat_type"], row["chat_type"]),
        "direction": "system" if kind == "system" else row["direction"],
        "kind": kind,
        "raw_kind": row["event"] or row["number"],
        "edited": True if row["edited_at"] else None,
        "latitude": float(place[1]) if place else None,
        "longitude": float(place[2]) if place else None,
        "extra": as_json({name: row[name] for name in NOTED} | members),
        "record": row["record"],
        "state": row["state"],
    }
    yield from MESSAGES.rows([cells], sent_at=cocoa_s, edited_at=cocoa_s)
    if place:
        yield from PLACES.rows([place_cells(cells, place[3])], at=cocoa_s)
    if kind == "call":
        yield from CALLS.rows([call_cells(row)], started_at=cocoa_s)


def kind_of(row: Mapping[str, Any], is_place: bool) -> str:
    """The kind of a message, by what is in it; only the number 0 is known."""
    if row["call_duration"] or row["video"]:
        return "call"
    if row["event"] or row["participation"] is not None:
        return "system"
    if row["number"] not in (0, None):
        return "unknown"
    if row["attached"]:
        return ATTACHED.get(row["attached"], "unknown")
    return "location" if is_place else "text"


def place_cells(cells: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """The columns of `places`. `origin`: where the device was (`current`), or a point that was chosen (`picked`)."""
    shared = {name: cells[name] for name in ("latitude", "longitude", "record", "state")}
    extra = as_json({"chat_id": cells["chat_id"], "origin": origin})
    return shared | {"at": cells["sent_at"], "kind": "message", "ref": cells["message_id"], "extra": extra}


def call_cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `calls`. The unit of the length was never seen."""
    incoming = row["direction"] == "incoming"
    return {
        "app": "MeWe",
        "account_id": row["account_id"],
        "call_id": row["message_id"],
        "chat_id": row["chat_id"],
        "started_at": row["sent_at"],
        "direction": row["direction"],
        "video": row["video"],
        "peer_id": row["sender_id"] if incoming else None,
        "peer_name": row["sender_name"] if incoming else row["chat_name"],
        "extra": as_json({"call_duration": row["call_duration"]}),
        "record": row["record"],
        "state": row["state"],
    }


def post(row: Mapping[str, Any]) -> dict[str, Any]:
    """A post; of a poll with question and options."""
    left = ("question", "options", *POST_NOTED)
    options = json.loads(row["options"]) if row["options"] else None
    said = [text for text in (row["text"], row["question"]) if isinstance(text, str) and text]
    return {
        **{name: value for name, value in row.items() if name not in left},
        "text": "\n".join(dict.fromkeys(said)) or None,
        "edited": True if row["edited_at"] else None,
        "extra": as_json({name: row[name] for name in POST_NOTED} | {"question": row["question"], "options": options}),
    }


def people(db: Database, resolve: Any) -> Iterator[Any]:
    """The account, persons, members of chats and of groups."""
    for row in db.execute(resolve(PERSONS), every="ZUSER"):
        yield from person(row)
    if members := next((table for table in db.tables if table.endswith("PARTICIPATINGUSERS")), None):
        yield from PARTICIPANTS.batches(db.execute(resolve(MEMBERS), every=members))
    if db.has(ZGROUP=["ZGROUPID"]):
        for row in db.execute(resolve(GROUPS), every="ZGROUP"):
            yield from group(row)


def person(row: Mapping[str, Any]) -> Iterator[Any]:
    """A person: the account itself, or somebody else."""
    noted = ("type", "invitation", "fingerprint", "verified", "public", "invite_id")
    cells = {"app": "MeWe", **{name: row[name] for name in ("account_id", "name", "username", "record", "state")}}
    cells["extra"] = as_json({name: row[name] for name in noted})
    if row["id"] is not None and row["id"] == row["account_id"]:
        yield from ACCOUNTS.rows([cells | {"phone": row["phone"], "email": row["email"], "is_owner": True}])
    else:
        other = {"person_id": row["id"], "created_at": row["created_at"]}
        yield from CONTACTS.rows([cells | other], created_at=cocoa_s)


def group(row: Mapping[str, Any]) -> Iterator[Any]:
    """A group that posts come from: the account's role in it, its owner and its administrators."""
    shared = {"app": "MeWe", **{name: row[name] for name in ("chat_id", "record", "state")}}
    noted = ("group_name", "description", "category", "public_id", "public", "chat_mode")
    own = {"person_id": row["account_id"], "role": row["role"], "active": row["active"]}
    yield from PARTICIPANTS.rows([shared | own | {"extra": as_json({name: row[name] for name in noted})}])
    if row["founder"]:
        yield from PARTICIPANTS.rows([shared | {"person_id": row["founder"], "role": "owner"}])
    try:
        admins = unarchived(row["admins"]) if isinstance(row["admins"], bytes) else []
    except NotAnArchive as error:
        yield Problem("damaged", "ZADMINIDS is no readable archive", record=row["record"], detail=str(error))
        return
    yield from PARTICIPANTS.rows(shared | {"person_id": admin, "role": "admin"} for admin in sequence(admins))


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of sgrouplesdb.sqlite."""
    return [messages]
