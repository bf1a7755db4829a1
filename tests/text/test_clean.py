"""Nothing from evidence makes a table fail, and whatever was changed is said."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.text.clean import LONGEST, clean, clean_array


def stored(*values: bytes | None, large: bool = False) -> pa.Array:
    """A string column as a driver hands it over, unchecked."""
    return pa.array(values, pa.large_binary() if large else pa.binary()).view(
        pa.large_string() if large else pa.string()
    )


@pytest.mark.parametrize("text", ["", "Granica", "Граница ć", "حَوَالَة", "😀\u202e", "line\r\n\ttab\x1b"])
def test_ordinary_text_is_left_alone(text):
    assert clean(text) == (text, None)


@pytest.mark.parametrize(
    ("value", "text", "what"),
    [
        ("a\ud800b", "a\ufffdb", "1 x lone surrogate as U+FFFD"),
        ("\udc00\ud800", "\ufffd\ufffd", "2 x lone surrogate as U+FFFD"),
        ("\ud83d\ude00!", "😀!", "1 x surrogate pair joined"),
        ("\ud83d\ude00\ud83d", "😀\ufffd", "1 x lone surrogate as U+FFFD, 1 x surrogate pair joined"),
        ("a\0b\0", "a\u2400b\u2400", "2 x NUL as U+2400"),
    ],
)
def test_changed_text(value, text, what):
    assert clean(value) == (text, what)


def test_long_text_is_cut_visibly():
    text, what = clean("š" * (LONGEST + 1))
    assert len(text) == LONGEST
    assert text.endswith("š… [cut: 1048577 characters]")
    assert what == "cut: had 1048577 characters"
    assert clean("š" * LONGEST)[1] is None


@given(st.text(st.characters(), max_size=20) | st.text("a\0\ud83d\ude00\ufffd"))
def test_cleaned_text_is_encodable_and_clean(value):
    text, what = clean(value)
    text.encode()
    assert clean(text) == (text, None)
    assert (what is None) == (text == value)


def test_clean_column_is_the_same_object():
    column = pa.array(["Граница", None, ""])
    cleaned, changes = clean_array(column)
    assert cleaned is column
    assert changes == []


@pytest.mark.parametrize("large", [False, True])
def test_bytes_that_are_not_utf8(large):
    column, changes = clean_array(stored(b"ok", None, b"a\xffb", "š".encode(), b"\xd0", large=large))
    column.validate(full=True)
    assert column.to_pylist() == ["ok", None, "a\ufffdb", "š", "\ufffd"]
    assert changes == [(2, "1 x not UTF-8 as U+FFFD", "61ff62"), (4, "1 x not UTF-8 as U+FFFD", "d0")]


def test_surrogates_stored_as_bytes():
    column, changes = clean_array(stored(b"\xed\xa0\xbd\xed\xb8\x80", b"\xed\xa0\xbd"))
    assert column.to_pylist() == ["😀", "\ufffd"]
    assert [what for _, what, _ in changes] == ["1 x surrogate pair joined", "1 x lone surrogate as U+FFFD"]


def test_bad_bytes_and_nul_in_one_value():
    column, changes = clean_array(stored(b"\xff\0"))
    assert column.to_pylist() == ["\ufffd\u2400"]
    assert changes == [(0, "1 x not UTF-8 as U+FFFD, 1 x NUL as U+2400", "ff00")]


def test_raw_bytes_are_capped():
    (_, what, raw), *rest = clean_array(stored(b"\xff" * 5000))[1]
    assert (what, raw, rest) == ("5000 x not UTF-8 as U+FFFD", "ff" * 1000, [])


def test_long_value_in_a_column():
    column, changes = clean_array(pa.array(["a", "b" * (LONGEST + 5)]))
    assert len(column[1].as_py()) == LONGEST
    assert changes == [(1, f"cut: had {LONGEST + 5} characters", "62" * 1000)]


def test_many_bytes_but_not_too_many_characters():
    column = pa.array(["ш" * LONGEST])
    assert clean_array(column)[1] == []
    assert clean_array(column)[0].equals(column)


def test_rows_are_counted_across_blocks_and_slices():
    column = stored(*[b"ok"] * 700, b"\xfe", *[b"ok"] * 300, None, b"\0").slice(100)
    cleaned, changes = clean_array(column)
    assert [row for row, _, _ in changes] == [600, 902]
    assert cleaned.to_pylist() == ["ok"] * 600 + ["\ufffd"] + ["ok"] * 300 + [None, "\u2400"]


@given(st.lists(st.none() | st.binary(max_size=12) | st.text().map(str.encode)))
def test_any_bytes(values):
    column, changes = clean_array(stored(*values))
    column.validate(full=True)
    dirty = {row for row, _, _ in changes}
    for row, (raw, text) in enumerate(zip(values, column.to_pylist(), strict=True)):
        assert (text is None) == (raw is None)
        assert raw is None or row in dirty or text.encode() == raw
    assert clean_array(column)[1] == []
