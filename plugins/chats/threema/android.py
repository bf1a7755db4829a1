"""Threema for Android, database threema4.db, decrypted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, hookimpl, parser, sqlite
from forensics.tables import CONTACTS, PARTICIPANTS, REACTIONS
from forensics.times import unix_ms

from .android_csv import name_of
from .android_polls import Polls, read_polls, votes
from .android_values import TYPES, Chat, read_message

MESSAGE = """
SELECT {m.apiMessageId} AS apiid, {m.uid} AS uid, m.identity, m.outbox, m.type, m.body, {m.caption} AS caption,
  {m.isRead} AS isread,
  {m.isSaved} AS issaved, {m.state} AS messagestae, {m.postedAtUtc} AS posted_at, {m.createdAtUtc} AS created_at,
  {m.modifiedAtUtc} AS modified_at, {m.deliveredAtUtc} AS delivered_at, {m.readAtUtc} AS read_at, {m.editedAtUtc} AS edited_at,
  {m.deletedAtUtc} AS deleted_at, {m.isStatusMessage} AS isstatusmessage, {m.quotedMessageId} AS quoted_message_apiid,
  {m.displayTags} AS display_tags, {m.groupMessageStates} AS g_msg_states, {chat}, {earlier} AS earlier,
  '{table}/id=' || m.id AS record
FROM {table} m
"""
# What a message said before it was edited.
EARLIER = """LEFT JOIN (
  SELECT {h.messageId} AS message,
         json_group_array(json_object('text', CAST({h.text} AS TEXT), 'at_ms', CAST({h.editedAt} AS TEXT))) AS texts
  FROM {history} h GROUP BY 1
) past ON past.message = m.id
"""
GROUP = "g.apiGroupId || '-' || g.creatorIdentity AS chat_id, {g.name} AS chat_name, 'groupId=' || m.groupId AS unknown_chat"
LIST = "'list ' || m.distributionListId AS chat_id, {l.name} AS chat_name, NULL AS unknown_chat"
QUERIES = {
    "message": MESSAGE.replace("{chat}", "m.identity AS chat_id, NULL AS chat_name, NULL AS unknown_chat").replace(
        "{earlier}", "past.texts"
    )
    + EARLIER.replace("{history}", "contact_edit_history_entries"),
    "m_group_message": MESSAGE.replace("{chat}", GROUP).replace("{earlier}", "past.texts")
    + EARLIER.replace("{history}", "group_edit_history_entries")
    + "LEFT JOIN m_group g ON g.id = m.groupId",
    "distribution_list_message": MESSAGE.replace("{chat}", LIST).replace("{earlier}", "NULL")
    + "LEFT JOIN distribution_list l ON l.id = m.distributionListId",
}
CHAT_KINDS = {"message": "direct", "m_group_message": "group", "distribution_list_message": "broadcast"}
CONTACT = """
SELECT c.identity, {c.firstName} AS firstname, {c.lastName} AS lastname, {c.publicNickName} AS nick_name,
  hex(c.publicKey) AS public_key, {c.verificationLevel} AS verification, {c.dateCreated} AS created, {c.jobTitle} AS job_title,
  {c.department} AS department, {c.acquaintanceLevel} AS acquaintance, 'contacts/identity=' || c.identity AS record
FROM contacts c
"""
MEMBER = """
SELECT 'Threema' AS app, COALESCE(g.apiGroupId || '-' || g.creatorIdentity, 'groupId=' || m.groupId) AS chat_id,
  m.identity AS person_id, CASE WHEN g.creatorIdentity = m.identity THEN 'creator' ELSE 'member' END AS role,
  json_patch('{}', json_object('chat_name', CAST({g.name} AS TEXT), 'description', CAST({g.groupDesc} AS TEXT))) AS extra,
  'group_member/id=' || m.id AS record
FROM group_member m LEFT JOIN m_group g ON g.id = m.groupId
"""
# Since version 116 of the database the creator is not among the members.
CREATOR = """
SELECT 'Threema' AS app, g.apiGroupId || '-' || g.creatorIdentity AS chat_id, g.creatorIdentity AS person_id, 'creator' AS role,
  json_patch('{}', json_object('chat_name', CAST({g.name} AS TEXT), 'description', CAST({g.groupDesc} AS TEXT),
    'not_listed_as_member', 1)) AS extra,
  'm_group/id=' || g.id AS record
FROM m_group g LEFT JOIN group_member m ON m.groupId = g.id AND m.identity = g.creatorIdentity
WHERE g.creatorIdentity <> '' AND m.id IS NULL
"""
LIST_MEMBER = """
SELECT 'Threema' AS app, 'list ' || m.distributionListId AS chat_id, m.identity AS person_id, {m.isActive} AS active,
  json_patch('{}', json_object('chat_name', CAST({l.name} AS TEXT))) AS extra, 'distribution_list_member/id=' || m.id AS record
FROM distribution_list_member m LEFT JOIN distribution_list l ON l.id = m.distributionListId
"""
REACTION = """
SELECT 'Threema' AS app, m.identity AS chat_id, COALESCE(m.apiMessageId, 'message/id=' || r.messageId) AS message_id,
  r.senderIdentity AS person_id, r.emojiSequence AS value, {r.reactedAt} AS reacted_at, '{table}/rowid=' || r.rowid AS record
FROM {table} r LEFT JOIN message m ON m.id = r.messageId
"""
GROUP_REACTION = """
SELECT 'Threema' AS app, g.apiGroupId || '-' || g.creatorIdentity AS chat_id,
  COALESCE(m.apiMessageId, 'm_group_message/id=' || r.messageId) AS message_id,
  r.senderIdentity AS person_id, r.emojiSequence AS value, {r.reactedAt} AS reacted_at, '{table}/rowid=' || r.rowid AS record
FROM {table} r LEFT JOIN m_group_message m ON m.id = r.messageId LEFT JOIN m_group g ON g.id = m.groupId
"""
REACTIONS_IN = {
    "contact_reactions": REACTION,
    "contact_emoji_reactions": REACTION,
    "group_reactions": GROUP_REACTION,
    "group_emoji_reactions": GROUP_REACTION,
}


@parser(
    "threema.android",
    files=["threema4.db"],
    test=sqlite.has(
        message=["id", "apiMessageId", "identity", "outbox", "type", "body", "postedAtUtc"],
        m_group_message=["id", "groupId", "identity", "outbox", "type", "body"],
        contacts=["identity", "publicKey"],
    ),
)
def messages(file: File) -> Iterator[Any]:
    """Threema for Android, database threema4.db, once it is decrypted.

    Reads: messages of chats, groups and distribution lists as the backup has them (see threema.android.backup), with all times;
    texts before an edit; places, calls, quotes, thumbs and states; reactions; polls with their question and choices, and the
    votes (a choice that a person has not taken is a row without a value); members of groups and lists, with the creator of a
    group; contacts. Times are Unix milliseconds.

    Not read: keys of files; files themselves, which lie encrypted under a name that is made from the uid (in `extra`).

    Seen on: no file of a device yet. Tested on invented rows in the published schema.

    Source: threema-android, the app itself (models of messages, ballots and the history of edits,
    MessageModelFactory, GroupModel, ContactModel).

    Tier: documented
    """
    with file.sqlite() as db:
        contacts = list(db.execute(CONTACT, every="contacts"))
        known = {str(row["identity"]): name for row in contacts if (name := named(row))}
        polls = read_polls(db)
        for table, query in QUERIES.items():
            if db.columns(table):
                for row in db.execute(query.replace("{table}", table), every=table):
                    yield from read(row, table, known, polls)
        yield from votes(db, polls)
        yield from CONTACTS.rows(contact(row) for row in contacts)
        yield from PARTICIPANTS.batches(db.execute(MEMBER))
        yield from PARTICIPANTS.batches(db.execute(CREATOR))
        yield from PARTICIPANTS.batches(db.execute(LIST_MEMBER))
        for table, query in REACTIONS_IN.items():
            if db.has(**{table: ["messageId", "senderIdentity", "emojiSequence"]}):
                found = db.execute(query.replace("{table}", table), every=table)
                yield from REACTIONS.batches(found, reacted_at=unix_ms)


def read(row: Mapping[str, Any], table: str, known: dict[str, str], polls: Polls) -> Iterator[Any]:
    """The rows of one message: its cells as the backup would name them."""
    code = row["type"]
    said = dict(row) | {flag: is_set(row[flag]) for flag in ("isread", "issaved", "isstatusmessage")}
    said |= {
        "type": TYPES[code] if isinstance(code, int) and 0 <= code < len(TYPES) else code,
        "isoutbox": is_set(row["outbox"]),
    }
    if table == "message" and said["isoutbox"] is not False:
        said["identity"] = None  # the other side, whichever way the message went
    chat_id = row["chat_id"] if row["chat_id"] is not None else row["unknown_chat"]
    if said["type"] == "BALLOT":
        polls.tell(said, chat_id)
    name = row["chat_name"] if table != "message" else known.get(str(row["identity"]))
    yield from read_message(
        said, Chat(chat_id, name, CHAT_KINDS[table], ""), known, {"record": row["record"], "state": row["state"]}
    )


def is_set(value: Any) -> bool | None:
    """A flag, as 1 and 0."""
    return {1: True, 0: False}.get(value) if isinstance(value, int) else None


def named(row: Mapping[str, Any]) -> str | None:
    """The name of a contact."""
    return name_of(
        {key: row[key] if isinstance(row[key], str) else None for key in ("firstname", "lastname", "nick_name")}
    )


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of contacts."""
    kept = ("nick_name", "public_key", "verification", "created", "job_title", "department", "acquaintance")
    said = {key: row[key] for key in kept if isinstance(row[key], (str, int)) and row[key] not in ("", 0)}
    place = {"record": row["record"], "state": row["state"]}
    return place | {
        "app": "Threema",
        "person_id": row["identity"],
        "name": named(row),
        "username": row["nick_name"],
        "extra": said or None,
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of threema4.db."""
    return [messages]
