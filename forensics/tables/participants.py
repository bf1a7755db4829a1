"""The table `participants`."""

from forensics.tables.table import Column, Table

PARTICIPANTS = Table(
    "participants",
    "A member of a chat.",
    (
        Column("app", "category", "app"),
        Column("chat_id", "category", "id of the chat"),
        Column("person_id", "text", "id of the member"),
        Column("name", "text", "name of the member"),
        Column("role", "category", "member, admin, owner; or as stored"),
        Column("joined_at", "time", "when the member joined"),
        Column("left_at", "time", "when the member left"),
        Column("active", "flag", "still a member when the export was made"),
    ),
    order=("app", "chat_id"),
)
