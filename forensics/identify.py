"""Which parser owns a file: by its name, by its first bytes, by its structure; and what speaks against it.

Structure wins over type and name, so a renamed database is still found and another app's file of the same name is not taken.
Two parsers with equal claims are a problem that names both, and none of them reads the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from forensics.parsers import Problem
from forensics.plugins import Known, PluginError, Registry
from forensics.signatures import Kind, sniff

if TYPE_CHECKING:
    from forensics.evidence.file import File


HEADER = 100  # bytes of the header of an SQLite database
LOCKED = Kind("application/x-sqlcipher", "encrypted database (SQLCipher), its header in the clear")


class Claim(IntEnum):
    """How well a parser's claim is founded."""

    NONE = 0
    TYPE = 1
    NAME = 2
    STRUCTURE = 3


@dataclass(frozen=True)
class Look:
    """What one parser makes of a file, and why."""

    known: Known
    claim: Claim
    why: str


@dataclass(frozen=True)
class Verdict:
    """The owner of a file, if it has exactly one; every look that was taken; problems met on the way."""

    kind: Kind
    owner: Known | None
    looks: tuple[Look, ...]
    problems: tuple[Problem, ...]


def identify(file: File, registry: Registry) -> Verdict:
    """Ask the parsers that a file's name or type concerns, and find its owner."""
    kind = sniff(file.head)
    closed = None
    if file.is_database:
        kind = Kind("application/vnd.sqlite3", "SQLite database")
        fault = file.fault()
        if fault:
            closed = _closed(file, fault)
            if closed.kind != "encrypted":
                return Verdict(kind, None, (), (closed,))
            kind = LOCKED
    named = () if closed else registry.by_name(file.name)
    concerned = {id(k): k for k in (*named, *registry.by_magic(kind.mime))}
    problems: list[Problem] = []
    looks = [_look(known, file, kind, registry, problems) for known in concerned.values()]
    best = max((look.claim for look in looks), default=Claim.NONE)
    owners = [look.known for look in looks if look.claim == best] if best else []
    if len(owners) > 1:
        names = " and ".join(sorted(known.declaration.name for known in owners))
        message = f"{names} claim this file alike, so none of them has read it: one of them must test for less"
        problems.append(Problem("not_understood", message, stage="identify"))
    if not owners and closed:
        problems.append(closed)
    elif not owners:
        problems += [
            Problem(
                "not_understood",
                f"named like a file of {look.known.declaration.name}, but {look.why}",
                stage="identify",
            )
            for look in looks
            if file.name.lower() in look.known.declaration.files
        ]
    return Verdict(kind, owners[0] if len(owners) == 1 else None, tuple(looks), tuple(problems))


def _closed(file: File, fault: str) -> Problem:
    """A database that cannot be opened: damaged, or encrypted behind a header in the clear, as SQLCipher can write it."""
    page = file.head[HEADER:]
    if len(page) > 2_000 and len(set(page)) > 230 and page.count(0) < len(page) / 50:
        message = (
            "an encrypted database (SQLCipher, header in the clear): decrypt it with the key from the device's keychain"
        )
        return Problem("encrypted", message, stage="open", detail=fault)
    return Problem("damaged", f"a database that cannot be opened: {fault}", stage="open")


def _look(known: Known, file: File, kind: Kind, registry: Registry, problems: list[Problem]) -> Look:
    declared = known.declaration
    named = file.name.lower() in declared.files
    typed = any(kind.mime == m or (m.endswith("/") and kind.mime.startswith(m)) for m in declared.magic)
    if declared.magic and not typed:
        return Look(known, Claim.NONE, f"it is {kind.words} ({kind.mime}), not {' or '.join(declared.magic)}")
    if declared.structure is not None:
        return _structure(known, file)
    if declared.tested:
        return _tested(known, file, registry, problems)
    if named:
        return Look(known, Claim.NAME, "it has the name" + (" and the type" if typed else ""))
    if declared.files:
        return Look(known, Claim.NONE, "it has the type, but another name")
    return Look(known, Claim.TYPE, f"it is {kind.mime}")


def _structure(known: Known, file: File) -> Look:
    wanted = known.declaration.structure or {}
    with file.sqlite() as db:
        for table, columns in wanted.items():
            if not db.columns(table):
                return Look(known, Claim.NONE, f"it has no table {table}")
            missing = {c.lower() for c in columns} - {c.lower() for c in db.columns(table)}
            if missing:
                return Look(known, Claim.NONE, f"its table {table} has no column {', '.join(sorted(missing))}")
    return Look(known, Claim.STRUCTURE, f"it has the tables {', '.join(wanted)} with the columns asked for")


def _tested(known: Known, file: File, registry: Registry, problems: list[Problem]) -> Look:
    name = known.declaration.name
    try:
        test = registry.load(known).test
        passed = bool(test and test(file))
    except PluginError as error:
        problems.append(Problem("not_read", f"the plug-in of {name} is unavailable: {error}", stage="identify"))
        return Look(known, Claim.NONE, f"its plug-in is unavailable: {error}")
    except Exception as error:  # a test must not raise; if it does, that is this parser's loss and no other's
        problems.append(Problem("not_understood", f"the test of {name} failed: {error!r}", stage="identify"))
        return Look(known, Claim.NONE, f"its test failed: {error!r}")
    return Look(
        known, Claim.STRUCTURE if passed else Claim.NONE, "its test " + ("passed" if passed else "did not pass")
    )
