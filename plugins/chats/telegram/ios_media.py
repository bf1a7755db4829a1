"""Media of a message in the Postbox, read into the columns of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..untrusted import objects, words

VIEW_ONCE = 0x7FFFFFFF
KINDS = {
    "TelegramMediaImage": "image",
    "TelegramMediaContact": "contact",
    "TelegramMediaWebpage": "link",
    "TelegramMediaPoll": "poll",
}
ACTIONS = (
    "unknown",
    "group created",
    "members added",
    "members removed",
    "photo changed",
    "title changed",
    "message pinned",
    "joined by link",
    "channel made from group",
    "group made a channel",
    "history cleared",
    "screenshot taken",
    "timer changed",
    "game score",
    "phone call",
    "payment sent",
    "text of the app",
    "bot domain allowed",
    "documents sent to bot",
    "joined Telegram",
    "phone number asked for",
    "proximity reached",
    "group call",
    "invited to group call",
    "theme changed",
    "joined by request",
    "web view data",
    "premium given",
    "topic created",
    "topic changed",
    "profile photo suggested",
    "attachment menu bot allowed",
    "peer requested",
    "wallpaper changed",
    "same wallpaper set",
    "bot app allowed",
    "gift code",
    "giveaway launched",
    "joined channel",
    "giveaway results",
    "boosts applied",
    "payment returned",
    "stars given",
    "stars won",
    "star gift",
)
CALLS = (14, 22, 23)
OUTCOMES = {0: "missed", 1: "disconnect", 2: "answered", 3: "rejected"}
FILE_NAME, STICKER, SIZE, ANIMATED, VIDEO, SOUND = range(6)


def kind_of(media: Mapping[str, Any]) -> tuple[str, str]:
    """The kind, and what Telegram calls it."""
    name = media["@"]
    if name == "TelegramMediaAction":
        number = whole(media.get("_rawValue")) or 0
        return ("call" if number in CALLS else "system"), f"{name}:{number}"
    if name == "TelegramMediaFile":
        return file_kind(media), name
    if name == "TelegramMediaMap":
        return ("live_location" if whole(media.get("bt")) else "location"), name
    return KINDS.get(name, "unknown"), name


def file_kind(media: Mapping[str, Any]) -> str:
    """The kind of a file, by its attributes."""
    kinds = {whole(a.get("t")): a for a in objects(media.get("at"))}
    if STICKER in kinds:
        return "sticker"
    if ANIMATED in kinds:
        return "gif"
    if VIDEO in kinds:
        return "video"
    if SOUND in kinds:
        return "voice" if kinds[SOUND].get("iv") else "audio"
    return "document"


def text_of(media: Mapping[str, Any]) -> str | None:
    """Text of media that have some: the question of a poll, what the app itself says."""
    if media["@"] == "TelegramMediaPoll":
        return words(media.get("t"))
    if media["@"] == "TelegramMediaAction":
        return words(media.get("text"))
    return None


def extra_of(media: Mapping[str, Any]) -> dict[str, Any]:
    """What media say and no column fits."""
    match media["@"]:
        case "TelegramMediaContact":
            card = {"first_name": "n.f", "last_name": "n.l", "phone_number": "pn", "vcard": "vc"}
            return {"contact": chosen(media, card)}
        case "TelegramMediaWebpage":
            return {"link": chosen(media, {"url": "u", "title": "ti", "pending_url": "pendingUrl"})}
        case "TelegramMediaPoll":
            return {"poll_options": [o["t"] for o in objects(media.get("os")) if words(o.get("t"))]}
        case "TelegramMediaMap":
            venue = media.get("ve")
            return {"venue": chosen(venue, {"title": "ti", "address": "ad"})} if isinstance(venue, dict) else {}
        case "TelegramMediaAction":
            number = whole(media.get("_rawValue")) or 0
            said = {k: v for k, v in media.items() if isinstance(v, str | int) and k not in ("@", "_rawValue")}
            return {"action": {"name": ACTIONS[number] if 0 <= number < len(ACTIONS) else str(number)} | said}
        case "TelegramMediaExpiredContent":
            return {"expired": {0: "image", 1: "file"}.get(whole(media.get("d")) or 0)}
    return {}


def attachment(media: Mapping[str, Any]) -> dict[str, Any] | None:
    """The file of a message. It lies in postbox/media under the name that is given as its path."""
    if media["@"] == "TelegramMediaImage":
        sizes = [r for r in objects(media.get("r")) if whole(r.get("dx")) and whole(r.get("dy"))]
        best = max(sizes, key=lambda r: r["dx"] * r["dy"], default={})
        return {"width": best.get("dx"), "height": best.get("dy")} | stored(best.get("r"))
    if media["@"] != "TelegramMediaFile":
        return None
    cells = stored(media.get("r"))
    cells["mime"] = words(media.get("mt"))
    cells["size"] = whole(media.get("s")) or whole(media.get("s64")) or cells.get("size")
    for attribute in objects(media.get("at")):
        if attribute.get("t") == FILE_NAME:
            cells["name"] = words(attribute.get("fn")) or cells.get("name")
        if attribute.get("t") in (SIZE, VIDEO):
            cells |= {"width": whole(attribute.get("w")), "height": whole(attribute.get("h"))}
        if attribute.get("t") in (VIDEO, SOUND):
            seconds = attribute.get("dur", attribute.get("du"))
            cells["duration_s"] = seconds if isinstance(seconds, int | float) else None
    return cells


def stored(resource: Any) -> dict[str, Any]:
    """Name in the folder of media, and size, of a resource of the server; nothing for what lies elsewhere."""
    if not isinstance(resource, dict):
        return {}
    cells: dict[str, Any] = {"size": whole(resource.get("n")) or whole(resource.get("n64"))}
    centre = whole(resource.get("d"))
    if resource["@"] == "CloudPhotoSizeMediaResource":
        cells["stored_path"] = f"telegram-cloud-photo-size-{centre}-{resource.get('i')}-{resource.get('s')}"
    if resource["@"] == "CloudDocumentMediaResource":
        cells["stored_path"] = f"telegram-cloud-document-{centre}-{resource.get('f')}"
        cells["name"] = words(resource.get("fn"))
    return cells


def place(media: Mapping[str, Any]) -> dict[str, Any] | None:
    """The row of `places`."""
    where = media.get("la"), media.get("lo")
    if media["@"] != "TelegramMediaMap" or not all(isinstance(w, float) for w in where):
        return None
    venue = media["ve"] if isinstance(media.get("ve"), dict) else {}
    accuracy = media.get("acc")
    return {
        "latitude": where[0],
        "longitude": where[1],
        "accuracy_m": accuracy if isinstance(accuracy, float) else None,
        "kind": "live_location" if kind_of(media)[0] == "live_location" else "message",
        "label": ", ".join(filter(None, (words(venue.get("ti")), words(venue.get("ad"))))) or None,
    }


def call(media: Mapping[str, Any]) -> dict[str, Any] | None:
    """The row of `calls` of a phone call's action."""
    if media["@"] != "TelegramMediaAction" or media.get("_rawValue") != 14:
        return None
    reason = whole(media.get("dr"))
    return {
        "call_id": str(media["i"]) if whole(media.get("i")) else None,
        "duration_s": whole(media.get("d")),
        "outcome": None if reason is None else OUTCOMES.get(reason, str(reason)),
        "video": bool(media.get("vc")),
    }


def chosen(media: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Values under names that can be read."""
    return {name: media[key] for name, key in keys.items() if words(media.get(key))}


def whole(value: Any) -> int | None:
    """A whole number, if it is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
