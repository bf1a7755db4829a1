"""Persons and chats of a Teams database: who is the account, who is in which chat, who is in the address book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics import Problem
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, CONTACTS, PARTICIPANTS
from forensics.times import cocoa_s

from ..learned import in_force
from ..untrusted import as_json, mapping
from .stored import archive_in

APP = "Microsoft Teams"
OWNER = """
SELECT MIN(m.ZFROM) AS mri FROM ZSMESSAGE m WHERE {m.ZTS_ISSENTBYME} = 1 GROUP BY 1 = 1 HAVING COUNT(DISTINCT m.ZFROM) = 1
"""
USERS = """
SELECT u.ZTSID AS mri, {u.ZDISPLAYNAME} AS name, {u.ZTELEPHONENUMBER} AS phone, {u.ZMOBILE} AS mobile, {u.ZHOMENUMBER} AS home,
  {u.ZMAIL} AS mail, {u.ZALTERNATIVEEMAIL} AS alternative_email, {u.ZSECONDARYEMAIL} AS secondary_email,
  {u.ZUSERPRINCIPALNAME} AS username, NULLIF({u.ZISBLOCKED}, -1) AS blocked, {u.ZTYPE} AS type, {u.ZJOBTITLE} AS job,
  {u.ZDEPARTMENT} AS department, {u.ZTENANTNAME} AS tenant, {u.ZVISIBLEALIASINFO} AS aliases,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF({u.ZTS_LASTSYNCEDAT}, 0) + 978307200, 'unixepoch') AS synced_at,
  'ZUSER/Z_PK=' || u.Z_PK AS record
FROM ZUSER u
"""
# The address book as it was sent to the service, and the index in which the app looks names up.
BOOK = """
SELECT 'Microsoft Teams' AS app, NULLIF({d.ZMRI}, '') AS person_id, {d.ZDISPLAYNAME} AS name,
  {d.ZPHONENUMBER} AS phone, {d.ZEMAIL} AS email, 'address book' AS list, 'ZDEVICECONTACTHASH/Z_PK=' || d.Z_PK AS record
FROM ZDEVICECONTACTHASH d
"""
INDEX = """
SELECT 'Microsoft Teams' AS app, NULLIF({c.ZMRI}, '') AS person_id, {c.ZDISPLAYNAME} AS name,
  {c.ZPHONE} AS phone, {c.ZEMAIL} AS email, 'search index' AS list, 'ZSCONTACT/Z_PK=' || c.Z_PK AS record
FROM ZSCONTACT c
"""
THREADS = """
SELECT t.ZTSID AS chat_id, {t.ZTHREADTYPE} AS type, NULLIF({t.ZTHREADTOPIC}, '') AS topic,
  {t.ZUNIQUEROSTERTHREAD} AS unique_roster, {t.ZMEMBERS} AS members, joined.at AS joined_at, 'ZTHREAD/Z_PK=' || t.Z_PK AS record
FROM ZTHREAD t
LEFT JOIN (SELECT c.ZTSID, MAX({c.ZTHREADLASTJOIN}) AS at FROM ZCONVERSATION c GROUP BY c.ZTSID) joined ON joined.ZTSID = t.ZTSID
"""
CONVERSATIONS = """
SELECT c.ZTSID AS chat_id, {c.ZTHREADTYPE} AS type, NULLIF({c.ZTOPIC}, '') AS topic,
  NULL AS unique_roster, NULL AS members, 'ZCONVERSATION/Z_PK=' || c.Z_PK AS record
FROM ZCONVERSATION c
"""
ROLES = {"admin": "admin", "user": "member", "owner": "owner"}


@dataclass
class Chat:
    """A chat: `type` as stored, `kind` of the tables, `members`: mri to role as stored."""

    id: str
    type: str | None
    topic: str | None
    kind: str | None
    members: dict[str, Any] = field(default_factory=dict)


@dataclass
class People:
    """Names by mri, chats by id, and the mri of the account (None if the messages do not say)."""

    owner: str | None
    names: dict[str, str]
    chats: dict[str, Chat]

    def chat_name(self, chat: Chat | None) -> str | None:
        """The topic of a chat; of a chat of two the name of the other."""
        if chat is None or chat.topic or chat.kind != "direct":
            return chat.topic if chat else None
        others = [mri for mri in chat.members if mri != self.owner]
        return self.names.get(others[0]) if self.owner and len(others) == 1 else None


@dataclass
class Known:
    """People of rows in force, and those of all rows: what is not in force is told only to rows that are not either."""

    now: People
    ever: People

    def told(self, row: Mapping[str, Any]) -> People:
        """What a row may be told."""
        return self.now if in_force(row) else self.ever


def known_of(db: Database) -> Known:
    """Who and which chats there are, by id: what messages are named with."""
    now, past = People(None, {}, {}), People(None, {}, {})
    owners: dict[bool, set[Any]] = {True: set(), False: set()}
    for row in db.execute(OWNER):
        owners[in_force(row)].add(row["mri"])
    now.owner, past.owner = (mris.pop() if len(mris) == 1 else None for mris in (owners[True], owners[False]))
    for row in db.execute(USERS):
        if row["mri"] and row["name"]:
            (now if in_force(row) else past).names[row["mri"]] = row["name"]
    for query in (CONVERSATIONS, THREADS):
        for row in db.execute(query):
            add_chat(row, now if in_force(row) else past)
    ever = People(now.owner or past.owner, {**past.names, **now.names}, {**past.chats, **now.chats})
    return Known(now, ever)


def add_chat(row: Mapping[str, Any], people: People) -> None:
    """Take in what a row of a conversation or a thread says; a thread without a topic has that of its conversation."""
    members, _ = archive_in(row, "members")
    known = people.chats.get(row["chat_id"])
    people.chats[row["chat_id"]] = Chat(
        row["chat_id"],
        row["type"],
        row["topic"] or (known.topic if known else None),
        kind_of(row["type"], row["unique_roster"]),
        mapping(members),
    )


def kind_of(thread_type: Any, unique_roster: Any) -> Any:
    """The kind of a chat. A chat whose members are fixed is one of two; types without a name of ours stay as stored."""
    if thread_type == "chat":
        return {1: "direct", 0: "group"}.get(unique_roster)
    return "self" if thread_type == "streamofnotes" else thread_type


def rows_of_people(db: Database, known: Known) -> Iterator[Any]:
    """Account, contacts and members."""
    for row in db.execute(USERS, every="ZUSER"):
        yield from user(row, known.told(row))
    for query, table in ((BOOK, "ZDEVICECONTACTHASH"), (INDEX, "ZSCONTACT")):
        yield from CONTACTS.rows(contact(row) for row in db.execute(query, every=table))
    for row in db.execute(THREADS, every="ZTHREAD"):
        yield from members_of(row, known.told(row))


def user(row: Mapping[str, Any], people: People) -> Iterator[Any]:
    """A person as the service described it: the account itself, or somebody else."""
    aliases, problems = archive_in(row, "aliases")
    yield from problems
    shared = {
        "app": APP,
        "name": row["name"],
        "username": row["username"],
        "extra": as_json(
            {n: row[n] for n in ("type", "job", "department", "tenant", "synced_at")} | {"aliases": aliases}
        ),
        "record": row["record"],
        "state": row["state"],
    }
    phones = [row[name] for name in ("phone", "mobile", "home") if row[name]]
    emails = [row[name] for name in ("mail", "alternative_email", "secondary_email") if row[name]]
    if row["mri"] is not None and row["mri"] == people.owner:
        own = {"account_id": row["mri"], "phone": first(phones), "email": first(emails), "is_owner": True}
        yield from ACCOUNTS.rows([shared | own])
    else:
        other = {"person_id": row["mri"], "phones": phones or None, "emails": emails or None, "blocked": row["blocked"]}
        yield from CONTACTS.rows([shared | other | {"account_id": people.owner}])


def first(values: list[Any]) -> Any:
    """The first of some values, if there is one."""
    return values[0] if values else None


def contact(row: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the address book or of the search index."""
    cells = {name: row[name] for name in ("app", "person_id", "name", "record", "state")}
    lists = {"phones": [row["phone"]] if row["phone"] else None, "emails": [row["email"]] if row["email"] else None}
    return cells | lists | {"extra": as_json({"list": row["list"]})}


def members_of(row: Mapping[str, Any], people: People) -> Iterator[Any]:
    """The members of a chat. When the account joined last is known, of others it is not."""
    members, problems = archive_in(row, "members")
    yield from problems
    if members is not None and not isinstance(members, dict):
        yield Problem("not_understood", "ZMEMBERS holds no dictionary", record=row["record"])
        return
    yield from PARTICIPANTS.rows(
        (
            {
                "app": APP,
                "chat_id": row["chat_id"],
                "person_id": mri,
                "name": people.names.get(mri),
                "role": ROLES.get(str(role).lower(), role),
                "joined_at": row["joined_at"] if mri == people.owner else None,
                "record": row["record"],
                "state": row["state"],
            }
            for mri, role in (members or {}).items()
        ),
        joined_at=cocoa_s,
    )
