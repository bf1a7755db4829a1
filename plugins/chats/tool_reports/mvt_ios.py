"""MVT (Mobile Verification Toolkit), messages, calls and address book of an iPhone: `sms.json` and its like."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, CALLS, CONTACTS, MESSAGES, REACTIONS
from forensics.times import cocoa_ns

from ..untrusted import words
from .mvt import first_keys, tool
from .origin import apple_ns, extra, instant, objects, way

SERVICES = {"iMessage": "iMessage", "SMS": "SMS", "RCS": "RCS"}
PROVIDERS = {"com.apple.Telephony": "Phone", "com.apple.FaceTime": "FaceTime", "net.whatsapp.WhatsApp": "WhatsApp"}
REACTIONS_GIVEN = {
    2000: "loved", 2001: "liked", 2002: "disliked", 2003: "laughed", 2004: "emphasised", 2005: "questioned", 2006: "emoji",
    2007: "sticker",
}  # fmt: skip
TEXT_MARK = b"NSString\x01"  # class of the text in a typedstream; five bytes on, its length and UTF-8
TEXT_AT = 4
TAKEN = frozenset(
    (
        "account", "guid", "text", "service", "date", "date_read", "date_delivered", "is_from_me", "phone_number", "direction",
        "isodate", "isodate_read", "cache_roomnames", "thread_originator_guid", "attributedBody", "date_edited", "date_retracted",
    )
)  # fmt: skip
FILE_TAKEN = frozenset(("transfer_name", "filename", "mime_type", "total_bytes", "phone_number", "service"))


def is_sms(file: File) -> bool:
    """A list of records with the columns of the table `message` of sms.db."""
    return {"ROWID", "guid", "text"} <= first_keys(file)


def is_attachments(file: File) -> bool:
    """A list of records as MVT makes them of attachments in sms.db."""
    return {"attachment_id", "guid"} <= first_keys(file)


def is_calls(file: File) -> bool:
    """A list of calls with the five keys of MVT."""
    return {"isodate", "duration", "location", "number", "provider"} <= first_keys(file)


def is_contacts(file: File) -> bool:
    """A list of values of an address book with parts of names."""
    keys = {key.lower() for key in first_keys(file)}
    return {"value", "first", "middle", "last", "organization"} <= keys


@parser("mvt.ios.sms", files=["sms.json"], magic=["application/json"], test=is_sms)
def messages(file: File) -> Iterator[Any]:
    """MVT, messages of an iPhone (sms.json).

    Second-hand: what MVT copied from sms.db; read the database where there is one. MVT leaves out every message without a person,
    as those that the owner sent to a group, and does not say in which chat a message stands: the chat is the group that the
    message names, else the other side. Times are taken from the stored numbers, since MVT cuts its own to seconds. Where the
    text is empty it is read from the attributed text. `extra` names the tool and what no column holds.

    Reads: messages, reactions given (reactions taken back are system messages).
    Not read: formatting of attributed texts, earlier versions of edited ones.
    Seen on: reports by 2026.10.26 and 2.5.4 of a macOS database of 2016 (10 messages), by these and 1.5.4 of a backup test of
    MVT (1 message).
    Source: the reports named; for reactions, published descriptions of sms.db.
    Tier: proven
    """
    name = tool(file)
    for item in objects(file.json()):
        if isinstance(item, Problem):
            yield item
        else:
            yield from message_rows(*item, name)


def message_rows(place: str, record: dict[str, Any], name: str) -> Iterator[Any]:
    """The row of one message, or of the reaction that it is."""
    service, room = words(record.get("service")), words(record.get("cache_roomnames"))
    person, mine = words(record.get("phone_number")), record.get("is_from_me")
    base = {"app": SERVICES.get(service or "", service or "Messages"), "chat_id": room or person, "record": place}
    given = record.get("associated_message_type")
    if isinstance(given, int) and given in REACTIONS_GIVEN:
        aimed = words(record.get("associated_message_guid")) or ""
        reaction = {
            **base,
            "message_id": aimed.rpartition("/")[2].removeprefix("bp:") or None,
            "person_id": person if mine == 0 else None,
            "value": record.get("associated_message_emoji") or REACTIONS_GIVEN[given],
            "reacted_at": apple_ns(record.get("date")),
            "extra": extra(name, {"guid": record.get("guid"), "from_owner": mine == 1, "text": record.get("text")}),
        }
        yield from REACTIONS.rows([reaction], reacted_at=cocoa_ns)
        return
    attributed = attributed_text(record.get("attributedBody")) if not record.get("text") else None
    event = bool(record.get("item_type") or record.get("is_system_message")) or (
        isinstance(given, int) and given >= 3000
    )
    direction = way(mine)
    told = {**record, "text_from": "attributedBody" if attributed else None}
    cells = {
        **base,
        "chat_kind": "group" if room else None,
        "account_id": record.get("account"),
        "message_id": record.get("guid"),
        "sent_at": apple_ns(record.get("date")),
        "read_at": apple_ns(record.get("date_read")),
        "delivered_at": apple_ns(record.get("date_delivered")),
        "edited_at": apple_ns(record.get("date_edited")),
        "deleted_at": apple_ns(record.get("date_retracted")),
        "sender_id": person if direction == "incoming" else None,
        "direction": "system" if event else direction,
        "kind": "system" if event else "text" if record.get("text") or attributed else "unknown",
        "text": record.get("text") or attributed,
        "reply_to": record.get("thread_originator_guid"),
        "edited": True if record.get("date_edited") else None,
        "deleted": True if record.get("date_retracted") else None,
        "extra": extra(name, told, TAKEN),
    }
    clocks = dict.fromkeys(("sent_at", "read_at", "delivered_at", "edited_at", "deleted_at"), cocoa_ns)
    yield from MESSAGES.rows([cells], **clocks)


def attributed_text(stored: Any) -> str | None:
    """The text in an attributed string (a typedstream, in base64); None where there is none to be found."""
    try:
        raw = base64.b64decode(stored, validate=True)
    except (binascii.Error, TypeError, ValueError):
        return None
    place = raw.find(TEXT_MARK)
    place = raw.find(b"+", place + len(TEXT_MARK), place + len(TEXT_MARK) + TEXT_AT) if place >= 0 else -1
    if place < 0 or place + 1 >= len(raw):
        return None
    place += 1
    size = {0x81: 2, 0x82: 4}.get(raw[place], 0)  # a length under 128 is one byte; else a mark says how many follow
    length = int.from_bytes(raw[place + 1 : place + 1 + size], "little") if size else raw[place]
    start = place + 1 + size
    text = raw[start : start + length]
    return text.decode("utf-8", "replace") or None if len(text) == length else None


@parser("mvt.ios.sms_attachments", files=["sms_attachments.json"], magic=["application/json"], test=is_attachments)
def attachments(file: File) -> Iterator[Any]:
    """MVT, attachments of messages on an iPhone (sms_attachments.json).

    Second-hand: what MVT copied from sms.db. It does not say to which message an attachment belongs. `extra` names the tool and
    what no column holds, the time it was made among it (`isodate`, UTC).

    Reads: attachments.
    Not read: nothing.
    Seen on: reports by 2026.10.26 and 2.5.4 of a macOS database of 2016 (1 attachment).
    Source: the reports named.
    Tier: proven
    """
    name = tool(file)
    for item in objects(file.json()):
        if isinstance(item, Problem):
            yield item
            continue
        place, record = item
        service, path = words(record.get("service")), words(record.get("filename"))
        cells = {
            "app": SERVICES.get(service or "", "Messages"),
            "chat_id": record.get("phone_number"),
            "name": record.get("transfer_name"),
            "stored_path": None if path == "NULL" else path,
            "mime": record.get("mime_type"),
            "size": record.get("total_bytes"),
            "extra": extra(name, record, FILE_TAKEN),
            "record": place,
        }
        yield from ATTACHMENTS.rows([cells])


@parser("mvt.ios.calls", files=["calls.json"], magic=["application/json"], test=is_calls)
def calls(file: File) -> Iterator[Any]:
    """MVT, calls of an iPhone (calls.json).

    Second-hand: what MVT copied from CallHistory.storedata. It does not say which way a call went nor whether it was answered.
    `extra` names the tool, the provider and the place as stored.

    Reads: calls of all providers.
    Not read: nothing.
    Seen on: no report of a real phone: the corpus has no call history. Keys as MVT 2026.10.26 writes them from an invented one.
    Source: MVT 2026.10.26, run on an invented call history.
    Tier: documented
    """
    name = tool(file)
    for item in objects(file.json()):
        if isinstance(item, Problem):
            yield item
            continue
        place, record = item
        provider = words(record.get("provider"))
        cells = {
            "app": PROVIDERS.get(provider or "", provider or "Phone"),
            "started_at": instant(record.get("isodate")),
            "duration_s": record.get("duration"),
            "direction": "unknown",
            "peer_id": record.get("number"),
            "extra": extra(name, record, ("isodate", "duration", "number")),
            "record": place,
        }
        yield from CALLS.rows([cells])


@parser("mvt.ios.contacts", files=["contacts.json"], magic=["application/json"], test=is_contacts)
def contacts(file: File) -> Iterator[Any]:
    """MVT, address book of an iPhone (contacts.json).

    Second-hand: what MVT copied from AddressBook.sqlitedb. It lists a number or address a row, so a person with two has two rows
    here, and leaves out persons with neither. What the number is (phone, mail, web) is not said: what holds an @ is taken for a
    mail address, digits for a phone number, all else stays in `extra`.

    Reads: names, phone numbers, mail addresses.
    Not read: nothing.
    Seen on: reports by 2026.10.26, 2.5.4 and 1.5.4 of an address book (1 value).
    Source: the reports named.
    Tier: proven
    """
    name = tool(file)
    for item in objects(file.json()):
        if isinstance(item, Problem):
            yield item
            continue
        place, stored = item
        record = {key.lower(): value for key, value in stored.items()}
        value = words(record.get("value")) or ""
        is_phone = sum(character.isdigit() for character in value) > 2 and not any(map(str.isalpha, value))
        parts = [part for key in ("first", "middle", "last") if (part := words(record.get(key)))]
        cells = {
            "app": "Contacts",
            "name": " ".join(parts) or record.get("organization"),
            "phones": [value] if is_phone else None,
            "emails": [value] if "@" in value else None,
            "extra": extra(name, stored, ("value",) if is_phone or "@" in value else ()),
            "record": place,
        }
        yield from CONTACTS.rows([cells])


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of MVT's reports on an iPhone."""
    return [messages, attachments, calls, contacts]
