import json
import re
from html.parser import HTMLParser

import pytest

import forensics
from forensics.report import ReportError, build_report, outside
from forensics.report.build import ledger_head, versions

HOSTILE = r"""
from IPython.display import HTML, Image, Javascript, Markdown, display
import pandas as pd
bad = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\u202e\x1b[2J\x00"
display(HTML(bad + '<a href="http://beacon.example">x</a><style>@import url(http://beacon.example);</style>'))
display(HTML('<b style="background:url(//b.example)" onclick="x()">kept</b>'))
display(Javascript("alert(3)"))
display(Markdown("![p](http://beacon.example/p.png) [l](javascript:alert(4)) <iframe src=//b.example></iframe> " + bad))
display({"text/latex": "$\\href{javascript:alert(5)}{x}$", "image/svg+xml": "<svg onload=alert(6)></svg>"}, raw=True)
print(bad)
pd.DataFrame({bad: [bad]})
"""


@pytest.fixture(scope="module")
def page(sample_case, tmp_path_factory):
    out = tmp_path_factory.mktemp("reports") / "deep" / "report.html"
    assert build_report(sample_case, out) == out
    assert [path.name for path in out.parent.iterdir()] == ["report.html"]
    return out.read_text("utf-8")


def test_report_is_closed(page):
    assert outside(page) == []
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert page.startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">')
    assert not re.search(r"""(src|href|action)\s*=\s*["']?\s*(https?:)?//""", page)


def test_header_says_what_the_report_rests_on(page, sample_case):
    case = forensics.open_case(sample_case)
    text = plain(page)
    assert text.split()[:2] == ["sample:", "report"]
    for one in case.evidence:
        assert one["label"] in text
        assert one["listing_sha256"] in text
    assert (
        f"Head of the ledger: {json.loads((sample_case / 'ledger.jsonl').read_text().splitlines()[-1])['hash']}" in text
    )
    assert f"forensics-toolkit {forensics.__version__}, Python 3." in text
    assert "whatsapp.android@1" in text


def test_report_shows_the_views(page, sample_case):
    case = forensics.open_case(sample_case)
    assert page.count('class="fx-chat"') >= 3
    assert 'class="fx-land"' in page
    assert f"{len(case.messages):,}messages" in plain(page)
    assert "not a legal position" in page


def test_code_is_left_out(page):
    assert "views.table" not in page
    assert "open_case" not in page


def test_same_case_same_bytes(page, sample_case, tmp_path):
    again = build_report(sample_case, tmp_path / "again.html")
    assert again.read_text("utf-8") == page


def test_case_without_evidence(empty_case, tmp_path):
    page = build_report(empty_case, tmp_path / "empty.html").read_text("utf-8")
    assert outside(page) == []
    assert "<img" not in page
    assert "No messages" in page
    assert "<img src=x onerror=alert(1)>" in plain(page)


@pytest.mark.filterwarnings("ignore:Your element with mimetype")  # it is left out, as it should be
def test_hostile_outputs(empty_case, notebook, tmp_path):
    page = build_report(empty_case, tmp_path / "hostile.html", template=notebook(HOSTILE)).read_text("utf-8")
    assert outside(page) == []
    assert "<b>kept</b>" in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "<svg onload" not in page
    assert "alert(3)" not in page  # scripts are not shown even as text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page  # what was printed is shown as it is


def test_failure_keeps_what_ran(sample_case, notebook, tmp_path):
    out = tmp_path / "report.html"
    out.write_text("the report of yesterday")
    with pytest.raises(ReportError, match=r"cell 3 .* KeyError: 'gone'\. What ran before it is in .*\.partial\.html"):
        build_report(sample_case, out, template=notebook("print('was here')", "{}['gone']"))
    assert out.read_text() == "the report of yesterday"
    partial = (tmp_path / "report.partial.html").read_text("utf-8")
    assert "was here" in partial
    assert "NOT COMPLETE" in partial
    assert outside(partial) == []


def test_broken_ledger_is_said(sample_case, tmp_path):
    (tmp_path / "ledger.jsonl").write_text((sample_case / "ledger.jsonl").read_text().replace('"seq":1,', '"seq":7,'))
    assert "DOES NOT HOLD TOGETHER" in ledger_head(tmp_path)
    assert ledger_head(tmp_path / "elsewhere") == "no ledger in this case"


def test_versions():
    assert versions()["forensics-toolkit"] == forensics.__version__
    assert set(versions()) >= {"Python", "pandas", "pyarrow", "nbconvert"}


class Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts, self.skip = [], False

    def handle_starttag(self, tag, attrs):
        self.skip = tag == "style"

    def handle_endtag(self, tag):
        self.skip = self.skip and tag != "style"

    def handle_data(self, data):
        if not self.skip:
            self.parts.append(data)


def plain(page):
    reader = Text()
    reader.feed(page)
    return "".join(reader.parts)
