"""What one Electrum wallet says, whichever generation wrote it: its keystores, its chain, its addresses."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from forensics.coins import addresses, keys
from forensics.coins.networks import BITCOIN, BITCOIN_CASH, BITCOIN_TESTNET, DASH, DOGECOIN, LITECOIN, ZCASH, Network

from . import electrum_addresses
from .electrum_addresses import as_list, as_object

FORKS = {  # part of a path, network, what the fork is called
    "electrum-ltc": (LITECOIN, "Electrum-LTC"),
    "electrum-dash": (DASH, "Electrum-DASH"),
    "dash-electrum": (DASH, "Electrum-DASH"),
    "electrum-doge": (DOGECOIN, "Electrum-DOGE"),
    "electrum-zcash": (ZCASH, "Electrum-zcash"),
    "electroncash": (BITCOIN_CASH, "Electron Cash"),
    "electron-cash": (BITCOIN_CASH, "Electron Cash"),
    "electron cash": (BITCOIN_CASH, "Electron Cash"),
}
ASKED = ("time", "exp", "message", "memo", "amount", "amount_sat", "amount_msat", "requestor", "lightning_invoice")
EARLIEST, LATEST = 1_230_768_000, 4_102_444_800  # 2009, before the first block, to 2100
NAMES = {network.chain: name for network, name in FORKS.values()}
REMEMBERED = {  # member of the document -> what is worked out from it and must be worked out again when it changes
    "accounts": ("own", "mine"),
    "addr_history": ("told", "own", "mine"),
    "addresses": ("own", "mine"),
    "channels": ("channels_of",),
    "contacts": ("contacts",),
    "frozen_addresses": ("frozen",),
    "invoices": ("by_payment_hash", "invoices"),
    "keystore": ("keystores", "public_keys"),
    "labels": ("output_labels",),
    "payment_requests": ("by_payment_hash", "requests"),
}


class Wallet:
    """The stored object of a wallet and the questions put to it. Nothing in it is trusted to be of the right type.

    `place`: path of the file in the evidence, which names a fork where addresses do not.
    """

    def __init__(self, document: dict[str, Any], place: str = ""):
        self.document = document
        self.place = place.lower()

    def section(self, *names: str) -> dict[str, Any]:
        """The first of these members that is an object; an empty one when none is."""
        return next((s for n in names if isinstance(s := self.document.get(n), dict)), {})

    def text(self, name: str) -> str | None:
        """A member that is text and not empty."""
        value = self.document.get(name)
        return value if isinstance(value, str) and value else None

    def number(self, name: str) -> int | None:
        """A member that is a whole number."""
        value = self.document.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def forget(self, path: tuple[str, ...], new: bool) -> None:
        """What stands at a path has changed. `new`: it was not there before; a known address keeps its row."""
        names = REMEMBERED.get(path[0], ())
        if path[0] == "addr_history" and not new:
            names = ("told",)
        if path[0] == "labels" and len(path) > 1 and ":" not in path[1]:
            names = ()
        for name in names:
            self.__dict__.pop(name, None)

    @property
    def encrypted(self) -> bool:
        """Whether seeds and private keys are stored encrypted."""
        return self.document.get("use_encryption") is True

    @cached_property
    def keystores(self) -> dict[str, dict[str, Any]]:
        """Keystores by the member they are in: `keystore`, or `x1/`, `x2/` ... of a wallet with several signers."""
        named = {n: s for n, s in self.document.items() if n == "keystore" or (n[:1] == "x" and n[-1:] == "/")}
        return {n: s for n, s in named.items() if isinstance(s, dict)}

    @cached_property
    def public_keys(self) -> dict[str, str]:
        """Master public keys by name, of every generation."""
        found = {n: s.get("xpub") or s.get("mpk") for n, s in self.keystores.items()}
        found.update(self.section("master_public_keys"))
        found["master_public_key"] = self.document.get("master_public_key")
        return {name: key for name, key in found.items() if isinstance(key, str) and key}

    @cached_property
    def network(self) -> Network:
        """The chain: by the addresses; where these fit several chains or there are none, by path or by the public keys."""
        hinted = [network for part, (network, _) in FORKS.items() if part in self.place]
        address = next((known for text in self._stored_texts() if (known := addresses.read(text))), None)
        if address:
            return next((n for n in hinted if n in address.networks), address.networks[0])
        extended = [key for text in self.public_keys.values() if (key := keys.extended(text))]
        if any(key.test for key in extended):
            return BITCOIN_TESTNET
        if any(key.prefix == "Ltub" for key in extended):
            return LITECOIN
        return hinted[0] if hinted else BITCOIN

    @cached_property
    def chain(self) -> str | None:
        """The name of the chain; None when there are addresses and none is of a chain that is known here."""
        texts = list(self._stored_texts())
        return self.network.chain if not texts or any(addresses.read(text) for text in texts) else None

    def _stored_texts(self) -> Iterator[str]:
        yield from self.section("addr_history")
        stored = self.document.get("addresses")
        yield from (text for text in as_list(stored) if isinstance(text, str))
        for account in self.section("accounts").values():
            yield from as_object(as_object(account).get("imported"))
        for group in self.section("addresses").values():
            yield from (text for text in as_list(group) if isinstance(text, str))

    @property
    def software(self) -> str:
        """Electrum, or the fork of it that serves this chain."""
        return NAMES.get(self.network.chain, "Electrum")

    @property
    def required(self) -> int:
        """Signatures needed: 2 for `2of3` and `2fa`, 1 for a wallet of one signer."""
        kind = self.text("wallet_type") or ""
        first = kind.partition("of")[0]
        return int(first) if first.isdecimal() and len(first) < 3 else 2 if kind == "2fa" else 1

    @cached_property
    def own(self) -> dict[str, dict[str, Any]]:
        """Every address of the wallet itself: address -> cells of its row, in the order the file has them."""
        found: dict[str, dict[str, Any]] = {}
        for cells in electrum_addresses.stored(self):
            if cells["address"]:
                found.setdefault(cells["address"], cells)
        for cells in electrum_addresses.followed(self, role="watch" if found else "own"):
            found.setdefault(cells["address"], cells)
        return found

    @property
    def unread(self) -> list[str]:
        """Places where an address or a public key should stand, and something else does."""
        return [cells["record"] for cells in electrum_addresses.stored(self) if not cells["address"]]

    @cached_property
    def mine(self) -> set[str]:
        """Addresses whose coins count as the wallet's: all of `own` but those only followed, as of Lightning channels."""
        followed = {a for a, c in self.own.items() if c["role"] == "watch" and c["record"].startswith("$.addr_history")}
        return self.own.keys() - followed

    @cached_property
    def contacts(self) -> dict[str, str | None]:
        """Names by address (or by alias of OpenAlias); 1.x has a list of addresses, and their names are labels."""
        if isinstance(self.document.get("contacts"), list):
            return dict.fromkeys(text for text in self.document["contacts"] if isinstance(text, str))
        entries = self.section("contacts").items()
        return {k: e[1] if isinstance(e, list) and len(e) > 1 and isinstance(e[1], str) else None for k, e in entries}

    @cached_property
    def frozen(self) -> set[str]:
        """Addresses whose coins the owner has locked."""
        return {text for text in as_list(self.document.get("frozen_addresses")) if isinstance(text, str)}

    @cached_property
    def requests(self) -> dict[str, list[dict[str, Any]]]:
        """Payment requests by the address they ask to pay to."""
        return self._asked("payment_requests")

    @cached_property
    def invoices(self) -> dict[str, list[dict[str, Any]]]:
        """Invoices by the address that is to be paid."""
        return self._asked("invoices")

    def _asked(self, section: str) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for key, item in self.section(section).items():
            for address in _addresses_of(key, as_object(item)):
                found.setdefault(address, []).append(_summary(key, as_object(item)))
        return found

    def without_address(self, section: str) -> list[dict[str, Any]]:
        """Requests or invoices that name no address: Lightning ones, and the BIP 70 ones of 3.x, which are not taken apart."""
        items = [(key, as_object(item)) for key, item in self.section(section).items()]
        return [_summary(key, item) for key, item in items if not _addresses_of(key, item)]

    @property
    def other_labels(self) -> dict[str, str]:
        """Labels on nothing that the file has: accounts, payments and transactions of another time."""
        held = (self.section("transactions"), self.section("lightning_payments"), self.told, self.contacts)
        return {
            key: text
            for key, text in self.section("labels").items()
            if isinstance(text, str)
            and text
            and not any(key in h for h in held)
            and key.partition(":")[0] not in held[0]
            and not addresses.read(key)
        }

    @property
    def times(self) -> list[int]:
        """Times of use that the file shows: blocks of its transactions, invoices, requests."""
        blocks = [entry[1] for entry in self.section("verified_tx3", "verified_tx").values() if len(as_list(entry)) > 1]
        items = (*self.section("invoices").values(), *self.section("payment_requests").values())
        asked = [item.get("time") for item in items if isinstance(item, dict)]
        return [time for time in (*blocks, *asked) if isinstance(time, int) and EARLIEST < time < LATEST]

    @cached_property
    def told(self) -> set[str]:
        """Transactions that a server has told the wallet of."""
        histories = [h for h in self.section("addr_history").values() if isinstance(h, list)]
        return {e[0] for history in histories for e in history if isinstance(e, list) and e and isinstance(e[0], str)}

    @cached_property
    def output_labels(self) -> dict[str, dict[str, str]]:
        """Labels of single outputs (`txid:n`), by transaction."""
        found: dict[str, dict[str, str]] = {}
        for key, text in self.section("labels").items():
            txid, colon, number = key.partition(":")
            if colon and isinstance(text, str):
                found.setdefault(txid, {})[number] = text
        return found

    @cached_property
    def channels_of(self) -> dict[str, list[str]]:
        """Lightning channels by the transaction that funded them."""
        found: dict[str, list[str]] = {}
        for channel, state in self.section("channels").items():
            txid = as_object(as_object(state).get("funding_outpoint")).get("txid")
            if isinstance(txid, str):
                found.setdefault(txid, []).append(channel)
        return found

    @cached_property
    def by_payment_hash(self) -> dict[str, dict[str, Any]]:
        """Requests and invoices by their Lightning payment hash."""
        members = [*self.section("invoices").items(), *self.section("payment_requests").items()]
        items = [(key, item) for key, item in members if isinstance(item, dict)]
        return {h if isinstance(h := item.get("payment_hash"), str) else key: item for key, item in items}


def _addresses_of(key: str, item: dict[str, Any]) -> list[str]:
    """Addresses that a request or an invoice names: in its outputs (4.x), or as its key (3.x)."""
    outputs = [output[1] for output in as_list(item.get("outputs")) if len(as_list(output)) > 1]
    named = outputs or [item.get("address") or key]
    return [text for text in named if isinstance(text, str) and addresses.read(text)]


def _summary(key: str, item: dict[str, Any]) -> dict[str, Any]:
    return {"id": key} | {name: item[name] for name in ASKED if item.get(name) not in (None, "")}
