"""Addresses of an Electrum wallet: where each generation keeps them, or the public keys that they are made from."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from forensics.coins import addresses
from forensics.coins.networks import Network

if TYPE_CHECKING:
    from .electrum_wallet import Wallet

Cells = dict[str, Any]

BRANCHES = (("receiving", "own", 0), ("change", "change", 1), ("0", "own", 0), ("1", "change", 1))


def stored(wallet: "Wallet") -> Iterator[Cells]:
    """Cells of each stored address; `address` is None where something else stands in its place."""
    for source in (_addresses, _public_keys, _accounts, _imported, _lookahead):
        yield from source(wallet)


def followed(wallet: "Wallet", role: str) -> Iterator[Cells]:
    """Addresses whose history the wallet follows: its own, and since 4.0 those of Lightning channels."""
    for address in wallet.section("addr_history"):
        if addresses.read(address):
            yield _stored(address, role, f"$.addr_history.{address}")


def _addresses(wallet: "Wallet") -> Iterator[Cells]:
    """2.8 and later: lists by branch, or an object of imported addresses; 2.7: a list of watched ones."""
    stored = wallet.document.get("addresses")
    if isinstance(stored, list):
        texts = [(index, text) for index, text in enumerate(stored) if isinstance(text, str)]
        yield from (_stored(text, "watch", f"$.addresses[{index}]") for index, text in texts)
        return
    for name, member in wallet.section("addresses").items():
        if isinstance(member, dict):
            key = member.get("pubkey")
            yield _stored(name, "own" if key else "watch", f"$.addresses.{name}", public_key=key)
    for name, role, branch in BRANCHES[:2]:
        for index, text in enumerate(as_list(wallet.section("addresses").get(name))):
            if isinstance(text, str):
                yield _stored(text, role, f"$.addresses.{name}[{index}]", derivation=_path(wallet, branch, index))


def _public_keys(wallet: "Wallet") -> Iterator[Cells]:
    """2.7: public keys by branch instead of addresses."""
    for name, role, branch in BRANCHES[:2]:
        for index, key in enumerate(as_list(wallet.section("pubkeys").get(name))):
            record = f"$.pubkeys.{name}[{index}]"
            yield from _derived(wallet, key, wallet.required, role, record, _path(wallet, branch, index))


def _accounts(wallet: "Wallet") -> Iterator[Cells]:
    """1.x and 2.0 to 2.6: accounts with addresses (1.x) or public keys by branch, or with imported addresses."""
    for number, account in wallet.section("accounts").items():
        account = as_object(account)
        required = account["m"] if isinstance(account.get("m"), int) else wallet.required
        for name, role, branch in BRANCHES:
            for index, item in enumerate(as_list(account.get(name))):
                record = f"$.accounts.{number}.{name}[{index}]"
                yield from _derived(wallet, item, required, role, record, f"{branch}/{index}")
        for address, pair in as_object(account.get("imported")).items():
            key = next((part for part in as_list(pair)[:1] if isinstance(part, str)), None)
            record = f"$.accounts.{number}.imported.{address}"
            yield _stored(address, "own" if key else "watch", record, public_key=key)


def _imported(wallet: "Wallet") -> Iterator[Cells]:
    """1.x: addresses of single keys beside the accounts."""
    yield from (_stored(a, "own", f"$.imported_keys.{a}") for a in wallet.section("imported_keys"))


def _lookahead(wallet: "Wallet") -> Iterator[Cells]:
    """2.x: the first address of the next account, prepared and not yet offered."""
    prepared = as_list(wallet.document.get("next_account2"))
    if len(prepared) == 4 and isinstance(prepared[3], str):
        key = prepared[2] if isinstance(prepared[2], str) else None
        yield _stored(prepared[3], "own", "$.next_account2[3]", public_key=key, lookahead=True)


def _derived(wallet: "Wallet", item: Any, required: int, role: str, record: str, path: str | None) -> Iterator[Cells]:
    """The address of a stored public key, of several (multi-signature), or an address stored as such."""
    if isinstance(item, str) and addresses.read(item):
        yield _stored(item, role, record, derivation=path)
        return
    key = item if isinstance(item, str) else None
    yield _stored(_of_keys(item, required, wallet.network), role, record, path, key) | {"confidence": "derived"}


def _of_keys(item: Any, required: int, network: Network) -> str | None:
    """The address of one public key, or of several that sign together; None when it is neither."""
    try:
        if isinstance(item, str):
            public = bytes.fromhex(item)
            return addresses.p2pkh(public, network) if addresses.is_public_key(public) else None
        return addresses.p2sh(addresses.multisig(required, sorted(bytes.fromhex(key) for key in item)), network)
    except (ValueError, TypeError):
        return None


def _path(wallet: "Wallet", branch: int, index: int) -> str | None:
    """The derivation path; only its end where the wallet does not say where its master key comes from."""
    if any(store.get("type") == "imported" for store in wallet.keystores.values()):
        return None
    roots = {str(store.get("derivation") or "") for store in wallet.keystores.values()}
    root = roots.pop() if len(roots) == 1 else None
    return f"{root}/{branch}/{index}" if root else f"{branch}/{index}"


def _stored(
    address: str | None,
    role: str,
    record: str,
    derivation: str | None = None,
    public_key: Any = None,
    lookahead: bool = False,
) -> Cells:
    return {
        "address": address,
        "role": role,
        "derivation": derivation,
        "public_key": public_key if isinstance(public_key, str) else None,
        "confidence": "stored",
        "record": record,
        "extra": {"lookahead": True} if lookahead else {},
    }


def as_list(value: Any) -> list[Any]:
    """The value when it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_object(value: Any) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
