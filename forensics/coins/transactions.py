"""Raw transactions of Bitcoin and the chains that kept its format.

Source: the Bitcoin developer reference, "Raw transaction format"; BIP 144 for the witness. Not read: the MimbleWimble
part of Litecoin and the special payloads of Dash and Zcash: such a transaction raises ValueError, not half an answer.
"""

from dataclasses import dataclass

from forensics.coins.digests import sha256d
from forensics.coins.wire import Reader

NO_OUTPUT = "00" * 32  # a coinbase spends nothing


@dataclass(frozen=True)
class Input:
    """What is spent: output `index` of transaction `txid`, with the script and witness that unlock it."""

    txid: str
    index: int
    script: bytes
    sequence: int
    witness: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Output:
    """What is paid: an amount in the smallest unit (satoshi) and the script it is locked to."""

    value: int
    script: bytes


@dataclass(frozen=True)
class Transaction:
    """A transaction. `txid` is in display order, `size` the number of bytes it took."""

    txid: str
    version: int
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    locktime: int
    size: int

    @property
    def coinbase(self) -> bool:
        return len(self.inputs) == 1 and self.inputs[0].txid == NO_OUTPUT


def read(data: bytes) -> Transaction:
    """The transaction that is these bytes and nothing more. ValueError when they are not one."""
    reader = Reader(data)
    transaction = read_from(reader)
    if reader.left:
        raise ValueError(f"{reader.left} bytes after the transaction")
    return transaction


def read_from(reader: Reader) -> Transaction:
    """The transaction a reader stands at; the reader is left behind it. ValueError when there is none."""
    start = reader.at
    version = reader.number("i")
    witness = _skip_witness_mark(reader)
    body = reader.at
    inputs = [_input(reader) for _ in range(reader.count(41))]
    outputs = [Output(reader.number("q"), reader.vector()) for _ in range(reader.count(9))]
    core = reader.data[start : start + 4] + reader.data[body : reader.at]
    if witness:
        inputs = [_with_witness(spent, reader) for spent in inputs]
    locktime = reader.take(4)
    return Transaction(
        txid=sha256d(core + locktime)[::-1].hex(),
        version=version,
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        locktime=int.from_bytes(locktime, "little"),
        size=reader.at - start,
    )


def _skip_witness_mark(reader: Reader) -> bool:
    """BIP 144: a zero where the number of inputs would be, then the flag 1."""
    if reader.data[reader.at : reader.at + 1] != b"\0":
        return False
    if reader.data[reader.at + 1 : reader.at + 2] != b"\1":
        raise ValueError("neither inputs nor a known witness flag")
    reader.take(2)
    return True


def _input(reader: Reader) -> Input:
    return Input(reader.hash(), reader.number("I"), reader.vector(), reader.number("I"))


def _with_witness(spent: Input, reader: Reader) -> Input:
    witness = tuple(reader.vector() for _ in range(reader.count(1)))
    return Input(spent.txid, spent.index, spent.script, spent.sequence, witness)
