"""WhatsApp Chat Exporter: chats as text."""

from datetime import datetime

import pytest
from forensics_plugins.chats.tool_reports.whatsapp_chat_exporter_text import export, is_export

from forensics import testing

TEXT = """\
[2023-11-15 03:14] Милан: Kad krećete?
                          Sutra <b>rano</b>: u pet
[2023-11-15 03:15] You: U pet
[2023-11-15 03:19] Милан: <media file in WhatsApp/Media/IMG-2.jpg>
                          други
[2023-11-15 03:20] Милан: <The media is missing>
[2023-11-15 03:22] Милан:\x20
[2023-02-30 03:22] سارا: \u202e=1+1\x1b[31m
"""


def test_messages() -> None:
    found = testing.rows(export, TEXT.encode(), name="Милан.txt")
    seen = [(m["direction"], m.get("sender_name"), m["kind"], m.get("text")) for m in found["messages"]]
    assert seen == [
        ("incoming", "Милан", "text", "Kad krećete?\nSutra <b>rano</b>: u pet"),
        ("outgoing", None, "text", "U pet"),
        ("incoming", "Милан", "unknown", "други"),
        ("incoming", "Милан", "unknown", None),
        ("incoming", "Милан", "unknown", None),
        ("incoming", "سارا", "text", "\u202e=1+1\x1b[31m"),
    ]
    first = found["messages"][0]
    assert first["sent_local"] == datetime(2023, 11, 15, 3, 14)
    assert (first["chat_id"], first["record"]) == ("Милан", "line 1")
    assert "sent_local" not in found["messages"][-1]  # 30 February
    assert len(found["problems"]) == 1


def test_attachments() -> None:
    found = testing.rows(export, TEXT.encode(), name="Милан.txt")
    named, missing = found["attachments"]
    assert (named["name"], named["stored_path"], named["caption"]) == ("IMG-2.jpg", "WhatsApp/Media/IMG-2.jpg", "други")
    assert missing["present"] is False


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[15-01-20 02:22:56] Mary: a",
        "[2023-11-15, 03:14:00] Mary: a",
        "[2023-11-15, 03:14] Mary: a",
        "2023-11-15, 03:14 - Mary: a",
        "[INFO] x: y",
    ],
)
def test_exports_by_others_are_not_claimed(line: str) -> None:
    with testing.placed(line.encode(), name="chat.txt") as file:
        assert not is_export(file)


def test_it_keeps_the_promises_of_the_collection() -> None:
    assert [c for c in testing.check(export, TEXT.encode(), name="Милан.txt") if c.fault] == []


EXAMPLES = [("whatsapp_chat_exporter.text", "Милан.txt", TEXT.encode())]
