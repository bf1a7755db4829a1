"""Berkeley DB files built page by page, whole and damaged."""

import io
import struct

import pytest
from forensics_plugins.wallets.berkeley_db import BerkeleyDb, Damaged

from . import bdb

RECORDS = [(f"key {n:02}".encode(), f"value {n}".encode()) for n in range(10)]


def walk(data):
    database = BerkeleyDb(io.BytesIO(data))
    return [(record.key, record.value) for record in database.records(b"main")], database.problems


@pytest.mark.parametrize("order", ["<", ">"])
def test_records_in_either_byte_order(order):
    assert walk(bdb.file(RECORDS, order)) == (RECORDS, [])


def test_long_value_on_overflow_pages():
    long = bytes(range(256)) * 8
    assert walk(bdb.file([(b"long", long), (b"short", b"s")])) == ([(b"long", long), (b"short", b"s")], [])


def test_deleted_record_is_marked():
    database = BerkeleyDb(io.BytesIO(bdb.file(RECORDS, deleted=(3,))))
    assert [r.key for r in database.records(b"main") if r.deleted] == [b"key 03"]


def test_offset_leads_to_the_key():
    data = bdb.file(RECORDS)
    for record in BerkeleyDb(io.BytesIO(data)).records(b"main"):
        length, kind = struct.unpack_from("<HB", data, record.offset)
        assert (kind, data[record.offset + 3 : record.offset + 3 + length]) == (1, record.key)


def test_no_such_database():
    assert list(BerkeleyDb(io.BytesIO(bdb.file(RECORDS, name=b"other"))).records(b"main")) == []


def test_empty_database():
    assert walk(bdb.file([])) == ([], [])


@pytest.mark.parametrize("data", [b"", b"\0" * 511, b"\0" * 512, b"SQLite format 3\0" + b"\0" * 600])
def test_not_a_database(data):
    with pytest.raises(Damaged):
        BerkeleyDb(io.BytesIO(data))


def test_absurd_page_size():
    data = bytearray(bdb.file(RECORDS))
    struct.pack_into("<I", data, 20, 513)
    with pytest.raises(Damaged, match="513"):
        BerkeleyDb(io.BytesIO(data))


def test_cut_file_gives_what_is_before_the_cut():
    data = bdb.file(RECORDS)
    found, problems = walk(data[: 5 * 512])
    assert found == RECORDS[:4]
    assert [p.message for p in problems] == [
        "page 5: it lies beyond the end of the file",
        "page 6: it lies beyond the end of the file",
    ]
    assert problems[0].record == "offset 0xa00"


def test_page_that_leads_back_to_the_root():
    data = bytearray(bdb.file(RECORDS))
    leaf = struct.pack("<I", 5)
    at = data.index(leaf, 3 * 512 + 100, 4 * 512)
    data[at : at + 4] = struct.pack("<I", 3)
    found, problems = walk(bytes(data))
    assert found == RECORDS[:4] + RECORDS[8:]
    assert [(p.kind, p.message) for p in problems] == [("hostile", "page 3 is reached twice")]


def test_overflow_chain_that_never_ends():
    data = bytearray(bdb.file([(b"long", b"x" * 2000)]))
    last = max(n for n in range(len(data) // 512) if data[n * 512 + 25] == bdb.OVERFLOW)
    struct.pack_into("<IIHH", data, last * 512 + 12, 0, last, 1, 0)
    found, problems = walk(bytes(data))
    assert found == []
    assert "is reached twice" in problems[0].message


def test_value_of_absurd_size():
    data = bytearray(bdb.file([(b"long", b"x" * 2000)]))
    at = data.index(struct.pack("<I", 2000))
    struct.pack_into("<I", data, at, 0xFFFFFFFF)
    found, problems = walk(bytes(data))
    assert found == []
    assert "4,294,967,295 bytes" in problems[0].message


def test_item_outside_its_page():
    data = bytearray(bdb.file(RECORDS[:2]))
    struct.pack_into("<H", data, 4 * 512 + 26, 9000)
    found, problems = walk(bytes(data))
    assert found == RECORDS[1:2]
    assert "outside the page" in problems[0].message


def test_more_items_than_a_page_holds():
    data = bytearray(bdb.file(RECORDS[:2]))
    struct.pack_into("<H", data, 4 * 512 + 20, 60000)
    found, problems = walk(bytes(data))
    assert found == []
    assert "60000 items" in problems[0].message
