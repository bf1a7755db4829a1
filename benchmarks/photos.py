"""Photos a CPU second: hash and EXIF of small phone-like JPEGs, against reading and hashing the same files raw.

    python benchmarks/photos.py [--photos 2000] [--sizes 5000 60000] [--rounds 3]

`raw`: read and SHA-256, nothing else. `hashed`: opened and hashed by the core. `parsed`: that, and the parser.
`parser`: the difference, the parser alone. `ingested`: all of `forensics.ingest` into a fresh case, one worker, with all
processes it starts. `each more`: the same without what an ingest of a single photo takes, which is the start of the processes.
Rounds alternate; the best of each counts.
"""

import argparse
import hashlib
import random
import runpy
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from forensics_plugins.photos.exif import photo
from measured import ingested

from forensics.evidence.file import File
from forensics.evidence.limits import Limits
from forensics.evidence.open import open_source
from forensics.evidence.source import Entry

PICTURES = runpy.run_path(str(Path(__file__).parents[1] / "tests" / "plugins" / "photos" / "pictures.py"))
THUMBNAIL = b"\xff\xd8" + bytes(2500) + b"\xff\xd9"


def make(folder: Path, count: int, size: int) -> None:
    """JPEGs of `size` bytes with the tags that a phone writes, a position and a thumbnail, and noise in place of pixels."""
    chance = random.Random(1)
    for number in range(count):
        taken = f"2024:03:{number % 28 + 1:02} 14:{number % 60:02}:09"
        block = PICTURES["tiff"](
            image={
                "Make": "Apple",
                "Model": "iPhone 13",
                "Orientation": (3, 1, b"\0\6"),
                "Software": "17.4.1",
                "DateTime": taken,
            },
            exif={
                "DateTimeOriginal": taken,
                "DateTimeDigitized": taken,
                "OffsetTime": "+01:00",
                "OffsetTimeOriginal": "+01:00",
                "MakerNote": bytes(1200),
                "SubSecTimeOriginal": "813",
                "ExifImageWidth": 4032,
                "ExifImageLength": 3024,
                "LensModel": "iPhone 13 back dual wide camera 5.1mm f/1.6",
            },
            gps={
                "LatitudeRef": "N",
                "Latitude": [(42, 1), (26, 1), (2946 + number, 100)],
                "LongitudeRef": "E",
                "Longitude": [(19, 1), (15, 1), (4680, 100)],
                "AltitudeRef": (1, 1, b"\0"),
                "Altitude": (401, 10),
                "TimeStamp": [(13, 1), (number % 60, 1), (8, 1)],
                "ImgDirectionRef": "T",
                "ImgDirection": (18050, 100),
                "DateStamp": "2024:03:05",
                "HPositioningError": (13, 2),
            },
            thumbnail=THUMBNAIL,
        )
        picture = PICTURES["jpeg"](block, width=4032, height=3024)
        (folder / f"IMG_{number:04}.jpg").write_bytes(picture + chance.randbytes(max(0, size - len(picture))))


def raw(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        hashlib.sha256(path.read_bytes()).hexdigest()


def files(folder: Path, work: Path) -> list[File]:
    source = open_source(folder, work=work, limits=Limits())
    return [File(entry, source, work) for entry in source.walk() if isinstance(entry, Entry)]


def hashed(folder: Path, work: Path) -> None:
    for file in files(folder, work):
        assert file.sha256
        file.close()


def parsed(folder: Path, work: Path) -> None:
    for file in files(folder, work):
        assert file.sha256
        assert len(list(photo(file))) == 2, "a row of media and one of places"
        file.close()


def cpu(run: Callable[[], None]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def case_of(folder: Path, case: Path) -> float:
    """CPU seconds of a whole ingest."""
    shutil.rmtree(case, ignore_errors=True)
    return ingested(str(case), [str(folder)]).cpu


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--photos", type=int, default=2000)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[5_000, 60_000], help="bytes of a photo")
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as scratch:
            compare(Path(scratch), given.photos, size, given.rounds)


def compare(scratch: Path, photos: int, size: int, rounds: int) -> None:
    """Print a line for each way of reading photos of one size."""
    folder, one, work = scratch / "DCIM", scratch / "one", scratch / "work"
    for place in (folder, one, work):
        place.mkdir()
    make(folder, photos, size)
    make(one, 1, size)
    runs: dict[str, Callable[[], float]] = {
        "raw": lambda: cpu(lambda: raw(folder)),
        "hashed": lambda: cpu(lambda: hashed(folder, work)),
        "parsed": lambda: cpu(lambda: parsed(folder, work)),
        "ingested": lambda: case_of(folder, scratch / "case"),
        "one": lambda: case_of(one, scratch / "case"),
    }
    spent = [{name: run() for name, run in runs.items()} for _ in range(rounds)]
    best = {name: min(each[name] for each in spent) for name in runs}
    best["parser"] = best["parsed"] - best["hashed"]
    best["each more"] = best["ingested"] - best.pop("one")
    print(f"{photos:,} photos of {next(folder.iterdir()).stat().st_size:,} bytes")
    for name, seconds in best.items():
        rate, each = photos / seconds, seconds / photos * 1000
        print(f"{name:10} {rate:8,.0f} photos/CPU s   {each:.3f} ms each   {seconds / best['raw']:.1f} x raw")


if __name__ == "__main__":
    main()
