"""Persons in main.db: members of conversations, contacts, accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..untrusted import given
from .main_known import KNOWN, named

PARTICIPANT = (
    KNOWN
    + """
SELECT COALESCE(convos.chat_id, older_by_convo.chat, 'Conversations/id=' || p.convo_id) AS chat_id, p.identity AS person_id,
  people.name AS name, {p.rank} AS rank, {p.adder} AS adder, convos.creator AS chat_creator,
  convos.created_at AS chat_created_at, 'Participants/id=' || p.id AS record
FROM Participants p
LEFT JOIN convos ON convos.convo = p.convo_id
LEFT JOIN older_by_convo ON older_by_convo.convo = p.convo_id
LEFT JOIN people ON people.id = p.identity
"""
)
CHAT_MEMBER = (
    KNOWN
    + """
SELECT COALESCE(convos.chat_id, m.chatname) AS chat_id, m.identity AS person_id, people.name AS name, {m.is_active} AS active,
  {m.role} AS role, {m.adder} AS adder, m.chatname AS chat, 'ChatMembers/id=' || m.id AS record
FROM ChatMembers m
LEFT JOIN older ON older.chat = m.chatname
LEFT JOIN convos ON convos.convo = older.convo
LEFT JOIN people ON people.id = m.identity
"""
)
LISTED = (
    KNOWN
    + """
SELECT COALESCE(convos.chat_id, h.name) AS chat_id, h.participants AS participants, h.name AS chat,
  'Chats/id=' || h.id || ' participants' AS record
FROM Chats h
LEFT JOIN convos ON convos.convo = {h.conv_dbid}
WHERE h.name NOT IN (SELECT m.chatname FROM ChatMembers m WHERE m.chatname IS NOT NULL)
"""
)
PERSON = """
SELECT {p.skypename} AS person_id, {p.fullname} AS fullname, {p.displayname} AS displayname,
  {p.given_displayname} AS given_displayname, {p.pstnnumber} AS pstnnumber, {p.phone_home} AS phone_home,
  {p.phone_office} AS phone_office, {p.phone_mobile} AS phone_mobile, {p.main_phone} AS main_phone,
  {p.assigned_phone1} AS assigned_phone1, {p.assigned_phone2} AS assigned_phone2, {p.assigned_phone3} AS assigned_phone3,
  {p.emails} AS emails, {p.about} AS about, {p.mood_text} AS mood, {p.isblocked} AS blocked, {p.birthday} AS birthday,
  {p.gender} AS gender, {p.languages} AS languages, {p.country} AS country, {p.province} AS province, {p.city} AS city,
  {p.homepage} AS homepage, {p.aliases} AS aliases, {p.type} AS type, {p.isauthorized} AS authorized,
  {p.buddystatus} AS buddy_status, {p.received_authrequest} AS received_request, {p.sent_authrequest} AS sent_request,
  {p.assigned_comment} AS comment, {p.liveid_membername} AS live_id, {p.registration_timestamp} AS registered,
  strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({p.profile_timestamp}, 0), 'unixepoch') AS profile_at,
  strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({p.lastonline_timestamp}, 0), 'unixepoch') AS last_online_at,
  strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({p.lastused_timestamp}, 0), 'unixepoch') AS last_used_at,
  'Contacts/id=' || p.id AS record
FROM Contacts p
"""

RANKS = {1: "owner", 2: "admin", 3: "member", 4: "member", 5: "spectator", 6: "applicant", 7: "retired", 8: "outlaw"}
MINUTE = 60


def participant(row: Mapping[str, Any]) -> dict[str, Any]:
    """A member of a conversation."""
    rank = row["rank"]
    return {
        "app": "Skype",
        **{key: row[key] for key in ("chat_id", "person_id", "name", "record", "state")},
        "role": named(RANKS, rank),
        "active": None if rank not in RANKS else rank < 6,
        "extra": given(
            rank=rank, adder=row["adder"], chat_creator=row["chat_creator"], chat_created_at=row["chat_created_at"]
        ),
    }


def chat_member(row: Mapping[str, Any]) -> dict[str, Any]:
    """A member of a chat before conversations. Its role is a code that no source explains."""
    return {
        "app": "Skype",
        **{key: row[key] for key in ("chat_id", "person_id", "name", "role", "active", "record", "state")},
        "extra": given(chat=row["chat"], adder=row["adder"]),
    }


def listed(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Members of a chat of which only the list of names is left."""
    for person in str(row["participants"] or "").split():
        yield {
            "app": "Skype",
            **{key: row[key] for key in ("chat_id", "record", "state")},
            "person_id": person,
            "extra": {"chat": row["chat"]},
        }


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of Contacts."""
    return {
        "app": "Skype",
        "person_id": row["person_id"] or row["pstnnumber"],
        "name": row["given_displayname"] or row["displayname"] or row["fullname"],
        "phones": phones(row),
        "emails": str(row["emails"]).split() if row["emails"] else None,
        "username": row["person_id"],
        "note": row["mood"] or row["about"],
        "blocked": row["blocked"],
        "extra": given(about=row["about"] if row["mood"] else None, comment=row["comment"], **described(row)),
        "record": row["record"],
        "state": row["state"],
    }


def account(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of Accounts. The registration is in minutes: 22920322 lies seconds before the first change of that profile."""
    registered = row["registered"]
    return {
        "app": "Skype",
        "account_id": row["person_id"] or row["live_id"],
        "name": row["fullname"] or row["given_displayname"],
        "phone": next(iter(phones(row) or ()), None),
        "email": row["emails"],
        "username": row["person_id"],
        "is_owner": True,
        "created_at": registered * MINUTE if isinstance(registered, int) else registered,
        "extra": given(
            phones=phones(row), live_id=row["live_id"], about=row["about"], mood=row["mood"], **described(row)
        ),
        "record": row["record"],
        "state": row["state"],
    }


def phones(row: Mapping[str, Any]) -> list[Any] | None:
    """All numbers of a person, each once."""
    columns = ("phone_mobile", "phone_home", "phone_office", "pstnnumber", "main_phone")
    assigned = ("assigned_phone1", "assigned_phone2", "assigned_phone3")
    return list(dict.fromkeys(row[column] for column in (*columns, *assigned) if row[column])) or None


def described(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a profile says and no column fits."""
    columns = (
        "fullname",
        "birthday",
        "gender",
        "languages",
        "country",
        "province",
        "city",
        "homepage",
        "aliases",
        "type",
    )
    relation = ("authorized", "buddy_status", "received_request", "sent_request")
    times = ("profile_at", "last_online_at", "last_used_at")
    return {key: row[key] or None for key in (*columns, *relation, *times)}
