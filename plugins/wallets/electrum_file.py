"""How Electrum keeps a wallet in a file: Python literal (1.x), JSON (2.0 and later), JSON with a log of changes (4.x).

A 4.x file is one JSON object, then changes in the words of JSON Patch (RFC 6902), each after a comma and a newline. They are
appended until the application writes the whole object anew, so the object alone is an older state of the wallet, and what
the changes removed or replaced is still in the file.

Members of the outer object are read one by one: of a file that is cut off, everything before the cut is used.
"""

import ast
import json
import re
from dataclasses import dataclass, field
from typing import Any

from forensics import Problem

LONGEST_LITERAL = 16 << 20  # characters; ast needs some hundred times the memory of its text
DEEPEST_LITERAL = 50  # brackets in brackets; a wallet of version 1 has five
MOST_COMPLAINTS = 50  # problems reported one by one about the log of one file

STRING_OR_LONG = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|\b(\d+)L\b""", re.DOTALL)
SPACE = re.compile(r"[\s,]*")
DECODER = json.JSONDecoder()
TOO_DEEP = "brackets nested too deep to be a wallet"


@dataclass(frozen=True)
class Change:
    """One appended change: what is done (`add`, `remove`, `replace`), where, the new value, and its character offset."""

    op: str
    path: tuple[str, ...]
    value: Any
    offset: int


@dataclass
class Stored:
    """What a file holds: the object as written, the changes appended to it, and what could not be read."""

    document: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class NoSuchPlace(ValueError):
    """A change names a place that the document does not have."""


def read(text: str) -> Stored:
    """The content of an unencrypted wallet file. Never raises: what is wrong is in `problems`."""
    start = SPACE.match(text).end()  # type: ignore[union-attr]
    if re.match(r"\{\s*(u?'|\d+\s*:)", text[start : start + 100]):
        return _literal(text)
    stored = Stored()
    end = _members(text, start, stored)
    if end is not None:
        _changes(text, end, stored)
    return stored


def _literal(text: str) -> Stored:
    """The dictionary of a 1.x file. Numbers that Python 2 wrote as `5L` lose their letter."""
    stored = Stored()
    if len(text) > LONGEST_LITERAL:
        stored.problems.append(Problem("limit", f"a Python literal of {len(text):,} characters is not evaluated"))
        return stored
    if _depth(STRING_OR_LONG.sub("", text)) > DEEPEST_LITERAL:
        stored.problems.append(Problem("hostile", TOO_DEEP))
        return stored
    try:
        value = ast.literal_eval(STRING_OR_LONG.sub(lambda found: found[1] or found[2], text).strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        stored.problems.append(
            Problem(
                "damaged", "the Python literal of an Electrum 1.x wallet ends too early or is broken", detail=str(error)
            )
        )
        return stored
    if isinstance(value, dict):
        stored.document = _like_json(value)
    return stored


def _depth(text: str) -> int:
    deepest = depth = 0
    for bracket in re.findall(r"[\[\](){}]", text):
        depth += 1 if bracket in "[({" else -1
        deepest = max(deepest, depth)
    return deepest


def _like_json(value: Any) -> Any:
    """Keys as text and tuples as lists, as later generations have them."""
    if isinstance(value, dict):
        return {str(key): _like_json(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_like_json(member) for member in value]
    return value


def _members(text: str, at: int, stored: Stored) -> int | None:
    """Read the members of the object at `at` into the document; where the object ends, or None when it does not."""
    if text[at : at + 1] != "{":
        stored.problems.append(Problem("damaged", "no JSON object", record="offset 0"))
        return None
    at, name = at + 1, None
    while True:
        at = SPACE.match(text, at).end()  # type: ignore[union-attr]
        if text[at : at + 1] == "}":
            return at + 1
        try:
            name, at = DECODER.raw_decode(text, at)
            at = re.compile(r"\s*:\s*").match(text, at).end()  # type: ignore[union-attr]
            stored.document[str(name)], at = DECODER.raw_decode(text, at)
        except (ValueError, AttributeError) as error:
            stored.problems.append(_cut(text, at, name, error))
            return None
        except RecursionError:
            stored.problems.append(Problem("hostile", TOO_DEEP, record=f"character {at}"))
            return None


def _cut(text: str, at: int, name: Any, error: Exception) -> Problem:
    ended = "the file ends inside" if at >= len(text) or "Unterminated" in str(error) else "the JSON breaks in or after"
    return Problem(
        "damaged", f"{ended} member {name!r}; members before it were read", record=f"character {at}", detail=str(error)
    )


def _changes(text: str, at: int, stored: Stored) -> None:
    while (at := SPACE.match(text, at).end()) < len(text):  # type: ignore[union-attr]
        try:
            value, end = DECODER.raw_decode(text, at)
            stored.changes.append(_change(value, at))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            stored.problems.append(
                Problem(
                    "damaged",
                    "the appended log ends or breaks here; changes before were applied",
                    record=f"character {at}",
                    detail=str(error),
                )
            )
            return
        at = end


def _change(value: Any, offset: int) -> Change:
    path = tuple(part.replace("~1", "/").replace("~0", "~") for part in value["path"].split("/")[1:])
    if value["op"] not in ("add", "remove", "replace") or not path:
        raise ValueError(f"change {value['op']!r} of {value['path']!r} is none that Electrum writes")
    return Change(value["op"], path, value.get("value"), offset)


def apply(change: Change, document: dict[str, Any]) -> None:
    """Carry out one change on the document. `NoSuchPlace` when it does not fit."""
    holder: Any = document
    try:
        for part in change.path[:-1]:
            holder = holder[_key(holder, part)]
        _set(holder, change)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise NoSuchPlace(f"{change.op} {'/'.join(change.path)}: {error}") from error


def _set(holder: Any, change: Change) -> None:
    key = _key(holder, change.path[-1])
    if change.op == "remove":
        del holder[key]
    elif isinstance(holder, list) and change.op == "add":
        holder.insert(key, change.value)
    elif isinstance(holder, list) or change.op == "add" or key in holder:
        holder[key] = change.value
    else:
        raise KeyError(key)


def _key(holder: Any, part: str) -> Any:
    if isinstance(holder, list):
        index = len(holder) if part == "-" else int(part)
        if not 0 <= index <= len(holder):
            raise IndexError(f"{part} in a list of {len(holder)}")
        return index
    if isinstance(holder, dict):
        return part
    raise TypeError(f"{part!r} of a value that has no members")
