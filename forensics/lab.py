"""Opens a case in JupyterLab: on this computer only, with the template notebooks in place."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from forensics.case.outputs import note
from forensics.case.store import Store
from forensics.report.templates import templates

SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


def place_templates(store: Store) -> list[Path]:
    """Copy the templates that the case does not have yet into its `notebooks/`; what an examiner changed is left alone."""
    folder = store.root / "notebooks"
    folder.mkdir(exist_ok=True)
    placed = []
    for template in templates():
        target = folder / template.name
        if not target.exists():
            shutil.copyfile(template, target)
            placed.append(target)
    if placed:
        note(store, "notebooks", placed)
    return placed


def lab(case: str | Path, *, port: int = 0, browser: bool = True) -> int:
    """Run JupyterLab on 127.0.0.1 with the folder of the case as its root, until it is stopped; gives its exit code.

    Raises `CaseError` where there is no case.
    """
    store = Store.find(case)
    place_templates(store)
    with tempfile.TemporaryDirectory(prefix="forensics-lab-") as config:
        command = command_line(store.root, port or _free_port(), browser)
        return subprocess.run(command, env=_environment(Path(config)), check=False).returncode


def command_line(root: Path, port: int, browser: bool) -> list[str]:
    """The command that starts JupyterLab: loopback only, no terminals, no news from the network."""
    options = [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={root}",
        "--ServerApp.terminals_enabled=False",
        "--ServerApp.allow_remote_access=False",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.default_url=/lab/tree/notebooks/01_start.ipynb",
    ]
    if not browser:
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return [sys.executable, "-P", "-m", "jupyterlab", *options]


def _environment(config: Path) -> dict[str, str]:
    """The user's own settings stay; ours come beside them. Kernels do not import from the folder they start in."""
    (config / "labconfig").mkdir()
    (config / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(SETTINGS), "utf-8")
    paths = [str(config), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
