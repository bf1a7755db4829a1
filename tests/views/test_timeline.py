from types import SimpleNamespace

import pandas as pd
import pytest

from forensics.views import activity, merge_timeline, timeline


@pytest.fixture
def case(messages, calls, media, transfers, places):
    return SimpleNamespace(messages=messages, calls=calls, media=media, transfers=transfers, places=places)


def test_one_frame_in_order(case):
    whole = merge_timeline(case)
    assert list(whole.columns) == ["at", "local", "table", "what", "who", "evidence", "path", "record", "state"]
    assert whole["table"].value_counts().to_dict() == {
        "places": 10,
        "messages": 9,
        "media": 3,
        "calls": 1,
        "transfers": 1,
    }
    assert whole["at"].dropna().is_monotonic_increasing
    assert whole["at"].isna().sum() == 2
    assert str(whole["at"].dtype) == "datetime64[us, UTC]"


def test_what_and_who(case):
    whole = merge_timeline(case).set_index("table")
    assert whole.loc["calls", ["what", "who"]].tolist() == ["outgoing answered 61 s", "Марко Петровић"]
    assert whole.loc["transfers", ["what", "who"]].tolist() == [
        "Binance withdrawal 3000 USDT",
        "TUEZSdKsoDHQMeZwihtdoBiN46zxhGWYdH",
    ]
    assert whole.loc["media", "what"].tolist() == ["photo samsung SM-A515F", "video", "photo Apple iPhone 12"]
    messages = whole.loc["messages"]
    assert messages["what"].tolist()[4] == "image"
    assert messages["record"].tolist()[0] == "message/_id=1"


def test_rows_without_any_time_are_left_out(case, messages):
    case.messages = messages.assign(sent_at=pd.NaT, sent_local=pd.NaT)
    assert "messages" not in set(merge_timeline(case)["table"])


def test_picture_and_table(case, read):
    shown = read(timeline(merge_timeline(case)))
    assert "22 rows with a time, counted per hour" in shown.text
    assert "2 rows are not in the picture: they carry a wall clock without a zone" in shown.text
    assert shown.texts("text", "fx-label") == ["A1, 19 rows", "B7, 3 rows"]
    head, first, *rows = shown.table()
    assert head == ["at", "table", "what", "who", "state", "evidence", "path", "record"]
    assert first[:3] == ["2024-03-05 01:00:00 UTC", "places", "app 999.0 0.0"]
    assert rows[-1][0] == "2024-03-06 09:30:00 (local)"


def test_bars_count_rows(messages, read):
    shown = read(activity(messages))
    titles = shown.texts("title")
    assert "2024-03-05 18:00 UTC, one hour: 5 rows" in titles
    assert "18:00 to 18:59 UTC: 5 rows" in titles


def test_a_clock_never_set_does_not_squeeze_the_picture(messages, read):
    many = pd.concat([messages] * 60, ignore_index=True)
    many.loc[0, "sent_at"] = pd.Timestamp("1970-01-02", tz="UTC")
    shown = read(activity(many))
    assert "counted per hour" in shown.text
    assert "1 rows are not in the left picture: before 2024-03-05" in shown.text


def test_long_periods_get_wider_bars(messages, read):
    years = messages.head(3).assign(sent_at=pd.to_datetime(["2019-01-01", "2021-06-01", "2024-03-05"], utc=True))
    assert "counted per 30 days" in read(activity(years)).text


def test_limit_is_said(case, read):
    shown = read(timeline(merge_timeline(case), limit=3))
    assert len(shown.table()) == 4
    assert "21 more rows not shown (limit=3)." in shown.text


def test_tables_can_be_given_directly(messages, calls):
    assert timeline(messages, calls).markup == timeline(calls, messages).markup


def test_a_table_without_times_is_refused():
    with pytest.raises(ValueError, match="not a table with times"):
        timeline(pd.DataFrame({"name": ["x"]}))


def test_nothing(case, messages, read):
    empty = SimpleNamespace(**{name: frame.head(0) for name, frame in vars(case).items()})
    assert len(merge_timeline(empty)) == 0
    assert str(merge_timeline(empty)["at"].dtype) == "datetime64[us, UTC]"
    assert read(timeline(merge_timeline(empty))).text == "No row with a time."
    assert read(activity(messages.head(0))).text == "No row with a time."
