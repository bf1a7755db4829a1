"""The digests of Bitcoin: SHA-256 twice, and RIPEMD-160 of SHA-256.

OpenSSL 3 moves RIPEMD-160 to its legacy provider, which many systems do not load: then the plain implementation in
`ripemd160` takes its place, slower and with the same values.
"""

import hashlib

from forensics.coins import ripemd160 as plain


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sha256d(data: bytes) -> bytes:
    """SHA-256 of the SHA-256: block and transaction ids, checksums."""
    return sha256(sha256(data))


def ripemd160(data: bytes) -> bytes:
    try:
        return hashlib.new("ripemd160", data).digest()
    except ValueError:
        return plain.digest(data)


def hash160(data: bytes) -> bytes:
    """RIPEMD-160 of the SHA-256: the 20 bytes of a public key or a script that an address carries."""
    return ripemd160(sha256(data))
