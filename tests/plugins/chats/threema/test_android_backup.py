"""An unpacked backup of Threema for Android."""

import json
from datetime import UTC, datetime

import pytest
from forensics_plugins.chats.threema.android_backup import messages
from forensics_plugins.chats.threema.android_backup_lists import lists

from forensics import testing

COLUMNS = (
    "apiid", "uid", "isoutbox", "isread", "issaved", "messagestae", "posted_at", "created_at", "modified_at", "type", "body",
    "isstatusmessage", "caption", "quoted_message_apiid", "delivered_at", "read_at", "g_msg_states", "display_tags", "edited_at",
    "deleted_at",
)  # fmt: skip
PLAIN = {"isread": "1", "issaved": "1", "type": "TEXT", "isstatusmessage": "0", "display_tags": "0", "isoutbox": "0"}
KEY = "deadbeef" * 8
FILE_BODY = [
    "b10b",
    KEY,
    "image/jpeg",
    2048,
    "slika.jpg",
    1,
    True,
    "на мору",
    "image/jpeg",
    {"w": 640, "h": 480, "d": 2.5},
]


def csv(columns: tuple, *rows: dict) -> bytes:
    """As the app writes it: all cells quoted, quotes doubled, backslashes doubled."""
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    quoted = (
        ",".join('"' + str(cell).replace("\\", "\\\\").replace('"', '""') + '"' for cell in line) for line in lines
    )
    return ("\n".join(quoted) + "\n").encode()


def said(number: int, **cells) -> dict:
    sent = 1700000000123 + number * 60000
    return {**PLAIN, "apiid": f"a{number}", "uid": f"u{number}", "posted_at": sent, "created_at": sent + 1877, **cells}


DIRECT = csv(
    COLUMNS,
    said(1, body='Где си? "ovdje"\ndrugi red C:\\put'),
    said(
        2,
        isoutbox="1",
        messagestae="READ",
        body="Kod kuće",
        delivered_at="1700000130000",
        read_at="1700000140000",
        quoted_message_apiid="a1",
    ),
    said(3, type="FILE", body=json.dumps(FILE_BODY), caption=""),
    said(4, type="LOCATION", body='[42.4411,19.2636,12.0,"Ulica 1","Kafić"]'),
    said(5, type="VOIP_STATUS", body='[1,{"status":1,"callId":77}]', apiid="", isoutbox="0"),
    said(6, type="BALLOT", body="[1,5]", isoutbox="1"),
    said(7, isoutbox="1", messagestae="USERACK", body="dogovoreno"),
    said(8, body="", deleted_at="1700000999000"),
    said(9, body="=1+1", edited_at="1700000888000"),
    said(10, type="VOICEMESSAGE", body=f'[4,true,"{KEY}","b1"]'),
    said(11, type="NOVO", body="سلام", posted_at="", created_at="0", isoutbox="?"),
    said(12, type="VOIP_STATUS", body='[1,{"status":2,"callId":78,"duration":61}]', isoutbox="1"),
    said(13, type="FILE", body="[broken", isoutbox="0"),
    said(14, type="TEXT", isstatusmessage="1", body="ID verified"),
)
GROUP = csv(
    ("identity", *COLUMNS),
    said(1, identity="LAYLA123", body="selam", g_msg_states='{"DRAGAN01":"USERDEC","LAYLA123":"READ"}', isoutbox="1"),
    said(2, identity="GONE0000", body="ko je ovo"),
)
CONTACTS = csv(
    (
        "identity",
        "publickey",
        "verification",
        "acid",
        "firstname",
        "lastname",
        "nick_name",
        "hidden",
        "archived",
        "identity_id",
    ),
    {
        "identity": "DRAGAN01",
        "publickey": "aa",
        "verification": "FULLY_VERIFIED",
        "firstname": "Драган",
        "lastname": "Илић",
        "identity_id": "0000000001",
    },
    {
        "identity": "LAYLA123",
        "publickey": "bb",
        "verification": "UNVERIFIED",
        "nick_name": "ليلى",
        "hidden": "1",
        "identity_id": "0000000002",
    },
)
GROUPS = csv(
    ("id", "creator", "groupname", "created_at", "members", "archived", "groupDesc", "group_uid", "user_state"),
    {
        "id": "9f",
        "creator": "DRAGAN01",
        "groupname": "Пут",
        "created_at": "1690000000000",
        "members": "LAYLA123;MYSELF00",
        "group_uid": "0000000009",
    },
)
FOLDER = {"contacts.csv": CONTACTS, "groups.csv": GROUPS}


def read(
    content: bytes = DIRECT, name: str = "message_0000000001.csv", folder: dict | None = None
) -> dict[str, list[dict]]:
    return testing.rows(messages, content, name=name, beside=FOLDER if folder is None else folder)


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read()


def message(found: dict, name: str) -> dict:
    return next(m for m in found["messages"] if m["message_id"] == name)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_received(found):
    one = message(found, "a1")
    assert (one["chat_id"], one["chat_name"], one["chat_kind"]) == ("DRAGAN01", "Драган Илић", "direct")
    assert (one["direction"], one["sender_id"], one["sender_name"]) == ("incoming", "DRAGAN01", "Драган Илић")
    assert one["text"] == 'Где си? "ovdje"\ndrugi red C:\\put'
    assert one["sent_at"] == datetime(2023, 11, 14, 22, 14, 20, 123000, tzinfo=UTC)
    assert one["received_at"] == datetime(2023, 11, 14, 22, 14, 22, tzinfo=UTC)
    assert (one["kind"], one["raw_kind"], one["record"]) == ("text", "TEXT", "line 2")
    assert extra(one) == {"uid": "u1", "read": True, "tags": "0"}


def test_sent(found):
    sent = message(found, "a2")
    assert (sent["direction"], sent.get("sender_id"), sent["reply_to"], sent["status"]) == (
        "outgoing",
        None,
        "a1",
        "READ",
    )
    assert (sent["delivered_at"].second, sent["read_at"].second, "received_at" in sent) == (30, 40, False)
    assert sent["record"] == "line 4"  # the first message has two lines


def test_file_and_voice(found):
    photo, voice, broken = found["attachments"]
    assert (message(found, "a3")["kind"], message(found, "a3")["text"]) == ("image", "на мору")
    assert (photo["stored_path"], photo["name"], photo["mime"], photo["size"]) == (
        "message_media_u3",
        "slika.jpg",
        "image/jpeg",
        2048,
    )
    assert (photo["width"], photo["height"], photo["duration_s"], photo["caption"]) == (640, 480, 2.5, "на мору")
    assert (voice["duration_s"], voice["stored_path"], message(found, "a10")["kind"]) == (
        4.0,
        "message_media_u10",
        "voice",
    )
    assert broken["message_id"] == "a13"
    assert [p["record"] for p in found["problems"]] == ["line 15"]


def test_no_key_of_a_file_comes_out(found):
    assert "deadbeef" not in repr(found)


def test_place(found):
    place = message(found, "a4")
    assert (place["kind"], place["latitude"], place["longitude"], place["text"]) == (
        "location",
        42.4411,
        19.2636,
        "Kafić\nUlica 1",
    )
    [point] = found["places"]
    assert (point["ref"], point["accuracy_m"], point["label"]) == ("a4", 12.0, "Kafić, Ulica 1")


def test_a_place_that_is_none():
    odd = read(csv(COLUMNS, said(1, type="LOCATION", body="[999,19]"), said(2, type="LOCATION", body="[true,[]]")))
    assert ("places" in odd, [m["kind"] for m in odd["messages"]]) == (False, ["location", "location"])
    assert not any("latitude" in m for m in odd["messages"])


def test_calls(found):
    """A message about a call without an id of its own is in the backup too: it must not be lost for want of one."""
    missed, made = found["calls"]
    assert (missed["call_id"], missed["outcome"], missed["direction"], missed["peer_name"]) == (
        "77",
        "missed",
        "incoming",
        "Драган Илић",
    )
    assert (made["outcome"], made["duration_s"], made["direction"]) == ("answered", 61.0, "outgoing")
    about = message(found, "u5")
    assert (about["kind"], about["direction"], extra(about)["content"]) == (
        "call",
        "system",
        [1, {"status": 1, "callId": 77}],
    )


def test_poll_thumb_deleted_edited(found):
    assert (
        message(found, "a6")["kind"],
        extra(message(found, "a6"))["ballot"],
        extra(message(found, "a6"))["ballot_event"],
    ) == ("poll", 5, "created")
    [thumb] = found["reactions"]
    assert (thumb["message_id"], thumb["person_id"], thumb["value"]) == ("a7", "DRAGAN01", "👍")
    deleted, edited = message(found, "a8"), message(found, "a9")
    assert (deleted["kind"], deleted["deleted"], deleted["deleted_at"].minute) == ("deleted", True, 29)
    assert (edited["text"], edited["edited"], edited["edited_at"].minute) == ("=1+1", True, 28)


def test_odd(found):
    odd, status = message(found, "a11"), message(found, "a14")
    assert (odd["kind"], odd["raw_kind"], odd["text"], odd["direction"]) == ("unknown", "NOVO", "سلام", "unknown")
    assert {"sent_at", "received_at"} & odd.keys() == set()
    assert (status["kind"], status["direction"], status.get("sender_id")) == ("system", "system", None)


def test_group():
    found = read(GROUP, "group_message_0000000009.csv")
    sent, stranger = found["messages"]
    assert (sent["chat_id"], sent["chat_name"], sent["chat_kind"], sent["sender_name"]) == (
        "9f-DRAGAN01",
        "Пут",
        "group",
        "~ليلى",
    )
    assert (stranger["sender_id"], stranger.get("sender_name"), stranger["direction"]) == ("GONE0000", None, "incoming")
    [thumb], [receipt] = found["reactions"], found["receipts"]
    assert (thumb["person_id"], thumb["value"], receipt["person_id"], extra(receipt)["state"]) == (
        "DRAGAN01",
        "👎",
        "LAYLA123",
        "READ",
    )


@pytest.mark.parametrize(
    ("name", "chat"),
    [("message_LAYLA123.csv", "LAYLA123"), ("message_NOBODY00.csv", "NOBODY00"), ("group_message_9f-DRAGAN01.csv", "9f-DRAGAN01"),
     ("distribution_list_message_4.csv", "list 4")],
)  # fmt: skip
def test_names_of_older_backups(name, chat):
    assert read(name=name)["messages"][0]["chat_id"] == chat


def test_alone_without_the_rest_of_the_backup():
    alone = read(folder={})
    assert len(alone["messages"]) == 14
    assert (alone["messages"][0]["chat_id"], alone["messages"][0].get("chat_name")) == ("0000000001", None)


def test_lists():
    found = testing.rows(lists, CONTACTS, name="contacts.csv")
    dragan, layla = found["contacts"]
    assert (dragan["person_id"], dragan["name"], extra(dragan)["verification"]) == (
        "DRAGAN01",
        "Драган Илић",
        "FULLY_VERIFIED",
    )
    assert (layla["name"], layla["username"], extra(layla)["hidden"]) == ("~ليلى", "ليلى", "1")
    members = testing.rows(lists, GROUPS, name="groups.csv", beside=FOLDER)["participants"]
    assert [(m["chat_id"], m["person_id"], m.get("name"), m["role"]) for m in members] == [
        ("9f-DRAGAN01", "LAYLA123", "~ليلى", "member"),
        ("9f-DRAGAN01", "MYSELF00", None, "member"),
        ("9f-DRAGAN01", "DRAGAN01", "Драган Илић", "creator"),
    ]
    assert extra(members[2])["not_listed_as_member"] is True


def test_reactions_of_both_files():
    direct = csv(
        ("identity", "api_message_id", "sender_identity", "emoji_sequence", "reacted_at"),
        {
            "identity": "DRAGAN01",
            "api_message_id": "a1",
            "sender_identity": "MYSELF00",
            "emoji_sequence": "❤️",
            "reacted_at": "1700000150000",
        },
    )
    group = csv(
        ("api_group_id", "group_creator_identity", "api_message_id", "sender_identity", "emoji_sequence", "reacted_at"),
        {
            "api_group_id": "9f",
            "group_creator_identity": "DRAGAN01",
            "api_message_id": "a2",
            "sender_identity": "LAYLA123",
            "emoji_sequence": "😀",
        },
    )
    [one] = testing.rows(lists, direct, name="contact_reactions.csv")["reactions"]
    assert (one["chat_id"], one["message_id"], one["person_id"], one["value"], one["reacted_at"].minute) == (
        "DRAGAN01",
        "a1",
        "MYSELF00",
        "❤️",
        15,
    )
    [two] = testing.rows(lists, group, name="group_reactions.csv")["reactions"]
    assert (two["chat_id"], two["value"], "reacted_at" in two) == ("9f-DRAGAN01", "😀", False)


REACTED = csv(
    ("identity", "api_message_id", "sender_identity", "emoji_sequence", "reacted_at"),
    {"identity": "LAYLA123", "api_message_id": "b1", "sender_identity": "LAYLA123", "emoji_sequence": "👍"},
    {"identity": "LAYLA123", "api_message_id": "b2", "sender_identity": "=1+1", "emoji_sequence": "👍"},
    {"identity": "DRAGAN01", "api_message_id": "a1", "sender_identity": "MYSELF00", "emoji_sequence": "❤️"},
)


def test_the_owner_that_a_reaction_tells():
    """The file with the owner's identity is encrypted. In a chat of two, who reacted and is not the contact is the owner."""
    found = read(folder=FOLDER | {"contact_reactions.csv": REACTED})
    assert {m["account_id"] for m in found["messages"]} == {"MYSELF00"}
    assert {c["account_id"] for c in found["calls"]} == {"MYSELF00"}
    assert (message(found, "a2")["sender_id"], message(found, "a1")["sender_id"]) == ("MYSELF00", "DRAGAN01")
    group = read(GROUP, "group_message_0000000009.csv", FOLDER | {"contact_reactions.csv": REACTED})
    assert message(group, "a1")["sender_id"] == "LAYLA123"  # as stored
    listed = testing.rows(lists, REACTED, name="contact_reactions.csv")
    assert len(listed["reactions"]) == 3
    [account] = listed["accounts"]
    assert (account["account_id"], account["is_owner"], account["record"]) == ("MYSELF00", True, "line 4")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\xff", b'identity\n"open', REACTED.replace(b"MYSELF00", b"DRAGAN01")]
)
def test_reactions_that_tell_no_owner(content):
    found = read(folder=FOLDER | {"contact_reactions.csv": content})
    assert not [m for m in found["messages"] if "account_id" in m]
    assert "sender_id" not in message(found, "a2")


def test_votes():
    folder = {
        "ballot.csv": csv(
            ("id", "aid", "creator", "ref_id", "name"),
            {"id": "5", "aid": "77", "creator": "DRAGAN01", "ref_id": "0000000009", "name": "Kada?"},
        ),
        "ballot_choice.csv": csv(("ballot", "aid", "name"), {"ballot": "77-DRAGAN01", "aid": "1", "name": "сутра"}),
    }
    votes = csv(
        ("id", "ballot_uid", "choice_uid", "identity", "choice", "created_at", "modified_at"),
        {
            "ballot_uid": "77-DRAGAN01",
            "choice_uid": "1",
            "identity": "LAYLA123",
            "choice": "1",
            "created_at": "1700000000000",
        },
        {"ballot_uid": "77-DRAGAN01", "choice_uid": "1", "identity": "DRAGAN01", "choice": "0"},
    )
    taken, left = testing.rows(lists, votes, name="ballot_vote.csv", beside=folder)["reactions"]
    assert (taken["person_id"], taken["value"], extra(taken)["question"], taken["reacted_at"].year) == (
        "LAYLA123",
        "сутра",
        "Kada?",
        2023,
    )
    assert (left["person_id"], left.get("value"), extra(left)["not_taken"]) == ("DRAGAN01", None, "сутра")


def test_lines_that_do_not_fit():
    bad = DIRECT.splitlines(keepends=True)[0] + b'"only","two"\n\n' + b'"' + b"x" * (17 << 20)
    found = read(bad)
    assert len(found["messages"]) == 1
    assert [p["kind"] for p in found["problems"]] == ["not_understood", "damaged"]


@pytest.mark.parametrize(
    ("parser", "content", "name"),
    [
        (messages, DIRECT, "message_1.csv"),
        (messages, GROUP, "group_message_1.csv"),
        (lists, CONTACTS, "contacts.csv"),
        (lists, GROUPS, "groups.csv"),
    ],
)
def test_promises(parser, content, name):
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []
