"""A hit in folded text points at the raw letters it came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.text.fold import fold
from forensics.text.offsets import fold_with_offsets

MEETING = "иgс I\u0306\u0301োযক\u09bc\u09cd가ᄀ\u1161\u11a8\u200d\u0640\u0654اﷲﻻǆŉΐ𝓤ъ"


def highlighted(text: str, query: str) -> str:
    folded, offsets = fold_with_offsets(text)
    start = folded.index(fold(query))
    begin, end = offsets.raw_span(start, start + len(fold(query)))
    return text[begin:end]


@pytest.mark.parametrize(
    ("text", "query", "raw"),
    [
        ("prelazak: Граница!", "granica", "Граница"),
        ("Đorđe čeka", "ceka", "čeka"),
        ("rekao je Ђорђе", "djordje", "Ђорђе"),
        ("kod с\u0301екира tu", "sekira", "с\u0301екира"),
        ("عبر حَوَالَة اليوم", "حواله", "حَوَالَة"),
        ("nije ﷲ", "الله", "ﷲ"),
        ("объект", "obekt", "объект"),
        ("pošalji ۵۰۰ evra", "500", "۵۰۰"),
        ("u 😀 gаrаži", "garazi", "gаrаži"),
        ("đak", "jak", "đak"),
        ("ডাংকি গাড়ি আছে", "গাড়ি", "গাড়ি"),
        ("gra\u00adnica", "granica", "gra\u00adnica"),
    ],
)
def test_highlight(text, query, raw):
    assert highlighted(text, query) == raw


@given(st.text() | st.text(MEETING))
def test_folded_text_is_that_of_fold(text):
    assert fold_with_offsets(text)[0] == fold(text)


@given(st.text(min_size=1) | st.text(MEETING, min_size=1))
def test_spans_run_from_start_to_end(text):
    folded, offsets = fold_with_offsets(text)
    spans = [offsets.raw_span(at, at + 1) for at in range(len(folded))]
    assert spans == sorted(spans)
    assert all(0 <= begin < end <= len(text) for begin, end in spans)


def test_empty_span_stays_empty():
    _, offsets = fold_with_offsets("đak")
    assert offsets.raw_span(2, 2) == (1, 1)
    assert offsets.raw_span(4, 4) == (3, 3)


def test_span_outside_the_text():
    with pytest.raises(IndexError):
        fold_with_offsets("đak")[1].raw_span(0, 5)
