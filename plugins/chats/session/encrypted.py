"""Session's encrypted databases: Session.sqlite of iOS, signal_v4.db and session.db of Android, db.sqlite of Desktop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from forensics import File, hookimpl, parser
from forensics.sqlite import MAGIC
from forensics.sqlite.cipher import SQLCIPHER_4, Secret, Settings, looks_encrypted

from .. import sqlcipher_keys as keys
from . import android, android_account, desktop, ios

IOS = Settings("Session for iOS", clear=32)
ANDROID = (Settings("Session for Android", 4096, "sha512", 1), Settings("Session for Android, older", 4096, "sha1", 1))
WANTED = {
    "session.sqlite": (
        "the 48 bytes (key and salt) of the keychain's item GRDBDatabaseCipherKeySpec: they are not part of a file system"
        " extraction"
    ),
    "signal_v4.db": "the 32 bytes of the app's database secret, which its preferences hold wrapped by the phone's keystore",
    "db.sqlite": "the 64 hex digits that config.json in the folder above has under key",
}
WANTED["session.db"] = WANTED["signal_v4.db"]
PASSWORD = "the password that its owner set for Session (config.json: dbHasPassword); give it with --password"
FOLDER = re.compile(r"session(?:[ -].*)?", re.DOTALL)
HEX = re.compile(r"[0-9A-Fa-f]+")


def is_encrypted(file: File) -> bool:
    """Whether it is an encrypted database of Session's: by name and spread; for the name db.sqlite also by its folder.

    Signal Desktop, from which Session came, has a database of that name too; the folder of the app tells them apart.
    """
    name = file.name.lower()
    if name not in WANTED or not looks_encrypted(file.head):
        return False
    return name != "db.sqlite" or FOLDER.fullmatch(keys.app_folder(file.path)) is not None


@parser(
    "session.encrypted",
    magic=[
        "application/octet-stream",
        "application/x-sqlcipher",
        # What libmagic takes one in eighty files of random bytes for:
        "application/x-dosexec",
        "application/zlib",
        "audio/x-mp4a-latm",
        "audio/x-hx-aac-adts",
    ],
    test=is_encrypted,
)
def encrypted(file: File) -> Iterator[Any]:
    """Session, encrypted database (SQLCipher) of iOS, Android (signal_v4.db, session.db) and Desktop (db.sqlite).

    With its key (`--key`) the database inside is read as session.ios, session.android and session.desktop read it, with its
    write-ahead log; places of rows are places in it. The key of Desktop is taken from config.json in the folder above, where
    it stands in clear; if the owner set a password, that takes its place (`--password`). Without a key the database is a
    problem `encrypted` that says which key it takes. No key is guessed.

    Reads: iOS (96 hex digits: key and salt), Android (64 hex digits), Desktop (64 hex digits, or a password).

    Not read: keys that the system protects (Keychain, Android keystore): they have to be unwrapped first. A db.sqlite in a
    folder that is not named after the app.

    Seen on: databases sealed with these settings in tests; no file of the app.

    Source: session-ios, session-android, session-desktop (settings of SQLCipher, where keys are kept).

    Tier: documented
    """
    readers: list[keys.Reader] = [
        (ios.messages.test, ios.messages),
        (android.is_session, lambda inner: android.read(inner, android_account.beside(file))),
        (desktop.messages.test, desktop.messages),
    ]
    yield from keys.read(file, "Session", ways(file), readers, f"{wanted(file)}. Then ingest again")


def ways(file: File) -> Iterator[keys.Way]:
    """Settings of SQLCipher with the secrets that are of their form."""
    if file.head.startswith(MAGIC):
        yield [IOS], keys.raw(file, 48)
        return
    if file.name.lower() == "db.sqlite":
        # A key or password of hex digits alone is the key itself; any other is what SQLCipher derives the key from.
        given = [word for word in (config(file).get("key"), *file.passwords) if isinstance(word, str) and word]
        raw = keys.raw(file, 32, 48)
        raw += [Secret(bytes.fromhex(word)) for word in given if HEX.fullmatch(word) and len(word) in (64, 96)]
        yield [SQLCIPHER_4], raw
        yield [SQLCIPHER_4], [Secret(word.encode(), passphrase=True) for word in given if not HEX.fullmatch(word)]
        return
    # The secret of Android is a passphrase of 64 hex digits, not a key.
    yield list(ANDROID), keys.spelled(file)


def config(file: File) -> dict[str, Any]:
    """config.json of Desktop, in the folder above the database."""
    return keys.configuration(file, "../config.json") or {}


def wanted(file: File) -> str:
    """Which key it takes, and where that is kept."""
    if file.name.lower() == "db.sqlite" and config(file).get("dbHasPassword"):
        return PASSWORD
    return WANTED[file.name.lower()]


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of encrypted databases."""
    return [encrypted]
