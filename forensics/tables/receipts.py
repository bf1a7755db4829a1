"""The table `receipts`."""

from forensics.tables.table import Column, Table

RECEIPTS = Table(
    "receipts",
    "What one person's device confirmed of one message.",
    (
        Column("app", "category", "app"),
        Column("chat_id", "category", "id of the chat"),
        Column("message_id", "text", "message it belongs to"),
        Column("person_id", "category", "whose device confirmed"),
        Column("delivered_at", "time", "delivered"),
        Column("read_at", "time", "read"),
        Column("played_at", "time", "played"),
    ),
    order=("delivered_at",),
)
