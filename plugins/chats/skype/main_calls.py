"""Calls and files sent in main.db."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..untrusted import given
from .main_known import DIRECTIONS, KNOWN, named

# Each member has a row; start and length may be with the member only. A member without a call is a call all the same.
CALL = (
    KNOWN
    + """
, parts AS MATERIALIZED (
  SELECT {b.call_db_id} AS call, COUNT(*) AS many, MIN(b.identity) AS first, MIN(NULLIF({b.dispname}, '')) AS first_name,
         json_group_array(CAST(b.identity AS TEXT)) AS members, MAX(NULLIF({b.call_duration}, 0)) AS duration_s,
         MAX({b.status}) AS status, MAX({b.failurereason}) AS failure, MAX({b.videostatus}) AS video_status,
         MIN({b.guid}) AS guid, strftime('%Y-%m-%dT%H:%M:%SZ', MIN(NULLIF({b.start_timestamp}, 0)), 'unixepoch') AS answered_at
  FROM CallMembers b GROUP BY {b.call_db_id}
)
SELECT CASE owner.many WHEN 1 THEN owner.id END AS account_id, c.id AS call_id,
  COALESCE(convos.chat_id, older_by_convo.chat, single.chat_id) AS chat_id, c.begin_timestamp AS started_at,
  COALESCE(NULLIF({c.duration}, 0), parts.duration_s) AS duration_s, {c.is_incoming} AS incoming,
  {c.is_unseen_missed} AS missed, {c.is_conference} AS conference, {c.host_identity} AS host, {c.name} AS name,
  {c.topic} AS topic, {c.pstn_number} AS number, parts.first AS peer_id, COALESCE(people.name, parts.first_name) AS peer_name,
  parts.members AS members, parts.many AS many, parts.status AS status, parts.failure AS failure,
  parts.video_status AS video_status, parts.guid AS guid, parts.answered_at AS answered_at, 'Calls/id=' || c.id AS record
FROM Calls c
LEFT JOIN owner ON 1
LEFT JOIN parts ON parts.call = c.id
LEFT JOIN convos ON convos.convo = NULLIF({c.conv_dbid}, 0)
LEFT JOIN older_by_convo ON older_by_convo.convo = NULLIF({c.conv_dbid}, 0)
LEFT JOIN (SELECT d.chat_id FROM convos d WHERE d.type = 1 GROUP BY d.chat_id) single
  ON parts.many = 1 AND single.chat_id = parts.first
LEFT JOIN people ON people.id = parts.first
"""
)
LONE_MEMBER = """
SELECT b.id AS call_id, COALESCE(NULLIF({b.start_timestamp}, 0), {b.creation_timestamp}) AS started_at,
  NULLIF({b.call_duration}, 0) AS duration_s, b.identity AS peer_id, NULLIF({b.dispname}, '') AS peer_name,
  {b.status} AS status, {b.failurereason} AS failure, {b.videostatus} AS video_status, {b.guid} AS guid, {b.call_name} AS name,
  'CallMembers/id=' || b.id AS record
FROM CallMembers b
WHERE {b.call_db_id} IS NULL OR {b.call_db_id} NOT IN (SELECT c.id FROM Calls c)
"""
TRANSFER = (
    KNOWN
    + """
SELECT COALESCE(convos.chat_id, older_by_convo.chat, 'Conversations/id=' || {t.convo_id}) AS chat_id, messages.id AS message_id,
  t.filename AS name, t.filepath AS stored_path, NULLIF(t.filesize, '') AS size, {t.type} AS type, {t.status} AS status,
  {t.failurereason} AS failure, t.partner_handle AS partner, {t.partner_dispname} AS partner_name,
  strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({t.starttime}, 0), 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({t.accepttime}, 0), 'unixepoch') AS accepted_at,
  strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({t.finishtime}, 0), 'unixepoch') AS finished_at,
  {t.bytestransferred} AS bytes_transferred, {t.pk_id} AS pk_id, {t.parent_id} AS parent_id,
  NULLIF({t.offer_send_list}, '') AS offered_to, 'Transfers/id=' || t.id AS record
FROM Transfers t
LEFT JOIN convos ON convos.convo = {t.convo_id}
LEFT JOIN older_by_convo ON older_by_convo.convo = {t.convo_id}
LEFT JOIN (SELECT m.guid, MIN(m.id) AS id FROM Messages m WHERE m.guid IS NOT NULL GROUP BY m.guid) messages
  ON messages.guid = {t.chatmsg_guid}
"""
)
TRANSFER_STATUSES = {
    0: "new",
    1: "connecting",
    2: "waiting",
    3: "transferring",
    4: "transferring over relay",
    5: "paused",
    6: "paused by the other side",
    7: "cancelled",
    8: "completed",
    9: "failed",
    10: "placeholder",
    11: "offer of another instance",
    12: "cancelled by the other side",
}


def call(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the query as a call."""
    group = bool(row["conference"]) or (row["many"] or 0) > 1
    return {
        "app": "Skype",
        **{
            key: row[key] for key in ("account_id", "call_id", "chat_id", "started_at", "duration_s", "record", "state")
        },
        "direction": {0: "outgoing", 1: "incoming"}.get(row["incoming"], "unknown"),
        "outcome": outcome(row),
        "peer_id": row["host"] if group and row["incoming"] == 1 else row["peer_id"] or row["number"],
        "peer_name": None if group and row["incoming"] == 1 else row["peer_name"],
        "members": row["members"] if group else None,
        "extra": given(
            **{key: row[key] for key in ("host", "name", "topic", "number", "conference", "missed", "answered_at")},
            **{key: row[key] for key in ("guid", "status", "failure", "video_status")},
        ),
    }


def lone_member(row: Mapping[str, Any]) -> dict[str, Any]:
    """A member whose call is gone."""
    return {
        "app": "Skype",
        **{key: row[key] for key in ("started_at", "duration_s", "peer_id", "peer_name", "record", "state")},
        "call_id": f"CallMembers {row['call_id']}",
        "direction": "unknown",
        "outcome": "answered" if row["duration_s"] else None,
        "extra": given(**{key: row[key] for key in ("name", "guid", "status", "failure", "video_status")}),
    }


def outcome(row: Mapping[str, Any]) -> str | None:
    """Answered where somebody spoke; missed where the app marks it so; else not known."""
    if row["duration_s"]:
        return "answered"
    return "missed" if row["missed"] == 1 else None


def transfer(row: Mapping[str, Any]) -> dict[str, Any]:
    """A file transfer as an attachment. An offer to several persons is the parent of one transfer for each."""
    return {
        "app": "Skype",
        **{key: row[key] for key in ("chat_id", "message_id", "name", "stored_path", "size", "record", "state")},
        "extra": given(
            direction=DIRECTIONS.get(row["type"], row["type"]),
            status=named(TRANSFER_STATUSES, row["status"]),
            **{key: row[key] for key in ("partner", "partner_name", "started_at", "accepted_at", "finished_at")},
            **{key: row[key] for key in ("bytes_transferred", "offered_to", "pk_id", "parent_id", "failure")},
        ),
    }
