"""Tar archives, honest and hostile. H-numbers: see `forensics.evidence`."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.evidence import names
from forensics.evidence.hashing import digest_copy
from forensics.evidence.limits import Budget, Limits
from forensics.evidence.source import Entry
from forensics.evidence.tar import TarSource
from forensics.evidence.terms import Terms

NOISE = random.Random(2).randbytes(300_000)
FORMATS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", mtime: float = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mtime = kind, link, mtime
    return made


def tarred(*members: tuple[tarfile.TarInfo | str, bytes], form: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for given, content in members:
            made = member(given) if isinstance(given, str) else given
            made.size = len(content)
            archive.addfile(made, io.BytesIO(content))
    return out.getvalue()


def resized(header: bytes, size: int) -> bytes:
    """A header block that declares another size, in base-256, with its checksum put right."""
    block = bytearray(header)
    block[124:136] = (size & (1 << 96) - 1 | (0 if size < 0 else 0x80 << 88)).to_bytes(12, "big")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


@pytest.fixture
def archive(tmp_path: Path):
    def write(content: bytes) -> Path:
        path = tmp_path / "export.tar"
        path.write_bytes(content)
        return path

    return write


def zstandard(data: bytes) -> bytes:
    return pytest.importorskip("zstandard").compress(data)


COMPRESSIONS = [bytes, gzip.compress, bz2.compress, lzma.compress, zstandard]
KINDS = ["tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"]
each_compression = pytest.mark.parametrize(("compress", "kind"), list(zip(COMPRESSIONS, KINDS, strict=True)), ids=KINDS)


@each_compression
def test_content(compress, kind, archive, opened, reading):
    path = archive(
        compress(tarred(("b/noise", NOISE), ("a.txt", b"ay"), (member("d", tarfile.DIRTYPE), b""), ("z", b"")))
    )
    assert opened(path).kind == kind
    read = reading(path)
    assert read.order == ["a.txt", "b/noise", "z"]
    assert read.content == {"a.txt": b"ay", "b/noise": NOISE, "z": b""}
    assert not read.faults


@each_compression
def test_an_entry_opens_again_from_its_dict_alone(compress, kind, archive, opened):
    path = archive(compress(tarred(("a", NOISE))))
    (entry,) = opened(path).walk()
    again = opened(path)
    assert again.open(Entry.from_dict(entry.to_dict())).read() == NOISE
    local = again.local(entry)
    assert local is None if kind == "tar" else local.read_bytes() == NOISE


@pytest.mark.parametrize("form", FORMATS)
def test_long_names_and_times(form, archive, reading):
    long = "d" * 90 + "/" + "é" * 40
    read = reading(archive(tarred((member(long, mtime=1_700_000_000.5), b"1"), ("unset", b""), form=form)))
    fraction = 500_000 if form == tarfile.PAX_FORMAT else 0
    assert read.entry(long).modified_at == datetime(2023, 11, 14, 22, 13, 20, fraction, tzinfo=UTC)
    assert read.entry("unset").modified_at is None


def test_very_long_names(archive, reading):
    long = "/".join(["x" * 100] * 9)
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        assert reading(archive(tarred((long, b"1"), ("a", b"2"), form=form))).content == {long: b"1", "a": b"2"}


def test_concatenated_archives_are_read_to_the_end(archive, reading):
    read = reading(archive(tarred(("a", b"1")) + tarred(("b", b"2"))))
    assert read.content == {"a": b"1", "b": b"2"}
    assert not read.skipped


@each_compression
def test_evidence_is_unchanged(compress, kind, tmp_path, reading, picture, age):
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "x").write_bytes(compress(tarred(("../a", b"1"), ("/private/b", b"2"))))
    age(tmp_path / "given")
    before = picture(tmp_path / "given")
    reading(tmp_path / "given" / "x")
    assert picture(tmp_path / "given") == before


@each_compression
def test_hostile_members(compress, kind, archive, reading, work, tmp_path):
    """H-7: names that climb, links, devices; unpacked content lies under its hash and nowhere else."""
    path = archive(
        compress(
            tarred(
                ("../x", b"climbs"),
                ("/private/var/sms.db", b"absolute"),
                (member("link", tarfile.SYMTYPE, "../../etc/passwd"), b""),
                (member("hard-to-link", tarfile.LNKTYPE, "link"), b""),
                (member("self", tarfile.LNKTYPE, "self"), b""),
                (member("hard", tarfile.LNKTYPE, "../x"), b""),
                (member("tty", tarfile.CHRTYPE), b""),
                (member("disk", tarfile.BLKTYPE), b""),
                (member("pipe", tarfile.FIFOTYPE), b""),
            )
        )
    )
    read = reading(path)
    assert read.content == {"x": b"climbs", "private/var/sms.db": b"absolute", "hard": b"climbs"}
    assert (read.entry("x").raw_name, read.entry("x").notes) == ("../x", (names.PARENT,))
    assert read.entry("private/var/sms.db").notes == (names.ABSOLUTE,)
    assert read.entry("hard").notes == ("hard link",)
    assert [(s.path, s.kind, s.message, s.detail) for s in read.skipped] == [
        ("disk", "not_read", "block device, not followed", None),
        ("hard-to-link", "not_read", "hard link, not followed", "link"),
        ("link", "not_read", "symbolic link, not followed", "../../etc/passwd"),
        ("pipe", "not_read", "FIFO, not followed", None),
        ("self", "not_read", "hard link, not followed", "self"),
        ("tty", "not_read", "character device, not followed", None),
    ]
    assert {p.parent for p in tmp_path.rglob("*") if p.is_file()} <= {tmp_path, *work.iterdir()}
    assert len(list(work.rglob("*/*"))) == (0 if kind == "tar" else 2)


def test_two_members_of_one_name_stay_two(archive, opened):
    """H-2"""
    for compress in (bytes, gzip.compress):
        source = opened(archive(compress(tarred(("a", b"first"), ("b", b""), ("a", b"second")))))
        first, second, _ = source.walk()
        assert (first.path, second.path) == ("a", "a")
        assert first.notes == second.notes == (names.DUPLICATE,)
        assert [source.open(entry).read() for entry in (first, second)] == [b"first", b"second"]


@pytest.mark.parametrize("size", [-1, -256, -512, -(1 << 40)])
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_negative_size(size, compress, archive, reading):
    """H-8: the standard library walks backwards, some versions for ever."""
    data = tarred(("first", b"1"), ("evil", b"x" * 600), ("last", b"2"))
    start = data.index(b"evil")
    data = data[:start] + resized(data[start : start + 512], size) + data[start + 512 :]
    read = reading(archive(compress(data)))
    assert read.content == {"first": b"1", "last": b"2"}
    assert [(s.path, s.kind, s.message) for s in read.skipped] == [
        ("", "damaged", "not a tar header; looked for the next one"),
        ("evil", "hostile", f"declares a size of {size:,} bytes"),
    ]


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_a_size_beyond_the_end(compress, archive, reading):
    """H-8"""
    data = tarred(("first", b"1"), ("evil", b"x" * 512))
    start = data.index(b"evil")
    data = data[:start] + resized(data[start : start + 512], 1 << 37) + data[start + 512 :]
    read = reading(archive(compress(data)))
    assert read.content["first"] == b"1"
    assert read.content["evil"].startswith(b"x" * 512)
    assert read.faults == {"evil": "damaged: cut short: the archive ends before the member does"}
    assert [(s.path, s.kind) for s in read.skipped] == [("", "damaged")]


@pytest.mark.parametrize("kind", [b"L", b"K", b"x", b"g"])
def test_a_name_record_that_would_fill_the_memory(kind, archive, reading):
    """H-8: such records are read into memory whole by others."""
    data = resized(member("evil", kind).tobuf(), 1 << 40) + tarred(("a", b"1"))
    read = reading(archive(data))
    assert [(s.path, s.kind, s.message) for s in read.skipped] == [
        ("", "damaged", "the archive ends without its end mark: it may be cut short"),
        ("evil", "hostile", "oversized name record"),
    ]


@pytest.mark.parametrize(
    "record", [b"", b"12 path=", b"99 path=x\n", b"-5 path=x\n", b"9 size=-9\n", b"8 size=\n", b"\xff"]
)
def test_damaged_pax_records(record, archive, opened):
    pax = member("pax", b"x")
    pax.size = len(record)
    data = pax.tobuf() + (record.ljust(512, b"\0") if record else b"") + tarred(("a", b"1"))
    source = opened(archive(data))
    for item in source.walk():
        assert item.path == "a"


def test_a_bad_header_costs_only_itself(archive, reading):
    """H-9"""
    data = bytearray(tarred(("a", b"1"), ("b", b"2"), ("c", b"3")))
    data[1024 + 150] ^= 1
    read = reading(archive(bytes(data)))
    assert read.content == {"a": b"1", "c": b"3"}
    assert [(s.kind, s.message, s.detail) for s in read.skipped] == [
        ("damaged", "not a tar header; looked for the next one", "offset 0x400")
    ]


@each_compression
def test_cut_short(compress, kind, archive, reading):
    """H-9"""
    whole = compress(tarred(("a", b"1" * 600), ("noise", NOISE)))
    read = reading(archive(whole[: len(whole) * 2 // 3]))
    if kind != "tar.bz2":  # its first block holds the whole archive
        assert read.content["a"] == b"1" * 600
        assert NOISE.startswith(read.content["noise"])
        assert len(read.content["noise"]) > (100_000 if kind != "tar.zst" else -1)
        assert read.faults["noise"].startswith("damaged: ")
    assert [(s.path, s.kind) for s in read.skipped] == [("", "damaged")] or kind == "tar.bz2"


def test_bomb(archive, reading):
    """H-5"""
    path = archive(gzip.compress(tarred(("a", b"1"), ("zeros", bytes(40 << 20)), ("b", b"2")), 9))
    read = reading(path)
    assert read.content["a"] == b"1"
    assert 9 << 20 < len(read.content["zeros"]) < 11 << 20
    assert read.faults["zeros"].startswith("limit: expands more than 200 times")
    assert [(s.path, s.kind) for s in read.skipped] == [("", "limit")]
    assert reading(path, limits=Limits(ratio=5000)).content["b"] == b"2"


def test_limits_of_member_total_and_count(archive, reading):
    """H-5"""
    path = archive(gzip.compress(tarred(("a", NOISE), ("b", b"2"), ("c", b"3"))))
    read = reading(path, limits=Limits(member=1000))
    assert [(s.path, s.kind) for s in read.skipped] == [("a", "limit")]
    assert read.content == {"b": b"2", "c": b"3"}

    read = reading(path, limits=Limits(total=1000))
    assert read.content == {"a": NOISE[: 1000 - 512]}
    assert read.faults["a"] == "limit: the evidence expands to more than 1,000 bytes: limit `total` reached"

    read = reading(path, limits=Limits(members=1))
    assert read.content == {"a": NOISE}
    assert [(s.kind, s.message) for s in read.skipped] == [
        ("limit", "more than 1 members: limit `members`; what follows was not read")
    ]


def test_a_full_work_disk_is_a_limit_and_leaves_no_draft(archive, reading, work, monkeypatch):
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("forensics.evidence.tar.os.replace", full)
    read = reading(archive(gzip.compress(tarred(("a", b"1")))))
    assert [(s.kind, s.message) for s in read.skipped] == [
        ("limit", "cannot be unpacked into the work folder: No space left on device; what follows was not read")
    ]
    assert not [path for path in work.rglob("*") if path.is_file()]


def test_names_that_are_not_utf8(archive, reading):
    """H-10"""
    name = "Фото.jpg".encode("cp1251")
    data = tarred(("A" * len(name), b"1"))
    header = data[:512].replace(b"A" * len(name), name)
    read = reading(archive(resized(header, 1) + data[512:]))
    (entry,) = read.entries
    assert (entry.raw_name, entry.notes) == (name.hex(), (names.NOT_UTF8,))


def test_sparse_members_are_said_not_to_be_read(archive, reading):
    """A sparse member of GNU tar, with a map that runs over into a second block."""
    sparse = bytearray(member("holes", tarfile.GNUTYPE_SPARSE).tobuf())
    sparse[482] = 1
    header = resized(bytes(sparse), 512)
    read = reading(archive(header + bytes(512) + b"d" * 512 + tarred(("a", b"1"))))
    assert [(s.path, s.kind, s.message) for s in read.skipped] == [
        ("holes", "not_read", "sparse member: not supported")
    ]
    assert read.content == {"a": b"1"}


def test_zstd_without_its_package_is_said(archive, opened, monkeypatch):
    path = archive(zstandard(tarred(("a", b"1"))))
    monkeypatch.setattr("forensics.evidence.expand.has_zstd", lambda: False)
    (skipped,) = opened(path).walk()
    assert (skipped.kind, skipped.message) == (
        "not_read",
        "compressed with zstd: install the package `zstandard` to read it",
    )


@each_compression
def test_no_random_damage_raises_anything_else(compress, kind, archive, work):
    """Bytes flipped anywhere give entries, records or a MemberError, nothing else and no hang."""
    whole = compress(tarred(("a", b"1" * 300), ("d" * 150, NOISE[:2000]), form=tarfile.PAX_FORMAT))
    chance = random.Random(7)
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = archive(bytes(data[: chance.randint(1, len(data))]))
        source = TarSource(path, Terms(work, Limits(), Budget(1 << 30)), kind)
        for item in source.walk():
            if isinstance(item, Entry):
                digest = digest_copy(source.open(item))
                assert digest.size == item.size or (digest.fault and digest.fault.kind == "damaged")
