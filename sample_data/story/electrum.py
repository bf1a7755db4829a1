"""Electrum on the laptop: three wallets, the program's settings, and a history exported from the first wallet."""

import hashlib
import json
from base64 import b64encode
from typing import Any

from .coins import ZPUB, Input, Output, compressed, outside_address, point_from, program_of
from .money import CHANGE_LIMIT, ELECTRUM, HARIS, PAYMENTS, RECEIVING_LIMIT, Payment, change, receiving
from .people import LAPTOP_USER
from .script import belgrade
from .seed import draw

FOLDER = f"Users/{LAPTOP_USER}/AppData/Roaming/Electrum/"
SEED_VERSION, FIRST_USED, CREATED = 57, "4.5.2", 1_756_720_800
REQUESTS = (
    ("R. I deo", receiving(0), 1_250_000, 1_760_356_080),
    ("R. II deo", receiving(1), 2_000_000, 1_761_067_200),
    ("R. kuća", receiving(2), 850_000, 1_761_595_500),
)
WATCHED = tuple(outside_address(f"watched {number}") for number in range(3))

Json = dict[str, Any]


def files() -> dict[str, bytes]:
    return {
        FOLDER + "wallets/default_wallet": dump(main_wallet()),
        FOLDER + "wallets/rezerva": dump(watching_wallet()) + patches(),
        FOLDER + "wallets/stari": encrypted_file(),
        FOLDER + "config": dump(settings()),
        f"Users/{LAPTOP_USER}/Documents/electrum-history.csv": history_export(),
    }


def dump(document: Json) -> bytes:
    return json.dumps(document, indent=4, sort_keys=True).encode()


def main_wallet() -> Json:
    """A wallet whose seed and private key are encrypted, and everything else readable.

    The two ciphertexts are random bytes of the right length: no password opens them, as there is no key inside.
    """
    return {
        "addr_history": {address: history(address) for address in own_addresses()},
        "addresses": {
            "change": [change(index) for index in range(CHANGE_LIMIT)],
            "receiving": [receiving(index) for index in range(RECEIVING_LIMIT)],
        },
        "contacts": {HARIS: ["address", "H. Bihać"]},
        "db_metadata": {"creation_timestamp": CREATED, "first_electrum_version_used": FIRST_USED},
        "fiat_value": {},
        "frozen_coins": {},
        "invoices": {"c1f0b7a2d4": invoice()},
        "keystore": {
            "derivation": "m/0h",
            "pw_hash_version": 1,
            "root_fingerprint": ELECTRUM.parent.hex(),
            "seed": b64encode(draw("encrypted seed", 96)).decode(),
            "seed_type": "segwit",
            "type": "bip32",
            "xprv": b64encode(draw("encrypted xprv", 128)).decode(),
            "xpub": ELECTRUM.serialised(ZPUB),
        },
        "labels": {payment.transaction.txid: payment.label for payment in PAYMENTS}
        | {address: label for label, address, _, _ in REQUESTS},
        "payment_requests": {f"{number + 1:010x}": request(*entry) for number, entry in enumerate(REQUESTS)},
        "prevouts_by_scripthash": prevouts_by_scripthash(),
        "seed_type": "segwit",
        "seed_version": SEED_VERSION,
        "spent_outpoints": spent_outpoints(),
        "stored_height": 921_260,
        "transactions": {payment.transaction.txid: payment.transaction.raw().hex() for payment in PAYMENTS},
        "tx_fees": {payment.transaction.txid: fee(payment) for payment in PAYMENTS},
        "txi": {payment.transaction.txid: own_inputs(payment) for payment in PAYMENTS if own_inputs(payment)},
        "txo": {payment.transaction.txid: own_outputs(payment) for payment in PAYMENTS if own_outputs(payment)},
        "use_encryption": True,
        "verified_tx3": {payment.transaction.txid: proof(payment) for payment in PAYMENTS},
        "wallet_type": "standard",
        "winpos-qt": [210, 96, 980, 640],
    }


def own_addresses() -> list[str]:
    return [receiving(index) for index in range(RECEIVING_LIMIT)] + [change(index) for index in range(CHANGE_LIMIT)]


def own_inputs(payment: Payment) -> Json:
    """{own address: {outpoint: value}}"""
    mine: Json = {}
    for spent in payment.transaction.inputs:
        source = _source(spent)
        if source:
            mine[source.address] = {f"{spent.txid}:{spent.index}": source.value}
    return mine


def own_outputs(payment: Payment) -> Json:
    """{own address: {output number: [value, is coinbase]}}"""
    mine = set(own_addresses())
    outputs = enumerate(payment.transaction.outputs)
    return {
        output.address: {str(number): [output.value, False]} for number, output in outputs if output.address in mine
    }


def net_amount(payment: Payment) -> int:
    """What the payment changed in the wallet, in satoshi, fee included."""
    came: int = sum(value for outputs in own_outputs(payment).values() for value, _ in outputs.values())
    went: int = sum(value for inputs in own_inputs(payment).values() for value in inputs.values())
    return came - went


def history(address: str) -> list[list[Any]]:
    return [
        [payment.transaction.txid, payment.height]
        for payment in PAYMENTS
        if address in own_inputs(payment) or address in own_outputs(payment)
    ]


def _source(spent: Input) -> Output | None:
    sources = {payment.transaction.txid: payment.transaction for payment in PAYMENTS}
    return sources[spent.txid].outputs[spent.index] if spent.txid in sources else None


def fee(payment: Payment) -> list[Any]:
    """[fee, worked out by the wallet itself, number of inputs]: of a payment from outside, the wallet knows no fee."""
    ours = bool(own_inputs(payment))
    return [payment.fee, ours, len(payment.transaction.inputs)]


def proof(payment: Payment) -> list[Any]:
    return [payment.height, int(payment.confirmed_at.timestamp()), payment.position, payment.block_hash]


def spent_outpoints() -> Json:
    spent: Json = {}
    for payment in PAYMENTS:
        for coin in payment.transaction.inputs:
            spent.setdefault(coin.txid, {})[str(coin.index)] = payment.transaction.txid
    return spent


def prevouts_by_scripthash() -> Json:
    prevouts: Json = {}
    for payment in PAYMENTS:
        for number, output in enumerate(payment.transaction.outputs):
            script = b"\x00\x14" + program_of(output.address)
            script_hash = hashlib.sha256(script).digest()[::-1].hex()
            prevouts.setdefault(script_hash, {})[f"{payment.transaction.txid}:{number}"] = output.value
    return prevouts


def request(message: str, address: str, value: int, time: int) -> Json:
    return {
        "amount_msat": value * 1000,
        "bip70": None,
        "exp": 604_800,
        "height": 0,
        "message": message,
        "outputs": [[0, address, value]],
        "payment_hash": None,
        "time": time,
    }


def invoice() -> Json:
    return {
        "amount_msat": 600_000_000,
        "bip70": None,
        "exp": 0,
        "height": 0,
        "lightning_invoice": None,
        "message": "Haris kuća + čamac",
        "outputs": [[0, HARIS, 600_000]],
        "time": 1_761_122_310,
    }


def watching_wallet() -> Json:
    """Addresses without keys, kept in view; the program appends later changes to the file as patches."""
    return {
        "addr_history": {address: [] for address in WATCHED[:2]},
        "addresses": {address: {} for address in WATCHED[:2]},
        "db_metadata": {"creation_timestamp": CREATED + 86_400, "first_electrum_version_used": FIRST_USED},
        "labels": {},
        "seed_version": SEED_VERSION,
        "stored_height": 921_260,
        "transactions": {},
        "tx_fees": {},
        "txi": {},
        "txo": {},
        "use_encryption": False,
        "verified_tx3": {},
        "wallet_type": "imported",
    }


def patches() -> bytes:
    operations = (
        {"op": "add", "path": f"/addresses/{WATCHED[2]}", "value": {}},
        {"op": "add", "path": f"/addr_history/{WATCHED[2]}", "value": []},
        {"op": "add", "path": f"/labels/{WATCHED[0]}", "value": "B. stari"},
        {"op": "replace", "path": f"/labels/{WATCHED[0]}", "value": "B."},
    )
    return b"".join(b",\n" + json.dumps(operation).encode() for operation in operations)


def encrypted_file() -> bytes:
    """A wallet file encrypted as a whole: base64 of the magic, a curve point, ciphertext and MAC (both random)."""
    body = b"BIE1" + compressed(point_from("ephemeral key")) + draw("ciphertext", 1_536) + draw("mac", 32)
    return b64encode(body)


def settings() -> Json:
    folder = f"C:\\Users\\{LAPTOP_USER}\\AppData\\Roaming\\Electrum\\wallets\\"
    return {
        "auto_connect": True,
        "check_updates": False,
        "config_version": 3,
        "currency": "EUR",
        "decimal_point": 8,
        "oneserver": False,
        "recently_open": [folder + name for name in ("default_wallet", "rezerva", "stari")],
        "use_exchange_rate": True,
    }


HISTORY_HEADER = (
    "oc_transaction_hash,ln_payment_hash,label,confirmations,amount_chain_bc,amount_lightning_bc,fiat_value,"
    "network_fee_bc,fiat_fee,timestamp"
)


def history_export() -> bytes:
    """What the program writes on "Export history": amounts in bitcoin, times on the laptop's own clock."""
    lines = [HISTORY_HEADER]
    for payment in PAYMENTS:
        paid = f"{payment.fee / 1e8:.8f}" if payment.fee else "0."
        confirmations = 921_260 - payment.height + 1
        amount = f"{net_amount(payment) / 1e8:.8f}".rstrip("0")
        clock = f"{belgrade(payment.confirmed_at):%Y-%m-%d %H:%M:%S}"
        txid = payment.transaction.txid
        lines.append(f"{txid},,{payment.label},{confirmations},{amount},0.,,{paid},,{clock}")
    return ("\r\n".join(lines) + "\r\n").encode()
