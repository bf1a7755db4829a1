"""SQLCipher databases as evidence: main file, write-ahead log and journal are decrypted page by page, with a key that is given.

What comes out is the same database without the cipher, so that all that holds for databases holds for it: rows seen only
through the log, and deleted rows in free pages, in old frames of the log and in journals. Every page keeps its number, size and
reserved bytes. Its checksum (HMAC) is checked; one that fails is decrypted all the same and is a problem with its number.

A page is: content, IV (16 bytes), HMAC over content, IV and page number, filling up to a multiple of 16. Page 1 starts with
the salt instead of SQLite's first 16 bytes; or it leaves its header in the clear, and the salt comes with the key.
Source: https://www.zetetic.net/sqlcipher/design/ and the settings named there; checked on databases that SQLCipher 4.12 wrote.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from forensics.parsers import Problem
from forensics.sqlite.pages import FRAME_HEADER, JOURNAL_HEADER, SECTORS, WAL_HEADER, WORD, log_checksum

if TYPE_CHECKING:
    from forensics.evidence.file import File

MAGIC = b"SQLite format 3\0"
JOURNAL_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
BLOCK = 16  # bytes of an AES block, of an IV, and of the salt
CHECK_SALT = 0x3A  # the key of the checksums is derived with the salt, each byte of it changed by this
CHECK_ITERATIONS = 2
PROBES = 8  # further pages that are tried when the first does not fit a key: it may be damaged, and the key be right


class Locked(Exception):
    """The database cannot be opened; the message says why."""


@dataclass(frozen=True)
class Settings:
    """How an app has set SQLCipher up.

    `digest`: hash of the checksums and of the derivation of keys. `iterations`: PBKDF2 rounds from a passphrase to the key.
    `clear`: bytes at the start of the file that are left in the clear.
    """

    name: str
    page_size: int = 4096
    digest: str = "sha512"
    iterations: int = 256_000
    clear: int = 0

    @property
    def check_size(self) -> int:
        """Bytes of a checksum."""
        return hashlib.new(self.digest).digest_size

    @cached_property
    def usable(self) -> int:
        """Bytes of a page that SQLite may use: those before IV and checksum."""
        reserved = BLOCK + self.check_size
        return self.page_size - (reserved + BLOCK - 1) // BLOCK * BLOCK


SQLCIPHER_4 = Settings("SQLCipher 4")
SQLCIPHER_3 = Settings("SQLCipher 3", 1024, "sha1", 64_000)


class Secret(NamedTuple):
    """What opens a database: a raw key of 32 bytes, or of 48 with the salt; or a passphrase."""

    value: bytes
    passphrase: bool = False


class Opened(NamedTuple):
    """The database as a file without the cipher, the settings that it had, and what was wrong with its pages."""

    file: File
    settings: Settings
    problems: list[Problem]


def looks_encrypted(head: bytes) -> bool:
    """Whether the start of a file is spread as only a cipher spreads it; the header of a database may be in the clear."""
    body = head[100:]
    return len(body) > 900 and len(set(body)) > 230 and body.count(0) < len(body) / 50


def opens(file: File, settings: Iterable[Settings], secrets: Collection[Secret]) -> bool:
    """Whether one of the secrets opens it."""
    return _fitting(file, settings, secrets) is not None


def opened(file: File, settings: Iterable[Settings], secrets: Iterable[Secret]) -> Opened:
    """The database inside, with its log or journal beside it; the first settings and secret that fit are taken.

    Raises `Locked` where none fits. No secret is guessed.
    """
    secrets = list(dict.fromkeys(secrets))
    cipher = _fitting(file, settings, secrets)
    if cipher is None:
        given = "the key given does" if len(secrets) == 1 else f"the {len(secrets)} keys given do"
        raise Locked(f"{given} not open it" if secrets else "no key was given")
    damage = Damage()
    beside = {}
    with ExitStack() as streams:
        for suffix, decrypted in (("-wal", log), ("-journal", journal)):
            companion = file.sibling(file.name + suffix)
            if companion and companion.size:
                stream = streams.enter_context(companion.open())
                beside[file.name + suffix] = decrypted(stream, cipher, damage)
        stream = streams.enter_context(file.open())
        inner = file.derived(file.name, main(stream, cipher, damage), beside)
    return Opened(inner, cipher.settings, list(damage.problems()))


@dataclass
class Damage:
    """Pages that fail their checksum, by where they are, and what else is wrong with the files."""

    failed: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    other: list[Problem] = field(default_factory=list)

    def page(self, where: str, place: int, number: int) -> None:
        """Note a page: `place` numbers it within the file, `number` within the database."""
        self.failed.setdefault(where, []).append((place, number))

    def problems(self) -> Iterator[Problem]:
        """One problem for each run of neighbouring pages."""
        for where, pages in self.failed.items():
            run = pages[:1]
            for page in [*pages[1:], (-1, -1)]:
                if page[0] != run[-1][0] + 1:
                    yield _failed(where, run)
                    run = []
                run.append(page)
        yield from self.other


def _failed(where: str, run: list[tuple[int, int]]) -> Problem:
    (first, number), (last, _) = run[0], run[-1]
    name = f"{where} {first}" if first == last else f"{where}s {first} to {last}"
    of = "" if where == "page" else f" (page {number})"
    message = f"{name}: the checksum (HMAC) does not fit, what is read there may be damaged"
    return Problem("damaged", message, record=f"{where} {first}{of}", stage="open")


class PageCipher:
    """The cipher of one database, with its key."""

    def __init__(self, settings: Settings, key: bytes, salt: bytes) -> None:
        self.settings = settings
        self.key = key
        check_salt = bytes(byte ^ CHECK_SALT for byte in salt)
        self.check_key = hashlib.pbkdf2_hmac(settings.digest, key, check_salt, CHECK_ITERATIONS, 32)

    @classmethod
    def of(cls, settings: Settings, secret: Secret, stored_salt: bytes) -> PageCipher | None:
        """The cipher for a secret; None for a secret that does not have the form, or where the salt is not known."""
        if secret.passphrase:
            key = hashlib.pbkdf2_hmac(settings.digest, secret.value, stored_salt, settings.iterations, 32)
            return None if settings.clear else cls(settings, key, stored_salt)
        key, salt = secret.value[:32], secret.value[32:] or (b"" if settings.clear else stored_salt)
        return cls(settings, key, salt) if len(key) == 32 and len(salt) == BLOCK else None

    def _start(self, number: int) -> int:
        """Where the content starts that is encrypted."""
        return (self.settings.clear or BLOCK) if number == 1 else 0

    def sound(self, page: bytes, number: int) -> bool:
        """Whether the checksum of a page fits. A page of zeros has none: it was never written."""
        signed = self.settings.usable + BLOCK
        stored = page[signed : signed + self.settings.check_size]
        content = page[self._start(number) : signed] + struct.pack("<I", number & WORD)
        return stored == hmac.digest(self.check_key, content, self.settings.digest) or not page.strip(b"\0")

    def plain(self, page: bytes, number: int) -> bytes:
        """A page without the cipher."""
        if not page.strip(b"\0"):
            return page
        start, usable = self._start(number), self.settings.usable
        iv = page[usable : usable + BLOCK]
        decryptor = Cipher(AES256(self.key), CBC(iv)).decryptor()
        content = decryptor.update(page[start:usable]) + decryptor.finalize()
        head = b"" if number != 1 else page[:start] if self.settings.clear else MAGIC
        return head + content + page[usable:]


def _fitting(file: File, settings: Iterable[Settings], secrets: Collection[Secret]) -> PageCipher | None:
    """The cipher whose key fits page 1, or, as that may be damaged, one of the pages behind it."""
    ciphers = []
    for each in settings:
        probes = list(_probes(file, each.page_size))
        first = next((page for number, page in probes if number == 1), b"")
        if first.startswith(MAGIC) == bool(each.clear):
            found = (PageCipher.of(each, secret, first[:BLOCK]) for secret in secrets)
            ciphers += [(cipher, probes) for cipher in found if cipher]
    for behind in (False, True):
        for cipher, probes in ciphers:
            if any(cipher.sound(page, number) for number, page in probes if behind or number == 1):
                return cipher
    return None


def _probes(file: File, size: int) -> Iterator[tuple[int, bytes]]:
    """The first pages of the main file, or of the log while all of the database is in it."""
    log = file.sibling(file.name + "-wal") if not file.size else None
    with (log or file).open() as stream:
        stream.read(WAL_HEADER if log else 0)
        for place in range(1, PROBES + 2):
            head = stream.read(FRAME_HEADER) if log else struct.pack(">I", place)
            page = stream.read(size)
            if len(page) == size and page.strip(b"\0"):
                yield struct.unpack_from(">I", head)[0], page


def main(stream: BinaryIO, cipher: PageCipher, damage: Damage) -> Iterator[bytes]:
    """The pages of the main file."""
    size, number = cipher.settings.page_size, 1
    while page := stream.read(size):
        if len(page) < size:
            message = f"the file ends within page {number}: its last {len(page):,} bytes cannot be decrypted"
            damage.other.append(Problem("damaged", message, record=f"page {number}", stage="open"))
            yield bytes(size)  # SQLite opens no file that is shorter than its header says
            return
        if not cipher.sound(page, number):
            damage.page("page", number, number)
        yield cipher.plain(page, number)
        number += 1


def log(stream: BinaryIO, cipher: PageCipher, damage: Damage) -> Iterator[bytes]:
    """The write-ahead log. A frame whose checksum in the log holds gets one that holds; one whose does not keeps its own, so
    that frames in force, frames after the last commit and frames of earlier generations stay what they are."""
    size = cipher.settings.page_size
    head = stream.read(WAL_HEADER)
    magic, _, page_size, _, _, _, *stored = struct.unpack(">8I", head.ljust(WAL_HEADER, b"\0"))
    if len(head) < WAL_HEADER or magic & ~1 != 0x377F0682 or page_size != size:
        damage.other.append(
            Problem("damaged", "the write-ahead log has no readable header: it is not read", stage="open")
        )
        return
    order = ">" if magic & 1 else "<"
    yield head
    made, place = list(stored), 1
    while len(frame := stream.read(FRAME_HEADER + size)) == FRAME_HEADER + size:
        number, *_, one, two = struct.unpack_from(">6I", frame)
        page = frame[FRAME_HEADER:]
        if not cipher.sound(page, number):
            damage.page("log frame", place, number)
        plain = cipher.plain(page, number)
        holds = log_checksum(frame[:8] + page, order, *stored) == (one, two)
        made = list(log_checksum(frame[:8] + plain, order, *made)) if holds else [one, two]
        stored = [one, two]
        yield frame[:16] + struct.pack(">2I", *made) + plain
        place += 1


def journal(stream: BinaryIO, cipher: PageCipher, damage: Damage) -> Iterator[bytes]:
    """The rollback journal. Its records are known by their checksums (HMAC), also where the journal's header is zeroed."""
    size = cipher.settings.page_size
    data = bytearray(stream.read())
    record, sector = size + 8, _sector(data, cipher)
    at = sector or len(data)
    while at + record <= len(data):
        number, page = struct.unpack_from(">I", data, at)[0], bytes(data[at + 4 : at + 4 + size])
        if not page.strip(b"\0") or not cipher.sound(page, number):
            at += sector - at % sector
            continue
        plain = cipher.plain(page, number)
        (check,) = struct.unpack_from(">I", data, at + 4 + size)
        data[at + 4 : at + record] = plain + struct.pack(">I", (check - _total(page) + _total(plain)) & WORD)
        at += record
    if not sector and data.strip(b"\0"):
        message = "the rollback journal holds no page that the key fits: it is not read"
        damage.other.append(Problem("damaged", message, stage="open"))
        return
    yield bytes(data)


def _sector(data: bytes | bytearray, cipher: PageCipher) -> int:
    """Where the first record of a journal lies; 0 where there is none."""
    if data.startswith(JOURNAL_MAGIC) and len(data) >= JOURNAL_HEADER:
        (stated,) = struct.unpack_from(">I", data, 20)
        return stated if stated in SECTORS else 0
    size = cipher.settings.page_size
    return next((at for at in SECTORS if _is_record(bytes(data[at : at + size + 4]), cipher)), 0)


def _is_record(start: bytes, cipher: PageCipher) -> bool:
    page = start[4:]
    return (
        len(page) == cipher.settings.page_size and cipher.sound(page, struct.unpack_from(">I", start)[0]) and any(page)
    )


def _total(page: bytes) -> int:
    """What of a page goes into the checksum of its record in a journal."""
    return sum(page[at] for at in range(len(page) - 200, 0, -200))
