import sys

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from forensics.report import ReportError, run_notebook
from forensics.report import run as run_module


def said(notebook, cell):
    return "".join(output.get("text", "") for output in notebook.cells[cell].outputs).strip()


def test_case_is_the_one_parameter(notebook, tmp_path):
    case = tmp_path / "it's a case"
    executed = run_notebook(notebook('CASE = "."', "print(CASE)", tags=["parameters"]), case, tmp_path / "out.ipynb")
    assert said(executed, 1) == str(case)
    written = nbformat.read(tmp_path / "out.ipynb", 4)
    assert written.cells[0].source == 'CASE = "."'  # an executed notebook can move with its case
    assert said(written, 1) == str(case)
    assert NotebookNotary().check_signature(written)


def test_kernel_is_this_python_in_a_folder_of_its_own(notebook, tmp_path, monkeypatch):
    (tmp_path / "pandas.py").write_text("raise SystemExit('imported from the working folder')")
    monkeypatch.chdir(tmp_path)
    source = "import os, sys, pandas\nprint(sys.executable, os.listdir('.'), '' in sys.path, os.getcwd() in sys.path)"
    executed = run_notebook(notebook("print(CASE)", source), tmp_path)
    assert said(executed, 2) == f"{sys.executable} [] False False"
    assert executed.cells[0].metadata.tags == ["parameters"]  # added, as the notebook had none
    assert said(executed, 1) == str(tmp_path)


def test_failing_cell_is_named_and_what_ran_is_kept(notebook, tmp_path):
    template = notebook('CASE = "."', "print('before')", "1 / 0 # \u202e", "print('after')", tags=["parameters"])
    with pytest.raises(
        ReportError, match=r"cell 3 of template\.ipynb \(id cell-2\) failed: ZeroDivisionError: division by zero"
    ) as caught:
        run_notebook(template, tmp_path, tmp_path / "out.ipynb")
    assert said(caught.value.notebook, 1) == "before"
    kept = nbformat.read(tmp_path / "out.ipynb", 4)
    assert (said(kept, 1), said(kept, 3)) == ("before", "")


def test_error_text_cannot_act_in_a_terminal(notebook, tmp_path):
    with pytest.raises(ReportError, match="U\\+001B") as caught:
        run_notebook(notebook("raise ValueError('\\x1b[2J\\u202e')"), tmp_path)
    assert str(caught.value).isprintable()


def test_cell_that_never_ends_is_stopped(notebook, tmp_path):
    with pytest.raises(ReportError, match=r"cell 2 of template\.ipynb .* took too long and was stopped"):
        run_notebook(notebook("import time; time.sleep(60)"), tmp_path, timeout=2)


def test_kernel_that_dies_is_said(notebook, tmp_path):
    with pytest.raises(ReportError, match=r"template\.ipynb did not finish: Kernel died"):
        run_notebook(notebook("import os; os._exit(3)"), tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', "not json"])
def test_what_is_no_notebook_is_refused(text, tmp_path):
    (tmp_path / "bad.ipynb").write_text(text)
    with pytest.raises(ReportError, match=r"bad\.ipynb is not a notebook"):
        run_notebook(tmp_path / "bad.ipynb", tmp_path)


def test_missing_notebook_is_refused(tmp_path):
    with pytest.raises(ReportError, match="is not a notebook"):
        run_notebook(tmp_path / "none.ipynb", tmp_path)


def test_missing_jupyter_is_said(notebook, tmp_path, monkeypatch):
    def gone(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(run_module, "import_module", gone)
    with pytest.raises(ReportError, match="needs JupyterLab; nbformat is not installed"):
        run_notebook(notebook("1"), tmp_path)
