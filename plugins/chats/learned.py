"""What rows of a database tell of persons and chats, for rows that only name their ids.

Rows in force learn from rows in force alone: a name that only a deleted row has is no name of today. Rows that are replaced or
recovered are told what is in force, and where nothing is, what others like them say.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Hashable, Iterator, Mapping, MutableMapping
from itertools import chain
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def in_force(row: Mapping[str, Any]) -> bool:
    """Whether the row is what the database says now."""
    return row["state"] in ("live", "wal")


class Learned(Generic[T]):
    """Values by key; of several for one key the first stays."""

    def __init__(self) -> None:
        self.now: dict[Any, T] = {}
        self.past: dict[Any, T] = {}
        self.ever: MutableMapping[Any, T] = ChainMap(self.now, self.past)

    def learn(self, row: Mapping[str, Any], key: Hashable, value: T) -> None:
        """Take in what a row says."""
        (self.now if in_force(row) else self.past).setdefault(key, value)

    def told(self, row: Mapping[str, Any], key: Hashable) -> T | None:
        """What a row may be told."""
        return (self.now if in_force(row) else self.ever).get(key)

    def values(self) -> Iterator[T]:
        """All values, those in force first."""
        return chain(self.now.values(), self.past.values())

    def items(self) -> Iterator[tuple[Any, T]]:
        """Keys and values, those in force first; of the past only what nothing in force says."""
        yield from chain(self.now.items(), ((key, value) for key, value in self.past.items() if key not in self.now))
