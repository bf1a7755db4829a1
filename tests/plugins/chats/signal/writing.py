"""A backup of Signal for Android, written from the description of the format: what the reader undoes, the other way round."""

import hashlib
import hmac
import sqlite3
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PASSPHRASE = "12345 67890 12345 67890 12345 67890"
KINDS = {
    "statement": 2,
    "preference": 3,
    "attachment": 4,
    "version": 5,
    "end": 6,
    "avatar": 7,
    "sticker": 8,
    "key_value": 9,
}


def varint(number):
    number &= (1 << 64) - 1
    made = b""
    while number > 127:
        made += bytes([number & 127 | 128])
        number >>= 7
    return made + bytes([number])


def field(number, value):
    """One field in wire format: a whole number, a fraction, or bytes and text."""
    if isinstance(value, bool | int):
        return varint(number << 3) + varint(int(value))
    if isinstance(value, float):
        return varint(number << 3 | 1) + struct.pack("<d", value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def parameter(value):
    if value is None:
        return field(5, True)
    return field({str: 1, int: 2, float: 3, bytes: 4}[type(value)], value)


def statement(sql, values=()):
    return field(1, sql) + b"".join(field(2, parameter(value)) for value in values)


def statements(script):
    """A database as the app writes it out: its schema, then its rows."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    schema = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    yield from (("statement", statement(sql)) for _, sql in schema)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall():
        for row in connection.execute(f'SELECT * FROM "{name}"').fetchall():
            marks = ",".join("?" * len(row))
            yield "statement", statement(f"INSERT INTO {name} VALUES ({marks})", row)


class Writer:
    """Writes frames: `version` 0 with their lengths in clear, 1 with them encrypted."""

    def __init__(self, version=1, passphrase=PASSPHRASE):
        self.version, self.iv, salt = version, bytes(range(200, 216)), bytes(range(32))
        (self.counter,) = struct.unpack_from(">I", self.iv)
        secret = digest = passphrase.replace(" ", "").encode()
        hashed = hashlib.sha512(salt)
        for _ in range(250_000):
            hashed.update(digest + secret)
            digest, hashed = hashed.digest(), hashlib.sha512()
        made = HKDF(SHA256(), 64, None, b"Backup Export").derive(digest[:32])
        self.key, self.check = made[:32], made[32:]
        about = field(1, self.iv) + field(2, salt) + (field(3, version) if version else b"")
        frame = field(1, about)
        self.content = struct.pack(">I", len(frame)) + frame

    def cipher(self):
        self.now = struct.pack(">I", self.counter & 0xFFFFFFFF) + self.iv[4:]
        self.counter += 1
        return Cipher(AES256(self.key), CTR(self.now)).encryptor()

    def frame(self, kind, content):
        number = KINDS[kind] if isinstance(kind, str) else kind
        plain = field(number, content)
        stream, length = self.cipher(), struct.pack(">I", len(plain) + 10)
        if self.version:
            length = stream.update(length)
        sealed = stream.update(plain)
        signed = (length if self.version else b"") + sealed
        self.content += length + sealed + hmac.digest(self.check, signed, "sha256")[:10]

    def file(self, content):
        sealed = self.cipher().update(content)
        self.content += sealed + hmac.digest(self.check, self.now + sealed, "sha256")[:10]
