"""A case at a glance: what was given, what was read, and above all what was not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from forensics.views.html import Html, element
from forensics.views.table import grid
from forensics.views.values import known

if TYPE_CHECKING:
    from forensics.case import Case

STATUSES = {
    "parsed": ("fx-ok", "read by a parser"),
    "partly": ("fx-warn", "read, with problems"),
    "recognised": ("fx-warn", "an archive that was opened, or a log read with its database"),
    "unknown": ("", "no parser claims it"),
    "ignored": ("", "known to hold nothing of interest"),
    "failed": ("fx-bad", "a parser claims it and could not read it"),
    "encrypted": ("fx-bad", "needs a password or key"),
}
PROBLEM_MEANINGS = {
    "not_read": "seen, and not read",
    "not_understood": "read, and the meaning is not known",
    "damaged": "the source is damaged",
    "encrypted": "needs a password or key",
    "limit": "over a limit of size, time or depth",
    "hostile": "built to harm a reader",
}


def overview(case: Case) -> Html:
    """Evidence, rows a table, files by status and problems by kind."""
    return Html(
        element("div", element("bdi", str(case.name)), class_="fx-title"),
        element("div", element("code", str(case.path)), class_="fx-note"),
        _evidence(case.evidence),
        element("div", "Rows", class_="fx-part"),
        _rows(case),
        element("div", "Files by status", class_="fx-part"),
        _statuses(case.table("files", ["status"])),
        element("div", "Problems by kind", class_="fx-part"),
        _problems(case.table("problems", ["kind"])),
    )


def _evidence(evidence):
    if not evidence:
        return element(
            "p", "No evidence has been read into this case yet: forensics ingest CASE SOURCE", class_="fx-none"
        )
    names = ["label", "name", "kind", "files", "bytes", "timezone"]
    rows = [{name: _counted_out(known(one.get(name))) for name in names} for one in evidence]
    return [
        element("div", "Evidence", class_="fx-part"),
        grid([n for n in names if any(row[n] is not None for row in rows)], rows),
    ]


def _counted_out(value):
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


def _rows(case):
    counts = {name: count for name, count in row_counts(case).items() if name not in ("files", "problems")}
    filled = {name: count for name, count in counts.items() if count}
    empty = [name for name, count in counts.items() if not count]
    return [
        _tiles((f"{count:,}", name, "") for name, count in filled.items())
        if filled
        else element("p", "No rows.", class_="fx-none"),
        element("p", f"Nothing was found for: {', '.join(empty)}.", class_="fx-note") if empty else None,
    ]


def row_counts(case: Case) -> dict[str, int]:
    """Rows of each table of the case, in the order of the tables; tables without rows included."""
    return {name: contents.rows for name, contents in case.tables.items()}


def _statuses(files):
    counts = _counted(files, "status")
    if not counts:
        return element("p", "No files.", class_="fx-none")
    order = [*STATUSES, *sorted(set(counts) - set(STATUSES))]
    return _tiles(
        (f"{counts[status]:,}", status, STATUSES.get(status, ("", ""))[1]) for status in order if counts[status]
    )


def _problems(problems):
    counts = _counted(problems, "kind")
    if not counts:
        return element("p", "No problems were recorded.", class_="fx-none")
    rows = [
        {"kind": kind, "problems": n, "meaning": PROBLEM_MEANINGS.get(kind, "")} for kind, n in counts.most_common()
    ]
    return [
        grid(["kind", "problems", "meaning"], rows),
        element("p", "Each one is a row of case.problems.", class_="fx-note"),
    ]


def _tiles(tiles):
    """Number, name and meaning, side by side; the colour of a status says whether it asks for attention."""
    return element(
        "div",
        [
            element(
                "div",
                element("b", number),
                element("bdi", name),
                element("br") if meaning else None,
                element("span", meaning or None),
                class_=f"fx-tile {STATUSES.get(name, ('',))[0]}",
            )
            for number, name, meaning in tiles
        ],
        class_="fx-tiles",
    )


def _counted(frame, column):
    return (
        Counter({str(value): int(n) for value, n in frame[column].value_counts().items() if n})
        if column in frame.columns
        else Counter()
    )
