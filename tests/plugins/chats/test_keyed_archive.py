"""Archives of NSKeyedArchiver: what they hold, and those that never end."""

import plistlib

import pytest
from forensics_plugins.chats.keyed_archive import NotAnArchive, unarchived, written_out

from .archives import archived


@pytest.mark.parametrize("value", ["ćao", 5, 1.5, True, None, [], {}, {"a": [1, {"b": None}]}, b"raw"])
def test_values(value):
    assert unarchived(archived(value)) == value


def test_object_of_the_app():
    assert unarchived(archived({"$class": "TSCCard", "title": "x"})) == {"$class": "TSCCard", "title": "x"}


def test_set_whose_objects_are_numbered():
    kept = {"NS.object.10": plistlib.UID(3), "NS.object.9": plistlib.UID(2), "$class": plistlib.UID(4)}
    assert unarchived(raw([kept, "deveti", "deseti", {"$classname": "NSMutableOrderedSet"}])) == ["deveti", "deseti"]


def test_object_that_many_name():
    both = {"NS.objects": [plistlib.UID(2), plistlib.UID(2)]}
    assert unarchived(raw([both, {"NS.string": "isti"}])) == ["isti", "isti"]


def test_damaged_names_and_numbers():
    objects = [{plistlib.UID(3): "x", "n": plistlib.UID(1)}, 1 << 20_000]
    found = written_out({"$objects": objects, "$top": {"root": plistlib.UID(0)}})
    assert found == {"$class": None, "(UID)": "x", "n": hex(1 << 20_000)}


def raw(objects, top=1):
    archive = {"$objects": ["$null", *objects], "$top": {"root": plistlib.UID(top)}}
    return plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"bplist00",
        plistlib.dumps([1], fmt=plistlib.FMT_BINARY),
        raw([{"NS.objects": [plistlib.UID(1)]}]),  # contains itself
        raw([{"NS.objects": [plistlib.UID(n + 2)] * 10} for n in range(9)] + ["end"]),  # a thousand million values
        raw([], top=7),  # names an object that is not there
    ],
)
def test_what_is_no_archive(data):
    with pytest.raises(NotAnArchive):
        unarchived(data)
