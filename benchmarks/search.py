"""Searching a case of a million messages: opening it, its first rows, loading, then needles with few hits and with many.

    python benchmarks/search.py [--messages 1000000] [--needles 20] [--case FOLDER]

Seconds are those of the process's own CPU and of the clock on the wall. `--case` keeps the case for another run.
Needles are words of the messages themselves: the rarest of a sample and the commonest, as they stand in `text_folded`.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from make_msgstore import make

import forensics

SAMPLE = 100_000  # messages whose words are counted


def build(folder: Path, messages: int) -> None:
    """A case of one msgstore.db."""
    evidence = folder.with_name(f"{folder.name}.evidence")
    evidence.mkdir(parents=True)
    make(evidence / "msgstore.db", messages)
    forensics.ingest(folder, evidence)


def spent(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """CPU and wall seconds of a call, and what it gave."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return time.process_time() - cpu, time.perf_counter() - wall, result


def needles(case: forensics.Case, count: int) -> dict[str, list[str]]:
    """Words with few hits and with many."""
    texts = case.messages["text_folded"].dropna().head(SAMPLE)
    seen = Counter(word for text in texts for word in text.split() if len(word) > 3)
    rare = sorted(word for word, times in seen.items() if times == min(seen.values()))
    common = [word for word, _ in seen.most_common(count)]
    return {"few hits": random.Random(1).sample(rare, min(count, len(rare))), "many hits": common}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--messages", type=int, default=1_000_000)
    arguments.add_argument("--needles", type=int, default=20)
    arguments.add_argument("--case", type=Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.case or Path(scratch, "case")
        if not folder.exists():
            build(folder, given.messages)
        measure(folder, given.needles)


def measure(folder: Path, count: int) -> None:
    """Print a line for each step."""
    print(f"{'ms':36}{'CPU':>9}{'wall':>9}{'hits':>10}")

    def line(name: str, cpu: float, wall: float, hits: float | str = "") -> None:
        print(f"{name:36}{cpu * 1000:9.1f}{wall * 1000:9.1f}{hits:>10}")

    cpu, wall, case = spent(lambda: forensics.open_case(folder))
    line("open_case", cpu, wall)
    line("case.head('messages')", *spent(lambda: case.head("messages"))[:2])
    cpu, wall, messages = spent(lambda: case.messages)
    line(f"case.messages, {len(messages):,} rows", cpu, wall)
    line("first search", *spent(lambda: case.search("granica pumpe"))[:2])
    for name, words in needles(case, count).items():
        for tables in (None, ["messages"]):
            runs = [spent(lambda word=word, tables=tables: case.search(word, tables)) for word in words]
            cpu, wall = (statistics.median(run[n] for run in runs) for n in (0, 1))
            where = "all tables" if tables is None else "messages only"
            line(
                f"{len(words)} needles, {name}, {where}",
                cpu,
                wall,
                f"{statistics.median(len(r[2]) for r in runs):,.0f}",
            )


if __name__ == "__main__":
    main()
