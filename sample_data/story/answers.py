"""The answer key: what must be found on each device, worked out from the story and not from the files made of it."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from . import bitcoin_core, electrum, laptop, sms, whatsapp_android, whatsapp_ios
from .coins import XPUB, ZPUB
from .money import (
    CHANGE_LIMIT,
    COLD,
    ELECTRUM,
    HARIS,
    NAMED,
    PAYMENTS,
    RECEIVING_LIMIT,
    TRC20_KARIM,
    USDT_TXID,
    Payment,
    cold,
)
from .people import ADDRESS_BOOKS, LAPTOP_USER, OWNERS, PEOPLE, UNRESOLVED_LID
from .photos import PHOTOS, Photo, shared_photo
from .script import Call, Message, belgrade
from .seed import SEED

Json = dict[str, Any]
KINDS = {"photo": "image", "vcard": "contact", "live": "live_location"}
MSGSTORE = whatsapp_android.APP + "databases/msgstore.db"


def answer_key(messages: list[Message], calls: list[Call]) -> Json:
    return {
        "about": "What must be found in sample_data, by device. Times are UTC, ISO 8601; see README.md for the words.",
        "seed": SEED,
        "people": {person.key: _person(person.key) for person in PEOPLE.values()},
        "unresolved_identities": [UNRESOLVED_LID],
        "devices": {
            "android_phone": _android(messages, calls),
            "iphone": _iphone(messages, calls),
            "laptop": _laptop(messages),
        },
        "across_devices": _across(messages),
        "problem_files": PROBLEM_FILES,
        "problem_records": [
            {
                "device": "android_phone",
                "path": MSGSTORE,
                "message_id": message.stanza,
                "kind": "damaged",
                "why": "a NUL character in the text, shown as U+2400",
            }
            for message in messages
            if "\0" in (message.text or "")
        ],
        "unknown_files": [{"device": "laptop", "path": laptop.UNKNOWN}],
        "hostile_names": [{"device": "laptop", "path": path} for path in (laptop.MARKUP_NAME, laptop.BIDI_NAME)],
    }


def _faulty(fault: str) -> str:
    (path,) = (photo.path for photo in PHOTOS if photo.fault == fault)
    return path


PROBLEM_FILES = [
    {
        "device": "android_phone",
        "path": whatsapp_android.SHARED_STORAGE + "Databases/msgstore.db.crypt15",
        "kind": "encrypted",
        "why": "a backup of WhatsApp; its key is not in the evidence",
    },
    {
        "device": "android_phone",
        "path": _faulty("zero denominators"),
        "kind": "not_understood",
        "why": "GPS numbers with denominator 0: the time is read, the place is not, and nothing becomes (0, 0)",
    },
    {
        "device": "laptop",
        "path": electrum.FOLDER + "wallets/stari",
        "kind": "encrypted",
        "why": "an Electrum wallet encrypted as a whole (BIE1); no password opens it",
    },
    {
        "device": "laptop",
        "path": laptop.CUT_DATABASE,
        "kind": "damaged",
        "why": "the first 60,000 bytes of a message store",
    },
    {
        "device": "laptop",
        "path": _faulty("cut"),
        "kind": "damaged",
        "why": "a photo cut off inside its EXIF segment",
    },
]


def _person(key: str) -> Json:
    person = PEOPLE[key]
    return {
        "name": person.name,
        "calls_self": person.calls_self,
        "phone": person.phone,
        "jid": person.jid,
        "lid": person.lid,
        "role": person.role,
        "minor": person.minor,
    }


# The phones


def _android(messages: list[Message], calls: list[Call]) -> Json:
    mine, my_calls = _of_owner("android_phone", messages, calls)
    before = [message for message in mine if "wal" not in message.tags]
    after = [message for message in mine if "lost" not in message.tags]
    edits = [message for message in mine if "wal_edit" in message.tags]
    wal = [message for message in mine if "wal" in message.tags]
    lost = [message for message in mine if "lost" in message.tags]
    rows_before, rows_after = _android_rows(before), _android_rows(after)
    rows_after["message_edit_info"] += len(edits)
    return {
        "owner": _owner("android_phone"),
        "timezone": "Europe/Belgrade",
        "databases": {
            MSGSTORE: {
                table: {"checkpoint": rows_before[table], "with_log": rows_after[table]} for table in sorted(rows_after)
            }
            | {"call_log": {"checkpoint": len(my_calls), "with_log": len(my_calls)}},
            whatsapp_android.APP + "databases/wa.db": {"wa_contacts": len(_contacts_known(mine)) + _groups(mine)},
        },
        "messages": {
            "states": {
                "live": len(mine) - len(wal) - len(lost) - len(edits),
                "wal": len(wal) + len(edits),
                "journal": len(lost) + len(edits),
            },
            "by_chat": _by_chat("android_phone", after),
            "named": [_message("android_phone", message) for message in mine if _is_named(message)],
            "edited_in_the_log": [_edit_in_the_log(message) for message in edits],
        },
        **_lists("android_phone", mine, my_calls),
        "text_messages": {
            "path": sms.PATH,
            "about": "no parser in the first release: an exercise of the developers' workshop",
            "messages": [
                {
                    "sent_at": _iso(text.at),
                    "address": text.address,
                    "direction": "incoming" if text.way == "in" else "outgoing",
                    "text": text.body,
                }
                for text in sms.read_text_messages()
            ],
        },
    }


def _android_rows(messages: list[Message]) -> Counter[str]:
    """Rows a table of msgstore.db, with the placeholder message."""
    rows: Counter[str] = Counter({"message": 1})
    own = OWNERS["android_phone"]
    for message in messages:
        rows["message"] += 1
        kept = "deleted" not in message.tags
        rows["message_revoked"] += not kept
        rows["message_media"] += message.kind in ("photo", "voice")
        rows["message_location"] += message.kind in ("location", "live")
        rows["message_vcard"] += message.kind == "vcard"
        rows["message_system"] += message.kind == "system"
        rows["message_quoted"] += kept and "reply" in message.tags
        rows["message_add_on_reaction"] += kept and message.reaction is not None
        rows["message_edit_info"] += "edited" in message.tags
        rows["message_forwarded"] += "forwarded" in message.tags
        if message.sender == own and message.kind != "system" and "wal" not in message.tags:
            rows["receipt_user"] += len(message.chat.people) - 1 - _gone(messages, message)
    rows["chat"] = len({message.chat.key for message in messages})
    return rows


def _gone(messages: list[Message], message: Message) -> int:
    """How many members had left the group before the message."""
    return sum(
        other.tags.get("system") == "left" and other.at < message.at
        for other in messages
        if other.chat.key == message.chat.key
    )


def _iphone(messages: list[Message], calls: list[Call]) -> Json:
    mine, my_calls = _of_owner("iphone", messages, calls)
    kept = [message for message in mine if "deleted" not in message.tags]
    media = [m for m in kept if m.kind in ("photo", "location", "vcard") or "reply" in m.tags]
    folder = whatsapp_ios.FOLDER
    return {
        "owner": _owner("iphone"),
        "databases": {
            folder + "ChatStorage.sqlite": {
                "ZWAMESSAGE": len(mine),
                "ZWACHATSESSION": len({message.chat.key for message in mine}),
                "ZWAMEDIAITEM": len(media),
                "ZWAMESSAGEINFO": sum(message.reaction is not None for message in kept),
            },
            folder + "ContactsV2.sqlite": {"ZWAADDRESSBOOKCONTACT": len(ADDRESS_BOOKS["iphone"])},
            folder + "CallHistory.sqlite": {
                "ZWAAGGREGATECALLEVENT": len(my_calls),
                "ZWACDCALLEVENT": len(my_calls),
                "ZWACDCALLEVENTPARTICIPANT": len(my_calls),
            },
        },
        "whole_content_in_the_log": [folder + "ContactsV2.sqlite"],
        "messages": {
            "states": {"live": len(mine), "wal": 0, "journal": 0},
            "by_chat": _by_chat("iphone", mine),
            "named": [_message("iphone", message) for message in mine if _is_named(message)],
        },
        **_lists("iphone", mine, my_calls),
    }


def _lists(device: str, messages: list[Message], calls: list[Call]) -> Json:
    """What both phones answer alike."""
    kept = [message for message in messages if "deleted" not in message.tags]
    owner = OWNERS[device]
    book = ADDRESS_BOOKS[device]
    return {
        "contacts": {PEOPLE[key].jid: name for key, name in book.items()},
        "reactions": [
            {"message_id": each.stanza, "person": PEOPLE[each.reaction[0]].jid, "value": each.reaction[1]}
            for each in kept
            if each.reaction
        ],
        "places": [_place(message) for message in kept if message.kind in ("location", "live")],
        "attachments": [
            _attachment(device, message, messages) for message in kept if message.kind in ("photo", "voice")
        ],
        "calls": [_call(call, owner) for call in calls],
        "photos": [_photo(photo) for photo in PHOTOS if photo.device == device],
    }


def _message(device: str, message: Message) -> Json:
    """One message as the device holds it. `sender` is always a phone identity, also where the file holds a LID."""
    owner = OWNERS[device]
    android = device == "android_phone"
    deleted = "deleted" in message.tags
    state = "wal" if "wal" in message.tags else "journal" if "lost" in message.tags else "live"
    text = None if deleted else message.text or message.tags.get("caption")
    kind = "deleted" if deleted else KINDS.get(message.kind, message.kind)
    direction = "system" if kind == "system" else "outgoing" if message.sender == owner else "incoming"
    return {
        "name": message.key,
        "chat_id": message.chat.jid_seen_by(owner),
        "message_id": message.stanza,
        "sender": PEOPLE[message.sender].jid,
        "sent_at": _iso(message.at),
        "direction": direction,
        "kind": "unknown" if message.kind == "unknown" else kind,
        "text": text,
        "text_as_shown": text and text.replace("\0", "\u2400"),
        "reply_to": message.tags.get("reply") if not deleted else None,
        "state": state if android else "live",
    }


def _edit_in_the_log(message: Message) -> Json:
    return {
        "message_id": message.stanza,
        "sent_at": _iso(message.at),
        "journal": message.text,
        "wal": message.tags["wal_edit"],
    }


def _is_named(message: Message) -> bool:
    return any(tag in message.tags for tag in ("id", "deleted", "lost", "wal", "edited", "forwarded", "unknown"))


def _by_chat(device: str, messages: Iterable[Message]) -> Json:
    return dict(sorted(Counter(message.chat.jid_seen_by(OWNERS[device]) for message in messages).items()))


def _place(message: Message) -> Json:
    latitude, longitude = message.point(message.kind)
    return {
        "message_id": message.stanza,
        "at": _iso(message.at),
        "latitude": latitude,
        "longitude": longitude,
        "label": message.tags.get("place") or None,
        "kind": "live_location" if message.kind == "live" else "message",
        "last": _last_place(message) if message.kind == "live" else None,
    }


def _last_place(message: Message) -> Json:
    latitude, longitude = message.point("end")
    return {"at": _iso(message.after("seconds") or message.at), "latitude": latitude, "longitude": longitude}


def _attachment(device: str, message: Message, messages: list[Message]) -> Json:
    photo = message.tags.get("photo")
    if device == "android_phone":
        stored = whatsapp_android.media_path(message, messages)
        path = whatsapp_android.SHARED_STORAGE + stored
    else:
        stored = whatsapp_ios.media_path(message)
        path = whatsapp_ios.FOLDER + "Message/" + stored
    return {
        "message_id": message.stanza,
        "stored_path": stored,
        "path": path if photo else None,
        "present": photo is not None,
        "sha256": hashlib.sha256(shared_photo(photo)).hexdigest() if photo else None,
        "caption": message.tags.get("caption"),
    }


def _call(call: Call, owner: str) -> Json:
    return {
        "call_id": call.call_id,
        "started_at": _iso(call.at),
        "peer": call.partner_of(owner).jid,
        "direction": "outgoing" if call.caller == owner else "incoming",
        "duration_s": call.seconds,
        "outcome": "connected" if call.outcome == "video" else call.outcome,
        "video": call.outcome == "video",
    }


def _photo(photo: Photo) -> Json:
    place = photo.stored_place
    readable = photo.fault != "cut"
    return {
        "path": photo.path,
        "taken_local": photo.local if readable else None,
        "utc_offset": photo.offset if readable else None,
        "taken_at": _iso(photo.taken_at) if photo.taken_at and readable else None,
        "ambiguous_in": "Europe/Belgrade" if photo.local.startswith("2025-10-26T02:") else None,
        "latitude": place and round(place[0], 6),
        "longitude": place and round(place[1], 6),
        "make": photo.camera[0],
        "model": photo.camera[1],
        "fault": photo.fault,
    }


def _owner(device: str) -> Json:
    person = PEOPLE[OWNERS[device]]
    return {"person": person.key, "name": person.name, "phone": person.phone, "jid": person.jid}


def _of_owner(device: str, messages: list[Message], calls: list[Call]) -> tuple[list[Message], list[Call]]:
    owner = OWNERS[device]
    mine = [message for message in messages if owner in message.chat.people]
    return mine, [call for call in calls if owner in (call.caller, call.called)]


def _contacts_known(messages: list[Message]) -> set[str]:
    return {person for message in messages for person in message.chat.people} - {OWNERS["android_phone"]}


def _groups(messages: list[Message]) -> int:
    return len({message.chat.jid for message in messages if message.chat.jid})


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


# The laptop


def _laptop(messages: list[Message]) -> Json:
    exported = laptop.exported_messages(messages)
    return {
        "user": LAPTOP_USER,
        "person": LAPTOP_USER,
        "timezone": "Europe/Belgrade",
        "wallets": [_electrum_wallet(), _electrum_watching(), _core_wallet()],
        "chat_exports": [
            {
                "path": laptop.CHAT_EXPORT,
                "messages": len(exported),
                "system_lines": 1,
                "zone": "Europe/Belgrade",
                "first_local": belgrade(exported[0].at).strftime("%Y-%m-%dT%H:%M"),
                "last_local": belgrade(exported[-1].at).strftime("%Y-%m-%dT%H:%M"),
            }
        ],
        "exchange_statements": [
            {
                "path": laptop.WITHDRAWALS,
                "rows": 2,
                "completed": {
                    "at": "2025-10-16T12:58:31Z",
                    "asset": "USDT",
                    "chain": "TRON",
                    "amount": "1200",
                    "to_address": TRC20_KARIM,
                    "txid": USDT_TXID,
                },
            }
        ],
        "history_exports": [{"path": f"Users/{LAPTOP_USER}/Documents/electrum-history.csv", "rows": len(PAYMENTS)}],
        "photos": [_photo(photo) for photo in PHOTOS if photo.device == "laptop"],
        "photos_without_exif": [laptop.HOME + "Pictures/kafa.jpg", laptop.HOME + "Pictures/Drina.jpg"],
    }


def _electrum_wallet() -> Json:
    return {
        "path": electrum.FOLDER + "wallets/default_wallet",
        "software": "Electrum",
        "seed_version": electrum.SEED_VERSION,
        "wallet_type": "standard",
        "secrets_encrypted": True,
        "watch_only": False,
        "xpub": ELECTRUM.serialised(ZPUB),
        "addresses": {"receiving": RECEIVING_LIMIT, "change": CHANGE_LIMIT},
        "created_at": "2025-09-01T10:00:00Z",
        "contacts": {HARIS: "H. Bihać"},
        "transfers": [_transfer(payment) for payment in PAYMENTS],
        "balance": _bitcoin(sum(electrum.net_amount(payment) for payment in PAYMENTS)),
    }


def _transfer(payment: Payment) -> Json:
    net = electrum.net_amount(payment)
    return {
        "name": payment.name,
        "txid": payment.transaction.txid,
        "at": _iso(payment.confirmed_at),
        "height": payment.height,
        "direction": "in" if net > 0 else "out",
        "net_amount": _bitcoin(net),
        "first_output": {
            "address": payment.transaction.outputs[0].address,
            "amount": _bitcoin(payment.transaction.outputs[0].value),
        },
        "fee": _bitcoin(payment.fee) if payment.fee else None,
        "label": payment.label,
    }


def _electrum_watching() -> Json:
    return {
        "path": electrum.FOLDER + "wallets/rezerva",
        "software": "Electrum",
        "seed_version": electrum.SEED_VERSION,
        "wallet_type": "imported",
        "watch_only": True,
        "addresses_in_base": 2,
        "addresses_after_patches": list(electrum.WATCHED),
        "patches": 4,
        "labels_after_patches": {electrum.WATCHED[0]: "B."},
    }


def _core_wallet() -> Json:
    (received,) = (payment for payment in PAYMENTS if payment.name == "cold")
    return {
        "path": bitcoin_core.PATH,
        "software": "Bitcoin Core",
        "records": len(bitcoin_core.records()),
        "watch_only": True,
        "xpub": COLD.serialised(XPUB),
        "descriptors": [bitcoin_core.descriptor(branch) for branch in (0, 1)],
        "labels": {cold(0): "hladni 1", HARIS: "H."},
        "transfers": [{"txid": received.transaction.txid, "to_address": cold(0), "amount": "0.01800000"}],
    }


def _bitcoin(satoshi: int) -> str:
    sign, whole = ("-" if satoshi < 0 else ""), abs(satoshi)
    return f"{sign}{whole // 100_000_000}.{whole % 100_000_000:08d}"


# What ties the devices together


def _across(messages: list[Message]) -> Json:
    shared = [m for m in messages if set(OWNERS.values()) <= set(m.chat.people)]
    photos = sorted({message.tags["photo"] for message in shared if message.kind == "photo"})
    return {
        "messages_on_both_phones": len(shared),
        "deleted_on_the_android_phone_kept_on_the_iphone": [m.stanza for m in shared if "lost" in m.tags],
        "groups_on_both_phones": sorted({message.chat.jid for message in shared if message.chat.jid}),
        "photos_on_both_phones": {name: hashlib.sha256(shared_photo(name)).hexdigest() for name in photos},
        "calls_on_both_phones": 2,
        "values": {name: _mentions(value, messages) for name, value in NAMED.items()},
    }


def _mentions(value: str, messages: list[Message]) -> Json:
    """Where an address or transaction id stands: message ids on each phone, and what the laptop makes of it."""
    saying = [
        message for message in messages if message.text and value in message.text and "deleted" not in message.tags
    ]
    found: Json = {"value": value}
    for device, owner in OWNERS.items():
        found[device] = [message.stanza for message in saying if owner in message.chat.people]
    found["laptop"] = {
        "chat_export_lines": sum(value in (m.text or "") for m in laptop.exported_messages(messages)),
        "electrum": _electrum_role(value),
        "bitcoin_core": CORE_ROLES.get(value),
        "exchange_statement": value in (TRC20_KARIM, USDT_TXID),
    }
    return found


CORE_ROLES = {
    HARIS: "label",
    cold(0): "own",
    NAMED["tx_cold"]: "transaction",
    NAMED["tx_second"]: "spent by a transaction",
}


def _electrum_role(value: str) -> str | None:
    if value in electrum.own_addresses():
        return "own"
    if value == HARIS:
        return "contact"
    if value == cold(0):
        return "counterparty"
    return "transaction" if any(value == payment.transaction.txid for payment in PAYMENTS) else None
