from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from forensics.evidence.hashing import digest_copy
from forensics.evidence.source import DamagedMember, MemberStream


def damaged_after(*chunks: bytes) -> Iterator[bytes]:
    yield from chunks
    raise DamagedMember("the rest is missing")


def test_one_read_gives_both_hashes_and_a_copy():
    copy = io.BytesIO()
    digest = digest_copy(io.BytesIO(b"x" * (3 << 20)), copy)
    assert (digest.size, len(copy.getvalue()), digest.fault) == (3 << 20, 3 << 20, None)
    assert digest_copy(io.BytesIO()).md5 == "d41d8cd98f00b204e9800998ecf8427e"


def test_digest_of_a_damaged_stream_is_that_of_its_good_part():
    copy = io.BytesIO()
    digest = digest_copy(MemberStream(damaged_after(b"abc")), copy)
    assert (digest.size, copy.getvalue(), digest.fault.kind if digest.fault else None) == (3, b"abc", "damaged")
    assert digest.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest.md5 == "900150983cd24fb0d6963f7d28e17f72"


def test_digest_of_a_failing_disk_is_a_fault_and_a_full_disk_is_not():
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    digest = digest_copy(Broken())
    assert str(digest.fault) == "reading stopped after 0 bytes: Input/output error"
    with pytest.raises(OSError, match="No space left"):
        digest_copy(io.BytesIO(b"abc"), Broken())
