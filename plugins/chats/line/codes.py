"""What codes of LINE mean: those of its protocol, which both apps store, and those of Android's chat_history.

Source: the protocol as published by several open clients (ContentType, PredefinedReactionType), and an enumeration read from
the app itself (chat_history.type, INVALID to SQUARE_READ_ONLY_CHAT; UNSENT_SILENT from a description of version 26).
"""

from __future__ import annotations

from typing import Any

# Content: what it is called, and the kind of message.
CONTENT = {
    0: ("none", "text"), 1: ("image", "image"), 2: ("video", "video"), 3: ("audio", "voice"), 4: ("html", "unknown"),
    5: ("pdf", "document"), 6: ("call", "call"), 7: ("sticker", "sticker"), 8: ("presence", "system"), 9: ("gift", "unknown"),
    10: ("group board", "unknown"), 11: ("app link", "link"), 12: ("link", "link"), 13: ("contact", "contact"),
    14: ("file", "document"), 15: ("location", "location"), 16: ("post notification", "system"), 17: ("rich", "unknown"),
    18: ("chat event", "system"), 19: ("music", "link"), 20: ("payment", "unknown"), 21: ("external image", "image"),
    22: ("flex", "unknown"),
}  # fmt: skip
FILES = {1, 2, 3, 5, 14, 21}
REACTIONS = {2: "nice", 3: "love", 4: "fun", 5: "amazing", 6: "sad", 7: "omg"}
UNSENT = {27, 28, 35, 38}
WRITTEN = {1, 4, 5, 17, *UNSENT}  # rows that somebody wrote or did; all others are events
TYPES = {
    1: "message", 2: "joined", 3: "left the room", 4: "call", 5: "sticker", 6: "group picture changed", 7: "group renamed",
    8: "post notification", 9: "invited to room", 10: "invitation cancelled", 11: "removed from group", 12: "left the group",
    13: "chat event", 15: "joining by ticket changed", 16: "owner invited to group", 17: "could not be decrypted",
    18: "open chat deleted", 19: "open chat warning", 20: "open chat shut down", 21: "open chat picture changed",
    22: "open chat renamed", 23: "removed from open chat", 24: "joined open chat", 25: "left open chat",
    26: "invited to open chat",
    27: "unsent", 28: "unsent, no mark", 29: "open chat size changed", 30: "background music changed",
    31: "background music removed",
    32: "forbidden message", 33: "memo chat created", 34: "group invitation", 35: "unsent in open chat",
    36: "open chat read only",
    38: "unsent silently",
}  # fmt: skip
# Parameters with keys of encrypted files; their values are left alone.
SECRET = ("ENC_KM", "KEY_MATERIAL", "KEYMATERIAL", "OBS_CONTENT_INFO", "TOKEN")


def content_kind(code: Any) -> str:
    """The kind of message that has this content."""
    return CONTENT.get(code or 0, ("", "unknown"))[1] if code is None or isinstance(code, int) else "unknown"


def parameters(stored: Any) -> dict[str, str]:
    """The parameters of a message on Android: names and values in turn, between tabs. Those that hold keys are left out."""
    parts = stored.split("\t") if isinstance(stored, str) else []
    return {name: value for name, value in zip(parts[0::2], parts[1::2], strict=False) if name and not secret(name)}


def secret(name: str) -> bool:
    """Whether a parameter holds a key."""
    return any(part in name.upper() for part in SECRET)


def first(found: dict[str, str], *names: str) -> str | None:
    """The first of these parameters that is there and not empty; its name differs from version to version."""
    return next((found[name] for name in names if found.get(name)), None)


def whole(value: Any) -> int | None:
    """A number in digits, as parameters have it; also one that is a number already."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return value if isinstance(value, int) and 0 <= value < 2**63 else None


def chat_kind(mid: Any) -> str | None:
    """What a chat is, by the first letter of its id."""
    return (
        {"u": "direct", "c": "group", "r": "group", "m": "group"}.get(mid[:1].lower()) if isinstance(mid, str) else None
    )
