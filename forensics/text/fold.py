"""Folding: one key for the same word in other scripts, other letters and other keyboards.

`fold` is the exact class (fast, few false hits), `loose` the wider one. Keys are for matching only: raw text is what
is shown, exported and named in a report. Two writings match when their keys are equal:

>>> fold("Граница"), fold("Đorđe") == fold("Ђорђе"), fold("حوالة") == fold("حواله")
('granica', True, True)

Not folded, because they are other words and not other writings: menjačnica / mjenjačnica, prelaz / prijelaz. Not
handled: the initial ئ of Sorani, Russian typed in Latin letters (granitsa).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import category, combining, digit, normalize

if TYPE_CHECKING:
    import pyarrow as pa

LATIN = dict.fromkeys("ъь", "") | {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "ѓ": "gj", "д": "d", "ђ": "dj", "џ": "dž", "е": "e", "є": "je",
    "ё": "e", "ж": "ž", "з": "z", "ѕ": "dz", "и": "i", "і": "i", "ї": "ji", "й": "j", "ј": "j", "к": "k", "ќ": "kj",
    "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "ć",
    "у": "u", "ў": "u", "ф": "f", "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "št", "ы": "y", "э": "e", "ю": "ju",
    "я": "ja", "қ": "k", "ғ": "g", "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u",
    "đ": "dj", "ð": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i",
}  # fmt: skip
"""Cyrillic to Latin, one table for all languages (Latin to Cyrillic would be wrong on real letter pairs), and the
Latin letters that no accent explains."""

ARABIC = {
    variant: letter
    for letter, variants in {
        "ی": "ي ى ئ ې ۍ ێ ے", "ک": "ك ڪ", "گ": "ګ", "ا": "أ إ آ ٱ", "و": "ؤ ۆ ۇ", "ه": "ة ۀ ە ہ ھ ۂ ۃ",
        "ن": "ڼ ں", "ر": "ړ ڑ ڕ", "ت": "ټ ٹ", "د": "ډ ڈ", "ل": "ڵ",
    }.items()
    for variant in variants.split()
}  # fmt: skip
"""Arabic, Persian, Pashto, Urdu and Sorani keyboards write one sound with several code points. ښ and ږ stay."""

UNWRITTEN = (
    "\u0640\u0621"  # tatweel, standalone hamza
    "\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # joiners, direction
    "\u00ad\ufeff\u2060\u034f"  # soft hyphen, byte order mark, word joiner, grapheme joiner
)

LETTERS = LATIN | ARABIC | dict.fromkeys(UNWRITTEN, "")

_DOUBLED = re.compile(r"([a-z])\1+")


def fold(text: str) -> str:
    """The search key of a text. ASCII text is only lower-cased; everything else goes through one table.

    Characters are independent of each other between the two normalisations, so the steps of the folding are one
    table look-up a character, filled as characters are met.
    """
    if text.isascii():
        return text.lower()
    return normalize("NFC", normalize("NFKC", text).translate(_FOLDED))


def loose(text: str) -> str:
    """The second-tier key: Đorđe = Dorde, ќе = ce, Alah = Allah. Costs false hits; not for keywords under 4 letters."""
    folded = fold(text).replace("dj", "d").replace("gj", "d").replace("kj", "c")
    return _DOUBLED.sub(r"\1", folded)


def _fold_letter(letter: str) -> str:
    # Casefold alone would turn İ into i and a dot, and keep ı apart from i.
    lower = "i" if letter in "Iİ" else letter.casefold()
    # Twice: a known letter under an accent the table does not list (Macedonian ѝ, ǿ, ۓ) is bare only after the first.
    return normalize("NFC", _bare(_bare(lower)))


def _bare(letters: str) -> str:
    plain = "".join(LETTERS.get(letter, str(digit(letter, letter))) for letter in letters)
    return "".join(mark for mark in normalize("NFD", plain) if not _is_dropped_mark(mark))


def _is_dropped_mark(letter: str) -> bool:
    """Accents, harakat, strokes, emoji variation selectors. The marks of Indic scripts are letters in all but name."""
    if "\u0900" <= letter <= "\u0dff":
        return False
    return bool(combining(letter)) or category(letter) == "Me" or "\ufe00" <= letter <= "\ufe0f"


def fold_array(values: pa.Array) -> pa.Array:
    """The keys of a string column: equal to `[fold(value) for value in values]`, nulls kept.

    Takes string or large_string arrays of valid UTF-8 (see `clean_array`) and returns the same type.
    """
    from forensics.text.columns import fold_column  # NumPy and Arrow only once a column is folded

    return fold_column(values)


@cache
def joining() -> frozenset[str]:
    """Characters that can become one with the character before them: all that composed characters end in."""
    whole = "\n".join(map(chr, range(0xA0, 0x3100)))
    parts = normalize("NFD", whole).split("\n")
    jamo = [*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]
    return frozenset("".join(part[1:] for part in parts)).union(map(chr, jamo))


class _Folded(dict[int, str]):
    """Table for `str.translate`, filled with what is met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_letter(chr(code))
        return folded


_FOLDED = _Folded()
