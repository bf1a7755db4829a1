"""A database opened for reading: its tables, and queries over both of its views."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from forensics.parsers import Problem
from forensics.sqlite.collations import provide
from forensics.sqlite.copy import Found, Views, database_errors
from forensics.sqlite.gaps import Gaps
from forensics.sqlite.overlay import Overlay, existing, recovered_copy
from forensics.sqlite.pages import NotADatabase
from forensics.sqlite.recover import recover
from forensics.sqlite.rows import Rows
from forensics.sqlite.search import OutOfTime
from forensics.sqlite.template import fill, quoted, sayable

MAX_VALUE = 64 << 20  # bytes of one value; a larger one is a problem, not memory (trust H-31)
SEARCH_SHARE = 3  # of the time that is left, the search for deleted rows may take a third
STEPS = 20_000  # virtual machine steps between two looks at the clock


class Database:
    """What parsers get from `file.sqlite()`. Opens copies only; queries run on both views where a log makes them differ.

    `deadline`: on `time.monotonic`, after which queries stop with `sqlite3.OperationalError` (interrupted).
    `recover`: whether queries with a column `record` also give what deleted and replaced rows say (`forensics.sqlite.recover`),
    and `gaps` takes note of missing row ids. `counts`: for each table that a query gave whole, rows stored and rows given.
    """

    def __init__(
        self,
        views: Views,
        beside: Mapping[str, Views] | None = None,
        deadline: float | None = None,
        recover: bool = False,
        gaps: Gaps | None = None,
    ) -> None:
        self.views = views
        self.gaps = gaps or Gaps()
        self.recover = recover
        self.beside = dict(beside or {})
        self.deadline = deadline
        self.problems: list[Problem] = []
        self.counts: dict[str, tuple[int, int]] = {}
        self._shared: dict[str, list[Rows]] = {}
        self.current = self._connect(views.current)
        self._before: sqlite3.Connection | None = None

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the copies belong to the file."""
        for source, rows in self._shared.items():
            self.account(source, sum(one.delivered for one in rows))
        self._shared.clear()
        self.current.close()
        if self._before:
            self._before.close()
            self._before = None
        if self.__dict__.get("remains"):
            self.__dict__.pop("remains").close()

    @cached_property
    def tables(self) -> dict[str, list[str]]:
        """Real tables (no views, no virtual tables) and their columns; those of an attached database as `name.table`."""
        return {
            table: [row[1] for row in self.current.execute(f"PRAGMA {schema}table_xinfo({quoted(name)})")]
            for schema, table, name in self._real_tables()
        }

    @cached_property
    def computed(self) -> bool:
        """Whether some table has generated columns, so that reading it runs expressions of the file's author."""
        return any(
            row[6] in (2, 3)
            for schema, _, name in self._real_tables()
            for row in self.current.execute(f"PRAGMA {schema}table_xinfo({quoted(name)})")
        )

    def columns(self, table: str) -> list[str]:
        """Columns of a table, in their order; none if it does not exist."""
        wanted = table.lower()
        return next((columns for name, columns in self.tables.items() if name.lower() == wanted), [])

    def has(self, **tables: Iterable[str]) -> bool:
        """Whether these tables exist with at least these columns."""
        return all(
            {c.lower() for c in wanted} <= {c.lower() for c in self.columns(table)} and self.columns(table)
            for table, wanted in tables.items()
        )

    def select(self, template: str) -> str:
        """A query for the tables and columns that this database has.

        In the template, `{m.edited_at}` names an optional column of the table with the alias `m`: NULL where it does not
        exist. A table that does not exist is replaced by an empty one, so that a LEFT JOIN to it finds nothing.
        """
        return fill(template, self.columns)

    def execute(self, template: str, every: str | None = None, share: str | None = None) -> Rows:
        """Run a query (see `select` for `{alias.column}`) over the database, with and without its write-ahead log.

        `every`: a table, optionally with a condition (`message WHERE key_id <> '-1'`), of which the query is to return each
        row once; a different number is a problem. `share`: the same, where several queries give its rows together; they are
        compared when the database is closed. Gives `Rows`: iterate, or hand it to `TABLE.batches`.
        Raises `sqlite3.DatabaseError` for a query that the database cannot answer.
        """
        whole = every or share
        if self.recover and whole:
            self.problems.extend(self.gaps.look(self, whole.split()[0]))
        rows = Rows(self, self.select(template), every)
        if share:
            self._shared.setdefault(share, []).append(rows)
        return rows

    def account(self, source: str, delivered: int, query: str | None = None) -> None:
        """Compare the rows that came of a table, or of its part `table WHERE ...`, with those that are there; a difference is a
        problem."""
        try:
            there = self.count(source)
        except sqlite3.DatabaseError:
            return
        self.counts[source] = there, delivered
        if there != delivered:
            kind = "not_read" if there > delivered else "not_understood"
            said = f"{source}: {there:,} rows in the table, {delivered:,} rows out"
            self.problems.append(Problem(kind, said, record=source.split()[0], detail=query, stage="check"))

    def count(self, source: str) -> int:
        """Rows of `table` or `table WHERE ...` in the current view."""
        return int(self.current.execute(f"SELECT count(*) FROM {source}").fetchone()[0])

    @property
    def before(self) -> sqlite3.Connection | None:
        """The view without the log; None where both views are one."""
        if self.views.before and self._before is None:
            self._before = self._connect(self.views.before)
        return self._before

    @cached_property
    def overlay(self) -> Overlay | None:
        """The database beside this one in which queries find recovered rows; None if there are none. What cuts the search
        short is a problem."""
        current = self.views.searched or self.views.current
        found = self.views.found or Found(current, None, None)
        target = self.views.current.with_name(self.views.current.name + ".mixed")
        try:
            views = {"current": current, "before": self.views.before}
            rows = recover(found.main, found.wal, found.journal, **views, deadline=self._share())
            return recovered_copy(self.views, rows, target)
        except OutOfTime:
            self.problems.append(Problem("limit", "time ran out in the search for deleted rows: there may be more"))
        except (sqlite3.DatabaseError, NotADatabase) as error:
            self.problems.append(Problem("damaged", f"deleted rows could not be searched for: {error}"))
        return existing(target)

    def _share(self) -> float | None:
        """When the search for deleted rows must end, so that there is time left for the rows in force."""
        now = time.monotonic()
        return None if self.deadline is None else now + max(self.deadline - now, 0) / SEARCH_SHARE

    @cached_property
    def remains(self) -> sqlite3.Connection | None:
        """A connection to that database: `main` is in force and recovered rows, `recovered` has the recovered rows alone."""
        if self.overlay is None:
            return None
        connection = sqlite3.connect(uri(self.overlay.mixed), uri=True, isolation_level=None, check_same_thread=False)
        with database_errors():
            self.prepare(connection)
            connection.execute("ATTACH ? AS recovered", (uri(self.overlay.alone),))
            connection.set_authorizer(_guard(connection, ("main", *self.beside)))
        return connection

    @cached_property
    def user_version(self) -> int:
        """The number that apps use as the version of their schema."""
        return int(self.current.execute("PRAGMA user_version").fetchone()[0])

    def _real_tables(self) -> list[tuple[str, str, str]]:
        found = []
        for schema in ("", *(f"{name}." for name in self.beside)):
            rows = self.current.execute(
                f"SELECT name FROM {schema}sqlite_master"
                " WHERE type = 'table' AND coalesce(sql, '') NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_stat%'"
                " ORDER BY rowid"
            )
            found += [(schema, f"{schema}{name}", name) for (name,) in rows if sayable(name)]
        return found

    def _connect(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(uri(path), uri=True, isolation_level=None, check_same_thread=False)
        with database_errors():
            self.prepare(connection)
            connection.set_authorizer(_guard(connection, ("main", *self.beside)))
        return connection

    def prepare(self, connection: sqlite3.Connection) -> None:
        """Set a connection to a copy up for evidence: limits, the deadline, and the databases beside it."""
        connection.text_factory = lenient
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}")
        for name, views in self.beside.items():
            connection.execute(f"ATTACH ? AS {name}", (uri(views.current),))
        provide(connection, ("main", *self.beside))
        connection.execute("PRAGMA query_only=ON")
        connection.set_progress_handler(self.late, STEPS)

    def late(self) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and time.monotonic() > self.deadline


def _guard(connection: sqlite3.Connection, schemas: Iterable[str]) -> Callable[..., int]:
    """An authorizer that keeps queries off views and virtual tables: what those do is up to whoever wrote the file."""
    forbidden = {
        (schema, str(name).lower())
        for schema in schemas
        for (name,) in connection.execute(
            f"SELECT name FROM {schema}.sqlite_master"
            " WHERE type = 'view' OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL%')"
        )
    }
    names = {name for _, name in forbidden}

    def allow(action: int, one: str | None, _two: str | None, schema: str | None, source: str | None) -> int:
        if action == sqlite3.SQLITE_ATTACH or str(source).lower() in names:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ and (schema, str(one).lower()) in forbidden:
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    return allow


def uri(path: Path) -> str:
    """A URI under which SQLite opens a copy and touches nothing: `?` and `#` in names are escaped (trust H-36)."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def lenient(raw: bytes) -> str:
    """Text as stored; bytes that are no UTF-8 become surrogates, from which the original bytes can be restored."""
    return raw.decode("utf-8", "surrogateescape")
