"""Messages of Facebook Messenger and Instagram as pages: `messages.htm` of before 2018 and `message_1.html` since."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, ATTACHMENTS, MESSAGES, PARTICIPANTS, REACTIONS

from ..html_tree import MAX_DEPTH, Node, Tree, markup
from .download_html_dates import habit_of, moment
from .download_json import app_of
from .stored import repaired_text

CHUNK = 1 << 16
LINES = frozenset(("div", "p", "li", "tr", "h1", "h2", "h3", "section", "footer"))
BLOCKS = frozenset(("_2lej", "_a6-g"))  # a message; the first of each: pages of 2018 to 2021, the second: later ones
SENDERS = ("_2lel", "_a6-h", "_2lek")
CONTENTS = ("_2let", "_a6-p")
DATES = ("_2lem", "_a72d", "_a6-o")
REACTIONS_OF = ("_tqp", "_a6-q")
PAGE = re.compile(r"messages?(?:_\d+)?\.html?$")
AND = re.compile(r" (?:and|und|i|и|dhe|ve|et|y|e|en|og|och|și|és|και|in) | و ?")
EMOJI = re.compile(r"[^\w(]+")
FOLDERS = (
    ("photos", "image"),
    ("videos", "video"),
    ("audio", "audio"),
    ("gifs", "gif"),
    ("files", "document"),
    ("stickers_used", "sticker"),
)
MEDIA = {"img": "image", "video": "video", "audio": "audio", "a": "document"}


class Page(Tree):
    """Gives the elements of a page that matter as soon as they are complete, with the thread around them, and forgets them."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[tuple[Node, Node | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "div") and self.open[-1].tag == "p":
            self.handle_endtag("p")
        super().handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self.open[-1].tag not in ("style", "script"):
            super().handle_data(data)

    def ended(self, node: Node) -> None:
        inside_block = any(is_block(outer) or "message" in outer.classes for outer in self.open)
        if matters(node) and not inside_block:
            thread = next((outer for outer in reversed(self.open) if "thread" in outer.classes), None)
            self.done.append((node, thread))
            self.open[-1].inside.pop()  # the element itself: what is closed last stands last


def words(node: Node, without: Node | None = None) -> str:
    """Text inside, with its own line breaks; elements that stand for themselves begin and end a line."""
    parts: list[str] = []
    collect(node, parts, without)
    lines = (line.strip() for line in "".join(parts).split("\0"))
    return repaired_text("\n".join(line for line in lines if line))


def collect(node: Node, parts: list[str], without: Node | None) -> None:
    """Adds the pieces of the text, with zeros where a line begins or ends."""
    for child in node.inside:
        if isinstance(child, str):
            parts.append(child.replace("\0", "\ufffd"))
        elif child.tag == "br":
            parts.append("\n")
        elif child is not without:
            edge = "\0" if child.tag in LINES else ""
            parts.append(edge)
            collect(child, parts, without)
            parts.append(edge)


def label(node: Node) -> str:
    """Text inside as one line."""
    return " ".join(words(node).split())


def is_block(node: Node) -> bool:
    """Whether an element is a message of a page since 2018."""
    return bool(BLOCKS.intersection(node.classes))


def matters(node: Node) -> bool:
    """Whether an element is a message, a part of one, or names the chat."""
    return is_block(node) or node.tag in ("p", "h1", "title") or "message" in node.classes


@dataclass
class Message:
    """A message as the page has it. `listed`: the members that its thread names."""

    line: int
    sender: str
    date: str
    bodies: list[Node]
    reactions: list[str]
    listed: tuple[str, ...] | None = None


@dataclass
class Found:
    """What a page holds. `owner`: the heading of a page of before 2018. `members`: the list of members of a later page."""

    title: str = ""
    owner: str | None = None
    members: str | None = None
    members_line: int = 0
    messages: list[Message] = field(default_factory=list)
    without_date: list[tuple[int, str]] = field(default_factory=list)
    too_deep: bool = False


def is_page(file: File) -> bool:
    """A page of messages: by its name and the classes of its elements, which other pages of a download have as well."""
    if not PAGE.match(file.name.lower()) and "messages/" not in file.path and b'class="thread"' not in file.head:
        return False
    held = file.bytes()
    return (
        b"message_header" in held or (b"_2let" in held and b"_2lem" in held) or (b"_a6-p" in held and b"_a6-o" in held)
    )


@parser("meta.download_html", magic=["text/html"], test=is_page)
def page(file: File) -> Iterator[Any]:
    """Facebook Messenger and Instagram, "Download your information" as pages: messages.htm, message_1.html.

    Names are the only key to persons: the pages have no ids. Pages of before 2018 hold all threads, name their owner in the
    heading, and write an offset from UTC or Pacific time with each date, which makes instants of them. Later pages hold one
    thread, name no owner (direction is unknown), and have wall clocks of where the download was asked for: give `--timezone`.
    Dates are read in 25 languages; where slashes part the numbers, day and month are told over the whole page, and stay empty
    where nothing tells. Each thread of a page of before 2018 is a chat named by its members; a thread may come in several parts.

    Reads: messages with their lines, members, reactions, attachments that are linked, links to elsewhere (in `extra`).
    Not read: what kind of event a text tells (calls, members who join or leave); who stands behind a name; the members at the
    end of a list whose word for `and` is not known.
    Seen on: a simulated page of a public test suite (fbchat-archive-parser); no download of the services themselves yet.
    Source: classes and order of elements in public parsers (ownaginatious/fbchat-archive-parser, KeyWeeUsr/fbmessageparser for
    pages of before 2018; several for later ones), dates in fbchat-archive-parser's tests; names of months: Unicode CLDR.
    Tier: documented
    """
    held = read(markup(file.text()))
    if held.too_deep:
        yield Problem("limit", f"elements nested deeper than {MAX_DEPTH} were left out")
    app = app_of(file)
    names: dict[tuple[str, str], str] = {}
    owner = held.owner if any(m.listed and held.owner in m.listed for m in held.messages) else None
    if owner:
        cells = {"app": app, "name": owner, "is_owner": True, "record": f"line {held.messages[0].line}"}
        yield from ACCOUNTS.rows([{**cells, "extra": {"found_by": "the heading of the page"}}])
    habit = habit_of(message.date for message in held.messages)
    for message in held.messages:
        base = {"app": app, **chat_of(message, held, owner, file), "record": f"line {message.line}"}
        for name in (*(message.listed or ()), message.sender):
            names.setdefault((base["chat_id"], name), base["record"])
        at, local = moment(message.date, habit)
        if at is None and local is None:
            yield Problem("not_understood", "a date that is not understood", record=base["record"], detail=message.date)
        yield from rows(message, {**base, "sent_at": at, "sent_local": local}, owner)
    if held.members:
        chat = chat_of(None, held, owner, file)["chat_id"]
        for name in listed_members(held.members):
            names.setdefault((chat, name), f"line {held.members_line}")
    yield from PARTICIPANTS.rows(
        {"app": app, "chat_id": chat, "name": name, "person_id": name, "record": record}
        for (chat, name), record in names.items()
        if name
    )
    for line, text in held.without_date:
        yield Problem(
            "not_understood", "a part of the page without sender and date", record=f"line {line}", detail=text[:200]
        )


def read(text: str) -> Found:
    """The messages of a page, read piece by piece."""
    found, parsing = Found(), Page()
    pending: Message | None = None
    for start in range(0, len(text) + CHUNK, CHUNK):
        if start < len(text):
            parsing.feed(text[start : start + CHUNK])
        else:
            parsing.close()
        for node, thread in parsing.done:
            pending = taken(node, thread, found, pending)
        parsing.done.clear()
    found.too_deep = bool(parsing.too_deep)
    return found


def taken(node: Node, thread: Node | None, found: Found, pending: Message | None) -> Message | None:
    """One element into what was found. Before 2018 the text comes behind its message, in elements of its own."""
    if is_block(node):
        block(node, found)
    elif node.tag == "title":
        found.title = found.title or label(node)
    elif node.tag == "h1":
        found.owner = found.owner or label(node)
    elif "message" in node.classes:
        user, meta = node.find("user"), node.find("meta")
        pending = Message(node.line, label(user) if user else "", label(meta) if meta else "", [], [], listed(thread))
        found.messages.append(pending)
    elif node.tag == "p" and pending is not None and thread is not None:
        pending.bodies.append(node)
    return pending


def block(node: Node, found: Found) -> None:
    """A message of a page since 2018, or its list of members, which has no date."""
    sender, body, date = node.find(*SENDERS), node.find(*CONTENTS), node.find(*DATES)
    if date is None:
        text = words(node)
        if ":" in text and found.members is None and not found.messages:
            found.members, found.members_line = text, node.line
        elif text:
            found.without_date.append((node.line, text))
        return
    reactions = node.find(*REACTIONS_OF)
    given = [label(item) for item in reactions.every() if item.tag == "li"] if reactions else []
    message = Message(node.line, label(sender) if sender else "", label(date), [body] if body else [], given)
    found.messages.append(message)


def listed(thread: Node | None) -> tuple[str, ...] | None:
    """Members as a thread of before 2018 begins with them."""
    start = next((child for child in thread.inside if isinstance(child, str) and child.strip()), "") if thread else ""
    names = tuple(name for name in (repaired_text(part.strip()) for part in start.split(", ")) if name)
    return names or None


def listed_members(text: str) -> list[str]:
    """Members in `Participants: Ana, Boro and Ceca`."""
    *first, last = [part.strip() for part in text.partition(":")[2].replace("\n", " ").split(", ")]
    found = AND.search(last)
    both = [last[: found.start()], last[found.end() :]] if found else [last] if first else []
    return [name.strip() for name in (*first, *both) if name.strip()]


def chat_of(message: Message | None, held: Found, owner: str | None, file: File) -> dict[str, Any]:
    """The cells that name the chat."""
    if message and message.listed:
        others = [name for name in message.listed if name != owner]
        kind = "group" if len(message.listed) > 2 else "direct"
        return {"chat_id": ", ".join(sorted(message.listed)), "chat_name": ", ".join(others), "chat_kind": kind}
    name = re.sub(r"^Conversation with ", "", held.title)
    return {"chat_id": file.path.rpartition("/")[0] or file.path, "chat_name": name or None, "chat_kind": None}


def rows(message: Message, base: dict[str, Any], owner: str | None) -> Iterator[Any]:
    """The rows of one message."""
    reactions = [node.find(*REACTIONS_OF) for node in message.bodies]
    texts = [words(node, without) for node, without in zip(message.bodies, reactions, strict=True)]
    kept, links = linked(message.bodies)
    direction = "unknown"
    if owner:
        direction = "outgoing" if message.sender == owner else "incoming"
    said: dict[str, Any] = {"links": links} if links else {}
    if base["sent_local"] is None:
        said["date_as_written"] = message.date
    cells = {
        **base,
        "sender_id": message.sender or None,
        "sender_name": message.sender or None,
        "direction": direction,
        "kind": next((kind for _, kind in kept), "text"),
        "text": "\n".join(text for text in texts if text) or None,
        "extra": json.dumps(said, ensure_ascii=False, sort_keys=True) if said else None,
    }
    yield from MESSAGES.rows([cells])
    here = {key: base[key] for key in ("app", "chat_id", "record")}
    yield from ATTACHMENTS.rows({**here, "name": path.rpartition("/")[2], "stored_path": path} for path, _ in kept)
    yield from REACTIONS.rows({**here, **reaction(given)} for given in message.reactions)


def linked(bodies: list[Node]) -> tuple[list[tuple[str, str]], list[str]]:
    """Files of the download that a message shows, with their kinds, and links to elsewhere."""
    kept: dict[str, str] = {}
    links: dict[str, None] = {}
    for node in (node for body in bodies for node in body.every()):
        target = node.attributes.get("href" if node.tag == "a" else "src", "") if node.tag in MEDIA else ""
        if not target:
            continue
        try:
            elsewhere = bool(urlsplit(target).scheme) or target.startswith("//")
        except ValueError:
            elsewhere = True
        if elsewhere:
            links[target] = None
        elif not target.startswith("#"):
            path = unquote(target)
            kept[path] = kept.get(path) or kind_of(path, node.tag)
            if node.tag != "a" and kept[path] == "document":
                kept[path] = MEDIA[node.tag]
    return list(kept.items()), list(links)


def kind_of(path: str, tag: str) -> str:
    """The kind of a file by the folder it lies in, else by the element that shows it."""
    folders = path.lower().split("/")[:-1]
    return next((kind for folder, kind in FOLDERS if folder in folders), MEDIA[tag])


def reaction(given: str) -> dict[str, Any]:
    """Value and name of a reaction; newer pages have the date behind the name."""
    found = EMOJI.match(given)
    name = given[found.end() :] if found else given
    dated = re.search(r" \(([^()]*\d{4}[^()]*)\)$", name)
    cells: dict[str, Any] = {
        "value": found[0].strip() if found else None,
        "person_id": name[: dated.start()] if dated else name,
    }
    return {**cells, "extra": {"date_as_written": dated[1]}} if dated else cells


@hookimpl
def forensics_parsers():
    return [page]
