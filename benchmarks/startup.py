"""CPU of starting: the import, the help, the list of parsers, and what three hundred plug-ins add.

    python benchmarks/startup.py [--plugins 300] [--rounds 10]

Every line is a process of its own; the rounds alternate and the best of each counts. `above` is what is left without the start of
Python itself (`python -c pass` in the same run).
"""

import argparse
import os
import tempfile
from pathlib import Path

from measured import PYTHON, measured

COMMAND = [*PYTHON, "import sys; from forensics.cli import main; sys.exit(main())"]
REGISTRY = [*PYTHON, "from forensics.plugins import Registry; Registry()"]
PLUGIN = '''"""Invented app {number}, database app{number}.db."""

from forensics import hookimpl, parser, sqlite
from forensics.tables import MESSAGES
from forensics.times import unix_ms

SELECT = """
SELECT 'Invented {number}' AS app, c.name AS chat_id, m.id AS message_id, m.sent AS sent_at, p.name AS sender_id,
       CASE m.own WHEN 1 THEN 'outgoing' ELSE 'incoming' END AS direction, m.body AS text, 'message/id=' || m.id AS record
FROM message m LEFT JOIN chat c ON c.id = m.chat LEFT JOIN person p ON p.id = m.person
"""


@parser(
    "invented.app{number}",
    files=["app{number}.db"],
    test=sqlite.has(message=["sent", "body", "field{number}"], chat=["name"], person=["name"]),
)
def messages(file):
    """Invented app {number}, messages (app{number}.db).

    Reads: messages with sender, chat and time, Unix milliseconds.

    Not read: everything else that this app, which does not exist, may store.

    Seen on: nothing.

    Source: none.

    Tier: unexercised
    """
    with file.sqlite() as db:
        yield from MESSAGES.batches(db.execute(SELECT, every="message"), sent_at=unix_ms)


@hookimpl
def forensics_parsers():
    return [messages]
'''


def bundled(folder: Path, plugins: int) -> dict[str, str]:
    """An environment in which the bundled folder holds so many plug-ins and no others."""
    package = folder / "forensics_plugins"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for number in range(plugins):
        (package / f"app{number}.py").write_text(PLUGIN.format(number=number), "utf-8")
    return {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--plugins", type=int, default=300)
    arguments.add_argument("--rounds", type=int, default=10)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        none, many = bundled(Path(scratch, "none"), 0), bundled(Path(scratch, "many"), given.plugins)
        lines = {
            "python -c pass": ([*PYTHON, "pass"], None),
            "import forensics": ([*PYTHON, "import forensics"], None),
            "forensics --help": ([*COMMAND, "--help"], None),
            "forensics parsers": ([*COMMAND, "parsers"], None),
            "registry, no plug-ins": (REGISTRY, none),
            f"registry, {given.plugins}": (REGISTRY, many),
            "parsers, no plug-ins": ([*COMMAND, "parsers"], none),
            f"parsers, {given.plugins}": ([*COMMAND, "parsers"], many),
        }
        rounds = [{name: measured(*line).cpu for name, line in lines.items()} for _ in range(given.rounds)]
    best = {name: min(each[name] for each in rounds) * 1000 for name in lines}
    print(f"{'CPU, ms':24}{'all':>8}{'above':>8}")
    for name, spent in best.items():
        print(f"{name:24}{spent:8.0f}{spent - best['python -c pass']:8.0f}")
    for command in ("registry", "parsers"):
        added = best[f"{command}, {given.plugins}"] - best[f"{command}, no plug-ins"]
        print(f"{given.plugins} plug-ins add {added:.0f} ms to {command}")


if __name__ == "__main__":
    main()
