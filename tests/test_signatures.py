"""Types of files by their first bytes."""

import struct

import pytest

from forensics import signatures, testing
from forensics.signatures import SIGNATURES, UNKNOWN, Kind, sniff


@pytest.mark.parametrize(
    ("offset", "mark", "kind"), SIGNATURES, ids=[f"{kind.words} at {at}" for at, _, kind in SIGNATURES]
)
def test_signatures(offset, mark, kind):
    assert sniff(b"\x01" * offset + mark + b"\x01" * 300) == kind


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (testing.database("CREATE TABLE a (b);"), "application/vnd.sqlite3"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf", "image/heif"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video/quicktime"),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", "image/avif"),
    ],
)
def test_containers(head, mime):
    assert sniff(head).mime == mime


@pytest.mark.parametrize(
    ("text", "mime"),
    [
        ('{"a": 1}', "application/json"),
        ('\n  {\n "a": 1}', "application/json"),
        ("{}", "application/json"),
        ("{", "application/json"),
        ("[]", "application/json"),
        ("[1, 2]", "application/json"),
        ('\ufeff[{"a": 1}]', "application/json"),
        ("[-1.5e3 ,", "application/json"),
        ("[null]", "application/json"),
        ("[27/10/2025, 08:15] Nenad: Stižem", "text/plain"),
        ("[27.10.25, 08:15:00] Nenad: Stižem", "text/plain"),
        ("[2025-10-27, 08:15:00] Nenad: Stižem", "text/plain"),
        ("[Nenad] Stižem", "text/plain"),
        ("{name: 5}", "text/plain"),
        ("<?xml version='1.0'?><a/>", "text/xml"),
        ("<map>\n</map>", "text/xml"),
        ("<!DOCTYPE html><p>", "text/html"),
        ("<html><body>", "text/html"),
        ("BEGIN:VCARD\r\nVERSION:3.0", "text/vcard"),
        ("27.10.2025, 08:15 - Nenad: Stižem", "text/plain"),
        ("Date,Amount\n2025-01-01,5", "text/plain"),
        ("ж" * 3000, "text/plain"),
    ],
)
def test_text(text, mime):
    assert sniff(text.encode()[:4096]).mime == mime


def test_text_in_utf16():
    assert sniff("\ufeffžena".encode("utf-16-le")).mime == "text/plain"
    assert sniff('\ufeff{"a": 1}'.encode("utf-16-be")).mime == "application/json"


@pytest.mark.parametrize("cut", range(4))
def test_text_cut_within_a_character(cut):
    assert sniff(("x" + "😀" * 1024).encode()[: 4093 - cut]).mime == "text/plain"


def test_control_characters_that_somebody_pasted():
    """One in a message would otherwise make the whole chat a file that nobody reads."""
    assert sniff(("<html><head><title>Ana \x10 Ben</title>" + "poruka " * 100).encode()).mime == "text/html"
    assert sniff(('{"text": "a\x07b"' + ' "poruka"' * 100).encode()).mime == "application/json"
    assert sniff(b"\0\1\2\3 text").mime != "text/plain"


def test_nothing():
    assert sniff(b"") == Kind("inode/x-empty", "empty file")


@pytest.mark.parametrize("length", range(1, 40))
def test_heads_of_any_length(length):
    for fill in (b"\0", b"\xff", b"RIFF", b"\0\0\0\x20ftyp", b"{", b"\xff\xfe", b"\xef\xbb\xbf"):
        kind = sniff((fill * 40)[:length])
        assert kind.mime
        assert kind.words


def test_libmagic_is_asked_for_the_rest():
    flac = b"fLaC\0\0\0\x22" + bytes(60)
    elf = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 2, 62, 1) + bytes(40)
    assert sniff(flac).mime == "audio/flac"
    assert "ELF" in sniff(elf).words


def test_without_libmagic_the_own_table_still_works(monkeypatch):
    monkeypatch.setattr(signatures, "libmagic", lambda: "libmagic cannot be loaded: gone")
    assert sniff(b"\xff\xd8\xff").mime == "image/jpeg"
    assert sniff(b"\0\x01\x02\x03") == Kind(UNKNOWN, "unknown (libmagic cannot be loaded: gone)")


def test_a_failing_libmagic_is_said(monkeypatch):
    class Failing:
        def from_buffer(self, head):
            raise RuntimeError("magic file is damaged")

    monkeypatch.setattr(signatures, "libmagic", lambda: (Failing(), Failing()))
    assert sniff(b"\0\x01\x02\x03") == Kind(UNKNOWN, "unknown (libmagic: magic file is damaged)")
