"""What tests share: the corpus of real files, where it is there, and the command as its users run it."""

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes more than a few seconds; leave it out with -m 'not slow'")


@pytest.fixture(scope="session")
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `forensics` in a process of its own. `options`: of `subprocess.run`; `env` adds to the environment."""

    def run(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
        options["env"] = {**os.environ, **options.get("env", {})}
        line = [sys.executable, "-m", "forensics.cli", *map(str, arguments)]
        return subprocess.run(line, **{"capture_output": True, "encoding": "utf-8", "timeout": 120, **options})

    return run


DAC_OVERRIDE, DAC_READ_SEARCH = 1, 2
DROP_FROM_BOUNDING_SET = 24


def without_override() -> None:
    """Make the rights of files hold for root too, in this process and those it starts (Linux)."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for capability in (DAC_OVERRIDE, DAC_READ_SEARCH):
        if prctl(DROP_FROM_BOUNDING_SET, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "cannot give up a capability")


@pytest.fixture(scope="session")
def without_rights(command) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The same as `command`, by somebody whom the rights of files stop; skipped where root cannot become that."""
    if os.name != "posix":
        pytest.skip("POSIX rights")
    if os.geteuid() != 0:
        return command
    try:
        subprocess.run([sys.executable, "-c", ""], check=True, preexec_fn=without_override)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("root cannot give up its rights here")
    return lambda *arguments, **options: command(*arguments, preexec_fn=without_override, **options)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files made by others; tests that need it are skipped where it is absent."""
    place = Path(os.environ.get("FORENSICS_CORPUS", ROOT.parent / "shared" / "corpus"))
    if not (place / "manifest.json").exists():
        pytest.skip("the corpus of real files is not here (set FORENSICS_CORPUS)")
    return place


@pytest.fixture(scope="session")
def manifest(corpus: Path) -> dict[str, dict]:
    """The entries of the corpus by id."""
    said = json.loads((corpus / "manifest.json").read_text("utf-8"))
    return {entry["id"]: entry for entry in said["entries"]}
