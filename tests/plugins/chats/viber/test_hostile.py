"""Every column of every table holding what no app writes: no parser of Viber stops at it, and no row is lost."""

import sqlite3
from pathlib import Path

import pytest
from forensics_plugins.chats.viber import android_data, android_messages, desktop, ios_contacts, ios_settings

from forensics import testing

HERE = Path(__file__).parent
STORES = {
    "messages": (android_messages.messages, "messages", "messages"),
    "messages_2013": (android_messages.messages, "messages", "messages"),
    "data": (android_data.data, "calls", "calls"),
    "contacts": (ios_contacts.chats, "ZVIBERMESSAGE", "messages"),
    "desktop": (desktop.desktop, "Messages", "messages"),
    "desktop_2014": (desktop.desktop, "Messages", "messages"),
    "settings": (ios_settings.settings, "Data", "accounts"),
}
VALUES = ("X'FF00C328'", "'x' || char(0, 8238)", "9e999", "-9223372036854775808")


def columns(sql: str) -> list[tuple[str, str]]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(sql)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = [(t, row[1]) for t in tables for row in connection.execute(f"PRAGMA table_info('{t}')") if not row[5]]
    connection.close()
    return [(table, column) for table, column in found if not table.startswith("sqlite_")]


@pytest.mark.parametrize("store", STORES)
def test_any_value_in_any_column(store):
    parser, _, out = STORES[store]
    sql = (HERE / f"{store}.sql").read_text("utf-8")
    least = len(testing.rows(parser, testing.database(sql))[out])
    for number, (table, column) in enumerate(columns(sql)):
        value = VALUES[number % len(VALUES)]
        poison = f'UPDATE OR IGNORE "{table}" SET "{column}" = {value};'
        found = testing.rows(parser, testing.database(sql + poison))
        stopped = [p["message"] for p in found.get("problems", []) if " stopped: " in p["message"]]
        assert not stopped, f"{table}.{column} = {value}"
        moved = column in ("extra_mime", "Type")  # a reaction that becomes a message
        assert len(found[out]) == least or (moved and len(found[out]) > least), f"{table}.{column} = {value}"
