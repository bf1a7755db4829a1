"""The lines of a chat export put together to messages, and the names of senders told from the rest of a line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from .export_header import MARKS, Head, head

TAIL = 10  # so many heads of another form at the end of a file are another export, fewer are a quotation
PHONE = re.compile(r"\+?\d[\d ()./-]{6,22}\d$")
COLON = re.compile(rf":[{''.join(sorted(MARKS))}]*(?: |$)|:(?=\.$)")
QUOTES = re.compile(r"[\"“”„«»]")
LONGEST_NAME = 100


@dataclass
class Message:
    """A head and the lines that belong to it. `line`: number of its first line."""

    line: int
    head: Head
    more: list[str] = field(default_factory=list)
    name: str | None = None
    body: str = ""
    doubt: str | None = None  # what is unsure about the name
    quoted: int = 0  # lines that look like heads, but in another form than those of the file


@dataclass
class Export:
    """All lines of a file. `before`: lines with text before the first message. `forms`: the forms of its heads."""

    messages: list[Message]
    before: list[str]
    forms: list[tuple[str, str, int, int, bool]]

    def of(self, form: tuple[str, str, int, int, bool]) -> list[Message]:
        """The messages whose head has this form."""
        return [message for message in self.messages if message.head.form == form]


def lines_of(text: str) -> list[str]:
    """The lines of a file. Only line feeds end a line (carriage returns where there are none): others are text."""
    if "\n" not in text:
        return text.removesuffix("\r").split("\r")
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]


def assembled(text: str) -> Export:
    """The messages of a file, each with its lines.

    All heads of an export have one form: that of the first. A line that looks like a head of another form is text (a quotation
    that somebody pasted), unless it is one of many of one form after the last of the first form: then somebody has put two
    exports into one file.
    """
    lines = lines_of(text)
    heads = [head(line) for line in lines]
    main = next((found.form for found in heads if found), None)
    last = max((place for place, found in enumerate(heads) if found and found.form == main), default=0)
    after = [found.form for found in heads[last + 1 :] if found]
    tail = after[0] if len(after) >= TAIL and len(set(after)) == 1 else None
    messages: list[Message] = []
    before: list[str] = []
    for place, (line, found) in enumerate(zip(lines, heads, strict=True)):
        if found and (found.form == main or (place > last and found.form == tail)):
            messages.append(Message(place + 1, found))
        elif messages:
            messages[-1].more.append(line)
            messages[-1].quoted += found is not None
        elif line.strip():
            before.append(line)
    return Export(messages, before, list(dict.fromkeys(message.head.form for message in messages)))


def name_senders(messages: list[Message]) -> None:
    """Tell the name of the sender from the text, line by line, by what the whole file has of it.

    A name ends at the first colon; at the second, where three lines or more start with the longer name and none with the
    shorter alone. A name with quotation marks that stands only once belongs to a system line (`changed the subject to "a: b"`).
    """
    cuts = [splits(message.head.rest) for message in messages]
    shorter = Counter(found[0][0] for found in cuts if found)
    longer = Counter(found[1][0] for found in cuts if len(found) > 1)
    for message, found in zip(messages, cuts, strict=True):
        message.body = "\n".join([message.head.rest, *message.more])
        if not found:
            continue
        (name, text), *others = found
        if others and longer[others[0][0]] >= 3 and longer[others[0][0]] == shorter[name]:
            name, text = others[0]
            message.doubt = "the name may end at its first colon"
        elif shorter[name] == 1 and not PHONE.match(name):
            if QUOTES.search(name):
                message.doubt = "may have a sender: a colon stands in it"
                continue
            message.doubt = "this name stands before one line only"
        message.name = name
        message.body = "\n".join([text, *message.more])


def splits(rest: str) -> list[tuple[str, str]]:
    """The ways to part a line into name and text: at its first colon, at its second."""
    found: list[tuple[str, str]] = []
    for colon in COLON.finditer(rest[: LONGEST_NAME + 60]):
        name = rest[: colon.start()].strip("".join(MARKS) + " \u00a0\u202f")
        if not name or len(name) > LONGEST_NAME or len(found) == 2:
            break
        found.append((name, rest[colon.end() :]))
    return found


def phone(name: str | None) -> str | None:
    """A sender that is a number, as written."""
    return name if name and PHONE.match(name) else None
