"""Messages that Teams stores as HTML, and events that it stores as XML: their text, and what they point to."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = frozenset(
    (
        "address",
        "blockquote",
        "br",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tr",
        "ul",
    )
)
UNSEEN = frozenset(("script", "style", "title"))
MEDIA = re.compile(r"https?://schema\.skype\.com/(AMS\w+)")
REPLY = re.compile(r"https?://schema\.skype\.com/Reply")
PIXELS = re.compile(r"(width|height):\s*(\d{1,6})px")
SPACE = re.compile(r"[ \t\r\n\f]+")
MAX_MARKUP = 1 << 20  # characters; a longer message is kept as it is


@dataclass
class Rich:
    """A message: `text`; `media`: type, url, alt, width, height; `reply_to`, `quoted`: preview, mri; `fields`: text by tag."""

    text: str = ""
    media: list[dict[str, str | None]] = field(default_factory=list)
    reply_to: str | None = None
    quoted: dict[str, str] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)


def read_markup(markup: str) -> Rich:
    """The message that some HTML or XML stands for. Never raises; markup that is too long is given as its own text."""
    if len(markup) > MAX_MARKUP:
        return Rich(markup)
    reader = _Reader()
    reader.feed(markup.replace("<![", "&lt;!["))  # the parser of the standard library stops at marked sections
    reader.close()
    return reader.result()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.rich = Rich()
        self.fields: dict[str, list[str]] = defaultdict(list)
        self.quote = 0  # how many blockquotes deep, the outermost being what the message answers
        self.part = ""  # what the quotation says at this point: itemprop
        self.tag = ""
        self.unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        given = dict(attrs)
        kind = given.get("itemtype") or ""
        if tag == "blockquote" and (self.quote or REPLY.match(kind)):
            self.quote += 1
            self.rich.reply_to = self.rich.reply_to or given.get("itemid")
        if self.quote:
            self._quoted(given)
            return
        self.unseen = tag in UNSEEN
        if tag in BLOCKS:
            self.parts.append("\n")
        if found := MEDIA.match(kind):
            self.rich.media.append(medium(found[1], given))
        elif tag == "img" and given.get("alt"):
            self.parts.append(given["alt"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.tag = ""
        self.unseen = False
        if self.quote:
            self.quote -= tag == "blockquote"
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self.unseen:
            return
        if self.quote:
            self._say(data)
            return
        self.parts.append(SPACE.sub(" ", data))
        if self.tag and data.strip():
            self.fields[self.tag].append(data)

    def _quoted(self, given: dict[str, str | None]) -> None:
        self.part = given.get("itemprop") or self.part
        if given.get("itemprop") == "mri" and given.get("itemid"):
            self.rich.quoted["mri"] = given["itemid"] or ""
            self.part = "name"

    def _say(self, data: str) -> None:
        if self.part in ("preview", "name") and data.strip():
            self.rich.quoted[self.part] = self.rich.quoted.get(self.part, "") + data

    def result(self) -> Rich:
        lines = (SPACE.sub(" ", line).strip(" ") for line in "".join(self.parts).split("\n"))
        self.rich.text = "\n".join(line for line in lines if line)
        self.rich.fields = dict(self.fields)
        return self.rich


def medium(kind: str, given: dict[str, str | None]) -> dict[str, str | None]:
    """A picture, video or sound in a message; its size is given as attributes or as style."""
    style = dict(PIXELS.findall(given.get("style") or ""))
    return {
        "type": kind,
        "url": given.get("src") or given.get("href"),
        "alt": given.get("alt"),
        "width": given.get("width") or style.get("width"),
        "height": given.get("height") or style.get("height"),
    }
