from __future__ import annotations

import io
import os
import tarfile
import zipfile
from functools import partial
from pathlib import Path

import pytest

from forensics.evidence.limits import Budget
from forensics.evidence.open import HEAD, archive_kind
from forensics.evidence.source import Entry, Source, SourceError


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def kind_of(content: bytes) -> str | None:
    return archive_kind(content[:HEAD], partial(io.BytesIO, content))


def test_content_decides_not_the_name(tmp_path, opened):
    for name, content, kind in [
        ("photo.jpg", zipped({"a": b"1"}), "zip"),
        ("export.zip", b"no archive at all", "file"),
        ("backup.dat", tarred({"a": b"1"}), "tar"),
        ("backup.zip", tarred({"a": b"1"}, "w:gz"), "tar.gz"),
        ("nothing", b"", "file"),
    ]:
        (tmp_path / name).write_bytes(content)
        source = opened(tmp_path / name)
        assert (source.kind, source.name) == (kind, name)
        assert isinstance(source, Source)
    assert opened(tmp_path).kind == "folder"


@pytest.mark.parametrize("mode", ["gz", "bz2", "xz"])
def test_compressed_tar_is_told_from_other_compressed_files(mode):
    assert kind_of(tarred({"a": os.urandom(3000)}, f"w:{mode}")) == f"tar.{mode}"
    compress = {"gz": "gzip", "bz2": "bz2", "xz": "lzma"}[mode]
    assert kind_of(__import__(compress).compress(b"a log, not a tar\n" * 100)) is None


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"", "word/document.xml": b""}, "office document"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "open document or book"),
        ({"classes.dex": b"", "AndroidManifest.xml": b""}, "Android package"),
        ({"META-INF/MANIFEST.MF": b"", "A.class": b""}, "Java archive"),
    ],
)
def test_documents_and_programs_in_zip_form_stay_files(members, kind, tmp_path, opened):
    content = zipped(members)
    assert kind_of(content) is None
    (tmp_path / "given").write_bytes(content)
    source = opened(tmp_path / "given")
    (entry,) = source.walk()
    assert source.kind == "file"
    assert isinstance(entry, Entry)
    assert entry.notes == (f"{kind}, not opened as an archive",)


def test_an_export_that_holds_a_document_is_still_an_archive():
    assert kind_of(zipped({"export/AndroidManifest.xml": b"", "export/[Content_Types].xml": b""})) == "zip"


def test_garbage_is_no_archive():
    for content in (
        b"",
        b"PK",
        b"\x1f\x8b",
        b"BZh9",
        b"\xfd7zXZ\x00",
        b"\x28\xb5\x2f\xfd",
        b"\0" * 4096,
        b"\xff" * 600,
    ):
        assert kind_of(content) is None


def test_single_file(tmp_path, opened, picture, age):
    given = tmp_path / "given" / "msgstore.db"
    given.parent.mkdir()
    given.write_bytes(b"content")
    age(given.parent)
    before = picture(given.parent)
    source = opened(given)
    (entry,) = source.walk()
    assert (entry.path, entry.size, source.local(entry)) == ("msgstore.db", 7, given.resolve())
    assert source.open(entry).read() == b"content"
    assert picture(given.parent) == before


def test_an_archive_found_inside_keeps_the_name_it_had(tmp_path, opened):
    (tmp_path / "ab12").write_bytes(zipped({"a": b"1"}))
    assert opened(tmp_path / "ab12", name="chats.zip").name == "chats.zip"


def test_one_budget_holds_for_archives_inside_archives(tmp_path, opened):
    (tmp_path / "a.zip").write_bytes(zipped({"a": b"1"}))
    shared = Budget(10)
    assert opened(tmp_path / "a.zip", budget=shared).budget is shared


def test_errors_say_what_to_do_next(tmp_path, opened):
    with pytest.raises(SourceError, match="no such file or folder"):
        opened(tmp_path / "missing")
    with pytest.raises(SourceError, match="cannot be opened"):
        opened(Path("null\0byte"))


@pytest.mark.skipif(os.name == "nt", reason="needs a FIFO")
def test_a_pipe_is_no_evidence(tmp_path, opened):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="Give a file or a folder"):
        opened(tmp_path / "pipe")


def test_file_system_zips_of_real_phones(corpus, reading):
    """Members of real iOS exports, against the standard library's reading of them."""
    archives = sorted((corpus / "chats" / "ios-fullfs-zip").glob("*.zip"))
    assert archives
    for path in archives:
        read = reading(path)
        with zipfile.ZipFile(path) as archive:
            assert read.content == {name: archive.read(name) for name in archive.namelist() if name[-1:] != "/"}
        assert not read.skipped
        assert not read.faults
