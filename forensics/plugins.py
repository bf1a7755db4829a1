"""Finds plug-ins: the bundled folder, installed distributions (entry points of the group `forensics`), and drop-in files.

What a parser declares is read from the text of its module. The module itself is imported when a file may be its own, so that
three hundred plug-ins cost little, and one that does not import takes nothing from the others.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from itertools import accumulate
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pluggy

from forensics import hookspecs
from forensics.parsers import Declaration, Parser, flush_left

if TYPE_CHECKING:
    from forensics.tables.table import Table

BUNDLED = "forensics_plugins"
DECORATOR = "\n@parser("
DOCSTRING = re.compile(r'def \w+\([^()]*\)[^:]*:\s*\n\s+(r?""".*?""")', re.S)


class PluginError(Exception):
    """A plug-in cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Origin:
    """Where a plug-in comes from. `kind`: bundled, installed or file. `module`: its importable name."""

    kind: str
    module: str
    path: Path | None

    @cached_property
    def sha256(self) -> str | None:
        """Hash of the module's text, for the ledger."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest() if self.path else None


@dataclass(frozen=True)
class Known:
    """A declared parser and the plug-in that brings it."""

    declaration: Declaration
    origin: Origin


@dataclass(frozen=True)
class Unavailable:
    """A plug-in that cannot be used, and why."""

    origin: Origin
    reason: str


@dataclass(frozen=True)
class HandedOver:
    """What a plug-in gave when it was loaded: parsers, tables of its own, views, each by name."""

    parsers: dict[str, Parser]
    tables: dict[str, Table]
    views: dict[str, Callable[..., Any]]


class Registry:
    """All parsers that are there. `files`: further drop-in modules."""

    def __init__(self, files: Iterable[str | Path] = ()) -> None:
        self._by_name: dict[str, Known] = {}
        self.unavailable: list[Unavailable] = []
        self._manager = pluggy.PluginManager(hookspecs.GROUP)
        self._manager.add_hookspecs(hookspecs)
        self._loaded: dict[str, HandedOver] = {}
        self._origins: list[Origin] = []
        self._failed: dict[str, str] = {}
        for origin in (*bundled(), *installed(), *dropped(files)):
            self._add(origin)
        self.known = [self._by_name[name] for name in sorted(self._by_name)]

    def load(self, known: Known) -> Parser:
        """The parser itself; imports its module. Raises `PluginError`."""
        parsers = self._load(known.origin).parsers
        try:
            return parsers[known.declaration.name]
        except KeyError:
            raise PluginError(
                f"{known.origin.module} declares {known.declaration.name}, but its forensics_parsers() does not return it"
            ) from None

    def owns(self, known: Known, table: Table) -> bool:
        """Whether the plug-in of a parser has handed this table over as its own."""
        return self._load(known.origin).tables.get(table.name) is table

    def views(self) -> dict[str, Callable[..., Any]]:
        """The views that plug-ins bring, by name; imports every plug-in that can be. One that cannot is left out."""
        found: dict[str, Callable[..., Any]] = {}
        for origin in self._origins:
            with suppress(PluginError):
                found |= self._load(origin).views
        return found

    def find(self, name: str) -> Known | None:
        """The parser of that name."""
        return self._by_name.get(name)

    def by_name(self, base_name: str) -> list[Known]:
        """Parsers that expect a file of that base name."""
        return self._names.get(base_name.lower(), [])

    def by_magic(self, mime: str) -> list[Known]:
        """Parsers that read that MIME type."""
        family = mime.partition("/")[0] + "/"
        return [*self._mimes.get(mime, ()), *self._mimes.get(family, ())]

    @cached_property
    def _names(self) -> dict[str, list[Known]]:
        index: dict[str, list[Known]] = {}
        for known in self.known:
            for name in known.declaration.files:
                index.setdefault(name, []).append(known)
        return index

    @cached_property
    def _mimes(self) -> dict[str, list[Known]]:
        index: dict[str, list[Known]] = {}
        for known in self.known:
            for mime in known.declaration.magic:
                index.setdefault(mime, []).append(known)
        return index

    def _add(self, origin: Origin) -> None:
        self._origins.append(origin)
        try:
            declared = self._declared(origin)
        except PluginError as error:
            self.unavailable.append(Unavailable(origin, str(error)))
            return
        for declaration in declared:
            other = self.find(declaration.name)
            if other:
                reason = f"the parser {declaration.name} is already there, from {other.origin.module}"
                self.unavailable.append(Unavailable(origin, reason))
            else:
                self._by_name[declaration.name] = Known(declaration, origin)

    def _declared(self, origin: Origin) -> list[Declaration]:
        try:
            if origin.path:
                return list(declarations(origin.path.read_text("utf-8")))
        except OSError as error:
            raise PluginError(f"cannot be read: {error.strerror}") from error
        except (SyntaxError, ValueError):
            pass  # not written as literals: the module itself will say
        return [parser.declaration for parser in self._load(origin).parsers.values()]

    def _load(self, origin: Origin) -> HandedOver:
        if origin.module not in self._loaded:
            self._loaded[origin.module] = self._handed_over(origin)
        return self._loaded[origin.module]

    def _handed_over(self, origin: Origin) -> HandedOver:
        if origin.module in self._failed:
            raise PluginError(self._failed[origin.module])
        try:
            module = _import(origin)
            self._manager.register(module, origin.module)
            others = [plugin for plugin in self._manager.get_plugins() if plugin is not module]

            def given(hook: str) -> list[Any]:
                return [found for found in self._manager.subset_hook_caller(hook, others)() if found]

            return HandedOver(
                {parser.declaration.name: parser for parsers in given("forensics_parsers") for parser in parsers},
                {table.name: table for tables in given("forensics_tables") for table in tables},
                {name: view for views in given("forensics_views") for name, view in views.items()},
            )
        except (Exception, SystemExit) as error:  # whatever a plug-in does must not end the run of the others
            self._failed[origin.module] = f"{type(error).__name__}: {error}"
            raise PluginError(self._failed[origin.module]) from error


def bundled() -> Iterator[Origin]:
    """The modules of the folder `plugins/`, in the order of their paths."""
    spec = importlib.util.find_spec(BUNDLED)
    for folder in sorted(spec.submodule_search_locations or ()) if spec else ():
        root = Path(folder)
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if parts[-1] != "__init__":
                yield Origin("bundled", ".".join((BUNDLED, *parts)), path)


def installed() -> Iterator[Origin]:
    """The modules that installed distributions name in the entry point group `forensics`."""
    for point in sorted(metadata.entry_points(group=hookspecs.GROUP), key=lambda point: point.value):
        module = point.value.partition(":")[0]
        yield Origin("installed", module, _source(module))


def _source(module: str) -> Path | None:
    """The file of a module, found without importing the packages it lies in."""
    spec, folders = None, None
    for name in accumulate(module.split("."), "{}.{}".format):
        specs = (finder.find_spec(name, folders) for finder in sys.meta_path)
        spec = next(filter(None, specs), None)
        if spec is None:
            return None
        folders = spec.submodule_search_locations
    return Path(spec.origin) if spec and spec.has_location and spec.origin else None


def dropped(files: Iterable[str | Path]) -> Iterator[Origin]:
    """Drop-in files, as the command line or a test names them."""
    for number, file in enumerate(files):
        path = Path(file).absolute()
        yield Origin("file", f"forensics_dropin_{number}_{re.sub(r'[^0-9A-Za-z_]', '_', path.stem)}", path)


def declarations(text: str) -> Iterator[Declaration]:
    """What the `@parser` decorators in a module's text declare.

    Raises `ValueError` or `SyntaxError` where an argument is not a literal, `sqlite.has(...)` of literals, or (test only) a name.
    """
    text = "\n" + text
    at = text.find(DECORATOR)
    while at >= 0:
        define = text.find("\ndef ", at)
        if define < 0:
            return
        call = ast.parse(text[at + 2 : define].strip(), mode="eval").body
        if not isinstance(call, ast.Call) or len(call.args) != 1:
            raise ValueError("not one @parser(name, ...) before its function")
        yield _declaration(call, _docstring(text, define + 1))
        at = text.find(DECORATOR, define)


def _declaration(call: ast.Call, doc: str) -> Declaration:
    given: dict[str, Any] = {}
    structure, tested = None, False
    for keyword in call.keywords:
        if keyword.arg != "test":
            given[str(keyword.arg)] = ast.literal_eval(keyword.value)
        elif isinstance(keyword.value, ast.Call):
            if not ast.unparse(keyword.value.func).endswith("has"):
                raise ValueError("only sqlite.has can be called in a declaration")
            structure = {str(k.arg): tuple(ast.literal_eval(k.value)) for k in keyword.value.keywords}
        else:
            tested = not isinstance(keyword.value, ast.Constant)
    return Declaration(
        name=ast.literal_eval(call.args[0]),
        version=given.get("version", "1"),
        files=tuple(name.lower() for name in given.get("files", ())),
        magic=tuple(given.get("magic", ())) or (("application/vnd.sqlite3",) if structure else ()),
        structure=structure,
        tested=tested,
        doc=doc,
    )


def _docstring(text: str, start: int) -> str:
    found = DOCSTRING.match(text, start)
    if not found:
        return ""
    literal = found[1]
    return flush_left(ast.literal_eval(literal) if "\\" in literal else literal.removeprefix("r")[3:-3])


def missing_imports(origin: Origin) -> str | None:
    """Why a module could not be imported, found without importing it; None if nothing speaks against it."""
    if origin.path is None:
        return "not installed"
    try:
        tree = ast.parse(origin.path.read_text("utf-8"))
    except (OSError, SyntaxError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    for node in tree.body:
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        for name in names:
            if importlib.util.find_spec(name.partition(".")[0]) is None:
                return f"needs the package {name.partition('.')[0]}, which is not installed"
    return None


def _import(origin: Origin) -> ModuleType:
    if origin.kind != "file":
        return importlib.import_module(origin.module)
    spec = importlib.util.spec_from_file_location(origin.module, origin.path or "")
    if spec is None or spec.loader is None:
        raise ImportError(f"{origin.path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[origin.module] = module
    spec.loader.exec_module(module)
    return module
