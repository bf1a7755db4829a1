"""Skype, export of an account: `messages.json`, also inside the .tar that Skype gave."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import unix_ms

from ..untrusted import instant, mapping, sequence, string
from . import body
from .s4l import KINDS as KNOWN_KINDS
from .s4l import chat_kind

APP = "Skype"
KINDS = KNOWN_KINDS | {
    "RichText/Media_Album": "image",
    "RichText/Media_FlikMsg": "video",
    "RichText/Media_CallRecording": "video",
}
SYSTEM = ("ThreadActivity/", "InviteFreeRelationshipChanged/")
# No pattern runs over a further `<`, as in body.py.
QUOTE = re.compile(r"<quote\b([^<>]*)>")
HEADER = re.compile(r"<legacyquote>[^<]*</legacyquote>")
EVENT = re.compile(r"<(initiator|target|value|eventtime)>([^<]*)</")
PARTS = re.compile(r"<partlist\b([^<>]*)>")
PART = re.compile(r"<part\b([^<>]*)>")
SECONDS = re.compile(r"<duration>(\d{1,7}(?:\.\d{1,9})?)</")
LOCATION = re.compile(r"<location\b([^<>]*)>")
CONTACT = re.compile(r"<c\b([^<>]*)>")
SHOWN = frozenset(
    ("id", "displayName", "originalarrivaltime", "messagetype", "content", "conversationid", "from", "version")
)
MEDIA_ENDINGS = ("jpg", "jpeg", "png", "gif", "mp4", "m4a", "mp3", "wav", "pdf", "txt")


def is_export(file: File) -> bool:
    """An object that begins with the account, the date of the export and the conversations."""
    start = file.head.decode("utf-8", "replace")
    return all(f'"{name}"' in start for name in ("userId", "exportDate", "conversations"))


@parser("skype.export", magic=["application/json"], test=is_export)
def export(file: File) -> Iterator[Any]:
    """Skype, export of an account (messages.json).

    Reads: messages of all kinds with their text made plain (as stored in extra where it differs), quotes, edits, deletions,
    reactions, places, contacts that were sent, files with their address and, where media/ lies beside, the file; calls, from
    the messages that tell of them and from the call log; events of groups; members of conversations; the account. An edited
    message may be there more than once, as it was and as it became: all of them are given. Direction is known by the sender.

    Not read: devices of the account (endpoints.json), votes in polls, albums as such (their pictures are messages of their own),
    what cards show (as stored in extra).

    Seen on: no export yet. Tested on an invented one in the published shape.

    Source: Skyperious (shapes of contents, edits), types of skype-export-parser and other published readers.

    Tier: documented
    """
    data = file.json()
    if not isinstance(data, dict) or not isinstance(data.get("conversations"), list):
        yield Problem("not_understood", "no object with a list of conversations")
        return
    me = data.get("userId")
    if isinstance(me, str) and me:
        extra = {"exported_at": data.get("exportDate")}
        account = {"app": APP, "account_id": me, "username": bare(me), "is_owner": True, "extra": extra}
        yield from ACCOUNTS.rows([{**account, "record": "$.userId"}])
    names = names_in(data["conversations"])
    for number, conversation in enumerate(data["conversations"]):
        place = f"$.conversations[{number}]"
        if not isinstance(conversation, dict):
            yield Problem("not_understood", "a conversation that is no object", record=place)
            continue
        yield from read_conversation(Chat.of(conversation, me, names, place), file)


@dataclass
class Call:
    """What the messages of a conversation tell of one call."""

    record: str
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chat:
    """A conversation, with the account, the names of persons by id, and its place in the file."""

    fields: Mapping[str, Any]
    me: Any
    names: Mapping[str, str]
    place: str
    calls: dict[str, Call]

    @classmethod
    def of(cls, fields: Mapping[str, Any], me: Any, names: Mapping[str, str], place: str) -> Chat:
        """A conversation of the export."""
        return cls(fields, me, names, place, {})

    @property
    def id(self) -> Any:
        """The id, as stored."""
        return self.fields.get("id")

    @property
    def name(self) -> Any:
        """The name; of a group its topic where it has none."""
        return self.fields.get("displayName") or self.thread.get("topic") or self.names.get(str(self.id))

    @property
    def thread(self) -> Mapping[str, Any]:
        """What is said of a group."""
        return mapping(self.fields.get("threadProperties"))

    def is_me(self, person: Any) -> bool:
        """Whether this is the account: the export writes it with or without `8:`."""
        return isinstance(person, str) and isinstance(self.me, str) and bare(person) == bare(self.me)

    @property
    def members(self) -> list[Any]:
        """Ids of members: JSON text of a group; else the person whose id the conversation has."""
        listed = loaded(self.thread.get("members"))
        if isinstance(listed, list):
            return listed
        return [self.id] if chat_kind(self.id) == "direct" else []


def loaded(text: Any) -> Any:
    """What JSON text says; the value itself where it is none."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def bare(person: str) -> str:
    """An id without the number of its network: `8:live:ana` and `live:ana` are one person."""
    return person.partition(":")[2] if person[:1].isdigit() and ":" in person else person


def names_in(conversations: list[Any]) -> dict[str, str]:
    """Names by id: that of a conversation of two, then those that messages carry."""
    names: dict[str, str] = {}
    for conversation in conversations:
        chat = mapping(conversation)
        if isinstance(chat.get("displayName"), str) and chat_kind(chat.get("id")) == "direct":
            names.setdefault(str(chat.get("id")), chat["displayName"])
        for message in sequence(chat.get("MessageList")):
            said = mapping(message).get("displayName")
            if isinstance(said, str) and said:
                names.setdefault(str(message.get("from")), said)
    return names


def read_conversation(chat: Chat, file: File) -> Iterator[Any]:
    """Members, messages, and the calls that messages tell of."""
    yield from PARTICIPANTS.rows(member(chat, person) for person in chat.members)
    messages = chat.fields.get("MessageList")
    if messages is not None and not isinstance(messages, list):
        yield Problem("not_understood", "no list of messages", record=f"{chat.place}.MessageList")
    for number, stored in enumerate(sequence(messages)):
        place = f"{chat.place}.MessageList[{number}]"
        if isinstance(stored, dict):
            yield from read_message(stored, chat, place, file)
        else:
            yield Problem("not_understood", "a message that is no object", record=place)
    yield from CALLS.rows(call_cells(call, chat) for call in chat.calls.values())


def member(chat: Chat, person: Any) -> dict[str, Any]:
    """A member of a conversation."""
    return {
        "app": APP,
        "chat_id": chat.id,
        "person_id": person,
        "name": chat.names.get(str(person)),
        "record": f"{chat.place}.threadProperties.members" if chat.thread.get("members") else f"{chat.place}.id",
    }


def read_message(stored: Mapping[str, Any], chat: Chat, place: str, file: File) -> Iterator[Any]:
    """A message with its file, place, reactions, and what it tells of a call."""
    cells = message(stored, chat, place)
    if cells["sent_at"] is None and stored.get("originalarrivaltime") is not None:
        detail = str(stored["originalarrivaltime"])[:200]
        yield Problem("not_understood", "the time of a message is not readable", record=place, detail=detail)
    yield from MESSAGES.rows([cells], edited_at=unix_ms, deleted_at=unix_ms)
    shared = {name: cells[name] for name in ("app", "chat_id", "message_id", "record")}
    content = string(stored.get("content"))
    if content and (sent := body.shared_object(content)):
        yield from ATTACHMENTS.rows([shared | attachment(sent, stored, file)])
    properties = mapping(stored.get("properties"))
    yield from REACTIONS.rows((shared | r for r in reactions(properties)), reacted_at=unix_ms)
    if cells.get("latitude") is not None:
        where = {name: cells[name] for name in ("latitude", "longitude", "record")}
        yield from PLACES.rows([where | {"at": cells["sent_at"], "kind": "message", "ref": cells["message_id"]}])
    if stored.get("messagetype") == "Event/Call" and content:
        told_of_call(content, stored, chat, cells)
    if isinstance(log := loaded(properties.get("callLog")), dict):
        yield from CALLS.rows([logged_call(log, chat, cells)])


def message(stored: Mapping[str, Any], chat: Chat, place: str) -> dict[str, Any]:
    """The columns of `messages`."""
    code, content = stored.get("messagetype"), string(stored.get("content"))
    properties = mapping(stored.get("properties"))
    system = str(code).startswith(SYSTEM)
    event = dict(EVENT.findall(content)) if system and content else {}
    deleted, edited = number(properties.get("deletetime")), number(properties.get("edittime"))
    kind = "system" if system else KINDS.get(str(code), "unknown")
    kind = "deleted" if deleted is not None and not content else kind
    text, quoted = text_of(code, content, kind)
    sender = event.get("initiator") or stored.get("from")
    return {
        "app": APP,
        "account_id": chat.me,
        "chat_id": chat.id,
        "chat_name": chat.name,
        "chat_kind": chat_kind(chat.id),
        "message_id": stored.get("id"),
        "sent_at": instant(stored.get("originalarrivaltime")),
        "edited_at": edited,
        "edited": True if edited is not None or (content and "<e_m" in content) else None,
        "deleted_at": deleted,
        "deleted": True if deleted is not None else None,
        "sender_id": sender,
        "sender_name": stored.get("displayName") if not event else chat.names.get(str(sender)),
        "direction": "system" if system else direction(stored, chat),
        "kind": kind,
        "raw_kind": code,
        "text": event.get("value") or text,
        "reply_to": quoted.get("messageid"),
        **position(content),
        "extra": noted(stored, content, text, event, quoted),
        "record": place,
    }


def direction(stored: Mapping[str, Any], chat: Chat) -> str:
    """By the sender; unknown where one of the two is not named."""
    sender = stored.get("from")
    if not isinstance(sender, str) or not sender or not isinstance(chat.me, str):
        return "unknown"
    return "outgoing" if chat.is_me(sender) else "incoming"


def text_of(code: Any, content: str | None, kind: str) -> tuple[str | None, dict[str, str]]:
    """The text of a message, and what it quotes. Of calls and events the content is no text."""
    if not content or kind in ("call", "system"):
        return None, {}
    if code == "Text":
        return content, {}
    if kind == "contact":
        persons = [body.attributes(tag) for tag in CONTACT.findall(content)]
        return "\n".join(p.get("f") or p.get("s") or "" for p in persons).strip() or None, {}
    if place := LOCATION.search(content):
        return body.attributes(place[1]).get("address") or None, {}
    found = QUOTE.search(content)
    end = content.rfind("</quote>")
    if not found or end < found.end():
        return body.plain(content) or None, {}
    quoted = {name: value for name, value in body.attributes(found[1]).items() if value}
    inside = body.plain(HEADER.sub("", content[found.end() : end])).strip()
    rest = content[: found.start()] + content[end + len("</quote>") :]
    return body.plain(rest).strip() or None, quoted | ({"text": inside} if inside else {})


def noted(
    stored: Mapping[str, Any],
    content: str | None,
    text: str | None,
    event: Mapping[str, str],
    quoted: Mapping[str, str],
) -> dict[str, Any] | None:
    """What no column fits: all that the export says and no column holds, and the content where `text` is not all of it."""
    rest = {name: value for name, value in stored.items() if name not in SHOWN and value not in (None, "", {}, [])}
    found: dict[str, Any] = rest | {"event": dict(event), "quoted": dict(quoted)}
    if stored.get("content") not in (None, "", text):
        found["content"] = stored["content"]
    return {name: value for name, value in found.items() if value not in (None, "", {}, [])} or None


def position(content: str | None) -> dict[str, Any]:
    """Where a place is that was sent: millionths of a degree, or degrees."""
    found = LOCATION.search(content) if content else None
    said = body.attributes(found[1]) if found else {}
    try:
        latitude, longitude = float(said["latitude"]), float(said["longitude"])
    except (KeyError, ValueError):
        return {}
    if "." not in said["latitude"] and "." not in said["longitude"]:
        latitude, longitude = latitude / 1e6, longitude / 1e6
    fits = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return {"latitude": latitude, "longitude": longitude} if fits else {}


def attachment(sent: Mapping[str, Any], stored: Mapping[str, Any], file: File) -> dict[str, Any]:
    """A file that was sent. In media/ it goes by the id of the object, a number, and an ending of its own."""
    url = sent.get("url")
    object_id = (
        url.rpartition("/objects/")[2].partition("/")[0] if isinstance(url, str) and "/objects/" in url else None
    )
    found = dict(sent)
    extra = {name: value for name, value in mapping(sent.get("extra")).items() if value}
    if object_id:
        extra["object_id"] = object_id
        name = sent.get("name")
        own = name.rpartition(".")[2].lower() if isinstance(name, str) and "." in name else ""
        for ending in dict.fromkeys((own, *MEDIA_ENDINGS)):
            path = f"media/{object_id}.1.{ending}"
            if ending and "/" not in object_id and (there := file.sibling(path)):
                found |= {"stored_path": path, "sha256": there.sha256}
                break
    return found | {"extra": extra or None}


def reactions(properties: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Who reacted, and how."""
    for emotion in map(mapping, sequence(loaded(properties.get("emotions")))):
        for who in map(mapping, sequence(emotion.get("users"))):
            at = number(who.get("time")) or number(who.get("value"))
            yield {"person_id": who.get("mri"), "value": emotion.get("key"), "reacted_at": at}


def told_of_call(content: str, stored: Mapping[str, Any], chat: Chat, cells: Mapping[str, Any]) -> None:
    """Note what a message tells of a call: it may be one of two, for its start and its end."""
    found = PARTS.search(content)
    said = body.attributes(found[1]) if found else {}
    what = said.get("type") or "unknown"
    call = chat.calls.setdefault(said.get("callId") or cells["record"], Call(cells["record"]))
    persons = [body.attributes(tag).get("identity") for tag in PART.findall(content)]
    call.about.setdefault("call_id", said.get("callId"))
    call.about.setdefault("persons", [])
    call.about["persons"] += [p for p in persons if p and p not in call.about["persons"]]
    call.about["seconds"] = max([call.about.get("seconds") or 0, *map(float, SECONDS.findall(content))])
    call.about[what] = cells["sent_at"]
    if what in ("started", "missed"):
        call.about["from"] = stored.get("from")


def call_cells(call: Call, chat: Chat) -> dict[str, Any]:
    """The columns of `calls`. When a call began is known only where a message tells of its start, or that it was missed."""
    about, caller = call.about, call.about.get("from")
    others = [person for person in about["persons"] if not chat.is_me(person)]
    if not others and chat_kind(chat.id) == "direct":
        others = [chat.id]
    ended = about.get("ended")
    return {
        "app": APP,
        "account_id": chat.me,
        "call_id": about["call_id"],
        "chat_id": chat.id,
        "started_at": about.get("started") or about.get("missed"),
        "duration_s": about["seconds"] or None,
        "direction": "unknown" if caller is None else "outgoing" if chat.is_me(caller) else "incoming",
        "outcome": "missed" if "missed" in about else "answered" if about["seconds"] else None,
        "peer_id": others[0] if len(others) == 1 else None,
        "peer_name": chat.names.get(str(others[0])) if len(others) == 1 else None,
        "members": [str(person) for person in others] if len(others) > 1 else None,
        "extra": {"ended_at": ended.isoformat()} if ended else None,
        "record": call.record,
    }


def logged_call(log: Mapping[str, Any], chat: Chat, cells: Mapping[str, Any]) -> dict[str, Any]:
    """A call of the call log. Its length runs from where it was connected."""
    started, connected, ended = (instant(log.get(f"{name}Time")) for name in ("start", "connect", "end"))
    way = str(log.get("callDirection")).lower()
    side = "originator" if way == "incoming" else "target"
    peer = log.get(side)
    state = log.get("callState")
    return {
        "app": APP,
        "account_id": chat.me,
        "call_id": log.get("callId"),
        "chat_id": chat.id,
        "started_at": started,
        "duration_s": (ended - connected).total_seconds() if connected and ended and ended >= connected else None,
        "direction": way if way in ("incoming", "outgoing") else "unknown",
        "outcome": "answered" if state == "accepted" else state,
        "peer_id": peer,
        "peer_name": mapping(log.get(f"{side}Participant")).get("displayName") or chat.names.get(str(peer)),
        "extra": {"call_log": dict(log), "message_id": cells["message_id"]},
        "record": cells["record"],
    }


def number(value: Any) -> Any:
    """A whole number that is stored as text, as a number; 0 and the empty text are none."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 and int(value) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of messages.json."""
    return [export]
