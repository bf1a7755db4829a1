"""From a hit in folded text back to the raw text it stands for, so that the raw text can be highlighted."""

from __future__ import annotations

from array import array
from itertools import pairwise
from unicodedata import combining, normalize

from forensics.text.fold import fold, joining


class OffsetMap:
    """Where each character of a folded text begins and ends in the raw text.

    >>> folded, offsets = fold_with_offsets("Ђорђе чека")
    >>> start = folded.index("ceka")
    >>> offsets.raw_span(start, start + 4)
    (6, 10)
    """

    def __init__(self, raw_length: int) -> None:
        self._begins = array("q")
        self._ends = array("q")
        self._raw_length = raw_length

    def _append(self, width: int, begin: int, end: int) -> None:
        self._begins.extend([begin] * width)
        self._ends.extend([end] * width)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw text of `folded[start:end]`: whole characters, with the marks and joiners that follow them.

        Half a raw character is given as the whole: "d" in the key "dj" of "đ" is "đ". An empty span stays empty.
        """
        if not 0 <= start <= end <= len(self._begins):
            raise IndexError(f"no span {start}..{end} in {len(self._begins)} folded characters")
        if start == end:
            at = self._begins[start] if start < len(self._begins) else self._raw_length
            return at, at
        return self._begins[start], self._ends[end - 1]


def fold_with_offsets(text: str) -> tuple[str, OffsetMap]:
    """`fold(text)` and the map from it to `text`. Made for display, a microsecond a character."""
    offsets = OffsetMap(len(text))
    keys = []
    for begin, end in _clusters(text):
        key = fold(text[begin:end])
        keys.append(key)
        offsets._append(len(key), begin, end)
    return "".join(keys), offsets


def _clusters(text: str) -> list[tuple[int, int]]:
    """Pieces that fold on their own: a character, and those after it that join it or leave no trace."""
    starts = [at for at, letter in enumerate(text) if at == 0 or _stands_alone(letter)]
    return list(pairwise([*starts, len(text)]))


def _stands_alone(letter: str) -> bool:
    if letter.isascii():
        return True
    key = fold(letter)
    firsts = {key[:1], normalize("NFKC", letter)[0]}
    return key != "" and not any(map(combining, firsts)) and firsts.isdisjoint(joining())
