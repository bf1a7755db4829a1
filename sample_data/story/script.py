"""Reads the scenes: one chat a file, one message a line, times in UTC.

    group 1203...@g.us "subject" founder* member*      or      direct person person
    2025-10-12
    18:40:05 karim: text {name=value; name; ...}

Notation in the braces at the end of a line:
    id=NAME            the answer key speaks of this message by that name
    reply=NAME         quotes that message                      forwarded=N     forward score
    react=WHO:EMOJI    a reaction, half a minute later          edited=+S       edited after S seconds, old text not kept
    deleted=+S         deleted for everyone after S seconds     lost            deleted on the Android phone, in its log only
    wal                in the Android phone's log only          wal_edit=TEXT   the log holds this newer text
    photo=NAME; caption=TEXT    location=LAT,LON; place=NAME    live=LAT,LON; seconds=N; end=LAT,LON
    voice=SECONDS      vcard=WHO      system=created|added|left; who=WHO      unknown=CODE
In a text, $btc_first and the like stand for an address or transaction id (story/money.py), \\uXXXX for a code point.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .money import NAMED
from .people import PEOPLE, Person
from .seed import draw

SCENES = Path(__file__).parent / "scenes"
KINDS = ("photo", "location", "live", "voice", "vcard", "system", "unknown")


@dataclass
class Chat:
    key: str
    people: list[str]
    subject: str | None = None
    jid: str | None = None
    admins: list[str] = field(default_factory=list)

    def jid_seen_by(self, owner: str) -> str:
        """A group has one name for all; a direct chat is called after the other person."""
        return self.jid or self.partner_of(owner).jid

    def partner_of(self, owner: str) -> Person:
        (partner,) = (person for person in self.people if person != owner)
        return PEOPLE[partner]


@dataclass
class Message:
    key: str
    chat: Chat
    sender: str
    at: datetime
    text: str | None
    tags: dict[str, str]

    @property
    def kind(self) -> str:
        return next((kind for kind in KINDS if kind in self.tags), "text")

    @property
    def stanza(self) -> str:
        """The message's id, the same on every phone: 20 digits when sent from an iPhone, 32 from an Android phone."""
        digits = draw(f"stanza/{self.chat.key}/{self.at.isoformat()}", 15).hex().upper()
        return "3A" + digits[:18] if self.sender == "samira" else "AC" + digits

    @property
    def reaction(self) -> tuple[str, str] | None:
        person, _, emoji = self.tags.get("react", "").partition(":")
        return (person, emoji) if person else None

    def after(self, tag: str) -> datetime | None:
        return self.at + timedelta(seconds=int(self.tags[tag])) if tag in self.tags else None

    def point(self, tag: str) -> tuple[float, float]:
        latitude, longitude = self.tags[tag].split(",")
        return float(latitude), float(longitude)


@dataclass(frozen=True)
class Call:
    at: datetime
    caller: str
    called: str
    seconds: int
    outcome: str

    @property
    def call_id(self) -> str:
        return draw(f"call/{self.at.isoformat()}", 16).hex().upper()

    def partner_of(self, owner: str) -> Person:
        return PEOPLE[self.called if self.caller == owner else self.caller]


def read_messages() -> list[Message]:
    """Every message of the story in order of time."""
    messages = [message for path in sorted(SCENES.glob("*.chat")) for message in _read_scene(path)]
    return sorted(messages, key=lambda message: (message.at, message.key))


def read_calls() -> list[Call]:
    calls = []
    for line in (SCENES / "calls.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            day, time, caller, called, seconds, outcome = line.split()
            calls.append(Call(_utc(day, time), caller, called, int(seconds), outcome))
    return calls


def _read_scene(path: Path) -> list[Message]:
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    chat = _read_chat(path.stem, lines[0])
    messages, day = [], ""
    for line in lines[1:]:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", line):
            day = line
        else:
            messages.append(_read_message(chat, day, line))
    return messages


def _read_chat(key: str, line: str) -> Chat:
    if line.startswith("direct "):
        return Chat(key, line.split()[1:])
    group = re.fullmatch(r'group (\d+) "(.+)" (.+)', line)
    assert group, line
    members = group[3].split()
    admins = [member.rstrip("*") for member in members if member.endswith("*")]
    return Chat(key, [member.rstrip("*") for member in members], group[2], group[1] + "@g.us", admins)


def _read_message(chat: Chat, day: str, line: str) -> Message:
    parts = re.fullmatch(r"(\d\d:\d\d:\d\d) (\w+): (.*?) ?(?:\{([^{}]*)\})?", line)
    assert parts, line
    time, sender, text, notation = parts.groups()
    assert sender in PEOPLE, line
    tags = {}
    for tag in (notation or "").split("; ") if notation else ():
        name, _, value = tag.partition("=")
        tags[name.strip()] = _resolve(value)
    return Message(
        tags.get("id", f"{chat.key} {day} {time}"), chat, sender, _utc(day, time), _resolve(text) or None, tags
    )


def _resolve(text: str) -> str:
    text = re.sub(r"\$((?:btc|tx|trc20)_\w+)", lambda name: NAMED[name[1]], text)
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)


def _utc(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC)


def belgrade(at: datetime) -> datetime:
    """The clock on a wall in Belgrade (naive); summer time ended on 26 October 2025 at 01:00 UTC."""
    hours = 2 if at < datetime(2025, 10, 26, 1, tzinfo=UTC) else 1
    return (at + timedelta(hours=hours)).replace(tzinfo=None)
