"""What a message of TikTok holds: `content`, JSON whose names tell what it is; the app's number of the type is only kept.

Text is in `text`, a notice of the app in `tips`. A shared video has `aweme_id`, a profile `uid`; a sticker has `display_name`
and its addresses in `url.url_list`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..untrusted import words

KNOWN = ("text", "tips")


@dataclass
class Content:
    """A message's content. `fault`: why it is not read."""

    kind: str = "unknown"
    text: str | None = None
    url: str | None = None
    name: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    fault: str | None = None


def read(stored: Any) -> Content:
    """The content; text that is no JSON stays as it is."""
    found = Content()
    if stored is None or stored == "":
        return found
    try:
        data = json.loads(stored, strict=False) if isinstance(stored, str | bytes) else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        shown = stored if isinstance(stored, str) else stored.hex() if isinstance(stored, bytes) else str(stored)
        found.extra["content"] = shown[:4096]
        found.fault = "content that is no JSON object"
        return found
    text, tips = data.get("text"), data.get("tips")
    found.url, found.name = address(data.get("url")), words(data.get("display_name"))
    if words(text):
        found.kind, found.text = "text", text
    elif words(tips):
        found.kind, found.text = "system", tips
    elif data.get("aweme_id") or data.get("itemId"):
        found.kind = "link"
    elif data.get("sticker_id") or (found.url and found.name):
        found.kind = "sticker"
    found.extra |= {key: value for key, value in data.items() if key not in KNOWN and short(value)}
    return found


def address(value: Any) -> str | None:
    """The first of several addresses of the same file."""
    listed = value.get("url_list") if isinstance(value, Mapping) else None
    return words(listed[0]) if isinstance(listed, list) and listed else None


def short(value: Any) -> bool:
    """Whether a value is worth keeping beside the message: set, and no long list of pictures."""
    if value in (None, "", [], {}, False):
        return False
    try:
        return len(json.dumps(value)) <= 4096
    except (ValueError, RecursionError):
        return False
