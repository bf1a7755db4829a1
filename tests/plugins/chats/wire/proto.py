"""Builds messages in the wire format of Protocol Buffers."""

import struct


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def field(number: int, value: bytes | str | int | float) -> bytes:
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def generic(number: int, value: bytes | int, message_id: str = "00000000-0000-4000-8000-0000000000a1") -> bytes:
    return field(1, message_id) + field(number, value)
