"""The table `problems`."""

from forensics.tables.table import Column, Table

PROBLEMS = Table(
    "problems",
    "Something not read, not understood, damaged, encrypted, hostile, or over a limit.",
    (
        Column("stage", "category", "open, identify, parse, check or limit"),
        Column("kind", "category", "not_read, not_understood, damaged, encrypted, limit or hostile"),
        Column("message", "text", "what happened, and what to do next"),
        Column("detail", "text", "what a second reader needs to check it"),
    ),
    order=("evidence", "path"),
)
