"""The writers behind the sample data: SQLite files and logs, coins, photos."""

import importlib
import random
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture(scope="module", autouse=True)
def story_can_be_imported() -> Iterator[None]:
    sys.path.insert(0, str(SAMPLE_DATA))
    yield
    sys.path.remove(str(SAMPLE_DATA))


@pytest.fixture
def sqlite_file() -> ModuleType:
    return importlib.import_module("story.sqlite_file")


@pytest.fixture
def coins() -> ModuleType:
    return importlib.import_module("story.coins")


def filled() -> sqlite3.Connection:
    """A database whose trees have several levels, with every kind of value."""
    chance = random.Random(7)
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE note (_id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT UNIQUE, size REAL, body BLOB, any)")
    db.execute("CREATE TABLE main (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)")
    db.execute("CREATE INDEX note_any ON note (any, size)")
    for number in range(1500):
        values = (f"запис {number} ç", chance.choice([None, 2.5, -7]), chance.randbytes(chance.randrange(400)))
        other = chance.choice([None, number, -number, "x", 2**40, -(2**62), b"\0", 0.5])
        db.execute("INSERT INTO note (text, size, body, any) VALUES (?, ?, ?, ?)", (*values, other))
        db.execute("INSERT INTO main VALUES (?, ?)", (chance.randbytes(60), b"value"))
    return db


def content(db: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    queries = (
        "SELECT rowid, * FROM note",
        "SELECT rowid, * FROM main",
        "SELECT any, size FROM note ORDER BY any, size",
    )
    return [db.execute(query).fetchall() for query in queries]


def test_database_reads_back(sqlite_file: ModuleType, tmp_path: Path) -> None:
    db = filled()
    (tmp_path / "x.db").write_bytes(sqlite_file.main_file(sqlite_file.snapshot(db, sqlite_file.Layout())))
    again = sqlite3.connect(tmp_path / "x.db")
    assert again.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert content(again) == content(db)


def test_log_leads_from_one_state_to_the_next(sqlite_file: ModuleType, tmp_path: Path) -> None:
    db, layout = filled(), sqlite_file.Layout()
    before = content(db)
    states = [sqlite_file.snapshot(db, layout, wal=True)]
    db.execute("DELETE FROM note WHERE _id = 700")
    states.append(sqlite_file.snapshot(db, layout, wal=True))
    db.execute("UPDATE note SET any = 'changed' WHERE _id = 3")
    db.execute("INSERT INTO note (text) VALUES ('only in the log')")
    states.append(sqlite_file.snapshot(db, layout, wal=True))
    for name in ("old.db", "new.db"):
        (tmp_path / name).write_bytes(sqlite_file.main_file(states[0]))
    log = sqlite_file.write_ahead_log(states, b"saltsalt")
    (tmp_path / "new.db-wal").write_bytes(log)
    assert len(log) < len(sqlite_file.main_file(states[0])) / 2
    assert content(sqlite3.connect(tmp_path / "old.db")) == before
    new = sqlite3.connect(tmp_path / "new.db")
    assert content(new) == content(db) != before
    assert new.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_record_that_needs_an_overflow_page_is_refused(sqlite_file: ModuleType) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE long (text TEXT)")
    db.execute("INSERT INTO long VALUES (?)", ("x" * 5000,))
    with pytest.raises(AssertionError, match="overflow"):
        sqlite_file.snapshot(db, sqlite_file.Layout())


def test_ripemd160_vectors(coins: ModuleType) -> None:
    """The vectors of the algorithm's authors."""
    assert coins.ripemd160(b"").hex() == "9c1185a5c5e9fc54612808977ee8f548b2258d31"
    assert coins.ripemd160(b"abc").hex() == "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"
    assert coins.ripemd160(b"1234567890" * 8).hex() == "9b752e45573d4b39f4dbd3323cab82bf63326bfb"


def test_public_derivation_of_bip32(coins: ModuleType) -> None:
    """BIP 32, test vector 2: the master public key and its child 0."""
    x = 0xCBCAA9C98C877A26977D00825C956A238E8DDDFBD322CCE4F74B0B5BD6ACE4A7
    y = pow(x**3 + 7, (coins.P + 1) // 4, coins.P)
    chain_code = bytes.fromhex("60499f801b896d83179a4374aeb7822aaeaceaa0db1f85ee3e904c4defbd9689")
    master = coins.Account((x, y if y % 2 else coins.P - y), chain_code, 0, bytes(4), 0)
    assert master.serialised(coins.XPUB) == (
        "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB"
    )
    assert master.child(0).serialised(coins.XPUB) == (
        "xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH"
    )


def test_segwit_address_of_bip173(coins: ModuleType) -> None:
    address = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    assert coins.segwit_address(coins.compressed(coins.G)) == address
    assert coins.program_of(address).hex() == "751e76e8199196d454941c45d1b3a323f1433bd6"


def test_descriptor_checksum_of_bip380(coins: ModuleType) -> None:
    assert coins.descriptor_checksum("raw(deadbeef)") == "89f8spxm"


def test_points_are_on_the_curve_and_differ(coins: ModuleType) -> None:
    points = {coins.point_from(str(number)) for number in range(5)}
    assert len(points) == 5
    assert all((y * y - x**3 - 7) % coins.P == 0 for x, y in points)


def test_photo_is_a_baseline_jpeg_of_its_size() -> None:
    jpeg = importlib.import_module("story.jpeg")
    content = jpeg.jpeg([[(200, 30, 30)] * 5] * 3)
    assert content[:4] == b"\xff\xd8\xff\xe0"
    frame = content.index(b"\xff\xc0")
    assert content[frame + 5 : frame + 9] == bytes((0, 24, 0, 40))
    assert content[-2:] == b"\xff\xd9"
