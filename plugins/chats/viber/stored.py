"""Values that Viber stores in a way of its own, on all its platforms, as the values they stand for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from forensics import Problem

from ..untrusted import MAX_DEPTH, at, objects, too_deep, visible

WHOLE = re.compile(r"-?\d{1,18}")
DEGREES = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?")
PHONE = re.compile(r"(?=.*[0-9])[-+0-9 ()]{3,40}")
HEADLINES = (("Text",), ("Title",), ("pa_message_data", "text"), ("pa_message_data", "alt_text"), ("pin", "text"))
SCALES = (1, 1_000_000, 10_000_000)  # of coordinates: degrees, and whole numbers of millionths and ten-millionths
encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode  # made once: it is asked for every message


class Place(NamedTuple):
    """Degrees north and east."""

    latitude: float
    longitude: float


def information(stored: Any, record: str) -> tuple[Any, list[Problem]]:
    """What Viber keeps about a message as JSON (msg_info on Android, ZMETADATA on iOS, Info on the desktop).

    None where there is none. Text that is no JSON is given back as text, with a problem.
    """
    if isinstance(stored, bytes):
        stored = stored.decode("utf-8", "surrogateescape")
    if not isinstance(stored, str) or not stored.strip():
        return None, []
    try:
        info = json.loads(stored, parse_constant=lambda name: None, strict=False) or None
        if too_deep(info):
            raise RecursionError(f"nested more than {MAX_DEPTH} levels deep")
        return info, []
    except (ValueError, RecursionError) as error:
        message = f"what Viber keeps about the message as JSON was not read: {error}"
        return stored, [Problem("not_understood", message, record=record, detail=stored[:200])]


def words(value: Any, *keys: str) -> str | None:
    """The text under nested keys; None where it is missing, blank, or no text."""
    return visible(at(value, *keys))


def whole(value: Any) -> int | None:
    """A whole number, stored as such or as text."""
    if isinstance(value, str) and WHOLE.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def told(info: Any) -> dict[str, Any]:
    """What the JSON says, under the names that all parsers of Viber use in `extra`, and all of it as `info`."""
    if not isinstance(info, dict):
        return {"info": info}
    return {
        "link": words(info, "URL"),
        "link_title": words(info, "Title"),
        "quoted_text": words(info, "quote", "text"),
        "quoted_sender": words(info, "quote", "name"),
        "pinned_text": words(info, "pin", "text"),
        "forwarded_from": at(info, "generalFwdInfo", "orig_chat_id"),
        "invites_to_name": words(info, "groupReferralInfo", "groupName"),
        "options": options(info) or None,
        "info": info,
    }


def options(info: Any) -> list[dict[str, Any]]:
    """The options of a poll, each with its count of votes."""
    found = objects(at(info, "poll", "options"))
    return [{"option": option.get("name"), "votes": option.get("count")} for option in found]


def headline(info: Any) -> str | None:
    """The text that stands for a message which has none of its own: of a link, a rich message, a pin."""
    return next((text for way in HEADLINES if (text := words(info, *way))), None)


def file_kind(info: Any) -> str | None:
    """Whether a file is a voice message or a GIF, where the JSON says so."""
    if isinstance(info, dict) and "audio_ptt" in info:
        return "voice"
    return "gif" if str(at(info, "fileInfo", "mediaInfo", "MediaType")).upper() == "GIF" else None


def file_cells(info: Any) -> dict[str, Any]:
    """Cells of an attachment that the JSON gives. Its hash is of no stated kind and its duration of no stated unit: extra."""
    stored = at(info, "fileInfo")
    return {
        "name": words(stored, "FileName"),
        "size": whole(at(stored, "FileSize")),
        "width": whole(at(stored, "mediaInfo", "Width")),
        "height": whole(at(stored, "mediaInfo", "Height")),
        "extra": {
            "extension": words(stored, "FileExt"),
            "content_type": at(stored, "ContentType"),
            "file_hash": at(stored, "FileHash"),
            "original_size": at(stored, "OrigSize"),
            "stored_duration": at(stored, "Duration") or at(info, "audio_ptt", "duration"),
        },
    }


def has_file(info: Any) -> bool:
    """Whether the JSON names a file."""
    return isinstance(at(info, "fileInfo"), dict)


def maps_in(info: Any) -> Iterator[Place]:
    """Places on the cards of a rich message."""
    buttons = at(info, "pa_message_data", "rich_media", "Buttons")
    for button in buttons if isinstance(buttons, list) else ():
        place = degrees(at(button, "Map", "Latitude"), at(button, "Map", "Longitude"))
        if place:
            yield place


def degrees(latitude: Any, longitude: Any) -> Place | None:
    """A pair of stored coordinates; None where unset (0, 0) or impossible.

    Whole numbers beyond the degrees are millionths, or ten-millionths where millionths would lie beyond them too: the scale is
    nowhere described, so both numbers of a pair decide it together.
    """
    pair = [coordinate(latitude), coordinate(longitude)]
    north, east = pair
    if north is None or east is None or (north == 0 and east == 0):
        return None
    for scale in SCALES:
        if abs(north) <= 90 * scale and abs(east) <= 180 * scale:
            return Place(north / scale, east / scale)
    return None


def coordinate(value: Any) -> float | int | None:
    """A stored coordinate as a number."""
    if isinstance(value, str):
        text = value.strip()
        value = float(text) if DEGREES.fullmatch(text) else whole(text)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if math.isfinite(value) else None


def phones(*numbers: Any) -> list[str] | None:
    """Those of the values that are phone numbers, each once; None where none is."""
    found = [n for n in numbers if isinstance(n, str) and PHONE.fullmatch(n)]
    return list(dict.fromkeys(found)) or None


def provenance(row: Mapping[str, Any]) -> dict[str, Any]:
    """Where a row came from: cells of its own row."""
    return {"record": row["record"], "state": row["state"]}


def as_json(found: Mapping[str, Any]) -> str | None:
    """What is set, as JSON text."""
    there = {name: value for name, value in found.items() if value not in (None, "")}
    return encode(there) if there else None
