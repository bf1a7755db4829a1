"""The frames of a backup of Signal for Android (signal-*.backup), opened with its passphrase.

    header     length (4 bytes, big endian), then a frame in clear: IV (16 bytes), salt, version
    frame      length; content and HMAC-SHA-256 (10 bytes); since version 1 the length is encrypted too, and signed
    file       behind a frame that announces it: content of the length stated there; HMAC over IV and content

All is AES-256-CTR; the first four bytes of the IV are a counter, one more for each frame and file. The key is the passphrase
hashed 250,000 times with SHA-512; HKDF makes two keys of it, one for the cipher and one for the HMAC.
Source: signalapp/Signal-Android (BackupRecordInputStream, FullBackupBase, Backups.proto).
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from forensics import Problem

from ..protobuf import NotProtobuf, Value, message

ROUNDS = 250_000
CHECK = 10  # bytes of a HMAC
MAX_FRAME = 64 << 20  # bytes; a longer one is no frame
CHUNK = 1 << 20
MAX_FAULTS = 3  # frames in a row whose HMAC fails: behind them the stream has lost its step
HEADER, STATEMENT, PREFERENCE, ATTACHMENT, VERSION, END, AVATAR, STICKER, KEY_VALUE = range(1, 10)  # fields of a frame


class Header(NamedTuple):
    """What a backup starts with. `start`: where its first frame lies."""

    iv: bytes
    salt: bytes
    version: int
    start: int


class Frame(NamedTuple):
    """One frame. `kind`: its field; `file`: size and SHA-256 of the file behind it, where it announces one."""

    number: int
    offset: int
    kind: int
    fields: dict[int, list[Value]]
    file: tuple[int, str] | None


def header(head: bytes) -> Header | None:
    """The header; None where the content does not start with one."""
    if len(head) < 4:
        return None
    (size,) = struct.unpack_from(">I", head)
    if not 20 <= size <= 200 or len(head) < 4 + size:
        return None
    try:
        frame = message(head[4 : 4 + size])
        fields = message(_bytes(frame[HEADER][0]))
        iv, salt = _bytes(fields[1][0]), _bytes(fields.get(2, [b""])[0])
        version = fields.get(3, [0])[-1]
    except (NotProtobuf, LookupError, TypeError):
        return None
    if set(frame) != {HEADER} or len(iv) != 16 or not isinstance(version, int):
        return None
    return Header(iv, salt, version, 4 + size)


def _bytes(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("not bytes")
    return value


def passphrases(given: Iterable[str]) -> list[str]:
    """Those of the passwords that have the form of a passphrase: 30 digits, in groups or not."""
    bare = ("".join(each.split()).replace("-", "") for each in given)
    return list(dict.fromkeys(each for each in bare if len(each) == 30 and each.isascii() and each.isdigit()))


@dataclass
class Keys:
    """The keys of a backup."""

    cipher: bytes
    check: bytes

    @classmethod
    def of(cls, passphrase: str, salt: bytes) -> Keys:
        """The keys that follow from a passphrase."""
        secret = passphrase.encode()
        digest = hashlib.sha512(salt + secret + secret).digest()
        for _ in range(ROUNDS - 1):
            digest = hashlib.sha512(digest + secret).digest()
        made = HKDF(SHA256(), 64, salt=None, info=b"Backup Export").derive(digest[:32])
        return cls(made[:32], made[32:])


class Reader:
    """Reads the frames of a backup. `problems`: what did not fit on the way; `ended`: whether the frame that ends it was met."""

    def __init__(self, stream: BinaryIO, about: Header, keys: Keys) -> None:
        self.stream = stream
        self.about = about
        self.keys = keys
        self.problems: list[Problem] = []
        self.ended = False
        (self.counter,) = struct.unpack_from(">I", about.iv)
        self.offset = about.start
        stream.seek(about.start)

    def fits(self) -> bool:
        """Whether the keys fit the first frame."""
        return self._next()[1]

    def frames(self) -> Iterator[Frame]:
        """All frames, up to the one that ends the backup. One whose HMAC fails is left out, with a problem."""
        number = faults = 0
        while not self.ended and faults < MAX_FAULTS:
            number, at = number + 1, self.offset
            content, sound = self._next()
            if content is None:
                break
            if not sound:
                faults += 1
                self._fault(number, at, "the checksum (HMAC) of a frame does not fit: it is left out")
                continue
            faults = 0
            try:
                frame = message(content)
            except NotProtobuf as error:
                self._fault(number, at, f"a frame cannot be read: {error}")
                continue
            if END in frame:
                self.ended = True
                return
            yield from self._frame(frame, number, at)
        if not self.ended:
            said = (
                f"the backup ends, or can no longer be followed, at byte {self.offset:,}: what comes behind is not read"
            )
            self.problems.append(Problem("damaged", said, record=f"offset 0x{self.offset:x}"))

    def _frame(self, frame: dict[int, list[Value]], number: int, at: int) -> Iterator[Frame]:
        for kind, values in frame.items():
            for value in values:
                try:
                    fields = message(value) if isinstance(value, bytes) else {}
                except NotProtobuf as error:
                    self._fault(number, at, f"a frame cannot be read: {error}")
                    continue
                length = fields.get({ATTACHMENT: 3, STICKER: 2, AVATAR: 2}.get(kind, 0), [None])[-1]
                file = self._file(length, number, at) if isinstance(length, int) and kind != STATEMENT else None
                yield Frame(number, at, kind, fields, file)

    def _next(self) -> tuple[bytes | None, bool]:
        """The content of the next frame, and whether its HMAC fits; None where there is none."""
        length = self._read(4)
        if len(length) < 4:
            return None, False
        stream = self._cipher()
        signed = b""
        if self.about.version >= 1:
            signed, length = length, stream.update(length)
        (size,) = struct.unpack(">I", length)
        if not CHECK < size <= MAX_FRAME:
            return None, False
        sealed = self._read(size)
        content, check = sealed[:-CHECK], sealed[-CHECK:]
        if len(sealed) < size:
            return None, False
        sound = hmac.digest(self.keys.check, signed + content, "sha256")[:CHECK] == check
        return stream.update(content), sound

    def _file(self, length: int, number: int, at: int) -> tuple[int, str] | None:
        """Size and SHA-256 of the file behind a frame, if its HMAC fits."""
        iv = self._iv()
        stream = self._cipher()
        check, digest, left = hmac.new(self.keys.check, iv, "sha256"), hashlib.sha256(), length
        while left > 0:
            chunk = self._read(min(CHUNK, left))
            if not chunk:
                break
            check.update(chunk)
            digest.update(stream.update(chunk))
            left -= len(chunk)
        if left or self._read(CHECK) != check.digest()[:CHECK]:
            self._fault(number, at, "a file in the backup is cut, or its checksum (HMAC) does not fit")
            return None
        return length, digest.hexdigest()

    def _iv(self) -> bytes:
        return struct.pack(">I", self.counter) + self.about.iv[4:]

    def _cipher(self) -> CipherContext:
        cipher = Cipher(AES256(self.keys.cipher), CTR(self._iv())).decryptor()
        self.counter = (self.counter + 1) & 0xFFFFFFFF
        return cipher

    def _read(self, size: int) -> bytes:
        found = self.stream.read(size)
        self.offset += len(found)
        return found

    def _fault(self, number: int, at: int, what: str) -> None:
        self.problems.append(Problem("damaged", what, record=f"frame {number}", detail=f"offset 0x{at:x}"))
