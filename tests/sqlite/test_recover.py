"""Deleted and older rows: made by SQLite itself, deleted by SQLite itself, and compared with what was deleted."""

import random
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from forensics.sqlite.pages import NotADatabase
from forensics.sqlite.recover import recover
from forensics.sqlite.search import OutOfTime

SCHEMA = "CREATE TABLE message (id INTEGER PRIMARY KEY, chat INTEGER, sent INTEGER, body TEXT, score REAL);"
CLEAN = ("chats/android-whatsapp/msgstore.db", "phone/android/mmssms.db", "wallets/bither/bither-wallet.db")


def message(number, text="stižemo sutra"):
    return (number, number % 7, 1_600_000_000_000 + number, f"{text} {number}", number / 4)


@pytest.fixture
def made(tmp_path):
    """`made(step, ...)`: a database made by steps of SQL, or of SQL and rows, each a transaction; what is freed is not wiped."""

    def make(*steps, pragmas=(), path=tmp_path / "store.db"):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for pragma in ("secure_delete=OFF", *pragmas):
                connection.execute(f"PRAGMA {pragma}")
            for step in steps:
                if isinstance(step, str):
                    connection.executescript(f"BEGIN; {step} COMMIT;")
                else:
                    connection.execute("BEGIN")
                    connection.executemany(*step)
                    connection.execute("COMMIT")
        return path

    return make


def inserted(*numbers, text="stižemo sutra"):
    return "INSERT INTO message VALUES (?, ?, ?, ?, ?)", [message(n, text) for n in numbers]


def found(path, **files):
    return list(recover(path, **files))


def bodies(rows):
    return sorted(row.values[3] for row in rows)


def said(row, originals):
    """The original that a recovered row is, by its time; its values must be the same, but for a lost row id or tail."""
    [original] = [o for o in originals if o[2] == row.values[2]]
    assert all(value in (None, there) for value, there in zip(row.values, original, strict=True))
    return original


def agrees(row, original):
    """Whether a recovered row is the original, but for a row id that was overwritten."""
    return row.values[1:] == original[1:] and row.values[0] in (original[0], None) and row.rowid == row.values[0]


def test_nothing_deleted_nothing_found(made):
    assert found(made(SCHEMA, inserted(*range(1, 2000)))) == []


def test_one_row_in_a_freeblock_has_lost_its_row_id(made):
    [row] = found(made(SCHEMA, inserted(*range(1, 11)), "DELETE FROM message WHERE id = 4;"))
    assert (row.table, row.rowid, row.state, row.origin, row.page) == ("message", None, "freeblock", "main", 2)
    assert row.values == (None, *message(4)[1:])


def test_offset_is_where_the_cell_starts(made):
    path = made(SCHEMA, inserted(*range(1, 11)), "DELETE FROM message WHERE id = 4;")
    [row] = found(path)
    size = int.from_bytes(path.read_bytes()[row.offset + 2 : row.offset + 4], "big")
    assert "stižemo sutra 4".encode() in path.read_bytes()[row.offset : row.offset + size]


@pytest.mark.parametrize("first", [1, 200, 20_000, 3_000_000, 2**40])
def test_row_ids_of_every_length_in_a_freeblock(made, first):
    """How much of a cell the freeblock overwrites depends on the length of its row id."""
    path = made(SCHEMA, inserted(*range(first, first + 10)), f"DELETE FROM message WHERE id = {first + 4};")
    [row] = found(path)
    assert row.values[1:] == message(first + 4)[1:]


@pytest.mark.parametrize("length", [3, 40, 100, 120, 200, 3000])
def test_payloads_of_every_length_in_a_freeblock(made, length):
    text = "x" * length
    steps = inserted(1, 2, 3, text=text), inserted(4), "DELETE FROM message WHERE id = 2;"
    path = made(SCHEMA, *steps, pragmas=["page_size=16384"])
    assert [agrees(row, message(2, text)) for row in found(path)] == [True]


def test_last_row_falls_into_unallocated_space(made):
    [row] = found(made(SCHEMA, inserted(*range(1, 11)), "DELETE FROM message WHERE id = 10;"))
    assert agrees(row, message(10))
    assert row.state == "unallocated"


def test_rows_freed_side_by_side(made):
    path = made(SCHEMA, inserted(*range(1, 21)), "DELETE FROM message WHERE id BETWEEN 5 AND 9;")
    rows = found(path)
    assert bodies(rows) == bodies_of(range(5, 10))
    assert {row.state for row in rows} == {"freeblock"}


def bodies_of(numbers):
    return sorted(message(n)[3] for n in numbers)


@pytest.mark.parametrize("order", [(5, 6, 7), (7, 6, 5), (6, 5, 7), (5, 7, 6)])
def test_rows_freed_one_after_the_other(made, order):
    steps = [f"DELETE FROM message WHERE id = {number};" for number in order]
    assert bodies(found(made(SCHEMA, inserted(*range(1, 21)), *steps))) == bodies_of((5, 6, 7))


def test_emptied_table_lies_on_the_freelist_with_row_ids(made):
    rows = found(made(SCHEMA, inserted(*range(1, 1001)), "DELETE FROM message;"))
    assert {row.state for row in rows} >= {"freelist"}
    assert sum(row.rowid is not None and row.values == message(row.rowid) for row in rows) >= 900
    originals = [message(n) for n in range(1, 1001)]
    assert len({said(row, originals) for row in rows}) == len(rows) >= 950  # trunk pages are written over in part


def test_many_rows_of_a_table_that_lives_on(made):
    path = made(SCHEMA, inserted(*range(1, 3001)), "DELETE FROM message WHERE id BETWEEN 500 AND 2400;")
    rows = found(path)
    gone = [message(n) for n in range(500, 2401)]
    assert len({said(row, gone) for row in rows}) == len(rows) > 0.95 * len(gone)
    assert {row.state for row in rows} >= {"freelist"}


def test_rows_deleted_here_and_there(made):
    path = made(SCHEMA, inserted(*range(1, 2001)), "DELETE FROM message WHERE id % 3 = 0;")
    rows = found(path)
    assert {row.values[1:] for row in rows} == {message(n)[1:] for n in range(3, 2001, 3)}


def test_older_version_of_an_updated_row(made):
    path = made(SCHEMA, inserted(*range(1, 11)), "UPDATE message SET body = 'longer than it was before' WHERE id = 5;")
    assert [agrees(row, message(5)) for row in found(path)] == [True]


@pytest.mark.parametrize("mode", ["NONE", "INCREMENTAL"])
def test_auto_vacuum_that_leaves_the_pages(made, mode):
    path = made(
        SCHEMA, inserted(*range(1, 1001)), "DELETE FROM message WHERE id > 100;", pragmas=[f"auto_vacuum={mode}"]
    )
    rows = found(path)
    assert len({said(row, map(message, range(101, 1001))) for row in rows}) > 790


def test_full_auto_vacuum_and_secure_delete_leave_next_to_nothing(made, tmp_path):
    steps = (SCHEMA, inserted(*range(1, 1001)), "DELETE FROM message WHERE id > 100;")
    path = made(*steps, pragmas=["auto_vacuum=FULL"])
    assert {row.values[1:] for row in found(path)} <= {message(n)[1:] for n in range(101, 1001)}
    assert found(made(*steps, pragmas=["secure_delete=ON"], path=tmp_path / "wiped.db")) == []


@pytest.mark.parametrize("size", [512, 1024, 16384, 65536])
def test_page_sizes(made, size):
    path = made(
        SCHEMA, inserted(*range(1, 301)), "DELETE FROM message WHERE id % 5 = 0;", pragmas=[f"page_size={size}"]
    )
    rows = found(path)
    assert {row.values[1:] for row in rows} <= {message(n)[1:] for n in range(5, 301, 5)}
    assert len(rows) >= 50


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_utf_16(made, encoding):
    path = made(
        SCHEMA, inserted(*range(1, 40)), "DELETE FROM message WHERE id = 7;", pragmas=[f"encoding='{encoding}'"]
    )
    assert [agrees(row, message(7)) for row in found(path)] == [True]


def test_text_over_several_pages(made):
    long = "granica " * 2000
    path = made(SCHEMA, inserted(1, 2), inserted(3, text=long), inserted(4, 5), "DELETE FROM message WHERE id = 3;")
    rows = found(path)
    assert [agrees(row, message(3, long)) for row in rows] in ([True], [])
    made("INSERT INTO message (body) VALUES ('" + "y" * 9000 + "');", path=path)
    for row in found(path):
        assert row.values[3] in (
            None,
            message(3, long)[3],
        )  # a page that is in use again is never taken for the rest of it


def test_table_without_row_ids(made):
    schema = "CREATE TABLE member (chat TEXT, person TEXT, role TEXT, PRIMARY KEY (person, chat)) WITHOUT ROWID;"
    rows = [(f"chat-{n % 9}", f"person-{n:05}", "owner") for n in range(2000)]
    path = made(
        schema, ("INSERT INTO member VALUES (?, ?, ?)", rows), "DELETE FROM member WHERE person > 'person-00500';"
    )
    recovered = found(path)
    assert {row.values for row in recovered} <= set(rows[501:])
    assert len(recovered) > 1000
    assert {row.rowid for row in recovered} == {None}


def test_rows_from_before_a_column_was_added(made):
    path = made(
        SCHEMA,
        inserted(*range(1, 11)),
        "ALTER TABLE message ADD COLUMN starred INTEGER DEFAULT 0;",
        "INSERT INTO message VALUES (11, 1, 2, 'with a star', 1.5, 1);",
        "DELETE FROM message WHERE id = 10;",
    )
    assert [row.values for row in found(path)] == [(None, *message(10)[1:], 0)]


def test_what_a_shrunken_freeblock_holds_is_no_row(made):
    """The space of a deleted row is used again from its end: what is left of it is shorter, and must not be read as a row."""
    schema = "CREATE TABLE note (title TEXT, at INTEGER, extra BLOB);"
    path = made(
        schema,
        ("INSERT INTO note VALUES (?, ?, NULL)", [(f"Committed Text {n}", n) for n in range(1, 9)]),
        "DELETE FROM note WHERE at = 4;",
        "INSERT INTO note VALUES ('short', 9, NULL);",
    )
    assert found(path) == []


def test_two_tables_that_look_alike_are_not_guessed_at(made):
    schema = SCHEMA + SCHEMA.replace("message", "draft")
    path = made(schema, inserted(*range(1, 501)), "DELETE FROM message;")
    assert [row.table for row in found(path) if row.state == "freelist"] in ([], ["message"] * 500)


def test_live_rows_tell_alike_tables_apart(made):
    schema = SCHEMA + "CREATE TABLE draft (id INTEGER PRIMARY KEY, a, b, c, d);"
    draft = "INSERT INTO draft VALUES (?, ?, ?, ?, ?)", [(n, "to", "x", n, b"\1") for n in range(300)]
    path = made(schema, inserted(*range(1, 1001)), draft, "DELETE FROM message WHERE id > 20;")
    assert {row.table for row in found(path)} == {"message"}


def test_rows_moved_by_page_splits_are_no_deleted_rows(made):
    numbers = [n * 7919 % 5003 for n in range(1, 5003)]
    assert found(made(SCHEMA, inserted(*numbers, text="x" * 50))) == []


def in_wal(path, *steps):
    """Run steps in write-ahead mode, each a transaction; the files as they are while the database is still open."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    for step in steps:
        if isinstance(step, str):
            connection.executescript(step)
        else:
            connection.executemany(*step)
    log = Path(f"{path}-wal")
    files = path.read_bytes(), log.read_bytes()
    connection.close()
    path.write_bytes(files[0])
    log = path.with_name("log")
    log.write_bytes(files[1])
    return path, log


def test_versions_within_the_log(made):
    path, log = in_wal(
        made(SCHEMA, inserted(*range(1, 6))),
        "UPDATE message SET body = 'first edit' WHERE id = 3;",
        "UPDATE message SET body = 'second edit' WHERE id = 3;",
        "UPDATE message SET body = 'third edit' WHERE id = 3;",
    )
    rows = found(path, wal=log)
    assert sorted((row.rowid, row.values[3]) for row in rows if row.rowid) == [
        (3, "first edit"),
        (3, "second edit"),
        (3, message(3)[3]),
    ]
    assert {(row.state, row.origin) for row in rows if row.values[3].endswith("edit")} == {("journal", "wal")}


def test_frames_of_an_earlier_generation(made):
    path, log = in_wal(
        made(SCHEMA, inserted(*range(1, 400))),
        "UPDATE message SET body = 'draft ' || id;",
        "PRAGMA wal_checkpoint(RESTART);",
        "UPDATE message SET body = 'final ' || id;",
        "PRAGMA wal_checkpoint(RESTART);",
        "UPDATE message SET body = 'seen' WHERE id = 1;",
    )
    rows = found(path, wal=log)
    assert "final 1" in {row.values[3] for row in rows}
    assert all(
        row.values[3] in (f"draft {row.rowid}", f"final {row.rowid}", message(row.rowid)[3])
        for row in rows
        if row.rowid
    )


def test_uncommitted_and_replaced_rows_of_the_main_file(made):
    path, log = in_wal(made(SCHEMA, inserted(*range(1, 6))), "DELETE FROM message WHERE id = 2;")
    assert [(row.rowid, row.values, row.state, row.origin) for row in found(path, wal=log)] == [
        (2, message(2), "journal", "main")
    ]


def test_rollback_journal_with_zeroed_header(made):
    path = made(SCHEMA, inserted(*range(1, 300)))
    made(
        "DELETE FROM message WHERE id BETWEEN 100 AND 200;",
        path=path,
        pragmas=["secure_delete=ON", "journal_mode=PERSIST"],
    )
    journal = Path(f"{path}-journal")
    assert journal.read_bytes()[:28] == bytes(28)
    kept = path.with_name("journal")
    journal.rename(kept)
    rows = found(path, journal=kept)
    assert {(row.rowid, row.values) for row in rows} == {(n, message(n)) for n in range(100, 201)}
    assert {(row.state, row.origin) for row in rows} == {("journal", "journal")}


def test_hot_journal(crashed):
    path = crashed(
        SCHEMA + "INSERT INTO message VALUES (1, 2, 3, 'before the crash', 4.5);", "UPDATE message SET body = 'half';"
    )
    rows = list(recover(path, journal=Path(f"{path}-journal")))
    assert {row.values[3] for row in rows} <= {"half"}


def test_time_is_up(made):
    path = made(SCHEMA, inserted(*range(1, 3001)), "DELETE FROM message WHERE id > 10;")
    with pytest.raises(OutOfTime):
        list(recover(path, deadline=0.0))


def test_changed_bytes_never_hang_nor_raise_an_unknown_error(made, tmp_path):
    whole = made(SCHEMA, inserted(*range(1, 400)), "DELETE FROM message WHERE id % 2;").read_bytes()
    dice = random.Random(20_240_229)
    path = tmp_path / "mutant.db"
    for number in range(40):
        mutant = bytearray(whole)
        for _ in range(dice.randint(1, 30)):
            mutant[dice.randrange(100 if number % 3 == 0 else len(mutant))] = dice.choice((0, 255, dice.randrange(256)))
        path.write_bytes(mutant)
        with suppress(sqlite3.DatabaseError, NotADatabase):
            list(recover(path))


@pytest.mark.parametrize("name", CLEAN)
def test_no_false_rows_in_real_databases_without_deletions(corpus, name):
    assert found(corpus / name) == []


def test_address_book_entries_that_viber_has_deleted(corpus):
    rows = found(corpus / "chats/android/viber_data")
    assert {(row.table, row.state, row.page) for row in rows} == {("sync_data", "unallocated", 16)}
    assert sorted(row.values for row in rows)[0] == (1, "+19195790479", "Josh Hickman", None, 0)
    assert sorted(row.rowid for row in rows) == list(range(1, 11))


def test_older_versions_in_kik(corpus):
    rows = found(corpus / "chats/ios/kik.sqlite")
    assert sorted(row.rowid for row in rows if row.table == "ZKIKMESSAGE") == [26, 29, 30, 34]
    assert {row.values[16] for row in rows if row.table == "ZKIKUSER"} >= {"ken.doh_khv@talk.kik.com"}


def test_copies_that_a_page_split_left_in_imessage_are_live_rows(corpus):
    """Two messages lie in the unallocated space of page 17; both are live. The 99 leaves of the freelist are wiped."""
    assert found(corpus / "chats/ios/imessage_chat.db") == []


def test_rows_that_a_real_log_has_replaced(corpus):
    path = corpus / "containers/sqlite/wal_database/wal_database.db"
    rows = found(path, wal=path.with_name(path.name + "-wal"))
    assert sorted((row.rowid, row.values[0], row.origin) for row in rows) == [
        (3, "Deleted Text 1", "main"),
        (4, "Committed Text 3", "wal"),
        (6, "Deleted Text 2", "wal"),
    ]
