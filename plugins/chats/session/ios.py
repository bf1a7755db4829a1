"""Session for iOS, database Session.sqlite, decrypted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, REACTIONS, RECEIPTS
from forensics.times import unix_ms

# An id of Session is 05 and the public key in hexadecimal. Seed and secret keys stand in the same table and are left alone.
PEOPLE = """
WITH owner AS MATERIALIZED (
  SELECT '05' || lower(hex(i.data)) AS person_id FROM identity i WHERE i.variant = 'x25519PublicKey' AND length(i.data) = 32
),
people AS MATERIALIZED (
  SELECT p.id AS person_id, COALESCE(NULLIF({p.nickname}, ''), NULLIF(p.name, '')) AS name FROM profile p
),
chats AS MATERIALIZED (
  SELECT t.id AS chat_id, COALESCE(people.name, NULLIF({closed.name}, ''), NULLIF({open.name}, '')) AS chat_name,
         CASE t.variant WHEN 0 THEN CASE WHEN t.id = owner.person_id THEN 'self' ELSE 'direct' END
                        WHEN 1 THEN 'group' WHEN 2 THEN 'group' WHEN 3 THEN 'group' END AS chat_kind
  FROM thread t
  LEFT JOIN owner ON 1
  LEFT JOIN people ON people.person_id = t.id AND t.variant = 0
  LEFT JOIN closedGroup closed ON closed.threadId = t.id
  LEFT JOIN openGroup open ON open.threadId = t.id
  GROUP BY t.id
)"""
# Messages of the app itself (1000 and above) carry the owner as author, whoever caused them.
MESSAGE = (
    PEOPLE
    + """,
files AS MATERIALIZED (
  SELECT link.interactionId, MAX(a.variant = 1) AS voices, MAX(a.contentType LIKE 'video/%') AS videos,
         MAX(a.contentType LIKE 'image/%') AS images, MAX(a.contentType = 'image/gif') AS gifs,
         MAX(a.contentType LIKE 'audio/%') AS sounds
  FROM interactionAttachment link LEFT JOIN attachment a ON a.id = link.attachmentId GROUP BY link.interactionId
),
quoted AS MATERIALIZED (
  SELECT q.interactionId, MIN(original.id) AS id, MIN(q.authorId) AS author, MIN(CAST(q.timestampMs AS INTEGER)) AS at,
         MIN({q.body}) AS body
  FROM quote q
  LEFT JOIN interaction answer ON answer.id = q.interactionId
  LEFT JOIN interaction original ON original.authorId = q.authorId AND original.timestampMs = CAST(q.timestampMs AS INTEGER)
    AND original.threadId = answer.threadId
  GROUP BY q.interactionId
)
SELECT 'Session' AS app, owner.person_id AS account_id, m.threadId AS chat_id, chats.chat_name, chats.chat_kind,
  m.id AS message_id, m.timestampMs AS sent_at,
  CASE WHEN m.variant IN (0, 2, 3, 4) THEN m.receivedAtTimestampMs END AS received_at,
  CAST({m.recipientReadTimestampMs} AS INTEGER) AS read_at,
  CASE WHEN {m.expiresStartedAtMs} > 0 AND {m.expiresInSeconds} > 0
       THEN CAST({m.expiresStartedAtMs} + {m.expiresInSeconds} * 1000 AS INTEGER) END AS expires_at,
  CASE WHEN m.variant < 1000 THEN m.authorId END AS sender_id, CASE WHEN m.variant < 1000 THEN author.name END AS sender_name,
  CASE WHEN m.variant IN (0, 2, 3, 4) THEN 'incoming' WHEN m.variant IN (1, 5, 6) THEN 'outgoing'
       WHEN m.variant >= 1000 THEN 'system' ELSE 'unknown' END AS direction,
  CASE WHEN m.variant BETWEEN 2 AND 6 THEN 'deleted' WHEN m.variant = 5000 THEN 'call' WHEN m.variant >= 1000 THEN 'system'
       WHEN m.variant NOT IN (0, 1) THEN 'unknown' WHEN files.voices THEN 'voice' WHEN files.videos THEN 'video'
       WHEN files.gifs THEN 'gif' WHEN files.images THEN 'image' WHEN files.sounds THEN 'audio'
       WHEN files.interactionId IS NOT NULL THEN 'document' ELSE 'text' END AS kind,
  m.variant AS raw_kind, NULLIF(m.body, '') AS text, quoted.id AS reply_to,
  CASE WHEN m.variant BETWEEN 2 AND 6 THEN 1 END AS deleted, {m.state} AS status,
  NULLIF(json_patch('{}', json_object(
    'event', CASE m.variant WHEN 1000 THEN 'group created' WHEN 1001 THEN 'group updated' WHEN 1002 THEN 'owner left'
      WHEN 1003 THEN 'owner could not leave' WHEN 1004 THEN 'owner is leaving' WHEN 1005 THEN 'invited to group'
      WHEN 1006 THEN 'group updated' WHEN 1007 THEN 'members changed' WHEN 2000 THEN 'disappearing messages changed'
      WHEN 3000 THEN 'screenshot taken' WHEN 3001 THEN 'media saved' WHEN 4000 THEN 'message request accepted' END,
    'deleted_on_device_only', CASE WHEN m.variant IN (4, 6) THEN 1 END,
    'author', CASE WHEN m.variant >= 1000 THEN CAST(m.authorId AS TEXT) END,
    'read', CAST(CASE WHEN m.variant IN (0, 5000) THEN {m.wasRead} END AS INTEGER),
    'mentions_owner', CAST(NULLIF({m.hasMention}, 0) AS INTEGER), 'server_hash', CAST({m.serverHash} AS TEXT),
    'server_message', CAST({m.openGroupServerMessageId} AS TEXT), 'uuid', CAST({m.messageUuid} AS TEXT),
    'link', CAST({m.linkPreviewUrl} AS TEXT), 'whisper_to', CAST({m.openGroupWhisperTo} AS TEXT),
    'whisper_to_moderators', CAST(NULLIF({m.openGroupWhisperMods}, 0) AS INTEGER),
    'disappears_after_s', CAST(NULLIF({m.expiresInSeconds}, 0) AS INTEGER), 'failure', CAST({m.mostRecentFailureText} AS TEXT),
    'quoted_author', CAST(quoted.author AS TEXT), 'quoted_ms', CAST(quoted.at AS INTEGER),
    'quoted_text', CAST(quoted.body AS TEXT))), '{}') AS extra,
  'interaction/id=' || m.id AS record
FROM interaction m
LEFT JOIN owner ON 1
LEFT JOIN chats ON chats.chat_id = m.threadId
LEFT JOIN people author ON author.person_id = m.authorId
LEFT JOIN files ON files.interactionId = m.id
LEFT JOIN quoted ON quoted.interactionId = m.id
"""
)
DRAFT = (
    PEOPLE
    + """
SELECT 'Session' AS app, owner.person_id AS account_id, t.id AS chat_id, chats.chat_name, chats.chat_kind,
  owner.person_id AS sender_id, 'outgoing' AS direction, 'text' AS kind, {t.messageDraft} AS text, 'draft' AS status,
  json_object('draft', 1) AS extra, 'thread/id=' || t.id AS record
FROM thread t LEFT JOIN owner ON 1 LEFT JOIN chats ON chats.chat_id = t.id
WHERE {t.messageDraft} <> ''
"""
)
CALL = (
    PEOPLE
    + """
SELECT owner.person_id AS account_id, m.id AS call_id, m.threadId AS chat_id, m.timestampMs AS started_at, m.body,
  m.threadId AS peer_id, chats.chat_name AS peer_name, 'interaction/id=' || m.id AS record
FROM interaction m LEFT JOIN owner ON 1 LEFT JOIN chats ON chats.chat_id = m.threadId
WHERE m.variant = 5000
"""
)
# digest is of the ciphertext on the server, so it is no hash of the file.
FILE = """
SELECT 'Session' AS app, m.threadId AS chat_id, {link} AS message_id, NULLIF({a.sourceFilename}, '') AS name,
  NULLIF({a.localRelativeFilePath}, '') AS stored_path, a.contentType AS mime, NULLIF({a.byteCount}, 0) AS size,
  {a.width} AS width, {a.height} AS height, NULLIF({a.duration}, 0) AS duration_s, NULLIF({a.caption}, '') AS caption,
  NULLIF({a.downloadUrl}, '') AS url,
  NULLIF(json_patch('{}', json_object('attachment', CAST({id} AS TEXT), 'state', CAST({a.state} AS TEXT),
    'state_is', CASE {a.state} WHEN 0 THEN 'download failed' WHEN 1 THEN 'not downloaded' WHEN 2 THEN 'downloading'
      WHEN 3 THEN 'downloaded' WHEN 4 THEN 'upload failed' WHEN 5 THEN 'uploading' WHEN 6 THEN 'uploaded' END,
    'variant', CAST({a.variant} AS TEXT), 'server_id', CAST({a.serverId} AS TEXT),
    'at', strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({a.creationTimestamp}, 0), 'unixepoch'),
    'valid', CAST({a.isValid} AS INTEGER), 'ciphertext_digest', NULLIF(hex({a.digest}), ''),
    'of', {role})), '{}') AS extra,
"""
LINKED = (
    FILE.replace("{link}", "link.interactionId").replace("{id}", "link.attachmentId").replace("{role}", "NULL")
    + """'interactionAttachment/rowid=' || link.rowid AS record
FROM interactionAttachment link
LEFT JOIN attachment a ON a.id = link.attachmentId
LEFT JOIN interaction m ON m.id = link.interactionId
"""
)
UNLINKED = (
    FILE.replace("{link}", "m.id")
    .replace("{id}", "a.id")
    .replace(
        "{role}",
        "CASE WHEN m.id IS NOT NULL THEN 'quote' WHEN preview.attachmentId IS NOT NULL THEN 'link preview' END",
    )
    + """'attachment/id=' || a.id AS record
FROM attachment a
LEFT JOIN (SELECT {q.attachmentId} AS attachmentId, MIN(q.interactionId) AS interactionId FROM quote q GROUP BY 1) quoting
  ON quoting.attachmentId = a.id
LEFT JOIN interaction m ON m.id = quoting.interactionId
LEFT JOIN (SELECT DISTINCT {l.attachmentId} AS attachmentId FROM linkPreview l) preview ON preview.attachmentId = a.id
WHERE a.id NOT IN (SELECT linked.attachmentId FROM interactionAttachment linked WHERE linked.attachmentId IS NOT NULL)
"""
)
REACTION = """
SELECT 'Session' AS app, m.threadId AS chat_id, r.interactionId AS message_id, r.authorId AS person_id, r.emoji AS value,
  CASE WHEN r.timestampMs NOT GLOB '*[^0-9]*' THEN CAST(r.timestampMs AS INTEGER) ELSE r.timestampMs END AS reacted_at,
  NULLIF(json_patch('{}', json_object('count', CAST(CASE WHEN {r.count} > 1 THEN {r.count} END AS INTEGER),
    'server_hash', CAST({r.serverHash} AS TEXT))), '{}') AS extra,
  'reaction/rowid=' || r.rowid AS record
FROM reaction r LEFT JOIN interaction m ON m.id = r.interactionId
"""
RECEIPT = """
SELECT 'Session' AS app, m.threadId AS chat_id, s.interactionId AS message_id, s.recipientId AS person_id,
  CAST({s.readTimestampMs} AS INTEGER) AS read_at,
  json_patch('{}', json_object('state', CAST(s.state AS TEXT),
    'state_is', CASE s.state WHEN 0 THEN 'sending' WHEN 1 THEN 'failed' WHEN 2 THEN 'skipped' WHEN 3 THEN 'sent'
      WHEN 4 THEN 'sent, not synchronised' WHEN 5 THEN 'synchronising' END,
    'failure', CAST({s.mostRecentFailureText} AS TEXT))) AS extra,
  'recipientState/interactionId=' || s.interactionId || ' recipientId=' || s.recipientId AS record
FROM recipientState s LEFT JOIN interaction m ON m.id = s.interactionId
"""
MEMBER = (
    PEOPLE
    + """
SELECT 'Session' AS app, g.groupId AS chat_id, g.profileId AS person_id, people.name,
  CASE g.role WHEN 0 THEN 'member' WHEN 1 THEN 'zombie' WHEN 2 THEN 'moderator' WHEN 3 THEN 'admin' ELSE CAST(g.role AS TEXT) END
    AS role,
  CASE {g.roleStatus} WHEN 0 THEN 1 END AS active,
  NULLIF(json_patch('{}', json_object('device_owner', CASE WHEN g.profileId = owner.person_id THEN 1 END,
    'role_status', CAST(NULLIF({g.roleStatus}, 0) AS TEXT),
    'role_status_is', CASE {g.roleStatus} WHEN 1 THEN 'pending' WHEN 2 THEN 'failed' WHEN 3 THEN 'not sent yet'
      WHEN 4 THEN 'sending' WHEN 5 THEN 'to be removed' END,
    'hidden', CAST(NULLIF({g.isHidden}, 0) AS INTEGER))), '{}') AS extra,
  'groupMember/rowid=' || g.rowid AS record
FROM groupMember g LEFT JOIN owner ON 1 LEFT JOIN people ON people.person_id = g.profileId
"""
)
PARTNER = (
    PEOPLE
    + """
SELECT 'Session' AS app, t.id AS chat_id, t.id AS person_id, chats.chat_name AS name,
  json_patch('{}', json_object('chat_made_at', strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({t.creationDateTimestamp}, 0), 'unixepoch'),
    'chat_visible', CAST({t.shouldBeVisible} AS INTEGER))) AS extra,
  'thread/id=' || t.id AS record
FROM thread t LEFT JOIN chats ON chats.chat_id = t.id WHERE t.variant = 0
"""
)
PERSON = (
    PEOPLE
    + """
SELECT 'Session' AS app, owner.person_id AS account_id, p.id AS person_id,
  COALESCE(NULLIF({p.nickname}, ''), NULLIF(p.name, '')) AS name, {c.isBlocked} AS blocked,
  NULLIF(json_patch('{}', json_object('profile_name', CAST(NULLIF(p.name, '') AS TEXT),
    'nickname', CAST(NULLIF({p.nickname}, '') AS TEXT), 'device_owner', CASE WHEN p.id = owner.person_id THEN 1 END,
    'picture_url', CAST(COALESCE({p.displayPictureUrl}, {p.profilePictureUrl}) AS TEXT),
    'approved', CAST({c.isApproved} AS INTEGER), 'approved_owner', CAST({c.didApproveMe} AS INTEGER),
    'was_blocked', CAST(NULLIF({c.hasBeenBlocked}, 0) AS INTEGER))), '{}') AS extra,
  'profile/id=' || p.id AS record
FROM profile p LEFT JOIN owner ON 1 LEFT JOIN contact c ON c.id = p.id
"""
)
NAMELESS = """
SELECT 'Session' AS app, c.id AS person_id, {c.isBlocked} AS blocked,
  json_patch('{}', json_object('approved', CAST({c.isApproved} AS INTEGER),
    'approved_owner', CAST({c.didApproveMe} AS INTEGER))) AS extra,
  'contact/id=' || c.id AS record
FROM contact c LEFT JOIN profile p ON p.id = c.id WHERE p.id IS NULL
"""
ACCOUNT = (
    PEOPLE
    + """
SELECT 'Session' AS app, owner.person_id AS account_id, people.name, 1 AS is_owner, 'identity/variant=x25519PublicKey' AS record
FROM owner LEFT JOIN people ON people.person_id = owner.person_id
"""
)
DIRECTIONS = {"incoming": "incoming", "missed": "incoming", "outgoing": "outgoing"}


@parser(
    "session.ios",
    files=["Session.sqlite"],
    test=sqlite.has(
        interaction=["id", "threadId", "authorId", "variant", "body", "timestampMs", "receivedAtTimestampMs"],
        thread=["id", "variant"],
        profile=["id", "name"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Session for iOS, database Session.sqlite, once it is decrypted.

    Reads: messages of chats, groups and communities with sender, both times, state, disappearance, quotes and links; marks of
    deleted messages; events, whose author is never told (the app writes the owner there); drafts; calls; files, also those of
    quotes and link previews; reactions; receipts (until 2024 one for each recipient, since then a time read in the message);
    members with role and state; profiles, contacts, blocks; the owner's id, which is made from the public key. Text of an event
    or call is what the app stores, often JSON. Times are Unix milliseconds.

    Not read: keys and seed, keys of groups, jobs; files themselves (since 2025 the database does not name them: the app takes
    a hash of the download address).

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: session-ios, the app itself (migrations and models, 2022 to 2025); iLEAPP (artifact session).

    Tier: documented
    """
    with file.sqlite() as db:
        times = dict.fromkeys(("sent_at", "received_at", "read_at", "expires_at"), unix_ms)
        yield from MESSAGES.batches(db.execute(MESSAGE, every="interaction"), **times)
        yield from MESSAGES.batches(db.execute(DRAFT))
        yield from CALLS.rows((call(row) for row in db.execute(CALL)), started_at=unix_ms)
        yield from ATTACHMENTS.batches(db.execute(LINKED, every=there(db, "interactionAttachment")))
        yield from ATTACHMENTS.batches(db.execute(UNLINKED))
        yield from REACTIONS.batches(db.execute(REACTION, every=there(db, "reaction")), reacted_at=unix_ms)
        yield from RECEIPTS.batches(db.execute(RECEIPT, every=there(db, "recipientState")), read_at=unix_ms)
        yield from PARTICIPANTS.batches(db.execute(MEMBER, every=there(db, "groupMember")))
        yield from PARTICIPANTS.batches(db.execute(PARTNER, every="thread WHERE variant = 0"))
        yield from CONTACTS.batches(db.execute(PERSON, every="profile"))
        yield from CONTACTS.batches(db.execute(NAMELESS))
        yield from ACCOUNTS.batches(db.execute(ACCOUNT))


def there(db: Database, table: str) -> str | None:
    """The table, where this database has it."""
    return table if db.columns(table) else None


def call(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of calls; which way it went and whether it was missed stands in the JSON of the message."""
    state = call_state(row["body"])
    return {key: value for key, value in row.items() if key != "body"} | {
        "app": "Session",
        "call_id": str(row["call_id"]),
        "direction": DIRECTIONS.get(state, "unknown") if state else "unknown",
        "outcome": None if state in (None, "incoming", "outgoing") else state,
        "extra": json.dumps({"state": state}) if state else None,
    }


def call_state(body: Any) -> str | None:
    """The state in the JSON of a call: a word, or an object with the word as its key, as Swift encodes a bare enumeration."""
    try:
        state = json.loads(body)["state"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    if isinstance(state, dict) and len(state) == 1:
        return next(iter(state))
    return state if isinstance(state, str) else None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of Session.sqlite."""
    return [messages]
