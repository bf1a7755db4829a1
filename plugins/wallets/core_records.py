"""The record language of Bitcoin Core's wallet, the same in Berkeley DB and in SQLite.

A key is the name of its record type (a length-prefixed string) and further parts; integers are little endian, strings and
byte vectors have their length before them. Source: `walletdb.cpp`, `walletdb.h`, `crypter.h` and `transaction.h` of Bitcoin
Core, versions 0.8 to 28.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from forensics.coins import transactions
from forensics.coins.digests import sha256d
from forensics.coins.transactions import Transaction
from forensics.coins.wire import Reader

KNOWN = frozenset(
    """
    acc acentry bestblock bestblock_nomerkle cscript defaultkey destdata flags hdchain lastopenedfeatures lockedutxo
    minversion name orderposnext pool purpose setting settings tx version watchmeta watchs
    key wkey ckey mkey keymeta
    walletdescriptor walletdescriptorkey walletdescriptorckey walletdescriptorcache walletdescriptorlhcache
    activeexternalspk activeinternalspk
    chdchain hdpubkey chdseed hdseed zkey czkey zkeymeta sapzkey csapzkey sapzkeymeta
    """.split()  # noqa: SIM905  # read by people
)
NO_BLOCK, ABANDONED = "00" * 32, "00" * 31 + "01"
PRIVATE_MARK = b"\x02\x01\x01\x04\x20"  # DER: version 1, then an octet string of 32 bytes


class Entry(NamedTuple):
    """One record: type, what follows the type in its key, value, place in the file, state."""

    type: str
    tail: bytes
    value: bytes
    record: str
    state: str


class KeyMeta(NamedTuple):
    """When a key was made (Unix seconds; None when unknown) and its path from the seed."""

    created_at: int | None
    path: str | None


class MasterKey(NamedTuple):
    """How the key of the wallet is made from its password."""

    salt: bytes
    method: int
    iterations: int


class PoolKey(NamedTuple):
    """A key made in advance and not handed out yet."""

    number: int
    public_key: bytes


class Descriptor(NamedTuple):
    """What a descriptor wallet derives its addresses from: the descriptor, its creation time and the indexes in use."""

    text: str
    created_at: int
    next_index: int
    range_start: int
    range_end: int


@dataclass(frozen=True)
class PrivateKey:
    """A private key in the clear. `sound`: whether the stored digest fits; None when there is none."""

    secret: bytes | None
    sound: bool | None


@dataclass(frozen=True)
class WalletTx:
    """A transaction as the wallet keeps it. `values`: what was noted with it (`comment`, `to`, `timesmart` ...)."""

    transaction: Transaction
    block: str
    index: int
    values: dict[str, str] = field(default_factory=dict)
    order_form: tuple[tuple[str, str], ...] = ()
    received_at: int = 0
    from_me: bool = False

    @property
    def status(self) -> str:
        if self.block == ABANDONED:
            return "abandoned"
        if self.block == NO_BLOCK:
            return "unconfirmed"
        return "conflicted" if self.index == -1 else "confirmed"

    @property
    def time(self) -> int:
        """The time the application shows: `timesmart` where it is kept, else when the wallet first saw it."""
        smart = self.values.get("timesmart", "")
        return int(smart) if smart.isdecimal() and len(smart) < 12 else self.received_at


def split(key: bytes) -> tuple[str, bytes]:
    """Record type and the rest of a key. ValueError when it has none."""
    reader = Reader(key)
    name = reader.vector()
    if not name or not name.isascii() or len(name) > 64:
        raise ValueError("a key without a record type")
    return name.decode("ascii"), key[reader.at :]


def key_meta(value: bytes) -> KeyMeta:
    reader = Reader(value)
    version, created = reader.number("i"), reader.number("q")
    path = reader.string() if version >= 10 and reader.left else None
    return KeyMeta(created if created > 1 else None, path or None)


def master_key(value: bytes) -> MasterKey:
    reader = Reader(value)
    reader.vector()
    return MasterKey(reader.vector(), reader.number("I"), reader.number("I"))


def pool_key(tail: bytes, value: bytes) -> PoolKey:
    reader = Reader(value, at=12)  # behind version and time
    return PoolKey(Reader(tail).number("q"), reader.vector())


def descriptor(value: bytes) -> Descriptor:
    reader = Reader(value)
    return Descriptor(reader.string(), reader.number("Q"), reader.number("i"), reader.number("i"), reader.number("i"))


def locator(value: bytes) -> list[str]:
    """Hashes of blocks from the newest that the wallet knew back to the first of the chain."""
    reader = Reader(value)
    reader.number("i")
    return [reader.hash() for _ in range(reader.count(32))]


def private_key(public_key: bytes, value: bytes, digest: bool = True) -> PrivateKey:
    """A private key in DER, and in the records `key` and `walletdescriptorkey`, since 0.8, a digest over both keys."""
    reader = Reader(value)
    der = reader.vector()
    mark = der.find(PRIVATE_MARK, 0, 16)
    secret = der[mark + 5 : mark + 37] if mark >= 0 else None
    sound = reader.take(32) == sha256d(public_key + der) if digest and reader.left >= 32 else None
    return PrivateKey(secret if secret and len(secret) == 32 else None, sound)


def wallet_tx(value: bytes) -> WalletTx:
    """A record `tx`. Between transaction and values stand the remains of older layouts: a Merkle branch, and transactions
    that lead to this one (before 0.3.20)."""
    reader = Reader(value)
    transaction, block, index = _in_block(reader)
    for _ in range(reader.count(100)):
        _in_block(reader)
    values = {reader.string(): reader.string() for _ in range(reader.count(2))}
    form = tuple((reader.string(), reader.string()) for _ in range(reader.count(2)))
    reader.number("I")
    received, from_me = reader.number("I"), reader.number("B")
    return WalletTx(transaction, block, index, values, form, received, bool(from_me))


def _in_block(reader: Reader) -> tuple[Transaction, str, int]:
    transaction, block = transactions.read_from(reader), reader.hash()
    for _ in range(reader.count(32)):
        reader.hash()
    return transaction, block, reader.number("i")


def text_pair(entry: Entry) -> tuple[str, str]:
    """A record whose key and value are strings: `name`, `purpose`."""
    return Reader(entry.tail).string(), Reader(entry.value).string()


def number(value: bytes) -> Any:
    """A record that is one integer of 4 or 8 bytes."""
    return int.from_bytes(value, "little", signed=len(value) == 4)
