"""Objects in TL: the schema proves itself, objects are read whole, what is hostile ends quickly."""

import struct
import zlib

import pytest
from forensics_plugins.chats.telegram import tl


def test_each_line_of_the_schema_is_proven_by_its_number(tl_lines: dict) -> None:
    """The number is the CRC-32 of the line without flags that hold nothing; `bytes` counts as `string`."""
    for line in tl_lines["constructors"]:
        head, _, rest = line.partition(";")[0].partition(" ")
        name, number = head.split("#")
        parts = [part for part in rest.split(" ") if not part.endswith("?true")]
        bare = " ".join([name, *parts]).replace(":bytes", ":string").replace("?bytes", "?string")
        bare = bare.replace("<", " ").replace(">", "")
        assert f"{zlib.crc32(bare.encode()):08x}" == number, line


def test_every_line_is_understood_whole(tl_lines: dict) -> None:
    for line in (*tl_lines["constructors"], *tl_lines["stored_only"]):
        fields = line.partition(" ")[2].split("= ")[0].split()
        assert len(tl.constructor(line).fields) == len(fields), line


def test_flags_come_before_the_fields_that_they_announce() -> None:
    for made in tl.schema().values():
        read = set()
        for field in made.fields:
            assert field.flags in {"", *read}, made.name
            read |= {field.name} if field.type == "#" else set()


def test_every_type_that_a_field_names_is_there() -> None:
    known = {c.result for c in tl.schema().values()}
    bare = {"int", "long", "double", "string", "bytes", "Bool", "true", "#", "int128", "int256"}
    named = {field.type for c in tl.schema().values() for field in c.fields}
    assert named - known - bare == set()


def test_user(tl_write) -> None:
    status = tl_write("userStatusOffline#008c703f", was_online=1623265029)
    photo = tl_write("userProfilePhotoEmpty#4f11bae1")
    data = tl_write(
        "user#938458c1", id=42, first_name="Иван", phone="38269000001", photo=photo, status=status, self=True
    )
    read = tl.decode(data, "User")
    assert read.fault is None
    assert read.end == len(data)
    assert read.fields["first_name"] == "Иван"
    assert read.fields["self"] is True
    assert "last_name" not in read.fields
    assert read.fields["status"]["was_online"] == 1623265029


@pytest.mark.parametrize("length", [0, 1, 3, 253, 254, 70_000])
def test_strings_of_every_length(length: int, tl_string) -> None:
    reader = tl.Reader(tl_string("a" * length) + b"rest")
    assert reader.text() == "a" * length
    assert reader.take(4) == b"rest"


def test_peers_of_both_sizes(tl_write) -> None:
    small = tl_write("peerUser#9db1bc6d", user_id=7)
    large = tl_write("peerChannel#a2a5371e", channel_id=1 << 40)
    assert tl.peer(tl.decode(small, "Peer").fields) == "user7"
    assert tl.peer(tl.decode(large, "Peer").fields) == f"channel{1 << 40}"
    assert tl.peer(0) is None


def test_unknown_constructor_says_its_number_and_keeps_what_was_read(tl_write) -> None:
    media = b"\xef\xbe\xad\xde" + bytes(20)
    data = tl_write("message#9815cec8", id=5, peer_id=peer(tl_write), date=1, message="tekst", media=media)
    read = tl.decode(data, "Message")
    assert isinstance(read.fault, tl.Unknown)
    assert read.fault.constructor == 0xDEADBEEF
    assert "message.media" in str(read.fault)
    assert read.fields["message"] == "tekst"


def test_object_of_another_type_is_refused(tl_write) -> None:
    data = tl_write("message#9815cec8", id=5, peer_id=b"\xb5\x75\x72\x99", date=1, message="tekst")
    assert "unknown constructor" in str(tl.decode(data, "Message").fault)
    other = tl_write("messageMediaEmpty#3ded6320")
    data = tl_write("message#9815cec8", id=5, peer_id=other, date=1, message="tekst")
    assert "where Peer belongs" in str(tl.decode(data, "Message").fault)


def test_cut_anywhere_is_a_fault_and_never_an_error(tl_write) -> None:
    data = tl_write("message#9815cec8", id=5, peer_id=peer(tl_write), date=1, message="nešto duže", ttl_period=60)
    for size in range(len(data)):
        assert tl.decode(data[:size], "Message").fault is not None


def test_long_list_of_nothing_is_refused() -> None:
    text = struct.pack("<I", 0x2144CA19) + b"\xff" * 4  # no constructor of the type asked for
    assert tl.decode(text, "Message").fault is not None
    with pytest.raises(tl.NotTL, match="more than the bytes left"):
        tl.Reader(struct.pack("<II", tl.VECTOR, 0x7FFFFFFF)).field(tl.Field("x", "", 0, "Vector", "int"), "x")


def test_endless_nesting_ends(tl_write) -> None:

    head = next(c for c in tl.schema().values() if c.name == "textBold").number
    text = struct.pack("<I", head) * 100_000
    assert "nested deeper" in str(tl.decode(text, "RichText").fault)


def test_padding_must_be_zero() -> None:
    with pytest.raises(tl.NotTL, match="padded"):
        tl.Reader(b"\x01a\x00\x01").text()


def peer(tl_write) -> bytes:
    return tl_write("peerUser#59511722", user_id=900)
