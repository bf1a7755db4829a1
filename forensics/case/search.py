"""Search across scripts: the same folding for what is searched and what is searched for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from forensics.text import fold, fold_array

if TYPE_CHECKING:
    from forensics.case.case import Case

SEARCHED = {
    "messages": ("text",),
    "contacts": ("name", "username", "note"),
    "accounts": ("name", "phone", "email", "username"),
    "attachments": ("name", "caption"),
    "places": ("label",),
    "media": ("title", "description", "author"),
    "wallets": ("name",),
    "addresses": ("address", "label"),
    "transfers": ("memo", "counterparty", "txid", "from_address", "to_address"),
    "identifiers": ("value", "raw"),
}
AT = {"messages": "sent_at", "media": "taken_at", "places": "at", "transfers": "at", "contacts": "created_at"}
WHO = {"messages": "sender_name", "contacts": "person_id", "accounts": "account_id", "addresses": "wallet_id"}
SHOWN = ("table", "column", "at", "who", "text", "evidence", "path", "record", "state")


class Folded(NamedTuple):
    """A column folded for search: all its values one after the other in `data`, value n from `starts[n]` to `starts[n + 1]`."""

    data: bytes
    starts: np.ndarray

    def rows(self, needle: bytes) -> list[int]:
        """Numbers of the values that hold the needle."""
        hits = np.fromiter((m.start() for m in re.finditer(re.escape(needle), self.data)), np.int64)
        rows = np.searchsorted(self.starts, hits, side="right") - 1
        inside = hits + len(needle) <= self.starts[rows + 1]
        return [int(row) for row in np.unique(rows[inside])]


class Searcher:
    """Searches the tables of a case; what has been folded once is kept."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._columns: dict[tuple[str, str], Folded] = {}

    def search(self, text: str, tables: Iterable[str] | None = None) -> pd.DataFrame:
        """See `Case.search`."""
        needle = fold(text).strip().encode("utf-8", "replace")
        wanted = SEARCHED.keys() if tables is None else list(tables)
        unknown = set(wanted) - SEARCHED.keys()
        if unknown:
            raise ValueError(f"search knows the tables {', '.join(SEARCHED)}, not {', '.join(sorted(unknown))}")
        hits = list(self._hits(needle, wanted)) if needle else []
        if not hits:
            return pd.DataFrame(columns=list(SHOWN))
        return pd.concat(hits, ignore_index=True).sort_values(
            "at", kind="stable", na_position="last", ignore_index=True
        )

    def _hits(self, needle: bytes, tables: Iterable[str]) -> Iterator[pd.DataFrame]:
        for table in tables:
            for column in SEARCHED[table]:
                rows = self._folded(table, column).rows(needle)
                if rows:
                    yield self._shown(table, column, rows)

    def _shown(self, table: str, column: str, rows: list[int]) -> pd.DataFrame:
        frame = self._case.table(table).iloc[rows]
        none = pd.Series(None, index=frame.index, dtype="str")
        at = frame[AT[table]] if table in AT else pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us, UTC]")
        who = frame[WHO[table]].astype("str") if table in WHO else none
        shown = {"table": table, "column": column, "at": at, "who": who, "text": frame[column]}
        shown |= {name: frame[name].astype("str") for name in ("evidence", "path", "record", "state")}
        return pd.DataFrame(shown)

    def _folded(self, table: str, column: str) -> Folded:
        if (table, column) not in self._columns:
            frame = self._case.table(table)
            known = f"{column}_folded"
            values = _whole(pa.array(frame[known if known in frame else column], pa.string()))
            self._columns[table, column] = _folded(values if known in frame else fold_array(values))
        return self._columns[table, column]


def _whole(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _folded(values: pa.Array) -> Folded:
    values = values.cast(pa.large_string())
    _, offsets, data = values.buffers()
    starts = np.frombuffer(offsets, np.int64)[values.offset : values.offset + len(values) + 1]
    return Folded(data.to_pybytes() if data else b"", starts)
