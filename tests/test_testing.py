"""The kit for authors: a good parser keeps all promises, each bad one breaks the one it was made to break."""

import itertools

import pytest

from forensics import Problem, parser, sqlite, testing
from forensics.tables import CONTACTS, MESSAGES
from forensics.times import unix_s

TOLD = """Files of the app.

    Reads: lines.
    Not read: nothing else.
    Seen on: version 1.
    Source: the vendor's page.
    Tier: documented
    """
LINES = b"1700000000;first\n1700000060;second\n"


def lines(file):
    for number, line in enumerate(file.text().splitlines(), 1):
        at, semicolon, text = line.partition(";")
        if semicolon and at.isdigit():
            yield from MESSAGES.rows([{"sent_at": int(at), "text": text, "record": f"line {number}"}], sent_at=unix_s)
        else:
            yield Problem("not_understood", "no time before the text", record=f"line {number}")


def is_lines(file):
    return file.head[:10].isdigit() and file.head[10:11] == b";"


lines.__doc__ = TOLD
good = parser("test.lines", test=is_lines)(lines)


def made(read, doc=TOLD, **declared):
    read.__doc__ = doc
    return parser("test.bad", **({"test": is_lines} | declared))(read)


def broken(bad, content=LINES, name="app.txt"):
    """Promise to fault, of the promises that were broken."""
    return {check.promise: check.fault for check in testing.check(bad, content, name=name) if check.fault}


# --- rows


def test_rows_of_a_parser():
    found = testing.rows(good, LINES, name="app.txt")
    assert [(row["text"], row["sent_at"].isoformat(), row["path"]) for row in found["messages"]] == [
        ("first", "2023-11-14T22:13:20+00:00", "app.txt"),
        ("second", "2023-11-14T22:14:20+00:00", "app.txt"),
    ]
    assert found.keys() == {"messages"}


def test_problems_are_rows_of_their_table():
    found = testing.rows(good, b"nothing", name="app.txt")
    assert found == {
        "problems": [
            {"kind": "not_understood", "message": "no time before the text", "record": "line 1", "stage": "parse"}
        ]
    }


def test_what_a_parser_raises_is_a_problem_with_its_place():
    @parser("test.raises")
    def raises(file):
        yield from MESSAGES.rows([{"text": "kept", "record": "1"}])
        raise KeyError("missing")

    found = testing.rows(raises, b"")
    assert [row["text"] for row in found["messages"]] == ["kept"]
    (problem,) = found["problems"]
    assert problem["message"] == "test.raises stopped: KeyError: 'missing'"
    assert problem["detail"].startswith("raises:")


def test_a_parser_that_yields_something_else():
    @parser("test.yields")
    def yields(file):
        yield {"text": "a dict"}

    assert "not dict" in testing.rows(yields, b"")["problems"][0]["message"]


def test_a_file_on_disk_brings_its_log(tmp_path):
    @parser("test.database")
    def rows_of(file):
        with file.sqlite() as db:
            yield from MESSAGES.batches(db.execute("SELECT body AS text, 'm/' || rowid AS record FROM m"))

    path = testing.database_with_log("CREATE TABLE m (body);", "INSERT INTO m VALUES ('logged');", tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    (row,) = testing.rows(rows_of, path)["messages"]
    assert (row["text"], row["state"], row["path"]) == ("logged", "wal", "database.db")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_files_beside_passwords_keys_and_zone():
    @parser("test.given")
    def given(file):
        cells = {"name": file.sibling("other.txt").text(), "note": f"{file.passwords} {file.keys} {file.timezone}"}
        yield from CONTACTS.rows([cells | {"record": "1"}])

    found = testing.rows(
        given, b"", name="a", beside={"other.txt": b"beside"}, passwords=("p",), keys=(b"k",), timezone="UTC"
    )
    assert (found["contacts"][0]["name"], found["contacts"][0]["note"]) == ("beside", "('p',) (b'k',) UTC")


def test_databases_from_sql_text():
    content = testing.database("PRAGMA user_version = 7; CREATE TABLE a (b);")
    with testing.placed(content) as file, file.sqlite() as db:
        assert (db.user_version, db.tables) == (7, {"a": ["b"]})


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no such file"), testing.in_place(tmp_path / "gone"):
        pass


# --- promises


def test_a_good_parser_keeps_all_promises():
    assert broken(good) == {}
    assert len(testing.check(good, LINES)) == 8


@pytest.mark.parametrize(
    ("doc", "fault"),
    [
        ("", "the docstring has no paragraph `Reads:`, `Not read:`, `Seen on:`, `Source:`, `Tier:`"),
        (TOLD.replace("Not read:", "Unread:"), "the docstring has no paragraph `Not read:`"),
        (TOLD.replace("documented", "certified"), "the tier 'certified' is none of proven, documented, unexercised"),
    ],
)
def test_a_docstring_that_does_not_say_enough(doc, fault):
    def read(file):
        yield from lines(file)

    assert broken(made(read, doc)) == {"its docstring says what it reads, and what not": fault}


def test_no_rows():
    def read(file):
        yield Problem("not_read", "not today")

    assert broken(made(read)) == {"it reads the file and gives rows": "no rows: not today"}


def test_a_row_without_its_place():
    def read(file):
        yield from MESSAGES.rows([{"text": "a", "record": ""}])

    faults = broken(made(read))
    assert "each row must say where it came from" in faults["it reads the file and gives rows"]


def test_two_runs_that_differ():
    runs = itertools.count()

    def read(file):
        yield from MESSAGES.rows([{"text": str(next(runs)), "record": "1"}])

    assert broken(made(read))["two runs give the same"] == "two runs differ"


def test_a_surprise_at_an_empty_file():
    def read(file):
        assert file.bytes()
        yield from lines(file)

    faults = broken(made(read, test=None, files=["app.txt"]))
    assert faults.keys() == {"an empty file gives no rows and no surprise"}
    assert "AssertionError" in faults["an empty file gives no rows and no surprise"]


def test_a_cut_file_that_makes_it_raise():
    def read(file):
        last = file.text().splitlines()[-1] if file.size else "0;"
        _ = last.split(";")[1]
        yield from lines(file)

    faults = broken(made(read))
    assert "a cut file costs no more than what was cut off" in faults
    assert "IndexError" in faults["a cut file costs no more than what was cut off"]


def test_changed_bytes_that_make_it_raise():
    def read(file):
        if b";f" not in file.bytes() and len(file.bytes()) == len(LINES):
            raise LookupError("no first")
        yield from lines(file)

    faults = broken(made(read))
    assert faults.keys() == {"changed bytes never make it raise"}


PROMISE = "a file of something else gives no rows"


def test_a_test_that_takes_anything():
    def read(file):
        yield from lines(file)

    assert broken(made(read, test=lambda file: True)) == {PROMISE: "it claims a PNG image"}


def test_a_test_that_raises():
    def read(file):
        yield from lines(file)

    faults = broken(made(read, test=lambda file: file.json()["a"]))
    assert faults[PROMISE].startswith("the test of test.bad failed: DocumentError")


def test_rows_of_anything_that_has_the_name():
    def read(file):
        yield from MESSAGES.rows([{"text": "always", "record": "1"}])

    assert broken(made(read, test=None, files=["app.txt"])) == {PROMISE: "it gives rows for a PNG image"}


def test_what_opens_a_file_is_given_to_each_promise():
    """Without them a check of an encrypted format could never pass: it gives no rows."""

    def read(file):
        if (file.passwords, file.keys) == (("p",), (b"k",)) and file.sibling("salt"):
            yield from lines(file)
        else:
            yield Problem("encrypted", "it takes a password, a key and its salt", record="line 1")

    locked = made(read, test=is_lines)
    how = {"beside": {"salt": b"s"}, "passwords": ("p",), "keys": (b"k",)}
    assert not [check for check in testing.check(locked, LINES, **how) if check.fault]
    faults = {check.promise: check.fault for check in testing.check(locked, LINES) if check.fault}
    assert faults == {"it reads the file and gives rows": "no rows: it takes a password, a key and its salt"}


def test_a_parser_of_databases_keeps_the_promises():
    def read(file):
        with file.sqlite() as db:
            yield from MESSAGES.batches(db.execute("SELECT m.body AS text, 'm/' || m.rowid AS record FROM m"))

    content = testing.database("CREATE TABLE m (body); INSERT INTO m VALUES ('a'), ('b');")
    assert broken(made(read, test=sqlite.has(m=["body"])), content, "app.db") == {}
