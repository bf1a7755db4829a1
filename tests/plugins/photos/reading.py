"""Rows of one picture, read through the doors of the core, with every column there: None where it is not set."""

from forensics_plugins.photos.exif import photo

from forensics import testing
from forensics.tables import MEDIA, PLACES


def read(picture, name="picture"):
    """`{"media": [...], "places": [...], "problems": [...]}` of the picture's bytes or path."""
    found = testing.rows(photo, picture, name=name)
    whole = {
        table.name: [dict.fromkeys(table.types) | row for row in found.pop(table.name, [])] for table in (MEDIA, PLACES)
    }
    whole["problems"] = [{"record": None, "detail": None} | problem for problem in found.pop("problems", [])]
    assert not found, "rows of other tables"
    return whole
