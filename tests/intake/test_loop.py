"""The loop: labels, archives inside archives, what is refused, and evidence that stays as it was."""

from __future__ import annotations

import os
import random
import sqlite3
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import forensics
from forensics.case import CaseError
from forensics.case.store import Store
from forensics.case.verify import verify
from forensics.evidence.limits import Limits
from forensics.evidence.source import SourceError
from forensics.intake import ingest
from forensics.intake.options import slug
from forensics.plugins import PluginError

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX limits and rights")


@pytest.fixture
def case(tmp_path) -> Path:
    return tmp_path / "a.case"


@pytest.fixture
def read(case, lines):
    """Ingest into `case` with the drop-in for lines."""

    def run(*sources: Path, **options) -> forensics.intake.Summary:
        return ingest(case, sources, workers=1, plugins=(str(lines),), **options)

    return run


def labels(case: Path) -> list[str]:
    return [e["label"] for e in forensics.open_case(case).evidence]


def texts(case: Path) -> dict[str, str]:
    messages = forensics.open_case(case).messages
    return dict(zip(messages["path"].astype("str"), messages["text"], strict=True))


# Labels


def test_label_is_made_of_the_name(case, read, plant, tmp_path):
    a = plant(tmp_path / "Nokia  (Nenad) №1", {"a.txt": "lines\na\n"})
    archive = tmp_path / "телефон.zip"
    archive.write_bytes(b"not a zip")
    read(a, archive)
    assert labels(case) == ["Nokia-Nenad-1", "evidence"]


def test_same_names_get_numbers(case, read, plant, tmp_path):
    first, second, third = (plant(tmp_path / n / name, {"f.txt": f"lines\n{n}\n"}) for n, name in [
        ("1", "phone"), ("2", "phone"), ("3", "PHONE")
    ])  # fmt: skip
    read(first, second)
    read(third)  # Windows would not keep the parts of phone and PHONE apart
    assert labels(case) == ["PHONE-3", "phone", "phone-2"]
    messages = forensics.open_case(case).messages
    assert dict(zip(messages["evidence"], messages["text"], strict=True)) == {
        "phone": "1",
        "phone-2": "2",
        "PHONE-3": "3",
    }


def test_same_evidence_keeps_its_label(case, read, plant, tmp_path, monkeypatch):
    root = plant(tmp_path / "phone", {"f.txt": "lines\nonce\n"})
    assert read(root, root).labels == ["phone"]
    monkeypatch.chdir(tmp_path)
    assert read(Path("phone")).labels == ["phone"]
    assert labels(case) == ["phone"]
    assert len(forensics.open_case(case).messages) == 1


def test_explicit_label(case, read, plant, tmp_path):
    one, two = plant(tmp_path / "one", {"a": "a"}), plant(tmp_path / "two", {"b": "b"})
    read(one, label="phone-of-M")
    assert labels(case) == ["phone-of-M"]
    with pytest.raises(ValueError, match="other evidence with the label phone-of-M: choose another --label"):
        read(two, label="phone-of-M")
    with pytest.raises(ValueError, match="a label names one piece of evidence"):
        read(one, two, label="both")
    for label in ("../up", "a b", "a/b", "a--b", ".", "-", "č"):
        with pytest.raises(ValueError, match="use letters, digits"):
            read(two, label=label)
    read(two, label="two")
    assert labels(case) == ["phone-of-M", "two"]


@pytest.mark.parametrize(
    ("name", "label"),
    [("a.zip", "a.zip"), ("..", ""), ("a--b", "a-b"), ("--x", "x"), ("Đorđe", "or-e"), ("x" * 99, "x" * 60)],
)
def test_slug(name, label):
    assert slug(name) == label


def test_labels_that_begin_alike_are_kept_apart(case, read, plant, tmp_path):
    a = plant(tmp_path / "a", {"one": "1"})
    b = plant(tmp_path / "a--b", {"two": "2", "three": "3"})
    read(a, b)
    assert {e["label"]: e["files"] for e in forensics.open_case(case).evidence} == {"a": 1, "a-b": 2}
    assert [f for f in verify(case, [a, b]) if f.fault] == []


# What is refused, before anything is written


def test_case_inside_evidence(plant, tmp_path):
    root = plant(tmp_path / "phone", {"a": "a"})
    (tmp_path / "link").symlink_to(root)
    for case in (root, root / "new.case", root / "deep" / "new.case", tmp_path / "link" / "new.case"):
        with pytest.raises(ValueError, match="would lie inside the evidence"):
            ingest(case, root)
    assert [p.name for p in root.iterdir()] == ["a"]


def test_folder_with_other_things(plant, tmp_path):
    other = plant(tmp_path / "documents", {"letter.txt": "mine"})
    with pytest.raises(CaseError, match="a folder with other things in it: name a new folder"):
        ingest(other, plant(tmp_path / "phone", {"a": "a"}))
    with pytest.raises(CaseError, match="is a file: name a folder"):
        ingest(other / "letter.txt", tmp_path / "phone")
    assert [p.name for p in other.rglob("*")] == ["letter.txt"]


def test_empty_folder_becomes_a_case(plant, tmp_path):
    (tmp_path / "new").mkdir()
    ingest(tmp_path / "new", plant(tmp_path / "phone", {"a": "a"}), workers=1)
    assert forensics.open_case(tmp_path / "new").name == "new"


def test_wrong_options(case, plant, tmp_path, write_plugin):
    phone = plant(tmp_path / "phone", {"a": "a"})
    with pytest.raises(ValueError, match="name the evidence"):
        ingest(case, [])
    with pytest.raises(ValueError, match="Mars/Olympus"):
        ingest(case, phone, timezone="Mars/Olympus")
    with pytest.raises(ValueError, match="workers"):
        ingest(case, phone, workers=-1)
    with pytest.raises(SourceError, match="no such file or folder"):
        ingest(case, tmp_path / "fone")
    with pytest.raises(PluginError, match=r"none\.py cannot be used: cannot be read"):
        ingest(case, phone, plugins=(str(tmp_path / "none.py"),))
    with pytest.raises(PluginError, match=r"broken\.py cannot be used: ZeroDivisionError"):
        ingest(
            case, phone, plugins=(str(write_plugin("NAME = 1 / 0\n\n@parser(NAME)\ndef x(file): ...\n", "broken.py")),)
        )
    with pytest.raises(PluginError, match=r"empty\.py declares no parser"):
        ingest(case, phone, plugins=(str(write_plugin("", "empty.py")),))
    assert not case.exists()


def test_second_writer_is_refused(case, read, plant, command, tmp_path):
    phone = plant(tmp_path / "phone", {"a.txt": "lines\na\n"})
    read(phone)
    ledger = (case / "ledger.jsonl").read_bytes()
    with Store.find(case).writing():
        with pytest.raises(CaseError, match="another command is writing to the case"):
            read(phone)
        done = command("ingest", case, phone, "--quiet")
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr == f"forensics: another command is writing to the case {case}: wait until it has ended\n"
        assert command("status", case).returncode == 0
    assert (case / "ledger.jsonl").read_bytes() == ledger
    read(phone)


def test_verify_leaves_a_running_ingest_alone(case, read, plant, tmp_path):
    phone = plant(tmp_path / "phone", {"a.txt": "lines\na\n"})
    read(phone)
    working = plant(case / ".work" / "other", {"plan-top.db": "in use"})
    assert [f for f in verify(case, [phone]) if f.fault] == []
    assert (working / "plan-top.db").exists()


# Archives inside archives


def test_nested_archives(case, read, plant, zipped, tarred, tmp_path, statuses, problems):
    innermost = zipped({"deep/c.txt": "lines\nin three\n"})
    files = {
        "outer.zip": zipped({"inner.zip": zipped({"b.txt": "lines\nin two\n"}), "a.txt": "lines\nin one\n"}),
        "mixed.zip": zipped({"x/t.tar.gz": tarred({"y/z.zip": innermost, "t.txt": "lines\nin a tar\n"})}),
        "plain.txt": "lines\noutside\n",
    }
    summary = read(plant(tmp_path / "phone", files))
    assert texts(case) == {
        "plain.txt": "outside",
        "outer.zip!/a.txt": "in one",
        "outer.zip!/inner.zip!/b.txt": "in two",
        "mixed.zip!/x/t.tar.gz!/t.txt": "in a tar",
        "mixed.zip!/x/t.tar.gz!/y/z.zip!/deep/c.txt": "in three",
    }
    found = statuses(case)
    assert {path for path, status in found.items() if status == "recognised"} == {
        "mixed.zip",
        "mixed.zip!/x/t.tar.gz",
        "mixed.zip!/x/t.tar.gz!/y/z.zip",
        "outer.zip",
        "outer.zip!/inner.zip",
    }
    assert problems(case) == []
    assert summary.files == {"parsed": 5, "recognised": 5}
    assert summary.rows == {"files": 10, "messages": 5}


def test_archives_inside_an_archive_as_evidence(case, read, zipped, tmp_path):
    (tmp_path / "phone.zip").write_bytes(zipped({"in.zip": zipped({"b.txt": "lines\nb\n"}), "a.txt": "lines\na\n"}))
    read(tmp_path / "phone.zip")
    assert texts(case) == {"a.txt": "a", "in.zip!/b.txt": "b"}
    (said,) = forensics.open_case(case).evidence
    assert (said["label"], said["kind"], said["files"]) == ("phone", "zip", 3)
    assert [f for f in verify(case, [tmp_path / "phone.zip"]) if f.fault] == []


def test_depth_limit(case, read, plant, zipped, tmp_path, problems, tables):
    content = zipped({"bottom.txt": "lines\nbottom\n"})
    for depth in range(4):
        content = zipped({f"{depth}.zip": content, f"{depth}.txt": f"lines\n{depth}\n"})
    phone = plant(tmp_path / "phone", {"top.zip": content})
    read(phone, limits=Limits(depth=2))
    assert sorted(texts(case).values()) == ["2", "3"]
    expected = [("top.zip!/3.zip!/2.zip", "limit", "an archive inside 2 others: not opened")]
    assert problems(case) == expected
    before = tables(case)
    assert read(phone, limits=Limits(depth=2)).problems == 1
    assert tables(case) == before
    read(phone)
    assert sorted(texts(case).values()) == ["0", "1", "2", "3", "bottom"]
    assert problems(case) == []
    assert [f for f in verify(case) if f.fault] == []


def test_damaged_archive_inside(case, read, plant, zipped, tmp_path, problems, tables, lines):
    whole = zipped({"a.txt": "lines\n" + "a\n" * 500, "b.txt": "lines\nb\n"})
    files = {
        "cut.zip": whole[: len(whole) // 2],
        "holder.zip": zipped({"cut.zip": whole[:60]}),
        "ok.txt": "lines\nok\n",
    }
    read(plant(tmp_path / "phone", files))
    assert texts(case)["ok.txt"] == "ok"
    found = problems(case)
    assert {kind for _, kind, _ in found} == {"damaged"}
    assert {path.split("!/")[0] for path, _, _ in found} == {"cut.zip", "holder.zip"}
    assert not any(str(tmp_path) in message for _, _, message in found)
    elsewhere = tmp_path / "elsewhere" / "b.case"
    ingest(elsewhere, tmp_path / "phone", workers=1, plugins=(str(lines),))
    assert tables(elsewhere) == tables(case)


def test_bomb_inside_costs_itself(case, read, plant, zipped, tmp_path, problems):
    files = {"bomb.zip": zipped({"zeros": bytes(30 << 20)}), "ok.txt": "lines\nok\n"}
    read(plant(tmp_path / "phone", files))
    assert texts(case) == {"ok.txt": "ok"}
    ((path, kind, message),) = problems(case)
    assert (path, kind) == ("bomb.zip!/zeros", "limit")
    assert "limit `ratio` reached" in message


# Files by their fate


def test_companions_links_and_counts(case, read, plant, tmp_path, statuses, problems):
    phone = plant(tmp_path / "phone", {"empty": "", "odd.bin": b"\x00\x01\x02", "a.txt": "lines\n1\n2\n3\n"})
    connection = sqlite3.connect(phone / "x.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (a)")
    copy = {p.name: p.read_bytes() for p in phone.iterdir() if p.name.startswith("x.db")}
    connection.close()
    plant(phone, {**copy, "y.db-wal": b"without its database"})
    (phone / "out").symlink_to("/etc/passwd")
    (phone / "loop").symlink_to(phone)
    summary = read(phone)
    assert statuses(case) == {
        "a.txt": "parsed",
        "empty": "ignored",
        "odd.bin": "unknown",
        "x.db": "unknown",
        "x.db-shm": "recognised",
        "x.db-wal": "recognised",
        "y.db-wal": "unknown",
    }
    said = forensics.open_case(case).problems
    assert sorted(zip(said["path"], said["kind"], said["message"], said["detail"], strict=True)) == [
        ("loop", "not_read", "symbolic link, not followed", str(phone)),
        ("out", "not_read", "symbolic link, not followed", "/etc/passwd"),
    ]
    files = forensics.open_case(case).files.set_index("path")
    assert files.loc["a.txt", "rows"] == 3
    assert list(files.loc["a.txt", "parsers"]) == ["test.lines@1"]
    assert files.loc["x.db-wal", "extra"] == '{"read_with": "x.db"}'
    assert summary.files == {"parsed": 1, "ignored": 1, "unknown": 3, "recognised": 2}
    assert summary.rows == {"files": 7, "messages": 3, "problems": 2}
    assert summary.problems == len(problems(case)) == 2


def test_two_claims_alike_are_said(case, plant, write_plugin, lines, tmp_path, problems):
    twin = write_plugin(lines.read_text().replace("test.lines", "test.twin"), "twin.py")
    ingest(case, plant(tmp_path / "phone", {"a.txt": "lines\na\n"}), workers=1, plugins=(str(lines), str(twin)))
    ((path, kind, message),) = problems(case)
    assert (path, kind) == ("a.txt", "not_understood")
    assert message.startswith("test.lines and test.twin claim this file alike")


def test_dropin_that_does_not_import_is_said_before_anything_is_read(case, plant, write_plugin, tmp_path):
    broken = write_plugin(
        """
        import package_that_is_not_there
        from forensics import parser

        @parser("test.later", files=["later.txt"])
        def later(file):
            yield
        """,
        "later.py",
    )
    with pytest.raises(PluginError, match="package_that_is_not_there"):
        ingest(case, plant(tmp_path / "phone", {"later.txt": "x"}), workers=1, plugins=(str(broken),))
    assert not case.exists()


def test_encrypted_zip(case, read, tmp_path, plant, zipcrypto, statuses, problems):
    (tmp_path / "phone.zip").write_bytes(zipcrypto("a.txt", b"lines\nlocked\n", b"Bihac 1992"))
    read(tmp_path / "phone.zip")
    assert statuses(case) == {}  # nothing of it could be read, its hash neither
    assert [(path, kind) for path, kind, _ in problems(case)] == [("a.txt", "encrypted")]
    read(tmp_path / "phone.zip", passwords=("wrong", "Bihac 1992"))
    assert texts(case) == {"a.txt": "locked"}
    assert problems(case) == []


@pytest.fixture
def zipcrypto():
    """A zip of one stored member under the traditional encryption."""

    def lock(name: str, content: bytes, password: bytes) -> bytes:
        keys = [0x12345678, 0x23456789, 0x34567890]

        def crc(value: int, byte: int) -> int:
            return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

        def update(byte: int) -> None:
            keys[0] = crc(keys[0], byte)
            keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
            keys[2] = crc(keys[2], keys[1] >> 24)

        for byte in password:
            update(byte)
        check = zlib.crc32(content)
        out = bytearray()
        for byte in bytes(11) + bytes([check >> 24]) + content:
            pad = keys[2] | 2
            out.append(byte ^ ((pad * (pad ^ 1)) >> 8 & 255))
            update(byte)
        sizes = (check, len(out), len(content), len(name), 0)
        local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 1, 0, 0, 0x5B5A, *sizes) + name.encode() + out
        central = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 1, 0, 0, 0x5B5A, *sizes, 0, 0, 0, 0, 0) + name.encode()
        return local + central + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local), 0)

    return lock


def test_passwords_file(command, case, tmp_path, zipcrypto, lines, statuses):
    (tmp_path / "phone.zip").write_bytes(zipcrypto("a.txt", b"lines\nlocked\n", "šuma".encode()))
    (tmp_path / "passwords.txt").write_bytes("\ufeffone\r\nšuma\r\n".encode())
    options = ("--passwords", tmp_path / "passwords.txt", "--plugin", lines, "--quiet")
    done = command("ingest", case, tmp_path / "phone.zip", *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert statuses(case) == {"a.txt": "parsed"}


# Evidence stays as it was


def picture(root: Path) -> dict[str, tuple]:
    found = {}
    for place in [root, *sorted(root.rglob("*"))]:
        status = place.lstat()
        content = place.read_bytes() if place.is_file() and not place.is_symlink() else None
        found[str(place)] = (status.st_mode, status.st_size, status.st_mtime_ns, status.st_uid, content)
    return found


def test_evidence_is_unchanged(case, read, plant, zipped, tmp_path):
    phone = plant(
        tmp_path / "phone", {"a.txt": "lines\na\n", "in.zip": zipped({"b.txt": "lines\nb\n"}), "cut.jpg": b"\xff\xd8"}
    )
    connection = sqlite3.connect(phone / "msgstore.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE message (_id INTEGER PRIMARY KEY, timestamp, text_data)")
    copy = {p.name: p.read_bytes() for p in phone.iterdir() if p.name.startswith("msgstore")}
    connection.close()
    plant(phone, {name: content for name, content in copy.items() if not name.endswith("-shm")})
    archive = tmp_path / "other.zip"
    archive.write_bytes(zipped({"c.txt": "lines\nc\n"}))
    for place in [*phone.rglob("*"), phone, archive]:
        os.utime(place, (1_000_000_000, 1_000_000_000))
    (phone / "a.txt").chmod(0o444)
    before = picture(phone), picture(archive)
    read(phone, archive)
    assert [f for f in verify(case, [phone, archive]) if f.fault] == []
    assert (picture(phone), picture(archive)) == before


@pytest.mark.skipif(not hasattr(os, "O_NOATIME"), reason="only Linux can read without an access time")
def test_archive_keeps_its_access_time(case, read, zipped, tmp_path):
    archive = tmp_path / "phone.zip"
    archive.write_bytes(zipped({"c.txt": "lines\nc\n"}))
    os.utime(archive, (1_000_000_000, 1_000_000_000))
    read(archive)
    assert archive.stat().st_atime == 1_000_000_000


def test_evidence_whose_name_is_no_utf8(case, read, plant, tmp_path):
    phone = plant(Path(os.fsdecode(os.fsencode(tmp_path) + b"/tel\xe9fon")), {"a.txt": "lines\na\n"})
    read(phone)
    assert read(phone).done == 0
    assert [f for f in verify(case, [phone]) if f.fault] == []
    assert forensics.open_case(case).evidence[0]["name"] == r"tel\udce9fon"


# A disk that is full, a folder that may not be written


def random_lines(seed: int) -> str:
    source = random.Random(seed)
    return "".join(f"{source.randbytes(50).hex()}\n" for _ in range(50))


@posix
@pytest.mark.parametrize("bytes_left", [3_000, 12_000, 40_000])
def test_disk_full(bytes_left, case, plant, lines, command, tmp_path, tables):
    """No file may grow past a size: the ledger, the plan, a copy or a part meets it first; each is said in one line."""
    phone = plant(tmp_path / "phone", {f"{n:03}.txt": "lines\n" + random_lines(n) for n in range(20)})
    script = (
        "import resource, sys; from forensics.cli import main;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes_left}, {bytes_left})); sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["ingest", str(case), str(phone), "--plugin", str(lines), "--quiet"]
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True)
    assert done.returncode == 3
    assert done.stderr.startswith("forensics: the case cannot be written: ")
    assert "then run the same command again" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert command(*arguments).returncode == 0
    assert len(forensics.open_case(case).messages) == 20 * 50
    assert [f for f in verify(case) if f.fault] == []


@posix
def test_disk_full_for_a_copy(tmp_path, case, plant, command):
    """The private copy of a database does not fit: the run stops, instead of calling the database damaged."""
    connection = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    connection.execute("CREATE TABLE t AS SELECT zeroblob(3000000) AS a")
    connection.close()
    phone = plant(tmp_path / "phone", {"x.db": (tmp_path / "x.db").read_bytes()})
    script = (
        "import resource, sys; from forensics.cli import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)); sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["ingest", str(case), str(phone), "--quiet"]
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True)
    assert (done.returncode, done.stderr[:38]) == (3, "forensics: the case cannot be written:")
    assert command(*arguments).returncode == 0


def test_case_folder_that_may_not_be_written(case, plant, command, without_rights, tmp_path):
    phone = plant(tmp_path / "phone", {"a": "a"})
    assert command("ingest", case, phone, "--quiet").returncode == 0
    plant(tmp_path / "closed", {})
    for folder in (case, tmp_path / "closed"):
        folder.chmod(0o555)
    (case / ".lock").chmod(0o444)
    for place in (case, tmp_path / "closed" / "new.case"):
        done = without_rights("ingest", place, phone, "--quiet")
        assert done.returncode == 3
        assert done.stderr == f"forensics: the case {place} cannot be written: Permission denied\n"
    reading = without_rights("status", case)
    assert (reading.returncode, reading.stderr) == (0, "")
    assert without_rights("verify", case, phone).returncode == 0


def test_evidence_that_may_not_be_read(case, plant, without_rights, tmp_path, statuses, problems):
    phone = plant(tmp_path / "phone", {"closed.txt": "x", "open.txt": "y", "closed/in.txt": "z"})
    (phone / "closed.txt").chmod(0)
    (phone / "closed").chmod(0)
    done = without_rights("ingest", case, phone, "--quiet")
    (phone / "closed").chmod(0o755)
    assert done.returncode == 1
    assert statuses(case) == {"closed.txt": "failed", "open.txt": "unknown"}
    assert [(path, kind) for path, kind, _ in problems(case)] == [("closed", "not_read"), ("closed.txt", "not_read")]
    phone.chmod(0)
    refused = without_rights("ingest", case, phone, "--quiet")
    phone.chmod(0o755)
    assert refused.returncode == 3
    assert refused.stderr.startswith(f"forensics: {phone}: ")
    assert len(refused.stderr.splitlines()) == 1


# Other executors


@pytest.fixture(scope="module")
def cluster_evidence(tmp_path_factory, plant, zipped) -> Path:
    files = {f"{n:03}.txt": f"lines\nred {n}\n" for n in range(230)}
    return plant(tmp_path_factory.mktemp("cluster") / "phone", {**files, "in.zip": zipped({"b.txt": "lines\nb\n"})})


@pytest.mark.slow
@pytest.mark.parametrize("processes", [False, True])
def test_dask_cluster_gives_the_same_bytes(processes, cluster_evidence, lines, tables, tmp_path):
    distributed = pytest.importorskip("distributed")
    options = {"plugins": (str(lines),)}
    ingest(tmp_path / "local.case", cluster_evidence, workers=1, **options)
    # Without processes on plain TCP all the same: that is how an address comes from the command line.
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=processes,
        dashboard_address=None,
        protocol="tcp://",
        host="127.0.0.1",
    ) as cluster:
        address = cluster.scheduler_address
        ingest(tmp_path / "cluster.case", cluster_evidence, scheduler=address, **options)
    assert tables(tmp_path / "cluster.case") == tables(tmp_path / "local.case")
    assert [f for f in verify(tmp_path / "cluster.case") if f.fault] == []


def test_no_scheduler_there(case, plant, tmp_path):
    pytest.importorskip("distributed")
    phone = plant(tmp_path / "phone", {"a": "a"})
    with pytest.raises(ValueError, match="no Dask scheduler answers at nonsense"):
        ingest(case, phone, scheduler="nonsense://127.0.0.1:1")
