"""A message of Threema for Android, as its backup and its database have it alike, as rows of the tables."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forensics import Problem
from forensics.tables import ATTACHMENTS, CALLS, MESSAGES, PLACES, REACTIONS, RECEIPTS
from forensics.times import unix_ms

from ..untrusted import loaded, words

# In the order of their codes in the database; the backup has the names.
TYPES = (
    "TEXT", "IMAGE", "VIDEO", "VOICEMESSAGE", "LOCATION", "CONTACT", "STATUS", "BALLOT", "FILE", "VOIP_STATUS",
    "DATE_SEPARATOR", "GROUP_CALL_STATUS", "FORWARD_SECURITY_STATUS", "GROUP_STATUS",
)  # fmt: skip
KINDS = {
    "TEXT": "text", "IMAGE": "image", "VIDEO": "video", "VOICEMESSAGE": "voice", "LOCATION": "location", "CONTACT": "contact",
    "STATUS": "system", "BALLOT": "poll", "FILE": "document", "VOIP_STATUS": "call", "DATE_SEPARATOR": "system",
    "GROUP_CALL_STATUS": "call", "FORWARD_SECURITY_STATUS": "system", "GROUP_STATUS": "system",
}  # fmt: skip
SYSTEM = ("STATUS", "VOIP_STATUS", "DATE_SEPARATOR", "GROUP_CALL_STATUS", "FORWARD_SECURITY_STATUS", "GROUP_STATUS")
MEDIA = ("IMAGE", "VIDEO", "VOICEMESSAGE", "FILE")
BALLOT_EVENTS = {1: "created", 2: "changed", 3: "closed"}
OUTCOMES = {1: "missed", 2: "answered", 3: "rejected", 4: "aborted"}
THUMBS = {"USERACK": "👍", "USERDEC": "👎"}
TIMES = {
    "sent_at": "posted_at",
    "delivered_at": "delivered_at",
    "read_at": "read_at",
    "edited_at": "edited_at",
    "deleted_at": "deleted_at",
}


@dataclass(frozen=True)
class Chat:
    """The chat of a message, and the folder and beginning of the names of its files; whose phone it is, if that is known."""

    chat_id: str | None
    name: str | None
    kind: str
    media: str
    owner: str | None = None


def read_message(said: Mapping[str, Any], chat: Chat, names: Mapping[str, str], place: dict[str, Any]) -> Iterator[Any]:
    """All rows of one message. `place`: record and state. Keys of `said` are those of the backup."""
    type_ = said.get("type")
    body = loaded(said.get("body")) if type_ not in ("TEXT", "STATUS") else None
    base = {"app": "Threema", "chat_id": chat.chat_id, **place}
    cells = message(said, chat, names, body)
    where = spot(body) if type_ == "LOCATION" else {}
    cells |= {key: where[key] for key in ("latitude", "longitude") if key in where}
    yield from MESSAGES.rows([base | cells], received_at=unix_ms, **dict.fromkeys(TIMES, unix_ms))
    linked = base | {"message_id": cells["message_id"]}
    if type_ in MEDIA:
        yield from ATTACHMENTS.rows([linked | attachment(said, body, chat)])
    if where:
        point = {key: where[key] for key in ("latitude", "longitude", "accuracy_m", "label") if key in where}
        about = {
            "kind": "message",
            "at": cells["sent_at"],
            "ref": cells["message_id"],
            "extra": extra({"chat_id": chat.chat_id}),
        }
        yield from PLACES.rows([place | point | about], at=unix_ms)
    if type_ == "VOIP_STATUS":
        yield from CALLS.rows([base | call(said, body, chat, cells)], started_at=unix_ms)
    yield from states(said, chat, linked)
    if type_ in (*MEDIA, "LOCATION", "BALLOT", "VOIP_STATUS") and not isinstance(body, list) and said.get("body"):
        yield Problem("not_understood", f"the content of a {type_} is no JSON list", record=place["record"])


def message(said: Mapping[str, Any], chat: Chat, names: Mapping[str, str], body: Any) -> dict[str, Any]:
    """The cells of `messages`."""
    type_, outbox = said.get("type"), said.get("isoutbox")
    event = type_ in SYSTEM or said.get("isstatusmessage") is True
    writer = said.get("identity") or (chat.owner if outbox is True else None)
    deleted = bool(said.get("deleted_at"))
    return {
        "account_id": chat.owner,
        "chat_name": chat.name,
        "chat_kind": chat.kind,
        "message_id": said.get("apiid") or said.get("uid"),
        **{column: said.get(key) for column, key in TIMES.items()},
        "received_at": said.get("created_at") if outbox is False and not event else None,
        "sender_id": None if event else writer,
        "sender_name": None if event else names.get(str(writer)),
        "direction": "system"
        if event
        else "outgoing"
        if outbox is True
        else "incoming"
        if outbox is False
        else "unknown",
        "kind": "deleted" if deleted else "system" if event and type_ == "TEXT" else kind_of(type_, body),
        "raw_kind": type_,
        "text": text_of(said, body),
        "reply_to": said.get("quoted_message_apiid") or None,
        "edited": True if said.get("edited_at") else None,
        "deleted": True if deleted else None,
        "status": said.get("messagestae") or None,
        "extra": extra(
            {
                "uid": said.get("uid"),
                "created_ms": said.get("created_at") if outbox is not False or event else None,
                "modified_ms": said.get("modified_at"),
                "read": said.get("isread") if outbox is False else None,
                "saved": None if said.get("issaved") is True else said.get("issaved"),
                "tags": said.get("display_tags"),
                "content": body if type_ not in (*MEDIA, "TEXT") else None,
                "identity": writer if event else None,
                "poll": said.get("poll"),
                "earlier_texts": loaded(said.get("earlier")),
                **ballot(type_, body),
            }
        ),
    }


def kind_of(type_: Any, body: Any) -> str:
    """The kind of message; of a file by its type: one that is to be shown as such is a picture, video or recording."""
    if type_ != "FILE":
        return KINDS.get(type_, "unknown")
    mime, rendering = str(at(body, 2) or ""), at(body, 5)
    if rendering not in (1, 2):
        return "document"
    if mime == "image/gif":
        return "gif"
    family = {"image": "image", "video": "video", "audio": "voice" if rendering == 1 else "audio"}
    return "sticker" if mime.startswith("image/") and rendering == 2 else family.get(mime.partition("/")[0], "document")


def text_of(said: Mapping[str, Any], body: Any) -> str | None:
    """What was written: the text, the caption, or the name of the place."""
    type_ = said.get("type")
    if type_ == "LOCATION":
        return words(said.get("caption")) or "\n".join(filter(None, (words(at(body, 4)), words(at(body, 3))))) or None
    if type_ == "FILE":
        return words(at(body, 7)) or words(said.get("caption"))
    if type_ in KINDS and type_ not in ("TEXT", "STATUS", "CONTACT"):
        return words(said.get("caption"))
    return words(said.get("body")) or words(said.get("caption"))


def attachment(said: Mapping[str, Any], body: Any, chat: Chat) -> dict[str, Any]:
    """The file of a message. Its content says the key of the file too: that is left out."""
    uid = words(said.get("uid"))
    cells: dict[str, Any] = {
        "stored_path": f"{chat.media}{uid}" if uid and chat.media else None,
        "caption": words(said.get("caption")),
    }
    told: dict[str, Any] = {"uid": uid}
    if said.get("type") == "FILE":
        about = at(body, 9) if isinstance(at(body, 9), dict) else {}
        cells |= {"mime": words(at(body, 2)), "size": whole(at(body, 3)), "name": words(at(body, 4))}
        cells |= {
            "caption": words(at(body, 7)) or cells["caption"],
            "width": whole(about.get("w")),
            "height": whole(about.get("h")),
        }
        cells["duration_s"] = number(about.get("d"))
        told |= {"rendering": whole(at(body, 5)), "downloaded": at(body, 6), "blob": words(at(body, 0))}
    elif said.get("type") in ("VIDEO", "VOICEMESSAGE"):
        cells |= {"duration_s": number(at(body, 0)), "size": whole(at(body, 4))}
        told |= {"downloaded": at(body, 1), "blob": words(at(body, 3))}
    return cells | {"extra": extra(told)}


def spot(body: Any) -> dict[str, Any]:
    """The place of a LOCATION: latitude, longitude, accuracy, address, name; nothing where it is none on Earth."""
    latitude, longitude, accuracy = (number(at(body, index)) for index in range(3))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return {}
    label = ", ".join(filter(None, (words(at(body, 4)), words(at(body, 3))))) or None
    return {"latitude": latitude, "longitude": longitude, "accuracy_m": accuracy or None, "label": label}


def call(said: Mapping[str, Any], body: Any, chat: Chat, cells: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a call: number 1 and an object with state, id, reason and seconds. Its time is that of the message."""
    status = at(body, 1) if isinstance(at(body, 1), dict) else {}
    code = whole(status.get("status"))
    return {
        "account_id": chat.owner,
        "call_id": str(status["callId"]) if whole(status.get("callId")) else cells["message_id"],
        "started_at": cells["sent_at"] or said.get("created_at"),
        "duration_s": number(status.get("duration")),
        "direction": "outgoing"
        if said.get("isoutbox") is True
        else "incoming"
        if said.get("isoutbox") is False
        else "unknown",
        "outcome": None if code is None else OUTCOMES.get(code, str(code)),
        "peer_id": chat.chat_id,
        "peer_name": chat.name,
        "extra": extra({"reason": status.get("reason"), "time_is": "of the message about the call"}),
    }


def ballot(type_: Any, body: Any) -> dict[str, Any]:
    """Which poll a BALLOT is about, and what happened to it."""
    return {"ballot": whole(at(body, 1)), "ballot_event": BALLOT_EVENTS.get(at(body, 0))} if type_ == "BALLOT" else {}


def states(said: Mapping[str, Any], chat: Chat, linked: dict[str, Any]) -> Iterator[Any]:
    """Thumbs, which older versions keep as the state of the message; in groups one state for each member."""
    state = said.get("messagestae")
    if state in THUMBS:
        person = chat.chat_id if said.get("isoutbox") is True and chat.kind == "direct" else None
        yield from REACTIONS.rows(
            [linked | {"person_id": person, "value": THUMBS[state], "extra": extra({"state": state})}]
        )
    members = loaded(said.get("g_msg_states"))
    for person, each in members.items() if isinstance(members, dict) else ():
        row = linked | {"person_id": person, "extra": extra({"state": each})}
        if each in THUMBS:
            yield from REACTIONS.rows([row | {"value": THUMBS[each]}])
        else:
            yield from RECEIPTS.rows([row])


def at(value: Any, index: int) -> Any:
    """The item of a list; None where there is none."""
    return value[index] if isinstance(value, list) and index < len(value) else None


def whole(value: Any) -> int | None:
    """A whole number, if it is one that a column can hold."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63 else None


def number(value: Any) -> float | None:
    """A number, if it is one."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e15 or not math.isfinite(value):
        return None
    return float(value)


def extra(values: Mapping[str, Any]) -> str | None:
    """What no column fits, as JSON text."""
    kept = {key: value for key, value in values.items() if value not in (None, "")}
    try:
        return json.dumps(kept, ensure_ascii=False, default=repr) if kept else None
    except (ValueError, RecursionError):
        return None
