"""Keys in text form, judged by their checksums: WIF private keys, and extended keys of BIP 32.

Sources: BIP 32, SLIP 132 (the `ypub`, `zpub` ... versions), the Bitcoin developer reference for WIF.
"""

from dataclasses import dataclass

from forensics.coins import base58

_VERSIONS = {
    "xpub": "0488b21e", "xprv": "0488ade4", "tpub": "043587cf", "tprv": "04358394",
    "ypub": "049d7cb2", "yprv": "049d7878", "upub": "044a5262", "uprv": "044a4e28",
    "zpub": "04b24746", "zprv": "04b2430c", "vpub": "045f1cf6", "vprv": "045f18bc",
    "Ypub": "0295b43f", "Yprv": "0295b005", "Upub": "024289ef", "Uprv": "024285b5",
    "Zpub": "02aa7ed3", "Zprv": "02aa7a99", "Vpub": "02575483", "Vprv": "02575048",
    "Ltub": "019da462", "Ltpv": "019d9cfe", "dgub": "02facafd", "dgpv": "02fac398",
    "drkp": "02fe52cc", "drkv": "02fe52f8",
}  # fmt: skip
EXTENDED = {bytes.fromhex(version): prefix for prefix, version in _VERSIONS.items()}
PRIVATE = {"xprv", "tprv", "yprv", "uprv", "zprv", "vprv", "Yprv", "Uprv", "Zprv", "Vprv", "Ltpv", "dgpv", "drkv"}
TEST = {"tpub", "tprv", "upub", "uprv", "vpub", "vprv", "Upub", "Uprv", "Vpub", "Vprv"}


@dataclass(frozen=True)
class ExtendedKey:
    """An extended key: its usual prefix, whether it can spend, whether it is for test chains, and its depth."""

    prefix: str
    private: bool
    test: bool
    depth: int


def extended(text: str) -> ExtendedKey | None:
    """The extended key a text is, or None when the checksum fails or the version is unknown."""
    try:
        payload = base58.check_decode(text)
    except ValueError:
        return None
    prefix = EXTENDED.get(payload[:4])
    if prefix is None or len(payload) != 78:
        return None
    return ExtendedKey(prefix, prefix in PRIVATE, prefix in TEST, payload[4])


def is_wif(text: str) -> bool:
    """Whether a text is a private key in WIF, of any chain. The network byte is not judged: forks use many."""
    try:
        payload = base58.check_decode(text)
    except ValueError:
        return False
    return (len(payload) == 33 or (len(payload) == 34 and payload[-1] == 1)) and payload[0] >= 0x80
