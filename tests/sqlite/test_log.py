"""Databases with a write-ahead log or a journal beside them: what each row says of where it was found."""

from pathlib import Path

import pytest

from forensics import parser, testing
from forensics.sqlite.copy import settle

SCHEMA = "CREATE TABLE message (id INTEGER PRIMARY KEY, body TEXT);"
THREE = f"{SCHEMA} INSERT INTO message VALUES (1, 'one'), (2, 'two'), (3, 'three');"


def with_log(tmp_path, checkpointed, logged):
    return testing.database_with_log(checkpointed, logged, tmp_path, "chat.db")


def test_rows_only_in_the_log(tmp_path, read, states):
    path = with_log(tmp_path, THREE, "INSERT INTO message VALUES (4, 'four');")
    assert states(read(path)) == [
        ("1", "one", "live"), ("2", "two", "live"), ("3", "three", "live"), ("4", "four", "wal"),
    ]  # fmt: skip


def test_rows_deleted_through_the_log(tmp_path, read, states):
    path = with_log(tmp_path, THREE, "DELETE FROM message WHERE id = 2;")
    assert states(read(path)) == [("1", "one", "live"), ("3", "three", "live"), ("2", "two", "journal")]


def test_a_row_changed_through_the_log_is_there_in_both_versions(tmp_path, read, states):
    path = with_log(tmp_path, THREE, "UPDATE message SET body = 'changed' WHERE id = 2;")
    assert states(read(path)) == [
        ("1", "one", "live"), ("2", "changed", "wal"), ("3", "three", "live"), ("2", "two", "journal"),
    ]  # fmt: skip


def test_versions_of_the_past_do_not_count_as_too_many_rows(tmp_path, read):
    assert "problems" not in read(with_log(tmp_path, THREE, "UPDATE message SET body = 'changed';"))


def test_a_log_that_changes_nothing_for_a_table(tmp_path, read, states):
    path = with_log(tmp_path, THREE, "CREATE TABLE other (a);")
    assert {state for _, _, state in states(read(path))} == {"live"}


def test_tables_that_only_the_log_knows(tmp_path, read, states):
    path = with_log(tmp_path, "", THREE)
    assert [state for _, _, state in states(read(path))] == ["wal"] * 3


def test_all_of_a_database_in_its_log(tmp_path, read, states):
    path = with_log(tmp_path, "", THREE)
    path.write_bytes(b"")
    assert states(read(path)) == [("1", "one", "wal"), ("2", "two", "wal"), ("3", "three", "wal")]


def test_a_log_that_is_missing_is_said(tmp_path, read):
    """An index of the log beside the database, and no log: the copy was made without it."""
    path = with_log(tmp_path, THREE, "INSERT INTO message VALUES (4, 'four');")
    found = read(path.read_bytes(), name="chat.db", beside={"chat.db-shm": bytes(32768)})
    (problem,) = found["problems"]
    assert len(found["messages"]) == 3
    assert (problem["kind"], "(-wal) does not" in problem["message"]) == ("not_read", True)


def test_a_column_that_only_the_log_knows(tmp_path, read, states):
    path = with_log(
        tmp_path,
        "CREATE TABLE message (id INTEGER PRIMARY KEY); INSERT INTO message VALUES (1);",
        "ALTER TABLE message ADD COLUMN body; INSERT INTO message VALUES (2, 'two');",
    )
    assert states(read(path)) == [("1", None, "wal"), ("2", "two", "wal")]


def test_the_rows_of_a_query_read_one_by_one_have_their_state_too(tmp_path):
    path = with_log(tmp_path, THREE, "DELETE FROM message WHERE id = 1; INSERT INTO message VALUES (4, 'four');")
    with testing.placed(path) as file, file.sqlite() as db:
        rows = [(row["id"], row["state"]) for row in db.execute("SELECT id FROM message")]
    assert rows == [(2, "live"), (3, "live"), (4, "wal"), (1, "journal")]


def test_a_log_without_its_main_file_is_no_database(tmp_path, read):
    path = with_log(tmp_path, "", THREE)
    log = path.with_name("chat.db-wal").read_bytes()
    found = read(log, name="chat.db-wal")
    assert found["problems"][0]["kind"] == "damaged"
    assert "messages" not in found


@pytest.mark.parametrize("log", [b"", b"\0" * 32, b"not a log", b"\x37\x7f\x06\x82" + b"\xff" * 5000])
def test_a_broken_log_takes_nothing_from_the_main_file(tmp_path, read, states, log):
    path = with_log(tmp_path, THREE, "SELECT 1;")
    path.with_name("chat.db-wal").write_bytes(log)
    assert [text for _, text, _ in states(read(path))] == ["one", "two", "three"]


def test_a_broken_log_of_an_empty_file_is_a_problem(read):
    found = read(b"", name="chat.db", beside={"chat.db-wal": b"\x37\x7f\x06\x82" + b"\xff" * 5000})
    assert found["problems"][0]["kind"] == "damaged"


def test_a_cut_log_gives_its_whole_transactions(tmp_path, read, states):
    path = with_log(tmp_path, THREE, "INSERT INTO message VALUES (4, 'four'); INSERT INTO message VALUES (5, 'five');")
    log = path.with_name("chat.db-wal")
    log.write_bytes(log.read_bytes()[:-10])
    assert [(text, state) for _, text, state in states(read(path))][3:] == [("four", "wal")]


# --- rollback journals


def test_a_hot_journal_is_rolled_back(crashed, read, states):
    rows = ", ".join(f"({n}, 'written {n}')" for n in range(200))
    path = crashed(f"{SCHEMA} INSERT INTO message VALUES {rows};", "UPDATE message SET body = 'never committed';")
    assert b"never committed" in path.read_bytes(), "the transaction was not spilled: the test shows nothing"
    assert path.with_name("left.db-journal").stat().st_size
    found = read(path)
    assert states(found) == [(str(n), f"written {n}", "live") for n in range(200)]
    assert "problems" not in found


@pytest.mark.parametrize("mode", ["PERSIST", "TRUNCATE"])
def test_a_journal_that_is_over_changes_nothing(crashed, read, states, mode):
    path = crashed(SCHEMA, "INSERT INTO message VALUES (1, 'one');", "SELECT 1;", mode=mode)
    assert path.with_name("left.db-journal").exists()
    assert states(read(path)) == [("1", "one", "live")]


def test_what_settling_says_of_the_way_of_writing(tmp_path, crashed):
    logged = with_log(tmp_path, THREE, "INSERT INTO message VALUES (4, 'four');")
    plain = tmp_path / "plain.db"
    plain.write_bytes(testing.database(THREE))
    hot = crashed(THREE, "DELETE FROM message;")
    settled = [settle(path) for path in (logged, plain, hot)]
    assert [views.journal_mode for views in settled] == ["wal", "delete", "delete"]
    assert [views.before is not None for views in settled] == [True, False, False]


# --- the evidence


def test_the_evidence_is_as_it_was(tmp_path, read, crashed):
    folder = tmp_path / "evidence"
    folder.mkdir()
    testing.database_with_log(THREE, "DELETE FROM message WHERE id = 2;", folder, "a?b#c%20.db")
    hot = crashed(THREE, "DELETE FROM message;")
    for suffix in ("", "-journal"):
        (folder / f"hot.db{suffix}").write_bytes(Path(f"{hot}{suffix}").read_bytes())

    def snapshot():
        return {p.name: (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_mode) for p in sorted(folder.iterdir())}

    before = snapshot()
    for path in (folder / "a?b#c%20.db", folder / "hot.db"):
        with testing.in_place(path) as file, file.sqlite() as db:
            assert [row["id"] for row in db.execute("SELECT id FROM message") if row["state"] == "live"]
    assert snapshot() == before


def test_nothing_of_ours_stays_behind(tmp_path, read):
    path = with_log(tmp_path, THREE, "DELETE FROM message WHERE id = 2;")

    @parser("test.leaves")
    def look(file):
        with file.sqlite() as db:
            list(db.execute("SELECT id FROM message"))
        yield from ()

    with testing.placed(path) as file:
        testing.read(look, file)
        assert list(file.scratch.iterdir())
        file.close()
        assert list(file.scratch.iterdir()) == []
