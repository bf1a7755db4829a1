"""The photos: small coloured landscapes with the times and places cameras would have written.

Points are town centres rounded to three decimals. Some cameras wrote their distance from UTC, some did not; one photo
was taken in the hour that clocks in Belgrade and Sarajevo showed twice, on the night of 26 October 2025.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from .jpeg import ASCII, BYTE, LONG, RATIONAL, RGB, SHORT, UNDEFINED, Entry, degrees, exif, from_degrees, jpeg, rational
from .seed import draw, pick

FOLDERS = {
    "android_phone": "data/media/0/DCIM/Camera/",
    "iphone": "private/var/mobile/Media/DCIM/100APPLE/",
    "laptop": "Users/mirko/Pictures/",
}
SAMSUNG = ("samsung", "SM-A536B", "A536BXXSAFXJ1")
APPLE = ("Apple", "iPhone 13", "17.6.1")
WIDE, HIGH = 40, 30

Place = tuple[float, float]


@dataclass(frozen=True)
class Photo:
    """One camera photo. `local` is the clock on the wall, `offset` what EXIF says of its zone (None: nothing)."""

    device: str
    camera: tuple[str, str, str]
    name: str
    local: str
    offset: str | None
    place: Place | None
    scene: str
    altitude: int = 0
    bearing: int | None = None
    gps_utc: str | None = None
    fault: str | None = None

    @property
    def path(self) -> str:
        return FOLDERS[self.device] + self.name

    @property
    def taken_at(self) -> datetime | None:
        """In UTC, when the photo itself says how far its clock was from UTC."""
        if self.offset is None:
            return None
        sign = -1 if self.offset[0] == "-" else 1
        away = timedelta(hours=int(self.offset[1:3]), minutes=int(self.offset[4:6])) * sign
        return (datetime.fromisoformat(self.local) - away).replace(tzinfo=UTC)

    @property
    def stored_place(self) -> Place | None:
        """The point as EXIF holds it, rounded to a hundredth of a second of arc."""
        if self.place is None or self.fault in ("cut", "zero denominators"):
            return None
        return from_degrees(degrees(self.place[0])), from_degrees(degrees(self.place[1]))

    def content(self) -> bytes:
        whole = jpeg(_picture(self.scene, self.path), exif(*self._directories()))
        return whole[:180] if self.fault == "cut" else whole

    def _directories(self) -> tuple[list[Entry], list[Entry], list[Entry]]:
        make, model, software = self.camera
        stamp = self.local.replace("-", ":").replace("T", " ")
        main: list[Entry] = [
            (0x010F, ASCII, make), (0x0110, ASCII, model), (0x0112, SHORT, 1), (0x0131, ASCII, software),
            (0x0132, ASCII, stamp),
        ]  # fmt: skip
        if self.fault == "hostile text":
            main.append((0x013B, ASCII, '<b onmouseover="alert(1)">artist</b>'))
        photo: list[Entry] = [(0x9000, UNDEFINED, b"0232"), (0x9003, ASCII, stamp), (0x9004, ASCII, stamp)]
        if self.offset:
            photo += [(0x9010, ASCII, self.offset), (0x9011, ASCII, self.offset)]
        photo += [(0xA002, LONG, 8 * WIDE), (0xA003, LONG, 8 * HIGH)]
        return main, photo, self._gps() if self.place else []

    def _gps(self) -> list[Entry]:
        assert self.place is not None
        latitude, longitude = degrees(self.place[0]), degrees(self.place[1])
        if self.fault == "zero denominators":
            latitude, longitude = ([(over, 0) for over, _ in parts] for parts in (latitude, longitude))
        gps: list[Entry] = [
            (0x0000, BYTE, b"\2\3\0\0"), (0x0001, ASCII, b"N\0"), (0x0002, RATIONAL, latitude),
            (0x0003, ASCII, b"E\0"), (0x0004, RATIONAL, longitude),
            (0x0005, BYTE, b"\0"), (0x0006, RATIONAL, [rational(self.altitude)]),
        ]  # fmt: skip
        if self.gps_utc:
            day, _, time = self.gps_utc.partition("T")
            clock = [(int(part), 1) for part in time.split(":")]
            gps.append((0x0007, RATIONAL, clock))
        if self.bearing is not None:
            gps += [(0x0010, ASCII, b"T\0"), (0x0011, RATIONAL, [rational(self.bearing)])]
        if self.gps_utc:
            gps.append((0x001D, ASCII, day.replace("-", ":")))
        return gps


_android = partial(Photo, "android_phone", SAMSUNG)
_iphone = partial(Photo, "iphone", APPLE)

PHOTOS = (
    _android("20251018_201205.jpg", "2025-10-18T20:12:05", "+02:00", (41.139, 22.503), "station at night", 60, 15,
             "2025-10-18T18:12:04"),
    _android("20251021_193340.jpg", "2025-10-21T19:33:40", "+02:00", (44.808, 20.456), "city", 117),
    _android("20251022_231502.jpg", "2025-10-22T23:15:02", "+02:00", (44.534, 19.224), "river at night", 142, 280),
    _android("20251024_170210.jpg", "2025-10-24T17:02:10", None, (43.856, 18.413), "hills", 511),
    _android("20251026_023010.jpg", "2025-10-26T02:30:10", None, (44.533, 19.222), "hills at night", 120),
    _android("20251027_081520.jpg", "2025-10-27T08:15:20", "+01:00", None, "road"),
    _android("20251028_120000.jpg", "2025-10-28T12:00:00", "+01:00", (44.817, 15.871), "house", 219,
             fault="zero denominators"),
    _iphone("IMG_0114.JPG", "2025-10-13T12:40:10", "+03:00", (41.011, 28.950), "city", 48, 190, "2025-10-13T09:40:10"),
    _iphone("IMG_0121.JPG", "2025-10-16T19:05:30", "+03:00", (40.632, 22.940), "sea", 3, 225, "2025-10-16T16:05:30"),
    _iphone("IMG_0127.JPG", "2025-10-19T09:10:44", "+02:00", (41.998, 21.425), "city", 245, None,
            "2025-10-19T07:10:44"),
    _iphone("IMG_0131.JPG", "2025-10-21T08:02:15", "+02:00", (44.813, 20.461), "city", 117, 90, "2025-10-21T06:02:15"),
    _iphone("IMG_0140.JPG", "2025-10-26T08:20:05", "+01:00", (44.812, 15.865), "hills", 230, None,
            "2025-10-26T07:20:05"),
    _iphone("IMG_0146.JPG", "2025-10-28T07:41:12", "+01:00", (44.812, 15.865), "house", 230, None,
            "2025-10-28T06:41:12", "hostile text"),
    Photo("laptop", SAMSUNG, "telefon/20251021_193340 (2).jpg", "2025-10-21T19:33:40", "+02:00",
          (44.808, 20.456), "city", 117, fault="cut"),
)  # fmt: skip


# Photos sent in chats lost their EXIF on the way, as the app does it.
SHARED = {
    "wa_van": "station at night",
    "wa_van2": "road",
    "wa_hostel": "city",
    "wa_hostel_sea": "sea",
    "wa_note": "note",
}


def shared_photo(name: str) -> bytes:
    return jpeg(_picture(SHARED[name], name))


def plain_photo(name: str, scene: str) -> bytes:
    """A picture with no EXIF at all."""
    return jpeg(_picture(scene, name))


DAY, NIGHT = ((120, 170, 220), (206, 222, 235)), ((12, 16, 40), (40, 44, 78))


def _picture(scene: str, name: str) -> list[list[RGB]]:
    """A landscape in squares: sky, something on the horizon, ground."""
    top, horizon = NIGHT if "night" in scene else DAY
    skyline = _skyline(scene, name)
    return [[_square(scene, row, column, skyline, top, horizon) for column in range(WIDE)] for row in range(HIGH)]


def _skyline(scene: str, name: str) -> list[int]:
    """How many squares high the horizon stands in each column."""
    height = pick(f"{name}/start", 8, 14)
    heights = []
    for column in range(WIDE):
        if "city" in scene or "station" in scene:
            height = pick(f"{name}/block/{column // 3}", 8, 17)
        elif "hills" in scene or "road" in scene:
            height = min(20, max(8, height + pick(f"{name}/{column}", -1, 1)))
        elif "house" in scene:
            height = 18 - abs(column - 20) // 2 if 10 <= column <= 30 else 8
        else:
            height = 11
        heights.append(height)
    return heights


def _square(scene: str, row: int, column: int, skyline: list[int], top: RGB, horizon: RGB) -> RGB:
    if scene == "note":
        ink = row % 4 == 2 and 4 < column < 34 and draw(f"note/{row}/{column}", 1)[0] < 150
        return (60, 60, 110) if ink else (236, 232, 214)
    above_ground = HIGH - row
    if above_ground > skyline[column]:
        return _blend(top, horizon, row, HIGH - min(skyline))
    dark = 3 if "night" in scene else 1
    if "sea" in scene or "river" in scene:
        colour = (40, 96 + 8 * (row % 3), 140 + 10 * (column % 2))
    elif "city" in scene or "station" in scene or "house" in scene:
        lit = row % 3 == 1 and column % 3 == 1 and above_ground > 6
        colour = (240, 214, 140) if lit else (118, 104, 96)
        dark = 1 if lit else dark
    elif "road" in scene and abs(column - 20) * 2 < HIGH - above_ground - 8:
        colour = (90, 90, 94)
    else:
        colour = (70, 110 + 5 * (row % 4), 62)
    return colour[0] // dark, colour[1] // dark, colour[2] // dark


def _blend(one: RGB, two: RGB, step: int, steps: int) -> RGB:
    red, green, blue = (
        (first * (steps - step) + second * step) // steps for first, second in zip(one, two, strict=True)
    )
    return red, green, blue
