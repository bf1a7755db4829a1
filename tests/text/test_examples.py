"""The examples in the docstrings run."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["fold", "offsets", "show"])
def test_docstring_examples(name):
    result = doctest.testmod(import_module(f"forensics.text.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
