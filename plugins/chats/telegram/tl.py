"""Objects in TL, the language in which Telegram's protocol and its Android app write them.

An object is the number of its constructor and then its fields, little-endian, without names: who does not know the constructor
cannot find what follows. The constructors are those of Telegram's published schema (`tl_schema.json`). The number of each is the
CRC-32 of its line, so that a line that was copied wrongly cannot hide.
"""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

VECTOR = 0x1CB5C415
TRUE, FALSE = 0x997275B5, 0xBC799737
MAX_DEPTH = 48  # a web page inside a message nests about fifteen deep
MAX_OBJECTS = 100_000  # in one value
MAX_SIZE = 4 << 20  # bytes of one value; a message with a long article in it has some hundred kilobytes
LINE = re.compile(r"([\w.]+)#([0-9a-f]{8}) (.*)= ([\w.]+);")
FIELD = re.compile(r"(\w+):(?:(flags2?)\.(\d+)\?)?(?:([Vv]ector)<)?([\w.#]+)>?")


class NotTL(ValueError):
    """What is there is no object as the schema describes it: cut off, or of another type than its place allows."""


class Unknown(NotTL):
    """An object whose constructor the schema does not have. `constructor`: its number. `place`: the field that holds it."""

    def __init__(self, constructor: int, place: str) -> None:
        super().__init__(f"unknown constructor 0x{constructor:08x} in {place}")
        self.constructor = constructor


class Field(NamedTuple):
    """A field: `flags` and `bit` say when it is there, `vector` (`Vector` or `vector`) whether it is a list of `type`."""

    name: str
    flags: str
    bit: int
    vector: str
    type: str


class Constructor(NamedTuple):
    """A way to make an object of the type `result`."""

    name: str
    number: int
    fields: tuple[Field, ...]
    result: str


@dataclass(frozen=True)
class Decoded:
    """An object as far as it could be read: fields by name, `_` its constructor's name, `#` its number.

    `fault`: why it ends early; fields read before that are good. `end`: where reading stopped.
    """

    fields: dict[str, Any]
    end: int
    fault: NotTL | None


def decode(data: bytes, result: str) -> Decoded:
    """Read the object of the type `result` that `data` starts with. Does not raise."""
    reader = Reader(data)
    fields: dict[str, Any] = {}
    try:
        if len(data) > MAX_SIZE:
            raise NotTL(f"{len(data):,} bytes, more than any object of the app")
        reader.object(result, result, fields)
    except NotTL as fault:
        return Decoded(fields, reader.offset, fault)
    return Decoded(fields, reader.offset, None)


@cache
def schema() -> dict[int, Constructor]:
    """Constructors by their number."""
    text = json.loads(files(__package__).joinpath("tl_schema.json").read_text(encoding="utf-8"))
    return {c.number: c for c in map(constructor, (*text["constructors"], *text["stored_only"]))}


def constructor(line: str) -> Constructor:
    """A line of the schema."""
    found = LINE.match(line)
    assert found, f"not a line of a schema: {line}"
    fields = tuple(
        Field(name, flags, int(bit or 0), vector, kind) for name, flags, bit, vector, kind in FIELD.findall(found[3])
    )
    return Constructor(found[1], int(found[2], 16), fields, found[4])


class Reader:
    """Reads values from bytes, never past their end. Raises `NotTL`."""

    def __init__(self, data: bytes, offset: int = 0) -> None:
        self.data = data
        self.offset = offset
        self.objects = 0
        self.depth = 0

    def take(self, size: int) -> bytes:
        """The next bytes."""
        if size > len(self.data) - self.offset:
            raise NotTL(f"{size:,} bytes wanted at {self.offset:,}, {len(self.data) - self.offset:,} there")
        self.offset += size
        return self.data[self.offset - size : self.offset]

    def number(self, form: str) -> Any:
        """A number, by its format in `struct`."""
        return struct.unpack(f"<{form}", self.take(struct.calcsize(form)))[0]

    def bytes(self) -> bytes:
        """A string of bytes: its length in one byte, or 254 and the length in three; padded to a multiple of four."""
        start = self.offset
        size = self.number("B")
        if size == 254:
            size = int.from_bytes(self.take(3), "little")
        value = self.take(size)
        padding = -(self.offset - start) % 4
        if any(self.take(padding)):
            raise NotTL(f"a string at {start:,} that is not padded with zeros")
        return value

    def text(self) -> str:
        """Text; bytes that are no UTF-8 become surrogates."""
        return self.bytes().decode("utf-8", "surrogateescape")

    def object(self, result: str, place: str, into: dict[str, Any] | None = None) -> dict[str, Any]:
        """An object of the type `result`, in the field `place`; `into` takes its fields as they are read."""
        number = self.number("I")
        made = schema().get(number)
        if made is None:
            raise Unknown(number, place)
        if made.result != result:
            raise NotTL(f"{made.name} in {place}, where {result} belongs")
        self.objects += 1
        if self.objects > MAX_OBJECTS or self.depth >= MAX_DEPTH:
            raise NotTL("nested deeper, or holding more objects, than any that Telegram writes")
        fields = {} if into is None else into
        fields |= {"_": made.name, "#": number}
        self.depth += 1
        for field in made.fields:
            if not field.flags or fields[field.flags] >> field.bit & 1:
                fields[field.name] = self.field(field, f"{made.name}.{field.name}")
        self.depth -= 1
        return fields

    def field(self, field: Field, place: str) -> Any:
        """The value of a field."""
        if not field.vector:
            return self.value(field.type, place)
        if field.vector == "Vector" and (number := self.number("I")) != VECTOR:
            raise Unknown(number, place)
        count = self.number("I")
        if count > (len(self.data) - self.offset) // 4:
            raise NotTL(f"a list of {count:,} in {place}, more than the bytes left can hold")
        return [self.value(field.type, place) for _ in range(count)]

    def value(self, kind: str, place: str) -> Any:
        """A value of a type of the schema."""
        match kind:
            case "true":
                return True
            case "int":
                return self.number("i")
            case "#":
                return self.number("I")
            case "long":
                return self.number("q")
            case "double":
                return self.number("d")
            case "string":
                return self.text()
            case "bytes":
                return self.bytes()
            case "int128" | "int256":
                return self.take(int(kind[3:]) // 8)
            case "Bool":
                return self.flag(place)
        return self.object(kind, place)

    def flag(self, place: str) -> bool:
        """A boxed boolean."""
        number = self.number("I")
        if number not in (TRUE, FALSE):
            raise Unknown(number, place)
        return number == TRUE


def peer(value: Any) -> str | None:
    """The id of a Peer, `user123`, `chat123` or `channel123`; a bare number, as old constructors have it, is a user's."""
    if isinstance(value, int):
        return f"user{value}" if value else None
    for kind in ("user", "chat", "channel"):
        if isinstance(value, dict) and f"{kind}_id" in value:
            return f"{kind}{value[f'{kind}_id']}"
    return None
