"""Makes the pages that follow from the code, so that they cannot say anything else than the code does.

    python tools/make_docs.py            write them
    python tools/make_docs.py --check    name those that are out of date; exit code 1 if there are any

They are docs/tables.md, docs/parsers.md, and the marked parts of README.md and docs/evidence.md. A marked part stands
between `<!-- made by tools/make_docs.py: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- made by tools/make_docs.py: do not edit -->"
PART = re.compile(r"(<!-- made by tools/make_docs\.py: (\w+) -->\n).*?(<!-- end -->)", re.S)
APP = re.compile(
    r".+?(?= for | before | chats | wallet|'s |,| \(| \"|$)"
)  # the name of the app, at the start of a parser's first line
TIERS = {
    "proven": "checked on files written by the real app",
    "documented": "made from a published description, tested on invented files only",
    "unexercised": "neither",
}


def main(arguments: list[str]) -> int:
    """Write the pages, or check them."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        name = path.relative_to(ROOT).as_posix()
        if "--check" in arguments:
            print(f"{name} is out of date: run python tools/make_docs.py")
        else:
            path.write_text(pages()[path], "utf-8", newline="\n")
            print(f"{name} written")
    return int("--check" in arguments and bool(stale))


def pages() -> dict[Path, str]:
    """The pages as they should be."""
    made = {ROOT / "docs" / "tables.md": tables_page(), ROOT / "docs" / "parsers.md": parsers_page()}
    for page in (ROOT / "README.md", ROOT / "docs" / "evidence.md"):
        made[page] = PART.sub(lambda m: m[1] + PARTS[m[2]]() + m[3], page.read_text("utf-8"))
    return made


def tables_page() -> str:
    """docs/tables.md: each table with its columns."""
    from forensics.tables import CORE
    from forensics.tables.table import EXTRA, PROVENANCE, TYPES

    lines = [
        "# Tables",
        "",
        MADE,
        "",
        "Each parser fills these tables, so one question works for all apps. In a notebook: `case.messages`, `case.calls` and so",
        'on; `case.tables["messages"].columns` shows the same as this page.',
        "",
        *grid(
            ("table", "one row is"),
            ((f"[`{t.name}`](#{t.name})", t.doc) for t in CORE.values()),
        ),
        "",
        "## Columns that each table has",
        "",
        "Where the row came from, and what fits in no other column. A cell that is not set is empty (null): never 0, never 1970.",
        "",
        *columns_grid((*PROVENANCE, EXTRA)),
        "",
        "## Types",
        "",
        *grid(("type", "what it holds"), ((f"`{name}`", words) for name, words in TYPES.items())),
    ]
    for table in CORE.values():
        lines += ["", f"## {table.name}", "", table.doc, "", *columns_grid(table.own)]
        if table.order:
            lines += ["", f"Sorted by {', '.join(f'`{c}`' for c in table.order)}."]
    return "\n".join(lines) + "\n"


def parsers_page() -> str:
    """docs/parsers.md: each bundled parser with all it says of itself."""
    lines = [
        "# Parsers",
        "",
        MADE,
        "",
        "What each bundled parser says of itself; `forensics parsers NAME` prints the same. How well it is proven is its tier:",
        "",
        *(f"- *{tier}*: {meaning}." for tier, meaning in TIERS.items()),
        "",
        *overview(),
    ]
    for parser in bundled():
        lines += [
            "",
            f"## {parser['name']}",
            "",
            f"{plain(parser['title'])}. *{parser['tier']}*, version {parser['version']}.",
        ]
        lines += [f"\n**{label}:** {plain(text)}" for label, text in parser["about"].items()]
        lines += ["", f"**Looked for in:** {claimed(parser)}.", "", f"**Code:** `{source(parser)}`"]
    return "\n".join(lines) + "\n"


def parsers_part() -> str:
    """What can be read, in the README: a line for each app with its parsers by tier."""
    apps: dict[str, list[dict[str, Any]]] = {}
    for parser in bundled():
        label = APP.match(parser["title"])
        apps.setdefault(label[0] if label else parser["title"], []).append(parser)
    rows = []
    for app, parsers in sorted(apps.items(), key=lambda item: item[0].lower()):
        tiers = Counter(parser["tier"] for parser in parsers)
        link = f"[{app}](docs/parsers.md#{slug(parsers[0]['name'])})"
        rows.append((link, *(str(tiers[tier] or "") for tier in TIERS)))
    return "\n".join(grid(("app", *TIERS), rows)) + "\n"


def limits_part() -> str:
    """The limits of docs/evidence.md, with the numbers that the code uses."""
    from forensics.evidence import file
    from forensics.evidence.limits import Limits
    from forensics.intake import collect, job, loop, worker
    from forensics.sqlite import database
    from forensics.tables import check
    from forensics.text.clean import LONGEST

    limits, options = Limits(), loop.Options()
    rows = (
        ("files in a folder or archive", f"{limits.members:,}", "the rest of it is not read"),
        ("archives inside archives", f"{limits.depth} deep", "a deeper one is not opened"),
        (
            "growth of compressed data",
            f"{limits.ratio} times, looked at after {size(limits.ratio_after)}",
            "reading of the member stops there; what came before is kept",
        ),
        ("one file", size(limits.member), "reading stops there"),
        ("all that is unpacked", "10 times the free space of the disk the case is on", "reading stops there"),
        (
            "time for one file",
            f"{options.seconds:.0f} s and 2 s a megabyte; queries end at {worker.SOFT:.0%} of it",
            "rows of a query up to there are kept; a file that is stopped from outside gives no rows",
        ),
        (
            "memory of a worker (Linux)",
            f"{size(worker.MEMORY)} on top of what it starts with",
            "the file ends as a problem",
        ),
        ("text, JSON or property list read as a whole", size(file.MAX_DOCUMENT), "it is not read"),
        (
            "one value of a database",
            size(database.MAX_VALUE),
            "its row is left out, with a problem; where the database is read column-wise, the text is cut as below",
        ),
        (
            "characters of one text cell",
            f"{LONGEST:,}",
            "cut, with a mark in the text and the column named in `cleaned`",
        ),
        ("a bad value shown in a problem", f"{check.SHOWN} characters", "the rest is in the source only"),
        ("problems of one file", f"{collect.MAX_PROBLEMS:,}", "further ones are counted in one row"),
        (
            "one job, the unit of work",
            f"{job.FILES} files, {size(job.BYTES)}, or one larger file",
            "the next job begins",
        ),
    )
    return "\n".join(grid(("what", "limit", "what happens"), rows)) + "\n"


PARTS: dict[str, Callable[[], str]] = {"parsers": parsers_part, "limits": limits_part}


def bundled() -> list[dict[str, Any]]:
    """The bundled parsers, as `forensics parsers --json` gives them."""
    from forensics.cli import main as forensics

    said = io.StringIO()
    with redirect_stdout(said):
        forensics(["parsers", "--json"])
    return [parser for parser in json.loads(said.getvalue())["parsers"] if parser["kind"] == "bundled"]


def overview() -> list[str]:
    """A line for each parser."""
    rows = ((f"[`{p['name']}`](#{slug(p['name'])})", p["title"], p["tier"]) for p in bundled())
    return grid(("parser", "what it reads", "tier"), rows)


def claimed(parser: dict[str, Any]) -> str:
    """By what a parser finds its files, in words."""
    names = ", ".join(f"`{name}`" for name in parser["files"])
    types = ", ".join(f"`{mime}`" for mime in parser["magic"])
    structure = "; ".join(f"`{table}` ({', '.join(columns)})" for table, columns in (parser["structure"] or {}).items())
    found = [f"files named {names}" if names else "", f"type {types}" if types else ""]
    return ", ".join(filter(None, found)) + (f", with the tables {structure}" if structure else "")


def source(parser: dict[str, Any]) -> str:
    """The file of a bundled parser, in the project."""
    return parser["plugin"].replace("forensics_plugins", "plugins", 1).replace(".", "/") + ".py"


def columns_grid(columns: Iterable[Any]) -> list[str]:
    """Columns of a table as lines of Markdown."""
    return grid(("column", "type", "meaning"), ((f"`{c.name}`", f"`{c.type}`", c.doc) for c in columns))


def grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A Markdown table."""
    return [*_lines(head), "|" + "---|" * len(head), *(line for row in rows for line in _lines(row))]


def _lines(cells: tuple[str, ...]) -> Iterator[str]:
    yield "| " + " | ".join(cell if cell.startswith(("`", "[")) else plain(cell) for cell in cells) + " |"


def plain(text: str) -> str:
    """Text as Markdown that shows it as it is."""
    return re.sub(r"([|*_])", r"\\\1", text).replace("<", "&lt;")


def size(number: int) -> str:
    """Bytes for people."""
    return f"{number >> 30} GiB" if number >= 1 << 30 else f"{number >> 20} MiB"


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
