"""Bytes that look random and are the same on every machine: SHA-256 of the story's seed and a label."""

import hashlib

SEED = "forensics sample data 1"


def draw(label: str, size: int) -> bytes:
    """`size` bytes that depend on the seed and the label only."""
    blocks = (hashlib.sha256(f"{SEED}/{label}/{block}".encode()).digest() for block in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def pick(label: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int.from_bytes(draw(label, 8)) % (high - low + 1)


def uuid(label: str) -> str:
    """An identifier in the upper-case shape iOS uses for folder names."""
    digits = draw(label, 16).hex().upper()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
