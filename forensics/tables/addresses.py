"""The table `addresses`."""

from forensics.tables.table import Column, Table

ADDRESSES = Table(
    "addresses",
    "A crypto-currency address.",
    (
        Column("chain", "category", "block chain"),
        Column("address", "text", "address"),
        Column("wallet_id", "text", "wallet it was found in"),
        Column("role", "category", "own, change, watch, contact, counterparty, mentioned"),
        Column("label", "text", "label as stored"),
        Column("derivation", "text", "derivation path"),
        Column("public_key", "text", "public key, hex"),
        Column("created_at", "time", "when its key was made"),
        Column("confidence", "category", "derived, stored, or how sure the finding is"),
    ),
    order=("chain", "address"),
)
