"""WhatsApp for Android, encrypted backups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser

from ..protobuf import NotProtobuf, message, text, varint
from . import android_msgstore, android_wa, crypt

NAME = re.compile(r"(?i)(.+)\.crypt(1\d)")
KEYS = {
    12: "the file `key` of the phone (data/data/com.whatsapp/files/key)",
    14: "the file `key` of the phone (data/data/com.whatsapp/files/key)",
    15: "the file `encrypted_backup.key` of the phone, or a text file with the owner's key of 64 digits",
}


def is_backup(file: File) -> bool:
    """Whether name and content are those of an encrypted backup: not of a database, and spread as a cipher's."""
    return bool(NAME.fullmatch(file.name)) and not file.head.startswith(b"SQLite") and looks_random(file.head[256:])


def looks_random(sample: bytes) -> bool:
    """Whether bytes are spread as those of a cipher: of 256 random bytes some 160 differ, of text far fewer."""
    return len(sample) >= 256 and len(set(sample)) > 140


@parser("whatsapp.backup", magic=["application/octet-stream"], test=is_backup)
def backup(file: File) -> Iterator[Any]:
    """WhatsApp for Android, encrypted backup (msgstore.db.crypt12, .crypt14, .crypt15, wa.db.crypt14 and others).

    With the key (`--key`) the database inside is read as msgstore.db and wa.db are; places of rows are places in it. Without
    one, or with another one, the backup is a problem `encrypted` that says which key it takes. No key is ever guessed.

    Reads: messages (msgstore) and contacts (wa); in crypt14 and crypt15 the version of WhatsApp that wrote it.
    Not read: other databases in such backups (chatsettings, stickers), encrypted media (.mcrypt1).
    Seen on: msgstore.db.crypt14 and msgstore.db.crypt15 of WhatsApp 2.22.5.13; crypt12 from its description only.
    Source: wa-crypt-tools and WhatsApp-Chat-Exporter (headers and keys); Protocol Buffers encoding.
    Tier: proven (crypt14, crypt15)
    """
    name = NAME.fullmatch(file.name)
    assert name
    number = int(name[2])
    try:
        yield from stored(unlocked(file, name[1], number))
    except crypt.Locked as locked:
        version = app_version(file.head) if number >= 14 else None
        written_by = f", written by WhatsApp {version}" if version else ""
        message = f"encrypted WhatsApp backup (crypt{number}{written_by}) not read: {locked}"
        yield Problem("encrypted", message, record="header", detail=file.head[:64].hex())


def unlocked(file: File, name: str, number: int) -> File:
    """The database inside; raises `Locked`."""
    about = crypt.header(number, file.head)
    keys = crypt.usable_keys(number, about.salt, file.keys)
    if not keys:
        wrong = "the key given is that of another backup" if file.keys else "no key was given"
        raise crypt.Locked(f"{wrong}; ingest again with --key and {KEYS.get(number, 'its key')}")
    with file.open() as stream:
        inner = file.derived(name, crypt.opened(stream, file.size, about, keys[0]))
    if not inner.is_database:
        raise crypt.Locked("what comes out with this key is no database")
    return inner


def stored(inner: File) -> Iterator[Any]:
    """What the parser of that database reads in it."""
    with inner.sqlite() as db:
        tables = {table.lower() for table in db.tables}
    if tables & {"message", "messages"}:
        yield from android_msgstore.msgstore(inner)
    elif "wa_contacts" in tables:
        yield from android_wa.contacts(inner)
    else:
        yield Problem("not_read", f"opened, but no parser reads the {inner.name} inside", record="sqlite_master")


def app_version(head: bytes) -> str | None:
    """The version in the header: its length as a number, then a message whose field 4 holds the version as field 1."""
    try:
        size, start = varint(head)
        for about in message(head[start : start + size]).get(4, ()):
            return text(message(about), 1) if isinstance(about, bytes) else None
    except NotProtobuf:
        pass
    return None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of encrypted backups."""
    return [backup]
