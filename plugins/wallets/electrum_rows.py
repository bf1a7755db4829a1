"""The rows of an Electrum wallet, part by part, and the rows of what its appended log has replaced.

Each part can be asked for one key alone: that is how the log is read. Before a change that replaces or removes something is
carried out, the rows it touches are made; those that the wallet no longer gives at the end are what the log overwrote.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from forensics import Problem
from forensics.coins import addresses
from forensics.tables import ADDRESSES, CONTACTS, SECRETS, TRANSFERS, Table

from . import electrum_file, electrum_history, electrum_secrets
from .electrum_addresses import as_list, as_object
from .electrum_history import label
from .electrum_wallet import Wallet

Entry = tuple[Table, dict[str, Any]]
Part = Callable[[Wallet, str], Iterator[Entry]]

MOST_EARLIER = 20_000  # rows about what the log replaced


def entries(wallet: Wallet) -> Iterator[Entry]:
    """All rows of a wallet but the one about the wallet itself."""
    for part, key in _parts(wallet):
        yield from part(wallet, key)


def earlier(stored: electrum_file.Stored, place: str) -> tuple[list[Entry], list[Problem]]:
    """Carry out the changes on the stored document. Gives the rows that they touched as these were before, each once."""
    wallet = Wallet(stored.document, place)
    found: dict[str, Entry] = {}
    problems: list[Problem] = []
    for change in stored.changes:
        if len(found) < MOST_EARLIER and _replaces(change, stored.document):
            found.update((identity(entry), entry) for entry in _touched(wallet, change))
        try:
            electrum_file.apply(change, stored.document)
        except electrum_file.NoSuchPlace as error:
            problems.append(_misfit(change, error))
        wallet.forget(change.path, new=change.op == "add")
    if len(found) >= MOST_EARLIER:
        problems.append(Problem("limit", f"only {MOST_EARLIER:,} rows that the log replaced are given"))
    return list(found.values()), problems[-electrum_file.MOST_COMPLAINTS :]


def identity(entry: Entry) -> str:
    """What two entries share when they say the same."""
    table, row = entry
    return table.name + json.dumps(row, sort_keys=True, default=str)


def _misfit(change: electrum_file.Change, error: Exception) -> Problem:
    record = f"character {change.offset}"
    return Problem("not_understood", "an appended change fits nothing in the wallet", record=record, detail=str(error))


def _replaces(change: electrum_file.Change, document: Any) -> bool:
    """Whether there is something at the place of a change."""
    for part in change.path:
        if isinstance(document, list) and part.isdecimal() and len(part) < 9 and int(part) < len(document):
            document = document[int(part)]
        elif isinstance(document, dict) and part in document:
            document = document[part]
        else:
            return False
    return change.op != "add" or not isinstance(document, list)


def _touched(wallet: Wallet, change: electrum_file.Change) -> Iterator[Entry]:
    member = change.path[0]
    for part in TOUCHED.get(member, (_secrets,) if member in wallet.keystores else ()):
        for key in _keys(wallet, change.path):
            yield from part(wallet, key)


def _keys(wallet: Wallet, path: tuple[str, ...]) -> Iterable[str]:
    """What a change is about: the address, transaction or entry; for a whole section all of them."""
    if len(path) > 2 and path[0] == "addresses" and path[2].isdecimal():
        address = wallet.section("addresses")[path[1]][int(path[2])]
        return [address] if isinstance(address, str) else []
    return [path[1]] if len(path) > 1 else list(wallet.section(path[0]))


def _parts(wallet: Wallet) -> Iterator[tuple[Part, str]]:
    known = electrum_history.known_transactions(wallet)
    yield from ((_own_address, address) for address in wallet.own)
    yield from ((_contact, key) for key in wallet.contacts)
    yield from ((_invoice, key) for key in wallet.section("invoices"))
    yield from ((_labelled, key) for key in wallet.section("labels"))
    yield from ((_transaction, txid) for txid in known)
    yield from ((_lightning, key) for key in wallet.section("lightning_payments"))
    yield _secrets, ""


def _own_address(wallet: Wallet, address: str) -> Iterator[Entry]:
    cells = wallet.own.get(address)
    if cells:
        history = wallet.section("addr_history").get(address)
        facts = cells["extra"] | {
            "transactions": len(history) if isinstance(history, list) and history else None,
            "frozen": address in wallet.frozen or None,
            "requests": wallet.requests.get(address),
            "invoices": wallet.invoices.get(address),
        }
        named = {"chain": wallet.chain, "label": label(wallet, address), "extra": _json(facts)}
        yield ADDRESSES, cells | named


def _contact(wallet: Wallet, key: str) -> Iterator[Entry]:
    if key not in wallet.contacts:
        return
    name = wallet.contacts[key]
    yield CONTACTS, {"app": wallet.software, "person_id": key, "name": name, "record": f"$.contacts.{key}"}
    address = addresses.read(key)
    if address:
        yield ADDRESSES, _foreign(wallet, key, "contact", f"$.contacts.{key}") | ({"label": name} if name else {})


def _invoice(wallet: Wallet, key: str) -> Iterator[Entry]:
    """What the owner was asked to pay, or meant to: the addresses of it. Whether it was paid, the transactions say."""
    invoice = as_object(wallet.section("invoices").get(key))
    for number, output in enumerate(as_list(invoice.get("outputs"))):
        address = output[1] if isinstance(output, list) and len(output) > 2 else None
        if isinstance(address, str) and addresses.read(address) and address not in wallet.mine:
            facts = {
                "invoice": key,
                "satoshi": output[2],
                "time": invoice.get("time"),
                "message": invoice.get("message"),
            }
            record = f"$.invoices.{key}.outputs[{number}]"
            yield ADDRESSES, _foreign(wallet, address, "counterparty", record) | {"extra": _json(facts)}


def _labelled(wallet: Wallet, key: str) -> Iterator[Entry]:
    """A label on an address that is neither own nor a contact."""
    if key not in wallet.own and key not in wallet.contacts and addresses.read(key):
        yield ADDRESSES, _foreign(wallet, key, "mentioned", f"$.labels.{key}")


def _foreign(wallet: Wallet, address: str, role: str, record: str) -> dict[str, Any]:
    known = addresses.read(address)
    networks = known.networks if known else ()
    chain = wallet.network if wallet.network in networks or not networks else networks[0]
    return {
        "chain": chain.chain,
        "address": address,
        "role": role,
        "label": label(wallet, address),
        "confidence": "stored",
        "record": record,
    }


def _transaction(wallet: Wallet, txid: str) -> Iterator[Entry]:
    if not electrum_history.is_known(wallet, txid):
        return
    movement = electrum_history.movement(wallet, txid)
    yield TRANSFERS, electrum_history.transfer(wallet, txid, movement)
    yield from ((ADDRESSES, row) for row in electrum_history.counterparties(wallet, txid, movement))


def _lightning(wallet: Wallet, key: str) -> Iterator[Entry]:
    row = electrum_history.lightning(wallet, key)
    if row:
        yield TRANSFERS, row


def _secrets(wallet: Wallet, _: str) -> Iterator[Entry]:
    yield from ((SECRETS, row) for row in electrum_secrets.in_clear(wallet))


def _requested(wallet: Wallet, key: str) -> Iterator[Entry]:
    """Own addresses that a payment request asks to pay to."""
    for address, requests in wallet.requests.items():
        if any(request["id"] == key for request in requests):
            yield from _own_address(wallet, address)


def _json(facts: dict[str, Any]) -> str | None:
    said = {name: value for name, value in facts.items() if value is not None}
    return json.dumps(said, ensure_ascii=False) if said else None


TOUCHED: dict[str, tuple[Part, ...]] = {
    "addresses": (_own_address,),
    "contacts": (_contact,),
    "invoices": (_invoice,),
    "labels": (_own_address, _contact, _labelled, _transaction, _lightning),
    "lightning_payments": (_lightning,),
    "lightning_xprv": (_secrets,),
    "payment_requests": (_requested,),
    "seed": (_secrets,),
    "transactions": (_transaction,),
    "tx_fees": (_transaction,),
    "txi": (_transaction,),
    "txo": (_transaction,),
    "verified_tx3": (_transaction,),
}
