"""Types of files by their first bytes: the toolkit's own table first, then libmagic.

The table knows what libmagic does not (binary property lists, Berkeley DB wallets, WAL files, SEGB) and spares it the common.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from typing import NamedTuple


class Kind(NamedTuple):
    """A MIME type, and what the content is in words."""

    mime: str
    words: str


UNKNOWN = "application/octet-stream"

SIGNATURES: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"SQLite format 3\0", Kind("application/vnd.sqlite3", "SQLite database")),
    (0, b"\x37\x7f\x06\x82", Kind("application/x-sqlite3-wal", "SQLite write-ahead log")),
    (0, b"\x37\x7f\x06\x83", Kind("application/x-sqlite3-wal", "SQLite write-ahead log")),
    (0, b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", Kind("application/x-sqlite3-journal", "SQLite rollback journal")),
    (0, b"bplist00", Kind("application/x-bplist", "Apple binary property list")),
    (12, b"\x62\x31\x05\x00", Kind("application/x-berkeley-db", "Berkeley DB (btree, little endian)")),
    (12, b"\x00\x05\x31\x62", Kind("application/x-berkeley-db", "Berkeley DB (btree, big endian)")),
    (0, b"\xff\xd8\xff", Kind("image/jpeg", "JPEG image")),
    (0, b"\x89PNG\r\n\x1a\n", Kind("image/png", "PNG image")),
    (0, b"II*\0", Kind("image/tiff", "TIFF image (little endian)")),
    (0, b"MM\0*", Kind("image/tiff", "TIFF image (big endian)")),
    (0, b"GIF8", Kind("image/gif", "GIF image")),
    (0, b"PK\x03\x04", Kind("application/zip", "zip archive")),
    (0, b"PK\x05\x06", Kind("application/zip", "zip archive, empty")),
    (0, b"\x1f\x8b\x08", Kind("application/gzip", "gzip")),
    (0, b"\xfd7zXZ\0", Kind("application/x-xz", "xz")),
    (0, b"BZh", Kind("application/x-bzip2", "bzip2")),
    (0, b"\x28\xb5\x2f\xfd", Kind("application/zstd", "Zstandard")),
    (257, b"ustar", Kind("application/x-tar", "tar archive")),
    (0, b"ANDROID BACKUP\n", Kind("application/x-android-backup", "Android backup (adb)")),
    (0, b"SEGB", Kind("application/x-apple-segb", "Apple SEGB stream (Biome)")),
    (52, b"SEGB", Kind("application/x-apple-segb", "Apple SEGB stream (Biome)")),
    (16, b"T-DB", Kind("application/x-realm", "Realm database")),
    (0, b"\xbaWALLET\0", Kind("application/x-armory-wallet", "Armory wallet")),
    (0, b"%PDF-", Kind("application/pdf", "PDF document")),
)
BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic", b"heis": "image/heic",
    b"hevc": "image/heic", b"hevx": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif",
    b"avif": "image/avif", b"avis": "image/avif", b"qt  ": "video/quicktime",
    b"3gp4": "video/3gpp", b"3gp5": "video/3gpp", b"3gp6": "video/3gpp", b"M4A ": "audio/mp4",
}  # fmt: skip
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
JSON = re.compile(  # the first bracket and what follows it; "[27/10/2025, 08:15] Nenad:" starts a chat, not a list of numbers
    r"""\{\s*("|\}|$) | \[\s*( ["{\[\]] | true | false | null | -?\d+(\.\d+)?([eE][+-]?\d+)?\s*([,\]]|$) | $ )""", re.X
)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
ODD = 200  # of so many characters of a text one may be a control character


def sniff(head: bytes) -> Kind:
    """The kind of a file by its first bytes (4,096 are enough)."""
    if not head:
        return Kind("inode/x-empty", "empty file")
    return _signed(head) or _worded(head) or _libmagic(head)


def _signed(head: bytes) -> Kind | None:
    for offset, mark, kind in SIGNATURES:
        if head.startswith(mark, offset):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind("image/webp", "WebP image")
    if head[4:8] == b"ftyp":
        mime = BRANDS.get(head[8:12]) or next((BRANDS[b] for b in BRANDS if b in head[16:64]), "video/mp4")
        return Kind(mime, f"ISO base media file, brand {head[8:12].decode('ascii', 'replace').strip()}")
    return None


def _worded(head: bytes) -> Kind | None:
    """Text formats that libmagic takes for something else, or names differently from release to release."""
    text = _text(head)
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n")
    lower = start[:200].lower()
    if JSON.match(start):
        return Kind("application/json", "JSON text")
    if lower.startswith("<?xml") or (re.match(r"<[a-z][\w:.-]*[\s>]", lower) and "<html" not in lower):
        return Kind("text/xml", "XML text")
    if lower.startswith(("<!doctype html", "<html")):
        return Kind("text/html", "HTML text")
    if lower.startswith("begin:vcard"):
        return Kind("text/vcard", "vCard text")
    return Kind("text/plain", "text")


def _text(head: bytes) -> str | None:
    """The head as text, if it is UTF-8 or UTF-16 with a mark; the last character may be cut.

    People paste control characters into chats: a few among many others make no other type of it.
    """
    encoding = "utf-16" if head.startswith(MARKS[1:]) else "utf-8"
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if len(CONTROLS.findall(text)) * ODD > len(text) else text
    return None


def _libmagic(head: bytes) -> Kind:
    library = libmagic()
    if isinstance(library, str):
        return Kind(UNKNOWN, f"unknown ({library})")
    mime, words = library
    try:
        return Kind(mime.from_buffer(head), words.from_buffer(head)[:200])
    except Exception as error:  # python-magic turns any fault of the C library into its own exception
        return Kind(UNKNOWN, f"unknown (libmagic: {error})")


@cache
def libmagic() -> tuple | str:
    """python-magic, asked for MIME types and for words; or why it cannot be used and what to do."""
    with suppress(ImportError):
        import pylibmagic  # noqa: F401  # brings the C library where the system has none
    try:
        import magic

        return magic.Magic(mime=True), magic.Magic()
    except Exception as error:  # ImportError for a missing C library, MagicException for a missing database
        return (
            f"libmagic cannot be loaded: {error}. Types are named by the toolkit's own signatures only."
            " Install it with `pip install pylibmagic` (Linux, macOS) or `pip install python-magic-bin` (Windows)"
        )
