"""MVT (Mobile Verification Toolkit), WhatsApp of an iPhone: `whatsapp.json` and `whatsapp_contacts.json`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, CONTACTS, MESSAGES
from forensics.times import cocoa_ns

from ..untrusted import words
from .mvt import first_keys, tool
from .origin import apple_ns, extra, objects, way
from .whatsapp_chat_exporter import IOS, chat_kind

APP = "WhatsApp"
NUMBER = re.compile(r"(\d{5,20})@s\.whatsapp\.net")
PAIR = "lid_phone_number_pair"
SESSION = "chat_session"
LINKED = ("ZAUTHORNAME", "ZMEDIAURL", "ZCONTENT1", "ZCONTENT2", "ZMATCHEDTEXT", "ZSUMMARY", "ZTITLE", "links")
TAKEN = frozenset(
    ("ZTEXT", "ZMESSAGEDATE", "ZISFROMME", "ZMESSAGETYPE", "ZSTANZAID", "ZFROMJID", "ZTOJID", "ZMEDIAURL")
)
SHOWN_ELSEWHERE = frozenset(("isodate", "Z_ENT", "Z_OPT"))
CONTACT_TAKEN = frozenset(
    ("whatsapp_id", "full_name", "user_name", "phone_number", "localized_phone_number", "about_text")
)


def is_whatsapp(file: File) -> bool:
    """A list of records with the columns of ZWAMESSAGE, or of what MVT makes of chats and of hidden identities."""
    keys = first_keys(file)
    return {"Z_PK", "ZCHATSESSION"} <= keys or {"session_pk", "contact_jid"} <= keys or {"record_type", "lid"} <= keys


def is_contacts(file: File) -> bool:
    """A list of records as MVT makes them of ContactsV2.sqlite."""
    return {"row_pk", "whatsapp_id"} <= first_keys(file)


@parser("mvt.whatsapp", files=["whatsapp.json"], magic=["application/json"], test=is_whatsapp)
def messages(file: File) -> Iterator[Any]:
    """MVT, WhatsApp of an iPhone (whatsapp.json).

    Second-hand: these rows are what MVT copied from ChatStorage.sqlite; read the database where there is one. `extra` names the
    tool and what no column holds of the columns of ZWAMESSAGE. Older versions list only messages with links and those without
    text, and no chats: then the chat is the id that the message names. MVT does not say who in a group sent a message, nor
    where media are stored. It lists a message twice if two links belong to it: it is one row here, the second in `also`.

    Reads: messages, addresses of media, names of direct chats and numbers of hidden identities as contacts.
    Not read: dates and counters of group chats.
    Seen on: reports by 2026.10.26 and 2.5.4 of the iOS database of a research image (32 messages; the newer lists
    5 chats as well), by these and 1.5.4 of a backup test of MVT (3 messages, 2 chats, 1 identity; 1.5.4 lists 1 message).
    Source: the reports named.
    Tier: proven
    """
    records: list[tuple[str, dict[str, Any]]] = []
    for item in objects(file.json()):
        if isinstance(item, Problem):
            yield item
        else:
            records.append(item)
    name = tool(file)
    sessions = {record.get("session_pk"): record for _, record in records if is_key(record.get("session_pk"))}
    for place, record, more in together(records):
        if record.get("record_type") == PAIR:
            yield from CONTACTS.rows([identity(record, place, name)])
        elif record.get("record_type") == SESSION:
            yield from CONTACTS.rows(chat_partner(record, place, name))
        else:
            yield from rows(record, sessions, more, place, name)


def is_key(value: Any) -> bool:
    """Whether a value can name a row."""
    return isinstance(value, int | str)


def together(records: list[tuple[str, dict[str, Any]]]) -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """Each record with the repetitions that follow it."""
    held: tuple[str, dict[str, Any], list[dict[str, Any]]] | None = None
    for place, record in records:
        key = record.get("Z_PK")
        if held and is_key(key) and key == held[1].get("Z_PK") and record.get("ZSTANZAID") == held[1].get("ZSTANZAID"):
            held[2].append(record)
            continue
        if held:
            yield held
        held = (place, record, [])
    if held:
        yield held


def rows(
    record: dict[str, Any],
    sessions: Mapping[Any, dict[str, Any]],
    more: list[dict[str, Any]],
    place: str,
    name: str,
) -> Iterator[Any]:
    """The rows of one message."""
    number, code = record.get("ZCHATSESSION"), record.get("ZMESSAGETYPE")
    session = sessions.get(number, {}) if is_key(number) else {}
    mine = record.get("ZISFROMME")
    partner = record.get("ZTOJID") if mine == 1 else record.get("ZFROMJID")
    chat_id = session.get("contact_jid") or partner or (f"ZWACHATSESSION/Z_PK={number}" if number else None)
    kind = IOS.get(code, "unknown") if isinstance(code, int) else "unknown"
    from_jid = words(record.get("ZFROMJID"))
    sender = from_jid if mine == 0 and from_jid and chat_kind(from_jid) == "direct" and kind != "system" else None
    group = chat_kind(chat_id) if isinstance(chat_id, str) else None
    also = [{key: other[key] for key in LINKED if other.get(key)} for other in more]
    own = words(record.get("ZTOJID")) if mine == 0 else None
    base = {"app": APP, "chat_id": chat_id, "message_id": record.get("ZSTANZAID"), "record": place}
    cells = {
        **base,
        "account_id": own if own and chat_kind(own) == "direct" else None,
        "chat_name": session.get("partner_name"),
        "chat_kind": group,
        "sent_at": apple_ns(record.get("ZMESSAGEDATE")),
        "sender_id": sender,
        "sender_name": session.get("partner_name") if sender and group == "direct" else None,
        "direction": "system" if kind == "system" else way(mine),
        "kind": kind,
        "raw_kind": code,
        "text": record.get("ZTEXT") or None,
        "deleted": True if kind == "deleted" else None,
        "extra": extra(name, {**record, "also": also}, TAKEN | SHOWN_ELSEWHERE),
    }
    yield from MESSAGES.rows([cells], sent_at=cocoa_ns)
    urls = [one["ZMEDIAURL"] for one in (record, *more) if words(one.get("ZMEDIAURL"))]
    yield from ATTACHMENTS.rows({**base, "url": url, "extra": extra(name, {})} for url in dict.fromkeys(urls))


def chat_partner(record: dict[str, Any], place: str, name: str) -> Iterator[dict[str, Any]]:
    """The other side of a direct chat, with what MVT tells of the chat. Its last date can be later than any message kept."""
    jid = words(record.get("contact_jid"))
    if jid and chat_kind(jid) == "direct":
        phone = record.get("partner_resolved_phone_number")
        found = NUMBER.fullmatch(jid)
        yield {
            "app": APP,
            "person_id": jid,
            "name": record.get("partner_name"),
            "phones": [f"+{found[1]}"] if found else [phone] if words(phone) else None,
            "extra": extra(
                name, record, ("contact_jid", "partner_name", "partner_resolved_phone_number", "record_type")
            ),
            "record": place,
        }


def identity(record: dict[str, Any], place: str, name: str) -> dict[str, Any]:
    """A hidden identity and the number that WhatsApp paired with it."""
    phone, lid = words(record.get("phone_number")), words(record.get("lid"))
    return {
        "app": APP,
        "person_id": lid if lid is None or "@" in lid else f"{lid}@lid",
        "phones": ["+" + phone.partition("@")[0].lstrip("+")] if phone else None,
        "extra": extra(name, record, ("lid", "record_type")),
        "record": place,
    }


@parser("mvt.whatsapp.contacts", files=["whatsapp_contacts.json"], magic=["application/json"], test=is_contacts)
def contacts(file: File) -> Iterator[Any]:
    """MVT, WhatsApp contacts of an iPhone (whatsapp_contacts.json).

    Second-hand: what MVT copied from ContactsV2.sqlite. `extra` names the tool and what no column holds: hidden identity,
    names apart, status codes, timers of disappearing messages, and times as MVT writes them (UTC).

    Reads: contacts.
    Not read: nothing.
    Seen on: reports by 2026.10.26 of a research image (9 contacts) and of a backup test of MVT (2).
    Source: the reports named.
    Tier: proven
    """
    name = tool(file)
    for item in objects(file.json()):
        if isinstance(item, Problem):
            yield item
            continue
        place, record = item
        phones = [phone for key in ("phone_number", "localized_phone_number") if (phone := words(record.get(key)))]
        contact = {
            "app": APP,
            "person_id": record.get("whatsapp_id") or record.get("lid"),
            "name": record.get("full_name") or record.get("business_name"),
            "username": record.get("user_name"),
            "phones": phones or None,
            "note": record.get("about_text"),
            "extra": extra(name, record, CONTACT_TAKEN),
            "record": place,
        }
        yield from CONTACTS.rows([contact])


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of MVT's reports on WhatsApp."""
    return [messages, contacts]
