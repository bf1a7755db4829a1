"""The table `reactions`."""

from forensics.tables.table import Column, Table

REACTIONS = Table(
    "reactions",
    "A reaction to a message, or a vote in a poll.",
    (
        Column("app", "category", "app"),
        Column("chat_id", "category", "id of the chat"),
        Column("message_id", "text", "message it belongs to"),
        Column("person_id", "text", "who reacted"),
        Column("value", "text", "emoji, or the option chosen"),
        Column("reacted_at", "time", "when"),
    ),
    order=("reacted_at",),
)
