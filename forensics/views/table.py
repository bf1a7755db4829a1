"""Any dataframe as a plain table: the telling columns first, every cell escaped, and a note on what is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from forensics.views.html import Html, element
from forensics.views.values import cell, more, provenance, records

if TYPE_CHECKING:
    import pandas as pd

# fmt: off
FIRST = (
    "at", "sent_at", "sent_local", "started_at", "started_local", "taken_at", "taken_local", "local", "chat_name",
    "sender_name", "direction", "text", "table", "what", "who", "platform", "kind", "app", "name", "status", "chain", "asset",
    "amount", "address", "value", "owner_name", "make", "model", "size", "mime", "latitude", "longitude",
)
"""Columns that lead when they are there; the others follow in stored order."""

LAST = (
    "time_basis", "raw", "raw_kind", "text_folded", "extra", "cleaned", "md5", "file", "parser", "state", "evidence", "path",
    "record",
)
"""Columns for checking: at the far right, so that path and record close each row."""
# fmt: on

HIDDEN = frozenset({"text_folded", "extra", "file", "parser", "md5", "cleaned"})
"""Not shown unless asked for by name; all are in the dataframe."""


def table(df: pd.DataFrame, columns: Iterable[str] | None = None, limit: int = 200) -> Html:
    """The first `limit` rows of a dataframe.

    `columns` names what to show, in that order. Without it, columns that are empty in every row are left out (and
    named under the table), columns made for the machine as well.
    """
    shown = list(columns) if columns is not None else chosen(df)
    rows = list(records(df.loc[:, shown].head(limit))) if len(shown) else []
    return Html(
        grid(shown, rows) if rows else element("p", "No rows.", class_="fx-none"),
        more(len(df) - len(rows), "rows", f"limit={limit}"),
        _left_out(df, shown) if columns is None and len(df) else None,
    )


def chosen(df: pd.DataFrame) -> list[str]:
    """The columns worth a look: set somewhere, not made for the machine, most telling first."""
    names = [name for name in df.columns if str(name) not in HIDDEN and df[name].notna().any()]
    rank = {name: i - len(FIRST) for i, name in enumerate(FIRST)} | {name: 1 + i for i, name in enumerate(LAST)}
    return sorted(names, key=lambda name: rank.get(str(name), 0))


def grid(columns: Sequence[str], rows: Sequence[dict]) -> Html:
    """A table of plain rows (dicts)."""
    head = element("tr", [element("th", str(name), dir="auto") for name in columns])
    body = [
        element("tr", [cell(row.get(str(name))) for name in columns], title=provenance(row) or None) for row in rows
    ]
    return element(
        "div", element("table", element("thead", head), element("tbody", body), class_="fx-table"), class_="fx-scroll"
    )


def _left_out(df, shown):
    empty = [str(name) for name in df.columns if name not in shown and not df[name].notna().any()]
    machine = [str(name) for name in df.columns if name not in shown and str(name) not in empty]
    return [
        element("p", f"{note}: {', '.join(names)}.", class_="fx-note")
        for note, names in (("Nothing stored in", empty), ("In the dataframe, not shown", machine))
        if names
    ]
