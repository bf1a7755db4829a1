"""Photos: when, where and with what they were taken, as their EXIF says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import MEDIA, PLACES

from . import containers, tiff
from .tags import Tags

# fmt: off
EDITORS = (
    "photoshop", "lightroom", "camera raw", "gimp", "picasa", "snapseed", "picsart", "paint.net", "vsco", "pixelmator",
    "affinity", "canva", "faceapp", "facetune", "meitu", "beautyplus", "photoscape", "acdsee", "capture one",
    "darktable", "rawtherapee", "digikam", "imagemagick", "graphicsmagick", "instagram", "polarr", "pixlr", "fotor",
    "irfanview", "xnview", "windows photo", "photo editor", "photo gallery", "paint shop", "luminar",
)
# fmt: on


@parser(
    "photos.exif",
    magic=[
        "image/jpeg",
        "image/tiff",
        "image/png",
        "image/webp",
        "image/heic",
        "image/heif",
        "image/avif",
    ],
)
def photo(file: File) -> Iterator[Any]:
    """Photos with EXIF: JPEG, TIFF, PNG, WebP, HEIC, HEIF, AVIF.

    One row of `media` a picture, with or without EXIF; one of `places` when it holds coordinates. `taken_local` is
    DateTimeOriginal, the camera's wall clock; `taken_at` is filled only when the camera wrote its offset from UTC.
    DateTime (last change) and DateTimeDigitized go to `extra` where they differ. A value that cannot be one (latitude
    999, a zero denominator, no hemisphere, the exact position 0,0) is null, kept as stored in `extra`, and a problem.
    Width and height are those of the pixels as stored, before orientation is applied. `edited_with` repeats the name
    of an editing program that the file holds; it does not say what was edited.

    Reads: EXIF 2 and 3 in a JPEG segment, PNG chunk or raw profile, WebP chunk, HEIF item or TIFF; values by ExifRead.
    Not read: maker notes, XMP, IPTC, PNG text, motion-photo video, further pages of a TIFF, BigTIFF, text behind a NUL.
    Seen on: Apple iPhone 4, 7, 11 Pro, X, XR; Google Pixel 6 Pro, 8 Pro; Nokia 8.3; Samsung GT-I9000, SM-G930F;
    Motorola XT1575; Jolla; Canon, Fujifilm, Nikon and Sony cameras.
    Source: EXIF 3.0, CIPA DC-008-2023; TIFF 6.0; RFC 9649; ISO/IEC 23008-12.
    Tier: proven (JPEG, HEIC, HEIF, AVIF, WebP; EXIF in PNG and in TIFF files is made from the description only)
    """
    with file.open() as stream:
        image = containers.image(stream)
        if image is None:
            yield unknown(file)
            return
        block = tiff.block(image.exif) if image.exif else None
        if block:
            tiff.without_repeats(block, image.width, image.height)
    tags = Tags(image, block)
    media = row(tags)
    yield from MEDIA.rows([media])
    if media["latitude"] is not None:
        yield from PLACES.rows([place(media, file.path)])
    yield from image.problems
    yield from block.problems if block else ()
    yield from tags.problems


def unknown(file: File) -> Problem:
    if not file.size:
        return Problem("damaged", "the file is empty", "header")
    return Problem("not_understood", "no picture format that this parser knows", "header", file.head[:16].hex())


def row(tags: Tags) -> dict[str, Any]:
    """The row of `media`."""
    image, block = tags.image, tags.block
    taken = when(tags)
    width, height = pixels(tags)
    software, processed = tags.text("Software"), tags.text("ProcessingSoftware")
    position = tags.position()
    cells: dict[str, Any] = {
        "kind": "photo",
        "mime": image.mime,
        **taken,
        "make": tags.text("Make"),
        "model": tags.text("Model"),
        "serial": tags.text("BodySerialNumber") or tags.text("CameraSerialNumber"),
        "software": software,
        "lens": tags.text("LensModel"),
        "width": width,
        "height": height,
        "orientation": tags.whole("Orientation", 0, 8) or None,
        "latitude": position[0] if position else None,
        "longitude": position[1] if position else None,
        "altitude_m": tags.altitude(placed=position is not None),
        "bearing_deg": tags.number("GPSImgDirection", 0, 360),
        "gps_at": tags.gps_time(),
        "accuracy_m": tags.number("GPSHPositioningError", 0, 1e7),
        "author": tags.text("Artist") or tags.text("XPAuthor"),
        "title": tags.text("XPTitle"),
        "description": tags.text("ImageDescription"),
        "edited_with": processed or editor(software),
        "thumbnail_sha256": sha256(block.thumbnail).hexdigest() if block and block.thumbnail else None,
        "record": "EXIF" if block else "header",
    }
    cells["extra"] = tags.rest()
    return cells


def editor(software: str | None) -> str | None:
    """The text of Software where it names a program that changes pictures."""
    named = (software or "").lower()
    return software if any(name in named for name in EDITORS) else None


def when(tags: Tags) -> dict[str, Any]:
    """The columns of the time. OffsetTime belongs to the last change, and stands in where the camera wrote no other."""
    wall = tags.wall_clock("DateTimeOriginal")
    fraction = tags.subseconds("SubSecTimeOriginal")
    for name in ("DateTime", "DateTimeDigitized"):
        other = tags.wall_clock(name)
        if other is not None and other != wall:
            tags.extra[name] = str(other)
    original, changed, digitized = map(tags.offset, ("OffsetTimeOriginal", "OffsetTime", "OffsetTimeDigitized"))
    offset = original or changed
    if changed and changed != original:
        tags.extra["OffsetTime"] = changed
    if digitized and digitized != offset:
        tags.extra["OffsetTimeDigitized"] = digitized
    if wall is None:
        return {"utc_offset": offset}
    local = wall + fraction
    if offset is None:
        return {"taken_local": local}
    taken_at = datetime.fromisoformat(f"{local.isoformat()}{offset}").astimezone(UTC)
    return {"taken_local": local, "utc_offset": offset, "taken_at": taken_at, "time_basis": "utc"}


def pixels(tags: Tags) -> tuple[int | None, int | None]:
    """Width and height of the file's own pixels; where EXIF says otherwise, that goes to `extra`."""
    known = [(tags.image.width, tags.image.height)] if tags.image.width and tags.image.height else []
    for names in (("ImageWidth", "ImageLength"), ("ExifImageWidth", "ExifImageLength")):
        width, height = (tags.whole(name, 0, 1_000_000) for name in names)
        if width and height and (width, height) not in known:
            known.append((width, height))
            tags.extra.update(zip(names, known[-1], strict=True) if len(known) > 1 else ())
    return known[0] if known else (tags.image.width, tags.image.height)


def place(media: dict[str, Any], path: str) -> dict[str, Any]:
    """The row of `places`: at the time it was taken, or failing that of the position fix."""
    at = media.get("taken_at") or media["gps_at"]
    return {
        "kind": "photo",
        "at": at,
        "local": media.get("taken_local"),
        "time_basis": "utc" if at else None,
        **{name: media[name] for name in ("latitude", "longitude", "accuracy_m", "altitude_m")},
        "ref": f"{path}/{media['record']}",
        "record": "EXIF GPS",
    }


@hookimpl
def forensics_parsers():
    return [photo]
