"""Encrypted databases of Signal: opened with the key given, or said which key is wanted."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from forensics_plugins.chats.signal.android import messages as android
from forensics_plugins.chats.signal.desktop import messages as desktop
from forensics_plugins.chats.signal.encrypted import ANDROID, IOS, encrypted, is_encrypted
from forensics_plugins.chats.signal.ios import messages as ios

from forensics import testing
from forensics.identify import identify
from forensics.plugins import Registry
from forensics.sqlite.cipher import SQLCIPHER_4

from ....sqlite.sealing import Seal, with_reserve
from ..archives import database
from .test_android import BETWEEN, STORE

HERE = Path(__file__).parent
DESKTOP, PHONE, IPHONE = ((HERE / name).read_text("utf-8") for name in ("desktop.sql", "android.sql", "ios.sql"))
KEY = bytes(range(60, 92))
WRONG = bytes(32)
SALT = bytes(range(16))


def on_desktop(folder, sql=DESKTOP, logged=None):
    main, log = with_reserve(sql, SQLCIPHER_4, folder, logged)
    seal = Seal(SQLCIPHER_4, KEY)
    return seal.main(main), log and seal.log(log)


def on_android(folder, sql=PHONE):
    main, _ = with_reserve(sql, ANDROID, folder)
    return Seal(ANDROID, hashlib.pbkdf2_hmac("sha1", KEY.hex().encode(), SALT, 1, 32)).main(main)


def on_ios(folder):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database(IPHONE))
        main, _ = with_reserve("\n".join(connection.iterdump()), IOS, folder)
    return Seal(IOS, KEY, SALT).main(main)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sealed")


@pytest.fixture(scope="module")
def sealed(folder):
    return {"db.sqlite": on_desktop(folder)[0], "signal.db": on_android(folder), "signal.sqlite": on_ios(folder)}


def config(**settings):
    return json.dumps(settings).encode()


def wrapped(text):
    """As Chromium's os_crypt wraps it where there is no keyring."""
    plain = text.encode()
    plain += bytes([16 - len(plain) % 16]) * (16 - len(plain) % 16)
    key = hashlib.pbkdf2_hmac("sha1", b"peanuts", b"saltysalt", 1, 16)
    encryptor = Cipher(AES(key), CBC(b" " * 16)).encryptor()
    return (b"v10" + encryptor.update(plain) + encryptor.finalize()).hex()


def without_origin(found):
    return {
        table: [{name: cell for name, cell in row.items() if name not in ("file", "parser")} for row in rows]
        for table, rows in found.items()
    }


def only_problem(found):
    assert list(found) == ["problems"], found
    (problem,) = found["problems"]
    return problem


def refused(found):
    problem = only_problem(found)
    assert (problem["kind"], problem["record"]) == ("encrypted", "page 1")
    return problem["message"]


@pytest.mark.parametrize(
    ("name", "key", "plain", "sql"),
    [
        ("db.sqlite", KEY, desktop, DESKTOP),
        ("signal.db", KEY, android, PHONE),
        ("signal.sqlite", KEY + SALT, ios, IPHONE),
    ],
)
def test_with_the_key_all_that_the_plain_database_gives(sealed, name, key, plain, sql):
    expected = testing.rows(plain, database(sql), name=name)
    found = testing.rows(encrypted, sealed[name], name=name, keys=(WRONG, key))
    assert without_origin(found) == without_origin(expected)
    assert {row["parser"] for row in found["messages"]} == {"signal.encrypted@1"}


OWNER = "aaaaaaaa-0000-4000-8000-000000000001"


def test_the_key_of_signal_db_opens_the_store_beside(folder):
    """Both are encrypted with one key; the store says whose the phone is."""
    store = on_android(folder, STORE.format(aci=OWNER))
    beside = {"signal-key-value.db": store}
    found = testing.rows(encrypted, on_android(folder, BETWEEN), name="signal.db", beside=beside, keys=(KEY,))
    assert {row["account_id"] for row in found["messages"]} == {OWNER}
    [account] = testing.rows(encrypted, store, name="signal-key-value.db", keys=(KEY,))["accounts"]
    assert (account["account_id"], account["username"]) == (OWNER, "ana.07")
    assert "keystore" in refused(testing.rows(encrypted, store, name="signal-key-value.db"))


def test_the_key_in_the_configuration_above(sealed):
    beside = {"config.json": config(key=KEY.hex())}
    found = testing.rows(encrypted, sealed["db.sqlite"], name="sql/db.sqlite", beside=beside)
    assert found["messages"]
    assert "encrypted" not in [problem["kind"] for problem in found.get("problems", [])]


def test_the_key_in_the_configuration_beside(sealed):
    beside = {"config.json": config(key=KEY.hex())}
    assert testing.rows(encrypted, sealed["db.sqlite"], name="db.sqlite", beside=beside)["messages"]


def test_a_key_wrapped_without_a_keyring(sealed):
    settings = config(encryptedKey=wrapped(KEY.hex()), safeStorageBackend="basic_text")
    found = testing.rows(encrypted, sealed["db.sqlite"], name="sql/db.sqlite", beside={"config.json": settings})
    assert found["messages"]


@pytest.mark.parametrize("stored", ["", "zz", "763130", "763131" + "00" * 16, "763130" + "00" * 16, 7, None])
def test_a_wrapped_key_that_is_none(sealed, stored):
    settings = config(encryptedKey=stored, safeStorageBackend="basic_text")
    found = testing.rows(encrypted, sealed["db.sqlite"], name="sql/db.sqlite", beside={"config.json": settings})
    assert "no key was given" in refused(found)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"encryptedKey": "763131", "safeStorageBackend": "gnome_libsecret"}, ["gnome_libsecret", "GNOME keyring"]),
        ({"encryptedKey": "763131", "safeStorageBackend": "kwallet6"}, ["kwallet6", "KWallet"]),
        ({"encryptedKey": "763130"}, ["DPAPI", "login keychain"]),
        ({"encryptedKey": "763130", "safeStorageBackend": ["x"]}, ["DPAPI"]),
        ({"key": "not hex"}, ["holds none that fits"]),
        ({"key": "00" * 32}, ["holds none that fits"]),
    ],
)
def test_without_a_key_it_says_which_and_where(sealed, settings, said):
    beside = {"config.json": config(**settings)}
    message = refused(testing.rows(encrypted, sealed["db.sqlite"], name="sql/db.sqlite", beside=beside))
    assert all(words in message for words in [*said, "--key"]), message


@pytest.mark.parametrize("beside", [{}, {"config.json": b"{broken"}, {"config.json": b"[1]"}])
def test_without_a_configuration(sealed, beside):
    message = refused(testing.rows(encrypted, sealed["db.sqlite"], name="sql/db.sqlite", beside=beside))
    assert "it is not there" in message


@pytest.mark.parametrize(
    ("name", "said"), [("signal.db", "pref_database_encrypted_secret"), ("signal.sqlite", "GRDBDatabaseCipherKeySpec")]
)
def test_phones_without_a_key(sealed, name, said):
    assert said in refused(testing.rows(encrypted, sealed[name], name=name))


@pytest.mark.parametrize("name", ["db.sqlite", "signal.db", "signal.sqlite"])
@pytest.mark.parametrize("key", [WRONG, bytes(48), b"short"])
def test_a_wrong_key(sealed, name, key):
    message = refused(testing.rows(encrypted, sealed[name], name=name, keys=(key,)))
    assert "the key given does not open it" in message


def test_the_log_comes_along(folder):
    logged = "UPDATE messages SET body = 'Друго' WHERE id = 'm-1'; DELETE FROM messages WHERE id = 'm-3';"
    main, log = on_desktop(folder, DESKTOP, logged)
    found = testing.rows(encrypted, main, name="db.sqlite", beside={"db.sqlite-wal": log}, keys=(KEY,), deleted=True)
    states = [(row["message_id"], row["state"]) for row in found["messages"] if row["message_id"] in ("m-1", "m-3")]
    assert states == [("m-1", "wal"), ("m-1", "journal"), ("m-3", "journal")]


def test_a_page_whose_checksum_fails_is_named(sealed):
    content = bytearray(sealed["db.sqlite"])
    content[3 * 4096 + 100] ^= 1
    found = testing.rows(encrypted, bytes(content), name="db.sqlite", keys=(KEY,))
    assert ("damaged", "page 4") in [(p["kind"], p.get("record")) for p in found["problems"]]
    assert found["messages"]


def test_opened_but_not_of_signal(folder):
    main, _ = on_desktop(folder, "CREATE TABLE other (a);")
    assert only_problem(testing.rows(encrypted, main, name="db.sqlite", keys=(KEY,)))["kind"] == "not_read"


@pytest.mark.parametrize(
    ("name", "beside", "is_one"),
    [
        ("signal.db", {}, True),
        ("org.thoughtcrime.securesms/databases/SIGNAL.DB", {}, True),
        ("Signal/sql/db.sqlite", {}, True),
        ("sql/db.sqlite", {"config.json": b'{"key": "00"}'}, True),
        ("sql/db.sqlite", {"config.json": b'{"theme": "dark"}'}, False),
        ("sessions/Signal/sql/db.sqlite", {}, True),
        ("session 1/Signal/sql/db.sqlite", {}, True),
        ("other/db.sqlite", {}, False),
        ("other.db", {}, False),
    ],
)
def test_claims_by_name_and_by_what_is_beside(sealed, name, beside, is_one):
    with testing.placed(sealed["db.sqlite"], name=name, beside=beside) as file:
        assert is_encrypted(file) is is_one
        owner = identify(file, Registry()).owner
        assert (owner.declaration.name if owner else None) == ("signal.encrypted" if is_one else None)


@pytest.mark.parametrize("name", ["Session/sql/db.sqlite", "signal case/Session-1/sql/db.sqlite"])
def test_leaves_the_database_of_session(sealed, name):
    beside = {f"{name[:-13]}config.json": config(key=KEY.hex())}
    with testing.placed(sealed["db.sqlite"], name=name, beside=beside) as file:
        assert not is_encrypted(file)


def test_a_plain_database_is_none():
    with testing.placed(testing.database(PHONE), name="signal.db") as file:
        assert not is_encrypted(file)


def test_a_header_in_clear(sealed):
    """The core takes the file for a database that does not open: it is still handed to the parser that knows its name."""
    registry = Registry()
    with testing.placed(sealed["signal.sqlite"], name="grdb/signal.sqlite") as file:
        verdict = identify(file, registry)
        assert (verdict.kind.mime, verdict.owner.declaration.name) == ("application/x-sqlcipher", "signal.encrypted")
        assert verdict.problems == ()
    with testing.placed(sealed["signal.sqlite"], name="other.sqlite") as file:
        verdict = identify(file, registry)
        assert (verdict.owner, [problem.kind for problem in verdict.problems]) == (None, ["encrypted"])


@pytest.mark.parametrize("name", ["db.sqlite", "signal.db", "signal.sqlite"])
def test_keeps_the_promises(sealed, name):
    keys = (KEY, KEY + SALT)
    assert not [check for check in testing.check(encrypted, sealed[name], name=name, keys=keys) if check.fault]
