"""The whole way on the sample evidence: case, executed notebooks, report."""

from __future__ import annotations

import sys
from pathlib import Path

from forensics.case.outputs import note
from forensics.case.store import Store
from forensics.intake import ingest
from forensics.intake.progress import Progress
from forensics.lab import place_templates
from forensics.report import build_report, run_notebook
from forensics.shipped import command, shipped

DEVICES = ("android_phone", "iphone", "laptop")


def demo(place: str | Path = "demo.case") -> Path:
    """Make the case at `place` from the shipped sample evidence, run its notebooks, write the report; gives the report's path."""
    samples = shipped("sample_data")
    summary = ingest(
        place, [samples / device for device in DEVICES], timezone="Europe/Podgorica", progress=Progress(sys.stderr)
    )
    store = Store.find(place)
    place_templates(store)
    for notebook in sorted((store.root / "notebooks").glob("*.ipynb")):
        if notebook.name != "report.ipynb":
            print(f"Running {notebook.name} ...", flush=True)
            run_notebook(notebook, store.root, notebook)
            note(store, "notebook run", [notebook])
    print("Running report.ipynb ...", flush=True)
    report = report_case(store.root)
    rows = sum(count for name, count in summary.rows.items() if name not in ("files", "problems"))
    print(f"\n{rows:,} rows from three devices; {summary.problems} problems, which the sample holds on purpose.")
    print(f"Report:            {report}")
    print(f"Now explore it:    {command()} lab {place}")
    return report


def report_case(case: str | Path, output: str | Path | None = None) -> Path:
    """Write the report of a case (default: `exports/report.html` in it) and enter it into the ledger; gives its path.

    Raises `CaseError` and `ReportError`.
    """
    store = Store.find(case)
    target = Path(output).expanduser().absolute() if output else store.root / "exports" / "report.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    report = build_report(store.root, target)
    note(store, "report", [report])
    return report
