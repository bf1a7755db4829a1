"""Queries written once for all versions of a schema: what a database lacks is replaced by NULL or by an empty table."""

from __future__ import annotations

import re
from collections.abc import Callable

OPTIONAL = re.compile(r"\{(\w+)\.(\w+)\}")
SOURCE = re.compile(
    r"\b(FROM|JOIN)\s+((?:\w+\.)?\w+)\b(?!\s*[.(])(?:(\s+AS)?\s+(?!(?:LEFT|INNER|CROSS|JOIN|ON|USING|WHERE|GROUP|ORDER|LIMIT|UNION|EXCEPT|NATURAL|INDEXED|NOT|AS|SET)\b)(\w+))?",
    re.I,
)
WITH = re.compile(r"(?:\bWITH(?:\s+RECURSIVE)?|,)\s+(\w+)\s*(?:\([^()]*\))?\s+AS\s*(?:MATERIALIZED\s*)?\(", re.I)


def fill(template: str, columns_of: Callable[[str], list[str]]) -> str:
    """The template as SQL for a database whose tables have the columns that `columns_of(table)` gives (none: no such table)."""
    made_here = {name.lower() for name in WITH.findall(template)}
    aliases: dict[str, set[str]] = {}
    empty: dict[str, str] = {}
    for _, table, _, alias in SOURCE.findall(template):
        if table.lower() in made_here:
            continue
        present = {c.lower() for c in columns_of(table)} | ({"rowid", "_rowid_"} if columns_of(table) else set())
        name = (alias or table.rpartition(".")[2]).lower()
        aliases.setdefault(name, set()).update(present)
        if not columns_of(table):
            empty[table.lower()] = name

    def column(match: re.Match[str]) -> str:
        alias, name = match.groups()
        return f"{alias}.{name}" if name.lower() in aliases.get(alias.lower(), ()) else "NULL"

    sql = OPTIONAL.sub(column, template)
    return SOURCE.sub(lambda m: _source(m, sql, empty), sql) if empty else sql


def _source(match: re.Match[str], sql: str, empty: dict[str, str]) -> str:
    """`JOIN missing m` as `JOIN (SELECT NULL AS used, ... WHERE 0) m`."""
    join, table, _, alias = match.groups()
    if table.lower() not in empty:
        return match[0]
    name = alias or table.rpartition(".")[2]
    used = sorted(set(re.findall(rf'\b{re.escape(name)}\."?(\w+)', sql, re.I))) or ["none"]
    return f"{join} (SELECT {', '.join(f'NULL AS {quoted(c)}' for c in used)} WHERE 0) AS {name}"


def sayable(name: str) -> bool:
    """Whether a query can speak of it: a name that is no UTF-8 cannot be part of one."""
    return not any("\ud800" <= c <= "\udfff" for c in name)


def quoted(name: str) -> str:
    """A name as an SQL identifier, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'
