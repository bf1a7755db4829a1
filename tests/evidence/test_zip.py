"""Zip archives, honest and hostile. H-numbers: see `forensics.evidence`."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.evidence import names
from forensics.evidence.hashing import digest_copy
from forensics.evidence.limits import Limits
from forensics.evidence.source import DamagedMember, EncryptedMember, LimitReached

NOISE = random.Random(1).randbytes(300_000)
STORED, DEFLATED, BZIP2, LZMA = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA


def info(name: str, **fields: object) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, (2023, 5, 6, 7, 8, 10))
    made.create_system = 3
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def zipped(*members: tuple[zipfile.ZipInfo | str, bytes], method: int = STORED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = comment
        for member, content in members:
            archive.writestr(info(member) if isinstance(member, str) else member, content, method)
    return out.getvalue()


def encrypted(content: bytes, password: bytes, name: str = "secret.txt") -> bytes:
    """A zip with one member under the traditional cipher: the standard library only reads it."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        table.append(value)
    keys = [0x12345678, 0x23456789, 0x34567890]

    def turn(byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ table[(keys[0] ^ byte) & 0xFF]
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ table[(keys[2] ^ keys[1] >> 24) & 0xFF]

    for byte in password:
        turn(byte)
    sealed = bytearray()
    for byte in bytes(11) + bytes([zlib.crc32(content) >> 24]) + content:
        mixed = keys[2] | 2
        sealed.append(byte ^ (mixed * (mixed ^ 1) >> 8 & 0xFF))
        turn(byte)
    data = bytearray(zipped((name, bytes(sealed))))
    local, central = 0, data.index(b"PK\x01\x02")
    for start, flags in ((local, 6), (central, 8)):
        data[start + flags] |= 1
        struct.pack_into("<L", data, start + flags + 8, zlib.crc32(content))
        struct.pack_into("<L", data, start + flags + 16, len(content))
    return bytes(data)


@pytest.fixture
def archive(tmp_path: Path):
    def write(content: bytes) -> Path:
        path = tmp_path / "export.zip"
        path.write_bytes(content)
        return path

    return write


# honest archives


@pytest.mark.parametrize("method", [STORED, DEFLATED, BZIP2, LZMA])
def test_content_of_each_method(method, archive, reading):
    text = "".join(f"line {n}\n" for n in range(50_000)).encode()
    read = reading(archive(zipped(("b/noise", NOISE), ("a.txt", text), ("empty", b""), method=method)))
    assert read.order == ["a.txt", "b/noise", "empty"]
    assert read.content == {"a.txt": text, "b/noise": NOISE, "empty": b""}
    assert not read.faults


def test_zstandard(archive, reading, monkeypatch):
    zstandard = pytest.importorskip("zstandard")
    squeezed = zstandard.compress(b"hello" * 999)
    data = bytearray(zipped(("a", squeezed)))
    for start, method in ((0, 8), (data.index(b"PK\x01\x02"), 10)):
        struct.pack_into("<H", data, start + method, 93)
        struct.pack_into("<L", data, start + method + 6, zlib.crc32(b"hello" * 999))
        struct.pack_into("<L", data, start + method + 14, 5 * 999)
    assert reading(archive(data)).content == {"a": b"hello" * 999}
    monkeypatch.setattr("forensics.evidence.expand.has_zstd", lambda: False)
    (skipped,) = reading(archive(data)).skipped
    assert (skipped.kind, skipped.message) == ("not_read", "compression method 93 is not supported")


def test_zip64_comment_and_bytes_in_front(archive, reading):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        with made.open("big", "w", force_zip64=True) as member:
            member.write(b"sixty-four")
        made.comment = b"a comment that says PK\x05\x06 itself"
    assert reading(archive(out.getvalue())).content == {"big": b"sixty-four"}
    assert reading(archive(b"PK\x03\x04" + b"x" * 500 + zipped(("a", b"after a stub")))).content == {
        "a": b"after a stub"
    }


def test_zip64_end_record(archive, reading):
    data = zipped(("a", b"content"))
    end = data.index(b"PK\x05\x06")
    count, size, offset = struct.unpack("<HLL", data[end + 10 : end + 20])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    overflowed = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert reading(archive(data[:end] + record + locator + overflowed)).content == {"a": b"content"}


def test_times_with_a_zone_and_without(archive, reading):
    stamped = info("unix", extra=struct.pack("<HHBl", 0x5455, 5, 1, 1_700_000_000))
    unset = info("unset", extra=struct.pack("<HHBl", 0x5455, 5, 1, 0), date_time=(1980, 1, 1, 0, 0, 0))
    ntfs = struct.pack("<HHLHHQQQ", 10, 32, 0, 1, 24, 133_444_736_000_000_000, 0, 0)
    read = reading(archive(zipped((stamped, b""), (unset, b""), (info("ntfs", extra=ntfs), b""), ("plain", b""))))
    assert read.entry("unix").modified_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert read.entry("ntfs").modified_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert read.entry("unset").modified_at is None
    assert read.entry("plain").modified_at is None
    assert read.entry("plain").modified_local == datetime(2023, 5, 6, 7, 8, 10)


def test_an_entry_opens_again_from_its_dict_alone(archive, opened):
    path = archive(zipped(("a", b"again"), method=DEFLATED))
    (entry,) = opened(path).walk()
    again = type(entry).from_dict(entry.to_dict())
    assert opened(path).open(again).read() == b"again"


def test_evidence_is_unchanged(tmp_path, reading, picture, age):
    (tmp_path / "given").mkdir()
    path = tmp_path / "given" / "export.zip"
    path.write_bytes(zipped(("/private/a", b"1"), ("../b", b"2"), method=DEFLATED))
    age(path.parent)
    before = picture(path.parent)
    reading(path)
    assert picture(path.parent) == before


# names


def test_names_are_data(archive, reading, tmp_path, work):
    """H-1: parent references, absolute names, control characters; nothing is written anywhere."""
    stored = ["../../x", "/private/var/mobile/sms.db", "C:/w", "ok/\x01c", "CON", "dot. "]
    read = reading(archive(zipped(*((name, name.encode()) for name in stored))))
    assert {entry.path: (entry.raw_name, entry.notes) for entry in read.entries} == {
        "x": ("../../x", (names.PARENT,)),
        "private/var/mobile/sms.db": ("/private/var/mobile/sms.db", (names.ABSOLUTE,)),
        "C:/w": (None, (names.ABSOLUTE,)),
        "ok/\ufffdc": ("ok/\x01c", (names.ODD,)),
        "CON": (None, ()),
        "dot. ": (None, ()),
    }
    assert sorted(read.content.values()) == sorted(name.encode() for name in stored)
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "export.zip", work]


def test_backslashes_are_folders_only_where_the_archive_comes_from_windows(archive, reading):
    """H-1"""
    windows = info("a\\..\\..\\w", create_system=0)
    read = reading(archive(zipped((windows, b"win"), ("b\\c", b"unix"))))
    assert read.content == {"a/w": b"win", "b\\c": b"unix"}
    assert read.entry("a/w").notes == (names.PARENT,)
    assert read.entry("b\\c").notes == (names.BACKSLASH,)


def test_two_members_of_one_name_stay_two(archive, opened):
    """H-2"""
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = archive(zipped(("sms.db", b"first"), ("sms.db", b"second"), ("/sms.db", b"third")))
    source = opened(path)
    found = list(source.walk())
    assert [(e.path, e.locator["index"], e.notes[-1]) for e in found] == [
        ("sms.db", 0, names.DUPLICATE),
        ("sms.db", 1, names.DUPLICATE),
        ("sms.db", 2, names.DUPLICATE),
    ]
    assert [source.open(entry).read() for entry in found] == [b"first", b"second", b"third"]


def test_a_badly_encoded_name_does_not_close_the_archive(archive, reading):
    """H-10: the standard library refuses the whole archive."""
    data = zipped(("good", b"1"), ("AAAA", b"2")).replace(b"AAAA", b"\xff\xfe\xc3\x28")
    data = bytearray(data)
    data[data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1) + 9] |= 0x08
    with pytest.raises(UnicodeDecodeError):
        zipfile.ZipFile(io.BytesIO(data))
    read = reading(archive(data))
    assert sorted(read.content.values()) == [b"1", b"2"]
    (odd,) = [entry for entry in read.entries if names.NOT_UTF8 in entry.notes]
    assert odd.raw_name == "fffec328"


@pytest.mark.parametrize("page", ["cp437", "cp852", "cp1251", "cp866"])
def test_names_in_old_code_pages_keep_their_bytes(page, archive, reading):
    """H-10"""
    name = {"cp437": "Übung", "cp852": "Šabac", "cp1251": "Фото", "cp866": "Фото"}[page].encode(page)
    data = zipped(("A" * len(name), b"1")).replace(b"A" * len(name), name)
    (entry,) = reading(archive(data)).entries
    assert entry.raw_name == name.hex()
    assert entry.path == name.decode("cp437")


def test_utf8_names_without_the_flag_are_read_as_such(archive, reading):
    name = "чат.txt".encode()
    data = zipped(("A" * len(name), b"1")).replace(b"A" * len(name), name)
    assert reading(archive(data)).content == {"чат.txt": b"1"}


# lies about sizes, bombs


def test_a_member_larger_than_it_declares_is_read_to_its_end(archive, reading):
    """H-3: the standard library gives nothing but an error."""
    content = b"declared as ten bytes " * 10_000
    data = bytearray(zipped(("a", content), method=DEFLATED))
    struct.pack_into("<L", data, 22, 10)
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 24, 10)
    read = reading(archive(data))
    assert read.entry("a").size == 10
    assert read.content["a"] == content
    assert read.faults["a"] == "damaged: declares 10 bytes, holds 220,000"


def test_a_wrong_checksum_keeps_the_content(archive, reading):
    """H-3"""
    data = bytearray(zipped(("a", b"content" * 1000), method=DEFLATED))
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 16, 12345)
    read = reading(archive(data))
    assert read.content["a"] == b"content" * 1000
    assert read.faults["a"] == "damaged: the checksum does not agree with the content"


def test_damage_in_the_middle_keeps_what_came_before(archive, reading):
    """H-3"""
    data = bytearray(zipped(("a", NOISE + b"\0" * 100_000 + NOISE), ("b", b"next"), method=DEFLATED))
    data[400_000:400_100] = b"\xff" * 100
    read = reading(archive(data))
    assert read.content["a"][:300_000] == NOISE
    assert read.faults["a"].startswith("damaged: ")
    assert read.content["b"] == b"next"


def many_names_for_one(data: bytes, count: int) -> bytes:
    """The directory repeated: `count` entries over one local member."""
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entries = b"".join(data[start:end].replace(b"bomb", b"%04d" % n) for n in range(count))
    return data[:start] + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)


def test_a_thousand_names_for_one_content_are_read_once(archive, opened):
    """H-4: 48 KB that claim to be 1 GB."""
    source = opened(archive(many_names_for_one(zipped(("bomb", bytes(1 << 20)), method=DEFLATED), 1000)))
    found = list(source.walk())
    assert len(found) == 1000
    assert source.open(found[0]).read() == bytes(1 << 20)
    assert {(item.kind, item.message) for item in found[1:]} == {
        ("hostile", "shares its bytes with member 0, which was read")
    }


def test_overlapping_members_are_read_until_they_claim_more_than_there_is(archive, opened):
    """H-4: members whose ranges overlap; a lie about one size must not hide the next member."""
    data = bytearray(zipped(("first", b"1" * 500), ("second", b"2" * 500)))
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 20, 800)
    source = opened(archive(data))
    _, second = source.walk()
    assert second.notes == ("overlaps another member",)
    assert source.open(second).read() == b"2" * 500

    nested = bytearray(zipped(*((f"{n:03}", b"PK" * 400) for n in range(100))))
    place = 0
    for n in range(100):
        place = nested.index(b"PK\x01\x02", place + 1)
        struct.pack_into("<L", nested, place + 20, (100 - n) * 800)
    found = list(opened(archive(nested)).walk())
    refused = [item for item in found if getattr(item, "kind", "") == "hostile"]
    assert len(found) == 100
    assert len(refused) > 90


def test_ratio_bomb_stops_and_keeps_its_beginning(archive, opened):
    """H-5"""
    path = archive(zipped(("zeros", bytes(40 << 20)), method=DEFLATED))
    source = opened(path)
    (entry,) = source.walk()
    digest = digest_copy(source.open(entry))
    assert 10 << 20 <= digest.size <= 11 << 20
    assert str(digest.fault).startswith("expands more than 200 times: limit `ratio` reached")
    assert isinstance(digest.fault, LimitReached)
    free = opened(path, limits=Limits(ratio=5000))
    assert digest_copy(free.open(entry)).size == 40 << 20


def test_limits_of_a_member_and_of_the_whole_cut_to_the_byte(archive, opened):
    """H-5"""
    path = archive(zipped(("a", b"a" * 5000), ("b", b"b" * 5000), method=DEFLATED))
    source = opened(path, limits=Limits(member=1000))
    stream = source.open(next(iter(source.walk())))
    assert stream.read(9999) == b"a" * 1000
    with pytest.raises(LimitReached, match="limit `member`"):
        stream.read(1)

    source = opened(path, limits=Limits(total=7000))
    first, second = source.walk()
    assert source.open(first).read() == b"a" * 5000
    stream = source.open(second)
    assert stream.read(9999) == b"b" * 2000
    with pytest.raises(LimitReached, match="limit `total`"):
        stream.read(1)


def test_too_many_members_stop_with_a_record(archive, reading):
    read = reading(archive(zipped(*((f"{n}", b"") for n in range(20)))), limits=Limits(members=5))
    assert len(read.entries) == 5
    assert [(s.kind, s.message) for s in read.skipped] == [
        ("limit", "more than 5 members: limit `members`, the rest was not read")
    ]


# what is no plain file


def test_links_and_pipes_are_recorded_with_their_target(archive, reading):
    """H-6"""
    link = info("link", external_attr=(stat.S_IFLNK | 0o777) << 16)
    pipe = info("pipe", external_attr=(stat.S_IFIFO | 0o600) << 16)
    read = reading(archive(zipped((link, b"../../etc/passwd"), (pipe, b""), ("folder/", b""), ("a", b"1"))))
    assert [(s.path, s.kind, s.message, s.detail) for s in read.skipped] == [
        ("link", "not_read", "symbolic link, not followed", "../../etc/passwd"),
        ("pipe", "not_read", "FIFO, not followed", None),
    ]
    assert read.content == {"a": b"1"}


def test_content_hidden_under_the_name_of_a_folder_is_read(archive, reading):
    data = zipped(("folder_", b"hidden")).replace(b"folder_", b"folder/")
    read = reading(archive(data))
    assert read.content == {"folder": b"hidden"}
    assert read.entry("folder").notes == ("file under a folder name",)


def test_unknown_method_costs_one_member(archive, reading):
    """H-9"""
    data = bytearray(zipped(("a", b"1"), ("b", b"2")))
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 10, 9)
    read = reading(archive(data))
    assert [(s.path, s.kind, s.message) for s in read.skipped] == [
        ("a", "not_read", "compression method 9 is not supported")
    ]
    assert read.content == {"b": b"2"}


def test_passwords(archive, reading):
    """H-9: the archive is checked with the standard library first."""
    data = encrypted(b"the plan" * 50, b"geheim")
    assert zipfile.ZipFile(io.BytesIO(data)).read("secret.txt", pwd=b"geheim") == b"the plan" * 50
    assert reading(archive(data), passwords=["wrong", "geheim"]).content == {"secret.txt": b"the plan" * 50}
    for passwords, said in (((), "no password was given"), (("a", "b"), "none of 2 passwords fits")):
        (skipped,) = reading(archive(data), passwords=passwords).skipped
        assert (skipped.path, skipped.kind, skipped.message) == ("secret.txt", "encrypted", f"encrypted: {said}")


def test_a_password_that_passes_the_check_byte_by_chance_is_not_the_one(archive, reading):
    """H-9: one in 256 does."""
    data = encrypted(b"the plan" * 50, b"geheim")
    many = [f"guess {n}" for n in range(1500)]
    assert reading(archive(data), passwords=[*many, "geheim"]).content == {"secret.txt": b"the plan" * 50}


def test_aes_and_strong_encryption_are_said_to_be(archive, opened):
    """H-9"""
    data = bytearray(zipped(("aes", b"x" * 50), ("strong", b"y" * 50)))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 1)
    struct.pack_into("<HH", data, first + 8, 1, 99)
    struct.pack_into("<H", data, second + 8, 0x41)
    assert [(s.path, s.kind) for s in opened(archive(data), passwords=["a"]).walk()] == [
        ("aes", "encrypted"),
        ("strong", "encrypted"),
    ]
    assert EncryptedMember.kind == "encrypted"


# broken archives


def test_a_cut_off_directory_is_replaced_by_a_search(archive, reading):
    """H-9: the end is missing; sizes stand in the local headers, or follow the content."""
    text = b"text " * 9999
    data = zipped(("a.txt", text), ("b/c", NOISE), method=DEFLATED)
    read = reading(archive(data[: data.index(b"PK\x01\x02") + 20]))
    assert [(s.path, s.kind) for s in read.skipped] == [("", "damaged")]
    assert read.content == {"a.txt": text, "b/c": NOISE}
    assert not read.faults
    assert read.entry("a.txt").notes == ("found without directory",)

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", DEFLATED) as made:
        made.writestr("a.txt", text)
        made.writestr("b/c", NOISE)
    streamed = out.getvalue()
    read = reading(archive(streamed[: streamed.index(b"PK\x01\x02")]))
    assert read.content == {"a.txt": text, "b/c": NOISE}
    assert read.entry("b/c").notes == ("found without directory", "size not declared")


def test_a_member_cut_off_by_the_end_gives_what_is_there(archive, reading):
    """H-9"""
    data = zipped(("a", b"1" * 100), ("noise", NOISE))
    read = reading(archive(data[:200_000]))
    assert read.content["a"] == b"1" * 100
    assert read.content["noise"] == NOISE[: len(read.content["noise"])]
    assert len(read.content["noise"]) > 199_000
    assert read.faults["noise"].startswith("damaged: declares 300,000 bytes")


def test_a_lie_in_a_local_header_does_not_hide_what_follows(archive, reading):
    """H-9"""
    wide = struct.pack("<HHQQ", 1, 16, 1 << 63, (1 << 64) - 1)
    data = bytearray(zipped((info("a", extra=wide), b"1"), ("b", b"2")))
    struct.pack_into("<LL", data, 18, 0xFFFFFFFF, 0xFFFFFFFF)
    read = reading(archive(data[: data.index(b"PK\x01\x02")]))
    assert read.content["b"] == b"2"
    assert read.content["a"].startswith(b"1")
    assert read.faults["a"].startswith("damaged: declares 9,223,372,036,854,775,808 bytes")


def test_a_directory_that_breaks_off_is_completed_by_the_search(archive, reading):
    """H-9"""
    data = bytearray(zipped(("a", b"1"), ("b", b"2"), ("c", b"3")))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[second : second + 4] = b"XXXX"
    read = reading(archive(data))
    assert read.content == {"a": b"1", "b": b"2", "c": b"3"}
    assert read.skipped[0].message == "the directory announces 3 members and holds 1"


def test_a_directory_that_points_nowhere(archive, opened):
    """H-9"""
    data = bytearray(zipped(("a", b"1"), ("b", b"2")))
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 42, 20)
    source = opened(archive(data))
    first, second = source.walk()
    with pytest.raises(DamagedMember, match="local header is missing"):
        source.open(first)
    assert source.open(second).read() == b"2"


def test_no_random_damage_raises_anything_else(archive, opened):
    """Bytes flipped anywhere give entries, records or a MemberError, nothing else and no hang."""
    whole = zipped(("a", b"1" * 300), ("b/c", NOISE[:500]), method=DEFLATED, comment=b"c")
    chance = random.Random(7)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        _ = read_quietly(opened(archive(bytes(data[: chance.randint(30, len(data))]))))


def read_quietly(source) -> int:
    total = 0
    for entry in source.walk():
        if hasattr(entry, "locator"):
            try:
                with source.open(entry) as stream:
                    total += len(stream.read(1 << 20))
                    stream.read(1)
            except (DamagedMember, LimitReached, EncryptedMember):
                pass
    return total
