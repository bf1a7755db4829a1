"""A run that is killed at any moment goes on when the same command is given again, and nothing shows of it in the tables."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

import forensics
from forensics.case.ledger import Ledger
from forensics.case.verify import verify

SEED = 20251026
KILLS = (4, 3, 2, 1)  # of each case, before it is let finish

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds worker processes through /proc")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills with signals")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory, plant, zipped) -> Path:
    """Three jobs: two of loose files, one inside an archive."""
    files: dict[str, str | bytes] = {f"notes/{n:03}.txt": f"lines\nstižemo u {n}\nграница {n}\n" for n in range(230)}
    files |= {f"odd/{n}.bin": bytes([n, 0, 255]) * n for n in range(20)}
    files["chats.zip"] = zipped({f"inner/{n}.txt": f"lines\nu arhivi {n}\n" for n in range(30)})
    return plant(tmp_path_factory.mktemp("evidence") / "phone", files)


@pytest.fixture(scope="module")
def ingest(command, evidence, lines):
    """Give the same command; `options` as in `command`."""

    def run(case: Path, *more: object, **options):
        return command("ingest", case, evidence, "--plugin", lines, "--quiet", "--workers", 2, *more, **options)

    return run


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, ingest, tables) -> tuple[dict[str, bytes], float]:
    """What a run comes to that nobody disturbs, and how long it takes."""
    case = tmp_path_factory.mktemp("undisturbed") / "a.case"
    begun = time.monotonic()
    assert ingest(case).returncode == 0
    return tables(case), time.monotonic() - begun


@pytest.fixture
def begin(evidence, lines):
    """Begin to ingest in a process group of its own."""
    begun = []

    def start(case: Path, plugin: Path = lines) -> subprocess.Popen[str]:
        line = [sys.executable, "-m", "forensics.cli", "ingest", case, evidence, "--plugin", plugin, "--quiet"]
        process = subprocess.Popen(
            [*map(str, line), "--workers", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def is_whole(case: Path) -> bool:
    return [f for f in verify(case) if f.fault] == []


def actions(case: Path) -> list[str]:
    return [entry["action"] for entry in Ledger(case / "ledger.jsonl").entries()]


@pytest.mark.slow
def test_killed_at_random_moments(undisturbed, begin, ingest, tables, tmp_path):
    expected, duration = undisturbed
    moments = random.Random(SEED)
    for number, kills in enumerate(KILLS):
        case = tmp_path / f"{number}.case"
        for _ in range(kills):
            process = begin(case)
            with suppress(subprocess.TimeoutExpired):
                process.wait(duration * moments.uniform(0.1, 1.0))
            process.kill()
            process.wait()
        assert ingest(case).returncode == 0
        assert tables(case) == expected, f"killed {kills} times"
        assert is_whole(case)


@pytest.mark.slow
def test_killed_in_the_middle_of_a_line_of_the_ledger(undisturbed, evidence, lines, ingest, tables, tmp_path):
    expected, _ = undisturbed
    script = """
import os, signal, sys
from forensics.case import ledger
from forensics.intake import ingest
case, evidence, plugin, last = sys.argv[1:]
write = ledger.Pen.write
def counted(pen, action, **fields):
    if pen.seq == int(last):
        pen._stream.write(b'{"action":"job","at":"20')
        os.kill(os.getpid(), signal.SIGKILL)
    return write(pen, action, **fields)
ledger.Pen.write = counted
ingest(case, evidence, plugins=(plugin,), workers=2)
"""
    for last in (0, 1, 3, 5):  # a run writes seven: ingest, case, three jobs, evidence, case
        case = tmp_path / f"{last}.case"
        arguments = [sys.executable, "-c", script, case, evidence, lines, str(last)]
        assert subprocess.run([*map(str, arguments)]).returncode == -signal.SIGKILL, f"after line {last}"
        assert ingest(case).returncode == 0
        assert tables(case) == expected, f"after line {last}"
        assert is_whole(case)
        assert actions(case).count("repaired") == 1


@needs_proc
def test_worker_killed_from_outside(undisturbed, begin, tables, tmp_path):
    """Somebody else's doing, such as another program that ate the memory: it costs no file."""
    expected, _ = undisturbed
    process = begin(tmp_path / "a.case")
    killed = 0
    while process.poll() is None and killed < 2:
        for worker in workers_of(process.pid):
            if any((tmp_path / "a.case" / "tables").rglob("*.tmp")) or killed:
                os.kill(worker, signal.SIGKILL)
                killed += 1
    assert process.wait(60) == 0
    assert killed
    assert tables(tmp_path / "a.case") == expected


def workers_of(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return [child for child in found if b"forensics.intake.worker" in command_line(child)]


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_ctrl_c_stops_cleanly(undisturbed, begin, ingest, tables, tmp_path):
    expected, _ = undisturbed
    case = tmp_path / "a.case"
    process = begin(case)
    while process.poll() is None and not any(case.glob("tables/*/*.parquet")):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "\nStopped. Nothing is lost: the same command goes on where it stopped.\n"
    assert actions(case)[-1] == "interrupted"
    assert ingest(case).returncode == 0
    assert tables(case) == expected
    assert is_whole(case)


@pytest.fixture(scope="module")
def endless(write_plugin) -> Path:
    """A drop-in whose parser never comes to an end."""
    return write_plugin(
        """
        import time
        from forensics import hookimpl, parser


        @parser("test.endless", files=["000.txt"])
        def endless(file):
            \"\"\"Never ends.\"\"\"
            while True:
                time.sleep(1)
            yield


        @hookimpl
        def forensics_parsers():
            return [endless]
        """,
        "endless.py",
    )


@needs_proc
def test_ctrl_c_does_not_wait_for_a_parser(begin, endless, tmp_path):
    process = begin(tmp_path / "a.case", endless)
    workers = wait_for_workers(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert not any(map(is_alive, workers))


@needs_proc
def test_no_worker_outlives_a_killed_run(begin, endless, tmp_path):
    """It would write to the tables while the next run does the same job."""
    process = begin(tmp_path / "a.case", endless)
    workers = wait_for_workers(process)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 30
    while any(map(is_alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(is_alive, workers))


def wait_for_workers(process: subprocess.Popen[str]) -> list[int]:
    while len(workers := workers_of(process.pid)) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    return workers


def is_alive(pid: int) -> bool:
    return b"forensics.intake.worker" in command_line(pid)


def test_ctrl_c_while_a_line_is_written(tmp_path, monkeypatch):
    """The interrupt comes after the bytes are out and before the pen knows: the next line must still follow the last."""
    ledger = Ledger(tmp_path / "ledger.jsonl")
    pen = ledger.open()
    pen.write("one")

    def interrupt(handle: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            pen.write("two")
    pen.write("interrupted")
    pen.close()
    assert [(e["seq"], e["action"]) for e in ledger.entries()] == [(1, "one"), (2, "interrupted")]


def test_torn_last_line_is_repaired(undisturbed, ingest, tables, tmp_path):
    expected, _ = undisturbed
    case = tmp_path / "a.case"
    ingest(case)
    ledger = case / "ledger.jsonl"
    with ledger.open("ab") as stream:
        stream.write(b'{"action":"job","at":"2025-10-2')
    torn = [f for f in verify(case) if f.fault]
    assert [f.place for f in torn] == ["ledger.jsonl"]
    assert "is unfinished" in str(torn[0].fault)
    assert ingest(case).returncode == 0
    (repair,) = [e for e in Ledger(ledger).entries() if e["action"] == "repaired"]
    assert repair["removed_bytes"] == 31
    assert tables(case) == expected
    assert is_whole(case)


@pytest.mark.parametrize(
    ("workers", "environment"),
    [
        (1, {"PYTHONHASHSEED": "1", "TZ": "Asia/Kabul", "LC_ALL": "C"}),
        (3, {"PYTHONHASHSEED": "2", "TZ": "Europe/Podgorica", "LC_ALL": "C.UTF-8"}),
    ],
)
def test_workers_hash_seed_and_zone_do_not_show(workers, environment, undisturbed, ingest, tables, tmp_path):
    expected, _ = undisturbed
    assert ingest(tmp_path / "another name.case", "--workers", workers, env=environment).returncode == 0
    assert tables(tmp_path / "another name.case") == expected


def test_same_command_again_does_nothing_new(undisturbed, ingest, tables, tmp_path):
    expected, _ = undisturbed
    case = tmp_path / "a.case"
    first, again = ingest(case), ingest(case)
    assert "All of it was in the case already." not in first.stdout
    assert again.stdout.splitlines()[:2] == first.stdout.splitlines()[:2]
    assert "All of it was in the case already." in again.stdout
    assert tables(case) == expected
    assert actions(case).count("job") == 3
    assert actions(case)[-3:] == ["ingest", "evidence", "case"]


class Small:
    """A case of a few files in this process, read again after something has changed."""

    def __init__(self, case: Path, root: Path, plugin: Path) -> None:
        self.case, self.root, self.plugin = case, root, plugin

    def read(self, **options) -> forensics.intake.Summary:
        return forensics.ingest(self.case, self.root, workers=1, plugins=(str(self.plugin),), **options)

    @property
    def texts(self) -> list[str]:
        return sorted(forensics.open_case(self.case).messages["text"])


@pytest.fixture
def small(tmp_path, plant, lines, zipped) -> Small:
    files = {"a.txt": "lines\none\n", "b.txt": "lines\ntwo\n", "c.zip": zipped({"d.txt": "lines\nthree\n"})}
    return Small(tmp_path / "a.case", plant(tmp_path / "evidence", files), lines)


def test_changed_file_is_read_again(small):
    assert small.read().done == 2
    assert small.texts == ["one", "three", "two"]
    (small.root / "a.txt").write_text("lines\nchanged\n")
    assert small.read().done == 2
    assert small.texts == ["changed", "three", "two"]
    assert is_whole(small.case)


def test_removed_files_and_archives_leave_nothing(small):
    small.read()
    (small.root / "a.txt").unlink()
    (small.root / "c.zip").unlink()
    assert small.read().rows["messages"] == 1
    assert small.texts == ["two"]
    assert is_whole(small.case)
    (dropped,) = [e for e in Ledger(small.case / "ledger.jsonl").entries() if e["action"] == "dropped"]
    assert dropped["jobs"] == ["00000-002.00000"]
    small.read()
    assert is_whole(small.case)


def test_no_rows_left_of_a_killed_run_whose_evidence_changed(small):
    """A killed run left a part that no line of the ledger knows; the file it came from is gone since."""
    small.read()
    parts = small.case / "tables"
    (parts / "calls").mkdir()
    (parts / "calls" / "evidence--00000.parquet").write_bytes(b"left")
    (parts / "messages" / "evidence--00001.parquet.4711.tmp").write_bytes(b"left")
    (parts / "messages" / "other--00000.parquet").write_bytes(b"of other evidence")
    small.read()
    assert [f.place for f in verify(small.case) if f.fault] == ["tables/messages/other--00000.parquet"]


def test_changed_archive_of_the_same_size_and_time_is_read_again(small, zipped):
    stamp = (small.root / "c.zip").stat()
    small.read()
    (small.root / "c.zip").write_bytes(zipped({"d.txt": "lines\nthrEe\n"}))
    assert (small.root / "c.zip").stat().st_size == stamp.st_size
    small.read()
    assert small.texts == ["one", "thrEe", "two"]


def test_changed_log_beside_a_database_in_another_job_is_read_again(tmp_path, plant):
    """The database and its write-ahead log may fall into two jobs; the rows come from both."""
    names = [f"a{n:03}" for n in range(199)] + ["msgstore.db", "msgstore.db-wal"]
    root = plant(tmp_path / "evidence", dict.fromkeys(names, b"\x00\x01"))
    case = tmp_path / "a.case"
    assert forensics.ingest(case, root, workers=1).done == 2
    (root / "msgstore.db-wal").write_bytes(b"\x00\x01\x02")
    assert forensics.ingest(case, root, workers=1).done == 2


def test_newer_parser_reads_again(small):
    small.plugin = copy_of(small.plugin, small.case.parent / "lines.py")
    small.read()
    assert set(forensics.open_case(small.case).messages["parser"]) == {"test.lines@1"}
    newer = (
        small.plugin.read_text().replace('version="1"', 'version="2"').replace('"text": line', '"text": line.upper()')
    )
    small.plugin.write_text(newer)
    assert small.read().done == 2
    assert small.texts == ["ONE", "THREE", "TWO"]
    assert set(forensics.open_case(small.case).messages["parser"]) == {"test.lines@2"}


def copy_of(plugin: Path, place: Path) -> Path:
    place.write_bytes(plugin.read_bytes())
    return place


def test_part_that_was_changed_is_made_again(small, tables):
    small.read()
    expected = tables(small.case)
    part = small.case / "tables" / "messages" / "evidence--00000.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    assert not is_whole(small.case)
    assert small.read().done == 1
    assert tables(small.case) == expected
    assert is_whole(small.case)


def test_other_options_read_again(small):
    small.read()
    assert small.read().done == 0
    assert small.read(timezone="Europe/Podgorica").done == 2
    assert small.read(timezone="Europe/Podgorica", seconds=30.0).done == 2


def test_passwords_stand_nowhere_in_the_case(small):
    small.read(passwords=("šifra-4711",), keys=(b"\x5e\xc4e7" * 8,))
    for place in small.case.rglob("*"):
        if place.is_file():
            content = place.read_bytes()
            assert "šifra-4711".encode() not in content
            assert b"4711" not in content
            assert (b"\x5e\xc4e7" * 8).hex().encode() not in content
    (said,) = [e for e in Ledger(small.case / "ledger.jsonl").entries() if e["action"] == "ingest"]
    assert (said["passwords"], said["keys"]) == (1, 1)


def test_case_stays_json(small):
    small.read()
    said = json.loads((small.case / "case.json").read_text("utf-8"))
    assert [e["label"] for e in said["evidence"]] == ["evidence"]
    assert said["evidence"][0]["files"] == 4
