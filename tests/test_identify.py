"""Who owns a file: structure before type before name; two owners are a problem, and nobody reads."""

import random

import pytest

from forensics import testing
from forensics.identify import Claim, identify
from forensics.intake.collect import Collector
from forensics.intake.read import Reading
from forensics.plugins import Registry

HEAD = """
from forensics import hookimpl, parser, sqlite
from forensics.tables import MESSAGES
"""
PARSERS = {
    "by_structure": '@parser("chat.structure", files=["chat.db"], test=sqlite.has(talk=["line", "at"]))',
    "by_name": '@parser("notes.name", files=["notes.dat"])',
    "by_name_and_type": '@parser("prefs.typed", files=["prefs"], magic=["text/xml"])',
    "by_type": '@parser("tracks.type", magic=["application/x-apple-segb"])',
    "by_test": '@parser("log.test", magic=["text/"], test=is_log)',
    "raising": '@parser("log.raising", magic=["application/x-realm"], test=is_broken)',
}
TESTS = """
def is_log(file):
    return file.text().startswith("LOG ")

def is_broken(file):
    raise KeyError("no such key")
"""
CHAT = testing.database("CREATE TABLE talk (line, at); INSERT INTO talk VALUES ('a', 1);")


def module(names_and_decorators):
    functions = [
        f'{decorator}\ndef read_{name}(file):\n    """Test."""\n    yield from MESSAGES.rows([{{"record": "1"}}])\n'
        for name, decorator in names_and_decorators.items()
    ]
    given = ", ".join(f"read_{name}" for name in names_and_decorators)
    return (
        f"{HEAD}{TESTS}\n" + "\n\n".join(functions) + f"\n\n@hookimpl\ndef forensics_parsers():\n    return [{given}]\n"
    )


@pytest.fixture
def registry(tmp_path):
    """`registry(**decorators)`: the bundled parsers, those of `PARSERS`, and these."""

    def build(**more):
        path = tmp_path / "identify.py"
        path.write_text(module({**PARSERS, **more}), "utf-8")
        found = Registry([path])
        assert found.unavailable == []
        return found

    return build


def verdict(content, name, registry, **beside):
    with testing.placed(content, name=name, beside=beside) as file:
        return identify(file, registry)


def owner(found):
    return found.owner and found.owner.declaration.name


def why(found, name):
    return next(look.why for look in found.looks if look.known.declaration.name == name)


@pytest.mark.parametrize("name", ["chat.db", "CHAT.DB", "renamed.bin", "7f3a9c0d", "chat (2).db"])
def test_a_database_is_known_by_its_structure_under_any_name(registry, name):
    found = verdict(CHAT, name, registry())
    assert owner(found) == "chat.structure"
    assert found.problems == ()
    assert [look.claim for look in found.looks if look.known is found.owner] == [Claim.STRUCTURE]
    assert why(found, "chat.structure") == "it has the tables talk with the columns asked for"


@pytest.mark.parametrize("name", ["_private_var_mobile_chat.db", "data%2Fcom.app%2Fchat.db"])
def test_a_flattened_export(registry, name):
    assert owner(verdict(CHAT, name, registry())) == "chat.structure"


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE TABLE other (a);", "it has no table talk"),
        ("CREATE TABLE talk (line);", "its table talk has no column at"),
        ("CREATE VIEW talk AS SELECT 1 AS line, 2 AS at;", "it has no table talk"),
    ],
)
def test_the_right_name_with_another_structure_is_a_problem(registry, sql, reason):
    found = verdict(testing.database(sql), "chat.db", registry())
    assert found.owner is None
    (problem,) = found.problems
    assert (problem.kind, problem.stage) == ("not_understood", "identify")
    assert problem.message == f"named like a file of chat.structure, but {reason}"


def test_the_right_name_with_another_type_is_a_problem(registry):
    found = verdict(b"%PDF-1.7", "chat.db", registry())
    assert "it is PDF document (application/pdf), not application/vnd.sqlite3" in found.problems[0].message


def test_another_database_is_nobodys_and_no_problem(registry):
    found = verdict(testing.database("CREATE TABLE other (a);"), "other.db", registry())
    assert (found.owner, found.problems, found.kind.mime) == (None, (), "application/vnd.sqlite3")


def test_a_name_alone(registry):
    found = verdict(b"\x01\x02\x03\x04", "NOTES.dat", registry())
    assert owner(found) == "notes.name"
    assert why(found, "notes.name") == "it has the name"


def test_a_name_with_its_type(registry):
    assert owner(verdict(b"<map></map>", "prefs", registry())) == "prefs.typed"
    other_name = verdict(b"<map></map>", "other.xml", registry())
    assert (other_name.owner, why(other_name, "prefs.typed")) == (None, "it has the type, but another name")


def test_a_type_alone(registry):
    assert owner(verdict(b"SEGB" + bytes(60), "0", registry())) == "tracks.type"


def test_a_test_decides_by_content(registry):
    assert owner(verdict(b"LOG of the app\n", "any.txt", registry())) == "log.test"
    assert owner(verdict(b"no log\n", "any.txt", registry())) is None


def test_a_test_that_raises_is_a_problem_of_its_parser_only(registry):
    realm = bytes(16) + b"T-DB" + bytes(100)
    found = verdict(realm, "notes.dat", registry())
    assert owner(found) == "notes.name"
    assert [problem.message for problem in found.problems] == [
        "the test of log.raising failed: KeyError('no such key')"
    ]


def test_a_parser_whose_plugin_is_unavailable(registry, tmp_path):
    path = tmp_path / "broken.py"
    path.write_text(
        'import no_such_package\n@parser("broken.one", magic=["application/x-realm"], test=t)\ndef read(f):\n    0\n'
    )
    found = verdict(bytes(16) + b"T-DB" + bytes(100), "a.realm", Registry([path]))
    (problem,) = found.problems
    assert problem.kind == "not_read"
    assert problem.message.startswith("the plug-in of broken.one is unavailable: ModuleNotFoundError")


# --- two owners


def test_equal_claims_name_both_and_nobody_reads(registry):
    rivals = registry(rival='@parser("another.structure", test=sqlite.has(talk=["line"]))')
    with testing.placed(CHAT, name="chat.db") as file:
        reading = Reading(file, rivals, Collector(None))
        reading.run()
    (problem,) = reading.origin.problems
    assert problem.message == (
        "another.structure and chat.structure claim this file alike, so none of them has read it:"
        " one of them must test for less"
    )
    assert (reading.origin.parser, reading.origin.rows, reading.status) == (None, 0, "failed")


def test_structure_wins_over_a_name(registry):
    rivals = registry(rival='@parser("another.name", files=["chat.db"])')
    found = verdict(CHAT, "chat.db", rivals)
    assert owner(found) == "chat.structure"
    assert found.problems == ()
    assert {look.known.declaration.name for look in found.looks} >= {"another.name", "chat.structure"}


def test_a_name_wins_over_a_type(registry):
    rivals = registry(rival='@parser("segb.named", files=["tracks"], magic=["application/x-apple-segb"])')
    assert owner(verdict(b"SEGB" + bytes(60), "tracks", rivals)) == "segb.named"
    assert owner(verdict(b"SEGB" + bytes(60), "other", rivals)) == "tracks.type"


# --- nobody's


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"", "inode/x-empty"),
        (b"\x00\x01\x02\x03" * 40, "application/octet-stream"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"plain words", "text/plain"),
    ],
)
def test_what_nobody_knows_is_listed_with_its_type(registry, content, mime):
    found = verdict(content, "file.xyz", registry())
    assert (found.owner, found.problems, found.kind.mime) == (None, (), mime)
    assert found.kind.words


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + b"\xff" * 200, b"SQLite format 3\0", CHAT[:600]])
def test_a_database_that_cannot_be_opened_is_a_problem(registry, content):
    found = verdict(content, "chat.db", registry())
    assert found.owner is None
    (problem,) = found.problems
    assert (problem.kind, problem.stage) == ("damaged", "open")
    assert problem.message.startswith("a database that cannot be opened: ")


def test_a_database_that_is_all_in_its_log(registry, tmp_path):
    path = testing.database_with_log("", "CREATE TABLE talk (line, at);", tmp_path)
    log = path.with_name("database.db-wal").read_bytes()
    assert owner(verdict(b"", "x.db", registry(), **{"x.db-wal": log})) == "chat.structure"


def test_an_encrypted_database_with_its_header_in_the_clear_is_not_called_damaged():
    plain = testing.database("CREATE TABLE t (a);")
    content = plain[:32] + random.Random(7).randbytes(20_000)
    with testing.placed(content, name="db_sqlite") as file:
        verdict = identify(file, Registry())
    assert verdict.owner is None
    assert [problem.kind for problem in verdict.problems] == ["encrypted"]


def test_a_damaged_database_is_not_called_encrypted():
    plain = testing.database("CREATE TABLE t (a);")
    with testing.placed(plain[:100] + bytes(20_000), name="db_sqlite") as file:
        verdict = identify(file, Registry())
    assert [problem.kind for problem in verdict.problems] == ["damaged"]
