"""The table `devices`."""

from forensics.tables.table import Column, Table

DEVICES = Table(
    "devices",
    "A set of facts on one device, as one source states them.",
    (
        Column("make", "text", "manufacturer"),
        Column("model", "text", "model"),
        Column("os", "text", "operating system"),
        Column("os_version", "text", "its version"),
        Column("serial", "text", "serial number"),
        Column("imei", "text", "IMEI or MEID"),
        Column("phone_numbers", "texts", "own numbers"),
        Column("owner_name", "text", "name that the device gives its owner"),
        Column("timezone", "text", "time zone set on the device"),
        Column("exported_at", "time", "when the export was made"),
        Column("tool", "text", "tool that made the export"),
    ),
)
