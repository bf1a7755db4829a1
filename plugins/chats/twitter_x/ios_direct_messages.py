"""X (Twitter) for iOS, the cache of direct messages: com.atebits.tweetie.direct-message.cache/<account>."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.evidence.file import DocumentError
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, MESSAGES, PARTICIPANTS, REACTIONS
from forensics.times import cocoa_s

from ..keyed_archive import NotAnArchive, written_out
from ..untrusted import mapping, objects, sequence

APP = "X (Twitter)"  # one name for all its stores, of before and after it was renamed in 2023
CLASSES = (b"NSKeyedArchiver", b"TFNDirectMessageInbox", b"TFNDirectMessageConversation")
TIMELINES = {
    "trusted_conversations_timeline": "trusted",
    "untrusted_conversations_timeline": "untrusted",
    "low_quality_conversations_timeline": "low quality",
}
MESSAGE, REACTION, CALL = (f"TFNDirectMessage{name}Entry" for name in ("", "ReactionCreated", "EndAvBroadcast"))
PHOTO = 1  # mediaType; no other was seen


def is_inbox(file: File) -> bool:
    """An archive of objects, with the classes of the inbox among them."""
    try:
        content = file.bytes()
    except DocumentError:
        return False
    return all(name in content for name in CLASSES)


@parser("twitter_x.ios.direct_messages", magic=["application/x-bplist"], test=is_inbox)
def inbox(file: File) -> Iterator[Any]:
    """X (Twitter) for iOS, cached direct messages (com.atebits.tweetie.direct-message.cache).

    The app keeps the last entries of each conversation, about twenty: older ones are not missing from the device only, they were
    not fetched (`more` in `extra` of the members). Times are seconds since 2001. `text` is what the app showed; with a picture
    the address in the original text is left out of it and is in `extra`. Which list a conversation is in (trusted, untrusted, low
    quality) is in `extra`. Codes of call types and of reasons for a call's end are given as stored.

    Reads: messages with pictures and replies, reactions, calls, drafts, members, persons, the account. Other entries are system
    messages under the name of their class.
    Not read: media themselves, cards and posts that were shared (named in `extra`), messages that wait to be sent and the log of
    activity (a problem where there are any).
    Seen on: X on an iPhone with iOS 17 (2019 to 2024; 4 conversations of two: 66 messages, 2 reactions, 4 calls).
    Source: iLEAPP, artifact twitterX.
    Tier: proven
    """
    try:
        state = written_out(file.plist())
    except NotAnArchive as error:
        yield Problem("damaged", f"not readable as an archive: {error}")
        return
    root = state.get("inbox") if isinstance(state, dict) else None
    if not isinstance(root, dict):
        yield Problem("not_understood", "an archive without an inbox")
        return
    context = mapping(root.get("context"))
    owner = ident(context.get("userID"))
    yield from persons(mapping(state.get("cachedUserByUserID")), owner, context)
    for name, label in TIMELINES.items():
        place = f"$.inbox.{name}.conversations"
        for number, stored in enumerate(sequence(mapping(root.get(name)).get("conversations"))):
            yield from conversation(Chat.of(mapping(stored), owner, label, f"{place}[{number}]"))
    for part, held in (
        ("outgoingMessages", state.get("outgoingMessages")),
        ("activityLog", mapping(state.get("activityLog")).get("logEntries")),
    ):
        if held:
            yield Problem("not_read", f"{part} holds something that is not read", record=f"$.{part}")


@dataclass(frozen=True)
class Chat:
    """A conversation. `list`: which list it is in. `place`: where in the archive."""

    fields: Mapping[str, Any]
    owner: str | None
    list: str
    place: str
    members: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, fields: Mapping[str, Any], owner: str | None, label: str, place: str) -> Chat:
        """The conversation with its members."""
        members = tuple(objects(fields.get("participants")))
        return cls(fields, owner, label, place, members)

    @property
    def id(self) -> str | None:
        """The id; of a conversation that the server does not know, the app's own."""
        return identifier(self.fields.get("identifier"))

    @property
    def cells(self) -> dict[str, Any]:
        """What all rows of messages share."""
        others = [
            u for m in self.members if ident((u := mapping(m.get("participatingUser"))).get("userID")) != self.owner
        ]
        name = self.fields.get("conversationName") or (others[0].get("fullName") if len(others) == 1 else None)
        kind = {0: None, 1: "direct"}.get(len(others), "group")
        return {"app": APP, "account_id": self.owner, "chat_id": self.id, "chat_name": name, "chat_kind": kind}


def ident(value: Any) -> str | None:
    """An id as text; 0 is none."""
    return str(value) if isinstance(value, int | str) and value else None


def identifier(value: Any) -> str | None:
    """The id in an object that identifies something."""
    return ident(mapping(value).get("canonicalID")) or ident(mapping(value).get("localID"))


def conversation(chat: Chat) -> Iterator[Any]:
    """The entries of a conversation, its draft, its members."""
    for number, stored in enumerate(sequence(chat.fields.get("entries"))):
        place = f"{chat.place}.entries[{number}]"
        if not isinstance(stored, dict):
            yield Problem("not_understood", "an entry that is no object", record=place)
        elif stored.get("$class") == REACTION:
            yield from REACTIONS.rows([reaction(stored, chat, place)], reacted_at=cocoa_s)
        else:
            yield from entry(stored, chat, place)
    draft = mapping(chat.fields.get("composition")).get("text")
    if draft:
        record = f"{chat.place}.composition"
        yield from MESSAGES.rows(
            [chat.cells | {"direction": "unknown", "kind": "text", "status": "draft", "text": draft, "record": record}]
        )
    yield from PARTICIPANTS.rows((member(m, chat) for m in chat.members), joined_at=cocoa_s)


def entry(stored: Mapping[str, Any], chat: Chat, place: str) -> Iterator[Any]:
    """A message, a call, or something that happened."""
    cells = message(stored, chat, place)
    yield from MESSAGES.rows([cells], sent_at=cocoa_s)
    media = mapping(mapping(stored.get("attachment")).get("entityMedia"))
    if media:
        yield from ATTACHMENTS.rows(
            [{name: cells[name] for name in ("app", "chat_id", "message_id", "record")} | picture(media)]
        )
    if stored.get("$class") == CALL:
        yield from CALLS.rows([call(stored, chat, cells)], started_at=cocoa_s)


def message(stored: Mapping[str, Any], chat: Chat, place: str) -> dict[str, Any]:
    """The columns of `messages`."""
    sender = mapping(stored.get("sender"))
    sender_id = ident(sender.get("userID"))
    kind = kind_of(stored)
    direction = (
        "unknown" if sender_id is None or chat.owner is None else "outgoing" if sender_id == chat.owner else "incoming"
    )
    if kind in ("system", "call"):
        direction = "system"
    return chat.cells | {
        "message_id": identifier(stored.get("identifier")),
        "sent_at": stored.get("time"),
        "sender_id": sender_id,
        "sender_name": sender.get("fullName") or sender.get("username"),
        "direction": direction,
        "kind": kind,
        "raw_kind": stored.get("$class"),
        "text": text_of(stored),
        "reply_to": identifier(mapping(stored.get("inReplyToMessageEntry")).get("identifier")),
        "extra": noted(stored, chat),
        "record": place,
    }


def kind_of(stored: Mapping[str, Any]) -> str:
    """The kind of an entry, by its class and by what is attached to it."""
    if stored.get("$class") == CALL:
        return "call"
    if stored.get("$class") != MESSAGE:
        return "system"
    media = mapping(mapping(stored.get("attachment")).get("entityMedia"))
    if not media:
        return "text"
    return "image" if media.get("mediaType") == PHOTO else "unknown"


def text_of(stored: Mapping[str, Any]) -> Any:
    """The text as the app showed it, without the address of a picture."""
    shown = stored.get("displayText")
    shown = stored.get("originalText") if shown is None else shown
    return (shown.strip() or None) if isinstance(shown, str) else shown


def noted(stored: Mapping[str, Any], chat: Chat) -> str | None:
    """What no column fits; of entries that are no messages all plain values."""
    found: dict[str, Any] = {"list": chat.list}
    if stored.get("$class") == MESSAGE:
        attached = mapping(stored.get("attachment"))
        marks = ("marked_as_spam", "marked_as_abuse", "encryptedText", "customProfile", "quickReplyResponse")
        found |= {name: stored.get(name) for name in marks} | {"attachment": attached.get("$class")}
        found["media_type"] = mapping(attached.get("entityMedia")).get("mediaType")
        if stored.get("originalText") != stored.get("displayText"):
            found["original_text"] = stored.get("originalText")
    else:
        found |= {name: value for name, value in stored.items() if isinstance(value, str | int | float)}
    return as_json(found)


def as_json(found: Mapping[str, Any]) -> str | None:
    """The plain values that are set, as JSON text."""
    plain = {name: value for name, value in found.items() if isinstance(value, str | int | float)}
    kept = {name: value for name, value in plain.items() if value != "" and value is not False}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None


def picture(media: Mapping[str, Any]) -> dict[str, Any]:
    """What is attached: its addresses and size."""
    size = mapping(media.get("originalSize.2"))
    return {
        "url": media.get("mediaURL"),
        "width": whole(size.get("w")),
        "height": whole(size.get("h")),
        "caption": media.get("mediaAltText"),
        "extra": as_json(
            {name: media.get(name) for name in ("url", "displayURL", "expandedURL", "mediaType", "mediaID")}
        ),
    }


def whole(size: Any) -> int | None:
    """A size in pixels, which is stored as a fraction; 0 is none."""
    return int(size) if isinstance(size, int | float) and 0 < size < 1 << 31 else None


def reaction(stored: Mapping[str, Any], chat: Chat, place: str) -> dict[str, Any]:
    """An emoji on a message."""
    sender = mapping(stored.get("sender"))
    return {
        "app": APP,
        "chat_id": chat.id,
        "message_id": identifier(stored.get("message_id")),
        "person_id": ident(sender.get("userID")),
        "value": stored.get("emoji_reaction") or stored.get("reaction_key"),
        "reacted_at": stored.get("time"),
        "extra": as_json({"name": sender.get("fullName"), "key": stored.get("reaction_key")}),
        "record": place,
    }


def call(stored: Mapping[str, Any], chat: Chat, cells: Mapping[str, Any]) -> dict[str, Any]:
    """A call, which is entered when it has ended."""
    caller = stored.get("is_caller")
    others = [u for m in chat.members if ident((u := mapping(m.get("participatingUser"))).get("userID")) != chat.owner]
    peer = others[0] if len(others) == 1 else {}
    return {
        "app": APP,
        "account_id": chat.owner,
        "call_id": cells["message_id"],
        "chat_id": chat.id,
        "started_at": stored.get("started_at"),
        "duration_s": seconds_between(stored.get("started_at"), stored.get("ended_at")),
        "direction": "outgoing" if caller is True else "incoming" if caller is False else "unknown",
        "outcome": None if stored.get("end_reason") is None else f"end_reason {stored['end_reason']}",
        "peer_id": ident(peer.get("userID")),
        "peer_name": peer.get("fullName"),
        "members": [i for u in others if (i := ident(u.get("userID")))] if len(others) > 1 else None,
        "extra": as_json({"call_type": stored.get("call_type")}),
        "record": cells["record"],
    }


def seconds_between(start: Any, end: Any) -> float | None:
    """The length of a call; None where a time is missing or the end lies before the start."""
    if not isinstance(start, int | float) or not isinstance(end, int | float) or not 0 <= end - start < 1e7:
        return None
    return round(end - start, 3)


def member(stored: Mapping[str, Any], chat: Chat) -> dict[str, Any]:
    """A member of a conversation, and up to which message it was read."""
    user = mapping(stored.get("participatingUser"))
    return {
        "app": APP,
        "chat_id": chat.id,
        "person_id": ident(user.get("userID")),
        "name": user.get("fullName") or user.get("username"),
        "role": "admin" if stored.get("is_admin") is True else "member",
        "joined_at": stored.get("joinDateKey"),
        "extra": as_json({"last_read": ident(stored.get("lastReadMessageID")), "more": chat.fields.get("hasMore")}),
        "record": f"{chat.place}.participants",
    }


def persons(users: Mapping[str, Any], owner: str | None, context: Mapping[str, Any]) -> Iterator[Any]:
    """The account, and the persons that the app knew."""
    own = mapping(users.get(owner or ""))
    if owner:
        shared = {"app": APP, "account_id": owner, "name": own.get("fullName"), "username": own.get("username")}
        extra = as_json({"cache_of": context.get("accountID")})
        yield from ACCOUNTS.rows(
            [
                shared
                | {"is_owner": True, "created_at": own.get("createdAt"), "extra": extra, "record": "$.inbox.context"}
            ],
            created_at=cocoa_s,
        )
    for ident_, stored in users.items():
        user = mapping(stored)
        if ident_ != owner:
            noted = {
                name: user.get(name)
                for name in ("verified", "isBlueVerified", "protected", "following", "subscribed_by")
            }
            noted["picture"] = mapping(user.get("profileImageMediaEntity")).get("url")
            yield from CONTACTS.rows(
                [
                    {
                        "app": APP,
                        "account_id": owner,
                        "person_id": ident_,
                        "name": user.get("fullName"),
                        "username": user.get("username"),
                        "note": user.get("bio") or None,
                        "blocked": user.get("blocking"),
                        "extra": as_json(noted),
                        "record": f"$.cachedUserByUserID.{ident_}",
                    }
                ]
            )


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of cached direct messages."""
    return [inbox]
