"""LINE for Android: databases naver_line, contact and call_history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import unix_ms

from ..stored_tables import there
from ..untrusted import visible
from .codes import CONTENT, FILES, TYPES, UNSENT, WRITTEN, chat_kind, content_kind, first, parameters, whole

NAMES = (
    "COALESCE(NULLIF({p.custom_name}, ''), NULLIF({p.addressbook_name}, ''), NULLIF({p.name}, ''),"
    " NULLIF({p.server_name}, ''))"
)
PEOPLE = f"""
WITH people AS MATERIALIZED (SELECT p.m_id AS person_id, MIN({NAMES}) AS name FROM contacts p GROUP BY p.m_id),
named AS MATERIALIZED (SELECT g.id, MIN(NULLIF({{g.name}}, '')) AS name FROM groups g GROUP BY g.id),
chats AS MATERIALIZED (
  SELECT c.chat_id, COALESCE(named.name, people.name, NULLIF(c.chat_name, '')) AS chat_name
  FROM chat c LEFT JOIN named ON named.id = c.chat_id LEFT JOIN people ON people.person_id = c.chat_id
  GROUP BY c.chat_id
)"""
# Times are numbers in text. A message has two ids: its own in this database, and the server's, which others refer to.
MESSAGE = (
    PEOPLE
    + """
SELECT m.chat_id, COALESCE(chats.chat_name, named.name, partner.name) AS chat_name,
  COALESCE(NULLIF(m.server_id, ''), 'chat_history/id=' || m.id) AS message_id,
    NULLIF(CAST(m.created_time AS INTEGER), 0) AS sent_at,
  NULLIF(CAST({m.delivered_time} AS INTEGER), 0) AS delivered, NULLIF(m.from_mid, '') AS sender_id, people.name AS sender_name,
  people.person_id IS NOT NULL AS known, {m.type} AS type, m.attachement_type AS content_type, m.content, {m.status} AS status,
  {m.sent_count} AS sent_count, {m.read_count} AS read_count, {m.location_name} AS place_name,
    {m.location_address} AS place_address,
  {m.location_phone} AS place_phone, {m.location_latitude} AS latitude, {m.location_longitude} AS longitude,
  {m.attachement_image_width} AS width, {m.attachement_image_height} AS height, {m.attachement_image_size} AS size,
  {m.attachement_local_uri} AS uri, {m.parameter} AS parameter, m.id AS local_id, 'chat_history/id=' || m.id AS record
FROM chat_history m
LEFT JOIN chats ON chats.chat_id = m.chat_id
LEFT JOIN named ON named.id = m.chat_id
LEFT JOIN people partner ON partner.person_id = m.chat_id
LEFT JOIN people ON people.person_id = m.from_mid
"""
)
DRAFT = (
    PEOPLE
    + """
SELECT 'LINE' AS app, c.chat_id, chats.chat_name, CASE substr(c.chat_id, 1, 1) WHEN 'u' THEN 'direct' WHEN 'c' THEN 'group'
    WHEN 'r' THEN 'group' END AS chat_kind, 'outgoing' AS direction, 'text' AS kind, {c.input_text} AS text, 'draft' AS status,
  json_object('draft', 1) AS extra, 'chat/chat_id=' || c.chat_id AS record
FROM chat c LEFT JOIN chats ON chats.chat_id = c.chat_id WHERE {c.input_text} <> ''
"""
)
REACTION = """
SELECT 'LINE' AS app, COALESCE({x.chat_id}, m.chat_id) AS chat_id, COALESCE(CAST({x.server_message_id} AS TEXT),
  NULLIF(m.server_id, ''),
    'chat_history/id=' || {x.local_message_id}) AS message_id, x.member_id AS person_id,
      NULLIF({x.reaction_time_millis}, 0) AS reacted_at,
  COALESCE(NULLIF({x.custom_reaction}, ''), CAST(x.reaction_type AS TEXT)) AS value,
  CASE WHEN {x.custom_reaction} <> '' THEN json_object('type', CAST(x.reaction_type AS TEXT)) END AS extra,
    'reactions/rowid=' || x.rowid AS record
FROM reactions x LEFT JOIN chat_history m ON m.id = {x.local_message_id}
"""
MEMBER = (
    PEOPLE
    + """
SELECT 'LINE' AS app, x.id AS chat_id, x.m_id AS person_id, people.name, CASE {x.is_accepted} WHEN 1 THEN 1 WHEN 0
  THEN 0 END AS active,
  NULLIF(CAST({x.created_time} AS INTEGER), 0) AS joined_at, CASE {x.is_accepted} WHEN 0 THEN json_object('invited',
    1) END AS extra,
  'membership/id=' || x.id || ' m_id=' || x.m_id AS record
FROM membership x LEFT JOIN people ON people.person_id = x.m_id
"""
)
IN_ROOM = (
    PEOPLE
    + """
SELECT 'LINE' AS app, x.chat_id, x.mid AS person_id, people.name, NULLIF(CAST({x.created_time} AS INTEGER), 0) AS joined_at,
  'chat_member/chat_id=' || x.chat_id || ' mid=' || x.mid AS record
FROM chat_member x LEFT JOIN people ON people.person_id = x.mid
"""
)
PERSON = f"""
SELECT 'LINE' AS app, p.m_id AS person_id, {NAMES} AS name, NULLIF({{p.status_msg}}, '') AS note,
  NULLIF(CAST({{p.created_time}} AS INTEGER), 0) AS created_at,
  NULLIF(json_patch('{{}}', json_object('custom_name', CAST(NULLIF({{p.custom_name}}, '') AS TEXT),
    'addressbook_name', CAST(NULLIF({{p.addressbook_name}}, '') AS TEXT), 'server_name',
      CAST(NULLIF({{p.server_name}}, '') AS TEXT),
    'relation', CAST({{p.relation}} AS TEXT), 'status', CAST({{p.status}} AS TEXT), 'hidden',
      CAST(NULLIF({{p.hidden}}, 0) AS TEXT),
    'favourite', CAST(NULLIF({{p.favorite}}, 0) AS TEXT), 'picture', CAST(NULLIF({{p.picture_path}}, '') AS TEXT))),
      '{{}}') AS extra,
  'contacts/m_id=' || p.m_id AS record
FROM contacts p
"""
NEW_PERSON = """
SELECT 'LINE' AS app, p.mid AS person_id, COALESCE(NULLIF(p.overridden_name, ''), NULLIF(p.profile_name, '')) AS name,
  NULLIF(json_patch('{}', json_object('profile_name', CAST(NULLIF(p.profile_name, '') AS TEXT))), '{}') AS extra,
  'contacts/mid=' || p.mid AS record
FROM contacts p
"""
CALL = """
SELECT 'LINE' AS app, 'call_history/rowid=' || x.rowid AS call_id, NULLIF(CAST(x.start_time AS INTEGER), 0) AS started_at,
  CASE WHEN CAST(x.start_time AS INTEGER) > 0 AND CAST(x.end_time AS INTEGER) >= CAST(x.start_time AS INTEGER)
       THEN (CAST(x.end_time AS INTEGER) - CAST(x.start_time AS INTEGER)) / 1000.0 END AS duration_s,
  CASE substr(x.call_type, -1) WHEN 'O' THEN 'outgoing' WHEN 'I' THEN 'incoming' ELSE 'unknown' END AS direction,
  x.caller_mid AS peer_id, x.caller_mid AS chat_id, CASE x.voip_type WHEN 'V' THEN 1 WHEN 'A' THEN 0 END AS video,
  lower(NULLIF({x.result}, '')) AS outcome,
  json_patch('{}', json_object('call_type', CAST(x.call_type AS TEXT), 'voip_type', CAST(x.voip_type AS TEXT),
    'group_call', CASE x.voip_type WHEN 'G' THEN 1 END, 'group_media', CAST({x.voip_gc_media_type} AS TEXT))) AS extra,
  'call_history/rowid=' || x.rowid AS record
FROM call_history x
"""
RELATED = "message_relation_server_message_id"


@parser(
    "line.android",
    test=sqlite.has(
        chat_history=["id", "server_id", "chat_id", "from_mid", "content", "created_time", "attachement_type"],
        chat=["chat_id", "chat_name"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """LINE for Android, database naver_line.

    Reads: messages with writer, direction, kind, text, parameters, replies, places, what is told of files and where the app
    keeps them; marks of unsent messages, whose content the app removes; events; drafts; reactions; calls, where no database
    call_history lies beside it; members; contacts, which newer versions keep in the database contact. A message without a
    sender is the owner's. Times are Unix milliseconds, stored as text.

    Not read: keys of files, search indexes, the owner's id, which is not in the database.

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: ALEAPP (artifact line, with what its tests found); a viewer of backups (names of parameters); a tool that converts
    between both apps (schema); an enumeration read from the app.

    Tier: documented
    """
    with file.sqlite() as db:
        with_calls = file.sibling("call_history") is None
        for row in db.execute(MESSAGE, every="chat_history"):
            yield from read(row, with_calls)
        yield from MESSAGES.batches(db.execute(DRAFT))
        yield from REACTIONS.batches(db.execute(REACTION, every=there(db, "reactions")), reacted_at=unix_ms)
        yield from PARTICIPANTS.batches(db.execute(MEMBER, every=there(db, "membership")), joined_at=unix_ms)
        yield from PARTICIPANTS.batches(db.execute(IN_ROOM, every=there(db, "chat_member")), joined_at=unix_ms)
        yield from CONTACTS.batches(db.execute(PERSON, every=there(db, "contacts")), created_at=unix_ms)


@parser("line.android.contacts", test=sqlite.has(contacts=["mid", "profile_name", "overridden_name"]))
def people(file: File) -> Iterator[Any]:
    """LINE for Android, database contact of newer versions.

    Reads: ids and names of people.

    Not read: whatever else the database holds; its other columns are not described.

    Seen on: no file of a device yet. Tested on invented rows.

    Source: a tool that reads the app's database (columns of the table contacts).

    Tier: documented
    """
    with file.sqlite() as db:
        yield from CONTACTS.batches(db.execute(NEW_PERSON, every="contacts"))


@parser(
    "line.android.calls",
    test=sqlite.has(call_history=["call_type", "start_time", "end_time", "caller_mid", "voip_type"]),
)
def calls(file: File) -> Iterator[Any]:
    """LINE for Android, database call_history.

    Reads: calls with the other side, both times, direction, whether with picture, and the result as stored. Times are Unix
    milliseconds. A call with a length of 0 may be one that nobody answered.

    Not read: members of group calls.

    Seen on: no file of a device yet. Tested on invented rows.

    Source: ALEAPP (artifact line; it knows no source for the letters O, I, V, A and G, which its images bear out but for G).

    Tier: documented
    """
    with file.sqlite() as db:
        yield from CALLS.batches(db.execute(CALL, every="call_history"), started_at=unix_ms)


def read(row: Mapping[str, Any], with_calls: bool) -> Iterator[Any]:
    """The rows of one message."""
    told = parameters(row["parameter"])
    base = {"app": "LINE", **{key: row[key] for key in ("chat_id", "message_id", "record", "state")}}
    cells = message(row, told)
    yield from MESSAGES.rows([base | cells], sent_at=unix_ms)
    if "latitude" in cells:
        label = ", ".join(filter(None, (visible(row["place_name"]), visible(row["place_address"])))) or None
        said = {"chat_id": row["chat_id"]} if isinstance(row["chat_id"], str) else None
        place = {
            "latitude": cells["latitude"],
            "longitude": cells["longitude"],
            "kind": "message",
            "label": label,
            "extra": said,
        }
        place |= {"ref": row["message_id"], "at": row["sent_at"], "record": row["record"], "state": row["state"]}
        yield from PLACES.rows([place], at=unix_ms)
    if row["content_type"] in FILES or visible(row["uri"]):
        yield from ATTACHMENTS.rows([base | attachment(row, told)])
    if with_calls and cells["kind"] == "call":
        shared = {key: base[key] for key in ("app", "chat_id", "record", "state")}
        yield from CALLS.rows([shared | call(row, told, cells)], started_at=unix_ms)


def message(row: Mapping[str, Any], told: dict[str, str]) -> dict[str, Any]:
    """The cells of `messages`."""
    code, sender = row["type"], row["sender_id"]
    written = code in WRITTEN or code is None
    related = first(told, RELATED)
    forwarded = bool(related) and (first(told, "message_relation_type_code") or "").upper() in ("0", "FORWARD")
    cells: dict[str, Any] = {
        "chat_name": row["chat_name"],
        "chat_kind": chat_kind(row["chat_id"]),
        "sent_at": row["sent_at"],
        "sender_id": sender,
        "sender_name": row["sender_name"],
        "direction": direction(row) if written else "system",
        "kind": kind_of(code, row["content_type"]),
        "raw_kind": f"{'' if code is None else code}:{'' if row['content_type'] is None else row['content_type']}",
        "text": visible(row["content"]) or visible(first(told, "ALT_TEXT")),
        "reply_to": related if not forwarded else None,
        "forwarded": True if forwarded else None,
        "deleted": True if code in UNSENT else None,
        "status": str(row["status"]) if isinstance(row["status"], int) else None,
    }
    if row["content_type"] == 15:
        north, east = row["latitude"], row["longitude"]
        if (
            isinstance(north, int)
            and isinstance(east, int)
            and abs(north) <= 90_000_000
            and abs(east) <= 180_000_000
            and (north or east)
        ):
            cells |= {"latitude": north / 1_000_000, "longitude": east / 1_000_000}
        cells["text"] = (
            cells["text"]
            or "\n".join(filter(None, (visible(row["place_name"]), visible(row["place_address"]))))
            or None
        )
    said: dict[str, Any] = {
        "type_is": TYPES.get(code) if isinstance(code, int) else None,
        "content_is": CONTENT.get(row["content_type"], (None,))[0]
        if isinstance(row["content_type"], int) and row["content_type"]
        else None,
        "delivered_ms": row["delivered"] if row["delivered"] != row["sent_at"] else None,
        "read_by": row["read_count"] if sender is None and whole(row["read_count"]) else None,
        "phone": visible(row["place_phone"]),
        "parameters": told or None,
    }
    cells["extra"] = {key: value for key, value in said.items() if value is not None} or None
    return cells


def direction(row: Mapping[str, Any]) -> str:
    """Which way a message went. The mark of an unsent one names its writer, be it the owner, whose id is not known."""
    if row["sender_id"] is None:
        return "outgoing"
    if row["type"] not in UNSENT or row["sender_id"] == row["chat_id"] or row["known"]:
        return "incoming"
    return "outgoing" if chat_kind(row["chat_id"]) == "direct" else "unknown"


def kind_of(code: Any, content_type: Any) -> str:
    """The kind of a row: the type tells calls, stickers, marks and events; of the rest the content does."""
    if code in UNSENT:
        return "deleted"
    if code in (4, 5):
        return "call" if code == 4 else "sticker"
    if code in (1, None):
        return content_kind(content_type)
    return "unknown" if code == 17 or not isinstance(code, int) or code not in TYPES else "system"


def attachment(row: Mapping[str, Any], told: dict[str, str]) -> dict[str, Any]:
    """A row of `attachments`; the app names its file by the number of the message in this database."""
    length = whole(first(told, "DURATION", "VOICE_DURATION", "AUDLEN", "voiceDuration", "PLAYABLE_CONTENT_DURATION"))
    stored = f"files/chats/{row['chat_id']}/messages/{row['local_id']}" if isinstance(row["chat_id"], str) else None
    return {
        "name": first(told, "FILE_NAME", "TRANSFER_FILE_NAME"),
        "stored_path": stored,
        "size": whole(first(told, "FILE_SIZE", "TRANSFER_FILE_SIZE")) or whole(row["size"]) or None,
        "width": whole(row["width"]) or None,
        "height": whole(row["height"]) or None,
        "duration_s": length / 1000 if length else None,
        "url": first(told, "DOWNLOAD_URL"),
        "extra": {"uri": row["uri"]} if visible(row["uri"]) else None,
    }


def call(row: Mapping[str, Any], told: dict[str, str], cells: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of `calls`."""
    length = whole(first(told, "DURATION", "voipDuration", "VOIP_DURATION", "VOIP_DURATION_OLD"))
    result = first(told, "RESULT", "voipResult", "VOIP_RESULT", "VOIP_RESULT_OLD")
    media = (first(told, "TYPE", "voipType", "VOIP_TYPE", "VOIP_TYPE_OLD", "GC_MEDIA_TYPE") or "").upper()
    direct = cells["chat_kind"] == "direct"
    return {
        "call_id": row["message_id"],
        "started_at": row["sent_at"],
        "duration_s": length / 1000 if length is not None else None,
        "direction": cells["direction"],
        "outcome": {"normal": "answered"}.get(result.lower(), result.lower()) if result else None,
        "video": {"V": True, "VIDEO": True, "A": False, "AUDIO": False}.get(media),
        "peer_id": row["chat_id"] if direct else row["sender_id"],
        "peer_name": row["chat_name"] if direct else row["sender_name"],
        "extra": {"parameters": told, "time_is": "of the message"} if told else None,
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of the app's databases."""
    return [messages, people, calls]
