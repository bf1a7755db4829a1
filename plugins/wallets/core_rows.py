"""The rows of a Bitcoin Core wallet: the wallet itself, its transactions, the keys that stand in the clear.

Amounts of transactions are as in the application: of an incoming one what the wallet's addresses got; of an outgoing one what
others got, without the fee. Which coins were the wallet's is known from earlier transactions in the file, its keys and its
descriptors. Where a descriptor cannot be followed, the amount stays empty, and `extra.outputs` has every output.
"""

from collections.abc import Iterator
from typing import Any

from forensics import File, Problem
from forensics.coins import addresses
from forensics.coins.amounts import coins
from forensics.coins.digests import sha256
from forensics.coins.masking import conceal, fingerprint, mask
from forensics.tables import ADDRESSES, SECRETS, TRANSFERS, WALLETS
from forensics.times import unix_s

from . import core_records as records
from .core_records import Entry, WalletTx
from .core_wallet import ASSUMED, METHODS, PRIVATE_KEYS_DISABLED, SOFTWARE, CoreWallet, as_json

PRIVATE = ("key", "wkey", "ckey", "walletdescriptorkey", "walletdescriptorckey")
SEEDED = ("hdchain", "chdchain", "hdseed", "chdseed", "walletdescriptorkey", "walletdescriptorckey")
KEPT = ("comment", "message", "to", "replaces_txid", "replaced_by_txid", "fromaccount", "timesmart")


def rows(wallet: CoreWallet, file: File) -> Iterator[Any]:
    """Everything a wallet says, and the problems met on the way."""
    named = {"wallet_id": _identity(wallet, file)}
    found = list(wallet.address_rows())
    history = History(wallet)
    moved = list(history.rows())
    times = [row["at"] for row in moved if row["at"]]
    yield from WALLETS.rows([_wallet(wallet, file, len(found), times) | named], created_at=unix_s, last_used_at=unix_s)
    yield from ADDRESSES.rows((row | named for row in found), created_at=unix_s)
    yield from ADDRESSES.rows(row | named for row in history.counterparties())
    software = SOFTWARE.get(wallet.network.chain.partition("-")[0], "Bitcoin Core")
    yield from TRANSFERS.rows((row | named | {"platform": software} for row in moved), at=unix_s)
    yield from SECRETS.rows(row | named for row in secrets(wallet))
    yield from wallet.problems
    if wallet.network_from == ASSUMED and wallet.public_keys:
        yield Problem(
            "not_understood", "nothing says which chain this is: addresses are written as Bitcoin's", record="main"
        )
    for name in sorted(wallet.by_type.keys() - records.KNOWN):
        entry = wallet.by_type[name][0]
        count = len(wallet.by_type[name])
        yield Problem("not_understood", f"{count:,} records of the unknown type {name!r}", record=entry.record)


def _identity(wallet: CoreWallet, file: File) -> str:
    """The same for copies of a wallet: from the id of its seed, its default key or its descriptors, else from the file."""
    seeds = [entry.value[8:28].hex() for entry in wallet.of("hdchain")]
    first = [entry.value.hex() for entry in wallet.of("defaultkey")]
    known = (
        seeds
        or first
        or sorted(d.text for _, d in wallet.descriptors)
        or sorted(k.hex() for _, k in wallet.public_keys)[:1]
    )
    return sha256("\n".join(known).encode("utf-8", "replace")).hex()[:16] if known else file.sha256[:16]


def _wallet(wallet: CoreWallet, file: File, address_count: int, times: list[int]) -> dict[str, Any]:
    masters = [m for e in wallet.of("mkey") if (m := wallet.read(e, records.master_key, e.value))]
    flags = next((records.number(e.value) for e in wallet.of("flags")), 0)
    private = wallet.of(*PRIVATE)
    made = [meta.created_at for meta in wallet.metas.values()] + [d.created_at for _, d in wallet.descriptors]
    parameters = [{"method": m.method, "iterations": m.iterations, "salt": m.salt.hex()} for m in masters]
    return {
        "software": SOFTWARE.get(wallet.network.chain.partition("-")[0], "Bitcoin Core"),
        "software_version": _version(wallet),
        "name": _name(file),
        "chains": [wallet.network.chain],
        "encrypted": bool(wallet.of("mkey")),
        "cipher": "AES-256-CBC" if masters else None,
        "kdf": METHODS.get(masters[0].method, f"method {masters[0].method}") if masters else None,
        "kdf_params": as_json(parameters[0] if len(parameters) == 1 else {"keys": parameters}) if masters else None,
        "watch_only": not private or bool(flags & PRIVATE_KEYS_DISABLED),
        "has_seed": bool(wallet.of(*SEEDED)),
        "created_at": min((time for time in made if time), default=None),
        "last_used_at": max(times, default=None),
        "address_count": address_count,
        "extra": as_json(_facts(wallet)),
        "record": "main",
    }


def _name(file: File) -> str:
    """In `wallets/<name>/wallet.dat` the folder has the name that the owner gave."""
    parts = file.path.split("/")
    return parts[-2] if parts[-3:-2] == ["wallets"] else file.name


def _version(wallet: CoreWallet) -> str | None:
    """Version of the application that last wrote, as people write it; else the oldest one that can read the file."""
    for entry in wallet.of("version"):
        number = records.number(entry.value)
        major, minor, build = number // 10_000, number // 100 % 100, number % 100
        return f"0.{major}.{minor}" if major < 22 else f"{major}.{minor}.{build}"
    return next((f"minversion {records.number(e.value)}" for e in wallet.of("minversion")), None)


def _facts(wallet: CoreWallet) -> dict[str, Any]:
    described = [
        {"descriptor": conceal(d.text), "created": d.created_at, "next_index": d.next_index, "range_end": d.range_end}
        for _, d in wallet.descriptors
    ]
    return {
        "container": wallet.container,
        "network_from": wallet.network_from,
        "records": wallet.counts(),
        "descriptors": described or None,
        "best_block": wallet.blocks[0] if wallet.blocks else None,
        "flags": next((hex(records.number(e.value)) for e in wallet.of("flags")), None),
    }


def secrets(wallet: CoreWallet) -> Iterator[dict[str, Any]]:
    """Private keys that no password protects."""
    for entry in wallet.of("key", "wkey", "walletdescriptorkey"):
        key = wallet.read(entry, _private_key, entry)
        if key is None or key[1].secret is None:
            continue
        public, private = key
        shown = private.secret.hex()
        owner = "descriptor" if entry.type == "walletdescriptorkey" else addresses.p2pkh(public, wallet.network)
        beside = ", beside encrypted keys" if wallet.of("mkey") else ""
        yield {
            "kind": "private_key",
            "masked": mask(shown),
            "checksum_valid": private.sound,
            "context": f"key of {owner}, in the clear in a record {entry.type!r}{beside}",
            "extra": as_json({"fingerprint": fingerprint(shown), "public_key": public.hex()}),
            "record": entry.record,
            "state": entry.state,
        }


def _private_key(entry: Entry) -> tuple[bytes, records.PrivateKey]:
    reader = records.Reader(entry.tail, at=32 if entry.type == "walletdescriptorkey" else 0)
    public = reader.vector()
    if not addresses.is_public_key(public):
        raise ValueError("no public key")
    return public, records.private_key(public, entry.value, digest=entry.type != "wkey")


class History:
    """The transactions of a wallet, and which of their coins were its own."""

    def __init__(self, wallet: CoreWallet):
        self.wallet = wallet
        self.transactions: list[tuple[Entry, str, WalletTx | None]] = []
        self.coins: dict[tuple[str, int], tuple[str, int]] = {}
        for entry in wallet.of("tx"):
            kept = wallet.read(entry, records.wallet_tx, entry.value)
            txid = entry.tail[:32][::-1].hex()
            if kept and kept.transaction.txid != txid:
                message = "a transaction does not have the id it is stored under: another chain's format"
                wallet.problems[Problem("not_understood", message, record=entry.record)] = None
                kept = None
            self.transactions.append((entry, txid, kept))
            for number, (address, value) in enumerate(self._outputs(kept)):
                if address in wallet.own:
                    self.coins[txid, number] = address, value

    def _outputs(self, kept: WalletTx | None) -> list[tuple[str | None, int]]:
        outputs = kept.transaction.outputs if kept else ()
        return [(addresses.from_script(output.script, self.wallet.network), output.value) for output in outputs]

    def rows(self) -> Iterator[dict[str, Any]]:
        for entry, txid, kept in self.transactions:
            chain = self.wallet.network.chain
            row = {"kind": "transfer", "chain": chain, "asset": chain, "txid": txid, "at": None}
            if kept:
                row |= self._moved(kept)
            yield row | {"record": entry.record, "state": entry.state}

    def _moved(self, kept: WalletTx) -> dict[str, Any]:
        outputs = self._outputs(kept)
        got = [(a, v) for a, v in outputs if a in self.wallet.own]
        paid = [(a, v) for a, v in outputs if a not in self.wallet.own]
        spent = [self.coins[i.txid, i.index] for i in kept.transaction.inputs if (i.txid, i.index) in self.coins]
        direction = self._direction(kept, spent, paid)
        amount = self._amount(direction, spent, got, paid)
        fee = None
        if self.wallet.complete and spent and len(spent) == len(kept.transaction.inputs):
            fee = _sum(spent) - _sum(outputs)
        others = paid if direction == "outgoing" and self.wallet.complete else got
        return {
            "at": kept.time or None,
            "direction": direction,
            "amount": None if amount is None else coins(amount),
            "fee": None if fee is None else coins(fee),
            "fee_asset": None if fee is None else self.wallet.network.chain,
            "from_address": _only(spent),
            "to_address": _only(others),
            "counterparty": kept.values.get("to") or None,
            "status": kept.status,
            "memo": kept.values.get("comment") or kept.values.get("message") or None,
            "extra": as_json(self._facts(kept, outputs, amount)),
        }

    def _direction(self, kept: WalletTx, spent: list[Any], paid: list[Any]) -> str:
        if not kept.from_me and not spent:
            return "incoming"
        return "self" if self.wallet.complete and not any(value for _, value in paid) else "outgoing"

    def _amount(self, direction: str, spent: list[Any], got: list[Any], paid: list[Any]) -> int | None:
        if direction == "outgoing":
            return _sum(paid) if self.wallet.complete else None
        return _sum(got) if got or self.wallet.complete else None

    def _facts(self, kept: WalletTx, outputs: list[tuple[str | None, int]], amount: int | None) -> dict[str, Any]:
        own = self.wallet.own
        values = {name: kept.values[name] for name in KEPT if kept.values.get(name)}
        return {
            "satoshi": amount,
            "outputs": [{"address": a, "satoshi": v, "own": a in own if a else False} for a, v in outputs],
            "block": None if kept.block in (records.NO_BLOCK, records.ABANDONED) else kept.block,
            "received_at": kept.received_at,
            "from_me": kept.from_me,
            "coinbase": kept.transaction.coinbase or None,
            "order_form": [list(pair) for pair in kept.order_form] or None,
            "values": values or None,
        }

    def counterparties(self) -> Iterator[dict[str, Any]]:
        """Addresses that outgoing transactions pay, where the wallet's own are known, and the book has no entry for them."""
        for entry, txid, kept in self.transactions:
            if not kept or not self.wallet.complete or not kept.from_me:
                continue
            for number, (address, value) in enumerate(self._outputs(kept)):
                if address and value and address not in self.wallet.own and address not in self.wallet.book:
                    yield {
                        "chain": self.wallet.network.chain,
                        "address": address,
                        "role": "counterparty",
                        "confidence": "derived",
                        "extra": as_json({"txid": txid, "output": number, "satoshi": value}),
                        "record": entry.record,
                        "state": entry.state,
                    }


def _sum(parts: list[Any]) -> int:
    return sum(value for _, value in parts)


def _only(parts: list[Any]) -> str | None:
    texts = {text for text, value in parts if value}
    return texts.pop() if len(texts) == 1 else None
