"""H-44: markup is made in `forensics/views/html.py` and nowhere else, in the core, the plug-ins and the notebooks."""

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOOR = ROOT / "forensics" / "views" / "html.py"
NAMES = {"HTML", "display_html", "Javascript", "SVG", "Markdown", "IFrame", "Styler", "Popup", "_raw"}
ATTRIBUTES = {"style", "to_html", "display_html", "Popup", "GeoJsonPopup", "markup"}
LIBRARIES = {"folium", "pyvis", "altair", "itables", "plotly", "bokeh", "pydeck", "ipyleaflet", "jinja2"}
MARKUP = re.compile(
    r"</?(a|b|body|br|div|h\d|html|iframe|img|p|script|span|style|svg|table|td|tr)\b[^<]*>?", re.IGNORECASE
)

SOURCES = [p for room in ("forensics", "plugins") for p in sorted((ROOT / room).rglob("*.py")) if p != DOOR]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_source_emits_no_markup(path):
    assert offences(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_notebook_emits_no_markup(path):
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            assert offences(source) == [], cell["id"]
        else:
            assert not MARKUP.search(source), cell["id"]


@pytest.mark.parametrize(
    "source",
    [
        "HTML(text)",
        "from IPython.display import display_html",
        "df.to_html()",
        "df.style.format('x')",
        "show(df, allow_html=True)",
        "df.to_string(escape=False)",
        "f(render_links=True)",
        "import folium",
        "view.markup = text",
        "from forensics.views.html import _raw",
        "x = f'<b>{name}</b>'",
        "x = '<td>%s</td>' % name",
        "class A:\n    def _repr_html_(self):\n        return self.text",
    ],
)
def test_the_rule_bites(source):
    assert len(offences(source)) >= 1


def test_the_rule_lets_views_through():
    source = 'SIGN = b"<html"\nclass A:\n    """Shows <b>."""\n'
    source += "    def _repr_html_(self):\n        return overview(self)._repr_html_()\n"
    assert offences(source + "element('p', text, class_='a')\nview.markup") == []


def offences(source):
    return [f"line {node.lineno}: {said}" for node in ast.walk(ast.parse(source)) if (said := offence(node))]


def is_markup(node):
    """Whether it is text with a tag in it. Parsers may look for such text; nobody else may put something into it."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(MARKUP.search(node.value))


def offence(node):
    match node:
        case ast.Name(id=name) if name in NAMES:
            return name
        case ast.ImportFrom(module=module, names=names) if module and module.split(".")[0] in LIBRARIES:
            return module
        case ast.ImportFrom(names=names) if {alias.name for alias in names} & NAMES:
            return "import of a maker of markup"
        case ast.Import(names=names) if {alias.name.split(".")[0] for alias in names} & LIBRARIES:
            return "library that draws with scripts"
        case ast.Attribute(attr="markup", ctx=ast.Load()):
            return None
        case ast.Attribute(attr=attr) if attr in ATTRIBUTES:
            return f".{attr}"
        case (
            ast.keyword(arg="escape", value=ast.Constant(value=False)) | ast.keyword(arg="allow_html" | "render_links")
        ):
            return node.arg
        case ast.FunctionDef(name="_repr_html_", body=body) if "._repr_html_()" not in ast.unparse(body[-1]):
            return "_repr_html_ of its own"
        case ast.JoinedStr(values=parts) if any(is_markup(part) for part in parts):
            return "markup with something put in"
        case ast.BinOp(op=ast.Mod() | ast.Add(), left=left, right=right) if is_markup(left) or is_markup(right):
            return "markup with something put in"
        case ast.Call(func=ast.Attribute(value=text, attr="format" | "join")) if is_markup(text):
            return "markup with something put in"
    return None
