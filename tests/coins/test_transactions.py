"""Raw transactions: the first of all, one with a witness (BIP 143), and damaged ones."""

import json

import pytest

from forensics.coins import addresses, transactions
from forensics.coins.networks import BITCOIN
from forensics.coins.wire import Reader, Truncated

FIRST = (
    "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d"
    "65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f7220"
    "62616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f"
    "4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000"
)
WITNESS = (  # BIP 143, "P2SH-P2WPKH", signed
    "01000000000101db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a5477010000001716001479091972186c449eb1de"
    "d22b78e40d009bdf0089feffffff02b8b4eb0b000000001976a914a457b684d7f0d539a46a45bbc043f35b59d0d96388ac0008af2f00000000"
    "1976a914fd270b1ee6abcaea97fea7ad0402e8bd8ad6d77c88ac02473044022047ac8e878352d3ebbde1c94ce3a10d057c24175747116f8288"
    "e5d794d12d482f0220217f36a485cae903c713331d877c1f64677e3622ad4010726870540656fe9dcb012103ad1d8e89212f0b92c74d23bb71"
    "0c00662ad1470198ac48c43f7d6f93a2a2687392040000"
)


def test_first_transaction():
    first = transactions.read(bytes.fromhex(FIRST))
    assert first.txid == "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
    assert first.coinbase
    assert first.outputs[0].value == 5_000_000_000
    assert addresses.from_script(first.outputs[0].script, BITCOIN) == "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


def test_witness():
    spent = transactions.read(bytes.fromhex(WITNESS))
    assert spent.txid == "ef48d9d0f595052e0f8cdcf825f7a5e50b6a388a81f206f3f4846e5ecd7a0c23"
    assert spent.inputs[0].txid == "77541aeb3c4dac9260b68f74f44c973081a9d4cb2ebe8038b2d70faa201b6bdb"
    assert spent.inputs[0].index == 1
    assert len(spent.inputs[0].witness) == 2
    assert [output.value for output in spent.outputs] == [199_996_600, 800_000_000]
    assert spent.locktime == 1170


def test_reader_stands_behind_the_transaction():
    reader = Reader(bytes.fromhex(WITNESS) + b"more")
    assert transactions.read_from(reader).size == len(WITNESS) // 2
    assert reader.take(4) == b"more"


@pytest.mark.parametrize("size", range(0, len(FIRST) // 2, 7))
def test_cut(size):
    with pytest.raises(ValueError, match=r".+"):
        transactions.read(bytes.fromhex(FIRST)[:size])


def test_count_beyond_the_data():
    with pytest.raises(Truncated):
        transactions.read(bytes.fromhex("01000000feffffffff") + bytes(60))


def test_bytes_after_the_end():
    with pytest.raises(ValueError, match="after"):
        transactions.read(bytes.fromhex(FIRST) + b"\0")


@pytest.mark.parametrize("name", ["client_3_3_8_xpub_with_realistic_history", "client_4_5_2_9dk_with_ln"])
def test_transactions_of_real_wallets(corpus, name):
    """The wallet files key each raw transaction by its id."""
    text = (corpus / "wallets/electrum-upgrade" / name).read_text()
    stored = json.JSONDecoder().raw_decode(text)[0]["transactions"]
    assert len(stored) in (89, 30)
    for txid, raw in stored.items():
        assert transactions.read(bytes.fromhex(raw)).txid == txid
