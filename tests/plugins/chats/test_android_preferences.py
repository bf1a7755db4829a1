"""Preferences of Android apps, and those that lie beside a database."""

import pytest
from forensics_plugins.chats.android_preferences import LONGEST, NotPreferences, beside, preferences

from forensics import testing

XML = """<?xml version='1.0' encoding='utf-8' standalone='yes' ?>
<map>
    <string name="ime">Мира &amp; \u202egpj.exe</string>
    <int name="broj" value="7" />
    <boolean name="da" value="true" />
    <set name="skup"><string>a</string></set>
    <null name="ništa" />
</map>""".encode()


def test_values_of_all_types():
    assert preferences(XML) == {"ime": "Мира & \u202egpj.exe", "broj": "7", "da": "true", "skup": "", "ništa": ""}


@pytest.mark.parametrize(
    "raw", [b"", b"<map", b"<!DOCTYPE map [<!ENTITY a 'b'>]><map/>", b"\xff\xfe", b"<map>\0</map>"]
)
def test_what_is_none(raw):
    with pytest.raises(NotPreferences):
        preferences(raw)
    with testing.placed(b"x", name="app/databases/a.db", beside={"app/shared_prefs/b.xml": raw}) as file:
        assert beside(file, "../shared_prefs/b.xml") == {}


def test_beside_a_database():
    there = {"app/shared_prefs/b.xml": XML, "app/shared_prefs/large.xml": b" " * (LONGEST + 1)}
    with testing.placed(b"x", name="app/databases/a.db", beside=there) as file:
        assert beside(file, "../shared_prefs/b.xml")["broj"] == "7"
        assert beside(file, "../shared_prefs/large.xml") == {}
        assert beside(file, "../shared_prefs/none.xml") == {}
        assert beside(file, "../../../outside.xml") == {}
