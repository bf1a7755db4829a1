"""Google Hangouts in Google Takeout: Hangouts.json."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, ATTACHMENTS, CALLS, MESSAGES, PARTICIPANTS, PLACES
from forensics.times import unix_us

from ..untrusted import mapping, sequence

APP = "Hangouts"
CHAT_KINDS = {"STICKY_ONE_TO_ONE": "direct", "GROUP": "group"}
TAKEN = frozenset(
    ("conversation_id", "sender_id", "timestamp", "event_id", "chat_message", "event_type", "self_event_state")
)


def is_hangouts(file: File) -> bool:
    """An object with conversations whose persons go by the ids of Google."""
    start = file.head.decode("utf-8", "replace")
    return '"gaia_id"' in start and ('"conversation_state"' in start or '"conversations"' in start)


@parser("google_chat.hangouts", magic=["application/json"], test=is_hangouts)
def hangouts(file: File) -> Iterator[Any]:
    """Google Hangouts, Google Takeout (Hangouts.json).

    Times are Unix microseconds. The owner is the person whose state of reading the export calls its own; with that, direction
    is known.

    Reads: messages with pictures and places, events (persons who joined or left, new names, whatever else has a type); calls,
    from the events that tell of start and end; members, how far each had read (extra), and whether they were still members.
    Events that are no messages are system messages with what they say in extra. Both forms of the file, of before and after 2017.
    Not read: media themselves; formats of text.
    Seen on: no export yet. Tested on an invented one in the published shape.
    Source: public models of the file (hangouts-rs, Hangouts-JSON-Parser, hangouts-log-reader, kotlin-google-hangouts-parser).
    Tier: documented
    """
    data = mapping(file.json())
    seen: set[str] = set()
    if not isinstance(data.get("conversations") or data.get("conversation_state"), list):
        yield Problem("not_understood", "no list of conversations")
    for number, stored in enumerate(sequence(data.get("conversations"))):
        place = f"$.conversations[{number}]"
        about = mapping(mapping(mapping(stored).get("conversation")).get("conversation"))
        chat_id = mapping(mapping(mapping(stored).get("conversation")).get("conversation_id")).get("id")
        yield from conversation(Chat.of(about, chat_id, place), mapping(stored).get("events"), "events", seen)
    for number, stored in enumerate(sequence(data.get("conversation_state"))):
        place = f"$.conversation_state[{number}].conversation_state"
        state = mapping(mapping(stored).get("conversation_state"))
        chat_id = mapping(mapping(stored).get("conversation_id")).get("id")
        chat = Chat.of(mapping(state.get("conversation")), chat_id, place)
        yield from conversation(chat, state.get("event"), "event", seen)


@dataclass(frozen=True)
class Chat:
    """A conversation: what is said of it, its id, the owner's id, names by id, and its place in the file."""

    about: Mapping[str, Any]
    id: Any
    me: Any
    names: Mapping[str, Any]
    place: str

    @classmethod
    def of(cls, about: Mapping[str, Any], chat_id: Any, place: str) -> Chat:
        """A conversation of the export."""
        state = mapping(about.get("self_conversation_state"))
        me = ident(mapping(state.get("self_read_state")).get("participant_id"))
        persons = map(mapping, sequence(about.get("participant_data")))
        names = {str(ident(p.get("id"))): p.get("fallback_name") for p in persons if p.get("fallback_name")}
        return cls(about, chat_id or mapping(about.get("id")).get("id"), me, names, place)

    @property
    def cells(self) -> dict[str, Any]:
        """What all messages share. A conversation of two is named after the other."""
        code = self.about.get("type")
        others = [name for who, name in self.names.items() if who != str(self.me)]
        name = self.about.get("name") or (others[0] if self.me and len(others) == 1 else None)
        kind = CHAT_KINDS.get(str(code), code)
        return {"app": APP, "account_id": self.me, "chat_id": self.id, "chat_name": name, "chat_kind": kind}

    def direction(self, sender: Any) -> str:
        """By the sender, where both are known."""
        if sender is None or self.me is None:
            return "unknown"
        return "outgoing" if sender == self.me else "incoming"


def ident(stored: Any) -> Any:
    """The id of a person."""
    return mapping(stored).get("gaia_id") or mapping(stored).get("chat_id")


def conversation(chat: Chat, events: Any, key: str, seen: set[str]) -> Iterator[Any]:
    """The account once, members, events, calls."""
    if isinstance(chat.me, str) and chat.me not in seen:
        seen.add(chat.me)
        own = {"app": APP, "account_id": chat.me, "name": chat.names.get(chat.me), "is_owner": True}
        yield from ACCOUNTS.rows([own | {"record": f"{chat.place}.self_conversation_state"}])
    yield from PARTICIPANTS.rows(members(chat))
    if events is not None and not isinstance(events, list):
        yield Problem("not_understood", "no list of events", record=f"{chat.place}.{key}")
    calls: list[dict[str, Any]] = []
    for number, stored in enumerate(sequence(events)):
        place = f"{chat.place}.{key}[{number}]"
        if not isinstance(stored, dict):
            yield Problem("not_understood", "an event that is no object", record=place)
            continue
        yield from read_event(stored, chat, place)
        if isinstance(told := stored.get("hangout_event"), dict):
            calls.append({"event": stored, "told": told, "place": place})
    yield from CALLS.rows(calls_of(calls, chat), started_at=unix_us)


def members(chat: Chat) -> Iterator[dict[str, Any]]:
    """Members, those of before too."""
    current = {str(ident(who)) for who in sequence(chat.about.get("current_participant"))}
    read = {
        str(ident(state.get("participant_id"))): state.get("latest_read_timestamp")
        for state in map(mapping, sequence(chat.about.get("read_state")))
    }
    for number, stored in enumerate(sequence(chat.about.get("participant_data"))):
        who = mapping(stored)
        person_id = ident(who.get("id"))
        phone = mapping(who.get("phone_number")).get("e164") or mapping(who.get("phone_number")).get("i18n_data")
        extra = {
            "read_up_to_us": read.get(str(person_id)),
            "phone": phone,
            "type": who.get("participant_type"),
            "invitation": who.get("invitation_status"),
        }
        yield {
            "app": APP,
            "chat_id": chat.id,
            "person_id": person_id,
            "name": who.get("fallback_name"),
            "active": str(person_id) in current if current else None,
            "extra": {key: value for key, value in extra.items() if value not in (None, "", "0")} or None,
            "record": f"{chat.place}.participant_data[{number}]",
        }


def read_event(stored: Mapping[str, Any], chat: Chat, place: str) -> Iterator[Any]:
    """An event as a message, with its pictures and places."""
    content = mapping(mapping(stored.get("chat_message")).get("message_content"))
    items = [mapping(mapping(a).get("embed_item")) for a in sequence(content.get("attachment"))]
    spot = next((p for item in items if (p := position(item))), {})
    sender = ident(stored.get("sender_id"))
    is_message = isinstance(stored.get("chat_message"), dict)
    photos = [mapping(item.get("plus_photo")) for item in items if item.get("plus_photo")]
    extra = {name: value for name, value in stored.items() if name not in TAKEN and value not in (None, "", [], {})}
    if unread := [item for item in items if not item.get("plus_photo") and not position(item)]:
        extra["attachments"] = unread
    cells = {
        **chat.cells,
        "message_id": stored.get("event_id"),
        "sent_at": whole(stored.get("timestamp")),
        "sender_id": sender,
        "sender_name": chat.names.get(str(sender)),
        "direction": chat.direction(sender) if is_message else "system",
        "kind": kind_of(photos, spot, items) if is_message else "call" if stored.get("hangout_event") else "system",
        "raw_kind": stored.get("event_type"),
        "text": text_of(content) or spot.get("label"),
        "latitude": spot.get("latitude"),
        "longitude": spot.get("longitude"),
        "extra": extra or None,
        "record": place,
    }
    yield from MESSAGES.rows([cells], sent_at=unix_us)
    own = {name: cells[name] for name in ("app", "chat_id", "message_id", "record")}
    yield from ATTACHMENTS.rows(own | attachment(photo) for photo in photos)
    if spot:
        where = {"at": cells["sent_at"], "kind": "message", "ref": cells["message_id"], "record": place}
        yield from PLACES.rows([where | spot], at=unix_us)


def text_of(content: Mapping[str, Any]) -> str | None:
    """The pieces of a text, put together."""
    parts = []
    for piece in map(mapping, sequence(content.get("segment"))):
        said = piece.get("text")
        parts.append("\n" if piece.get("type") == "LINE_BREAK" else said if isinstance(said, str) else "")
    return "".join(parts).strip("\n") or None


def kind_of(photos: list[dict[str, Any]], spot: Mapping[str, Any], items: list[dict[str, Any]]) -> str:
    """The kind of a message by what is attached."""
    if photos:
        return {"VIDEO": "video", "ANIMATED_PHOTO": "gif"}.get(str(photos[0].get("media_type")), "image")
    return "location" if spot else "unknown" if items else "text"


def position(item: Mapping[str, Any]) -> dict[str, Any]:
    """The place of an attachment."""
    place = mapping(item.get("place_v2"))
    point = mapping(mapping(place.get("geo")).get("geo_coordinates_v2"))
    latitude, longitude = point.get("latitude"), point.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return {}
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude == 0 and longitude == 0):
        return {}
    return {"latitude": latitude, "longitude": longitude, "label": place.get("name")}


def attachment(photo: Mapping[str, Any]) -> dict[str, Any]:
    """A picture or video: its address on the servers."""
    extra = {"media_type": photo.get("media_type"), "photo_id": photo.get("photo_id"), "page": photo.get("url")}
    url = photo.get("original_content_url") or photo.get("url")
    path = url.partition("?")[0] if isinstance(url, str) else ""
    return {
        "name": path.rpartition("/")[2] or None,
        "url": url,
        "extra": {key: value for key, value in extra.items() if value} or None,
    }


def calls_of(told: list[dict[str, Any]], chat: Chat) -> Iterator[dict[str, Any]]:
    """Calls: each begins with the event of its start; the next event of an end is its own. An end without a start stays."""
    waiting: list[dict[str, Any]] = []
    for item in sorted(told, key=lambda item: whole(item["event"].get("timestamp")) or 0):
        what = item["told"].get("event_type")
        if what == "START_HANGOUT":
            waiting.append(call(item, chat))
        elif what == "END_HANGOUT":
            ended = item["told"].get("hangout_duration_secs")
            open_call = waiting.pop() if waiting else call(item, chat) | {"started_at": None, "direction": "unknown"}
            extra = (open_call["extra"] or {}) | {"ended_at_us": item["event"].get("timestamp")}
            yield open_call | {"duration_s": seconds(ended), "extra": extra}
    yield from waiting


def call(item: Mapping[str, Any], chat: Chat) -> dict[str, Any]:
    """The columns of `calls`, from one event."""
    event, told = item["event"], item["told"]
    sender = ident(event.get("sender_id"))
    others = [who for who in chat.names if who != str(chat.me)]
    video = {"AUDIO_VIDEO": True, "AUDIO_ONLY": False}.get(str(told.get("media_type")))
    taking_part = [i for who in sequence(told.get("participant_id")) if (i := ident(who))]
    return {
        "app": APP,
        "account_id": chat.me,
        "call_id": event.get("event_id"),
        "chat_id": chat.id,
        "started_at": whole(event.get("timestamp")),
        "direction": chat.direction(sender),
        "video": video,
        "peer_id": others[0] if chat.me and len(others) == 1 else None,
        "peer_name": chat.names.get(others[0]) if chat.me and len(others) == 1 else None,
        "members": [str(who) for who in taking_part] or None,
        "extra": None,
        "record": item["place"],
    }


def whole(value: Any) -> Any:
    """A whole number that is stored as text; None for anything else."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def seconds(value: Any) -> int | None:
    """A length; 0 is none."""
    return whole(value) or None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of Hangouts.json."""
    return [hangouts]
