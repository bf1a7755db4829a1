"""The ground under a map: outlines of countries and towns, from two small files that travel with the package.

Borders: Natural Earth, public domain. They are a picture, not a legal position. Towns: GeoNames, CC BY 4.0.
Made by `tools/make_map_data.py`.
"""

import gzip
import json
from functools import cache
from importlib.resources import files
from itertools import pairwise

ATTRIBUTION = (
    "Borders: Natural Earth (public domain); they are a picture, not a legal position. Towns: GeoNames (CC BY 4.0). "
    "Nothing was fetched from a network."
)


def countries(west, south, east, north):
    """Outlines inside a window in degrees: (name, rings), each ring a list of (lon, lat), cut at the window.

    Fine outlines between Western Europe and South-West Asia, coarse ones elsewhere.
    """
    borders = _load("borders.json.gz")
    left, bottom, right, top = borders["window"]
    inside = left <= west and bottom <= south and east <= right and north <= top
    for country in borders["near" if inside else "world"]:
        rings = [cut(list(_unpacked(ring, borders["units"])), west, south, east, north) for ring in country["rings"]]
        rings = [ring for ring in rings if len(ring) > 2]
        if rings:
            yield country["name"], rings


def towns(west, south, east, north):
    """Towns inside a window, largest first: (name, lat, lon, inhabitants)."""
    for name, lat, lon, people in _load("towns.json.gz"):
        if west <= lon <= east and south <= lat <= north:
            yield name, lat, lon, people


def cut(ring, west, south, east, north):
    """The part of a ring inside the window (Sutherland-Hodgman)."""
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        kept = []
        for a, b in pairwise([*ring, ring[0]]):
            a_inside, b_inside = (a[axis] - limit) * sign >= 0, (b[axis] - limit) * sign >= 0
            if a_inside:
                kept.append(a)
            if a_inside != b_inside:
                share = (limit - a[axis]) / (b[axis] - a[axis])
                kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
        if not kept:
            return []
        ring = kept
    return ring


def area_and_centre(ring):
    """Size and centre of gravity of a ring, in the units of its points."""
    area = x = y = 0.0
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        cross = ax * by - bx * ay
        area, x, y = area + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    return (abs(area) / 2, (x / (3 * area), y / (3 * area))) if area else (0.0, ring[0])


def _unpacked(steps, units):
    x = y = 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        yield x / units, y / units


@cache
def _load(name):
    return json.loads(gzip.decompress(files("forensics.views").joinpath("data", name).read_bytes()))
