"""Databases encrypted as SQLCipher encrypts them, without SQLCipher: for tests where it is not installed."""

import hashlib
import hmac
import sqlite3
import struct
from contextlib import closing

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from forensics.sqlite.pages import log_checksum


def with_reserve(sql, settings, folder, logged=None):
    """A database whose pages leave the bytes free that the cipher needs, and its write-ahead log with `logged`, if any."""
    path = folder / "plain.db"
    for old in folder.glob("plain.db*"):
        old.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size={settings.page_size}")
        connection.execute("PRAGMA user_version=1")
    page = bytearray(path.read_bytes())
    page[20] = settings.page_size - settings.usable
    page[105:107] = struct.pack(">H", settings.usable)
    path.write_bytes(page)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(sql)
        if logged is None:
            return path.read_bytes(), None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.executescript(logged)
        return path.read_bytes(), path.with_name("plain.db-wal").read_bytes()


class Seal:
    """The other direction of `forensics.sqlite.cipher.PageCipher`, written from the description of the format."""

    def __init__(self, settings, key, salt=bytes(range(16))):
        self.settings, self.key, self.salt = settings, key, salt
        self.check_key = hashlib.pbkdf2_hmac(settings.digest, key, bytes(b ^ 0x3A for b in salt), 2, 32)

    def page(self, page, number):
        usable, digest = self.settings.usable, self.settings.digest
        head = page[: self.settings.clear] if self.settings.clear else self.salt
        head = head if number == 1 else b""
        iv = hashlib.sha256(b"iv" + page + bytes([number % 256])).digest()[:16]
        encryptor = Cipher(AES256(self.key), CBC(iv)).encryptor()
        content = encryptor.update(page[len(head) : usable]) + encryptor.finalize()
        check = hmac.digest(self.check_key, content + iv + struct.pack("<I", number), digest)
        return (head + content + iv + check).ljust(self.settings.page_size, b"\x55")

    def main(self, database):
        size = self.settings.page_size
        pages = (database[at : at + size] for at in range(0, len(database), size))
        return b"".join(self.page(page, number) for number, page in enumerate(pages, 1))

    def log(self, log):
        made, size = log[:32], self.settings.page_size
        order = ">" if log[3] & 1 else "<"
        sums = struct.unpack(">2I", log[24:32])
        for at in range(32, len(log), 24 + size):
            frame = log[at : at + 24 + size]
            page = self.page(frame[24:], struct.unpack_from(">I", frame)[0])
            sums = log_checksum(frame[:8] + page, order, *sums)
            made += frame[:16] + struct.pack(">2I", *sums) + page
        return made
