"""Messages as a chat: who wrote what, when, with what is known of edits, deletions and where each row was read."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from forensics.views.html import Html, element
from forensics.views.table import grid
from forensics.views.values import (
    LIVE,
    clock,
    colour,
    moment,
    more,
    numbered,
    ordered,
    provenance,
    records,
    shown,
)

if TYPE_CHECKING:
    import pandas as pd

GROUP = ("evidence", "app", "chat_id")
ACCOUNT = "account"  # made here: the account of a chat that two accounts have
CHANGES = ("edited", "deleted", "forwarded", "view_once")
CHANGE_TIMES = {"edited": "edited_at", "deleted": "deleted_at"}
QUOTE = 140
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def conversation(
    messages: pd.DataFrame,
    chat_id: str | None = None,
    attachments: pd.DataFrame | None = None,
    reactions: pd.DataFrame | None = None,
    limit: int = 500,
) -> Html:
    """One chat as bubbles in order of time (UTC); hover over a bubble for its place in the evidence.

    `messages`, `attachments`, `reactions` are the tables of a case or parts of them. Without `chat_id` a frame that
    holds several chats is shown as a list of them, to choose from. A chat found in several devices, or in several accounts
    of an app on one device, is shown once for each.
    Rows without any time stand at the end. Shows the first `limit` messages a device.
    """
    if chat_id is not None:
        messages = messages[messages["chat_id"] == chat_id] if "chat_id" in messages.columns else messages
    if not len(messages):
        return Html(element("p", "No messages.", class_="fx-none"))
    messages = _by_account(messages)
    if chat_id is None and _chats(messages) > 1:
        hint = "More than one chat: show one with conversation(messages, chat_id=…)."
        return Html(element("p", hint, class_="fx-note"), chat_list(messages))
    rows = sorted(records(ordered(messages, "sent_at", "sent_local")), key=_chat_of)
    beside = {"attachments": _by_message(attachments), "reactions": _by_message(reactions)}
    return Html([_chat(list(chat), limit, beside) for _, chat in groupby(rows, key=_chat_of)])


def chat_list(messages: pd.DataFrame, limit: int = 200) -> Html:
    """The chats of a messages table with counts and first and last time: choose one with `conversation(..., chat_id=...)`."""
    messages = _by_account(messages)
    kept = [name for name in (*GROUP, ACCOUNT) if name in messages.columns]
    wanted = {
        "name": ("chat_name", "first"),
        "kind": ("chat_kind", "first"),
        "first": ("sent_at", "min"),
        "last": ("sent_at", "max"),
    }
    found = {name: source for name, source in wanted.items() if source[0] in messages.columns}
    grouped = messages.groupby(kept, observed=True, dropna=False)
    chats = grouped.size().to_frame("messages").join(grouped.agg(**found)).reset_index()
    lines = list(records(chats.sort_values(["messages", *kept], ascending=[False, *[True] * len(kept)])))
    columns = ["name", "chat_id", "kind", "app", "messages", "first", "last", ACCOUNT, "evidence"]
    columns = [name for name in columns if any(line.get(name) is not None for line in lines)]
    return Html(
        element("p", f"{len(lines):,} chats.", class_="fx-note"),
        grid(columns, lines[:limit]),
        more(len(lines) - limit, "chats", f"limit={limit}"),
    )


def _chat(rows, limit, beside):
    first = rows[0]
    people = numbered(row.get("sender_id") or row.get("sender_name") for row in rows)
    by_id = {row["message_id"]: row for row in rows if row.get("message_id") is not None}
    name = next((row["chat_name"] for row in rows if row.get("chat_name")), None)
    paths = sorted({str(row["path"]) for row in rows if row.get("path") is not None})
    head = element(
        "header",
        element("div", element("bdi", name or first.get("chat_id") or "chat without a name"), class_="fx-title"),
        element("div", _facts(first, rows), class_="fx-note"),
        element(
            "div",
            "read from ",
            element("bdi", ", ".join(paths[:3])),
            f" and {len(paths) - 3} more files" if len(paths) > 3 else "",
            class_="fx-note",
        )
        if paths
        else None,
    )
    lines, day = [], None
    for row in rows[:limit]:
        if _day(row) != day:
            day = _day(row)
            lines.append(element("div", day, class_="fx-line fx-day"))
        lines.append(_line(row, people, by_id, beside))
    return element("section", head, lines, more(len(rows) - limit, "messages", f"limit={limit}"), class_="fx-chat")


def _facts(first, rows):
    facts = [
        first.get("app"),
        first.get("chat_kind"),
        first.get("chat_id"),
        f"{len(rows):,} messages",
        f"account {first[ACCOUNT]}" if first.get(ACCOUNT) else None,
        first.get("evidence"),
    ]
    return [[" · " if i else "", element("bdi", str(fact))] for i, fact in enumerate(f for f in facts if f is not None)]


def _line(row, people, by_id, beside):
    direction = row.get("direction") if row.get("direction") in ("incoming", "outgoing", "system") else "unknown"
    state = row.get("state")
    who = row.get("sender_id") or row.get("sender_name")
    key = _message(row)
    bubble = element(
        "div",
        _sender(row, colour(people.get(str(who), 0))) if direction != "system" else None,
        _quoted(row, by_id),
        [_attached(one, row.get("text")) for one in beside["attachments"].get(key, ())],
        _body(row, bool(beside["attachments"].get(key))),
        _reactions(beside["reactions"].get(key, ())),
        _foot(row),
        class_="fx-bubble" + ("" if state in (None, LIVE) else " fx-notlive"),
        title=provenance(row),
    )
    return element("div", bubble, class_=f"fx-line fx-{direction}")


def _sender(row, shade):
    name, number = row.get("sender_name"), row.get("sender_id")
    who: object
    if name and number and name != number:
        who = [element("bdi", name), " (", element("bdi", number), ")"]
    elif name or number:
        who = element("bdi", name or number)
    elif row.get("direction") == "outgoing":
        who = ["account on ", element("bdi", row.get("evidence") or "the device")]
    else:
        who = "sender not stored"
    return element("div", who, class_=f"fx-who {shade}")


def _quoted(row, by_id):
    target = row.get("reply_to")
    if target is None:
        return None
    answered = by_id.get(target)
    if answered is None:
        return element("div", "reply to ", element("bdi", str(target)), " (not among these rows)", class_="fx-quote")
    text = answered.get("text") or f"({answered.get('kind') or 'no text stored'})"
    return element("div", text[:QUOTE] + ("…" if len(text) > QUOTE else ""), class_="fx-quote", dir="auto")


def _attached(one, text):
    """One attachment: its name, or else where the app keeps it; the caption unless it is the text of the message."""
    name, stored, size, caption = (one.get(key) for key in ("name", "stored_path", "size", "caption"))
    facts = [one.get("mime"), f"{size:,.0f} bytes" if size is not None else None, stored if name else None]
    facts.append({True: "file found", False: "file not found in the evidence"}.get(one.get("present")))
    return element(
        "div",
        element("bdi", name or stored or "attachment without a name"),
        [[" · ", element("bdi", str(fact))] for fact in facts if fact],
        element("div", caption, dir="auto", class_="fx-text") if caption and caption != text else None,
        class_="fx-attached",
        title=provenance(one),
    )


def _body(row, has_attachment):
    place = _place(row)
    if row.get("text"):
        return [element("div", row["text"], class_="fx-text", dir="auto"), place]
    if place or has_attachment:
        return place
    kind = row.get("kind")
    absent = f"{kind}: no text stored" if kind not in (None, "text") else "no text stored"
    said = _extra(row)
    return element("div", absent, element("div", said, class_="fx-note") if said else None, class_="fx-text fx-none")


def _extra(row):
    """What the app stores about a message without text, such as who was added to a group."""
    try:
        extra = json.loads(row.get("extra") or "{}")
    except ValueError:
        return None
    return " · ".join(f"{name}: {shown(value)}" for name, value in extra.items()) if isinstance(extra, dict) else None


def _place(row):
    if row.get("latitude") is None or row.get("longitude") is None:
        return None
    return element("div", f"place {row['latitude']:.6f}, {row['longitude']:.6f}", class_="fx-attached")


def _reactions(found):
    if not found:
        return None
    return element(
        "div",
        [
            element(
                "span",
                one.get("value") or "reaction",
                " ",
                element("bdi", str(one.get("person_id") or "")),
                class_="fx-badge",
            )
            for one in found
        ],
    )


def _foot(row):
    changes = [_change(row, name) for name in CHANGES if row.get(name) is True]
    kind = row.get("kind")
    state = row.get("state")
    return element(
        "div",
        element("span", _time(row)),
        element("span", str(kind), class_="fx-badge") if kind and kind not in ("text", "system", "deleted") else None,
        changes,
        element("span", str(state), class_="fx-badge fx-warn", title=STATES.get(str(state), ""))
        if state not in (None, LIVE)
        else None,
        element("span", f"characters replaced in {row['cleaned']}", class_="fx-badge fx-warn")
        if row.get("cleaned")
        else None,
        element("span", str(row["record"]), class_="fx-where fx-code") if row.get("record") is not None else None,
        class_="fx-foot",
    )


STATES = {
    "wal": "read from the write-ahead log, not yet in the database file",
    "journal": "an older state: replaced or deleted since",
    "freelist": "recovered from a page the database no longer uses",
    "freeblock": "recovered from space freed inside a page",
    "unallocated": "recovered from space no record owns",
    "log": "read from a log file",
}


def _change(row, name):
    at = row.get(CHANGE_TIMES.get(name, ""))
    return element(
        "span",
        name.replace("_", " "),
        f" {moment(at)}" if at is not None else "",
        class_="fx-badge fx-bad" if name == "deleted" else "fx-badge",
    )


def _time(row):
    if row.get("sent_at") is not None:
        basis = row.get("time_basis")
        return moment(row["sent_at"]) + (
            f", {basis}" if basis and str(basis).startswith(("assumed", "ambiguous")) else ""
        )
    if row.get("sent_local") is not None:
        return f"{clock(row['sent_local'])} (device clock, zone not stored)"
    return "no time stored"


def _day(row):
    at = row.get("sent_at") if row.get("sent_at") is not None else row.get("sent_local")
    return f"{WEEKDAYS[at.weekday()]} {at:%Y-%m-%d}" if at is not None else "without a time"


def _by_message(frame):
    found: dict[tuple[str, ...], list[dict]] = {}
    for row in records(frame) if frame is not None else ():
        if row.get("message_id") is not None:
            found.setdefault(_message(row), []).append(row)
    return found


def _message(row):
    return (*_group(row), str(row.get("message_id")))


def _chat_of(row):
    return (*_group(row), str(row.get(ACCOUNT)))


def _group(row):
    return tuple(str(row.get(name)) for name in GROUP)


def _by_account(messages):
    """The messages with the column `account`, where two accounts of one app have a chat of the same id: each has its own then."""
    kept = [name for name in GROUP if name in messages.columns]
    if "account_id" not in messages.columns or not kept:
        return messages
    account = messages["account_id"].astype("object")
    several = account.groupby([messages[name] for name in kept], observed=True, dropna=False).transform("nunique") > 1
    return messages.assign(**{ACCOUNT: account.where(several)}) if several.any() else messages


def _chats(messages):
    kept = [name for name in (*GROUP, ACCOUNT) if name in messages.columns]
    return messages[kept].drop_duplicates().shape[0] if kept else 1
