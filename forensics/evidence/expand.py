"""Bytes of a compressed stream, chunk by chunk: never more in memory than a chunk, every good byte before an error."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any, BinaryIO, Protocol

from forensics.evidence.source import DamagedMember

CHUNK = 1 << 18
LZMA_MEMORY = 1 << 29
"""Bytes a dictionary may take: the largest of xz's own presets needs an eighth of it."""


class Compressed(Protocol):
    """Bytes going into a decompressor; `taken` counts them."""

    @property
    def taken(self) -> int: ...
    def read(self, size: int = ...) -> bytes: ...


class Counted:
    """The next `size` bytes of a stream (all of them when None) in chunks; `taken` is how many have been read."""

    def __init__(self, stream: BinaryIO, size: int | None = None) -> None:
        self.taken = 0
        self._stream = stream
        self._size = size

    def read(self, size: int = CHUNK) -> bytes:
        if self._size is not None:
            size = min(size, self._size - self.taken)
        try:
            chunk = self._stream.read(size) if size > 0 else b""
        except OSError as error:
            raise DamagedMember(f"reading stopped: {error.strerror or error}") from error
        self.taken += len(chunk)
        return chunk


def stored(source: Compressed) -> Iterator[bytes]:
    """Bytes as they are."""
    return iter(source.read, b"")


def deflate(source: Compressed) -> Iterator[bytes]:
    """Raw deflate, as in zip."""
    return _zlib(source, -zlib.MAX_WBITS)


def gzip(source: Compressed) -> Iterator[bytes]:
    return _zlib(source, zlib.MAX_WBITS | 16)


def bzip2(source: Compressed) -> Iterator[bytes]:
    return _with(bz2.BZ2Decompressor, source)


def xz(source: Compressed) -> Iterator[bytes]:
    return _with(lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LZMA_MEMORY), source)


def zip_lzma(source: Compressed) -> Iterator[bytes]:
    """Zip method 14: version, length of the properties, properties, raw LZMA (APPNOTE 5.8)."""
    head = source.read(9)
    if len(head) < 9 or head[2:4] != b"\x05\x00":
        raise DamagedMember("LZMA properties are damaged")
    (dictionary,) = struct.unpack("<I", head[5:])
    if head[4] >= 225 or dictionary > LZMA_MEMORY:
        raise DamagedMember("LZMA properties are damaged, or ask for more memory than is given")
    rest, lc = divmod(head[4], 9)
    pb, lp = divmod(rest, 5)
    chain = [{"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": max(dictionary, 4096)}]
    yield from _with(lambda: lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain), source, open_end=True)


def zstd(source: Compressed) -> Iterator[bytes]:
    import zstandard

    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(source, read_across_frames=True)  # type: ignore[arg-type]
    try:
        yield from iter(lambda: reader.read(CHUNK), b"")
    except zstandard.ZstdError as error:
        raise DamagedMember(f"compressed data is damaged: {error}") from error


def has_zstd() -> bool:
    return find_spec("zstandard") is not None


def _zlib(source: Compressed, window: int) -> Iterator[bytes]:
    many = window > zlib.MAX_WBITS
    engine = zlib.decompressobj(window)
    waiting = b""
    while True:
        waiting = waiting or source.read()
        try:
            chunk = engine.decompress(waiting, CHUNK)
        except zlib.error as error:
            raise DamagedMember(f"compressed data is damaged: {error}") from error
        if chunk:
            yield chunk
        if not engine.eof:
            if not waiting and not chunk:
                raise DamagedMember("compressed data ends early")
            waiting = engine.unconsumed_tail
            continue
        waiting = engine.unused_data
        if many and len(waiting) < 2:
            waiting += source.read()
        if not (many and waiting.startswith(b"\x1f\x8b")):
            return
        engine = zlib.decompressobj(window)


def _with(engine_of: Callable[[], Any], source: Compressed, *, open_end: bool = False) -> Iterator[bytes]:
    engine = engine_of()
    waiting = b""
    while True:
        if engine.needs_input and not waiting:
            waiting = source.read()
            if not waiting:
                break
        try:
            chunk = engine.decompress(waiting, CHUNK)
        except (OSError, ValueError, lzma.LZMAError) as error:
            raise DamagedMember(f"compressed data is damaged: {error}") from error
        waiting = b""
        if chunk:
            yield chunk
        if engine.eof:
            waiting = engine.unused_data or source.read()
            if not waiting.strip(b"\0"):
                return
            engine = engine_of()
    if not open_end:
        raise DamagedMember("compressed data ends early")
