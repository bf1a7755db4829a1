"""The walker over undescribed blobs."""

import pytest
from forensics_plugins.chats.protobuf import NotProtobuf, message, text


def test_fields_of_all_wire_types():
    blob = b"\x08\x96\x01" + b"\x12\x03abc" + b"\x19" + bytes(8) + b"\x25" + bytes(4) + b"\x08\x01"
    assert message(blob) == {1: [150, 1], 2: [b"abc"], 3: [bytes(8)], 4: [bytes(4)]}


def test_text():
    found = message("\x12\x06čaša".encode() + b"\x1a\x01\xff")
    assert (text(found, 2), text(found, 3), text(found, 9)) == ("čaša", None, None)


@pytest.mark.parametrize(
    "blob",
    [b"\x08", b"\x12\x05ab", b"\x0b", b"\xff" * 11, b"\x02\x01a", b"\x12\xff\xff\xff\xff\x7f", b"\x08\x01" * 10_001],
    ids=["no value", "short", "group", "endless number", "field 0", "huge", "too many"],
)
def test_what_is_no_message(blob):
    with pytest.raises(NotProtobuf):
        message(blob)
