from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.evidence import names
from forensics.evidence.limits import Limits
from forensics.evidence.source import Skipped, SourceError, Unreadable

posix_only = pytest.mark.skipif(os.name == "nt", reason="needs links, FIFOs and byte names")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    root = tmp_path / "export"
    (root / "data" / "deep").mkdir(parents=True)
    (root / "data.txt").write_bytes(b"beside")
    (root / "data" / "b.txt").write_bytes(b"bee")
    (root / "data" / "deep" / "a.txt").write_bytes(b"ay")
    (root / "data" / "empty").touch()
    return root


def denied(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The system refuses one name, whoever runs the test."""
    system = os.open

    def guarded(path, flags, *more, **named):
        if os.path.basename(os.fspath(path)) == name:
            raise PermissionError(13, "Permission denied")
        return system(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", guarded)


def test_files_come_sorted_by_path(export, reading):
    read = reading(export)
    assert read.order == ["data.txt", "data/b.txt", "data/deep/a.txt", "data/empty"]
    assert read.order == sorted(read.order)
    assert read.content == {
        "data.txt": b"beside",
        "data/b.txt": b"bee",
        "data/deep/a.txt": b"ay",
        "data/empty": b"",
    }


def test_times_are_utc_to_the_microsecond_and_unset_is_none(export, reading):
    os.utime(export / "data.txt", ns=(0, 1_700_000_000_123_456_789))
    os.utime(export / "data" / "b.txt", ns=(0, 0))
    read = reading(export)
    assert read.entry("data.txt").modified_at == datetime(2023, 11, 14, 22, 13, 20, 123456, tzinfo=UTC)
    assert read.entry("data/b.txt").modified_at is None


@posix_only
def test_links_pipes_and_sockets_are_recorded_and_not_followed(export, reading, tmp_path):
    """H-11: a loop, a link out of the evidence, a FIFO and a socket."""
    (tmp_path / "outside.txt").write_bytes(b"not evidence")
    (export / "data" / "loop").symlink_to("..")
    (export / "out").symlink_to("../outside.txt")
    os.mkfifo(export / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(export / "sock"))
        read = reading(export)
    assert [(s.path, s.kind, s.message, s.detail) for s in read.skipped] == [
        ("data/loop", "not_read", "symbolic link, not followed", ".."),
        ("out", "not_read", "symbolic link, not followed", "../outside.txt"),
        ("pipe", "not_read", "FIFO, not followed", None),
        ("sock", "not_read", "socket, not followed", None),
    ]
    assert len(read.entries) == 4


@posix_only
def test_a_name_that_is_not_utf8_opens_and_keeps_its_bytes(export, reading):
    (Path(os.fsdecode(os.fsencode(export) + b"/data/\xff\xfe.bin"))).write_bytes(b"odd")
    read = reading(export)
    entry = read.entry("data/\ufffd\ufffd.bin")
    assert entry.raw_name == b"data/\xff\xfe.bin".hex()
    assert entry.notes == (names.NOT_UTF8,)
    assert read.content[entry.path] == b"odd"


@posix_only
def test_control_characters_in_a_name_open_and_are_noted(export, reading):
    (export / "a\nb").write_bytes(b"line")
    read = reading(export)
    assert read.entry("a\ufffdb").raw_name == "a\nb"
    assert read.content["a\ufffdb"] == b"line"


def test_an_unreadable_folder_is_recorded_and_the_rest_is_read(export, reading, monkeypatch):
    denied(monkeypatch, "deep")
    read = reading(export)
    assert [(s.path, s.kind, s.message) for s in read.skipped] == [("data/deep", "not_read", "folder cannot be listed")]
    assert read.order == ["data.txt", "data/b.txt", "data/deep", "data/empty"]


def test_an_unreadable_file_is_an_entry_that_does_not_open(export, opened, monkeypatch):
    denied(monkeypatch, "b.txt")
    source = opened(export)
    entry = next(item for item in source.walk() if item.path == "data/b.txt")
    with pytest.raises(Unreadable, match="Permission denied"):
        source.open(entry)


@posix_only
def test_a_folder_turned_into_a_link_is_not_followed(export, opened, tmp_path):
    source = opened(export)
    entry = next(item for item in source.walk() if item.path == "data/b.txt")
    (export / "data").rename(tmp_path / "moved")
    (export / "data").symlink_to(tmp_path / "moved")
    with pytest.raises(Unreadable, match="link out of the evidence"):
        source.open(entry)


@posix_only
def test_a_file_turned_into_a_pipe_does_not_hang(export, opened):
    source = opened(export)
    entry = next(item for item in source.walk() if item.path == "data/b.txt")
    (export / "data" / "b.txt").unlink()
    os.mkfifo(export / "data" / "b.txt")
    with pytest.raises(Unreadable, match="not a regular file"):
        source.open(entry)


def test_sparse_and_oversized_files(export, reading):
    """H-11: 10 TB that are not there must not be read for hours."""
    with (export / "sparse").open("wb") as file:
        file.truncate(4 << 20)
    with (export / "vast").open("wb") as file:
        file.truncate(10 << 40)
    read = reading(export, limits=Limits(member=1 << 40))
    if os.stat(export / "sparse").st_blocks * 512 < 4 << 20:
        assert read.entry("sparse").notes == ("sparse file",)
    assert [(s.path, s.kind) for s in read.skipped] == [("vast", "limit")]


def test_too_many_files_stop_with_a_record(export, opened):
    found = list(opened(export, limits=Limits(members=2)).walk())
    assert [item.path for item in found] == ["data.txt", "data/b.txt", "data/deep/a.txt"]
    assert isinstance(found[-1], Skipped)
    assert found[-1].kind == "limit"


def test_an_empty_folder_is_no_error(tmp_path, reading):
    (tmp_path / "nothing").mkdir()
    assert reading(tmp_path / "nothing").order == []


def test_a_folder_that_cannot_be_listed_says_so(export, opened, monkeypatch):
    denied(monkeypatch, "export")
    with pytest.raises(SourceError, match="Check the permissions"):
        opened(export)


def test_local_gives_the_file_itself(export, opened):
    source = opened(export)
    entry = next(iter(source.walk()))
    assert source.local(entry) == (export / "data.txt").resolve()


@posix_only
def test_evidence_is_unchanged(export, reading, picture, age):
    (export / "data" / "loop").symlink_to("..")
    age(export)
    before = picture(export)
    reading(export)
    assert picture(export) == before
