"""The table `places`."""

from forensics.tables.table import Column, Table, WallClock

PLACES = Table(
    "places",
    "A point in space and time.",
    (
        Column("at", "time", "when"),
        Column("local", "local", "the same as a wall clock, where the source has no zone"),
        Column("time_basis", "category", "see messages.time_basis"),
        Column("latitude", "real", "degrees north"),
        Column("longitude", "real", "degrees east"),
        Column("accuracy_m", "real", "stated accuracy, metres"),
        Column("altitude_m", "real", "metres above sea level"),
        Column("kind", "category", "photo, message, live_location, wifi, cell, app, search"),
        Column("label", "text", "name or address as stored"),
        Column("ref", "text", "what it belongs to: message_id, path of the photo"),
    ),
    wall_clock=WallClock("at", "local", "time_basis"),
    order=("at", "local"),
)
