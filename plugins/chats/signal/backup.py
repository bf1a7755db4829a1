"""Signal for Android, backup (signal-*.backup)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS
from forensics.tables.table import Row

from ..protobuf import NotProtobuf, message
from . import android
from .backup_database import Rebuilt
from .backup_frames import (
    ATTACHMENT,
    AVATAR,
    KEY_VALUE,
    PREFERENCE,
    STATEMENT,
    STICKER,
    VERSION,
    Frame,
    Keys,
    Reader,
    header,
    passphrases,
)
from .stored import APP

LEFT_OUT = {
    PREFERENCE: "settings",
    KEY_VALUE: "values of the account's store",
    AVATAR: "pictures of persons",
    STICKER: "stickers",
}
KNOWN = 1  # the newest version of the format


def is_backup(file: File) -> bool:
    """Whether it starts with the header of a backup."""
    return header(file.head) is not None


@parser("signal.backup", magic=["application/octet-stream"], test=is_backup)
def backup(file: File) -> Iterator[Any]:
    """Signal for Android, backup (signal-YYYY-MM-DD-HH-MM-SS.backup).

    With its passphrase of 30 digits (`--passwords`) the database in it is rebuilt and read as signal.android reads it; places of
    rows are places in it. Of the SQL in the backup only tables and rows are taken. Without the passphrase, or with another one,
    it is a problem `encrypted`; none is guessed. The checksum of each frame is checked. An attachment has the SHA-256 of what
    the backup holds of it. The app leaves disappearing and view-once messages out of a backup.

    Reads: backups whose frame lengths are in clear (until 2023) and encrypted (since).
    Not read: settings, stickers, pictures of persons, the attachments' content itself (size and hash only). The backup as a
    folder (SignalBackups, since 2025) is another format: signal.backup_folder names it.
    Seen on: no file of the app; invented rows in backups built from the description.
    Source: signalapp/Signal-Android (BackupRecordInputStream, FullBackupImporter, FullBackupExporter, Backups.proto).
    Tier: documented
    """
    about = header(file.head)
    if about is None:
        return
    if about.version > KNOWN:
        yield Problem("not_read", f"a backup of version {about.version}, which is not known", record="header")
        return
    with file.open() as stream:
        keys = fitting(file, stream, about)
        if keys is None:
            given = (
                "the passphrase given does not open it" if passphrases(file.passwords) else "no passphrase was given"
            )
            wanted = "ingest again with --passwords and its passphrase of 30 digits"
            said = f"encrypted backup of Signal not read: {given}; {wanted}"
            yield Problem("encrypted", said, record="header", detail=file.head[: about.start].hex())
            return
        reader = Reader(stream, about, keys)
        rebuilt = Rebuilt(lambda: file.deadline is not None and time.monotonic() > file.deadline)
        files, left = {}, Counter[int]()
        for frame in reader.frames():
            if frame.kind == STATEMENT:
                yield from rebuilt.run(frame.fields, f"frame {frame.number}")
            elif frame.kind == VERSION:
                rebuilt.set_version(frame.fields.get(1, [None])[-1])
            elif frame.kind == ATTACHMENT:
                files[frame.fields.get(1, [None])[-1]] = frame
            else:
                left[frame.kind] += 1
    yield from reader.problems
    yield from stored(file.derived("signal.db", rebuilt.content()), files)
    for kind, many in left.items():
        yield Problem(
            "not_read", f"{LEFT_OUT.get(kind, f'frames of kind {kind}')}: {many:,} frames are not read", record="frames"
        )


def fitting(file: File, stream: Any, about: Any) -> Keys | None:
    """The keys of the first passphrase that fits."""
    for passphrase in passphrases(file.passwords):
        keys = Keys.of(passphrase, about.salt)
        if Reader(stream, about, keys).fits():
            return keys
    return None


def stored(inner: File, files: dict[Any, Frame]) -> Iterator[Any]:
    """What the parser of the database reads in it; attachments with what the backup holds of them."""
    if not android.is_signal(inner):
        yield Problem("not_read", "opened, but what it holds are not the tables of Signal", record="sqlite_master")
        return
    for item in android.messages(inner):
        if isinstance(item, Row) and item.table is ATTACHMENTS:
            table, _, number = str(item.cells["record"]).partition("/_id=")
            frame = (
                files.pop(int(number) if number.isdigit() else None, None) if table in ("attachment", "part") else None
            )
            item = Row(item.table, {**item.cells, **in_backup(frame, item.cells)}, item.clocks) if frame else item
        yield item
    for number, frame in files.items():
        found = in_backup(frame, {}) | {"app": APP, "record": f"frame {frame.number}"}
        found["extra"]["row"] = number
        yield from ATTACHMENTS.rows([found])


def in_backup(frame: Frame, cells: Any) -> dict[str, Any]:
    """What the backup holds of an attachment: it is there, with this hash; another one that the row states is noted."""
    extra = dict(cells.get("extra") or {}) | {"frame": frame.number, "offset": f"0x{frame.offset:x}"}
    if frame.file is None:
        return {"extra": extra | {"damaged": True}}
    size, digest = frame.file
    if cells.get("sha256") not in (None, digest):
        extra["stated_sha256"] = cells["sha256"]
    if cells.get("size") not in (None, size):
        extra["stated_size"] = cells["size"]
    return {"size": size, "sha256": digest, "present": True, "extra": extra}


def is_folder(file: File) -> bool:
    """Whether it is the file `metadata` of a backup that is a folder: beside it lie `main` and `files`."""
    if file.name != "metadata" or not file.sibling("main") or not file.sibling("files"):
        return False
    try:
        return isinstance(message(file.head).get(1, [None])[-1], int)
    except NotProtobuf:
        return False


@parser("signal.backup_folder", magic=["application/octet-stream"], test=is_folder)
def folder(file: File) -> Iterator[Any]:
    """Signal, backup as a folder (SignalBackups, signal-backup-YYYY-MM-DD-HH-MM-SS: main, metadata, files; since 2025).

    Such a backup is named, not read: its files are encrypted with keys that follow from the account's recovery key.

    Reads: nothing; it says that the backup is there.
    Not read: all of it.
    Seen on: no file of the app.
    Source: signalapp/Signal-Android (ArchiveFileSystem, LocalArchive.proto).
    Tier: unexercised
    """
    what = "a backup of Signal as a folder (main, metadata, files): this format is not read"
    yield Problem("encrypted", f"{what}; it takes the account's recovery key of 64 characters", record="metadata")


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of backups."""
    return [backup, folder]
