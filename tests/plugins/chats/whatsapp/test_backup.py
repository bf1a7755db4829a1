"""Encrypted backups: opened with their key, and said to be encrypted without it."""

import hashlib
import random
import zlib

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import GCM
from forensics_plugins.chats.whatsapp.android_msgstore import msgstore
from forensics_plugins.chats.whatsapp.backup import app_version, backup, is_backup, unlocked
from forensics_plugins.chats.whatsapp.crypt import JAVA_BYTES

from forensics import testing

NOISE = random.Random(1).randbytes(5000)


@pytest.mark.parametrize("name", ["msgstore.db.crypt12", "msgstore-2022-03-11.1.db.crypt14", "wa.db.CRYPT15"])
def test_recognised(name):
    with testing.placed(NOISE, name=name) as file:
        assert is_backup(file)
        found = testing.read(backup, file)
    [problem] = found["problems"]
    assert problem["kind"] == "encrypted"
    assert "not read: " in problem["message"]
    assert list(found) == ["problems"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (NOISE, "msgstore.db"),
        (b"moj tekst " * 500, "msgstore.db.crypt14"),
        (testing.database("CREATE TABLE t (a);"), "msgstore.db.crypt14"),
        (b"", "msgstore.db.crypt14"),
    ],
    ids=["name", "text", "database", "empty"],
)
def test_not_claimed(content, name):
    with testing.placed(content, name=name) as file:
        assert not is_backup(file)


def test_version_in_the_header():
    about = b"\x0a\x092.22.5.13"
    assert app_version(bytes([len(about) + 2, 0x22, len(about)]) + about + NOISE) == "2.22.5.13"
    assert app_version(NOISE) is None
    assert app_version(b"") is None


@pytest.mark.parametrize(("number", "key"), [(14, "key"), (15, "encrypted_backup.key")])
def test_corpus_backups_open_with_their_key(corpus, manifest, number, key):
    entry = manifest[f"chats-whatsapp-msgstore-db-crypt{number}-01"]
    raw = (corpus / "chats/android-whatsapp" / key).read_bytes()
    with testing.placed(corpus / entry["path"], keys=(raw,)) as file:
        inner = unlocked(file, "msgstore.db", number)
        assert inner.sha256 == entry["expected"]["plaintext_sha256"]["value"]
        found = testing.read(backup, file)
    plain = testing.rows(msgstore, corpus / "chats/android-whatsapp/msgstore.db")
    assert [m["record"] for m in found.get("messages", [])] == [m["record"] for m in plain.get("messages", [])]
    assert {row["parser"] for rows in found.values() for row in rows if "parser" in row} <= {"whatsapp.backup@1"}


@pytest.mark.parametrize(
    ("number", "keys", "said"),
    [
        (14, (), "no key was given"),
        (15, (), "no key was given"),
        (14, (b"wrong",), "the key given is that of another backup"),
        (15, (bytes(32),), "the key does not open it"),
    ],
)
def test_corpus_backups_without_the_right_key(corpus, number, keys, said):
    found = testing.rows(backup, corpus / f"chats/android-whatsapp/msgstore.db.crypt{number}", keys=keys)
    [problem] = found["problems"]
    assert problem["kind"] == "encrypted"
    assert f"crypt{number}, written by WhatsApp 2.22.5.13" in problem["message"]
    assert said in problem["message"]


def crypt12(content: bytes, key: bytes) -> bytes:
    salt, iv = bytes(range(32)), bytes(range(16))
    seal = Cipher(AES256(key), GCM(iv)).encryptor()
    data = seal.update(zlib.compress(content)) + seal.finalize()
    return b"\0\1\2" + salt + bytes(16) + iv + data + bytes(20)


def key_file(key: bytes) -> bytes:
    return JAVA_BYTES + (131).to_bytes(4, "big") + b"\0\1\2" + bytes(range(32)) + bytes(64) + key


def test_crypt12_as_described():
    key = hashlib.sha256(b"invented").digest()
    sql = (
        "CREATE TABLE wa_contacts (jid TEXT, wa_name TEXT); INSERT INTO wa_contacts VALUES ('38267000001@lid', 'Mira');"
    )
    found = testing.rows(backup, crypt12(testing.database(sql), key), name="wa.db.crypt12", keys=(key_file(key),))
    assert [c["person_id"] for c in found["contacts"]] == ["38267000001@lid"]


def test_an_unknown_database_inside_is_said():
    key = hashlib.sha256(b"invented").digest()
    content = crypt12(testing.database("CREATE TABLE stickers (a);"), key)
    [problem] = testing.rows(backup, content, name="stickers.db.crypt12", keys=(key_file(key),))["problems"]
    assert (problem["kind"], "stickers.db" in problem["message"]) == ("not_read", True)


def test_a_changed_backup_is_not_taken(corpus):
    content = bytearray((corpus / "chats/android-whatsapp/msgstore.db.crypt15").read_bytes())
    content[-20] ^= 1
    raw = (corpus / "chats/android-whatsapp/encrypted_backup.key").read_bytes()
    [problem] = testing.rows(backup, bytes(content), name="msgstore.db.crypt15", keys=(raw,))["problems"]
    assert "checksum is wrong" in problem["message"]


@pytest.mark.parametrize(
    ("folder", "app"), [("WhatsApp", "WhatsApp"), ("com.whatsapp.w4b/WhatsApp Business", "WhatsApp Business")]
)
def test_the_folder_of_a_backup_says_the_app(folder, app):
    key = hashlib.sha256(b"invented").digest()
    sql = "CREATE TABLE wa_contacts (jid TEXT, wa_name TEXT); INSERT INTO wa_contacts VALUES ('1@lid', 'Mira');"
    name = f"sdcard/Android/media/{folder}/Backups/wa.db.crypt12"
    found = testing.rows(backup, crypt12(testing.database(sql), key), name=name, keys=(key_file(key),))
    assert [c["app"] for c in found["contacts"]] == [app]


def test_promises():
    key = hashlib.sha256(b"invented").digest()
    sql = "CREATE TABLE wa_contacts (jid TEXT, wa_name TEXT); INSERT INTO wa_contacts VALUES ('1@lid', 'Mira');"
    content = crypt12(testing.database(sql), key)
    assert not [c for c in testing.check(backup, content, name="wa.db.crypt12", keys=(key_file(key),)) if c.fault]
