"""Skype 8, databases s4l-<user>.db: tables of JSON documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CONTACTS, MESSAGES, PARTICIPANTS
from forensics.times import NotATime, unix_ms

from ..learned import Learned, in_force
from ..stored_tables import unread
from ..untrusted import at, mapping, objects, words
from . import body

DOCUMENT = "SELECT d.nsp_data AS document, 'TABLE/nsp_pk=' || d.nsp_pk AS record FROM TABLE d"
PREFERENCES = "SELECT d.nsp_data AS document, d.nsp_pk AS record FROM internaldata d WHERE d.nsp_pk = 'Cpriv_prefs_v2'"

KINDS = {
    "Text": "text",
    "RichText": "text",
    "RichText/UriObject": "image",
    "RichText/Media_Video": "video",
    "RichText/Media_AudioMsg": "voice",
    "RichText/Media_GenericFile": "document",
    "RichText/Contacts": "contact",
    "RichText/Location": "location",
    "Event/Call": "call",
    "Poll": "poll",
}
ROLES = {"Admin": "admin"}
SHOWN = frozenset(("creator", "cuid", "content", "conversationId", "createdTime", "messagetype", "_isMyMessage"))
OWNER = "owner"
UNREAD = ("calllogs", "mediadrafts")


def is_s4l(file: File) -> bool:
    """Whether the database has the tables of Skype 8; each has the number of its version in its name, and they grow."""
    with file.sqlite() as db:
        return bool(versions(db, "messagesv")) and bool(versions(db, "profilecachev"))


def versions(db: Database, name: str) -> list[str]:
    """Tables of documents of this name, of whatever version."""
    named = (table for table in db.tables if re.fullmatch(rf"{name}\d{{1,4}}", table))
    return sorted(table for table in named if db.has(**{table: ["nsp_pk", "nsp_data"]}))


@parser("skype.s4l", magic=["application/vnd.sqlite3"], test=is_s4l)
def s4l(file: File) -> Iterator[Any]:
    """Skype 8, database s4l-<user>.db.

    Reads: messages with their text made plain (as stored in extra where it differs), files on the servers that they name, who
    is a member of a conversation; the last message of a conversation where the conversation is all that was loaded; profiles
    and the address book as contacts; the account. Times are Unix milliseconds: createdTime is given, composeTime is in extra.

    Not read: calls but for the messages that tell of them, alerts, drafts (rows of these are a problem), reactions and edits
    (what properties says is in extra), media.

    Seen on: no file of a device yet. Tested on invented documents in the published shape.

    Source: IPED; a published document of a conversation and of a profile (Android, 2021); published readers of messages.

    Tier: documented
    """
    with file.sqlite() as db:
        names: Learned[str] = Learned()
        owners = owner(db)
        for document, row, problems in every_version(db, "profilecachev"):
            yield from problems
            names.learn(row, str(document.get("mri")), name_of(document) or "")
            yield from CONTACTS.rows([contact(document, row)])
            me = owners.told(row, OWNER)
            if me and str(document.get("mri")).rpartition(":")[2] == me.rpartition(":")[2]:
                yield from ACCOUNTS.rows([account(document, row)])
        for document, row, problems in documents(db, "localaddressbookcontacts"):
            yield from problems
            yield from CONTACTS.rows([contact(document, row)])
        yield from conversations(db, names, owners)
        yield from unread(db, (*UNREAD, *versions(db, "alertsv")))


def conversations(db: Database, names: Learned[str], owners: Learned[str]) -> Iterator[Any]:
    """Members, messages, and those last messages that only their conversation holds."""
    topics: Learned[str] = Learned()
    last: dict[tuple[str, ...], tuple[dict[str, Any], dict[str, Any]]] = {}
    past: dict[tuple[str, ...], tuple[dict[str, Any], dict[str, Any]]] = {}
    for document, row, problems in every_version(db, "conversationsv"):
        yield from problems
        chat = part(document, "conv")
        topic = part(chat, "_threadProps").get("topic") or names.told(row, str(chat.get("id")))
        topics.learn(row, str(chat.get("id")), str(topic or ""))
        yield from PARTICIPANTS.rows(members(chat, row, names))
        if said := part(chat, "lastMessage"):
            held = (said, {**row, "record": f"{row['record']} lastMessage"})
            if in_force(row):
                last[key_of(said)] = held
            else:
                past.setdefault(version_of(said), held)
    for document, row, problems in every_version(db, "messagesv"):
        yield from problems
        if in_force(row):  # one that was deleted does not make up for what the conversation holds
            last.pop(key_of(document), None)
        past.pop(version_of(document), None)
        yield from read_message(document, row, names, topics, owners)
    for document, _ in last.values():
        past.pop(version_of(document), None)
    for document, row in (*last.values(), *past.values()):
        yield from read_message(document, row, names, topics, owners)


def every_version(db: Database, name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any], list[Problem]]]:
    """The documents of all tables of a name: an update may have left those of the version before."""
    for table in versions(db, name):
        yield from documents(db, table)


def documents(db: Database, table: str) -> Iterator[tuple[dict[str, Any], dict[str, Any], list[Problem]]]:
    """The documents of a table, each with the place it was in; an empty one, with a problem, where it is none."""
    if not db.columns(table):
        return
    for row in db.execute(DOCUMENT.replace("TABLE", table), every=table):
        place = {"record": row["record"], "state": row["state"]}
        try:
            document = json.loads(row["document"])
        except (ValueError, TypeError, RecursionError) as error:
            yield {}, place, [Problem("not_understood", f"no JSON: {error}", record=row["record"])]
            continue
        if isinstance(document, dict):
            yield document, place, []
        else:
            yield {}, place, [Problem("not_understood", "JSON, but no object", record=row["record"])]


def owner(db: Database) -> Learned[str]:
    """The name of the account, from the preferences that the app keeps for it."""
    found: Learned[str] = Learned()
    for row in db.execute(PREFERENCES) if db.has(internaldata=["nsp_pk", "nsp_data"]) else ():
        try:
            name = words(part(json.loads(row["document"]), "value").get("skypeName"))
        except (ValueError, TypeError, RecursionError):
            continue
        if name:
            found.learn(row, OWNER, name)
    return found


def read_message(
    document: Mapping[str, Any],
    row: Mapping[str, Any],
    names: Learned[str],
    topics: Learned[str],
    owners: Learned[str],
) -> Iterator[Any]:
    """A document as a message, with the file that its content names."""
    chat, sender = document.get("conversationId"), document.get("creator")
    said = document.get("content")
    content = said if isinstance(said, str) else None
    code = document.get("messagetype")
    system = str(code).startswith("ThreadActivity/")
    kind = "system" if system else KINDS.get(str(code), "unknown")
    text = body.plain(content) if content and kind not in ("call", "system") else None
    base = {"app": "Skype", "chat_id": chat, "message_id": document.get("cuid"), **row}
    message = {
        **base,
        "account_id": owners.told(row, OWNER),
        "chat_name": topics.told(row, str(chat)) or names.told(row, str(chat)) or None,
        "chat_kind": chat_kind(chat),
        "sent_at": document.get("createdTime"),
        "sender_id": sender,
        "sender_name": names.told(row, str(sender)) or None,
        "direction": "system" if system else direction_of(document),
        "kind": kind,
        "raw_kind": code,
        "text": text or None,
        "extra": {
            **{
                k: v
                for k, v in document.items()
                if k not in SHOWN and not k.startswith("_") and v not in (None, "", {}, [])
            },
            **({"content": said} if said not in (None, "", text) else {}),
            **({"composed_at": at} if (at := iso(document.get("composeTime"))) else {}),
        }
        or None,
    }
    yield from MESSAGES.rows([message], sent_at=unix_ms)
    if content and (shared := body.shared_object(content)):
        yield from ATTACHMENTS.rows([base | shared])


def direction_of(document: Mapping[str, Any]) -> str:
    """The direction as stored."""
    mine = document.get("_isMyMessage")
    return "outgoing" if mine == 1 else "incoming" if mine == 0 else "unknown"


def key_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells a message from others."""
    return str(document.get("conversationId")), str(document.get("cuid"))


def version_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells a message from others and from what it said before."""
    return (*key_of(document), str(document.get("content")))


def chat_kind(chat: Any) -> str | None:
    """A group has a thread; 8: is a person of Skype."""
    if "@thread" in str(chat):
        return "group"
    return "direct" if str(chat).startswith("8:") else None


def members(chat: Mapping[str, Any], row: Mapping[str, Any], names: Learned[str]) -> Iterator[dict[str, Any]]:
    """Members of a conversation: those that the thread lists, else the person whose id it has."""
    listed = chat.get("_threadMembers")
    props = part(chat, "_threadProps")
    about = {"creator": props.get("creator"), "created_at": iso(props.get("createdat")), "topic": props.get("topic")}
    for person in objects(listed) or [{"id": chat.get("id") if chat_kind(chat.get("id")) == "direct" else None}]:
        yield {
            "app": "Skype",
            "chat_id": chat.get("id"),
            "person_id": person.get("id"),
            "name": names.told(row, str(person.get("id"))) or None,
            "role": ROLES.get(str(person.get("role")), person.get("role")),
            "extra": {k: v for k, v in about.items() if v} or None,
            **row,
        }


def contact(document: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """A profile, or an entry of the address book."""
    emails = document.get("emails")
    columns = ("birthday", "city", "country", "province", "gender", "thumbUrl", "fullName", "isManuallyAdded")
    return {
        "app": "Skype",
        "person_id": document.get("mri"),
        "name": name_of(document),
        "phones": numbers(document),
        "emails": [e for e in emails if isinstance(e, str)] or None if isinstance(emails, list) else None,
        "note": document.get("mood") or None,
        "extra": {name: document[name] for name in columns if document.get(name)} or None,
        **row,
    }


def account(document: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The profile of the account."""
    cells = contact(document, row)
    return {
        "app": "Skype",
        "account_id": document.get("mri"),
        "name": cells["name"],
        "phone": next(iter(cells["phones"] or ()), None),
        "email": next(iter(cells["emails"] or ()), None),
        "username": str(document.get("mri")).partition(":")[2] or None,
        "is_owner": True,
        "extra": cells["extra"],
        **row,
    }


def name_of(document: Mapping[str, Any]) -> str | None:
    """The name that is shown, else the full one, else its parts."""
    whole = document.get("displayNameOverride") or document.get("fullName")
    parts = (document.get(name) for name in ("firstName", "middleName", "lastName"))
    return str(whole) if whole else " ".join(str(p) for p in parts if p) or None


def numbers(document: Mapping[str, Any]) -> list[str] | None:
    """Phone numbers."""
    listed = [phone.get("number") for phone in objects(document.get("phones"))]
    return [str(number) for number in listed if number] or None


def part(document: Any, name: str) -> dict[str, Any]:
    """An object within an object; an empty one where there is none."""
    return mapping(at(document, name))


def iso(milliseconds: Any) -> str | None:
    """Unix milliseconds, as a number or as text, as ISO 8601; what is no time as it is."""
    try:
        at = unix_ms(int(milliseconds)) if milliseconds else None
    except (NotATime, TypeError, ValueError, OverflowError):
        return str(milliseconds)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of s4l databases."""
    return [s4l]
