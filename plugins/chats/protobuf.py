"""The wire format of Protocol Buffers, as far as the undescribed blobs of chat apps need it: fields by number, bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MAX_FIELDS = 10_000  # of one message; the blobs hold some dozens
MAX_VARINT = 10  # bytes of a number

Value = int | bytes


class NotProtobuf(ValueError):
    """The bytes are no message in wire format; the text says where they stop being one."""


def message(blob: bytes) -> dict[int, list[Value]]:
    """All fields of one level, values by field number in their order: int for a varint, bytes for everything else.

    A nested message is bytes, to be given to `message` again, so depth is the caller's. Raises `NotProtobuf`.
    Source: https://protobuf.dev/programming-guides/encoding/
    """
    found: dict[int, list[Value]] = {}
    at, end = 0, len(blob)
    value: Value
    try:
        for _ in range(MAX_FIELDS + 1):
            if at >= end:
                return found
            # Most numbers have one byte: these are read here, a call for each would take most of the time.
            key = blob[at]
            at += 1
            if key > 0x7F:
                key, at = varint(blob, at - 1)
            number, wire = key >> 3, key & 7
            if wire == 0:
                value = blob[at]
                at += 1
                if value > 0x7F:
                    value, at = varint(blob, at - 1)
            else:
                if wire == 2:
                    size = blob[at]
                    at += 1
                    if size > 0x7F:
                        size, at = varint(blob, at - 1)
                elif wire in (1, 5):
                    size = 8 if wire == 1 else 4
                else:
                    raise NotProtobuf(f"wire type {wire} at byte {at}")
                start, at = at, at + size
                if number == 0 or at > end:
                    raise NotProtobuf(f"field {number} of {size} bytes at byte {start} of {end}")
                value = blob[start:at]
            if number in found:
                found[number].append(value)
            else:
                found[number] = [value]
    except IndexError:
        raise NotProtobuf(f"ends within a number at byte {end}") from None
    raise NotProtobuf(f"more than {MAX_FIELDS} fields")


def text(found: Mapping[int, Sequence[Value]], number: int) -> str | None:
    """The last value of a field as text; None where it is missing, empty or no UTF-8."""
    value = found[number][-1] if number in found else None
    if not isinstance(value, bytes) or not value:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return None


def varint(blob: bytes, at: int = 0) -> tuple[int, int]:
    """The number at a place, and the place after it; raises `NotProtobuf`."""
    value = shift = 0
    for byte in blob[at : at + MAX_VARINT]:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at + shift // 7
    if len(blob) < at + MAX_VARINT:
        raise NotProtobuf(f"ends within a number at byte {len(blob)}")
    raise NotProtobuf(f"number of more than {MAX_VARINT} bytes at byte {at}")
