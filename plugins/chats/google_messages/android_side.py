"""Google Messages for Android: what newer versions of bugle_db tell of a message in tables of their own.

Source: the tables, columns and protobuf of reactions that the app's own classes name, versions of 2022 to 2025.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from forensics import Problem
from forensics.sqlite import Database
from forensics.tables import REACTIONS

from .. import protobuf

# One row for each message that such a table speaks of; a table that a version has not is empty.
SIDES = """,
captions AS MATERIALIZED (
  SELECT {t1.message_id} AS message_id, group_concat(CAST({t1.caption} AS TEXT), char(10)) AS caption
  FROM message_captions t1 WHERE {t1.caption} <> '' GROUP BY 1
),
replies AS MATERIALIZED (
  SELECT {t2.message_id} AS message_id, max({t2.replied_to_message_id}) AS to_id, max({t2.replied_to_rcs_message_id}) AS to_rcs
  FROM message_replies t2 GROUP BY 1
),
edits AS MATERIALIZED (
  SELECT {t3.message_id} AS message_id, max({t3.edited_at_timestamp_ms}) AS at, max({t3.latest_message_id}) AS latest
  FROM message_edits t3 GROUP BY 1
),
stars AS MATERIALIZED (SELECT {t4.message_id} AS message_id, 1 AS starred FROM message_star t4 GROUP BY 1),
planned AS MATERIALIZED (
  SELECT {t5.message_id} AS message_id, max({t5.scheduled_time}) AS at, max({t5.status}) AS state
  FROM scheduled_send t5 GROUP BY 1
),
reminded AS MATERIALIZED (
  SELECT {t6.message_id} AS message_id, max({t6.trigger_time}) AS at FROM reminders t6 GROUP BY 1
),
reacting AS MATERIALIZED (
  SELECT {t7.message_id} AS message_id, max({t7.reacted_message_id}) AS to_id, max({t7.reaction}) AS code
  FROM message_reactions t7 WHERE {t7.reacted_message_id} IS NOT NULL GROUP BY 1
),
gone AS MATERIALIZED (
  SELECT {t8.message_id} AS message_id, max({t8.deletion_timestamp}) AS at, max({t8.message_deletion_reason}) AS reason
  FROM cms_deleted_messages_buffer t8 GROUP BY 1
),
links AS MATERIALIZED (
  SELECT {t9.message_id} AS message_id, max({t9.trigger_url}) AS url, max({t9.link_title}) AS title,
         max({t9.link_description}) AS description
  FROM link_preview t9 GROUP BY 1
)"""
JOINS = "".join(
    f"\nLEFT JOIN {side} ON {side}.message_id = m._id"
    for side in ("captions", "replies", "edits", "stars", "planned", "reminded", "reacting", "gone", "links")
)
FACTS = """
    'caption', CASE WHEN written.text IS NOT NULL THEN captions.caption END, 'reply_to_rcs', CAST(replies.to_rcs AS TEXT),
    'latest_version', CAST(edits.latest AS TEXT), 'starred', stars.starred, 'scheduled_ms', CAST(planned.at AS TEXT),
    'scheduled_status', CAST(planned.state AS TEXT), 'remind_ms', CAST(reminded.at AS TEXT),
    'reaction_to', CAST(reacting.to_id AS TEXT), 'reaction_type', CAST(reacting.code AS TEXT),
    'deletion_reason', CAST(gone.reason AS TEXT), 'link', CAST(NULLIF(links.url, '') AS TEXT),
    'link_title', CAST(NULLIF(links.title, '') AS TEXT), 'link_description', CAST(NULLIF(links.description, '') AS TEXT),"""
# A message that was deleted on the server and of which nothing but this note is left.
NOTE = """
SELECT 'Google Messages' AS app, {d.conversation_id} AS chat_id, {d.message_id} AS message_id,
  {d.deletion_timestamp} AS deleted_at,
  'unknown' AS direction, 'deleted' AS kind, 1 AS deleted,
  json_patch('{}', json_object('deletion_reason', CAST({d.message_deletion_reason} AS TEXT))) AS extra,
  'cms_deleted_messages_buffer/rowid=' || d.rowid AS record
FROM cms_deleted_messages_buffer d LEFT JOIN messages m ON m._id = {d.message_id}
WHERE m._id IS NULL
"""
# When each of the others got a message and read it.
REPORT = """
SELECT 'Google Messages' AS app, m.conversation_id AS chat_id, {r.message_id} AS message_id,
  COALESCE(people.person_id, 'participants/_id=' || {r.participant_id}) AS person_id,
  NULLIF({r.receive_time}, 0) AS delivered_at, NULLIF({r.read_time}, 0) AS read_at,
  NULLIF(json_patch('{}', json_object('ftd_time', CAST(NULLIF({r.ftd_time}, 0) AS TEXT))), '{}') AS extra,
  'read_reports/rowid=' || r.rowid AS record
FROM read_reports r LEFT JOIN messages m ON m._id = {r.message_id}
LEFT JOIN people ON people.participant_id = CAST({r.participant_id} AS INTEGER)
"""
REACTION = """
SELECT r.message_id, m.conversation_id AS chat_id, r.reactions_data AS stored, 'message_reactions/rowid=' || r.rowid AS record
FROM message_reactions r LEFT JOIN messages m ON m._id = r.message_id
WHERE r.reactions_data IS NOT NULL
"""
PERSON_IDS = "SELECT CAST(people.participant_id AS TEXT) AS id, people.person_id FROM people"
READABLE = ("message_id", "reactions_data")
# Where a reaction is stored without its emoji.
TYPES = {
    1: "like", 2: "love", 3: "laugh", 4: "surprised", 5: "sad", 6: "angry", 7: "dislike", 8: "custom", 9: "questioning",
    10: "crying face", 11: "pouting face", 12: "red heart", 13: "emotify",
}  # fmt: skip


def reactions(db: Database, people: str) -> Iterator[Any]:
    """All reactions: each message has one protobuf, with every emoji and who chose it. `people`: query with the persons."""
    if not db.has(message_reactions=READABLE):
        return
    known = {str(row["id"]): row["person_id"] for row in db.execute(people + PERSON_IDS)}
    for row in db.execute(REACTION):
        try:
            found = list(chosen(row["stored"], known))
        except protobuf.NotProtobuf as error:
            yield Problem("not_understood", f"reactions to a message: {error}", record=row["record"])
            continue
        base = {"app": "Google Messages", "chat_id": row["chat_id"], "message_id": row["message_id"]}
        place = {"record": row["record"], "state": row["state"]}
        yield from REACTIONS.rows(base | place | each for each in found)


def chosen(stored: Any, known: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Field 1: for each emoji the reaction (1: emoji, 2: type) and all who chose it (2).

    Of these, field 1 is the participant (1) and whether it is the owner (2), field 4 the id of their message; 3 is not described.
    """
    if not isinstance(stored, bytes):
        raise protobuf.NotProtobuf("no bytes")
    for each in protobuf.message(stored).get(1, ()):
        entry = protobuf.message(each) if isinstance(each, bytes) else {}
        what = sub(entry, 1)
        code = next((value for value in what.get(2, ()) if isinstance(value, int)), None)
        emoji = protobuf.text(what, 1) or (TYPES.get(code, str(code)) if code else None)
        for who in entry.get(2, ()):
            person = protobuf.message(who) if isinstance(who, bytes) else {}
            participant = sub(person, 1)
            about = {
                "reaction_type": code,
                "self": 1 if participant.get(2) == [1] else None,
                "rcs_message_id": protobuf.text(person, 4),
            }
            listed = protobuf.text(participant, 1)
            yield {
                "person_id": known.get(listed, listed) if listed else None,
                "value": emoji,
                "extra": json.dumps({key: value for key, value in about.items() if value is not None}),
            }


def sub(found: dict[int, list[protobuf.Value]], number: int) -> dict[int, list[protobuf.Value]]:
    """The message in a field; without fields where there is none."""
    value = found[number][-1] if number in found else None
    return protobuf.message(value) if isinstance(value, bytes) else {}
