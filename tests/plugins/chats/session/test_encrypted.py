"""Session's encrypted databases."""

import hashlib
import json
from pathlib import Path

import pytest
from forensics_plugins.chats.session import encrypted as module
from forensics_plugins.chats.session.encrypted import ANDROID, IOS, encrypted, is_encrypted
from forensics_plugins.chats.signal.encrypted import is_encrypted as is_signals

from forensics import testing
from forensics.sqlite.cipher import SQLCIPHER_4

from ....sqlite.sealing import Seal, with_reserve
from .test_android import OWNER, PREFERENCES

HERE = Path(__file__).parent
KEY = bytes(range(100, 132))
SALT = bytes(range(16))
DESKTOP = """CREATE TABLE messages (id TEXT PRIMARY KEY, json TEXT, conversationId TEXT, sent_at INTEGER,
  source TEXT, type TEXT, serverId INTEGER);
CREATE TABLE conversations (id TEXT PRIMARY KEY, type TEXT); CREATE TABLE items (id TEXT PRIMARY KEY,
  json TEXT); CREATE TABLE nodesForPubkey (pubkey TEXT PRIMARY KEY, json TEXT);
INSERT INTO messages VALUES ('m1', '{"id":"m1","body":"Где си?"}', '05aa', 1700000000123, '05aa', 'incoming', NULL);"""


def sealed(sql: str, settings, folder: Path, key: bytes = KEY) -> bytes:
    return Seal(settings, key, SALT).main(with_reserve(sql, settings, folder)[0])


def derived(passphrase: bytes, settings) -> bytes:
    return hashlib.pbkdf2_hmac(settings.digest, passphrase, SALT, settings.iterations, 32)


def desktop(folder: Path, key: bytes = KEY) -> bytes:
    return sealed(DESKTOP, SQLCIPHER_4, folder, key)


def test_ios(tmp_path):
    content = sealed((HERE / "session_ios.sql").read_text("utf-8"), IOS, tmp_path)
    found = testing.rows(encrypted, content, name="Session.sqlite", keys=(KEY + SALT,))
    assert len(found["messages"]) > 5
    assert {m["app"] for m in found["messages"]} == {"Session"}
    assert not [p for p in found.get("problems", []) if p["kind"] == "encrypted"]


@pytest.mark.parametrize("settings", ANDROID, ids=lambda settings: settings.name)
@pytest.mark.parametrize("name", ["signal_v4.db", "session.db"])
def test_android_key_is_a_passphrase(settings, name, tmp_path):
    """The secret is 32 bytes, but the app gives SQLCipher their 64 hex digits as a passphrase, with one round of PBKDF2."""
    secret = derived(KEY.hex().encode(), settings)
    content = sealed((HERE / "session_android.sql").read_text("utf-8"), settings, tmp_path, secret)
    found = testing.rows(encrypted, content, name=name, keys=(KEY,))
    assert len(found["messages"]) > 5


def test_the_owner_of_an_encrypted_database(tmp_path):
    """The database does not name its owner, the preferences beside it do, in clear."""
    secret = derived(KEY.hex().encode(), ANDROID[0])
    content = sealed((HERE / "session_android.sql").read_text("utf-8"), ANDROID[0], tmp_path, secret)
    beside = {"app/shared_prefs/network.loki.messenger_preferences.xml": PREFERENCES.encode()}
    found = testing.rows(encrypted, content, name="app/databases/session.db", beside=beside, keys=(KEY,))
    assert {m.get("account_id") for m in found["messages"]} == {OWNER}


def test_desktop_takes_its_key_from_the_folder_above(tmp_path):
    beside = {"Session/config.json": json.dumps({"key": KEY.hex()}).encode()}
    found = testing.rows(encrypted, desktop(tmp_path), name="Session/sql/db.sqlite", beside=beside)
    assert [m["text"] for m in found["messages"]] == ["Где си?"]
    given = testing.rows(encrypted, desktop(tmp_path), name="Session/sql/db.sqlite", keys=(KEY,))
    assert len(given["messages"]) == 1


@pytest.mark.parametrize("word", ["Тајна 1", KEY.hex()])
def test_desktop_with_a_password(word, tmp_path):
    """A password that is hex digits alone is the key itself; of any other the key is derived."""
    key = KEY if word == KEY.hex() else derived(word.encode(), SQLCIPHER_4)
    content = desktop(tmp_path, key)
    beside = {"Session/config.json": json.dumps({"key": "00" * 32, "dbHasPassword": True}).encode()}
    found = testing.rows(encrypted, content, name="Session/sql/db.sqlite", beside=beside, passwords=("wrong", word))
    assert [m["text"] for m in found["messages"]] == ["Где си?"]
    [problem] = testing.rows(encrypted, content, name="Session/sql/db.sqlite", beside=beside)["problems"]
    assert problem["kind"] == "encrypted"
    assert "password" in problem["message"]


@pytest.mark.parametrize(
    ("name", "settings", "says"),
    [
        ("Session.sqlite", IOS, "GRDBDatabaseCipherKeySpec"),
        ("signal_v4.db", ANDROID[0], "keystore"),
        ("session.db", ANDROID[0], "keystore"),
        ("Session/sql/db.sqlite", SQLCIPHER_4, "config.json"),
    ],
)
def test_without_the_key(name, settings, says, tmp_path):
    content = sealed(DESKTOP, settings, tmp_path)
    for keys, how in (((), "no key was given"), ((bytes(32), bytes(48)), "does not open it")):
        [problem] = testing.rows(encrypted, content, name=name, keys=keys)["problems"]
        assert problem["kind"] == "encrypted"
        assert says in problem["message"]
        assert how in problem["message"]
        assert KEY.hex() not in repr(problem)


@pytest.mark.parametrize(
    "settings", [b"[1]", b"{broken", json.dumps({"key": 5}).encode(), json.dumps({"key": "zz"}).encode(), b""]
)
def test_odd_config(settings, tmp_path):
    found = testing.rows(
        encrypted, desktop(tmp_path), name="Session/sql/db.sqlite", beside={"Session/config.json": settings}
    )
    assert [p["kind"] for p in found["problems"]] == ["encrypted"]


def test_something_else_inside(tmp_path):
    content = sealed("CREATE TABLE other (id);", ANDROID[0], tmp_path, derived(KEY.hex().encode(), ANDROID[0]))
    assert [p["kind"] for p in testing.rows(encrypted, content, name="session.db", keys=(KEY,))["problems"]] == [
        "not_read"
    ]


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Session/sql/db.sqlite", True),
        ("AppData/Roaming/Session/sql/db.sqlite", True),
        ("Session-development/sql/db.sqlite", True),
        ("Signal/sql/db.sqlite", False),
        ("sessions/sql/db.sqlite", False),
        ("session 1/Signal/sql/db.sqlite", False),  # a case named so: the nearest folder of an app tells
        ("Session/Signal Desktop/sql/db.sqlite", False),
        ("Signal case/Session/sql/db.sqlite", True),
        ("Session.sqlite", True),
        ("signal.sqlite", False),
        ("signal.db", False),
    ],
)
def test_signals_databases_are_left_alone(name, ours, tmp_path):
    with testing.placed(desktop(tmp_path), name=name) as file:
        assert is_encrypted(file) == ours
        assert not (ours and is_signals(file))
        assert is_signals(file) == ("signal" in name.lower() and not ours)


def test_plain_files_are_not_ours():
    with testing.placed(testing.database(DESKTOP), name="Session.sqlite") as file:
        assert not is_encrypted(file)


def test_promises(tmp_path):
    assert module.forensics_parsers() == [encrypted]
    content = sealed((HERE / "session_ios.sql").read_text("utf-8"), IOS, tmp_path)
    assert not [c for c in testing.check(encrypted, content, name="Session.sqlite", keys=(KEY + SALT,)) if c.fault]
