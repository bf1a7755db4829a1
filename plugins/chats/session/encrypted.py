"""Session's encrypted databases: Session.sqlite of iOS, signal_v4.db and session.db of Android, db.sqlite of Desktop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.evidence.file import DocumentError
from forensics.sqlite import MAGIC
from forensics.sqlite.cipher import SQLCIPHER_4, Locked, Secret, Settings, looks_encrypted, opened, opens

from . import android, desktop, ios

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
FOLDER = re.compile(r"(?:^|/)session(?:[ -][^/]*)?/", re.IGNORECASE)
HEX = re.compile(r"[0-9A-Fa-f]+")


def is_encrypted(file: File) -> bool:
    """Whether it is an encrypted database of Session's: by name and spread; for the name db.sqlite also by its folder.

    Signal Desktop, from which Session came, has a database of that name too; the folder of the app tells them apart.
    """
    name = file.name.lower()
    if name not in WANTED or not looks_encrypted(file.head):
        return False
    return name != "db.sqlite" or FOLDER.search(file.path.replace("\\", "/")) is not None


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
    try:
        for way in ways(file):
            if opens(file, *way):
                found = opened(file, *way)
                yield from found.problems
                yield from inside(found.file)
                return
        raise Locked("the key given does not open it" if file.keys or file.passwords else "no key was given")
    except Locked as locked:
        message = f"encrypted database of Session not read: {locked}. It takes {wanted(file)}. Then ingest again"
        yield Problem("encrypted", message, record="page 1", detail=file.head[:48].hex())


def ways(file: File) -> Iterator[tuple[list[Settings], list[Secret]]]:
    """Settings of SQLCipher with the secrets that are of their form."""
    if file.head.startswith(MAGIC):
        yield [IOS], [Secret(key) for key in file.keys if len(key) == 48]
        return
    if file.name.lower() == "db.sqlite":
        # A key or password of hex digits alone is the key itself; any other is what SQLCipher derives the key from.
        given = [word for word in (config(file).get("key"), *file.passwords) if isinstance(word, str) and word]
        raw = [Secret(key) for key in file.keys if len(key) in (32, 48)]
        raw += [Secret(bytes.fromhex(word)) for word in given if HEX.fullmatch(word) and len(word) in (64, 96)]
        yield [SQLCIPHER_4], raw
        yield [SQLCIPHER_4], [Secret(word.encode(), passphrase=True) for word in given if not HEX.fullmatch(word)]
        return
    # The secret of Android is a passphrase of 64 hex digits, not a key.
    yield list(ANDROID), [Secret(key.hex().encode(), passphrase=True) for key in file.keys if len(key) == 32]


def inside(inner: File) -> Iterator[Any]:
    """What the parser of that database reads in it."""
    for parse in (ios.messages, android.messages, desktop.messages):
        if parse.test and parse.test(inner):
            yield from parse(inner)
            return
    yield Problem("not_read", "opened, but it does not have the tables of Session", record="sqlite_master")


def config(file: File) -> dict[str, Any]:
    """config.json of Desktop, in the folder above the database."""
    found = file.sibling("../config.json")
    try:
        settings = found.json() if found else None
    except DocumentError:
        return {}
    return settings if isinstance(settings, dict) else {}


def wanted(file: File) -> str:
    """Which key it takes, and where that is kept."""
    if file.name.lower() == "db.sqlite" and config(file).get("dbHasPassword"):
        return PASSWORD
    return WANTED[file.name.lower()]


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of encrypted databases."""
    return [encrypted]
