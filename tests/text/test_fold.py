"""Folding: the measured vectors of the language reference, and the rule itself spelled out step by step."""

import subprocess
import sys
from unicodedata import category, combining, digit, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.text.fold import LETTERS, fold, loose

SAME = {
    "granica": ["граница", "Granica", "GRANICA", "ġranica", "grаnica"],
    "šta": ["sta", "шта", "ŠTA"],
    "Đorđe": ["Djordje", "Ђорђе"],
    "dzep": ["џеп", "ǆep", "džep"],
    "ljubljana": ["Љубљана", "ǈubljana"],
    "njuška": ["њушка"],
    "injekcija": ["инјекција"],
    "konjunktura": ["конјунктура"],
    "mjenjačnica": ["mjenjacnica", "мјењачница"],
    "Nikšić": ["niksic", "Никшић"],
    "Гевгелија": ["gevgelija"],
    "sekira": ["śekira", "с́екира"],
    "Tiranë": ["TIRANE"],
    "çmim": ["cmim"],
    "istanbul": ["İstanbul", "ISTANBUL", "ıstanbul"],
    "kaçak": ["kacak"],
    "qaçakçı": ["QACAKCI"],
    "Şırnak": ["sirnak"],
    "حواله": ["حوالة", "حَوَالَة", "حـوالـه", "حوالہ"],
    "كتاب": ["کتاب"],
    "علي": ["علی"],
    "على": ["علی"],
    "يورو": ["یورو"],
    "می\u200cروم": ["میروم"],
    "ہنڈی": ["هنڈی"],
    "500": ["۵۰۰", "৫০০", "٥٠٠"],
    "usdt": ["USDТ", "𝓤𝓢𝓓𝓣", "Ｕｓｄｔ", "U̶S̶D̶T"],
}

DIFFERENT = [
    ("Đorđe", "Dorde"),
    ("ќе", "ce"),
    ("menjačnica", "mjenjačnica"),
    ("śekira", "sjekira"),
    ("می روم", "میروم"),
    ("u.s.d.t", "usdt"),
    ("переїзд", "переезд"),
    ("prelaz", "prijelaz"),
]


@pytest.mark.parametrize(("writing", "other"), [(a, b) for a, others in SAME.items() for b in others])
def test_other_writing_of_the_same_word(writing, other):
    assert fold(writing) == fold(other)
    assert loose(writing) == loose(other)


@pytest.mark.parametrize(("word", "other"), DIFFERENT)
def test_other_word(word, other):
    assert fold(word) != fold(other)


@pytest.mark.parametrize(("word", "other"), [("Đorđe", "Dorde"), ("ќе", "ce"), ("Allah", "alah")])
def test_loose_joins_what_fold_keeps_apart(word, other):
    assert loose(word) == loose(other)


@pytest.mark.parametrize(("word", "other"), DIFFERENT[2:])
def test_loose_keeps_other_words_apart(word, other):
    assert loose(word) != loose(other)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Граница", "granica"),
        ("Ђурђевдан у џепу", "djurdjevdan u dzepu"),
        ("объект, мышь", "obekt, mys"),
        ("ќе", "kje"),
        ("щука", "stuka"),
        ("ѝ", "i"),
        ("Straße", "strasse"),
        ("Œuvre Ærø", "oeuvre aero"),
        ("ﻻ ﷲ", "لا الله"),
        ("جزء", "جز"),
        ("گروګان", "گروگان"),
        ("ښځه ږغ", "ښځه ږغ"),
        ("লোকেশন ০১৭", "লোকেশন 017"),
        ("❤️ 1️⃣ 🇷🇸", "❤ 1 🇷🇸"),
        ("", ""),
        ("a\0B\n", "a\0b\n"),
    ],
)
def test_key(text, key):
    assert fold(text) == key


@pytest.mark.parametrize(
    ("writings", "key"),
    [
        ("ړڑڕر", "ر"),
        ("ټٹت", "ت"),
        ("ډڈد", "د"),
        ("ڵل", "ل"),
        ("ںڼن", "ن"),
        ("ےیېۍێىئي", "ی"),
        ("أإآٱا", "ا"),
        ("ؤۆۇو", "و"),
    ],
)
def test_arabic_script_keyboards(writings, key):
    assert {fold(letter) for letter in writings} == {key}


def test_bengali_marks_are_kept():
    assert fold("ডাংকি") == "ডাংকি"
    assert fold("গা\u09dcি") == fold("গা\u09a1\u09bcি")  # one code point or two


def test_lone_surrogate_does_not_raise():
    assert fold("a\ud800Š") == "a\ud800s"


def spelled_out(text: str) -> str:
    """Section 2.1 of the language reference over the whole text, one step after the other."""
    text = normalize("NFKC", text)
    text = text.replace("İ", "i").replace("I", "i").casefold().replace("ı", "i")
    for _ in range(2):  # the second time for a listed letter under an unlisted accent
        text = "".join(LETTERS.get(letter, str(digit(letter, letter))) for letter in text)
        text = "".join(letter for letter in normalize("NFD", text) if not is_dropped(letter))
    return normalize("NFC", text)


def is_dropped(letter: str) -> bool:
    if 0x0900 <= ord(letter) <= 0x0DFF:
        return False
    return combining(letter) > 0 or category(letter) == "Me" or 0xFE00 <= ord(letter) <= 0xFE0F


@given(st.text())
def test_any_text_folds_as_spelled_out(text):
    assert fold(text) == spelled_out(text)


def test_import_is_light():
    heavy = "import sys, forensics.text; print({'numpy', 'pyarrow'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True).stdout.strip() == "set()"
