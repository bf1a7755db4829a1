"""The template notebooks: fit for git, for examiners, and run from top to bottom on a full and on an empty case."""

import ast
import json
import re

import pytest

from forensics.report import run_notebook, template, templates

NAMES = [
    "01_start.ipynb",
    "02_conversations.ipynb",
    "03_photos_and_places.ipynb",
    "04_wallets_and_money.ipynb",
    "05_timeline.ipynb",
    "report.ipynb",
]
CLAIMS = re.compile(
    r"\b(proves?|always|reliabl\w+|visited|guilty|smugglers?|illegal|the user|perpetrator)\b", re.IGNORECASE
)


def cells(name, kind=None):
    found = json.loads(template(name).read_text("utf-8"))["cells"]
    return [cell for cell in found if kind in (None, cell["cell_type"])]


def test_templates_in_order():
    assert [path.name for path in templates()] == NAMES
    with pytest.raises(FileNotFoundError, match=r"no template notebook 'x'; there are: 01_start\.ipynb"):
        template("x")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_source_is_kept(name):
    text = template(name).read_text("utf-8")
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(name, "code"))
    ids = [cell["id"] for cell in cells(name)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z-]+", one) for one in ids)


@pytest.mark.parametrize("name", NAMES)
def test_the_case_is_the_one_parameter(name):
    first, second = cells(name, "code")[:2]
    assert first["metadata"]["tags"] == ["parameters"]
    assert "".join(first["source"]).startswith('CASE = "."')
    assert "case = forensics.open_case(CASE)" in "".join(second["source"])


@pytest.mark.parametrize("name", NAMES)
def test_code_is_short_and_imports_the_toolkit_only(name):
    for cell in cells(name, "code"):
        source = "".join(cell["source"])
        assert len(source.splitlines()) <= 9, cell["id"]
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                assert [alias.name for alias in node.names] == ["forensics"]
            if isinstance(node, ast.ImportFrom):
                assert node.module == "forensics"


@pytest.mark.parametrize("name", NAMES)
def test_wording(name):
    for cell in cells(name, "markdown"):
        assert not CLAIMS.search("".join(cell["source"])), cell["id"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["sample_case", "empty_case"])
def test_runs_from_top_to_bottom(name, kind, request):
    executed = run_notebook(template(name), request.getfixturevalue(kind))
    shown = [output for cell in executed.cells for output in cell.get("outputs", ())]
    assert {output.output_type for output in shown} <= {"execute_result", "display_data"}  # no warnings, no errors
    assert all("text/html" in output.data for output in shown)
    assert len(shown) >= 3
