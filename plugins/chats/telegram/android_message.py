"""A message as Telegram for Android stores it, read into the columns of the tables: text, sender, media, service actions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import tl

VIEW_ONCE = 0x7FFFFFFF  # ttl_seconds of media to be seen once
MEDIA = {
    "messageMediaEmpty": "text",
    "messageMediaPhoto": "image",
    "messageMediaVideo": "video",
    "messageMediaAudio": "audio",
    "messageMediaGeo": "location",
    "messageMediaVenue": "location",
    "messageMediaGeoLive": "live_location",
    "messageMediaContact": "contact",
    "messageMediaWebPage": "link",
    "messageMediaPoll": "poll",
}
CALL_ACTIONS = frozenset(("messageActionPhoneCall", "messageActionGroupCall", "messageActionConferenceCall"))
OUTCOMES = {"Hangup": "answered", "Missed": "missed", "Busy": "rejected"}
INNER = frozenset(("#", "flags", "flags2", "access_hash", "file_reference"))


@dataclass
class Read:
    """What a value of the column `data` says.

    `cells`: columns of `messages` that it fills. `extra`: what no column fits. `attachment`, `place`, `call`: cells of a row of
    those tables. `reactions`: cells of rows. `fault`: why reading stopped; what is here was read before it did.
    """

    cells: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    attachment: dict[str, Any] | None = None
    place: dict[str, Any] | None = None
    call: dict[str, Any] | None = None
    reactions: list[dict[str, Any]] = field(default_factory=list)
    fault: tl.NotTL | None = None
    out: bool = False
    service: bool = False
    sender: str | None = None
    date: int | None = None


def read(data: bytes) -> Read:
    """Read a stored message. Does not raise."""
    decoded = tl.decode(data, "Message")
    fields, fault = decoded.fields, decoded.fault
    media = fields.get("media") or {}
    found = Read(cells(fields, media, fault), fault=fault, out=bool(fields.get("out")), date=fields.get("date"))
    found.service = fields.get("_") == "messageService"
    found.sender = tl.peer(fields.get("from_id")) or (tl.peer(fields.get("peer_id")) if fields.get("post") else None)
    found.extra = header(fields) | media_extra(media)
    found.attachment = attachment(media)
    found.place = place(media)
    found.call = call(fields.get("action") or {})
    found.reactions = list(reactions(fields.get("reactions") or {}))
    if fault is None:
        found.fault = tail(data, decoded.end, found)
    return found


def cells(fields: Mapping[str, Any], media: Mapping[str, Any], fault: tl.NotTL | None) -> dict[str, Any]:
    """The columns of `messages`."""
    kind, raw = kind_of(fields, media, fault)
    edited, hidden = fields.get("edit_date"), fields.get("edit_hide")
    where = media.get("geo") or {}
    return {
        "message_id": str(fields["id"]) if "id" in fields else None,
        "kind": kind,
        "raw_kind": raw,
        "text": fields.get("message") or media.get("caption") or question(media) or None,
        "reply_to": reply(fields),
        "forwarded": True if "fwd_from" in fields or "fwd_from_id" in fields else None,
        "edited": True if edited and not hidden else None,
        "edited_at": edited or None,
        "expires_at": fields["date"] + fields["ttl_period"] if fields.get("ttl_period") and "date" in fields else None,
        "view_once": True if media.get("ttl_seconds") == VIEW_ONCE else None,
        "latitude": where.get("lat"),
        "longitude": where.get("long"),
    }


def kind_of(fields: Mapping[str, Any], media: Mapping[str, Any], fault: tl.NotTL | None) -> tuple[str, str | None]:
    """The kind, and the name or number that Telegram has for it."""
    name = fields.get("_")
    action = fields.get("action")
    if name == "messageService":
        raw = action["_"] if action else number(fault)
        return ("call" if raw in CALL_ACTIONS else "system"), raw
    if media:
        return (
            document_kind(media) if media["_"] == "messageMediaDocument" else MEDIA.get(media["_"], "unknown")
        ), media["_"]
    if name == "messageEmpty":
        return "unknown", name
    if name is None or "message" not in fields or (fault and wants_media(fields)):
        return "unknown", number(fault) or name
    return "text", name


def number(fault: tl.NotTL | None) -> str | None:
    """The constructor that stopped the reading."""
    return f"0x{fault.constructor:08x}" if isinstance(fault, tl.Unknown) else None


def wants_media(fields: Mapping[str, Any]) -> bool:
    """Whether the message has media, read or not: bit 9 of its flags; constructors without such a bit always have some."""
    for part in tl.schema()[fields["#"]].fields:
        if part.name == "media":
            return not part.flags or bool(fields[part.flags] >> part.bit & 1)
    return False


def document_kind(media: Mapping[str, Any]) -> str:
    """The kind of a document, by its attributes."""
    attributes = {a["_"]: a for a in (media.get("document") or {}).get("attributes") or ()}
    if "documentAttributeSticker" in attributes:
        return "sticker"
    if "documentAttributeAnimated" in attributes:
        return "gif"
    if "documentAttributeVideo" in attributes:
        return "video"
    if "documentAttributeAudio" in attributes:
        return "voice" if attributes["documentAttributeAudio"].get("voice") else "audio"
    return "voice" if media.get("voice") else "document"


def reply(fields: Mapping[str, Any]) -> str | None:
    """The message that this one answers; secret chats name it by a random number."""
    header = fields.get("reply_to") or fields
    answered = header.get("reply_to_msg_id") or header.get("reply_to_random_id")
    return str(answered) if answered else None


def header(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the message says beside text and media."""
    forward = fields.get("fwd_from") or {}
    source = forward.get("from_id", fields.get("fwd_from_id"))
    extra = {
        "forwarded_from": tl.peer(source) or (f"channel{forward['channel_id']}" if "channel_id" in forward else None),
        "forwarded_from_name": forward.get("from_name"),
        "forwarded_date": forward.get("date", fields.get("fwd_date")),
        "forwarded_post": forward.get("channel_post"),
        "saved_from": tl.peer(forward.get("saved_from_peer")),
        "signature": fields.get("post_author"),
        "via_bot": fields.get("via_bot_id") or fields.get("via_bot_name"),
        "grouped_id": fields.get("grouped_id"),
        "views": fields.get("views"),
        "pinned": fields.get("pinned"),
        "reply_to_chat": tl.peer((fields.get("reply_to") or {}).get("reply_to_peer_id")),
        "quote": (fields.get("reply_to") or {}).get("quote_text"),
        "entities": links(fields.get("entities") or ()),
        "action": plain(fields.get("action")) if fields.get("action") else None,
        "reactions": {
            reaction(c["reaction"]): c["count"] for c in (fields.get("reactions") or {}).get("results") or ()
        },
    }
    return {name: value for name, value in extra.items() if value}


def links(entities: Any) -> list[dict[str, Any]]:
    """Parts of the text that say more than they show: addresses behind words, persons mentioned by id."""
    return [plain(e) for e in entities if "url" in e or "user_id" in e]


def media_extra(media: Mapping[str, Any]) -> dict[str, Any]:
    """What media say and no column fits."""
    page, poll, document = media.get("webpage") or {}, media.get("poll") or {}, media.get("document") or {}
    sound: dict[str, Any] = next(
        (a for a in document.get("attributes") or () if a["_"] == "documentAttributeAudio"), {}
    )
    extra = {
        "ttl_seconds": media.get("ttl_seconds") if media.get("ttl_seconds") != VIEW_ONCE else None,
        "link": {k: page[k] for k in ("url", "site_name", "title", "description") if page.get(k)},
        "poll_options": [words(answer["text"]) for answer in poll.get("answers") or () if "text" in answer],
        "track": {k: sound[k] for k in ("title", "performer") if sound.get(k)},
        "live_seconds": media.get("period"),
    }
    if media.get("_") == "messageMediaContact":
        extra["contact"] = {
            k: media[k] for k in ("first_name", "last_name", "phone_number", "user_id", "vcard") if media.get(k)
        }
    if media.get("_") == "messageMediaVenue":
        extra["venue"] = {k: media[k] for k in ("title", "address", "provider", "venue_id") if media.get(k)}
    return {name: value for name, value in extra.items() if value}


def question(media: Mapping[str, Any]) -> str | None:
    """The question of a poll."""
    asked = (media.get("poll") or {}).get("question")
    return words(asked) if asked else None


def words(text: Any) -> str:
    """Text that newer layers wrap together with its entities."""
    return str(text["text"]) if isinstance(text, dict) else str(text)


def attachment(media: Mapping[str, Any]) -> dict[str, Any] | None:
    """The file of a message, as the server described it."""
    photo = media.get("photo") if isinstance(media.get("photo"), dict) else None
    document = media.get("document") or media.get("video") or media.get("audio")
    if photo and "sizes" in photo:
        return photo_file(photo)
    if isinstance(document, dict) and "size" in document:
        return document_file(document)
    return {} if media.get("_") in ("messageMediaPhoto", "messageMediaDocument") else None


def photo_file(photo: Mapping[str, Any]) -> dict[str, Any]:
    """A photo by its largest size."""
    best: dict[str, Any] = max((s for s in photo["sizes"] if "w" in s), key=lambda s: s["w"] * s["h"], default={})
    size = best.get("size") or max(best.get("sizes") or (0,)) or None
    extra = {"file_id": photo["id"]}
    return {"width": best.get("w"), "height": best.get("h"), "size": size, "extra": extra}


def document_file(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document, or what was one in old layers: a video, a sound."""
    merged: dict[str, Any] = dict(document)
    for attribute in document.get("attributes") or ():
        merged |= {k: v for k, v in attribute.items() if k in ("file_name", "w", "h", "duration")}
    return {
        "name": merged.get("file_name") or None,
        "mime": merged.get("mime_type") or None,
        "size": merged["size"],
        "width": merged.get("w"),
        "height": merged.get("h"),
        "duration_s": merged.get("duration"),
        "extra": {"file_id": merged["id"]},
    }


def place(media: Mapping[str, Any]) -> dict[str, Any] | None:
    """The row of `places`."""
    where = media.get("geo") or {}
    if "lat" not in where:
        return None
    return {
        "latitude": where["lat"],
        "longitude": where["long"],
        "accuracy_m": where.get("accuracy_radius"),
        "kind": "live_location" if media["_"] == "messageMediaGeoLive" else "message",
        "label": ", ".join(filter(None, (media.get("title"), media.get("address")))) or None,
    }


def call(action: Mapping[str, Any]) -> dict[str, Any] | None:
    """The row of `calls` of a call's service message."""
    if action.get("_") != "messageActionPhoneCall":
        return None
    reason = (action.get("reason") or {}).get("_", "").removeprefix("phoneCallDiscardReason")
    return {
        "call_id": str(action["call_id"]),
        "duration_s": action.get("duration"),
        "outcome": OUTCOMES.get(reason, reason or None),
        "video": bool(action.get("video")),
    }


def reactions(given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Reactions of which the message names the person; how many there are is in `extra` of the message."""
    for one in given.get("recent_reactions") or ():
        who = tl.peer(one.get("peer_id", one.get("user_id")))
        yield {"person_id": who, "value": reaction(one["reaction"]), "reacted_at": one.get("date")}


def reaction(value: Any) -> str:
    """A reaction: an emoji, or the id of a picture."""
    if isinstance(value, dict):
        return str(value.get("emoticon") or value.get("document_id") or value["_"])
    return str(value)


def plain(value: Any) -> Any:
    """An object as JSON can hold it: peers as their ids, bytes as hex, without keys to files."""
    if isinstance(value, dict):
        if value["_"].startswith("peer"):
            return tl.peer(value)
        return {k: plain(v) for k, v in value.items() if k not in INNER}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.hex() if isinstance(value, bytes) else value


def tail(data: bytes, end: int, found: Read) -> tl.NotTL | None:
    """What the app writes behind a message: where the sent file was on the device, with notes of its own before it."""
    if end == len(data):
        return None
    reader = tl.Reader(data, end)
    try:
        path = reader.text().strip()
    except tl.NotTL as fault:
        return fault
    if path.startswith("||"):
        *notes, path = path[2:].split("||")
        found.extra["notes"] = dict(note.split("|=|", 1) for note in notes if "|=|" in note)
    if path and found.attachment is None:
        found.extra["attach_path"] = path
    elif path and found.attachment is not None:
        found.attachment["stored_path"] = path
    left = len(data) - reader.offset
    # a forwarded message that is not sent yet has the id of the one that it forwards there
    forwarding = left == 4 and found.cells["forwarded"] and (found.cells["message_id"] or "").startswith("-")
    return None if left == 0 or forwarding else tl.NotTL(f"{left:,} bytes behind the message")
