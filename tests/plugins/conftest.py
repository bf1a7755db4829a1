"""What tests of the whole collection share: an example for each parser."""

import pytest

from forensics.plugins import Registry

from .examples import Example, examples


@pytest.fixture(scope="session")
def examples_of(tmp_path_factory) -> dict[str, list[Example]]:
    """Examples by name of the parser."""
    found: dict[str, list[Example]] = {}
    for example in examples(Registry(), tmp_path_factory.mktemp("examples")):
        found.setdefault(example.parser, []).append(example)
    return found
