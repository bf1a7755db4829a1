"""The table `transfers`."""

from forensics.tables.table import Column, Table, WallClock

TRANSFERS = Table(
    "transfers",
    "A movement of value.",
    (
        Column("platform", "category", "wallet software, exchange or explorer"),
        Column("kind", "category", "deposit, withdrawal, trade, transfer, p2p, fee, fiat"),
        Column("chain", "category", "block chain"),
        Column("asset", "category", "what moved: BTC, USDT, EUR"),
        Column("txid", "text", "transaction id"),
        Column("at", "time", "when"),
        Column("local", "local", "the same as a wall clock, where the source has no zone"),
        Column("time_basis", "category", "see messages.time_basis"),
        Column("direction", "category", "incoming, outgoing, self, unknown"),
        Column("amount", "text", "decimal number as text"),
        Column("fee", "text", "decimal number as text"),
        Column("fee_asset", "category", "what the fee was paid in"),
        Column("from_address", "text", "from"),
        Column("to_address", "text", "to"),
        Column("counterparty", "text", "other side as stored"),
        Column("account_id", "text", "account at the platform"),
        Column("wallet_id", "text", "wallet it was found in"),
        Column("status", "category", "status as stored"),
        Column("memo", "text", "label, note or message"),
        Column("fiat_amount", "text", "decimal number as text"),
        Column("fiat_currency", "category", "currency of fiat_amount"),
    ),
    wall_clock=WallClock("at", "local", "time_basis"),
    order=("at", "local"),
)
