"""Discord's data package, and the JSON of DiscordChatExporter."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.discord.exporter import export, is_export
from forensics_plugins.chats.discord.package import in_csv, in_json, is_csv, is_json
from forensics_plugins.chats.discord.package_about import account, channel, index, is_channel, is_index, is_user

from forensics import testing

HERE = Path(__file__).parent
JSON, CSV = HERE / "messages.json", HERE / "messages.csv"
CHAT = "400000000000000004"
DIRECT = json.dumps({"id": CHAT, "type": "DM", "recipients": ["100000000000000001", "200000000000000002"]}).encode()
SERVER = json.dumps({"id": CHAT, "type": 0, "name": "opšte", "guild": {"id": "5", "name": "Vozači"}}).encode()
INDEX = json.dumps({CHAT: "Direct Message with mira#0", "400000000000000005": "opšte in Vozači", "1": None}).encode()


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_messages_in_json():
    name = f"package/messages/c{CHAT}/messages.json"
    found = testing.rows(in_json, JSON, name=name, beside={f"package/messages/c{CHAT}/channel.json": DIRECT})
    one, two, other, odd, bare = found["messages"]
    assert (one["text"], one["direction"], one["kind"]) == ("Где си?\ndrugi red", "outgoing", "text")
    assert (one["chat_id"], one["chat_kind"], one["message_id"]) == (CHAT, "direct", "1213063181623099392")
    assert (two["kind"], "text" in two) == ("image", False)
    assert (odd["text"], odd["direction"], extra(odd), "sent_at" in odd) == (
        "=1+1 \u202egpj.exe",
        "outgoing",
        {"Flags": 4},
        False,
    )
    assert (bare["kind"], other["text"]) == ("unknown", "drugi sat")
    assert [p["record"] for p in found["problems"]] == ["$[3]", "$[5]"]
    assert "sender_id" not in one  # the package names the owner in another file


@pytest.mark.parametrize("folder", ["account", "Account", "Compte", "Аккаунт"])
def test_owner_and_partner_from_the_package(folder):
    """Readers that look for one folder name fail on packages in other languages."""
    beside = {
        f"package/Poruke/c{CHAT}/channel.json": DIRECT,
        "package/Poruke/index.json": INDEX,
        f"package/{folder}/user.json": (HERE / "user.json").read_bytes(),
    }
    for content, parser, name in ((JSON, in_json, "messages.json"), (CSV, in_csv, "messages.csv")):
        found = testing.rows(parser, content, name=f"package/Poruke/c{CHAT}/{name}", beside=beside)
        for row in found["messages"]:
            assert (row["account_id"], row["sender_id"]) == ("175928847299117063", "175928847299117063")
            assert (row["sender_name"], row["direction"]) == ("Ненад", "outgoing")
            assert (row["chat_name"], row["chat_kind"]) == ("mira", "direct")


def test_index_without_a_channel():
    beside = {"messages/index.json": json.dumps({CHAT: "opšte in Vozači"}).encode()}
    found = testing.rows(in_json, JSON, name=f"messages/c{CHAT}/messages.json", beside=beside)
    assert {(row["chat_name"], row.get("chat_kind")) for row in found["messages"]} == {("opšte in Vozači", None)}


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"id": 5, "username": 7}', b'{"id": ["x"]}', b"\xff\xfe"])
def test_poisoned_files_around(content):
    beside = {
        f"messages/c{CHAT}/channel.json": content,
        "messages/index.json": content,
        "account/user.json": content,
    }
    found = testing.rows(in_json, JSON, name=f"messages/c{CHAT}/messages.json", beside=beside)
    assert len(found["messages"]) == 5
    assert "account_id" not in found["messages"][0]


def test_time_is_utc_where_the_id_says_so():
    """A wall clock that is the second in which its id was made is UTC; one that is not is left as it is."""
    one, two, other, _, bare = testing.rows(in_json, JSON, name="messages.json")["messages"]
    assert one["sent_at"] == datetime(2024, 3, 1, 10, 0, 0, 123000, tzinfo=UTC)
    assert two["sent_at"] == datetime(2024, 3, 1, 10, 0, 10, 999000, tzinfo=UTC)
    assert (other["sent_local"], "sent_at" in other) == (datetime(2024, 3, 1, 12, 0, 10), False)
    assert bare["sent_at"] == two["sent_at"]  # no time is stored: the id has it


def test_attachments():
    found = testing.rows(in_json, JSON, name="messages.json")["attachments"]
    assert [row["name"] for row in found] == ["pasoš.jpg", "b.pdf"]
    assert found[0]["url"].endswith("paso%C5%A1.jpg?ex=0")


def test_messages_in_csv():
    name = f"package/messages/{CHAT}/messages.csv"
    found = testing.rows(in_csv, CSV, name=name, beside={f"package/messages/{CHAT}/channel.json": SERVER})
    one, two = found["messages"]
    assert (one["text"], one["record"]) == ('Где си, "Miro"?\ndrugi red', "line 3")
    assert one["sent_at"] == datetime(2024, 3, 1, 10, 0, 0, 726000, tzinfo=UTC)
    assert (one["chat_name"], one["chat_kind"]) == ("Vozači / opšte", "channel")
    assert (two["kind"], found["attachments"][0]["name"]) == ("video", "a.mp4")
    assert [p["record"] for p in found["problems"]] == ["line 5"]


@pytest.mark.parametrize("beside", [{}, {"messages/c400000000000000004/channel.json": b"{"}])
def test_without_a_channel_the_folder_names_the_chat(beside):
    found = testing.rows(in_json, JSON, name=f"messages/c{CHAT}/messages.json", beside=beside)
    assert {row["chat_id"] for row in found["messages"]} == {CHAT}


def test_members():
    members = testing.rows(channel, DIRECT, name="channel.json")["participants"]
    assert [(row["chat_id"], row["person_id"]) for row in members] == [
        (CHAT, "100000000000000001"),
        (CHAT, "200000000000000002"),
    ]
    [named] = testing.rows(index, INDEX, name="index.json")["participants"]
    assert (named["chat_id"], named["name"]) == (CHAT, "mira")
    assert testing.rows(channel, SERVER, name="channel.json") == {}


def test_account():
    found = testing.rows(account, HERE / "user.json")
    [owner] = found["accounts"]
    assert (owner["account_id"], owner["name"], owner["username"]) == ("175928847299117063", "Ненад", "nenad#1234")
    assert (owner["email"], owner["phone"], extra(owner)["ip"]) == ("n@example.org", "+38267999888", "203.0.113.9")
    assert owner["created_at"] == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)
    people = {row["person_id"]: row for row in found["contacts"]}
    mira, arben, odd = (people[f"{n}00000000000000{m:03}"] for n, m in ((2, 2), (3, 3), (3, 4)))
    assert (mira["name"], mira["username"], extra(mira)) == (
        "Мира",
        "mira",
        {"relation": "friend", "nickname": "Mirica"},
    )
    assert (arben["username"], arben["blocked"], extra(odd)["relation"]) == ("arben#0007", True, "unknown (99)")
    assert [p["record"] for p in found["problems"]] == ["$.relationships[3]"]


def test_export_of_the_tool():
    found = testing.rows(export, HERE / "exporter.json")
    one, two, call, joined, forwarded, odd = found["messages"]
    assert (one["chat_id"], one["chat_name"], one["chat_kind"]) == (CHAT, "Мира", "direct")
    assert one["sent_at"] == datetime(2024, 3, 1, 10, 0, 0, 123000, tzinfo=UTC)  # with its offset
    assert (one["sender_id"], one["sender_name"], one["direction"]) == ("200000000000000002", "Мира", "unknown")
    assert (one["kind"], one["edited"], one["text"]) == ("image", True, "Где си, @arben?")
    assert extra(one)["contentRaw"] == "Где си, <@300000000000000003>?"
    assert (two["reply_to"], extra(two)["author_bot"], extra(two)["author_number"]) == (
        "1213070461000000001",
        True,
        "1234",
    )
    assert (call["kind"], found["calls"][0]["duration_s"]) == ("call", 61.0)
    assert (joined["kind"], joined["direction"], joined["raw_kind"]) == ("system", "system", "GuildMemberJoin")
    assert (forwarded["forwarded"], forwarded["text"], forwarded["kind"]) == (True, "سلام", "video")
    assert (odd["kind"], odd["raw_kind"], "sent_at" in odd) == ("system", '["odd"]', False)


def test_files_and_reactions_of_the_tool():
    found = testing.rows(export, HERE / "exporter.json")
    local, web, video = found["attachments"]
    assert (local["name"], local["stored_path"], "url" in local) == (
        "pasoš.jpg",
        "chat.json_Files\\pasos-612A2.jpg",
        False,
    )
    assert (web["url"], "stored_path" in web, video["name"]) == ("https://cdn.discordapp.com/6", False, "x.mp4")
    assert [(row["value"], row.get("person_id")) for row in found["reactions"]] == [
        ("👍", "100000000000000001"),
        ("👍", "300000000000000003"),
        ("🔥", None),
    ]


def test_messages_that_the_export_lacks():
    found = testing.rows(export, HERE / "exporter.json")
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [
        ("not_understood", "$.messages[3]"),
        ("not_understood", "$.messages[6]"),
        ("damaged", "$.messageCount"),
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "messages.json"),
        (b'{"id": "1", "type": "DM"}', "channel.json"),
        (b'{"username": "a", "id": "100000000000000001"}', "user.json"),
        (b'{"400000000000000005": "Vozaci"}', "index.json"),
        (b'{"guild": {}, "channel": {}}', "x.json"),
        (b"[]", "user.json"),
        (b"ID;Timestamp", "messages.csv"),
    ],
)
def test_others_are_not_claimed(content, name):
    with testing.placed(content, name=name) as file:
        assert not any(test(file) for test in (is_json, is_csv, is_user, is_channel, is_index, is_export))


@pytest.mark.parametrize(
    ("parser", "content", "name"),
    [
        (in_json, JSON.read_bytes(), "messages.json"),
        (in_csv, CSV.read_bytes(), "messages.csv"),
        (account, (HERE / "user.json").read_bytes(), "user.json"),
        (channel, DIRECT, "channel.json"),
        (index, INDEX, "index.json"),
        (export, (HERE / "exporter.json").read_bytes(), "chat.json"),
    ],
    ids=["json", "csv", "account", "channel", "index", "exporter"],
)
def test_promises(parser, content, name):
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []


@pytest.mark.parametrize("parser", [in_json, account, channel, index, export])
@pytest.mark.parametrize("content", [b"", b"null", b"[[]]", b'{"messages": {"a": 1}, "relationships": 5}', b"[" * 9000])
def test_poisoned(parser, content):
    assert testing.rows(parser, content, name="x.json").keys() <= {"problems", "accounts"}


EXAMPLES = [("discord.package.channel", "channel.json", DIRECT), ("discord.package.index", "index.json", INDEX)]
