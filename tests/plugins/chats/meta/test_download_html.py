"""Messages of Facebook and Instagram as pages of a download, of before 2018 and of later."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from forensics_plugins.chats.meta.download_html import is_page, page
from forensics_plugins.chats.meta.download_html_dates import habit_of, moment

from forensics import testing

OLD = """\
<html><head><title>Ana Анић - Messages</title></head><body><div class="nav"><ul><li>Profile</li></ul></div>
<div class="contents"><h1>Ana Анић</h1><div>
<div class="thread">Ana Анић, Boro &amp; Sin
<div class="message"><div class="message_header"><span class="user">Boro &amp; Sin</span>
<span class="meta">Friday, October 4, 2013 at 10:05pm PDT</span></div></div>
<p>Вечерас<br>у <b>осам</b>
тачно</p>
<div class="message"><div class="message_header"><span class="user">Ana Анић</span>
<span class="meta">petak, 4. oktobar 2013. u 22:05 UTC+02</span></div></div>
<p>=1+1 &lt;script&gt;</p><p><img src="photos/12_n.jpg"/></p>
<div class="message"><div class="message_header"><span class="user"></span><span class="meta">juče</span></div></div>
<p></p>
</div>
<div class="thread">Ana Анић, Boro &amp; Sin, Ceca
<div class="message"><div class="message_header"><span class="user">Ceca</span>
<span class="meta">Sonntag, 4. Dezember 2016 um 13:54 UTC-07</span></div></div>
<p>ок
</div></div></div></body></html>
"""
BLOCK = (
    '<div class="pam _3-95 _2pi0 _2lej uiBoxWhite noborder"><div class="_3-96 _2pio _2lek _2lel">{sender}</div>'
    '<div class="_3-96 _2let"><div><div></div><div>{text}</div><div></div><div>{more}</div></div></div>'
    '<div class="_3-94 _2lem">{date}</div></div>\n'
)
LATER = (
    '<html><head><title>Put na jug</title><style>._2lej{{}}</style></head><body><div class="_4t5n" role="main">'
    '<div class="_3-8y"><div class="_3b0d">Put na jug</div></div>\n'
    '<div class="pam _3-95 _2pi0 _2lej uiBoxWhite noborder"><div class="_2lek">Učesnici: Ana Anić, Boro i Ceca</div></div>\n'
    "{}</div></body></html>"
)
NEW_BLOCK = (
    '<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><h2 class="_3-95 _2pim _a6-h _a6-i">{sender}</h2>'
    '<div class="_3-95 _a6-p"><div><div></div><div>{text}</div><div>{more}</div></div></div>'
    '<div class="_3-94 _a6-o">{date}</div></div>\n'
)
SECTION = (
    '<section class="_a6-g"><h2 class="_2ph_ _a6-h _a6-i">{sender}</h2><div class="_2ph_ _a6-p"><div>{text}</div>'
    '<div>{more}</div></div><footer class="_3-94 _a6-o">'
    '<a href="https://www.facebook.com/dyi/l/?l=x"><div class="_a72d">{date}</div></a></footer>'
    "</section>\n"
)
REACTIONS = '<ul class="_tqp"><li>😍Boro</li><li>👍Ceca Cecić</li></ul>'
NEW = '<html><head><title>Put</title></head><body><main class="_a706" role="main">\n{}</main></body></html>'


def found(text: str, name: str = "message_1.html", **how) -> dict:
    return testing.rows(page, text.encode(), name=name, **how)


def later(*blocks: dict[str, str], block: str = BLOCK, around: str = LATER, **how) -> dict:
    filled = (
        block.format(**{"sender": "Ana", "text": "", "more": "", "date": "Feb 16, 2018 10:17pm", **b}) for b in blocks
    )
    return found(around.format("".join(filled)), **how)


# --- before 2018


def test_messages_of_before_2018() -> None:
    rows = found(OLD, "messages.htm")
    messages = rows["messages"]
    assert [(r["record"], r.get("sender_name"), r["direction"], r["kind"], r.get("text")) for r in messages] == [
        ("line 4", "Boro & Sin", "incoming", "text", "Вечерас\nу осам\nтачно"),
        ("line 8", "Ana Анић", "outgoing", "image", "=1+1 <script>"),
        ("line 11", None, "incoming", "text", None),
        ("line 15", "Ceca", "incoming", "text", "ок"),
    ]
    assert messages[0]["sent_at"] == datetime(2013, 10, 5, 5, 5, tzinfo=UTC)
    assert messages[1]["sent_at"] == datetime(2013, 10, 4, 20, 5, tzinfo=UTC)
    assert messages[3]["sent_at"] == datetime(2016, 12, 4, 20, 54, tzinfo=UTC)
    assert [(r["chat_id"], r["chat_name"], r["chat_kind"]) for r in (messages[0], messages[3])] == [
        ("Ana Анић, Boro & Sin", "Boro & Sin", "direct"),
        ("Ana Анић, Boro & Sin, Ceca", "Boro & Sin, Ceca", "group"),
    ]
    assert [(a["name"], a["stored_path"], a["record"]) for a in rows["attachments"]] == [
        ("12_n.jpg", "photos/12_n.jpg", "line 8")
    ]
    assert [(a["name"], a["is_owner"]) for a in rows["accounts"]] == [("Ana Анић", True)]
    assert len(rows["participants"]) == 5


def test_a_date_that_is_not_understood_keeps_its_row() -> None:
    rows = found(OLD, "messages.htm")
    assert json.loads(rows["messages"][2]["extra"]) == {"date_as_written": "juče"}
    assert [(p["record"], p["detail"]) for p in rows["problems"]] == [("line 11", "juče")]


def test_a_heading_that_is_no_member_is_no_owner() -> None:
    rows = found(OLD.replace("<h1>Ana Анић</h1>", "<h1>Messages</h1>"), "messages.htm")
    assert "accounts" not in rows
    assert {r["direction"] for r in rows["messages"]} == {"unknown"}


def test_pacific_time_is_behind_utc() -> None:
    # An old version of fbchat-archive-parser adds the offset instead of taking it away: 14 hours wrong.
    when = moment("Friday, October 4, 2013 at 10:05pm PDT", habit_of(()))
    assert when.at == datetime(2013, 10, 5, 5, 5, tzinfo=UTC)


def test_two_threads_of_the_same_people_are_one_chat() -> None:
    # Facebook cuts long threads into parts; the order of the names differs from part to part.
    part = OLD.replace("Ana Анић, Boro &amp; Sin, Ceca", "Boro &amp; Sin, Ana Анић")
    assert {r["chat_id"] for r in found(part, "messages.htm")["messages"]} == {"Ana Анић, Boro & Sin"}


# --- since 2018


def test_messages_of_a_later_page() -> None:
    rows = later(
        {
            "sender": "Ana Anić",
            "text": "Vidimo se<br>sutra &lt;3",
            "more": REACTIONS,
        },
        {
            "sender": "Boro",
            "more": '<a href="messages/inbox/put_1/photos/1_2.jpg"><img src="messages/inbox/put_1/photos/1_2.jpg"/></a>',
            "date": "Feb 17, 2018, 12:17 AM",
        },
        {"sender": "Ceca", "text": '<a href="https://primjer.me/?a=1">vidi</a>', "date": "Feb 17, 2018 12:17pm"},
    )
    messages = rows["messages"]
    assert "problems" not in rows
    assert [(r["sender_name"], r["kind"], r.get("text"), r["direction"]) for r in messages] == [
        ("Ana Anić", "text", "Vidimo se\nsutra <3", "unknown"),
        ("Boro", "image", None, "unknown"),
        ("Ceca", "text", "vidi", "unknown"),
    ]
    assert [(r["sent_local"], r["time_basis"]) for r in messages] == [
        (datetime(2018, 2, 16, 22, 17), "local"),
        (datetime(2018, 2, 17, 0, 17), "local"),
        (datetime(2018, 2, 17, 12, 17), "local"),
    ]
    assert {r["chat_name"] for r in messages} == {"Put na jug"}
    assert [(r["person_id"], r["value"]) for r in rows["reactions"]] == [("Boro", "😍"), ("Ceca Cecić", "👍")]
    assert [a["stored_path"] for a in rows["attachments"]] == ["messages/inbox/put_1/photos/1_2.jpg"]
    assert json.loads(messages[2]["extra"]) == {"links": ["https://primjer.me/?a=1"]}
    assert sorted(p["name"] for p in rows["participants"]) == ["Ana Anić", "Boro", "Ceca"]


def test_a_zone_makes_instants() -> None:
    (row,) = later({}, timezone="Europe/Podgorica")["messages"]
    assert (row["sent_at"], row["time_basis"]) == (
        datetime(2018, 2, 16, 21, 17, tzinfo=UTC),
        "assumed:Europe/Podgorica",
    )


@pytest.mark.parametrize(("block", "around"), [(NEW_BLOCK, NEW), (SECTION, NEW)])
def test_messages_of_newer_pages(block: str, around: str) -> None:
    rows = later(
        {
            "sender": "Драган",
            "text": "ок",
            "date": "Mar 08, 2026 2:15:07 pm",
            "more": '<ul class="_a6-q"><li><span>❤Ceca (Mar 09, 2026 2:15 pm)</span></li></ul>',
        },
        {
            "more": '<video src="your_facebook_activity/messages/inbox/a/videos/3.mp4"></video>',
            "date": "mar. 08, 2026 14:16",
        },
        block=block,
        around=around,
    )
    assert [(r["sender_name"], r["kind"], r.get("text"), r["sent_local"]) for r in rows["messages"]] == [
        ("Драган", "text", "ок", datetime(2026, 3, 8, 14, 15, 7)),
        ("Ana", "video", None, datetime(2026, 3, 8, 14, 16)),
    ]
    (reaction,) = rows["reactions"]
    assert (reaction["person_id"], reaction["value"]) == ("Ceca", "❤")
    assert "Mar 09, 2026 2:15 pm" in reaction["extra"]
    assert rows["attachments"][0]["name"] == "3.mp4"


def test_the_same_message_twice_is_two_rows() -> None:
    # A public parser takes sender, time and text for the id of a message and drops those that are equal.
    assert len(later({"text": "да"}, {"text": "да"})["messages"]) == 2


def test_a_message_without_date_is_a_problem_not_nothing() -> None:
    # Public parsers skip messages whose date they cannot read.
    rows = later({"text": "a", "date": "qwe"}, {"text": "b"})
    assert [r["text"] for r in rows["messages"]] == ["a", "b"]
    assert rows["problems"][0]["detail"] == "qwe"


def test_bytes_written_as_characters_are_repaired() -> None:
    rows = later({"sender": "Ä\u008cedo", "text": "kuÄ\u0087a"})["messages"]
    assert (rows[0]["sender_name"], rows[0]["text"]) == ("Čedo", "kuća")


def test_blank_lines_and_spaces_of_a_text_stay() -> None:
    assert later({"text": "a\n\n  b<br><br>c"})["messages"][0]["text"] == "a\n\n  b\n\nc"


# --- dates


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("Feb 16, 2018 10:17pm", datetime(2018, 2, 16, 22, 17)),
        ("Feb 16, 2018, 10:17 PM", datetime(2018, 2, 16, 22, 17)),
        ("16 Feb 2018, 22:17", datetime(2018, 2, 16, 22, 17)),
        ("Mar 08, 2026 2:15 pm", datetime(2026, 3, 8, 14, 15)),
        ("Dec 25 2020, 11:30 pm", datetime(2020, 12, 25, 23, 30)),
        ("May 17, 2026 2:05:15\u202fpm", datetime(2026, 5, 17, 14, 5, 15)),
        ("jan. 10, 2024 1:00 pm", datetime(2024, 1, 10, 13)),
        ("16.02.2018. 22:17", datetime(2018, 2, 16, 22, 17)),
        ("16. 2. 2018. 22:17", datetime(2018, 2, 16, 22, 17)),
        ("2018-02-16 22:17", datetime(2018, 2, 16, 22, 17)),
        ("16. фебруар 2018. 22:17", datetime(2018, 2, 16, 22, 17)),
        ("16 shk 2018, 22:17", datetime(2018, 2, 16, 22, 17)),
        ("16 Şub 2018 22:17", datetime(2018, 2, 16, 22, 17)),
        ("١٦ فبراير ٢٠١٨، ١٠:١٧ م", datetime(2018, 2, 16, 22, 17)),
        ("dimanche 4 décembre 2016, 13:54", datetime(2016, 12, 4, 13, 54)),
        ("4. desember 2016 kl. 13:54", datetime(2016, 12, 4, 13, 54)),
        ("16 лют 2018 22:17", None),
        ("16 lip 2018 22:17", None),  # June in Croatian, July in Polish
        ("05/06/2018 22:17", None),
        ("31. februar 2018. 22:17", None),
        ("Feb 16, 2018", None),
        ("", None),
    ],
)
def test_dates(written: str, when: datetime | None) -> None:
    assert moment(written, habit_of([written])) == (None, when)


def test_all_dates_of_a_page_tell_what_one_does_not() -> None:
    assert moment("05/06/2018 22:17", habit_of(["05/06/2018", "05/16/2018"])).local == datetime(2018, 5, 6, 22, 17)
    assert moment("05/06/2018 22:17", habit_of(["05/06/2018", "16/05/2018"])).local == datetime(2018, 6, 5, 22, 17)
    assert moment("16. lip 2018. 22:17", habit_of(["16. ožu 2018."])).local == datetime(2018, 6, 16, 22, 17)


@pytest.mark.parametrize(
    "written",
    [
        "Sunday, December 4, 2016 at 1:54pm PDT", "Sunday, December 4, 2016 at 13:54 PDT", "Sunday, 4 December 2016 at 13:54 PDT",
        "dimanche 4 décembre 2016, 13:54 UTC-07", "Sonntag, 4. Dezember 2016 um 13:54 UTC-07",
        "4. desember 2016 kl. 13:54 UTC-07", "nedjelja, 4. decembar 2016. u 21:54 UTC+01",
        "4 December 2016 at 12:54 PST", "4 December 2016 at 02:24 UTC+05:30",
    ],
)  # fmt: skip
def test_dates_with_an_offset(written: str) -> None:
    day = 3 if "05:30" in written else 4
    assert moment(written, habit_of(())).at == datetime(2016, 12, day, 20, 54, tzinfo=UTC)


def test_other_zones_are_local() -> None:
    assert moment("Sunday, December 4, 2016 at 1:54pm CDT", habit_of(())).local == datetime(2016, 12, 4, 13, 54)


# --- files


@pytest.mark.parametrize(
    ("text", "name", "claimed"),
    [
        (OLD, "messages.htm", True),
        (OLD, "12.html", True),
        (LATER.format(BLOCK), "message_1.html", True),
        (NEW.format(NEW_BLOCK), "message_12.html", True),
        (NEW.format(NEW_BLOCK), "followers_1.html", False),
        ("<html><body>message</body></html>", "message_1.html", False),
        ("", "message_1.html", False),
    ],
)
def test_what_is_claimed(text: str, name: str, claimed: bool) -> None:
    with testing.placed(text.encode(), name=name) as file:
        assert is_page(file) is claimed


@pytest.mark.parametrize(
    "text", [OLD, LATER.format(BLOCK.format(sender="A", text="x", more="", date="16 Feb 2018, 22:17"))]
)
def test_it_keeps_the_promises(text: str) -> None:
    assert [c for c in testing.check(page, text.encode(), name="message_1.html") if c.fault] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 5000,
        b"\xff" * 300,
        b"<div class='_a6-g'>" * 50_000,
        b"</div>" * 50_000,
        b"<p>" * 50_000,
        b"<![CDATA[",
        b"<a href='http://[x'>",
    ],
)
def test_other_content_never_makes_it_raise(content: bytes) -> None:
    rows = testing.rows(page, content, name="message_1.html")
    assert not [p for p in rows.get("problems", []) if " stopped: " in p["message"]]


class Source(HTMLParser):
    """Sender, date and text of each message of the corpus page, read plainly."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[list[str]] = []
        self.into: int | None = None

    def handle_starttag(self, tag: str, attrs: list) -> None:
        kind = dict(attrs).get("class")
        if kind == "message":
            self.seen.append(["", "", ""])
        self.into = {"user": 0, "meta": 1}.get(kind, 2 if tag == "p" else None)

    def handle_endtag(self, tag: str) -> None:
        self.into = None

    def handle_data(self, data: str) -> None:
        if self.into is not None and self.seen:
            self.seen[-1][self.into] += data


def test_corpus(corpus, manifest) -> None:
    (entry,) = [e for e in manifest.values() if e["path"] == "chats/html-exports/simulated_data.htm"]
    expected = entry["expected"]
    rows = testing.rows(page, corpus / entry["path"])
    assert "problems" not in rows
    messages = rows["messages"]
    assert len(messages) == expected["messages"]["value"]
    chats = {r["chat_id"]: r["chat_name"] for r in messages}
    assert len(chats) == expected["threads"]["value"]
    assert sorted(name.split(", ") for name in chats.values()) == sorted(expected["thread_participants"]["value"])
    source = Source()
    source.feed((corpus / entry["path"]).read_text("utf-8"))
    assert [(r["sender_name"], r["text"]) for r in messages] == [(user, text) for user, _, text in source.seen]
    for row, (user, date, _) in zip(messages, source.seen, strict=True):
        local = datetime.strptime(date.removesuffix(" PDT"), "%A, %B %d, %Y at %I:%M%p")
        assert (row["sent_at"].replace(tzinfo=None) - local).total_seconds() == 7 * 3600
        assert row["direction"] == ("outgoing" if user == "First User 一" else "incoming")


EXAMPLES = [("meta.download_html", "messages.htm", OLD.encode())]
