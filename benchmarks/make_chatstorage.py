"""An invented ChatStorage.sqlite of WhatsApp for iOS, as large as wanted.

    python benchmarks/make_chatstorage.py OUT [--messages 1000000] [--seed 1]

The same people talk as in `make_msgstore.py`. Of the messages 10 % have media with metadata, 5 % answer another, 5 % have a
reaction, 1.5 % are events; every own one has a blob with its receipts, every one a row in ZWAMESSAGEINFO and base64 in
ZPUSHNAME, as in a database of 2023; a few are places, cards, links, polls, or were deleted. A third of the members of groups are
hidden (LID). The same arguments give the same rows.
"""

import argparse
import base64
import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from make_msgstore import BEGIN, BLOCK, PLACES, STEP, Phone, Rows

SCHEMA = Path(__file__).with_name("chatstorage.sql")
COCOA = 978_307_200  # Unix seconds of 2001-01-01
OWNER = "38267999888@s.whatsapp.net"
FILLED = {
    "ZWACHATSESSION": "Z_PK, ZARCHIVED, ZHIDDEN, ZREMOVED, ZSESSIONTYPE, ZGROUPINFO, ZLASTMESSAGEDATE, ZCONTACTJID, ZPARTNERNAME",
    "ZWAGROUPINFO": "Z_PK, ZCHATSESSION, ZCREATIONDATE, ZCREATORJID",
    "ZWAGROUPMEMBER": "Z_PK, ZISACTIVE, ZISADMIN, ZCHATSESSION, ZCONTACTNAME, ZFIRSTNAME, ZMEMBERJID",
    "ZWAPROFILEPUSHNAME": "Z_PK, ZJID, ZPUSHNAME",
    "ZWAMESSAGE": "Z_PK, Z_ENT, Z_OPT, ZCHILDMESSAGESDELIVEREDCOUNT, ZCHILDMESSAGESPLAYEDCOUNT, ZCHILDMESSAGESREADCOUNT,"
    " ZDATAITEMVERSION, ZFLAGS, ZGROUPEVENTTYPE, ZISFROMME, ZMESSAGEERRORSTATUS, ZMESSAGESTATUS, ZMESSAGETYPE, ZSORT,"
    " ZSPOTLIGHTSTATUS, ZSTARRED, ZCHATSESSION, ZGROUPMEMBER, ZMEDIAITEM, ZMESSAGEINFO, ZMESSAGEDATE, ZSENTDATE, ZFROMJID,"
    " ZPUSHNAME, ZSTANZAID, ZTEXT, ZTOJID",
    "ZWAMESSAGEINFO": "Z_PK, ZMESSAGE, ZRECEIPTINFO",
    "ZWAMEDIAITEM": "Z_PK, ZCLOUDSTATUS, ZFILESIZE, ZMEDIAORIGIN, ZMOVIEDURATION, ZMESSAGE, ZASPECTRATIO, ZHACCURACY,"
    " ZLATITUDE, ZLONGITUDE, ZMEDIAURLDATE, ZMEDIALOCALPATH, ZMEDIAURL, ZTITLE, ZVCARDNAME, ZVCARDSTRING, ZXMPPTHUMBPATH,"
    " ZMEDIAKEY, ZMETADATA",
    "ZWAMESSAGEDATAITEM": "Z_PK, ZINDEX, ZTYPE, ZMESSAGE, ZDATE, ZCONTENT1, ZMATCHEDTEXT, ZSUMMARY, ZTITLE",
}
UNSET = dict.fromkeys(
    ("ZCLOUDSTATUS", "ZFILESIZE", "ZMEDIAORIGIN", "ZMOVIEDURATION", "ZASPECTRATIO"), 0
) | dict.fromkeys(("ZHACCURACY", "ZLATITUDE", "ZLONGITUDE"), 0.0)
# ZMESSAGETYPE, share in 1,000, MIME type, ending, seconds
MEDIA = (
    (1, 60, "image/jpeg", "jpg", 0),
    (3, 15, "audio/ogg; codecs=opus", "opus", 14),
    (2, 12, "video/mp4", "mp4", 32),
    (15, 8, "image/webp", "webp", 0),
    (8, 5, "application/pdf", "pdf", 0),
)
OTHERS = ((0, 856), (7, 18), (5, 3), (4, 1), (6, 12), (10, 3), (14, 5), (46, 2))
DRAWN = {code: drawn for code, _, *drawn in MEDIA}


def field(number: int, value: int | bytes | str) -> bytes:
    """A field in the wire format of Protocol Buffers."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def varint(value: int) -> bytes:
    """A number in that format."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def make(path: Path, messages: int, seed: int = 1) -> None:
    """Write the database; `path` must not exist."""
    tables, _, indexes = SCHEMA.read_text("utf-8").partition("-- Indexes")
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -64000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(tables)
    connection.execute("BEGIN")
    phone = IPhone(random.Random(seed), messages)
    for rows in chain([phone.people()], phone.blocks(messages)):
        for table, found in rows.items():
            marks = ", ".join("?" * len(found[0]))
            connection.executemany(f"INSERT INTO {table} ({FILLED[table]}) VALUES ({marks})", found)
    connection.execute("COMMIT")
    connection.executescript("-- " + indexes)
    connection.close()


class IPhone(Phone):
    """The same people on an iPhone. Row ids of ZWACHATSESSION: chats of two, then groups."""

    def __init__(self, rng: random.Random, messages: int) -> None:
        super().__init__(rng, messages)
        kinds = [(code, parts) for code, parts, *_ in MEDIA] + list(OTHERS)
        self.kinds = [code for code, parts in kinds for _ in range(parts)]
        self.items = self.links = 0
        self.roster: list[list[tuple[int, str]]] = []  # of each group: row ids and ids of its members

    def jid(self, row: int) -> str:
        """The id behind a row."""
        return "@".join(self.address(row))

    def people(self) -> Rows:
        """Rows about chats, groups and their members."""
        rows: Rows = defaultdict(list)
        began = BEGIN // 1000 - COCOA
        for chat in range(1, self.chats + 1):
            group = chat - self.chats + self.groups - 1
            jid = self.jid(chat if group < 0 else self.first_group + group)
            name = f"{self.rng.choice(self.names)} {chat}"
            info = None if group < 0 else group + 1
            rows["ZWACHATSESSION"].append((chat, int(chat % 20 == 0), 0, 0, int(group >= 0), info, began, jid, name))
        for group, members in enumerate(self.members):
            chat = self.chats - self.groups + 1 + group
            rows["ZWAGROUPINFO"].append((group + 1, chat, began, self.jid(members[0])))
            self.roster.append([])
            for place, member in enumerate(members):
                pk = len(rows["ZWAGROUPMEMBER"]) + 1
                name = self.rng.choice(self.names) if member < self.first_lid else ""
                rows["ZWAGROUPMEMBER"].append((pk, 1, int(place == 0), chat, name, "", self.jid(member)))
                self.roster[-1].append((pk, self.jid(member)))
        for lid in range(self.first_lid, self.first_group):
            name = self.rng.choice(self.names)
            rows["ZWAPROFILEPUSHNAME"].append((lid, self.jid(lid), name))
        return rows

    def blocks(self, messages: int) -> Iterator[Rows]:
        """Rows of messages and what hangs on them, `BLOCK` messages at a time."""
        for start in range(1, messages + 1, BLOCK):
            rows: Rows = defaultdict(list)
            for row in range(start, min(start + BLOCK, messages + 1)):
                self.message(row, rows)
            yield rows

    def message(self, row: int, rows: Rows) -> None:
        """One message."""
        rng = self.rng
        chance, draw = rng.random(), rng.random()
        code = self.kinds[int(rng.random() * 1000)]
        own = int(rng.random() < 0.4) if code not in (6, 10) else 0
        chat = rng.choices(self.chat_order, cum_weights=self.chat_weights)[0]
        group = chat - self.chats + self.groups - 1
        member, partner = rng.choice(self.roster[group]) if group >= 0 else (None, self.jid(chat))
        at = (BEGIN + row * STEP) / 1000 + chance * STEP / 1000 - COCOA
        sent = at + 0.05 if own else at + chance * 3
        at = at if own else int(at)
        text = self.text() if code in (0, 7) or (code in (1, 2) and chance < 0.2) else None
        item = self.item(row, rows, code, text, partner, int(at), draw)
        status, flags = (8 if chance < 0.9 else 6) if own else 8, 16_777_216 + (384 if chance > 0.99 else 0)
        name = field(1, int(at) + COCOA) + (field(3, OWNER) if own else b"") + field(4, own)
        who = self.jid(self.first_group + group) if group >= 0 else partner
        event = 2 if code in (6, 10) or not own else 0
        rows["ZWAMESSAGE"].append(
            (
                *(row, 9, 3, 0, 0, 0, 3, flags, event, own, 0, status, code, row, -32768, int(chance < 0.001), chat),
                *(None if own or group < 0 else member, item, row, at, sent, None if own else who),
                *(base64.b64encode(name).decode(), f"3A{rng.getrandbits(72):018X}", text, who if own else None),
            )
        )
        blob = self.receipts(own, group, partner, int(at) + COCOA)
        if code == 46:
            options = b"".join(field(3, field(1, word)) for word in rng.sample(self.words, 3))
            blob += field(8, field(2, self.text()) + options)
        if rng.random() < 0.05:
            key, when = f"3A{rng.getrandbits(72):018X}", (int(at) + COCOA) * 1000
            reaction = field(1, key) + field(2, partner) + field(3, rng.choice("👍❤😂😮🙏")) + field(4, when)
            blob += field(7, field(1, reaction))
        rows["ZWAMESSAGEINFO"].append((row, row, blob or None))

    def receipts(self, own: int, group: int, partner: str, at: int) -> bytes:
        """Who received an own message: packed persons with seconds, as in the blobs of 2023."""
        if not own:
            return b""
        readers = [partner] if group < 0 else [jid for _, jid in self.roster[group][:8]]
        blob = b""
        for jid in readers:
            digits = jid.partition("@")[0]
            packed = bytes([0x81]) + bytes.fromhex(digits + "f" * (len(digits) % 2))
            seconds = field(4, 0) + field(5, self.rng.randint(0, 40)) + field(10, field(1, 0) + field(2, 2))
            blob += field(2, field(1, packed) + seconds)
        return blob + field(3, at) + field(4, len(readers) + 1)

    def item(self, row: int, rows: Rows, code: int, text: str | None, partner: str, at: int, draw: float) -> int | None:
        """The media item of a message, if it has one: a file, a place, a card, a quote, a link."""
        if code in DRAWN:
            return self.media(row, rows, code, text, at)
        cells: dict[str, object] = {}
        if code == 5:
            latitude, longitude = self.rng.choice(PLACES)
            cells = {"ZMEDIAORIGIN": int(draw < 0.1), "ZHACCURACY": 10.0, "ZVCARDNAME": self.rng.choice(self.names)}
            cells |= {"ZLATITUDE": latitude + draw / 10, "ZLONGITUDE": longitude + draw / 10}
        elif code == 4:
            name = self.rng.choice(self.names)
            cells = {"ZVCARDNAME": name, "ZVCARDSTRING": f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD"}
        elif code == 7:
            self.links += 1
            link = f"https://maps.example/{row}"
            rows["ZWAMESSAGEDATAITEM"].append((self.links, 0, 2, row, at, link, link, None, self.text()))
            cells = {"ZMETADATA": field(3, self.text())}
        elif code == 0 and draw < 0.055:
            quoted = field(5, f"3A{self.rng.getrandbits(72):018X}") + field(6, partner)
            cells = {"ZMETADATA": quoted + field(19, field(1, self.text()))}
        return self.add(rows, row, cells) if cells else None

    def media(self, row: int, rows: Rows, code: int, text: str | None, at: int) -> int:
        """A file that was sent."""
        mime, ending, seconds = DRAWN[code]
        digest = base64.b64encode(self.rng.randbytes(32)).decode()
        path = f"Media/{row % 5000}@s.whatsapp.net/{row % 16:x}/{row % 15:x}/{digest[:22].replace('/', '_')}.{ending}"
        direct = f"/v/t62.7118-24/{row}_{digest[:24]}?ccb=11-4&oh={digest[:30]}&oe={row:08x}&_nc_sid=5e03e0"
        cells = {
            "ZFILESIZE": 20_000 + row % 180_000,
            "ZMOVIEDURATION": seconds,
            "ZASPECTRATIO": 0.75,
            "ZMEDIAURLDATE": at,
        }
        cells |= {"ZLATITUDE": 900.0, "ZLONGITUDE": 1600.0, "ZMEDIALOCALPATH": path, "ZXMPPTHUMBPATH": path + ".thumb"}
        cells |= {
            "ZMEDIAURL": f"https://mmg.example{direct}",
            "ZTITLE": text,
            "ZVCARDNAME": digest,
            "ZVCARDSTRING": mime,
        }
        metadata = field(4, direct) + field(13, 0) + field(46, 1) + field(50, 3)
        return self.add(rows, row, cells | {"ZMEDIAKEY": self.rng.randbytes(76), "ZMETADATA": metadata})

    def add(self, rows: Rows, message: int, cells: dict[str, object]) -> int:
        """A row of ZWAMEDIAITEM."""
        self.items += 1
        there = {**UNSET, **cells, "Z_PK": self.items, "ZMESSAGE": message}
        rows["ZWAMEDIAITEM"].append(tuple(there.get(name) for name in FILLED["ZWAMEDIAITEM"].split(", ")))
        return self.items


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--messages", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    given.out.unlink(missing_ok=True)
    make(given.out, given.messages, given.seed)
    print(f"{given.out}: {given.messages:,} messages, {given.out.stat().st_size / 1e6:,.1f} MB")


if __name__ == "__main__":
    main()
