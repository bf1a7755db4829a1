"""WhatsApp chat exports: heads of many locales, days told from months, senders told from system lines."""

from datetime import datetime

import pytest
from forensics_plugins.chats.whatsapp.export_header import head, order_of, wall_clock
from forensics_plugins.chats.whatsapp.export_text import chat, is_export

from forensics import testing

ANDROID = """\
12.03.24, 18:42 - Poruke i pozivi su zaštićeni.
12.03.24, 18:43 - Dragan: Stižu večeras
u dva kombija
12.03.24, 18:44 - +382 67 000 001: \u200eIMG-20240312-WA0003.jpg (фајл приложен)
ево слике
13.03.24, 07:05 - Dragan: <медији су изостављени>
13.03.24, 07:06 - Dragan: location: https://maps.google.com/?q=42.4304,19.2594
13.03.24, 07:07 - Dragan je promijenio temu u "Put: jug"
13.03.24, 07:08 - +382 67 000 001: This message was deleted
13.03.24, 07:09 - Dragan:
"""


def found(text: str, **beside: bytes) -> dict:
    return testing.rows(chat, text.encode(), name="WhatsApp Chat with Put.txt", beside=beside)


def test_messages_of_an_android_export() -> None:
    rows = found(ANDROID)["messages"]
    assert [(r["record"], r["kind"], r.get("sender_name"), r.get("text")) for r in rows] == [
        ("line 1", "system", None, "Poruke i pozivi su zaštićeni."),
        ("line 2", "text", "Dragan", "Stižu večeras\nu dva kombija"),
        ("line 4", "image", "+382 67 000 001", "ево слике"),
        ("line 6", "unknown", "Dragan", "<медији су изостављени>"),
        ("line 7", "location", "Dragan", "location: https://maps.google.com/?q=42.4304,19.2594"),
        ("line 8", "system", None, 'Dragan je promijenio temu u "Put: jug"'),
        ("line 9", "deleted", "+382 67 000 001", "This message was deleted"),
        ("line 10", "text", "Dragan", None),
    ]
    assert rows[1]["sent_local"] == datetime(2024, 3, 12, 18, 43)
    assert rows[1]["time_basis"] == "local"
    assert rows[1]["chat_name"] == "Put"
    assert (rows[4]["latitude"], rows[4]["longitude"]) == (42.4304, 19.2594)


def test_a_zone_makes_instants() -> None:
    rows = testing.rows(chat, ANDROID.encode(), name="a.txt", timezone="Europe/Podgorica")["messages"]
    assert rows[1]["sent_at"].isoformat() == "2024-03-12T17:43:00+00:00"
    assert rows[1]["time_basis"] == "assumed:Europe/Podgorica"


def test_attachment_is_present_when_it_lies_beside() -> None:
    there = found(ANDROID, **{"IMG-20240312-WA0003.jpg": b"picture"})["attachments"]
    assert [(a["name"], a["present"], a["size"]) for a in there] == [("IMG-20240312-WA0003.jpg", True, 7)]
    assert found(ANDROID)["attachments"][0]["present"] is False


def test_members_are_those_who_wrote() -> None:
    members = found(ANDROID)["participants"]
    assert [(m["name"], m.get("person_id")) for m in members] == [
        ("Dragan", None),
        ("+382 67 000 001", "+382 67 000 001"),
    ]


def test_lines_before_the_first_message_are_a_problem() -> None:
    assert "2 lines before" in found("one\ntwo\n" + ANDROID)["problems"][0]["message"]


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("03/02/17, 18:42 - A: x", datetime(2017, 2, 3, 18, 42)),
        ("23/06/2018, 01:55 p.m. - A: x", datetime(2018, 6, 23, 13, 55)),
        ("3/6/18, 1:55\u202fPM - A: x", datetime(2018, 6, 3, 13, 55)),
        ("3/6/2018 1:55 p.\u00a0m. - A: x", datetime(2018, 6, 3, 13, 55)),
        ("[13. 6. 2018. 21:25:15] A: x", datetime(2018, 6, 13, 21, 25, 15)),
        ("13. 6. 2018. u 21:25 - A: x", datetime(2018, 6, 13, 21, 25)),
        ("13.6.2018 klo 21.25.15 - A: x", datetime(2018, 6, 13, 21, 25, 15)),
        ("13.06.18 21.25.15: A: x", datetime(2018, 6, 13, 21, 25, 15)),
        ("03-06-2018, 01.55 PM - A: x", datetime(2018, 6, 3, 13, 55)),
        ("[2018/06/13, 21:25:15] A: x", datetime(2018, 6, 13, 21, 25, 15)),
        ("\u200e[3/6/18 1:55:00 p. m.] A: x", datetime(2018, 6, 3, 13, 55)),
        ("13.06.18, 8:25 abends - A: x", datetime(2018, 6, 13, 20, 25)),
        ("\u202b٢٧\u200f/١٠\u200f/٢٠٢٠, ٣:٥٥ م - أ: مرحبا", datetime(2020, 10, 27, 15, 55)),
        ("12/3/2024 8:05 ÖS - A: x", datetime(2024, 3, 12, 20, 5)),
        ("12/3/24, 12:10 AM - A: x", datetime(2024, 3, 12, 0, 10)),
    ],
)
def test_heads_of_locales(line: str, when: datetime) -> None:
    start = head(line)
    assert start is not None
    assert start.rest in ("A: x", "أ: مرحبا")
    assert wall_clock(start, "ymd" if len(start.date[0]) == 4 else "dmy") == when


@pytest.mark.parametrize("line", ["see you 3/6/18 - x", "3/6/18", "[note] 3/6/18, 10:00 - x", "call me 18:42 - ok"])
def test_text_that_only_looks_like_a_head(line: str) -> None:
    assert head(line) is None


@pytest.mark.parametrize(
    ("dates", "order", "sure"),
    [
        (["13/02/17", "01/03/17"], "dmy", True),
        (["02/13/17", "03/01/17"], "mdy", True),
        (["2017/02/13"], "ymd", True),
        (["01/02/17", "02/01/17"], "mdy", True),  # only so do the messages follow each other
        (["01/02/17", "01/03/17"], "dmy", False),
    ],
)
def test_day_and_month_are_told_over_the_whole_file(dates: list[str], order: str, sure: bool) -> None:
    heads = [head(f"{date}, 10:00 - A: x") for date in dates]
    verdict = order_of([h for h in heads if h])
    assert (verdict.order, verdict.sure) == (order, sure)


def test_an_assumed_order_is_said_on_each_row() -> None:
    rows = found("01/02/17, 10:00 - A: x\n01/03/17, 10:00 - A: y\n")
    assert "day first is assumed" in rows["problems"][0]["message"]
    assert '"date_order": "assumed: day first"' in rows["messages"][0]["extra"]


def test_another_calendar_is_a_problem_not_a_date() -> None:
    rows = found("۱۳۹۹/۵/۳, ۱۱:۲۰ - الف: سلام\n۱۳۹۹/۵/۴, ۱۱:۲۰ - الف: سلام\n")
    assert "sent_local" not in rows["messages"][0]
    assert "cannot be" in rows["problems"][0]["message"]


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        (ANDROID, True),
        ("[2024-03-12, 18:42] A: x\n[2024-03-12, 18:43] B: y\n", False),  # Signal, by another tool
        ("just a note\nof 12.03.24\n", False),
        ("", False),
    ],
)
def test_what_is_claimed(text: str, claimed: bool) -> None:
    with testing.placed(text.encode(), name="note.txt") as file:
        assert is_export(file) is claimed


def test_corpus(corpus, manifest) -> None:
    counts = {
        "lorem.txt": (500, "2020-01-15T02:22:56", "2020-05-11T22:32:48"),
        "lorem-merge-part1.txt": (300, "2019-10-20T10:16:00", "2020-01-10T00:00:00"),
        "pokemon.txt": (20, "2016-04-15T15:04:00", "2016-10-31T12:23:00"),
        "test_[mmddyy]_24hrs.txt": (9, "2019-01-01T11:25:00", "2021-12-30T22:01:00"),
        "test_ddmmyy_24hrs.txt": (9, "2019-01-01T11:25:00", "2021-12-30T22:01:00"),
        "test_mmddyyyy_12hrs.txt": (9, "2019-01-01T11:25:00", "2021-12-30T22:01:00"),
    }
    for name, (count, first, last) in counts.items():
        rows = testing.rows(chat, corpus / "chats" / "text-exports" / name)
        assert "problems" not in rows, name
        times = [row["sent_local"].isoformat() for row in rows["messages"]]
        assert (len(times), times[0], times[-1]) == (count, first, last), name


def test_corpus_authors(corpus, manifest) -> None:
    for entry in manifest.values():
        if entry["format"] == "WhatsApp chat export .txt" and "authors" in entry["expected"]:
            rows = testing.rows(chat, corpus / entry["path"])["messages"]
            counted: dict[str, int] = {}
            for row in rows:
                if "sender_name" in row:
                    counted[row["sender_name"]] = counted.get(row["sender_name"], 0) + 1
            assert counted == entry["expected"]["authors"]["value"]
