"""Signal chats as text, as other tools write them."""

from datetime import datetime

import pytest
from forensics_plugins.chats.signal.export_text import chat, is_export

from forensics import testing

EXPORT = """\
[2024-03-12, 18:42] Me: Stižu večeras  
[2024-03-12, 18:43] Драган: ок

> Stižu večeras

важи: у осам  
(- Me: 👍, Ана: ❤️ -)
[2024-03-12, 18:44] Драган: ![slika 1.jpg](./media/2024-03-12/slika%201.jpg)  [plan.pdf](./media/plan.pdf)  
[2024-03-12 18:45:10] Драган: (This message was deleted)
[2024-03-12 18:46:10] Me: Outgoing video call (accepted, 2m 3s)  
[2024-03-12 18:47:10] No-Sender: 
[2024-03-12 18:48:10] Ана: =1+1 <b>\u202exe\x1b[0m [tekst](https://primjer.me/media/x)  
[2024-03-12 18:49:10] Ана: 
(( 😀 ))
"""  # noqa: W291  two spaces end a line in Markdown


def found(text: str, **how) -> dict:
    return testing.rows(chat, text.encode(), name="chat.txt", **how)


def test_messages() -> None:
    rows = found(EXPORT)
    assert "problems" not in rows
    assert [(r["record"], r["sender_name"], r["direction"], r["kind"]) for r in rows["messages"]] == [
        ("line 1", "Me", "outgoing", "text"),
        ("line 2", "Драган", "incoming", "text"),
        ("line 8", "Драган", "incoming", "image"),
        ("line 9", "Драган", "incoming", "deleted"),
        ("line 10", "Me", "outgoing", "call"),
        ("line 11", "No-Sender", "unknown", "text"),
        ("line 12", "Ана", "incoming", "text"),
        ("line 13", "Ана", "incoming", "sticker"),
    ]
    first, second = rows["messages"][:2]
    assert (first["sent_local"], first["time_basis"]) == (datetime(2024, 3, 12, 18, 42), "local")
    assert second["text"] == "ок\n\n> Stižu večeras\n\nважи: у осам  "
    assert rows["messages"][3]["sent_local"] == datetime(2024, 3, 12, 18, 45, 10)
    assert rows["messages"][3]["deleted"] is True
    assert rows["messages"][6]["text"] == "=1+1 <b>\u202exe\x1b[0m [tekst](https://primjer.me/media/x)  "


def test_attachments_reactions_and_members() -> None:
    rows = found(EXPORT)
    assert [(a["name"], a["stored_path"], a["record"]) for a in rows["attachments"]] == [
        ("slika 1.jpg", "media/2024-03-12/slika 1.jpg", "line 8"),
        ("plan.pdf", "media/plan.pdf", "line 8"),
    ]
    assert [(r["person_id"], r["value"], r["record"]) for r in rows["reactions"]] == [
        ("Me", "👍", "line 2"),
        ("Ана", "❤️", "line 2"),
    ]
    assert [p["name"] for p in rows["participants"]] == ["Me", "Драган", "Ана"]
    assert [(a["name"], a["is_owner"]) for a in rows["accounts"]] == [("Me", True)]


def test_lines_of_a_message_stay_lines() -> None:
    # chat-miner joins them with spaces, strips the text, and gives the newest message first.
    rows = found("[2019-12-24, 12:23] Jane: a\n\n  b\n[2019-12-24, 12:24] Jane: c\n")["messages"]
    assert [r["text"] for r in rows] == ["a\n\n  b", "c"]


def test_a_text_that_starts_with_a_date_is_no_head() -> None:
    rows = found("[2019-12-24, 12:23] Jane: see\nfrom [2019-12-24, 12:23] John: x\n[2019-13-24, 12:23] Jane: y\n")
    assert [r["text"] for r in rows["messages"]] == ["see\nfrom [2019-12-24, 12:23] John: x", "y"]
    assert "sent_local" not in rows["messages"][1]
    assert "cannot be" in rows["problems"][0]["message"]


def test_without_an_owner_there_is_no_direction() -> None:
    rows = found("[2019-12-24, 12:23] Jane: a\n[2019-12-24, 12:24] no name here\n")
    assert [r["direction"] for r in rows["messages"]] == ["unknown", "system"]
    assert "accounts" not in rows


def test_a_line_without_a_name_stays() -> None:
    # chat-miner stops with an error at a head without a colon.
    assert (
        found("[2019-12-24, 12:23] Jane: a\n[2019-12-24, 12:24] no name\nx: y\n")["messages"][1]["text"]
        == "no name\nx: y"
    )


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        (EXPORT, True),
        ("\ufeff[2019-12-24, 12:23] Jane: a\r\n", True),
        ("[12/03/2024, 18:42] Ana: x\n[12/03/2024, 18:43] Ana: y\n", False),  # WhatsApp
        ("[2024-03-12, 18:42:01] started\n[2024-03-12, 18:42:02] stopped\n", False),  # a log
        ("[2024-03-12 18:42:01] Ana: x\n[2024-03-12 18:43:02] Ana: y\n", False),  # WhatsApp in Sweden, or a log
        ("[2024-03-12 18:42:01] Ana: x\n[2024-03-12 18:43:02] Me: y\n", True),
        ("note\n[2019-12-24, 12:23] Jane: a\n", False),
        ("", False),
    ],
)
def test_what_is_claimed(text: str, claimed: bool) -> None:
    with testing.placed(text.encode(), name="note.txt") as file:
        assert is_export(file) is claimed


def test_it_keeps_the_promises() -> None:
    assert [c for c in testing.check(chat, EXPORT.encode(), name="chat.txt") if c.fault] == []


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 5000, b"\xff" * 300, b"[2019-12-24, 12:23] \xff: \xfe\n", b"x\n" * 10]
)
def test_other_content_never_makes_it_raise(content: bytes) -> None:
    rows = testing.rows(chat, content, name="chat.txt")
    assert not [p for p in rows.get("problems", []) if " stopped: " in p["message"]]


def test_corpus(corpus, manifest) -> None:
    (entry,) = [e for e in manifest.values() if e["path"] == "chats/text-exports/test_export.txt"]
    rows = testing.rows(chat, corpus / entry["path"])
    assert "problems" not in rows
    ours = [(r["sent_local"].isoformat(), r["sender_name"], r["text"].replace("\n", " ")) for r in rows["messages"]]
    said = [(m["timestamp"], m["author"], m["message"]) for m in entry["expected"]["messages"]["value"]]
    assert ours == said[::-1]
    assert rows["messages"][1]["text"] == "Hello\nJane!"
