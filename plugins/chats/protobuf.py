"""The wire format of Protocol Buffers, as far as the undescribed blobs of chat apps need it: fields by number, bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

MAX_FIELDS = 10_000  # of one message; the blobs hold some dozens

Value = int | bytes


class NotProtobuf(ValueError):
    """The bytes are no message in wire format; the text says where they stop being one."""


def fields(blob: bytes) -> Iterator[tuple[int, Value]]:
    """Field numbers and values in their order: int for a varint, bytes for everything else.

    One level only: a nested message is bytes, to be given to `fields` again, so depth is the caller's. Raises `NotProtobuf`.
    Source: https://protobuf.dev/programming-guides/encoding/
    """
    at = 0
    for _ in range(MAX_FIELDS):
        if at == len(blob):
            return
        key, at = varint(blob, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = varint(blob, at)
            yield number, value
            continue
        if wire == 2:
            size, at = varint(blob, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise NotProtobuf(f"wire type {wire} at byte {at}")
        if number == 0 or at + size > len(blob):
            raise NotProtobuf(f"field {number} of {size} bytes at byte {at} of {len(blob)}")
        yield number, blob[at : at + size]
        at += size
    raise NotProtobuf(f"more than {MAX_FIELDS} fields")


def message(blob: bytes) -> dict[int, list[Value]]:
    """All fields of one level, values by field number; raises `NotProtobuf`."""
    found: dict[int, list[Value]] = {}
    for number, value in fields(blob):
        found.setdefault(number, []).append(value)
    return found


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
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(blob):
            raise NotProtobuf(f"ends within a number at byte {at}")
        byte = blob[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise NotProtobuf(f"number of more than 10 bytes before byte {at}")
