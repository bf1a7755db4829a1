"""The shipped sample data is what its script makes, is small, and holds nothing it must not hold."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"
DEVICES = ("android_phone", "iphone", "laptop")
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sample_data_make", SAMPLE_DATA / "make.py")
    assert spec
    assert spec.loader
    before = list(sys.path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


@pytest.fixture(scope="module")
def shipped() -> dict[str, bytes]:
    paths = [path for device in DEVICES for path in sorted((SAMPLE_DATA / device).rglob("*")) if path.is_file()]
    return {path.relative_to(SAMPLE_DATA).as_posix(): path.read_bytes() for path in paths}


def test_rebuild_gives_the_shipped_bytes(make: ModuleType, shipped: dict[str, bytes]) -> None:
    built = make.build()
    assert list(built) == [*sorted(shipped), "answer_key.json"]
    assert [path for path in shipped if built[path] != shipped[path]] == []
    assert built["answer_key.json"] == (SAMPLE_DATA / "answer_key.json").read_bytes()


def test_check_names_what_differs(make: ModuleType, tmp_path: Path) -> None:
    make.write(tmp_path)
    assert make.differences(tmp_path) == []
    (tmp_path / "laptop/Users/mirko/Downloads/nepoznato.dat").write_bytes(b"touched")
    (tmp_path / "iphone/stray").write_bytes(b"")
    (tmp_path / "answer_key.json").unlink()
    assert make.differences(tmp_path) == [
        "too many: iphone/stray",
        "different: laptop/Users/mirko/Downloads/nepoznato.dat",
        "missing: answer_key.json",
    ]


def test_size(shipped: dict[str, bytes]) -> None:
    assert sum(map(len, shipped.values())) < 2.5 * MEGABYTE
    photos = {path: len(content) for path, content in shipped.items() if path.lower().endswith(".jpg")}
    assert len(photos) == 23
    assert max(photos.values()) <= 8 * 1024


def test_names_can_be_checked_out_on_windows(shipped: dict[str, bytes]) -> None:
    for path in shipped:
        assert len(path) < 200, path
        for name in path.split("/"):
            assert not re.search(r'[<>:"\\|?*\x00-\x1f]', name), path
            assert not name.endswith((" ", ".")), path
            assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}, path


def test_no_private_key_in_the_clear(shipped: dict[str, bytes]) -> None:
    secret = re.compile(rb"[xyzv]prv[0-9A-Za-z]{100,}|(?<![0-9A-Za-z])[5KL][1-9A-HJ-NP-Za-km-z]{50,51}(?![0-9A-Za-z])")
    assert [path for path, content in shipped.items() if secret.search(content)] == []


def test_every_internet_name_is_reserved_for_examples(shipped: dict[str, bytes]) -> None:
    url = re.compile(rb"https?://([^/\"' ]+)")
    hosts = {host.decode() for content in shipped.values() for host in url.findall(content)}
    assert hosts == {"prize.example", "www.apple.com"}


def test_nobody_is_called_by_a_verdict(shipped: dict[str, bytes]) -> None:
    texts = [path.read_text("utf-8") for path in (SAMPLE_DATA / "README.md", SAMPLE_DATA / "answer_key.json")]
    texts += [path.read_text("utf-8") for path in (SAMPLE_DATA / "story").rglob("*.py")]
    for text in texts:
        assert not re.search(r"smuggler|illegal", text, re.IGNORECASE)
