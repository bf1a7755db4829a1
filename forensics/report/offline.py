"""The last look at a page before it is written: does opening it tell anybody, or run anything?"""

from __future__ import annotations

import re
from html.parser import HTMLParser

LOADS = frozenset(
    {
        "src",
        "href",
        "xlink:href",
        "srcset",
        "action",
        "formaction",
        "data",
        "poster",
        "background",
        "ping",
        "cite",
        "manifest",
    }
)
FORBIDDEN_TAGS = frozenset(
    {"script", "link", "iframe", "object", "embed", "base", "form", "audio", "video", "source", "frame"}
)
STYLE_LOADS = re.compile(r"url\(\s*(?!['\"]?data:)|@import|expression\(|image-set\(", re.IGNORECASE)


def outside(page: str) -> list[str]:
    """What in an HTML page would run, or reach out of it: tags, attributes, style rules, in order. Empty: the page is closed."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []
        self.in_style = False

    def handle_starttag(self, tag, attrs):
        self.in_style = tag == "style"
        if tag in FORBIDDEN_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            value = (value or "").strip()
            if name.startswith("on") or (name in LOADS and not value.startswith(("#", "data:image/"))):
                self.found.append(f"{tag} {name}={value[:80]}")
            if name == "style" and STYLE_LOADS.search(value):
                self.found.append(f"{tag} style={value[:80]}")
            if name == "http-equiv" and value.lower() == "refresh":
                self.found.append("meta refresh")

    def handle_endtag(self, tag):
        self.in_style = self.in_style and tag != "style"

    def handle_data(self, data):
        if self.in_style and (load := STYLE_LOADS.search(data)):
            self.found.append(f"style {data[load.start() : load.start() + 80]}")
