"""Bech32 (BIP 173), Bech32m (BIP 350), and the SegWit addresses written in them.

A code point is five bits; six of them at the end are a checksum over the prefix and the data. Version 0 of SegWit uses
Bech32, every later version Bech32m: an address that mixes them is wrong.
"""

from collections.abc import Iterable
from functools import reduce
from operator import xor

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
FOLDED = [reduce(xor, (g for bit, g in enumerate(GENERATOR) if top >> bit & 1), 0) for top in range(32)]
BECH32, BECH32M = 1, 0x2BC830A3
LONGEST = 90  # BIP 173


def decode(text: str) -> tuple[str, list[int], int]:
    """Prefix, five-bit values without the checksum, and which checksum it was (BECH32 or BECH32M).

    ValueError for mixed case, other letters, a missing prefix, or a wrong checksum.
    """
    if text not in (text.lower(), text.upper()) or len(text) > LONGEST:
        raise ValueError("mixed case, or too long, for Bech32")
    prefix, separator, letters = text.lower().rpartition("1")
    if not separator or not prefix or len(letters) < 6 or not all(letter in VALUES for letter in letters):
        raise ValueError("not Bech32")
    values = [VALUES[letter] for letter in letters]
    kind = _checksum(_spread(prefix) + values)
    if kind not in (BECH32, BECH32M):
        raise ValueError("the checksum is wrong")
    return prefix, values[:-6], kind


def encode(prefix: str, values: list[int], kind: int) -> str:
    """The Bech32 (or Bech32m) text of five-bit values."""
    check = _checksum([*_spread(prefix), *values, *bytes(6)]) ^ kind
    letters = values + [check >> shift & 31 for shift in range(25, -1, -5)]
    return prefix + "1" + "".join(ALPHABET[value] for value in letters)


def segwit_decode(text: str) -> tuple[str, int, bytes]:
    """Prefix (`bc`, `tb`, `ltc` ...), witness version and witness program of an address. ValueError when it is none."""
    prefix, values, kind = decode(text)
    if not values or values[0] > 16 or kind != _kind_of(values[0]):
        raise ValueError("no SegWit version, or the wrong checksum for it")
    program = bytes(_regroup(values[1:], 5, 8, pad=False))
    if not 2 <= len(program) <= 40 or (values[0] == 0 and len(program) not in (20, 32)):
        raise ValueError(f"a witness program of {len(program)} bytes")
    return prefix, values[0], program


def segwit_encode(prefix: str, version: int, program: bytes) -> str:
    """The address of a witness program."""
    return encode(prefix, [version, *_regroup(program, 8, 5, pad=True)], _kind_of(version))


def _kind_of(version: int) -> int:
    return BECH32 if version == 0 else BECH32M


def _spread(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _checksum(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ FOLDED[check >> 25]
    return check


def _regroup(values: Iterable[int], width: int, wanted: int, pad: bool) -> list[int]:
    held = bits = 0
    groups = []
    for value in values:
        held, bits = held << width | value, bits + width
        while bits >= wanted:
            bits -= wanted
            groups.append(held >> bits & ((1 << wanted) - 1))
        held &= (1 << bits) - 1
    if pad and bits:
        groups.append(held << (wanted - bits))
    if not pad and (bits >= width or held):
        raise ValueError("bits are left over")
    return groups
