"""signal-*.backup of Signal for Android."""

import hashlib
import json
from pathlib import Path

import pytest
from forensics_plugins.chats.signal.android import messages
from forensics_plugins.chats.signal.backup import backup, folder, is_backup, is_folder
from forensics_plugins.chats.signal.backup_frames import passphrases

from forensics import testing
from forensics.identify import identify

from .writing import PASSPHRASE, Writer, field, statement, statements

HERE = Path(__file__).parent
SQL = (HERE / "android.sql").read_text("utf-8")
OLD = (HERE / "android_2022.sql").read_text("utf-8")
BEYOND = """
CREATE INDEX an_index ON message (thread_id);
CREATE TRIGGER a_trigger AFTER DELETE ON message BEGIN DELETE FROM reaction; END;
CREATE VIRTUAL TABLE message_fts USING fts5(body, content=message);
"""
PHOTO = b"a photo" * 1000
NAME = "signal-2025-10-09-10-00-00.backup"


def written(sql, version=1, extra=(), end=True):
    """A backup with the rows of a script and the photo behind its row, as the app writes it."""
    writer = Writer(version)
    writer.frame("version", field(1, 286))
    for kind, content in (*statements(sql), *extra):
        writer.frame(kind, content)
    writer.frame("attachment", field(1, 1) + field(2, 0) + field(3, len(PHOTO)))
    writer.file(PHOTO)
    writer.frame("preference", field(1, "SecureSMS-Preferences") + field(2, "pref"))
    writer.frame("avatar", field(1, "x") + field(3, "2") + field(2, 3))
    writer.file(b"abc")
    if end:
        writer.frame("end", True)
    return writer.content


def read(content, **given):
    return testing.rows(backup, content, name=NAME, **({"passwords": ("something else", PASSPHRASE)} | given))


@pytest.fixture(scope="module")
def content():
    return written(SQL + BEYOND)


def plain(found):
    """Messages, but for what says where they came from."""
    beside = ("path", "file", "parser")
    return [{k: v for k, v in row.items() if k not in beside} for row in found["messages"]]


@pytest.mark.parametrize("sql", [SQL, OLD])
@pytest.mark.parametrize("version", [0, 1])
def test_both_versions_give_what_the_database_gives(version, sql):
    found = read(written(sql, version))
    direct = testing.rows(messages, testing.database(sql), name="signal.db")
    assert plain(found) == plain(direct)
    assert [row["record"] for row in found["participants"]] == [row["record"] for row in direct["participants"]]
    assert {row["parser"] for row in found["messages"]} == {"signal.backup@1"}


def test_an_attachment_has_the_hash_of_what_the_backup_holds(content):
    photo = next(a for a in read(content)["attachments"] if a["record"] == "attachment/_id=1")
    assert (photo["sha256"], photo["size"], photo["present"]) == (hashlib.sha256(PHOTO).hexdigest(), len(PHOTO), True)
    extra = json.loads(photo["extra"])
    assert extra["stated_size"] == 178803
    assert extra["stated_sha256"].startswith("f6dac0")


def test_what_is_left_out_is_said(content):
    said = [p["message"] for p in read(content)["problems"]]
    assert said == [
        "table msl_payload (messages kept for sending them again): 1 rows are not read",
        "settings: 1 frames are not read",
        "pictures of persons: 1 frames are not read",
    ]


@pytest.mark.parametrize(
    ("passwords", "said"),
    [
        ((), "no passphrase was given"),
        (("lozinka", "12345"), "no passphrase was given"),
        (("0" * 30,), "the passphrase given does not open it"),
    ],
)
def test_without_the_passphrase(content, passwords, said):
    found = read(content, passwords=passwords)
    [problem] = found["problems"]
    assert (problem["kind"], list(found)) == ("encrypted", ["problems"])
    assert said in problem["message"]


def test_ways_to_write_a_passphrase():
    digits = "123456789012345678901234567890"
    assert passphrases(
        ["12345 67890 12345 67890 12345 67890", "12345-67890-12345-67890-12345-67890", digits, "x" * 30]
    ) == [digits]


HOSTILE = [
    "DELETE FROM message",
    "UPDATE message SET body = 'x'",
    "ATTACH 'x.db' AS x",
    "PRAGMA writable_schema=ON",
    "SELECT load_extension('x')",
    "INSERT INTO message SELECT * FROM message",
    "INSERT INTO message VALUES (randomblob(1000000000))",
    "DROP TABLE message",
    "CREATE TABLE copied AS SELECT * FROM message",
    "CREATE TEMP TABLE x (a)",
    "",
]


def test_no_other_statement_is_run():
    found = read(written(SQL, extra=[("statement", statement(sql)) for sql in HOSTILE]))
    refused = [p["detail"] for p in found["problems"] if p["kind"] == "hostile"]
    assert refused == HOSTILE
    assert len(found["messages"]) == 19
    assert "copied" not in json.dumps(found, default=str, ensure_ascii=False).replace("copied AS", "")


def test_statements_that_fail():
    wrong = [
        statement("INSERT INTO message VALUES (?)", ["one of many"]),
        statement("INSERT INTO drafts VALUES (?,?,?,?)", [9, 1]),
        statement("INSERT INTO gone VALUES (?)", [1]),
        statement("CREATE TABLE drafts (again)"),
        statement("CREATE TABLE two (a); DROP TABLE message"),
        statement("CREATE TABLE made (a DEFAULT (hex(randomblob(1000000000))), b)"),
        statement("INSERT INTO made (b) VALUES (?)", [1]),
        statement("CREATE TABLE sqlite_sequence (name, seq)"),
    ]
    found = read(written(SQL, extra=[("statement", each) for each in wrong]))
    assert len(found["messages"]) == 19
    failed = [p for p in found["problems"] if p["kind"] == "damaged"]
    assert len(failed) == 6
    assert {p["message"].partition(":")[0] for p in failed} == {"a statement of the backup failed"}


def test_parameters_of_all_kinds():
    rows = [(-5, 1, "text", None), (20, -(2**63), "quote", "наставак"), (21, 2**63 - 1, "text", b"\xff\x00")]
    extra = [("statement", statement("INSERT INTO drafts VALUES (?,?,?,?)", row)) for row in rows]
    found = read(written(SQL, extra=extra))
    drafts = {m["record"]: m for m in found["messages"] if m["record"].startswith("drafts/")}
    assert drafts["drafts/_id=20"]["chat_id"] == f"thread/_id={-(2**63)}"
    assert drafts["drafts/_id=20"]["text"] == "наставак"
    assert drafts["drafts/_id=-5"]["chat_name"] == "Марко Радови"


@pytest.mark.parametrize("version", [0, 1])
def test_a_frame_that_fails_its_checksum_is_left_out(version):
    """Other tools stop at the first bad frame; the frames behind it can still be followed."""
    whole = bytearray(written(SQL, version))
    at = len(whole) // 2
    whole[at] ^= 1
    found = read(bytes(whole))
    bad = [p for p in found["problems"] if "HMAC" in p["message"]]
    assert len(bad) >= 1
    assert bad[0]["record"].startswith("frame ")
    assert len(found["messages"]) > 5


def test_a_cut_backup(content):
    found = read(content[: len(content) * 2 // 3])
    assert any("can no longer be followed" in p["message"] for p in found["problems"])
    assert len(found.get("messages", [])) > 0


def test_a_file_that_fails_its_checksum():
    whole = written(SQL, end=False)
    at = len(whole) - 2000
    found = read(whole[:at] + b"?" + whole[at + 1 :])
    assert any("a file in the backup is cut" in p["message"] for p in found["problems"])
    photo = next(a for a in found["attachments"] if a["record"] == "attachment/_id=1")
    assert json.loads(photo["extra"])["damaged"] is True


def test_a_file_whose_row_is_gone():
    found = read(
        written(SQL.replace("INSERT INTO attachment", "INSERT OR IGNORE INTO attachment") + "DELETE FROM attachment;")
    )
    [photo] = found["attachments"]
    assert (photo["record"].startswith("frame "), photo["size"], photo["present"]) == (True, len(PHOTO), True)


def test_a_newer_version_is_said():
    writer = Writer(7)
    writer.frame("end", True)
    [problem] = read(writer.content)["problems"]
    assert problem["message"] == "a backup of version 7, which is not known"


def test_what_is_inside_may_be_of_another_app():
    found = read(written("CREATE TABLE other (a); INSERT INTO other VALUES (1);"))
    assert "not the tables of Signal" in found["problems"][0]["message"]


def test_recognised_by_its_header(content):
    with testing.placed(content, name="renamed.bin") as file:
        assert is_backup(file)
    for other in (b"", b"\0\0\0\x36" + bytes(100), content[:30], content[1:], b"\0\0\0\x02\x0a\x00" + bytes(50)):
        with testing.placed(other, name=NAME) as file:
            assert not is_backup(file)


def test_promises(content):
    assert not [c for c in testing.check(backup, content, name=NAME, passwords=(PASSPHRASE,)) if c.fault]


def test_changed_bytes():
    import random

    whole, dice = written("CREATE TABLE thread (_id); INSERT INTO thread VALUES (1);"), random.Random(7)
    for _ in range(12):
        mutant = bytearray(whole)
        mutant[dice.randrange(70, len(mutant))] ^= 1 << dice.randrange(8)
        assert not [p for p in read(bytes(mutant))["problems"] if "stopped" in p["message"]]


def test_a_backup_that_is_a_folder():
    beside = {"main": b"\x01" * 500, "files": b"\x02" * 500}
    with testing.placed(b"\x08\x01", name="metadata", beside=beside) as file:
        assert is_folder(file)
        found = testing.read(folder, file)
    assert [p["kind"] for p in found["problems"]] == ["encrypted"]
    for content, there in ((b"\x08\x01", {}), (b"{}", beside), (b"", beside)):
        with testing.placed(content, name="metadata", beside=there) as file:
            assert not is_folder(file)


def test_the_collection_finds_it(content):
    from forensics.plugins import Registry

    registry = Registry()
    with testing.placed(content, name="x") as file:
        owner = identify(file, registry).owner
        assert owner is not None
        assert owner.declaration.name == "signal.backup"
