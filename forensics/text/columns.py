"""Folding of whole columns, at the speed of a few passes over their bytes.

A call a value costs microseconds, so a column is folded in place as UTF-8: the key of a character is nearly always as
long as the character or shorter, and the bytes left over are squeezed out at the end. The few characters of which that
is not true, or whose key depends on their neighbours, send their values through `fold`.
"""

from __future__ import annotations

from typing import Any
from unicodedata import combining, normalize

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forensics.text.fold import fold, joining

Codes = np.ndarray[Any, np.dtype[np.uint32]]
Cells = np.ndarray[Any, np.dtype[np.uint8]]
Positions = np.ndarray[Any, np.dtype[np.integer[Any]]]

LEFT_OVER = 0xFF  # never a byte of UTF-8, nor is 0xFE
IN_CONTEXT = 0xFEFEFEFE
BLOCK = 1 << 18  # bytes; what a pass leaves behind is still in the processor's cache for the next

_KEYS = np.zeros(0x200000, np.uint32)  # by code point; the UTF-8 of the key, low byte first; 0 is not met yet

# Until it has once seen a larger block freed, the C library on Linux hands the memory of every pass back to the system
# and faults it in again, which can cost more CPU than the passes. This block is never touched.
np.empty(16 << 20, np.uint8)


def fold_column(values: pa.Array) -> pa.Array:
    """See `forensics.text.fold.fold_array`."""
    words = _Words()
    rows = max(1, len(values) * BLOCK // max(1, values.nbytes))
    blocks = [_fold_block(values.slice(start, rows), words) for start in range(0, len(values), rows)]
    return pa.concat_arrays(blocks) if blocks else values


def _fold_block(values: pa.Array, words: _Words) -> pa.Array:
    offsets, data = _offsets_and_data(values)
    text = data.lower()  # of bytes: ASCII letters only
    if text.isascii():
        return _column(values, offsets, text)
    cells = np.frombuffer(bytearray(text), np.uint8)
    _fold_cells(cells)
    kept = cells != LEFT_OVER
    folded = _column(values, _squeezed(offsets, kept), np.compress(kept, cells))
    in_context = np.flatnonzero(cells == IN_CONTEXT & 0xFF)
    rows = np.flatnonzero(np.diff(np.searchsorted(in_context, offsets)))
    return _replace(folded, rows, values, words) if len(rows) else folded


def _offsets_and_data(values: pa.Array) -> tuple[Positions, bytes]:
    _, offsets, data = values.buffers()
    width = np.int64 if pa.types.is_large_string(values.type) else np.int32
    bounds = np.frombuffer(offsets, width)[values.offset : values.offset + len(values) + 1]
    return bounds - bounds[0], bytes(memoryview(data or b"")[bounds[0] : bounds[-1]])


def _column(like: pa.Array, offsets: Positions, data: bytes | Cells) -> pa.Array:
    validity = None
    if like.null_count:
        valid = like.is_valid().to_numpy(zero_copy_only=False)
        validity = pa.py_buffer(np.packbits(valid, bitorder="little"))
    buffers = [validity, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(like.type, len(like), buffers, like.null_count)


def _squeezed(offsets: Positions, kept: np.ndarray[Any, np.dtype[np.bool_]]) -> Positions:
    lengths = np.add.reduceat(np.append(kept, False), offsets[:-1], dtype=offsets.dtype)
    lengths[offsets[:-1] == offsets[1:]] = 0  # reduceat takes one element where there is none
    return np.concatenate(([0], np.cumsum(lengths))).astype(offsets.dtype)


def _replace(folded: pa.Array, rows: Positions, values: pa.Array, words: _Words) -> pa.Array:
    rows = rows[values.is_valid().to_numpy(zero_copy_only=False)[rows]]
    keys = [" ".join([words[word] for word in value.split(" ")]) for value in values.take(pa.array(rows)).to_pylist()]
    mask = np.zeros(len(values), bool)
    mask[rows] = True
    return pc.replace_with_mask(folded, pa.array(mask), pa.array(keys, values.type))


class _Words(dict[str, str]):
    """Composing characters is slow (70 ns each), people use the same words again, and nothing composes with a space."""

    def __missing__(self, word: str) -> str:
        self[word] = key = fold(word)
        return key


def _fold_cells(cells: Cells) -> None:
    """Put the key of every character of two bytes and more in its place, LEFT_OVER behind a shorter one."""
    starts = np.flatnonzero(cells >= 0xC2)
    leads = cells[starts]
    for width, low, high in ((2, 0xC2, 0xE0), (3, 0xE0, 0xF0), (4, 0xF0, 0xF8)):
        at = starts[(leads >= low) & (leads < high)]
        if not len(at):
            continue
        keys = _keys(_code_points(cells, at, width))
        for byte in range(width):
            cells[at + byte] = (keys >> 8 * byte).astype(np.uint8)  # left to the assignment, the cast is 3 x slower


def _code_points(cells: Cells, at: Positions, width: int) -> Codes:
    codes: Codes = (cells[at] & (0x7F >> width)).astype(np.uint32)
    for byte in range(1, width):
        codes = np.left_shift(codes, 6) | (cells[at + byte] & 0x3F)
    return codes


def _keys(codes: Codes) -> Codes:
    keys = _KEYS.take(codes)
    if keys.all():
        return keys
    new = np.unique(codes[keys == 0])
    _KEYS[new] = [_key(chr(code)) for code in new.tolist()]
    return _KEYS.take(codes)


def _key(letter: str) -> int:
    key = fold(letter)
    packed = key.encode()
    joins = joining().intersection(letter + normalize("NFKC", letter) + key)
    if joins or any(map(combining, key)) or len(packed) > len(letter.encode()):
        return IN_CONTEXT
    return int.from_bytes(packed.ljust(4, bytes([LEFT_OVER])), "little")
