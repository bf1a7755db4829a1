"""Messages of Facebook Messenger and Instagram as "Download your information" gives them: `message_1.json` and its like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, CALLS, MESSAGES, PARTICIPANTS, PLACES, REACTIONS
from forensics.times import unix_ms, unix_s

from .download_account import owner_among
from .stored import as_json, degrees, objects, repaired

MEDIA = (
    ("photos", "image"),
    ("videos", "video"),
    ("audio_files", "audio"),
    ("gifs", "gif"),
    ("files", "document"),
    ("sticker", "sticker"),
)
EVENTS = ("Subscribe", "Unsubscribe")
TAKEN = frozenset(
    ("sender_name", "timestamp_ms", "content", "type", "is_unsent", "reactions", *(key for key, _ in MEDIA))
)
CHAT_KINDS = {"Regular": "direct", "RegularGroup": "group"}
FOLDERS = ("inbox", "archived_threads", "filtered_threads", "message_requests", "e2ee_cutover")
OF_THREAD = ("is_still_participant", "image", "joinable_mode", "magic_words", "thread_type")
HEAD = 1 << 20  # members of a large group come before the first message
PART = re.compile(r"message_(\d{1,6})\.json", re.IGNORECASE)


def is_download(file: File) -> bool:
    """JSON with messages that have a sender's name and milliseconds, as Meta writes them."""
    wanted = (b'"messages"', b'"sender_name"', b'"timestamp_ms"')
    if all(key in file.head for key in wanted):
        return True
    if b'"participants"' not in file.head or file.size <= len(file.head):
        return False
    with file.open() as stream:
        start = stream.read(HEAD)
    return all(key in start for key in wanted)


@parser("meta.download", magic=["application/json"], test=is_download)
def thread(file: File) -> Iterator[Any]:
    r"""Facebook Messenger and Instagram, "Download your information" in JSON: one part of one thread.

    Names are the only key to persons: the export has no ids of persons or messages. Each byte of UTF-8 is written as an escape
    of its own (`\u00c4\u008d` for č); every string is repaired where that gives valid text, and left alone where not. Which
    of the senders owns the account is not in the file: it comes from the profile in the same download, where that has the name
    of just one person in the thread; else direction is unknown. A long thread comes in parts (message_1.json
    the newest); all have the same chat_id, and the list of members, which each part repeats, is read once.

    Reads: messages of all folders (inbox, archived_threads, filtered_threads, message_requests, e2ee_cutover: in extra), unsent
    ones too, group events, calls, reactions, locations sent, attachments, members, and who joined or left when. What no column
    holds (shares, addresses, users of an event, flags) is in extra as exported, repaired; what the thread says of itself
    (magic words, picture, invitation) in the extra of the first message of each part.
    Not read: other files of the download (the profile: meta.download.account); end-to-end encrypted chats (meta.e2ee); the HTML
    form; events that the export has as sentences only, in its language (names, nicknames, themes).
    Seen on: a hand-made minimal export of a public test suite; no download of the services themselves yet.
    Source: field names in public schema descriptions and parsers (chat-miner, msgvault and others); a public catalogue of the
    cases in one real download of 774,818 messages.
    Tier: documented
    """
    data = repaired(file.json())
    if not isinstance(data, dict) or not isinstance(data.get("messages"), list):
        yield Problem("not_understood", "no object with a list of messages")
        return
    base = {"app": app_of(file), "chat_id": data.get("thread_path") or file.path.rpartition("/")[0] or file.path}
    owner = owner_among(file, persons(data))
    yield from members(file, data, base)
    shared = {key: data[key] for key in OF_THREAD if key in data}
    folder = folder_of(file, data)
    for number, message in enumerate(data["messages"]):
        record = f"$.messages[{number}]"
        if isinstance(message, dict):
            more = {"folder": folder, "thread": shared if number == 0 else None}
            yield from rows(message, data, {**base, "record": record}, more, owner)
        else:
            yield Problem("not_understood", "a message that is no object", record=record)


def persons(data: Mapping[str, Any]) -> list[str]:
    """Names of the members, of whom two can have the same, and of others who have written."""
    listed = [person.get("name") for person in objects(data.get("participants"))]
    members = [name for name in listed if isinstance(name, str)]
    senders = [message.get("sender_name") for message in objects(data["messages"])]
    return members + sorted({name for name in senders if isinstance(name, str)} - set(members))


def app_of(file: File) -> str:
    """The service, as the path of the download tells; `Meta` where it does not."""
    path = f"{file.evidence}/{file.path}".lower()
    if "instagram" in path:
        return "Instagram"
    return "Messenger" if "facebook" in path or "messenger" in path else "Meta"


def folder_of(file: File, data: Mapping[str, Any]) -> str | None:
    """The folder of the thread, where it is another than the inbox."""
    path = f"{data.get('thread_path')}/{file.path}".split("/")
    found = next((folder for folder in FOLDERS if folder in path), None)
    return None if found == "inbox" else found


def members(file: File, data: dict[str, Any], base: dict[str, Any]) -> Iterator[Any]:
    """Members of the thread at the time of the export, and others of whom it says that they joined or left."""
    found: dict[Any, dict[str, Any]] = {}
    listed = data.get("participants")
    for number, person in enumerate(listed if isinstance(listed, list) and is_first_part(file) else ()):
        name = person.get("name") if isinstance(person, dict) else None
        if isinstance(name, str):
            found[name] = {
                **base,
                "name": name,
                "person_id": name,
                "active": True,
                "record": f"$.participants[{number}]",
            }
        else:
            yield Problem("not_understood", "a member without a name", record=f"$.participants[{number}]")
    for number, message in enumerate(data["messages"]):
        if not isinstance(message, dict) or message.get("type") not in EVENTS:
            continue
        for user in objects(message.get("users")):
            if isinstance(name := user.get("name"), str):
                new = {**base, "name": name, "person_id": name, "record": f"$.messages[{number}].users"}
                column = "joined_at" if message["type"] == "Subscribe" else "left_at"
                found.setdefault(name, new).setdefault(column, message.get("timestamp_ms"))
    yield from PARTICIPANTS.rows(found.values(), joined_at=unix_ms, left_at=unix_ms)


def is_first_part(file: File) -> bool:
    """Whether no part of the thread precedes this one: each repeats the list of members."""
    part = PART.fullmatch(file.name)
    return part is None or int(part[1]) < 2 or file.sibling(f"message_{int(part[1]) - 1}.json") is None


def direction(message: Mapping[str, Any], owner: str | None) -> str:
    """By the sender, where the owner is known."""
    if message.get("type") in EVENTS:
        return "system"
    sender = message.get("sender_name")
    return "unknown" if owner is None or not sender else "outgoing" if sender == owner else "incoming"


def rows(
    message: dict[str, Any], data: dict[str, Any], base: dict[str, Any], more: dict[str, Any], owner: str | None
) -> Iterator[Any]:
    """The rows of one message."""
    rest = {key: value for key, value in message.items() if key not in TAKEN}
    place = shared_place(message)
    cells = {
        **base,
        "account_id": owner,
        "chat_name": data.get("title"),
        "chat_kind": chat_kind(data),
        "sent_at": message.get("timestamp_ms"),
        "sender_id": message.get("sender_name"),
        "sender_name": message.get("sender_name"),
        "direction": direction(message, owner),
        "kind": "location" if place else kind(message),
        "raw_kind": message.get("type"),
        "text": message.get("content"),
        "deleted": True if message.get("is_unsent") else None,
        "extra": as_json({**rest, **more}),
        **(place or {}),
    }
    yield from MESSAGES.rows([cells], sent_at=unix_ms)
    yield from ATTACHMENTS.rows({**base, **attachment} for attachment in attachments(message))
    yield from REACTIONS.rows(({**base, **reaction} for reaction in reactions(message)), reacted_at=unix_s)
    if place:
        spot = {"at": message.get("timestamp_ms"), "kind": "message", "ref": base["record"], "record": base["record"]}
        yield from PLACES.rows([spot | place], at=unix_ms)
    if is_call(message):
        call = {
            **base,
            "started_at": message.get("timestamp_ms"),
            "duration_s": message.get("call_duration"),
            "outcome": "missed" if message.get("missed") else None,
            "account_id": owner,
            "direction": direction(message, owner),
            "peer_name": message.get("sender_name") if message.get("sender_name") != owner else None,
        }
        yield from CALLS.rows([call], started_at=unix_ms)


def is_call(message: Mapping[str, Any]) -> bool:
    """Whether it tells of a call: newer downloads have no `type`."""
    return "call_duration" in message or message.get("type") == "Call" or bool(message.get("missed"))


def chat_kind(data: dict[str, Any]) -> str | None:
    """Group or direct: as stored (older downloads), else by the number of members."""
    stored = data.get("thread_type")
    if isinstance(stored, str) and stored:
        return CHAT_KINDS.get(stored, stored)
    members = data.get("participants")
    return None if not isinstance(members, list) or not members else "group" if len(members) > 2 else "direct"


def kind(message: dict[str, Any]) -> str:
    """The kind of message, by what it holds."""
    if message.get("is_unsent"):
        return "deleted"
    if message.get("type") in EVENTS:
        return "system"
    if is_call(message):
        return "call"
    held = next((name for key, name in MEDIA if message.get(key)), None)
    return held or ("link" if message.get("share") else "text")


def shared_place(message: Mapping[str, Any]) -> dict[str, float] | None:
    """The coordinates of a location that was sent: the export has it as a link to a map, `where1` being the place."""
    share = message.get("share")
    link = share.get("link") if isinstance(share, dict) else None
    try:
        parts = urlsplit(link) if isinstance(link, str) else urlsplit("")
        pair = parse_qs(parts.query, max_num_fields=50).get("where1", [""])[0].split(",")
    except ValueError:
        return None
    is_map = parts.hostname in ("www.bing.com", "bing.com") and parts.path.startswith("/maps")
    return degrees(*pair) if is_map and len(pair) == 2 else None


def attachments(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Files of a message: a path from the root of the download; of some only a name, or an address that has expired."""
    for key, _ in MEDIA:
        for item in objects(message.get(key)):
            path = item.get("uri")
            if not isinstance(path, str):
                continue
            remote = path.startswith(("http://", "https://"))
            yield {
                "name": None if remote else path.rpartition("/")[2],
                "stored_path": None if remote else path,
                "url": path if remote else None,
                "extra": as_json({"listed_as": key, **{name: item[name] for name in item if name != "uri"}}),
            }


def reactions(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Reactions, by the name of who gave them."""
    for given in objects(message.get("reactions")):
        yield {
            "person_id": given.get("actor"),
            "value": given.get("reaction"),
            "reacted_at": given.get("timestamp"),
        }


@hookimpl
def forensics_parsers():
    return [thread]
