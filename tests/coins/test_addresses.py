"""Addresses of several chains: good ones with kind and chain, bad ones refused; addresses made from keys, scripts."""

import pytest

from forensics.coins import addresses
from forensics.coins.networks import BITCOIN, BITCOIN_TESTNET, BY_GENESIS, DOGECOIN, LITECOIN

GOOD = {
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa": ("BTC", "p2pkh"),
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy": ("BTC", "p2sh"),
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4": ("BTC", "p2wpkh"),
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": ("BTC", "p2wpkh"),
    "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3": ("BTC", "p2wsh"),
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": ("BTC", "p2tr"),
    "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1": ("LTC", "p2pkh"),
    "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L": ("DOGE", "p2pkh"),
    "XpESxaUmonkq8RaLLp46Brx2K39ggQe226": ("DASH", "p2pkh"),
    "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn": ("BTC-testnet", "p2pkh"),
    "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc": ("BTC-testnet", "p2sh"),
}
BAD = [
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7M",
    "xyz1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
    "",
    "1",
    "адрес",
]
# The key of the examples in BIP 173, and its three addresses.
KEY = bytes.fromhex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")


@pytest.mark.parametrize("text", GOOD)
def test_good(text):
    address = addresses.read(text)
    assert address is not None
    assert (address.chain, address.kind) == GOOD[text]


@pytest.mark.parametrize("text", BAD)
def test_bad(text):
    assert addresses.read(text) is None


def test_one_address_on_two_chains():
    address = addresses.read("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy")
    assert [network.chain for network in address.networks] == ["BTC", "LTC", "VTC", "BCH"]


def test_segwit_addresses_are_lower_case():
    assert addresses.read("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4").text == (
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    )


def test_addresses_of_a_key():
    assert addresses.p2pkh(KEY, BITCOIN) == "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"
    assert addresses.p2wpkh(KEY, BITCOIN) == "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    assert addresses.p2sh_p2wpkh(KEY, BITCOIN) == "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN"
    assert addresses.p2wpkh(KEY, BITCOIN_TESTNET) == "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"
    assert addresses.p2wpkh(KEY, LITECOIN).startswith("ltc1q")
    assert addresses.p2wpkh(KEY, DOGECOIN) is None


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("76a914751e76e8199196d454941c45d1b3a323f1433bd688ac", "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"),
        (f"21{KEY.hex()}ac", "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"),
        ("a914bcfeb728b584253d5f3f70bcb780e9ef218a68f487", "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN"),
        ("0014751e76e8199196d454941c45d1b3a323f1433bd6", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("6a0548656c6c6f", None),
        (f"5121{KEY.hex()}51ae", None),
        ("0013751e76e8199196d454941c45d1b3a323f1433b", None),
        ("", None),
        ("76", None),
    ],
)
def test_address_of_a_script(script, address):
    assert addresses.from_script(bytes.fromhex(script), BITCOIN) == address


def test_multisig_refuses_nonsense():
    for required, keys in [(2, [KEY]), (0, [KEY]), (1, []), (1, [b"no key"])]:
        with pytest.raises(ValueError, match="keys"):
            addresses.multisig(required, keys)


def test_first_blocks_name_their_chain():
    bitcoin = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
    assert BY_GENESIS[bitcoin].chain == "BTC"
