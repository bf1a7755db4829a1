"""The documentation is held to the code: what it shows runs, what it names exists, what is made from the code is fresh."""

from __future__ import annotations

import argparse
import ast
import doctest
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from forensics import ingest, open_case
from forensics.cli import _parser

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "sample_data" / "README.md"])
FENCE = re.compile(r"^( *)```(\w+)?(?: (\S+))?\n(.*?)^\1```$", re.M | re.S)
BY_NAME = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def tool(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_docs = tool("make_docs")


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(text: str) -> list[tuple[str, str, str]]:
    """Language, file name and content of the fenced blocks."""
    return [(language, name, content) for _, language, name, content in FENCE.findall(text)]


# --- what follows from the code


def test_generated_pages_are_fresh():
    stale = [path.name for path, text in make_docs.pages().items() if path.read_text("utf-8") != text]
    assert not stale, "run: python tools/make_docs.py"


def test_every_bundled_parser_is_counted_in_the_readme_and_has_a_section():
    part = re.search(r"tools/make_docs\.py: parsers -->\n(.*?)<!-- end -->", text_of("README.md"), re.S)[1]
    counted = sum(int(number) for number in re.findall(r"\| (\d+)\b", part))
    sections = text_of("docs/parsers.md")
    assert counted == len(make_docs.bundled()) > 100
    assert all(
        f"## `{parser['name']}`" in sections or f"## {parser['name']}" in sections for parser in make_docs.bundled()
    )


# --- write-a-parser.md, from top to bottom, in an empty folder


def test_write_a_parser_runs(tmp_path):
    for language, name, content in blocks(text_of("docs/write-a-parser.md")):
        if language == "console":
            transcript(content, tmp_path)
        elif name:
            (tmp_path / name).write_text(content, "utf-8")
    assert (tmp_path / "golub_db.py").exists()
    rows = open_case(tmp_path / "try.case").messages
    assert list(rows["text"].dropna()) == ["Где си?", "Kod kuće"]
    assert list(rows["direction"]) == ["incoming", "outgoing", "incoming"]
    assert list(rows["record"]) == [f"$.chats[0].messages[{n}]" for n in range(3)]


def test_a_parser_comes_as_a_package(tmp_path):
    files = {name: content for _, name, content in blocks(text_of("docs/write-a-parser.md")) if name}
    (tmp_path / "golub.py").write_text(files["golub.py"], "utf-8")
    info = tmp_path / "golub_parser-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: golub-parser\nVersion: 1\n", "utf-8")
    (info / "entry_points.txt").write_text("[forensics]\ngolub = golub\n", "utf-8")
    said = run("forensics parsers golub", tmp_path, PYTHONPATH=str(tmp_path))
    assert "Plug-in: golub (installed), version 1" in said


def test_the_project_file_names_the_entry_point():
    import tomllib

    (content,) = [c for _, name, c in blocks(text_of("docs/write-a-parser.md")) if name == "pyproject.toml"]
    assert tomllib.loads(content)["project"]["entry-points"]["forensics"] == {"golub": "golub"}


def transcript(content: str, folder: Path) -> None:
    """Run the commands of a console block; compare what they print with what the page shows (`...` is anything)."""
    for step in re.split(r"^\$ ", content, flags=re.M)[1:]:
        command, _, shown = step.partition("\n")
        said = run(command, folder)
        if shown.strip():
            flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            assert doctest.OutputChecker().check_output(shown, said, flags), f"$ {command}\n{said}\nand not\n{shown}"


def run(command: str, folder: Path, **environment: str) -> str:
    words = shlex.split(command)
    start = {"forensics": [sys.executable, "-m", "forensics.cli"], "python": [sys.executable]}[words[0]]
    done = subprocess.run(
        [*start, *words[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


# --- notebooks.md, on the sample evidence


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs") / "demo.case"
    devices = [ROOT / "sample_data" / name for name in ("android_phone", "iphone", "laptop")]
    ingest(folder, devices, timezone="Europe/Podgorica", workers=1)
    return folder


@pytest.fixture(scope="module")
def cookbook(sample):
    """What the last line of each Python block shows, by the heading over it."""
    found, names = {}, {}
    here = Path.cwd()
    os.chdir(sample)
    try:
        for section in re.split(r"^#{2,3} ", text_of("docs/notebooks.md"), flags=re.M)[1:]:
            for language, _, content in blocks(section):
                if language == "python":
                    found[section.partition("\n")[0]] = shown(content, names)
    finally:
        os.chdir(here)
    return found


def shown(code: str, names: dict) -> object:
    *statements, last = ast.parse(code).body
    assert isinstance(last, ast.Expr), f"the block shows nothing:\n{code}"
    exec(compile(ast.Module(statements, []), "docs/notebooks.md", "exec"), names)
    return eval(compile(ast.Expression(last.value), "docs/notebooks.md", "eval"), names)


def test_there_are_ten_examples_and_each_finds_something(cookbook):
    examples = [heading for heading in cookbook if heading[0].isdigit()]
    assert [int(heading.partition(".")[0]) for heading in examples] == list(range(1, 11))
    assert all(isinstance(cookbook[heading], pd.DataFrame) and len(cookbook[heading]) for heading in examples)


def test_chats_with_most_messages(cookbook):
    frame = cookbook["1. Chats with most messages"]
    assert frame["messages"].is_monotonic_decreasing
    assert "Put 🚐" in set(frame["chat_name"])


def test_a_day_in_local_time(cookbook):
    frame = cookbook["2. One day, in local time"]
    assert set(frame["local_time"].dt.strftime("%Y-%m-%d")) == {"2025-10-21"}
    assert str(frame["local_time"].dt.tz) == "Europe/Podgorica"


def test_a_word_in_any_script(cookbook):
    assert any("граница" in text for text in cookbook["3. A word in any script"]["text"])


def test_rows_of_the_log(cookbook):
    frame = cookbook["4. What was deleted, changed or added last"].set_index(["record", "state"])["text"]
    assert frame["message/_id=365", "journal"] == "dobro. posle ovoga brišemo sve"
    assert frame["message/_id=365", "wal"] == "dobro. posle ovoga se čujemo"


def test_the_same_message_on_two_devices(cookbook):
    frame = cookbook["5. The same message on two devices"]
    assert set(frame["devices"]) == {"android_phone, iphone"}


def test_the_same_picture(cookbook):
    frame = cookbook["6. The same picture in two places"]
    assert (frame.groupby("file", observed=True)["path"].nunique() > 1).all()


def test_an_address_in_a_chat(cookbook):
    frame = cookbook["7. An address of a wallet in a chat"]
    assert "own" in set(frame["role"])
    assert {"android_phone", "iphone"} <= set(frame["evidence"])


def test_times_on_an_assumption(cookbook):
    frame = cookbook["8. Times that rest on an assumption"]
    assert {"assumed:Europe/Podgorica", "ambiguous:Europe/Podgorica"} <= set(frame["time_basis"])


def test_files_that_messages_carried(cookbook):
    frame = cookbook["9. The file that a message carried"]
    assert {"path and hash", "hash"} <= set(frame["by"].dropna())
    assert frame["hash_agrees"].dropna().all()


def test_missing_numbers(cookbook):
    frame = cookbook["10. Numbers that no row has any more"]
    assert (280, 280, 1) in set(zip(frame["first_id"], frame["last_id"], frame["missing"], strict=True))
    assert (frame["row_before_at"] < frame["row_after_at"]).all()


def test_a_row_leads_to_its_place(cookbook):
    row = cookbook["From a row to the evidence"]
    assert row["record"].startswith("message/_id=")
    assert row["parser"].startswith("whatsapp.android@")


# --- what is named exists


def commands() -> dict[str, set[str]]:
    """Each command of the command line with its options."""
    (choices,) = [a for a in _parser()._actions if isinstance(a, argparse._SubParsersAction)]
    options = {name: {o for a in p._actions for o in a.option_strings} for name, p in choices.choices.items()}
    return {"": {o for a in _parser()._actions for o in a.option_strings}, **options}


def said_of_commands(text: str) -> list[list[str]]:
    """The words after `forensics`, wherever a page shows a command: as a line of a block, or in backticks."""
    shown = [line for _, _, content in blocks(text) for line in content.splitlines()]
    spans = re.findall(r"`([^`\n]+(?:\n[^`\n]+)?)`", FENCE.sub("", text))
    found = [re.match(r"(?:[$>] )?(?:\S*[\\/])?forensics ([a-z-]+\b.*)", part, re.S) for part in (*shown, *spans)]
    return [match[1].split() for match in found if match]


@BY_NAME
def test_commands_and_options_exist(page):
    known = commands()
    for words in said_of_commands(page.read_text("utf-8")):
        name = words[0] if not words[0].startswith("-") else ""
        assert name in known, f"no command {name}: {words}"
        unknown = {word for word in words[1 if name else 0 :] if re.match(r"--?[a-z]", word)} - known[name]
        assert not unknown, f"forensics {name} has no option {unknown}"


@BY_NAME
def test_options_named_alone_exist(page):
    own = {"--help", "--version", *set().union(*commands().values())}
    other = {"--check", "--no-index", "--find-links"}  # of make_docs and make.py, of pip
    prose = FENCE.sub("", page.read_text("utf-8"))
    assert {span.split()[0] for span in re.findall(r"`(--[a-z][^`]*)`", prose)} <= own | other


def test_every_command_is_named_somewhere():
    pages = [words[0] for page in PAGES for words in said_of_commands(page.read_text("utf-8"))]
    assert {name for name in commands() if name} <= set(pages)


@BY_NAME
def test_targets_of_make_exist(page):
    targets = set(re.findall(r"^(\w+):", text_of("Makefile"), re.M))
    assert (
        set(re.findall(r"\bmake (demo|test|lint|docs|wheelhouse|clean|bench\w*)\b", page.read_text("utf-8"))) <= targets
    )


@BY_NAME
def test_files_named_exist(page):
    text = FENCE.sub("", page.read_text("utf-8"))
    named = set(
        re.findall(r"`((?:forensics|plugins|tests|tools|docs|notebooks|sample_data|benchmarks)/[\w./-]*)`", text)
    )
    assert not {name for name in named if not (ROOT / name).exists()}


@BY_NAME
def test_tests_named_exist(page):
    named = re.findall(r"\b(tests/[\w./-]+\.py)::(\w+)", page.read_text("utf-8"))
    assert not {f"{path}::{name}" for path, name in named if name not in written_in(path)}


def test_losses_name_a_test_each():
    rows = [line for line in text_of("docs/known-losses.md").splitlines() if line.startswith("|")]
    losses = [row for row in rows if not re.match(r"\|(---\|)+$|\| (what|app \|)", row)]
    assert len(losses) > 100
    assert not [row for row in losses if not re.search(r" `tests/[\w./-]+::test_\w+` \|$", row)]


@cache
def written_in(path: str) -> set[str]:
    """Names of the tests of a file; none where there is no such file."""
    code = text_of(path) if (ROOT / path).exists() else ""
    return {node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)}


def test_recovery_is_described_as_it_is():
    users = [
        path for path in (ROOT / "forensics").rglob("*.py") if "recover" in imports(path) and path.stem != "recover"
    ]
    says = "--no-deleted" in text_of("docs/evidence.md")
    assert says == bool(users), "docs/evidence.md (states, known limits) and the code differ about recovered rows"


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found |= {*(node.module or "").split("."), *(alias.name for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {part for alias in node.names for part in alias.name.split(".")}
    return found


def test_the_picture_of_the_house_names_what_there_is():
    picture = blocks(text_of("docs/architecture.md"))[0][2]
    outer = re.findall(r"^(\w+/)", picture, re.M)
    inner = [name for line in re.findall(r"^  (\w[\w./, ]*?)  ", picture, re.M) for name in line.split(", ")]
    missing = [name for name in (*outer, *(f"forensics/{name}" for name in inner)) if not (ROOT / name).exists()]
    assert not missing
    rooms = {p.name for p in (ROOT / "forensics").iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert rooms <= {name.rstrip("/") for name in inner}, "a room is not in the picture"


def test_messages_of_troubleshooting_are_in_the_code():
    said = printed()
    headings = re.findall(r"^### `(.+)`$", text_of("docs/troubleshooting.md"), re.M)
    assert len(headings) > 40
    for heading in headings:
        parts = [squeezed(part) for part in heading.split("…") if part.strip(" .,:;")]
        assert any(in_order(parts, text) for text in said), f"no code prints: {heading}"


def printed() -> list[str]:
    """The texts in the code of the core, with a mark where a value is put in; and the Makefile."""
    found = [squeezed(text_of("Makefile"))]
    for path in sorted((ROOT / "forensics").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                pieces = (str(v.value) if isinstance(v, ast.Constant) else "\x00" for v in node.values)
                found.append(squeezed("".join(pieces)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(squeezed(node.value))
    return found


def squeezed(text: str) -> str:
    return " ".join(text.replace("`", "").split())


def in_order(parts: list[str], text: str) -> bool:
    return bool(re.search(".*".join(re.escape(part) for part in parts), text))


# --- links, and what must not be in a page


@BY_NAME
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", page.read_text("utf-8"))):
        if re.match(r"https?://", target):
            continue
        file, _, anchor = target.partition("#")
        other = (page.parent / file).resolve() if file else page
        assert other.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", FENCE.sub("", other.read_text("utf-8")), re.M)
            assert anchor in {make_docs.slug(re.sub(r"[`*]", "", heading)) for heading in headings}, target


@BY_NAME
def test_no_place_of_a_machine_and_no_index(page):
    text = page.read_text("utf-8")
    assert not re.findall(r"(?<![\w.])/(?:home|root|tmp|work|Users|opt|mnt)/\w+", text)
    assert not re.findall(r"(?:index|extra)[-_]\w*url|find-links +https?:|/simple/?\b|registry\.", text, re.I)


def test_the_licence_is_whole():
    licence = text_of("LICENSE")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    notice = text_of("NOTICE")
    assert "Natural Earth" in notice
    assert "GeoNames" in notice
