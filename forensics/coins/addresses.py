"""Addresses of Bitcoin-like chains: reading them, and making them from scripts and public keys.

Sources: BIP 13, 16, 141, 173, 341, 350; version bytes in `networks`. An address says where coins can be paid; one text
can be good on several chains (`3...` is Bitcoin and old Litecoin), so reading gives every chain it fits.
"""

from dataclasses import dataclass

from forensics.coins import base58, bech32
from forensics.coins.digests import hash160
from forensics.coins.networks import NETWORKS, Network

OP_0, OP_1, OP_16, OP_CHECKMULTISIG = 0x00, 0x51, 0x60, 0xAE
WITNESS_KINDS = {(0, 20): "p2wpkh", (0, 32): "p2wsh", (1, 32): "p2tr"}


@dataclass(frozen=True)
class Address:
    """A valid address: its text in the usual case, its kind, the hash or program in it, and the chains it fits."""

    text: str
    kind: str
    payload: bytes
    networks: tuple[Network, ...]

    @property
    def chain(self) -> str:
        """The most likely chain: the first of the chains it fits."""
        return self.networks[0].chain


def read(text: str) -> Address | None:
    """The address a text is, or None when no checksum holds or no chain here uses its version."""
    return _read_base58(text) or _read_segwit(text)


def _read_base58(text: str) -> Address | None:
    try:
        payload = base58.check_decode(text)
    except ValueError:
        return None
    version, digest = payload[:-20], payload[-20:]
    for kind in ("p2pkh", "p2sh"):
        fitting = tuple(network for network in NETWORKS if version in _versions(network, kind))
        if fitting:
            return Address(text, kind, digest, fitting)
    return None


def _versions(network: Network, kind: str) -> tuple[bytes, ...]:
    return (network.p2pkh,) if kind == "p2pkh" else network.p2sh


def _read_segwit(text: str) -> Address | None:
    try:
        prefix, version, program = bech32.segwit_decode(text)
    except ValueError:
        return None
    fitting = tuple(network for network in NETWORKS if network.segwit == prefix)
    kind = WITNESS_KINDS.get((version, len(program)), "witness")
    return Address(text.lower(), kind, program, fitting) if fitting else None


def is_public_key(data: bytes) -> bool:
    """Whether bytes have the length and first byte of a public key (a point on the curve is not tested)."""
    return (len(data) == 33 and data[0] in (2, 3)) or (len(data) == 65 and data[0] in (4, 6, 7))


def p2pkh(public_key: bytes, network: Network) -> str:
    """The classic address of a public key (`1...`)."""
    return base58.check_encode(network.p2pkh + hash160(public_key))


def p2wpkh(public_key: bytes, network: Network) -> str | None:
    """The native SegWit address of a compressed public key (`bc1q...`); None on chains without SegWit."""
    if network.segwit is None or len(public_key) != 33:
        return None
    return bech32.segwit_encode(network.segwit, 0, hash160(public_key))


def p2sh(script: bytes, network: Network) -> str:
    """The address of a redeem script (`3...`)."""
    return base58.check_encode(network.p2sh[0] + hash160(script))


def p2sh_p2wpkh(public_key: bytes, network: Network) -> str | None:
    """The SegWit-in-P2SH address of a compressed public key; None on chains without SegWit."""
    if network.segwit is None or len(public_key) != 33:
        return None
    return p2sh(b"\x00\x14" + hash160(public_key), network)


def multisig(required: int, public_keys: list[bytes]) -> bytes:
    """The script that asks for `required` signatures, with the keys in the order given."""
    if not 1 <= required <= len(public_keys) <= 16 or not all(is_public_key(key) for key in public_keys):
        raise ValueError(f"{required} of {len(public_keys)} keys")
    keys = b"".join(bytes([len(key)]) + key for key in public_keys)
    return bytes([OP_1 - 1 + required]) + keys + bytes([OP_1 - 1 + len(public_keys), OP_CHECKMULTISIG])


def from_script(script: bytes, network: Network) -> str | None:
    """The address an output script pays to, or None: data outputs, bare multi-signature, and unknown scripts have none.

    An output to a bare public key (P2PK) is given as that key's classic address, as wallets show it.
    """
    if len(script) == 25 and script[:3] == b"\x76\xa9\x14" and script[23:] == b"\x88\xac":
        return base58.check_encode(network.p2pkh + script[3:23])
    if len(script) == 23 and script[:2] == b"\xa9\x14" and script[22] == 0x87:
        return base58.check_encode(network.p2sh[0] + script[2:22])
    if len(script) in (35, 67) and script[0] == len(script) - 2 and script[-1] == 0xAC and is_public_key(script[1:-1]):
        return p2pkh(script[1:-1], network)
    return _from_witness_script(script, network)


def _from_witness_script(script: bytes, network: Network) -> str | None:
    if network.segwit is None or not 4 <= len(script) <= 42 or script[1] != len(script) - 2:
        return None
    if script[0] == OP_0 and len(script) in (22, 34):
        return bech32.segwit_encode(network.segwit, 0, script[2:])
    if OP_1 <= script[0] <= OP_16:
        return bech32.segwit_encode(network.segwit, script[0] - OP_1 + 1, script[2:])
    return None
