from datetime import UTC, datetime
from decimal import Decimal

import pandas as pd
import pytest

from forensics.views import table


def test_telling_columns_first_and_empty_ones_named(messages, read):
    shown = read(table(messages))
    head = shown.table()[0]
    assert head[:5] == ["sent_at", "sent_local", "chat_name", "sender_name", "direction"]
    assert head[-4:] == ["state", "evidence", "path", "record"]
    assert "Nothing stored in: " in shown.text
    assert "view_once" in shown.text
    assert "In the dataframe, not shown: file, parser." in shown.text


def test_columns_as_asked(messages, read):
    assert read(table(messages, columns=["record", "view_once"])).table()[:2] == [
        ["record", "view_once"],
        ["message/_id=1", ""],
    ]


def test_limit_is_said(messages, read):
    shown = read(table(messages, limit=4))
    assert len(shown.table()) == 5
    assert "5 more rows not shown (limit=4)." in shown.text


def test_every_kind_of_cell(read):
    frame = pd.DataFrame(
        {
            "time": [datetime(2024, 3, 5, 18, 0, 0, 250_000, UTC)],
            "wall": [datetime(2024, 3, 5, 18)],
            "flag": [True],
            "real": [1.5],
            "whole": [3.0],
            "count": [7],
            "amount": [Decimal("3000.500000000000000000")],
            "list": [["+38269111222", "<b>"]],
            "none": [None],
            "nan": [float("nan")],
        }
    )
    assert read(table(frame, columns=frame.columns)).table()[1] == [
        "2024-03-05 18:00:00.25 UTC",
        "2024-03-05 18:00:00 (local)",
        "yes",
        "1.5",
        "3",
        "7",
        "3000.5",
        "+38269111222, <b>",
        "",
        "",
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", " =HYPERLINK(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|x", "@SUM(1+1)*cmd|x", "\t=1"]
)
def test_formulas_are_not_live_when_pasted(text, read):
    assert read(table(pd.DataFrame({"text": [text]}))).table()[1][0].startswith("'")


@pytest.mark.parametrize("text", ["+382 69 111-222", "@ivan_99", "-12.50", "a=b", "-"])
def test_plain_text_is_left_alone(text, read):
    assert read(table(pd.DataFrame({"text": [text]}))).table()[1][0] == text


def test_long_cells_are_cut_and_counted(read):
    cell = read(table(pd.DataFrame({"text": ["x" * 40_000]}))).table()[1][0]
    assert cell == "x" * 500 + " … 39,500 more characters"


def test_no_rows(messages, read):
    assert read(table(messages.head(0))).text == "No rows."
    assert read(table(pd.DataFrame())).text == "No rows."


def test_rows_say_where_they_come_from(messages, read):
    rows = read(table(messages, columns=["path", "record", "evidence"])).find("tr")
    assert rows[1]["attrs"]["title"] == "A1 · data/msgstore.db · message/_id=1"
