"""Text messages on the Android phone: mmssms.db of Android's telephony provider, with its real column names.

The first release of the toolkit brings no parser for this store: writing one is an exercise of the developers' workshop,
and the answer key says what it must find.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from .script import SCENES
from .sqlite_file import Layout, main_file, snapshot

PATH = "data/data/com.android.providers.telephony/databases/mmssms.db"
TYPES = {"in": 1, "out": 2}

SCHEMA = """
CREATE TABLE canonical_addresses (_id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT);
CREATE TABLE threads (_id INTEGER PRIMARY KEY AUTOINCREMENT, date INTEGER DEFAULT 0, message_count INTEGER DEFAULT 0, recipient_ids TEXT, snippet TEXT, snippet_cs INTEGER DEFAULT 0, read INTEGER DEFAULT 1, type INTEGER DEFAULT 0, error INTEGER DEFAULT 0, has_attachment INTEGER DEFAULT 0);
CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, person INTEGER, date INTEGER, date_sent INTEGER DEFAULT 0, protocol INTEGER, read INTEGER DEFAULT 0, status INTEGER DEFAULT -1, type INTEGER, reply_path_present INTEGER, subject TEXT, body TEXT, service_center TEXT, locked INTEGER DEFAULT 0, error_code INTEGER DEFAULT 0, seen INTEGER DEFAULT 0);
"""  # noqa: E501


@dataclass(frozen=True)
class TextMessage:
    at: datetime
    address: str
    way: str
    body: str


def read_text_messages() -> list[TextMessage]:
    found = []
    for line in (SCENES / "sms.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            day, time, address, way, body = line.split(maxsplit=4)
            found.append(TextMessage(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC), address, way, body))
    return found


def files() -> dict[str, bytes]:
    db = sqlite3.connect(":memory:")
    db.executescript(SCHEMA)
    db.execute("PRAGMA user_version = 57")
    threads: dict[str, int] = {}
    for text in read_text_messages():
        if text.address not in threads:
            threads[text.address] = len(threads) + 1
            db.execute("INSERT INTO canonical_addresses (address) VALUES (?)", (text.address,))
            db.execute("INSERT INTO threads (recipient_ids) VALUES (?)", (str(threads[text.address]),))
        add(db, threads[text.address], text)
    return {PATH: main_file(snapshot(db, Layout()))}


def add(db: sqlite3.Connection, thread: int, text: TextMessage) -> None:
    stamp = round(text.at.timestamp() * 1000)
    sent = stamp - 1400 if text.way == "in" else 0
    db.execute(
        "INSERT INTO sms (thread_id, address, date, date_sent, read, type, body, seen) VALUES (?, ?, ?, ?, 1, ?, ?, 1)",
        (thread, text.address, stamp, sent, TYPES[text.way], text.body),
    )
    db.execute(
        "UPDATE threads SET date = ?, snippet = ?, message_count = message_count + 1 WHERE _id = ?",
        (stamp, text.body, thread),
    )
