"""Reports: a notebook is run on a case and becomes one HTML page that needs no network."""

from forensics.report.build import build_report
from forensics.report.offline import outside
from forensics.report.run import ReportError, run_notebook
from forensics.report.templates import template, templates

__all__ = ["ReportError", "build_report", "outside", "run_notebook", "template", "templates"]
