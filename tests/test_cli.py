"""The command as examiners meet it: help, exit codes, errors in one line, nothing of the evidence acting in the terminal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from forensics import cli, testing

COMMANDS = ("demo", "ingest", "status", "lab", "report", "verify", "parsers", "explain", "check")
HOSTILE = "\x1b[2J\u202egpj.exe\u200b"
PLUGIN = '''
from forensics import hookimpl, parser
from forensics.tables import MESSAGES


def is_lines(file):
    return file.head.startswith(b"lines")


@parser("test.lines", magic=["text/plain"], test=is_lines)
def lines(file):
    """Text files that begin with the word lines.

    Reads: each further line as a message.
    Not read: nothing else is there.
    Seen on: files of this test.
    Source: this test.
    Tier: unexercised
    """
    for number, line in enumerate(file.text().splitlines()[1:], start=2):
        yield from MESSAGES.rows([{"text": line, "record": f"line {number}"}])


@hookimpl
def forensics_parsers():
    return [lines]
'''


@pytest.fixture
def run(capsys):
    """Run the command in this process: exit code, output, errors."""

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture(scope="module")
def plugin(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("plugin") / "lines.py"
    path.write_text(PLUGIN)
    return path


@pytest.fixture(scope="module")
def evidence(tmp_path_factory) -> Path:
    """Names and texts that act in a terminal, and in scripts that not every terminal can show."""
    root = tmp_path_factory.mktemp("evidence") / "phone"
    root.mkdir()
    (root / f"{HOSTILE}.bin").write_bytes(b"\x00\x01\x02")
    (root / "телефон.txt").write_text("lines\nстижемо сутра\n", "utf-8")
    (root / "to\x1b]0;nowhere\x07").symlink_to("/nowhere\x1b[31m")
    return root


@pytest.fixture(scope="module")
def case(tmp_path_factory, evidence, plugin, command) -> Path:
    place = tmp_path_factory.mktemp("cases") / "a.case"
    done = command("ingest", place, evidence, "--plugin", plugin, env={"PYTHONIOENCODING": "utf-8"})
    assert done.returncode == cli.PROBLEMS
    assert_safe(done.stdout)
    assert_safe(done.stderr)
    return place


def assert_safe(text: str) -> None:
    assert all(line.isprintable() for line in text.splitlines()), repr(text)


def assert_one_line(err: str) -> None:
    assert err.startswith("forensics: ")
    assert len(err.splitlines()) == 1
    assert_safe(err)


# Help


def test_help_names_every_command(run):
    code, out, _ = run("--help")
    assert code == 0
    (_, listed) = out.split("commands:\n")
    assert (
        tuple(line.split()[0] for line in listed.splitlines() if line[:4] == "    " and line[4:5].isalpha()) == COMMANDS
    )
    assert "exit codes: 0 all was read; 1 finished, with problems" in out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command(name, run):
    code, out, err = run(name, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: forensics {name} ")
    assert "exit codes:" in out
    assert max(map(len, out.splitlines())) <= 130


def test_version(run):
    assert run("--version")[1].startswith("forensics-toolkit ")


def test_help_imports_nothing_heavy():
    script = """
import sys
from forensics.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
heavy = {"pandas", "pyarrow", "duckdb", "numpy", "exifread", "magic", "IPython", "nbformat", "distributed"}
sys.stderr.write(" ".join(sorted(heavy & sys.modules.keys())))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# Exit codes, and errors in one line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "COMMAND"),
        (["ingets"], "invalid choice: 'ingets'"),
        (["ingest"], "case, source"),
        (["ingest", "a.case", "x", "--workers", "two"], "invalid int value: 'two'"),
        (["ingest", "a.case", "x", "--zone", "UTC"], "unrecognized arguments: --zone UTC"),
        (["status", "a", "\x1b[2J"], r"unrecognized arguments: \x1b[2J"),
    ],
)
def test_wrong_use(arguments, said, run):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.splitlines()[-1].startswith("Try: forensics")
    assert_safe(err)


def test_ingest_of_what_is_not_there(run, tmp_path):
    code, out, err = run("ingest", tmp_path / "a.case", tmp_path / f"fone{HOSTILE}")
    assert (code, out) == (3, "")
    assert_one_line(err)
    assert "there is no such file or folder" in err
    assert not (tmp_path / "a.case").exists()


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--timezone", "Europe/Podgorcia"], "Europe/Podgorcia"),
        (["--timezone", "../../etc/passwd"], "../../etc/passwd"),
        (["--plugin", "none.py"], "the plug-in none.py cannot be used: cannot be read: No such file or directory"),
        (["--plugin", "broken.py"], "the plug-in broken.py cannot be used: SyntaxError"),
        (["--plugin", "lacking.py"], "the plug-in lacking.py cannot be used: ModuleNotFoundError"),
        (["--plugin", "empty.py"], "the plug-in empty.py declares no parser"),
        (["--passwords", "none.txt"], "none.txt: No such file or directory"),
        (["--passwords", "latin.txt"], "latin.txt: write one password a line, as UTF-8 text"),
        (["--key", "none.key"], "none.key: No such file or directory"),
        (["--label", "a b"], "use letters, digits"),
        (["--workers", "-1"], "give a number of processes"),
    ],
)
def test_ingest_with_a_wrong_option(option, said, run, evidence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.py").write_text(PLUGIN.replace("yield from", "yield form"))
    (tmp_path / "lacking.py").write_text("import package_that_is_not_there\n" + PLUGIN)
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "latin.txt").write_bytes(b"\xe9\xe8\n")
    code, out, err = run("ingest", "a.case", evidence, *option)
    assert (code, out) == (2, "")
    assert_one_line(err)
    assert said in err
    assert not (tmp_path / "a.case").exists()


@pytest.mark.parametrize("name", ["status", "report", "verify", "lab"])
def test_no_case(name, run, tmp_path):
    code, out, err = run(name, tmp_path / "none.case")
    assert (code, out) == (3, "")
    assert_one_line(err)
    assert "is no case: there is no such folder. Make one with: forensics ingest" in err


def test_unfinished_evidence_is_said(run, case, tmp_path):
    copy = shutil.copytree(case, tmp_path / "copy.case")
    ledger = (copy / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    (copy / "ledger.jsonl").write_bytes(b"".join(ledger[:3]))
    said = json.loads((copy / "case.json").read_text())
    (copy / "case.json").write_text(json.dumps({**said, "evidence": []}))
    code, out, _ = run("status", copy)
    assert code == 1
    assert "phone: not finished; give the same ingest command again" in out


def test_no_rights(without_rights, evidence, case, tmp_path):
    copy = shutil.copytree(case, tmp_path / "copy.case")
    (copy / "case.json").chmod(0)
    done = without_rights("status", copy)
    assert done.returncode == 3
    assert_one_line(done.stderr)
    assert "case.json cannot be read: Permission denied" in done.stderr


def test_damaged_table(run, case, tmp_path):
    copy = shutil.copytree(case, tmp_path / "copy.case")
    (copy / "tables" / "messages" / "phone--00000.parquet").write_bytes(b"PAR1 no more")
    for name in ("status", "verify"):
        code, out, err = run(name, copy)
        if name == "status":
            assert code == 3
            assert_one_line(err)
        else:
            assert (code, err) == (1, "")
            assert "CHANGED  tables/messages/phone--00000.parquet: is not as the ledger says" in out


def test_broken_ledger(run, case, evidence, tmp_path):
    copy = shutil.copytree(case, tmp_path / "copy.case")
    ledger = copy / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"seq":3', b'"seq":4'))
    for line in (["status", copy], ["ingest", copy, evidence]):
        code, _, err = run(*line)
        assert code == 3
        assert_one_line(err)
        assert "ledger line 3" in err
    assert run("verify", copy)[0] == 1


def test_verify(run, case, evidence):
    code, out, _ = run("verify", case)
    assert code == 0
    assert "all as the ledger says" in out
    assert "The evidence was not looked at. To do that: forensics verify" in out
    assert run("verify", case, evidence)[0] == 0
    assert run("verify", case, evidence / "none")[0] == 1


def test_all_read(run, plugin, tmp_path):
    (tmp_path / "phone").mkdir()
    (tmp_path / "phone" / "a.txt").write_text("lines\na\n")
    arguments = ("ingest", tmp_path / "a.case", tmp_path / "phone", "--plugin", plugin, "--workers", 1)
    code, out, err = run(*arguments)
    assert code == 0
    assert out.splitlines()[:2] == ["Files:  1 parsed", "Rows:   1 messages"]
    assert err.splitlines()[-1].startswith("phone: 1 of 1 files, 0.0 MB of 0.0 MB, 1 rows, 0 problems, ")
    code, out, err = run(*arguments, "--quiet")
    assert (code, err) == (0, "")
    assert "All of it was in the case already." in out
    assert run("status", tmp_path / "a.case")[0] == 0


# JSON


def strictly(text: str) -> dict:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_status_of_each_file(run, tmp_path):
    sql = """CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid TEXT, wa_name TEXT);
             INSERT INTO wa_contacts VALUES (1, '38269000001@s.whatsapp.net', 'Ana');
             INSERT INTO wa_contacts VALUES (3, '38269000002@s.whatsapp.net', 'Амра');"""
    evidence = tmp_path / "phone"
    evidence.mkdir()
    (evidence / "wa.db").write_bytes(testing.database(sql))
    (evidence / "note.txt").write_text("nothing", "utf-8")
    run("ingest", tmp_path / "a.case", evidence)
    _, out, _ = run("status", tmp_path / "a.case", "--files")
    assert "  phone: wa.db\n      whatsapp.android.contacts@" in out
    assert "wa_contacts 2 of 2" in out
    assert "note.txt" not in out.partition("Not read")[0]
    _, out, _ = run("status", tmp_path / "a.case", "--files", "--json")
    assert json.loads(out)["read"][0]["tables"] == {"wa_contacts": {"stored": 2, "read": 2}}


def test_status_as_json(run, case):
    code, out, _ = run("status", case, "--json")
    said = strictly(out)
    assert code == 1
    assert said["rows"]["messages"] == 1
    assert said["files"] == {"phone": {"parsed": 1, "unknown": 1}}
    assert [(p["kind"], p["problems"]) for p in said["problems"]] == [("not_read", 1)]
    assert [(u["mime"], u["files"]) for u in said["unknown"]] == [("application/octet-stream", 1)]


def test_parsers_as_json(run, plugin, tmp_path):
    (tmp_path / "gone.py").write_text("import package_that_is_not_there\n\n@parser(NAME)\ndef x(file): ...\n")
    code, out, _ = run("parsers", "--json", "--plugin", plugin, "--plugin", tmp_path / "gone.py")
    said = strictly(out)
    assert code == 0
    (mine,) = [p for p in said["parsers"] if p["name"] == "test.lines"]
    assert (mine["title"], mine["tier"], mine["kind"]) == (
        "Text files that begin with the word lines",
        "unexercised",
        "file",
    )
    assert mine["about"]["Reads"] == "each further line as a message."
    ((name, reason),) = [(u["plugin"], u["unavailable"]) for u in said["unavailable"]]
    assert name.endswith("_gone")
    assert "package_that_is_not_there" in reason


def test_explain_as_json(run, evidence, plugin):
    code, out, _ = run("explain", evidence / "телефон.txt", "--json", "--plugin", plugin)
    said = strictly(out)
    assert (code, said["owner"], said["mime"]) == (0, "test.lines", "text/plain")
    assert {"parser": "test.lines", "claim": "structure", "why": "its test passed"} in said["looks"]
    code, out, _ = run("explain", evidence / f"{HOSTILE}.bin", "--json")
    assert (code, strictly(out)["owner"]) == (1, None)


# For people


def test_parsers(run, plugin):
    code, out, _ = run("parsers", "--plugin", plugin)
    assert code == 0
    assert "test.lines" in out
    code, out, _ = run("parsers", "test.lines", "--plugin", plugin)
    assert "  Not read: nothing else is there." in out.splitlines()
    code, _, err = run("parsers", "test.none")
    assert (code, err) == (2, "forensics: there is no parser test.none: `forensics parsers` lists them\n")


def test_explain(run, evidence, plugin, tmp_path):
    code, out, _ = run("explain", evidence / "телефон.txt", "--plugin", plugin)
    assert code == 0
    assert out.splitlines()[-1] == "Read by test.lines."
    code, out, err = run("explain", tmp_path / "none")
    assert (code, out) == (2, "")
    assert_one_line(err)


def test_check(run, plugin, tmp_path):
    (tmp_path / "fixture.txt").write_text("lines\nstižemo\n")
    code, out, _ = run("check", plugin, tmp_path / "fixture.txt")
    assert code == 0
    assert out.startswith("test.lines@1: Text files that begin with the word lines\n")
    assert "1 rows in messages, the first: text=stižemo" in out
    (tmp_path / "bad.py").write_text(PLUGIN.replace("test.lines", "test.bad").replace('"text": line', '"txt": line'))
    code, out, _ = run("check", tmp_path / "bad.py", tmp_path / "fixture.txt")
    assert code == 1
    assert "BROKEN" in out
    for wrong in (tmp_path / "none.py", tmp_path / "fixture.txt"):
        code, _, err = run("check", wrong, tmp_path / "fixture.txt")
        assert code == 2
        assert_one_line(err)


LOCKED = """from forensics import Problem, hookimpl, parser
from forensics.tables import MESSAGES


@parser("test.locked", test=lambda file: file.head.startswith(b"locked"))
def locked(file):
    \"\"\"Text that a key and a password open.

    Reads: the text.

    Not read: nothing else is there.

    Seen on: no file.

    Source: this test.

    Tier: unexercised
    \"\"\"
    if (file.keys, file.passwords) == ((b"\\x01\\x02",), ("тајна",)):
        yield from MESSAGES.rows([{"text": file.text(), "record": "line 1"}])
    else:
        yield Problem("encrypted", "it takes a key and a password", record="line 1")


@hookimpl
def forensics_parsers():
    return [locked]
"""


def test_check_with_what_opens_the_file(run, tmp_path):
    """Encrypted formats can be held to the promises as well."""
    for name, text in (("locked.py", LOCKED), ("fixture", "locked stižemo"), ("key", "0102"), ("words", "тајна\n")):
        (tmp_path / name).write_text(text, "utf-8")
    code, out, _ = run("check", tmp_path / "locked.py", tmp_path / "fixture")
    assert (code, "it takes a key and a password" in out) == (1, True)
    secrets = ("--key", tmp_path / "key", "--passwords", tmp_path / "words")
    code, out, _ = run("check", tmp_path / "locked.py", tmp_path / "fixture", *secrets)
    assert (code, "BROKEN" in out) == (0, False), out
    assert "1 rows in messages, the first: text=locked stižemo" in out


# Nothing of the evidence acts in the terminal


def test_names_of_the_evidence_are_shown_escaped(run, case, evidence, tmp_path):
    code, out, err = run("status", case)
    assert code == 1
    assert_safe(out + err)
    assert "symbolic link, not followed" in out
    code, out, _ = run("explain", evidence / f"{HOSTILE}.bin")
    assert_safe(out)
    assert r"\x1b[2J[U+202E]gpj.exe[U+200B].bin" in out
    changed = shutil.copytree(evidence, tmp_path / "phone", symlinks=True)
    (changed / f"{HOSTILE}.bin").write_bytes(b"\x00\x01\x03")
    code, out, _ = run("verify", case, changed)
    assert code == 1
    assert_safe(out)
    assert "has changed since it was read" in out


def test_text_of_the_evidence_is_shown_escaped(run, plugin, tmp_path):
    (tmp_path / "fixture.txt").write_text(f"lines\n{HOSTILE}\n")
    _, out, _ = run("check", plugin, tmp_path / "fixture.txt")
    assert_safe(out)
    assert "text=" in out


@pytest.mark.parametrize("line", [["status"], ["status", "--json"], ["verify"]])
def test_terminal_that_cannot_show_the_letters(line, command, case):
    name, *options = line
    done = command(name, case, *options, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == (0 if name == "verify" else 1)
    assert done.stderr == ""
    assert done.stdout.isascii()


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_reader_that_has_gone():
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-m", "forensics.cli", "parsers"], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.stderr == b""


def test_fault_of_ours_shows_where(monkeypatch):
    def stumble(arguments):
        raise AssertionError("ours")

    monkeypatch.setattr(cli, "run_parsers", stumble)
    with pytest.raises(AssertionError, match="ours"):
        cli.main(["parsers"])


def test_ctrl_c(monkeypatch, run):
    def interrupted(arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "run_parsers", interrupted)
    code, _, err = run("parsers")
    assert code == 130
    assert err == "\nStopped. Nothing is lost: the same command goes on where it stopped.\n"
