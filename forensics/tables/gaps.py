"""The table `gaps`."""

from forensics.tables.table import Column, Table

GAPS = Table(
    "gaps",
    "A run of row ids that a database has given and that no row has any more.",
    (
        Column("source_table", "category", "table of the database"),
        Column("first_id", "integer", "first row id of the run"),
        Column("last_id", "integer", "last row id of the run"),
        Column("missing", "integer", "how many they are"),
        Column("row_before_at", "time", "time of the row before the run; null: no row, or one without a time"),
        Column("row_after_at", "time", "time of the row after it"),
    ),
    order=("row_before_at",),
)
