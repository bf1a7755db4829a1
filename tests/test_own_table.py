"""A plug-in with a table and a view of its own: both are there for who opens the case."""

import pytest

from forensics import ingest, open_case, views

PLUG_IN = '''
from forensics import Table, hookimpl, parser
from forensics.tables import Column

TRIPS = Table("trips", "A trip.", (Column("from_place", "text", "where it began"), Column("km", "real", "length")), order=("km",))


@parser("trips.text", files=["trips.txt"])
def trips(file):
    """Trips."""
    for number, line in enumerate(file.text().splitlines(), 1):
        place, km = line.split(";")
        yield from TRIPS.rows([{"from_place": place, "km": float(km), "record": f"line {number}"}])


@hookimpl
def forensics_parsers():
    return [trips]


@hookimpl
def forensics_tables():
    return [TRIPS]


@hookimpl
def forensics_views():
    return {"longest": lambda frame: frame["km"].max()}
'''


@pytest.fixture
def evidence(tmp_path):
    folder = tmp_path / "phone"
    folder.mkdir()
    (folder / "trips.txt").write_text("Skopje;246.5\nEdirne;12\n", "utf-8")
    return folder


def read(tmp_path, evidence, text):
    plug_in = tmp_path / "trips_plugin.py"
    plug_in.write_text(text, "utf-8")
    ingest(tmp_path / "a.case", evidence, plugins=(str(plug_in),))
    return open_case(tmp_path / "a.case"), plug_in


def test_the_case_has_the_table_and_what_it_means(tmp_path, evidence):
    case, plug_in = read(tmp_path, evidence, PLUG_IN)
    assert case.trips[["from_place", "km", "record", "evidence"]].values.tolist() == [
        ["Edirne", 12.0, "line 2", "phone"],
        ["Skopje", 246.5, "line 1", "phone"],
    ]
    assert case.tables["trips"].columns.iloc[0].tolist() == ["from_place", "text", "where it began"]
    assert case.sql("SELECT sum(km) AS km FROM trips")["km"][0] == 258.5
    assert views.plugged([plug_in])["longest"](case.trips) == 246.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PLUG_IN.replace("return [TRIPS]", "return []"), "must return its table trips from forensics_tables()"),
        (PLUG_IN.replace('Table("trips"', 'Table("messages"'), "the core has a table messages already"),
    ],
)
def test_a_table_that_was_not_handed_over_is_a_problem(tmp_path, evidence, text, said):
    case, _ = read(tmp_path, evidence, text)
    assert said in case.problems["message"][0]
    assert case.files["status"][0] == "failed"
