"""Messenger's newer database (msys), which all of Meta's apps share on Android, iOS and Windows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import unix_ms

from ..learned import in_force
from ..meta.stored import account_in_name, app_of, as_json
from ..stored_tables import unread
from .msys_encrypted import encrypted

# `owners` and `app` are filled in before the query runs. A message may have several attachments, and an attachment several
# items and buttons: all are gathered to one row a message first, or messages would multiply.
SAID = """
WITH owners (id) AS (VALUES {owners}),
names AS MATERIALIZED (SELECT CAST(n.id AS TEXT) AS id, MAX(NULLIF({n.name}, '')) AS name FROM contacts n GROUP BY 1),
chats AS MATERIALIZED (
  SELECT CAST(t.thread_key AS TEXT) AS chat_id, MAX({t.thread_type}) AS type, MAX({t.folder_name}) AS folder,
         MAX(NULLIF({t.thread_name}, '')) AS name
  FROM threads t GROUP BY 1
),
members AS MATERIALIZED (
  SELECT CAST(p.thread_key AS TEXT) AS chat_id, MAX(CASE WHEN CAST(p.contact_id AS TEXT) NOT IN (SELECT o.id FROM owners o)
           THEN CAST(p.contact_id AS TEXT) END) AS other, COUNT(*) AS many
  FROM participants p GROUP BY 1
),
types (type, kind) AS (
  VALUES (1, 'sticker'), (2, 'image'), (3, 'gif'), (4, 'video'), (5, 'audio'), (6, 'document'), (8, 'image'), (9, 'video'),
         (10, 'sticker'), (15, 'sticker')
),
files AS MATERIALIZED (
  SELECT a.message_id, COUNT(*) AS many, MAX(types.kind) AS kind, MAX({a.playable_url_mime_type}) AS mime,
         MAX({a.default_cta_type}) AS cta, MAX({a.attachment_type}) AS type,
         MAX(CASE WHEN {a.attachment_type} IN (8, 9) THEN {a.ephemeral_media_view_mode} = 0 END) AS once,
         json_group_array(CAST({a.title_text} AS TEXT)) AS titles
  FROM attachments a LEFT JOIN types ON types.type = {a.attachment_type}
  WHERE a.message_id IS NOT NULL GROUP BY a.message_id
),
pairs AS MATERIALIZED (
  SELECT b.message_id, MAX(COALESCE({b.type}, {b.type_})) AS type, MAX({b.action_url}) AS link,
         MAX(CASE WHEN instr({b.native_url}, ',') > 1 AND {b.native_url} NOT GLOB '*[^-0-9., ]*'
                   AND length({b.native_url}) - length(replace({b.native_url}, ',', '')) = 1 THEN {b.native_url} END) AS pair
  FROM attachment_ctas b WHERE b.message_id IS NOT NULL GROUP BY b.message_id
),
buttons AS MATERIALIZED (
  SELECT pairs.message_id, pairs.type, pairs.link, CAST(substr(pair, 1, instr(pair, ',') - 1) AS REAL) AS latitude,
         CAST(trim(substr(pair, instr(pair, ',') + 1)) AS REAL) AS longitude
  FROM pairs
),
m AS (
  SELECT x.message_id, CAST(x.thread_key AS TEXT) AS chat_id, CAST(x.sender_id AS TEXT) AS sender_id, x.timestamp_ms AS sent_at,
         NULLIF({x.text}, '') AS text, {x.is_admin_message} = 1 AS is_admin, {x.is_unsent} = 1 AS is_unsent,
         {x.unsent_timestamp_ms} AS unsent_at, NULLIF({x.sticker_id}, 0) AS sticker_id,
         {x.message_rendering_type} AS rendering_type,
         COALESCE({x.send_status_v3}, {x.send_status_v2}, {x.send_status}) AS status,
         NULLIF({x.reply_source_id}, '') AS reply_to, COALESCE({x.reply_message_text}, {x.reply_snippet}) AS quoted,
         {x.is_forwarded} AS forwarded, NULLIF({x.forward_score}, 0) AS forward_score, NULLIF({x.edit_count}, 0) AS edits,
         NULLIF({x.ephemeral_expiration_ts}, 0) AS expires, NULLIF({x.is_hidden}, 0) AS hidden,
         NULLIF({x.mention_ids}, '') AS mentions,
         {x.offline_threading_id} AS offline_threading_id,
         COALESCE('messages/message_id=' || x.message_id,
                  'messages/thread_key=' || x.thread_key || ', timestamp_ms=' || x.timestamp_ms,
                  'messages without message_id') AS record
  FROM messages x
),
told AS (
  SELECT m.*, names.name AS sender_name,
    CASE WHEN m.is_admin THEN 'system' WHEN m.sender_id IN (SELECT o.id FROM owners o) THEN 'outgoing'
         WHEN m.sender_id IS NOT NULL AND EXISTS (SELECT 1 FROM owners o WHERE o.id IS NOT NULL) THEN 'incoming'
         ELSE 'unknown' END AS direction,
    COALESCE(chats.name, CASE WHEN chats.type IN (1, 7, 10, 13, 15) THEN partner.name END) AS chat_name,
    CASE WHEN chats.type IN (1, 7, 10, 13, 15) THEN 'direct' WHEN chats.type IN (2, 8, 11, 16) THEN 'group'
         WHEN chats.type IN (23, 24, 152, 153) THEN 'broadcast' WHEN chats.type = 201 THEN 'bot' END AS chat_kind,
    chats.type AS thread_type, chats.folder, members.other, files.many AS files, files.titles, files.type, files.once,
    COALESCE(files.cta, buttons.type) AS cta, buttons.link,
    buttons.latitude, buttons.longitude,
    buttons.latitude BETWEEN -90 AND 90 AND buttons.longitude BETWEEN -180 AND 180
      AND (buttons.latitude <> 0 OR buttons.longitude <> 0) AS placed,
    CASE WHEN files.kind IS NOT NULL THEN files.kind WHEN files.mime LIKE 'image/gif%' THEN 'gif'
         WHEN files.mime LIKE 'image/%' THEN 'image' WHEN files.mime LIKE 'video/%' THEN 'video'
         WHEN files.mime LIKE 'audio/%' THEN 'audio' WHEN files.mime LIKE 'application/%' THEN 'document' END AS file_kind
  FROM m
  LEFT JOIN names ON names.id = m.sender_id
  LEFT JOIN chats ON chats.chat_id = m.chat_id
  LEFT JOIN members ON members.chat_id = m.chat_id
  LEFT JOIN names partner ON partner.id = COALESCE(members.other, m.chat_id)
  LEFT JOIN files ON files.message_id = m.message_id
  LEFT JOIN buttons ON buttons.message_id = m.message_id
)"""
MESSAGE = (
    SAID
    + """
SELECT {app} AS app, {account} AS account_id, chat_id, chat_name, chat_kind, message_id, sent_at, sender_id, sender_name,
  direction,
  CASE WHEN cta LIKE 'xma%rtc%' THEN 'call' WHEN is_unsent THEN 'deleted' WHEN is_admin THEN 'system'
       WHEN cta LIKE '%live_location%' THEN 'live_location' WHEN placed THEN 'location' WHEN cta LIKE 'xma_poll%' THEN 'poll'
       WHEN file_kind IS NOT NULL THEN file_kind WHEN sticker_id IS NOT NULL THEN 'sticker'
       WHEN cta LIKE '%web_url%' THEN 'link' WHEN text IS NULL THEN 'unknown' ELSE 'text' END AS kind,
  COALESCE(cta, 'attachment_type ' || type, 'rendering_type ' || rendering_type) AS raw_kind,
  text, reply_to, forwarded, edits > 0 AS edited, is_unsent AS deleted,
  CASE WHEN is_unsent THEN unsent_at END AS deleted_at, once AS view_once, status,
  CASE WHEN placed THEN latitude END AS latitude, CASE WHEN placed THEN longitude END AS longitude,
  NULLIF(json_patch('{}', json_object(
    'thread_type', CASE WHEN chat_kind IS NULL THEN CAST(thread_type AS TEXT) END,
    'folder', CASE WHEN folder <> 'inbox' THEN CAST(folder AS TEXT) END,
    'titles', CASE WHEN titles GLOB '*"*' THEN json(titles) END, 'link', CAST(link AS TEXT),
    'quoted_text', CAST(quoted AS TEXT), 'edit_count', CAST(edits AS TEXT), 'forward_score', CAST(forward_score AS TEXT),
    'ephemeral_expiration_ts', CAST(expires AS TEXT),
    'sticker_id', CAST(sticker_id AS TEXT), 'hidden', CAST(hidden AS TEXT), 'mentions', CAST(mentions AS TEXT),
    'offline_threading_id', CAST(offline_threading_id AS TEXT))), '{}') AS extra,
  record
FROM told
"""
)
PLACE = (
    SAID
    + """
SELECT sent_at AS at, latitude, longitude, CASE WHEN cta LIKE '%live_location%' THEN 'live_location' ELSE 'message' END AS kind,
  message_id AS ref, json_object('app', {app}, 'chat_id', chat_id) AS extra, record
FROM told WHERE placed
"""
)
# A call is told by the type of its message's button; of its length there is only a line in the language of the phone.
CALL_MESSAGE = (
    SAID
    + """
SELECT {app} AS app, {account} AS account_id, message_id AS call_id, chat_id, sent_at AS started_at,
  CASE direction WHEN 'system' THEN 'unknown' ELSE direction END AS direction,
  CASE WHEN cta LIKE '%missed%' THEN 'missed' END AS outcome, cta LIKE '%video%' AS video,
  CASE direction WHEN 'incoming' THEN sender_id
       ELSE COALESCE(other, CASE chat_kind WHEN 'direct' THEN chat_id END) END AS peer_id,
  CASE direction WHEN 'incoming' THEN sender_name ELSE chat_name END AS peer_name,
  NULLIF(json_patch('{}', json_object('type', CAST(cta AS TEXT), 'titles', CASE WHEN titles GLOB '*"*' THEN json(titles) END)),
    '{}') AS extra, record
FROM told WHERE cta LIKE 'xma%rtc%'
"""
)
CALL = """
SELECT {app} AS app, {account} AS account_id, CAST(c.thread_key AS TEXT) AS chat_id, c.call_timestamp_ms AS started_at,
  {c.call_duration} AS duration_s, 'unknown' AS direction, who.id AS peer_id, who.name AS peer_name,
  NULLIF(json_patch('{}', json_object('call_direction', CAST({c.call_direction} AS TEXT),
    'call_media_type', CAST({c.call_media_type} AS TEXT), 'has_been_seen', CAST({c.has_been_seen} AS TEXT))), '{}') AS extra,
  'call_log/thread_key=' || COALESCE(c.thread_key, '') || ', call_timestamp_ms=' || COALESCE(c.call_timestamp_ms, '') AS record
FROM call_log c
LEFT JOIN (SELECT CAST(n.id AS TEXT) AS id, MAX({n.name}) AS name FROM contacts n GROUP BY 1) who
  ON who.id = CAST(c.thread_key AS TEXT)
"""
FILE = """
SELECT {app} AS app, CAST(COALESCE({a.thread_key}, said.thread_key) AS TEXT) AS chat_id, a.message_id,
  NULLIF({a.filename}, '') AS name, NULLIF({a.local_playable_url}, '') AS stored_path,
  COALESCE({a.attachment_mime_type}, {a.playable_url_mime_type}, {a.preview_url_mime_type}) AS mime,
  NULLIF({a.filesize}, 0) AS size,
  NULLIF({a.preview_width}, 0) AS width, NULLIF({a.preview_height}, 0) AS height,
  CASE WHEN {a.playable_duration_ms} > 0 THEN {a.playable_duration_ms} / 1000.0 END AS duration_s,
  NULLIF({a.title_text}, '') AS caption,
  COALESCE(NULLIF({a.playable_url}, ''), NULLIF({a.image_url}, ''), NULLIF({a.preview_url}, '')) AS url,
  NULLIF(json_patch('{}', json_object('type', CAST({a.attachment_type} AS TEXT), 'cta', CAST({a.default_cta_type} AS TEXT),
    'subtitle', CAST(NULLIF({a.subtitle_text}, '') AS TEXT), 'description', CAST(NULLIF({a.description_text}, '') AS TEXT),
    'source', CAST(NULLIF({a.source_text}, '') AS TEXT), 'action_url', CAST(NULLIF({a.action_url}, '') AS TEXT),
    'original_hash', CAST({a.original_file_hash} AS TEXT), 'fbid', CAST({a.attachment_fbid} AS TEXT),
    'items', CASE WHEN items.list GLOB '*"*' THEN json(items.list) END)), '{}') AS extra,
  'attachments/message_id=' || COALESCE(a.message_id, '') || COALESCE(', attachment_fbid=' || {a.attachment_fbid}, '')
    || COALESCE(', attachment_index=' || {a.attachment_index}, '') AS record
FROM attachments a
LEFT JOIN (SELECT x.message_id, MAX(x.thread_key) AS thread_key FROM messages x GROUP BY x.message_id) said
  ON said.message_id = a.message_id
LEFT JOIN (
  SELECT i.message_id, json_group_array(json_object(
           'title', CAST({i.title_text} AS TEXT), 'subtitle', CAST({i.subtitle_text} AS TEXT))) AS list
  FROM attachment_items i WHERE COALESCE({i.title_text}, {i.subtitle_text}) <> '' GROUP BY i.message_id
) items ON items.message_id = a.message_id
"""
REACTION = """
SELECT {app} AS app, CAST(COALESCE({r.thread_key}, said.thread_key) AS TEXT) AS chat_id, r.message_id,
  CAST({r.actor_id} AS TEXT) AS person_id, r.reaction AS value,
  COALESCE({r.reaction_creation_timestamp_ms}, {r.timestamp_ms}) AS reacted_at,
  'reactions/message_id=' || COALESCE(r.message_id, '') || COALESCE(', actor_id=' || {r.actor_id}, '') AS record
FROM reactions r
LEFT JOIN (SELECT x.message_id, MAX(x.thread_key) AS thread_key FROM messages x GROUP BY x.message_id) said
  ON said.message_id = r.message_id
"""
MEMBER = """
SELECT {app} AS app, CAST(p.thread_key AS TEXT) AS chat_id, CAST(p.contact_id AS TEXT) AS person_id,
  COALESCE(who.name, NULLIF({p.nickname}, '')) AS name,
  CASE WHEN {p.is_super_admin} = 1 THEN 'owner' WHEN {p.is_admin} = 1 THEN 'admin'
       WHEN {p.is_admin} = 0 THEN 'member' END AS role,
  NULLIF(json_patch('{}', json_object('nickname', CAST(NULLIF({p.nickname}, '') AS TEXT),
    'read_until', strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({p.read_watermark_timestamp_ms}, 0) / 1000.0, 'unixepoch'),
    'delivered_until', strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({p.delivered_watermark_timestamp_ms}, 0) / 1000.0, 'unixepoch'))),
    '{}') AS extra,
  'participants/thread_key=' || COALESCE(p.thread_key, '') || ', contact_id=' || COALESCE(p.contact_id, '') AS record
FROM participants p
LEFT JOIN (SELECT CAST(n.id AS TEXT) AS id, MAX(NULLIF({n.name}, '')) AS name FROM contacts n GROUP BY 1) who
  ON who.id = CAST(p.contact_id AS TEXT)
"""
PERSON = """
SELECT {app} AS app, {account} AS account_id, CAST(n.id AS TEXT) AS person_id, NULLIF(n.name, '') AS name,
  COALESCE(NULLIF({n.username}, ''), NULLIF({n.secondary_name}, '')) AS username,
  NULLIF(CAST({n.phone_number} AS TEXT), '0') AS phone, NULLIF({n.email_address}, '') AS email,
  CASE WHEN {n.blocked_since_timestamp_ms} > 0 THEN 1 END AS blocked, {n.is_messenger_user} AS is_messenger_user,
  {n.friendship_status} AS friendship_status, {n.contact_type} AS contact_type, {n.birthday_timestamp} AS birthday_timestamp,
  {n.blocked_by_viewer_status} AS blocked_by_viewer_status, {n.blocked_since_timestamp_ms} AS blocked_since_ms,
  {n.work_company_name} AS work_company_name, {n.work_job_title} AS work_job_title,
  COALESCE({n.profile_picture_large_url}, {n.profile_picture_url}) AS picture, 'contacts/id=' || COALESCE(n.id, '') AS record
FROM contacts n
"""
# Messages of the secret conversations before 2023: what they say is ciphertext here.
SECRET = """
SELECT {app} AS app, {account} AS account_id, CAST({s.thread_key} AS TEXT) AS chat_id, {s.message_id} AS message_id,
  {s.timestamp_ms} AS sent_at, CAST({s.sender_id} AS TEXT) AS sender_id, who.name AS sender_name, 'unknown' AS direction,
  'unknown' AS kind, 'secure_messages' AS raw_kind,
  NULLIF(json_patch('{}', json_object('secret_conversation', 1,
    'ciphertext', CASE typeof({s.text}) WHEN 'blob' THEN hex({s.text}) ELSE CAST({s.text} AS TEXT) END,
    'attachments_ciphertext', CASE typeof({s.secure_message_attachments_encrypted}) WHEN 'blob'
      THEN hex({s.secure_message_attachments_encrypted}) ELSE CAST({s.secure_message_attachments_encrypted} AS TEXT) END)),
    '{}') AS extra,
  COALESCE('secure_messages/message_id=' || {s.message_id},
    'secure_messages/thread_key=' || COALESCE({s.thread_key}, '') || ', timestamp_ms=' || COALESCE({s.timestamp_ms}, ''))
    AS record
FROM secure_messages s
LEFT JOIN (SELECT CAST(n.id AS TEXT) AS id, MAX({n.name}) AS name FROM contacts n GROUP BY 1) who
  ON who.id = CAST({s.sender_id} AS TEXT)
"""
OWNER = (
    "SELECT DISTINCT CAST({u.facebook_user_id} AS TEXT) AS id FROM _user_info u WHERE {u.facebook_user_id} IS NOT NULL"
)
UNREAD = ("reactions_v2", "client_reactions_v2", "stories", "poll_votes")


@parser(
    "messenger.msys",
    magic=["application/vnd.sqlite3"],
    test=sqlite.has(
        messages=["message_id", "thread_key", "sender_id", "timestamp_ms"],
        attachments=["message_id", "title_text"],
        contacts=["id", "name"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Messenger's newer database (msys), as Android, iOS and Windows keep it.

    One schema under many names: msys_database_<account> (Android, Messenger and Facebook app), ig_msys_database_<account>
    (Instagram), lightspeed-userDatabases/<account>.db and fb-msys-<account>.db (iOS), msys_<account>.db (Windows). `app` is told
    by the folder. The owner is _user_info.facebook_user_id, failing that the number in the name. Messages of end-to-end
    encrypted chats are in client_messages, in clear; their chat_id is the key of client_threads, another than thread_key, and
    their senders are keys of this database, which fb_transport_contacts pairs with ids of Facebook.

    Reads: messages of both kinds, also those without text, sender or contact; kind by the type of attachment and of its button;
    replies, forwards, edits with the earlier texts, unsent messages; all attachments, one row each; reactions, members,
    contacts, call_log. Where call_log is empty, calls are told by messages with a call's button. Coordinates where a button's
    address is a pair of them. Messages of secret conversations (secure_messages) are rows with their ciphertext in extra. An
    attachment of an encrypted chat is named after the SHA-256 of its bytes: that is its sha256.

    Not read: direction, media and outcome of call_log: no source has tested what the codes stand for (in extra, as stored); the
    length of a call that only a message tells of (a line in the phone's language, in extra); members and reactions of encrypted
    chats; stories; media themselves. Views of the database are not used.

    Seen on: no file of a device yet. Tested on invented rows in the published columns.

    Source: ALEAPP (FacebookMessenger, Instagram) and iLEAPP (facebookMessenger, on Messenger 405 to 570), a public analyser of
    Messenger for Windows (columns of attachments, reactions, participants), mautrix-meta (names of columns, codes of types of
    threads and attachments), a public analyser of edited messages (client_edit_message_history).

    Tier: documented
    """
    app = app_of(file, "Messenger")
    with file.sqlite() as db:
        owners, told_by = owners_of(file, db)
        fill = Filled(app, owners)
        rows = db.execute(fill(MESSAGE), every="messages")
        yield from MESSAGES.batches(rows, sent_at=unix_ms, deleted_at=unix_ms)
        yield from PLACES.batches(db.execute(fill(PLACE)), at=unix_ms)
        yield from ATTACHMENTS.batches(db.execute(fill(FILE), every="attachments"))
        if db.has(reactions=["message_id", "reaction"]):
            yield from REACTIONS.batches(db.execute(fill(REACTION), every="reactions"), reacted_at=unix_ms)
        if db.has(participants=["thread_key", "contact_id"]):
            yield from PARTICIPANTS.batches(db.execute(fill(MEMBER), every="participants"))
        yield from calls(db, fill)
        if db.columns("secure_messages"):
            yield from MESSAGES.batches(db.execute(fill(SECRET), every="secure_messages"), sent_at=unix_ms)
        yield from encrypted(db, app, owners)
        own: dict[str, Any] = {}
        for row in db.execute(fill(PERSON), every="contacts"):
            own |= {row["person_id"]: row} if row["person_id"] in owners and in_force(row) else {}
            yield from CONTACTS.rows([contact(row)])
        yield from ACCOUNTS.rows(account(app, owner, told_by, own.get(owner)) for owner in owners)
        yield from unread(db, UNREAD)


class Filled:
    """Queries with the app and the owners filled in, as SQL text: both come from here, or are digits."""

    def __init__(self, app: str, owners: list[str]) -> None:
        self.values = {
            "{app}": f"'{app}'",
            "{account}": f"'{owners[0]}'" if len(owners) == 1 else "NULL",
            "{owners}": ", ".join(f"('{owner}')" for owner in owners) or "(NULL)",
        }

    def __call__(self, query: str) -> str:
        for name, value in self.values.items():
            query = query.replace(name, value)
        return query


def owners_of(file: File, db: Database) -> tuple[list[str], str | None]:
    """Ids of the account, and where they were found. Anything but digits is no id."""
    stated = {row["id"] for row in db.execute(OWNER)} if db.columns("_user_info") else set()
    owners = sorted(one for one in stated if isinstance(one, str) and one.isascii() and one.isdigit() and len(one) < 21)
    if owners:
        return owners, "_user_info.facebook_user_id"
    named = account_in_name(file)
    return ([named], "file name") if named else ([], None)


def calls(db: Database, fill: Filled) -> Iterator[Any]:
    """The log of calls; where there is none, the calls that messages tell of."""
    if db.has(call_log=["thread_key", "call_timestamp_ms"]) and db.count("call_log"):
        yield from CALLS.batches(db.execute(fill(CALL), every="call_log"), started_at=unix_ms)
    else:
        yield from CALLS.batches(db.execute(fill(CALL_MESSAGE)), started_at=unix_ms)


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of contacts. What its codes stand for no source says: they are in extra as stored."""
    taken = ("app", "account_id", "person_id", "name", "username", "blocked", "record", "state")
    rest = {name: value for name, value in row.items() if name not in (*taken, "phone", "email") and value != 0}
    return {name: row[name] for name in taken} | {
        "phones": [row["phone"]] if row["phone"] else None,
        "emails": [row["email"]] if isinstance(row["email"], str) else None,
        "extra": as_json(rest),
    }


def account(app: str, owner: str, told_by: str | None, known: Mapping[str, Any] | None) -> dict[str, Any]:
    """The account of the device's user, with its name where it is among the contacts."""
    said = {name: known[name] for name in ("name", "username", "phone", "state")} if known else {}
    cells = {
        "app": app,
        "account_id": owner,
        "is_owner": True,
        "record": told_by,
        "extra": json.dumps({"found_in": told_by}),
    }
    return said | cells


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of msys databases."""
    return [messages]
