"""The table `secrets`."""

from forensics.tables.table import Column, Table

SECRETS = Table(
    "secrets",
    "A key or seed that was found; the secret itself is never stored here.",
    (
        Column("kind", "category", "seed, private_key, extended_private_key, passphrase"),
        Column("masked", "text", "enough to recognise it, too little to use it"),
        Column("checksum_valid", "flag", "its checksum is right"),
        Column("wallet_id", "text", "wallet it was found in"),
        Column("context", "text", "where and how it was found"),
    ),
)
