"""Plug-ins are found without being imported, and one that is broken takes nothing from the others."""

import hashlib
import subprocess
import sys

import pytest

from forensics.plugins import PluginError, Registry, bundled, declarations, dropped, missing_imports

PLUGIN = '''"""A plug-in."""
from forensics import hookimpl, parser, sqlite
from forensics.tables import MESSAGES


@parser("{name}", files=["{file}"])
def read(file):
    """{title}.

    Reads: all of it,
    on two lines.
    Tier: documented
    """
    yield from MESSAGES.rows([{{"text": file.text(), "record": "line 1"}}])


@hookimpl
def forensics_parsers():
    return [read]
'''


@pytest.fixture
def plugin(tmp_path):
    """`plugin("x.py", text)`: a drop-in file; by default the sound one."""

    def write(file_name, text=None, **filled):
        stem = file_name.removesuffix(".py")
        filled = {"name": f"dropped.{stem}", "file": f"{stem}.dat", "title": f"Files of {stem}"} | filled
        path = tmp_path / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((text or PLUGIN).format(**filled) if text is None else text, "utf-8")
        return path

    return write


def names(registry):
    return {known.declaration.name for known in registry.known}


BUNDLED = names(Registry())


# --- what is declared


@pytest.mark.parametrize("name", sorted(BUNDLED))
def test_what_is_read_from_the_text_is_what_the_module_says(name):
    registry = Registry()
    known = registry.find(name)
    assert known.origin.kind == "bundled"
    assert registry.load(known).declaration == known.declaration


def test_every_bundled_plugin_is_written_so_that_its_text_suffices():
    for origin in bundled():
        list(declarations(origin.path.read_text("utf-8")))


def test_listing_imports_no_plugin(plugin):
    path = plugin("listed.py")
    code = f"""
import sys
from forensics.plugins import Registry
registry = Registry([{str(path)!r}])
assert len(registry.known) == {len(BUNDLED) + 1}, registry.unavailable
registry.by_name("listed.dat"), registry.by_magic("text/plain"), [k.declaration.about for k in registry.known]
print([m for m in sys.modules if m.startswith(("forensics_plugins.", "forensics_dropin"))])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("decorator", "same"),
    [
        ('@parser("a.b", files=["X.db"], magic=["text/"])', True),
        ('@parser("a.b", version="2", test=sqlite.has(message=["a", "b"], chat=[]))', True),
        ('@parser("a.b", test=is_mine)', True),
        ('@parser("a.b", test=None)', True),
        ('@parser(\n    "a.b",\n    files=["one", "two"],\n)', True),
        ('@parser("a." + "b")', False),
        ('@parser(name="a.b")', False),
        ('@parser(*["a.b"])', False),
        ('@parser("a.b", files=list("xy"))', False),
        ('@parser("a.b", test=make_test("x"))', False),
    ],
)
def test_declarations(plugin, decorator, same):
    """Where the text does not suffice the module is imported, and says the same."""
    text = PLUGIN.replace('@parser("{name}", files=["{file}"])', decorator).replace("{title}", "T").replace("{{", "{")
    text = text.replace("}}", "}").replace(
        "MESSAGES\n\n", "MESSAGES\n\ndef is_mine(f): return True\nmake_test = lambda x: is_mine\n\n", 1
    )
    path = plugin("declared.py", text)
    registry = Registry([path])
    assert registry.unavailable == []
    known = registry.find("a.b")
    assert registry.load(known).declaration == known.declaration
    if same:
        assert list(declarations(text)) == [known.declaration]


@pytest.mark.parametrize(
    "docstring",
    [
        "",
        '"""One line."""',
        'r"""Back\\\\slash \\\\d."""',
        '"""New\\\\nline and \\\\u017e."""',
        '"""A "quoted" word: yes."""',
    ],
)
def test_docstrings_and_signatures(plugin, docstring):
    text = f'''from forensics import hookimpl, parser
@parser("a.b")
def first(file: "dict[str, int]") -> "list[str]":
    {docstring}
    if file:
        """Not a docstring."""
    yield


def second(file):
    """Of another function."""


@hookimpl
def forensics_parsers():
    return [first]
'''
    registry = Registry([plugin("documented.py", text)])
    known = registry.find("a.b")
    assert registry.load(known).declaration.doc == known.declaration.doc


def test_the_paragraphs_of_a_docstring(plugin):
    known = Registry([plugin("told.py", title="Files of the app")]).find("dropped.told")
    assert known.declaration.title == "Files of the app"
    assert known.declaration.about == {"Reads": "all of it, on two lines.", "Tier": "documented"}
    assert known.declaration.tier == "documented"
    assert known.declaration.label == "dropped.told@1"


# --- what is broken


BROKEN = {
    "raises.py": ("raise RuntimeError('at import')\n", "RuntimeError: at import"),
    "leaves.py": ("raise SystemExit(3)\n", "SystemExit: 3"),
    "needs.py": ("import no_such_package_anywhere\n", "No module named 'no_such_package_anywhere'"),
    "unclear.py": ("def broken(:\n    pass\n", "SyntaxError"),
    "nul.py": ("x = '\0'\n", "null bytes"),
}
DECLARED = '\nfrom forensics import parser\n\n@parser("broken.one", files=["broken.dat"])\ndef read(file):\n    """Broken."""\n'


@pytest.mark.parametrize(("file_name", "text", "reason"), [(k, *v) for k, v in BROKEN.items()], ids=BROKEN)
def test_a_plugin_that_does_not_import(plugin, file_name, text, reason):
    registry = Registry([plugin(file_name, text + DECLARED), plugin("sound.py")])
    assert names(registry) == BUNDLED | {"broken.one", "dropped.sound"}
    with pytest.raises(PluginError, match=reason):
        registry.load(registry.find("broken.one"))
    assert registry.load(registry.find("dropped.sound")).declaration.name == "dropped.sound"


@pytest.mark.parametrize(("file_name", "text", "reason"), [(k, *v) for k, v in BROKEN.items()], ids=BROKEN)
def test_a_plugin_that_must_be_imported_and_does_not(plugin, file_name, text, reason):
    computed = text + DECLARED.replace('"broken.one"', '"broken." + "one"')
    registry = Registry([plugin(file_name, computed), plugin("sound.py")])
    assert names(registry) == BUNDLED | {"dropped.sound"}
    (unavailable,) = registry.unavailable
    assert reason in unavailable.reason
    assert unavailable.origin.path.name == file_name


@pytest.mark.parametrize(
    ("hook", "reason"),
    [
        ("def forensics_parsers(): raise ValueError('in the hook')", "ValueError: in the hook"),
        ("def forensics_parsers(): return ['text']", "AttributeError"),
        ("def forensics_parsers(): return 5", "TypeError"),
        ("def forensics_parsers(unknown): return []", "PluginValidationError"),
        ("def forensics_parsers(): return []", "does not return it"),
        ("def other(): return []", "does not return it"),
    ],
)
def test_a_hook_that_fails(plugin, hook, reason):
    text = f"from forensics import hookimpl\n{DECLARED}\n\n@hookimpl\n{hook}\n"
    registry = Registry([plugin("hooked.py", text), plugin("sound.py")])
    for _ in range(2):
        with pytest.raises(PluginError, match=reason):
            registry.load(registry.find("broken.one"))
    assert registry.load(registry.find("dropped.sound"))


def test_a_hook_that_fails_while_listing(plugin):
    hook = "@hookimpl\ndef forensics_parsers(): raise ValueError('no')\n"
    text = "from forensics import hookimpl, parser\n@parser('x' + 'y')\ndef a(): 0\n" + hook
    registry = Registry([plugin("hooked.py", text)])
    assert [u.origin.module for u in registry.unavailable] == ["forensics_dropin_0_hooked"]
    assert names(registry) == BUNDLED


@pytest.mark.parametrize("name", ["gone.py", "folder"])
def test_a_file_that_cannot_be_read(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (unavailable,) = Registry([tmp_path / name]).unavailable
    assert unavailable.reason.startswith("cannot be read: ")


def test_why_a_plugin_would_not_import_is_found_without_importing_it(plugin):
    paths = [
        plugin("needs.py", "import no_such_package_anywhere.part\n"),
        plugin("unclear.py", "def (\n"),
        plugin("sound.py"),
    ]
    needs, unclear, sound = (missing_imports(origin) for origin in dropped(paths))
    assert needs == "needs the package no_such_package_anywhere, which is not installed"
    assert unclear.startswith("SyntaxError")
    assert sound is None


# --- names


def test_two_plugins_with_one_parser_name(plugin):
    registry = Registry([plugin("one.py", name="same"), plugin("two.py", name="same")])
    assert [known.origin.path.name for known in registry.known if known.declaration.name == "same"] == ["one.py"]
    (unavailable,) = registry.unavailable
    assert unavailable.reason == "the parser same is already there, from forensics_dropin_0_one"


def test_a_plugin_cannot_replace_a_bundled_parser(plugin):
    registry = Registry([plugin("mine.py", name="electrum")])
    assert registry.find("electrum").origin.kind == "bundled"
    assert "already there, from forensics_plugins.wallets.electrum" in registry.unavailable[0].reason


def test_two_files_of_one_name(plugin):
    registry = Registry(
        [plugin("a/same.py", name="one.a", file="x", title="x"), plugin("b/same.py", name="one.b", file="y", title="y")]
    )
    assert [registry.load(registry.find(name)).declaration.name for name in ("one.a", "one.b")] == ["one.a", "one.b"]


def test_a_second_parser_that_is_not_literal_does_not_double_the_first(plugin):
    text = PLUGIN.format(name="two.first", file="f", title="t") + DECLARED.replace('"broken.one"', '"two." + "second"')
    text = text.replace("return [read]", "return [first, read]").replace("def read", "def first", 1)
    registry = Registry([plugin("two.py", text)])
    assert registry.unavailable == []
    assert names(registry) == BUNDLED | {"two.first", "two.second"}


def test_a_drop_in_file_is_hashed(plugin):
    path = plugin("hashed.py")
    known = Registry([path]).find("dropped.hashed")
    assert (known.origin.kind, known.origin.path) == ("file", path)
    assert known.origin.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_names_and_types_find_their_parsers(plugin):
    registry = Registry([plugin("named.py", file="Chat.DB")])
    assert [k.declaration.name for k in registry.by_name("CHAT.db")] == ["dropped.named"]
    assert registry.by_name("other.db") == []
    assert {"whatsapp.android", "bitcoin_core.descriptor"} <= {
        k.declaration.name for k in registry.by_magic("application/vnd.sqlite3")
    }


# --- installed distributions


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """`installed(module, text)`: a distribution on the path whose entry point names the module."""

    def install(module, text):
        site = tmp_path / "site"
        *package, _ = module.split(".")
        folder = site.joinpath(*package)
        folder.mkdir(parents=True, exist_ok=True)
        for depth in range(len(package)):
            (site.joinpath(*package[: depth + 1]) / "__init__.py").write_text(
                "raise RuntimeError('package imported')\n"
            )
        site.joinpath(*module.split(".")).with_suffix(".py").write_text(text)
        info = site / "acme_parsers-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-parsers\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[forensics]\nacme = {module}\n")
        monkeypatch.syspath_prepend(str(site))

    return install


def test_an_installed_plugin(installed):
    installed("acme_chats", PLUGIN.format(name="acme.chats", file="acme.db", title="Acme"))
    registry = Registry()
    known = registry.find("acme.chats")
    assert (known.origin.kind, known.origin.module) == ("installed", "acme_chats")
    assert known.origin.sha256
    assert "acme_chats" not in sys.modules
    assert registry.load(known).declaration == known.declaration


def test_an_installed_plugin_inside_a_package_is_listed_without_importing_the_package(installed):
    installed("acme_suite.chats.parsers", PLUGIN.format(name="acme.deep", file="acme.db", title="Acme"))
    registry = Registry()
    known = registry.find("acme.deep")
    assert registry.unavailable == []
    with pytest.raises(PluginError, match="RuntimeError: package imported"):
        registry.load(known)


def test_an_entry_point_that_leads_nowhere(installed, tmp_path):
    installed("acme_gone", "")
    (tmp_path / "site" / "acme_gone.py").unlink()
    registry = Registry()
    assert names(registry) == BUNDLED
    assert registry.unavailable[0].reason == "ModuleNotFoundError: No module named 'acme_gone'"


# --- many


def test_three_hundred_plugins(plugin):
    paths = [plugin(f"many_{n:03}.py") for n in range(300)]
    registry = Registry(paths)
    assert registry.unavailable == []
    assert names(registry) == BUNDLED | {f"dropped.many_{n:03}" for n in range(300)}
    (known,) = registry.by_name("many_217.dat")
    assert known.declaration.title == "Files of many_217"
    assert not [module for module in sys.modules if "dropin" in module and "many_" in module]
