"""Signal for Android, database signal.db."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.sqlite import Database
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, REACTIONS, RECEIPTS
from forensics.times import unix_ms

from ..learned import Learned, in_force
from ..protobuf import NotProtobuf, Value, message, text
from . import android_queries as queries
from .android_account import Owner, beside
from .stored import APP, known, moment, placed, sha256_of

CLOCKS = dict.fromkeys(("sent_at", "received_at", "delivered_at", "read_at", "edited_at", "expires_at"), unix_ms)
RECEIPT_CLOCKS = dict.fromkeys(("delivered_at", "read_at", "played_at"), unix_ms)
ROLES = {1: "member", 2: "admin"}
MEMBERS, INVITED, ASKED, BANNED = 7, 8, 9, 13  # fields of the state of a group
LEFT_OUT = {
    "msl_payload": "messages kept for sending them again",
    "payments": "payments",
    "push": "envelopes not yet processed",
    "poll": "polls",
}


def is_signal(file: File) -> bool:
    """Whether the database has the messages of Signal, in one table or in two. Forks with tables of their own are not it."""
    with file.sqlite() as db:
        if any(table.lower().startswith(("loki_", "session_")) for table in db.tables):
            return False
        return (
            db.has(message=["_id", "thread_id", "type", "body", "date_sent"], thread=["_id"], recipient=["_id"])
            and db.has(message=["remote_deleted"]) | db.has(message=["latest_revision_id"])
        ) or db.has(
            sms=["_id", "thread_id", "address", "type", "body", "date_sent"],
            mms=["_id", "thread_id", "msg_box", "address", "date_received"],
            part=["_id", "mid", "ct"],
            thread=["_id"],
        )


@parser("signal.android", magic=["application/vnd.sqlite3"], test=is_signal)
def messages(file: File) -> Iterator[Any]:
    """Signal for Android, database signal.db in clear.

    The app encrypts it: signal.encrypted opens it with its key, signal.backup rebuilds it from a backup; both hand it on here.

    Reads: messages of all schemas (sms and mms until 2023, message since) with each version of an edited message as a row of its
    own, events, calls as messages, stories, drafts; reactions in a table or in their message; receipts of groups; attachments;
    calls; persons, groups with roles, who is invited, has asked or is banned. The owner is whom signal-key-value.db beside names,
    or before 2022 the app's preferences; without these, where messages name both sides (since 2023), who sent what went out.
    Texts longer than 2,000 characters go on in an attachment, which extra names.
    Not read: what changed in an event of a group (as stored in extra), the attachments themselves, which the app encrypts one by
    one, keys, payments, polls, sticker packs, and messages kept for sending them again (problems where there are any).
    Seen on: no file of the app; invented rows in its own schemas of 2022, 2023 and 2025.
    Source: signalapp/Signal-Android (schema, types of messages and calls), bepaald/signalbackup-tools, ALEAPP.
    Tier: documented
    """
    yield from read(file, beside(file))


def read(file: File, owner: Owner) -> Iterator[Any]:
    """Everything of the database of that owner."""
    with file.sqlite() as db:
        yield from tables(db, owner)


def tables(db: Database, owner: Owner) -> Iterator[Any]:
    """The rows, table by table."""
    for table, query in queries.MESSAGES.items():
        if db.columns(table):
            yield from MESSAGES.batches(db.execute(owned(query, owner), every=table), **CLOCKS)
    for table in ("attachment", "part"):
        if db.columns(table):
            query = f"{queries.ATTACHMENT} WHERE s.source = '{table}'"
            rows = placed(db.execute(owned(query, owner), every=table), table)
            yield from ATTACHMENTS.rows(attachment(row) for row in rows)
    for table, query, into, clocks in (
        ("reaction", queries.REACTION, REACTIONS, {"reacted_at": unix_ms}),
        ("group_receipts", queries.RECEIPT, RECEIPTS, RECEIPT_CLOCKS),
        ("call", queries.CALL, CALLS, {"started_at": unix_ms}),
        ("drafts", queries.DRAFT, MESSAGES, {}),
    ):
        if db.columns(table):
            yield from into.batches(db.execute(owned(query, owner), every=table), **clocks)
    yield from CALLS.batches(db.execute(owned(queries.CALL_IN_MESSAGE, owner)), started_at=unix_ms)
    if db.columns("recipient"):
        yield from CONTACTS.batches(db.execute(owned(queries.CONTACT, owner)))
        yield from ACCOUNTS.batches(db.execute(owned(queries.ACCOUNT, owner)))
    yield from PARTICIPANTS.batches(db.execute(queries.PARTNER))
    people: Learned[Mapping[str, Any]] = Learned()
    for row in db.execute(queries.PERSON) if db.columns("recipient") else ():
        people.learn(row, row["id"], row)
    yield from members(db, people)
    yield from older_reactions(db, people)
    yield from left_out(db)


def owned(query: str, owner: Owner) -> str:
    """The query with the owner that files beside tell; both ids have the form of one, so they are no SQL."""
    for name, value in owner._asdict().items():
        query = query.replace(f"{{{name}}}", f"'{value}'" if value else "NULL")
    return query


def attachment(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `attachments`. The hash that the app states is that of the file before it was encrypted for this phone."""
    return {
        "app": APP,
        **{name: row[name] for name in ("chat_id", "message_id", "name", "mime", "size", "width", "height", "caption")},
        "stored_path": row["path"],
        "sha256": sha256_of(row["hash"]),
        "extra": known(
            {
                "voice": row["voice"] == 1,
                "gif": row["gif"] == 1,
                "quote": row["quote"] == 1,
                "sticker": row["sticker"],
                "emoji": row["emoji"],
                "transfer": row["transfer"],
                "uploaded_at": moment(row["uploaded"]),
                "encrypted": row["sealed"] == 1,
                "stored_hash": row["hash"] if not sha256_of(row["hash"]) else None,
            }
        ),
        "record": row["record"],
        "state": row["state"],
    }


def members(db: Database, people: Learned[Mapping[str, Any]]) -> Iterator[Any]:
    """Members of groups: as the table lists them, with the role that the state of the group gives them; older groups list them
    in their own row."""
    names: Learned[str | None] = Learned()
    for person in people.values():
        names.learn(person, person["key"], person["name"])
    found = db.execute(queries.MEMBER, every="group_membership") if db.columns("group_membership") else ()
    listed = list(placed(found, "group_membership"))
    listed_now = any(in_force(row) for row in listed)
    roles: Learned[dict[str, dict[str, Any]]] = Learned()
    for row in placed(db.execute(queries.GROUP, every="groups"), "groups") if db.columns("groups") else ():
        state, problems = group_state(row)
        yield from problems
        roles.learn(row, row["chat_id"], state)
        shared = {"app": APP, "chat_id": row["chat_id"], "record": row["record"], "state": row["state"]}
        if not (listed_now if in_force(row) else listed):
            yield from PARTICIPANTS.rows(shared | each for each in older_members(row, people, state))
        outside = ((key, each) for key, each in state.items() if not each["active"])
        yield from PARTICIPANTS.rows(
            shared | each | {"person_id": key, "name": names.told(row, key)} for key, each in outside
        )
    for row in listed:
        role = (roles.told(row, row["chat_id"]) or {}).get(row["person_id"], {"active": True})
        yield from PARTICIPANTS.rows([{"app": APP, **row, **role}])


def older_members(
    row: Mapping[str, Any], people: Learned[Mapping[str, Any]], state: dict[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Members as the row of a group lists them: numbers of recipients, or phone numbers, between commas."""
    for each in str(row["members"] or "").split(","):
        if each.strip():
            person = people.told(row, int(each)) if each.isascii() and each.isdigit() and len(each) < 19 else None
            key = person["key"] if person else each.strip()
            name = person["name"] if person else None
            yield {"person_id": key, "name": name, **state.get(key, {"active": True})}


def group_state(row: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """What the state of a group says of persons, by their ids: role, and for those who are no members why they are named."""
    blob = row["state_blob"]
    if not isinstance(blob, bytes) or not blob:
        return {}, []
    found: dict[str, dict[str, Any]] = {}
    try:
        fields = message(blob)
        for field, role in ((BANNED, "banned"), (ASKED, "asked"), (INVITED, "invited"), (MEMBERS, None)):
            for each in fields.get(field, ()):
                member = message(each) if isinstance(each, bytes) else {}
                person = account(member.get(1, [None])[-1])
                stored = member.get(2, [None])[-1]
                if person:
                    said = ROLES.get(stored, str(stored)) if isinstance(stored, int) else None
                    found[person] = {"role": role or said, "active": role is None}
    except NotProtobuf as error:
        return {}, [Problem("damaged", f"the state of a group cannot be read: {error}", record=row["record"])]
    return found, []


def account(raw: Value | None) -> str | None:
    """An account's id of 16 bytes as text; with a byte before them that says it is the id of a number."""
    if not isinstance(raw, bytes) or len(raw) not in (16, 17):
        return None
    return ("PNI:" if len(raw) == 17 else "") + str(uuid.UUID(bytes=raw[-16:]))


def older_reactions(db: Database, people: Learned[Mapping[str, Any]]) -> Iterator[Any]:
    """Reactions that are a list in the row of their message."""
    for table in ("sms", "mms"):
        if "reactions" not in db.columns(table):
            continue
        for row in placed(db.execute(queries.OLDER_REACTIONS.replace("{table}", table)), table):
            try:
                listed = message(row["reactions"]).get(1, ()) if isinstance(row["reactions"], bytes) else ()
                found = [message(each) for each in listed if isinstance(each, bytes)]
            except NotProtobuf as error:
                yield Problem("damaged", f"reactions to a message cannot be read: {error}", record=row["record"])
                continue
            shared = {"app": APP, **{name: row[name] for name in ("chat_id", "message_id", "record", "state")}}
            yield from REACTIONS.rows(
                (shared | older_reaction(each, row, people) for each in found), reacted_at=unix_ms
            )


def older_reaction(
    found: Mapping[int, list[Value]], row: Mapping[str, Any], people: Learned[Mapping[str, Any]]
) -> dict[str, Any]:
    """One of them, in the row of its message."""
    author, at = found.get(2, [None])[-1], found.get(3, [None])[-1]
    person = people.told(row, author)
    return {
        "person_id": person["key"] if person else f"recipient/_id={author}" if isinstance(author, int) else None,
        "value": text(found, 1),
        "reacted_at": at if isinstance(at, int) else None,
    }


def left_out(db: Database) -> Iterator[Problem]:
    """Tables that hold rows which are not read."""
    for table, what in LEFT_OUT.items():
        if db.columns(table) and (there := db.count(table)):
            yield Problem("not_read", f"table {table} ({what}): {there:,} rows are not read", record=table)


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of a database in clear."""
    return [messages]
