"""iLEAPP, ALEAPP and their kin: the database of a report, `_lava_artifacts.db`, with `_lava_data.lava` beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple

from forensics import File, Problem, hookimpl, parser, sqlite
from forensics.evidence.file import DocumentError
from forensics.sqlite import Database
from forensics.tables import ATTACHMENTS, CALLS, CONTACTS, MESSAGES
from forensics.times import unix_s

from ..learned import in_force
from ..untrusted import words
from . import leapp_columns as columns
from .leapp_columns import CONTACT_COLUMNS, MESSAGE_MORE, OUTCOMES, Meaning, chosen, direction, meaning
from .origin import extra

SAYABLE = re.compile(r"\w{1,200}")
VIEW = {
    "sent_at": ("timeColumn",),
    "text": ("textColumn",),
    "chat_id": ("conversationDiscriminatorColumn", "threadDiscriminatorColumn"),
    "chat_name": ("conversationLabelColumn", "threadLabelColumn"),
    "sender": ("senderColumn",),
    "direction": ("directionColumn",),
    "media": ("mediaColumn",),
    "sent_label": ("sentMessageLabelColumn",),
}
OWNER = "local user"  # what artifacts write where the owner sent it
MEDIA_KINDS = ("image", "video", "audio")
MEDIA = """
SELECT r.id AS id, r.name AS name, i.source_path AS source_path, i.extraction_path AS extraction_path, i.type AS type
FROM _lava_media_references r LEFT JOIN _lava_media_items i ON i.id = r.media_item_id
"""


class Artifact(NamedTuple):
    """An artifact of the report: its table, what is known of it, and what it means."""

    table: str
    about: dict[str, Any]
    meaning: Meaning
    sent: Any  # the value of its column of directions for what was sent


@parser(
    "leapp.lava",
    files=["_lava_artifacts.db"],
    test=sqlite.has(_lava_media_items=["id", "extraction_path"], _lava_media_references=["id", "media_item_id"]),
)
def report(file: File) -> Iterator[Any]:
    """LEAPP (iLEAPP, ALEAPP and others), database of a report for LAVA (_lava_artifacts.db).

    Second-hand: these rows are what a LEAPP made of the apps' stores; read those where they are. `extra` names the tool and its
    version, the artifact and its source file, and all columns that no column here holds, under their names in the report.
    `app` is the artifact's category. Messages are what the report itself declares a conversation, in the file `_lava_data.lava`
    (or `_lava_data.json`) beside the database; without that, and for calls and contacts, artifacts are known by their names and
    the names of their columns. Everything that is not the value for `sent` counts as received there, and so here. Times
    are whole seconds in many artifacts; versions of 2025 took times written without a zone for those of the computer they ran on.
    A message that is repeated for each of its attachments is one row here.

    Reads: messages, calls, contacts, attachments with their path in the source and in the report.
    Not read: all other artifacts (named in a problem); TSV, HTML and KML files of the report, which repeat the same rows.
    Seen on: no report of a LEAPP; invented ones in the form that its writer gives them.
    Source: abrignoni/iLEAPP, scripts/lavafuncs.py, versions of 2025 and 2026 (MIT); headers of artifacts for chats, calls and
    contacts in iLEAPP and ALEAPP.
    Tier: documented
    """
    manifest = beside(file)
    tool = tool_of(manifest)
    with file.sqlite() as db:
        media = {row["id"]: row for row in db.execute(MEDIA) if isinstance(row["id"], str)}
        unread = []
        for table in sorted(name for name in db.tables if not name.startswith(("_", "sqlite_"))):
            artifact = None if unsayable(db, table) else artifact_of(db, table, manifest)
            if artifact:
                yield from rows(db, artifact, tool, media)
            else:
                unread.append(table)
        if unread:
            message = f"{len(unread)} artifacts that are no messages, calls or contacts are not read"
            yield Problem("not_read", message, detail=", ".join(unread)[:2000])


def unsayable(db: Database, table: str) -> bool:
    """Whether a name in it is none that LEAPP gives: it makes all of them of letters, digits and underscores."""
    return not all(map(SAYABLE.fullmatch, (table, *db.columns(table))))


def beside(file: File) -> dict[str, Any]:
    """The manifest of the report: what each table is. Empty where there is none to be read."""
    for name in ("_lava_data.lava", "_lava_data.json"):
        found = file.sibling(name)
        try:
            told = found.json() if found else None
        except DocumentError:
            continue
        if isinstance(told, dict):
            return told
    return {}


def tool_of(manifest: Mapping[str, Any]) -> str:
    """Name and version of the LEAPP."""
    told = manifest.get("parser_info")
    parts = [words(told.get(key)) for key in ("leapp_name", "leapp_version")] if isinstance(told, dict) else []
    return " ".join(filter(None, parts)) or "LEAPP"


def described(manifest: Mapping[str, Any], table: str) -> dict[str, Any]:
    """What the manifest says of a table, with its category; empty where it says nothing."""
    categories = manifest.get("artifacts")
    for category, listed in categories.items() if isinstance(categories, dict) else ():
        for artifact in listed if isinstance(listed, list) else ():
            if isinstance(artifact, dict) and artifact.get("tablename") == table:
                return {**artifact, "category": category}
    return {}


def artifact_of(db: Database, table: str, manifest: Mapping[str, Any]) -> Artifact | None:
    """What a table of the report is; None for one that is not read."""
    about, has = described(manifest, table), [name.lower() for name in db.columns(table)]
    views = about.get("data_views")
    view = (views.get("conversation") or views.get("chat")) if isinstance(views, dict) else None
    if isinstance(view, dict):
        told = {key: next((view[name] for name in names if view.get(name)), None) for key, names in VIEW.items()}
        declared = {key: name.lower() for key, name in told.items() if isinstance(name, str) and name.lower() in has}
        if "text" in declared or "media" in declared:
            return Artifact(table, about, Meaning("messages", declared), view.get("directionSentValue"))
    label = f"{words(about.get('name')) or ''} {about.get('category', '')} {table.replace('_', ' ')}"
    found = meaning(label, has, times_of(db, table))
    return Artifact(table, about, found, None) if found else None


def times_of(db: Database, table: str) -> list[str]:
    """Columns that LEAPP declared as times: it stores them as INTEGER, all else as TEXT."""
    declared = db.execute(f"SELECT c.name AS name, c.type AS type FROM pragma_table_info('{table}') c")
    return [row["name"].lower() for row in declared if str(row["type"]).upper() == "INTEGER"]


def rows(db: Database, artifact: Artifact, tool: str, media: Mapping[str, Mapping[str, Any]]) -> Iterator[Any]:
    """Rows of one artifact."""
    own = [(name, name.lower()) for name in db.columns(artifact.table)]
    names = ", ".join(f't."{name}" AS "{lower}{"_" * (lower in ("record", "state"))}"' for name, lower in own)
    query = f"SELECT {names}, '{artifact.table}/rowid=' || t.rowid AS record FROM {artifact.table} t"
    before: Any = None
    for stored in db.execute(query, every=artifact.table):
        row = dict(stored)
        base = {
            "app": artifact.about.get("category") or artifact.table,
            "record": row.pop("record"),
            "state": row.pop("state"),
        }
        if artifact.meaning.table == "calls":
            yield from CALLS.rows([{**base, **call(row, artifact, tool)}], started_at=unix_s)
        elif artifact.meaning.table == "contacts":
            yield from CONTACTS.rows([{**base, **contact(row, artifact, tool)}], created_at=unix_s)
        else:
            cells = message(row, artifact, tool)
            clocks = dict.fromkeys(("sent_at", "read_at", "delivered_at", "edited_at"), unix_s)
            this = (in_force(stored), repeated(cells))
            if cells["message_id"] is None or before != this:
                yield from MESSAGES.rows([{**base, **cells}], **clocks)
            before = this
            place = {**base, "chat_id": cells["chat_id"], "message_id": cells["message_id"]}
            for file, more in attachments(row.get(artifact.meaning.columns.get("media", "")), media, row):
                yield from ATTACHMENTS.rows([{**place, **file, "extra": told(tool, artifact, more)}])


def repeated(cells: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is alike in two rows of one message that differ in their attachments."""
    return tuple(cells[key] for key in ("message_id", "chat_id", "sent_at", "text", "direction", "sender_name"))


def told(tool: str, artifact: Artifact, rest: Mapping[str, Any]) -> str:
    """The column `extra`."""
    about = {"artifact": artifact.about.get("name") or artifact.table, "source": artifact.about.get("source_path")}
    return extra(tool, {**rest, **about})


def rest_of(row: Mapping[str, Any], taken: Mapping[str, str]) -> dict[str, Any]:
    """Columns that none of ours holds; bytes as hex."""
    held = set(taken.values())
    return {key: sayable(value) for key, value in row.items() if key not in held}


def sayable(value: Any) -> Any:
    """A stored value as JSON has it: bytes as hex, infinity as a word."""
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def message(row: Mapping[str, Any], artifact: Artifact, tool: str) -> dict[str, Any]:
    """A message."""
    known = artifact.meaning.columns
    more = {key: name for key, name in chosen(MESSAGE_MORE, row).items() if name not in known.values()}
    value = {key: row.get(name) for key, name in {**known, **more}.items()}
    way = direction(value.get("direction"), artifact.sent)
    sender = value.get("sender")
    name = sender if way != "outgoing" and columns.plain(sender) != OWNER else value.get("sent_label")
    # Without a view the direction column may be a word of another kind: then its word is kept in extra.
    taken = {
        key: name
        for key, name in {**known, **more}.items()
        if key not in ("media", "sent_label", "direction", "deleted")
    }
    text = value.get("text")
    media = bool(value.get("media"))
    latitude, longitude = (coordinate(value.get(key)) for key in ("latitude", "longitude"))
    return {
        "chat_id": value.get("chat_id") or None,
        "chat_name": value.get("chat_name") or None,
        "message_id": value.get("message_id"),
        "sent_at": columns.seconds(value.get("sent_at")),
        "read_at": columns.seconds(value.get("read_at")),
        "delivered_at": columns.seconds(value.get("delivered_at")),
        "edited_at": columns.seconds(value.get("edited_at")),
        "sender_id": value.get("sender_id") if way != "outgoing" else None,
        "sender_name": name or None,
        "direction": way,
        "kind": "location" if latitude is not None else "unknown" if media or not text else "text",
        "raw_kind": value.get("raw_kind") or None,
        "text": text or None,
        "deleted": columns.flag(value.get("deleted")) or None,
        "latitude": latitude,
        "longitude": longitude,
        "extra": told(tool, artifact, rest_of(row, taken)),
    }


def coordinate(stored: Any) -> float | None:
    """Degrees; artifacts write them as text, and nothing or 0 where there is no place."""
    try:
        degrees = float(stored)
    except (TypeError, ValueError):
        return None
    return degrees if degrees and isfinite(degrees) else None


def attachments(
    cell: Any, media: Mapping[str, Mapping[str, Any]], row: Mapping[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Files of a message, each with what goes into extra. A cell refers to one or, as a JSON list, to several; where it refers
    to none of the report's media it is a path or a name."""
    given = [cell] if words(cell) else []
    if given and cell.startswith("["):
        try:
            many = json.loads(cell)
        except (ValueError, RecursionError):
            many = None
        given = [one for one in many if words(one)] if isinstance(many, list) else given
    for one in given:
        item = media.get(one)
        if item is None:
            yield {"name": row.get("attachment_name") or one.rpartition("/")[2], "stored_path": one}, {}
        else:
            name = item["name"] or row.get("attachment_name")
            more = {"extraction_path": item["extraction_path"], "reference": one}
            yield {"name": name, "stored_path": item["source_path"], "mime": item["type"]}, more


def call(row: Mapping[str, Any], artifact: Artifact, tool: str) -> dict[str, Any]:
    """A call."""
    known = artifact.meaning.columns
    value = {key: row.get(name) for key, name in known.items()}
    outcome = columns.plain(value.get("outcome"))
    way = columns.plain(value.get("direction"))
    taken = {
        key: name
        for key, name in known.items()
        if key in ("started_at", "duration", "peer_id", "peer_name", "call_id", "account_id")
    }
    return {
        "call_id": value.get("call_id") or None,
        "account_id": words(value.get("account_id")),
        "started_at": columns.seconds(value.get("started_at")),
        "duration_s": columns.duration(value.get("duration")),
        "direction": direction(way),
        "outcome": OUTCOMES.get(way) or OUTCOMES.get(outcome) or (None if outcome == "no" else outcome or None),
        "video": columns.flag(value.get("video")),
        "peer_id": value.get("peer_id") or None,
        "peer_name": value.get("peer_name") or None,
        "extra": told(tool, artifact, rest_of(row, taken)),
    }


def contact(row: Mapping[str, Any], artifact: Artifact, tool: str) -> dict[str, Any]:
    """A contact."""
    known = artifact.meaning.columns
    value = {key: row.get(known[key]) if key in known else None for key in CONTACT_COLUMNS}
    return {
        "person_id": value["person_id"] or None,
        "name": columns.name_of(row, known.get("name")),
        "phones": columns.listed(value["phones"]),
        "emails": columns.listed(value["emails"]),
        "username": value["username"] or None,
        "note": value["note"] or None,
        "created_at": columns.seconds(value["created_at"]),
        "extra": told(
            tool, artifact, rest_of(row, {key: known[key] for key in known if key not in ("phones", "emails")})
        ),
    }


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of reports for LAVA."""
    return [report]
