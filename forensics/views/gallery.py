"""Photos, videos and sounds as cards of what is known about them. No picture is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.views.html import Html, element
from forensics.views.values import known, moment, more, ordered, provenance, records, shown

if TYPE_CHECKING:
    import pandas as pd

NOTE = (
    "Cards show what is stored about each file, not the pictures: people in them are spared, and so are those who look "
    "at this page. Open a single file from the evidence with its path and hash when the task asks for it."
)


def gallery(media: pd.DataFrame, limit: int = 60) -> Html:
    """Cards of a media table in order of the time taken: kind, time, place, camera, size, hash, and where it was read."""
    if not len(media):
        return Html(element("p", "No photos, videos or sounds.", class_="fx-none"))
    rows = list(records(ordered(media, "taken_at", "taken_local").head(limit)))
    return Html(
        element("p", NOTE, class_="fx-note"),
        element("div", [_card(row) for row in rows], class_="fx-cards"),
        more(len(media) - len(rows), "files", f"limit={limit}"),
    )


def _card(row):
    path = str(row.get("path") or "")
    facts = [(name, value) for name, value in _facts(row) if value]
    return element(
        "div",
        element("div", f"{row.get('kind') or 'file'}, not shown", class_="fx-veil"),
        element("div", element("bdi", path.rsplit("/", 1)[-1] or "file without a name"), class_="fx-who"),
        element(
            "div",
            [[element("b", name), element("span", value, dir="auto")] for name, value in facts],
            class_="fx-facts",
        ),
        class_="fx-card",
        title=provenance(row),
    )


def _facts(row):
    yield "taken", _taken(row)
    yield "place", _place(row)
    yield "camera", " ".join(str(row[name]) for name in ("make", "model") if row.get(name))
    yield "serial", row.get("serial")
    yield "size", f"{row['width']:.0f} × {row['height']:.0f}" if row.get("width") and row.get("height") else None
    yield "length", f"{row['duration_s']:.1f} s" if row.get("duration_s") is not None else None
    yield "edited with", row.get("edited_with")
    yield "title", row.get("title")
    yield "text", row.get("description")
    yield "SHA-256", element("span", str(row["file"]), class_="fx-code") if row.get("file") else None
    yield (
        "evidence",
        " · ".join(shown(row.get(name)) for name in ("evidence", "record") if known(row.get(name)) is not None),
    )
    yield "path", element("span", str(row["path"]), class_="fx-code") if row.get("path") else None


def _taken(row):
    if row.get("taken_at") is not None:
        return moment(row["taken_at"]) + (
            f", {row['time_basis']}" if str(row.get("time_basis") or "").startswith(("assumed", "ambiguous")) else ""
        )
    if row.get("taken_local") is not None:
        return moment(row["taken_local"])
    return "no time stored"


def _place(row):
    if row.get("latitude") is None or row.get("longitude") is None:
        return "no position stored"
    return f"{row['latitude']:.6f}, {row['longitude']:.6f}"
