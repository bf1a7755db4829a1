"""What the columns of a LEAPP artifact mean, by their names: calls, contacts and messages.

LEAPP gives each artifact the headers that its author chose. The lists below are those of artifacts for chats, calls and
contacts, as LEAPP spells them in its database: lower case, spaces as underscores, no other signs. The first that an artifact
has is taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from ..untrusted import words
from .origin import instant

MESSAGE_COLUMNS = {
    "sent_at": ("message_timestamp", "timestamp", "sent_timestamp", "message_date", "date_sent",
         "message_time", "timestamp_utc", "date", "created"),
    "text": ("message", "body", "message_text", "message_content", "text", "content"),
    "chat_id": ("chat_id", "thread_id", "conversation_id", "talker", "chat_contact_id", "address", "other_party"),
    "chat_name": ("chat_name", "thread_name", "conversation_name", "conversation_with", "conversation_label", "chat_contact_id"),
    "sender": ("sender_name", "sender", "author", "from", "from_phone_number", "address", "display_name", "username"),
    "direction": ("direction", "message_direction", "from_me", "sent_by_me", "type", "sent"),
    "media": ("attachment_file", "attachment", "attachments", "media", "attachment_path"),
}  # fmt: skip
MESSAGE_MORE = {
    "message_id": ("message_id", "message_row_id", "message_guid", "msg_id", "guid"),
    "sender_id": ("sender_id", "from_id", "sender_phone", "from_phone_number"),
    "read_at": ("read_timestamp", "read_time", "date_read"),
    "delivered_at": ("delivered_timestamp", "delivered_time", "date_delivered"),
    "edited_at": ("edited_timestamp", "edit_timestamp", "date_edited"),
    "raw_kind": ("message_type", "attachment_type"),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
    "deleted": ("deleted", "is_deleted", "message_deleted", "deleted_message"),
}
CALL_COLUMNS = {
    "started_at": ("starting_timestamp", "call_date", "call_timestamp", "start_time", "call_time", "timestamp", "date"),
    "duration": ("duration_hms", "call_duration", "duration_in_secs", "duration_seconds", "duration"),
    "direction": ("call_direction", "direction", "type", "call_type"),
    "peer_id": ("phone_number", "contact_id", "partner", "number", "address", "caller", "participant"),
    "peer_name": ("contact_fullname", "contact_name", "name", "partner_name", "display_name"),
    "outcome": ("disconnected_cause", "call_result", "outcome", "answered", "status"),
    "video": ("video_call",),
    "call_id": ("call_id",),
    "account_id": ("phone_account_address",),
}
CONTACT_COLUMNS = {
    "person_id": ("whatsapp_id", "contact_id", "user_id", "recipient_id", "jid", "mid", "id"),
    "name": ("fullname", "full_name", "display_name", "contact_name", "name", "contact_fullname"),
    "phones": ("phone_numbers", "phone_number", "phone", "number"),
    "emails": ("email_addresses", "email_address", "email", "emails"),
    "username": ("username", "user_name"),
    "note": ("about_text", "notes", "note", "bio"),
    "created_at": ("creation_date", "created_timestamp", "created"),
}
NAME_PARTS = ("first_name", "middle_name", "last_name")
OUT = frozenset(("outgoing", "sent", "send", "out", "from me", "outbound"))
IN = frozenset(
    (
        "incoming",
        "received",
        "receive",
        "in",
        "inbound",
        "missed",
        "rejected",
        "blocked",
        "voicemail",
        "answered externally",
    )
)
OUTCOMES = {"missed": "missed", "rejected": "rejected", "yes": "answered", "answered": "answered"}
FLAGS = {"1": True, "yes": True, "true": True, "deleted": True, "0": False, "no": False, "false": False}
CLOCK = re.compile(r"(\d{1,3}):(\d\d):(\d\d)(?:\.\d+)?")
LABELLED = re.compile(r"(?:[^:\d@]{0,40}: )?(.+)")


class Meaning(NamedTuple):
    """What an artifact is (`messages`, `calls`, `contacts`) and which of its columns says what."""

    table: str
    columns: Mapping[str, str]


def meaning(label: str, columns: Collection[str], times: Collection[str]) -> Meaning | None:
    """What an artifact is by its name and columns; None for anything else. `times`: columns that hold times."""
    called = re.sub(r"[^a-z]|snapchat|wechat", "", label.lower())
    calls = chosen(CALL_COLUMNS, columns)
    if "call" in called and calls.get("started_at") in times and {"direction", "duration"} & calls.keys():
        return Meaning("calls", calls)
    contacts = chosen(CONTACT_COLUMNS, columns)
    named = "name" in contacts or not set(NAME_PARTS).isdisjoint(columns)
    if any(word in called for word in ("contact", "friend", "addressbook")):
        reached = {"phones", "emails", "person_id", "username"} & contacts.keys()
        return Meaning("contacts", contacts) if named and reached else None
    messages = chosen(MESSAGE_COLUMNS, columns)
    chat = any(word in called for word in ("message", "chat", "sms", "mms", "conversation"))
    whole = {"sent_at", "text"} <= messages.keys() and {"sender", "direction"} & messages.keys()
    return Meaning("messages", messages) if chat and whole and messages["sent_at"] in times else None


def chosen(names: Mapping[str, Iterable[str]], columns: Collection[str]) -> dict[str, str]:
    """For each thing to be said the first column that says it."""
    found = {key: next((name for name in known if name in columns), None) for key, known in names.items()}
    return {key: name for key, name in found.items() if name}


def seconds(stored: Any) -> Any:
    """Unix seconds; a time that was left as text is taken as UTC; anything else as it is."""
    if isinstance(stored, str):
        try:
            return float(stored)
        except ValueError:
            at = instant(stored)
            return at.timestamp() if hasattr(at, "timestamp") else at or None
    return stored


def direction(stored: Any, sent: Any = None) -> str:
    """Which way it went: by the value that the artifact names for what was sent, else by the usual words."""
    word = plain(stored)
    if not word:
        return "unknown"
    if sent is not None:
        return "outgoing" if FLAGS.get(word, word) == FLAGS.get(plain(sent), plain(sent)) else "incoming"
    return "outgoing" if word in OUT or word == "1" else "incoming" if word in IN or word == "0" else "unknown"


def plain(stored: Any) -> str:
    """A value as a lower-case word; icons in HTML that artifacts put behind it are left out."""
    return "" if stored is None else str(stored).partition("<")[0].strip().lower()


def flag(stored: Any) -> bool | None:
    """Yes, no, or nothing."""
    return FLAGS.get(plain(stored))


def duration(stored: Any) -> Any:
    """Seconds, of `00:01:05` or of a number."""
    found = CLOCK.fullmatch(stored.strip()) if isinstance(stored, str) else None
    if found:
        return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    try:
        return float(stored) if isinstance(stored, str) and stored.strip() else stored or None
    except ValueError:
        return None


def listed(stored: Any) -> list[str] | None:
    """Values of a cell that holds several, a line each, without the label before each (`Mobile: +382...`)."""
    lines = re.split(r"[\r\n]+", stored) if isinstance(stored, str) else []
    found = [match[1] for line in lines if (match := LABELLED.fullmatch(line.strip()))]
    return found or None


def name_of(row: Mapping[str, Any], column: str | None) -> str | None:
    """A name as stored, or put together from its parts."""
    whole = words(row.get(column)) if column else None
    return whole or " ".join(part for key in NAME_PARTS if (part := words(row.get(key)))) or None
