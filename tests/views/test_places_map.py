import re

import pandas as pd

from forensics.views import borders, places_map


def test_points_are_numbered_in_order_of_time(places, read):
    shown = read(places_map(places))
    assert [row[:4] for row in shown.table()[1:3]] == [
        ["1", "2024-03-05 06:10:00 UTC", "photo", "Komotini"],
        ["2", "2024-03-05 11:30:00 UTC", "photo", "Prishtina"],
    ]
    assert len(shown.find("circle", "fx-point")) == 8
    assert shown.texts("text", "fx-label")[:8] == [str(n) for n in range(1, 9)]


def test_every_point_names_its_row(places, read):
    shown = read(places_map(places))
    numbers = [title.split("\n")[0] for title in shown.texts("title")]
    assert numbers == [f"no. {row[0]}" for row in shown.table()[1:]]
    assert "a" not in shown.tags  # JupyterLab stumbles over links inside SVG and shows the whole output as an error


def test_a_line_a_device_and_a_legend(places, read):
    shown = read(places_map(places))
    assert [len(line["attrs"]["points"].split()) for line in shown.find("polyline", "fx-path")] == [5, 3]
    assert shown.texts("div", "fx-legend")[0].startswith("A1, 5 pointsB7, 3 points")


def test_rows_without_a_place_on_the_globe_are_counted(places, read):
    assert "2 more rows not shown (no position stored, or one that is off the globe)." in read(places_map(places)).text


def test_ground_names_and_notes(places, read):
    shown = read(places_map(places))
    assert {"North Macedonia", "Serbia", "Kosovo", "Montenegro"} <= set(shown.texts("text", "fx-country"))
    assert {"Skopje", "Belgrade"} <= set(shown.texts("text", "fx-town"))
    assert "they are a picture, not a legal position" in shown.text
    assert "GeoNames (CC BY 4.0)" in shown.text
    assert "100 km" in shown.texts("text", "fx-label")


def test_accuracy_is_drawn_as_a_disc(places, read):
    assert len(read(places_map(places)).find("circle", "fx-reach")) == 1


def test_scale_is_true(places, read):
    """Komotini to Subotica spans 4.9774 degrees of latitude, 554.1 km; the scale bar must agree within half a per cent."""
    shown = read(places_map(places))
    bar = next(re.search(r"M16 .*H([\d.]+)V", one["attrs"]["d"]) for one in shown.find("path", "fx-axis"))
    pixels_a_km = (float(bar[1]) - 16) / 100
    komotini, subotica = (float(shown.find("circle", "fx-point")[i]["attrs"]["cy"]) for i in (0, 7))
    assert abs((komotini - subotica) / pixels_a_km / 554.1 - 1) < 0.005


def test_the_picture_does_not_depend_on_the_order_of_rows(places):
    shuffled = places.iloc[::-1]
    assert places_map(places).markup == places_map(places).markup
    assert places_map(shuffled.reset_index(drop=True)).markup == places_map(places).markup


def test_points_far_from_the_fine_borders(places, read):
    overseas = places.head(1).assign(latitude=35.79, longitude=-78.78)
    assert len(read(places_map(overseas)).find("path", "fx-land")) >= 1
    across = pd.concat([places.head(1), overseas])
    assert len(read(places_map(across)).find("circle", "fx-point")) == 2


def test_limits_are_said(places, read):
    shown = read(places_map(places, limit=5, rows=3))
    assert len(shown.table()) == 4
    assert "3 more points not shown (limit=5)." in shown.text
    assert "2 more rows not shown (rows=3)." in shown.text


def test_no_places(places, read):
    assert read(places_map(places.head(0))).text == "No places."
    assert read(places_map(places.drop(columns="latitude"))).text == "No places."
    assert read(places_map(places.tail(1))).text == "No position is stored in these 1 rows."


def test_photos_can_be_mapped_too(media, read):
    assert read(places_map(media)).table()[1][:2] == ["1", "2024-03-05 06:10:00 UTC"]


def test_countries_are_cut_at_the_window():
    found = dict(borders.countries(19.0, 42.0, 21.0, 43.0))
    assert {"Montenegro", "Albania", "Kosovo", "Serbia"} <= set(found)
    assert all(
        19.0 <= lon <= 21.0 and 42.0 <= lat <= 43.0 for rings in found.values() for ring in rings for lon, lat in ring
    )


def test_towns_largest_first():
    names = [name for name, *_ in borders.towns(19.0, 42.0, 20.0, 43.0)]
    assert names[0] == "Podgorica"
