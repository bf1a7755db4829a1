"""Writers of what Telegram stores: objects in TL from readable descriptions, values of the Postbox."""

import json
import struct
from importlib.resources import files

import forensics_plugins.chats.telegram
import pytest

LINES = json.loads(files(forensics_plugins.chats.telegram).joinpath("tl_schema.json").read_text(encoding="utf-8"))
BY_NAME = {line.split(" ")[0]: line for line in (*LINES["constructors"], *LINES["stored_only"])}


def string(value: str | bytes) -> bytes:
    """A TL string: length, bytes, padding."""
    raw = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    head = bytes([len(raw)]) if len(raw) < 254 else b"\xfe" + len(raw).to_bytes(3, "little")
    return head + raw + bytes(-(len(head) + len(raw)) % 4)


def value(kind: str, given: object) -> bytes:
    """A value of a type of the schema; objects are bytes already."""
    if kind.startswith("Vector<"):
        inner = [value(kind[7:-1], one) for one in given]  # type: ignore[attr-defined]
        return struct.pack("<II", 0x1CB5C415, len(inner)) + b"".join(inner)
    if kind in ("int", "long", "double"):
        return struct.pack({"int": "<i", "long": "<q", "double": "<d"}[kind], given)
    if kind in ("string", "bytes"):
        return string(given)  # type: ignore[arg-type]
    if kind == "Bool":
        return struct.pack("<I", 0x997275B5 if given else 0xBC799737)
    assert isinstance(given, bytes), f"{kind} wants an object, not {given!r}"
    return given


def write(name: str, **given: object) -> bytes:
    """An object: its constructor as `name#number`, its fields by name. Flags follow from which fields are given."""
    head, _, rest = BY_NAME[name].partition(" ")
    fields = [part.split(":", 1) for part in rest.split("= ")[0].split()]
    flags = {part: 0 for part, kind in fields if kind == "#"}
    for part, kind in fields:
        if "?" in kind and given.get(part) is not None:
            flag, bit = kind.split("?")[0].split(".")
            flags[flag] |= 1 << int(bit)
    out = bytes.fromhex(head.split("#")[1])[::-1]
    for part, kind in fields:
        bare = kind.split("?")[-1]
        if kind == "#":
            out += struct.pack("<I", flags[part])
        elif bare != "true" and ("?" not in kind or given.get(part) is not None):
            out += value(bare, given[part])
    unused = given.keys() - {part for part, _ in fields}
    assert not unused, f"{name} has no {unused}"
    return out


TYPES = {int: (0, "<i"), float: (3, "<d"), bool: (2, "<?")}


class Long(int):
    """A number of 64 bits."""


def murmur(name: str) -> int:
    """The hash of a class name as the Postbox has it: MurmurHash3, 32 bits, seed 0xf7ca7fd2 (written apart from the parser)."""
    data, h = name.encode(), 0xF7CA7FD2
    mask = 0xFFFFFFFF

    def mix(k: int) -> int:
        k = k * 0xCC9E2D51 & mask
        k = (k << 15 | k >> 17) & mask
        return k * 0x1B873593 & mask

    whole = len(data) // 4 * 4
    for n in range(0, whole, 4):
        h ^= mix(int.from_bytes(data[n : n + 4], "little"))
        h = (h << 13 | h >> 19) & mask
        h = (h * 5 + 0xE6546B64) & mask
    if len(data) > whole:
        h ^= mix(int.from_bytes(data[whole:], "little"))
    h ^= len(data)
    h = (h ^ h >> 16) * 0x85EBCA6B & mask
    h = (h ^ h >> 13) * 0xC2B2AE35 & mask
    return h ^ h >> 16


def entry(key: str, given: object) -> bytes:
    """A key and its value. A dict is an object, its class under `@`; a list holds objects or numbers."""
    head = bytes([len(key)]) + key.encode()
    if given is None:
        return head + b"\x0b"
    if isinstance(given, bool):
        return head + struct.pack("<b?", 2, given)
    if isinstance(given, Long):
        return head + struct.pack("<bq", 1, given)
    if isinstance(given, int):
        return head + struct.pack("<bi", 0, given)
    if isinstance(given, float):
        return head + struct.pack("<bd", 3, given)
    if isinstance(given, str):
        return head + struct.pack("<bi", 4, len(given.encode())) + given.encode()
    if isinstance(given, bytes):
        return head + struct.pack("<bi", 10, len(given)) + given
    if isinstance(given, dict):
        return head + b"\x05" + inner(given)
    assert isinstance(given, list)
    return head + struct.pack("<bi", 8, len(given)) + b"".join(inner(one) for one in given)


def inner(given: dict) -> bytes:
    """An object: hash of its class, length, entries."""
    body = b"".join(entry(k, v) for k, v in given.items() if k != "@")
    return struct.pack("<Ii", murmur(given["@"]), len(body)) + body


def root(given: dict) -> bytes:
    """An object as a value of a table."""
    return entry("_", given)


@pytest.fixture(scope="session")
def tl_write():
    return write


@pytest.fixture(scope="session")
def tl_string():
    return string


@pytest.fixture(scope="session")
def tl_lines() -> dict:
    return LINES
