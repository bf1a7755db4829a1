"""Messages of Protocol Buffers, made for tests."""

from uuid import UUID


def number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def fields(*pairs: tuple[int, object]) -> bytes:
    """Fields in their order: whole numbers, texts, bytes; a tuple of pairs is a message inside."""
    out = b""
    for field, value in pairs:
        if isinstance(value, int):
            out += number(field << 3) + number(value)
            continue
        if isinstance(value, tuple):
            value = fields(*value)
        raw = value.encode() if isinstance(value, str) else value
        out += number(field << 3 | 2) + number(len(raw)) + raw
    return out


def person(ident: str) -> tuple:
    """An id of a person, as messages hold it."""
    return ((1, UUID(ident).bytes),)


def content(sender: str, code: int, body: tuple) -> bytes:
    """What `message_content` holds."""
    told = ((2, code), (4, body)) if code else ((4, body),)
    return fields((1, 7), (2, person(sender)), (4, told))


def document(*texts: str | None) -> bytes:
    """A document with text fields, as FlatBuffers has it."""
    head = 4 + 4 + 2 * len(texts)  # root, table of offsets
    head += head % 4
    out = bytearray(head + 4 + 4 * len(texts))
    out[0:4] = head.to_bytes(4, "little")
    out[4:6] = (4 + 2 * len(texts)).to_bytes(2, "little")
    out[head : head + 4] = (head - 4).to_bytes(4, "little", signed=True)
    for number, text in enumerate(texts):
        if text is None:
            continue
        out[8 + 2 * number : 10 + 2 * number] = (4 + 4 * number).to_bytes(2, "little")
        at = head + 4 + 4 * number
        out[at : at + 4] = (len(out) - at).to_bytes(4, "little")
        out += len(text.encode()).to_bytes(4, "little") + text.encode() + b"\0"
    return bytes(out)
