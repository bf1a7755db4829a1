"""The protobuf message of Wire, GenericMessage, that every client of it exchanges and stores.

Source: the published description of the format (wireapp/generic-message-proto).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import protobuf
from ..protobuf import Value

Fields = Mapping[int, Sequence[Value]]
# What a message holds, by the number of its field; within a timed message (18) and an edit (15) the numbers differ.
CONTENTS = {
    2: "text", 3: "image", 4: "knock", 6: "last_read", 7: "cleared", 8: "external", 9: "client_action", 10: "calling",
    11: "asset", 12: "hidden", 13: "location", 14: "deleted", 15: "edited", 16: "confirmation", 17: "reaction", 18: "ephemeral",
    19: "availability", 20: "composite", 21: "button_action", 22: "button_confirmation", 23: "data_transfer",
}  # fmt: skip
WITHIN = {
    "ephemeral": {2: "text", 3: "image", 4: "knock", 5: "asset", 6: "location"},
    "edited": {2: "text", 3: "composite"},
}


@dataclass
class Content:
    """What the protobuf messages of one message say together: description, preview and place of a file come apart."""

    kind: str | None = None
    text: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    quoted: str | None = None
    timed_ms: int | None = None
    file: dict[str, Any] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    mentions: list[dict[str, Any]] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)


def content(blobs: Sequence[bytes]) -> Content:
    """What the messages say; raises `protobuf.NotProtobuf`."""
    found = Content()
    for blob in blobs:
        for number, values in protobuf.message(blob).items():
            kind = CONTENTS.get(number)
            for value in values:
                if kind and isinstance(value, bytes):
                    add(found, kind, value)
                elif kind:
                    found.kind = found.kind or kind
    return found


def add(found: Content, kind: str, value: bytes) -> None:
    """Adds one content."""
    inner = protobuf.message(value)
    if kind in WITHIN:
        expiry = number(inner, 1)
        found.timed_ms = expiry if kind == "ephemeral" and expiry is not None else found.timed_ms
        for at, name in WITHIN[kind].items():
            for nested in parts(inner, at):
                add(found, name, nested)
        return
    found.kind = kind
    if kind == "text":
        add_text(found, inner)
    elif kind == "composite":
        found.text = None
        for item in parts(inner, 1):
            told = protobuf.message(item)
            for words in parts(told, 1):
                add_text(found, protobuf.message(words), before=found.text)
            found.buttons += [
                label for button in parts(told, 2) if (label := protobuf.text(protobuf.message(button), 1))
            ]
    elif kind == "location":
        found.longitude, found.latitude = degrees(inner, 1), degrees(inner, 2)
        found.text = protobuf.text(inner, 3)
    elif kind == "asset":
        add_asset(found, inner)
    elif kind == "image":
        about = {
            "width": number(inner, 4),
            "height": number(inner, 5),
            "size": number(inner, 7),
            "mime": protobuf.text(inner, 6),
        }
        if protobuf.text(inner, 1) != "preview" or not found.file:
            found.file |= {key: value for key, value in about.items() if value is not None}


def add_text(found: Content, inner: Fields, before: str | None = None) -> None:
    """Adds a text with its links, mentions and quote; the last text counts, as in the app."""
    words = protobuf.text(inner, 1)
    found.text = "\n".join(filter(None, (before, words))) or found.text
    for link in parts(inner, 3):
        url = protobuf.text(protobuf.message(link), 1)
        found.links += [url] if url and url not in found.links else []
    for mention in parts(inner, 4):
        told = protobuf.message(mention)
        one = {"start": number(told, 1), "length": number(told, 2), "person": protobuf.text(told, 3)}
        found.mentions += [one] if one not in found.mentions else []
    for quote in parts(inner, 5):
        found.quoted = protobuf.text(protobuf.message(quote), 1) or found.quoted


def add_asset(found: Content, inner: Fields) -> None:
    """Adds what one message says of a file; the keys, which stand beside its address, are left alone."""
    told: dict[str, Any] = {}
    for original in parts(inner, 1):
        one = protobuf.message(original)
        told |= {"mime": protobuf.text(one, 1), "size": number(one, 2), "name": protobuf.text(one, 3)}
        told |= {"url": protobuf.text(one, 7), "caption": protobuf.text(one, 8)}
        for at, places in ((4, (1, 2, None)), (5, (1, 2, 3)), (6, (None, None, 1))):
            for measures in parts(one, at):
                meta = protobuf.message(measures)
                names = ("width", "height", "duration_ms")
                told |= {name: number(meta, place) for name, place in zip(names, places, strict=True) if place}
    for remote in parts(inner, 4):
        one = protobuf.message(remote)
        told["asset_id"] = protobuf.text(one, 3)
        told["ciphertext_sha256"] = next((value.hex() for value in parts(one, 2)), None)
    stopped = number(inner, 3)
    told["not_uploaded"] = None if stopped is None else {0: "cancelled", 1: "failed"}.get(stopped, str(stopped))
    found.file |= {key: value for key, value in told.items() if value is not None and value != ""}


def parts(inner: Fields, at: int) -> Iterator[bytes]:
    """The nested messages of one field."""
    return (value for value in inner.get(at, ()) if isinstance(value, bytes))


def number(inner: Fields, at: int) -> int | None:
    """The last number of one field that the database can hold."""
    values = [value for value in inner.get(at, ()) if isinstance(value, int) and value < 2**63]
    return values[-1] if values else None


def degrees(inner: Fields, at: int) -> float | None:
    """A coordinate: a float of four bytes."""
    values = [value for value in parts(inner, at) if len(value) == 4]
    return round(float(struct.unpack("<f", values[-1])[0]), 6) if values else None


def on_earth(found: Content) -> bool:
    """Whether both coordinates are degrees."""
    both = found.latitude is not None and found.longitude is not None
    return both and abs(found.latitude or 0) <= 90 and abs(found.longitude or 0) <= 180
