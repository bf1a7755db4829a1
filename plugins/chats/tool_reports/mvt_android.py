"""MVT (Mobile Verification Toolkit), SMS and MMS of an Android backup: `sms.json`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import MESSAGES
from forensics.times import unix_ms

from ..untrusted import words
from .mvt import first_keys, tool
from .origin import extra, number, objects

DIRECTIONS = {1: "incoming", 2: "outgoing", 3: "outgoing", 4: "outgoing", 5: "outgoing", 6: "outgoing"}
BOXES = {1: "inbox", 2: "sent", 3: "draft", 4: "outbox", 5: "failed", 6: "queued"}
FROM = 137  # of an address in an MMS: who sent it
OWN = "insert-address-token"  # what Android writes for its own number
TAKEN = frozenset(("body", "type", "msg_box", "date", "isodate"))


def is_sms(file: File) -> bool:
    """A list of records as Android writes SMS and MMS into a backup, with what MVT adds to each."""
    keys = first_keys(file)
    return (
        {"date", "date_sent"} <= keys and bool({"recipients", "mms_addresses", "isodate"} & keys) and "guid" not in keys
    )


@parser("mvt.android.sms", files=["sms.json"], magic=["application/json"], test=is_sms)
def messages(file: File) -> Iterator[Any]:
    """MVT, SMS and MMS of an Android backup (sms.json).

    Second-hand: what MVT copied from the backup. Two things that MVT adds are not taken over, since they are wrong: it calls
    every message `sent` that has a sending time, which is what received ones have; and it takes the seconds of MMS for
    milliseconds, which gives days of January 1970. Both stay in extra (`direction`, `isodate`) where they differ.
    Direction and time here come from what Android stored.

    Reads: messages.
    Not read: files of MMS (the backup's text has none).
    Seen on: reports by 2026.10.26, 2.5.4 and 1.5.4 of two backups made by Android (2 SMS, 1 MMS).
    Source: the reports named; values of `type` and `msg_box` in Android's telephony provider.
    Tier: proven
    """
    name = tool(file)
    for item in objects(file.json()):
        if isinstance(item, Problem):
            yield item
        else:
            yield from MESSAGES.rows([row(*item, name)], sent_at=unix_ms, received_at=unix_ms)


def row(place: str, record: dict[str, Any], name: str) -> dict[str, Any]:
    """One SMS or MMS. An incoming one has the time it came in `date` and the time it was sent in `date_sent`."""
    is_mms = "msg_box" in record
    box = number(record.get("msg_box") if is_mms else record.get("type"))
    direction = DIRECTIONS.get(box, "unknown") if isinstance(box, int) else "unknown"
    at, sent = (in_ms(record.get(key), is_mms) for key in ("date", "date_sent"))
    incoming = direction == "incoming"
    told = dict(record)
    if record.get("direction") == {"incoming": "received", "outgoing": "sent"}.get(direction):
        told.pop("direction")
    if is_mms:
        told["mvt_isodate"] = record.get("isodate")
    return {
        "app": "MMS" if is_mms else "SMS",
        "chat_id": words(record.get("address")) or recipients(record),
        "sent_at": (sent or at) if incoming else at,
        "received_at": at if incoming else None,
        "sender_id": sender(record) if incoming else None,
        "direction": direction,
        "kind": "text" if record.get("body") else "unknown",
        "raw_kind": record.get("m_type"),
        "status": BOXES.get(box) if isinstance(box, int) else None,
        "text": record.get("body") or None,
        "extra": extra(name, told, TAKEN),
        "record": place,
    }


def in_ms(stored: Any, is_mms: bool) -> Any:
    """A stored time in milliseconds; MMS have seconds."""
    count = number(stored)
    return count * 1000 if is_mms and isinstance(count, int) else count


def recipients(record: dict[str, Any]) -> str | None:
    """Numbers of all others, for a message without an address."""
    given = record.get("recipients")
    return ", ".join(filter(words, given)) or None if isinstance(given, list) else None


def sender(record: dict[str, Any]) -> str | None:
    """Who sent an incoming message: the address of an SMS, that of kind `from` of an MMS."""
    listed = record.get("mms_addresses")
    for address in listed if isinstance(listed, list) else ():
        if isinstance(address, dict) and number(address.get("type")) == FROM and address.get("address") != OWN:
            return words(address.get("address"))
    return words(record.get("address"))


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of MVT's reports on Android."""
    return [messages]
