"""What the records of a Bitcoin Core wallet say together: its chain, keys and addresses, address book, transactions."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from forensics import Problem
from forensics.coins import addresses, networks
from forensics.coins.derivation import Node
from forensics.coins.networks import Network

from . import core_descriptors
from . import core_records as records
from .core_descriptors import Ranged
from .core_records import Descriptor, Entry, KeyMeta

SOFTWARE = {
    "BTC": "Bitcoin Core",
    "LTC": "Litecoin Core",
    "DOGE": "Dogecoin Core",
    "networks.DASH": "Dash Core",
    "NMC": "Namecoin Core",
    "VTC": "Vertcoin Core",
    "ZEC": "zcashd",
}
FOLDERS = {  # part of a path, in the order they are looked for -> network
    "litecoin/testnet4": networks.LITECOIN_TESTNET,
    "testnet3": networks.BITCOIN_TESTNET,
    "testnet4": networks.BITCOIN_TESTNET,
    "signet": networks.BITCOIN_SIGNET,
    "regtest": networks.BITCOIN_REGTEST,
    "litecoin": networks.LITECOIN,
    "dogecoin": networks.DOGECOIN,
    "dashcore": networks.DASH,
    "zcash": networks.ZCASH,
    "namecoin": networks.NAMECOIN,
    "vertcoin": networks.VERTCOIN,
}
METHODS = {0: "SHA-512, iterated", 1: "scrypt"}
PRIVATE_KEYS_DISABLED = 1 << 32
ASSUMED = "assumed"
MOST_DERIVED = 5_000  # addresses of one wallet; each takes some milliseconds
KEYED = ("key", "wkey", "ckey")


class CoreWallet:
    """The records of one wallet. `place`: path in the evidence. `network`: the chain, where the container states it.

    `problems` (each once, in order) grows while records are read: a record that is not what its type says costs only itself.
    """

    def __init__(self, entries: Iterable[Entry], place: str, container: str, network: Network | None = None):
        self.place = place.lower()
        self.container = container
        self.stated_network = network
        self.problems: dict[Problem, None] = {}
        self.by_type: dict[str, list[Entry]] = {}
        for entry in entries:
            self.by_type.setdefault(entry.type, []).append(entry)

    def of(self, *types: str) -> list[Entry]:
        """Records of these types, in the order of the file."""
        return [entry for name in types for entry in self.by_type.get(name, ())]

    def read(self, entry: Entry, reader: Callable[..., Any], *values: Any) -> Any:
        """What a record says; None, and a problem, when it is not what its type says."""
        try:
            return reader(*values)
        except ValueError as error:
            message = f"a record {entry.type!r} is not as expected"
            self.problems[Problem("not_understood", message, record=entry.record, detail=str(error))] = None
            return None

    def counts(self) -> dict[str, int]:
        """Records of each type that the wallet holds now."""
        live = Counter(e.type for group in self.by_type.values() for e in group if e.state in ("live", "wal"))
        return dict(sorted(live.items()))

    @property
    def network(self) -> Network:
        return self._network[0]

    @property
    def network_from(self) -> str:
        return self._network[1]

    @cached_property
    def _network(self) -> tuple[Network, str]:
        """The chain, and what tells it: start bytes in the file, the first block, an address, a descriptor, the path."""
        if self.stated_network:
            return self.stated_network, "application id"
        if self.blocks and self.blocks[-1] in networks.BY_GENESIS:
            return networks.BY_GENESIS[self.blocks[-1]], "first block"
        for address in self.book:
            known = addresses.read(address)
            if known:
                return known.networks[0], "addresses"
        if any("tpub" in d.text for _, d in self.descriptors):
            return networks.BITCOIN_TESTNET, "descriptors"
        hinted = [network for part, network in FOLDERS.items() if part in self.place]
        return (hinted[0], "path") if hinted else (networks.BITCOIN, ASSUMED)

    @cached_property
    def blocks(self) -> list[str]:
        """Blocks that the wallet knew, from the newest back to the first of the chain."""
        located = [self.read(e, records.locator, e.value) for e in self.of("bestblock_nomerkle", "bestblock")]
        return next((blocks for blocks in located if blocks), [])

    @cached_property
    def metas(self) -> dict[bytes, KeyMeta]:
        found = {}
        for entry in self.of("keymeta"):
            public, meta = self.read(entry, _vector, entry.tail), self.read(entry, records.key_meta, entry.value)
            if public and meta:
                found[public] = meta
        return found

    @cached_property
    def pool(self) -> dict[bytes, int]:
        """Keys made in advance, by public key: their index."""
        read = [self.read(entry, records.pool_key, entry.tail, entry.value) for entry in self.of("pool")]
        return {key.public_key: key.number for key in read if key}

    @cached_property
    def book(self) -> dict[str, dict[str, Any]]:
        """The address book: label, purpose and further data by address, and the record that has them."""
        found: dict[str, dict[str, Any]] = {}
        for entry in self.of("name", "purpose"):
            pair = self.read(entry, records.text_pair, entry)
            if pair and entry.state in ("live", "wal"):
                found.setdefault(pair[0], {"record": entry.record, "state": entry.state})[entry.type] = pair[1]
        return found

    @cached_property
    def replaced_book(self) -> list[tuple[str, dict[str, Any]]]:
        """Entries of the address book that are no longer in it, but still in the file or its journal."""
        found = []
        for entry in self.of("name", "purpose"):
            pair = self.read(entry, records.text_pair, entry)
            if pair and entry.state not in ("live", "wal"):
                found.append((pair[0], {"record": entry.record, "state": entry.state, entry.type: pair[1]}))
        return found

    @cached_property
    def descriptors(self) -> list[tuple[Entry, Descriptor]]:
        read = [(e, self.read(e, records.descriptor, e.value)) for e in self.of("walletdescriptor")]
        return [(entry, found) for entry, found in read if found]

    @cached_property
    def followed(self) -> list[tuple[Entry, Ranged]]:
        """Descriptors whose addresses can be derived."""
        read = [
            (entry, self.read(entry, core_descriptors.ranged, descriptor, self.parents.get(entry.tail)))
            for entry, descriptor in self.descriptors
        ]
        return [(entry, found) for entry, found in read if found]

    @cached_property
    def parents(self) -> dict[bytes, Node]:
        """The keys at the ends of the descriptors' paths, by id of the descriptor. Longer keys cache single indexes."""
        entries = [entry for entry in self.of("walletdescriptorcache") if len(entry.tail) == 36]
        read = [(entry, self.read(entry, core_descriptors.cached_parent, entry.value)) for entry in entries]
        return {entry.tail[:32]: parent for entry, parent in read if parent}

    @cached_property
    def complete(self) -> bool:
        """Whether every address of the wallet is known."""
        return len(self.followed) == len(self.of("walletdescriptor"))

    @cached_property
    def derived(self) -> dict[str, dict[str, Any]]:
        """Addresses that follow from the descriptors: address -> cells of its row."""
        internal = {entry.value for entry in self.of("activeinternalspk")}
        found: dict[str, dict[str, Any]] = {}
        for entry, ranged in self.followed:
            change = entry.tail in internal or ranged.path.endswith("/1")
            for index in ranged.indexes(MOST_DERIVED - len(found)):
                cells = self.read(entry, self._derived_row, entry, ranged, index)
                if cells and cells["address"]:
                    found.setdefault(cells["address"], cells | {"role": "change" if change else "own"})
        if len(found) >= MOST_DERIVED:
            message = f"of the addresses that the descriptors give, {MOST_DERIVED:,} were derived"
            self.problems[Problem("limit", message, record="main")] = None
        return found

    def _derived_row(self, entry: Entry, ranged: Ranged, index: int) -> dict[str, Any]:
        address, public = ranged.address(index, self.network)
        facts = self.book.get(address or "", {})
        ahead = index >= ranged.next_index or None
        return {
            "chain": self.network.chain,
            "address": address,
            "label": facts.get("name") or None,
            "derivation": f"{ranged.path}/{index}",
            "public_key": public.hex(),
            "confidence": "derived",
            "extra": as_json(
                {"lookahead": ahead, "purpose": facts.get("purpose"), "data": self.data.get(address or "")}
            ),
            "record": f"{entry.record}, index {index}",
            "state": entry.state,
        }

    @cached_property
    def public_keys(self) -> list[tuple[Entry, bytes]]:
        """Public keys with a private key in the wallet, encrypted or not."""
        read = [(entry, self.read(entry, _public_key, entry.tail)) for entry in self.of(*KEYED)]
        return [(entry, public) for entry, public in read if public]

    @cached_property
    def scripts(self) -> dict[str, bytes]:
        """Address -> public key, in each form that a wallet takes payments in."""
        forms = (addresses.p2pkh, addresses.p2wpkh, addresses.p2sh_p2wpkh)
        return {
            text: public for _, public in self.public_keys for form in forms if (text := form(public, self.network))
        }

    @cached_property
    def own(self) -> set[str]:
        """Addresses known to be the wallet's: of its keys, of its scripts, and those its book calls its own."""
        received = {address for address, facts in self.book.items() if facts.get("purpose") == "receive"}
        scripts = {row["address"] for row in self._script_rows()}
        return self.scripts.keys() | self.derived.keys() | received | scripts

    def address_rows(self) -> Iterator[dict[str, Any]]:
        """One row a key (its classic address) or index of a descriptor, then what else scripts and address book add."""
        rows = [self._key_row(entry, public) for entry, public in self.public_keys]
        given: set[str] = set()
        for row in (*rows, *self.derived.values(), *self._script_rows()):
            if row["address"] not in given or row["state"] not in ("live", "wal"):
                given.add(row["address"])
                yield row
        for address, facts in self.book.items():
            if address not in given:
                yield self._book_row(address, facts)
        yield from (self._book_row(address, facts) for address, facts in self.replaced_book)

    def _key_row(self, entry: Entry, public: bytes) -> dict[str, Any]:
        meta = self.metas.get(public, KeyMeta(None, None))
        address = addresses.p2pkh(public, self.network)
        forms = [addresses.p2wpkh(public, self.network), addresses.p2sh_p2wpkh(public, self.network)]
        facts = self.book.get(address, {})
        extra: dict[str, Any] = {"pool_index": self.pool.get(public), "lookahead": public in self.pool or None}
        extra |= {"same_key": [form for form in forms if form] or None, "purpose": facts.get("purpose")}
        return {
            "chain": self.network.chain,
            "address": address,
            "role": "own",
            "label": facts.get("name") or None,
            "derivation": meta.path,
            "public_key": public.hex(),
            "created_at": meta.created_at,
            "confidence": "derived" if self.network_from != ASSUMED else "derived, chain assumed",
            "extra": as_json(extra | {"data": self.data.get(address)}),
            "record": entry.record,
            "state": entry.state,
        }

    def _script_rows(self) -> Iterator[dict[str, Any]]:
        """Watched scripts, and scripts of several keys that the wallet was told of."""
        for entry in self.of("watchs", "cscript"):
            script = self.read(entry, _vector, entry.tail if entry.type == "watchs" else entry.value)
            if not script:
                continue
            watched = entry.type == "watchs"
            address = addresses.from_script(script, self.network) if watched else addresses.p2sh(script, self.network)
            if address:
                yield {
                    "chain": self.network.chain,
                    "address": address,
                    "role": "watch" if watched else "own",
                    "label": self.book.get(address, {}).get("name") or None,
                    "confidence": "derived",
                    "extra": as_json({"script": script.hex()}),
                    "record": entry.record,
                    "state": entry.state,
                }

    def _book_row(self, address: str, facts: dict[str, Any]) -> dict[str, Any]:
        """An entry of the address book. Without a purpose (before 0.9) it is the wallet's own when it has the key."""
        public = self.scripts.get(address)
        mine = facts.get("purpose") == "receive" or public is not None
        meta = self.metas.get(public, KeyMeta(None, None)) if public else KeyMeta(None, None)
        return {
            "chain": self.network.chain,
            "address": address,
            "role": "own" if mine else "contact",
            "label": facts.get("name") or None,
            "derivation": meta.path,
            "public_key": public.hex() if public else None,
            "created_at": meta.created_at,
            "confidence": "stored",
            "extra": as_json({"purpose": facts.get("purpose"), "data": self.data.get(address)}),
            "record": facts["record"],
            "state": facts["state"],
        }

    @cached_property
    def data(self) -> dict[str, dict[str, str]]:
        """Further data of addresses (`destdata`): payment requests as hexadecimal, marks of use."""
        found: dict[str, dict[str, str]] = {}
        for entry in self.of("destdata"):
            read = self.read(entry, _destdata, entry)
            if read:
                found.setdefault(read[0], {})[read[1]] = read[2]
        return found


def _destdata(entry: Entry) -> tuple[str, str, str]:
    tail = records.Reader(entry.tail)
    value = _vector(entry.value)
    shown = value.decode("ascii") if value.isascii() and value.decode("ascii").isprintable() else value.hex()
    return tail.string(), tail.string(), shown


def _vector(data: bytes) -> bytes:
    return records.Reader(data).vector()


def _public_key(tail: bytes) -> bytes:
    public = _vector(tail)
    if not addresses.is_public_key(public):
        raise ValueError(f"{public[:70].hex()} is no public key")
    return public


def as_json(facts: dict[str, Any]) -> str | None:
    """Facts as JSON text without those that are not set; None when nothing is left."""
    said = {name: value for name, value in facts.items() if value is not None}
    return json.dumps(said, ensure_ascii=False) if said else None
