"""Tango for Android, database tc.db."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.tables import ATTACHMENTS, MESSAGES, PARTICIPANTS, REACTIONS
from forensics.times import unix_ms

from .. import protobuf
from ..stored_tables import unread
from ..untrusted import given

CONVERSATION = """
SELECT c.conv_id, c.payload, {c.conv_type} AS conv_type, {c.conv_del_status} AS conv_del_status,
  {c.last_msg_id} AS last_msg_id, {c.unread_count} AS unread_count,
  strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF({c.deleting_ts}, 0) / 1000, 'unixepoch') AS deleting_at,
  'conversations/conv_id=' || c.conv_id AS record
FROM conversations c
"""
MESSAGE = """
SELECT m.msg_id, m.conv_id, {m.type} AS type, {m.media_id} AS media_id, m.send_time, m.direction, {m.status} AS status,
  {m.del_status} AS del_status, m.payload,
  strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF(m.create_time, 0) / 1000.0, 'unixepoch') AS created_at,
  'messages/msg_id=' || m.msg_id AS record
FROM messages m
"""
LIKE = """
SELECT l.msg_id, {l.conv_id} AS conv_id, {l.liker_aid} AS liker_aid, {l.act_ts} AS act_ts, {l.act_type} AS act_type,
  {l.status} AS status, {l.global_msg_id} AS global_msg_id, m.payload, 'likes/msg_id=' || l.msg_id AS record
FROM likes l LEFT JOIN messages m ON m.msg_id = l.msg_id
"""

# What the fields of a payload are: those that repeat a column of the same row (2, 3, 10, 22, 23, 24, 29), and those whose values
# say it themselves. No description of the format is public; every other field is kept under its number.
CONVERSATION_ID, TEXT, URL, THUMBNAIL_URL, PATH, MEDIA_ID, OTHER_PATH = 2, 4, 5, 6, 7, 10, 15
PAGE_URL, SENDER, MESSAGE_ID, LIKE_WORDS, LIKED, LIKER = 17, 21, 23, 76, 97, 99
PERSON, FIRST_NAME, LAST_NAME, PERSON_ID = 2, 1, 2, 3
REPEATED = {2, 3, 10, 16, 22, 23, 24, 26, 29}
SAID = {TEXT, URL, THUMBNAIL_URL, PATH, OTHER_PATH, PAGE_URL, SENDER, LIKE_WORDS, LIKED, LIKER}

KINDS = {0: "text", 1: "video", 3: "image", 30: "link", 61: "system"}
DIRECTIONS = {1: "outgoing", 2: "incoming"}
UNREAD = ("receipts", "sms", "games")


class Chat(NamedTuple):
    """A conversation: its persons as fields of the payload, and whether it is with the one person whose id it has."""

    persons: list[dict[int, Any]]
    direct: bool

    @property
    def name(self) -> str | None:
        """The names of its persons."""
        return ", ".join(filter(None, map(name_of, self.persons))) or None


@parser(
    "tango.android",
    files=["tc.db"],
    test=sqlite.has(
        conversations=["conv_id", "payload"],
        messages=["msg_id", "conv_id", "create_time", "send_time", "direction", "payload"],
        likes=["msg_id"],
    ),
)
def tango(file: File) -> Iterator[Any]:
    """Tango for Android, database tc.db.

    Reads: messages with text, links and paths of media, sender; likes, each with the message it is for; the persons of
    conversations. The payload is base64 of Protocol Buffers; of its fields those are read that repeat a column of their row or
    say themselves what they are, the rest is in extra under its number. Direction 1 is outgoing, 2 incoming: with 2 the payload
    names the person of the conversation as sender. A sent like names who liked: the account. Times are Unix milliseconds.

    Not read: receipts, short messages, games (rows of these are a problem), what del_status and conv_type mean, sizes and
    lengths of media (fields 8, 9, 18, 19 by all appearance), settings of the app (table profiles).

    Seen on: tc.db of an Android phone (2016, DB_VERSION 11: 18 messages, 7 conversations, 3 likes).

    Source: schema and content of the named database; plaso (columns, clock).

    Tier: proven
    """
    with file.sqlite() as db:
        chats: dict[str, Chat] = {}
        for row in db.execute(CONVERSATION, every="conversations"):
            found, problems = decoded(row)
            yield from problems
            chat = chat_of(row, found)
            chats.setdefault(row["conv_id"], chat)
            yield from PARTICIPANTS.rows(members(row, chat))
        for row in db.execute(MESSAGE, every="messages"):
            found, problems = decoded(row)
            yield from problems
            yield from MESSAGES.rows([message(row, found, chats.get(row["conv_id"]))], sent_at=unix_ms)
            yield from ATTACHMENTS.rows(attachments(row, found))
        for row in db.execute(LIKE, every="likes"):
            found, _ = decoded(row)
            yield from REACTIONS.rows([like(row, found)], reacted_at=unix_ms)
        yield from unread(db, UNREAD)


def decoded(row: Mapping[str, Any]) -> tuple[dict[int, list[Any]], list[Problem]]:
    """The fields of the payload; none, with a problem, where it is something else or is of another conversation."""
    payload = row["payload"]
    if payload in (None, "", b""):
        return {}, []
    try:
        found = protobuf.message(base64.b64decode(payload, validate=True))
    except (TypeError, ValueError, binascii.Error) as error:
        said = f"the payload is no base64 of Protocol Buffers: {error}"
        return {}, [Problem("not_understood", said, record=row["record"], detail=str(payload)[:200])]
    named = protobuf.text(found, CONVERSATION_ID)
    if "send_time" in row and named != row["conv_id"]:
        said = "the payload is of another conversation than its row"
        return {}, [Problem("not_understood", said, record=row["record"], detail=repr(named))]
    return found, []


def chat_of(row: Mapping[str, Any], found: Mapping[int, list[Any]]) -> Chat:
    """The conversation that a payload describes."""
    persons = [nested(person) for person in found.get(PERSON, ())]
    ids = [protobuf.text(person, PERSON_ID) for person in persons]
    return Chat(persons, direct=ids == [row["conv_id"]])


def members(row: Mapping[str, Any], chat: Chat) -> Iterator[dict[str, Any]]:
    """The persons of a conversation; a row without a person where the payload names none."""
    about = ("conv_type", "conv_del_status", "last_msg_id", "unread_count", "deleting_at")
    for person in chat.persons or [{}]:
        yield {
            "app": "Tango",
            "chat_id": row["conv_id"],
            "person_id": protobuf.text(person, PERSON_ID),
            "name": name_of(person),
            "extra": given(
                **{key: row[key] for key in about}, payload=rest(person, {FIRST_NAME, LAST_NAME, PERSON_ID})
            ),
            "record": row["record"],
            "state": row["state"],
        }


def message(row: Mapping[str, Any], found: Mapping[int, list[Any]], chat: Chat | None) -> dict[str, Any]:
    """The columns of `messages`."""
    sender = nested(found[SENDER][-1]) if SENDER in found else {}
    liked = nested(found[LIKED][-1]) if LIKED in found else {}
    return {
        "app": "Tango",
        "chat_id": row["conv_id"],
        "chat_name": chat.name if chat else None,
        "chat_kind": "direct" if chat and chat.direct else None,
        "message_id": row["msg_id"],
        "sent_at": row["send_time"],
        "sender_id": protobuf.text(sender, PERSON_ID),
        "sender_name": name_of(sender),
        "direction": DIRECTIONS.get(row["direction"], "unknown"),
        "kind": KINDS.get(row["type"], "unknown"),
        "raw_kind": row["type"],
        "text": protobuf.text(found, TEXT) or protobuf.text(found, LIKE_WORDS),
        "status": row["status"],
        "extra": given(
            created_at=row["created_at"],
            media_id=row["media_id"],
            del_status=row["del_status"] or None,
            direction=None if row["direction"] in DIRECTIONS else row["direction"],
            liked=number(liked, MESSAGE_ID),
            sender=rest(sender, {FIRST_NAME, LAST_NAME, PERSON_ID}),
            payload=rest(found, REPEATED | SAID),
        ),
        "record": row["record"],
        "state": row["state"],
    }


def attachments(row: Mapping[str, Any], found: Mapping[int, list[Any]]) -> Iterator[dict[str, Any]]:
    """The file of a message: where it was, on the servers and on the phone. Which of two paths is the preview is not known."""
    paths = [path for path in (protobuf.text(found, OTHER_PATH), protobuf.text(found, PATH)) if path]
    url = protobuf.text(found, URL)
    if url or paths:
        yield {
            "app": "Tango",
            "chat_id": row["conv_id"],
            "message_id": row["msg_id"],
            "name": paths[0].rpartition("/")[2] if paths else None,
            "stored_path": paths[0] if paths else None,
            "url": url,
            "extra": given(
                other_path=paths[1] if len(paths) > 1 else None,
                thumbnail_url=protobuf.text(found, THUMBNAIL_URL),
                page_url=protobuf.text(found, PAGE_URL),
                media_id=row["media_id"],
            ),
            "record": row["record"],
            "state": row["state"],
        }


def like(row: Mapping[str, Any], found: Mapping[int, list[Any]]) -> dict[str, Any]:
    """A like. The message that tells of it holds the liked message, and the id of who liked."""
    liked = nested(found[LIKED][-1]) if LIKED in found else {}
    liker = nested(found[LIKER][-1]) if LIKER in found else {}
    return {
        "app": "Tango",
        "chat_id": row["conv_id"],
        "message_id": number(liked, MESSAGE_ID),
        "person_id": row["liker_aid"] or protobuf.text(liker, PERSON_ID),
        "value": "like",
        "reacted_at": row["act_ts"],
        "extra": given(
            told_in=row["msg_id"],
            act_type=row["act_type"],
            status=row["status"],
            global_msg_id=row["global_msg_id"],
        ),
        "record": row["record"],
        "state": row["state"],
    }


def nested(value: Any) -> dict[int, list[Any]]:
    """A message within a message; no fields where it is none."""
    try:
        return protobuf.message(value) if isinstance(value, bytes) else {}
    except protobuf.NotProtobuf:
        return {}


def name_of(person: Mapping[int, list[Any]]) -> str | None:
    """First and last name."""
    return " ".join(filter(None, (protobuf.text(person, FIRST_NAME), protobuf.text(person, LAST_NAME)))) or None


def number(found: Mapping[int, list[Any]], field: int) -> int | None:
    """The last value of a field that is a number."""
    return next((value for value in reversed(found.get(field, [])) if isinstance(value, int)), None)


def rest(found: Mapping[int, list[Any]], taken: set[int]) -> dict[str, Any] | None:
    """The fields that nothing else shows, by number: numbers, text, or bytes as hex. What is empty or 0 is left out."""
    shown = {str(n): [shown_as(v) for v in values if v] for n, values in found.items() if n not in taken}
    return {n: values[0] if len(values) == 1 else values for n, values in shown.items() if values} or None


def shown_as(value: int | bytes) -> int | str:
    """A value as JSON can hold it."""
    if isinstance(value, int):
        return value
    try:
        said = value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
    return said if said.replace("\n", "").isprintable() else value.hex()


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of tc.db."""
    return [tango]
