"""Runs a notebook on a case: in this Python, in a folder of its own, with the case as its one parameter."""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from importlib import import_module
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING

import forensics
from forensics.views.html import visible

if TYPE_CHECKING:
    from nbformat import NotebookNode

PARAMETERS = "parameters"
CELL_SECONDS = 600


class ReportError(Exception):
    """A notebook could not be run or turned into a page. `notebook` holds what was run before, if anything."""

    def __init__(self, message: str, notebook: NotebookNode | None = None) -> None:
        super().__init__(message)
        self.notebook = notebook


def run_notebook(
    template: str | os.PathLike[str],
    case_path: str | os.PathLike[str],
    out_ipynb: str | os.PathLike[str] | None = None,
    *,
    timeout: int = CELL_SECONDS,
) -> NotebookNode:
    """Run a template from top to bottom on a case and return the executed notebook.

    For the run, the cell tagged `parameters` says `CASE = '<case_path>'` (a first cell is added where there is none).
    The kernel is the running interpreter, in an empty scratch folder, without the user's own Jupyter and IPython settings.
    `timeout` is in seconds a cell. With `out_ipynb` the executed notebook is written there, also after a failure, and
    trusted like one run by hand. Raises `ReportError` when a part of Jupyter is missing, the template cannot be read,
    or a cell fails (it is named).
    """
    _need_jupyter()
    from nbclient.exceptions import CellControlSignal
    from nbformat import writes

    notebook = _read(Path(template))
    parameters, before = _parameters(notebook)
    parameters.source = f"CASE = {str(Path(case_path).resolve())!r}"
    try:
        with tempfile.TemporaryDirectory(prefix="forensics-") as scratch:
            _execute(notebook, Path(scratch), timeout)
    except (CellControlSignal, RuntimeError) as error:  # a cell failed or ran too long; the kernel died
        raise ReportError(_failure(notebook, Path(template).name, error), notebook) from error
    finally:
        parameters.source = before  # the executed notebook moves with its case
        if out_ipynb is not None:
            written(Path(out_ipynb), writes(notebook) + "\n")
            _trust(notebook)
    return notebook


def written(path: Path, text: str) -> Path:
    """Write a whole file or none of it: beside its place first, then moved there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def _need_jupyter():
    try:
        for name in ("nbformat", "nbclient", "ipykernel"):
            import_module(name)
    except ImportError as error:
        raise ReportError(f"running a notebook needs JupyterLab; {error.name} is not installed") from error


def _read(path):
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, AttributeError, TypeError, nbformat.ValidationError) as error:
        raise ReportError(f"{path} is not a notebook that can be read: {error}") from error


def _parameters(notebook):
    """The cell that names the case, and what it said; one is added where there is none."""
    from nbformat.v4 import new_code_cell

    for cell in notebook.cells:
        if cell.cell_type == "code" and PARAMETERS in cell.metadata.get("tags", ()):
            return cell, cell.source
    cell = new_code_cell(id=PARAMETERS, metadata={"tags": [PARAMETERS]})
    notebook.cells.insert(0, cell)
    return cell, 'CASE = "."'


def _execute(notebook, scratch, timeout):
    from nbclient import NotebookClient

    work = scratch / "work"
    work.mkdir()
    place = {"metadata": {"path": str(work)}}
    client = NotebookClient(notebook, km=_kernel(scratch), timeout=timeout, resources=place)
    client.execute(env=_environment(scratch), cleanup_kc=True, stdout=DEVNULL, stderr=DEVNULL)


def _kernel(scratch):
    """A kernel of the running interpreter, whatever kernels the user has registered under the same name."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class ThisInterpreter(AsyncKernelManager):
        @property
        def kernel_spec(self):
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=command, display_name="Python 3", language="python")

    manager = ThisInterpreter(connection_file=str(scratch / "kernel.json"))
    if os.name == "posix":
        manager.transport = "ipc"  # sockets in the scratch folder: nothing listens on a port
    return manager


def _trust(notebook):
    """Sign the outputs as made by this user just now, as Jupyter does for cells run by hand; else it hides the views."""
    from nbformat.sign import NotebookNotary

    try:
        NotebookNotary().sign(notebook)
    except OSError:  # no place for signatures: the notebook opens all the same, and shows its views once it is run
        return


def _environment(scratch):
    """No start-up scripts, no history, no working folder on the import path (a case may hold a file `pandas.py`)."""
    environment = os.environ | {
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_CONFIG_DIR": str(scratch / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "jupyter"),
        "PYTHONSAFEPATH": "1",
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    source = str(Path(forensics.__file__).resolve().parents[1])
    if source not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))
    return environment


def _failure(notebook, name, error):
    """Which cell failed and how, in one line that is safe to print."""
    slow = "it took too long and was stopped" if isinstance(error, TimeoutError) else None
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                said = slow or f"{output.ename}: {output.evalue}".splitlines()[0][:300]
                return visible(f"cell {number} of {name} (id {cell.id}) failed: {said}")
    return visible(f"{name} did not finish: {slow or str(error).strip().splitlines()[0][:300]}")
