"""Evidence text shown in a terminal neither acts, nor hides, nor reorders."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.text.show import isolate, safe


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("secret\rpublic", r"secret\rpublic"),
        ("abc\b\b\b", r"abc\x08\x08\x08"),
        ("\0\x7f\x85", r"\x00\x7f\x85"),
        ('ok\n{"seq":99}', r'ok\n{"seq":99}'),
        ("a\tb", r"a\tb"),
        ("photo\u202egpj.exe", "photo[U+202E]gpj.exe"),
        ("\u2066a\u2069", "[U+2066]a[U+2069]"),
        ("pay\u200bpal\ufeff", "pay[U+200B]pal[U+FEFF]"),
        ("a\u2028b", "a[U+2028]b"),
        ("Ana\u3164", "Ana[U+3164]"),
        ("hi\U000e0041", "hi[U+E0041]"),
        ("bad\udc80name", r"bad\udc80name"),
    ],
)
def test_controls_are_visible(raw, shown):
    assert safe(raw) == shown


@pytest.mark.parametrize("text", ["", "Ђорђе čeka", r"C:\Users\new", "حَوَالَة", "লোকেশন", "❤️ 😀", "<b>&", "a\u00a0b"])
def test_ordinary_text_is_left_alone(text):
    assert safe(text) == text


@given(st.text(st.characters()))
def test_nothing_unseen_is_left(text):
    shown = safe(text)
    shown.encode()
    assert safe(shown) == shown
    assert not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in shown)
    assert not any(
        unicodedata.bidirectional(letter) in {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}
        for letter in shown
    )


def test_name_cannot_leave_its_isolate():
    assert isolate("a\u2069\u202eb") == "\u2068a[U+2069][U+202E]b\u2069"
