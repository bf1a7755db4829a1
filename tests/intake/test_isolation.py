"""Whatever a parser does costs its own file and becomes one problem; the other files of the job keep their rows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import forensics

PLUGIN = '''
    import ctypes, os, sys, time
    from forensics import Problem, hookimpl, parser
    from forensics.tables import MESSAGES

    GOOD = {"chat_id": "good", "text": "stays", "record": "first"}


    def _good():
        return MESSAGES.rows([GOOD])


    @parser("bad.good", files=["good.txt", "last.txt"])
    def good(file):
        """Good."""
        yield from _good()


    @parser("bad.abort", files=["abort.txt"])
    def abort(file):
        """Aborts."""
        yield from _good()
        os.abort()


    @parser("bad.segfault", files=["segfault.txt"])
    def segfault(file):
        """Reads where nothing is."""
        yield from _good()
        ctypes.string_at(0)


    @parser("bad.leave", files=["leave.txt"])
    def leave(file):
        """Ends the process."""
        os._exit(0)
        yield


    @parser("bad.wait", files=["wait.txt"])
    def wait(file):
        """Never ends."""
        while True:
            time.sleep(60)
        yield


    @parser("bad.eat", files=["eat.txt"])
    def eat(file):
        """Asks for more memory than it may take."""
        yield from _good()
        bytearray(3 << 30)


    @parser("bad.exit", files=["exit.txt"])
    def leave_nicely(file):
        """Calls sys.exit."""
        yield from _good()
        sys.exit(7)


    @parser("bad.print", files=["print.txt"])
    def chatter(file):
        """Writes where the worker speaks."""
        print('{"at": 0}')
        print('{"done": {}}', flush=True)
        os.write(1, b"not json")
        print("to nobody", file=sys.stderr)
        yield from _good()


    @parser("bad.ask", files=["ask.txt"])
    def ask(file):
        """Reads where the worker listens."""
        yield from MESSAGES.rows([{**GOOD, "text": repr(sys.stdin.read())}])


    @parser("bad.raise", files=["raise.txt"])
    def stumble(file):
        """Raises."""
        yield from _good()
        raise KeyError("no such thing: " + "\\x1b[2J")


    @parser("bad.damaged", files=["damaged.txt"])
    def damaged(file):
        """Raises what a damaged file makes one raise."""
        raise ValueError("cut short")
        yield


    @parser("bad.rubbish", files=["rubbish.txt"])
    def rubbish(file):
        """Yields what is no row."""
        yield from _good()
        yield {"text": "a dict is no row"}


    @parser("bad.column", files=["column.txt"])
    def column(file):
        """Names a column that is none."""
        yield from MESSAGES.rows([{**GOOD, "txt": "x"}])


    @parser("bad.place", files=["place.txt"])
    def place(file):
        """Does not say where a row came from."""
        yield from MESSAGES.rows([{"text": "from nowhere"}])


    @parser("bad.cells", files=["cells.txt"])
    def cells(file):
        """Puts the wrong things into cells."""
        yield from MESSAGES.rows([{**GOOD, "sent_at": "yesterday", "latitude": "north", "text": ["a"], "deleted": object()}])


    @parser("bad.no_generator", files=["no_generator.txt"])
    def no_generator(file):
        """Gives back None."""
        return None


    @parser("bad.kind", files=["kind.txt"])
    def kind(file):
        """Makes a problem of no known kind."""
        yield Problem("terrible", "no such kind")


    @parser("bad.deep", files=["deep.txt"])
    def deep(file):
        """Calls itself without end."""
        def down():
            return down()
        yield from _good()
        down()


    @hookimpl
    def forensics_parsers():
        return [good, abort, segfault, leave, wait, eat, leave_nicely, chatter, ask, stumble, damaged, rubbish, column,
                place, cells, no_generator, kind, deep]
'''
NAMES = sorted(re.findall(r'"(\w+)\.txt"', PLUGIN))

pytestmark = pytest.mark.skipif(os.name != "posix", reason="tells how a process died by its signal")


@pytest.fixture(scope="module")
def case(tmp_path_factory, plant, write_plugin) -> Path:
    """All these files in one job."""
    root = tmp_path_factory.mktemp("isolation")
    evidence = plant(root / "evidence", {f"{name}.txt": f"{name}\n" for name in NAMES})
    plugin = write_plugin(PLUGIN, "bad.py")
    forensics.ingest(root / "a.case", evidence, workers=1, seconds=5.0, plugins=(str(plugin),))
    return root / "a.case"


@pytest.fixture(scope="module")
def found(case, problems) -> dict[str, tuple[str, str]]:
    """Kind and message of the one problem of each file."""
    rows = [(path.removesuffix(".txt"), (kind, message)) for path, kind, message in problems(case)]
    assert sorted({name for name, _ in rows}) == sorted({name for name, _ in rows if name in NAMES})
    return {name: said for name, said in rows if name != "cells"}


@pytest.fixture(scope="module")
def texts(case) -> dict[str, str]:
    messages = forensics.open_case(case).messages
    return {
        path.removesuffix(".txt"): text
        for path, text in zip(messages["path"], messages["text"].fillna(""), strict=True)
    }


def test_others_keep_their_rows(texts):
    assert texts["good"] == texts["last"] == texts["print"] == "stays"


def test_process_that_dies(found, statuses, case):
    assert found["abort"] == ("not_read", "not read: the process that read it was ended by SIGABRT")
    assert found["segfault"] == ("not_read", "not read: the process that read it was ended by SIGSEGV")
    assert found["leave"] == ("not_read", "not read: the process that read it ended with code 0")
    assert {statuses(case)[f"{name}.txt"] for name in ("abort", "segfault", "leave")} == {"failed"}


def test_no_row_of_a_process_that_died(texts):
    assert not texts.keys() & {"abort", "segfault", "leave", "wait"}


def test_hang_is_stopped(found):
    assert NAMES[-1] == "wait"  # the last file of a job has no more time than the others
    assert found["wait"] == ("limit", "not read: it took longer than 5 s and was stopped")


def test_memory_is_limited(found, texts):
    assert found["eat"] == ("limit", "bad.eat needed more memory than a file may take")
    assert texts["eat"] == "stays"


def test_exit_costs_the_file_alone(found, texts, statuses, case):
    assert found["exit"] == ("not_understood", "bad.exit stopped: SystemExit: 7")
    assert texts["exit"] == "stays"
    assert statuses(case)["exit.txt"] == "partly"


def test_standard_streams_lead_nowhere(found, texts):
    assert "print" not in found
    assert "ask" not in found
    assert texts["ask"] == "''"


def test_raise(found, texts):
    assert found["raise"][0] == "not_understood"
    assert found["raise"][1].startswith("bad.raise stopped: KeyError: 'no such thing: ")
    assert "\x1b" not in found["raise"][1]
    assert texts["raise"] == "stays"
    assert found["damaged"] == ("damaged", "bad.damaged stopped: ValueError: cut short")
    assert found["deep"][0] == "not_understood"
    assert "RecursionError" in found["deep"][1]


def test_rubbish_is_named_and_rows_before_it_stay(found, texts):
    assert found["rubbish"][1].endswith("a parser yields rows through the doors of a table, or Problems, not dict")
    assert texts["rubbish"] == "stays"
    assert "table messages has no column txt" in found["column"][1]
    assert "each row must say where it came from" in found["place"][1]
    assert "TypeError" in found["no_generator"][1]
    assert "'terrible'" in found["kind"][1]


def test_bad_cells_are_named_and_the_row_stays(texts, problems, case):
    assert texts["cells"] == '["a"]'
    said = [(kind, message.split(":")[0]) for path, kind, message in problems(case) if path == "cells.txt"]
    assert said == [
        ("not_understood", "messages.deleted left empty"),
        ("not_understood", "messages.latitude left empty"),
        ("not_understood", "messages.sent_at left empty"),
    ]


def test_every_file_has_its_row(statuses, case):
    assert sorted(statuses(case)) == [f"{name}.txt" for name in sorted(NAMES)]
    assert {name for name, status in statuses(case).items() if status == "parsed"} == {
        "ask.txt",
        "good.txt",
        "last.txt",
        "print.txt",
    }


def test_no_path_of_this_machine_in_a_problem(case):
    said = forensics.open_case(case).problems
    for column in ("message", "detail"):
        assert not said[column].str.contains(str(case.parent), regex=False).any()


def test_worker_starts_without_what_it_does_not_need():
    """A worker is started anew after each crash; T-6: keep worker processes free of pandas."""
    script = "import sys, forensics.intake.worker; print(sorted({'pandas', 'duckdb', 'IPython'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "[]\n"


def test_ingest_ends_when_no_worker_comes_to_its_end(tmp_path, plant, command):
    """A worker that dies outside any file is a fault of this computer: one line, and the run can be repeated."""
    evidence = plant(tmp_path / "evidence", {"a.txt": "a"})
    no_python_starts = "os.environ['PYTHONMALLOC'] = 'nonsense'"
    script = f"import os, sys; from forensics.cli import main; {no_python_starts}; sys.exit(main(sys.argv[1:]))"
    line = [sys.executable, "-c", script, "ingest", str(tmp_path / "a.case"), str(evidence), "--quiet"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 3
    assert done.stderr.startswith("forensics: job 00000 was not read: the process that read it ended with code 1")
    assert len(done.stderr.splitlines()) == 1
    assert command("ingest", tmp_path / "a.case", evidence, "--quiet").returncode == 0
