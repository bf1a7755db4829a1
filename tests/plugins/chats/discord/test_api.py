"""Messages as Discord's API gives them: in kv-storage, in cached answers, in the caches of both systems."""

import gzip
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.discord.cached import answer, ios, is_answer, is_ios, is_okhttp, okhttp
from forensics_plugins.chats.discord.kv_storage import messages as kv_storage
from forensics_plugins.chats.discord.told import clock, instant, made

from forensics import testing

HERE = Path(__file__).parent
PAGE = HERE / "page.json"
ITEMS = json.loads(PAGE.read_text("utf-8"))
OWNER = "100000000000000001"
FOLDER = f"data/data/com.discord/files/kv-storage/@account.{OWNER}/a"
URL = "https://discord.com/api/v9/channels/400000000000000004/messages?limit=50"
OKHTTP = f"{URL}\nGET\n0\nHTTP/1.1 200\n1\ncontent-encoding: gzip\n".encode()
HASH = "0123456789abcdef0123456789abcdef"


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def stored(item, channel: str = "400000000000000004") -> bytes:
    ident = item.get("id") if isinstance(item, dict) else None
    return b"\x01" + json.dumps({"channelId": channel, "id": ident, "message": item}, ensure_ascii=False).encode()


def database(rows) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE messages0 (a BLOB PRIMARY KEY, data BLOB) WITHOUT ROWID")
    connection.executemany("INSERT INTO messages0 VALUES (?, ?)", [(bytes([n]), data) for n, data in enumerate(rows)])
    content = bytes(connection.serialize())
    connection.close()
    return content


KV = database([*map(stored, ITEMS[:8]), b"\x02no json", b"", None, stored("?"), b"\x01" + b'{"a":' * 3000])


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return testing.rows(kv_storage, KV, name=FOLDER)


@pytest.fixture(scope="module")
def said(found) -> dict[str, dict]:
    return {row["message_id"][-2:]: row for row in found["messages"]}


def test_received_and_answered(said):
    one, two = said["01"], said["02"]
    assert (one["sender_id"], one["sender_name"], one["direction"]) == ("200000000000000002", "Мира", "incoming")
    assert one["sent_at"] == datetime(2024, 3, 1, 10, 0, 0, 123000, tzinfo=UTC)
    assert one["edited_at"] == datetime(2024, 3, 1, 10, 5, tzinfo=UTC)
    assert (one["edited"], one["chat_id"], one["raw_kind"]) == (True, "400000000000000004", "0")
    assert extra(one) == {
        "author_username": "mira",
        "mentions": [{"id": "300000000000000003", "username": "arben"}],
        "pinned": True,
    }
    assert (two["direction"], two["sender_name"], two["account_id"]) == ("outgoing", "nenad", OWNER)
    assert (two["reply_to"], two["kind"], two["text"]) == ("1213070461000000001", "image", "stižem")
    assert two["sent_at"] == datetime(2024, 3, 1, 10, 0, 10, tzinfo=UTC)  # its offset is not lost
    assert (extra(two)["quoted_text"], extra(two)["author_discriminator"]) == ("Где си? 👨‍👩‍👧", "1234")


def test_joiners_in_text_are_kept(said):
    """Other tools take out what is not printable, and with it the joiners: one family becomes three people."""
    assert said["01"]["text"] == "Где си? \U0001f468\u200d\U0001f469\u200d\U0001f467"


def test_all_attachments_are_given(found):
    """Other tools name the first attachment only."""
    names = [(row["message_id"][-2:], row["name"]) for row in found["attachments"]]
    assert names == [("02", "pasoš.jpg"), ("02", "b.pdf"), ("05", "voice-message.ogg"), ("06", "x.mp4")]
    picture, voice = found["attachments"][0], found["attachments"][2]
    assert (picture["mime"], picture["size"], picture["width"], picture["caption"]) == (
        "image/jpeg",
        4711,
        800,
        "pasoš",
    )
    assert (picture["url"], extra(picture)["proxy_url"]) == (
        "https://cdn.discordapp.com/attachments/4/5/pasos.jpg",
        "https://media.discordapp.net/5",
    )
    assert voice["duration_s"] == 3.5


def test_call(found, said):
    [call] = found["calls"]
    assert (said["03"]["kind"], said["03"]["direction"]) == ("call", "incoming")
    assert (call["duration_s"], call["direction"], call["peer_id"]) == (61.5, "incoming", "200000000000000002")
    assert call["started_at"] == datetime(2024, 3, 1, 10, 10, tzinfo=UTC)
    assert call["members"] == ["200000000000000002", OWNER]


def test_kinds(said):
    event, voice, forwarded, sticker = said["04"], said["05"], said["06"], said["07"]
    assert (event["kind"], event["direction"], extra(event)["meaning"]) == ("system", "system", "user joined")
    assert (voice["kind"], extra(voice)["author_bot"], extra(voice)["time_from"]) == ("voice", True, "id")
    assert voice["sent_at"] == datetime(2024, 3, 1, 10, 14, 0, 455000, tzinfo=UTC)  # no time is stored: the id has it
    assert (forwarded["forwarded"], forwarded["text"], forwarded["kind"]) == (True, "proslijeđeno سلام", "video")
    assert (sticker["kind"], sticker["direction"]) == ("sticker", "outgoing")


def test_odd_message(found):
    odd = next(row for row in found["messages"] if row["message_id"] == "x")
    assert odd["text"] == "<script>alert(1)</script> =1+1 \u202egpj.exe"
    assert (odd["kind"], odd["raw_kind"], "sender_id" in odd, "sent_at" in odd) == ("system", "999", False, False)


def test_rows_that_are_no_messages(found):
    assert len(found["messages"]) == 8
    records = [p["record"] for p in found["problems"]]
    assert records == ["messages0/id=x", *(f"messages0/number={n}" for n in (9, 10, 11, 12, 13))]


def test_reactions(found):
    many, mine = found["reactions"]
    assert (many["value"], extra(many), "person_id" in many) == ("👍", {"count": 3}, False)
    assert (mine["value"], mine["person_id"]) == ("golub", OWNER)


def test_owner(found):
    assert [row["account_id"] for row in found["accounts"]] == [OWNER]
    elsewhere = testing.rows(kv_storage, KV, name="a")
    assert {row["direction"] for row in elsewhere["messages"]} == {"unknown", "system"}
    assert "accounts" not in elsewhere


def test_every_message_of_a_page():
    """Other tools take the first message of a cached page only."""
    found = testing.rows(answer, PAGE)
    assert len(found["messages"]) == 8
    assert found["messages"][1]["record"] == "$[1]"
    assert [p["record"] for p in found["problems"]] == ["$[6]", "$[8]"]


def test_a_message_alone_and_what_a_search_found():
    alone = testing.rows(answer, json.dumps(ITEMS[0]).encode(), name="F00")
    search = testing.rows(answer, json.dumps({"messages": [[ITEMS[0]], [ITEMS[1]]]}).encode(), name="F01")
    assert [row["record"] for row in alone["messages"]] == ["$"]
    assert [row["record"] for row in search["messages"]] == ["$.messages[0][0]", "$.messages[1][0]"]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'[{"channel_id": 1}]', b'{"channel_id": {"messages": []}}', b'["global_name"]', b"["]
)
def test_other_json_is_not_claimed(content):
    with testing.placed(content, name="x") as file:
        assert not is_answer(file)


def cache(rows) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript("""
    CREATE TABLE cfurl_cache_response (entry_ID INTEGER PRIMARY KEY, request_key TEXT, time_stamp TEXT);
    CREATE TABLE cfurl_cache_receiver_data (entry_ID INTEGER PRIMARY KEY, isDataOnFS INTEGER, receiver_data BLOB);
    """)
    for number, (url, in_file, body) in enumerate(rows, start=1):
        connection.execute("INSERT INTO cfurl_cache_response VALUES (?, ?, '')", (number, url))
        connection.execute("INSERT INTO cfurl_cache_receiver_data VALUES (?, ?, ?)", (number, in_file, body))
    content = bytes(connection.serialize())
    connection.close()
    return content


CACHE = cache(
    [
        (URL, 0, PAGE.read_bytes()),
        (URL, 1, b"AAAA-BBBB"),
        (URL, 0, b"{no json"),
        ("https://example.org/api/v9/channels/1/messages", 0, PAGE.read_bytes()),
        ("https://discord.com/api/v9/users/1/profile", 0, b"{}"),
    ]
)


def test_cache_of_ios():
    found = testing.rows(ios, CACHE, name="Cache.db")
    assert len(found["messages"]) == 8
    assert found["messages"][0]["record"] == "cfurl_cache_response/entry_ID=1 $[0]"
    assert [p["kind"] for p in found["problems"]] == ["not_understood", "not_understood", "damaged"]


def test_cache_of_another_app_is_not_claimed():
    with testing.placed(cache([("https://example.org/channels/1/messages", 0, b"[]")]), name="Cache.db") as file:
        assert not is_ios(file)


def test_cache_of_android():
    packed = gzip.compress(PAGE.read_bytes(), mtime=0)
    found = testing.rows(okhttp, OKHTTP, name=f"{HASH}.0", beside={f"{HASH}.1": packed})
    assert len(found["messages"]) == 8
    assert found["messages"][0]["record"] == f"{HASH}.1 $[0]"


def test_body_of_android_is_read_once():
    with testing.placed(PAGE.read_bytes(), name=f"{HASH}.1", beside={f"{HASH}.0": OKHTTP}) as file:
        assert not is_answer(file)
    with testing.placed(PAGE.read_bytes(), name=f"{HASH}.1") as file:
        assert is_answer(file)


@pytest.mark.parametrize("body", [b"\x1f\x8b\x08" + b"x" * 50, b"no json", b""])
def test_bodies_that_are_none(body):
    found = testing.rows(okhttp, OKHTTP, name=f"{HASH}.0", beside={f"{HASH}.1": body})
    assert [p["kind"] for p in found["problems"]] == ["damaged"]


def test_a_missing_body():
    assert [p["kind"] for p in testing.rows(okhttp, OKHTTP, name=f"{HASH}.0")["problems"]] == ["not_read"]
    with testing.placed(OKHTTP.replace(b"messages", b"pins"), name=f"{HASH}.0") as file:
        assert not is_okhttp(file)


def test_ids_have_times():
    assert made("175928847299117063") == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)
    for ident in (None, True, "", "x", "٣" * 18, 5, -1, 1 << 70, 1.5, [], "9" * 30):
        assert made(ident) is None


@pytest.mark.parametrize("text", [None, 5, "", "soon", "2024-99-01T00:00:00Z", "9" * 60])
def test_times_that_are_none(text):
    assert instant(text) is None
    assert clock(text) is None


@pytest.mark.parametrize(
    ("parser", "content", "name"),
    [(kv_storage, KV, "a"), (answer, PAGE.read_bytes(), "F00"), (ios, CACHE, "Cache.db")],
    ids=["kv-storage", "page", "Cache.db"],
)
def test_promises(parser, content, name):
    assert [c for c in testing.check(parser, content, name=name) if c.fault] == []


def test_promises_of_an_entry():
    """Its body is another file, which the kit does not put beside it: no rows is right."""
    kept = testing.check(okhttp, OKHTTP, name=f"{HASH}.0")
    assert [c.promise for c in kept if c.fault] == ["it reads the file and gives rows"]


EXAMPLES = [
    ("discord.kv_storage", "a", KV),
    ("discord.ios.cache", "Cache.db", CACHE),
    (
        "discord.android.cache",
        f"{HASH}.0",
        OKHTTP,
        {"beside": {f"{HASH}.1": gzip.compress(PAGE.read_bytes(), mtime=0)}},
    ),
]
