"""Points of the curve of Bitcoin's keys, for public keys only: nothing here takes the time-safe care that secrets need.

Source: SEC 2, "Recommended Elliptic Curve Domain Parameters", secp256k1; BIP 340 for the keys of 32 bytes.
"""

from functools import cache

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
Point = tuple[int, int] | None  # None is the point at infinity

G: Point = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


def add(one: Point, other: Point) -> Point:
    """The sum of two points."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = 3 * x1 * x1 * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def times_g(number: int) -> Point:
    """The generator times a number, four bits of the number at a time."""
    total: Point = None
    for row in _multiples():
        total = add(total, row[number & 15])
        number >>= 4
    return total


def times(number: int, point: Point) -> Point:
    """A point times a number, bit by bit."""
    total: Point = None
    while number:
        total = add(total, point) if number & 1 else total
        point = add(point, point)
        number >>= 1
    return total


@cache
def _multiples() -> list[list[Point]]:
    """For each four bits of a number: 0 to 15 times the generator at that place."""
    rows, base = [], G
    for _ in range(64):
        row: list[Point] = [None]
        for _ in range(15):
            row.append(add(row[-1], base))
        rows.append(row)
        base = add(row[-1], base)
    return rows


def read(public_key: bytes) -> Point:
    """The point of a compressed public key (33 bytes), or of an x coordinate (32 bytes). ValueError when there is none."""
    if len(public_key) == 32:
        public_key = b"\2" + public_key
    if len(public_key) != 33 or public_key[0] not in (2, 3):
        raise ValueError("no compressed public key")
    x = int.from_bytes(public_key[1:], "big")
    y = pow(x**3 + 7, (P + 1) // 4, P)
    if x >= P or (y * y - x**3 - 7) % P:
        raise ValueError("no point of the curve")
    return x, y if y & 1 == public_key[0] & 1 else P - y


def write(point: Point) -> bytes:
    """The compressed public key of a point. ValueError for the point at infinity, which is none."""
    if point is None:
        raise ValueError("the point at infinity is no key")
    return bytes([2 + (point[1] & 1)]) + point[0].to_bytes(32, "big")
