"""Points in space and time on a map that needs no network: one colour a device, a line in order of time, rows beneath."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from forensics.views import borders
from forensics.views.html import Html, element
from forensics.views.table import grid
from forensics.views.values import colour, more, numbered, ordered, provenance, records, shown

if TYPE_CHECKING:
    import pandas as pd

WIDTH, LOWEST, HIGHEST = 960, 420, 720
KM_A_DEGREE = 111.32
SMALLEST_VIEW = 0.12
"""Degrees of latitude a map shows at least: about 13 km, as the ground has no streets."""

NUMBERS, TOWNS, COUNTRIES = 60, 26, 14
COLUMNS = ["no", "at", "kind", "label", "latitude", "longitude", "accuracy_m", "ref", "evidence", "path", "record"]
LEGEND = (
    "Lines join stored points in order of time; they are not the way travelled. "
    "The scale holds from north to south, and from west to east in the middle of the map."
)
STEPS = (30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
ROUND_KM = (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1, 0.5)


def places_map(places: pd.DataFrame, limit: int = 2000, rows: int = 200) -> Html:
    """A map of a places table (or of any frame with latitude and longitude), and its rows.

    Points of a device are joined in order of time; a line joins what was stored and does not say how anyone travelled.
    Rows without a position, or with one off the globe, are counted under the map. Shows `limit` points, lists `rows` rows.
    """
    if not {"latitude", "longitude"} <= set(places.columns) or not len(places):
        return Html(element("p", "No places.", class_="fx-none"))
    times = [
        name for name in ("at", "sent_at", "taken_at", "local", "sent_local", "taken_local") if name in places.columns
    ]
    every = list(records(ordered(places, *times)))
    points = [_timed(row, times) for row in every if _on_globe(row)]
    if not points:
        return Html(element("p", f"No position is stored in these {len(every):,} rows.", class_="fx-none"))
    drawn = [row | {"no": i} for i, row in enumerate(points[:limit], 1)]
    shades = numbered(row.get("evidence") for row in drawn)
    listed = drawn[:rows]
    columns = [name for name in COLUMNS if any(row.get(name) is not None for row in listed)]
    return Html(
        _picture(drawn, shades),
        _legend(drawn, shades),
        element("p", borders.ATTRIBUTION, class_="fx-note"),
        more(len(every) - len(points), "rows", "no position stored, or one that is off the globe"),
        more(len(points) - len(drawn), "points", f"limit={limit}"),
        grid(columns, listed),
        more(len(drawn) - len(listed), "rows", f"rows={rows}"),
    )


class View:
    """The window of the map: degrees to picture units, plate carrée, true to scale at the middle latitude."""

    def __init__(self, points):
        lats, lons = [row["latitude"] for row in points], [row["longitude"] for row in points]
        middle = (min(lats) + max(lats)) / 2
        self.squeeze = max(math.cos(math.radians(middle)), 0.05)
        tall = max((max(lats) - min(lats)) * 1.24, SMALLEST_VIEW)
        wide = max((max(lons) - min(lons)) * 1.24 * self.squeeze, SMALLEST_VIEW)
        self.height = min(max(round(WIDTH * tall / wide), LOWEST), HIGHEST)
        self.scale = min(WIDTH / wide, self.height / tall)  # picture units a degree of latitude
        half_lon, half_lat = WIDTH / self.scale / self.squeeze / 2, self.height / self.scale / 2
        centre = (min(lons) + max(lons)) / 2
        self.west, self.east, self.south, self.north = (
            centre - half_lon,
            centre + half_lon,
            middle - half_lat,
            middle + half_lat,
        )

    @property
    def window(self):
        return self.west, self.south, self.east, self.north

    def place(self, lon, lat):
        return (lon - self.west) * self.squeeze * self.scale, (self.north - lat) * self.scale


def _picture(points, shades):
    view = View(points)
    taken = [(0, view.height - 36, 230, view.height)]  # the scale bar
    ground, names = _ground(view)
    marks = _marks(points, view, shades, taken)
    return element(
        "svg",
        element("rect", x=0, y=0, width=WIDTH, height=view.height, class_="fx-sea"),
        ground,
        _graticule(view),
        _paths(points, view, shades),
        marks,
        _towns(view, taken),
        _country_names(names, taken),
        _scale_bar(view),
        viewBox=f"0 0 {WIDTH} {view.height}",
        role="img",
    )


def _ground(view):
    """The outlines of the countries in view, and their names with size and middle of the largest part."""
    outlines, names = [], []
    for name, rings in borders.countries(*view.window):
        shapes = [_thinned([view.place(*point) for point in ring]) for ring in rings]
        shapes = [shape for shape in shapes if len(shape) > 2]
        if not shapes:
            continue
        area, centre = max(borders.area_and_centre(shape) for shape in shapes)
        names.append((area, name, centre))
        outlines.append(element("path", d="".join(map(_outline, shapes)), class_="fx-land", fill_rule="evenodd"))
    return outlines, names


def _thinned(shape, least=0.8):
    """Leaves out points closer than the eye can tell."""
    kept = shape[:1]
    for point in shape[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= least:
            kept.append(point)
    return kept


def _outline(shape):
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shape) + "Z"


def _graticule(view):
    step = next((s for s in STEPS if (view.north - view.south) / s >= 3), STEPS[-1])
    for lon in _multiples(view.west, view.east, step):
        x, _ = view.place(lon, 0)
        yield element("line", x1=x, x2=x, y1=0, y2=view.height, class_="fx-grid")
        yield element("text", _degrees(lon, "E", "W", step), x=x + 3, y=11, class_="fx-tick")
    for lat in _multiples(view.south, view.north, step):
        _, y = view.place(0, lat)
        yield element("line", x1=0, x2=WIDTH, y1=y, y2=y, class_="fx-grid")
        yield element("text", _degrees(lat, "N", "S", step), x=3, y=y - 3, class_="fx-tick")


def _multiples(low, high, step):
    return [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _degrees(value, positive, negative, step):
    digits = max(0, -math.floor(math.log10(step)))
    return f"{abs(value):.{digits}f}°{positive if value > 0 else negative if value < 0 else ''}"


def _paths(points, view, shades):
    for name, number in shades.items():
        steps = [
            view.place(row["longitude"], row["latitude"])
            for row in points
            if str(row.get("evidence")) == name and row.get("at") is not None
        ]
        steps = _thinned(steps, 1.5)
        if len(steps) > 1:
            line = element("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in steps), class_="fx-path")
            yield element("g", line, [_arrow(a, b) for a, b in pairwise(steps)], class_=colour(number))


def _arrow(a, b):
    """A small triangle in the middle of a leg that is long enough to see, pointing onward."""
    if math.hypot(b[0] - a[0], b[1] - a[1]) < 34:
        return None
    turn = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
    x, y = a[0] + (b[0] - a[0]) * 0.55, a[1] + (b[1] - a[1]) * 0.55
    return element(
        "path", d="M6 0L-4 -4.5L-4 4.5Z", transform=f"translate({x:.1f} {y:.1f}) rotate({turn:.0f})", class_="fx-arrow"
    )


def _marks(points, view, shades, taken):
    """One circle for all points of a device on the same spot, numbered as the rows beneath."""
    spots: dict[tuple[str, int, int], list] = {}
    for row in points:
        x, y = view.place(row["longitude"], row["latitude"])
        spots.setdefault((str(row.get("evidence")), round(x / 4), round(y / 4)), []).append((row, x, y))
    made = []
    for (name, _, _), here in spots.items():
        row, x, y = here[0]
        circle = element(
            "circle",
            element("title", _described([one for one, _, _ in here])),
            cx=x,
            cy=y,
            r=4.5 + 2 * math.log10(len(here)),
            class_="fx-point",
        )
        numbers = _numbers([one["no"] for one, _, _ in here]) if len(spots) <= NUMBERS else ""
        label = _label(numbers, x, y, taken)
        made.append(element("g", _reach(row, x, y, view), circle, label, class_=colour(shades[name])))
    return made


def _reach(row, x, y, view):
    """The stored accuracy as a disc, where it is large enough to see."""
    metres = row.get("accuracy_m")
    radius = metres / 1000 / KM_A_DEGREE * view.scale if metres is not None and metres > 0 else 0
    return element("circle", cx=x, cy=y, r=radius, class_="fx-reach") if 6 < radius < WIDTH else None


def _label(text, x, y, taken):
    if not text:
        taken.append((x - 6, y - 6, x + 6, y + 6))
        return None
    for dx, dy, anchor in ((8, 4, "start"), (-8, 4, "end"), (0, -8, "middle"), (0, 17, "middle")):
        box = _box(x + dx, y + dy, text, anchor, 6.4)
        if box[0] > 0 and box[2] < WIDTH and _free(box, taken):
            taken += [box, (x - 6, y - 6, x + 6, y + 6)]
            return element("text", text, x=x + dx, y=y + dy, text_anchor=anchor, class_="fx-label")
    return None


def _towns(view, taken):
    shown_towns = 0
    for name, lat, lon, _ in borders.towns(*view.window):
        x, y = view.place(lon, lat)
        box = _box(x + 5, y + 3.5, name, "start", 5.8)
        if box[2] > WIDTH or box[1] < 14 or not _free((x - 5, box[1], box[2], box[3]), taken, 4):
            continue
        taken.append((x - 5, box[1], box[2], box[3]))
        yield element("circle", cx=x, cy=y, r=1.8, class_="fx-towndot")
        yield element("text", name, x=x + 5, y=y + 3.5, class_="fx-town")
        shown_towns += 1
        if shown_towns == TOWNS:
            return


def _country_names(names, taken):
    for area, name, (x, y) in sorted(names, reverse=True)[:COUNTRIES]:
        if not name or area < 2500:
            continue
        for dy in (4, -22, 30, -48, 56):
            if _free(box := _box(x, y + dy, name, "middle", 11), taken, 3) and box[0] > 0 and box[2] < WIDTH:
                taken.append(box)
                yield element("text", name, x=x, y=y + dy, text_anchor="middle", class_="fx-country")
                break


def _scale_bar(view):
    unit = view.scale / KM_A_DEGREE  # picture units a kilometre, at the middle of the map
    km = next((k for k in ROUND_KM if k * unit <= 200), ROUND_KM[-1])
    left, y = 16, view.height - 16
    return [
        element("path", d=f"M{left} {y - 5}V{y}H{left + km * unit:.1f}V{y - 5}", class_="fx-axis"),
        element("text", f"{km:g} km", x=left + 4, y=y - 5, class_="fx-label"),
    ]


def _legend(points, shades):
    counts = {name: sum(str(row.get("evidence")) == name for row in points) for name in shades}
    return element(
        "div",
        [
            element(
                "span",
                element("span", class_=f"fx-dot {colour(n)}"),
                element("bdi", name),
                f", {counts[name]:,} points",
            )
            for name, n in shades.items()
        ],
        element("span", LEGEND, class_="fx-note"),
        class_="fx-legend",
    )


def _described(rows):
    row = rows[0]
    facts = [
        f"no. {_numbers([one['no'] for one in rows])}",
        shown(row.get("at")),
        row.get("kind"),
        row.get("label"),
        provenance(row),
    ]
    return "\n".join(str(fact) for fact in facts if fact)


def _numbers(numbers):
    if len(numbers) <= 3:
        return ", ".join(map(str, numbers))
    return f"{numbers[0]}, {numbers[1]} … {numbers[-1]} ({len(numbers)})"


def _box(x, y, text, anchor, letter):
    width = len(text) * letter
    left = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
    return left, y - 10, left + width, y + 3


def _free(box, taken, margin=1):
    return all(
        box[2] + margin < other[0]
        or other[2] + margin < box[0]
        or box[3] + margin < other[1]
        or other[3] + margin < box[1]
        for other in taken
    )


def _on_globe(row):
    lat, lon = row.get("latitude"), row.get("longitude")
    return lat is not None and lon is not None and -90 <= lat <= 90 and -180 <= lon <= 180


def _timed(row, times):
    return row | {"at": next((row[name] for name in times if row.get(name) is not None), None)}
