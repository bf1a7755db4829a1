"""The money that moves on a chain: two bitcoin wallets on the laptop, five transactions, one USDT payment.

Chat and chain agree: a transaction's block time lies minutes after the message that announces the payment.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from .coins import Account, Input, Output, Transaction, compressed, outside_address, point_from, satoshi, tron_address
from .seed import draw, pick

ELECTRUM = Account.from_label("electrum of mirko")
COLD = Account.from_label("cold wallet of mirko", depth=3)
RECEIVING_LIMIT, CHANGE_LIMIT = 20, 10


@dataclass(frozen=True)
class Payment:
    """A confirmed transaction with what the wallet says of it; the fee in satoshi, where the wallet paid it."""

    name: str
    transaction: Transaction
    confirmed_at: datetime
    height: int
    position: int
    fee: int | None
    label: str

    @property
    def block_hash(self) -> str:
        return "00" * 9 + draw(f"block/{self.height}", 23).hex()


@cache
def receiving(index: int) -> str:
    return ELECTRUM.address(0, index)


@cache
def change(index: int) -> str:
    return ELECTRUM.address(1, index)


@cache
def cold(index: int) -> str:
    return COLD.address(0, index)


def own_key(branch: int, index: int) -> bytes:
    return ELECTRUM.child(branch).child(index).key


def _from_outside(label: str, to: str, bitcoin: str) -> Transaction:
    coin = Input(draw(f"earlier/{label}", 32).hex(), 1, compressed(point_from(f"payer/{label}")))
    rest = pick(f"rest/{label}", satoshi("0.05"), satoshi("0.09"))
    return Transaction((coin,), (Output(to, satoshi(bitcoin)), Output(outside_address(f"rest/{label}"), rest)))


HARIS = outside_address("haris")
TRC20_KARIM = tron_address("karim")
TRC20_EXCHANGE = tron_address("exchange hot wallet")
USDT_TXID = draw("usdt transfer", 32).hex()

FIRST = _from_outside("first part", receiving(0), "0.0125")
SECOND = _from_outside("second part", receiving(1), "0.02")
THIRD = _from_outside("third part", receiving(2), "0.0085")
TO_HARIS = Transaction(
    (Input(FIRST.txid, 0, own_key(0, 0)),),
    (Output(HARIS, satoshi("0.006")), Output(change(0), satoshi("0.0125") - satoshi("0.006") - 2_820)),
)
TO_COLD = Transaction(
    (Input(SECOND.txid, 0, own_key(0, 1)),),
    (Output(cold(0), satoshi("0.018")), Output(change(1), satoshi("0.02") - satoshi("0.018") - 3_102)),
)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


PAYMENTS = (
    Payment("first", FIRST, _at("2025-10-14T15:52:41"), 919_144, 1204, None, "R. I deo"),
    Payment("second", SECOND, _at("2025-10-21T18:19:07"), 920_163, 388, None, "R. II deo"),
    Payment("haris", TO_HARIS, _at("2025-10-22T08:41:55"), 920_247, 2011, 2_820, "Haris kuća + čamac"),
    Payment("cold", TO_COLD, _at("2025-10-24T19:02:18"), 920_602, 95, 3_102, "hladni"),
    Payment("third", THIRD, _at("2025-10-28T17:58:36"), 921_189, 1733, None, "R. kuća"),
)

NAMED = {
    "btc_first": receiving(0),
    "btc_second": receiving(1),
    "btc_third": receiving(2),
    "btc_haris": HARIS,
    "btc_cold": cold(0),
    "trc20_karim": TRC20_KARIM,
    "tx_usdt": USDT_TXID,
    **{f"tx_{payment.name}": payment.transaction.txid for payment in PAYMENTS},
}
