"""The transactions that an Electrum wallet holds, as movements of value.

Electrum keeps each transaction raw (`transactions`), its own inputs and outputs (`txi`, `txo`, since 2.1), the fee
(`tx_fees`, since 2.7) and the time of the block (`verified_tx`, `verified_tx3`). Where `txi` and `txo` are missing, inputs
are looked up in the raw transactions they spend.

Amounts: of an incoming transaction what its own addresses got; of an outgoing one what others got, without the fee; of one
within the wallet (`self`) what it got. When somebody else's coins are spent along, or the raw transaction is missing, what
others got cannot be told apart: then the amount is what the wallet lost or won, and `extra.net` says so.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from forensics.coins import addresses, transactions
from forensics.coins.amounts import coins

from .electrum_addresses import as_list, as_object
from .electrum_wallet import Wallet

LIGHTNING_DIRECTION = {-1: "outgoing", 1: "incoming"}
LIGHTNING_STATUS = {0: "unpaid", 1: "expired", 2: "unknown", 3: "paid", 4: "inflight", 5: "failed", 6: "routing"}


Part = tuple[str | None, int]  # address, where there is one, and satoshi


@dataclass
class Movement:
    """What a transaction did to the wallet, in satoshi. `inputs`: how many inputs it has; None without the raw form."""

    spent: list[Part] = field(default_factory=list)
    received: list[Part] = field(default_factory=list)
    paid: list[Part] = field(default_factory=list)
    inputs: int | None = None
    coinbase: bool = False

    @property
    def all_mine(self) -> bool:
        """Whether every coin spent was the wallet's."""
        return bool(self.spent) and self.inputs == len(self.spent)

    @property
    def fee(self) -> int | None:
        if not self.all_mine:
            return None
        return total(self.spent) - total(self.received) - total(self.paid)

    @property
    def net(self) -> int:
        return total(self.received) - total(self.spent)

    @property
    def direction(self) -> str:
        if not self.spent and not self.received:
            return "unknown"
        if self.all_mine and self.received and not any(value for _, value in self.paid):
            return "self"
        return "incoming" if self.net > 0 else "outgoing"

    @property
    def amount(self) -> int | None:
        """See the module: what was got, what others got, or the net of it."""
        if self.direction == "unknown":
            return None
        if self.direction == "self" or not self.spent:
            return total(self.received)
        return total(self.paid) if self.all_mine and self.direction == "outgoing" else abs(self.net)

    @property
    def is_net(self) -> bool:
        return bool(self.spent) and not self.all_mine


def total(parts: list[Part]) -> int:
    return sum(value for _, value in parts)


def known_transactions(wallet: Wallet) -> list[str]:
    """Ids of all transactions that the file speaks of, each once."""
    verified = wallet.section("verified_tx3", "verified_tx")
    return list(dict.fromkeys((*wallet.section("transactions"), *verified, *sorted(wallet.told))))


def is_known(wallet: Wallet, txid: str) -> bool:
    """Whether the file speaks of a transaction of that id."""
    sections = (wallet.section("transactions"), wallet.section("verified_tx3", "verified_tx"), wallet.told)
    return any(txid in section for section in sections)


def transfer(wallet: Wallet, txid: str, movement: Movement) -> dict[str, Any]:
    """The row of one transaction."""
    verified = wallet.section("verified_tx3", "verified_tx").get(txid)
    height, time = (verified[0], verified[1]) if isinstance(verified, list) and len(verified) > 1 else (None, None)
    fee = _fee(wallet, txid, movement)
    amount = movement.amount
    return {
        "kind": "transfer",
        "chain": wallet.chain,
        "asset": wallet.chain,
        "txid": txid,
        "at": time if isinstance(time, int | float) else None,
        "direction": movement.direction,
        "amount": None if amount is None else coins(amount),
        "fee": None if fee is None else coins(fee),
        "fee_asset": None if fee is None else wallet.chain,
        "from_address": _only(movement.spent),
        "to_address": _only(movement.paid if movement.direction == "outgoing" else movement.received),
        "status": "confirmed" if verified else _status(wallet, txid),
        "memo": label(wallet, txid),
        "extra": json.dumps(_extra(wallet, txid, movement, height), ensure_ascii=False),
        "record": f"$.transactions.{txid}",
    }


def label(wallet: Wallet, key: str) -> str | None:
    text = wallet.section("labels").get(key)
    return text if isinstance(text, str) and text else None


def _extra(wallet: Wallet, txid: str, movement: Movement, height: Any) -> dict[str, Any]:
    outputs = [(a, v, True) for a, v in movement.received] + [(a, v, False) for a, v in movement.paid]
    facts = {
        "satoshi": movement.amount,
        "net": movement.is_net or None,
        "height": height,
        "coinbase": movement.coinbase or None,
        "spent": [{"address": a, "satoshi": v} for a, v in movement.spent],
        "outputs": [{"address": a, "satoshi": v, "own": own} for a, v, own in outputs],
        "output_labels": wallet.output_labels.get(txid),
        "channels": wallet.channels_of.get(txid),
    }
    return {name: value for name, value in facts.items() if value not in (None, [], {})}


def _only(parts: list[Part]) -> str | None:
    """The address, when all parts have the same."""
    texts = {text for text, value in parts if value}
    return texts.pop() if len(texts) == 1 else None


def _status(wallet: Wallet, txid: str) -> str:
    """`unconfirmed` when a server has told of it, `local` when only the wallet knows it."""
    return "unconfirmed" if txid in wallet.told else "local"


def _fee(wallet: Wallet, txid: str, movement: Movement) -> int | None:
    if movement.fee is not None:
        return movement.fee
    stored = wallet.section("tx_fees").get(txid)
    stored = stored[0] if isinstance(stored, list) and stored else stored
    return stored if isinstance(stored, int) and not isinstance(stored, bool) and movement.spent else None


def movement(wallet: Wallet, txid: str) -> Movement:
    """What a transaction did to the wallet, from its raw form and the lists of own coins."""
    raw = wallet.section("transactions").get(txid)
    transaction = decoded(raw) if isinstance(raw, str) and wallet.chain else None
    did = Movement()
    if transaction is None:
        did.spent = list(_listed(wallet, "txi", txid))
        did.received = list(_listed(wallet, "txo", txid))
        return did
    did.inputs, did.coinbase = len(transaction.inputs), transaction.coinbase
    for output in transaction.outputs:
        address = addresses.from_script(output.script, wallet.network)
        if address in wallet.mine:
            did.received.append((address, output.value))
        else:
            did.paid.append((address, output.value))
    did.spent = list(_listed(wallet, "txi", txid)) or list(_looked_up(wallet, transaction))
    return did


def _listed(wallet: Wallet, section: str, txid: str) -> Iterator[Part]:
    """Own inputs or outputs as stored. By generation: lists `[[prevout, value]]` and `[[n, value, coinbase]]`, or objects
    `{prevout: value}` and `{n: [value, coinbase]}`."""
    for address, parts in as_object(wallet.section(section).get(txid)).items():
        if address not in wallet.mine:
            continue
        if isinstance(parts, dict):
            values = [part[0] if isinstance(part, list) and part else part for part in parts.values()]
        else:
            values = [part[1] for part in as_list(parts) if isinstance(part, list) and len(part) > 1]
        yield from ((address, value) for value in values if isinstance(value, int) and not isinstance(value, bool))


def _looked_up(wallet: Wallet, transaction: transactions.Transaction) -> Iterator[Part]:
    """Own coins that a transaction spends, from the raw transactions that made them."""
    for spent in transaction.inputs:
        raw = wallet.section("transactions").get(spent.txid)
        source = decoded(raw) if isinstance(raw, str) else None
        if source is None or spent.index >= len(source.outputs):
            continue
        output = source.outputs[spent.index]
        address = addresses.from_script(output.script, wallet.network)
        if address in wallet.mine:
            yield address, output.value


@lru_cache(maxsize=4096)
def decoded(raw: str) -> transactions.Transaction | None:
    """The transaction in hexadecimal text, or None when it cannot be read."""
    try:
        return transactions.read(bytes.fromhex(raw))
    except ValueError:
        return None


def counterparties(wallet: Wallet, txid: str, movement: Movement) -> Iterator[dict[str, Any]]:
    """Addresses that an outgoing transaction pays."""
    if movement.direction != "outgoing":
        return
    for number, (address, value) in enumerate(movement.paid):
        if address and value:
            yield {
                "chain": wallet.chain,
                "address": address,
                "role": "counterparty",
                "label": label(wallet, address),
                "confidence": "derived",
                "extra": json.dumps({"txid": txid, "satoshi": value}),
                "record": f"$.transactions.{txid}/paid[{number}]",
            }


def lightning(wallet: Wallet, payment_hash: str) -> dict[str, Any] | None:
    """The row of a Lightning payment or request: amount in thousandths of a satoshi, direction, state.

    Only `paid` has moved value. The file has no time of payment; that of the invoice is in `extra`.
    """
    stored = wallet.section("lightning_payments").get(payment_hash)
    if not isinstance(stored, list) or len(stored) < 3:
        return None
    msat, direction, status = (part if isinstance(part, int) else None for part in stored[:3])
    invoice = wallet.by_payment_hash.get(payment_hash, {})
    memo = label(wallet, payment_hash) or invoice.get("message") or None
    return {
        "kind": "transfer",
        "chain": f"{wallet.network.chain}-lightning",
        "asset": wallet.chain,
        "txid": payment_hash,
        "direction": LIGHTNING_DIRECTION.get(direction or 0, "unknown"),
        "amount": None if msat is None else coins(msat, 11),
        "status": LIGHTNING_STATUS.get(-1 if status is None else status, f"status {status}"),
        "memo": memo if isinstance(memo, str) else None,
        "extra": json.dumps({"msat": msat, "raw": stored, "invoice_time": invoice.get("time")}),
        "record": f"$.lightning_payments.{payment_hash}",
    }
