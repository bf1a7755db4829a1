"""Bitcoin Core and the wallets that grew from it (Litecoin Core, Dogecoin Core, Dash Core ...): `wallet.dat`."""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.coins.networks import BITCOIN, BITCOIN_REGTEST, BITCOIN_SIGNET, BITCOIN_TESTNET

from . import core_records, core_rows
from .berkeley_db import BerkeleyDb, Damaged
from .core_records import Entry
from .core_wallet import CoreWallet

MAIN = b"main"
ASKED = 200  # records that a test looks at
APPLICATION_ID = {
    0xF9BEB4D9: BITCOIN,
    0x0B110907: BITCOIN_TESTNET,
    0x0A03CF40: BITCOIN_SIGNET,
    0xFABFB5DA: BITCOIN_REGTEST,
}
SELECT = "SELECT key, value, rowid AS row FROM main ORDER BY rowid"


def is_berkeley_wallet(file: File) -> bool:
    """A Berkeley DB with a database `main` whose first records are a wallet's."""
    try:
        with file.open() as stream:
            return _has_wallet_keys(record.key for record in BerkeleyDb(stream).records(MAIN))
    except (Damaged, OSError):
        return False


def is_descriptor_wallet(file: File) -> bool:
    """A table `main` of keys and values, and the first keys are a wallet's: another app's table of that name is not."""
    try:
        with file.sqlite() as db:
            return db.has(main=["key", "value"]) and _has_wallet_keys(row["key"] for row in db.execute(SELECT))
    except sqlite3.DatabaseError:
        return False


def _has_wallet_keys(keys: Iterator[Any]) -> bool:
    return any(isinstance(key, bytes) and _type(key) in core_records.KNOWN for key in islice(keys, ASKED))


def _type(key: bytes) -> str | None:
    try:
        return core_records.split(key)[0]
    except ValueError:
        return None


@parser("bitcoin_core.berkeleydb", files=["wallet.dat"], magic=["application/x-berkeley-db"], test=is_berkeley_wallet)
def berkeleydb(file: File) -> Iterator[Any]:
    """Bitcoin Core wallet.dat in Berkeley DB, and forks.

    Reads: records of the database main, on overflow pages as well, in either byte order; records marked as deleted come with
    state unallocated. One address a key (the classic one; its SegWit forms are in extra.same_key), address book, watched
    scripts, transactions with their times, private keys in the clear (masked). The chain is told by the first block that the
    wallet knew, else by addresses, else by the path. Times are Unix seconds, UTC.

    Not read: encrypted keys; old rows in the slack of pages; the logs in the folder database; accounts of before 0.18;
    shielded (Zcash) and private (PIVX) records; transactions of forks that are not laid out as Bitcoin's.

    Seen on: Bitcoin Core 0.9.1, Litecoin Core 0.18.1, both encrypted and without transactions. Records tx, key, watchs and
    cscript and big endian files were only read from files made for the tests.

    Source: bitcoin/bitcoin, src/wallet/walletdb.cpp and transaction.h; Berkeley DB, dbinc/db_page.h.

    Tier: proven
    """
    with file.open() as stream:
        try:
            database = BerkeleyDb(stream)
        except Damaged as error:
            yield Problem("damaged", f"not readable as Berkeley DB: {error}", record="offset 0x0")
            return
        if database.encrypted:
            yield Problem("encrypted", "the pages of this Berkeley DB are encrypted", record="offset 0x18")
            return
        records = database.records(MAIN)
        found = [(r.key, r.value, f"offset 0x{r.offset:x}", "unallocated" if r.deleted else "live") for r in records]
    yield from _rows(found, file, "Berkeley DB")
    yield from database.problems


@parser("bitcoin_core.descriptor", files=["wallet.dat"], magic=["application/vnd.sqlite3"], test=is_descriptor_wallet)
def descriptor(file: File) -> Iterator[Any]:
    """Bitcoin Core descriptor wallet (SQLite).

    Reads: table main. Descriptors with their public keys and ranges (in wallets.extra); the addresses that follow from pkh,
    sh(wpkh), wpkh and tr of one key, as far as they were handed out and twenty further (extra.lookahead); address book,
    transactions with their times and outputs, private keys in the clear (masked). Times are Unix seconds, UTC.

    Not read: encrypted keys; addresses of other descriptors: where there are any, the amount of a transaction stays empty.

    Seen on: Bitcoin Core 0.21.1, encrypted and without transactions. Records tx and walletdescriptorkey were only read from
    files made for the tests.

    Source: bitcoin/bitcoin, src/wallet/walletdb.cpp, sqlite.cpp and transaction.h.

    Tier: proven
    """
    with file.sqlite() as db:
        found = [(row["key"], row["value"], f"main/rowid={row['row']}", row["state"]) for row in db.execute(SELECT)]
    yield from _rows(found, file, "SQLite")


def _rows(found: list[tuple[Any, Any, str, str]], file: File, container: str) -> Iterator[Any]:
    entries = []
    for key, value, record, state in found:
        try:
            entries.append(Entry(*core_records.split(key), bytes(value), record, state))
        except (ValueError, TypeError) as error:
            yield Problem("not_understood", "a record that is none of a wallet's", record=record, detail=str(error))
    network = APPLICATION_ID.get(int.from_bytes(file.head[68:72], "big")) if container == "SQLite" else None
    yield from core_rows.rows(CoreWallet(entries, file.path, container, network), file)


@hookimpl
def forensics_parsers():
    return [berkeleydb, descriptor]
