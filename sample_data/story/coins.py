"""Addresses, extended public keys and raw transactions, valid in form, with no private key anywhere.

Every public key is a curve point found by hashing a label, or a child derived from such a point with BIP 32's public
derivation. Nobody knows the logarithm of such a point, so nothing here can be spent, by us or by anybody else.

Sources: SEC 2 (secp256k1), BIP 32, BIP 141/144, BIP 173, BIP 380 (descriptor checksum), SLIP 132 (zpub).
"""

import hashlib
import hmac
import struct
from collections.abc import Callable
from dataclasses import dataclass

from .seed import draw

P = 2**256 - 2**32 - 977
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
XPUB, ZPUB = 0x0488B21E, 0x04B24746

Point = tuple[int, int]
Table = tuple[tuple[int, ...], ...]
Mix = tuple[Callable[[int, int, int], int], ...]


def sha256d(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def satoshi(bitcoin: str) -> int:
    whole, _, part = bitcoin.partition(".")
    return int(whole) * 100_000_000 + int(part.ljust(8, "0"))


# Points


def point_from(label: str) -> Point:
    for attempt in range(256):
        x = int.from_bytes(draw(f"point/{label}/{attempt}", 32)) % P
        square = (pow(x, 3, P) + 7) % P
        y = pow(square, (P + 1) // 4, P)
        if y * y % P == square:
            return x, y if y % 2 == 0 else P - y
    raise AssertionError("half of all numbers are on the curve")


def add(one: Point | None, two: Point | None) -> Point | None:
    if one is None or two is None:
        return one or two
    if one[0] == two[0] and (one[1] + two[1]) % P == 0:
        return None
    if one == two:
        slope = 3 * one[0] ** 2 * pow(2 * one[1], -1, P) % P
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, P) % P
    x = (slope * slope - one[0] - two[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def multiply(factor: int, point: Point) -> Point | None:
    result: Point | None = None
    step: Point | None = point
    while factor:
        if factor & 1:
            result = add(result, step)
        step = add(step, step)
        factor >>= 1
    return result


def compressed(point: Point) -> bytes:
    return bytes([2 + point[1] % 2]) + point[0].to_bytes(32)


@dataclass(frozen=True)
class Account:
    """An account's extended public key."""

    point: Point
    chain_code: bytes
    depth: int = 1
    parent: bytes = bytes(4)
    index: int = 0x8000_0000

    @classmethod
    def from_label(cls, label: str, depth: int = 1) -> "Account":
        return cls(point_from(label), draw(f"chain code/{label}", 32), depth, draw(f"fingerprint/{label}", 4))

    def child(self, index: int) -> "Account":
        digest = hmac.digest(self.chain_code, compressed(self.point) + struct.pack(">I", index), "sha512")
        point = add(multiply(int.from_bytes(digest[:32]), G), self.point)
        assert point is not None
        parent = hash160(compressed(self.point))[:4]
        return Account(point, digest[32:], self.depth + 1, parent, index)

    def serialised(self, version: int) -> str:
        head = struct.pack(">IB", version, self.depth) + self.parent + struct.pack(">I", self.index)
        return base58check(head + self.chain_code + compressed(self.point))

    def address(self, branch: int, index: int) -> str:
        return segwit_address(self.child(branch).child(index).key)

    @property
    def key(self) -> bytes:
        return compressed(self.point)


# Addresses


def hash160(data: bytes) -> bytes:
    return ripemd160(hashlib.sha256(data).digest())


def segwit_address(public_key: bytes) -> str:
    return bech32_address(hash160(public_key))


def outside_address(label: str) -> str:
    """A native segwit address of somebody whose wallet is not in the case."""
    return bech32_address(draw(f"address/{label}", 20))


def tron_address(label: str) -> str:
    return base58check(b"\x41" + draw(f"tron/{label}", 20))


def base58check(payload: bytes) -> str:
    data = payload + sha256d(payload)[:4]
    number = int.from_bytes(data)
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def bech32_address(program: bytes, prefix: str = "bc") -> str:
    bits = "".join(f"{byte:08b}" for byte in program)
    values = [0] + [int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _bech32_polymod([*spread, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    checksum = [check >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(BECH32[value] for value in values + checksum)


def program_of(address: str) -> bytes:
    values = [BECH32.index(letter) for letter in address.rpartition("1")[2]][1:-6]
    bits = "".join(f"{value:05b}" for value in values)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - len(bits) % 8, 8))


def _bech32_polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> place & 1 else 0
    return check


def descriptor_checksum(descriptor: str) -> str:
    charset = "0123456789()[],'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#\"\\ "
    check, group, count = 1, 0, 0
    for letter in descriptor:
        place = charset.index(letter)
        check = _descriptor_step(check, place & 31)
        group, count = group * 3 + (place >> 5), count + 1
        if count == 3:
            check, group, count = _descriptor_step(check, group), 0, 0
    if count:
        check = _descriptor_step(check, group)
    for _ in range(8):
        check = _descriptor_step(check, 0)
    check ^= 1
    return "".join(BECH32[check >> 5 * (7 - place) & 31] for place in range(8))


def _descriptor_step(check: int, value: int) -> int:
    top = check >> 35
    check = (check & 0x7FFFFFFFF) << 5 ^ value
    generators = (0xF5DEE51989, 0xA9FDCA3312, 0x1BAB10E32D, 0x3706B1677A, 0x644D626FFD)
    for place, generator in enumerate(generators):
        check ^= generator if top >> place & 1 else 0
    return check


# Transactions


@dataclass(frozen=True)
class Output:
    address: str
    value: int


@dataclass(frozen=True)
class Input:
    txid: str
    index: int
    public_key: bytes


@dataclass(frozen=True)
class Transaction:
    """A segwit payment. Its signatures have the right form and are not valid: there is no key to sign with."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    lock_time: int = 0

    @property
    def txid(self) -> str:
        return sha256d(self.raw(witness=False))[::-1].hex()

    def raw(self, witness: bool = True) -> bytes:
        parts = [struct.pack("<i", 2), b"\x00\x01" if witness else b"", compact(len(self.inputs))]
        parts += [_outpoint(each) + b"\x00" + struct.pack("<I", 0xFFFFFFFD) for each in self.inputs]
        parts.append(compact(len(self.outputs)))
        parts += [
            struct.pack("<q", each.value) + sized(b"\x00\x14" + program_of(each.address)) for each in self.outputs
        ]
        if witness:
            parts += [b"\x02" + sized(_signature(each)) + sized(each.public_key) for each in self.inputs]
        return b"".join(parts) + struct.pack("<I", self.lock_time)


def _outpoint(spent: Input) -> bytes:
    return bytes.fromhex(spent.txid)[::-1] + struct.pack("<I", spent.index)


def _signature(spent: Input) -> bytes:
    r, s = (b"\x02\x20" + b"\x2a" + draw(f"signature/{part}/{spent.txid}/{spent.index}", 31) for part in "rs")
    return b"\x30\x44" + r + s + b"\x01"


def compact(number: int) -> bytes:
    """Bitcoin's CompactSize."""
    if number < 253:
        return bytes([number])
    assert number < 1 << 16, "nothing in the sample is longer"
    return b"\xfd" + struct.pack("<H", number)


def sized(data: bytes) -> bytes:
    return compact(len(data)) + data


# RIPEMD-160 (ISO/IEC 10118-3): hashlib has it only where OpenSSL's legacy provider is installed.

_WORDS = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    (7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8),
    (3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12),
    (1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2),
    (4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13),
)
_PARALLEL_WORDS = (
    (5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12),
    (6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2),
    (15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13),
    (8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14),
    (12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11),
)
_SHIFTS = (
    (11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8),
    (7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12),
    (11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5),
    (11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12),
    (9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6),
)
_PARALLEL_SHIFTS = (
    (8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6),
    (9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11),
    (9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5),
    (15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8),
    (8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11),
)
_CONSTANTS = (0x00000000, 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xA953FD4E)
_PARALLEL_CONSTANTS = (0x50A28BE6, 0x5C4DD124, 0x6D703EF3, 0x7A6D76E9, 0x00000000)
_MIX: Mix = (
    lambda x, y, z: x ^ y ^ z,
    lambda x, y, z: (x & y) | (~x & z),
    lambda x, y, z: (x | ~y) ^ z,
    lambda x, y, z: (x & z) | (y & ~z),
    lambda x, y, z: x ^ (y | ~z),
)


def ripemd160(data: bytes) -> bytes:
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0]
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack("<Q", 8 * len(data))
    for at in range(0, len(padded), 64):
        block = struct.unpack_from("<16I", padded, at)
        left = _line(state, block, _WORDS, _SHIFTS, _CONSTANTS, _MIX)
        right = _line(state, block, _PARALLEL_WORDS, _PARALLEL_SHIFTS, _PARALLEL_CONSTANTS, _MIX[::-1])
        state = [
            (state[(place + 1) % 5] + left[(place + 2) % 5] + right[(place + 3) % 5]) & 0xFFFFFFFF for place in range(5)
        ]
    return struct.pack("<5I", *state)


def _line(
    state: list[int], block: tuple[int, ...], words: Table, shifts: Table, constants: tuple[int, ...], mix: Mix
) -> list[int]:
    a, b, c, d, e = state
    for step in range(5):
        for word, shift in zip(words[step], shifts[step], strict=True):
            total = (a + mix[step](b, c, d) + block[word] + constants[step]) & 0xFFFFFFFF
            rolled = (total << shift | total >> (32 - shift)) + e
            a, e, d, c, b = e, d, (c << 10 | c >> 22) & 0xFFFFFFFF, b, rolled & 0xFFFFFFFF
    return [a, b, c, d, e]
