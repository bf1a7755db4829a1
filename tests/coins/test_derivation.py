"""Public derivation against the vectors of BIP 32, 49, 84 and 86."""

import pytest

from forensics.coins import addresses, base58, derivation, secp256k1
from forensics.coins.networks import BITCOIN, BITCOIN_TESTNET, DOGECOIN

ROOT = "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB"
CHILD = (
    "xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH"
)


def test_bip32_vector_2():
    """Chain m/0 from chain m."""
    made = derivation.child(derivation.node(ROOT), 0)
    assert made == derivation.node(CHILD)


def test_bip84():
    account = derivation.node(
        "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs"
    )
    first = derivation.child(derivation.child(account, 0), 0)
    assert first.public_key.hex() == "0330d54fd0dd420a6e5f8d3624f5f3482cae350f79d5f0753bf5beef9c2d91af3c"
    assert addresses.p2wpkh(first.public_key, BITCOIN) == "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu"
    change = derivation.child(derivation.child(account, 1), 0)
    assert addresses.p2wpkh(change.public_key, BITCOIN) == "bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el"


def test_bip49():
    account = derivation.node(
        "tpubDD7tXK8KeQ3YY83yWq755fHY2JW8Ha8Q765tknUM5rSvjPcGWfUppDFMpQ1ScziKfW3ZNtZvAD7M3u7bSs7HofjTD3KP3YxPK7X6hwV8Rk2"
    )
    first = derivation.child(derivation.child(account, 0), 0)
    assert addresses.p2sh_p2wpkh(first.public_key, BITCOIN_TESTNET) == "2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2"


def test_bip86():
    account = derivation.node(
        "xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcLteoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ"
    )
    second = derivation.child(derivation.child(account, 0), 1)
    assert (
        derivation.p2tr(second.public_key, BITCOIN) == "bc1p4qhjn9zdvkux4e44uhx8tc55attvtyu358kutcqkudyccelu0was9fqzwh"
    )
    assert derivation.p2tr(second.public_key, DOGECOIN) is None


@pytest.mark.parametrize("index", [-1, 1 << 31])
def test_hardened_steps_need_the_private_key(index):
    with pytest.raises(ValueError, match="cannot be derived"):
        derivation.child(derivation.node(ROOT), index)


@pytest.mark.parametrize("text", ["", ROOT[:-1], base58.check_encode(bytes(78))])
def test_no_extended_public_key(text):
    with pytest.raises(ValueError, match="no extended public key"):
        derivation.node(text)


def test_points():
    assert secp256k1.times_g(1) == secp256k1.G
    assert secp256k1.times_g(secp256k1.N) is None
    assert secp256k1.add(secp256k1.times_g(5), secp256k1.times_g(7)) == secp256k1.times_g(12)
    assert secp256k1.add(secp256k1.G, secp256k1.G) == secp256k1.times_g(2)
    assert secp256k1.times(7, secp256k1.times_g(5)) == secp256k1.times_g(35)
    assert secp256k1.read(secp256k1.write(secp256k1.times_g(99))) == secp256k1.times_g(99)


@pytest.mark.parametrize("data", [b"", b"\2" + b"\xff" * 32, b"\2" + bytes(31) + b"\5", b"\4" + bytes(32)])
def test_not_a_point(data):
    with pytest.raises(ValueError, match=r"no (compressed|point)"):
        secp256k1.read(data)
