"""What sets one chain's addresses apart from another's: version bytes, SegWit prefixes, the hash of the first block.

Sources: each project's `chainparams` and its address documentation; SLIP 173 for the prefixes. Test chains are named
apart (`BTC-testnet`): coins there have no value, and no case should count them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Network:
    """One chain. `p2sh` begins with the version in use today; older ones follow. `genesis` is in display order."""

    chain: str
    name: str
    p2pkh: bytes
    p2sh: tuple[bytes, ...]
    segwit: str | None = None
    genesis: str | None = None


BITCOIN = Network(
    "BTC", "bitcoin", b"\x00", (b"\x05",), "bc", "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
)
BITCOIN_TESTNET = Network(
    "BTC-testnet",
    "bitcoin testnet3",
    b"\x6f",
    (b"\xc4",),
    "tb",
    "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
)
BITCOIN_SIGNET = Network(
    "BTC-signet",
    "bitcoin signet",
    b"\x6f",
    (b"\xc4",),
    "tb",
    "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
)
BITCOIN_REGTEST = Network(
    "BTC-regtest",
    "bitcoin regtest",
    b"\x6f",
    (b"\xc4",),
    "bcrt",
    "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
)
LITECOIN = Network(
    "LTC",
    "litecoin",
    b"\x30",
    (b"\x32", b"\x05"),
    "ltc",
    "12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2",
)
LITECOIN_TESTNET = Network("LTC-testnet", "litecoin testnet", b"\x6f", (b"\x3a", b"\xc4"), "tltc")
DOGECOIN = Network(
    "DOGE",
    "dogecoin",
    b"\x1e",
    (b"\x16",),
    None,
    "1a91e3dace36e2be3bf030a65679fe821aa1d6ef92e7c9902eb318182c355691",
)
DASH = Network(
    "DASH", "dash", b"\x4c", (b"\x10",), None, "00000ffd590b1485b3caadc19b22e6379c733355108f107a430458cdf3407ab6"
)
ZCASH = Network(
    "ZEC",
    "zcash",
    b"\x1c\xb8",
    (b"\x1c\xbd",),
    None,
    "00040fe8ec8471911baa1db1266ea15dd06b4a8a5c453883c000b031973dce08",
)
NAMECOIN = Network(
    "NMC",
    "namecoin",
    b"\x34",
    (b"\x0d",),
    "nc",
    "000000000062b72c5e2ceb45fbc8587e807c155b0da735e6483dfba2f0a9c770",
)
VERTCOIN = Network("VTC", "vertcoin", b"\x47", (b"\x05",), "vtc")
BITCOIN_CASH = Network(
    "BCH", "bitcoin cash", b"\x00", (b"\x05",)
)  # its wallets store the old form, shared with Bitcoin

NETWORKS = (
    BITCOIN,
    LITECOIN,
    DOGECOIN,
    DASH,
    ZCASH,
    NAMECOIN,
    VERTCOIN,
    BITCOIN_CASH,
    BITCOIN_TESTNET,
    BITCOIN_SIGNET,
    BITCOIN_REGTEST,
    LITECOIN_TESTNET,
)
BY_CHAIN = {network.chain: network for network in NETWORKS}
BY_GENESIS = {network.genesis: network for network in NETWORKS if network.genesis}
