"""Attachments joined with the files that they are."""

import hashlib

import pandas as pd
import pytest

from forensics import ingest, open_case
from forensics.joins import attachment_files

PLUGIN = '''
from forensics import hookimpl, parser
from forensics.tables import ATTACHMENTS

@parser("sent", files=["sent.txt"])
def sent(file):
    """Lines of path and SHA-256.

    Reads: both. Not read: nothing. Seen on: nothing. Source: this test. Tier: unexercised
    """
    for number, line in enumerate(file.text().splitlines(), 1):
        path, _, digest = line.partition(" ")
        cells = {"message_id": number, "stored_path": path, "sha256": digest or None, "record": f"line {number}"}
        yield from ATTACHMENTS.rows([cells])

@hookimpl
def forensics_parsers():
    return [sent]
'''
PICTURE, OTHER = b"\xff\xd8\xff picture", b"\xff\xd8\xff other"
HASH = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Two phones: on the first the app's list and two of its pictures, on the second a copy of one under another name."""
    root = tmp_path_factory.mktemp("joined")
    plugin = root / "sent_plugin.py"
    plugin.write_text(PLUGIN, "utf-8")
    for place, content in {
        "one/sent.txt": f"media/1.jpg {HASH.upper()}\nmedia/2.jpg {HASH}\nmedia/3.jpg {HASH}\nmedia/4.jpg\nmedia/5.jpg".encode(),
        "one/app/media/1.jpg": PICTURE,
        "one/app/media/2.jpg": OTHER,
        "one/app/media/4.jpg": OTHER,
        "two/DCIM/copy.jpg": PICTURE,
    }.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_bytes(content)
    for device in ("one", "two"):
        ingest(root / "x.case", [root / device], workers=1, plugins=(str(plugin),))
    return open_case(root / "x.case")


@pytest.fixture(scope="module")
def linked(case):
    return attachment_files(case.attachments, case.files)


def of(linked, number):
    rows = linked[linked["message_id"] == str(number)]
    shown = rows[["by", "file_evidence", "file_path", "hash_agrees"]]
    return [tuple(None if pd.isna(value) else value for value in row) for row in shown.itertuples(index=False)]


def test_by_path_and_by_hash(linked):
    assert of(linked, 1) == [
        ("path and hash", "one", "app/media/1.jpg", True),
        ("hash", "two", "DCIM/copy.jpg", True),
    ]


def test_another_file_in_its_place_is_seen(linked):
    assert ("path", "one", "app/media/2.jpg", False) in of(linked, 2)


def test_by_hash_alone_in_any_evidence(linked):
    assert of(linked, 3) == [("hash", "one", "app/media/1.jpg", True), ("hash", "two", "DCIM/copy.jpg", True)]


def test_without_a_stated_hash_nothing_is_said_of_it(linked):
    assert of(linked, 4) == [("path", "one", "app/media/4.jpg", None)]


def test_what_is_nowhere_keeps_its_row(linked):
    assert of(linked, 5) == [(None, None, None, None)]
    row = linked[linked["message_id"] == "5"].iloc[0]
    assert (row["present"], row["record"], row["path"]) == (False, "line 5", "sent.txt")


def test_nothing_with_nothing(case):
    assert len(attachment_files(case.attachments.head(0), case.files)) == 0
    assert set(attachment_files(case.attachments, case.files.head(0))["by"].isna()) == {True}
