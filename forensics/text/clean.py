"""The one point where text from evidence is made fit for the tables.

Arrow, Parquet and every writer after them want valid UTF-8, and one bad value would fail a whole batch. What cannot be
kept is replaced by something visible, and said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST = 1_048_576
"""Characters of one value. Longer ones are cut, and the last of these characters say so."""

MOST_HEX = 2000
"""Characters of hexadecimal kept of a changed value."""

BLOCK = 256  # rows; one bad value makes Python look at so many


def clean(value: str) -> tuple[str, str | None]:
    """The text as it goes into a table, and what was changed in it (None: nothing).

    Lone surrogates become U+FFFD, the two halves of one character (as Java and JavaScript may store it) that character,
    NUL becomes U+2400, values over `LONGEST` characters are cut with a visible mark. Cleaning twice changes nothing.
    """
    changes = []
    if not value.isascii() and not _is_encodable(value):
        value, lone, joined = _without_surrogates(value)
        changes += _counted(lone, "lone surrogate as U+FFFD") + _counted(joined, "surrogate pair joined")
    if nuls := value.count("\0"):
        value = value.replace("\0", "\u2400")
        changes += _counted(nuls, "NUL as U+2400")
    if len(value) > LONGEST:
        changes.append(f"cut: had {len(value)} characters")
        value = _cut(value)
    return value, ", ".join(changes) or None


def clean_array(array: pa.Array) -> tuple[pa.Array, list[tuple[int, str, str]]]:
    """`clean` for a string or large_string column whose bytes nobody has checked: drivers hand them over as stored.

    Returns the column (the same object when all is well) and, for each changed row, its index, what was changed, and
    its raw bytes in hexadecimal, at most `MOST_HEX` characters. Bytes that are not UTF-8 become U+FFFD. Nulls stay.
    """
    if _is_clean(array):
        return array, []
    cleaned = list(_changed_values(array))
    changes = [(row, what, raw[: MOST_HEX // 2].hex()) for row, _, what, raw in cleaned]
    return _with_values(array, {row: text for row, text, _, _ in cleaned}), changes


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _without_surrogates(value: str) -> tuple[str, int, int]:
    """UTF-16 is where surrogates mean something: two halves are one character, one half is an error."""
    text = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text, text.count("\ufffd") - value.count("\ufffd"), len(value) - len(text)


def _counted(number: int, what: str) -> list[str]:
    return [f"{number} x {what}"] if number else []


def _cut(value: str) -> str:
    mark = f"\u2026 [cut: {len(value)} characters]"
    return value[: LONGEST - len(mark)] + mark


def _is_clean(array: pa.Array) -> bool:
    """Whether no value needs `clean`, from three passes at C speed. May say no for bytes behind a null."""
    import numpy as np
    import pyarrow as pa

    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        return False
    _, offsets, data = array.buffers()
    if data is None or not len(array):
        return True
    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    bounds = np.frombuffer(offsets, width)[array.offset : array.offset + len(array) + 1]
    letters = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]]
    return bool(letters.min(initial=1) > 0 and np.diff(bounds).max() <= LONGEST)


def _changed_values(array: pa.Array) -> Iterator[tuple[int, str, str, bytes]]:
    for start in range(0, len(array), BLOCK):
        block = array.slice(start, BLOCK)
        if _is_clean(block):
            continue
        for row, raw in enumerate(block.view(_binary(array)).to_pylist(), start):
            text, what = _clean_bytes(raw) if raw is not None else ("", None)
            if what:
                yield row, text, what, raw


def _clean_bytes(raw: bytes) -> tuple[str, str | None]:
    try:
        return clean(raw.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
    replaced = text.count("\ufffd") - raw.count("\ufffd".encode())
    text, what = clean(text)
    return text, ", ".join([f"{replaced} x not UTF-8 as U+FFFD", *([what] if what else [])])


def _with_values(array: pa.Array, texts: dict[int, str]) -> pa.Array:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    changed = np.zeros(len(array), bool)
    changed[list(texts)] = True
    values = pa.array([text.encode() for text in texts.values()], _binary(array))
    return pc.replace_with_mask(array.view(_binary(array)), pa.array(changed), values).view(array.type)


def _binary(array: pa.Array) -> pa.DataType:
    import pyarrow as pa

    return pa.large_binary() if pa.types.is_large_string(array.type) else pa.binary()
