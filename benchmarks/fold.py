"""Folding a column of a million chat messages, against lower-casing the same values one by one, in one run.

    python benchmarks/fold.py [messages]

Prints CPU seconds for a million messages of about 50 characters, and the ratio to `[value.lower() for value in values]`.
"""

import random
import sys
import time
from collections.abc import Callable
from functools import partial

import pyarrow as pa

from forensics.text import clean_array, fold_array

ROWS = 65_536
LATIN = "granica sutra auto čeka kod pumpe dođi u šest pare Đorđe ljudi Njegova džep kuća Šta ima brate"
CYRILLIC = "граница сутра ауто чека код пумпе дођи у шест паре Ђорђе људи Његова џеп кућа Шта има брате"
ARABIC = "حوالة مهرب حدود على الطريق إلى المدينة يا أخي وَصَلَ"
BENGALI = "সীমান্ত পার হতে দালাল টাকা হুন্ডি ডাংকি বাসা গাড়ি লোকেশন ভাই কোথায়"
ASCII = "granica sutra auto kod pumpe sest pare ljudi brate Ima"

CHATS = {
    "half Latin, half Cyrillic": [LATIN, CYRILLIC],
    "ASCII, a few emoji": [ASCII],
    "Latin": [LATIN],
    "Cyrillic": [CYRILLIC],
    "Arabic": [ARABIC],
    "Bengali": [BENGALI],
}


def messages(vocabularies: list[str], rng: random.Random) -> list[str]:
    def message() -> str:
        words = rng.choices(rng.choice(vocabularies).split(), k=10)
        return " ".join([*words, "😀"] if rng.random() < 0.1 else words)

    return [message() for _ in range(ROWS)]


def lower_cased(values: list[str]) -> list[str]:
    return [value.lower() for value in values]


def cpu_seconds_a_million(work: Callable[[], object], rounds: int) -> float:
    work()
    start = time.process_time()
    for _ in range(rounds):
        work()
    return (time.process_time() - start) / (rounds * ROWS) * 1_000_000


def main() -> None:
    rounds = max(1, int(sys.argv[1]) // ROWS) if len(sys.argv) > 1 else 8
    rng = random.Random(1)
    print(f"{'CPU s a million messages':28}{'fold':>8}{'clean':>8}{'lower':>8}{'fold/lower':>12}{'clean/lower':>12}")
    for name, vocabularies in CHATS.items():
        values = messages(vocabularies, rng)
        column = pa.array(values)
        fold = cpu_seconds_a_million(partial(fold_array, column), rounds)
        clean = cpu_seconds_a_million(partial(clean_array, column), rounds)
        lower = cpu_seconds_a_million(partial(lower_cased, values), rounds)
        print(f"{name:28}{fold:8.3f}{clean:8.3f}{lower:8.3f}{fold / lower:12.2f}{clean / lower:12.2f}")


if __name__ == "__main__":
    main()
