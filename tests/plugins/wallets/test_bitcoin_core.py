"""One invented wallet of Bitcoin Core, in both containers: it gets 0.5 BTC, pays 0.3 on, and keeps the rest."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from forensics_plugins.wallets import core_records
from forensics_plugins.wallets.bitcoin_core import berkeleydb, descriptor, is_berkeley_wallet, is_descriptor_wallet
from forensics_plugins.wallets.core_records import Entry
from forensics_plugins.wallets.core_wallet import CoreWallet

from forensics import testing
from forensics.coins import addresses, derivation
from forensics.coins.networks import BITCOIN

from . import bdb, core
from .chain import string, transaction

PUBLIC = bytes.fromhex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
SPARE = bytes.fromhex("02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5")
SECRET = sha256(b"an invented private key").digest()
OWN = "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"
CHANGE = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
PAYEE = "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"
STRANGER = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
BLOCK = "00000000000000000009eb94dcbf2f4a9832ed43cb9890b5ef311de4b1eccbdc"

GOT, GOT_RAW = transaction([("ab" * 32, 7)], [(OWN, 50_000_000), (STRANGER, 1_000)])
PAID, PAID_RAW = transaction([(GOT, 0)], [(PAYEE, 30_000_000), (CHANGE, 19_999_000)])
MOVED, MOVED_RAW = transaction([(PAID, 1)], [(OWN, 19_998_000)])

WALLET = [
    core.record("version", value=(180100).to_bytes(4, "little")),
    core.locator(BLOCK, BITCOIN.genesis),
    core.key(PUBLIC, SECRET),
    core.keymeta(PUBLIC, 1_600_000_000, "m/0'/0'/0'"),
    core.record("ckey", string(SPARE), value=string(bytes(48))),
    core.keymeta(SPARE, 1_600_000_100, "m/0'/0'/1'"),
    core.pool(5, SPARE),
    core.mkey(b"\1" * 8, 123_456),
    core.name(OWN, "from Goran"),
    core.purpose(OWN, "receive"),
    core.name(PAYEE, "boat, Bar"),
    core.purpose(PAYEE, "send"),
    core.tx(GOT, GOT_RAW, BLOCK, 12, received=1_700_000_500, timesmart="1700000000"),
    core.tx(PAID, PAID_RAW, received=1_700_100_000, from_me=True, comment="second half", to="Marko", n="1"),
    core.tx(MOVED, MOVED_RAW, "00" * 31 + "01", -1, received=1_700_200_000, from_me=True, branch=[bytes(32)]),
]
FOUND = testing.rows(berkeleydb, core.berkeleydb(WALLET), name="wallet.dat")


def by(table, column, found=FOUND):
    return {row[column]: row for row in found[table]}


def extra(row):
    return json.loads(row.get("extra", "{}"))


def test_nothing_is_left_over():
    assert "problems" not in FOUND
    assert {table: len(given) for table, given in FOUND.items()} == {
        "wallets": 1,
        "addresses": 3,
        "transfers": 3,
        "secrets": 1,
    }


def test_wallet():
    wallet = FOUND["wallets"][0]
    assert wallet["software"] == "Bitcoin Core"
    assert wallet["software_version"] == "0.18.1"
    assert wallet["chains"] == ["BTC"]
    assert wallet["encrypted"] is True
    assert (wallet["cipher"], wallet["kdf"]) == ("AES-256-CBC", "SHA-512, iterated")
    assert json.loads(wallet["kdf_params"]) == {"method": 0, "iterations": 123_456, "salt": "01" * 8}
    assert wallet["watch_only"] is False
    assert wallet["created_at"] == datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
    assert wallet["last_used_at"] == datetime(2023, 11, 17, 5, 46, 40, tzinfo=UTC)
    assert extra(wallet)["network_from"] == "first block"
    assert extra(wallet)["best_block"] == BLOCK


def test_own_address_with_label_path_and_time():
    own = by("addresses", "address")[OWN]
    assert (own["role"], own["label"], own["derivation"]) == ("own", "from Goran", "m/0'/0'/0'")
    assert own["public_key"] == PUBLIC.hex()
    assert own["created_at"] == datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
    assert extra(own)["same_key"] == [CHANGE, "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN"]


def test_address_made_in_advance():
    spare = by("addresses", "address")[addresses.p2pkh(SPARE, BITCOIN)]
    assert extra(spare)["lookahead"] is True
    assert extra(spare)["pool_index"] == 5


def test_payee_is_a_contact():
    payee = by("addresses", "address")[PAYEE]
    assert (payee["role"], payee["label"], payee["confidence"]) == ("contact", "boat, Bar", "stored")


def test_incoming():
    got = by("transfers", "txid")[GOT]
    assert (got["direction"], got["amount"], got["to_address"], got["status"]) == ("incoming", "0.5", OWN, "confirmed")
    assert got["at"] == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert "fee" not in got
    assert extra(got)["block"] == BLOCK
    assert extra(got)["received_at"] == 1_700_000_500


def test_outgoing():
    paid = by("transfers", "txid")[PAID]
    assert (paid["direction"], paid["amount"], paid["fee"]) == ("outgoing", "0.3", "0.00001")
    assert (paid["from_address"], paid["to_address"]) == (OWN, PAYEE)
    assert (paid["memo"], paid["counterparty"], paid["status"]) == ("second half", "Marko", "unconfirmed")
    assert extra(paid)["outputs"] == [
        {"address": PAYEE, "satoshi": 30_000_000, "own": False},
        {"address": CHANGE, "satoshi": 19_999_000, "own": True},
    ]


def test_within_the_wallet_and_abandoned():
    moved = by("transfers", "txid")[MOVED]
    assert (moved["direction"], moved["amount"], moved["status"]) == ("self", "0.19998", "abandoned")


def test_private_key_is_masked():
    secret = FOUND["secrets"][0]
    assert (secret["kind"], secret["checksum_valid"]) == ("private_key", True)
    assert secret["masked"] == f"{SECRET.hex()[:4]}… (64 characters)"
    assert OWN in secret["context"]
    assert SECRET.hex() not in repr(FOUND)


def test_private_key_with_wrong_digest():
    key, value = core.key(PUBLIC, SECRET)
    found = testing.rows(berkeleydb, core.berkeleydb([(key, value[:-1] + b"\0"), *WALLET[:2]]))
    assert found["secrets"][0]["checksum_valid"] is False


def test_big_endian_file_says_the_same():
    found = testing.rows(berkeleydb, core.berkeleydb(WALLET, ">"), name="wallet.dat")
    assert [row["address"] for row in found["addresses"]] == [row["address"] for row in FOUND["addresses"]]
    assert [row["txid"] for row in found["transfers"]] == [row["txid"] for row in FOUND["transfers"]]


def test_deleted_entry_of_the_book():
    records = sorted(WALLET)
    gone = records.index(core.name(PAYEE, "boat, Bar"))
    found = testing.rows(berkeleydb, bdb.file(records, page_size=4096, deleted=(gone,)))
    rows = [(row["state"], row.get("label")) for row in found["addresses"] if row["address"] == PAYEE]
    assert rows == [("live", None), ("unallocated", "boat, Bar")]


def test_payee_outside_the_book_is_a_counterparty():
    records = [entry for entry in WALLET if PAYEE.encode() not in entry[0]]
    payee = by("addresses", "address", testing.rows(berkeleydb, core.berkeleydb(records)))[PAYEE]
    assert payee["role"] == "counterparty"
    assert extra(payee) == {"txid": PAID, "output": 0, "satoshi": 30_000_000}


@pytest.mark.parametrize(
    ("path", "chain", "address"),
    [
        ("AppData/Roaming/Litecoin/wallet.dat", "LTC", "L"),
        ("AppData/Roaming/Dogecoin/wallet.dat", "DOGE", "D"),
        ("AppData/Roaming/DashCore/wallet.dat", "DASH", "X"),
        ("AppData/Roaming/Bitcoin/testnet3/wallet.dat", "BTC-testnet", "m"),
        ("wallet.dat", "BTC", "1"),
    ],
)
def test_chain_by_path(path, chain, address):
    found = testing.rows(berkeleydb, core.berkeleydb([core.key(PUBLIC, SECRET)]), name=path)
    assert found["wallets"][0]["chains"] == [chain]
    assert found["addresses"][0]["address"].startswith(address)


def test_unknown_chain_is_said():
    found = testing.rows(berkeleydb, core.berkeleydb([core.key(PUBLIC, SECRET)]))
    assert found["addresses"][0]["confidence"] == "derived, chain assumed"
    assert "nothing says which chain" in found["problems"][0]["message"]


def test_watched_script_and_shared_script():
    script = addresses.multisig(1, [PUBLIC, SPARE])
    watched = b"\xa9\x14" + b"\2" * 20 + b"\x87"
    records = [
        core.locator(BLOCK, BITCOIN.genesis),
        core.record("watchs", string(watched), value=b"1"),
        core.record("cscript", b"\3" * 20, value=string(script)),
    ]
    found = testing.rows(berkeleydb, core.berkeleydb(records))
    assert found["wallets"][0]["watch_only"] is True
    assert [(row["role"], row["address"]) for row in found["addresses"]] == [
        ("watch", addresses.from_script(watched, BITCOIN)),
        ("own", addresses.p2sh(script, BITCOIN)),
    ]


def test_broken_records_cost_only_themselves():
    broken = [
        core.record("tx", bytes(32), value=b"\1\2\3"),
        core.record("tx", b"\1" * 32, value=core.tx(GOT, GOT_RAW)[1]),
        core.record("keymeta", string(PUBLIC), value=b"\1"),
        core.record("ckey", string(b"no key"), value=b""),
        core.record("mintpool", value=b""),
        (b"", b""),
    ]
    found = testing.rows(berkeleydb, core.berkeleydb([*WALLET[6:12], *broken]))
    assert {row["address"] for row in found["addresses"]} >= {OWN, PAYEE}
    assert [row["txid"] for row in found["transfers"]] == ["00" * 32, "01" * 32]
    assert sorted(problem["message"] for problem in found["problems"]) == [
        "1 records of the unknown type 'mintpool'",
        "a record 'ckey' is not as expected",
        "a record 'keymeta' is not as expected",
        "a record 'tx' is not as expected",
        "a record that is none of a wallet's",
        "a transaction does not have the id it is stored under: another chain's format",
    ]


# Descriptor wallets: the account of BIP 84, and a descriptor with a hardened path whose key is kept beside it

ACCOUNT = (
    "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs"
)
FIRST = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu"
SECOND = "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g"
FIRST_CHANGE = "bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el"
RECEIVING, CHANGING = b"\1" * 32, b"\2" * 32

GOT_2, GOT_2_RAW = transaction([("ab" * 32, 7)], [(FIRST, 50_000_000), (STRANGER, 1_000)])
PAID_2, PAID_2_RAW = transaction([(GOT_2, 0)], [(PAYEE, 30_000_000), (FIRST_CHANGE, 19_999_000)])
DESCRIPTORS = [
    core.descriptor(
        RECEIVING, f"wpkh([d34db33f/84'/0'/0']{ACCOUNT}/0/*)#checksum", 1_650_000_000, next_index=1, end=1000
    ),
    core.descriptor(CHANGING, f"wpkh({ACCOUNT}/84'/0'/0'/1/*)#checksum", 1_650_000_000, next_index=1, end=3),
    core.parent(CHANGING, derivation.child(derivation.node(ACCOUNT), 1)),
    core.record("activeinternalspk", b"\2", value=CHANGING),
    core.key(PUBLIC, SECRET, "walletdescriptorkey", tail=RECEIVING),
    core.name(FIRST, "from Goran"),
    core.purpose(FIRST, "receive"),
    core.name(PAYEE, "boat, Bar"),
    core.purpose(PAYEE, "send"),
    core.tx(GOT_2, GOT_2_RAW, BLOCK, 3, received=1_700_000_500),
    core.tx(PAID_2, PAID_2_RAW, BLOCK, 4, received=1_700_100_000, from_me=True, comment="second half"),
]


def test_descriptor_wallet():
    found = testing.rows(descriptor, core.sqlite(DESCRIPTORS), name="wallets/trip/wallet.dat")
    assert "problems" not in found
    wallet = found["wallets"][0]
    assert (wallet["name"], wallet["chains"], wallet["encrypted"]) == ("trip", ["BTC"], False)
    assert wallet["created_at"] == datetime(2022, 4, 15, 5, 20, tzinfo=UTC)
    assert extra(wallet)["descriptors"][1]["next_index"] == 1
    assert found["secrets"][0]["context"].startswith("key of descriptor")
    assert SECRET.hex() not in repr(found)


def test_addresses_that_follow_from_descriptors():
    found = testing.rows(descriptor, core.sqlite(DESCRIPTORS))
    rows = by("addresses", "address", found)
    told = {
        a: (rows[a]["role"], rows[a].get("derivation"), "lookahead" in extra(rows[a]))
        for a in (FIRST, SECOND, FIRST_CHANGE)
    }
    assert told == {
        FIRST: ("own", "m/84'/0'/0'/0/0", False),
        SECOND: ("own", "m/84'/0'/0'/0/1", True),
        FIRST_CHANGE: ("change", "m/84'/0'/0'/1/0", False),
    }
    assert rows[FIRST]["label"] == "from Goran"
    assert rows[FIRST]["record"] == "main/rowid=1, index 0"
    assert rows[PAYEE]["role"] == "contact"
    assert len(found["addresses"]) == 21 + 3 + 1


def test_amounts_of_a_descriptor_wallet():
    moved = by("transfers", "txid", testing.rows(descriptor, core.sqlite(DESCRIPTORS)))
    paid = moved[PAID_2]
    assert (paid["direction"], paid["amount"], paid["fee"], paid["to_address"]) == ("outgoing", "0.3", "0.00001", PAYEE)
    assert moved[GOT_2]["amount"] == "0.5"


@pytest.mark.parametrize(
    "text",
    [
        f"wpkh({ACCOUNT}/84'/0'/0'/0/*)#nocached",
        f"wsh(multi(1,{ACCOUNT}/0/*,{ACCOUNT}/1/*))",
        f"wpkh({ACCOUNT}/0/*h)",
        f"wpkh({ACCOUNT[:-1]}1/0/*)",
        "addr(bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu)",
        "",
    ],
)
def test_no_amounts_where_a_descriptor_cannot_be_followed(text):
    records = [*DESCRIPTORS[3:], core.descriptor(RECEIVING, text, 1_650_000_000)]
    found = testing.rows(descriptor, core.sqlite(records))
    moved = by("transfers", "txid", found)
    assert moved[PAID_2]["direction"] == "outgoing"
    assert "amount" not in moved[PAID_2]
    assert [output["satoshi"] for output in extra(moved[PAID_2])["outputs"]] == [30_000_000, 19_999_000]
    assert {row["address"] for row in found["addresses"]} == {FIRST, PAYEE}


def test_descriptor_with_an_endless_range():
    records = [core.descriptor(RECEIVING, f"wpkh({ACCOUNT}/0/*)", 1_650_000_000, next_index=2**31 - 1, end=2**31 - 1)]
    wallet = CoreWallet([Entry(*core_records.split(k), v, "main/rowid=1", "live") for k, v in records], "", "SQLite")
    assert wallet.followed[0][1].indexes(5_000) == range(5_000)


def test_network_of_a_descriptor_wallet():
    found = testing.rows(descriptor, core.sqlite(DESCRIPTORS[6:8], application_id=0x0A03CF40))
    assert found["wallets"][0]["chains"] == ["BTC-signet"]


def test_label_changed_in_the_write_ahead_log(tmp_path):
    key, value = core.name(PAYEE, "boat, Bar")
    path = testing.database_with_log(
        "CREATE TABLE main (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL);"
        f"INSERT INTO main VALUES (x'{key.hex()}', x'{value.hex()}');",
        f"UPDATE main SET value = x'{string('nobody').hex()}' WHERE key = x'{key.hex()}';",
        tmp_path,
        "wallet.dat",
    )
    found = testing.rows(descriptor, path)
    rows = {row["state"]: row["label"] for row in found["addresses"]}
    assert rows == {"wal": "nobody", "journal": "boat, Bar"}


# Whose file it is

FOREIGN_TABLES = [
    "CREATE TABLE main (key TEXT, value TEXT); INSERT INTO main VALUES ('theme', 'dark');",
    "CREATE TABLE main (key BLOB, value BLOB); INSERT INTO main VALUES (x'057468656d65', x'00');",  # a string `theme`
    "CREATE TABLE main (key BLOB, value BLOB);",
    "CREATE TABLE main (id INTEGER);",
    "CREATE VIEW main AS SELECT x'046e616d65' AS key, x'00' AS value;",
]


@pytest.mark.parametrize("sql", FOREIGN_TABLES)
def test_another_apps_table_main(sql):
    with testing.placed(testing.database(sql)) as file:
        assert is_descriptor_wallet(file) is False


def test_another_apps_berkeley_db():
    for data in (
        bdb.file([(b"key", b"value")]),
        bdb.file(WALLET[:2], name=b"other", page_size=4096),
        bdb.file([]),
        b"",
    ):
        with testing.placed(data) as file:
            assert is_berkeley_wallet(file) is False


def test_own_files():
    with testing.placed(core.berkeleydb(WALLET)) as file:
        assert is_berkeley_wallet(file) is True
    with testing.placed(core.sqlite(DESCRIPTORS)) as file:
        assert is_descriptor_wallet(file) is True


@pytest.mark.parametrize(
    ("parser", "data"), [(berkeleydb, core.berkeleydb(WALLET)), (descriptor, core.sqlite(DESCRIPTORS))]
)
def test_promises_of_the_collection(parser, data):
    assert [check for check in testing.check(parser, data, name="wallet.dat") if check.fault] == []


EXAMPLES = [
    ("bitcoin_core.berkeleydb", "wallet.dat", core.berkeleydb(WALLET)),
    ("bitcoin_core.descriptor", "wallet.dat", core.sqlite(DESCRIPTORS)),
]
