"""An open case: dataframes, SQL that sees the case and nothing else, search across scripts."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import forensics
from forensics.case.case import Contents
from forensics.case.status import status
from forensics.tables import CORE


@pytest.fixture(scope="module")
def place(make_case) -> Path:
    return make_case(
        ("messages", {"text": "third", "chat_id": "a", "sent_at": "2025-10-25T07:00:00+02:00", "edited": False}),
        ("messages", {"text": "no time", "chat_id": "b"}),
        ("messages", {"text": "first", "chat_id": "a", "sent_at": "2025-10-25T04:00:00+00:00", "edited": True}),
        ("messages", {"text": "second", "chat_id": "b", "sent_local": "2025-10-25T06:30:00", "latitude": 44.98}),
        ("contacts", {"name": "Đorđe", "phones": ["+38163", "+38164"]}),
        ("media", {"title": "мост", "taken_at": "2025-10-20T00:00:00+00:00"}),
    )


@pytest.fixture
def case(place) -> forensics.Case:
    return forensics.open_case(place)


# Dataframes


def test_sorted_by_time_and_unset_last(case):
    assert list(case.messages["text"]) == ["first", "second", "third", "no time"]


def test_types(case):
    types = case.messages.dtypes.astype("str")
    assert types["text"] == types["record"] == "str"
    assert types["chat_id"] == types["evidence"] == types["path"] == types["parser"] == "category"
    assert types["sent_at"] == types["edited_at"] == "datetime64[us, UTC]"
    assert types["sent_local"] == "datetime64[us]"
    assert types["latitude"] == "float64"
    assert isinstance(case.messages["text"].array, pd.arrays.ArrowStringArray)
    assert case.messages["chat_id"].cat.categories.dtype == "str"
    assert list(case.contacts["phones"][0]) == ["+38163", "+38164"]


def test_values(case):
    first, second, third, last = case.messages.to_dict("records")
    assert first["sent_at"] == pd.Timestamp("2025-10-25 04:00", tz="UTC")
    assert third["sent_at"] == pd.Timestamp("2025-10-25 05:00", tz="UTC")
    assert second["sent_at"] == pd.Timestamp("2025-10-25 04:30", tz="UTC")
    assert (first["time_basis"], second["time_basis"]) == ("utc", "assumed:Europe/Podgorica")
    assert last["sent_at"] is pd.NaT
    assert math.isnan(first["latitude"])
    assert [first["edited"], third["edited"], last["edited"]] == [True, False, None]
    assert (first["evidence"], first["path"], first["record"]) == ("phone", "rows.json", "$[2]")
    assert (first["parser"], first["state"]) == ("test.rows@1", "live")
    assert len(first["file"]) == 64


def test_every_table_is_there_and_empty_ones_have_their_types(case):
    for name, table in CORE.items():
        frame = case.table(name)
        assert list(frame.columns) == [column.name for column in table.columns]
    assert len(case.calls) == 0
    assert str(case.calls["started_at"].dtype) == "datetime64[us, UTC]"
    assert set(CORE) <= set(dir(case))


def test_some_columns(case):
    frame = case.table("messages", ["text", "chat_id"])
    assert list(frame.columns) == ["text", "chat_id"]
    assert list(frame["text"]) == ["first", "second", "third", "no time"]


def test_table_is_made_once(case):
    assert case.messages is case.messages


def test_no_such_table(case):
    with pytest.raises(AttributeError, match="a case has no table 'mesages': it has files, problems"):
        _ = case.mesages


def test_head_reads_no_dataframe(case, monkeypatch):
    def refuse(*_):
        raise AssertionError("all of the table was read")

    monkeypatch.setattr(Contents, "arrow", refuse)
    frame = case.head("messages", 2)
    assert list(frame["text"]) == ["first", "second"]
    assert str(frame["sent_at"].dtype) == "datetime64[us, UTC]"
    assert len(case.head("calls")) == 0


def test_opening_reads_no_table(place, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a table was read")

    monkeypatch.setattr(pq, "ParquetFile", refuse)
    monkeypatch.setattr("pyarrow.dataset.dataset", refuse)
    assert forensics.open_case(place).name == "a"


def test_two_pieces_of_evidence(make_case):
    def message(text: str, hour: int) -> tuple[str, dict]:
        return "messages", {"text": text, "sent_at": f"2025-10-25T{hour:02}:00:00+00:00"}

    case = forensics.open_case(make_case(phone=[message("a", 1), message("c", 3)], tablet=[message("b", 2)]))
    assert list(zip(case.messages["text"], case.messages["evidence"], strict=True)) == [
        ("a", "phone"),
        ("b", "tablet"),
        ("c", "phone"),
    ]
    assert [e["label"] for e in case.evidence] == ["phone", "tablet"]
    assert case.evidence[0]["timezone"] == "Europe/Podgorica"


# What there is


def test_tables_say_what_they_hold(case):
    assert case.tables["messages"].rows == 4
    assert case.tables["calls"].rows == 0
    frame = case.tables.frame.set_index("table")
    assert frame.loc["messages", "rows"] == 4
    assert frame.loc["messages", "one row is"] == CORE["messages"].doc
    columns = case.tables["messages"].columns.set_index("column")
    assert columns.loc["sent_at", "type"] == "time"
    assert all(columns["meaning"])
    assert "messages" in repr(case.tables)
    assert "a message" in case.tables._repr_html_()
    assert "sent_at" in case.tables["messages"]._repr_html_()


def test_repr(case):
    assert repr(case) == "<Case a: 1 evidence, 7 rows>"


def test_status_is_json(place):
    said = json.loads(json.dumps(status(place), allow_nan=False))
    assert said["case"] == "a"
    assert [(e["label"], e["complete"]) for e in said["evidence"]] == [("phone", True)]
    assert said["files"] == {"phone": {"parsed": 1}}
    assert said["rows"]["messages"] == 4
    assert said["rows_by_evidence"]["phone"] == {"files": 1, "messages": 4, "contacts": 1, "media": 1}
    assert said["problems"] == []
    assert said["unknown"] == []


# SQL


def test_sql(case):
    frame = case.sql("SELECT chat_id, count(*) AS n FROM messages GROUP BY 1 ORDER BY 1")
    assert frame.to_dict("records") == [{"chat_id": "a", "n": 2}, {"chat_id": "b", "n": 2}]
    assert case.sql("FROM messages SELECT text WHERE text = ?", ["first"])["text"].tolist() == ["first"]
    assert case.sql("SELECT sent_at FROM messages ORDER BY sent_at LIMIT 1")["sent_at"][0].tz is not None
    assert len(case.sql("SELECT * FROM calls")) == 0
    assert len(case.sql("SELECT * FROM messages JOIN files USING (file)")) == 4


@pytest.mark.parametrize(
    "query", ["DESCRIBE messages", "SUMMARIZE messages", "SHOW TABLES", "WITH x AS (SELECT 1) FROM x"]
)
def test_sql_that_looks(case, query):
    assert len(case.sql(query))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('http://example.com/x.csv')",
        "SELECT * FROM 'https://example.com/x.parquet'",
        "SELECT * FROM 's3://bucket/x.parquet'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM glob('{case}/*')",
        "SELECT * FROM read_text('{case}/ledger.jsonl')",
        "SELECT * FROM read_json('{case}/case.json')",
        "SELECT * FROM read_text('{case}/tables/../case.json')",
        "SELECT * FROM sqlite_scan('/tmp/x.db', 't')",
        "SELECT getenv('HOME')",
    ],
)
def test_sql_sees_the_case_only(case, query):
    import duckdb

    with pytest.raises(duckdb.Error):
        case.sql(query.format(case=case.path))


@pytest.mark.parametrize(
    "query",
    [
        "COPY (SELECT 1) TO '{outside}/x.csv'",
        "COPY (SELECT 1) TO '{case}/tables/messages/x.parquet' (FORMAT parquet)",
        "COPY (PIVOT files ON status USING count(*)) TO '{case}/tables/x.csv'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{case}/tables/x.csv'",
        "PREPARE p AS COPY (SELECT 1) TO '{case}/tables/x.csv'",
        "EXPORT DATABASE '{case}/tables/x'",
        "SELECT 1; COPY (SELECT 1) TO '{case}/tables/x.csv'",
        "ATTACH '{outside}/x.db'",
        "ATTACH '{case}/tables/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "RESET lock_configuration",
        "PRAGMA enable_logging",
        "CREATE TABLE x AS SELECT 1",
        "DROP VIEW messages",
        "CREATE SECRET (TYPE s3)",
        "CALL pragma_version()",
        "",
    ],
)
def test_sql_changes_nothing(case, query, tmp_path):
    before = sorted(case.path.rglob("*"))
    with pytest.raises(ValueError, match="one query that reads"):
        case.sql(query.format(case=case.path, outside=tmp_path))
    assert sorted(case.path.rglob("*")) == before
    assert list(tmp_path.iterdir()) == []


def test_sql_that_is_no_sql(case):
    import duckdb

    with pytest.raises(duckdb.Error):
        case.sql("SELEC 1")
    with pytest.raises(duckdb.Error, match="nowhere"):
        case.sql("SELECT * FROM nowhere")


def test_case_whose_path_has_quotes(tmp_path, make_case):
    made = make_case(("messages", {"text": "x"}))
    odd = tmp_path / 'it\'s [a] "case" *'
    made.rename(odd)
    case = forensics.open_case(odd)
    assert case.sql("SELECT text FROM messages")["text"].tolist() == ["x"]
    assert case.messages["text"].tolist() == ["x"]


# Search: the test vectors of the folding, through a case

SAME = [
    ("granica", ["граница", "Granica", "GRANICA", "ġranica", "grаnica"]),
    ("šta", ["sta", "шта", "ŠTA"]),
    ("Đorđe", ["Djordje", "Ђорђе"]),
    ("džep", ["џеп", "ǆep", "dzep"]),
    ("ljubljana", ["Љубљана", "ǈubljana"]),
    ("njuška", ["њушка"]),
    ("injekcija", ["инјекција"]),
    ("mjenjačnica", ["mjenjacnica", "мјењачница"]),
    ("Nikšić", ["niksic", "Никшић"]),
    ("gevgelija", ["Гевгелија"]),
    ("śekira", ["с́екира", "sekira"]),
    ("Tiranë", ["TIRANE"]),
    ("çmim", ["cmim"]),
    ("istanbul", ["İstanbul", "ISTANBUL", "ıstanbul"]),
    ("kaçak", ["kacak"]),
    ("qaçakçı", ["QACAKCI"]),
    ("Şırnak", ["sirnak"]),
    ("حواله", ["حوالة", "حَوَالَة", "حـوالـه", "حوالہ"]),
    ("كتاب", ["کتاب"]),
    ("علي", ["علی"]),
    ("على", ["علی"]),
    ("يورو", ["یورو"]),
    ("می‌روم", ["میروم"]),
]
DIFFERENT = [("Đorđe", "Dorde"), ("menjačnica", "mjenjačnica"), ("śekira", "sjekira"), ("ќе", "ce")]


@pytest.fixture(scope="module")
def words(make_case) -> forensics.Case:
    texts = [word for one, others in SAME for word in (one, *others)] + [w for pair in DIFFERENT for w in pair]
    rows = [("messages", {"text": f"(… {text} …)", "chat_id": text}) for text in dict.fromkeys(texts)]
    return forensics.open_case(make_case(*rows))


@pytest.mark.parametrize(("word", "others"), SAME)
def test_search_finds_each_from_each(words, word, others):
    every = {word, *others}
    for asked in every:
        found = words.search(asked, tables=["messages"])
        assert every <= {text[3:-3] for text in found["text"]}, asked


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_search_keeps_apart(words, one, other):
    assert f"(… {other} …)" not in set(words.search(one)["text"])


def test_search_says_where(case):
    (hit,) = case.search("djordje").to_dict("records")
    assert (hit["table"], hit["column"], hit["text"]) == ("contacts", "name", "Đorđe")
    assert (hit["evidence"], hit["path"], hit["record"], hit["state"]) == ("phone", "rows.json", "$[4]", "live")
    (hit,) = case.search("MOST").to_dict("records")
    assert (hit["table"], hit["column"], hit["at"]) == ("media", "title", pd.Timestamp("2025-10-20", tz="UTC"))


def test_search_result_is_sorted_by_time(case):
    assert list(case.search("ir")["text"]) == ["first", "third"]
    assert list(case.search("i", tables=["messages"])["text"]) == ["first", "third", "no time"]


def test_search_for_nothing(case):
    for nothing in ("", "  ", "nirgendwo", "\u0301"):
        assert len(case.search(nothing)) == 0
    assert list(case.search("x").columns) == list(case.search("first").columns)


def test_search_in_no_such_table(case):
    with pytest.raises(ValueError, match="search knows the tables"):
        case.search("x", tables=["files"])


def test_hit_does_not_run_over_two_rows(make_case):
    case = forensics.open_case(make_case(("messages", {"text": "gran"}), ("messages", {"text": "ica"})))
    assert len(case.search("granica")) == 0
    assert len(case.search("gran")) == 1
