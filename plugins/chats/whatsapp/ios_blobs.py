"""The undescribed blobs of ChatStorage.sqlite, messages in the wire format of Protocol Buffers, as far as others found them out.

ZWAMEDIAITEM.ZMETADATA: 5 id of the quoted message, 6 who wrote it, 7 the chat it is in where that is another, 19 that message,
17 times forwarded, 21 who forwarded it, 28.4 name of the group that is invited to, 36 seconds of the timer, 42.1.9 link,
87.1 a call: 1 video, 2 outcome, 3 seconds; 24, 43 and 51 hold messages of businesses, their texts in 1.2, 1.6 and 1.7.
ZWAMESSAGEINFO.ZRECEIPTINFO: 7 reactions, 8 poll.
Source: IPED (ExtractorIOS), iLEAPP (17 and 21).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..protobuf import NotProtobuf, message, text

Fields = Mapping[int, Any]
TEMPLATES = (24, 43, 51)


def nested(found: Fields, *path: int) -> Fields:
    """The message at a path of fields, the first of each; no fields where there is none."""
    for field in path:
        if field not in found:
            return {}
        found = inner(found[field][0])
    return found


def inner(value: Any) -> Fields:
    """A nested message; no fields where it is none."""
    try:
        return message(value) if isinstance(value, bytes) else {}
    except NotProtobuf:
        return {}


def number(found: Fields, field: int) -> int | None:
    """The first whole number of a field."""
    return next((value for value in found[field] if isinstance(value, int)), None) if field in found else None


def noted(metadata: Fields) -> dict[str, Any]:
    """What the metadata of a message say that no column fits."""
    call = nested(metadata, 87, 1)
    found = {
        "quoted_text": quoted_text(metadata),
        "quoted_sender": text(metadata, 6),
        "quoted_in": text(metadata, 7),
        "forward_score": number(metadata, 17),
        "forwarder": text(metadata, 21),
        "invites_to_name": text(nested(metadata, 28), 4),
        "timer_s": number(metadata, 36),
        "link": text(nested(metadata, 42, 1), 9),
        "call_video": number(call, 1),
        "call_outcome": number(call, 2),
        "call_s": number(call, 3),
    }
    return {name: value for name, value in found.items() if value is not None}


def quoted_text(metadata: Fields) -> str | None:
    """The text of the quoted message: field 1, or field 1 of field 6 where it came with a link."""
    for body in metadata.get(19, ()):
        quoted = inner(body)
        if said := text(quoted, 1):
            return said
        for extended in quoted.get(6, ()):
            if said := text(inner(extended), 1):
                return said
    return None


def business_text(metadata: Fields) -> str | None:
    """The text of a message that a business made of a template."""
    for field in TEMPLATES:
        body = nested(metadata, field, 1)
        if lines := [line for part in (2, 6, 7) if (line := text(body, part))]:
            return "\n".join(lines)
    return None


def poll(receipts: Fields) -> dict[str, Any]:
    """Question and options of a poll."""
    for body in receipts.get(8, ()):
        found = inner(body)
        options = [text(inner(option), 1) for option in found.get(3, ())]
        return {"question": text(found, 2), "options": [option for option in options if option]}
    return {}


class Reaction(NamedTuple):
    """A reaction. `place`: the field it is in; `at`: Unix milliseconds."""

    place: str
    by_owner: bool
    id: str | None
    who: str | None
    value: str | None
    at: int | None


def reactions(receipts: Fields) -> Iterator[Reaction]:
    """Reactions to a message: 7.1 of others (id, who, emoji, milliseconds), 7.2 of the owner (id, emoji, milliseconds)."""
    for body in receipts.get(7, ()):
        group = inner(body)
        for one in group.get(1, ()):
            cells = inner(one)
            yield Reaction("7.1", False, text(cells, 1), text(cells, 2), text(cells, 3), number(cells, 4))
        for one in group.get(2, ()):
            cells = inner(one)
            yield Reaction("7.2", True, text(cells, 1), None, text(cells, 2), number(cells, 3))
