"""Records of a Bitcoin Core wallet from readable values; containers for them: Berkeley DB, SQLite."""

import sqlite3
import struct

from forensics.coins.digests import sha256d

from . import bdb
from .chain import size, string

MAIN = 0xF9BEB4D9


def record(kind, *tail, value=b""):
    return string(kind) + b"".join(tail), value


def name(address, label):
    return record("name", string(address), value=string(label))


def purpose(address, text):
    return record("purpose", string(address), value=string(text))


def der(secret):
    """A private key as OpenSSL wrote it; the parameters of the curve behind it are not read."""
    return b"\x30\x81\xd3\x02\x01\x01\x04\x20" + secret + b"\xa0\x81\x85" + bytes(40)


def key(public, secret, kind="key", tail=b""):
    private = der(secret)
    return record(kind, tail, string(public), value=string(private) + sha256d(public + private))


def keymeta(public, created, path="", version=10):
    value = struct.pack("<iq", version, created) + string(path) + bytes(20)
    return record("keymeta", string(public), value=value)


def pool(index, public, created=0):
    return record("pool", struct.pack("<q", index), value=struct.pack("<iq", 1, created) + string(public))


def mkey(salt, iterations):
    value = string(bytes(48)) + string(salt) + struct.pack("<II", 0, iterations) + string(b"")
    return record("mkey", struct.pack("<I", 1), value=value)


def locator(*blocks):
    hashes = b"".join(bytes.fromhex(block)[::-1] for block in blocks)
    return record("bestblock_nomerkle", value=struct.pack("<i", 70015) + size(len(blocks)) + hashes)


def tx(txid, raw, block="00" * 32, index=0, received=0, from_me=False, branch=(), **values):
    """As `CWalletTx` is laid out: transaction, block, Merkle branch, index, earlier transactions, values, form, flags."""
    noted = size(len(values)) + b"".join(string(name) + string(value) for name, value in sorted(values.items()))
    merkle = size(len(branch)) + b"".join(branch)
    placed = raw + bytes.fromhex(block)[::-1] + merkle + struct.pack("<i", index)
    value = placed + size(0) + noted + size(0) + struct.pack("<IIBB", 1, received, from_me, 0)
    return record("tx", bytes.fromhex(txid)[::-1], value=value)


def descriptor(identity, text, created, next_index=0, end=1000):
    return record("walletdescriptor", identity, value=string(text) + struct.pack("<Qiii", created, next_index, 0, end))


def parent(identity, node):
    """The key at the end of a descriptor's path: depth, parent and index (not read), chain code, public key."""
    return record(
        "walletdescriptorcache", identity, bytes(4), value=string(bytes(9) + node.chain_code + node.public_key)
    )


def berkeleydb(records, order="<"):
    """`wallet.dat` as Core wrote it until 22."""
    return bdb.file(sorted(records), order, page_size=4096)


def sqlite(records, application_id=MAIN):
    """`wallet.dat` of a descriptor wallet."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE main (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)")
    connection.execute(
        f"PRAGMA application_id = {application_id - (1 << 32) if application_id >> 31 else application_id}"
    )
    connection.executemany("INSERT INTO main VALUES (?, ?)", records)
    connection.commit()
    return bytes(connection.serialize())
