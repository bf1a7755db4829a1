"""Which file of the evidence a message carried."""

import pytest

from forensics import ingest, open_case, parser, testing
from forensics.intake.attached import Attached, parts_of, spelled
from forensics.tables import ATTACHMENTS

PICTURE = "data/media/0/WhatsApp/Media/WhatsApp Images/IMG-20251018-WA0001.jpg"


def found(
    stored_path=None, name=None, size=None, there=(), source="data/data/com.app/databases/msgstore.db", prefix=""
):
    files = dict(there)

    def named(names):
        listing = {}
        for path, bytes_ in files.items():
            listing.setdefault(spelled(path.rpartition("/")[2]), []).append((path, bytes_))
        return {each: listing[each] for each in names if each in listing}

    row = {"stored_path": stored_path, "name": name, "size": size}
    return Attached(named, prefix).paths([source], [row])[0]


@pytest.mark.parametrize(
    "stored",
    [
        "Media/WhatsApp Images/IMG-20251018-WA0001.jpg",
        "/storage/emulated/0/WhatsApp/Media/WhatsApp Images/IMG-20251018-WA0001.jpg",
        "file:///storage/emulated/0/WhatsApp/Media/WhatsApp%20Images/IMG-20251018-WA0001.jpg",
        "C:\\Users\\ana\\WhatsApp Images\\img-20251018-wa0001.JPG",
    ],
)
def test_paths_agree_from_their_ends(stored):
    assert found(stored, there={PICTURE: 5}) == PICTURE


def test_a_name_alone_is_no_proof():
    there = {"DCIM/Camera/image.jpg": 10}
    assert found(name="image.jpg", there=there) is None
    assert found("Documents/image.jpg", there=there) is None
    assert found(name="image.jpg", size=9, there=there) is None
    assert found(name="image.jpg", size=10, there=there) == "DCIM/Camera/image.jpg"


def test_what_lies_beside_or_below_the_export_is_its_own():
    there = {"chat/photos/image.jpg": 3, "other/photos/image.jpg": 3}
    assert found(name="image.jpg", there=there, source="chat/result.json") == "chat/photos/image.jpg"
    assert found("photos/image.jpg", there=there, source="chat/result.json") == "chat/photos/image.jpg"


def test_of_several_the_one_that_agrees_most():
    there = {"a/Media/1.jpg": 3, "a/Media/9/1.jpg": 4, "b/Media/9/1.jpg": 3}
    assert found("Media/9/1.jpg", size=3, there=there) == "b/Media/9/1.jpg"
    assert found("Media/9/1.jpg", there=there) == "a/Media/9/1.jpg"


def test_accents_in_two_spellings_are_one_name():
    assert found("Media/kuc\u0301a.jpg", there={"sd/Media/ku\u0107a.jpg": 1}) == "sd/Media/ku\u0107a.jpg"


def test_paths_in_an_archive_inside_the_evidence():
    there = {"_chat.txt": 1, "1.jpg": 2}
    assert found(name="1.jpg", there=there, source="chats.zip!/_chat.txt", prefix="chats.zip!/") == "chats.zip!/1.jpg"


@pytest.mark.parametrize("stored", ["", "/", "..", "content://", "a/../..", "\\\\", "%00"])
def test_hostile_paths(stored):
    assert all(part not in ("", ".", "..") for part in parts_of(stored))
    assert found(stored, there={PICTURE: 5}) is None


@parser("carried", version="1", files=["carried.txt"])
def carried(file):
    """Reads: one attachment a line."""
    for line in file.text().splitlines():
        stored_path, _, name = line.partition("|")
        yield from ATTACHMENTS.rows([{"stored_path": stored_path or None, "name": name or None, "record": line or "-"}])


def test_present_says_whether_it_is_there():
    lines = "sent/1.jpg|\nsent/2.jpg|\n|1.jpg\n|"
    rows = testing.rows(carried, lines.encode(), name="carried.txt", beside={"sent/1.jpg": b"picture"})["attachments"]
    assert [(row.get("present"), row.get("found_path")) for row in rows] == [
        (True, "sent/1.jpg"),
        (False, None),
        (True, "sent/1.jpg"),
        (None, None),
    ]


def test_found_across_the_whole_evidence(tmp_path):
    """Database in one place of the file system, picture in another; the path is that of the table `files`."""
    root = tmp_path / "phone"
    place = root / "sdcard" / "WhatsApp Images" / "IMG-1.jpg"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"\xff\xd8\xff picture")
    sql = """CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INT, from_me INT, key_id TEXT, timestamp INT,
                                   text_data TEXT, message_type INT, sender_jid_row_id INT, status INT);
             CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INT, subject TEXT);
             CREATE TABLE jid (_id INTEGER PRIMARY KEY, raw_string TEXT);
             CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, file_size INT);
             INSERT INTO jid VALUES (1, '38269000001@s.whatsapp.net');
             INSERT INTO chat VALUES (1, 1, NULL);
             INSERT INTO message VALUES (1, 1, 0, 'A1', 1760000000000, NULL, 1, NULL, 0);
             INSERT INTO message_media VALUES (1, 'Media/WhatsApp Images/IMG-1.jpg', 11);"""
    (root / "msgstore.db").write_bytes(testing.database(sql))
    ingest(tmp_path / "one.case", [root], workers=1)
    case = open_case(tmp_path / "one.case")
    (row,) = case.attachments.to_dict("records")
    assert (row["present"], row["found_path"]) == (True, "sdcard/WhatsApp Images/IMG-1.jpg")
    assert row["found_path"] in set(case.files["path"])
