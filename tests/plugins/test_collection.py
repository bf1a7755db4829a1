"""Rules for the whole collection: every bundled parser is held to the same promises, on the files that it claims."""

import ast
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from forensics import testing
from forensics.evidence.file import File
from forensics.evidence.limits import Limits
from forensics.evidence.open import open_source
from forensics.evidence.source import Entry
from forensics.identify import identify
from forensics.parsers import LABELS, TIERS
from forensics.plugins import Registry, bundled
from forensics.tables import CORE

from .examples import Example, closed

ROOT = Path(__file__).parents[2]
REGISTRY = Registry()
NAMES = [known.declaration.name for known in REGISTRY.known]
ORIGINS = list(bundled())
FAMILIES = ("chats", "phone", "photos", "wallets", "exchanges", "malformed")
ALLOWED = {"forensics", "exifread", "cryptography"} | sys.stdlib_module_names
REFUSED = {
    "ctypes", "http", "marshal", "multiprocessing", "os", "pathlib", "pickle", "shelve", "shutil", "socket",
    "subprocess", "tempfile", "urllib.request", "webbrowser",
}  # fmt: skip
ANYTHING = {
    "a zero": b"\0",
    "an empty object": b"{}",
    "an empty list": b"[]",
    "lists without end": b"[" * 100_000,
    "an element": b"<a>",
    "ones": b"\xff" * 300,
    "a header": b"SQLite format 3\0" + bytes(84),
}


class Survey(NamedTuple):
    """What identification says of all files: for each parser its first example and the smallest real file that it claims, and
    what speaks against it."""

    samples: dict[str, list[Example]]
    alike: list[tuple[str, str]]
    failed: list[tuple[str, str]]
    files: int


@pytest.fixture(scope="session")
def survey(examples_of, tmp_path_factory) -> Survey:
    real: dict[str, Example] = {}
    alike, failed, files = [], [], 0
    for file in everything(examples_of, tmp_path_factory.mktemp("work")):
        files += 1
        verdict = identify(file, REGISTRY)
        if verdict.owner and file.evidence != "example":
            name = verdict.owner.declaration.name
            if name not in real or file.size < len(real[name].content):
                real[name] = Example(name, file.name, file.bytes(), {})
        said = [(file.path, problem.message) for problem in verdict.problems]
        alike += [(path, message) for path, message in said if "claim this file alike" in message]
        failed += [(path, message) for path, message in said if message.startswith("the test of ")]
    samples = {name: [*examples_of.get(name, [])[:1], *filter(None, [real.get(name)])] for name in NAMES}
    return Survey(samples, alike, failed, files)


@pytest.fixture
def samples(survey) -> dict[str, list[Example]]:
    """Files for each parser: one made here, and where the sample evidence or the corpus has one, a real one."""
    return survey.samples


def everything(examples_of: dict[str, list[Example]], work: Path) -> Iterator[File]:
    """All files there are: examples, files of folders, and of the zips of file systems among them."""
    for example in itertools.chain.from_iterable(examples_of.values()):
        with testing.placed(example.content, name=example.name, **example.given) as file:
            file.evidence = "example"
            yield file
    corpus = Path(os.environ.get("FORENSICS_CORPUS", ROOT.parent / "shared" / "corpus"))
    places = [ROOT / "sample_data" / device for device in ("android_phone", "iphone", "laptop")]
    places += [corpus / family for family in FAMILIES if (corpus / family).exists()]
    places += sorted((corpus / "chats").rglob("*.zip"))
    for place in places:
        with closing(open_source(place, work=work, limits=Limits())) as source:
            entries = {item.path: item for item in source.walk() if isinstance(item, Entry)}
            for entry in entries.values():
                file = File(entry, source, work, evidence="all", find=entries.get)
                yield file
                file.close()


def unexpected(found: dict) -> list[str]:
    """What a parser stumbled over that it should have expected."""
    stopped = (p["message"] for p in found.get("problems", []) if " stopped: " in p["message"])
    return [message for message in stopped if not any(error in message for error in testing.EXPECTED)]


# --- what each says of itself


def test_all_plugins_can_be_used():
    assert REGISTRY.unavailable == []
    assert len(NAMES) == len(set(NAMES)) > 10


@pytest.mark.parametrize("name", NAMES)
def test_a_parser_says_what_it_reads_and_how_well_it_is_proven(name):
    known = REGISTRY.find(name)
    about = known.declaration.about
    assert [label for label in LABELS if not about.get(label)] == []
    assert about["Tier"].split()[0].strip(".,;:").lower() in TIERS
    assert known.declaration.title
    assert REGISTRY.load(known).declaration == known.declaration


@pytest.mark.parametrize("name", NAMES)
def test_a_parser_can_be_found(name):
    declared = REGISTRY.find(name).declaration
    assert declared.files or declared.magic, "no file is ever shown to it"
    assert declared.files or declared.tested or declared.structure or declared.magic
    assert not [pattern for pattern in declared.files if set(pattern) & set("*?/\\")], "names, no patterns"


# --- what each does


def test_no_file_is_claimed_by_two(survey):
    assert (survey.alike, survey.failed) == ([], [])
    assert survey.files > 40


@pytest.mark.parametrize("name", NAMES)
def test_a_parser_keeps_the_promises_of_the_kit(samples, name):
    sample = min(samples[name], key=lambda sample: len(sample.content))
    parser = REGISTRY.load(REGISTRY.find(name))
    kept = testing.check(parser, sample.content, name=sample.name, **sample.given)
    faults = [check for check in kept if check.fault]
    if closed(testing.rows(parser, sample.content, name=sample.name, **sample.given)):
        faults = [check for check in faults if check.promise != "it reads the file and gives rows"]
    assert faults == []


@pytest.mark.parametrize("name", NAMES)
def test_a_parser_fills_the_tables_of_the_core(samples, name):
    for sample in samples[name]:
        found = testing.rows(REGISTRY.load(REGISTRY.find(name)), sample.content, name=sample.name, **sample.given)
        assert found.keys() <= CORE.keys()
        assert unexpected(found) == []
        for table, rows in found.items():
            if table != "problems":
                assert all(row["record"] and row["state"] and row["parser"].startswith(f"{name}@") for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_a_parser_changes_nothing_beside_the_evidence(samples, name, tmp_path):
    sample = samples[name][-1]
    place = tmp_path / sample.name.rpartition("/")[2]
    place.write_bytes(sample.content)
    times = place.stat().st_mtime_ns
    with testing.in_place(place) as file:
        testing.read(REGISTRY.load(REGISTRY.find(name)), file)
    assert list(tmp_path.iterdir()) == [place]
    assert (place.read_bytes() == sample.content, place.stat().st_mtime_ns) == (True, times)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ANYTHING)
def test_a_parser_expects_anything(name, kind):
    known = REGISTRY.find(name)
    parser = REGISTRY.load(known)
    with testing.placed(ANYTHING[kind], name=next(iter(known.declaration.files), "file")) as file:
        asked = identify(file, REGISTRY)
        assert not [problem for problem in asked.problems if problem.message.startswith("the test of ")]
        if not known.declaration.tested or asked.owner is known:
            assert unexpected(testing.read(parser, file)) == []


READ_ALL = """
import hashlib, json, sys
from pathlib import Path
from forensics import testing
from forensics.plugins import Registry
registry, digests = Registry(), {}
for place in sorted(Path(sys.argv[1]).iterdir()):
    (file,) = place.iterdir()
    found = testing.rows(registry.load(registry.find(place.name)), file, timezone="Europe/Podgorica")
    digests[place.name] = hashlib.sha256(repr(sorted(found.items())).encode("utf-8", "surrogatepass")).hexdigest()
print(json.dumps(digests))
"""


def test_hash_seed_and_time_zone_of_the_machine_change_nothing(samples, tmp_path):
    for name, (*_, sample) in samples.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / sample.name.rpartition("/")[2]).write_bytes(sample.content)

    def digests(seed, zone):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        command = [sys.executable, "-c", READ_ALL, str(tmp_path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    first = digests("1", "UTC")
    assert first == digests("2", "Asia/Kabul")
    assert first.keys() == samples.keys()


# --- how the code is put together


def imports(path: Path, module: str = "") -> set[str]:
    """Full names of what a file imports, anywhere in it; `module`: its own."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(module.split(".")[: -node.level]) if node.level else ""
            package = ".".join(filter(None, (above, node.module)))
            found |= {f"{package}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("origin", ORIGINS, ids=lambda origin: origin.module)
def test_a_plugin_imports_the_core_and_its_own_family(origin):
    family = ".".join(origin.module.split(".")[:2])
    for name in imports(origin.path, origin.module):
        own = name.startswith(f"{family}.")
        assert own or name.partition(".")[0] in ALLOWED, f"imports {name}"
        assert not {name, name.rpartition(".")[0]} & REFUSED, f"imports {name}: a parser only reads"


@pytest.mark.parametrize("origin", ORIGINS, ids=lambda origin: origin.module)
def test_a_plugin_opens_and_prints_nothing(origin):
    tree = ast.parse(origin.path.read_text("utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called & {"open", "print", "eval", "exec", "compile", "input", "breakpoint", "__import__"} == set()


def test_the_core_names_no_plugin():
    core = list((ROOT / "forensics").rglob("*.py"))
    wrong = {
        (str(path.relative_to(ROOT)), name)
        for path in core
        for name in imports(path)
        if name.startswith(("forensics_plugins", "plugins"))
    }
    assert len(core) > 50
    assert wrong == set()
    families = {origin.module.split(".")[1] for origin in ORIGINS}
    assert {"chats", "photos", "wallets"} <= families


@pytest.mark.parametrize(
    "statement", ["import forensics", "from forensics import parser, hookimpl, Problem, sqlite, File"]
)
def test_importing_the_toolkit_imports_nothing_heavy(statement):
    code = f"import sys; {statement}; print([m for m in ('pandas', 'pyarrow', 'duckdb', 'numpy', 'magic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
