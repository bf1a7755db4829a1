"""Photos of real cameras against the values that ExifTool, ExifRead and metadata-extractor report for them."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .reading import read

PICTURES = (".jpg", ".jpeg", ".heic", ".heif", ".avif", ".webp", ".png")

# Values in which we differ from ExifTool on purpose, with the reason found in the bytes.
ZERO = "GPSLatitude and GPSLongitude are stored as 0,0,0: unset"
FUZZED = "heif/IllegalArgumentException.HeifReader.processBoxes.heif"
NO_PRIMARY = "the box ipma, which says whether 1440x960 or 240x160 is the picture and not its thumbnail, is overwritten"
DIFFERENT = {
    ("metadata-extractor/Samsung GT-I9000 (Galaxy S).jpg", "latitude"): (None, ZERO),
    ("metadata-extractor/Samsung GT-I9000 (Galaxy S).jpg", "longitude"): (None, ZERO),
    ("metadata-extractor/Samsung GT-I9000 (Galaxy S).jpg", "altitude_m"): (None, ZERO),
    (FUZZED, "width"): (None, NO_PRIMARY),
    (FUZZED, "height"): (None, NO_PRIMARY),
    ("pillow/exif_gps.jpg", "taken_local"): (None, "DateTimeOriginal is in the year 2099"),
}

PROBLEMS = {
    "exif-tests/30-type_error.jpg": ["the pointer to the EXIF directory leads nowhere: field type 2"],
    "exif-tests/45-gps_ifd.jpg": ["the pointer to the GPS directory leads nowhere: field type 4, 0 values"],
    FUZZED: ["a box of the HEIF index has the length 5"],
    "heif/NegativeArraySizeException.HeifReader.processBoxes.heif": ["a box of the HEIF index has the length 6"],
    "pillow/exif-ifd-offset.jpg": ["1 entries of the thumbnail directory lie outside the EXIF block"],
    "pillow/exif_gps.jpg": [
        "DateTimeOriginal is no time between 1990 and 2050",
        "GPSLatitude is not between 0 and 90 degrees",
        "GPSLatitudeRef is not one of N, S",
        "GPSDate is no day between 1980 and 2050",
    ],
    "pillow/exif_gps_typeerror.jpg": ["the pointer to the GPS directory leads nowhere: field type 2"],
    "pillow/invalid-exif-without-x-resolution.jpg": ["DateTime is no time between 1990 and 2050"],
    "pillow/truncated_exif_dpi.jpg": ["EXIF does not begin with a TIFF header"],
    "pillow_heif/corrupted.heic": ["the HEIF file has no index"],
    "pillow_heif/empty.heic": ["the file is empty"],
    "metadata-extractor/Samsung GT-I9000 (Galaxy S).jpg": ["the position is stored as exactly 0,0"],
    # pixel data of the pictures, thumbnail included, was removed by the authors of ExifTool
    "exiftool/Apple.jpg": ["the thumbnail at 2066 is no"],
    "exiftool/FujiFilm.jpg": ["the thumbnail at 1084 is no"],
    "exiftool/GPS.jpg": ["the thumbnail at 1038 is no"],
    "exiftool/Google.jpg": ["the thumbnail at 1310 is no"],
    "exiftool/Motorola.jpg": ["the thumbnail at 2200 is no"],
    "exiftool/Nikon.jpg": ["the thumbnail at 1414 is no"],
}


def where():
    given = os.environ.get("FORENSICS_CORPUS")
    return Path(given) if given else Path(__file__).parents[3].parent / "shared" / "corpus"


def entries():
    manifest = where() / "manifest.json"
    if not manifest.exists():
        return []
    listed = json.loads(manifest.read_text("utf-8"))["entries"]
    return [
        entry
        for entry in listed
        if entry["path"].startswith(("photos/", "malformed/")) and entry["path"].lower().endswith(PICTURES)
    ]


def expected_of(tags):
    """The columns that ExifTool's tags speak of."""

    def first(*names):
        return next((tags[name] for name in names if tags.get(name) not in (None, "")), None)

    taken = first("EXIF:DateTimeOriginal")
    if taken:
        fraction = str(tags.get("EXIF:SubSecTimeOriginal", "0"))
        taken = datetime.strptime(taken, "%Y:%m:%d %H:%M:%S") + timedelta(seconds=float("0." + fraction))
    day, clock = tags.get("EXIF:GPSDateStamp"), tags.get("EXIF:GPSTimeStamp")
    fix = None
    if day and clock:
        fix = datetime.fromisoformat(f"{day.replace(':', '-')}T{clock[:8]}").replace(tzinfo=UTC)
        fix += timedelta(seconds=float("0" + clock[8:]))
    return {
        "mime": first("File:MIMEType"),
        "make": first("EXIF:Make"),
        "model": first("EXIF:Model"),
        "software": first("EXIF:Software"),
        "serial": first("EXIF:SerialNumber"),
        "lens": first("EXIF:LensModel"),
        "taken_local": taken,
        "utc_offset": first("EXIF:OffsetTimeOriginal"),
        "gps_at": fix,
        "orientation": first("EXIF:Orientation"),
        "width": first("File:ImageWidth", "PNG:ImageWidth", "RIFF:ImageWidth"),
        "height": first("File:ImageHeight", "PNG:ImageHeight", "RIFF:ImageHeight"),
        "latitude": first("Composite:GPSLatitude"),
        "longitude": first("Composite:GPSLongitude"),
        "altitude_m": first("Composite:GPSAltitude"),
        "bearing_deg": first("EXIF:GPSImgDirection"),
    }


def same(value, expected):
    if isinstance(expected, float) or isinstance(value, float):
        return value is not None and float(value) == pytest.approx(float(expected), abs=1e-6)
    return str(value) == str(expected).strip()


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["path"])
def test_photo(entry):
    found = read(where() / entry["path"], Path(entry["path"]).name)
    short = entry["path"].partition("/")[2]
    messages = [problem["message"] for problem in found["problems"]]
    wanted = PROBLEMS.get(short, [])
    assert len(messages) == len(wanted)
    assert all(message.startswith(start) for message, start in zip(messages, wanted, strict=True)), messages
    if not entry["size"]:
        assert not found["media"]
        return
    row = found["media"][0]
    for column, value in expected_of(entry["expected"]["exiftool_12.57"]["value"]).items():
        expected = DIFFERENT.get((short, column), (value,))[0]
        assert same(row[column], expected) if expected is not None else row[column] is None, (
            f"{column}: {row[column]!r}, not {expected!r}"
        )


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["path"])
def test_other_readers_agree(entry):
    """ExifRead 3 and metadata-extractor name the same camera and time."""
    expected = entry["expected"]
    found = read(where() / entry["path"], Path(entry["path"]).name)
    for reader, names in (
        ("exifread_3", ("Image Make", "Image Model", "EXIF DateTimeOriginal")),
        ("ExifRead", ("Image Make", "Image Model", "EXIF DateTimeOriginal")),
        ("metadata_extractor_java", ("Make", "Model", "Date/Time Original")),
        ("exiftool_t", ("Make", "Camera Model Name", "Date/Time Original")),
    ):
        said = expected.get(reader, {}).get("value", {})
        for name, column in zip(names, ("make", "model", "taken_local"), strict=True):
            short = entry["path"].partition("/")[2]
            if name in said and (short, column) not in DIFFERENT:
                value = found["media"][0][column]
                if column == "taken_local":
                    value = f"{value:%Y:%m:%d %H:%M:%S}"
                assert value == said[name].strip()


@pytest.mark.skipif(not where().exists(), reason="no corpus here")
def test_google_takeout():
    """Seven pictures of a Pixel 6 Pro: the UTC in the sidecar is the one that wall clock and offset give."""
    entry = next(e for e in json.loads((where() / "manifest.json").read_text())["entries"] if "Takeout1" in e["path"])
    exiftool, sidecars = entry["expected"]["exiftool_12.57"]["value"], entry["expected"]["sidecars"]["value"]
    pictures = sorted((where() / entry["path"]).rglob("*.jpg"))
    assert len(pictures) == 7
    for picture in pictures:
        found = read(picture, picture.name)
        row, said = found["media"][0], exiftool[picture.name]
        assert (row["make"], row["model"]) == (said["Make"], said["Model"])
        assert f"{row['taken_local']:%Y:%m:%d %H:%M:%S}" == said["DateTimeOriginal"]
        assert (row["latitude"], row["longitude"]) == pytest.approx(
            (said["GPSLatitude"], said["GPSLongitude"]), abs=1e-6
        )
        taken = sidecars[picture.name + ".json"]["photo_taken_utc"]
        assert row["taken_at"].replace(microsecond=0) == datetime.fromisoformat(taken)
        assert not found["problems"]
