"""What one photo says: times, camera, position."""

import json
import zlib
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from forensics_plugins.photos.tags import Reader

from forensics.tables import MEDIA

from . import reading
from .pictures import THUMBNAIL, heif, jpeg, png, tiff, webp

PODGORICA = {
    "LatitudeRef": "N",
    "Latitude": [(42, 1), (26, 1), (2946, 100)],
    "LongitudeRef": "E",
    "Longitude": [(19, 1), (15, 1), (4680, 100)],
}
HERE = pytest.approx((42.441517, 19.263), abs=1e-6)


def read(image=(), exif=(), gps=(), **more):
    return reading.read(jpeg(tiff(image, exif, gps, **more)), "IMG_0001.jpg")


def media(*args, **kwargs):
    return read(*args, **kwargs)["media"][0]


def extra(row):
    return json.loads(row["extra"]) if row["extra"] else {}


def messages(found):
    return [problem["message"] for problem in found["problems"]]


def test_every_column():
    found = read(
        image={
            "Make": "Acme  ",
            "Model": "P1",
            "Orientation": (3, 1, b"\0\6"),
            "Software": "P1-2.0",
            "Artist": "Ana",
            "ImageDescription": "na granici",
            "XPTitle": (1, 12, "Наслов".encode("utf-16-le")),
        },
        exif={
            "DateTimeOriginal": "2024:03:05 14:07:09",
            "SubSecTimeOriginal": "25",
            "OffsetTimeOriginal": "+01:00",
            "BodySerialNumber": "S-77",
            "LensModel": "wide",
        },
        gps=PODGORICA
        | {
            "AltitudeRef": (1, 1, b"\1"),
            "Altitude": (401, 10),
            "ImgDirection": (18050, 100),
            "HPositioningError": (13, 2),
            "TimeStamp": [(13, 1), (7, 1), (85, 10)],
            "DateStamp": "2024:03:05",
        },
        thumbnail=THUMBNAIL,
    )
    row = found["media"][0]
    assert (row["latitude"], row["longitude"]) == HERE
    own = [column.name for column in MEDIA.own if column.name not in ("latitude", "longitude")]
    assert {name: row[name] for name in own} == {
        "kind": "photo",
        "mime": "image/jpeg",
        "taken_at": datetime(2024, 3, 5, 13, 7, 9, 250_000, UTC),
        "taken_local": datetime(2024, 3, 5, 14, 7, 9, 250_000),
        "utc_offset": "+01:00",
        "time_basis": "utc",
        "make": "Acme",
        "model": "P1",
        "serial": "S-77",
        "software": "P1-2.0",
        "lens": "wide",
        "width": 64,
        "height": 48,
        "orientation": 6,
        "duration_s": None,
        "altitude_m": -40.1,
        "bearing_deg": 180.5,
        "gps_at": datetime(2024, 3, 5, 13, 7, 8, 500_000, UTC),
        "accuracy_m": 6.5,
        "author": "Ana",
        "title": "Наслов",
        "description": "na granici",
        "edited_with": None,
        "thumbnail_sha256": sha256(THUMBNAIL).hexdigest(),
        "perceptual_hash": None,
    }
    assert (row["record"], row["extra"]) == ("EXIF", None)
    place = found["places"][0]
    assert (place["latitude"], place["longitude"]) == HERE
    assert {
        name: place[name] for name in ("kind", "at", "local", "time_basis", "accuracy_m", "altitude_m", "record")
    } == {
        "kind": "photo",
        "at": datetime(2024, 3, 5, 13, 7, 9, 250_000, UTC),
        "local": datetime(2024, 3, 5, 14, 7, 9, 250_000),
        "time_basis": "utc",
        "accuracy_m": 6.5,
        "altitude_m": -40.1,
        "record": "EXIF GPS",
    }
    assert place["ref"].endswith("IMG_0001.jpg/EXIF")
    assert not found["problems"]


def test_little_endian():
    row = media(
        {"Make": "Acme"}, {"DateTimeOriginal": "2024:03:05 14:07:09"}, PODGORICA, order="<", thumbnail=THUMBNAIL
    )
    assert (row["make"], row["taken_local"]) == ("Acme", datetime(2024, 3, 5, 14, 7, 9))
    assert (row["latitude"], row["longitude"]) == HERE
    assert row["thumbnail_sha256"] == sha256(THUMBNAIL).hexdigest()


# Time


def test_time_without_offset_is_a_wall_clock_only():
    row = media(exif={"DateTimeOriginal": "2024:03:05 14:07:09"})
    assert row["taken_local"] == datetime(2024, 3, 5, 14, 7, 9)
    assert row["taken_at"] is None
    assert row["time_basis"] is None or row["time_basis"] == "local"


@pytest.mark.parametrize("unset", ["0000:00:00 00:00:00", "    :  :     :  :  ", "", "                   "])
def test_unset_time_is_null_and_no_problem(unset):
    found = read(exif={"DateTimeOriginal": unset, "LensModel": "wide"})
    assert found["media"][0]["taken_local"] is None
    assert not found["problems"]


@pytest.mark.parametrize(
    "stored", ["2099:09:29 10:10:10", "1904:01:01 00:00:00", "2024:13:05 14:07:09", "2024:03:05 25:00:00", "yesterday"]
)
def test_odd_time_is_null_kept_raw_and_a_problem(stored):
    found = read(exif={"DateTimeOriginal": stored})
    row = found["media"][0]
    assert row["taken_local"] is None
    assert extra(row) == {"DateTimeOriginal": stored}
    assert messages(found) == ["DateTimeOriginal is no time between 1990 and 2050"]


def test_time_of_last_change_is_not_the_time_taken():
    row = media(
        {"DateTime": "2024:03:06 09:00:00"},
        {"DateTimeOriginal": "2024:03:05 14:07:09", "DateTimeDigitized": "2024:03:05 14:07:09"},
    )
    assert row["taken_local"] == datetime(2024, 3, 5, 14, 7, 9)
    assert extra(row) == {"DateTime": "2024-03-06 09:00:00"}
    assert media({"DateTime": "2024:03:06 09:00:00"})["taken_local"] is None


def test_offset_of_the_last_change_stands_in_and_says_so():
    row = media(exif={"DateTimeOriginal": "2024:03:05 14:07:09", "OffsetTime": "-03:30"})
    assert row["taken_at"] == datetime(2024, 3, 5, 17, 37, 9, tzinfo=UTC)
    assert row["utc_offset"] == "-03:30"
    assert extra(row) == {"OffsetTime": "-03:30"}


def test_odd_offset_and_fraction():
    found = read(
        exif={"DateTimeOriginal": "2024:03:05 14:07:09", "OffsetTimeOriginal": "+99:00", "SubSecTimeOriginal": "x"}
    )
    row = found["media"][0]
    assert (row["taken_local"], row["taken_at"]) == (datetime(2024, 3, 5, 14, 7, 9), None)
    assert extra(row) == {"OffsetTimeOriginal": "+99:00", "SubSecTimeOriginal": "x"}
    assert len(found["problems"]) == 2


def test_place_takes_the_time_of_the_fix_when_the_camera_wrote_no_offset():
    fix = {"TimeStamp": [(13, 1), (7, 1), (0, 1)], "DateStamp": "2024:03:05"}
    place = read(exif={"DateTimeOriginal": "2024:03:05 14:07:09"}, gps=PODGORICA | fix)["places"][0]
    assert place["at"] == datetime(2024, 3, 5, 13, 7, tzinfo=UTC)
    assert place["local"] == datetime(2024, 3, 5, 14, 7, 9)


@pytest.mark.parametrize(
    ("day", "clock", "kept"),
    [
        ("1999:99:99", [(13, 1), (7, 1), (0, 1)], {"GPSDate": "1999:99:99", "GPSTimeStamp": [13.0, 7.0, 0.0]}),
        ("1979:12:31", [(13, 1), (7, 1), (0, 1)], {"GPSDate": "1979:12:31", "GPSTimeStamp": [13.0, 7.0, 0.0]}),
        ("2024:03:05", [(24, 1), (0, 1), (0, 1)], {"GPSDate": "2024:03:05", "GPSTimeStamp": [24.0, 0.0, 0.0]}),
        ("2024:03:05", [(13, 1), (7, 0), (0, 1)], {"GPSDate": "2024:03:05", "GPSTimeStamp": ["13/1", "7/0", "0/1"]}),
    ],
)
def test_odd_time_of_the_fix(day, clock, kept):
    found = read(gps=PODGORICA | {"DateStamp": day, "TimeStamp": clock})
    row = found["media"][0]
    assert row["gps_at"] is None
    assert extra(row) == kept
    assert len(found["problems"]) == 1


def test_unset_day_of_the_fix():
    found = read(gps=PODGORICA | {"DateStamp": "0000:00:00"})
    assert (found["media"][0]["gps_at"], found["problems"]) == (None, [])


def test_time_of_the_fix_without_its_day_is_kept_in_extra():
    found = read(gps=PODGORICA | {"TimeStamp": [(13, 1), (7, 1), (0, 1)]})
    assert found["media"][0]["gps_at"] is None
    assert extra(found["media"][0]) == {"GPSTimeStamp": [13.0, 7.0, 0.0]}
    assert not found["problems"]


# Position


@pytest.mark.parametrize(
    ("change", "signs"),
    [({}, (1, 1)), ({"LatitudeRef": "S"}, (-1, 1)), ({"LongitudeRef": "W"}, (1, -1)), ({"LatitudeRef": "s"}, (-1, 1))],
)
def test_hemispheres(change, signs):
    row = media(gps=PODGORICA | change)
    assert row["latitude"] == pytest.approx(signs[0] * 42.441517, abs=1e-6)
    assert row["longitude"] == pytest.approx(signs[1] * 19.263, abs=1e-6)


DEGREES_999 = [(999, 1), (0, 1), (0, 1)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Latitude": DEGREES_999}, "GPSLatitude is not between 0 and 90 degrees"),
        ({"Longitude": DEGREES_999}, "GPSLongitude is not between 0 and 180 degrees"),
        ({"Latitude": [(42, 1), (75, 1), (0, 1)]}, "GPSLatitude is not between 0 and 90 degrees"),
        ({"Latitude": [(42, 0), (26, 0), (29, 0)]}, "GPSLatitude is not a list of up to 3 numbers"),
        ({"Latitude": [(0, 0), (0, 0), (0, 0)]}, "GPSLatitude is not a list of up to 3 numbers"),
        ({"Latitude": (12, 1, b"\x7f\xf8\0\0\0\0\0\0")}, "GPSLatitude is not a list of up to 3 numbers"),
        ({"Latitude": "42.44"}, "GPSLatitude is not a list of up to 3 numbers"),
        ({"LatitudeRef": "X"}, "GPSLatitudeRef is not one of N, S: GPSLatitude has no hemisphere"),
        ({"LatitudeRef": ""}, "GPSLatitudeRef is not one of N, S: GPSLatitude has no hemisphere"),
        ({"LongitudeRef": "N"}, "GPSLongitudeRef is not one of E, W: GPSLongitude has no hemisphere"),
    ],
)
def test_impossible_position_is_null_kept_raw_and_a_problem(change, message):
    found = read(gps=PODGORICA | change)
    row = found["media"][0]
    assert (row["latitude"], row["longitude"]) == (None, None)
    assert not found["places"]
    assert extra(row).keys() >= {"GPSLatitude", "GPSLongitude", "GPSLongitudeRef"}
    assert messages(found) == [message, "only one half of the position is usable"]


def test_missing_hemisphere():
    found = read(gps={name: value for name, value in PODGORICA.items() if name != "LongitudeRef"})
    assert found["media"][0]["latitude"] is None
    assert messages(found)[0] == "GPSLongitudeRef is not one of E, W: GPSLongitude has no hemisphere"


def test_missing_longitude():
    found = read(gps={"LatitudeRef": "N", "Latitude": PODGORICA["Latitude"]})
    assert found["media"][0]["latitude"] is None
    assert extra(found["media"][0]) == {"GPSLatitude": ["42/1", "26/1", "1473/50"], "GPSLatitudeRef": "N"}
    assert messages(found) == ["only one half of the position is usable"]


def test_exact_zero_position_is_no_place():
    zero = [(0, 1), (0, 1), (0, 1)]
    found = read(gps=PODGORICA | {"Latitude": zero, "Longitude": zero, "Altitude": (0, 1)})
    row = found["media"][0]
    assert (row["latitude"], row["longitude"], row["altitude_m"]) == (None, None, None)
    assert not found["places"]
    assert extra(row) == {
        "GPSAltitude": 0.0,
        "GPSLatitude": ["0/1", "0/1", "0/1"],
        "GPSLatitudeRef": "N",
        "GPSLongitude": ["0/1", "0/1", "0/1"],
        "GPSLongitudeRef": "E",
    }
    assert messages(found) == ["the position is stored as exactly 0,0: not taken as a place"]


def test_equator_is_a_place():
    row = media(gps=PODGORICA | {"Latitude": [(0, 1), (0, 1), (0, 1)]})
    assert (row["latitude"], row["longitude"]) == pytest.approx((0, 19.263), abs=1e-6)


def test_odd_altitude_bearing_and_accuracy():
    found = read(gps=PODGORICA | {"Altitude": (1, 0), "ImgDirection": (400, 1), "HPositioningError": (1, 0)})
    row = found["media"][0]
    assert (row["altitude_m"], row["bearing_deg"], row["accuracy_m"]) == (None, None, None)
    assert extra(row) == {"GPSAltitude": "1/0", "GPSHPositioningError": "1/0", "GPSImgDirection": "400/1"}
    assert len(found["problems"]) == 3
    assert len(found["places"]) == 1


def test_how_the_position_was_found_is_kept():
    row = media(
        gps=PODGORICA | {"ProcessingMethod": b"ASCII\0\0\0CELLID\0", "MapDatum": "WGS-84", "ImgDirectionRef": "M"}
    )
    assert extra(row) == {"GPSImgDirectionRef": "M", "GPSMapDatum": "WGS-84", "GPSProcessingMethod": "CELLID"}


# Camera and texts


@pytest.mark.parametrize(
    ("image", "edited_with"),
    [
        ({"Software": "Adobe Photoshop 7.0"}, "Adobe Photoshop 7.0"),
        ({"Software": "GIMP 2.10"}, "GIMP 2.10"),
        ({"Software": "16.5.1"}, None),
        ({"Software": "16.5.1", "ProcessingSoftware": "Foto Plus 3"}, "Foto Plus 3"),
        ({}, None),
    ],
)
def test_editor(image, edited_with):
    assert media(image | {"Make": "Acme"})["edited_with"] == edited_with


def test_text_that_is_not_utf8():
    found = read({"Artist": (2, 6, b"Jos\xe9 \0")})
    assert found["media"][0]["author"] == "Jos\ufffd"
    assert extra(found["media"][0]) == {"Artist": "4a6f73e920"}
    assert messages(found) == ["Artist is not UTF-8 text: bytes that are not are shown as replacement characters"]


def test_text_of_exif_3():
    assert media({"Artist": (129, 10, "Đorđe".encode() + b"\0\0\0")})["author"] == "Đorđe"


def test_long_windows_text():
    text = "ж" * 3000
    assert media({"XPTitle": (1, 6000, text.encode("utf-16-le"))})["title"] == text


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (b"ASCII\0\0\0zdravo\0\0", "zdravo"),
        (b"UNICODE\0" + "здраво".encode("utf-16-be"), "здраво"),
        (bytes(8) + b"zdravo", "zdravo"),
        (bytes(20), None),
    ],
)
def test_user_comment(stored, text):
    assert extra(media(exif={"UserComment": stored, "LensModel": "wide"})).get("UserComment") == text


@pytest.mark.parametrize(
    ("stored", "orientation", "problems"), [(b"\0\6", 6, 0), (b"\0\0", None, 0), (b"\0\x63", None, 1)]
)
def test_orientation(stored, orientation, problems):
    found = read({"Orientation": (3, 1, stored)})
    assert found["media"][0]["orientation"] == orientation
    assert len(found["problems"]) == problems


def test_size_is_that_of_the_pixels():
    row = media(exif={"ExifImageWidth": 4000, "ExifImageLength": 3000})
    assert (row["width"], row["height"]) == (64, 48)
    assert extra(row) == {"ExifImageLength": 3000, "ExifImageWidth": 4000}
    assert extra(media(exif={"ExifImageWidth": 64, "ExifImageLength": 48})) == {}


def test_tags_in_the_first_directory():
    row = media({"BodySerialNumber": "S-77", "DateTimeOriginal": "2024:03:05 14:07:09"})
    assert (row["serial"], row["taken_local"]) == ("S-77", datetime(2024, 3, 5, 14, 7, 9))


# Containers

BLOCK = tiff({"Make": "Acme"}, {"DateTimeOriginal": "2024:03:05 14:07:09"}, PODGORICA)
HEXADECIMAL = b"\nexif\n%8d\n%s\n" % (len(BLOCK) + 6, (b"Exif\0\0" + BLOCK).hex().encode())


@pytest.mark.parametrize(
    ("picture", "mime", "size"),
    [
        (jpeg(BLOCK), "image/jpeg", (64, 48)),
        (png((b"eXIf", BLOCK)), "image/png", (64, 48)),
        (png((b"tEXt", b"Raw profile type exif\0" + HEXADECIMAL)), "image/png", (64, 48)),
        (png((b"zTXt", b"Raw profile type APP1\0\0" + zlib.compress(HEXADECIMAL))), "image/png", (64, 48)),
        (webp((b"EXIF", BLOCK)), "image/webp", (64, 48)),
        (webp((b"EXIF", b"Exif\0\0" + BLOCK)), "image/webp", (64, 48)),
        (heif(BLOCK), "image/heic", (64, 48)),
        (heif(BLOCK, header=bytes(4)), "image/heic", (64, 48)),
        (heif(BLOCK, in_index=True), "image/heic", (64, 48)),
        (heif(BLOCK, brand=b"avif"), "image/avif", (64, 48)),
        (heif(BLOCK, brand=b"mif1"), "image/heif", (64, 48)),
        (BLOCK, "image/tiff", (None, None)),
    ],
)
def test_containers(picture, mime, size):
    found = reading.read(picture)
    row = found["media"][0]
    assert (row["mime"], row["width"], row["height"]) == (mime, *size)
    assert (row["make"], row["taken_local"], row["record"]) == ("Acme", datetime(2024, 3, 5, 14, 7, 9), "EXIF")
    assert (row["latitude"], row["longitude"]) == HERE
    assert len(found["places"]) == 1
    assert not found["problems"]


@pytest.mark.parametrize("picture", [jpeg(), png(), webp(), webp((b"VP8 ", bytes(10)))])
def test_picture_without_exif_is_a_row(picture):
    found = reading.read(picture)
    assert len(found["media"]) == 1
    row = found["media"][0]
    assert (row["width"], row["height"], row["record"], row["make"]) == (64, 48, "header", None)
    assert not found["places"]
    assert not found["problems"]


@pytest.mark.parametrize(
    ("frame", "size"),
    [
        ((b"VP8 ", b"\0\0\0\x9d\x01\x2a\x40\x01\xf0\0"), (320, 240)),
        ((b"VP8L", b"\x2f" + ((319) | (239 << 14)).to_bytes(4, "little") + bytes(5)), (320, 240)),
    ],
)
def test_simple_webp(frame, size):
    whole = webp(frame)
    picture = whole[:12] + whole[30:]  # without the chunk VP8X
    row = reading.read(picture)["media"][0]
    assert (row["width"], row["height"]) == size


def test_tiff_says_its_own_size():
    row = reading.read(tiff({"ImageWidth": 640, "ImageLength": 480}), "scan.tif")["media"][0]
    assert (row["mime"], row["width"], row["height"]) == ("image/tiff", 640, 480)


def test_exif_that_goes_on_in_a_second_segment():
    block = tiff({"ImageDescription": "first and second"})
    found = reading.read(jpeg(block[:-7], block[-7:]))
    assert found["media"][0]["description"] == "first and second"
    assert not found["problems"]


def test_second_exif_block_is_a_problem():
    found = reading.read(jpeg(tiff({"Make": "Acme"}), tiff({"Make": "Other"})))
    assert found["media"][0]["make"] == "Acme"
    assert messages(found) == ["the JPEG has a second EXIF block: only the first is read"]


def test_wrong_checksum_of_a_png_chunk():
    picture = png((b"eXIf", BLOCK)).replace(b"Acme", b"Ecma")
    found = reading.read(picture)
    assert found["media"][0]["make"] == "Ecma"
    assert messages(found) == ["the checksum of a PNG chunk eXIf is wrong: it is read all the same"]


# ExifRead and its known failures


def test_absurd_count_is_not_read():
    found = read({"Make": "Acme"}, {"MakerNote": (7, 1_006_641_184, b"\0\0\0\x08"), "LensModel": "wide"})
    assert (found["media"][0]["make"], found["media"][0]["lens"]) == ("Acme", "wide")
    assert [(p["kind"], p["message"], p["detail"]) for p in found["problems"]] == [
        ("damaged", "1 entries of the EXIF directory lie outside the EXIF block", "0x927C")
    ]


def test_value_outside_the_block():
    found = read({"Make": (2, 20, b"\0\0\xff\xff"), "Model": "P1"})
    assert (found["media"][0]["make"], found["media"][0]["model"]) == (None, "P1")
    assert messages(found) == ["1 entries of the Image directory lie outside the EXIF block"]


def test_directory_that_points_to_itself():
    block = bytearray(tiff({"Make": "Acme"}, {"LensModel": "wide"}))
    block[8 + 2 + 12 + 12 : 8 + 2 + 24 + 4] = (8).to_bytes(4, "big")  # the next directory is this one
    found = reading.read(jpeg(bytes(block)))
    assert found["media"][0]["make"] == "Acme"


def test_pointer_stored_as_text():
    found = read({"Make": "Acme", "ExifOffset": "not a number"})
    assert found["media"][0]["make"] == "Acme"
    assert messages(found)[0].startswith("the pointer to the EXIF directory leads nowhere: field type 2, 13 values")


def test_failure_of_exifread_costs_one_tag(monkeypatch):
    def fail(*_):
        raise IndexError("list index out of range")

    monkeypatch.setattr(Reader, "_process_ascii_field", fail)
    found = read({"Make": "Acme", "Orientation": (3, 1, b"\0\6")})
    assert (found["media"][0]["make"], found["media"][0]["orientation"]) == (None, 6)
    assert [(p["kind"], p["message"], p["detail"]) for p in found["problems"]] == [
        ("not_read", "ExifRead failed on the tag Make: it is not read", "IndexError: list index out of range")
    ]


EXAMPLES = [("photos.exif", "IMG_0001.jpg", jpeg(tiff({"Make": "Apple"}, {}, PODGORICA)))]
