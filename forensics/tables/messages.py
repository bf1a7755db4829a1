"""The table `messages`."""

from forensics.tables.table import Column, Table, WallClock

MESSAGES = Table(
    "messages",
    "A message, or an event in a chat.",
    (
        Column("app", "category", "app"),
        Column("account_id", "category", "account on the device"),
        Column("chat_id", "category", "id of the chat in the app"),
        Column("chat_name", "category", "name of the chat"),
        Column("chat_kind", "category", "direct, group, channel, broadcast, status, self, bot"),
        Column("message_id", "text", "id of the message in the app"),
        Column("sent_at", "time", "when it was sent, as stored"),
        Column("sent_local", "local", "the same as a wall clock, where the source has no zone"),
        Column(
            "time_basis",
            "category",
            "utc; local: no zone known; assumed:<zone> or ambiguous:<zone>: from the zone that the examiner named",
        ),
        Column("received_at", "time", "when the device received it"),
        Column("delivered_at", "time", "when it was delivered"),
        Column("read_at", "time", "when it was read"),
        Column("edited_at", "time", "when it was last edited"),
        Column("deleted_at", "time", "when it was deleted or revoked"),
        Column("expires_at", "time", "when it was to disappear"),
        Column("sender_id", "category", "id of the sender in the app"),
        Column("sender_name", "category", "name of the sender"),
        Column("direction", "category", "incoming, outgoing, system, unknown: as stored"),
        Column(
            "kind",
            "category",
            "text, image, video, audio, voice, document, sticker, gif, location, live_location, contact, call, poll, link,"
            " system, deleted, unknown",
        ),
        Column("raw_kind", "category", "the app's own code of the kind"),
        Column("text", "text", "text or caption"),
        Column("text_folded", "text", "text folded for search across scripts"),
        Column("reply_to", "text", "message_id of the message it answers"),
        Column("forwarded", "flag", "marked as forwarded"),
        Column("edited", "flag", "marked as edited"),
        Column("deleted", "flag", "marked as deleted or revoked"),
        Column("view_once", "flag", "to be seen once"),
        Column("status", "category", "delivery status as stored"),
        Column("latitude", "real", "degrees north, of a location message"),
        Column("longitude", "real", "degrees east"),
    ),
    wall_clock=WallClock("sent_at", "sent_local", "time_basis"),
    folded="text",
    order=("sent_at", "sent_local"),
)
