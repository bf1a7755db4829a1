"""Encrypted WhatsApp backups opened with a key that is known: crypt12, crypt14 and crypt15.

All three are AES-256-GCM over a zlib stream; they differ in where the parts lie.

    crypt12   67 bytes of header: server salt at 3, IV at 51; data; 20 bytes of trailer
    crypt14   size, 1, protobuf {2: {3: server salt, 5: IV}}; data; 16 bytes tag; 16 bytes MD5 of all before
    crypt15   size, 1, protobuf {3: {1: IV}}; the same end

Keys: the file `key` (158 bytes, a Java byte array: server salt at 57, key at 126) for crypt12 and 14; for crypt15 a root key of
32 bytes, alone or at the end of `encrypted_backup.key` (59 bytes), from which the key is derived with HMAC-SHA-256.
Source: the headers in wa-crypt-tools and WhatsApp-Chat-Exporter; checked on the files of wa-crypt-tools.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import GCM

from ..protobuf import NotProtobuf, message, varint

CHUNK = 1 << 20
JAVA_BYTES = bytes.fromhex("aced0005757200025b42acf317f8060854e00200007870")
RATIO = 200  # bytes out for one byte in, after the first megabytes


class Locked(Exception):
    """The backup cannot be opened; the message says why, and with what it could."""


class Header(NamedTuple):
    """Where things lie. `salt`: by which a key file of crypt12 and 14 is known; `tag`: size of tag and MD5 at the end."""

    salt: bytes | None
    iv: bytes
    start: int
    trailer: int
    tagged: bool


def header(number: int, head: bytes) -> Header:
    """The header of a backup of that crypt number; raises `Locked` where it is none."""
    if number == 12:
        return Header(head[3:35], head[51:67], 67, 20, False)
    try:
        size, start = varint(head)
        start += head[start : start + 1] == b"\x01"  # backups with features have this byte between
        fields = message(head[start : start + size])
        salt = None
        if number == 14:
            cipher = message(_bytes(fields, 2))
            salt, iv = _bytes(cipher, 3), _bytes(cipher, 5)
        else:
            iv = _bytes(message(_bytes(fields, 3)), 1)
    except (NotProtobuf, LookupError, TypeError, ValueError) as error:
        raise Locked(f"its header is not that of a crypt{number} backup") from error
    if len(iv) != 16:
        raise Locked(f"its header is not that of a crypt{number} backup")
    return Header(salt, iv, start + size, 32, True)


def _bytes(fields: dict, number: int) -> bytes:
    value = fields[number][0]
    if not isinstance(value, bytes):
        raise TypeError(number)
    return value


def usable_keys(number: int, salt: bytes | None, given: Iterable[bytes]) -> list[bytes]:
    """The AES keys that some of the given keys, or contents of key files, stand for."""
    keys = []
    for raw in given:
        if raw.startswith(JAVA_BYTES):
            raw = raw[len(JAVA_BYTES) + 4 :]
        if number < 15 and len(raw) == 131 and raw[3:35] == salt:
            keys.append(raw[99:131])
        elif number >= 15 and len(raw) == 32:
            keys.append(derived(raw))
    return keys


def derived(root: bytes) -> bytes:
    """The key of a crypt15 backup, from the root key that the owner can also have as 64 digits."""
    secret = hmac.new(bytes(32), root, hashlib.sha256).digest()
    return hmac.new(secret, b"backup encryption\x01", hashlib.sha256).digest()


def opened(stream: BinaryIO, size: int, header: Header, key: bytes) -> Iterator[bytes]:
    """The database in chunks. Raises `Locked` when the key is not the right one, or the file is damaged."""
    stream.seek(header.start)
    left = size - header.start - header.trailer
    decryptor: CipherContext = Cipher(AES256(key), GCM(header.iv)).decryptor()
    inflate = zlib.decompressobj()
    taken = made = 0
    while left > 0:
        chunk = stream.read(min(CHUNK, left))
        if not chunk:
            raise Locked("the backup is cut")
        left -= len(chunk)
        taken += len(chunk)
        try:
            plain = inflate.decompress(decryptor.update(chunk))
        except zlib.error as error:
            raise Locked("the key does not open it, or it is damaged") from error
        made += len(plain)
        if made > RATIO * taken + 10 * CHUNK:
            raise Locked(f"it expands more than {RATIO} times")
        yield plain
    yield inflate.flush()
    if header.tagged:
        try:
            decryptor.finalize_with_tag(stream.read(16))  # type: ignore[attr-defined]
        except InvalidTag as error:
            raise Locked("its checksum is wrong: it was changed or damaged") from error
