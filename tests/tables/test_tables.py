"""The tables themselves: what the design promises of each."""

import pyarrow as pa
import pytest

from forensics.tables import CORE, MESSAGES, Column, Table
from forensics.tables.table import PROVENANCE

NAMES = [column.name for column in PROVENANCE]


def test_the_tables_of_the_design():
    assert list(CORE) == [
        "files", "problems", "gaps", "devices", "accounts", "contacts", "messages", "participants", "reactions",
        "receipts", "attachments", "calls", "media", "places", "wallets", "addresses", "transfers", "secrets",
        "identifiers",
    ]  # fmt: skip


@pytest.mark.parametrize("table", CORE.values(), ids=lambda table: table.name)
def test_every_row_can_say_where_it_came_from(table):
    assert (
        table.schema.names[-len(NAMES) :]
        == NAMES
        == ["evidence", "path", "file", "record", "state", "parser", "cleaned"]
    )
    assert "extra" in table.schema.names


@pytest.mark.parametrize("table", CORE.values(), ids=lambda table: table.name)
def test_every_column_has_a_sentence(table):
    assert table.doc.strip()
    assert [column.name for column in table.columns if not column.doc.strip()] == []


def test_a_name_means_one_type_in_every_table():
    types: dict[str, set[str]] = {}
    for table in CORE.values():
        for name, kind in table.types.items():
            types.setdefault(name, set()).add("text" if kind == "category" else kind)
    assert {name: kinds for name, kinds in types.items() if len(kinds) > 1} == {}


@pytest.mark.parametrize("table", CORE.values(), ids=lambda table: table.name)
def test_the_order_and_the_folded_column_exist(table):
    assert set(table.order) <= table.types.keys()
    if table.folded:
        assert table.types[f"{table.folded}_folded"] == "text"
    if table.wall_clock:
        at, local, basis = table.wall_clock
        assert (table.types[at], table.types[local], table.types[basis]) == ("time", "local", "category")


def test_arrow_types():
    assert MESSAGES.schema.field("sent_at").type == pa.timestamp("us", tz="UTC")
    assert MESSAGES.schema.field("sent_local").type == pa.timestamp("us")
    assert MESSAGES.schema.field("chat_id").type == pa.dictionary(pa.int32(), pa.string())
    assert CORE["contacts"].schema.field("phones").type == pa.list_(pa.string())


def test_a_table_that_names_a_column_twice_is_our_mistake():
    with pytest.raises(AssertionError, match="names a column twice"):
        Table("twice", "", (Column("a", "text", ""), Column("a", "text", "")))


def test_a_column_of_no_known_type_is_our_mistake():
    with pytest.raises(AssertionError, match="unknown type"):
        Table("odd", "", (Column("a", "varchar", ""),))
