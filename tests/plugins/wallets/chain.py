"""Raw transactions made from a readable description: what is spent, who is paid."""

import struct

from forensics.coins import addresses
from forensics.coins.digests import sha256d


def script(address):
    """The output script of an address."""
    known = addresses.read(address)
    if known.kind == "p2pkh":
        return b"\x76\xa9\x14" + known.payload + b"\x88\xac"
    if known.kind == "p2sh":
        return b"\xa9\x14" + known.payload + b"\x87"
    version = 0x51 if known.kind == "p2tr" else 0
    return bytes([version, len(known.payload)]) + known.payload


def transaction(spends, pays):
    """Id and bytes of a transaction. `spends`: [(txid, index)]; `pays`: [(address, satoshi)]."""
    inputs = b"".join(bytes.fromhex(txid)[::-1] + struct.pack("<IBI", n, 0, 0xFFFFFFFF) for txid, n in spends)
    outputs = b"".join(struct.pack("<q", value) + string(script(address)) for address, value in pays)
    raw = struct.pack("<i", 2) + size(len(spends)) + inputs + size(len(pays)) + outputs + bytes(4)
    return sha256d(raw)[::-1].hex(), raw


def size(number):
    """A compact size."""
    return bytes([number]) if number < 0xFD else b"\xfd" + struct.pack("<H", number)


def string(data):
    """Bytes, or text, with their length before them."""
    data = data.encode() if isinstance(data, str) else data
    return size(len(data)) + data
