"""What a message of imo carries besides text: a dictionary, as JSON on Android and as an Apple archive on iOS.

Names are those that imo for iOS uses: a `type`, or `objects` with a type each; a file has `object_id`, `filename`, `filesize`,
`bigo_url` and `type_specific_params` (`mime`, `original_width`, `original_height`, `duration`); a place has `latitude`,
`longitude`, `placeName`, `address`; a call has `chat_type` and `call_duration` in seconds. Android adds `original_path` and
`local_path`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..untrusted import given, mapping, objects

KINDS = {
    "im": "text",
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "document",
    "location": "location",
    "call_log": "call",
}
PATHS = ("original_path", "local_path")
SHOWN = {"objects", "latitude", "longitude", *PATHS}


def code_of(data: Mapping[str, Any]) -> str | None:
    """The app's name of the kind: that of the first object, else the message's own."""
    said = next((one.get("type") for one in objects(data.get("objects")) if one.get("type")), None) or data.get("type")
    return said if isinstance(said, str) else None


def kind_of(data: Mapping[str, Any]) -> str:
    """The kind of a message; text where it carries nothing."""
    code = code_of(data)
    if code is None:
        return "unknown" if path_of(data) else "text"
    return KINDS.get(code, "unknown")


def path_of(data: Mapping[str, Any]) -> str | None:
    """Where the file is on the phone: the original, else the app's copy."""
    return next((data[key] for key in PATHS if data.get(key) and isinstance(data[key], str)), None)


def attachments(data: Mapping[str, Any], base: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Rows of `attachments`; `base`: what all rows of the message have. Of a text or a place there are none."""
    if kind_of(data) in ("text", "location", "call"):
        return
    path = path_of(data)
    for one in objects(data.get("objects")) or ([{}] if path or data.get("url") else []):
        details = mapping(one.get("type_specific_params"))
        name = data.get("file_name") or one.get("file_name") or one.get("filename")
        yield {
            **base,
            "name": name or (path.rpartition("/")[2] if path else None),
            "stored_path": path,
            "mime": details.get("mime"),
            "size": one.get("filesize") or data.get("filesize") or data.get("file_size"),
            "width": details.get("original_width"),
            "height": details.get("original_height"),
            "url": one.get("bigo_url") or data.get("bigo_url") or data.get("url"),
            "extra": given(
                object_id=one.get("object_id"),
                local_path=data.get("local_path") if data.get("local_path") != path else None,
                duration=details.get("duration"),
                thumbnail_url=details.get("thumbnailUrl"),
            ),
        }


def position(data: Mapping[str, Any]) -> dict[str, float]:
    """The coordinates of a place; empty where there are none."""
    latitude, longitude = number(data.get("latitude")), number(data.get("longitude"))
    if latitude is None or longitude is None or kind_of(data) != "location":
        return {}
    return {"latitude": latitude, "longitude": longitude}


def label(data: Mapping[str, Any]) -> str | None:
    """Name and address of a place."""
    return ", ".join(str(data[key]) for key in ("placeName", "address") if data.get(key)) or None


def call(data: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `calls` that the message says."""
    duration = number(data.get("call_duration"))
    kinds = {"video_chat": True, "audio_chat": False}
    return {
        "duration_s": duration or None,
        "video": kinds.get(str(data.get("chat_type"))),
        "outcome": "answered" if duration else None,
    }


def noted(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the message carries and no column shows. Of an ordinary text that is nothing."""
    return {key: value for key, value in data.items() if key not in SHOWN and value not in (None, "")} or None


def number(value: Any) -> float | None:
    """A number, stored as one or as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
