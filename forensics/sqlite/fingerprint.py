"""A number for each row of a batch by which equal rows are known, made column by column without a Python object for a cell.

Rows of both views of a database are compared by it. The factors are drawn anew in every process, so that no file can be made
whose different rows get the same number.
"""

from __future__ import annotations

import secrets
from functools import cache

import numpy as np
import pyarrow as pa

Numbers = np.ndarray


def fingerprints(batch: pa.RecordBatch) -> Numbers:
    """One 64-bit number a row; columns are of the types int64, double and string."""
    total = np.zeros(batch.num_rows, np.uint64)
    for place, column in enumerate(batch.columns):
        known = column.is_valid().to_numpy(zero_copy_only=False)
        values = _of_text(column) if pa.types.is_string(column.type) else _of_numbers(column)
        total = _mixed(total ^ np.where(known, values + _factor(2 * place), _factor(2 * place + 1)))
    return total


def _of_numbers(column: pa.Array) -> Numbers:
    numbers = column.fill_null(0).to_numpy(zero_copy_only=False)
    return _mixed(np.ascontiguousarray(numbers).view(np.uint64))


def _of_text(column: pa.Array) -> Numbers:
    """The bytes of each value as digits of a number in an odd base, from one running sum over the whole column."""
    _, offsets, data = column.buffers()
    bounds = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    start = bounds[0]
    text = np.frombuffer(data or b"", np.uint8)[start : bounds[-1]]
    bounds = bounds - start
    powers, inverse = _powers(1 << max(len(text).bit_length(), 16))
    running = np.zeros(len(text) + 1, np.uint64)
    np.cumsum(_digits()[text] * powers[: len(text)], out=running[1:])
    lengths = (bounds[1:] - bounds[:-1]).astype(np.uint64)
    return _mixed((running[bounds[1:]] - running[bounds[:-1]]) * inverse[bounds[:-1]]) + lengths


def _mixed(numbers: Numbers) -> Numbers:
    """Spread every bit over all bits (the finisher of SplitMix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


@cache
def _factor(place: int) -> np.uint64:
    return np.uint64(secrets.randbits(64))


@cache
def _digits() -> Numbers:
    return np.frombuffer(secrets.token_bytes(256 * 8), np.uint64)


@cache
def _powers(size: int) -> tuple[Numbers, Numbers]:
    """The first powers of an odd base, and of its inverse, modulo 2**64."""
    made = []
    for factor in (_base(), pow(_base(), -1, 1 << 64)):
        powers = np.full(size, np.uint64(factor))
        powers[0] = 1
        made.append(np.multiply.accumulate(powers))
    return made[0], made[1]


@cache
def _base() -> int:
    return secrets.randbits(64) | 5
