"""Rows of both views are compared by a number each: equal rows have the same, others not."""

import pyarrow as pa

from forensics.sqlite.fingerprint import fingerprints


def test_equal_rows_have_equal_fingerprints_wherever_they_stand() -> None:
    rows = pa.record_batch(
        {
            "number": pa.array([1, None, -1, 2**63 - 1] * 50),
            "text": pa.array(["граница", "", None, "a"] * 50),
            "real": pa.array([0.5, None, -0.5, 1e300] * 50),
        }
    )
    whole = fingerprints(rows)
    assert (fingerprints(rows.slice(37, 61)) == whole[37:98]).all()
    assert len(set(whole.tolist())) == 4


def test_what_differs_little_differs() -> None:
    texts = ["ab", "a", None, "", "b", "ba", "aab", "abab", "\0", "\0\0"]
    pairs = [(left, right) for left in texts for right in texts]
    rows = pa.record_batch({"left": pa.array([p[0] for p in pairs]), "right": pa.array([p[1] for p in pairs])})
    assert len(set(fingerprints(rows).tolist())) == len(pairs)


def test_a_million_rows_without_a_clash() -> None:
    rows = pa.record_batch({"number": pa.array(range(1_000_000)), "text": pa.array(["x"] * 1_000_000)})
    assert len(set(fingerprints(rows).tolist())) == 1_000_000
