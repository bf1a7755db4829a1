"""The table `identifiers`."""

from forensics.tables.table import Column, Table

IDENTIFIERS = Table(
    "identifiers",
    "An identifier mentioned in text.",
    (
        Column(
            "kind",
            "category",
            "address, txid, phone, email, iban, card, url, coordinate, amount, username, payment_uri",
        ),
        Column("value", "text", "normalised"),
        Column("raw", "text", "as written"),
        Column("chain", "category", "block chain"),
        Column("from_table", "category", "table of the text"),
        Column("ref", "text", "record of the text"),
        Column("confidence", "category", "how sure the finding is"),
    ),
)
