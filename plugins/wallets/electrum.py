"""Electrum and its forks: wallet files of every generation."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.coins.digests import sha256
from forensics.coins.masking import conceal
from forensics.tables import ADDRESSES, CONTACTS, SECRETS, TRANSFERS, WALLETS, Table
from forensics.times import unix_s

from . import electrum_file, electrum_rows, electrum_secrets
from .electrum_addresses import as_list
from .electrum_password import Closed, opened
from .electrum_wallet import Wallet

CLOCKS = {
    WALLETS: {"created_at": unix_s, "last_used_at": unix_s},
    TRANSFERS: {"at": unix_s},
}
PASSWORD, HARDWARE = b"QklFMQ", b"QklFMg"  # first letters of the file: Base64 of BIE1 and BIE2
ENCRYPTED: dict[bytes, dict[str, Any]] = {
    PASSWORD: {
        "encrypted": True,
        "cipher": "AES-128-CBC, key by ECIES",
        "kdf": "PBKDF2-HMAC-SHA512",
        "kdf_params": '{"iterations": 1024, "salt": ""}',
    },
    HARDWARE: {"encrypted": True, "cipher": "AES-128-CBC, key by ECIES", "kdf": "key of the hardware device"},
}
DEVICE = "the whole file is encrypted with a key that only the hardware device can make"
FIRST_MEMBER = re.compile(  # members are sorted by name: these can come first in some generation
    rb"\s*\{\s*u?[\"'](?:accounts|accounts_expanded|active_forwardings|addr_history|addresses|channel_backups|channels|contacts"
    rb"|db_metadata|fee_per_kb|fiat_value|frozen_addresses|frozen_coins|imported_channel_backups|imported_keys|invoices"
    rb"|keystore|labels|master_private_keys|master_public_keys?|next_account2|pruned_txo|pubkeys|seed|seed_version"
    rb"|stored_height|transactions|txi|use_encryption|verified_tx3?|wallet_type|winpos-qt)[\"']\s*:"
)
OWN_MEMBERS = re.compile(  # no other application's, as far as is known: two of them make a wallet
    rb"[\"'](accounts_expanded|addr_history|imported_channel_backups|master_public_keys?|prevouts_by_scripthash|pruned_txo"
    rb"|seed_type|seed_version|stored_height|use_encryption|verified_tx3|wallet_type|winpos-qt)[\"']\s*:"
)
KEYSTORE = (  # members of a keystore that are no secrets
    "type", "xpub", "mpk", "derivation", "root_fingerprint", "hw_type", "label", "soft_device_id", "seed_type",
    "pw_hash_version",
)  # fmt: skip
LARGEST = 256 << 20  # bytes; a wallet of 100,000 transactions has some 60 MB


def is_wallet(file: File) -> bool:
    """Encrypted by its first letters; else an object that begins with a member of Electrum's and has two of its own."""
    head = file.head
    if head[:6] in ENCRYPTED:
        return re.fullmatch(rb"[A-Za-z0-9+/=\s]+", head) is not None
    if not FIRST_MEMBER.match(head) or file.size > LARGEST:
        return False
    return len(set(OWN_MEMBERS.findall(file.bytes()))) >= 2


@parser("electrum", files=["default_wallet"], magic=["application/json", "text/"], test=is_wallet)
def electrum(file: File) -> Iterator[Any]:
    """Electrum wallet file.

    Reads: 1.x (Python literal), 2.0 to 2.6 (accounts), 2.7 and later (keystores, several signers, imported and watched
    addresses, hardware devices), 4.x with its appended log of changes, of Bitcoin and of forks. Own, change, contact and
    counterparty addresses, transactions with what they moved, Lightning payments, and secrets that stand in the clear
    (masked). What the log replaced or removed comes as rows with state log. Where only public keys are stored (2.0 to 2.7),
    the addresses are made from them. Times are Unix seconds, UTC: of a transfer, the time of its block.

    A file encrypted as a whole with a password (BIE1) is opened with the passwords given.

    Not read: files encrypted with a hardware device (BIE2); encrypted members; BIP 70 payment requests;
    balances, fees and history of Lightning channels; Electrum's separate files (config, contacts); addresses that follow
    from a master public key and are not in the file; transactions of forks whose format is not Bitcoin's. Electron Cash
    stores addresses in the form of Bitcoin's: only the path of the file tells the two apart.

    Seen on: files of Electrum 1.9.8, 2.0.4, 2.2.0, 2.3.2, 2.4.3, 2.6.4, 2.7.18, 2.9.3, 3.3.8, 4.0.1, 4.4.3 and 4.5.2. Forks
    and imported addresses of 3.x and later were not seen.

    Source: the wallet files of Electrum's own upgrade tests; electrum.readthedocs.io; RFC 6902; BIP 11, 13, 16, 141.

    Tier: proven
    """
    sealing = ENCRYPTED.get(file.head[:6], {})
    try:
        text = _opened(file) if sealing else file.text()
    except Closed as reason:
        yield from WALLETS.rows([_sealed(file) | sealing])
        yield Problem("encrypted", str(reason), record="offset 0")
        return
    stored = electrum_file.read(text)
    yield from stored.problems
    if not stored.document:
        return
    before, problems = electrum_rows.earlier(stored, file.path)
    yield from problems
    wallet = Wallet(stored.document, file.path)
    yield from _unread(wallet)
    named = _names(wallet, file)
    yield from _given([(WALLETS, _wallet(wallet, file) | sealing)], named)
    current = set()
    for entry in electrum_rows.entries(wallet):
        current.add(electrum_rows.identity(entry))
        yield from _given([entry], named)
    overwritten = [entry for entry in before if electrum_rows.identity(entry) not in current]
    yield from _given([(table, row | {"state": "log"}) for table, row in overwritten], named)


def _opened(file: File) -> str:
    if file.head[:6] == HARDWARE:
        raise Closed(DEVICE)
    return opened(file.bytes(), file.passwords)


def _sealed(file: File) -> dict[str, Any]:
    return {"software": "Electrum", "wallet_id": file.sha256[:16], "name": file.name, "record": "offset 0"}


def _unread(wallet: Wallet) -> Iterator[Problem]:
    if wallet.chain is None:
        yield Problem(
            "not_understood", "its addresses are of no chain that is known here: a fork of Electrum", record="$"
        )
    places = wallet.unread
    for place in places[: electrum_file.MOST_COMPLAINTS]:
        yield Problem("not_understood", "neither an address nor public keys", record=place)
    if len(places) > electrum_file.MOST_COMPLAINTS:
        yield Problem("not_understood", f"{len(places):,} places hold neither an address nor public keys", record="$")


def _given(entries: Iterable[electrum_rows.Entry], named: dict[Table, dict[str, str]]) -> Iterator[Any]:
    for table, row in entries:
        yield from table.rows([row | named.get(table, {})], **CLOCKS.get(table, {}))


def _names(wallet: Wallet, file: File) -> dict[Table, dict[str, str]]:
    """Cells that tie the rows of each table to the wallet. Its id is the same for copies of it: made from its master public
    keys, else from its own addresses, else from the file."""
    known = sorted(wallet.public_keys.values()) or sorted(wallet.own)
    identity = sha256("\n".join(known).encode("utf-8", "replace")).hex()[:16] if known else file.sha256[:16]
    tables = {table: {"wallet_id": identity} for table in (WALLETS, ADDRESSES, SECRETS)}
    return tables | {
        TRANSFERS: {"wallet_id": identity, "platform": wallet.software},
        CONTACTS: {"account_id": identity},
    }


def _wallet(wallet: Wallet, file: File) -> dict[str, Any]:
    version = wallet.number("seed_version")
    secrets = list(electrum_secrets.fields(wallet))
    created = wallet.section("db_metadata").get("creation_timestamp")
    return {
        "software": wallet.software,
        "software_version": None if version is None else f"seed_version {version}",
        "name": file.name,
        "chains": [wallet.chain] if wallet.chain else [],
        "encrypted": wallet.encrypted,
        "cipher": "AES-256-CBC" if wallet.encrypted else None,
        "kdf": "SHA-256 twice" if wallet.encrypted else None,
        "watch_only": not any(secret.covered for secret in secrets),
        "has_seed": any(secret.kind == "seed" for secret in secrets),
        "created_at": created if isinstance(created, int | float) else None,
        "last_used_at": max(wallet.times, default=None),
        "address_count": len(wallet.own),
        "extra": json.dumps(_facts(wallet), ensure_ascii=False),
        "record": "$",
    }


def _facts(wallet: Wallet) -> dict[str, Any]:
    """What has no column: kind of wallet, keystores without their secrets, what the owner noted and typed."""
    document = wallet.document
    facts = {
        "wallet_type": wallet.text("wallet_type"),
        "seed_type": wallet.text("seed_type"),
        "keystores": {n: {k: store.get(k) for k in KEYSTORE if k in store} for n, store in wallet.keystores.items()},
        "master_public_keys": wallet.public_keys,
        "first_version": wallet.section("db_metadata").get("first_electrum_version_used"),
        "stored_height": wallet.number("stored_height"),
        "encrypted_members": electrum_secrets.encrypted_fields(wallet),
        "other_labels": wallet.other_labels,
        "invoices_without_address": wallet.without_address("invoices"),
        "requests_without_address": wallet.without_address("payment_requests"),
        "channels": len(wallet.section("channels")),
        "lightning_preimages": len(wallet.section("lightning_preimages")),
        "notes": conceal(wallet.text("notes_text") or ""),
        "console": [conceal(line) for line in as_list(document.get("qt-console-history")) if isinstance(line, str)],
    }
    return {name: value for name, value in facts.items() if value not in (None, {}, [], 0, "")}


@hookimpl
def forensics_parsers():
    return [electrum]
