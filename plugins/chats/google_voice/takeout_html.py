"""Google Voice in Google Takeout: the pages of Voice/Calls, one a conversation or a call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ATTACHMENTS, CALLS, MESSAGES, PARTICIPANTS

from ..html_tree import Node, root

APP = "Google Voice"
DURATION = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,4}(?:\.\d{1,6})?)S)?")
# Labels are shown in the language of the account; what they link to is not.
CALL_TYPES = {"placed": ("outgoing", None), "received": ("incoming", "answered"), "missed": ("incoming", "missed")}
ENDINGS = ("jpg", "png", "gif", "jpeg", "mp4", "3gp", "amr", "mp3", "vcf")  # the pages name most files without one
KINDS = {"img": "image", "video": "video", "audio": "audio"}


def is_page(file: File) -> bool:
    """A page with the classes that Google Voice writes: hChatLog (texts) or haudio (calls)."""
    start = file.head.decode("utf-8", "replace")
    return 'class="hChatLog' in start or ('class="haudio"' in start and 'class="contributor' in start)


@parser("google_voice.takeout", magic=["text/xml", "text/html"], test=is_page)
def page(file: File) -> Iterator[Any]:
    """Google Voice, Google Takeout (Voice/Calls/*.html): texts of one conversation, one call, or one voicemail.

    Times are instants with their offset. Whoever the page calls by an abbreviation (`Me`) is the account; its number is
    account_id. A conversation is known by the numbers of the others; where the page names none, by the name of the file. Several
    pages are one conversation. Labels (inbox, spam, trash...) are in extra. Voicemail is a message of kind `voice`, its text the
    transcript; so is the recording of a call, whose call has a page of its own.

    Reads: texts with files and whether they lie beside, members of groups, calls, voicemail, recordings, what was deleted.
    Not read: media themselves; how sure the transcript is of each word; notes.
    Seen on: pages made from public examples; no export itself yet.
    Source: examples and notes of gvoice-sms-takeout-xml; other public parsers.
    Tier: documented
    """
    tree = root(file.text())
    log, audio = tree.find("hChatLog"), tree.find("haudio")
    about = labels(tree)
    if log is not None:
        yield from conversation(log, about, file)
    elif audio is not None:
        yield from call_or_voicemail(audio, about, file)
    else:
        yield Problem("not_understood", "a page without a conversation and without a call")


def labels(tree: Node) -> dict[str, Any]:
    """The labels of a page, and whether the user has deleted it."""
    links = (node.attributes for node in tree.every() if node.attributes.get("rel") == "tag")
    found = [link.get("href", "").rpartition("#")[2] for link in links]
    state = tree.find("deletedStatusContainer")
    deleted = state is not None and state.words().rpartition(":")[2].strip() == "True"
    return {"labels": [label for label in found if label], "deleted": deleted}


def person(node: Node) -> dict[str, Any]:
    """Number and name of who an element names, and whether it is the account."""
    link = next((n for n in node.every() if n.tag == "a" and n.attributes.get("href", "").startswith("tel:")), None)
    name = link.find("fn") if link else node.find("fn")
    number = link.attributes["href"][len("tel:") :].strip() if link else ""
    own = name is not None and name.tag == "abbr"
    said = re.sub(r"\s+", " ", name.words()).strip() if name is not None else ""
    return {"number": number or None, "name": None if own else said or None, "own": own}


def contact(file: File) -> str | None:
    """The name or number that the file is named after: `Ana - Text - 2023-09-29T23_40_59Z.html`."""
    return file.name.partition(" - ")[0].strip() or None


def conversation(log: Node, about: dict[str, Any], file: File) -> Iterator[Any]:
    """The texts of a page, and the members of a group."""
    listed = log.find("participants")
    members = [person(cite) for cite in listed.all("sender")] if listed is not None else []
    pages = list(log.all("message"))
    senders = [person(sender) if (sender := message.find("sender")) is not None else None for message in pages]
    known = [who for who in (*members, *senders) if who]
    others = {who["number"]: who["name"] for who in known if not who["own"] and who["number"]}
    me = next((who["number"] for who in known if who["own"] and who["number"]), None)
    names = [name for name in dict.fromkeys(others.values()) if name]
    group = listed is not None or len(others) > 1
    base = {
        "app": APP,
        "account_id": me,
        "chat_id": ",".join(sorted(others)) or contact(file),
        "chat_name": ", ".join(names) or contact(file),
        "chat_kind": "group" if group else "direct",
    }
    for message, who in zip(pages, senders, strict=True):
        yield from text(message, who or {"number": None, "name": None, "own": None}, base, about, file)
    for who in members:
        place = {"app": APP, "chat_id": base["chat_id"], "record": f"line {listed.line if listed else 0}"}
        yield from PARTICIPANTS.rows([place | {"person_id": who["number"], "name": who["name"]}])


def text(message: Node, who: dict[str, Any], base: dict[str, Any], about: dict[str, Any], file: File) -> Iterator[Any]:
    """A text with its files."""
    record = f"line {message.line}"
    sent = message.find("dt")
    stated = sent.attributes.get("title") if sent is not None else None
    said = next((node for node in message.every() if node.tag == "q"), None)
    files = list(media(message))
    cells = {
        **base,
        "sent_at": instant(stated),
        "sender_id": who["number"],
        "sender_name": who["name"],
        "direction": {True: "outgoing", False: "incoming"}.get(who["own"], "unknown"),
        "kind": files[0][0] if files else "text",
        "text": said.words().strip("\n") or None if said is not None else None,
        "deleted": about["deleted"] or None,
        "extra": {"labels": about["labels"]} if about["labels"] else None,
        "record": record,
    }
    if cells["sent_at"] is None:
        yield Problem("not_understood", "a text without a readable time", record=record, detail=str(stated)[:200])
    yield from MESSAGES.rows([cells])
    yield from ATTACHMENTS.rows(
        {"app": APP, "chat_id": base["chat_id"], "record": record, **attachment(path, file)} for _, path in files
    )


def media(message: Node) -> Iterator[tuple[str, str]]:
    """Kind and path of each file in a text, once."""
    seen = set()
    for node in message.every(lambda inside: inside.tag != "cite"):
        path = node.attributes.get("src") or (node.attributes.get("href") if node.tag == "a" else None)
        if path and not path.startswith(("tel:", "http:", "https:")) and path not in seen:
            seen.add(path)
            kind = KINDS.get(node.tag) or next((KINDS[name] for name in node.classes if name in KINDS), None)
            yield kind or ("contact" if "vcard" in node.classes else "document"), path


def attachment(path: str, file: File) -> dict[str, Any]:
    """A file as the page names it; in the export it lies beside, mostly with an ending that the page leaves out."""
    named = next(
        (n for n in (path, *(f"{path}.{ending}" for ending in ENDINGS)) if "/" not in n and file.sibling(n)), None
    )
    there = file.sibling(named) if named else None
    return {
        "name": path,
        "stored_path": named or path,
        "size": there.size if there else None,
        "sha256": there.sha256 if there else None,
    }


def call_or_voicemail(audio: Node, about: dict[str, Any], file: File) -> Iterator[Any]:
    """A call; or a voicemail or recording, as a message with its sound."""
    contributor = audio.find("contributor")
    who = person(contributor) if contributor is not None else {"number": None, "name": None}
    published, length = audio.find("published"), audio.find("duration")
    stated = published.attributes.get("title") if published is not None else None
    at, seconds = instant(stated), duration(length.attributes.get("title") if length is not None else None)
    record = f"line {audio.line}"
    if at is None:
        yield Problem("not_understood", "a call without a readable time", record=record, detail=str(stated)[:200])
    kind = next((label for label in about["labels"] if label in (*CALL_TYPES, "voicemail", "recorded")), None)
    base = {"app": APP, "chat_id": who["number"] or contact(file), "record": record}
    extra = {"labels": about["labels"]} if about["labels"] else None
    if kind in ("voicemail", "recorded"):
        transcript = audio.find("full-text")
        incoming = kind == "voicemail"
        cells = {
            **base,
            "chat_name": who["name"] or contact(file),
            "chat_kind": "direct",
            "sent_at": at,
            "sender_id": who["number"] if incoming else None,
            "sender_name": who["name"] if incoming else None,
            "direction": "incoming" if incoming else "unknown",
            "kind": "voice",
            "raw_kind": kind,
            "text": transcript.words().strip() or None if transcript is not None else None,
            "deleted": about["deleted"] or None,
            "extra": extra,
        }
        yield from MESSAGES.rows([cells])
        files = [attachment(path, file) for _, path in media(audio)] or [{}]
        yield from ATTACHMENTS.rows(base | {"duration_s": seconds} | sound for sound in files)
        return
    direction, outcome = CALL_TYPES.get(str(kind), ("unknown", None))
    if about["deleted"]:
        extra = (extra or {}) | {"deleted": True}
    call = {
        **base,
        "started_at": at,
        "duration_s": seconds,
        "direction": direction,
        "outcome": outcome,
        "peer_id": who["number"],
        "peer_name": who["name"],
        "extra": extra,
    }
    yield from CALLS.rows([call])


def instant(text_: Any) -> datetime | None:
    """ISO 8601 with an offset; None for anything else."""
    try:
        at = datetime.fromisoformat(text_)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None


def duration(text_: str | None) -> float | None:
    """`PT2M27S` as seconds; 0 is none."""
    found = DURATION.fullmatch(text_ or "")
    if not found:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds or None


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the pages."""
    return [page]
