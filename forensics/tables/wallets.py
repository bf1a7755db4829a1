"""The table `wallets`."""

from forensics.tables.table import Column, Table

WALLETS = Table(
    "wallets",
    "A wallet file, vault or account.",
    (
        Column("software", "category", "software that wrote it"),
        Column("software_version", "text", "its version, or the version of the format"),
        Column("wallet_id", "text", "identifies the wallet inside the case"),
        Column("name", "text", "name of the wallet"),
        Column("chains", "texts", "block chains"),
        Column("encrypted", "flag", "some or all of it is encrypted"),
        Column("cipher", "category", "cipher"),
        Column("kdf", "category", "how the key is made from the password"),
        Column("kdf_params", "text", "its parameters, as JSON text"),
        Column("watch_only", "flag", "holds no private keys"),
        Column("has_seed", "flag", "holds a seed, encrypted or not"),
        Column("created_at", "time", "when it was made"),
        Column("last_used_at", "time", "latest use that the file shows"),
        Column("address_count", "integer", "addresses in the file"),
    ),
)
