"""Signal's encrypted databases: db.sqlite of Desktop, signal.sqlite of iOS, signal.db and signal-key-value.db of Android."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from forensics import File, hookimpl, parser
from forensics.sqlite import MAGIC
from forensics.sqlite.cipher import SQLCIPHER_4, Secret, Settings, looks_encrypted, opens

from .. import sqlcipher_keys as keys
from . import android, android_account, desktop, ios

NAMES = ("db.sqlite", "signal.sqlite", "signal.db", android_account.STORE)
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
WHERE[android_account.STORE] = WHERE["signal.db"]
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
    folder = keys.app_folder(file.path)
    if folder.startswith("session"):
        return False
    near = config(file)
    known = near is not None and bool({"key", "encryptedKey"} & near.keys())
    return known or bool(folder) or any(opens(file, *way) for way in ways(file))


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
    """Signal, encrypted database (SQLCipher): db.sqlite of Desktop, signal.sqlite of iOS, signal.db and signal-key-value.db of
    Android.

    With its key (`--key`) the database inside is read as signal.desktop, signal.ios and signal.android read it, with its
    write-ahead log and, if asked for, with what was deleted; places of rows are places in it. The key of signal.db opens
    signal-key-value.db beside as well, which says whose the phone is. The key of Desktop is taken from
    config.json in the folder above where it stands there in clear, or under the constant that safeStorage uses without a keyring
    (`basic_text`). Without a key the database is a problem `encrypted` that says which key it takes and where that is kept.
    No key is guessed. Each page's checksum is checked.

    Reads: Desktop (key of 64 hex digits), iOS (96 hex digits: key and salt), Android (64 hex digits).
    Not read: keys that the system protects (DPAPI, Keychain, keyrings, Android keystore): they have to be unwrapped first.
    Seen on: databases that SQLCipher 4.12 wrote with Signal's settings and invented rows; no file of the app.
    Source: signalapp/Signal-Desktop, Signal-iOS, Signal-Android (settings of SQLCipher); Chromium, os_crypt (basic_text).
    Tier: documented
    """
    readers: list[keys.Reader] = [
        (desktop.messages.test, desktop.messages),
        (android.is_signal, lambda inner: android.read(inner, owner(file))),
        (ios.messages.test, ios.messages),
        (android_account.is_account, android_account.account),
    ]
    yield from keys.read(file, "Signal", ways(file), readers, f"{wanted(file)}. Then ingest again with --key")


def ways(file: File) -> Iterator[keys.Way]:
    """Settings of SQLCipher with the secrets that are of their form."""
    if file.head.startswith(MAGIC):
        yield [IOS], keys.raw(file, 48)
        return
    beside = key_beside(file)
    yield [SQLCIPHER_4], keys.raw(file, 32, 48) + ([Secret(beside)] if beside else [])
    yield [ANDROID], keys.spelled(file)


def owner(file: File) -> android_account.Owner:
    """Whose phone it is: the app encrypts both databases with one key."""
    return android_account.beside(file, lambda store: keys.in_clear(store, [([ANDROID], keys.spelled(file))]))


def config(file: File) -> dict[str, Any] | None:
    """config.json of Desktop, in the folder above the database or beside it; None where there is none that can be read."""
    return keys.configuration(file, "../config.json", "config.json")


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
