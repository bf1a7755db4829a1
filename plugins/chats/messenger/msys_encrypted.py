"""End-to-end encrypted chats in Messenger's newer database (msys): tables whose names start with `client_`."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forensics.sqlite import Database
from forensics.tables import ATTACHMENTS, MESSAGES
from forensics.times import unix_ms

from ..meta.stored import as_json, kind_by_mime

# A sender is a key of client_contacts. It may look like an id of Facebook and is none: fb_transport_contacts says whose it is.
MESSAGE = """
WITH people AS MATERIALIZED (
  SELECT c.pk, MAX(NULLIF({c.displayed_name}, '')) AS name, MAX(CAST({c.contact_id} AS TEXT)) AS id
  FROM client_contacts c GROUP BY c.pk
),
paired AS MATERIALIZED (
  SELECT f.client_contact_pk AS pk, MAX(CAST(f.server_contact_id AS TEXT)) AS id FROM fb_transport_contacts f GROUP BY 1
),
names AS MATERIALIZED (SELECT CAST(n.id AS TEXT) AS id, MAX(NULLIF({n.name}, '')) AS name FROM contacts n GROUP BY 1),
chats AS MATERIALIZED (
  SELECT t.pk, MAX(NULLIF({t.default_thread_name}, '')) AS name, MAX({t.transport_key}) AS transport
  FROM client_threads t GROUP BY t.pk
),
history AS MATERIALIZED (
  SELECT h.original_message_pk AS pk, MAX({h.server_adjusted_edit_ts_ms}) AS last_at, COUNT(*) AS many,
         json_group_array(json_object('text', CAST({h.message_content} AS TEXT),
           'at_ms', CAST({h.server_adjusted_edit_ts_ms} AS TEXT))) AS versions
  FROM client_edit_message_history h GROUP BY h.original_message_pk
),
files AS MATERIALIZED (
  SELECT a.message_pk AS pk, COUNT(*) AS many, MIN(NULLIF({a.filename}, '')) AS name, MAX({a.mime_type}) AS mime
  FROM client_attachments a GROUP BY a.message_pk
)
SELECT 'client_threads/pk=' || m.thread_pk AS chat_id, chats.name AS chat_name, chats.transport, m.pk AS pk,
  m.thread_pk AS thread_pk, COALESCE(NULLIF({m.display_ts_ms}, 0), {m.authoritative_ts_ms}) AS sent_at,
  {m.authoritative_ts_ms} AS authoritative_ts_ms, m.sender_contact_pk AS sender_pk, COALESCE(paired.id, people.id) AS sender_id,
  COALESCE(names.name, people.name) AS sender_name, NULLIF({m.text}, '') AS text, {m.message_content_type} AS content_type,
  {m.edit_count} AS edit_count, history.last_at AS edited_at, history.many AS versions_count, history.versions,
  files.many AS files, files.name AS file_name, files.mime, {m.resonance_offline_threading_id} AS offline_threading_id,
  'client_messages/pk=' || COALESCE(m.pk, '') AS record
FROM client_messages m
LEFT JOIN people ON people.pk = m.sender_contact_pk
LEFT JOIN paired ON paired.pk = m.sender_contact_pk
LEFT JOIN names ON names.id = COALESCE(paired.id, people.id)
LEFT JOIN chats ON chats.pk = m.thread_pk
LEFT JOIN history ON history.pk = m.pk
LEFT JOIN files ON files.pk = m.pk
"""
FILE = """
SELECT 'client_threads/pk=' || said.thread_pk AS chat_id, 'client_messages/pk=' || a.message_pk AS message_id,
  NULLIF({a.filename}, '') AS name, NULLIF({a.filesize}, 0) AS size, {a.mime_type} AS mime, places.path AS stored_path,
  {a.content_token} AS content_token,
  'client_attachments/message_pk=' || COALESCE(a.message_pk, '') || COALESCE(', content_token=' || {a.content_token}, '')
    AS record
FROM client_attachments a
LEFT JOIN (SELECT m.pk, MAX(m.thread_pk) AS thread_pk FROM client_messages m GROUP BY m.pk) said ON said.pk = a.message_pk
LEFT JOIN (
  SELECT k.content_token, MAX(NULLIF(k.persisted_path, '')) AS path FROM client_attachment_store_keys k GROUP BY k.content_token
) places ON places.content_token = {a.content_token}
"""
IMAGE = 2
DIGEST_IN_NAME = re.compile(r"(?:^|/)(?:att|prev)\.([A-Za-z0-9_-]{43})=?(?:\.\w{1,8})?$")


def encrypted(db: Database, app: str, owners: Sequence[str]) -> Iterator[Any]:
    """Messages of encrypted chats and their attachments; nothing in databases from before there were any."""
    if not db.has(client_messages=["pk", "thread_pk", "sender_contact_pk"]):
        return
    rows = db.execute(MESSAGE, every="client_messages")
    yield from MESSAGES.rows((message(row, app, owners) for row in rows), sent_at=unix_ms, edited_at=unix_ms)
    if db.has(client_attachments=["message_pk"]):
        rows = db.execute(FILE, every="client_attachments")
        yield from ATTACHMENTS.rows(attachment(row, app) for row in rows)


def message(row: Mapping[str, Any], app: str, owners: Sequence[str]) -> dict[str, Any]:
    """A row of client_messages. A sender who is paired with no id keeps the key, named as what it is."""
    sender = row["sender_id"] or (None if row["sender_pk"] is None else f"client_contacts/pk={row['sender_pk']}")
    known = row["sender_id"] is not None and bool(owners)
    return {
        **{name: row[name] for name in ("chat_id", "chat_name", "sent_at", "sender_name", "text", "record", "state")},
        "app": app,
        "account_id": owners[0] if len(owners) == 1 else None,
        "message_id": row["record"],
        "sender_id": sender,
        "direction": "unknown" if not known else "outgoing" if row["sender_id"] in owners else "incoming",
        "kind": kind(row),
        "raw_kind": row["content_type"],
        "edited": bool(row["edit_count"]) or (row["versions_count"] or 0) > 1 or None,
        "edited_at": row["edited_at"] if row["edit_count"] or (row["versions_count"] or 0) > 1 else None,
        "extra": as_json(
            {
                "end_to_end_encrypted": True,
                "transport": row["transport"],
                "versions": versions(row["versions"]),
                "edit_count": row["edit_count"],
                "authoritative_ts_ms": None
                if row["authoritative_ts_ms"] == row["sent_at"]
                else row["authoritative_ts_ms"],
                "offline_threading_id": row["offline_threading_id"],
            }
        ),
    }


def kind(row: Mapping[str, Any]) -> str:
    """The kind of a message by its file, then by the one code that is known."""
    if row["mime"] or row["content_type"] == IMAGE:
        return kind_by_mime(row["mime"] or "image/")
    return "unknown" if row["files"] or row["text"] is None else "text"


def versions(stored: Any) -> Any:
    """The texts that a message had, the first one first."""
    found = json.loads(stored) if isinstance(stored, str) else []
    return sorted(found, key=lambda version: str(version["at_ms"] or "").zfill(20))


def attachment(row: Mapping[str, Any], app: str) -> dict[str, Any]:
    """A row of client_attachments; its name, or that of its file, holds the SHA-256 of its bytes."""
    cells = {
        name: row[name] for name in ("chat_id", "message_id", "name", "size", "mime", "stored_path", "record", "state")
    }
    return cells | {
        "app": app,
        "sha256": digest_in(row["stored_path"]) or digest_in(row["name"]),
        "extra": as_json({"content_token": row["content_token"]}),
    }


def digest_in(name: Any) -> str | None:
    """The SHA-256 in a name (att.<URL-safe Base64>.jpg), as hexadecimal text."""
    found = DIGEST_IN_NAME.search(name) if isinstance(name, str) else None
    return base64.urlsafe_b64decode(found[1] + "=").hex() if found else None
