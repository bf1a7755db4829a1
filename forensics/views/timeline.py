"""Everything that carries a time in one frame, and a picture of when there was activity on each device."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from forensics.views.html import Html, element
from forensics.views.table import table
from forensics.views.values import LIVE, colour, more, numbered

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["at", "local", "table", "what", "who", "evidence", "path", "record", "state"]


class Events(NamedTuple):
    """How rows of one table read in a timeline: their times, and the columns that say what and who.

    `sign` is a column that no other table has. `what` is the first of these columns that is set, or with `join` all.
    """

    sign: str
    at: str
    local: str
    what: tuple[str, ...]
    who: tuple[str, ...]
    join: bool = False


EVENTS = {
    "messages": Events("sent_at", "sent_at", "sent_local", ("text", "kind"), ("sender_name", "sender_id")),
    "calls": Events(
        "started_at",
        "started_at",
        "started_local",
        ("direction", "outcome", "duration_s"),
        ("peer_name", "peer_id"),
        True,
    ),
    "media": Events("taken_at", "taken_at", "taken_local", ("kind", "make", "model"), ("author",), True),
    "transfers": Events(
        "asset",
        "at",
        "local",
        ("platform", "kind", "direction", "amount", "asset"),
        ("counterparty", "to_address", "from_address"),
        True,
    ),
    "places": Events("ref", "at", "local", ("kind", "label", "latitude", "longitude"), (), True),
}

WIDTH, LEFT, STRIP, HOURS = 960, 10, 78, 230
MOST_BARS = 160
BINS = {"hour": 1, "day": 24, "week": 168, "30 days": 720, "365 days": 8760}
"""Width of a bar in hours, by its name."""


def merge_timeline(case: Any) -> pd.DataFrame:
    """One frame of all messages, calls, media, transfers and places of a case, in order of time.

    Columns: at (UTC), local (a wall clock without zone, where the source has only that), table, what, who, evidence,
    path, record, state. Rows without any time are left out; rows with a wall clock only stand at the end.
    """
    return merged(*(getattr(case, name) for name in EVENTS))


def merged(*frames: pd.DataFrame) -> pd.DataFrame:
    """The frames (tables of a case, parts of them, or frames this made earlier) as one, in order of time."""
    import pandas as pd

    parts = [frame if set(COLUMNS) <= set(frame.columns) else _events(frame) for frame in frames]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(
            {name: pd.Series(dtype="datetime64[us, UTC]" if name == "at" else "object") for name in COLUMNS}
        )
    whole = pd.concat(parts, ignore_index=True)
    whole = whole[whole["at"].notna() | whole["local"].notna()]
    return whole.sort_values(["at", "local"], kind="stable", na_position="last", ignore_index=True)


def timeline(*frames: pd.DataFrame, limit: int = 200) -> Html:
    """When there was activity on each device (times in UTC), and the first `limit` events as a table.

    A gap means that nothing with a time was found there; it does not say that nothing happened.
    """
    whole = merged(*frames)
    if not len(whole):
        return Html(element("p", "No row with a time.", class_="fx-none"))
    timed = whole[whole["at"].notna()]
    local_only = len(whole) - len(timed)
    return Html(
        [_activity(timed)] if len(timed) else None,
        _note(
            local_only, "are not in the picture: they carry a wall clock without a zone (ingest --timezone names it)"
        ),
        _listed(whole, limit),
    )


def activity(*frames: pd.DataFrame) -> Html:
    """The picture of `timeline` alone."""
    whole = merged(*frames)
    timed = whole[whole["at"].notna()]
    return _activity(timed) if len(timed) else Html(element("p", "No row with a time.", class_="fx-none"))


def _listed(whole, limit):
    """The events as a table; `at` falls back to the wall clock, and states are shown when any row is not live."""
    head = whole.head(limit)
    rows = head.assign(at=head["at"].astype("object").where(head["at"].notna(), head["local"].astype("object")))
    columns = ["at", "table", "what", "who", "evidence", "path", "record"]
    if not (whole["state"].dropna() == LIVE).all():
        columns.insert(4, "state")
    return Html(table(rows, columns=columns, limit=limit), more(len(whole) - limit, "rows", f"limit={limit}"))


def _note(count, what):
    return element("p", f"{count:,} rows {what}.", class_="fx-note") if count else None


def _events(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    name = next((name for name, events in EVENTS.items() if {events.sign, events.at} <= set(frame.columns)), None)
    if name is None:
        raise ValueError(f"not a table with times: it has the columns {', '.join(map(str, frame.columns))}")
    events = EVENTS[name]
    nothing = pd.Series(pd.NA, index=frame.index, dtype="str")
    return pd.DataFrame(
        {
            "at": pd.to_datetime(frame.get(events.at, nothing), utc=True).astype("datetime64[us, UTC]"),
            "local": pd.to_datetime(frame.get(events.local, nothing)).astype("datetime64[us]"),
            "table": name,
            "what": (_joined if events.join else _first)(frame, events.what),
            "who": _who(frame, events.who),
            **{column: frame.get(column, nothing).astype("str") for column in ("evidence", "path", "record", "state")},
        }
    )


def _first(frame, names):
    import pandas as pd

    text = pd.Series(pd.NA, index=frame.index, dtype="str")
    for name in names:
        if name in frame.columns:
            text = text.fillna(frame[name].astype("str"))
    return text


def _who(frame, names):
    """The name or id of the other side; the account on the device where it wrote itself and no name is stored."""
    who = _first(frame, names)
    if {"sender_id", "direction", "evidence"} <= set(frame.columns):
        who = who.mask(who.isna() & (frame["direction"] == "outgoing"), "account on " + frame["evidence"].astype("str"))
    return who


def _joined(frame, names):
    import pandas as pd

    text = pd.Series("", index=frame.index, dtype="str")
    for name in names:
        if name in frame.columns:
            text = text.str.cat(_worded(frame[name], name), sep=" ", na_rep="")
    return text.str.replace(r"\s+", " ", regex=True).str.strip()


def _worded(column, name):
    if name == "duration_s":
        return column.map(lambda seconds: f"{seconds:.0f} s", na_action="ignore").astype("str")
    return column.astype("str")


def _activity(timed):
    devices = numbered(timed["evidence"].dropna().unique()) or {"": 0}
    bars = _bars(timed)
    height = 26 + STRIP * len(devices)
    strips = [
        _strip(timed[timed["evidence"] == name] if name else timed, name, number, 14 + STRIP * place, bars)
        for place, (name, number) in enumerate(devices.items())
    ]
    picture = element("svg", strips, _axis(bars, height), viewBox=f"0 0 {WIDTH} {height}", role="img")
    return Html(
        element(
            "p",
            f"{len(timed):,} rows with a time, counted per {bars.name} (left) and by hour of the day (right), UTC.",
            class_="fx-note",
        ),
        picture,
        _note(
            bars.outside,
            f"are not in the left picture: before {bars.start:%Y-%m-%d} or after {bars.end:%Y-%m-%d}, far from the rest",
        ),
    )


class Bars(NamedTuple):
    """The left picture's time axis: bars of `hours` hours from `start`, `places` of them; `outside` rows fall off it."""

    name: str
    hours: int
    start: datetime
    places: int
    outside: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(hours=self.hours * self.places)

    def bar(self, times: pd.Series) -> pd.Series:
        return ((times - self.start).dt.total_seconds() // (self.hours * 3600)).astype("int64")


def _bars(timed):
    """Bars as fine as fit; a few rows far from all others (a clock that was never set) do not squeeze the picture."""
    times = timed["at"]
    low, high = times.min(), times.max()
    inner_low, inner_high = times.quantile(0.005), times.quantile(0.995)
    if (high - low) > 3 * (inner_high - inner_low) + timedelta(days=30):
        low, high = inner_low, inner_high
    name, hours = next(
        ((n, h) for n, h in BINS.items() if (high - low) / timedelta(hours=h) < MOST_BARS), ("365 days", 8760)
    )
    start = low.floor("h" if hours == 1 else "D").to_pydatetime()
    count = int((high - start) // timedelta(hours=hours)) + 1
    end = start + timedelta(hours=hours * count)
    return Bars(name, hours, start, count, int(((times < start) | (times >= end)).sum()))


def _strip(rows, name, number, top, bars):
    floor = top + STRIP - 20
    over_time = rows["at"][(rows["at"] >= bars.start) & (rows["at"] < bars.end)]
    by_bar = bars.bar(over_time).value_counts().sort_index()
    by_hour = rows["at"].dt.hour.value_counts().sort_index()
    right = WIDTH - HOURS
    return element(
        "g",
        element("text", name, f", {len(rows):,} rows", x=LEFT, y=top + 4, class_="fx-label"),
        _columns(
            by_bar,
            LEFT,
            right - LEFT - 40,
            bars.places,
            floor,
            lambda i: f"{bars.start + timedelta(hours=bars.hours * i):%Y-%m-%d %H:%M} UTC, one {bars.name}",
        ),
        _columns(by_hour, right, HOURS - LEFT, 24, floor, lambda hour: f"{hour:02d}:00 to {hour:02d}:59 UTC"),
        element("line", x1=LEFT, x2=right - 40, y1=floor, y2=floor, class_="fx-axis"),
        element("line", x1=right, x2=WIDTH - LEFT, y1=floor, y2=floor, class_="fx-axis"),
        class_=colour(number),
    )


def _columns(counts, left, width, places, floor, say) -> Iterator[Html]:
    step = width / places
    tallest = max(counts.max(), 1) if len(counts) else 1
    for place, count in counts.items():
        high = max((STRIP - 34) * count / tallest, 1.5)
        title = element("title", f"{say(place)}: {count:,} rows")
        yield element(
            "rect",
            title,
            x=left + place * step,
            y=floor - high,
            width=max(step * 0.86, 1.0),
            height=high,
            class_="fx-bar",
        )


def _axis(bars, height):
    right = WIDTH - HOURS
    width = right - LEFT - 40
    ticks = min(6, bars.places)
    for tick in range(ticks):
        place = round(tick * bars.places / ticks)
        at = bars.start + timedelta(hours=bars.hours * place)
        yield element(
            "text",
            f"{at:%Y-%m-%d %H:%M}" if bars.hours == 1 else f"{at:%Y-%m-%d}",
            x=LEFT + width * place / bars.places,
            y=height - 8,
            class_="fx-tick",
        )
    for hour in (0, 6, 12, 18):
        yield element("text", f"{hour:02d} h", x=right + (HOURS - LEFT) * hour / 24, y=height - 8, class_="fx-tick")
