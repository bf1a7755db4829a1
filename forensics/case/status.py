"""What a case holds: files by status, rows a table, problems by kind, per piece of evidence and in all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from forensics.case.case import Case, open_case


def status(place: str | Path) -> dict[str, Any]:
    """The state of the case at `place`, as JSON. Raises `CaseError`."""
    case = open_case(place)
    begun = _begun(case)
    return {
        "case": case.name,
        "path": str(case.path),
        "evidence": [{**e, "complete": True} for e in case.evidence]
        + [{"label": label, "complete": False} for label in begun if label not in {e["label"] for e in case.evidence}],
        "files": _counts(case, "SELECT evidence, status, count(*) FROM files GROUP BY ALL ORDER BY ALL"),
        "rows": {name: contents.rows for name, contents in case.tables.items()},
        "rows_by_evidence": _rows_by_evidence(case),
        "problems": _records(
            case,
            "SELECT kind, stage, message, count(*) AS problems, min(path) AS example FROM problems"
            " GROUP BY kind, stage, message ORDER BY problems DESC, kind, message",
        ),
        "unknown": _records(
            case,
            "SELECT mime, magic, count(*) AS files, min(path) AS example FROM files WHERE status IN ('unknown', 'recognised')"
            " AND NOT regexp_matches(coalesce(extra, ''), '\"(read_with|opened_as)\"')"
            " GROUP BY mime, magic ORDER BY files DESC, mime",
        ),
    }


def files(place: str | Path) -> list[dict[str, Any]]:
    """Each file that a parser has read: rows that came out and problems by number, and for its databases the rows of each table
    that was read whole (`tables`: name to rows `stored` and `read`). Raises `CaseError`."""
    case = open_case(place)
    rows = _records(
        case,
        "SELECT f.evidence, f.path, f.status, array_to_string(f.parsers, ', ') AS parser, f.rows, count(p.path) AS problems,"
        " coalesce(any_value(f.extra), '{}') AS extra"
        " FROM files f LEFT JOIN problems p ON p.evidence = f.evidence AND p.path = f.path"
        " WHERE len(f.parsers) > 0 GROUP BY ALL ORDER BY f.evidence, f.path",
    )
    for row in rows:
        row["tables"] = json.loads(row.pop("extra")).get("rows_of_tables", {})
    return rows


def _begun(case: Case) -> list[str]:
    labels: dict[str, None] = {}
    for entry in case._store.ledger.entries():
        if entry["action"] == "ingest":
            labels.update({e["label"]: None for e in entry["evidence"]})
    return list(labels)


def _counts(case: Case, query: str) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for evidence, state, files in case.sql(query).itertuples(index=False):
        counts.setdefault(str(evidence), {})[str(state)] = int(files)
    return counts


def _rows_by_evidence(case: Case) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for name, contents in case.tables.items():
        if contents.parts:
            frame = case.sql(f'SELECT evidence, count(*) FROM "{name}" GROUP BY 1 ORDER BY 1')
            for evidence, rows in frame.itertuples(index=False):
                counts.setdefault(str(evidence), {})[name] = int(rows)
    return counts


def _records(case: Case, query: str) -> list[dict[str, Any]]:
    frame = case.sql(query).astype(object)
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]
