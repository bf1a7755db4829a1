"""A reader of one table, over the real doors."""

import sqlite3

import pytest

from forensics import parser, testing
from forensics.tables import MESSAGES

SELECT = "SELECT m.id AS message_id, m.body AS text, 'message/id=' || m.id AS record FROM message m"


@parser("test.messages")
def messages(file):
    with file.sqlite() as db:
        yield from MESSAGES.batches(db.execute(SELECT, every="message"))


@pytest.fixture
def read():
    """`read(content)`: everything of a database with the table `message (id, body)`."""

    def everything(content, **given):
        return testing.rows(messages, content, **given)

    return everything


@pytest.fixture
def states():
    """`states(found)`: (message_id, text, state) of each row."""
    return lambda found: [(r.get("message_id"), r.get("text"), r["state"]) for r in found.get("messages", [])]


@pytest.fixture
def crashed(tmp_path):
    """`crashed(sql, ...)`: a database as a process leaves it that dies before the end of its last transaction.

    Each text but the last is run whole; the last one is left open, with its pages spilled into the file.
    """

    def leave(*scripts, mode="DELETE", name="left.db"):
        path = tmp_path / "writer.db"
        writer = sqlite3.connect(path, isolation_level=None)
        for pragma in ("page_size = 512", f"journal_mode = {mode}", "cache_size = 1", "cache_spill = 1"):
            writer.execute(f"PRAGMA {pragma}").fetchall()
        for script in scripts[:-1]:
            writer.executescript(script)
        writer.executescript("BEGIN;" + scripts[-1])
        files = {suffix: path.with_name(path.name + suffix) for suffix in ("", "-journal", "-wal")}
        content = {suffix: file.read_bytes() for suffix, file in files.items() if file.exists()}
        writer.close()
        for suffix, raw in content.items():
            (tmp_path / f"{name}{suffix}").write_bytes(raw)
        return tmp_path / name

    return leave
