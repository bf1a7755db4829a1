"""What a message of arroyo.db holds: `message_content`, a message of Protocol Buffers without a published description.

Field 2 is the sender (its 1 the sixteen bytes of the id), 4.2 the content type, 4.4 the body. The body has one field, whose
number says what kind of message it is. Text stands in 4.4.2.1, that of a reply to a Snap in 4.4.7.11.1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from ..protobuf import NotProtobuf, Value, message, text

SENDER, CONTENT, BODY = 2, 4, 4
DEEPEST = 12  # levels of nesting below which no name is looked for
# Field of the body: its name, and the kind of message where the field alone says it.
BODIES = {
    2: ("text", "text"),
    3: ("media", "unknown"),
    4: ("sticker", "sticker"),
    5: ("shared", "unknown"),
    6: ("voice note", "voice"),
    7: ("reply to a Snap or Story", "text"),
    8: ("event", "system"),
    11: ("Snap", "unknown"),
    19: ("text", "text"),
    24: ("bot response", "text"),
    26: ("poll", "poll"),
}
# Numbers of the column content_type on which public sources agree; above 6 they differ by one.
CONTENT_TYPES = {0: "Snap", 1: "text", 2: "media", 3: "shared", 4: "voice note", 5: "sticker", 6: "event"}
KINDS = {1: "text", 4: "voice", 5: "sticker", 6: "system"}
TEXTS = ((2, 1), (7, 11, 1), (19, 1, 1), (24, 2, 1, 1))
EVENTS = {
    1: "screenshot or recording",
    2: "call",
    3: "membership",
    4: "group renamed",
    5: "message deleted",
    6: "group created",
    7: "saved to the camera roll",
    8: "retention changed",
    10: "invite link",
    13: "live location ended",
    21: "streak",
}
CALL = {0: "started", 1: "ended", 2: "left", 3: "joined", 4: "missed"}
SHARE, PIN = 5, 18


@dataclass
class Content:
    """A message's content. `fault`: why it could not be read."""

    code: int | None = None
    sender: str | None = None
    name: str | None = None
    kind: str | None = None
    text: str | None = None
    place: tuple[float, float] | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    fault: str | None = None


def read(blob: Any) -> Content:
    """The content; of bytes that are no such message, what went wrong."""
    found = Content()
    if not isinstance(blob, bytes) or not blob:
        return found
    try:
        whole = message(blob)
        found.sender = person(first(first(whole, SENDER), 1))
        content = message(first(whole, CONTENT) or b"")
        code = content.get(2, [0])[-1] if content else None
        found.code = code if isinstance(code, int) else None
        inside(message(first(content, BODY) or b""), found)
    except NotProtobuf as error:
        found.fault = str(error)
    return found


def inside(body: Mapping[int, list[Value]], found: Content) -> None:
    """Reads the body into what was found."""
    for number in body:
        name, kind = BODIES.get(number, (None, None))
        if name:
            found.name, found.kind = name, kind
            break
    for path in TEXTS:
        parts = [part for part in words(body, path) if part]
        if parts:
            found.text = "\n".join(parts)
            break
    if 8 in body:
        event(message(first(body, 8) or b""), found)
    elif SHARE in body:
        shared(message(first(body, SHARE) or b""), found)


def event(body: Mapping[int, list[Value]], found: Content) -> None:
    """What the app noted in the chat: its name and the few fields that are known."""
    number = next(iter(body), None)
    found.extra["event"] = EVENTS.get(number or 0, f"unknown ({number})")
    told = message(first(body, number) or b"") if number else {}
    if number == 2:
        found.kind = "call"
        said = {"call": CALL.get(code(told, 1), f"unknown ({code(told, 1)})"), "video": code(told, 2) == 1}
        found.extra |= said | ({"duration_ms": code(told, 4)} if 4 in told else {})
    elif number == 4:
        found.extra |= {"old_name": text(told, 2), "new_name": text(told, 3)}
    elif number == 6 and text(told, 3):
        found.extra["new_name"] = text(told, 3)
    if number in (1, 4, 5, 6, 7, 8, 10, 13) and (by := person(first(first(told, 1), 1))):
        found.extra["by"] = by


def shared(body: Mapping[int, list[Value]], found: Content) -> None:
    """Of what was shared only a pin on the map has fields that are known: it is a location."""
    if PIN not in body:
        found.extra["shared"] = next(iter(body), None)
        return
    pin = message(first(body, PIN) or b"")
    found.name = "map pin"
    latitude, longitude = double(first(pin, 1)), double(first(pin, 2))
    found.kind = "location"
    found.text = text(pin, 6)
    if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
        found.place = (latitude, longitude)


def first(holder: Any, number: int | None) -> bytes | None:
    """The first value of a field that is bytes; `holder` is a message, read or not."""
    if isinstance(holder, bytes):
        holder = message(holder)
    values = holder.get(number, ()) if isinstance(holder, Mapping) else ()
    return next((value for value in values if isinstance(value, bytes)), None)


def code(told: Mapping[int, list[Value]], number: int) -> int:
    """A number; a field that is left out is 0."""
    value = told.get(number, [0])[-1]
    return value if isinstance(value, int) else 0


def double(value: bytes | None) -> float | None:
    """A number of eight bytes."""
    number = struct.unpack("<d", value)[0] if value is not None and len(value) == 8 else None
    return number if number is not None and number == number else None


def words(body: Mapping[int, list[Value]], path: tuple[int, ...]) -> Iterator[str]:
    """Texts at a path, all of a field that repeats."""
    for value in body.get(path[0], ()):
        if not isinstance(value, bytes):
            continue
        if len(path) == 1:
            yield text({0: [value]}, 0) or ""
        else:
            try:
                yield from words(message(value), path[1:])
            except NotProtobuf:
                continue


def person(value: bytes | None) -> str | None:
    """An id of a person: sixteen bytes."""
    return str(UUID(bytes=value)) if value is not None and len(value) == 16 else None


def people(blob: Any) -> list[str]:
    """Members of a chat, from its `conversation_metadata`: field 3, in each 1.1."""
    try:
        entries = message(blob).get(3, []) if isinstance(blob, bytes) else []
        return [who for entry in entries if isinstance(entry, bytes) and (who := person(first(first(entry, 1), 1)))]
    except NotProtobuf:
        return []


def names(blob: Any, depth: int = 0) -> Iterator[str]:
    """All short texts anywhere inside: among them are the keys under which media lie in the cache."""
    try:
        found = message(blob) if isinstance(blob, bytes) and depth <= DEEPEST else {}
    except NotProtobuf:
        return
    for values in found.values():
        for value in values:
            if isinstance(value, bytes):
                if 8 <= len(value) <= 256 and (said := text({0: [value]}, 0)):
                    yield said
                yield from names(value, depth + 1)


__all__ = ["CONTENT_TYPES", "KINDS", "Content", "names", "people", "person", "read"]
