"""The two doors of a table, each as one call that gives the rows a case would hold."""

import pytest

from forensics import parser, testing
from forensics.tables import MESSAGES


@pytest.fixture
def given():
    """`given([{...}, ...])`: rows that a parser hands over as dicts."""

    def read(dicts, table=MESSAGES, timezone=None, **clocks):
        @parser("test.given")
        def hand_over(file):
            yield from table.rows(dicts, **clocks)

        return testing.rows(hand_over, b"content", timezone=timezone)

    return read


@pytest.fixture
def queried():
    """`queried(database sql, query)`: rows that a parser hands over as the result of a query."""

    def read(sql, query, table=MESSAGES, timezone=None, every=None, **clocks):
        @parser("test.queried")
        def hand_over(file):
            with file.sqlite() as db:
                yield from table.batches(db.execute(query, every=every), **clocks)

        content = sql if isinstance(sql, bytes) else testing.database(sql)
        return testing.rows(hand_over, content, timezone=timezone)

    return read
