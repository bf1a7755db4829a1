"""A case as one HTML page: the executed report notebook, with what was examined and with what at its head."""

from __future__ import annotations

import os
import platform
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import forensics
from forensics.plugins import Registry
from forensics.report.offline import outside
from forensics.report.run import ReportError, run_notebook, written
from forensics.report.templates import template as find_template
from forensics.views.html import Html, cleaned, element, page
from forensics.views.table import grid

if TYPE_CHECKING:
    from forensics.case import Case

TEMPLATE = "report.ipynb"
LIBRARIES = ("pandas", "pyarrow", "duckdb", "nbconvert")
SHOWN = ["text/html", "image/png", "image/jpeg", "text/plain"]
"""Kinds of output that a page can hold, best first. Scripts, widgets and drawings of other makers are not among them."""


EVIDENCE = ("label", "name", "kind", "files", "bytes", "timezone", "read_at")
TIERS = (
    "proven: checked on files that the real app wrote. documented: made from the published format. "
    "unexercised: neither yet. `forensics parsers` says what each does not read."
)
BASIS = (
    "Times are UTC unless they say (local). Rows say what was found in the evidence, stored as sent; "
    "they do not say what anyone did."
)


def build_report(
    case_path: str | os.PathLike[str], out: str | os.PathLike[str], *, template: str | os.PathLike[str] | None = None
) -> Path:
    """Run the report notebook on a case and write it as one HTML file that needs no network. Returns its path.

    `template` is another notebook to run. Code is left out of the page. Raises `ReportError` when Jupyter is missing or
    a cell fails: what ran before is then kept in `<out>.partial.html`.
    """
    out = Path(out)
    case = forensics.open_case(Path(case_path))
    notebook = Path(template) if template is not None else find_template(TEMPLATE)
    try:
        executed = run_notebook(notebook, case.path)
    except ReportError as error:
        if error.notebook is None:
            raise
        partial = written(out.with_name(f"{out.stem}.partial.html"), _page(case, error.notebook, str(error)))
        raise ReportError(f"{error}. What ran before it is in {partial}", error.notebook) from error
    return written(out, _page(case, executed))


def _page(case, notebook, failure=None):
    warning = element("p", "NOT COMPLETE: ", failure, class_="fx-badge fx-bad") if failure else None
    style = files("forensics.report").joinpath("report.css").read_text("utf-8")
    made = page(f"{case.name}: report", header(case), warning, cleaned(_body(notebook)), style=style)
    if leaks := outside(made):
        raise ReportError(
            f"the page would reach out or run something, and was not written: {'; '.join(leaks[:5])}", notebook
        )
    return made


def _body(notebook) -> str:
    """The notebook as the inside of a page, without code. Not yet safe: `cleaned` is next."""
    try:
        from nbconvert import HTMLExporter
        from traitlets.config import Config
    except ImportError as error:
        raise ReportError(f"writing a report needs nbconvert; {error.name} is not installed", notebook) from error
    config = Config({"NbConvertBase": {"display_data_priority": SHOWN}})
    exporter = HTMLExporter(config=config, template_name="basic", exclude_input=True, exclude_output_prompt=True)
    return exporter.from_notebook_node(notebook)[0]


def header(case: Case) -> Html:
    """What the report rests on: case, evidence with hashes, versions, parsers, and the head of the ledger."""
    evidence = [dict(one) for one in case.evidence]
    names = [*EVIDENCE, *sorted({name for one in evidence for name in one} - set(EVIDENCE))]
    columns = [name for name in names if any(one.get(name) is not None for one in evidence)]
    parsers = readers(case)
    return element(
        "header",
        element("h1", element("bdi", str(case.name))),
        element("p", BASIS, class_="fx-note"),
        element("div", "Evidence", class_="fx-part"),
        grid(columns, evidence) if evidence else element("p", "No evidence was read into this case.", class_="fx-none"),
        element("div", "Read by", class_="fx-part"),
        grid(["parser", "reads", "tier", "files"], parsers)
        if parsers
        else element("p", "No parser.", class_="fx-none"),
        element("p", TIERS, class_="fx-note") if parsers else None,
        element("div", "Made with", class_="fx-part"),
        element("p", ", ".join(f"{name} {number}" for name, number in versions().items())),
        element("p", "Head of the ledger: ", element("code", ledger_head(case.path))),
        class_="fx-report-head",
    )


def readers(case: Case) -> list[dict[str, Any]]:
    """The parsers that read files of the case, with how well each is proven as this installation declares it."""
    declared = {known.declaration.label: known.declaration for known in Registry().known}
    read = Counter(str(label) for labels in case.table("files", ["parsers"])["parsers"].dropna() for label in labels)
    return [
        {
            "parser": label,
            "reads": declared[label].title if label in declared else None,
            "tier": declared[label].tier if label in declared else "not in this installation",
            "files": files,
        }
        for label, files in sorted(read.items())
    ]


def versions() -> dict[str, str]:
    """Versions of the toolkit, of Python and of the libraries that a report depends on."""
    found = {"forensics-toolkit": forensics.__version__, "Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def ledger_head(case_path: str | os.PathLike[str]) -> str:
    """The hash of the last line of the case's ledger, or in words why there is none."""
    from forensics.case.ledger import Ledger, LedgerError

    path = Path(case_path) / "ledger.jsonl"
    if not path.is_file():
        return "no ledger in this case"
    try:
        return Ledger(path).head
    except LedgerError as error:
        return f"THE LEDGER DOES NOT HOLD TOGETHER: {error}"
