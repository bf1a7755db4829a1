"""Bitcoin Core on the laptop: a descriptor wallet that only watches, with one payment received.

The file is SQLite with one table of serialised keys and values. Source of the records: src/wallet/walletdb.cpp of
Bitcoin Core; a transaction is stored as CWalletTx (src/wallet/transaction.h).
"""

import hashlib
import sqlite3
import struct

from .coins import XPUB, Transaction, compact, compressed, descriptor_checksum, sized
from .money import COLD, HARIS, PAYMENTS, Payment, cold
from .people import LAPTOP_USER
from .sqlite_file import Layout, main_file, snapshot

PATH = f"Users/{LAPTOP_USER}/AppData/Roaming/Bitcoin/wallets/main/wallet.dat"
MAIN_NETWORK = 0xF9BEB4D9
WATCH_ONLY_DESCRIPTORS = 1 << 34 | 1 << 32
CREATED = 1_756_807_200
BECH32 = 2
VERSION = 169_900


def files() -> dict[str, bytes]:
    return {PATH: wallet()}


def descriptor(branch: int) -> str:
    text = f"wpkh([{COLD.parent.hex()}/84h/0h/0h]{COLD.serialised(XPUB)}/{branch}/*)"
    return f"{text}#{descriptor_checksum(text)}"


def descriptor_id(branch: int) -> bytes:
    return hashlib.sha256(descriptor(branch).encode()).digest()


def wallet() -> bytes:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE main(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)")
    db.execute(f"PRAGMA application_id = {MAIN_NETWORK - (1 << 32)}")
    db.executemany("INSERT INTO main VALUES (?, ?)", records())
    return main_file(snapshot(db, Layout()))


def records() -> list[tuple[bytes, bytes]]:
    (received,) = (payment for payment in PAYMENTS if payment.name == "cold")
    block = bytes.fromhex(received.block_hash)[::-1]
    found = [
        (key("minversion"), struct.pack("<i", VERSION)),
        (key("flags"), struct.pack("<Q", WATCH_ONLY_DESCRIPTORS)),
        (key("bestblock"), struct.pack("<i", VERSION) + compact(0)),
        (key("bestblock_nomerkle"), struct.pack("<i", VERSION) + compact(1) + block),
        (key("orderposnext"), struct.pack("<q", 1)),
        (key("name", cold(0)), sized(b"hladni 1")),
        (key("purpose", cold(0)), sized(b"receive")),
        (key("name", HARIS), sized(b"H.")),
        (key("purpose", HARIS), sized(b"send")),
        (key("tx") + bytes.fromhex(received.transaction.txid)[::-1], wallet_transaction(received)),
    ]
    for branch, use in enumerate(("activeexternalspk", "activeinternalspk")):
        found.append((key(use) + bytes([BECH32]), descriptor_id(branch)))
        found += descriptor_records(branch, next_index=1 - branch)
    return found


def key(name: str, *strings: str) -> bytes:
    return sized(name.encode()) + b"".join(sized(text.encode()) for text in strings)


def descriptor_records(branch: int, next_index: int) -> list[tuple[bytes, bytes]]:
    identity = descriptor_id(branch)
    stored = sized(descriptor(branch).encode()) + struct.pack("<Qiii", CREATED, next_index, 0, 1000)
    parent = struct.pack(">B4sI", COLD.depth, COLD.parent, COLD.index) + COLD.chain_code + compressed(COLD.point)
    return [
        (key("walletdescriptor") + identity, stored),
        (key("walletdescriptorcache") + identity + struct.pack("<I", 0), sized(parent)),
    ]


def wallet_transaction(payment: Payment) -> bytes:
    transaction: Transaction = payment.transaction
    confirmed = int(payment.confirmed_at.timestamp())
    said = {"comment": "od M.", "n": "0", "timesmart": str(confirmed)}
    values = compact(len(said)) + b"".join(sized(name.encode()) + sized(text.encode()) for name, text in said.items())
    block = bytes.fromhex(payment.block_hash)[::-1] + compact(0) + struct.pack("<i", payment.position) + compact(0)
    received = struct.pack("<II", 0, confirmed + 41)
    return transaction.raw() + block + values + compact(0) + received + b"\x00\x00"
