"""An open case: its tables as dataframes, SQL over them, search across scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from forensics.case.search import Searcher
from forensics.case.store import Store
from forensics.tables import CORE, Table
from forensics.tables.arrow import declared

if TYPE_CHECKING:
    import duckdb


def open_case(place: str | Path = ".") -> Case:
    """Open the case at `place`, a case folder or a folder inside one. Raises `CaseError`.

    Opening reads no table; a table is read when it is first asked for.
    """
    return Case(Store.find(place))


class Case:
    """A case, read-only: `case.messages`, `case.photos` ... are dataframes; `case.tables` says what there is.

    Dataframes have Arrow strings, categories and UTC times, sorted by time. Each is made once: work on a copy to change one.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._frames: dict[str, pd.DataFrame] = {}
        self._said = store.read()

    @property
    def path(self) -> Path:
        """The folder of the case."""
        return self._store.root

    @property
    def name(self) -> str:
        """The name of the case."""
        return str(self._said["name"])

    @property
    def evidence(self) -> list[dict[str, Any]]:
        """The pieces of evidence: label, name, kind, files, bytes, hashes, time zone."""
        return list(self._said["evidence"])

    @cached_property
    def tables(self) -> Tables:
        """What tables there are, how many rows they have, and what their columns mean."""
        return Tables({name: Contents(table, self._parts(name)) for name, table in self._declared.items()})

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self._declared:
            raise AttributeError(f"a case has no table {name!r}: it has {', '.join(self._declared)}")
        return self.table(name)

    def __dir__(self) -> Iterable[str]:
        return sorted([*super().__dir__(), *self._declared])

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """A table as a dataframe, all of it (then it is kept) or some of its columns."""
        if columns is not None:
            return self.tables[name].frame(columns)
        if name not in self._frames:
            self._frames[name] = self.tables[name].frame()
        return self._frames[name]

    def head(self, name: str, rows: int = 20) -> pd.DataFrame:
        """The first rows of a table in its order, without reading all of it."""
        order = ", ".join(f'"{c}" NULLS LAST' for c in self._declared[name].order)
        return self.sql(f'SELECT * FROM "{name}"' + (f" ORDER BY {order}" if order else "") + f" LIMIT {int(rows)}")

    def sql(self, query: str, parameters: list[Any] | None = None) -> pd.DataFrame:
        """The result of an SQL query (DuckDB) over the tables of the case.

        The query sees the case and nothing else, no other file, no network, and changes nothing: one SELECT, or what DuckDB
        takes for one (WITH, FROM, DESCRIBE, SUMMARIZE, PIVOT ... IN). Raises `ValueError` for anything else.
        """
        import duckdb

        kinds = [statement.type for statement in self._duckdb.extract_statements(query)]
        if kinds != [duckdb.StatementType.SELECT]:
            raise ValueError(
                "case.sql takes one query that reads: SELECT ... (a PIVOT names its values: ON column IN (...))"
            )
        return self._duckdb.sql(query, params=parameters).to_arrow_table().to_pandas()

    def search(self, text: str, tables: Iterable[str] | None = None) -> pd.DataFrame:
        """Rows whose text holds `text`, in any script and case: `granica` finds граница, Granica and GRANICA.

        Gives one row a hit: table, column, at (UTC), who, text, and where it came from. `tables`: search these only.
        """
        return self._searcher.search(text, tables)

    @property
    def problems_by_kind(self) -> pd.DataFrame:
        """Problems counted by stage, kind and message."""
        return self.sql(
            "SELECT stage, kind, message, count(*) AS problems FROM problems GROUP BY ALL ORDER BY problems DESC, message"
        )

    def _repr_html_(self) -> str:
        from forensics.views import overview

        return overview(self)._repr_html_()

    def __repr__(self) -> str:
        rows = sum(contents.rows for contents in self.tables.values())
        return f"<Case {self.name}: {len(self.evidence)} evidence, {rows:,} rows>"

    @cached_property
    def _searcher(self) -> Searcher:
        return Searcher(self)

    @cached_property
    def _declared(self) -> dict[str, Table]:
        """The tables of the core, and those that plug-ins have filled in this case, as their files declare them."""
        found = dict(CORE)
        for folder in sorted(self._store.tables.iterdir()) if self._store.tables.is_dir() else ():
            parts = sorted(folder.glob("*.parquet")) if folder.name.isidentifier() else []
            if folder.name not in CORE and parts:
                found[folder.name] = declared(pq.read_schema(parts[0]))
        return found

    def _parts(self, table: str) -> list[Path]:
        return sorted((self._store.tables / table).glob("*.parquet"))

    @cached_property
    def _duckdb(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        connection.execute("SET TimeZone = 'UTC'")
        for name, contents in self.tables.items():
            if contents.parts:
                paths = ", ".join("'" + str(p).replace("'", "''") + "'" for p in contents.parts)
                connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet([{paths}])')
            else:
                connection.register(f"empty_{name}", contents.table.schema.empty_table())
                connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM "empty_{name}"')
        folder = str(self._store.tables).replace("'", "''")
        connection.execute(f"SET allowed_directories = ['{folder}']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection


class Contents:
    """One table of a case: its declaration and the files that hold its rows."""

    def __init__(self, table: Table, parts: list[Path]) -> None:
        self.table = table
        self.parts = parts

    @cached_property
    def rows(self) -> int:
        """How many rows it has."""
        return int(ds.dataset(self.parts, schema=self.table.schema).count_rows()) if self.parts else 0

    @property
    def columns(self) -> pd.DataFrame:
        """Its columns: name, type and meaning."""
        return pd.DataFrame(
            [(c.name, c.type, c.doc) for c in self.table.columns], columns=["column", "type", "meaning"]
        )

    def arrow(self, columns: list[str] | None = None) -> pa.Table:
        """Its rows as an Arrow table, in the table's order."""
        schema = self.table.schema
        if not self.parts:
            rows = schema.empty_table()
            return rows.select(columns) if columns else rows
        order = self.table.order
        wanted = None if columns is None else [*columns, *(c for c in order if c not in columns)]
        rows = ds.dataset(self.parts, schema=schema).to_table(columns=wanted).unify_dictionaries()
        if order and rows.num_rows > 1:
            rows = rows.take(_sorted(rows, order))
        return rows.select(columns) if columns else rows

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Its rows as a dataframe."""
        return self.arrow(columns).to_pandas(self_destruct=True, split_blocks=True)

    def __repr__(self) -> str:
        return f"<{self.table.name}: {self.rows:,} rows. {self.table.doc}>"

    def _repr_html_(self) -> str:
        return self.columns._repr_html_()  # type: ignore[operator]


class Tables(dict[str, Contents]):
    """The tables of a case by name; shown with their rows and meaning."""

    @property
    def frame(self) -> pd.DataFrame:
        """Name, rows and meaning of each."""
        return pd.DataFrame(
            [(name, contents.rows, contents.table.doc) for name, contents in self.items()],
            columns=["table", "rows", "one row is"],
        )

    def __repr__(self) -> str:
        return self.frame.to_string(index=False)

    def _repr_html_(self) -> str:
        return self.frame._repr_html_()  # type: ignore[operator]


def _sorted(rows: pa.Table, order: tuple[str, ...]) -> pa.Array:
    """The order of the rows: by the table's columns, unset last, and as they were read where those are equal."""
    import pyarrow.compute as pc

    keys: Mapping[str, pa.ChunkedArray] = {
        name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for name, column in ((name, rows.column(name)) for name in order)
    }
    place = pa.array(range(rows.num_rows), pa.int64())
    table = pa.table({**keys, "": place})
    return pc.sort_indices(table, sort_keys=[*((name, "ascending") for name in order), ("", "ascending")])
