"""Signal Desktop: conversations, which are persons and groups alike, and the account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics import Problem
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, CONTACTS, PARTICIPANTS

from ..learned import Learned, in_force
from .stored import APP, document, inside, known, moment, objects, placed, word

CONVERSATION = """
SELECT c.id AS id, c.json AS json, c.type AS type, {c.name} AS name, {c.profileFullName} AS profile_full_name,
  {c.profileName} AS profile_name, {c.profileFamilyName} AS profile_family, {c.e164} AS e164,
  COALESCE({c.serviceId}, {c.uuid}) AS service_id, {c.groupId} AS group_id, {c.members} AS members,
  'conversations/id=' || c.id AS record
FROM conversations c
"""
ITEM = "SELECT i.id AS id, i.json AS json, 'items/id=' || i.id AS record FROM items i"
ROLES = {0: "member", 1: "member", 2: "admin"}
GROUP_ID = 44  # characters of the id of a group since 2020: 32 bytes as base64; older ids are bytes that are no text


@dataclass
class Conversation:
    """A person or a group. `key`: the id it is given by: of the account or group where known, else that of this database."""

    id: Any
    key: Any
    kind: str | None
    name: str | None
    row: Mapping[str, Any]
    json: dict[str, Any]


@dataclass
class People:
    """Whom the database knows, by each of the ids that it uses for them."""

    by_id: dict[Any, Conversation] = field(default_factory=dict)
    aliases: dict[Any, Conversation] = field(default_factory=dict)
    owner: str | None = None
    owner_phone: str | None = None
    owner_item: Mapping[str, Any] | None = None
    blocked: set[str] = field(default_factory=set)

    def find(self, *ids: Any) -> Conversation | None:
        """The conversation behind one of several ids."""
        for each in ids:
            if isinstance(each, str | int) and each in self.aliases:
                return self.aliases[each]
        return None

    def person(self, *ids: Any) -> tuple[Any, str | None]:
        """Id and name of a person; the first id that is set where the database does not know the person."""
        found = self.find(*ids)
        if found:
            return found.key, found.name
        return next((each for each in ids if each), None), None

    def key(self, each: Any) -> Any:
        """The id by which a person or group is given."""
        found = self.find(each)
        return found.key if found else each


@dataclass
class Everyone:
    """Persons and groups by rows in force, and by all rows, where those in force go before."""

    now: People = field(default_factory=People)
    ever: People = field(default_factory=People)
    conversations: list[Conversation] = field(default_factory=list)

    def told(self, row: Mapping[str, Any]) -> People:
        """Whom a row may name."""
        return self.now if in_force(row) else self.ever

    def learning(self, row: Mapping[str, Any]) -> tuple[People, ...]:
        """Who take in what a row says."""
        return (self.now, self.ever) if in_force(row) else (self.ever,)


def people_of(db: Database) -> tuple[Everyone, list[Problem]]:
    """Everyone the database knows."""
    everyone, problems = Everyone(), []
    for row in placed(db.execute(CONVERSATION, every="conversations"), "conversations"):
        found, faults = document(row["json"], row["record"])
        problems += faults
        conversation = conversation_of(row, found)
        everyone.conversations.append(conversation)
        for people in everyone.learning(row):
            take_conversation(people, conversation)
    for row in placed(db.execute(ITEM), "items") if db.has(items=["id", "json"]) else ():
        found, faults = document(row["json"], row["record"])
        problems += faults
        for people in everyone.learning(row):
            take_item(people, row, found.get("value"))
    return everyone, problems


def take_conversation(people: People, conversation: Conversation) -> None:
    """A person or group, by each of its ids; of several versions the first stays."""
    row, found = conversation.row, conversation.json
    if people.by_id.setdefault(row["id"], conversation) is conversation:
        for alias in (row["id"], row["service_id"], row["group_id"], row["e164"], found.get("pni"), found.get("uuid")):
            if isinstance(alias, str | int) and alias != "":
                people.aliases.setdefault(alias, conversation)


def conversation_of(row: Mapping[str, Any], found: dict[str, Any]) -> Conversation:
    """One conversation, with the name that Signal shows."""
    group = row["type"] == "group"
    kind = "group" if group else "direct" if row["type"] == "private" else None
    group_id = row["group_id"] if isinstance(row["group_id"], str) and len(row["group_id"]) == GROUP_ID else None
    key = group_id if group else row["service_id"] or row["e164"]
    return Conversation(row["id"], key or row["id"], kind, name_of(row, found), row, found)


def name_of(row: Mapping[str, Any], found: dict[str, Any]) -> str | None:
    """The name: that the owner gave, of the address book, of the profile, the number, the user name."""
    nickname = " ".join(filter(None, (word(found.get("nicknameGivenName")), word(found.get("nicknameFamilyName")))))
    profile = " ".join(filter(None, (word(row["profile_name"]), word(row["profile_family"]))))
    names = (nickname, row["name"], row["profile_full_name"], profile, row["e164"], found.get("username"))
    return next((name for name in names if word(name)), None)


def take_item(people: People, row: Mapping[str, Any], value: Any) -> None:
    """A setting that says who the owner is, or whom the owner blocked. Account and number end in the number of the device."""
    name = row["id"]
    if name == "uuid_id" and word(value) and not people.owner:
        people.owner, people.owner_item = value.partition(".")[0], row
    elif name == "number_id" and word(value) and not people.owner_phone:
        people.owner_phone, people.owner_item = value.partition(".")[0], people.owner_item or row
    elif name in ("blocked", "blocked-uuids", "blocked-groups") and isinstance(value, list):
        people.blocked.update(each for each in value if isinstance(each, str))


def rows_of_people(everyone: Everyone, talked_to: Learned[bool]) -> Iterator[Any]:
    """Accounts, contacts and participants."""
    yield from ACCOUNTS.rows(account(everyone.now) or account(everyone.ever))
    for conversation in everyone.conversations:
        people = everyone.told(conversation.row)
        shared = {"app": APP, "record": conversation.row["record"], "state": conversation.row["state"]}
        if conversation.kind == "group":
            yield from PARTICIPANTS.rows(shared | member for member in members(conversation, people))
            continue
        yield from CONTACTS.rows([shared | contact(conversation, people)])
        if talked_to.told(conversation.row, conversation.id):
            partner = {"chat_id": conversation.key, "person_id": conversation.key, "name": conversation.name}
            yield from PARTICIPANTS.rows([shared | partner])


def account(people: People) -> list[dict[str, Any]]:
    """The account of this computer, if they know it."""
    if not people.owner_item:
        return []
    mine = people.find(people.owner, people.owner_phone)
    return [
        {
            "app": APP,
            "account_id": people.owner or people.owner_phone,
            "name": mine.name if mine else None,
            "phone": people.owner_phone or (mine.row["e164"] if mine else None),
            "username": word(mine.json.get("username")) if mine else None,
            "is_owner": True,
            "record": people.owner_item["record"],
            "state": people.owner_item["state"],
        }
    ]


def contact(conversation: Conversation, people: People) -> dict[str, Any]:
    """A person as a contact."""
    row, found = conversation.row, conversation.json
    profile = word(row["profile_full_name"])
    ids = {each for each in (row["service_id"], row["e164"], row["id"]) if isinstance(each, str)}
    return {
        "account_id": people.owner,
        "person_id": conversation.key,
        "name": conversation.name,
        "phones": [row["e164"]] if row["e164"] else None,
        "username": word(found.get("username")),
        "note": word(found.get("note")) or word(found.get("about")),
        "blocked": True if ids & people.blocked else None,
        "extra": known(
            {
                "conversation_id": row["id"],
                "profile_name": profile if profile != conversation.name else None,
                "about": word(found.get("about")) if word(found.get("note")) else None,
                "about_emoji": word(found.get("aboutEmoji")),
                "pni": word(found.get("pni")),
                "verified": found.get("verified"),
                "archived": found.get("isArchived") is True,
                "draft": word(found.get("draft")),
                "removed": word(found.get("removalStage")),
            }
        ),
    }


def members(conversation: Conversation, people: People) -> Iterator[dict[str, Any]]:
    """The members of a group, and who was invited, has asked, or was banned."""
    found, given = conversation.json, False
    for name, role in (
        ("membersV2", None),
        ("pendingMembersV2", "invited"),
        ("pendingAdminApprovalV2", "asked"),
        ("bannedMembersV2", "banned"),
    ):
        for each in objects(found.get(name)):
            given = True
            person, called = people.person(each.get("aci"), each.get("serviceId"), each.get("uuid"))
            stored = each.get("role")
            yield {
                "chat_id": conversation.key,
                "person_id": person,
                "name": called,
                "role": role or (ROLES.get(stored, str(stored)) if isinstance(stored, int) else None),
                "active": role is None,
                "extra": known(
                    {
                        "at": moment(each.get("timestamp")),
                        "added_by": people.key(each.get("addedByUserId")),
                        "joined_at_version": each.get("joinedAtVersion"),
                        "label": inside(each, "labelString"),
                    }
                ),
            }
    if given:
        return
    older = found.get("members")
    listed: list[Any] = older if isinstance(older, list) else str(conversation.row["members"] or "").split()
    for each in listed:
        person, called = people.person(each)
        yield {"chat_id": conversation.key, "person_id": person, "name": called, "active": True}
