"""Signal chats as text: the files that signal-export makes from Signal Desktop, and others like them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, ATTACHMENTS, MESSAGES, PARTICIPANTS, REACTIONS

APP = "Signal"
LOOK = 50  # lines, not empty, in which an export shows what it is
FILES = ("chat.md", "index.md")
HEAD = re.compile(r"\ufeff?\[(\d{4}-\d\d-\d\d)(?:, (\d\d:\d\d)| (?P<seconds>\d\d:\d\d:\d\d))\] ")
NAME = re.compile(r"(?P<name>[^\n]{0,200}?):(?: (?P<text>.*)|$)")
OWNER = "Me"  # what signal-export calls the owner of the computer
NOBODY = "No-Sender"
DELETED = "(This message was deleted)"
REACTED = re.compile(r"\n\(- (?P<all>[^\n]*) -\)(?P<after>[^\n]*)$")
STICKER = re.compile(r"\(\( (?P<label>[^\n]*) \)\)")
LINK = re.compile(r"!?\[(?P<name>[^\[\]\n]{0,300})\]\((?P<path>\.{0,2}/?(?:media|exported_stickers)/[^()\n]{1,400})\)")
CALL = re.compile(r"(?:Incoming|Outgoing|Missed) (?:voice |video )?call(?: \([^()]*\))?$")
KINDS = {
    **dict.fromkeys(("png", "jpg", "jpeg", "tif", "tiff", "webp", "apng", "svg", "heic"), "image"),
    **dict.fromkeys(("mp4", "mov", "mkv", "mpeg", "webm", "qt", "3gp"), "video"),
    **dict.fromkeys(("m4a", "aac", "mp3", "ogg", "opus", "wav", "flac"), "audio"),
    "gif": "gif",
}


def is_export(file: File) -> bool:
    """A head comes first, and each head has a name. Those with seconds look like WhatsApp's and logs': more must tell."""
    lines = [line for line in file.head.decode("utf-8", "replace").split("\n") if line.strip()][:LOOK]
    heads = [(head, line[head.end() :]) for line in lines if (head := HEAD.match(line))]
    if not heads or not HEAD.match(lines[0]) or not all(":" in rest for _, rest in heads):
        return False
    sure = file.name.lower() in FILES or any(rest.startswith((f"{OWNER}:", f"{NOBODY}:")) for _, rest in heads)
    return sure or not any(head["seconds"] for head, _ in heads)


@parser("signal.export_text", magic=["text/plain"], test=is_export)
def chat(file: File) -> Iterator[Any]:
    """Signal chats as text or Markdown, made by other tools (signal-export).

    Times are wall clocks of the computer that made the export: give `--timezone`. Signal itself writes no such files: what they
    say is what the tool made of the database. The tool calls the owner `Me`; messages of others are then incoming. A chat that
    nobody calls `Me` in has no direction. A name ends at the first colon.

    Reads: messages with all their lines, deletions, attachments and stickers that are linked, reactions, calls as text.
    Not read: quoted messages apart from the text (they stay in it, behind `>`); whom a name stands for.
    Seen on: a hand-made export of a public test suite (chat-miner); no export of a named tool version yet.
    Source: what carderne/signal-export writes (its README, `create.py`, `models.py`, `merge.py`); chat-miner's parser and test.
    Tier: documented
    """
    text = file.text()
    title = chat_name(file)
    base = {"app": APP, "chat_id": file.path, "chat_name": title}
    messages, before = assembled(text)
    if before:
        yield Problem("not_understood", f"{before} lines before the first message", record="line 1")
    names: dict[str, int] = {}
    for line, _, name, _ in messages:
        names.setdefault(name, line)
    has_owner = OWNER in names
    if has_owner:
        how = {"found_by": "the export calls the owner Me"}
        cells = {"app": APP, "name": OWNER, "is_owner": True, "extra": how, "record": f"line {names[OWNER]}"}
        yield from ACCOUNTS.rows([cells])
    yield from PARTICIPANTS.rows(
        {"app": APP, "chat_id": file.path, "name": name, "person_id": name, "record": f"line {line}"}
        for name, line in names.items()
        if name and name != NOBODY
    )
    for line, at, name, body in messages:
        if at is None:
            yield Problem("not_understood", "a date or time that cannot be", record=f"line {line}")
        yield from rows({**base, "sent_local": at, "record": f"line {line}"}, name, body, has_owner)


def assembled(text: str) -> tuple[list[tuple[int, datetime | None, str, str]], int]:
    """Messages as line, time, name and text, and how many lines with text stand before the first."""
    found: list[tuple[int, datetime | None, str, list[str]]] = []
    before = 0
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        line = line.removesuffix("\r")
        head = HEAD.match(line)
        if head:
            rest = line[head.end() :]
            named = NAME.match(rest)
            name, first = (named["name"], named["text"] or "") if named else ("", rest)
            found.append((number, moment(f"{head[1]} {head[2] or head[3]}"), name.strip(), [first]))
        elif found:
            found[-1][3].append(line)
        else:
            before += bool(line.strip())
    return [(line, at, name, "\n".join(lines)) for line, at, name, lines in found], before


def moment(written: str) -> datetime | None:
    """The time of a head; None where it cannot be."""
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def rows(base: dict[str, Any], name: str, body: str, has_owner: bool) -> Iterator[Any]:
    """The rows of one message."""
    here = {key: base[key] for key in ("app", "chat_id", "record")}
    reacted = REACTED.search(body)
    text = body[: reacted.start()] + reacted["after"] if reacted else body
    links = list(LINK.finditer(text))
    kind, direction = kind_of(text, links), "unknown"
    if not name or name == NOBODY:
        direction = "system" if not name else "unknown"
    elif has_owner:
        direction = "outgoing" if name == OWNER else "incoming"
    cells = {
        **base,
        "sender_id": name if name and name != NOBODY else None,
        "sender_name": name or None,
        "direction": direction,
        "kind": kind,
        "text": text or None,
        "deleted": True if kind == "deleted" else None,
    }
    yield from MESSAGES.rows([cells])
    for link in links:
        path = unquote(link["path"])
        yield from ATTACHMENTS.rows([{**here, "name": link["name"] or None, "stored_path": path.removeprefix("./")}])
    if reacted:
        given = (part.partition(":") for part in reacted["all"].split(", "))
        yield from REACTIONS.rows({**here, "person_id": who.strip(), "value": value.strip()} for who, _, value in given)


def kind_of(text: str, links: list[re.Match[str]]) -> str:
    """The kind of a message by what it holds."""
    plain = text.strip()
    if plain == DELETED:
        return "deleted"
    if CALL.match(plain):
        return "call"
    if links:
        if "exported_stickers/" in links[0]["path"]:
            return "sticker"
        return KINDS.get(links[0]["path"].rpartition(".")[2].lower(), "document")
    return "sticker" if STICKER.fullmatch(plain) else "text"


def chat_name(file: File) -> str:
    """The chat: the folder of `chat.md` or `index.md`, else the name of the file."""
    stem = file.name.rpartition(".")[0] or file.name
    folder = file.path.rpartition("/")[0].rpartition("/")[2]
    return folder if stem.lower() in ("chat", "index") and folder else stem


@hookimpl
def forensics_parsers():
    return [chat]
