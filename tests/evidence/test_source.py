from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from forensics.evidence.source import DamagedMember, Entry, MemberStream, Skipped


def damaged_after(*chunks: bytes) -> Iterator[bytes]:
    yield from chunks
    raise DamagedMember("the rest is missing")


def test_entry_survives_json():
    entry = Entry(
        path="a/б.db",
        size=7,
        raw_name="/a/б.db",
        modified_at=datetime(2024, 2, 29, 12, 0, 0, 250, tzinfo=UTC),
        modified_local=datetime(2024, 2, 29, 13, 0),
        locator={"index": 3, "offset": 99},
        notes=("absolute name",),
    )
    assert Entry.from_dict(json.loads(json.dumps(entry.to_dict()))) == entry


def test_skipped_survives_json():
    skipped = Skipped("a", "not_read", "symbolic link, not followed", "../b")
    assert Skipped.from_dict(json.loads(json.dumps(skipped.to_dict()))) == skipped


def test_stream_delivers_good_bytes_before_the_error():
    stream = MemberStream(damaged_after(b"abc", b"", b"defg"))
    assert stream.read(2) == b"ab"
    assert stream.read(100) == b"cdefg"
    with pytest.raises(DamagedMember, match="rest is missing"):
        stream.read(1)
    assert isinstance(stream.fault, DamagedMember)


def test_reading_all_at_once_never_passes_a_part_for_the_whole():
    with pytest.raises(DamagedMember):
        MemberStream(damaged_after(b"abc")).read()
    assert MemberStream(iter([b"abc", b"d"])).read() == b"abcd"


def test_stream_can_be_buffered_and_read_as_text():
    lines = io.TextIOWrapper(io.BufferedReader(MemberStream(iter([b"one\ntw", b"o\n"]))), "utf-8")
    assert list(lines) == ["one\n", "two\n"]
