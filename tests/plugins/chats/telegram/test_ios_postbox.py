"""Telegram for iOS: every row of t7 comes out by its key, with what its value says as far as it can be read."""

import json
import random
import sqlite3
import struct
from datetime import UTC, datetime

import pytest
from forensics_plugins.chats.telegram import postbox
from forensics_plugins.chats.telegram.ios_postbox import database

from forensics import testing

from .conftest import Long, root

AT = 1_700_000_000
ME, MIRA = 100, 200
GROUP, CHANNEL, SECRET = 1 << 32 | 300, 2 << 32 | 400, 3 << 32 | 7
SENT, RECEIVED = 0, 4


def when(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def key(peer: int, number: int, at: int = AT, space: int = 0) -> bytes:
    return struct.pack(">qiii", peer, space, at, number)


def blobs(values: list[bytes]) -> bytes:
    return struct.pack("<i", len(values)) + b"".join(struct.pack("<i", len(v)) + v for v in values)


def value(
    text: str,
    author: int | None = None,
    flags: int = RECEIVED,
    forward: bytes = b"\0",
    attributes: list[bytes] = [],  # noqa: B006
    media: list[bytes] = [],  # noqa: B006
    references: list[tuple[int, int]] = [],  # noqa: B006
    thread: int | None = None,
    tail: bytes = b"",
) -> bytes:
    """A message as the Postbox writes it."""
    head = struct.pack("<BII", 0, 1, 0)
    head += struct.pack("<Bq", 32, thread) if thread is not None else b"\0"
    who = struct.pack("<Bq", 1, author) if author is not None else b"\0"
    words = text.encode()
    return (
        head
        + struct.pack("<II", flags, 0)
        + forward
        + who
        + struct.pack("<i", len(words))
        + words
        + blobs(attributes)
        + blobs(media)
        + struct.pack("<i", len(references))
        + b"".join(struct.pack("<iq", *r) for r in references)
        + tail
    )


def build(rows: list[tuple[object, object]]) -> bytes:
    """A database of rows (key, value) of t7."""
    connection = sqlite3.connect(":memory:")
    connection.executescript("""
        CREATE TABLE t0(key INTEGER PRIMARY KEY, value BLOB); CREATE TABLE t2(key INTEGER PRIMARY KEY, value BLOB);
        CREATE TABLE t6(key BLOB PRIMARY KEY, value BLOB); CREATE TABLE t7(key BLOB PRIMARY KEY, value BLOB);
        CREATE TABLE t9(key BLOB PRIMARY KEY, value BLOB);
    """)
    peers = {
        ME: {"@": "TelegramUser", "i": Long(ME), "fn": "Vlasnik", "p": "38269100100", "bi": None},
        MIRA: {"@": "TelegramUser", "i": Long(MIRA), "fn": "Mira", "ln": "Šarić", "un": "mira", "ph": []},
        GROUP: {"@": "TelegramGroup", "i": Long(GROUP), "t": "Ekipa", "pc": 3},
        CHANNEL: {"@": "TelegramChannel", "i": Long(CHANNEL), "t": "Vijesti", "i.t": 0},
        SECRET: {"@": "TelegramSecretChat", "i": Long(SECRET), "r": Long(MIRA)},
        201: {"@": "TelegramSomethingNew", "i": Long(201)},
    }
    connection.executemany("INSERT INTO t2 VALUES (?,?)", [(k, root(v)) for k, v in peers.items()])
    state = root({"@": "AuthorizedAccountState", "peerId": Long(ME)})
    connection.execute("INSERT INTO t0 VALUES (2, ?)", (state,))
    page = root({"@": "TelegramMediaWebpage", "u": "https://primjer.me", "ti": "Primjer"})
    shared = b"\0" + struct.pack("<i", len(page)) + page + struct.pack("<i", 2)
    connection.execute("INSERT INTO t6 VALUES (?,?)", (struct.pack(">iq", 6, 55), shared))
    connection.executemany("INSERT INTO t7 VALUES (?,?)", rows)
    return bytes(connection.serialize())


@pytest.fixture(scope="module")
def make():
    return build


def messages() -> list[tuple[bytes, bytes]]:
    resource = {"@": "CloudDocumentMediaResource", "d": 2, "f": Long(555), "n": 4096, "fn": "poruka.ogg"}
    voice = {
        "@": "TelegramMediaFile",
        "r": resource,
        "mt": "audio/ogg",
        "at": [{"@": "TelegramMediaFileAttribute", "t": 5, "iv": 1, "du": 12}],
    }
    small = {"@": "CloudPhotoSizeMediaResource", "d": 4, "i": Long(9), "s": "m", "n": 100}
    large = {"@": "CloudPhotoSizeMediaResource", "d": 4, "i": Long(9), "s": "y", "n": 90000}
    photo = {
        "@": "TelegramMediaImage",
        "r": [
            {"@": "TelegramMediaImageRepresentation", "dx": 90, "dy": 60, "r": small},
            {"@": "TelegramMediaImageRepresentation", "dx": 1280, "dy": 960, "r": large},
        ],
    }
    place = {"@": "TelegramMediaMap", "la": 42.44, "lo": 19.26, "acc": 15.0, "ve": {"@": "MapVenue", "ti": "Kod Mire"}}
    call = {"@": "TelegramMediaAction", "_rawValue": 14, "i": Long(88), "dr": 0, "d": None, "vc": 1}
    card = {"@": "TelegramMediaContact", "n.f": "Ana", "n.l": "", "pn": "069333444"}
    poll = {"@": "TelegramMediaPoll", "t": "Kad?", "os": [{"@": "TelegramMediaPollOption", "t": "Sutra"}]}
    edited = root({"@": "EditedMessageAttribute", "d": AT + 60, "h": 0})
    reply = root({"@": "ReplyMessageAttribute", "i": Long(1 << 32), "p": Long(MIRA)})
    timer = root({"@": "AutoremoveTimeoutMessageAttribute", "t": 3600, "c": AT + 5})
    forward = struct.pack("<Bqi", 1 | 8, MIRA, AT - 500) + struct.pack("<i", 4) + b"Neko"
    new = {"@": "TelegramMediaStory"}
    return [
        (key(MIRA, 1), value("Stižemo sutra, граница", ME, SENT)),
        (key(GROUP, 2), value("u grupi", MIRA, attributes=[edited, reply], thread=5)),
        (key(MIRA, 3), value("slika", ME, 2, media=[root(photo)])),
        (key(MIRA, 4), value("", MIRA, media=[root(voice)])),
        (key(MIRA, 5), value("", MIRA, media=[root(place)], forward=forward)),
        (key(MIRA, 6), value("", MIRA, media=[root(card)])),
        (key(MIRA, 7), value("", MIRA, media=[root(call)])),
        (key(SECRET, 8, space=2), value("tajna", MIRA, attributes=[timer])),
        (key(CHANNEL, 9), value("vidi", CHANNEL, references=[(6, 55)])),
        (key(MIRA, 10), value("", MIRA, media=[root(poll)], tail=struct.pack("<ii", 1, 2) + b"ab")),
        (key(MIRA, 11), value("tekst ostaje", MIRA, media=[root(new)])),
        (key(MIRA, 12), value("bez priloga", MIRA, references=[(5, 1)])),
        (key(MIRA, 13), value("odsječena", MIRA)[:30]),
        (key(MIRA, 14), b"\x01rupa"),
        (key(MIRA, 15, at=AT + 90_000, space=4), value("kasnije", ME, SENT)),
        (key(MIRA, 16), value("priroda", MIRA, attributes=[b"\x05nonsense"])),
        (b"short", value("bez ključa", MIRA)),
    ]


@pytest.fixture(scope="module")
def rows() -> list[tuple[bytes, bytes]]:
    return messages()


@pytest.fixture(scope="module")
def found(make, rows) -> dict:
    return testing.rows(database, make(rows), name="db_sqlite")


def by_number(found: dict) -> dict:
    return {row.get("message_id"): row for row in found["messages"]}


def test_every_row_of_the_table_is_a_row(found: dict, rows: list) -> None:
    assert len(found["messages"]) == len(rows)
    seen = [(m.get("message_id"), m["direction"], m["kind"], m.get("text")) for m in found["messages"]]
    assert sorted(seen, key=lambda m: int(m[0] or 99)) == [
        ("1", "outgoing", "text", "Stižemo sutra, граница"),
        ("2", "incoming", "text", "u grupi"),
        ("3", "outgoing", "image", "slika"),
        ("4", "incoming", "voice", None),
        ("5", "incoming", "location", None),
        ("6", "incoming", "contact", None),
        ("7", "system", "call", None),
        ("8", "incoming", "text", "tajna"),
        ("9", "incoming", "link", "vidi"),
        ("10", "incoming", "poll", "Kad?"),
        ("11", "incoming", "unknown", "tekst ostaje"),
        ("12", "incoming", "unknown", "bez priloga"),
        ("13", "incoming", "unknown", None),
        ("14", "unknown", "unknown", None),
        ("15", "outgoing", "text", "kasnije"),
        ("16", "incoming", "unknown", "priroda"),
        (None, "incoming", "text", "bez ključa"),
    ]


def test_text(found: dict) -> None:
    row = by_number(found)["1"]
    assert row["account_id"] == row["sender_id"] == "user100"
    assert (row["chat_id"], row["chat_name"], row["chat_kind"]) == ("200", "Mira Šarić", "direct")
    assert (row["sender_name"], row["status"], row["sent_at"]) == ("Vlasnik", "sent", when(AT))
    assert row["record"] == "t7/key=" + key(MIRA, 1).hex().upper()


def test_group_with_edit_and_reply(found: dict) -> None:
    row = by_number(found)["2"]
    assert (row["chat_id"], row["chat_name"], row["chat_kind"]) == ("-300", "Ekipa", "group")
    assert (row["edited"], row["edited_at"], row["reply_to"]) == (True, when(AT + 60), "1")
    assert json.loads(row["extra"])["thread"] == 5


def test_attachments(found: dict) -> None:
    seen = {a["message_id"]: a for a in found["attachments"]}
    assert seen["3"]["stored_path"] == "telegram-cloud-photo-size-4-9-y"
    assert (seen["3"]["width"], seen["3"]["height"], seen["3"]["size"]) == (1280, 960, 90000)
    assert seen["4"]["stored_path"] == "telegram-cloud-document-2-555"
    assert (seen["4"]["name"], seen["4"]["mime"], seen["4"]["size"], seen["4"]["duration_s"]) == (
        "poruka.ogg",
        "audio/ogg",
        4096,
        12,
    )
    assert by_number(found)["3"]["status"] == "failed"


def test_place_and_forward(found: dict) -> None:
    row = by_number(found)["5"]
    assert (row["latitude"], row["longitude"], row["forwarded"]) == (42.44, 19.26, True)
    forward = json.loads(row["extra"])["forward"]
    assert forward == {"from": "user200", "date": "2023-11-14T22:05:00Z", "signature": "Neko"}
    [place] = found["places"]
    assert (place["label"], place["accuracy_m"], place["at"]) == ("Kod Mire", 15.0, when(AT))


def test_call(found: dict) -> None:
    [call] = found["calls"]
    assert (call["call_id"], call["outcome"], call["video"], call["direction"]) == ("88", "missed", True, "incoming")
    assert (call["peer_id"], call["peer_name"]) == ("user200", "Mira Šarić")


def test_secret_chat(found: dict) -> None:
    row = by_number(found)["8"]
    assert (row["chat_id"], row["chat_name"], row["chat_kind"]) == ("secret7", "Mira Šarić", "direct")
    assert row["expires_at"] == when(AT + 3605)
    assert json.loads(row["extra"]) == {"namespace": 2}


def test_media_in_extra(found: dict) -> None:
    rows = by_number(found)
    assert json.loads(rows["9"]["extra"])["link"] == {"url": "https://primjer.me", "title": "Primjer"}
    assert json.loads(rows["6"]["extra"])["contact"] == {"first_name": "Ana", "phone_number": "069333444"}
    assert json.loads(rows["10"]["extra"])["poll_options"] == ["Sutra"]
    assert rows["9"]["chat_kind"] == "channel"


def test_scheduled_message_was_not_sent(found: dict) -> None:
    row = by_number(found)["15"]
    assert "sent_at" not in row
    assert row["status"] == "scheduled"
    assert json.loads(row["extra"])["scheduled_at"] == "2023-11-15T23:13:20Z"


def test_problems_one_a_reason(found: dict) -> None:
    story = f"0x{postbox.murmur(b'TelegramMediaStory'):08x}"
    peer = f"0x{postbox.murmur(b'TelegramSomethingNew'):08x}"
    seen = sorted((p["kind"], p["message"]) for p in found["problems"])
    assert seen == sorted(
        [
            ("not_understood", f"a peer of the unknown class {peer} (once)"),
            ("not_understood", f"media of the unknown class {story} (once)"),
            ("not_read", "a message with media that lie in another message or are not stored (once)"),
            ("damaged", "a message is not as the Postbox writes it (once)"),
            ("not_understood", "a message with an entry of type 1, which is no message (once)"),
            ("not_understood", "a message with attributes or media that cannot be read (once)"),
            ("not_understood", "a message whose key is not as described (once)"),
        ]
    )


def test_reasons_are_counted_not_repeated(make) -> None:
    found = testing.rows(database, make([(key(MIRA, n), b"\x01") for n in range(500)]), name="db_sqlite")
    assert len(found["messages"]) == 500
    counted = [p["message"] for p in found["problems"] if "entry of type 1" in p["message"]]
    assert counted == [
        "a message with an entry of type 1, which is no message (500 times, first in the record named here)"
    ]


def test_contacts_and_account(found: dict) -> None:
    seen = [(c["person_id"], c.get("name"), c.get("phones"), c.get("username")) for c in found["contacts"]]
    assert seen == [
        ("user100", "Vlasnik", ["38269100100"], None),
        ("user200", "Mira Šarić", None, "mira"),
        ("user201", None, None, None),
    ]
    [account] = found["accounts"]
    assert (account["account_id"], account["phone"], account["is_owner"]) == ("user100", "38269100100", True)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (100, "user100"),
        (GROUP, "chat300"),
        (CHANNEL, "channel400"),
        (3 << 32 | 0xFFFFFFFE, "secret-2"),
        (1 << 35 | 2 << 32 | 5, "channel4294967301"),
    ],
)
def test_ids_of_peers(number: int, text: str) -> None:
    assert str(postbox.peer_id(number)) == text


def test_key_with_time_before_namespace() -> None:
    old = struct.pack(">qiii", MIRA, AT, 0, 5)
    assert postbox.message_key(old) == postbox.message_key(key(MIRA, 5))


@pytest.mark.parametrize(
    ("data", "seed", "value"),
    [(b"", 0, 0), (b"test", 0, 0xBA6BD213), (b"Hello, world!", 0, 0xC0363E43), (b"aaa", 0x9747B28C, 0x283E0130)],
)
def test_murmur(data: bytes, seed: int, value: int) -> None:
    """Known values of the published hash."""
    assert postbox.murmur(data, seed) == value


def test_cut_anywhere_is_a_fault_and_never_an_error(rows: list) -> None:
    whole = rows[3][1]
    for size in range(len(whole)):
        assert postbox.message(whole[:size]).fault is not None
    assert postbox.message(whole).fault is None


def test_hostile_depth_and_length() -> None:
    nested = b""
    for _ in range(2000):
        nested = b"\x01a\x05" + struct.pack("<Ii", 0, len(nested)) + nested
    with pytest.raises(postbox.NotPostbox, match="nested deeper"):
        postbox.entries(postbox.Reader(nested))
    for length in (-1, 0x7FFFFFFF):
        for kind in (4, 6, 7, 8, 9, 10, 12, 13):
            with pytest.raises(postbox.NotPostbox):
                postbox.entries(postbox.Reader(b"\x01a" + struct.pack("<Bi", kind, length)))


def test_values_of_wrong_types(make) -> None:
    rows = [("text", "text"), (5, None), (b"", b""), (key(MIRA, 1), 7)]
    assert len(testing.rows(database, make(rows), name="db_sqlite")["messages"]) == 4


def test_changed_values_never_raise(make, rows) -> None:
    dice = random.Random(20_240_229)
    changed = []
    for number in range(400):
        mutant = bytearray(dice.choice(rows)[1])
        for _ in range(dice.randint(1, 4)):
            mutant[dice.randrange(len(mutant))] = dice.choice((0, 3, 8, 11, 255, dice.randrange(256)))
        changed.append((key(MIRA, number), bytes(mutant)))
    found = testing.rows(database, make(changed), name="db_sqlite")
    assert len(found["messages"]) == 400
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]


def test_promises(make, rows) -> None:
    assert [c for c in testing.check(database, make(rows), name="db_sqlite") if c.fault] == []


EXAMPLES = [("telegram.ios", "db_sqlite", build(messages()))]
