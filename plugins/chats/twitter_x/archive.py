"""X (Twitter), archive of an account: direct messages and the account in `data/*.js`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.evidence.file import DocumentError
from forensics.tables import ACCOUNTS, ATTACHMENTS, MESSAGES, PARTICIPANTS, REACTIONS

from ..untrusted import instant, mapping, sequence
from .ios_direct_messages import APP

# Each file is one assignment: window.YTD.direct_messages.part0 = [ ... ]
ASSIGNMENT = re.compile(r"\s*window\.YTD\.([a-z_]{1,60})\.part\d{1,5}\s*=\s*")
MESSAGES_OF = {"direct_messages": "direct_messages_media", "direct_messages_group": "direct_messages_group_media"}
MESSAGE = "messageCreate"
PERSONS = ("userIds", "participantsSnapshot")
IMAGES, VIDEOS = ("jpg", "jpeg", "png", "webp"), ("mp4", "mov")


def assigned(file: File) -> str | None:
    """What the file assigns: the type of its data."""
    found = ASSIGNMENT.match(file.head.decode("utf-8", "replace").lstrip("\ufeff"))
    return found[1] if found else None


def is_messages(file: File) -> bool:
    """An assignment of direct messages."""
    return assigned(file) in MESSAGES_OF


def is_account(file: File) -> bool:
    """An assignment of the account."""
    return assigned(file) == "account"


def listed(file: File) -> list[Any]:
    """The list that a file assigns; an empty one for anything else. Raises `DocumentError`."""
    return sequence(file.json(mend=lambda text: ASSIGNMENT.sub("", text, count=1).rstrip().rstrip(";")))


@parser("twitter_x.archive", magic=["text/"], test=is_messages)
def messages(file: File) -> Iterator[Any]:
    """X (Twitter), archive of an account (data/direct-messages.js, direct-messages-group.js and their parts).

    Persons are numbers: the archive has no names of others. Times are UTC. Which number is the account comes from account.js
    beside; without it direction is unknown.

    Reads: messages of two and of groups, files by their address and, where their folder lies beside, the file; reactions; events
    of groups (who joined, left, was added, a new name) as system messages, and others under their name; members, of groups
    those that any event or message names.
    Not read: headers of messages (direct-message-headers.js), which repeat id, time and persons; posts and all other data.
    Seen on: no archive yet. Tested on an invented one in the published shape.
    Source: the twitter-archive library, public parsers and a description of archives of 2020 to 2025.
    Tier: documented
    """
    me = account_beside(file)
    folder = MESSAGES_OF[assigned(file) or "direct_messages"]
    for number, stored in enumerate(listed(file)):
        place = f"$[{number}].dmConversation"
        chat = mapping(mapping(stored).get("dmConversation"))
        if not isinstance(chat.get("messages"), list):
            yield Problem("not_understood", "a conversation without a list of messages", record=place)
            continue
        yield from conversation(chat, me, folder, place, file)


@parser("twitter_x.archive.account", files=["account.js"], magic=["text/"], test=is_account)
def account(file: File) -> Iterator[Any]:
    """X (Twitter), archive of an account (data/account.js).

    Reads: the account, with its e-mail address and when it was made.
    Not read: anything else in it.
    Seen on: no archive yet. Tested on an invented one in the published shape.
    Source: the twitter-archive library, public parsers and a description of archives of 2020 to 2025.
    Tier: documented
    """
    for number, stored in enumerate(listed(file)):
        record = f"$[{number}].account"
        own = mapping(mapping(stored).get("account"))
        if not own:
            yield Problem("not_understood", "no account where one should be", record=record)
            continue
        cells = {
            "app": APP,
            "account_id": own.get("accountId"),
            "name": own.get("accountDisplayName"),
            "email": own.get("email"),
            "username": own.get("username"),
            "is_owner": True,
            "created_at": instant(own.get("createdAt")),
            "extra": {"created_via": own["createdVia"]} if own.get("createdVia") else None,
            "record": record,
        }
        yield from ACCOUNTS.rows([cells])


def account_beside(file: File) -> str | None:
    """The number of the account, from account.js in the same folder."""
    beside = file.sibling("account.js")
    try:
        found = [mapping(mapping(item).get("account")).get("accountId") for item in listed(beside)] if beside else []
    except DocumentError:
        return None
    return found[0] if len(found) == 1 and isinstance(found[0], str) and found[0] else None


def conversation(chat: Mapping[str, Any], me: str | None, folder: str, place: str, file: File) -> Iterator[Any]:
    """The messages and events of a conversation, and its members."""
    chat_id = chat.get("conversationId")
    group = folder == "direct_messages_group_media"
    base = {"app": APP, "account_id": me, "chat_id": chat_id, "chat_kind": "group" if group else "direct"}
    base["chat_name"] = name_of(chat)
    seen: dict[str, str] = {}
    for number, stored in enumerate(chat["messages"]):
        for kind, item in mapping(stored).items() or (("", None),):
            record = f"{place}.messages[{number}].{kind}".rstrip(".")
            if not isinstance(item, dict):
                yield Problem("not_understood", "an entry that is no object", record=record)
                continue
            for person in persons_in(item):
                seen.setdefault(person, record)
            yield from entry(kind, item, {**base, "record": record}, me, folder, file)
    if not group and isinstance(chat_id, str):
        for person in chat_id.split("-"):
            seen.setdefault(person, f"{place}.conversationId")
    yield from PARTICIPANTS.rows(
        {"app": APP, "chat_id": chat_id, "person_id": person, "record": record} for person, record in seen.items()
    )


def name_of(chat: Mapping[str, Any]) -> str | None:
    """The newest name that an event gave the group. Newest entries come first."""
    given = (mapping(mapping(item).get("conversationNameUpdate")) for item in sequence(chat.get("messages")))
    named = [(str(item.get("createdAt")), item["name"]) for item in given if isinstance(item.get("name"), str)]
    return max(named)[1] if named else None


def persons_in(item: Mapping[str, Any]) -> Iterator[str]:
    """All persons that an entry names."""
    for name in ("senderId", "recipientId", "initiatingUserId"):
        if isinstance(item.get(name), str) and item[name]:
            yield item[name]
    for name in PERSONS:
        yield from (person for person in sequence(item.get(name)) if isinstance(person, str))


def entry(
    kind: str, item: Mapping[str, Any], base: dict[str, Any], me: str | None, folder: str, file: File
) -> Iterator[Any]:
    """A message with its files and reactions; or an event."""
    is_message = kind == MESSAGE
    sender = item.get("senderId") or item.get("initiatingUserId")
    at = instant(item.get("createdAt"))
    urls = [url for url in sequence(item.get("mediaUrls")) if isinstance(url, str)]
    links = [mapping(link).get("expanded") for link in sequence(item.get("urls"))]
    known = {"id", "senderId", "recipientId", "text", "createdAt", "mediaUrls", "urls", "reactions", "initiatingUserId"}
    extra = {name: value for name, value in item.items() if name not in known and value not in (None, "", [], {})}
    if links := [link for link in links if link]:
        extra["links"] = links
    if at is None:
        detail = str(item.get("createdAt"))[:200]
        yield Problem("not_understood", "an entry without a readable time", record=base["record"], detail=detail)
    cells = {
        **base,
        "message_id": item.get("id"),
        "sent_at": at,
        "sender_id": sender,
        "direction": direction(sender, me) if is_message else "system",
        "kind": kind_of(urls) if is_message else "system",
        "raw_kind": kind,
        "text": item.get("text") or (item.get("name") if kind == "conversationNameUpdate" else None),
        "extra": extra or None,
    }
    yield from MESSAGES.rows([cells])
    own = {name: cells[name] for name in ("app", "chat_id", "message_id", "record")}
    yield from ATTACHMENTS.rows(own | attachment(url, item.get("id"), folder, file) for url in urls)
    for reaction in map(mapping, sequence(item.get("reactions"))):
        given = {
            "person_id": reaction.get("senderId"),
            "value": reaction.get("reactionKey"),
            "reacted_at": instant(reaction.get("createdAt")),
            "extra": {"event_id": reaction["eventId"]} if reaction.get("eventId") else None,
        }
        yield from REACTIONS.rows([own | given])


def direction(sender: Any, me: str | None) -> str:
    """By the sender, where the account is known."""
    if me is None or not isinstance(sender, str) or not sender:
        return "unknown"
    return "outgoing" if sender == me else "incoming"


def kind_of(urls: list[str]) -> str:
    """The kind of a message by the ending of its file."""
    if not urls:
        return "text"
    ending = urls[0].partition("?")[0].rpartition(".")[2].lower()
    if ending in IMAGES:
        return "image"
    return "video" if ending in VIDEOS or "dm_video" in urls[0] else "gif" if "dm_gif" in urls[0] else "unknown"


def attachment(url: str, message_id: Any, folder: str, file: File) -> dict[str, Any]:
    """A file: its address, and its place in the archive, which is named after the message."""
    name = url.partition("?")[0].rpartition("/")[2]
    path = f"{folder}/{message_id}-{name}" if isinstance(message_id, str) and name and "/" not in message_id else None
    there = file.sibling(path) if path else None
    return {
        "name": name or None,
        "stored_path": path,
        "size": there.size if there else None,
        "sha256": there.sha256 if there else None,
        "url": url,
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of direct messages and of the account."""
    return [messages, account]
