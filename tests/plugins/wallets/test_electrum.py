"""Invented Electrum wallets of each generation: what they say, what their log replaced, what is none of theirs."""

import json
from datetime import UTC, datetime

import pytest
from forensics_plugins.wallets.electrum import electrum, is_wallet

from forensics import testing

from .chain import transaction

OWN = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
CHANGE = "bc1q0ht9tyks4vh7p5p904t340cr9nvahy7u3re7zg"
FROZEN = "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"
PAYEE = "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"
SHOP = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
XPUB = "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8"
XPRV = "xprv9uHRZZhk6KAJC1avXpDAp4MDc3sQKNxDiPvvkX8Br5ngLNv1TxvUxt4cV1rGL5hj6KCesnDYUhd7oWgT11eZG7XnxHrnYeSvkzY7d2bhkJ7"
WIF = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
CIPHERTEXT = "Tm90IGEgc2VlZCwgYnV0IHNvbWV0aGluZyB0aGF0IGxvb2tzIGVuY3J5cHRlZC4="
HASH = "5f" * 32

GOT, GOT_RAW = transaction([("ab" * 32, 7)], [(OWN, 50_000_000), (SHOP, 1_000)])
PAID, PAID_RAW = transaction([(GOT, 0)], [(PAYEE, 30_000_000), (CHANGE, 19_999_000)])
SEEN = "cd" * 32  # a transaction of which only the id is known

WALLET = {
    "addr_history": {OWN: [[GOT, 800_000], [PAID, 0]], CHANGE: [[PAID, 0]], FROZEN: [[SEEN, 0]]},
    "addresses": {"change": [CHANGE], "receiving": [OWN, FROZEN]},
    "contacts": {PAYEE: ["address", "Marko"], "dock@example.org": ["openalias", "Dock"]},
    "db_metadata": {"creation_timestamp": 1_690_000_000, "first_electrum_version_used": "4.4.3"},
    "frozen_addresses": [FROZEN],
    "invoices": {
        "i1": {"amount_sat": 30_000_000, "message": "boat", "outputs": [[0, SHOP, 30_000_000]], "time": 1_700_090_000}
    },
    "keystore": {
        "derivation": "m/84'/0'/0'",
        "root_fingerprint": "d34db33f",
        "seed": CIPHERTEXT,
        "type": "bip32",
        "xprv": CIPHERTEXT,
        "xpub": XPUB,
    },
    "labels": {
        PAID: "second half",
        GOT: "",
        FROZEN: "reserve",
        f"{PAID}:0": "for the boat",
        "ef" * 32: "an older life",
    },
    "lightning_payments": {HASH: [250_000, -1, 3]},
    "lightning_xprv": XPRV,
    "notes_text": f"key of the old phone {WIF}",
    "payment_requests": {"r1": {"amount_sat": 5, "message": "fee", "outputs": [[0, OWN, 5]], "time": 1_700_000_100}},
    "seed_version": 52,
    "stored_height": 800_010,
    "transactions": {GOT: GOT_RAW.hex(), PAID: PAID_RAW.hex()},
    "txi": {PAID: {OWN: {f"{GOT}:0": 50_000_000}}},
    "txo": {GOT: {OWN: {"0": [50_000_000, False]}}, PAID: {CHANGE: {"1": [19_999_000, False]}}},
    "use_encryption": True,
    "verified_tx3": {GOT: [800_000, 1_700_000_000, 3, "00" * 32]},
    "wallet_type": "standard",
}


def read(content, name="default_wallet"):
    text = content if isinstance(content, str) else json.dumps(content)
    return testing.rows(electrum, text.encode(), name=name)


FOUND = read(WALLET)


def by(table, column, found=FOUND):
    return {row[column]: row for row in found[table]}


def extra(row):
    return json.loads(row["extra"])


def claimed(content, name="file"):
    with testing.placed(content if isinstance(content, bytes) else content.encode(), name=name) as file:
        return is_wallet(file)


def test_nothing_is_left_over():
    assert "problems" not in FOUND
    assert {table: len(given) for table, given in FOUND.items()} == {
        "wallets": 1,
        "addresses": 6,
        "contacts": 2,
        "transfers": 4,
        "secrets": 1,
    }


def test_wallet():
    wallet = FOUND["wallets"][0]
    assert (wallet["software"], wallet["software_version"]) == ("Electrum", "seed_version 52")
    assert (wallet["encrypted"], wallet["cipher"], wallet["kdf"]) == (True, "AES-256-CBC", "SHA-256 twice")
    assert (wallet["watch_only"], wallet["has_seed"], wallet["address_count"]) == (False, True, 3)
    assert wallet["created_at"] == datetime(2023, 7, 22, 4, 26, 40, tzinfo=UTC)
    assert wallet["last_used_at"] == datetime(2023, 11, 15, 23, 13, 20, tzinfo=UTC)
    facts = extra(wallet)
    assert facts["keystores"]["keystore"]["root_fingerprint"] == "d34db33f"
    assert facts["encrypted_members"] == ["$.keystore.seed", "$.keystore.xprv"]
    assert facts["other_labels"] == {"ef" * 32: "an older life"}
    assert facts["notes"] == "key of the old phone 5Hue… (51 characters)"


def test_addresses():
    own = by("addresses", "address")
    assert [(a, own[a]["role"]) for a in (OWN, CHANGE, FROZEN, PAYEE, SHOP)] == [
        (OWN, "own"),
        (CHANGE, "change"),
        (FROZEN, "own"),
        (PAYEE, "counterparty"),
        (SHOP, "counterparty"),
    ]
    assert [own[a]["derivation"] for a in (OWN, FROZEN, CHANGE)] == [
        "m/84'/0'/0'/0/0",
        "m/84'/0'/0'/0/1",
        "m/84'/0'/0'/1/0",
    ]
    assert own[FROZEN]["label"] == "reserve"
    assert extra(own[FROZEN]) == {"transactions": 1, "frozen": True}
    assert extra(own[OWN])["requests"] == [{"id": "r1", "time": 1_700_000_100, "message": "fee", "amount_sat": 5}]
    assert extra(own[SHOP]) == {"invoice": "i1", "satoshi": 30_000_000, "time": 1_700_090_000, "message": "boat"}


def test_contacts():
    assert by("contacts", "person_id")["dock@example.org"]["name"] == "Dock"
    contact = next(row for row in FOUND["addresses"] if row["role"] == "contact")
    assert (contact["address"], contact["label"]) == (PAYEE, "Marko")


def test_incoming():
    got = by("transfers", "txid")[GOT]
    assert (got["direction"], got["amount"], got["to_address"], got["status"]) == ("incoming", "0.5", OWN, "confirmed")
    assert got["at"] == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert "fee" not in got
    assert "memo" not in got
    assert extra(got)["height"] == 800_000


def test_outgoing():
    paid = by("transfers", "txid")[PAID]
    assert (paid["direction"], paid["amount"], paid["fee"]) == ("outgoing", "0.3", "0.00001")
    assert (paid["from_address"], paid["to_address"]) == (OWN, PAYEE)
    assert (paid["memo"], paid["status"]) == ("second half", "unconfirmed")
    assert "at" not in paid
    assert extra(paid)["output_labels"] == {"0": "for the boat"}


def test_transaction_of_which_only_the_id_is_known():
    seen = by("transfers", "txid")[SEEN]
    assert seen["direction"] == "unknown"
    assert "amount" not in seen


def test_lightning():
    paid = by("transfers", "txid")[HASH]
    assert (paid["chain"], paid["amount"], paid["direction"], paid["status"]) == (
        "BTC-lightning",
        "0.0000025",
        "outgoing",
        "paid",
    )


def test_secret_beside_encrypted_ones():
    secret = FOUND["secrets"][0]
    assert (secret["kind"], secret["masked"]) == ("extended_private_key", "xprv… (111 characters)")
    assert secret["checksum_valid"] is True
    assert secret["record"] == "$.lightning_xprv"


def test_no_secret_leaves_the_file():
    plain = WALLET | {
        "use_encryption": False,
        "keystore": WALLET["keystore"] | {"seed": "abandon " * 11 + "about", "xprv": XPRV},
    }
    found = read(plain | {"keystore": plain["keystore"] | {"passphrase": "hunter2"}})
    kinds = [(row["kind"], row["masked"]) for row in found["secrets"]]
    assert ("seed", "aban… (12 words)") in kinds
    assert ("passphrase", "… (7 characters)") in kinds
    shown = repr(found)
    assert not any(secret in shown for secret in (XPRV, WIF, "abandon abandon", "hunter2"))


def test_newly_made_coins():
    txid, raw = transaction([("00" * 32, 0xFFFFFFFF)], [(OWN, 625_000_000)])
    made = by("transfers", "txid", read(WALLET | {"transactions": {txid: raw.hex()}}))[txid]
    assert (made["direction"], made["amount"], made["status"]) == ("incoming", "6.25", "local")
    assert extra(made)["coinbase"] is True


def test_coins_of_others_spent_along():
    """Then what others got cannot be told from what the others paid: the amount is the wallet's own loss."""
    txid, raw = transaction([(GOT, 0), ("ab" * 32, 1)], [(PAYEE, 60_000_000), (OWN, 10_000_000)])
    joint = by("transfers", "txid", read(WALLET | {"transactions": {GOT: GOT_RAW.hex(), txid: raw.hex()}}))[txid]
    assert (joint["direction"], joint["amount"], extra(joint)["net"]) == ("outgoing", "0.4", True)
    assert "fee" not in joint


@pytest.mark.parametrize("section", ["txi", "txo"])
def test_amounts_without_the_lists_of_own_coins(section):
    """Files of 2.0 have neither list: own coins are found in the raw transactions."""
    found = by("transfers", "txid", read({name: value for name, value in WALLET.items() if name != section}))
    assert (found[PAID]["amount"], found[PAID]["fee"], found[GOT]["amount"]) == ("0.3", "0.00001", "0.5")


def test_amounts_without_the_raw_transaction():
    paid = by("transfers", "txid", read(WALLET | {"transactions": {}}))[PAID]
    assert (paid["direction"], paid["amount"], extra(paid)["net"]) == ("outgoing", "0.30001", True)


# The log of changes


def changed(*changes):
    lines = [
        json.dumps({"op": op, "path": path} | ({} if op == "remove" else {"value": value}))
        for op, path, value in changes
    ]
    return json.dumps(WALLET) + "".join(f",\n{line}" for line in lines)


def log(found):
    return [(table, row) for table, given in found.items() for row in given if row.get("state") == "log"]


def test_replaced_label_comes_from_the_log():
    found = read(changed(("replace", f"/labels/{PAID}", "rent")))
    rows = [(row["state"], row["memo"]) for row in found["transfers"] if row["txid"] == PAID]
    assert rows == [("live", "rent"), ("log", "second half")]
    assert len(log(found)) == 1


def test_removed_transaction_comes_from_the_log():
    found = read(
        changed(
            ("remove", f"/transactions/{PAID}", None),
            ("remove", f"/txi/{PAID}", None),
            ("remove", f"/txo/{PAID}", None),
            ("replace", f"/addr_history/{OWN}", [[GOT, 800_000]]),
            ("replace", f"/addr_history/{CHANGE}", []),
        )
    )
    assert PAID not in [row["txid"] for row in found["transfers"] if row["state"] == "live"]
    gone = [row for table, row in log(found) if table == "transfers"]
    assert gone[0]["amount"] == "0.3"
    assert gone[0]["to_address"] == PAYEE


def test_removed_contact_and_frozen_seed():
    found = read(changed(("remove", f"/contacts/{PAYEE}", None), ("replace", "/keystore/xprv", None)))
    assert sorted((table, row.get("name") or row.get("label")) for table, row in log(found)) == [
        ("addresses", "Marko"),
        ("contacts", "Marko"),
    ]


def test_seed_that_the_log_replaced_by_ciphertext():
    """What setting a password leaves behind, until the application writes the file anew."""
    clear = json.dumps(
        WALLET | {"use_encryption": False, "keystore": WALLET["keystore"] | {"seed": "some words of a seed"}}
    )
    changes = [("/keystore/seed", CIPHERTEXT), ("/use_encryption", True)]
    lines = [json.dumps({"op": "replace", "path": path, "value": value}) for path, value in changes]
    found = read(",\n".join([clear, *lines]))
    seeds = [(row["state"], row["masked"]) for row in found["secrets"] if row["kind"] == "seed"]
    assert seeds == [("log", "some… (5 words)")]


def test_added_values_are_no_history():
    found = read(
        changed(("add", f"/labels/{SEEN}", "who?"), ("add", "/addresses/receiving/-", "1111111111111111111114oLvT2"))
    )
    assert log(found) == []
    assert by("transfers", "txid", found)[SEEN]["memo"] == "who?"
    assert by("addresses", "address", found)["1111111111111111111114oLvT2"]["derivation"] == "m/84'/0'/0'/0/2"


@pytest.mark.parametrize(
    "change",
    [
        ("remove", "/labels/none", None),
        ("replace", "/none/none", 1),
        ("replace", "/addresses/receiving/99", OWN),
        ("add", "/seed_version/deeper", 1),
        ("add", "/addresses/receiving/99999999999999999999", OWN),
    ],
)
def test_change_that_fits_nothing(change):
    found = read(changed(change, ("replace", f"/labels/{PAID}", "rent")))
    assert [row["memo"] for row in found["transfers"] if row["txid"] == PAID] == ["rent", "second half"]
    assert found["problems"][0]["message"] == "an appended change fits nothing in the wallet"


@pytest.mark.parametrize(
    "tail", [',\n{"op": "rep', ',\n{"op": "test", "path": "/a", "value": 1}', ",\n[]", ",\nnull", ",\n{}"]
)
def test_log_that_breaks_off(tail):
    found = read(changed(("replace", f"/labels/{PAID}", "rent")) + tail)
    assert [row["memo"] for row in found["transfers"] if row["txid"] == PAID] == ["rent", "second half"]
    assert [problem["kind"] for problem in found["problems"]] == ["damaged"]


# Older generations

FIRST = """{'accounts': {0: {0: ['1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH'], 1: ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa']}},
 'addr_history': {'1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH': [('TXID', 170000L)]},
 'contacts': ['3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'],
 'labels': {'3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy': u'it\\'s 12L from \\u0416'},
 'seed': '2605aafe50a45bdf2eb155302437e678', 'seed_version': 4, 'use_encryption': False,
 'verified_tx3': {'TXID': (170000, 1330000000L, 4)}}
""".replace("TXID", GOT)


def test_version_1():
    found = read(FIRST, "electrum.dat")
    assert "problems" not in found
    rows = by("addresses", "address", found)
    assert [(a, rows[a]["role"]) for a in (FROZEN, SHOP, PAYEE)] == [
        (FROZEN, "own"),
        (SHOP, "change"),
        (PAYEE, "contact"),
    ]
    assert rows[PAYEE]["label"] == "it's 12L from Ж"
    assert rows[SHOP]["derivation"] == "1/0"
    assert found["transfers"][0]["at"] == datetime(2012, 2, 23, 12, 26, 40, tzinfo=UTC)
    assert found["secrets"][0]["masked"] == "2605… (32 characters)"


def test_version_1_cut_off():
    found = read(FIRST[:200])
    assert list(found) == ["problems"]
    assert found["problems"][0]["kind"] == "damaged"


def test_accounts_of_version_2():
    """Public keys instead of addresses; an account of imported keys; a second account prepared."""
    key = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    found = read(
        {
            "accounts": {
                "0": {"receiving": [key], "change": [], "xpub": XPUB},
                "/x": {"imported": {SHOP: [key, WIF], "1111111111111111111114oLvT2": [None, None]}},
            },
            "accounts_expanded": {},
            "master_public_keys": {"x/": XPUB},
            "next_account2": ["1", XPUB, key, "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX"],
            "use_encryption": False,
            "wallet_type": "standard",
        }
    )
    rows = by("addresses", "address", found)
    assert {a: (row["role"], row["confidence"]) for a, row in rows.items()} == {
        FROZEN: ("own", "derived"),
        SHOP: ("own", "stored"),
        "1111111111111111111114oLvT2": ("watch", "stored"),
        "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX": ("own", "stored"),
    }
    assert rows[FROZEN]["public_key"] == key
    assert extra(rows["12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX"]) == {"lookahead": True}
    assert [(row["kind"], row["checksum_valid"]) for row in found["secrets"]] == [("private_key", True)]


def test_imported_addresses_of_version_3():
    found = read(
        {
            "addresses": {SHOP: {"type": "p2pkh", "pubkey": "02" * 33}, PAYEE: {}},
            "keystore": {"type": "imported", "keypairs": {"02" * 33: f"p2pkh:{WIF}"}},
            "seed_version": 18,
            "use_encryption": False,
            "wallet_type": "imported",
        }
    )
    assert [(row["address"], row["role"]) for row in found["addresses"]] == [(SHOP, "own"), (PAYEE, "watch")]
    assert found["secrets"][0]["checksum_valid"] is True


@pytest.mark.parametrize(
    ("path", "address", "chain", "software"),
    [
        ("x/Electrum-LTC/wallets/w", "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1", "LTC", "Electrum-LTC"),
        ("x/Electrum-LTC/wallets/w", PAYEE, "LTC", "Electrum-LTC"),
        ("x/Electrum/wallets/w", PAYEE, "BTC", "Electrum"),
        ("x/ElectronCash/wallets/w", SHOP, "BCH", "Electron Cash"),
        ("x/w", "XpESxaUmonkq8RaLLp46Brx2K39ggQe226", "DASH", "Electrum-DASH"),
        ("x/w", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "BTC-testnet", "Electrum"),
    ],
)
def test_forks(path, address, chain, software):
    found = read({"addresses": {"receiving": [address]}, "seed_version": 18, "wallet_type": "standard"}, path)
    assert (found["wallets"][0]["chains"], found["wallets"][0]["software"]) == ([chain], software)
    assert (found["addresses"][0]["chain"], found["addresses"][0]["address"]) == (chain, address)


def test_fork_with_addresses_that_are_not_known():
    foreign = {"addresses": {"receiving": ["Fwhatever", "Felse"]}, "transactions": {GOT: GOT_RAW.hex()}}
    found = read(foreign | {"seed_version": 18, "wallet_type": "standard"})
    assert [row["address"] for row in found["addresses"]] == ["Fwhatever", "Felse"]
    assert "chain" not in found["addresses"][0]
    assert found["wallets"][0]["chains"] == []
    assert found["transfers"][0]["direction"] == "unknown"
    assert "no chain that is known" in found["problems"][0]["message"]


def test_what_stands_in_the_place_of_a_public_key():
    found = read(
        {"pubkeys": {"receiving": ["no key", ["02"], 5], "change": []}, "seed_version": 13, "wallet_type": "2of2"}
    )
    assert [problem["record"] for problem in found["problems"]] == [f"$.pubkeys.receiving[{n}]" for n in range(3)]


@pytest.mark.parametrize(("start", "kdf"), [("QklFMQ", "PBKDF2-HMAC-SHA512"), ("QklFMg", "key of the hardware device")])
def test_wholly_encrypted(start, kdf):
    found = read(start + "AAAA" * 50)
    assert "addresses" not in found
    assert (found["wallets"][0]["encrypted"], found["wallets"][0]["kdf"]) == (True, kdf)
    assert found["problems"][0]["kind"] == "encrypted"
    assert claimed(start + "AAAA" * 50)


# Whose file it is, and what a hostile one does


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"addresses": ["a"], "labels": {}, "transactions": []}',
        '{"accounts": [{"seed_version": 1}]}',
        '{"version": 3, "address": "00", "crypto": {}}',
        '{"vault": "{}", "addr_history": {}, "seed_version": 4}',
        "QklFMQ not base64 {",
        '{"labels": {"wallet_type": 1}}',
    ],
)
def test_not_electrums(text):
    assert claimed(text) is False


def test_electrums():
    assert claimed(json.dumps(WALLET)) is True
    assert claimed(FIRST) is True
    assert claimed(json.dumps(WALLET)[:3000]) is True


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_cut_file_gives_what_is_before_the_cut(part):
    text = json.dumps(WALLET)
    found = read(text[: int(len(text) * part)])
    assert found["problems"][0]["kind"] == "damaged"
    assert part < 0.3 or by("addresses", "address", found)[OWN]["role"] == "own"


@pytest.mark.parametrize(
    "nested", ['{"labels":' * 20_000, '{"a": ' + "[" * 200_000, "{'a': " + "[" * 3_000, "{'a': " + "(" * 200]
)
def test_nested_without_end(nested):
    found = read('{"seed_version": 18, "wallet_type": "standard", ' + nested[1:] if nested[1] == '"' else nested)
    assert found["problems"][0]["kind"] in ("hostile", "damaged")


def test_literal_is_never_run():
    found = read("{'accounts': __import__('os').getcwd(), 'seed_version': 4}")
    assert list(found) == ["problems"]


def test_values_of_other_types():
    odd = {name: value for name in WALLET for value in [[None, 1, {}, []]]}
    assert "wallets" in read(odd | {"seed_version": "x", "labels": {PAID: 5}})
    assert "wallets" in read({name: {"a": [{}], OWN: 7} for name in WALLET})


@pytest.mark.parametrize("content", [json.dumps(WALLET), changed(("remove", f"/labels/{PAID}", None)), FIRST])
def test_promises_of_the_collection(content):
    assert [check for check in testing.check(electrum, content.encode(), name="default_wallet") if check.fault] == []


EXAMPLES = [("electrum", "default_wallet", json.dumps(WALLET).encode())]
