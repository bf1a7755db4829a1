"""Chats that LINE exported as text."""

from datetime import datetime

import pytest
from forensics_plugins.chats.line.export_text import chat, is_export

from forensics import testing

YEAR_FIRST = """\ufeff[LINE] Chat history with Драган
Saved on: 2024/01/15 10:30

2024/01/15(Mon)
10:30\tДраган\tГде си?
10:31\tЈа\t[Sticker]
10:32\tЈа\tлинија 1
линија 2

10:33\tДраган joined the group
10:34\tДраган\t"први
2024/01/01
трећи"
10:35\tДраган\t"није затворено
10:36\tДраган\ta\tb

2024.01.16 Tuesday
00:05\tДраган\t=1+1
00:06\tДраган\tUnsent a message.
00:07\tДраган\t☎ Call time 1:05
"""
US = """[LINE] Chat history with Alice
Saved on: 11/04/2025, 08:00

Mon, 11/03/2025
8:15AM\tAlice\tNew week
12:30 PM\tBob\tnoon
12:01 AM\tBob\tnight
"""
EUROPE = "[LINE] Chat history with Travel\r\nSaved on: 26/04/2026, 04:36PM\r\n\r\nSun, 05/04/2026\r\n04:35PM\tAlex\thello\r\n"
JAPAN = """[LINE] 美聡とのトーク履歴
保存日時：2026/03/08 22:10

2026/01/25(日)
午後3:07\t美聡\tスタンプ
上午12:07\t美聡\t[写真]
"""


def read(text: str, **more) -> dict[str, list[dict]]:
    return testing.rows(chat, text.encode(), name="chat.txt", **more)


def test_messages_and_lines():
    found = read(YEAR_FIRST)
    first, sticker, two, event, quoted, unclosed, tabs, night, unsent, call = found["messages"]
    assert (first["sent_local"], first["text"], first["sender_name"]) == (
        datetime(2024, 1, 15, 10, 30),
        "Где си?",
        "Драган",
    )
    assert (first["chat_name"], first["direction"], first["kind"]) == ("Драган", "unknown", "text")
    assert (sticker["kind"], two["text"]) == ("sticker", "линија 1\nлинија 2")
    assert (event["kind"], event["direction"], event["text"], "sender_name" in event) == (
        "system",
        "system",
        "Драган joined the group",
        False,
    )
    assert quoted["text"] == "први\n2024/01/01\nтрећи"
    assert (unclosed["text"], tabs["text"]) == ('"није затворено', "a\tb")
    assert (night["sent_local"], night["text"]) == (datetime(2024, 1, 16, 0, 5), "=1+1")
    assert (unsent["kind"], unsent["deleted"], call["kind"]) == ("deleted", True, "call")
    assert [p["name"] for p in found["participants"]] == ["Драган", "Ја"]
    assert "problems" not in found


def test_day_of_the_week_tells_day_from_month():
    """Both forms are in use: tests of two other tools have one each. 3 November is not to become 11 March."""
    us = read(US)["messages"]
    assert [m["sent_local"] for m in us] == [
        datetime(2025, 11, 3, 8, 15),
        datetime(2025, 11, 3, 12, 30),
        datetime(2025, 11, 3, 0, 1),
    ]
    [europe] = read(EUROPE)["messages"]
    assert (europe["sent_local"], europe["text"]) == (datetime(2026, 4, 5, 16, 35), "hello")
    unsure = read(US.replace("Mon,", "Wed,"))
    assert [p["kind"] for p in unsure["problems"]] == ["not_understood"]


def test_japanese():
    found = read(JAPAN)
    assert [(m["kind"], m["sent_local"].hour, m["chat_name"]) for m in found["messages"]] == [
        ("sticker", 15, "美聡"),
        ("image", 0, "美聡"),
    ]


def test_timezone():
    [one] = read(EUROPE, timezone="Europe/Podgorica")["messages"]
    assert (one["sent_at"].hour, one["time_basis"]) == (14, "assumed:Europe/Podgorica")


@pytest.mark.parametrize(
    "text",
    [
        "[LINE] Chat history with X\n\n10:30\tA\tb\n",
        "[LINE] Chat history with X\n\n2024/99/99\n99:99\tA\tb\n",
        "[LINE] Chat history with X\nwhat\nis\nthis\n2024/01/15\n10:30\t\n",
    ],
)
def test_odd_files_are_told(text):
    found = read(text)
    assert len(found["messages"]) == 1
    assert [p["kind"] for p in found.get("problems", [])] or found["messages"][0].get("sent_local")


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (YEAR_FIRST, True),
        (US, True),
        (JAPAN, True),
        ("[LINE] is a prefix of a log\n10:30\tx\n", False),
        ("2024/01/15\n10:30\tA\tb\n", False),
        ("", False),
    ],
)
def test_recognised(text, ours):
    with testing.placed(text.encode(), name="x.txt") as file:
        assert is_export(file) == ours


def test_promises():
    assert [c for c in testing.check(chat, YEAR_FIRST.encode(), name="chat.txt") if c.fault] == []
