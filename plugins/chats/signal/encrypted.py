"""Signal's encrypted databases: db.sqlite of Desktop, signal.sqlite of iOS, signal.db of Android."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from forensics import File, Problem, hookimpl, parser
from forensics.evidence.file import DocumentError
from forensics.sqlite import MAGIC
from forensics.sqlite.cipher import SQLCIPHER_4, Locked, Secret, Settings, looks_encrypted, opened, opens

from . import android, desktop, ios

NAMES = ("db.sqlite", "signal.sqlite", "signal.db")
IOS = Settings("Signal for iOS", clear=32)
ANDROID = Settings("Signal for Android", 4096, "sha1", 1)
WHERE = {
    "signal.sqlite": (
        "the 48 bytes (key and salt) of the keychain's item GRDBDatabaseCipherKeySpec, service GRDBKeyChainService: they are not"
        " part of a file system extraction"
    ),
    "signal.db": (
        "the 32 bytes of the app's database secret, which the preferences of org.thoughtcrime.securesms hold wrapped by the"
        " phone's keystore (pref_database_encrypted_secret)"
    ),
}
BACKENDS = {
    "gnome_libsecret": "the secret 'Chromium Safe Storage' or 'Signal Safe Storage' of the user's GNOME keyring",
    "kwallet": "the entry 'Chromium Safe Storage' or 'Signal Safe Storage' of the user's KWallet",
    "kwallet5": "the entry 'Chromium Safe Storage' or 'Signal Safe Storage' of the user's KWallet",
    "kwallet6": "the entry 'Chromium Safe Storage' or 'Signal Safe Storage' of the user's KWallet",
}
ELSEWHERE = (
    "on Windows the key in the file Local State, which DPAPI protects with the user's logon password; on macOS the entry"
    " 'Signal Safe Storage' of the user's login keychain"
)


def is_encrypted(file: File) -> bool:
    """Whether it is an encrypted database of Signal's: by name and spread; for the name db.sqlite also by what is beside it.

    Session, which came from Signal, has a db.sqlite with a config.json too: a folder of its name leaves the file to its parser.
    """
    name = file.name.lower()
    if name not in NAMES or not looks_encrypted(file.head):
        return False
    if name != "db.sqlite":
        return True
    path = file.path.lower().replace("\\", "/")
    if any(part.startswith("session") for part in path.rpartition("signal")[2].split("/")[:-1]):
        return False
    near = config(file)
    known = near is not None and bool({"key", "encryptedKey"} & near.keys())
    return known or "signal" in path or any(opens(file, *way) for way in ways(file))


@parser(
    "signal.encrypted",
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
    """Signal, encrypted database (SQLCipher): db.sqlite of Desktop, signal.sqlite of iOS, signal.db of Android.

    With its key (`--key`) the database inside is read as signal.desktop, signal.ios and signal.android read it, with its
    write-ahead log and, if asked for, with what was deleted; places of rows are places in it. The key of Desktop is taken from
    config.json in the folder above where it stands there in clear, or under the constant that safeStorage uses without a keyring
    (`basic_text`). Without a key the database is a problem `encrypted` that says which key it takes and where that is kept.
    No key is guessed. Each page's checksum is checked.

    Reads: Desktop (key of 64 hex digits), iOS (96 hex digits: key and salt), Android (64 hex digits).
    Not read: keys that the system protects (DPAPI, Keychain, keyrings, Android keystore): they have to be unwrapped first.
    Seen on: databases that SQLCipher 4.12 wrote with Signal's settings and invented rows; no file of the app.
    Source: signalapp/Signal-Desktop, Signal-iOS, Signal-Android (settings of SQLCipher); Chromium, os_crypt (basic_text).
    Tier: documented
    """
    try:
        for way in ways(file):
            if opens(file, *way):
                found = opened(file, *way)
                yield from found.problems
                yield from inside(found.file)
                return
        raise Locked("the key given does not open it" if file.keys else "no key was given")
    except Locked as locked:
        message = (
            f"encrypted database of Signal not read: {locked}. It takes {wanted(file)}. Then ingest again with --key"
        )
        yield Problem("encrypted", message, record="page 1", detail=file.head[:48].hex())


def ways(file: File) -> Iterator[tuple[list[Settings], list[Secret]]]:
    """Settings of SQLCipher with the secrets that are of their form."""
    if file.head.startswith(MAGIC):
        yield [IOS], [Secret(key) for key in file.keys if len(key) == 48]
        return
    raw = [Secret(key) for key in file.keys if len(key) in (32, 48)]
    beside = key_beside(file)
    yield [SQLCIPHER_4], raw + ([Secret(beside)] if beside else [])
    yield [ANDROID], [Secret(key.hex().encode(), passphrase=True) for key in file.keys if len(key) == 32]


def inside(inner: File) -> Iterator[Any]:
    """What the parser of that database reads in it."""
    for test, parse in (
        (desktop.messages.test, desktop.messages),
        (android.is_signal, android.messages),
        (ios.messages.test, ios.messages),
    ):
        if test and test(inner):
            yield from parse(inner)
            return
    yield Problem("not_read", "opened, but it does not have the tables of Signal", record="sqlite_master")


def config(file: File) -> dict[str, Any] | None:
    """config.json of Desktop, in the folder above the database or beside it; None where there is none that can be read."""
    for place in ("../config.json", "config.json"):
        found = file.sibling(place)
        if found:
            try:
                settings = found.json()
            except DocumentError:
                continue
            if isinstance(settings, dict):
                return settings
    return None


def key_beside(file: File) -> bytes | None:
    """The key of Desktop, where config.json has it in clear, or wrapped with the constant for computers without a keyring."""
    settings = config(file) or {}
    clear, wrapped = settings.get("key"), settings.get("encryptedKey")
    if not clear and settings.get("safeStorageBackend") == "basic_text":
        clear = unwrapped(wrapped)
    try:
        key = bytes.fromhex(clear) if isinstance(clear, str) else b""
    except ValueError:
        return None
    return key if len(key) == 32 else None


def unwrapped(stored: Any) -> str | None:
    """What Chromium's os_crypt has encrypted with its constant password: `v10`, then AES-128-CBC."""
    try:
        raw = bytes.fromhex(stored)
    except (TypeError, ValueError):
        return None
    if not raw.startswith(b"v10") or len(raw) < 19 or len(raw) % 16 != 3:
        return None
    key = hashlib.pbkdf2_hmac("sha1", b"peanuts", b"saltysalt", 1, 16)
    decryptor = Cipher(AES(key), CBC(b" " * 16)).decryptor()
    plain = decryptor.update(raw[3:]) + decryptor.finalize()
    return plain[: -plain[-1]].decode("ascii", "replace") if 1 <= plain[-1] <= 16 else None


def wanted(file: File) -> str:
    """Which key it takes, and where that is kept."""
    if file.head.startswith(MAGIC):
        return WHERE["signal.sqlite"]
    if file.name.lower() != "db.sqlite":
        return WHERE[file.name.lower()]
    settings = config(file)
    if settings is None:
        return "the 64 hex digits that config.json in the folder above has (key, or wrapped as encryptedKey): it is not there"
    if isinstance(settings.get("encryptedKey"), str):
        backend = settings.get("safeStorageBackend")
        how = BACKENDS.get(backend) if isinstance(backend, str) else ELSEWHERE
        said = f" (safeStorageBackend: {backend})" if isinstance(backend, str) else ""
        return f"the 64 hex digits that config.json holds wrapped as encryptedKey{said}; what unwraps them is {how or ELSEWHERE}"
    return "a key of 64 hex digits; config.json holds none that fits"


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of encrypted databases."""
    return [encrypted]
