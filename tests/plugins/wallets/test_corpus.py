"""Wallet files written by the real applications, held against the facts that others have published about them."""

import json
from collections import Counter
from itertools import accumulate

import pytest
from forensics_plugins.wallets.bitcoin_core import berkeleydb, descriptor, is_berkeley_wallet, is_descriptor_wallet
from forensics_plugins.wallets.electrum import electrum, is_wallet

from forensics import testing

ELECTRUM = ("wallets/electrum/", "wallets/electrum-upgrade/")
CORE = {
    "wallets/core/bitcoincore-wallet.dat": berkeleydb,
    "wallets/core/litecoincore-0.18.1-wallet.dat": berkeleydb,
    "wallets/core/bitcoincore-0.21.1-wallet.dat": descriptor,
}
HELD = ("own", "change", "watch")


def live(found, table):
    return [row for row in found.get(table, []) if row["state"] == "live"]


def extra(row):
    return json.loads(row.get("extra", "{}"))


def at(found, record):
    """The address of a record."""
    return next(row["address"] for row in found["addresses"] if row["record"] in record)


def held(found):
    return [row for row in live(found, "addresses") if row["role"] in HELD]


def by_branch(found):
    """Addresses of the lists `receiving` and `change`, as addresses or as public keys; or of a plain list."""
    records = [row["record"].removeprefix("$.") for row in held(found)]
    lists = [record.split("[")[0] for record in records if record.startswith(("addresses", "pubkeys"))]
    if set(lists) == {"addresses"}:
        return len(lists)
    counts = Counter(name.split(".")[-1] for name in lists)
    return {"change": counts["change"], "receiving": counts["receiving"]}


def labels(found):
    """How many labels came out, whatever they are on."""
    rows = [*live(found, "addresses"), *live(found, "transfers")]
    return sum("label" in row or "memo" in row for row in rows) + len(
        extra(found["wallets"][0]).get("other_labels", {})
    )


def accounts(found):
    return sorted({row["record"].split(".")[2] for row in held(found) if row["record"].startswith("$.accounts.")})


def asked(found, what):
    """Ids of requests or invoices, wherever they came out."""
    beside = extra(found["wallets"][0]).get(f"{what}_without_address", [])
    own = [item for row in held(found) for item in extra(row).get(what, [])]
    paid = [extra(row)["invoice"] for row in live(found, "addresses") if what == "invoices" and "invoice" in extra(row)]
    return {item["id"] for item in (*beside, *own)} | set(paid)


def stored_keys(found):
    stores = extra(found["wallets"][0])["keystores"]
    shown = ("type", "xpub", "derivation", "hw_type", "pw_hash_version")
    return {name: {key: store[key] for key in shown if key in store} for name, store in stores.items()}


SEEN = {
    "seed_version": lambda f: f["wallets"][0].get("software_version", "").removeprefix("seed_version ") or None,
    "wallet_type": lambda f: extra(f["wallets"][0]).get("wallet_type"),
    "use_encryption": lambda f: f["wallets"][0]["encrypted"],
    "addr_history_used": lambda f: sum("transactions" in extra(row) for row in held(f)),
    "addresses": by_branch,
    "receiving[0]": lambda f: at(f, ("$.addresses.receiving[0]", "$.pubkeys.receiving[0]")),
    "change[0]": lambda f: at(f, ("$.addresses.change[0]", "$.pubkeys.change[0]")),
    "transactions": lambda f: sum("lightning" not in row["chain"] for row in live(f, "transfers")),
    "keystores": stored_keys,
    "master_public_key": lambda f: extra(f["wallets"][0])["master_public_keys"]["master_public_key"],
    "master_public_keys": lambda f: extra(f["wallets"][0])["master_public_keys"],
    "imported_addresses": lambda f: sorted(row["address"] for row in held(f)),
    "account_keys": accounts,
    "accounts": lambda f: len(accounts(f)),
    "labels": labels,
    "channels": lambda f: extra(f["wallets"][0])["channels"],
    "payment_requests": lambda f: len(asked(f, "requests")),
    "invoices": lambda f: len(asked(f, "invoices")),
}
AS_STORED = {"seed_version": str, "use_encryption": bool}
# Facts of the object alone, for the one file whose log has changed them since.
BEFORE_THE_LOG = {"transactions": -4, "payment_requests": -4, "invoices": -1}
UNDER_THE_LOG = ("addr_history_used", "labels")


def electrum_entries(manifest):
    return [entry for entry in manifest.values() if entry["path"].startswith(ELECTRUM)]


def facts(entry):
    return {name: fact["value"] for name, fact in entry["expected"].items()}


def test_electrum(corpus, manifest):
    """Every fact of every Electrum file that a row can show."""
    checked: Counter = Counter()
    wrong = []
    for entry in electrum_entries(manifest):
        found = testing.rows(electrum, corpus / entry["path"])
        for name, wanted, seen in compared(found, facts(entry)):
            checked[name] += 1
            if seen != wanted:
                wrong.append((entry["path"], name, wanted, seen))
    assert wrong == []
    assert checked["addresses held"] == 49
    assert checked["seed_version"] == 48
    assert checked["receiving[0]"] == 9


def compared(found, expected):
    """(fact, what is expected, what the rows show)."""
    logged = "json_patches_appended" in expected
    yield "problems", bool(expected.get("base64_BIE1")), "problems" in found
    for name, value in expected.items():
        if name in SEEN and not (logged and name in UNDER_THE_LOG):
            stored = AS_STORED.get(name, lambda same: same)
            seen = SEEN[name](found)
            if logged and name in BEFORE_THE_LOG:
                seen += BEFORE_THE_LOG[name]
            yield name, stored(value) if value is not None or stored is bool else None, seen
    shown = {row["address"] for row in held(found)} if "addresses" in found else set()
    yield "first_addresses", set(), set(expected.get("first_addresses") or []) - shown
    yield "addresses held", True, len(shown) >= expected.get("addr_history_addresses", 0)


def test_file_opened_with_its_password(corpus):
    path = corpus / "wallets/electrum/electrum28-wallet"
    found = testing.rows(electrum, path, passwords=("wrong", "btcr-test-password"))
    assert "problems" not in found
    wallet = found["wallets"][0]
    assert (wallet["encrypted"], wallet["cipher"]) == (True, "AES-128-CBC, key by ECIES")
    assert (wallet["software_version"], wallet["address_count"]) == ("seed_version 13", 26)
    assert extra(wallet)["encrypted_members"] == ["$.keystore.seed", "$.keystore.xprv"]


def test_wrong_password(corpus):
    found = testing.rows(electrum, corpus / "wallets/electrum/electrum28-wallet", passwords=("wrong",))
    assert "no password that was given opens it" in found["problems"][0]["message"]


def test_every_derived_address_is_one_that_the_application_watched(corpus):
    """Addresses that we make of public keys are those that the same file lists in its history."""
    made = 0
    for name in ("2_6_4_seeded", "2_6_4_multisig", "2_7_18_seeded", "2_7_18_multisig", "2_7_18_trezor_singleacc"):
        path = corpus / "wallets/electrum-upgrade" / f"client_{name}"
        derived = {r["address"] for r in testing.rows(electrum, path)["addresses"] if r["confidence"] == "derived"}
        assert derived == json.loads(path.read_text())["addr_history"].keys()
        made += len(derived)
    assert made == 130


def test_own_coins_in_raw_transactions_are_those_the_application_listed(corpus):
    """Amounts, directions and fees come out the same without `txi` and `txo`."""
    path = corpus / "wallets/electrum-upgrade/client_3_3_8_xpub_with_realistic_history"
    document = json.loads(path.read_text())
    listed = testing.rows(electrum, path)["transfers"]
    bare = {name: value for name, value in document.items() if name not in ("txi", "txo")}
    worked_out = testing.rows(electrum, json.dumps(bare).encode())["transfers"]
    told = ("txid", "direction", "amount", "fee", "at")
    assert [[r.get(n) for n in told] for r in listed] == [[r.get(n) for n in told] for r in worked_out]
    assert Counter(row["direction"] for row in listed) == {"incoming": 34, "outgoing": 38, "self": 17}


def test_no_block_leaves_the_balance_negative(corpus):
    """From block to block the wallet never spends what it does not have: a check of every amount at once."""
    path = corpus / "wallets/electrum-upgrade/client_3_3_8_xpub_with_realistic_history"
    changes = Counter()
    for facts in map(extra, testing.rows(electrum, path)["transfers"]):
        changes[facts["height"]] += sum(part["satoshi"] for part in facts["outputs"] if part["own"])
        changes[facts["height"]] -= sum(part["satoshi"] for part in facts.get("spent", []))
    balances = list(accumulate(changes[height] for height in sorted(changes)))
    assert min(balances) > 0
    assert balances[-1] == _unspent(json.loads(path.read_text()))


def _unspent(document):
    """What the application's own index of spent outputs leaves, in satoshi."""
    spent, own = document["spent_outpoints"], document["txo"]
    outputs = [
        (txid, n, value) for txid, by_address in own.items() for part in by_address.values() for n, value, _ in part
    ]
    return sum(value for txid, n, value in outputs if str(n) not in spent.get(txid, {}))


def test_history_by_value(corpus):
    found = testing.rows(electrum, corpus / "wallets/electrum-upgrade/client_4_5_2_9dk_with_ln")
    rows = {row["txid"]: row for row in live(found, "transfers")}
    paid = rows["03eb4932abf231999f5a698a28f70cfe6b1a2975be0310e348a9898434efb8d3"]
    assert (paid["direction"], paid["amount"], paid["fee"], paid["memo"]) == (
        "outgoing",
        "0.002",
        "0.00001",
        "Dsdhahuisad",
    )
    assert paid["at"].isoformat() == "2018-06-29T14:20:40+00:00"
    assert paid["from_address"] == "tb1q07ulrxeuu45uqen0clqe85v5en6rf77cxgxsj5"
    lightning = rows["0834354bb383e3fefba08314b62f1ec4b0bead90a2ea977652e12f8ae930efda"]
    assert (lightning["amount"], lightning["status"], lightning["memo"]) == ("0.0005", "paid", "obiwan9847")


def test_log_of_the_real_file(corpus):
    """Three payments that the log turned from unpaid to paid, and transactions as they were before they were whole."""
    found = testing.rows(electrum, corpus / "wallets/electrum-upgrade/client_4_5_2_9dk_with_ln")
    before = [row for row in found["transfers"] if row["state"] == "log"]
    after = {row["txid"]: row for row in live(found, "transfers")}
    paid = [row for row in before if "lightning" in row["chain"]]
    assert sorted(row["memo"] for row in paid) == ["general kenobi", "general kenobi 3", "hello there"]
    assert {(row["status"], after[row["txid"]]["status"]) for row in paid} == {("unpaid", "paid")}
    assert len(before) - len(paid) == 3


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("client_2_4_3_seeded", {"seed": 1, "extended_private_key": 1}),
        ("client_2_7_18_importedkeys", {"private_key": 3}),
        ("client_4_5_2_9dk_with_ln", {"seed": 1, "extended_private_key": 2, "private_key": 8}),
        ("client_2_9_3_trezor_singleacc", {}),
        ("client_3_3_8_xpub_with_realistic_history", {}),
    ],
)
def test_secrets_in_the_clear(corpus, name, kinds):
    path = corpus / "wallets/electrum-upgrade" / name
    found = testing.rows(electrum, path)
    assert Counter(row["kind"] for row in found.get("secrets", [])) == kinds
    assert all(row.get("checksum_valid", True) for row in found.get("secrets", []))
    text = repr(found)
    assert not [word for word in _long_secrets(path.read_text()) if word in text]


def _long_secrets(text):
    """Values of members that hold secrets, as they stand in the file."""
    document = json.JSONDecoder().raw_decode(text)[0]
    store = document.get("keystore", {})
    values = [document.get("seed"), store.get("seed"), store.get("xprv"), document.get("lightning_xprv")]
    values += [*store.get("keypairs", {}).values(), *document.get("master_private_keys", {}).values()]
    return [value for value in values if value and len(value) > 8]


@pytest.mark.parametrize("path", CORE)
def test_core(corpus, manifest, path):
    found = testing.rows(CORE[path], corpus / path)
    expected = next(facts(entry) for entry in manifest.values() if entry["path"] == path)
    wallet = found["wallets"][0]
    assert "problems" not in found
    assert wallet["encrypted"] is expected["encrypted"]
    assert extra(wallet)["records"] == expected["records_by_type"]
    named = [row["address"] for row in found.get("addresses", []) if "label" in row or "purpose" in extra(row)]
    assert named == expected["addresses_in_book"]
    own = [row for row in found.get("addresses", []) if row["role"] == "own" and "descriptor" not in row["parser"]]
    assert len(own) == expected["records_by_type"].get("ckey", 0)
    assert sum("lookahead" in extra(row) for row in own) == expected["records_by_type"].get("pool", 0)


@pytest.mark.parametrize(
    ("path", "software", "chains", "iterations", "created"),
    [
        ("bitcoincore-wallet.dat", ("Bitcoin Core", "0.9.1"), ["BTC"], 67_908, "2014-05-20T18:46:43+00:00"),
        ("litecoincore-0.18.1-wallet.dat", ("Litecoin Core", "0.18.1"), ["LTC"], 213_316, "2021-01-03T22:37:33+00:00"),
        (
            "bitcoincore-0.21.1-wallet.dat",
            ("Bitcoin Core", "minversion 169900"),
            ["BTC"],
            267_488,
            "2022-03-15T11:11:10+00:00",
        ),
    ],
)
def test_core_by_value(corpus, path, software, chains, iterations, created):
    place = corpus / "wallets/core" / path
    wallet = testing.rows(CORE[f"wallets/core/{path}"], place)["wallets"][0]
    assert (wallet["software"], wallet["software_version"]) == software
    assert wallet["chains"] == chains
    assert json.loads(wallet["kdf_params"])["iterations"] == iterations
    assert wallet["created_at"].isoformat() == created


def test_paths_and_lookahead_of_a_real_wallet(corpus):
    rows = testing.rows(berkeleydb, corpus / "wallets/core/litecoincore-0.18.1-wallet.dat")["addresses"]
    first = next(row for row in rows if row["address"] == "LQRX2fkDPphk81MbT2xFoSDAybGBMSPHkf")
    assert first["derivation"] == "m/0'/1'/492'"
    assert first["created_at"].isoformat() == "2021-01-03T22:37:34+00:00"


def test_addresses_of_a_real_descriptor_wallet(corpus):
    """The keys at the ends of the paths are those that the private keys give, once decrypted with the stated password."""
    rows = testing.rows(descriptor, corpus / "wallets/core/bitcoincore-0.21.1-wallet.dat")["addresses"]
    first = {row["derivation"]: (row["address"], row["role"]) for row in rows if row["derivation"].endswith("/0")}
    assert first == {
        "m/44'/0'/0'/0/0": ("1CqbqfVHhLocUNhTPkcRG9P3PLRCaHqtVD", "own"),
        "m/49'/0'/0'/0/0": ("3EkvHR6EZkhtELKhK7MSz2EzZ4rp3AjyaG", "own"),
        "m/84'/0'/0'/0/0": ("bc1qt7vfgkxepask87kpghcsj3pwdglx68m0x8z8s4", "own"),
        "m/44'/0'/0'/1/0": ("1KTh5PwpgWNWspxo8UhECZvBWKSKKu4iyb", "change"),
        "m/49'/0'/0'/1/0": ("3AJ4xsByBUpp9dXRxB3Bn2YTM7gLezofKa", "change"),
        "m/84'/0'/0'/1/0": ("bc1qk0mptzw08tr0r4v2zknjj0zp3ut08r6elc7alp", "change"),
    }
    assert len(rows) == 6 * 20
    assert all(extra(row)["lookahead"] for row in rows)


def test_each_file_has_the_right_owner(corpus, manifest):
    """Of all wallet files, each of our tests takes its own and no other: keystores, vaults, backups of other wallets."""
    for entry in manifest.values():
        if not entry["path"].startswith(("wallets/", "malformed/", "exchanges/")) or "files" in entry:
            continue
        with testing.in_place(corpus / entry["path"]) as file:
            assert is_wallet(file) is entry["path"].startswith(ELECTRUM), entry["path"]
            assert is_berkeley_wallet(file) is (CORE.get(entry["path"]) is berkeleydb), entry["path"]
            assert is_descriptor_wallet(file) is (CORE.get(entry["path"]) is descriptor), entry["path"]
