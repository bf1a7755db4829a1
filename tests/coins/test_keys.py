"""Keys in text form, and how they are shown."""

import pytest

from forensics.coins import keys
from forensics.coins.amounts import coins
from forensics.coins.masking import fingerprint, mask

# BIP 32, test vector 1: chain m, and m/0H
XPUB = "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8"
XPRV = "xprv9uHRZZhk6KAJC1avXpDAp4MDc3sQKNxDiPvvkX8Br5ngLNv1TxvUxt4cV1rGL5hj6KCesnDYUhd7oWgT11eZG7XnxHrnYeSvkzY7d2bhkJ7"


def test_extended_keys():
    assert keys.extended(XPUB) == keys.ExtendedKey("xpub", private=False, test=False, depth=0)
    assert keys.extended(XPRV) == keys.ExtendedKey("xprv", private=True, test=False, depth=1)


def test_slip132_version():
    zpub = (  # BIP 84, root
        "zpub6jftahH18ngZxLmXaKw3GSZzZsszmt9WqedkyZdezFtWRFBZqsQH5hyUmb4pCEeZGmVfQuP5bedXTB8is6fTv19U1GQRyQUKQGUTzyHACMF"
    )
    assert keys.extended(zpub).prefix == "zpub"


@pytest.mark.parametrize("text", ["", XPUB[:-1], XPUB[:-1] + "9", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"])
def test_not_an_extended_key(text):
    assert keys.extended(text) is None


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", True),
        ("L5oLkpV3aqBjhki6LmvChTCV6odsp4SXM6FfU2Gppt5kFLaHLuZ9", True),
        ("L5oLkpV3aqBjhki6LmvChTCV6odsp4SXM6FfU2Gppt5kFLaHLuZ8", False),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", False),
    ],
)
def test_wif(text, good):
    assert keys.is_wif(text) is good


def test_masked():
    assert mask("abandon " * 11 + "about") == "aban… (12 words)"
    assert mask(XPRV) == "xprv… (111 characters)"
    assert mask("9dk") == "… (3 characters)"
    assert fingerprint("9dk") is None
    assert fingerprint(XPRV) == fingerprint(XPRV)
    assert len(fingerprint(XPRV)) == 8


@pytest.mark.parametrize(
    ("units", "text"),
    [(0, "0"), (1, "0.00000001"), (150_000_000, "1.5"), (-1000, "-0.00001"), (2_100_000_000_000_000, "21000000")],
)
def test_amounts(units, text):
    assert coins(units) == text
