"""The table `media`."""

from forensics.tables.table import Column, Table, WallClock

MEDIA = Table(
    "media",
    "A photo, video or sound on the device.",
    (
        Column("kind", "category", "photo, video, audio"),
        Column("mime", "category", "MIME type found by content"),
        Column("taken_at", "time", "when it was taken"),
        Column("taken_local", "local", "the camera's wall clock"),
        Column("utc_offset", "category", "offset from UTC that the camera wrote, as +02:00"),
        Column("time_basis", "category", "see messages.time_basis"),
        Column("make", "category", "camera make"),
        Column("model", "category", "camera model"),
        Column("serial", "category", "serial number of the camera"),
        Column("software", "category", "software that wrote the file"),
        Column("lens", "category", "lens"),
        Column("width", "integer", "pixels"),
        Column("height", "integer", "pixels"),
        Column("orientation", "integer", "EXIF orientation, 1 to 8"),
        Column("duration_s", "real", "seconds"),
        Column("latitude", "real", "degrees north"),
        Column("longitude", "real", "degrees east"),
        Column("altitude_m", "real", "metres above sea level"),
        Column("bearing_deg", "real", "direction of view, degrees from north"),
        Column("gps_at", "time", "time of the position fix"),
        Column("accuracy_m", "real", "stated accuracy of the position, metres"),
        Column("author", "text", "author as stored"),
        Column("title", "text", "title as stored"),
        Column("description", "text", "description as stored"),
        Column("edited_with", "text", "editing software named in the file"),
        Column("thumbnail_sha256", "text", "SHA-256 of the embedded thumbnail"),
        Column("perceptual_hash", "text", "perceptual hash of the picture"),
    ),
    wall_clock=WallClock("taken_at", "taken_local", "time_basis"),
    order=("taken_at", "taken_local"),
)
