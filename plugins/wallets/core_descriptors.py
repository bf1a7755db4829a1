"""Addresses that follow from the descriptors of a wallet: `pkh`, `sh(wpkh)`, `wpkh` and `tr` of one extended key.

A path behind the key may have hardened steps, which need the private key: the wallet keeps the key at the end of the path in
a cache record of its own, in the clear. Source: Bitcoin Core, doc/descriptors.md and src/wallet/walletdb.cpp.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from forensics.coins import addresses, derivation
from forensics.coins.derivation import Node
from forensics.coins.networks import Network

from .core_records import Descriptor, Reader

FORMS: dict[str, Callable[[bytes, Network], str | None]] = {
    "pkh": addresses.p2pkh,
    "sh(wpkh": addresses.p2sh_p2wpkh,
    "wpkh": addresses.p2wpkh,
    "tr": derivation.p2tr,
}
DESCRIPTOR = re.compile(
    r"(?P<form>pkh|sh\(wpkh|wpkh|tr)\((?:\[[0-9a-fA-F]{8}(?P<origin>(?:/\d+['h]?)*)\])?"
    r"(?P<key>[1-9A-HJ-NP-Za-km-z]{100,120})(?P<path>(?:/\d+['h]?)*)/\*\){1,2}(?:#\w*)?"
)
LOOKAHEAD = 20  # indexes derived beyond the last that was handed out


@dataclass(frozen=True)
class Ranged:
    """A descriptor that can be followed: form of its addresses, path up to the index, and the node at its end."""

    form: str
    path: str
    node: Node
    start: int
    next_index: int
    end: int

    def address(self, index: int, network: Network) -> tuple[str | None, bytes]:
        """The address at an index, and its public key. ValueError when there is none."""
        public = derivation.child(self.node, index).public_key
        return FORMS[self.form](public, network), public

    def indexes(self, most: int) -> range:
        """From the first to `LOOKAHEAD` beyond the last that was handed out, but not more than asked for."""
        start = max(self.start, 0)
        return range(start, min(self.end, self.next_index + LOOKAHEAD, start + max(most, 0)))


def cached_parent(value: bytes) -> Node:
    """A record `walletdescriptorcache`: the extended key at the end of a descriptor's path, without its version."""
    payload = Reader(value).vector()
    if len(payload) != 74:
        raise ValueError(f"an extended key of {len(payload)} bytes")
    return Node(payload[41:], payload[9:41])


def ranged(descriptor: Descriptor, parent: Node | None) -> Ranged | None:
    """A descriptor that can be followed, or None: other forms, and hardened steps without a cached key."""
    found = DESCRIPTOR.fullmatch(descriptor.text)
    if not found:
        return None
    path = f"m{found['origin'] or ''}{found['path']}"
    if parent is None and re.search("['h]", found["path"]):
        return None
    end = parent or _walk(found["key"], found["path"])
    return Ranged(found["form"], path, end, descriptor.range_start, descriptor.next_index, descriptor.range_end)


def _walk(key: str, path: str) -> Node:
    node = derivation.node(key)
    for step in path.split("/")[1:]:
        node = derivation.child(node, int(step))
    return node
