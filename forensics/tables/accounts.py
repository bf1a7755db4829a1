"""The table `accounts`."""

from forensics.tables.table import Column, Table

ACCOUNTS = Table(
    "accounts",
    "An account used on the device.",
    (
        Column("app", "category", "app or service"),
        Column("account_id", "text", "its id in the app"),
        Column("name", "text", "display name"),
        Column("phone", "text", "phone number as stored"),
        Column("email", "text", "e-mail address"),
        Column("username", "text", "user name, handle"),
        Column("is_owner", "flag", "the account of the device's user"),
        Column("created_at", "time", "when it was made"),
    ),
)
