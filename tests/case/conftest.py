"""Cases for the tests of this room: their rows come out of a JSON file through a drop-in parser."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import forensics

PLUGIN = '''
    import datetime
    from forensics import hookimpl, parser, tables

    TIMES = ("sent_at", "taken_at", "at", "sent_local")


    @parser("test.rows", files=["rows.json"])
    def rows(file):
        """Rows as JSON: pairs of a table and its cells."""
        for number, (table, cells) in enumerate(file.json()):
            for name in TIMES:
                if name in cells:
                    cells[name] = datetime.datetime.fromisoformat(cells[name])
            yield from getattr(tables, table.upper()).rows([{"record": f"$[{number}]", **cells}])


    @hookimpl
    def forensics_parsers():
        return [rows]
'''


@pytest.fixture(scope="session")
def make_case(tmp_path_factory) -> Callable[..., Path]:
    """Make a case of these rows, pairs of a table's name and its cells. `evidence`: lists of them by label."""
    plugin = tmp_path_factory.mktemp("plugin") / "rows.py"
    plugin.write_text(textwrap.dedent(PLUGIN), "utf-8")

    def make(*rows: tuple[str, dict], **evidence: list[tuple[str, dict]]) -> Path:
        root = tmp_path_factory.mktemp("case")
        sources = []
        for label, content in ({"phone": list(rows)} if rows else evidence).items():
            (root / label).mkdir()
            (root / label / "rows.json").write_text(json.dumps(content), "utf-8")
            sources.append(root / label)
        forensics.ingest(root / "a.case", sources, workers=1, plugins=(str(plugin),), timezone="Europe/Podgorica")
        return root / "a.case"

    return make
