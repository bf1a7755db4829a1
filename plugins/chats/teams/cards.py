"""Places that were sent as a card: a picture of a map with a link, whose address holds the coordinates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ..keyed_archive import NotAnArchive, unarchived
from ..untrusted import objects

# https://www.bing.com/maps?rtp=adr.~pos.35.66_-78.81_301%20Crossway%20Ln
POSITION = re.compile(r"[?&]rtp=[^&]*?\bpos\.(-?\d{1,3}(?:\.\d+)?)_(-?\d{1,3}(?:\.\d+)?)")
MAX_CARD = 1 << 20


def cards_of(properties: Any, bot_cards: Any) -> Iterator[dict[str, Any]]:
    """The adaptive cards of a message: of its properties (JSON text), else of ZTS_BOTCARDDATA (archives in an archive)."""
    for name in ("cards", "cards:shareLocation"):
        listed = loaded(properties.get(name)) if isinstance(properties, dict) else None
        cards = objects(listed)
        found = [card["content"] for card in cards if isinstance(card.get("content"), dict)]
        if found:
            yield from found
            return
    for packed in bot_cards if isinstance(bot_cards, list) else ():
        try:
            card = unarchived(packed) if isinstance(packed, bytes) else packed
        except NotAnArchive:
            continue
        content = loaded(card.get("content")) if isinstance(card, dict) else None
        if isinstance(content, dict):
            yield content


def place_in(card: dict[str, Any]) -> dict[str, Any] | None:
    """The place that a card shows: latitude, longitude, label, live, expires_at (Unix ms), session; None if it shows none.

    A place that is shared live names a session and when it ends; the coordinates are those at the start.
    """
    parts = objects(card.get("body"))
    session = next((s for part in parts if isinstance(s := loaded(part.get("id")), dict)), {})
    links = (part["selectAction"].get("url") for part in parts if isinstance(part.get("selectAction"), dict))
    found = next((m for link in links if isinstance(link, str) and (m := POSITION.search(link))), None)
    if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return None
    said = list(dict.fromkeys(part["text"] for part in parts if isinstance(part.get("text"), str)))
    return {
        "latitude": float(found[1]),
        "longitude": float(found[2]),
        "label": ", ".join(said) or None,
        "live": "sessionId" in session,
        "expires_at": session.get("expiresAt"),
        "session": session.get("sessionId"),
    }


def loaded(text: Any) -> Any:
    """What JSON text says; None for anything else."""
    try:
        return json.loads(text) if isinstance(text, str) and len(text) < MAX_CARD else None
    except (ValueError, RecursionError):
        return None
