from __future__ import annotations

import json
import shutil

import pytest

from forensics.evidence.limits import Budget, Limits, metered
from forensics.evidence.source import LimitReached


def test_numbers_of_the_house_as_json():
    assert json.loads(json.dumps(Limits().to_dict())) == {
        "members": 1_000_000,
        "depth": 8,
        "ratio": 200,
        "ratio_after": 10 << 20,
        "member": 256 << 30,
        "total": None,
    }


def test_a_total_that_is_not_given_is_ten_times_the_free_space(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 60, 40))
    assert Budget.of(Limits(), tmp_path).total == 400
    assert Budget.of(Limits(total=7), tmp_path).total == 7


def test_ratio_counts_only_after_the_first_part():
    chunks = [bytes(1000)] * 5
    limits = Limits(ratio=10, ratio_after=3000)
    passed = []
    with pytest.raises(LimitReached, match="more than 10 times: limit `ratio` reached at 4,000 bytes"):
        passed.extend(metered(iter(chunks), limits, lambda: 100, most=10_000, budget=None))
    assert list(metered(iter(chunks), limits, lambda: 500, most=10_000, budget=None)) == chunks
