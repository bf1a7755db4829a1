"""The file format read by hand, against what SQLite says of its own files."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from forensics.sqlite.carve import local_size, record_header, whole_cell
from forensics.sqlite.pages import (
    Header,
    Node,
    NotADatabase,
    Pages,
    freelist,
    journal_images,
    log_images,
    varint,
    varint_size,
)


def built(path, *scripts, **pragmas):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma, value in pragmas.items():
            connection.execute(f"PRAGMA {pragma}={value}")
        for script in scripts:
            connection.executescript(script)
    return path


MANY = """
CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT);
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT i, 'row ' || i FROM n;
"""


@pytest.mark.parametrize(
    ("value", "raw"),
    [(0, "00"), (127, "7f"), (128, "8100"), (16383, "ff7f"), (2**32, "9080808000"), (2**64 - 1, "ffffffffffffffffff")],
)
def test_varints(value, raw):
    data = bytes.fromhex(raw)
    assert varint(data + bytes(9), 0) == (value, len(data))
    assert varint_size(value) == len(data)


def test_header(tmp_path):
    path = built(tmp_path / "a.db", MANY, page_size=1024, encoding="'UTF-16le'")
    header = Header.of(path.read_bytes()[:100])
    assert (header.page_size, header.usable, header.codec) == (1024, 1024, "utf-16-le")
    assert header.pages == path.stat().st_size // 1024


@pytest.mark.parametrize("head", [b"", b"SQLite format 3\0", b"SQLite format 3\0" + bytes(84), b"\xff" * 100])
def test_no_header(head):
    with pytest.raises(NotADatabase):
        Header.of(head)


def test_freelist_is_what_sqlite_counts(tmp_path):
    path = built(tmp_path / "a.db", MANY, "DELETE FROM t;", secure_delete="OFF", page_size=512)
    with closing(sqlite3.connect(path)) as connection:
        [count] = connection.execute("PRAGMA freelist_count").fetchone()
    with closing(Pages(path)) as pages:
        trunks, leaves = freelist(pages)
    assert len(trunks) + len(leaves) == count > 60
    assert sum(trunks.values()) == len(leaves)


def test_freelist_that_bites_its_tail(tmp_path):
    path = built(tmp_path / "a.db", MANY, "DELETE FROM t;")
    content = bytearray(path.read_bytes())
    trunk = int.from_bytes(content[32:36], "big")
    at = (trunk - 1) * 4096
    content[at : at + 4] = trunk.to_bytes(4, "big")
    path.write_bytes(content)
    with closing(Pages(path)) as pages:
        assert freelist(pages)[0].keys() == {trunk}


def test_cells_of_a_leaf(tmp_path):
    path = built(
        tmp_path / "a.db", "CREATE TABLE t (a INTEGER PRIMARY KEY, b, c); INSERT INTO t VALUES (-3, 1.5, 'tekst');"
    )
    with closing(Pages(path)) as pages:
        page = pages[2]
        node = Node.of(page, 2, 4096)
    cell = whole_cell(page + bytes(16), node.pointers[0], 4096, 4096)
    assert (cell.rowid, cell.serials, cell.end) == (-3, (0, 7, 23), 4096)
    assert page[cell.body + 8 : cell.end] == b"tekst"


def test_pages_that_are_none():
    for page in (bytes(4096), b"\x0d" + b"\xff" * 4095, b"\x0d\0\0\xff\xff" + bytes(4091), b"\x0d"):
        assert Node.of(page, 2, 4096) is None


def test_freeblocks_that_point_back():
    page = bytearray(4096)
    page[0] = 0x0D
    page[1:3], page[5:7] = (4000).to_bytes(2, "big"), (3000).to_bytes(2, "big")
    page[4000:4004] = (3900).to_bytes(2, "big") + (16).to_bytes(2, "big")
    page[3900:3904] = (4000).to_bytes(2, "big") + (16).to_bytes(2, "big")
    node = Node.of(bytes(page), 2, 4096)
    assert [(area.start, area.end) for area in node.areas(bytes(page), 4096)] == [(4000, 4016)]


def test_record_headers_that_are_none():
    assert record_header(b"\x02\x0a" + bytes(16), 0, 18) is None  # serial type 10 is not in use
    assert record_header(b"\x03\x01\x81\x01" + bytes(16), 0, 18) is None  # a serial type across the header's end
    assert record_header(b"\x7f" + bytes(30), 0, 18) is None  # longer than there is room


def test_what_of_a_payload_stays_on_its_page():
    assert local_size(4061, 4096, False) == 4061
    assert local_size(4062, 4096, False) == 489 + (4062 - 489) % 4092 if (4062 - 489) % 4092 + 489 <= 4061 else 489
    assert local_size(100_000, 4096, False) <= 4061


def logged(path, *scripts):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    for script in scripts:
        connection.executescript(script)
    log = path.with_name("log")
    log.write_bytes(Path(f"{path}-wal").read_bytes())
    connection.close()
    return log


def test_frames_of_a_log_and_of_the_one_before(tmp_path):
    path = built(tmp_path / "a.db", MANY)
    log = logged(path, "UPDATE t SET body = 'x';", "PRAGMA wal_checkpoint(RESTART);", "DELETE FROM t WHERE id = 1;")
    header = Header.of(path.read_bytes()[:100])
    images = list(log_images(log, header))
    assert len({image.group for image in images}) == 2
    assert images[0].group != images[-1].group
    assert images[0].number in range(1, header.pages + 1)
    assert sum(image.commit for image in images) == 2


def test_frame_with_changed_bytes_is_left_out(tmp_path):
    path = built(tmp_path / "a.db", MANY)
    log = logged(path, "UPDATE t SET body = 'x';")
    header = Header.of(path.read_bytes()[:100])
    whole = list(log_images(log, header))
    content = bytearray(log.read_bytes())
    content[whole[1].offset + 100] ^= 0xFF
    log.write_bytes(content)
    assert whole[1] not in list(log_images(log, header))


@pytest.mark.parametrize("zeroed", [False, True])
def test_records_of_a_journal(tmp_path, zeroed):
    path = built(tmp_path / "a.db", MANY)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=PERSIST")
    connection.executescript("BEGIN; UPDATE t SET body = 'x' WHERE id < 400;")
    before = path.read_bytes()
    if zeroed:
        connection.execute("COMMIT")
    journal = tmp_path / "journal"
    journal.write_bytes(Path(f"{path}-journal").read_bytes())
    connection.close()
    header = Header.of(before[:100])
    images = list(journal_images(journal, header))
    if zeroed:
        assert journal.read_bytes()[:28] == bytes(28)
        assert len(images) > 2
    for image in images:
        at = (image.number - 1) * header.page_size
        assert journal.read_bytes()[image.offset :][: header.page_size] == before[at : at + header.page_size]
