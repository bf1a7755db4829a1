"""The table `files`."""

from forensics.tables.table import Column, Table

FILES = Table(
    "files",
    "A file of the evidence.",
    (
        Column("size", "integer", "bytes"),
        Column("modified_at", "time", "last change, as the export says"),
        Column("mime", "category", "MIME type found by content"),
        Column("magic", "text", "what libmagic or the toolkit's own signatures say of the content"),
        Column("md5", "text", "MD5 of the content (the SHA-256 is the column file)"),
        Column(
            "status",
            "category",
            "parsed; partly: with problems; recognised: an archive that was opened, or a log read with its database;"
            " unknown; ignored: empty; failed; encrypted",
        ),
        Column("parsers", "texts", "parsers that read it"),
        Column("rows", "integer", "rows it gave, in all tables"),
    ),
    order=("evidence", "path"),
)
