"""Values of Telegram's Postbox, the store of its apps for iOS and macOS.

Two layouts, all numbers little-endian. Objects: entries of a key (length in one byte), a type in one byte, and a value; an object
inside has the hash of its class (MurmurHash3 of the Swift name) and its length before its entries. Messages: fields one after the
other without names, the objects of their attributes and media in them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

MAX_DEPTH = 32
MAX_SIZE = 4 << 20  # bytes of one value
SEED = 0xF7CA7FD2  # -137723950 in Telegram's source
CLASSES = (
    "TelegramMediaImage",
    "TelegramMediaFile",
    "TelegramMediaMap",
    "TelegramMediaContact",
    "TelegramMediaWebpage",
    "TelegramMediaAction",
    "TelegramMediaPoll",
    "TelegramMediaExpiredContent",
    "TelegramMediaUnsupported",
    "TelegramUser",
    "TelegramGroup",
    "TelegramChannel",
    "TelegramSecretChat",
    "EditedMessageAttribute",
    "ReplyMessageAttribute",
    "AutoremoveTimeoutMessageAttribute",
    "AutoclearTimeoutMessageAttribute",
    "CloudPhotoSizeMediaResource",
    "CloudDocumentMediaResource",
)


class NotPostbox(ValueError):
    """The bytes are not laid out as the Postbox lays them out, or are cut off."""


class Undescribed(NotPostbox):
    """The bytes may be sound, but hold what is not described: a flag, a type, fields behind the known ones."""


class PeerId(NamedTuple):
    """A user (0), group (1), channel (2) or secret chat (3), by `space`, and its number in Telegram."""

    space: int
    number: int

    def __str__(self) -> str:
        names = ("user", "chat", "channel", "secret")
        return f"{names[self.space] if self.space < len(names) else f'peer{self.space}:'}{self.number}"


class MessageKey(NamedTuple):
    """The key of a message. `space`: 0 on the server, 1 on the device only, 2 received in a secret chat, 3 and 4 scheduled."""

    peer: PeerId
    space: int
    timestamp: int
    number: int


@dataclass
class Message:
    """A message as far as it could be read. `fault`: why it ends early.

    `attributes`, `media`: objects; those that could not be read are counted in `unreadable`. `references`: media that lie in a
    table of their own, by (namespace, id). `forward`: author, date, source and signature of what was forwarded.
    """

    flags: int | None = None
    author: PeerId | None = None
    text: str | None = None
    thread: int | None = None
    grouping: int | None = None
    forward: dict[str, Any] | None = None
    attributes: list[dict[str, Any]] = field(default_factory=list)
    media: list[dict[str, Any]] = field(default_factory=list)
    references: list[tuple[int, int]] = field(default_factory=list)
    unreadable: int = 0
    fault: NotPostbox | None = None


def peer_id(number: int) -> PeerId:
    """An id of a peer from its 64 bits: kind in bits 32 to 34, number in the 32 below and the 29 above them."""
    bits = number & 0xFFFFFFFFFFFFFFFF
    space, high, low = bits >> 32 & 7, bits >> 35, bits & 0xFFFFFFFF
    if space == 3 and high == 0 and low >> 31:
        low -= 1 << 32  # numbers of secret chats have a sign
    return PeerId(space, high << 32 | low)


def message_key(key: bytes) -> MessageKey:
    """The key of table t7, big-endian. Older versions have time and namespace the other way round: only a time is large."""
    if len(key) != 20:
        raise NotPostbox(f"a key of {len(key)} bytes, not 20")
    peer, space, timestamp, number = struct.unpack(">qiii", key)
    if space > 1 << 24 > timestamp >= 0:
        space, timestamp = timestamp, space
    return MessageKey(peer_id(peer), space, timestamp, number)


def message(value: bytes) -> Message:
    """Read a value of table t7. Does not raise."""
    found = Message()
    try:
        fill(found, Reader(value))
    except NotPostbox as fault:
        found.fault = fault
    return found


def fill(found: Message, reader: Reader) -> None:
    """The fields of a message, in their order."""
    kind = reader.number("B")
    if kind != 0:
        raise Undescribed(f"an entry of type {kind}, which is no message")
    reader.take(8)  # stable id and version
    has = reader.number("B")
    if has >> 6:
        raise Undescribed(f"fields that are not described (0x{has:02x})")
    sizes = (8, 4, 8, 4, 4, 8)  # unique id, global tags, grouping key, group, local tags, thread
    parts = [reader.take(size) if has >> bit & 1 else None for bit, size in enumerate(sizes)]
    found.grouping = int.from_bytes(parts[2], "little", signed=True) if parts[2] else None
    found.thread = int.from_bytes(parts[5], "little", signed=True) if parts[5] else None
    found.flags = reader.number("I")
    reader.take(4)  # tags for lists of media
    found.forward = forward(reader)
    if reader.number("B") == 1:
        found.author = peer_id(reader.number("q"))
    found.text = reader.text()
    found.attributes = objects(found, reader)
    found.media = objects(found, reader)
    found.references = [(reader.number("i"), reader.number("q")) for _ in range(reader.count(12))]
    if not reader.at_end:
        for _ in range(reader.count(4)):  # custom tags, in newer versions only
            reader.blob()
    if not reader.at_end:
        raise Undescribed("fields behind those that are described")


def forward(reader: Reader) -> dict[str, Any] | None:
    """Where a forwarded message came from."""
    has = reader.number("B")
    if not has:
        return None
    author, date = reader.number("q"), reader.number("i")
    found: dict[str, Any] = {"from": str(peer_id(author)) if author else None, "date": date}
    if has >> 1 & 1:
        found["source"] = str(peer_id(reader.number("q")))
    if has >> 2 & 1:
        chat, _, number = reader.number("q"), reader.number("i"), reader.number("i")
        found["source_chat"], found["source_message"] = str(peer_id(chat)), number
    if has >> 3 & 1:
        found["signature"] = reader.text()
    if has >> 4 & 1:
        found["announcement"] = reader.text()
    if has >> 5 & 1:
        reader.take(4)
    if has >> 6:
        raise Undescribed(f"parts of a forward that are not described (0x{has:02x})")
    return found


def objects(found: Message, reader: Reader) -> list[dict[str, Any]]:
    """A list of objects, each in bytes of its own: one that cannot be read does not take the others with it."""
    given = []
    for _ in range(reader.count(4)):
        raw = reader.blob()
        try:
            given.append(root(raw))
        except NotPostbox:
            found.unreadable += 1
    return given


def root(data: bytes) -> dict[str, Any]:
    """The object that a value holds under the key `_`. `@`: name of its class, or `0x...` for one that has no name here."""
    found = entries(Reader(data)).get("_")
    if not isinstance(found, dict):
        raise NotPostbox("no object under the key _")
    return found


def entries(reader: Reader, depth: int = 0) -> dict[str, Any]:
    """Keys and values up to the end of the reader."""
    if depth > MAX_DEPTH:
        raise NotPostbox("nested deeper than any object of the app")
    found: dict[str, Any] = {}
    while not reader.at_end:
        key = reader.take(reader.number("B")).decode("utf-8", "surrogateescape")
        found[key] = reader.value(depth)
    return found


class Reader:
    """Reads values from bytes, never past their end. Raises `NotPostbox`."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_SIZE:
            raise NotPostbox(f"{len(data):,} bytes, more than any value of the app")
        self.data = data
        self.offset = 0

    @property
    def at_end(self) -> bool:
        """Whether all is read."""
        return self.offset >= len(self.data)

    def take(self, size: int) -> bytes:
        """The next bytes."""
        if not 0 <= size <= len(self.data) - self.offset:
            raise NotPostbox(f"{size:,} bytes wanted at {self.offset:,}, {len(self.data) - self.offset:,} there")
        self.offset += size
        return self.data[self.offset - size : self.offset]

    def number(self, form: str) -> Any:
        """A number, by its format in `struct`."""
        return struct.unpack(f"<{form}", self.take(struct.calcsize(form)))[0]

    def count(self, least: int) -> int:
        """How many follow, each of at least so many bytes."""
        count = int(self.number("i"))
        if not 0 <= count <= (len(self.data) - self.offset) // least:
            raise NotPostbox(f"{count:,} of something, more than the bytes left can hold")
        return count

    def blob(self) -> bytes:
        """Bytes after their length."""
        return self.take(self.number("i"))

    def text(self) -> str:
        """Text after its length; bytes that are no UTF-8 become surrogates."""
        return self.blob().decode("utf-8", "surrogateescape")

    def value(self, depth: int) -> Any:
        """A value after its type."""
        kind = self.number("B")
        match kind:
            case 0:
                return self.number("i")
            case 1:
                return self.number("q")
            case 2:
                return self.number("B") != 0
            case 3:
                return self.number("d")
            case 4:
                return self.text()
            case 5:
                return self.object(depth)
            case 6:
                return [self.number("i") for _ in range(self.count(4))]
            case 7:
                return [self.number("q") for _ in range(self.count(8))]
            case 8:
                return [self.object(depth) for _ in range(self.count(8))]
            case 9:
                return [(self.object(depth), self.object(depth)) for _ in range(self.count(16))]
            case 10:
                return self.blob()
            case 11:
                return None
            case 12:
                return [self.text() for _ in range(self.count(4))]
            case 13:
                return [self.blob() for _ in range(self.count(4))]
        raise NotPostbox(f"a value of type {kind}")

    def object(self, depth: int) -> dict[str, Any]:
        """An object: the hash of its class, its length, its entries."""
        number = self.number("I")
        return entries(Reader(self.blob()), depth + 1) | {"@": names().get(number, f"0x{number:08x}")}


@cache
def names() -> dict[int, str]:
    """Names of classes by their hash."""
    return {murmur(name.encode()): name for name in CLASSES}


def murmur(data: bytes, seed: int = SEED) -> int:
    """MurmurHash3, 32 bits, for small machines (Austin Appleby, public domain)."""
    value = seed
    for place in range(0, len(data) - 3, 4):
        value ^= scramble(int.from_bytes(data[place : place + 4], "little"))
        value = (value << 13 | value >> 19) & 0xFFFFFFFF
        value = (value * 5 + 0xE6546B64) & 0xFFFFFFFF
    rest = data[len(data) // 4 * 4 :]
    value ^= scramble(int.from_bytes(rest, "little")) if rest else 0
    value ^= len(data)
    value = (value ^ value >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    value = (value ^ value >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return value ^ value >> 16


def scramble(block: int) -> int:
    """Four bytes as they go into the hash."""
    block = block * 0xCC9E2D51 & 0xFFFFFFFF
    block = (block << 15 | block >> 17) & 0xFFFFFFFF
    return block * 0x1B873593 & 0xFFFFFFFF
