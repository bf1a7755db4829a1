"""The body of a Skype message: XML that reads like HTML, as plain text and as the files that it names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

# No pattern runs over a further `<`: a body of nothing but `<` costs no more than its length.
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
OPENING = re.compile(r"\s*<[A-Za-z]+\b([^<>]*)>")
ATTRIBUTE = re.compile(r'(?<![\w:])([\w:]+)\s*=\s*"([^"<>]*)"')
FILE = re.compile(r"<file\b([^<>]*)>([^<>]*)</file>")
OBJECT = re.compile(r"<URIObject\b([^<>]*)>", re.IGNORECASE)
DETAIL = re.compile(r"<(OriginalName|FileSize)\b([^<>]*)>", re.IGNORECASE)


def plain(body: str) -> str:
    """The text of a body. An `alt` of the outermost element stands for the whole, as in `<sms alt="...">`."""
    outermost = OPENING.match(body)
    said = attributes(outermost[1]).get("alt") if outermost else None
    return said or html.unescape(TAG.sub("", body))


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag, unescaped."""
    return {name: html.unescape(value) for name, value in ATTRIBUTE.findall(tag)}


def files(body: str) -> Iterator[dict[str, Any]]:
    """Files that were sent with the message: `<files><file size="2">a.txt</file></files>`. Gives name and size."""
    for tag, name in FILE.findall(body):
        yield {"name": html.unescape(name) or None, "size": attributes(tag).get("size")}


def shared_object(body: str) -> dict[str, Any] | None:
    """A file on the servers of Skype: `<URIObject uri="..."><OriginalName v="a.jpg"/></URIObject>`; None where there is none."""
    found = OBJECT.search(body)
    if not found:
        return None
    said = attributes(found[1])
    details = {name.lower(): attributes(tag).get("v") for name, tag in DETAIL.findall(body)}
    return {
        "name": details.get("originalname"),
        "size": details.get("filesize"),
        "width": said.get("width"),
        "height": said.get("height"),
        "url": said.get("uri"),
        "extra": {"type": said.get("type"), "thumbnail_url": said.get("url_thumbnail")},
    }
