"""An invented msgstore.db of WhatsApp for Android, schema since 2021, of any size.

    python benchmarks/make_msgstore.py OUT --messages 1000000 --seed 1

Chats of two and of groups in Balkan languages of both scripts, about 50 characters a message. Of the messages 10 % have media,
5 % answer another, 5 % have a reaction, 1.5 % are system events, every own one has a receipt; a few have a place, a link, an
edit, or were deleted. The same arguments give the same rows.
"""

import argparse
import base64
import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate, chain
from pathlib import Path

SCHEMA = Path(__file__).with_name("msgstore.sql")
BLOCK = 10_000  # messages; what hangs on them is held in memory so long
BEGIN = 1_640_995_200_000  # 2022-01-01, Unix milliseconds
RARE = 20_000  # made-up words
STEP = 60_000  # milliseconds between two messages, on average

COMMON = """granica sutra auto čeka kod pumpe dođi u šest pare ljudi kuća ima brate šta radiš evo me stižem ne mogu sada
zovi kasnije gdje si reci mu da ponese novac za gorivo prelaz slobodan policija stoji na putu sačekaj malo javi kad kreneš
mirë sot nesër makina kufiri lekë njerëz shtëpi rrugë vëlla граница сутра ауто чека код пумпе дођи у шест паре људи кућа има
брате шта радиш ево ме стижем не могу сада зови касније где си реци му да понесе новац за гориво прелаз слободан полиција
стоји на путу сачекај мало јави кад кренеш ок да не 👍 😂"""
LATIN = (
    "ba bo vi vo go gra da do đu že za zo ja ka ko lje lu ma mi no nje pa po ra ri sa so ta tu ći fa ho ce ča dže ša"
)
CYRILLIC = (
    "ба бо ви во го гра да до ђу же за зо ја ка ко ље лу ма ми но ње па по ра ри са со та ту ћи фа хо це ча џе ша"
)
NAMES = "Milan Arben Dragan Јелена Fatmir Горан Amira Ivo Бојан Lejla Besnik Ана Nikola Сања Edin Марко"
PLACES = ((42.441, 19.263), (43.856, 18.413), (42.662, 21.165), (44.817, 20.457), (41.997, 21.428))
# message_type, share in 1,000, MIME type, folder, duration in seconds
MEDIA = (
    (1, 60, "image/jpeg", "WhatsApp Images/IMG", 0),
    (2, 15, "audio/ogg; codecs=opus", "WhatsApp Voice Notes/PTT", 14),
    (3, 12, "video/mp4", "WhatsApp Video/VID", 32),
    (20, 8, "image/webp", "WhatsApp Stickers/STK", 0),
    (9, 5, "application/pdf", "WhatsApp Documents/DOC", 0),
)
# Columns that are filled, where others of the table stay as they are by default.
FILLED = {
    "chat": "_id, jid_row_id, hidden, subject, created_timestamp, archived, sort_timestamp, group_type",
    "message": "_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, broadcast, recipient_count, origination_flags,"
    " origin, timestamp, received_timestamp, receipt_server_timestamp, message_type, text_data, starred, lookup_tables,"
    " message_add_on_flags, sort_id",
    "message_media": "message_row_id, chat_row_id, autotransfer_retry_enabled, transferred, transcoded, file_path, file_size,"
    " suspicious_content, media_key, media_key_timestamp, width, height, thumbnail_height_width_ratio, direct_path,"
    " mime_type, file_length, media_name, file_hash, media_duration, page_count, enc_file_hash",
    "message_location": "message_row_id, chat_row_id, latitude, longitude, live_location_share_duration",
    "message_quoted": "message_row_id, chat_row_id, parent_message_chat_row_id, from_me, sender_jid_row_id, key_id,"
    " timestamp, message_type, origin, text_data",
    "message_text": "message_row_id, page_title, url, preview_type",
    "call_log": "_id, jid_row_id, from_me, call_id, transaction_id, timestamp, video_call, duration, call_result,"
    " bytes_transferred",
}
PLAIN = ((0, 877), (5, 3), (7, 15), (15, 5))
DRAWN = {code: (mime, folder, seconds) for code, _, mime, folder, seconds in MEDIA}


def make(path: Path, messages: int, seed: int = 1) -> None:
    """Write the database; `path` must not exist."""
    tables, _, indexes = SCHEMA.read_text("utf-8").partition("-- Indexes")
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -64000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(tables)
    connection.execute("BEGIN")
    phone = Phone(random.Random(seed), messages)
    for rows in chain([phone.people()], phone.blocks(messages)):
        for table, found in rows.items():
            columns = f"({FILLED[table]})" if table in FILLED else ""
            connection.executemany(f"INSERT INTO {table} {columns} VALUES ({', '.join('?' * len(found[0]))})", found)
    connection.execute("COMMIT")
    connection.executescript("-- " + indexes)
    connection.close()


Rows = dict[str, list[tuple]]


class Phone:
    """The people and chats of one phone. Row ids of `jid`: first persons, then their hidden identities, then groups."""

    def __init__(self, rng: random.Random, messages: int) -> None:
        self.rng = rng
        self.persons = 40 + messages // 1500
        self.groups = 4 + messages // 10_000
        self.first_lid = self.persons + 1
        self.first_group = self.first_lid + self.persons // 3
        self.members = [rng.sample(range(1, self.first_group), min(24, self.persons)) for _ in range(self.groups)]
        self.chats = self.persons // 2 + self.groups  # chat row ids: those of two, then groups
        self.chat_weights = list(accumulate(1 / (n + 2) for n in range(self.chats)))
        common = COMMON.split()
        self.words = [*common, *(self.made_up() for _ in range(RARE))]
        self.word_weights = list(accumulate([*(400 / (n + 10) for n in range(len(common))), *[0.02] * RARE]))
        self.names = NAMES.split()
        kinds = [(code, parts) for code, parts, *_ in MEDIA] + list(PLAIN)
        self.kinds = [code for code, parts in kinds for _ in range(parts)]
        self.chat_order = rng.sample(range(1, self.chats + 1), self.chats)
        self.add_ons = 0

    def made_up(self) -> str:
        """A word that most chats have never, and some a few times."""
        return "".join(self.rng.choices(self.rng.choice((LATIN, CYRILLIC)).split(), k=self.rng.randint(2, 4)))

    def people(self) -> Rows:
        """Rows about persons, groups and calls."""
        rows: Rows = defaultdict(list)
        rng = self.rng
        rows["props"] = [(1, "user_push_name", "Dragan")]
        for row in range(1, self.first_group + self.groups):
            user, server = self.address(row)
            rows["jid"].append((row, user, server, 0, 0, 17 if server == "lid" else 0, f"{user}@{server}"))
        for lid in range(self.first_lid, self.first_group - 2):
            rows["jid_map"].append((lid, lid - self.persons, 0))
        for chat in range(1, self.chats + 1):
            group = chat - self.chats + self.groups - 1
            jid, subject = (
                (chat, None) if group < 0 else (self.first_group + group, f"{rng.choice(self.names)} {group}")
            )
            rows["chat"].append((chat, jid, 0, subject, BEGIN, int(chat % 20 == 0), BEGIN, int(group >= 0)))
        for group, members in enumerate(self.members):
            for place, member in enumerate(members):
                number = len(rows["group_participant_user"]) + 1
                rows["group_participant_user"].append((number, self.first_group + group, member, int(place == 0), 0))
        for call in range(1, self.persons * 2):
            person, own = rng.randint(1, self.persons), rng.randint(0, 1)
            at, result = BEGIN + call * 3_600_000, rng.choice((5, 5, 5, 2, 4))
            key = f"call:{rng.getrandbits(128):032X}"
            duration = rng.randint(5, 900) if result == 5 else 0
            rows["call_log"].append((call, person, own, key, -1, at, call % 5 == 0, duration, result, duration * 4000))
            if call % 10 == 0:
                rows["call_log_participant_v2"].append((len(rows["call_log_participant_v2"]) + 1, call, person, result))
        return rows

    def address(self, jid: int) -> tuple[str, str]:
        """User and server of a row of `jid`."""
        if jid < self.first_lid:
            return f"3816{jid:08d}", "s.whatsapp.net"
        if jid < self.first_group:
            return f"2056904{jid:08d}", "lid"
        return f"12036304{jid:010d}", "g.us"

    def blocks(self, messages: int) -> Iterator[Rows]:
        """Rows of messages and what hangs on them, `BLOCK` messages at a time. Row 1 is WhatsApp's own placeholder."""
        yield {"message": [(1, -1, 0, "-1", *[None] * 14, 0)]}
        for start in range(2, messages + 2, BLOCK):
            rows: Rows = defaultdict(list)
            for row in range(start, min(start + BLOCK, messages + 2)):
                self.message(row, rows)
            yield rows

    def message(self, row: int, rows: Rows) -> None:
        """One message."""
        rng = self.rng
        chance = rng.random()
        kind = self.kinds[int(rng.random() * 1000)]
        own = int(rng.random() < 0.4) if kind != 7 else 0
        chat = rng.choices(self.chat_order, cum_weights=self.chat_weights)[0]
        group = chat - self.chats + self.groups - 1
        partner = chat if group < 0 else rng.choice(self.members[group])
        sender = 0 if own or group < 0 else partner
        at = BEGIN + row * STEP + int(chance * STEP)
        key = f"3EB0{rng.getrandbits(72):018X}"
        text = self.text() if kind == 0 or (kind in (1, 3) and chance < 0.2) else None
        status = (13 if chance < 0.9 else 5) if own else 6 if kind == 7 else 0
        received, by_server = (0, at + 400) if own else (at + 900, -1)
        flags, origin, starred = int(chance > 0.99), int(kind == 2), int(chance < 0.001)
        who = (row, chat, own, key, sender, status, 0, 0, flags, origin)
        rows["message"].append((*who, at, received, by_server, kind, text, starred, 0, 0, row))
        if kind in DRAWN:
            rows["message_media"].append(self.media(row, chat, kind, at))
        elif kind == 5:
            latitude, longitude = rng.choice(PLACES)
            position = (latitude + chance / 10, longitude + chance / 10)
            rows["message_location"].append((row, chat, *position, 0))
        elif kind == 7:
            rows["message_system"].append((row, rng.choice((12, 12, 13, 18, 57, 67, 1, 11))))
            rows["message_system_chat_participant"].append((row, partner))
        elif kind == 15:
            rows["message_revoked"].append((row, key, None, at + 60_000))
        if own:
            read = at + 30_000 if chance < 0.9 else 0
            rows["receipt_user"].append((None, row, partner, at + 2_000, read, 0))
        if text:
            self.about_text(row, rows, chat, sender, at, key)
        if rng.random() < 0.05:
            self.reaction(row, rows, chat, partner, at)

    def about_text(self, row: int, rows: Rows, chat: int, sender: int, at: int, key: str) -> None:
        """An answer, a link, an edit, a forward: rows that a message of text may have."""
        draw = self.rng.random()
        if draw < 0.055:
            quoted = (row, chat, chat, 0, sender, key[::-1], at - 300_000, 0, 0, self.text())
            rows["message_quoted"].append(quoted)
        elif draw < 0.075:
            rows["message_text"].append((row, self.text(), f"https://maps.example/{row}", 0))
        elif draw < 0.085:
            rows["message_edit_info"].append((row, key, at + 45_000, at))
        elif draw < 0.095:
            rows["message_forwarded"].append((row, int(draw * 1000) % 6))

    def media(self, row: int, chat: int, kind: int, at: int) -> tuple:
        """The row of `message_media` of a message."""
        mime, folder, seconds = DRAWN[kind]
        digest = base64.b64encode(self.rng.randbytes(32)).decode()
        size = 20_000 + row % 180_000
        name = f"{folder.rpartition('/')[2]}-{row}.pdf" if kind == 9 else None
        path = f"Media/{folder}-20220311-WA{row % 10_000:04d}"
        direct = f"/v/t62.7118-24/{row}_{digest[:24]}?ccb=11-4&oh={digest[:20]}"
        stored = (row, chat, 1, 1, 0, path, size, 0, self.rng.randbytes(32), at, 900, 1600, 1.78, direct)
        return (*stored, mime, size, name, digest, seconds, int(kind == 9), digest[::-1])

    def reaction(self, row: int, rows: Rows, chat: int, partner: int, at: int) -> None:
        """A reaction to a message."""
        self.add_ons += 1
        key = f"AC{self.rng.getrandbits(72):018X}"
        rows["message_add_on"].append((self.add_ons, chat, 0, key, partner, row, at + 9_000, 0, 56))
        rows["message_add_on_reaction"].append((self.add_ons, self.rng.choice("👍❤😂😮🙏"), at + 9_000))

    def text(self) -> str:
        """About 50 characters; in one of 200 a phone number that occurs nowhere else."""
        words = self.rng.choices(self.words, cum_weights=self.word_weights, k=self.rng.randint(4, 14))
        if self.rng.random() < 0.005:
            words.append(f"+3816{self.rng.randrange(10**8):08d}")
        return " ".join(words)


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
