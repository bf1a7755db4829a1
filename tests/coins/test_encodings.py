"""Base58, Bech32 and RIPEMD-160 against the published vectors of their specifications."""

import hashlib

import pytest

from forensics.coins import base58, bech32, digests, ripemd160

RIPEMD160 = {  # from the authors' page
    b"": "9c1185a5c5e9fc54612808977ee8f548b2258d31",
    b"abc": "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc",
    b"message digest": "5d0689ef49d2fae572b881b123a85ffa21595f36",
    b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": "12a053384a9c0c88e405a06c27dcf49ada62eb2b",
    b"1234567890" * 8: "9b752e45573d4b39f4dbd3323cab82bf63326bfb",
}


@pytest.mark.parametrize("data", RIPEMD160)
def test_ripemd160(data):
    assert ripemd160.digest(data).hex() == RIPEMD160[data]
    assert digests.ripemd160(data).hex() == RIPEMD160[data]


def test_ripemd160_without_openssl(monkeypatch):
    def missing(name, data):
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", missing)
    assert digests.ripemd160(b"abc").hex() == RIPEMD160[b"abc"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\x00\x00\x00\x28\x7f\xb4\xcd", "111233QC4"),
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
    ],
)
def test_base58(data, text):
    assert base58.encode(data) == text
    assert base58.decode(text) == data


@pytest.mark.parametrize("text", ["0", "I", "l", "O", "1A1z P", "1" * 257])
def test_base58_refuses(text):
    with pytest.raises(ValueError, match="letter"):
        base58.decode(text)


def test_base58check():
    payload = bytes(21)
    assert base58.check_encode(payload) == "1111111111111111111114oLvT2"
    assert base58.check_decode("1111111111111111111114oLvT2") == payload
    with pytest.raises(ValueError, match="checksum"):
        base58.check_decode("1111111111111111111114oLvT3")


@pytest.mark.parametrize(
    "text",
    [
        "A12UEL5L",
        "a12uel5l",
        "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
    ],
)
def test_bech32(text):
    prefix, values, kind = bech32.decode(text)
    assert kind == bech32.BECH32
    assert bech32.encode(prefix, values, kind) == text.lower()


@pytest.mark.parametrize("text", ["A1LQFN3A", "a1lqfn3a", "?1v759aa"])
def test_bech32m(text):
    assert bech32.decode(text)[2] == bech32.BECH32M


SEGWIT = {  # BIP 173 and BIP 350: address, output script
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": "0014751e76e8199196d454941c45d1b3a323f1433bd6",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7": (
        "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262"
    ),
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y": (
        "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6"
    ),
    "BC1SW50QGDZ25J": "6002751e",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": (
        "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    ),
}


@pytest.mark.parametrize("address", SEGWIT)
def test_segwit(address):
    prefix, version, program = bech32.segwit_decode(address)
    script = bytes([version + 0x50 if version else 0, len(program)]) + program
    assert script.hex() == SEGWIT[address]
    assert bech32.segwit_encode(prefix, version, program) == address.lower()


@pytest.mark.parametrize(
    "address",
    [
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",  # Bech32 where Bech32m is due
        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",  # Bech32m where Bech32 is due
        "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47",
        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",  # letter o
        "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",  # version 17
        "bc1pw5dgrnzv",  # program of one byte
        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",  # version 0 with 16 bytes
        "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq",  # mixed case
        "bc1gmk9yu",  # nothing in it
        "",
        "1",
    ],
)
def test_segwit_refuses(address):
    with pytest.raises(ValueError, match=r".+"):
        bech32.segwit_decode(address)
