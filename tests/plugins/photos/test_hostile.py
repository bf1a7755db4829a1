"""Damaged, foreign and hostile pictures: no exception, nothing silent, no impossible value in a row."""

import random
import struct
import zlib
from itertools import pairwise

import pytest
from forensics_plugins.photos import containers, tiff

from . import pictures
from .pictures import THUMBNAIL, heif, jpeg, png, webp
from .reading import read

POSITION = {
    "LatitudeRef": "N",
    "Latitude": [(42, 1), (26, 1), (2946, 100)],
    "LongitudeRef": "E",
    "Longitude": [(19, 1), (15, 1), (4680, 100)],
    "TimeStamp": [(13, 1), (7, 1), (0, 1)],
    "DateStamp": "2024:03:05",
}
BLOCK = pictures.tiff(
    {"Make": "Acme", "Model": "P1", "Software": "P1-2.0 build 77"},
    {"DateTimeOriginal": "2024:03:05 14:07:09", "LensModel": "wide lens"},
    POSITION,
    THUMBNAIL,
)
PICTURES = {
    "jpeg": jpeg(BLOCK),
    "png": png((b"eXIf", BLOCK)),
    "webp": webp((b"EXIF", BLOCK)),
    "heic": heif(BLOCK),
    "heic with the item in its index": heif(BLOCK, in_index=True),
    "tiff": BLOCK,
}


def check(found):
    """What must hold of any file whatever."""
    media, problems = found["media"], found["problems"]
    assert len(media) == 1 or (not media and problems)
    for row in [*media, *found["places"]]:
        latitude, longitude = row["latitude"], row["longitude"]
        assert (latitude is None) == (longitude is None)
        assert latitude is None or (-90 <= latitude <= 90 and -180 <= longitude <= 180 and (latitude or longitude))


@pytest.mark.parametrize("name", PICTURES)
def test_whole(name):
    found = read(PICTURES[name])
    check(found)
    assert len(found["places"]) == 1
    assert not found["problems"]


@pytest.mark.parametrize("name", PICTURES)
def test_cut_is_never_silent(name):
    whole = PICTURES[name]
    complete = read(whole)["media"]
    for length in sorted({len(whole) * step // 30 for step in range(30)}):
        found = read(whole[:length])
        check(found)
        assert found["problems"] or found["media"] == complete, f"silent at {length} of {len(whole)} bytes"


@pytest.mark.parametrize("name", PICTURES)
def test_flipped_bytes(name):
    chance = random.Random(20241105)
    for _ in range(50):
        mutant = bytearray(PICTURES[name])
        for _ in range(chance.randint(1, 8)):
            mutant[chance.randrange(len(mutant))] = chance.choice([0, 0xFF, chance.randrange(256)])
        check(read(bytes(mutant)))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "damaged"),
        (b"\xff", "not_understood"),
        (b"SQLite format 3\0" + bytes(100), "not_understood"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "not_understood"),
        (b"<svg onload=alert(1)>", "not_understood"),
    ],
)
def test_foreign_file(content, kind):
    found = read(content)
    assert not found["media"]
    assert [problem["kind"] for problem in found["problems"]] == [kind]


def test_exif_that_is_no_tiff():
    found = read(jpeg(b"PK\3\4 an archive behind the mark of EXIF"))
    assert found["media"][0]["make"] is None
    assert [problem["message"] for problem in found["problems"]] == ["EXIF does not begin with a TIFF header"]


def test_long_text_is_over_the_limit():
    found = read(pictures.tiff({"ImageDescription": "x" * 70_000, "Make": "Acme"}), "scan.tif")
    assert (found["media"][0]["make"], found["media"][0]["description"]) == ("Acme", None)
    assert [(p["kind"], p["detail"]) for p in found["problems"]] == [("limit", "0x010E")]


def test_value_of_many_numbers_is_over_the_limit():
    found = read(jpeg(pictures.tiff(gps=POSITION | {"Latitude": [(42, 1)] * 200})))
    assert found["media"][0]["latitude"] is None
    assert found["problems"][0]["kind"] == "limit"


def test_a_fault_without_end_is_a_few_problems():
    entries = struct.pack(">HHII", 0x010F, 99, 1, 0) * 5000
    block = b"MM\0*\0\0\0\x08" + struct.pack(">H", 5000) + entries + bytes(4)
    found = read(jpeg(block, *[BLOCK] * 500))
    assert [problem["message"] for problem in found["problems"]] == [
        "the JPEG has a second EXIF block: only the first is read",
        "5000 entries of the Image directory have a field type that is not known",
    ]


def test_repeated_and_differing_tags():
    twice = b"MM\0*\0\0\0\x08\0\2" + struct.pack(">HHI4sHHI4s", 0x10F, 2, 2, b"A\0", 0x10F, 2, 2, b"B\0") + bytes(4)
    found = read(jpeg(twice))
    assert found["media"][0]["make"] == "B"
    assert [problem["kind"] for problem in found["problems"]] == ["damaged"]
    found = read(jpeg(pictures.tiff({"LensModel": "one"}, {"LensModel": "two"})))
    assert (found["media"][0]["lens"], len(found["problems"])) == ("two", 1)


def test_endless_fill_bytes_of_a_jpeg():
    found = read(b"\xff\xd8" + b"\xff" * (containers.MOST_STEPS + 10))
    assert [problem["kind"] for problem in found["problems"]] == ["limit"]


@pytest.mark.parametrize("item", [7, 2])  # another item, and the one with the EXIF
def test_extents_without_end(item):
    location = struct.pack(">IHH", 1 << 24, 0, 9) + struct.pack(">HHHH", item, 0, 0, 0xFFFF) * 9
    picture = heif(BLOCK) + bytes(1000)
    at = picture.index(b"iloc")
    length = int.from_bytes(picture[at - 4 : at], "big")
    box = struct.pack(">I", 8 + len(location)) + b"iloc" + location
    grown = picture[: at - 4] + box + picture[at - 4 + length :]
    meta = grown.index(b"meta")
    longer = int.from_bytes(grown[meta - 4 : meta], "big") + len(box) - length
    found = read(grown[: meta - 4] + struct.pack(">I", longer) + grown[meta:])
    assert (found["media"][0]["width"], found["media"][0]["make"]) == (64, None)
    assert [problem["kind"] for problem in found["problems"]] == ["limit"]


def test_zip_bomb_in_a_png_text():
    bomb = zlib.compress(bytes(64 * 1024 * 1024))
    found = read(png((b"zTXt", b"Raw profile type exif\0\0" + bomb)))
    assert (found["media"][0]["width"], len(found["problems"])) == (64, 1)


def test_excerpt():
    entries = {0x010F: (tiff.ASCII, 5, b"Acme\0"), 0x0112: (tiff.SHORT, 1, b"\0\6")}
    listed = tiff.excerpt(">", entries)
    assert listed == b"\0\2" + b"\1\x0f\0\2\0\0\0\5\0\0\0\x1a" + b"\1\x12\0\3\0\0\0\1\0\6\0\0" + b"Acme\0"


def test_bytes_missing_in_the_middle():
    whole = PICTURES["heic with the item in its index"]
    for start, end in pairwise(range(0, len(whole), 15)):
        check(read(whole[:start] + whole[end:]))
