"""The serialisation of Bitcoin: little-endian integers, compact sizes, strings and hashes.

Source: the Bitcoin developer reference, "Compact size unsigned integers" and "Serialisation". Nothing is allocated on
the word of a length or a count: both are held against the bytes that are left.
"""

import struct


class Truncated(ValueError):
    """The data ends before what it announces."""


class Reader:
    """Reads values one after the other from bytes; `at` is the place it stands at."""

    def __init__(self, data: bytes, at: int = 0):
        self.data = data
        self.at = at

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, size: int) -> bytes:
        if size > self.left:
            raise Truncated(f"{size} bytes announced at {self.at}, {self.left} left")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, form: str) -> int:
        """One little-endian integer in the notation of `struct`: `I` unsigned 32 bits, `q` signed 64 bits."""
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]

    def compact_size(self) -> int:
        first = self.number("B")
        return first if first < 0xFD else self.number({0xFD: "H", 0xFE: "I", 0xFF: "Q"}[first])

    def count(self, smallest: int) -> int:
        """A number of things to come, each of at least `smallest` bytes."""
        number = self.compact_size()
        if number * smallest > self.left:
            raise Truncated(f"{number} items announced at {self.at}, {self.left} bytes left")
        return number

    def vector(self) -> bytes:
        """Bytes with their length before them."""
        return self.take(self.compact_size())

    def string(self) -> str:
        """Text with its length before it; bytes that are not UTF-8 become replacement characters."""
        return self.vector().decode("utf-8", "replace")

    def hash(self) -> str:
        """A 32-byte hash as it is displayed: hexadecimal, last byte first."""
        return self.take(32)[::-1].hex()
