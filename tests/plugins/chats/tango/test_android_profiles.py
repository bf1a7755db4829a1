"""Profiles that Tango for Android keeps; the schema is the one that plaso publishes, shortened."""

import base64
import json

from forensics_plugins.chats.tango.android_profiles import profiles

from forensics import testing

SCHEMA = """
CREATE TABLE profiles (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE profiletable (itemUserId TEXT PRIMARY KEY, itemFirstName TEXT NOT NULL, itemLastName TEXT NOT NULL,
  itemBirthday TEXT NOT NULL, itemGender TEXT NOT NULL, itemStatus TEXT NOT NULL, itemLastActiveTime BIGINT NOT NULL,
  itemDistance DOUBLE NOT NULL, itemCity TEXT NOT NULL, itemIsFriend INTEGER NOT NULL, itemIsBlocked INTEGER NOT NULL,
  itemFriendRequestType TEXT NOT NULL, itemLastLocalAccessTime BIGINT NOT NULL, itemFriendRequestMessage TEXT NOT NULL,
  itemFriendRequestTime BIGINT NOT NULL);
"""


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def row(*cells: object) -> str:
    return f"INSERT INTO profiletable VALUES ({', '.join(repr(c) for c in cells)});"


CONTENT = testing.database(
    SCHEMA
    + row("a1", b64("Мирела"), b64("Проба"), "1990-01-02", "female", b64("на путу"), 1460000000123, 3.5, "Bar", 1, 0)[
        :-2
    ]
    + f", 'outRequest', 1460000001000, '{b64('здраво')}', 1460000002000);"
    + row("a2", "", "", "", "", "", 0, 0.0, "", 0, 1)[:-2]
    + ", 'noRequest', 0, '', 0);"
    + row("a3", "no base64!", b64("\u202e<b>=1+1</b>"), "", "", "", 0, 0.0, "", 7, 7)[:-2]
    + ", '', 0, '', -1);"
)


def test_profiles():
    first, second, third = testing.rows(profiles, CONTENT, name="profilescache.db")["contacts"]
    assert (first["person_id"], first["name"], first["note"], first["blocked"]) == (
        "a1",
        "Мирела Проба",
        "на путу",
        False,
    )
    extra = json.loads(first["extra"])
    assert extra["last_active_at"] == "2016-04-07T03:33:20.123Z"
    assert (extra["friend_request_type"], extra["friend_request_message"]) == ("outRequest", "здраво")
    assert (second["blocked"], second.get("name"), "note" in second) == (True, None, False)
    assert "last_active_at" not in json.loads(second["extra"])
    assert third["name"] == "no base64! \u202e<b>=1+1</b>"
    assert "blocked" not in third


def test_promises():
    assert [c for c in testing.check(profiles, CONTENT, name="x.db") if c.fault] == []


EXAMPLES = [("tango.android.profiles", "profilescache.db", CONTENT)]
