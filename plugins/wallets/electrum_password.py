"""Electrum files encrypted as a whole with a password (BIE1, since 2.8), opened with a password that the examiner gave.

Base64 of: `BIE1`, an ephemeral public key, ciphertext, and a code over all of it. The password gives a scalar (PBKDF2), the
scalar and the ephemeral key a shared point, and SHA-512 of that point the initial vector, the key, and the key of the code.
Only passwords that were given are tried.

Source: electrum/storage.py and the ECIES functions of electrum/ecc.py, as described in Electrum's documentation.
"""

import base64
import binascii
import hashlib
import hmac
import zlib
from collections.abc import Iterable

from cryptography.hazmat.primitives import ciphers
from cryptography.hazmat.primitives.ciphers import algorithms, modes

from forensics.coins import secp256k1

ROUNDS = 1024
LARGEST = 256 << 20  # bytes of a wallet once decompressed


class Closed(Exception):
    """The file stays closed; the message says why and what opens it."""


def opened(content: bytes, passwords: Iterable[str]) -> str:
    """The wallet inside, as text. Raises `Closed`."""
    sealed = _unwrapped(content)
    for password in passwords:
        keys = _keys(password, sealed)
        if hmac.compare_digest(hmac.new(keys[32:], sealed[:-32], hashlib.sha256).digest(), sealed[-32:]):
            return _inflated(_decrypted(sealed[37:-32], keys[16:32], keys[:16]))
    raise Closed(
        "the whole file is encrypted with the password of the wallet, and no password that was given opens it: give it with"
        " --passwords, or save the wallet without a password in Electrum and add that file"
    )


def _unwrapped(content: bytes) -> bytes:
    try:
        sealed = base64.b64decode(content)
    except binascii.Error as error:
        raise Closed(f"the Base64 of the encrypted file is broken: {error}") from error
    if len(sealed) < 4 + 33 + 16 + 32:
        raise Closed("the encrypted file is cut off")
    return sealed


def _keys(password: str, sealed: bytes) -> bytes:
    stretched = hashlib.pbkdf2_hmac("sha512", password.encode("utf-8", "surrogateescape"), b"", ROUNDS)
    scalar = int.from_bytes(stretched, "big") % secp256k1.N
    try:
        shared = secp256k1.write(secp256k1.times(scalar, secp256k1.read(sealed[4:37])))
    except ValueError as error:
        raise Closed(f"the encrypted file is damaged: {error}") from error
    return hashlib.sha512(shared).digest()


def _decrypted(ciphertext: bytes, key: bytes, vector: bytes) -> bytes:
    if len(ciphertext) % 16:
        raise Closed("the encrypted file is damaged: its length is no multiple of 16")
    decryptor = ciphers.Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    padded = decryptor.update(ciphertext) + decryptor.finalize()
    return padded[: -padded[-1]]


def _inflated(data: bytes) -> str:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(data, LARGEST)
    except zlib.error as error:
        raise Closed(f"what was decrypted cannot be decompressed: {error}") from error
    if inflater.unconsumed_tail:
        raise Closed(f"the wallet inside has more than {LARGEST:,} bytes")
    return text.decode("utf-8", "replace")
