"""Signal for iOS: persons, threads and the account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics import Problem
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, CONTACTS, MESSAGES, PARTICIPANTS

from ..keyed_archive import NotAnArchive
from .ios_archives import account, address, group, paired, unpacked
from .stored import APP, known, moment, placed

PERSON = """
SELECT r.id AS id, r.recipientUUID AS aci, r.recipientPhoneNumber AS number, {r.pni} AS pni,
  {r.unregisteredAtTimestamp} AS unregistered, 'model_SignalRecipient/id=' || r.id AS record
FROM model_SignalRecipient r
"""
PROFILE = """
SELECT p.recipientUUID AS aci, p.recipientPhoneNumber AS number, {p.profileName} AS given, {p.familyName} AS family,
  {p.username} AS username, {p.bio} AS bio, 'model_OWSUserProfile/id=' || p.id AS record
FROM model_OWSUserProfile p
"""
BOOK = """
SELECT a.recipientUUID AS aci, a.recipientPhoneNumber AS number, {a.fullName} AS full, {a.givenName} AS given,
  {a.familyName} AS family, {a.nickname} AS nickname, {a.contact} AS contact, 'model_SignalAccount/id=' || a.id AS record
FROM model_SignalAccount a
"""
NICKNAME = """
SELECT n.recipientRowID AS id, {n.givenName} AS given, {n.familyName} AS family, {n.note} AS note,
  'NicknameRecord/recipientRowID=' || n.recipientRowID AS record
FROM NicknameRecord n
"""
BLOCKED = (
    "SELECT b.recipientId AS id, 'BlockedRecipient/recipientId=' || b.recipientId AS record FROM BlockedRecipient b"
)
THREAD = """
SELECT t.id AS id, t.uniqueId AS unique_id, t.recordType AS type, {t.contactUUID} AS aci, {t.contactPhoneNumber} AS number,
  {t.groupModel} AS group_model, {t.messageDraft} AS draft, {t.name} AS name, {t.creationDate} AS created,
  'model_TSThread/id=' || t.id AS record
FROM model_TSThread t
"""
MEMBER = """
SELECT g.groupThreadId AS thread, g.uuidString AS aci, g.phoneNumber AS number, 'model_TSGroupMember/id=' || g.id AS record
FROM model_TSGroupMember g
"""
OWNER = """
SELECT k.KEY AS name, k.VALUE AS value, 'keyvalue/' || k.KEY AS record FROM keyvalue k
WHERE k.collection = 'TSStorageUserAccountCollection' AND k.KEY IN ('TSStorageRegisteredUUIDKey', 'TSStorageRegisteredNumberKey')
"""
GROUP_THREAD, CONTACT_THREAD, STORY_THREAD = 26, 27, 72


@dataclass
class Thread:
    """A chat. `key`: the group's id (base64, as Desktop has it) or the other person's account or number."""

    key: Any
    kind: str | None
    name: str | None
    row: Mapping[str, Any]


@dataclass
class People:
    """Whom the database knows."""

    names: dict[Any, str] = field(default_factory=dict)
    keys: dict[Any, Any] = field(default_factory=dict)
    notes: dict[Any, str] = field(default_factory=dict)
    threads: dict[Any, Thread] = field(default_factory=dict)
    blocked: set[Any] = field(default_factory=set)
    usernames: dict[Any, str] = field(default_factory=dict)
    profiles: dict[Any, str] = field(default_factory=dict)
    bios: dict[Any, str] = field(default_factory=dict)
    owner: str | None = None
    owner_number: str | None = None

    def person(self, aci: Any, number: Any) -> tuple[Any, str | None]:
        """Id and name of a person: the account where known, else the number."""
        aci = account(aci)
        key = aci or self.keys.get(number, number) or None
        return key, self.names.get(aci) or self.names.get(number) or self.names.get(key)

    @property
    def me(self) -> tuple[Any, str | None]:
        """The owner."""
        return self.person(self.owner, self.owner_number)


def people_of(db: Database) -> tuple[People, list[Problem]]:
    """Everyone the database knows; names by who gave them: the owner, the address book, the person, then the number."""
    people, problems = People(), []
    persons = list(every(db, "model_SignalRecipient", PERSON))
    ids = {row["id"]: row for row in persons}
    for row in persons:
        if row["aci"] and row["number"]:
            people.keys.setdefault(row["number"], account(row["aci"]))
    for row in every(db, "NicknameRecord", NICKNAME):
        whom = ids.get(row["id"])
        if whom:
            named(people.names, whom, joined(row["given"], row["family"]))
            named(people.notes, whom, row["note"])
    for row in every(db, "model_SignalAccount", BOOK):
        contact, faults = unpacked(row, "contact")
        problems += faults
        named(
            people.names,
            row,
            row["full"] or joined(row["given"], row["family"]) or book_name(contact) or row["nickname"],
        )
    for row in every(db, "model_OWSUserProfile", PROFILE):
        named(people.names, row, joined(row["given"], row["family"]))
        named(people.profiles, row, joined(row["given"], row["family"]))
        named(people.usernames, row, row["username"])
        named(people.bios, row, row["bio"])
    for row in persons:
        named(people.names, row, row["number"])
    people.blocked = {row["id"] for row in every(db, "BlockedRecipient", BLOCKED)}
    for row in every(db, "keyvalue", OWNER) if db.has(keyvalue=["KEY", "collection", "VALUE"]) else ():
        take_owner(people, row)
    for row in every(db, "model_TSThread", THREAD):
        thread, faults = thread_of(row, people)
        problems += faults
        people.threads.setdefault(row["unique_id"], thread)
        people.threads.setdefault(row["id"], thread)
    return people, problems


def every(db: Database, table: str, query: str) -> Any:
    """Rows of a query, where its table exists."""
    return placed(db.execute(query), table) if db.columns(table) else ()


def named(into: dict[Any, str], row: Mapping[str, Any], name: Any) -> None:
    """Note a name for an account and a number, unless a better one is known."""
    if isinstance(name, str) and name:
        for each in (account(row["aci"]), row["number"]):
            if isinstance(each, str) and each:
                into.setdefault(each, name)


def joined(*parts: Any) -> str | None:
    """Given and family name."""
    return " ".join(part for part in parts if isinstance(part, str) and part) or None


def book_name(contact: Any) -> str | None:
    """The name in an archived contact."""
    if not isinstance(contact, dict):
        return None
    return contact.get("fullName") or joined(contact.get("firstName"), contact.get("lastName"))


def take_owner(people: People, row: Mapping[str, Any]) -> None:
    """Account and number of the owner: text, or text in an archive."""
    value = row["value"]
    if isinstance(value, bytes):
        try:
            value = paired(value)
        except NotAnArchive:
            value = value.decode("utf-8", "replace") if len(value) < 64 else None
    if not isinstance(value, str) or not value:
        return
    if row["name"] == "TSStorageRegisteredUUIDKey":
        people.owner = people.owner or account(value)
    else:
        people.owner_number = people.owner_number or value


def thread_of(row: Mapping[str, Any], people: People) -> tuple[Thread, list[Problem]]:
    """One chat."""
    model, problems = unpacked(row, "group_model")
    group_id, group_name, _ = group(model)
    if row["type"] == GROUP_THREAD or group_id:
        return Thread(group_id or row["unique_id"], "group", group_name or row["name"], row), problems
    key, name = people.person(row["aci"], row["number"])
    if row["type"] == CONTACT_THREAD or key:
        kind = "self" if key and key == people.me[0] else "direct"
        return Thread(key or row["unique_id"], kind, name, row), problems
    return Thread(row["unique_id"], "broadcast" if row["type"] == STORY_THREAD else None, row["name"], row), problems


def rows_of_people(db: Database, people: People) -> Iterator[Any]:
    """The account, contacts, members of groups, partners of chats, and drafts."""
    key, name = people.me
    if key:
        yield from ACCOUNTS.rows(
            [
                {
                    "app": APP,
                    "account_id": key,
                    "name": name if name != people.owner_number else None,
                    "phone": people.owner_number,
                    "username": people.usernames.get(key),
                    "is_owner": True,
                    "record": "keyvalue/TSStorageRegisteredUUIDKey",
                }
            ]
        )
    if db.columns("model_SignalRecipient"):
        rows = placed(db.execute(PERSON, every="model_SignalRecipient"), "model_SignalRecipient")
        yield from CONTACTS.rows(contact(row, people) for row in rows)
    if db.columns("model_TSGroupMember"):
        rows = placed(db.execute(MEMBER, every="model_TSGroupMember"), "model_TSGroupMember")
        yield from PARTICIPANTS.rows(member(row, people) for row in rows)
    for number, thread in people.threads.items():
        if number != thread.row["id"]:
            continue
        shared = {"app": APP, "chat_id": thread.key, "record": thread.row["record"], "state": thread.row["state"]}
        if thread.kind in ("direct", "self"):
            yield from PARTICIPANTS.rows([shared | {"person_id": thread.key, "name": thread.name}])
        if thread.kind == "group" and not db.columns("model_TSGroupMember"):
            yield from PARTICIPANTS.rows(shared | each for each in older_members(thread, people))
        if isinstance(thread.row["draft"], str) and thread.row["draft"]:
            draft = {"chat_name": thread.name, "chat_kind": thread.kind, "direction": "outgoing", "kind": "text"}
            cells = shared | draft | {"account_id": key, "status": "draft", "text": thread.row["draft"]}
            yield from MESSAGES.rows([cells])


def contact(row: Mapping[str, Any], people: People) -> dict[str, Any]:
    """A person as a contact."""
    key, name = people.person(row["aci"], row["number"])
    profile = people.profiles.get(key)
    return {
        "app": APP,
        "account_id": people.me[0],
        "person_id": key,
        "name": name,
        "phones": [row["number"]] if row["number"] else None,
        "username": people.usernames.get(key),
        "note": people.notes.get(key) or people.bios.get(key),
        "blocked": True if row["id"] in people.blocked else None,
        "extra": known(
            {
                "pni": row["pni"],
                "profile_name": profile if profile != name else None,
                "unregistered_at": moment(row["unregistered"]),
                "about": people.bios.get(key) if people.notes.get(key) else None,
            }
        ),
        "record": row["record"],
        "state": row["state"],
    }


def member(row: Mapping[str, Any], people: People) -> dict[str, Any]:
    """A member of a group."""
    key, name = people.person(row["aci"], row["number"])
    thread = people.threads.get(row["thread"])
    return {
        "app": APP,
        "chat_id": thread.key if thread else row["thread"],
        "person_id": key,
        "name": name,
        "active": True,
        "record": row["record"],
        "state": row["state"],
    }


def older_members(thread: Thread, people: People) -> Iterator[dict[str, Any]]:
    """Members of a group of the first kind, which its model lists."""
    model, _ = unpacked(thread.row, "group_model")
    listed = model.get("groupMembers", model.get("groupMemberIds")) if isinstance(model, dict) else None
    for each in listed if isinstance(listed, list) else ():
        key, name = people.person(*address(each))
        if key:
            yield {"person_id": key, "name": name}
