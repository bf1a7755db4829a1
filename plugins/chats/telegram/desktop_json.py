"""Telegram Desktop exports in JSON: `result.json` of one chat or of the whole account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, CONTACTS, DEVICES, MESSAGES, PLACES, REACTIONS
from forensics.times import unix_s

from ..untrusted import at, objects, sequence, words

APP = "Telegram"
CHAT_KINDS = {
    "saved_messages": "self",
    "personal_chat": "direct",
    "bot_chat": "bot",
    "private_group": "group",
    "private_supergroup": "group",
    "public_supergroup": "group",
    "private_channel": "channel",
    "public_channel": "channel",
}
MEDIA_KINDS = {
    "sticker": "sticker",
    "video_message": "video",
    "voice_message": "voice",
    "animation": "gif",
    "video_file": "video",
    "audio_file": "audio",
}
KIND_BY_KEY = (
    ("photo", "image"),
    ("live_location_period_seconds", "live_location"),
    ("location_information", "location"),
    ("contact_information", "contact"),
    ("poll", "poll"),
    ("file", "document"),
)
TAKEN = frozenset(
    ("id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from", "from_id", "actor", "actor_id", "text")
)
TAKEN_WHOLE = frozenset(
    ("text_entities", "reactions", "reply_to_message_id", "file", "photo", "width", "height", "mime_type")
)
CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
SINGLE = re.compile(rf'"type"\s*:\s*"(?:{"|".join(CHAT_KINDS)}|replies)"')
MESSAGE = re.compile(r'"type"\s*:\s*"(?:message|service)"')
UNIX_NUMBER = re.compile(r'"date_unixtime"\s*:\s*\d')  # Telegram writes text; a number is another tool's imitation
WHOLE = re.compile(r'^\s*\{\s*"about"\s*:')


class Chat(NamedTuple):
    """A chat of the export. `place`: its JSON path. `owner`: id of the account, where known. `peer`: of a direct chat."""

    data: dict[str, Any]
    place: str
    owner: str | None
    peer: str | None

    @property
    def id(self) -> str | None:
        """The id as text."""
        return str(self.data["id"]) if self.data.get("id") is not None else None


def is_export(file: File) -> bool:
    """JSON that starts as Telegram Desktop starts it: a chat with messages, or an account with chats."""
    start = file.head.decode("utf-8", "replace")
    if UNIX_NUMBER.search(start):
        return False
    if WHOLE.match(start):
        return "telegram" in start.lower() or '"personal_information"' in start or '"chats"' in start
    single = '"messages"' in start and ("date_unixtime" in start or "from_id" in start or "text_entities" in start)
    return single and bool(SINGLE.search(start) or MESSAGE.search(start))


@parser("telegram.desktop_json", files=["result.json"], magic=["application/json"], test=is_export)
def export(file: File) -> Iterator[Any]:
    """Telegram Desktop export, JSON.

    Times are instants where the export has them (`date_unixtime`, about since 2022), else wall clocks of the computer that
    exported: give `--timezone`. Names are those at the time of the export. Text of several entities is joined without
    anything between. What no column holds is in `extra` as exported, entities with links and user ids among it.

    Reads: chats and left chats, messages, service messages, calls, places, contacts, reactions with names, the account, its
    sessions (as devices, with addresses in `extra`), attachments and whether they lie beside the file.
    Not read: stories, profile pictures, web sessions, frequent contacts (each said as a problem when it is there); files over
    256 MiB.
    Seen on: hand-made exports of public test suites; no export of a named version yet.
    Source: export_output_json.cpp of telegramdesktop/tdesktop.
    Tier: documented
    """
    data = load(file)
    if not isinstance(data, dict):
        yield Problem("not_understood", "not an object at the top")
        return
    owner = None
    if isinstance(data.get("personal_information"), dict):
        owner = f"user{data['personal_information'].get('user_id')}"
        yield from account(data["personal_information"])
    yield from contacts(data)
    yield from sessions(data)
    yield from (
        Problem("not_read", f"this version does not read {key}", record=f"$.{key}")
        for key in ("stories", "profile_pictures", "web_sessions", "frequent_contacts", "other_data")
        if data.get(key)
    )
    for chat in chats(data, owner):
        if isinstance(chat, Problem):
            yield chat
        else:
            yield from messages(chat)


def load(file: File) -> Any:
    r"""The document; control characters, which Telegram writes as `\x1b`, made the JSON they should be."""
    return file.json(mend=lambda text: CONTROL.sub(r"\1\\u00\2", text) if "\\x" in text else text)


def chats(data: dict[str, Any], owner: str | None) -> Iterator[Chat | Problem]:
    """All chats with their places, those that the owner has left too."""
    if isinstance(data.get("messages"), list):
        yield Chat(data, "$", owner, peer(data))
    for part in ("chats", "left_chats"):
        for number, chat in enumerate(sequence(at(data, part, "list"))):
            place = f"$.{part}.list[{number}]"
            if isinstance(chat, dict) and isinstance(chat.get("messages"), list):
                yield Chat(chat, place, owner, peer(chat))
            else:
                yield Problem("not_understood", "chats that are no objects, or have no list of messages", record=place)


def peer(chat: dict[str, Any]) -> str | None:
    """The other side of a direct chat; only if it has written, so that whoever else writes is the owner."""
    wanted = f"user{chat.get('id')}"
    if chat.get("type") not in ("personal_chat", "bot_chat"):
        return None
    return wanted if any(sender(m) == wanted for m in chat.get("messages", ()) if isinstance(m, dict)) else None


def messages(chat: Chat) -> Iterator[Any]:
    """The rows of a chat."""
    for number, message in enumerate(chat.data["messages"]):
        record = f"{chat.place}.messages[{number}]"
        if not isinstance(message, dict):
            yield Problem("not_understood", "a message that is no object", record=record)
            continue
        base = {"app": APP, "chat_id": chat.id, "record": record}
        cells = {**base, **row(message, chat)}
        yield from MESSAGES.rows([cells], sent_at=unix_s, edited_at=unix_s)
        attached = base | {"message_id": cells["message_id"]}
        yield from ATTACHMENTS.rows(attached | a for a in attachments(message))
        yield from REACTIONS.rows((attached | r for r in reactions(message)), reacted_at=unix_s)
        if cells["latitude"] is not None:
            place = {key: cells[key] for key in ("latitude", "longitude", "record")}
            place |= {"at": cells["sent_at"], "local": cells["sent_local"], "ref": cells["message_id"]}
            kind = "live_location" if cells["kind"] == "live_location" else "message"
            yield from PLACES.rows([{**place, "kind": kind, "label": message.get("place_name")}], at=unix_s)
        if message.get("action") == "phone_call":
            yield from CALLS.rows([base | call(message, cells)], started_at=unix_s)


def row(message: dict[str, Any], chat: Chat) -> dict[str, Any]:
    """The row of `messages`."""
    at, local = instant(message, "date")
    edited, _ = instant(message, "edited")
    latitude, longitude = coordinates(message)
    who = sender(message)
    return {
        "chat_name": chat.data.get("name"),
        "chat_kind": CHAT_KINDS.get(str(chat.data.get("type")), chat.data.get("type")),
        "message_id": None if message.get("id") is None else str(message["id"]),
        "sent_at": at,
        "sent_local": local if at is None else None,
        "edited_at": edited,
        "edited": True if "edited" in message or "edited_unixtime" in message else None,
        "sender_id": who,
        "sender_name": message.get("from") or message.get("actor"),
        "direction": direction(message, chat, who),
        "kind": kind(message),
        "raw_kind": message.get("media_type") or message.get("action") or message.get("type"),
        "text": plain(message.get("text")) or None,
        "reply_to": None if message.get("reply_to_message_id") is None else str(message["reply_to_message_id"]),
        "forwarded": True if "forwarded_from" in message else None,
        "latitude": latitude,
        "longitude": longitude,
        "extra": extra(message),
    }


def sender(message: dict[str, Any]) -> str | None:
    """The id of who wrote; old exports have a bare number."""
    who = message.get("from_id", message.get("actor_id"))
    return f"user{who}" if isinstance(who, int) else who


def direction(message: dict[str, Any], chat: Chat, who: str | None) -> str:
    """Incoming or outgoing where the export lets it be known."""
    if message.get("type") == "service":
        return "system"
    if chat.data.get("type") == "saved_messages":
        return "outgoing"
    if chat.owner and who:
        return "outgoing" if who == chat.owner else "incoming"
    if chat.peer and who:
        return "incoming" if who == chat.peer else "outgoing"
    return "unknown"


def kind(message: dict[str, Any]) -> str:
    """The kind of message, by the keys that it has."""
    if message.get("type") == "service":
        return "call" if message.get("action") in ("phone_call", "group_call") else "system"
    if message.get("type") not in (None, "message"):
        return "unknown"
    if media := MEDIA_KINDS.get(str(message.get("media_type"))):
        return media
    return next((name for key, name in KIND_BY_KEY if key in message), "text")


def plain(text: Any) -> str:
    """Text of a message, whose parts are text or entities, joined without anything between."""
    if isinstance(text, str):
        return text
    return "".join(part if isinstance(part, str) else str(at(part, "text") or "") for part in sequence(text))


def instant(message: dict[str, Any], key: str) -> tuple[int | None, str | None]:
    """Unix seconds, and the wall clock as written."""
    seconds = message.get(f"{key}_unixtime")
    known = int(seconds) if isinstance(seconds, str | int) and re.fullmatch(r"-?\d{1,12}", str(seconds)) else None
    local = message.get(key)
    return known, local if isinstance(local, str) and re.match(r"\d{4}-\d\d-\d\dT", local) else None


def coordinates(message: dict[str, Any]) -> tuple[float | None, float | None]:
    """A shared place."""
    place = message.get("location_information")
    return (place.get("latitude"), place.get("longitude")) if isinstance(place, dict) else (None, None)


def attachments(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Files of a message. A path that is a sentence in brackets says why the file is not there."""
    for key in ("photo", "file", "contact_vcard"):
        path = message.get(key)
        if not isinstance(path, str):
            continue
        yield {
            "name": message.get("file_name") or path.rpartition("/")[2],
            "stored_path": path,
            "mime": message.get("mime_type"),
            "size": message.get("file_size") or message.get("photo_file_size"),
            "width": message.get("width"),
            "height": message.get("height"),
            "duration_s": message.get("duration_seconds"),
        }


def reactions(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Reactions: by person where the export names them, the rest as a count in `extra`."""
    for given in objects(message.get("reactions")):
        recent = objects(given.get("recent"))
        value = given.get("emoji") or given.get("document_id") or given.get("type")
        for who in recent:
            at, _ = instant(who, "date")
            yield {
                "person_id": who.get("from_id"),
                "value": value,
                "reacted_at": at,
                "extra": {"name": who.get("from")},
            }
        if not recent:
            yield {"value": value, "extra": {"count": given.get("count")}}


def call(message: dict[str, Any], cells: dict[str, Any]) -> dict[str, Any]:
    """The row of `calls` of a call's service message."""
    reason = message.get("discard_reason")
    outcomes = {"hangup": "answered", "missed": "missed", "busy": "rejected"}
    return {
        "call_id": cells["message_id"],
        "started_at": cells["sent_at"],
        "started_local": cells["sent_local"],
        "duration_s": message.get("duration_seconds"),
        "direction": "unknown",
        "outcome": outcomes.get(str(reason), reason),
        "peer_id": cells["sender_id"],
        "peer_name": cells["sender_name"],
    }


def extra(message: dict[str, Any]) -> str | None:
    """What no column holds, as exported."""
    rest = {key: value for key, value in message.items() if key not in TAKEN and key not in TAKEN_WHOLE}
    marked = [part for part in objects(message.get("text")) if len(part) > 2]
    if marked:
        rest["entities"] = marked
    rest |= {key: message[key] for key in odd(message)}
    return json.dumps(rest, ensure_ascii=False, sort_keys=True) if rest else None


def odd(message: dict[str, Any]) -> Iterator[str]:
    """Keys of which a value is not what the app writes there, so that no row has all of it."""
    text, given = message.get("text"), message.get("reactions")
    if not isinstance(text, str | list | None) or not all(isinstance(part, str | dict) for part in text or ()):
        yield "text"
    lists = [given, *(reaction.get("recent") for reaction in objects(given))]
    if any(listed is not None and listed != objects(listed) for listed in lists):
        yield "reactions"


def account(person: dict[str, Any]) -> Iterator[Any]:
    """The account that was exported."""
    yield from ACCOUNTS.rows(
        [
            {
                "app": APP,
                "account_id": f"user{person.get('user_id')}",
                "name": full_name(person),
                "phone": person.get("phone_number"),
                "username": person.get("username"),
                "is_owner": True,
                "extra": {"bio": person["bio"]} if person.get("bio") else None,
                "record": "$.personal_information",
            }
        ]
    )


def full_name(person: dict[str, Any]) -> str | None:
    """First and last name."""
    return " ".join(filter(None, (words(person.get("first_name")), words(person.get("last_name"))))) or None


def contacts(data: dict[str, Any]) -> Iterator[Any]:
    """The address book that Telegram kept."""
    for number, person in enumerate(sequence(at(data, "contacts", "list"))):
        record = f"$.contacts.list[{number}]"
        if not isinstance(person, dict):
            yield Problem("not_understood", "a contact that is no object", record=record)
            continue
        created, _ = instant(person, "date")
        phone = person.get("phone_number")
        cells = {"app": APP, "name": full_name(person), "phones": [phone] if phone else None, "created_at": created}
        if person.get("user_id"):
            cells["person_id"] = f"user{person['user_id']}"
        yield from CONTACTS.rows([{**cells, "record": record}], created_at=unix_s)


def sessions(data: dict[str, Any]) -> Iterator[Any]:
    """Devices that were logged in."""
    for number, session in enumerate(sequence(at(data, "sessions", "list"))):
        record = f"$.sessions.list[{number}]"
        if not isinstance(session, dict):
            yield Problem("not_understood", "a session that is no object", record=record)
            continue
        yield from DEVICES.rows(
            [
                {
                    "model": session.get("device_model"),
                    "os": session.get("platform"),
                    "os_version": session.get("system_version"),
                    "tool": session.get("application_name"),
                    "extra": session,
                    "record": record,
                }
            ]
        )


@hookimpl
def forensics_parsers():
    return [export]
