"""A database of WhatsApp into a fresh case, against stepping through the same rows in C, in one run.

    python benchmarks/ingest.py [--phone android|ios] [--messages 1000000] [--rounds 3]

`android` is a msgstore.db, `ios` a ChatStorage.sqlite.

`tables`: every row of every table that the parser reads, `SELECT *`. `joins`: the parser's own queries. Both by the sqlite3
module into nothing, in a process of their own, on the file as it lies. `ours`: all of `forensics.ingest` with one worker: start,
hash, copy, parse, check, fold, Parquet, ledger. CPU is user and system time of all processes; the best of the rounds counts.
"""

import argparse
import json
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import make_chatstorage
import make_msgstore
from forensics_plugins.chats.whatsapp.android_msgstore import msgstore
from forensics_plugins.chats.whatsapp.ios_chatstorage import chatstorage
from measured import PYTHON, ingested, measured

from forensics.evidence.file import File
from forensics.evidence.limits import Limits
from forensics.evidence.open import open_source
from forensics.evidence.source import Entry
from forensics.sqlite import Database, Rows


class Phone(NamedTuple):
    """A database of a phone: its name, what makes one, the schema, its parser."""

    name: str
    make: Callable[..., None]
    schema: Path
    parser: Callable[[File], Any]


PHONES = {
    "android": Phone("msgstore.db", make_msgstore.make, make_msgstore.SCHEMA, msgstore),
    "ios": Phone("ChatStorage.sqlite", make_chatstorage.make, make_chatstorage.SCHEMA, chatstorage),
}
STEP = """
import collections, json, sqlite3, sys
connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro&immutable=1", uri=True)
for query in json.loads(sys.argv[2]):
    collections.deque(connection.execute(query), maxlen=0)
"""


def queries_of_parser(parser: Callable[[File], Any], example: Path, work: Path) -> list[str]:
    """The SQL that the parser runs on a database of this schema, every table of which has rows."""
    asked: list[str] = []

    class Asked(Database):
        def execute(self, template: str, every: str | None = None, share: str | None = None) -> Rows:
            asked.append(self.select(template))
            return super().execute(template, every, share)

    class Recording(File):
        def sqlite(self, beside: object = None) -> Database:
            return Asked(self.views)

    source = open_source(example, work=work, limits=Limits())
    entry = next(entry for entry in source.walk() if isinstance(entry, Entry))
    file = Recording(entry, source, work)
    list(parser(file))
    file.close()
    return asked


def tables_of(queries: list[str], schema: Path) -> list[str]:
    """`SELECT *` for each table that the queries name."""
    names = re.findall(r"CREATE TABLE (\w+)", schema.read_text("utf-8"))
    words = set(re.findall(r"\w+", " ".join(queries)))
    return [f"SELECT * FROM {name}" for name in names if name in words]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--phone", choices=PHONES, default="android")
    arguments.add_argument("--messages", type=int, default=1_000_000, help="of the largest database")
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        compare(PHONES[given.phone], Path(scratch), given.messages, given.rounds)
        two_workers(PHONES[given.phone], Path(scratch), given.messages, given.rounds)


def compare(phone: Phone, scratch: Path, largest: int, rounds: int) -> None:
    """One worker against the raw scans, at a tenth, half, and all of the messages."""
    example = scratch / "example" / phone.name
    example.parent.mkdir()
    phone.make(example, min(2_000, largest))
    joins = queries_of_parser(phone.parser, example, scratch)
    scans = {"tables": tables_of(joins, phone.schema), "joins": joins}
    print(f"{'messages':>10}{'tables s':>10}{'joins s':>9}{'ours s':>8}{'ours/joins':>12}{'ours/tables':>13}", end="")
    print(f"{'rows/CPU s':>12}{'peak MiB':>10}")
    seen = {}
    for count in (largest // 10, largest // 2, largest):
        place = scratch / f"{count}" / phone.name
        place.parent.mkdir(exist_ok=True)
        phone.make(place, count)
        ours, peak, raw = [], [], {name: [] for name in scans}
        for _ in range(rounds):
            for name, queries in scans.items():
                raw[name].append(measured([*PYTHON, STEP, str(place), json.dumps(queries)]).cpu)
            used = ingested(str(scratch / "case"), [str(place)])
            ours.append(used.cpu)
            peak.append(used.peak)
            rows = rows_in(scratch / "case")
            shutil.rmtree(scratch / "case")
        tables, join, best = min(raw["tables"]), min(raw["joins"]), min(ours)
        seen[count] = best, max(peak)
        print(f"{count:10,}{tables:10.2f}{join:9.2f}{best:8.2f}{best / join:12.2f}{best / tables:13.2f}", end="")
        print(f"{rows / best:12,.0f}{max(peak):10.0f}")
    (less, less_peak), (more, more_peak) = seen[largest // 2], seen[largest]
    print(f"twice the messages: {more / less:.2f} x CPU, {more_peak / less_peak:.2f} x memory")


def rows_in(case: Path) -> int:
    """Rows of all tables, by the last line that a job wrote into the ledger."""
    lines = [json.loads(line) for line in (case / "ledger.jsonl").read_text("utf-8").splitlines()]
    return sum(sum(line["rows"].values()) for line in lines if line["action"] == "job")


def two_workers(phone: Phone, scratch: Path, messages: int, rounds: int) -> None:
    """Four databases of a quarter each, with one worker and with two."""
    evidence = scratch / "evidence"
    for number in range(4):
        folder = evidence / f"phone{number}"
        folder.mkdir(parents=True)
        phone.make(folder / phone.name, messages // 4, number)
    wall: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for workers, seconds in wall.items():
            seconds.append(ingested(str(scratch / "case"), [str(evidence)], workers).wall)
            shutil.rmtree(scratch / "case")
    one, two = min(wall[1]), min(wall[2])
    print(f"four databases of {messages // 4:,}: {one:.1f} s with one worker, {two:.1f} s with two: {one / two:.2f} x")


if __name__ == "__main__":
    main()
