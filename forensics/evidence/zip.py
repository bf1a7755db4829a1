"""A zip archive, read member by member where it lies; nothing is ever extracted under a member's name."""

from __future__ import annotations

import stat
import zlib
from collections.abc import Callable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from forensics.evidence import expand, names
from forensics.evidence import zip_directory as directory
from forensics.evidence.folder import SPECIAL
from forensics.evidence.limits import metered
from forensics.evidence.source import (
    DamagedMember,
    EncryptedMember,
    Entry,
    MemberError,
    MemberStream,
    Skipped,
)
from forensics.evidence.terms import Terms
from forensics.evidence.untouched import keeps_access_time, open_untouched
from forensics.evidence.zip_crypto import Decrypted
from forensics.evidence.zip_directory import Member

STORED, ZSTD, AES = 0, 93, 99
METHODS = {
    STORED: expand.stored,
    8: expand.deflate,
    12: expand.bzip2,
    14: expand.zip_lzma,
    ZSTD: expand.zstd,
    95: expand.xz,
}
CLOSED = {
    "office document": {b"[Content_Types].xml", b"_rels/.rels"},
    "iWork document": {b"Index/Document.iwa"},
    "Android package": {b"AndroidManifest.xml"},
    "Java archive": {b"META-INF/MANIFEST.MF"},
}
LOOKED_AT = 20_000
FOLDER_ATTRIBUTE = 0x10
RECOVERED = "found without directory"
OVERLAPS = "overlaps another member"
SIZE_UNKNOWN = "size not declared"


class ZipSource:
    """Members by their number in the directory, so that two of one name stay two.

    A locator holds all that is needed to read a member, so `open` does not read the directory again.
    """

    def __init__(self, path: Path, terms: Terms, kind: str = "zip") -> None:
        self.kind = kind
        self.path = path.resolve()
        self.name = terms.name or path.name
        self.limits = terms.limits
        self.budget = terms.budget
        self.passwords = [password.encode() for password in terms.passwords]
        self._proven: set[bytes] = set()
        self.keeps_access_time = keeps_access_time(self.path)

    def walk(self) -> Iterator[Entry | Skipped]:
        with open_untouched(self.path) as file:
            members, faults = self._members(file)
            yield from faults
            refused, overlapping = _overlaps(members, file.seek(0, 2))
            shown = [(name.path, member) for member in members if not _is_folder(name := _name(member), member)]
            shown.sort(key=lambda pair: (pair[0], pair[1].index))
            for path, same in groupby(shown, key=itemgetter(0)):
                alike = [member for _, member in same]
                for member in alike:
                    if member.index in refused:
                        yield Skipped(path, "hostile", refused[member.index], None, _name(member).raw_name)
                        continue
                    notes = [names.DUPLICATE] if len(alike) > 1 else []
                    notes += [OVERLAPS] if member.index in overlapping else []
                    yield self._item(file, member, notes)

    def open(self, entry: Entry) -> BinaryIO:
        file = open_untouched(self.path)
        try:
            return self._stream(file, entry)
        except MemberError:
            file.close()
            raise

    def local(self, entry: Entry) -> Path | None:
        return None

    def close(self) -> None:
        pass

    def _members(self, file: BinaryIO) -> tuple[list[Member], list[Skipped]]:
        most = self.limits.members
        members: list[Member] = []
        faults = []
        try:
            for member in islice(directory.read_directory(file), most + 1):
                members.append(member)
        except DamagedMember as fault:
            faults.append(Skipped("", fault.kind, str(fault), "members were looked for by their local headers"))
            known = {member.offset: member.stored or 0 for member in members}
            members.extend(islice(directory.recover(file, known, len(members)), most + 1 - len(members)))
        except OSError as error:
            faults.append(Skipped("", "damaged", "reading the directory stopped", error.strerror))
        if len(members) > most:
            faults.append(Skipped("", "limit", f"more than {most:,} members: limit `members`, the rest was not read"))
        return members[:most], faults

    def _item(self, file: BinaryIO, member: Member, notes: list[str]) -> Entry | Skipped:
        name = _name(member)
        special = SPECIAL.get(stat.S_IFMT(member.mode))
        if special == "symbolic link":
            return Skipped(name.path, "not_read", f"{special}, not followed", self._target(member), name.raw_name)
        if special and not member.size:
            return Skipped(name.path, "not_read", f"{special}, not followed", None, name.raw_name)
        fault = self._obstacle(file, member)
        if fault:
            return Skipped(name.path, fault.kind, str(fault), None, name.raw_name)
        notes += [f"stored as {special}"] if special else []
        notes += ["file under a folder name"] if name.folder else []
        notes += ["decrypted"] if member.flags & directory.ENCRYPTED else []
        notes += [RECOVERED] if member.recovered else []
        notes += [SIZE_UNKNOWN] if member.stored is None else []
        return _entry(name, member, (*name.notes, *notes))

    def _obstacle(self, file: BinaryIO, member: Member) -> MemberError | None:
        """Why a member cannot be read at all; one that is merely damaged is worth reading up to the damage."""
        if member.flags & (directory.STRONG | directory.MASKED):
            return EncryptedMember("strong encryption is not supported")
        if member.method == AES:
            return EncryptedMember("AES encryption is not supported: decrypt the archive with the tool that made it")
        if member.method not in METHODS or (member.method == ZSTD and not expand.has_zstd()):
            return MemberError(f"compression method {member.method} is not supported")
        if member.method == STORED and member.stored is None:
            return MemberError("stored with no size, and the directory that would give it is missing")
        if member.flags & directory.ENCRYPTED:
            try:
                self._compressed(file, _entry(_name(member), member, ()))
            except EncryptedMember as fault:
                return fault
            except MemberError:
                return None
        return None

    def _target(self, member: Member) -> str | None:
        try:
            with self.open(_entry(_name(member), member, ())) as stream:
                return names.printable(stream.read(4096).decode("utf-8", "replace"))
        except MemberError:
            return None

    def _stream(self, file: BinaryIO, entry: Entry) -> BinaryIO:
        source = self._compressed(file, entry)
        method = entry.locator["method"]
        chunks = _checked(METHODS[method](source), entry)
        budget = None if method == STORED else self.budget
        whole = metered(chunks, self.limits, lambda: source.taken, most=self.limits.member, budget=budget)
        return MemberStream(whole, file.close)

    def _compressed(self, file: BinaryIO, entry: Entry) -> expand.Compressed:
        """The stored bytes of a member, decrypted. Raises EncryptedMember when no password fits."""
        place = entry.locator
        start = directory.data_start(file, place["offset"])
        for password in self.passwords if "check" in place else ():
            file.seek(start)
            source = _locked(file, password, entry)
            if source.fits and (password in self._proven or _proves(source, entry)):
                self._proven.add(password)
                file.seek(start)
                return _locked(file, password, entry)
        if "check" in place:
            tried = f"none of {len(self.passwords)} passwords fits" if self.passwords else "no password was given"
            raise EncryptedMember(f"encrypted: {tried}")
        file.seek(start)
        return expand.Counted(file, place["stored"])


def _name(member: Member) -> names.Name:
    stored = dict(directory.extra_fields(member.extra)).get(0x7075, b"")
    unicode_name = stored[5:] if stored[:1] == b"\x01" and stored[1:5] == _crc(member.name) else member.name
    return names.shown(unicode_name, legacy="cp437", windows=member.on_windows)


def _crc(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "little")


def _locked(file: BinaryIO, password: bytes, entry: Entry) -> Decrypted:
    return Decrypted(expand.Counted(file, entry.locator["stored"]), password, entry.locator["check"])


def _proves(source: Decrypted, entry: Entry) -> bool:
    """Whether the content begins as it should: one wrong password in 256 passes the check byte."""
    try:
        for _ in islice(_checked(METHODS[entry.locator["method"]](source), entry), 2):
            pass
    except DamagedMember:
        return False
    return True


def _is_folder(name: names.Name, member: Member) -> bool:
    marked = name.folder or (member.on_windows and member.attributes & FOLDER_ATTRIBUTE) or stat.S_ISDIR(member.mode)
    return bool(marked) and not member.size and not member.stored


def _entry(name: names.Name, member: Member, notes: tuple[str, ...]) -> Entry:
    place: dict[str, object] = {
        "index": member.index,
        "offset": member.offset,
        "stored": member.stored,
        "method": member.method,
        "crc": member.crc,
    }
    if member.flags & directory.ENCRYPTED:
        place["check"] = member.stamp >> 8 & 0xFF if member.flags & directory.SIZES_FOLLOW else (member.crc or 0) >> 24
    return Entry(name.path, member.size, name.raw_name, member.modified_at, member.modified_local, place, notes)


def _overlaps(members: list[Member], length: int) -> tuple[dict[int, str], set[int]]:
    """Members to refuse, with the reason, and members to read with a remark.

    A second name for the very same bytes is refused. Other overlaps are read until they add up to more than the
    archive: a lie about one size must not hide what lies behind it.
    """
    refused: dict[int, str] = {}
    overlapping: set[int] = set()
    here: dict[tuple[int | None, int], int] = {}
    reach = doubled = 0
    place = -1
    for member in sorted(members, key=lambda each: (each.offset, each.index)):
        if member.offset != place:
            place, here = member.offset, {}
        end = member.offset + directory.LOCAL_SIZE + len(member.name) + (member.stored or 0)
        first = here.setdefault((member.stored, member.method), member.index)
        if first != member.index:
            refused[member.index] = f"shares its bytes with member {first}, which was read"
        elif member.offset < reach:
            doubled += min(end, reach) - member.offset
            overlapping.add(member.index)
            if doubled > length:
                refused[member.index] = "overlaps other members, which together claim more bytes than the archive has"
        reach = max(reach, end)
    return refused, overlapping


def _checked(chunks: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    """The chunks, then a DamagedMember when size or checksum do not agree."""
    place = entry.locator
    size = checksum = 0
    for chunk in chunks:
        size += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        yield chunk
    if place["stored"] is not None and size != entry.size:
        raise DamagedMember(f"declares {entry.size:,} bytes, holds {size:,}")
    if checksum != place["crc"] and place["crc"] is not None:
        raise DamagedMember("the checksum does not agree with the content")


def zip_kind(head: bytes, opener: Callable[[], BinaryIO]) -> str | None:
    """zip, or None for other files and for documents and programs in zip form."""
    return "zip" if _is_zip(head) and not closed_kind(head, opener) else None


def closed_kind(head: bytes, opener: Callable[[], BinaryIO]) -> str | None:
    """The kind of zip that stays one file: a document or a program, told by the members it has to have."""
    if not _is_zip(head):
        return None
    with opener() as file:
        try:
            held = [member.name for member in islice(directory.read_directory(file), LOOKED_AT)]
        except DamagedMember:
            return None
    if held[:1] == [b"mimetype"]:
        return "open document or book"
    return next((kind for kind, needed in CLOSED.items() if needed <= set(held)), None)


def _is_zip(head: bytes) -> bool:
    return head.startswith((directory.LOCAL, directory.END))
