"""The table `attachments`."""

from forensics.tables.table import Column, Table

ATTACHMENTS = Table(
    "attachments",
    "A file sent in a message.",
    (
        Column("app", "category", "app"),
        Column("chat_id", "category", "id of the chat"),
        Column("message_id", "text", "message it belongs to"),
        Column("name", "text", "name of the file"),
        Column("stored_path", "text", "where the app keeps it, as stored"),
        Column("mime", "category", "MIME type as stored"),
        Column("size", "integer", "bytes, as stored"),
        Column("sha256", "text", "SHA-256 as stored, hex"),
        Column("width", "integer", "pixels"),
        Column("height", "integer", "pixels"),
        Column("duration_s", "real", "seconds"),
        Column("caption", "text", "caption"),
        Column("present", "flag", "the file itself is in the evidence; null where neither name nor path is stored"),
        Column("found_path", "text", "its path in the evidence, where it was found: files.path of the same evidence"),
        Column("url", "text", "address it was fetched from"),
    ),
)
