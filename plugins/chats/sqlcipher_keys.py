"""Databases that an app has encrypted with SQLCipher: keys that are given or lie beside, and what is said where none fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from forensics import File, Problem
from forensics.evidence.file import DocumentError
from forensics.sqlite.cipher import Locked, Secret, Settings, looks_encrypted, opened, opens

Way = tuple[list[Settings], list[Secret]]  # settings, with the secrets that are of their form
Reader = tuple[Callable[[File], bool] | None, Callable[[File], Iterable[Any]]]  # a test, and what reads such a database


def read(file: File, app: str, ways: Iterable[Way], readers: Iterable[Reader], wanted: str) -> Iterator[Any]:
    """What the first reader whose test passes makes of the database, once the first way that fits has opened it.

    Without a key that fits: a problem which says which one is wanted.
    """
    try:
        for way in ways:
            if opens(file, *way):
                found = opened(file, *way)
                yield from found.problems
                yield from inside(found.file, app, readers)
                return
        given = file.keys or file.passwords
        raise Locked("the key given does not open it" if given else "no key was given")
    except Locked as locked:
        message = f"encrypted database of {app} not read: {locked}. It takes {wanted}"
        yield Problem("encrypted", message, record="page 1", detail=file.head[:48].hex())


def inside(inner: File, app: str, readers: Iterable[Reader]) -> Iterator[Any]:
    """What the reader of that database makes of it."""
    for test, reader in readers:
        if test and test(inner):
            yield from reader(inner)
            return
    yield Problem("not_read", f"opened, but it does not have the tables of {app}", record="sqlite_master")


def raw(file: File, *sizes: int) -> list[Secret]:
    """The keys given that have one of these sizes in bytes: a key, or a key with its salt."""
    return [Secret(key) for key in file.keys if len(key) in sizes]


def spelled(file: File) -> list[Secret]:
    """The keys given of 32 bytes, where the app uses their 64 hex digits as a passphrase."""
    return [Secret(key.hex().encode(), passphrase=True) for key in file.keys if len(key) == 32]


def in_clear(beside: File, ways: Iterable[Way]) -> File:
    """A database that lies beside, without its cipher if it has one and a way fits; else as it is."""
    if looks_encrypted(beside.head):
        for way in ways:
            if opens(beside, *way):
                return opened(beside, *way).file
    return beside


def configuration(file: File, *places: str) -> dict[str, Any] | None:
    """The object of the first of these JSON files that can be read; None where there is none."""
    for place in places:
        found = file.sibling(place)
        try:
            settings = found.json() if found else None
        except DocumentError:
            continue
        if isinstance(settings, dict):
            return settings
    return None


def app_folder(path: str) -> str:
    """The folder nearest the file that is named after Signal or Session, in lower case; empty where none is.

    Session came from Signal and has files of the same names; a folder above may be a case or a backup of either name.
    """
    folders = path.lower().replace("\\", "/").split("/")[:-1]
    return next((each for each in reversed(folders) if each.startswith("session") or "signal" in each), "")
