"""Backup of Threema for Android, unpacked: contacts, groups, distribution lists, reactions and votes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, CONTACTS, PARTICIPANTS, REACTIONS
from forensics.times import unix_ms

from .android_csv import beside, group_id, name_of, names, reactor, rows, starts_with
from .android_values import extra

HEADS = {
    "contacts": ("identity", "publickey", "verification"),
    "groups": ("id", "creator", "groupname", "members"),
    "distribution_list": ("id", "distribution_list_name", "distribution_members"),
    "contact_reactions": ("identity", "api_message_id", "sender_identity", "emoji_sequence"),
    "group_reactions": ("api_group_id", "group_creator_identity", "api_message_id", "emoji_sequence"),
    "ballot_vote": ("ballot_uid", "choice_uid", "identity", "choice"),
}


def is_list(file: File) -> bool:
    """One of these files, by the names of its columns."""
    return any(starts_with(file, *columns) for columns in HEADS.values())


@parser("threema.android.backup.lists", magic=["text/plain", "text/csv", "application/csv"], test=is_list)
def lists(file: File) -> Iterator[Any]:
    """Backup of Threema for Android, unpacked: contacts.csv, groups.csv, distribution_list.csv, *_reactions.csv, ballot_vote.csv.

    Reads: contacts with names, nickname, state of verification and public key; members of groups and distribution lists, with
    the creator; reactions with who gave them and when; votes in polls with the text of the choice, which ballot.csv and
    ballot_choice.csv beside it give. A choice that a person has not taken is a row without a value. The owner, where a reaction
    tells who that is: in a chat with one contact, who reacted and is not the contact. Times are Unix milliseconds.

    Not read: ballot.csv and ballot_choice.csv alone, nonces, settings.

    Seen on: no file of a device yet. Tested on invented files in the published form, versions 18 to 27.

    Source: threema-android, the app itself (BackupService, RestoreService, Tags).

    Tier: documented
    """
    kind = next(name for name, columns in HEADS.items() if starts_with(file, *columns))
    known = names(file) if kind != "contacts" else {}
    polls, choices = (
        (beside(file, "ballot.csv"), beside(file, "ballot_choice.csv")) if kind == "ballot_vote" else ([], [])
    )
    owner = None
    for row in rows(file):
        if isinstance(row, Problem):
            yield row
            continue
        record, said = row
        place = {"app": "Threema", "record": record}
        if kind == "contact_reactions" and not owner and (owner := reactor(said)):
            yield from ACCOUNTS.rows([place | {"account_id": owner, "is_owner": True}])
        if kind == "contacts":
            yield from CONTACTS.rows([place | contact(said)])
        elif kind in ("groups", "distribution_list"):
            yield from PARTICIPANTS.rows(place | each for each in members(said, known))
        elif kind == "ballot_vote":
            yield from REACTIONS.rows([place | vote(said, polls, choices)], reacted_at=unix_ms)
        else:
            yield from REACTIONS.rows([place | reaction(said)], reacted_at=unix_ms)


def contact(said: dict[str, Any]) -> dict[str, Any]:
    """A row of contacts.csv."""
    kept = {
        key: said.get(key)
        for key in ("nick_name", "verification", "publickey", "acid", "hidden", "archived", "identity_id")
    }
    return {
        "person_id": said.get("identity"),
        "name": name_of(said),
        "username": said.get("nick_name"),
        "extra": extra(kept),
    }


def members(said: dict[str, Any], known: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Members of a group or list, with semicolons between; the creator stands apart and is given even where not among them."""
    chat = group_id(said) if "creator" in said else f"list {said.get('id')}"
    about = {
        "chat_name": said.get("groupname") or said.get("distribution_list_name"),
        "created_ms": said.get("created_at"),
    }
    about |= {
        "description": said.get("groupDesc"),
        "deleted": said.get("deleted"),
        "user_state": said.get("user_state"),
    }
    given = str(said.get("members") or said.get("distribution_members") or "").split(";")
    creator = said.get("creator")
    for who in dict.fromkeys([*filter(None, given), *([creator] if creator else [])]):
        role = "creator" if who == creator else "member"
        told = extra(about | {"not_listed_as_member": True if who not in given else None})
        yield {"chat_id": chat, "person_id": who, "name": known.get(who), "role": role, "extra": told}


def reaction(said: dict[str, Any]) -> dict[str, Any]:
    """A row of one of the files of reactions."""
    chat = (
        f"{said['api_group_id']}-{said.get('group_creator_identity')}"
        if said.get("api_group_id")
        else said.get("identity")
    )
    who = {"person_id": said.get("sender_identity"), "value": said.get("emoji_sequence")}
    return who | {"chat_id": chat, "message_id": said.get("api_message_id"), "reacted_at": said.get("reacted_at")}


def vote(said: dict[str, Any], polls: list[dict[str, Any]], choices: list[dict[str, Any]]) -> dict[str, Any]:
    """A row of ballot_vote.csv: one for each choice, taken (1) or not (0)."""
    uid, choice = said.get("ballot_uid"), said.get("choice_uid")
    poll: dict[str, Any] = next((each for each in polls if f"{each.get('aid')}-{each.get('creator')}" == uid), {})
    text = next((each.get("name") for each in choices if each.get("ballot") == uid and each.get("aid") == choice), None)
    taken = said.get("choice") == "1"
    about = {"poll": uid, "question": poll.get("name"), "choice": choice, "taken": said.get("choice")}
    about |= {"created_ms": said.get("created_at"), "not_taken": None if taken else text}
    when = said.get("modified_at") or said.get("created_at")
    person = {"person_id": said.get("identity"), "chat_id": poll.get("ref_id"), "reacted_at": when}
    return person | {"value": (text or choice) if taken else None, "extra": extra(about)}


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the lists of a backup."""
    return [lists]
