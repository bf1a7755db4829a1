"""Folded columns equal folded values, whatever the column holds and however it was cut."""

from unicodedata import normalize

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forensics.text import columns
from forensics.text.fold import fold, fold_array

CHAT = [
    "Čeka kod pumpe",
    None,
    "Ђорђе, чекај у шест",
    "",
    "حَوَالَة ۵۰۰",
    "İstanbul'a GİDİYOR",
    "OK 😀",
    "ﷲ ﻻ",
    "গাড়ি কোথায়",
]

# Letters that meet other letters badly: accents, Indic marks, Hangul parts, joiners, ligatures, long keys.
MEETING = (
    "иgс Iİıß\u0306\u0301\u0307\u030cেোাৗায\u09bc\u09cd\u0cbf\u0cd5가ᄀ\u1161\u11a8\u200d\u0640\u0654اﷲﻻ"
    "ǆŉΐ🇷🇸𝓤\U00011099\U000110ba"
)

texts = (
    st.text()
    | st.text(MEETING)
    | st.text(st.characters(min_codepoint=0x80, max_codepoint=0x33FF, categories=["L", "M"]))
)
columns_of_text = st.lists(st.none() | texts)


def expected(values):
    return [None if value is None else fold(value) for value in values]


@given(columns_of_text)
@example(CHAT)
@settings(max_examples=300)
def test_equals_fold_of_each_value(values):
    folded = fold_array(pa.array(values, pa.string()))
    folded.validate(full=True)
    assert folded.to_pylist() == expected(values)


@given(columns_of_text)
def test_decomposed_text(values):
    values = [value and normalize("NFD", value) for value in values]
    assert fold_array(pa.array(values, pa.string())).to_pylist() == expected(values)


def test_every_letter_of_the_first_plane_alone():
    values = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    assert fold_array(pa.array(values)).to_pylist() == expected(values)


def test_every_letter_of_the_first_plane_between_letters():
    values = [
        f"\u09c7{chr(code)}\u09be и{chr(code)}\u0306" for code in range(0x80, 0x10000) if not 0xD800 <= code < 0xE000
    ]
    assert fold_array(pa.array(values)).to_pylist() == expected(values)


@pytest.mark.parametrize("start", range(len(CHAT)))
def test_slice(start):
    part = pa.array(CHAT).slice(start, 3)
    folded = fold_array(part)
    folded.validate(full=True)
    assert folded.to_pylist() == expected(CHAT[start : start + 3])
    assert folded.null_count == part.null_count


def test_large_string_stays_large():
    folded = fold_array(pa.array(CHAT, pa.large_string()))
    assert folded.type == pa.large_string()
    assert folded.to_pylist() == expected(CHAT)


@pytest.mark.parametrize("values", [[], [None], ["", ""], [None, ""], ["", "š", ""], ["GRANICA", None]])
def test_columns_with_nothing_in_them(values):
    assert fold_array(pa.array(values, pa.string())).to_pylist() == expected(values)


def test_blocks_of_a_row_or_two(monkeypatch):
    monkeypatch.setattr(columns, "BLOCK", 50)
    assert fold_array(pa.array(CHAT * 3)).to_pylist() == expected(CHAT * 3)


def test_bytes_behind_a_null_are_not_read():
    hidden = pa.Array.from_buffers(
        pa.string(),
        2,
        [pa.py_buffer(b"\x02"), pa.array([0, 2, 4], pa.int32()).buffers()[1], pa.py_buffer(b"\xd0\xffok")],
    )
    assert fold_array(hidden).to_pylist() == [None, "ok"]


def test_raw_column_is_not_changed():
    raw = pa.array(CHAT)
    fold_array(raw)
    assert raw.to_pylist() == CHAT
