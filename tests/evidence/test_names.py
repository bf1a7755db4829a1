from __future__ import annotations

import json

import pytest

from forensics.evidence import names


@pytest.mark.parametrize(
    ("stored", "path", "notes"),
    [
        (b"a/b.txt", "a/b.txt", ()),
        (b"/private/var/mobile/sms.db", "private/var/mobile/sms.db", (names.ABSOLUTE,)),
        (b"C:/Users/x", "C:/Users/x", (names.ABSOLUTE,)),
        (b"../../etc/passwd", "etc/passwd", (names.PARENT,)),
        (b"a/../b", "a/b", (names.PARENT,)),
        (b"./a//b", "a/b", ()),
        (b"..", "(no name)", (names.PARENT, names.EMPTY)),
        (b"", "(no name)", (names.EMPTY,)),
        (b"ok/\x01c\n", "ok/\ufffdc\ufffd", (names.ODD,)),
        ("gpj.\u202etxt".encode(), "gpj.\u202etxt", (names.ODD,)),
        ("نامه\u200cها".encode(), "نامه\u200cها", ()),
        (b"a\\..\\w", "a\\..\\w", (names.BACKSLASH,)),
        (b"CON", "CON", ()),
        (b"trailing. ", "trailing. ", ()),
        (b"x" * 300, "x" * 300, ()),
    ],
)
def test_what_a_stored_name_shows_as(stored: bytes, path: str, notes: tuple[str, ...]):
    name = names.shown(stored)
    assert (name.path, name.notes) == (path, notes)
    assert name.raw_name == (None if path == stored.decode() else stored.decode())


def test_backslashes_of_windows_are_folders():
    name = names.shown(b"a\\..\\..\\w.db", windows=True)
    assert (name.path, name.raw_name, name.notes) == ("a/w.db", "a\\..\\..\\w.db", (names.PARENT,))
    assert names.shown(b"a/b\\c", windows=True).path == "a/b\\c"


def test_composed_and_decomposed_letters_stay_two_names():
    assert names.shown("é".encode()).path != names.shown("e\u0301".encode()).path


def test_bytes_that_are_not_utf8_are_kept_as_hex():
    cyrillic = "Фото.jpg".encode("cp1251")
    name = names.shown(cyrillic, legacy="cp437")
    assert name.raw_name == cyrillic.hex()
    assert name.notes == (names.NOT_UTF8,)
    assert names.shown(b"\xff\xfe.bin").path == "\ufffd\ufffd.bin"


def test_surrogates_reach_neither_path_nor_raw_name():
    name = names.shown(b"\xed\xa0\x80.txt")
    assert name.raw_name == "eda0802e747874"
    json.dumps([name.path, name.raw_name], ensure_ascii=False).encode("utf-8")
