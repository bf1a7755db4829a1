"""The table `calls`."""

from forensics.tables.table import Column, Table, WallClock

CALLS = Table(
    "calls",
    "A call.",
    (
        Column("app", "category", "app, or phone"),
        Column("account_id", "category", "account on the device"),
        Column("call_id", "text", "id of the call in the app"),
        Column("chat_id", "category", "chat it belongs to"),
        Column("started_at", "time", "when it started"),
        Column("started_local", "local", "the same as a wall clock, where the source has no zone"),
        Column("time_basis", "category", "see messages.time_basis"),
        Column("duration_s", "real", "seconds"),
        Column("direction", "category", "incoming, outgoing, unknown"),
        Column("outcome", "category", "answered, missed, rejected, unavailable; or as stored"),
        Column("video", "flag", "a video call"),
        Column("peer_id", "text", "id or number of the other side"),
        Column("peer_name", "text", "its name"),
        Column("members", "texts", "others in a group call"),
    ),
    wall_clock=WallClock("started_at", "started_local", "time_basis"),
    order=("started_at", "started_local"),
)
