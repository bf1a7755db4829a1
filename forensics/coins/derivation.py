"""Addresses that follow from a public extended key: BIP 32 without its private half, and the output keys of taproot.

Hardened steps need the private key and cannot be made here.
"""

import hashlib
import hmac
from typing import NamedTuple

from forensics.coins import base58, bech32, keys, secp256k1
from forensics.coins.digests import sha256
from forensics.coins.networks import Network

HARDENED = 1 << 31


class Node(NamedTuple):
    """A public key and the chain code that its children come from."""

    public_key: bytes
    chain_code: bytes


def node(text: str) -> Node:
    """The node of an extended public key (`xpub...`). ValueError when the text is none."""
    key = keys.extended(text)
    if key is None or key.private:
        raise ValueError("no extended public key")
    payload = base58.check_decode(text)
    return Node(payload[45:], payload[13:45])


def child(parent: Node, index: int) -> Node:
    """The child of a node. ValueError for a hardened index, and (one in 2^127) for an index that has no key."""
    if not 0 <= index < HARDENED:
        raise ValueError(f"index {index} cannot be derived from a public key")
    data = parent.public_key + index.to_bytes(4, "big")
    digest = hmac.new(parent.chain_code, data, hashlib.sha512).digest()
    step = int.from_bytes(digest[:32], "big")
    if step >= secp256k1.N:
        raise ValueError(f"index {index} has no key")
    point = secp256k1.add(secp256k1.times_g(step), secp256k1.read(parent.public_key))
    return Node(secp256k1.write(point), digest[32:])


def p2tr(public_key: bytes, network: Network) -> str | None:
    """The taproot address of a key that has no scripts beside it (BIP 86); None on chains without SegWit."""
    if network.segwit is None or len(public_key) != 33:
        return None
    x = public_key[1:]
    tag = sha256(b"TapTweak")
    tweak = int.from_bytes(sha256(tag + tag + x), "big")
    output = secp256k1.write(secp256k1.add(secp256k1.read(x), secp256k1.times_g(tweak)))
    return bech32.segwit_encode(network.segwit, 1, output[1:])
