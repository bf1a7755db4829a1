"""What the tests of the ingest room share: evidence written on the spot, drop-in parsers, and a case as bytes."""

from __future__ import annotations

import io
import tarfile
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import forensics

LINES = '''
    from forensics import hookimpl, parser
    from forensics.tables import MESSAGES


    def is_lines(file):
        return file.head.startswith(b"lines")


    @parser("test.lines", version="1", magic=["text/plain"], test=is_lines)
    def lines(file):
        """Text files that begin with the word lines; each further line is a message."""
        for number, line in enumerate(file.text().splitlines()[1:], start=2):
            yield from MESSAGES.rows([{"chat_id": file.name, "text": line, "record": f"line {number}"}])


    @hookimpl
    def forensics_parsers():
        return [lines]
'''


@pytest.fixture(scope="session")
def write_plugin(tmp_path_factory) -> Callable[..., Path]:
    """Write a drop-in plug-in, each into a folder of its own."""

    def write(source: str, name: str = "dropin.py") -> Path:
        path = tmp_path_factory.mktemp("plugin") / name
        path.write_text(textwrap.dedent(source), "utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def lines(write_plugin) -> Path:
    """A drop-in whose parser reads text files that begin with the word lines."""
    return write_plugin(LINES, "lines.py")


@pytest.fixture(scope="session")
def plant() -> Callable[[Path, dict[str, str | bytes]], Path]:
    """Write files below a folder."""

    def write(root: Path, files: dict[str, str | bytes]) -> Path:
        root.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return root

    return write


@pytest.fixture(scope="session")
def zipped() -> Callable[[dict[str, str | bytes]], bytes]:
    """A zip of these files, always the same bytes."""

    def pack(files: dict[str, str | bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(name, (2025, 10, 26, 2, 30, 0)), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    return pack


@pytest.fixture(scope="session")
def tarred() -> Callable[[dict[str, str | bytes]], bytes]:
    """A tar.gz of these files, always the same bytes but for the clock in its header."""

    def pack(files: dict[str, str | bytes]) -> bytes:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            for name, content in files.items():
                data = content if isinstance(content, bytes) else content.encode()
                member = tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        return out.getvalue()

    return pack


@pytest.fixture(scope="session")
def tables() -> Callable[[Path], dict[str, bytes]]:
    """All files below `tables/` with their bytes."""

    def read(case: Path) -> dict[str, bytes]:
        root = case / "tables"
        return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}

    return read


@pytest.fixture(scope="session")
def problems() -> Callable[[Path], list[tuple[str, str, str]]]:
    """The problems of a case as (path, kind, message), sorted."""

    def read(case: Path) -> list[tuple[str, str, str]]:
        frame = forensics.open_case(case).problems
        return sorted(frame[["path", "kind", "message"]].astype("str").itertuples(index=False, name=None))

    return read


@pytest.fixture(scope="session")
def statuses() -> Callable[[Path], dict[str, str]]:
    """Status of each file of a case by its path."""

    def read(case: Path) -> dict[str, str]:
        frame = forensics.open_case(case).files
        return dict(zip(frame["path"].astype("str"), frame["status"].astype("str"), strict=True))

    return read
