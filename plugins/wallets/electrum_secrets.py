"""Secrets that an Electrum wallet holds in the clear: seeds, private keys, passphrases. Shown masked, never as they are."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from forensics.coins import keys
from forensics.coins.masking import fingerprint, mask

from .electrum_addresses import as_object
from .electrum_wallet import Wallet

SEED_VERSIONS = ("01", "100", "101", "102")  # standard, SegWit, two-factor, two-factor SegWit
CHANNEL_KEYS = ("multisig_key", "payment_basepoint", "delayed_basepoint", "revocation_basepoint", "htlc_basepoint")


class Field(NamedTuple):
    """A member that holds a secret: what kind, where, its value, and how to tell that the value is not ciphertext."""

    kind: str
    record: str
    value: Any  # text, unless the file is not what it should be
    check: Callable[[str], bool]
    covered: bool = True  # by the password of the wallet, where it has one


def in_clear(wallet: Wallet) -> Iterator[dict[str, Any]]:
    """Rows of the secrets that no password protects."""
    for secret in fields(wallet):
        if is_clear(wallet, secret):
            print_ = fingerprint(secret.value) if secret.kind != "passphrase" else None
            yield {
                "kind": secret.kind,
                "masked": mask(secret.value),
                "checksum_valid": secret.check(secret.value) or None,
                "context": _context(wallet, secret),
                "record": secret.record,
                "extra": json.dumps({"fingerprint": print_}) if print_ else None,
            }


def encrypted_fields(wallet: Wallet) -> list[str]:
    """Places of the secrets that are there as ciphertext."""
    return [secret.record for secret in fields(wallet) if not is_clear(wallet, secret)]


def is_clear(wallet: Wallet, secret: Field) -> bool:
    """A value whose checksum holds is in the clear whatever the file says of itself."""
    return not (secret.covered and wallet.encrypted) or secret.check(secret.value)


def fields(wallet: Wallet) -> Iterator[Field]:
    """Every member that holds a secret, encrypted or not, in all generations."""
    for secret in _all_fields(wallet):
        if isinstance(secret.value, str) and secret.value:
            yield secret


def _all_fields(wallet: Wallet) -> Iterator[Field]:
    document = wallet.document
    yield Field("seed", "$.seed", document.get("seed"), is_seed)
    yield Field("extended_private_key", "$.lightning_xprv", document.get("lightning_xprv"), _is_xprv, covered=False)
    for name, key in wallet.section("master_private_keys").items():
        yield Field("extended_private_key", f"$.master_private_keys.{name}", key, _is_xprv)
    for name, store in wallet.keystores.items():
        yield Field("seed", f"$.{name}.seed", store.get("seed"), is_seed)
        yield Field("passphrase", f"$.{name}.passphrase", store.get("passphrase"), _never)
        yield Field("extended_private_key", f"$.{name}.xprv", store.get("xprv"), _is_xprv)
        for public, private in as_object(store.get("keypairs")).items():
            yield Field("private_key", f"$.{name}.keypairs.{public}", private, _is_wif)
    for address, private in wallet.section("imported_keys").items():
        yield Field("private_key", f"$.imported_keys.{address}", private, _is_wif)
    yield from _imported(wallet)
    yield from _channels(wallet)


def _imported(wallet: Wallet) -> Iterator[Field]:
    for number, account in wallet.section("accounts").items():
        for address, pair in as_object(as_object(account).get("imported")).items():
            if isinstance(pair, list) and len(pair) > 1:
                yield Field("private_key", f"$.accounts.{number}.imported.{address}", pair[1], _is_wif)


def _channels(wallet: Wallet) -> Iterator[Field]:
    """Keys of Lightning channels, which the password of the wallet does not cover."""
    for channel, state in wallet.section("channels").items():
        local = as_object(as_object(state).get("local_config"))
        for name in CHANNEL_KEYS:
            record = f"$.channels.{channel}.local_config.{name}.privkey"
            private = as_object(local.get(name)).get("privkey")
            yield Field("private_key", record, private, _never, covered=False)


def _context(wallet: Wallet, secret: Field) -> str:
    where = secret.record.removeprefix("$.").split(".")
    if where[0] == "channels":
        return f"key of a Lightning channel, {where[-2]}"
    told = " although the file says it is encrypted" if wallet.encrypted and secret.covered else ""
    return f"in the clear in member {where[0]}{told}"


def is_seed(text: str) -> bool:
    """Whether words carry the version that Electrum writes into the digest of its seeds (since 2.0).

    Seeds of 1.x and of other wallets carry none: False says nothing about them.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    digest = hmac.new(
        b"Seed version", " ".join(plain.split()).encode("utf-8", "surrogatepass"), hashlib.sha512
    ).hexdigest()
    return digest.startswith(SEED_VERSIONS)


def _is_xprv(text: str) -> bool:
    key = keys.extended(text)
    return key is not None and key.private


def _is_wif(text: str) -> bool:
    return keys.is_wif(text.rpartition(":")[2])


def _never(text: str) -> bool:
    return False
